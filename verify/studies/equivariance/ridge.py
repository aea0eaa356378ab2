"""The best readout of random hidden units: what one hidden layer on a G-set reaches, without training.

Public: Curve, Target, chosen_points, difference_target, hidden_features, invariant_target, r_squared_curve,
random_target, readout_weights.

Networks R^N to R^X to R^M, sine units: a channel draws one weight for each orbit on X x N and one bias for each orbit
on X; the readout, one weight for each orbit on M x X, is fitted by ridge regression, at some points of each orbit of M,
of which one decides an equivariant map on the orbit. Inputs are N(0, 1), which G keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from grouptool.structure import GSet, regular_action

from .sharing import orbit_labels

__all__ = [
    "Curve",
    "Target",
    "chosen_points",
    "difference_target",
    "hidden_features",
    "invariant_target",
    "r_squared_curve",
    "random_target",
    "readout_weights",
]

Target = Callable[[np.ndarray], list[np.ndarray]]
"""Inputs (b, |N|) to values of an equivariant map: (b, k) for each orbit of M, at the points of ``chosen_points``."""

RIDGES = 10.0 ** np.arange(-10, 5, 2)
UNEXPLAINED, SLACK = 0.02, 0.05
"""Where more than this share is left, the largest ridge is taken whose error is within 5 % of what is left above it."""
WIDER = 1.5
DAMPING = 0.05
GAIN = 0.01
COMPONENTS = 3
"""Most components of an orbit that are fitted together: each is an equation for the same readout."""
UNITS = 32


def hidden_features(
    x: np.ndarray, domain: GSet, hidden: GSet, codomain: GSet, weights: np.ndarray, biases: np.ndarray
) -> list[np.ndarray]:
    """Sine units on X, summed over the orbits of pairs (m, X) for some points m of each orbit of M.

    Args:
        x: shape (b, |N|). weights: shape (c, orbits on X x N). biases: shape (c, orbits on X).

    Returns:
        For each orbit of M, shape (b, k, c, r): k points of ``chosen_points``, r orbits of G on pairs.
    """
    rows = orbit_labels(domain, hidden)
    readouts = _readouts(hidden, codomain)
    found = [np.zeros((len(x), len(one), len(weights), one.max() + 1)) for one in readouts]
    for point in range(len(hidden)):
        units = np.sin(x @ weights[:, rows[point]].T + biases[:, hidden.orbit_of[point]])
        for total, one in zip(found, readouts, strict=True):
            for place, row in enumerate(one):
                total[:, place, :, row[point]] += units
    return found


def chosen_points(codomain: GSet) -> list[np.ndarray]:
    """Of each orbit of M at most 3 points; one decides an equivariant map on its orbit, more use the inputs better."""
    return [orbit[:: max(1, len(orbit) // COMPONENTS)][:COMPONENTS] for orbit in codomain.orbits]


def readout_weights(hidden: GSet, codomain: GSet) -> int:
    """The most readout weights of a channel that one component of the output has."""
    return max(int(one.max()) + 1 for one in _readouts(hidden, codomain))


def random_target(domain: GSet, codomain: GSet, rng: np.random.Generator, scale: float) -> Target:
    """A random sine network of 32 channels, symmetrised over G: its hidden layer is regular."""
    regular = regular_action(domain.group)
    weights = scale * rng.standard_normal((UNITS, len(domain)))
    biases = rng.uniform(0, 2 * np.pi, (UNITS, 1))
    readouts = [rng.standard_normal((UNITS, int(one.max()) + 1)) for one in _readouts(regular, codomain)]

    def target(x: np.ndarray) -> list[np.ndarray]:
        features = hidden_features(x, domain, regular, codomain, weights, biases)
        return [np.einsum("bkcr,cr->bk", *pair) for pair in zip(features, readouts, strict=True)]

    return target


def difference_target(
    domain: GSet, codomain: GSet, larger: np.ndarray, rng: np.random.Generator, scale: float
) -> Target:
    """f_G - f_H for a random sine network f, damped far out: invariant under G, of mean 0 under a larger group H.

    Args:
        larger: shape (|H|, |N|): the image lists of H.
    """
    own = np.unique(domain.images, axis=0)
    weights, biases = scale * rng.standard_normal((UNITS, len(domain))), rng.uniform(0, 2 * np.pi, UNITS)
    readout = rng.standard_normal(UNITS)

    def mean(x: np.ndarray, images: np.ndarray) -> np.ndarray:
        total = np.zeros(len(x))
        for image in images:
            total += np.sin(x[:, image] @ weights.T + biases) @ readout
        return total / len(images)

    def difference(x: np.ndarray) -> np.ndarray:
        return np.asarray((mean(x, own) - mean(x, larger)) * np.exp(-DAMPING * (x**2).sum(axis=1)))

    return invariant_target(difference, codomain)


def invariant_target(function: Callable[[np.ndarray], np.ndarray], codomain: GSet) -> Target:
    """An invariant function, the same at every point of M."""
    sizes = [len(one) for one in chosen_points(codomain)]

    def target(x: np.ndarray) -> list[np.ndarray]:
        values = function(x)
        return [np.repeat(values[:, None], size, axis=1) for size in sizes]

    return target


@dataclass(frozen=True)
class Curve:
    """How well hidden layers of ever more channels fit.

    Attributes:
        channels: numbers of channels. r_squared: shape (targets, channels): on inputs that were not fitted, 1 - squared
            error / variance, over all components; at most 1, and 0 for the best constant.
    """

    channels: tuple[int, ...]
    r_squared: tuple[tuple[float, ...], ...]

    @property
    def worst(self) -> tuple[float, ...]:
        """The least over targets, for each number of channels."""
        return tuple(min(column) for column in zip(*self.r_squared, strict=True))


def r_squared_curve(
    domain: GSet,
    hidden: GSet,
    codomain: GSet,
    targets: Sequence[Target],
    channels: Sequence[int],
    rng: np.random.Generator,
    *,
    samples: int,
    scale: float,
    twins: np.ndarray | None = None,
    wide: bool = False,
) -> Curve:
    """Fit each target with each number of channels (ascending; the fewer are the first of the more).

    Args:
        samples: inputs that are fitted; as many again, halved, choose the ridge and measure. scale: of the weights.
        twins: shape (k, |N|), permutations of the inputs. Then a channel is two, one with the weights of the other
            moved by one of these, and opposite readouts: what an even network does not see is no burden to the fit.
            For a transitive hidden set whose stabiliser fixes all inputs, so that weights at one point are free.
        wide: half of the inputs that are fitted are N(0, 1.5^2), so that few of those that test lie outside. For sets
            that are universal: a fit that is no compromise is the same under any distribution.

    Cost: 2 |X| channels samples sines (twice with twins), and 8 linear systems of as many unknowns as channels times
    readout weights.

    Raises:
        ValueError: twins for another hidden set.
    """
    most = max(channels)
    x = rng.standard_normal((2 * samples, len(domain)))
    if wide:
        x[: samples // 2] *= WIDER
    weights = scale * rng.standard_normal((most, int(orbit_labels(domain, hidden).max()) + 1))
    biases = rng.uniform(0, 2 * np.pi, (most, len(hidden.orbits)))
    features = hidden_features(x, domain, hidden, codomain, weights, biases)
    if twins is not None:
        moved = _moved(weights, domain, hidden, twins[rng.integers(0, len(twins), most)])
        others = hidden_features(x, domain, hidden, codomain, moved, biases)
        features = [one - other for one, other in zip(features, others, strict=True)]
    wanted = [target(x) for target in targets]
    sizes = np.array([len(one) for one in codomain.orbits])
    curves = []
    for count in channels:
        errors, totals = np.zeros(len(targets)), np.zeros(len(targets))
        for place, one in enumerate(features):
            columns = np.stack([each[place].ravel() for each in wanted], axis=1)
            rows = one[:, :, :count].reshape(len(columns), -1)
            error, total = _fitted(rows, columns, samples * one.shape[1])
            weight = sizes[place] / one.shape[1]
            errors, totals = errors + weight * error, totals + weight * total
        curves.append(1 - errors / totals)
    return Curve(tuple(channels), tuple(tuple(row) for row in np.array(curves).T.tolist()))


def _moved(weights: np.ndarray, domain: GSet, hidden: GSet, permutations: np.ndarray) -> np.ndarray:
    """Weights by label, such that at the first point they are the given ones moved, one by one."""
    row = orbit_labels(domain, hidden)[0]
    if len(np.unique(row)) != weights.shape[1] or len(row) != weights.shape[1]:
        raise ValueError(f"the weights of a channel on {hidden!r} are not free at its first point")
    found = np.empty_like(weights)
    found[:, row] = np.take_along_axis(weights[:, row], permutations, axis=1)
    return found


def _fitted(features: np.ndarray, wanted: np.ndarray, samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Squared error and variance of each column of ``wanted`` on the last quarter; the ridge is chosen on the third."""
    scaled = features - features[:samples].mean(axis=0)
    scaled /= np.maximum(scaled[:samples].std(axis=0), 1e-12)
    mean = wanted[:samples].mean(axis=0)
    fit, choose, test = np.split(np.arange(len(features)), [samples, samples + samples // 2])
    gram, right = scaled[fit].T @ scaled[fit], scaled[fit].T @ (wanted[fit] - mean)
    sizes = [(half**2).sum(axis=0) for half in _halves(wanted[choose] - mean)]
    errors, solutions = [], []
    for ridge in RIDGES:
        solutions.append(np.linalg.solve(gram + ridge * samples * np.eye(len(gram)), right))
        left = (wanted[choose] - mean - scaled[choose] @ solutions[-1]) ** 2
        gains = [half.sum(axis=0) < (1 - GAIN) * size for half, size in zip(_halves(left), sizes, strict=True)]
        errors.append(np.where(np.all(gains, axis=0), left.sum(axis=0), np.inf))
    # A gain in one half only, by a few far inputs, is none, nor is a trifle: then the largest ridge, about the mean.
    errors[-1] = np.where(np.isinf(errors[-1]), sum(sizes), errors[-1])
    best = np.min(errors, axis=0)
    near = np.array(errors) <= best + SLACK * np.maximum(best - UNEXPLAINED * sum(sizes), 0)
    picked = len(RIDGES) - 1 - near[::-1].argmax(axis=0)
    chosen = np.stack([solutions[one][:, column] for column, one in enumerate(picked)], axis=1)
    left = ((wanted[test] - mean - scaled[test] @ chosen) ** 2).sum(axis=0)
    return left, ((wanted[test] - wanted[test].mean(axis=0)) ** 2).sum(axis=0)


def _halves(rows: np.ndarray) -> list[np.ndarray]:
    return np.array_split(rows, 2)


def _readouts(hidden: GSet, codomain: GSet) -> list[np.ndarray]:
    """For each orbit of M, shape (k, |X|): the label of (m, x) at the chosen points m, numbered within the orbit."""
    labels = orbit_labels(hidden, codomain)
    found = []
    for chosen in chosen_points(codomain):
        names = np.unique(labels[chosen[0]])  # every point of an orbit meets the same orbits on pairs
        found.append(np.searchsorted(names, labels[chosen]))
    return found
