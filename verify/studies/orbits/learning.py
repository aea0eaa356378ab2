"""Tied ReLU auto-encoders on the points of G-sets, and when each point is learned.

Public: Learned, learn_atoms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .features import Atoms

__all__ = ["Learned", "learn_atoms"]

LEARNED_BELOW = 0.25
"""Squared error below which a point, of squared norm 1, counts as learned."""
BATCH = 16
RATE = 0.1
LOOK_EVERY = 5


@dataclass(frozen=True, eq=False)
class Learned:
    """A trained auto-encoder.

    Attributes:
        steps: shape (d,), float64: the step at which each point was learned; one more than the last when never.
        captured: shape (d,), bool: whether it is learned at the end. weights: shape (hidden, d).
    """

    steps: np.ndarray
    captured: np.ndarray
    weights: np.ndarray


def learn_atoms(made: Atoms, measure: np.ndarray, hidden: int, steps: int, seed: int) -> Learned:
    """Train x -> W^T relu(W x) on points drawn by a measure, by stochastic gradients of the squared error.

    Args:
        measure: shape (d,), probabilities. hidden: rows of W. steps: of 16 points each.
    """
    rng = np.random.default_rng(seed)
    size = len(made)
    weights = rng.normal(0, 0.1 / size**0.5, (hidden, size))
    first = np.full(size, float(steps + 1))
    error = np.ones(size)
    for step in range(1, steps + 1):
        drawn = rng.choice(size, BATCH, p=measure)
        before = weights[:, drawn].T
        active = np.maximum(before, 0)
        wrong = active @ weights
        wrong[np.arange(BATCH), drawn] -= 1
        back = (wrong @ weights.T) * (before > 0)
        gradient = active.T @ wrong
        np.add.at(gradient.T, drawn, back)
        weights -= 2 * RATE / BATCH * gradient
        if step % LOOK_EVERY == 0 or step == steps:
            error = ((np.maximum(weights, 0).T @ weights - np.eye(size)) ** 2).sum(axis=1)
            first[(error < LEARNED_BELOW) & (first > steps)] = step
    return Learned(first, error < LEARNED_BELOW, weights)
