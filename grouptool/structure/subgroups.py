"""All subgroups of a group up to conjugacy, by minimal extension on the Cayley table.

Public: SubgroupClass, SubgroupLattice, subgroup_lattice.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..errors import BudgetSpentError
from ..group import Group, prime_factors

__all__ = ["DEFAULT_BUDGET", "SubgroupClass", "SubgroupLattice", "subgroup_lattice"]

DEFAULT_BUDGET = 20_000
"""Largest number of subgroups that an enumeration lists before it gives up."""


@dataclass(frozen=True, eq=False)
class SubgroupClass:
    """A conjugacy class of subgroups.

    Attributes:
        conjugates: shape (length, n), bool: membership in each subgroup; the first is the representative.
    """

    group: Group
    conjugates: np.ndarray

    @property
    def representative(self) -> np.ndarray:
        """Shape (order,): the elements of the first subgroup, ascending."""
        return np.flatnonzero(self.conjugates[0])

    @property
    def order(self) -> int:
        """Order of each subgroup."""
        return int(self.conjugates[0].sum())

    @property
    def index(self) -> int:
        """Index of each subgroup in the group."""
        return self.group.order // self.order

    @property
    def length(self) -> int:
        """Number of conjugates; 1 for a normal subgroup."""
        return len(self.conjugates)

    @property
    def generators(self) -> list[int]:
        """Elements that generate the representative: each the smallest that the ones before do not reach."""
        return self.group.generating_set(self.conjugates[0])

    @property
    def core(self) -> np.ndarray:
        """Shape (n,), bool: the intersection of the conjugates, the largest normal subgroup inside."""
        return np.asarray(self.conjugates.all(axis=0))


@dataclass(frozen=True, eq=False)
class SubgroupLattice:
    """All subgroups: classes by order, then length, then smallest members; the first is trivial, the last is G."""

    group: Group
    classes: tuple[SubgroupClass, ...]

    @property
    def count(self) -> int:
        """Number of subgroups."""
        return sum(one.length for one in self.classes)

    @cached_property
    def containments(self) -> np.ndarray:
        """Shape (c, c), int64: how many subgroups of class j contain the representative of class i."""
        counts = np.zeros((len(self.classes), len(self.classes)), dtype=np.int64)
        for j, larger in enumerate(self.classes):
            for i, smaller in enumerate(self.classes[: j + 1]):
                if larger.order % smaller.order == 0:
                    counts[i, j] = larger.conjugates[:, smaller.representative].all(axis=1).sum()
        return counts

    @property
    def maximal(self) -> np.ndarray:
        """Shape (c,), bool: whether a class consists of maximal subgroups of G."""
        proper = (self.containments > 0).sum(axis=1)
        return np.asarray(proper == 2)  # itself and G

    def moebius(self) -> np.ndarray:
        """Shape (c,), Python integers: mu(H, G) for H in each class, sum of mu(K, G) over K >= H being [H = G]."""
        values = np.zeros(len(self.classes), dtype=object)
        values[-1] = 1
        for i in range(len(self.classes) - 2, -1, -1):
            values[i] = -sum(int(count) * values[j] for j, count in enumerate(self.containments[i]) if j != i and count)
        return values


def subgroup_lattice(group: Group, *, budget: int = DEFAULT_BUDGET) -> SubgroupLattice:
    """All subgroups up to conjugacy.

    Every subgroup V > 1 is <U, z> for a maximal subgroup U of V and a z of prime-power order with z^p in U: take z of
    least order among the elements of prime-power order of V outside U. So representatives U are extended by one such z
    from each orbit of cosets, perfect subgroups included, until nothing is new.

    Args:
        budget: largest number of subgroups (not classes).

    Raises:
        BudgetSpentError: more than ``budget`` subgroups; how many is unknown.

    Cost: for each class, one closure for each candidate that no larger known closure of prime index contains; seconds
    for orders of a few hundred. Source: the idea of cyclic extension, Neubueser (1960); Holt, Eick, O'Brien, Handbook
    of Computational Group Theory (2005), section 10.1.
    """
    extenders = _prime_power_elements(group)
    actions = [group.conjugation(g) for g in group.generators]
    trivial = np.zeros(group.order, dtype=bool)
    trivial[0] = True
    known = {np.packbits(trivial).tobytes()}
    found = [_conjugates(trivial, actions)]
    waiting = [trivial]
    while waiting:
        subgroup = waiting.pop()
        for extension in _minimal_extensions(group, subgroup, extenders):
            if np.packbits(extension).tobytes() in known:
                continue
            conjugates = _conjugates(extension, actions)
            if len(known) + len(conjugates) > budget:
                raise BudgetSpentError(f"{group.name} has more than {budget:,} subgroups (budget); how many is unknown")
            known.update(np.packbits(one).tobytes() for one in conjugates)
            found.append(conjugates)
            waiting.append(extension)
    classes = [SubgroupClass(group, conjugates) for conjugates in found]
    classes.sort(key=lambda one: (one.order, one.length, one.representative.tolist()))
    return SubgroupLattice(group, tuple(classes))


def _prime_power_elements(group: Group) -> list[tuple[int, np.ndarray, np.ndarray]]:
    """For each prime p: the elements of p-power order other than 1, and their p-th powers."""
    rows = []
    for prime, _ in prime_factors(group.order):
        orders = group.element_orders
        while (orders % prime == 0).any():
            orders = np.where(orders % prime == 0, orders // prime, orders)
        elements = np.flatnonzero((orders == 1) & (group.element_orders > 1))
        rows.append((prime, elements, group.powers(prime, elements)))
    return rows


def _minimal_extensions(
    group: Group, subgroup: np.ndarray, extenders: list[tuple[int, np.ndarray, np.ndarray]]
) -> list[np.ndarray]:
    """The subgroups <U, z> for z of p-power order outside U with z^p in U, each once."""
    members = np.flatnonzero(subgroup)
    extensions: dict[bytes, np.ndarray] = {}
    for prime, elements, powers in extenders:
        candidates = elements[~subgroup[elements] & subgroup[powers]]
        settled = np.zeros(group.order, dtype=bool)
        for z in candidates:
            if settled[z]:
                continue
            extension = _extend(group, members, int(z), prime)
            extensions[extension.tobytes()] = extension
            if extension.sum() == prime * len(members):
                settled |= extension  # of prime index: every element outside U gives the same extension
            else:
                settled[group.table[members, z]] = True  # U z and z U give the same extension
                settled[group.table[z, members]] = True
    return list(extensions.values())


def _extend(group: Group, members: np.ndarray, z: int, prime: int) -> np.ndarray:
    """Membership in <U, z>; when z normalises U it is U + U z + ... + U z^(p-1)."""
    inside = np.zeros(group.order, dtype=bool)
    inside[members] = True
    if inside[group.conjugation(z)[members]].all():
        coset = members
        for _ in range(prime - 1):
            coset = group.table[coset, z]
            inside[coset] = True
        return inside
    # Otherwise grow by cosets: right multiplication by U and z until closed, or past half of the group.
    frontier = members
    while frontier.size:
        reached = np.zeros(group.order, dtype=bool)
        reached[group.table[np.ix_(group.table[frontier, z], members)].ravel()] = True
        frontier = np.flatnonzero(reached & ~inside)
        inside |= reached
        if 2 * inside.sum() > group.order:
            return np.ones(group.order, dtype=bool)
    return inside


def _conjugates(subgroup: np.ndarray, actions: list[np.ndarray]) -> np.ndarray:
    """Shape (length, n), bool: the orbit of a subgroup under conjugation, itself first."""
    orbit = {np.packbits(subgroup).tobytes(): subgroup}
    waiting = [np.flatnonzero(subgroup)]
    while waiting:
        members = waiting.pop()
        for action in actions:
            image = action[members]
            inside = np.zeros(len(subgroup), dtype=bool)
            inside[image] = True
            key = np.packbits(inside).tobytes()
            if key not in orbit:
                orbit[key] = inside
                waiting.append(image)
    return np.array(list(orbit.values()))
