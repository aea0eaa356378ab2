"""One training step beside a re-creation of the published one, measured in turns in one run.

    python tests/benchmarks/training.py

The published step (Chughtai, Chan, Nanda 2023): both embeddings looked up for every pair, concatenated, multiplied by
W, ReLU, unembedding, log-softmax in float64, autograd, torch.optim.AdamW. Ours: embeddings folded into tables first,
gradients written out, AdamW in place. The architecture, batch and arithmetic (float32) are the same; one thread, CPU
milliseconds, median of interleaved rounds. The two losses are compared, so that both do the same work.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import torch
from tabulate import tabulate

from grouptool import group
from verify.architecture import Architecture
from verify.networks import initial_weights, loss_and_gradients
from verify.recipes import RECIPES
from verify.task import make_task
from verify.training import TrainingState, _adamw

GROUPS = {"A5": 0.5, "C113": 0.3, "D59": 0.3, "S5": 0.4}
ROUNDS = 20


def main() -> None:
    """Print a row for each group."""
    torch.set_num_threads(1)
    print(tabulate([row(name, fraction) for name, fraction in GROUPS.items()], headers="keys", floatfmt=".2f"))


def row(name: str, fraction: float) -> dict[str, object]:
    """Times of both steps on one group."""
    made = group(name)
    x, y = np.nonzero(make_task(made, fraction, 0).train)
    batch = [torch.from_numpy(part.astype(np.int64)) for part in (x, y, made.table[x, y])]
    published, ours = published_step(made.order, batch), our_step(made.order, batch)
    times: dict[str, list[float]] = {"published": [], "ours": []}
    for turn in range(ROUNDS + 2):
        losses = {}
        for kind, step in (("published", published), ("ours", ours)):
            start = time.process_time()
            losses[kind] = step()
            if turn >= 2:
                times[kind].append(time.process_time() - start)
        if turn < 5:
            assert abs(losses["published"] / losses["ours"] - 1) < 1e-3, losses
    theirs, mine = (1e3 * statistics.median(times[kind]) for kind in ("published", "ours"))
    return {"group": name, "pairs": len(x), "published ms": theirs, "ours ms": mine, "ratio": theirs / mine}


def published_step(order: int, batch: list[torch.Tensor]) -> Callable[[], float]:
    """The step as the released code does it."""
    weights = {name: w.clone().requires_grad_() for name, w in initial_weights(Architecture(), order, 0).items()}
    optimiser = torch.optim.AdamW(weights.values(), lr=3e-2, betas=(0.9, 0.98), weight_decay=1.0)
    x, y, z = batch

    def step() -> float:
        optimiser.zero_grad()
        concatenated = torch.cat((weights["W_x"][x], weights["W_y"][y]), dim=1)
        logits = torch.relu(concatenated @ weights["W"]) @ weights["W_U"]
        log_probabilities = logits.to(torch.float64).log_softmax(dim=-1)
        loss = -log_probabilities.gather(1, z[:, None]).mean()
        loss.backward()
        optimiser.step()
        return loss.item()

    return step


def our_step(order: int, batch: list[torch.Tensor]) -> Callable[[], float]:
    """The step that ``verify.training.train`` repeats."""
    state = TrainingState.start(Architecture(), order, RECIPES["default"], 0)

    def step() -> float:
        loss, gradients = loss_and_gradients(state.architecture, state.weights, *batch)
        _adamw(state, gradients)
        state.step += 1
        return loss

    return step


if __name__ == "__main__":
    main()
