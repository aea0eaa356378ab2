"""Which permutations of the inputs no network of a kind can tell from the group: 2-closures and effective groups.

Public: Symmetry, effective_group, two_closure.

A network from N through X to M with the layers of ``sharing`` commutes with (h, q), h permuting N and q permuting M,
when some permutation p of X carries every matrix of labels to itself: label(p x, h n) = label(x, n) and
label(q m, p x) = label(m, x), and with more than one hidden layer label(p x, p y) = label(x, y) too. The h with such p
and q form a group H, which contains the image of G. If it is larger, some G-equivariant map is none of H, so no such
network comes near it. Through X = N, with a pooled output, H is the 2-closure of G when there is more than one layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grouptool.structure import GSet
from grouptool.structure.orbits import orbit

from .sharing import orbit_labels

__all__ = ["Symmetry", "effective_group", "two_closure"]

MOST_POINTS = 600
SEARCH_BUDGET = 20_000


@dataclass(frozen=True, eq=False)
class Symmetry:
    """The group H of permutations of N that fix a structure on which G acts.

    Attributes:
        own_order: of the image of G in the permutations of N.
        order: of H; None when the search stopped.
        extra: image lists (m,) of elements of H that, with G, generate H (as far as was searched); none is in G.
    """

    own_order: int
    order: int | None
    extra: tuple[np.ndarray, ...]

    @property
    def is_larger(self) -> bool | None:
        """Whether H is larger than G; None: unknown, the search stopped before it was found or excluded."""
        return True if self.extra else None if self.order is None else False


def two_closure(points: GSet, *, budget: int = SEARCH_BUDGET) -> Symmetry:
    """The permutations of the points that keep every orbit of G on pairs.

    Args:
        budget: of refinements of the partition of points.

    Source: Wielandt, Permutation groups through invariant relations and invariant functions (1969).
    """
    return _symmetries(points, [points], [(0, 0)], budget)


def effective_group(
    domain: GSet, hidden: GSet, codomain: GSet, *, deep: bool = False, budget: int = SEARCH_BUDGET
) -> Symmetry:
    """The permutations h of the inputs such that every network N to X to M commutes with h and some q of the outputs.

    Args:
        deep: with any number of layers X to X between; else with one hidden layer.
        budget: of refinements of the partition of points; none is begun above 600 points of N, X and M together.
    """
    pairs = [(1, 0), (2, 1), *([(1, 1)] if deep else [])]
    return _symmetries(domain, [domain, hidden, codomain], pairs, budget)


def _symmetries(domain: GSet, sets: Sequence[GSet], pairs: Sequence[tuple[int, int]], budget: int) -> Symmetry:
    """The restriction to the first set of the automorphisms of the labels on these pairs of sets."""
    own = domain.group.order // domain.kernel.order
    starts = np.cumsum([0, *(len(one) for one in sets)])
    if starts[-1] > MOST_POINTS:
        return Symmetry(own, None, ())
    colours = np.zeros((starts[-1], starts[-1]), dtype=np.int64)
    for row, column in pairs:
        labels = orbit_labels(sets[column], sets[row]) + 1
        rows, columns = (slice(starts[i], starts[i + 1]) for i in (row, column))
        colours[rows, columns] = labels
        if row != column:
            colours[columns, rows] = labels.T
    blocks = np.repeat(np.arange(len(sets)), np.diff(starts))
    return _Search(domain, sets, colours, blocks, budget).run(own)


class _Stopped(Exception):  # noqa: N818 - the budget is spent; the answer is unknown
    pass


class _Search:
    """A stabiliser chain along points of N; at each level the images that G does not give are tried or refuted."""

    def __init__(
        self, domain: GSet, sets: Sequence[GSet], colours: np.ndarray, blocks: np.ndarray, budget: int
    ) -> None:
        self.domain, self.sets, self.colours, self.left = domain, sets, colours, budget
        rng = np.random.default_rng(0)  # a hash: equal keys refine less, and every map that is found is checked
        self.keys = rng.integers(1, 2**63, (colours.max() + 1, len(blocks)), dtype=np.int64).astype(np.uint64)
        self.start = blocks

    def run(self, own: int) -> Symmetry:
        extra: list[np.ndarray] = []
        try:
            partitions, base = self.chain()
            order = 1
            for level in range(len(base) - 1, -1, -1):
                order *= self.images_of_base_point(partitions[level], base[: level + 1], extra)
        except _Stopped:
            return Symmetry(own, None, tuple(extra))
        return Symmetry(own, order, tuple(extra))

    def chain(self) -> tuple[list[np.ndarray], list[int]]:
        """Partitions with ever more points of N fixed, and these points, until every point of N is alone."""
        partition = self.refined(self.start[None])[0]
        partitions, base = [partition], list[int]()
        while True:
            inside = partition[: len(self.domain)]
            shared = np.flatnonzero(np.bincount(inside)[inside] > 1)
            if not shared.size:
                return partitions, base
            base.append(int(shared[0]))
            partition = self.fixed(partition[None], [base[-1]])[0]
            partitions.append(partition)

    def images_of_base_point(self, partition: np.ndarray, base: list[int], extra: list[np.ndarray]) -> int:
        """How many points the last base point goes to under what fixes those before; new elements join ``extra``."""
        point, size = base[-1], len(self.domain)
        fixing = [one for one in extra if all(one[b] == b for b in base[:-1])]
        known = [self.domain.permutation(g) for g in self.domain.stabilizer(*base[:-1]).generators]
        cell = np.flatnonzero(partition[:size] == partition[point])
        refuted = np.zeros(size, dtype=bool)
        for candidate in cell.tolist():
            reached = orbit(point, known + fixing, size)
            if reached[candidate] or refuted[candidate]:
                continue
            found = self.automorphism(partition, point, candidate)
            if found is None:
                refuted |= orbit(candidate, known + fixing, size)
            else:
                fixing.append(found[:size])
                extra.append(found[:size])
        return int(orbit(point, known + fixing, size).sum())

    def automorphism(self, partition: np.ndarray, point: int, image: int) -> np.ndarray | None:
        """A permutation of all points that keeps the colours and the partition and takes one point to another."""
        return self.extend(self.fixed(np.stack([partition, partition]), [point, image]))

    def extend(self, pair: np.ndarray) -> np.ndarray | None:
        """Of two partitions, cells named alike, an automorphism that takes each cell of one to that of the other."""
        sizes = [np.bincount(one, minlength=pair.max() + 1) for one in pair]
        if (sizes[0] != sizes[1]).any():
            return None
        shared = np.flatnonzero(sizes[0][pair[0]] > 1)
        if not shared.size:
            found = np.argsort(pair[1])[pair[0]]
            return found if np.array_equal(self.colours[np.ix_(found, found)], self.colours) else None
        point = int(shared[0])
        for image in np.flatnonzero(pair[1] == pair[0, point]).tolist():
            found = self.extend(self.fixed(pair, [point, image]))
            if found is not None:
                return found
        return None

    def fixed(self, partitions: np.ndarray, points: list[int]) -> np.ndarray:
        """Partitions, each with one point set apart, refined."""
        apart = partitions.copy()
        apart[np.arange(len(apart)), points] = partitions.max() + 1
        return self.refined(apart)

    def refined(self, partitions: np.ndarray) -> np.ndarray:
        """Shape (k, v): cells split by the colours that lead from a point into each cell, until nothing splits.

        Cells of the k partitions have the same number when they were split alike.
        """
        cells = 0
        while True:
            names = np.unique(partitions, return_inverse=True)[1].reshape(partitions.shape)
            if names.max() + 1 == cells:
                return names
            cells = int(names.max()) + 1
            if self.left <= 0:
                raise _Stopped
            self.left -= 1
            if cells > self.keys.shape[1]:
                return names  # the two have cells that are not alike
            sums = np.stack([self.keys[self.colours, one[None, :]].sum(axis=1) for one in names])
            both = np.stack([names.ravel().astype(np.uint64), sums.ravel()], axis=1)
            partitions = np.unique(both, axis=0, return_inverse=True)[1].reshape(names.shape)
