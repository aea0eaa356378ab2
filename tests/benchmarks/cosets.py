"""Coset enumeration beside SymPy and, where it is installed, GAP, all measured in one run.

    python tests/benchmarks/cosets.py [--without-sympy]

CPU milliseconds in process for the table of all elements (cosets of the trivial subgroup), from a parsed presentation,
median of at least three, our kernels compiled before; GAP's CosetTableFromGensAndRels by its own Runtime(). The last
columns are our order without a table, over a cyclic subgroup. A dash: the peer is missing, failed, or needed more than
its limit of 20 s. Ratios of less than a millisecond say little: GAP's clock ticks in milliseconds, so it is repeated.
"""

from __future__ import annotations

import math
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from tabulate import tabulate

from grouptool.construct.coset_enumeration import coset_table, parse_presentation
from grouptool.construct.presentations import presentation_order
from grouptool.notation import Presentation

LIMIT = 20.0  # seconds, for peers


def _coxeter(size: int, **bonds: int) -> str:
    """A Coxeter group on size letters; bonds="ab=3" and so on, 2 where nothing is said."""
    letters = "abcdefghijk"[:size]
    pairs = [x + y for i, x in enumerate(letters) for y in letters[i + 1 :]]
    relators = [f"{x}^2" for x in letters] + [f"({x}*{y})^{bonds.get(x + y, 2)}" for x, y in pairs]
    return f"<{', '.join(letters)} | {', '.join(relators)}>"


def _fibonacci(size: int) -> str:
    letters = "abcdefghijk"[:size]
    relators = (f"{x}*{letters[(i + 1) % size]} = {letters[(i + 2) % size]}" for i, x in enumerate(letters))
    return f"<{', '.join(letters)} | {', '.join(relators)}>"


PRESENTATIONS = {
    "A4": "<a, b | a^2, b^3, (a*b)^3>",
    "S4": "<a, b | a^2, b^3, (a*b)^4>",
    "A5": "<a, b | a^2, b^3, (a*b)^5>",
    "a^2=b^3=(ab)^5": "<a, b | a^2 = b^3, b^3 = (a*b)^5>",
    "H3": _coxeter(3, ab=3, bc=5),
    "S6": _coxeter(5, ab=3, bc=3, cd=3, de=3),
    "F4": _coxeter(4, ab=3, bc=4, cd=3),
    "H4": _coxeter(4, ab=5, bc=3, cd=3),
    "E6": _coxeter(6, ab=3, bc=3, cd=3, de=3, cf=3),
    "D1000": "<a, b | a^1000, b^2, (a*b)^2>",
    "(2,3,7;6)": "<a, b | a^2, b^3, (a*b)^7, (a^-1*b^-1*a*b)^6>",
    "(2,3,7;8)": "<a, b | a^2, b^3, (a*b)^7, (a^-1*b^-1*a*b)^8>",
    "(8,7|2,3)": "<a, b | a^8, b^7, (a*b)^2, (a^-1*b)^3>",
    "PSL(2,11)": "<a, b | a^11, b^2, (a*b)^3, (a^4*b*a^6*b)^2>",
    "F(2,5)": _fibonacci(5),
    "F(2,7)": _fibonacci(7),
    "B(2,4)": (
        "<a, b | a^4, b^4, (a*b)^4, (a^-1*b)^4, (a^2*b)^4, (a*b^2)^4, (a^2*b^2)^4, (a^-1*b*a*b)^4, (a*b^-1*a*b)^4>"
    ),
    "trivial": "<a, b, c | a^-1*b*a = b^2, b^-1*c*b = c^2, c^-1*a*c = a^2>",
    "M11": "<a, b | a^2, b^4, (a*b)^11, (a*b^2)^6, a*b*a*b*a*b^-1*a*b*a*b^2*a*b^-1*a*b*a*b^-1*a*b^-1>",
    "M12": "<a, b | a^2, b^3, (a*b)^11, (a^-1*b^-1*a*b)^6, (a*b*a*b*a*b^-1)^6, (a*b*a*b*a*b^-1*a*b^-1)^5>",
    "J1": (
        "<a, b | a^2, b^3, (a*b)^7, (a*b*(a*b*a*b^-1)^3)^5, (a*b*(a*b*a*b^-1)^6*a*b*a*b*(a*b^-1)^2)^2>"
    ),
    "S7": _coxeter(6, ab=3, bc=3, cd=3, de=3, ef=3),
    "S9": _coxeter(8, ab=3, bc=3, cd=3, de=3, ef=3, fg=3, gh=3),
}  # fmt: skip


def main() -> None:
    """Print the table and the geometric means of the ratios."""
    os.environ["GROUPTOOL_KERNELS"] = "compiled"
    for strategy in ("hlt", "felsch"):
        coset_table(PRESENTATIONS["F(2,7)"], strategy=strategy, max_cosets=100_000)
    rows, ratios = [], {"SymPy": [], "GAP": []}
    for name, text in PRESENTATIONS.items():
        given = parse_presentation(text)
        found = coset_table(given)
        ours = _median_seconds(lambda given=given: coset_table(given))
        order = _median_seconds(lambda given=given: presentation_order(given))
        peers = {"SymPy": None if "--without-sympy" in sys.argv else _sympy_seconds(given), "GAP": _gap_seconds(given)}
        row = {"group": name, "order": f"{found.index:,}", "defined": f"{found.total:,}", "ours": _shown(ours)}
        for peer, seconds in peers.items():
            row[peer] = _shown(seconds)
        for peer, seconds in peers.items():
            row[f"{peer} / ours"] = "-" if seconds is None else f"{seconds / ours:.1f}"
            ratios[peer] += [] if seconds is None else [seconds / ours]
        rows.append(row | {"order only": _shown(order)})
    print(tabulate(rows, headers="keys", disable_numparse=True))
    for peer, values in ratios.items():
        if values:
            mean = math.exp(statistics.fmean(map(math.log, values)))
            print(f"{peer} / ours: geometric mean {mean:.1f} over {len(values)}, least {min(values):.1f}")


def _shown(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds * 1e3:.2f}"


def _median_seconds(work: Callable[[], object]) -> float:
    times: list[float] = []
    work()
    while len(times) < 3 or (sum(times) < 0.3 and len(times) < 50):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def _sympy_seconds(given: Presentation) -> float | None:
    """One run in a process of its own, which can be stopped; by HLT, the cheaper of SymPy's two strategies."""
    relators = ", ".join(str(relator).replace("^", "**") for relator in given.relators)
    program = (
        "import time\nfrom sympy.combinatorics.free_groups import free_group\n"
        "from sympy.combinatorics.fp_groups import FpGroup\n"
        "from sympy.combinatorics.coset_table import coset_enumeration_r\n"
        f"F, {', '.join(given.letters)} = free_group('{', '.join(given.letters)}')\n"
        f"t = time.process_time()\ncoset_enumeration_r(FpGroup(F, [{relators}]), [])\n"
        "print(time.process_time() - t)"
    )
    return _number_printed([sys.executable, "-c", program], "", LIMIT + 5)  # 5 s for the imports


def _gap_seconds(given: Presentation) -> float | None:
    gap = shutil.which("gap")
    if gap is None:
        return None
    letters = ",".join(f'"{name}"' for name in given.letters)
    program = (
        f"F:=FreeGroup({letters});; AssignGeneratorVariables(F);; r:=[{','.join(map(str, given.relators))}];;"
        "work:=function() return CosetTableFromGensAndRels(GeneratorsOfGroup(F),r,[]:silent); end;; work();;"
        "t:=Runtime();; n:=0;; while n<3 or (Runtime()-t<300 and n<500) do work();; n:=n+1; od;"
        'Print("\\n", Float((Runtime()-t)/n/1000), "\\n"); QUIT;'
    )
    return _number_printed([gap, "-q"], program, 4 * LIMIT)  # it runs at least four times


def _number_printed(command: list[str], text: str, timeout: float) -> float | None:
    try:
        done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=timeout, check=True)
        seconds = float(done.stdout.split()[-1])
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError, ValueError, IndexError):
        return None
    return seconds if seconds <= LIMIT else None


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
