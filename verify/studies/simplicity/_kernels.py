"""Compiled kernel of this study: orders of many small permutation groups; its plain twin stands in ``generated``."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["chain_orders"]


@njit(cache=True, nogil=True)
def chain_orders(generators, actors, bounds):
    """Orders of the groups that rows of ``generators`` generate, closed under conjugation by rows of ``actors``.

    Args:
        generators: shape (m, s, n); actors: shape (m, t, n). bounds: shape (m,): orders that cannot be passed; a
            search ends when it is reached.

    A table of coset representatives, entry (i, j) fixing the points before i and mapping i to j, is closed under
    products of any two entries. Source: Furst, Hopcroft, Luks, Polynomial-time algorithms for permutation groups
    (1980).
    """
    count, number, points = generators.shape
    most = points * points
    orders = np.empty(count, np.int64)
    entries = np.empty((most, points), np.int64)
    backs = np.empty((most, points), np.int64)
    place = np.empty((points, points), np.int64)
    sizes = np.empty(points, np.int64)
    x = np.empty(points, np.int64)
    for m in range(count):
        place[:] = -1
        sizes[:] = 1
        total = 0
        for g in range(number):
            x[:] = generators[m, g]
            total = _sift(x, entries, backs, place, sizes, total)
        a = 0
        while a < total and _product(sizes) < bounds[m]:
            for c in range(actors.shape[1]):
                actor = actors[m, c]
                for p in range(points):
                    x[actor[p]] = actor[entries[a, p]]
                total = _sift(x, entries, backs, place, sizes, total)
            for b in range(a + 1):
                for p in range(points):
                    x[p] = entries[a, entries[b, p]]
                total = _sift(x, entries, backs, place, sizes, total)
                for p in range(points):
                    x[p] = entries[b, entries[a, p]]
                total = _sift(x, entries, backs, place, sizes, total)
            a += 1
        orders[m] = _product(sizes)
    return orders


@njit(cache=True, nogil=True)
def _sift(x, entries, backs, place, sizes, total):
    """Divide x by entries, level by level; what cannot be divided becomes an entry. Returns how many there are."""
    points = len(x)
    for i in range(points):
        j = x[i]
        if j == i:
            continue
        k = place[i, j]
        if k < 0:
            place[i, j] = total
            sizes[i] += 1
            for p in range(points):
                entries[total, p] = x[p]
                backs[total, x[p]] = p
            return total + 1
        for p in range(points):
            x[p] = backs[k, x[p]]
    return total


@njit(cache=True, nogil=True)
def _product(sizes):
    product = 1
    for size in sizes:
        product *= size
    return product
