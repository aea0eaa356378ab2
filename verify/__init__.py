"""Train networks on the multiplication of a finite group and judge what they learned.

result = verify.train("S5", recipe="fast", seeds=(0,), folder="runs/S5")     trained, judged, with a report
result = verify.read("runs/S5")                                              the same, read back
network = verify.read("model.pt", "S5", elements="permutations.json")        somebody's network
verdict = verify.judge(network)
verify.figures.lattice(result.subjects[0])                                   a matplotlib figure
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .notebook import judge as judge
    from .notebook import read as read
    from .notebook import train as train
    from .report import figures as figures

__all__ = ["figures", "judge", "read", "train"]


def __getattr__(name: str) -> Any:
    # Loaded when they are asked for: neither torch nor matplotlib on the way to a claim.
    if name == "figures":
        return import_module(".report.figures", __name__)
    if name in __all__:
        return getattr(import_module(".notebook", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
