"""Progress over checkpoints: a planted circuit that grows out of a memory, its phases and the order of its parts."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from strategies import named

from verify.claims import CLAIMS, Subject
from verify.controls import joined, lookup_table, plant_rho_sets, random_circuit
from verify.groupdata import GroupData
from verify.matrix import smallest_key_set
from verify.progress import measure_progress, order_of_appearance, phases, weight_norm
from verify.reading import Circuit
from verify.task import make_task

S4 = GroupData(named("S4"))
TASK = make_task(S4.group, 0.5, 0)


def scaled(circuit, factor):
    return Circuit(circuit.L * factor**0.5, circuit.R * factor**0.5, circuit.U * factor**0.5)


def training():
    """An untrained network; a memory of the training pairs; a circuit beside it; the circuit alone, of two parts."""
    wrong = np.where(TASK.train, S4.group.table, (S4.group.table + 1) % 24)
    memory = lookup_table(S4.group, wrong)
    by_name = {one.name: one for one in S4.constituents}
    main, second = (plant_rho_sets(S4, [by_name[name]]) for name in ("3a", "2a"))
    noise = random_circuit(24, 32, 20, np.random.default_rng(0))
    return [
        (0, noise),
        (10, scaled(memory, 4.0)),
        (100, joined([scaled(memory, 1.0), scaled(main, 2.0)])),
        (1_000, joined([scaled(main, 1.5), scaled(second, 0.7)])),
        (2_000, joined([main, scaled(second, 0.5)])),
    ]


def test_a_grokking_run_in_numbers():
    """Memory first, then the circuit, then cleanup; each measure moves as the accounts say."""
    rows = measure_progress(S4, training(), TASK)
    assert [row.step for row in rows] == [0, 10, 100, 1_000, 2_000]
    assert rows[1].train_accuracy == 1
    assert rows[1].test_accuracy == 0
    assert rows[2].test_accuracy == rows[3].accuracy == 1
    assert rows[1].bi_equivariance < 0.5
    assert rows[-1].bi_equivariance == pytest.approx(1)
    assert rows[1].purity < 0.6 < rows[-1].purity
    assert rows[1].coset_alignment < 0.1
    assert rows[-1].coset_alignment == pytest.approx(1)
    assert rows[-1].restricted_loss < np.log(24) < rows[-1].excluded_loss
    assert rows[-1].weight_norm < rows[2].weight_norm < rows[1].weight_norm
    found = phases(rows)
    assert (found.memorised, found.formed) == (10, 100)
    assert found.settled == 2_000
    assert order_of_appearance(rows) == [("3a", 100), ("2a", 1_000)]
    assert json.dumps([row.to_json() for row in rows])


def test_spikes_and_missing_splits_end_no_phase():
    """A level that is lost again was not reached; without a split or a circuit there are no phases."""
    rows = measure_progress(S4, training(), TASK)
    spiked = [*rows[:3], replace(rows[3], test_accuracy=0.4), rows[4]]
    assert phases(spiked).formed == 2_000
    assert phases(rows[:2]) == replace(phases(rows), formed=None, settled=None)
    blind = measure_progress(S4, training())
    assert {phases(blind).memorised, phases(blind).formed, phases(blind).settled} == {None}
    assert order_of_appearance([]) == []


def test_measures_are_those_of_the_claims():
    """The same numbers as the claims, and as one pass over the logits."""
    (row,) = measure_progress(S4, [(7, training()[2][1])], TASK)
    subject = Subject(S4, training()[2][1], TASK)
    assert row.bi_equivariance == CLAIMS["bi-equivariance"].measure(subject).value
    assert row.purity == CLAIMS["neuron-purity"].measure(subject).value
    assert row.restricted_loss == CLAIMS["restricted-accuracy"].measure(subject).details["restricted_loss"]
    assert row.train_loss == pytest.approx(subject.readout.losses[TASK.train].mean())
    assert row.test_loss == pytest.approx(subject.readout.losses[~TASK.train].mean())


def test_the_weight_norm_is_the_least_over_all_scales():
    """No scaling of neurons has a smaller norm; the balanced form reaches it; the function's scale shows."""
    circuit = plant_rho_sets(S4, [S4.constituents[i] for i in smallest_key_set(S4)])
    least = weight_norm(circuit)
    rng = np.random.default_rng(0)
    for _ in range(5):
        factors = rng.uniform(0.2, 5, circuit.width)
        other = Circuit(circuit.L * factors, circuit.R * factors, circuit.U / factors[:, None])
        norm = np.sqrt((other.L**2).sum() + (other.R**2).sum() + (other.U**2).sum())
        assert weight_norm(other) == pytest.approx(least)
        assert norm > least
    best = circuit.balanced()  # tables without means
    assert np.sqrt((best.L**2).sum() + (best.R**2).sum() + (best.U**2).sum()) == pytest.approx(least)
    assert weight_norm(scaled(circuit, 4)) == pytest.approx(2 * least)


def test_an_all_zero_network_is_measured_too():
    """Nothing to explain: chance everywhere, None where there is no evidence."""
    (row,) = measure_progress(S4, [(0, Circuit(np.zeros((24, 3)), np.zeros((24, 3)), np.zeros((3, 24))))], TASK)
    assert row.bi_equivariance is None
    assert row.restricted_loss == row.excluded_loss == pytest.approx(np.log(24))
