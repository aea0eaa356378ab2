"""The optimisers of the margin study: margin ascent for homogeneous networks, and Adam; numpy, float64.

Public: Backward, Problem, ascend, descend, norm_gradient, norm_power.

Weights are arrays whose last axis is the neurons; the norm of a network homogeneous of degree k is sum ||omega_i||_2^k.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..lbfgs import Objective

__all__ = ["Backward", "Problem", "ascend", "descend", "norm_gradient", "norm_power"]

RATE = 0.02
"""Adam's learning rate at the start; it falls to 0 as the power 1.5 of what is left."""

SHARPNESS = (3.0, 3000.0)
"""Of the soft minimum, at the start and from nine tenths of the run on."""

ENTRIES = 60
"""Of a history."""

Backward = Callable[[np.ndarray], np.ndarray]
"""From the gradient by the margins, which it may write to, to the gradient by the weights, both negated."""

Problem = Callable[[np.ndarray], tuple[np.ndarray, Backward]]
"""From weights to margins, infinite where there is none, and their ``Backward``."""


def ascend(
    problem: Problem, weights: np.ndarray, degree: int, steps: int, unit: float
) -> tuple[np.ndarray, tuple[tuple[int, float], ...]]:
    """Maximise the least margin over the norm: Adam on the soft minimum, sharper and sharper.

    Args:
        weights: where to begin, left as they are. degree: of homogeneity. unit: a margin of this size counts as 1.

    Returns:
        Weights of norm 1, the best of the last fiftieth of the run; and (step, normalised margin in units).
    """
    weights = weights.copy()
    moments = np.zeros((2, *weights.shape))
    best, kept, history = -np.inf, weights, []
    for step in range(steps):
        share = min(1.0, step / (0.9 * steps))
        sharpness = SHARPNESS[0] * (SHARPNESS[1] / SHARPNESS[0]) ** share
        value, gradient = _soft_minimum(problem, weights, degree, sharpness, unit)
        if step % max(1, steps // ENTRIES) == 0:
            history.append((step, value))
        if step >= 0.98 * steps - 1 and value > best:
            best, kept = value, weights.copy()
        _adam(weights, gradient, moments, step, RATE * (1 - step / steps) ** 1.5)
    return kept / norm_power(kept, degree) ** (1 / degree), (*history, (steps, best))


def descend(objective: Objective, weights: np.ndarray, steps: int) -> tuple[np.ndarray, tuple[tuple[int, float], ...]]:
    """Minimise by Adam with a falling rate; gives new weights and (step, loss)."""
    weights = weights.copy()
    moments = np.zeros((2, *weights.shape))
    history = []
    for step in range(steps):
        value, gradient = objective(weights)
        if step % max(1, steps // ENTRIES) == 0:
            history.append((step, value))
        _adam(weights, gradient, moments, step, RATE * (1 - step / steps) ** 1.5)
    return weights, tuple(history)


def norm_power(weights: np.ndarray, degree: int) -> float:
    """The sum over neurons of ||omega_i||_2^degree."""
    return float((_squares(weights) ** (degree / 2)).sum())


def norm_gradient(weights: np.ndarray, degree: int) -> np.ndarray:
    """The gradient of ``norm_power``, of the shape of the weights."""
    return np.asarray(degree * _squares(weights) ** (degree / 2 - 1) * weights)


def _squares(weights: np.ndarray) -> np.ndarray:
    return np.asarray((weights**2).sum(axis=tuple(range(weights.ndim - 1))))


def _soft_minimum(
    problem: Problem, weights: np.ndarray, degree: int, sharpness: float, unit: float
) -> tuple[float, np.ndarray]:
    """The normalised margin in units, and the gradient of (1 / s) log sum exp(-s margin)."""
    norm = norm_power(weights, degree) * unit
    found, backward = problem(weights)
    found /= norm
    least = float(found.min())
    pull = np.exp(-sharpness * (found - least))
    pull /= pull.sum()
    found[pull == 0] = 0.0  # those that are infinite, too
    slope = float((pull * found).sum()) / norm * unit  # as the norm grows, margins fall
    return least, backward(pull / norm) + slope * norm_gradient(weights, degree)


def _adam(weights: np.ndarray, gradient: np.ndarray, moments: np.ndarray, step: int, rate: float) -> None:
    """One step in place, with the usual 0.9, 0.999, 1e-8."""
    first, second = moments
    first += 0.1 * (gradient - first)
    second += 0.001 * (gradient**2 - second)
    weights -= rate * (first / (1 - 0.9 ** (step + 1))) / (np.sqrt(second / (1 - 0.999 ** (step + 1))) + 1e-8)
