"""Conjugacy classes of S_n and A_n by cycle type: sizes, orders, powers, signs, representatives, names.

Public: Permutation, as_permutation, cycle_type_of, cycle_types, cycles_of, centralizer_order, class_size,
element_order, sign, power, representative, class_name.
A cycle type is a partition of n, fixed points included. A permutation is an image list from 0, products left to right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

import numpy as np

from ...errors import NotAGroupError
from .partitions import Partition, partitions

__all__ = [
    "Permutation",
    "as_permutation",
    "centralizer_order",
    "class_name",
    "class_size",
    "cycle_type_of",
    "cycle_types",
    "cycles_of",
    "element_order",
    "power",
    "representative",
    "sign",
]

Permutation = tuple[int, ...]


def cycle_types(n: int) -> tuple[Partition, ...]:
    """The cycle types of S_n in lexicographic order: the identity (1, ..., 1) first, (n) last."""
    return partitions(n)[::-1]


def as_permutation(images: Sequence[int] | np.ndarray, points: int) -> Permutation:
    """The permutation with this image list, checked.

    Raises:
        NotAGroupError: it is not a permutation of 0 to points - 1.
    """
    given = images.tolist() if isinstance(images, np.ndarray) else list(images)
    if any(not isinstance(image, int | np.integer) for image in given) or sorted(given) != list(range(points)):
        raise NotAGroupError(
            f"{given} is not a permutation of 0 to {points - 1}: give the images of these points in order"
        )
    return tuple(map(int, given))


def cycles_of(permutation: Sequence[int]) -> list[list[int]]:
    """The cycles, fixed points included, the longest first; equally long ones by their smallest point."""
    seen = [False] * len(permutation)
    cycles = []
    for start in range(len(permutation)):
        cycle = []
        point = start
        while not seen[point]:
            seen[point] = True
            cycle.append(point)
            point = permutation[point]
        if cycle:
            cycles.append(cycle)
    return sorted(cycles, key=len, reverse=True)


def cycle_type_of(permutation: Sequence[int]) -> Partition:
    """The lengths of the cycles, fixed points included, the longest first."""
    return tuple(map(len, cycles_of(permutation)))


def centralizer_order(cycle_type: Partition) -> int:
    """The order of the centralizer in S_n: the product of m^k k! over the parts m, k times each."""
    runs = [(part, len(list(run))) for part, run in groupby(cycle_type)]
    return math.prod(part**times * math.factorial(times) for part, times in runs)


def class_size(cycle_type: Partition) -> int:
    """How many permutations in S_n have the cycle type."""
    return math.factorial(sum(cycle_type)) // centralizer_order(cycle_type)


def element_order(cycle_type: Partition) -> int:
    """The order of the permutations with the cycle type."""
    return math.lcm(*cycle_type)


def sign(cycle_type: Partition) -> int:
    """1 for even permutations, -1 for odd ones."""
    return -1 if (sum(cycle_type) - len(cycle_type)) % 2 else 1


def power(cycle_type: Partition, exponent: int) -> Partition:
    """The cycle type of g^exponent, for g of the given cycle type; the exponent may be negative or 0.

    >>> power((6, 3), 2)
    (3, 3, 3)
    """
    pieces = [(part // math.gcd(part, exponent), math.gcd(part, exponent)) for part in cycle_type]
    return tuple(sorted((length for length, times in pieces for _ in range(times)), reverse=True))


def representative(cycle_type: Partition) -> Permutation:
    """The permutation whose cycles are runs of neighbouring points, the longest first.

    >>> representative((3, 2))
    (1, 2, 0, 4, 3)
    """
    images: list[int] = []
    for part in cycle_type:
        first = len(images)
        images += [*range(first + 1, first + part), first]
    return tuple(images)


def class_name(cycle_type: Partition) -> str:
    """``1^2 3`` for two fixed points and a cycle of three."""
    runs = [(part, len(list(run))) for part, run in groupby(reversed(cycle_type))]
    return " ".join(f"{part}^{times}" if times > 1 else f"{part}" for part, times in runs)
