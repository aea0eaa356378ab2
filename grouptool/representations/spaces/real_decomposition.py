"""Decomposition of real representations and of actions over the real numbers, with a real change of basis.

Public: decompose_real.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...errors import RepresentationError
from ...structure.actions import GSet
from ..real import RealIrrep
from ..representation import Representation
from .decomposition import Decomposition, assembled, copies_of, framed, multiplicities

__all__ = ["decompose_real"]


def decompose_real(
    representation: Representation | GSet, irreps: Sequence[RealIrrep], *, seed: int = 0
) -> Decomposition:
    """Decompose a real representation, orthogonal or not, or the functions on a G-set, over the real numbers.

    As ``decompose``, with real irreducible blocks. Where the irrep has imaginary units (types C and H) the maps to it
    are a space over the complex numbers or the quaternions: with E also E I, E J, E K are maps, of one image, and of
    these four one is kept.

    Args:
        irreps: all real irreducible representations of the group, as ``real_irreps`` gives them.
        seed: of the random matrices.

    Returns:
        A decomposition with float64 Q, orthogonal when the representation is; its rows are the constituents in order,
        and it has their units.

    Raises:
        RepresentationError: the matrices are complex, or as for ``decompose``.

    Source: Serre, Linear Representations of Finite Groups (1977), section 13.2, for the three types.
    """
    if not isinstance(representation, GSet) and np.iscomplexobj(representation.images):
        raise RepresentationError(
            f"{representation.name} is complex; 'decompose' takes it, or its real part if it is real"
        )
    if not irreps:
        raise RepresentationError("no real irreps are given; 'real_irreps' makes them")
    table, group = irreps[0].constituent.table, representation.group
    found = multiplicities(representation, table)
    rows = [one.constituent.rows for one in irreps]
    if sorted(row for pair in rows for row in pair) != list(range(len(table))):
        raise RepresentationError(f"the irreps that are given are not all {len(table)} rows of {table.group.name}")
    halves = np.array([2 if one.constituent.type == "H" else 1 for one in irreps])
    counts = found[[pair[0] for pair in rows]] // halves
    made = [Representation(group, one.matrices[list(group.generators)], one.name) for one in irreps]
    unitary, frame = framed(representation)
    parts = [
        _kept(copies_of(unitary, frame, made[place], int(counts[place]) * (1 + len(units)), seed), units, frame)
        for place in np.flatnonzero(counts).tolist()
        for units in [irreps[place].units]
    ]
    return assembled(
        representation, [one.name for one in irreps], made, counts, parts, frame, [one.units for one in irreps]
    )


def _kept(maps: np.ndarray, units: np.ndarray, frame: np.ndarray | None) -> np.ndarray:
    """Shape (m, d, e): of maps, shape (m (1 + u), d, e), copies with images orthogonal to each other.

    E^T E' commutes with the irrep; it is 0 when E' is orthogonal to E and to all E u, as entries go.
    """
    if not len(units):
        return maps
    left = maps if frame is None else frame @ maps
    kept: list[np.ndarray] = []
    while len(kept) * (1 + len(units)) < len(maps):
        lengths = np.linalg.norm(left, axis=(1, 2))
        one = left[int((lengths >= 0.4567 * lengths.max()).argmax())]
        one = one * np.sqrt(one.shape[1]) / np.linalg.norm(one)
        kept.append(one)
        for turned in (one, *(one @ units)):
            left = left - np.tensordot(left, turned, 2)[:, None, None] * turned / turned.shape[1]
    found = np.array(kept)
    return found if frame is None else np.linalg.solve(frame, found)
