"""The best readout of random hidden units: what one hidden layer on a G-set reaches, without training.

Public: Curve, Target, difference_target, hidden_features, invariant_target, r_squared_curve, random_target,
readout_weights.

Networks R^N to R^X to R^M, sine units: a channel draws one weight for each orbit on X x N and one bias for each orbit
on X; the readout, one weight for each orbit on M x X, is fitted by ridge regression. Component m of an equivariant map
decides all components of its orbit, so one point of each orbit of M is fitted. Inputs are N(0, 1), which G keeps.
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
    "difference_target",
    "hidden_features",
    "invariant_target",
    "r_squared_curve",
    "random_target",
    "readout_weights",
]

Target = Callable[[np.ndarray], np.ndarray]
"""Inputs (b, m) to values (b, orbits of M): one component of each orbit of an equivariant map."""

RIDGES = 10.0 ** np.arange(-11, 5, 2)
UNITS = 32


def hidden_features(
    x: np.ndarray, domain: GSet, hidden: GSet, codomain: GSet, weights: np.ndarray, biases: np.ndarray
) -> list[np.ndarray]:
    """Sine units on X, summed over the orbits of pairs (m, X) for the first point m of each orbit of M.

    Args:
        x: shape (b, |N|). weights: shape (c, orbits on X x N). biases: shape (c, orbits on X).

    Returns:
        For each orbit of M, shape (b, c, r), r orbits of the stabiliser of m on X.
    """
    rows = orbit_labels(domain, hidden)
    readouts = [np.unique(row, return_inverse=True)[1] for row in _base_rows(hidden, codomain)]
    found = [np.zeros((len(x), len(weights), row.max() + 1)) for row in readouts]
    for point in range(len(hidden)):
        units = np.sin(x @ weights[:, rows[point]].T + biases[:, hidden.orbit_of[point]])
        for total, row in zip(found, readouts, strict=True):
            total[:, :, row[point]] += units
    return found


def readout_weights(hidden: GSet, codomain: GSet) -> int:
    """The most readout weights of a channel that one component of the output has."""
    return max(len(np.unique(row)) for row in _base_rows(hidden, codomain))


def random_target(domain: GSet, codomain: GSet, rng: np.random.Generator, scale: float) -> Target:
    """A random sine network of 32 channels, symmetrised over G: its hidden layer is regular."""
    regular = regular_action(domain.group)
    weights = scale * rng.standard_normal((UNITS, len(domain)))
    biases = rng.uniform(0, 2 * np.pi, (UNITS, 1))
    readouts = [rng.standard_normal((UNITS, len(np.unique(row)))) for row in _base_rows(regular, codomain)]

    def target(x: np.ndarray) -> np.ndarray:
        features = hidden_features(x, domain, regular, codomain, weights, biases)
        return np.stack([np.einsum("bcr,cr->b", *pair) for pair in zip(features, readouts, strict=True)], axis=1)

    return target


def difference_target(
    domain: GSet, codomain: GSet, larger: np.ndarray, rng: np.random.Generator, scale: float
) -> Target:
    """f_G - f_H for a random sine network f: invariant under G, of mean 0 under a larger group H.

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

    return invariant_target(lambda x: mean(x, own) - mean(x, larger), codomain)


def invariant_target(function: Callable[[np.ndarray], np.ndarray], codomain: GSet) -> Target:
    """An invariant function, the same at every point of M."""
    return lambda x: np.repeat(function(x)[:, None], len(codomain.orbits), axis=1)


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
) -> Curve:
    """Fit each target with each number of channels (ascending; the fewer are the first of the more).

    Args:
        samples: inputs that are fitted; as many again, halved, choose the ridge and measure. scale: of the weights.
        twins: shape (k, |N|), permutations of the inputs. Then a channel is two, one with the weights of the other
            moved by one of these, and opposite readouts: what an even network does not see is no burden to the fit.
            For a transitive hidden set whose stabiliser fixes all inputs, so that weights at one point are free.

    Cost: 2 |X| channels samples sines (twice with twins), and 8 linear systems of as many unknowns as channels times
    readout weights.

    Raises:
        ValueError: twins for another hidden set.
    """
    most = max(channels)
    x = rng.standard_normal((2 * samples, len(domain)))
    weights = scale * rng.standard_normal((most, int(orbit_labels(domain, hidden).max()) + 1))
    biases = rng.uniform(0, 2 * np.pi, (most, len(hidden.orbits)))
    features = hidden_features(x, domain, hidden, codomain, weights, biases)
    if twins is not None:
        moved = _moved(weights, domain, hidden, twins[rng.integers(0, len(twins), most)])
        others = hidden_features(x, domain, hidden, codomain, moved, biases)
        features = [one - other for one, other in zip(features, others, strict=True)]
    wanted = np.stack([target(x) for target in targets])  # (targets, b, orbits of M)
    sizes = np.array([len(one) for one in codomain.orbits])
    curves = []
    for count in channels:
        errors, totals = np.zeros(len(targets)), np.zeros(len(targets))
        for place, one in enumerate(features):
            error, total = _fitted(one[:, :count].reshape(len(x), -1), wanted[:, :, place].T, samples)
            errors, totals = errors + sizes[place] * error, totals + sizes[place] * total
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
    middle = features[:samples].mean(axis=0)
    scaled = features - middle
    scaled = scaled / np.maximum(scaled[:samples].std(axis=0), 1e-12)
    mean = wanted[:samples].mean(axis=0)
    fit, choose, test = np.split(np.arange(len(features)), [samples, samples + samples // 2])
    gram, right = scaled[fit].T @ scaled[fit], scaled[fit].T @ (wanted[fit] - mean)
    best, chosen = np.full(wanted.shape[1], np.inf), np.zeros(right.shape)
    for ridge in RIDGES:
        solved = np.linalg.solve(gram + ridge * samples * np.eye(len(gram)), right)
        error = ((wanted[choose] - mean - scaled[choose] @ solved) ** 2).sum(axis=0)
        chosen[:, error < best] = solved[:, error < best]
        best = np.minimum(best, error)
    left = ((wanted[test] - mean - scaled[test] @ chosen) ** 2).sum(axis=0)
    return left, ((wanted[test] - wanted[test].mean(axis=0)) ** 2).sum(axis=0)


def _base_rows(hidden: GSet, codomain: GSet) -> np.ndarray:
    """The labels of (m, X) for the first point m of each orbit of M."""
    return orbit_labels(hidden, codomain)[[int(one[0]) for one in codomain.orbits]]
