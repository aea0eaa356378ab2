"""How matrices over finite fields act: on the orbit of a vector, or of a line.

Public: on_vectors, on_lines, times, shift, frobenius, elementary, distinct, check_dimension, MAX_DIMENSION.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...errors import NotationError
from ..blueprint import Blueprint
from ..fields import FiniteField, Move, finite_field, multiply_vectors, orbit_action

__all__ = [
    "MAX_DIMENSION",
    "check_dimension",
    "distinct",
    "elementary",
    "frobenius",
    "on_lines",
    "on_vectors",
    "shift",
    "times",
]

MAX_DIMENSION = 62


def on_vectors(
    n: int,
    q: int,
    order: int,
    matrices: Callable[[], list[np.ndarray]],
    points: int | None = None,
    semilinear: bool = False,
) -> Blueprint:
    """On the orbit of the first basis vector: all vectors but 0 unless ``points`` says how many."""

    def generators() -> np.ndarray:
        field = finite_field(q)
        moves = [times(field, matrix) for matrix in matrices()]
        if semilinear and field.degree > 1:
            moves.append(frobenius(field))
        return orbit_action(moves, _first(n), q)

    return Blueprint(order, (q**n - 1 if order > 1 else 1) if points is None else points, generators)


def on_lines(
    n: int,
    q: int,
    order: int,
    matrices: Callable[[], list[np.ndarray]],
    points: int | None = None,
    semilinear: bool = False,
) -> Blueprint:
    """On the orbit of the first basis line: all lines unless ``points`` says how many."""

    def generators() -> np.ndarray:
        field = finite_field(q)
        moves = [times(field, matrix) for matrix in matrices()] + [frobenius(field)] * semilinear
        return distinct(orbit_action([_normalised(field, move) for move in moves], _first(n), q))

    return Blueprint(order, (q**n - 1) // (q - 1) if points is None else points, generators)


def _first(n: int) -> np.ndarray:
    return np.eye(1, n, dtype=np.int64)


def times(field: FiniteField, matrix: np.ndarray) -> Move:
    return lambda vectors: multiply_vectors(field, vectors, matrix)


def shift(field: FiniteField, value: int) -> Move:
    """Add a value to the first coordinate."""
    return lambda vectors: np.concatenate((field.add[vectors[:, :1], value], vectors[:, 1:]), axis=1)


def frobenius(field: FiniteField) -> Move:
    powers = field.powers(field.characteristic)
    return lambda vectors: powers[vectors]


def _normalised(field: FiniteField, move: Move) -> Move:
    """Then divide by the first entry that is not zero."""

    def moved(vectors: np.ndarray) -> np.ndarray:
        images = move(vectors)
        leading = images[np.arange(len(images)), (images != 0).argmax(axis=1)]
        return np.asarray(field.multiply[images, field.inverses[leading][:, None]])

    return moved


def elementary(field: FiniteField, n: int, entries: dict[tuple[int, int], int]) -> np.ndarray:
    """The identity matrix with further entries."""
    matrix = np.eye(n, dtype=np.int64)
    for place, value in entries.items():
        matrix[place] = value
    return matrix


def distinct(images: np.ndarray) -> np.ndarray:
    """Without the generators that are the identity, as the first Frobenius map of a prime field, unless all are."""
    moving = (images != np.arange(images.shape[1])).any(axis=1)
    return images[moving] if moving.any() else images[:1]


def check_dimension(n: int, least: int = 1) -> None:
    if not least <= n <= MAX_DIMENSION:
        raise NotationError(f"linear groups here have dimension {least} to {MAX_DIMENSION}, not {n}")
