"""Normal subgroups, as sets of conjugacy classes.

Public: normal_subgroups, minimal_normal_subgroups, maximal_normal_subgroups.
"""

from __future__ import annotations

import numpy as np

from ..acceleration import use_compiled
from ..errors import BudgetSpentError
from ..group import Group, Subgroup
from .classes import ConjugacyClasses, conjugacy_classes
from .subgroups import PrimarySubgroups, primary_subgroups

__all__ = ["maximal_normal_subgroups", "minimal_normal_subgroups", "normal_subgroups"]

DEFAULT_BUDGET = 20_000
"""Largest number of normal subgroups that are listed."""

FEW = 200
"""Normal subgroups that the plain search lists before the kernel is loaded."""


def normal_subgroups(group: Group, *, budget: int = DEFAULT_BUDGET) -> list[Subgroup]:
    """Every normal subgroup, by order, then smallest elements; the first is trivial, the last is G.

    From a normal subgroup A every minimal normal subgroup of G/A is reached: it contains an element x A of prime order
    p, with x of p-power order, and is the normal closure of any of its elements. So A is extended by one class of such
    elements x after the other, starting from the trivial subgroup.

    Args:
        budget: largest number of normal subgroups.

    Raises:
        BudgetSpentError: more than ``budget``; how many is unknown.

    Cost: for each normal subgroup and class of primary subgroups above it, as many look-ups as there are products
    of a class representative and an element of that class.
    """
    classes = conjugacy_classes(group)
    primaries = primary_subgroups(group)
    held = None
    if not use_compiled(len(classes) * group.order):
        # Most groups have few normal subgroups; where they are many, the kernel is worth loading.
        most = min(budget, FEW) if use_compiled(budget * len(classes) * group.order) else budget
        held = _plain(classes, primaries, most)
        if not len(held) and most < budget:
            held = None
    if held is None:
        held = _compiled(classes, primaries, budget)
    if not len(held):
        raise BudgetSpentError(f"{group.name} has more than {budget:,} normal subgroups (budget); how many is unknown")
    ranking = np.lexsort((*~held[:, ::-1].T, held @ classes.sizes))
    return [Subgroup(group, row[classes.class_of]) for row in held[ranking]]


def minimal_normal_subgroups(group: Group) -> list[Subgroup]:
    """The normal subgroups above 1 that contain no other: each is the normal closure of an element of prime order."""
    classes = conjugacy_classes(group)
    closures: dict[bytes, Subgroup] = {}
    for x, order in zip(classes.representatives, classes.element_orders, strict=True):
        if order > 1 and all(order % d for d in range(2, int(order**0.5) + 1)):
            closure = group.subgroup([int(x)]).normal_closure
            closures[closure.mask.tobytes()] = closure
    found = sorted(closures.values(), key=lambda one: (one.order, one.elements.tolist()))
    return [one for one in found if not any(other < one for other in found)]


def maximal_normal_subgroups(group: Group, *, budget: int = DEFAULT_BUDGET) -> list[Subgroup]:
    """The normal subgroups below G that no other contains; the quotients are the simple quotients of G."""
    proper = normal_subgroups(group, budget=budget)[:-1]
    return [one for one in proper if not any(one < other for other in proper)]


def _primary_classes(
    classes: ConjugacyClasses, primaries: PrimarySubgroups
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Classes of the generators of primary subgroups, one a subgroup up to conjugacy, of p-th powers, and the p."""
    own = classes.class_of[primaries.generators]
    below = np.where(primaries.powers < 0, 0, own[primaries.powers])
    chosen, first = np.unique(own, return_index=True)
    return chosen, below[first], primaries.primes[first]


def _compiled(classes: ConjugacyClasses, primaries: PrimarySubgroups, budget: int) -> np.ndarray:
    from ._kernels.normal import normal_subgroups as compiled

    members = np.argsort(classes.class_of, kind="stable")
    starts = np.concatenate(([0], np.cumsum(classes.sizes)))
    arguments = (classes.class_of, classes.representatives, members, starts, *_primary_classes(classes, primaries))
    return np.asarray(compiled(classes.group.table, *arguments, budget))


def _plain(classes: ConjugacyClasses, primaries: PrimarySubgroups, budget: int) -> np.ndarray:
    group, k = classes.group, len(classes)
    trivial = np.arange(k) == 0
    found = {trivial.tobytes(): trivial}
    waiting = [trivial]
    members = [np.flatnonzero(classes.class_of == c) for c in range(k)]
    while waiting:
        below = waiting.pop()
        for c, power, _ in zip(*_primary_classes(classes, primaries), strict=True):
            if below[c] or not below[power]:
                continue
            above, frontier = below.copy(), np.flatnonzero(below)
            while frontier.size:
                products = group.table[np.ix_(classes.representatives[frontier], members[c])]
                reached = np.unique(classes.class_of[products])
                frontier = reached[~above[reached]]
                above[frontier] = True
            if above.tobytes() not in found:
                if len(found) == budget:
                    return np.zeros((0, k), dtype=bool)
                found[above.tobytes()] = above
                waiting.append(above)
    return np.array(list(found.values()))
