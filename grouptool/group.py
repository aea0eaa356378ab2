"""The finite group that everything else takes: a Cayley table, its generators, and a permutation for each element.

Public: Group, TABLE_LIMIT, cycle_notation, prime_factors.
Made by ``grouptool.construct``; read by every room after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

__all__ = ["TABLE_LIMIT", "Group", "cycle_notation", "prime_factors"]

TABLE_LIMIT = 20_160
"""Largest order for which a Cayley table is made: 20,160 elements take 813 MB of two-byte integers."""


@dataclass(frozen=True, eq=False)
class Group:
    """A finite group on the integers 0 to n - 1, with element 0 the identity.

    Products compose left to right: ``table[i, j]`` is element i times element j, first i and then j, and
    ``permutations[table[i, j]]`` is ``permutations[j][permutations[i]]``. Arrays are read-only and shared, not copied.

    Attributes:
        table: shape (n, n), unsigned integers of the smallest width that holds n - 1.
        generators: indices of the elements that the group was made from, in that order; may repeat.
        permutations: shape (n, degree), a faithful permutation representation; row i is the image list of element i.
        name: the group as the notation writes it.
        parents: shape (n,); element i is ``parents[i] * generators[letters[i]]``, except i = 0.
        letters: shape (n,), as above. The tree is breadth-first: a parent is one step nearer to the
            identity, though its number may be larger.
        relators: the defining relators that the group was given by, if it came as a presentation.
    """

    table: np.ndarray
    generators: tuple[int, ...]
    permutations: np.ndarray
    name: str
    parents: np.ndarray = field(repr=False)
    letters: np.ndarray = field(repr=False)
    relators: str | None = None

    def __post_init__(self) -> None:
        for array in (self.table, self.permutations, self.parents, self.letters):
            array.flags.writeable = False

    def __len__(self) -> int:
        return self.order

    def __repr__(self) -> str:
        return f"<Group {self.name} of order {self.order}>"

    @property
    def order(self) -> int:
        """Number n of elements."""
        return len(self.table)

    @property
    def degree(self) -> int:
        """Number of points that the elements permute."""
        return int(self.permutations.shape[1])

    @cached_property
    def inverses(self) -> np.ndarray:
        """Shape (n,): the index of the inverse of each element."""
        inverses = np.empty(self.order, dtype=self.table.dtype)
        rows, columns = np.nonzero(self.table == 0)
        inverses[rows] = columns
        return _frozen(inverses)

    @cached_property
    def element_orders(self) -> np.ndarray:
        """Shape (n,), int64: the order of each element; each divides n, so primes of n are divided out in turn."""
        orders = np.full(self.order, self.order, dtype=np.int64)
        for prime, multiplicity in prime_factors(self.order):
            for _ in range(multiplicity):
                shorter = np.where(orders % prime == 0, orders // prime, orders)
                orders = np.where(self.powers(shorter) == 0, shorter, orders)
        return _frozen(orders)

    @cached_property
    def exponent(self) -> int:
        """Least e with g^e = 1 for every g: the least common multiple of the element orders."""
        return int(np.lcm.reduce(np.unique(self.element_orders)))

    @cached_property
    def is_abelian(self) -> bool:
        """Whether every two elements commute; enough to ask of the generators."""
        chosen = list(self.generators)
        pairs = self.table[np.ix_(chosen, chosen)]
        return bool((pairs == pairs.T).all())

    def powers(self, exponents: int | np.ndarray, elements: np.ndarray | None = None) -> np.ndarray:
        """Shape (m,): ``elements`` to the ``exponents`` (an integer or shape (m,), not negative), all at once.

        ``elements`` are indices, shape (m,); by default all n elements in order. Cost: two gathers a binary digit.
        """
        base = np.arange(self.order) if elements is None else np.asarray(elements)
        left = np.broadcast_to(np.asarray(exponents, dtype=np.int64), base.shape).copy()
        result = np.zeros(base.shape, dtype=self.table.dtype)
        while left.any():
            result = np.where(left & 1, self.table[result, base], result)
            base = self.table[base, base]
            left >>= 1
        return result

    def conjugation(self, g: int) -> np.ndarray:
        """Shape (n,): x -> g^-1 x g, a permutation of the elements."""
        return np.asarray(self.table[self.table[self.inverses[g]], g])

    def closure(self, elements: Sequence[int] | np.ndarray) -> np.ndarray:
        """Shape (n,), bool: membership in the subgroup that ``elements`` generate. Cost: one gather a level."""
        chosen = np.unique(np.asarray(elements, dtype=np.int64))
        inside = np.zeros(self.order, dtype=bool)
        inside[0] = True
        frontier = np.zeros(1, dtype=np.int64)
        while frontier.size and chosen.size:
            reached = np.zeros(self.order, dtype=bool)
            reached[self.table[np.ix_(frontier, chosen)].ravel()] = True
            frontier = np.flatnonzero(reached & ~inside)
            inside |= reached
        return inside

    def generating_set(self, inside: np.ndarray) -> list[int]:
        """Elements that generate a subgroup, each the smallest that the ones before do not reach.

        Args:
            inside: membership of the subgroup, shape (n,), bool.
        """
        chosen: list[int] = []
        reached = self.closure(chosen)
        while (missing := np.flatnonzero(inside & ~reached)).size:
            chosen.append(int(missing[0]))
            reached = self.closure(chosen)
        return chosen

    def cycles(self, element: int) -> str:
        """The element as a product of disjoint cycles of points from 1; the identity is ``()``."""
        return cycle_notation(self.permutations[element])

    def word(self, element: int) -> list[int]:
        """A shortest product of generators that gives the element: positions in ``generators``, left to right."""
        letters: list[int] = []
        while element:
            letters.append(int(self.letters[element]))
            element = int(self.parents[element])
        return letters[::-1]

    def right_multiplications(self) -> Iterator[np.ndarray]:
        """For each generator s the permutation x -> x s of the elements, shape (n,)."""
        for generator in self.generators:
            yield self.table[:, generator]


def cycle_notation(image: np.ndarray) -> str:
    """An image list of points from 0 as disjoint cycles of points from 1, each from its smallest point."""
    seen = np.zeros(len(image), dtype=bool)
    text = ""
    for start in map(int, np.flatnonzero(image != np.arange(len(image)))):
        if not seen[start]:
            cycle = [start]
            while (point := int(image[cycle[-1]])) != start:
                cycle.append(point)
            seen[cycle] = True
            text += f"({','.join(str(point + 1) for point in cycle)})"
    return text or "()"


def prime_factors(number: int) -> list[tuple[int, int]]:
    """The primes that divide a positive integer, ascending, with multiplicities (flint)."""
    from flint import fmpz

    return [(int(prime), int(multiplicity)) for prime, multiplicity in fmpz(number).factor()]


def _frozen(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
