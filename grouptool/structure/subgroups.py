"""All subgroups of a group up to conjugacy, their containments, and the table of marks.

Public: SubgroupClass, SubgroupLattice, subgroup_lattice, PrimarySubgroups, primary_subgroups.

A subgroup is stored as the set of its primary subgroups, the cyclic subgroups of prime-power order, one bit each: they
generate it, and there are fewer of them than elements.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ..acceleration import WORTH_COMPILING, use_compiled
from ..errors import BudgetSpentError
from ..group import Group, Subgroup, prime_factors
from .series import derived_subgroup, perfect_residual

__all__ = [
    "DEFAULT_BUDGET",
    "PrimarySubgroups",
    "SubgroupClass",
    "SubgroupLattice",
    "primary_subgroups",
    "subgroup_lattice",
]

DEFAULT_BUDGET = 200_000
"""Largest number of subgroups that an enumeration lists before it gives up."""


class PrimarySubgroups(NamedTuple):
    """The m cyclic subgroups of prime-power order but the trivial one, by smallest generator.

    Attributes:
        generators: shape (m,): the smallest generator of each.
        primes: shape (m,): the prime that divides its order.
        powers: shape (m,): the one that the p-th power of its generator generates, -1 when that is 1.
        number: shape (n,): the one that an element generates, -1 when its order is no prime power.
    """

    generators: np.ndarray
    primes: np.ndarray
    powers: np.ndarray
    number: np.ndarray


def primary_subgroups(group: Group) -> PrimarySubgroups:
    """The cyclic subgroups of prime-power order. Cost: one walk through each."""
    if use_compiled(group.order):
        from ._kernels.subgroups import primary_subgroups as compiled

        return PrimarySubgroups(*compiled(group.table, group.element_orders))
    number = np.full(group.order, -1, dtype=np.int32)
    generators, primes, powers = [], [], []
    for prime, elements, images in _prime_power_elements(group):
        for x, image in zip(elements.tolist(), images.tolist(), strict=True):
            if number[x] >= 0:
                continue
            walk = [x]
            while (power := int(group.table[x, walk[-1]])) != 0:
                walk.append(power)
            number[[power for exponent, power in enumerate(walk, start=1) if exponent % prime]] = x
            generators.append(x)
            primes.append(prime)
            powers.append(image)
    ranking = np.argsort(np.array(generators, dtype=np.int64))
    smallest = np.array(generators, dtype=np.int64)[ranking]
    number[number >= 0] = np.searchsorted(smallest, number[number >= 0])
    below = np.array(powers, dtype=np.int64)[ranking]
    return PrimarySubgroups(
        smallest, np.array(primes, dtype=np.int64)[ranking], np.where(below == 0, -1, number[below]), number
    )


FEW_CLASSES = 200
"""Classes of subgroups that the plain enumeration lists, in half a second, before the kernel is loaded."""


@dataclass(frozen=True, eq=False)
class SubgroupClass:
    """A conjugacy class of subgroups: number ``position`` of a lattice."""

    lattice: SubgroupLattice = field(repr=False)
    position: int
    order: int
    length: int

    @property
    def index(self) -> int:
        """Index of each subgroup in the group."""
        return self.lattice.group.order // self.order

    @cached_property
    def subgroup(self) -> Subgroup:
        """The representative: of the conjugates the one whose primary subgroups come first."""
        return Subgroup(self.lattice.group, self.lattice.members(self.rows[:1])[0])

    @property
    def representative(self) -> np.ndarray:
        """Shape (order,): the elements of the representative, ascending."""
        return self.subgroup.elements

    @property
    def generators(self) -> list[int]:
        """Elements that generate the representative: each the smallest that the ones before do not reach."""
        return list(self.subgroup.generators)

    @cached_property
    def conjugates(self) -> np.ndarray:
        """Shape (length, n), bool: membership in each subgroup, the representative first."""
        return self.lattice.members(self.rows)

    @property
    def core(self) -> np.ndarray:
        """Shape (n,), bool: the intersection of the conjugates, the largest normal subgroup inside."""
        return np.asarray(self.lattice.members(np.bitwise_and.reduce(self.rows, axis=0)[None])[0])

    @property
    def normalizer(self) -> Subgroup:
        """The normaliser of the representative; its index is the length of the class."""
        return self.subgroup.normalizer

    @cached_property
    def rows(self) -> np.ndarray:
        """Shape (length, W), uint64: the conjugates as bits, lexicographically first first."""
        start = self.lattice.starts[self.position]
        rows = self.lattice.bits[start : start + self.length]
        return np.asarray(rows[np.lexsort(tuple(~rows[:, ::-1].T))])


@dataclass(frozen=True, eq=False)
class SubgroupLattice:
    """All subgroups: classes by order, then length, then primary subgroups; the first is trivial, the last is G.

    Attributes:
        primaries: the m cyclic subgroups of prime-power order.
        bits: shape (number of subgroups, W), uint64: which primary subgroups each contains, number 0 in the highest
            bit of word 0; class after class, the representative of a class first.
        starts: shape (c + 1,): where each class begins.
        orders: shape (c,): orders of the subgroups of each class.
    """

    group: Group
    primaries: PrimarySubgroups = field(repr=False)
    bits: np.ndarray = field(repr=False)
    starts: np.ndarray = field(repr=False)
    orders: np.ndarray = field(repr=False)

    def __len__(self) -> int:
        return len(self.orders)

    @cached_property
    def classes(self) -> tuple[SubgroupClass, ...]:
        """The conjugacy classes of subgroups, in order."""
        lengths = np.diff(self.starts).tolist()
        return tuple(
            SubgroupClass(self, position, order, length)
            for position, (order, length) in enumerate(zip(self.orders.tolist(), lengths, strict=True))
        )

    @property
    def count(self) -> int:
        """Number of subgroups."""
        return len(self.bits)

    @property
    def lengths(self) -> np.ndarray:
        """Shape (c,): number of conjugates in each class."""
        return np.diff(self.starts)

    @cached_property
    def containments(self) -> np.ndarray:
        """Shape (c, c), int64: how many subgroups of class j contain the representative of class i."""
        if use_compiled(len(self) * self.count):
            from ._kernels.subgroups import containments

            return np.asarray(containments(self.bits, self.starts))
        representatives = self.bits[self.starts[:-1]]
        inside = np.empty((len(self), self.count), dtype=np.int64)
        for row, smaller in zip(inside, representatives, strict=True):
            row[:] = ((self.bits & smaller) == smaller).all(axis=1)
        return np.add.reduceat(inside, self.starts[:-1], axis=1)

    @cached_property
    def table_of_marks(self) -> np.ndarray:
        """Shape (c, c), int64: entry i, j is how many cosets of class i's representative that of class j fixes.

        The rows are the transitive G-sets G/U_i, the table is lower triangular, and row i ends with |N(U_i) : U_i| at
        column i. Source: Burnside, Theory of Groups of Finite Order (1911), section 180; Pfeiffer, The subgroups of
        M24, or how to compute the table of marks of a finite group, Experimental Mathematics 6 (1997).
        """
        weights = (self.group.order // self.lengths) // self.orders
        return np.asarray(self.containments.T * weights[:, None])

    @property
    def maximal(self) -> np.ndarray:
        """Shape (c,), bool: whether a class consists of maximal subgroups of G."""
        proper = (self.containments > 0).sum(axis=1)
        return np.asarray(proper == 2)  # itself and G

    @property
    def covers(self) -> np.ndarray:
        """Shape (c, c), bool: whether some subgroup of class i is maximal in some subgroup of class j."""
        below = (self.containments > 0) & ~np.eye(len(self), dtype=bool)
        # i < k < j in the order of classes; products of 0 and 1 in float32 count exactly below 2^24 classes.
        steps = below.astype(np.float32)
        return np.asarray(below & (steps @ steps == 0))

    def moebius(self) -> np.ndarray:
        """Shape (c,), Python integers: mu(H, G) for H in each class, sum of mu(K, G) over K >= H being [H = G]."""
        values = np.zeros(len(self), dtype=object)
        values[-1] = 1
        for i in range(len(self) - 2, -1, -1):
            above = np.flatnonzero(self.containments[i])
            values[i] = -sum(int(self.containments[i, j]) * values[j] for j in above if j != i)
        return values

    def members(self, rows: np.ndarray) -> np.ndarray:
        """Shape (k, n), bool: membership of all elements in the subgroups that rows of bits (k, W) describe."""
        octets = rows.astype(">u8").view(np.uint8)
        held = np.unpackbits(octets, axis=1, count=len(self.primaries.generators)).astype(bool)
        held = np.concatenate([held, np.ones((len(held), 1), dtype=bool)], axis=1)
        inside = np.ones((len(rows), self.group.order), dtype=bool)
        for part in self._parts:  # an element lies in a subgroup when its primary parts do
            inside &= held[:, part]
        return inside

    @cached_property
    def _parts(self) -> list[np.ndarray]:
        """For each prime, shape (n,): the primary subgroup that each element's part of p-power order generates."""
        group, parts = self.group, []
        for prime, multiplicity in prime_factors(group.order):
            power = prime**multiplicity
            rest = group.order // power
            part = group.powers(rest * pow(rest, -1, power))
            parts.append(np.where(part == 0, len(self.primaries.generators), self.primaries.number[part]))
        return parts

    def class_of(self, subgroup: Subgroup) -> int:
        """The number of the class in which a subgroup of G lies."""
        row = _pack(subgroup.mask[None, self.primaries.generators])[0]
        position = int(np.flatnonzero((self.bits == row).all(axis=1))[0])
        return int(np.searchsorted(self.starts, position, side="right")) - 1


def subgroup_lattice(group: Group, *, budget: int = DEFAULT_BUDGET) -> SubgroupLattice:
    """All subgroups up to conjugacy.

    Cyclic extension: a subgroup V that is not perfect is <U, z> for a normal subgroup U of prime index p and a z of
    p-power order with z^p in U. A perfect V > 1 is generated by its elements of odd order, and the maximal subgroup U
    above the normaliser of a Sylow 2-subgroup S has odd index; so V = <U, z> for some z of p-power order with z^p in U,
    where p divides |V : U|, 4 divides |U|, and U and z lie in the perfect residual of G; if S is abelian, it lies in
    U', since V = V'
    meets S in [S, N(S)]. Representatives U are extended in both ways until nothing is new, in the second way by one z
    from each orbit of N(U); conjugates are found as orbits of bit sets.

    Args:
        budget: largest number of subgroups (not classes); each takes an eighth of a byte for each primary subgroup.

    Raises:
        BudgetSpentError: more than ``budget`` subgroups; how many is unknown.

    Cost: compiled, S7 (11,300 subgroups) 15 ms, A8 (48,337) 0.6 s; plain, which small groups use, S6 0.2 s. Source:
    Neubueser (1960); Holt, Eick, O'Brien, Handbook of Computational Group Theory (2005), section 10.1.
    """
    found = None
    if not use_compiled(group.order**2 * len(group.generators)):
        # Most groups of such an order have few classes; where they are many, the kernel is worth loading.
        found = _plain_subgroups(group, budget, FEW_CLASSES if use_compiled(WORTH_COMPILING) else budget)
    primaries, bits, starts, orders = found or _compiled_subgroups(group, budget)
    if not len(orders):
        raise BudgetSpentError(f"{group.name} has more than {budget:,} subgroups (budget); how many is unknown")
    return SubgroupLattice(group, primaries, bits, starts, orders)


Enumeration = tuple[PrimarySubgroups, np.ndarray, np.ndarray, np.ndarray]  # primaries, bits, starts, orders


def _compiled_subgroups(group: Group, budget: int) -> Enumeration:
    from ._kernels.subgroups import all_subgroups

    own = np.array(group.generators, dtype=np.int64)
    found = all_subgroups(group.table, group.inverses, group.element_orders, own, budget)
    return PrimarySubgroups(*found[:4]), *found[4:]


# -- the plain twin, on boolean arrays


def _plain_subgroups(group: Group, budget: int, most_classes: int) -> Enumeration | None:
    """As the kernel; None when there are more classes than ``most_classes``."""
    primaries = primary_subgroups(group)
    residual = perfect_residual(group)
    actions = [group.conjugation(g) for g in group.generators]
    known: set[bytes] = set()
    found: list[np.ndarray] = []
    waiting: list[Subgroup] = []

    def enter(subgroup: Subgroup) -> None:
        if subgroup.mask.tobytes() not in known:
            found.append(_conjugates(subgroup.mask, actions))
            known.update(one.tobytes() for one in found[-1])
            waiting.append(subgroup)

    enter(group.trivial_subgroup)
    enter(residual)
    while waiting and len(known) <= budget:
        subgroup = waiting.pop()
        for extension in _extensions(subgroup, primaries, residual):
            enter(extension)
        if len(found) > most_classes:
            return None
    if len(known) > budget:
        return primaries, np.zeros((0, 1), np.uint64), np.zeros(1, np.int64), np.zeros(0, np.int64)
    classes = [_pack(conjugates[:, primaries.generators]) for conjugates in found]
    classes = [rows[np.lexsort(tuple(~rows[:, ::-1].T))] for rows in classes]
    orders = np.array([int(conjugates[0].sum()) for conjugates in found])
    lengths = np.array([len(rows) for rows in classes])
    ranking = np.lexsort((*~np.array([rows[0] for rows in classes])[:, ::-1].T, lengths, orders))
    starts = np.concatenate(([0], np.cumsum(lengths[ranking])))
    return primaries, np.concatenate([classes[i] for i in ranking]), starts, orders[ranking]


def _extensions(subgroup: Subgroup, primaries: PrimarySubgroups, residual: Subgroup) -> Iterator[Subgroup]:
    """The cyclic extensions <U, z>, and inside the perfect residual those of odd index that may be perfect."""
    group, inside, own = subgroup.group, subgroup.mask, subgroup.generators
    z = primaries.generators
    power = np.where(primaries.powers < 0, 0, z[primaries.powers])
    extending = ~inside[z] & inside[power]
    normalising = extending.copy()
    for u in own:
        normalising &= inside[group.table[group.table[group.inverses[z], u], z]]
    covered = inside.copy()
    for i in np.flatnonzero(normalising):
        if not covered[z[i]]:
            extension = group.extended(inside, own, int(z[i]))
            covered |= extension
            yield Subgroup(group, extension, (*own, int(z[i])))
    if residual.order == 1 or not residual.mask[inside].all() or not _may_lie_in_perfect(subgroup):
        return
    members = subgroup.elements
    settled = np.zeros(group.order, dtype=bool)
    divides = (residual.order // subgroup.order) % primaries.primes == 0
    for i in np.flatnonzero(extending & ~normalising & residual.mask[z] & (primaries.primes > 2) & divides):
        if not settled[z[i]]:
            settled[group.table[members, z[i]]] = True  # U z and z U give the same extension
            settled[group.table[z[i], members]] = True
            extension = group.extended(inside, own, int(z[i]))
            if 5 * np.count_nonzero(extension) <= residual.order:
                yield Subgroup(group, extension, (*own, int(z[i])))


def _may_lie_in_perfect(subgroup: Subgroup) -> bool:
    """Whether it may contain the normaliser of a Sylow 2-subgroup S of a perfect group above it.

    4 divides the order, since S is not cyclic; and where S is abelian it lies in the derived subgroup.
    """
    if subgroup.order % 4 or subgroup.is_abelian:
        return False
    return subgroup.order % 8 == 0 or derived_subgroup(subgroup).index * subgroup.order // subgroup.group.order % 2 == 1


def _pack(held: np.ndarray) -> np.ndarray:
    """Rows of booleans (k, m) as big-endian words (k, W), at least one word."""
    width = max(1, -(-held.shape[1] // 64))
    octets = np.zeros((len(held), 8 * width), dtype=np.uint8)
    packed = np.packbits(held, axis=1)
    octets[:, : packed.shape[1]] = packed
    return octets.view(">u8").astype(np.uint64)


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
