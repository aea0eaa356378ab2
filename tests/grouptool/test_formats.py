"""Groups as text for other systems: GAP's own reading, SymPy run, Sage and LaTeX parsed."""

from __future__ import annotations

import ast
import doctest
import importlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from strategies import named, small_groups

from grouptool import from_permutations, group, large_group
from grouptool.catalog.formats import (
    TARGETS,
    group_text,
    latex_spec,
    read_gap,
)
from grouptool.catalog.formats.portable import image_lists
from grouptool.errors import InputFileError, NotationError
from grouptool.group import cycle_notation
from grouptool.notation import parse

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
