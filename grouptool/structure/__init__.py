"""The inner life of a group: classes, subgroups, series, cosets, isomorphisms."""

from .classes import ConjugacyClasses, conjugacy_classes
from .cosets import left_cosets, right_cosets
from .isomorphism import automorphism_order, find_isomorphism
from .subgroups import SubgroupClass, SubgroupLattice, subgroup_lattice

__all__ = [
    "ConjugacyClasses",
    "SubgroupClass",
    "SubgroupLattice",
    "automorphism_order",
    "conjugacy_classes",
    "find_isomorphism",
    "left_cosets",
    "right_cosets",
    "subgroup_lattice",
]
