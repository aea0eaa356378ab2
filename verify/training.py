"""Training: full-batch steps, stopping on training loss alone, and a state that resumes bit for bit.

Public: TrainingState, train.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch

from .architecture import Network
from .networks import Weights, initial_weights, loss_and_gradients, predict
from .recipes import PLATEAU_BLOCKS, PLATEAU_MOVE, RECIPES, Recipe
from .task import Task

__all__ = ["TrainingState", "train"]


@dataclass
class TrainingState:
    """Everything that a later step depends on; saved and loaded, training goes on to the bit-identical result.

    Attributes:
        architecture: of the network. recipe: the recipe in force (the fallback's after a switch). step: steps done.
        since: the step at which this recipe began. losses: training losses of the unfinished block.
        history: one row a block: step, train_loss (median), train_accuracy, test_accuracy,
            unleaked_test_accuracy (see ``verify.task.Task``), weight_norm.
        stopped: why training ended; empty while it goes on. seconds: CPU seconds so far.
    """

    architecture: Network
    weights: Weights
    first_moments: Weights
    second_moments: Weights
    recipe: Recipe
    step: int = 0
    since: int = 0
    losses: list[float] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)
    stopped: str = ""
    seconds: float = 0.0

    @classmethod
    def start(cls, architecture: Network, order: int, recipe: Recipe, seed: int, device: str = "cpu") -> TrainingState:
        """Fresh weights and zero moments. Raises NetworkError for weights that are too many."""
        weights = initial_weights(architecture, order, seed, recipe.initialisation)  # the same on every device
        weights = {name: weight.to(device) for name, weight in weights.items()}
        zeros = {name: torch.zeros_like(weight) for name, weight in weights.items()}
        return cls(architecture, weights, zeros, {name: zero.clone() for name, zero in zeros.items()}, recipe)

    def arrays(self) -> dict[str, np.ndarray]:
        """Weights as numpy arrays, copies."""
        return {name: weight.cpu().numpy().copy() for name, weight in self.weights.items()}


def train(
    task: Task,
    state: TrainingState,
    *,
    answers: np.ndarray | None = None,
    on_step: Callable[[TrainingState], None] | None = None,
) -> TrainingState:
    """Train until the recipe says stop; the state is changed in place and returned.

    Args:
        task: pairs and split. answers: shape (n, n), what to learn instead of the group's table (controls).
        on_step: called after every step, for progress and checkpoints; must not change the state.
    """
    target = task.group.table if answers is None else answers
    device = next(iter(state.weights.values())).device
    x, y = (torch.from_numpy(part.ravel()).to(device) for part in np.indices(task.train.shape))
    z = torch.from_numpy(target.astype(np.int64).ravel()).to(device)
    chosen = torch.from_numpy(task.train.ravel()).to(device)
    unleaked = torch.from_numpy(task.unleaked_test.ravel()).to(device)
    batch = x[chosen], y[chosen], z[chosen]
    clock = time.process_time()
    while not state.stopped:
        loss, gradients = loss_and_gradients(state.architecture, state.weights, *batch)
        state.losses.append(loss)
        _adamw(state, gradients)
        state.step += 1
        budget = min(state.since + state.recipe.max_steps, state.recipe.total_steps or state.step + 1)
        if len(state.losses) == state.recipe.block or state.step == budget:
            _close_block(state, (x, y, z), chosen, unleaked)
        now = time.process_time()
        state.seconds += now - clock
        clock = now
        if on_step is not None:
            on_step(state)
    return state


@torch.no_grad()
def _adamw(state: TrainingState, gradients: Weights) -> None:
    """One step of AdamW, or of Adam with an L2 term, in place.

    Written out because torch.optim pulls in its compiler, a second and more at start-up.
    """
    recipe, (first, second) = state.recipe, state.recipe.betas
    count = state.step - state.since + 1
    decay = recipe.weight_decay
    if recipe.decay_steps is not None:
        decay *= max(0.0, 1 - (count - 1) / recipe.decay_steps)
    for name, weight in state.weights.items():
        gradient = gradients[name]
        if recipe.coupled:
            gradient = gradient.add(weight, alpha=decay)
        if recipe.project:
            gradient = gradient - weight * ((weight * gradient).sum() / (weight * weight).sum())
        mean = state.first_moments[name].lerp_(gradient, 1 - first)
        square = state.second_moments[name].mul_(second).addcmul_(gradient, gradient, value=1 - second)
        if not recipe.coupled:
            weight.mul_(1 - recipe.learning_rate * decay)
        scale = (square / (1 - second**count)).sqrt_().add_(1e-8)
        weight.addcdiv_(mean, scale, value=-recipe.learning_rate / (1 - first**count))


def _close_block(
    state: TrainingState,
    pairs: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
    chosen: torch.Tensor,
    unleaked: torch.Tensor,
) -> None:
    """Note the metrics of a block and decide, from the training loss and the weight norm alone, whether to stop."""
    x, y, z = pairs
    right = predict(state.architecture, state.weights, x, y) == z
    state.history.append(
        {
            "step": state.step,
            "train_loss": statistics.median(state.losses),
            "train_accuracy": _share(right[chosen]),
            "test_accuracy": _share(right[~chosen]),
            "unleaked_test_accuracy": _share(right[unleaked]),
            "weight_norm": math.sqrt(sum(float((w.cpu().double() ** 2).sum()) for w in state.weights.values())),
        }
    )
    state.losses.clear()
    recipe, loss, elapsed = state.recipe, state.history[-1]["train_loss"], state.step - state.since
    if not math.isfinite(loss):
        state.stopped = "the training loss is not finite"
    elif loss < recipe.stop_below:
        state.stopped = f"training loss below {recipe.stop_below:g}"
    elif recipe.plateau and _is_plateau(state):
        state.stopped = "plateau of training loss and weight norm"
    elif elapsed >= recipe.max_steps or state.step == recipe.total_steps:
        state.stopped = f"step budget of {recipe.total_steps or recipe.max_steps:,}"
    elif recipe.fallback and elapsed >= recipe.fallback_step and loss > recipe.fallback_above:
        _fall_back(state, RECIPES[recipe.fallback])


def _share(right: torch.Tensor) -> float | None:
    return float(right.cpu().double().mean()) if len(right) else None


def _is_plateau(state: TrainingState) -> bool:
    """Whether loss and norm stand still, the norm in every block between: a network that leaps and returns does not."""
    since = [row for row in state.history if row["step"] > state.since]
    if len(since) <= PLATEAU_BLOCKS:
        return False
    window = since[-1 - PLATEAU_BLOCKS :]
    norms = [row["weight_norm"] for row in window]
    fell = window[-1]["train_loss"] <= 0.9 * window[0]["train_loss"]
    return bool(not fell and max(norms) < (1 + PLATEAU_MOVE) * min(norms))


def _fall_back(state: TrainingState, recipe: Recipe) -> None:
    name = f"{state.recipe.name}, then {recipe.name}"
    state.recipe = replace(recipe, name=name, total_steps=state.recipe.total_steps)
    state.since = state.step
    for moments in (state.first_moments, state.second_moments):
        for moment in moments.values():
            moment.zero_()
