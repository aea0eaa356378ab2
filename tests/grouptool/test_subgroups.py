"""The subgroup lattice and the table of marks, against definitions and Burnside's identities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import named, relabelled, small_groups

from grouptool import from_permutations
from grouptool.errors import BudgetSpentError
from grouptool.structure import normal as normal_module
from grouptool.structure import right_cosets, subgroup_lattice
from grouptool.structure.normal import maximal_normal_subgroups, minimal_normal_subgroups, normal_subgroups


def fixed_cosets(made, fixing, of):
    """By definition: right cosets H x with H x g = H x for all g."""
    coset = right_cosets(made, of)
    representatives = np.unique(coset, return_index=True)[1]
    return sum(all(coset[made.table[x, g]] == coset[x] for g in fixing) for x in representatives)


@pytest.mark.parametrize("name", ["C6", "S3", "D4", "Q8", "A4", "S4", "C7:C3", "A5"])
def test_marks_are_fixed_cosets(name):
    """Entry i, j counts the cosets of U_i that U_j fixes."""
    made = named(name)
    lattice = subgroup_lattice(made)
    marks = lattice.table_of_marks
    for i, of in enumerate(lattice.classes):
        for j, fixing in enumerate(lattice.classes):
            assert marks[i, j] == fixed_cosets(made, fixing.representative, of.representative)


@given(small_groups())
def test_marks_obey_burnside(made):
    """Lower triangular, indices first, |N(U):U| on the diagonal; over all elements each row counts one orbit."""
    lattice = subgroup_lattice(made)
    marks = lattice.table_of_marks
    assert not np.triu(marks, 1).any()
    assert marks[:, 0].tolist() == (made.order // lattice.orders).tolist()
    for i, one in enumerate(lattice.classes):
        assert marks[i, i] == one.normalizer.order // one.order
    cyclic = [lattice.class_of(made.subgroup([x])) for x in range(made.order)]
    assert (marks[:, cyclic].sum(axis=1) == made.order).all()  # Cauchy-Frobenius: one orbit each


@given(small_groups())
def test_products_of_marks_decompose(made):
    """G/U x G/V is a G-set: its marks are a combination of rows with coefficients 0, 1, 2, ..."""
    marks = subgroup_lattice(made).table_of_marks.astype(object)
    for row in marks[: min(len(marks), 6)]:
        left = row * marks[len(marks) // 2]
        for i in range(len(marks) - 1, -1, -1):
            multiplicity, rest = divmod(left[i], marks[i, i])
            assert rest == 0
            assert multiplicity >= 0
            left = left - multiplicity * marks[i]
        assert not left.any()


@given(small_groups(), st.integers(0, 10**6))
@settings(max_examples=30)
def test_relabelling_keeps_marks_and_classes(made, seed):
    """Classes may come in another order among equals; the multiset of rows of each order does not change."""
    other, _ = relabelled(made, seed)
    ours, theirs = subgroup_lattice(made), subgroup_lattice(other)
    assert ours.orders.tolist() == theirs.orders.tolist()
    assert ours.lengths.tolist() == theirs.lengths.tolist()
    assert sorted(map(sorted, ours.table_of_marks.tolist())) == sorted(map(sorted, theirs.table_of_marks.tolist()))


@given(small_groups())
def test_every_row_of_bits_is_a_subgroup(made):
    """Members are closed, conjugates are conjugate, normalisers have the index of the class length."""
    lattice = subgroup_lattice(made)
    for one in lattice.classes:
        assert np.array_equal(made.closure(one.generators), one.subgroup.mask)
        assert one.normalizer.index == one.length
        assert np.array_equal(one.core, one.subgroup.core.mask)
        images = {(one.subgroup ^ g).mask.tobytes() for g in range(made.order)}
        assert images == {mask.tobytes() for mask in one.conjugates}


def test_perfect_subgroups_are_found_wherever_they_hide():
    """2^4:A5 has the perfect subgroups A5 and itself, which are no cyclic extensions; counts are GAP 4.12's."""
    affine = from_permutations(_affine_a5())
    lattice = subgroup_lattice(affine)
    assert affine.order == 960
    assert (lattice.count, len(lattice)) == (1708, 63)
    perfect = [one for one in lattice.classes if one.order > 1 and _is_perfect(one.subgroup)]
    assert [(one.order, one.length) for one in perfect] == [(60, 16), (960, 1)]
    assert lattice.class_of(affine.whole) == len(lattice) - 1


@pytest.mark.parametrize(
    ("name", "perfect"),
    [
        ("A6", [(60, 6), (60, 6), (360, 1)]),
        ("A7", [(60, 21), (60, 42), (168, 15), (168, 15), (360, 7), (2520, 1)]),
        ("PSL(2,16)", [(60, 68), (4080, 1)]),
        ("PSL(2,17)", [(2448, 1)]),
    ],
)
def test_perfect_subgroups_of_simple_groups(name, perfect):
    """Atlas of Finite Groups: their classes; a Sylow 2-subgroup of PSL(2,17) is maximal and not abelian."""
    lattice = subgroup_lattice(named(name))
    found = [(one.order, one.length) for one in lattice.classes if one.order > 1 and _is_perfect(one.subgroup)]
    assert found == perfect


def _affine_a5():
    """2^4 : A5 with A5 acting on the even part of GF(2)^5 by permuting coordinates; as permutations of 10 points."""
    swap = list(range(10))
    swap[0], swap[1], swap[2], swap[3] = 1, 0, 3, 2  # flips coordinates 1 and 2

    def coordinates(image):
        return [2 * image[p // 2] + p % 2 for p in range(10)]

    return [swap, coordinates([1, 2, 3, 4, 0]), coordinates([1, 2, 0, 3, 4])]


def _is_perfect(subgroup):
    made = subgroup.as_group()
    commutators = made.table[made.table[np.ix_(made.inverses, made.inverses)], made.table]
    return made.closure(np.unique(commutators)).all()


@given(small_groups())
def test_normal_subgroups_are_the_classes_of_length_one(made):
    """Two enumerations that share no step."""
    lattice = subgroup_lattice(made)
    expected = {one.subgroup.mask.tobytes() for one in lattice.classes if one.length == 1}
    normal = normal_subgroups(made)
    assert {one.mask.tobytes() for one in normal} == expected
    proper = [one for one in normal if one.order > 1]
    assert minimal_normal_subgroups(made) == [one for one in proper if not any(other < one for other in proper)]
    below = [one for one in normal if one.order < made.order]
    assert maximal_normal_subgroups(made) == [one for one in below if not any(one < other for other in below)]


def test_a_stopped_search_for_normal_subgroups_says_unknown():
    """C2^4 has 67."""
    with pytest.raises(BudgetSpentError, match="unknown"):
        normal_subgroups(named("C2^4"), budget=66)
    assert len(normal_subgroups(named("C2^4"), budget=67)) == 67


def test_covers_are_the_hasse_diagram():
    """In A4: 1 < C2 < V4 < A4 and 1 < C3 < A4."""
    lattice = subgroup_lattice(named("A4"))
    edges = {(lattice.orders[i], lattice.orders[j]) for i, j in zip(*np.nonzero(lattice.covers), strict=True)}
    assert edges == {(1, 2), (2, 4), (4, 12), (1, 3), (3, 12)}


def test_a_long_plain_search_for_normal_subgroups_goes_on_compiled(monkeypatch):
    """The same 67, found by the plain search up to the tenth, then by the kernel."""
    expected = normal_subgroups(named("C2^4"))
    monkeypatch.setattr(normal_module, "FEW", 10)
    monkeypatch.setattr(normal_module, "use_compiled", lambda work: work > 256)
    assert normal_subgroups(named("C2^4")) == expected
