"""Maps that commute with a group: a basis of all between two representations, and equivalences.

Public: character_product, intertwiners, equivalence.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...errors import RepresentationError
from ..representation import Representation
from .averaging import average, expect_one_group
from .constructions import unitary_frame

__all__ = ["character_product", "equivalence", "intertwiners"]

TOLERANCE = 1e-8
"""Bound on the entries of T first(s) - second(s) T, relative to the largest entries of T and of the matrices."""
SPARE = 4
"""Random samples beyond the dimension, so that their projections are well conditioned."""
DRAWS = 5


def character_product(first: Representation, second: Representation) -> int:
    """The inner product of two characters, the mean of conj(chi_1) chi_2: the dimension of Hom_G(first, second).

    Raises:
        RepresentationError: it is no whole number to 1e-6, so one of the two is no representation.
    """
    expect_one_group(first, second)
    value = complex(first.classes.sizes @ (first.character.conj() * second.character)) / first.group.order
    rounded = round(value.real)
    if abs(value - rounded) > 1e-6 or rounded < 0:
        raise RepresentationError(
            f"the traces of {first.name} and {second.name} have inner product {value:.6g}, which characters cannot"
        )
    return rounded


def intertwiners(first: Representation, second: Representation, *, seed: int = 0) -> np.ndarray:
    """An orthonormal basis of Hom_G(first, second), the matrices T with T first(g) = second(g) T.

    Projections of random matrices (``average``, between the unitary forms), made orthonormal for <S, T> = trace(S* T)
    in a way that does not depend on them: entries are read row by row; the first entry where the space is at least
    0.4567 times as wide as anywhere is positive in the first matrix and 0 in the others, and so on with these.

    Args:
        seed: of the random matrices; another gives the same basis up to rounding.

    Returns:
        Shape (m, d2, d1), m from the characters; float64 when both are real, else complex128.

    Raises:
        RepresentationError: the maps that are found are not m or do not commute to 1e-8; one of the two is then no
            representation.

    Cost: as ``average`` for m + 4 samples, twice.
    """
    count = character_product(first, second)
    (one, first_frame), (other, second_frame) = unitary_frame(first), unitary_frame(second)
    found = commuting_maps(one, other, count, seed=seed)
    if count == 0 or first_frame is second_frame is None:
        return found
    found = found if first_frame is None else found @ first_frame
    found = found if second_frame is None else np.linalg.solve(second_frame, found)
    basis = _canonical(np.linalg.qr(found.reshape(count, -1).T)[0].T).reshape(found.shape)
    _check(first, second, basis)
    return basis


def equivalence(first: Representation, second: Representation, *, seed: int = 0) -> np.ndarray | None:
    """An invertible T with T first(g) = second(g) T for all g, or None when there is none.

    None is proved: the degrees or the traces on some class differ (by more than 1e-6), and equivalent representations
    have equal characters. T is unitary, or orthogonal, when both representations are, and real when both are.

    Returns:
        Shape (d, d). Of five random commuting maps the unitary polar factor of the best conditioned, which commutes
        too; between the unitary forms (``unitarized``) when the representations are not unitary.

    Raises:
        RepresentationError: T does not commute to 1e-8, or no map is invertible; one of the two is no representation.
    """
    expect_one_group(first, second)
    if first.degree != second.degree or np.abs(first.character - second.character).max() > 1e-6:
        return None
    (one, first_frame), (other, second_frame) = unitary_frame(first), unitary_frame(second)
    maps = average(one, other, _random((DRAWS, other.degree, one.degree), _is_real(one, other), seed))
    lefts, scales, rights = np.linalg.svd(maps)
    best = int((scales[:, -1] / scales[:, 0]).argmax())
    if scales[best, -1] < 1e-8 * scales[best, 0]:
        raise RepresentationError(
            f"{first.name} and {second.name} have equal traces, but no invertible map between them is found: one is no "
            "representation"
        )
    found = lefts[best] @ rights[best]
    found = found if first_frame is None else found @ first_frame
    found = found if second_frame is None else np.linalg.solve(second_frame, found)
    _check(first, second, found[None])
    return np.asarray(found)


def commuting_maps(
    first: Representation,
    second: Representation,
    count: int,
    *,
    seed: int = 0,
    factors: Sequence[Representation] | None = None,
) -> np.ndarray:
    """``intertwiners`` between unitary representations for a dimension that is known, ``count``; (count, d2, d1).

    Args:
        factors: representations whose tensor product ``second`` is, if it is known as one; less work.
    """
    shape = (second.degree, first.degree)
    real = _is_real(first, second)
    if count == 0:
        return np.zeros((0, *shape), dtype=np.float64 if real else np.complex128)
    size = shape[0] * shape[1]
    lefts = (second,) if factors is None else factors
    projected = average(first, lefts, _random((min(count + SPARE, size + 1), *shape), real, seed))
    _, scales, found = np.linalg.svd(projected.reshape(-1, size), full_matrices=False)
    rank = int(np.count_nonzero(scales > 1e-7 * np.sqrt(size)))
    if rank != count:
        raise RepresentationError(
            f"by the characters {count} independent maps go from {first.name} to {second.name}, and {rank} are found"
        )
    # Once more, since rounding of the first samples is not small beside their projections.
    again = average(first, lefts, found[:count].reshape(count, *shape)).reshape(count, size)
    basis = _canonical(np.linalg.qr(again.T)[0].T).reshape(count, *shape)
    _check(first, second, basis)
    return basis


def _canonical(basis: np.ndarray) -> np.ndarray:
    """The orthonormal basis of a row space that depends on the space alone: shape (m, N) to (m, N).

    The columns of the projector to the space are taken in turn, first the first that is not much shorter than any,
    and made orthogonal to those before.
    """
    left, made = basis, []
    for _ in basis:
        widths = (left.real**2 + left.imag**2).sum(axis=0)
        place = int((widths >= 0.4567 * widths.max()).argmax())
        column = left[:, place] / np.sqrt(widths[place])
        made.append(column.conj() @ left)
        left = left - np.outer(column, made[-1])
    return np.array(made)


def _random(shape: tuple[int, ...], real: bool, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.standard_normal(shape) if real else rng.standard_normal(shape) + 1j * rng.standard_normal(shape)


def _is_real(*representations: Representation) -> bool:
    return not any(np.iscomplexobj(one.images) for one in representations)


def _check(first: Representation, second: Representation, maps: np.ndarray) -> None:
    largest = float(np.abs(maps).max(initial=0.0))
    for one, other in zip(first.images, second.images, strict=True):
        gap = float(np.abs(maps @ one - other @ maps).max(initial=0.0))
        if gap > TOLERANCE * largest * max(1.0, float(np.abs(one).max()), float(np.abs(other).max())):
            raise RepresentationError(
                f"a map from {first.name} to {second.name} commutes with a generator only to {gap:.2g}; one of the two "
                "is no representation"
            )
