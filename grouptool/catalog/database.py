"""A catalog's database: where it is, its transactions, and the schema that it has.

Public: Database, default_location.
SQLite in WAL mode for a path, PostgreSQL for a URL. One writer at a time: SQLite's own lock, an advisory lock in
PostgreSQL. Every refusal of the database is a CatalogError of one line that holds no password.
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy import event, exc

from ..errors import CatalogError
from . import schema

__all__ = ["Database", "default_location"]

ENVIRONMENT = "GROUPTOOL_CATALOG"
WRITER = 0x67726F7570  # "group", the advisory lock that every writer takes
SECONDS = 60
"""How long a writer waits for the others, in seconds."""


def default_location() -> str:
    """The catalog that commands use: $GROUPTOOL_CATALOG, else catalog.sqlite in the user's data folder.

    The folder is made if need be. Raises CatalogError when it cannot be made.
    """
    if chosen := os.environ.get(ENVIRONMENT):
        return chosen
    import platformdirs

    folder = Path(platformdirs.user_data_dir("grouptool", appauthor=False))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CatalogError(f"cannot make the folder of the catalog {folder}: {error.strerror}") from None
    return str(folder / "catalog.sqlite")


class Database:
    """An open database with the tables of ``schema`` at their newest.

    Attributes:
        location: what was given, without a password; for messages. read_only: whether nothing can be written.
    """

    def __init__(self, given: str | os.PathLike[str]) -> None:
        """Open, make or migrate the database.

        Raises:
            CatalogError: it cannot be opened or made, is no catalog, or is newer than this program.
        """
        text = os.fspath(given)
        self._password: str | None = None
        self.path: Path | None = None
        self.read_only = False
        if "://" in text:
            url = self._address(text)
        elif re.match(r"[^/\\]*:[^/\\]*@", text):
            raise CatalogError(
                "an address with a password and without its kind: postgresql://user:password@host/database"
            )
        else:
            self.path = Path(text)
            url = sql.URL.create("sqlite", database=text)
        if url.get_backend_name() == "sqlite":
            self.path = Path(url.database or "")
            url = self._file(url)
        self.location = str(self.path or url.set(query={}).render_as_string(hide_password=True))
        is_file = self.path is not None
        self.engine = sql.create_engine(
            url, connect_args={"timeout": SECONDS} if is_file else {"connect_timeout": SECONDS // 6}
        )
        if is_file:
            event.listen(self.engine, "connect", self._configure)
        event.listen(self.engine, "begin", _begin_file if is_file else _begin_server)
        _forget_after_fork(self.engine)
        try:
            self._bring_up_to_date()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give back the connections."""
        self.engine.dispose()

    @contextmanager
    def transaction(self, *, write: bool = False) -> Iterator[sql.Connection]:
        """A transaction: all of it happens, or nothing. A writing one excludes other writers."""
        if write and self.read_only:
            raise CatalogError(f"the catalog {self.location} is read-only: nothing can be stored in it")
        try:
            with self.engine.connect().execution_options(write=write) as connection, connection.begin():
                yield connection
        except exc.SQLAlchemyError as error:
            raise CatalogError(f"the catalog {self.location} cannot be used: {self._reason(error)}") from None

    def size(self, connection: sql.Connection) -> int:
        """Bytes on disk: of the file, or of the server's whole database."""
        if self.path is None:
            return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())
        beside = [self.path, self.path.with_name(f"{self.path.name}-wal")]
        return sum(one.stat().st_size for one in beside if one.is_file())

    # -- where it is

    def _address(self, text: str) -> sql.URL:
        kind = text.split("://")[0]
        if kind not in ("postgresql", "postgresql+psycopg", "postgres", "sqlite"):
            raise CatalogError(f"{kind}:// is no catalog: give the path of a file, or postgresql://user@host/database")
        try:
            if text.split("://")[1].count("@") > 1:
                raise ValueError  # a part of the password would be taken for the host, and shown
            url = sql.make_url(text)
            url.render_as_string()
        except (exc.ArgumentError, ValueError):
            raise CatalogError(
                f"the {kind}:// address of the catalog cannot be read: postgresql://user:password@host:port/database, "
                "with special characters of the password as %XX"
            ) from None
        if kind == "sqlite":
            if not url.database or url.database == ":memory:":
                raise CatalogError("a catalog in memory would be lost: give the path of a file")
            return sql.URL.create("sqlite", database=url.database)
        password = url.password or url.query.get("password")
        self._password = str(password) if password else None
        with suppress(ModuleNotFoundError):
            import psycopg  # noqa: F401

            return url.set(drivername="postgresql+psycopg")
        raise CatalogError('a catalog on a PostgreSQL server needs psycopg: pip install "grouptool[postgres]"')

    def _file(self, url: sql.URL) -> sql.URL:
        assert self.path is not None
        if not self.path.parent.is_dir():
            raise CatalogError(f"cannot make the catalog {self.path}: there is no folder {self.path.parent}")
        if self.path.is_file() and not (os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK)):
            # Nothing can be written beside it, so SQLite must be told that nobody else writes either.
            self.read_only = True
            place = sql.URL.create("sqlite", database=f"file:{_quoted(self.path)}")
            return place.update_query_dict({"mode": "ro", "immutable": "1", "uri": "true"})
        return url

    def _configure(self, connection: Any, _: object) -> None:
        # A byte that is no UTF-8 is damage, which the checksums find; the driver would refuse the whole question.
        connection.text_factory = lambda content: content.decode("utf-8", "replace")
        # The driver's own transactions begin too late for BEGIN IMMEDIATE; SQLAlchemy's "begin" event replaces them.
        connection.isolation_level = None
        if not self.read_only:
            connection.execute("PRAGMA page_size=8192")  # of a new file: records are 2 to 3 kB, so less is left empty
            connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")

    def _reason(self, error: exc.SQLAlchemyError) -> str:
        reason = " ".join(str(getattr(error, "orig", None) or error).split("\n\n")[0].split())
        return reason.replace(self._password, "***") if self._password else reason

    # -- its schema

    def _bring_up_to_date(self) -> None:
        found = self._revision()
        if found == schema.HEAD:
            return
        if self.read_only:
            raise CatalogError(f"the catalog {self.location} is read-only and of an older schema; migrate a copy")
        with self.transaction(write=True) as connection:
            found = _revision(connection, self.location)  # another program may have been quicker
            if found == schema.HEAD:
                return
            if found is not None:
                self._back_up(connection, found)
            _migrate(connection, found)

    def _revision(self) -> str | None:
        with self.transaction() as connection:
            return _revision(connection, self.location)

    def _back_up(self, connection: sql.Connection, revision: str) -> None:
        """A copy of the tables as they were: a file beside the file, or a schema beside the server's tables."""
        if self.path is None:
            place = f"before_{schema.HEAD}"
            connection.execute(sql.schema.CreateSchema(place, if_not_exists=True))
            for table in sorted(set(sql.inspect(connection).get_table_names()) & set(schema.TABLES.tables)):
                connection.exec_driver_sql(f"DROP TABLE IF EXISTS {place}.{table}")
                connection.exec_driver_sql(f"CREATE TABLE {place}.{table} AS TABLE {table}")
            return
        aside = self.path.with_name(f"{self.path.name}.part")
        try:
            aside.unlink(missing_ok=True)
            with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(aside)) as target:
                source.backup(target)
            aside.replace(self.path.with_name(f"{self.path.name}.schema-{revision}"))
        except (sqlite3.Error, OSError) as error:
            raise CatalogError(
                f"the catalog {self.location} was not migrated: no copy could be made: {error}"
            ) from None


def _revision(connection: sql.Connection, location: str) -> str | None:
    """The last migration that the database has seen; None for one that is empty. CatalogError for anything else."""
    tables = set(sql.inspect(connection).get_table_names())
    if not tables:
        return None
    if not {"meta", "groups", "constructions", "names"} <= tables:
        raise CatalogError(f"{location} is a database of something else, not a catalog")
    found = connection.execute(sql.select(schema.meta.c.value).where(schema.meta.c.key == "schema")).scalar()
    if found is None or not found.isdecimal():
        raise CatalogError(f"{location} is a catalog without a schema number; it is damaged")
    if int(found) > int(schema.HEAD):
        raise CatalogError(f"{location} has schema {found}, newer than {int(schema.HEAD)}; upgrade grouptool")
    return f"{int(found):04}"


_migrating = threading.Lock()  # Alembic's operations belong to the process


def _migrate(connection: sql.Connection, found: str | None) -> None:
    from alembic import command
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", "grouptool.catalog:migrations")
    settings.attributes["connection"] = connection
    with _migrating:
        if found == "0001" and not sql.inspect(connection).has_table("alembic_version"):
            command.stamp(settings, "0001")  # the first catalogs were made without Alembic
        command.upgrade(settings, schema.HEAD)


def _begin_file(connection: sql.Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _begin_server(connection: sql.Connection) -> None:
    if connection.get_execution_options().get("write", False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER})")


def _quoted(path: Path) -> str:
    from urllib.parse import quote

    return quote(str(path.absolute()))


def _forget_after_fork(engine: sql.Engine) -> None:
    """A forked process opens its own connections; those of its parent are the parent's."""
    known = weakref.ref(engine)

    def forget() -> None:
        if (mine := known()) is not None:
            mine.dispose(close=False)

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=forget)
