"""Compiled kernels of this room, each beside a plain twin in the module that calls it."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["first_not_additive", "first_wrong", "induce", "multiply_out", "pivots", "simple_eigenvalues"]


@njit(cache=True, nogil=True)
def multiply_out(rows, parents, letters, blocks, denominator):
    """Fill rows[x] = rows[parent] times a block over a denominator, for all elements x below 0 in a tree.

    Returns a bound for the terms of products of a row and a block, and whether all entries are integers.
    """
    width = rows.shape[2]
    made = np.zeros(len(rows), np.bool_)
    made[0] = True
    path = np.empty(len(rows), np.int64)
    for last in range(len(rows)):
        steps = 0
        x = last
        while not made[x]:
            path[steps] = x
            steps += 1
            x = parents[x]
        while steps:
            steps -= 1
            x = path[steps]
            made[x] = True
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
    largest = 0.0
    integral = True
    for x in range(len(rows)):
        for i in range(rows.shape[1]):
            for m in range(width):
                entry = rows[x, i, m]
                largest = max(largest, abs(entry))
                integral = integral and entry == np.rint(entry)
    norm = 1.0
    for letter in range(len(blocks)):
        for m in range(width):
            total = 0.0
            for k in range(width):
                total += abs(blocks[letter, k, m])
            norm = max(norm, total)
    return largest * norm, integral


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


@njit(cache=True, nogil=True)
def induce(table, inverses, elements, exponents, order, degree, generators):
    """Points and exponents, both (d, n), of all elements on the right cosets of a subgroup; whether they multiply.

    ``exponents`` are those of a linear character on the elements of the subgroup, over ``order`` and below it.
    """
    size = len(table)
    by_element = np.zeros(size, np.int64)
    cosets = np.full(size, -1, np.int64)
    representatives = np.empty(degree, np.int64)
    points = np.empty((degree, size), np.int64)
    shifts = np.empty((degree, size), np.int64)
    for h in range(len(elements)):
        by_element[elements[h]] = exponents[h]
    count = 0
    for x in range(size):
        if cosets[x] < 0:
            if count == degree:
                return points, shifts, False
            for h in elements:
                cosets[table[h, x]] = count
            if cosets[x] < 0:
                return points, shifts, False
            representatives[count] = x
            count += 1
    if count < degree:
        return points, shifts, False
    for i in range(degree):
        row = table[representatives[i]]
        for x in range(size):
            points[i, x] = cosets[row[x]]
            shifts[i, x] = by_element[table[row[x], inverses[representatives[cosets[row[x]]]]]]
    for s in generators:
        for i in range(degree):
            for x in range(size):
                j = points[i, x]
                after = table[x, s]
                gap = shifts[i, x] + shifts[j, s] - shifts[i, after]
                if points[j, s] != points[i, after] or (gap != 0 and gap != order):
                    return points, shifts, False
    return points, shifts, True


@njit(cache=True, nogil=True)
def first_not_additive(exponents, class_of, table, generators, modulus):
    """The first row of ``exponents`` (l, k), one for each class, that is no homomorphism to Z modulo m; -1 for none.

    The exponents are from 0 to m - 1.
    """
    for s in generators:
        for x in range(len(table)):
            before = class_of[x]
            after = class_of[table[x, s]]
            for i in range(len(exponents)):
                gap = exponents[i, before] + exponents[i, class_of[s]] - exponents[i, after]
                if gap != 0 and gap != modulus:
                    return i
    return -1


@njit(cache=True, nogil=True)
def simple_eigenvalues(values, starts, orders, powers, own):
    """Shape (m, 2): the class and the exponent of the best eigenvalue of multiplicity one for each row; -1 for none.

    The least conductor is best, then larger orders, then the first class and exponent.
    """
    best = np.full((len(values), 2), -1, np.int64)
    least = np.empty((len(values), 2), np.int64)
    for j in range(len(orders)):
        order = orders[j]
        first = True  # of the classes whose elements generate conjugate subgroups
        for step in range(order):
            if powers[starts[j] + step] < j and _gcd(step, order) == 1:
                first = False
        if not first:
            continue
        turns = np.exp(-2j * np.pi * np.arange(order) / order)
        for i in range(len(values)):
            for exponent in range(order):
                total = 0.0
                place = 0
                for step in range(order):
                    total += (values[i, powers[starts[j] + step]] * turns[place]).real
                    place += exponent
                    if place >= order:
                        place -= order
                if np.rint(total / order) != 1:
                    continue
                root = order // _gcd(order, exponent)
                root = root // 2 if root % 4 == 2 else root
                conductor = own[i] // _gcd(own[i], root) * root
                if best[i, 0] < 0 or (conductor, -order) < (least[i, 0], least[i, 1]):
                    best[i, 0], best[i, 1] = j, exponent
                    least[i, 0], least[i, 1] = conductor, -order
    return best


@njit(cache=True, nogil=True)
def _gcd(one, other):
    while other:
        one, other = other, one % other
    return one
