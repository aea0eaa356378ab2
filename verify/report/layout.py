"""Places for the nodes of a graph that a group acts on, from the lengths of words.

Public: word_distances, stress_layout.
"""

from __future__ import annotations

import numpy as np

__all__ = ["stress_layout", "word_distances"]


def word_distances(images: np.ndarray) -> np.ndarray:
    """Shape (v, v): fewest generators and inverses from node to node of a connected graph, (generators, v) in."""
    count = images.shape[1]
    near = np.eye(count, dtype=bool)
    for image in images:
        near[np.arange(count), image] = near[image, np.arange(count)] = True
    distances, reached, steps = np.where(near, 1.0, 0.0), near, near.astype(np.float32)
    np.fill_diagonal(distances, 0)
    length = 1
    while not reached.all():
        length += 1
        further = reached.astype(np.float32) @ steps > 0
        distances[further & ~reached] = length
        reached = further
    return distances


def stress_layout(distances: np.ndarray, rounds: int = 300) -> np.ndarray:
    """Shape (v, 2), in the unit disc: places with distances near to those given, by majorisation from a projection.

    Minimises the sum of (|p_i - p_j| - d_ij)^2 / d_ij^2; no step increases it. The start, the two main axes of the
    doubly centred squared distances, has a little of the next axes in it, so that no two nodes coincide.
    Source: Gansner, Koren, North, Graph drawing by stress majorization (2004).
    """
    count = len(distances)
    if count == 1:
        return np.zeros((1, 2))
    squares = -0.5 * distances**2
    centred = squares - squares.mean(axis=0) - squares.mean(axis=1)[:, None] + squares.mean()
    values, vectors = np.linalg.eigh(centred)
    axes = vectors[:, ::-1] * np.sqrt(np.maximum(values[::-1], 0))
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(count)])
    places = axes[:, :2].copy()
    for place, share in zip(range(2, min(count, 6)), (0.31, 0.23, 0.17, 0.11), strict=False):
        places[:, place % 2] += share * axes[:, place]
    places += 1e-3 * np.stack((np.cos(np.arange(count)), np.sin(np.arange(count))), axis=1)
    weights = np.where(distances > 0, 1 / np.maximum(distances, 1) ** 2, 0.0)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    inverse = np.linalg.pinv(laplacian, hermitian=True)
    for _ in range(rounds):
        apart = np.linalg.norm(places[:, None] - places[None], axis=2)
        ratio = weights * distances / np.maximum(apart, 1e-9)
        places = inverse @ (np.diag(ratio.sum(axis=1)) - ratio) @ places
    places = places - places.mean(axis=0)
    return np.asarray(places / np.linalg.norm(places, axis=1).max())
