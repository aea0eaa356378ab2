"""Groups, elements, subgroups, maps and G-sets as they read in a notebook."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import named, relabelled, small_groups

from grouptool import from_table, group
from grouptool.errors import NotAGroupError, TooLargeError
from grouptool.group import Element
from grouptool.group.group import latex_name
from grouptool.structure import find_isomorphism
from grouptool.structure.actions import natural_action
from grouptool.structure.homomorphisms import identity_map, natural_map
from grouptool.structure.normal import normal_subgroups


@given(small_groups(), st.data())
def test_elements_obey_the_axioms_and_the_notation(made, data):
    """Associativity, inverses, powers, quotients, conjugates; orders by walking; permutations compose left to right."""
    a, b, c = (made[data.draw(st.integers(0, made.order - 1))] for _ in range(3))
    assert (a * b) * c == a * (b * c)
    assert a * a**-1 == a**0 == ~a * a == made.identity
    assert a / b == a * ~b
    assert a ^ b == ~b * a * b
    assert (a ^ b) ^ c == a ^ (b * c)
    power, steps = a, 1
    while power != made.identity:
        power, steps = power * a, steps + 1
    assert a.order == steps
    assert a ** (steps + 1) == a ** (1 - steps) == a
    assert ((a * b).permutation == b.permutation[a.permutation]).all()
    assert a.commutes_with(b) == (a * b == b * a) == (b in a.centralizer)
    assert made[int(a)] == a
    assert a in made


@given(small_groups(), st.data())
def test_subgroups_by_sets_of_elements(made, data):
    """Join, meet, containment, conjugates, centraliser, normaliser, core and closure, all by definition."""
    h, k = (made.subgroup([data.draw(st.integers(0, made.order - 1)) for _ in range(2)]) for _ in range(2))
    g = made[data.draw(st.integers(0, made.order - 1))]
    ours, theirs = set(map(int, h)), set(map(int, k))
    assert set(map(int, h & k)) == ours & theirs
    assert h <= h | k
    assert k <= h | k
    assert (h <= k) == (ours <= theirs) == (k >= h)
    assert set(map(int, h ^ g)) == {int(x ^ g) for x in h}
    assert set(map(int, h.centralizer)) == {int(x) for x in made if all(x * y == y * x for y in h)}
    assert set(map(int, h.normalizer)) == {int(x) for x in made if h ^ x == h}
    assert h.is_normal == (h.normalizer == made.whole)
    normal = normal_subgroups(made)
    assert h.core == max((one for one in normal if one <= h), key=len)
    assert h.normal_closure == min((one for one in normal if h <= one), key=len)
    assert len(h) == h.order == made.order // h.index == len(ours)
    assert made.subgroup(h.generators) == h
    assert h.as_group().order == h.order


@given(small_groups(), st.data())
def test_closures_extend_by_one_element(made, data):
    """``extended`` is the closure of generators and one more, whether or not it normalises what there is."""
    chosen = data.draw(st.lists(st.integers(0, made.order - 1), max_size=3))
    z = data.draw(st.integers(0, made.order - 1))
    found = made.extended(made.closure(chosen), chosen, z)
    reached = {0}
    while True:
        larger = reached | {int(made.table[x, s]) for x in reached for s in [*chosen, z]}
        if larger == reached:
            break
        reached = larger
    assert set(np.flatnonzero(found)) == reached
    assert (made.closure([*chosen, z]) == found).all()


@given(small_groups())
def test_cosets_cover_by_either_way_of_counting(made):
    """Coset after coset or element after element: H x by definition, for small and large H."""
    for index in range(0, made.order, 4):
        h = made.subgroup([index])
        for x in range(made.order):
            assert set(np.flatnonzero(h.right_cosets == h.right_cosets[x])) == set(made.table[h.elements, x].tolist())
            assert set(np.flatnonzero(h.left_cosets == h.left_cosets[x])) == set(made.table[x, h.elements].tolist())
        firsts = [int(np.argmax(h.right_cosets == number)) for number in range(h.index)]
        assert firsts == sorted(firsts)


def test_quotients_and_products():
    """S4 / V4 is S3, and S3 x C2 is D6."""
    s4 = named("S4")
    v4 = next(one for one in normal_subgroups(s4) if one.order == 4)
    assert find_isomorphism(s4 / v4, named("S3")) is not None
    assert find_isomorphism(named("S3") * named("C2"), named("D6")) is not None
    assert (named("C2") ** 3).order == 8
    with pytest.raises(NotAGroupError, match="not normal"):
        s4 / s4.subgroup([next(x for x in s4 if x.order == 4)])
    with pytest.raises(TooLargeError, match="limit"):
        named("S6") * named("S6")


def test_equality_is_by_meaning_and_hashes_agree():
    """Two builds of a group are one group, one key; a relabelled one is another; elements and subgroups follow."""
    one, two = group("S4"), group("S4")
    other = relabelled(one, 3)[0]
    assert one == two
    assert one != other
    pairs = [
        (one, two),
        (one[5], two[5]),
        (one.subgroup([5]), two.subgroup([5])),
        (identity_map(one), identity_map(two)),
        (natural_action(one), natural_action(two)),
    ]
    for first, second in pairs:
        assert first == second
        assert hash(first) == hash(second)
        assert len({first, second}) == 1
    assert one[5] != one[6]
    assert one[5] != 5
    assert one.subgroup([5]) != "a subgroup"
    assert other[5] not in one
    assert one.subgroup([1]) != other.subgroup([1])


def test_everything_is_frozen_and_arrays_are_shared():
    """No attribute can be set, no array written; and asking twice hands out the same memory."""
    s4 = named("S4")
    h, f, x = s4.subgroup([1]), natural_map(s4.whole), natural_action(s4)
    arrays = (
        s4.table, s4.permutations, s4.inverses, s4.element_orders, s4[3].permutation, h.mask, h.elements,
        h.right_cosets, f.images, x.steps,
    )  # fmt: skip
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    assert s4.table is s4.table
    assert np.shares_memory(s4.inverses, s4.inverses)
    assert np.shares_memory(s4[3].permutation, s4.permutations)
    for thing in (s4, s4[1], h, f, x):
        with pytest.raises(FrozenInstanceError):
            thing.name = "other"  # type: ignore[misc]


def test_a_table_given_by_the_user_stays_theirs():
    """The group keeps its own copy: writing to the given array later changes nothing, and it stays writable."""
    given_table = np.array([[0, 1], [1, 0]], dtype=np.uint8)
    made = from_table(given_table)
    given_table[0, 0] = 1
    assert made.table[0, 0] == 0


def test_displays():
    """What a notebook and a terminal show."""
    s3 = named("S3")
    a, b = s3.generators_as_elements
    assert repr(s3) == "<Group S3 of order 6>"
    assert s3._repr_latex_() == "$S_{3}$"
    assert (named("C2") ** 2 * s3)._repr_latex_() == r"$(C_{2} \times C_{2}) \times S_{3}$"
    assert repr(a * b) == "(2,3)"
    assert repr(s3.identity) == "()"
    assert a._repr_latex_() == r"$(1\,2\,3)$"
    assert repr(s3.subgroup([a])) == "<Subgroup of order 3 in S3>"
    assert s3.subgroup([a])._repr_latex_() == r"$\langle (1\,2\,3) \rangle$"
    assert s3.trivial_subgroup._repr_latex_() == r"$\langle () \rangle$"


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("F13:4", "F_{13}:4"),
        ("Dic5 x C2^3", r"\mathrm{Dic}_{5} \times C_{2}^{3}"),
        ("3^(1+2)-", "3^{1+2}_{-}"),
        ("SO-(4,3)", r"\mathrm{SO}^{-}(4,3)"),
        ("Omega(3,5)", r"\Omega(3,5)"),
        ("PGammaL(2,8)", r"\mathrm{P}\Gamma \mathrm{L}(2,8)"),
        ("Aut(C2^3)", r"\mathrm{Aut}(C_{2}^{3})"),
        ("Hol(C9) / C3", r"\mathrm{Hol}(C_{9}) / C_{3}"),
        ("(Q8 o D4) wr C2", r"(Q_{8} \circ D_{4}) \wr C_{2}"),
        ("<y, x | x^-2, (y*x)^10>", r"\langle y, x \mid x^{-2}, (y x)^{10} \rangle"),
        ("C3 : C4 {a^b = a^-1}", r"C_{3} \rtimes C_{4} \{a^b = a^{-1}\}"),
        ("my_file.json", r"\mathrm{my\_file}.\mathrm{json}"),
    ],
)
def test_names_in_latex(name, latex):
    """Families upright with their signs, Greek letters, numbers below, and nothing that LaTeX would not read."""
    assert latex_name(name) == latex


def test_what_is_of_another_kind():
    """No number of times, in nothing, and neither smaller nor greater."""
    s3 = named("S3")
    a, whole = s3.generators_as_elements[0], s3.whole
    assert "x" not in whole
    assert 2.0 not in whole
    assert (0 in whole, np.uint8(5) in whole, 6 in whole, -1 in whole) == (True, True, False, False)
    assert (s3[-1], s3[a]) == (s3[5], a)
    for wrong in (
        lambda: a**2.5,
        lambda: a**a,
        lambda: whole <= 3,
        lambda: whole < s3,
        lambda: whole & 3,
        lambda: whole | a,
        lambda: s3["a"],
    ):
        with pytest.raises(TypeError):
            wrong()
    for number in (6, -7):
        with pytest.raises(IndexError, match=f"S3 has elements 0 to 5, not {number}"):
            s3[number]


def test_refusals():
    """Elements of different groups do not multiply; numbers of no element; what is in nothing."""
    s3, c2 = named("S3"), named("C2")
    with pytest.raises(ValueError, match="lies in S3"):
        s3[1] * c2[1]
    with pytest.raises(TypeError, match="not an element"):
        s3[1] * 3
    with pytest.raises(IndexError, match="0 to 5"):
        Element(s3, 6)
    with pytest.raises(IndexError):
        s3[6]
    with pytest.raises(IndexError, match="0 to 5"):
        s3.subgroup([6])
    with pytest.raises(ValueError, match="lies in C2, not in S3"):
        s3.subgroup([c2[1]])
    with pytest.raises(ValueError, match="lies in C2, not in S3"):
        s3.whole ^ c2[1]
    with pytest.raises(ValueError, match="different groups"):
        s3.whole & c2.whole
    with pytest.raises(ValueError, match="no subgroup"):
        s3 / c2.whole
    assert c2[1] not in s3.whole
    assert -1 not in s3.whole
    assert 6 not in s3.whole
    assert s3[-1] == s3[5]
