"""Which cyclotomic fields hold matrices with a given character, from its local Schur indices.

Public: LeastFields, least_fields.

A field L that holds the values of chi serves when over each completion of L the algebra of chi becomes matrices: when
m_p(chi), the local index at p, divides the degree of L_p over Q(chi)_p for every prime p, and L has no real place if
the indicator is -1 (Isaacs, Character Theory of Finite Groups (1976), chapter 10; Reiner, Maximal Orders (1975),
theorems 31.9 and 32.19).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..characters import CharacterTable
from ..class_functions.schur import SchurIndex, schur_index
from ..class_functions.value_fields import ValueField
from ..units import totient

__all__ = ["LeastFields", "least_fields"]


@dataclass(frozen=True)
class LeastFields:
    """What is proved of the cyclotomic fields below one that serves for a character.

    Attributes:
        known: N; Q(zeta_N) serves.
        conductors: of the fields of lower degree that may serve, those of the least degree first; all others do not.
    """

    known: int
    conductors: tuple[int, ...]

    @property
    def degree(self) -> int:
        """A lower bound, proved, of the degrees of cyclotomic fields that serve."""
        return totient(self.conductors[0] if self.conductors else self.known)

    def without(self, conductor: int) -> LeastFields:
        """When it is proved that one of the fields does not serve."""
        return replace(self, conductors=tuple(one for one in self.conductors if one != conductor))


def least_fields(table: CharacterTable, row: int, known: int) -> LeastFields:
    """The cyclotomic fields of lower degree than Q(zeta_N) that the local indices of a character leave.

    Where the indices are known, all of them serve.

    Args:
        known: N; Q(zeta_N) serves.

    Cost: that of ``schur_index``; where the values alone need the degree of Q(zeta_N), none.

    >>> from grouptool import group
    >>> from grouptool.representations import character_table
    >>> least_fields(character_table(group("Q8")), 4, 8)
    LeastFields(known=8, conductors=(3, 4))
    """
    own, top = int(table.conductors[row]), totient(known)
    if totient(own) == top:
        return LeastFields(known, ())
    field = ValueField.of(table.numbers[i] for i in np.unique(table.index[row]).tolist())
    index = schur_index(table, row)
    left = [one for one in _multiples(own, top) if _may_serve(one, field, index)]
    return LeastFields(known, tuple(sorted(left, key=lambda one: (totient(one), one))))


def _multiples(own: int, below: int) -> Iterator[int]:
    """The multiples M of a conductor, conductors themselves, with phi(M) below a bound; by primes, ascending."""
    primes = [prime for prime in range(2, below + 1) if totient(prime) == prime - 1]
    waiting = [(own, totient(own), 0)]
    while waiting:
        conductor, degree, start = waiting.pop()
        if conductor % 4 != 2:
            yield conductor
        for i in range(start, len(primes)):
            if degree * (primes[i] - 1) >= below:
                break
            factor = primes[i] if conductor % primes[i] == 0 else primes[i] - 1
            if degree * factor < below:
                waiting.append((conductor * primes[i], degree * factor, i))


def _may_serve(conductor: int, field: ValueField, index: SchurIndex) -> bool:
    """Whether some of the possible local indices let Q(zeta_M) serve; whatever is unknown, False is proved."""
    if index.at_infinity == 2 and conductor <= 2:
        return False
    over = ValueField(conductor, (1,))
    return all(
        over.local_degree(prime) // field.local_degree(prime) % math.gcd(*values) == 0
        for prime, values in index.possible.items()
    )
