"""JSON lines, csv and lists: what is written is read, and damage is refused by file and line."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import named

from grouptool.catalog.fields import FIELDS
from grouptool.catalog.formats import (
    Portable,
    read_csv,
    read_gap,
    read_irreps,
    read_list,
    read_records,
    read_table,
    write_csv,
    write_records,
)
from grouptool.catalog.formats.portable import portable
from grouptool.errors import InputFileError
from grouptool.group import cycle_notation
from grouptool.notation import parse

# -- JSON lines


def lines_to(path, records):
    path.write_text("".join(f"{line}\n" for line in write_records(records)))
    return path


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8)
VALUES = {
    "flag": st.booleans(),
    "number": st.integers(-(10**40), 10**40),
    "text": TEXTS,
    "group": TEXTS,
    "rows": st.lists(st.lists(st.integers(0, 99), max_size=3), max_size=3),
    "groups": st.lists(TEXTS, max_size=3),
}


@st.composite
def records(draw):
    """Random generators, names in any script, and facts of the right kinds."""
    degree = draw(st.integers(1, 6))
    rows = draw(st.lists(st.permutations(range(degree)), max_size=3))
    chosen = draw(st.lists(st.sampled_from(FIELDS), max_size=6, unique_by=lambda field: field.name))
    return Portable(
        generators=tuple(map(tuple, rows)),
        name=draw(TEXTS),
        constructions=tuple(draw(st.lists(TEXTS, max_size=2))),
        notes=tuple(draw(st.lists(TEXTS, max_size=2))),
        facts={field.name: draw(st.none() | VALUES[field.kind]) for field in chosen},
    )


@given(st.lists(records(), max_size=4))
def test_json_lines_round_trip(tmp_path_factory, given_records):
    """Everything comes back equal; lines may be moved, and laid out anew by another program."""
    path = tmp_path_factory.mktemp("lines") / "x.jsonl"
    assert list(read_records(lines_to(path, given_records))) == given_records
    lines = [json.dumps(dict(reversed(json.loads(line).items()))) for line in write_records(given_records)]
    path.write_text("\ufeff" + "\r\n\n".join(reversed(lines)))
    assert list(read_records(path)) == given_records[::-1]


def test_a_line_is_sorted_and_says_what_it_is():
    """Keys in order, no blanks, the digest of all but itself."""
    (line,) = write_records([portable(named("S3"), {"label": "6.1"})])
    held = json.loads(line)
    assert line == json.dumps(held, sort_keys=True, separators=(",", ":"))
    assert (held["format"], held["version"], held["label"]) == ("grouptool group", 1, "6.1")
    assert sealed({key: value for key, value in held.items() if key != "checksum"}) == line


def sealed(content):
    """A line with the checksum that belongs to it, by the rule as it is documented."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return json.dumps(
        content | {"checksum": hashlib.sha256(text.encode()).hexdigest()}, sort_keys=True, separators=(",", ":")
    )


@cache
def two_lines():
    facts = {"abelian": False, "exponent": 6, "irreps": [[1, 1, 0, 2], [2, 1, 1, 1]]}
    first = Portable(((1, 0),), "C2", "2.1", ("swap",))
    second = Portable(((1, 2, 0), (1, 0, 2)), "S3", "6.1", ("dihedral",), ("S3", "D3"), ("a note",), facts)
    return [line.encode() for line in write_records([first, second])]


@pytest.mark.parametrize("bit", [0x01, 0x20, 0x80])
def test_every_flipped_byte_is_refused(bit, tmp_path):
    """At each place of the second line, by file and line."""
    first, second = two_lines()
    path = tmp_path / "x.jsonl"
    for place in range(len(second)):
        damaged = bytearray(second)
        damaged[place] ^= bit
        path.write_bytes(first + b"\n" + bytes(damaged) + b"\n")
        with pytest.raises(InputFileError, match=re.escape(f"{path}:2: ")) as refusal:
            list(read_records(path))
        assert "\n" not in str(refusal.value)


def test_every_truncated_line_is_refused(tmp_path):
    """Wherever it is cut, the first record is still given and the second is not."""
    first, second = two_lines()
    path = tmp_path / "x.jsonl"
    for length in range(1, len(second)):
        path.write_bytes(first + b"\n" + second[:length])
        found = read_records(path)
        assert next(found).label == "2.1"
        with pytest.raises(InputFileError, match=re.escape(f"{path}:2: the line is")):
            next(found)
    path.write_bytes(first + b"\n" + second)  # without a last line end nothing is missing
    assert len(list(read_records(path))) == 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"version": 2}, "the record has version 2; this version of grouptool reads version 1"),
        ({"version": True}, "the record has version True"),
        ({"version": None}, "the record has version None"),
        ({"format": "grouptool table"}, "no format 'grouptool group'"),
        ({"extra": 1}, "a key 'extra' that no record has"),
        ({"name": ""}, "the name is no text of 1 to 10,000 characters"),
        ({"name": "x" * 10_001}, "the name is no text"),
        ({"name": "a\0b"}, "has characters that are none"),
        ({"notes": ["\ud800"]}, "has characters that are none"),
        ({"label": "6"}, "the label '6' is none such as 24.12"),
        ({"label": "6.²"}, "is none such as 24.12"),
        ({"label": 6}, "the label is no text"),
        ({"names": "x"}, "the names are no list"),
        ({"names": ["swap"]}, "the name swap is that of the record in line 1, too"),
        ({"label": "2.1"}, "the label 2.1 is that of the record in line 1, too"),
        ({"constructions": [1]}, "entry 1 of constructions is no text"),
        ({"generators": 5}, "the generators are no list of image lists"),
        ({"generators": [[1, 0], [0]]}, "generator 2 is no permutation of the points 0 to 1"),
        ({"generators": [[0, 0]]}, "generator 1 is no permutation"),
        ({"generators": [[True, 0]]}, "generator 1 is no permutation"),
        ({"generators": [[1, 10**900]]}, "generator 1 is no permutation"),
        ({"generators": [["1", "0"]]}, "generator 1 is no permutation"),
        ({"generators": [[]]}, "a generator has 0 points; there are 1 to 100,000"),
        ({"generators": [list(range(100_001))]}, "a generator has 100,001 points"),
        ({"facts": []}, "the facts are no object"),
        ({"facts": {"abelian": 1}}, "the fact abelian is not true or false"),
        ({"facts": {"exponent": True}}, "the fact exponent is not an integer"),
        ({"facts": {"center": 2}}, "the fact center is not a text"),
        ({"facts": {"classes": [[1, "2"]]}}, "the fact classes is not rows of integers"),
        ({"facts": {"subgroups": {}}}, "the fact subgroups is not a list"),
        ({"facts": {"x": [[[[[[[[[[[[1]]]]]]]]]]]]}}, "nested more than 12 deep"),
    ],
)
def test_records_that_are_sealed_but_wrong(change, reason, tmp_path):
    """A right checksum opens no door."""
    first, second = two_lines()
    content = json.loads(second) | change
    del content["checksum"]
    path = tmp_path / "x.jsonl"
    path.write_text(f"{first.decode()}\n{sealed(content)}\n")
    with pytest.raises(InputFileError, match=re.escape(f"{path}:2: ")) as refusal:
        list(read_records(path))
    assert reason in str(refusal.value)
    assert len(str(refusal.value)) < len(str(path)) + 150


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"[" * 200_000, "the record is nested too deep|cut off"),
        (b'{"a":' * 200_000, "the record is nested too deep|cut off"),
        (b'{"a":' + b"9" * 5_000 + b"}", "an integer of 5,000 digits; the limit is 1,000"),
        (b'{"a":1e400}', "1e400 is no integer"),
        (b'{"a":NaN}', "NaN is no integer"),
        (b'{"a":1,"a":1}', "the record has a key twice"),
        (b"[1]", "the line is no record"),
        (b"null", "the line is no record"),
        (b"x" * 8_000_001, "the line has more than 8,000,000 bytes"),
        (b"\xff", "byte 1 is no UTF-8"),
        (b"GIF89a\x00\x01", "the line is no json at character 1"),
    ],
    ids=range(11),
)
def test_lines_that_nobody_wrote(line, reason, tmp_path):
    """Bounded before memory is taken, one line each."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(two_lines()[0] + b"\n" + line)
    with pytest.raises(InputFileError, match=rf"{re.escape(str(path))}:2: ({reason})"):
        list(read_records(path))


@pytest.mark.parametrize("read", [read_records, read_csv, read_list, read_gap, read_table, read_irreps])
def test_files_that_are_none(read, tmp_path):
    """Missing, a folder, a pipe, a path that cannot be one."""
    os.mkfifo(tmp_path / "pipe")
    for name in ("missing", ".", "pipe", "a\0b", "x" * 300):
        with pytest.raises(InputFileError, match=r"cannot read|is no ordinary file|it is damaged"):
            list(read(str(tmp_path / name)))


# -- csv and lists


@given(st.lists(records(), max_size=4))
def test_csv_round_trip(tmp_path_factory, given_records):
    """Generators come back as permutations; plain facts are cells, lists are left out."""
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    path.write_bytes("".join(f"{line}\r\n" for line in write_csv(given_records)).encode())
    found = list(read_csv(path))
    assert len(found) == len(given_records)
    for listed, one in zip(found, given_records, strict=True):
        assert parse(listed.spec) == parse(", ".join(cycle_notation(np.array(row)) for row in one.generators) or "()")
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert not {"classes", "irreps", "subgroups"} & set(rows[0] if rows else ())
    for row, one in zip(rows, given_records, strict=True):
        for field in FIELDS:
            if field.kind == "flag":
                assert row[field.name] == {True: "yes", False: "no", None: ""}[one.facts.get(field.name)]
            elif field.kind == "number" and one.facts.get(field.name) is not None:
                assert int(row[field.name]) == one.facts[field.name]


@pytest.mark.parametrize("text", ["=1+1", "+x", "-x", "@x", "'=x", "'x", "''", "plain", "a\nb,c"])
def test_no_cell_is_a_formula(text, tmp_path):
    """A note that a spreadsheet would compute is quoted, and comes back as it was."""
    path = tmp_path / "x.csv"
    path.write_text("\n".join(write_csv([Portable(((1, 0),), text, notes=(text,))])))
    with path.open(newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert not row["note"].startswith(("=", "+", "-", "@"))
    (found,) = read_csv(path)
    assert (found.name, found.note) == (text, text)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_list_from_a_spreadsheet(separator, tmp_path):
    """A byte order mark, capitals, blank rows, other columns and one note over two lines."""
    rows = [
        ["Note", " SPEC ", "colour", "name"],
        ["first\nnote", "C2 x C4", "red", "klein"],
        ["", "", "", ""],
        ["", "(1,2), (3,4)"],
        ["", "S4", "", "", ""],
    ]
    held = io.StringIO()
    csv.writer(held, delimiter=separator).writerows(rows)
    path = tmp_path / "x.csv"
    path.write_bytes(b"\xef\xbb\xbf" + held.getvalue().encode())
    found = [(one.spec, one.place, one.name, one.note) for one in read_csv(path)]
    assert found == [
        ("C2 x C4", f"{path}:2", "klein", "first\nnote"),
        ("(1,2), (3,4)", f"{path}:5", None, None),
        ("S4", f"{path}:6", None, None),
    ]


def test_which_column_says_the_group(tmp_path):
    """spec, else generators, else name, row by row; a name that is the group is not its name as well."""
    path = tmp_path / "x.csv"
    path.write_text('name,generators,spec\nx,"(1,2)",C2\ny,"(1,2,3)",\nS5,,\n')
    assert [(one.spec, one.name) for one in read_csv(path)] == [("C2", "x"), ("(1,2,3)", "y"), ("S5", None)]


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("", 1, "names no column spec, generators or name"),
        ("group\nS4\n", 1, "names no column spec, generators or name"),
        ("spec,spec\nS4,S4\n", 1, "there are 2 columns spec"),
        ("spec,note\nS4,a\n\n,b\n", 4, "the row has no spec"),
        ("spec\nS4\n(1,2)\n", 3, "the row has 2 cells; the first line has 1"),
        ('spec,note\n"S4,x\n', 2, "no csv"),
        ('spec,note\nS4,"x"y\n', 2, "no csv"),
        ("spec\n" + "x" * 1_000_001, 2, "no csv: field larger than field limit"),
        ("a," * 1_001 + "spec\n", 1, "1,002 columns; the limit is 1,000"),
    ],
)
def test_csv_that_is_refused(text, place, reason, tmp_path):
    """File, line and reason; the limit of the csv module is what it was."""
    path = tmp_path / "x.csv"
    path.write_text(text)
    with pytest.raises(InputFileError, match=re.escape(f"{path}:{place}: ")) as refusal:
        list(read_csv(path))
    assert reason in str(refusal.value)
    assert csv.field_size_limit() == 131_072


def test_a_cell_may_be_a_long_permutation(tmp_path):
    """Longer than the csv module reads by itself."""
    cycle = (*range(1, 30_000), 0)
    path = tmp_path / "x.csv"
    path.write_text("\n".join(write_csv([Portable((cycle,), "C30000")])))
    (found,) = read_csv(path)
    assert len(found.spec) > 131_072
    assert len(parse(found.spec).generators[0][0]) == 30_000


def test_a_list_of_specifications(tmp_path):
    """Comments are notes; a hash inside a word is no comment."""
    path = tmp_path / "x.txt"
    path.write_text("# groups\nS4  # symmetric\n\n  C3 : C4 {a^b = a^-1}\na#b.json\n#\n")
    assert [(one.spec, one.place, one.note) for one in read_list(path)] == [
        ("S4", f"{path}:2", "symmetric"),
        ("C3 : C4 {a^b = a^-1}", f"{path}:4", None),
        ("a#b.json", f"{path}:5", None),
    ]
    path.write_text("S4\n" + "x" * 1_000_001)
    with pytest.raises(InputFileError, match=r"x.txt:2: a specification of 1,000,001 characters"):
        list(read_list(path))
