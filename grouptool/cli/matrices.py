"""Matrices of representations on paper and in files: aligned text, json, and arrays in .npz files.

Public: Matrices, Listing, as_json, grid, check_size, real_row, write.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from ..catalog.formats.arrays import exact_arrays, save
from ..catalog.listing import irrep_facts, nested
from ..errors import TooLargeError
from ..files import write_atomically

if TYPE_CHECKING:
    from ..representations import CharacterTable, RealConstituent
    from ..representations.matrices.cyclotomic_arrays import CyclotomicArray

__all__ = [
    "Listing",
    "Matrices",
    "as_json",
    "check_size",
    "grid",
    "real_row",
    "write",
]

MOST_PRINTED = 1_000_000
"""Entries that are printed or written as text; a hundred bytes each."""
MOST_SAVED = 50_000_000
"""Entries of the arrays of one .npz file; 8 bytes each, 16 when they are complex."""

Matrices = Callable[[int], "CyclotomicArray | np.ndarray"]
"""The matrix of an element, by its place among the elements of a Listing."""


@dataclass(frozen=True, eq=False)
class Listing:
    """Irreducible representations as ``irreps`` prints and writes them.

    Attributes:
        group: its name.
        elements: m cycle texts, of the elements whose matrices are given.
        permutations: shape (m, degree): their image lists, points from 0.
        rows: facts and matrices of each representation.
    """

    group: str
    elements: Sequence[str]
    permutations: np.ndarray
    rows: list[tuple[dict[str, Any], Matrices]]


def real_row(table: CharacterTable, index: int, one: RealConstituent) -> dict[str, Any]:
    """What the table knows of a real irreducible representation."""
    first = one.rows[0]
    return {
        "index": index,
        "name": one.name,
        "degree": int(table.degrees[first]),
        "real_dimension": one.dimension,
    } | irrep_facts(table, first)


def check_size(degrees: Iterable[int], elements: int, *, saved: bool) -> None:
    """TooLargeError unless matrices of these degrees, for so many elements, are few enough for a text or an .npz file.

    Args:
        saved: whether they go to an .npz file.
    """
    entries, most = elements * sum(degree**2 for degree in degrees), MOST_SAVED if saved else MOST_PRINTED
    if entries > most:
        instead = "" if saved else f", or a .npz file, which holds {MOST_SAVED:,}"
        raise TooLargeError(
            f"the matrices have {entries:,} entries together; the limit is {most:,}. Choose rows with --irrep{instead}"
        )


def as_json(listing: Listing) -> list[dict[str, Any]]:
    """Facts and matrices of each row."""
    return [
        row
        | {
            "matrices": [
                {"element": element, "matrix": nested(matrices(i))} for i, element in enumerate(listing.elements)
            ]
        }
        for row, matrices in listing.rows
    ]


def grid(matrix: CyclotomicArray | np.ndarray) -> str:
    """A matrix as aligned text."""
    if isinstance(matrix, np.ndarray):
        clean = np.where(np.abs(matrix) < 1e-12, 0, matrix)
        return np.array2string(clean, precision=6, max_line_width=10**9, threshold=sys.maxsize)
    cells = [[str(one) for one in row] for row in matrix.tolist()]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(one.rjust(wide) for one, wide in zip(row, widths, strict=True)) for row in cells)


def write(path: Path, listing: Listing) -> None:
    """Matrices as arrays in a .npz file, or with all facts in a .json file; the other arguments as for ``irreps``.

    In the .npz file ``elements`` has the permutations, and row K is ``irrep_K``, shape (m, d, d); exact matrices are
    ``irrep_K_numerators``, ``irrep_K_denominator`` and ``irrep_K_conductor``, see ``exact_arrays``.

    Raises:
        TooLargeError: an exact coefficient has no room in 64 bits. InputFileError: the file cannot be written.
    """
    if path.suffix == ".json":
        content = {"group": listing.group, "irreps": as_json(listing)}
        write_atomically(path, json.dumps(content, indent=1).encode())
        return
    arrays: dict[str, np.ndarray] = {"elements": listing.permutations}
    for row, matrices in listing.rows:
        made, key = [matrices(i) for i in range(len(listing.elements))], f"irrep_{row['index']}"
        if not made or isinstance(made[0], np.ndarray):
            arrays[key] = np.array(made).reshape(len(made), *[row.get("real_dimension", row["degree"])] * 2)
            continue
        arrays |= exact_arrays(key, cast("list[CyclotomicArray]", made))
    save(path, arrays)
