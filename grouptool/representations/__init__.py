"""Exact characters, and real irreducible representations as checked matrices."""

from .characters import CharacterTable, character_table
from .cyclotomic import Cyclotomic
from .fourier import isotypic_energies, isotypic_part
from .real import RealConstituent, RealIrrep, check_representation, real_constituents, real_irrep, real_irreps

__all__ = [
    "CharacterTable",
    "Cyclotomic",
    "RealConstituent",
    "RealIrrep",
    "character_table",
    "check_representation",
    "isotypic_energies",
    "isotypic_part",
    "real_constituents",
    "real_irrep",
    "real_irreps",
]
