"""The inner loops of coset enumeration.

Public: Cosets, Words, hlt, felsch, conclude, lookahead, compact, standardise, and the names of the fields of a state
and of the outcomes.
The plain twin is ``coset_plain``; ``coset_enumeration`` chooses between them and gives the same table from both.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

__all__ = [
    "DEPTH", "DONE", "FULL", "LIMIT", "LOST", "MAXIMUM", "ROWS", "TOTAL",
    "Cosets", "Words", "compact", "conclude", "felsch", "hlt", "lookahead", "standardise",
]  # fmt: skip

ROWS, CURRENT, ALIVE, TOTAL, MAXIMUM, DEPTH, LOST, LIMIT = range(8)
DONE, FULL = 0, 1


class Cosets(NamedTuple):
    """A partial coset table of c columns, with room for m rows."""

    table: np.ndarray  # (m, c) int32: the coset that a column leads to, -1 where undefined
    inverse: np.ndarray  # (c,) int32: the column of the inverse; an involution's is its own
    parent: np.ndarray  # (m,) int32: a forest whose roots are the living cosets
    closed: np.ndarray  # (m,) int64: bit j set where relator j is known to close (relators that have a bit)
    queue: np.ndarray  # (m,) int32: room for dying cosets
    stack: np.ndarray  # (s, 2) int32: new entries (coset, column) not yet followed up; s = 0 to ignore them
    state: np.ndarray  # (8,) int64: rows in use, coset being worked on, living cosets, all ever defined, most ever
    #                    alive, length of the stack, whether it overflowed, rows that may be used before a pause


class Words(NamedTuple):
    """Words in columns; word j is ``letters[starts[j]:ends[j]]``, and words may overlap (rotations of a relator do)."""

    letters: np.ndarray  # int32
    back: np.ndarray  # int32: the inverse column of each letter
    starts: np.ndarray  # int64
    ends: np.ndarray  # int64
    bits: np.ndarray  # int64: the bit of each word in ``Cosets.closed``, or 0
    again: np.ndarray  # bool: whether the word, read forwards or backwards from this letter round, is the word itself
    first_of: np.ndarray  # (c + 1,) int64: words that begin with column x are first_of[x] to first_of[x + 1] - 1


@njit(cache=True, nogil=True)
def hlt(cosets, subgroup, relators):
    """Haselgrove, Leech, Trotter: close every relator at every coset, defining what is missing, then fill its row."""
    parent, closed, state = cosets.parent, cosets.closed, cosets.state
    if not _close_subgroup(cosets, subgroup):
        return FULL
    while state[CURRENT] < state[ROWS]:
        c = state[CURRENT]
        for j in range(len(relators.bits)):
            if parent[c] != c:
                break
            bit = relators.bits[j]
            if closed[c] & bit:
                continue
            if not _close(cosets, relators, j, c):
                return FULL
            if bit and parent[c] == c:
                _mark(cosets, relators, j, c)
        if parent[c] == c:
            for x in range(len(cosets.inverse)):
                if cosets.table[c, x] < 0 and _define(cosets, c, x) < 0:
                    return FULL
        state[CURRENT] += 1
    return DONE


@njit(cache=True, nogil=True)
def felsch(cosets, subgroup, rotations):
    """Felsch: define the first missing entry, then draw every conclusion.

    ``rotations`` are those of all relators and their inverses, sorted by first column.
    """
    state = cosets.state
    if not _close_subgroup(cosets, subgroup):
        return FULL
    conclude(cosets, rotations)
    while state[CURRENT] < state[ROWS]:
        c = state[CURRENT]
        for x in range(len(cosets.inverse)):
            if cosets.parent[c] != c:
                break
            if cosets.table[c, x] < 0:
                if _define(cosets, c, x) < 0:
                    return FULL
                _note(cosets, c, x)
                conclude(cosets, rotations)
        state[CURRENT] += 1
    return DONE


@njit(cache=True, nogil=True)
def conclude(cosets, rotations):
    """Empty the stack of deductions: each new entry is scanned with all rotations that pass through it.

    Only from its coset on: a loop that passes the other way is read backwards by a rotation of the inverse relator.
    """
    state = cosets.state
    while state[DEPTH] > 0 or state[LOST]:
        if state[DEPTH] == 0:
            state[LOST] = 0
            for c in range(state[ROWS]):
                for x in range(len(cosets.inverse)):
                    _scan_from(cosets, rotations, c, x)
            continue
        state[DEPTH] -= 1
        c, x = cosets.stack[state[DEPTH], 0], cosets.stack[state[DEPTH], 1]
        _scan_from(cosets, rotations, c, x)


@njit(cache=True, nogil=True)
def lookahead(cosets, relators):
    """Scan every relator at every coset still to come, without a definition; what follows is kept."""
    parent = cosets.parent
    for c in range(cosets.state[CURRENT], cosets.state[ROWS]):
        for j in range(len(relators.bits)):
            if parent[c] != c:
                break
            bit = relators.bits[j]
            if cosets.closed[c] & bit:
                continue
            if _scan(cosets, relators, j, c) and bit and parent[c] == c:
                _mark(cosets, relators, j, c)


@njit(cache=True, nogil=True)
def compact(cosets):
    """Number the living cosets 0, 1, ... in their order; the dead leave the table."""
    table, parent, state = cosets.table, cosets.parent, cosets.state
    count = 0
    current = -1
    for c in range(state[ROWS]):
        if c == state[CURRENT]:
            current = count
        if parent[c] == c:
            table[count] = table[c]
            cosets.closed[count] = cosets.closed[c]
            parent[c] = count  # for now the new number of c; the dead are in no entry
            count += 1
    for c in range(count):
        for x in range(table.shape[1]):
            if table[c, x] >= 0:
                table[c, x] = parent[table[c, x]]
    for c in range(count):
        parent[c] = c
    state[CURRENT] = current if current >= 0 else count
    state[ROWS] = count
    if state[DEPTH] > 0:  # the stack has old numbers
        state[DEPTH] = 0
        state[LOST] = 1


@njit(cache=True, nogil=True)
def standardise(cosets):
    """The finished table, shape (index, c) int32, cosets numbered breadth-first from coset 0, columns in order."""
    table, count = cosets.table, cosets.state[ALIVE]
    new = np.full(cosets.state[ROWS], -1, dtype=np.int32)
    old = np.empty(count, dtype=np.int32)
    result = np.empty((count, table.shape[1]), dtype=np.int32)
    new[0] = old[0] = 0
    found = 1
    for i in range(count):
        for x in range(table.shape[1]):
            target = table[old[i], x]
            if new[target] < 0:
                new[target] = found
                old[found] = target
                found += 1
            result[i, x] = new[target]
    return result


@njit(cache=True, nogil=True)
def _close_subgroup(cosets, subgroup):
    done = True
    for j in range(len(subgroup.bits)):
        done = done and _close(cosets, subgroup, j, 0)
    return done


@njit(cache=True, nogil=True)
def _close(cosets, words, j, c):
    """Scan word j at coset c and define all missing entries but the last, which is deduced; False without room."""
    table, letters, back = cosets.table, words.letters, words.back
    i, k = words.starts[j], words.ends[j] - 1
    f, b = c, c
    while True:
        while i <= k and table[f, letters[i]] >= 0:
            f = table[f, letters[i]]
            i += 1
        while i <= k and table[b, back[k]] >= 0:
            b = table[b, back[k]]
            k -= 1
        if i > k:
            if f != b:
                _coincide(cosets, f, b)
            return True
        if i == k:
            _deduce(cosets, f, letters[i], b)
            return True
        f = _define(cosets, f, letters[i])
        if f < 0:
            return False
        i += 1


@njit(cache=True, nogil=True)
def _scan(cosets, words, j, c):
    """Scan word j at coset c: one missing entry is deduced; two ends that differ are the same. Whether it closes."""
    table, letters, back = cosets.table, words.letters, words.back
    i, k = words.starts[j], words.ends[j] - 1
    f, b = c, c
    while i <= k and table[f, letters[i]] >= 0:
        f = table[f, letters[i]]
        i += 1
    while i <= k and table[b, back[k]] >= 0:
        b = table[b, back[k]]
        k -= 1
    if i > k:
        if f != b:
            _coincide(cosets, f, b)
        return True
    if i == k:
        _deduce(cosets, f, letters[i], b)
        return True
    return False


@njit(cache=True, nogil=True)
def _scan_from(cosets, rotations, c, x):
    """Scan all words that begin with column x at coset c: ``_scan``, written out because it is twice as fast so."""
    table, parent, letters, back = cosets.table, cosets.parent, rotations.letters, rotations.back
    for j in range(rotations.first_of[x], rotations.first_of[x + 1]):
        if parent[c] != c:
            return
        i, k = rotations.starts[j], rotations.ends[j] - 1
        f = b = c
        while i <= k:
            t = table[f, letters[i]]
            if t < 0:
                break
            f = t
            i += 1
        while i <= k:
            t = table[b, back[k]]
            if t < 0:
                break
            b = t
            k -= 1
        if i > k:
            if f != b:
                _coincide(cosets, f, b)
        elif i == k:
            _deduce(cosets, f, letters[i], b)


@njit(cache=True, nogil=True)
def _mark(cosets, relators, j, c):
    """Relator j closes at c, so it closes at each coset on the way from which it reads the same."""
    for i in range(relators.starts[j], relators.ends[j]):
        if relators.again[i]:
            cosets.closed[c] |= relators.bits[j]
        c = cosets.table[c, relators.letters[i]]


@njit(cache=True, nogil=True)
def _define(cosets, c, x):
    """A new coset for the entry (c, x), or -1 when there is no room."""
    table, state = cosets.table, cosets.state
    new = state[ROWS]
    if new >= state[LIMIT]:
        return -1
    state[ROWS] = new + 1
    state[TOTAL] += 1
    state[ALIVE] += 1
    if state[ALIVE] > state[MAXIMUM]:
        state[MAXIMUM] = state[ALIVE]
    for y in range(table.shape[1]):
        table[new, y] = -1
    cosets.parent[new] = new
    cosets.closed[new] = 0
    table[c, x] = new
    table[new, cosets.inverse[x]] = c
    return new


@njit(cache=True, nogil=True)
def _deduce(cosets, c, x, target):
    cosets.table[c, x] = target
    cosets.table[target, cosets.inverse[x]] = c
    _note(cosets, c, x)


@njit(cache=True, nogil=True)
def _note(cosets, c, x):
    """Push the entry (c, x) on the stack; that a full stack lost one is remembered."""
    depth = cosets.state[DEPTH]
    if depth < len(cosets.stack):
        cosets.stack[depth, 0] = c
        cosets.stack[depth, 1] = x
        cosets.state[DEPTH] = depth + 1
    else:
        cosets.state[LOST] = 1


@njit(cache=True, nogil=True)
def _find(parent, c):
    root = c
    while parent[root] != root:
        root = parent[root]
    while parent[c] != root:
        above = parent[c]
        parent[c] = root
        c = above
    return root


@njit(cache=True, nogil=True)
def _merge(cosets, tail, a, b):
    """Let the larger of two cosets die into the smaller; the new length of the queue of the dead."""
    a, b = _find(cosets.parent, a), _find(cosets.parent, b)
    if a == b:
        return tail
    if a > b:
        a, b = b, a
    cosets.parent[b] = a
    cosets.closed[a] |= cosets.closed[b]
    cosets.queue[tail] = b
    return tail + 1


@njit(cache=True, nogil=True)
def _coincide(cosets, a, b):
    """Two cosets are the same: hand on the entries of all that die, and merge what follows from that."""
    table, parent = cosets.table, cosets.parent
    tail = _merge(cosets, 0, a, b)
    head = 0
    while head < tail:
        dead = cosets.queue[head]
        head += 1
        for x in range(table.shape[1]):
            target = table[dead, x]
            if target < 0:
                continue
            y = cosets.inverse[x]
            table[dead, x] = -1
            if table[target, y] == dead:
                table[target, y] = -1
            u, v = _find(parent, dead), _find(parent, target)
            if table[u, x] >= 0:
                tail = _merge(cosets, tail, v, table[u, x])
            elif table[v, y] >= 0:
                tail = _merge(cosets, tail, u, table[v, y])
            else:
                _deduce(cosets, u, x, v)
    cosets.state[ALIVE] -= tail
