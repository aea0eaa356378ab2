"""All subgroups, as sets of primary subgroups: the cyclic subgroups of prime-power order, one bit each."""

from __future__ import annotations

import numpy as np
from numba import njit

from ...group._kernels import elements_of
from .bits import find, grow, has, hash_words, position, put

__all__ = ["containments", "primary_subgroups", "subgroup_classes"]


@njit(cache=True, nogil=True)
def primary_subgroups(table, orders):
    """Generators of the cyclic subgroups of prime-power order (smallest first), and which one each element generates.

    Returns generators (m,), their primes (m,), the number of the subgroup that the p-th power generates (m,), -1 for
    the identity, and for each element the subgroup that it generates (n,), -1 when its order is no prime power.
    """
    n = table.shape[0]
    number = np.full(n, -1, np.int32)
    generators = np.empty(n, np.int64)
    primes = np.empty(n, np.int64)
    powers = np.empty(n, np.int64)
    count = 0
    for x in range(1, n):
        if number[x] >= 0:
            continue
        order = orders[x]
        prime = 2
        while order % prime:
            prime += 1
        rest = order
        while rest % prime == 0:
            rest //= prime
        if rest > 1:
            continue
        row = table[x]
        power = x
        for exponent in range(1, order):
            if exponent == prime:
                powers[count] = power  # an element for now
            if exponent % prime:
                number[power] = count
            power = row[power]
        if order == prime:
            powers[count] = 0
        generators[count] = x
        primes[count] = prime
        count += 1
    for i in range(count):
        powers[i] = number[powers[i]] if powers[i] else -1
    return generators[:count].copy(), primes[:count].copy(), powers[:count].copy(), number


@njit(cache=True, nogil=True)
def _pack(members, size, number, random, row):
    """Write the bits of a subgroup to ``row``; returns its key, the sum of one random number a bit."""
    key = np.uint64(0)
    row[:] = 0
    for i in range(size):
        z = number[members[i]]
        if z >= 0 and not has(row, z):
            put(row, z)
            key += random[z]
    return key


@njit(cache=True, nogil=True)
def _enter(bits, keys, slots, total, row, key, moved, random, budget):
    """Append a subgroup that is not there yet and its conjugates, breadth-first; the total is -1 past the budget."""
    image = row.copy()
    step = total * len(moved)  # conjugate number step // s by generator step % s comes next
    while True:
        slot = find(bits, slots, key, image)
        if slots[slot] < 0:
            if total == budget:
                return bits, keys, slots, -1
            if total == len(bits):
                bits, keys, slots = grow(bits, keys, slots)
                slot = find(bits, slots, key, image)
            bits[total] = image
            keys[total] = key
            slots[slot] = total
            total += 1
        if step >= total * len(moved):
            return bits, keys, slots, total
        source, action = bits[step // len(moved)], moved[step % len(moved)]
        step += 1
        image[:] = 0
        key = np.uint64(0)
        for w in range(len(image)):
            word = source[w]
            while word:
                low = word & (~word + np.uint64(1))
                word ^= low
                z = action[(w << 6) + position(low)]
                put(image, z)
                key += random[z]


@njit(cache=True, nogil=True)
def _odd_extension(
    table, z, generators, count, members, size, number, settled, own, stamp, epoch, queue, larger, bound
):
    """Write <U, z> to ``larger``, grown by left cosets x U; returns its order, 0 when it is more than ``bound``.

    Generators of primary subgroups met in U z U are marked in ``settled``: they extend U to the same subgroup.
    """
    for i in range(size):
        larger[i] = members[i]
        stamp[members[i]] = epoch
    found = size
    head = 0
    tail = 0
    start = z
    only_own = True  # first U z U: steps by generators of U; then by z as well
    while True:
        if start >= 0:
            queue[tail] = start
            tail += 1
            source = table[start]
            for i in range(size):
                y = source[members[i]]
                larger[found] = y
                found += 1
                stamp[y] = epoch
                if only_own and number[y] >= 0:
                    settled[number[y]] = own
            start = -1
            if found > bound:
                return 0
        if head == tail:
            if not only_own:
                return found
            only_own = False
            head = 0
        x = queue[head]
        for i in range(count):
            y = table[generators[i], x]
            if stamp[y] != epoch:
                start = y
                break
        if start < 0 and not only_own and stamp[table[z, x]] != epoch:
            start = table[z, x]
        if start < 0:
            head += 1


@njit(cache=True, nogil=True)
def subgroup_classes(
    table, inverses, actions, generators, primes, powers, number, residual, residual_generators, budget
):
    """All subgroups, class by class, by cyclic extension, and by odd extension for the perfect ones.

    Args:
        actions: (s, n), conjugation by generators of the group.
        generators, primes, powers, number: as ``primary_subgroups`` gives them.
        residual: (n,) bool, the perfect residual; ``residual_generators`` is empty when the group is solvable.

    Returns:
        Bits (N, W) of all subgroups, first bit highest, first row of a class its lexicographically first; class
        starts (c + 1,), orders (c,). No classes when the budget was spent.
    """
    n = table.shape[0]
    m = len(generators)
    words = max(1, (m + 63) >> 6)
    moved = np.empty((len(actions), m), np.int32)
    for i in range(len(actions)):
        for z in range(m):
            moved[i, z] = number[actions[i, generators[z]]]
    random = hash_words(m)
    bits = np.zeros((64, words), np.uint64)
    keys = np.zeros(64, np.uint64)
    slots = np.full(256, -1, np.int64)
    starts = np.zeros(64, np.int64)
    orders = np.zeros(64, np.int64)
    chosen = np.zeros((64, 16), np.int32)  # generators of the subgroup that is extended
    chosen_count = np.zeros(64, np.int64)
    stamp = np.full(n, -1, np.int32)  # members of the class that is extended
    stamp_larger = np.full(n, -1, np.int32)
    settled = np.full(m, -1, np.int32)
    members = np.empty(n, np.int32)
    larger = np.empty(n, np.int32)
    queue = np.empty(n, np.int32)
    row = np.zeros(words, np.uint64)
    covered = np.empty(words, np.uint64)

    bits, keys, slots, total = _enter(bits, keys, slots, 0, row, np.uint64(0), moved, random, budget)
    orders[0] = 1
    starts[1] = total
    count = 1
    residual_order = 1
    if len(residual_generators):
        for i in range(len(residual_generators)):
            chosen[1, i] = residual_generators[i]
        chosen_count[1] = len(residual_generators)
        residual_order = elements_of(table, chosen[1], chosen_count[1], stamp, n, members)
        key = _pack(members, residual_order, number, random, row)
        bits, keys, slots, total = _enter(bits, keys, slots, total, row, key, moved, random, budget)
        orders[1] = residual_order
        starts[2] = total
        count = 2
    index = 0
    epoch = 0
    while index < count and total >= 0:
        own = chosen[index]
        size = elements_of(table, own, chosen_count[index], stamp, index, members)
        within = residual_order > 1 and size % 4 == 0  # perfect subgroups have no cyclic Sylow 2-subgroup
        for i in range(chosen_count[index]):
            within = within and residual[own[i]]
        covered[:] = bits[starts[index]]
        for step in range(2 * m if within else m):
            z = step % m
            element = generators[z]
            if has(covered, z) or (powers[z] >= 0 and not has(bits[starts[index]], powers[z])):
                continue
            inverse_row = table[inverses[element]]
            normalises = True
            for i in range(chosen_count[index]):
                if stamp[inverses[inverse_row[inverses[inverse_row[own[i]]]]]] != index:
                    normalises = False
                    break
            if step < m:
                if not normalises:
                    continue
                left = table[element]  # U + z U + ... + z^(p-1) U
                larger_size = size * primes[z]
                for i in range(larger_size):
                    larger[i] = members[i] if i < size else left[larger[i - size]]
            else:
                if normalises or primes[z] == 2 or settled[z] == index or not residual[element]:
                    continue
                epoch += 1
                larger_size = _odd_extension(
                    table, element, own, chosen_count[index], members, size, number, settled, index,
                    stamp_larger, epoch, queue, larger, residual_order // 5,
                )  # fmt: skip
                if larger_size == 0:
                    continue  # the residual itself: a proper subgroup of a perfect group has index 5 or more
            key = _pack(larger, larger_size, number, random, row)
            if step < m:
                for w in range(words):
                    covered[w] |= row[w]
            if slots[find(bits, slots, key, row)] >= 0:
                continue
            bits, keys, slots, total = _enter(bits, keys, slots, total, row, key, moved, random, budget)
            if total < 0:
                break
            if count + 1 == len(orders):
                starts = np.concatenate((starts, np.zeros(len(starts), np.int64)))
                orders = np.concatenate((orders, np.zeros(len(orders), np.int64)))
                chosen_count = np.concatenate((chosen_count, np.zeros(len(chosen_count), np.int64)))
                chosen = np.concatenate((chosen, np.zeros(chosen.shape, np.int32)))
                own = chosen[index]
            orders[count] = larger_size
            starts[count + 1] = total
            chosen[count] = own
            chosen[count, chosen_count[index]] = element
            chosen_count[count] = chosen_count[index] + 1
            count += 1
        index += 1
    if total < 0:
        return bits[:0], starts[:1], orders[:0]

    # The first row of each class becomes its lexicographically first, which holds the highest bits.
    for index in range(count):
        best = starts[index]
        for i in range(starts[index] + 1, starts[index + 1]):
            for w in range(words):
                if bits[i, w] != bits[best, w]:
                    if bits[i, w] > bits[best, w]:
                        best = i
                    break
        for w in range(words):
            held = bits[starts[index], w]
            bits[starts[index], w] = bits[best, w]
            bits[best, w] = held
    return bits[:total], starts[: count + 1], orders[:count]


@njit(cache=True, nogil=True)
def containments(bits, starts):
    """Shape (c, c): how many subgroups of class j contain the first subgroup of class i."""
    count = len(starts) - 1
    words = bits.shape[1]
    found = np.zeros((count, count), np.int64)
    for i in range(count):
        smaller = bits[starts[i]]
        for j in range(count):
            for k in range(starts[j], starts[j + 1]):
                inside = True
                for w in range(words):
                    if smaller[w] & ~bits[k, w]:
                        inside = False
                        break
                if inside:
                    found[i, j] += 1
    return found
