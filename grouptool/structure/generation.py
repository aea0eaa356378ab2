"""Generating a group by as few elements as possible.

Public: minimal_generators, rank.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product

import numpy as np

from ..errors import BudgetSpentError
from ..group import Group, Subgroup, prime_factors
from .chief import chief_series
from .complements import complement_equations

__all__ = ["minimal_generators", "rank"]

DEFAULT_BUDGET = 100_000
"""Largest number of tuples tried at a chief factor that is not abelian."""


def rank(group: Group, *, budget: int = DEFAULT_BUDGET) -> int:
    """The least number of elements that generate the group; 0 for the trivial one.

    Raises:
        BudgetSpentError: as ``minimal_generators``; never for a solvable group.
    """
    return len(minimal_generators(group, budget=budget))


def minimal_generators(group: Group, *, budget: int = DEFAULT_BUDGET) -> tuple[int, ...]:
    """Generators of the group, as few as possible.

    A tuple that generates G/M is lifted through each factor M/N of a chief series, from the top. If some tuple has no
    lift then G/N needs more elements (Gaschuetz' lemma: were d enough for G/N, every generating d-tuple of G/M would
    lift), so the tuple gets one element more. A lift fails to generate modulo an abelian factor exactly when it
    generates a complement, and those are the solutions of linear equations; other factors are searched.

    Args:
        budget: largest number of lifts tried at a factor that is not abelian.

    Raises:
        BudgetSpentError: no lift was found among more than ``budget``; the rank is unknown.

    Source: Gaschuetz, Zu einem von B. H. und H. Neumann gestellten Problem, Math. Nachr. 14 (1955), 249-252.
    """
    chosen: tuple[int, ...] = ()
    series = chief_series(group)
    for upper, lower in pairwise(series):
        abelian = len(prime_factors(upper.order // lower.order)) == 1
        if not abelian and len(chosen) < 2:
            chosen = (*chosen, *[0] * (2 - len(chosen)))  # a group with such a factor is not cyclic
        while (lifted := _lift(upper, lower, chosen, abelian, budget)) is None:
            chosen = (*chosen, 0)
        chosen = lifted
    assert group.closure(chosen).all(), "the lifts do not generate"
    return chosen


def _lift(
    upper: Subgroup, lower: Subgroup, chosen: tuple[int, ...], abelian: bool, budget: int
) -> tuple[int, ...] | None:
    """Elements that generate G modulo N and agree with the chosen ones modulo M; None when there are none."""
    if abelian:
        equations = complement_equations(upper, lower, chosen)
        vectors = equations.failure()
        return None if vectors is None else tuple(equations.lifts(vectors))
    group = upper.group
    for changes in _tuples(upper, lower, len(chosen), budget):
        lifted = tuple(int(group.table[g, m]) for g, m in zip(chosen, changes, strict=True))
        if group.closure([*lower.generators, *lifted]).all():
            return lifted
    return None


def _tuples(upper: Subgroup, lower: Subgroup, length: int, budget: int) -> Iterator[tuple[int, ...]]:
    """Tuples over M/N: some at random, then all, unless they are too many."""
    group = upper.group
    first = np.unique(lower.right_cosets[upper.elements], return_index=True)[1]
    representatives = upper.elements[first]
    rng = np.random.default_rng(0)
    for _ in range(min(1_000, budget)):
        yield tuple(map(int, rng.choice(representatives, length)))
    if len(representatives) ** length > budget:
        raise BudgetSpentError(
            f"stopped after {min(1_000, budget):,} of {len(representatives) ** length:,} lifts to {length} generators "
            f"(budget {budget:,}); the rank of {group.name} is still unknown. Raise the budget."
        )
    yield from product(map(int, representatives), repeat=length)
