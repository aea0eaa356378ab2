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
from .hilbert_symbols import is_no_norm
from .lattices import echelon_basis, embedded_vectors, factor_of_forms, nearest_vector, reduced_basis
from .line_matrices import recognised
from .matrix_proofs import MatrixProver
from .norm_equations import preimage_of_norm
from .quadratic_steps import QuadraticStep, inverse, product
from .realisation import Realisation

__all__ = ["Excluded", "FixedMatrices", "fixed_matrices"]

MOST_COORDINATES = 300
"""Rank of the lattice in K^d over the integers: degree times phi(N)."""
MOST_ENTRIES = 5_000_000
"""Numbers in the matrices of all elements in all embeddings."""
FAR = 1e4
"""How much more a distance from a space counts than the length, when vectors modulo the space are made short."""
MOST_SCALARS = 2
"""Short maps that are tried for one step; their squares differ by norms."""


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
    d phi(lcm(M, N)), at most 300.
    """
    group, degree = prover.table.group, int(prover.table.degrees[row])
    large = math.lcm(base.conductor, conductor)
    coordinates = degree * len(units(large))
    if coordinates > MOST_COORDINATES or group.order * degree * coordinates > MOST_ENTRIES:
        return None
    steps = _steps(large, conductor)
    if steps is None:
        return None
    descent = _Descent(prover, row, base.exact.lifted(large))
    try:
        for step in steps:
            if not descent.extend(step):
                return Excluded(conductor) if descent.excluded else None
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

    @cached_property
    def invariant_forms(self) -> dict[int, np.ndarray]:
        """Shape (d, d) for each unit: a Hermitian form that the group keeps."""
        return {u: np.einsum("gki,gkj->ij", one.conj(), one) / len(one) for u, one in self.embedded.items()}

    def extend(self, step: QuadraticStep) -> bool:
        """Let one more automorphism act; False when its norm equation is not solved."""
        squares = [(self._square(tau), tau) for tau in self._candidates(step.unit)]
        for scalar, tau in sorted(squares, key=lambda one: self._size(one[0])):
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
        """Short maps X sigma that commute with the group and with what acts already; they differ by numbers of E.

        All X = x X_0 are told by one entry x. Averages of zeta^k X over what acts give a lattice of them.
        """
        every = list(self._intertwining(unit))
        start = every[0]
        place = np.unravel_index(int((start.matrix.numerators != 0).any(axis=-1).argmax()), start.matrix.shape)
        width = start.matrix.numerators.shape[-1]
        rows = []
        for one in self.action.values():
            back = self.action[pow(one.unit, -1, self.conductor)]
            turned = power_basis(self.conductor)[np.arange(width) * one.unit % self.conductor]
            for tau in every:
                entry = one.after(tau).after(back).matrix.part(place)
                blocks = regular_blocks(entry.part((None, None)))
                rows.append((turned.astype(object) @ blocks.astype(object), entry.denominator))
        common = math.lcm(*(denominator for _, denominator in rows))
        scaled = np.array([block * (common // denominator) for block, denominator in rows])
        summed = scaled.reshape(len(self.action), -1, width).sum(axis=0)
        matrices = {u: start.matrix.embedded(u) for u in units(self.conductor).tolist()}
        weights = {u: (abs(one) ** 2).sum(keepdims=True) / abs(one[place]) ** 2 for u, one in matrices.items()}
        short = reduced_basis(
            echelon_basis(summed, width // len(self.action)), factor_of_forms(self.conductor, weights)
        )
        shape = inverse(start.matrix.part(place))
        made = [start.times(product(CyclotomicArray(self.conductor, one), shape)) for one in short[:MOST_SCALARS]]
        return [_Semilinear(unit, _primitive(one.matrix)) for one in made]

    def _intertwining(self, unit: int) -> Iterator[_Semilinear]:
        """X = sum of rho(g) R rho^sigma(g^-1) over the group, for R with a single entry 1 in the first row."""
        group, every = self.prover.table.group, units(self.conductor)
        generators = [self.images.part(i) for i in range(len(self.images))]
        sums = []
        for u in every.tolist():
            first, second = self.embedded[u], self.embedded[u * unit % self.conductor or 1][group.inverses]
            sums.append(np.einsum("gk,gjl->jkl", first[:, :, 0], second))
        seen = set[bytes]()
        for column in range(self.degree):
            values = np.array([one[column] for one in sums])
            if np.abs(values).max() < 1e-6:
                continue
            found = _primitive(recognised(self.conductor, every, values))
            if found.numerators.tobytes() not in seen:
                seen |= {found.numerators.tobytes(), (-found.numerators).tobytes()}
                if any(found @ one.galois(unit) != one @ found for one in generators):
                    raise RepresentationError("rounding errors in a sum over the group")
                yield _Semilinear(unit, found)


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
    large = descent.conductor
    basis, every = _short_basis(descent), units(conductor)  # (d, d, phi(N)), vector by vector
    lifts = [next(u for u in units(large).tolist() if (u - one) % conductor == 0) for one in every.tolist()]
    embedded = np.array([embedded_vectors(large, basis, u).T for u in lifts])  # vectors as columns
    images = np.array([descent.images.embedded(u) for u in lifts])
    return recognised(conductor, every, np.linalg.solve(embedded[:, None], images @ embedded[:, None]))


def _short_basis(descent: _Descent) -> np.ndarray:
    """Shape (d, d, phi(N)), integers: fixed vectors that are a basis over L.

    A vector is taken whose product of lengths in all embeddings is least, then one whose distances from the space of it
    are, and so on. A vector that has divisors in the lattice modulo the space is longer than they are: so what the
    basis spans over the integers of L mostly has index 1, and the entries of the matrices are integers.
    """
    large, degree = descent.conductor, descent.degree
    shape, forms = (-1, degree, len(units(large))), descent.invariant_forms
    rows = echelon_basis(_fixed_vectors(descent), degree * len(units(large)) // len(descent.action))
    projections = {u: np.eye(degree, dtype=np.complex128) for u in forms}
    chosen = list[np.ndarray]()
    for _ in range(degree):
        distances = {u: one.conj().T @ forms[u] @ one for u, one in projections.items()}
        rows = reduced_basis(rows, factor_of_forms(large, {u: forms[u] + FAR**2 * one for u, one in distances.items()}))
        vectors = rows.reshape(shape)
        chosen.append(nearest_vector(vectors, distances, forms))
        for u, one in projections.items():
            vector = one @ embedded_vectors(large, chosen[-1], u)
            dual = vector.conj() @ forms[u]
            projections[u] = one - np.outer(vector, dual @ one) / (dual @ vector)
    return np.array(chosen)


def _fixed_vectors(descent: _Descent) -> np.ndarray:
    """Shape (d phi(N), d phi(N)), integers: sums over the acting automorphisms of zeta^t times unit vectors."""
    large, degree = descent.conductor, descent.degree
    width = len(units(large))
    common = math.lcm(*(one.matrix.denominator for one in descent.action.values()))
    total = np.zeros((degree * width, degree * width), dtype=object)
    for one in descent.action.values():
        scaled = CyclotomicArray(large, one.matrix.numerators.astype(object) * (common // one.matrix.denominator))
        turned = regular_blocks(scaled.T.narrowed()).reshape(degree, width, -1)  # row (i, t): zeta^t times column i
        total += (power_basis(large)[np.arange(width) * one.unit % large] @ turned).reshape(total.shape)
    return total
