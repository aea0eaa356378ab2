"""Divisions: classes of elements that generate conjugate cyclic subgroups, from power maps alone.

Public: Divisions, divisions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .characters import Columns
from .value_fields import unit_generators

__all__ = ["Divisions", "divisions"]


@dataclass(frozen=True, eq=False)
class Divisions:
    """The d rational classes of a group.

    Attributes:
        of_class: shape (k,), int64: the division of each class, numbered by smallest class.
        representatives: shape (d,), int64: the smallest class of each.
    """

    of_class: np.ndarray
    representatives: np.ndarray

    def __len__(self) -> int:
        return len(self.representatives)


def divisions(columns: Columns) -> Divisions:
    """The orbits of the classes under g -> g^u, u prime to the exponent; as many as irreducible rational characters.

    Source: Serre, Linear Representations of Finite Groups (1977), section 13.1, corollary 1.
    """
    label = np.arange(len(columns))
    maps = [columns.power_map(unit) for unit in unit_generators(columns.exponent)]
    while True:
        smaller = label
        for one in maps:
            smaller = np.minimum(smaller, smaller[one])
        smaller = smaller[smaller]
        if np.array_equal(smaller, label):
            break
        label = smaller
    representatives, of_class = np.unique(label, return_inverse=True)
    return Divisions(of_class.astype(np.int64), representatives.astype(np.int64))
