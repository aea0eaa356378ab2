"""The named families, a file for each kind.

Public: Family, family, families, blueprint_of_family, extraspecial.
To add a family: a function from its parameters to a Blueprint in the file of its kind, under the decorator ``family``.
"""

from . import classical, orthogonal, permutation, sporadic, weyl  # noqa: F401 (they register themselves)
from .p_groups import extraspecial
from .registry import Family, blueprint_of_family, families, family

__all__ = ["Family", "blueprint_of_family", "extraspecial", "families", "family"]
