"""Groups as JSON lines: one record a line, each with its own checksum.

Public: write_records, read_records, VERSION.

A line is an object with sorted keys: ``format`` ("grouptool group") and ``version`` say what it is, ``checksum`` is the
SHA-256 of the line's content, and the rest are the attributes of ``Portable``. Since every line stands for itself,
files may be sorted, cut between lines and put together. The content is hashed as compact ASCII json with sorted keys,
so a program that only lays out a line anew keeps it whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from os import PathLike
from pathlib import Path
from typing import Any, NoReturn

from ...notation.tokens import MAX_TEXT, excerpt
from ..fields import FIELD
from .places import numbered_lines, refused
from .portable import Portable

__all__ = ["VERSION", "read_records", "write_records"]

FORMAT = "grouptool group"
VERSION = 1
"""Raised when a reader of the old version would misread a line."""

MOST_POINTS = 100_000
"""As in the notation."""
MOST_DIGITS = 1_000
"""Digits of an integer; the order of S400 has 869."""
DEEPEST = 12
LONGEST_NAME = 10_000
LONGEST_LABEL = 30
MOST_TEXTS = 100_000

_KEYS = tuple(one.name for one in fields(Portable))


class _DamagedError(ValueError):
    """What is wrong with a line; its reader adds the place."""


def write_records(records: Iterable[Portable]) -> Iterator[str]:
    """One line for each record, without line ends.

    >>> swap = Portable(((1, 0),), "C2", "2.1")
    >>> next(write_records([swap])).partition(",")[2][:85]
    '"constructions":[],"facts":{},"format":"grouptool group","generators":[[1,0]],"label"'
    """
    for one in records:
        content = {key: getattr(one, key) for key in _KEYS} | {"format": FORMAT, "version": VERSION}
        yield _compact(content | {"checksum": _digest(content)})


def read_records(path: str | PathLike[str]) -> Iterator[Portable]:
    """The records of a file, checked one by one as they are asked for; blank lines are passed over.

    Nothing is computed: that the permutations generate the group that the facts speak of is for the caller to find
    out. To take all or nothing, make a list of all records before the first is used.

    Raises:
        InputFileError: the file cannot be read; a line is cut off, damaged, of another version or format, too deep or
            too large; generators are no permutations; a fact is of another kind than its field; or a label or a name
            stood in an earlier line. The message is ``FILE:LINE: reason``.

    Cost: linear; a line may have 8,000,000 bytes.
    """
    place = Path(path)
    seen: dict[tuple[str, str], int] = {}
    for number, line in numbered_lines(place):
        if not line.strip():
            continue
        try:
            record = _record(line)
        except _DamagedError as damage:
            raise refused(place, number, str(damage)) from None
        for kind, text in [("label", record.label), *(("name", name) for name in record.names)]:
            if text is not None and (earlier := seen.setdefault((kind, text), number)) != number:
                raise refused(place, number, f"the {kind} {text} is that of the record in line {earlier}, too")
        yield record


# -- one line


def _record(line: str) -> Portable:
    found = _parsed(line)
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise _DamagedError(f"the line is no record: it has no format {FORMAT!r}")
    if (version := found.get("version")) != VERSION or isinstance(version, bool):
        shown = excerpt(str(version))[1:-1]
        raise _DamagedError(f"the record has version {shown}; this version of grouptool reads version {VERSION}")
    checksum = found.pop("checksum", None)
    _check_contents(found)
    if checksum != _digest(found):
        raise _DamagedError("the record is damaged: its checksum does not match")
    if surplus := sorted(found.keys() - {*_KEYS, "format", "version"}):
        raise _DamagedError(f"the record has a key {excerpt(surplus[0])} that no record has")
    if missing := [key for key in _KEYS if key not in found]:
        raise _DamagedError(f"the record has no {missing[0]}")
    return Portable(
        generators=_generators(found["generators"]),
        name=_text(found["name"], "name", LONGEST_NAME),
        label=None if found["label"] is None else _label(found["label"]),
        **{key: _texts(found[key], key) for key in ("names", "constructions")},
        notes=_texts(found["notes"], "notes", shortest=0),
        facts=_facts(found["facts"]),
    )


def _parsed(line: str) -> Any:
    try:
        return json.loads(
            line,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
    except _DamagedError:
        raise
    except RecursionError:
        raise _DamagedError("the record is nested too deep") from None
    except json.JSONDecodeError as error:
        ended = error.pos >= len(line.rstrip()) or error.msg.startswith("Unterminated")
        reason = "the line is cut off" if ended else f"the line is no json at character {error.pos + 1}: {error.msg}"
        raise _DamagedError(reason) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _DamagedError("the record has a key twice")
    return found


def _integer(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise _DamagedError(f"an integer of {len(text):,} digits; the limit is {MOST_DIGITS:,}")
    return int(text)


def _no_number(text: str) -> NoReturn:
    raise _DamagedError(f"{excerpt(text)[1:-1]} is no integer, and records hold no other numbers")


def _check_contents(found: Any) -> None:
    """Not nested too deep, and no text that a file or a database could not hold."""
    level, depth = [found], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise _DamagedError(f"the record is nested more than {DEEPEST} deep")
        inner = [[*one, *one.values()] if isinstance(one, dict) else one for one in level]
        for text in (one for entries in inner for one in entries if isinstance(one, str)):
            if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
                raise _DamagedError(f"the text {excerpt(text)} has characters that are none")
        level = [one for entries in inner for one in entries if isinstance(one, dict | list)]


def _compact(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(_compact(content).encode("ascii")).hexdigest()


# -- its parts


def _generators(given: Any) -> tuple[tuple[int, ...], ...]:
    if not isinstance(given, list) or not all(isinstance(one, list) for one in given):
        raise _DamagedError("the generators are no list of image lists")
    degree = len(given[0]) if given else 1
    if not 1 <= degree <= MOST_POINTS:
        raise _DamagedError(f"a generator has {degree:,} points; there are 1 to {MOST_POINTS:,}")
    points = list(range(degree))
    for place, images in enumerate(given):
        plain = all(type(image) is int for image in images)
        if not plain or sorted(images) != points:
            raise _DamagedError(f"generator {place + 1} is no permutation of the points 0 to {degree - 1}")
    return tuple(map(tuple, given))


def _text(given: Any, what: str, longest: int) -> str:
    if not isinstance(given, str) or not given or len(given) > longest:
        raise _DamagedError(f"the {what} is no text of 1 to {longest:,} characters")
    return given


def _label(given: Any) -> str:
    text = _text(given, "label", LONGEST_LABEL)
    order, _, index = text.partition(".")
    if not (order.isdecimal() and index.isdecimal() and text.isascii()):
        raise _DamagedError(f"the label {excerpt(text)} is none such as 24.12")
    return text


def _texts(given: Any, what: str, *, shortest: int = 1) -> tuple[str, ...]:
    if not isinstance(given, list) or len(given) > MOST_TEXTS:
        raise _DamagedError(f"the {what} are no list of at most {MOST_TEXTS:,} texts")
    return tuple(
        "" if one == "" and not shortest else _text(one, f"entry {place + 1} of {what}", MAX_TEXT)
        for place, one in enumerate(given)
    )


_KINDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "flag": (lambda value: isinstance(value, bool), "true or false"),
    "number": (lambda value: type(value) is int, "an integer"),
    "text": (lambda value: isinstance(value, str), "a text"),
    "group": (lambda value: isinstance(value, str), "a text"),
    "rows": (lambda value: isinstance(value, list) and all(map(_is_row, value)), "rows of integers"),
    "groups": (lambda value: isinstance(value, list) and all(isinstance(one, str | list) for one in value), "a list"),
}


def _is_row(value: Any) -> bool:
    return isinstance(value, list) and all(type(one) is int for one in value)


def _facts(given: Any) -> dict[str, Any]:
    """Facts under their own names; those of a later version's fields are passed on as they are."""
    if not isinstance(given, dict):
        raise _DamagedError("the facts are no object")
    for name, value in given.items():
        if name in FIELD and value is not None:
            fits, kind = _KINDS[FIELD[name].kind]
            if not fits(value):
                raise _DamagedError(f"the fact {name} is not {kind}")
    return given
