"""Words of a free group as arrays of signed generator numbers: 1 is the first letter, -1 its inverse.

Public: expand, expand_all, freely_reduced, cyclically_reduced, rotations, root_length, letter_names, MAX_LETTERS.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import NotationError, TooLargeError
from ..notation import Commutator, Conjugate, Letter, Word

__all__ = [
    "MAX_LETTERS",
    "cyclically_reduced",
    "expand",
    "expand_all",
    "freely_reduced",
    "letter_names",
    "root_length",
    "rotations",
]

MAX_LETTERS = 1_000_000
"""Letters of all words of a presentation together, powers written out."""

Node = Letter | Word | Commutator | Conjugate


def expand_all(words: Sequence[Word], letters: Sequence[str], limit: int = MAX_LETTERS) -> list[list[int]]:
    """Words written out and freely reduced.

    Args:
        words: over ``letters``, as the notation parses them.
        limit: most letters of all words together before reduction; it is checked before memory is taken.

    Raises:
        TooLargeError: the words are longer. NotationError: a letter is not among ``letters``.

    >>> from grouptool.notation import parse
    >>> expand_all(parse("<a, b | (a*b^-1)^2, a*b*a^-1*a>").relators, "ab")
    [[1, -2, 1, -2], [1, 2]]
    """
    total = sum(map(_length, words))
    if total > limit:
        raise TooLargeError(f"the relators have {total:,} letters when powers are written out; the limit is {limit:,}")
    numbers = {name: place + 1 for place, name in enumerate(letters)}
    return [expand(word, numbers) for word in words]


def expand(node: Node, numbers: dict[str, int]) -> list[int]:
    """One word written out and freely reduced; ``numbers`` has the number of each letter, from 1."""
    if isinstance(node, Letter):
        if node.name not in numbers:
            raise NotationError(f"the letter {node.name!r} is not a generator; the generators are {', '.join(numbers)}")
        return [numbers[node.name]]
    if isinstance(node, Commutator):
        first, second = expand(node.first, numbers), expand(node.second, numbers)
        return freely_reduced([*_inverse(first), *_inverse(second), *first, *second])
    if isinstance(node, Conjugate):
        base, by = expand(node.base, numbers), expand(node.by, numbers)
        return freely_reduced([*_inverse(by), *base, *by])
    result: list[int] = []
    for part, exponent in node.factors:
        word = expand(part, numbers)
        result += (word if exponent > 0 else _inverse(word)) * abs(exponent)
    return freely_reduced(result)


def freely_reduced(word: Sequence[int]) -> list[int]:
    """The word without neighbours that cancel."""
    result: list[int] = []
    for letter in word:
        if result and result[-1] == -letter:
            result.pop()
        else:
            result.append(letter)
    return result


def cyclically_reduced(word: Sequence[int]) -> list[int]:
    """A freely reduced word without the ends that cancel: a conjugate of it."""
    first, last = 0, len(word)
    while last - first > 1 and word[first] == -word[last - 1]:
        first, last = first + 1, last - 1
    return list(word[first:last])


def rotations(word: Sequence[int]) -> list[tuple[int, ...]]:
    """The different cyclic conjugates of a cyclically reduced word, from the word itself on."""
    doubled = (*word, *word)
    return [doubled[i : i + len(word)] for i in range(root_length(word))]


def root_length(word: Sequence[int]) -> int:
    """Length of the shortest w with word = w^k (Knuth, Morris and Pratt's border).

    >>> root_length([1, 2, 1, 2])
    2
    """
    border = [0] * len(word)
    matched = 0
    for i in range(1, len(word)):
        while matched and word[i] != word[matched]:
            matched = border[matched - 1]
        matched += word[i] == word[matched]
        border[i] = matched
    period = len(word) - border[-1] if word else 0
    return period if period and len(word) % period == 0 else len(word)


def _inverse(word: Sequence[int]) -> list[int]:
    return [-letter for letter in reversed(word)]


def _length(node: Node) -> int:
    # Also a power with exponent 0 counts once: what stands inside is read.
    if isinstance(node, Letter):
        return 1
    if isinstance(node, Commutator):
        return 2 * (_length(node.first) + _length(node.second))
    if isinstance(node, Conjugate):
        return _length(node.base) + 2 * _length(node.by)
    return sum(_length(base) * max(1, abs(exponent)) for base, exponent in node.factors)


def letter_names(count: int) -> tuple[str, ...]:
    """Names for generators that have none: a, b, ..., z, a1, b1, ..."""
    return tuple("abcdefghijklmnopqrstuvwxyz"[i % 26] + (str(i // 26) if i >= 26 else "") for i in range(count))
