"""How permutations move points: orbits, blocks, cycles, and whether they generate all even permutations.

Public: orbit_numbers, block_of, cycle_lengths, parity, contains_alternating.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from ..group import orbit_labels

__all__ = ["block_of", "contains_alternating", "cycle_lengths", "orbit_numbers", "parity"]


def orbit_numbers(generators: np.ndarray) -> np.ndarray:
    """Shape (degree,): orbits numbered from 0 by their smallest points. ``generators`` has shape (s, degree)."""
    return np.unique(orbit_labels(generators, generators.shape[1]), return_inverse=True)[1]


def block_of(generators: np.ndarray, first: int, second: int) -> np.ndarray:
    """The finest block system of a transitive group with two points in one block.

    Args:
        generators: shape (s, degree), of a transitive group.

    Returns:
        Shape (degree,): the blocks, numbered from 0 by their smallest points.

    Cost: each merge is passed on through every generator once, O(s degree log degree).
    Source: Atkinson, An algorithm for finding the blocks of a permutation group, Math. Comp. 29 (1975).
    """
    images = [row.tolist() for row in generators]
    leader = list(range(generators.shape[1]))

    def find(point: int) -> int:
        while leader[point] != point:
            leader[point] = leader[leader[point]]
            point = leader[point]
        return point

    queue = [(first, second)]
    while queue:
        one, other = (find(point) for point in queue.pop())
        if one != other:
            low, high = min(one, other), max(one, other)
            leader[high] = low
            queue += [(image[low], image[high]) for image in images]
    return np.unique([find(point) for point in range(len(leader))], return_inverse=True)[1]


def cycle_lengths(row: np.ndarray) -> list[int]:
    """The lengths of the cycles of a permutation, fixed points included."""
    return list(_cycle_lengths(row.tolist()))


def _cycle_lengths(images: list[int]) -> Iterator[int]:
    seen = [False] * len(images)
    for start in range(len(images)):
        length, point = 0, start
        while not seen[point]:
            seen[point] = True
            length, point = length + 1, images[point]
        if length:
            yield length


def parity(row: np.ndarray) -> int:
    """0 for an even permutation, 1 for an odd one."""
    return (len(row) - len(cycle_lengths(row))) % 2


def contains_alternating(generators: np.ndarray, words: Iterable[np.ndarray]) -> bool:
    """Whether a transitive group on n points is proved to contain all even permutations.

    True is a proof: some element has a cycle of prime length p with n/2 < p < n - 2, so a power of it is a p-cycle,
    the group is primitive, and Jordan's theorem applies. False says that ``words`` showed no such element.

    Args:
        generators: shape (s, degree), of a transitive group.
        words: random elements; a group that contains them all shows one in about ln n / ln 2 draws.

    Source: Jordan (1873); Dixon and Mortimer, Permutation Groups (1996), theorem 3.3E; Seress (2003), corollary 10.2.2.
    """
    degree = generators.shape[1]
    primes = {p for p in range(degree // 2 + 1, degree - 2) if all(p % d for d in range(2, math.isqrt(p) + 1))}
    return bool(primes) and any(not primes.isdisjoint(cycle_lengths(row)) for row in words)
