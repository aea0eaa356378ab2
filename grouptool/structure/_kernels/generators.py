"""Elements that generate commutator subgroups, the perfect residual and Sylow subgroups."""

from __future__ import annotations

import numpy as np
from numba import njit

from ...group._kernels import elements_of

__all__ = ["closure_order", "commutator_generators", "perfect_residual", "sylow_generators"]


@njit(cache=True, nogil=True)
def commutator_generators(table, inverses, first, second):
    """Elements, at most 32, that generate [A, B] for the subgroups that two sets of elements generate.

    They are commutators of the given elements and conjugates of those: modulo the result A and B commute.
    """
    n = table.shape[0]
    stamp = np.full(n, -1, np.int32)
    members = np.empty(n, np.int32)
    found = np.empty(32, np.int32)  # each enlarges the subgroup, at least twofold
    count = 0
    epoch = 0
    elements_of(table, found, 0, stamp, epoch, members)
    for x in first:
        for y in second:
            commutator = table[table[inverses[x], inverses[y]], table[x, y]]
            if stamp[commutator] != epoch:
                found[count] = commutator
                count += 1
                epoch += 1
                elements_of(table, found, count, stamp, epoch, members)
    head = 0
    while head < count:
        for i in range(len(first) + len(second)):
            g = first[i] if i < len(first) else second[i - len(first)]
            x = table[table[inverses[g], found[head]], g]
            if stamp[x] != epoch:
                found[count] = x
                count += 1
                epoch += 1
                elements_of(table, found, count, stamp, epoch, members)
        head += 1
    return found[:count].astype(np.int64)


@njit(cache=True, nogil=True)
def perfect_residual(table, inverses, generators):
    """The last term of the derived series: membership (n,) bool and generators, none when the group is solvable."""
    stamp = np.zeros(table.shape[0], np.bool_)
    members = np.empty(table.shape[0], np.int32)
    current = generators
    order = table.shape[0]
    while True:
        current = commutator_generators(table, inverses, current, current)
        stamp[:] = False
        smaller = elements_of(table, current, len(current), stamp, True, members)
        if smaller == order or smaller == 1:
            return stamp, current
        order = smaller


@njit(cache=True, nogil=True)
def sylow_generators(table, inverses, orders, power):
    """Elements, at most 15, that generate a subgroup of order ``power``, the full power of a prime in the group order.

    Each is the first of largest order among those of p-power order that normalise the subgroup before, and outside it.
    """
    n = table.shape[0]
    stamp = np.full(n, -1, np.int32)
    members = np.empty(n, np.int32)
    found = np.empty(16, np.int32)
    count = 0
    size = elements_of(table, found, 0, stamp, 0, members)
    while size < power:
        best = 0
        for z in range(1, n):
            if orders[z] <= orders[best] or power % orders[z] or stamp[z] == count:
                continue
            row = table[inverses[z]]
            normalises = True
            for i in range(count):
                if stamp[inverses[row[inverses[row[found[i]]]]]] != count:
                    normalises = False
                    break
            if normalises:
                best = z
        found[count] = best
        count += 1
        size = elements_of(table, found, count, stamp, count, members)
    return found[:count].astype(np.int64)


@njit(cache=True, nogil=True)
def closure_order(table, generators):
    """Order of the subgroup that elements generate."""
    stamp = np.zeros(table.shape[0], np.bool_)
    members = np.empty(table.shape[0], np.int32)
    return elements_of(table, generators, len(generators), stamp, True, members)
