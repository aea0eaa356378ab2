"""The subgroups of S_n that two elements generate: pair orbits, classes of subgroups, and four units of counting.

Public: Census, Expectation, TABLE_POINTS, UNITS, Unit, census, expectation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Literal, get_args

import numpy as np

import grouptool
from grouptool.group import Group, cycle_notation
from grouptool.structure import SubgroupLattice, derived_subgroup, is_simple, is_solvable, subgroup_lattice

from .generated import generated_groups
from .pairs import PairOrbits, pair_orbits

__all__ = ["TABLE_POINTS", "UNITS", "Census", "Expectation", "Unit", "census", "expectation"]

Unit = Literal["pair", "orbit", "subgroup", "class"]
UNITS: tuple[Unit, ...] = get_args(Unit)
TABLE_POINTS = 7
"""Largest degree whose subgroups are all listed, from the Cayley table of S_n."""


@dataclass(frozen=True, eq=False)
class Census:
    """Every pair of S_n up to conjugation, and what it generates.

    Attributes:
        orders: shape (m,): of the generated groups. simple, abelian, insoluble: shape (m,), bool.
        odd_quotient: shape (m,), bool: whether the abelian quotient G/G' has odd order: no subgroup of index 2.
        lattice: of S_n, None above seven points. class_of: shape (m,): the class of the generated subgroup there.
        pairs_each: shape (c,): generating pairs of a subgroup of each class, counted; zero: not 2-generated.
    """

    pairs: PairOrbits
    orders: np.ndarray
    simple: np.ndarray
    abelian: np.ndarray
    insoluble: np.ndarray
    odd_quotient: np.ndarray
    lattice: SubgroupLattice | None = None
    class_of: np.ndarray | None = None
    pairs_each: np.ndarray | None = None

    @property
    def points(self) -> int:
        """The degree n."""
        return self.pairs.points

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units in which it can count."""
        return UNITS if self.lattice is not None else UNITS[:2]

    def weights(self, unit: Unit) -> np.ndarray:
        """Shape (m,), float64: how much of one example each pair orbit is.

        A pair counts once, or a pair orbit, or a subgroup (shared by the pairs that generate it), or a class of
        subgroups.
        """
        if unit == "pair":
            return self.pairs.weights.astype(np.float64)
        if unit == "orbit":
            return np.ones(len(self.pairs))
        assert self.class_of is not None
        assert self.lattice is not None
        assert self.pairs_each is not None
        shares = self.pairs.weights / self.pairs_each[self.class_of]
        return np.asarray(shares if unit == "subgroup" else shares / self.lattice.lengths[self.class_of])

    def count(self, unit: Unit, among: np.ndarray | None = None) -> int:
        """The number of pairs, pair orbits, subgroups or classes; of those ``among``, shape (m,), bool."""
        weights = self.weights(unit)
        return round(float(weights.sum() if among is None else weights[among].sum()))

    @cached_property
    def identities(self) -> list[grouptool.Identification]:
        """For each class of subgroups, which group it is."""
        assert self.lattice is not None
        return [grouptool.identify(one.subgroup.as_group()) for one in self.lattice.classes]

    def class_rows(self) -> list[dict[str, Any]]:
        """The 2-generated classes of subgroups: order, label, name, lengths, pairs, pair orbits."""
        assert self.lattice is not None
        assert self.class_of is not None
        assert self.pairs_each is not None
        orbits = np.bincount(self.class_of, minlength=len(self.lattice))
        moved = self.pairs.orbits
        rows = []
        for i, (one, known) in enumerate(zip(self.lattice.classes, self.identities, strict=True)):
            if orbits[i]:
                first = int(np.argmax(self.class_of == i))
                rows.append(
                    {
                        "class": i,
                        "order": one.order,
                        "label": None if known.label is None else "{}.{}".format(*known.label),
                        "name": known.description,
                        "simple": bool(self.simple[first]),
                        "orbits": int(moved[first]),
                        "subgroups": one.length,
                        "pairs each": int(self.pairs_each[i]),
                        "pair orbits": int(orbits[i]),
                        "g1": cycle_notation(self.pairs.first[first]),
                        "g2": cycle_notation(self.pairs.second[first]),
                    }
                )
        return rows


@dataclass(frozen=True, eq=False)
class Expectation:
    """What the subgroups of S_n alone say of pairs, no pair being formed.

    Attributes:
        pairs_each: shape (c,), Python integers: generating pairs of a subgroup of each class of the lattice.
        orbits: shape (c,), Python integers: pair orbits whose pairs generate a subgroup of each class.
        simple: shape (c,), bool.
    """

    lattice: SubgroupLattice
    pairs_each: np.ndarray
    orbits: np.ndarray
    simple: np.ndarray

    def to_json(self) -> dict[str, Any]:
        """How many pairs, pair orbits, subgroups and classes are 2-generated, and of those simple."""
        lengths = self.lattice.lengths
        units = {"pair": self.pairs_each * lengths, "orbit": self.orbits, "subgroup": lengths, "class": 1 + 0 * lengths}
        made = self.pairs_each > 0
        return {
            unit: {"all": int(counts[made].sum()), "simple": int(counts[made & self.simple].sum())}
            for unit, counts in units.items()
        }


@cache
def expectation(points: int) -> Expectation:
    """Count pairs by Hall's Eulerian function.

    The pairs of H are those that generate a subgroup K of H, so |H|^2 is the sum over K of their number; and S_n has
    |C(H)| / |N(H)| orbits on the generating pairs of H for each of them. Source: Hall, The Eulerian functions of a
    group, Quarterly J. Math. 7 (1936).
    """
    lattice = subgroup_lattice(grouptool.group(f"S{points}"))
    lengths, n = lattice.lengths, lattice.group.order
    inside = lattice.containments * lengths[:, None] // lengths  # how many of class i in one of class j
    pairs = np.zeros(len(lengths), dtype=object)
    for j, order in enumerate(lattice.orders.tolist()):
        pairs[j] = order**2 - sum(int(inside[i, j]) * pairs[i] for i in np.flatnonzero(inside[:j, j]))
    centralizers = np.array([one.subgroup.centralizer.order for one in lattice.classes], dtype=object)
    simple = np.array([is_simple(one.subgroup.as_group()) for one in lattice.classes])
    return Expectation(lattice, pairs, pairs * centralizers * lengths // n, simple)


def census(points: int) -> Census:
    """The census of S_n: up to seven points with all classes of subgroups, above by orders and normal closures alone.

    Cost: n = 6 0.2 s, n = 7 1 s, n = 8 7 s, n = 9 two minutes. Raises TooLargeError above nine points.
    """
    pairs = pair_orbits(points)
    return _with_subgroups(pairs) if points <= TABLE_POINTS else _without_subgroups(pairs)


def _with_subgroups(pairs: PairOrbits) -> Census:
    expected = expectation(pairs.points)
    lattice, group = expected.lattice, expected.lattice.group
    position = {row.tobytes(): i for i, row in enumerate(lattice.bits)}
    first, second = _numbers(group, pairs.first), _numbers(group, pairs.second)
    found = np.array(
        [
            position[_packed(group.closure([a, b])[lattice.primaries.generators], lattice.bits.shape[1])]
            for a, b in zip(first.tolist(), second.tolist(), strict=True)
        ]
    )
    class_of = np.searchsorted(lattice.starts, found, side="right") - 1
    weights = np.zeros(len(lattice), dtype=np.int64)
    np.add.at(weights, class_of, pairs.weights)
    subgroups = [one.subgroup for one in lattice.classes]

    def asked(question: Callable[[Group], bool]) -> np.ndarray:
        return np.array([question(one.as_group()) for one in subgroups])[class_of]

    return Census(
        pairs,
        lattice.orders[class_of],
        expected.simple[class_of],
        asked(lambda one: one.is_abelian),
        asked(lambda one: not is_solvable(one)),
        asked(lambda one: derived_subgroup(one).index % 2 == 1),
        lattice,
        class_of,
        weights // lattice.lengths,
    )


def _without_subgroups(pairs: PairOrbits) -> Census:
    groups = generated_groups(pairs)
    return Census(
        pairs,
        groups.orders,
        groups.simple,
        groups.derived_orders == 1,
        groups.simple & groups.perfect,  # of the others nothing is said
        (groups.orders // groups.derived_orders) % 2 == 1,
    )


def _numbers(group: Group, permutations: np.ndarray) -> np.ndarray:
    """Shape (m,): the element of a group of permutations that each row is."""
    weights = group.degree ** np.arange(group.degree, dtype=np.int64)
    codes = group.permutations.astype(np.int64) @ weights
    ranking = np.argsort(codes)
    return np.asarray(ranking[np.searchsorted(codes[ranking], permutations @ weights)])


def _packed(inside: np.ndarray, words: int) -> bytes:
    """A row of bits as the lattice holds them: number 0 in the highest bit of word 0."""
    octets = np.zeros(8 * words, dtype=np.uint8)
    packed = np.packbits(inside)
    octets[: len(packed)] = packed
    return octets.view(">u8").astype(np.uint64).tobytes()
