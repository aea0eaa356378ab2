"""Optimal strategies of a matrix game with non-negative entries, by the simplex method.

Public: GameSolution, solve_game.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grouptool.errors import GroupToolError

__all__ = ["GameSolution", "solve_game"]

TOLERANCE = 1e-11
"""Below this an entry of the scaled tableau is taken for zero."""

TILT = 1e-7
"""Right-hand sides are moved apart by up to this share, so that no step stands still; undone at the end."""


@dataclass(frozen=True, eq=False)
class GameSolution:
    """An optimal basis of max t with A x >= t, x >= 0, sum x = 1, and of its dual.

    Attributes:
        columns, rows: the basis, equally many: x lives on these columns, the dual y on these rows.
        x, y: shapes (columns,), (rows,) of A, float64, not negative, sums 1.
        value: t.
        steps: pivots that were made.
    """

    columns: np.ndarray
    rows: np.ndarray
    x: np.ndarray
    y: np.ndarray
    value: float
    steps: int


def solve_game(matrix: np.ndarray) -> GameSolution:
    """The value of a matrix game: the column player mixes columns so that the least row is as large as possible.

    Args:
        matrix: shape (r, c), float64, not negative, no row zero.

    Raises:
        GroupToolError: a row is zero or an entry negative (the value would be no margin), or the pivots do not end.

    Method: max sum y with A^T y <= 1, y >= 0, whose slack basis is feasible; Dantzig's rule on right-hand sides that
    are moved apart a little, and at the end the basis is solved again without that.
    Cost: at most 50 (r + c) pivots of a tableau of c (r + c) numbers; in practice about r + c.
    Source: Dantzig (1951) for games as linear programs; Charnes (1952) for perturbed right-hand sides.
    """
    if (matrix < 0).any() or not matrix.any(axis=1).all():
        raise GroupToolError("a matrix game is solved here for entries that are not negative and rows that are not 0")
    scale = float(matrix.max())
    rows, columns = matrix.shape
    # A tableau row for each column of A: its slack variable is rows + column.
    tableau = np.hstack([matrix.T / scale, np.eye(columns), np.empty((columns, 1))])
    tableau[:, -1] = 1 + TILT * np.modf(np.arange(1, columns + 1) * np.sqrt(2))[0]
    costs = np.concatenate([-np.ones(rows), np.zeros(columns + 1)])
    basis = rows + np.arange(columns)
    for step in range(50 * (rows + columns)):
        entering = int(costs[:-1].argmin())
        if costs[entering] >= -TOLERANCE:
            return _solution(matrix, basis, step)
        pivots = tableau[:, entering]
        usable = np.flatnonzero(pivots > TOLERANCE)
        leaving = int(usable[(tableau[usable, -1] / pivots[usable]).argmin()])
        tableau[leaving] /= tableau[leaving, entering]
        column = tableau[:, entering].copy()
        column[leaving] = 0.0
        tableau -= np.outer(column, tableau[leaving])
        costs -= costs[entering] * tableau[leaving]
        basis[leaving] = entering
    raise GroupToolError(f"the simplex method did not end in {50 * (rows + columns):,} pivots; this is a bug")


def _solution(matrix: np.ndarray, basis: np.ndarray, steps: int) -> GameSolution:
    count = len(matrix)
    rows = np.sort(basis[basis < count])
    columns = np.setdiff1d(np.arange(matrix.shape[1]), basis - count)
    square = matrix[np.ix_(rows, columns)]
    x, y = np.zeros(matrix.shape[1]), np.zeros(count)
    x[columns] = np.maximum(np.linalg.solve(square, np.ones(len(rows))), 0)
    y[rows] = np.maximum(np.linalg.solve(square.T, np.ones(len(rows))), 0)
    return GameSolution(columns, rows, x / x.sum(), y / y.sum(), float(1 / x.sum()), steps)
