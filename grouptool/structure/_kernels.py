"""Compiled kernels of this room: orbits and searches on a Cayley table that arrays cannot say.

Each has a plain twin in the module that calls it; the tests compare the two. Tables are C-ordered, so a product with
a fixed left factor walks one row, which stays in cache; products with a fixed right factor go through inverses.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ..group._kernels import elements_of

__all__ = ["classes", "conjugations", "containments", "primary_subgroups", "subgroup_classes"]


@njit(cache=True, nogil=True)
def _conjugation(table, inverses, g):
    """Shape (n,): x -> g^-1 x g; the right factor by y g = (g^-1 y^-1)^-1."""
    row = table[inverses[g]]
    images = np.empty(table.shape[0], np.int32)
    for x in range(table.shape[0]):
        images[x] = inverses[row[inverses[row[x]]]]
    return images


@njit(cache=True, nogil=True)
def conjugations(table, inverses, generators):
    """Shape (s, n): the conjugation by each generator."""
    actions = np.empty((len(generators), table.shape[0]), np.int32)
    for i in range(len(generators)):
        actions[i] = _conjugation(table, inverses, generators[i])
    return actions


@njit(cache=True, nogil=True)
def classes(table, inverses, orders, generators):
    """Class of each element, smallest elements, sizes and element orders of the classes, in canonical order."""
    n = table.shape[0]
    actions = conjugations(table, inverses, generators)
    found = np.full(n, -1, np.int64)
    queue = np.empty(n, np.int32)
    smallest = np.empty(n, np.int64)
    count = 0
    tail = 0
    for x in range(n):
        if found[x] >= 0:
            continue
        found[x] = count
        smallest[count] = x
        head = tail
        queue[tail] = x
        tail += 1
        while head < tail:
            y = queue[head]
            head += 1
            for i in range(len(generators)):
                z = actions[i, y]
                if found[z] < 0:
                    found[z] = count
                    queue[tail] = z
                    tail += 1
        count += 1
    sizes = np.zeros(count, np.int64)
    for x in range(n):
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
    smallest = smallest[:count][ranking]
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


# -- subgroups as sets of primary subgroups: the cyclic subgroups of prime-power order, one bit each


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


@njit(cache=True, nogil=True, inline="always")
def _has(row, z):
    return (row[z >> 6] >> np.uint64(63 - (z & 63))) & np.uint64(1) == np.uint64(1)


@njit(cache=True, nogil=True, inline="always")
def _set(row, z):
    row[z >> 6] |= np.uint64(1) << np.uint64(63 - (z & 63))


@njit(cache=True, nogil=True)
def _find(bits, slots, key, row):
    """The slot of a subgroup, or the free slot where it belongs; its number is ``slots[slot]``, -1 when free."""
    size = np.uint64(len(slots) - 1)
    place = key & size
    while slots[place] >= 0:
        other = bits[slots[place]]
        same = True
        for w in range(len(row)):
            if other[w] != row[w]:
                same = False
                break
        if same:
            return place
        place = (place + np.uint64(1)) & size
    return place


@njit(cache=True, nogil=True)
def _grow(bits, keys, slots):
    larger = np.zeros((2 * len(bits), bits.shape[1]), np.uint64)
    larger[: len(bits)] = bits
    more_keys = np.zeros(2 * len(keys), np.uint64)
    more_keys[: len(keys)] = keys
    more_slots = np.full(2 * len(slots), -1, np.int64)
    size = np.uint64(len(more_slots) - 1)
    for i in range(len(keys)):
        place = keys[i] & size
        while more_slots[place] >= 0:
            place = (place + np.uint64(1)) & size
        more_slots[place] = i
    return larger, more_keys, more_slots


@njit(cache=True, nogil=True, inline="always")
def _position(low):
    """Which bit of a word a single set bit is, counted from the highest."""
    shift = 63
    if low >= np.uint64(1) << np.uint64(32):
        low >>= np.uint64(32)
        shift -= 32
    if low >= np.uint64(1) << np.uint64(16):
        low >>= np.uint64(16)
        shift -= 16
    if low >= np.uint64(1) << np.uint64(8):
        low >>= np.uint64(8)
        shift -= 8
    if low >= np.uint64(1) << np.uint64(4):
        low >>= np.uint64(4)
        shift -= 4
    if low >= np.uint64(1) << np.uint64(2):
        low >>= np.uint64(2)
        shift -= 2
    return shift - 1 if low >= np.uint64(2) else shift


@njit(cache=True, nogil=True)
def _pack(members, size, number, random, row):
    """Write the bits of a subgroup to ``row``; returns its key, the sum of one random number a bit."""
    key = np.uint64(0)
    row[:] = 0
    for i in range(size):
        z = number[members[i]]
        if z >= 0 and not _has(row, z):
            _set(row, z)
            key += random[z]
    return key


@njit(cache=True, nogil=True)
def _enter(bits, keys, slots, total, row, key, moved, random, budget):
    """Append a subgroup that is not there yet and its conjugates, breadth-first; the total is -1 past the budget."""
    image = row.copy()
    step = total * len(moved)  # conjugate number step // s by generator step % s comes next
    while True:
        slot = _find(bits, slots, key, image)
        if slots[slot] < 0:
            if total == budget:
                return bits, keys, slots, -1
            if total == len(bits):
                bits, keys, slots = _grow(bits, keys, slots)
                slot = _find(bits, slots, key, image)
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
                z = action[(w << 6) + _position(low)]
                _set(image, z)
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
    random = np.empty(m, np.uint64)
    for z in range(m):
        mixed = np.uint64(0x9E3779B97F4A7C15) * np.uint64(z + 1)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        random[z] = mixed ^ (mixed >> np.uint64(31))

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
            if _has(covered, z) or (powers[z] >= 0 and not _has(bits[starts[index]], powers[z])):
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
            if slots[_find(bits, slots, key, row)] >= 0:
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


# -- homomorphisms from images of generators


@njit(cache=True, nogil=True)
def closure_order(table, generators):
    """Order of the subgroup that elements generate."""
    stamp = np.zeros(table.shape[0], np.bool_)
    members = np.empty(table.shape[0], np.int32)
    return elements_of(table, generators, len(generators), stamp, True, members)


@njit(cache=True, nogil=True)
def orbit(point, maps):
    """Membership (n,) in the orbit of a point under maps (k, n)."""
    inside = np.zeros(maps.shape[1], np.bool_)
    queue = np.empty(maps.shape[1], np.int32)
    inside[point] = True
    queue[0] = point
    head = 0
    tail = 1
    while head < tail:
        x = queue[head]
        head += 1
        for i in range(len(maps)):
            y = maps[i, x]
            if not inside[y]:
                inside[y] = True
                queue[tail] = y
                tail += 1
    return inside


@njit(cache=True, nogil=True)
def _partial(source, target, generators, images, count, mapping, queue):
    """Write the map <g_1 .. g_count> -> target with these images to ``mapping``; False when it is no injection."""
    mapping[:] = -1
    mapping[0] = 0
    queue[0] = 0
    head = 0
    tail = 1
    while head < tail:
        x = queue[head]
        head += 1
        for i in range(count):
            y = source[generators[i], x]
            image = target[images[i], mapping[x]]
            if mapping[y] < 0:
                if image == 0:
                    return False  # y is not 1: the first element that reaches 1 is 1 itself
                mapping[y] = image
                queue[tail] = y
                tail += 1
            elif mapping[y] != image:
                return False
    return True


@njit(cache=True, nogil=True)
def extend(source, target, generators, images, fixed, colours, target_colours, candidates, starts, budget):
    """Images of generators that define an injective homomorphism and begin with ``fixed`` given ones.

    Args:
        images: (r,), the first ``fixed`` are given, the rest is written.
        candidates, starts: candidates for the image of generator i are ``candidates[starts[i]:starts[i + 1]]``.

    Returns:
        The map (n,), how many partial maps were tried, and 1 found, 0 proved absent, -1 budget spent.
    """
    n = source.shape[0]
    count = len(generators)
    mapping = np.empty(n, np.int64)
    queue = np.empty(n, np.int32)
    cursor = np.zeros(count + 1, np.int64)
    tried = 1
    if not _partial(source, target, generators, images, fixed, mapping, queue):
        return mapping, tried, 0
    if fixed == count:
        return mapping, tried, 1
    level = fixed
    cursor[level] = starts[level]
    while level >= fixed:
        if cursor[level] == starts[level + 1]:
            level -= 1
            continue
        image = candidates[cursor[level]]
        cursor[level] += 1
        images[level] = image
        # Products of two generators must have the colours of their images, before whole subgroups are compared.
        fits = True
        for i in range(level):
            g, h = generators[i], images[i]
            if (
                colours[source[g, generators[level]]] != target_colours[target[h, image]]
                or colours[source[source[g, g], generators[level]]] != target_colours[target[target[h, h], image]]
            ):
                fits = False
                break
        if not fits:
            continue
        tried += 1
        if tried > budget:
            return mapping, tried, -1
        if not _partial(source, target, generators, images, level + 1, mapping, queue):
            continue
        if level + 1 == count:
            return mapping, tried, 1
        level += 1
        cursor[level] = starts[level]
    return mapping, tried, 0


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
    random = np.empty(k, np.uint64)
    for c in range(k):
        mixed = np.uint64(0x9E3779B97F4A7C15) * np.uint64(c + 1)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        random[c] = mixed ^ (mixed >> np.uint64(27))
    bits = np.zeros((64, words), np.uint64)
    keys = np.zeros(64, np.uint64)
    slots = np.full(256, -1, np.int64)
    row = np.zeros(words, np.uint64)
    covered = np.empty(words, np.uint64)
    queue = np.empty(k, np.int64)
    _set(row, 0)
    bits[0] = row
    keys[0] = random[0]
    slots[_find(bits, slots, keys[0], row)] = 0
    total = 1
    index = 0
    while index < total:
        covered[:] = bits[index]
        for i in range(len(primary_classes)):
            c = primary_classes[i]
            if _has(covered, c) or not _has(bits[index], primary_powers[i]):
                continue
            # The smallest normal subgroup above: products of a representative and all of class c, until closed.
            row[:] = bits[index]
            key = keys[index]
            tail = 0
            order = 0
            for d in range(k):
                if _has(row, d):
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
                    if not _has(row, d):
                        _set(row, d)
                        key += random[d]
                        queue[tail] = d
                        tail += 1
                        order += starts[d + 1] - starts[d]
            if 2 * order > n:  # more than half of the group is all of it
                for d in range(k):
                    if not _has(row, d):
                        _set(row, d)
                        key += random[d]
                order = n
            _set(covered, c)
            if order == prime_order:  # every class inside extends to the same subgroup
                for w in range(words):
                    covered[w] |= row[w]
            slot = _find(bits, slots, key, row)
            if slots[slot] < 0:
                if total == budget:
                    return np.zeros((0, k), np.bool_)
                if total == len(bits):
                    bits, keys, slots = _grow(bits, keys, slots)
                    slot = _find(bits, slots, key, row)
                bits[total] = row
                keys[total] = key
                slots[slot] = total
                total += 1
        index += 1
    found = np.zeros((total, k), np.bool_)
    for i in range(total):
        for c in range(k):
            found[i, c] = _has(bits[i], c)
    return found


# -- Sylow subgroups


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
