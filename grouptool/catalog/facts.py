"""Every fact of a group that the catalog keeps, computed by our core, in families that can be computed apart.

Public: facts, FAMILIES, FACTS_VERSION, HEAVY, Parts, computed, subgroup_counts, normal_count,
below, up_to_automorphisms.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property
from itertools import product
from typing import Any

import numpy as np

from ..construct import build
from ..errors import BudgetSpentError, TooLargeError
from ..group import Group, Subgroup, prime_factors
from ..representations.characters import CharacterTable, character_table
from ..structure.automorphisms import AutomorphismGroup, automorphism_group
from ..structure.chief import chief_factors, composition_factors, is_simple
from ..structure.classes import ConjugacyClasses, conjugacy_classes
from ..structure.description import describe_structure
from ..structure.generation import rank
from ..structure.local import fitting_subgroup, frattini_subgroup, socle, sylow_subgroup
from ..structure.normal import minimal_normal_subgroups, normal_subgroups
from ..structure.orbits import orbit_numbers
from ..structure.permutation_degree import minimal_permutation_degree
from ..structure.series import center, derived_series, lower_central_series
from ..structure.subgroups import SubgroupLattice, subgroup_lattice
from .fields import FIELDS, histogram
from .library import LARGEST_ORDER, library_records, shipped_facts, small_group_label
from .types import abelian_invariants, abelian_key, sorted_types, type_key

__all__ = [
    "FACTS_VERSION",
    "FAMILIES",
    "HEAVY",
    "Parts",
    "below",
    "computed",
    "facts",
    "normal_count",
    "subgroup_counts",
    "up_to_automorphisms",
]

FACTS_VERSION = 1
"""Raised when a computed fact changes: stores compute again what was computed under another number."""

FEW_NORMAL = 12
"""Normal subgroups up to which each is identified; of more, one of each orbit under automorphisms."""

MAX_DEGREE_SEARCH = 200_000
"""Pairs of a normal subgroup and a core up to which the least permutation degree is searched: a second or two."""


def facts(group: Group, *, heavy: bool = True) -> dict[str, Any]:
    """A value for each of ``fields.FIELDS``, by name; None when it is not computed, or undefined as the field says.

    Args:
        heavy: also the families in ``HEAVY``, which search: characters, subgroups, automorphisms, names.

    Cost: milliseconds for most groups of order up to a few hundred; a family that outlasts its budget leaves None.
    """
    found: dict[str, Any] = {field.name: None for field in FIELDS}
    parts = Parts(group)
    for name, family in _FAMILIES.items():
        if heavy or name not in HEAVY:
            try:
                found.update(family(parts))
            except (BudgetSpentError, TooLargeError):
                continue  # its fields stay None: not computed
    return found


class Parts:
    """What the families share, each computed when it is first asked for."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self._keys: dict[bytes, str] = {}

    def key(self, subgroup: Subgroup) -> str:
        """The type of a subgroup, found once."""
        mask = subgroup.mask.tobytes()
        if mask not in self._keys:
            self._keys[mask] = type_key(subgroup)
        return self._keys[mask]

    @cached_property
    def frattini(self) -> Subgroup:
        """The Frattini subgroup."""
        return frattini_subgroup(self.group)

    @cached_property
    def classes(self) -> ConjugacyClasses:
        """The conjugacy classes."""
        return conjugacy_classes(self.group)

    @cached_property
    def derived(self) -> list[Subgroup]:
        """The derived series."""
        return derived_series(self.group)

    @cached_property
    def lower(self) -> list[Subgroup]:
        """The lower central series."""
        return lower_central_series(self.group)

    @property
    def is_nilpotent(self) -> bool:
        """Whether the lower central series ends in 1."""
        return self.lower[-1].order == 1

    @cached_property
    def center(self) -> Subgroup:
        """The centre."""
        return center(self.group)

    @cached_property
    def fitting(self) -> Subgroup:
        """The Fitting subgroup."""
        return fitting_subgroup(self.group)

    @cached_property
    def socle(self) -> Subgroup:
        """The socle."""
        return socle(self.group)

    @cached_property
    def characters(self) -> CharacterTable:
        """The character table."""
        return character_table(self.classes)

    @cached_property
    def normal(self) -> list[Subgroup]:
        """The normal subgroups, by order."""
        return normal_subgroups(self.group)

    @cached_property
    def lattice(self) -> SubgroupLattice:
        """All subgroups."""
        return subgroup_lattice(self.group)

    @cached_property
    def automorphisms(self) -> AutomorphismGroup:
        """The automorphism group."""
        return automorphism_group(self.group)

    @cached_property
    def maximal(self) -> list[Subgroup]:
        """One maximal subgroup of each conjugacy class; in a nilpotent group the normal ones of prime index."""
        if self.is_nilpotent:
            return [one for one in self.normal if sum(m for _, m in prime_factors(one.index)) == 1]
        return [self.lattice.classes[i].subgroup for i in np.flatnonzero(self.lattice.maximal)]


# -- families


def _elements(parts: Parts) -> dict[str, Any]:
    group, orders = parts.group, parts.group.element_orders
    primes = prime_factors(group.order)
    exponent = group.exponent
    return {
        "order": group.order,
        "degree": group.degree,
        "exponent": exponent,
        "abelian": group.is_abelian,
        "cyclic": bool((orders == group.order).any()),
        "elementary_abelian": group.is_abelian and len(primes) < 2 and exponent == math.prod(p for p, _ in primes),
        "p_group": len(primes) < 2,
        "num_involutions": int(np.count_nonzero(orders == 2)),
        "z_group": all((orders == p**m).any() for p, m in primes),
        "a_group": all(sylow_subgroup(group, p).is_abelian for p, _ in primes),
    }


def _classes(parts: Parts) -> dict[str, Any]:
    classes = parts.classes
    real, rational = int(np.count_nonzero(classes.is_real)), int(classes.divisions.max()) + 1
    return {
        "num_classes": len(classes),
        "num_real_classes": real,
        "num_rational_classes": rational,
        "ambivalent": real == len(classes),
        "rational": rational == len(classes),
        "classes": histogram(zip(classes.element_orders.tolist(), classes.sizes.tolist(), strict=True)),
    }


def _series(parts: Parts) -> dict[str, Any]:
    group = parts.group
    solvable, chief = parts.derived[-1].order == 1, chief_factors(group)
    composition = composition_factors(group)
    simple = len(composition) == 1
    perfect = len(parts.derived) == 1
    return {
        "nilpotent": parts.is_nilpotent,
        "solvable": solvable,
        "metabelian": parts.derived[min(1, len(parts.derived) - 1)].is_abelian,
        "supersolvable": all(one.is_abelian and one.multiplicity == 1 for one in chief),
        "perfect": perfect,
        "simple": simple,
        "quasisimple": perfect and not solvable and is_simple(group / parts.center),
        "almost_simple": not solvable and _is_almost_simple(parts),
        "metacyclic": _is_metacyclic(parts),
        "frobenius": _is_frobenius(parts),
        "derived_length": len(parts.derived) - 1 if solvable else None,
        "nilpotency_class": len(parts.lower) - 1 if parts.is_nilpotent else None,
        "chief_length": len(chief),
        "composition_length": len(composition),
        "composition_factors": sorted((_simple_key(one.name) for one in composition), key=_order_of),
    }


def _characteristic(parts: Parts) -> dict[str, Any]:
    group = parts.group
    derived = parts.derived[min(1, len(parts.derived) - 1)]
    kinds = {"derived_subgroup": derived, "frattini": parts.frattini, "fitting": parts.fitting, "socle": parts.socle}
    return {
        "center_order": parts.center.order,
        "derived_order": derived.order,
        "frattini_order": parts.frattini.order,
        "fitting_order": parts.fitting.order,
        "socle_order": parts.socle.order,
        "center": parts.key(parts.center),
        **{name: parts.key(one) for name, one in kinds.items()},
        "abelianization": type_key(group / derived),
        "central_quotient": type_key(group / parts.center),
    }


def _rank(parts: Parts) -> dict[str, Any]:
    group = parts.group
    if group.order > 1 and len(primes := prime_factors(group.order)) == 1:  # Burnside's basis theorem
        return {"rank": round(math.log(parts.frattini.index, primes[0][0]))}
    return {"rank": len(abelian_generators(group)) if group.is_abelian else rank(group)}


def abelian_generators(group: Group) -> list[int]:
    """The orders of as few independent generators of an abelian group as there are: one for each place of a prime."""
    powers: list[list[int]] = [[] for _ in prime_factors(group.order)]
    for one in abelian_invariants(group):
        for place, (prime, _) in enumerate(prime_factors(group.order)):
            if one % prime == 0:
                powers[place].append(one)
    longest = max(map(len, powers), default=0)
    return [math.prod(one[-k] for one in powers if len(one) >= k) for k in range(longest, 0, -1)]


def _characters(parts: Parts) -> dict[str, Any]:
    table = parts.characters
    faithful = [int(np.count_nonzero(table.kernel(i)) == 1) for i in range(len(table))]
    degrees = table.degrees.tolist()
    return {
        "irreps": histogram(zip(degrees, table.indicators.tolist(), faithful, strict=True)),
        "max_irrep_degree": max(degrees),
        "faithful_irrep_degree": min((d for d, f in zip(degrees, faithful, strict=True) if f), default=None),
    }


def _automorphisms(parts: Parts) -> dict[str, Any]:
    found = parts.automorphisms
    return {
        "automorphism_order": found.order,
        "outer_order": found.outer_order,
        "num_automorphism_orbits": int(found.orbits_on_elements().max()) + 1,
        "complete": parts.center.order == 1 and found.outer_order == 1,
    }


def _normal(parts: Parts) -> dict[str, Any]:
    if parts.group.is_abelian:
        return {"num_normal_subgroups": normal_count(parts), "normal_subgroups": _abelian_types(parts.group)}
    types = sorted_types(map(parts.key, up_to_automorphisms(parts, parts.normal)))
    return {"num_normal_subgroups": normal_count(parts), "normal_subgroups": types}


def _lattice(parts: Parts) -> dict[str, Any]:
    subgroups, classes = subgroup_counts(parts)
    maximal = _count_abelian_maximal(parts.group) if parts.group.is_abelian else len(parts.maximal)
    return {
        "num_subgroups": subgroups,
        "num_subgroup_classes": classes,
        "num_maximal_classes": maximal,
        "maximal_subgroups": list(_maximal_types(parts)),
    }


def _permutation_degree(parts: Parts) -> dict[str, Any]:
    if parts.group.is_abelian:
        return {"permutation_degree": sum(abelian_invariants(parts.group)) or 1}
    if len(prime_factors(parts.group.order)) == 1:
        return {"permutation_degree": _degree_of_p_group(parts)}
    if len(parts.normal) ** 2 > MAX_DEGREE_SEARCH:
        return {}
    return {"permutation_degree": minimal_permutation_degree(parts.lattice)}


def _subgroups(parts: Parts) -> dict[str, Any]:
    if parts.group.is_abelian:
        return {"subgroups": _abelian_types(parts.group)}
    maximal = _maximal_types(parts)
    if all("." in one for one in maximal):
        return {"subgroups": _closure(parts, maximal, "subgroups")}
    return {"subgroups": sorted_types(parts.key(one.subgroup) for one in parts.lattice.classes)}


def _quotients(parts: Parts) -> dict[str, Any]:
    if parts.group.is_abelian:
        return {"quotients": _abelian_types(parts.group)}
    onto = _minimal_quotient_types(parts)
    if all("." in one for one in onto):
        return {"quotients": _closure(parts, onto, "quotients")}
    chosen = up_to_automorphisms(parts, parts.normal)
    return {"quotients": sorted_types(type_key(parts.group / one) for one in chosen)}


def _identity(parts: Parts) -> dict[str, Any]:
    found: dict[str, Any] = {"description": describe_structure(parts.group)}
    if label := small_group_label(parts.group):
        record = library_records(label[0])[label[1] - 1]
        return {**found, "label": record.label, "gap_description": record.description}
    return found


def _name(parts: Parts) -> dict[str, Any]:
    from .naming import readable_name

    return {"name": readable_name(parts.group)}


_FAMILIES: dict[str, Callable[[Parts], dict[str, Any]]] = {
    "elements": _elements,
    "classes": _classes,
    "series": _series,
    "characteristic subgroups": _characteristic,
    "rank": _rank,
    "characters": _characters,
    "automorphisms": _automorphisms,
    "normal subgroups": _normal,
    "lattice": _lattice,
    "permutation degree": _permutation_degree,
    "subgroup types": _subgroups,
    "quotient types": _quotients,
    "identity": _identity,
    "name": _name,
}

HEAVY = frozenset(list(_FAMILIES)[5:])
"""The families that search."""


def computed(name: str, parts: Parts) -> dict[str, Any]:
    """The facts of one family; what several families share is computed once for one ``parts``."""
    return _FAMILIES[name](parts)


def _of_group(family: Callable[[Parts], dict[str, Any]]) -> Callable[[Group], dict[str, Any]]:
    return lambda group: family(Parts(group))


FAMILIES: dict[str, Callable[[Group], dict[str, Any]]] = {name: _of_group(one) for name, one in _FAMILIES.items()}
"""The families by name; each may raise BudgetSpentError or TooLargeError, and then its fields are not known."""


# -- flags


def _is_almost_simple(parts: Parts) -> bool:
    """Whether the socle is simple and not abelian: then it is the only minimal normal subgroup, and C(S) is 1."""
    inside = parts.socle
    return not inside.is_abelian and inside.centralizer.order == 1 and is_simple(inside.as_group())


def _is_metacyclic(parts: Parts) -> bool:
    """Whether some normal <x> has a cyclic quotient: one that holds G', and an element that generates modulo it."""
    group, classes = parts.group, parts.classes
    derived = parts.derived[min(1, len(parts.derived) - 1)]
    if not derived.is_cyclic:
        return False
    reached: set[bytes] = set()
    for x in classes.representatives.tolist():
        if group.element_orders[x] % derived.order:
            continue
        kernel = group.subgroup([x])
        if kernel.mask.tobytes() in reached or not derived <= kernel:
            continue
        reached.add(kernel.mask.tobytes())
        generates = np.ones(len(classes), dtype=bool)
        for prime, _ in prime_factors(kernel.index):
            generates &= ~kernel.mask[group.powers(kernel.index // prime, classes.representatives)]
        if generates.any():
            return True
    return False


def _is_frobenius(parts: Parts) -> bool:
    """Whether a proper N > 1 contains the centralisers of its elements but 1; N is then the Fitting subgroup.

    Source: Isaacs, Finite Group Theory (2008), theorems 6.4 and 6.24 (Thompson: the kernel is nilpotent).
    """
    group, kernel = parts.group, parts.fitting
    if not 1 < kernel.order < group.order or math.gcd(kernel.order, kernel.index) > 1:
        return False
    inside = [x for x in parts.classes.representatives.tolist() if x and kernel.mask[x]]
    return all(kernel.mask[group.table[x] == group.table[:, x]].all() for x in inside)


# -- counts and types of subgroups


def subgroup_counts(parts: Parts) -> tuple[int, int]:
    """Numbers of subgroups and of their classes; of abelian groups by formula. BudgetSpentError: too many."""
    if parts.group.is_abelian:
        count = _count_abelian(parts.group)
        return count, count
    return parts.lattice.count, len(parts.lattice)


def normal_count(parts: Parts) -> int:
    """Number of normal subgroups; of abelian groups by formula. BudgetSpentError: too many to list."""
    return _count_abelian(parts.group) if parts.group.is_abelian else len(parts.normal)


def below(parts: Parts) -> tuple[list[str], list[str]]:
    """The types of maximal subgroups, and of quotients by minimal normal subgroups: closures give all others."""
    return list(_maximal_types(parts)), list(_minimal_quotient_types(parts))


def _maximal_types(parts: Parts) -> Sequence[str]:
    group = parts.group
    if group.is_abelian:
        return _abelian_maximal_types(group)
    if parts.is_nilpotent:
        return sorted_types(map(parts.key, up_to_automorphisms(parts, parts.maximal)))
    return sorted_types(map(parts.key, parts.maximal))


def _minimal_quotient_types(parts: Parts) -> Sequence[str]:
    group = parts.group
    if group.is_abelian:  # G/N for N of prime order: by duality the types of the maximal subgroups
        return _abelian_maximal_types(group)
    minimal = up_to_automorphisms(parts, minimal_normal_subgroups(group))
    return sorted_types(type_key(group / one) for one in minimal)


def _closure(parts: Parts, labels: Iterable[str], which: str) -> list[str]:
    """The types below groups of the library, and the group's own."""
    found = {one for label in labels for one in shipped_facts(label).facts[which]}
    return sorted_types([*found, type_key(parts.group)])


def up_to_automorphisms(parts: Parts, normal: list[Subgroup]) -> list[Subgroup]:
    """One of each orbit of automorphisms on normal subgroups, where they are many and automorphisms are known."""
    classes = parts.classes
    if len(normal) <= FEW_NORMAL:
        return normal
    try:
        outer = [one[classes.representatives] for one in parts.automorphisms.strong_generators]
    except BudgetSpentError:
        return normal
    rows = np.array([one.mask[classes.representatives] for one in normal])
    number = {row.tobytes(): i for i, row in enumerate(rows)}
    maps = []
    for images in outer:
        moved = np.empty_like(rows)
        moved[:, classes.class_of[images]] = rows
        maps.append(np.array([number[row.tobytes()] for row in moved]))
    orbits = orbit_numbers(maps, len(normal)) if maps else np.arange(len(normal))
    return [normal[i] for i in np.unique(orbits, return_index=True)[1]]


def _degree_of_p_group(parts: Parts) -> int:
    """The least degree of a faithful permutation representation of a p-group.

    It needs as many orbits as the rank r of S, the elements of order p in the centre with 1, and each stabiliser may be
    chosen to meet S in a hyperplane; so the cheapest hyperplanes that meet in 1 are found greedily (a matroid).
    Source: Johnson, Minimal permutation representations of finite groups, Amer. J. Math. 93 (1971), theorem 3.
    """
    group, lattice = parts.group, parts.lattice
    prime = prime_factors(group.order)[0][0]
    z = lattice.primaries.generators
    in_socle = parts.center.mask[z] & (group.element_orders[z] == prime)
    octets = lattice.bits[lattice.starts[:-1]].astype(">u8").view(np.uint8)
    held = np.unpackbits(octets, axis=1, count=len(z)).astype(bool)[:, in_socle]
    cheapest: dict[bytes, tuple[int, np.ndarray]] = {}
    points = int(np.count_nonzero(in_socle))  # (p^r - 1)/(p - 1)
    in_hyperplane = (points - 1) // prime
    for order, row in zip(lattice.orders.tolist(), held, strict=True):  # larger orders come later
        if np.count_nonzero(row) == in_hyperplane:
            cheapest[row.tobytes()] = (group.order // order, row)
    degree, left = 0, np.ones(points, dtype=bool)
    for index, row in sorted(cheapest.values(), key=lambda one: one[0]):
        if (left & ~row).any():
            degree, left = degree + index, left & row
    return degree


# -- abelian groups, by partitions: a p-group C_(p^a) x C_(p^b) x ... is (a, b, ...), descending


def _count_abelian(group: Group) -> int:
    return math.prod(sum(_count_of_type(p, whole, part) for part in _inside(whole)) for p, whole in _partitions(group))


def _count_of_type(p: int, whole: tuple[int, ...], part: tuple[int, ...]) -> int:
    """Number of subgroups of a type. Source: Butler, Subgroup lattices and symmetric functions (1994), lemma 1.4.1."""
    a, b = _conjugate(whole), [*_conjugate(part), *[0] * (len(_conjugate(whole)) + 1)]
    count = 1
    for i, size in enumerate(a):
        count *= p ** (b[i + 1] * (size - b[i])) * _binomial(size - b[i + 1], b[i] - b[i + 1], p)
    return count


def _binomial(n: int, k: int, p: int) -> int:
    """The number of subspaces of dimension k of GF(p)^n."""
    above = math.prod(p ** (n - i) - 1 for i in range(k))
    return int(above // math.prod(p ** (i + 1) - 1 for i in range(k)))


def _count_abelian_maximal(group: Group) -> int:
    return sum(_binomial(len(whole), 1, p) for p, whole in _partitions(group))


def _abelian_types(group: Group) -> list[str]:
    """The types of the subgroups, which are those of the quotients too."""
    choices = [[(p, part) for part in _inside(whole)] for p, whole in _partitions(group)]
    return sorted_types(abelian_key(_invariants(chosen)) for chosen in product(*choices))


def _abelian_maximal_types(group: Group) -> list[str]:
    found, whole = [], dict(_partitions(group))
    for p, parts in whole.items():
        for i in range(len(parts)):
            if i + 1 == len(parts) or parts[i] > parts[i + 1]:
                smaller = tuple(one - (j == i) for j, one in enumerate(parts))
                found.append(abelian_key(_invariants({**whole, p: smaller}.items())))
    return sorted_types(found)


def _partitions(group: Group) -> list[tuple[int, tuple[int, ...]]]:
    found = []
    for p, _ in prime_factors(group.order):
        exponents = [prime_factors(one)[0][1] for one in abelian_invariants(group) if one % p == 0]
        found.append((p, tuple(sorted(exponents, reverse=True))))
    return found


def _invariants(chosen: Iterable[tuple[int, tuple[int, ...]]]) -> tuple[int, ...]:
    return tuple(sorted(p**k for p, parts in chosen for k in parts if k))


def _inside(whole: tuple[int, ...], most: int | None = None) -> Iterator[tuple[int, ...]]:
    """The partitions with parts at most those of another, place by place."""
    if not whole:
        yield ()
        return
    top = whole[0] if most is None else min(most, whole[0])
    for first in range(top, -1, -1):
        for rest in _inside(whole[1:], first):
            yield (first, *rest)


def _conjugate(partition: Sequence[int]) -> list[int]:
    return [sum(one > i for one in partition) for i in range(max(partition, default=0))]


# -- simple groups


@cache
def _simple_key(name: str) -> str:
    """The type of a simple group that the notation names."""
    if name[0] == "C" and int(name[1:]) > LARGEST_ORDER:
        return abelian_key((int(name[1:]),))
    return type_key(build(name))


def _order_of(key: str) -> int:
    return int(key.replace(":", ".").split(".")[0])
