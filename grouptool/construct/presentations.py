"""Finitely presented groups: the finite group itself, its order alone, or a proof that it is infinite.

Public: from_presentation, presentation_order, DEFAULT_COSETS.
The work is coset enumeration (``coset_enumeration``); proofs of infinity are in ``infinite``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import BudgetSpentError, InfiniteGroupError, TooLargeError
from ..group import TABLE_LIMIT, Group
from ..notation import Presentation
from .abelianisation import abelian_invariants, subgroup_invariants
from .coset_enumeration import (
    DEFAULT_COSETS,
    CosetTable,
    budget_spent,
    coset_table,
    parse_presentation,
    relators_in_columns,
)
from .infinite import infinity_proof
from .permutations import cayley_table, regular_tree
from .words import cyclically_reduced, expand_all, root_length

__all__ = ["DEFAULT_COSETS", "from_presentation", "presentation_order"]

FIRST_COSETS = 100_000
"""Cosets before a proof of infinity is tried; then the rest of the budget is spent."""
MAX_REWRITTEN = 2_000
"""Largest index at which the order of a cyclic subgroup is found from its own abelianisation."""


def from_presentation(
    presentation: str | Presentation,
    *,
    max_cosets: int = DEFAULT_COSETS,
    limit: int = TABLE_LIMIT,
    strategy: str = "auto",
) -> Group:
    """The finite group that generators and relators define.

    Args:
        presentation: ``"<a, b | a^2, b^3, (a*b)^5>"`` or a parsed one.
        max_cosets: most cosets alive at a time; see ``coset_table`` for the memory, 64 MB for two generators.
        limit: largest order.
        strategy: "auto", "hlt" or "felsch", see ``coset_table``.

    Returns:
        The group on its right regular representation; generators in the order of the letters.

    Raises:
        InfiniteGroupError: the group is proved infinite; the message has the proof.
        BudgetSpentError: the budget ended first; the order is unknown.
        TooLargeError: relators longer than a million letters, or more than ``limit`` elements.

    Source: Holt, Eick, O'Brien, Handbook of Computational Group Theory (2005), sections 5.1 and 9.2.
    """
    given = parse_presentation(presentation)
    cosets = _finite_table(given, (), strategy, max_cosets)
    if cosets.index > limit:
        raise TooLargeError(f"{given} has {cosets.index:,} elements; the limit for a Cayley table is {limit:,}")
    return _regular(cosets, str(given))


def presentation_order(
    presentation: str | Presentation, *, max_cosets: int = DEFAULT_COSETS, strategy: str = "auto"
) -> int:
    """The order of a finitely presented group, without its elements where a cyclic subgroup does.

    The cosets of the cyclic subgroup C of a word with a high power among the relators are enumerated; the order of C
    is proved by how the word permutes its cosets, or by C's own abelianisation. Where neither decides, all elements
    are enumerated.

    Args, Raises: as ``from_presentation``, without the limit.

    >>> presentation_order("<a, b | a^2, b^3, (a*b)^5>")
    60
    """
    given = parse_presentation(presentation)
    word, bound = _cyclic_word(given)
    if not word:
        return _finite_table(given, (), strategy, max_cosets).index
    try:
        cosets = _finite_table(given, [word], strategy, max_cosets)
    except BudgetSpentError:
        raise budget_spent("order of", given, max_cosets) from None
    order = _permutation_order(cosets, word)
    if order != bound:
        size = _abelianised_order(given, cosets)
        if size is None:
            return _finite_table(given, (), strategy, max_cosets).index
        order = size
    if order == 0:
        raise InfiniteGroupError(
            f"{given} is infinite: the cyclic subgroup of {_text(word, given)} has index {cosets.index:,}, "
            "and its relations leave it infinite"
        )
    return cosets.index * order


def _abelianised_order(given: Presentation, cosets: CosetTable) -> int | None:
    """The order of a cyclic subgroup, its own abelianisation; 0 if infinite, None if that is much to rewrite."""
    if cosets.index > MAX_REWRITTEN:
        return None
    try:
        return (subgroup_invariants(given, cosets) or (1,))[0]
    except TooLargeError:
        return None


def _finite_table(given: Presentation, subgroup: Sequence[Sequence[int]], strategy: str, max_cosets: int) -> CosetTable:
    """The coset table, after proofs of infinity: a quick one first, the long ones once the first cosets are spent."""
    if 0 in (invariants := abelian_invariants(given)):
        raise InfiniteGroupError(
            f"{given} is infinite: its abelianisation has free rank {invariants.count(0)}, by the exponent sums of "
            "its relators"
        )
    if max_cosets > FIRST_COSETS:
        try:
            first = relators_in_columns(given).strategies()[0] if strategy == "auto" else strategy
            return coset_table(given, subgroup, strategy=first, max_cosets=FIRST_COSETS)
        except BudgetSpentError:
            pass
    else:
        try:
            return coset_table(given, subgroup, strategy=strategy, max_cosets=max_cosets)
        except BudgetSpentError as spent:
            unknown = spent
    if reason := infinity_proof(given):
        raise InfiniteGroupError(f"{given} is infinite: {reason}")
    if max_cosets <= FIRST_COSETS:
        raise unknown
    return coset_table(given, subgroup, strategy=strategy, max_cosets=max_cosets)


def _cyclic_word(given: Presentation) -> tuple[list[int], int]:
    """A word w with the highest power w^k among the relators, and k; without powers the first letter and 0."""
    best: tuple[list[int], int] = ([1] if given.letters else [], 0)
    for relator in map(cyclically_reduced, expand_all(given.relators, given.letters)):
        if relator and (power := len(relator) // root_length(relator)) > max(best[1], 1):
            best = relator[: root_length(relator)], power
    return best


def _permutation_order(cosets: CosetTable, word: Sequence[int]) -> int:
    """The order of the permutation of the cosets by a word: it divides the order of the word."""
    image = np.arange(cosets.index)
    for letter in word:
        image = cosets.table[image, 2 * letter - 2 if letter > 0 else -2 * letter - 1]
    return int(np.lcm.reduce(_cycle_lengths(image)))


def _cycle_lengths(image: np.ndarray) -> np.ndarray:
    """The different cycle lengths of a permutation."""
    left = image.tolist()
    lengths = set()
    for start in range(len(left)):
        length, point = 0, start
        while left[point] >= 0:
            left[point], point, length = -1, left[point], length + 1
        lengths.add(length)
    return np.array(sorted(lengths - {0}), dtype=np.int64)


def _text(word: Sequence[int], given: Presentation) -> str:
    return "*".join(given.letters[abs(letter) - 1] + ("" if letter > 0 else "^-1") for letter in word)


def _regular(cosets: CosetTable, name: str) -> Group:
    """The group of a coset table over the trivial subgroup; its table doubles as its regular representation."""
    tree = regular_tree(cosets.permutations)
    assert tree is not None, f"{name}: the cosets of the trivial subgroup are permuted regularly"
    _, parents, letters, steps = tree
    table = cayley_table(parents, letters, steps)
    return Group(table, tuple(int(step[0]) for step in steps), table.T, name, parents, letters, relators=name)
