"""Every claim on planted circuits and impostors: the whole matrix, with the cells that must fail."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from strategies import named, relabelled

from grouptool.errors import NoEvidenceError
from grouptool.structure import conjugacy_classes
from verify.architecture import Architecture
from verify.claims import CLAIMS, Claim, Score, Subject, judge
from verify.controls import (
    isotypic_noise,
    latin_square,
    lookup_table,
    loose_cosets,
    plant_characters,
    plant_cosets,
    random_circuit,
)
from verify.groupdata import GroupData
from verify.reading import Circuit
from verify.recipes import MEMORISE, RECIPES
from verify.task import make_task, shuffled_answers
from verify.theories import THEORIES
from verify.training import TrainingState, train
from verify.verdict import judge_network

GROUPS = ("C7", "C6", "S3", "D5", "Q8", "A4", "S4", "SL(2,3)", "C7:C3", "A5")


@cache
def data_of(name):
    return GroupData(named(name))


@cache
def trained(name, kind):
    """Networks that learned something else: shuffled answers, or a Latin square that is no group."""
    made = named(name)
    task = make_task(made, 0.6 if kind == "shuffled" else 1.0, 0)
    rng = np.random.default_rng(0)
    answers = shuffled_answers(made, task.train, rng) if kind == "shuffled" else latin_square(made, rng)
    state = train(task, TrainingState.start(Architecture(64, 48), made.order, MEMORISE, 0), answers=answers)
    assert state.history[-1]["train_accuracy"] > 0.99
    return Circuit.fold(state.arrays())


@cache
def circuit_of(name, kind):
    """A planted circuit or an impostor for a named group."""
    data, rng = data_of(name), np.random.default_rng(5)
    if kind == "characters":
        keys = THEORIES["characters"].predict(data, 128).details["smallest_key_sets"][0]["representations"]
        return plant_characters(data, [one for one in data.constituents if one.name in keys])
    if kind == "cosets":
        return plant_cosets(data.group, coset_subgroups(data))
    if kind == "lookup":
        return lookup_table(data.group)
    if kind == "random":
        return random_circuit(data.group.order, 64, 48, rng)
    return trained(name, kind)


def coset_subgroups(data):
    """The largest core-free subgroup, else all classes together, else the trivial subgroup."""
    classes = data.subgroup_classes
    free = [one.representative for one in classes if one.core.sum() == 1]
    if free:
        return [max(free, key=len)]
    applies = THEORIES["cosets"].predict(data, 128).applies
    return [one.representative for one in classes] if applies else [np.array([0])]


def value_of(claim, subject):
    """The score, None when there is no evidence."""
    try:
        return claim.measure(subject).value
    except NoEvidenceError:
        return None


@cache
def verdict_of(name, kind):
    data = data_of(name)
    circuit = circuit_of(name, kind)
    rng = np.random.default_rng(9)
    controls = {
        "random": [Subject(data, random_circuit(data.group.order, 64, 48, rng)) for _ in range(5)],
        "memorising": [Subject(data, trained(name, "shuffled"))],
    }
    predictions = {theory: one.predict(data, 128) for theory, one in THEORIES.items()}
    return judge_network(Subject(data, circuit), predictions, controls)


@pytest.mark.parametrize("name", GROUPS)
def test_planted_characters_are_what_they_say(name):
    """Logits are the sum of the characters of x^-1 z y^-1, exactly, and every answer is right."""
    data, circuit = data_of(name), circuit_of(name, "characters")
    made = data.group
    keys = THEORIES["characters"].predict(data, 128).details["smallest_key_sets"][0]["representations"]
    character = sum(one.character for one in data.constituents if one.name in keys)
    logits = np.maximum(circuit.L[:, None] + circuit.R[None], 0) @ circuit.U
    x, y, z = np.ogrid[: made.order, : made.order, : made.order]
    elements = made.table[made.table[made.inverses[x], z], made.inverses[y]]
    assert np.allclose(logits, character[data.classes.class_of[elements]], atol=1e-8)
    assert (logits.argmax(axis=2) == made.table).all()


@pytest.mark.parametrize("name", GROUPS)
def test_planted_cosets_are_what_they_say(name):
    """Logits are minus the distances of two images of every point, and every answer is right."""
    made, circuit = named(name), circuit_of(name, "cosets")
    logits = np.maximum(circuit.L[:, None] + circuit.R[None], 0) @ circuit.U
    assert (logits.argmax(axis=2) == made.table).all()
    assert np.allclose(np.take_along_axis(logits, made.table[..., None].astype(int), axis=2), 0)


@pytest.mark.parametrize("name", GROUPS)
def test_the_character_plant_passes_its_theory(name):
    """GCR weights keep every claim of the character account that can discriminate on the group."""
    verdict = verdict_of(name, "characters")
    scores = {claim: evidence.score for claim, evidence in verdict.evidence.items()}
    for claim in THEORIES["characters"].claims:
        assert scores[claim] == pytest.approx(1, abs=1e-6), claim
    assert scores["bi-equivariance"] == pytest.approx(1)
    assert verdict.theories["characters"].verdict == "holds"


@pytest.mark.parametrize("name", ["S3", "D5", "A4", "S4", "SL(2,3)", "C7:C3", "A5"])
def test_the_coset_plant_passes_its_theory_and_not_the_strict_characters(name):
    """Constant on cosets and bi-equivariant exactly; on most groups that are not abelian no class function."""
    verdict = verdict_of(name, "cosets")
    scores = {claim: evidence.score for claim, evidence in verdict.evidence.items()}
    for claim in ("bi-equivariance", "coset-alignment", "coset-readout", "coset-substitution", "table-accuracy"):
        assert scores[claim] == pytest.approx(1), claim
    assert verdict.theories["cosets"].verdict == "holds"
    if name != "S3":  # there |v(p) - v(q)| on three points happens to be nearly a character
        assert scores["character-logits"] < 0.8
        assert verdict.theories["characters"].verdict == "fails"


@pytest.mark.parametrize(("name", "reason"), [("C7", "no proper non-trivial subgroup"), ("Q8", "same 2 elements")])
def test_groups_on_which_cosets_cannot_serve(name, reason):
    """The theory says so beforehand, and stays undecided whatever the network."""
    prediction = THEORIES["cosets"].predict(data_of(name), 128)
    assert not prediction.applies
    assert reason in prediction.why
    for kind in ("characters", "cosets", "lookup"):
        assert verdict_of(name, kind).theories["cosets"].verdict == "undecided"


@pytest.mark.parametrize("kind", ["lookup", "random", "shuffled", "square"])
@pytest.mark.parametrize("name", GROUPS)
def test_impostors_do_not_pass(name, kind):
    """Right answers without an algorithm, no training, memory, another quasigroup: no theory survives."""
    verdict = verdict_of(name, kind)
    assert verdict.verdict != "holds", {theory: one.why for theory, one in verdict.theories.items()}
    survivors = [name for name, one in verdict.theories.items() if one.verdict == "holds"]
    assert not [name for name in survivors if not THEORIES[name].null]
    assert verdict.learned == (kind == "lookup")


@pytest.mark.parametrize(("name", "neurons"), [("D5", 128), ("A4", 160)])
def test_loose_cosets_do_not_pass(name, neurons):
    """Constant on cosets and right, but its readout excludes no coset: the coset account fails on it."""
    data = data_of(name)
    circuit = loose_cosets(data.group, coset_subgroups(data)[0], neurons, np.random.default_rng(1))
    predictions = {theory: one.predict(data, 128) for theory, one in THEORIES.items()}
    verdict = judge_network(Subject(data, circuit), predictions)
    assert verdict.evidence["coset-alignment"].score == pytest.approx(1)
    assert verdict.evidence["coset-readout"].verdict == "fails"
    assert verdict.learned
    assert verdict.theories["cosets"].verdict == "fails"
    assert verdict.verdict != "holds"


@pytest.mark.parametrize("name", ["A4", "S4"])
def test_a_network_that_learned_an_isotope_does_not_pass(name):
    """Trained to the plateau on a Latin square that is no group table, with structure of its own."""
    data = data_of(name)
    square = latin_square(data.group, np.random.default_rng(2))
    task = make_task(data.group, 0.9, 0)
    state = train(task, TrainingState.start(Architecture(), data.group.order, RECIPES["default"], 0), answers=square)
    assert state.history[-1]["train_accuracy"] == 1.0
    predictions = {theory: one.predict(data, 128) for theory, one in THEORIES.items()}
    verdict = judge_network(Subject(data, Circuit.fold(state.arrays())), predictions)
    assert verdict.verdict == "fails"
    assert not verdict.learned


def test_s5_with_shuffled_answers_does_not_pass():
    """The memorising network of the main job, by its own recipe, and an untrained one, at full size."""
    data = data_of("S5")
    task = make_task(data.group, 0.4, 0)
    shuffled = shuffled_answers(data.group, task.train, np.random.default_rng(0))
    state = train(task, TrainingState.start(Architecture(), 120, MEMORISE, 0), answers=shuffled)
    assert state.history[-1]["train_accuracy"] > 0.999
    predictions = {theory: one.predict(data, 128) for theory, one in THEORIES.items()}
    for circuit in (Circuit.fold(state.arrays()), random_circuit(120, 256, 128, np.random.default_rng(0))):
        verdict = judge_network(Subject(data, circuit, task), predictions)
        assert verdict.verdict == "fails"
        for claim in {claim for one in THEORIES.values() for claim in one.claims}:
            evidence = verdict.evidence[claim]
            assert evidence.verdict == "fails" or evidence.score is None, claim


@pytest.mark.parametrize("scale", [100.0, 0.01])
def test_scales_of_neurons_mean_nothing(scale):
    """(c L, c R, U / c) is the same function; every score is the same, also with noise neurons scaled apart."""
    data, rng = data_of("S4"), np.random.default_rng(4)
    planted, noise = circuit_of("S4", "cosets"), random_circuit(24, 32, 20, rng)
    factors = np.where(np.arange(planted.width + 20) < planted.width, scale, rng.uniform(0.1, 10, planted.width + 20))
    tables = [np.concatenate(pair, axis=1) for pair in ((planted.L, noise.L), (planted.R, noise.R))]
    unembedding = np.concatenate((planted.U, 0.05 * noise.U))
    plain = Subject(data, Circuit(*tables, unembedding))
    scaled = Subject(data, Circuit(tables[0] * factors, tables[1] * factors, unembedding / factors[:, None]))
    for name, one in CLAIMS.items():
        assert value_of(one, scaled) == pytest.approx(value_of(one, plain), abs=1e-9), name


def test_latin_squares_are_no_group_tables():
    """Not associative at any order from 3; at orders 1 and 2 there is none."""
    for name in ("C3", "C2^2", "C5", "S3"):
        square = latin_square(named(name), np.random.default_rng(0))
        assert (square[square] != square[:, square]).any()
        assert (np.sort(square, axis=0) == np.arange(len(square))[:, None]).all()
        assert (np.sort(square, axis=1) == np.arange(len(square))).all()
    with pytest.raises(NoEvidenceError):
        latin_square(named("C2"), np.random.default_rng(0))


def test_the_lookup_table_has_perfect_logits_and_no_structure():
    """Its logits are a sum of all characters; only claims about weights can tell."""
    evidence = verdict_of("A5", "lookup").evidence
    for claim in ("bi-equivariance", "character-logits", "table-accuracy"):
        assert evidence[claim].score == pytest.approx(1)
    for claim in ("neuron-purity", "rank-one", "coset-alignment", "coset-substitution"):
        assert evidence[claim].verdict == "fails"


def test_weights_of_one_group_do_not_pass_for_another():
    """D4 weights judged as Q8, and the other way round: same order, same character table, other product."""
    for mine, other in (("D4", "Q8"), ("Q8", "D4")):
        data = data_of(other)
        predictions = {theory: one.predict(data, 128) for theory, one in THEORIES.items()}
        rng = np.random.default_rng(0)
        controls = {"random": [Subject(data, random_circuit(8, 64, 48, rng))]}
        verdict = judge_network(Subject(data, circuit_of(mine, "characters")), predictions, controls)
        assert verdict.evidence["table-accuracy"].verdict == "fails"
        assert verdict.verdict == "fails"


def test_relabelling_the_elements_changes_no_score():
    """Scores belong to the network and the group, not to the numbering."""
    made = named("S4")
    other, new = relabelled(made, 3)
    old = np.argsort(new)
    circuit = circuit_of("S4", "random")
    moved = Circuit(circuit.L[old], circuit.R[old], circuit.U[:, old])
    drawn = {
        "noise",
        "product-logits",
        "matrix-product",
    }  # over the numbering, so not the same under renaming
    for name, one in CLAIMS.items():
        if name not in drawn:
            before = value_of(one, Subject(data_of("S4"), circuit))
            assert value_of(one, Subject(GroupData(other), moved)) == pytest.approx(before, abs=1e-9), name


def test_unleaked_accuracy_looks_at_unleaked_pairs_only():
    """A network that is right exactly on the leaked test pairs scores 0; without a split there is nothing to say."""
    data = data_of("S4")
    task = make_task(data.group, 0.5, 0)
    one = CLAIMS["unleaked-accuracy"]
    subject = Subject(data, circuit_of("S4", "lookup"), task)
    assert one.measure(subject).value == 1
    wrong = np.flatnonzero(task.unleaked_test)
    broken = Circuit(subject.circuit.L, subject.circuit.R, subject.circuit.U.copy())
    broken.U[wrong] = np.roll(broken.U[wrong], 1, axis=1)  # neuron i of the lookup table is pair i
    assert one.measure(Subject(data, broken, task)).value == 0
    rng = np.random.default_rng(0)
    assert judge(one, Subject(data, broken), {}, rng).reason == "the training split is unknown"
    everything = make_task(data.group, 1.0, 0)
    assert "no test pair" in judge(one, Subject(data, broken, everything), {}, rng).reason


def test_swap_follows_from_right_answers():
    """For a network that is right everywhere the swapped accuracy is k(G)/n, whatever the network."""
    for name in ("S4", "C7:C3", "C6"):
        made = named(name)
        for kind in ("characters", "lookup"):
            score = CLAIMS["swap"].measure(Subject(data_of(name), circuit_of(name, kind)))
            assert score.value == 0
            assert score.details["predicted"] == len(conjugacy_classes(made)) / made.order


def test_isotypic_noise_stays_in_its_representation():
    """The control keeps each neuron's representation and norm and loses its alignment."""
    data, circuit = data_of("A5"), circuit_of("A5", "cosets")
    noise = isotypic_noise(data, circuit, np.random.default_rng(0))
    assert np.allclose(np.linalg.norm(noise.L, axis=0), np.linalg.norm(circuit.centred["L"], axis=0))
    assert CLAIMS["neuron-purity"].measure(Subject(data, noise)).details["L"] == pytest.approx(1)
    assert CLAIMS["coset-alignment"].measure(Subject(data, noise)).value < 0.2


def test_a_network_without_logits_gives_no_evidence():
    """All zeros: nothing to explain, so the logit claims are undecided with a reason."""
    data = data_of("S3")
    silent = Subject(data, Circuit(np.zeros((6, 4)), np.zeros((6, 4)), np.zeros((4, 6))))
    for name in ("bi-equivariance", "character-logits"):
        evidence = judge(CLAIMS[name], silent, {}, np.random.default_rng(0))
        assert (evidence.verdict, evidence.score) == ("undecided", None)
        assert "no variance" in evidence.reason


@pytest.mark.parametrize(
    ("direction", "score", "control", "verdict"),
    [
        ("higher", 0.95, 0.1, "holds"),
        ("higher", 0.85, 0.1, "undecided"),
        ("higher", 0.7, 0.1, "fails"),
        ("higher", 0.95, 0.92, "undecided"),
        ("higher", 0.99, 0.9, "holds"),
        ("higher", 1.0, 1.0, "undecided"),
        ("higher", 0.7, 1.0, "fails"),
    ],
)
def test_thresholds_and_controls(direction, score, control, verdict):
    """Holds, fails, between; and a passing score must stand out from the controls while a failing one need not."""
    made_up = Claim("x", "x", "x", 0.9, 0.8, direction, measure=lambda subject: Score(subject.value))
    subjects = [SimpleNamespace(value=value, scores={}) for value in (score, control)]
    evidence = judge(made_up, subjects[0], {"control": subjects[1:]}, np.random.default_rng(0))
    assert evidence.verdict == verdict
    assert bool(evidence.reason) == (verdict == "undecided" and score >= 0.9)


def test_every_claim_states_its_source_and_thresholds():
    """Written down before any run."""
    for one in CLAIMS.values():
        assert one.source
        assert one.statement
        sign = 1 if one.direction == "higher" else -1
        assert sign * one.holds_from > sign * one.fails_below
    assert {"default", "fast", "published"} <= set(RECIPES)
