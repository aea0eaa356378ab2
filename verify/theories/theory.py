"""What a theory is: predictions from exact data before training, and the claims that they stand or fall by.

Public: Theory, Prediction, THEORIES, theory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from ..groupdata import GroupData

__all__ = ["THEORIES", "Prediction", "Theory", "theory"]


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
    """

    name: str
    title: str
    source: str
    claims: tuple[str, ...]
    needs: tuple[str, ...]
    predict: Callable[[GroupData, int], Prediction]


THEORIES: dict[str, Theory] = {}


def theory(
    name: str, *, title: str, source: str, claims: tuple[str, ...], needs: tuple[str, ...]
) -> Callable[[Callable[[GroupData, int], Prediction]], Callable[[GroupData, int], Prediction]]:
    """Register a prediction as a theory."""

    def register(predict: Callable[[GroupData, int], Prediction]) -> Callable[[GroupData, int], Prediction]:
        THEORIES[name] = Theory(name, title, source, claims, needs, predict)
        return predict

    return register
