"""Character tables on paper: blocks that fit, letters that say what they stand for, well-formed LaTeX and HTML."""

from __future__ import annotations

import cmath
import re
from fractions import Fraction
from functools import cache
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from strategies import named

from grouptool import group
from grouptool.construct import from_table
from grouptool.representations import CharacterTable, character_table, typeset
from grouptool.representations.cyclotomic import Cyclotomic
from grouptool.representations.symmetric import alternating_character_table, symmetric_character_table

FORMS = ("sqrt", "E", "float")


@cache
def table_of(name: str) -> CharacterTable:
    """S9 and A10 have no Cayley table."""
    by_type = {"S9": (symmetric_character_table, 9), "A10": (alternating_character_table, 10)}
    if name in by_type:
        make, points = by_type[name]
        return make(points)
    return character_table(named(name))


def number_of(text: str) -> complex:
    """The number that a printed value is, by Python's arithmetic."""
    python = re.sub(r"E\((\d+)\)(\^(\d+))?", lambda m: f"root({m[1]},{m[3] or 1})", text).replace("^", "**")
    python = re.sub(r"(?<![a-z.])(\d+(?:\.\d+)?(?:e-?\d+)?)i\b", r"\1j", python)
    python = re.sub(r"(?<![\w.])i\b", "1j", python)
    names = {"sqrt": cmath.sqrt, "root": lambda n, k: cmath.exp(2j * cmath.pi * k / n), "__builtins__": {}}
    return complex(eval(python, names))


def blocks_of(printed: str) -> list[list[list[str]]]:
    """The cells of each block, rule left out."""
    blocks = []
    for part in printed.split("\n\n"):
        lines = part.splitlines()
        if len(lines) < 2 or not set(lines[1]) <= {"-", " "}:
            continue
        spans = [match.span() for match in re.finditer("-+", lines[1])]
        blocks.append([[line[start:end].strip() for start, end in spans] for line in (lines[0], *lines[2:])])
    return blocks


def legend_of(printed: str) -> dict[str, str]:
    """Letters and their texts."""
    return dict(re.findall(r"^([A-Z]+) = (.+)$", printed, re.MULTILINE))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["C1", "C7", "A5", "SL(2,3)", "PSL(2,11)", "F(7,3)", "S9"])
@pytest.mark.parametrize("width", [20, 41, 80, 120, 100_000])
def test_blocks_fit_and_hold_every_column_once(name, form, width):
    """Read back: class numbers and orders in order, sizes, and numbers that are the library's, letters looked up."""
    table = table_of(name)
    printed = typeset.text(table, width=width, irrational=form)
    blocks, legend = blocks_of(printed), legend_of(printed)
    if width == 100_000:
        assert len(blocks) == 1
    heads, values, sizes = [], [], []
    for block in blocks:
        assert [row[0] for row in block] == ["character", "size", *table.names]
        assert [row[-1] for row in block] == ["type", "", *(typeset.TYPES[int(i)] for i in table.indicators)]
        for column in list(zip(*block, strict=True))[1:-1]:
            heads.append(column[0])
            sizes.append(int(column[1]))
            values.append([number_of(legend.get(cell, cell)) for cell in column[2:]])
    assert heads == [f"{j}: {order}" for j, order in enumerate(table.columns.element_orders)]
    assert sizes == table.columns.sizes.tolist()
    assert np.allclose(np.array(values).T, table.complex, atol=1e-4 if form == "float" else 1e-9)
    single = {line for block, part in zip(blocks, printed.split("\n\n"), strict=False) if len(block[0]) == 3
              for line in part.splitlines()}  # fmt: skip
    long = [line for line in printed.splitlines() if len(line) > width and line not in single]
    assert all(re.match(r"[A-Z]+ = | ?\d+: |class representatives:", line) for line in long), long
    if width >= 80:
        assert not [line for line in long if not re.match(r"[A-Z]+ = ", line)]


@pytest.mark.parametrize("name", ["A5", "C7", "S9"])
def test_blocks_are_no_shorter_than_they_must_be(name):
    """The first column of a block did not fit at the end of the one before."""
    table = table_of(name)
    for width in (40, 60, 90):
        parts = [part.splitlines() for part in typeset.text(table, width=width).split("\n\n")][:-1]
        for this, after in pairwise(parts):
            assert len(this[1]) + 2 + len(after[1].split()[1]) > width


def test_representatives_are_named_by_number():
    """Every class once, at the end, with its label."""
    table = table_of("S9")
    end = typeset.text(table, width=50).split("\n\n")[-1]
    found = re.findall(
        r"(?:^|\s)(\d+): (.+?)(?=\s+\d+: |$)", end.replace("\n", " ").removeprefix("class representatives:")
    )
    assert found == [(str(j), label) for j, label in enumerate(table.columns.labels)]
    assert all(len(line) <= 50 for line in end.splitlines())


def test_letters_stand_for_long_values_only():
    """Letters are distinct, in order, each used, and no cell is longer than 14 characters."""
    table = character_table(named("C11"))
    printed = typeset.text(table, irrational="float", width=10_000)
    legend, (block,) = legend_of(printed), blocks_of(printed)
    assert list(legend) == [chr(ord("A") + i) for i in range(len(legend))]
    assert len(set(legend.values())) == len(legend) == 10
    assert all(len(text) > 14 for text in legend.values())
    cells = {cell for row in block[2:] for cell in row[1:-1]}
    assert set(legend) == cells - {"1"}


def test_letters_go_on_after_z():
    """C29 in decimals has 28 long values: A to Z, AA, AB."""
    legend = legend_of(typeset.text(character_table(named("C29")), irrational="float"))
    assert list(legend)[24:] == ["Y", "Z", "AA", "AB"]
    assert [number_of(one) for one in legend.values()] == pytest.approx(
        [cmath.exp(2j * cmath.pi * k / 29) for k in range(1, 29)], abs=1e-5
    )


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        (Cyclotomic(1, {0: Fraction(-3, 2)}), ("-3/2", "-3/2", "-3/2")),
        (Cyclotomic.root(4), ("i", "E(4)", "1i")),
        (Cyclotomic.root(3), ("(-1+sqrt(-3))/2", "E(3)", "-0.5+0.866025i")),
        (Cyclotomic.root(8) + Cyclotomic.root(8, 7), ("sqrt(2)", "E(8)-E(8)^3", "1.41421")),
        (Cyclotomic.root(7) + Cyclotomic.root(7, 6), ("E(7)+E(7)^6", "E(7)+E(7)^6", "1.24698")),
    ],
)
def test_values_are_written_in_three_ways(value, texts):
    """As books do, as GAP does, and in decimals."""
    assert tuple(typeset.value_text(value, form) for form in FORMS) == texts
    assert [number_of(text) for text in texts] == pytest.approx([complex(value)] * 3, abs=1e-5)


def balanced(text: str) -> bool:
    """Whether every brace closes, none too early."""
    depth = 0
    for letter in re.sub(r"\\[{}]", "", text):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if depth < 0:
            return False
    return depth == 0


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["C1", "S4", "A5", "C7", "D5", "SL(2,3)", "S9", "A10"])
def test_latex_is_an_array_of_k_columns(name, form):
    """Balanced; a row of heads, one of sizes, k of characters; every row has a name and k cells, as the array says."""
    table = table_of(name)
    lines = typeset.latex(table, irrational=form).splitlines()
    k = len(table)
    assert lines[0] == rf"$\begin{{array}}{{r|{'r' * k}}}"
    assert lines[-1] == r"\end{array}$"
    rows = lines[1:-1]
    assert len(rows) == k + 2
    for row in rows:
        assert balanced(row)
        assert row.endswith((r" \\", r" \\ \hline"))
        assert row.count("&") == k
    assert [row.split(" & ")[0] for row in rows[:2]] == ["", "|K|"]
    assert all(row.startswith(r"\chi_{") for row in rows[2:])
    assert set(re.findall(r"\\[a-zA-Z]+", " ".join(rows))) <= {
        r"\chi",
        r"\mathrm",
        r"\zeta",
        r"\frac",
        r"\sqrt",
        r"\hline",
    }
    sizes = rows[1].removesuffix(r" \\ \hline").split(" & ")[1:]
    assert [int(size) for size in sizes] == table.columns.sizes.tolist()


@pytest.mark.parametrize("form", FORMS)
def test_latex_values_are_the_numbers(form):
    r"""\frac, \sqrt, \zeta and i read as arithmetic."""
    table = table_of("SL(2,3)")
    rows = typeset.latex(table, irrational=form).splitlines()[3:-1]
    for i, row in enumerate(rows):
        for j, cell in enumerate(row.removesuffix(r" \\").split(" & ")[1:]):
            text = re.sub(r"\\zeta_\{(\d+)\}(?:\^\{(\d+)\})?", lambda m: f"E({m[1]})^{m[2] or 1}", cell)
            text = re.sub(r"\\sqrt\{(\d+)\}", r"sqrt(\1)", text)
            text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", text)
            text = re.sub(r"(?<=[\d)])\s*i\b", "*i" if form != "float" else "i", text).replace(") i", ")*i")
            assert number_of(text.strip()) == pytest.approx(complex(table.value(i, j)), abs=1e-5), cell


@pytest.mark.parametrize("name", ["C1", "A5", "C7", "S9", "A10", "SL(2,3)"])
@pytest.mark.parametrize("form", FORMS)
def test_html_is_well_formed_and_says_the_same(name, form):
    """By an XML parser: head, sizes, rows, and titles with the representatives."""
    table = table_of(name)
    root = ElementTree.fromstring(f"<div>{typeset.html(table, irrational=form)}</div>")
    heads = root.findall("./table/thead/tr/th")
    assert [one.text for one in heads[1:-1]] == [f"{j}: {o}" for j, o in enumerate(table.columns.element_orders)]
    assert [one.get("title") for one in heads[1:-1]] == list(table.columns.labels)
    sizes, *rows = root.findall("./table/tbody/tr")
    assert [one.text for one in sizes.findall("td")[:-1]] == [str(size) for size in table.columns.sizes]
    assert [row.find("th").text for row in rows] == table.names
    legend = {}
    if (paragraph := root.find("p")) is not None:
        legend = dict(line.split(" = ") for line in paragraph.itertext())
    values = [[number_of(legend.get(td.text, td.text)) for td in row.findall("td")[:-1]] for row in rows]
    assert np.allclose(values, table.complex, atol=1e-4)
    assert [row.findall("td")[-1].text for row in rows] == [typeset.TYPES[int(i)] for i in table.indicators]


def test_html_escapes_names():
    """A presentation has angle brackets, a file name may have anything."""
    for made in (group("<a, b | a^2, b^2, (ab)^3>"), from_table([[0, 1], [1, 0]], 'x"&<script>alert(1)</script>')):
        shown = typeset.html(character_table(made))
        root = ElementTree.fromstring(f"<div>{shown}</div>")
        assert root.find("./table/caption").text == f"{made.name}, order {made.order}"
        assert "<script" not in shown


@pytest.mark.parametrize("name", ["C1", "S4", "D59", "S9", "C60"])
def test_notebooks_show_tables(name):
    """HTML, LaTeX and one line of text, none of which raises."""
    table = table_of(name) if name == "S9" else character_table(named(name))
    assert table._repr_html_() == typeset.html(table)
    assert table._repr_latex_() == typeset.latex(table)
    assert repr(table) == f"<CharacterTable of {name}, order {table.columns.order:,}, {len(table)} characters>"


def test_notebooks_show_one_line_of_large_tables():
    """Above 60 classes; the whole table is there when it is asked for."""
    table = character_table(named("C61"))
    shown = table._repr_html_()
    assert ElementTree.fromstring(shown).text.startswith("<CharacterTable of C61, order 61, 61 characters>: ")
    assert shown.count("\n") == 1
    assert table._repr_latex_() is None
    assert typeset.html(table).count("<tr>") == 63
