"""Permutation groups of any order, without a table: order, membership, orbits, blocks, stabilisers, series.

Public: large_group, LargeGroup, Membership, MAX_DEGREE.
"""

from .group import MAX_DEGREE, LargeGroup, Membership
from .make import large_group

__all__ = ["MAX_DEGREE", "LargeGroup", "Membership", "large_group"]
