"""Permutation groups without a table: known orders, planted elements, brute-force closures, and refusals."""

from __future__ import annotations

import json
import math
from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import grouptool.large.chain as chains
from grouptool import from_permutations
from grouptool.errors import BudgetSpentError, InputFileError, NotAGroupError, NotationError, TooLargeError
from grouptool.large import LargeGroup, large_group
from grouptool.large.action import block_of, contains_alternating, orbit_numbers
from grouptool.large.clock import Clock
from grouptool.large.group import element_order

M11 = "(1,2,3,4,5,6,7,8,9,10,11), (3,7,11,8)(4,10,5,6)"
M24 = (  # Conway and Sloane, Sphere Packings, Lattices and Groups, chapter 10: PSL(2,23) and one more element
    "(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23), "
    "(3,17,10,7,9)(4,13,14,19,5)(8,18,11,12,23)(15,20,22,21,16), "
    "(1,24)(2,23)(3,12)(4,16)(5,18)(6,10)(7,20)(8,14)(9,21)(11,17)(13,22)(15,19)"
)
# Facelets 1 to 48 of the cube laid flat, faces top, left, front, right, rear, bottom; the quarter turns of each.
RUBIK = ", ".join(
    [
        "(1,3,8,6)(2,5,7,4)(9,33,25,17)(10,34,26,18)(11,35,27,19)",
        "(9,11,16,14)(10,13,15,12)(1,17,41,40)(4,20,44,37)(6,22,46,35)",
        "(17,19,24,22)(18,21,23,20)(6,25,43,16)(7,28,42,13)(8,30,41,11)",
        "(25,27,32,30)(26,29,31,28)(3,38,43,19)(5,36,45,21)(8,33,48,24)",
        "(33,35,40,38)(34,37,39,36)(3,9,46,32)(2,12,47,29)(1,14,48,27)",
        "(41,43,48,46)(42,45,47,44)(14,22,30,38)(15,23,31,39)(16,24,32,40)",
    ]
)


def symmetric(degree):
    """A cycle of all points and a transposition."""
    return [[*range(1, degree), 0], [1, 0, *range(2, degree)]]


def wreath(size, count):
    """S_size wr S_count on size * count points, imprimitive."""
    points = range(size * count)
    inner = [[*row, *points[size:]] for row in symmetric(size)]
    return inner + [[row[p // size] * size + p % size for p in points] for row in symmetric(count)]


def side_by_side(first, second):
    """The direct product on disjoint points."""
    n, m = len(first[0]), len(second[0])
    return [[*row, *range(n, n + m)] for row in first] + [[*range(n), *(p + n for p in row)] for row in second]


def root_permutations(simple):
    """The Weyl group on its roots, from a Cartan matrix: the orbit of the simple roots under simple reflections."""
    cartan, rank = np.array(simple), len(simple)

    def reflect(root, i):
        image = list(root)
        image[i] -= int(np.dot(root, cartan[:, i]))
        return tuple(image)

    roots = [tuple(int(i == j) for j in range(rank)) for i in range(rank)]
    for root in roots:
        roots += [image for i in range(rank) if (image := reflect(root, i)) not in roots]
    return [[roots.index(reflect(root, i)) for root in roots] for i in range(rank)]


E6 = [[2, 0, -1, 0, 0, 0], [0, 2, 0, -1, 0, 0], [-1, 0, 2, -1, 0, 0],
      [0, -1, -1, 2, -1, 0], [0, 0, 0, -1, 2, -1], [0, 0, 0, 0, -1, 2]]  # fmt: skip


def pocket_cube():
    """The 24 corner facelets of RUBIK under three turns that leave one corner alone: the 2x2x2 cube."""
    turns = large_group(RUBIK).generators[[2, 3, 5]]
    corners = next(orbit for orbit in large_group(RUBIK).orbits if 0 in orbit)
    return [[corners.index(row[p]) for p in corners] for row in turns]


@pytest.mark.parametrize(
    ("generators", "order"),
    [
        (M11, 7920),
        (M24, 244_823_040),
        (RUBIK, 43_252_003_274_489_856_000),
        (root_permutations(E6), 51_840),
        (symmetric(2), 2),
        (symmetric(7), 5040),
        (symmetric(200), math.factorial(200)),
        (side_by_side(symmetric(9), symmetric(12)), math.factorial(9) * math.factorial(12)),
        (wreath(4, 5), 24**5 * 120),
        ([[*range(1, 600), 0]], 600),
        ([[]], 1),
        ([], 1),
        ([[0, 1, 2]], 1),
    ],
    ids=["M11", "M24", "Rubik", "W(E6)", "S2", "S7", "S200", "S9xS12", "S4wrS5", "C600", "empty", "none", "identity"],
)
def test_known_orders(generators, order):
    """Orders that books give."""
    found = large_group(generators)
    assert found.order == order
    assert math.prod(found.basic_orbit_sizes) == order
    assert math.prod(map(found.sylow_order, found.factors)) == order


def test_the_pocket_cube():
    """3,674,160 positions; one corner stays where it is."""
    assert large_group(pocket_cube()).order == 3_674_160


def test_two_elements_generate_m24():
    """Some pair of random elements of M24 generates it, as 244823040 says again."""
    pairs = large_group(M24).random_elements(8, seed=3).reshape(4, 2, 24)
    assert 244_823_040 in [large_group(pair).order for pair in pairs]


def test_m24_is_five_times_transitive_and_simple_looking():
    """Sharply: the stabilisers M23 and M22 and the octad's 48; perfect, centre 1."""
    group = large_group(M24)
    assert group.transitivity == 5
    assert group.is_primitive
    assert group.stabilizer(0).order == 10_200_960
    assert group.stabilizer([5, 7]).order == 443_520
    assert group.stabilizer([0, 1, 2, 3, 4]).order == 48
    assert group.is_perfect
    assert not group.is_solvable
    assert group.center.order == 1


def test_the_cube_group():
    """Corners and edges; half of it is perfect; its centre is the superflip."""
    group = large_group(RUBIK)
    assert sorted(map(len, group.orbits)) == [24, 24]
    assert [one.order for one in group.derived_series] == [group.order, group.order // 2]
    assert group.center.order == 2
    superflip = group.center.generators[0]
    assert (superflip != np.arange(48)).sum() == 24
    assert group.transitivity == 0
    assert not group.is_primitive


def edge_flip(place):
    """The cycles of the two facelets of an edge piece, found as a block of the action on edges."""
    group = large_group(RUBIK)
    edges = next(orbit for orbit in group.orbits if place in orbit)
    rows = [[edges.index(p) for p in row[edges]] for row in group.generators]
    (system,) = large_group(rows).minimal_blocks
    return tuple(edges[i] + 1 for i in np.flatnonzero(system == system[edges.index(place)]))


def test_a_single_flipped_edge_is_no_position_of_the_cube():
    """One flip is outside, two are inside; two swapped pieces of one kind are outside; a legal word is inside."""
    group = large_group(RUBIK)
    one, other = edge_flip(1), edge_flip(6)
    assert len(one) == len(other) == 2
    assert not group.membership(str(one)).inside
    assert str(one) not in group
    assert f"{one}{other}" in group
    assert "(2,4)(10,34)" not in group  # facelets of other edges exchanged
    assert "(48,49)" not in group
    assert "moves the point 49" in group.membership("(48,49)").reason
    right, up = group.generators[3], group.generators[0]
    assert up[right] in group


def test_even_groups_refuse_odd_elements():
    """The alternating group of degree 60, found by Jordan's theorem, never by its name."""
    even = [[*range(1, 59), 0, 59], [*range(57), 58, 59, 57]]
    group = large_group(even)
    assert group.is_giant
    assert group.order == math.factorial(60) // 2
    assert not group.membership("(1,2)")
    assert "(1,2)(3,60)" in group
    assert group.transitivity == 58
    drawn = group.random_elements(20, seed=1)
    assert all(row in group for row in drawn)
    assert [one.order for one in group.derived_series] == [group.order]
    assert group.stabilizer([0, 59]).order == math.factorial(58) // 2


@pytest.mark.parametrize("degree", [9, 10, 12, 14, 24])
def test_no_smaller_group_passes_as_giant(degree):
    """PSL and affine groups, M11, M12 and M24 are not taken for all even permutations."""
    row = [*range(1, degree - 1), 0, degree - 1]
    inverted = [degree - 1, *range(degree - 1)[:0:-1], 0]
    generated = large_group([row, inverted])
    assert generated.is_giant == (generated.order * 2 % math.factorial(degree) == 0)
    words = chains.RandomWords(large_group(M24).generators, np.random.default_rng(0))
    assert not contains_alternating(large_group(M24).generators, [next(words) for _ in range(300)])


def test_wreath_products_have_blocks():
    """S4 wr S5 on 20 points: blocks of 4; the derived series as GAP 4.12.1 has it."""
    group = large_group(wreath(4, 5))
    (system,) = group.minimal_blocks
    assert Counter(system.tolist()) == dict.fromkeys(range(5), 4)
    assert not group.is_primitive
    assert [one.order for one in group.derived_series] == [955_514_880, 238_878_720]


# -- against the table of elements


def generators(degree):
    """One to three random permutations of up to ``degree`` points."""
    return st.integers(1, degree).flatmap(lambda n: st.lists(st.permutations(range(n)), min_size=1, max_size=3))


@given(generators(6))
def test_agrees_with_the_table_of_elements(rows):
    """Order, membership, orbits, stabilisers and centre, by listing elements."""
    whole, found = from_permutations(rows), large_group(rows)
    elements = np.asarray(whole.permutations, dtype=int)
    listed = {tuple(row) for row in elements.tolist()}
    degree = len(rows[0])
    assert found.order == whole.order == math.prod(found.basic_orbit_sizes)
    for row in np.random.default_rng(whole.order).permuted(np.tile(np.arange(degree), (20, 1)), axis=1).tolist():
        assert (row in found) == (tuple(row) in listed)
    assert found.orbits == [
        list(orbit) for orbit in sorted({tuple(sorted(set(elements[:, p].tolist()))) for p in range(degree)})
    ]
    for p, q in product(range(degree), repeat=2):
        assert found.stabilizer([p, q]).order == ((elements[:, p] == p) & (elements[:, q] == q)).sum()
    central = (whole.table == whole.table.T).all(axis=1).sum()
    assert found.center.order == central
    assert found.is_abelian == (central == whole.order)


@given(generators(6))
def test_derived_series_agrees_with_the_table(rows):
    """Orders of G, G', G'' from the commutators of all pairs."""
    whole = from_permutations(rows)
    orders, inside = [whole.order], np.ones(whole.order, dtype=bool)
    while orders[-1] > 1:
        members = np.flatnonzero(inside)
        product_ab = whole.table[np.ix_(members, members)]
        commutators = whole.table[whole.inverses[product_ab.T], product_ab]
        inside = whole.closure(np.unique(commutators))
        if inside.sum() == orders[-1]:
            break
        orders.append(int(inside.sum()))
    found = large_group(rows)
    assert [one.order for one in found.derived_series] == orders
    assert found.is_solvable == (orders[-1] == 1)


def brute_transitivity(elements, degree):
    """Largest k for which the images of (0, .., k-1) are all k-tuples of distinct points."""
    for k in range(1, degree + 1):
        if len({tuple(row[:k]) for row in elements}) != math.perm(degree, k):
            return k - 1
    return degree


def is_block_system(system, rows):
    """Whether every generator sends blocks to blocks."""
    return all(
        len(set(zip(system.tolist(), system[list(row)].tolist(), strict=True))) == system.max() + 1 for row in rows
    )


def brute_primitive(rows, degree):
    """No set of 2 to degree - 1 points that contains point 0 is a block: try the finest system of each pair."""
    return not any(
        (system := block_of(np.array(rows), 0, p)).any() and is_block_system(system, rows) for p in range(1, degree)
    )


@given(generators(7))
def test_transitivity_and_blocks(rows):
    """Transitivity counts tuples; block systems are invariant, minimal among themselves, and absent when primitive."""
    whole, found = from_permutations(rows), large_group(rows)
    degree = len(rows[0])
    assert found.transitivity == brute_transitivity(whole.permutations.tolist(), degree)
    if found.is_transitive:
        assert all(is_block_system(system, rows) for system in found.minimal_blocks)
        assert found.is_primitive == brute_primitive(rows, degree)
    else:
        assert not found.is_primitive
        with pytest.raises(NotAGroupError, match="not transitive"):
            _ = found.minimal_blocks


@given(generators(9), st.randoms(), st.integers(0, 5))
def test_renaming_the_points_changes_nothing(rows, random, seed):
    """Invariants of conjugate groups, and of other seeds."""
    new = list(range(len(rows[0])))
    random.shuffle(new)
    renamed = [[new[row[new.index(p)]] for p in range(len(new))] for row in rows]
    one, other = large_group(rows), large_group(renamed, seed=seed)
    assert one.order == other.order
    assert sorted(map(len, one.orbits)) == sorted(map(len, other.orbits))
    assert one.transitivity == other.transitivity
    assert one.is_primitive == other.is_primitive
    assert [g.order for g in one.derived_series] == [g.order for g in other.derived_series]
    assert [g.order for g in one.lower_central_series] == [g.order for g in other.lower_central_series]


@given(generators(8), st.integers(0, 99))
def test_elements_are_words_in_strong_generators(rows, seed):
    """The product of the word's letters is the element, left to right."""
    group = large_group(rows)
    for row in group.random_elements(3, seed):
        total = np.arange(group.degree)
        for letter in group.word(row):
            total = group.strong_generators[letter][total]
        assert (total == row).all()


def test_random_elements_are_uniform_and_repeat():
    """Each of the 12 elements of A4 is drawn about 1,000 times in 12,000; the same seed draws the same."""
    group = large_group("(1,2,3), (2,3,4)")
    drawn = group.random_elements(12_000, seed=1)
    counts = Counter(map(tuple, drawn.tolist()))
    assert len(counts) == 12
    assert sum((count - 1000) ** 2 / 1000 for count in counts.values()) < 31.3  # chi squared, 11 degrees, 0.1 %
    assert (drawn[:9] == group.random_elements(9, seed=1)).all()


def test_the_proof_repairs_an_unlucky_start(monkeypatch):
    """With no random element at all, Schreier's lemma alone finds the chain."""
    monkeypatch.setattr(chains, "SEEDS", 0)
    monkeypatch.setattr(chains, "CALM", 0)
    assert large_group(M11).order == 7920
    assert large_group(wreath(3, 3)).order == 6**3 * 6


def test_normal_closure_follows_conjugates_of_conjugates():
    """One flip in C2 wr C10 has ten conjugates, each a conjugate of the one before: their closure is C2^10."""
    flip = [1, 0, *range(2, 20)]
    turn = [*range(2, 20), 0, 1]
    found = chains.extend_to_normal(
        np.array([flip, turn]), np.array([flip]), Clock(60), np.random.default_rng(0), order=10 * 2**10
    )
    assert found[1].order == 2**10


def test_products_compose_left_to_right():
    """(1,2) then (2,3) sends 1 to 3: the word's letters multiply to a three-cycle and not to its inverse."""
    group = large_group("(1,2), (2,3)")
    first, second = group.generators
    assert second[first].tolist() == [2, 0, 1]
    assert element_order(second[first]) == 3
    assert orbit_numbers(group.generators).tolist() == [0, 0, 0]


# -- refusals


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ([[0, 0]], NotAGroupError, "generator 1 is no list"),
        ([[1, 0], [1, 2]], NotAGroupError, "generator 2"),
        ([[0.5, 1]], NotAGroupError, "generator 1"),
        ([list(range(10_001))], TooLargeError, "10,001 points"),
        ([1, 0], NotAGroupError, "generator 1"),
        (np.zeros((1_001, 2), dtype=int), TooLargeError, "1,001 generators"),
        ("(1,2", NotationError, "ends there"),
        ("missing.json", InputFileError, "is not there"),
    ],
)
def test_bad_generators_are_refused(given, error, said):
    """One line, with what was given."""
    with pytest.raises(error, match=said):
        large_group(given)


def test_a_spent_budget_is_no_answer():
    """The message says what is unknown and what is known."""
    with pytest.raises(BudgetSpentError, match="unknown"):
        large_group(wreath(10, 20), budget=1e-9)
    group = large_group(RUBIK)
    hurried = LargeGroup(group.generators.copy(), "cube", group.order, 1e-9, 0, group.chain)
    with pytest.raises(BudgetSpentError, match="raise the budget"):
        _ = hurried.derived_subgroup
    Clock(60).check("nothing")


def test_a_word_of_a_stranger_is_refused():
    """The reason comes along."""
    with pytest.raises(NotAGroupError, match="not in"):
        large_group("(1,2,3)").word("(1,2)")
    with pytest.raises(NotAGroupError, match="moves the points 0 to 2"):
        large_group("(1,2,3)").stabilizer(3)
    with pytest.raises(NotationError, match="not one permutation"):
        large_group("(1,2,3)").membership("(1,2),(2,3)")


# -- the command


def test_order_command(call):
    """The example of its help, in json."""
    code, out, _ = call("order", M11, "--format", "json")
    facts = json.loads(out)
    assert code == 0
    expected = {
        "order": 7920, "factors": {"2": 4, "3": 2, "5": 1, "11": 1}, "degree": 11, "orbit_sizes": [11],
        "transitivity": 4, "primitive": True, "solvable": False, "perfect": True, "center_order": 1,
        "derived_series_orders": [7920], "sylow_orders": {"2": 16, "3": 9, "5": 5, "11": 11},
    }  # fmt: skip
    assert {key: facts[key] for key in expected} == expected


def test_order_command_answers_membership(call):
    """Exit codes 0 and 3."""
    assert call("order", "(1,2,3)", "--member", "(1,3,2)")[0] == 0
    code, out, _ = call("order", "(1,2,3)", "--member", "(1,2)", "--format", "json")
    assert code == 3
    assert json.loads(out)["member"] is False


def test_order_command_draws(call):
    """Elements repeat with their seed, which is printed."""
    rows = json.loads(call("order", M24, "--random", "3", "--seed", "5", "--format", "json")[1])
    assert [row["seed"] for row in rows] == [5, 5, 5]
    assert all(row["element"] in large_group(M24) for row in rows)
    assert json.loads(call("order", M24, "--random", "3", "--seed", "5", "--format", "json")[1]) == rows


def test_order_command_reads_files_and_presentations(call, tmp_path):
    """Image lists in json; a presentation's order; budget and bad files as one line."""
    (tmp_path / "s4.json").write_text("[[1, 2, 3, 0], [1, 0]]")
    assert json.loads(call("order", "s4.json", "--format", "json")[1])["order"] == 24
    assert json.loads(call("order", "<a, b | a^2, b^3, (a*b)^5>", "--format", "json")[1])["order"] == 60
    assert call("order", M24, "--budget", "0.000001")[0] == 4
    for text in ("{}", "[[1, 0], 3]", '[["a"]]', "[" * 100_000, "[[true, false]]", "\0"):
        (tmp_path / "bad.json").write_text(text)
        code, _, said = call("order", "bad.json")
        assert code == 1
        assert said.count("\n") == 1


def test_a_long_order_is_printed(call, tmp_path):
    """2,000! has 5,736 digits, more than Python prints unasked."""
    (tmp_path / "s.json").write_text(json.dumps(symmetric(2000)))
    code, out, _ = call("order", "s.json", "--member", "(1,2)")
    assert code == 0
    assert "yes" in out


def test_two_names_of_one_large_group():
    """Equal when they consist of the same permutations: a control with another order, one with other points."""
    m11 = large_group("M11")
    conjugate = large_group("(2,3,4,5,6,7,8,9,10,11,1), (3,7,11,8)(4,10,5,6)")
    assert m11 == large_group(m11.strong_generators.tolist())
    assert len({m11, large_group("M11")}) == 1
    assert conjugate == large_group("(1,2,3,4,5,6,7,8,9,10,11), (3,7,11,8)(4,10,5,6)")
    assert m11 != large_group("A11")
    assert large_group("(1,2,3), (4,5)") != large_group("(1,2,3), (4,5,6)(1,2,3), (1,4)(2,5)(3,6)")
    assert large_group("(1,2), (3,4)") != large_group("(1,3), (2,4)")  # of the same order on as many points
    assert large_group("Omega+(4,3)")._repr_latex_() == r"$\Omega^{+}(4,3)$"
