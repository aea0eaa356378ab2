"""When a two-layer network on the task (a, b) -> ab learns each irreducible character.

Public: appearance, Irreducibles, irreducibles.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grouptool.group import Group
from grouptool.representations import character_table

__all__ = ["Irreducibles", "appearance", "irreducibles"]

RATE, SMALL = 0.003, 0.1
BATCH = 1024
LOOK_EVERY = 2


@dataclass(frozen=True, eq=False)
class Irreducibles:
    """The non-trivial irreducible characters up to complex conjugation.

    Attributes:
        values: shape (r, n), float64: the real part on each element. degrees, kernels: shape (r,): kernel orders.
        paired: shape (r,), bool: whether it stands for a pair of conjugate characters.
    """

    values: np.ndarray
    degrees: np.ndarray
    kernels: np.ndarray
    paired: np.ndarray

    @property
    def kinds(self) -> np.ndarray:
        """Shape (r, 2): degree, and whether it is a pair; a real network learns a pair as one thing, twice as large."""
        return np.column_stack([self.degrees, self.paired])


def irreducibles(group: Group) -> Irreducibles:
    """From the exact character table; a pair of conjugate characters is one."""
    table = character_table(group)
    kept = np.flatnonzero((np.arange(len(table)) <= table.duals) & (np.arange(len(table)) > 0))
    kernels = (table.kernels[kept] * table.classes.sizes).sum(axis=1)
    values = table.complex.real[kept][:, table.classes.class_of]
    return Irreducibles(values, table.degrees[kept], kernels, table.duals[kept] != kept)


def appearance(group: Group, made: Irreducibles, hidden: int, steps: int, seed: int) -> np.ndarray:
    """Shape (r,), float64: the step at which half of each character's part of the answer is there; steps + 1: never.

    The network relu(L[a] + R[b]) U learns the indicator of ab by Adam on the squared error, from small weights. What it
    says of c is averaged over all a, b with the same a b c^-1 to a function f on the group; a perfect network has
    f = 1 at the identity and 0 elsewhere, and the part of a character of degree d is sum f(x) chi(x) / d, then 1.
    """
    rng, n = np.random.default_rng(seed), group.order
    weights = [rng.normal(0, SMALL / hidden**0.5, shape) for shape in ((n, hidden), (n, hidden), (hidden, n))]
    means, squares = ([np.zeros_like(one) for one in weights] for _ in range(2))
    first = np.full(len(made.degrees), float(steps + 1))
    for step in range(1, steps + 1):
        a, b = _pairs(n, rng)
        gradients = _gradients(group, weights, a, b)
        for one, gradient, mean, square in zip(weights, gradients, means, squares, strict=True):
            mean += 0.1 * (gradient - mean)
            square += 0.001 * (gradient**2 - square)
            one -= RATE * mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        if step % LOOK_EVERY == 0:
            parts = made.values @ _said(group, weights) / made.degrees
            first[(parts >= 0.5) & (first > steps)] = step
            if (first <= steps).all():
                break
    return first


def _pairs(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """All pairs, or as many as a batch holds."""
    if n * n <= BATCH:
        everything = np.arange(n * n)
    else:
        everything = rng.integers(0, n * n, BATCH)
    return everything // n, everything % n


def _gradients(group: Group, weights: list[np.ndarray], a: np.ndarray, b: np.ndarray) -> list[np.ndarray]:
    """Of half the mean over pairs of the squared error over all answers."""
    left, right, up = weights
    hidden = np.maximum(left[a] + right[b], 0)
    wrong = hidden @ up
    wrong[np.arange(len(a)), group.table[a, b]] -= 1
    wrong /= len(a)
    back = (wrong @ up.T) * (hidden > 0)
    found = [np.zeros_like(left), np.zeros_like(right), hidden.T @ wrong]
    np.add.at(found[0], a, back)
    np.add.at(found[1], b, back)
    return found


def _said(group: Group, weights: list[np.ndarray]) -> np.ndarray:
    """Shape (n,): the mean answer f(x) over all a, b, c with a b c^-1 = x."""
    left, right, up = weights
    n = group.order
    by_product = np.zeros((n, n))
    for a in range(n):
        by_product[group.table[a]] += np.maximum(left[a] + right, 0) @ up
    quotient = group.table[:, group.inverses].astype(np.int64)  # of the product and c
    return np.asarray(np.bincount(quotient.ravel(), weights=by_product.ravel(), minlength=n)) / n**2
