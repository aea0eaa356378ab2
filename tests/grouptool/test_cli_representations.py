"""characters, irreps, decompose, fourier and tensor: what they print and write is what the library has."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from fractions import Fraction
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from strategies import named

from grouptool.cli.matrices import Listing, write
from grouptool.errors import TooLargeError
from grouptool.group import cycle_notation
from grouptool.representations import CharacterTable, character_table, irreps, real_irreps, typeset
from grouptool.representations.cyclotomic import Cyclotomic
from grouptool.representations.matrices.cyclotomic_arrays import CyclotomicArray
from grouptool.representations.symmetric import (
    alternating_character_table,
    alternating_class_of,
    class_name,
    cycle_type_of,
    symmetric_character_table,
)
from grouptool.structure.classes import conjugacy_classes


@cache
def table_of(name: str) -> CharacterTable:
    """Groups above the limit by cycle types."""
    if name in ("S8", "S9", "S12"):
        return symmetric_character_table(int(name[1:]))
    if name in ("A9", "A10"):
        return alternating_character_table(int(name[1:]))
    return character_table(named(name))


def ask(call, *arguments):
    """The json answer of a command."""
    code, out, err = call(*arguments, "--format", "json")
    assert (code, err) == (0, "")
    return json.loads(out)


def number_of(entry) -> Cyclotomic:
    """An exact number from json."""
    return Cyclotomic(entry["conductor"], {i: Fraction(p, q) for i, p, q in entry["coefficients"]})


def exact_matrix(rows) -> CyclotomicArray:
    """An exact matrix from json, over the field of all its entries."""
    return [[number_of(one) for one in row] for row in rows]


def total(numbers) -> Cyclotomic:
    """Their sum, exactly."""
    return sum(numbers, Cyclotomic(1, {}))


def product(first, second):
    """Of two exact matrices, entry by entry."""
    columns = list(zip(*second, strict=True))
    return [[total(x * y for x, y in zip(row, column, strict=True) if x != 0) for column in columns] for row in first]


# -- characters


@pytest.mark.parametrize("name", ["C1", "S4", "A5", "C7", "SL(2,3)", "PSL(2,11)", "S8", "S9", "A9", "A10"])
def test_characters_as_json_are_the_exact_table(call, name):
    """Every value read back equals the library's; classes, degrees, indicators and conductors too."""
    table, answer = table_of(name), ask(call, "characters", name)
    columns = table.columns
    assert (answer["group"], answer["order"]) == (columns.name, columns.order)
    assert [row["representative"] for row in answer["classes"]] == list(columns.labels)
    assert [row["index"] for row in answer["classes"]] == list(range(len(table)))
    assert [row["order"] for row in answer["classes"]] == columns.element_orders.tolist()
    assert [row["size"] for row in answer["classes"]] == columns.sizes.tolist()
    for i, row in enumerate(answer["characters"]):
        assert (row["name"], row["degree"]) == (table.names[i], table.degrees[i])
        assert (row["indicator"], row["conductor"]) == (table.indicators[i], table.conductors[i])
        for j, value in enumerate(row["values"]):
            assert number_of(value) == table.value(i, j)
            assert value["text"] == str(table.value(i, j))
            assert complex(*value["complex"]) == pytest.approx(complex(table.value(i, j)))


@pytest.mark.parametrize("form", ["sqrt", "E", "float"])
@pytest.mark.parametrize("name", ["A5", "C7", "S9", "A10"])
def test_characters_in_other_formats_are_the_typeset_ones(call, name, form):
    """Text at a width, latex, html; csv has a column a class and values as texts."""
    table = table_of(name)

    def printed(*options):
        code, out, err = call("characters", name, "--irrational", form, *options)
        assert (code, err) == (0, "")
        return out

    assert printed() == typeset.text(table, width=120, irrational=form) + "\n"
    assert printed("--width", "50") == typeset.text(table, width=50, irrational=form) + "\n"
    assert printed("--format", "latex") == typeset.latex(table, irrational=form) + "\n"
    assert printed("--format", "html") == typeset.html(table, irrational=form)
    head, sizes, *rows = csv.reader(io.StringIO(printed("--format", "csv")))
    assert head == ["character", *(f"{j}: {o}" for j, o in enumerate(table.columns.element_orders)), "type"]
    assert sizes == ["size", *map(str, table.columns.sizes), ""]
    for i, row in enumerate(rows):
        values = [typeset.value_text(table.value(i, j), form) for j in range(len(table))]
        assert row == [table.names[i], *values, typeset.TYPES[int(table.indicators[i])]]


def test_a_presentation_is_escaped_in_html(call):
    """The name of the group is data."""
    code, out, _ = call("characters", "<a, b | a^2, b^2, (ab)^3>", "--format", "html")
    assert code == 0
    assert ElementTree.fromstring(out).find("caption").text == "<a, b | a^2, b^2, (a*b)^3>, order 6"


# -- irreps


@pytest.mark.parametrize("name", ["C1", "C4", "S4", "Q8", "SL(2,3)", "A5", "D5"])
@pytest.mark.parametrize("ending", ["npz", "json"])
@pytest.mark.parametrize("form", ["exact", "unitary", "real"])
def test_irreps_on_file_are_homomorphisms(call, tmp_path, name, form, ending):
    """Read back, all elements: products by the Cayley table, traces by the character table, degrees by the order."""
    group, path = named(name), tmp_path / f"x.{ending}"
    code, out, err = call("irreps", name, "--form", form, "--elements", "all", "--out", str(path))
    assert (code, err) == (0, "")
    assert "---" in out
    found = matrices_of(path, form)
    classes = conjugacy_classes(group)
    total = 0
    for rho in found:
        assert rho.dtype == (np.float64 if form == "real" else np.complex128)
        assert np.allclose(np.einsum("xij,yjk->xyik", rho, rho), rho[group.table], atol=1e-9)
        character = np.trace(rho, axis1=1, axis2=2)[classes.representatives]
        norm = (classes.sizes * np.abs(character) ** 2).sum() / group.order
        assert norm == pytest.approx({"real": round(norm)}.get(form, 1))
        total += round(rho.shape[1] ** 2 / norm)
        if form != "exact":
            assert np.allclose(rho @ rho.conj().swapaxes(1, 2), np.eye(rho.shape[1]), atol=1e-9)
    assert total == group.order
    if ending == "npz":
        with np.load(path) as arrays:
            assert (arrays["elements"] == group.permutations).all()


def matrices_of(path: Path, form: str) -> list[np.ndarray]:
    """The arrays of a written file, one for each representation, exact ones as complex numbers."""
    if path.suffix == ".json":
        rows = json.loads(path.read_text())["irreps"]
        entries = [np.array([matrix["matrix"] for matrix in row["matrices"]]) for row in rows]
        if form == "exact":
            return [np.vectorize(lambda one: complex(number_of(one)), otypes=[complex])(one) for one in entries]
        return entries if form == "real" else [one[..., 0] + 1j * one[..., 1] for one in entries]
    with np.load(path) as arrays:  # without pickle
        if form != "exact":
            return [arrays[key] for key in arrays if key.startswith("irrep_")]
        keys = [key.removesuffix("_numerators") for key in arrays if key.endswith("_numerators")]
        return [
            CyclotomicArray(
                int(arrays[f"{key}_conductor"]), arrays[f"{key}_numerators"], int(arrays[f"{key}_denominator"])
            ).complex
            for key in keys
        ]


def test_matrices_of_several_denominators_have_one_on_file(tmp_path):
    """1/6 and 1/4 + i/2 over 12; what exceeds 64 bits is refused, and goes into json."""
    made = [CyclotomicArray(4, np.array([[[1, 0]]]), 6), CyclotomicArray(4, np.array([[[1, 2]]]), 4)]
    listing = Listing(
        "C2", ["()", "(1,2)"], np.array([[0, 1], [1, 0]]), [({"index": 0, "degree": 1}, made.__getitem__)]
    )
    write(tmp_path / "x.npz", listing)
    assert matrices_of(tmp_path / "x.npz", "exact")[0].ravel() == pytest.approx([1 / 6, 0.25 + 0.5j])
    made[0] = CyclotomicArray(4, np.array([[[1 << 70, 0]]], dtype=object), 6)
    with pytest.raises(TooLargeError, match=r"exceeds 64 bits; write them to a \.json file"):
        write(tmp_path / "y.npz", listing)
    write(tmp_path / "y.json", listing)
    assert matrices_of(tmp_path / "y.json", "exact")[0][0, 0, 0] == pytest.approx(2**70 / 6)
    assert sorted(os.listdir(tmp_path)) == ["x.npz", "y.json"]


@pytest.mark.parametrize("name", ["SL(2,3)", "A5", "F(7,3)"])
def test_exact_irreps_are_exact(call, name):
    """Entries as Cyclotomic numbers: each product of two generators, and the trace, with no rounding."""
    group, table = named(name), table_of(name)
    rows = ask(call, "irreps", name, "--elements", "all")
    classes = conjugacy_classes(group)
    for i, (row, made) in enumerate(zip(rows, irreps(table), strict=True)):
        matrices = [exact_matrix(one["matrix"]) for one in row["matrices"]]
        assert [one["element"] for one in row["matrices"]] == [group.cycles(g) for g in range(group.order)]
        for s in group.generators:
            for x in range(0, group.order, 5):
                assert product(matrices[x], matrices[s]) == matrices[group.table[x, s]]
        traces = [total(matrices[g][k][k] for k in range(row["degree"])) for g in classes.representatives]
        assert traces == [table.value(i, j) for j in range(len(table))] == [number_of(one) for one in row["character"]]
        assert (row["name"], row["conductor"], row["construction"]) == (made.name, made.conductor, made.construction)
        assert all(row["conductor"] % one.conductor == 0 for matrix in matrices for line in matrix for one in line)
        assert row["kernel_order"] == classes.sizes[table.kernels[i]].sum()


def test_chosen_rows_are_printed_with_their_matrices(call):
    """Twice a row, in the order that was asked for; text, and csv without matrices."""
    code, out, _ = call("irreps", "S4", "--irrep", "4", "--irrep", "2")
    assert code == 0
    made = {one.row: one for one in irreps(table_of("S4"))}
    group = named("S4")
    parts = out.split("\n\n")
    assert len(parts) == 1 + 2 * len(group.generators)
    for part, (row, g) in zip(parts[1:], [(row, g) for row in (4, 2) for g in group.generators], strict=True):
        head, *lines = part.splitlines()
        assert head == f"{made[row].name} of {group.cycles(g)}"
        assert [line.split() for line in lines] == [list(map(str, line)) for line in made[row].matrix(g).tolist()]
    code, out, _ = call("irreps", "S4", "--irrep", "4", "--format", "csv")
    assert [row["name"] for row in csv.DictReader(io.StringIO(out))] == ["3b"]


def test_large_matrices_are_printed_whole(call):
    """Numpy leaves out the middle of what has more than 1,000 entries."""
    code, out, _ = call("irreps", "S7", "--irrep", "14", "--form", "unitary")
    assert code == 0
    assert "..." not in out
    assert len(out.split("\n\n")[1].splitlines()) == 1 + table_of("S7").degrees[14] == 36


def test_real_irreps_have_the_facts_of_the_library(call):
    """Types, dimensions and kernels of Q8 x C3."""
    rows = ask(call, "irreps", "Q8 x C3", "--form", "real")
    made = real_irreps(table_of("Q8 x C3"))
    for row, one in zip(rows, made, strict=True):
        constituent = one.constituent
        assert (row["name"], row["type"], row["real_dimension"]) == (
            constituent.name, constituent.type, constituent.dimension
        )  # fmt: skip
        assert row["kernel_order"] == constituent.kernel.sum()
        assert row["faithful"] == constituent.is_faithful
        assert row["largest_error"] < 1e-9
    assert {row["type"] for row in rows} == {"R", "C", "H"}


# -- Young's forms


GENERATORS = {"S8": [f"({i},{i + 1})" for i in range(1, 8)], "A9": [f"(1,2,{k})" for k in range(3, 10)]}


@pytest.mark.parametrize("name", ["S8", "S12", "A9"])
@pytest.mark.parametrize("form", ["exact", "unitary", "real"])
def test_large_symmetric_groups_are_listed_by_partition(call, name, form):
    """All rows of the table of cycle types, also those whose matrices are too large."""
    table = table_of(name)
    code, out, err = call("irreps", name, "--form", form, "--format", "csv")
    assert (code, err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(out)))
    if form == "real":
        assert sum(int(row["degree"]) ** 2 * (2 if row["type"] == "C" else 1) for row in rows) == table.columns.order
        return
    assert [row["name"] for row in rows] == table.names
    assert [int(row["degree"]) for row in rows] == table.degrees.tolist()
    assert [int(row["indicator"]) for row in rows] == table.indicators.tolist()
    assert [int(row["kernel_order"]) for row in rows if row["degree"] != "1"] == [1] * int((table.degrees > 1).sum())
    assert int(rows[0]["kernel_order"]) == table.columns.order


def close(matrices: list[np.ndarray], relators: list[list[int]]) -> bool:
    """Whether products along words are the identity."""
    one = np.eye(len(matrices[0]))
    return all(np.allclose(np.linalg.multi_dot([one, one, *(matrices[i] for i in word)]), one) for word in relators)


RELATORS = {
    # Coxeter; Carmichael: (1,2,k)^3 and ((1,2,j)(1,2,k))^2.
    "S8": [[i, i] for i in range(7)] + [[i, i + 1] * 3 for i in range(6)]
    + [[i, j] * 2 for i in range(7) for j in range(i + 2, 7)],
    "A9": [[i] * 3 for i in range(7)] + [[i, j] * 2 for i in range(7) for j in range(i + 1, 7)],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "rows"), [("S8", (1, 2, 4, 12)), ("A9", (0, 1, 2, 3, 6)), ("A9", (4, 5))], ids=["S8", "A9", "A9-halves"]
)
@pytest.mark.parametrize("form", ["exact", "unitary", "real"])
def test_youngs_forms_satisfy_the_presentation(call, tmp_path, name, rows, form):
    """On the exchanges of neighbours, or (1,2,k); traces are values of the table there; npz and json agree."""
    table, group = table_of(name), []
    chosen = [option for row in rows for option in ("--irrep", str(row))]
    for ending in ("npz", "json"):
        code, _, err = call("irreps", name, *chosen, "--form", form, "--out", f"x.{ending}", "--format", "csv")
        assert (code, err) == (0, "")
        group.append(matrices_of(tmp_path / f"x.{ending}", form))
    facts = json.loads((tmp_path / "x.json").read_text())["irreps"]
    with np.load(tmp_path / "x.npz") as arrays:
        assert [cycle_notation(one) for one in arrays["elements"]] == GENERATORS[name]
    moved = 1 if name == "S8" else list(table.columns.labels).index("1^6 3")
    for one, other, row in zip(*group, facts, strict=True):
        assert [entry["element"] for entry in row["matrices"]] == GENERATORS[name]
        assert np.allclose(one, other)
        assert one.shape[1] == row.get("real_dimension", row["degree"])
        assert close(list(one), RELATORS[name])
        value = row["character"][moved]
        expected = value if form == "real" else complex(number_of(value))
        assert np.allclose(np.trace(one, axis1=1, axis2=2), expected)
        if form != "exact":
            assert np.allclose(one @ one.conj().swapaxes(1, 2), np.eye(one.shape[1]))
        values = row["character"] if form == "real" else [complex(number_of(entry)) for entry in row["character"]]
        for word, column in words_of(name):
            made = np.eye(one.shape[1])
            for i in word:
                made = made @ one[i]
            assert np.trace(made) == pytest.approx(values[column], abs=1e-8)


@cache
def words_of(name: str) -> list[tuple[list[int], int]]:
    """Random words in the generators, with the column of the table that their product is in, first letter first."""
    table, points = table_of(name), int(name[1:])
    generators = np.array([cycles_as_images(text, points) for text in GENERATORS[name]])
    random, found = np.random.default_rng(5), []
    for word in random.integers(len(generators), size=(60, 9)).tolist():
        images = np.arange(points)
        for i in word:
            images = generators[i][images]
        kind = alternating_class_of(images).name if name[0] == "A" else class_name(cycle_type_of(images))
        found.append((word, list(table.columns.labels).index(kind)))
    assert len({column for _, column in found}) > 8
    assert name == "S8" or {"1 3 5+", "1 3 5-"} <= {table.columns.labels[column] for _, column in found}
    return found


def cycles_as_images(text: str, points: int) -> list[int]:
    """One cycle as an image list from 0."""
    cycle = [int(point) - 1 for point in text.strip("()").split(",")]
    images = list(range(points))
    for point, image in zip(cycle, cycle[1:] + cycle[:1], strict=True):
        images[point] = image
    return images


@pytest.mark.parametrize("sign", [0, 1])
def test_halves_are_exact_and_told_apart(call, sign):
    """[3^3]+ and [3^3]- of A9 lie over Q(sqrt(-15)); the cube of a cycle fixes the first basis vector."""
    table = table_of("A9")
    row = table.names.index("[3^3]" + "+-"[sign])
    (answer,) = ask(call, "irreps", "A9", "--irrep", str(row))
    assert (answer["conductor"], answer["degree"], answer["type"]) == (15, 21, "C")
    assert [number_of(one) for one in answer["character"]] == [table.value(row, j) for j in range(len(table))]
    matrices = [exact_matrix(one["matrix"]) for one in answer["matrices"]]
    for matrix in matrices:
        first = matrix[:1]
        assert product(product(first, matrix), matrix) == [[Cyclotomic(1, {0: int(j == 0)}) for j in range(21)]]
    assert any(not one.is_rational for matrix in matrices for line in matrix for one in line)


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("irreps S8 --elements all", 1, "40,320 elements, too many for '--elements all'"),
        ("irreps S12 --format json", 1, r"[6,5,1] of S12 has degree 1,155"),
        ("irreps S12 --out x.npz", 1, "up to degree 1,000. Choose other rows with --irrep"),
        ("irreps S12 --irrep 76", 1, "has degree 7,700"),
        ("irreps S10 --format json", 1, "the limit is 1,000,000. Choose rows with --irrep, or a .npz file"),
        ("irreps A12 --irrep 40 --format json", 1, "A12"),
        ("irreps S8 --irrep 22", 2, "there is no row 22: they go from 0 to 21"),
        ("irreps A8 --elements all --format json", 1, "406,425,600 entries"),
        ("irreps A8 --elements all --out x.npz --form real", 1, "entries together; the limit is 50,000,000"),
        ("fourier S9 --function x.json", 1, "limit for a Cayley table"),
        ("decompose S9 --action natural", 1, "limit for a Cayley table"),
        ("irreps M12", 1, "limit for a Cayley table"),
    ],
)
def test_what_is_too_large_is_said_in_one_line(call, tmp_path, line, code, said):
    """Before the work, with what to do; no file is there."""
    got, out, err = call(*line.split())
    assert (got, out) == (code, "")
    assert said in err
    assert os.listdir(tmp_path) == []
    if code == 1:
        assert err.count("\n") == 1


# -- tensor


@pytest.mark.parametrize(
    ("name", "i", "j"), [("A5", 1, 2), ("SL(2,3)", 3, 6), ("C7", 2, 5), ("S9", 1, 2), ("A10", 3, 3)]
)
def test_tensor_products_divide_as_inner_products_say(call, name, i, j):
    """Multiplicities by the float inner product of the table; degrees add up."""
    table = table_of(name)
    rows = ask(call, "tensor", name, str(i), str(j))
    weights = np.array(table.columns.sizes, dtype=float) / table.columns.order
    inner = table.complex.conj() @ (weights * table.complex[i] * table.complex[j])
    assert {row["index"]: row["multiplicity"] for row in rows} == {
        k: round(m.real) for k, m in enumerate(inner) if m.real > 0.5
    }
    assert all((row["name"], row["degree"]) == (table.names[row["index"]], table.degrees[row["index"]]) for row in rows)
    assert sum(row["degree"] * row["multiplicity"] for row in rows) == table.degrees[i] * table.degrees[j]


# -- decompose


def block_diagonal(path: Path, given: np.ndarray, blocks: dict[int, np.ndarray]) -> None:
    """Q^-1 rho(g) Q has the irreps' matrices on the blocks and 0 elsewhere; given has shape (n, d, d)."""
    with np.load(path) as arrays:
        basis, placed = arrays["basis"], arrays["blocks"]
    moved = np.linalg.inv(basis) @ given @ basis
    expected = np.zeros_like(moved)
    for row, start, degree in placed.tolist():
        expected[:, start : start + degree, start : start + degree] = blocks[row]
    assert sorted(one for _, start, d in placed.tolist() for one in range(start, start + d)) == list(range(len(basis)))
    assert np.allclose(moved, expected, atol=1e-8)


def permutation_matrices(images: np.ndarray) -> np.ndarray:
    """Shape (n, m, m): e_x rho(g) = e_(x g), so that rho(a * b) = rho(a) @ rho(b)."""
    return np.eye(images.shape[1])[images]


@pytest.mark.parametrize("real", [False, True], ids=["complex", "real"])
@pytest.mark.parametrize("name", ["S4", "Q8", "C3", "SL(2,3)"])
@pytest.mark.parametrize("action", ["regular", "natural", "cosets", "matrices"])
def test_decompose_writes_a_basis_that_divides(call, tmp_path, name, action, real):
    """Every action; the blocks are the matrices that irreps writes in the same form."""
    group = named(name)
    regular = permutation_matrices(np.asarray(group.table).T.astype(int))
    if action == "regular":
        text, given = "regular", regular
    elif action == "natural":
        text, given = "natural", permutation_matrices(np.asarray(group.permutations).astype(int))
    elif action == "cosets":
        text, given = "cosets:1", None
    else:
        given = regular + 0.0
        change = np.random.default_rng(3).normal(size=given.shape[1:]) + 3 * np.eye(given.shape[1])
        given = np.linalg.inv(change) @ given @ change
        np.save("x.npy", given[list(group.generators)])
        text = "matrices:x.npy"
    options = ["--real"] if real else []
    answer = ask(call, "decompose", name, "--action", text, *options, "--out", "q.npz")
    total = sum(one["degree"] * one["multiplicity"] for one in answer["constituents"])
    assert answer["error"] < 1e-8
    with np.load("q.npz") as arrays:
        assert arrays["basis"].shape == (total, total)
        assert arrays["basis"].dtype == (np.float64 if real else np.complex128)
    call("irreps", name, "--form", "real" if real else "unitary", "--elements", "all", "--out", "r.npz")
    with np.load("r.npz") as arrays:
        blocks = {int(key.split("_")[1]): arrays[key] for key in arrays if key != "elements"}
    if given is not None:
        block_diagonal(tmp_path / "q.npz", given, blocks)


def test_decompose_counts_orbits_and_squares(call):
    """Regular: each character as often as its degree. Points and cosets of S4: 1 + 3, and the trivial one once."""
    table = table_of("S4")
    rows = ask(call, "decompose", "S4", "--action", "regular")["constituents"]
    assert [row["multiplicity"] for row in rows] == table.degrees.tolist()
    rows = ask(call, "decompose", "S4", "--action", "natural")["constituents"]
    assert [(row["degree"], row["multiplicity"]) for row in rows] == [(1, 1), (3, 1)]
    for subgroup in ("cosets:(1,2),(1,2,3)", "cosets:8"):
        rows = ask(call, "decompose", "S4", "--action", subgroup)["constituents"]
        assert rows[0] == {"index": 0, "name": "1a", "degree": 1, "multiplicity": 1}
    for fmt in ("table", "csv"):
        assert call("decompose", "S4", "--action", "natural", "--format", fmt)[0] == 0


# -- fourier


@pytest.mark.parametrize("ending", ["npy", "json", "csv"])
@pytest.mark.parametrize("name", ["S4", "Q8", "C5"])
def test_fourier_of_a_file_is_the_sum_over_the_group(call, tmp_path, name, ending):
    """Against the definition with the matrices that irreps writes; Plancherel; json and npz agree."""
    group = named(name)
    random = np.random.default_rng(1)
    values = random.normal(size=group.order) + 1j * random.normal(size=group.order)
    path = tmp_path / f"f.{ending}"
    if ending == "npy":
        np.save(path, values)
    elif ending == "json":
        path.write_text(json.dumps([{"re": v.real, "im": v.imag} for v in values.tolist()]))
    else:
        path.write_text("\n".join(f"{v.real!r}{v.imag:+}j" for v in values.tolist()))
    rows = ask(call, "fourier", name, "--function", str(path), "--out", "c.npz")
    call("irreps", name, "--form", "unitary", "--elements", "all", "--out", "r.npz")
    with np.load("c.npz") as coefficients, np.load("r.npz") as matrices:
        for i, row in enumerate(rows):
            expected = np.einsum("g,gij->ij", values, matrices[f"irrep_{i}"])
            assert np.allclose(coefficients[f"irrep_{i}"], expected)
            shown = np.array(row["coefficient"])
            assert np.allclose(shown[..., 0] + 1j * shown[..., 1], expected)
            energy = row["degree"] * (np.abs(expected) ** 2).sum() / group.order
            assert row["energy"] == pytest.approx(energy, rel=1e-9)
    norm = (np.abs(values) ** 2).sum()
    assert sum(row["energy"] for row in rows) == pytest.approx(norm, rel=1e-9)
    assert sum(row["share"] for row in rows) == pytest.approx(1, rel=1e-9)


def test_fourier_of_nothing_has_no_shares(call, tmp_path):
    """The zero function: energies 0, shares unknown."""
    (tmp_path / "zero.csv").write_text("0\n" * 6)
    assert [(row["energy"], row["share"]) for row in ask(call, "fourier", "S3", "--function", "zero.csv")] == [
        (0, None)
    ] * 3
    code, out, _ = call("fourier", "S3", "--function", "zero.csv")
    assert (code, out.split()[-1]) == (0, "-")


# -- files that cannot be written


@pytest.mark.parametrize(
    "line",
    ["irreps S3 --out x.npz", "irreps S3 --out x.json", "fourier S3 --function f.csv --out x.npz",
     "decompose S3 --action natural --out x.npz"],
)  # fmt: skip
def test_a_full_disk_leaves_nothing_half_written(call, tmp_path, monkeypatch, line):
    """One line, exit code 1, no output, no file."""
    (tmp_path / "f.csv").write_text("1\n" * 6)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    code, out, err = call(*line.split())
    assert (code, out) == (1, "")
    assert err.startswith("grouptool: cannot write x.")
    assert err.endswith("No space left on device\n")
    assert os.listdir(tmp_path) == ["f.csv"]


@pytest.mark.parametrize("arguments", [["characters", "S4"], ["irreps", "S4"], ["tensor", "S4", "1", "2"]])
def test_small_questions_import_nothing_heavy(arguments):
    """In a fresh process, the modules that were loaded."""
    program = (
        "import sys\nfrom grouptool.cli.main import run\n"
        f"try:\n    run({arguments!r})\nexcept SystemExit:\n    print(*sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"torch", "matplotlib", "networkx", "numba", "sympy", "sqlalchemy", "verify"} & set(done.stderr.split())


@pytest.mark.parametrize("name", ["S4", "SL(2,3)", "A5", "D6 x C2", "F(7,3)", "PSL(2,7)"])
@pytest.mark.parametrize("form", ["exact", "unitary", "real"])
def test_a_row_has_one_set_of_matrices(call, name, form):
    """Alone or in the list: fourier and decompose refer to the list, people look at one."""
    rows = ask(call, "irreps", name, "--form", form)
    for index in range(len(rows)):
        assert ask(call, "irreps", name, "--form", form, "--irrep", str(index)) == [rows[index]]
