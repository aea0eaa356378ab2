"""Pairs of permutations up to simultaneous conjugation, and the cycle counts of permutations.

Public: CycleCounts, MOST_POINTS, PairOrbits, cycle_counts, number_of_pair_orbits, pair_orbits, partitions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from grouptool.errors import TooLargeError
from grouptool.structure.orbits import orbit_numbers

__all__ = [
    "MOST_POINTS",
    "CycleCounts",
    "PairOrbits",
    "cycle_counts",
    "number_of_pair_orbits",
    "pair_orbits",
    "partitions",
]

MOST_POINTS = 9
"""Largest degree whose pair orbits are listed: 378,360 of them; the formula counts further."""


@dataclass(frozen=True, eq=False)
class CycleCounts:
    """What the cycles of m permutations of n points say.

    Attributes:
        lengths: shape (m, n), int64, ascending: the length of the cycle of each point; one row, one cycle type.
    """

    lengths: np.ndarray

    @property
    def fixed(self) -> np.ndarray:
        """Shape (m,): fixed points, the trace of the permutation matrix."""
        return np.asarray((self.lengths == 1).sum(axis=1))

    @property
    def cycles(self) -> np.ndarray:
        """Shape (m,): the number of cycles, fixed points included."""
        return np.asarray(np.rint((1 / self.lengths).sum(axis=1)).astype(np.int64))

    @property
    def orders(self) -> np.ndarray:
        """Shape (m,): the order of each permutation."""
        return np.asarray(np.lcm.reduce(self.lengths, axis=1))

    @property
    def odd(self) -> np.ndarray:
        """Shape (m,), bool: whether the determinant is -1."""
        return np.asarray((self.lengths.shape[1] - self.cycles) % 2 == 1)

    @property
    def types(self) -> np.ndarray:
        """Shape (m,): a number for each cycle type, the same for the same type."""
        points = self.lengths.shape[1]
        return np.asarray(self.lengths @ (points + 1) ** np.arange(points, dtype=np.int64))


def cycle_counts(permutations: np.ndarray) -> CycleCounts:
    """The cycle lengths of image lists, shape (m, n), of points from 0. Cost: n gathers of m n."""
    points = permutations.shape[1]
    lengths = np.zeros(permutations.shape, dtype=np.int64)
    image = np.broadcast_to(np.arange(points), permutations.shape)
    for length in range(1, points + 1):
        image = np.take_along_axis(permutations, image, axis=1)
        lengths[(image == np.arange(points)) & (lengths == 0)] = length
    return CycleCounts(np.sort(lengths, axis=1))


@dataclass(frozen=True, eq=False)
class PairOrbits:
    """The orbits of S_n on pairs of its elements under simultaneous conjugation, one pair from each.

    Attributes:
        first, second: shape (m, n), int64: image lists of points from 0; ``first`` is one permutation a cycle type.
        weights: shape (m,), int64: how many pairs each orbit has; they sum to (n!)^2.
    """

    points: int
    first: np.ndarray
    second: np.ndarray
    weights: np.ndarray

    def __len__(self) -> int:
        return len(self.weights)

    @property
    def products(self) -> np.ndarray:
        """Shape (m, n): g1 g2, first g1."""
        return np.take_along_axis(self.second, self.first, axis=1)

    @property
    def commutators(self) -> np.ndarray:
        """Shape (m, n): g1^-1 g2^-1 g1 g2."""
        return np.take_along_axis(self.products, np.argsort(_after(self.second, self.first), axis=1), axis=1)

    @property
    def orbits(self) -> np.ndarray:
        """Shape (m,), int64: the number of orbits of the generated group on the points."""
        return np.asarray((self.orbit_labels == np.arange(self.points)).sum(axis=1))

    @property
    def orbit_labels(self) -> np.ndarray:
        """Shape (m, n), int64: the smallest point of the orbit of each point under the generated group."""
        labels = np.broadcast_to(np.arange(self.points), self.first.shape)
        for _ in range(self.points):  # the smallest point that is reached; a path has fewer than n steps
            for one in (self.first, self.second):
                labels = np.minimum(labels, np.take_along_axis(labels, one, axis=1))
        return np.asarray(labels)


def pair_orbits(points: int) -> PairOrbits:
    """All orbits of S_n on pairs: for g1 of each cycle type, the orbits of its centraliser on S_n.

    Cost: for each cycle type a sort of n! codes a generator of the centraliser; n = 7 0.3 s, n = 8 4 s, n = 9 one
    minute.

    Raises:
        TooLargeError: more than 9 points.
    """
    if points > MOST_POINTS:
        count = number_of_pair_orbits(points)
        raise TooLargeError(
            f"S{points} has {count:,} orbits on pairs; they are listed up to {MOST_POINTS} points. Give fewer points."
        )
    everything = _all_permutations(points)
    codes = _codes(everything)
    first, second, weights = [], [], []
    for lengths in partitions(points):
        g, centralizer = _standard(lengths), _centralizer(lengths)
        maps = [np.searchsorted(codes, _codes(_conjugated(everything, c))) for c in centralizer]
        number = orbit_numbers(maps, len(codes))
        representatives = np.unique(number, return_index=True)[1]
        first.append(np.broadcast_to(g, (len(representatives), points)))
        second.append(everything[representatives])
        weights.append(np.bincount(number) * (len(codes) // centralizer_order(lengths)))
    return PairOrbits(points, np.concatenate(first), np.concatenate(second), np.concatenate(weights))


def number_of_pair_orbits(points: int) -> int:
    """The number of orbits of S_n on pairs: the sum of the centraliser orders of its classes (Burnside's lemma)."""
    return sum(map(centralizer_order, partitions(points)))


def centralizer_order(lengths: tuple[int, ...]) -> int:
    """The order of the centraliser of a permutation with these cycle lengths: the product of l^m m!."""
    counts = {length: lengths.count(length) for length in lengths}
    return math.prod(length**many * math.factorial(many) for length, many in counts.items())


def partitions(total: int, largest: int | None = None) -> Iterator[tuple[int, ...]]:
    """The partitions of a number, parts descending, that with the largest parts last."""
    if total == 0:
        yield ()
    for part in range(1, min(total, largest or total) + 1):
        for rest in partitions(total - part, part):
            yield (part, *rest)


def _starts(lengths: tuple[int, ...]) -> list[int]:
    return [0, *accumulate(lengths)]


def _standard(lengths: tuple[int, ...]) -> np.ndarray:
    """The permutation with cycles on consecutive points."""
    image = np.arange(sum(lengths))
    for start, end in pairwise(_starts(lengths)):
        image[start:end] = np.roll(image[start:end], -1)
    return image


def _centralizer(lengths: tuple[int, ...]) -> list[np.ndarray]:
    """Generators of the centraliser of ``_standard``: a cycle of each length, and swaps of equal neighbours."""
    starts, made = _starts(lengths), []
    whole, points = _standard(lengths), np.arange(sum(lengths))
    for place, length in enumerate(lengths):
        here = slice(starts[place], starts[place + 1])
        image = points.copy()
        if lengths.index(length) == place:
            image[here] = whole[here]
        else:
            before = slice(starts[place - 1], starts[place])
            image[here], image[before] = points[before], points[here]
        if not np.array_equal(image, points):
            made.append(image)
    return made


def _all_permutations(points: int) -> np.ndarray:
    """Shape (n!, n), int64, in lexicographic order."""
    found = np.zeros((1, 0), dtype=np.int64)
    for size in range(1, points + 1):
        heads = np.repeat(np.arange(size), len(found))
        tails = np.tile(found, (size, 1))
        found = np.column_stack([heads, tails + (tails >= heads[:, None])])
    return found


def _codes(permutations: np.ndarray) -> np.ndarray:
    """Shape (m,): numbers that sort as the image lists do."""
    points = permutations.shape[1]
    return np.asarray(permutations @ points ** np.arange(points - 1, -1, -1, dtype=np.int64))


def _conjugated(permutations: np.ndarray, c: np.ndarray) -> np.ndarray:
    """c^-1 x c for each x."""
    return np.asarray(c[permutations[:, np.argsort(c)]])


def _after(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The products first * second of rows, first first."""
    return np.take_along_axis(second, first, axis=1)
