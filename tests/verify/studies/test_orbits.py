"""Small orbits first: waiting times, auto-encoders under two measures, characters of the composition task."""

import json

import numpy as np
import pytest

from grouptool import group
from grouptool.errors import GroupToolError, TooLargeError
from verify.studies import run_study
from verify.studies.orbits import OrbitsSettings, _capacity, _kernel_order, _order, _searched
from verify.studies.orbits.composition import _gradients, _said, appearance, irreducibles
from verify.studies.orbits.features import atoms, stabilisers, waiting_times
from verify.studies.orbits.learning import Learned, learn_atoms
from verify.studies.orbits.ranks import partial, rank_correlation, spearman


def test_the_orbits_of_s4():
    """One for each of the eleven classes of subgroups, 84 points in all, and both measures."""
    made = atoms(group("S4"), 24)
    assert made.sizes.tolist() == [1, 2, 3, 4, 6, 6, 6, 8, 12, 12, 24]
    assert len(made) == 84
    per_orbit = made.measure("orbit")
    assert np.allclose(np.bincount(made.orbit_of, weights=per_orbit), 1 / 11)
    assert np.allclose(made.measure("point"), 1 / 84)


def test_an_orbit_is_hit_after_as_many_draws_as_it_has_points():
    """Orbit-stabiliser on S_4; as many draws as the stabiliser is large is the impostor."""
    made = atoms(group("S4"), 24)
    waited = waiting_times(made, 4_000, np.random.default_rng(0))
    assert _searched(waited, made.sizes, 4_000).verdict == "holds"
    assert _searched(waited, 24 / made.sizes, 4_000).verdict == "fails"


def test_stabilisers_of_planted_features():
    """The indicator of a point has its point stabiliser, a sum over an orbit the whole group, noise nothing."""
    made = atoms(group("S4"), 24)
    planted = np.eye(84)
    found = stabilisers(made, planted)
    assert [one.index for one in found] == made.sizes[made.orbit_of].tolist()
    whole = (made.orbit_of == 5).astype(float)[None]
    noise = np.random.default_rng(0).normal(size=(5, 84))
    assert stabilisers(made, whole)[0].order == 24
    assert {one.order for one in stabilisers(made, noise)} == {1}


def test_the_order_of_learning_is_that_of_the_measure():
    """With equal mass per orbit small orbits come first, with equal mass per point they do not; few units keep few."""
    made = atoms(group("Q8"), 24)
    rng = np.random.default_rng(0)
    runs = {}
    for measure in ("orbit", "point"):
        for width, hidden in (("wide", 33), ("narrow", 5)):
            runs[measure, width] = [learn_atoms(made, made.measure(measure), hidden, 720, seed) for seed in range(4)]
    assert _order(made, runs["orbit", "wide"], "orbit", rng)[0].verdict == "holds"
    assert _order(made, runs["point", "wide"], "point", rng)[0].verdict == "fails"
    assert _capacity(made, runs, "orbit").verdict == "holds"
    assert _capacity(made, runs, "point").verdict == "fails"


def test_a_planted_order_is_told_from_none():
    """Steps that are the orbit sizes hold; the same steps shuffled fail; two sizes say nothing."""
    made = atoms(group("S4"), 24)
    rng = np.random.default_rng(0)
    steps = made.sizes[made.orbit_of].astype(float)
    plant = [Learned(steps, steps < 5, np.eye(84))]
    assert [one.verdict for one in _order(made, plant, "orbit", rng)] == ["holds", "holds"]
    mixed = [Learned(rng.permutation(steps), steps < 5, np.eye(84))]
    assert _order(made, mixed, "orbit", rng)[0].verdict == "fails"
    few = atoms(group("C5"), 24)
    found = _order(few, [Learned(np.arange(6.0), np.ones(6, bool), np.eye(6))], "orbit", rng)[0]
    assert found.score is None
    assert "ties" in found.reason


def test_rank_correlations():
    """By hand, with ties, with a third sample held fixed, and with an interval."""
    x = np.arange(10.0)
    assert spearman(x, x**3) == pytest.approx(1)
    assert spearman(x, -x) == pytest.approx(-1)
    assert spearman(np.array([1, 1, 2, 3]), np.array([1, 2, 3, 3])) == pytest.approx(8 / 9)
    assert spearman(x, np.ones(10)) == 0
    given = np.repeat([0.0, 1.0], 5)
    assert partial(given + 0.0, x, given) == 0
    assert partial(-x, x, given) == pytest.approx(-1)
    found = rank_correlation(x, x**2, np.random.default_rng(0))
    assert (found.low, found.value) == (pytest.approx(1), pytest.approx(1))


def test_irreducible_characters_up_to_conjugation():
    """Degrees and kernels of D_6 as the notes list them; C_5 has two pairs of conjugate characters."""
    made = irreducibles(group("D6"))
    assert sorted(zip(made.degrees.tolist(), made.kernels.tolist(), strict=True)) == [
        (1, 6), (1, 6), (1, 6), (2, 1), (2, 2)
    ]  # fmt: skip
    assert irreducibles(group("C5")).kinds.tolist() == [[1, True], [1, True]]


def test_a_perfect_network_has_every_character_whole():
    """One hidden unit a pair of S_3 gives the indicator of ab; each part is 1, and half of it is a half."""
    made = group("S3")
    left, right, up = np.zeros((6, 36)), np.zeros((6, 36)), np.zeros((36, 6))
    for a in range(6):
        for b in range(6):
            left[:, 6 * a + b] = np.arange(6) == a
            right[:, 6 * a + b] = (np.arange(6) == b) - 1.0
            up[6 * a + b, made.table[a, b]] = 1
    parts = irreducibles(made)
    assert np.allclose(parts.values @ _said(made, [left, right, up]) / parts.degrees, 1)
    assert np.allclose(parts.values @ _said(made, [left, right, up / 2]) / parts.degrees, 0.5)


def test_gradients_of_the_composition_task_agree_with_differences():
    """Every weight of a small network on C_3 moved a little."""
    made, rng = group("C3"), np.random.default_rng(1)
    weights = [rng.normal(size=shape) for shape in ((3, 4), (3, 4), (4, 3))]
    a, b = np.divmod(np.arange(9), 3)

    def loss():
        wrong = np.maximum(weights[0][a] + weights[1][b], 0) @ weights[2]
        wrong[np.arange(9), made.table[a, b]] -= 1
        return (wrong**2).sum() / 18

    for one, gradient in zip(weights, _gradients(made, weights, a, b), strict=True):
        for place in np.ndindex(one.shape):
            sides = []
            for step in (1e-6, -2e-6, 1e-6):
                one[place] += step
                sides.append(loss())
            assert (sides[0] - sides[1]) / 2e-6 == pytest.approx(gradient[place], abs=1e-6)


def test_a_planted_order_of_kernels_holds_and_its_reverse_fails():
    """At each of two degrees larger kernels first, then last; the control exchanges kernels and must fail."""
    kernels, degrees = np.tile([1, 2, 3, 4, 6, 12], 4), np.repeat([1, 2], 12)
    rng = np.random.default_rng(0)
    held, control = _kernel_order(kernels, degrees[:, None], 100 * degrees - kernels, rng)
    assert (held.verdict, control.verdict) == ("holds", "fails")
    assert _kernel_order(kernels, degrees[:, None], 100 * degrees + kernels, rng)[0].verdict == "fails"


def test_degree_orders_the_characters_of_s4():
    """The sign comes before the characters of degree 3, as measured elsewhere."""
    made = irreducibles(group("S4"))
    steps = appearance(group("S4"), made, 128, 400, 0)
    assert (steps <= 400).all()
    assert steps[made.degrees == 1].max() < steps[made.degrees == 3].min()


def test_the_study_and_its_refusals(call, tmp_path):
    """The command holds on S_3; the kernel claim does not hold on D_6 and cannot be told on S_3."""
    code, out, _ = call("study", "orbits", "S3", "--trials", "2000", "--out", "here", "--format", "json")
    answer = json.loads(out)
    assert (code, answer["verdict"]) == (0, "holds")
    assert answer["predictions"]["orbits"] == [1, 2, 3, 6]
    settings = OrbitsSettings(mode="composition", seeds=2)
    found = run_study("orbits", group("D6"), settings, str(tmp_path / "a")).findings
    assert (found.verdict != "holds", found.controls[0].verdict) == (True, "fails")
    untold = run_study("orbits", group("S3"), settings, str(tmp_path / "b")).findings
    assert (untold.verdict, untold.evidence[0].score) == ("undecided", None)
    with pytest.raises(TooLargeError, match="Lower --largest"):
        atoms(group("C2^4"), 16, limit=100)
    with pytest.raises(GroupToolError, match="nothing to compare"):
        atoms(group("A5"), 4)
    with pytest.raises(GroupToolError, match="takes 2 to 200"):
        run_study("orbits", group("S6"), settings, str(tmp_path / "c"))
