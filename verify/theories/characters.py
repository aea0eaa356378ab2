"""Group composition via representations (GCR): look up rho(x) and rho(y), multiply, read out a sum of characters."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, islice
from math import comb
from typing import Any

import numpy as np

from ..claims.irrep_embeddings import KEY_SIMILARITY
from ..evidence import Evidence
from ..groupdata import GroupData
from .theory import Prediction, chance, theory

MAX_SETS = 20
MAX_TRIED = 20_000


def find(prediction: Prediction, evidence: Mapping[str, Evidence]) -> str:
    """The representations that are key to the logits, and whether they hold a predicted set."""
    similarities = evidence["character-logits"].details.get("similarities", {})
    key = [name for name, value in similarities.items() if value > KEY_SIMILARITY]
    if not key:
        return "no representation is key to the logits"
    sets = [set(one["representations"]) for one in prediction.details.get("smallest_key_sets", [])]
    shown = ", ".join(key[:6]) + (f" and {len(key) - 6} more" if len(key) > 6 else "")
    serving = "a predicted set is among them" if any(one <= set(key) for one in sets) else "no predicted set among them"
    return f"key to the logits: {shown}; {serving}"


@theory(
    "characters",
    title="character account (GCR)",
    source="Chughtai, Chan, Nanda (2023), arXiv:2302.03025",
    claims=(
        "character-logits",
        "product-logits",
        "irrep-substitution",
        "neuron-purity",
        "layer-agreement",
        "irrep-embeddings",
        "irrep-unembedding",
        "table-accuracy",
    ),
    needs=("neuron-purity",),
    find=find,
)
def predict(data: GroupData, hidden: int) -> Prediction:
    """Key sets: the smallest sets of representations with trivial joint kernel, for which the sum of characters

    sum over rho of Re chi_rho(x y z^-1) is largest at z = x y and nowhere else. The margin is the gap to the runner-up.
    """
    values = np.stack([one.character for one in data.constituents])  # (c, k)
    names = [one.name for one in data.constituents]
    sets = _key_sets(values)
    details: dict[str, Any] = {
        "logits": "sum over key rho of c_rho chi_rho(x y z^-1)",
        "representations": [
            {
                "name": one.name,
                "dimension": one.dimension,
                "type": one.type,
                "kernel_order": int(one.kernel.sum()),
                "random_share": one.isotypic_dimension / (data.group.order - 1),
            }
            for one in data.constituents
        ],
        "smallest_key_sets": [
            {
                "representations": [names[i] for i in chosen],
                "margin": float(np.ptp(np.sort(values[list(chosen)].sum(axis=0))[-2:])),
            }
            for chosen in sets
        ],
        "character_share": 1.0,
        "chance": chance(data),
    }
    shown = ", ".join("{" + ", ".join(one["representations"]) + "}" for one in details["smallest_key_sets"][:4])
    return Prediction(True, f"any key set with trivial joint kernel serves; the smallest are {shown}", details)


def _key_sets(values: np.ndarray) -> list[tuple[int, ...]]:
    """Smallest sets of rows that agree with their first column in no other column, at most MAX_SETS of them.

    All sets of a size are tried while there are at most MAX_TRIED; beyond that one set is grown greedily, each row the
    one that leaves the smallest joint kernel, which need not be smallest.
    """
    in_kernel = np.abs(values - values[:, :1]) < 1e-9
    for size in range(1, len(values) + 1):
        if comb(len(values), size) > MAX_TRIED:
            return [_greedy_key_set(in_kernel)]
        serving = (one for one in combinations(range(len(values)), size) if in_kernel[list(one)].all(axis=0).sum() == 1)
        if found := list(islice(serving, MAX_SETS)):
            return found
    return []


def _greedy_key_set(in_kernel: np.ndarray) -> tuple[int, ...]:
    chosen: list[int] = []
    joint = np.ones(in_kernel.shape[1], dtype=bool)
    while joint.sum() > 1:
        chosen.append(int((in_kernel & joint).sum(axis=1).argmin()))
        joint &= in_kernel[chosen[-1]]
    return tuple(sorted(chosen))
