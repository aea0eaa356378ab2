"""Rank correlations with intervals.

Public: Correlation, partial, rank_correlation, spearman.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Correlation", "partial", "rank_correlation", "spearman"]


@dataclass(frozen=True)
class Correlation:
    """A rank correlation.

    Attributes:
        value: in [-1, 1]; 0 where one side does not vary. low, high: the middle 95 percent of bootstrap samples.
    """

    value: float
    low: float
    high: float


def spearman(x: np.ndarray, y: np.ndarray) -> float:
    """Spearman's correlation of two samples, equal values with their mean rank; 0 where one does not vary.

    Source: Spearman, The proof and measurement of association between two things (1904).
    """
    return _pearson(_ranks(x), _ranks(y))


def partial(x: np.ndarray, y: np.ndarray, given: np.ndarray) -> float:
    """Spearman's correlation of x and y with the ranks of other samples held fixed; 0 where nothing is left.

    Args:
        given: shape (k,), or (k, c) for c samples.

    Source: Kendall, Partial rank correlation (1942), by the formula for correlations of ranks.
    """
    ranks = np.column_stack([np.ones(len(x)), *map(_ranks, given.reshape(len(x), -1).T)])
    left = [one - ranks @ np.linalg.lstsq(ranks, one, rcond=None)[0] for one in (_ranks(x), _ranks(y))]
    return _pearson(*left)


def rank_correlation(
    x: np.ndarray, y: np.ndarray, rng: np.random.Generator, given: np.ndarray | None = None, samples: int = 1000
) -> Correlation:
    """Spearman's correlation with a bootstrap interval over the rows; with ``given``, the partial one."""
    values = []
    for chosen in [np.arange(len(x)), *rng.integers(0, len(x), (samples, len(x)))]:
        if given is None:
            values.append(spearman(x[chosen], y[chosen]))
        else:
            values.append(partial(x[chosen], y[chosen], given[chosen]))
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return Correlation(values[0], float(low), float(high))


def _ranks(x: np.ndarray) -> np.ndarray:
    number, counts = np.unique(x, return_inverse=True, return_counts=True)[1:]
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[number])


def _pearson(x: np.ndarray, y: np.ndarray) -> float:
    x, y = x - x.mean(), y - y.mean()
    scale = float((x @ x) * (y @ y)) ** 0.5
    return float(x @ y) / scale if scale > 1e-9 * len(x) else 0.0
