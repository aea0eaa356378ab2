"""Small finite fields as addition and multiplication tables, and the orbits of vectors over them.

Public: FiniteField, finite_field, multiply_vectors, orbit_action, Move.
The arithmetic is flint's, with its Conway polynomials; the tables make vector actions plain gathers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from ..errors import NotationError, TooLargeError
from ..group import prime_factors
from .blueprint import MAX_DEGREE

__all__ = ["FiniteField", "Move", "finite_field", "multiply_vectors", "orbit_action"]

MAX_FIELD = 1024
MAX_CODE = 1 << 62

Move = Callable[[np.ndarray], np.ndarray]
"""A bijection of vectors, applied to the rows of an array."""


@dataclass(frozen=True, eq=False)
class FiniteField:
    """GF(q) on the integers 0 to q - 1: 0 is zero, 1 is one, the base-p digits are coordinates over GF(p).

    The coordinates belong to the powers 1, z, z^2, ... of a root z of the Conway polynomial, as in GAP.
    """

    order: int
    characteristic: int
    add: np.ndarray  # (q, q)
    multiply: np.ndarray  # (q, q)
    primitive: int  # a generator of the multiplicative group: z, or the least one of a prime field

    @property
    def degree(self) -> int:
        """Dimension over the prime field."""
        return prime_factors(self.order)[0][1]

    @property
    def basis(self) -> list[int]:
        """A basis over the prime field."""
        return [self.characteristic**digit for digit in range(self.degree)]

    @cached_property
    def negatives(self) -> np.ndarray:
        """Shape (q,): -x for each x."""
        return np.asarray((self.add == 0).argmax(axis=1))

    @cached_property
    def inverses(self) -> np.ndarray:
        """Shape (q,): 1/x for each x, and 0 for 0."""
        return np.asarray((self.multiply == 1).argmax(axis=1))

    def power(self, element: int, exponent: int) -> int:
        """An element to a power; a negative one needs an element that is not zero."""
        base = element if exponent >= 0 else int(self.inverses[element])
        left, result = abs(exponent), 1
        while left:
            if left & 1:
                result = int(self.multiply[result, base])
            base = int(self.multiply[base, base])
            left >>= 1
        return result

    def powers(self, exponent: int) -> np.ndarray:
        """Shape (q,): x^exponent for each x, exponent at least 1."""
        base, left = np.arange(self.order), exponent
        result = np.ones(self.order, dtype=np.int64)
        while left:
            if left & 1:
                result = self.multiply[result, base]
            base = self.multiply[base, base]
            left >>= 1
        return result


@cache
def finite_field(q: int) -> FiniteField:
    """The field with q elements. Raises NotationError when q is no prime power or above 1,024."""
    factors = prime_factors(q) if 2 <= q <= MAX_FIELD else []
    if len(factors) != 1:
        raise NotationError(f"there is no field of order {q:,} here; orders are prime powers from 2 to {MAX_FIELD:,}")
    ((p, degree),) = factors
    digits = np.array([[(i // p**k) % p for k in range(degree)] for i in range(q)])
    add = ((digits[:, None] + digits[None]) % p) @ p ** np.arange(degree)
    powers = np.array(_powers_of_primitive(p, degree))
    logarithms = np.zeros(q, dtype=np.int64)
    logarithms[powers] = np.arange(q - 1)
    multiply = powers[(logarithms[:, None] + logarithms[None]) % (q - 1)]
    multiply[0] = multiply[:, 0] = 0
    return FiniteField(q, p, add, multiply, int(powers[1 % (q - 1)]))


def _powers_of_primitive(p: int, degree: int) -> list[int]:
    """The powers z^0 to z^(q-2) as numbers, for the root z of the Conway polynomial."""
    from flint import fq_default_ctx

    context = fq_default_ctx(p, degree)
    z = context.gen() if degree > 1 else context(_primitive_root(p))
    numbers, power = [], context(1)
    for _ in range(p**degree - 1):
        numbers.append(sum(int(digit) * p**k for k, digit in enumerate(power.to_list())))
        power = power * z
    assert len(set(numbers)) == len(numbers), "flint's Conway polynomials are primitive"
    return numbers


def _primitive_root(p: int) -> int:
    exponents = [(p - 1) // prime for prime, _ in prime_factors(p - 1)]
    return next(x for x in range(1, p) if all(pow(x, exponent, p) != 1 for exponent in exponents))


def multiply_vectors(field: FiniteField, vectors: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Row vectors, shape (k, d), times a matrix, shape (d, c): shape (k, c). Entries are field elements."""
    result = np.zeros((len(vectors), matrix.shape[1]), dtype=np.int64)
    for row, column in np.argwhere(matrix):  # the generators have few entries that are not zero
        result[:, column] = field.add[result[:, column], field.multiply[matrix[row, column], vectors[:, row]]]
    return result


def orbit_action(moves: Sequence[Move], starts: np.ndarray, base: int) -> np.ndarray:
    """The permutations that bijections of vectors induce on the union of the orbits of some vectors.

    Args:
        moves: each takes vectors, shape (k, d), to their images.
        starts: shape (m, d), entries 0 to base - 1; base^d is at most 2^62.

    Returns:
        Shape (number of moves, points): image lists. Points are numbered in lexicographic order of vectors.

    Raises:
        TooLargeError: the orbits have more than 100,000 points.
    """
    size = starts.shape[1]
    if base**size > MAX_CODE:
        raise TooLargeError(f"there are {base}^{size} vectors; the limit is 2^62")
    place = np.array([base**digit for digit in range(size - 1, -1, -1)], dtype=np.int64)

    def vectors(codes: np.ndarray) -> np.ndarray:
        return (codes[:, None] // place) % base

    frontier = np.unique(starts @ place)
    found = set(frontier.tolist())
    while frontier.size:
        level = vectors(frontier)
        images = np.unique(np.concatenate([move(level) @ place for move in moves]))
        frontier = np.array([code for code in images.tolist() if code not in found], dtype=np.int64)
        found.update(frontier.tolist())
        if len(found) > MAX_DEGREE:
            raise TooLargeError(f"the orbits of vectors have more than {MAX_DEGREE:,} points")
    points = np.array(sorted(found))
    return np.array([np.searchsorted(points, move(vectors(points)) @ place) for move in moves])
