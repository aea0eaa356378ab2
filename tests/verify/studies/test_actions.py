"""Neural group actions: the law, volume, the representation read back, training, what must fail, refusals."""

import json
from itertools import combinations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from grouptool import group
from grouptool.errors import GroupToolError, InputFileError, NoEvidenceError, RepresentationError, TooLargeError
from grouptool.representations import Representation, character_table, matrix_representation, real_constituents
from verify.studies import run_study
from verify.studies.actions import Actions, NeuralAction, PlainNetwork, base, metropolis
from verify.studies.actions.bases import base_of, contrasting, multiplicities_from_traces, smallest_faithful
from verify.studies.actions.fitting import FreeMaps, linear_maps, multiplied_out, plant, read_samples
from verify.studies.actions.measures import (
    character_at,
    compose,
    displacements,
    imbalance,
    law,
    mixture,
    volume_error,
)

PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
BASES = [("S3", "faithful"), ("Q8", "regular"), ("C5", "1b+1e + 1a"), ("A4", "natural"), ("D4", "cosets:1 + 2*1b")]
SMALL = {"layers": 4, "hidden": 16}


def bent(model, factor=3.0):
    """The same model, its couplings further from the identity."""
    with torch.no_grad():
        for part in model.flow.parts:
            part.last.weight.mul_(factor)
    return model


def normal(*shape, seed=0):
    """Independent N(0, 1), float64."""
    return torch.from_numpy(np.random.default_rng(seed).standard_normal(shape))


# -- the law


@pytest.mark.parametrize(("name", "words"), BASES)
@pytest.mark.parametrize("coupling", ["additive", "affine"])
def test_the_law_holds_for_random_weights_and_the_representation_reads_back(name, words, coupling):
    """All pairs to 1e-10; traces at the fixed point are the character to 1e-8; multiplicities exactly."""
    made = base(words, group(name))
    model = bent(NeuralAction(made.representation, coupling=coupling, seed=3, **SMALL))
    found = law(model, made.table.group, made.dimension)
    assert found.worst < 1e-10
    assert found.table.shape == (made.table.group.order,) * 2
    read = character_at(model, made.table.classes.representatives, model.fixed_point)
    assert np.abs(read - made.character).max() < 1e-8
    assert np.array_equal(multiplicities_from_traces(made.table, read)[0], made.counts)
    for g in range(made.table.group.order):
        assert torch.allclose(model(g, model.fixed_point[None]), model.fixed_point[None], atol=1e-12)


def test_b_moves_first_and_the_inverse_is_the_action_on_points():
    """With a linear flow N(g, x) is rho(g) x: its coordinate w is that of x at w ^ g. N(a, N(b, x)) = N(a * b, x)."""
    s4 = group("S4")
    model = bent(NeuralAction(base("natural", s4).representation, **SMALL), 0.0)
    x = normal(1, 4)
    shift = model.flow(torch.zeros(1, 4, dtype=torch.float64))[0]
    for a, b in [(1, 5), (7, 20), (13, 2)]:
        moved = model(a, x - shift) + shift
        assert torch.allclose(moved[0], x[0][s4.permutations[a].tolist()])
        assert torch.allclose(model(a, model(b, x)), model(int(s4.table[a, b]), x))


def test_relators_and_random_pairs_decide_above_order_64():
    """S5, order 120; two actions in a row break relators and pairs, and 1 still does nothing."""
    made = base("faithful", group("S5"))
    one, other = (NeuralAction(made.representation, seed=seed, **SMALL) for seed in (1, 2))
    found = law(one, made.table.group, made.dimension, points=1)
    assert found.table is None
    assert found.count == 10_000
    assert found.worst < 1e-10
    uneven = base("faithful", group("C31 : C5"))  # inverting its generators is no automorphism
    model = NeuralAction(uneven.representation, **SMALL)
    assert law(model, uneven.table.group, uneven.dimension, points=1).relators < 1e-10
    broken = law(compose(one, other), made.table.group, made.dimension, points=1)
    assert broken.identity < 1e-10
    assert min(broken.relators, broken.pairs) > 0.1


def test_impostors_break_the_law():
    """A plain network; transposed matrices, an action for abelian groups only; and one map that is off by a little."""
    s3, c5 = group("S3"), group("C5")
    assert law(PlainNetwork(6, 2, 2000, 0), s3, 2).worst > 1e-2
    for one, holds in ((s3, False), (c5, True)):
        made = base("faithful", one)
        turned = NeuralAction(made.representation, **SMALL)
        turned.rho = turned.rho.transpose(1, 2)
        assert (law(turned, one, 2).worst < 1e-10) == holds
    off = NeuralAction(base("faithful", s3).representation, **SMALL)
    off.rho[3] *= 1 + 1e-6
    found = law(off, s3, 2)
    assert 1e-8 < found.worst < 1e-4
    assert found.table[1, 2] < 1e-10 or 3 in (1, 2, s3.table[1, 2])


def test_float32_keeps_the_law_to_1e_4():
    """And a model is an ordinary module: its parts have gradients, its state can be kept and loaded."""
    made = base("faithful", group("Q8"))
    model = NeuralAction(made.representation, seed=1)
    copy = NeuralAction(made.representation, seed=2)
    copy.load_state_dict(model.state_dict())
    x = normal(64, 4)
    g = torch.arange(64) % 8
    assert torch.equal(copy(g, x), model(g, x))
    model(g, x).square().sum().backward()
    assert all(one.grad is not None and one.grad.abs().sum() > 0 for one in model.parameters() if one.ndim > 1)
    single, y = copy.float(), x.float()
    for a, b in combinations(range(8), 2):
        gap = single(a, single(b, y)) - single(int(made.table.group.table[a, b]), y)
        assert gap.abs().max() < 1e-4


# -- volume, kernels, the generative form


def test_additive_couplings_keep_volume_and_affine_ones_do_not():
    """By automatic differentiation; the chain rule gives the same number."""
    made = base("faithful", group("A4"))
    for coupling in ("additive", "affine"):
        model = bent(NeuralAction(made.representation, coupling=coupling, **SMALL))
        x = normal(20, 3)
        error = volume_error(model, np.arange(12), x)
        assert (error < 1e-10) if coupling == "additive" else (error > 1e-3)
        said = torch.stack([model.log_volume(g, x).detach() for g in range(12)]).abs().max()
        assert float(said) == pytest.approx(error, abs=1e-10)


@pytest.mark.parametrize(("name", "words"), [("S4", "2a"), ("Q8", "1b + 1c"), ("S4", "3a"), ("C6", "2*1d")])
def test_what_moves_is_what_is_outside_the_kernel(name, words):
    """Kernels by brute force: matrices that are 1."""
    made = base(words, group(name))
    still = np.abs(made.representation.matrices - np.eye(made.dimension)).max(axis=(1, 2)) < 1e-9
    classes = made.table.classes
    moved = displacements(NeuralAction(made.representation, **SMALL), classes, normal(50, made.dimension))
    assert np.array_equal(moved < 1e-3, still[classes.representatives])
    assert np.array_equal(made.kernel, still[classes.representatives])
    assert made.is_faithful == (still.sum() == 1)


def test_chains_leave_a_density_invariant_only_with_the_volume():
    """Started in it, moments stay to 4 standard errors; without |det DN| those of an affine action drift."""
    made = base("faithful", group("S3"))
    rng = np.random.default_rng(5)
    left = rng.random(3000) < 0.4
    start = torch.from_numpy(np.where(left, rng.normal(-1, 0.5, 3000), rng.normal(2, 1, 3000)))[:, None]
    exact = np.array([0.8, 0.4 * 1.25 + 0.6 * 5, 0.4 * 0.02275 + 0.6 * 0.97725])

    def drift(model, volume):
        end, taken = metropolis(model, mixture, start, 20, seed=1, volume=volume)
        assert 0.2 < taken < 0.95
        values = np.column_stack([end, end**2, end > 0])
        return (np.abs(values.mean(axis=0) - exact) / (values.std(axis=0) / len(end) ** 0.5)).max()

    affine = bent(NeuralAction(made.representation, coupling="affine", seed=2, **SMALL))
    additive = bent(NeuralAction(made.representation, seed=2, **SMALL))
    assert drift(additive, True) < 4
    assert drift(affine, True) < 4
    assert drift(affine, False) > 6
    assert imbalance(affine, group("S3")) < 1e-8
    assert imbalance(affine, group("S3"), volume=False) > 1e-2
    with pytest.raises(RepresentationError, match="x has 3 coordinates"):
        additive.draw(normal(4, 3))


# -- bases


@pytest.mark.parametrize("name", ["S4", "Q8", "C7", "D5", "SL(2,3)"])
def test_fixed_spaces_are_the_null_spaces_of_the_matrices_less_1(name):
    """Rank by singular values, for the regular base."""
    made = base("regular", group(name))
    for fixed, g in zip(made.fixed, made.table.classes.representatives, strict=True):
        assert fixed == made.dimension - np.linalg.matrix_rank(made.representation.matrices[g] - np.eye(made.dimension))


@settings(max_examples=25)
@given(st.sampled_from(["C5", "C7", "A5", "Q8", "C2^3", "C12", "SL(2,3)", "F21"]), st.integers(0, 10**6))
def test_noisy_traces_give_the_multiplicities(name, seed):
    """Galois conjugates too, which fix as much as each other."""
    table = character_table(group("C7 : C3") if name == "F21" else group(name))
    rng = np.random.default_rng(seed)
    constituents = real_constituents(table)
    counts = rng.integers(0, 3, len(constituents))
    traces = counts @ np.array([one.character for one in constituents]) + rng.uniform(-0.05, 0.05, len(table))
    found, gap = multiplicities_from_traces(table, traces)
    assert np.array_equal(found, counts)
    assert gap < 0.1


def test_traces_of_no_representation_say_unknown():
    """Neither a sum that is off, nor one in doubt, nor negative multiplicities."""
    table = base("faithful", group("S3")).table
    for traces in ([2.0, 0.9, 2.0], [2.5, 0.5, -0.5], [1.0, 1.0, -2.0], [np.e, np.pi, 0.0]):
        with pytest.raises(NoEvidenceError, match="unknown"):
            multiplicities_from_traces(table, np.array(traces))


@pytest.mark.parametrize("name", ["C6", "C2^3", "Q8", "S4", "C15", "D6", "SL(2,3)", "C2 x C4"])
def test_smallest_faithful_is_least_by_brute_force(name):
    """Over all sets of real irreps."""
    table = character_table(group(name))
    constituents = real_constituents(table)
    least = min(
        sum(one.dimension for one in chosen)
        for size in range(1, 5)
        for chosen in combinations(constituents, size)
        if np.logical_and.reduce([one.kernel for one in chosen]).sum() == 1
    )
    found = smallest_faithful(table)
    assert found.is_faithful
    assert found.dimension == max(least, 2)


def test_a_wrong_base_has_the_dimension_and_other_fixed_spaces():
    """For Q8 the four linear characters, as in the notes; a trivial group has none."""
    assert contrasting(base("faithful", group("Q8"))).spelled == "1a + 1b + 1c + 1d"
    for name in ("C2", "S3", "C7", "A5"):
        made = base("faithful", group(name))
        other = contrasting(made)
        assert other.dimension == made.dimension
        assert not np.array_equal(other.fixed, made.fixed)
    assert contrasting(base("faithful", group("C1"))) is None


def test_words_name_bases_and_print_back():
    """Terms, copies, actions; what is not read is refused with what is."""
    q8 = group("Q8")
    made = base("2*2x2a + 3*1a", q8)
    assert made.spelled == "3*1a + 2*2x2a"
    assert np.array_equal(base(made.spelled, q8).counts, made.counts)
    assert base("regular", q8).spelled == "1a + 1b + 1c + 1d + 2x2a"
    assert base_of(made.counts, made.table).spelled == made.spelled
    with pytest.raises(GroupToolError, match=r"'9z' is no base for Q8; .*2x2a"):
        base("9z", q8)
    with pytest.raises(GroupToolError, match="no row 77"):
        base("cosets:77", q8)
    with pytest.raises(GroupToolError, match="cannot read the term"):
        base("0*1a", q8)
    with pytest.raises(TooLargeError, match="65 dimensions"):
        base("65*1a", q8)
    gates = matrix_representation(q8, 1j * PAULI[:2])
    with pytest.raises(RepresentationError, match="complex"):
        NeuralAction(gates)


# -- samples


def qubit(folder, bend=False):
    """A file of samples of the gates 1, iX, iY, iZ and their negatives on states of one qubit, R^4 = C^2."""
    gates = matrix_representation(group("Q8"), 1j * PAULI[:2]).matrices
    rng = np.random.default_rng(0)
    states = rng.standard_normal((600, 2)) + 1j * rng.standard_normal((600, 2))
    states /= np.linalg.norm(states, axis=1, keepdims=True)
    g = rng.integers(8, size=600)
    moved = np.einsum("mij,mj->mi", gates[g], states)
    x, y = (np.hstack([one.real, one.imag]) for one in (states, moved))
    np.savez(folder / "gates.npz", g=g, x=x, y=y)
    return "gates.npz"


def test_the_qubit_gates_are_found_to_be_the_quaternionic_representation(tmp_path):
    """Q8 on C^2: nothing is told but samples; the base is 2x2a, the fit exact to 1e-4, the wrong base stays off."""
    found = run_study(
        "actions", group("Q8"), Actions(samples=qubit(tmp_path), base="choose", steps=60, **SMALL)
    ).findings
    assert found.numbers["chosen"] == found.numbers["base"] == "2x2a"
    verdicts = {one.claim.name: one.verdict for one in found.evidence if one.score is not None}
    assert set(verdicts) == {
        "law", "volume", "traces", "read back", "faithful", "fit", "law gap", "wrong base", "balance"
    }  # fmt: skip
    assert set(verdicts.values()) == {"holds"}
    fit = next(one for one in found.evidence if one.claim.name == "fit")
    assert fit.score < 1e-4
    assert fit.null["wrong base"][0] > 0.3


def test_samples_of_too_few_elements_leave_the_base_unknown(tmp_path):
    """Samples of one cyclic subgroup of S3 do not say what the rest does."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((90, 2))
    order_three = int(np.flatnonzero(group("S3").element_orders == 3)[0])
    np.savez(tmp_path / "few.npz", g=np.full(90, order_three), x=x, y=x)
    with pytest.raises(NoEvidenceError, match="do not generate S3"):
        run_study("actions", group("S3"), Actions(samples="few.npz", base="choose", steps=20))


def test_files_that_are_no_samples_are_refused(tmp_path):
    """One line each: what is missing, which shape, which rule."""
    s3, x = group("S3"), np.random.default_rng(0).standard_normal((80, 2))
    g = np.arange(80) % 6
    bad = {
        "has no array y": {"g": g, "x": x},
        r"not \(80,\), \(80, 2\), \(79, 2\)": {"g": g, "x": x, "y": x[:-1]},
        "at least 64": {"g": g[:9], "x": x[:9], "y": x[:9]},
        "no finite": {"g": g, "x": x, "y": np.where(g[:, None] == 1, np.nan, x)},
        "from 0 to 5": {"g": g + 1, "x": x, "y": x},
        "whole numbers": {"g": g + 0.5, "x": x, "y": x},
        "one point": {"g": g, "x": x, "y": x * 0},
    }
    for message, arrays in bad.items():
        np.savez(tmp_path / "bad.npz", **arrays)
        with pytest.raises(InputFileError, match=message):
            read_samples("bad.npz", s3, 0)
    (tmp_path / "text.npz").write_text("no zip")
    with pytest.raises(InputFileError, match="cannot read samples"):
        read_samples("text.npz", s3, 0)
    with pytest.raises(GroupToolError, match="3 dimensions and the samples 2"):
        run_study("actions", s3, Actions(base="natural"))
    with pytest.raises(GroupToolError, match="fix spaces of the same dimensions"):
        run_study("actions", s3, Actions(wrong="2a"))


def test_a_planted_action_holds_elements_out_but_tests_them():
    """Training never sees a quarter of the elements; generators it does; samples obey the planted action."""
    made = base("faithful", group("S4"))
    truth, samples = plant(made, 3000, 2.0, 0)
    seen = set(samples.part(test=False)[0].tolist())
    assert len(seen) == 18
    assert set(made.table.group.generators) <= seen
    assert samples.unseen.any()
    assert not seen & set(samples.g[samples.unseen].tolist())
    assert torch.equal(truth(samples.g, samples.x), samples.y)


def test_maps_of_all_elements_come_from_those_of_some():
    """Products of least squares maps of a linear action are its matrices; elements that do not generate give None."""
    made = base("regular", group("Q8"))
    _, samples = plant(made, 800, 0.0, 0)
    found = linear_maps(samples, made.table.group)
    assert len(found.elements) < 8
    assert np.abs(found.all_maps - made.representation.matrices).max() < 1e-8
    assert np.abs(found.traces(made.table.classes) - made.character).max() < 1e-8
    center = np.flatnonzero(made.table.group.element_orders <= 2)
    assert multiplied_out(made.table.group, center, np.tile(np.eye(2), (2, 1, 1))) is None
    free = FreeMaps(8, found.elements, found.maps, coupling="additive", seed=0, **SMALL)
    assert free(int(found.elements[1]), normal(5, 8)).shape == (5, 8)


# -- the study


def test_the_study_holds_chooses_the_planted_base_and_every_control_fails(call, tmp_path):
    """S3 on the plane, the base found from samples; the page, the numbers and the weights are there."""
    code, out, _ = call("study", "actions", "S3", "--base", "choose", "--bend", "1", "--steps", "150", "--count", "600",
                        "--layers", "4", "--hidden", "24", "--out", "here", "--format", "json")  # fmt: skip
    found = json.loads(out)
    verdicts = {one["claim"]: one["verdict"] for one in found["claims"]}
    assert verdicts["chosen"] == verdicts["fit"] == verdicts["fit gap"] == "holds"
    assert (code, found["verdict"]) == (0, "holds"), verdicts
    assert found["numbers"]["chosen"] == found["predictions"]["base"] == "2a"
    assert len(found["controls"]) == 7
    assert {one["verdict"] for one in found["controls"]} == {"fails"}
    assert (tmp_path / "here" / "figures" / "orbits.svg").exists()
    from safetensors.torch import load_file

    model = NeuralAction(base("2a", group("S3")).representation, layers=4, hidden=24)
    model.load_state_dict(load_file(tmp_path / "here" / "action.safetensors"))
    assert law(model, group("S3"), 2).worst < 1e-10


def test_a_base_that_was_not_planted_keeps_the_law_and_fails(tmp_path):
    """The law is no evidence of the right base: on a wrong one it holds and the fit fails, and so does the study."""
    found = run_study("actions", group("C3"), Actions(base="2*1a", steps=40, count=200, **SMALL)).findings
    verdicts = {one.claim.name: one.verdict for one in found.evidence}
    assert verdicts["law"] == "holds"
    assert verdicts["fit"] == found.verdict == "fails"


def test_the_trivial_group_has_nothing_to_contrast(tmp_path):
    """Statements without sense there have no score and a reason; what is left holds."""
    found = run_study("actions", group("C1"), Actions(steps=20, count=64, **SMALL)).findings
    silent = {one.claim.name for one in found.evidence if one.score is None}
    assert silent == {"fit gap", "wrong base"}
    assert found.verdict == "holds"


def test_a_base_need_not_be_orthogonal():
    """Law and volume hold for any real matrices of a group."""
    d4 = group("D4")
    made = base("faithful", d4)
    skew = np.array([[1.0, 2.0], [0.0, 1.0]])
    turned = Representation(d4, np.linalg.inv(skew) @ made.representation.images @ skew)
    model = NeuralAction(turned, **SMALL)
    assert law(model, d4, 2).worst < 1e-10
    assert volume_error(model, np.arange(8), normal(10, 2)) < 1e-10
