"""A finished group, or finished generators, as a leaf of a specification.

Public: Built, Acting.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..group import Group
from ..group.group import bracketed

__all__ = ["Acting", "Built"]


@dataclass(frozen=True)
class Built:
    """A group that an upper room found for a leaf which names it only indirectly, such as a small-group label.

    It stands wherever a specification may stand, and prints as the group's name, in brackets where a factor has them.
    """

    group: Group

    def __str__(self) -> str:
        return bracketed(self.group.name)


@dataclass(frozen=True, eq=False)
class Acting:
    """As ``Built``, of any order: generators as permutations that an upper room found, such as those of Hol(G)."""

    name: str
    order: int
    images: np.ndarray  # (s, degree): image lists

    def __str__(self) -> str:
        return self.name
