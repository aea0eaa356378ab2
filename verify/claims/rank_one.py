"""Claim: embeddings are matrix coefficients of rank one."""

from __future__ import annotations

import numpy as np

from ..rho_sets import RANK_BAR, coefficient_matrices, leading_shares
from .claim import Score, Subject, claim


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
    passing = (shares[0] >= RANK_BAR) & (shares[1] >= RANK_BAR)
    return Score(
        float(weights[passing].sum()),
        {
            "mean_L": float(shares[0] @ weights),
            "mean_R": float(shares[1] @ weights),
            "real_ranks": _real_ranks(subject, passing),
        },
    )


def _leading_shares(subject: Subject, layer: str) -> np.ndarray:
    """Shape (m,): the leading share of each neuron in the representation that dominates L."""
    table = subject.circuit.centred[layer]
    shares = np.zeros(table.shape[1])
    for place in np.unique(subject.dominant["L"]).tolist():
        mine, irrep = subject.dominant["L"] == place, subject.data.irrep(place)
        shares[mine] = leading_shares(irrep, coefficient_matrices(irrep, table[:, mine]))
    return shares


def _real_ranks(subject: Subject, passing: np.ndarray) -> dict[str, dict[str, float]]:
    """For each type with passing neurons their share by weight, and the mean number of singular values of L, counted as

    (sum s^2)^2 / sum s^4: 1 for real, 2 for complex, 4 for quaternionic type.
    """
    found: dict[str, dict[str, float]] = {}
    weights, table = subject.circuit.neuron_weights, subject.circuit.centred["L"]
    for place in np.unique(subject.dominant["L"][passing]).tolist():
        mine, irrep = passing & (subject.dominant["L"] == place), subject.data.irrep(place)
        squares = np.linalg.svd(coefficient_matrices(irrep, table[:, mine]), compute_uv=False) ** 2
        ranks = squares.sum(axis=1) ** 2 / np.maximum((squares**2).sum(axis=1), 1e-300)
        entry = found.setdefault(irrep.constituent.type, {"share": 0.0, "rank": 0.0})
        entry["share"] += float(weights[mine].sum())
        entry["rank"] += float(weights[mine] @ ranks)
    return {
        kind: {"share": one["share"], "rank": one["rank"] / one["share"] if one["share"] else 0.0}
        for kind, one in sorted(found.items())
    }
