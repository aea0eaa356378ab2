"""The published network: two untied embeddings, concatenated, one hidden ReLU layer without biases, an unembedding.

Public: Architecture, initial_weights, loss_and_gradients.
The only arithmetic on torch tensors besides the optimiser. The step is folded: the embeddings are multiplied into the
tables L and R once, then looked up for the pairs, the same function at a fifth of the cost.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from grouptool.errors import NetworkError

__all__ = ["NAMES", "Architecture", "Weights", "initial_weights", "loss_and_gradients", "predict"]

NAMES = ("W_x", "W_y", "W", "W_U")
Weights = dict[str, Tensor]
CHUNK_CELLS = 1 << 24
"""Largest number of logits that are held at once (64 MB of float32)."""


@dataclass(frozen=True)
class Architecture:
    """Sizes of the network: embeddings W_x, W_y (n, E), hidden weights W (2E, m), unembedding W_U (m, n)."""

    embedding: int = 256
    hidden: int = 128

    def __post_init__(self) -> None:
        if min(self.embedding, self.hidden) < 1:
            raise NetworkError(f"embedding {self.embedding} and hidden {self.hidden} must be at least 1")

    def shapes(self, order: int) -> dict[str, tuple[int, int]]:
        """The shape of each weight for a group of this order."""
        return {
            "W_x": (order, self.embedding),
            "W_y": (order, self.embedding),
            "W": (2 * self.embedding, self.hidden),
            "W_U": (self.hidden, order),
        }


def initial_weights(architecture: Architecture, order: int, seed: int) -> Weights:
    """Normal weights of variance 1/E for the embeddings and one over the number of inputs for W and W_U, float32.

    Source: the released code of Chughtai, Chan, Nanda (2023), arXiv:2302.03025.
    """
    generator = torch.Generator().manual_seed(seed)
    fan = {"W_x": architecture.embedding, "W_y": architecture.embedding}
    return {
        name: torch.randn(*shape, generator=generator) / fan.get(name, shape[0]) ** 0.5
        for name, shape in architecture.shapes(order).items()
    }


def _chunk(pairs: int, order: int) -> int:
    return max(1, min(pairs, CHUNK_CELLS // order))


def _fold(weights: Weights) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """L, R, and the two halves of W that made them."""
    size = weights["W_x"].shape[1]
    top, bottom = weights["W"][:size], weights["W"][size:]
    return weights["W_x"] @ top, weights["W_y"] @ bottom, top, bottom


@torch.no_grad()
def loss_and_gradients(weights: Weights, x: Tensor, y: Tensor, z: Tensor) -> tuple[float, Weights]:
    """Mean cross-entropy over pairs, and its gradient for every weight, written out by hand.

    Args:
        weights: float32 or float64. x, y, z: shape (b,), int64: the pairs and their answers.

    Returns:
        The loss in nats, and gradients shaped like the weights. The loss is log(1 + sum over wrong answers of
        exp(margin)) and 1 - p is the sum of the wrong probabilities, so float32 keeps its digits when p is near 1.

    Cost: 6 b m n + 12 n E m multiply-adds.
    """
    left, right, top, bottom = _fold(weights)
    unembedding = weights["W_U"]
    total = 0.0
    left_gradient, right_gradient = torch.zeros_like(left), torch.zeros_like(right)
    unembedding_gradient = torch.zeros_like(unembedding)
    size = _chunk(len(x), unembedding.shape[1])
    for a, b, c in zip(*(torch.split(part, size) for part in (x, y, z)), strict=True):
        hidden = left.index_select(0, a).add_(right.index_select(0, b)).relu_()
        margins = hidden @ unembedding
        answer = c[:, None]
        margins -= margins.gather(1, answer)
        margins.scatter_(1, answer, -torch.inf)
        shift = margins.amax(dim=1, keepdim=True).clamp_(min=0)
        wrong = margins.sub_(shift).exp_()
        wrong_sum = wrong.sum(dim=1, keepdim=True)
        one = (-shift).exp()
        losses = torch.where(shift > 0, shift + (one + wrong_sum).log(), wrong_sum.log1p())
        total += float(losses.sum(dtype=torch.float64))
        denominator = wrong_sum + one
        residual = wrong.div_(denominator).scatter_(1, answer, -(wrong_sum / denominator)).div_(len(x))
        unembedding_gradient.addmm_(hidden.T, residual)
        hidden_gradient = (residual @ unembedding.T).mul_(hidden > 0)
        left_gradient.index_add_(0, a, hidden_gradient)
        right_gradient.index_add_(0, b, hidden_gradient)
    gradients = {
        "W_x": left_gradient @ top.T,
        "W_y": right_gradient @ bottom.T,
        "W": torch.cat((weights["W_x"].T @ left_gradient, weights["W_y"].T @ right_gradient)),
        "W_U": unembedding_gradient,
    }
    return total / len(x), gradients


@torch.no_grad()
def predict(weights: Weights, x: Tensor, y: Tensor) -> Tensor:
    """Shape (b,), int64: the answer with the largest logit for each pair."""
    left, right, _, _ = _fold(weights)
    size = _chunk(len(x), weights["W_U"].shape[1])
    parts = [
        (left.index_select(0, a).add_(right.index_select(0, b)).relu_() @ weights["W_U"]).argmax(dim=1)
        for a, b in zip(torch.split(x, size), torch.split(y, size), strict=True)
    ]
    return torch.cat(parts)
