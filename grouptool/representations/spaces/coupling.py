"""Clebsch-Gordan coefficients: tensor products of irreducible representations as sums of irreducible ones.

Public: ClebschGordan, clebsch_gordan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..characters import CharacterTable
from ..matrices.irreducible import unitary_irreps
from ..representation import Representation
from .commuting import commuting_maps
from .constructions import tensor_product
from .decomposition import Decomposition, assembled, row_irrep

__all__ = ["ClebschGordan", "clebsch_gordan"]


@dataclass(frozen=True, eq=False)
class ClebschGordan:
    """The Clebsch-Gordan coefficients of a group, for any pair of rows of its table; each pair is made when asked for.

    ``C = coefficients(i, j, k, copy)`` has shape (d_i, d_j, d_k): the vectors f_c = sum over a, b of C[a, b, c]
    e_a x e_b transform by irrep k, that is

        sum over a', b' of rho_i(g)[a, a'] rho_j(g)[b, b'] C[a', b', c] = sum over c' of C[a, b, c'] rho_k(g)[c', c],

    and all f_c of all k and copies are orthonormal.

    Phases and copies: the C of one k are read entry by entry, c fastest, then b, then a. The first entry where their
    space is at least 0.4567 times as wide as anywhere is positive in copy 0 and 0 in the others; the first such entry
    of what remains is positive in copy 1, and so on. So they depend on the matrices of the irreps alone.

    Attributes:
        table: the character table. irreps: a unitary representation for each row. seed: of the random matrices that
            are projected; it changes nothing but rounding.
    """

    table: CharacterTable
    irreps: Sequence[Representation]
    seed: int = 0
    _pairs: dict[tuple[int, int], Decomposition] = field(default_factory=dict, repr=False)

    def multiplicities(self, i: int, j: int) -> np.ndarray:
        """Shape (k,), int64: how often each row occurs in the product of rows i and j, from the characters."""
        table = self.table
        found = table.products_with(table.floats(i) * table.floats(j))
        return np.asarray(np.rint(found.real), dtype=np.int64)

    def decomposition(self, i: int, j: int) -> Decomposition:
        """The tensor product of rows i and j, decomposed; kept.

        Raises:
            RepresentationError: an irrep is not that of its row, or the result is off by more than 1e-8.
            TooLargeError: more than 200,000,000 entries, (d_i d_j)^2 for each generator.

        Cost: for each k and multiplicity m about (m + 4) S d_i d_j d_k (d_i + d_j + d_k) multiplications, S the sum of
        the indices of ``averaging.transversals``.
        """
        if (i, j) not in self._pairs:
            group = self.table.group
            pair = [row_irrep(self.table, self.irreps, row, group) for row in (i, j)]
            product, counts = tensor_product(*pair), self.multiplicities(i, j)
            parts = []
            for k in np.flatnonzero(counts).tolist():
                irrep = row_irrep(self.table, self.irreps, k, group)
                found = commuting_maps(irrep, product, int(counts[k]), seed=self.seed, factors=pair)
                parts.append(found * np.sqrt(irrep.degree))
            self._pairs[i, j] = assembled(product, self.table.names, self.irreps, counts, parts)
        return self._pairs[i, j]

    def matrix(self, i: int, j: int) -> np.ndarray:
        """Shape (d_i d_j, d_i d_j): the unitary Q; Q* (rho_i x rho_j) Q is block diagonal, k ascending; rows (a, b)."""
        return self.decomposition(i, j).basis

    def coefficients(self, i: int, j: int, k: int, copy: int = 0) -> np.ndarray:
        """Shape (d_i, d_j, d_k): see the class. IndexError when k does not occur so often."""
        degrees = self.table.degrees
        return self.decomposition(i, j).copy(k, copy).reshape(degrees[i], degrees[j], degrees[k])

    def __getitem__(self, place: tuple[int, int, int] | tuple[int, int, int, int]) -> np.ndarray:
        """``clebsch_gordan(table)[i, j, k]`` or ``[i, j, k, copy]``: the same as ``coefficients``."""
        return self.coefficients(*place)

    def error(self, i: int, j: int) -> float:
        """The largest deviation that the checks of a pair found, see ``Decomposition``; at most 1e-8."""
        return self.decomposition(i, j).error


def clebsch_gordan(
    table: CharacterTable, irreps: Sequence[Representation] | None = None, *, seed: int = 0
) -> ClebschGordan:
    """The Clebsch-Gordan coefficients of a group; nothing is computed yet.

    Args:
        irreps: a unitary representation for each row of the table, in order. Real ones give real coefficients. By
            default those of ``unitary_irreps``.

    Source: Serre, Linear Representations of Finite Groups (1977), section 2.7, for the copies.
    """
    return ClebschGordan(table, unitary_irreps(table) if irreps is None else irreps, seed)
