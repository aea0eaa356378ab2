"""Is a catalog what it says? Every record looked at, and repaired from what it can be built from.

Public: Finding, check, check_library.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import sqlalchemy as sql

from ..construct import from_permutations
from ..errors import BudgetSpentError, CatalogError, GroupToolError
from ..group import TABLE_LIMIT
from ..structure.isomorphism import find_isomorphism, fingerprint
from . import index, shipping
from .facts import FACTS_VERSION, facts
from .library import FINGERPRINT_DIGITS, shipped_groups
from .record import image_lists
from .records import digest, encoded, read_records
from .schema import computed, constructions, groups, names
from .specifications import made
from .types import small_label

__all__ = ["Finding", "check", "check_library"]


@dataclass(frozen=True)
class Finding:
    """Something wrong in a catalog.

    Attributes:
        record: number of the record, None for the catalog as a whole. problem: what is wrong.
        repaired: what was done about it; None when it is as it was.
    """

    record: int | None
    problem: str
    repaired: str | None = None


def check(connection: sql.Connection, location: str, *, repair: bool = True) -> list[Finding]:
    """Look at everything in a catalog, inside a writing transaction when it is to be repaired.

    Checked are checksums, that the generators give a group of the stored order with the stored fingerprint and label,
    that no two records are isomorphic, that constructions and names belong to records, that the index says what the
    records say, and the checksums of computed values. Shipped groups are compared with the library.

    Repaired are shipped groups from the library, users' groups from their constructions, the index from the records;
    computed values that are damaged are forgotten, and computed again when they are asked for.
    """
    found = list(_database(connection))
    found += _strays(connection, repair)
    found += _shipped(connection, repair)
    found += _of_users(connection, location, repair)
    readable = all(one.record is None or one.repaired for one in found)
    found += _twins(connection, location)
    found += _kept(connection, repair)
    if readable:
        found += _indexed(connection, location, repair)
    return found


def check_library() -> list[Finding]:
    """Build every shipped group, and compare order, fingerprint and label; a label is proved by an isomorphism."""
    found = []
    for one in shipped_groups():
        if one.order > TABLE_LIMIT:
            continue
        group = one.group()
        if group.order != one.order or fingerprint(group)[:FINGERPRINT_DIGITS] != one.fingerprint:
            found.append(Finding(None, f"the generators of the shipped {one.label or one.name} give another group"))
        elif one.label is not None and (label := small_label(group)) != one.label:
            found.append(Finding(None, f"the shipped {one.label} is {label}"))
    return found


def _database(connection: sql.Connection) -> Iterator[Finding]:
    if connection.dialect.name != "sqlite":
        return
    for (line,) in connection.exec_driver_sql("PRAGMA integrity_check(20)").all():
        if line != "ok":
            yield Finding(None, f"SQLite says: {' '.join(str(line).split())}")


def _strays(connection: sql.Connection, repair: bool) -> Iterator[Finding]:
    """Rows that belong to no record; constructions are notes of users, so they are said before they go."""
    known = sql.select(groups.c.id)
    for table, column in ((constructions, "spec"), (names, "name"), (computed, "kind")):
        rows = connection.execute(sql.select(table.c[column]).where(table.c.group_id.not_in(known))).scalars().all()
        for text in rows:
            yield Finding(None, f"the {column} {text!r} belongs to no record", "removed" if repair else None)
        if rows and repair:
            connection.execute(sql.delete(table).where(table.c.group_id.not_in(known)))


def _shipped(connection: sql.Connection, repair: bool) -> Iterator[Finding]:
    """Records of the library hold what the library holds."""
    query = sql.select(groups).where(groups.c.shipped.is_not(None)).order_by(groups.c.id)
    rows = {row.shipped: row for row in connection.execute(query)}
    if not rows:
        return
    for one in shipped_groups():
        wanted = shipping.row_of(one)
        row = rows.get(wanted["shipped"])
        if row is None:
            continue  # an older library; opening the catalog brings in what is missing
        wrong = [key for key, value in wanted.items() if getattr(row, key) != value]
        if digest(row.record) != row.checksum or not _says_as_much(row.record, wanted["record"]):
            wrong.append("record")
        else:
            wrong = [key for key in wrong if key not in ("record", "checksum")]
        if wrong:
            problem = f"{wanted['shipped']} differs from the shipped library in {', '.join(sorted(set(wrong)))}"
            if repair:
                connection.execute(sql.update(groups).where(groups.c.id == row.id).values(wanted))
            yield Finding(row.id, problem, "written again from the library" if repair else None)


def _says_as_much(record: str, shipped: str) -> bool:
    """Whether a record is the library's, and besides knows at most facts that the library leaves open."""
    if record == shipped:
        return True
    try:
        own, theirs = json.loads(record), json.loads(shipped)
        facts, known = own.pop("facts"), theirs.pop("facts")
        return own == theirs and all(value is None or facts[name] == value for name, value in known.items())
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def _of_users(connection: sql.Connection, location: str, repair: bool) -> Iterator[Finding]:
    query = sql.select(groups).where(groups.c.shipped.is_(None)).order_by(groups.c.id)
    for row in connection.execute(query).all():
        problem = _wrong(row)
        if problem is None:
            continue
        specs = connection.execute(
            sql.select(constructions.c.spec).where(constructions.c.group_id == row.id).order_by(constructions.c.id)
        ).scalars()
        columns = _rebuilt(list(specs), row) if repair else None
        if columns is not None:
            connection.execute(sql.update(groups).where(groups.c.id == row.id).values(columns))
        yield Finding(row.id, problem, "built again from a construction" if columns is not None else None)


def _wrong(row: sql.Row[Any]) -> str | None:
    """What is wrong with a user's record; None for nothing."""
    if digest(row.record) != row.checksum:
        return "the checksum of the record does not match"
    try:
        content = json.loads(row.record)
        group = from_permutations(content["generators"])
        order = content["facts"]["order"]
        index.index_rows(row.id, content["facts"], (), index.ADDED)
    except (ValueError, KeyError, TypeError, AttributeError, GroupToolError) as error:
        return f"the record does not hold a group and its facts: {error}"
    if not group.order == row.group_order == order:
        return f"the generators give a group of order {group.order}, not {row.group_order}"
    if fingerprint(group)[:FINGERPRINT_DIGITS] != row.fingerprint:
        return "the fingerprint is not that of the group"
    try:
        label = small_label(group)
    except BudgetSpentError:
        return None
    return None if label == row.label else f"the label is {row.label}, but the group is {label}"


def _rebuilt(specs: list[str], row: sql.Row[Any]) -> dict[str, Any] | None:
    """The columns of a record made anew, when one of its constructions gives a group that the row does not deny."""
    for spec in specs:
        try:
            group = made(spec)
            key, label = fingerprint(group)[:FINGERPRINT_DIGITS], small_label(group)
            intact = [group.order == row.group_order, key == row.fingerprint, label == row.label]
            if sum(intact) >= 2:  # one column may be what was damaged
                columns = {"group_order": group.order, "fingerprint": key, "label": label}
                return columns | {"facts_version": FACTS_VERSION} | encoded(image_lists(group), facts(group))
        except GroupToolError:
            continue
    return None


def _twins(connection: sql.Connection, location: str) -> Iterator[Finding]:
    """Records without a label that are isomorphic; records with one differ by their labels."""
    alike = defaultdict(list)
    query = sql.select(groups.c.id, groups.c.fingerprint).where(groups.c.label.is_(None)).order_by(groups.c.id)
    for number, key in connection.execute(query):
        if key:
            alike[key].append(number)
    for numbers in alike.values():
        for pair in combinations(numbers, 2):
            try:
                first, second = (one.group() for one in read_records(connection, pair, location))
                if find_isomorphism(first, second) is not None:
                    yield Finding(pair[1], f"is isomorphic to record {pair[0]}")
            except CatalogError:
                continue  # a damaged record, which has its own finding
            except BudgetSpentError:
                yield Finding(pair[1], f"whether it is isomorphic to record {pair[0]} is unknown: the budget is spent")


def _kept(connection: sql.Connection, repair: bool) -> Iterator[Finding]:
    for row in connection.execute(sql.select(computed)).all():
        if digest(row.value) != row.checksum:
            if repair:
                same = (computed.c.group_id == row.group_id) & (computed.c.kind == row.kind)
                connection.execute(sql.delete(computed).where(same))
            problem = f"the checksum of its {row.kind} does not match"
            yield Finding(row.group_id, problem, "forgotten, to be computed again" if repair else None)


def _indexed(connection: sql.Connection, location: str, repair: bool) -> Iterator[Finding]:
    """The index holds exactly what the records say."""
    wanted: dict[sql.Table, Counter[tuple[Any, ...]]] = {table: Counter() for table in index.INDEX.sorted_tables}
    numbers = list(connection.execute(sql.select(groups.c.id)).scalars())
    for record in read_records(connection, numbers, location):
        for table, rows in shipping.rows_of(record).items():
            keys = [column.name for column in table.columns]
            wanted[table].update(tuple(row.get(key) for key in keys) for row in rows)
    different = [
        table.name
        for table, rows in wanted.items()
        if Counter(map(tuple, connection.execute(sql.select(table)))) != rows
    ]
    if different:
        if repair:
            shipping.reindex(connection, location)
        problem = f"the index of searches differs from the records in {', '.join(different)}"
        yield Finding(None, problem, "made anew" if repair else None)
