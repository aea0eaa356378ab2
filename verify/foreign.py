"""Networks that somebody else trained: files of weights, under the names and in the shapes that are in use.

Public: load_circuit, circuit_of, read_weights.

    L R U                               folded tables, U as (m, n) or (n, m)
    W_x W_y W (b) W_U (b_U)             Chughtai, Chan, Nanda: parameters, inputs first
    W_x W_y W_U                         their product network, and networks without hidden weights
    W_E W (b) W_U (b_U)                 one embedding for both inputs
    lembed.weight rembed.weight linear.weight unembed.weight (unembed.bias)
                                        Stander et al.: torch modules, outputs first
    fc1.weight fc2.weight               one-hot inputs of 2n numbers, torch modules
    embed.W_E blocks.0.attn.W_Q ...     one-layer transformers, under TransformerLens' names

Torch is imported only for a PyTorch file. Nothing in a file is executed and no size that it claims is believed.
"""

from __future__ import annotations

import io
import math
import os
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from grouptool.errors import NetworkError

from .reading import EXPECTED, Circuit

__all__ = ["circuit_of", "load_circuit", "read_weights"]

LARGEST_FILE = 1 << 30
"""Bytes, unpacked: the weights of every network on a group that fits here."""

MOST_ARRAYS = 256

_ROLES = {
    "W_x": ("W_x", "W_a", "lembed.weight", "left_embed.weight", "embed_x.weight", "embedding_x.weight"),
    "W_y": ("W_y", "W_b", "rembed.weight", "right_embed.weight", "embed_y.weight", "embedding_y.weight"),
    "W_E": ("W_E", "embed.W_E", "embed.weight", "embedding.weight"),
    "W": ("W", "linear.weight", "hidden.weight", "fc1.weight", "linear1.weight", "mlp.0.weight", "mlp.layers.0.weight"),
    "b": ("b", "b_h", "linear.bias", "hidden.bias", "fc1.bias", "linear1.bias", "mlp.0.bias", "mlp.layers.0.bias"),
    "W_U": ("W_U", "unembed.W_U", "unembed.weight", "fc2.weight", "linear2.weight", "output.weight"),
    "b_U": ("b_U", "unembed.b_U", "unembed.bias", "fc2.bias", "linear2.bias", "output.bias"),
}
_WRAPPERS = ("state_dict", "model_state_dict", "model", "weights")
_PREFIXES = ("module.", "_orig_mod.", "model.")


def load_circuit(path: str | os.PathLike[str], order: int | None = None, activation: str = "relu") -> Circuit:
    """The circuit of a file of weights: safetensors, npz, or a PyTorch state dict, recognised by its content.

    Args:
        order: number n of elements, which settles which axis of a matrix is which; without it, names do.
        activation: of the hidden layer, which no such file tells: a name in ``verify.architecture.ACTIVATIONS``.

    Raises NetworkError when the file is no such file, is too large, or names and shapes are not those of a network.
    """
    return circuit_of(read_weights(path), order, activation)


def circuit_of(weights: Mapping[str, np.ndarray], order: int | None = None, activation: str = "relu") -> Circuit:
    """See ``load_circuit``; weights by name, in memory."""
    names = _without_prefix(weights)
    if {"L", "R", "U"} <= set(names):
        _check_axes({name: names[name] for name in "LRU"})
        left, right, outer = (np.asarray(names[name], dtype=np.float64) for name in ("L", "R", "U"))
        return Circuit(left, right, _turned(outer, left.shape[::-1]), activation)
    if "blocks.0.attn.W_Q" in names:
        return Circuit.fold(names, activation)
    given = _by_role(names)
    _check_axes(given)
    embeddings = [name for name in ("W_x", "W_y", "W_E") if name in given]
    if not embeddings and "W" in given:  # one-hot inputs: the halves of W are the pre-activations
        n = order if order is not None else len(given["W"]) // 2
        stacked = _turned(given.pop("W"), (2 * n, None))
        if stacked.ndim != 2 or len(stacked) != 2 * n:
            raise NetworkError(f"the first weights have shape {stacked.shape}; for {n} elements expected (2n, m)")
        given |= {"W_x": stacked[:n], "W_y": stacked[n:]}
        embeddings = ["W_x", "W_y"]
    for name in embeddings:
        given[name] = _turned(given[name], (order, None))
    size = given[embeddings[0]].shape[-1] if embeddings else 0
    if "W" in given and len(given["W"]) not in (size, 2 * size):
        given["W"] = _turned(given["W"], (2 * size, None), (size, None))
    if "W_U" in given and embeddings:
        neurons = given["W"].shape[-1] if "W" in given else size
        given["W_U"] = _turned(given["W_U"], (neurons, len(given[embeddings[0]])))
    return Circuit.fold(given, activation)


def _check_axes(given: Mapping[str, np.ndarray]) -> None:
    for name, value in given.items():
        axes = 1 if name in ("b", "b_U") else 2
        if value.ndim != axes or not value.size:
            raise NetworkError(
                f"{name} {value.shape} do not fit: expected {'a vector' if axes == 1 else 'a matrix'}, not empty"
            )


def _turned(matrix: np.ndarray, *wanted: tuple[int | None, ...]) -> np.ndarray:
    """A matrix whose transpose has a wanted shape and that has none itself, transposed; else as it is."""

    def fits(shape: tuple[int, ...]) -> bool:
        return any(all(w in (None, s) for w, s in zip(one, shape, strict=True)) for one in wanted)

    return matrix.T if matrix.ndim == 2 and not fits(matrix.shape) and fits(matrix.shape[::-1]) else matrix


def _without_prefix(weights: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    names = dict(weights)
    for prefix in _PREFIXES:
        if names and all(name.startswith(prefix) for name in names):
            names = {name.removeprefix(prefix): value for name, value in names.items()}
    return names


def _by_role(weights: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    role_of = {name: role for role, names in _ROLES.items() for name in names}
    given: dict[str, np.ndarray] = {}
    for name, value in weights.items():
        role = role_of.get(name)
        if role is None or role in given:
            raise NetworkError(f"the file has {_listed(weights)}; expected L, R, U or {EXPECTED}")
        is_module = name.endswith(".weight") and role in ("W", "W_U")  # torch.nn.Linear: outputs first
        given[role] = np.asarray(value.T if is_module else value, dtype=np.float64)
    return given


def _listed(weights: Mapping[str, np.ndarray]) -> str:
    shown = [f"{name[:60]} {value.shape}" for name, value in list(weights.items())[:8]]
    return ", ".join([*shown, "..."] if len(weights) > 8 else shown) or "no arrays"


# -- files


def read_weights(path: str | os.PathLike[str]) -> dict[str, np.ndarray]:
    """The arrays of a file of weights by name, float64. Raises NetworkError; see ``load_circuit``."""
    file = Path(path)
    try:
        if file.exists() and not file.is_file():
            raise NetworkError(f"cannot read weights from {file}: it is no ordinary file")
        if (size := file.stat().st_size) > LARGEST_FILE:
            raise NetworkError(f"{file} has {size:,} bytes; weights are read up to {LARGEST_FILE:,}")
        with file.open("rb") as stream:
            is_zip = stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06")  # the second is an empty archive
        arrays = _zipped(file) if is_zip else _safetensors(file)
    except OSError as error:
        raise NetworkError(f"cannot read weights from {file}: {error.strerror or error}") from None
    except (ValueError, RuntimeError, EOFError, KeyError, zipfile.BadZipFile, zlib.error, MemoryError) as error:
        if isinstance(error, NetworkError):
            raise
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise NetworkError(f"cannot read weights from {file}: {reason[:200]}") from None
    if len(arrays) > MOST_ARRAYS:
        raise NetworkError(f"{file} has {len(arrays):,} arrays; a network on a group has at most {MOST_ARRAYS}")
    for name, value in arrays.items():
        if value.dtype.kind not in "fiu":
            raise NetworkError(f"{name[:60]} in {file} has entries of type {value.dtype}; expected real numbers")
    return {name: value.astype(np.float64) for name, value in arrays.items()}


def _safetensors(file: Path) -> dict[str, np.ndarray]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        arrays: dict[str, np.ndarray] = load_file(file)
    except SafetensorError as error:
        raise NetworkError(
            f"cannot read weights from {file}: it is no safetensors, npz or PyTorch file ({str(error).splitlines()[0]})"
        ) from None
    except (TypeError, KeyError):  # number types that numpy does not have
        from safetensors.torch import load_file as load_tensors

        arrays = {name: tensor.double().numpy() for name, tensor in load_tensors(file).items()}
    return arrays


def _zipped(file: Path) -> dict[str, np.ndarray]:
    """An npz or a PyTorch file; both are zip archives."""
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        if (total := sum(entry.file_size for entry in entries)) > LARGEST_FILE or len(entries) > 8 * MOST_ARRAYS:
            raise NetworkError(
                f"{file} unpacks to {total:,} bytes in {len(entries):,} parts; weights are read up to {LARGEST_FILE:,}"
            )
        if not any(entry.filename.endswith("/data.pkl") for entry in entries):
            if foreign := [entry.filename for entry in entries if not entry.filename.endswith(".npy")]:
                raise NetworkError(f"{file} is a zip archive with {foreign[0][:60]} in it, no npz or PyTorch file")
            return {entry.filename.removesuffix(".npy"): _npy(archive.read(entry)) for entry in entries}
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
            raise NetworkError(f"{file} is compressed, which PyTorch does not do")
    return _torch(file)


def _npy(content: bytes) -> np.ndarray:
    """One array; its header is checked against its bytes before memory is taken, objects are refused."""
    stream = io.BytesIO(content)
    version = np.lib.format.read_magic(stream)
    if version not in ((1, 0), (2, 0)):
        raise ValueError(f"npy version {version} is not known")
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, fortran, dtype = read(stream)
    if dtype.kind not in "fiu":
        raise ValueError(f"an array has entries of type {dtype}; expected real numbers")
    count = math.prod(shape)
    if count < 0 or count * dtype.itemsize != len(content) - stream.tell():
        raise ValueError(f"an array of shape {shape} does not fit into its {len(content):,} bytes")
    entries = np.frombuffer(content, dtype, count, stream.tell())
    return entries.reshape(shape, order="F" if fortran else "C")


def _torch(file: Path) -> dict[str, np.ndarray]:
    import torch

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever a hostile pickle makes the restricted reader raise
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise NetworkError(f"cannot read weights from {file} as plain tensors: {reason[:200]}") from None
    for wrapper in _WRAPPERS:
        if isinstance(found, dict) and isinstance(found.get(wrapper), dict):
            found = found[wrapper]
    if not isinstance(found, dict) or not all(isinstance(value, torch.Tensor) for value in found.values()):
        kinds = sorted({type(value).__name__ for value in found.values()} if isinstance(found, dict) else set())
        inside = f"a dict of {', '.join(kinds)[:100]}" if kinds else f"a {type(found).__name__}"
        raise NetworkError(f"{file} holds {inside}; expected a state dict, from names to tensors")
    arrays = {}
    for name, tensor in found.items():
        if tensor.layout != torch.strided or tensor.is_quantized or tensor.device.type != "cpu":
            raise NetworkError(f"{str(name)[:60]} in {file} is no plain tensor")
        if tensor.is_complex() or tensor.numel() * 8 > LARGEST_FILE:  # a view may be larger than what is stored
            raise NetworkError(f"{str(name)[:60]} in {file} has shape {tuple(tensor.shape)}, {tensor.dtype}; too large")
        arrays[str(name)] = tensor.detach().double().numpy()
    return arrays
