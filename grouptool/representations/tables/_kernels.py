"""Compiled kernels of this room, each beside a plain twin in the module that calls it."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["class_matrix", "distinct", "lift", "pairings", "proves"]


@njit(cache=True, nogil=True)
def class_matrix(table, rows, class_of, inverse_map, weights):
    """Shape (k, m): entry [s, t] the sum of weights[x] over the x with (row t's element times x)^-1 in class s."""
    counted = np.zeros((len(rows), len(inverse_map)), np.int64)
    for t in range(len(rows)):
        row = table[rows[t]]
        for x in range(len(row)):
            counted[t, inverse_map[class_of[row[x]]]] += weights[x]
    return counted.T.astype(np.float64)


@njit(cache=True, nogil=True)
def lift(values, starts, orders, powers):
    """Eigenvalue counts (k, sum of orders) by discrete Fourier transforms, and the largest distance to an integer."""
    size = len(orders)
    counts = np.zeros((size, len(powers)), np.int64)
    worst = 0.0
    for j in range(size):
        order = orders[j]
        first = starts[j]
        turns = np.exp(-2j * np.pi * np.arange(order) / order)
        for i in range(size):
            for s in range(order):
                total = 0j
                place = 0
                for step in range(order):
                    total += values[i, powers[first + step]] * turns[place]
                    place += s
                    if place >= order:
                        place -= order
                total /= order
                near = np.rint(total.real)
                worst = max(worst, abs(total.real - near), abs(total.imag))
                counts[i, first + s] = int(near)
    return counts, worst


@njit(cache=True, nogil=True)
def proves(counts, starts, orders, powers, sizes, n, units, roots, prime, weights, matrix):
    """Whether the conditions of ``dixon.prove_counts`` hold; roots: the powers of a primitive e-th root modulo p."""
    size = len(orders)
    total = 0
    for i in range(size):
        degree = counts[i, 0]
        if degree < 1:
            return False
        total += degree * degree
    if total != n:
        return False
    values = np.zeros((size, size), np.int64)
    for j in range(size):
        order = orders[j]
        first = starts[j]
        stride = len(roots) // order
        for i in range(size):
            together = 0
            value = 0
            for s in range(order):
                together += counts[i, first + s]
                value += counts[i, first + s] * roots[s * stride] % prime
            if together != counts[i, 0]:
                return False
            values[i, j] = value % prime
        for unit in units:
            image = starts[powers[first + unit % order]]
            for i in range(size):
                for s in range(order):
                    if counts[i, image + s * unit % order] != counts[i, first + s]:
                        return False
    weighted = np.empty((size, size), np.int64)
    eigenvalues = np.empty(size, np.int64)
    involutions = 0
    for j in range(size):
        if powers[starts[j] + 2 % orders[j]] == 0:
            involutions += sizes[j]
    indicators = 0
    inverse_order = _inverse(n, prime)
    for i in range(size):
        eigenvalue = 0
        squares = 0
        for j in range(size):
            weighted[i, j] = values[i, j] * sizes[j] % prime
            eigenvalue += weighted[i, j] * (weights[j] % prime) % prime
            squares += values[i, powers[starts[j] + 2 % orders[j]]] * sizes[j] % prime
        eigenvalues[i] = eigenvalue % prime * _inverse(counts[i, 0], prime) % prime
        indicator = (squares % prime * inverse_order + 1) % prime - 1
        if abs(indicator) > 1:
            return False
        indicators += indicator * counts[i, 0]
    if indicators != involutions:
        return False
    ranking = np.argsort(eigenvalues)
    for i in range(size - 1):
        if eigenvalues[ranking[i]] == eigenvalues[ranking[i + 1]]:
            return False
    residues = np.empty((size, size), np.int64)
    for s in range(size):
        for t in range(size):
            residues[s, t] = int(matrix[s, t]) % prime
    for i in range(size):
        for other in range(size):
            product = 0
            for j in range(size):
                product += weighted[i, j] * values[other, powers[starts[j] + orders[j] - 1]] % prime
            if product % prime != (n % prime if i == other else 0):
                return False
        for s in range(size):
            image = 0
            for t in range(size):
                image += residues[s, t] * weighted[i, t] % prime
            if image % prime != weighted[i, s] * eigenvalues[i] % prime:
                return False
    return True


@njit(cache=True, nogil=True)
def _inverse(number, prime):
    """The inverse modulo a prime, by Fermat."""
    result = 1
    base = number % prime
    exponent = prime - 2
    while exponent:
        if exponent & 1:
            result = result * base % prime
        base = base * base % prime
        exponent >>= 1
    return result


@njit(cache=True, nogil=True)
def distinct(values):
    """The place of the first occurrence of each value, and for each place the number of its value, by hashing."""
    bits = 10
    mask = (1 << bits) - 1
    slots = np.full(1 << bits, -1, np.int64)
    first = np.empty(256, np.int64)
    inverse = np.empty(len(values), np.int64)
    count = 0
    for i in range(len(values)):
        slot = np.int64(values[i] >> np.uint64(20)) & mask
        while slots[slot] >= 0 and values[first[slots[slot]]] != values[i]:
            slot = (slot + 1) & mask
        if slots[slot] < 0:
            if count == len(first):  # at most a quarter of the slots is taken
                first = np.concatenate((first, np.empty(count, np.int64)))
                bits += 1
                mask = (1 << bits) - 1
                slots = np.full(1 << bits, -1, np.int64)
                for other in range(count):
                    slot = np.int64(values[first[other]] >> np.uint64(20)) & mask
                    while slots[slot] >= 0:
                        slot = (slot + 1) & mask
                    slots[slot] = other
                slot = np.int64(values[i] >> np.uint64(20)) & mask
                while slots[slot] >= 0:
                    slot = (slot + 1) & mask
            slots[slot] = count
            first[count] = i
            count += 1
        inverse[i] = slots[slot]
    return first[:count].copy(), inverse


@njit(cache=True, nogil=True)
def pairings(values, words, exponent, table):
    """Fill a table (k, m) with values (k, w) times words (m, w), modulo an exponent."""
    columns = np.ascontiguousarray(words.T).astype(np.int32)  # products stay below 2^29: exponents are at most 20,160
    inverse = 1.0 / exponent
    modulus = np.int32(exponent)
    line = np.empty(len(words), np.int32)
    for i in range(len(values)):
        line[:] = 0
        for j in range(values.shape[1]):
            value = np.int32(values[i, j])
            if value:
                factor = columns[j]
                for column in range(len(line)):
                    total = line[column] + value * factor[column]
                    rest = np.int32(total - modulus * np.int32(total * inverse))
                    rest += modulus if rest < 0 else np.int32(0)
                    line[column] = rest - (modulus if rest >= modulus else np.int32(0))
        table[i] = line
