"""The catalog's commands: what they print, what they refuse, and what they leave behind."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from grouptool import group
from grouptool.catalog.store import Catalog


@pytest.fixture
def shipped(library_file, monkeypatch):
    """The commands' catalog has the shipped library."""
    monkeypatch.setenv("GROUPTOOL_CATALOG", str(library_file))
    return library_file


@pytest.fixture
def mine():
    """The commands' catalog, which is empty."""
    return os.environ["GROUPTOOL_CATALOG"]


def answer(call, *arguments):
    """What a command prints as json."""
    code, out, err = call(*arguments, "--format", "json")
    assert code == 0, err
    return json.loads(out)


def test_a_search_from_question_to_page(call, shipped):
    """Sorted, cut, counted; the note below says how many there are."""
    code, out, err = call("catalog", "search", "order = 60 and not abelian", "--sort=-num_classes", "--limit", "3")
    assert (code, err) == (0, "11 groups; page 1 of 4\n")
    assert len(out.splitlines()) == 5
    rows = answer(call, "catalog", "search", "order = 60", "and", "simple", "--fields", "label,name,irrep_degrees")
    assert rows == [{"label": "60.5", "name": "A5", "irrep_degrees": [1, 3, 3, 4, 5]}]
    assert answer(call, "catalog", "search", "order = 64", "--count") == {"total": 267, "unknown": 0}
    second = answer(call, "catalog", "list", "--limit", "2", "--page", "3", "--fields", "label")
    assert second == [{"label": "4.2"}, {"label": "5.1"}]


def test_the_examples_of_the_issue(call, shipped):
    """Each finds what a look at the groups finds."""
    found = answer(
        call, "catalog", "search", "order in 100..200 and nilpotent and class = 3", "--fields", "nilpotency_class,order"
    )
    assert {row["nilpotency_class"] for row in found} == {3}
    assert {row["order"] for row in found} <= set(range(100, 201))
    contains = {row["label"] for row in answer(call, "catalog", "search", "contains A5 and order <= 255")}
    assert contains == {"60.5", "120.34", "120.35", "180.19", "240.91", "240.92", "240.189", "240.190"}  # GAP says
    faithful = answer(call, "catalog", "search", "irrep degree 4 faithful and order = 120", "--fields", "name")
    assert {"name": "S5"} in faithful
    assert {row["name"][:2] for row in answer(call, "catalog", "search", 'name ~ "C7*" and order < 40')} >= {"C7"}
    assert answer(call, "catalog", "search", "quotient S3 and order = 12", "--count")["total"] == 2  # D6, Dic3


def test_adding_showing_removing(call, shipped):
    """A construction of a shipped group comes, is shown with its note, and goes."""
    added = answer(call, "catalog", "add", "<a,b | a^2, b^3, (a*b)^5>", "--name", "icos", "--note", "von Dyck")
    assert (added["new"], added["label"], added["names"]) == (False, "60.5", ["icos"])
    shown = answer(call, "catalog", "show", "icos")
    assert shown["constructions"] == ["<a, b | a^2, b^3, (a*b)^5>"]
    assert shown["notes"] == {"<a, b | a^2, b^3, (a*b)^5>": "von Dyck"}
    assert (shown["irrep_degrees"], shown["class_sizes"]) == ([1, 3, 3, 4, 5], [1, 15, 20, 12, 12])
    assert answer(call, "show", "icos")["order"] == 60
    assert [row["label"] for row in answer(call, "catalog", "list", "--mine")] == ["60.5"]
    removed = answer(call, "catalog", "remove", "icos")
    assert removed["record_stays"] is True
    assert answer(call, "catalog", "list", "--mine") == []


def test_what_is_computed_is_kept(call, mine):
    """The second time it is there; it is the same as the command of its own prints."""
    call("catalog", "add", "S4")
    for what in ("subgroups", "characters", "irreps"):
        assert [row["state"] for row in answer(call, "catalog", "compute", what)] == ["computed"]
        assert [row["state"] for row in answer(call, "catalog", "compute", what, "S4")] == ["kept"]
        with Catalog(mine) as catalog:
            rebuilt = catalog["S4"].group()
            kept = catalog.compute("S4", what).value
        assert kept == answer(call, what, rebuilt.name)


def test_a_new_version_computes_again(call, mine, monkeypatch):
    """The key holds the version of the code and the group's generators."""
    from grouptool.catalog import kept

    with Catalog(mine) as catalog:
        catalog.add(group("S3"))
        assert not catalog.compute("S3", "characters").was_kept
        assert catalog.compute("S3", "characters").was_kept
        monkeypatch.setitem(kept.KINDS, "characters", kept.Kind(2, lambda _: ["new"]))
        assert catalog.compute("S3", "characters").value == ["new"]
        assert catalog.compute("S3", "characters").was_kept


def test_a_group_out_of_reach_leaves_the_others(call, shipped):
    """It is unknown, with the reason, and exit code 4 says that something is."""
    code, out, _ = call("catalog", "compute", "characters", "name = A5 or name = M12", "--format", "json")
    states = [row["state"] for row in json.loads(out)]
    assert (code, states[0]) == (4, "computed")
    assert states[1].startswith("unknown: ")
    assert "20,160" in states[1]


def test_a_round_trip_through_files(call, mine, tmp_path):
    """Groups, names, notes and constructions come back, from each form that can be read."""
    call("catalog", "add", "S4", "--name", "cube", "--note", "rotations")
    call("catalog", "add", "PGL(2,3)")
    call("catalog", "add", "C257")
    for ending, target in (("jsonl", "jsonl"), ("csv", "csv"), ("g", "gap"), ("txt", "notation")):
        out = tmp_path / f"mine.{ending}"
        assert call("catalog", "export", "--to", target, "--out", str(out))[0] == 0
        other = str(tmp_path / f"{ending}.sqlite")
        Catalog(other, library=False).close()
        rows = answer(call, "catalog", "import", str(out), "--catalog", other)
        assert [(row["new"], row["order"]) for row in rows] == [(True, 24), (True, 257)]
        listed = answer(call, "catalog", "list", "--catalog", other)
        assert [row["order"] for row in listed] == [24, 257]
        if ending == "jsonl":
            assert listed[0]["names"] == ["cube"]
            assert listed[0]["constructions"] == ["S4", "PGL(2,3)"]
            assert answer(call, "catalog", "show", "cube", "--catalog", other)["notes"] == {"S4": "rotations"}


def test_an_import_is_all_or_nothing(call, mine, tmp_path):
    """The third line is refused, by its place; a dry run stores nothing."""
    listed = tmp_path / "list.txt"
    listed.write_text("S3\nQ8  # quaternions\nS3x\n")
    code, out, err = call("catalog", "import", str(listed))
    assert (code, out) == (1, "")
    assert "list.txt:3" in err
    assert answer(call, "catalog", "list") == []
    listed.write_text("S3\nQ8  # quaternions\n")
    assert len(answer(call, "catalog", "import", str(listed), "--dry-run")) == 2
    assert answer(call, "catalog", "list") == []
    call("catalog", "import", str(listed))
    assert answer(call, "catalog", "show", "Q8")["notes"] == {"Q8": "quaternions"}


def test_what_a_file_says_falsely_is_refused(call, mine, tmp_path):
    """A construction of another group, under a checksum that matches."""
    from grouptool.catalog.formats import Portable, write_records

    lie = Portable(generators=((1, 0),), name="C2", constructions=("A5",))
    (tmp_path / "lie.jsonl").write_text("".join(f"{line}\n" for line in write_records([lie])))
    code, _, err = call("catalog", "import", "lie.jsonl")
    assert code == 1
    assert "A5 is no construction" in err
    lie = Portable(generators=((1, 0),), name="C2", label="60.5")
    (tmp_path / "lie.jsonl").write_text("".join(f"{line}\n" for line in write_records([lie])))
    assert "not 60.5" in call("catalog", "import", "lie.jsonl")[2]


def test_tables_for_other_programs(call, mine, tmp_path):
    """npz files that are read back as what they were."""
    from grouptool.catalog.formats import read_irreps, read_table

    call("catalog", "add", "SL(2,3)")
    assert call("catalog", "export", "24.3", "--to", "npz", "--out", str(tmp_path / "tables"))[0] == 0
    assert read_table(tmp_path / "tables" / "24.3.characters.npz").degrees.tolist() == [1, 1, 1, 2, 2, 2, 3]
    assert len(read_irreps(tmp_path / "tables" / "24.3.irreps.npz")) == 7


def test_a_check_says_what_it_repaired(call, mine):
    """Exit code 0 when all is well or was repaired, 3 when something is left."""
    import sqlite3

    call("catalog", "add", "A4")
    assert call("catalog", "check")[1] == "1 records; 0 findings, 0 not repaired\n"
    with sqlite3.connect(mine) as connection:
        connection.execute("UPDATE groups SET record = 'x'")
    connection.close()
    assert call("catalog", "check", "--no-repair")[0] == 3
    code, out, _ = call("catalog", "check", "--format", "json")
    assert (code, json.loads(out)[0]["repaired"]) == (0, "built again from a construction")
    assert call("catalog", "show", "A4")[0] == 0


def test_the_catalog_about_itself(call, shipped):
    """Where it is, its fields with how many are known, and its language."""
    about = answer(call, "catalog", "info")
    assert about["location"] == str(shipped)
    assert (about["schema"], about["added"]) == (2, 0)
    assert about["groups"] == about["shipped"] > 7_012
    fields = {row["field"]: row for row in answer(call, "catalog", "info", "--fields")}
    assert fields["num_classes"]["known"] >= 7_012
    assert fields["order"]["known"] == about["groups"]
    language = call("catalog", "info", "--language")[1]
    assert "contains A5" in language


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["search", "colour = 3"], 1, "colour"),
        (["search", "order ="], 1, "order ="),
        (["search", "simple", "--sort", "colour"], 1, "sort"),
        (["search", "simple", "--fields", "colour"], 2, "no field 'colour'"),
        (["search", "contains nobody"], 1, "nobody"),
        (["search", "'; DROP TABLE groups; --"], 1, "'"),
        (["show", "nothing"], 1, "no record"),
        (["show", "C2 x C2"], 1, "isomorphic"),
        (["remove", "nothing"], 1, "no record"),
        (["compute", "nonsense"], 1, "nonsense"),
        (["export", "--to", "npz"], 2, "--out"),
        (["export", "--out", "missing/x.jsonl"], 1, "no folder"),
        (["import", "missing.jsonl"], 1, "missing.jsonl"),
        (["import", "x.doc"], 1, ".jsonl"),
        (["list", "--catalog", "mysql://me:secret@host/db"], 1, "mysql://"),
        (["list", "--catalog", "."], 2, "is a directory"),
        (["add", "S3", "--name", "bad name"], 1, "no catalog name"),
    ],
)
def test_refusals(call, mine, arguments, code, message):
    """One line, the documented exit code, no traceback, no password."""
    got, _, err = call("catalog", *arguments)
    assert got == code
    assert message in err
    assert "Traceback" not in err
    assert "secret" not in err
    if code == 1:
        assert err.count("\n") == 1


def test_gap_text_is_gap_s(call, mine):
    """What GAP would read, one assignment a group."""
    call("catalog", "add", "S3")
    call("catalog", "add", "Q8")
    text = call("catalog", "export", "--to", "gap")[1]
    assert text.count(":= Group(") == 2
    assert "G1 :=" in text
    assert "G2 :=" in text


def test_the_commands_need_no_torch(call, mine):
    """Nor the browser's, nor verify's packages."""
    program = (
        "import sys; from grouptool.cli.main import run\n"
        "try: run(['catalog', 'list'])\n"
        "except SystemExit: print([m for m in ('torch', 'matplotlib', 'networkx', 'alembic') if m in sys.modules])"
    )
    import sys

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
