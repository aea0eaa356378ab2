"""Cosets of a subgroup as labels of the elements.

Public: right_cosets, left_cosets.
"""

from __future__ import annotations

import numpy as np

from ..group import Group

__all__ = ["left_cosets", "right_cosets"]


def right_cosets(group: Group, members: np.ndarray) -> np.ndarray:
    """Shape (n,): the right coset Hx of each x, numbered 0 to index - 1 by smallest element; H is coset 0.

    Args:
        members: elements of H, shape (|H|,). Cost: one gather of |H| n.
    """
    return _numbered(group.table[members].min(axis=0))


def left_cosets(group: Group, members: np.ndarray) -> np.ndarray:
    """Shape (n,): the left coset xH of each x, numbered as in ``right_cosets``."""
    return _numbered(group.table[:, members].min(axis=1))


def _numbered(smallest: np.ndarray) -> np.ndarray:
    return np.unique(smallest, return_inverse=True)[1]
