"""Presentations define the textbook's groups, by every strategy and kernel; infinite ones are proved."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import named

from grouptool import from_presentation, group
from grouptool.construct import coset_enumeration, infinite, presentations, words
from grouptool.construct.abelianisation import abelian_invariants, subgroup_invariants
from grouptool.construct.coset_enumeration import coset_table, parse_presentation, parse_words
from grouptool.construct.presentations import presentation_order
from grouptool.errors import BudgetSpentError, InfiniteGroupError, NotationError, TooLargeError
from grouptool.notation import Commutator, Conjugate, Letter, Presentation, Word
from grouptool.structure import find_isomorphism


def coxeter(*edges: tuple[int, int, int]) -> str:
    """A Coxeter group from the edges (i, j, m) of its diagram; generators s1, s2, ..."""
    count = 1 + max(max(i, j) for i, j, _ in edges)
    bonds = {(min(i, j), max(i, j)): m for i, j, m in edges}
    relators = [f"s{i}^2" for i in range(count)]
    relators += [f"(s{i}*s{j})^{bonds.get((i, j), 2)}" for i in range(count) for j in range(i + 1, count)]
    return f"<{', '.join(f's{i}' for i in range(count))} | {', '.join(relators)}>"


def line(*labels: int) -> str:
    """A Coxeter group whose diagram is a path with these labels."""
    return coxeter(*((i, i + 1, m) for i, m in enumerate(labels)))


def fibonacci(n: int) -> str:
    """F(2, n): x_i x_(i+1) = x_(i+2), round."""
    relators = ", ".join(f"x{i}*x{(i + 1) % n} = x{(i + 2) % n}" for i in range(n))
    return f"<{', '.join(f'x{i}' for i in range(n))} | {relators}>"


def psl2(p: int) -> str:
    """PSL(2, p), p an odd prime: Sunday's presentation (1972)."""
    return f"<a, b | a^{p}, b^2, (a*b)^3, (a^4*b*a^{(p + 1) // 2}*b)^2>"


E6 = coxeter((0, 1, 3), (1, 2, 3), (2, 3, 3), (3, 4, 3), (2, 5, 3))
M11 = "<a, b | a^2, b^4, (a*b)^11, (a*b^2)^6, a*b*a*b*a*b^-1*a*b*a*b^2*a*b^-1*a*b*a*b^-1*a*b^-1>"
M12 = "<a, b | a^2, b^3, (a*b)^11, (a^-1*b^-1*a*b)^6, (a*b*a*b*a*b^-1)^6, (a*b*a*b*a*b^-1*a*b^-1)^5>"
TRIVIAL = "<a, b, c | a^-1*b*a = b^2, b^-1*c*b = c^2, c^-1*a*c = a^2>"
B24 = "<a, b | a^4, b^4, (a*b)^4, (a^-1*b)^4, (a^2*b)^4, (a*b^2)^4, (a^2*b^2)^4, (a^-1*b*a*b)^4, (a*b^-1*a*b)^4>"
ORDERS = {
    "<a | a>": 1, "<a, b | a, b>": 1, "<a | a^2>": 2, "<a | a^2, a^3>": 1, "<a, b | a^2, b^3, (a*b)^5>": 60,
    "<a, b | a^2 = b^3, b^3 = (a*b)^5>": 2280, line(3, 5): 120, line(3, 3, 3, 3): 720, line(3, 4, 3): 1152,
    "<a, b | a^1000, b^2, (a*b)^2>": 2000, "<a, b | a^2, b^3, (a*b)^7, (a^-1*b^-1*a*b)^6>": 1092,
    "<a, b | a^2, b^3, (a*b)^7, (a^-1*b^-1*a*b)^8>": 10752, "<a, b | a^8, b^7, (a*b)^2, (a^-1*b)^3>": 10752,
    psl2(7): 168, psl2(11): 660, psl2(13): 1092, psl2(17): 2448, fibonacci(5): 11, fibonacci(7): 29, B24: 4096,
    TRIVIAL: 1, M11: 7920,
}  # fmt: skip


@pytest.mark.parametrize("presentation", ORDERS)
def test_orders_from_the_literature(presentation, monkeypatch):
    """By cosets of a cyclic subgroup, and by all elements, the order is the same and the known one."""
    monkeypatch.setenv("GROUPTOOL_KERNELS", "compiled")
    assert presentation_order(presentation) == ORDERS[presentation]
    assert coset_table(presentation).index == ORDERS[presentation]


@pytest.mark.parametrize(("presentation", "order"), [(E6, 51840), (M12, 95040), (line(*[3] * 6), 40320)])
def test_orders_above_the_table_limit(presentation, order, monkeypatch):
    """The order is proved, the table refused."""
    monkeypatch.setenv("GROUPTOOL_KERNELS", "compiled")
    assert presentation_order(presentation) == order
    with pytest.raises(TooLargeError, match=f"{order:,} elements"):
        from_presentation(presentation)


SMALL = [text for text, order in ORDERS.items() if order <= 720 and text != fibonacci(7)]


@pytest.mark.parametrize("presentation", SMALL)
def test_both_twins_and_all_strategies_give_one_table(presentation, monkeypatch):
    """A standardised table depends on the subgroup alone; subgroups: trivial, of the first letter, of the whole."""
    letters = parse_presentation(presentation).letters
    for subgroup in ([], [letters[0]], list(letters)):
        tables = []
        for kernels in ("plain", "compiled"):
            monkeypatch.setenv("GROUPTOOL_KERNELS", kernels)
            tables += [coset_table(presentation, subgroup, strategy=one).table for one in ("hlt", "felsch", "auto")]
        assert all(np.array_equal(tables[0], other) for other in tables)
        assert len(tables[0]) == 1 or subgroup != list(letters)


@pytest.mark.parametrize("presentation", [line(3, 5), TRIVIAL, M11, psl2(13)])
@pytest.mark.parametrize("rows", [2, 64])
def test_pauses_change_nothing(presentation, rows, monkeypatch):
    """However often the kernels stop to make room, the table is the same."""
    monkeypatch.setenv("GROUPTOOL_KERNELS", "compiled")
    whole = coset_table(presentation)
    monkeypatch.setattr(coset_enumeration, "FIRST_ROWS", rows)
    monkeypatch.setattr(coset_enumeration, "SMALL_ROWS", rows)
    for strategy in ("hlt", "felsch"):
        assert np.array_equal(coset_table(presentation, strategy=strategy).table, whole.table)


@pytest.mark.parametrize(
    ("presentation", "defined"),
    [(fibonacci(5), 42), ("<a, b | a^2 = b^3, b^3 = (a*b)^5>", 2280), (psl2(11), 1007), (TRIVIAL, 588), (B24, 5022)],
)
def test_felsch_defines_as_many_cosets_as_gap(presentation, defined, kernels):
    """No conclusion is missed: a coset that one would have spared is defined otherwise.

    Source: CosetTableFromGensAndRels of GAP 4.12.1 with SetInfoLevel(InfoFpGroup, 3), "defined".
    """
    found = coset_table(presentation, strategy="felsch")
    assert (found.total, found.index) == (defined, ORDERS[presentation])


def test_auto_begins_with_felsch_for_triangular_relators(kernels):
    """The small question that needs many cosets by HLT: 33,239 by Felsch, as by GAP."""
    found = coset_table(fibonacci(7)) if kernels == "compiled" else coset_table(fibonacci(5))
    assert (found.strategy, found.total) == ("felsch", 33_239 if kernels == "compiled" else 42)
    assert coset_table(psl2(7)).strategy == "hlt"


def test_lookahead_saves_what_the_budget_would_not_reach(monkeypatch):
    """(8,7|2,3) has 47,544 cosets alive at once by HLT; with room for 30,000 it finishes all the same."""
    monkeypatch.setenv("GROUPTOOL_KERNELS", "compiled")
    text = "<a, b | a^8, b^7, (a*b)^2, (a^-1*b)^3>"
    assert coset_table(text, strategy="hlt").maximum > 40_000
    tight = coset_table(text, strategy="hlt", max_cosets=30_000)
    assert tight.maximum <= 30_000
    assert np.array_equal(tight.table, coset_table(text).table)


two_letters = st.lists(st.sampled_from([1, -1, 2, -2]), min_size=1, max_size=7)


@given(st.lists(two_letters, max_size=2), st.tuples(*[st.integers(2, 4)] * 3), st.lists(two_letters, max_size=2))
def test_a_table_is_an_action_that_satisfies_the_relators(extra, powers, subgroup):
    """Columns are mutually inverse permutations, relators act trivially, subgroup words fix coset 0."""
    base = "<a, b | a^{}, b^{}, (a*b)^{}".format(*powers)
    shown = ["*".join("ab"[abs(one) - 1] + ("^-1" if one < 0 else "") for one in word) for word in extra]
    presentation = ", ".join([base, *shown]) + ">"
    try:
        cosets = coset_table(presentation, subgroup, max_cosets=500)
    except BudgetSpentError:
        return
    table, everything = cosets.table, np.arange(cosets.index)
    for i in (0, 2):
        assert (table[table[:, i], i + 1] == everything).all()
        assert (table[table[:, i + 1], i] == everything).all()
    for relator in parse_presentation(presentation).relators:
        assert all(cosets.trace(relator, coset) == coset for coset in range(cosets.index))
    assert all(cosets.trace(word) == 0 for word in subgroup)
    if not subgroup:
        assert presentation_order(presentation) == cosets.index


def test_cosets_are_right_cosets_and_words_act_left_to_right():
    """In S3 = <a, b> with a*b of order 3, H<a>: coset 0 is fixed by a, and a*b takes it where b does."""
    cosets = coset_table("<a, b | a^2, b^2, (a*b)^3>", ["a"])
    assert cosets.index == 3
    assert cosets.trace("a") == 0
    assert cosets.trace("a*b") == cosets.trace("b") != 0
    assert cosets.trace("b*a") == cosets.permutations[0][cosets.trace("b")] != cosets.trace("a*b")


@pytest.mark.parametrize(("dropped", "index"), [("s0", 8), ("s6", 8), ("s3", 70)])
def test_parabolic_subgroups_of_s8(dropped, index, kernels):
    """S8 without one transposition is S_k x S_(8-k): the cosets are the k-subsets of 8 points."""
    rest = [f"s{i}" for i in range(7) if f"s{i}" != dropped]
    assert coset_table(line(*[3] * 6), rest).index == index


@pytest.mark.parametrize(
    ("presentation", "name"),
    [
        ("<a, b | a^2, b^3, (ab)^5>", "A5"),
        ("<a, b | a^4, a^2 = b^2, b^-1*a*b*a>", "Q8"),
        ("<s, t | s^2, t^2, (st)^5>", "D5"),
        ("<a, b | a^7, b^3, b^-1*a*b*a^-2>", "C7:C3"),
        ("<a, b | a^3 = b^3, b^3 = (a*b)^2>", "SL(2,3)"),
        (line(3, 3), "S4"),
        (fibonacci(5), "C11"),
        (psl2(7), "PSL(2,7)"),
        ("<a | a>", "C1"),
    ],
)
def test_presentations_define_the_right_groups(presentation, name, kernels):
    """Each is isomorphic to the named group, obeys the axioms, and remembers its relators."""
    made = from_presentation(presentation)
    assert find_isomorphism(made, named(name)) is not None
    assert made.relators == made.name == str(parse_presentation(presentation))
    assert (made.table[0] == np.arange(made.order)).all()
    for x, right in zip(made.generators, made.right_multiplications(), strict=True):
        assert (right == made.permutations[x]).all()


def test_products_in_a_presented_group_compose_left_to_right():
    """a*b^-1*a, read left to right in the table, is the identity where the relator says so, and not backwards."""
    made = from_presentation("<a, b | a^3, b^7, a^-1*b*a = b^2>")
    a, b = made.generators
    conjugate = made.table[made.table[made.inverses[a], b], a]
    assert conjugate == made.powers(2)[b]
    assert conjugate != made.powers(4)[b]
    i, j = made.table[a, b], made.table[b, b]
    assert (made.permutations[made.table[i, j]] == made.permutations[j][made.permutations[i]]).all()


@pytest.mark.parametrize(
    ("presentation", "proof"),
    [("<a, b | a^2>", "free rank 1"), ("<a, b | a*b*a^-1*b^-1>", "free rank 2"), ("<a | >", "free rank 1")],
)
def test_an_infinite_abelianisation_is_proved(presentation, proof):
    """The line names the free rank, for the group and for its order."""
    with pytest.raises(InfiniteGroupError, match=proof):
        group(presentation)
    with pytest.raises(InfiniteGroupError, match=proof):
        presentation_order(presentation)


@pytest.mark.parametrize("strategy", coset_enumeration.STRATEGIES)
def test_a_stopped_enumeration_says_unknown(strategy, kernels):
    """M11 does not fit into 300 cosets; the budget's end is no answer."""
    with pytest.raises(BudgetSpentError, match=r"stopped at 300 cosets .*unknown"):
        from_presentation(M11, max_cosets=300, strategy=strategy)


@pytest.mark.parametrize(
    ("presentation", "invariants"),
    [
        ("<a, b | a^4, b^6, a*b = b*a>", (2, 12)),
        ("<a, b, c | a^2 = b^2>", (2, 0, 0)),
        ("<a, b | a^1000000000 = b^7, b>", (1000000000,)),
        ("<a, b | a*b*a = b*a*b>", (0,)),
        ("<a, b | a*b*a = b*a*b, a^5>", (5,)),
        (TRIVIAL, ()),
        (line(3, 4, 3), (2, 2)),
    ],
)
def test_abelian_invariants(presentation, invariants):
    """Known abelianisations; the braid group's is infinite cyclic."""
    assert abelian_invariants(presentation) == invariants


@given(st.lists(st.tuples(*[st.integers(-6, 6)] * 3), min_size=3, max_size=5))
def test_abelian_invariants_multiply_to_the_gcd_of_minors(rows):
    """The product of the invariants is the greatest common divisor of the 3 x 3 minors, each divides the next."""
    from itertools import combinations, pairwise
    from math import gcd, prod

    shown = ", ".join("*".join(f"{x}^{e}" for x, e in zip("abc", row, strict=True)) for row in rows)
    found = abelian_invariants(f"<a, b, c | {shown}>")
    minors = [round(np.linalg.det(np.array(three, dtype=float))) for three in combinations(rows, 3)]
    assert prod(found) == gcd(*minors)
    assert all(b % a == 0 for a, b in pairwise(found) if a)


@pytest.mark.parametrize(
    ("presentation", "subgroup", "invariants"),
    [
        ("<a, b | a^2, b^3, (a*b)^4>", ["a*b", "b*a"], None),
        ("<a, b | a^2, b^3, (a*b)^4>", ["b", "a*b*a"], (3,)),  # A4 in S4
        ("<a, b | a^2, b^3, (a*b)^5>", ["a", "b*a*b^-1"], None),
        ("<a, b | a^2, b^2>", ["a*b"], (0,)),  # the translations of the infinite dihedral group
        ("<a, b | a^3, b^3, (a*b)^3>", ["a*b^-1", "b^-1*a"], (0, 0)),  # the translations of a plane group
        ("<a, b | a^2>", ["b", "a*b*a"], (0, 0)),  # free of rank 2 in C2 * Z
    ],
)
def test_subgroup_invariants(presentation, subgroup, invariants):
    """Known subgroups; where none is given, the subgroup's own table and closure say it."""
    cosets = coset_table(presentation, subgroup)
    found = subgroup_invariants(presentation, cosets)
    if invariants is not None:
        assert found == invariants
        return
    whole = from_presentation(presentation)
    members = [whole.table[0, 0]]
    for text in subgroup:
        product = 0
        for letter in words.expand_all(parse_words(text, ("a", "b")), ("a", "b"))[0]:
            g = whole.generators[abs(letter) - 1]
            product = whole.table[product, g if letter > 0 else whole.inverses[g]]
        members.append(product)
    inside = np.flatnonzero(whole.closure(members))
    commutators = [
        whole.table[whole.table[whole.inverses[x], whole.inverses[y]], whole.table[x, y]]
        for x in inside
        for y in inside
    ]
    assert np.prod(found) == len(inside) // whole.closure(commutators).sum()


def test_words_are_written_out():
    """Commutators, conjugates and powers, by their definitions."""
    a, b = Letter("a"), Letter("b")
    commutator = Commutator(Word(((a, 1),)), Word(((b, 1),)))
    numbers = {"a": 1, "b": 2}
    assert words.expand(commutator, numbers) == [-1, -2, 1, 2]
    assert words.expand(Conjugate(a, b), numbers) == [-2, 1, 2]
    assert words.expand(Word(((commutator, -1),)), numbers) == [-2, -1, 2, 1]
    assert words.expand(Word(((Conjugate(a, b), 2), (b, 0))), numbers) == [-2, 1, 1, 2]
    assert (str(commutator), str(Conjugate(a, Word(((a, 1), (b, -1)))))) == ("[a,b]", "a^(a*b^-1)")
    heisenberg = [(Commutator(Word(((commutator, 1),)), Word(((one, 1),))), 1) for one in (a, b)]
    given = Presentation(("a", "b"), tuple(Word((one,)) for one in [(a, 3), (b, 3), *heisenberg]))
    assert from_presentation(given).order == 27


@given(st.lists(st.sampled_from([1, -1, 2, -2]), max_size=12))
def test_reduction_leaves_nothing_to_cancel(letters):
    """Free and cyclic reduction are idempotent, keep exponent sums, and rotations are as many as the root is long."""
    reduced = words.cyclically_reduced(words.freely_reduced(letters))
    assert all(one != -other for one, other in zip(reduced, reduced[1:] + reduced[:1], strict=True)) or len(reduced) < 2
    assert sum(reduced) == sum(letters)
    assert len(set(words.rotations(reduced))) == len(words.rotations(reduced)) == words.root_length(reduced)


@pytest.mark.parametrize(
    ("work", "error", "complaint"),
    [
        (lambda: coset_table("<a | a^2>", strategy="ace"), ValueError, "hlt"),
        (lambda: coset_table("<a | a^2>", ["b"]), NotationError, "'b' is not a generator"),
        (lambda: coset_table("S5"), NotationError, "not a presentation"),
        (lambda: coset_table("<a | a^2>", ["a, a"]), NotationError, "not one word"),
        (lambda: coset_table("<a | a^2>", ["a> x C2"]), NotationError, "a"),
        (lambda: coset_table("<a | a^2000000>"), TooLargeError, "2,000,000 letters"),
        (lambda: coset_table(line(3), max_cosets=10**12), TooLargeError, "bytes"),
        (lambda: from_presentation("<a | a^100>", limit=50), TooLargeError, "100 elements"),
    ],
)
def test_refusals(work, error, complaint, monkeypatch):
    """One line each, before memory is taken."""
    monkeypatch.setenv("GROUPTOOL_KERNELS", "compiled")
    with pytest.raises(error, match=complaint) as refusal:
        work()
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("presentation", "proof"),
    [
        ("<a, b | a^2, b^3, (a*b)^7>", r"triangle group \(2,3,7\)"),
        ("<a, b | a^3, b^3, (a*b^-1)^3>", "triangle group"),
        ("<a, b, c | a^2, b^3, c^7, a*b*c>", "kernel of an action, of index 168, .* free rank 6"),
        ("<a, b, c | a^3, b^3, c^3, a*b*c>", "derived subgroup, of index 9, .* free rank 2"),
        ("<a, b, c | a^2, b^4, c^4, a*b*c>", "derived subgroup, of index 8, .* free rank 2"),
        ("<a, b, c | a^2, b^3, c^6, a*b*c>", "derived subgroup, of index 6, .* free rank 2"),
        ("<a, b | a^2, b^3>", "derived subgroup, of index 6, .* free rank 2"),
        ("<a, b | a^2, b^2>", "infinite"),
        ("<a, b | a*b*a^-1 = b^3>", "free rank 1"),
        (fibonacci(6), "derived subgroup, of index 16, .* free rank 3"),
        (coxeter((0, 1, 3), (1, 2, 3), (2, 0, 3)), "Coxeter group"),
        (line(3, 3, 3, 3, 5), "Coxeter group, and the diagram of s0, s1, s2, s3, s4, s5"),
    ],
)
def test_infinite_groups_are_proved_infinite(presentation, proof):
    """Each by its own argument, for the group and for its order."""
    for work in (from_presentation, presentation_order):
        with pytest.raises(InfiniteGroupError, match=proof) as refusal:
            work(presentation, max_cosets=5_000)
        assert "\n" not in str(refusal.value)


FINITE_DIAGRAMS = {
    **{f"A{n}": [(i, i + 1, 3) for i in range(n - 1)] for n in (2, 3, 6)},
    **{f"B{n}": [(0, 1, 4), *((i, i + 1, 3) for i in range(1, n - 1))] for n in (2, 3, 5)},
    **{f"D{n}": [(0, 2, 3), *((i, i + 1, 3) for i in range(1, n - 1))] for n in (4, 5, 6)},
    **{f"E{n}": [(0, 3, 3), *((i, i + 1, 3) for i in range(1, n - 1))] for n in (6, 7, 8)},
    "F4": [(0, 1, 3), (1, 2, 4), (2, 3, 3)],
    "H3": [(0, 1, 5), (1, 2, 3)],
    "H4": [(0, 1, 5), (1, 2, 3), (2, 3, 3)],
    "I2(17)": [(0, 1, 17)],
}


@given(st.permutations(range(4)), st.tuples(*[st.sampled_from([2, 2, 3, 3, 4, 5, 6])] * 6))
def test_a_coxeter_diagram_is_spherical_exactly_when_its_form_is_positive_definite(shuffle, bonds):
    """Coxeter's theorem another way: the matrix -cos(pi / m) has only positive eigenvalues."""
    pairs = [(i, j) for i in range(4) for j in range(i)]
    edges = [(shuffle[i], shuffle[j], m) for (i, j), m in zip(pairs, bonds, strict=True)]
    given = parse_presentation(coxeter(*edges))
    form = np.eye(4)
    for i, j, m in edges:
        form[i, j] = form[j, i] = -np.cos(np.pi / m)
    relators = [words.cyclically_reduced(word) for word in words.expand_all(given.relators, given.letters)]
    assert (infinite._coxeter(given, relators) is None) == (np.linalg.eigvalsh(form)[0] > 1e-9)


@pytest.mark.parametrize("name", FINITE_DIAGRAMS)
def test_finite_coxeter_groups_are_never_called_infinite(name):
    """The whole list of the classification passes, and no other search finds a proof."""
    assert infinite.infinity_proof(parse_presentation(coxeter(*FINITE_DIAGRAMS[name]))) is None


@pytest.mark.parametrize("presentation", [M11, fibonacci(7), B24, TRIVIAL, psl2(17), E6])
def test_no_proof_of_infinity_for_finite_groups(presentation):
    """A planted negative: their subgroups of finite index have finite abelianisations."""
    assert infinite.infinity_proof(parse_presentation(presentation)) is None


def test_every_action_that_the_search_finds_satisfies_the_relators():
    """And S4 has, on up to 4 points, as many transitive actions with marked point as subgroups of index 2, 3, 4."""
    given = parse_presentation("<a, b | a^2, b^3, (a*b)^4>")
    degrees = []
    for images, inverses in infinite._actions(given):
        assert (np.take_along_axis(images, inverses, axis=1) == np.arange(images.shape[1])).all()
        cosets = infinite._as_table(given, images, inverses)
        assert all(cosets.trace(relator, c) == c for relator in given.relators for c in range(cosets.index))
        degrees.append(cosets.index)
    assert [degrees.count(d) for d in (2, 3, 4, 6, 8, 12)] == [1, 3, 4, 7, 4, 9]


@pytest.mark.parametrize(
    ("presentation", "order"),
    [
        ("<a, b | a^100000, b^2, (a*b)^2>", 200_000),  # a moves no coset of <a>: its order comes from relations
        ("<a, b | a^9, b^9, a*b = b*a>", 81),
        ("<a, b | a^2 = b^3, b^3 = (a*b)^4>", 336),  # no relator is a power
    ],
)
def test_orders_where_the_cyclic_subgroup_has_a_core(presentation, order):
    """The permutation of the cosets says too little, and the subgroup's abelianisation the rest."""
    assert presentation_order(presentation) == coset_table(presentation).index == order


def test_an_infinite_cyclic_subgroup_of_finite_index_is_a_proof(monkeypatch):
    """Were Z not seen by its abelianisation, the relations of <a>, of index 1 or 2, would show it infinite."""
    monkeypatch.setattr(presentations, "abelian_invariants", lambda given: ())
    for presentation, index in (("<a, b | b*a^-2>", 1), ("<a, b | a^-2*b*b, a*b*a^-1*b^-1>", 2)):
        with pytest.raises(InfiniteGroupError, match=f"cyclic subgroup of a has index {index}"):
            presentation_order(presentation)


def test_a_spent_budget_speaks_of_the_order():
    """Also where cosets of a subgroup were enumerated."""
    with pytest.raises(BudgetSpentError, match=r"the order of <a, b \| .* is still unknown"):
        presentation_order(M12, max_cosets=100)
