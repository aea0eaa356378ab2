"""Conjugacy classes of a finite group, from its Cayley table.

Public: ConjugacyClasses, conjugacy_classes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from ..acceleration import use_compiled
from ..group import Group, prime_factors
from .orbits import orbit_numbers

__all__ = ["ConjugacyClasses", "conjugacy_classes"]

MOST_POWERS = 1_000_000
"""Powers of representatives that are kept; cyclic groups have n^2 of them."""


@dataclass(frozen=True, eq=False)
class ConjugacyClasses:
    """The partition of a group into conjugacy classes, in canonical order.

    Class 0 is {identity}; the rest are ordered by element order, then size, then smallest element.

    Attributes:
        class_of: shape (n,), element -> class.
        representatives: shape (k,), the smallest element of each class.
        sizes: shape (k,), they sum to n.
        element_orders: shape (k,), the order of the elements of each class.
    """

    group: Group
    class_of: np.ndarray
    representatives: np.ndarray
    sizes: np.ndarray
    element_orders: np.ndarray

    def __len__(self) -> int:
        return len(self.sizes)

    @property
    def name(self) -> str:
        """The group's name."""
        return self.group.name

    @property
    def order(self) -> int:
        """The group's order n."""
        return self.group.order

    @property
    def exponent(self) -> int:
        """The group's exponent."""
        return self.group.exponent

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """A text for the representative of each class: its cycles."""
        return tuple(map(self.group.cycles, self.representatives.tolist()))

    @cached_property
    def powers(self) -> tuple[np.ndarray, np.ndarray]:
        """Starts, shape (k,), and classes: from starts[j] on, those of 1, g, g^2, ..., g^(o - 1) for g in class j."""
        starts = np.cumsum(self.element_orders) - self.element_orders
        if use_compiled(int(self.element_orders.sum())):
            from ._kernels.orbits import classes_of_powers

            return starts, classes_of_powers(self.group.table, self.class_of, self.representatives, self.element_orders)
        bases = np.repeat(self.representatives, self.element_orders)
        exponents = np.arange(len(bases)) - np.repeat(starts, self.element_orders)
        return starts, self.class_of[self.group.powers(exponents, bases)]

    def powers_by_order(self) -> Iterator[tuple[range, np.ndarray]]:
        """For each element order o its classes, c in a row, and the classes of their powers, shape (c, o)."""
        starts, classes = self.powers
        ends = [0, *(np.flatnonzero(np.diff(self.element_orders)) + 1).tolist(), len(self)]
        for first, last in pairwise(ends):
            order = int(self.element_orders[first])
            start = int(starts[first])
            yield range(first, last), classes[start : start + order * (last - first)].reshape(-1, order)

    def power_map(self, exponent: int) -> np.ndarray:
        """Shape (k,): the class of g^exponent for g in each class; the exponent may be negative."""
        if self.element_orders.sum() > MOST_POWERS:
            return np.asarray(self.class_of[self.group.powers(exponent % self.exponent, self.representatives)])
        starts, classes = self.powers
        return np.asarray(classes[starts + exponent % self.element_orders])

    @property
    def power_maps(self) -> dict[int, np.ndarray]:
        """The power map of every prime that divides the order."""
        return {prime: self.power_map(prime) for prime, _ in prime_factors(self.group.order)}

    @property
    def inverse_map(self) -> np.ndarray:
        """Shape (k,): the class of the inverses."""
        return self.power_map(-1)

    @property
    def is_real(self) -> np.ndarray:
        """Shape (k,), bool: whether a class contains the inverses of its elements."""
        return np.asarray(self.inverse_map == np.arange(len(self)))

    @cached_property
    def divisions(self) -> np.ndarray:
        """Shape (k,): the rational class of each class, numbered by smallest class.

        Two elements are rationally conjugate when they generate conjugate cyclic subgroups; as many divisions as
        irreducible representations over the rationals.
        """
        label = np.arange(len(self))
        for x, order in enumerate(self.element_orders.tolist()):
            if label[x] == x:
                units = [k for k in range(1, order) if math.gcd(k, order) == 1]
                powers = self.group.powers(np.array(units), np.full(len(units), self.representatives[x]))
                images = self.class_of[powers]
                label[images] = np.minimum(label[images], x)
        return np.unique(label, return_inverse=True)[1]

    @property
    def is_rational(self) -> np.ndarray:
        """Shape (k,), bool: whether a class is a whole division: every generator of <x> is conjugate to x."""
        return np.asarray(np.bincount(self.divisions)[self.divisions] == 1)

    @property
    def centralizer_orders(self) -> np.ndarray:
        """Shape (k,): n divided by the class sizes."""
        return self.group.order // self.sizes


def conjugacy_classes(group: Group) -> ConjugacyClasses:
    """The conjugacy classes of a group.

    They are the orbits of the elements under conjugation by generators: compiled, n steps a generator.

    Source: Holt, Eick, O'Brien, Handbook of Computational Group Theory (2005), section 4.6 (orbits).
    """
    if use_compiled(group.order * len(group.generators)):
        from ._kernels.orbits import classes

        found = classes(group.table, group.inverses, group.element_orders, np.array(group.generators, dtype=np.int64))
        return ConjugacyClasses(group, *found)
    return ConjugacyClasses(group, *_plain_classes(group))


def _plain_classes(group: Group) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    numbers = orbit_numbers([group.conjugation(g) for g in group.generators], group.order)
    smallest, sizes = np.unique(numbers, return_index=True, return_counts=True)[1:]
    orders = group.element_orders[smallest]
    ranking = np.lexsort((smallest, sizes, orders))
    position = np.argsort(ranking)
    return position[numbers], smallest[ranking], sizes[ranking], orders[ranking]
