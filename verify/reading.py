"""A trained network as plain arrays, and one pass over all its logits.

Public: Circuit, Readout, read_out, answers, cross_entropies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from grouptool.errors import NetworkError, NoEvidenceError
from grouptool.group import Group

from .architecture import ACTIVATIONS, Activation
from .attention import Attention, read_attention

__all__ = ["Circuit", "Readout", "answers", "cross_entropies", "read_out"]


EXPECTED = "W_x and W_y (n, E) or one W_E, W (2E, m) or (E, m), W_U (m, n), and biases b (m,), b_U (n,) if any"


@dataclass(frozen=True, eq=False)
class Circuit:
    """A one-hidden-layer network folded to three tables: logits(z | x, y) = sum_i U[i, z] act(L[x, i] + R[y, i]).

    Attributes:
        L, R: shape (n, m), float64: left and right pre-activation of each element, for each of m neurons.
        U: shape (m, n), float64: unembedding, nats.
        activation: a name in ``verify.architecture.ACTIVATIONS``; ``product`` multiplies: L[x, i] R[y, i].
        attention: of a transformer: L and R are then the best sum of two tables for its pre-activations, U is what its
            hidden layer writes to the logits, and the attention adds what is left of both, so that the logits are
            exact. None for networks with one hidden layer.
    """

    L: np.ndarray
    R: np.ndarray
    U: np.ndarray
    activation: str = "relu"
    attention: Attention | None = None

    def __post_init__(self) -> None:
        (n, m), expected = self.L.shape if self.L.ndim == 2 else (0, 0), "L and R of shape (n, m) and U of (m, n)"
        if not n or self.R.shape != (n, m) or self.U.shape != (m, n):
            shapes = f"{self.L.shape}, {self.R.shape} and {self.U.shape}"
            raise NetworkError(f"L, R and U have shapes {shapes}; expected {expected}")
        for name, table in (("L", self.L), ("R", self.R), ("U", self.U)):
            if not np.isfinite(table).all():
                raise NetworkError(f"{name} has entries that are not finite")
        if self.activation not in ACTIVATIONS:
            raise NetworkError(f"there is no activation {self.activation!r}; choose one of {', '.join(ACTIVATIONS)}")

    @classmethod
    def fold(cls, weights: Mapping[str, np.ndarray], activation: str = "relu") -> Circuit:
        """The tables of a network with one hidden layer.

        Args:
            weights: embeddings W_x and W_y (n, E), or one W_E for both; hidden weights W, (2E, m) for concatenated
                embeddings or (E, m) for summed ones, or none when the embeddings are the pre-activations; unembedding
                W_U (m, n); biases b (m,) and b_U (n,) or none. b is added to L; b_U becomes one more neuron, constant.
            Or the weights of a one-layer transformer, see ``verify.attention.read_attention``.

        Raises NetworkError when a weight is missing or unknown or its shape does not fit.
        """
        if "blocks.0.attn.W_Q" in weights:
            return cls._fold_transformer(weights, activation)
        given = {name: np.asarray(value, dtype=np.float64) for name, value in weights.items()}
        embeddings = ("W_E",) if "W_E" in given else ("W_x", "W_y")
        if missing := [name for name in (*embeddings, "W_U") if name not in given]:
            raise NetworkError(f"the weights lack {', '.join(missing)}; expected {EXPECTED}")
        if unknown := sorted(set(given) - {*embeddings, "W", "W_U", "b", "b_U"}):
            raise NetworkError(f"the weights have {', '.join(unknown)[:200]} besides; expected {EXPECTED}")
        w_x, w_y, w_u = given[embeddings[0]], given[embeddings[-1]], given["W_U"]
        size = w_x.shape[-1] if w_x.ndim == 2 else -1
        fits = w_x.shape == w_y.shape and size > 0
        if "W" in given:
            fits = fits and given["W"].ndim == 2 and len(given["W"]) in (size, 2 * size)
        if not fits:
            shapes = ", ".join(f"{name} {given[name].shape}" for name in (*embeddings, "W") if name in given)
            raise NetworkError(f"{shapes} do not fit: expected embeddings (n, E) and W (2E, m) or (E, m)")
        left, right = w_x, w_y
        if "W" in given:
            left, right = left @ given["W"][:size], right @ given["W"][-size:]
        if w_u.shape != left.T.shape:
            raise NetworkError(f"W_U has shape {w_u.shape}; expected {left.T.shape}, neurons by elements")
        for name, length in (("b", left.shape[1]), ("b_U", len(left))):
            if name in given and given[name].shape != (length,):
                raise NetworkError(f"{name} has shape {given[name].shape}; expected {(length,)}")
        if "b" in given:
            if activation == "product":
                raise NetworkError("a product network has no hidden bias b")
            left = left + given["b"]
        circuit = cls(left, right, w_u, activation)
        return circuit.with_output_bias(given["b_U"]) if "b_U" in given else circuit

    @classmethod
    def _fold_transformer(cls, weights: Mapping[str, np.ndarray], activation: str) -> Circuit:
        if activation == "product":
            raise NetworkError("a transformer has no product layer")
        attention, unembedding = read_attention(weights)
        left, right, _ = attention.additive
        return cls(left, right, unembedding, activation, attention)

    def with_output_bias(self, bias: np.ndarray) -> Circuit:
        """The network whose logits are larger by a bias, shape (n,): one more neuron, with L = 1 and R = 0.

        (R = 1 where the activation is a product.) A constant neuron has weight 0 in every claim about neurons.
        """
        one = np.ones((self.order, 1))
        right = one if self.activation == "product" else np.zeros_like(one)
        constant = float(self.hidden(one[:1], right[:1])[0, 0])
        tables = np.hstack((self.L, one)), np.hstack((self.R, right)), np.vstack((self.U, bias / constant))
        return self.with_tables(*tables)

    def with_tables(self, L: np.ndarray, R: np.ndarray, U: np.ndarray) -> Circuit:
        """A network of the same kind with other tables."""
        return replace(self, L=L, R=R, U=U)

    def reordered(self, places: np.ndarray) -> Circuit:
        """The same network with element i where ``places[i]`` was, shape (n,)."""
        moved = None if self.attention is None else self.attention.reordered(places)
        return replace(self, L=self.L[places], R=self.R[places], U=self.U[:, places], attention=moved)

    @property
    def kind(self) -> Activation:
        """The activation, with its degree."""
        return ACTIVATIONS[self.activation]

    def hidden(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """The hidden layer from rows of L and R, broadcast against each other; of a transformer, its additive part."""
        return self.kind.apply(left, right)

    def rows(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """For each x the hidden layer, shape (n, m), and the logits, shape (n, n), of the pairs (x, y)."""
        for x in range(self.order):
            right, past = self.R, np.zeros(1)
            if self.attention is not None:
                inner, past = self.attention.row(x)
                fitted, other, _ = self.attention.additive
                right = right + (inner - (fitted[x] + other))
            hidden = self.hidden(self.L[x], right)
            yield hidden, hidden @ self.U + past

    def require(self, *activations: str) -> None:
        """Raise NoEvidenceError unless this is a network with one hidden layer and one of these activations.

        For claims that are stated for such networks alone.
        """
        if self.attention is not None:
            raise NoEvidenceError("stated for networks with one hidden layer; this one is a transformer")
        if self.activation not in activations:
            raise NoEvidenceError(
                f"stated for {' and '.join(activations)} networks; this one is a {self.activation} network"
            )

    @property
    def order(self) -> int:
        """Number n of elements."""
        return len(self.L)

    @property
    def width(self) -> int:
        """Number m of neurons."""
        return int(self.L.shape[1])

    @cached_property
    def centred(self) -> dict[str, np.ndarray]:
        """L, R and the transposed U, each shape (n, m), with the mean over the elements taken from each neuron."""
        tables = {"L": self.L, "R": self.R, "U": self.U.T}
        return {name: table - table.mean(axis=0) for name, table in tables.items()}

    @cached_property
    def neuron_weights(self) -> np.ndarray:
        """Shape (m,), summing to 1: each neuron's share of sqrt(|L|^2 + |R|^2)^d |U|, all centred.

        d is the degree of the activation, 1 for relu and where there is none. The same for (c L, c R, U / c^d), which
        is the same neuron.
        """
        inner, outer = self._norms
        shares = inner ** (self.kind.degree or 1) * outer
        total = float(shares.sum())
        return np.asarray(shares / total if total else shares)

    @cached_property
    def _norms(self) -> tuple[np.ndarray, np.ndarray]:
        squares = {name: (table**2).sum(axis=0) for name, table in self.centred.items()}
        return np.sqrt(squares["L"] + squares["R"]), np.sqrt(squares["U"])

    def balanced(self) -> Circuit:
        """The same function with every neuron scaled so that sqrt(|L|^2 + |R|^2) = |U|, all centred.

        act(c t) = c^d act(t) for c > 0 and relu, abs (d = 1), square and product (d = 2), so scales of L and R against
        U mean nothing there; claims that weigh neurons by energy read this form. Other activations have no such
        symmetry: their networks come back as they are.
        """
        degree = self.kind.degree
        if degree is None:
            return self
        inner, outer = self._norms
        alive = (inner > 0) & (outer > 0)
        scale = np.ones(self.width)
        scale[alive] = (outer[alive] / inner[alive]) ** (1 / (degree + 1))
        scaled = None if self.attention is None else self.attention.scaled(scale)
        tables = self.L * scale, self.R * scale, self.U / scale[:, None] ** degree
        return replace(self.with_tables(*tables), attention=scaled)

    def check_for(self, group: Group) -> None:
        """Raise NetworkError unless the network has one row for each element of the group."""
        if self.order != group.order:
            raise NetworkError(
                f"the network has {self.order} elements, but {group.name} has {group.order}: L and R need shape "
                f"({group.order}, m) and U (m, {group.order})"
            )


@dataclass(frozen=True, eq=False)
class Readout:
    """What one pass over the n^3 logits of a network finds, judged against a group's table.

    Attributes:
        predictions: shape (n, n): the answer with the largest logit for each pair.
        losses: shape (n, n), nats: cross-entropy of the right answer.
        variance: sum over (x, y, z) of the squared logits c, each pair's mean over z taken off.
        quotient_function: shape (n,), nats: F(g), the mean of c over the n^2 triples with x^-1 z y^-1 = g.
    """

    predictions: np.ndarray
    losses: np.ndarray
    variance: float
    quotient_function: np.ndarray


def answers(circuit: Circuit) -> np.ndarray:
    """Shape (n, n): the answer of the network to each pair. Cost: n products of (n, m) by (m, n)."""
    return np.stack([logits.argmax(axis=1) for _, logits in circuit.rows()])


def cross_entropies(logits: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """Shape (b,), nats: log(1 + sum of exp of the wrong answers' margins), exact also near 0.

    Args:
        logits: shape (b, n). answers: shape (b,), integers: the right ones.
    """
    rows = np.arange(len(logits))
    margins = logits - logits[rows, answers][:, None]
    margins[rows, answers] = -np.inf
    top = np.maximum(margins.max(axis=1), 0)
    wrong = np.exp(margins - top[:, None], out=margins).sum(axis=1)
    return np.asarray(np.where(top > 0, top + np.log(np.exp(-top) + wrong), np.log1p(wrong)))


def read_out(circuit: Circuit, group: Group) -> Readout:
    """One pass over all logits, a row of pairs at a time: memory n^2, cost n products of (n, m) by (m, n).

    Raises NetworkError when the network is not on n elements.
    """
    circuit.check_for(group)
    n = group.order
    predictions, losses = np.empty((n, n), dtype=np.int64), np.empty((n, n))
    sums, variance = np.zeros(n), 0.0
    for x, (_, logits) in enumerate(circuit.rows()):
        right = group.table[x]
        predictions[x] = logits.argmax(axis=1)
        losses[x] = cross_entropies(logits, right)
        centred = logits - logits.mean(axis=1, keepdims=True)
        variance += float((centred**2).sum())
        # rows y, columns z: the element x^-1 z y^-1
        elements = group.table[group.table[group.inverses[x]]][:, group.inverses].T
        sums += np.bincount(elements.ravel(), weights=centred.ravel(), minlength=n)
    return Readout(predictions, losses, variance, sums / n**2)
