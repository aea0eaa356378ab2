"""Claim: the subgroups of a neuron's two sides are conjugate."""

from __future__ import annotations

import numpy as np

from grouptool.errors import NoEvidenceError

from ..alignment import BAR
from .claim import Score, Subject, claim

DRAWS = 5


def _classes(subject: Subject) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of the aligned neurons: the class of the subgroup of L, that of R, the weights."""
    left, right = subject.alignments
    aligned = (left.share >= BAR) & (right.share >= BAR) & (subject.circuit.neuron_weights > 0)
    if not aligned.any():
        raise NoEvidenceError("no neuron is constant on cosets on both sides")
    class_of = np.array([family.subgroup_class for family in subject.data.coset_families])
    return class_of[left.family[aligned]], class_of[right.family[aligned]], subject.circuit.neuron_weights[aligned]


def _matched(subject: Subject, rng: np.random.Generator) -> list[float]:
    left, right, weights = _classes(subject)
    return [float(weights[left == rng.permutation(right)].sum() / weights.sum()) for _ in range(DRAWS)]


@claim(
    "conjugate-pairing",
    statement="L and R of a neuron are constant on cosets of conjugate subgroups",
    source="Stander, Yu, Fan, Biderman (2023), arXiv:2312.06581; released S5 networks: 99 % of live neurons in the "
    "median, at least 96 %",
    holds_from=0.95,
    fails_below=0.8,
    matched=_matched,
    tier="full",
)
def conjugate_pairing(subject: Subject) -> Score:
    """Share of the neurons that are aligned on both sides, by weight, whose two subgroups are conjugate.

    The matched control exchanges the R sides among the neurons: where one class of subgroups has them all it does as
    well, and the claim decides nothing. Raises NoEvidenceError when no neuron is aligned.
    """
    left, right, weights = _classes(subject)
    return Score(float(weights[left == right].sum() / weights.sum()), {"neurons": len(weights)})
