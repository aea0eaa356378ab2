"""Training: gradients and AdamW against torch's own, stopping without test pairs, resuming bit for bit."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch
from strategies import named

from grouptool.errors import NetworkError
from verify.networks import NAMES, Architecture, initial_weights, loss_and_gradients, predict
from verify.recipes import MEMORISE, RECIPES
from verify.task import make_task, shuffled_answers
from verify.training import TrainingState, train

SMALL = Architecture(embedding=24, hidden=16)


def _pairs(made, mask):
    x, y = np.nonzero(mask)
    return tuple(torch.from_numpy(part.astype(np.int64)) for part in (x, y, made.table[x, y]))


def _reference_loss(weights, x, y, z):
    size = weights["W_x"].shape[1]
    left, right = weights["W_x"] @ weights["W"][:size], weights["W_y"] @ weights["W"][size:]
    return torch.nn.functional.cross_entropy(torch.relu(left[x] + right[y]) @ weights["W_U"], z)


@pytest.mark.parametrize("cells", [1 << 24, 100])
def test_gradients_are_autograd_s(cells, monkeypatch):
    """In float64, in one piece and in chunks."""
    monkeypatch.setattr("verify.networks.CHUNK_CELLS", cells)
    made = named("S4")
    weights = {name: w.double() for name, w in initial_weights(SMALL, 24, 0).items()}
    pairs = _pairs(made, make_task(made, 0.5, 0).train)
    loss, gradients = loss_and_gradients(weights, *pairs)
    leaves = {name: w.clone().requires_grad_() for name, w in weights.items()}
    reference = _reference_loss(leaves, *pairs)
    reference.backward()
    assert loss == pytest.approx(reference.item(), rel=1e-12)
    for name in NAMES:
        assert torch.allclose(gradients[name], leaves[name].grad, atol=1e-14)


def test_float32_keeps_the_gradient_of_a_fitted_network():
    """When every answer has probability near 1, 1 - p in float32 would be 0; ours agrees with float64."""
    made = named("S3")
    weights = initial_weights(SMALL, 6, 0)
    weights = {name: 6 * w for name, w in weights.items()}
    pairs = _pairs(made, np.ones((6, 6), dtype=bool))
    x, y, _ = pairs
    pairs = (x, y, predict(weights, x, y))  # whatever it says is right, so the losses are small
    loss, gradients = loss_and_gradients(weights, *pairs)
    exact_loss, exact = loss_and_gradients({name: w.double() for name, w in weights.items()}, *pairs)
    assert loss == pytest.approx(exact_loss, rel=1e-3)
    for name in NAMES:
        assert torch.allclose(gradients[name].double(), exact[name], rtol=1e-2, atol=1e-6 * exact[name].abs().max())


def test_the_optimiser_is_adamw():
    """Thirty steps side by side with torch.optim.AdamW, float64."""
    made = named("S3")
    task = make_task(made, 1.0, 0)
    recipe = replace(RECIPES["default"], max_steps=30, block=30, plateau=False)
    state = TrainingState.start(SMALL, 6, recipe, 0)
    for part in (state.weights, state.first_moments, state.second_moments):
        part.update({name: w.double() for name, w in part.items()})
    leaves = {name: w.clone().requires_grad_() for name, w in state.weights.items()}
    optimiser = torch.optim.AdamW(leaves.values(), lr=3e-2, betas=(0.9, 0.98), weight_decay=1.0, eps=1e-8)
    pairs = _pairs(made, task.train)
    for _ in range(30):
        optimiser.zero_grad()
        _reference_loss(leaves, *pairs).backward()
        optimiser.step()
    train(task, state)
    assert state.step == 30
    for name in NAMES:
        assert torch.allclose(state.weights[name], leaves[name], rtol=1e-6, atol=1e-9)


def test_projected_gradients_are_orthogonal_to_the_weights():
    """The first step of the fast recipe without decay moves each weight along its projected gradient's signs only."""
    recipe = replace(RECIPES["fast"], weight_decay=0.0, max_steps=1, block=1)
    made = named("S3")
    task = make_task(made, 1.0, 0)
    state = TrainingState.start(SMALL, 6, recipe, 0)
    before = {name: w.clone() for name, w in state.weights.items()}
    _, gradients = loss_and_gradients(before, *_pairs(made, task.train))
    train(task, state)
    for name in NAMES:
        radial = (before[name] * gradients[name]).sum() / (before[name] ** 2).sum()
        projected = gradients[name] - radial * before[name]
        moved = projected.abs() > 1e-5  # where Adam's epsilon does not matter
        assert (torch.sign(before[name] - state.weights[name]) == torch.sign(projected))[moved].all()
        assert abs((projected * before[name]).sum()) < 1e-4


@pytest.mark.parametrize("recipe", ["default", "fast", "published"])
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
    assert all(torch.equal(honest.weights[name], misled.weights[name]) for name in NAMES)


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
    assert all(torch.equal(whole.weights[name], resumed.weights[name]) for name in NAMES)
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


@pytest.mark.parametrize("steps", [1, 7, 130])
def test_the_step_budget_is_exact(steps):
    """Also when it is no multiple of the block; the last metrics are those of the last step."""
    task = make_task(named("S3"), 0.9, 0)
    state = train(task, TrainingState.start(SMALL, 6, replace(RECIPES["default"], max_steps=steps), 0))
    assert state.step == state.history[-1]["step"] == steps
    assert state.stopped == f"step budget of {steps:,}"
