"""How functions on a group divide among its irreducible representations, from characters alone.

Public: isotypic_part, isotypic_energies, complex_isotypic_part, complex_isotypic_energies.

Everything here is a sum over y of p(class of x y^-1) f(y) with p a class function. The classes of the quotients are
gathered for a block of x at a time, so beside the functions no more than 32 MB are taken, whatever the order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ...errors import RepresentationError
from ...structure.classes import ConjugacyClasses
from ..characters import CharacterTable
from ..real import RealConstituent

__all__ = ["complex_isotypic_energies", "complex_isotypic_part", "isotypic_energies", "isotypic_part"]

BLOCK_BYTES = 32_000_000
"""Memory of a block of gathered class numbers and of the projector's values there."""


def isotypic_part(constituent: RealConstituent, functions: np.ndarray) -> np.ndarray:
    """The orthogonal projection of functions on a group to the part of one real irreducible representation.

    Args:
        functions: shape (n, m), float64; each column is a function on the group, in the order of its elements.

    Returns:
        Shape (n, m).

    Raises:
        RepresentationError: the first axis does not have n places.

    Cost: n^2 m multiplications, and 32 MB. Source: as ``isotypic_energies``.
    """
    return np.asarray(_projections(constituent.table.classes, constituent.projector_values()[None], functions)[0])


def isotypic_energies(constituents: Sequence[RealConstituent], functions: np.ndarray) -> np.ndarray:
    """The squared norm of the part of each function in each real irreducible representation.

    Args:
        constituents: c real irreducible representations of one group of order n.
        functions: shape (n, m), float64; each column is a function on the group, in the order of its elements.

    Returns:
        Shape (c, m), float64. Over all constituents the sum is the squared norm of the function (Plancherel).

    Raises:
        RepresentationError: the first axis does not have n places.

    Cost: c n^2 m multiplications, n^2 gathers, 32 MB. Source: Serre, Linear Representations of Finite Groups (1977),
    section 2.6.
    """
    if not constituents:
        return np.zeros((0, functions.shape[1]))
    values = np.stack([one.projector_values() for one in constituents])
    return _energies(constituents[0].table.classes, values, functions)


def complex_isotypic_part(table: CharacterTable, row: int, functions: np.ndarray) -> np.ndarray:
    """The orthogonal projection of functions to the part that left translations move as copies of one irrep.

    Args:
        row: of the irreducible character chi in the table.
        functions: shape (n, m), real or complex; each column is a function on the group.

    Returns:
        Shape (n, m), complex128: (d/n) sum over y of conj chi(x y^-1) f(y), the function whose Fourier transform
        ``FourierBasis.transform`` is f^(rho) at the irrep rho of character chi, and 0 elsewhere.

    Raises:
        RepresentationError: the first axis does not have n places.

    Cost: as ``isotypic_part``. Source: Serre, section 2.6, theorem 8, for the action (a f)(x) = f(a^-1 x).
    """
    return np.asarray(_projections(table.classes, _complex_values(table, [row]), functions)[0])


def complex_isotypic_energies(
    table: CharacterTable, functions: np.ndarray, rows: Sequence[int] | None = None
) -> np.ndarray:
    """Shape (c, m), float64: the squared norms of the parts of each function at the given rows (by default, all).

    Args:
        functions: shape (n, m), real or complex; each column is a function on the group.

    Raises:
        RepresentationError: the first axis does not have n places.

    Cost: as ``isotypic_energies``.
    """
    chosen = list(range(len(table))) if rows is None else list(rows)
    return _energies(table.classes, _complex_values(table, chosen), functions)


def _complex_values(table: CharacterTable, rows: list[int]) -> np.ndarray:
    """Shape (c, k): p with P[x, y] = p[class of x y^-1]."""
    return np.asarray(table.degrees[rows, None] * table.floats(rows).conj() / table.group.order)


def _projections(classes: ConjugacyClasses, values: np.ndarray, functions: np.ndarray) -> np.ndarray:
    """Shape (c, n, m): all projections, for projectors given by their values on classes, shape (c, k)."""
    found = np.empty((len(values), *functions.shape), dtype=np.result_type(values, functions, np.float64))
    for block, quotients in _quotient_blocks(classes, functions):
        for part, value in zip(found, values, strict=True):
            part[block] = value[quotients] @ functions
    return found


def _energies(classes: ConjugacyClasses, values: np.ndarray, functions: np.ndarray) -> np.ndarray:
    """Shape (c, m): <P f, f> for each projector, block by block of its rows."""
    found = np.zeros((len(values), functions.shape[1]))
    for block, quotients in _quotient_blocks(classes, functions):
        for energy, value in zip(found, values, strict=True):
            energy += (functions[block].conj() * (value[quotients] @ functions)).sum(axis=0).real
    return found


def _quotient_blocks(classes: ConjugacyClasses, functions: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """Blocks of elements x with the class of x y^-1 for all y, shape (block, n)."""
    group = classes.group
    if functions.shape[:1] != (group.order,) or functions.ndim != 2:
        raise RepresentationError(
            f"functions on {group.name} have shape ({group.order}, m), one column for each, not {functions.shape}"
        )
    rows = max(1, BLOCK_BYTES // (24 * group.order))  # class numbers and values, of up to 8 and 16 bytes
    for start in range(0, group.order, rows):
        block = slice(start, min(start + rows, group.order))
        yield block, classes.class_of[group.table[block][:, group.inverses]]
