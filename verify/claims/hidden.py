"""What several claims read of the hidden layer: relu(L[x] + R[y]) over all pairs, some neurons at a time.

Public: hidden_blocks, product_means, key_part.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from grouptool.representations.fourier import isotypic_part

from .claim import Subject
from .irrep_embeddings import KEY_SIMILARITY

__all__ = ["hidden_blocks", "key_part", "product_means"]

BLOCK_CELLS = 1 << 22
"""Largest number of activations that are held at once (32 MB)."""


def hidden_blocks(subject: Subject) -> Iterator[tuple[slice, np.ndarray]]:
    """Neurons and their activations, shape (n, n, b), axes x, y."""
    circuit = subject.circuit
    size = max(1, BLOCK_CELLS // circuit.order**2)
    for start in range(0, circuit.width, size):
        block = slice(start, start + size)
        yield block, circuit.hidden(circuit.L[:, None, block], circuit.R[None, :, block])


def product_means(subject: Subject) -> np.ndarray:
    """Shape (n, m): the mean activation over the n pairs with product p."""
    group = subject.data.group
    means = np.empty((group.order, subject.circuit.width))
    partners = group.table[group.inverses]  # row x: x^-1 p for each p
    rows = np.arange(group.order)[:, None]
    for block, hidden in hidden_blocks(subject):
        means[:, block] = hidden[rows, partners].mean(axis=0)
    return means


def key_part(subject: Subject, functions: np.ndarray) -> np.ndarray:
    """Shape (n, m): functions on the group, projected to the representations that are key to the logits."""
    key = np.flatnonzero(subject.logit_similarities > KEY_SIMILARITY)
    made = np.zeros_like(functions)
    for place in key.tolist():
        made += isotypic_part(subject.data.constituents[place], functions)
    return made
