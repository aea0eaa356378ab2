"""The store keeps one record for each isomorphism class, whole, whoever writes at the same time, on both databases."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sql
from hypothesis import given, settings
from strategies import named, relabelled, small_groups

from grouptool import group
from grouptool.catalog import schema
from grouptool.catalog.database import Database, default_location
from grouptool.catalog.facts import FAMILIES, facts
from grouptool.catalog.records import Construction, encoded
from grouptool.catalog.store import Addition, Catalog
from grouptool.errors import CatalogError, QueryError, UnknownGroupError
from grouptool.structure import find_isomorphism


@pytest.fixture
def empty(location):
    """A new catalog without the shipped library."""
    with Catalog(location, library=False) as catalog:
        yield catalog


def test_a_record_comes_back_as_the_group(location):
    """What was stored builds the same group, and is found by number, name, label, construction and notation."""
    with Catalog(location, library=False) as catalog:
        record = catalog.add(group("SL(2,3)"), name="binary-tetrahedral", note="in H")
        assert record.new
        for key in (record.id, "binary-tetrahedral", "SL(2,3)", "24.3", "Q8 : C3", named("SL(2,3)")):
            assert find_isomorphism(catalog[key].group(), named("SL(2,3)")) is not None
        assert catalog["SL(2,3)"].facts == facts(named("SL(2,3)"))
        assert catalog["24.3"].constructions[0].note == "in H"
        assert "24.3" in catalog
        assert "Q8" not in catalog
        assert "no group" not in catalog
    with Catalog(location) as again:
        assert len(again) == 1  # it was made without the library, and stays so


def test_an_isomorphic_group_adds_a_construction(empty):
    """A5 from a presentation is the A5 that is there; S5 is not."""
    first = empty.add(group("A5"))
    second = empty.add(group("<a, b | a^2, b^3, (a*b)^5>"), name="icosahedral")
    assert (second.id, second.new) == (first.id, False)
    assert [one.spec for one in second.constructions] == ["A5", "<a, b | a^2, b^3, (a*b)^5>"]
    assert empty.add(group("A5")).constructions == second.constructions
    assert empty.add(group("S5")).new
    assert [record.order for record in empty] == [60, 120]


def test_groups_that_share_a_fingerprint_are_kept_apart(empty, monkeypatch):
    """With a fingerprint that says nothing, the isomorphism search still decides; these orders have no labels."""
    monkeypatch.setattr("grouptool.catalog.store.fingerprint", lambda _: "same")
    monkeypatch.setattr("grouptool.catalog.store.small_label", lambda _: None)
    added = [empty.add(group(name)).new for name in ("C2 x D129", "D258", "Dic129", "C2 x D129", "C516")]
    assert added == [True, False, True, False, True]


@settings(max_examples=15)
@given(small_groups())
def test_relabelled_groups_are_recognised(made):
    """Whatever the numbering of the elements; the isomorphism is one."""
    with tempfile.TemporaryDirectory() as folder, Catalog(Path(folder) / "c.sqlite", library=False) as catalog:
        assert catalog.add(made).new
        other, _ = relabelled(made, 1)
        assert not catalog.add(other).new
        record, image = catalog.identify(other)
        target = record.group().table
        assert sorted(image) == list(range(made.order))
        assert np.array_equal(image[other.table], target[np.ix_(image, image)])


ADDER = """if True:
    import sys, grouptool
    from grouptool.catalog.store import Catalog
    with Catalog(sys.argv[1], library=False) as catalog:
        for name in sys.argv[2:]:
            catalog.add(grouptool.group(name))
            print(name, flush=True)"""


def test_eight_writers_lose_nothing_and_repeat_nothing(location):
    """Processes that make the catalog at once and add overlapping groups, with labels and without."""
    lists = [
        ["S3", "Q8", "C6", "D129"],
        ["D3", "C6", "C2 x C3", "A4", "C3 : D43"],
        ["Dic2", "S3", "PSL(2,3)", "C257"],
        ["C6", "Q8", "SL(2,2)", "S6"],
        ["PSL(2,7)", "GL(3,2)", "S6", "D3"],
        ["C257", "D129", "PGL(2,7)", "Q8"],
        ["S6", "PSp(4,2)", "D3", "C6"],
        ["D129", "C6", "Dic2", "A4"],
    ]
    writers = [subprocess.Popen([sys.executable, "-c", ADDER, location, *names]) for names in lists]
    assert [writer.wait() for writer in writers] == [0] * 8
    with Catalog(location) as catalog:
        records = list(catalog)
        assert [record.order for record in records] == [6, 6, 8, 12, 168, 257, 258, 336, 720]
        constructions = [one.spec for record in records for one in record.constructions]
        assert sorted(constructions) == sorted({name for names in lists for name in names})
        assert catalog.check() == []


@pytest.mark.parametrize("wait", [0.05, 0.4, 0.7, 0.9, 1.1])
def test_a_killed_writer_leaves_a_catalog(location, wait):
    """At any moment: what it said that it stored is there, what it had begun is not, and the check finds nothing."""
    names = [f"C{n}" for n in range(2, 60)]
    with subprocess.Popen([sys.executable, "-c", ADDER, location, *names], stdout=subprocess.PIPE, text=True) as writer:
        time.sleep(wait)
        os.kill(writer.pid, signal.SIGKILL)
        said = writer.stdout.read().split("\n")[:-1]
    with Catalog(location, library=False) as catalog:
        assert catalog.check() == []
        stored = [one.spec for record in catalog for one in record.constructions]
        assert stored[: len(said)] == said
        assert len(stored) <= len(said) + 1
        catalog.add(group("S4"))


def test_threads_share_a_catalog(empty):
    """Eight threads add and read; nothing is lost, nothing comes twice."""
    problems = []

    def work(start):
        try:
            for n in range(start, start + 6):
                empty.add(group(f"C{n}"))
                assert empty[f"C{n}"].order == n
                list(empty)
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(start,)) for start in (1, 3, 5, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert [record.order for record in empty] == list(range(1, 13))


def test_a_forked_process_has_its_own_connections(empty):
    """The child reads and writes; the parent goes on."""
    empty.add(group("S3"))
    if (child := os.fork()) == 0:
        try:
            empty.add(group("Q8"))
            os._exit(0 if len(empty) == 2 else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert [record.order for record in empty] == [6, 8]


def test_a_failed_add_leaves_nothing(empty):
    """The name belongs to another group: neither record nor construction is written, of none of several."""
    empty.add(group("S3"), name="mine")
    with pytest.raises(CatalogError, match="belongs to record 1"):
        empty.add(group("Q8"), name="mine")
    assert len(empty) == 1
    with pytest.raises(UnknownGroupError):
        empty["Q8"]


@pytest.mark.parametrize("name", ["group1", "sl11", "x.y-z+1", "binary-tetrahedral"])
def test_names_that_no_family_has(empty, name):
    """A name may look like a family's when there is none."""
    assert empty.add("S3", name=name).names == (name,)
    assert empty[name].order == 6
    assert group(name, catalog=empty.location).order == 6 if "://" not in empty.location else True


def test_the_last_note_counts(empty):
    """A note for a construction that is there replaces the one before; texts that no database holds are refused."""
    empty.add("S3", note="first")
    empty.add("S3")
    assert empty["S3"].constructions[0].note == "first"
    assert empty.add("S3", note="second").constructions[0].note == "second"
    for note in ("a\0b", "\udcff"):
        with pytest.raises(CatalogError, match="cannot be stored"):
            empty.add("S3", note=note)


@pytest.mark.parametrize("key", [[1], None, 1.5, slice(1)])
def test_keys_of_other_types(empty, key):
    """A TypeError, as from any mapping."""
    empty.add("S3")
    with pytest.raises(TypeError, match="found by a text"):
        empty[key]


@pytest.mark.parametrize("name", ["S3", "my.json", "C7", "", "x; DROP TABLE groups", "1", "a" * 65, "é", "a b", "'--"])
def test_names_that_are_no_names(empty, name):
    """Refused, and nothing is stored."""
    with pytest.raises(CatalogError, match="no catalog name"):
        empty.add(group("S3"), name=name)
    assert len(empty) == 0


@pytest.mark.parametrize("key", ["S4", "7", "'; DROP TABLE groups; --", "9" * 40, "", "a\x00b"])
def test_keys_that_are_not_there(empty, key):
    """One line, and the tables survive."""
    empty.add(group("S3"))
    with pytest.raises(UnknownGroupError):
        empty[key]
    assert len(empty) == 1


def test_what_users_added_can_be_removed(empty):
    """One construction, then the rest with the record; then it is as if it had not been there."""
    empty.add(group("S3"), name="triangle")
    empty.add(group("D3"))
    assert [one.spec for one in empty.remove("triangle", construction="S3").constructions] == ["S3", "D3"]
    assert [one.spec for one in empty["triangle"].constructions] == ["D3"]
    with pytest.raises(UnknownGroupError, match="has no construction"):
        empty.remove("triangle", construction="S3")
    empty.remove("triangle")
    assert len(empty) == 0
    assert empty.check() == []
    assert empty.add(group("S3")).new


def test_pages_and_counts(empty):
    """Sorted, cut and counted; what cannot be read is refused."""
    for name in ("S4", "Q8", "C8", "D4", "A4"):
        empty.add(group(name))
    found = empty.find("not abelian", sort="-order,name", limit=2, offset=1)
    assert (found.total, found.unknown) == (4, 0)
    assert [record.name for record in found] == ["A4", "D4"]
    assert empty.count("order = 8") == 3
    with pytest.raises(QueryError, match="2\\^63"):
        empty.find("", limit=10**30)
    for query, sort in (("order = ", "order"), ("colour = 3", "order"), ("simple", "colour")):
        with pytest.raises(QueryError):
            empty.find(query, sort=sort)


# -- what is damaged


def damage(location, statement):
    """Change the tables behind the catalog's back."""
    place = Database(location)
    with place.transaction(write=True) as connection:
        connection.exec_driver_sql(statement)
    place.close()


def test_a_flipped_byte_is_noticed_and_repaired(location):
    """The checksum no longer matches; the group is built again from what the user gave."""
    with Catalog(location, library=False) as catalog:
        before = catalog.add(group("<a, b | a^2, b^3, (a*b)^7, (a^-1*b^-1*a*b)^4>"), name="klein")
    damage(location, """UPDATE groups SET record = replace(record, '"order":168', '"order":169')""")
    with Catalog(location) as catalog:
        with pytest.raises(CatalogError, match=r"record 1 of .* is damaged"):
            catalog["klein"]
        (finding,) = catalog.check(repair=False)
        assert (finding.record, finding.repaired) == (1, None)
        (finding,) = catalog.check()
        assert "checksum" in finding.problem
        assert finding.repaired == "built again from a construction"
        assert catalog.check() == []
        assert catalog["klein"] == before


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE groups SET fingerprint = 'abc' WHERE id = 1", "fingerprint"),
        ("UPDATE groups SET label = '12.4' WHERE id = 1", "the label is 12.4"),
        ("UPDATE groups SET group_order = 13 WHERE id = 1", "order 12, not 13"),
        ("UPDATE facts SET num_classes = 7 WHERE group_id = 1", "index of searches differs"),
        ("DELETE FROM relations WHERE group_id = 2", "index of searches differs"),
    ],
)
def test_what_the_check_repairs(location, statement, problem):
    """Each column, and the index; afterwards nothing is found."""
    with Catalog(location, library=False) as catalog:
        catalog.add(group("A4"))
        catalog.add(group("S6"))
        before = list(catalog)
    damage(location, statement)
    with Catalog(location) as catalog:
        findings = catalog.check()
        assert any(problem in one.problem for one in findings)
        assert all(one.repaired for one in findings)
        assert catalog.check() == []
        assert list(catalog) == before


def test_what_the_check_cannot_repair(location):
    """A record without a construction that can be built, and two records of one group: said, and left alone."""
    with Catalog(location, library=False) as catalog:
        catalog.add(group("S6"))
        catalog.add(group("C257"))
        row = Database(location)
        with row.transaction(write=True) as connection:
            found = connection.execute(sql.select(schema.groups).where(schema.groups.c.id == 1)).one()._asdict()
            connection.execute(sql.insert(schema.groups).values(found | {"id": 3}))
        row.close()
        assert [(one.record, one.repaired) for one in catalog.check()] == [(3, None), (None, "made anew")]
    damage(location, "UPDATE constructions SET spec = 'gone.json' WHERE group_id = 2")
    damage(location, "UPDATE groups SET checksum = 'x' WHERE id = 2")
    with Catalog(location) as catalog:
        assert [(one.record, one.repaired) for one in catalog.check()] == [(2, None), (3, None)]


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


def test_a_damaged_record_does_not_keep_a_catalog_shut(location):
    """An older program's catalog is opened, and repaired, with a damaged record in it; a valid checksum is no fact."""
    with Catalog(location, library=False) as catalog:
        catalog.add("S4")
        catalog.add("Q8", name="unit")
        before = list(catalog)
    damage(location, "UPDATE groups SET facts_version = 0, record = 'x' WHERE id = 1")
    damage(location, "UPDATE meta SET value = 'old' WHERE key = 'index'")
    with Catalog(location) as catalog:
        assert catalog["unit"].order == 8
        assert [one.repaired for one in catalog.check()] == ["built again from a construction", "made anew"]
        assert list(catalog) == before
        columns = encoded(before[0].generators, before[0].facts | {"num_classes": "many"})
        with catalog._database.transaction(write=True) as connection:
            connection.execute(sql.update(schema.groups).where(schema.groups.c.id == 1).values(columns))
        assert "num_classes" in catalog.check()[0].problem
        assert list(catalog) == before


def test_two_families_computed_at_once_are_both_kept(empty, monkeypatch):
    """What another writer stored while a family was computed stays."""
    empty.add("S4")
    number = empty["S4"].id
    forgotten = empty["S4"].facts | {"rank": None, "num_subgroups": None}
    with empty._database.transaction(write=True) as connection:
        columns = encoded(empty["S4"].generators, forgotten)
        connection.execute(sql.update(schema.groups).where(schema.groups.c.id == number).values(columns))
    lattice = FAMILIES["lattice"]

    def meanwhile(made):
        empty.compute(number, "rank")
        return lattice(made)

    monkeypatch.setitem(FAMILIES, "lattice", meanwhile)
    empty.compute(number, "lattice")
    assert (empty[number].facts["rank"], empty[number].facts["num_subgroups"]) == (2, 30)


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


def test_two_table_files_of_one_name(tmp_path, monkeypatch):
    """t.json in two folders are two constructions."""
    for folder, name in (("a", "C4"), ("b", "C2^2")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "t.json").write_text(str(named(name).table.tolist()))
        monkeypatch.chdir(tmp_path / folder)
        with Catalog(tmp_path / "catalog.sqlite", library=False) as catalog:
            assert catalog.add(group("t.json")).new


# -- with the shipped library


def test_the_library_is_in_a_new_catalog(library_file):
    """Every group of order 1 to 255, and named ones; what a user adds of them is a construction."""
    with Catalog(library_file) as catalog:
        assert catalog.count("order <= 255") == 7_012
        assert catalog.count("order > 255") > 50
        record = catalog.add(group("<a, b | a^2, b^3, (a*b)^5>"), name="icosahedral")
        assert (record.label, record.new, record.shipped) == ("60.5", False, "60.5")
        assert [one.label for one in catalog.find("added")] == ["60.5"]
        with pytest.raises(CatalogError, match="shipped library"):
            catalog.remove("60.4")
        catalog.remove("icosahedral")
        assert (catalog.count("added"), catalog["60.5"].names) == (0, ())


def test_damage_to_a_shipped_record_is_repaired_from_the_library(library_file):
    """A flipped byte, also under a checksum that was made to match."""
    from grouptool.catalog.records import digest

    with Catalog(library_file) as catalog:
        before = catalog["64.134"]
    with sqlite3.connect(library_file) as connection:
        (text,) = connection.execute("SELECT record FROM groups WHERE label = '64.134'").fetchone()
        changed = text.replace('"nilpotent":true', '"nilpotent":false')
        connection.execute(
            "UPDATE groups SET record = ?, checksum = ? WHERE label = '64.134'", (changed, digest(changed))
        )
        connection.execute("UPDATE groups SET record = substr(record, 1, 50) WHERE label = '32.6'")
        bytes_of_no_text = "cast(x'7bff' || substr(cast(record AS blob), 3) AS text)"
        connection.execute(f"UPDATE groups SET record = {bytes_of_no_text} WHERE label = '24.12'")
    connection.close()
    with Catalog(library_file) as catalog:
        findings = catalog.check()
        assert {one.record for one in findings if one.record} == {before.id, catalog["32.6"].id, catalog["24.12"].id}
        assert all(one.repaired for one in findings)
        assert catalog.check() == []
        assert catalog["64.134"] == before


def test_a_fact_that_the_library_leaves_open_may_be_computed(library_file):
    """It is kept, found by searches, and no damage; a fact that the library knows otherwise is."""
    with Catalog(library_file) as catalog:
        record = catalog.find("order > 255 and unknown num_subgroups and order < 20161")[0]
        facts = record.facts | {"num_subgroups": 12}
        columns = encoded(record.generators, facts, record.synonyms)
        with catalog._database.transaction(write=True) as connection:
            connection.execute(sql.update(schema.groups).where(schema.groups.c.id == record.id).values(columns))
            catalog._index(connection, record.id)
        assert catalog.check() == []
        assert catalog[record.id].facts["num_subgroups"] == 12
        columns = encoded(record.generators, facts | {"order": 12}, record.synonyms)
        with catalog._database.transaction(write=True) as connection:
            connection.execute(sql.update(schema.groups).where(schema.groups.c.id == record.id).values(columns))
        assert {one.record for one in catalog.check()} >= {record.id}
        assert catalog[record.id] == record


def test_a_new_library_takes_the_user_s_groups_along(library_file, monkeypatch):
    """When the shipped data change, a user's group that they now hold becomes theirs, with all that was added."""
    with Catalog(library_file) as catalog:
        catalog.add(group("<a, b | a^2, b^3, (a*b)^5>"), name="icosahedral")
        mine = catalog.add(group("C257"), name="prime")
    damage(library_file, "DELETE FROM groups WHERE label = '255.1'")
    damage(library_file, "UPDATE meta SET value = 'old' WHERE key = 'library'")
    with Catalog(library_file) as catalog:
        assert catalog["255.1"].shipped == "255.1"
        assert catalog["icosahedral"].label == "60.5"
        assert catalog["prime"] == mine
        assert catalog.check() == []


def test_a_digest_is_no_proof(location, monkeypatch):
    """Above the library's orders a type that looks alike is looked at: an isomorphism decides."""
    from grouptool.catalog import search
    from grouptool.catalog.types import type_key

    with Catalog(location, library=False) as catalog:
        catalog.add(group("D258"))
        assert catalog.count("contains D258") == 1
        monkeypatch.setattr(search, "type_key", lambda _: type_key(named("D258")))
        assert catalog.count("contains Dic129") == 0


def test_a_password_in_the_database_s_own_words_is_covered(tmp_path):
    """Whatever a driver says."""
    place = Database(tmp_path / "c.sqlite")
    place._password = "hunter2"
    with pytest.raises(CatalogError, match=r"near \"\*\*\*\"") as refusal, place.transaction() as connection:
        connection.exec_driver_sql("hunter2")
    assert "hunter2" not in str(refusal.value)
    place.close()
