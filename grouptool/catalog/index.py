"""The tables that records are searched by: derived from them, and built again when what they hold changes.

Public: INDEX, INDEX_VERSION, FACTS, RELATED, IRREPS, CLASSES, SYNONYMS, WIDE, UNDEFINED, ADDED, LIBRARY, index_rows,
fill, remove, type_number. ``search`` reads them. The same tables serve SQLite and PostgreSQL.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql

from ..errors import CatalogError
from .fields import FIELDS, RELATIONS, Field
from .library import LARGEST_ORDER
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
    "remove",
    "type_number",
]

Rows = Mapping[sql.Table, list[dict[str, Any]]]
"""The rows of a record in each table."""

LIBRARY, ADDED = "library", "added"
"""Sources of a record: shipped, or added by the user."""

_TYPE = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,6})|:[0-9a-f]+)", re.ASCII)

_LENGTHS = {"classes": 3, "irreps": 4}
"""Entries of a row of each list: what stands in ``fields.FIELDS``, and how often it comes."""

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
    "faithful_irrep_degree": lambda facts: bool(facts.get("irreps")) and not any(row[2] for row in facts["irreps"]),
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
    sqlite_with_rowid=False,
)
CLASSES = sql.Table(
    "classes",
    INDEX,
    sql.Column("element_order", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("size", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("group_id", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("amount", sql.Integer, nullable=False),
    sqlite_with_rowid=False,
)
SYNONYMS = sql.Table(
    "synonyms",
    INDEX,
    sql.Column("text", _TEXT, primary_key=True),
    sql.Column("group_id", sql.Integer, primary_key=True, autoincrement=False),
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


def index_rows(group_id: int, facts: Mapping[str, Any], synonyms: Iterable[str], source: str) -> Rows:
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
        if value is not None and not _is(one, value):
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


def fill(connection: sql.Connection, records: Iterable[Rows]) -> None:
    """Insert what ``index_rows`` gave for many records, a thousand records at a time."""
    remaining = iter(records)
    while batch := list(islice(remaining, 1_000)):
        for table in INDEX.sorted_tables:
            if found := [row for one in batch for row in one[table]]:
                _insert(connection, table, found)


def remove(connection: sql.Connection, group_id: int, rows: Rows | None = None) -> None:
    """Delete the rows of a record.

    Args:
        rows: what ``index_rows`` gives for the record as it was, so that they are looked up; else the lists are read
            through, which takes some 30 ms for 7,000 records.
    """
    for table in INDEX.sorted_tables:
        if rows is None or table is FACTS:
            connection.execute(sql.delete(table).where(table.c.group_id == group_id))
        elif rows[table]:
            where = [column == sql.bindparam(f"old_{column.name}") for column in table.primary_key]
            old = [{f"old_{column.name}": row[column.name] for column in table.primary_key} for row in rows[table]]
            connection.execute(sql.delete(table).where(*where), old)


def _insert(connection: sql.Connection, table: sql.Table, rows: list[dict[str, Any]]) -> None:
    """Insert in bulk: a column at a time as arrays in PostgreSQL, else the rows as the driver takes them."""
    names = [column.name for column in table.columns]
    if connection.dialect.name == "postgresql":
        arrays = {
            name: sql.literal([row[name] for row in rows], postgresql.ARRAY(table.c[name].type)) for name in names
        }
        unnested = sql.select(*(sql.func.unnest(array).label(name) for name, array in arrays.items()))
        connection.execute(sql.insert(table).from_select(names, unnested))
    else:
        columns = ", ".join(map(connection.dialect.identifier_preparer.quote, names))
        insert = f"INSERT INTO {table.name} ({columns}) VALUES ({', '.join('?' * len(names))})"
        connection.exec_driver_sql(insert, [tuple(map(row.__getitem__, names)) for row in rows])


@lru_cache(maxsize=100_000)
def type_number(text: str) -> int:
    """A type in 63 bits, labels in their order: order * 2^20 + index, else 2^62 + a digest of the text.

    Raises:
        ValueError: the text is neither order.index nor order:fingerprint.
    """
    match = _TYPE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text[:40]!r} is no isomorphism type")
    if match[2]:
        return int(match[1]) << 20 | int(match[2])
    return 1 << 62 | int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) >> 2


def _is(one: Field, value: object) -> bool:
    try:
        return _fits(one, value)
    except (TypeError, ValueError):
        return False


def _fits(one: Field, value: Any) -> bool:
    """Whether a value is of its field's kind, and a number within what its column holds."""
    match one.kind:
        case "flag":
            return isinstance(value, bool)
        case "number":
            return type(value) is int and value >= 0 and (value <= MAX_INTEGER or one.name in WIDE)
        case "rows":
            length = _LENGTHS[one.name]
            return all(len(row) == length and all(type(x) is int and -1 <= x < 2**31 for x in row) for row in value)
        case "groups":
            return not isinstance(value, str) and all(map(type_number, value))
        case "group":
            return type_number(value) > 0
    return isinstance(value, str) and (one.name != "label" or ("." in value and type_number(value) > 0))


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
