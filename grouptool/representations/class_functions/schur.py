"""Schur indices of irreducible characters over the rationals, place by place, where a proof is found.

Public: SchurIndex, schur_index, schur_indices.

The index m(chi) is the least common multiple of its local indices m_p(chi), the index of the simple algebra of chi over
the completion of Q(chi) at a prime above p; by Benard all primes above one p have the same. For each p a set of
possible values is kept, and facts strike values out:

- m_p divides chi(1), and the number of roots of unity in Q(chi) (Benard and Schacher); m_p divides p - 1 for odd p, and
  m_2 divides 2 (Witt, Yamada); m_p = 1 when |G| / chi(1) is prime to p (the block has defect zero).
- m at infinity is 2 for indicator -1, else 1 (Frobenius and Schur).
- From a subgroup H = <A, x> with a linear character psi of A that x moves as a Galois automorphism of order [H : A]:
  eta = psi^H is irreducible, and its algebra is the cyclic algebra (Q(psi) / Q(eta), x, psi(x^t)), t = [H : A]. With
  s = <chi_H, eta> and E = Q(chi, eta), m_p(chi) divides s m_(E,p)(eta) [E_p : Q(chi)_p], and m_(E,p)(eta) divides
  s m_(E,p)(chi), m_(E,p)(chi) being m_p(chi) / gcd(m_p(chi), [E_p : Q(chi)_p]). With x = 1 these are the linear
  characters of subgroups.
- When G is p-solvable with cyclic Sylow p-subgroups, m_p(chi) = [Q_p(chi, phi) : Q_p(chi)] for any irreducible Brauer
  character phi inside chi (Benard); by Fong and Swan these phi are the indecomposable restrictions of characters.
- The number of places of Q(chi) where the part of two of the index is 2 is even (Hasse's sum of invariants).

The local index of the cyclic algebra (F(zeta_o) / F, sigma, a), a in F a root of unity, is the order of a in F_p^*
modulo norms. By local class field theory the norm of a to Q_p, a root of unity there, acts on Q_p(zeta_o) through
its residue modulo the p-part of o; so the index is its order if p is odd and divides o, or p = 2 and 4 divides o, and
else 1.

Sources: Isaacs, Character Theory of Finite Groups (1976), chapter 10; Yamada, The Schur Subgroup of the Brauer Group
(1974); Serre, Local Fields (1979), chapters XI, XIII and XIV; Benard, Schur indices and cyclic defect groups, Annals of
Math. 103 (1976); Feit, The Representation Theory of Finite Groups (1982), theorem IV.9.3.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from ...errors import BudgetSpentError
from ...group import Group, Subgroup, prime_factors
from ...structure.classes import ConjugacyClasses
from ...structure.homomorphisms import natural_map
from ...structure.series import derived_subgroup
from ...structure.subgroups import subgroup_lattice
from ..characters import CharacterTable, character_table
from ..root_sums import prime_for, root_of_unity
from ..units import decomposition_group, unit_generators, units
from .brauer import BrauerCharacters, brauer_characters
from .value_fields import ValueField

__all__ = ["DEFAULT_BUDGET", "SchurIndex", "schur_index", "schur_indices"]

DEFAULT_BUDGET = 20_000
"""Largest number of subgroups that are listed in search of a proof; above it only cyclic subgroups are tried."""


@dataclass(frozen=True)
class SchurIndex:
    """What is proved of the Schur index of an irreducible character over the rationals.

    Attributes:
        value: the index, or None when the proofs leave more than one possibility.
        at_infinity: the local index over the real numbers, 1 or 2.
        possible: prime -> the values that the local index there may have, ascending; primes that are left out have 1.
        reasons: a line for each fact that struck something out.
    """

    value: int | None
    at_infinity: int
    possible: dict[int, tuple[int, ...]]
    reasons: tuple[str, ...]

    @property
    def lower(self) -> int:
        """A number that divides the index, whatever is unknown."""
        return math.lcm(self.at_infinity, *(math.gcd(*values) for values in self.possible.values()))

    @property
    def upper(self) -> int:
        """A number that the index divides, whatever is unknown."""
        return math.lcm(self.at_infinity, *(math.lcm(*values) for values in self.possible.values()))

    def __str__(self) -> str:
        shown = str(self.value) if self.value else f"unknown, a divisor of {self.upper} and a multiple of {self.lower}"
        return f"{shown}: {'; '.join(self.reasons)}"


def schur_index(table: CharacterTable, row: int, *, budget: int = DEFAULT_BUDGET) -> SchurIndex:
    """The Schur index over the rationals of one irreducible character; see ``schur_indices``.

    >>> from grouptool import group
    >>> schur_index(character_table(group("Q8")), 4).value
    2
    """
    return schur_indices(table, [range(len(table))[row]], budget=budget)[0]


def schur_indices(
    table: CharacterTable, rows: Iterable[int] | None = None, *, budget: int = DEFAULT_BUDGET
) -> tuple[SchurIndex, ...]:
    """The Schur indices over the rationals of rows of a character table; by default of all.

    The facts that need no subgroups come first, then those of cyclic subgroups A, then of all others, largest first,
    until nothing is open. A table without elements gets the first kind only.

    Args:
        budget: largest number of subgroups to list. A search that stops leaves ``value`` None, never a guess.

    Cost: for each subgroup A up to conjugacy and linear character of it, one gather of |A| for each coset of A in its
    normaliser, and k |A| products.
    """
    chosen = list(range(len(table)) if rows is None else rows)
    # Galois conjugates have one index.
    least = {row: _least_conjugate(table, row) for row in chosen}
    cases = {row: _Case(table, row) for row in dict.fromkeys(least.values())}
    if isinstance(table.columns, ConjugacyClasses):
        _settle(table, list(cases.values()), budget)
    answers = {row: case.answer() for row, case in cases.items()}
    return tuple(answers[least[row]] for row in chosen)


def _settle(table: CharacterTable, cases: list[_Case], budget: int) -> None:
    """Cyclic subgroups, Brauer characters, all subgroups, until no case is open."""
    waiting = [case for case in cases if case.is_open]
    for subgroups in (_cyclic(table), _all_subgroups(table.group, budget)):
        for subgroup in subgroups if waiting else ():
            rows = np.array([case.row for case in waiting])
            for witness in _witnesses(table, subgroup, rows):
                for case, s in zip(waiting, witness.multiplicities, strict=True):
                    if s:
                        case.learn(witness, s)
            waiting = [case for case in waiting if case.is_open]
            if not waiting:
                return
        for prime in sorted({prime for case in waiting for prime in case.possible}):
            if brauer := brauer_characters(table, prime):
                for case in waiting:
                    case.learn_brauer(prime, brauer)
        waiting = [case for case in waiting if case.is_open]


def _least_conjugate(table: CharacterTable, row: int) -> int:
    orbit = {row}
    waiting = [row]
    maps = [table.columns.power_map(unit) for unit in unit_generators(table.columns.exponent)]
    while waiting and maps:
        index = table.index[waiting.pop()]
        fresh = set(table.rows_of(np.array([index[one] for one in maps])).tolist()) - orbit
        orbit |= fresh
        waiting += fresh
    return min(orbit)


@dataclass(frozen=True)
class _Witness:
    """The cyclic algebra of eta = psi^H, and how often eta occurs in the open characters."""

    order: int  # o, of psi
    field: ValueField  # Q(eta)
    root: int  # b: psi(x^t) is zeta_o^b
    subgroup_order: int
    multiplicities: list[int]

    def local_index(self, prime: int) -> int:
        """Of the algebra of eta over the completion of Q(eta) at a prime above p."""
        if self.order % (4 if prime == 2 else prime) or not self.root:
            return 1
        modulus = math.lcm(self.field.conductor, self.order)
        fixing = set(self.field.stabilizer)
        group = decomposition_group(modulus, prime)
        inert = sum((u % self.field.conductor or 1) in fixing for u in group)
        # Units that agree on Q(eta) agree on the root of unity in it, so each residue occurs ``inert`` times.
        norm = sum(self.root * u % self.order for u in group) // inert
        return self.order // math.gcd(self.order, norm)


class _Case:
    """What is known of one character while facts come in."""

    def __init__(self, table: CharacterTable, row: int) -> None:
        self.row = row
        order, degree = table.columns.order, int(table.degrees[row])
        self.field = ValueField.of(table.numbers[i] for i in np.unique(table.index[row]).tolist())
        indicator = int(table.indicators[row])
        self.at_infinity = 2 if indicator == -1 else 1
        roots = self.field.roots_of_unity
        self.reasons = [f"indicator {indicator}, so {self.at_infinity} over the real numbers"]
        self.reasons.append(f"divides the degree {degree} and the {roots} roots of unity in {self.field.name}")
        self.possible: dict[int, tuple[int, ...]] = {}
        for prime, multiplicity in prime_factors(order):
            top = math.gcd(degree, roots, 2 if prime == 2 else prime - 1)
            if degree % prime**multiplicity and top > 1:
                self.possible[prime] = tuple(d for d in range(1, top + 1) if top % d == 0)
        self._reciprocity()

    @property
    def is_open(self) -> bool:
        """Whether some local index is not settled, unless the global one is all the same."""
        return any(len(values) > 1 for values in self.possible.values())

    def learn(self, witness: _Witness, s: int) -> None:
        """Strike out what a witness with <chi_H, eta> = s excludes."""
        both = self.field | witness.field
        for prime, values in self.possible.items():
            if len(values) == 1:
                continue
            above = both.local_degree(prime)
            step = above // self.field.local_degree(prime)
            index = witness.local_index(prime)
            index //= math.gcd(index, above // witness.field.local_degree(prime))
            left = tuple(
                m
                for m in values
                if (s * index * step) % m == 0
                and (s * (m // math.gcd(m, step))) % index == 0
                and (s * index) % (m // math.gcd(m, step)) == 0
            )
            assert left, f"no Schur index is left at {prime}"
            if len(left) < len(values):
                self.possible[prime] = left
                kind = f"a subgroup of order {witness.subgroup_order} and its character of field {witness.field.name}"
                self.reasons.append(f"{_listed(left)} at {prime}: {kind}, multiplicity {s}, local index {index}")
        self._reciprocity()

    def learn_brauer(self, prime: int, brauer: BrauerCharacters) -> None:
        """Benard's theorem; the Sylow p-subgroups are cyclic."""
        if len(self.possible.get(prime, ())) < 2:
            return
        inside = brauer.field_of_constituent(self.row)
        index = (self.field | inside).local_degree(prime) // self.field.local_degree(prime)
        assert index in self.possible[prime], f"Benard's index {index} at {prime} is not among {self.possible[prime]}"
        self.possible[prime] = (index,)
        self.reasons.append(f"{index} at {prime}: a Brauer character with field {inside.name}, Sylow subgroups cyclic")
        self._reciprocity()

    def _reciprocity(self) -> None:
        """When the part of two is open at one prime alone, and an odd number of primes lie above it, it is decided."""
        parts = {prime: {m & -m for m in values} for prime, values in self.possible.items()}
        if any(max(part) > 2 for part in parts.values()):
            return
        unsure = [prime for prime, part in parts.items() if len(part) > 1]
        if len(unsure) != 1 or self.field.primes_above(unsure[0]) % 2 == 0:
            return
        prime = unsure[0]
        ramified = self.field.degree if self.at_infinity == 2 else 0
        ramified += sum(self.field.primes_above(p) for p, part in parts.items() if part == {2})
        wanted = 1 + ramified % 2
        self.possible[prime] = tuple(m for m in self.possible[prime] if m & -m == wanted)
        self.reasons.append(f"{_listed(self.possible[prime])} at {prime}: local invariants sum to a whole number")

    def answer(self) -> SchurIndex:
        found = SchurIndex(None, self.at_infinity, dict(self.possible), tuple(self.reasons))
        return replace(found, value=found.upper) if found.lower == found.upper else found


def _listed(values: tuple[int, ...]) -> str:
    return " or ".join(map(str, values))


def _cyclic(table: CharacterTable) -> Iterator[Subgroup]:
    """The cyclic subgroups up to conjugacy, largest first."""
    classes = table.classes
    first = np.unique(classes.divisions, return_index=True)[1]
    for j in sorted(first.tolist(), key=lambda one: -int(classes.element_orders[one])):
        yield classes.group.subgroup([int(classes.representatives[j])])


def _all_subgroups(group: Group, budget: int) -> Iterator[Subgroup]:
    """All subgroups up to conjugacy, largest first; none when they are too many."""
    try:
        lattice = subgroup_lattice(group, budget=budget)
    except BudgetSpentError:
        return
    for one in reversed(lattice.classes):
        yield one.subgroup


def _witnesses(table: CharacterTable, subgroup: Subgroup, rows: np.ndarray) -> Iterator[_Witness]:
    """The algebras of the psi^<A, x> for one A: psi up to Galois conjugacy, x up to what the algebra is made of."""
    group, members = table.group, subgroup.elements
    conjugations = _conjugations(group, subgroup)
    settled: set[tuple[int, bytes]] = set()
    for order, exponents in _linear_characters(subgroup):
        if (order, exponents.tobytes()) in settled:
            continue
        family = {(exponents * u % order).tobytes(): u for u in units(order).tolist()}
        settled.update((order, one) for one in family)
        multiplicities = _occurrences(table, rows, members, exponents, order)
        if not any(multiplicities):
            continue
        seen: set[tuple[int, int]] = set()
        for x, images in conjugations:
            unit = family.get(exponents[images].tobytes())
            if unit is None:
                continue
            powers = _powers(unit, order)
            last = int(group.powers(len(powers), np.array([x]))[0])
            if not subgroup.mask[last] or (x and len(powers) == 1):
                continue  # <A, x> is larger than x is as an automorphism
            root = int(exponents[np.searchsorted(members, last)])
            if (unit, root) not in seen:
                seen.add((unit, root))
                size = len(powers) * subgroup.order
                yield _Witness(order, _fixed_field(order, powers), root, size, multiplicities)


def _linear_characters(subgroup: Subgroup) -> Iterator[tuple[int, np.ndarray]]:
    """The homomorphisms to roots of unity: order o, and shape (|A|,) exponents of zeta_o on the elements."""
    onto = natural_map(derived_subgroup(subgroup.as_group()))
    below = character_table(onto.target)
    exponent = onto.target.exponent
    # the numbers of an abelian group's table are the powers of zeta_e, in order
    for row in below.index[:, below.classes.class_of[onto.images]].astype(np.int64):
        divisor = int(np.gcd.reduce(row, initial=exponent))
        yield exponent // divisor, row // divisor


def _conjugations(group: Group, subgroup: Subgroup) -> list[tuple[int, np.ndarray]]:
    """For one x of each coset of A in its normaliser, 1 first: the places of x a x^-1, a in A."""
    members, found = subgroup.elements, []
    left = subgroup.normalizer.mask.copy()
    while left.any():
        x = int(np.argmax(left))
        left[group.table[members, x]] = False
        images = group.table[group.table[x, members], group.inverses[x]]
        found.append((x, np.searchsorted(members, images)))
    return found


def _occurrences(
    table: CharacterTable, rows: np.ndarray, members: np.ndarray, exponents: np.ndarray, order: int
) -> list[int]:
    """<chi_A, psi> for the rows; whole numbers below chi(1), hence below the prime."""
    prime = prime_for(table.columns.exponent, max(int(table.degrees.max()), 2 * table.columns.exponent))
    root = root_of_unity(order, prime)
    inverse_powers = np.array([pow(root, -i, prime) for i in range(order)], dtype=np.int64)[exponents]
    weights = np.zeros(len(table), dtype=np.int64)
    np.add.at(weights, table.classes.class_of[members], inverse_powers)
    values = table.numbers.residues(prime)[table.index[rows]]
    sums = (values * (weights % prime) % prime).sum(axis=1) % prime
    return [int(one) for one in sums * pow(len(members), -1, prime) % prime]


def _powers(unit: int, modulus: int) -> tuple[int, ...]:
    """1, u, u^2, ... modulo o, each once, as numbers from 1 to o."""
    found = [1]
    while (power := found[-1] * unit % modulus or modulus) != 1:
        found.append(power)
    return tuple(found)


def _fixed_field(order: int, automorphisms: tuple[int, ...]) -> ValueField:
    """The subfield of Q(zeta_o) that a group of units fixes, over its own conductor."""
    inside = set(automorphisms)
    for conductor in (d for d in range(1, order + 1) if order % d == 0):
        # F lies in Q(zeta_d) when every unit that is 1 modulo d belongs to the group
        if all(u in inside for u in units(order).tolist() if (u - 1) % conductor == 0):
            return ValueField(conductor, tuple(sorted({u % conductor or 1 for u in automorphisms})))
    raise AssertionError("a field has a conductor")
