"""On the cosets of which subgroups a network's neurons are constant.

Public: Alignment, align, right_side, left_side, BAR.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grouptool.errors import NoEvidenceError

from .groupdata import CosetFamily, GroupData

__all__ = ["BAR", "Alignment", "align", "left_side", "right_side"]

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
