"""The Fourier transform of functions on a finite group, through a complete set of unitary irreps.

Public: FourierBasis, Coefficients, as_functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...errors import RepresentationError, TooLargeError
from ...group import Group
from ...structure.classes import ConjugacyClasses, conjugacy_classes
from ..characters import CharacterTable
from ..matrices.irreducible import unitary_irreps
from ..representation import MAX_ENTRIES, TOLERANCE, Representation

__all__ = ["Coefficients", "FourierBasis", "as_functions"]

Coefficients = tuple[np.ndarray, ...]
"""One array for each irrep, in the order of the basis: shape (..., d, d)."""


@dataclass(frozen=True, eq=False)
class FourierBasis:
    """A complete set of unitary irreps of a group, and the transform that it defines.

    Conventions, with n the order and rho any of the irreps, of degree d:

    - transform: f^(rho) = sum over g of f(g) rho(g);
    - inverse: f(g) = (1/n) sum over rho of d tr(rho(g)* f^(rho));
    - Plancherel: sum over g of f(g) conj h(g) = (1/n) sum over rho of d tr(f^(rho) h^(rho)*);
    - convolution (f * h)(x) = sum over y of f(y) h(y^-1 x) becomes f^(rho) h^(rho), in this order;
    - correlation (f o h)(x) = sum over y of conj f(y) h(y x) becomes f^(rho)* h^(rho);
    - left translation f(a^-1 x) becomes rho(a) f^(rho), right translation f(x a) becomes f^(rho) rho(a)^-1.

    So f^(rho) sees the part of f that left translations move as copies of rho, spanned by the *conjugates* of the
    matrix entries of rho.

    Functions have shape (..., n), in the order of the group's elements, any numpy type of real or complex numbers, or
    anything that ``numpy.asarray`` reads (a torch tensor on the CPU, say). All is computed in float64, or complex128
    where a number is complex. Coefficients are a tuple of arrays of shape (..., d, d).

    Attributes:
        irreps: unitary, one of each equivalence class, in any order, which is that of all coefficients.

    Raises:
        RepresentationError: an irrep belongs to another group, is not unitary or no homomorphism to 1e-10, occurs
            twice up to equivalence, or is missing (the squares of the degrees do not sum to n).
        TooLargeError: n^2 is above 200,000,000.

    Cost: once n^2 numbers and, for r generators, r n sum d^3 multiplications to check; then n^2 multiplications for
    each function (``fast`` has what needs fewer). Source: Serre, Linear Representations of Finite Groups (1977),
    sections 2.2 and 6.2; Diaconis, Group Representations in Probability and Statistics (1988), chapter 2.
    """

    group: Group
    irreps: tuple[Representation, ...]

    def __init__(self, group: Group, irreps: Sequence[Representation]) -> None:
        object.__setattr__(self, "group", group)
        object.__setattr__(self, "irreps", tuple(irreps))
        self._check_degrees()
        _ = self.matrix  # refused here, not at the first transform
        self._check_characters()

    @classmethod
    def of(cls, table: CharacterTable) -> FourierBasis:
        """The unitary irreps of a character table, in the order of its rows."""
        return cls(table.group, unitary_irreps(table))

    def __len__(self) -> int:
        return len(self.irreps)

    @cached_property
    def degrees(self) -> np.ndarray:
        """Shape (k,), int64: the degree of each irrep."""
        return np.array([one.degree for one in self.irreps], dtype=np.int64)

    @cached_property
    def offsets(self) -> np.ndarray:
        """Shape (k + 1,), int64: irrep i has the columns ``offsets[i]`` to ``offsets[i + 1]`` of ``matrix``."""
        return np.concatenate(([0], np.cumsum(self.degrees**2)))

    @cached_property
    def weights(self) -> np.ndarray:
        """Shape (n,): d / n for each column of ``matrix``, the Plancherel weight."""
        return np.repeat(self.degrees / self.group.order, self.degrees**2)

    @cached_property
    def matrix(self) -> np.ndarray:
        """Shape (n, n), read-only: row g has all entries of all rho(g), real or complex as the irreps are.

        ``functions @ matrix`` is the transform, flat; ``split`` cuts it. A twin on another device needs no more.
        """
        group, images = self.group, [_images_on(self.group, one) for one in self.irreps]
        matrix = np.empty((group.order, group.order), dtype=np.result_type(np.float64, *images))
        for degree in np.unique(self.degrees):
            rows = np.flatnonzero(self.degrees == degree)
            stacked = np.stack([images[row] for row in rows], axis=1)  # (generators, m, d, d)
            entries = _multiplied_out(group, stacked)
            self._check_products(rows, stacked, entries)
            for place, row in enumerate(rows):
                matrix[:, self.offsets[row] : self.offsets[row + 1]] = entries[:, place].reshape(group.order, -1)
        matrix.flags.writeable = False
        return matrix

    @cached_property
    def classes(self) -> ConjugacyClasses:
        """The classes of the group."""
        return conjugacy_classes(self.group)

    @cached_property
    def characters(self) -> np.ndarray:
        """Shape (k, k), complex128: the trace of each irrep on the representative of each class."""
        rows = self.split(self.matrix[self.classes.representatives])
        return np.stack([np.trace(one, axis1=-2, axis2=-1) for one in rows]).astype(np.complex128)

    def values(self, row: int) -> np.ndarray:
        """Shape (n, d, d), a view: all matrices of one irrep."""
        d = int(self.degrees[row])
        return self.matrix[:, self.offsets[row] : self.offsets[row + 1]].reshape(-1, d, d)

    def split(self, flat: np.ndarray) -> Coefficients:
        """Cut the last axis, of n numbers, into one (..., d, d) array for each irrep: views where numpy can."""
        cut = zip(self.offsets[:-1], self.offsets[1:], self.degrees, strict=True)
        return tuple(flat[..., start:stop].reshape(*flat.shape[:-1], d, d) for start, stop, d in cut)

    def join(self, coefficients: Sequence[np.ndarray]) -> np.ndarray:
        """Shape (..., n): coefficients side by side, the opposite of ``split``.

        Raises:
            RepresentationError: their number or a shape is not that of the irreps.
        """
        arrays = [np.asarray(one) for one in coefficients]
        shapes = [one.shape[-2:] for one in arrays]
        if shapes != [(d, d) for d in self.degrees]:
            raise RepresentationError(
                f"the coefficients have shapes {shapes}; the irreps of {self.group.name} need (..., d, d) with d = "
                f"{', '.join(map(str, self.degrees))}"
            )
        return np.concatenate([one.reshape(*one.shape[:-2], one.shape[-1] ** 2) for one in arrays], axis=-1)

    def transform(self, functions: object) -> Coefficients:
        """f^(rho) = sum over g of f(g) rho(g) for every irrep: shapes (..., d, d).

        Args:
            functions: shape (..., n), see the class.

        Raises:
            RepresentationError: the last axis does not have n places, or the values are no numbers.
        """
        return self.split(_product(as_functions(self.group, functions), self.matrix))

    def inverse(self, coefficients: Sequence[np.ndarray]) -> np.ndarray:
        """The functions with these coefficients: shape (..., n); complex128 unless irreps and coefficients are real.

        Raises:
            RepresentationError: as ``join``.
        """
        return _product(self.join(coefficients) * self.weights, self.matrix.conj().T)

    def inner_product(self, first: Sequence[np.ndarray], second: Sequence[np.ndarray]) -> np.ndarray:
        """Shape (...): the inner product sum over g of f(g) conj h(g) of two functions, from their coefficients."""
        return np.asarray((self.join(first) * self.join(second).conj()) @ self.weights)

    def energies(self, functions: object) -> np.ndarray:
        """Shape (..., k), float64: (d/n) |f^(rho)|^2, how the squared norm divides among the irreps; sums to it."""
        flat = np.abs(self.join(self.transform(functions))) ** 2 * self.weights
        return np.add.reduceat(flat, self.offsets[:-1], axis=-1)

    def power_spectrum(self, functions: object) -> Coefficients:
        """f^(rho)* f^(rho) for every irrep, shapes (..., d, d), positive semidefinite.

        It is the transform of the correlation of f with itself, unchanged by left translations of f, and no complete
        invariant: f^(rho) may be multiplied from the left by any unitary matrix, for each rho apart.
        """
        coefficients = self.transform(functions)
        return self.correlated(coefficients, coefficients)

    def convolve(self, first: object, second: object) -> np.ndarray:
        """Shape (..., n): (f * h)(x) = sum over y of f(y) h(y^-1 x); leading axes broadcast."""
        return self.inverse(self.convolved(self.transform(first), self.transform(second)))

    def correlate(self, first: object, second: object) -> np.ndarray:
        """Shape (..., n): (f o h)(x) = sum over y of conj f(y) h(y x); leading axes broadcast."""
        return self.inverse(self.correlated(self.transform(first), self.transform(second)))

    @staticmethod
    def convolved(first: Sequence[np.ndarray], second: Sequence[np.ndarray]) -> Coefficients:
        """The coefficients of f * h: f^(rho) h^(rho)."""
        return tuple(np.asarray(f @ h) for f, h in zip(first, second, strict=True))

    @staticmethod
    def correlated(first: Sequence[np.ndarray], second: Sequence[np.ndarray]) -> Coefficients:
        """The coefficients of f o h: f^(rho)* h^(rho)."""
        return tuple(np.asarray(f.conj().swapaxes(-1, -2) @ h) for f, h in zip(first, second, strict=True))

    def shifted_left(self, coefficients: Sequence[np.ndarray], element: int) -> Coefficients:
        """The coefficients of x -> f(a^-1 x): rho(a) f^(rho)."""
        images = self.split(self.matrix[element])
        return tuple(np.asarray(image @ f) for image, f in zip(images, coefficients, strict=True))

    def shifted_right(self, coefficients: Sequence[np.ndarray], element: int) -> Coefficients:
        """The coefficients of x -> f(x a): f^(rho) rho(a)^-1."""
        images = self.split(self.matrix[self.group.inverses[element]])
        return tuple(np.asarray(f @ image) for image, f in zip(images, coefficients, strict=True))

    def transform_class_function(self, values: object) -> np.ndarray:
        """Shape (..., k), complex128: f^(rho) = c 1 for a class function f; these are the numbers c.

        Args:
            values: shape (..., k), one for each class of ``classes``.

        c = (1/d) sum over classes of size f chi. Raises:
            RepresentationError: the last axis does not have k places.
        """
        given = _numbers(values)
        if given.shape[-1:] != (len(self),):
            raise RepresentationError(
                f"class functions of {self.group.name} have shape (..., {len(self)}), one value for each class, not "
                f"{given.shape}"
            )
        return np.asarray((given * self.classes.sizes) @ self.characters.T / self.degrees)

    def inverse_class_function(self, scalars: object) -> np.ndarray:
        """Shape (..., k), complex128: the values on the classes of the class function with f^(rho) = c 1."""
        return np.asarray((_numbers(scalars) * (self.degrees / self.group.order)) @ self.characters.conj())

    def _check_degrees(self) -> None:
        name, order = self.group.name, self.group.order
        if order**2 > MAX_ENTRIES:
            raise TooLargeError(
                f"the transform of {name} has a matrix of {order**2:,} numbers; the limit is {MAX_ENTRIES:,}"
            )
        for one in self.irreps:
            if one.group != self.group:
                raise RepresentationError(f"{one.name} is a representation of {one.group.name}, not of {name}")
            if one.unitarity_error > TOLERANCE:
                raise RepresentationError(
                    f"{one.name} is not unitary: rho(s) rho(s)* differs from 1 by {one.unitarity_error:.2g}"
                )
        total = int((self.degrees**2).sum())
        if total != order:
            what = "one is missing" if total < order else "there are too many"
            raise RepresentationError(
                f"the squares of the degrees {', '.join(map(str, self.degrees))} sum to {total}, not to the order "
                f"{order} of {name}: {what}. Give every irrep once."
            )

    def _check_products(self, rows: np.ndarray, images: np.ndarray, entries: np.ndarray) -> None:
        """rho(x) rho(s) = rho(xs) for all elements x and generators s, from which all products follow."""
        for s, image in zip(self.group.generators, images, strict=True):
            gaps = np.abs(_times(entries, image) - entries[self.group.table[:, s]]).max(axis=(0, 2, 3))
            worst = int(gaps.argmax())
            if gaps[worst] > TOLERANCE:
                raise RepresentationError(
                    f"{self.irreps[rows[worst]].name} is no homomorphism: rho(x) rho(s) and rho(xs) differ by "
                    f"{gaps[worst]:.2g} for s = {self.group.cycles(s)} and some x"
                )

    def _check_characters(self) -> None:
        """Orthonormal characters: each is irreducible, and no two are equivalent."""
        gram = (self.characters * self.classes.sizes) @ self.characters.conj().T / self.group.order
        faults = np.argwhere(np.abs(gram - np.eye(len(self))) > 1e-6)
        if len(faults):
            i, j = map(int, faults[0])
            what = "is reducible" if i == j else f"and {self.irreps[j].name} (number {j}) share a constituent"
            raise RepresentationError(f"{self.irreps[i].name} (number {i}) {what}. Give every irrep once.")


def as_functions(group: Group, functions: object) -> np.ndarray:
    """Functions on a group as an array of shape (..., n), float64 or complex128.

    Raises:
        RepresentationError: the last axis does not have n places, or the values are no numbers.
    """
    values = _numbers(functions)
    if values.shape[-1:] != (group.order,):
        raise RepresentationError(
            f"functions on {group.name} have shape (..., {group.order}), one value for each element, not {values.shape}"
        )
    return values


def _numbers(given: object) -> np.ndarray:
    values = np.asarray(given)
    if values.dtype.kind not in "biufc":
        raise RepresentationError(f"the values are of type {values.dtype}; real or complex numbers are needed")
    return np.asarray(values, dtype=np.complex128 if values.dtype.kind == "c" else np.float64)


def _images_on(group: Group, representation: Representation) -> np.ndarray:
    """Shape (r, d, d): the matrices of this group's generators, which need not be those the irrep was given on."""
    if representation.group.generators == group.generators:
        return representation.images
    images = np.array([representation.matrix(g) for g in group.generators])
    return images.reshape(-1, representation.degree, representation.degree)


def _multiplied_out(group: Group, images: np.ndarray) -> np.ndarray:
    """Shape (n, m, d, d): all matrices of m irreps of one degree at once, from the generators' (r, m, d, d)."""
    entries = np.empty((group.order, *images.shape[1:]), dtype=images.dtype)
    entries[0] = np.eye(images.shape[-1])
    for level in group.levels:
        parents, letters = group.parents[level], group.letters[level]
        for letter in np.unique(letters):
            chosen = letters == letter
            entries[level[chosen]] = _times(entries[parents[chosen]], images[letter])
    return entries


def _times(entries: np.ndarray, image: np.ndarray) -> np.ndarray:
    return np.asarray(entries * image if image.shape[-1] == 1 else entries @ image)


def _product(values: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """values @ matrix; a complex factor beside a real one costs two real products, not four."""
    if np.iscomplexobj(values) and not np.iscomplexobj(matrix):
        return np.asarray(values.real @ matrix + 1j * (values.imag @ matrix))
    return np.asarray(values @ matrix)
