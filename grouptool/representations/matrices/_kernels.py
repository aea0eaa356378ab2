"""Compiled kernels of this room, each beside a plain twin in the module that calls it."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["first_wrong", "multiply_out", "pivots"]


@njit(cache=True, nogil=True)
def multiply_out(rows, reached, parents, letters, blocks, denominator):
    """Fill rows[x] = rows[parent] times a block over a denominator, for the elements x in the order of a tree."""
    width = rows.shape[2]
    for x in reached[1:]:
        before = rows[parents[x]]
        block = blocks[letters[x]]
        for i in range(rows.shape[1]):
            for k in range(width):
                factor = before[i, k]
                if factor:
                    for m in range(width):
                        rows[x, i, m] += factor * block[k, m]
            for m in range(width):
                rows[x, i, m] /= denominator


@njit(cache=True, nogil=True)
def first_wrong(rows, blocks, table, generators, denominator):
    """Where rows[x] times block s is not the denominator times rows[x s]: (position of s, x), or (-1, -1)."""
    width = rows.shape[2]
    product = np.empty(width)
    for letter in range(len(generators)):
        block = blocks[letter]
        for x in range(len(rows)):
            image = rows[table[x, generators[letter]]]
            for i in range(rows.shape[1]):
                product[:] = 0
                for k in range(width):
                    factor = rows[x, i, k]
                    if factor:
                        for m in range(width):
                            product[m] += factor * block[k, m]
                for m in range(width):
                    if product[m] != denominator * image[i, m]:
                        return letter, x
    return -1, -1


@njit(cache=True, nogil=True)
def pivots(table, inverses, class_of, candidates, elements, weights, values, degree, nearest, outside):
    """Candidates g whose translates g v span: each the nearest to (or farthest from) the space of those before.

    Inner products are <g v, h v> = sum over the elements x of weights[x] values[class of g^-1 h x]; squared distances
    up to ``outside`` count as 0. Shorter than ``degree`` when the translates do not span.
    """
    size = len(candidates)
    left = np.ones(size)
    factor = np.zeros((size, degree), np.complex128)
    chosen = np.empty(degree, np.int64)
    for i in range(degree):
        pivot = -1
        for c in range(size):
            if left[c] > outside and (
                pivot < 0
                or (nearest and left[c] < left[pivot] - 1e-6)
                or (not nearest and left[c] > left[pivot] + 1e-6)
            ):
                pivot = c
        if pivot < 0:
            return chosen[:i]
        g = candidates[pivot]
        chosen[i] = g
        root = np.sqrt(left[pivot])
        for c in range(size):
            row = table[table[inverses[candidates[c]], g]]
            total = 0j
            for x in range(len(elements)):
                total += weights[x] * values[class_of[row[elements[x]]]]
            for j in range(i):
                total -= factor[c, j] * np.conj(factor[pivot, j])
            factor[c, i] = total / root
        for c in range(size):
            left[c] -= factor[c, i].real ** 2 + factor[c, i].imag ** 2
    return chosen
