"""Generating pairs of a group in its transitive actions, from the subgroup lattice and the classes alone.

Public: ActionCheck, GroupCheck, MOST_DEGREE, check_group, generating_pairs, shipped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from grouptool.catalog.library import ShippedGroup, shipped_groups
from grouptool.group import TABLE_LIMIT, Group
from grouptool.structure import (
    ConjugacyClasses,
    SubgroupLattice,
    conjugacy_classes,
    derived_subgroup,
    is_simple,
    is_solvable,
    on_cosets,
    subgroup_lattice,
)

from .statements import STATEMENTS, GeneratingPairs, Statement, Tally, tally

__all__ = ["MOST_DEGREE", "ActionCheck", "GroupCheck", "check_group", "generating_pairs", "shipped"]

MOST_DEGREE = 100
"""Largest degree of a transitive action that is examined."""

EXHAUSTIVE = 2_000_000
"""Class representatives times elements up to which all pairs are taken up to conjugation, not a sample."""


@dataclass(frozen=True, eq=False)
class ActionCheck:
    """The statements on one transitive action.

    Attributes:
        largest_ratio: the largest share of points that an element fixes which moves some.
        all_even: whether every element of a generating pair is an even permutation.
        tallies: of each statement and impostor asked for, by name.
    """

    degree: int
    faithful: bool
    largest_ratio: float
    all_even: bool
    tallies: dict[str, Tally]


@dataclass(frozen=True, eq=False)
class GroupCheck:
    """The statements on the transitive actions of a group.

    Attributes:
        simple, perfect: from normal closures and commutators, not from an order or a name.
        pairs: generating pairs examined. share: of all pairs that were looked at, in [0, 1].
        expected_pairs: all generating pairs of the group, by Hall's Eulerian function.
        exhaustive: whether every generating pair was, up to conjugation.
        signatures: the values of 1/|a| + 1/|b| + 1/|ab|, ascending.
    """

    group: Group
    simple: bool
    perfect: bool
    pairs: int
    share: float
    expected_pairs: int
    exhaustive: bool
    signatures: tuple[Fraction, ...]
    actions: tuple[ActionCheck, ...]

    def total(self, name: str) -> Tally:
        """A statement over all actions."""
        total = Tally(0, 0, None)
        for one in self.actions:
            total += one.tallies[name]
        return total

    @property
    def satisfies_t1(self) -> bool:
        """Whether both elements of every generating pair are even in every action that was examined."""
        return all(one.all_even for one in self.actions)

    def to_row(self) -> dict[str, Any]:
        """Plain values."""
        slack = self.total("T3").least_slack
        return {
            "group": self.group.name,
            "order": self.group.order,
            "simple": self.simple,
            "perfect": self.perfect,
            "actions": len(self.actions),
            "generating pairs": self.pairs,
            "all pairs": self.exhaustive,
            "share": round(self.share, 4),
            "violations": sum(self.total(one.name).violated for one in STATEMENTS),
            "T1 condition": self.satisfies_t1,
            "T3 slack": None if slack is None else int(slack),
            "largest fpr": round(max((one.largest_ratio for one in self.actions), default=0.0), 3),
            "signatures": len(self.signatures),
            "largest": str(self.signatures[-1]) if self.signatures else None,
        }


def check_group(
    group: Group, draws: int, seed: int, statements: Sequence[Statement] = STATEMENTS, *, generating: bool = True
) -> GroupCheck:
    """Count the statements over generating pairs of a group in each transitive action of degree 2 to 100.

    Two elements generate G when no maximal subgroup holds both. A pair enters by the classes of a, b and ab, which
    decide all that the statements speak of, so each action costs a pass over triples of classes.

    Args:
        draws: pairs drawn when a group has too many classes for all pairs. seed: of the draw.
        generating: else all pairs are taken as if they generated G, which is the control.

    Raises:
        BudgetSpentError: the group has too many subgroups to list.
    """
    lattice, classes = subgroup_lattice(group), conjugacy_classes(group)
    triples, weights, looked_at = _triples(lattice, classes, draws, seed, generating)
    flags = {
        "odd_quotient": derived_subgroup(group).index % 2 == 1,
        "insoluble": not is_solvable(group),
        "simple": is_simple(group),
        "abelian": group.is_abelian,
    }
    actions = tuple(_check_action(lattice, i, classes, triples, weights, flags, statements) for i in _degrees(lattice))
    orders = classes.element_orders[triples]
    signatures = {sum((Fraction(1, order) for order in row), Fraction(0)) for row in np.unique(orders, axis=0).tolist()}
    total = int(weights.sum())
    return GroupCheck(
        group,
        bool(flags["simple"]),
        derived_subgroup(group).order == group.order,
        total,
        total / looked_at,
        generating_pairs(lattice),
        looked_at == group.order**2,
        tuple(sorted(signatures)),
        actions,
    )


def generating_pairs(lattice: SubgroupLattice) -> int:
    """How many pairs generate the group: the sum of mu(H, G) |H|^2 (Hall, The Eulerian functions of a group, 1936)."""
    return int(sum(lattice.moebius() * lattice.lengths * lattice.orders**2))


def shipped(largest: int) -> Iterator[ShippedGroup]:
    """The catalogued perfect groups up to an order: non-abelian simple ones and others, as their facts say."""
    for one in shipped_groups():
        if 1 < one.order <= min(largest, TABLE_LIMIT) and one.facts["perfect"]:
            yield one


def _degrees(lattice: SubgroupLattice) -> list[int]:
    """The classes of subgroups of index 2 to 100."""
    index = lattice.group.order // lattice.orders
    return [int(i) for i in np.flatnonzero((index > 1) & (index <= MOST_DEGREE))[::-1]]


def _triples(
    lattice: SubgroupLattice, classes: ConjugacyClasses, draws: int, seed: int, generating: bool
) -> tuple[np.ndarray, np.ndarray, int]:
    """Classes (u, 3) of a, b, ab of pairs, how many pairs each stands for, and of how many in all."""
    group, n = lattice.group, lattice.group.order
    maximal = np.flatnonzero(lattice.maximal & generating)
    k = len(classes)
    counts: dict[int, int] = {}

    def enter(a: int, b: np.ndarray, inside: np.ndarray, weight: int) -> None:
        chosen = b[~inside[:, b].any(axis=0)]
        codes = (classes.class_of[a] * k + classes.class_of[chosen].astype(np.int64)) * k
        codes = codes + classes.class_of[group.table[a, chosen]]
        for code, many in zip(*np.unique(codes, return_counts=True), strict=True):
            counts[int(code)] = counts.get(int(code), 0) + weight * int(many)

    if k * n <= EXHAUSTIVE:
        looked_at, everything = n * n, np.arange(n)
        for a, size in zip(classes.representatives.tolist(), classes.sizes.tolist(), strict=True):
            enter(a, everything, _around(lattice, maximal, a), size)
    else:
        looked_at, rng = draws, np.random.default_rng(seed)
        chosen = rng.integers(0, n, (draws, 2))
        for a in np.unique(chosen[:, 0]).tolist():
            enter(a, chosen[chosen[:, 0] == a, 1], _around(lattice, maximal, a), 1)
    codes = np.array(sorted(counts), dtype=np.int64)
    triples = np.column_stack([codes // k**2, codes // k % k, codes % k])
    return triples, np.array([counts[code] for code in codes.tolist()], dtype=np.int64), looked_at


def _around(lattice: SubgroupLattice, maximal: np.ndarray, a: int) -> np.ndarray:
    """Shape (r, n), bool: the maximal subgroups that hold a."""
    found = [np.zeros((0, lattice.group.order), dtype=bool)]
    for i in maximal:
        conjugates = lattice.classes[i].conjugates
        found.append(conjugates[conjugates[:, a]])
    return np.concatenate(found)


def _check_action(
    lattice: SubgroupLattice,
    number: int,
    classes: ConjugacyClasses,
    triples: np.ndarray,
    weights: np.ndarray,
    flags: dict[str, bool],
    statements: Sequence[Statement],
) -> ActionCheck:
    action = on_cosets(lattice.classes[number].subgroup)
    points, character = len(action), action.character
    cycles = np.zeros(len(classes), dtype=np.int64)
    for members, powers in classes.powers_by_order():  # as many cycles as fixed points of a power, on average
        cycles[members.start : members.stop] = character[powers].sum(axis=1) // powers.shape[1]
    pairs = GeneratingPairs(
        points,
        np.ones(len(triples), dtype=np.int64),
        weights,
        character[triples],
        cycles[triples],
        classes.element_orders[triples],
        group_orders=np.full(len(triples), lattice.group.order),
        **{name: np.full(len(triples), flag) for name, flag in flags.items()},
    )
    moving = character[character < points]
    return ActionCheck(
        points,
        bool((character == points).sum() == 1),
        float(moving.max() / points) if len(moving) else 0.0,
        bool(pairs.both_even.all()),
        {one.name: tally(one, pairs) for one in statements},
    )
