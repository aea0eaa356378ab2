"""Automorphisms of small groups, as far as they are needed to tell whether a product is unambiguous.

Public: Automorphisms, automorphisms_within, extend_to_homomorphism.
(``grouptool.structure`` has the automorphism groups that a user asks for.)
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..group import Group

__all__ = ["Automorphisms", "automorphisms_within", "extend_to_homomorphism"]

MAX_CANDIDATES = 4_000
"""Tuples of images of generators that are tried."""

MAX_ORDER = 200


@dataclass(frozen=True)
class Automorphisms:
    """All automorphisms of a group of order n.

    Attributes:
        images: shape (A, n); row i is the i-th automorphism as a map of elements, the identity first.
        table: shape (A, A); entry (i, j) is the number of "first i, then j".
    """

    images: np.ndarray
    table: np.ndarray

    def __len__(self) -> int:
        return len(self.images)


def automorphisms_within(group: Group) -> Automorphisms | None:
    """All automorphisms, or None when more than a few thousand maps would have to be tried.

    Each candidate sends the generators to elements of the same orders, and is checked to be a bijective homomorphism.
    """
    if group.order > MAX_ORDER:
        return None
    generators = _few_generators(group)
    orders = group.element_orders
    candidates = [np.flatnonzero(orders == orders[g]).tolist() for g in generators]
    if math.prod(map(len, candidates)) > MAX_CANDIDATES:
        return None
    steps = _tree(group, generators)
    found = []
    for images in itertools.product(*candidates):
        image = _extend(group, generators, steps, images)
        if image is not None and len(np.unique(image)) == group.order:
            found.append(image)
    rows = np.array(sorted(found, key=lambda row: (row != np.arange(group.order)).any()))
    return Automorphisms(rows, _composition(rows, generators))


def extend_to_homomorphism(group: Group, images: list[int]) -> np.ndarray | None:
    """The endomorphism, shape (n,), that sends the group's generators to these elements, or None if there is none."""
    generators = list(group.generators)
    return _extend(group, generators, _tree(group, generators), images)


def _few_generators(group: Group) -> list[int]:
    """Generators, each an element that enlarges the subgroup of those before most."""
    chosen: list[int] = []
    inside = group.closure(chosen)
    while not inside.all():
        sizes = {int(g): int(group.closure([*chosen, int(g)]).sum()) for g in np.flatnonzero(~inside)}
        chosen.append(max(sizes, key=lambda g: (sizes[g], -g)))
        inside = group.closure(chosen)
    return chosen


Steps = list[tuple[np.ndarray, np.ndarray, int]]
"""Levels of a breadth-first tree: elements, their parents, the number of the generator between them."""


def _tree(group: Group, generators: list[int]) -> Steps:
    steps: Steps = []
    reached = np.zeros(group.order, dtype=bool)
    reached[0] = True
    level = np.zeros(1, dtype=np.int64)
    while level.size:
        found = []
        for letter, generator in enumerate(generators):
            products = group.table[level, generator].astype(np.int64)
            new = ~reached[products]
            reached[products] = True
            steps.append((products[new], level[new], letter))
            found.append(products[new])
        level = np.concatenate(found) if found else level[:0]
    return steps


def _extend(group: Group, generators: list[int], steps: Steps, images: Sequence[int]) -> np.ndarray | None:
    extended = np.zeros(group.order, dtype=np.int64)
    for elements, parents, letter in steps:
        extended[elements] = group.table[extended[parents], images[letter]]
    for generator, image in zip(generators, images, strict=True):
        if (extended[group.table[:, generator]] != group.table[extended, image]).any():
            return None
    return extended


def _composition(rows: np.ndarray, generators: list[int]) -> np.ndarray:
    # An automorphism is known by its images of the generators, read as the digits of a number.
    place = rows.shape[1] ** np.arange(len(generators))
    codes = rows[:, generators] @ place
    sort = np.argsort(codes)
    both = sum(rows[:, rows[:, g]].T * int(weight) for g, weight in zip(generators, place, strict=True))
    return np.asarray(sort[np.searchsorted(codes[sort], both)]) if generators else np.zeros((1, 1), dtype=np.int64)
