"""Closing permutations under products, and the Cayley table of what they generate.

Public: left_multiplications, multiply_out, orbit_of_tuple. Their plain twins are in ``permutations``.
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["left_multiplications", "multiply_out", "orbit_of_tuple"]


@njit(cache=True, nogil=True)
def orbit_of_tuple(images, start, most):
    """The orbit of some points together, breadth first, letters in order.

    Args: images (s, degree), start (k,), of one type. most: the orbit is given up when it is longer.

    Returns: length, elements (n, k), parents (n,), letters (n,), steps (n, s), int64 but the elements; the length is
    most + 1 when it was given up.
    """
    count, points = images.shape[0], len(start)
    room = 64 + count
    slots = np.full(_slots(room), -1, np.int64)
    elements = np.empty((room, points), images.dtype)
    parents, letters = np.zeros(room, np.int64), np.zeros(room, np.int64)
    steps = np.empty((room, count), np.int64)
    product = np.empty(points, images.dtype)
    elements[0] = start
    slots[_hash(start) & np.uint64(len(slots) - 1)] = 0
    length = 1
    done = 0
    while done < length:
        if length + count > room:
            room = 2 * room + count
            elements, parents, letters, steps = (
                _grown(elements, room),
                _longer(parents, room),
                _longer(letters, room),
                _grown(steps, room),
            )
            slots = np.full(_slots(room), -1, np.int64)
            for i in range(length):
                slots[_place(slots, elements, elements[i])] = i
        for letter in range(count):
            for i in range(points):
                product[i] = images[letter, elements[done, i]]
            place = _place(slots, elements, product)
            if slots[place] < 0:
                if length == most:
                    return most + 1, elements[:length], parents[:length], letters[:length], steps[:length]
                slots[place] = length
                elements[length] = product
                parents[length] = done
                letters[length] = letter
                length += 1
            steps[done, letter] = slots[place]
        done += 1
    return length, elements[:length], parents[:length], letters[:length], steps[:length]


@njit(cache=True, nogil=True)
def left_multiplications(parents, letters, steps):
    """Shape (n, s), int64: as the plain twin."""
    n, count = len(parents), steps.shape[0]
    left = np.empty((n, count), np.int64)
    for g in range(count):
        left[0, g] = steps[g, 0]
    for j in range(1, n):
        for g in range(count):
            left[j, g] = steps[letters[j], left[parents[j], g]]
    return left


@njit(cache=True, nogil=True)
def multiply_out(parents, letters, left, table):
    """Fill the Cayley table (n, n): (parent * g) * j = parent * (g * j).

    Args: left (s, n): the rows of the generators.
    """
    n = len(parents)
    for j in range(n):
        table[0, j] = j
    for i in range(1, n):
        row, above = left[letters[i]], table[parents[i]]
        for j in range(n):
            table[i, j] = above[row[j]]


@njit(cache=True, nogil=True)
def _slots(room):
    """A power of two, so that half of the slots stay empty."""
    slots = 256
    while slots < 2 * room:
        slots *= 2
    return slots


@njit(cache=True, nogil=True)
def _hash(points):
    word = np.uint64(0xCBF29CE484222325)
    for point in points:
        word = (word ^ np.uint64(point)) * np.uint64(0x100000001B3)  # FNV-1a
    return word ^ (word >> np.uint64(29))


@njit(cache=True, nogil=True)
def _place(slots, elements, points):
    """The slot where an element is, or where it goes."""
    mask = np.uint64(len(slots) - 1)
    place = _hash(points) & mask
    while slots[place] >= 0:
        known = elements[slots[place]]
        same = True
        for i in range(len(points)):
            if known[i] != points[i]:
                same = False
                break
        if same:
            break
        place = (place + np.uint64(1)) & mask
    return place


@njit(cache=True, nogil=True)
def _grown(rows, room):
    larger = np.empty((room, rows.shape[1]), rows.dtype)
    larger[: len(rows)] = rows
    return larger


@njit(cache=True, nogil=True)
def _longer(row, room):
    larger = np.zeros(room, row.dtype)
    larger[: len(row)] = row
    return larger
