"""The power-spectral network: blocks W_i(g), output (W_i x)(W_i x)*, trained to be the same on x and on g x.

Public: Orbits, SpectralNetwork, draw_orbits, scrambled, spectral_loss, train_spectral.

W_i x = sum over g of x_g W_i(g), with W_i(1) = 1 fixed, and (a x)_g = x_(a g). A network invariant for all x has
W(g) W(h)* = W(a g) W(a h)* for all a: with g = h, W(g) is unitary, and with h = 1, W(a g) = W(g) W(a), so that
the W(g)* multiply like the group. The penalty keeps the sum of d_i tr W_i(g) W_i(h)* at n for g = h and at 0
elsewhere, so that every irrep occurs once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grouptool.group import Group

from ..lbfgs import lbfgs

__all__ = ["Orbits", "SpectralNetwork", "draw_orbits", "scrambled", "spectral_loss", "train_spectral"]

RHO = 3.0
"""Weight of the penalty: chosen on groups of order up to 16, where other powers of ten get stuck more often."""


@dataclass(frozen=True, eq=False)
class Orbits:
    """Pairs of signals on one orbit: all that a network is told of the group.

    Attributes:
        signals, moved: shape (p, n), complex128, Gaussian, and the same moved by an element that is not told.
    """

    signals: np.ndarray
    moved: np.ndarray


@dataclass(frozen=True, eq=False)
class SpectralNetwork:
    """Trained blocks.

    Attributes:
        blocks: the W_i(g)*, which should multiply like the group, one array of shape (n, d, d), complex128, for each i;
            entry 0 is the identity matrix.
        invariance: mean over pairs and blocks of the squared difference of the outputs.
        gram_error: sum over g and h of |sum of d_i tr W_i(g) W_i(h)* / n - delta|^2.
        steps: of L-BFGS.
    """

    blocks: tuple[np.ndarray, ...]
    invariance: float
    gram_error: float
    steps: int

    @property
    def loss(self) -> float:
        """Invariance and penalty."""
        return self.invariance + RHO * self.gram_error


def draw_orbits(group: Group, pairs: int, rng: np.random.Generator) -> Orbits:
    """Gaussian signals x and a x, (a x)_g = x_(a g), with a drawn for each pair."""
    parts = rng.standard_normal((2, pairs, group.order)) / np.sqrt(2)
    signals = parts[0] + 1j * parts[1]
    chosen = rng.integers(0, group.order, pairs)
    return Orbits(signals, np.take_along_axis(signals, group.table[chosen].astype(np.int64), axis=1))


def scrambled(orbits: Orbits, rng: np.random.Generator) -> Orbits:
    """The same signals, each moved by a permutation of its own: no group of n elements leaves anything the same."""
    return Orbits(orbits.signals, rng.permuted(orbits.signals, axis=1))


def spectral_loss(orbits: Orbits, blocks: tuple[np.ndarray, ...], *, plancherel: bool = True) -> tuple[float, float]:
    """``invariance`` and ``gram_error`` of the W_i, of shapes (n, d, d), on orbits."""
    invariance, gram, _ = _gradients(orbits, blocks, plancherel)
    return invariance, gram


def train_spectral(
    orbits: Orbits, dimensions: tuple[int, ...], rng: np.random.Generator, steps: int = 3000, *, plancherel: bool = True
) -> SpectralNetwork:
    """L-BFGS on the pairs from a random start.

    Args:
        dimensions: of the blocks; their squares should sum to n. steps: most of L-BFGS.
        plancherel: with the weights d_i in the penalty; without them (sum of tr W_i(g) W_i(h)* over sum of d_i, as in
            the published code) the true irreps of a non-abelian group are no optimum.
    """
    n = orbits.signals.shape[1]
    start = rng.standard_normal((2, n - 1, sum(d * d for d in dimensions)))
    start *= np.concatenate([np.full(d * d, 1 / np.sqrt(2 * d)) for d in dimensions])

    def objective(weights: np.ndarray) -> tuple[float, np.ndarray]:
        invariance, gram, gradient = _gradients(orbits, _blocks(weights, dimensions), plancherel)
        flat = np.concatenate([one.reshape(n, -1) for one in gradient], axis=1)[1:]
        return invariance + RHO * gram, np.stack([flat.real, flat.imag])

    weights, history = lbfgs(objective, start, steps)
    blocks = _blocks(weights, dimensions)
    invariance, gram, _ = _gradients(orbits, blocks, plancherel)
    return SpectralNetwork(tuple(one.conj().mT for one in blocks), invariance, gram, history[-1][0])


def _blocks(weights: np.ndarray, dimensions: tuple[int, ...]) -> tuple[np.ndarray, ...]:
    flat, place, found = weights[0] + 1j * weights[1], 0, []
    for d in dimensions:
        part = flat[:, place : place + d * d].reshape(-1, d, d)
        found.append(np.concatenate([np.eye(d, dtype=complex)[None], part]))
        place += d * d
    return tuple(found)


def _gradients(
    orbits: Orbits, blocks: tuple[np.ndarray, ...], plancherel: bool
) -> tuple[float, float, list[np.ndarray]]:
    """The two parts of the loss, and the gradient by each block (d/d real + i d/d imaginary)."""
    pairs, n = orbits.signals.shape
    invariance, gradients = 0.0, []
    gram = -np.eye(n, dtype=complex)
    degrees = [block.shape[1] for block in blocks]
    weights = [d / n if plancherel else 1 / sum(degrees) for d in degrees]
    for block, weight in zip(blocks, weights, strict=True):
        d = block.shape[1]
        flat = block.reshape(n, d * d)
        before, after = ((x @ flat).reshape(pairs, d, d) for x in (orbits.signals, orbits.moved))
        difference = before @ before.conj().mT - after @ after.conj().mT
        scale = 1 / (pairs * len(blocks) * d * d)
        invariance += scale * float((np.abs(difference) ** 2).sum())
        pulls = [(4 * scale * difference @ one).reshape(pairs, d * d) for one in (before, -after)]
        gradients.append(orbits.signals.conj().T @ pulls[0] + orbits.moved.conj().T @ pulls[1])
        gram += weight * (flat @ flat.conj().T)
    error = float((np.abs(gram) ** 2).sum())
    for block, gradient, weight in zip(blocks, gradients, weights, strict=True):
        gradient += 4 * RHO * weight * gram @ block.reshape(n, -1)
    return invariance, error, gradients
