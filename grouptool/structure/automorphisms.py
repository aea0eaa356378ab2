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
from ..errors import BudgetSpentError
from ..group import TABLE_LIMIT, Group, Subgroup
from .classes import ConjugacyClasses, conjugacy_classes
from .isomorphism import DEFAULT_BUDGET, FEW, SHORT, class_colours, generating_sequence, plain_extend, plain_fits
from .orbits import orbit_numbers

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
        return orbit_numbers(self.generators, self.group.order)

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
    found = _search(classes, False, min(budget, SHORT))
    if found is None and budget > SHORT:
        found = _search(classes, True, budget)
    if found is None:
        raise BudgetSpentError(f"stopped after {budget:,} partial maps (budget); the order of Aut is still unknown")
    return found


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


Chain = tuple[np.ndarray, np.ndarray]
"""Membership (r, n) in the orbit of each base element, and the automorphisms (s, n)."""


def _search(classes: ConjugacyClasses, sharper: bool, budget: int) -> AutomorphismGroup | None:
    """Aut(G) with colours of some sharpness; None when the budget is spent."""
    group = classes.group
    cells = np.unique(class_colours(classes, sharper=sharper), return_inverse=True)[1][classes.class_of]
    base = generating_sequence(group, cells)
    chain = None
    if not use_compiled(group.order * len(base)):
        # Most searches end at once; the long ones are worth loading the kernel.
        few = min(budget, FEW) if use_compiled(budget * group.order) else budget
        chain = _plain_chain(group, cells, base, few)
        if chain is None and few == budget:
            return None
    chain = chain or _compiled_chain(group, cells, base, budget)
    if chain is None:
        return None
    orbits, strong = chain
    return AutomorphismGroup(group, tuple(base), tuple(np.flatnonzero(orbit) for orbit in orbits), strong)


def _compiled_chain(group: Group, cells: np.ndarray, base: list[int], budget: int) -> Chain | None:
    from ._kernels.maps import automorphism_chain

    elements, own = (np.array(one, dtype=np.int64) for one in (base, group.generators))
    *chain, finished = automorphism_chain(group.table, group.inverses, cells, elements, own, budget)
    return (chain[0], chain[1]) if finished else None


# -- the plain twin


def _plain_chain(group: Group, cells: np.ndarray, base: list[int], budget: int) -> Chain | None:
    """As the kernel; None when the budget is spent."""
    candidates = [np.flatnonzero(cells == cells[g]) for g in base]
    starts = np.cumsum([0, *map(len, candidates)])
    shared = (group.table, group.table, np.array(base, dtype=np.int64))
    rest = (cells, cells, np.concatenate([np.zeros(0, np.int64), *candidates]), starts)
    found: list[np.ndarray] = []
    orbits = np.zeros((len(base), group.order), dtype=bool)
    for i in range(len(base) - 1, -1, -1):
        known = [*found, *_inner_that_fix(group, base[:i])]
        orbit_of = orbit_numbers(known, group.order)
        refused: list[int] = []
        for image in candidates[i].tolist():
            if orbit_of[image] == orbit_of[base[i]] or orbit_of[image] in orbit_of[refused]:
                continue
            images = np.array([*base[:i], image, *base[i + 1 :]], dtype=np.int64)
            tried, answer = 0, 0
            if plain_fits(*shared, images, i, cells, cells):
                mapping, tried, answer = plain_extend(*shared, images, i + 1, *rest, budget)
            budget -= tried
            if answer < 0:
                return None
            if answer == 0:
                refused.append(image)
                continue
            found.append(mapping)
            known.append(mapping)
            orbit_of = orbit_numbers(known, group.order)
        orbits[i] = orbit_of == orbit_of[base[i]]
    return orbits, np.array(found, dtype=np.int64).reshape(len(found), group.order)


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
