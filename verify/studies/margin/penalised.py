"""The best network under cross-entropy with the penalty lambda sum ||omega||_2^3: a convex program over irreps.

Public: PenalisedOptimum, Arrival, penalised_optimum, first_penalty, arrivals.

With mu_V = the sum of ||omega||^3 over the neurons of irrep V, the best logits lead by A mu (``program.matrix``), and
the loss is log(1 + sum over classes C != 1 of |C| exp(-(A mu)_C)) + lambda sum mu, in nats.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grouptool.errors import GroupToolError

from .program import MarginProgram, MaximumMargin

__all__ = ["Arrival", "PenalisedOptimum", "arrivals", "first_penalty", "penalised_optimum"]

BARRIERS = 1e-16
"""The mean of share times slack, over the number of irreps, at which the interior-point method ends."""

MOST_STEPS = 500
STRIDE = 2.0
"""Most nats that a step moves a logit: further out the loss is not what its second derivative says."""

ROUNDS = 20
"""Of the search for the irreps that are there, after the interior-point method."""

MISSED = 1e-12
"""Slack below minus this brings an irrep back."""


@dataclass(frozen=True, eq=False)
class PenalisedOptimum:
    """The optimum at one lambda.

    Attributes:
        penalty: lambda. mu: shape (q,), the sum of ||omega||^3 in each irrep; all 0 for lambda that is too large.
        loss: cross-entropy and penalty, nats. cross_entropy: nats.
        gap: the loss less a proved lower bound (a feasible dual), over the loss; dimensionless.
        residual: the largest violation of the optimality conditions, in units of lambda: |s_V / lambda - 1| where
            mu_V > 0 and s_V / lambda - 1 elsewhere, s_V = sum over C of p_C A[C, V].
        slack: shape (q,): 1 - s_V / lambda, 0 for irreps that are there: how far the others are from it.
    """

    penalty: float
    mu: np.ndarray
    loss: float
    cross_entropy: float
    gap: float
    residual: float
    slack: np.ndarray

    @property
    def shares(self) -> np.ndarray:
        """Shape (q,): mu over its sum; zeros when the best network is 0."""
        total = float(self.mu.sum())
        return self.mu / total if total else np.zeros_like(self.mu)

    def ratio(self, maximum: MaximumMargin) -> float:
        """The normalised margin of the optimum over gamma*; 0 when the best network is 0."""
        total = float(self.mu.sum())
        return float((maximum.program.matrix @ self.mu).min() / total / maximum.margin) if total else 0.0


@dataclass(frozen=True)
class Arrival:
    """An irrep that comes, or goes, as lambda falls.

    Attributes:
        irrep: its number in the program. penalty: the critical lambda. comes: False when it goes there.
    """

    irrep: int
    penalty: float
    comes: bool


def first_penalty(program: MarginProgram) -> float:
    """The lambda from which on the best network is 0: 2 (3n)^(-3/2) / min over V of kappa_V sqrt(d_V)."""
    # At mu = 0 all p_C are |C| / n, and the sum of |C| (1 - Re chi / d) over the group is n.
    return float((program.sizes @ program.matrix).max() / program.order)


def penalised_optimum(maximum: MaximumMargin, penalty: float) -> PenalisedOptimum:
    """Solve the convex program by an interior-point method; every answer carries a duality gap.

    Args:
        penalty: lambda > 0, of sum ||omega||_2^3.

    Raises:
        GroupToolError: lambda is not positive, or the gap stays above 1e-9, which is a bug.

    Method: primal-dual Newton steps on mu_V z_V = tau, z = 1 - s / lambda, with tau falling to 0, from inside; then
    Newton steps on the irreps that are there. Everything is strictly convex, so the optimum is unique.
    The dual: log sum exp x = max over p of p x + H(p), so every p >= 0 with A^T p <= lambda bounds the loss from below
    by H(p_0, p) + sum p_C log |C|. Cost: some 60 steps of q^3.
    Source: Boyd and Vandenberghe, Convex Optimization (2004), sections 5.1.6 and 11.7.
    """
    if not 0 < penalty < np.inf:
        raise GroupToolError(f"the penalty must be a positive number, not {penalty}")
    program = maximum.program
    scaled, price = program.matrix / maximum.margin, penalty / maximum.margin  # logits in nats for mixtures
    weights = np.log(program.sizes.astype(np.float64))
    if penalty >= first_penalty(program):
        nothing = np.zeros(len(weights))
        slack = 1 - program.sizes @ program.matrix / program.order / penalty
        loss = float(np.log(program.order))
        return PenalisedOptimum(penalty, nothing, loss, loss, 0.0, max(0.0, float(-slack.min())), slack)
    point = np.full(len(weights), 1 / len(weights))
    slack = np.ones(len(weights))
    for _ in range(MOST_STEPS):
        gradient, hessian = _derivatives(scaled, weights, price, point)
        barrier = 0.1 * float(point @ slack) / len(point)
        move = np.linalg.solve(hessian + np.diag(slack / point), barrier / point - gradient)
        turn = barrier / point - slack - slack / point * move
        length = min(1.0, STRIDE / max(float(np.abs(scaled @ move).max()), 1e-300), _room(point, move))
        point, slack = point + length * move, slack + min(1.0, _room(slack, turn)) * turn
        if barrier < BARRIERS and np.abs(gradient - slack).max() < 1e-9:
            break
    point = _polished(scaled, weights, price, np.where(point > slack * point.sum(), point, 0.0))
    return _optimum(maximum, penalty, point)


def arrivals(maximum: MaximumMargin, lowest: float = 1e-14, *, per_decade: int = 4) -> list[Arrival]:
    """The critical lambdas of every irrep, from the first one downwards: where it comes into the optimum, or leaves it.

    Args:
        lowest: the least lambda that is looked at. per_decade: optima in a factor of ten; an irrep that comes and goes
            between two of them is not seen.

    Cost: 4 optima a decade and about 15 for each arrival.
    """
    first = first_penalty(maximum.program)
    steps = max(2, int(np.ceil(np.log10(first / lowest) * per_decade)) + 1)
    grid = np.geomspace(first, min(lowest, first), steps)
    found, before, above = [], np.zeros(len(maximum.shares), dtype=bool), float(first)
    for penalty in grid[1:].tolist():
        now = penalised_optimum(maximum, penalty).mu > 0
        for irrep in np.flatnonzero(now != before).tolist():
            critical = (
                first if above == first and _at_once(maximum, irrep) else _between(maximum, irrep, above, penalty)
            )
            found.append(Arrival(irrep, critical, bool(now[irrep])))
        before, above = now, penalty
    return sorted(found, key=lambda one: (-one.penalty, one.irrep))


def _at_once(maximum: MaximumMargin, irrep: int) -> bool:
    """Whether an irrep is among the best at mu = 0, so that it comes with the first lambda."""
    program = maximum.program
    pushes = program.sizes @ program.matrix
    return bool(pushes[irrep] > pushes.max() * (1 - 1e-12))


def _between(maximum: MaximumMargin, irrep: int, above: float, below: float) -> float:
    """Bisection on log lambda, to a millionth."""
    there = penalised_optimum(maximum, below).mu[irrep] > 0
    while above / below > 1 + 1e-6:
        middle = float(np.sqrt(above * below))
        if (penalised_optimum(maximum, middle).mu[irrep] > 0) == there:
            below = middle
        else:
            above = middle
    return float(np.sqrt(above * below))


def _cross_entropy(scaled: np.ndarray, weights: np.ndarray, point: np.ndarray) -> tuple[float, np.ndarray]:
    """The cross-entropy, nats, and the probability of the answers of each class."""
    logits = weights - scaled @ point
    loss = float(np.logaddexp(np.logaddexp.reduce(logits), 0.0))
    return loss, np.exp(logits - loss)


def _derivatives(
    scaled: np.ndarray, weights: np.ndarray, price: float, point: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Gradient and Hessian of (cross-entropy) / price + sum of the point."""
    _, probabilities = _cross_entropy(scaled, weights, point)
    push = probabilities @ scaled
    hessian = (scaled.T * probabilities) @ scaled - np.outer(push, push)
    return 1 - push / price, hessian / price


def _polished(scaled: np.ndarray, weights: np.ndarray, price: float, point: np.ndarray) -> np.ndarray:
    """Newton steps on the irreps that are there; one below 0 leaves, the one that is missed most comes."""
    for _ in range(ROUNDS):
        there = point > 0
        for _ in range(3):
            gradient, hessian = _derivatives(scaled[:, there], weights, price, point[there])
            point[there] -= np.linalg.solve(hessian, gradient)
        leaves = point < 0
        point[leaves] = 0.0
        gradient, _ = _derivatives(scaled, weights, price, point)
        if not leaves.any() and gradient[~there].min(initial=0) > -MISSED:
            break
        if not leaves.any():
            point[gradient.argmin()] = 1e-12 * point.sum()
    return point


def _room(point: np.ndarray, move: np.ndarray) -> float:
    """How much of a move keeps all entries positive, less a hundredth."""
    falling = move < 0
    return float(0.99 * (point[falling] / -move[falling]).min()) if falling.any() else 1.0


def _optimum(maximum: MaximumMargin, penalty: float, point: np.ndarray) -> PenalisedOptimum:
    program, price = maximum.program, penalty / maximum.margin
    scaled, weights = program.matrix / maximum.margin, np.log(program.sizes.astype(np.float64))
    cross_entropy, probabilities = _cross_entropy(scaled, weights, point)
    slack = 1 - probabilities @ scaled / price
    loss = cross_entropy + price * float(point.sum())
    feasible = probabilities / max(1.0, 1 - float(slack.min()))
    rest = float(feasible.sum())
    bound = float(feasible @ (weights - np.log(feasible))) - (1 - rest) * float(np.log1p(-rest))
    gap = (loss - bound) / loss
    residual = max(float(np.abs(slack[point > 0]).max()), float(-slack.min()), 0.0)
    if not gap < 1e-9 or point.min() < 0:
        raise GroupToolError(f"the optimum at lambda = {penalty:g} was found to {gap:.1e} only; this is a bug")
    return PenalisedOptimum(penalty, point / maximum.margin, loss, cross_entropy, gap, residual, slack)
