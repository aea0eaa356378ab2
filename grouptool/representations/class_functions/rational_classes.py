"""Divisions: classes of elements that generate conjugate cyclic subgroups, from power maps alone.

Public: Divisions, divisions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...structure.orbits import orbit_numbers
from ..characters import Columns
from ..units import unit_generators

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
    maps = [columns.power_map(unit) for unit in unit_generators(columns.exponent)]
    of_class = orbit_numbers(maps, len(columns))
    representatives = np.unique(of_class, return_index=True)[1]
    return Divisions(of_class.astype(np.int64), representatives.astype(np.int64))
