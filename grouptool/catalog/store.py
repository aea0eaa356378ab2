"""The working store: one record for each isomorphism class, and every construction that led to it.

Public: Catalog, CatalogRecord, default_location.
SQLAlchemy Core on SQLite in WAL mode. A group is described and compared before the writing transaction, which compares
only with what others stored in between, so that several writers neither lose nor repeat a class.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy import event, exc

from ..construct import from_permutations
from ..errors import CatalogError, NotationError, UnknownGroupError
from ..group import Group
from ..notation import parse
from ..structure.isomorphism import find_isomorphism, fingerprint
from .record import describe, image_lists

__all__ = ["Catalog", "CatalogRecord", "default_location"]

SCHEMA = 1
ENVIRONMENT = "GROUPTOOL_CATALOG"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.+-]{0,63}")

_metadata = sql.MetaData()
_meta = sql.Table("meta", _metadata, sql.Column("key", sql.String, primary_key=True), sql.Column("value", sql.String))
_groups = sql.Table(
    "groups",
    _metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("group_order", sql.Integer, nullable=False, index=True),
    sql.Column("fingerprint", sql.String, nullable=False, index=True),
    sql.Column("record", sql.Text, nullable=False),
    sql.Column("checksum", sql.String, nullable=False),
)
_constructions = sql.Table(
    "constructions",
    _metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("group_id", sql.ForeignKey("groups.id"), nullable=False),
    sql.Column("spec", sql.Text, nullable=False, unique=True),
)
_names = sql.Table(
    "names",
    _metadata,
    sql.Column("name", sql.String, primary_key=True),
    sql.Column("group_id", sql.ForeignKey("groups.id"), nullable=False),
)


@dataclass(frozen=True)
class CatalogRecord:
    """One isomorphism class in the catalog.

    Attributes:
        id: its number in this catalog. facts: see ``grouptool.catalog.record.describe``.
        generators: image lists from 0. constructions: every specification that was added. names: given by users.
        new: whether the call that returned it stored the class.
    """

    id: int
    facts: dict[str, Any]
    generators: list[list[int]]
    constructions: tuple[str, ...]
    names: tuple[str, ...]
    new: bool = False

    def group(self) -> Group:
        """The group, built from the stored generators."""
        return from_permutations(self.generators, str(self.facts["name"]))


def default_location() -> str:
    """The catalog that commands use: $GROUPTOOL_CATALOG, else catalog.sqlite in the user's data folder."""
    if chosen := os.environ.get(ENVIRONMENT):
        return chosen
    import platformdirs

    return str(Path(platformdirs.user_data_dir("grouptool", appauthor=False)) / "catalog.sqlite")


class Catalog:
    """A store of groups. Use as a context manager, or close it."""

    def __init__(self, location: str | os.PathLike[str] | None = None) -> None:
        """Open a catalog, made when it is not there.

        Args:
            location: path of an SQLite file; by default ``default_location()``.

        Raises:
            CatalogError: the file cannot be opened or made, is no catalog, or has a newer schema.
        """
        given = str(location or default_location())
        if "://" in given:
            raise CatalogError(
                f"{given.split('://')[0]}:// is no catalog that this version opens; give the path of a file"
            )
        self.location = Path(given)
        try:
            self.location.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CatalogError(f"cannot make the folder of the catalog {self.location}: {error.strerror}") from None
        address = sql.URL.create("sqlite", database=str(self.location))
        self.engine = sql.create_engine(address, connect_args={"timeout": 60})
        event.listen(self.engine, "connect", _configure)
        event.listen(self.engine, "begin", _begin)
        if not self._is_ready():
            with self._transaction(write=True) as connection:
                _metadata.create_all(connection)
                if connection.execute(sql.select(_meta.c.value).where(_meta.c.key == "schema")).scalar() is None:
                    connection.execute(sql.insert(_meta).values(key="schema", value=str(SCHEMA)))

    def _is_ready(self) -> bool:
        """Whether the file is a catalog of this schema; False when it is empty. CatalogError for anything else."""
        with self._transaction() as connection:
            tables = set(sql.inspect(connection).get_table_names())
            if not tables:
                return False
            if not set(_metadata.tables) <= tables:
                raise CatalogError(f"{self.location} is a database of something else, not a catalog")
            found = connection.execute(sql.select(_meta.c.value).where(_meta.c.key == "schema")).scalar()
        if found is None or not found.isdigit():
            raise CatalogError(f"{self.location} is a catalog without a schema number; it is damaged")
        if int(found) > SCHEMA:
            raise CatalogError(f"{self.location} has schema {found}, newer than {SCHEMA}; upgrade grouptool")
        return True

    def __enter__(self) -> Catalog:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back the database connections."""
        self.engine.dispose()

    def __len__(self) -> int:
        with self._transaction() as connection:
            return int(connection.execute(sql.select(sql.func.count()).select_from(_groups)).scalar_one())

    def __iter__(self) -> Iterator[CatalogRecord]:
        """All records, by order and then by number; each checked against its checksum."""
        with self._transaction() as connection:
            numbers = connection.execute(sql.select(_groups.c.id).order_by(_groups.c.group_order, _groups.c.id))
            records = [self._read(connection, number) for number in numbers.scalars().all()]
        return iter(records)

    def __getitem__(self, key: str | int) -> CatalogRecord:
        """The record with this number, user name or construction. Raises UnknownGroupError."""
        with self._transaction() as connection:
            number = self._number(connection, str(key))
            if number is None:
                raise UnknownGroupError(f"no record {str(key)!r} in {self.location}; try 'grouptool catalog list'")
            return self._read(connection, number)

    def add(self, group: Group, *, name: str | None = None) -> CatalogRecord:
        """Store a group, or its construction and name when an isomorphic one is stored.

        Args:
            name: a name to find it by: a letter, then at most 63 letters, digits or ``_.+-``.

        Returns:
            The record; ``new`` says whether the isomorphism class is new. All or nothing is written.

        Raises:
            CatalogError: the name is taken by another group, or is no name. BudgetSpentError: whether the group is
            isomorphic to a stored one could not be decided; nothing is stored.
        """
        if name is not None:
            _check_name(name)
        key = fingerprint(group)
        compared: dict[int, bool] = {}  # records that the group was compared with, and whether it is isomorphic
        with self._transaction() as connection:
            alike = [self._read(connection, number) for number in self._alike(connection, key)]
        self._compare(alike, group, compared)
        record = {} if any(compared.values()) else {"facts": describe(group), "generators": image_lists(group)}
        with self._transaction(write=True) as connection:
            # Only what another writer stored since then is compared while the others wait.
            late = [number for number in self._alike(connection, key) if number not in compared]
            self._compare([self._read(connection, number) for number in late], group, compared)
            number = next((number for number, same in compared.items() if same), None)
            new = number is None
            if number is None:
                text = json.dumps(record, sort_keys=True, separators=(",", ":"))
                row = {"group_order": group.order, "fingerprint": key, "record": text, "checksum": _digest(text)}
                number = connection.execute(sql.insert(_groups).values(row).returning(_groups.c.id)).scalar_one()
            self._attach(connection, _constructions, "spec", group.name, number)
            if name is not None:
                self._attach(connection, _names, "name", name, number)
            stored = self._read(connection, number)
        return CatalogRecord(**{**stored.__dict__, "new": new})

    # -- inside a transaction

    def _number(self, connection: sql.Connection, key: str) -> int | None:
        queries = [
            sql.select(_names.c.group_id).where(_names.c.name == key),
            sql.select(_constructions.c.group_id).where(_constructions.c.spec == key),
        ]
        if key.isascii() and key.isdigit() and len(key) < 10:
            queries.append(sql.select(_groups.c.id).where(_groups.c.id == int(key)))
        for query in queries:
            if (found := connection.execute(query).scalar()) is not None:
                return int(found)
        return None

    def _alike(self, connection: sql.Connection, key: str) -> list[int]:
        """The records with a fingerprint."""
        return list(connection.execute(sql.select(_groups.c.id).where(_groups.c.fingerprint == key)).scalars())

    def _compare(self, records: list[CatalogRecord], group: Group, compared: dict[int, bool]) -> None:
        """Note of each record whether its group is isomorphic, up to the first that is."""
        for one in records:
            compared[one.id] = find_isomorphism(one.group(), group) is not None
            if compared[one.id]:
                return

    def _attach(self, connection: sql.Connection, table: sql.Table, column: str, text: str, number: int) -> None:
        found = connection.execute(sql.select(table.c.group_id).where(table.c[column] == text)).scalar()
        if found is None:
            connection.execute(sql.insert(table).values({column: text, "group_id": number}))
        elif found != number:
            raise CatalogError(f"the {column} {text!r} belongs to record {found} of {self.location}, another group")

    def _read(self, connection: sql.Connection, number: int) -> CatalogRecord:
        row = connection.execute(sql.select(_groups).where(_groups.c.id == number)).one()
        if _digest(row.record) != row.checksum:
            raise CatalogError(f"record {number} of {self.location} is damaged: its checksum does not match")
        specs = (
            sql.select(_constructions.c.spec).where(_constructions.c.group_id == number).order_by(_constructions.c.id)
        )
        names = sql.select(_names.c.name).where(_names.c.group_id == number).order_by(_names.c.name)
        content = json.loads(row.record)
        return CatalogRecord(
            id=number,
            facts=content["facts"],
            generators=content["generators"],
            constructions=tuple(connection.execute(specs).scalars()),
            names=tuple(connection.execute(names).scalars()),
        )

    @contextmanager
    def _transaction(self, *, write: bool = False) -> Iterator[sql.Connection]:
        try:
            with self.engine.connect().execution_options(write=write) as connection, connection.begin():
                yield connection
        except exc.SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise CatalogError(f"the catalog {self.location} cannot be used: {reason}") from None


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise CatalogError(f"{name!r} is no catalog name: a letter, then up to 63 letters, digits or _ . + -")
    try:
        parse(name)
    except NotationError:
        return
    raise CatalogError(f"{name!r} is no catalog name: the notation reads it as a group or a file")


def _configure(connection: Any, _: object) -> None:
    # The driver's own transactions begin too late for BEGIN IMMEDIATE; SQLAlchemy's "begin" event replaces them.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin(connection: sql.Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
