"""What a group is, in a short formula: S4 x C2, C7 : C3, SL(2,5), C4 . D4.

Public: describe_structure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product

import numpy as np

from ..construct import build
from ..errors import BudgetSpentError
from ..group import Group, Subgroup, prime_factors
from .chief import chief_factors, is_simple
from .complements import complement
from .isomorphism import find_isomorphism, fingerprint
from .normal import minimal_normal_subgroups, normal_subgroups
from .series import derived_subgroup
from .subgroups import SubgroupLattice, subgroup_lattice

__all__ = ["describe_structure"]

MAX_FIELD = 200  # linear groups of order up to the table limit have smaller fields


Known = dict[str, list[tuple[Group, str]]]
"""Groups that were described, by fingerprint."""


def describe_structure(group: Group, known: Known | None = None) -> str:
    """A structure description; isomorphic groups have the same one, but groups that are not may share it.

    Args:
        known: keeps the groups described on the way, for who describes many; it grows.

    The first rule that applies: abelian groups by their invariants (``C2 x C12``); Sn and An; groups with a cyclic
    subgroup of index 2 (Dn, Qn, Dicn, SDn); a direct product of indecomposable factors, by order; Fq:k; linear groups
    (PSL, SL, PGL, GL) of dimension up to 4; ``N : H``
    with N normal and H a complement, N as large as possible; ``N . Q`` when nothing splits, Q = G/N, N as large as
    possible. Ties go to an abelian N, then to the shorter text; a simple group that is none of these has its own name
    (``M11``). GAP's StructureDescription has the same idea; its D10 is our D5.

    Where the subgroups are too many to list, complements are looked for to elementary abelian N only, by linear
    equations; how many subgroups there are belongs to the group, so isomorphic groups still have the same description.

    Raises:
        BudgetSpentError: the normal subgroups are too many to list.
    """
    return _describe(group, {} if known is None else known)


def _describe(group: Group, known: Known) -> str:
    """As above; ``known`` keeps what was described on the way, by fingerprint."""
    if group.is_abelian:
        return _abelian(group)
    alike = known.setdefault(fingerprint(group), [])
    for other, text in alike:
        if find_isomorphism(group, other) is not None:
            return text
    text = next(_texts(group, known))
    alike.append((group, text))
    return text


def _texts(group: Group, known: Known) -> Iterator[str]:
    for name in (_first_isomorphic(group, _symmetric(group)), _with_cyclic_half(group)):
        if name:
            yield name
    if is_simple(group):
        yield _first_isomorphic(group, _linear(group.order)) or chief_factors(group)[0].name
    try:
        lattice = subgroup_lattice(group)
        normal = [one.subgroup for one in lattice.classes if one.length == 1]
    except BudgetSpentError:
        lattice, normal = None, normal_subgroups(group)
    normal = normal[1:-1]
    factors = _direct_factors(group, normal)
    if factors:
        described = sorted((one.order, _describe(one.as_group("part"), known)) for one in factors)
        yield " x ".join(_bracketed(text) for text in _merged(described))
    for name in (_frobenius(group), _first_isomorphic(group, _linear(group.order))):
        if name:
            yield name
    split = _splits(group, normal, lattice)
    if split:
        yield _shortest(
            (_describe(one.as_group("part"), known), " : ", _describe(other.as_group("part"), known))
            for one, other in split
        )
    yield _shortest(
        (_describe(one.as_group("part"), known), " . ", _describe(group / one, known))
        for one in normal
        if one.order == normal[-1].order
    )


def _shortest(parts: Iterator[tuple[str, str, str]]) -> str:
    texts = {_bracketed(first) + sign + _bracketed(second) for first, sign, second in parts}
    return min(texts, key=lambda text: (len(text), text))


def _bracketed(text: str) -> str:
    return f"({text})" if any(sign in text for sign in (" x ", " : ", " . ")) else text


def _merged(described: list[tuple[int, str]]) -> list[str]:
    """Equal neighbours as powers: C2, C2, S3 becomes C2^2, S3."""
    texts = [text for _, text in described]
    merged: list[str] = []
    for text in dict.fromkeys(texts):
        count = texts.count(text)
        merged.append(text if count == 1 else f"{_bracketed(text)}^{count}")
    return merged


def _abelian(group: Group) -> str:
    """``C1``, or cyclic factors C_d1 x C_d2 x ... with d1 | d2 | ..., equal ones as powers."""
    invariants: list[int] = []
    for prime, multiplicity in prime_factors(group.order):
        # |{x : x^(p^k) = 1}| / |{x : x^(p^(k-1)) = 1}| = p^(number of factors of order p^k or more)
        counts = [np.count_nonzero(group.powers(prime**k) == 0) for k in range(multiplicity + 1)]
        exponents = [round(math.log(counts[k + 1] // counts[k], prime)) for k in range(multiplicity)]
        for factor in range(exponents[0]):
            power = prime ** sum(factor < exponent for exponent in exponents)
            if factor == len(invariants):
                invariants.append(1)
            invariants[factor] *= power
    ascending = [(one, f"C{one}") for one in sorted(invariants)]
    return " x ".join(_merged(ascending)) or "C1"


# -- direct and semidirect factors


def _direct_factors(group: Group, normal: list[Subgroup]) -> list[Subgroup]:
    """Indecomposable direct factors, none when the group is indecomposable itself.

    They are unique up to isomorphism (Krull, Remak, Schmidt); a factor of a factor is normal in the group, so
    factors are split while a pair of normal subgroups inside one splits it.

    Args:
        normal: the normal subgroups but 1 and G, by order.
    """
    if not normal:
        return []
    masks = np.array([one.mask[1:] for one in normal])  # without the identity
    orders = np.array([one.order for one in normal])
    bits = np.packbits(masks, axis=1)
    whole = np.packbits(np.ones(group.order - 1, dtype=bool))
    done: list[Subgroup] = []
    waiting = [(group.whole, whole)]
    while waiting:
        factor, inside = waiting.pop()
        pair = _pair(bits, orders, np.flatnonzero(~(bits & ~inside).any(axis=1)), factor.order)
        if pair:
            waiting += [(normal[place], bits[place]) for place in pair]
        else:
            done.append(factor)
    return done if len(done) > 1 else []


def _pair(bits: np.ndarray, orders: np.ndarray, places: np.ndarray, order: int) -> tuple[int, int] | None:
    """Two of the normal subgroups at ``places``, all inside one of some order, that meet in 1 and multiply to it."""
    for place in places:
        others = places[orders[places] * orders[place] == order]
        apart = others[~(bits[others] & bits[place]).any(axis=1)]
        if apart.size:
            return int(place), int(apart[0])
    return None


def _splits(group: Group, normal: list[Subgroup], lattice: SubgroupLattice | None) -> list[tuple[Subgroup, Subgroup]]:
    """The largest normal subgroups with a complement, and one complement each, which is G/N; only abelian N if any."""
    found: list[tuple[Subgroup, Subgroup]] = []
    for one in reversed(normal):
        if found and one.order < found[0][0].order:
            break
        other = _complement(one, group.whole) if lattice is None else _listed_complement(one, lattice)
        if other is not None:
            found.append((one, other))
    return [pair for pair in found if pair[0].is_abelian] or found


def _complement(one: Subgroup, whole: Subgroup) -> Subgroup | None:
    """By equations; None also for a subgroup that is not elementary abelian."""
    exponents = set(one.group.element_orders[one.elements[1:]].tolist())
    if not one.is_abelian or len(exponents) > 1:
        return None
    return complement(one, one.group.trivial_subgroup, whole)


def _listed_complement(one: Subgroup, lattice: SubgroupLattice) -> Subgroup | None:
    """A subgroup that a normal one meets in 1, and whose order is its index: one of a class is as good as another."""
    bits = lattice.bits[lattice.starts[lattice.class_of(one)]]
    places = np.flatnonzero(lattice.orders * one.order == lattice.group.order)
    apart = places[~(lattice.bits[lattice.starts[places]] & bits).any(axis=1)]
    return lattice.classes[apart[0]].subgroup if apart.size else None


# -- named families


def _with_cyclic_half(group: Group) -> str | None:
    """Dihedral, generalised quaternion, dicyclic and semidihedral groups: a cyclic subgroup of index 2."""
    half = group.order // 2
    generators = np.flatnonzero(group.element_orders == half)
    if group.order % 2 or half < 3 or not generators.size:
        return None
    for r in generators[:3]:  # Q8 has three cyclic halves, every other group here has one
        inside = group.closure([r])
        outside = np.flatnonzero(~inside)
        orders = set(group.element_orders[outside].tolist())
        image = int(group.conjugation(int(outside[0]))[r])
        power_of_two = group.order & (group.order - 1) == 0
        if image == group.inverses[r]:
            if orders == {2}:
                return f"D{half}"
            if orders == {4}:
                return f"Q{group.order}" if power_of_two else f"Dic{half // 2}"
        if power_of_two and half >= 8 and image == int(group.powers(half // 2 - 1, np.array([r]))[0]):
            return f"SD{group.order}"
    return None


def _frobenius(group: Group) -> str | None:
    """``Fq:k``: the kernel is a minimal normal subgroup of order q = p^d, the complement cyclic of order k.

    A faithful irreducible cyclic action on GF(p)^d is multiplication by a subgroup of GF(q)*.
    """
    smallest = minimal_normal_subgroups(group)
    if len(smallest) != 1 or len(prime_factors(smallest[0].order)) != 1:
        return None
    kernel = smallest[0]
    k = group.order // kernel.order
    if len(factors := prime_factors(group.order)) == 2 and all(multiplicity == 1 for _, multiplicity in factors):
        return None  # Cp : Cq says it, since only one action is not trivial
    if (kernel.order - 1) % k or kernel.centralizer != kernel or k not in group.element_orders:
        return None
    return f"F{kernel.order}:{k}"


def _first_isomorphic(group: Group, names: Iterator[str]) -> str | None:
    for name in names:
        other = build(name)
        if fingerprint(other) == fingerprint(group) and find_isomorphism(group, other) is not None:
            return name
    return None


def _symmetric(group: Group) -> Iterator[str]:
    """The Sn or An of the group's order, if the derived subgroup has the index that it has there."""
    index = group.order // derived_subgroup(group).order
    for n in range(3, 9):
        if math.factorial(n) == group.order and index == 2:
            yield f"S{n}"
        if math.factorial(n) == 2 * group.order and index == (3 if n == 4 else 1):
            yield f"A{n}"


def _linear(order: int) -> Iterator[str]:
    """Names of linear groups of an order, the preferred name of a group first."""
    fields = [q for q in range(2, MAX_FIELD) if len(prime_factors(q)) == 1]
    for n, q in product((2, 3, 4), fields):
        general = math.prod(q**n - q**i for i in range(n))
        special = general // (q - 1)
        if special // math.gcd(n, q - 1) == order:
            yield f"PSL({n},{q})"
        if special == order:
            yield f"SL({n},{q})"
            yield f"PGL({n},{q})"
        if general == order:
            yield f"GL({n},{q})"
