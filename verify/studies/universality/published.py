"""What was published of trained networks: tables of three papers, with what is known of their definitions and defects.

Public: Row, ROWS, KEY_COUNTS, INTERVENTIONS, rows_for, counts_for.
Shares in percent as printed, losses in nats. Groups are specifications; isomorphic ones are the same row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grouptool import group
from grouptool.group import Group
from grouptool.structure.isomorphism import find_isomorphism

__all__ = ["INTERVENTIONS", "KEY_COUNTS", "LOGITS", "ROWS", "Row", "counts_for", "rows_for"]

GCR = "Chughtai, Chan, Nanda (2023), arXiv:2302.03025, released tables, mean of 4 seeds"
AGAIN = "the released networks of Chughtai et al. (2023), measured again"


@dataclass(frozen=True)
class Row:
    """Published figures of the networks of one group.

    Attributes:
        figures: by name of the figure. defects: by name of the figure, what is wrong with the published number.
    """

    group: str
    network: str
    source: str
    figures: Mapping[str, float]
    defects: Mapping[str, str]


MLP = ("W_a", "W_b", "W_U", "hidden layer", "rho(ab)", "test loss", "excluded loss", "restricted loss")
TRANSFORMER = ("W_E", "W_U", "hidden layer", "rho(ab)", "test loss", "excluded loss", "restricted loss")
WRONG_IRREP = "their 3-dimensional representations of A5 are no homomorphisms (off by .6), so shares and keys are off"
CHUNKS = "their loss of more than 15,000 pairs sums the means of chunks: up to 8 times too large"

_TABLE = {
    ("C113", "mlp"): (99.53, 99.39, 98.05, 90.25, 12.03, 1.63e-5, 5.95, 6.9e-3),
    ("C118", "mlp"): (99.75, 99.74, 98.43, 95.84, 13.26, 5.4e-6, 8.72, 3.6e-3),
    ("D59", "mlp"): (99.71, 99.73, 98.52, 87.68, 12.44, 6.3e-6, 12.4, 1.6e-6),
    ("D61", "mlp"): (99.26, 99.45, 98.26, 87.61, 12.48, 1.8e-5, 12.0, 1.7e-6),
    ("S5", "mlp"): (100.0, 99.99, 94.14, 88.91, 12.13, 1.0e-5, 11.7, 2.2e-7),
    ("S6", "mlp"): (99.65, 99.78, 93.67, 86.38, 8.98, 5.0e-5, 12.2, 2.7e-6),
    ("A5", "mlp"): (99.04, 99.31, 93.27, 86.69, 10.26, 1.9e-5, 9.82, 5.3e-7),
    ("C113", "transformer"): (95.18, 99.52, 92.12, 16.77, 2.7e-7, 9.42, 2.1e-2),
    ("C118", "transformer"): (94.05, 99.64, 94.63, 17.11, 1.7e-7, 15.9, 0.255),
    ("D59", "transformer"): (98.58, 98.53, 85.01, 10.85, 3.2e-6, 46.4, 2.8e-5),
    ("D61", "transformer"): (98.33, 97.40, 85.59, 11.11, 1.6e-2, 41.6, 9.6e-2),
    ("S5", "transformer"): (99.84, 99.97, 85.28, 10.23, 1.4e-7, 17.8, 4.4e-9),
    ("S6", "transformer"): (99.94, 99.93, 86.32, 9.35, 2.2e-6, 292.0, 1.1e-6),
    ("A5", "transformer"): (97.53, 97.40, 83.56, 8.22, 4.9e-2, 19.8, 7.7e-4),
}


def _defects(name: str, network: str, figures: tuple[str, ...]) -> dict[str, str]:
    if name == "A5":
        return dict.fromkeys((one for one in figures if one != "test loss"), WRONG_IRREP)
    return {"excluded loss": CHUNKS} if (name, network) == ("S6", "transformer") else {}


ROWS = tuple(
    Row(name, network, GCR, dict(zip(figures, values, strict=True)), _defects(name, network, figures))
    for (name, network), values in _TABLE.items()
    for figures in (MLP if network == "mlp" else TRANSFORMER,)
)
"""Shares of variance of both embeddings, the unembedding and the hidden layer in the key representations; losses."""

LOGITS = {
    "S5": {"bi-equivariant share": (97.8, 58.7, 99.7), "share of characters": (59.1, 31.0, 86.2)},
    "D59": {"bi-equivariant share": (97.0, 91.4, 98.8), "share of characters": (54.0, 48.7, 56.8)},
    "D61": {"bi-equivariant share": (93.35, 89.5, 98.2), "share of characters": (52.25, 50.3, 55.0)},
    "C113": {"bi-equivariant share": (95.8, 92.7, 98.1), "share of characters": (95.8, 92.7, 98.1)},
    "C118": {"bi-equivariant share": (97.7, 96.8, 98.3), "share of characters": (97.7, 96.8, 98.3)},
    "S6": {"bi-equivariant share": (52.3, 42.7, 89.4), "share of characters": (49.0, 34.5, 64.2)},
    "A5": {"bi-equivariant share": (97.9, 90.7, 98.7), "share of characters": (48.85, 44.9, 53.4)},
}
"""Median, least and largest share of the logits' variance, percent, of the released one-hidden-layer networks."""

KEY_COUNTS = {"S5": {(1, 2): 49, (4, 5): 49, (5, 6): 18, (4, 10): 17, (5, 10): 10, (6, 20): 0}}
"""Seeds of 50 in which a representation is key, by its degree and its least orbit |B|, which tell them apart."""

KEY_SEEDS = 50

INTERVENTIONS = {
    "S5": {
        "none": (99.99, 1.97e-6),
        "embeddings exchanged": (1.0, 4.76),
        "both negated": (100.0, 1.97e-6),
        "left negated": (0.0, 22.4),
        "right negated": (0.0, 22.4),
        "noise N(0, 0.1)": (99.99, 3e-6),
        "noise N(0, 1)": (97.8, 1.7e-3),
        "noise N(1, 1)": (88.0, 2.9e-2),
        "noise N(-1, 1)": (98.0, 2.1e-3),
        "absolute value": (100.0, 3.7e-13),
    }
}
"""Accuracy (percent) and loss of 128 networks: Stander, Yu, Fan, Biderman (2023), arXiv:2312.06581, table 1."""


def rows_for(made: Group, network: str) -> Row | None:
    """The published row of an isomorphic group; None without one."""
    return next((row for row in ROWS if row.network == network and same(row.group, made)), None)


def counts_for(made: Group) -> Mapping[tuple[int, int], int] | None:
    """How many of the 50 published seeds use each representation, for an isomorphic group."""
    return next((counts for name, counts in KEY_COUNTS.items() if same(name, made)), None)


def same(name: str, made: Group) -> bool:
    """Whether a group is isomorphic to the one of a specification."""
    theirs = group(name)
    return theirs.order == made.order and find_isomorphism(theirs, made) is not None
