"""The quadratic network of the margin theorem in float64, and its training: margin ascent, and penalised cross-entropy.

Public: QuadraticNetwork, dense_classifier, margin_ascent, cross_entropy_training, logits, margins, norm_cubed,
normalised_margin, penalised_loss, work.

All n^2 pairs are always in the batch. Gradients are written out: the whole step is two products of matrices of n^2 rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grouptool.group import Group

__all__ = [
    "QuadraticNetwork",
    "cross_entropy_training",
    "dense_classifier",
    "logits",
    "margin_ascent",
    "margins",
    "norm_cubed",
    "normalised_margin",
    "penalised_loss",
    "work",
]

RATE = 0.02
"""Adam's learning rate at the start; it falls to 0 as the power 1.5 of what is left."""

SHARPNESS = (3.0, 3000.0)
"""Of the soft minimum, at the start and from nine tenths of the run on."""

MEMORY = 30
"""Pairs of steps that L-BFGS keeps."""

STILL = 1e-12
"""L-BFGS ends when ten steps together lower the loss by less than this share of it."""


@dataclass(frozen=True, eq=False)
class QuadraticNetwork:
    """f(a, b)[c] = sum over i of (left[a, i] + right[b, i])^2 out[c, i], without bias.

    Attributes:
        weights: shape (3, n, m), float64: left, right, out; rows are elements, columns neurons.
        history: (step, normalised margin or loss) as training went on.
    """

    weights: np.ndarray
    history: tuple[tuple[int, float], ...] = ()

    @property
    def masses(self) -> np.ndarray:
        """Shape (m,): ||omega_i||_2^3 of each neuron."""
        return np.asarray((self.weights**2).sum(axis=(0, 1)) ** 1.5)


Objective = Callable[[np.ndarray], tuple[float, np.ndarray]]
"""From weights, shape (3, n, m), to a loss and its gradient."""


def logits(weights: np.ndarray) -> np.ndarray:
    """Shape (n, n, n), axes (a, b, c), of weights of shape (3, n, m)."""
    left, right, out = weights
    return np.asarray((left[:, None, :] + right[None, :, :]) ** 2 @ out.T)


def margins(group: Group, weights: np.ndarray) -> np.ndarray:
    """Shape (n, n, n): f(a, b)[ab] - f(a, b)[c]; infinite at c = ab."""
    found = logits(weights)
    right = np.take_along_axis(found, group.table[:, :, None].astype(np.int64), axis=2)
    found = right - found
    np.put_along_axis(found, group.table[:, :, None].astype(np.int64), np.inf, axis=2)
    return found


def norm_cubed(weights: np.ndarray) -> float:
    """||theta||_{2,3}^3, the sum over neurons of ||(left, right, out)||_2^3."""
    return float(((weights**2).sum(axis=(0, 1)) ** 1.5).sum())


def normalised_margin(group: Group, weights: np.ndarray) -> float:
    """The least margin over the norm cubed: the network is homogeneous of degree 3."""
    return float(margins(group, weights).min()) / norm_cubed(weights)


def dense_classifier(group: Group) -> QuadraticNetwork:
    """2 n^2 neurons, one pair for each (a, b), with one-hot weights: all answers right, nothing of the group's irreps.

    Source: Morwani et al. (2023), appendix D: sparsity in Fourier space comes from the margin, not from being right.
    """
    n = group.order
    a, b = np.divmod(np.arange(n * n), n)
    weights = np.zeros((3, n, 2 * n * n))
    for half, sign in ((0, 1.0), (1, -1.0)):
        place = half * n * n + np.arange(n * n)
        weights[0, a, place], weights[1, b, place], weights[2, group.table[a, b], place] = 1.0, sign, sign
    return QuadraticNetwork(weights)


def work(order: int, width: int, steps: int) -> float:
    """Multiplications of a training, roughly: 3 products of n^2 x m by m x n in each step, with what goes around them."""
    return float(steps) * (3.0 * order**3 * width + 12.0 * order**2 * width + 30.0 * order**3)


def margin_ascent(
    group: Group, width: int, steps: int, unit: float, rng: np.random.Generator, *, entries: int = 60
) -> QuadraticNetwork:
    """Maximise the normalised margin: Adam on its soft minimum over all triples, sharper and sharper.

    Args:
        width: neurons. steps: of Adam. unit: a margin of this size counts as 1 (gamma*, or a guess of it).
        entries: of the history.

    Returns:
        The network with norm 1 and the best normalised margin among those of the history.
    """
    weights = rng.standard_normal((3, group.order, width))
    moments = np.zeros((2, *weights.shape))
    best, kept, history = -np.inf, weights, []
    for step in range(steps):
        share = min(1.0, step / (0.9 * steps))
        sharpness = SHARPNESS[0] * (SHARPNESS[1] / SHARPNESS[0]) ** share
        value, gradient = _soft_margin(group, weights, sharpness, unit)
        if step % max(1, steps // entries) == 0 or step == steps - 1 or step > 0.98 * steps:
            if step % max(1, steps // entries) == 0 or step == steps - 1:
                history.append((step, value))
            if value > best:
                best, kept = value, weights.copy()
        _adam(weights, gradient, moments, step, RATE * (1 - step / steps) ** 1.5)
    return QuadraticNetwork(kept / norm_cubed(kept) ** (1 / 3), tuple(history))


def cross_entropy_training(
    group: Group, width: int, steps: int, penalty: float, rng: np.random.Generator, *, polish: int = 2000
) -> QuadraticNetwork:
    """Minimise mean cross-entropy + lambda ||theta||_{2,3}^3: Adam, then L-BFGS with its line search.

    Args:
        penalty: lambda. steps: of Adam. polish: most steps of L-BFGS.
    """
    weights = 0.3 * rng.standard_normal((3, group.order, width))
    objective = _penalised(group, penalty)
    moments = np.zeros((2, *weights.shape))
    history = []
    for step in range(steps):
        value, gradient = objective(weights)
        if step % max(1, steps // 60) == 0:
            history.append((step, value))
        _adam(weights, gradient, moments, step, RATE * (1 - step / steps) ** 1.5)
    weights, polished = _lbfgs(objective, weights, polish)
    return QuadraticNetwork(weights, (*history, *((steps + step, value) for step, value in polished)))


def penalised_loss(group: Group, weights: np.ndarray, penalty: float) -> float:
    """Mean cross-entropy + lambda ||theta||_{2,3}^3, nats."""
    return _penalised(group, penalty)(weights)[0]


def _soft_margin(group: Group, weights: np.ndarray, sharpness: float, unit: float) -> tuple[float, np.ndarray]:
    """The normalised margin in units, and the gradient of (1 / s) log sum exp(-s margin)."""
    norm = norm_cubed(weights)
    found = margins(group, weights) / (norm * unit)
    least = float(found.min())
    pull = np.exp(-sharpness * (found - least))
    pull /= pull.sum()
    found[pull == 0] = 0.0  # the answers themselves are infinitely far
    slope = float((pull * found).sum()) / norm  # with the norm the margin falls
    np.put_along_axis(pull, group.table[:, :, None].astype(np.int64), -pull.sum(axis=2, keepdims=True), axis=2)
    return least, _pulled_back(weights, pull / (norm * unit)) + slope * _norm_gradient(weights)


def _penalised(group: Group, penalty: float) -> Objective:
    table, count = group.table[:, :, None].astype(np.int64), group.order**2

    def objective(weights: np.ndarray) -> tuple[float, np.ndarray]:
        lead = margins(group, weights)
        top = np.maximum(0.0, -lead.min(axis=2, keepdims=True))
        wrong = np.exp(-lead - top)
        total = wrong.sum(axis=2, keepdims=True)
        # log(1 + sum of wrong), with the digits of a small sum.
        losses = np.where(top > 0, top + np.log(np.exp(-top) + total), np.log1p(total))
        pull = wrong / (np.exp(-top) + total) / count
        np.put_along_axis(pull, table, -pull.sum(axis=2, keepdims=True), axis=2)
        gradient = _pulled_back(weights, pull) + penalty * _norm_gradient(weights)
        return float(losses.mean()) + penalty * norm_cubed(weights), gradient

    return objective


def _pulled_back(weights: np.ndarray, pull: np.ndarray) -> np.ndarray:
    """The gradient by the weights of a function whose gradient by the logits is ``pull``, shape (n, n, n)."""
    left, right, out = weights
    n = len(left)
    hidden = (left[:, None, :] + right[None, :, :]).reshape(n * n, -1)
    pull = pull.reshape(n * n, n)
    back = pull @ out
    back *= hidden
    back = back.reshape(n, n, -1)
    hidden *= hidden
    return np.stack([2 * back.sum(axis=1), 2 * back.sum(axis=0), pull.T @ hidden])


def _norm_gradient(weights: np.ndarray) -> np.ndarray:
    return np.asarray(3 * np.sqrt((weights**2).sum(axis=(0, 1))) * weights)


def _adam(weights: np.ndarray, gradient: np.ndarray, moments: np.ndarray, step: int, rate: float) -> None:
    """One step in place, with the usual 0.9, 0.999, 1e-8."""
    first, second = moments
    first += 0.1 * (gradient - first)
    second += 0.001 * (gradient**2 - second)
    weights -= rate * (first / (1 - 0.9 ** (step + 1))) / (np.sqrt(second / (1 - 0.999 ** (step + 1))) + 1e-8)


def _lbfgs(objective: Objective, weights: np.ndarray, steps: int) -> tuple[np.ndarray, list[tuple[int, float]]]:
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
