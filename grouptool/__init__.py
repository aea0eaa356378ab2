"""Finite groups from names, permutations, presentations and tables, with exact characters and checked irreps.

>>> import grouptool
>>> grouptool.group("S5")
<Group S5 of order 120>
"""

from .construct import from_permutations, from_presentation, from_table
from .errors import GroupToolError
from .group import Element, Group, Subgroup
from .large import large_group
from .lookup import group, identify

__all__ = [
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
