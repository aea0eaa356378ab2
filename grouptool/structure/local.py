"""Sylow, Hall and Carter subgroups, cores, and the Fitting, Frattini, socle and radical subgroups.

Public: sylow_subgroup, number_of_sylow_subgroups, hall_subgroup, sylow_system, carter_subgroup, core_for_primes,
p_core, p_prime_core, fitting_subgroup, solvable_radical, socle, frattini_subgroup.

None of these lists subgroups, but for Hall subgroups of groups that are not solvable.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from ..acceleration import use_compiled
from ..group import Group, Subgroup, prime_factors
from .chief import chief_series, minimal_normal_subgroup
from .complements import complement
from .series import derived_subgroup, is_solvable, perfect_residual

__all__ = [
    "carter_subgroup",
    "core_for_primes",
    "fitting_subgroup",
    "frattini_subgroup",
    "hall_subgroup",
    "number_of_sylow_subgroups",
    "p_core",
    "p_prime_core",
    "socle",
    "solvable_radical",
    "sylow_subgroup",
    "sylow_system",
]

DEFAULT_BUDGET = 20_000
"""Largest number of subgroups that are listed to prove that a Hall subgroup does not exist."""


def sylow_subgroup(group: Group, prime: int) -> Subgroup:
    """A Sylow subgroup; trivial when the prime does not divide the order.

    A p-subgroup P below the full power of p is properly inside a Sylow subgroup of its normaliser, so an element of
    the normaliser of p-power order outside P, of largest order, is added until the order is reached.

    Raises:
        ValueError: ``prime`` is not a prime number.
    """
    if prime < 2 or prime_factors(prime) != [(prime, 1)]:
        raise ValueError(f"{prime} is not a prime number, so there is no Sylow {prime}-subgroup")
    power = _part(group.order, [prime])
    if use_compiled(group.order):
        from ._kernels.generators import sylow_generators

        return group.subgroup(sylow_generators(group.table, group.inverses, group.element_orders, power).tolist())
    order_is_p_power = power % group.element_orders == 0
    found = group.trivial_subgroup
    while found.order < power:
        candidates = np.flatnonzero(found.normalizer.mask & ~found.mask & order_is_p_power)
        z = int(candidates[np.argmax(group.element_orders[candidates])])
        found = Subgroup(group, group.extended(found.mask, found.generators, z))
    return found


def number_of_sylow_subgroups(group: Group, prime: int) -> int:
    """The index of the normaliser of a Sylow subgroup; 1 modulo the prime."""
    return sylow_subgroup(group, prime).normalizer.index


def core_for_primes(group: Group, primes: Iterable[int]) -> Subgroup:
    """O_pi(G), the largest normal subgroup whose order has only primes from pi = ``primes``.

    Where N is a normal pi-subgroup, a minimal normal subgroup of G/N inside the pi-core is either a p-group, so in the
    core of a Sylow subgroup, or perfect, so in the perfect residual, and the normal closure of any element.
    """
    wanted = set(primes)
    chosen = [prime for prime, _ in prime_factors(group.order) if prime in wanted]
    residual = perfect_residual(group)
    core = group.trivial_subgroup
    while True:
        larger = _grown_by_p_groups(core, chosen)
        if larger.order == core.order and len(chosen) > 2:  # a perfect group has three primes (Burnside)
            larger = _grown_by_perfect_groups(core, residual, chosen)
        if larger.order == core.order:
            return core
        core = larger


def p_core(group: Group, prime: int) -> Subgroup:
    """O_p(G), the largest normal p-subgroup: the intersection of the Sylow subgroups."""
    return sylow_subgroup(group, prime).core


def p_prime_core(group: Group, prime: int) -> Subgroup:
    """O_p'(G), the largest normal subgroup whose order the prime does not divide."""
    return core_for_primes(group, [other for other, _ in prime_factors(group.order) if other != prime])


def fitting_subgroup(group: Group) -> Subgroup:
    """F(G), the largest nilpotent normal subgroup: the product of the p-cores."""
    return _grown_by_p_groups(group.trivial_subgroup, [prime for prime, _ in prime_factors(group.order)])


def solvable_radical(group: Group) -> Subgroup:
    """The largest solvable normal subgroup: Fitting subgroups of quotients, until they are trivial."""
    radical, primes = group.trivial_subgroup, [prime for prime, _ in prime_factors(group.order)]
    while (larger := _grown_by_p_groups(radical, primes)).order > radical.order:
        radical = larger
    return radical


def socle(group: Group) -> Subgroup:
    """The product of the minimal normal subgroups.

    Those that are p-groups lie in Z(O_p(G)); the others in the perfect residual, and centralise the Fitting subgroup.
    Each is the normal closure of any of its elements other than 1, so one element of an orbit decides.
    """
    found = group.trivial_subgroup
    for prime, _ in prime_factors(group.order):
        core = p_core(group, prime)
        found = _with_minimal_normal(found, core & core.centralizer, prime)
    inside = perfect_residual(group) & fitting_subgroup(group).centralizer
    for prime, _ in prime_factors(inside.order):
        found = _with_minimal_normal(found, inside, prime)
    return found


def frattini_subgroup(group: Group) -> Subgroup:
    """Phi(G), the intersection of the maximal subgroups, without listing them.

    Kept: N <= Phi(G) <= A, both normal, A inside the Fitting subgroup. Let M/N be minimal normal in G/N with M <= A.
    It is central in F(G)/N. If it has a complement K/N then K is maximal, and Phi(G) lies in A & K, which is normal;
    if it has none, no maximal subgroup avoids M, and M <= Phi(G). Either step shortens A/N, until A = N.

    Source: Gaschuetz, Ueber die Phi-Untergruppe endlicher Gruppen, Math. Z. 58 (1953), 160-170.
    """
    around = fitting_subgroup(group)
    below = _frattini_of_nilpotent(around)
    if around.order == group.order:
        return below
    while below.order < around.order:
        minimal = minimal_normal_subgroup(below, around)
        avoiding = complement(minimal, below, group.whole)
        if avoiding is None:
            below = minimal
        else:
            around = around & avoiding
    return below


def hall_subgroup(group: Group, primes: Iterable[int], *, budget: int = DEFAULT_BUDGET) -> Subgroup | None:
    """A subgroup whose order has only primes from pi and whose index has none, or None, a proof that there is none.

    A solvable group has them for every pi (Hall): down a chief series, factors for other primes are complemented.
    Other groups may not; there all subgroups are listed.

    Args:
        budget: largest number of subgroups listed, for groups that are not solvable.

    Raises:
        BudgetSpentError: more than ``budget`` subgroups; whether there is a Hall subgroup is unknown.
    """
    wanted = set(primes)
    chosen = [prime for prime, _ in prime_factors(group.order) if prime in wanted]
    order = _part(group.order, chosen)
    if order == group.order:
        return group.whole
    if len(chosen) <= 1:
        return sylow_subgroup(group, chosen[0]) if chosen else group.trivial_subgroup
    if is_solvable(group):
        return _hall_of_solvable(group, chosen)
    from .subgroups import subgroup_lattice

    for one in subgroup_lattice(group, budget=budget).classes:
        if one.order == order:
            return group.subgroup(one.generators)
    return None


def sylow_system(group: Group) -> dict[int, Subgroup]:
    """For each prime a Sylow subgroup of a solvable group, such that PQ = QP for every two.

    They are the intersections of Hall p'-subgroups, one for each p.

    Raises:
        ValueError: the group is not solvable, and so has none.
    """
    _refuse_unsolvable(group, "Sylow systems")
    primes = [prime for prime, _ in prime_factors(group.order)]
    complements = {prime: _hall_of_solvable(group, [other for other in primes if other != prime]) for prime in primes}
    system = {}
    for prime in primes:
        found = group.whole
        for other in primes:
            if other != prime:
                found = found & complements[other]
        system[prime] = found
    return system


def carter_subgroup(group: Group) -> Subgroup:
    """A nilpotent subgroup of a solvable group that is its own normaliser; all of them are conjugate.

    Down a chief series: let C/M be one of G/M and M/N the next factor, a p-group. The elements of C/M of order prime to
    p form a normal subgroup K/M; a complement Q/N of M/N in K/N has the normaliser wanted in C.

    Source: Carter, Nilpotent self-normalizing subgroups of soluble groups, Math. Z. 75 (1961), 136-139.

    Raises:
        ValueError: the group is not solvable.
    """
    _refuse_unsolvable(group, "Carter subgroups")
    found, series = group.whole, chief_series(group)
    for upper, lower in pairwise(series):
        prime = prime_factors(upper.order // lower.order)[0][0]
        # x has order prime to p modulo M when x^(p'-part of n) lies in M
        regular = upper.mask[group.powers(group.order // _part(group.order, [prime]))]
        hall = complement(upper, lower, Subgroup(group, found.mask & regular))
        assert hall is not None, "Schur and Zassenhaus: orders are coprime"
        found = found & hall.normalizer
    return found


def _part(order: int, primes: Iterable[int]) -> int:
    """The largest divisor whose primes are all among those given."""
    wanted, part = set(primes), 1
    for prime, multiplicity in prime_factors(order):
        part *= prime**multiplicity if prime in wanted else 1
    return int(part)


def _refuse_unsolvable(group: Group, what: str) -> None:
    if not is_solvable(group):
        raise ValueError(f"{group.name} is not solvable; {what} are those of solvable groups")


def _grown_by_p_groups(below: Subgroup, primes: Iterable[int]) -> Subgroup:
    """The N' with N'/N the product of the O_p(G/N), for N normal: the core of N P, P a Sylow subgroup, is one's inverse
    image."""
    grown = below
    for prime in primes:
        grown = grown | (below | sylow_subgroup(below.group, prime)).core
    return grown


def _grown_by_perfect_groups(below: Subgroup, residual: Subgroup, primes: list[int]) -> Subgroup:
    """The join of N with the normal closures of elements of the residual that stay pi-groups modulo N."""
    group = below.group
    waiting = residual.mask & ~below.mask & (group.element_orders > 1)
    while waiting.any():
        x = int(np.argmax(waiting))
        larger = (below | group.subgroup([x])).normal_closure
        if _part(larger.order, primes) == larger.order:
            return larger
        waiting[_conjugates(group, x)] = False
    return below


def _with_minimal_normal(found: Subgroup, inside: Subgroup, prime: int) -> Subgroup:
    """The join with the minimal normal subgroups of G that have elements of order p in a normal subgroup."""
    group = found.group
    waiting = inside.mask & (group.element_orders == prime) & ~found.mask
    while waiting.any():
        x = int(np.argmax(waiting))
        closed = group.subgroup([x]).normal_closure
        if minimal_normal_subgroup(group.trivial_subgroup, closed).order == closed.order:
            found = found | closed
        waiting[_conjugates(group, x)] = False
        waiting &= ~found.mask
    return found


def _frattini_of_nilpotent(nilpotent: Subgroup) -> Subgroup:
    """The product over p of P^p [P, P] for the Sylow subgroups P, which are normal."""
    group = nilpotent.group
    found = derived_subgroup(nilpotent)
    for prime, _ in prime_factors(nilpotent.order):
        part = _part(nilpotent.order, [prime])
        regular = group.powers(nilpotent.order // part, np.array(nilpotent.generators))  # these generate P
        found = found | group.subgroup(group.powers(prime, regular))
    return found


def _hall_of_solvable(group: Group, primes: list[int]) -> Subgroup:
    found, series = group.whole, chief_series(group)
    for upper, lower in pairwise(series):
        if prime_factors(upper.order // lower.order)[0][0] not in primes:
            smaller = complement(upper, lower, found)
            assert smaller is not None, "Schur and Zassenhaus: orders are coprime"
            found = smaller
    return found


def _conjugates(group: Group, x: int) -> np.ndarray:
    """The conjugacy class of x, with repeats: g^-1 x g for all g."""
    return np.asarray(group.table[group.table[group.inverses, x], np.arange(group.order)])
