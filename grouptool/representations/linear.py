"""Linear characters of a subgroup: its homomorphisms to the roots of unity, as exponents.

Public: LinearCharacters, linear_characters, root_conductor.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..group import Group, Subgroup

__all__ = ["LinearCharacters", "linear_characters", "root_conductor"]


@dataclass(frozen=True, eq=False)
class LinearCharacters:
    """All homomorphisms from a subgroup H to the complex numbers; there are |H : H'|.

    Attributes:
        elements: shape (m,): the elements of H, ascending.
        order: e, the exponent of H / H'.
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


def linear_characters(subgroup: Subgroup) -> LinearCharacters:
    """The linear characters of a subgroup, extended from H' to H one generator at a time.

    Cost: |H| gathers a generator, and |H : H'| |H| for the values.
    """
    group, members = subgroup.group, derived_members(subgroup)
    order = _exponent_over(group, subgroup, members)
    words = np.zeros((len(members), 0), dtype=np.int64)
    values = np.zeros((1, 0), dtype=np.int64)  # exponents on the generators used
    place = np.full(group.order, -1)
    place[members] = np.arange(len(members))
    for generator in subgroup.generators:
        if place[generator] >= 0:
            continue
        powers = [0]
        while place[step := int(group.table[powers[-1], generator])] < 0:
            powers.append(step)
        index = len(powers)
        # chi(g)^index is known: its exponent is a multiple of index, and the roots differ by e / index.
        known = values @ words[place[step]] % order
        roots = (known[:, None] // index + np.arange(index) * (order // index)).reshape(-1, 1)
        values = np.concatenate([np.repeat(values, index, axis=0), roots], axis=1)
        digits = np.repeat(np.arange(index), len(members))[:, None]
        words = np.concatenate([np.tile(words, (index, 1)), digits], axis=1)
        members = group.table[members[None, :], np.array(powers)[:, None]].ravel().astype(np.int64)
        place[members] = np.arange(len(members))
    ranking = np.argsort(members)
    return LinearCharacters(members[ranking], order, values @ words[ranking].T % order)


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


def _exponent_over(group: Group, subgroup: Subgroup, derived: np.ndarray) -> int:
    """The exponent of H over a normal subgroup that holds H'."""
    inside = np.zeros(group.order, dtype=bool)
    inside[derived] = True
    exponent = 1
    for generator in subgroup.generators:
        power, order = generator, 1
        while not inside[power]:
            power, order = int(group.table[power, generator]), order + 1
        exponent = int(np.lcm(exponent, order))
    return exponent
