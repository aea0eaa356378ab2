"""Chief and composition series, and the simple groups that they are made of.

Public: SimplePower, chief_series, chief_factors, composition_series, composition_factors, minimal_normal_subgroup,
is_simple, is_supersolvable.

Series descend from the group to 1, and factor i is term i over term i + 1. By Jordan and Hoelder the factors, up to
order, belong to the group; the series do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..group import Group, Subgroup, prime_factors
from .orbits import orbit

__all__ = [
    "SimplePower",
    "chief_factors",
    "chief_series",
    "composition_factors",
    "composition_series",
    "is_simple",
    "is_supersolvable",
    "minimal_normal_subgroup",
]

SIMPLE_GROUPS = {
    60: "A5", 168: "PSL(2,7)", 360: "A6", 504: "PSL(2,8)", 660: "PSL(2,11)", 1092: "PSL(2,13)", 2448: "PSL(2,17)",
    2520: "A7", 3420: "PSL(2,19)", 4080: "PSL(2,16)", 5616: "PSL(3,3)", 6048: "PSU(3,3)", 6072: "PSL(2,23)",
    7800: "PSL(2,25)", 7920: "M11", 9828: "PSL(2,27)", 12180: "PSL(2,29)", 14880: "PSL(2,31)",
}  # fmt: skip
"""The simple groups of composite order below 20,160, one for each order; at 20,160 there are two, A8 and PSL(3,4).
Source: Conway and others, Atlas of Finite Groups (1985), page 239."""


@dataclass(frozen=True, order=True)
class SimplePower:
    """A direct power T^k of a simple group T, as chief factors are; a composition factor has k = 1.

    Attributes:
        simple_order: order of T; T is abelian when it is prime.
        multiplicity: the number k.
        name: T as the notation writes it.
    """

    simple_order: int
    multiplicity: int
    name: str

    def __repr__(self) -> str:
        return self.name if self.multiplicity == 1 else f"{self.name}^{self.multiplicity}"

    def _repr_latex_(self) -> str:
        from ..group.group import latex_name

        return f"${latex_name(repr(self))}$"

    @property
    def order(self) -> int:
        """Order of T^k."""
        return int(self.simple_order**self.multiplicity)

    @property
    def is_abelian(self) -> bool:
        """Whether T has prime order."""
        return len(prime_factors(self.simple_order)) == 1


def chief_series(group: Group) -> list[Subgroup]:
    """G = N_0 > N_1 > ... > 1, all normal in G, with nothing normal in between.

    Built from below by ``minimal_normal_subgroup``. Cost: a step takes at most n^1.5 gathers for cosets and one
    extension for each orbit of elements of prime order that lies in the factor.
    """
    return _series_between(group.trivial_subgroup, group.whole, group.generators)


def chief_factors(group: Group) -> list[SimplePower]:
    """The factors of ``chief_series``, from the top."""
    series = chief_series(group)
    return [_factor(upper, lower) for upper, lower in pairwise(series)]


def composition_series(group: Group) -> list[Subgroup]:
    """G > ... > 1, each term normal in the one before with a simple quotient; it refines ``chief_series``."""
    chief = chief_series(group)
    series = [group.whole]
    for upper, lower in pairwise(chief):
        series += _series_between(lower, upper, upper.generators)[1:]
    return series


def composition_factors(group: Group) -> list[SimplePower]:
    """The factors of ``composition_series``, from the top; their orders multiply to n."""
    return [SimplePower(one.simple_order, 1, one.name) for one in chief_factors(group) for _ in range(one.multiplicity)]


def is_simple(group: Group) -> bool:
    """Whether G has exactly two normal subgroups."""
    return group.order > 1 and minimal_normal_subgroup(group.trivial_subgroup, group.whole).order == group.order


def is_supersolvable(group: Group) -> bool:
    """Whether every chief factor has prime order."""
    return all(one.is_abelian and one.multiplicity == 1 for one in chief_factors(group))


def minimal_normal_subgroup(lower: Subgroup, upper: Subgroup, actors: Sequence[int] | None = None) -> Subgroup:
    """A smallest invariant subgroup M with ``lower`` < M <= ``upper``.

    Args:
        lower, upper: two subgroups, one properly inside the other, that conjugation by ``actors`` preserves; ``upper``
            normalises ``lower``.
        actors: elements; by default the generators of the group.

    M is the least <N, x^G> for x whose p-th power lies in N, p a prime; x and its conjugates are tried once.
    """
    group = lower.group
    chosen = group.generators if actors is None else actors
    cosets, maps = lower.right_cosets, [group.conjugation(g) for g in chosen]
    first = np.unique(cosets, return_index=True)[1]
    steps = [cosets[one[first]] for one in maps]
    primes = [prime for prime, _ in prime_factors(upper.order // lower.order)]
    waiting = np.zeros(len(first), dtype=bool)
    for prime in primes:
        waiting |= lower.mask[group.powers(prime, first)]
    waiting &= upper.mask[first]
    waiting[0] = False
    best = upper
    while waiting.any():
        ratio = best.order // lower.order
        if any(ratio == prime for prime in primes):
            break
        x = int(np.argmax(waiting))
        inside = group.extended(lower.mask, lower.generators, int(first[x]))
        closed = Subgroup(group, inside).closure_under(chosen)
        if closed.order < best.order:
            best = closed
            waiting &= best.mask[first]
        waiting[orbit(x, steps, len(first))] = False
    return best


def _series_between(lower: Subgroup, upper: Subgroup, actors: Sequence[int]) -> list[Subgroup]:
    """``upper`` > ... > ``lower``, each step the smallest that conjugation by the actors preserves."""
    series = [lower]
    while series[-1].order < upper.order:
        series.append(minimal_normal_subgroup(series[-1], upper, actors))
    return series[::-1]


def _factor(upper: Subgroup, lower: Subgroup) -> SimplePower:
    """What a chief factor is: T is a smallest subgroup of it that ``upper`` itself preserves."""
    order = upper.order // lower.order
    primes = prime_factors(order)
    if len(primes) == 1:
        return SimplePower(primes[0][0], primes[0][1], f"C{primes[0][0]}")
    simple = minimal_normal_subgroup(lower, upper, upper.generators).order // lower.order
    multiplicity = 1
    while simple**multiplicity < order:
        multiplicity += 1
    return SimplePower(simple, multiplicity, SIMPLE_GROUPS.get(simple) or _name_at_the_limit(upper.group))


def _name_at_the_limit(group: Group) -> str:
    """A8 has elements of order 15, PSL(3,4) has none; a group of order 20,160 with such a factor is the factor."""
    return "A8" if (group.element_orders == 15).any() else "PSL(3,4)"
