"""Real irreducible representations as orthogonal float64 matrices, each checked before anybody sees it.

Public: RealConstituent, RealIrrep, real_constituents, real_irrep, real_irreps, check_representation,
TOLERANCE.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from ..errors import RepresentationError, TooLargeError
from ..group import Group
from .characters import CharacterTable

__all__ = [
    "TOLERANCE",
    "RealConstituent",
    "RealIrrep",
    "check_representation",
    "real_constituents",
    "real_irrep",
    "real_irreps",
]

TOLERANCE = 1e-10
MAX_ORDER = 2_500
"""Largest order for which matrices are made: the regular representation is a dense n by n array here."""

RealType = Literal["R", "C", "H"]


@dataclass(frozen=True, eq=False)
class RealConstituent:
    """A real irreducible representation, known by its character alone.

    Over R the irreducible representations are: a character of real type itself; a character of complex type together
    with its dual; twice a character of quaternionic type. Source: Serre, Linear Representations of Finite Groups
    (1977), section 13.2.

    Attributes:
        table: the character table that it is part of.
        rows: the irreducible characters inside, one, or a character and its dual.
        type: R, C or H; the commuting algebra is the real, complex or quaternionic numbers.
    """

    table: CharacterTable
    rows: tuple[int, ...]
    type: RealType

    @property
    def name(self) -> str:
        """The names of the characters inside: ``4a``, ``2b+2c`` (complex type), ``2x2a`` (quaternionic type)."""
        names = "+".join(self.table.names[row] for row in self.rows)
        return f"2x{names}" if self.type == "H" else names

    @property
    def dimension(self) -> int:
        """Dimension over the real numbers: chi(1), or 2 chi(1) for types C and H."""
        degree = int(self.table.degrees[self.rows[0]])
        return degree if self.type == "R" else 2 * degree

    @property
    def isotypic_dimension(self) -> int:
        """Dimension of its part of the functions on the group: the sum of chi(1)^2 over the characters inside."""
        return int((self.table.degrees[list(self.rows)] ** 2).sum())

    @cached_property
    def character(self) -> np.ndarray:
        """Shape (k,), float64: the trace on each class."""
        values = self.table.complex[list(self.rows)].sum(axis=0).real
        return np.asarray(2 * values if self.type == "H" else values)

    @property
    def kernel(self) -> np.ndarray:
        """Shape (n,), bool: the elements that act trivially."""
        return np.asarray(self.table.kernels[self.rows[0]][self.table.classes.class_of])

    @property
    def is_trivial(self) -> bool:
        """Whether this is the trivial representation."""
        return self.rows == (0,)

    @property
    def is_faithful(self) -> bool:
        """Whether only the identity acts trivially."""
        return int(self.kernel.sum()) == 1

    def projector_values(self) -> np.ndarray:
        """Shape (k,): p with P[x, y] = p[class of x y^-1] the projector to its part of the functions on G."""
        rows = list(self.rows)
        degrees = self.table.degrees[rows]
        return np.asarray((degrees[:, None] * self.table.complex[rows]).sum(axis=0).real / self.table.group.order)


@dataclass(frozen=True, eq=False)
class RealIrrep:
    """A real irreducible representation with orthogonal matrices.

    Attributes:
        constituent: what it is.
        matrices: shape (n, d, d), float64; ``matrices[table[i, j]]`` is ``matrices[i] @ matrices[j]`` to 1e-10.
        error: the largest deviation that the checks found, dimensionless.
    """

    constituent: RealConstituent
    matrices: np.ndarray
    error: float

    @property
    def name(self) -> str:
        """See RealConstituent."""
        return self.constituent.name


def real_constituents(table: CharacterTable) -> tuple[RealConstituent, ...]:
    """The real irreducible representations of a group, by their characters; the trivial one first."""
    types: dict[int, RealType] = {1: "R", 0: "C", -1: "H"}
    return tuple(
        RealConstituent(table, (row,) if dual == row else (row, int(dual)), types[int(indicator)])
        for row, (dual, indicator) in enumerate(zip(table.duals, table.indicators, strict=True))
        if row <= dual
    )


def real_irreps(table: CharacterTable, *, seed: int = 0) -> tuple[RealIrrep, ...]:
    """All real irreducible representations, as orthogonal matrices.

    Args:
        seed: of the random symmetric convolutions; another seed gives equivalent matrices.

    Raises:
        TooLargeError: the order is above 2,500. RepresentationError: a check failed.
    """
    constituents = real_constituents(table)
    if sum(one.isotypic_dimension for one in constituents) != table.group.order:
        raise RepresentationError("the squares of the degrees do not sum to the order")
    return tuple(real_irrep(one, seed=seed) for one in constituents)


def real_irrep(constituent: RealConstituent, *, seed: int = 0) -> RealIrrep:
    """Orthogonal matrices of one real irreducible representation.

    A random symmetric right convolution commutes with left translations; on the isotypic part of the functions on G its
    eigenspaces are single irreducible copies, for all three types alike. The best separated one is taken, the matrices
    of the generators are read off and multiplied out.

    Raises:
        TooLargeError: the order is above 2,500. RepresentationError: a check failed, which is a bug.

    Source: Dixon, Computing irreducible representations of groups, Math. Comp. 24 (1970), with the regular
    representation in place of a general one.
    """
    group = constituent.table.group
    if group.order > MAX_ORDER:
        raise TooLargeError(f"{group.name} has {group.order:,} elements; matrices are made up to {MAX_ORDER:,}")
    space = _isotypic_basis(constituent, np.random.default_rng(seed))
    for draw in range(10):
        copy = _irreducible_copy(constituent, space, np.random.default_rng([seed, draw]))
        if copy is None:
            continue
        matrices = _multiply_out(group, [_translation(group, copy, g) for g in group.generators])
        error = check_representation(group, matrices, constituent.character[constituent.table.classes.class_of])
        matrices.flags.writeable = False
        return RealIrrep(constituent, matrices, error)
    raise RepresentationError(f"no convolution split the representation {constituent.name} of {group.name}")


def check_representation(
    group: Group, matrices: np.ndarray, character: np.ndarray | None = None, tolerance: float = TOLERANCE
) -> float:
    """The largest deviation of matrices from an orthogonal representation of the group.

    Args:
        matrices: shape (n, d, d). character: the traces that they should have, shape (n,), if known.

    Returns:
        The largest absolute entry of rho(x) rho(y) - rho(xy) over all pairs, of rho(x) rho(x)^T - 1, and of the traces.

    Raises:
        RepresentationError: it is above ``tolerance``; the message names the elements.

    Cost: n^2 products of d by d matrices, as n matrix products of size d by d by nd.
    """
    order, dimension = matrices.shape[:2]
    side_by_side = matrices.transpose(1, 0, 2).reshape(dimension, order * dimension)
    worst = 0.0
    for x in range(order):
        products = (matrices[x] @ side_by_side).reshape(dimension, order, dimension).transpose(1, 0, 2)
        gaps = np.abs(products - matrices[group.table[x]]).max(axis=(1, 2))
        y = int(gaps.argmax())
        if gaps[y] > tolerance:
            raise RepresentationError(
                f"not a homomorphism: rho(x) rho(y) and rho(xy) differ by {gaps[y]:.2g} "
                f"at x = {group.cycles(x)}, y = {group.cycles(y)}"
            )
        worst = max(worst, float(gaps[y]))
    skew = float(np.abs(matrices @ matrices.transpose(0, 2, 1) - np.eye(dimension)).max())
    if skew > tolerance:
        raise RepresentationError(f"not orthogonal: rho(x) rho(x)^T differs from the identity by {skew:.2g}")
    off = 0.0 if character is None else float(np.abs(np.trace(matrices, axis1=1, axis2=2) - character).max())
    if off > tolerance:
        raise RepresentationError(f"the traces differ from the character by {off:.2g}")
    return max(worst, skew, off)


def _isotypic_basis(constituent: RealConstituent, rng: np.random.Generator) -> np.ndarray:
    """Shape (n, r): an orthonormal basis of the isotypic part, by projecting random functions."""
    group, classes = constituent.table.group, constituent.table.classes
    quotients = classes.class_of[group.table[:, group.inverses]]  # class of x y^-1
    projector = constituent.projector_values()[quotients]
    functions = rng.standard_normal((group.order, constituent.isotypic_dimension))
    return np.asarray(np.linalg.qr(projector @ functions)[0])


def _irreducible_copy(constituent: RealConstituent, space: np.ndarray, rng: np.random.Generator) -> np.ndarray | None:
    """Shape (n, d): an orthonormal basis of one irreducible copy, or None when eigenvalues are badly separated."""
    group, dimension = constituent.table.group, constituent.dimension
    weights = rng.standard_normal(group.order)
    weights += weights[group.inverses]
    # (f * h)(x) = sum over z of h(z^-1 x) f(z) commutes with left translation; h is symmetric, so the matrix is.
    convolution = space.T @ (weights[group.table[group.inverses].T] @ space)
    values, vectors = np.linalg.eigh((convolution + convolution.T) / 2)
    clusters = values.reshape(-1, dimension)
    spread = float((clusters[:, -1] - clusters[:, 0]).max())
    gaps = clusters[1:, 0] - clusters[:-1, -1]
    padded = np.concatenate(([np.inf], gaps, [np.inf]))
    separation = np.minimum(padded[:-1], padded[1:])
    best = int(separation.argmax())
    if len(clusters) > 1 and separation[best] < max(1e4 * spread, 1e-6 * float(np.abs(values).max())):
        return None
    copy, _ = np.linalg.qr(space @ vectors[:, best * dimension : (best + 1) * dimension])
    return copy


def _translation(group: Group, copy: np.ndarray, g: int) -> np.ndarray:
    """Shape (d, d): left translation by g on the copy, (g f)(x) = f(g^-1 x), so that g h acts as g after h."""
    translated = copy[group.table[group.inverses[g]]]
    # Nearest orthogonal matrix: the copy is invariant up to rounding only.
    left, _, right = np.linalg.svd(copy.T @ translated)
    return np.asarray(left @ right)


def _multiply_out(group: Group, generators: list[np.ndarray]) -> np.ndarray:
    """Shape (n, d, d): all matrices, level by level of the breadth-first tree."""
    dimension = len(generators[0]) if generators else 1
    matrices = np.empty((group.order, dimension, dimension))
    matrices[0] = np.eye(dimension)
    done = np.arange(group.order) == 0
    while not done.all():
        level = np.flatnonzero(~done & done[group.parents])
        matrices[level] = matrices[group.parents[level]] @ np.array(generators)[group.letters[level]]
        done[level] = True
    return matrices
