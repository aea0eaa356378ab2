"""Exact matrices on the translates of a vector that a subgroup moves by a linear character.

Public: LineMatrices, line_matrices.

Let v span the vectors on which H acts by lambda. Inner products of its translates are values of alpha(x) = <x v, v> =
mean over h in H of chi(x h) / lambda(h). With a basis g_1 v, ..., g_d v, Gram matrix G and A_s with the inner products
alpha(g_i^-1 s g_j), the matrix of s is G^-1 A_s. The systems are solved in floats in every embedding of the field and
the solution is recognised as cyclotomic numbers, or, where floats do not reach, modulo prime ideals; and it is proved
to be the representation.

Source: Dixon, Constructing representations of finite groups, DIMACS Series in Discrete Mathematics 11 (1993).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import islice

import numpy as np

from ...acceleration import use_compiled
from ...errors import RepresentationError
from ..characters import CharacterTable
from ..root_sums import prime_for, root_of_unity
from ..units import lifted_unit, units
from .cyclotomic_arrays import CyclotomicArray
from .inducing import Source
from .matrix_proofs import MatrixProver

__all__ = ["LineMatrices", "line_matrices"]

LARGEST_DENOMINATOR = 10**7

MOST_PRIMES = 40
RANDOM_BASES = 8
DRAWS = 100
DRAWN_FROM = 6
"""Where translates are drawn at random: bases that are tried, draws for them, and elements for each dimension."""

NEAREST = 1e-3
"""Squared distance from which a unit vector counts as outside a space, whose rounding errors are much smaller."""


@dataclass(frozen=True, eq=False)
class LineMatrices:
    """The representation on the translates of a line: exact and unitary matrices, each made when it is asked for.

    Attributes:
        row: the character that the source belongs to.
        unit: matrices are the image of that character's under zeta -> zeta^unit ...
        twist: ... times exp(2 pi i twist[s] / e) for generator s, e the exponent of the group; shape (r,).
        made: the exact matrices of the row itself, shared by its images.
    """

    prover: MatrixProver
    row: int
    source: Source
    unit: int
    twist: np.ndarray
    made: list[CyclotomicArray] = field(default_factory=list)

    @property
    def conductor(self) -> int:
        """N: the exact matrices lie in Q(zeta_N)."""
        return self.source.conductor

    @cached_property
    def exact(self) -> CyclotomicArray:
        """Shape (r, d, d): proved.

        Raises:
            RepresentationError: the entries have no small denominator in any basis that was tried, or a proof failed.
        """
        if not self.made:
            self.made.append(_proved(self.prover, _Line(self.prover.table, self.row, self.source)))
        return self.made[0].galois(self.unit).twisted(self.prover.table.columns.exponent, self.twist)

    @cached_property
    def unitary(self) -> np.ndarray:
        """Shape (r, d, d), complex128: C^-1 A_s C*^-1 for the Gram matrix C C* of a well-conditioned basis."""
        table = self.prover.table
        line = _Line(table, self.row, self.source)
        candidates = self.source.translates(table.group)
        basis = next(_pivots(line, candidates, int(table.degrees[self.row]), nearest=False), None)
        if basis is None:
            raise RepresentationError(f"the translates of a vector of {table.names[self.row]} do not span its space")
        products = line.inner_products(_between(line, basis), self.unit)  # (d, r + 1, d)
        inverse = np.linalg.inv(np.linalg.cholesky(products[:, 0]))
        matrices = inverse @ products[:, 1:].transpose(1, 0, 2) @ inverse.conj().T
        turns = np.exp(2j * np.pi * self.twist / table.columns.exponent)
        return np.asarray(matrices * turns[:, None, None])

    def moved(self, unit: int, twist: np.ndarray) -> LineMatrices:
        """The image under zeta -> zeta^unit, times a linear character given by exponents over that of the group."""
        exponent = self.prover.table.columns.exponent
        return replace(self, unit=self.unit * unit % exponent, twist=(self.twist * unit + twist) % exponent)


def line_matrices(prover: MatrixProver, row: int, source: Source) -> LineMatrices:
    """The representation of the character of a row on the translates of the line of its source."""
    return LineMatrices(prover, row, source, 1, np.zeros(len(prover.table.group.generators), dtype=np.int64))


def _proved(prover: MatrixProver, line: _Line) -> CyclotomicArray:
    table, row = prover.table, line.row
    failure = RepresentationError(f"the translates of a vector of {table.names[row]} do not span its space")
    for basis in _bases(line, int(table.degrees[row])):
        for solved in (_solved_in_floats, _solved_modulo_primes):
            try:
                found = solved(line, basis)
                prover.prove(row, found)
            except RepresentationError as error:
                failure = error
                continue
            return found
    raise failure


def _solved_in_floats(line: _Line, basis: np.ndarray) -> CyclotomicArray:
    """G^-1 A_s, solved in every embedding; enough when entries and the condition of the Gram matrices are moderate."""
    conductor, asked = line.source.conductor, _between(line, basis)
    embeddings, degree = units(conductor), len(basis)
    products = np.array([line.products(asked, unit) for unit in embeddings.tolist()])  # (phi, d, r + 1, d)
    try:
        solved = np.linalg.solve(products[:, :, 0], products[:, :, 1:].reshape(len(embeddings), degree, -1))
    except np.linalg.LinAlgError:
        raise RepresentationError("the translates that were chosen are dependent") from None
    solved = solved.reshape(len(embeddings), degree, asked.shape[1] - 1, degree).transpose(0, 2, 1, 3)
    return recognised(conductor, embeddings, solved)


def _solved_modulo_primes(line: _Line, basis: np.ndarray) -> CyclotomicArray:
    """G^-1 A_s, solved modulo prime ideals above several primes; the coefficients by Chinese remainders.

    Raises:
        RepresentationError: the coefficients did not settle within 40 primes.
    """
    conductor, asked, degree = line.source.conductor, _between(line, basis), len(basis)
    embeddings = units(conductor).tolist()
    prime, modulus = 1 << 30, 1
    total = np.zeros(0, dtype=object)
    last: tuple[int, np.ndarray] | None = None
    for _ in range(MOST_PRIMES):
        prime = prime_for(math.lcm(line.table.columns.exponent, conductor), prime)
        solved = _coefficients_modulo(line, asked, embeddings, prime)
        if solved is None:
            continue
        residues = solved.astype(object)
        step = (residues - total) * pow(modulus, -1, prime) % prime if modulus > 1 else residues
        total, modulus = total + modulus * step if modulus > 1 else residues, modulus * prime
        found = _rational(total, modulus)
        if found is not None:
            if last is not None and found[0] == last[0] and (found[1] == last[1]).all():
                shaped = found[1].reshape(len(embeddings), degree, asked.shape[1] - 1, degree).transpose(2, 1, 3, 0)
                small = max(map(abs, found[1].ravel().tolist()), default=0) < 2**62
                return CyclotomicArray(conductor, shaped.astype(np.int64) if small else shaped, found[0])
            last = found
    raise RepresentationError(f"the entries over Q(zeta_{conductor}) did not settle modulo {MOST_PRIMES} primes")


def _coefficients_modulo(line: _Line, asked: np.ndarray, embeddings: list[int], prime: int) -> np.ndarray | None:
    """Shape (phi(N), d r d): the coefficients of the entries modulo p; None when a Gram matrix is singular there."""
    from flint import nmod_mat

    degree, rows = asked.shape[0], []
    for unit in embeddings:
        products = line.residues(asked, unit, prime)
        gram = nmod_mat(degree, degree, products[:, 0].ravel().tolist(), prime)
        right = products[:, 1:].reshape(degree, -1)
        try:
            solved = gram.solve(nmod_mat(degree, right.shape[1], right.ravel().tolist(), prime))
        except ZeroDivisionError:
            return None
        rows.append([int(one) for one in solved.entries()])
    root = root_of_unity(line.source.conductor, prime)
    powers = [pow(root, unit * t, prime) for unit in embeddings for t in range(len(embeddings))]
    flat = nmod_mat(len(embeddings), len(rows[0]), [one for row in rows for one in row], prime)
    coefficients = nmod_mat(len(embeddings), len(embeddings), powers, prime).solve(flat)
    return np.array([int(one) for one in coefficients.entries()], dtype=np.int64).reshape(len(embeddings), -1)


def _rational(residues: np.ndarray, modulus: int) -> tuple[int, np.ndarray] | None:
    """A denominator D and integers, all below the root of a modulus, with D x = integers modulo it; None for none."""
    bound, denominator = math.isqrt(modulus // 2), 1
    while True:
        scaled = residues * denominator % modulus
        centred = np.where(scaled > modulus // 2, scaled - modulus, scaled)
        large = np.flatnonzero(np.abs(centred.ravel()) > bound // denominator)
        if not large.size:
            return denominator, centred
        factor = _denominator_modulo(int(scaled.ravel()[large[0]]), modulus, bound)
        denominator *= factor
        if factor == 1 or denominator > bound:
            return None


def _denominator_modulo(residue: int, modulus: int, bound: int) -> int:
    """The denominator of the fraction that a residue stands for, by the extended Euclidean algorithm (Wang)."""
    previous, current = (modulus, 0), (residue, 1)
    while current[0] > bound:
        quotient = previous[0] // current[0]
        previous, current = current, (previous[0] - quotient * current[0], previous[1] - quotient * current[1])
    return abs(current[1])


def _between(line: _Line, basis: np.ndarray) -> np.ndarray:
    """Shape (d, r + 1, d, m): the terms of g_i^-1 s g_j, for s = 1 and each generator."""
    group = line.table.group
    left = group.table[group.inverses[basis][:, None], [0, *group.generators]]
    return line.terms(group.table[left[:, :, None], basis])


class _Line:
    """The function alpha(x) = trace of rho(x) E, for the projection E of a source."""

    def __init__(self, table: CharacterTable, row: int, source: Source) -> None:
        self.table, self.row, self.source = table, row, source
        self.values = table.floats(row)

    def terms(self, elements: np.ndarray) -> np.ndarray:
        """Shape (..., m): the classes of x h for all h in H; alpha(x) is a sum over them."""
        table = self.table
        return np.asarray(table.classes.class_of[table.group.table[elements[..., None], self.source.elements]])

    def products(self, terms: np.ndarray, unit: int = 1) -> np.ndarray:
        """alpha, complex128, shape (...), under zeta -> zeta^unit."""
        return np.asarray(self._moved(self.values, unit)[terms] @ self.source.weights(unit))

    def inner_products(self, terms: np.ndarray, unit: int = 1) -> np.ndarray:
        """As ``products`` for the orthogonal projection: <x v, v> / <v, v> for the vector v."""
        return np.asarray(self._moved(self.values, unit)[terms] @ self.source.unitary_weights(unit))

    def residues(self, terms: np.ndarray, unit: int, prime: int) -> np.ndarray:
        """As ``products``, int64, modulo a prime ideal above p."""
        held = self._moved(self.table.residues_of_row(self.row, prime), unit)[terms]
        return np.asarray((held * self.source.residues(unit, prime) % prime).sum(axis=-1) % prime)

    def _moved(self, values: np.ndarray, unit: int) -> np.ndarray:
        """The values of the Galois conjugate character."""
        if unit == 1:
            return values
        columns = self.table.columns
        return np.asarray(values[columns.power_map(lifted_unit(unit, self.source.conductor, columns.exponent))])


def _bases(line: _Line, degree: int) -> Iterator[np.ndarray]:
    """Elements g_i, shape (d,), whose g_i v are a basis; the first basis mostly gives integral matrices.

    Each vector is the candidate that is nearest to the space of those before but not in it: the lattice of all
    translates is then filled most finely. Taking the farthest is stable, but entries get large denominators.
    """
    if not line.source.is_orthogonal:
        yield from islice(_drawn(line, degree), RANDOM_BASES)
        return
    candidates = line.source.translates(line.table.group)
    few = 20 * degree + 200
    if len(candidates) > 2 * few:
        sample = candidates[np.linspace(0, len(candidates) - 1, few).astype(np.int64)]
        yield from _pivots(line, sample, degree, nearest=True)
    yield from _pivots(line, candidates, degree, nearest=True)
    yield from _pivots(line, candidates, degree, nearest=False)


def _drawn(line: _Line, degree: int) -> Iterator[np.ndarray]:
    """Random elements whose inner products are a regular matrix: with it translates and functionals are bases."""
    group, rng = line.table.group, np.random.default_rng(0)
    others = rng.permutation(np.arange(1, group.order))[: DRAWN_FROM * degree]
    pool = np.concatenate([[0], others])
    products = np.array([line.products(line.terms(group.table[group.inverses[one], pool])) for one in pool])
    for _ in range(DRAWS):
        order = np.concatenate([[0], 1 + rng.permutation(len(others))])
        chosen = order[_independent(products[:, order], degree)]
        values = np.linalg.svd(products[np.ix_(chosen, chosen)], compute_uv=False)
        if len(chosen) == degree and values[-1] > 1e-6 * values[0]:
            yield pool[chosen]


def _independent(columns: np.ndarray, most: int) -> list[int]:
    """The first columns that are independent of those before, as many as are wanted or as there are."""
    left, chosen = columns.copy(), list[int]()
    lengths = np.linalg.norm(columns, axis=0)
    while len(chosen) < most:
        outside = np.linalg.norm(left, axis=0) > 1e-6 * lengths.max()
        if not outside.any():
            break
        chosen.append(int(outside.argmax()))
        unit = left[:, chosen[-1]] / np.linalg.norm(left[:, chosen[-1]])
        left -= np.outer(unit, unit.conj() @ left)
    return chosen


def _pivots(line: _Line, candidates: np.ndarray, degree: int, *, nearest: bool) -> Iterator[np.ndarray]:
    """Cholesky factorisation of the Gram matrix of translates, with pivots; nothing when they do not span."""
    table, group, elements = line.table, line.table.group, line.source.elements
    if use_compiled(len(candidates) * degree * (degree + len(elements))):
        from ._kernels import pivots

        weights = line.source.unitary_weights(1)
        arguments = (group.table, group.inverses, table.classes.class_of, candidates, elements, weights, line.values)
        found = pivots(*arguments, degree, nearest, NEAREST)
        if len(found) == degree:
            yield found
        return
    left = np.ones(len(candidates))  # squared distances from the space
    factor = np.zeros((len(candidates), degree), dtype=np.complex128)
    chosen = []
    for i in range(degree):
        outside = np.where(left > NEAREST, left, np.inf if nearest else -np.inf)
        best = outside.min() if nearest else outside.max()
        if not np.isfinite(best):
            return
        pivot = int((np.abs(outside - best) < 1e-6).argmax())
        chosen.append(int(candidates[pivot]))
        column = line.inner_products(line.terms(group.table[group.inverses[candidates], chosen[-1]]))
        factor[:, i] = (column - factor[:, :i] @ factor[pivot, :i].conj()) / math.sqrt(left[pivot])
        left -= np.abs(factor[:, i]) ** 2
    yield np.array(chosen)


@lru_cache(maxsize=256)
def _inverse_embeddings(conductor: int) -> np.ndarray:
    """Shape (phi(N), phi(N)): from the embeddings of a number to its coefficients over 1, zeta, zeta^2, ..."""
    embeddings = units(conductor)
    return np.linalg.inv(np.exp(2j * np.pi * np.outer(embeddings, np.arange(len(embeddings))) / conductor))


def recognised(conductor: int, embeddings: np.ndarray, embedded: np.ndarray) -> CyclotomicArray:
    """The numbers whose embeddings are given, shape (phi(N), ...), as coefficients over one denominator.

    Raises:
        RepresentationError: no denominator up to 10^7 makes the coefficients integers.
    """
    coefficients = (_inverse_embeddings(conductor) @ embedded.reshape(len(embeddings), -1)).real.T
    denominator = 1
    while denominator <= LARGEST_DENOMINATOR:
        scaled = coefficients * denominator
        numerators = np.rint(scaled)
        gaps = np.abs(scaled - numerators).ravel()
        worst = int(gaps.argmax()) if gaps.size else 0
        if not gaps.size or gaps[worst] < 1e-4:
            shape = (*embedded.shape[1:], len(embeddings))
            return CyclotomicArray(conductor, numerators.astype(np.int64).reshape(shape), denominator)
        denominator *= _denominator(float(scaled.ravel()[worst]), LARGEST_DENOMINATOR // denominator)
    raise RepresentationError(f"the entries over Q(zeta_{conductor}) have no small common denominator")


def _denominator(value: float, largest: int) -> int:
    """The least denominator of a fraction next to a value, by continued fractions; above ``largest`` for none."""
    bound = 8
    while bound <= 8 * largest:
        near = Fraction(value).limit_denominator(bound)
        if near.denominator > 1 and abs(float(near) - value) * near.denominator < 1e-5:
            return near.denominator
        bound *= 8
    return largest + 1
