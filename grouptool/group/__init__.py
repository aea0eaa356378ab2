"""The objects of group theory: a group with its Cayley table, its elements and its subgroups.

Public: Group, Element, Subgroup, TABLE_LIMIT, cycle_notation, orbit_labels, prime_factors, smallest_unsigned.
Made by ``grouptool.construct``; read by every room after it. All are frozen and hand out read-only arrays.
"""

from .arithmetic import prime_factors, smallest_unsigned
from .element import Element, cycle_notation
from .group import TABLE_LIMIT, Group
from .orbits import orbit_labels
from .subgroup import Subgroup

__all__ = [
    "TABLE_LIMIT",
    "Element",
    "Group",
    "Subgroup",
    "cycle_notation",
    "orbit_labels",
    "prime_factors",
    "smallest_unsigned",
]
