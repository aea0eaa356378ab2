"""Centre, derived and lower central series, normal subgroups, and the properties that they decide.

Public: center, commutator_subgroup, derived_series, lower_central_series, normal_subgroups, is_supersolvable, rank.
Subgroups are boolean membership arrays of shape (n,) here.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..errors import BudgetSpentError
from ..group import Group
from .classes import ConjugacyClasses
from .subgroups import SubgroupLattice

__all__ = [
    "center",
    "commutator_subgroup",
    "derived_series",
    "is_supersolvable",
    "lower_central_series",
    "normal_subgroups",
    "rank",
]


def center(group: Group) -> np.ndarray:
    """Shape (n,), bool: the elements that commute with every generator."""
    inside = np.ones(group.order, dtype=bool)
    for g in group.generators:
        inside &= group.table[:, g] == group.table[g]
    return inside


def commutator_subgroup(group: Group, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Shape (n,), bool: the subgroup [A, B] that the commutators x^-1 y^-1 x y generate.

    It is the normal closure of the commutators of generators: modulo that, generators of A and of B commute.

    Args:
        first, second: membership of two normal subgroups A and B, shape (n,).
    """
    x, y = (np.array(group.generating_set(one), dtype=np.int64) for one in (first, second))
    forward, backward = group.table[np.ix_(x, y)], group.table[np.ix_(y, x)].T
    found = np.unique(group.table[group.inverses[backward], forward])
    inside = group.closure(found)
    while True:
        images = np.unique(np.concatenate([found, *(group.conjugation(g)[found] for g in group.generators)]))
        if inside[images].all():
            return inside
        found = images
        inside = group.closure(found)


def derived_series(group: Group) -> list[np.ndarray]:
    """G, G', G'', ... until it is constant; the group is solvable when the last is trivial."""
    return _descend(group, lambda last: commutator_subgroup(group, last, last))


def lower_central_series(group: Group) -> list[np.ndarray]:
    """G, [G, G], [[G, G], G], ... until it is constant; the group is nilpotent when the last is trivial."""
    whole = np.ones(group.order, dtype=bool)
    return _descend(group, lambda last: commutator_subgroup(group, last, whole))


def _descend(group: Group, step: Callable[[np.ndarray], np.ndarray]) -> list[np.ndarray]:
    series = [np.ones(group.order, dtype=bool)]
    while (smaller := step(series[-1])).sum() < series[-1].sum():
        series.append(smaller)
    return series


def normal_subgroups(classes: ConjugacyClasses, *, budget: int = 3_000) -> np.ndarray:
    """Every normal subgroup, as joins of normal closures of single classes.

    Args:
        budget: largest number of normal subgroups.

    Returns:
        Shape (number, n), bool, sorted by order.

    Raises:
        BudgetSpentError: more than ``budget``; how many is unknown.
    """
    group = classes.group
    closures = {}
    for index in range(len(classes)):
        closure = group.closure(np.flatnonzero(classes.class_of == index))
        closures[closure.tobytes()] = closure
    found = dict(closures)
    waiting = list(closures.values())
    while waiting:
        one = waiting.pop()
        for other in closures.values():
            join = np.zeros(group.order, dtype=bool)  # of two normal subgroups: the set of products
            join[group.table[np.ix_(np.flatnonzero(one), np.flatnonzero(other))].ravel()] = True
            if join.tobytes() not in found:
                if len(found) == budget:
                    raise BudgetSpentError(f"more than {budget:,} normal subgroups (budget); how many is unknown")
                found[join.tobytes()] = join
                waiting.append(join)
    return np.array(sorted(found.values(), key=lambda member: int(member.sum())))


def is_supersolvable(normal: np.ndarray) -> bool:
    """Whether a chain of normal subgroups has prime steps from 1 to G.

    Args:
        normal: all normal subgroups, shape (number, n), as ``normal_subgroups`` gives them.
    """
    orders = normal.sum(axis=1)
    reached = orders == 1
    for index in range(1, len(normal)):
        below = np.flatnonzero(reached[:index] & _is_prime_quotient(orders[index], orders[:index]))
        reached[index] = any(normal[index][normal[place]].all() for place in below)
    return bool(reached[-1])


def _is_prime_quotient(order: int, divisors: np.ndarray) -> np.ndarray:
    from flint import fmpz

    quotients = np.where(order % divisors == 0, order // divisors, 1)
    return np.array([quotient > 1 and fmpz(int(quotient)).is_prime() for quotient in quotients], dtype=bool)


def rank(lattice: SubgroupLattice) -> int:
    """The least number of elements that generate the group, by Hall's Eulerian function.

    The number of generating r-tuples is the sum over subgroups H of mu(H, G) |H|^r, mu the Moebius function.

    Source: Hall, The Eulerian functions of a group, Quarterly J. Math. 7 (1936).
    """
    moebius = lattice.moebius()
    lengths = np.array([one.length for one in lattice.classes], dtype=object)
    orders = np.array([one.order for one in lattice.classes], dtype=object)
    tuples = 0
    while (moebius * lengths * orders**tuples).sum() == 0:
        tuples += 1
    return tuples
