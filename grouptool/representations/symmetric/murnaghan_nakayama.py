"""The characters of the symmetric groups, by the Murnaghan-Nakayama rule on beads.

Public: SymmetricTable, symmetric_table, symmetric_character, MAX_POINTS.
Read by alternating.

A partition is written as a set of beads, its first-column hook lengths for a fixed number of rows, as the bits of an
integer. To remove a rim hook of length k is to move a bead k places down to a free place; its leg length is the number
of beads that it jumps over.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...errors import NotationError, TooLargeError
from .cycle_types import class_name, class_size, cycle_types, element_order, power
from .partitions import Partition, as_partition, degree, partition_text, partitions

__all__ = ["MAX_POINTS", "SymmetricTable", "symmetric_character", "symmetric_table"]

MAX_POINTS = 28
"""Largest n with a table: 3,718 classes, 111 MB, and three times that for the smaller tables on the way."""


@dataclass(frozen=True, eq=False)
class SymmetricTable:
    """The character table of S_n.

    Attributes:
        points: n.
        values: shape (k, k), int64, read-only: character of ``partitions[i]`` on the class ``cycle_types[j]``.

    Rows are the partitions in reverse lexicographic order, the trivial character (n) first and the sign character
    last; columns are the cycle types in lexicographic order, the identity first.
    """

    points: int
    values: np.ndarray

    def __len__(self) -> int:
        return len(self.values)

    @property
    def partitions(self) -> tuple[Partition, ...]:
        """The k partitions, one for each row."""
        return partitions(self.points)

    @property
    def cycle_types(self) -> tuple[Partition, ...]:
        """The k cycle types, one for each column."""
        return cycle_types(self.points)

    @cached_property
    def column_of(self) -> dict[Partition, int]:
        """Cycle type -> column."""
        return {cycle_type: j for j, cycle_type in enumerate(self.cycle_types)}

    @property
    def order(self) -> int:
        """n!"""
        return math.factorial(self.points)

    @property
    def class_sizes(self) -> tuple[int, ...]:
        """The size of each class."""
        return tuple(map(class_size, self.cycle_types))

    @property
    def element_orders(self) -> tuple[int, ...]:
        """The order of the elements of each class."""
        return tuple(map(element_order, self.cycle_types))

    @property
    def character_names(self) -> tuple[str, ...]:
        """``[3,1^2]`` and so on."""
        return tuple(map(partition_text, self.partitions))

    @property
    def class_names(self) -> tuple[str, ...]:
        """``1^2 3`` and so on."""
        return tuple(map(class_name, self.cycle_types))

    def power_map(self, exponent: int) -> np.ndarray:
        """Shape (k,), int64: the class of g^exponent for g in each class."""
        return np.array([self.column_of[power(one, exponent)] for one in self.cycle_types], dtype=np.int64)


def symmetric_table(points: int) -> SymmetricTable:
    """The character table of S_n, n = points.

    The columns whose largest cycle has length k are, all at once, signed sums of rows of the table of S_(n-k).

    Raises:
        NotationError: points is less than 1. TooLargeError: it is above 28.

    Cost: m rim hooks for each partition of each m <= n, one row added for each. A value is at most the square root of
    n!, so int64 holds it.
    Source: James and Kerber, The Representation Theory of the Symmetric Group (1981), theorem 2.4.7; section 2.7 for
    the beads.

    >>> symmetric_table(3).values.tolist()
    [[1, 1, 1], [2, 0, -1], [1, -1, 1]]
    """
    if points < 1:
        raise NotationError(f"there is no S{points}: a symmetric group here has at least one point")
    if points > MAX_POINTS:
        raise TooLargeError(
            f"S{points} has more classes than a table here; tables are made up to S{MAX_POINTS}. "
            "Single values: symmetric_character."
        )
    tables: list[np.ndarray] = [np.ones((1, 1), dtype=np.int64)]
    places: list[dict[int, int]] = [{_beads((), points): 0}]
    for n in range(1, points + 1):
        shapes = [_beads(partition, points) for partition in partitions(n)]
        counts = np.bincount([cycle_type[0] for cycle_type in cycle_types(n)])
        starts = [0, *np.cumsum(counts).tolist()]  # the block of largest part k is starts[k] to starts[k + 1]
        table = np.zeros((len(shapes), len(shapes)), dtype=np.int64)
        for k in range(1, n + 1):
            start, stop = starts[k : k + 2]
            place = places[n - k]
            hooks = [(i, sign, place[rest]) for i, shape in enumerate(shapes) for sign, rest in _without_hook(shape, k)]
            rows, signs, sources = np.array(hooks).T
            terms = signs[:, None] * tables[n - k][sources, : stop - start]
            first = np.flatnonzero(np.diff(rows, prepend=-1))  # of the hooks of each shape
            table[rows[first], start:stop] = np.add.reduceat(terms, first)
        tables.append(table)
        places.append({shape: i for i, shape in enumerate(shapes)})
    tables[-1].flags.writeable = False
    return SymmetricTable(points, tables[-1])


def symmetric_character(partition: Iterable[int], cycle_type: Iterable[int]) -> int:
    """One value of an irreducible character of S_n, exactly, for any n.

    Args:
        partition: of n, the name of the character. cycle_type: of n, the name of the class, fixed points included.

    Raises:
        NotationError: one of the two is not a partition, or they are of different numbers.

    Cost: one step for each shape that is left after removing rim hooks, longest first; fixed points cost nothing, since
    the hook formula gives the degree of what is left.
    Source: as for symmetric_table.

    >>> symmetric_character((3, 2), (3, 1, 1))
    -1
    """
    shape, lengths = as_partition(partition), as_partition(cycle_type)
    if sum(shape) != sum(lengths):
        raise NotationError(
            f"{partition_text(shape)} is a partition of {sum(shape)}, but the cycle type {partition_text(lengths)} "
            f"is one of {sum(lengths)}: a character of S_n and a class of S_n have the same n"
        )
    rows = len(shape)
    terms = {_beads(shape, rows): 1}
    for length in lengths:
        if length == 1:
            break
        rest: dict[int, int] = {}
        for beads, coefficient in terms.items():
            for sign, smaller in _without_hook(beads, length):
                rest[smaller] = rest.get(smaller, 0) + sign * coefficient
        terms = rest
    return sum(coefficient * degree(_partition(beads)) for beads, coefficient in terms.items())


def _beads(partition: Partition, rows: int) -> int:
    """The bead set of a partition with at most ``rows`` parts, as bits."""
    padded = partition + (0,) * (rows - len(partition))
    return sum(1 << (part + rows - 1 - i) for i, part in enumerate(padded))


def _partition(beads: int) -> Partition:
    places = [place for place in range(beads.bit_length()) if beads >> place & 1]
    return tuple(place - i for i, place in reversed(list(enumerate(places))) if place > i)


def _without_hook(beads: int, length: int) -> Iterator[tuple[int, int]]:
    """(sign, rest) for each rim hook of the length: the sign is -1 to its leg length."""
    movable = beads & ~(beads << length) & -(1 << length)
    while movable:
        bead = movable & -movable
        landing = bead >> length
        jumped = beads & (bead - 1) & -(landing << 1)
        yield -1 if jumped.bit_count() & 1 else 1, beads ^ bead ^ landing
        movable ^= bead
