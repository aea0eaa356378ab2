"""Linear characters of a subgroup: its homomorphisms to the roots of unity, as exponents.

Public: LinearCharacters, linear_characters, root_conductor, root_order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...group import Subgroup
from ..tables.abelian import abelian_dual, on_long_generators

__all__ = ["LinearCharacters", "linear_characters", "root_conductor", "root_order"]


@dataclass(frozen=True, eq=False)
class LinearCharacters:
    """All homomorphisms from a subgroup H to the complex numbers; there are |H : H'|.

    Attributes:
        elements: shape (m,): the elements of H, ascending.
        order: e, the exponent of the group.
        exponents: shape (l, m), int64: character i is exp(2 pi i exponents[i, j] / e) on ``elements[j]``; row 0 is
            trivial.
    """

    elements: np.ndarray
    order: int
    exponents: np.ndarray

    @cached_property
    def orders(self) -> np.ndarray:
        """Shape (l,): the order of each character, |H : ker|."""
        return np.asarray(self.order // np.gcd.reduce(self.exponents, axis=1, initial=self.order))

    @property
    def complex(self) -> np.ndarray:
        """Shape (l, m), complex128."""
        return np.asarray(np.exp(2j * np.pi * self.exponents / self.order))


def root_conductor(order: int) -> int:
    """The conductor of the field that the roots of unity of an order generate: odd halves of 2 modulo 4."""
    return order // 2 if order % 4 == 2 else order


def root_order(conductor: int) -> int:
    """The order of the group of roots of unity in Q(zeta_N)."""
    return conductor if conductor % 2 == 0 else 2 * conductor


def linear_characters(subgroup: Subgroup) -> LinearCharacters:
    """The linear characters of a subgroup, extended from H' to H one generator at a time.

    Cost: |H| gathers a generator, and |H : H'| |H| for the values.
    """
    group = subgroup.group
    if subgroup.given is None:
        subgroup = on_long_generators(subgroup)
    dual = abelian_dual(group, subgroup.generators, subgroup.order, derived_members(subgroup))
    exponents = dual.values @ dual.word(subgroup.elements).T % group.exponent
    return LinearCharacters(subgroup.elements, group.exponent, exponents)


def derived_members(subgroup: Subgroup) -> np.ndarray:
    """The elements of H', ascending."""
    group, chosen = subgroup.group, np.array(subgroup.generators, dtype=np.int64)
    if len(chosen) < 2:
        return np.zeros(1, dtype=np.int64)
    products = group.table[np.ix_(chosen, chosen)]
    commutators = np.unique(group.table[group.inverses[products.T], products])
    if not commutators[-1]:
        return np.zeros(1, dtype=np.int64)
    return group.subgroup(commutators.tolist()).closure_under(chosen.tolist()).elements
