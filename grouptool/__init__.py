"""Finite groups from names, permutations, presentations and tables, with exact characters and checked irreps.

>>> import grouptool
>>> grouptool.group("S5")
<Group S5 of order 120>
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .construct import from_permutations, from_presentation, from_table
from .errors import GroupToolError
from .group import Element, Group, Subgroup
from .lookup import group, identify

if TYPE_CHECKING:
    from .catalog.store import Catalog as Catalog
    from .large import large_group as large_group

__all__ = [
    "Catalog",
    "Element",
    "Group",
    "GroupToolError",
    "Subgroup",
    "from_permutations",
    "from_presentation",
    "from_table",
    "group",
    "identify",
    "large_group",
]


def __getattr__(name: str) -> Any:
    # Loaded when they are asked for.
    if name == "large_group":
        from .large import large_group

        return large_group
    if name == "Catalog":
        from .catalog.store import Catalog

        return Catalog
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
