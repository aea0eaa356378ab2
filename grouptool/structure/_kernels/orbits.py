"""Conjugation and orbits."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["classes", "classes_of_powers", "conjugations", "orbit", "orbit_numbers"]


@njit(cache=True, nogil=True)
def conjugations(table, inverses, generators):
    """Shape (s, n): the conjugation x -> g^-1 x g by each generator; the right factor by y g = (g^-1 y^-1)^-1."""
    n = table.shape[0]
    actions = np.empty((len(generators), n), np.int32)
    for i in range(len(generators)):
        row = table[inverses[generators[i]]]
        for x in range(n):
            actions[i, x] = inverses[row[inverses[row[x]]]]
    return actions


@njit(cache=True, nogil=True)
def orbit_numbers(maps):
    """Shape (m,): the orbit of each point under permutations (s, m), numbered by smallest point."""
    found = np.full(maps.shape[1], -1, np.int64)
    queue = np.empty(maps.shape[1], np.int32)
    count = 0
    for x in range(len(found)):
        if found[x] < 0:
            _spread(x, maps, found, count, queue)
            count += 1
    return found


@njit(cache=True, nogil=True)
def orbit(point, maps):
    """Membership (m,) in the orbit of a point under permutations (s, m)."""
    found = np.full(maps.shape[1], -1, np.int64)
    _spread(point, maps, found, 0, np.empty(maps.shape[1], np.int32))
    return found == 0


@njit(cache=True, nogil=True)
def _spread(point, maps, found, number, queue):
    """Write a number to every point that permutations reach from one."""
    found[point] = number
    queue[0] = point
    head = 0
    tail = 1
    while head < tail:
        x = queue[head]
        head += 1
        for i in range(len(maps)):
            y = maps[i, x]
            if found[y] != number:
                found[y] = number
                queue[tail] = y
                tail += 1


@njit(cache=True, nogil=True)
def classes(table, inverses, orders, generators):
    """Class of each element, smallest elements, sizes and element orders of the classes, in canonical order."""
    n = table.shape[0]
    found = orbit_numbers(conjugations(table, inverses, generators))
    count = found.max() + 1
    smallest = np.empty(count, np.int64)
    sizes = np.zeros(count, np.int64)
    for x in range(n):
        if sizes[found[x]] == 0:
            smallest[found[x]] = x
        sizes[found[x]] += 1
    # Element order, then size, then smallest element, as one number; n is at most 20,160.
    keys = np.empty(count, np.int64)
    for i in range(count):
        keys[i] = (orders[smallest[i]] * (n + 1) + sizes[i]) * n + smallest[i]
    ranking = np.argsort(keys)
    place = np.empty(count, np.int64)
    place[ranking] = np.arange(count)
    for x in range(n):
        found[x] = place[found[x]]
    smallest = smallest[ranking]
    return found, smallest, sizes[ranking], orders[smallest]


@njit(cache=True, nogil=True)
def classes_of_powers(table, class_of, representatives, orders):
    """The classes of 1, g, g^2, ... for each representative g, one after the other."""
    found = np.zeros(orders.sum(), np.int64)
    place = 0
    for j in range(len(orders)):
        row = table[representatives[j]]
        power = 0
        for _ in range(orders[j]):
            found[place] = class_of[power]
            power = row[power]
            place += 1
    return found
