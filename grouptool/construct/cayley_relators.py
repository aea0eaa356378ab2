"""Defining relators read off a Cayley graph: a loop becomes a relator only if those before do not force it.

Public: defining_relators.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..acceleration import use_compiled
from ..notation import Presentation
from .coset_enumeration import Task
from .coset_plain import Enumeration, conclude
from .words import cyclically_reduced, freely_reduced, root_length

__all__ = ["defining_relators"]

CHOICE = 40
"""Loops of equal length among which the highest power is taken."""


def defining_relators(steps: np.ndarray) -> list[list[int]]:
    """Relators that define the group whose generators act regularly as ``steps``.

    Cannon's idea: start with the tree of shortest words, in which no entry of the coset table but the tree's own is
    known. Take the shortest loop through an unknown entry as a relator, draw every conclusion from it, and go on
    until all entries are known. Then the relators force a table of n cosets, and all of them hold.

    Args:
        steps: shape (s, n): x -> x g for each generator g, element 0 the identity.

    Returns:
        Words of signed generator numbers from 1, cyclically reduced, in the order in which they were found.

    Cost: about s n times the length of all relators. Source: Cannon, Construction of defining relators for finite
    groups (1973), Discrete Mathematics 5.
    """
    graph = _Graph(steps)
    known = (_Compiled if use_compiled(300 * graph.full.size) else _Plain)(graph)
    relators: list[list[int]] = []
    for entries in graph.entries_by_loop_length():
        waiting = entries
        while len(waiting := [entry for entry in waiting if not known.has(*entry)]):
            loops = [graph.loop(*entry) for entry in waiting[:CHOICE]]
            word = min(loops, key=lambda loop: (root_length(loop), loop))
            relators.append(word)
            known.add(relators)
    return [[letter, letter] for letter in sorted(graph.involutions)] + relators


class _Graph:
    """A Cayley graph with its breadth-first tree; an involution has one column, any other generator two."""

    def __init__(self, steps: np.ndarray) -> None:
        count, order = steps.shape
        everything = np.arange(order)
        self.involutions = {i + 1 for i, step in enumerate(steps) if (step[step] == everything).all() and step[0]}
        columns: list[np.ndarray] = []
        self.letters: list[int] = []
        self.inverse: list[int] = []
        for i, step in enumerate(steps):
            first = len(columns)
            columns.append(step)
            self.letters.append(i + 1)
            if i + 1 in self.involutions:
                self.inverse.append(first)
            else:
                columns.append(np.argsort(step))
                self.letters.append(-i - 1)
                self.inverse += [first + 1, first]
        self.full = np.array(columns, dtype=np.int32).reshape(len(columns), order).T.copy()
        self.names = tuple(f"x{i}" for i in range(count))
        self._grow_tree()

    def _grow_tree(self) -> None:
        order = len(self.full)
        self.tree = np.full_like(self.full, -1)
        self.depth = np.zeros(order, dtype=np.int64)
        self.parent = np.zeros(order, dtype=np.int64)
        self.column = np.zeros(order, dtype=np.int64)
        reached = np.zeros(order, dtype=bool)
        reached[0] = True
        level = np.zeros(1, dtype=np.int64)
        while level.size:
            targets = self.full[level].ravel()
            fresh, places = np.unique(targets, return_index=True)
            new = ~reached[fresh]
            places = np.sort(places[new])
            found = targets[places].astype(np.int64)
            self.parent[found], self.column[found] = level[places // self.full.shape[1]], places % self.full.shape[1]
            self.depth[found] = self.depth[self.parent[found]] + 1
            self.tree[self.parent[found], self.column[found]] = found
            self.tree[found, np.array(self.inverse)[self.column[found]]] = self.parent[found]
            reached[found] = True
            level = found

    def entries_by_loop_length(self) -> Iterator[list[tuple[int, int]]]:
        """Entries outside the tree in groups of equal loop length, the shortest loops first."""
        rows, columns = np.nonzero(self.tree < 0)
        lengths = self.depth[rows] + self.depth[self.full[rows, columns]] + 1
        for length in np.unique(lengths):
            chosen = lengths == length
            yield list(zip(rows[chosen].tolist(), columns[chosen].tolist(), strict=True))

    def loop(self, element: int, column: int) -> list[int]:
        """The loop along the tree to an element, over one edge, and back along the tree."""
        there, back = self._word(element), self._word(int(self.full[element, column]))
        inverted = [one if one in self.involutions else -one for one in reversed(back)]
        word = cyclically_reduced(freely_reduced([*there, self.letters[column], *inverted]))
        while len(word) > 1 and word[0] == word[-1] and word[0] in self.involutions:
            word = word[1:-1]
        return word

    def _word(self, element: int) -> list[int]:
        word = []
        while element:
            word.append(self.letters[self.column[element]])
            element = int(self.parent[element])
        return word[::-1]

    def task(self, words: Sequence[Sequence[int]]) -> Task:
        """Relators as a task of coset enumeration with the columns of this graph."""
        places = {letter: column for column, letter in enumerate(self.letters)}
        column_of = [places.get(sign * (i + 1), places[i + 1]) for i in range(len(self.names)) for sign in (1, -1)]
        columns = [tuple(places[one] if one in places else places[-one] for one in word) for word in words]
        return Task(Presentation(self.names, ()), tuple(column_of), tuple(self.inverse), [], columns)


class _Plain:
    """The known entries, in plain Python."""

    def __init__(self, graph: _Graph) -> None:
        self.graph = graph
        self.work = Enumeration(graph.inverse, len(graph.full), 1 << 62)
        self.work.table = graph.tree.tolist()
        self.work.parent = list(range(len(graph.full)))

    def has(self, element: int, column: int) -> bool:
        return self.work.table[element][column] >= 0

    def add(self, relators: list[list[int]]) -> None:
        """Draw every conclusion from the relators, of which the last is new."""
        (columns,) = self.graph.task(relators[-1:]).relators
        for coset in range(len(self.work.table)):
            self.work.close(columns, coset, define=False)
        conclude(self.work, self.graph.task(relators).by_first(bounded=False))


class _Compiled:
    """The known entries, with compiled kernels."""

    def __init__(self, graph: _Graph) -> None:
        from ._kernels import cosets as kernels

        order = len(graph.full)
        self.graph, self.kernels = graph, kernels
        self.cosets = graph.task([]).room(kernels, order, felsch=True)
        self.cosets.table[:] = graph.tree
        self.cosets.parent[:] = np.arange(order)
        self.cosets.closed[:] = 0
        self.cosets.state[kernels.ROWS] = order

    def has(self, element: int, column: int) -> bool:
        return bool(self.cosets.table[element, column] >= 0)

    def add(self, relators: list[list[int]]) -> None:
        """Draw every conclusion from the relators, of which the last is new."""
        task = self.graph.task(relators[-1:])
        self.cosets.closed[:] = 0  # its bits were those of the relator before
        self.kernels.lookahead(self.cosets, task.arrays(self.kernels, task.relators))
        self.kernels.conclude(self.cosets, self.graph.task(relators).rotation_arrays(self.kernels))
