"""Character tables and irreducible representations beside GAP, all measured in one run.

    python tests/benchmarks/representations.py [GROUP ...]

CPU milliseconds in process, compiled kernels warm, from a group whose Cayley table is there and nothing else, median of
at least three fresh groups: the exact character table; table and all exact irreducible representations on the
generators, proved; table and all unitary ones in floats, checked. GAP's Irr and IrreducibleRepresentations (which needs
Irr too) from the same permutation generators, a fresh group each time, by its own Runtime(), at most 60 s a fact;
repsn's IrreducibleAffordingRepresentation where that package is there. SymPy's character_table where its version has
one. A dash: missing; "late": not done within the limit. GAP is ``$GAP``, else ``gap``.
"""

from __future__ import annotations

import math
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable

import numba  # noqa: F401 (loaded, so that compiled kernels are used for every group)
from sympy.combinatorics import Permutation, PermutationGroup
from tabulate import tabulate

from grouptool import Group, group
from grouptool.representations import character_table, irreps

GROUPS = (
    "C12", "C113", "C2^4", "C2^6", "D8", "Q8", "D59", "A4", "S4", "A5", "S5", "A6", "S6", "A7", "S7", "F5:4", "F7:3",
    "3^(1+2)+", "2^(1+4)-", "SL(2,3)", "GL(2,3)", "SL(2,5)", "64.134", "96.227", "128.928", "192.1023", "243.37",
    "S3 x S4", "A5 x C3", "S4 x S4", "W(B4)", "PSL(2,7)", "PSL(2,8)", "PSL(2,11)", "PGL(2,7)", "PSL(2,13)", "SL(2,7)",
    "PSL(2,16)", "PSL(3,3)", "PSU(3,3)", "AGL(3,2)", "W(F4)", "M11",
)  # fmt: skip
LIMIT = 60  # seconds for one fact of a peer

PROGRAMS = {
    "characters": "Irr(G)",
    "irreps": "IrreducibleRepresentations(G)",
    "repsn": "List(Irr(G), IrreducibleAffordingRepresentation)",
}


def main() -> None:
    """Print the tables, for all groups or for those on the command line."""
    rows, ratios = [], defaultdict(list)
    for name in tuple(sys.argv[1:]) or GROUPS:
        made = group(name)
        ours = {
            "characters": _median(lambda fresh: character_table(fresh), made),
            "irreps": _median(lambda fresh: irreps(character_table(fresh)), made),
            "unitary": _median(_unitary, made),
        }
        gap = _gap_seconds(made)
        row: dict[str, object] = {"group": made.name, "order": made.order}
        for fact, seconds in ours.items():
            row[f"{fact} ms"] = f"{seconds * 1e3:.2f}"
        for fact in PROGRAMS:
            theirs = gap.get(fact)
            row[f"GAP {fact}"] = "-" if theirs is None else "late" if theirs == math.inf else f"{theirs * 1e3:.1f}"
        for fact in ("characters", "irreps"):
            theirs = gap.get(fact)
            if theirs is not None and theirs < math.inf:
                ratios[fact, "GAP"].append(theirs / ours[fact])
                row[f"{fact}: GAP / ours"] = f"{theirs / ours[fact]:.1f}"
        best = min((gap[fact] for fact in ("irreps", "repsn") if gap.get(fact, math.inf) < math.inf), default=None)
        if best is not None:
            ratios["irreps", "the faster of GAP's two"].append(best / ours["irreps"])
        if (sympy := _sympy_seconds(made)) is not None:
            ratios["characters", "SymPy"].append(sympy / ours["characters"])
            row["SymPy ms"] = f"{sympy * 1e3:.1f}"
        rows.append(row)
        print(row, file=sys.stderr, flush=True)
    print(tabulate(rows, headers="keys", disable_numparse=True), end="\n\n")
    means = [
        {
            "fact": fact,
            "peer": peer,
            "groups": len(found),
            "geometric mean": math.exp(statistics.fmean(map(math.log, found))),
            "least": min(found),
            "largest": max(found),
        }
        for (fact, peer), found in ratios.items()
    ]
    print(tabulate(means, headers="keys", floatfmt=".1f"))


def _unitary(fresh: Group) -> None:
    for one in irreps(character_table(fresh), exact=False):
        one.unitary  # noqa: B018 - made when it is asked for


def _median(work: Callable[[Group], object], made: Group) -> float:
    times: list[float] = []
    for run in range(31):
        fresh = Group(made.table, made.generators, made.permutations, made.name, made.parents, made.letters)
        start = time.process_time()
        work(fresh)
        if run:  # the first one warms up
            times.append(time.process_time() - start)
        if len(times) >= 3 and sum(times) > 0.3:
            break
    return statistics.median(times)


def _sympy_seconds(made: Group) -> float | None:
    if not hasattr(PermutationGroup, "character_table"):
        return None
    images = [Permutation(image) for image in made.permutations[list(made.generators)].tolist()]
    start = time.process_time()
    PermutationGroup(images).character_table()
    return time.process_time() - start


def _gap_seconds(made: Group) -> dict[str, float]:
    """CPU seconds of each fact, the mean of some fresh groups; infinity where one was not done in time."""
    gap = shutil.which(os.environ.get("GAP", "gap"))
    if gap is None:
        return {}
    images = made.permutations[list(made.generators)].tolist()
    generators = ",".join(f"PermList({[point + 1 for point in image]})" for image in images)
    found: dict[str, float] = {}
    for fact, expression in PROGRAMS.items():
        load = 'if LoadPackage("repsn") <> true then FORCE_QUIT_GAP(3); fi;;' if fact == "repsn" else ""
        program = (
            f"{load} mk:=function() return Group({generators}); end;; G:=mk();; x:={expression};; t:=Runtime();; n:=0;;"
            f"repeat G:=mk();; x:={expression};; n:=n+1; until Runtime()-t > 200 or n > 300;"
            'Print("\\nseconds ", Float((Runtime()-t)/n/1000), "\\n");\n'
        )
        try:
            done = subprocess.run([gap, "-q"], input=program, capture_output=True, text=True, timeout=LIMIT)
        except subprocess.TimeoutExpired:
            found[fact] = math.inf
            continue
        words = [line.split() for line in done.stdout.splitlines() if line.startswith("seconds ")]
        if words:
            found[fact] = max(float(words[0][1]), 1e-6)
    return found


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
