"""The characters of the alternating groups, with split classes and split characters.

Public: AlternatingCharacter, AlternatingClass, AlternatingTable, alternating_table, alternating_class_of, splits.
Reads murnaghan_nakayama; read by alternating_forms.

A class of S_n whose cycles have distinct odd lengths is two classes of A_n: the half ``+`` has the representative of
cycle_types (cycles of neighbouring points, the longest first), the half ``-`` its conjugate by (1,2). The character of
a partition that is its own conjugate is the sum of two characters of A_n: the half ``+`` is the one with the positive
square root on the half ``+`` of the class of its diagonal hooks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from ...errors import NotAGroupError
from ..cyclotomic import Cyclotomic
from .cycle_types import (
    Permutation,
    as_permutation,
    class_name,
    class_size,
    cycle_type_of,
    cycle_types,
    cycles_of,
    element_order,
    power,
    representative,
    sign,
)
from .murnaghan_nakayama import symmetric_table
from .partitions import Partition, conjugate, diagonal_hooks, partition_text, partitions
from .surds import square_root

__all__ = [
    "AlternatingCharacter",
    "AlternatingClass",
    "AlternatingTable",
    "alternating_class_of",
    "alternating_table",
    "splits",
]

Half = Literal["", "+", "-"]


class AlternatingClass(NamedTuple):
    """A conjugacy class of A_n: an even cycle type, and which half of it; ``half`` is empty where it does not split."""

    cycle_type: Partition
    half: Half = ""

    @property
    def size(self) -> int:
        """How many elements it has."""
        return class_size(self.cycle_type) // (2 if self.half else 1)

    @property
    def element_order(self) -> int:
        """The order of its elements."""
        return element_order(self.cycle_type)

    @property
    def representative(self) -> Permutation:
        """An element, as an image list."""
        images = representative(self.cycle_type)
        return _conjugated(images) if self.half == "-" else images

    @property
    def name(self) -> str:
        """``1^2 3``, or ``1 3 5+`` for a half."""
        return class_name(self.cycle_type) + self.half

    def power(self, exponent: int) -> AlternatingClass:
        """The class of g^exponent for g in this class.

        If g and g^j lie in one class of S_n that splits, the permutation that takes a to j a modulo its length on each
        cycle takes g to g^j. It is even exactly if they lie in one half.
        """
        cycle_type = power(self.cycle_type, exponent)
        if not splits(cycle_type):
            return AlternatingClass(cycle_type)
        # Only an element with the same cycle type has such a power: other powers repeat a cycle length.
        moves = [[exponent * a % length for a in range(length)] for length in cycle_type]
        even = math.prod(sign(cycle_type_of(move)) for move in moves) > 0
        return AlternatingClass(cycle_type, self.half if even else "+" if self.half == "-" else "-")


class AlternatingCharacter(NamedTuple):
    """An irreducible character of A_n: a partition, of two conjugate ones the first, and a half or none."""

    partition: Partition
    half: Half = ""

    @property
    def name(self) -> str:
        """``[3,1^2]+`` and so on."""
        return partition_text(self.partition) + self.half


@dataclass(frozen=True, eq=False)
class AlternatingTable:
    """The character table of A_n.

    Attributes:
        points: n.
        characters: the k rows: partitions in reverse lexicographic order, of two conjugate ones the first; for a
            partition that is its own conjugate ``+`` before ``-``. The trivial character is row 0.
        classes: the k columns: even cycle types in lexicographic order, the identity first; ``+`` before ``-``.
        integers: shape (k, k), int64, read-only: the values that are integers, and 0 where a value is not.
        irrationals: (row, column) -> the other values, exactly; at most four for each split pair.
    """

    points: int
    characters: tuple[AlternatingCharacter, ...]
    classes: tuple[AlternatingClass, ...]
    integers: np.ndarray
    irrationals: dict[tuple[int, int], Cyclotomic]

    def __len__(self) -> int:
        return len(self.classes)

    @property
    def order(self) -> int:
        """n! / 2, or 1 for n = 1."""
        return max(1, math.factorial(self.points) // 2)

    def value(self, row: int, column: int) -> Cyclotomic | int:
        """One value, exactly: an int where it is an integer."""
        return self.irrationals.get((row, column), int(self.integers[row, column]))

    @cached_property
    def complex(self) -> np.ndarray:
        """Shape (k, k), complex128, read-only: all values."""
        values = self.integers.astype(np.complex128)
        for place, value in self.irrationals.items():
            values[place] = complex(value)
        values.flags.writeable = False
        return values

    @cached_property
    def column_of(self) -> dict[AlternatingClass, int]:
        """Class -> column."""
        return {one: j for j, one in enumerate(self.classes)}

    @property
    def class_sizes(self) -> tuple[int, ...]:
        """The size of each class."""
        return tuple(one.size for one in self.classes)

    def power_map(self, exponent: int) -> np.ndarray:
        """Shape (k,), int64: the class of g^exponent for g in each class."""
        return np.array([self.column_of[one.power(exponent)] for one in self.classes], dtype=np.int64)


def alternating_table(points: int) -> AlternatingTable:
    """The character table of A_n, n = points, from that of S_n.

    Raises:
        NotationError: points is less than 1. TooLargeError: it is above 28.

    Source: James and Kerber, The Representation Theory of the Symmetric Group (1981), theorem 2.5.13: on the two halves
    of the class with cycle lengths h, the diagonal hook lengths of the partition, the two halves of its character are
    (e ± sqrt(e h_1 ... h_l)) / 2, e = (-1)^((n - l) / 2); elsewhere both are half of the character of S_n.

    >>> table = alternating_table(4)
    >>> [[str(table.value(i, j)) for j in range(4)] for i in range(4)][2]
    ['1', '1', '(-1+sqrt(-3))/2', '(-1-sqrt(-3))/2']
    """
    whole = symmetric_table(points)
    characters = tuple(
        AlternatingCharacter(partition, half)
        for partition in partitions(points)
        if partition >= conjugate(partition)
        for half in _halves(partition == conjugate(partition) and points > 1)
    )
    classes = tuple(
        AlternatingClass(cycle_type, half)
        for cycle_type in cycle_types(points)
        if sign(cycle_type) > 0
        for half in _halves(splits(cycle_type))
    )
    place = {partition: i for i, partition in enumerate(partitions(points))}
    integers = whole.values[
        np.ix_([place[one.partition] for one in characters], [whole.column_of[one.cycle_type] for one in classes])
    ]
    integers[[i for i, one in enumerate(characters) if one.half]] //= 2
    irrationals = {}
    columns = {one: j for j, one in enumerate(classes)}
    for i, character in enumerate(characters):
        for half in _halves(True) if character.half else ():
            j = columns[AlternatingClass(diagonal_hooks(character.partition), half)]
            value = _split_value(character.partition, 1 if half == character.half else -1)
            integers[i, j] = value.rational if value.is_rational else 0
            if not value.is_rational:
                irrationals[i, j] = value
    integers.flags.writeable = False
    return AlternatingTable(points, characters, classes, integers, irrationals)


def splits(cycle_type: Partition) -> bool:
    """Whether the class of S_n with the cycle type, n >= 2, is two classes of A_n: its parts are distinct and odd."""
    return sum(cycle_type) > 1 and len(set(cycle_type)) == len(cycle_type) and all(part % 2 for part in cycle_type)


def alternating_class_of(permutation: Sequence[int] | np.ndarray) -> AlternatingClass:
    """The class of A_n that holds a permutation, an image list from 0.

    Raises:
        NotAGroupError: it is no permutation, or an odd one.

    >>> alternating_class_of((2, 0, 1)).name
    '3-'
    """
    images = as_permutation(permutation, len(permutation))
    cycles = cycles_of(images)
    cycle_type = tuple(map(len, cycles))
    if sign(cycle_type) < 0:
        raise NotAGroupError(f"{list(images)} is an odd permutation, so it is not in A{len(images)}: give an even one")
    if not splits(cycle_type):
        return AlternatingClass(cycle_type)
    # Cycles of one length stand in one place, and turning an odd cycle is even: the permutation that takes the
    # representative's points to these has a well-defined sign.
    moved = [point for cycle in cycles for point in cycle]
    return AlternatingClass(cycle_type, "+" if sign(cycle_type_of(moved)) > 0 else "-")


def _halves(split: bool) -> tuple[Half, ...]:
    return ("+", "-") if split else ("",)


def _split_value(partition: Partition, side: int) -> Cyclotomic:
    """(e + side sqrt(e h_1 ... h_l)) / 2."""
    hooks = diagonal_hooks(partition)
    e = -1 if (sum(hooks) - len(hooks)) // 2 % 2 else 1
    doubled: Cyclotomic = square_root(e * math.prod(hooks)) * side + e
    return doubled / 2


def _conjugated(images: Permutation) -> Permutation:
    """The conjugate by the exchange of points 0 and 1."""
    exchange = [1, 0, *range(2, len(images))]
    return tuple(exchange[images[exchange[point]]] for point in range(len(images)))
