"""Groups from generators and relators, by coset enumeration over the trivial subgroup.

Public: from_presentation, DEFAULT_COSETS.
SymPy's words and its HLT coset enumeration do the work; an infinite abelianisation is proved first, by its rank.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import BudgetSpentError, InfiniteGroupError, TooLargeError
from ..group import TABLE_LIMIT, Group
from ..notation import Letter, Presentation, Word, parse
from .permutations import from_permutations

if TYPE_CHECKING:
    from sympy.combinatorics.free_groups import FreeGroupElement

__all__ = ["DEFAULT_COSETS", "from_presentation"]

DEFAULT_COSETS = 10_000
MAX_RELATOR_LENGTH = 300
"""Letters of all relators together, powers written out: SymPy's enumeration needs 8 s for <a | a^300>."""


def from_presentation(
    presentation: str | Presentation, *, max_cosets: int = DEFAULT_COSETS, limit: int = TABLE_LIMIT
) -> Group:
    """The finite group that generators and relators define.

    Args:
        presentation: ``"<a, b | a^2, b^3, (a*b)^5>"`` or a parsed one.
        max_cosets: budget of the enumeration; about 3 CPU-seconds for 10,000.
        limit: largest order.

    Returns:
        The group on its right regular representation; generators in the order of the letters.

    Raises:
        InfiniteGroupError: the abelianisation has a free part, which proves the group infinite.
        BudgetSpentError: the budget ended first; the order is unknown.
        TooLargeError: relators longer than 300 letters, or more than ``limit`` elements.

    Source: Holt, Eick, O'Brien, Handbook of Computational Group Theory (2005), sections 5.1 and 9.2.
    """
    given = parse(presentation) if isinstance(presentation, str) else presentation
    if not isinstance(given, Presentation):
        raise TypeError(f"{presentation!r} is not a presentation")
    _refuse_long(given)
    _refuse_infinite(given)
    table, symbols = _coset_table(given, max_cosets)
    columns = [table[:, i] for i in range(0, 2 * len(symbols), 2)]  # a, a^-1, b, b^-1, ...
    return from_permutations(np.array(columns), str(given), limit=limit, relators=str(given))


def _refuse_long(given: Presentation) -> None:
    total = sum(_length(relator) for relator in given.relators)
    if total > MAX_RELATOR_LENGTH:
        raise TooLargeError(
            f"the relators have {total:,} letters when powers are written out; the limit is {MAX_RELATOR_LENGTH:,}"
        )


def _length(word: Word) -> int:
    # Also a power with exponent 0 counts once: what stands inside is read.
    return sum(
        (1 if isinstance(base, Letter) else _length(base)) * max(1, abs(exponent)) for base, exponent in word.factors
    )


def _exponent_sums(word: Word, letters: tuple[str, ...]) -> np.ndarray:
    sums = np.zeros(len(letters), dtype=object)
    for base, exponent in word.factors:
        if isinstance(base, Letter):
            sums[letters.index(base.name)] += exponent
        else:
            sums = sums + exponent * _exponent_sums(base, letters)
    return sums


def _refuse_infinite(given: Presentation) -> None:
    from flint import fmpz_mat

    sums = [list(_exponent_sums(relator, given.letters)) for relator in given.relators]
    rank = fmpz_mat(sums).rank() if sums else 0
    free = len(given.letters) - rank
    if free:
        raise InfiniteGroupError(
            f"{given} is infinite: its abelianisation has free rank {free}, since the exponent sums have rank {rank}"
        )


def _coset_table(given: Presentation, max_cosets: int) -> tuple[np.ndarray, tuple[Any, ...]]:
    from sympy.combinatorics.coset_table import coset_enumeration_r
    from sympy.combinatorics.fp_groups import FpGroup
    from sympy.combinatorics.free_groups import free_group

    free, *symbols = free_group(", ".join(given.letters))
    letters = dict(zip(given.letters, symbols, strict=True))
    relators = [
        word for relator in given.relators if not (word := _expand(relator, letters, free.identity)).is_identity
    ]
    try:
        cosets = coset_enumeration_r(FpGroup(free, relators), [], max_cosets=max_cosets)
    except ValueError:
        raise BudgetSpentError(
            f"stopped at {max_cosets:,} cosets (budget); the order of {given} is still unknown. "
            "Raise --max-cosets, or add relators."
        ) from None
    cosets.compress()
    cosets.standardize()
    return np.array(cosets.table, dtype=np.int64).reshape(-1, 2 * len(symbols)), tuple(symbols)


def _expand(word: Word, letters: dict[str, FreeGroupElement], identity: FreeGroupElement) -> FreeGroupElement:
    result = identity
    for base, exponent in word.factors:
        power = letters[base.name] if isinstance(base, Letter) else _expand(base, letters, identity)
        result = result * power**exponent
    return result
