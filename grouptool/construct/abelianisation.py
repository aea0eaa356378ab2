"""Abelian invariants of finitely presented groups and of their subgroups of finite index, by Smith normal form.

Public: abelian_invariants, subgroup_invariants.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ..errors import TooLargeError
from ..notation import Commutator, Conjugate, Letter, Presentation, Word
from .coset_enumeration import CosetTable, parse_presentation
from .words import cyclically_reduced, expand_all

__all__ = ["abelian_invariants", "subgroup_invariants"]

Row = dict[int, int]
MAX_STEPS = 5_000_000
"""Table look-ups of one rewriting of relators."""


def abelian_invariants(presentation: str | Presentation) -> tuple[int, ...]:
    """The abelianisation of a finitely presented group as a product of cyclic groups.

    Args:
        presentation: as text or parsed; powers may be of any size, since only exponent sums are read.

    Returns:
        d1 | d2 | ..., each at least 2, then a 0 for each infinite cyclic factor; () for a perfect group.

    Source: Holt, Eick, O'Brien, Handbook of Computational Group Theory (2005), section 9.3.

    >>> abelian_invariants("<a, b | a^4, b^6, a*b = b*a>")
    (2, 12)
    """
    given = parse_presentation(presentation)
    numbers = {name: place for place, name in enumerate(given.letters)}
    return _invariants((_exponent_sums(relator, numbers) for relator in given.relators), len(given.letters))


def subgroup_invariants(presentation: str | Presentation, cosets: CosetTable) -> tuple[int, ...]:
    """Abelian invariants, as ``abelian_invariants``, of the subgroup of finite index whose cosets are given.

    By Reidemeister and Schreier: one generator for each entry of the table outside a spanning tree, one relation for
    each relator at each coset, made abelian.

    Args:
        presentation: the group that ``cosets`` was enumerated in.
        cosets: any transitive action of the generators that satisfies the relators; the subgroup fixes coset 0.

    Raises:
        TooLargeError: more than five million letters to rewrite.

    Cost: index times length of the relators, then sparse elimination; about 0.1 s for 500 cosets.
    """
    given = parse_presentation(presentation)
    words = list(filter(None, map(cyclically_reduced, expand_all(given.relators, given.letters))))
    if (steps := cosets.index * sum(map(len, words))) > MAX_STEPS:
        raise TooLargeError(f"rewriting the relators takes {steps:,} look-ups; the limit is {MAX_STEPS:,}")
    tree = _spanning_tree(cosets.table)
    table = cosets.table.tolist()
    rows = {
        frozenset(row.items())
        for word in words
        for coset in range(cosets.index)
        if (row := _rewritten(word, coset, table, tree, len(given.letters)))
    }
    count = cosets.index * len(given.letters) - len(tree)
    return _invariants(map(dict, sorted(rows, key=sorted)), count)


def _exponent_sums(node: Letter | Word | Commutator | Conjugate, numbers: dict[str, int]) -> Row:
    if isinstance(node, Letter):
        return {numbers[node.name]: 1}
    if isinstance(node, Commutator):
        return {}
    if isinstance(node, Conjugate):
        return _exponent_sums(node.base, numbers)
    sums: Row = {}
    for base, exponent in node.factors:
        _add(sums, _exponent_sums(base, numbers), exponent)
    return sums


def _spanning_tree(table: np.ndarray) -> set[tuple[int, int]]:
    """Entries (coset, generator), each read forwards, of a breadth-first tree from coset 0."""
    tree: set[tuple[int, int]] = set()
    reached, order = {0}, [0]
    for coset in order:  # grows while it is read
        for column, target in enumerate(table[coset].tolist()):
            if target not in reached:
                reached.add(target)
                order.append(target)
                tree.add((target if column % 2 else coset, column // 2))
    return tree


def _rewritten(word: Sequence[int], coset: int, table: list[list[int]], tree: set[tuple[int, int]], count: int) -> Row:
    row: Row = {}
    for letter in word:
        column = 2 * letter - 2 if letter > 0 else -2 * letter - 1
        target = table[coset][column]
        entry = (coset if letter > 0 else target, column // 2)
        if entry not in tree:
            _add(row, {entry[0] * count + entry[1]: 1}, 1 if letter > 0 else -1)
        coset = target
    return row


def _add(row: Row, other: Row, factor: int) -> None:
    for place, value in other.items():
        total = row.get(place, 0) + factor * value
        if total:
            row[place] = total
        else:
            row.pop(place, None)


def _invariants(rows: Iterable[Row], count: int) -> tuple[int, ...]:
    """Invariants of the abelian group on ``count`` generators with the given relations."""
    left, pivots = _without_units(rows)
    count -= pivots
    columns = {place: i for i, place in enumerate(sorted({place for row in left for place in row}))}
    if not columns:
        return (0,) * count
    from flint import fmpz_mat

    dense = [[row.get(place, 0) for place in columns] for row in left]
    # The Hermite form has at most as many rows as columns; Smith's is quicker from there.
    reduced = [row for row in fmpz_mat(dense).hnf().tolist() if any(row)]
    diagonal = [abs(int(row[i])) for i, row in enumerate(fmpz_mat(reduced).snf().tolist())]
    return tuple(one for one in diagonal if one != 1) + (0,) * (count - len(diagonal))


def _without_units(rows: Iterable[Row]) -> tuple[list[Row], int]:
    """Relations in which some generator has coefficient 1 or -1 eliminate it; the others, and how many went."""
    waiting = {number: row for number, row in enumerate(dict(row) for row in rows) if row}
    where: dict[int, set[int]] = {}
    for number, row in waiting.items():
        for place in row:
            where.setdefault(place, set()).add(number)
    by_length = sorted(waiting, key=lambda number: -len(waiting[number]))
    pivots = 0
    while by_length:
        number = by_length.pop()
        row = waiting.get(number, {})
        units = [place for place, value in row.items() if abs(value) == 1]
        if not units:
            continue
        pivot = min(units, key=lambda place: (len(where[place]), place))
        pivots += 1
        del waiting[number]
        for place in row:
            where[place].discard(number)
        for other in sorted(where.pop(pivot)):
            target = waiting[other]
            before = set(target)
            _add(target, row, -target[pivot] * row[pivot])
            for place in before ^ set(target):
                if place != pivot:
                    where[place] ^= {other}
            by_length.append(other)
    return [row for row in waiting.values() if row], pivots
