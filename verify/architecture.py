"""What a one-hidden-layer network computes: activations, how the inputs meet, sizes. Plain numpy, without torch.

Public: Activation, ACTIVATIONS, Architecture, Transformer, Network.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from grouptool.errors import NetworkError

__all__ = ["ACTIVATIONS", "Activation", "Architecture", "Network", "Transformer"]

LARGEST_WEIGHTS = 1 << 28
"""Largest number of weights, a gigabyte of float32."""


@dataclass(frozen=True)
class Activation:
    """How the hidden layer comes from the left and right tables.

    Attributes:
        degree: d with hidden(c L, c R) = c^d hidden(L, R) for all c > 0; None when there is none, so that the scale of
            a neuron's L and R means something.
        apply: from the two tables, broadcast against each other, to the hidden layer, float64.
        signs: of (L, R, U) under which a neuron stays the same.
    """

    name: str
    degree: int | None
    apply: Callable[[np.ndarray, np.ndarray], np.ndarray]
    signs: tuple[tuple[int, int, int], ...] = ((1, 1, 1),)


def _of_sum(function: Callable[[np.ndarray], np.ndarray]) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    return lambda left, right: function(left + right)


def _gelu(t: np.ndarray) -> np.ndarray:
    return np.asarray(0.5 * t * (1 + _erf(t / math.sqrt(2))))


def _silu(t: np.ndarray) -> np.ndarray:
    # By tanh, which cannot overflow.
    return np.asarray(0.5 * t * (1 + np.tanh(0.5 * t)))


ERF_STEPS = 2048
ERF_END = 6.0


@cache
def _erf_table() -> tuple[np.ndarray, np.ndarray]:
    grid = np.arange(-int(ERF_END * ERF_STEPS), int(ERF_END * ERF_STEPS) + 2) / ERF_STEPS
    return np.array([math.erf(x) for x in grid]), 2 / math.sqrt(math.pi) * np.exp(-(grid**2))


def _erf(t: np.ndarray) -> np.ndarray:
    """The error function to 1e-15: cubic Hermite interpolation between exact values, 1 beyond 6 (numpy has none)."""
    values, slopes = _erf_table()
    place = (np.clip(t, -ERF_END, ERF_END) + ERF_END) * ERF_STEPS
    cell = place.astype(np.int64)
    u = place - cell
    v = 1 - u
    ends = values[cell] * v * v * (1 + 2 * u) + values[cell + 1] * u * u * (1 + 2 * v)
    return np.asarray(ends + (slopes[cell] * v - slopes[cell + 1] * u) * u * v / ERF_STEPS)


EVEN = ((1, 1, 1), (-1, -1, 1))

ACTIVATIONS = {
    one.name: one
    for one in (
        Activation("relu", 1, _of_sum(lambda t: np.maximum(t, 0))),
        Activation("abs", 1, _of_sum(np.abs), EVEN),
        Activation("square", 2, _of_sum(np.square), EVEN),
        Activation("gelu", None, _of_sum(_gelu)),
        Activation("silu", None, _of_sum(_silu)),
        Activation("tanh", None, _of_sum(np.tanh), ((1, 1, 1), (-1, -1, -1))),
        Activation("product", 2, np.multiply, (*EVEN, (-1, 1, -1), (1, -1, -1))),
    )
}
"""By name. All but ``product`` act on L[x] + R[y]; the product network has the hidden layer L[x] R[y]."""


@dataclass(frozen=True)
class Architecture:
    """A network with one hidden layer: embeddings, hidden weights, unembedding.

    Attributes:
        embedding, hidden: sizes E and m.
        activation: a name in ``ACTIVATIONS``.
        joined: whether the embeddings of x and y are concatenated (W is (2E, m)) or summed (one W (E, m) for both).
        tied: whether x and y share one embedding W_E in place of W_x and W_y.
        bias: which layers have one: ``none``, ``hidden`` (b), ``output`` (b_U) or ``both``.

    Raises NetworkError for sizes below 1, unknown names, and a hidden bias of a product network.
    """

    embedding: int = 256
    hidden: int = 128
    activation: str = "relu"
    joined: Literal["concat", "sum"] = "concat"
    tied: bool = False
    bias: Literal["none", "hidden", "output", "both"] = "none"

    def __post_init__(self) -> None:
        if min(self.embedding, self.hidden) < 1:
            raise NetworkError(f"embedding {self.embedding} and hidden {self.hidden} must be at least 1")
        choices = {"activation": tuple(ACTIVATIONS), "joined": ("concat", "sum")}
        choices["bias"] = ("none", "hidden", "output", "both")
        for name, known in choices.items():
            if getattr(self, name) not in known:
                raise NetworkError(f"{name} is {getattr(self, name)!r}; choose one of {', '.join(known)}")
        if self.activation == "product" and self.bias in ("hidden", "both"):
            raise NetworkError("a product network has no hidden bias; choose bias none or output")

    @property
    def kind(self) -> str:
        """``mlp``, or ``product`` where the activation is."""
        return "product" if self.activation == "product" else "mlp"

    @property
    def is_symmetric(self) -> bool:
        """Whether the network gives (x, y) and (y, x) the same logits whatever its weights: summed and tied."""
        return self.tied and self.joined == "sum"

    @property
    def width(self) -> int:
        """Neurons of the folded circuit: one more than ``hidden`` when an output bias is folded in."""
        return self.hidden + (self.bias in ("output", "both"))

    def shapes(self, order: int) -> dict[str, tuple[int, ...]]:
        """The shape of each weight for a group of this order. Raises NetworkError above 2^28 weights."""
        size, hidden = self.embedding, self.hidden
        names = ("W_E",) if self.tied else ("W_x", "W_y")
        shapes: dict[str, tuple[int, ...]] = dict.fromkeys(names, (order, size))
        shapes["W"] = (2 * size if self.joined == "concat" else size, hidden)
        if self.bias in ("hidden", "both"):
            shapes["b"] = (hidden,)
        shapes["W_U"] = (hidden, order)
        if self.bias in ("output", "both"):
            shapes["b_U"] = (order,)
        return _bounded(shapes)


@dataclass(frozen=True)
class Transformer:
    """A one-layer transformer on the tokens x, y and "=", without layer norm or biases, read at its last position.

    Attributes:
        embedding: d, of the residual stream; one embedding for all tokens. heads: h, a divisor of d.
        hidden: m, neurons of the layer after attention. activation: of that layer.

    Raises NetworkError for sizes below 1, heads that do not divide d, and an activation that is none.
    Source: Chughtai, Chan, Nanda (2023), arXiv:2302.03025, appendix; d = 128, h = 4, m = 512.
    """

    embedding: int = 128
    hidden: int = 512
    activation: str = "relu"
    heads: int = 4

    def __post_init__(self) -> None:
        if min(self.embedding, self.hidden, self.heads) < 1 or self.embedding % self.heads:
            raise NetworkError(
                f"embedding {self.embedding}, hidden {self.hidden} and heads {self.heads} must be at least 1, and the "
                "heads divide the embedding"
            )
        known = [name for name in ACTIVATIONS if name != "product"]
        if self.activation not in known:
            raise NetworkError(f"activation is {self.activation!r}; choose one of {', '.join(known)}")

    kind = "transformer"
    is_symmetric = False

    @property
    def width(self) -> int:
        """Neurons of the circuit."""
        return self.hidden

    def shapes(self, order: int) -> dict[str, tuple[int, ...]]:
        """The shape of each weight, under TransformerLens' names. Raises NetworkError above 2^28 weights."""
        d, h, m = self.embedding, self.heads, self.hidden
        inner = (h, d, d // h)
        return _bounded(
            {
                "embed.W_E": (order + 1, d),
                "pos_embed.W_pos": (3, d),
                **{f"blocks.0.attn.W_{one}": inner for one in "QKV"},
                "blocks.0.attn.W_O": (h, d // h, d),
                "blocks.0.mlp.W_in": (d, m),
                "blocks.0.mlp.W_out": (m, d),
                "unembed.W_U": (d, order),
            }
        )


Network = Architecture | Transformer


def _bounded(shapes: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    if (count := sum(math.prod(shape) for shape in shapes.values())) > LARGEST_WEIGHTS:
        raise NetworkError(f"the network would have {count:,} weights; the limit is {LARGEST_WEIGHTS:,}")
    return shapes
