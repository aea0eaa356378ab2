"""From a group back to generators and relators: a short presentation, checked by enumerating it.

Public: presentation, short_generating_set, is_quick.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ..construct.cayley_relators import defining_relators
from ..construct.coset_enumeration import coset_table
from ..construct.words import letter_names, root_length
from ..errors import BudgetSpentError, NotAGroupError
from ..group import Group
from ..notation import Letter, Presentation, Word

__all__ = ["is_quick", "presentation", "short_generating_set"]

BUDGET_FACTOR = 20
"""Cosets for the final check, as a multiple of the order; a tenth for each try to do without a relator."""
LEAST_COSETS = 2_000
LONGEST_TIDIED = 500
MOST_LETTERS, MOST_ENTRIES = 4, 2_000
"""Number of generators, and of generators times elements, up to which the plain twins take 0.1 s."""


def presentation(group: Group, generators: Sequence[int] | None = None) -> Presentation:
    """A short presentation of a group, certified: it has been enumerated back to exactly the group's order.

    Args:
        group: up to the table limit.
        generators: elements that generate the group, by default the group's own; ``short_generating_set`` finds few.

    Returns:
        Letters a, b, ..., z, a1, ... for the generators in order, and relators that define the group: each holds, and
        none but squares of generators was found to follow from the others. Squares stay, for without them enumerations
        by Felsch's strategy can need millions of cosets where with them they need hundreds.

    Raises:
        NotAGroupError: the elements do not generate the group.
        BudgetSpentError: the enumeration that checks the result did not finish.

    Cost: milliseconds for S4, seconds for order 10,000. Source: Cannon (1973), see ``defining_relators``.
    """
    chosen = [int(one) for one in (group.generators if generators is None else generators)] or [0]
    if not (inside := group.closure(chosen)).all():
        raise NotAGroupError(
            f"the chosen elements generate {inside.sum():,} of the {group.order:,} elements of {group.name}"
        )
    steps = np.array([group.table[:, g] for g in chosen]).reshape(len(chosen), group.order)
    names = letter_names(len(chosen))
    inverse = {i + 1: i + 1 if group.table[g, g] == 0 else -i - 1 for i, g in enumerate(chosen)}
    relators = [_tidy(word, inverse) for word in _without_redundant(defining_relators(steps), names, group.order)]
    found = _presentation(relators, names)
    for word in relators:
        assert _product(group, chosen, word) == 0, (group.name, word)
    if not _defines(relators, names, group.order, BUDGET_FACTOR):
        raise BudgetSpentError(
            f"the relators found for {group.name} could not be enumerated back to order {group.order:,} with "
            f"{_budget(group.order, BUDGET_FACTOR):,} cosets; choose other generators"
        )
    return found


def is_quick(order: int, letters: int) -> bool:
    """Whether a presentation is found within 0.1 s without compiled kernels, which take longer to load."""
    return letters <= MOST_LETTERS and letters * order <= MOST_ENTRIES


def short_generating_set(group: Group, *, tries: int = 60, seed: int = 0) -> tuple[int, ...]:
    """Few elements of small order that generate a group; random elements, tried with a seed, so it may not be least.

    Sets of one, two, ... elements are tried in turn; of those that generate, one with the least sum of orders is taken.
    The trivial group gets the identity, since a presentation has a letter.
    """
    rng = np.random.default_rng(seed)
    orders = group.element_orders
    if group.order == 1:
        return (0,)
    cyclic = np.flatnonzero(orders == group.order)
    if cyclic.size:
        return (int(cyclic[0]),)
    greedy = group.generating_set(np.ones(group.order, dtype=bool))
    for size in range(2, len(greedy) + 1):
        best: tuple[int, tuple[int, ...]] | None = None
        for _ in range(tries):
            chosen = tuple(map(int, rng.integers(1, group.order, size)))
            cost = int(orders[list(chosen)].sum())
            if (best is None or cost < best[0]) and group.closure(chosen).all():
                best = cost, chosen
        if best is not None:
            return best[1]
    return tuple(greedy)


def _without_redundant(relators: list[list[int]], names: tuple[str, ...], order: int) -> list[list[int]]:
    """Leave out, the longest first, each without which the others are enumerated to the same order; not squares."""
    kept = sorted(relators, key=len)
    for word in reversed([one for one in kept if len(one) != 2 or one[0] != one[1]]):
        fewer = [one for one in kept if one is not word]
        if len(fewer) >= len(names) and _defines(fewer, names, order, BUDGET_FACTOR // 10, quick=True):
            kept = fewer
    return kept


def _defines(
    relators: list[list[int]], names: tuple[str, ...], order: int, factor: int, *, quick: bool = False
) -> bool:
    """Whether an enumeration proves that relators which hold in a group of this order define it.

    Over the cyclic subgroup of a relator's root: its order is at most the power, so the index bounds the order; and
    unless ``quick``, over the trivial subgroup too.
    """
    given = _presentation(relators, names)
    root, power = max(((word[: root_length(word)], len(word) // root_length(word)) for word in relators), key=_power)
    for subgroup, most in (([root], power), ([], 1))[: 1 if quick else 2]:
        try:
            index = coset_table(given, subgroup, strategy="hlt", max_cosets=_budget(order // most, factor)).index
        except BudgetSpentError:
            continue
        if index * most == order:
            return True
    return False


def _power(pair: tuple[list[int], int]) -> int:
    return pair[1]


def _budget(order: int, factor: int) -> int:
    return factor * order + LEAST_COSETS


def _presentation(relators: list[list[int]], names: tuple[str, ...]) -> Presentation:
    return Presentation(names, tuple(_word(relator, names) for relator in relators))


def _word(letters: Sequence[int], names: tuple[str, ...]) -> Word:
    """A word with its powers gathered: a^3, (a*b)^2, a*b^-2."""
    length = root_length(letters)
    if 1 < length < len(letters):
        return Word(((_word(letters[:length], names), len(letters) // length),))
    factors: list[tuple[Letter, int]] = []
    for letter in letters:
        base, sign = Letter(names[abs(letter) - 1]), 1 if letter > 0 else -1
        if factors and factors[-1][0] == base:
            factors[-1] = base, factors[-1][1] + sign
        else:
            factors.append((base, sign))
    return Word(tuple(factors))


def _tidy(word: list[int], inverse: dict[int, int]) -> list[int]:
    """The rotation of a relator or its inverse that reads best: fewest inverse letters, then fewest syllables."""
    length = root_length(word)
    root, power = word[:length], len(word) // length
    backwards = [inverse[one] if one > 0 else -one for one in reversed(root)]
    turned = (
        [one[i:] + one[:i] for one in (root, backwards) for i in range(length)] if length <= LONGEST_TIDIED else [root]
    )
    return power * min(turned, key=lambda one: (sum(letter < 0 for letter in one), _syllables(one), one))


def _syllables(word: Sequence[int]) -> int:
    return sum(one != other for one, other in pairwise(word))


def _product(group: Group, chosen: Sequence[int], word: Sequence[int]) -> int:
    element = 0
    for letter in word:
        g = chosen[abs(letter) - 1]
        element = int(group.table[element, g if letter > 0 else group.inverses[g]])
    return element
