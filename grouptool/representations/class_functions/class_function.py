"""Class functions of a finite group, exactly: arithmetic, inner products, decomposition, powers, kernels, fields.

Public: ClassFunction, class_function, irreducible_character, irreducible_characters, trivial_character,
regular_character.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np

from ...errors import RepresentationError, TooLargeError
from ...group import Element, Group, Subgroup
from ...structure.classes import ConjugacyClasses, conjugacy_classes
from ..characters import CharacterTable, Columns, character_table
from ..cyclotomic import Cyclotomic
from . import character_powers
from .constituents import eigenvalue_multiplicities, multiplicities
from .value_fields import ValueField

__all__ = [
    "ClassFunction",
    "class_function",
    "irreducible_character",
    "irreducible_characters",
    "regular_character",
    "trivial_character",
]

Number = int | Fraction | Cyclotomic


@dataclass(frozen=True, eq=False, repr=False)
class ClassFunction:
    """A function on the k conjugacy classes of a group, with exact values.

    ``f + g``, ``f - g``, ``-f``; ``f * g`` is pointwise, which for characters is the tensor product, and ``f * 2`` a
    multiple by a number; ``f ** m`` is a tensor power; ``f == g`` compares groups and values. ``f[j]`` is the value on
    class j, ``f(x)`` at an element. What asks for irreducible characters makes the character table when it is first
    asked; functions made from one another share it.

    Attributes:
        columns: the classes; those of a group with a Cayley table are ``ConjugacyClasses``.
        values: k numbers.
    """

    columns: Columns
    values: tuple[Cyclotomic, ...]
    _made: dict[str, CharacterTable] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, class_index: int) -> Cyclotomic:
        return self.values[class_index]

    def __call__(self, element: Element | int) -> Cyclotomic:
        return self.values[int(self.classes.class_of[int(element)])]

    def __repr__(self) -> str:
        return f"<ClassFunction of {self.columns.name}: {', '.join(map(str, self.values))}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ClassFunction):
            return NotImplemented
        return _same(self.columns, other.columns) and self.values == other.values

    def __hash__(self) -> int:
        return hash((self.columns.order, self.values))

    @property
    def classes(self) -> ConjugacyClasses:
        """The columns as classes of the elements of a group; TooLargeError when there are no elements."""
        if not isinstance(self.columns, ConjugacyClasses):
            raise TooLargeError(
                f"this class function of {self.columns.name} was made without its elements; ask a group with a Cayley "
                "table instead"
            )
        return self.columns

    @property
    def group(self) -> Group:
        """The group; TooLargeError as for ``classes``."""
        return self.classes.group

    @property
    def table(self) -> CharacterTable:
        """The character table of the group, computed when it is first needed.

        Raises:
            TooLargeError: it is too large, or there are no elements to make it from.
        """
        if "table" not in self._made:
            self._made["table"] = character_table(self.classes)
        return self._made["table"]

    @property
    def complex(self) -> np.ndarray:
        """Shape (k,), complex128: the values."""
        return np.array([complex(one) for one in self.values])

    # -- arithmetic

    def __add__(self, other: ClassFunction) -> ClassFunction:
        if not isinstance(other, ClassFunction):
            return NotImplemented
        return self._like([x + y for x, y in self._pairs(other)])

    def __neg__(self) -> ClassFunction:
        return self._like([-x for x in self.values])

    def __sub__(self, other: ClassFunction) -> ClassFunction:
        return self + -other if isinstance(other, ClassFunction) else NotImplemented

    def __mul__(self, other: ClassFunction | Number) -> ClassFunction:
        if isinstance(other, ClassFunction):
            return self._like([x * y for x, y in self._pairs(other)])
        if isinstance(other, Number):
            return self._like([x * other for x in self.values])
        return NotImplemented

    __rmul__ = __mul__

    def __pow__(self, exponent: int) -> ClassFunction:
        if exponent < 0:
            raise RepresentationError(f"a tensor power has an exponent of at least 0, not {exponent}")
        result, base = self._like([Cyclotomic(1, {0: 1})] * len(self)), self
        while exponent:
            if exponent & 1:
                result = result * base
            exponent >>= 1
            base = base * base if exponent else base
        return result

    def conjugate(self) -> ClassFunction:
        """The complex conjugate: of a character, that of the dual representation."""
        return self._like([x.conjugate() for x in self.values])

    def galois(self, unit: int) -> ClassFunction:
        """The values under zeta -> zeta^u; for a generalised character it is g -> chi(g^u) too.

        Args:
            unit: prime to the conductor of the field of values; prime to the exponent always serves.
        """
        if math.gcd(unit, conductor := math.lcm(*(x.conductor for x in self.values))) != 1:
            raise RepresentationError(
                f"zeta -> zeta^{unit} is no automorphism of the field of the values: {unit} and its conductor "
                f"{conductor} are not coprime"
            )
        return self._like([x.galois(unit) for x in self.values])

    def inner(self, other: ClassFunction) -> Cyclotomic:
        """<f, g> = (1/n) sum over elements x of f(x) conj(g(x)), exactly; linear in f.

        Source: Isaacs, Character Theory of Finite Groups (1976), definition 2.16.
        """
        pairs = self._pairs(other)
        common = math.lcm(*(x.conductor for x in (*self.values, *other.values)))
        terms: dict[int, Fraction] = {}
        for size, (x, y) in zip(self.columns.sizes.tolist(), pairs, strict=True):
            left, right = common // x.conductor, common // y.conductor
            for i, a in x.coefficients.items():
                for j, b in y.coefficients.items():
                    place = (i * left - j * right) % common
                    terms[place] = terms.get(place, Fraction(0)) + size * a * b
        return Cyclotomic(common, terms) / self.columns.order

    @property
    def norm(self) -> Cyclotomic:
        """<f, f>: for a character the sum of the squares of its multiplicities."""
        return self.inner(self)

    @property
    def degree(self) -> int:
        """The value at 1, as a whole number; RepresentationError when it is none."""
        value = self.values[0]
        if not value.is_rational or value.rational.denominator != 1:
            raise RepresentationError(f"the value at the identity is {value}, no degree of a generalised character")
        return int(value.rational)

    # -- decomposition

    @cached_property
    def multiplicities(self) -> np.ndarray:
        """Shape (k,), int64 (Python integers when they are larger): <f, chi_i> for the rows i of the table.

        Raises:
            RepresentationError: the function is no generalised character, that is, one of them is no whole number.

        Cost: k^2 products of residues modulo one prime. They are the multiplicities, not just modulo p: see
        ``constituents.multiplicities``.
        """
        return multiplicities(self.table, self.values)

    def decompose(self) -> dict[int, int]:
        """Row of the table -> multiplicity, the irreducible characters that occur; refused as ``multiplicities``."""
        found = self.multiplicities
        return {int(row): int(found[row]) for row in np.flatnonzero(found)}

    @property
    def constituents(self) -> tuple[ClassFunction, ...]:
        """The irreducible characters that occur, in the order of the table; refused as ``multiplicities``."""
        return tuple(irreducible_character(self.table, row) for row in self.decompose())

    @property
    def is_generalized(self) -> bool:
        """Whether it is a difference of two characters."""
        try:
            return len(self.multiplicities) > 0
        except RepresentationError:
            return False

    @property
    def is_character(self) -> bool:
        """Whether it is the character of a representation, other than 0."""
        return self.is_generalized and bool((self.multiplicities >= 0).all() and self.multiplicities.any())

    @property
    def is_irreducible(self) -> bool:
        """Whether it is an irreducible character."""
        return self.is_character and int(self.multiplicities.sum()) == 1

    # -- powers

    def adams(self, m: int) -> ClassFunction:
        """The Adams operation psi^m: g -> f(g^m), for any whole m."""
        return self._like([self.values[j] for j in self.columns.power_map(m).tolist()])

    def symmetric_power(self, m: int) -> ClassFunction:
        """The character of the m-th symmetric power; of f - g it is the generalised one (lambda-ring).

        Source: Newton's identities, m h_m = sum over i of psi^i h_(m - i). Cost: k m^2 / 2 exact products.
        """
        return self._like(character_powers.complete(self._adams_values(m)))

    def exterior_power(self, m: int) -> ClassFunction:
        """The character of the m-th exterior power, as ``symmetric_power``."""
        return self._like(character_powers.elementary(self._adams_values(m)))

    @property
    def symmetric_square(self) -> ClassFunction:
        """(f(g)^2 + f(g^2)) / 2."""
        return self.symmetric_power(2)

    @property
    def exterior_square(self) -> ClassFunction:
        """(f(g)^2 - f(g^2)) / 2, the alternating square."""
        return self.exterior_power(2)

    def schur_functor(self, partition: Sequence[int]) -> ClassFunction:
        """The character of the Schur functor of a partition: (m) is the symmetric, (1, ..., 1) the exterior power.

        Source: Fulton and Harris, Representation Theory (1991), section 6.1; the Jacobi-Trudi determinant.

        Raises:
            RepresentationError: not a decreasing sequence of positive numbers.
        """
        parts = character_powers.partition(partition)
        return self._like(character_powers.schur(self._adams_values(sum(parts)), parts))

    def higher_indicator(self, m: int) -> int:
        """The Frobenius-Schur indicator nu_m = (1/n) sum over elements x of f(x^m), for any whole m.

        The sum of nu_m(chi) chi over the irreducible chi takes g to the number of m-th roots of g.

        Raises:
            RepresentationError: it is no whole number, so f is no generalised character.

        Source: Isaacs, Character Theory of Finite Groups (1976), lemma 4.4.
        """
        value = self.adams(m).inner(self._like([Cyclotomic(1, {0: 1})] * len(self)))
        if not value.is_rational or value.rational.denominator != 1:
            raise RepresentationError(f"the indicator is {value}: this is no generalised character")
        return int(value.rational)

    @property
    def indicator(self) -> int:
        """nu_2: for an irreducible character 1 real type, 0 complex, -1 quaternionic."""
        return self.higher_indicator(2)

    def eigenvalues(self, class_index: int) -> np.ndarray:
        """Shape (o,), int64: how often exp(2 pi i j / o) is an eigenvalue of an element of order o of a class.

        Raises:
            RepresentationError: f restricted to the cyclic subgroup is no generalised character.
        """
        return eigenvalue_multiplicities(self.columns, self.values, class_index)

    def determinant(self) -> ClassFunction:
        """The linear character g -> det rho(g); for f - g, the quotient of the two.

        Raises:
            RepresentationError: no generalised character.
        """
        orders = self.columns.element_orders
        values: dict[int, Cyclotomic] = {}
        for j in np.argsort(-orders, kind="stable").tolist():
            if j in values:
                continue
            # det(g^i) = det(g)^i, so classes of powers need no eigenvalues of their own
            order = int(orders[j])
            exponent = int(self.eigenvalues(j) @ np.arange(order)) % order
            for i in range(1, order + 1):
                values.setdefault(int(self.columns.power_map(i)[j]), Cyclotomic.root(order, exponent * i % order))
        return self._like([values[j] for j in range(len(self))])

    # -- kernel, centre, field

    @property
    def kernel(self) -> Subgroup:
        """The elements that act as 1: where chi(g) = chi(1). Refused for what is no character."""
        self._expect_character("kernel")
        return self._subgroup([x == self.values[0] for x in self.values])

    @property
    def center(self) -> Subgroup:
        """The elements that act as scalars: where |chi(g)| = chi(1). Refused for what is no character.

        Source: Isaacs, Character Theory of Finite Groups (1976), definition 2.26.
        """
        self._expect_character("centre")
        square = self.values[0] * self.values[0]
        return self._subgroup([x * x.conjugate() == square for x in self.values])

    @property
    def is_faithful(self) -> bool:
        """Whether only 1 acts as 1. Refused for what is no character."""
        self._expect_character("kernel")
        return self.values.count(self.values[0]) == 1

    @cached_property
    def field(self) -> ValueField:
        """The field of values, Q(f)."""
        return ValueField.of(self.values)

    @property
    def is_rational(self) -> bool:
        """Whether all values are rational."""
        return all(x.is_rational for x in self.values)

    @property
    def is_real(self) -> bool:
        """Whether all values are real."""
        return all(x == x.conjugate() for x in dict.fromkeys(self.values))

    # -- helpers

    def _like(self, values: Sequence[Cyclotomic]) -> ClassFunction:
        return ClassFunction(self.columns, tuple(values), self._made)

    def _pairs(self, other: ClassFunction) -> list[tuple[Cyclotomic, Cyclotomic]]:
        if not _same(self.columns, other.columns):
            raise RepresentationError(
                f"class functions of {self.columns.name} ({len(self)} classes) and of {other.columns.name} "
                f"({len(other)} classes) do not combine; restrict, induce or inflate one of them"
            )
        if not self._made and other._made:
            self._made.update(other._made)
        return list(zip(self.values, other.values, strict=True))

    def _adams_values(self, m: int) -> list[list[Cyclotomic]]:
        """For each class the values of psi^1, ..., psi^m."""
        if m < 0:
            raise RepresentationError(f"a symmetric or exterior power has an exponent of at least 0, not {m}")
        maps = [self.columns.power_map(i).tolist() for i in range(1, m + 1)]
        return [[self.values[power[j]] for power in maps] for j in range(len(self))]

    def _expect_character(self, what: str) -> None:
        if not self.is_character:
            raise RepresentationError(f"only a character has a {what}, and this class function is none: {self!r}")

    def _subgroup(self, chosen: list[bool]) -> Subgroup:
        return Subgroup(self.group, np.array(chosen)[self.classes.class_of])


def class_function(of: CharacterTable | Columns | Group, values: Sequence[Number]) -> ClassFunction:
    """The class function with given values, one for each class in order.

    Args:
        of: a character table, classes, or a group.
        values: k whole numbers, Fractions or Cyclotomics.

    Raises:
        RepresentationError: not k of them, or one is a float, say.

    >>> from grouptool import group
    >>> table = character_table(group("S3"))
    >>> class_function(table, [3, 1, 0]).decompose()
    {0: 1, 2: 1}
    """
    made = {"table": of} if isinstance(of, CharacterTable) else {}
    if isinstance(of, Group):
        columns: Columns = conjugacy_classes(of)
    else:
        columns = of.columns if isinstance(of, CharacterTable) else of
    exact = []
    for value in values:
        whole = int(value) if isinstance(value, np.integer) else value
        if not isinstance(whole, Number):
            raise RepresentationError(
                f"the value {value!r} is not exact: give whole numbers, Fractions or Cyclotomic numbers"
            )
        exact.append(whole if isinstance(whole, Cyclotomic) else Cyclotomic(1, {0: whole}))
    if len(exact) != len(columns):
        raise RepresentationError(
            f"{columns.name} has {len(columns)} conjugacy classes, and {len(exact)} values are given"
        )
    return ClassFunction(columns, tuple(exact), made)


def irreducible_character(table: CharacterTable, row: int) -> ClassFunction:
    """A row of a character table."""
    row = range(len(table))[row]
    values = tuple(table.numbers[index] for index in table.index[row].tolist())
    return ClassFunction(table.columns, values, {"table": table})


def irreducible_characters(table: CharacterTable) -> tuple[ClassFunction, ...]:
    """All rows of a character table, in order."""
    return tuple(irreducible_character(table, row) for row in range(len(table)))


def trivial_character(table: CharacterTable) -> ClassFunction:
    """The character with value 1 everywhere."""
    return class_function(table, [1] * len(table))


def regular_character(table: CharacterTable) -> ClassFunction:
    """The character of the group on itself: n at the identity, 0 elsewhere."""
    return class_function(table, [table.columns.order] + [0] * (len(table) - 1))


def _same(first: Columns, second: Columns) -> bool:
    """Whether two sets of classes are those of one group in one order; classes of elements are in canonical order."""
    if first is second:
        return True
    if isinstance(first, ConjugacyClasses) and isinstance(second, ConjugacyClasses):
        return first.group == second.group
    return False
