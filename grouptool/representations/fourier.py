"""How functions on a group divide among its real irreducible representations.

Public: isotypic_energies, isotypic_part.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .real import RealConstituent

__all__ = ["isotypic_energies", "isotypic_part"]


def isotypic_part(constituent: RealConstituent, functions: np.ndarray) -> np.ndarray:
    """The orthogonal projection of functions on a group to the part of one real irreducible representation.

    Args:
        functions: shape (n, m), float64; each column is a function on the group, in the order of its elements.

    Returns:
        Shape (n, m). Cost: n^2 m multiplications. Source: as ``isotypic_energies``.
    """
    group, classes = constituent.table.group, constituent.table.classes
    quotients = classes.class_of[group.table[:, group.inverses]]  # class of x y^-1
    return np.asarray(constituent.projector_values()[quotients] @ functions)


def isotypic_energies(constituents: Sequence[RealConstituent], functions: np.ndarray) -> np.ndarray:
    """The squared norm of the part of each function in each real irreducible representation.

    Args:
        constituents: c real irreducible representations of one group of order n.
        functions: shape (n, m), float64; each column is a function on the group, in the order of its elements.

    Returns:
        Shape (c, m), float64. Over all constituents the sum is the squared norm of the function (Plancherel).

    Cost: c n^2 m multiplications. Source: Serre, Linear Representations of Finite Groups (1977), section 2.6.
    """
    if not constituents:
        return np.zeros((0, functions.shape[1]))
    return np.stack([(functions * isotypic_part(one, functions)).sum(axis=0) for one in constituents])
