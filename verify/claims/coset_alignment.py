"""Claim: neurons are constant on cosets of conjugate subgroups.

Public besides the claim: Alignment, align, which other claims and the report read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grouptool.errors import NoEvidenceError

from ..controls import isotypic_noise
from ..groupdata import CosetFamily, GroupData
from ..reading import Circuit
from .evidence import Score, Subject, claim

BAR = 0.9
"""Alignment from which a neuron counts as constant on cosets (the bar of the 2026 reproduction on S5 networks)."""


@dataclass(frozen=True, eq=False)
class Alignment:
    """The best subgroup for each neuron on one side.

    Attributes:
        share: shape (m,), in [0, 1]: 1 - within-coset variance / variance, weighted by coset size.
        family: shape (m,): position in ``GroupData.coset_families``.
        means: shape (n, m): the centred table with each value replaced by its coset's mean.
    """

    share: np.ndarray
    family: np.ndarray
    means: np.ndarray


def align(data: GroupData, table: np.ndarray, side: Callable[[CosetFamily], np.ndarray]) -> Alignment:
    """The largest proper non-trivial subgroup on whose cosets each neuron is constant to the bar, else its best one.

    Args:
        table: shape (n, m), centred. side: the coset labels to use, right cosets for L and left cosets for R.

    Raises:
        NoEvidenceError: the group has no proper non-trivial subgroup, or too many to list.

    Only subgroups of index up to ``GroupData.coset_index_bound`` count.
    """
    if not data.coset_families:
        many = data.subgroup_classes is None
        raise NoEvidenceError(
            f"{data.group.name} has {'too many subgroups to list' if many else 'no proper non-trivial subgroup'}"
        )
    total = np.maximum((table**2).sum(axis=0), 1e-300)
    best = Alignment(np.zeros(table.shape[1]), np.zeros(table.shape[1], dtype=np.int64), np.zeros_like(table))
    rank = np.full(table.shape[1], -1.0)
    for position, family in enumerate(data.coset_families):
        labels = side(family)
        by_coset = np.argsort(labels, kind="stable").reshape(-1, family.order)
        means = table[by_coset].mean(axis=1)  # (index, m)
        share = family.order * (means**2).sum(axis=0) / total
        ranked = np.where(share >= BAR, family.order + share, share)
        better = ranked > rank
        rank[better] = ranked[better]
        best.share[better] = share[better]
        best.family[better] = position
        best.means[:, better] = means[labels][:, better]
    return best


def right_side(family: CosetFamily) -> np.ndarray:
    """Labels of right cosets: L is constant on them when a left vector of its matrix coefficient is fixed by H."""
    return family.right


def left_side(family: CosetFamily) -> np.ndarray:
    """Labels of left cosets, for R."""
    return family.left


def _noise(subject: Subject, rng: np.random.Generator) -> list[Circuit]:
    return [isotypic_noise(subject.data, subject.circuit, rng) for _ in range(3)]


@claim(
    "coset-alignment",
    statement="L is constant on right cosets and R on left cosets of subgroups",
    source="Stander, Yu, Fan, Biderman (2023), arXiv:2312.06581; share of aligned neurons on released S5 networks: "
    "median 1.000, minimum .903; memorising networks .125, at most .54",
    holds_from=0.9,
    fails_below=0.6,
    controls=_noise,
)
def coset_alignment(subject: Subject) -> Score:
    """Share of the neurons, by weight, of which both L and R are aligned to at least 0.9.

    The details name the families by weight and the share of aligned neurons with conjugate subgroups on both sides.
    Compared also with random functions in the same irreducible representations: where those are aligned (characters of
    degree one, say), representations alone explain it and the claim decides nothing.
    """
    data = subject.data
    left = align(data, subject.circuit.centred["L"], right_side)
    right = align(data, subject.circuit.centred["R"], left_side)
    weights = subject.circuit.neuron_weights
    aligned = (left.share >= BAR) & (right.share >= BAR)
    class_of = np.array([family.subgroup_class for family in data.coset_families])
    conjugate = aligned & (class_of[left.family] == class_of[right.family])
    by_class = np.bincount(class_of[left.family[aligned]], weights=weights[aligned])
    used = {
        f"order {data.subgroup_classes[place].order}, index {data.subgroup_classes[place].index}": round(
            float(share), 6
        )
        for place, share in enumerate(by_class)
        if share > 0.001 and data.subgroup_classes is not None
    }
    total = float(weights[aligned].sum())
    return Score(
        total, {"families": used, "conjugate_pairs": float(weights[conjugate].sum() / total) if total else 0.0}
    )
