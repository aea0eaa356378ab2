"""Stabiliser chains: base and strong generators of a permutation group, found at random and then proved.

Public: Level, Chain, build_chain, extend_to_normal, identity, inverse, RandomWords.

A chain fixes base points b_1, b_2, ... one after another. Level i has generators X_i of a group H_i that fixes
b_1 .. b_(i-1), and a breadth-first tree on the orbit of b_i. H_1 is the group, and by construction H_(i+1) lies in
the stabiliser of b_i in H_i. Random elements find generators that are almost surely enough; then Schreier's lemma
proves it, from the last level to the first: H_(i+1) is the whole stabiliser when every Schreier generator of X_i sifts
through the levels after i to the identity. Each one that does not is added, so the answer never rests on luck. All
Schreier generators of a level sift at once, as rows of one array.

Points count from 0. Rows are image lists; first a and then b is ``b[a]``.
Source: Seress, Permutation Group Algorithms (2003), sections 4.2 and 4.3; Holt, Eick and O'Brien, Handbook of
Computational Group Theory (2005), section 4.4.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import TooLargeError
from .clock import Clock

__all__ = ["Chain", "Level", "RandomWords", "build_chain", "extend_to_normal", "identity", "inverse"]

OUTSIDE, ROOT = -1, -2
SEEDS = 6
"""Random elements of a stabiliser with which its level starts."""
CALM = 12
"""Random elements in a row that must sift before the proof begins; a wrong start costs time, never truth."""
MAX_BYTES = 1 << 30
"""Memory for all generators of a chain."""
BATCH = 1 << 21
"""Images that sift together."""


@dataclass(frozen=True, eq=False)
class Level:
    """One level of a chain.

    Attributes:
        base: the base point.
        generators: shape (s, degree), X_i.
        steps: shape (t, degree), the edges of the tree: X_i and shortcuts from the group that X_i generates.
        inverses: shape (t, degree), the inverses of the steps.
        via: shape (degree,); the step by which the tree reaches a point, -2 at the base, -1 outside of the orbit.
        orbit: shape (k,), the points of the orbit, the base first.
    """

    base: int
    generators: np.ndarray
    steps: np.ndarray
    inverses: np.ndarray
    via: np.ndarray
    orbit: np.ndarray


@dataclass(frozen=True, eq=False)
class Chain:
    """A chain that is proved: every element of the group is exactly one product of tree elements, last level first."""

    degree: int
    levels: tuple[Level, ...]

    @property
    def order(self) -> int:
        """Product of the basic orbits' lengths."""
        return math.prod(len(level.orbit) for level in self.levels)

    def sift(self, row: np.ndarray) -> tuple[np.ndarray, int]:
        """What is left of a permutation, shape (degree,), and the level where it stopped (their number at the end)."""
        return _sift(self.levels, row)

    def contains(self, row: np.ndarray) -> bool:
        """Whether a permutation, shape (degree,), lies in the group."""
        residue, level = self.sift(row)
        return level == len(self.levels) and is_identity(residue)

    def random_element(self, rng: np.random.Generator) -> np.ndarray:
        """Shape (degree,): an element, each with the same probability."""
        row = identity(self.degree)
        for level in self.levels:
            row = level_inverse(level, int(rng.choice(level.orbit)))[row]
        return row


def identity(degree: int) -> np.ndarray:
    """Shape (degree,)."""
    return np.arange(degree)


def inverse(row: np.ndarray) -> np.ndarray:
    """Shape (degree,): the inverse permutation."""
    result = np.empty_like(row)
    result[row] = np.arange(len(row))
    return result


def is_identity(row: np.ndarray) -> bool:
    """Whether a permutation fixes every point."""
    return bool((row == np.arange(len(row))).all())


def level_inverse(level: Level, point: int) -> np.ndarray:
    """Shape (degree,): the inverse of the tree element that sends the base to a point of the orbit."""
    row = identity(len(level.via))
    while (edge := level.via[row[point]]) != ROOT:
        row = level.inverses[edge][row]
    return row


class RandomWords:
    """An endless supply of random words in generators: product replacement with an accumulator.

    Source: Leedham-Green and Murray, Variants of product replacement, Contemporary Mathematics 298 (2002).
    """

    def __init__(self, generators: np.ndarray, rng: np.random.Generator) -> None:
        self.rng = rng
        self.drawn: list[list[float]] = []
        count, degree = generators.shape
        slots = max(8, count + 2)
        self.rows = generators[np.arange(slots) % count] if count else identity(degree)[None].repeat(2, axis=0)
        self.product = identity(degree)
        for _ in range(4 * slots + 12):
            next(self)

    def __iter__(self) -> Iterator[np.ndarray]:
        return self

    def __next__(self) -> np.ndarray:
        """Shape (degree,): an element of the group."""
        slots = len(self.rows)
        first, second, side = self._draw()
        i = int(first * slots)
        j = (i + 1 + int(second * (slots - 1))) % slots
        inverted, before = divmod(int(4 * side), 2)
        factor = inverse(self.rows[j]) if inverted else self.rows[j]
        self.rows[i] = self.rows[i][factor] if before else factor[self.rows[i]]
        self.product = self.rows[i][self.product]
        return self.product

    def _draw(self) -> list[float]:
        """Three numbers from [0, 1); drawn many at a time, since one draw costs as much as a product."""
        if not self.drawn:
            self.drawn = self.rng.random((64, 3)).tolist()
        return self.drawn.pop()


def build_chain(
    generators: np.ndarray,
    clock: Clock,
    rng: np.random.Generator,
    *,
    prefix: Sequence[int] = (),
    order: int | None = None,
) -> Chain:
    """The chain of the group that permutations generate.

    Args:
        generators: shape (s, degree), image lists from 0.
        prefix: base points to begin with, whether they are moved or not; further ones are chosen.
        order: the order, when it is known: then the basic orbits' lengths prove the chain, for their product never
            passes the order.

    Raises:
        BudgetSpentError: the clock ran out. TooLargeError: the chain passes 1 GiB.

    Cost: the proof sifts k s images lists at a level with an orbit of k points, each by at most a few gathers a level.
    """
    builder = _Builder(generators, clock, rng, list(prefix), order)
    builder.complete()
    builder.prove()
    return Chain(generators.shape[1], tuple(builder.levels))


def extend_to_normal(
    group: np.ndarray, inner: np.ndarray, clock: Clock, rng: np.random.Generator, order: int
) -> tuple[np.ndarray, Chain]:
    """The normal closure of the group that ``inner`` generates under conjugation by ``group``: generators and chain.

    Args:
        group: shape (s, degree); the closure is taken under what these generate.
        inner: shape (t, degree), elements of that group.
        order: the order of that group; it bounds the answer.

    That an element sifts to the identity is sound in an unproved chain too, so closure is reached before the proof.
    """
    builder = _Builder(inner, clock, rng, [], order, bound_only=True)
    builder.complete()
    queue = list(inner)
    while queue and builder.size < order:
        clock.check("the normal closure")
        row = queue.pop()
        for outer in group:
            conjugate = outer[row[inverse(outer)]]
            if builder.absorb(conjugate):
                queue.append(conjugate)
    builder.complete()
    builder.prove()
    return builder.generators, Chain(group.shape[1], tuple(builder.levels))


class _Builder:
    """Levels under construction. ``order`` proves the chain when reached; with ``bound_only`` it need not be."""

    def __init__(
        self,
        generators: np.ndarray,
        clock: Clock,
        rng: np.random.Generator,
        prefix: list[int],
        order: int | None,
        bound_only: bool = False,
    ) -> None:
        self.clock, self.rng, self.order, self.bound_only = clock, rng, order, bound_only
        self.degree = generators.shape[1]
        self.generators = distinct(generators)
        self.levels: list[Level] = []
        self._seed(self.generators, prefix)

    @property
    def size(self) -> int:
        """Product of the orbits' lengths: a lower bound for the order, and a divisor of it."""
        return math.prod(len(level.orbit) for level in self.levels)

    def _seed(self, generators: np.ndarray, prefix: list[int]) -> None:
        """From the first level to the last: a few random elements of each stabiliser generate the next level."""
        while len(generators) or len(self.levels) < len(prefix):
            base = prefix[len(self.levels)] if len(self.levels) < len(prefix) else first_moved(generators)
            words = RandomWords(generators, self.rng)
            level = make_level(base, generators, words, self.clock)
            self.levels.append(level)
            self._check_memory()
            fixing = (next(words) for _ in range(SEEDS if len(generators) else 0))
            generators = distinct(np.array([level_inverse(level, row[base])[row] for row in fixing]), self.degree)

    def complete(self) -> None:
        """Absorb random elements until a dozen in a row sift, or until the order is reached."""
        words = RandomWords(self.generators, self.rng)
        calm = 0
        while self.size != self.order and (calm < CALM or not (self.order is None or self.bound_only)):
            residue, level = _sift(self.levels, next(words))
            if level == len(self.levels) and is_identity(residue):
                calm += 1
                self.clock.check("the order of the group")
            else:
                calm = 0
                self._add(residue, 1, level)

    def absorb(self, row: np.ndarray) -> bool:
        """Make an element a generator of the group unless it sifts already; whether it was new."""
        residue, level = _sift(self.levels, row)
        if level == len(self.levels) and is_identity(residue):
            return False
        self.generators = np.vstack([self.generators, row])
        if self.levels:
            self.levels[0] = self._with(self.levels[0], row)
            residue, level = _sift(self.levels, row)  # the tree of the first level may be another now
            if level < len(self.levels) or not is_identity(residue):
                self._add(residue, 1, level)
        else:
            self._add(row, 0, 0)
        return True

    def prove(self) -> None:
        """Schreier's lemma from the last level to the first; each failure is repaired and proved again."""
        i = len(self.levels) - 1
        while i >= 0 and self.size != self.order:
            failed = self._failure(i)
            if failed is None:
                i -= 1
            else:
                self._add(failed[0], i + 1, failed[1])
                i = failed[1]

    def _failure(self, i: int) -> tuple[np.ndarray, int] | None:
        """A Schreier generator of level i that does not sift: what is left of it, and where it stopped."""
        level = self.levels[i]
        count = max(1, BATCH // (self.degree * len(level.generators))) if len(level.generators) else len(level.orbit)
        for start in range(0, len(level.orbit), count):
            self.clock.check(f"whether the order is {self.size:,}, which divides it,")
            representatives = _representatives(level, level.orbit[start : start + count])
            rows = level.generators[:, representatives].reshape(-1, self.degree)
            if failed := _first_failure(self.levels, rows, i, self.clock):
                return failed
        return None

    def _add(self, residue: np.ndarray, first: int, last: int) -> None:
        """A residue that stopped at level ``last`` joins levels ``first`` to ``last``: it fixes the bases before."""
        self.clock.check("the order of the group")
        if last == len(self.levels):
            nothing = np.empty((0, self.degree), dtype=np.int64)
            self.levels.append(_tree(first_moved(residue[None]), nothing, nothing))
        for place in range(first, last + 1):
            self.levels[place] = self._with(self.levels[place], residue)
        self._check_memory()

    def _with(self, level: Level, row: np.ndarray) -> Level:
        return _tree(level.base, np.vstack([level.generators, row]), np.vstack([level.steps, row]))

    def _check_memory(self) -> None:
        taken = sum(2 * level.steps.nbytes for level in self.levels)
        if taken > MAX_BYTES:
            raise TooLargeError(
                f"the stabiliser chain of this group on {self.degree:,} points passes {MAX_BYTES:,} bytes"
            )


def distinct(rows: np.ndarray, degree: int | None = None) -> np.ndarray:
    """The rows that are not the identity, each once, in order; shape (s, degree)."""
    if not len(rows):
        return np.empty((0, degree if degree is not None else rows.shape[1]), dtype=np.int64)
    kept = {row.tobytes(): row for row in rows.astype(np.int64) if not is_identity(row)}
    return np.array(list(kept.values()), dtype=np.int64).reshape(-1, rows.shape[1])


def first_moved(rows: np.ndarray) -> int:
    """The smallest point that some row moves."""
    return int(np.argmax((rows != np.arange(rows.shape[1])).any(axis=0)))


def make_level(base: int, generators: np.ndarray, words: Iterable[np.ndarray], clock: Clock) -> Level:
    """A level whose tree is shallow: random elements serve as shortcuts until its depth is about logarithmic."""
    level = _tree(base, generators, generators)
    allowed = 2 * len(level.orbit).bit_length()
    shortcuts = iter(words)
    while _depth(level) > allowed and len(level.steps) < len(generators) + allowed:
        clock.check("the order of the group")
        fresh = np.array([next(shortcuts) for _ in range(4)])
        level = _tree(base, generators, np.vstack([level.steps, fresh]))
    return level


def _tree(base: int, generators: np.ndarray, steps: np.ndarray) -> Level:
    via = np.full(steps.shape[1], OUTSIDE)
    via[base] = ROOT
    reached = [np.array([base])]
    while reached[-1].size and len(steps):
        images = steps[:, reached[-1]]  # (t, m)
        fresh, first = np.unique(images, return_index=True)
        new = via[fresh] == OUTSIDE
        via[fresh[new]] = first[new] // images.shape[1]
        reached.append(fresh[new])
    inverses = np.empty_like(steps)
    np.put_along_axis(inverses, steps, np.broadcast_to(np.arange(steps.shape[1]), steps.shape), axis=1)
    return Level(base, generators, steps, inverses, via, np.concatenate(reached))


def _depth(level: Level) -> int:
    """Edges from the base to the last point that the tree reached."""
    point, depth = int(level.orbit[-1]), 0
    while (edge := level.via[point]) != ROOT:
        point, depth = int(level.inverses[edge][point]), depth + 1
    return depth


def _sift(levels: Sequence[Level], row: np.ndarray, start: int = 0) -> tuple[np.ndarray, int]:
    for i in range(start, len(levels)):
        level = levels[i]
        while (edge := level.via[row[level.base]]) != ROOT:
            if edge == OUTSIDE:
                return row, i
            row = level.inverses[edge][row]
    return row, len(levels)


def _representatives(level: Level, points: np.ndarray) -> np.ndarray:
    """Shape (m, degree): the tree elements that send the base to the points."""
    degree = len(level.via)
    rows = np.tile(np.arange(degree), (len(points), 1))
    ends = points.copy()
    while (moving := np.flatnonzero(ends != level.base)).size:
        edges = level.via[ends[moving]]
        rows[moving] = _gather(level.inverses, edges, rows[moving])
        ends[moving] = level.inverses[edges, ends[moving]]
    result = np.empty_like(rows)
    np.put_along_axis(result, rows, np.broadcast_to(np.arange(degree), rows.shape), axis=1)
    return result


def _first_failure(
    levels: Sequence[Level], rows: np.ndarray, start: int, clock: Clock
) -> tuple[np.ndarray, int] | None:
    """Sift all rows together from a level on; the first that does not reach the identity, as ``_sift`` gives it."""
    points = np.arange(rows.shape[1])
    for i in range(start, len(levels)):
        level = levels[i]
        clock.check("the order of the group")
        while (moving := np.flatnonzero(rows[:, level.base] != level.base)).size:
            edges = level.via[rows[moving, level.base]]
            if (edges == OUTSIDE).any():
                return rows[moving[np.argmax(edges == OUTSIDE)]], i
            rows[moving] = _gather(level.inverses, edges, rows[moving])
        if i == start:
            rows = rows[(rows != points).any(axis=1)]  # edges of the tree give the identity
        if not len(rows):
            return None
    wrong = (rows != points).any(axis=1)
    return (rows[np.argmax(wrong)], len(levels)) if wrong.any() else None


def _gather(inverses: np.ndarray, edges: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Row by row, first the row and then the inverse of its edge."""
    return np.asarray(inverses.ravel()[edges[:, None] * inverses.shape[1] + rows])
