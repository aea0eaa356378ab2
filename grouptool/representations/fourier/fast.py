"""Fast Fourier transforms on a group, through a chain of subgroups; direct where that is cheaper.

Public: FastTransform, fast_transform, Operations.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...group import Group, Subgroup, prime_factors
from ..characters import character_table
from ..matrices.irreducible import unitary_irreps
from ..representation import Representation
from .chain import IrrepsOf, Level, adapted_levels, composition_chain, stabilizer_chain
from .transform import Coefficients, FourierBasis, as_functions

__all__ = ["FastTransform", "Operations", "fast_transform"]

BATCH, BATCH_NUMBERS = 96, 16_000
"""At least so many functions, or so many numbers of them, are transformed at once: what a processor's cache holds."""


@dataclass(frozen=True)
class Operations:
    """Scalar multiplications and additions for one function, real or complex, whichever its numbers are."""

    multiplications: int = 0
    additions: int = 0

    @property
    def total(self) -> int:
        """Both together."""
        return self.multiplications + self.additions

    def __add__(self, other: Operations) -> Operations:
        return Operations(self.multiplications + other.multiplications, self.additions + other.additions)

    def __rmul__(self, times: int) -> Operations:
        return Operations(times * self.multiplications, times * self.additions)


@dataclass(frozen=True, eq=False)
class FastTransform:
    """The transform of ``basis`` by separation of variables along a chain of subgroups G = H_0 > H_1 > ... > H_m.

    With representatives t of the left cosets of the next subgroup K, f^(rho) is the sum over t of rho(t) times the
    transform on K of h -> f(t h), and rho restricted to K is block diagonal with irreps of K. So one level costs
    index * sum over rho of d * (sum of squares of block degrees) multiplications; below it the same for all cosets. On
    H_m the transform is direct, or numpy's FFT where H_m is cyclic. No step with m = 0: the direct transform.

    Attributes:
        levels: of the groups H_0 to H_m.
        direct: what the direct transform costs, n^2 multiplications.

    Source: Clausen, Fast generalized Fourier transforms, Theoret. Comput. Sci. 67 (1989), 55-63; Diaconis and Rockmore,
    Efficient computation of the Fourier transform on finite groups, J. Amer. Math. Soc. 3 (1990), 297-332.
    """

    levels: tuple[Level, ...]

    @property
    def basis(self) -> FourierBasis:
        """The adapted irreps: the transform's coefficients are those of ``basis.transform``, to rounding."""
        return self.levels[0].basis

    @property
    def orders(self) -> tuple[int, ...]:
        """The orders of the groups in the chain."""
        return tuple(level.basis.group.order for level in self.levels)

    @cached_property
    def operations(self) -> Operations:
        """What a transform costs with this chain, and its inverse too; as if no entry of a matrix were 0 or 1.

        A cyclic H_m of order p q ... counts with m (p + q + ...) multiplications, as in Cooley and Tukey's transform.
        """
        cosets = self.basis.group.order // self.orders[-1]
        total = cosets * self._leaf.operations
        for step, order in zip(self._steps, self.orders, strict=False):
            total = total + (self.basis.group.order // order) * step.operations
        return total

    @property
    def direct(self) -> Operations:
        """What the direct transform costs."""
        return _direct(self.basis.group.order)

    def transform(self, functions: object) -> Coefficients:
        """The coefficients of functions, shape (..., n): as ``FourierBasis.transform`` of ``basis``.

        Raises:
            RepresentationError: the last axis does not have n places, or the values are no numbers.

        Memory: a few times that of 96 functions beside functions and coefficients.
        """
        values = as_functions(self.basis.group, functions)
        flat = values.reshape(-1, self.basis.group.order)
        parts = [self._flat(self._forward(0, flat[block].T)) for block in self._batches(len(flat))]
        joined = np.concatenate(parts) if parts else np.zeros(flat.shape)
        return self.basis.split(joined.reshape(values.shape))

    def inverse(self, coefficients: Sequence[np.ndarray]) -> np.ndarray:
        """The functions with these coefficients, shape (..., n): as ``FourierBasis.inverse`` of ``basis``.

        Raises:
            RepresentationError: the number of coefficients or a shape is not that of the irreps.
        """
        joined = self.basis.join(coefficients)
        flat = joined.reshape(-1, self.basis.group.order)
        parts = []
        for block in self._batches(len(flat)):
            parts.append(self._backward(0, _cut(self.basis, np.ascontiguousarray(flat[block].T))).T)
        return (np.concatenate(parts) if parts else flat).reshape(joined.shape)

    def as_given(self, coefficients: Sequence[np.ndarray]) -> Coefficients:
        """The coefficients for the irreps as they were before they were adapted: C f^ C*."""
        changes = self.levels[0].changes
        return tuple(np.asarray(C @ f @ C.conj().T) for C, f in zip(changes, coefficients, strict=True))

    def _batches(self, count: int) -> Iterable[slice]:
        parts = -(-count // max(BATCH, BATCH_NUMBERS // self.basis.group.order))
        return [slice(i * count // parts, (i + 1) * count // parts) for i in range(parts)]

    @cached_property
    def _steps(self) -> tuple[_Step, ...]:
        pairs = zip(self.levels[:-1], self.levels[1:], strict=True)
        return tuple(_Step.between(upper, lower.basis) for upper, lower in pairs)

    @cached_property
    def _leaf(self) -> _DirectLeaf | _CyclicLeaf:
        return _leaf(self.levels[-1].basis)

    @staticmethod
    def _flat(arrays: list[np.ndarray]) -> np.ndarray:
        """Shape (b, n) from arrays (d, d, b)."""
        return np.concatenate([one.reshape(-1, one.shape[-1]) for one in arrays]).T

    def _forward(self, depth: int, values: np.ndarray) -> list[np.ndarray]:
        """Coefficients of shape (d, d, b) for functions in columns, shape (|H|, b)."""
        if depth == len(self._steps):
            return self._leaf.forward(values)
        step = self._steps[depth]
        inner = values[step.places].reshape(step.places.shape[0], -1)
        return step.assemble(self._forward(depth + 1, inner), values.shape[1])

    def _backward(self, depth: int, arrays: list[np.ndarray]) -> np.ndarray:
        """The opposite of ``_forward``."""
        if depth == len(self._steps):
            return self._leaf.backward(arrays)
        step, batch = self._steps[depth], arrays[0].shape[-1]
        inner = self._backward(depth + 1, step.take_apart(arrays))
        values = np.empty((step.places.size, batch), dtype=inner.dtype)
        values[step.places] = inner.reshape(*step.places.shape, batch)
        return values


def irreps_of(group: Group) -> Sequence[Representation]:
    """All unitary irreps of a group."""
    return unitary_irreps(character_table(group))


def fast_transform(
    basis: FourierBasis,
    irreps_of: IrrepsOf = irreps_of,
    chain: Sequence[Subgroup] | None = None,
    *,
    moving: float = 0.0,
) -> FastTransform:
    """The cheapest transform through a chain of subgroups, or the direct one where no chain pays.

    Args:
        basis: unitary irreps of G; the coefficients are for equivalent ones, adapted to the chain (``basis`` of the
            answer), which are these very ones where they are adapted already or the direct transform is best.
        irreps_of: asked for unitary irreps of the subgroups other than 1; by default those of ``irreps``.
        chain: G > H_1 > ...; by default point stabilizers and a composition series are both tried. It is cut where
            the direct transform, or the FFT of a cyclic subgroup, is cheaper than to go on.
        moving: what it costs to rearrange one number, in multiplications; each level rearranges n. With 0 arithmetic
            alone decides. A direct transform runs at the full speed of matrix products, so that for the clock about
            150 is right (measured for batches on S4, S5 and S6): S4 is then direct, S6 stops at S4.

    Raises:
        RepresentationError: the chain does not descend from G, or irreps fail the checks of ``FourierBasis``.

    Cost: n^2 numbers for the irreps of G, less for each subgroup; to adapt the irreps, n d^2 for each of them.
    """
    candidates = [FastTransform((_unadapted(basis),))]
    if chain is not None:
        chains = [chain]
    elif basis.group.whole.is_cyclic:
        chains = []  # nothing beats the FFT
    else:
        chains = [stabilizer_chain(basis.group), composition_chain(basis.group)]
    for one in chains:
        levels = adapted_levels(basis, one, irreps_of)
        candidates += [FastTransform(levels[:length]) for length in range(2, len(levels) + 1)]
    moved = moving * basis.group.order
    return min(candidates, key=lambda found: found.operations.total + moved * (len(found.levels) - 1))


def _unadapted(basis: FourierBasis) -> Level:
    nothing = np.zeros(0, dtype=np.int64)
    return Level(basis, tuple(np.eye(d) for d in basis.degrees), nothing, nothing, ())


def _direct(order: int) -> Operations:
    return Operations(order**2, order * (order - 1))


# -- one level


@dataclass(frozen=True, eq=False)
class _Piece:
    """All blocks with one irrep of K: the irreps of H that have them, and rho(t)[:, block] for all t side by side.

    Attributes:
        degree: of the irrep of K.
        targets: row of an irrep of H, the block's first column there, and its first row in ``matrix``.
        matrix: shape (rows, index * degree).
        weights: shape (rows,): |K| d / (|H| degree), for the inverse.
    """

    degree: int
    targets: tuple[tuple[int, int, int], ...]
    matrix: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True, eq=False)
class _Step:
    """From the transforms on the cosets tK to that on H, and back.

    Attributes:
        places: shape (|K|, index): t k by its number in H.
        degrees: of the irreps of H.
        pieces: one for each irrep of K.
    """

    places: np.ndarray
    degrees: np.ndarray
    pieces: tuple[_Piece, ...]

    @classmethod
    def between(cls, upper: Level, below: FourierBasis) -> _Step:
        """The step from the group of ``below`` up to that of ``upper``."""
        group, basis = upper.basis.group, upper.basis
        places = group.table[upper.transversal[:, None], upper.elements].T.astype(np.int64)
        where: list[list[tuple[int, int]]] = [[] for _ in range(len(below))]
        for row, blocks in enumerate(upper.blocks):
            at = 0
            for block in blocks:
                where[block].append((row, at))
                at += int(below.degrees[block])
        pieces = [
            _piece(basis, upper.transversal, int(degree), found, below.group.order)
            for degree, found in zip(below.degrees, where, strict=True)
        ]
        return cls(places, basis.degrees, tuple(pieces))

    @property
    def operations(self) -> Operations:
        """For one function on H, what is done on K apart."""
        multiplications = sum(one.matrix.size * one.degree for one in self.pieces)
        return Operations(multiplications, multiplications - sum(len(one.matrix) * one.degree for one in self.pieces))

    def assemble(self, lower: list[np.ndarray], batch: int) -> list[np.ndarray]:
        """Coefficients (d, d, b) on H from those on K of all cosets, (e, e, index * b)."""
        index = self.places.shape[1]
        dtype = np.result_type(lower[0], *(one.matrix for one in self.pieces))
        found = [np.empty((d, d, batch), dtype=dtype) for d in self.degrees]
        for piece, array in zip(self.pieces, lower, strict=True):
            e = piece.degree
            stacked = array.reshape(e, e, index, batch).transpose(2, 0, 1, 3).reshape(index * e, e * batch)
            product = _real_times_any(piece.matrix, stacked)
            for row, column, first in piece.targets:
                d = int(self.degrees[row])
                found[row][:, column : column + e] = product[first : first + d].reshape(d, e, batch)
        return found

    def take_apart(self, arrays: list[np.ndarray]) -> list[np.ndarray]:
        """The opposite of ``assemble``."""
        index, batch = self.places.shape[1], arrays[0].shape[-1]
        lower = []
        for piece in self.pieces:
            e = piece.degree
            blocks = [arrays[row][:, column : column + e] for row, column, _ in piece.targets]
            stacked = np.concatenate(blocks).reshape(-1, e * batch) * piece.weights[:, None]
            product = _real_times_any(piece.matrix.conj().T, stacked).reshape(index, e, e, batch)
            lower.append(product.transpose(1, 2, 0, 3).reshape(e, e, index * batch))
        return lower


def _piece(
    basis: FourierBasis, transversal: np.ndarray, degree: int, found: list[tuple[int, int]], order: int
) -> _Piece:
    targets, rows, weights, first = [], [], [], 0
    for row, column in found:
        d = int(basis.degrees[row])
        images = basis.values(row)[transversal][:, :, column : column + degree]  # (index, d, degree)
        rows.append(images.transpose(1, 0, 2).reshape(d, -1))
        weights.append(np.full(d, order * d / (basis.group.order * degree)))
        targets.append((row, column, first))
        first += d
    return _Piece(degree, tuple(targets), np.ascontiguousarray(np.concatenate(rows)), np.concatenate(weights))


def _real_times_any(matrix: np.ndarray, stacked: np.ndarray) -> np.ndarray:
    """matrix @ stacked; a real matrix times complex numbers as one product with their real and imaginary parts."""
    if np.iscomplexobj(stacked) and not np.iscomplexobj(matrix):
        return np.asarray((matrix @ np.ascontiguousarray(stacked).view(np.float64)).view(np.complex128))
    return np.asarray(matrix @ stacked)


# -- the last group of the chain


@dataclass(frozen=True, eq=False)
class _DirectLeaf:
    basis: FourierBasis

    @property
    def operations(self) -> Operations:
        return _direct(self.basis.group.order)

    def forward(self, values: np.ndarray) -> list[np.ndarray]:
        flat = _real_times_any(self.basis.matrix.T, values)
        return _cut(self.basis, flat)

    def backward(self, arrays: list[np.ndarray]) -> np.ndarray:
        flat = np.concatenate([one.reshape(-1, one.shape[-1]) for one in arrays])
        return _real_times_any(self.basis.matrix.conj(), flat * self.basis.weights[:, None])


@dataclass(frozen=True, eq=False)
class _CyclicLeaf:
    """numpy's FFT on a cyclic group.

    Attributes:
        powers: shape (m,): the elements 1, g, g^2, ... of the group.
        exponents: shape (m,): irrep i takes g to exp(2 pi i exponents[i] / m).
    """

    powers: np.ndarray
    exponents: np.ndarray

    @property
    def operations(self) -> Operations:
        order = len(self.powers)
        primes = [prime for prime, times in prime_factors(order) for _ in range(times)]
        return Operations(order * sum(primes), order * sum(prime - 1 for prime in primes))

    def forward(self, values: np.ndarray) -> list[np.ndarray]:
        found = np.fft.ifft(values[self.powers], axis=0, norm="forward")[self.exponents]
        return list(found[:, None, None])

    def backward(self, arrays: list[np.ndarray]) -> np.ndarray:
        spectrum = np.empty((len(arrays), arrays[0].shape[-1]), dtype=np.complex128)
        spectrum[self.exponents] = np.stack([one[0, 0] for one in arrays])
        values = np.empty_like(spectrum)
        values[self.powers] = np.fft.fft(spectrum, axis=0, norm="forward")
        return values


def _cut(basis: FourierBasis, columns: np.ndarray) -> list[np.ndarray]:
    """Arrays (d, d, b) from one of shape (n, b), its rows those of all coefficients."""
    cut = zip(basis.offsets[:-1], basis.offsets[1:], basis.degrees, strict=True)
    return [columns[start:stop].reshape(d, d, columns.shape[1]) for start, stop, d in cut]


def _leaf(basis: FourierBasis) -> _DirectLeaf | _CyclicLeaf:
    """The cheaper one: the FFT on cyclic groups from order 4 on."""
    direct, group = _DirectLeaf(basis), basis.group
    generators = np.flatnonzero(group.element_orders == group.order)
    if not generators.size or group.order < 4:
        return direct
    generator = int(generators[0])
    powers = group.powers(np.arange(group.order), np.full(group.order, generator))
    angles = np.angle(basis.matrix[generator]) * group.order / (2 * np.pi)
    cyclic = _CyclicLeaf(powers, np.rint(angles).astype(np.int64) % group.order)
    return cyclic if cyclic.operations.total < direct.operations.total else direct
