"""Compiled kernels and their plain twins give the same answers, whatever the group."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from strategies import named, small_groups

from grouptool import from_permutations
from grouptool.acceleration import WORTH_COMPILING, plain_kernels, use_compiled
from grouptool.errors import TooLargeError
from grouptool.group import Group
from grouptool.structure import automorphism_group, conjugacy_classes, find_isomorphism, subgroup_lattice
from grouptool.structure.isomorphism import class_colours
from grouptool.structure.normal import normal_subgroups
from grouptool.structure.subgroups import primary_subgroups

NAMES = (
    "C1",
    "C2",
    "C12",
    "C2^4",
    "D6",
    "Q8",
    "S4",
    "SL(2,3)",
    "A5",
    "C3 x A4",
    "SL(2,5)",
    "PSL(2,7)",
    "A5 x C2",
    "A6",
)


def fresh(made: Group) -> Group:
    """The same group without what it has already computed."""
    return Group(made.table, made.generators, made.permutations, made.name, made.parents, made.letters)


def both_ways(question, made):
    """Plain answer, compiled answer."""
    answers = []
    for choice in ("plain", "compiled"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("GROUPTOOL_KERNELS", choice)
            answers.append(question(fresh(made)))
    return answers


def check_twins(made):
    """Every kernel of the group and structure rooms."""
    for plain, compiled in zip(*both_ways(lambda one: (one.element_orders, one.inverses), made), strict=True):
        assert np.array_equal(plain, compiled)
    plain, compiled = both_ways(conjugacy_classes, made)
    for field in ("class_of", "representatives", "sizes", "element_orders"):
        assert np.array_equal(getattr(plain, field), getattr(compiled, field)), field
    for one, other in zip(*both_ways(primary_subgroups, made), strict=True):
        assert np.array_equal(one, other)
    plain, compiled = both_ways(normal_subgroups, made)
    assert [one.elements.tolist() for one in plain] == [one.elements.tolist() for one in compiled]
    (plain, marks), (compiled, other_marks) = both_ways(
        lambda one: ((lattice := subgroup_lattice(one)), lattice.table_of_marks), made
    )
    assert np.array_equal(plain.orders, compiled.orders)
    assert np.array_equal(marks, other_marks)
    for one, other in zip(plain.classes, compiled.classes, strict=True):
        assert np.array_equal(one.conjugates, other.conjugates)
    for sharper in (False, True):
        plain, compiled = both_ways(lambda one, s=sharper: class_colours(conjugacy_classes(one), sharper=s), made)
        assert np.array_equal(plain, compiled)
    plain, compiled = both_ways(automorphism_group, made)
    assert plain.base == compiled.base
    assert np.array_equal(plain.strong_generators, compiled.strong_generators)
    for one, other in zip(plain.orbits, compiled.orbits, strict=True):
        assert np.array_equal(one, other)
    mapping, same = both_ways(lambda one: find_isomorphism(one, fresh(made)), made)
    assert np.array_equal(mapping, same)


@pytest.mark.parametrize("name", NAMES)
def test_twins_agree_on_named_groups(name):
    """Abelian, soluble, perfect and mixed groups."""
    check_twins(named(name))


@given(small_groups())
@settings(max_examples=25)
def test_twins_agree_on_random_groups(made):
    """Groups that random permutations generate."""
    check_twins(made)


def test_when_kernels_are_used(monkeypatch):
    """By order of the environment; else when they are loaded or the work is worth loading them."""
    monkeypatch.setenv("GROUPTOOL_KERNELS", "plain")
    assert not use_compiled(10 * WORTH_COMPILING)
    monkeypatch.setenv("GROUPTOOL_KERNELS", "compiled")
    assert use_compiled(0)
    monkeypatch.delenv("GROUPTOOL_KERNELS")
    monkeypatch.setattr("sys.modules", {})
    assert use_compiled(WORTH_COMPILING)
    assert not use_compiled(WORTH_COMPILING - 1)


@pytest.mark.parametrize("choice", ["auto", "compiled"])
def test_plain_kernels_are_asked_for_one_piece_of_work(choice, monkeypatch):
    """Whatever the environment says, and only within the block."""
    monkeypatch.setenv("GROUPTOOL_KERNELS", choice)
    with plain_kernels():
        assert not use_compiled(10 * WORTH_COMPILING)
    assert use_compiled(10 * WORTH_COMPILING)


@pytest.mark.parametrize("name", ["C2", "S5", "C2^5", "Q16", "M11", "64.134", "D400", "C7 : C3", "AGL(2,3)", "C300"])
def test_closures_are_the_same(name, monkeypatch):
    """Elements, words and table of a group from permutations, on its own points and renumbered ones."""
    made = named(name)
    images = made.permutations[list(made.generators)]
    number = np.random.default_rng(3).permutation(made.degree)
    for rows in (images.tolist(), [number[row][np.argsort(number)].tolist() for row in images]):
        groups = []
        for kernels in ("plain", "compiled"):
            monkeypatch.setenv("GROUPTOOL_KERNELS", kernels)
            groups.append(from_permutations(rows))
        plain, compiled = groups
        for part in ("table", "permutations", "parents", "letters"):
            one, other = getattr(plain, part), getattr(compiled, part)
            assert one.dtype == other.dtype
            assert np.array_equal(one, other)


def test_a_closure_past_its_limit_is_refused(kernels):
    """At exactly the limit it is made."""
    rows = [[1, 2, 3, 4, 0], [1, 0, 2, 3, 4]]
    assert from_permutations(rows, limit=120).order == 120
    with pytest.raises(TooLargeError, match="more than 119 elements"):
        from_permutations(rows, limit=119)
