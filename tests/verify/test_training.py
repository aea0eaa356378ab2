"""Training: gradients and AdamW against torch's own, stopping without test pairs, resuming bit for bit."""

from __future__ import annotations

import copy
import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch
from strategies import named

from grouptool.errors import NetworkError, NoEvidenceError
from verify.architecture import ACTIVATIONS, Architecture
from verify.networks import initial_weights, loss_and_gradients, predict
from verify.reading import Circuit, answers
from verify.recipes import MEMORISE, RECIPES
from verify.task import make_task, shuffled_answers
from verify.training import TrainingState, _is_plateau, train

SMALL = Architecture(embedding=24, hidden=16)


def _pairs(made, mask):
    x, y = np.nonzero(mask)
    return tuple(torch.from_numpy(part.astype(np.int64)) for part in (x, y, made.table[x, y]))


FUNCTIONS = {
    "relu": torch.relu,
    "abs": torch.abs,
    "square": torch.square,
    "gelu": torch.nn.functional.gelu,
    "silu": torch.nn.functional.silu,
    "tanh": torch.tanh,
}


def _reference_logits(weights, x, y, architecture=SMALL):
    """The network as it is usually written: looked up, joined, multiplied, activated."""
    first, second = (weights["W_E"],) * 2 if architecture.tied else (weights["W_x"], weights["W_y"])
    first, second = first[x], second[y]
    if architecture.activation == "product":
        size = architecture.embedding
        hidden = (first @ weights["W"][:size]) * (second @ weights["W"][-size:])
    else:
        joined = torch.cat((first, second), dim=1) if architecture.joined == "concat" else first + second
        hidden = FUNCTIONS[architecture.activation](joined @ weights["W"] + weights.get("b", 0))
    return hidden @ weights["W_U"] + weights.get("b_U", 0)


def _reference_loss(weights, x, y, z, architecture=SMALL):
    return torch.nn.functional.cross_entropy(_reference_logits(weights, x, y, architecture), z)


def _architectures():
    for activation in ACTIVATIONS:
        biases = ("none", "output") if activation == "product" else ("none", "hidden", "output", "both")
        for joined, tied, bias in itertools.product(("concat", "sum"), (False, True), biases):
            yield Architecture(12, 8, activation, joined, tied, bias)


def _weights(architecture, order, seed=0):
    """Random weights in float64, biases too."""
    weights = initial_weights(architecture, order, seed, "torch")
    return {name: w.double() for name, w in weights.items()}


@pytest.mark.parametrize("architecture", list(_architectures()), ids=lambda a: "-".join(map(str, vars(a).values())))
def test_gradients_are_autograd_s(architecture, monkeypatch):
    """Every architecture in float64, in one piece and in chunks; the folded circuit gives the same logits."""
    made = named("A4")
    weights = _weights(architecture, 12)
    pairs = _pairs(made, make_task(made, 0.5, 0).train)
    leaves = {name: w.clone().requires_grad_() for name, w in weights.items()}
    reference = _reference_loss(leaves, *pairs, architecture)
    reference.backward()
    for cells in (1 << 24, 100):
        monkeypatch.setattr("verify.networks.mlp.CHUNK_CELLS", cells)
        loss, gradients = loss_and_gradients(architecture, weights, *pairs)
        assert set(gradients) == set(weights) == set(architecture.shapes(12))
        assert loss == pytest.approx(reference.item(), rel=1e-12)
        for name, leaf in leaves.items():
            assert torch.allclose(gradients[name], leaf.grad, rtol=1e-11, atol=1e-14)
    x, y = (torch.from_numpy(part.ravel()) for part in np.indices((12, 12)))
    logits = _reference_logits(weights, x, y, architecture)
    circuit = Circuit.fold({name: w.numpy() for name, w in weights.items()}, architecture.activation)
    ours = circuit.hidden(circuit.L[:, None], circuit.R[None]) @ circuit.U
    assert np.allclose(ours.reshape(144, 12), logits.numpy(), atol=1e-12)
    assert (predict(architecture, weights, x, y) == logits.argmax(dim=1)).all()
    assert (answers(circuit).ravel() == logits.argmax(dim=1).numpy()).all()
    assert circuit.width == architecture.width


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_balancing_keeps_the_function(activation):
    """And makes both sides equal where the activation is homogeneous; else nothing is moved."""
    rng = np.random.default_rng(0)
    circuit = Circuit(rng.standard_normal((8, 5)), rng.standard_normal((8, 5)), rng.standard_normal((5, 8)), activation)
    balanced = circuit.balanced()
    logits, same = (one.hidden(one.L[:, None], one.R[None]) @ one.U for one in (circuit, balanced))
    assert np.allclose(logits, same)
    assert np.allclose(circuit.neuron_weights, balanced.neuron_weights)
    norms = [np.linalg.norm(balanced.centred[name], axis=0) for name in "LRU"]
    assert np.allclose(np.hypot(norms[0], norms[1]), norms[2]) == (activation not in ("gelu", "silu", "tanh"))


def test_a_claim_can_ask_for_an_activation():
    """A network of another kind is silence with a reason, not a failure."""
    circuit = Circuit(np.ones((2, 1)), np.ones((2, 1)), np.ones((1, 2)), "tanh")
    with pytest.raises(NoEvidenceError, match="stated for relu and abs networks; this one is a tanh network"):
        circuit.require("relu", "abs")
    circuit.require("tanh")


def test_float32_keeps_the_gradient_of_a_fitted_network():
    """When every answer has probability near 1, 1 - p in float32 would be 0; ours agrees with float64."""
    made = named("S3")
    weights = initial_weights(SMALL, 6, 0)
    weights = {name: 6 * w for name, w in weights.items()}
    pairs = _pairs(made, np.ones((6, 6), dtype=bool))
    x, y, _ = pairs
    pairs = (x, y, predict(SMALL, weights, x, y))  # whatever it says is right, so the losses are small
    loss, gradients = loss_and_gradients(SMALL, weights, *pairs)
    exact_loss, exact = loss_and_gradients(SMALL, {name: w.double() for name, w in weights.items()}, *pairs)
    assert loss == pytest.approx(exact_loss, rel=1e-3)
    for name in weights:
        assert torch.allclose(gradients[name].double(), exact[name], rtol=1e-2, atol=1e-6 * exact[name].abs().max())


@pytest.mark.parametrize("coupled", [False, True])
def test_the_optimiser_is_torch_s(coupled):
    """Thirty steps side by side with torch.optim.AdamW, or Adam with an L2 term, float64."""
    made = named("S3")
    task = make_task(made, 1.0, 0)
    recipe = replace(RECIPES["default"], max_steps=30, block=30, plateau=False, coupled=coupled)
    state = TrainingState.start(SMALL, 6, recipe, 0)
    for part in (state.weights, state.first_moments, state.second_moments):
        part.update({name: w.double() for name, w in part.items()})
    leaves = {name: w.clone().requires_grad_() for name, w in state.weights.items()}
    optimiser = (torch.optim.Adam if coupled else torch.optim.AdamW)(
        leaves.values(), lr=3e-2, betas=(0.9, 0.98), weight_decay=1.0, eps=1e-8
    )
    pairs = _pairs(made, task.train)
    for _ in range(30):
        optimiser.zero_grad()
        _reference_loss(leaves, *pairs).backward()
        optimiser.step()
    train(task, state)
    assert state.step == 30
    for name in leaves:
        assert torch.allclose(state.weights[name], leaves[name], rtol=1e-6, atol=1e-9)


def test_projected_gradients_are_orthogonal_to_the_weights():
    """The first step of the fast recipe without decay moves each weight along its projected gradient's signs only."""
    recipe = replace(RECIPES["fast"], weight_decay=0.0, max_steps=1, block=1)
    made = named("S3")
    task = make_task(made, 1.0, 0)
    state = TrainingState.start(SMALL, 6, recipe, 0)
    before = {name: w.clone() for name, w in state.weights.items()}
    _, gradients = loss_and_gradients(SMALL, before, *_pairs(made, task.train))
    train(task, state)
    for name in before:
        radial = (before[name] * gradients[name]).sum() / (before[name] ** 2).sum()
        projected = gradients[name] - radial * before[name]
        moved = projected.abs() > 1e-5  # where Adam's epsilon does not matter
        assert (torch.sign(before[name] - state.weights[name]) == torch.sign(projected))[moved].all()
        assert abs((projected * before[name]).sum()) < 1e-4


@pytest.mark.parametrize("recipe", RECIPES)
def test_test_pairs_have_no_say(recipe):
    """Other answers for the test pairs change the reported accuracy and nothing else."""
    made = named("S3")
    task = make_task(made, 0.7, 0)
    short = replace(RECIPES[recipe], max_steps=200, block=25)
    answers = made.table.astype(np.int64)
    honest = train(task, TrainingState.start(SMALL, 6, short, 0), answers=answers)
    answers = np.where(task.train, answers, (answers + 1) % 6)
    misled = train(task, TrainingState.start(SMALL, 6, short, 0), answers=answers)
    assert (honest.step, honest.stopped) == (misled.step, misled.stopped)
    assert all(torch.equal(honest.weights[name], misled.weights[name]) for name in SMALL.shapes(6))


@pytest.mark.parametrize("recipe", ["default", "fast"])
def test_resuming_gives_the_same_bits(recipe):
    """A copy of the state in the middle of a block goes on to the same weights and history."""
    task = make_task(named("A4"), 0.8, 0)
    short = replace(RECIPES[recipe], max_steps=150, block=50)
    copies = {}

    def keep(state):
        if state.step == 77:
            copies["middle"] = copy.deepcopy(state)

    whole = train(task, TrainingState.start(SMALL, 12, short, 0), on_step=keep)
    resumed = train(task, copies["middle"])
    assert all(torch.equal(whole.weights[name], resumed.weights[name]) for name in SMALL.shapes(6))
    assert whole.history == resumed.history


def test_a_stalled_fast_run_falls_back():
    """When the loss at the fallback step is too large, the default recipe takes over with fresh moments."""
    task = make_task(named("S3"), 0.9, 0)
    stalling = replace(RECIPES["fast"], block=10, fallback_step=20, fallback_above=-1.0)
    state = train(task, TrainingState.start(SMALL, 6, stalling, 0))
    assert state.recipe.name == "fast, then default"
    assert state.since == 20
    assert state.recipe.learning_rate == RECIPES["default"].learning_rate


def test_a_diverging_run_stops():
    """A loss that is not finite ends training and is said."""
    task = make_task(named("S3"), 0.9, 0)
    state = TrainingState.start(SMALL, 6, replace(RECIPES["default"], block=5), 0)
    state.weights["W"].fill_(float("nan"))
    assert train(task, state).stopped == "the training loss is not finite"


def test_the_default_recipe_learns_s4():
    """All 576 products, stopped by its plateau rule; the fast recipe too."""
    made = named("S4")
    for recipe in ("default", "fast"):
        task = make_task(made, 0.82, 1)
        state = train(task, TrainingState.start(Architecture(), 24, RECIPES[recipe], 1))
        assert state.history[-1]["test_accuracy"] == 1.0
        assert state.stopped != "step budget of 5,000"


def test_the_memorising_control_memorises():
    """It fits shuffled answers on the training pairs and knows nothing of the others."""
    made = named("S4")
    task = make_task(made, 0.6, 0)
    shuffled = shuffled_answers(made, task.train, np.random.default_rng(0))
    state = train(task, TrainingState.start(Architecture(), 24, MEMORISE, 0), answers=shuffled)
    assert state.history[-1]["train_accuracy"] == 1.0
    assert state.history[-1]["test_accuracy"] < 0.2


def test_sizes_must_be_positive():
    """No empty networks."""
    with pytest.raises(NetworkError, match="at least 1"):
        Architecture(0, 5)


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"activation": "sine"}, "activation is 'sine'; choose one of relu"),
        ({"joined": "stack"}, "joined is 'stack'"),
        ({"bias": "yes"}, "bias is 'yes'"),
        ({"activation": "product", "bias": "hidden"}, "no hidden bias"),
    ],
)
def test_architectures_that_make_no_sense(settings, complaint):
    """Refused with the choices."""
    with pytest.raises(NetworkError, match=complaint):
        Architecture(**settings)


def test_sizes_are_bounded_before_memory_is_taken():
    """A gigabyte of weights at most."""
    with pytest.raises(NetworkError, match="the limit is 268,435,456"):
        Architecture(8192, 100_000).shapes(1000)


def test_initial_weights_have_the_stated_variance():
    """Both initialisations; biases are 0 in the one and uniform in the other."""
    big = Architecture(200, 300, bias="both")
    normal, uniform = (initial_weights(big, 100, 0, kind) for kind in ("normal", "torch"))
    assert normal["W_x"].std() == pytest.approx(200**-0.5, rel=0.05)
    assert normal["W"].std() == pytest.approx(400**-0.5, rel=0.05)
    assert not normal["b"].any()
    assert not normal["b_U"].any()
    small = initial_weights(big, 100, 0, "gpt2")
    assert all(small[name].std() == pytest.approx(0.8 * 200**-0.5, rel=0.05) for name in ("W_x", "W_y", "W", "W_U"))
    assert not small["b"].any()
    assert uniform["W_x"].std() == pytest.approx(1, rel=0.05)
    for name, inputs in (("W", 400), ("b", 400), ("W_U", 300), ("b_U", 300)):
        assert inputs**-0.5 * 0.9 < uniform[name].abs().max() <= inputs**-0.5


@pytest.mark.parametrize("steps", [1, 7, 130])
def test_the_step_budget_is_exact(steps):
    """Also when it is no multiple of the block; the last metrics are those of the last step."""
    task = make_task(named("S3"), 0.9, 0)
    state = train(task, TrainingState.start(SMALL, 6, replace(RECIPES["default"], max_steps=steps), 0))
    assert state.step == state.history[-1]["step"] == steps
    assert state.stopped == f"step budget of {steps:,}"


def test_initial_weights_keep_their_bits():
    """A last bit in the start makes another run on S5: the released formula, divided by the root."""
    weights = initial_weights(SMALL, 6, 0)
    generator = torch.Generator().manual_seed(0)
    for name, shape, inputs in (("W_x", (6, 24), 24), ("W_y", (6, 24), 24), ("W", (48, 16), 48), ("W_U", (16, 6), 16)):
        assert torch.equal(weights[name], torch.randn(*shape, generator=generator) / inputs**0.5)


def test_a_network_that_leaps_and_returns_is_on_no_plateau():
    """Loss and norm of the last block are those of five blocks ago, but in between the norm was elsewhere."""
    state = TrainingState.start(Architecture(embedding=3, hidden=2), 6, RECIPES["default"], 0)

    def stands_still(losses, norms):
        rows = zip(losses, norms, strict=True)
        state.history = [
            {"step": 100 * i, "train_loss": loss, "weight_norm": norm} for i, (loss, norm) in enumerate(rows, 1)
        ]
        return _is_plateau(state)

    level = [1e-6] * 6
    assert stands_still(level, [75.1, 75.0, 75.1, 75.2, 75.0, 75.1])
    assert not stands_still(level, [114.0, 118.5, 122.4, 126.5, 106.9, 113.5])
    assert not stands_still([1e-6, 1e-6, 1e-6, 1e-6, 1e-6, 8e-7], [75.0] * 6)
    assert not stands_still(level[:5], [75.0] * 5)
