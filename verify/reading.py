"""A trained network as plain arrays, and one pass over all its logits.

Public: Circuit, Readout, read_out, answers, load_circuit.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from grouptool.errors import NetworkError
from grouptool.group import Group

__all__ = ["Circuit", "Readout", "answers", "load_circuit", "read_out"]


@dataclass(frozen=True, eq=False)
class Circuit:
    """A one-hidden-layer network folded to three tables: logits(z | x, y) = sum_i U[i, z] relu(L[x, i] + R[y, i]).

    Attributes:
        L, R: shape (n, m), float64: left and right pre-activation of each element, for each of m neurons.
        U: shape (m, n), float64: unembedding, nats.
    """

    L: np.ndarray
    R: np.ndarray
    U: np.ndarray

    def __post_init__(self) -> None:
        (n, m), expected = self.L.shape if self.L.ndim == 2 else (0, 0), "L and R of shape (n, m) and U of (m, n)"
        if not n or self.R.shape != (n, m) or self.U.shape != (m, n):
            shapes = f"{self.L.shape}, {self.R.shape} and {self.U.shape}"
            raise NetworkError(f"L, R and U have shapes {shapes}; expected {expected}")
        for name, table in (("L", self.L), ("R", self.R), ("U", self.U)):
            if not np.isfinite(table).all():
                raise NetworkError(f"{name} has entries that are not finite")

    @classmethod
    def fold(cls, weights: Mapping[str, np.ndarray]) -> Circuit:
        """The tables of a network with embeddings W_x, W_y (n, E), hidden weights W (2E, m) and unembedding W_U (m, n).

        Raises NetworkError when a weight is missing or its shape does not fit.
        """
        if missing := [name for name in ("W_x", "W_y", "W", "W_U") if name not in weights]:
            raise NetworkError(f"the weights lack {', '.join(missing)}; expected W_x, W_y, W and W_U")
        w_x, w_y, w, w_u = (np.asarray(weights[name], dtype=np.float64) for name in ("W_x", "W_y", "W", "W_U"))
        if w_x.ndim != 2 or w_x.shape != w_y.shape or w.ndim != 2 or len(w) != 2 * w_x.shape[1]:
            shapes = ", ".join(f"{name} {np.shape(weights[name])}" for name in ("W_x", "W_y", "W"))
            raise NetworkError(f"{shapes} do not fit: expected W_x and W_y (n, E) and W (2E, m)")
        return cls(w_x @ w[: w_x.shape[1]], w_y @ w[w_x.shape[1] :], w_u)

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
        """Shape (m,), summing to 1: each neuron's share of sqrt(|L|^2 + |R|^2) |U|, all centred.

        The same for (c L, c R, U / c), which is the same neuron.
        """
        inner, outer = self._norms
        total = float((inner * outer).sum())
        return np.asarray(inner * outer / total if total else inner)

    @cached_property
    def _norms(self) -> tuple[np.ndarray, np.ndarray]:
        squares = {name: (table**2).sum(axis=0) for name, table in self.centred.items()}
        return np.sqrt(squares["L"] + squares["R"]), np.sqrt(squares["U"])

    def balanced(self) -> Circuit:
        """The same function with every neuron scaled so that sqrt(|L|^2 + |R|^2) = |U|, all centred.

        relu(c t) = c relu(t) for c > 0, so scales of L and R against U mean nothing; claims that weigh neurons by
        energy read this form.
        """
        inner, outer = self._norms
        alive = (inner > 0) & (outer > 0)
        scale = np.ones(self.width)
        scale[alive] = np.sqrt(outer[alive] / inner[alive])
        return Circuit(self.L * scale, self.R * scale, self.U / scale[:, None])

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


def _logit_rows(circuit: Circuit) -> Iterator[np.ndarray]:
    """For each x the logits over (y, z), shape (n, n)."""
    for x in range(circuit.order):
        yield np.maximum(circuit.L[x] + circuit.R, 0) @ circuit.U


def answers(circuit: Circuit) -> np.ndarray:
    """Shape (n, n): the answer of the network to each pair. Cost: n products of (n, m) by (m, n)."""
    return np.stack([logits.argmax(axis=1) for logits in _logit_rows(circuit)])


def read_out(circuit: Circuit, group: Group) -> Readout:
    """One pass over all logits, a row of pairs at a time: memory n^2, cost n products of (n, m) by (m, n).

    Raises NetworkError when the network is not on n elements.
    """
    circuit.check_for(group)
    n = group.order
    predictions, losses = np.empty((n, n), dtype=np.int64), np.empty((n, n))
    sums, variance = np.zeros(n), 0.0
    pairs = np.arange(n)
    for x, logits in enumerate(_logit_rows(circuit)):
        right = group.table[x]
        predictions[x] = logits.argmax(axis=1)
        margins = logits - logits[pairs, right][:, None]
        margins[pairs, right] = -np.inf
        # log(1 + sum of exp over the wrong answers): exact also where the right answer has nearly all the weight
        losses[x] = np.logaddexp(0, np.logaddexp.reduce(margins, axis=1)) if n > 1 else 0.0
        centred = logits - logits.mean(axis=1, keepdims=True)
        variance += float((centred**2).sum())
        # rows y, columns z: the element x^-1 z y^-1
        elements = group.table[group.table[group.inverses[x]]][:, group.inverses].T
        sums += np.bincount(elements.ravel(), weights=centred.ravel(), minlength=n)
    return Readout(predictions, losses, variance, sums / n**2)


def load_circuit(path: str | os.PathLike[str]) -> Circuit:
    """The circuit of a safetensors file with W_x, W_y, W, W_U, or with L, R, U.

    Raises NetworkError when the file is no such file or the shapes do not fit.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        weights = load_file(Path(path))
    except (OSError, SafetensorError, TypeError, KeyError) as error:  # the last two: number types numpy does not have
        raise NetworkError(f"cannot read weights from {path}: {str(error).splitlines()[0]}") from None
    if {"L", "R", "U"} <= set(weights):
        return Circuit(*(weights[name].astype(np.float64) for name in ("L", "R", "U")))
    return Circuit.fold(weights)
