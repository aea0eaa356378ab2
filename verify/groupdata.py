"""The exact facts about a group that theories and claims read: characters, constituents, subgroups, cosets.

Public: GroupData.
Everything is computed by ``grouptool`` on first use and kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from grouptool.errors import BudgetSpentError
from grouptool.group import Group
from grouptool.representations.characters import CharacterTable, character_table
from grouptool.representations.real import RealConstituent, RealIrrep, real_constituents, real_irrep
from grouptool.structure.classes import ConjugacyClasses
from grouptool.structure.cosets import left_cosets, right_cosets
from grouptool.structure.subgroups import SubgroupClass, subgroup_lattice

__all__ = ["CosetFamily", "GroupData"]

MOST_CELLS = 20_000_000
"""Largest number of entries of ``GroupData.subgroup_masks``."""


@dataclass(frozen=True, eq=False)
class CosetFamily:
    """One proper non-trivial subgroup H, as labels of its cosets.

    Attributes:
        subgroup_class: position of its conjugacy class in ``GroupData.subgroup_classes``.
        right, left: shape (n,), the right coset Hx and the left coset xH of each x, as numbers.
    """

    subgroup_class: int
    order: int
    right: np.ndarray
    left: np.ndarray


@dataclass(frozen=True, eq=False)
class GroupData:
    """A group with the exact data that verification needs."""

    group: Group

    @cached_property
    def characters(self) -> CharacterTable:
        """The exact character table."""
        return character_table(self.group)

    @property
    def classes(self) -> ConjugacyClasses:
        """The conjugacy classes."""
        return self.characters.classes

    @cached_property
    def constituents(self) -> tuple[RealConstituent, ...]:
        """The real irreducible representations but the trivial one: softmax does not see a constant."""
        return tuple(one for one in real_constituents(self.characters) if not one.is_trivial)

    @cached_property
    def subgroup_classes(self) -> tuple[SubgroupClass, ...] | None:
        """The conjugacy classes of proper non-trivial subgroups; None when there are too many to list."""
        try:
            lattice = subgroup_lattice(self.group)
        except BudgetSpentError:
            return None
        return tuple(one for one in lattice.classes if 1 < one.order < self.group.order)

    @cached_property
    def coset_index_bound(self) -> int:
        """Largest index of the subgroups that coset claims look at: 2 sqrt(n), or more when a circuit needs more.

        Small subgroups fix so much of a representation that random functions in it are nearly constant on their cosets;
        but the subgroups in view must have trivial joint core, else no circuit could be made of them.
        """
        bound = int(2 * self.group.order**0.5)
        core = np.ones(self.group.order, dtype=bool)
        for one in sorted(self.subgroup_classes or (), key=lambda one: one.index):
            if core.sum() == 1:
                break
            smaller = core & one.core
            if smaller.sum() < core.sum():
                bound, core = max(bound, one.index), smaller
        return bound

    @cached_property
    def coset_families(self) -> tuple[CosetFamily, ...]:
        """The proper non-trivial subgroups of index up to the bound, conjugates one by one, the largest first."""
        families = []
        classes = list(enumerate(self.subgroup_classes or ()))
        for position, one in reversed(classes):
            for conjugate in one.conjugates if one.index <= self.coset_index_bound else ():
                members = np.flatnonzero(conjugate)
                labels = right_cosets(self.group, members), left_cosets(self.group, members)
                families.append(CosetFamily(position, one.order, *labels))
        return tuple(families)

    @cached_property
    def subgroup_masks(self) -> np.ndarray:
        """Shape (s, n), float64: membership in every proper non-trivial subgroup, none when there are too many to list.

        Where they would take more than 160 MB the smallest ones are left out: rho-sets want small orbits.
        """
        masks, cells = [], 0
        for one in reversed(self.subgroup_classes or ()):  # the largest first
            cells += one.length * self.group.order
            if cells > MOST_CELLS:
                break
            masks.append(one.conjugates)
        return np.concatenate(masks).astype(np.float64) if masks else np.zeros((0, self.group.order))

    @cached_property
    def least_orbits(self) -> np.ndarray:
        """Shape (c,): the least orbit of a non-zero vector in each constituent, the least index of a subgroup with one.

        n where there are too many subgroups to list.
        """
        subgroups = [np.array([0]), *(one.representative for one in self.subgroup_classes or ())]
        fixed = np.array([self.fixed_dimensions(members) for members in subgroups])
        indices = np.array([self.group.order // len(members) for members in subgroups])
        least: np.ndarray = np.where(fixed > 0, indices[:, None], self.group.order).min(axis=0)
        return least

    def gate(self) -> dict[str, float]:
        """How far the representations are from what every claim takes for granted; all of it should be rounding.

        ``homomorphism``: the largest entry of rho(x) rho(y) - rho(xy); ``dimensions``: sum of d^2 - n; ``idempotent``
        and ``complete``: the largest entries of P^2 - P and of the sum of P minus the identity, for the projectors P to
        the isotypic parts; ``involutions``: sum of nu d minus the number of g with g^2 = 1 (Frobenius and Schur).

        Cost: c n^3, and all irreducible representations as matrices.
        """
        n, classes = self.group.order, self.classes
        quotients = classes.class_of[self.group.table[:, self.group.inverses]]
        projectors = [one.projector_values()[quotients] for one in real_constituents(self.characters)]
        roots = int((self.group.table[np.arange(n), np.arange(n)] == 0).sum())
        degrees, indicators = self.characters.degrees.astype(np.int64), self.characters.indicators.astype(np.int64)
        return {
            "homomorphism": max((self.irrep(place).error for place in range(len(self.constituents))), default=0.0),
            "dimensions": float(abs((degrees**2).sum() - n)),
            "idempotent": max(float(np.abs(one @ one - one).max()) for one in projectors),
            "complete": float(np.abs(sum(projectors) - np.eye(n)).max()),
            "involutions": float(abs((indicators * degrees).sum() - roots)),
        }

    @cache  # noqa: B019 - lives as long as the one group of a run
    def irrep(self, place: int) -> RealIrrep:
        """Orthogonal matrices of a constituent, made when first wanted."""
        return real_irrep(self.constituents[place])

    def fixed_dimensions(self, members: np.ndarray) -> np.ndarray:
        """Shape (c,): the dimension over R of the vectors that a subgroup fixes in each constituent."""
        counts = np.bincount(self.classes.class_of[members], minlength=len(self.classes))
        means = [one.character @ counts / len(members) for one in self.constituents]
        return np.rint(means).astype(np.int64)
