"""Square roots of rational numbers, and matrices whose entries are rational numbers times such roots.

Public: square_root, surd_parts, as_fraction, SurdMatrix.
Read by alternating, young and alternating_forms. Square roots become exact cyclotomic numbers through Gauss sums.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from typing import Any

import numpy as np

from ...group import prime_factors
from ..cyclotomic import Cyclotomic

__all__ = ["SurdMatrix", "as_fraction", "square_root", "surd_parts"]


def square_root(value: Fraction | int) -> Cyclotomic:
    """The square root of a rational number, exactly: positive, or i times a positive number.

    Cost: with a^2 m the value and m square-free, about 4 m terms are added up.
    Source: Gauss sums; Ireland and Rosen, A Classical Introduction to Modern Number Theory (1990), chapter 6.

    >>> str(square_root(Fraction(-3, 4))), square_root(5) * square_root(5)
    ('(sqrt(-3))/2', 5)
    """
    factor, inside = surd_parts(Fraction(value))
    return _integer_root(inside) * factor


@lru_cache(maxsize=100_000)
def surd_parts(value: Fraction | int) -> tuple[Fraction, int]:
    """(a, m) with a^2 m the value, m square-free and a not negative; (0, 1) for 0."""
    value = Fraction(value)
    if value == 0:
        return Fraction(0), 1
    inside = -1 if value < 0 else 1
    for whole in (abs(value.numerator), value.denominator):  # coprime, so factored apart
        inside *= math.prod(prime for prime, multiplicity in prime_factors(whole) if multiplicity % 2)
    outside = math.isqrt(value.numerator * value.denominator // inside)
    return Fraction(outside, value.denominator), inside


@cache
def _integer_root(square_free: int) -> Cyclotomic:
    root = Cyclotomic.root(4) if square_free < 0 else Cyclotomic(1, {0: 1})
    for prime, _ in prime_factors(abs(square_free)):
        root = root * _prime_root(prime)
    return root


def _prime_root(prime: int) -> Cyclotomic:
    """The sum of E(p)^(x^2) is sqrt(p) for p = 1 modulo 4, and i sqrt(p) for p = 3."""
    if prime == 2:
        return Cyclotomic(8, {1: 1, 7: 1})
    squares: dict[int, int] = {}
    for x in range(prime):
        squares[x * x % prime] = squares.get(x * x % prime, 0) + 1
    gauss_sum = Cyclotomic(prime, squares)
    return gauss_sum if prime % 4 == 1 else gauss_sum * Cyclotomic.root(4, 3)


@lru_cache(maxsize=100_000)
def _sum_of_roots(a: Fraction, m: int, b: Fraction, n: int) -> Cyclotomic:
    """a sqrt(m) + b sqrt(n), m square-free."""
    first = _integer_root(m) * a
    return first + square_root(n) * b if b else first


@dataclass(frozen=True, eq=False)
class SurdMatrix:
    """The matrix with entries (a + b sqrt(D)) sqrt(r / c).

    Attributes:
        rational: shape (d, e), object array of rational numbers (flint's fmpq): the a.
        irrational: as ``rational``: the b; None for zeros.
        square: D, an integer, perhaps negative.
        rows: d positive Fractions, the r; None for ones.
        columns: e positive Fractions, the c; None for ones.
    """

    rational: np.ndarray
    irrational: np.ndarray | None = None
    square: int = 1
    rows: Sequence[Fraction] | None = None
    columns: Sequence[Fraction] | None = None

    def exact(self) -> np.ndarray:
        """Shape (d, e), object array: Fractions where no root is in the definition, else Cyclotomic numbers."""
        if self.irrational is None and self.rows is None and self.columns is None:
            return np.asarray(np.frompyfunc(as_fraction, 1, 1)(self.rational))
        entries = np.full(self.rational.shape, Cyclotomic(1, {}), dtype=object)
        second = np.zeros_like(self.rational) if self.irrational is None else self.irrational
        for i, j in np.argwhere((self.rational != 0) | (second != 0)).tolist():
            scale, inside = self._root_at(i, j)
            a, b = as_fraction(self.rational[i, j]) * scale, as_fraction(second[i, j]) * scale
            entries[i, j] = _sum_of_roots(a, inside, b, inside * self.square)
        return entries

    def floats(self) -> np.ndarray:
        """Shape (d, e): float64, or complex128 where D is negative."""
        matrix = _floats(self.rational)
        if self.irrational is not None:
            root = math.sqrt(self.square) if self.square > 0 else 1j * math.sqrt(-self.square)
            matrix = matrix + root * _floats(self.irrational)
        if self.rows is not None:
            matrix = matrix * np.sqrt(np.array(self.rows, dtype=np.float64))[:, None]
        if self.columns is not None:
            matrix = matrix / np.sqrt(np.array(self.columns, dtype=np.float64))
        return matrix

    @cached_property
    def _parts(self) -> tuple[list[tuple[Fraction, int]] | None, list[tuple[Fraction, int]] | None]:
        """The roots of r and of 1 / c, as surd_parts."""
        return (
            None if self.rows is None else [surd_parts(r) for r in self.rows],
            None if self.columns is None else [surd_parts(1 / c) for c in self.columns],
        )

    def _root_at(self, i: int, j: int) -> tuple[Fraction, int]:
        """sqrt(r / c) as (factor, square-free integer)."""
        rows, columns = self._parts
        a, m = rows[i] if rows else (Fraction(1), 1)
        b, n = columns[j] if columns else (Fraction(1), 1)
        common = math.gcd(m, n)
        return a * b * common, m * n // common**2


def as_fraction(value: Any) -> Fraction:
    """A rational number of flint's, or an integer, as a Fraction."""
    return Fraction(int(value.p), int(value.q)) if value else Fraction(0)


def _floats(matrix: np.ndarray) -> np.ndarray:
    return np.asarray(np.frompyfunc(lambda value: float(as_fraction(value)), 1, 1)(matrix), dtype=np.float64)
