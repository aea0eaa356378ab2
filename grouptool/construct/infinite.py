"""Proofs that a finitely presented group is infinite, each a short search that is exact when it answers.

Public: infinity_proof.
Tried in turn: a Coxeter or a triangle group by its relators; the derived subgroup; and for actions on a few points, the
stabiliser of a point and the kernel. A subgroup of finite index whose abelianisation is infinite proves the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod

import numpy as np

from ..errors import TooLargeError
from ..notation import Commutator, Letter, Presentation, Word
from .abelianisation import abelian_invariants, subgroup_invariants
from .coset_enumeration import CosetTable, coset_table, relators_in_columns
from .coset_plain import Stopped
from .permutations import from_permutations
from .words import cyclically_reduced, expand_all, root_length

__all__ = ["infinity_proof"]

MAX_INDEX = 600
"""Largest index of a subgroup whose relations are rewritten."""
MAX_REWRITTEN_LETTERS = 60_000
POINTS = (4, 7, 9, 12, 14)
MAX_STEPS = 400_000
"""Scans of the search for actions on few points: about a second."""


def infinity_proof(given: Presentation) -> str | None:
    """Why a finitely presented group is infinite, as half a sentence; None when no proof was found.

    Cost: at most about three seconds. Source: Holt, Eick, O'Brien, Handbook of Computational Group Theory (2005),
    sections 5.4 (low index) and 9.1; Coxeter and Moser, Generators and Relations (1972), sections 6.4 and 9.3.
    """
    relators = list(filter(None, map(cyclically_reduced, expand_all(given.relators, given.letters))))
    by_theorem = _triangle(given, relators) or _coxeter(given, relators)
    if by_theorem:
        return by_theorem
    invariants = abelian_invariants(given)
    if 0 in invariants:
        return f"its abelianisation has free rank {invariants.count(0)}"
    for what, cosets in _subgroups(given, prod(invariants)):
        if cosets.index * max(1, sum(map(len, relators))) > MAX_REWRITTEN_LETTERS:
            continue
        if rank := subgroup_invariants(given, cosets).count(0):
            return f"{what}, of index {cosets.index:,}, has an abelianisation of free rank {rank}"
    return None


# -- groups that their relators name


def _triangle(given: Presentation, relators: Sequence[list[int]]) -> str | None:
    """<a, b | a^p, b^q, (ab)^r> is infinite exactly when 1/p + 1/q + 1/r <= 1."""
    if len(given.letters) != 2 or len(relators) != 3:
        return None
    powers: dict[tuple[int, ...], int] = {}
    for word in relators:
        length = root_length(word)
        powers[tuple(sorted(map(abs, word[:length])))] = len(word) // length
    if set(powers) != {(1,), (2,), (1, 2)}:
        return None
    p, q, r = powers[(1,)], powers[(2,)], powers[(1, 2)]
    if Fraction(1, p) + Fraction(1, q) + Fraction(1, r) > 1:
        return None
    return f"it is the triangle group ({p},{q},{r}), and 1/{p} + 1/{q} + 1/{r} <= 1"


def _coxeter(given: Presentation, relators: Sequence[list[int]]) -> str | None:
    """A Coxeter group is finite exactly when each component of its diagram is one of the spherical ones."""
    count = len(given.letters)
    bonds: dict[tuple[int, int], int] = {}
    squares = set()
    for word in relators:
        length = root_length(word)
        letters = tuple(sorted(map(abs, word[:length])))
        if len(letters) == 1 and len(word) == 2:
            squares.add(letters[0])
        elif len(letters) == 2 and letters[0] < letters[1] and letters not in bonds:
            bonds[letters[0], letters[1]] = len(word) // length
        else:
            return None
    if len(squares) < count or 1 in bonds.values():
        return None
    neighbours: dict[int, dict[int, int]] = {i: {} for i in range(1, count + 1)}
    for i in range(1, count + 1):
        for j in range(i + 1, count + 1):
            if (bond := bonds.get((i, j), 0)) != 2:  # no relator: an infinite bond
                neighbours[i][j] = neighbours[j][i] = bond
    for component in _components(neighbours):
        if not _spherical(component, neighbours):
            names = ", ".join(given.letters[i - 1] for i in component)
            return f"it is a Coxeter group, and the diagram of {names} is not that of a finite one"
    return None


def _components(neighbours: dict[int, dict[int, int]]) -> list[list[int]]:
    left, found = set(neighbours), []
    while left:
        component = [min(left)]
        for one in component:  # grows while it is read
            component += [other for other in neighbours[one] if other not in component]
        left -= set(component)
        found.append(sorted(component))
    return found


def _spherical(component: list[int], neighbours: dict[int, dict[int, int]]) -> bool:
    """Whether a connected diagram is A, B, D, E, F4, H3, H4 or I2(m)."""
    size = len(component)
    labels = sorted(label for i in component for j, label in neighbours[i].items() if i < j)
    degrees = sorted(len(neighbours[i]) for i in component)
    if 0 in labels or len(labels) != size - 1:  # an infinite bond or a circle
        return False
    if size <= 2:
        return True
    if degrees[-1] > 2:
        arms = _arms(next(i for i in component if len(neighbours[i]) > 2), neighbours)
        few = degrees.count(3) == 1 and degrees[-1] == 3 and set(labels) == {3}
        return few and (arms[:2] == [1, 1] or (arms[:2] == [1, 2] and arms[2] <= 4))
    path = _path(component, neighbours)
    return labels[-2] == 3 and (
        labels[-1] == 3
        or (labels[-1] == 4 and (path[0] == 4 or path[-1] == 4 or path == [3, 4, 3]))
        or (labels[-1] == 5 and size <= 4 and (path[0] == 5 or path[-1] == 5))
    )


def _arms(centre: int, neighbours: dict[int, dict[int, int]]) -> list[int]:
    """Lengths of the arms of a star-like tree, ascending."""
    lengths = []
    for start in neighbours[centre]:
        before, here, length = centre, start, 1
        while len(onward := [i for i in neighbours[here] if i != before]) == 1:
            before, here, length = here, onward[0], length + 1
        lengths.append(length)
    return sorted(lengths)


def _path(component: list[int], neighbours: dict[int, dict[int, int]]) -> list[int]:
    """Labels along a path, from one end."""
    here = next(i for i in component if len(neighbours[i]) == 1)
    before, labels = 0, []
    while onward := [i for i in neighbours[here] if i != before]:
        labels.append(neighbours[here][onward[0]])
        before, here = here, onward[0]
    return labels


# -- subgroups of finite index


def _subgroups(given: Presentation, abelian_order: int) -> Iterator[tuple[str, CosetTable]]:
    if 1 < abelian_order <= MAX_INDEX:
        yield "its derived subgroup", _derived_subgroup(given, abelian_order)
    kernels = set()
    for images, inverses in _actions(given):
        stabiliser = _as_table(given, images, inverses)
        yield "the stabiliser of a point in an action", stabiliser
        try:
            image = from_permutations(images, limit=MAX_INDEX)
        except TooLargeError:
            continue
        orders = tuple(int(image.element_orders[g]) for g in image.generators)
        if image.order > stabiliser.index and (image.order, orders) not in kernels:
            kernels.add((image.order, orders))
            columns = image.table[:, list(image.generators)].T
            yield "the kernel of an action", _as_table(given, columns, np.argsort(columns, axis=1))


def _derived_subgroup(given: Presentation, index: int) -> CosetTable:
    words = [Word(((Letter(name), 1),)) for name in given.letters]
    commutators = [Word(((Commutator(u, v), 1),)) for i, u in enumerate(words) for v in words[:i]]
    return coset_table(Presentation(given.letters, (*given.relators, *commutators)), max_cosets=1000 * index)


def _as_table(given: Presentation, images: np.ndarray, inverses: np.ndarray) -> CosetTable:
    table = np.stack([images, inverses], axis=1).reshape(2 * len(images), -1).T.astype(np.int32)
    return CosetTable(table, given.letters, "low index", len(table), len(table))


def _actions(given: Presentation) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Transitive actions on few points, fewest first: images of the generators and of their inverses."""
    columns = relators_in_columns(given)
    budget = _Budget(MAX_STEPS)
    try:
        by_first = columns.by_first()
    except Stopped:  # long relators
        return
    least = 2
    for most in POINTS:
        search = _LowIndex(columns.inverse, by_first, most, budget)
        for table in search.tables([[-1] * len(columns.inverse)], []):
            if len(table) >= least:
                array = np.array(table).T[list(columns.column_of)]
                yield array[::2], array[1::2]
        if budget.spent:
            return
        least = most + 1


@dataclass
class _Budget:
    left: int

    @property
    def spent(self) -> bool:
        return self.left < 0


@dataclass
class _LowIndex:
    """Sims's search: all tables of at most ``most`` points in which the relators close, one entry after the other."""

    inverse: Sequence[int]
    by_first: Sequence[Sequence[Sequence[int]]]
    most: int
    budget: _Budget = field(repr=False)

    def tables(self, table: list[list[int]], new: list[tuple[int, int]]) -> Iterator[list[list[int]]]:
        """Complete tables that extend a partial one; ``new`` are its entries not yet followed up."""
        if not self.conclude(table, new):
            return
        gap = next(((c, x) for c, row in enumerate(table) for x, target in enumerate(row) if target < 0), None)
        if gap is None:
            yield table
            return
        c, x = gap
        for target in range(min(len(table) + 1, self.most)):
            if self.budget.spent:
                return
            if target == len(table) or table[target][self.inverse[x]] < 0:
                tried = [*map(list.copy, table)]
                if target == len(table):
                    tried.append([-1] * len(self.inverse))
                tried[c][x], tried[target][self.inverse[x]] = target, c
                yield from self.tables(tried, [(c, x)])

    def conclude(self, table: list[list[int]], new: list[tuple[int, int]]) -> bool:
        """Follow up new entries; False when a relator does not close."""
        while new:
            c, x = new.pop()
            self.budget.left -= len(self.by_first[x])
            if not all(self.scan(table, word, c, new) for word in self.by_first[x]):
                return False
        return True

    def scan(self, table: list[list[int]], word: Sequence[int], c: int, new: list[tuple[int, int]]) -> bool:
        i, k, f, b = 0, len(word) - 1, c, c
        while i <= k and table[f][word[i]] >= 0:
            f, i = table[f][word[i]], i + 1
        while i <= k and table[b][self.inverse[word[k]]] >= 0:
            b, k = table[b][self.inverse[word[k]]], k - 1
        if i > k:
            return f == b
        if i == k:
            x = word[i]
            table[f][x], table[b][self.inverse[x]] = b, f
            new.append((f, x))
        return True
