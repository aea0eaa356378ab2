"""The catalog: time to open, search, add and identify, size on disk, and identification beside GAP in one run.

    python tests/benchmarks/catalog.py [--records N] [--database URL]

Wall seconds for opening (a process of its own, start of Python included) and CPU milliseconds in process for the rest,
kernels warm. Identified are N random records of each range of orders, hidden: their points are renumbered and other
generators taken; both sides get the same permutations, and neither has seen the group. Ours builds the Cayley table;
the label is decided by a fingerprint that one group alone has, else by an isomorphism, which the columns with the map
find in any case. GAP is ``$GAP``, else ``gap``; its time is its own Runtime(), after one identification of the same
order has loaded what it needs. Its IdGroup has no isomorphism.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numba  # noqa: F401 (loaded, so that compiled kernels are used for every group)
import numpy as np
from tabulate import tabulate

from grouptool import from_permutations, group
from grouptool.catalog.library import LARGEST_ORDER, LibraryRecord, identify_small, library_records, small_group_label
from grouptool.catalog.store import Catalog

RANGES = {
    "1 to 127, but 64": [n for n in range(1, 128) if n != 64],
    "64": [64],
    "128": [128],
    "129 to 255, but 192": [n for n in range(129, LARGEST_ORDER + 1) if n != 192],
    "192": [192],
}
QUERIES = (
    "simple",
    "order in 100..200 and nilpotent and class = 3",
    "contains A5",
    "quotient S3 and not contains C2^2",
    "irrep degree 4 faithful",
    'name ~ "C7*"',
    "num_classes * 2 > order and not abelian",
    "center = C2 and abelianization = C2^2",
)
ADDED = ("C257", "D129", "S6", "PSL(2,8)", "S4 x S4", "PSL(2,13)", "A5", "Q8 x C3")


def main() -> None:
    """Print the tables."""
    arguments = argparse.ArgumentParser(description="The catalog, beside GAP.")
    arguments.add_argument("--records", type=int, default=100, help="random records of each range of orders")
    arguments.add_argument("--database", help="a PostgreSQL address with an empty database")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = given.database or str(Path(folder) / "catalog.sqlite")
        rows = [{"what": "make a catalog with the shipped library", "ms": 1e3 * _process(place)}]
        rows.append({"what": "open it, and look one label up", "ms": 1e3 * min(_process(place) for _ in range(3))})
        with Catalog(place) as catalog:
            rows.append({"what": "open it in a running process", "ms": 1e3 * _median(lambda: Catalog(place).close())})
            for query in QUERIES:
                found = catalog.count(query)
                seconds = _median(lambda query=query: catalog.find(query, limit=50))
                rows.append({"what": f"search {query}: {found:,} groups, 50 read", "ms": 1e3 * seconds})
            for name in ADDED:
                one = group(name)
                start = time.process_time()
                catalog.add(one)
                rows.append({"what": f"add {name}", "ms": 1e3 * (time.process_time() - start)})
            start = time.process_time()
            problems = catalog.check()
            rows.append({"what": f"check: {len(problems)} findings", "ms": 1e3 * (time.process_time() - start)})
            size = catalog.info()["bytes"]
    print(tabulate(rows, headers="keys", floatfmt=".1f"))
    print(f"\nsize on disk: {size / 1e6:.1f} MB\n")
    print(tabulate([_identification(*one, given.records) for one in RANGES.items()], headers="keys", floatfmt=".2f"))


def _process(place: str) -> float:
    program = "import sys; from grouptool.catalog.store import Catalog; Catalog(sys.argv[1])['60.5']"
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program, place], check=True)
    return time.perf_counter() - start


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(9):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def _identification(name: str, orders: list[int], most: int) -> dict[str, object]:
    chance = random.Random(name)
    pool = [record for order in orders for record in library_records(order)]
    chosen = chance.sample(pool, min(most, len(pool)))
    hidden = [_hidden(record, chance) for record in chosen]
    ours, with_map = [], []
    for record, images in zip(chosen, hidden, strict=True):
        start = time.process_time()
        label = small_group_label(from_permutations(images, "hidden"))
        ours.append(time.process_time() - start)
        start = time.process_time()
        mapped = identify_small(from_permutations(images, "hidden"))
        with_map.append(time.process_time() - start)
        if label != (record.order, record.index) or mapped is None or mapped[0] != record:
            raise SystemExit(f"{record.label} was identified as {label}")
    row: dict[str, object] = {
        "orders": name,
        "groups": len(hidden),
        "median ms": 1e3 * statistics.median(ours),
        "worst ms": 1e3 * max(ours),
        "with the map": 1e3 * statistics.median(with_map),
        "worst": 1e3 * max(with_map),
    }
    theirs = _gap(chosen, hidden)
    if theirs:
        row |= {
            "GAP median ms": 1e3 * statistics.median(theirs),
            "GAP worst ms": 1e3 * max(theirs),
            "GAP / ours, sums": sum(theirs) / sum(ours),
        }
    return row


def _hidden(record: LibraryRecord, chance: random.Random) -> list[list[int]]:
    """Other generators of the group, on renumbered points: random elements until they generate it."""
    made = record.group()
    points = list(range(made.degree))
    chance.shuffle(points)
    number = np.array(points)
    chosen: list[int] = []
    while len(chosen) < 6 or made.subgroup(chosen).order < made.order:
        chosen = [chance.randrange(made.order) for _ in range(max(6, len(chosen) + 1))]
    return [number[made.permutations[g][np.argsort(number)]].tolist() for g in chosen]


def _gap(records: list[LibraryRecord], hidden: list[list[list[int]]]) -> list[float]:
    """CPU seconds of IdGroup for each group; empty without GAP."""
    gap = shutil.which(os.environ.get("GAP", "gap"))
    if gap is None:
        return []
    lines = ["IdGroup(Group((1,2,3,4),(1,2)));;"]
    for order in sorted({record.order for record in records}):
        lines.append(f"IdGroup(SmallGroup({order},1));;")
    for images in hidden:
        generators = ",".join(f"PermList({[point + 1 for point in image]})" for image in images)
        # A millisecond is the finest that Runtime() has, so each group is identified afresh until 20 have passed.
        lines.append(
            f"t:=Runtime();; n:=0;; repeat x:=IdGroup(Group([{generators}],()));; n:=n+1; until Runtime()-t >= 20; "
            'Print("\\nseconds ", Float((Runtime()-t)/n/1000), " ", x[1], ".", x[2], "\\n");'
        )
    done = subprocess.run([gap, "-q"], input="\n".join(lines), capture_output=True, text=True)
    words = [line.split() for line in done.stdout.splitlines() if line.startswith("seconds ")]
    labels = [one[2] for one in words]
    if labels != [record.label for record in records]:
        raise SystemExit(f"GAP says otherwise, or did not finish: {labels[:5]} ... {done.stderr[:300]}")
    return [float(one[1]) for one in words]


if __name__ == "__main__":
    main()
