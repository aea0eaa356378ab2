"""The bispectral network for abelian groups: one square matrix W, output l_i l_j sum_k conj(W_ik W_jk) x_k, l = W x.

Public: CommutativeReading, read_commutative, train_commutative.

Rows of W should become the characters: then the output is the bispectrum, the same on a whole orbit. The table is read
from the columns: W_g W_h / W_1, entry by entry, is W_gh. On a non-abelian group there are too few characters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grouptool.representations import CharacterTable

from ..lbfgs import lbfgs
from .network import Orbits

__all__ = ["CommutativeReading", "read_commutative", "train_commutative"]


@dataclass(frozen=True)
class CommutativeReading:
    """One network, read.

    Attributes:
        loss: that it ended with. accuracy: share of the products that the columns say rightly.
        overlap: least over the rows of the largest |<row, chi>| with a linear character chi, both of norm 1.
        characters: how many characters are some row's best; real signals cannot tell a character from its dual.
    """

    loss: float
    accuracy: float
    overlap: float
    characters: int


def train_commutative(orbits: Orbits, rng: np.random.Generator, steps: int = 1500) -> tuple[np.ndarray, float]:
    """L-BFGS on mean |output(x) - output(a x)|^2 n^3 + mean (Re(W* W x) - x)^2, on the real parts of the signals.

    Returns:
        W of shape (n, n), complex128, and the loss. The gradient is torch's.
    """
    import torch

    n = orbits.signals.shape[1]
    before, after = (torch.tensor(x.real.astype(np.complex128)) for x in (orbits.signals, orbits.moved))

    def output(weights: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        linear = x @ weights.mT
        paired = torch.einsum("ik,jk,pk->pij", weights.conj(), weights.conj(), x)
        found: torch.Tensor = linear[:, :, None] * linear[:, None, :] * paired * n**1.5
        return found

    def objective(parts: np.ndarray) -> tuple[float, np.ndarray]:
        given = torch.tensor(parts, requires_grad=True)
        weights = torch.complex(given[0], given[1])
        difference = output(weights, before) - output(weights, after)
        rebuilt = (before @ weights.mT @ weights.conj()).real - before.real
        loss = (difference.abs() ** 2).mean() + (rebuilt**2).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        assert given.grad is not None
        return float(loss.detach()), given.grad.numpy()

    parts, history = lbfgs(objective, rng.standard_normal((2, n, n)) / np.sqrt(2 * n), steps)
    return parts[0] + 1j * parts[1], history[-1][1]


def read_commutative(weights: np.ndarray, loss: float, characters: CharacterTable) -> CommutativeReading:
    """Read W against the group's table and its linear characters."""
    columns = weights.T
    products = columns[:, None, :] * columns[None, :, :] / np.where(columns[0] == 0, 1e-300, columns[0])
    flat = products.reshape(-1, len(columns))
    nearest = ((np.abs(columns) ** 2).sum(axis=1) - 2 * (flat @ columns.conj().T).real).argmin(axis=1)
    rows = weights / np.maximum(np.linalg.norm(weights, axis=1, keepdims=True), 1e-300)
    linear = characters.complex[characters.degrees == 1][:, characters.classes.class_of] / np.sqrt(len(columns))
    overlaps = np.abs(rows @ linear.conj().T)
    return CommutativeReading(
        loss,
        float((nearest.reshape(len(columns), -1) == characters.group.table).mean()),
        float(overlaps.max(axis=1).min()),
        len(set(overlaps.argmax(axis=1).tolist())),
    )
