"""Irreducible Brauer characters of p-solvable groups with cyclic Sylow p-subgroups, from the ordinary table.

Public: BrauerCharacters, brauer_characters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...group import prime_factors
from ...structure.chief import composition_factors
from ..characters import CharacterTable
from .value_fields import ValueField

__all__ = ["BrauerCharacters", "brauer_characters"]


@dataclass(frozen=True, eq=False)
class BrauerCharacters:
    """The irreducible p-modular Brauer characters, each the restriction of an ordinary one to p-regular classes.

    Attributes:
        regular: shape (l,), int64: the classes of elements of order prime to p.
        rows: shape (l,), int64: for each Brauer character a row of the table that restricts to it.
        decomposition: shape (k, l), int64: how often each occurs in each row, the decomposition matrix.
    """

    table: CharacterTable
    prime: int
    regular: np.ndarray
    rows: np.ndarray
    decomposition: np.ndarray

    def field_of_constituent(self, row: int) -> ValueField:
        """The field of values of one Brauer constituent of an ordinary character."""
        chosen = self.rows[int(np.flatnonzero(self.decomposition[row])[0])]
        return ValueField.of(self.table.numbers[i] for i in np.unique(self.table.index[chosen, self.regular]).tolist())


def brauer_characters(table: CharacterTable, prime: int) -> BrauerCharacters | None:
    """The irreducible Brauer characters at p, or None unless G is p-solvable with cyclic Sylow p-subgroups.

    By Fong and Swan every one is the restriction of an ordinary character; so they are the restrictions that are no
    sums of others. By degree: each row either is a whole combination of those before or is new. The combination is
    solved in floats, rounded, and multiplied back; there are as many as p-regular classes, or an assertion fails.

    Source: Isaacs, Character Theory of Finite Groups (1976), chapter 15; Serre, Linear Representations of Finite Groups
    (1977), section 16.3.
    """
    columns = table.columns
    part = prime ** dict(prime_factors(columns.order)).get(prime, 0)
    if not (columns.element_orders % part == 0).any() or not _is_solvable_at(table, prime):
        return None
    regular = np.flatnonzero(columns.element_orders % prime)
    values = table.floats(columns=regular)
    weights = np.sqrt(columns.sizes[regular])
    rows: list[int] = []
    for row in range(len(table)):  # degrees ascend
        if rows:
            # least squares, scaled so that all elements count alike
            found = np.rint(np.linalg.lstsq((values[rows] * weights).T, values[row] * weights, rcond=None)[0].real)
            if np.abs(found @ values[rows] - values[row]).max() < 1e-6:
                continue
        rows.append(row)
    assert len(rows) == len(regular), "as many Brauer characters as p-regular classes"
    solved = np.linalg.lstsq((values[rows] * weights).T, (values * weights).T, rcond=None)[0].real.T
    decomposition = np.rint(solved).astype(np.int64)
    assert (decomposition >= 0).all(), "Brauer characters occur a number of times"
    assert np.abs(decomposition @ values[rows] - values).max() < 1e-6, "a restriction is a sum of Brauer characters"
    return BrauerCharacters(table, prime, regular, np.array(rows), decomposition)


def _is_solvable_at(table: CharacterTable, prime: int) -> bool:
    """Whether each composition factor has order p or prime to p."""
    factors = composition_factors(table.group)
    return all(factor.simple_order == prime or factor.simple_order % prime for factor in factors)
