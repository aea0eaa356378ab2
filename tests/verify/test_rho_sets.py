"""rho-sets recovered from weights: planted ones of all types, with noise, hidden among other neurons, renumbered."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from strategies import named, relabelled

from verify.claims import CLAIMS, Subject
from verify.claims.rho_set_logits import explained
from verify.controls import joined, plant_cosets, plant_rho_sets, random_circuit
from verify.groupdata import GroupData
from verify.reading import Circuit, answers
from verify.rho_sets import coefficient_matrices, extract, leading_shares, orbit_of, rho_set_circuit

TYPES = [("S4", "3a"), ("D5", "2a"), ("C7:C3", "3a+3b"), ("Q8", "2x2a"), ("SL(2,3)", "2x2c"), ("SL(2,3)", "2a+2b")]
"""Groups and faithful representations: real, complex and quaternionic."""


@cache
def data_of(name):
    return GroupData(named(name))


def place_of(data, representation):
    return [one.name for one in data.constituents].index(representation)


def planted(name, representation, seed=0):
    data = data_of(name)
    return data, plant_rho_sets(data, [data.constituents[place_of(data, representation)]], seed)


@pytest.mark.parametrize(("name", "representation"), TYPES)
def test_a_planted_rho_set_is_recovered(name, representation):
    """One a, one orbit, closed, all pairs; rebuilt from it the logits are the same."""
    data, circuit = planted(name, representation)
    subject = Subject(data, circuit)
    found = subject.explanation
    (one,) = found.sets
    assert data.constituents[one.place].name == representation
    assert len(one.left) ** 2 == circuit.width
    assert one.paired
    assert (one.closure, one.coverage, one.weight) == (pytest.approx(0, abs=1e-6), 1, pytest.approx(1))
    assert (found.set_of == 0).all()
    rebuilt = found.neurons()
    for table, made in zip((subject.circuit.L, subject.circuit.R, subject.circuit.U),
                           (rebuilt.L, rebuilt.R, rebuilt.U), strict=True):  # fmt: skip
        assert np.allclose(table, made, atol=1e-8)
    assert explained(subject, found.quotient_function()) == pytest.approx(1)
    ideal = found.quotient_function()
    assert np.allclose(ideal - ideal.mean(), subject.readout.quotient_function, atol=1e-7)


@pytest.mark.parametrize(("name", "rank"), [("S4", {"R": 1}), ("C7:C3", {"C": 2}), ("Q8", {"H": 4})])
def test_real_ranks_of_the_three_types(name, rank):
    """1, 2 and 4 equal singular values; the claim says which types it found."""
    data, circuit = planted(name, {"S4": "3a", "C7:C3": "3a+3b", "Q8": "2x2a"}[name])
    score = CLAIMS["rank-one"].measure(Subject(data, circuit))
    assert score.value == pytest.approx(1)
    ((kind, found),) = score.details["real_ranks"].items()
    assert {kind: round(found["rank"], 6)} == rank


def test_the_units_of_a_complex_representation_are_no_second_rank():
    """<b, rho(x) a> + <c, rho(x) a'> has 4 singular values on a complex type and fails; (ub, ua) adds nothing."""
    data = data_of("C7:C3")
    irrep = data.irrep(place_of(data, "3a+3b"))
    rng = np.random.default_rng(0)
    a, b, c, d = rng.standard_normal((4, 6))
    unit = irrep.units[0]
    one = np.einsum("i,xij,j->x", b, irrep.matrices, a)
    same = np.einsum("i,xij,j->x", unit @ b, irrep.matrices, unit @ a)
    two = one + np.einsum("i,xij,j->x", c, irrep.matrices, d)
    shares = leading_shares(irrep, coefficient_matrices(irrep, np.stack((one, one + same, two), axis=1)))
    assert shares[:2] == pytest.approx(1)
    assert shares[2] < 0.95
    assert np.allclose(one, same)


@pytest.mark.parametrize(("name", "representation"), TYPES)
def test_neurons_hidden_among_noise_and_disturbed(name, representation):
    """Weights off a little, untrained neurons beside them: the orbit is still found, the rest is unexplained."""
    data, circuit = planted(name, representation)
    rng = np.random.default_rng(1)
    scale = {table: 0.03 * getattr(circuit, table).std() for table in "LRU"}
    noisy = Circuit(*(getattr(circuit, t) + scale[t] * rng.standard_normal(getattr(circuit, t).shape) for t in "LRU"))
    other = random_circuit(data.group.order, 32, 24, rng)
    quiet = Circuit(other.L, other.R, 0.01 * other.U)
    subject = Subject(data, joined([noisy, quiet]))
    found = subject.explanation
    assert len(found.sets[0].left) ** 2 == circuit.width
    assert found.sets[0].coverage == 1
    assert found.sets[0].closure < 0.2
    assert (found.set_of[: circuit.width] == 0).mean() > 0.95
    assert (answers(found.neurons()) == data.group.table).all()
    assert explained(subject, found.quotient_function()) > 0.95


def test_missing_pairs_show_in_the_coverage_alone():
    """Half of the neurons dropped: the orbit is complete, the pairs are not, and a missing vector fails the claim."""
    data, circuit = planted("S4", "3a")
    kept = np.arange(16) % 2 == 0
    half = Subject(data, Circuit(circuit.L[:, kept], circuit.R[:, kept], circuit.U[kept]))
    assert half.explanation.sets[0].coverage == pytest.approx(0.5)
    gone = np.arange(16) >= 4  # the neurons of the first b
    without = Subject(data, Circuit(circuit.L[:, gone], circuit.R[:, gone], circuit.U[gone]))
    score = CLAIMS["rho-set-orbits"].measure(without)
    assert score.value == 0
    assert not score.details["rho_sets"][0]["complete"]
    assert CLAIMS["rho-set-orbits"].measure(Subject(data, circuit)).value == pytest.approx(1)


def test_two_vectors_a_make_two_rho_sets():
    """The same orbit read with two unlike vectors a: the failure mode "a not shared" is seen."""
    data = data_of("S4")
    irrep = data.irrep(place_of(data, "3a"))
    orbit = orbit_of(data, irrep, irrep.matrices[data.subgroup_classes[-3].representative].mean(axis=0)[0] + 1e-3)[0]
    a, b = np.eye(3)[0], np.eye(3)[1]
    circuit = joined([rho_set_circuit(irrep, a, orbit), rho_set_circuit(irrep, b, orbit)])
    found = Subject(data, circuit).explanation
    assert len(found.sets) == 2
    assert abs(found.sets[0].a @ found.sets[1].a) < 1e-6


def test_the_closure_error_by_brute_force():
    """One vector of four turned a little: the largest distance of an image from the nearest vector, and no other."""
    data = data_of("S4")
    irrep = data.irrep(place_of(data, "3a"))
    rng = np.random.default_rng(0)
    vector = irrep.matrices[max((one.representative for one in data.subgroup_classes if one.index == 4), key=len)].mean(
        axis=0
    )[0]
    turned = orbit_of(data, irrep, vector)[0].copy()
    turned[0] += 0.1 * rng.standard_normal(3)
    turned[0] /= np.linalg.norm(turned[0])
    images = irrep.matrices @ turned.T  # (n, D, b)
    distances = np.linalg.norm(images[:, :, :, None] - turned.T[None, :, None, :], axis=1)
    (found,) = Subject(data, rho_set_circuit(irrep, rng.standard_normal(3), turned)).explanation.sets
    assert found.closure == pytest.approx(distances.min(axis=2).max(), rel=1e-3)
    assert found.closure > 0.05


def test_orbits_by_brute_force():
    """The images of a vector near a fixed one, without repeats; each element's row is its image."""
    data = data_of("A5")
    irrep = data.irrep(place_of(data, "4a"))
    rng = np.random.default_rng(3)
    members = max((one.representative for one in data.subgroup_classes), key=len)  # A4, index 5
    vector = irrep.matrices[members].mean(axis=0) @ rng.standard_normal(4)
    vector += 0.05 * np.linalg.norm(vector) * rng.standard_normal(4)
    orbit, rows = orbit_of(data, irrep, vector)
    assert len(orbit) == 5
    assert np.allclose(irrep.matrices @ orbit[0], orbit[rows])
    assert np.linalg.norm(orbit, axis=1) == pytest.approx(1)
    irrep = data.irrep(place_of(data, "5a"))
    for _ in range(20):
        vector = rng.standard_normal(5)
        sizes = {60}
        for one in data.subgroup_classes:
            for conjugate in one.conjugates:
                fixed = irrep.matrices[conjugate].mean(axis=0) @ vector
                if fixed @ fixed >= 0.95 * vector @ vector:
                    sizes.add(one.index)
        assert len(orbit_of(data, irrep, vector)[0]) == min(sizes)


def test_renumbering_the_elements_changes_no_rho_set():
    """They belong to the group."""
    data, circuit = planted("S4", "3b")
    other, new = relabelled(data.group, 5)
    old = np.argsort(new)
    moved = Subject(GroupData(other), Circuit(circuit.L[old], circuit.R[old], circuit.U[:, old])).explanation
    before = Subject(data, circuit).explanation
    for one, two in zip(before.sets, moved.sets, strict=True):
        assert (len(one.left), one.weight) == (len(two.left), pytest.approx(two.weight))
        assert np.allclose(np.sort(one.strengths, axis=None), np.sort(two.strengths, axis=None))


def test_networks_without_rho_sets_have_none():
    """Untrained: no neuron is at home anywhere, and nothing is explained."""
    data = data_of("A5")
    subject = Subject(data, random_circuit(60, 64, 48, np.random.default_rng(0)))
    assert (subject.home == -1).all()
    assert not subject.explanation.sets
    assert not subject.explanation.neurons().U.any()
    assert explained(subject, subject.explanation.quotient_function()) == 0


def test_the_explained_share_by_brute_force():
    """One minus the squared distance of all n^3 centred logits, over their squared length."""
    data = data_of("S4")
    group = data.group
    subject = Subject(data, plant_cosets(group, [data.subgroup_classes[-3].representative]))
    circuit = subject.circuit
    function = np.random.default_rng(0).standard_normal(24)
    logits = np.maximum(circuit.L[:, None] + circuit.R[None], 0) @ circuit.U
    logits -= logits.mean(axis=2, keepdims=True)
    x, y, z = np.ogrid[:24, :24, :24]
    ideal = function[group.table[group.table[group.inverses[x], z], group.inverses[y]]]
    ideal = ideal - ideal.mean(axis=2, keepdims=True)
    assert explained(subject, function) == pytest.approx(1 - ((logits - ideal) ** 2).sum() / (logits**2).sum())


def test_shuffled_readouts_keep_everything_but_the_pairing():
    """The matched control has the same L and R and the same readouts in another order."""
    data, circuit = planted("S4", "3a")
    found = extract(data, Subject(data, circuit).circuit, np.full(16, place_of(data, "3a")))
    shuffled, plain = found.shuffled(np.random.default_rng(0)), found.neurons()
    assert np.allclose(shuffled.L, plain.L)
    assert np.allclose(np.sort(np.linalg.norm(shuffled.U, axis=1)), np.sort(np.linalg.norm(plain.U, axis=1)))
    assert (answers(shuffled) == data.group.table).mean() < 0.3


@pytest.mark.parametrize(("name", "representation"), [("D5", "2a"), ("S4", "3a"), ("A5", "5a"), ("C7:C3", "3a+3b")])
def test_neurons_turned_round_belong_to_the_same_rho_set(name, representation):
    """Half of the neurons with -b and -b', relu(-t) for relu(t): one rho-set, all pairs, the same logits."""
    data, circuit = planted(name, representation)
    turned = np.where(np.arange(circuit.width) % 3 == 0, -1, 1)
    subject = Subject(data, Circuit(circuit.L * turned, circuit.R * turned, circuit.U))
    found = subject.explanation
    (one,) = found.sets
    assert (one.paired, one.coverage) == (True, 1)
    assert one.closure < 1e-6
    rebuilt = found.neurons()
    assert np.allclose(rebuilt.L, subject.circuit.L)
    assert np.allclose(rebuilt.R, subject.circuit.R)
    assert np.allclose(rebuilt.U, subject.circuit.U, atol=1e-9)  # answers may be ties: the linear parts are left
