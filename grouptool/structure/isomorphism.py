"""Isomorphisms and automorphisms, by backtracking over images of a short generating sequence.

Public: element_invariants, fingerprint, find_isomorphism, automorphism_order.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from ..errors import BudgetSpentError
from ..group import Group, prime_factors
from .classes import conjugacy_classes

__all__ = ["automorphism_order", "element_invariants", "find_isomorphism", "fingerprint"]

DEFAULT_BUDGET = 200_000
"""Largest number of partial maps that a search tries."""


def element_invariants(group: Group) -> np.ndarray:
    """Shape (n, f), int64: for each element, numbers that every isomorphism keeps.

    Order, class size, how many p-th roots for each prime p that divides n; then the same of its p-th powers.
    """
    classes = conjugacy_classes(group)
    columns = [group.element_orders, classes.sizes[classes.class_of]]
    powers = [group.powers(prime) for prime, _ in prime_factors(group.order)]
    columns += [np.bincount(power, minlength=group.order) for power in powers]
    own = np.stack(columns, axis=1).astype(np.int64)
    return np.concatenate([own, *(own[power] for power in powers)], axis=1)


def fingerprint(group: Group) -> str:
    """A short text that isomorphic groups share: a digest of the order and of the sorted element invariants.

    Groups that are not isomorphic may share it too; ``find_isomorphism`` decides.
    """
    rows, counts = np.unique(element_invariants(group), axis=0, return_counts=True)
    text = repr((group.order, rows.tolist(), counts.tolist()))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def find_isomorphism(source: Group, target: Group, *, budget: int = DEFAULT_BUDGET) -> np.ndarray | None:
    """An isomorphism as an array, or None when there is none.

    Returns:
        Shape (n,): the image in ``target`` of each element of ``source``; checked to be a bijective homomorphism.

    Raises:
        BudgetSpentError: the search stopped; whether the groups are isomorphic is unknown.
    """
    if source.order != target.order:
        return None
    ours, theirs = element_invariants(source), element_invariants(target)
    joint = np.unique(np.concatenate([ours, theirs]), axis=0, return_inverse=True)[1].ravel()
    labels, target_labels = joint[: source.order], joint[source.order :]
    if not np.array_equal(np.sort(labels), np.sort(target_labels)):
        return None
    return _Search(source, labels, target, target_labels, budget).complete([])


def automorphism_order(group: Group, *, budget: int = DEFAULT_BUDGET) -> int:
    """The order of the automorphism group, as a product of orbit lengths along a stabiliser chain.

    The i-th factor is the orbit of the i-th generator under the automorphisms that fix the ones before it.

    Raises:
        BudgetSpentError: the search stopped; the order is unknown.
    """
    labels = np.unique(element_invariants(group), axis=0, return_inverse=True)[1].ravel()
    search = _Search(group, labels, group, labels, budget)
    order = 1
    found: list[np.ndarray] = []
    for i in range(len(search.generators) - 1, -1, -1):
        prefix, generator = search.generators[:i], search.generators[i]
        orbit = _orbit(generator, found, group.order)
        refused = np.zeros(group.order, dtype=bool)
        for image in np.flatnonzero(labels == labels[generator]):
            if not orbit[image] and not refused[image]:
                automorphism = search.complete([*prefix, int(image)])
                if automorphism is None:
                    refused |= _orbit(int(image), found, group.order)
                else:
                    found.append(automorphism)
                    orbit = _orbit(generator, found, group.order)
        order *= int(orbit.sum())
    return order


def _orbit(point: int, maps: list[np.ndarray], order: int) -> np.ndarray:
    inside = np.zeros(order, dtype=bool)
    inside[point] = True
    frontier = np.array([point])
    while frontier.size and maps:
        images = np.unique(np.concatenate([one[frontier] for one in maps]))
        frontier = images[~inside[images]]
        inside[frontier] = True
    return inside


@dataclass(frozen=True)
class _Level:
    """The subgroup that the first i generators generate, and its breadth-first levels."""

    members: np.ndarray
    steps: tuple[tuple[np.ndarray, np.ndarray, np.ndarray], ...]  # elements, parents, letters


class _Search:
    """Depth-first search over images of generators; partial maps must be injective homomorphisms."""

    def __init__(
        self, source: Group, labels: np.ndarray, target: Group, target_labels: np.ndarray, budget: int
    ) -> None:
        self.source, self.target, self.budget = source, target, budget
        self.generators = _short_generators(source, labels)
        self.levels = [_level(source, self.generators[: i + 1]) for i in range(len(self.generators))]
        self.candidates = [np.flatnonzero(target_labels == labels[g]) for g in self.generators]
        self.tried = 0

    def complete(self, images: list[int]) -> np.ndarray | None:
        """An isomorphism that extends the images of the first generators, or None."""
        if images and self.partial(images) is None:
            return None
        return self.descend(images)

    def descend(self, images: list[int]) -> np.ndarray | None:
        depth = len(images)
        if depth == len(self.generators):
            return self.partial(images) if images else np.zeros(1, dtype=np.int64)
        for image in self.candidates[depth]:
            extended = [*images, int(image)]
            if self.partial(extended) is not None and (found := self.descend(extended)) is not None:
                return found
        return None

    def partial(self, images: list[int]) -> np.ndarray | None:
        """The map on <g_1 .. g_i> with these images, shape (n,) with -1 outside; None if it is no injection."""
        self.tried += 1
        if self.tried > self.budget:
            raise BudgetSpentError(f"stopped after {self.budget:,} partial maps (budget); the answer is still unknown")
        level = self.levels[len(images) - 1]
        targets = np.array(images)
        mapped = np.full(self.source.order, -1, dtype=np.int64)
        mapped[0] = 0
        for elements, parents, letters in level.steps:
            mapped[elements] = self.target.table[mapped[parents], targets[letters]]
        members = level.members
        for generator, image in zip(self.generators, images, strict=False):
            if (mapped[self.source.table[members, generator]] != self.target.table[mapped[members], image]).any():
                return None
        return mapped if len(np.unique(mapped[members])) == len(members) else None


def _short_generators(group: Group, labels: np.ndarray) -> list[int]:
    """Few generators with few candidates: each enlarges the subgroup most, rarest label first among equals."""
    rarity = np.bincount(labels)[labels]
    sample = np.random.default_rng(0).permutation(group.order)[:200]
    pool = np.unique(
        np.concatenate([np.unique(labels, return_index=True)[1], sample, np.array(group.generators, dtype=np.int64)])
    )
    pool = pool[np.argsort(rarity[pool], kind="stable")]
    chosen: list[int] = []
    inside = group.closure([])
    while not inside.all():
        best = max((g for g in pool if not inside[g]), key=lambda g: int(group.closure([*chosen, g]).sum()))
        chosen.append(int(best))
        inside = group.closure(chosen)
    return chosen


def _level(group: Group, generators: list[int]) -> _Level:
    reached = np.zeros(group.order, dtype=bool)
    reached[0] = True
    frontier = np.zeros(1, dtype=np.int64)
    steps = []
    while frontier.size:
        products = group.table[np.ix_(frontier, np.array(generators))].astype(np.int64)
        elements, first = np.unique(products, return_index=True)
        fresh = ~reached[elements]
        elements, first = elements[fresh], first[fresh]
        reached[elements] = True
        steps.append((elements, frontier[first // len(generators)], first % len(generators)))
        frontier = elements
    return _Level(np.flatnonzero(reached), tuple(steps))
