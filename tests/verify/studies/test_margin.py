"""The margin study: programs beside measured reference figures, proofs of optimality, networks that reach the bound."""

import json
from functools import cache

import numpy as np
import pytest

from grouptool import group
from grouptool.errors import GroupToolError
from grouptool.representations import character_table
from verify.studies import run_study
from verify.studies.margin import MarginSettings, criteria
from verify.studies.margin.network import (
    QuadraticNetwork,
    dense_classifier,
    margin_ascent,
    margins,
    norm_cubed,
    normalised_margin,
    penalised_loss,
)
from verify.studies.margin.parity import parity_margin, parse_parity, read_parity, train_parity
from verify.studies.margin.penalised import arrivals, first_penalty, penalised_optimum
from verify.studies.margin.program import margin_program, maximum_margin
from verify.studies.margin.reading import read_network
from verify.studies.margin.simplex import solve_game
from verify.studies.margin.sweep import sweep

REFERENCE = {  # gamma*, gamma* over the closed form: measured elsewhere with floating-point character tables and HiGHS
    "S3": (2.360497e-2, 1), "S4": (2.076648e-3, 1), "S5": (1.325977e-4, 1), "D4": (1.571966e-2, 1),
    "Q8": (1.237116e-2, 1), "A4": (6.033111e-3, 1), "SL(2,3)": (1.852268e-3, 1), "He3": (1.336968e-3, 1),
    "C7": (1.714482e-2, 1), "C71": (4.614301e-4, 1), "A5": (4.315709e-4, 1.0342), "SL(2,5)": (None, 1.1057),
    "A5 x C2": (None, 1.0386), "A5 x C3": (None, 1.0630), "A6": (None, 1.0466), "PSL(2,7)": (None, 1.0106),
    "A7": (None, 1.2487), "S6": (None, 1.1991),
}  # fmt: skip

OPTIMA = {  # (group, lambda): loss, ratio, shares in the order of the character table; S5 drops the 6-dimensional one
    ("S3", 1e-5): (4.376435e-3, 0.9709, (0.1750, 0.8250)),
    ("S3", 1e-7): (6.327457e-5, 0.9805, (0.1668, 0.8332)),
    ("S3", 1e-12): (1.1205e-9, 0.9893, (0.1593, 0.8407)),
    ("Q8", 1e-5): (7.910710e-3, 0.9001, (0.1151, 0.1151, 0.1151, 0.6546)),
    ("A4", 1e-5): (1.619319e-2, 0.9639, (0.1841, 0.8159)),
    ("S4", 1e-7): (6.717851e-4, 0.9464, (0.0456, 0.1745, 0.3899, 0.3899)),
    ("C7", 1e-5): (5.971679e-3, 1.0000, (1 / 3, 1 / 3, 1 / 3)),
    ("S5", 1e-5): (0.5958, 0.9319, (0.035, 0.297, 0.297, 0.186, 0.186, 0)),
    ("S5", 1e-7): (9.434e-3, 0.9553, None),
    ("S5", 1e-9): (1.2907e-4, 0.9667, None),
    ("S5", 1e-12): (1.8117e-7, 0.9767, None),
}


@cache
def maximum(name):
    return maximum_margin(margin_program(character_table(group(name))))


# -- the linear program


@pytest.mark.parametrize("name", sorted(REFERENCE))
def test_the_largest_margin_is_the_measured_one_and_proved(name):
    """Seven digits, the ratio to the closed form, and bounds in interval arithmetic that meet."""
    margin, ratio = REFERENCE[name]
    found = maximum(name)
    assert margin is None or found.margin == pytest.approx(margin, rel=1e-6)
    assert found.over_closed_form == pytest.approx(ratio, abs=6e-5)
    assert found.gap < 1e-60
    assert found.program.closed_form_holds == (ratio == 1)
    assert (found.program.matrix @ found.shares).min() == pytest.approx(found.margin, rel=1e-12)
    assert (found.tau @ found.program.matrix).max() == pytest.approx(found.margin, rel=1e-12)
    for mixture in (found.shares, found.tau):
        assert mixture.min() >= 0
        assert mixture.sum() == pytest.approx(1)


def test_theorems_7_and_9_are_special_cases():
    """Odd cyclic groups by theorem 7, real irreps by theorem 9; with other types theorem 9's formula is wrong."""
    for p in (3, 7, 31):
        assert maximum(f"C{p}").margin == pytest.approx(np.sqrt(2 / 27) / (np.sqrt(p) * (p - 1)), rel=1e-12)
    for name in ("S3", "D4", "S4", "S5"):
        assert maximum(name).program.real_type
        assert maximum(name).margin == pytest.approx(maximum(name).program.formula_of_the_paper, rel=1e-12)
    for name in ("A4", "Q8", "SL(2,3)"):  # complex, quaternionic, both
        assert not maximum(name).program.real_type
        assert maximum(name).margin < 0.96 * maximum(name).program.formula_of_the_paper


def test_a5_drops_its_five_dimensional_irrep():
    """Proved by the dual; the other irreps have the measured shares, and involutions are off the margin."""
    found = maximum("A5")
    names = dict(zip(found.program.irrep_names, found.shares, strict=True))
    assert [name for name, unused in zip(names, found.unused, strict=True) if unused] == ["5a"]
    assert found.unique
    assert list(names.values()) == pytest.approx([0.3610, 0.3610, 0.2779, 0], abs=1e-4)
    assert [name for name, off in zip(found.program.class_names, found.off_margin, strict=True) if off] == ["2A"]
    assert (found.program.condition > 0).tolist() == [True, False, False, False]
    assert not maximum("S5").unused.any()


def test_relabelling_the_elements_changes_nothing():
    """The programs belong to the group: D6 as permutations and as a product."""
    one, other = maximum("D6"), maximum("S3 x C2")
    assert one.margin == pytest.approx(other.margin, rel=1e-14)
    assert sorted(one.shares) == pytest.approx(sorted(other.shares))


def test_the_simplex_method_solves_games():
    """Against the closed form of 2 x 2 games, weak duality on random ones, and many ties."""
    found = solve_game(np.array([[3.0, 1.0], [0.0, 2.0]]))
    assert (found.value, found.x.tolist()) == (pytest.approx(1.5), pytest.approx([0.25, 0.75]))
    rng = np.random.default_rng(0)
    for shape in ((5, 9), (30, 30), (60, 20)):
        matrix = rng.integers(0, 4, shape) + np.eye(*shape)
        matrix[:, 0] += 1e-3
        found = solve_game(matrix)
        assert (matrix @ found.x).min() == pytest.approx(found.value, rel=1e-9)
        assert (found.y @ matrix).max() == pytest.approx(found.value, rel=1e-9)
    with pytest.raises(GroupToolError, match="not negative"):
        solve_game(np.array([[1.0, -1.0]]))


def test_a_wrong_mixture_proves_nothing(monkeypatch):
    """The bounds come from the mixtures alone: with the mass law where the condition fails they do not meet."""
    program = margin_program(character_table(group("A5")))
    monkeypatch.setattr(type(program), "closed_form_holds", True)
    with pytest.raises(GroupToolError, match="differ by"):
        maximum_margin(program)


def test_the_trivial_group_is_refused():
    """It has no wrong answers."""
    with pytest.raises(GroupToolError, match="no wrong answers"):
        margin_program(character_table(group("C1")))


# -- the convex program


@pytest.mark.parametrize(("name", "penalty"), sorted(OPTIMA))
def test_the_penalised_optimum_is_the_measured_one(name, penalty):
    """Loss, margin and shares as they were trained elsewhere; optimality conditions and dual gap at rounding."""
    loss, ratio, shares = OPTIMA[name, penalty]
    found = penalised_optimum(maximum(name), penalty)
    assert found.loss == pytest.approx(loss, rel=1e-4)
    assert found.ratio(maximum(name)) == pytest.approx(ratio, abs=1e-4)
    assert shares is None or found.shares.tolist() == pytest.approx(shares, abs=6e-4)
    assert found.residual < 1e-10
    assert found.gap < 1e-12


def test_irreps_of_s5_arrive_one_after_another():
    """Above the first lambda the best network is 0; the 6-dimensional irrep comes near 4e-8, as KKT slack says."""
    found = maximum("S5")
    assert not penalised_optimum(found, 1e-3).mu.any()
    assert penalised_optimum(found, 1e-3).loss == pytest.approx(np.log(120))
    came = {found.program.irrep_names[one.irrep]: one for one in arrivals(found, 1e-10)}
    assert all(one.comes for one in came.values())
    assert came["1b"].penalty == pytest.approx(first_penalty(found.program))
    assert first_penalty(found.program) == pytest.approx(2 * 360**-1.5)
    assert 1e-9 < came["6a"].penalty < 1e-7
    assert penalised_optimum(found, 1e-7).slack[-1] == pytest.approx(0.005, abs=5e-4)
    for share in (0.99, 1.01):
        assert (penalised_optimum(found, share * came["6a"].penalty).mu[-1] > 0) == (share < 1)
    with pytest.raises(GroupToolError, match="positive"):
        penalised_optimum(found, 0.0)


# -- networks


def test_the_dense_classifier_is_right_and_impure():
    """All margins are 4; one-hot weights spread over all irreps; its normalised margin is far below."""
    s3 = group("S3")
    dense = dense_classifier(s3).weights
    lead = margins(s3, dense)
    assert set(lead[np.isfinite(lead)]) == {4.0}
    assert norm_cubed(dense) == pytest.approx(2 * 36 * 3**1.5)
    reading = read_network(s3, maximum("S3").program, dense)
    assert reading.accuracy == 1
    assert reading.purity == pytest.approx(4 / 6)
    assert criteria.PURITY.verdict_of(reading.purity) == "fails"
    assert criteria.REACHED.verdict_of(reading.margin / maximum("S3").margin) == "fails"
    assert criteria.LINES.verdict_of(reading.rank_one) == "fails"


@pytest.mark.parametrize("name", ["S3", "D4", "F7:3", "Q8"])
def test_margins_are_those_of_the_definition(name):
    """A random network against loops; and every random network is far below the bound."""
    one = group(name)
    weights = np.random.default_rng(1).standard_normal((3, one.order, 7))
    left, right, out = weights
    found = margins(one, weights)
    rng = np.random.default_rng(2)
    for a, b, c in rng.integers(0, one.order, (20, 3)).tolist():
        logits = ((left[a] + right[b]) ** 2) @ out.T
        expected = np.inf if c == one.table[a, b] else logits[one.table[a, b]] - logits[c]
        assert found[a, b, c] == pytest.approx(expected)
    assert normalised_margin(one, weights) == pytest.approx(normalised_margin(one, 3 * weights))
    assert normalised_margin(one, weights) < maximum(name).margin


def test_a_planted_network_is_read_as_what_it_is():
    """u_a = x R(a) y, v_b = y R(b) z, w_c = x R(c) z: rank one and aligned; with another y it is not aligned."""
    s4, program = group("S4"), maximum("S4").program
    from grouptool.representations import real_irrep

    matrices = real_irrep(program.constituents[2]).matrices
    rng = np.random.default_rng(0)
    x, y, z, other = (v / np.linalg.norm(v) for v in rng.standard_normal((4, 3)))

    def plant(again):
        pairs = ((x, y), (again, z), (x, z))
        return np.stack([np.einsum("i,aij,j->a", p, matrices, q)[:, None] for p, q in pairs])

    reading = read_network(s4, program, plant(y))
    assert (reading.counts.tolist(), reading.agreement) == ([0, 0, 1, 0], 1.0)
    assert [reading.purity, reading.rank_one, reading.alignment, reading.balance] == pytest.approx([1, 1, 1, 1])
    assert read_network(s4, program, plant(other)).alignment == pytest.approx(float(y @ other) ** 2)


def test_margin_ascent_reaches_the_bound_on_q8():
    """Quaternionic type, where theorem 9 does not apply; never above the bound."""
    q8 = group("Q8")
    network = margin_ascent(q8, 40, 2000, maximum("Q8").margin, np.random.default_rng(0))
    assert isinstance(network, QuadraticNetwork)
    assert norm_cubed(network.weights) == pytest.approx(1)
    assert network.masses.sum() == pytest.approx(1)
    reading = read_network(q8, maximum("Q8").program, network.weights)
    assert 0.995 <= reading.margin / maximum("Q8").margin <= 1 + 1e-9
    assert reading.shares.tolist() == pytest.approx([1 / 11, 1 / 11, 1 / 11, 8 / 11], abs=0.005)
    assert penalised_loss(q8, network.weights, 0.0) < np.log(8)


# -- the study


def test_the_study_holds_on_s3_and_takes_networks_from_its_folder(tmp_path, call):
    """All statements, three controls that fail, a page with pictures; a second run trains nothing."""
    code, out, _ = call("study", "margin", "S3", "--out", "here", "--format", "json")
    written = json.loads(out)
    assert (code, written["verdict"]) == (0, "holds")
    assert {one["verdict"] for one in written["claims"]} == {"holds"}
    assert [one["verdict"] for one in written["controls"]] == ["fails"] * 3
    assert written["predictions"]["margin"] == pytest.approx(2.360497e-2, rel=1e-6)
    scores = {one["claim"]: one["score"] for one in written["claims"]}
    assert scores["penalised-loss"] < 1e-6
    assert scores["maximum-reached"] > 0.999
    pictures = sorted(one.stem for one in (tmp_path / "here" / "figures").glob("*.svg"))
    assert pictures == ["ascent", "classes", "masses", "selection"]
    code, out, err = call("study", "margin", "S3", "--out", "here", "--format", "json")
    assert "neurons" not in err
    assert json.loads(out) == written


def test_a_network_above_the_bound_is_called_a_bug(tmp_path, monkeypatch):
    """With a bound that is too small the same network fails the statement that none is above."""
    from verify.studies.margin import on_group

    real = on_group.maximum_margin

    def too_small(program):
        found = real(program)
        object.__setattr__(found, "margin", found.margin * 0.99)
        return found

    monkeypatch.setattr(on_group, "maximum_margin", too_small)
    run = run_study("margin", group("C3"), MarginSettings(steps=1500, width=24), str(tmp_path / "x"))
    verdicts = {one.claim.name: one.verdict for one in run.findings.evidence}
    assert verdicts["none-above"] == "fails"
    assert run.findings.verdict == "fails"


def test_too_few_neurons_do_not_pass(tmp_path):
    """Two neurons cannot hold the six-dimensional space of C7's answers: the broken variant is seen."""
    run = run_study("margin", group("C7"), MarginSettings(steps=300, width=2), str(tmp_path / "x"))
    verdicts = {one.claim.name: one.verdict for one in run.findings.evidence}
    assert (verdicts["maximum-reached"], verdicts["penalised-loss"]) == ("fails", "fails")
    assert verdicts["none-above"] == verdicts["none-below"] == verdicts["certified-maximum"] == "holds"


def test_a_group_that_is_too_large_to_train_on_has_its_margin_proved(tmp_path):
    """A6 in the fast study: figures, no network, and a sentence that says so."""
    run = run_study("margin", group("A6"), MarginSettings(), str(tmp_path / "x"))
    assert "no network was trained" in run.findings.sentence
    assert "8a, 8b, 9a" in run.findings.sentence
    assert run.findings.numbers["tries"] == {}
    assert run.predictions["over_closed_form"] == pytest.approx(1.0466, abs=6e-5)
    zero = run_study("margin", group("C2"), MarginSettings(penalty=1.0, steps=1500), str(tmp_path / "y"))
    assert "the best network is 0" in zero.findings.sentence
    assert zero.findings.verdict == "holds"


# -- sweep and parity


def test_the_sweep_to_order_36_finds_the_first_groups_that_break_the_condition(tmp_path):
    """Five of order 32 and two of order 36; the formula without types is right for few groups."""
    rows = list(sweep(36))
    assert [one.label for one in rows if not one.holds] == [
        "32.5", "32.9", "32.23", "32.25", "32.28", "36.3", "36.11",
    ]  # fmt: skip
    assert all(one.holds == (one.ratio < 1 + 1e-9) and one.ratio > 1 - 1e-12 for one in rows)
    assert all(one.holds for one in rows if one.kind == "abelian")
    assert max(one.gap for one in rows) < 1e-60
    found = run_study("margin", None, MarginSettings(sweep=12), str(tmp_path / "x")).findings
    assert (found.verdict, len(found.tables[-1].rows)) == ("holds", 23)
    assert [one.verdict for one in found.controls] == ["fails"]


def test_parity_meets_its_closed_form(tmp_path):
    """(4, 2): two neurons are enough, one is not; the neurons look as theorem 8 says."""
    found = run_study("margin", None, MarginSettings(parity="4,2"), str(tmp_path / "x")).findings
    assert found.verdict == "holds"
    assert [row["neurons"] for row in found.tables[0].rows] == [8, 2, 1]
    assert [picture.draw().axes[0].get_xlabel() for picture in found.pictures] == ["step", "neuron, largest first"]
    weights, _ = train_parity(6, 3, 16, 3000, np.random.default_rng(0))
    reading = read_parity(6, 3, weights)
    assert 0.995 < reading.margin / parity_margin(3) <= 1 + 1e-9
    assert min(reading.on_support, reading.opposed, reading.signs) > 0.999


def test_what_cannot_be_done_is_refused(tmp_path):
    """One line each: no group, a sweep beyond the library, parity that is none."""
    with pytest.raises(GroupToolError, match="needs a group, --sweep ORDER or --parity"):
        run_study("margin", None, MarginSettings(), str(tmp_path / "a"))
    with pytest.raises(GroupToolError, match="order 2"):
        run_study("margin", None, MarginSettings(sweep=1), str(tmp_path / "b"))
    with pytest.raises(GroupToolError, match="beyond it"):
        next(sweep(256))
    for text in ("6", "3,4", "6,1", "40,3", "6;3"):
        with pytest.raises(GroupToolError, match="1 < k <= n"):
            parse_parity(text)
