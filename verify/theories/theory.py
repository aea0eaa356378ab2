"""What a theory is: predictions from exact data before training, and the claims that they stand or fall by.

Public: Theory, Prediction, THEORIES, theory, chance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ..evidence import Evidence
from ..groupdata import GroupData

__all__ = ["THEORIES", "Prediction", "Theory", "chance", "theory"]

Predict = Callable[[GroupData, int], "Prediction"]
Find = Callable[["Prediction", Mapping[str, Evidence]], str]


@dataclass(frozen=True)
class Prediction:
    """What a theory says of one group before any network is trained.

    Attributes:
        applies: whether it describes a network on this group at all; why: the reason in words, either way.
        details: plain values.
    """

    applies: bool
    why: str
    details: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


@dataclass(frozen=True)
class Theory:
    """A published account of how networks multiply in groups.

    Attributes:
        name, title, source. claims: names of the claims that it predicts, the most telling first.
        needs: claims about the weights of which one at least must hold against its controls. Logits alone cannot tell
            an algorithm from a lookup table, whose logits are a sum of all characters.
        predict: from a group's data and the number of neurons to a prediction.
        find: from the prediction and the evidence of one network to what was found of it, in words.
        null: whether it is the account that there is no algorithm, which survives when no claim holds.
    """

    name: str
    title: str
    source: str
    claims: tuple[str, ...]
    needs: tuple[str, ...]
    predict: Predict
    find: Find
    null: bool = False


THEORIES: dict[str, Theory] = {}


def theory(
    name: str,
    *,
    title: str,
    source: str,
    claims: tuple[str, ...],
    needs: tuple[str, ...],
    find: Find,
    null: bool = False,
) -> Callable[[Predict], Predict]:
    """Register a prediction as a theory."""

    def register(predict: Predict) -> Predict:
        THEORIES[name] = Theory(name, title, source, claims, needs, predict, find, null)
        return predict

    return register


def chance(data: GroupData) -> dict[str, Any]:
    """What a network without any algorithm is expected to score, exactly, for tables of independent normal numbers.

    The shares are ratios of dimensions: a random vector has d/N of its energy in a fixed subspace of d of N dimensions.
    """
    n = data.group.order
    logits = n**2 * (n - 1)  # of centred logits
    return {
        "table-accuracy": 1 / n,
        "bi-equivariance": (n - 1) / logits,
        "character-logits": len(data.constituents) / logits,
        "share_in_each_representation": {one.name: one.isotypic_dimension / (n - 1) for one in data.constituents},
        "alignment_by_index": {
            str(index): (index - 1) / (n - 1) for index in sorted({one.index for one in data.subgroup_classes or ()})
        },
    }
