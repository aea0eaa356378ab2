"""Training steps and whole trainings, measured in turns in one run.

    python tests/benchmarks/training.py [steps] [networks] [S5]

steps: one step beside a re-creation of the published one (Chughtai, Chan, Nanda 2023): both embeddings looked up for
every pair, concatenated, multiplied by W, ReLU, unembedding, log-softmax in float64, autograd, torch.optim.AdamW. Ours:
embeddings folded into tables first, gradients written out, AdamW in place. The architecture, batch and arithmetic
(float32) are the same; one thread, CPU milliseconds, median of interleaved rounds. The two losses are compared, so that
both do the same work. The transformer likewise: beside all positions unfolded, on the published sizes.
networks: one step of every kind of network on S5.
S5: CPU seconds to the first block with every test pair right, ten seeds of the default and the fast recipe; a seed that
never gets there is a failure and is counted.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from itertools import product

import numpy as np
import torch
from tabulate import tabulate

from grouptool import group
from verify.architecture import ACTIVATIONS, Architecture, Network, Transformer
from verify.networks import initial_weights, loss_and_gradients
from verify.recipes import RECIPES
from verify.task import make_task
from verify.training import TrainingState, _adamw, train

GROUPS = {"A5": 0.5, "C113": 0.3, "D59": 0.3, "S5": 0.4}
ROUNDS = 20


def main() -> None:
    """Print the tables that were asked for, by default all."""
    torch.set_num_threads(1)
    wanted = sys.argv[1:] or ["steps", "networks", "S5"]
    if "steps" in wanted:
        _print([row(name, fraction) for name, fraction in GROUPS.items()] + [transformer_row()])
    if "networks" in wanted:
        _print([network_row(network) for network in _networks()])
    if "S5" in wanted:
        _print([to_the_end(recipe) for recipe in ("default", "fast")])


def _print(rows: list[dict[str, object]]) -> None:
    print(tabulate(rows, headers="keys", floatfmt=".2f"), end="\n\n")


def _batch(name: str, fraction: float) -> tuple[int, list[torch.Tensor]]:
    made = group(name)
    x, y = np.nonzero(make_task(made, fraction, 0).train)
    return made.order, [torch.from_numpy(part.astype(np.int64)) for part in (x, y, made.table[x, y])]


def row(name: str, fraction: float) -> dict[str, object]:
    """Times of both steps on one group."""
    order, batch = _batch(name, fraction)
    return _compared(name, batch, published_step(order, batch), our_step(Architecture(), order, batch))


def transformer_row() -> dict[str, object]:
    """Times of both steps of the transformer on A5."""
    order, batch = _batch("A5", 0.6)
    theirs = whole_transformer_step(order, batch)
    return _compared("A5, transformer", batch, theirs, our_step(Transformer(), order, batch))


def _compared(
    name: str, batch: list[torch.Tensor], published: Callable[[], float], ours: Callable[[], float]
) -> dict[str, object]:
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
    return {"group": name, "pairs": len(batch[0]), "published ms": theirs, "ours ms": mine, "ratio": theirs / mine}


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


def whole_transformer_step(order: int, batch: list[torch.Tensor]) -> Callable[[], float]:
    """All three positions of a causal transformer, unfolded."""
    weights = {name: w.clone().requires_grad_() for name, w in initial_weights(Transformer(), order, 0).items()}
    optimiser = torch.optim.AdamW(weights.values(), lr=3e-2, betas=(0.9, 0.98), weight_decay=1.0)
    x, y, z = batch
    tokens = torch.stack((x, y, torch.full_like(x, order)), dim=1)

    def step() -> float:
        optimiser.zero_grad()
        stream = weights["embed.W_E"][tokens] + weights["pos_embed.W_pos"]
        q, k, v = (torch.einsum("bpd,hde->bphe", stream, weights[f"blocks.0.attn.W_{one}"]) for one in "QKV")
        scores = torch.einsum("bqhe,bkhe->bhqk", q, k) / q.shape[-1] ** 0.5
        pattern = scores.masked_fill(~torch.ones(3, 3, dtype=torch.bool).tril(), -torch.inf).softmax(dim=-1)
        z_heads = torch.einsum("bhqk,bkhe->bqhe", pattern, v)
        stream = stream + torch.einsum("bqhe,hed->bqd", z_heads, weights["blocks.0.attn.W_O"])
        stream = stream + torch.relu(stream @ weights["blocks.0.mlp.W_in"]) @ weights["blocks.0.mlp.W_out"]
        logits = (stream @ weights["unembed.W_U"])[:, -1]
        loss = -logits.to(torch.float64).log_softmax(dim=-1).gather(1, z[:, None]).mean()
        loss.backward()
        optimiser.step()
        return loss.item()

    return step


def _networks() -> list[Network]:
    kinds = [Architecture(activation=name) for name in ACTIVATIONS]
    joins = [Architecture(joined=j, tied=t, bias="both") for j, t in product(("concat", "sum"), (False, True))]
    return [*kinds, *joins, Transformer()]


def network_row(network: Network) -> dict[str, object]:
    """CPU milliseconds of one step on S5."""
    order, batch = _batch("S5", 0.4)
    step, times = our_step(network, order, batch), []
    for _ in range(5 if isinstance(network, Transformer) else ROUNDS):
        start = time.process_time()
        step()
        times.append(time.process_time() - start)
    shown = {name: getattr(network, name, "-") for name in ("kind", "activation", "joined", "tied", "bias")}
    return shown | {"ms": 1e3 * statistics.median(times)}


def to_the_end(recipe: str, seeds: int = 10) -> dict[str, object]:
    """CPU seconds of training S5 until every test pair is right at the end of a block."""
    made, seconds, steps = group("S5"), [], []
    for seed in range(seeds):
        state = TrainingState.start(Architecture(), made.order, RECIPES[recipe], seed)

        def stop(state: TrainingState) -> None:
            if state.history and state.history[-1]["test_accuracy"] == 1:
                state.stopped = "every test pair is right"  # the benchmark looks at test pairs, training never does

        train(make_task(made, 0.4, seed), state, on_step=stop)
        if state.stopped.startswith("every"):
            seconds.append(state.seconds)
            steps.append(state.step)
    middle = {"CPU s": statistics.median(seconds), "steps": statistics.median(steps)} if seconds else {}
    return {"recipe": recipe, "seeds": seeds, "failures": seeds - len(seconds)} | middle | {
        "least s": min(seconds, default=None), "most s": max(seconds, default=None)
    }  # fmt: skip


def our_step(network: Network, order: int, batch: list[torch.Tensor]) -> Callable[[], float]:
    """The step that ``verify.training.train`` repeats."""
    state = TrainingState.start(network, order, RECIPES["default"], 0)

    def step() -> float:
        loss, gradients = loss_and_gradients(state.architecture, state.weights, *batch)
        _adamw(state, gradients)
        state.step += 1
        return loss

    return step


if __name__ == "__main__":
    main()
