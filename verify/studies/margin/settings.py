"""What the margin study can be told.

Public: MarginSettings.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..study import Settings, option

__all__ = ["MarginSettings"]


@dataclass(frozen=True)
class MarginSettings(Settings):
    """Of the margin study."""

    width: int = option(0, "Neurons; 0: 1.6 times what the theorems ask of the irreps that are used.", least=0)
    steps: int = option(0, "Steps of margin ascent; 0: 3000, with --full 6000.", least=0)
    penalty: float = option(1e-5, "lambda of cross-entropy + lambda ||theta||^3.", least=0)
    sweep: int = option(0, "Condition and program for every group of the library up to this order.", least=0)
    parity: str = option("", "n,k: also the parity of k of n bits.")
