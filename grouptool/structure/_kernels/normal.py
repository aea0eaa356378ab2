"""Normal subgroups as sets of conjugacy classes."""

from __future__ import annotations

import numpy as np
from numba import njit

from .bits import find, grow, has, hash_words, put

__all__ = ["normal_subgroups"]


@njit(cache=True, nogil=True)
def normal_subgroups(
    table, class_of, representatives, members, starts, primary_classes, primary_powers, primes, budget
):
    """All normal subgroups as sets of classes, shape (N, k) bool, the trivial one first; none past the budget.

    Args:
        members, starts: the elements of class c are ``members[starts[c]:starts[c + 1]]``.
        primary_classes, primary_powers, primes: classes of elements of prime-power order p^a, one a primary subgroup
            up to conjugacy, the classes of the p-th powers, and p.
    """
    n = table.shape[0]
    k = len(representatives)
    words = (k + 63) >> 6
    random = hash_words(k)
    bits = np.zeros((64, words), np.uint64)
    keys = np.zeros(64, np.uint64)
    slots = np.full(256, -1, np.int64)
    row = np.zeros(words, np.uint64)
    covered = np.empty(words, np.uint64)
    queue = np.empty(k, np.int64)
    put(row, 0)
    bits[0] = row
    keys[0] = random[0]
    slots[find(bits, slots, keys[0], row)] = 0
    total = 1
    index = 0
    while index < total:
        covered[:] = bits[index]
        for i in range(len(primary_classes)):
            c = primary_classes[i]
            if has(covered, c) or not has(bits[index], primary_powers[i]):
                continue
            # The smallest normal subgroup above: products of a representative and all of class c, until closed.
            row[:] = bits[index]
            key = keys[index]
            tail = 0
            order = 0
            for d in range(k):
                if has(row, d):
                    queue[tail] = d
                    tail += 1
                    order += starts[d + 1] - starts[d]
            prime_order = order * primes[i]
            head = 0
            while head < tail and 2 * order <= n:
                products = table[representatives[queue[head]]]
                head += 1
                for j in range(starts[c], starts[c + 1]):
                    d = class_of[products[members[j]]]
                    if not has(row, d):
                        put(row, d)
                        key += random[d]
                        queue[tail] = d
                        tail += 1
                        order += starts[d + 1] - starts[d]
            if 2 * order > n:  # more than half of the group is all of it
                for d in range(k):
                    if not has(row, d):
                        put(row, d)
                        key += random[d]
                order = n
            put(covered, c)
            if order == prime_order:  # every class inside extends to the same subgroup
                for w in range(words):
                    covered[w] |= row[w]
            slot = find(bits, slots, key, row)
            if slots[slot] < 0:
                if total == budget:
                    return np.zeros((0, k), np.bool_)
                if total == len(bits):
                    bits, keys, slots = grow(bits, keys, slots)
                    slot = find(bits, slots, key, row)
                bits[total] = row
                keys[total] = key
                slots[slot] = total
                total += 1
        index += 1
    found = np.zeros((total, k), np.bool_)
    for i in range(total):
        for c in range(k):
            found[i, c] = has(bits[i], c)
    return found
