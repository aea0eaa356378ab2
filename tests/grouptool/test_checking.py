"""What is damaged in a catalog is named, and repaired from what it can be built from."""

from __future__ import annotations

import sqlite3

import pytest
import sqlalchemy as sql
from catalog_places import damage

from grouptool import group
from grouptool.catalog import schema
from grouptool.catalog.database import Database
from grouptool.catalog.records import encoded
from grouptool.catalog.store import Catalog
from grouptool.errors import CatalogError


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
