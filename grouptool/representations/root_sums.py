"""Many sums of roots of unity with integer coefficients, held in a few flat arrays.

Public: RootSums, root_of_unity, prime_for.
The values of a character table are such sums; as arrays they go to floats and to residues at once, and become exact
``Cyclotomic`` numbers one by one, when somebody looks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np

from .cyclotomic import Cyclotomic
from .units import primitive_root

__all__ = ["RootSums", "prime_for", "root_of_unity"]


@dataclass(frozen=True, eq=False)
class RootSums:
    """m numbers: number i is the sum of ``coefficients[j] exp(2 pi i exponents[j] / orders[i])`` over its terms j.

    Attributes:
        orders: shape (m,), int64.
        starts: shape (m + 1,), int64: number i has the terms from starts[i] to starts[i + 1], at least one.
        exponents, coefficients: shape (t,), int64.
    """

    orders: np.ndarray
    starts: np.ndarray
    exponents: np.ndarray
    coefficients: np.ndarray
    _exact: dict[int, Cyclotomic] = field(default_factory=dict, repr=False)
    _residues: dict[int, np.ndarray] = field(default_factory=dict, repr=False)

    @classmethod
    def of_segments(cls, counts: np.ndarray, rows: np.ndarray, places: np.ndarray, orders: np.ndarray) -> RootSums:
        """The sums with coefficients ``counts[rows[i], places[i] : places[i] + orders[i]]``, none of them all zero."""
        ends = np.cumsum(orders)
        exponents = np.arange(ends[-1]) - np.repeat(ends - orders, orders)
        coefficients = counts[np.repeat(rows, orders), np.repeat(places, orders) + exponents]
        used = coefficients != 0
        starts = np.concatenate([[0], np.cumsum(np.add.reduceat(used, ends - orders, dtype=np.int64))])
        return cls(orders, starts, exponents[used], coefficients[used])

    @classmethod
    def of_integers(cls, values: np.ndarray) -> RootSums:
        """Rational integers, shape (m,)."""
        count = len(values)
        ones, zeros = np.ones(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
        return cls(ones, np.arange(count + 1), zeros, np.asarray(values, dtype=np.int64))

    @classmethod
    def of_roots(cls, order: int) -> RootSums:
        """All powers 1, zeta, zeta^2, ... of one root of unity."""
        ones = np.ones(order, dtype=np.int64)
        return cls(order * ones, np.arange(order + 1), np.arange(order), ones)

    @classmethod
    def of_numbers(cls, numbers: Iterable[Cyclotomic]) -> RootSums:
        """Algebraic integers that are given exactly."""
        chosen = list(numbers)
        terms = [[(i, int(value)) for i, value in sorted(one.coefficients.items())] or [(0, 0)] for one in chosen]
        flat = [term for one in terms for term in one]
        exponents, coefficients = np.array(flat, dtype=np.int64).reshape(-1, 2).T
        orders = np.array([one.conductor for one in chosen], dtype=np.int64)
        starts = np.concatenate([[0], np.cumsum([len(one) for one in terms])]).astype(np.int64)
        return cls(orders, starts, exponents, coefficients, dict(enumerate(chosen)))

    def extended(self, more: RootSums) -> RootSums:
        """These numbers, then those."""
        return RootSums(
            np.concatenate([self.orders, more.orders]),
            np.concatenate([self.starts, self.starts[-1] + more.starts[1:]]),
            np.concatenate([self.exponents, more.exponents]),
            np.concatenate([self.coefficients, more.coefficients]),
        )

    def __len__(self) -> int:
        return len(self.orders)

    def __getitem__(self, index: int) -> Cyclotomic:
        """The exact number, in its smallest field."""
        index = range(len(self))[index]
        if index not in self._exact:
            part = slice(self.starts[index], self.starts[index + 1])
            terms = zip(self.exponents[part].tolist(), self.coefficients[part].tolist(), strict=True)
            self._exact[index] = Cyclotomic(int(self.orders[index]), dict(terms))
        return self._exact[index]

    @cached_property
    def complex(self) -> np.ndarray:
        """Shape (m,), complex128; not to be written to."""
        turns = self.exponents / np.repeat(self.orders, np.diff(self.starts))
        found = np.asarray(np.add.reduceat(self.coefficients * np.exp(2j * np.pi * turns), self.starts[:-1]))
        found.flags.writeable = False
        return found

    def residues(self, prime: int) -> np.ndarray:
        """Shape (m,), int64: the numbers in the field with p elements, p = 1 modulo every order, p below 2^31."""
        if prime in self._residues:
            return self._residues[prime]
        generator = root_of_unity(prime - 1, prime)
        places = self.exponents * ((prime - 1) // np.repeat(self.orders, np.diff(self.starts)))
        distinct, which = np.unique(places, return_inverse=True)
        powers = np.array([_power(generator, one, prime) for one in distinct.tolist()])[which]
        found = np.add.reduceat(self.coefficients % prime * powers % prime, self.starts[:-1]) % prime
        self._residues[prime] = found
        return np.asarray(found)


_power = lru_cache(maxsize=1 << 14)(pow)
"""Roots of unity modulo p, of which groups of one exponent have the same."""


@lru_cache(maxsize=1024)
def prime_for(exponent: int, above: int) -> int:
    """The least prime p = 1 modulo an exponent that is greater than ``above``."""
    from flint import fmpz

    candidate = above - above % exponent + exponent + 1
    while not fmpz(candidate).is_prime():
        candidate += exponent
    return candidate


@lru_cache(maxsize=4096)
def root_of_unity(order: int, prime: int) -> int:
    """A root of unity of exact order ``order`` modulo p, a power of one fixed generator's for every order."""
    return pow(primitive_root(prime), (prime - 1) // order, prime)
