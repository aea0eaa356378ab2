"""Start-up and exact group facts beside SymPy and, where it is installed, GAP, all measured in one run.

    python tests/benchmarks/core.py

Times are CPU seconds. Start-up: a whole process, median of five after a warm-up. Facts: in process, from permutation
generators, a fresh group each time, median of at least three; GAP's by its own Runtime(), from generators too. A dash:
the peer has no such function, or needed more than its limit of 60 s.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from sympy.combinatorics import Permutation, PermutationGroup
from tabulate import tabulate

from grouptool import Group, from_permutations, group
from grouptool.representations import character_table, real_irreps
from grouptool.structure import conjugacy_classes, subgroup_lattice

GROUPS = ("S4", "SL(2,3)", "A5", "S5", "SL(2,5)", "PSL(2,7)", "A6", "S6")
FACTS: dict[str, Callable[[Group], object]] = {
    "classes": conjugacy_classes,
    "subgroups": subgroup_lattice,
    "characters": character_table,
    "irreps": lambda made: real_irreps(character_table(made)),
}
GAP_FACTS = {
    "classes": "Size(ConjugacyClasses(G))",
    "subgroups": "Size(ConjugacyClassesSubgroups(G))",
    "characters": "Irr(G)",
    "irreps": "IrreducibleRepresentations(G)",
}


def main() -> None:
    """Print both tables."""
    print(tabulate(start_up(), headers="keys", floatfmt=".3f"), end="\n\n")
    print(tabulate(facts(), headers="keys", disable_numparse=True))


def start_up() -> list[dict[str, object]]:
    """CPU seconds of whole processes, and their ratio to importing SymPy."""
    commands = {
        'python -c "import sympy"': [sys.executable, "-c", "import sympy"],
        'python -c "import grouptool"': [sys.executable, "-c", "import grouptool"],
        "grouptool show S4": [sys.executable, "-m", "grouptool", "show", "S4"],
        "grouptool characters S5": [sys.executable, "-m", "grouptool", "characters", "S5"],
    }
    seconds = {name: _process_seconds(command) for name, command in commands.items()}
    sympy_seconds = next(iter(seconds.values()))
    return [{"command": name, "CPU s": one, "of import sympy": one / sympy_seconds} for name, one in seconds.items()]


def _process_seconds(command: list[str]) -> float:
    times = []
    for _ in range(6):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(times[1:])


def facts() -> list[dict[str, str]]:
    """Milliseconds for each group and fact: ours, SymPy's, GAP's, and how many times faster ours is."""
    rows = []
    for name in GROUPS:
        made = group(name)
        images = made.permutations[list(made.generators)].tolist()
        gap = _gap_seconds(images)
        for fact, compute in FACTS.items():
            ours = _median_seconds(lambda compute=compute, images=images: compute(from_permutations(images)))
            peers = {"SymPy": _sympy_classes(images) if fact == "classes" else None, "GAP": gap.get(fact)}
            rows.append(
                {"group": name, "fact": fact, "ours ms": f"{ours * 1e3:.2f}"}
                | {f"{peer} ms": "-" if one is None else f"{one * 1e3:.2f}" for peer, one in peers.items()}
                | {f"{peer} / ours": "-" if one is None else f"{one / ours:.1f}" for peer, one in peers.items()}
            )
    return rows


def _median_seconds(work: Callable[[], object]) -> float:
    times: list[float] = []
    work()
    while len(times) < 3 or (sum(times) < 0.3 and len(times) < 50):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def _sympy_classes(images: list[list[int]]) -> float:
    return _median_seconds(lambda: PermutationGroup([Permutation(image) for image in images]).conjugacy_classes())


def _gap_seconds(images: list[list[int]]) -> dict[str, float]:
    """CPU seconds of each fact in one GAP process, mean of three fresh groups; {} without GAP, or past 60 s."""
    gap = shutil.which("gap")
    if gap is None:
        return {}
    generators = ",".join(f"PermList({[point + 1 for point in image]})" for image in images)
    found = {}
    for fact, expression in GAP_FACTS.items():
        program = (
            f"mk:=function() return Group({generators}); end;; G:=mk();; {expression};; t:=Runtime();; n:=0;;"
            f"while n<3 or (Runtime()-t<300 and n<500) do G:=mk();; {expression};; n:=n+1; od;"
            'Print("\\n", Float((Runtime()-t)/n), "\\n"); QUIT;'
        )
        try:
            done = subprocess.run([gap, "-q"], input=program, capture_output=True, text=True, timeout=60, check=True)
            found[fact] = float(done.stdout.split()[-1]) / 1e3
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError, ValueError, IndexError):
            continue
    return found


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
