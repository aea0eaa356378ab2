"""One-hidden-layer networks on torch tensors: initial weights, the loss with its gradient, answers.

Public: Weights, initial_weights, loss_and_gradients, predict.
The only arithmetic on torch tensors besides the optimiser and the transformer. The step is folded: the embeddings are
multiplied into the tables L and R once, then looked up for the pairs, the same function at a fifth of the cost.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from ..architecture import Architecture
from ..recipes import Initialisation

__all__ = ["Weights", "initial_weights", "loss_and_gradients", "predict"]

Weights = dict[str, Tensor]
CHUNK_PAIRS = 1024
"""Pairs that a processor works on at once: their hidden layers and logits stay in its cache (a quarter less time)."""
CHUNK_CELLS = 1 << 24
"""Largest number of logits that other devices hold at once (64 MB of float32)."""


def initial_weights(architecture: Architecture, order: int, seed: int, initialisation: Initialisation) -> Weights:
    """Random weights, float32.

    Args:
        initialisation: ``normal``: variance 1/E for embeddings, one over the number of inputs for W and W_U, biases 0
            (the released code of Chughtai, Chan, Nanda 2023, arXiv:2302.03025); ``torch``: embeddings of variance 1,
            everything else uniform up to one over the root of the number of inputs (torch's modules, as in Stander et
            al. 2023, arXiv:2312.06581); ``gpt2``: variance 0.64/E for everything, biases 0.

    Raises NetworkError above 2^28 weights.
    """
    generator = torch.Generator().manual_seed(seed)
    shapes = architecture.shapes(order)
    inputs = {"W": shapes["W"][0], "b": shapes["W"][0], "W_U": architecture.hidden, "b_U": architecture.hidden}
    weights = {}
    for name, shape in shapes.items():
        is_embedding, is_bias = name not in inputs, name in ("b", "b_U")
        scale = inputs.get(name, architecture.embedding) ** 0.5
        if initialisation == "normal":
            draw = torch.zeros(shape) if is_bias else torch.randn(shape, generator=generator) / scale
        elif initialisation == "gpt2":
            draw = torch.randn(shape, generator=generator) * (not is_bias) * (0.8 * architecture.embedding**-0.5)
        elif is_embedding:
            draw = torch.randn(shape, generator=generator)
        else:
            draw = (2 * torch.rand(shape, generator=generator) - 1) / scale
        weights[name] = draw
    return weights


def _chunks(order: int, *parts: Tensor) -> Iterable[tuple[Tensor, ...]]:
    """The pairs in equal chunks."""
    size = CHUNK_PAIRS if parts[0].device.type == "cpu" else max(1, CHUNK_CELLS // order)
    count = max(1, round(len(parts[0]) / size))
    return zip(*(part.chunk(count) for part in parts), strict=True)


def _fold(weights: Weights) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """L, R, and the parts of W that made them: its halves, or W itself twice when embeddings are summed."""
    w_x, w_y = weights.get("W_x", weights.get("W_E")), weights.get("W_y", weights.get("W_E"))
    assert w_x is not None
    assert w_y is not None
    size = w_x.shape[1]
    top, bottom = weights["W"][:size], weights["W"][-size:]
    left, right = w_x @ top, w_y @ bottom
    if "b" in weights:
        left += weights["b"]
    return left, right, top, bottom


Backward = Callable[[Tensor], tuple[Tensor, Tensor]]


def _hidden(activation: str, left: Tensor, right: Tensor) -> tuple[Tensor, Backward]:
    """The hidden layer from looked-up rows (which it may overwrite), and what takes its gradient back to them.

    What takes it back may overwrite the hidden layer.
    """
    if activation == "product":
        return left * right, lambda gradient: (gradient * right, gradient * left)
    t = left.add_(right)
    if activation == "relu":
        value = t.relu_()
        # 0 or 1, in place and in one type: six times as fast as by value > 0
        return value, lambda gradient: _twice(gradient.mul_(value.sign_()))
    if activation == "abs":
        return t.abs(), lambda gradient: _twice(gradient.mul_(t.sign()))
    if activation == "square":
        return t * t, lambda gradient: _twice(gradient.mul_(t).mul_(2))
    if activation == "tanh":
        value = t.tanh_()
        return value, lambda gradient: _twice(gradient.mul_(1 - value * value))
    if activation == "silu":
        logistic = t.sigmoid()
        return t * logistic, lambda gradient: _twice(gradient.mul_(logistic * (1 + t * (1 - logistic))))
    assert activation == "gelu"
    share = torch.erf(t / math.sqrt(2)).add_(1).mul_(0.5)
    density = (-0.5 * t * t).exp_().div_(math.sqrt(2 * math.pi))
    return t * share, lambda gradient: _twice(gradient.mul_(share + t * density))


def _twice(gradient: Tensor) -> tuple[Tensor, Tensor]:
    return gradient, gradient


@torch.no_grad()
def loss_and_gradients(
    architecture: Architecture, weights: Weights, x: Tensor, y: Tensor, z: Tensor
) -> tuple[float, Weights]:
    """Mean cross-entropy over pairs, and its gradient for every weight, written out by hand.

    Args:
        weights: float32 or float64. x, y, z: shape (b,), int64: the pairs and their answers.

    Returns:
        The loss in nats, and gradients shaped like the weights. The loss is log(1 + sum over wrong answers of
        exp(margin)) and 1 - p is the sum of the wrong probabilities, so float32 keeps its digits when p is near 1.

    Cost: 6 b m n + 12 n E m multiply-adds.
    """
    left, right, top, bottom = _fold(weights)
    unembedding, bias = weights["W_U"], weights.get("b_U")
    total = 0.0
    left_gradient, right_gradient = torch.zeros_like(left), torch.zeros_like(right)
    unembedding_gradient = torch.zeros_like(unembedding)
    bias_gradient = torch.zeros_like(unembedding[0])
    for a, b, c in _chunks(unembedding.shape[1], x, y, z):
        hidden, backward = _hidden(architecture.activation, left.index_select(0, a), right.index_select(0, b))
        logits = hidden @ unembedding
        if bias is not None:
            logits += bias
        losses, residual = losses_and_residual(logits, c)
        total += total_of(losses)
        residual.div_(len(x))
        unembedding_gradient.addmm_(hidden.T, residual)
        if bias is not None:
            bias_gradient += residual.sum(dim=0)
        for_left, for_right = backward(residual @ unembedding.T)
        left_gradient.index_add_(0, a, for_left)
        right_gradient.index_add_(0, b, for_right)
    return total / len(x), _unfold(
        weights, (left_gradient, right_gradient, unembedding_gradient, bias_gradient), (top, bottom)
    )


def losses_and_residual(logits: Tensor, answers: Tensor) -> tuple[Tensor, Tensor]:
    """Cross-entropy of each row of logits (which are overwritten), shape (b, 1), and its gradient, shape (b, n)."""
    answer = answers[:, None]
    right = logits.gather(1, answer)
    logits.scatter_(1, answer, -torch.inf)
    largest = torch.maximum(logits.amax(dim=1, keepdim=True), right)
    wrong = logits.sub_(largest).exp_()
    wrong_sum = wrong.sum(dim=1, keepdim=True)
    one = right.sub_(largest).exp()  # 1 where the right answer leads
    losses = torch.where(right < 0, (one + wrong_sum).log() - right, wrong_sum.log1p())
    denominator = one + wrong_sum
    return losses, wrong.div_(denominator).scatter_(1, answer, -(wrong_sum / denominator))


def total_of(losses: Tensor) -> float:
    """The sum in float64, on the processor where the device has none."""
    return float((losses.cpu() if losses.device.type == "mps" else losses).sum(dtype=torch.float64))


def _unfold(weights: Weights, tables: tuple[Tensor, Tensor, Tensor, Tensor], parts: tuple[Tensor, Tensor]) -> Weights:
    """From the gradients of L, R, W_U and b_U to those of all weights."""
    left, right, unembedding, bias = tables
    top, bottom = parts
    gradients = {}
    if "W_E" in weights:
        w_x = w_y = weights["W_E"]
        gradients["W_E"] = left @ top.T + right @ bottom.T
    else:
        w_x, w_y = weights["W_x"], weights["W_y"]
        gradients |= {"W_x": left @ top.T, "W_y": right @ bottom.T}
    halves = w_x.T @ left, w_y.T @ right
    gradients["W"] = torch.cat(halves) if len(weights["W"]) == 2 * w_x.shape[1] else halves[0] + halves[1]
    if "b" in weights:
        gradients["b"] = left.sum(dim=0)
    gradients["W_U"] = unembedding
    if "b_U" in weights:
        gradients["b_U"] = bias
    return gradients


@torch.no_grad()
def predict(architecture: Architecture, weights: Weights, x: Tensor, y: Tensor) -> Tensor:
    """Shape (b,), int64: the answer with the largest logit for each pair."""
    left, right, _, _ = _fold(weights)
    parts = []
    for a, b in _chunks(weights["W_U"].shape[1], x, y):
        hidden, _ = _hidden(architecture.activation, left.index_select(0, a), right.index_select(0, b))
        logits = hidden @ weights["W_U"]
        parts.append((logits + weights["b_U"] if "b_U" in weights else logits).argmax(dim=1))
    return torch.cat(parts)
