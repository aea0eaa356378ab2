"""Start-up and exact group facts beside SymPy and, where it is installed, GAP, all measured in one run.

    python tests/benchmarks/core.py [GROUP ...]

Times are CPU seconds. Start-up: a whole process, median of five after a warm-up. Facts: in process, compiled kernels
warm, from a group whose Cayley table is there (building the table is a row of its own) and nothing else, median of at
least three; SymPy's and GAP's from permutation generators, a fresh group each time, GAP's by its own Runtime(). A
dash: the peer has no such function, or needed more than its limit, 120 s for all facts of a group. GAP is ``$GAP``,
else ``gap``.
"""

from __future__ import annotations

import math
import os
import resource
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

from grouptool import Group, from_permutations, group
from grouptool.group import prime_factors
from grouptool.representations import character_table
from grouptool.structure import (
    automorphism_group,
    center,
    conjugacy_classes,
    derived_subgroup,
    normal_subgroups,
    subgroup_lattice,
    sylow_subgroup,
)

GROUPS = (
    "C12", "C113", "C2^4", "C2^6", "C6^3", "D8", "Q8", "D59", "A4", "S4", "A5", "S5", "A6", "S6", "A7", "S7", "F5:4",
    "F7:3", "3^(1+2)+", "2^(1+4)-", "SL(2,3)", "GL(2,3)", "SL(2,5)", "GL(3,2)", "64.134", "96.227", "128.928",
    "192.1023", "243.37", "S3 x S4", "A5 x C3", "S4 x S4", "W(B4)", "PSL(2,7)", "PSL(2,8)", "PSL(2,11)", "PGL(2,7)",
    "PSL(2,13)", "SL(2,7)", "PSL(2,16)", "PSL(3,3)", "PSU(3,3)", "AGL(3,2)", "W(F4)", "M11",
    "<a, b | a^2, b^3, (a*b)^7, [a,b]^8>",
)  # fmt: skip
"""The list of the study in shared/references, orders 8 to 10,752."""


def _sylow(made: Group) -> None:
    for prime, _ in prime_factors(made.order):
        sylow_subgroup(made, prime)


FACTS: dict[str, Callable[[Group], object]] = {
    "classes": conjugacy_classes,
    "subgroups": subgroup_lattice,
    "normal": normal_subgroups,
    "automorphisms": automorphism_group,
    "characters": character_table,
    "center": center,
    "derived": derived_subgroup,
    "Sylow": _sylow,
}
GAP_FACTS = {
    "classes": "Size(ConjugacyClasses(G))",
    "subgroups": "Size(ConjugacyClassesSubgroups(G))",
    "normal": "Size(NormalSubgroups(G))",
    "automorphisms": "Size(AutomorphismGroup(G))",
    "characters": "Irr(G)",
    "center": "Centre(G)",
    "derived": "DerivedSubgroup(G)",
    "Sylow": "List(Set(Factors(Size(G))), p -> SylowSubgroup(G, p))",
}
SYMPY_FACTS: dict[str, Callable[[PermutationGroup], object]] = {
    "classes": lambda made: made.conjugacy_classes(),
    "center": lambda made: made.center(),
    "derived": lambda made: made.derived_subgroup(),
    "Sylow": lambda made: [made.sylow_subgroup(p) for p, _ in prime_factors(int(made.order()))],
}


def main() -> None:
    """Print the tables, for all groups or for those on the command line."""
    print(tabulate(start_up(), headers="keys", floatfmt=".3f"), end="\n\n")
    rows, ratios = facts(tuple(sys.argv[1:]) or GROUPS)
    print(tabulate(rows, headers="keys", disable_numparse=True), end="\n\n")
    print(_gap_version())
    print(tabulate(ratios, headers="keys", floatfmt=".1f"))


def start_up() -> list[dict[str, object]]:
    """CPU seconds of whole processes, and their ratio to importing SymPy."""
    commands = {
        'python -c "import sympy"': [sys.executable, "-c", "import sympy"],
        'python -c "import grouptool"': [sys.executable, "-c", "import grouptool"],
        "grouptool show S4": [sys.executable, "-m", "grouptool", "show", "S4"],
        "grouptool characters S5": [sys.executable, "-m", "grouptool", "characters", "S5"],
        "grouptool subgroups S6": [sys.executable, "-m", "grouptool", "subgroups", "S6"],
    }
    seconds = {name: _process_seconds(command) for name, command in commands.items()}
    if gap := _gap():
        program = 'Print(List(ConjugacyClassesSubgroups(SymmetricGroup(6)), Size), "\\n");'
        seconds["gap -q, subgroups of S6"] = _process_seconds([gap, "-q"], program)
    sympy_seconds = next(iter(seconds.values()))
    return [{"command": name, "CPU s": one, "of import sympy": one / sympy_seconds} for name, one in seconds.items()]


def _process_seconds(command: list[str], program: str = "") -> float:
    times = []
    for _ in range(6):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True, input=program.encode())
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(times[1:])


def facts(names: tuple[str, ...]) -> tuple[list[dict[str, str]], list[dict[str, object]]]:
    """Milliseconds for each group and fact, and the geometric means of how many times faster ours is."""
    rows = []
    quotients: dict[tuple[str, str], list[float]] = defaultdict(list)
    for name in names:
        made = group(name)
        images = made.permutations[list(made.generators)].tolist()
        if made.degree > 1000:  # regular representations: give the peers what they would use
            images = _smaller(made)
        gap, sympy = _gap_seconds(images), _sympy_seconds(images)
        ours = {"table": _median_seconds(lambda images=images: from_permutations(images))}
        for fact, compute in FACTS.items():
            ours[fact] = _median_seconds(compute, lambda made=made: _fresh(made))
        for fact, seconds in ours.items():
            peers = {"SymPy": sympy.get(fact), "GAP": gap.get(fact)}
            for peer, one in peers.items():
                if one is not None:
                    quotients[fact, peer].append(one / seconds)
            rows.append(
                {"group": made.name[:24], "order": str(made.order), "fact": fact, "ours ms": f"{seconds * 1e3:.3f}"}
                | {f"{peer} ms": "-" if one is None else f"{one * 1e3:.2f}" for peer, one in peers.items()}
                | {f"{peer} / ours": "-" if one is None else f"{one / seconds:.1f}" for peer, one in peers.items()}
            )
    means: list[dict[str, object]] = [
        {
            "fact": fact,
            "peer": peer,
            "groups": len(found),
            "geometric mean": math.exp(statistics.fmean(map(math.log, found))),
            "least": min(found),
            "largest": max(found),
        }
        for (fact, peer), found in quotients.items()
    ]
    return rows, means


def _fresh(made: Group) -> Group:
    """The same table without anything computed from it."""
    return Group(made.table, made.generators, made.permutations, made.name, made.parents, made.letters)


def _smaller(made: Group) -> list[list[int]]:
    from grouptool.structure import coset_action

    subgroup = max(
        (one.subgroup for one in subgroup_lattice(made).classes if one.core.sum() == 1), key=lambda one: one.order
    )
    return coset_action(subgroup).tolist()


def _median_seconds(work: Callable[..., object], prepare: Callable[[], object] | None = None) -> float:
    times: list[float] = []
    for run in range(51):
        arguments = [prepare()] if prepare else []
        start = time.process_time()
        work(*arguments)
        if run:  # the first one warms up
            times.append(time.process_time() - start)
        if len(times) >= 3 and sum(times) > 0.3:
            break
    return statistics.median(times)


def _sympy_seconds(images: list[list[int]]) -> dict[str, float]:
    def prepare() -> PermutationGroup:
        return PermutationGroup([Permutation(image) for image in images])

    return {fact: _median_seconds(compute, prepare) for fact, compute in SYMPY_FACTS.items()}


def _gap() -> str | None:
    return shutil.which(os.environ.get("GAP", "gap"))


def _gap_version() -> str:
    gap = _gap()
    if gap is None:
        return "GAP is not installed"
    done = subprocess.run([gap, "-q"], input='Print("\\n", GAPInfo.Version, "\\n");', capture_output=True, text=True)
    return f"GAP {done.stdout.strip()}"


def _gap_seconds(images: list[list[int]]) -> dict[str, float]:
    """CPU seconds of each fact in one GAP process, mean of three or more fresh groups; those done within 120 s."""
    gap = _gap()
    if gap is None:
        return {}
    generators = ",".join(f"PermList({[point + 1 for point in image]})" for image in images)
    program = f"mk:=function() return Group({generators}); end;;\n" + "".join(
        f"G:=mk();; {expression};; t:=Runtime();; n:=0;;"
        f"while n<3 or (Runtime()-t<300 and n<500) do G:=mk();; {expression};; n:=n+1; od;"
        f'Print("\\n", "{fact} ", Float((Runtime()-t)/n), "\\n");\n'
        for fact, expression in GAP_FACTS.items()
    )
    try:
        printed = subprocess.run([gap, "-q"], input=program, capture_output=True, text=True, timeout=120).stdout
    except subprocess.TimeoutExpired as stopped:
        printed = (stopped.stdout or b"").decode()
    words = (line.split() for line in printed.splitlines())
    return {word[0]: max(float(word[1]), 1e-3) / 1e3 for word in words if len(word) == 2 and word[0] in GAP_FACTS}


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
