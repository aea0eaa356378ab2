"""Exact character tables against GAP's, theorems, relabelling; and a wrong table does not get through the proof."""

from __future__ import annotations

import cmath
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import named, oracle, relabelled, small_groups

from grouptool import from_permutations
from grouptool.errors import RepresentationError, TooLargeError
from grouptool.representations import character_table, characters
from grouptool.representations.characters import _collected
from grouptool.representations.tables.dixon import eigenvalue_counts, prove_counts
from grouptool.structure import conjugacy_classes


def _value(entry):
    if isinstance(entry, int):
        return entry
    n, terms = entry
    return sum(c * cmath.exp(2j * cmath.pi * e / n) for e, c in zip(terms[::2], terms[1::2], strict=True))


@pytest.mark.parametrize("record", oracle(), ids=lambda record: f"{record.get('id')}")
def test_agrees_with_gap(record):
    """Degrees, indicators, and the table itself, columns matched through representatives, with their power maps."""
    made = from_permutations(record["generators"])
    table = character_table(made)
    assert Counter(table.degrees.tolist()) == dict(record["irrep_degrees"])
    assert Counter(table.indicators.tolist()) == dict(record["fs_indicators"])
    given_table = record.get("character_table")
    if given_table is None:
        return
    index = {tuple(image): i for i, image in enumerate(made.permutations.tolist())}
    columns = [table.classes.class_of[index[tuple(image)]] for image in given_table["class_reps"]]
    theirs = np.array([[_value(given_table["values"][entry]) for entry in row] for row in given_table["rows"]])
    distances = np.abs(table.complex[:, columns][:, None] - theirs[None]).max(axis=2)
    assert (distances.min(axis=1) < 1e-8).all()
    assert sorted(distances.argmin(axis=1)) == list(range(len(table)))
    for prime, images in given_table.get("power_maps", ()):
        assert (table.classes.power_map(prime)[columns] == np.array(columns)[images]).all()


@given(small_groups())
def test_orthogonality_and_involutions(made):
    """Both orthogonality relations in floats, and sum of nu(chi) chi(1) = number of square roots of 1."""
    table = character_table(made)
    values, sizes = table.complex, table.classes.sizes
    assert np.allclose((values * sizes) @ values.conj().T, made.order * np.eye(len(table)))
    assert np.allclose(values.T @ values.conj(), np.diag(table.classes.centralizer_orders))
    assert (table.indicators * table.degrees).sum() == (made.powers(2) == 0).sum()


@given(small_groups())
def test_exact_values_are_the_complex_ones(made):
    """Cyclotomic values agree with the floats, and duals are complex conjugates."""
    table = character_table(made)
    exact = np.array([[complex(table.value(i, j)) for j in range(len(table))] for i in range(len(table))])
    assert np.allclose(exact, table.complex)
    assert np.allclose(table.complex[table.duals], table.complex.conj())
    assert (table.is_real == (table.duals == np.arange(len(table)))).all()


@given(small_groups())
def test_the_stated_order(made):
    """The trivial character first, then by degree; two runs give one table."""
    table = character_table(made)
    assert (table.complex[0] == 1).all()
    assert (np.diff(table.degrees) >= 0).all()
    again = character_table(made)
    assert (table.index == again.index).all()
    assert len(set(table.names)) == len(table)


@given(small_groups(), st.integers(0, 10**6))
def test_relabelling_permutes_the_table(made, seed):
    """Rows as multisets of (class size, element order, value) belong to the group."""

    def rows(table):
        keys = list(zip(table.classes.sizes.tolist(), table.classes.element_orders.tolist(), strict=True))
        return Counter(
            tuple(sorted((*key, str(table.value(i, j))) for j, key in enumerate(keys))) for i in range(len(table))
        )

    assert rows(character_table(relabelled(made, seed)[0])) == rows(character_table(made))


@pytest.mark.parametrize(
    ("name", "row", "values"),
    [
        ("A5", 1, ["3", "-1", "0", "(1+sqrt(5))/2", "(1-sqrt(5))/2"]),
        ("Q8", 4, ["2", "-2", "0", "0", "0"]),
        ("S5", 2, ["4", "2", "0", "1", "0", "-1", "-1"]),
        ("C4", 2, ["1", "-1", "i", "-i"]),
    ],
)
def test_known_rows(name, row, values):
    """Textbook rows, in the field's spelling."""
    table = character_table(named(name))
    assert [str(table.value(row, j)) for j in range(len(table))] == values


@pytest.mark.parametrize("name", ["S4", "SL(2,3)", "C7:C3"])
def test_a_wrong_table_is_refused(name, kernels):
    """Exchange two rows' counts on one class, or repeat a row: the proof names what broke."""
    found = eigenvalue_counts(conjugacy_classes(named(name)))
    prove_counts(found)
    repeated = found.counts.copy()
    repeated[1] = repeated[0] if found.degrees[1] == 1 else repeated[2]
    with pytest.raises(RepresentationError, match=r"orthonormal|squares of the degrees|two rows"):
        prove_counts(replace(found, counts=repeated))
    start = found.classes.powers[0][-1]
    exchanged = found.counts.copy()
    rows = next(
        [i, j]
        for i in range(len(exchanged))
        for j in range(i)
        if found.degrees[i] == found.degrees[j] and (exchanged[i, start:] != exchanged[j, start:]).any()
    )
    exchanged[rows, start:] = exchanged[rows[::-1], start:]
    with pytest.raises(RepresentationError):
        prove_counts(replace(found, counts=exchanged))


def test_columns_that_do_not_fit_the_group_are_refused(kernels):
    """In C4 x C2, exchange the columns of a^2 and another involution: still orthonormal, but no table of the group."""
    found = eigenvalue_counts(conjugacy_classes(named("C4 x C2")))
    classes = found.classes
    (square,) = set(classes.power_map(2)[classes.element_orders == 4].tolist())
    other = next(j for j in range(len(classes)) if classes.element_orders[j] == 2 and j != square)
    places = [classes.powers[0][j] + i for j in (square, other) for i in range(2)]
    counts = found.counts.copy()
    counts[:, places] = counts[:, [*places[2:], *places[:2]]]
    with pytest.raises(RepresentationError, match=r"eigenvectors|indicators"):
        prove_counts(replace(found, counts=counts))


@pytest.mark.parametrize("name", ["S4", "SL(2,3)", "C7:C3", "W(B4)", "C3 x S3", "D20"])
def test_kernels_and_their_twins_make_one_table(name, monkeypatch):
    """The same numbers in the same places."""
    tables = []
    for choice in ("plain", "compiled"):
        monkeypatch.setenv("GROUPTOOL_KERNELS", choice)
        tables.append(character_table(from_permutations(named(name).permutations[list(named(name).generators)])))
    assert (tables[0].index == tables[1].index).all()
    assert (tables[0].numbers.coefficients == tables[1].numbers.coefficients).all()


@pytest.mark.parametrize("name", ["C1", "C12", "C2^4", "C4 x C6", "C9 x C3"])
def test_abelian_tables_agree_with_class_matrices(name):
    """The rows that are extended generator by generator are, in order, those that class matrices give."""
    classes = conjugacy_classes(named(name))
    split = _collected(eigenvalue_counts(classes))
    assert np.allclose(split.complex, character_table(classes).complex)


def test_large_abelian_groups_have_tables():
    """A cyclic group of order 3,000: two orthogonal rows, without n^2 objects."""
    table = character_table(named("C3000"))
    first, second = table.complex[7], table.complex[1000]
    assert abs(first @ second.conj()) < 1e-6
    assert (str(table.value(1500, 1)), str(table.value(1, 2))) == ("-1", "1")


@pytest.mark.parametrize("name", ["C1", "C12", "S5", "SL(2,5)"])
@pytest.mark.parametrize("block", [1, 3, 256])
def test_what_goes_through_the_rows_in_blocks(monkeypatch, name, block):
    """Kernels, indicators and inner products by their definitions; blocks of rows change nothing."""
    monkeypatch.setattr(characters, "BLOCK", block)
    table = character_table(named(name))
    sizes, squares = table.classes.sizes, table.columns.power_map(2)
    rng = np.random.default_rng(0)
    function = rng.normal(size=len(table)) + 1j * rng.normal(size=len(table))
    for row in range(len(table)):
        values = [table.value(row, j) for j in range(len(table))]
        assert table.kernels[row].tolist() == [value == values[0] for value in values] == table.kernel(row).tolist()
        floats = np.array([complex(value) for value in values])
        assert np.abs(table.floats(row) - floats).max() < 1e-12
        assert table.indicators[row] == round((sizes * floats[squares]).sum().real / table.group.order)
        inner = (sizes * function * floats.conj()).sum() / table.group.order
        assert abs(table.products_with(function)[row] - inner) < 1e-12


def test_too_many_floats_are_refused(monkeypatch):
    """All values at a time, with an estimate; rows and columns are still to be had."""
    table = character_table(named("S5"))
    monkeypatch.setattr(characters, "MAX_FLOATS", 48)
    with pytest.raises(TooLargeError, match=r"all 49 values .*'floats'"):
        _ = table.complex
    assert table.floats([0, 6], 0).tolist() == [1, 6]
    assert table.floats(slice(2, 4)).shape == (2, 7)


@pytest.mark.parametrize(("few", "cells"), [(1, 0), (16, 0), (16, 10**6)])
@pytest.mark.parametrize("name", ["C1", "C40", "C210", "D40", "C13:C3", "SL(2,5)", "C2^3 x D9"])
def test_conductors_are_those_of_the_values(monkeypatch, name, few, cells):
    """The least common multiple of the conductors of the exact values of a row, however many are compared first."""
    monkeypatch.setattr(characters, "FEW", few)
    monkeypatch.setattr(characters, "FEW_CELLS", cells)
    table = character_table(named(name))
    for row in range(len(table)):
        conductors = [table.value(row, j).conductor for j in range(len(table))]
        assert table.conductors[row] == np.lcm.reduce(conductors)
