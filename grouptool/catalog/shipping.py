"""The shipped library in a catalog, and the index over everything in it.

Public: NOTHING, bring_in, held, is_current, note, reindex, row_of, rows_of, stale.
Both happen when a catalog is made or opened by a program that ships other data, other facts or another index.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sql

from ..structure.isomorphism import find_isomorphism
from . import index
from .facts import FACTS_VERSION
from .library import ShippedGroup, library_version, shipped_groups
from .records import CatalogRecord, encoded, readable_records
from .schema import groups, meta

__all__ = ["NOTHING", "bring_in", "held", "is_current", "note", "reindex", "row_of", "rows_of", "stale"]

NOTHING = "none"
"""The library of a catalog that was made without the shipped groups."""


def is_current(connection: sql.Connection) -> bool:
    """Whether the catalog holds this program's library, index and facts."""
    library, indexed = held(connection, "library"), held(connection, "index")
    return library in (NOTHING, library_version()) and indexed == index.INDEX_VERSION and not stale(connection)


def stale(connection: sql.Connection) -> list[int]:
    """The groups of users whose facts an older program computed."""
    query = sql.select(groups.c.id).where(groups.c.facts_version < FACTS_VERSION, groups.c.shipped.is_(None))
    return list(connection.execute(query.order_by(groups.c.id)).scalars())


def bring_in(connection: sql.Connection, location: str, *, library: bool) -> None:
    """Store this program's library, unless the catalog was made without one, and index everything if need be.

    A user's group that the library has learned becomes the library's; its constructions and names stay.
    """
    before = held(connection, "library")
    wanted = library_version() if library and before != NOTHING else NOTHING
    if before != wanted:
        if wanted != NOTHING:
            _store_library(connection, location)
        note(connection, "library", wanted)
    if before != wanted or held(connection, "index") != index.INDEX_VERSION:
        reindex(connection, location)


def reindex(connection: sql.Connection, location: str) -> None:
    """Make the index anew from the records; damaged ones are left out until ``catalog check`` repairs them."""
    numbers = list(connection.execute(sql.select(groups.c.id).order_by(groups.c.id)).scalars())
    index.INDEX.drop_all(connection)
    index.INDEX.create_all(connection)
    index.fill(connection, map(rows_of, readable_records(connection, numbers, location)))
    note(connection, "index", index.INDEX_VERSION)


def rows_of(record: CatalogRecord) -> Any:
    """What the index holds of a record."""
    called = (*record.names, *record.synonyms, *(one.spec for one in record.constructions))
    return index.index_rows(record.id, record.facts, called, index.ADDED if record.is_mine else index.LIBRARY)


def held(connection: sql.Connection, key: str) -> str | None:
    """A word about the whole catalog."""
    return connection.execute(sql.select(meta.c.value).where(meta.c.key == key)).scalar()


def note(connection: sql.Connection, key: str, value: str) -> None:
    """Keep a word about the whole catalog."""
    connection.execute(sql.delete(meta).where(meta.c.key == key))
    connection.execute(sql.insert(meta).values(key=key, value=value))


def _store_library(connection: sql.Connection, location: str) -> None:
    rows = connection.execute(sql.select(groups.c.id, groups.c.shipped, groups.c.label, groups.c.checksum)).all()
    shipped = {row.shipped: row for row in rows if row.shipped is not None}
    labels = {row.label: row.id for row in rows if row.label is not None}
    has_others = any(row.shipped is None and row.label is None for row in rows)
    free = max((row.id for row in rows), default=0) + 1
    new, changed = [], []
    for one in shipped_groups():
        row = row_of(one)
        known = shipped.get(row["shipped"])
        if known is not None and known.checksum == row["checksum"]:
            continue
        number = known.id if known is not None else labels.get(one.label) if one.label else None
        if number is None and has_others and one.label is None:
            number = _same(connection, one, location)
        if number is None:
            new.append({"id": free} | row)
            free += 1
        else:
            changed.append({"number": number} | row)
    if new:
        connection.execute(sql.insert(groups), new)
    if changed:
        values: dict[str, Any] = {key: sql.bindparam(key) for key in changed[0] if key != "number"}
        connection.execute(sql.update(groups).where(groups.c.id == sql.bindparam("number")).values(values), changed)


def row_of(one: ShippedGroup) -> dict[str, Any]:
    """What ``groups`` holds of a shipped group, but its number."""
    generators = [[point - 1 for point in image] for image in one.generators]
    return {
        "group_order": one.order,
        "fingerprint": one.fingerprint or "",  # none without a Cayley table
        "label": one.label,
        "shipped": one.label or one.name,
        "facts_version": FACTS_VERSION,
    } | encoded(generators, one.facts, one.synonyms)


def _same(connection: sql.Connection, one: ShippedGroup, location: str) -> int | None:
    """The user's group that is isomorphic to a shipped one without a label."""
    query = sql.select(groups.c.id).where(
        groups.c.shipped.is_(None), groups.c.group_order == one.order, groups.c.fingerprint == one.fingerprint
    )
    for record in readable_records(connection, connection.execute(query).scalars().all(), location):
        if find_isomorphism(record.group(), one.group()) is not None:
            return record.id
    return None
