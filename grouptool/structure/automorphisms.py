"""The automorphism group: generators, order, inner and outer automorphisms, and the holomorph.

Public: AutomorphismGroup, automorphism_group, automorphism_order, holomorph.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..acceleration import use_compiled
from ..construct.permutations import from_permutations
from ..group import TABLE_LIMIT, Group, Subgroup
from .classes import conjugacy_classes
from .isomorphism import DEFAULT_BUDGET, HomomorphismSearch, class_colours

__all__ = ["AutomorphismGroup", "automorphism_group", "automorphism_order", "holomorph"]


@dataclass(frozen=True, eq=False)
class AutomorphismGroup:
    """Aut(G) by a base, the orbits along its stabiliser chain, and generators.

    Attributes:
        base: elements that generate G; an automorphism is known by their images.
        orbits: for each base element, its orbit under the automorphisms that fix the ones before; the product of
            their lengths is the order.
        strong_generators: shape (s, n): automorphisms as image arrays, which with the inner ones generate Aut(G).
    """

    group: Group
    base: tuple[int, ...]
    orbits: tuple[np.ndarray, ...] = field(repr=False)
    strong_generators: np.ndarray = field(repr=False)

    @property
    def order(self) -> int:
        """Number of automorphisms."""
        return math.prod(len(orbit) for orbit in self.orbits)

    @cached_property
    def inner_order(self) -> int:
        """Number of inner automorphisms, |G : Z(G)|."""
        return self.group.order // int(np.count_nonzero(conjugacy_classes(self.group).sizes == 1))

    @property
    def outer_order(self) -> int:
        """Order of Out(G) = Aut(G) / Inn(G)."""
        return self.order // self.inner_order

    @property
    def inner_generators(self) -> np.ndarray:
        """Shape (r, n): conjugation by each generator of G."""
        chosen = [self.group.conjugation(g) for g in self.group.generators]
        return np.array(chosen).reshape(len(chosen), self.group.order)

    @property
    def generators(self) -> np.ndarray:
        """Shape (r + s, n): the inner generators, then the strong ones that are not inner."""
        inner = self.inner_generators.astype(np.int64)
        outer = [one for one in self.strong_generators if not self.is_inner(one)]
        return np.concatenate([inner, np.array(outer, dtype=np.int64).reshape(-1, self.group.order)])

    def is_inner(self, automorphism: np.ndarray) -> bool:
        """Whether an automorphism, given as images (n,), is conjugation by some element."""
        table = self.group.table
        fits = np.ones(self.group.order, dtype=bool)
        for g in self.group.generators:  # x with g x = x g'
            fits &= table[g] == table[:, automorphism[g]]
        return bool(fits.any())

    def orbits_on_elements(self) -> np.ndarray:
        """Shape (n,): the orbit of each element under Aut(G), numbered by smallest element."""
        label = np.arange(self.group.order)
        while True:
            smaller = label
            for images in self.generators:
                smaller = np.minimum(smaller, smaller[images])
            smaller = smaller[smaller]
            if np.array_equal(smaller, label):
                return np.unique(label, return_inverse=True)[1]
            label = smaller

    def is_characteristic(self, subgroup: Subgroup) -> bool:
        """Whether every automorphism keeps a subgroup."""
        chosen = list(subgroup.generators)
        return all(subgroup.mask[images[chosen]].all() for images in self.generators)

    def as_group(self, *, limit: int = TABLE_LIMIT) -> Group:
        """Aut(G) as a group of permutations of the elements of G but 1, with table.

        Raises:
            TooLargeError: more than ``limit`` automorphisms.
        """
        moved = self.generators[:, 1:] - 1 if self.group.order > 1 else self.generators
        return from_permutations(moved, f"Aut({self.group.name})", limit=limit)

    def outer(self, *, limit: int = TABLE_LIMIT) -> Group:
        """Out(G) = Aut(G) / Inn(G) as a group."""
        whole = self.as_group(limit=limit)
        inner = whole.subgroup(whole.generators[: len(self.group.generators)])
        quotient = whole / inner
        return Group.of_table(quotient.table, quotient.generators, f"Out({self.group.name})")


def automorphism_group(group: Group, *, budget: int = DEFAULT_BUDGET) -> AutomorphismGroup:
    """The automorphism group of a finite group.

    Backtracking along a stabiliser chain: from the last base element to the first, its orbit under the automorphisms
    that fix the ones before it grows by one search for each candidate that known automorphisms, inner ones included,
    do not reach.

    Args:
        budget: largest number of partial maps that are tried.

    Raises:
        BudgetSpentError: the search stopped; the order is unknown.

    Source: Holt, Eick, O'Brien, Handbook of Computational Group Theory (2005), sections 4.6 and 8.3.
    """
    classes = conjugacy_classes(group)
    colours = class_colours(classes)[classes.class_of]
    search = HomomorphismSearch(group, colours, group, colours, budget)
    found: list[np.ndarray] = []
    orbits: list[np.ndarray] = []
    for i in range(len(search.generators) - 1, -1, -1):
        fixed, generator = search.generators[:i], search.generators[i]
        known = [*found, *_inner_that_fix(group, fixed)]
        orbit = _orbit(generator, known, group.order)
        refused = np.zeros(group.order, dtype=bool)
        for image in search.candidates[search.starts[i] : search.starts[i + 1]].tolist():
            if orbit[image] or refused[image]:
                continue
            automorphism = search.complete([*fixed, image])
            if automorphism is None:
                refused |= _orbit(image, known, group.order)
            else:
                found.append(automorphism)
                known.append(automorphism)
                orbit = _orbit(generator, known, group.order)
        orbits.append(np.flatnonzero(orbit))
    strong = np.array(found, dtype=np.int64).reshape(len(found), group.order)
    return AutomorphismGroup(group, tuple(search.generators), tuple(orbits[::-1]), strong)


def automorphism_order(group: Group, *, budget: int = DEFAULT_BUDGET) -> int:
    """The order of the automorphism group; see ``automorphism_group``."""
    return automorphism_group(group, budget=budget).order


def holomorph(group: Group, *, limit: int = TABLE_LIMIT) -> Group:
    """The holomorph G : Aut(G), as permutations of the elements of G.

    Raises:
        TooLargeError: more than ``limit`` elements.
    """
    translations = group.table[:, list(group.generators)].T.astype(np.int64)
    return from_permutations(
        np.concatenate([translations, automorphism_group(group).generators]), f"Hol({group.name})", limit=limit
    )


def _inner_that_fix(group: Group, elements: list[int]) -> Iterator[np.ndarray]:
    """Conjugations by generators of the centraliser of some elements."""
    if group.is_abelian:
        return
    chosen = group.generators
    if elements:
        commuting = np.ones(group.order, dtype=bool)
        for x in elements:
            commuting &= group.table[x] == group.table[:, x]
        chosen = tuple(group.generating_set(commuting))
    for g in chosen:
        yield group.conjugation(g)


def _orbit(point: int, maps: list[np.ndarray], order: int) -> np.ndarray:
    """Shape (n,), bool: the orbit of an element under maps."""
    if maps and use_compiled(order * len(maps)):
        from ._kernels import orbit

        return np.asarray(orbit(point, np.array(maps, dtype=np.int64)))
    inside = np.zeros(order, dtype=bool)
    inside[point] = True
    frontier = np.array([point])
    while frontier.size and maps:
        images = np.unique(np.concatenate([one[frontier] for one in maps]))
        frontier = images[~inside[images]]
        inside[frontier] = True
    return inside
