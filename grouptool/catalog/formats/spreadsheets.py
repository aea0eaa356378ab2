"""Groups in csv files, as spreadsheets read and write them.

Public: write_csv, read_csv.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import Any

from ...notation.tokens import MAX_TEXT
from ..fields import FIELDS
from .lists import Listed, listed
from .places import numbered_lines, refused
from .portable import Portable
from .words import cycle_text

__all__ = ["read_csv", "write_csv"]

_FACTS = tuple(one for one in FIELDS if one.has_column and one.name not in ("label", "name"))
_HEADER = ("label", "name", "generators", "names", "note", *(one.name for one in _FACTS))
_SPECS = ("spec", "generators", "name")
"""Columns that say which group a row is, in the order in which they are looked at."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
"""What a spreadsheet takes for the beginning of a formula, and the sign that keeps it from doing so."""
MOST_COLUMNS = 1_000


def write_csv(records: Iterable[Portable]) -> Iterator[str]:
    """A header, then one row a record: label, name, generators as cycles, a user's names and notes, and plain facts.

    Each is a line, without its end, unless a note has line ends itself; then it is quoted. Flags are yes and no, what
    is not known is empty. A cell that a spreadsheet would take for a formula begins with ``'``.
    """
    yield _row(_HEADER)
    for one in records:
        cycles = ", ".join(map(cycle_text, one.generators)) or "()"
        known = [_cell(one.facts.get(fact.name)) for fact in _FACTS]
        given = (one.label or "", one.name, cycles, " ".join(one.names), "\n".join(filter(None, one.notes)))
        yield _row([*map(_guarded, given), *known])


def read_csv(path: str | PathLike[str]) -> Iterator[Listed]:
    """The groups of a csv file that has a header: a column ``spec``, ``generators`` or ``name``, in any order.

    In each row the first of these that is not empty is the specification. ``note`` is kept; ``name`` is kept where it
    is not the specification. Other columns are passed over, as are empty rows. Cells are separated by commas,
    semicolons or tabs, whichever the header has.

    Raises:
        InputFileError: the file cannot be read, there is no such column, one is there twice, a row has more cells than
            the header or no specification, or a cell has more than 1,000,000 characters. The message is
            ``FILE:LINE: reason``.
    """
    place = Path(path)
    rows = iter(_rows(place))
    number, header = next(rows, (1, []))
    columns = [cell.strip().lower() for cell in header]
    if len(columns) > MOST_COLUMNS:
        raise refused(place, number, f"{len(columns):,} columns; the limit is {MOST_COLUMNS:,}")
    for one in (*_SPECS, "note"):
        if columns.count(one) > 1:
            raise refused(place, number, f"there are {columns.count(one)} columns {one}")
    if not any(one in columns for one in _SPECS):
        raise refused(place, number, "the first line names no column spec, generators or name")
    for number, row in rows:
        if len(row) > len(columns) and any(cell.strip() for cell in row[len(columns) :]):
            raise refused(place, number, f"the row has {len(row)} cells; the first line has {len(columns)}")
        cells = dict(zip(columns, map(_unguarded, row), strict=False))
        source = next((one for one in _SPECS if cells.get(one, "").strip()), None)
        if source is None:
            wanted = " or ".join(one for one in _SPECS if one in columns)
            raise refused(place, number, f"the row has no {wanted}")
        name = None if source == "name" else cells.get("name")
        yield listed(place, number, cells[source], name, cells.get("note"))


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, each with the line that it begins in."""
    numbers: list[int] = []

    def lines() -> Iterator[str]:
        for number, line in numbered_lines(path):
            numbers.append(number)
            yield line + "\n"

    source = lines()
    first = next(source, "")
    separator = max(",;\t", key=first.count)
    chained = _chained(first, source)
    # The module's own limit on a cell is 131,072 characters; it is one number for the whole process, so it is put back.
    limit = csv.field_size_limit()
    begun = 1
    reader = csv.reader(chained, delimiter=separator, strict=True)
    while True:
        csv.field_size_limit(MAX_TEXT)
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise refused(path, begun, f"no csv: {error}") from None
        finally:
            csv.field_size_limit(limit)
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield begun, row
        begun = numbers[-1] + 1


def _chained(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest


def _row(cells: Iterable[str]) -> str:
    held = io.StringIO()
    csv.writer(held).writerow(cells)  # with its own line end it quotes cells that have one
    return held.getvalue().removesuffix("\r\n")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, int) else _guarded(str(value))


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell
