"""Homomorphisms: by definition on every pair, by counts known from theorems, and refused where they are none."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import named, relabelled, small_groups

from grouptool import Group
from grouptool.errors import BudgetSpentError, NotAGroupError
from grouptool.structure import conjugacy_classes, find_isomorphism
from grouptool.structure.homomorphisms import (
    Homomorphism,
    all_homomorphisms,
    as_homomorphism,
    conjugation_map,
    homomorphism,
    identity_map,
    inclusion,
    natural_map,
    trivial_map,
)
from grouptool.structure.normal import normal_subgroups


def is_one(f):
    return (f.images[f.source.table] == f.target.table[np.ix_(f.images, f.images)]).all()


@given(small_groups(), st.data())
def test_natural_maps_and_the_isomorphism_theorem(made, data):
    """G -> G/N is onto with kernel N; |G| = |ker| |im|; the preimage of the image of H is HN."""
    normal = data.draw(st.sampled_from(normal_subgroups(made)))
    f = natural_map(normal)
    assert is_one(f)
    assert f.is_surjective
    assert f.kernel == normal
    subgroup = made.subgroup([data.draw(st.integers(0, made.order - 1))])
    assert f.preimage(f(subgroup)) == subgroup | normal
    assert f.kernel.order * f.image.order == made.order


@given(small_groups(), st.data())
def test_inclusions_and_conjugations(made, data):
    """Both are homomorphisms; conjugation by gh is first by g, then by h."""
    g, h = (made[data.draw(st.integers(0, made.order - 1))] for _ in range(2))
    f = inclusion(made.subgroup([g]))
    assert is_one(f)
    assert f.is_injective
    assert f.image == made.subgroup([g])
    assert conjugation_map(g) * conjugation_map(h) == conjugation_map(g * h)
    assert conjugation_map(g)(h) == h ^ g
    assert conjugation_map(g) ** -1 == conjugation_map(g**-1)
    assert conjugation_map(g) ** g.order == identity_map(made)


@given(small_groups(), st.integers(0, 10**6))
def test_an_isomorphism_is_given_back_from_its_images_of_generators(made, seed):
    """Relabelling is one; from generators, from the whole array, and inverted."""
    other, new = relabelled(made, seed)
    f = homomorphism(made, other, [int(new[g]) for g in made.generators])
    assert (f.images == new).all()
    assert f == as_homomorphism(made, other, new)
    assert f.is_isomorphism
    assert f * f.inverse == identity_map(made)
    found = find_isomorphism(made, other)
    assert as_homomorphism(made, other, found).is_isomorphism


@pytest.mark.parametrize(
    ("source", "target"),
    [("C6", "S3"), ("S3", "S4"), ("D4", "D4"), ("C2^2", "A4"), ("Q8", "S3"), ("C1", "S3"), ("S3", "C1")],
)
def test_all_homomorphisms_by_brute_force(source, target):
    """Every tuple of images is tried through the checked constructor; orbits under conjugation are counted."""
    G, H = named(source), named(target)
    expected = set()
    for images in product(range(H.order), repeat=len(G.generators)):
        try:
            expected.add(homomorphism(G, H, images))
        except NotAGroupError:
            continue
    found = list(all_homomorphisms(G, H))
    assert len(found) == len(set(found))
    assert set(found) == expected
    orbits = {frozenset(f * conjugation_map(h) for h in H) for f in found}
    representatives = list(all_homomorphisms(G, H, up_to_conjugacy=True))
    assert len(representatives) == len(orbits)
    assert all(any(f in orbit for f in representatives) for orbit in orbits)


@pytest.mark.parametrize("name", ["S4", "SL(2,3)", "A5", "D5"])
def test_frobenius_counts_maps_from_cyclic_groups(name):
    """Maps C_m -> G are the solutions of x^m = 1, a multiple of gcd(m, n); up to conjugacy, classes."""
    made = named(name)
    for m in (2, 3, 6):
        found = list(all_homomorphisms(named(f"C{m}"), made))
        assert len(found) == np.count_nonzero(made.powers(m) == 0)
        assert len(found) % np.gcd(m, made.order) == 0
        classes = conjugacy_classes(made)
        up_to = list(all_homomorphisms(named(f"C{m}"), made, up_to_conjugacy=True))
        assert len(up_to) == np.count_nonzero(m % classes.element_orders == 0)


def test_composition_is_left_to_right():
    """S3 -> C2 -> C6: the sign, then the involution; the other order does not meet."""
    s3, c2, c6 = named("S3"), named("C2"), named("C6")
    sign = homomorphism(s3, c2, [s3[g].order == 2 for g in s3.generators])
    up = homomorphism(c2, c6, [int(np.flatnonzero(c6.element_orders == 2)[0]) for _ in c2.generators])
    assert [(sign * up)(x) for x in s3] == [up(sign(x)) for x in s3]
    assert (sign * up).kernel.order == 3
    with pytest.raises(ValueError, match="needs g to start"):
        up * sign
    assert trivial_map(s3, c2).image.order == 1


def test_equal_maps_hash_alike_whatever_generators_the_source_was_given_by():
    """S3 from two different pairs: the same table, so the same group and the same map."""
    s3 = named("S3")
    other = Group.of_table(s3.table, [1, int(s3.inverses[1]), *s3.generators], "S3")
    f, g = identity_map(s3), trivial_map(s3, s3)
    assert Homomorphism(other, s3, f.images) == f != g
    assert hash(Homomorphism(other, s3, f.images)) == hash(f)


def test_displays():
    """What a notebook shows: the images of the generators."""
    s3, c2 = named("S3"), named("C2")
    sign = homomorphism(s3, c2, [s3[g].order == 2 for g in s3.generators])
    assert repr(sign) == "<Homomorphism S3 -> C2: (1,2,3) -> (), (1,2) -> (1,2)>"
    assert sign._repr_latex_().startswith(r"$S_{3} \to C_{2}")


def test_refusals():
    """A broken relation is named; wrong counts, wrong groups, no inverse, and a spent budget."""
    s3, c3 = named("S3"), named("C3")
    with pytest.raises(NotAGroupError, match=r"no homomorphism: .* \* .* = .* in S3"):
        homomorphism(s3, c3, [1, 1])
    with pytest.raises(ValueError, match="2 generators, and 1 image"):
        homomorphism(s3, c3, [0])
    with pytest.raises(ValueError, match="elements 0 to 2, not 3"):
        homomorphism(s3, c3, [3, 0])
    with pytest.raises(ValueError, match="lies in S3"):
        homomorphism(s3, c3, [s3[1], s3[0]])
    with pytest.raises(ValueError, match="no inverse"):
        _ = trivial_map(s3, c3).inverse
    with pytest.raises(ValueError, match="starts at S3"):
        trivial_map(s3, c3)(c3[0])
    with pytest.raises(NotAGroupError, match="is given"):
        as_homomorphism(c3, c3, np.array([1, 1, 2]))
    with pytest.raises(BudgetSpentError, match="unknown"):
        all_homomorphisms(s3, s3, budget=5)
    with pytest.raises(NotAGroupError, match="not normal"):
        natural_map(s3.subgroup([g for g in s3 if g.order == 2][:1]))
