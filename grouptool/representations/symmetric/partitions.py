"""Partitions of n: their order, hooks and standard tableaux.

Public: Partition, partitions, as_partition, partition_text, conjugate, hook_lengths, diagonal_hooks, degree,
tableau_words, standard_tableaux.
Read by every module of this room. A partition is a tuple of positive integers, the largest first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from itertools import groupby, pairwise

import numpy as np

from ...errors import NotationError, TooLargeError

__all__ = [
    "Partition",
    "as_partition",
    "conjugate",
    "degree",
    "diagonal_hooks",
    "hook_lengths",
    "partition_text",
    "partitions",
    "standard_tableaux",
    "tableau_words",
]

Partition = tuple[int, ...]

MAX_LISTED = 50
"""Largest n whose partitions are listed: 204,226 of them."""

MAX_LETTERS = 50_000_000
"""Bound on the number of letters in all standard tableaux of one shape, two bytes each."""


@cache
def partitions(n: int) -> tuple[Partition, ...]:
    """All partitions of n in reverse lexicographic order: (n) first, (1, ..., 1) last.

    Raises:
        NotationError: n is negative. TooLargeError: it is above 50.

    >>> partitions(4)
    ((4,), (3, 1), (2, 2), (2, 1, 1), (1, 1, 1, 1))
    """
    if n < 0:
        raise NotationError(f"{n} has no partitions: it is negative. Give an integer from 0 on.")
    if n > MAX_LISTED:
        raise TooLargeError(f"{n} has too many partitions to list; they are listed up to {MAX_LISTED}")
    return tuple(_with_parts_up_to(n, n))


def _with_parts_up_to(n: int, largest: int) -> Iterable[Partition]:
    if n == 0:
        yield ()
    for part in range(min(n, largest), 0, -1):
        for rest in _with_parts_up_to(n - part, part):
            yield (part, *rest)


def as_partition(parts: Iterable[int]) -> Partition:
    """The partition with these parts, checked.

    Raises:
        NotationError: a part is not a positive integer, or is larger than the one before it.
    """
    partition = tuple(parts)
    if any(not isinstance(part, int | np.integer) or part < 1 for part in partition):
        raise NotationError(f"{partition} is not a partition: its parts are positive integers")
    if any(a < b for a, b in pairwise(partition)):
        raise NotationError(f"{partition} is not a partition: its parts do not increase; give the largest first")
    return tuple(map(int, partition))


def partition_text(partition: Partition) -> str:
    """``[4,2,1^3]``, as books write it."""
    runs = [(part, len(list(run))) for part, run in groupby(partition)]
    return "[" + ",".join(f"{part}^{times}" if times > 1 else f"{part}" for part, times in runs) + "]"


def conjugate(partition: Partition) -> Partition:
    """The partition whose diagram is the transpose.

    >>> conjugate((3, 1))
    (2, 1, 1)
    """
    return tuple(sum(part > column for part in partition) for column in range(partition[0] if partition else 0))


def hook_lengths(partition: Partition) -> tuple[tuple[int, ...], ...]:
    """The hook length of each cell, row by row: the cells to its right and below it, and itself.

    >>> hook_lengths((3, 1))
    ((4, 2, 1), (1,))
    """
    columns = conjugate(partition)
    return tuple(
        tuple(part - column + columns[column] - row - 1 for column in range(part)) for row, part in enumerate(partition)
    )


def diagonal_hooks(partition: Partition) -> Partition:
    """The hook lengths along the diagonal; distinct and odd where the partition is its own conjugate.

    >>> diagonal_hooks((3, 2, 1))
    (5, 1)
    """
    return tuple(row[i] for i, row in enumerate(hook_lengths(partition)) if i < len(row))


def degree(partition: Partition) -> int:
    """The degree of the irreducible character, which is the number of standard tableaux: n! over the hook lengths.

    Source: Frame, Robinson, Thrall, The hook graphs of the symmetric group, Canad. J. Math. 6 (1954).
    """
    return math.factorial(sum(partition)) // math.prod(length for row in hook_lengths(partition) for length in row)


def tableau_words(partition: Partition) -> np.ndarray:
    """The standard tableaux as words: shape (d, n), int16, entry [t, i] the row, from 0, of letter i + 1 in tableau t.

    In last letter order: tableau t stands before u when the largest letter that they have in different rows is in a
    lower row of t. So the tableau read along its rows is first and the one read down its columns is last.

    Raises:
        TooLargeError: d n is above 50,000,000.

    Source of the order: James and Kerber, The Representation Theory of the Symmetric Group (1981), section 3.2.
    """
    n, count = sum(partition), degree(partition)
    if count * n > MAX_LETTERS:
        raise TooLargeError(
            f"{partition_text(partition)} has {count:,} standard tableaux of {n} letters; "
            f"they are listed up to {MAX_LETTERS:,} letters in all"
        )
    # Size by size, the shapes inside the given one: the largest letter is in the lowest corner first.
    words: dict[Partition, np.ndarray] = {(): np.zeros((1, 0), dtype=np.int16)}
    for size in range(1, n + 1):
        larger: dict[Partition, list[np.ndarray]] = {}
        for row in range(min(size, len(partition)) - 1, -1, -1):
            for shape, block in words.items():
                if (grown := _with_cell(shape, row, partition)) is not None:
                    letter = np.full((len(block), 1), row, dtype=np.int16)
                    larger.setdefault(grown, []).append(np.hstack((block, letter)))
        words = {shape: np.vstack(blocks) for shape, blocks in larger.items()}
    return words[partition]


def _with_cell(shape: Partition, row: int, inside: Partition) -> Partition | None:
    """The shape with a cell added at the end of a row, if that is a partition inside the given one."""
    if row > len(shape):
        return None
    length = shape[row] + 1 if row < len(shape) else 1
    if length > inside[row] or (row and length > shape[row - 1]):
        return None
    return (*shape[:row], length, *shape[row + 1 :])


def standard_tableaux(partition: Partition) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """All standard tableaux in last letter order (see tableau_words), each a tuple of rows of letters 1 to n.

    >>> standard_tableaux((2, 1))
    (((1, 2), (3,)), ((1, 3), (2,)))
    """
    rows = range(len(partition))
    return tuple(
        tuple(tuple((np.flatnonzero(word == row) + 1).tolist()) for row in rows) for word in tableau_words(partition)
    )
