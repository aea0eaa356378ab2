"""What the harmonics study judges, with thresholds that stand before any run."""

from __future__ import annotations

from ...evidence import Criterion

__all__ = [
    "BISPECTRUM", "COMMUTATIVE", "DIMENSIONS", "GAP", "INVARIANT", "IRREPS", "LOOKUP", "NOISE", "REPRESENTATION",
    "SEPARATION", "TABLE",
]  # fmt: skip

PAPER = "Marchetti et al. (2023), arXiv:2312.08550, read at abstract level; shown for power-spectral networks here"
OURS = "derived and checked here"

INVARIANT = Criterion(
    "invariant", "a network trained on orbits alone becomes exactly invariant with every irrep once; score: its loss",
    PAPER, 1e-6, 1e-3, "lower", perfect=0.0,
)  # fmt: skip
TABLE = Criterion(
    "table", "the multiplication table is read from its weights; score: share of the products", PAPER, 1.0, 1.0
)
IRREPS = Criterion(
    "irreps", "its blocks are the irreps, one each; score: least overlap of a block's trace with its character",
    PAPER, 0.999, 0.95,
)  # fmt: skip
REPRESENTATION = Criterion(
    "representation", "its blocks are unitary and multiply like the group; score: the largest deviation of an entry",
    PAPER, 1e-3, 0.05, "lower", perfect=0.0,
)  # fmt: skip
GAP = Criterion(
    "gap", "the runner-up in every product is 2n further away; score: the least gap over 2n", OURS, 0.95, 0.5
)
LOOKUP = Criterion("looked-up", "the table that was read is found in the library, as the right group", OURS, 1.0, 1.0)
NOISE = Criterion(
    "noise-radius", "inside the certified radius no noise changes the table; score: share of the trials", OURS, 1.0, 1.0
)
DIMENSIONS = Criterion(
    "dimensions", "of all possible block sizes the true ones alone reach loss 0; score: 1 or 0", OURS, 1.0, 1.0
)
BISPECTRUM = Criterion(
    "bispectrum", "selective bispectrum and triple correlation are the same on an orbit; score: relative difference",
    "Mataigne et al. (2024), arXiv:2407.07655; Kakarala (1992)", 1e-10, 1e-6, "lower", perfect=0.0,
)  # fmt: skip
SEPARATION = Criterion(
    "separation", "and differ for two signals on different orbits; score: relative difference",
    "Mataigne et al. (2024), arXiv:2407.07655; Kakarala (1992)", 1e-3, 1e-6,
)  # fmt: skip
COMMUTATIVE = Criterion(
    "commutative", "a bispectral network reads the table and characters; score: the lesser of right share and overlap",
    "Sanborn et al. (2023), arXiv:2209.03416, abelian groups only", 0.999, 0.95,
)  # fmt: skip
