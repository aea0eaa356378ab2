"""The networks that are trained here, on torch tensors: one-hidden-layer networks and the one-layer transformer.

Public: Weights, initial_weights, loss_and_gradients, predict.
Each function takes the architecture and leaves the work to the module that knows it.
"""

from __future__ import annotations

from .mlp import Weights, initial_weights, loss_and_gradients, predict

__all__ = ["Weights", "initial_weights", "loss_and_gradients", "predict"]
