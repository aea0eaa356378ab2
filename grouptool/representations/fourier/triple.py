"""The triple correlation of functions on a group, from its Cayley table alone.

Public: triple_correlation.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...errors import TooLargeError
from ...group import Group
from .transform import as_functions

__all__ = ["triple_correlation"]

MAX_ENTRIES = 100_000_000
"""Most numbers in one answer: 1.6 GB of complex ones."""


def triple_correlation(group: Group, functions: object, elements: Sequence[int] | None = None) -> np.ndarray:
    """T(x, y) = sum over g of conj f(g) f(g x) f(g y).

    Args:
        functions: shape (..., n), real or complex.
        elements: the m values of x that are wanted; by default all n.

    Returns:
        Shape (..., m, n), float64 or complex128. It is symmetric, and unchanged by left translations f(a^-1 g) of f;
        right translations f(g a) move it to T(a^-1 x a, a^-1 y a). Where every coefficient f^(rho) is invertible, it
        determines f up to left translations.

    Raises:
        RepresentationError: the last axis does not have n places. TooLargeError: over 100,000,000 numbers.

    Cost: n^2 m multiplications for each function, and n (n + m) numbers beside the answer.
    Source: Kakarala, Triple correlation on groups, dissertation, University of California, Irvine (1992), chapter 3.
    """
    values = as_functions(group, functions)
    chosen = np.arange(group.order) if elements is None else np.array([int(x) for x in elements], dtype=np.int64)
    shape = (*values.shape[:-1], len(chosen), group.order)
    entries = int(np.prod(shape, dtype=object)) if shape else 0
    if entries > MAX_ENTRIES:
        raise TooLargeError(
            f"the triple correlation has {entries:,} values ({16 * entries / 1e9:.1f} GB); the limit is "
            f"{MAX_ENTRIES:,}. Give fewer functions, or some 'elements' at a time."
        )
    found = np.empty((int(np.prod(values.shape[:-1])), *shape[-2:]), dtype=values.dtype)
    for answer, f in zip(found, values.reshape(-1, group.order), strict=True):
        moved = f[group.table]  # row g: x -> f(g x)
        answer[...] = (moved[:, chosen] * f.conj()[:, None]).T @ moved
    return found.reshape(shape)
