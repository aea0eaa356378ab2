"""Claim: embeddings are matrix coefficients of rank one."""

from __future__ import annotations

import numpy as np

from .evidence import Score, Subject, claim

BAR = 0.95
"""Share of the leading singular values from which a matrix counts as of rank one."""
LEADING = {"R": 1, "C": 2, "H": 4}
"""Equal singular values of a rank-one matrix over the commuting algebra, in its real form."""


@claim(
    "rank-one",
    statement="L and R of a neuron are matrix coefficients <b, rho(x) a> of single vectors",
    source="Wu, Jaburi, Drori, Gross (2024), arXiv:2410.07476; released S5 networks: median 1.000; dihedral networks: "
    "all neurons above .999, random 2 by 2 matrices 6 % of the time",
    holds_from=0.9,
    fails_below=0.6,
)
def rank_one(subject: Subject) -> Score:
    """Share of the neurons, by weight, of which both L and R have a leading singular share of at least 0.95.

    The part of L in its representation rho is tr(A^T rho(x)), A = (d/n) sum over x of L(x) rho(x). Its leading share is
    s_1^2 / sum s^2; for complex and quaternionic type, whose real matrices repeat singular values, of the first 2 or 4.
    """
    shares = [_leading_shares(subject, layer) for layer in ("L", "R")]
    weights = subject.circuit.neuron_weights
    passing = (shares[0] >= BAR) & (shares[1] >= BAR)
    return Score(
        float(weights[passing].sum()), {"mean_L": float(shares[0] @ weights), "mean_R": float(shares[1] @ weights)}
    )


def _leading_shares(subject: Subject, layer: str) -> np.ndarray:
    """Shape (m,): the leading share of each neuron in the representation that dominates L."""
    table = subject.circuit.centred[layer]
    shares = np.zeros(table.shape[1])
    for place, one in enumerate(subject.data.constituents):
        mine = np.flatnonzero(subject.dominant["L"] == place)
        if mine.size:
            matrices = np.einsum("xm,xij->mij", table[:, mine], subject.data.irrep(place).matrices, optimize=True)
            squares = np.linalg.svd(matrices, compute_uv=False) ** 2
            leading = squares[:, : LEADING[one.type]].sum(axis=1)
            shares[mine] = leading / np.maximum(squares.sum(axis=1), 1e-300)
    return shares
