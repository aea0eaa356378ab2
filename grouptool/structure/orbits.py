"""Orbits of points under permutations, the one home of the idea in this room.

Public: orbit, orbit_numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..acceleration import use_compiled
from ..group import orbit_labels

__all__ = ["orbit", "orbit_numbers"]


def orbit_numbers(maps: Sequence[np.ndarray] | np.ndarray, points: int) -> np.ndarray:
    """The orbit of each point, numbered by smallest point.

    Args:
        maps: permutations of the points, shape (s, m) or a list of s arrays (m,); there may be none.
        points: the number m of points.

    Returns:
        Shape (m,), int64. Plain: by ``group.orbit_labels``. Compiled: breadth-first search, m steps a permutation.
    """
    if len(maps) and use_compiled(points * len(maps)):
        from ._kernels.orbits import orbit_numbers as compiled

        return np.asarray(compiled(np.asarray(maps)))
    return np.unique(orbit_labels(maps, points), return_inverse=True)[1]


def orbit(point: int, maps: Sequence[np.ndarray] | np.ndarray, points: int) -> np.ndarray:
    """Shape (m,), bool: the points that permutations, given as in ``orbit_numbers``, reach from one."""
    if len(maps) and use_compiled(points * len(maps)):
        from ._kernels.orbits import orbit as compiled

        return np.asarray(compiled(point, np.asarray(maps)))
    inside = np.zeros(points, dtype=bool)
    inside[point] = True
    frontier = np.array([point])
    while frontier.size and len(maps):
        images = np.unique(np.concatenate([one[frontier] for one in maps]))
        frontier = images[~inside[images]]
        inside[frontier] = True
    return inside
