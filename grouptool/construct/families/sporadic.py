"""The Mathieu groups."""

from __future__ import annotations

import numpy as np

from ..blueprint import Blueprint
from .registry import family, not_there

__all__: list[str] = []

ORDERS = {11: 7_920, 12: 95_040, 22: 443_520, 23: 10_200_960, 24: 244_823_040}

# Generators as disjoint cycles of points from 1. M12 and M24 extend M11 and M23 by one more permutation.
GENERATORS: dict[int, list[list[list[int]]]] = {
    11: [[[*range(1, 12)]], [[3, 7, 11, 8], [4, 10, 5, 6]]],
    22: [
        [[*range(1, 12)], [*range(12, 23)]],
        [[1, 4, 5, 9, 3], [2, 8, 10, 7, 6], [12, 15, 16, 20, 14], [13, 19, 21, 18, 17]],
        [[1, 21], [2, 10, 8, 6], [3, 13, 4, 17], [5, 19, 9, 18], [11, 22], [12, 14, 16, 20]],
    ],
    23: [[[*range(1, 24)]], [[3, 17, 10, 7, 9], [4, 13, 14, 19, 5], [8, 18, 11, 12, 23], [15, 20, 22, 21, 16]]],
}
GENERATORS[12] = [*GENERATORS[11], [[1, 12], [2, 11], [3, 6], [4, 8], [5, 9], [7, 10]]]
GENERATORS[24] = [
    *GENERATORS[23],
    [[1, 24], [2, 23], [3, 12], [4, 16], [5, 18], [6, 10], [7, 20], [8, 14], [9, 21], [11, 17], [13, 22], [15, 19]],
]


@family("M", "M11 (or M12, M22, M23, M24)")
def mathieu(n: int) -> Blueprint:
    """Mathieu group on n points, n one of 11, 12, 22, 23, 24.

    Source: Conway, Sloane, Sphere Packings, Lattices and Groups (1988), chapters 10 and 11; the generators are the
    usual ones of the ATLAS of Finite Groups' permutation representations.
    """
    if n not in ORDERS:
        raise not_there(f"M{n}", "the Mathieu groups are M11, M12, M22, M23 and M24")

    def generators() -> np.ndarray:
        images = np.tile(np.arange(n), (len(GENERATORS[n]), 1))
        for image, cycles in zip(images, GENERATORS[n], strict=True):
            for cycle in cycles:
                points = np.array(cycle) - 1
                image[points] = np.roll(points, -1)
        return images

    return Blueprint(ORDERS[n], n, generators)
