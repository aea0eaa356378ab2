"""The quadratic network of the margin theorem in float64, and its training: margin ascent, and penalised cross-entropy.

Public: QuadraticNetwork, dense_classifier, margin_ascent, cross_entropy_training, logits, margins, norm_cubed,
normalised_margin, penalised_loss, work.

All n^2 pairs are always in the batch. Gradients are written out: a step is three products of matrices of n^2 rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grouptool.group import Group

from ..lbfgs import Objective, lbfgs
from .ascent import Backward, ascend, descend, norm_gradient, norm_power

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


def logits(weights: np.ndarray) -> np.ndarray:
    """Shape (n, n, n), axes (a, b, c), of weights of shape (3, n, m)."""
    left, right, out = weights
    return np.asarray((left[:, None, :] + right[None, :, :]) ** 2 @ out.T)


def margins(group: Group, weights: np.ndarray) -> np.ndarray:
    """Shape (n, n, n): f(a, b)[ab] - f(a, b)[c]; infinite at c = ab."""
    found = logits(weights)
    right = np.take_along_axis(found, group.table[:, :, None].astype(np.int64), axis=2)
    lead: np.ndarray = right - found
    np.put_along_axis(lead, group.table[:, :, None].astype(np.int64), np.inf, axis=2)
    return lead


def norm_cubed(weights: np.ndarray) -> float:
    """||theta||_{2,3}^3, the sum over neurons of ||(left, right, out)||_2^3."""
    return norm_power(weights, 3)


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
    """Multiplications of a training, roughly: 3 products of n^2 x m by m x n a step, with what goes around them."""
    return float(steps) * (3.0 * order**3 * width + 12.0 * order**2 * width + 30.0 * order**3)


def margin_ascent(group: Group, width: int, steps: int, unit: float, rng: np.random.Generator) -> QuadraticNetwork:
    """Maximise the normalised margin over all triples, from a Gaussian start; see ``ascend``.

    Args:
        width: neurons. steps: of Adam. unit: a margin of this size counts as 1 (gamma*, or a guess of it).

    Returns:
        A network with norm 1; its history has margins in units.
    """
    table = group.table[:, :, None].astype(np.int64)

    def problem(weights: np.ndarray) -> tuple[np.ndarray, Backward]:
        def backward(pull: np.ndarray) -> np.ndarray:
            np.put_along_axis(pull, table, -pull.sum(axis=2, keepdims=True), axis=2)
            return _pulled_back(weights, pull)

        return margins(group, weights), backward

    weights, history = ascend(problem, rng.standard_normal((3, group.order, width)), 3, steps, unit)
    return QuadraticNetwork(weights, history)


def cross_entropy_training(
    group: Group, width: int, steps: int, penalty: float, rng: np.random.Generator, *, polish: int = 3000
) -> QuadraticNetwork:
    """Minimise mean cross-entropy + lambda ||theta||_{2,3}^3: Adam, then L-BFGS; the history has losses in nats.

    Args:
        penalty: lambda. steps: of Adam. polish: most steps of L-BFGS.
    """
    objective = _penalised(group, penalty)
    weights, history = descend(objective, 0.3 * rng.standard_normal((3, group.order, width)), steps)
    weights, polished = lbfgs(objective, weights, polish)
    return QuadraticNetwork(weights, (*history, *((steps + step, value) for step, value in polished)))


def penalised_loss(group: Group, weights: np.ndarray, penalty: float) -> float:
    """Mean cross-entropy + lambda ||theta||_{2,3}^3, nats."""
    return _penalised(group, penalty)(weights)[0]


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
        gradient = _pulled_back(weights, pull) + penalty * norm_gradient(weights, 3)
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
