"""The inner life of a group: classes, subgroups, series, cosets, isomorphisms."""

from .automorphisms import AutomorphismGroup, automorphism_group, automorphism_order, holomorph
from .classes import ConjugacyClasses, conjugacy_classes
from .cosets import left_cosets, right_cosets
from .isomorphism import find_isomorphism, fingerprint
from .subgroups import SubgroupClass, SubgroupLattice, subgroup_lattice

__all__ = [
    "AutomorphismGroup",
    "ConjugacyClasses",
    "SubgroupClass",
    "SubgroupLattice",
    "automorphism_group",
    "automorphism_order",
    "conjugacy_classes",
    "find_isomorphism",
    "fingerprint",
    "holomorph",
    "left_cosets",
    "right_cosets",
    "subgroup_lattice",
]
