"""Automorphism groups, against brute force, theorems and relabelling."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import named, relabelled, small_groups

from grouptool import from_permutations
from grouptool.errors import BudgetSpentError, TooLargeError
from grouptool.group import prime_factors
from grouptool.structure import (
    automorphism_group,
    automorphism_order,
    automorphisms,
    conjugacy_classes,
    find_isomorphism,
    fingerprint,
    holomorph,
    isomorphism,
    rank,
)
from grouptool.structure.isomorphism import class_colours, generating_sequence


def is_automorphism(made, images):
    """Bijective, and every product goes to the product."""
    return sorted(images) == list(range(made.order)) and np.array_equal(
        images[made.table], made.table[np.ix_(images, images)]
    )


@pytest.mark.parametrize("name", ["C6", "C2^3", "S3", "D4", "Q8", "A4", "Dic3", "C7:C3"])
def test_the_order_by_brute_force(name):
    """Try every image of the generators, and spread it along words."""
    made = named(name)
    count = 0
    for images in product(range(made.order), repeat=len(made.generators)):
        mapping = np.zeros(made.order, dtype=np.int64)
        for x in range(made.order):
            for letter in made.word(x):
                mapping[x] = made.table[mapping[x], images[letter]]
        count += is_automorphism(made, mapping)
    assert automorphism_order(made) == count


@given(small_groups())
def test_generators_are_automorphisms_and_generate_all(made):
    """The group that they generate, closed as permutations, has the order that the chain gives."""
    found = automorphism_group(made)
    assert all(is_automorphism(made, images) for images in found.generators)
    if found.order <= 2000:
        assert found.as_group().order == found.order
    assert found.order == found.inner_order * found.outer_order


@pytest.mark.parametrize(
    ("name", "aut", "outer"),
    [("S6", 1440, 2), ("A6", 1440, 4), ("Q8", 24, 6), ("C2^4", 20160, 20160), ("D4", 8, 2), ("S5", 120, 1)],
)
def test_known_automorphism_groups(name, aut, outer):
    """S6 is the symmetric group with outer automorphisms; Aut(C2^4) = GL(4,2)."""
    found = automorphism_group(named(name))
    assert (found.order, found.outer_order) == (aut, outer)


def test_known_structures():
    """Aut(Q8) = S4, Out(Q8) = S3, Hol(C5) = F5:4, Hol(C2^3) has order 8 * 168."""
    found = automorphism_group(named("Q8"))
    assert find_isomorphism(found.as_group(), named("S4")) is not None
    assert find_isomorphism(found.outer(), named("S3")) is not None
    assert find_isomorphism(holomorph(named("C5")), named("F5:4")) is not None
    assert holomorph(named("C2^3")).order == 1344


def test_characteristic_subgroups():
    """The centre of D4 is characteristic; one of its two Klein groups is normal and is not."""
    made = named("D4")
    found = automorphism_group(made)
    assert found.is_characteristic(made.whole.centralizer)
    kleins = [
        one
        for one in map(made.subgroup, product(range(8), repeat=2))
        if one.order == 4 and one.is_normal and not one.is_cyclic
    ]
    assert kleins
    assert not any(found.is_characteristic(one) for one in kleins)


@given(small_groups(), st.integers(0, 10**6))
@settings(max_examples=40)
def test_relabelling_keeps_order_fingerprint_and_colours(made, seed):
    """Colours are a class function that no numbering changes."""
    other, new = relabelled(made, seed)
    assert automorphism_order(other) == automorphism_order(made)
    assert fingerprint(other) == fingerprint(made)
    ours, theirs = conjugacy_classes(made), conjugacy_classes(other)
    assert np.array_equal(class_colours(ours)[ours.class_of], class_colours(theirs)[theirs.class_of][new])
    mapping = find_isomorphism(made, other)
    assert np.array_equal(mapping[made.table], other.table[np.ix_(mapping, mapping)])


def test_automorphisms_keep_colours():
    """Orbits of Aut(G) lie inside colours."""
    made = named("C3 x A4")
    classes = conjugacy_classes(made)
    colours = class_colours(classes)[classes.class_of]
    orbits = automorphism_group(made).orbits_on_elements()
    for orbit in range(orbits.max() + 1):
        assert len(np.unique(colours[orbits == orbit])) == 1


@given(small_groups(), st.integers(0, 10**6))
@settings(max_examples=25)
def test_sharper_colours_refine_and_belong_to_the_group(made, seed):
    """They are a class function that no numbering changes, constant on orbits of Aut(G), and no coarser."""
    other, new = relabelled(made, seed)
    ours, theirs = conjugacy_classes(made), conjugacy_classes(other)
    sharp = class_colours(ours, sharper=True)
    assert np.array_equal(sharp[ours.class_of], class_colours(theirs, sharper=True)[theirs.class_of][new])
    quick = class_colours(ours)
    assert len(set(zip(sharp, quick, strict=True))) == len(set(sharp))
    orbits = automorphism_group(made).orbits_on_elements()
    assert len(set(zip(orbits, sharp[ours.class_of], strict=True))) == orbits.max() + 1


def test_sharper_colours_see_commutators():
    """C3^2 x (C3^2 : C3): two central elements are commutators and 24 are not, alike to the quick colours."""
    made = named("C3^2 x 3^(1+2)+")
    classes = conjugacy_classes(made)
    central = classes.sizes == 1
    assert len(np.unique(class_colours(classes)[central])) == 2
    cells = np.unique(class_colours(classes, sharper=True)[central], return_counts=True)[1]
    assert sorted(cells) == [1, 2, 24]


@pytest.mark.parametrize("short", [0, 1, 100])
def test_a_search_that_starts_again_gives_the_same_answers(short, monkeypatch):
    """With sharper colours, after a budget that is too short; orders are those of Aut(243.62), S6 and Q8 x C2."""
    monkeypatch.setattr(automorphisms, "SHORT", short)
    monkeypatch.setattr(isomorphism, "SHORT", short)
    orders = {"C3^2 x 3^(1+2)+": 15_116_544, "S6": 1440, "Q8 x C2": 192}
    for name, order in orders.items():
        made = named(name)
        assert automorphism_order(made) == order
        other, _ = relabelled(made, 1)
        mapping = find_isomorphism(made, other)
        assert np.array_equal(mapping[made.table], other.table[np.ix_(mapping, mapping)])


@given(small_groups())
def test_generating_sequences_generate_and_are_short_where_that_is_known(made):
    """As many as the rank in groups of prime-power order (Burnside's basis theorem) and in cyclic ones."""
    classes = conjugacy_classes(made)
    chosen = generating_sequence(made, np.unique(class_colours(classes), return_inverse=True)[1][classes.class_of])
    assert made.closure(chosen).all()
    if len(prime_factors(made.order)) == 1 or made.exponent == made.order:
        assert len(chosen) == rank(made)


def test_groups_that_most_counts_cannot_tell_apart():
    """C9 x C3 against C9:C3 with equal orders of elements; no map is found, and the answer is no."""
    abelian = named("C9 x C3")
    other = from_permutations([[1, 2, 3, 4, 5, 6, 7, 8, 0], [0, 4, 8, 3, 7, 2, 6, 1, 5]])
    assert sorted(abelian.element_orders) == sorted(other.element_orders)
    assert find_isomorphism(abelian, other) is None


def test_a_stopped_search_says_unknown_and_a_large_group_is_refused():
    """A budget of partial maps; and Aut(C2^5) has 9,999,360 elements."""
    with pytest.raises(BudgetSpentError, match="unknown"):
        automorphism_group(named("C2^4"), budget=3)
    with pytest.raises(TooLargeError, match="20,160"):
        automorphism_group(named("C2^3 x C2^2")).as_group()
