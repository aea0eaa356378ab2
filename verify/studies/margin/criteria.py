"""What the margin study judges, with thresholds that stand before any run."""

from __future__ import annotations

from ...evidence import Criterion

__all__ = [
    "AGREEMENT",
    "CEILING",
    "CERTIFIED",
    "CLASSES",
    "CONDITION",
    "FLOOR",
    "LINES",
    "LOSS",
    "MASS",
    "PARITY_CEILING",
    "PARITY_REACHED",
    "PARITY_SHAPE",
    "PENALISED_MASS",
    "PENALISED_RATIO",
    "PURITY",
    "REACHED",
    "UNUSED",
]

PAPER = "Morwani et al. (2023), arXiv:2311.07568"
OURS = "the linear program over irreps, derived and checked here"

CERTIFIED = Criterion(
    "certified-maximum", "a mixture of irreps and one of classes prove one value of gamma*; score: the gap between",
    OURS, 1e-12, 1e-12, "lower", perfect=0.0,
)  # fmt: skip
CEILING = Criterion(
    "none-above", "no network, trained or built, has a normalised margin above gamma*; more than 1 is a bug",
    OURS, 1 + 1e-9, 1 + 1e-9, "lower",
)  # fmt: skip
REACHED = Criterion("maximum-reached", "margin ascent ends at gamma*; score: margin over gamma*", OURS, 0.995, 0.9)
PURITY = Criterion(
    "purity", "every neuron of the largest margin lives in one irrep; score: mean share there, by mass",
    f"{PAPER}, theorems 7 and 9", 0.999, 0.99,
)  # fmt: skip
AGREEMENT = Criterion(
    "one-irrep", "left, right and out weights of a neuron live in the same irrep; score: share of live neurons",
    f"{PAPER}, theorem 9", 1.0, 0.9,
)  # fmt: skip
MASS = Criterion(
    "mass-shares", "the share of sum ||omega||^3 in each irrep is that of the program; score: the largest error",
    OURS, 0.005, 0.02, "lower", perfect=0.0,
)  # fmt: skip
UNUSED = Criterion(
    "dropped-irreps", "irreps that the program drops carry no mass; score: their mass in all",
    OURS, 0.005, 0.02, "lower", perfect=0.0,
)  # fmt: skip
CLASSES = Criterion(
    "class-margins", "the margin against each class is that of the program, in units of gamma*; score: largest error",
    OURS, 0.02, 0.1, "lower", perfect=0.0,
)  # fmt: skip
LINES = Criterion(
    "rank-one", "u ~ x y, v ~ y z, w ~ x z on lines of the irrep; score: the lesser of energy on lines and overlap",
    f"{PAPER}, theorem 9; lines over C and H are ours", 0.999, 0.9,
)  # fmt: skip
LOSS = Criterion(
    "penalised-loss", "cross-entropy with penalty ends at the optimum of the convex program; score: relative error",
    "the convex program over irreps, derived and checked here", 1e-4, 1e-2, "lower", perfect=0.0,
)  # fmt: skip
FLOOR = Criterion(
    "none-below", "no network has a loss below the convex program's proved bound; score: how far, and above 0 is a bug",
    "the convex program over irreps, derived and checked here", 1e-9, 1e-9, "lower", perfect=0.0,
)  # fmt: skip
PENALISED_RATIO = Criterion(
    "penalised-margin", "its margin over gamma* is that of the convex program; score: error",
    "the convex program over irreps, derived and checked here", 0.003, 0.02, "lower", perfect=0.0,
)  # fmt: skip
PENALISED_MASS = Criterion(
    "penalised-shares", "its mass shares are those of the convex program; score: largest error",
    "the convex program over irreps, derived and checked here", 0.005, 0.02, "lower", perfect=0.0,
)  # fmt: skip
PARITY_REACHED = Criterion(
    "parity-maximum", "margin ascent ends at k! sqrt(2 (k+1)^-(k+1)); score: margin over it",
    f"{PAPER}, theorem 8", 0.995, 0.9,
)  # fmt: skip
PARITY_CEILING = Criterion(
    "parity-none-above", "no network has a larger margin; more than 1 is a bug", f"{PAPER}, theorem 8",
    1 + 1e-9, 1 + 1e-9, "lower",
)  # fmt: skip
PARITY_SHAPE = Criterion(
    "parity-shape",
    "u lives on the k bits, w along (1, -1), all |u_j| = ||w||, one sign; score: the least of the four shares",
    f"{PAPER}, theorem 8", 0.99, 0.9,
)  # fmt: skip
CONDITION = Criterion(
    "condition-decides", "the closed form is gamma* exactly where the class condition holds; score: share of groups",
    OURS, 1.0, 1.0,
)  # fmt: skip
