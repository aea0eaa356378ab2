"""Characters over the rationals: sums of Galois conjugates, and the rational character table.

Public: RationalSums, rational_sums, RationalCharacterTable, rational_character_table.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from ...errors import BudgetSpentError
from ...structure.orbits import orbit_numbers
from ..characters import CharacterTable
from ..units import unit_generators
from .rational_classes import Divisions, divisions
from .schur import DEFAULT_BUDGET, SchurIndex, schur_indices

__all__ = ["RationalCharacterTable", "RationalSums", "rational_character_table", "rational_sums"]


@dataclass(frozen=True, eq=False)
class RationalSums:
    """The sums of the irreducible characters over their Galois conjugates: a basis of rational-valued characters.

    Attributes:
        orbits: the rows of each Galois orbit, ascending; orbits by smallest row, so the trivial one is first.
        divisions: the columns.
        values: shape (d, d), int64: orbits by divisions.
    """

    table: CharacterTable
    orbits: tuple[tuple[int, ...], ...]
    divisions: Divisions
    values: np.ndarray


@dataclass(frozen=True, eq=False)
class RationalCharacterTable:
    """The characters of the irreducible representations over Q: Schur index times sum of Galois conjugates.

    Attributes:
        sums: the orbits and divisions, as many of the one as of the other.
        indices: the Schur index of each orbit, as far as it is proved.

    Source: Isaacs, Character Theory of Finite Groups (1976), corollary 10.2.
    """

    sums: RationalSums
    indices: tuple[SchurIndex, ...]

    def __len__(self) -> int:
        return len(self.indices)

    @property
    def is_known(self) -> bool:
        """Whether every Schur index is proved."""
        return all(one.value is not None for one in self.indices)

    @property
    def values(self) -> np.ndarray:
        """Shape (d, d), int64: the table.

        Raises:
            BudgetSpentError: a Schur index is unknown; ``sums.values`` has the rows without it.
        """
        for orbit, one in zip(self.sums.orbits, self.indices, strict=True):
            if one.value is None:
                raise BudgetSpentError(
                    f"the Schur index of {self.sums.table.names[orbit[0]]} is {one}. sums.values has the rows "
                    "without it."
                )
        return np.asarray(np.array([one.value for one in self.indices])[:, None] * self.sums.values)


def rational_sums(table: CharacterTable) -> RationalSums:
    """The sums over Galois orbits on the divisions of a group.

    Whole numbers: computed in floats and rounded, with errors far below 1/2 for orders up to a table's limit.
    """
    orbits = _orbits(table)
    parted = divisions(table.columns)
    columns = table.floats(columns=parted.representatives)
    values = np.array([columns[list(orbit)].sum(axis=0) for orbit in orbits])
    return RationalSums(table, orbits, parted, np.rint(values.real).astype(np.int64))


def rational_character_table(table: CharacterTable, *, budget: int = DEFAULT_BUDGET) -> RationalCharacterTable:
    """The irreducible characters over Q; square, since there are as many as divisions.

    Args:
        budget: as for ``schur_indices``.

    >>> from grouptool import group
    >>> from grouptool.representations import character_table
    >>> rational_character_table(character_table(group("C3"))).values.tolist()
    [[1, 1], [2, -1]]
    """
    sums = rational_sums(table)
    return RationalCharacterTable(sums, schur_indices(table, [orbit[0] for orbit in sums.orbits], budget=budget))


def _orbits(table: CharacterTable) -> tuple[tuple[int, ...], ...]:
    maps = [table.galois(unit) for unit in unit_generators(table.columns.exponent)]
    parts: dict[int, list[int]] = defaultdict(list)
    for row, number in enumerate(orbit_numbers(maps, len(table)).tolist()):
        parts[number].append(row)
    return tuple(tuple(part) for part in parts.values())
