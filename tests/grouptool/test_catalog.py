"""The catalog keeps one record for each isomorphism class, whole, whoever writes at the same time."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from strategies import named, relabelled, small_groups

from grouptool import group
from grouptool.catalog import facts as facts_module
from grouptool.catalog.record import describe
from grouptool.catalog.store import Catalog, default_location
from grouptool.errors import BudgetSpentError, CatalogError, TooLargeError, UnknownGroupError
from grouptool.structure import find_isomorphism


@pytest.fixture
def location(tmp_path):
    """A catalog file in a folder that does not exist yet."""
    return tmp_path / "new" / "catalog.sqlite"


def test_a_record_comes_back_as_the_group(location):
    """What was stored builds the same group, and is found by number, name and construction."""
    with Catalog(location) as catalog:
        record = catalog.add(group("SL(2,3)"), name="binary-tetrahedral")
        assert record.new
        for key in (record.id, "binary-tetrahedral", "SL(2,3)"):
            assert find_isomorphism(catalog[key].group(), named("SL(2,3)")) is not None
        assert catalog["SL(2,3)"].facts == describe(named("SL(2,3)"))
    with Catalog(location) as again:
        assert len(again) == 1


@pytest.mark.parametrize(
    ("name", "simple", "supersolvable"), [("A5", True, False), ("D9", False, True), ("S4", False, False)]
)
def test_too_many_normal_subgroups_leave_the_rest(name, simple, supersolvable, monkeypatch):
    """Simple and supersolvable are read off a chief series, so only the number of normal subgroups is open."""

    def many(*_):
        raise BudgetSpentError("too many")

    monkeypatch.setattr(facts_module, "normal_subgroups", many)
    facts = describe(named(name))
    assert facts["num_normal_subgroups"] is None
    assert (facts["simple"], facts["supersolvable"]) == (simple, supersolvable)


@pytest.mark.parametrize("name", ["C1", "C2", "S4", "Q16", "D400", "A5 x C2", "C7:C3", "24.3", "C3^4", "SO(3,5)"])
@pytest.mark.parametrize("kernels", ["plain", "compiled"])
def test_a_group_that_came_otherwise_gets_a_presentation(name, kernels, monkeypatch):
    """Its letters are the generators in order, its relators hold for them, and it defines a group of the same order."""
    monkeypatch.setenv("GROUPTOOL_KERNELS", kernels)
    made = group(name)
    text = describe(made)["presentation"]
    found = group(text)
    letters = [made.generators[letter] for letter in range(len(made.generators))] or [0]
    assert found.order == made.order
    assert len(found.generators) == len(letters)
    image = [0] * found.order  # words in the letters, read in the group that it came from
    for x in range(found.order):
        for letter in found.word(x):
            image[x] = int(made.table[image[x], letters[letter]])
    assert sorted(image) == list(range(made.order))
    for x in range(found.order):
        for g, letter in zip(found.generators, letters, strict=True):
            assert image[found.table[x, g]] == made.table[image[x], letter]


def test_which_presentations_are_left_alone():
    """One's own stays as it was written; too many generators, or elements, are not computed."""
    assert describe(group("<x, y | x^2, y^2, (x*y)^3, x^4>"))["presentation"] == "<x, y | x^2, y^2, (x*y)^3, x^4>"
    assert describe(group("C2^5"))["presentation"] is None
    assert describe(group("D501"))["presentation"] is None


def test_an_isomorphic_group_adds_a_construction(location):
    """A5 from a presentation is the A5 that is there; S5 is not."""
    with Catalog(location) as catalog:
        first = catalog.add(group("A5"))
        second = catalog.add(group("<a, b | a^2, b^3, (a*b)^5>"), name="icosahedral")
        assert (second.id, second.new) == (first.id, False)
        assert second.constructions == ("A5", "<a, b | a^2, b^3, (a*b)^5>")
        assert catalog.add(group("A5")).constructions == second.constructions
        assert catalog.add(group("S5")).new
        assert [record.facts["order"] for record in catalog] == [60, 120]


def test_groups_that_share_a_fingerprint_are_kept_apart(location, monkeypatch):
    """With a fingerprint that says nothing, the isomorphism search still decides."""
    monkeypatch.setattr("grouptool.catalog.store.fingerprint", lambda _: "same")
    with Catalog(location) as catalog:
        assert [catalog.add(group(name)).new for name in ("D4", "Q8", "Dic2", "C8")] == [True, True, False, True]


@settings(max_examples=20)
@given(small_groups())
def test_relabelled_groups_are_recognised(made):
    """Whatever the numbering of the elements."""
    with tempfile.TemporaryDirectory() as folder, Catalog(Path(folder) / "catalog.sqlite") as catalog:
        assert catalog.add(made).new
        other, _ = relabelled(made, 1)
        assert not catalog.add(other).new


def test_several_writers_lose_nothing_and_repeat_nothing(location):
    """Four processes add overlapping groups, some under different names of one group."""
    lists = [
        ["S3", "Q8", "C6", "D3"],
        ["D3", "C6", "C2 x C3", "A4"],
        ["Dic2", "S3", "PSL(2,3)"],
        ["C6", "Q8", "SL(2,2)"],
    ]
    program = """if True:
        import sys, grouptool
        from grouptool.catalog.store import Catalog
        with Catalog(sys.argv[1]) as catalog:
            for name in sys.argv[2:]:
                catalog.add(grouptool.group(name))"""
    writers = [subprocess.Popen([sys.executable, "-c", program, location, *names]) for names in lists]
    assert [writer.wait() for writer in writers] == [0] * 4
    with Catalog(location) as catalog:
        records = list(catalog)
        assert [record.facts["order"] for record in records] == [6, 6, 8, 12]
        constructions = {name for record in records for name in record.constructions}
        assert constructions == {"S3", "D3", "SL(2,2)", "C6", "C2 x C3", "Q8", "Dic2", "A4", "PSL(2,3)"}


def test_a_failed_add_leaves_nothing(location):
    """The name belongs to another group: neither record nor construction is written."""
    with Catalog(location) as catalog:
        catalog.add(group("S3"), name="mine")
        with pytest.raises(CatalogError, match="belongs to record 1"):
            catalog.add(group("Q8"), name="mine")
        assert len(catalog) == 1
        with pytest.raises(UnknownGroupError):
            catalog["Q8"]


@pytest.mark.parametrize("name", ["S3", "my.json", "C7", "", "x; DROP TABLE groups", "1", "a" * 65, "é", "a b", "'--"])
def test_names_that_are_no_names(location, name):
    """Refused, and nothing is stored."""
    with Catalog(location) as catalog:
        with pytest.raises(CatalogError, match="no catalog name"):
            catalog.add(group("S3"), name=name)
        assert len(catalog) == 0


@pytest.mark.parametrize("key", ["S4", "7", "'; DROP TABLE groups; --", "9" * 40, ""])
def test_keys_that_are_not_there(location, key):
    """One line, and the tables survive."""
    with Catalog(location) as catalog:
        catalog.add(group("S3"))
        with pytest.raises(UnknownGroupError, match="catalog list"):
            catalog[key]
        assert len(catalog) == 1


def test_a_flipped_byte_is_noticed(location):
    """The checksum of the record no longer matches."""
    with Catalog(location) as catalog:
        catalog.add(group("S3"))
    with sqlite3.connect(location) as connection:
        connection.execute("""UPDATE groups SET record = replace(record, '"order":6', '"order":7')""")
    connection.close()
    with Catalog(location) as catalog, pytest.raises(CatalogError, match=r"record 1 of .* is damaged"):
        catalog["S3"]


def test_a_newer_schema_is_refused(location):
    """An old program must not write into it."""
    Catalog(location).close()
    with sqlite3.connect(location) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    connection.close()
    with pytest.raises(CatalogError, match="newer"):
        Catalog(location)


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


def test_odd_places(tmp_path, monkeypatch):
    """A question mark is part of a file name; an address is refused, and leaves nothing behind."""
    monkeypatch.chdir(tmp_path)
    Catalog("a?b.sqlite").close()
    assert (tmp_path / "a?b.sqlite").is_file()
    with pytest.raises(CatalogError, match="postgresql://"):
        Catalog("postgresql://user:secret@host/db")
    assert {place.name.split("-")[0] for place in tmp_path.iterdir()} == {"a?b.sqlite"}


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
    Catalog(tmp_path / "mine.sqlite").close()
    with sqlite3.connect(tmp_path / "mine.sqlite") as connection:
        connection.execute("UPDATE meta SET value = 'abc'")
    connection.close()
    with pytest.raises(CatalogError, match="damaged"):
        Catalog(tmp_path / "mine.sqlite")


def test_two_table_files_of_one_name(tmp_path, monkeypatch):
    """t.json in two folders are two constructions."""
    for folder, name in (("a", "C4"), ("b", "C2^2")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "t.json").write_text(str(named(name).table.tolist()))
        monkeypatch.chdir(tmp_path / folder)
        with Catalog(tmp_path / "catalog.sqlite") as catalog:
            assert catalog.add(group("t.json")).new


def test_what_is_past_its_bounds_is_unknown(monkeypatch):
    """A character table past its bound: None, not a refusal of everything else."""

    def large(*_):
        raise TooLargeError("too large")

    monkeypatch.setattr(facts_module, "character_table", large)
    facts = describe(group("C613"))
    assert facts["irrep_degrees"] is None
    assert (facts["num_subgroups"], facts["automorphism_order"]) == (2, 612)
