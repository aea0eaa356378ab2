"""Cosets and double cosets of subgroups, transversals, and how a group permutes cosets.

Public: right_cosets, left_cosets, right_transversal, left_transversal, DoubleCosets, double_cosets, coset_action.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..group import Group, Subgroup
from .orbits import orbit_numbers

__all__ = [
    "DoubleCosets",
    "coset_action",
    "double_cosets",
    "left_cosets",
    "left_transversal",
    "right_cosets",
    "right_transversal",
]


def right_cosets(group: Group, members: np.ndarray) -> np.ndarray:
    """Shape (n,), int64: the right coset Hx of each x, numbered 0 to index - 1 by smallest element; H is coset 0.

    Args:
        members: elements of H, shape (|H|,). Cost: at most n^1.5 gathers.
    """
    return _subgroup_of(group, members).right_cosets


def left_cosets(group: Group, members: np.ndarray) -> np.ndarray:
    """Shape (n,), int64: the left coset xH of each x, numbered as in ``right_cosets``."""
    return _subgroup_of(group, members).left_cosets


def right_transversal(subgroup: Subgroup) -> np.ndarray:
    """Shape (index,): the smallest element of each right coset Hx, in the order of ``right_cosets``; the first is 0."""
    return np.unique(subgroup.right_cosets, return_index=True)[1]


def left_transversal(subgroup: Subgroup) -> np.ndarray:
    """Shape (index,): the smallest element of each left coset xH, in the order of ``left_cosets``; the first is 0."""
    return np.unique(subgroup.left_cosets, return_index=True)[1]


@dataclass(frozen=True, eq=False)
class DoubleCosets:
    """The double cosets HxK, numbered by smallest element.

    Attributes:
        number_of: shape (n,), int64: the double coset of each element.
        representatives: shape (m,), the smallest element of each.
        sizes: shape (m,); they sum to n.
    """

    left: Subgroup
    right: Subgroup
    number_of: np.ndarray
    representatives: np.ndarray
    sizes: np.ndarray

    def __post_init__(self) -> None:
        for array in (self.number_of, self.representatives, self.sizes):
            array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.sizes)


def double_cosets(left: Subgroup, right: Subgroup) -> DoubleCosets:
    """The double cosets HxK of H = ``left`` and K = ``right``: the orbits of K on the right cosets of H.

    Cost: the right cosets of H, then a few gathers of n / |H| for each generator of K.

    Raises:
        ValueError: the subgroups lie in different groups.
    """
    left.of_same_group(right)
    transversal = right_transversal(left)
    steps = [left.right_cosets[left.group.table[transversal, k]] for k in right.generators]
    numbers = orbit_numbers(steps, len(transversal))
    first, cosets = np.unique(numbers, return_index=True, return_counts=True)[1:]
    return DoubleCosets(left, right, numbers[left.right_cosets], transversal[first], cosets * left.order)


def coset_action(subgroup: Subgroup) -> np.ndarray:
    """Shape (generators, index): each generator of G as a permutation Hx -> Hxg of the right cosets.

    ``actions.on_cosets`` makes the G-set of it, whose permutation image is a quotient by the core of H.
    """
    return subgroup.coset_action(subgroup.group.generators)


def _subgroup_of(group: Group, members: np.ndarray) -> Subgroup:
    inside = np.zeros(group.order, dtype=bool)
    inside[members] = True
    return Subgroup(group, inside)
