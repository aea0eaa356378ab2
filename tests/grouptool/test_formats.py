"""Groups for other systems and back: GAP's own reading, SymPy run, Sage and LaTeX parsed, damage refused by line."""

from __future__ import annotations

import ast
import csv
import doctest
import hashlib
import importlib
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import named, relabelled, small_groups

from grouptool import from_permutations, group, large_group
from grouptool.catalog.fields import FIELDS
from grouptool.catalog.formats import (
    TARGETS,
    Portable,
    group_text,
    latex_spec,
    read_csv,
    read_gap,
    read_irreps,
    read_list,
    read_records,
    read_table,
    write_csv,
    write_irreps,
    write_records,
    write_table,
)
from grouptool.catalog.formats.arrays import load_sealed, save_sealed
from grouptool.catalog.formats.portable import image_lists, portable
from grouptool.errors import InputFileError, NotationError, TooLargeError
from grouptool.group import cycle_notation
from grouptool.notation import parse
from grouptool.representations import character_table, irreps
from grouptool.representations.characters import product_table

ORACLE = json.loads((Path(__file__).parents[1] / "oracles" / "formats.json").read_text())["groups"]
NAMES = [one["name"] for one in ORACLE]

HOSTILE_NAME = 'a"b\\c\n# $d$ %{x} é); Exec("rm"); G:=0;'


@pytest.mark.parametrize("module", ["latex", "portable", "records", "texts"])
def test_examples(module):
    """The examples of the docstrings."""
    found = doctest.testmod(importlib.import_module(f"grouptool.catalog.formats.{module}"))
    assert (found.failed, found.attempted > 0) == (0, module != "portable")


def reading(variable):
    """GAP statements that print what it made of a group, as a line of json."""
    moved = f"[1 .. Maximum(1, LargestMovedPoint({variable}))]"
    return f"""
Print("{{\\"order\\": ", Size({variable}), ", \\"name\\": \\"", Name({variable}), "\\", \\"images\\": ");
Print(List(GeneratorsOfGroup({variable}), x -> List({moved}, i -> i^x)), ", \\"product\\": ");
Print(List({moved}, i -> i^Product(GeneratorsOfGroup({variable}))), ", \\"fp_order\\": ");
if IsBound({variable}_fp) then Print(Size({variable}_fp)); else Print("null"); fi; Print("}}\\n");
"""


# -- GAP


@pytest.mark.parametrize("one", ORACLE, ids=NAMES)
def test_gap_read_this_text(one):
    """GAP made of this very text a group with our order, our generators in order and our product of them."""
    ours = named(one["name"])
    assert group_text(ours, "gap").splitlines() == one["text"]
    found = one["gap"]
    assert (found["order"], found["name"]) == (ours.order, ours.name)
    moved = len(found["product"])
    assert found["images"] == ((image_lists(ours)[:, :moved].astype(int) + 1).tolist() or [[1]])
    product = ours.identity
    for generator in ours.generators_as_elements:
        product = product * generator
    assert found["product"] == (ours.permutations[product.index][:moved].astype(int) + 1).tolist()
    assert found["fp_order"] in (ours.order, None)


def test_most_texts_have_a_presentation():
    """GAP enumerated its cosets, so the relators define the group."""
    orders = {one["name"]: one["gap"]["fp_order"] for one in ORACLE}
    assert (orders["S4"], orders["PSL(2,7)"], orders["C2 wr C4"], orders["A7"]) == (24, 168, 64, None)


@pytest.mark.skipif(shutil.which("gap") is None, reason="GAP is not installed; its recorded answers were compared")
def test_gap_reads_the_texts_now(tmp_path):
    """All in one session, under variables of their own; every Assert holds, or GAP ends with an error."""
    texts = [group_text(named(name), "gap", variable=f"G{i}") for i, name in enumerate(NAMES)]
    script = tmp_path / "all.g"
    script.write_text("SizeScreen([4096, 24]);\n" + "".join(text + reading(f"G{i}") for i, text in enumerate(texts)))
    ended = subprocess.run(
        ["gap", "-q", "-A", "--quitonbreak", str(script)], input="", capture_output=True, text=True, timeout=200
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert list(map(json.loads, ended.stdout.splitlines())) == [one["gap"] for one in ORACLE]


def test_lines_of_gap_are_short():
    """Broken after commas only; put together again they are the group."""
    text = group_text(named("C210"), "gap")
    assert max(map(len, text.splitlines())) <= 78
    assert parse(" ".join(re.search(r":= (.*?);", text, re.DOTALL)[1].split())) == parse(
        cycle_notation(named("C210").permutations[1])
    )


@pytest.mark.parametrize("name", NAMES)
def test_our_own_gap_text_is_read_back(name, tmp_path):
    """By the notation, under the name that SetName gives, and the presentation is passed over."""
    path = tmp_path / "x.g"
    path.write_text(group_text(named(name), "gap") + group_text(named("S3"), "gap"))
    first, second = read_gap(path)
    assert (first.name, second.name, second.spec) == (named(name).name, "S3", "Group([ (1,2,3), (1,2) ])")
    assert (first.place, second.note) == (f"{path}:2", None)
    same_products(group(first.spec), named(name))


def same_products(found, ours):
    """The same order, and generators that multiply alike: equal permutations, up to points that nothing moves."""
    assert found.order == ours.order
    moved = min(found.degree, ours.degree)
    images = image_lists(ours) if ours.generators else np.array([[0]])  # a text has at least one generator
    assert np.array_equal(image_lists(found)[:, :moved], images[:, :moved])


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ('G := Group((1,2));\n\nRead("x");', 3, "'Read(\"x\")' is no statement"),
        ("G := Group((1,2));\nG := Group((1,2)", 2, "the statement has no end"),
        ('# fine\nExec("ls");', 2, "is no statement"),
        ('SetName(H, "x");', 1, "is no statement"),
        ("G := " + "(1,2)" * 250_000, 1, "more than 1,000,000 characters"),
        ("G := Group((1,2));\n\x80".encode("latin-1"), 2, "byte 1 is no UTF-8"),
    ],
)
def test_other_gap_is_refused(text, place, reason, tmp_path):
    """File, line and reason; nothing is executed."""
    path = tmp_path / "x.g"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputFileError, match=re.escape(f"{path}:{place}: ")) as refusal:
        list(read_gap(path))
    assert reason in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_gap_statements_on_one_line_and_comments(tmp_path):
    """Semicolons and hashes inside strings and comments end nothing."""
    path = tmp_path / "x.g"
    path.write_text('A := Group((1,2));; SetName(A, "x;#\\"y"); # B := Group(());\nB:=SymmetricGroup(4); A := 0/[1];')
    assert [(one.name, one.spec, one.place[-2:]) for one in read_gap(path)] == [
        ('x;#"y', "Group((1,2))", ":1"),
        (None, "SymmetricGroup(4)", ":2"),
        (None, "0/[1]", ":2"),
    ]


# -- SymPy, Sage, the notation


@pytest.mark.parametrize("name", NAMES)
def test_sympy_runs_the_text(name):
    """Its order is asserted by the text itself; the product of all generators is ours."""
    ours, held = named(name), {}
    exec(compile(group_text(ours, "sympy"), "sympy text", "exec"), held)
    assert held["G"].order() == ours.order
    written = ast.parse(group_text(ours, "sympy")).body[1].value.args[0].elts
    images = [ast.literal_eval(one.args[0]) for one in written]
    assert np.array_equal(images or [[0]], image_lists(ours) if ours.generators else [[0]])
    from sympy.combinatorics import Permutation

    product, element = Permutation(ours.degree - 1), ours.identity
    for one, generator in zip(images, ours.generators_as_elements, strict=False):
        product, element = product * Permutation(one), element * generator
    assert product.array_form == ours.permutations[element.index].tolist()


@pytest.mark.parametrize("name", NAMES)
def test_sage_texts_hold_the_cycles(name):
    """Parsed as Python: strings of cycles in our order, which Sage is told to keep."""
    ours = named(name)
    assignment, check = ast.parse(group_text(ours, "sage", variable="H")).body
    assert [one.id for one in assignment.targets] == ["H"]
    (argument,), (keyword,) = assignment.value.args, assignment.value.keywords
    assert assignment.value.func.id == "PermutationGroup"
    assert (keyword.arg, keyword.value.value) == ("canonicalize", False)
    assert ast.literal_eval(argument) == [ours.cycles(g) for g in ours.generators]
    assert check.test.comparators[0].value == ours.order


@pytest.mark.parametrize("name", NAMES)
def test_the_notation_reads_its_own_text(name):
    """The same generators in the same order."""
    same_products(group(group_text(named(name), "notation").strip()), named(name))


@given(small_groups())
def test_every_target_of_a_random_group(given_group):
    """Texts end in a line end, are ASCII, and those that are read back give the group."""
    for to in TARGETS:
        text = group_text(given_group, to)
        assert text.isascii()
        assert text.endswith("\n")
    same_products(group(group_text(given_group, "notation").strip()), given_group)


def test_a_name_cannot_leave_its_comment():
    """A name with quotes, line ends and foreign letters is a comment or a string and nothing else."""
    hostile = from_permutations([[1, 0]], HOSTILE_NAME)
    gap = group_text(hostile, "gap").splitlines()
    assert gap[0] == '# a"b\\c?# $d$ %{x} ?); Exec("rm"); G:=0;, order 2, degree 2; written by grouptool'
    assert gap[2] == 'SetName(G, "a\\"b\\\\c?# $d$ %{x} ?); Exec(\\"rm\\"); G:=0;");'
    for to in ("sympy", "sage"):
        assert len(ast.parse(group_text(hostile, to)).body) == {"sympy": 3, "sage": 2}[to]
    assert r"(a\#" not in group_text(hostile, "latex")
    assert r"(a\"b\textbackslash{}c?\# \$d\$ \%\{x\} ?); Exec" in group_text(hostile, "latex").replace('"', r"\"")
    balanced(group_text(hostile, "latex"))


def test_large_groups_have_texts_too():
    """No Cayley table is made; the order is in the check."""
    m12 = large_group("M12")
    assert "Assert(0, Size(G) = 95040);" in group_text(m12, "gap")
    assert json.loads(group_text(m12, "json"))["facts"] == {"degree": 12, "order": 95040}


@pytest.mark.parametrize(("to", "variable"), [("magma", "G"), ("gap", "G;"), ("gap", "é"), ("gap", "")])
def test_what_is_no_target_or_variable(to, variable):
    """One line each."""
    with pytest.raises(NotationError, match=r"is no variable|nothing is known as 'magma'; write gap, sympy, sage"):
        group_text(named("S3"), to, variable=variable)


# -- LaTeX


FORMULAS = {
    "C2^3 x PSL(2,7)": r"C_{2}^{3} \times \mathrm{PSL}_{2}(7)",
    "(C2 x C4)^2 : S3": r"(C_{2} \times C_{4})^{2} \rtimes S_{3}",
    "C2^2 : C3 {a^c = b, b^c = a*b}": r"C_{2}^{2} \rtimes C_{3} \;\; (a^{c} = b, b^{c} = a b)",
    "(Q8 o D4) wr C2": r"(Q_{8} \circ D_{4}) \wr C_{2}",
    "SL(2,3) / Z": r"\mathrm{SL}_{2}(3) / Z",
    "3^(1+2)-": "3^{1+2}_{-}",
    "(3^(1+2)+)^2": "(3^{1+2}_{+})^{2}",
    "GO-(4,3)": r"\mathrm{GO}^{-}_{4}(3)",
    "PGammaL(2,8)": r"\mathrm{P}\Gamma{}\mathrm{L}_{2}(8)",
    "Omega(3,5)": r"\Omega_{3}(5)",
    "Sz(8)": r"\mathrm{Sz}_{8}",
    "F7:3": "F_{7:3}",
    "W(E6)": "W(E_{6})",
    "Hol(C9) / C3": r"\mathrm{Hol}(C_{9}) / C_{3}",
    "24.12": r"\mathrm{SmallGroup}(24,12)",
    "(1,2,3)(4,5), (1,2)": r"\langle (1,2,3)(4,5), (1,2) \rangle",
    "(), (1,2)": r"\langle (), (1,2) \rangle",
    "<a, b1, xy | a^2, (a*b1)^-3, [a,b1]^2, a^b1, (a^b1)^2, (a^b1)^a*xy>": r"\langle a, b_{1}, \mathit{xy} \mid "
    r"a^{2}, (a b_{1})^{-3}, [a, b_{1}]^{2}, a^{b_{1}}, (a^{b_{1}})^{2}, (a^{b_{1}})^{a} \mathit{xy} \rangle",
    "a_b.json": r"\mbox{a\_b.json}",
    "[[0,-1],[1,0]]": r"\langle \left(\begin{array}{rr} 0 & -1 \\ 1 & 0 \end{array}\right) \rangle \;\; \mbox{over} "
    r"\;\; \mathbf{Z}",
    "[[z^2,0],[0,-2*z/3]] over GF(25)": r"\langle \left(\begin{array}{rr} z^{2} & 0 \\ 0 & \frac{-2 \cdot z}{3} "
    r"\end{array}\right) \rangle \;\; \mbox{over} \;\; \mathbf{F}_{25}",
    "[[E(5)+2*E(5)^2-1]] over Q": r"\langle \left(\begin{array}{r} \zeta_{5}+2 \cdot \zeta_{5}^{2}-1 "
    r"\end{array}\right) \rangle \;\; \mbox{over} \;\; \mathbf{Q}",
}


@pytest.mark.parametrize(("text", "formula"), FORMULAS.items())
def test_names_in_latex(text, formula):
    """Each kind of specification; brackets where the notation has them."""
    assert latex_spec(parse(text)) == formula
    balanced(formula)


@pytest.mark.parametrize("text", [one for one in FORMULAS if "[[" not in one and "json" not in one])
def test_another_reader_takes_the_formulas(text):
    """Matplotlib's own reader of formulas, which has no arrays and no boxes."""
    from matplotlib.mathtext import MathTextParser

    assert MathTextParser("path").parse(f"${latex_spec(parse(text))}$").width > 0


@pytest.mark.parametrize("name", NAMES)
def test_latex_fragments(name):
    """ASCII, balanced, with the order, every generator and the facts that were given."""
    facts = {"abelian": True, "num_classes": 1234, "description": "C2 x C4", "label": "8.2", "simple": False}
    text = group_text(named(name), "latex", facts | {"p_group": True, "exponent": None})
    balanced(text)
    ours = named(name)
    assert f"of order ${ours.order:,}$".replace(",", "{,}") in text
    assert all(ours.cycles(g).replace(",", ", ") in text for g in ours.generators)
    for row in (r"label & 8.2 \\", r"number of classes & $1{,}234$ \\", r"description & $C_{2} \times C_{4}$ \\"):
        assert row in text
    assert r"properties & abelian, p group \\" in text
    assert "simple" not in text
    assert "exponent" not in text


def test_a_name_that_is_a_page_is_left_out():
    """A formula does not break across lines; points beyond some thousands are counted."""
    long = from_permutations(named("C210").permutations[[1]])
    assert "The group $G$ of order $210$" in group_text(long, "latex")


def balanced(text):
    """Braces, dollars and environments pair up outside comments, and no sign is left unescaped."""
    body = "\n".join(line for line in text.splitlines() if not line.startswith("%"))
    plain = re.sub(r"\\[\\{}#$%&_]", "", body)
    assert not re.search(r"[#%~]", plain)
    depth = 0
    for character in plain:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    assert plain.count("$") % 2 == 0
    assert re.findall(r"\\begin\{(\w+)\}", body) == re.findall(r"\\end\{(\w+)\}", body)
    for outside in plain.split("$")[::2] if "$" in plain else ():
        assert not re.search(r"[_^<>|]", outside)


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="LaTeX is not installed; the fragments were parsed")
def test_latex_compiles(tmp_path):
    """All fragments and formulas in one document."""
    parts = [group_text(named(name), "latex", {"description": "C2 x C4"}) for name in NAMES]
    parts += [f"${formula}$" for formula in FORMULAS.values()]
    parts += [group_text(from_permutations([[1, 0]], HOSTILE_NAME), "latex")]
    document = "\\documentclass{article}\\usepackage{amssymb}\\begin{document}\n%s\n\\end{document}\n"
    (tmp_path / "x.tex").write_text(document % "\n\n".join(parts))
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "x.tex"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=100).returncode == 0


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


# -- arrays


@given(small_groups(), st.integers(0, 9))
def test_tables_round_trip(tmp_path_factory, given_group, seed):
    """Classes, rows, names and exact values, in the order that they had; also where elements are numbered otherwise."""
    path = tmp_path_factory.mktemp("tables") / "x.npz"
    for one in (given_group, relabelled(given_group, seed)[0]):
        table = character_table(one)
        write_table(path, table)
        found = read_table(path)
        same_table(found, table)


def same_table(found, table):
    """Equal exact values at equal places."""
    assert (found.group.name, found.names, len(found)) == (table.group.name, table.names, len(table))
    places = found.classes.representatives
    assert np.array_equal(
        found.group.permutations[places], table.group.permutations[table.classes.representatives]
    ) or not len(table.group.generators)
    assert found.classes.class_of[places].tolist() == list(range(len(table)))
    assert np.array_equal(found.classes.inverse_map, table.classes.inverse_map)
    for i in range(len(table)):
        assert [found.value(i, j) for j in range(len(table))] == [table.value(i, j) for j in range(len(table))]


@pytest.mark.parametrize("name", ["1.1", "C1", "C2", "S4", "Q8", "64.134", "PSL(2,7)", "C3 : C4 {a^b = a^-1}"])
def test_irreps_round_trip(name, tmp_path):
    """The same exact matrices, rows and names; some rows alone as well; what was read can be written."""
    made = irreps(character_table(named(name)))
    path = tmp_path / "x.npz"
    for chosen in (made, made[::-2]):
        write_irreps(path, chosen)
        found = read_irreps(path)
        assert [(one.row, one.name, one.degree) for one in found] == [(one.row, one.name, one.degree) for one in chosen]
        assert all(one.exact == other.exact for one, other in zip(found, chosen, strict=True))
        assert all(one.representation.check() < 1e-10 for one in found)
    before = path.read_bytes()
    write_irreps(path, found)
    assert path.read_bytes() == before


def test_the_layout_is_as_documented(tmp_path):
    """Read with numpy alone: values from orders, exponents and coefficients; classes as permutations; no pickle."""
    table = character_table(named("SL(2,3)"))
    write_irreps(tmp_path / "x.npz", irreps(table))
    with np.load(tmp_path / "x.npz", allow_pickle=False) as arrays:
        held = {key: arrays[key] for key in arrays.files}
    terms = held["value_coefficients"] * np.exp(
        2j * np.pi * held["value_exponents"] / np.repeat(held["value_orders"], np.diff(held["value_starts"]))
    )
    values = np.add.reduceat(terms, held["value_starts"][:-1])[held["characters"]]
    assert values == pytest.approx(table.complex)
    assert [cycle_notation(row) for row in held["representatives"]] == list(table.classes.labels)
    assert dict(zip(held["primes"].tolist(), held["power_maps"].tolist(), strict=True)) == {
        prime: row.tolist() for prime, row in table.classes.power_maps.items()
    }
    row = int(held["rows"][-1])
    numerators = held[f"irrep_{row}_numerators"] / held[f"irrep_{row}_denominator"]
    zeta = np.exp(2j * np.pi * np.arange(numerators.shape[-1]) / held[f"irrep_{row}_conductor"])
    on_generators = table.classes.class_of[list(table.group.generators)]
    assert np.trace(numerators @ zeta, axis1=1, axis2=2) == pytest.approx(values[row, on_generators])


def changed(key, place, by=1):
    def change(arrays):
        arrays[key] = arrays[key].copy()
        arrays[key][place] += by

    return change


def exchanged(key, i, j):
    def change(arrays):
        arrays[key] = arrays[key].copy()
        arrays[key][[i, j]] = arrays[key][[j, i]]

    return change


def put(key, value):
    return lambda arrays: arrays.update({key: np.array(value)})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (changed("value_coefficients", 0), "the value of character 0 on class 0 is 1"),
        (changed("value_orders", 0, 4), "do not divide the exponent 12"),
        (changed("value_orders", 0, -1), "do not divide the exponent"),
        (changed("value_starts", 1, -1), "no sums of roots of unity"),
        (exchanged("characters", 3, 4), "the value of character 3 on class 2 is 1"),
        (changed("characters", (0, 0), 200), "no square array of values"),
        (exchanged("representatives", 3, 1), "not sorted by element order"),
        (exchanged("representatives", 0, 1), "are not one of each of the 5 classes"),
        (put("representatives", [[0, 1, 2, 3]] * 5), "are not one of each of the 5 classes"),
        (put("representatives", [[0, 1, 2]] * 5), "have 3 points, the group 4"),
        (put("representatives", [[0, 0, 2, 3]] * 5), "the representative of class 0 lies in another group"),
        (changed("sizes", 1), "its sizes are not those of the group"),
        (changed("power_maps", (0, 1)), "its power maps are not those of the group"),
        (put("primes", [2, 5]), "its primes are not those of the group"),
        (changed("indicators", 2), "its indicators are not those of the group"),
        (put("order", 25), "generate 24 elements, not 25"),
        (put("order", 23), "more than 23 elements"),
        (put("order", 10**12), "order 1,000,000,000,000 on 4 points is out of bounds"),
        (put("order", [24]), "no array order of integers with 0 axes"),
        (put("generators", [[1, 1, 2, 3]]), "generator 1 is not a permutation"),
        (put("generators", np.zeros((1, 0), dtype=int)), "on 0 points is out of bounds"),
        (put("generators", [[1, 0, 2, 3]]), "generate 2 elements, not 24"),
        (put("names", ["1a"]), "no array names of texts of shape (5,)"),
        (put("sizes", [2**64 - 1] * 5), "integers beyond 63 bits"),
        (lambda arrays: arrays.pop("sizes"), "no array sizes of integers"),
    ],
)
def test_a_table_that_is_sealed_but_false(change, reason, tmp_path):
    """A right checksum opens no door: everything is computed again."""
    path = tmp_path / "x.npz"
    write_table(path, character_table(named("S4")))
    arrays = {
        k: v for k, v in load_sealed(path, "character table").items() if k not in ("format", "version", "checksum")
    }
    change(arrays)
    save_sealed(path, "character table", arrays)
    with pytest.raises(InputFileError, match=re.escape(f"{path} is no character table of its group: ")) as refusal:
        read_table(path)
    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (changed("irrep_3_numerators", (0, 0, 0, 0)), "holds no representation in row 3"),
        (changed("irrep_3_denominator", ()), "holds no representation in row 3"),
        (lambda arrays: arrays.update(irrep_3_numerators=arrays["irrep_4_numerators"]), "is not its character at"),
        (put("irrep_3_numerators", np.zeros((2, 3, 3, 1), dtype=int)), "holds no representation in row 3"),
        (put("irrep_3_numerators", np.full((2, 3, 3, 1), 2**62)), "holds no representation in row 3"),
        (put("irrep_3_numerators", [[[[1]]]]), "have shape (1, 1, 1, 1), not (2, 3, 3, 1)"),
        (put("irrep_3_conductor", 5), "have shape (2, 3, 3, 1), not (2, 3, 3, 4)"),
        (put("irrep_3_conductor", 10**9), "no exact matrices for row 3"),
        (put("irrep_3_denominator", 0), "not (2, 3, 3, 1)"),
        (put("rows", [0, 7]), "no array rows of rows of its table"),
        (put("rows", [2, 9**9]), "no array rows of rows of its table"),
        (lambda arrays: arrays.pop("irrep_3_conductor"), "no exact matrices for row 3"),
        (changed("value_coefficients", 0), "is no character table of its group"),
    ],
)
def test_irreps_that_are_sealed_but_false(change, reason, tmp_path):
    """The homomorphism and the traces are proved again."""
    path = tmp_path / "x.npz"
    write_irreps(path, irreps(character_table(named("S4"))))
    arrays = {k: v for k, v in load_sealed(path, "irreps").items() if k not in ("format", "version", "checksum")}
    change(arrays)
    save_sealed(path, "irreps", arrays)
    with pytest.raises(InputFileError) as refusal:
        read_irreps(path)
    assert reason in str(refusal.value)


def test_damaged_files_are_refused(tmp_path):
    """Every seventh byte flipped, and every cut: refused, or a byte that means nothing and the same table."""
    path = tmp_path / "x.npz"
    table = character_table(named("S3"))
    write_table(path, table)
    whole, refused = path.read_bytes(), 0
    for place in range(0, len(whole), 7):
        damaged = bytearray(whole)
        damaged[place] ^= 0x11
        path.write_bytes(bytes(damaged))
        try:
            found = read_table(path)
        except InputFileError:
            refused += 1
        else:
            same_table(found, table)
    assert refused > 0.6 * len(whole) / 7
    for length in range(0, len(whole), 101):
        path.write_bytes(whole[:length])
        with pytest.raises(InputFileError, match=r"is no \.npz file, or it is damaged"):
            read_table(path)


def raw(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)


def header(shape, descr="<i8"):
    held = io.BytesIO()
    np.lib.format.write_array_header_1_0(held, {"descr": descr, "fortran_order": False, "shape": shape})
    return held.getvalue()


def test_arrays_that_lie(tmp_path):
    """A pickle, a header that claims more than there is, a bomb, an array twice, another kind, another version."""
    path = tmp_path / "x.npz"
    np.savez(path, sizes=np.array([{}], dtype=object))
    with pytest.raises(InputFileError, match="holds neither integers nor texts"):
        read_table(path)
    np.savez(path, sizes=np.array([0.5]))
    with pytest.raises(InputFileError, match="holds neither integers nor texts"):
        read_table(path)
    raw(path, [("sizes.npy", header((10**15,)) + b"12345678")])
    with pytest.raises(InputFileError, match="the array sizes is not as long as it claims"):
        read_table(path)
    raw(path, [("sizes.npy", header((-1,)))])
    with pytest.raises(InputFileError):
        read_table(path)
    raw(path, [("sizes.npy", header((10**15, 0), "<U1"))])
    with pytest.raises(InputFileError, match="holds no character table"):
        read_table(path)
    raw(path, [("sizes.npy", b"not an array")])
    with pytest.raises(InputFileError, match="damaged: the magic string"):
        read_table(path)
    raw(path, [(f"{i}.npy", b"") for i in range(20_001)])
    with pytest.raises(InputFileError, match="20,001 arrays"):
        read_table(path)
    with pytest.warns(UserWarning, match="Duplicate name"):
        raw(path, [("a.npy", header(())), ("a.npy", header(()))])
    with pytest.raises(InputFileError, match="an array twice"):
        read_table(path)
    write_table(path, character_table(named("S3")))
    with pytest.raises(InputFileError, match="holds no irreps"):
        read_irreps(path)


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    """Its size is in the file's own list, before anything is unpacked."""
    path = tmp_path / "x.npz"
    write_table(path, character_table(named("S3")))
    monkeypatch.setattr("grouptool.catalog.formats.arrays.LARGEST_ARRAYS", -20_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("unpacked"))
    with pytest.raises(InputFileError, match=r"18 arrays of 3,... bytes"):
        read_table(path)


def test_arrays_beside_an_old_checksum(tmp_path):
    """Packed anew by another program, with a change that no other check would see."""
    path = tmp_path / "x.npz"
    write_table(path, character_table(named("S3")))
    arrays = load_sealed(path, "character table")
    np.savez(path, **arrays)
    assert read_table(path).group.name == "S3"
    np.savez(path, **arrays | {"name": np.array("S4")})
    with pytest.raises(InputFileError, match="is damaged: its checksum does not match"):
        read_table(path)


def test_arrays_of_another_version(tmp_path, monkeypatch):
    """Written by a later grouptool."""
    path = tmp_path / "x.npz"
    monkeypatch.setattr("grouptool.catalog.formats.arrays.VERSION", 2)
    write_table(path, character_table(named("S3")))
    monkeypatch.undo()
    with pytest.raises(InputFileError, match="has version 2; this version of grouptool reads 1"):
        read_table(path)


def test_what_cannot_be_written(tmp_path, monkeypatch):
    """Tables without elements, arrays beyond the bound, other endings, irreps of two tables; nothing is left behind."""
    table = character_table(named("S3"))
    with pytest.raises(TooLargeError, match="was made without its elements"):
        write_table(tmp_path / "x.npz", product_table(table, table))
    with pytest.raises(InputFileError, match=r"ending, \.npz"):
        write_table(tmp_path / "x.json", table)
    for chosen in ([], irreps(table)[:1] * 2, [*irreps(table)[:1], *irreps(character_table(named("S3")))[1:2]]):
        with pytest.raises(ValueError, match="write at least one, each once, all of one character table"):
            write_irreps(tmp_path / "x.npz", chosen)
    monkeypatch.setattr("grouptool.catalog.formats.arrays.LARGEST_ARRAYS", 100)
    with pytest.raises(TooLargeError, match="the limit is 100"):
        write_table(tmp_path / "x.npz", table)
    assert os.listdir(tmp_path) == []
