"""The one-layer transformer on torch tensors, folded like the others: its loss with autograd's gradient, and answers.

Public: initial_weights, loss_and_gradients, predict, logits_of.
Only the last position reaches the answer, and its query is the same for all pairs: scores and values are tables with a
row for each element, looked up for the pairs.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ..architecture import Transformer
from ..recipes import Initialisation
from .mlp import Weights, losses_and_residual, total_of

__all__ = ["initial_weights", "logits_of", "loss_and_gradients", "predict"]

FUNCTIONS = {
    "relu": torch.relu,
    "abs": torch.abs,
    "square": torch.square,
    "gelu": torch.nn.functional.gelu,
    "silu": torch.nn.functional.silu,
    "tanh": torch.tanh,
}

CHUNK_CELLS = 1 << 24
"""Largest number of hidden values that are held at once."""


def initial_weights(architecture: Transformer, order: int, seed: int, initialisation: Initialisation) -> Weights:
    """Random weights, float32: normal with variance one over the number of inputs, 1/d for embeddings and positions.

    ``gpt2`` gives all of them variance 0.64/d, as TransformerLens does and so the paper did; ``torch`` makes embeddings
    of variance 1 and the rest uniform up to one over the root of the number of inputs.
    """
    generator = torch.Generator().manual_seed(seed)
    weights = {}
    for name, shape in architecture.shapes(order).items():
        is_embedding = "embed.W_" in name and not name.startswith("un")
        inputs = shape[1] if is_embedding or len(shape) == 3 else shape[0]
        if name == "blocks.0.attn.W_O":
            inputs = architecture.embedding
        if initialisation == "normal":
            weights[name] = torch.randn(shape, generator=generator) / inputs**0.5
        elif initialisation == "gpt2":
            weights[name] = torch.randn(shape, generator=generator) * (0.8 * architecture.embedding**-0.5)
        elif is_embedding:
            weights[name] = torch.randn(shape, generator=generator)
        else:
            weights[name] = (2 * torch.rand(shape, generator=generator) - 1) / inputs**0.5
    return weights


def logits_of(architecture: Transformer, weights: Weights, x: Tensor, y: Tensor) -> Tensor:
    """Shape (b, n): the logits at the last position for each pair.

    Cost: b d (h + 2 m + n) multiply-adds and tables of n h d numbers.
    """
    embedding, positions = weights["embed.W_E"], weights["pos_embed.W_pos"]
    n = embedding.shape[0] - 1
    end = embedding[n] + positions[2]
    inputs = embedding[:n] + positions[0], embedding[:n] + positions[1], end[None]
    query = torch.einsum("d,hde->he", end, weights["blocks.0.attn.W_Q"])
    seen = torch.einsum("hde,he->dh", weights["blocks.0.attn.W_K"], query) / query.shape[1] ** 0.5
    through = torch.einsum("hde,hef->dhf", weights["blocks.0.attn.W_V"], weights["blocks.0.attn.W_O"]).flatten(1)
    scores = [one @ seen for one in inputs]
    values = [(one @ through).view(len(one), seen.shape[1], -1) for one in inputs]
    raw = torch.stack((scores[0][x], scores[1][y], scores[2].expand(len(x), -1)), dim=-1)
    pattern = raw.softmax(dim=-1)
    looked_up = torch.cat((values[0][x], values[1][y], values[2].expand(len(x), -1, -1)), dim=1)
    stream = end + torch.bmm(pattern.permute(0, 2, 1).flatten(1).unsqueeze(1), looked_up).squeeze(1)
    hidden = FUNCTIONS[architecture.activation](stream @ weights["blocks.0.mlp.W_in"])
    return (stream + hidden @ weights["blocks.0.mlp.W_out"]) @ weights["unembed.W_U"]


def _chunk(architecture: Transformer, order: int) -> int:
    widest = max(architecture.hidden, order, 3 * architecture.heads * architecture.embedding)
    return max(1, CHUNK_CELLS // widest)


def loss_and_gradients(
    architecture: Transformer, weights: Weights, x: Tensor, y: Tensor, z: Tensor
) -> tuple[float, Weights]:
    """As ``verify.networks.mlp.loss_and_gradients``, the same stable loss; from the logits back by autograd."""
    leaves = {name: weight.detach().requires_grad_() for name, weight in weights.items()}
    total, size = 0.0, _chunk(architecture, weights["unembed.W_U"].shape[1])
    for a, b, c in zip(*(torch.split(part, size) for part in (x, y, z)), strict=True):
        logits = logits_of(architecture, leaves, a, b)
        losses, residual = losses_and_residual(logits.detach().clone(), c)
        total += total_of(losses)
        logits.backward(residual.div_(len(x)))  # type: ignore[no-untyped-call]
    return total / len(x), {name: leaf.grad for name, leaf in leaves.items() if leaf.grad is not None}


@torch.no_grad()
def predict(architecture: Transformer, weights: Weights, x: Tensor, y: Tensor) -> Tensor:
    """Shape (b,), int64: the answer with the largest logit for each pair."""
    size = _chunk(architecture, weights["unembed.W_U"].shape[1])
    pairs = zip(torch.split(x, size), torch.split(y, size), strict=True)
    return torch.cat([logits_of(architecture, weights, a, b).argmax(dim=1) for a, b in pairs])
