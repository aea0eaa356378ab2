"""The substitution ladder: exact on plants, useless on impostors, and every number by brute force."""

from __future__ import annotations

import numpy as np
import pytest
from strategies import named

from verify.claims import CLAIMS, Subject
from verify.claims.irrep_substitution import irrep_parts
from verify.controls import lookup_table, plant_characters, plant_cosets, plant_rho_sets, random_circuit
from verify.groupdata import GroupData
from verify.ladder import substitution_ladder
from verify.matrix import serving_subgroups, smallest_key_set
from verify.reading import Circuit

RNG = np.random.default_rng
S4 = GroupData(named("S4"))


def ladder(data, circuit):
    return {one.name: one for one in substitution_ladder(Subject(data, circuit), RNG(0))}


def keys(data):
    return [data.constituents[i] for i in smallest_key_set(data)]


@pytest.mark.parametrize("name", ["S4", "C7:C3", "Q8", "SL(2,3)"])
def test_each_plant_is_explained_by_its_own_rungs(name):
    """All of the logits, the same answers; the matched controls explain little and answer by chance."""
    data = GroupData(named(name))
    found = ladder(data, plant_rho_sets(data, keys(data)))
    for rung in ("neurons by rho-sets", "logits by rho-sets", "logits by x^-1 z y^-1", "L, R, U in one representation"):
        assert found[rung].explained == pytest.approx(1), rung
        assert (found[rung].accuracy, found[rung].agreement) == (1, 1)
    assert found["neurons by rho-sets"].control_accuracy < 0.5
    assert found["logits by rho-sets"].control_explained < 0.6
    if name == "S4":
        assert found["logits by characters"].explained < 0.8
        characters = ladder(data, plant_characters(data, keys(data)))
        assert characters["logits by characters"].explained == pytest.approx(1)
        cosets = ladder(data, plant_cosets(data.group, serving_subgroups(data)))
        assert cosets["L, R, U by coset tables"].explained == pytest.approx(1)
        assert cosets["L, R, U by coset tables"].control_explained < 0.1


def test_an_explanation_answers_rightly_whatever_the_network_did():
    """Faint planted neurons in an untrained network: the idealised answers are all right and explain nothing."""
    planted = plant_rho_sets(S4, keys(S4))
    noise = random_circuit(24, 64, 100, RNG(0))
    mixed = Circuit(
        np.concatenate((0.02 * planted.L, noise.L), axis=1),
        np.concatenate((0.02 * planted.R, noise.R), axis=1),
        np.concatenate((0.02 * planted.U, noise.U)),
    )
    found = ladder(S4, mixed)["logits by rho-sets"]
    assert found.accuracy == 1
    assert found.explained < 0.01
    assert found.agreement < 0.2


def test_a_lookup_table_is_explained_by_logits_alone():
    """Its logits are a sum of characters; its neurons are nothing of the kind."""
    found = ladder(S4, lookup_table(S4.group))
    assert found["logits by characters"].explained == pytest.approx(1)
    for rung in ("neurons by rho-sets", "L, R, U by coset tables", "L, R, U in one representation"):
        assert found[rung].accuracy < 0.1, rung


def test_the_numbers_of_a_rung_by_brute_force():
    """Accuracy, loss, agreement and explained share from all n^3 logits of both networks."""
    subject = Subject(S4, random_circuit(24, 32, 40, RNG(2)))
    rung = substitution_ladder(subject, RNG(0))[0]
    logits, made = (
        np.maximum(one.L[:, None] + one.R[None], 0) @ one.U for one in (subject.circuit, irrep_parts(subject))
    )
    table = S4.group.table
    answer = np.take_along_axis(made, table[..., None].astype(int), axis=2)
    centred, other = (one - one.mean(axis=2, keepdims=True) for one in (logits, made))
    assert rung.accuracy == pytest.approx((made.argmax(axis=2) == table).mean())
    assert rung.accuracy == CLAIMS["irrep-substitution"].measure(subject).value
    assert rung.agreement == pytest.approx((made.argmax(axis=2) == logits.argmax(axis=2)).mean())
    assert rung.loss == pytest.approx(np.logaddexp.reduce(made - answer, axis=2).mean())
    assert rung.explained == pytest.approx(1 - ((centred - other) ** 2).sum() / (centred**2).sum())


def test_silent_networks_and_groups_without_subgroups():
    """No logits, no ladder; no cosets, no rungs about them."""
    assert substitution_ladder(Subject(S4, Circuit(*np.zeros((2, 24, 3)), np.zeros((3, 24)))), RNG(0)) == ()
    cyclic = GroupData(named("C7"))
    assert not any("coset" in name for name in ladder(cyclic, plant_rho_sets(cyclic, keys(cyclic))))
