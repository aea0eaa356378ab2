"""The tables that records are searched by: derived from them, and built again when what they hold changes.

Public: INDEX, INDEX_VERSION, FACTS, RELATED, IRREPS, CLASSES, SYNONYMS, WIDE, UNDEFINED, ADDED, LIBRARY, index_rows,
fill, remove, isomorphism_type, type_number. ``search`` reads them. The same tables serve SQLite and PostgreSQL.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql

from ..errors import CatalogError
from ..group import Group
from ..structure.isomorphism import fingerprint
from .fields import FIELDS, RELATIONS, Field
from .library import LARGEST_ORDER, small_group_label
from .query import MAX_INTEGER

__all__ = [
    "ADDED",
    "CLASSES",
    "FACTS",
    "INDEX",
    "INDEX_VERSION",
    "IRREPS",
    "LIBRARY",
    "RELATED",
    "SYNONYMS",
    "UNDEFINED",
    "WIDE",
    "fill",
    "index_rows",
    "isomorphism_type",
    "remove",
    "type_number",
]

LIBRARY, ADDED = "library", "added"
"""Sources of a record: shipped, or added by the user."""

MEANING = 1
"""Counted up when the rows of a record change while the tables stay."""

WIDE = (
    "automorphism_order",
    "outer_order",
    "num_subgroups",
    "num_subgroup_classes",
    "num_normal_subgroups",
)
"""Numbers that pass 63 bits for groups in reach, as for C2^9; then a second column holds their digits."""

UNDEFINED: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "label": lambda facts: (facts.get("order") or 0) > LARGEST_ORDER,
    "gap_description": lambda facts: (facts.get("order") or 0) > LARGEST_ORDER,
    "derived_length": lambda facts: facts.get("solvable") is False,
    "nilpotency_class": lambda facts: facts.get("nilpotent") is False,
    "faithful_irrep_degree": lambda facts: facts.get("irreps") is not None,
}
"""When a group without a value is known to have none."""

# -- the tables

INDEX = sql.MetaData()

# The order of characters is that of their codes in both databases, not that of a language.
_TEXT = sql.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_COLUMN: dict[str, Any] = {"flag": sql.Boolean, "number": sql.BigInteger, "text": _TEXT, "group": sql.BigInteger}

FACTS = sql.Table(
    "facts",
    INDEX,
    sql.Column("group_id", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("source", _TEXT, nullable=False),
    sql.Column("label_index", sql.Integer),
    *(sql.Column(one.name, _COLUMN[one.kind]) for one in FIELDS if one.has_column),
    *(sql.Column(f"{name}_digits", _TEXT) for name in WIDE),
    *(sql.Column(f"no_{name}", sql.Boolean, nullable=False) for name in UNDEFINED),
    *(sql.Column(f"has_{one.name}", sql.Boolean, nullable=False) for one in FIELDS if not one.has_column),
    sql.Index("facts_by_order", "order", "label_index"),
    sql.Index("facts_by_name", "name"),
)
"""One row a group. Group types are numbers (see ``type_number``); "no_" is true where a value is known not to exist,
"has_" where a list is known; a wide number is NULL where its digits are needed."""

RELATED = sql.Table(
    "relations",
    INDEX,
    sql.Column("relation", sql.SmallInteger, primary_key=True, autoincrement=False),
    sql.Column("type", sql.BigInteger, primary_key=True, autoincrement=False),
    sql.Column("group_id", sql.Integer, primary_key=True, autoincrement=False),
    sql.Index("relations_by_group", "group_id"),
    sqlite_with_rowid=False,
)
IRREPS = sql.Table(
    "irreps",
    INDEX,
    sql.Column("degree", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("indicator", sql.SmallInteger, primary_key=True, autoincrement=False),
    sql.Column("faithful", sql.Boolean, primary_key=True, autoincrement=False),
    sql.Column("group_id", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("amount", sql.Integer, nullable=False),
    sql.Index("irreps_by_group", "group_id"),
    sqlite_with_rowid=False,
)
CLASSES = sql.Table(
    "classes",
    INDEX,
    sql.Column("element_order", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("size", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("group_id", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("amount", sql.Integer, nullable=False),
    sql.Index("classes_by_group", "group_id"),
    sqlite_with_rowid=False,
)
SYNONYMS = sql.Table(
    "synonyms",
    INDEX,
    sql.Column("text", _TEXT, primary_key=True),
    sql.Column("group_id", sql.Integer, primary_key=True, autoincrement=False),
    sql.Index("synonyms_by_group", "group_id"),
    sqlite_with_rowid=False,
)


def _version() -> str:
    """A digest of what the tables hold; it changes with the list of fields."""
    parts = [
        (table.name, [(one.name, str(one.type), one.primary_key) for one in table.columns], _indexes(table))
        for table in INDEX.sorted_tables
    ]
    return hashlib.sha256(repr((MEANING, RELATIONS, parts)).encode()).hexdigest()[:16]


def _indexes(table: sql.Table) -> list[tuple[str, ...]]:
    return sorted((str(index.name), *(column.name for column in index.columns)) for index in table.indexes)


INDEX_VERSION = _version()
"""Kept with the tables; where another stands, they are built again."""

# -- rows of a record


def index_rows(
    group_id: int, facts: Mapping[str, Any], synonyms: Iterable[str], source: str
) -> dict[sql.Table, list[dict[str, Any]]]:
    """The rows of one record.

    Args:
        group_id: the record's number.
        facts: values by the names of ``fields.FIELDS``; None or no key is not computed.
        synonyms: further texts that ``name`` finds the group by; its name and description are added.
        source: LIBRARY or ADDED.

    Raises:
        CatalogError: a fact is not what its field says, so that the record is damaged.
    """
    if source not in (LIBRARY, ADDED):
        raise CatalogError(f"the source of record {group_id} is {source!r}; it is {LIBRARY!r} or {ADDED!r}")
    row: dict[str, Any] = {"group_id": group_id, "source": source, "label_index": None}
    for one in FIELDS:
        value = facts.get(one.name)
        if value is not None and not _fits(one, value):
            raise CatalogError(f"record {group_id}: {one.name} is {str(value)[:40]!r}, which is no {one.kind}")
        if not one.has_column:
            row[f"has_{one.name}"] = value is not None
        elif one.name in WIDE:
            large = _digits(value) if value is not None and value > MAX_INTEGER else None
            row |= {one.name: None if large else value, f"{one.name}_digits": large}
        else:
            row[one.name] = type_number(value) if one.kind == "group" and value is not None else value
    for name, rule in UNDEFINED.items():
        row[f"no_{name}"] = facts.get(name) is None and rule(facts)
    if row["label"] is not None:
        row["label_index"] = int(row["label"].partition(".")[2])
    related = {
        (number, type_number(one)) for number, relation in enumerate(RELATIONS) for one in facts.get(relation) or ()
    }
    texts = {*synonyms, *(facts[name] for name in ("name", "description") if facts.get(name))}
    return {
        FACTS: [row],
        RELATED: [{"relation": number, "type": one, "group_id": group_id} for number, one in sorted(related)],
        IRREPS: [
            {"degree": degree, "indicator": sign, "faithful": bool(faithful), "group_id": group_id, "amount": amount}
            for (degree, sign, faithful), amount in _amounts(facts.get("irreps"))
        ],
        CLASSES: [
            {"element_order": order, "size": size, "group_id": group_id, "amount": amount}
            for (order, size), amount in _amounts(facts.get("classes"))
        ],
        SYNONYMS: [{"text": text, "group_id": group_id} for text in sorted(texts)],
    }


def fill(connection: sql.Connection, rows: Iterable[Mapping[sql.Table, Sequence[Mapping[str, Any]]]]) -> None:
    """Insert what ``index_rows`` gave for many records, a thousand records at a time."""
    remaining = iter(rows)
    while batch := list(islice(remaining, 1_000)):
        for table in INDEX.sorted_tables:
            if found := [row for one in batch for row in one[table]]:
                connection.execute(sql.insert(table), found)


def remove(connection: sql.Connection, group_id: int) -> None:
    """Delete the rows of a record."""
    for table in INDEX.sorted_tables:
        connection.execute(sql.delete(table).where(table.c.group_id == group_id))


def isomorphism_type(group: Group) -> str:
    """The type of a group as facts write it: its label where the library holds the order, else order:fingerprint."""
    label = small_group_label(group)
    return f"{label[0]}.{label[1]}" if label else f"{group.order}:{fingerprint(group)}"


def type_number(text: str) -> int:
    """A type in 63 bits, labels in their order: order * 2^20 + index, else 2^62 + a digest of the text."""
    order, dot, index = text.partition(".")
    if dot:
        return int(order) << 20 | int(index)
    return 1 << 62 | int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) >> 2


def _is_type(text: object) -> bool:
    if not isinstance(text, str):
        return False
    order, dot, index = text.partition(".")
    if not dot:
        return bool(text.partition(":")[2])
    return order.isdigit() and index.isdigit() and int(order) < 2**32 and int(index) < 2**20


def _fits(one: Field, value: object) -> bool:
    """Whether a value is of its field's kind, and a number within what its column holds."""
    if one.kind == "flag":
        return isinstance(value, bool)
    if one.kind == "number":
        return type(value) is int and (0 <= value <= MAX_INTEGER or (value > 0 and one.name in WIDE))
    if one.kind == "group":
        return _is_type(value)
    if one.name == "label":
        return _is_type(value) and "." in str(value)
    if one.kind == "text":
        return isinstance(value, str)
    length = {"classes": 3, "irreps": 4}.get(one.name)
    return isinstance(value, list | tuple) and (
        all(map(_is_type, value)) if length is None else all(len(row) == length for row in value)
    )


def _digits(value: int) -> str:
    """A number as a text that sorts as it: the count of its digits before them."""
    digits = str(value)
    return f"{len(digits):05d}{digits}"


def _amounts(runs: Iterable[Sequence[int]] | None) -> list[tuple[tuple[int, ...], int]]:
    """Rows and how often each comes, from runs of equal rows."""
    found: Counter[tuple[int, ...]] = Counter()
    for *row, amount in runs or ():
        found[tuple(row)] += amount
    return sorted(found.items())
