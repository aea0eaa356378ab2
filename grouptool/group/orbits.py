"""Orbits of points under permutations, in plain arrays: the one home of the labels that every room uses.

Public: orbit_labels.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

__all__ = ["orbit_labels"]


def orbit_labels(maps: Sequence[np.ndarray] | np.ndarray, points: int) -> np.ndarray:
    """Shape (m,), int64: the smallest point of the orbit of each point.

    Args:
        maps: permutations of the points, shape (s, m) or a list of s arrays (m,); there may be none.
        points: the number m of points.

    A label that meets a smaller one points to it, and labels are chased to their ends, until none meets another; in
    practice a few rounds.
    """
    label = np.arange(points)
    done = False
    while not done:
        done = True
        for images in maps:
            one, other = label, label[images]
            if not np.array_equal(one, other):
                done = False
                label = label.copy()
                np.minimum.at(label, np.maximum(one, other), np.minimum(one, other))
                while not np.array_equal(label, further := label[label]):
                    label = further
    return label
