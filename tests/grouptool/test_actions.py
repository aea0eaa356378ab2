"""G-sets: by definition on small groups, and by the theorems about orbits, blocks and fixed points."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import named, small_groups

from grouptool.errors import BudgetSpentError, NotAGroupError, TooLargeError
from grouptool.structure import conjugacy_classes, left_cosets, right_cosets, subgroup_lattice
from grouptool.structure.actions import (
    GSet,
    equivariant_bijection,
    gset,
    natural_action,
    on_class,
    on_conjugates,
    on_cosets,
    on_elements,
    regular_action,
    trivial_action,
)
from grouptool.structure.cosets import double_cosets, left_transversal, right_transversal


@st.composite
def g_sets(draw):
    """A group and the disjoint union of one to three of its natural, regular, conjugation and coset actions."""
    made = draw(small_groups())
    kinds = (
        lambda: natural_action(made),
        lambda: on_elements(made),
        lambda: on_cosets(made.subgroup([draw(st.integers(0, made.order - 1))])),
        lambda: trivial_action(made, 2),
    )
    parts = [draw(st.sampled_from(kinds))() for _ in range(draw(st.integers(1, 3)))]
    total = parts[0]
    for one in parts[1:]:
        total = total + one
    return total


@given(g_sets())
def test_every_element_acts_and_products_compose_left_to_right(given_set):
    """w ^ (g h) = (w ^ g) ^ h for all g and h; the checked constructor accepts it."""
    made = given_set.group
    images = given_set.images
    for g in range(0, made.order, 5):
        assert (images[g] == given_set.permutation(g)).all()
        for h in range(made.order):
            assert (images[made.table[g, h]] == images[h][images[g]]).all()
    assert gset(made, given_set.steps) == given_set


@given(g_sets())
def test_orbits_stabilizers_and_burnside(given_set):
    """Orbit-stabiliser; the mean number of fixed points counts orbits; marks and kernel by definition."""
    made, images = given_set.group, given_set.images
    for orbit, stabilizer in zip(given_set.orbits, given_set.point_stabilizers, strict=True):
        assert set(images[:, orbit[0]]) == set(orbit.tolist())
        assert len(orbit) * stabilizer.order == made.order
    fixed = (images == np.arange(len(given_set))).sum(axis=1)
    classes = conjugacy_classes(made)
    assert (given_set.character[classes.class_of] == fixed).all()
    assert int(fixed.sum()) == made.order * len(given_set.orbits)
    assert given_set.rank == len((given_set * given_set).orbits)
    assert (given_set.kernel.mask == (fixed == len(given_set))).all()
    assert given_set.is_faithful == (given_set.kernel.order == 1)
    assert given_set.is_semiregular == (fixed[1:] == 0).all()
    subgroup = made.subgroup([made.order - 1])
    assert given_set.fixed_points(subgroup).tolist() == [
        w for w in range(len(given_set)) if (images[subgroup.elements, w] == w).all()
    ]


@given(g_sets())
def test_the_permutation_image_is_the_quotient_by_the_kernel(given_set):
    """As a homomorphism onto a permutation group of the points."""
    f = given_set.as_homomorphism()
    assert f.kernel == given_set.kernel
    assert f.is_surjective


@given(g_sets(), st.randoms(use_true_random=False))
def test_renamed_points_give_an_isomorphic_set(given_set, random):
    """A bijection is found, and commutes with every generator; one point more and none is."""
    order = list(range(len(given_set)))
    random.shuffle(order)
    new = np.array(order)
    renamed = GSet(given_set.group, np.stack([new[step[np.argsort(new)]] for step in given_set.steps]))
    found = equivariant_bijection(given_set, renamed)
    assert found is not None
    assert sorted(found) == sorted(order)
    for ours, theirs in zip(given_set.steps, renamed.steps, strict=True):
        assert (found[ours] == theirs[found]).all()
    assert equivariant_bijection(given_set, renamed + trivial_action(given_set.group, 1)) is None
    assert sorted(c for _, c in given_set.decomposition) == sorted(c for _, c in renamed.decomposition)


def test_equal_characters_do_not_make_g_sets_isomorphic():
    """C2^2: the three G/<a> and a point twice against G and ... differ in marks, not in the character."""
    v4 = named("C2^2")
    one, a, b, c = (v4.subgroup([i]) for i in range(4))
    first = on_cosets(a) + on_cosets(b) + on_cosets(c)
    second = on_cosets(one) + trivial_action(v4, 2)
    assert (first.character == second.character).all()
    assert len(first.orbits) == len(second.orbits)
    assert equivariant_bijection(first, second) is None


@pytest.mark.parametrize("name", ["S4", "D4", "A4", "C6", "Dic3", "C2^3", "D5"])
def test_blocks_by_brute_force(name):
    """Around point 0 of every G/H: the sets whose translates are equal or disjoint, against all block systems found."""
    made = named(name)
    for one in subgroup_lattice(made).classes:
        if one.index > 8 or one.index < 2:
            continue
        x = on_cosets(made.subgroup(one.generators))
        images, expected = x.images, set()
        for bits in range(1, 2 ** len(x), 2):
            block = frozenset(w for w in range(len(x)) if bits >> w & 1)
            moved = {frozenset(images[g, list(block)].tolist()) for g in range(made.order)}
            if 1 < len(block) < len(x) and sum(map(len, moved)) == len(x):
                expected.add(frozenset(moved))
        found = {frozenset(frozenset(np.flatnonzero(s == b).tolist()) for b in s) for s in x.block_systems()}
        assert found == expected
        assert x.is_primitive == (not expected)
        sizes = {frozenset(frozenset(np.flatnonzero(s == b).tolist()) for b in s) for s in x.minimal_block_systems}
        finer = [s for s in expected if not any(t != s and all(any(u <= v for v in s) for u in t) for t in expected)]
        assert sizes == set(finer)


@pytest.mark.parametrize(
    ("name", "k"), [("S4", 4), ("A5", 3), ("D5", 1), ("C7", 1), ("S3 x C2", 0), ("C7:C3", 0), ("S5", 5), ("A4", 2)]
)
def test_multiple_transitivity(name, k):
    """Against the orbit of the first k and k + 1 points, listed."""
    x = natural_action(named(name))
    assert x.transitivity == k
    for length in {k, min(k + 1, len(x))} - {0}:
        tuples = {tuple(row[:length]) for row in x.images.tolist()}
        everything = set(permutations(range(len(x)), length))
        assert (tuples == everything) == (length <= k)


@pytest.mark.parametrize("name", ["S4", "SL(2,3)", "A5"])
def test_named_actions(name):
    """On itself regular; on a class the orbit of an element; on conjugates point 0 is fixed by the normaliser."""
    made = named(name)
    assert regular_action(made).is_regular
    assert on_class(made[1]).stabilizer(0).order == made[1].centralizer.order
    subgroup = made.subgroup([made.order - 1])
    x = on_conjugates(subgroup)
    assert x.stabilizer(0) == subgroup.normalizer
    assert len(x) == len({subgroup ^ g for g in range(made.order)})


def test_cosets_are_right_ones():
    """A witness: S3 acts on the right cosets of a subgroup that is not normal; its left cosets are no blocks."""
    s3 = named("S3")
    h = s3.subgroup([g for g in s3 if g.order == 2][:1])
    x = on_cosets(h)
    assert x.stabilizer(0) == h
    assert (x.trace(0) == right_cosets(s3, h.elements)).all()
    assert not np.array_equal(x.trace(0), left_cosets(s3, h.elements))


@given(small_groups(), st.data())
def test_double_cosets_and_transversals(made, data):
    """HxK by definition; their sizes are |H||K| / |H^x meets K|; one representative in each coset."""
    h, k = (made.subgroup([data.draw(st.integers(0, made.order - 1))]) for _ in range(2))
    found = double_cosets(h, k)
    for number, x in enumerate(found.representatives):
        expected = {int(made.table[made.table[a, x], b]) for a, b in product(h.elements, k.elements)}
        assert set(np.flatnonzero(found.number_of == number)) == expected
        assert min(expected) == x
        assert found.sizes[number] == len(expected) == h.order * k.order // ((h ^ int(x)) & k).order
    assert found.sizes.sum() == made.order
    assert sorted(made.table[np.ix_(h.elements, right_transversal(h))].ravel()) == list(range(made.order))
    assert sorted(made.table[np.ix_(left_transversal(h), h.elements)].ravel()) == list(range(made.order))


def test_refusals():
    """No permutation, a broken relation, unlike groups, too many points, blocks of what is not transitive."""
    s3 = named("S3")
    with pytest.raises(NotAGroupError, match="generator 1 are no permutation of 0 to 2"):
        gset(s3, [[1, 2, 0], [0, 0, 2]])
    with pytest.raises(NotAGroupError, match="no action: point 0 by"):
        gset(s3, [[1, 0, 2], [0, 2, 1]])
    with pytest.raises(NotAGroupError, match="2 generators"):
        gset(s3, [[1, 2, 0]])
    with pytest.raises(ValueError, match="not to one group"):
        natural_action(s3) + natural_action(named("S4"))
    with pytest.raises(TooLargeError, match="limit"):
        trivial_action(s3, 10_000) * trivial_action(s3, 10_000)
    with pytest.raises(ValueError, match="not transitive"):
        trivial_action(s3, 2).block_systems()
    with pytest.raises(BudgetSpentError, match="unknown"):
        regular_action(named("C2^4")).block_systems(budget=20)
    assert repr(natural_action(s3)) == "<S3 acting on 3 points, orbits 3>"
    assert "S_{3} / " in natural_action(s3)._repr_latex_()
