"""L-BFGS on numpy arrays, float64, to the last digits of a loss.

Public: Objective, lbfgs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

__all__ = ["Objective", "lbfgs"]

MEMORY = 30
"""Pairs of steps that L-BFGS keeps."""

STILL = 1e-12
"""L-BFGS ends when ten steps together lower the loss by less than this share of it."""

Objective = Callable[[np.ndarray], tuple[float, np.ndarray]]
"""From weights to a loss and its gradient, of their shape."""


def lbfgs(objective: Objective, weights: np.ndarray, steps: int) -> tuple[np.ndarray, list[tuple[int, float]]]:
    """L-BFGS with a bracketing search for the weak Wolfe conditions. Source: Nocedal and Wright (2006), chapter 7."""
    value, gradient = objective(weights)
    pairs: list[tuple[np.ndarray, np.ndarray, float]] = []
    history, earlier = [(0, value)], [value]
    for step in range(1, steps + 1):
        direction = -_preconditioned(gradient, pairs)
        slope = float((direction * gradient).sum())
        low, high, length = 0.0, np.inf, 1.0 if pairs else min(1.0, 1 / float(np.abs(gradient).max()) / 100)
        for _ in range(40):
            moved = weights + length * direction
            new, turned = objective(moved)
            if not new <= value + 1e-4 * length * slope:
                high = length
            elif float((turned * direction).sum()) < 0.9 * slope:
                low = length
            else:
                break
            length = 2 * low if high == np.inf else (low + high) / 2
        if not new < value:
            break
        difference, change = moved - weights, turned - gradient
        curvature = float((difference * change).sum())
        if curvature > 0:
            pairs = [*pairs[1 - MEMORY :], (difference, change, curvature)]
        weights, value, gradient = moved, new, turned
        if step % 20 == 0:
            history.append((step, value))
        earlier.append(value)
        if len(earlier) > 10 and earlier[-11] - value < STILL * value:
            break
    return weights, history


def _preconditioned(gradient: np.ndarray, pairs: list[tuple[np.ndarray, np.ndarray, float]]) -> np.ndarray:
    """The two loops: the inverse Hessian that the pairs suggest, times the gradient."""
    found, parts = gradient.copy(), []
    for difference, change, curvature in reversed(pairs):
        part = float((difference * found).sum()) / curvature
        found -= part * change
        parts.append(part)
    if pairs:
        _, change, curvature = pairs[-1]
        found *= curvature / float((change * change).sum())
    for (difference, change, curvature), part in zip(pairs, reversed(parts), strict=True):
        found += (part - float((change * found).sum()) / curvature) * difference
    return found
