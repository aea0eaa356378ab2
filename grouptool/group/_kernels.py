"""Compiled kernels of this room; their plain twins are methods of Group."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["closure", "elements_of", "orders_and_inverses"]


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


@njit(cache=True, nogil=True)
def elements_of(table, generators, count, stamp, epoch, members):
    """Write the elements that generators give to ``members`` and stamp them; returns how many."""
    members[0] = 0
    stamp[0] = epoch
    size = 1
    head = 0
    while head < size:
        x = members[head]
        head += 1
        for i in range(count):
            y = table[generators[i], x]
            if stamp[y] != epoch:
                stamp[y] = epoch
                members[size] = y
                size += 1
    return size


@njit(cache=True, nogil=True)
def closure(table, generators):
    """Membership (n,) in the subgroup that elements generate."""
    stamp = np.zeros(table.shape[0], np.bool_)
    members = np.empty(table.shape[0], np.int32)
    elements_of(table, generators, len(generators), stamp, True, members)
    return stamp
