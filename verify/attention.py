"""A one-layer transformer at its last position, as plain tables.

Public: Attention, read_attention, TRANSFORMER_NAMES.
The tokens are x, y, "="; only what "=" attends to reaches the answer, and its query is the same for all pairs. So a
head is two tables of scores and two of values, and the hidden layer needs three numbers a head for each pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from grouptool.errors import NetworkError

__all__ = ["TRANSFORMER_NAMES", "Attention", "read_attention"]

TRANSFORMER_NAMES = (
    "embed.W_E",
    "pos_embed.W_pos",
    "blocks.0.attn.W_Q",
    "blocks.0.attn.W_K",
    "blocks.0.attn.W_V",
    "blocks.0.attn.W_O",
    "blocks.0.mlp.W_in",
    "blocks.0.mlp.W_out",
    "unembed.W_U",
)
"""The weights, under the names of TransformerLens."""

_BIASES = {
    "blocks.0.attn.b_Q": "W_Q",
    "blocks.0.attn.b_K": "W_K",
    "blocks.0.attn.b_V": "W_V",
    "blocks.0.attn.b_O": "d",
    "blocks.0.mlp.b_in": "m",
    "blocks.0.mlp.b_out": "d",
    "unembed.b_U": "n",
}
_BUFFERS = ("blocks.0.attn.mask", "blocks.0.attn.IGNORE")


@dataclass(frozen=True, eq=False)
class Attention:
    """What the last position reads, and what it adds to its hidden layer beyond a sum of two tables.

    Attributes:
        scores: shapes (n, h), (n, h), (h,): of "=" for x, for y and for itself, for each of h heads.
        values: shapes (n, h, d), (n, h, d), (h, d): what each writes into the residual stream when attended to.
        base: shape (d,): the residual stream of "=" before attention, with the biases of attention.
        inward: shape (d, m) and (m,): into the hidden layer, with its bias.
        outward: shape (d, n) and (n,): from the residual stream to the logits, with the biases.
        gain: shape (m,): factor by which the circuit's neurons were scaled.
    """

    scores: tuple[np.ndarray, np.ndarray, np.ndarray]
    values: tuple[np.ndarray, np.ndarray, np.ndarray]
    base: np.ndarray
    inward: tuple[np.ndarray, np.ndarray]
    outward: tuple[np.ndarray, np.ndarray]
    gain: np.ndarray

    @property
    def order(self) -> int:
        """Number n of elements."""
        return len(self.scores[0])

    def pattern(self, x: int) -> np.ndarray:
        """Shape (n, h, 3): for each y and head the weights of x, y and "=", summing to 1."""
        of_x, of_y, of_end = self.scores
        raw = np.stack(np.broadcast_arrays(of_x[x], of_y, of_end), axis=-1)
        raw = np.exp(raw - raw.max(axis=-1, keepdims=True))
        return np.asarray(raw / raw.sum(axis=-1, keepdims=True))

    def residual(self, x: int) -> np.ndarray:
        """Shape (n, d): the residual stream of "=" after attention, for each y."""
        weights = self.pattern(x)
        of_x, of_y, of_end = self.values
        found = self.base + weights[..., 0] @ of_x[x] + weights[..., 2] @ of_end
        return np.asarray(found + np.einsum("yh,yhd->yd", weights[..., 1], of_y))

    def row(self, x: int) -> tuple[np.ndarray, np.ndarray]:
        """For each y the pre-activations, shape (n, m), and what goes past the hidden layer, shape (n, n)."""
        stream = self.residual(x)
        inner = (stream @ self.inward[0] + self.inward[1]) * self.gain
        return inner, stream @ self.outward[0] + self.outward[1]

    @cached_property
    def additive(self) -> tuple[np.ndarray, np.ndarray, float]:
        """The best L and R, shape (n, m), with pre-activation L[x] + R[y], and the share of variance they explain.

        Cost: n products of (n, d) by (d, m).
        """
        n, m = self.order, len(self.gain)
        left, columns, squares = np.empty((n, m)), np.zeros((n, m)), 0.0
        for x in range(n):
            inner, _ = self.row(x)
            left[x] = inner.mean(axis=0)
            columns += inner / n
            squares += float((inner**2).sum())
        mean = left.mean(axis=0)
        right = columns - mean
        total = squares - n * n * float((mean**2).sum())
        explained = n * float(((left - mean) ** 2).sum() + (right**2).sum())
        return left, right, explained / total if total > 0 else 1.0

    @cached_property
    def mean_pattern(self) -> np.ndarray:
        """Shape (h, 3): for each head its weights of x, y and "=", on the mean over all pairs."""
        return np.asarray(np.mean([self.pattern(x).mean(axis=0) for x in range(self.order)], axis=0))

    def scaled(self, scale: np.ndarray) -> Attention:
        """With every neuron's pre-activation times a factor, shape (m,)."""
        return replace(self, gain=self.gain * scale)

    def reordered(self, places: np.ndarray) -> Attention:
        """With element i where ``places[i]`` was."""
        (of_x, of_y, end), (from_x, from_y, from_end) = self.scores, self.values
        return replace(
            self,
            scores=(of_x[places], of_y[places], end),
            values=(from_x[places], from_y[places], from_end),
            outward=(self.outward[0][:, places], self.outward[1][places]),
        )


def read_attention(weights: Mapping[str, np.ndarray]) -> tuple[Attention, np.ndarray]:
    """The tables of a one-layer transformer without layer norm, and the weights from its hidden layer to the logits.

    Args:
        weights: under TransformerLens' names: embed.W_E (n + 1, d), the last row for "="; pos_embed.W_pos (3, d) or
            longer; blocks.0.attn.W_Q, W_K, W_V (h, d, d/h), W_O (h, d/h, d); blocks.0.mlp.W_in (d, m), W_out (m, d);
            unembed.W_U (d, n) or (d, n + 1); biases or none.

    Returns:
        The attention, and W_out W_U, shape (m, n).

    Raises NetworkError when a weight is missing, unknown, or does not fit.
    """
    given = {name: np.asarray(value, dtype=np.float64) for name, value in weights.items() if name not in _BUFFERS}
    if unknown := sorted(set(given) - {*TRANSFORMER_NAMES, *_BIASES}):
        raise NetworkError(f"a one-layer transformer without layer norm has no {', '.join(unknown)[:200]}")
    if missing := [name for name in TRANSFORMER_NAMES if name not in given]:
        raise NetworkError(f"the weights lack {', '.join(missing)}")
    short = {name.rpartition(".")[2]: given[name] for name in TRANSFORMER_NAMES}
    _check_shapes(short)
    n, d = short["W_E"].shape[0] - 1, short["W_E"].shape[1]
    heads, size = short["W_Q"].shape[0], short["W_Q"].shape[2]
    m = short["W_in"].shape[1]
    lengths = {"d": (d,), "m": (m,), "n": short["W_U"].shape[1:]}
    biases = {}
    for name, kind in _BIASES.items():
        shape = lengths.get(kind, (heads, size))
        bias = given.get(name, np.zeros(shape))
        if bias.shape != shape:
            raise NetworkError(f"{name} has shape {bias.shape}; expected {shape}")
        biases[name.rpartition(".")[2]] = bias
    for name, table in given.items():
        if not np.isfinite(table).all():
            raise NetworkError(f"{name} has entries that are not finite")
    end = short["W_E"][n] + short["W_pos"][2]
    inputs = short["W_E"][:n] + short["W_pos"][0], short["W_E"][:n] + short["W_pos"][1], end
    query = np.einsum("d,hde->he", end, short["W_Q"]) + biases["b_Q"]
    keys = [np.einsum("...d,hde->...he", one, short["W_K"]) + biases["b_K"] for one in inputs]
    scores = [np.einsum("...he,he->...h", one, query) / size**0.5 for one in keys]
    carried = [np.einsum("...d,hde->...he", one, short["W_V"]) + biases["b_V"] for one in inputs]
    values = [np.einsum("...he,hed->...hd", one, short["W_O"]) for one in carried]
    outer = short["W_U"][:, :n]
    last = biases["b_out"] @ outer + biases["b_U"][:n]
    found = Attention(
        scores=(scores[0], scores[1], scores[2]),
        values=(values[0], values[1], values[2]),
        base=end + biases["b_O"],
        inward=(short["W_in"], biases["b_in"]),
        outward=(outer, last),
        gain=np.ones(m),
    )
    return found, short["W_out"] @ outer


def _check_shapes(short: Mapping[str, np.ndarray]) -> None:
    tokens, d = short["W_E"].shape if short["W_E"].ndim == 2 else (0, 0)
    heads, _, size = short["W_Q"].shape if short["W_Q"].ndim == 3 else (0, 0, 0)
    m = short["W_in"].shape[-1] if short["W_in"].ndim else 0
    positions = max(3, short["W_pos"].shape[0] if short["W_pos"].ndim else 0)
    inner = (heads, d, size)
    expected: dict[str, tuple[tuple[int, ...], ...]] = {
        "W_Q": (inner,), "W_K": (inner,), "W_V": (inner,), "W_O": ((heads, size, d),), "W_in": ((d, m),),
        "W_out": ((m, d),), "W_U": ((d, tokens - 1), (d, tokens)), "W_pos": ((positions, d),),
    }  # fmt: skip
    if tokens < 2 or not size:
        raise NetworkError(
            f"W_E has shape {short['W_E'].shape} and W_Q {short['W_Q'].shape}; expected (n + 1, d) and (h, d, d/h)"
        )
    for name, shapes in expected.items():
        if short[name].shape not in shapes:
            raise NetworkError(f"{name} has shape {short[name].shape}; expected {shapes[0]}")
