"""Lists of groups: one specification a line, or statements of GAP.

Public: Listed, read_list, read_gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from ...notation.tokens import MAX_TEXT, excerpt
from .places import numbered_lines, refused

__all__ = ["Listed", "read_gap", "read_list"]


@dataclass(frozen=True)
class Listed:
    """A group that a file names.

    Attributes:
        spec: a text for ``grouptool.group``: in the notation, or a name in the catalog. It has not been looked at.
        place: ``FILE:LINE``, for messages.
        name: what the file calls it, if it says; no specification and no name in the catalog need be of this form.
        note: what the file says of it.
    """

    spec: str
    place: str
    name: str | None = None
    note: str | None = None


def read_list(path: str | PathLike[str]) -> Iterator[Listed]:
    """A text file with one specification a line; from ``#`` on, at its beginning or after a space, it is a note.

    Raises:
        InputFileError: the file cannot be read, or a specification has more than 1,000,000 characters.
    """
    place = Path(path)
    for number, line in numbered_lines(place):
        spec, note = re.fullmatch(r"(.*?)(?:(?:^|\s)#(.*))?", line, re.DOTALL).groups()  # type: ignore[union-attr]
        if spec.strip():
            yield listed(place, number, spec, note=note)


def listed(path: Path, number: int, spec: str, name: str | None = None, note: str | None = None) -> Listed:
    """A group named in a line, blanks around its parts left out."""
    if len(spec) > MAX_TEXT:
        raise refused(path, number, f"a specification of {len(spec):,} characters; the limit is {MAX_TEXT:,}")
    kept = [text.strip() or None if text is not None else None for text in (name, note)]
    return Listed(spec.strip(), f"{path}:{number}", *kept)


# -- GAP

_ASSIGNED = re.compile(r"([A-Za-z_]\w*)\s*:=\s*(.*)", re.DOTALL)
_NAMED = re.compile(r'SetName\(\s*([A-Za-z_]\w*)\s*,\s*"((?:[^"\\]|\\.)*)"\s*\)', re.DOTALL)
_OURS = re.compile(r"(FreeGroup\(|[A-Za-z_]\w*\s*/\s*\[)")


def read_gap(path: str | PathLike[str]) -> Iterator[Listed]:
    """The groups that GAP statements of ``group_text`` assign, under the names that ``SetName`` gives them.

    Nothing is executed: assignments of ``Group([...])`` are groups, those of other constructions that the notation
    knows too (``SymmetricGroup(5)``); presentations beside them and ``Assert`` are passed over.

    Raises:
        InputFileError: the file cannot be read, or a statement is none of these.
    """
    place = Path(path)
    found: dict[str, tuple[int, str]] = {}
    names: dict[str, str] = {}
    order: list[tuple[str, int, str]] = []
    for number, statement in _statements(place):
        if assigned := _ASSIGNED.fullmatch(statement):
            if not _OURS.match(assigned[2]):
                order.append((assigned[1], number, assigned[2]))
                names.pop(assigned[1], None)
                found[assigned[1]] = (number, assigned[2])
        elif (named := _NAMED.fullmatch(statement)) and named[1] in found:
            names[f"{named[1]}:{found[named[1]][0]}"] = re.sub(r"\\(.)", r"\1", named[2])
        elif not statement.startswith("Assert("):
            raise refused(
                place,
                number,
                f"{excerpt(statement)} is no statement that is read here: write G := Group([ (1,2,3), (1,2) ]);",
            )
    for variable, number, spec in order:
        yield listed(place, number, spec, names.get(f"{variable}:{number}"))


def _statements(path: Path) -> Iterator[tuple[int, str]]:
    """Statements without semicolons, each with the line that it begins in; comments are left out."""
    begun, parts, length = 0, list[str](), 0
    for number, line in numbered_lines(path):
        for piece, ended in _pieces(line):
            if piece.strip():
                begun = begun or number
                parts.append(piece.strip())
                length += len(piece)
                if length > MAX_TEXT:
                    raise refused(path, begun, f"a statement of more than {MAX_TEXT:,} characters")
            if ended and parts:
                yield begun, " ".join(parts)
                begun, parts, length = 0, [], 0
    if parts:
        raise refused(path, begun, "the statement has no end; GAP's end with ';'")


def _pieces(line: str) -> Iterator[tuple[str, bool]]:
    """A line cut after semicolons, up to a comment; neither counts inside quotes. True where a statement ends."""
    for found in re.finditer(r'((?:[^"#;\\]|\\.|"(?:[^"\\]|\\.)*")*)(;|#.*|$|.)', line):
        yield found[1] + (found[2] if found[2][:1] not in (";", "#", "") else ""), found[2] == ";"
        if found[2][:1] in ("#", ""):
            return
