"""What a spectral network knows: the multiplication table, the irreps, and how much noise that knowledge stands.

Public: Recovery, certified_radius, distances, recover.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grouptool.representations import CharacterTable

__all__ = ["Recovery", "certified_radius", "distances", "recover"]


@dataclass(frozen=True, eq=False)
class Recovery:
    """What was read out of blocks, called W_i(g) here, that should be irreps.

    Attributes:
        table: shape (n, n), the products that the blocks say: the k for which sum d_i ||W(g) W(h) - W(k)||^2 is least.
        accuracy: share of right products.
        gap: the least over (g, h) of the second best distance less the best; 2n for exact irreps.
        unitarity: largest entry of |W W* - 1|. homomorphism: largest entry of |W(g) W(h) - W(gh)|.
        overlaps: shape (blocks,): |<tr W_i, chi>| / n with the character that it is matched to, 1 for that irrep.
        irreps: the rows of the character table, one for each block; a matching of largest least overlap.
    """

    table: np.ndarray
    accuracy: float
    gap: float
    unitarity: float
    homomorphism: float
    overlaps: np.ndarray
    irreps: tuple[int, ...]


def distances(blocks: tuple[np.ndarray, ...]) -> np.ndarray:
    """Shape (n, n, n): D(g, h; k) = sum of d_i ||W_i(g) W_i(h) - W_i(k)||_F^2.

    For exact unitary irreps it is 0 at k = gh and exactly 2n at all others, for every group: column orthogonality.
    """
    found = 0.0
    for block in blocks:
        n, d = block.shape[:2]
        products = np.einsum("gij,hjk->ghik", block, block).reshape(n, n, -1)
        flat = block.reshape(n, -1)
        cross = (products @ flat.conj().T).real
        squares = (np.abs(products) ** 2).sum(axis=2)[:, :, None] + (np.abs(flat) ** 2).sum(axis=1)
        found = found + d * (squares - 2 * cross)
    return np.asarray(found)


def certified_radius(n: int) -> float:
    """eps below which the table is recovered whatever the error, if no block's operator norm grows by more than eps.

    With weights off by eps in sqrt(sum d_i ||.||_F^2) for each element and operator norms of at most 1 + eta the right
    k is nearest when 2 eps (3 + eta) < sqrt(2n); eta <= eps. Derived by the triangle inequality.
    """
    return float((-6 + np.sqrt(36 + 8 * np.sqrt(2 * n))) / 4)


def recover(blocks: tuple[np.ndarray, ...], characters: CharacterTable) -> Recovery:
    """Read the table and the irreps, apart from each other: a right table does not make the irreps right."""
    group = characters.group
    found = distances(blocks)
    table = found.argmin(axis=2)
    best = np.partition(found, 1, axis=2)
    products = [np.einsum("gij,hjk->ghik", block, block) - block[group.table] for block in blocks]
    traces = np.stack([np.trace(block, axis1=1, axis2=2) for block in blocks])
    overlap = np.abs(traces @ characters.complex[:, characters.classes.class_of].conj().T) / group.order
    irreps = _matching(overlap)
    return Recovery(
        table=table,
        accuracy=float((table == group.table).mean()),
        gap=float((best[:, :, 1] - best[:, :, 0]).min()),
        unitarity=max(float(np.abs(one @ one.conj().mT - np.eye(one.shape[1])).max()) for one in blocks),
        homomorphism=max(float(np.abs(one).max()) for one in products),
        overlaps=overlap[np.arange(len(blocks)), irreps],
        irreps=tuple(irreps),
    )


def _matching(overlap: np.ndarray) -> list[int]:
    """Rows to columns, greedily by the largest overlap: exact when one matching has overlaps near 1."""
    left, found = overlap.copy(), [0] * len(overlap)
    for _ in range(min(overlap.shape)):
        row, column = np.unravel_index(left.argmax(), left.shape)
        found[int(row)] = int(column)
        left[row, :], left[:, column] = -1, -1
    return found
