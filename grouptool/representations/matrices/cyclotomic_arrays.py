"""Arrays of exact cyclotomic numbers over one field, as integer coefficients over one denominator.

Public: CyclotomicArray, power_basis, regular_blocks, roots_of_unity.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from ...errors import TooLargeError
from ..cyclotomic import Cyclotomic

__all__ = ["CyclotomicArray", "power_basis", "regular_blocks", "roots_of_unity"]

EXACT_FLOAT = 2.0**53
MOST_COEFFICIENTS = 100_000_000


@dataclass(frozen=True, eq=False)
class CyclotomicArray:
    """Numbers of Q(zeta_N): ``numerators[..., t]`` over ``denominator`` is the coefficient of zeta_N^t, t < phi(N).

    ``@``, ``+``, ``-``, ``==``, ``T``, indexing; ``tolist`` gives nested lists of ``Cyclotomic`` numbers.

    Attributes:
        conductor: N.
        numerators: shape (..., phi(N)), int64, or Python integers where those do not hold them.
        denominator: a positive integer.
    """

    conductor: int
    numerators: np.ndarray
    denominator: int = 1

    def __post_init__(self) -> None:
        self.numerators.flags.writeable = False

    @classmethod
    def of_integers(cls, values: np.ndarray, conductor: int = 1) -> CyclotomicArray:
        """Rational integers as elements of Q(zeta_N)."""
        numerators = np.zeros((*values.shape, power_basis(conductor).shape[1]), dtype=np.int64)
        numerators[..., 0] = values
        return cls(conductor, numerators)

    @classmethod
    def identity(cls, conductor: int, degree: int) -> CyclotomicArray:
        """Shape (d, d): the identity matrix."""
        return cls.of_integers(np.eye(degree, dtype=np.int64), conductor)

    def times_roots(self, order: int, exponents: np.ndarray) -> CyclotomicArray:
        """Each entry times exp(2 pi i exponents / order), ``exponents`` of the array's shape up to broadcasting.

        ``order`` divides N, or 2N for odd N: else the roots lie in no field that holds the array.
        """
        assert (self.conductor if self.conductor % 2 == 0 else 2 * self.conductor) % order == 0, (self, order)
        conductor, degree = self.conductor, self.numerators.shape[-1]
        turned, signs = exponents, np.ones_like(exponents)
        if conductor % order:  # zeta_2N = -zeta_N^((N + 1) / 2)
            step = 2 * conductor // order
            turned, signs = exponents * step * ((conductor + 1) // 2), np.where(exponents * step % 2, -1, 1)
        else:
            turned = exponents * (conductor // order)
        if degree == 1:
            return CyclotomicArray(conductor, self.numerators * signs[..., None], self.denominator)
        basis = power_basis(conductor)
        multiples = basis[(turned[..., None] + np.arange(degree)) % conductor]  # zeta^t times the root
        numerators = np.einsum("...t,...ts->...s", self.numerators, multiples * signs[..., None, None])
        return CyclotomicArray(conductor, numerators, self.denominator)

    def twisted(self, order: int, exponents: np.ndarray) -> CyclotomicArray:
        """Matrix s of an array (r, d, d) times exp(2 pi i exponents[s] / order), for each s."""
        if not exponents.any():
            return self
        common = math.gcd(order, *exponents.tolist())
        return self.times_roots(order // common, (exponents // common)[:, None, None])

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array, without the coefficients."""
        return self.numerators.shape[:-1]

    def __len__(self) -> int:
        return self.shape[0]

    def __repr__(self) -> str:
        return f"<CyclotomicArray of shape {self.shape} over Q(zeta_{self.conductor})>"

    def __getitem__(self, place: Any) -> CyclotomicArray | Cyclotomic:
        """A part of the array, or one number."""
        part = self.part(place)
        if part.shape:
            return part
        terms = {t: Fraction(int(value), self.denominator) for t, value in enumerate(part.numerators) if value}
        return Cyclotomic(self.conductor, terms)

    def part(self, place: Any) -> CyclotomicArray:
        """A part of the array; a single number as an array of shape ()."""
        return CyclotomicArray(self.conductor, self.numerators[place], self.denominator)

    def tolist(self) -> Any:
        """Nested lists of exact numbers; equal numbers are made once."""
        made: dict[bytes, Cyclotomic] = {}

        def entry(part: np.ndarray) -> Any:
            if part.ndim > 1:
                return [entry(one) for one in part]
            key = part.tobytes() if part.dtype != object else repr(part.tolist()).encode()
            if key not in made:
                terms = {t: Fraction(int(value), self.denominator) for t, value in enumerate(part) if value}
                made[key] = Cyclotomic(self.conductor, terms)
            return made[key]

        return entry(np.ascontiguousarray(self.numerators))

    @cached_property
    def complex(self) -> np.ndarray:
        """Complex128, of the shape of the array."""
        return self.embedded(1)

    def embedded(self, unit: int) -> np.ndarray:
        """Complex128: the image under the embedding zeta_N -> exp(2 pi i unit / N)."""
        powers = _embedded_powers(self.conductor, unit % self.conductor, self.numerators.shape[-1])
        return np.asarray(self.numerators.astype(np.float64) @ powers / self.denominator)

    @property
    def T(self) -> CyclotomicArray:  # noqa: N802 - numpy's name
        """The last two axes exchanged."""
        return CyclotomicArray(self.conductor, np.swapaxes(self.numerators, -2, -3), self.denominator)

    def galois(self, unit: int) -> CyclotomicArray:
        """The image under zeta_N -> zeta_N^unit."""
        if unit % self.conductor == 1 % self.conductor:
            return self
        places = np.arange(self.numerators.shape[-1]) * unit % self.conductor
        return CyclotomicArray(self.conductor, self.numerators @ power_basis(self.conductor)[places], self.denominator)

    def conj(self) -> CyclotomicArray:
        """The complex conjugate."""
        return self.galois(-1)

    def lifted(self, conductor: int) -> CyclotomicArray:
        """The same numbers over a larger field, N dividing its conductor."""
        places = np.arange(self.numerators.shape[-1]) * (conductor // self.conductor)
        return CyclotomicArray(conductor, self.numerators @ power_basis(conductor)[places], self.denominator)

    def reduced(self) -> CyclotomicArray:
        """The same numbers with the least denominator."""
        common = math.gcd(self.denominator, *map(int, np.unique(self.numerators)))
        return CyclotomicArray(self.conductor, self.numerators // common, self.denominator // common)

    def narrowed(self) -> CyclotomicArray:
        """The same numbers as int64, where all coefficients are below 2^31, so that short sums of products fit."""
        largest = max(map(abs, self.numerators.ravel().tolist()), default=0)
        fitting = self.numerators.astype(np.int64 if largest < 2**31 else object)
        return CyclotomicArray(self.conductor, fitting, self.denominator)

    def __matmul__(self, other: CyclotomicArray) -> CyclotomicArray:
        """The matrix product of (..., d, e) and (..., e, f)."""
        first, second = self._together(other)
        degree = first.numerators.shape[-1]
        rows = first.numerators.reshape(*first.shape[:-1], -1)
        product = _exact_product(rows, regular_blocks(second))
        shaped = product.reshape(*product.shape[:-1], -1, degree)
        return CyclotomicArray(first.conductor, shaped, first.denominator * second.denominator).reduced()

    def kronecker(self, other: CyclotomicArray) -> CyclotomicArray:
        """Kronecker products of (r, d, d) and (r, e, e), matrix by matrix: (r, d e, d e)."""
        first, second = self._together(other)
        count, one, two = len(first), first.shape[-1], second.shape[-1]
        degree = first.numerators.shape[-1]
        if degree == 1:
            entries = np.einsum("rij,rkl->rikjl", first.numerators[..., 0], second.numerators[..., 0])[..., None]
        else:
            # As 1 by 1 blocks: the entry of the first, as a row of coefficients, times the block of the second's.
            blocks = regular_blocks(
                CyclotomicArray(second.conductor, second.numerators.reshape(-1, 1, 1, degree))
            ).reshape(count, two, two, degree, degree)
            entries = np.einsum("rijt,rkltu->rikjlu", first.numerators, blocks)
        shaped = entries.reshape(count, one * two, one * two, degree)
        return CyclotomicArray(first.conductor, shaped, first.denominator * second.denominator)

    def __add__(self, other: CyclotomicArray) -> CyclotomicArray:
        return self._combined(other, np.add)

    def __sub__(self, other: CyclotomicArray) -> CyclotomicArray:
        return self._combined(other, np.subtract)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CyclotomicArray) and not np.any((self - other).numerators)

    __hash__ = None  # type: ignore[assignment]

    def _combined(self, other: CyclotomicArray, combine: Callable[..., np.ndarray]) -> CyclotomicArray:
        first, second = self._together(other)
        common = math.lcm(first.denominator, second.denominator)
        left = first.numerators * (common // first.denominator)
        right = second.numerators * (common // second.denominator)
        return CyclotomicArray(first.conductor, combine(left, right), common)

    def _together(self, other: CyclotomicArray) -> tuple[CyclotomicArray, CyclotomicArray]:
        common = math.lcm(self.conductor, other.conductor)
        pair = (self, other)
        return tuple(one if one.conductor == common else one.lifted(common) for one in pair)  # type: ignore[return-value]


@lru_cache(maxsize=256)
def power_basis(conductor: int) -> np.ndarray:
    """Shape (N, phi(N)), int64: row s has the coefficients of zeta_N^s over 1, zeta_N, ..., zeta_N^(phi(N) - 1)."""
    from flint import fmpz_poly

    polynomial = np.array([int(one) for one in fmpz_poly.cyclotomic(conductor).coeffs()], dtype=np.int64)
    degree = len(polynomial) - 1
    if conductor * degree > MOST_COEFFICIENTS:
        raise TooLargeError(f"matrices over Q(zeta_{conductor}) need {conductor * degree:,} coefficients for its roots")
    rows = np.zeros((conductor, degree), dtype=np.int64)
    rows[:degree] = np.eye(degree, dtype=np.int64)
    for s in range(degree, conductor):
        rows[s, 1:] = rows[s - 1, :-1]
        rows[s] -= rows[s - 1, -1] * polynomial[:-1]
    rows.flags.writeable = False
    return rows


@lru_cache(maxsize=256)
def _embedded_powers(conductor: int, unit: int, count: int) -> np.ndarray:
    """1, zeta^u, zeta^2u, ... in complex128."""
    return np.asarray(np.exp(2j * np.pi * unit * np.arange(count) / conductor))


@lru_cache(maxsize=256)
def roots_of_unity(conductor: int) -> np.ndarray:
    """As ``power_basis``, for all roots of unity of the field: the N powers of zeta_N, or the 2N of zeta_2N for odd N.

    zeta_2N is -zeta_N^((N + 1) / 2) then.
    """
    basis = power_basis(conductor)
    if conductor % 2 == 0:
        return basis
    powers = np.arange(2 * conductor)
    signs = 1 - powers % 2 * 2
    rows = signs[:, None] * basis[powers * ((conductor + 1) // 2) % conductor]
    rows.flags.writeable = False
    return np.asarray(rows)


def regular_blocks(array: CyclotomicArray) -> np.ndarray:
    """Shape (..., e phi, f phi): the numerators (..., e, f, phi) as integer matrices that multiply rows from the right.

    Row t of a block has the coefficients of zeta^t times the entry.
    """
    degree = array.numerators.shape[-1]
    if degree == 1:
        return array.numerators[..., 0]
    places = np.arange(degree)
    multiples = power_basis(array.conductor)[(places[:, None] + places) % array.conductor]  # (t, u, coefficients)
    blocks = np.einsum("...efu,tus->...etfs", array.numerators, multiples)
    return np.asarray(blocks.reshape(*blocks.shape[:-4], blocks.shape[-4] * degree, blocks.shape[-2] * degree))


def _exact_product(rows: np.ndarray, blocks: np.ndarray) -> np.ndarray:
    """The product of integer arrays: in floats where every sum is below 2^53, else with Python integers."""
    if rows.dtype != object and blocks.dtype != object:
        bound = float(np.abs(rows).max(initial=0)) * float(np.abs(blocks).sum(axis=-2).max(initial=0))
        if bound < EXACT_FLOAT:
            return np.asarray(np.rint(rows.astype(np.float64) @ blocks.astype(np.float64)), dtype=np.int64)
    return np.asarray(rows.astype(object) @ blocks.astype(object))
