"""Small finite fields as addition and multiplication tables, and matrices over them acting on row vectors.

Public: FiniteField, finite_field, matrix_action.
The arithmetic is flint's; the tables make vector actions plain gathers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from ..errors import NotationError
from ..group import prime_factors

__all__ = ["FiniteField", "finite_field", "matrix_action"]

MAX_FIELD = 1024


@dataclass(frozen=True, eq=False)
class FiniteField:
    """GF(q) on the integers 0 to q - 1: 0 is zero, 1 is one, the base-p digits are coordinates over GF(p)."""

    order: int
    characteristic: int
    add: np.ndarray  # (q, q)
    multiply: np.ndarray  # (q, q)
    primitive: int  # a generator of the multiplicative group

    @property
    def basis(self) -> list[int]:
        """A basis over the prime field."""
        digits = range(len(np.base_repr(self.order - 1, self.characteristic)))
        return [self.characteristic**digit for digit in digits]

    def power(self, element: int, exponent: int) -> int:
        """An element to a power that is not negative."""
        result = 1
        for _ in range(exponent):
            result = int(self.multiply[result, element])
        return result


@cache
def finite_field(q: int) -> FiniteField:
    """The field with q elements. Raises NotationError when q is no prime power or above 1,024."""
    factors = prime_factors(q) if 2 <= q <= MAX_FIELD else []
    if len(factors) != 1:
        raise NotationError(f"there is no field of order {q:,} here; orders are prime powers from 2 to {MAX_FIELD:,}")
    from flint import fq_default_ctx, nmod_poly

    ((p, degree),) = factors
    context = fq_default_ctx(p, degree)
    digits = np.array([[(i // p**k) % p for k in range(degree)] for i in range(q)])
    weights = p ** np.arange(degree)
    elements = [context(nmod_poly([int(digit) for digit in row], p)) for row in digits]
    index = {element: i for i, element in enumerate(elements)}
    add = ((digits[:, None] + digits[None]) % p) @ weights
    multiply = np.array([[index[a * b] for b in elements] for a in elements])
    primitive = next(i for i in range(1, q) if _multiplicative_order(multiply, i) == q - 1)
    return FiniteField(q, p, add, multiply, primitive)


def _multiplicative_order(multiply: np.ndarray, element: int) -> int:
    power, order = element, 1
    while power != 1:
        power = int(multiply[power, element])
        order += 1
    return order


def matrix_action(field: FiniteField, matrices: list[np.ndarray], projective: bool) -> np.ndarray:
    """The permutations that matrices induce on the non-zero row vectors, v -> v M, or on the projective points.

    Args:
        matrices: each shape (d, d), invertible, entries are field elements.
        projective: act on lines; scalars then act trivially.

    Returns:
        Shape (number of matrices, points): image lists. Points are numbered in lexicographic order of vectors.
    """
    size = len(matrices[0])
    q = field.order
    place = q ** np.arange(size - 1, -1, -1)
    vectors = (np.arange(1, q**size)[:, None] // place) % q
    if projective:
        leading = vectors[np.arange(len(vectors)), (vectors != 0).argmax(axis=1)]
        vectors = vectors[leading == 1]
    number = np.full(q**size, -1)
    number[vectors @ place] = np.arange(len(vectors))
    images = []
    for matrix in matrices:
        moved = np.zeros_like(vectors)
        for row in range(size):
            moved = field.add[moved, field.multiply[vectors[:, row, None], matrix[row]]]
        if projective:
            leading = moved[np.arange(len(moved)), (moved != 0).argmax(axis=1)]
            inverse = np.argmax(field.multiply[leading] == 1, axis=1)
            moved = field.multiply[moved, inverse[:, None]]
        images.append(number[moved @ place])
    return np.array(images)
