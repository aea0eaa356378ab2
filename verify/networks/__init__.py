"""The networks that are trained here, on torch tensors: one-hidden-layer networks and the one-layer transformer.

Public: Weights, initial_weights, loss_and_gradients, predict.
Each function takes the architecture and leaves the work to the module that knows it.
"""

from __future__ import annotations

from torch import Tensor

from ..architecture import Network, Transformer
from ..recipes import Initialisation
from . import mlp, transformer
from .mlp import Weights

__all__ = ["Weights", "initial_weights", "loss_and_gradients", "predict"]


def initial_weights(network: Network, order: int, seed: int, initialisation: Initialisation = "normal") -> Weights:
    """Random weights, float32, for a group of this order. Raises NetworkError above 2^28 weights."""
    if isinstance(network, Transformer):
        return transformer.initial_weights(network, order, seed, initialisation)
    return mlp.initial_weights(network, order, seed, initialisation)


def loss_and_gradients(network: Network, weights: Weights, x: Tensor, y: Tensor, z: Tensor) -> tuple[float, Weights]:
    """Mean cross-entropy over pairs, nats, and its gradient for every weight.

    Args:
        weights: float32 or float64. x, y, z: shape (b,), int64: the pairs and their answers.
    """
    if isinstance(network, Transformer):
        return transformer.loss_and_gradients(network, weights, x, y, z)
    return mlp.loss_and_gradients(network, weights, x, y, z)


def predict(network: Network, weights: Weights, x: Tensor, y: Tensor) -> Tensor:
    """Shape (b,), int64: the answer with the largest logit for each pair."""
    if isinstance(network, Transformer):
        return transformer.predict(network, weights, x, y)
    return mlp.predict(network, weights, x, y)
