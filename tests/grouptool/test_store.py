"""The store keeps one record for each isomorphism class, whole, whoever writes at the same time, on both databases."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sql
from catalog_places import damage
from hypothesis import given, settings
from strategies import named, relabelled, small_groups

from grouptool import group
from grouptool.catalog import schema
from grouptool.catalog.facts import FAMILIES, facts
from grouptool.catalog.records import encoded
from grouptool.catalog.store import Catalog
from grouptool.errors import CatalogError, QueryError, UnknownGroupError
from grouptool.structure import find_isomorphism


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
