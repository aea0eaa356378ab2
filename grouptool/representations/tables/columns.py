"""What a character table knows of its columns.

Public: Columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

__all__ = ["Columns"]


class Columns(Protocol):
    """What a character table knows of its conjugacy classes; ``ConjugacyClasses`` is one, cycle types are another."""

    @property
    def name(self) -> str:
        """The group's name."""

    @property
    def order(self) -> int:
        """The group's order."""

    @property
    def exponent(self) -> int:
        """The group's exponent."""

    @property
    def sizes(self) -> np.ndarray:
        """Shape (k,), int64."""

    @property
    def element_orders(self) -> np.ndarray:
        """Shape (k,), int64."""

    @property
    def labels(self) -> Sequence[str]:
        """A text for each class: its representative."""

    @property
    def inverse_map(self) -> np.ndarray:
        """Shape (k,): the class of the inverses."""

    def power_map(self, exponent: int) -> np.ndarray:
        """Shape (k,): the class of the powers."""

    def __len__(self) -> int: ...
