"""A finished group as a leaf of a specification.

Public: Built.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..group import Group
from ..group.group import bracketed

__all__ = ["Built"]


@dataclass(frozen=True)
class Built:
    """A group that an upper room found for a leaf which names it only indirectly, such as a small-group label.

    It stands wherever a specification may stand, and prints as the group's name, in brackets where a factor has them.
    """

    group: Group

    def __str__(self) -> str:
        return bracketed(self.group.name)
