"""Compiled kernels of this room; their plain twins are methods of Group."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["orders_and_inverses"]


@njit(cache=True, nogil=True)
def orders_and_inverses(table):
    """Orders (n,) int64 and inverses (n,) of all elements, from one walk through each cyclic group met first."""
    n = table.shape[0]
    orders = np.zeros(n, np.int64)
    inverses = np.zeros(n, table.dtype)
    orders[0] = 1
    walk = np.empty(n, np.int64)
    for x in range(1, n):
        if orders[x]:
            continue
        row = table[x]
        length = 0
        power = x
        while power:
            walk[length] = power  # x^(length + 1)
            length += 1
            power = row[power]
        order = length + 1
        for i in range(length):
            y = walk[i]
            if orders[y] == 0:
                a, b = order, i + 1
                while b:
                    a, b = b, a % b
                orders[y] = order // a
                inverses[y] = walk[length - 1 - i]
    return orders, inverses
