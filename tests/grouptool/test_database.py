"""Where a catalog may be, what is refused there, and how older catalogs become new ones."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import tempfile
from pathlib import Path

import pytest
import sqlalchemy as sql
from catalog_places import damage
from strategies import named

from grouptool import group
from grouptool.catalog import schema
from grouptool.catalog.database import Database, default_location
from grouptool.catalog.records import Construction
from grouptool.catalog.store import Addition, Catalog
from grouptool.errors import CatalogError

# -- schemas


def old_catalog(place):
    """A catalog as the first version made it: its tables by hand, one group, one name."""
    with sqlite3.connect(place) as connection:
        connection.executescript(OLD_TABLES)
        record = {"facts": {"order": 24, "label": "24.12", "name": "S4"}, "generators": [[1, 2, 3, 0], [1, 0, 2, 3]]}
        text = json.dumps(record, sort_keys=True, separators=(",", ":"))
        from grouptool.catalog.records import digest
        from grouptool.structure import fingerprint

        row = (1, 24, fingerprint(named("S4")), text, digest(text))
        connection.execute("INSERT INTO groups VALUES (?, ?, ?, ?, ?)", row)
        connection.execute("INSERT INTO constructions VALUES (1, 1, 'S4')")
        connection.execute("INSERT INTO names VALUES ('cube', 1)")
    connection.close()


OLD_TABLES = """
CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR);
CREATE TABLE groups (id INTEGER PRIMARY KEY, group_order INTEGER NOT NULL, fingerprint VARCHAR NOT NULL,
    record TEXT NOT NULL, checksum VARCHAR NOT NULL);
CREATE TABLE constructions (id INTEGER PRIMARY KEY, group_id INTEGER NOT NULL REFERENCES groups (id),
    spec TEXT NOT NULL UNIQUE);
CREATE TABLE names (name VARCHAR PRIMARY KEY, group_id INTEGER NOT NULL REFERENCES groups (id));
INSERT INTO meta VALUES ('schema', '1');
"""


def test_an_older_schema_is_migrated_after_a_copy(tmp_path):
    """Facts are computed anew, the library comes in, names and constructions stay; the copy is as it was."""
    place = tmp_path / "old.sqlite"
    old_catalog(place)
    with Catalog(place) as catalog:
        record = catalog["cube"]
        assert (record.label, record.shipped, record.constructions[0].spec) == ("24.12", "24.12", "S4")
        assert record.facts["num_subgroups"] == 30
        assert len(catalog) > 7_000
        assert catalog.find("order = 24").total == 15
        assert catalog.check() == []
    with sqlite3.connect(tmp_path / "old.sqlite.schema-0001") as copy:
        assert copy.execute("SELECT value FROM meta").fetchall() == [("1",)]
        assert copy.execute("SELECT spec FROM constructions").fetchall() == [("S4",)]
    copy.close()


def test_an_older_schema_on_a_server(database):
    """The copy is a schema beside the tables."""
    place = Database(database)
    with place.transaction(write=True) as connection:
        schema.TABLES.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE alembic_version")
        for statement in OLD_TABLES.replace("id INTEGER PRIMARY", "id SERIAL PRIMARY").strip().split(";\n"):
            connection.exec_driver_sql(statement)
    place.close()
    with Catalog(database, library=False) as catalog:
        assert catalog.add(group("S3")).new
    place = Database(database)
    with place.transaction() as connection:
        assert connection.exec_driver_sql("SELECT value FROM before_0002.meta").all() == [("1",)]
    place.close()


def test_a_migration_that_fails_changes_nothing(tmp_path, monkeypatch):
    """The old catalog is there, as it was, and can be opened later."""
    place = tmp_path / "old.sqlite"
    old_catalog(place)
    monkeypatch.setattr(database_module(), "_migrate", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        Catalog(place)
    monkeypatch.undo()
    with sqlite3.connect(place) as connection:
        assert connection.execute("SELECT value FROM meta").fetchall() == [("1",)]
    connection.close()
    with Catalog(place, library=False) as catalog:
        assert catalog["cube"].facts["num_subgroups"] == 30


def database_module():
    """The module, whose name the fixture ``database`` has."""
    return sys.modules["grouptool.catalog.database"]


def test_the_last_migration_is_the_schema():
    """HEAD is Alembic's head, and the migrated tables are those that the code describes."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    settings = Config()
    settings.set_main_option("script_location", "grouptool.catalog:migrations")
    assert ScriptDirectory.from_config(settings).get_current_head() == schema.HEAD


def test_the_migrated_tables_are_those_of_the_code(location):
    """Alembic's own comparison finds nothing to change."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    place = Database(location)
    with place.transaction() as connection:
        changes = compare_metadata(MigrationContext.configure(connection), schema.TABLES)
    place.close()
    assert [change for change in changes if change[0] != "remove_table"] == []


def test_a_newer_schema_is_refused(location):
    """An old program must not write into it."""
    Catalog(location, library=False).close()
    damage(location, "UPDATE meta SET value = '99' WHERE key = 'schema'")
    with pytest.raises(CatalogError, match="newer"):
        Catalog(location)


def test_facts_of_an_older_program_are_computed_again(location):
    """On opening, from the generators."""
    with Catalog(location, library=False) as catalog:
        before = catalog.add(group("PSL(2,11)"))
    damage(location, "UPDATE groups SET facts_version = 0")
    damage(location, "UPDATE facts SET num_classes = NULL")
    with Catalog(location) as catalog:
        assert catalog["PSL(2,11)"] == before
        assert catalog.find("num_classes = 8").total == 1


# -- places


def test_files_that_are_no_catalogs(tmp_path):
    """A text file, a folder, and a path below a file."""
    text = tmp_path / "notes.txt"
    text.write_text("not a database, but long enough to look at " * 50)
    for place in (text, tmp_path, text / "catalog.sqlite"):
        with pytest.raises(CatalogError):
            Catalog(place)
    assert text.read_text().startswith("not a database")


def test_the_default_location(monkeypatch, tmp_path):
    """The environment variable wins; else the user's data folder."""
    monkeypatch.setenv("GROUPTOOL_CATALOG", str(tmp_path / "mine.sqlite"))
    assert default_location() == str(tmp_path / "mine.sqlite")
    monkeypatch.delenv("GROUPTOOL_CATALOG")
    assert default_location().endswith(os.path.join("grouptool", "catalog.sqlite"))


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("mysql://user:secret@host/db", "mysql:// is no catalog"),
        ("postgresql://user:se@cret@host/db", "cannot be read"),
        ("postgresql://user:secret@host:port/db", "cannot be read"),
        ("postgresql://user:secret@127.0.0.1:1/db", "cannot be used"),
        ("postgresql://127.0.0.1:1/db?user=me&password=secret", "cannot be used"),
        ("sqlite://", "in memory"),
        ("user:secret@host/db", "without its kind"),
        ("missing/folder/catalog.sqlite", "no folder missing/folder"),
    ],
)
def test_addresses_that_are_no_catalogs(address, problem):
    """One line, in which no password stands."""
    with pytest.raises(CatalogError, match=problem) as refusal:
        Catalog(address)
    assert "cret" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_wrong_password_is_not_printed(postgres_server):
    """The server says which user it refuses, and we do not say with what."""
    address = sql.make_url(postgres_server).set(password="wrong-secret").render_as_string(hide_password=False)
    with pytest.raises(CatalogError, match="password authentication failed") as refusal:
        Catalog(address)
    assert "wrong-secret" not in str(refusal.value)


def test_odd_places(tmp_path, monkeypatch):
    """A question mark is part of a file name; an sqlite address is a path."""
    monkeypatch.chdir(tmp_path)
    Catalog("a?b.sqlite", library=False).close()
    Catalog(f"sqlite:///{tmp_path}/c d.sqlite", library=False).close()
    assert {place.name.split("-")[0] for place in tmp_path.iterdir()} == {"a?b.sqlite", "c d.sqlite"}


def test_another_program_s_database_is_left_alone(tmp_path):
    """Refused, and no table is added; a catalog with a broken schema number too."""
    place = tmp_path / "notes.sqlite"
    with sqlite3.connect(place) as connection:
        connection.execute("CREATE TABLE notes (text)")
    connection.close()
    with pytest.raises(CatalogError, match="something else"):
        Catalog(place)
    with sqlite3.connect(place) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("notes",)]
    connection.close()
    Catalog(tmp_path / "mine.sqlite", library=False).close()
    damage(tmp_path / "mine.sqlite", "UPDATE meta SET value = 'abc' WHERE key = 'schema'")
    with pytest.raises(CatalogError, match="damaged"):
        Catalog(tmp_path / "mine.sqlite")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody without rights")
def test_a_catalog_on_a_read_only_disk_can_be_searched():
    """Nothing is stored, and one line says why."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "catalog.sqlite"
        with Catalog(place, library=False) as catalog:
            catalog.add(group("S3"))
            assert catalog.count("order = 6") == 1
        os.chmod(place, 0o444)
        os.chmod(folder, 0o555)
        reader, writer = os.pipe()
        if (child := os.fork()) == 0:
            try:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
                with Catalog(place) as catalog:
                    said = f"{catalog['S3'].order} {catalog.count('order = 6')} "
                    try:
                        catalog.add(group("Q8"))
                    except CatalogError as error:
                        said += str(error)
                os.write(writer, said.encode())
            finally:
                os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as answer:
            said = answer.read()
        os.waitpid(child, 0)
        os.chmod(folder, 0o755)
    assert said == f"6 1 the catalog {place} is read-only: nothing can be stored in it"


def test_a_full_disk_is_one_line(tmp_path):
    """Nothing is lost of what was there."""
    with Catalog(tmp_path / "c.sqlite", library=False) as catalog:
        catalog.add(group("S3"))

        @sql.event.listens_for(catalog._database.engine, "connect")
        def small(connection, _):
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages}")

        catalog._database.engine.dispose()
        with pytest.raises(CatalogError, match="disk is full") as refusal:
            catalog.add_all([Addition(group(f"C{n}"), (Construction(f"C{n}"),)) for n in range(2, 200)])
        assert "\n" not in str(refusal.value)
    with Catalog(tmp_path / "c.sqlite") as catalog:
        assert catalog["S3"].order == 6
        assert catalog.check() == []


def test_a_password_in_the_database_s_own_words_is_covered(tmp_path):
    """Whatever a driver says."""
    place = Database(tmp_path / "c.sqlite")
    place._password = "hunter2"
    with pytest.raises(CatalogError, match=r"near \"\*\*\*\"") as refusal, place.transaction() as connection:
        connection.exec_driver_sql("hunter2")
    assert "hunter2" not in str(refusal.value)
    place.close()
