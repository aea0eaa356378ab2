"""Smaller fields by Galois descent: matrices over K, a cocycle from a norm equation, a lattice that it fixes.

Public: Excluded, FixedMatrices, fixed_matrices.

Let rho be over K = Q(zeta_N), L in K hold its character, and sigma generate a step of degree 2 between them. With
X rho^sigma = rho X the map tau = X sigma of K^d commutes with rho, and tau^2 = c is a scalar; c modulo norms is the
class of the algebra of the character. When c = N(t), the map tau / t has order 2. Step by step the Galois group of K
over L comes to act on K^d; the vectors that it fixes are a space of dimension d over L on which the group acts. Short
vectors of a lattice in it, stable under the group and the integers of L, are the basis that is taken.

Sources: Plesken and Fieker, Minimizing representations over number fields, J. Symbolic Comput. 38 (2004) and 44 (2009);
Serre, Local Fields (1979), chapter X (Hilbert's theorem 90); Cohen, A Course in Computational Algebraic Number Theory
(1993), section 2.6 (lattice reduction).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ...errors import RepresentationError
from ...group import prime_factors
from ..representation import multiply_out
from ..units import units
from .cyclotomic_arrays import CyclotomicArray, power_basis, regular_blocks
from .line_matrices import recognised
from .matrix_proofs import MatrixProver
from .norm_equations import QuadraticStep, inverse, is_no_norm, preimage_of_norm
from .realisation import Realisation

__all__ = ["Excluded", "FixedMatrices", "fixed_matrices"]

MOST_COORDINATES = 260
"""Rank of the lattice in K^d over the integers: degree times phi(N)."""
LARGEST_ORDER = 5_000
FIRST_VECTORS = 6
"""Short vectors that a basis is begun with."""
MOST_SCALARS = 2
"""Scalars c that are tried for one step; they differ by norms."""
SCALE = 1 << 20


@dataclass(frozen=True, eq=False)
class FixedMatrices:
    """Proved exact matrices of a row of a character table, and its images."""

    conductor: int
    exponent: int
    exact: CyclotomicArray

    def moved(self, unit: int, twist: np.ndarray) -> FixedMatrices:
        """The image under zeta -> zeta^unit, times a linear character given by exponents over that of the group."""
        return replace(self, exact=self.exact.galois(unit).twisted(self.exponent, twist))


@dataclass(frozen=True)
class Excluded:
    """Q(zeta_M) does not serve, proved: the algebra of the character over it is no algebra of matrices."""

    conductor: int


def fixed_matrices(
    prover: MatrixProver, row: int, base: Realisation, conductor: int
) -> FixedMatrices | Excluded | None:
    """The representation of a row over Q(zeta_M), by steps of degree 2; None when one fails, which proves nothing.

    Args:
        base: its matrices over Q(zeta_N).
        conductor: M; Q(zeta_M) holds the values of the character.

    Cost: for each step one sum over the group in each embedding, and a norm equation; a lattice reduction in rank
    d phi(lcm(M, N)), at most 260.
    """
    group, degree = prover.table.group, int(prover.table.degrees[row])
    large = math.lcm(base.conductor, conductor)
    if degree * len(units(large)) > MOST_COORDINATES or group.order > LARGEST_ORDER:
        return None
    steps = _steps(large, conductor)
    if steps is None:
        return None
    descent = _Descent(prover, row, base.exact.lifted(large))
    for step in steps:
        if not descent.extend(step):
            return Excluded(conductor) if descent.excluded else None
    try:
        found = _on_short_vectors(descent, conductor)
        prover.prove(row, found)
    except (RepresentationError, np.linalg.LinAlgError):
        return None
    return FixedMatrices(conductor, prover.table.columns.exponent, found)


def _steps(large: int, conductor: int) -> list[QuadraticStep] | None:
    """From Q(zeta_N) down to Q(zeta_M), over cyclotomic fields where there are such; None unless all have degree 2."""
    wanted = {u for u in units(large).tolist() if (u - 1) % conductor == 0}
    if len(wanted) & (len(wanted) - 1):
        return None
    found, group = list[QuadraticStep](), {1 % large or 1}
    while len(group) < len(wanted):
        steps = [
            QuadraticStep(large, tuple(sorted(group)), u) for u in sorted(wanted - group) if u * u % large in group
        ]
        found.append(min(steps, key=lambda step: not _is_congruence(step)))
        group = set(found[-1].below)
    return found


def _is_congruence(step: QuadraticStep) -> bool:
    """Whether the smaller field is cyclotomic."""
    level = math.gcd(step.conductor, *(u - 1 for u in step.below))
    return len(step.below) * len(units(level)) == len(units(step.conductor))


@dataclass(frozen=True, eq=False)
class _Semilinear:
    """The map v -> A sigma(v) of K^d, sigma: zeta -> zeta^unit."""

    unit: int
    matrix: CyclotomicArray

    def after(self, other: _Semilinear) -> _Semilinear:
        """First the other, then this."""
        unit = self.unit * other.unit % self.matrix.conductor
        return _Semilinear(unit, self.matrix @ other.matrix.galois(self.unit))

    def times(self, number: CyclotomicArray) -> _Semilinear:
        """Followed by multiplication with a number, shape ()."""
        return _Semilinear(self.unit, _diagonal(number, self.matrix.shape[-1]) @ self.matrix)


class _Descent:
    """A group of automorphisms of K that acts on K^d, commuting with the representation; steps make it larger."""

    def __init__(self, prover: MatrixProver, row: int, images: CyclotomicArray) -> None:
        self.prover, self.images, self.conductor = prover, images, images.conductor
        self.degree, self.excluded = images.shape[-1], False
        self.primes = [prime for prime, _ in prime_factors(prover.table.group.order)]
        self.action = {1: _Semilinear(1, CyclotomicArray.identity(self.conductor, self.degree))}

    @cached_property
    def embedded(self) -> dict[int, np.ndarray]:
        """Shape (n, d, d) for each unit: all matrices, complex128."""
        group = self.prover.table.group
        return {u: multiply_out(group, self.images.embedded(u)) for u in units(self.conductor).tolist()}

    def extend(self, step: QuadraticStep) -> bool:
        """Let one more automorphism act; False when its norm equation is not solved."""
        squares = [(self._square(tau), tau) for tau in self._candidates(step.unit)]
        tried = list[CyclotomicArray]()
        for scalar, tau in sorted(squares, key=lambda one: self._size(one[0])):
            if len(tried) == MOST_SCALARS or any(scalar == one for one in tried):
                continue
            tried.append(scalar)
            if is_no_norm(step, scalar):
                self.excluded = True
                return False
            solution = preimage_of_norm(step, scalar, self.primes)
            if solution is not None:
                settled = tau.times(inverse(solution))
                self.action |= {made.unit: made for made in [one.after(settled) for one in self.action.values()]}
                return True
        return False

    def _square(self, tau: _Semilinear) -> CyclotomicArray:
        """The number tau^2 is, times the inverse of what acts as its automorphism already; shape ()."""
        twice = tau.after(tau)
        known = self.action[twice.unit]
        inverse_unit = pow(known.unit, -1, self.conductor) or 1
        found = twice.after(self.action[inverse_unit])
        scalar = found.matrix.part((0, 0))
        assert found.matrix == _diagonal(scalar, self.degree), "the square of an intertwining map is no scalar"
        return scalar

    @staticmethod
    def _size(number: CyclotomicArray) -> float:
        """The logarithm of the norm to Q."""
        return float(sum(math.log(abs(number.embedded(u))) for u in units(number.conductor).tolist()))

    def _candidates(self, unit: int) -> list[_Semilinear]:
        """Maps X sigma that commute with the group and with what acts already; they differ by numbers."""
        found = []
        for tau in self._intertwining(unit):
            for number in _numbers(self.conductor) if len(self.action) > 1 else [None]:
                start = tau if number is None else tau.times(number)
                total: CyclotomicArray | None = None
                for one in self.action.values():
                    back = self.action[pow(one.unit, -1, self.conductor)]
                    moved = one.after(start).after(back).matrix
                    total = moved if total is None else total + moved
                if total is not None and total.numerators.any():
                    found.append(_Semilinear(unit, _primitive(total)))
                    break
        return found

    def _intertwining(self, unit: int) -> Iterator[_Semilinear]:
        """X = sum of rho(g) R rho^sigma(g^-1) over the group, for R with a single entry 1 in the first row."""
        group, every = self.prover.table.group, units(self.conductor)
        sums = []
        for u in every.tolist():
            first, second = self.embedded[u], self.embedded[u * unit % self.conductor or 1][group.inverses]
            sums.append(np.einsum("gk,gjl->jkl", first[:, :, 0], second))
        for column in range(self.degree):
            values = np.array([one[column] for one in sums])
            if np.abs(values).max() > 1e-6:
                found = _primitive(recognised(self.conductor, every, values))
                if all(
                    found @ one.galois(unit) == one @ found for one in map(self.images.part, range(len(self.images)))
                ):
                    yield _Semilinear(unit, found)


def _numbers(conductor: int) -> Iterator[CyclotomicArray]:
    for one in power_basis(conductor):
        yield CyclotomicArray(conductor, one.copy())


def _primitive(array: CyclotomicArray) -> CyclotomicArray:
    """A rational multiple whose coefficients are integers without a common divisor."""
    common = math.gcd(*(int(one) for one in array.numerators.ravel()))
    return CyclotomicArray(array.conductor, array.numerators // common)


def _diagonal(number: CyclotomicArray, degree: int) -> CyclotomicArray:
    numerators = np.zeros((degree, degree, number.numerators.shape[-1]), dtype=number.numerators.dtype)
    numerators[np.arange(degree), np.arange(degree)] = number.numerators
    return CyclotomicArray(number.conductor, numerators, number.denominator)


def _on_short_vectors(descent: _Descent, conductor: int) -> CyclotomicArray:
    """The matrices on a basis over L of short fixed vectors, not proved yet."""
    large, degree = descent.conductor, descent.degree
    vectors = _fixed_lattice(descent)  # (rank, d, phi(N))
    every = units(conductor)
    lifts = [next(u for u in units(large).tolist() if (u - one) % conductor == 0) for one in every.tolist()]
    powers = np.exp(2j * np.pi * np.outer(lifts, np.arange(vectors.shape[-1])) / large)
    embedded = np.einsum("et,vdt->evd", powers, vectors.astype(np.float64))
    basis = embedded[:, _closest_basis(embedded, degree)].transpose(0, 2, 1)  # (phi(M), d, d), vectors as columns
    images = np.array([descent.images.embedded(u) for u in lifts])
    solved = np.linalg.solve(basis[:, None], images @ basis[:, None])
    return recognised(conductor, every, solved)


def _fixed_lattice(descent: _Descent) -> np.ndarray:
    """Shape (rank, d, phi(N)): a reduced basis of the sums over the acting automorphisms of all of Z[zeta]^d."""
    from flint import fmpz_mat

    large, degree = descent.conductor, descent.degree
    width = len(units(large))
    common = math.lcm(*(one.matrix.denominator for one in descent.action.values()))
    total = np.zeros((degree, width, degree, width), dtype=object)
    for one in descent.action.values():
        scaled = CyclotomicArray(large, one.matrix.numerators.astype(object) * (common // one.matrix.denominator))
        turned = regular_blocks(scaled.T)  # row (i, t): zeta^t times column i
        moved = power_basis(large)[np.arange(width) * one.unit % large].astype(object)
        total += np.einsum("st,itju->isju", moved, turned.reshape(degree, width, degree, width))
    rows = fmpz_mat([[int(one) for one in row] for row in total.reshape(degree * width, -1)]).hnf()
    rank = degree * width // len(descent.action)
    kept = fmpz_mat([[int(rows[i, j]) for j in range(degree * width)] for i in range(rank)])
    shape = _form(descent)
    _, change = (kept * shape).lll(transform=True)
    reduced = change * kept
    return np.array([[int(one) for one in row] for row in reduced.tolist()], dtype=object).reshape(rank, degree, width)


def _form(descent: _Descent) -> object:
    """Integers whose rows have about the inner products of an invariant form, summed over all embeddings."""
    from flint import fmpz_mat

    width, degree = len(units(descent.conductor)), descent.degree
    total = np.zeros((degree * width, degree * width))
    for u, matrices in descent.embedded.items():
        invariant = np.einsum("gki,gkj->ij", matrices.conj(), matrices).real / len(matrices)
        powers = np.exp(2j * np.pi * u * np.arange(width) / descent.conductor)
        total += np.einsum("ij,s,t->isjt", invariant, powers.conj(), powers).real.reshape(total.shape)
    factor = np.linalg.cholesky(total)
    return fmpz_mat(np.rint(factor * SCALE).astype(np.int64).tolist())


def _closest_basis(embedded: np.ndarray, degree: int) -> list[int]:
    """Vectors that are a basis, each as near as can be to the space of those before, in all embeddings together.

    Args:
        embedded: shape (phi(M), rank, d).
    """
    best: tuple[float, list[int]] = (math.inf, [])
    for first in range(min(FIRST_VECTORS, embedded.shape[1])):
        left, chosen, size = embedded.copy(), list[int](), 0.0
        for i in range(degree):
            lengths = np.linalg.norm(left, axis=2)
            outside = (lengths > 1e-6 * np.linalg.norm(embedded, axis=2)).all(axis=0)
            sizes = np.where(outside, np.log(np.maximum(lengths, 1e-300)).sum(axis=0), math.inf)
            one = first if i == 0 else int(sizes.argmin())
            chosen.append(one)
            size += float(sizes[one])
            unit = left[:, one] / lengths[:, one, None]
            left = left - np.einsum("ev,ed->evd", np.einsum("evd,ed->ev", left, unit.conj()), unit)
        if size < best[0]:
            best = size, chosen
    return best[1]
