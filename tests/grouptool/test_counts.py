"""Real and rational classes, subgroups by order and kind, Aut and least degrees, against GAP and definitions."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from strategies import named, small_groups

from grouptool import from_permutations
from grouptool.errors import BudgetSpentError
from grouptool.structure import (
    automorphism_group,
    conjugacy_classes,
    describe_structure,
    minimal_permutation_degree,
    minimal_permutations,
    subgroup_lattice,
)

ORACLE = json.loads((Path(__file__).parents[1] / "oracles" / "counts.json").read_text())["groups"]


@pytest.mark.parametrize("record", ORACLE, ids=lambda record: str(len(record["generators"][0])))
def test_agrees_with_gap(record):
    """Every count of the oracle that no other test compares."""
    made = from_permutations(record["generators"])
    classes, lattice = conjugacy_classes(made), subgroup_lattice(made)
    assert classes.is_real.sum() == record["n_real_classes"]
    assert classes.divisions.max() + 1 == record["n_rational_classes"]
    by_order = [
        [int(order), int(lattice.lengths[lattice.orders == order].sum()), int((lattice.orders == order).sum())]
        for order in np.unique(lattice.orders)
    ]
    assert by_order == record["subgroups_by_order"]
    subgroups = [one.subgroup for one in lattice.classes]
    assert sum(one.is_cyclic for one in subgroups) == record["n_cyclic_subgroup_classes"]
    assert sum(one.is_abelian for one in subgroups) == record["n_abelian_subgroup_classes"]
    if "min_perm_degree" in record:
        assert minimal_permutation_degree(lattice) == record["min_perm_degree"]
    automorphisms = automorphism_group(made)
    assert (automorphisms.order, automorphisms.outer_order) == (record["aut_order"], record["out_order"])
    if "aut_orbits" in record:
        orbits = automorphisms.orbits_on_elements()
        first = np.unique(orbits, return_index=True)[1]
        found = Counter(zip(made.element_orders[first].tolist(), np.bincount(orbits).tolist(), strict=True))
        assert found == {(order, length): count for order, length, count in record["aut_orbits"]}


@given(small_groups())
def test_divisions_by_definition(made):
    """x and y are rationally conjugate when some g takes the subgroup of x to that of y."""
    classes = conjugacy_classes(made)
    cyclic = [made.subgroup([int(x)]) for x in classes.representatives]
    for i, one in enumerate(cyclic):
        images = {(one ^ g).mask.tobytes() for g in range(made.order)}
        for j, other in enumerate(cyclic):
            assert (classes.divisions[i] == classes.divisions[j]) == (other.mask.tobytes() in images)
    assert classes.is_rational.tolist() == [
        (classes.divisions == division).sum() == 1 for division in classes.divisions
    ]


@given(small_groups())
def test_least_degrees_are_degrees_of_faithful_actions(made):
    """The rows multiply as the elements do, differ, and have the degree that was promised."""
    images = minimal_permutations(made)
    assert images.shape[1] == minimal_permutation_degree(subgroup_lattice(made))
    assert len(np.unique(images, axis=0)) == made.order
    for g in made.generators:
        assert np.array_equal(images[made.table[:, g]], images[g][images])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("C1", "C1"),
        ("C6 x C4", "C2 x C12"),
        ("PSL(2,5)", "A5"),
        ("C2 x S4", "C2 x S4"),
        ("C7 : C3", "C7 : C3"),
        ("F5:4", "F5:4"),
        ("PSL(2,7)", "PSL(2,7)"),
        ("SL(2,5)", "SL(2,5)"),
        ("S3 wr C2", "F9:4 : C2"),
        ("GL(2,4)", "C3 x A5"),
        ("Q8 x C3", "C3 x Q8"),
        ("D6", "D6"),
        ("M11", "M11"),
        ("PSU(3,3)", "PSU(3,3)"),
        ("C2 wr C9", "C2 x (C2^8 : C9)"),  # its subgroups are too many to list
    ],
)
def test_descriptions(name, text):
    """The rules of describe_structure, one each."""
    assert describe_structure(named(name)) == text


@pytest.mark.parametrize("name", ["S4", "F9:4", "C2 wr C3", "SL(2,3)", "A4 x S3", "F8:7", "Q8"])
def test_descriptions_without_the_subgroups(name, monkeypatch):
    """Normal subgroups and equations for complements say what the lattice says, when what splits is elementary."""
    from grouptool.structure import description

    whole = describe_structure(named(name))

    def many(*_):
        raise BudgetSpentError("too many")

    monkeypatch.setattr(description, "subgroup_lattice", many)
    assert describe_structure(named(name)) == whole


@given(small_groups())
def test_descriptions_do_not_depend_on_the_permutations(made):
    """The same group in its least faithful action has the same description."""
    assert describe_structure(from_permutations(minimal_permutations(made))) == describe_structure(made)
