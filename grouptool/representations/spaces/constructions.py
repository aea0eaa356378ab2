"""Representations from what one has: actions, matrices, other representations, subgroups.

Public: permutation_representation, matrix_representation, direct_sum, tensor_product, dual, conjugate, symmetric_power,
exterior_power, restriction, inflation, induction, unitarized.

All results satisfy rho(a * b) = rho(a) @ rho(b), and are float64 when what they are made of is. For characters instead
of matrices see ``induced_characters``: restrict, induce, inflate.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb

import numpy as np

from ...errors import RepresentationError, TooLargeError
from ...group import Group, Subgroup
from ...structure.actions import GSet, natural_action, on_cosets
from ...structure.cosets import right_transversal
from ...structure.homomorphisms import Homomorphism
from ..representation import MAX_ENTRIES, TOLERANCE, Representation
from .averaging import average, expect_one_group, matrices_of

__all__ = [
    "conjugate",
    "direct_sum",
    "dual",
    "exterior_power",
    "induction",
    "inflation",
    "matrix_representation",
    "permutation_representation",
    "restriction",
    "symmetric_power",
    "tensor_product",
    "unitarized",
]

MAX_POWER_ENTRIES = 20_000_000
"""Most entries d^k C(d + k - 1, k) of the basis of symmetric tensors."""


def permutation_representation(action: GSet | Subgroup | Group) -> Representation:
    """The functions on the points of an action, rho(g) f (w) = f(w ^ g): rho(g) has a one at (w, w ^ g) for each w.

    Args:
        action: a G-set; a subgroup, for its right cosets; or a group, for the points that its elements permute
            (``structure.actions`` has the regular action, on classes, and others).

    Returns:
        Shape (r, d, d) on the generators, float64. ``decompose`` takes the G-set itself, without these matrices.

    Raises:
        TooLargeError: more than 200,000,000 entries.
    """
    points = action if isinstance(action, GSet) else on_cosets(action) if isinstance(action, Subgroup) else None
    points = natural_action(action) if isinstance(action, Group) else points
    assert points is not None
    _expect_size(f"permutation matrices on {len(points):,} points", len(points.steps), len(points))
    images = np.zeros((len(points.steps), len(points), len(points)))
    for image, step in zip(images, points.steps, strict=True):
        image[np.arange(len(points)), step] = 1
    return Representation(points.group, images, f"the permutation representation on {len(points)} points")


def matrix_representation(
    group: Group, images: Sequence[np.ndarray] | np.ndarray, *, tolerance: float = TOLERANCE
) -> Representation:
    """The representation that takes each generator of a group to a matrix, unitary or not; checked.

    Args:
        images: shape (r, d, d), one invertible matrix for each generator in order; shape (0, d, d) when there is none.
        tolerance: bound on the entries of rho(x) rho(s) - rho(xs) for elements x and generators s, relative to the
            square of the largest entry of any rho(x), or to 1 when that is smaller.

    Raises:
        RepresentationError: a wrong shape, an entry that is no finite number, or a product that differs; the message
            names the elements. TooLargeError: more than 200,000,000 entries of all matrices.

    Cost: (1 + r) n products of d by d matrices.
    """
    given = np.asarray(images)
    if given.ndim != 3 or given.shape[1] != given.shape[2] or given.dtype.kind not in "biufc":
        raise RepresentationError(
            f"matrices of the {len(group.generators)} generators of {group.name} are numbers of shape (r, d, d), not "
            f"{given.dtype} of shape {given.shape}"
        )
    if not np.isfinite(given).all():
        raise RepresentationError(f"a matrix of a generator of {group.name} has entries that are no finite numbers")
    kind = np.complex128 if np.iscomplexobj(given) else np.float64
    made = Representation(group, given.astype(kind), "the given map")
    largest = float(np.abs(made.matrices).max(initial=1.0))
    if not np.isfinite(largest):
        raise RepresentationError("the given map is no homomorphism: products of the generators grow beyond bounds")
    made.check(tolerance * largest**2)
    return made


def direct_sum(*summands: Representation) -> Representation:
    """The block diagonal matrices, summands in order.

    Raises:
        ValueError: none is given. RepresentationError: they are of different groups.
    """
    if not summands:
        raise ValueError("a direct sum needs at least one representation, since that knows the group")
    for one in summands:
        expect_one_group(summands[0], one)
    ends = np.cumsum([0, *(one.degree for one in summands)])
    count = len(summands[0].images)
    images = np.zeros((count, ends[-1], ends[-1]), dtype=np.result_type(*(one.images for one in summands)))
    for one, start, end in zip(summands, ends[:-1], ends[1:], strict=True):
        images[:, start:end, start:end] = one.images
    return Representation(summands[0].group, images, f"a sum of {len(summands)} representations")


def tensor_product(first: Representation, second: Representation) -> Representation:
    """The Kronecker products; basis vector (i, j) has number i d2 + j.

    Raises:
        RepresentationError: they are of different groups. TooLargeError: more than 200,000,000 entries.
    """
    expect_one_group(first, second)
    degree = first.degree * second.degree
    _expect_size(f"a tensor product of degree {degree:,}", len(first.images), degree)
    images = np.einsum("gij,gkl->gikjl", first.images, second.images).reshape(-1, degree, degree)
    return Representation(first.group, images, f"{first.name} times {second.name}")


def dual(representation: Representation) -> Representation:
    """The inverse transposed matrices; character conj(chi)."""
    images = np.linalg.inv(representation.images).transpose(0, 2, 1)
    return Representation(representation.group, np.ascontiguousarray(images), f"the dual of {representation.name}")


def conjugate(representation: Representation) -> Representation:
    """The complex conjugate matrices; equal to the dual when the representation is unitary, else equivalent to it."""
    return Representation(representation.group, representation.images.conj(), f"the conjugate of {representation.name}")


def symmetric_power(representation: Representation, power: int) -> Representation:
    """The action on symmetric tensors, of degree C(d + k - 1, k); unitary when the representation is.

    Basis: for indices i_1 <= ... <= i_k in lexicographic order the sum of the distinct rearrangements of
    e_i1 x ... x e_ik, scaled to length 1. Character of the square: (chi(g)^2 + chi(g^2)) / 2.

    Raises:
        ValueError: a negative power. TooLargeError: more than 20,000,000 entries on the way, d^k C(d + k - 1, k).
    """
    return _power(representation, power, symmetric=True)


def exterior_power(representation: Representation, power: int) -> Representation:
    """The action on alternating tensors, of degree C(d, k), 0 above d; unitary when the representation is.

    Basis: e_i1 ^ ... ^ e_ik for i_1 < ... < i_k in lexicographic order, of length 1. Character of the square:
    (chi(g)^2 - chi(g^2)) / 2. Errors as ``symmetric_power``.
    """
    return _power(representation, power, symmetric=False)


def restriction(representation: Representation, subgroup: Subgroup) -> Representation:
    """The same matrices on a subgroup, as a representation of ``subgroup.as_group()``.

    Raises:
        RepresentationError: the subgroup is of another group.
    """
    if subgroup.group != representation.group:
        raise RepresentationError(f"{subgroup!r} is no subgroup of {representation.group.name}")
    small = subgroup.as_group()
    chosen = np.array([subgroup.elements[g] for g in small.generators], dtype=np.int64)
    return _of_chosen(representation, small, chosen, f"{representation.name} on a subgroup of order {subgroup.order}")


def inflation(representation: Representation, onto: Homomorphism) -> Representation:
    """The representation g -> rho(f(g)) of the source of a homomorphism f to the representation's group.

    Raises:
        RepresentationError: f goes to another group.
    """
    if onto.target != representation.group:
        raise RepresentationError(f"{onto!r} goes to {onto.target.name}, not to {representation.group.name}")
    chosen = onto.images[list(onto.source.generators)]
    return _of_chosen(representation, onto.source, chosen, f"{representation.name} after a homomorphism")


def induction(
    representation: Representation, subgroup: Subgroup, transversal: Sequence[int] | np.ndarray | None = None
) -> Representation:
    """The representation of G that a representation sigma of a subgroup H induces, of degree |G:H| times its own.

    Block (i, j) of rho(g) is sigma(t_i g t_j^-1) where that lies in H, and 0 elsewhere; unitary when sigma is. From the
    trivial representation it is the permutation representation on the right cosets.

    Args:
        representation: of ``subgroup.as_group()``.
        transversal: one element t_i from each right coset H t_i; by default the smallest, in the order of
            ``right_cosets``.

    Raises:
        RepresentationError: the representation is of another group, or the elements are no transversal.
        TooLargeError: more than 200,000,000 entries.

    Source: Serre, Linear Representations of Finite Groups (1977), section 3.3.
    """
    group, degree = subgroup.group, representation.degree
    if representation.group != subgroup.as_group():
        raise RepresentationError(
            f"{representation.name} is of {representation.group.name}, not of the subgroup of order {subgroup.order}"
        )
    chosen = np.asarray(right_transversal(subgroup) if transversal is None else transversal, dtype=np.int64)
    if not np.array_equal(np.sort(subgroup.right_cosets[chosen]), np.arange(subgroup.index)):
        raise RepresentationError(
            f"{len(chosen)} elements are given, which do not have one in each of the {subgroup.index} right cosets"
        )
    index = subgroup.index
    _expect_size(f"an induced representation of degree {index * degree:,}", len(group.generators), index * degree)
    place_of = np.argsort(subgroup.right_cosets[chosen])
    images = np.zeros((len(group.generators), index, degree, index, degree), dtype=representation.images.dtype)
    for image, g in zip(images, group.generators, strict=True):
        moved = group.table[chosen, g]
        reached = place_of[subgroup.right_cosets[moved]]
        inside = group.table[moved, group.inverses[chosen[reached]]]
        numbers = np.searchsorted(subgroup.elements, inside)
        image[np.arange(index), :, reached, :] = matrices_of(representation, numbers)
    images = images.reshape(-1, index * degree, index * degree)
    return Representation(group, images, f"{representation.name}, induced")


def unitarized(representation: Representation) -> tuple[Representation, np.ndarray]:
    """A unitary (orthogonal, when it is real) representation equivalent to a given one, and the change of basis.

    The mean M of rho(g)* rho(g) is an invariant inner product; with a square root A, M = A* A, A rho(g) A^-1 is
    unitary.

    Returns:
        The unitary representation u, and A, shape (d, d): A rho(g) = u(g) A.

    Raises:
        RepresentationError: the result is not unitary to 1e-8, because the given matrices are no representation or
            their condition number is beyond float64.

    Source: Serre, Linear Representations of Finite Groups (1977), section 1.3, remark.
    """
    made, change = representation, np.eye(representation.degree)
    for _ in range(3):  # again when rounding is left: the second mean is all but the identity
        root, inverse = _invariant_root(made)
        name = f"{representation.name}, unitarized"
        made, change = Representation(made.group, root @ made.images @ inverse, name), root @ change
        if made.unitarity_error < 1e-12:
            break
    if made.unitarity_error > 1e-8:
        raise RepresentationError(
            f"{representation.name} becomes unitary only to {made.unitarity_error:.2g}; it is no representation, or "
            "too far from unitary for float64"
        )
    return made, change


def unitary_frame(representation: Representation) -> tuple[Representation, np.ndarray | None]:
    """The representation itself and None when it is unitary to 1e-8; else what ``unitarized`` gives."""
    return (representation, None) if representation.unitarity_error < 1e-8 else unitarized(representation)


def _invariant_root(representation: Representation) -> tuple[np.ndarray, np.ndarray]:
    """The positive square root of the mean of rho(g)* rho(g), and its inverse."""
    adjoint = conjugate(dual(representation))  # its g^-1 is rho(g)*
    inner = average(representation, adjoint, np.eye(representation.degree)[None])[0]
    squares, axes = np.linalg.eigh((inner + inner.conj().T) / 2)
    if len(squares) and not squares[0] > 0:
        raise RepresentationError(f"{representation.name} has no invariant inner product that float64 can tell")
    lengths = np.sqrt(squares)
    return (axes * lengths) @ axes.conj().T, (axes / lengths) @ axes.conj().T


def _power(representation: Representation, power: int, *, symmetric: bool) -> Representation:
    degree, kind = representation.degree, "symmetric" if symmetric else "exterior"
    if power < 0:
        raise ValueError(f"a {kind} power is at least 0, not {power}")
    size = comb(degree + power - 1, power) if symmetric and power else comb(degree, power)
    if degree**power * max(size, power) > MAX_POWER_ENTRIES:
        raise TooLargeError(
            f"the {kind} power {power} of degree {degree} goes by {degree**power * max(size, power):,} entries; the "
            f"limit is {MAX_POWER_ENTRIES:,}"
        )
    basis = _tensors(degree, power, symmetric)
    images = np.zeros((len(representation.images), size, size), dtype=representation.images.dtype)
    for image, matrix in zip(images, representation.images, strict=True):
        moved = basis
        for _ in range(power):  # each tensor index in turn is multiplied and goes to the back
            split = moved.reshape(size, degree, degree ** (power - 1))
            moved = np.tensordot(split, matrix, axes=(1, 1)).reshape(basis.shape)
        image[:] = basis @ moved.T
    return Representation(representation.group, images, f"the {kind} power {power} of {representation.name}")


def _tensors(degree: int, power: int, symmetric: bool) -> np.ndarray:
    """Shape (size, d^k): an orthonormal basis of the symmetric or the alternating tensors."""
    digits = degree ** np.arange(power)[::-1]
    indices = np.arange(degree**power)[:, None] // digits % max(degree, 1)
    signs = np.ones(len(indices))
    if not symmetric:
        for i, j in combinations(range(power), 2):
            signs *= np.sign(indices[:, j] - indices[:, i])
    kept = np.flatnonzero(signs)
    if not len(kept):
        return np.zeros((0, len(indices)))
    numbers = np.sort(indices[kept], axis=1) @ digits
    _, row, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    basis = np.zeros((len(counts), len(indices)))
    basis[row, kept] = signs[kept] / np.sqrt(counts[row])
    return basis


def _of_chosen(representation: Representation, group: Group, chosen: np.ndarray, name: str) -> Representation:
    degree = representation.degree
    images = matrices_of(representation, chosen) if len(chosen) else np.zeros((0, degree, degree))
    return Representation(group, np.array(images, dtype=representation.images.dtype), name)


def _expect_size(what: str, count: int, degree: int) -> None:
    if count * degree**2 > MAX_ENTRIES:
        raise TooLargeError(f"{what} have {count * degree**2:,} entries; the limit is {MAX_ENTRIES:,}")
