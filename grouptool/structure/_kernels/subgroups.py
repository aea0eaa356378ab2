"""All subgroups, as sets of primary subgroups: the cyclic subgroups of prime-power order, one bit each."""

from __future__ import annotations

import numpy as np
from numba import njit

from ...group._kernels import elements_of
from .bits import find, grow, has, hash_words, position, put
from .generators import commutator_generators, perfect_residual
from .orbits import conjugations

__all__ = ["all_subgroups", "containments", "primary_subgroups"]


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
def all_subgroups(table, inverses, element_orders, own, budget):
    """Primary subgroups (four arrays), then all subgroups as ``subgroup_classes`` gives them, classes in final order.

    Args:
        own: generators of the group.
    """
    generators, primes, powers, number = primary_subgroups(table, element_orders)
    actions = conjugations(table, inverses, own)
    moved = np.empty((len(actions), len(generators)), np.int32)
    for i in range(len(actions)):
        for z in range(len(generators)):
            moved[i, z] = number[actions[i, generators[z]]]
    residual, residual_generators = perfect_residual(table, inverses, own)
    bits, starts, orders = subgroup_classes(
        table, inverses, moved, generators, primes, powers, number, residual, residual_generators, budget
    )
    ranking = _ranking(bits, starts, orders)
    final = np.empty_like(bits)
    final_starts = np.zeros_like(starts)
    for i in range(len(ranking)):
        first, end = starts[ranking[i]], starts[ranking[i] + 1]
        final_starts[i + 1] = final_starts[i] + end - first
        final[final_starts[i] : final_starts[i + 1]] = bits[first:end]
    return generators, primes, powers, number, final, final_starts, orders[ranking]


@njit(cache=True, nogil=True)
def subgroup_classes(table, inverses, moved, generators, primes, powers, number, residual, residual_generators, budget):
    """All subgroups, class by class, by cyclic extension, and by odd extension for the perfect ones.

    Args:
        moved: (s, m), where generators of the group move primary subgroups by conjugation.
        generators, primes, powers, number: as ``primary_subgroups`` gives them.
        residual: (n,) bool, the perfect residual; ``residual_generators`` is empty when the group is solvable.

    Returns:
        Bits (N, W) of all subgroups, first bit highest, first row of a class its lexicographically first; class
        starts (c + 1,), orders (c,). No classes when the budget was spent.
    """
    n = table.shape[0]
    m = len(generators)
    words = max(1, (m + 63) >> 6)
    random = hash_words(m)
    bits = np.zeros((64, words), np.uint64)
    keys = np.zeros(64, np.uint64)
    slots = np.full(256, -1, np.int64)
    starts = np.zeros(64, np.int64)
    orders = np.zeros(64, np.int64)
    chosen = np.zeros((64, 16), np.int32)  # generators of each class's first subgroup
    chosen_count = np.zeros(64, np.int64)
    stamp = np.full(n, -1, np.int32)  # members of the subgroup that is extended
    other_stamp = np.full(n, -1, np.int32)
    normalizing = np.empty(m, np.int32)  # elements that do, and extend it
    settled = np.full(m, -1, np.int32)
    label = np.arange(m)
    members = np.empty(n, np.int32)
    larger = np.empty(n, np.int32)
    coset_of = np.empty(n, np.int32)  # left cosets of the subgroup that is extended, as far as they were met
    by_coset = np.empty(n, np.int32)
    filled = np.zeros(1, np.int64)
    queue = np.empty(n, np.int32)
    row = np.zeros(words, np.uint64)
    covered = np.empty(words, np.uint64)

    bits, keys, slots, total = _enter(bits, keys, slots, 0, row, np.uint64(0), moved, random, budget)
    orders[0] = 1
    starts[1] = total
    count = 1
    residual_order = 1
    if len(residual_generators):
        chosen_count[1] = len(residual_generators)
        chosen[1, : chosen_count[1]] = residual_generators
        residual_order = elements_of(table, chosen[1], chosen_count[1], stamp, n, members)
        key = _pack(members, residual_order, number, random, row)
        bits, keys, slots, total = _enter(bits, keys, slots, total, row, key, moved, random, budget)
        orders[1] = residual_order
        starts[2] = total
        count = 2
    index = 0
    epoch = 0
    while index < count and total >= 0:
        own = chosen[index, : chosen_count[index]]
        size = elements_of(table, own, len(own), stamp, index, members)
        epoch += 1
        odd = _may_lie_in_perfect(table, inverses, own, size, residual, other_stamp, epoch, queue)
        covered[:] = bits[starts[index]]
        tail = 0
        for step in range(2 * m if odd else m):
            z = step % m
            if step == m:
                coset_of[:] = -1
                filled[0] = 0
                _coset(table, 0, members, size, coset_of, by_coset, filled)
                _orbits_of_normalizing(table, inverses, generators, number, own, normalizing[:tail], queue, label)
            if has(covered, z) or (powers[z] >= 0 and not has(bits[starts[index]], powers[z])):
                continue
            if step >= m and (
                settled[label[z]] == index
                or primes[z] == 2
                or residual_order // size % primes[z]
                or not residual[generators[z]]
            ):
                continue
            if _normalises(table, inverses, generators[z], own, stamp, index) != (step < m):
                continue
            if step < m:
                normalizing[tail] = generators[z]
                tail += 1
                larger_size = _cyclic_extension(table, generators[z], primes[z], members, size, larger)
            else:
                settled[label[z]] = index
                epoch += 1
                larger_size = _odd_extension(
                    table, generators[z], own, members, size, coset_of, by_coset, filled, number, label, settled, index,
                    other_stamp, epoch, queue, larger, residual_order // 5,
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
                starts, orders, chosen_count = _doubled(starts), _doubled(orders), _doubled(chosen_count)
                chosen = np.concatenate((chosen, np.zeros(chosen.shape, np.int32)))
            orders[count] = larger_size
            starts[count + 1] = total
            chosen[count, : len(own)] = own
            chosen[count, len(own)] = generators[z]
            chosen_count[count] = len(own) + 1
            count += 1
        index += 1
    if total < 0:
        return bits[:0], starts[:1], orders[:0]
    for index in range(count):
        _largest_first(bits, starts[index], starts[index + 1])
    return bits[:total], starts[: count + 1], orders[:count]


@njit(cache=True, nogil=True, inline="always")
def _doubled(array):
    return np.concatenate((array, np.zeros_like(array)))


@njit(cache=True, nogil=True)
def _normalises(table, inverses, element, own, stamp, epoch):
    """Whether conjugation by an element keeps the subgroup that is stamped; ``own`` generate it."""
    inverse = inverses[element]
    for u in own:  # noqa: SIM110 (numba compiles no generators)
        if stamp[table[inverse, table[u, element]]] != epoch:
            return False
    return True


@njit(cache=True, nogil=True)
def _may_lie_in_perfect(table, inverses, own, size, residual, stamp, epoch, queue):
    """Whether U may contain the normaliser of a Sylow 2-subgroup S of a perfect group V > U.

    4 divides |U|, since S is not cyclic; and where S is abelian it lies in U', since V' meets S in [S, N(S)].
    """
    if size % 4:
        return False
    for u in own:
        if not residual[u]:  # in a solvable group the residual is 1
            return False
    derived = commutator_generators(table, inverses, own, own)
    if len(derived) == 0:
        return False
    return size % 8 == 0 or (size // elements_of(table, derived, len(derived), stamp, epoch, queue)) % 2 == 1


@njit(cache=True, nogil=True)
def _orbits_of_normalizing(table, inverses, generators, number, own, normalizing, queue, label):
    """Write to ``label`` the first of each orbit of <U, some elements of N(U)> on the primary subgroups."""
    n = table.shape[0]
    chosen = np.empty(len(own) + 16, np.int32)  # those that enlarge the subgroup
    chosen[: len(own)] = own
    count = len(own)
    inside = np.zeros(n, np.bool_)
    elements_of(table, chosen, count, inside, True, queue)
    for x in normalizing:
        if not inside[x]:
            chosen[count] = x
            count += 1
            inside[:] = False
            elements_of(table, chosen, count, inside, True, queue)
    rows = np.empty((count, n), table.dtype)
    for i in range(count):
        rows[i] = table[inverses[chosen[i]]]
    label[:] = -1
    for z in range(len(label)):
        if label[z] >= 0:
            continue
        label[z] = z
        queue[0] = z
        head = 0
        tail = 1
        while head < tail:
            y = generators[queue[head]]
            head += 1
            for i in range(count):
                image = number[inverses[rows[i, inverses[rows[i, y]]]]]
                if label[image] < 0:
                    label[image] = z
                    queue[tail] = image
                    tail += 1


@njit(cache=True, nogil=True)
def _cyclic_extension(table, z, prime, members, size, larger):
    """Write <U, z> = U + z U + ... + z^(p-1) U to ``larger``, where z normalises U and z^p lies inside."""
    left = table[z]
    larger[:size] = members[:size]
    for i in range(size, size * prime):
        larger[i] = left[larger[i - size]]
    return size * prime


@njit(cache=True, nogil=True)
def _coset(table, x, members, size, coset_of, by_coset, filled):
    """The number of the left coset x U; one that is new is written to the arrays, x first."""
    if coset_of[x] < 0:
        left = table[x]
        place = filled[0] * size
        for i in range(size):
            y = left[members[i]]
            coset_of[y] = filled[0]
            by_coset[place + i] = y
        filled[0] += 1
    return coset_of[x]


@njit(cache=True, nogil=True)
def _odd_extension(
    table, z, own, members, size, coset_of, by_coset, filled, number, label, settled, index, stamp, epoch, queue,
    larger, bound,
):  # fmt: skip
    """Write <U, z> to ``larger``, grown by left cosets x U; returns its order, 0 when it is more than ``bound``.

    Orbits of N(U) that meet U z U are marked in ``settled``: they extend U to conjugates of the same subgroup.
    """
    stamp[0] = epoch  # the coset U
    queue[0] = _coset(table, z, members, size, coset_of, by_coset, filled)
    stamp[queue[0]] = epoch
    tail = 1
    for step in range(2):  # first U z U: images under generators of U; then under z as well
        head = 0
        while head < tail:
            place = queue[head] * size
            head += 1
            if step == 0:
                for i in range(place, place + size):
                    if number[by_coset[i]] >= 0:
                        settled[label[number[by_coset[i]]]] = index
            for i in range(len(own) + step):
                image = table[own[i] if i < len(own) else z, by_coset[place]]
                coset = _coset(table, image, members, size, coset_of, by_coset, filled)
                if stamp[coset] != epoch:
                    stamp[coset] = epoch
                    queue[tail] = coset
                    tail += 1
                    if (tail + 1) * size > bound:
                        return 0
    larger[:size] = members[:size]
    for i in range(tail):
        larger[(i + 1) * size : (i + 2) * size] = by_coset[queue[i] * size : (queue[i] + 1) * size]
    return (tail + 1) * size


# -- the order of classes


@njit(cache=True, nogil=True, inline="always")
def _before(one, other):
    """Whether one row of bits comes before another: the first difference is a bit of the first."""
    for w in range(len(one)):
        if one[w] != other[w]:
            return one[w] > other[w]
    return False


@njit(cache=True, nogil=True)
def _largest_first(bits, start, end):
    """Swap the row that comes before all others of a class with the class's first row."""
    best = start
    for i in range(start + 1, end):
        if _before(bits[i], bits[best]):
            best = i
    for w in range(bits.shape[1]):
        bits[start, w], bits[best, w] = bits[best, w], bits[start, w]


@njit(cache=True, nogil=True)
def _ranking(bits, starts, orders):
    """The classes by order, length and first row; a merge sort."""
    count = len(orders)
    keys = orders * (len(bits) + 1) + np.diff(starts)
    ranking = np.arange(count)
    merged = np.empty_like(ranking)
    width = 1
    while width < count:
        for low in range(0, count, 2 * width):
            middle, high = min(low + width, count), min(low + 2 * width, count)
            i, j = low, middle
            for place in range(low, high):
                a, b = ranking[min(i, count - 1)], ranking[min(j, count - 1)]
                later = keys[b] < keys[a] or (keys[b] == keys[a] and _before(bits[starts[b]], bits[starts[a]]))
                if i == middle or (j < high and later):
                    merged[place] = b
                    j += 1
                else:
                    merged[place] = a
                    i += 1
        ranking, merged = merged, ranking
        width *= 2
    return ranking


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
