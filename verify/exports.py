"""Trained networks in the formats of other tools.

Public: export_transformerlens.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from grouptool.errors import NetworkError
from grouptool.files import check_place, write_atomically

from .attention import read_attention
from .foreign import read_weights

__all__ = ["export_transformerlens"]

ACTIVATIONS = ("relu", "gelu", "silu")
"""Activations that TransformerLens has."""


def export_transformerlens(weights: str | Path, out: str | Path, activation: str = "relu") -> dict[str, Any]:
    """Write a one-layer transformer so that TransformerLens loads it.

    The file is safetensors with every parameter of a ``HookedTransformer``, biases 0 where the network has none; its
    metadata has the configuration as json below ``cfg``:

        with safe_open("FILE", "pt") as file:
            model = HookedTransformer(HookedTransformerConfig(**json.loads(file.metadata()["cfg"])))
            model.load_state_dict({name: file.get_tensor(name) for name in file.keys()}, strict=False)

    Tokens are x, y, n ("="), and the logits of the last position are the answer. (strict=False: the causal mask is a
    buffer of the model.)

    Args:
        weights: of a transformer, a file that ``grouptool judge`` takes.
        activation: of its hidden layer, which the file does not say.

    Returns:
        The configuration.

    Raises:
        NetworkError: the file holds no one-layer transformer, or TransformerLens lacks the activation.
        InputFileError: the place cannot be written.
    """
    from safetensors.numpy import save

    place = check_place(out, [".safetensors"])
    if activation not in ACTIVATIONS:
        raise NetworkError(f"TransformerLens has no activation {activation}; it has {', '.join(ACTIVATIONS)}")
    given = read_weights(weights)
    read_attention(given)
    (tokens, d), (heads, _, size) = given["embed.W_E"].shape, given["blocks.0.attn.W_Q"].shape
    m, answers = given["blocks.0.mlp.W_in"].shape[1], given["unembed.W_U"].shape[1]
    biases = {f"blocks.0.attn.b_{one}": (heads, size) for one in "QKV"} | {"blocks.0.attn.b_O": (d,)}
    biases |= {"blocks.0.mlp.b_in": (m,), "blocks.0.mlp.b_out": (d,), "unembed.b_U": (answers,)}
    state = {name: np.zeros(shape) for name, shape in biases.items()} | given
    cfg = {
        "n_layers": 1,
        "d_model": d,
        "n_ctx": len(given["pos_embed.W_pos"]),
        "d_head": size,
        "n_heads": heads,
        "d_mlp": m,
        "d_vocab": tokens,
        "d_vocab_out": answers,
        "act_fn": activation,
        "normalization_type": None,
        "attention_dir": "causal",
        "default_prepend_bos": False,
        "seed": 0,
        "device": "cpu",
    }
    arrays = {name: np.ascontiguousarray(value, dtype=np.float32) for name, value in state.items()}
    write_atomically(place, save(arrays, metadata={"cfg": json.dumps(cfg)}))
    return cfg
