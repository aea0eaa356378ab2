"""Short vectors of lattices in K^d, K = Q(zeta_N), for Hermitian forms in all embeddings.

Public: echelon_basis, embedded_vectors, factor_of_forms, nearest_vector, reduced_basis.

A vector of K^d is d phi(N) coefficients over 1, zeta, zeta^2, ...; a form is one of C^d for each unit modulo N.

Source: Cohen, A Course in Computational Algebraic Number Theory (1993), section 2.6 (lattice reduction).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from flint import fmpz_mat

__all__ = ["echelon_basis", "embedded_vectors", "factor_of_forms", "nearest_vector", "reduced_basis"]

SCALE = 1 << 30
"""Forms are rounded to integers at this scale."""


def nearest_vector(vectors: np.ndarray, distances: dict[int, np.ndarray], forms: dict[int, np.ndarray]) -> np.ndarray:
    """Shape (d, phi(N)): of vectors, sums and differences of two, that with the least product of distances, not 0.

    The shortest of those, since all multiples by units of L have the same.

    Args:
        vectors: shape (rank, d, phi(N)).
        distances: shape (d, d) for each unit: the squared distance from a space, as a Hermitian form.
        forms: likewise, the squared length.
    """
    conductor = max(forms) + 1  # -1 is a unit
    first, second = np.triu_indices(len(vectors))
    sizes, lengths = np.zeros((3, len(first))), np.zeros((3, len(first)))
    outside = np.zeros((3, len(first)), dtype=bool)
    for u, form in distances.items():
        embedded = embedded_vectors(conductor, vectors, u)
        squares = _squares((embedded.conj() @ form @ embedded.T).real, first, second)
        lengths += _squares((embedded.conj() @ forms[u] @ embedded.T).real, first, second)
        outside |= squares > 1e-6
        sizes += np.log(np.maximum(squares, 1e-300))
    sizes = np.where(outside, sizes, math.inf)
    kind, place = np.unravel_index(int(np.where(sizes < sizes.min() + 1e-3, lengths, math.inf).argmin()), sizes.shape)
    return np.asarray(vectors[first[place]] + (0, 1, -1)[int(kind)] * vectors[second[place]])


def _squares(gram: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Shape (3, m): squared lengths of first vectors, of sums and of differences, from their inner products."""
    own = np.diagonal(gram)
    both, mixed = own[first] + own[second], 2 * gram[first, second]
    return np.array([own[first], both + mixed, both - mixed])


def embedded_vectors(conductor: int, vectors: np.ndarray, unit: int) -> np.ndarray:
    """Complex128, without the last axis: vectors under zeta -> exp(2 pi i unit / N)."""
    powers = np.exp(2j * np.pi * unit * np.arange(vectors.shape[-1]) / conductor)
    return np.asarray(vectors.astype(np.float64) @ powers)


def echelon_basis(rows: np.ndarray, rank: int) -> np.ndarray:
    """Shape (rank, n): a basis over the integers of what integer rows span."""
    from flint import fmpz_mat

    return _integers(fmpz_mat([[int(one) for one in row] for row in rows]).hnf())[:rank]


def reduced_basis(rows: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """The same lattice with a reduced basis for the form F F^T of a factor F (LLL)."""
    from flint import fmpz_mat

    kept = fmpz_mat(rows.tolist())
    scaled = fmpz_mat(np.rint(factor * (SCALE / np.abs(factor).max())).astype(np.int64).tolist())
    _, change = (kept * scaled).lll(True)
    return _integers(change * kept)


def _integers(matrix: fmpz_mat) -> np.ndarray:
    return np.array([[int(one) for one in row] for row in matrix.tolist()], dtype=object)


def factor_of_forms(conductor: int, forms: dict[int, np.ndarray]) -> np.ndarray:
    """Shape (d phi(N), d phi(N)): a factor F of the sum over all embeddings of Hermitian forms of K^d.

    Args:
        forms: shape (d, d) for each unit modulo N.
    """
    width, total = len(forms), np.zeros(())
    for u, form in forms.items():
        powers = np.exp(2j * np.pi * u * np.arange(width) / conductor)
        total = total + np.einsum("ij,s,t->isjt", form, powers.conj(), powers).real
    size = math.isqrt(total.size)
    return np.linalg.cholesky(total.reshape(size, size))
