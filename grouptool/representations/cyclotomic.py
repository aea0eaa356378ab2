"""Exact cyclotomic numbers: sums of roots of unity with rational coefficients, each written in one way only.

Public: Cyclotomic.
A value lives in the smallest cyclotomic field that holds it and is written in Zumbroich's basis of that field, as in
GAP, so equal numbers are equal objects. SymPy and LaTeX forms are made on request.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Mapping
from fractions import Fraction
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from ..group import prime_factors

if TYPE_CHECKING:
    import sympy

__all__ = ["Cyclotomic"]


class Cyclotomic:
    """An element of Q(zeta_N), zeta_N = exp(2 pi i / N), with N as small as possible.

    Attributes:
        conductor: N; 1 for a rational number, never 2 modulo 4.
        coefficients: exponent -> Fraction, over the exponents of the Zumbroich basis, zeros left out.

    Frozen and hashable; ``==`` is equality of numbers, with integers and Fractions too.

    Source: Breuer, Integral bases for subfields of cyclotomic fields, AAECC 8 (1997); Bosma, Canonical bases for
    cyclotomic fields, AAECC 1 (1990).

    >>> golden = Cyclotomic.root(5) + Cyclotomic.root(5, 4)
    >>> str(golden), golden * golden + golden
    ('(-1+sqrt(5))/2', 1)
    """

    def __init__(self, conductor: int, coefficients: Mapping[int, Fraction | int]) -> None:
        terms: dict[int, Fraction] = {}
        for exponent, value in coefficients.items():
            place = exponent % conductor
            terms[place] = terms.get(place, Fraction(0)) + Fraction(value)
        self.conductor, self.coefficients = _smallest(conductor, _in_basis(conductor, terms))

    @staticmethod
    def root(order: int, exponent: int = 1) -> Cyclotomic:
        """The root of unity exp(2 pi i exponent / order), GAP's E(order)^exponent."""
        return Cyclotomic(order, {exponent: 1})

    @staticmethod
    def _coerced(value: object) -> Cyclotomic | None:
        if isinstance(value, Cyclotomic):
            return value
        return Cyclotomic(1, {0: value}) if isinstance(value, int | Fraction) else None

    # -- arithmetic

    def __add__(self, other: object) -> Cyclotomic:
        second = self._coerced(other)
        if second is None:
            return NotImplemented
        common = math.lcm(self.conductor, second.conductor)
        terms = self._spread(common)
        for exponent, value in second._spread(common).items():
            terms[exponent] = terms.get(exponent, Fraction(0)) + value
        return Cyclotomic(common, terms)

    def __mul__(self, other: object) -> Cyclotomic:
        second = self._coerced(other)
        if second is None:
            return NotImplemented
        common = math.lcm(self.conductor, second.conductor)
        right = second._spread(common)
        terms: dict[int, Fraction] = {}
        for i, x in self._spread(common).items():
            for j, y in right.items():
                place = (i + j) % common
                terms[place] = terms.get(place, Fraction(0)) + x * y
        return Cyclotomic(common, terms)

    def __truediv__(self, other: int | Fraction) -> Cyclotomic:
        return self * (Fraction(1) / other)

    def __neg__(self) -> Cyclotomic:
        return self * -1

    def __sub__(self, other: object) -> Cyclotomic:
        second = self._coerced(other)
        return NotImplemented if second is None else self + -second

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: object) -> Cyclotomic:
        return -self + other

    def __eq__(self, other: object) -> bool:
        second = self._coerced(other)
        if second is None:
            return NotImplemented
        return self.conductor == second.conductor and self.coefficients == second.coefficients

    def __hash__(self) -> int:
        if self.is_rational:
            return hash(self.rational)
        return hash((self.conductor, tuple(sorted(self.coefficients.items()))))

    def galois(self, exponent: int) -> Cyclotomic:
        """The image under zeta -> zeta^exponent, for an exponent prime to the conductor."""
        return Cyclotomic(self.conductor, {i * exponent: value for i, value in self.coefficients.items()})

    def conjugate(self) -> Cyclotomic:
        """The complex conjugate."""
        return self.galois(-1)

    def conjugates(self) -> list[Cyclotomic]:
        """The distinct Galois conjugates, the number itself first."""
        units = (j for j in range(1, self.conductor + 1) if math.gcd(j, self.conductor) == 1)
        return list(dict.fromkeys(self.galois(j) for j in units))

    # -- readings

    @property
    def is_rational(self) -> bool:
        """Whether the number is in Q."""
        return self.conductor == 1

    @property
    def rational(self) -> Fraction:
        """The number as a Fraction; ValueError unless it is rational."""
        if not self.is_rational:
            raise ValueError(f"{self} is not rational")
        return self.coefficients.get(0, Fraction(0))

    def __complex__(self) -> complex:
        turn = 2j * cmath.pi / self.conductor
        return sum((float(value) * cmath.exp(turn * i) for i, value in self.coefficients.items()), 0j)

    @cached_property
    def quadratic(self) -> tuple[Fraction, Fraction, int] | None:
        """(a, b, D) with the number equal to a + b sqrt(D), D square-free, when it is irrational and quadratic."""
        if self.is_rational or len(conjugates := self.conjugates()) != 2:
            return None
        half_trace = ((self + conjugates[1]) / 2).rational
        square = ((self - half_trace) * (self - half_trace)).rational  # b^2 D
        whole = square.numerator * square.denominator
        outside, inside = 1, 1 if whole > 0 else -1
        for prime, multiplicity in prime_factors(abs(whole)):
            outside *= prime ** (multiplicity // 2)
            inside *= prime ** (multiplicity % 2)
        factor = Fraction(outside, square.denominator)
        value = complex(self)
        positive = value.imag > 0 if inside < 0 else value.real > half_trace
        return half_trace, factor if positive else -factor, inside

    def __str__(self) -> str:
        """Rational numbers and quadratic irrationalities as such, the rest as sums of E(N)^k."""
        if self.is_rational:
            return str(self.rational)
        if self.quadratic is not None:
            return _quadratic_text(*self.quadratic)
        return self.roots_text()

    def roots_text(self) -> str:
        """As a sum of roots of unity, in GAP's form: ``E(5)+E(5)^4``."""
        if self.is_rational:
            return str(self.rational)
        name = f"E({self.conductor})"
        terms = [
            _signed(value, name if i == 1 else f"{name}^{i}" if i else "")
            for i, value in sorted(self.coefficients.items())
        ]
        return "".join(terms).removeprefix("+")

    def __repr__(self) -> str:
        return str(self)

    def latex(self) -> str:
        """LaTeX text: fractions, square roots and i where they serve, else powers of zeta_N."""
        import sympy

        if self.quadratic is not None:
            return str(sympy.latex(self.to_sympy()))
        zeta = sympy.Symbol(rf"\zeta_{{{self.conductor}}}")
        return str(sympy.latex(sum(_rational(value) * zeta**i for i, value in sorted(self.coefficients.items()))))

    def to_sympy(self) -> sympy.Expr:
        """A SymPy expression: square roots for quadratic numbers, else sums of exp(2 pi i k / N)."""
        import sympy

        if self.quadratic is not None:
            a, b, inside = self.quadratic
            return _rational(a) + _rational(b) * sympy.sqrt(inside)
        turn = 2 * sympy.pi * sympy.I / self.conductor
        return sympy.Add(*(_rational(value) * sympy.exp(turn * i) for i, value in sorted(self.coefficients.items())))

    def to_json(self) -> dict[str, Any]:
        """Conductor, coefficients as [exponent, numerator, denominator], text, and [real, imaginary] as ``complex``."""
        value = complex(self)
        return {
            "conductor": self.conductor,
            "coefficients": [[i, x.numerator, x.denominator] for i, x in sorted(self.coefficients.items())],
            "text": str(self),
            "complex": [value.real, value.imag],
        }

    def _spread(self, conductor: int) -> dict[int, Fraction]:
        """The terms over a multiple of the conductor."""
        step = conductor // self.conductor
        return {i * step: value for i, value in self.coefficients.items()}


@cache
def _replacements(conductor: int) -> list[tuple[int, tuple[int, ...], int]]:
    """Steps that rewrite roots outside the basis: (exponent, exponents to add to, sign), in the order to apply them.

    For the 2-part q of N, zeta^i with i in the upper half modulo q is -zeta^(i + N/2). For an odd prime p with part q,
    zeta^i in the middle of Z/q is minus the sum of zeta^(i + j N/p), j = 1 .. p - 1.
    """
    steps = []
    for prime, multiplicity in prime_factors(conductor):
        part = prime**multiplicity
        unit = conductor // part
        if prime == 2:
            outside = {b % part for b in range(part // 2, part)}
        else:
            reach = (part // prime - 1) // 2
            outside = {b % part for b in range(-reach, reach + 1)}
        for a in range(unit):
            for b in outside:
                exponent = (a * part + b * unit) % conductor
                others = tuple((exponent + j * (conductor // prime)) % conductor for j in range(1, prime))
                steps.append((exponent, others, -1))
    return steps


def _in_basis(conductor: int, terms: dict[int, Fraction]) -> dict[int, Fraction]:
    """The same number over the Zumbroich basis of Q(zeta_N), zeros left out."""
    for exponent, others, sign in _replacements(conductor) if conductor > 1 else ():
        value = terms.pop(exponent, None)
        if value:
            for other in others:
                terms[other] = terms.get(other, Fraction(0)) + sign * value
    return {exponent: value for exponent, value in terms.items() if value}


def _smallest(conductor: int, terms: dict[int, Fraction]) -> tuple[int, dict[int, Fraction]]:
    """The smallest field that holds a number in basis form, and its form there."""
    if not terms:
        return 1, {}
    for prime, multiplicity in prime_factors(conductor) if conductor > 1 else ():
        for _ in range(multiplicity):
            reduced = _divided(conductor, prime, terms)
            if reduced is None:
                break
            conductor //= prime
            terms = _in_basis(conductor, reduced)
    return conductor, terms


def _divided(conductor: int, prime: int, terms: dict[int, Fraction]) -> dict[int, Fraction] | None:
    """The number over zeta_(N/p), or None when it is not there."""
    smaller = conductor // prime
    if smaller % prime == 0 or prime == 2:
        # The basis of the smaller field is part of this one.
        if any(exponent % prime for exponent in terms):
            return None
        return {exponent // prime: value for exponent, value in terms.items()}
    # p divides N once: 1 is minus the sum of the other p-th roots, so a number of the smaller field has equal
    # coefficients on the p - 1 translates by N/p of each of its exponents.
    reduced: dict[int, Fraction] = {}
    for exponent, value in terms.items():
        translates = [(exponent + j * smaller) % conductor for j in range(prime)]
        inside = next(one for one in translates if one % prime == 0)
        if any(terms.get(one) != value for one in translates if one != inside):
            return None
        reduced[inside // prime] = -value
    return reduced


def _quadratic_text(a: Fraction, b: Fraction, inside: int) -> str:
    root = "i" if inside == -1 else f"sqrt({inside})"
    common = math.lcm(a.denominator, b.denominator)
    text = (_signed(a * common, "") if a else "") + _signed(b * common, root)
    text = text.removeprefix("+")
    return text if common == 1 else f"({text})/{common}"


def _signed(value: Fraction, symbol: str) -> str:
    sign, size = ("-", -value) if value < 0 else ("+", value)
    if not symbol:
        return f"{sign}{size}"
    return f"{sign}{symbol}" if size == 1 else f"{sign}{size}*{symbol}"


def _rational(value: Fraction) -> sympy.Rational:
    import sympy

    return sympy.Rational(value.numerator, value.denominator)
