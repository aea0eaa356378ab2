"""Permutation groups of any order, without a table: order, membership, orbits, blocks, stabilisers, series.

Public: large_group, LargeGroup, Membership, MAX_DEGREE.
"""

import lazy_loader

# The public names stand in __init__.pyi; a module is loaded when one of its names is asked for.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
