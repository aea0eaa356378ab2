"""Decomposition of representations and actions into irreducible ones, with the change of basis.

Public: Decomposition, decompose, multiplicities, isotypic_projectors, symmetry_adapted_basis, DECOMPOSITION_TOLERANCE.

An action (a ``GSet``) stands for the functions on its points, rho(g) f (w) = f(w ^ g), and no matrices are made of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...errors import RepresentationError, TooLargeError
from ...group import Group
from ...structure.actions import GSet
from ..characters import CharacterTable
from ..matrices.irreducible import unitary_irreps
from ..representation import MAX_ENTRIES, Representation
from .commuting import commuting_maps
from .constructions import unitary_frame

__all__ = [
    "DECOMPOSITION_TOLERANCE",
    "Decomposition",
    "decompose",
    "isotypic_projectors",
    "multiplicities",
    "symmetry_adapted_basis",
]

DECOMPOSITION_TOLERANCE = 1e-8
LONG_PATHS = 8
"""Paths of more levels than this times the degree of an irrep are multiplied by doubling."""
PROBED_DEGREE = 1_000
"""Above this degree orthonormality is measured on random vectors."""


@dataclass(frozen=True, eq=False)
class Decomposition:
    """A representation as a sum of irreducible ones: Q^-1 rho(g) Q is block diagonal.

    Blocks stand in the order of the table's rows, copies of one row side by side, and each is exactly the matrix of
    the given irrep, so equal irreps have equal blocks.

    Attributes:
        names: of the irreps: the rows of the table, or the real constituents.
        irreps: those that were given, in this order.
        multiplicities: shape (k,), int64: how often each occurs.
        basis: Q, shape (d, d); float64 when the representation and all irreps inside are, else complex128; unitary when
            the representation is. Columns are the new basis.
        is_unitary: whether Q is.
        error: at most 1e-8. When Q is unitary the largest entry of rho(s) Q - Q blocks(s) over generators s and of
            Q* Q - 1 (above degree 1,000 of its values on random vectors of entries 1 and -1); else a bound on the
            entries of Q^-1 rho(s) Q - blocks(s).
        units: for a decomposition over the reals the imaginary units of each irrep, shape (0 | 1 | 3, e, e).
    """

    names: Sequence[str]
    irreps: Sequence[Representation]
    multiplicities: np.ndarray
    basis: np.ndarray
    is_unitary: bool
    error: float
    units: Sequence[np.ndarray] | None = None

    def __repr__(self) -> str:
        return f"<Decomposition {self.name}>"

    @property
    def name(self) -> str:
        """The sum: ``1a + 2x4b``; real constituents of types C and H in brackets, ``1a + 2x(2b+2c)``."""
        terms = []
        for row, (name, count) in enumerate(zip(self.names, self.multiplicities.tolist(), strict=True)):
            bare = self.units is None or not len(self.units[row])
            if count:
                terms.append(f"{'' if count == 1 else f'{count}x'}{name if bare else f'({name})'}")
        return " + ".join(terms) or "0"

    @property
    def blocks(self) -> tuple[tuple[int, int, slice], ...]:
        """For each block in order: the row, the copy, counted from 0, and the columns of Q."""
        return tuple(_blocks(self.irreps, self.multiplicities))

    def copy(self, row: int, copy: int = 0) -> np.ndarray:
        """Shape (d, d_row): the columns of Q of one copy of an irrep; E with rho(g) E = E irrep(g).

        Raises:
            IndexError: the irrep does not occur so often.
        """
        for one, number, columns in self.blocks:
            if (one, number) == (row, copy):
                return np.asarray(self.basis[:, columns])
        raise IndexError(f"{self.names[row]} occurs {self.multiplicities[row]} times; there is no copy {copy}")

    @cached_property
    def inverse(self) -> np.ndarray:
        """Q^-1, shape (d, d)."""
        return np.asarray(self.basis.conj().T if self.is_unitary else np.linalg.inv(self.basis))

    def block_diagonal(self, element: int) -> np.ndarray:
        """Shape (d, d): Q^-1 rho(g) Q, from the irreps."""
        made = np.zeros(self.basis.shape, dtype=self.basis.dtype)
        matrices = {row: self.irreps[row].matrix(element) for row in np.flatnonzero(self.multiplicities).tolist()}
        for row, _, columns in self.blocks:
            made[columns, columns] = matrices[row]
        return made

    def projector(self, row: int) -> np.ndarray:
        """Shape (d, d): the projector to all copies of an irrep; ``isotypic_projectors`` makes it without Q."""
        columns = [range(self.basis.shape[1])[part] for one, _, part in self.blocks if one == row]
        chosen = np.array([place for part in columns for place in part], dtype=np.int64)
        return np.asarray(self.basis[:, chosen] @ self.inverse[chosen])

    @property
    def commutant_dimension(self) -> int:
        """The dimension of the matrices that commute with the representation, over the complex numbers, or the reals.

        The sum of the squared multiplicities; over the reals those of types C and H count 2 and 4 times.
        """
        weights = [1] * len(self.irreps) if self.units is None else [1 + len(units) for units in self.units]
        return int(weights @ self.multiplicities**2)

    @cached_property
    def commutant(self) -> np.ndarray:
        """Shape (c, d, d): a basis of the matrices that commute with the representation.

        For each irrep, and copies i and j of it, the map that takes copy j to copy i by the identity (then by each
        unit) and all else to 0, divided by the square root of its degree: orthonormal for trace(S* T) when Q is
        unitary.

        Raises:
            TooLargeError: more than 200,000,000 entries.
        """
        size = len(self.basis)
        if self.commutant_dimension * size**2 > MAX_ENTRIES:
            raise TooLargeError(
                f"the commutant has {self.commutant_dimension:,} matrices of degree {size:,}; the limit is "
                f"{MAX_ENTRIES:,} entries. Take products of 'copy' and rows of 'inverse'."
            )
        parts: dict[int, list[slice]] = {}
        for row, _, columns in self.blocks:
            parts.setdefault(row, []).append(columns)
        maps = [
            self.basis[:, to] @ unit @ self.inverse[start] / np.sqrt(to.stop - to.start)
            for row, copies in parts.items()
            for to in copies
            for start in copies
            for unit in [np.eye(to.stop - to.start), *(() if self.units is None else self.units[row])]
        ]
        return np.array(maps).reshape(-1, size, size)


def decompose(
    representation: Representation | GSet,
    table: CharacterTable,
    irreps: Sequence[Representation] | None = None,
    *,
    seed: int = 0,
) -> Decomposition:
    """Decompose a representation, real or complex, unitary or not, or the functions on a G-set.

    Multiplicities come from the characters. For a representation the copies of an irrep sigma are an orthonormal basis
    of the maps E with rho(g) E = E sigma(g), images of random matrices under mean rho(g)^-1 X sigma(g), which holds all
    of Serre's projections p_ij; the mean is taken along a chain of subgroups; a
    representation that is not unitary is made so first. On an orbit with base point w they are
    rows e(w ^ x) = u sigma(x), one for each u that the stabiliser of w fixes, carried from point to point.

    Args:
        irreps: a unitary representation for each row of the table, in order, on the same generators; real ones (dtype
            float64) keep Q real on a real representation. Rows that do not occur are not looked at. By default those
            of ``unitary_irreps``.
        seed: of the random matrices; another gives the same Q up to rounding.

    Raises:
        RepresentationError: the traces are no character, an irrep is not that of its row, or the result is wrong by
            more than 1e-8; when ``representation`` is no homomorphism, the message names the elements.
        TooLargeError: Q has more than 200,000,000 entries.

    Cost: for each irrep of degree e and multiplicity m about (m + 4) S d^2 e multiplications, S the sum of the indices
    of ``averaging.transversals``; for a G-set m d e^2, and no array larger than Q.

    Source: Serre, Linear Representations of Finite Groups (1977), sections 2.2 and 2.7; 7.2 for the G-sets (Frobenius
    reciprocity).
    """
    degree = _degree(representation)
    if degree**2 > MAX_ENTRIES:
        raise TooLargeError(
            f"the change of basis of degree {degree:,} has {degree**2:,} entries; the limit is {MAX_ENTRIES:,}. "
            "'symmetry_adapted_basis' gives one irrep at a time."
        )
    counts = multiplicities(representation, table)
    rows = np.flatnonzero(counts).tolist()
    irreps = unitary_irreps(table) if irreps is None else irreps
    unitary, frame = framed(representation)
    parts = [
        copies_of(unitary, frame, row_irrep(table, irreps, row, representation.group), int(counts[row]), seed)
        for row in rows
    ]
    return assembled(representation, table.names, irreps, counts, parts, frame)


def multiplicities(representation: Representation | GSet, table: CharacterTable) -> np.ndarray:
    """How often each row of the table occurs in a representation or an action, from the characters alone.

    Returns:
        Shape (k,), int64.

    Raises:
        RepresentationError: the table is of another group, or the traces are no character: a multiplicity is not a
            whole number (to 1e-6) or they do not account for the degree.
    """
    if table.group != representation.group:
        raise RepresentationError(f"the table is of {table.group.name}, the rest of {representation.group.name}")
    found = table.products_with(representation.character)
    counts = np.asarray(np.rint(found.real), dtype=np.int64)
    gaps = np.abs(found - counts)
    worst = int(np.argmax(np.where(counts < 0, np.inf, gaps)))
    if gaps[worst] > 1e-6 or counts[worst] < 0 or counts @ table.degrees != _degree(representation):
        if isinstance(representation, Representation):
            representation.check(DECOMPOSITION_TOLERANCE)
        raise RepresentationError(
            f"the traces are no character of {table.group.name}: {table.names[worst]} would occur {found[worst]:.6g} "
            "times"
        )
    return counts


def isotypic_projectors(
    representation: Representation | GSet, table: CharacterTable, rows: Sequence[int] | None = None
) -> np.ndarray:
    """The projectors to the parts that belong to rows of the table, from the characters alone.

    P = (chi(1) / n) times the sum of conj(chi(g)) rho(g); the projectors of all rows sum to 1.

    Args:
        rows: those that are wanted; by default all k.

    Returns:
        Shape (m, d, d); float64 when the representation and the rows are real, else complex128.

    Raises:
        TooLargeError: more than 200,000,000 entries of class sums (k d^2), or of all matrices of a representation.

    Cost: n d^2 additions (n d for an action), then m k d^2. Source: Serre (1977), section 2.6, theorem 8.
    """
    chosen = np.arange(len(table)) if rows is None else np.asarray(rows, dtype=np.int64)
    degree = _degree(representation)
    if max(len(table), len(chosen)) * degree**2 > MAX_ENTRIES:
        raise TooLargeError(
            f"{len(table):,} class sums of degree {degree:,} have {len(table) * degree**2:,} entries; the limit is "
            f"{MAX_ENTRIES:,}. 'decompose' and 'symmetry_adapted_basis' need none."
        )
    sums = _class_sums(representation, table)
    weights = table.degrees[chosen, None] * table.floats(chosen).conj() / table.group.order
    if table.is_real[chosen].all():
        weights = weights.real
    return np.asarray((weights @ sums.reshape(len(table), -1)).reshape(len(chosen), degree, degree))


def symmetry_adapted_basis(
    representation: Representation | GSet, table: CharacterTable, irrep: Representation, row: int, *, seed: int = 0
) -> np.ndarray:
    """The vectors of a representation or of the functions on a G-set that transform by one irrep.

    Args:
        irrep: a unitary representation with the character of the row.

    Returns:
        Shape (m, d, e): m copies, and in each the e columns with rho(g) E = E irrep(g); all m e columns are orthonormal
        when the representation is unitary. Errors, cost and source as ``decompose``.
    """
    count = int(multiplicities(representation, table)[row])
    _expect_row(table, irrep, row, representation.group)
    unitary, frame = framed(representation)
    found = copies_of(unitary, frame, irrep, count, seed)
    error = _residual(representation, [irrep], [found], frame)
    if error > DECOMPOSITION_TOLERANCE:
        raise RepresentationError(f"the copies of {table.names[row]} are off by {error:.2g}")
    return found


def assembled(
    representation: Representation | GSet,
    names: Sequence[str],
    irreps: Sequence[Representation],
    counts: np.ndarray,
    parts: Sequence[np.ndarray],
    frame: np.ndarray | None = None,
    units: Sequence[np.ndarray] | None = None,
) -> Decomposition:
    """The decomposition with these copies, shape (m, d, e) for each irrep that occurs; checked.

    Args:
        frame: A with A rho(g) A^-1 unitary, when rho is not. units: as in ``Decomposition``.

    Raises:
        RepresentationError: it is off by more than 1e-8.
    """
    degree, rows = _degree(representation), np.flatnonzero(counts).tolist()
    columns = [part.transpose(1, 0, 2).reshape(degree, -1) for part in parts]
    basis = np.concatenate(columns, axis=1) if columns else np.zeros((degree, 0))
    error = _residual(representation, [irreps[row] for row in rows], parts, frame)
    if frame is None:
        error = max(error, _skewness(basis))
    if not error <= DECOMPOSITION_TOLERANCE:
        if isinstance(representation, Representation):
            representation.check(DECOMPOSITION_TOLERANCE)
        raise RepresentationError(
            f"the decomposition of a representation of {representation.group.name} is off by {error:.2g}"
        )
    return Decomposition(names, irreps, counts, basis, frame is None, error, units)


# -- copies of one irrep


@dataclass(frozen=True, eq=False)
class Functions:
    """The functions on the points of an action, with a forest of steps from the first point of each orbit."""

    action: GSet

    @cached_property
    def levels(self) -> list[tuple[int, np.ndarray, np.ndarray]]:
        """By distance from the first points: a generator, points, and the points that it takes there."""
        reached = np.zeros(len(self.action), dtype=bool)
        level = np.array([orbit[0] for orbit in self.action.orbits], dtype=np.int64)
        reached[level] = True
        found = []
        while level.size:
            following = []
            for letter, step in enumerate(self.action.steps):
                before = level[~reached[step[level]]]
                reached[step[before]] = True
                found.append((letter, step[before], before))
                following.append(step[before])
            level = np.concatenate(following) if following else level[:0]
        return found

    @cached_property
    def _doubling(self) -> tuple[np.ndarray, list[np.ndarray]]:
        """The generator that leads to each point, -1 at first points, and the points 1, 2, 4, ... steps before it."""
        letters, above = np.full(len(self.action), -1), np.arange(len(self.action))
        for letter, points, before in self.levels:
            letters[points], above[points] = letter, before
        steps = [above]
        while not np.array_equal(steps[-1], following := steps[-1][steps[-1]]):
            steps.append(following)
        return letters, steps[:-1]

    def products(self, irrep: Representation) -> np.ndarray:
        """Shape (d, e, e): for each point the product of the irrep's matrices along the path to it, by doubling."""
        letters, steps = self._doubling
        identity = np.eye(irrep.degree, dtype=irrep.images.dtype)
        made = np.concatenate([irrep.images, identity[None]])[letters]
        for above in steps:
            made = made[above] @ made
        return np.asarray(made)

    def copies(self, irrep: Representation, count: int) -> np.ndarray:
        """Shape (m, d, e): functions e with e(w ^ g) = e(w) irrep(g), rows of length e; orbit after orbit.

        From level to level; or, where there are many levels, with the products.
        """
        orbits, stabilizers = self.action.orbits, self.action.point_stabilizers
        fixed = [_fixed_rows(irrep, one.generators) for one in stabilizers]
        found = np.zeros((sum(map(len, fixed)), len(self.action), irrep.degree), dtype=irrep.images.dtype)
        if len(found) != count:
            raise RepresentationError(f"{count} copies of {irrep.name} by the characters, and {len(found)} are found")
        products = None
        if len(self.levels) > LONG_PATHS * irrep.degree and irrep.degree**2 <= len(self.action):
            products = self.products(irrep)
        start = 0
        for orbit, rows in zip(orbits, fixed, strict=True):
            # Schur: the columns that a unit row u makes have length (orbit / degree)^(1/2).
            here, scaled = slice(start, start + len(rows)), rows * np.sqrt(irrep.degree / len(orbit))
            start += len(rows)
            found[here, orbit[0]] = scaled
            if products is not None:
                found[here, orbit] = np.tensordot(scaled, products[orbit], (1, 1))
        for letter, points, before in self.levels if products is None else ():
            found[:, points] = found[:, before] @ irrep.images[letter]
        return found


def framed(representation: Representation | GSet) -> tuple[Representation | Functions, np.ndarray | None]:
    """``unitary_frame``; an action is unitary, and comes with its paths."""
    return (Functions(representation), None) if isinstance(representation, GSet) else unitary_frame(representation)


def copies_of(
    unitary: Representation | Functions, frame: np.ndarray | None, irrep: Representation, count: int, seed: int
) -> np.ndarray:
    """Shape (m, d, e): the copies, orthonormal before the frame is undone."""
    if isinstance(unitary, Functions):
        return unitary.copies(irrep, count)
    found = commuting_maps(irrep, unitary, count, seed=seed) * np.sqrt(irrep.degree)
    return found if frame is None else np.linalg.solve(frame, found)


def _fixed_rows(irrep: Representation, elements: Sequence[int]) -> np.ndarray:
    """Shape (m, e): an orthonormal basis of the rows u with u rho(h) = u for the elements h."""
    identity = np.eye(irrep.degree, dtype=irrep.images.dtype)
    if not elements:
        return identity
    conditions = np.concatenate([irrep.matrix(int(h)).T - identity for h in elements])
    _, scales, rows = np.linalg.svd(conditions, full_matrices=False)
    return np.asarray(rows[scales < 1e-8].conj())


# -- checks and small steps


def _degree(representation: Representation | GSet) -> int:
    return len(representation) if isinstance(representation, GSet) else representation.degree


def row_irrep(table: CharacterTable, irreps: Sequence[Representation], row: int, group: Group) -> Representation:
    """The irrep of a row, checked: RepresentationError when it is not that of the row, unitary, on these generators."""
    if len(irreps) != len(table):
        raise RepresentationError(f"{len(irreps)} irreps are given for the {len(table)} rows of {table.group.name}")
    _expect_row(table, irreps[row], row, group)
    return irreps[row]


def _expect_row(table: CharacterTable, irrep: Representation, row: int, group: Group) -> None:
    """RepresentationError unless the irrep is of the group, on its generators, unitary, with the row's character."""
    name = table.names[row]
    if irrep.group != group or irrep.group.generators != group.generators:
        raise RepresentationError(f"the irrep {name} is not of {group.name} on its generators")
    columns = table.classes.class_of[list(group.generators)]
    if irrep.degree == table.degrees[row] == 1:  # the generators decide
        gaps = np.abs(irrep.images[:, 0, 0] - table.floats(row, columns))
    else:
        gaps = np.abs(irrep.character - table.floats(row)) if irrep.degree == table.degrees[row] else np.ones(1)
    if gaps.max(initial=0.0) > 1e-6:
        raise RepresentationError(f"the irrep that is given for {name} has another character")
    if irrep.unitarity_error > DECOMPOSITION_TOLERANCE:
        raise RepresentationError(f"the irrep {name} is not unitary (by {irrep.unitarity_error:.2g}); use 'unitarized'")


def _blocks(irreps: Sequence[Representation], counts: np.ndarray) -> Iterator[tuple[int, int, slice]]:
    start = 0
    for row, count in enumerate(counts.tolist()):
        for copy in range(count):
            end = start + irreps[row].degree
            yield row, copy, slice(start, end)
            start = end


def _residual(
    representation: Representation | GSet,
    irreps: Sequence[Representation],
    parts: Sequence[np.ndarray],
    frame: np.ndarray | None,
) -> float:
    """The largest entry of Q^-1 (rho(s) E - E irrep(s)) over generators and copies; a bound on it by A when Q = A^-1 U.

    Q^-1 is U* A, and a column of U* A r has no entry above the length of A r.
    """
    worst = 0.0
    for irrep, copies in zip(irreps, parts, strict=True):
        for letter, image in enumerate(irrep.images):
            if isinstance(representation, GSet):
                moved = copies[:, representation.steps[letter]]
            else:
                moved = representation.images[letter] @ copies
            gap = moved - copies @ image
            if frame is None:
                worst = max(worst, float(np.abs(gap).max(initial=0.0)))
            else:
                worst = max(worst, float(np.linalg.norm(frame @ gap, axis=1).max(initial=0.0)))
    return worst


def _skewness(basis: np.ndarray) -> float:
    """The largest entry of Q* Q - 1, or, for a large Q, of (Q* Q - 1) v for four random v of entries 1 and -1."""
    size = basis.shape[1]
    probes = np.eye(size) if size <= PROBED_DEGREE else np.random.default_rng(0).choice([-1.0, 1.0], (size, 4))
    return float(np.abs(basis.conj().T @ (basis @ probes) - probes).max(initial=0.0))


def _class_sums(representation: Representation | GSet, table: CharacterTable) -> np.ndarray:
    """Shape (k, d, d): the sum of the matrices of each class."""
    class_of, count = table.classes.class_of, len(table)
    degree = _degree(representation)
    if isinstance(representation, GSet):
        sums = np.zeros((degree, count * degree))
        for point in range(degree):
            keys = class_of * degree + representation.trace(point)
            sums[point] = np.bincount(keys, minlength=count * degree)
        return sums.reshape(degree, count, degree).transpose(1, 0, 2)
    order = np.argsort(class_of, kind="stable")
    starts = np.searchsorted(class_of[order], np.arange(count))
    return np.asarray(np.add.reduceat(representation.matrices[order], starts, axis=0))
