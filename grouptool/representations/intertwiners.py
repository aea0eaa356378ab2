"""Maps that commute with a group: a basis of all between two representations, and equivalences.

Public: character_product, intertwiners, equivalence.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import RepresentationError
from .averaging import average, expect_one_group
from .representation import Representation

__all__ = ["character_product", "equivalence", "intertwiners"]

TOLERANCE = 1e-8
"""Bound on the entries of T first(s) - second(s) T for T of norm 1, relative to the largest matrix entry."""
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

    Projections of random matrices (``average``), made orthonormal for <S, T> = trace(S* T) in a way that does not
    depend on them: entries are read row by row; the first entry where the space is at least 0.4567 times as wide as
    anywhere is positive in the first matrix and 0 in the others, and so on with these.

    Args:
        seed: of the random matrices; another gives the same basis up to rounding.

    Returns:
        Shape (m, d2, d1), m from the characters; float64 when both are real, else complex128.

    Raises:
        RepresentationError: the maps that are found are not m or do not commute to 1e-8; one of the two is then no
            representation.

    Cost: as ``average`` for m + 4 samples, twice.
    """
    return commuting_maps(first, second, character_product(first, second), seed=seed)


def equivalence(first: Representation, second: Representation, *, seed: int = 0) -> np.ndarray | None:
    """An invertible T with T first(g) = second(g) T for all g, or None when there is none.

    None is proved: the degrees or the traces on some class differ (by more than 1e-6), and equivalent representations
    have equal characters. T is unitary, or orthogonal, when both representations are, and real when both are.

    Returns:
        Shape (d, d). Of five random commuting maps the best conditioned; for unitary representations its unitary
        polar factor, which commutes too.

    Raises:
        RepresentationError: T does not commute to 1e-8, or no map is invertible; one of the two is no representation.
    """
    expect_one_group(first, second)
    if first.degree != second.degree or np.abs(first.character - second.character).max() > 1e-6:
        return None
    samples = _random((DRAWS, second.degree, first.degree), _is_real(first, second), seed)
    maps = average(first, second, samples)
    lefts, scales, rights = np.linalg.svd(maps)
    best = int((scales[:, -1] / scales[:, 0]).argmax())
    if scales[best, -1] < 1e-8 * scales[best, 0]:
        raise RepresentationError(
            f"{first.name} and {second.name} have equal traces, but no invertible map between them is found: one is no "
            "representation"
        )
    unitary = max(first.unitarity_error, second.unitarity_error) < TOLERANCE
    found = lefts[best] @ rights[best] if unitary else average(first, second, maps[best : best + 1])[0]
    found = found if unitary else found / np.linalg.norm(found, 2)
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
    """``intertwiners`` for a dimension that is known, ``count``; shape (count, d2, d1).

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
    for one, other in zip(first.images, second.images, strict=True):
        gap = float(np.abs(maps @ one - other @ maps).max())
        if gap > TOLERANCE * max(1.0, float(np.abs(one).max()), float(np.abs(other).max())):
            raise RepresentationError(
                f"a map from {first.name} to {second.name} commutes with a generator only to {gap:.2g}; one of the two "
                "is no representation"
            )
