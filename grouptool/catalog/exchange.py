"""Records to files and back: what is written is what ``formats`` writes, what is read is proved before it is stored.

Public: Given, additions, as_text, write_tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ..construct import from_permutations
from ..errors import GroupToolError, InputFileError, NotationError, TooLargeError, UnknownGroupError
from ..group import TABLE_LIMIT, Group
from ..large import LargeGroup, large_group
from ..notation import parse
from ..structure.isomorphism import find_isomorphism
from .formats import (
    Listed,
    Portable,
    group_text,
    read_csv,
    read_gap,
    read_list,
    read_records,
    write_csv,
    write_irreps,
    write_records,
    write_table,
)
from .records import CatalogRecord, Construction
from .specifications import made
from .store import Addition
from .types import type_key

__all__ = ["Given", "additions", "as_text", "write_tables"]


@dataclass(frozen=True)
class Given:
    """A group that a file gives, and the line that it stands in."""

    place: str
    addition: Addition


def as_text(records: Sequence[CatalogRecord], target: str) -> Iterator[str]:
    """Groups as text for ``jsonl``, ``csv``, or a target of ``formats.group_text``, in pieces.

    In statements for other systems a single group is G, several are G1, G2, ... by their numbers in the catalog.
    """
    if target == "jsonl":
        yield from (f"{line}\n" for line in write_records(map(_portable, records)))
    elif target == "csv":
        yield from (f"{line}\n" for line in write_csv(map(_portable, records)))
    else:
        for record in records:
            variable = "G" if len(records) == 1 else f"G{record.id}"
            yield group_text(_acting(record), target, record.facts, variable=variable)  # type: ignore[arg-type]
            yield "\n" if len(records) > 1 else ""


def write_tables(records: Sequence[CatalogRecord], folder: Path) -> list[Path]:
    """Character table and exact irreps of each group, as LABEL.characters.npz and LABEL.irreps.npz.

    Raises:
        InputFileError: the folder cannot be made, or a file not written. TooLargeError, BudgetSpentError: a group is
        out of reach; the files of those before it are there.
    """
    from ..representations import character_table, irreps

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputFileError(f"cannot make the folder {folder}: {error.strerror}") from None
    written = []
    for record in records:
        table = character_table(record.group())
        stem = record.label or f"record-{record.id}"
        written += [folder / f"{stem}.characters.npz", folder / f"{stem}.irreps.npz"]
        write_table(written[-2], table)
        write_irreps(written[-1], irreps(table))
    return written


def additions(path: Path, group: Callable[[str], Group]) -> list[Given]:
    """The groups of a file, each built and compared with what the file says of it.

    Args:
        path: ``.jsonl``, ``.csv``, ``.g`` or ``.gap``, ``.txt``.
        group: what a specification denotes.

    Raises:
        InputFileError: the file cannot be read, a line is damaged, gives no group, or says something of its group that
            is not true; the message names file and line.
    """
    if path.suffix == ".jsonl":
        return [_from_record(f"{path}:{number}", one) for number, one in enumerate(read_records(path), start=1)]
    readers = {".csv": read_csv, ".g": read_gap, ".gap": read_gap, ".txt": read_list}
    if path.suffix not in readers:
        raise InputFileError(f"cannot read {path}: groups are read from .jsonl, .csv, .g, .gap and .txt files")
    return [_from_list(one, group) for one in readers[path.suffix](path)]


def _from_list(one: Listed, group: Callable[[str], Group]) -> Given:
    try:
        built = group(one.spec)
    except GroupToolError as error:
        raise InputFileError(f"{one.place}: {error}") from None
    names = () if one.name is None or _is_notation(one.name) else (one.name,)
    return Given(one.place, Addition(built, (_now(built.name, one.note),), names))


def _is_notation(name: str) -> bool:
    """Whether a name is what the group is called anyway, such as the S4 in our own text for GAP."""
    try:
        parse(name)
    except NotationError:
        return False
    return True


def _from_record(place: str, one: Portable) -> Given:
    """A record's constructions stay only if they can be built here; what is built must be the group."""
    try:
        own = from_permutations([list(image) for image in one.generators])
    except GroupToolError as error:
        raise InputFileError(f"{place}: {error}") from None
    if one.label is not None and type_key(own) != one.label:
        raise InputFileError(f"{place}: the generators give {type_key(own)}, not {one.label} as the line says")
    notes = dict(zip(one.constructions, one.notes, strict=False))
    given = []
    for spec in one.constructions:
        try:
            other = made(spec)
        except (NotationError, UnknownGroupError, TooLargeError, OSError):
            continue  # such as a file that is not on this machine
        if find_isomorphism(own, other) is None:
            raise InputFileError(f"{place}: {spec[:80]} is no construction of the group that the generators give")
        given.append(_now(spec, notes.get(spec)))
    return Given(place, Addition(own, tuple(given) or (_now(own.name, None),), one.names))


def _now(spec: str, note: str | None) -> Construction:
    return Construction(spec, note, datetime.now(UTC).isoformat(timespec="seconds"))


def _portable(record: CatalogRecord) -> Portable:
    return Portable(
        generators=tuple(map(tuple, record.generators)),
        name=record.name,
        label=record.label,
        names=record.names,
        constructions=tuple(one.spec for one in record.constructions),
        notes=tuple(one.note or "" for one in record.constructions),
        facts=record.facts,
    )


def _acting(record: CatalogRecord) -> Group | LargeGroup:
    if record.order <= TABLE_LIMIT:
        return record.group()
    return large_group(record.generators, record.name)
