"""Quadratic steps between subfields of a cyclotomic field, and numbers of it as arrays of shape ().

Public: QuadraticStep, inverse, product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..units import units
from .cyclotomic_arrays import CyclotomicArray

__all__ = ["QuadraticStep", "inverse", "product"]


@dataclass(frozen=True)
class QuadraticStep:
    """Subfields E > L of Q(zeta_N), |E : L| = 2, by the automorphisms zeta -> zeta^u that fix them.

    Attributes:
        conductor: N.
        fixing: the units u modulo N that fix E, a group.
        unit: a unit that generates those that fix L, together with them.
    """

    conductor: int
    fixing: tuple[int, ...]
    unit: int

    @cached_property
    def below(self) -> tuple[int, ...]:
        """The units that fix L, ascending."""
        return tuple(sorted({*self.fixing, *(u * self.unit % self.conductor for u in self.fixing)}))

    @cached_property
    def places(self) -> np.ndarray:
        """Units, one for each infinite place of E."""
        return _places(self.conductor, self.fixing)

    @cached_property
    def places_below(self) -> np.ndarray:
        """Units, one for each infinite place of L."""
        return _places(self.conductor, self.below)

    @property
    def is_real(self) -> bool:
        """Whether E lies in the real numbers."""
        return self.conductor - 1 in self.fixing

    @property
    def is_real_below(self) -> bool:
        """Whether L lies in the real numbers."""
        return self.conductor - 1 in self.below

    def norm(self, number: CyclotomicArray) -> CyclotomicArray:
        """From E to L, of a number as an array of shape ()."""
        return product(number, number.galois(self.unit))


def product(first: CyclotomicArray, second: CyclotomicArray) -> CyclotomicArray:
    """Of two numbers of shape ()."""
    return (first.part((None, None)) @ second.part((None, None))).part((0, 0)).narrowed()


def inverse(number: CyclotomicArray) -> CyclotomicArray:
    """1 / x, for a number of shape () that is not 0."""
    from flint import fmpq_poly, fmpz_poly

    polynomial = fmpq_poly([int(one) for one in number.numerators], number.denominator)
    _, _, found = fmpq_poly(fmpz_poly.cyclotomic(number.conductor)).xgcd(polynomial)
    numerators = [int(one) for one in found.numer().coeffs()]
    padded = np.array(numerators + [0] * (len(number.numerators) - len(numerators)), dtype=object)
    return CyclotomicArray(number.conductor, padded, int(found.denom())).narrowed()


def _places(conductor: int, fixing: Sequence[int]) -> np.ndarray:
    """One unit of each coset of a group of units and -1."""
    group = {*fixing, *(-u % conductor for u in fixing)}
    found, seen = list[int](), set[int]()
    for u in units(conductor).tolist():
        if u not in seen:
            found.append(u)
            seen.update(u * one % conductor or 1 for one in group)
    return np.array(found)
