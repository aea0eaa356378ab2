"""Real irreducible representations as orthogonal float64 matrices, each checked before anybody sees it.

Public: RealConstituent, RealIrrep, real_constituents, real_irrep, real_irreps, real_form, check_representation,
TOLERANCE.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from ..errors import RepresentationError
from ..group import Group
from .characters import CharacterTable
from .matrices.irreducible import irrep, irreps
from .representation import TOLERANCE, Representation
from .spaces.averaging import average
from .spaces.constructions import conjugate

__all__ = [
    "TOLERANCE",
    "RealConstituent",
    "RealIrrep",
    "check_representation",
    "real_constituents",
    "real_form",
    "real_irrep",
    "real_irreps",
]

ALL_PAIRS_ORDER = 120
"""Up to this order ``check_representation`` looks at all products; above at those with a generator."""
TYPE_TOLERANCE = 1e-8
"""Bound on how far a structure is from symmetric, antisymmetric, unitary or 0."""
BATCH = 1_024
"""Elements whose products are checked at once."""

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
        values = self.table.floats(list(self.rows)).sum(axis=0).real
        return np.asarray(2 * values if self.type == "H" else values)

    @property
    def kernel(self) -> np.ndarray:
        """Shape (n,), bool: the elements that act trivially."""
        return np.asarray(self.table.kernel(self.rows[0])[self.table.classes.class_of])

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
        return np.asarray((degrees[:, None] * self.table.floats(rows)).sum(axis=0).real / self.table.group.order)


@dataclass(frozen=True, eq=False)
class RealIrrep:
    """A real irreducible representation with orthogonal matrices.

    Attributes:
        constituent: what it is.
        matrices: shape (n, d, d), float64; ``matrices[table[i, j]]`` is ``matrices[i] @ matrices[j]`` to 1e-10.
        error: the largest deviation that the checks found, dimensionless.
        units: shape (0 | 1 | 3, d, d) for type R | C | H, float64: the imaginary units among the matrices that commute
            with all of ``matrices``; see ``real_form``.
    """

    constituent: RealConstituent
    matrices: np.ndarray
    error: float
    units: np.ndarray

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
        seed: of the random matrices that real structures are found with.

    Raises:
        TooLargeError: all matrices of one have more than 200,000,000 entries. RepresentationError: a check failed.
    """
    constituents = real_constituents(table)
    if sum(one.isotypic_dimension for one in constituents) != table.group.order:
        raise RepresentationError("the squares of the degrees do not sum to the order")
    unitary = irreps(table, [one.rows[0] for one in constituents], exact=False)
    return tuple(_real_irrep(one, made.unitary, seed) for one, made in zip(constituents, unitary, strict=True))


def real_irrep(constituent: RealConstituent, *, seed: int = 0) -> RealIrrep:
    """Orthogonal matrices of one real irreducible representation: the ``real_form`` of a unitary one.

    Raises:
        As ``real_irreps``, which is quicker for all of them than one by one.
    """
    return _real_irrep(constituent, irrep(constituent.table, constituent.rows[0], exact=False).unitary, seed)


def _real_irrep(constituent: RealConstituent, unitary: Representation, seed: int) -> RealIrrep:
    made, units = real_form(unitary, constituent.type, seed=seed)
    classes = constituent.table.classes
    error = check_representation(classes.group, made.matrices, constituent.character[classes.class_of])
    return RealIrrep(constituent, made.matrices, max(error, _check_units(made, units)), units)


def real_form(unitary: Representation, kind: RealType, *, seed: int = 0) -> tuple[Representation, np.ndarray]:
    """The real irreducible representation that holds an irreducible unitary one, and its imaginary units.

    Type R, degree d: the mean S of rho(g) B rho(g)^T over the group, B random, has rho S = S conj(rho) and is, scaled,
    symmetric and unitary. So v -> S conj(v) is a real structure; an orthonormal basis Q of the vectors that it fixes is
    real (S = Q Q^T, Takagi's factorisation) and Q* rho Q is orthogonal. It comes from the symmetric 2d x 2d matrix of
    the structure, whose eigenvalues are 1 and -1, so nothing is ill-conditioned. Matrices that are real already stay.

    Types C and H, degree 2d: A + iB becomes ((A, -B), (B, A)) on real and imaginary parts. Unit I is multiplication by
    i; for type H, S is antisymmetric, J is v -> S conj(v), and K = I J.

    Args:
        unitary: an irreducible unitary representation. kind: R, C or H, its type. seed: of B.

    Returns:
        The orthogonal representation, images float64; and the units, shape (0 | 1 | 3, D, D), float64: orthogonal,
        antisymmetric, with I^2 = -1, I J = K, commuting with the representation; with 1 they span all that commutes.

    Raises:
        RepresentationError: the representation is not unitary or not of this type, to 1e-8; or the units miss their
            relations by more than 1e-10.

    Cost: as ``averaging.average`` for four samples, and d^3.

    Source: Serre, Linear Representations of Finite Groups (1977), section 13.2.
    """
    if unitary.unitarity_error > TYPE_TOLERANCE:
        raise RepresentationError(f"{unitary.name} is not unitary (by {unitary.unitarity_error:.2g}); use 'unitarized'")
    if kind == "R":
        if np.abs(unitary.images.imag).max(initial=0.0) < 1e-14:
            return Representation(unitary.group, unitary.images.real.copy(), unitary.name), _units(
                degree=unitary.degree
            )
        basis = _fixed_vectors(_structure(unitary, kind, seed))
        images = basis.conj().T @ unitary.images @ basis
        off = float(np.abs(images.imag).max(initial=0.0))
        if off > TYPE_TOLERANCE:
            raise RepresentationError(f"the real form of {unitary.name} has imaginary parts of {off:.2g}")
        return Representation(unitary.group, images.real.copy(), unitary.name), _units(degree=unitary.degree)
    structure = _structure(unitary, kind, seed)
    identity, zero = np.eye(unitary.degree), np.zeros((unitary.degree, unitary.degree))
    units = [np.block([[zero, -identity], [identity, zero]])]
    if kind == "H":
        antilinear = _antilinear(structure)
        units += [antilinear, units[0] @ antilinear]
    real, imaginary = unitary.images.real, unitary.images.imag
    images = np.block([[real, -imaginary], [imaginary, real]])
    made = Representation(unitary.group, images, f"{unitary.name} over the reals")
    _check_units(made, _units(*units))
    return made, _units(*units)


def check_representation(
    group: Group, matrices: np.ndarray, character: np.ndarray | None = None, tolerance: float = TOLERANCE
) -> float:
    """The largest deviation of matrices from an orthogonal representation of the group.

    Args:
        matrices: shape (n, d, d). character: the traces that they should have, shape (n,), if known.

    Returns:
        The largest absolute entry of rho(x) rho(y) - rho(xy), of rho(x) rho(x)^T - 1, and of the traces. Above order
        120 y runs through the generators only: all other products follow, off by at most the length of y as a word
        times as much, for orthogonal matrices, in the norm of the rows.

    Raises:
        RepresentationError: it is above ``tolerance``; the message names the elements.

    Cost: n^2 products of d by d matrices up to order 120; above, n for each generator.
    """
    dimension, worst = matrices.shape[1], 0.0
    everything = group.order <= ALL_PAIRS_ORDER
    for y in range(group.order) if everything else dict.fromkeys(group.generators):
        for start in range(0, group.order, BATCH):
            batch = slice(start, start + BATCH)
            gaps = np.abs(matrices[batch] @ matrices[y] - matrices[group.table[batch, y]]).max(axis=(1, 2))
            x = start + int(gaps.argmax())
            if gaps[x - start] > tolerance:
                raise RepresentationError(
                    f"not a homomorphism: rho(x) rho(y) and rho(xy) differ by {gaps[x - start]:.2g} "
                    f"at x = {group.cycles(x)}, y = {group.cycles(y)}"
                )
            worst = max(worst, float(gaps[x - start]))
    skew = float(np.abs(matrices @ matrices.transpose(0, 2, 1) - np.eye(dimension)).max())
    if skew > tolerance:
        raise RepresentationError(f"not orthogonal: rho(x) rho(x)^T differs from the identity by {skew:.2g}")
    off = 0.0 if character is None else float(np.abs(np.trace(matrices, axis1=1, axis2=2) - character).max())
    if off > tolerance:
        raise RepresentationError(f"the traces differ from the character by {off:.2g}")
    return max(worst, skew, off)


# -- real and quaternionic structures


def _structure(unitary: Representation, kind: RealType, seed: int) -> np.ndarray:
    """Shape (d, d): S unitary with rho S = S conj(rho), symmetric for type R, antisymmetric for H; 0 for type C."""
    degree, rng = unitary.degree, np.random.default_rng(seed)
    samples = rng.standard_normal((4, degree, degree)) + 1j * rng.standard_normal((4, degree, degree))
    means = average(conjugate(unitary), unitary, samples)
    found = means[int(np.linalg.norm(means, axis=(1, 2)).argmax())]
    length = float(np.linalg.norm(found)) / np.sqrt(degree)
    if kind == "C":
        if length > TYPE_TOLERANCE:
            raise RepresentationError(f"{unitary.name} is not of type C: it is equivalent to its conjugate")
        return np.zeros((degree, degree), dtype=np.complex128)
    sign = 1 if kind == "R" else -1
    if length < TYPE_TOLERANCE or np.abs(found - sign * found.T).max() > TYPE_TOLERANCE * length:
        raise RepresentationError(f"{unitary.name} is not of type {kind}")
    scaled = (found + sign * found.T) / (2 * length)
    skew = float(np.abs(scaled @ scaled.conj().T - np.eye(degree)).max())
    if skew > TYPE_TOLERANCE:
        raise RepresentationError(f"{unitary.name} is not irreducible and unitary (off by {skew:.2g})")
    return np.asarray(scaled)


def _antilinear(structure: np.ndarray) -> np.ndarray:
    """Shape (2d, 2d): v -> S conj(v) on real and imaginary parts."""
    real, imaginary = structure.real, structure.imag
    return np.block([[real, imaginary], [imaginary, -real]])


def _fixed_vectors(structure: np.ndarray) -> np.ndarray:
    """Shape (d, d), unitary: columns q with S conj(q) = q."""
    degree = len(structure)
    _, axes = np.linalg.eigh(_antilinear(structure))
    return np.asarray(axes[:degree, degree:] + 1j * axes[degree:, degree:])


def _units(*units: np.ndarray, degree: int = 0) -> np.ndarray:
    made = np.array(units).reshape(len(units), *units[0].shape) if units else np.zeros((0, degree, degree))
    made.flags.writeable = False
    return made


def _check_units(representation: Representation, units: np.ndarray) -> float:
    """The largest deviation from u u^T = 1, u^T = -u, u rho(s) = rho(s) u, and I J = K, J I = -K."""
    identity = np.eye(representation.degree)
    gaps = [units @ units.transpose(0, 2, 1) - identity, units + units.transpose(0, 2, 1)]
    gaps += [units @ image - image @ units for image in representation.images]
    if len(units) == 3:
        i, j, k = units
        gaps += [i @ j - k, j @ i + k]
    worst = max(float(np.abs(gap).max(initial=0.0)) for gap in gaps)
    if worst > TOLERANCE:
        raise RepresentationError(f"the imaginary units of {representation.name} are off by {worst:.2g}")
    return worst
