"""Group composition via representations (GCR): look up rho(x) and rho(y), multiply, read out a sum of characters."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from ..groupdata import GroupData
from .theory import Prediction, theory

MAX_SETS = 20


@theory(
    "characters",
    title="character account (GCR)",
    source="Chughtai, Chan, Nanda (2023), arXiv:2302.03025",
    claims=(
        "character-logits",
        "irrep-substitution",
        "neuron-purity",
        "layer-agreement",
        "irrep-embeddings",
        "irrep-unembedding",
        "table-accuracy",
    ),
    needs=("neuron-purity",),
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
    }
    shown = ", ".join("{" + ", ".join(one["representations"]) + "}" for one in details["smallest_key_sets"][:4])
    return Prediction(True, f"any key set with trivial joint kernel serves; the smallest are {shown}", details)


def _key_sets(values: np.ndarray) -> list[tuple[int, ...]]:
    """Smallest sets of rows that agree with their first column in no other column, at most MAX_SETS of them."""
    in_kernel = np.abs(values - values[:, :1]) < 1e-9
    for size in range(1, len(values) + 1):
        found = []
        for chosen in combinations(range(len(values)), size):
            if in_kernel[list(chosen)].all(axis=0).sum() == 1:
                found.append(chosen)
                if len(found) == MAX_SETS:
                    break
        if found:
            return found
    return []
