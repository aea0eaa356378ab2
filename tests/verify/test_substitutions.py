"""Claims by substitution, ablation, intervention and hidden layer: planted positives and negatives, and brute force."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from strategies import named

from grouptool.errors import NoEvidenceError
from verify.claims import CLAIMS, Subject, judge
from verify.claims.coset_tables import coset_tables, random_partitions
from verify.claims.hidden import hidden_means, key_part, key_places, restricted_losses
from verify.claims.irrep_substitution import random_subspaces
from verify.controls import joined, lookup_table, plant_characters, plant_cosets, plant_rho_sets, random_circuit
from verify.groupdata import GroupData
from verify.matrix import serving_subgroups, smallest_key_set
from verify.reading import Circuit

RNG = np.random.default_rng


@cache
def data_of(name):
    return GroupData(named(name))


def keys(data):
    return [data.constituents[i] for i in smallest_key_set(data)]


def logits_of(circuit):
    return np.maximum(circuit.L[:, None] + circuit.R[None], 0) @ circuit.U


def two_classes():
    """A coset circuit of S4 from subgroups of index 4 and of index 6, neither of which has the other's size."""
    data = data_of("S4")
    by_index = {one.index: one.representative for one in data.subgroup_classes if one.core.sum() == 1}
    return data, plant_cosets(data.group, [by_index[4], by_index[6]])


def test_conjugate_pairing_holds_for_two_classes_and_fails_when_sides_are_exchanged():
    """Every neuron's subgroups are conjugate; with R of one class under L of the other none are."""
    data, circuit = two_classes()
    one = CLAIMS["conjugate-pairing"]
    assert judge(one, Subject(data, circuit), {}, RNG(0)).verdict == "holds"
    moved = Circuit(circuit.L, np.roll(circuit.R, 32, axis=1), circuit.U)  # 2 * 4^2 neurons of the first class
    assert judge(one, Subject(data, moved), {}, RNG(0)).verdict == "fails"
    alone = plant_cosets(data.group, serving_subgroups(data))
    assert "matched random" in judge(one, Subject(data, alone), {}, RNG(0)).reason


def test_coset_ablation_drops_what_is_not_needed():
    """Loud neurons that no answer needs may go and random ones may not; needed ones may not go."""
    data = data_of("S4")
    circuit = plant_cosets(data.group, serving_subgroups(data))
    noise = random_circuit(24, 32, 8, RNG(0))
    extra = Circuit(noise.L, noise.R, 0.05 * noise.U)
    one = CLAIMS["coset-ablation"]
    evidence = judge(one, Subject(data, joined([circuit, extra])), {}, RNG(0))
    assert evidence.details["dropped"] == 8
    assert evidence.verdict == "holds"
    assert max(evidence.null["matched random"]) < 1
    assert judge(one, Subject(data, lookup_table(data.group)), {}, RNG(0)).verdict == "fails"
    assert "none to drop" in judge(one, Subject(data, circuit), {}, RNG(0)).reason


def test_coset_tables_are_constant_on_cosets():
    """L on right cosets, R on left ones, U on double cosets; the planted circuit is its own table."""
    data = data_of("A5")
    circuit = plant_cosets(data.group, serving_subgroups(data))
    subject = Subject(data, circuit)
    made = coset_tables(subject)
    for name in "LRU":
        assert np.allclose(getattr(made, name), getattr(subject.circuit, name) - (
            subject.circuit.U.mean(axis=1, keepdims=True) if name == "U" else 0)), name  # fmt: skip
    noise = random_circuit(60, 32, 8, RNG(1))
    quiet = coset_tables(Subject(data, noise))
    assert not quiet.U.any()


def test_matched_controls_keep_the_size_of_what_they_replace():
    """Random blocks of the cosets' size, random subspaces of the representation's dimension; neither is right."""
    data = data_of("S4")
    subject = Subject(data, plant_cosets(data.group, serving_subgroups(data)))
    blocks = random_partitions(subject, RNG(0), readout=False)
    for neuron in range(4):
        values, counts = np.unique(blocks.L[:, neuron].round(9), return_counts=True)
        assert (counts % 6 == 0).all()
        assert len(values) <= 4
    subspace = random_subspaces(subject, RNG(0))
    assert np.linalg.matrix_rank(subspace.L - subspace.L.mean(axis=0), tol=1e-9) <= 9
    for made in (blocks, subspace):
        assert (logits_of(made).argmax(axis=2) == data.group.table).mean() < 0.5


def test_product_logits_by_brute_force():
    """A function of the product scores 1 whatever it is, noise about nothing, a sum of both in between."""
    data = data_of("S4")
    n, rng = 24, RNG(0)
    subject = Subject(data, plant_characters(data, keys(data)))
    assert CLAIMS["product-logits"].measure(subject).value == pytest.approx(1)
    noise = Subject(data, random_circuit(n, 32, 400, rng))
    assert -0.3 < CLAIMS["product-logits"].measure(noise).value < 0  # means of one half mislead about the other
    logits = logits_of(subject.circuit)
    logits -= logits.mean(axis=2, keepdims=True)
    assert CLAIMS["product-logits"].measure(Subject(data, lookup_table(data.group))).value == pytest.approx(1)
    # biases alone are no algorithm
    bias = Circuit(np.ones((n, 1)), np.ones((n, 1)), rng.standard_normal((1, n)))
    assert CLAIMS["product-logits"].measure(Subject(data, bias)).value == 0


def test_the_gap_is_the_difference_of_three_claims():
    """Large for rho-sets, none for characters, not asked on abelian groups."""
    data = data_of("A4")
    one = CLAIMS["beyond-characters"]
    untrained = {"random": [Subject(data, random_circuit(12, 32, 24, RNG(0)))]}
    assert judge(one, Subject(data, plant_rho_sets(data, keys(data))), untrained, RNG(0)).verdict == "holds"
    assert judge(one, Subject(data, plant_characters(data, keys(data))), untrained, RNG(0)).verdict == "fails"
    cyclic = data_of("C7")
    with pytest.raises(NoEvidenceError, match="abelian"):
        one.measure(Subject(cyclic, plant_rho_sets(cyclic, keys(cyclic))))


def test_hidden_means_and_losses_by_brute_force():
    """Means over pairs with one product; restricted and excluded losses from all hidden activations."""
    data = data_of("S3")
    subject = Subject(data, plant_rho_sets(data, keys(data), 1))
    circuit, table = subject.circuit, data.group.table
    hidden = np.maximum(circuit.L[:, None] + circuit.R[None], 0)
    means = np.stack([hidden[table == p].mean(axis=0) for p in range(6)])
    found_means = hidden_means(data, circuit)
    assert np.allclose(found_means.of_product, means)
    assert np.allclose(found_means.of_x, hidden.mean(axis=1))
    assert np.allclose(found_means.of_y, hidden.mean(axis=0))
    assert found_means.variance == pytest.approx(((hidden - hidden.mean(axis=(0, 1))) ** 2).sum())
    part = key_part(data, key_places(subject), means - means.mean(axis=0))
    restricted, excluded = part[table] @ circuit.U, (hidden - part[table]) @ circuit.U
    found = restricted_losses(data, circuit, key_places(subject))
    for name, logits in (("restricted_loss", restricted), ("excluded_loss", excluded)):
        answer = np.take_along_axis(logits, table[..., None].astype(int), axis=2)
        assert found[name] == pytest.approx(np.logaddexp.reduce(logits - answer, axis=2).mean()), name
    assert found["restricted_loss"] < np.log(6) < found["excluded_loss"]
    score = CLAIMS["hidden-variance"].measure(subject)
    assert sum(score.details[part] for part in ("x", "y", "xy", "left")) == pytest.approx(1)
    centred = hidden - hidden.mean(axis=(0, 1))
    assert score.details["xy"] == pytest.approx(6 * (part**2).sum() / (centred**2).sum())


def test_the_phase_rule_by_construction():
    """cos(wx + a), cos(wy + b), cos(wz - c): 1 when c = a + b, cos of the error otherwise."""
    data = data_of("C7")
    angles, rng = 2 * np.pi * np.arange(7) / 7, RNG(0)
    # element k of C7 is the k-th power of a generator, up to the numbering
    power = np.empty(7, dtype=int)
    element = 0
    for k in range(7):
        power[element] = k
        element = data.group.table[element, data.group.generators[0]]
    frequency, a, b = rng.integers(1, 7, 20), rng.uniform(0, 6.28, 20), rng.uniform(0, 6.28, 20)
    for error in (0.0, 0.3, 2.0):
        tables = [
            np.cos(frequency * angles[power][:, None] + shift) for shift in (a, b, a + b + error)
        ]  # U at phase a + b: its logits peak at z = x y
        score = CLAIMS["phase-rule"].measure(Subject(data, Circuit(tables[0], tables[1], tables[2].T))).value
        assert score == pytest.approx(np.cos(error), abs=1e-9)
    signs = data_of("C2^2")
    with pytest.raises(NoEvidenceError, match="no phases"):
        CLAIMS["phase-rule"].measure(Subject(signs, plant_rho_sets(signs, keys(signs))))
    with pytest.raises(NoEvidenceError, match="not abelian"):
        CLAIMS["phase-rule"].measure(Subject(data_of("S3"), random_circuit(6, 8, 8, rng)))


def test_certified_pairs_are_right_and_the_bound_is_sound():
    """Every proved pair is right; the bound is at least the true deviation, on disturbed weights."""
    data = data_of("S4")
    circuit = plant_rho_sets(data, keys(data))
    one = CLAIMS["certified-share"]
    previous = 1.01
    for noise in (0.0, 0.01, 0.03, 0.2):
        rng = RNG(3)
        tables = [getattr(circuit, t) for t in "LRU"]
        made = Circuit(*(table + noise * table.std() * rng.standard_normal(table.shape) for table in tables))
        subject = Subject(data, made)
        share = one.measure(subject).value
        assert share <= (subject.readout.predictions == data.group.table).mean()
        assert share < previous
        previous = share + 1e-9
    assert one.verdict_of(one.measure(Subject(data, circuit)).value) == "holds"
    assert share < 0.5
    # A shift of L is no part of the explanation, breaks answers, and only the bound on L sees it.
    shift = 1.5 * np.abs(circuit.L).max(axis=0) * (RNG(0).random(16) < 0.5)
    broken = Subject(data, Circuit(circuit.L + shift, circuit.R, circuit.U))
    assert broken.explanation.sets[0].coverage == 1
    assert one.measure(broken).value <= (broken.readout.predictions == data.group.table).mean() < 1


def test_absolute_value_signs_and_noise():
    """Exact on the planted coset circuit, whose neurons come in pairs; an untrained network fails all three."""
    data = data_of("D5")
    subject = Subject(data, plant_cosets(data.group, serving_subgroups(data)))
    random = Subject(data, random_circuit(10, 32, 24, RNG(0)))
    score = CLAIMS["signs"].measure(subject)
    assert score.details == {"both": 1.0, "left": 0.0, "right": 0.0}
    assert CLAIMS["absolute-value"].measure(subject).details["loss"] < subject.readout.losses.mean()
    assert CLAIMS["noise"].measure(subject).details["noise"] == 1.0
    for name in ("signs", "absolute-value", "noise"):
        one = CLAIMS[name]
        assert one.verdict_of(one.measure(random).value) == "fails"
        assert not one.discriminating


def test_matrix_product_holds_for_a_product_and_fails_for_another_bilinear_form():
    """On S3 |v(i x) - v(j y^-1)| of three equally spaced values is nearly a matrix entry; elsewhere it is not."""
    one = CLAIMS["matrix-product"]
    data = data_of("S3")
    assert judge(one, Subject(data, plant_rho_sets(data, keys(data), 3)), {}, RNG(0)).score > 0.5
    other = data_of("S4")
    score = judge(one, Subject(other, plant_characters(other, keys(other))), {}, RNG(0))
    assert score.verdict == "fails"
    assert score.details["bilinear"] > score.details["matrix_product"]
    with pytest.raises(NoEvidenceError, match="no neuron"):
        one.measure(Subject(data_of("A5"), random_circuit(60, 32, 8, RNG(0))))
