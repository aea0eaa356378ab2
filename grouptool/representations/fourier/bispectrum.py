"""The bispectrum of functions on a group: the Fourier transform of the triple correlation, irrep by irrep.

Public: Bispectrum, ClebschGordan.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...errors import RepresentationError, TooLargeError
from .frames import adapting_basis
from .transform import Coefficients, FourierBasis, as_functions

__all__ = ["Bispectrum", "ClebschGordan"]

MAX_ENTRIES = 100_000_000
"""Most numbers in one answer: 1.6 GB of complex ones."""


@dataclass(frozen=True, eq=False)
class ClebschGordan:
    """How the tensor product of two irreps divides: (rho (x) sigma)(g) C = C B(g), B block diagonal with irreps.

    Attributes:
        matrix: C, shape (D, D) with D the product of the degrees, unitary; row i e + j belongs to basis vector i of
            rho and j of sigma, e the degree of sigma.
        multiplicities: shape (k,), int64: of each irrep of the basis; blocks come in their order.
    """

    matrix: np.ndarray
    multiplicities: np.ndarray

    @property
    def constituents(self) -> list[int]:
        """The row of each block of B, in order."""
        return [row for row, copies in enumerate(self.multiplicities) for _ in range(copies)]


@dataclass(frozen=True, eq=False)
class Bispectrum:
    """The bispectrum b(rho, sigma) = f^(rho (x) sigma)* (f^(rho) (x) f^(sigma)), and the matrices that it takes.

    With the transform of ``FourierBasis`` it equals the sum over x, y of T(x, y) rho(x) (x) sigma(y), where T is
    ``triple_correlation``; f^(rho (x) sigma) = C (sum of blocks f^(mu)) C* by Clebsch and Gordan. Left translations
    f(a^-1 x) leave it alone; right ones conjugate it by (rho (x) sigma)(a). (Other texts define it with the adjoint on
    the other factor, or transforms with rho(g)*, and then it is right translations that leave it alone.) Where every
    f^(rho) is invertible it determines f up to left translations.

    Source: Kakarala, The bispectrum as a source of phase-sensitive invariants for Fourier descriptors: a
    group-theoretic approach, J. Math. Imaging Vision 44 (2012); Kondor, Group theoretical methods in machine learning
    (2008), chapter 8.
    """

    basis: FourierBasis
    _made: dict[tuple[int, int], ClebschGordan] = field(default_factory=dict, repr=False)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """All pairs of irreps with the first not after the second; b at (j, i) is b at (i, j), factors exchanged."""
        return [(i, j) for i in range(len(self.basis)) for j in range(i, len(self.basis))]

    def size(self, pairs: Iterable[tuple[int, int]] | None = None) -> int:
        """How many numbers the bispectrum of one function has at some pairs (by default ``pairs``): (d e)^2 at each."""
        degrees = self.basis.degrees
        return sum(int(degrees[i] * degrees[j]) ** 2 for i, j in (self.pairs if pairs is None else pairs))

    def multiplicities(self, i: int, j: int) -> np.ndarray:
        """Shape (k,), int64: how often each irrep occurs in the tensor product of irreps i and j."""
        return np.asarray(self._multiplicities(i, np.array([j]))[0])

    def multiplicity_table(self, i: int) -> np.ndarray:
        """Shape (k, k), int64: in row j how often each irrep occurs in the tensor product of irreps i and j.

        Cost: k^3 multiplications.
        """
        return self._multiplicities(i, np.arange(len(self.basis)))

    def _multiplicities(self, i: int, rows: np.ndarray) -> np.ndarray:
        basis, chi = self.basis, self.basis.characters
        means = (chi[rows] * (chi[i] * basis.classes.sizes)).conj() @ chi.T / basis.group.order
        return np.asarray(np.rint(means.real), dtype=np.int64)

    def clebsch_gordan(self, i: int, j: int) -> ClebschGordan:
        """The division of the tensor product of irreps i and j; made once.

        Raises:
            TooLargeError: C has over 100,000,000 entries.

        Cost: about 4 n D^2 (d + e) multiplications, D = d e the product of the degrees (see ``adapting_basis``).
        """
        if (i, j) not in self._made:
            first, second = self.basis.values(i), self.basis.values(j)
            d, e = first.shape[-1], second.shape[-1]
            if (d * e) ** 2 > MAX_ENTRIES:
                raise TooLargeError(
                    f"the Clebsch-Gordan matrix of irreps {i} and {j}, of degrees {d} and {e}, has {(d * e) ** 2:,} "
                    f"entries; the limit is {MAX_ENTRIES:,}"
                )

            def action(block: slice, vectors: np.ndarray) -> np.ndarray:
                tensors = vectors.reshape(d, e * vectors.shape[1])
                once = (first[block] @ tensors).reshape(-1, d, e, vectors.shape[1])
                return np.asarray(second[block][:, None] @ once).reshape(-1, *vectors.shape)

            multiplicities = self.multiplicities(i, j)
            change = np.eye(1) if d * e == 1 else adapting_basis(self.basis, action, multiplicities)
            self._made[i, j] = ClebschGordan(change, multiplicities)
        return self._made[i, j]

    def transform(
        self, functions: object, pairs: Sequence[tuple[int, int]] | None = None
    ) -> dict[tuple[int, int], np.ndarray]:
        """The bispectrum of functions, shape (..., n), at some pairs of irreps, by default ``pairs``.

        Returns:
            For each pair an array of shape (..., D, D), D = d e; rows and columns as in ``ClebschGordan.matrix``.

        Raises:
            RepresentationError: the last axis does not have n places, or a pair is none of irreps of the basis.
            TooLargeError: over 100,000,000 numbers; ask for fewer functions or pairs.

        Cost: for each function and pair about 3 D^3 multiplications, and once ``clebsch_gordan``.
        """
        chosen = self.pairs if pairs is None else list(pairs)
        wrong = [pair for pair in chosen if not all(0 <= row < len(self.basis) for row in pair)]
        if wrong:
            raise RepresentationError(
                f"{wrong[0]} is no pair of the {len(self.basis)} irreps 0 to {len(self.basis) - 1}"
            )
        values = as_functions(self.basis.group, functions)
        entries = self.size(chosen) * int(np.prod(values.shape[:-1], dtype=object))
        if entries > MAX_ENTRIES:
            raise TooLargeError(
                f"the bispectrum has {entries:,} values ({16 * entries / 1e9:.1f} GB); the limit is {MAX_ENTRIES:,}. "
                "Give fewer functions or 'pairs' at a time."
            )
        coefficients = self.basis.transform(values)
        return {(i, j): self.at(coefficients, i, j) for i, j in chosen}

    def at(self, coefficients: Coefficients, i: int, j: int) -> np.ndarray:
        """Shape (..., D, D): the bispectrum at one pair, from the coefficients of functions."""
        divided = self.clebsch_gordan(i, j)
        adjoint = divided.matrix.conj().T
        product = adjoint @ _kronecker(coefficients[i], coefficients[j])
        rows, at = np.empty(product.shape, dtype=product.dtype), 0
        for row in divided.constituents:
            block = slice(at, at + int(self.basis.degrees[row]))
            rows[..., block, :] = coefficients[row].conj().swapaxes(-1, -2) @ product[..., block, :]
            at = block.stop
        return np.asarray(divided.matrix @ rows)


def _kronecker(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Shape (..., d e, d e): the Kronecker products of matrices (..., d, d) and (..., e, e)."""
    d, e = first.shape[-1], second.shape[-1]
    product = first[..., :, None, :, None] * second[..., None, :, None, :]
    return np.asarray(product.reshape(*product.shape[:-4], d * e, d * e))
