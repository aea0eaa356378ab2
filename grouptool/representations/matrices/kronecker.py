"""Irreducible characters that are products of two smaller ones, and their matrices.

Public: Kronecker, factors.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..characters import CharacterTable
from .cyclotomic_arrays import CyclotomicArray
from .realisation import Realisation

__all__ = ["Kronecker", "factors"]

MOST_VALUES = 5_000_000
"""Values of products of rows of two degrees that are compared at once; more are not looked at."""


@dataclass(frozen=True, eq=False)
class Kronecker:
    """The Kronecker products of the matrices of two representations; a representation, so nothing is left to prove.

    Attributes:
        order: the exponent e of the group.
        twist: shape (r,): generator s is multiplied by exp(2 pi i twist[s] / e), a number of the product's field, which
            may be in neither of the factors'.
    """

    first: Realisation
    second: Realisation
    order: int
    twist: np.ndarray

    @property
    def conductor(self) -> int:
        """N: the exact matrices lie in Q(zeta_N)."""
        return math.lcm(self.first.conductor, self.second.conductor)

    @cached_property
    def exact(self) -> CyclotomicArray:
        """Shape (r, d, d)."""
        return self.first.exact.kronecker(self.second.exact).twisted(self.order, self.twist)

    @cached_property
    def unitary(self) -> np.ndarray:
        """Shape (r, d, d), complex128."""
        first, second = self.first.unitary, self.second.unitary
        size = first.shape[-1] * second.shape[-1]
        turns = np.exp(2j * np.pi * self.twist / self.order)
        products = np.einsum("r,rij,rkl->rikjl", turns, first, second)
        return np.asarray(products.reshape(len(first), size, size))

    def moved(self, unit: int, twist: np.ndarray) -> Kronecker:
        """The image under zeta -> zeta^unit, times a linear character given by exponents over that of the group."""
        still = np.zeros_like(twist)
        both = self.first.moved(unit, still), self.second.moved(unit, still)
        return Kronecker(*both, self.order, (self.twist * unit + twist) % self.order)


def factors(table: CharacterTable, row: int, values: np.ndarray, prime: int) -> tuple[int, int] | None:
    """Two rows of degrees above 1 whose product is a row, over the same field; None when none was found.

    Args:
        values: shape (k, k): the table modulo p, which tells irreducible characters apart.
    """
    degree, own = int(table.degrees[row]), int(table.conductors[row])
    for small in range(2, math.isqrt(degree) + 1):
        if degree % small:
            continue
        one, other = (
            np.flatnonzero((table.degrees == d) & (own % table.conductors == 0)) for d in (small, degree // small)
        )
        if not 0 < len(one) * len(other) * len(table) <= MOST_VALUES:
            continue
        products = values[one][:, None] * values[other] % prime
        hits = np.argwhere((products == values[row]).all(axis=2))
        if len(hits):
            return int(one[hits[0, 0]]), int(other[hits[0, 1]])
    return None
