"""Sources for characters that hold no linear character of a subgroup just once: one of degree above 1 serves too.

Public: MatrixSource, find_matrix_source.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from ...errors import BudgetSpentError, RepresentationError
from ...group import Group
from ...structure.subgroups import DEFAULT_BUDGET, subgroup_lattice
from ..characters import CharacterTable, character_table
from ..representation import multiply_out
from ..root_sums import root_of_unity
from ..units import totient
from .cyclotomic_arrays import CyclotomicArray
from .inducing import MOST_SUBGROUPS, Source

if TYPE_CHECKING:
    from .irreducible import Irrep

__all__ = ["MatrixSource", "find_matrix_source"]

MOST_CLASSES = 100
"""Classes of subgroups that are looked through for a smaller field."""
MOST_TRIED = 10
"""Characters of subgroups that are realised for it."""


@dataclass(frozen=True, eq=False)
class MatrixSource(Source):
    """A subgroup H and an irreducible character psi of it, of degree f, that an irreducible character holds once.

    E = f / |H| times the sum over h of psi_11(h^-1) rho(h) projects to a line, for any matrices psi.

    Attributes:
        subgroup: H as a group; its element i is ``elements[i]``.
        irrep: psi.
    """

    irrep: Irrep = field(kw_only=True)

    @property
    def words(self) -> str:
        """See Source."""
        return f"an irreducible character of degree {self.irrep.degree} of a subgroup of order {len(self.elements)}"

    @property
    def is_orthogonal(self) -> bool:
        """See Source."""
        return False

    def translates(self, group: Group) -> np.ndarray:
        """See Source: all elements."""
        return np.arange(group.order)

    @cached_property
    def _corner(self) -> CyclotomicArray:
        """Shape (m,): psi_11(h^-1), exact."""
        irrep = self.irrep
        inverses = irrep.group.inverses.tolist()
        corners = [irrep.matrix(h).part((0, 0)) for h in range(irrep.group.order)]
        common = math.lcm(*(one.denominator for one in corners))
        numerators = np.stack([corners[h].numerators * (common // corners[h].denominator) for h in inverses])
        return CyclotomicArray(irrep.conductor, numerators, common)

    def weights(self, unit: int) -> np.ndarray:
        """See Source."""
        return self._corner.embedded(unit) * (self.irrep.degree / len(self.elements))

    def unitary_weights(self, unit: int) -> np.ndarray:
        """See Source: from a unitary form of psi."""
        irrep = self.irrep
        moved = irrep.realisation.moved(unit, np.zeros(len(irrep.group.generators), dtype=np.int64))
        corners = multiply_out(irrep.group, moved.unitary)[:, 0, 0]
        return np.asarray(corners.conj() * (irrep.degree / len(self.elements)))

    def residues(self, unit: int, prime: int) -> np.ndarray:
        """See Source."""
        corner, root = self._corner, root_of_unity(self.irrep.conductor, prime)
        powers = np.array([pow(root, unit * t, prime) for t in range(corner.numerators.shape[-1])])
        scale = self.irrep.degree * pow(len(self.elements) * corner.denominator, -1, prime) % prime
        return np.asarray((corner.numerators % prime * powers % prime).sum(axis=-1) % prime * scale % prime)


def find_matrix_source(table: CharacterTable, row: int, goal: int | None = None) -> MatrixSource | None:
    """A proper subgroup and an irreducible character of degree above 1 that a character holds once; None: none found.

    The largest subgroups are tried first; of one subgroup, the character with the least conductor.

    Args:
        goal: a conductor; then only matrices over a cyclotomic field of its degree will do, and the search ends after
            100 classes of subgroups or 10 characters whose matrices need a larger field.
    """
    from .irreducible import irreps  # which looks here when linear characters do not serve

    group, own, tried = table.group, int(table.conductors[row]), 0
    try:
        lattice = subgroup_lattice(group, budget=DEFAULT_BUDGET if goal is None else MOST_SUBGROUPS)
    except BudgetSpentError:
        return None
    for one in islice(reversed(lattice.classes[1:-1]), None if goal is None else MOST_CLASSES):
        smaller = character_table(one.subgroup.as_group())
        values = table.floats(row)[table.classes.class_of[one.representative]]
        inner = smaller.complex[:, smaller.classes.class_of].conj() @ values / one.order
        for held in sorted(np.flatnonzero(np.rint(inner.real) == 1), key=lambda i: int(smaller.conductors[i])):
            if goal is not None:
                if smaller.degrees[held] == 1 or not _serves(math.lcm(own, int(smaller.conductors[held])), goal):
                    continue
                if tried == MOST_TRIED:
                    return None
                tried += 1
            try:
                (found,) = irreps(smaller, [int(held)], deeper=False)
            except RepresentationError:
                continue
            conductor = math.lcm(own, found.conductor)
            if goal is not None and not _serves(conductor, goal):
                continue
            nothing = np.zeros(0, dtype=np.int64)
            return MatrixSource(one.representative, nothing, 1, conductor, irrep=found)
    return None


def _serves(conductor: int, goal: int) -> bool:
    return totient(conductor) <= totient(goal)
