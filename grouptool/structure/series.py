"""Central and derived series, and the properties that they decide.

Public: center, commutator_subgroup, derived_subgroup, derived_series, derived_length, perfect_residual,
lower_central_series, nilpotent_residual, upper_central_series, hypercenter, nilpotency_class, is_nilpotent,
is_solvable, is_perfect.

Series that descend start with the group itself and stop where they are constant; the upper central one ascends from
the trivial subgroup. All take a Group, or a Subgroup that stands for itself; answers are subgroups of the same group.
Source: Robinson, A Course in the Theory of Groups (2nd edition 1996), chapter 5.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np

from ..acceleration import use_compiled
from ..group import Group, Subgroup

__all__ = [
    "center",
    "commutator_subgroup",
    "derived_length",
    "derived_series",
    "derived_subgroup",
    "hypercenter",
    "is_nilpotent",
    "is_perfect",
    "is_solvable",
    "lower_central_series",
    "nilpotency_class",
    "nilpotent_residual",
    "perfect_residual",
    "upper_central_series",
]


def center(of: Group | Subgroup) -> Subgroup:
    """Z(G): the elements that commute with every generator."""
    whole = _as_subgroup(of)
    return whole & whole.centralizer


def commutator_subgroup(first: Subgroup, second: Subgroup) -> Subgroup:
    """[A, B], the subgroup that the commutators a^-1 b^-1 a b generate.

    It is the smallest subgroup that <A, B> normalises around the commutators of generators: modulo that, the
    generators of A commute with those of B. Cost: at most log2 n extensions.
    """
    group = first.of_same_group(second).group
    a, b = (np.array(one.generators, dtype=np.int64) for one in (first, second))
    if use_compiled(group.order):
        from ._kernels.generators import commutator_generators

        return Subgroup(group, group.closure(commutator_generators(group.table, group.inverses, a, b)))
    forward, backward = group.table[np.ix_(a, b)], group.table[np.ix_(b, a)].T
    found = group.table[group.inverses[backward], forward].ravel()
    return Subgroup(group, group.closure(found)).closure_under([*first.generators, *second.generators])


def derived_subgroup(of: Group | Subgroup) -> Subgroup:
    """G' = [G, G], the smallest normal subgroup with an abelian quotient."""
    whole = _as_subgroup(of)
    product = whole.group.table.item
    if all(product(a, b) == product(b, a) for a, b in combinations(whole.generators, 2)):
        only_one = np.zeros(whole.group.order, dtype=bool)
        only_one[0] = True
        return Subgroup(whole.group, only_one, ())
    return commutator_subgroup(whole, whole)


def derived_series(of: Group | Subgroup) -> list[Subgroup]:
    """G, G', G'', ... until it is constant."""
    return _descend(_as_subgroup(of), derived_subgroup)


def derived_length(of: Group | Subgroup) -> int | None:
    """Number of steps of the derived series; None when it stops above 1, that is when G is not solvable."""
    return _steps(derived_series(of))


def perfect_residual(of: Group | Subgroup) -> Subgroup:
    """The last term of the derived series: the largest perfect subgroup, with the largest solvable quotient."""
    return derived_series(of)[-1]


def lower_central_series(of: Group | Subgroup) -> list[Subgroup]:
    """G, [G, G], [[G, G], G], ... until it is constant."""
    whole = _as_subgroup(of)
    return _descend(whole, lambda last: commutator_subgroup(last, whole))


def nilpotent_residual(of: Group | Subgroup) -> Subgroup:
    """The last term of the lower central series: the smallest normal subgroup with a nilpotent quotient."""
    return lower_central_series(of)[-1]


def nilpotency_class(of: Group | Subgroup) -> int | None:
    """Number of steps of the lower central series; None when it stops above 1, that is when G is not nilpotent."""
    return _steps(lower_central_series(of))


def upper_central_series(of: Group | Subgroup) -> list[Subgroup]:
    """1, Z(G), Z_2(G), ... until it is constant: x lies in the next term when [x, g] lies in the last for all g."""
    whole = _as_subgroup(of)
    group = whole.group
    series = [group.trivial_subgroup]
    while True:
        inside = whole.mask.copy()
        for g in whole.generators:
            # x^-1 g^-1 x g lies in Z when x^-1 x^g does.
            inside &= series[-1].mask[group.table[group.inverses, group.conjugation(g)]]
        if np.count_nonzero(inside) == series[-1].order:
            return series
        series.append(Subgroup(group, inside))


def hypercenter(of: Group | Subgroup) -> Subgroup:
    """The last term of the upper central series; the group is nilpotent when it is the whole."""
    return upper_central_series(of)[-1]


def is_nilpotent(of: Group | Subgroup) -> bool:
    """Whether the lower central series reaches 1."""
    return nilpotent_residual(of).order == 1


def is_solvable(of: Group | Subgroup) -> bool:
    """Whether the derived series reaches 1."""
    return perfect_residual(of).order == 1


def is_perfect(of: Group | Subgroup) -> bool:
    """Whether G = G'; the trivial group is."""
    whole = _as_subgroup(of)
    return derived_subgroup(whole).order == whole.order


def _as_subgroup(of: Group | Subgroup) -> Subgroup:
    return of.whole if isinstance(of, Group) else of


def _descend(whole: Subgroup, step: Callable[[Subgroup], Subgroup]) -> list[Subgroup]:
    series = [whole]
    while (smaller := step(series[-1])).order < series[-1].order:
        series.append(smaller)
    return series


def _steps(series: list[Subgroup]) -> int | None:
    return len(series) - 1 if series[-1].order == 1 else None
