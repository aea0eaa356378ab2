"""Finite groups from names, permutations, presentations and tables, with exact characters and checked irreps.

>>> import grouptool
>>> grouptool.group("S5")
<Group S5 of order 120>
"""

from .construct import build as group
from .construct import from_permutations, from_presentation, from_table
from .errors import GroupToolError
from .group import Group

__all__ = ["Group", "GroupToolError", "from_permutations", "from_presentation", "from_table", "group"]
