"""The shipped library: every group of order 1 to 255, medium groups with names, and which of them a group is.

Public: LibraryRecord, ShippedGroup, library_records, shipped_groups, shipped_facts, library_version, small_group,
small_group_label, identify_small, FINGERPRINT_DIGITS, LARGEST_ORDER.
Files are read once and compared with their checksums; orders 128 and 192 have files of their own, which questions about
other orders do not read.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from ..construct import from_permutations
from ..errors import CatalogError, UnknownGroupError
from ..group import Group
from ..structure.isomorphism import find_isomorphism, fingerprint
from .fields import FIELDS

__all__ = [
    "FINGERPRINT_DIGITS",
    "LARGEST_ORDER",
    "LibraryRecord",
    "ShippedGroup",
    "identify_small",
    "library_records",
    "library_version",
    "shipped_facts",
    "shipped_groups",
    "small_group",
    "small_group_label",
]

FINGERPRINT_DIGITS = 16
LARGEST_ORDER = 255
SUMS = "SHA256SUMS"
NAMED = "named_groups.jsonl"
_APART = {128: "128", 192: "192"}
_OTHERS = "1_255"


@dataclass(frozen=True)
class LibraryRecord:
    """A group of the library.

    Attributes:
        order, index: the small-group label, as in GAP's SmallGroups library.
        description: GAP's structure description, where D10 is our D5.
        generators: image lists of points from 1.
        fingerprint: the first digits of ``structure.fingerprint``.
    """

    order: int
    index: int
    description: str
    generators: tuple[tuple[int, ...], ...]
    fingerprint: str

    @property
    def label(self) -> str:
        """``order.index``."""
        return f"{self.order}.{self.index}"

    def group(self) -> Group:
        """The group, built from its generators and named by its label."""
        return from_permutations([[point - 1 for point in image] for image in self.generators], self.label)


@dataclass(frozen=True)
class ShippedGroup:
    """A group that comes with grouptool, and what is known of it.

    Attributes:
        label: ``order.index`` of a small group, None for a named group of a larger order.
        name: the readable name. synonyms: other names in the notation.
        gap_description: GAP's structure description, where D10 is our D5; None for named groups.
        generators: image lists of points from 1.
        fingerprint: the first digits of ``structure.fingerprint``; None where no table is made.
        facts: a value, or None, for each of ``fields.FIELDS``.
    """

    label: str | None
    order: int
    name: str
    synonyms: tuple[str, ...]
    gap_description: str | None
    generators: tuple[tuple[int, ...], ...]
    fingerprint: str | None
    facts: dict[str, Any]

    def group(self) -> Group:
        """The group, built from its generators. Raises TooLargeError for one without a Cayley table."""
        return from_permutations([[point - 1 for point in image] for image in self.generators], self.name)


# -- small groups


@cache
def library_records(order: int) -> tuple[LibraryRecord, ...]:
    """All groups of an order, by index; none when the library does not hold that order.

    Raises:
        CatalogError: the shipped data are missing or damaged.
    """
    return tuple(_read(order)) if 1 <= order <= LARGEST_ORDER else ()


def small_group(order: int, index: int) -> Group:
    """The group with a small-group label.

    Raises:
        UnknownGroupError: the library does not hold that order, or there are fewer groups of it.
    """
    records = library_records(order)
    if not records:
        raise UnknownGroupError(
            f"the shipped library has no groups of order {order:,}; it holds orders 1 to {LARGEST_ORDER}"
        )
    if not 1 <= index <= len(records):
        raise UnknownGroupError(
            f"there is no group {order}.{index}: groups of order {order} are {order}.1 to {order}.{len(records)}"
        )
    return records[index - 1].group()


def small_group_label(group: Group) -> tuple[int, int] | None:
    """The label (order, index) of the library's group that is isomorphic to this one.

    All groups of the order are listed, so a fingerprint that one of them alone has decides; where several share it, an
    isomorphism does.

    Returns:
        None when the library does not hold the order.

    Raises:
        BudgetSpentError: an isomorphism search stopped; the label is unknown.
        CatalogError: no group of that order is isomorphic, so the shipped data are damaged.
    """
    if not 1 <= group.order <= LARGEST_ORDER:
        return None
    label = label_by_fingerprint(group.order).get(fingerprint(group)[:FINGERPRINT_DIGITS])
    if label is None:
        found = identify_small(group)
        assert found is not None  # the library holds the order
        return found[0].order, found[0].index
    order, _, index = label.partition(".")
    return int(order), int(index)


def identify_small(group: Group) -> tuple[LibraryRecord, np.ndarray] | None:
    """The library's group that is isomorphic to this one, and an isomorphism.

    Returns:
        The record, and shape (n,): the element of ``record.group()`` that each element is sent to; None when the
        library does not hold the order.

    Raises:
        BudgetSpentError, CatalogError: as ``small_group_label``.

    Cost: a fingerprint, and a search for each record that shares it, one for all but 71 groups: milliseconds.
    """
    if not 1 <= group.order <= LARGEST_ORDER:
        return None
    own = fingerprint(group)[:FINGERPRINT_DIGITS]
    for record in library_records(group.order):
        if record.fingerprint == own and (mapping := find_isomorphism(group, record.group())) is not None:
            return record, mapping
    raise CatalogError(f"no shipped group of order {group.order} is {group.name}; the library is damaged")


@cache
def label_by_fingerprint(order: int) -> dict[str, str]:
    """The labels of an order by those fingerprints that one group alone has: as all groups are listed, they decide."""
    records = library_records(order)
    shared = Counter(one.fingerprint for one in records)
    return {one.fingerprint: one.label for one in records if shared[one.fingerprint] == 1}


def _read(order: int) -> Iterator[LibraryRecord]:
    name = f"small_groups_{_APART.get(order, _OTHERS)}.jsonl"
    beginning = f'{{"order":{order},'
    for number, line in enumerate(_lines(name), start=1):
        if line.startswith(beginning):
            row = _parsed(name, number, line)
            yield LibraryRecord(
                row["order"],
                row["index"],
                row["description"],
                tuple(map(tuple, row["generators"])),
                row["fingerprint"],
            )


# -- facts


def shipped_groups() -> Iterator[ShippedGroup]:
    """Every shipped group: small groups by order and index, then named ones by order. About a second for all.

    Raises:
        CatalogError: the shipped data are missing or damaged.
    """
    for order in range(1, LARGEST_ORDER + 1):
        table = _facts(_APART.get(order, _OTHERS))
        for record in library_records(order):
            yield _shipped(record, table)
    for number, line in enumerate(_lines(NAMED), start=1):
        row = _parsed(NAMED, number, line)
        facts = {field.name: row["facts"].get(field.name) for field in FIELDS}
        yield ShippedGroup(
            None,
            row["order"],
            row["name"],
            tuple(row["synonyms"]),
            None,
            tuple(map(tuple, row["generators"])),
            row["fingerprint"],
            {**facts, "order": row["order"], "name": row["name"]},
        )


def shipped_facts(label: str) -> ShippedGroup:
    """The shipped small group with a label.

    Raises:
        UnknownGroupError: the library holds no such group. CatalogError: the data are damaged.
    """
    order = int(label.split(".")[0])
    for record in library_records(order):
        if record.label == label:
            return _shipped(record, _facts(_APART.get(order, _OTHERS)))
    raise UnknownGroupError(f"the shipped library has no group {label}")


@cache
def library_version() -> str:
    """A digest of the checksums of all shipped data: 16 hexadecimal digits, the same when the data are."""
    return hashlib.sha256(_bytes(SUMS)).hexdigest()[:16]


FLAGS = tuple(field.name for field in FIELDS if field.kind == "flag")
NUMBERS = tuple(field.name for field in FIELDS if field.kind == "number" and field.name not in ("order", "degree"))
TYPES = tuple(field.name for field in FIELDS if field.kind == "group")
"""What the columns of a line of derived facts hold, in order; see ``catalogs/README.md``."""


class _Facts:
    """The lines of derived facts of a file, and the closures of their types as sets of bits."""

    def __init__(self, part: str) -> None:
        self.name = f"facts_{part}.jsonl"
        self.below = None if part == _OTHERS else _facts(_OTHERS)
        self.rows: dict[str, list[Any]] = {}
        for number, line in enumerate(_lines(self.name), start=1):
            row = _parsed(self.name, number, line)
            self.rows[row[0]] = row
        self.labels: list[str] = [*self.below.labels, *self.rows] if self.below else list(self.rows)
        first = len(self.below.labels) if self.below else 0
        self.bit = {label: 1 << number for number, label in enumerate(self.rows, start=first)}
        self.inside: dict[str, int] = {}
        self.onto: dict[str, int] = {}
        for label, row in self.rows.items():  # what is below a group has a smaller order, and comes first
            self.inside[label] = self.bit[label] | self._join(row[8], "inside")
            self.onto[label] = self.bit[label] | self._join(row[9], "onto")

    def _join(self, types: str, which: str) -> int:
        joined = 0
        for label in types.split():
            table = self if label in self.rows else self.below
            if table is None:
                raise CatalogError(f"the shipped data {self.name} name {label}, which is not there before it")
            joined |= getattr(table, which)[label]
        return joined

    def listed(self, bits: int) -> list[str]:
        """The labels of a set of bits, by order and index."""
        octets = np.frombuffer(bits.to_bytes((len(self.labels) + 7) // 8, "little"), dtype=np.uint8)
        return [self.labels[i] for i in np.flatnonzero(np.unpackbits(octets, bitorder="little")).tolist()]


@cache
def _facts(part: str) -> _Facts:
    return _Facts(part)


def _shipped(record: LibraryRecord, table: _Facts) -> ShippedGroup:
    try:
        row = table.rows[record.label]
    except KeyError:
        raise CatalogError(f"the shipped data {table.name} have no line for {record.label}") from None
    label, name, synonyms, description, flags, numbers, types, rows, maximal, _, normal, factors = row
    facts: dict[str, Any] = {
        "order": record.order,
        "label": label,
        "name": name,
        "description": description,
        "gap_description": record.description,
        "degree": len(record.generators[0]) if record.generators else 1,
        **dict(zip(FLAGS, map("1".__eq__, flags), strict=True)),
        **dict(zip(NUMBERS, numbers, strict=True)),
        **dict(zip(TYPES, types.split(), strict=True)),
        "classes": rows[0],
        "irreps": rows[1],
        "composition_factors": factors.split(),
        "subgroups": table.listed(table.inside[label]),
        "normal_subgroups": normal.split(),
        "quotients": table.listed(table.onto[label]),
        "maximal_subgroups": maximal.split(),
    }
    return ShippedGroup(
        label,
        record.order,
        name,
        tuple(synonyms),
        record.description,
        record.generators,
        record.fingerprint,
        facts,
    )


# -- files


def forget() -> None:
    """Read the files anew when they are next asked for: for who writes them."""
    for kept in (library_records, label_by_fingerprint, library_version, _facts, _lines, _sums):
        kept.cache_clear()


@cache
def _lines(name: str) -> tuple[str, ...]:
    """The lines of a shipped file that is what its checksum says."""
    content = _bytes(name)
    if hashlib.sha256(content).hexdigest() != _sums().get(name):
        damaged = next((i for i, line in enumerate(content.splitlines(), 1) if not _is_json(line)), None)
        where = f"line {damaged} is damaged" if damaged else f"its content does not match its checksum in {SUMS}"
        raise CatalogError(f"the shipped library {name} is damaged: {where}; install grouptool again")
    return tuple(content.decode().splitlines())


@cache
def _sums() -> dict[str, str]:
    lines = _bytes(SUMS).decode(errors="replace").splitlines()
    return {line[66:]: line[:64] for line in lines}


def _bytes(name: str) -> bytes:
    try:
        return (files("catalogs") / name).read_bytes()
    except (OSError, ModuleNotFoundError) as error:
        raise CatalogError(f"the shipped library {name} cannot be read: {error}") from None


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _parsed(name: str, number: int, line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise CatalogError(f"the shipped library {name} cannot be read: line {number}: {error}") from None
