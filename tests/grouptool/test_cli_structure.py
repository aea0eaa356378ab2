"""The commands about structure: what they print is what the library knows, in three formats."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from strategies import named

from grouptool import group
from grouptool.notation import parse
from grouptool.structure import find_isomorphism


def ask(call, *arguments, code=0):
    """The json answer of a command."""
    got, out, err = call(*arguments, "--format", "json")
    assert (got, err) == (code, "")
    return json.loads(out)


def test_elements_are_listed_with_words_that_multiply_to_them(call):
    """Word, inverse, order and class of every element of S4."""
    rows = ask(call, "elements", "S4")
    made = named("S4")
    letters = dict(zip("ab", made.generators_as_elements, strict=True))
    for row in rows:
        product = made.identity
        for letter in row["word"].split("*") if row["word"] != "1" else []:
            product = product * letters[letter]
        assert product.index == row["index"]
        assert product.order == row["order"]
        assert (product**-1).index == row["inverse"]
    assert len(rows) == 24
    assert [row["order"] for row in ask(call, "elements", "S4", "--order", "3")] == [3] * 8


@pytest.mark.parametrize("fmt", ["csv", "json"])
def test_a_printed_table_reads_back(call, tmp_path, fmt):
    """The file is a group again, the same one."""
    _, out, _ = call("table", "Q8", "--format", fmt)
    path = tmp_path / f"q8.{fmt}"
    path.write_text(out)
    assert group(str(path)) == named("Q8")


def test_a_table_for_people_is_bounded(call):
    """S5 has 120 columns."""
    code, out, err = call("table", "S5")
    assert (code, out) == (1, "")
    assert "--format csv" in err


def test_subgroups_have_labels_and_filters(call, tmp_path):
    """Normal and maximal subgroups of S4, labels, and a drawing."""
    rows = ask(call, "subgroups", "S4", "--lattice", str(tmp_path / "s4.svg"))
    assert len(rows) == 11
    assert [row["label"] for row in rows][-4:] == ["6.1", "8.3", "12.3", "24.12"]
    assert (tmp_path / "s4.svg").read_text().startswith("<svg") or "<svg" in (tmp_path / "s4.svg").read_text()
    assert [row["order"] for row in ask(call, "subgroups", "S4", "--normal")] == [1, 4, 12, 24]
    assert [row["order"] for row in ask(call, "subgroups", "S4", "--maximal")] == [6, 8, 12]
    assert [row["order"] for row in ask(call, "subgroups", "S4", "--maximal", "--normal")] == [12]


def test_normal_and_all_subgroups_agree_on_what_is_maximal(call):
    """A normal subgroup is maximal when its index is prime."""
    for name in ("D6", "C2 x A4", "SL(2,3)"):
        rows = [row for row in ask(call, "subgroups", name) if row["normal"]]
        listed = ask(call, "subgroups", name, "--normal")
        assert sorted((row["order"], row["maximal"], row["label"]) for row in rows) == sorted(
            (row["order"], row["maximal"], row["label"]) for row in listed
        )


def test_series_of_a_solvable_and_a_perfect_group(call):
    """S4 and SL(2,5)."""
    rows = {row["series"]: row for row in ask(call, "series", "S4")}
    assert rows["derived"]["orders"] == [24, 12, 4, 1]
    assert rows["chief"]["factors"] == ["C2", "C3", "C2^2"]
    assert rows["Fitting"]["orders"] == [4]
    rows = {row["series"]: row for row in ask(call, "series", "SL(2,5)")}
    assert rows["derived"]["orders"] == [120]
    assert rows["center"]["orders"] == rows["Frattini"]["orders"] == [2]
    assert rows["perfect residual"]["orders"] == [120]
    assert rows["solvable radical"]["orders"] == [2]


@pytest.mark.parametrize(
    ("name", "kernel", "label"),
    [("S4", "C2^2", "6.1"), ("SL(2,3)", "Z", "12.3"), ("SL(2,3)", "Q8", "3.1"), ("S4", "(1,2)(3,4)", "6.1")],
)
def test_quotients(call, name, kernel, label):
    """By a type, the centre, and permutations."""
    assert ask(call, "quotient", name, kernel)["label"] == label


@pytest.mark.parametrize(
    ("name", "kernel", "said"), [("S4", "C4", "no normal subgroup"), ("C4 x C2", "C2", "ambiguous")]
)
def test_quotients_that_do_not_exist_or_are_not_determined(call, name, kernel, said):
    """One line that says which."""
    code, out, err = call("quotient", name, kernel)
    assert (code, out) == (1, "")
    assert said in err


def test_identify_and_isomorphic(call):
    """Label, structure and degree; an isomorphism that is one; exit code 3 for no."""
    answer = ask(call, "identify", "(1,2,3,4), (1,3)")
    assert (answer["label"], answer["description"], answer["gap_description"]) == ("8.3", "D4", "D8")
    assert answer["minimal_permutation_degree"] == 4
    assert ask(call, "isomorphic", "A5", "PSL(2,4)")["isomorphic"]
    assert ask(call, "isomorphic", "D4", "Q8", code=3) == {
        "first": "D4", "second": "Q8", "isomorphic": False, "images": []
    }  # fmt: skip
    assert call("isomorphic", "C2^4", "C2^4", "--budget", "3")[0] == 4


def test_automorphisms_and_presentations(call):
    """S6 has the outer automorphism; the printed presentation gives the group back."""
    answer = ask(call, "automorphisms", "S6")
    assert (answer["order"], answer["inner_order"], answer["outer_description"]) == (1440, 720, "C2")
    text = ask(call, "presentation", "SL(2,3)")["presentation"]
    assert str(parse(text)) == text
    assert find_isomorphism(group(text), named("SL(2,3)")) is not None
    assert ask(call, "presentation", "C2^2 x S3", "--short")["letters"].keys() == {"a", "b", "c"}


@pytest.mark.parametrize(("kind", "nodes", "edges"), [("cayley", 8, 16), ("lattice", 8, 11), ("cycle", 8, 8)])
def test_graphs(call, tmp_path, kind, nodes, edges):
    """D4: 8 elements with 2 generators; 8 classes of subgroups; a 4-cycle and 4 edges of reflections."""
    path = tmp_path / "graph.graphml"
    answer = ask(call, "graph", kind, "D4", "--output", str(path))
    assert (answer["nodes"], answer["edges"]) == (nodes, edges)
    assert "graphml" in path.read_text()
    code, _, err = call("graph", kind, "D4", "--output", str(tmp_path / "graph.png"))
    assert code == 1
    assert ".svg" in err


def test_csv_of_every_structure_command_has_one_header(call):
    """Lists are joined, so that each row has as many cells as the header."""
    for arguments in (["elements", "S3"], ["subgroups", "A4"], ["series", "A4"], ["automorphisms", "S3"]):
        _, out, _ = call(*arguments, "--format", "csv")
        rows = list(csv.reader(io.StringIO(out)))
        assert len({len(row) for row in rows}) == 1


def test_a_lattice_graph_stops_at_its_budget(call):
    """Exit code 4 and no file; with room enough, the drawing."""
    code, out, err = call("graph", "lattice", "S4", "--output", "s4.svg", "--budget", "10")
    assert (code, out) == (4, "")
    assert "more than 10 subgroups" in err
    assert not Path("s4.svg").exists()
    assert call("graph", "lattice", "S4", "--output", "s4.svg", "--budget", "30")[0] == 0
    assert Path("s4.svg").exists()
