"""Colours of conjugacy classes that every isomorphism keeps."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["class_colours"]

_ODD = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, nogil=True, inline="always")
def _mix(word):
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@njit(cache=True, nogil=True)
def class_colours(
    table, inverses, class_of, representatives, sizes, element_orders, primes, rounds, commutators, sharper
):
    """Shape (k,), uint64: as the plain twin.

    Args:
        primes: the prime divisors of the order.
        rounds: of refinement by products; ``commutators``: whether they look at x y^2 and [x, y] as well.
        sharper: whether the last round is preceded by one that looks at how elements are commutators.
    """
    k = len(representatives)
    images = np.empty((len(primes), k), np.int64)
    colours = np.empty(k, np.uint64)
    for c in range(k):
        colours[c] = _mix(np.uint64(element_orders[c]) * _ODD + np.uint64(sizes[c]))
    for i in range(len(primes)):
        roots = np.zeros(k, np.int64)
        for c in range(k):
            images[i, c] = class_of[_power(table, representatives[c], primes[i])]
            roots[images[i, c]] += sizes[c]
        salt = np.uint64(i + 1) << np.uint64(40)
        for c in range(k):
            colours[c] = _mix(colours[c] + _mix(np.uint64(roots[c] // sizes[c]) + salt))
    for _ in range(2):
        before = colours.copy()
        for c in range(k):
            powers = np.uint64(0)
            for i in range(len(primes)):
                powers += _mix(before[images[i, c]] * np.uint64(2 * i + 3))
            colours[c] = _mix(before[c] * _ODD + powers)
    for i in range(rounds):
        if sharper and i == rounds - 1:
            digests = _as_commutators(table, inverses, colours, class_of, representatives, sizes)
            for c in range(k):
                colours[c] = _mix(colours[c] * _ODD + digests[c])
        own = colours[class_of]
        for c in range(k):
            digest = _products(table, inverses, own, representatives[c], commutators)
            colours[c] = _mix(colours[c] * _ODD + digest)
    return colours


@njit(cache=True, nogil=True)
def _power(table, x, exponent):
    power = 0
    while exponent:
        if exponent & 1:
            power = table[power, x]
        x = table[x, x]
        exponent >>= 1
    return power


@njit(cache=True, nogil=True)
def _products(table, inverses, own, x, commutators):
    """The sum over all y of one number for the colours of y, x y and, if asked for, of x y^2 and [x, y]."""
    total = np.uint64(0)
    row = table[x]
    backwards = table[inverses[x]]
    for y in range(len(row)):
        product = row[y]
        word = own[product] + own[y] * _ODD
        if commutators:
            word = _mix(word) + own[row[table[y, y]]] * np.uint64(3)
            word += own[table[backwards[inverses[y]], product]] * np.uint64(7)
        total += _mix(word)
    return total


@njit(cache=True, nogil=True)
def _as_commutators(table, inverses, colours, class_of, representatives, sizes):
    """Shape (k,), uint64: the sum over all x and y with [x, y] in a class of one number for their colours."""
    digests = np.zeros(len(colours), np.uint64)
    for c in range(len(colours)):
        row = table[representatives[c]]
        backwards = table[inverses[representatives[c]]]
        for y in range(len(row)):
            word = _mix(colours[c] * _ODD + colours[class_of[y]])
            digests[class_of[table[backwards[inverses[y]], row[y]]]] += word * np.uint64(sizes[c])
    return digests
