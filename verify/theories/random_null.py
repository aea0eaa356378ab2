"""The random null: a network without any algorithm, whose tables are independent random numbers."""

from __future__ import annotations

from collections.abc import Mapping

from ..evidence import Evidence
from ..groupdata import GroupData
from .theory import Prediction, chance, theory


def find(prediction: Prediction, evidence: Mapping[str, Evidence]) -> str:
    """The scores of the network beside those of chance."""
    expected = prediction.details.get("chance", {})
    shown = [
        f"{name} {one.score:.2g} for {expected[name]:.1e}"
        for name, one in evidence.items()
        if name in expected and one.score is not None
    ]
    return "; ".join(shown)


@theory(
    "random-null",
    title="random null",
    source="exact expectations for tables of independent normal numbers",
    claims=(),
    needs=(),
    find=find,
    null=True,
)
def predict(data: GroupData, hidden: int) -> Prediction:
    """One right answer in n, and of every structure the share of its dimensions (``verify.theories.chance``)."""
    return Prediction(True, f"right on one pair in {data.group.order}, every claim fails", {"chance": chance(data)})
