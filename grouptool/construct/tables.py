"""Groups from a Cayley table, in memory or in a file, with every axiom checked.

Public: from_table, read_table.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Sequence, Sized
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputFileError, NotAGroupError, TooLargeError
from ..group import TABLE_LIMIT, Group, smallest_unsigned
from ..group.group import spanning_tree

__all__ = ["from_table", "read_table"]

MAX_FILE = 1 << 31  # bytes
MAX_TEXT_FILE = 1 << 28
"""Bytes of a json or csv file, which Python's lists hold in some eight times as many."""


def from_table(table: Sequence[Sequence[int]] | np.ndarray, name: str = "table", *, limit: int = TABLE_LIMIT) -> Group:
    """The group whose multiplication a table gives; its elements keep their order.

    Args:
        table: shape (n, n), integers 0 to n - 1; ``table[i][j]`` is i times j. If the identity is not element 0 it is
            moved to the front, the others keep their order.
        name: how the group calls itself.
        limit: largest order.

    Returns:
        The group with a small generating set and its right regular representation as permutations.

    Raises:
        NotAGroupError: the table is not square, or an axiom fails; the message names the offending entries.
        TooLargeError: n is larger than ``limit``.

    Cost: O(n^2 r) for r generators; associativity is Light's test on the generators, which proves it for all triples.
    Source: Clifford and Preston, The Algebraic Theory of Semigroups I (1961), section 1.2.
    """
    entries = _square(table, limit)
    _latin(entries)
    entries = np.ascontiguousarray(_identity_first(entries))
    generators, parents, letters = _generate(entries)
    _associative(entries, generators)
    return Group(
        table=entries,
        generators=generators,
        permutations=entries.T,  # right regular: element j sends i to i * j
        name=name,
        parents=parents,
        letters=letters,
    )


def read_table(path: str | os.PathLike[str], *, limit: int = TABLE_LIMIT) -> Group:
    """The group whose Cayley table stands in a json (list of rows), csv (a row a line) or npy file.

    Raises:
        InputFileError: the file is missing, too large, or not such a file. NotAGroupError: see ``from_table``.
    """
    file = Path(path)
    try:
        if file.exists() and not file.is_file():
            raise InputFileError(f"{file} is no ordinary file")
        most = MAX_FILE if file.suffix.lower() == ".npy" else MAX_TEXT_FILE
        if file.stat().st_size > most:
            raise InputFileError(
                f"{file} has more than {most:,} bytes, the limit for {file.suffix}; npy is the shortest"
            )
        if file.suffix.lower() == ".npy":
            # Mapped, so that a header cannot claim more memory than the file has; objects are refused.
            rows: Any = np.lib.format.open_memmap(file, mode="r")
        elif file.suffix.lower() == ".csv":
            with file.open(newline="", encoding="utf-8") as stream:
                rows = [[int(entry) for entry in row] for row in csv.reader(stream) if row]
        else:
            rows = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        if isinstance(error, InputFileError):
            raise
        raise InputFileError(f"cannot read the table {file}: {error.strerror or error}") from None
    except (ValueError, RecursionError, EOFError, csv.Error) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0].split(": <")[
            0
        ]  # without numpy's "<... object at 0x...>"
        raise InputFileError(f"{file} is not a table of integers: {reason}") from None
    return from_table(rows, str(file.resolve()), limit=limit)


def _square(table: Sequence[Sequence[int]] | np.ndarray, limit: int) -> np.ndarray:
    try:
        entries = np.asarray(table)
    except (ValueError, OverflowError):
        raise NotAGroupError(f"the rows of the table have different lengths{_first_ragged(table)}") from None
    if entries.ndim != 2 or entries.shape[0] != entries.shape[1] or not entries.size:
        raise NotAGroupError(f"a Cayley table is square, n rows of n; this one has shape {entries.shape}")
    if len(entries) > limit:
        raise TooLargeError(f"the table has {len(entries):,} elements; the limit is {limit:,}")
    if entries.dtype.kind not in "iu":
        raise NotAGroupError("the entries of a Cayley table are integers")
    outside = np.argwhere((entries < 0) | (entries >= len(entries)))
    if outside.size:
        i, j = map(int, outside[0])
        raise NotAGroupError(f"{i}*{j} is {entries[i, j]}, outside 0 to {len(entries) - 1}: the table is not closed")
    return entries.astype(smallest_unsigned(len(entries)))


def _first_ragged(table: Sequence[Sequence[int]] | np.ndarray) -> str:
    lengths = [len(row) if isinstance(row, Sized) else 0 for row in table]
    row = next((i for i, length in enumerate(lengths) if length != lengths[0]), 0)
    return f": row 0 has {lengths[0]} entries, row {row} has {lengths[row]}" if row else ""


def _latin(entries: np.ndarray) -> None:
    expected = np.arange(len(entries))
    for what, lines in (("row", entries), ("column", entries.T)):
        bad = np.flatnonzero((np.sort(lines, axis=1) != expected).any(axis=1))
        if bad.size:
            line = int(bad[0])
            order = np.argsort(lines[line], kind="stable")
            again = int(np.flatnonzero(np.diff(lines[line][order].astype(np.int64)) == 0)[0])
            i, j = map(int, order[again : again + 2])
            products = f"{line}*{i} and {line}*{j}" if what == "row" else f"{i}*{line} and {j}*{line}"
            raise NotAGroupError(
                f"{what} {line} repeats an element: {products} are both {lines[line][i]}, so "
                f"{'left' if what == 'row' else 'right'} multiplication by {line} is not a bijection"
            )


def _identity_first(entries: np.ndarray) -> np.ndarray:
    order = len(entries)
    everything = np.arange(order)
    left = np.flatnonzero((entries == everything).all(axis=1))
    if not left.size or not np.array_equal(entries[:, left[0]], everything):
        raise NotAGroupError("the table has no identity: no element e with e*x = x*e = x for all x")
    identity = int(left[0])
    if identity == 0:
        return entries
    old = np.concatenate(([identity], np.delete(everything, identity)))
    new = np.argsort(old).astype(entries.dtype)
    return np.asarray(new[entries[np.ix_(old, old)]])


def _generate(entries: np.ndarray) -> tuple[tuple[int, ...], np.ndarray, np.ndarray]:
    """Generators, each the smallest element not reached yet, and the breadth-first tree of right products."""
    generators: list[int] = []
    while True:
        parents, letters, reached = spanning_tree(entries, generators)
        missing = np.flatnonzero(~reached)
        if not missing.size:
            return tuple(generators), parents, letters
        generators.append(int(missing[0]))


def _associative(entries: np.ndarray, generators: tuple[int, ...]) -> None:
    for g in generators:
        # (x g) y against x (g y), for all x and y at once
        wrong = np.argwhere(entries[entries[:, g]] != entries[:, entries[g]])
        if wrong.size:
            x, y = map(int, wrong[0])
            raise NotAGroupError(f"({x}*{g})*{y} is not {x}*({g}*{y}): the table is not associative")
