"""Homomorphisms from images of generators, and chains of automorphisms."""

from __future__ import annotations

import numpy as np
from numba import njit

from ...group._kernels import elements_of
from .generators import commutator_generators

__all__ = ["automorphism_chain", "extend", "generating_sequence"]


# -- generators whose images are searched


@njit(cache=True, nogil=True)
def generating_sequence(table, inverses, orders, cells, count, own):
    """Few generators with few candidates for their images.

    Args:
        cells: (n,), the colour of each element, 0 to ``count`` - 1.
        own: generators of the group.
    """
    n = table.shape[0]
    chosen = np.empty(64, np.int64)
    if n == 1:
        return chosen[:0]
    members, starts = _cells_by_size(cells, count)
    for c in range(len(starts) - 1):
        if orders[members[starts[c]]] == n:
            chosen[0] = members[starts[c]]
            return chosen[:1]
    modulo = _elementary_kernel(table, inverses, own)
    stamp = np.full(n, -1, np.int32)
    found = np.empty(n, np.int32)
    if _generating_pair(table, members, starts, modulo, chosen, stamp, found):
        return chosen[:2]
    return _greedy(table, members, starts, own, modulo, chosen, stamp, found)


@njit(cache=True, nogil=True)
def _elementary_kernel(table, inverses, own):
    """Membership (n,) in the least K with G/K abelian of square-free exponent."""
    n = table.shape[0]
    radical = 1
    rest = n
    prime = 2
    while rest > 1:
        if rest % prime == 0:
            radical *= prime
            while rest % prime == 0:
                rest //= prime
        prime += 1
    powers = np.zeros(len(own), np.int64)
    for i in range(len(own)):
        base = own[i]
        exponent = radical
        while exponent:
            if exponent & 1:
                powers[i] = table[powers[i], base]
            base = table[base, base]
            exponent >>= 1
    modulo = np.concatenate((commutator_generators(table, inverses, own, own), powers))
    stamp = np.zeros(n, np.bool_)
    elements_of(table, modulo, len(modulo), stamp, True, np.empty(n, np.int32))
    return stamp


@njit(cache=True, nogil=True)
def _steps(table, inside, x):
    """Least k > 0 with x^k inside."""
    steps = 1
    power = x
    while not inside[power]:
        power = table[x, power]
        steps += 1
    return steps


@njit(cache=True, nogil=True)
def _joined(table, inside, x):
    """Membership in <M, x> where M, given by its membership, is normal."""
    larger = inside.copy()
    power = x
    while not inside[power]:
        for y in range(len(inside)):
            if inside[y]:
                larger[table[power, y]] = True
        power = table[x, power]
    return larger


@njit(cache=True, nogil=True)
def _cells_by_size(cells, count):
    """Members of each cell but that of 1, ascending, the cells by size and smallest member; where each begins."""
    n = len(cells)
    sizes = np.zeros(count, np.int64)
    smallest = np.full(count, n, np.int64)
    for x in range(n):
        sizes[cells[x]] += 1
        smallest[cells[x]] = min(smallest[cells[x]], x)
    ranking = np.argsort(sizes * n + smallest)
    starts = np.zeros(count, np.int64)
    place = np.full(count, -1, np.int64)
    end = 0
    filled = 0
    for c in ranking:
        if smallest[c] > 0:
            place[c] = end
            starts[filled] = end
            end += sizes[c]
            filled += 1
    starts[filled] = end
    members = np.empty(end, np.int64)
    for x in range(n):
        if place[cells[x]] >= 0:
            members[place[cells[x]]] = x
            place[cells[x]] += 1
    return members, starts


@njit(cache=True, nogil=True)
def _generating_pair(table, members, starts, modulo, chosen, stamp, found):
    """Whether two elements that generate the group were written to ``chosen``; the cheapest pairs of cells first.

    They must generate G/K, K = ``modulo``; 100 pairs that do are tested.
    """
    n = table.shape[0]
    index = n // np.count_nonzero(modulo)
    for prime in range(2, index):
        if index % prime**3 == 0:
            return False
    count = len(starts) - 1
    rows, columns = min(count, 12), min(count, 13)
    prices = np.empty(rows * columns, np.int64)
    above = np.empty((rows, n), np.bool_)  # <K, a> for the first a of each cell
    left = np.empty(rows, np.int64)  # its index
    for i in range(rows):
        for j in range(columns):
            prices[i * columns + j] = (starts[i + 1] - starts[i]) * (starts[j + 1] - starts[j]) ** 2
        above[i] = _joined(table, modulo, members[starts[i]])
        left[i] = index // _steps(table, modulo, members[starts[i]])
    tests = 0
    for pair in np.argsort(prices, kind="mergesort"):
        i, j = pair // columns, pair % columns
        chosen[0] = members[starts[i]]
        for b in range(starts[j], starts[j + 1], (starts[j + 1] - starts[j] + 7) // 8):
            chosen[1] = members[b]
            if chosen[1] == chosen[0] or _steps(table, above[i], chosen[1]) != left[i]:
                continue
            if _order(table, chosen, 2, stamp, tests, found) == n:
                return True
            tests += 1
            if tests == 100:
                return False
    return False


@njit(cache=True, nogil=True)
def _order(table, generators, count, stamp, epoch, found):
    """Order of the subgroup that elements generate; its elements are stamped unless it is the group (Lagrange)."""
    n = table.shape[0]
    found[0] = 0
    stamp[0] = epoch
    size = 1
    head = 0
    while head < size:
        x = found[head]
        head += 1
        for i in range(count):
            y = table[generators[i], x]
            if stamp[y] != epoch:
                stamp[y] = epoch
                found[size] = y
                size += 1
                if 2 * size > n:
                    return n
    return size


@njit(cache=True, nogil=True)
def _greedy(table, members, starts, own, modulo, chosen, stamp, found):
    """Generators of which each, the first such in the order of cells, enlarges the subgroup most.

    The image in G/K, K = ``modulo``, counts first, so that they are few.
    """
    n = table.shape[0]
    pool = np.empty(8 * len(starts) + len(own), np.int64)
    count = 0
    for c in range(len(starts) - 1):
        for b in range(starts[c], starts[c + 1], (starts[c + 1] - starts[c] + 7) // 8):
            pool[count] = members[b]
            count += 1
    for g in own:
        pool[count] = g
        count += 1
    inside = np.zeros(n, np.bool_)
    inside[0] = True
    epoch = 100
    length = 0
    order = 1
    while order < n:
        most = 0
        for x in pool[:count]:
            if not inside[x]:
                most = max(most, _steps(table, modulo, x))
        order = 0
        best = 0
        for x in pool[:count]:
            if not inside[x] and _steps(table, modulo, x) == most:
                chosen[length] = x
                epoch += 1
                larger = _order(table, chosen, length + 1, stamp, epoch, found)
                if larger > order:
                    order, best = larger, x
        chosen[length] = best
        modulo = _joined(table, modulo, best)
        length += 1
        epoch += 1
        _order(table, chosen, length, stamp, epoch, found)
        inside[:] = stamp == epoch
    return chosen[:length]


# -- the search


@njit(cache=True, nogil=True)
def extend(source, target, generators, images, fixed, cells, target_cells, candidates, starts, budget):
    """Images of generators that define an injective homomorphism and begin with ``fixed`` given ones.

    Args:
        images: (r,), the first ``fixed`` are given, the rest is written.
        cells, target_cells: (n,), colours of elements as whole numbers, which a homomorphism must keep.
        candidates, starts: candidates for the image of generator i are ``candidates[starts[i]:starts[i + 1]]``.

    Returns:
        The map (n,), how many partial maps were tried, and 1 found, 0 proved absent, -1 budget spent.
    """
    mapping = np.empty(source.shape[0], np.int64)
    queue = np.empty(source.shape[0], np.int32)
    tried, answer = _search(
        source, target, generators, images, fixed, cells, target_cells, candidates, starts, budget, mapping, queue
    )
    return mapping, tried, answer


@njit(cache=True, nogil=True)
def _search(source, target, generators, images, fixed, cells, target_cells, candidates, starts, budget, mapping, queue):
    """As ``extend``, which writes the map to ``mapping``."""
    count = len(generators)
    tried = 1
    if not _partial(source, target, generators, images, fixed, cells, target_cells, mapping, queue):
        return tried, 0
    if fixed == count:
        return tried, 1
    cursor = np.zeros(count + 1, np.int64)
    level = fixed
    cursor[level] = starts[level]
    while level >= fixed:
        if cursor[level] == starts[level + 1]:
            level -= 1
            continue
        images[level] = candidates[cursor[level]]
        cursor[level] += 1
        if not _fits(source, target, generators, images, level, cells, target_cells):
            continue
        tried += 1
        if tried > budget:
            return tried, -1
        if not _partial(source, target, generators, images, level + 1, cells, target_cells, mapping, queue):
            continue
        if level + 1 == count:
            return tried, 1
        level += 1
        cursor[level] = starts[level]
    return tried, 0


@njit(cache=True, nogil=True)
def _fits(source, target, generators, images, level, cells, target_cells):
    """Whether products of two generators have the colours of their images, before whole subgroups are compared."""
    last, image = generators[level], images[level]
    for i in range(level):
        g, h = generators[i], images[i]
        if (
            cells[source[g, last]] != target_cells[target[h, image]]
            or cells[source[source[g, g], last]] != target_cells[target[target[h, h], image]]
        ):
            return False
    return True


@njit(cache=True, nogil=True)
def _partial(source, target, generators, images, count, cells, target_cells, mapping, queue):
    """Write the map <g_1 .. g_count> -> target with these images to ``mapping``; False when it is none.

    Nothing but 1 has the colour of 1, so a homomorphism that keeps colours is injective.
    """
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
                if cells[y] != target_cells[image]:
                    return False
                mapping[y] = image
                queue[tail] = y
                tail += 1
            elif mapping[y] != image:
                return False
    return True


# -- automorphisms along a chain of stabilisers


@njit(cache=True, nogil=True)
def automorphism_chain(table, inverses, cells, base, own, budget):
    """Orbits along a base, and automorphisms that with the inner ones generate all.

    Args:
        cells: (n,), colours as whole numbers; base: (r,), elements that generate the group; own: its generators.

    Returns:
        Membership (r, n) in the orbit of each base element, automorphisms (s, n), and whether the budget sufficed.
    """
    n, r = table.shape[0], len(base)
    candidates, starts = _candidates(cells, base)
    orbits = np.zeros((r, n), np.bool_)
    strong = np.empty((4, n), np.int64)
    count = 0
    left = budget
    images = base.copy()
    mapping = np.empty(n, np.int64)
    queue = np.empty(n, np.int32)
    place = np.empty(n, np.int32)
    for i in range(r - 1, -1, -1):
        cell = candidates[starts[i] : starts[i + 1]]
        for j in range(len(cell)):
            place[cell[j]] = j
        leader = np.arange(len(cell))  # a forest of orbits under the automorphisms that are known
        refused = np.zeros(len(cell), np.bool_)  # at roots: no automorphism leads there
        for k in range(count):
            for j in range(len(cell)):
                _join(leader, refused, j, place[strong[k, cell[j]]])
        for g in _centralizer_generators(table, base[:i], own):
            row = table[inverses[g]]
            for j in range(len(cell)):
                _join(leader, refused, j, place[inverses[row[inverses[row[cell[j]]]]]])
        for j in range(len(cell)):
            root = _root(leader, j)
            if refused[root] or root == _root(leader, place[base[i]]):
                continue
            images[:i] = base[:i]
            images[i] = cell[j]
            tried, answer = 0, 0
            if _fits(table, table, base, images, i, cells, cells):
                tried, answer = _search(
                    table, table, base, images, i + 1, cells, cells, candidates, starts, left, mapping, queue
                )
            left -= tried
            if answer < 0:
                return orbits, strong[:count], False
            if answer == 0:
                refused[root] = True
                continue
            if count == len(strong):
                strong = np.concatenate((strong, np.empty(strong.shape, np.int64)))
            strong[count] = mapping
            count += 1
            for k in range(len(cell)):
                _join(leader, refused, k, place[mapping[cell[k]]])
        root = _root(leader, place[base[i]])
        for j in range(len(cell)):
            orbits[i, cell[j]] = _root(leader, j) == root
    return orbits, strong[:count], True


@njit(cache=True, nogil=True)
def _candidates(cells, base):
    """The elements of each base element's colour, ascending, one after the other; where each begins."""
    starts = np.zeros(len(base) + 1, np.int64)
    for i in range(len(base)):
        starts[i + 1] = starts[i]
        for x in range(len(cells)):
            starts[i + 1] += cells[x] == cells[base[i]]
    candidates = np.empty(starts[-1], np.int64)
    for i in range(len(base)):
        end = starts[i]
        for x in range(len(cells)):
            if cells[x] == cells[base[i]]:
                candidates[end] = x
                end += 1
    return candidates, starts


@njit(cache=True, nogil=True)
def _centralizer_generators(table, elements, own):
    """Elements that generate the centraliser, each the smallest that the ones before do not reach."""
    if len(elements) == 0:
        return own
    n = table.shape[0]
    stamp = np.full(n, -1, np.int32)
    found = np.empty(n, np.int32)
    chosen = np.empty(16, np.int64)
    count = 0
    elements_of(table, chosen, 0, stamp, 0, found)
    for x in range(n):
        if stamp[x] == count:
            continue
        commutes = True
        for y in elements:
            if table[x, y] != table[y, x]:
                commutes = False
                break
        if commutes:
            chosen[count] = x
            count += 1
            elements_of(table, chosen, count, stamp, count, found)
    return chosen[:count]


@njit(cache=True, nogil=True)
def _root(leader, j):
    while leader[j] != j:
        leader[j] = leader[leader[j]]
        j = leader[j]
    return j


@njit(cache=True, nogil=True)
def _join(leader, refused, j, k):
    j, k = _root(leader, j), _root(leader, k)
    if j != k:
        leader[max(j, k)] = min(j, k)
        refused[min(j, k)] |= refused[max(j, k)]
