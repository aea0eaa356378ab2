"""Which numbers of a subfield of a cyclotomic field are squares, by quadratic residues modulo many primes.

Public: combinations_with_sum, quadratic_symbols.

A number of L that is a square modulo enough prime ideals of degree 1 is one, most likely. Primes whose Frobenius
automorphism moves E are among them, since a number that is no square in L may be one in E.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .cyclotomic_arrays import power_basis
from .quadratic_steps import QuadraticStep

__all__ = ["combinations_with_sum", "quadratic_symbols"]

PRIMES_ABOVE = 1 << 22
"""Floats hold sums of up to 500 products of residues modulo primes of this size."""
MOST_SYMBOLS = 96
"""Symbols of one class of primes; each lets half of what is no square pass."""


def quadratic_symbols(step: QuadraticStep, numbers: np.ndarray, *, norms: bool) -> np.ndarray:
    """Shape (m, symbols), uint8: 1 where a number of L is no square modulo a prime ideal of L of degree 1.

    Args:
        numbers: shape (m, phi(N)): integers of L, or of E when their norms are meant.
    """
    images = power_basis(step.conductor)[np.arange(numbers.shape[1]) * step.unit % step.conductor]
    columns = []
    for ideals in _ideals(step):
        value = ideals.reduced(numbers)
        value = ideals.constants_of_products(value, ideals.reduced(numbers @ images)) if norms else value[:, :, 0]
        columns.append(_power(value, (ideals.prime - 1) // 2, ideals.prime) != 1)
    return np.concatenate(columns, axis=1).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class _Ideals:
    """Z[zeta_N] modulo the prime ideals above p: p and a factor h of the cyclotomic polynomial, each of degree f.

    Attributes:
        prime: p, so small that floats hold sums of products of residues.
        powers: shape (2 f or phi(N), ideals, f): the powers of x modulo h, at least phi(N) of them.
    """

    prime: int
    powers: np.ndarray

    def reduced(self, numbers: np.ndarray) -> np.ndarray:
        """Shape (m, ideals, f), int64: of numbers given by coefficients, shape (m, phi(N))."""
        powers = self.powers[: numbers.shape[1]].reshape(numbers.shape[1], -1)
        residues = (numbers % self.prime).astype(np.float64) @ powers.astype(np.float64)
        return residues.astype(np.int64).reshape(len(numbers), *self.powers.shape[1:]) % self.prime

    def constants_of_products(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Shape (m, ideals): of products that lie in the prime field."""
        places = np.arange(self.powers.shape[2])
        total = np.zeros(first.shape[:2], dtype=np.int64)
        for i in places:
            for j in places:
                total += first[:, :, i] * second[:, :, j] % self.prime * self.powers[i + j, :, 0] % self.prime
        return np.asarray(total % self.prime)


@lru_cache(maxsize=64)
def _ideals(step: QuadraticStep) -> tuple[_Ideals, ...]:
    """For primes p in each class modulo N that acts trivially on L: a number of E may be a square, one of L not."""
    return tuple(ideals for unit in step.below for ideals in _above(step.conductor, unit))


@lru_cache(maxsize=256)
def _above(conductor: int, unit: int) -> tuple[_Ideals, ...]:
    from flint import fmpz, fmpz_poly, nmod_poly

    polynomial = [int(one) for one in fmpz_poly.cyclotomic(conductor).coeffs()]
    found, count = list[_Ideals](), 0
    prime = PRIMES_ABOVE - PRIMES_ABOVE % conductor + unit
    while count < MOST_SYMBOLS:
        prime += conductor
        if not fmpz(prime).is_prime():
            continue
        factors = [factor for factor, _ in nmod_poly(polynomial, prime).factor()[1]]
        degree, count = factors[0].degree(), count + len(factors)
        powers = np.zeros((max(len(polynomial), 2 * degree), len(factors), degree), dtype=np.int64)
        for i, factor in enumerate(factors):
            power, x = nmod_poly([1], prime), nmod_poly([0, 1], prime)
            for t in range(len(powers)):
                powers[t, i] = [int(power[j]) for j in range(degree)]
                power = power * x % factor
        found.append(_Ideals(prime, powers))
    return tuple(found)


def _power(values: np.ndarray, exponent: int, prime: int) -> np.ndarray:
    result = np.ones_like(values)
    for bit in bin(exponent)[2:]:
        result = result * result % prime
        if bit == "1":
            result = result * values % prime
    return result


def combinations_with_sum(signs: np.ndarray, target: np.ndarray) -> Iterator[list[int]]:
    """Rows of a matrix over F_2 whose sum is a given one: none, one, two, and as many as it takes.

    Args:
        signs: shape (m, symbols), uint8.
        target: shape (symbols,), uint8.
    """
    from flint import nmod_mat

    if not target.any():
        yield []
    by_sign: dict[bytes, int] = {}
    for i, one in enumerate(signs):
        by_sign.setdefault(one.tobytes(), i)
    if target.any() and (single := by_sign.get(target.tobytes())) is not None:
        yield [single]
    distinct = list(by_sign.values())
    pairs = ((i, by_sign.get((signs[i] ^ target).tobytes(), i)) for i in distinct)
    if pair := next(((i, j) for i, j in pairs if j != i), None):
        yield list(pair)
    columns = np.concatenate([signs[distinct], target[None]]).T
    reduced, rank = nmod_mat(columns.tolist(), 2).rref()
    table = np.array([int(one) for one in reduced.entries()]).reshape(columns.shape)[:rank]
    pivots = table.argmax(axis=1)
    if pivots.max(initial=0) < len(distinct):
        yield [distinct[pivot] for pivot, held in zip(pivots.tolist(), table[:, -1], strict=True) if held]
