"""Bases in which a unitary representation is block diagonal with exactly the given irreps as blocks.

Public: adapting_basis, Action.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...errors import RepresentationError
from ..representation import TOLERANCE
from .transform import FourierBasis

__all__ = ["Action", "adapting_basis"]

Action = Callable[[slice, np.ndarray], np.ndarray]
"""From a range of c elements and vectors, shape (D, m): their images under each of the elements, shape (c, D, m)."""

BLOCK_NUMBERS = 2_000_000
"""Most numbers in a block of images of vectors: 32 MB."""


def adapting_basis(basis: FourierBasis, action: Action, multiplicities: np.ndarray) -> np.ndarray:
    """A unitary C with R(h) C = C B(h), where B(h) has the matrices of the irreps of H along its diagonal.

    Args:
        basis: the irreps of the group H, of order n.
        action: a unitary representation R of H, of degree D.
        multiplicities: shape (k,): how often each irrep occurs in R. Blocks come in the order of the irreps.

    Returns:
        Shape (D, D), complex128, or float64 when R and the irreps are real.

    Raises:
        RepresentationError: C is not unitary or does not intertwine, to 1e-10: R is no unitary representation of H
            with these multiplicities.

    An averaging projection (d/n) sum over h of conj rho(h)_11 R(h) makes of random vectors first basis vectors of all
    copies of rho; those with rho(h)_b1 carry them to the other basis vectors. Cost: about 2 n D times the cost of
    rows R(h) and of the degree d, for each copy. Source: Serre, Linear Representations of Finite Groups (1977),
    section 2.7, proposition 8.
    """
    dimension = int(multiplicities @ basis.degrees)
    rng = np.random.default_rng(0)
    frames = [np.zeros((dimension, 0))]
    for row in np.flatnonzero(multiplicities):
        copies, degree = int(multiplicities[row]), int(basis.degrees[row])
        entries = basis.values(int(row))[:, :, 0].conj() * (degree / basis.group.order)
        seeds = rng.standard_normal((dimension, min(copies + 4, dimension)))
        firsts = np.linalg.svd(_averages(entries[:, :1], action, seeds)[0], full_matrices=False)[0][:, :copies]
        frame = _averages(entries, action, firsts)  # (d, D, copies)
        frames.append(frame.transpose(1, 2, 0).reshape(dimension, copies * degree))
    change = np.concatenate(frames, axis=1)
    _check(basis, action, multiplicities, change)
    return change


def _averages(entries: np.ndarray, action: Action, vectors: np.ndarray) -> np.ndarray:
    """Shape (b, D, m): the sum over h of entries[h, b] R(h) vectors, a block of elements h at a time."""
    rows = max(1, BLOCK_NUMBERS // vectors.size)
    total: np.ndarray | None = None
    for start in range(0, len(entries), rows):
        block = slice(start, min(start + rows, len(entries)))
        images = action(block, vectors)
        part = entries[block].T @ images.reshape(len(images), -1)
        total = part if total is None else total + part
    assert total is not None
    return total.reshape(-1, *vectors.shape)


def _check(basis: FourierBasis, action: Action, multiplicities: np.ndarray, change: np.ndarray) -> None:
    gap = np.abs(change.conj().T @ change - np.eye(len(change))).max(initial=0.0)
    for g in basis.group.generators:
        moved = action(slice(g, g + 1), change)[0]
        gap = max(gap, np.abs(moved - _times_blocks(basis, g, multiplicities, change)).max(initial=0.0))
    if gap > TOLERANCE:
        raise RepresentationError(
            f"no basis makes the representation of {basis.group.name} block diagonal with the given irreps: it misses "
            f"by {gap:.2g}. Give unitary representations of one group."
        )


def _times_blocks(basis: FourierBasis, g: int, multiplicities: np.ndarray, change: np.ndarray) -> np.ndarray:
    """C B(g), block by block."""
    product = np.empty(change.shape, dtype=np.result_type(change, basis.matrix))
    images, at = basis.split(basis.matrix[g]), 0
    for image, copies in zip(images, multiplicities, strict=True):
        for _ in range(copies):
            block = slice(at, at + len(image))
            product[:, block] = change[:, block] @ image
            at += len(image)
    return product
