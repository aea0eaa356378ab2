"""Smaller fields: from matrices over a cyclotomic field to matrices over a subfield that holds the character.

Public: Descended, descend.

If some x in K[G], K = Q(zeta_M), acts with a kernel of dimension 1, its adjugate is an element of K[G] that acts with
rank 1, and the translates of its image are a basis on which all matrices have entries in K. Such an x exists whenever K
serves (the simple component of K[G] is then a matrix algebra); short sums are tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...errors import RepresentationError
from ..representation import Representation
from ..root_sums import root_of_unity
from ..units import lifted_unit
from .cyclotomic_arrays import CyclotomicArray, power_basis
from .galois_descent import FixedMatrices
from .inducing import Source
from .line_matrices import LineMatrices, line_matrices
from .matrix_proofs import MatrixProver
from .realisation import Realisation

__all__ = ["Descended", "descend"]

LARGEST_DEGREE = 6
MOST_SUMS = 60_000
"""Short sums that are tried; some tenths of a second."""
BATCH = 20_000


@dataclass(frozen=True, eq=False)
class AdjugateSource(Source):
    """The adjugate of a short sum x over K[G], in place of a projection; ``elements`` are the whole group.

    Attributes:
        terms: shape (t,): elements of the group.
        coefficients: shape (t,): exact numbers of K, x = sum of coefficients[i] terms[i].
        degree: d, of the representation.
    """

    prover: MatrixProver
    row: int
    terms: np.ndarray
    coefficients: CyclotomicArray
    degree: int

    @property
    def words(self) -> str:
        """See Source."""
        return f"the kernel of a sum of {len(self.terms)} elements"

    @property
    def is_orthogonal(self) -> bool:
        """See Source."""
        return False

    def weights(self, unit: int) -> np.ndarray:
        """See Source: x^(d-1) + c_1 x^(d-2) + ... + c_(d-1), t^d + c_1 t^(d-1) + ... the characteristic polynomial.

        That is the adjugate up to sign; the c_k come from traces (Faddeev and LeVerrier).
        """
        table = self.prover.table
        units = lifted_unit(unit, self.conductor, table.columns.exponent)
        values = table.floats(self.row)[table.columns.power_map(units)][table.classes.class_of]
        step = np.zeros(table.group.order, dtype=np.complex128)
        np.add.at(step, self.terms, self.coefficients.embedded(unit))
        total = np.eye(1, table.group.order, dtype=np.complex128)[0]
        for k in range(1, self.degree):
            product = self._convolved(total, step)
            total = product.copy()
            total[0] -= product @ values / k
        return np.asarray(total)

    def residues(self, unit: int, prime: int) -> np.ndarray:
        """See Source."""
        table = self.prover.table
        units = lifted_unit(unit, self.conductor, table.columns.exponent)
        values = table.residues_of_row(self.row, prime)[table.columns.power_map(units)][table.classes.class_of]
        root = root_of_unity(self.conductor, prime)
        powers = np.array([pow(root, unit * t, prime) for t in range(self.coefficients.numerators.shape[-1])])
        numbers = (self.coefficients.numerators % prime * powers % prime).sum(axis=-1) % prime
        step = np.zeros(table.group.order, dtype=np.int64)
        np.add.at(step, self.terms, numbers)
        total = np.eye(1, table.group.order, dtype=np.int64)[0]
        for k in range(1, self.degree):
            total = self._convolved(total, step % prime, prime)
            trace = int((total * values % prime).sum() % prime)
            total[0] = (total[0] - trace * pow(k, -1, prime)) % prime
        return np.asarray(total)

    def _convolved(self, first: np.ndarray, step: np.ndarray, prime: int = 0) -> np.ndarray:
        """The product of two elements of the group algebra, the second a short sum."""
        table = self.prover.table.group.table
        total = np.zeros_like(first)
        for g in np.flatnonzero(step):
            moved = np.zeros_like(first)
            moved[table[:, g]] = first * step[g]
            total = (total + moved) % prime if prime else total + moved
        return total


@dataclass(frozen=True, eq=False)
class Descended:
    """Exact matrices over the smaller field, and the unitary ones of the representation that it was found from."""

    over: LineMatrices | FixedMatrices
    base: Realisation

    @property
    def conductor(self) -> int:
        """N: the exact matrices lie in Q(zeta_N)."""
        return self.over.conductor

    @property
    def exact(self) -> CyclotomicArray:
        """Shape (r, d, d)."""
        return self.over.exact

    @cached_property
    def unitary(self) -> np.ndarray:
        """Shape (r, d, d), complex128."""
        return self.base.unitary

    def moved(self, unit: int, twist: np.ndarray) -> Descended:
        """The image under zeta -> zeta^unit, times a linear character given by exponents over that of the group."""
        return Descended(self.over.moved(unit, twist), self.base.moved(unit, twist))


def descend(prover: MatrixProver, row: int, base: Realisation, conductor: int) -> Descended | None:
    """The representation of a row over Q(zeta_M), if a short sum with a kernel of dimension 1 is found, else None.

    None says nothing about the field.

    Args:
        base: its matrices over another field.
        conductor: M; Q(zeta_M) holds the values of the character.

    Cost: determinants of at most 60,000 matrices of degree up to 6.
    """
    degree = int(prover.table.degrees[row])
    if degree > LARGEST_DEGREE:
        return None
    found = Representation(prover.table.group, base.unitary)
    for terms, coefficients in _sums(found, conductor):
        nothing = np.zeros(0, dtype=np.int64)
        source = AdjugateSource(
            np.arange(prover.table.group.order), nothing, 1, conductor, prover, row, terms, coefficients, degree
        )
        over = line_matrices(prover, row, source)
        try:
            over.exact  # noqa: B018 - makes and proves them
        except RepresentationError:
            continue
        return Descended(over, base)
    return None


def _sums(found: Representation, conductor: int) -> Iterator[tuple[np.ndarray, CyclotomicArray]]:
    """Short sums of group elements whose matrices have a kernel of dimension 1, at random, the shortest first."""
    rng = np.random.default_rng(0)
    small = _small_numbers(conductor)
    numbers = CyclotomicArray(conductor, small).complex
    order = found.group.order
    for length in (3, 4, 5):
        for _ in range(MOST_SUMS // (3 * BATCH)):
            terms = rng.integers(1, order, (BATCH, length))
            terms[:, 0] = 0
            chosen = rng.integers(0, len(small), (BATCH, length))
            matrices = np.einsum("bt,btij->bij", numbers[chosen], found.matrices[terms])
            singular = np.flatnonzero(np.abs(np.linalg.det(matrices)) < 1e-9)
            for one in singular[:50]:
                values = np.linalg.svd(matrices[one], compute_uv=False)
                if found.degree == 1 or (values[-2] > 1e-3 and values[-1] < 1e-6):
                    yield terms[one], CyclotomicArray(conductor, small[chosen[one]])


def _small_numbers(conductor: int) -> np.ndarray:
    """Coefficients of roots of unity of Q(zeta_M), and of sums of two of them; shape (., phi(M))."""
    basis = power_basis(conductor)
    roots = np.concatenate([basis, -basis])
    sums = (roots[:, None] + roots).reshape(-1, basis.shape[1])
    every = np.unique(np.concatenate([roots, roots, sums]), axis=0)
    return every[every.any(axis=1)]
