"""Coset enumeration in plain Python: the twin of ``_kernels`` for small questions, which need no compiler.

Public: plain_table, Enumeration, conclude, Stopped.
Same strategies and, standardised, the same table; no lookahead and no compaction.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["Enumeration", "Stopped", "conclude", "plain_table"]

ColumnWord = Sequence[int]


class Stopped(Exception):  # noqa: N818 - it is not an error: the caller goes on with compiled kernels
    """The plain enumeration used up its share of steps."""


def plain_table(
    inverse: Sequence[int],
    subgroup: Sequence[ColumnWord],
    relators: Sequence[ColumnWord],
    by_first: Sequence[Sequence[ColumnWord]] | None,
    most_rows: int,
    most_steps: int,
) -> tuple[list[list[int]], int, int]:
    """The standardised table of the cosets of a subgroup, by HLT, or by Felsch if ``by_first`` is given.

    Args:
        inverse: the column of the inverse of each column; an involution's is its own.
        subgroup, relators: words in columns.
        by_first: for Felsch, the rotations of relators and inverses that begin with each column.
        most_rows: cosets that may be defined. most_steps: table look-ups, roughly.

    Returns:
        Rows of the table, how many cosets were defined in all, and how many were alive at most.

    Raises:
        Stopped: one of the two bounds was met.
    """
    work = Enumeration(inverse, most_rows, most_steps)
    for word in subgroup:
        work.close(word, 0)
    if by_first is None:
        _hlt(work, relators)
    else:
        _felsch(work, by_first)
    return work.standardised(), len(work.table), work.maximum


def _hlt(work: Enumeration, relators: Sequence[ColumnWord]) -> None:
    c = 0
    while c < len(work.table):
        for word in relators:
            if work.parent[c] == c:
                work.close(word, c)
        for x in range(len(work.inverse)):
            if work.parent[c] == c and work.table[c][x] < 0:
                work.define(c, x)
        c += 1


def _felsch(work: Enumeration, by_first: Sequence[Sequence[ColumnWord]]) -> None:
    conclude(work, by_first)
    c = 0
    while c < len(work.table):
        for x in range(len(work.inverse)):
            if work.parent[c] == c and work.table[c][x] < 0:
                work.define(c, x)
                work.new_entries.append((c, x))
                conclude(work, by_first)
        c += 1


def conclude(work: Enumeration, by_first: Sequence[Sequence[ColumnWord]]) -> None:
    """Scan each new entry with all rotations that pass through it, until there are no new ones.

    With ``by_first`` of the inverses too, what passes the other way is one of these, read backwards.
    """
    while work.new_entries:
        c, x = work.new_entries.pop()
        for word in by_first[x]:
            if work.parent[c] == c:
                work.close(word, c, define=False)


class Enumeration:
    """A partial coset table that can define cosets and merge them."""

    def __init__(self, inverse: Sequence[int], most_rows: int, most_steps: int) -> None:
        self.inverse = inverse
        self.table = [[-1] * len(inverse)]
        self.parent = [0]
        self.new_entries: list[tuple[int, int]] = []
        self.alive = self.maximum = 1
        self.most_rows, self.steps_left = most_rows, most_steps

    def define(self, c: int, x: int) -> int:
        new = len(self.table)
        if new >= self.most_rows:
            raise Stopped
        self.table.append([-1] * len(self.inverse))
        self.parent.append(new)
        self.alive += 1
        self.maximum = max(self.maximum, self.alive)
        self.table[c][x] = new
        self.table[new][self.inverse[x]] = c
        return new

    def close(self, word: ColumnWord, c: int, define: bool = True) -> None:
        """Scan a word at coset c from both ends; with ``define``, make what is missing but for one entry."""
        table, inverse = self.table, self.inverse
        i, k, f, b = 0, len(word) - 1, c, c
        self.steps_left -= len(word)
        if self.steps_left < 0:
            raise Stopped
        while True:
            while i <= k and table[f][word[i]] >= 0:
                f, i = table[f][word[i]], i + 1
            while i <= k and table[b][inverse[word[k]]] >= 0:
                b, k = table[b][inverse[word[k]]], k - 1
            if i > k:
                return self.merge(f, b)
            if i == k:
                return self.deduce(f, word[i], b)
            if not define:
                return None
            f, i = self.define(f, word[i]), i + 1

    def deduce(self, c: int, x: int, target: int) -> None:
        self.table[c][x] = target
        self.table[target][self.inverse[x]] = c
        self.new_entries.append((c, x))

    def find(self, c: int) -> int:
        while self.parent[c] != c:
            self.parent[c] = self.parent[self.parent[c]]
            c = self.parent[c]
        return c

    def merge(self, first: int, second: int) -> None:
        """Two cosets are the same: hand on the entries of all that die, and merge what follows from that."""
        pairs = [(first, second)]
        dying: list[int] = []
        while pairs or dying:
            while pairs:
                a, b = sorted(map(self.find, pairs.pop()))
                if a != b:
                    self.parent[b] = a
                    self.alive -= 1
                    dying.append(b)
            if dying:
                pairs += self.hand_on(dying.pop())

    def hand_on(self, dead: int) -> list[tuple[int, int]]:
        """Give the entries of a dead coset to the one that it is; pairs that this shows to be equal."""
        pairs = []
        for x, target in enumerate(self.table[dead]):
            if target < 0:
                continue
            y = self.inverse[x]
            self.table[dead][x] = -1
            if self.table[target][y] == dead:
                self.table[target][y] = -1
            u, v = self.find(dead), self.find(target)
            if self.table[u][x] >= 0:
                pairs.append((v, self.table[u][x]))
            elif self.table[v][y] >= 0:
                pairs.append((u, self.table[v][y]))
            else:
                self.deduce(u, x, v)
        return pairs

    def standardised(self) -> list[list[int]]:
        """The finished table with cosets numbered breadth-first from coset 0, columns in order."""
        old, new = [0], {0: 0}
        for c in old:  # grows while it is read
            for target in self.table[c]:
                if target not in new:
                    new[target] = len(old)
                    old.append(target)
        return [[new[target] for target in self.table[c]] for c in old]
