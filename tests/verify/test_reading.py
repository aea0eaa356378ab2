"""A network as plain tables: folding, one pass over the logits against brute force, files and refusals."""

from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import save_file
from strategies import named

from grouptool.errors import NetworkError
from verify.controls import random_circuit
from verify.foreign import load_circuit
from verify.reading import Circuit, answers, cross_entropies, read_out
from verify.task import default_fraction, make_task, shuffled_answers


def _weights(n=6, embedding=5, hidden=4, seed=0):
    rng = np.random.default_rng(seed)
    shapes = {"W_x": (n, embedding), "W_y": (n, embedding), "W": (2 * embedding, hidden), "W_U": (hidden, n)}
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()}


def _logits(circuit):
    return np.maximum(circuit.L[:, None] + circuit.R[None], 0) @ circuit.U


def test_folding_is_the_same_function():
    """relu([W_x[x], W_y[y]] W) W_U, pair by pair."""
    weights = _weights()
    logits = _logits(Circuit.fold(weights))
    for x in range(6):
        for y in range(6):
            hidden = np.maximum(np.concatenate((weights["W_x"][x], weights["W_y"][y])) @ weights["W"], 0)
            assert np.allclose(hidden @ weights["W_U"], logits[x, y])


@pytest.mark.parametrize("name", ["S3", "C7:C3", "C2"])
def test_one_pass_agrees_with_the_whole_tensor(name):
    """Predictions, losses, variance, and F(g) by its definition: the mean over triples with x^-1 z y^-1 = g."""
    made = named(name)
    circuit = random_circuit(made.order, 8, 6, np.random.default_rng(1))
    readout, logits = read_out(circuit, made), _logits(circuit)
    assert (readout.predictions == logits.argmax(axis=2)).all()
    assert (answers(circuit) == readout.predictions).all()
    right = np.take_along_axis(logits, made.table[..., None].astype(int), axis=2)[..., 0]
    assert np.allclose(readout.losses, np.log(np.exp(logits).sum(axis=2)) - right)
    centred = logits - logits.mean(axis=2, keepdims=True)
    assert np.isclose(readout.variance, (centred**2).sum())
    sums = np.zeros(made.order)
    for x, y, z in np.ndindex(logits.shape):
        sums[made.table[made.table[made.inverses[x], z], made.inverses[y]]] += centred[x, y, z]
    assert np.allclose(readout.quotient_function, sums / made.order**2)


def test_losses_keep_their_digits():
    """A margin of 40 nats leaves a loss of exp(-40), which 1 - p in float64 would round to 0."""
    made = named("C2")
    circuit = Circuit(np.array([[1.0, 0], [0, 1]]), np.array([[0.0, 0], [0, 0]]), np.array([[40.0, 0], [0, 40.0]]))
    assert read_out(circuit, made).losses[0, 0] == pytest.approx(np.exp(-40), rel=1e-12)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda w: w.pop("W_U"), "lack W_U"),
        (lambda w: w.update(W=w["W"][:-1]), "do not fit"),
        (lambda w: w.update(W_y=w["W_y"][:-1]), "do not fit"),
        (lambda w: w.update(W_U=w["W_U"][:, :-1]), "W_U has shape"),
        (lambda w: w.update(W_x=w["W_x"] * np.nan), "not finite"),
        (lambda w: w.update(W_x=w["W_x"][0]), "do not fit"),
    ],
)
def test_weights_that_do_not_fit(change, complaint, tmp_path):
    """The shapes that were found and expected are named, from memory and from a file."""
    weights = _weights()
    change(weights)
    with pytest.raises(NetworkError, match=complaint):
        Circuit.fold(weights)
    save_file({name: np.ascontiguousarray(x) for name, x in weights.items()}, tmp_path / "w.safetensors")
    with pytest.raises(NetworkError, match=complaint):
        load_circuit(tmp_path / "w.safetensors")


def test_weights_for_another_order():
    """A network on six elements is no network on A4."""
    with pytest.raises(NetworkError, match="6 elements, but A4 has 12"):
        read_out(Circuit.fold(_weights()), named("A4"))


def test_files(tmp_path):
    """Both spellings of a network load; a text file and a missing one are refused."""
    weights = _weights()
    circuit = Circuit.fold(weights)
    save_file(weights, tmp_path / "a.safetensors")
    save_file({"L": circuit.L, "R": circuit.R, "U": circuit.U}, tmp_path / "b.safetensors")
    for name in "ab":
        assert np.allclose(load_circuit(tmp_path / f"{name}.safetensors").U, circuit.U)
    (tmp_path / "c.safetensors").write_bytes(b"nothing of the kind")
    for name in "cd":
        with pytest.raises(NetworkError, match="cannot read weights"):
            load_circuit(tmp_path / f"{name}.safetensors")


def test_unleaked_pairs_by_definition():
    """A test pair is unleaked unless its inputs commute and the transposed pair is trained on."""
    made = named("D4")
    task = make_task(made, 0.5, 3)
    assert task.train.sum() == 32
    for x, y in np.ndindex(8, 8):
        leaked = made.table[x, y] == made.table[y, x] and task.train[y, x]
        assert task.unleaked_test[x, y] == (not task.train[x, y] and not leaked)


def test_splits_depend_on_the_seed_alone():
    """The same seed gives the same pairs, another one others."""
    made = named("S4")
    assert (make_task(made, 0.4, 1).train == make_task(made, 0.4, 1).train).all()
    assert not (make_task(made, 0.4, 1).train == make_task(made, 0.4, 2).train).all()


def test_default_fractions():
    """0.4 from order 100, at most 0.9."""
    assert [round(default_fraction(n), 3) for n in (2, 8, 24, 60, 100, 720)] == [0.9, 0.9, 0.816, 0.516, 0.4, 0.4]


def test_shuffled_answers_keep_the_answers_of_the_training_pairs():
    """As a multiset they are the same; the test pairs keep theirs."""
    made = named("S4")
    task = make_task(made, 0.5, 0)
    shuffled = shuffled_answers(made, task.train, np.random.default_rng(0))
    assert sorted(shuffled[task.train]) == sorted(made.table[task.train])
    assert (shuffled[~task.train] == made.table[~task.train]).all()
    assert (shuffled[task.train] == made.table[task.train]).mean() < 0.2


def test_cross_entropies_against_all_ways():
    """The log of the sum over all answers, far from 0 and near; one answer costs nothing; tiny losses keep digits."""
    rng = np.random.default_rng(0)
    for scale in (1, 30, 1_000):
        logits, answers = scale * rng.standard_normal((50, 20)), rng.integers(20, size=50)
        margins = logits - logits[np.arange(50), answers][:, None]
        assert np.allclose(cross_entropies(logits, answers), np.logaddexp.reduce(margins, axis=1))
    assert cross_entropies(np.array([[100.0, 0, 0]]), np.array([0])) == pytest.approx([2 * np.exp(-100)])
    assert cross_entropies(np.zeros((2, 1)), np.array([0, 0])).tolist() == [0, 0]
