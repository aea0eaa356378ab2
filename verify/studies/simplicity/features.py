"""What a classifier may see of a pair, and the best accuracy that anything can reach with it.

Public: FEATURES, INVARIANTS, Ceiling, ceiling, feature_columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from .census import Census
from .pairs import CycleCounts, cycle_counts

__all__ = ["FEATURES", "INVARIANTS", "Ceiling", "ceiling", "feature_columns"]

Parts = Mapping[str, CycleCounts]

FEATURES: dict[str, Callable[[Census, Parts], list[np.ndarray]]] = {
    "nothing": lambda census, parts: [],
    "det": lambda census, parts: [parts[i].odd for i in "ab"],
    "trace": lambda census, parts: [parts[i].fixed for i in "ab"],
    "orders": lambda census, parts: [parts[i].orders for i in "ab"],
    "det + trace": lambda census, parts: [column for i in "ab" for column in (parts[i].odd, parts[i].fixed)],
    "cycle types": lambda census, parts: [parts[i].types for i in "ab"],
    "cycle types, product": lambda census, parts: [parts[i].types for i in ("a", "b", "ab")],
    "cycle types, product, commutator": lambda census, parts: [parts[i].types for i in ("a", "b", "ab", "[a,b]")],
    "group order": lambda census, parts: [census.orders],
}
"""Feature sets by name: the columns, each shape (m,), that are seen of m pairs (a, b)."""

INVARIANTS = ("det", "trace", "orders", "det + trace", "cycle types", "cycle types, product")
"""The feature sets that networks are trained on: functions of a, b and ab alone."""


def feature_columns(census: Census) -> dict[str, np.ndarray]:
    """For each feature set, shape (m, columns), int64: a number for each value of each column, from 0."""
    pairs = census.pairs
    parts = {
        "a": cycle_counts(pairs.first),
        "b": cycle_counts(pairs.second),
        "ab": cycle_counts(pairs.products),
        "[a,b]": cycle_counts(pairs.commutators),
    }
    found = {}
    for name, columns in FEATURES.items():
        numbered = [np.unique(column, return_inverse=True)[1] for column in columns(census, parts)]
        found[name] = np.column_stack([np.zeros((len(pairs), 0), dtype=np.int64), *numbered])
    return found


@dataclass(frozen=True)
class Ceiling:
    """The best accuracies, each a share in [0, 1].

    Attributes:
        plain: with examples as they are counted. balanced: with both answers made equally frequent.
    """

    plain: float
    balanced: float


def ceiling(columns: np.ndarray, answer: np.ndarray, weights: np.ndarray) -> Ceiling:
    """The exact Bayes accuracy of features: for each value of all columns the more frequent answer.

    Args:
        columns: shape (m, c), int64. answer: shape (m,), bool. weights: shape (m,): how often each row is met.
    """
    cell = np.unique(columns, axis=0, return_inverse=True)[1].reshape(-1) if columns.shape[1] else 0 * answer
    yes = np.bincount(cell, weights=weights * answer)
    no = np.bincount(cell, weights=weights * ~answer)
    plain = float(np.maximum(yes, no).sum() / weights.sum())
    if not yes.any() or not no.any():
        return Ceiling(plain, plain)
    return Ceiling(plain, float(np.maximum(yes / yes.sum(), no / no.sum()).sum() / 2))
