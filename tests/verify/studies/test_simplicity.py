"""The census of pairs of permutations, its ceilings, the statements on generators, networks under their ceiling."""

import json
import math
from dataclasses import replace
from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest

from grouptool import group
from grouptool.errors import GroupToolError, TooLargeError
from grouptool.structure import minimal_generators, minimal_permutations, subgroup_lattice
from verify.studies import run_study
from verify.studies.simplicity import SimplicitySettings, _reaches, _standing, _unit, _within
from verify.studies.simplicity.actions import check_group, shipped
from verify.studies.simplicity.census import census, expectation
from verify.studies.simplicity.features import ceiling, feature_columns
from verify.studies.simplicity.generated import generated_groups, plain_order
from verify.studies.simplicity.learning import _forward, _gradients, draw_examples, learn_invariant, learn_raw
from verify.studies.simplicity.pairs import PairOrbits, cycle_counts, number_of_pair_orbits, pair_orbits
from verify.studies.simplicity.statements import IMPOSTORS, STATEMENTS, census_pairs, tally

COUNTS = {  # n: pairs, pair orbits, subgroups, simple subgroups, classes, simple classes, pairs simple, non-abelian
    3: (36, 11, 6, 4, 4, 2, 0.472, 0),
    4: (576, 43, 30, 13, 11, 3, 0.102, 0),
    5: (14_400, 161, 156, 42, 19, 5, 0.1791, 0.1583),
    6: (518_400, 901, 1_370, 164, 52, 9, 0.2027, 0.2000),
    7: (25_401_600, 5_579, 10_425, 753, 88, 12, 0.2315, 0.2310),
}
CEILINGS = {  # of S_5, S_6, S_7, and of S_7 with both answers equally frequent
    "nothing": (0.821, 0.797, 0.769, 0.500),
    "det": (0.925, 0.952, 0.982, 0.988),
    "trace": (0.837, 0.801, 0.769, 0.554),
    "orders": (0.937, 0.891, 0.905, 0.876),
    "det + trace": (0.954, 0.964, 0.983, 0.988),
    "cycle types": (0.954, 0.964, 0.983, 0.988),
    "cycle types, product": (0.9986, 0.9998, 0.994, 0.996),
    "cycle types, product, commutator": (1, 1, 0.9991, 0.9994),
    "group order": (1, 1, 1, 1),
}
"""Both from an exhaustive count in another program, every pair formed; shared notes, section 5."""


@pytest.fixture(scope="module")
def censuses():
    """Of S_3 to S_7."""
    return {points: census(points) for points in COUNTS}


@pytest.mark.parametrize("points", COUNTS)
def test_counts_are_those_of_the_exhaustive_search(points, censuses):
    """In each unit of counting, all and simple; a unit that is forgotten would make the shares of another."""
    made = censuses[points]
    pairs, orbits, subgroups, simple_subgroups, classes, simple_classes, simple, nonabelian = COUNTS[points]
    assert [made.count(unit) for unit in made.units] == [pairs, orbits, subgroups, classes]
    assert (made.count("subgroup", made.simple), made.count("class", made.simple)) == (simple_subgroups, simple_classes)
    assert made.count("pair", made.simple) / pairs == pytest.approx(simple, abs=6e-4)
    assert made.count("pair", made.simple & ~made.abelian) / pairs == pytest.approx(nonabelian, abs=6e-5)


def test_the_simple_subgroups_of_s7_by_order(censuses):
    """652 of prime order and 101 others; the classes of each order as the exhaustive search lists them."""
    found: dict[int, list[int]] = {}
    for row in censuses[7].class_rows():
        if row["simple"]:
            found.setdefault(row["order"], []).append(row["subgroups"])
    assert {order: sorted(many) for order, many in found.items()} == {
        2: [21, 105, 105], 3: [35, 140], 5: [126], 7: [120], 60: [21, 42], 168: [30], 360: [7], 2520: [1]
    }  # fmt: skip


def test_pair_orbits_agree_with_the_definition():
    """Every pair of S_4 conjugated by every permutation, without centralisers or codes."""
    everything = list(permutations(range(4)))
    number = {x: i for i, x in enumerate(everything)}
    back = {c: tuple(np.argsort(c).tolist()) for c in everything}
    seen, sizes = set(), []
    for a, b in product(everything, repeat=2):
        if (a, b) not in seen:
            orbit = {tuple(tuple(c[x[back[c][p]]] for p in range(4)) for x in (a, b)) for c in everything}
            seen |= orbit
            sizes.append(len(orbit))
    found = pair_orbits(4)
    assert sorted(found.weights.tolist()) == sorted(sizes)
    assert len({(number[tuple(a)], number[tuple(b)]) for a, b in zip(found.first, found.second, strict=True)}) == 43


def test_pair_orbits_are_counted_beyond_what_is_listed():
    """Sums of centraliser orders; eight points listed; ten are refused with their number."""
    assert [number_of_pair_orbits(n) for n in (8, 9, 10, 11)] == [43_206, 378_360, 3_742_738, 40_853_520]
    listed = pair_orbits(8)
    assert (len(listed), int(listed.weights.sum())) == (43_206, math.factorial(8) ** 2)
    with pytest.raises(TooLargeError, match="3,742,738 orbits"):
        pair_orbits(10)


@pytest.mark.parametrize("points", [4, 5, 6])
def test_pairs_are_counted_as_subgroups_say(points, censuses):
    """Hall's function of the subgroups alone: generating pairs and pair orbits of each class, not one pair formed."""
    made, expected = censuses[points], expectation(points)
    assert (made.pairs_each == expected.pairs_each).all()
    assert (np.bincount(made.class_of, minlength=len(made.lattice)) == expected.orbits).all()
    if points == 5:
        assert max(expected.pairs_each[expected.simple]) == 19 * 120  # Hall: 19 orbits of Aut(A5) on pairs


def test_stabiliser_chains_agree_with_the_cayley_table(kernels):
    """Orders and simplicity without a table, compiled and plain, are those of the subgroups of S_5."""
    made = census(5)
    found = generated_groups(made.pairs)
    assert (found.orders == made.orders).all()
    assert (found.simple == made.simple).all()
    assert ((found.orders // found.derived_orders) % 2 == 1).tolist() == made.odd_quotient.tolist()


def test_simplicity_is_not_read_off_an_order():
    """On eight points two groups of order 168 are told apart, and two perfect groups; normal closures see it."""
    rows = []
    for made in (group("AGammaL(1,8)"), group("PSL(2,7)"), group("AGL(3,2)")):
        points = minimal_permutations(made)[list(minimal_generators(made))]
        rows.append(np.column_stack([points, np.tile(np.arange(points.shape[1], 8), (2, 1))]))
    first, second = (np.array([row[i] for row in rows]) for i in (0, 1))
    found = generated_groups(PairOrbits(8, first, second, np.ones(3, dtype=np.int64)))
    assert found.orders.tolist() == [168, 168, 1344]
    assert found.perfect.tolist() == [False, True, True]
    assert found.simple.tolist() == [False, True, False]


def test_the_plain_order_is_closed_under_its_actors():
    """The normal closure of a transposition in S_4 is S_4, of a product of two the four-group."""
    actors = np.array([[1, 2, 3, 0], [1, 0, 2, 3]])
    assert plain_order(np.array([[1, 0, 2, 3]]), actors) == 24
    assert plain_order(np.array([[1, 0, 3, 2]]), actors) == 4


def test_cycle_counts_of_one_permutation():
    """(1,2,3)(4,5) on six points."""
    counts = cycle_counts(np.array([[1, 2, 0, 4, 3, 5]]))
    assert (counts.fixed[0], counts.cycles[0], counts.orders[0], bool(counts.odd[0])) == (1, 3, 6, True)


@pytest.mark.parametrize("features", CEILINGS)
def test_ceilings_are_those_of_the_exhaustive_count(features, censuses):
    """The majority of each value of the features, over all pairs."""
    found = []
    for points in (5, 6, 7):
        made = censuses[points]
        best = ceiling(feature_columns(made)[features], made.simple, made.weights("pair"))
        found.append(best.plain)
    assert [*found, best.balanced] == pytest.approx(CEILINGS[features], abs=6e-4)


def test_the_unit_of_counting_changes_the_majority(censuses):
    """23 percent of the pairs of S_7 generate a simple group, 7 percent of the subgroups and 14 of the classes are."""
    made = censuses[7]
    shares = [made.count(unit, made.simple) / made.count(unit) for unit in made.units]
    assert shares == pytest.approx([0.2315, 0.2160, 0.0722, 0.1364], abs=1e-4)


@pytest.mark.parametrize("points", COUNTS)
def test_statements_hold_on_every_pair_and_impostors_do_not(points, censuses):
    """No violation of T1 to T6 among all pairs; T3 is attained, so that its sharper form must fail."""
    pairs = census_pairs(censuses[points])
    counts = {one.name: tally(one, pairs) for one in STATEMENTS}
    assert all(count.violated == 0 for count in counts.values())
    assert counts["T2"].applied == math.factorial(points) ** 2
    assert (counts["T3"].least_slack, counts["T4"].least_slack) == (0, 0)
    assert all(tally(one, pairs).violated > 0 for one in IMPOSTORS)


def test_t3_is_sharp_in_transitive_groups_of_five_and_seven_points(censuses):
    """n - 1 fixed points in all are attained on 5 and 7 points, n - 2 on 6."""
    for points, expected in ((5, 4), (6, 4), (7, 6)):
        pairs = census_pairs(censuses[points])
        among = pairs.transitive & pairs.both_move & pairs.simple & ~pairs.abelian
        assert pairs.fixed[among, :2].sum(axis=1).max() == expected


@pytest.mark.parametrize(
    ("name", "values", "largest", "pairs"),
    [("A5", 5, "31/30", 2_280), ("A6", 10, "19/20", 76_320), ("PSL(2,7)", 12, "41/42", 19_152), ("A7", 31, "25/28", 0)],
)
def test_orders_of_generators_and_product(name, values, largest, pairs):
    """The published values of 1/|a| + 1/|b| + 1/|ab|; generating pairs over |Aut| is 19 for A5."""
    found = check_group(group(name), 100, 0)
    assert (len(found.signatures), found.signatures[-1]) == (values, Fraction(largest))
    assert found.pairs == found.expected_pairs
    assert pairs in (0, found.pairs)
    assert found.simple
    assert sum(found.total(one.name).violated for one in STATEMENTS) == 0


def test_actions_agree_with_their_permutations():
    """Classes and characters against S_4 on its cosets, every pair formed and every cycle of an image list counted."""
    made = group("S4")
    found = {}
    for one in subgroup_lattice(made).classes[:-1]:
        counts = cycle_counts(one.subgroup.coset_action(range(24)))
        pairs = [(a, b) for a, b in product(range(24), repeat=2) if made.closure([a, b]).all()]
        cycles = [counts.cycles[a] + counts.cycles[b] + counts.cycles[made.table[a, b]] for a, b in pairs]
        moving = counts.fixed[counts.fixed < one.index]
        found.setdefault(one.index, []).append((one.index + 2 - max(cycles), moving.max() / one.index))
    actions = check_group(made, 100, 0).actions
    assert len(actions) == 10
    for degree, expected in found.items():
        ours = [(one.tallies["T4"].least_slack, one.largest_ratio) for one in actions if one.degree == degree]
        assert np.allclose(sorted(ours), sorted(expected))


def test_a_drawn_sample_keeps_to_generating_pairs(monkeypatch):
    """A group with too many classes is sampled; the statements still hold, and it says that it was a sample."""
    monkeypatch.setattr("verify.studies.simplicity.actions.EXHAUSTIVE", 10)
    found = check_group(group("A5"), 2_000, 1)
    assert not found.exhaustive
    assert found.share == pytest.approx(2280 / 3600, abs=0.05)
    assert sum(found.total(one.name).violated for one in STATEMENTS) == 0


def test_perfect_groups_satisfy_t1_and_are_not_simple():
    """Which is why T1 is no test of simplicity; pairs that do not generate violate T4."""
    for name in ("SL(2,5)", "ASL(2,4)", "A5 x A5"):
        found = check_group(group(name), 100, 0)
        assert (found.perfect, found.simple, found.satisfies_t1) == (True, False, True)
        assert found.pairs == found.expected_pairs > 0
    assert check_group(group("A5"), 100, 0, generating=False).total("T4").violated > 0
    assert not check_group(group("S5"), 100, 0).satisfies_t1


def test_catalogued_groups_are_chosen_by_their_facts():
    """Perfect ones: simple and not abelian, or perfect and not simple."""
    found = {one.name: one.facts["simple"] for one in shipped(400)}
    assert found == {"A5": True, "SL(2,5)": False, "PSL(2,7)": True, "SL(2,7)": False, "A6": True}


def test_gradients_agree_with_differences():
    """Each weight moved a little either way, in float64."""
    rng = np.random.default_rng(0)
    inputs, met = rng.normal(size=(5, 3)), rng.uniform(size=(5, 2))
    weights = [rng.normal(size=shape) for shape in ((3, 4), (4,), (4,), (1,))]

    def loss():
        logits = _forward(inputs, weights)[1]
        return (met[:, 0] * np.logaddexp(0, logits) + met[:, 1] * np.logaddexp(0, -logits)).sum()

    for one, gradient in zip(weights, _gradients(inputs, met, weights), strict=True):
        for place in np.ndindex(one.shape):
            sides = []
            for step in (1e-6, -2e-6, 1e-6):
                one[place] += step
                sides.append(loss())
            assert (sides[0] - sides[1]) / 2e-6 == pytest.approx(gradient[place], abs=1e-7)


def test_networks_reach_their_ceiling_and_do_not_pass_it(censuses):
    """On det and cycle types of S_6; one that sees the order passes the ceiling of traces, one on raw pairs fails."""
    made = censuses[6]
    columns = feature_columns(made)
    examples = draw_examples(made, "pair", "pair", 8_000, 4_000, 0)
    how = {"hidden": 32, "steps": 200, "seed": 0}
    learned = [learn_invariant(name, columns[name], examples, **how) for name in ("det", "cycle types")]
    assert (_within(learned).verdict, _reaches(learned).verdict) == ("holds", "holds")
    seen = np.concatenate([columns["trace"], columns["group order"]], axis=1)
    assert _within([learn_invariant("trace", seen, examples, judged=columns["trace"], **how)]).verdict == "fails"
    by_orbit = draw_examples(made, "pair", "orbit", 4_000, 2_000, 0)
    assert _reaches([learn_raw("one-line notation", by_orbit, **how)]).verdict == "fails"


def test_parts_share_no_orbit_and_no_subgroup(censuses):
    """Each part is tested by a network that met none of its orbits, or none of its classes of subgroups."""
    made = censuses[5]
    for split, unit in (("orbit", np.arange(161)), ("subgroup", made.class_of)):
        examples = draw_examples(made, "pair", split, 2_000, 1_000, 0)
        tested = np.concatenate([examples.test_within(fold) for fold in examples.folds])
        assert sorted(tested) == sorted(examples.test)
        for fold in examples.folds:
            met = unit[examples.train_without(fold)[0]]
            assert not set(met) & set(unit[examples.test_within(fold)])
        assert made.simple[examples.test].mean() == pytest.approx(0.5, abs=0.06)


def test_where_a_group_stands():
    """A5 among the subgroups of S_5; a group that needs three generators is not there, M11 is beyond the lists."""
    row = _standing(group("A5"), 5)["row"]
    assert (row["pairs each"], row["pair orbits"], row["rank by pairs"]) == (2280, 19, "2 of 19")
    assert "never generate" in _standing(group("C2^3"), 6)["words"]
    assert "limit is 7" in _standing(group("M11"), 11)["words"]


def test_the_study_of_a_degree(call):
    """The command, its controls and its database; parts that cannot be are refused."""
    code, out, _ = call("study", "simplicity", "--points", "5", "--largest", "60", "--perfect", "SL(2,5)",
                        "--steps", "100", "--out", "here", "--format", "json")  # fmt: skip
    answer = json.loads(out)
    assert (code, answer["verdict"]) == (0, "holds")
    assert {one["verdict"] for one in answer["controls"]} == {"fails"}
    with open("here/pairs.jsonl") as lines:
        rows = [json.loads(line) for line in lines]
    assert sum(row["weight"] for row in rows) == 14_400
    assert {row["name"] for row in rows if row["simple"]} == {"C2", "C3", "C5", "A5"}
    code, _, err = call("study", "simplicity", "--points", "10")
    assert (code, err.count("\n")) == (1, 1)
    assert "3 to 9" in err


def test_the_study_of_a_group(tmp_path):
    """A simple group holds; one that no two elements generate is left undecided."""
    found = run_study("simplicity", group("PSL(2,7)"), SimplicitySettings(perfect=("SL(2,5)",)), str(tmp_path / "a"))
    assert found.findings.verdict == "holds"
    nothing = run_study("simplicity", group("C2^3"), SimplicitySettings(perfect=("SL(2,5)",)), str(tmp_path / "b"))
    assert nothing.findings.verdict == "undecided"
    with pytest.raises(GroupToolError, match="unit is pair or orbit"):
        _unit(SimplicitySettings(unit="class"), replace(census(3), lattice=None))
