"""What several claims read of the hidden layer over all pairs: its means, and its part in the key representations.

Public: HiddenMeans, hidden_means, hidden_shares, key_part, key_places, restricted_losses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grouptool.representations.fourier import isotypic_part

from ..groupdata import GroupData
from ..reading import Circuit, cross_entropies
from .claim import Subject
from .irrep_embeddings import KEY_SIMILARITY

__all__ = ["HiddenMeans", "hidden_means", "hidden_shares", "key_part", "key_places", "restricted_losses"]


@dataclass(frozen=True, eq=False)
class HiddenMeans:
    """Means of the hidden layer, each shape (n, m).

    Attributes:
        of_x, of_y, of_product: over the n pairs with one x, one y, one product xy.
        variance: sum over pairs and neurons of the squared activations, each neuron's mean taken off.
    """

    of_x: np.ndarray
    of_y: np.ndarray
    of_product: np.ndarray
    variance: float


def hidden_means(data: GroupData, circuit: Circuit) -> HiddenMeans:
    """One pass over all pairs; of a transformer its whole hidden layer, not its additive part alone."""
    n, table = circuit.order, data.group.table
    of_x, of_y, of_product = np.zeros((3, n, circuit.width))
    squares = 0.0
    for x, (hidden, _) in enumerate(circuit.rows()):
        of_x[x] = hidden.mean(axis=0)
        of_y += hidden / n
        of_product[table[x]] += hidden / n
        squares += float((hidden**2).sum())
    return HiddenMeans(of_x, of_y, of_product, max(0.0, squares - n * n * float((of_x.mean(axis=0) ** 2).sum())))


def key_places(subject: Subject) -> list[int]:
    """The constituents that are key to the logits (Chughtai et al.)."""
    return np.flatnonzero(subject.logit_similarities > KEY_SIMILARITY).tolist()


def key_part(data: GroupData, key: Sequence[int], functions: np.ndarray) -> np.ndarray:
    """Shape (n, m): functions on the group, projected to some constituents."""
    made = np.zeros_like(functions)
    for place in key:
        made += isotypic_part(data.constituents[place], functions)
    return made


def hidden_shares(data: GroupData, circuit: Circuit, key: Sequence[int]) -> dict[str, float]:
    """Shares of the hidden layer's variance in the entries of rho(x), rho(y) and rho(xy), rho over ``key``."""
    means = hidden_means(data, circuit)
    parts = {"x": means.of_x, "y": means.of_y, "xy": means.of_product}
    if not means.variance:
        return dict.fromkeys(parts, 0.0)
    return {
        name: float(circuit.order * (key_part(data, key, table - table.mean(axis=0)) ** 2).sum() / means.variance)
        for name, table in parts.items()
    }


def restricted_losses(
    data: GroupData, circuit: Circuit, key: Sequence[int], pairs: np.ndarray | None = None
) -> dict[str, float]:
    """Accuracy of the restricted logits, their loss over all pairs, and that of the excluded ones, in nats.

    Restricted means with only the hidden layer's part in rho(xy), rho over ``key``; excluded means without it.

    Args:
        pairs: shape (n, n), bool: over which the excluded loss is averaged; over all when None.
    """
    n, table = circuit.order, data.group.table
    means = hidden_means(data, circuit).of_product
    logits = key_part(data, key, means - means.mean(axis=0)) @ circuit.U  # (p, z)
    answers = np.arange(n)
    restricted = cross_entropies(logits, answers)
    excluded = np.empty((n, n))
    for x, (_, raw) in enumerate(circuit.rows()):
        excluded[x] = cross_entropies(raw - logits[table[x]], table[x])
    return {
        "accuracy": float((logits.argmax(axis=1) == answers).mean()),
        "restricted_loss": float(restricted.mean()),
        "excluded_loss": float(excluded.mean() if pairs is None else excluded[pairs].mean()),
    }
