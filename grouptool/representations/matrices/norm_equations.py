"""Norm equations in quadratic steps between subfields of a cyclotomic field: t with t sigma(t) = c.

Public: QuadraticStep, inverse, is_no_norm, preimage_of_norm, product.

Elements g of small height whose norms have no primes but those of a finite set S are S-units. If c norm(g_1) ...
norm(g_k) is a square s^2 of the smaller field, t = s / sigma(g_1 ... g_k) does: norms of the smaller field's elements
are squares. Squares are told by quadratic residues modulo many primes, so that one g, two, or a system over F_2 serves.

Sources: Simon, Solving norm equations in relative number fields using S-units, Math. Comp. 71 (2002); Cremona and
Rusin, Efficient solution of rational conics, Math. Comp. 72 (2003), for what the conic x^2 - d y^2 = c is over Q;
Washington, Introduction to Cyclotomic Fields (1997), chapter 8: 1 - zeta and its like make up most units.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations_with_replacement

import numpy as np

from ...group import prime_factors
from ..units import totient, units
from .cyclotomic_arrays import CyclotomicArray, power_basis, regular_blocks

__all__ = ["QuadraticStep", "inverse", "is_no_norm", "preimage_of_norm", "product"]

PRIMES_ABOVE = 1 << 22
"""Floats hold sums of up to 500 products of residues modulo primes of this size."""
MOST_SYMBOLS = 96
"""Quadratic residue symbols of one class of primes; each lets half of what is no square pass."""
MOST_SUMS = 150_000
"""Sums of one length that are looked through for S-units."""
LONGEST_SUM = 5
MOST_UNITS = 2_000
"""S-units of one length that are kept, those of the smallest norm ..."""
MOST_OF_ONE_NORM = 150
"""... but no more of one norm."""
EXACT_NORM = 2.0**50
"""Norms up to which floats are rounded to the integers that they are."""
MOST_SIGNS = 1 << 21
"""Choices of signs of a square root at all places of its field, up to a common one ..."""
SIGNS_AT_ONCE = 1 << 15
FEW_COEFFICIENTS = 4
"""... and coefficients that are looked at first, many choices at once."""


@dataclass(frozen=True)
class QuadraticStep:
    """Subfields E > L of Q(zeta_N), |E : L| = 2, by the automorphisms zeta -> zeta^u that fix them.

    Attributes:
        conductor: N.
        fixing: the units u modulo N that fix E, a group.
        unit: a unit that generates those that fix L, together with them.
    """

    conductor: int
    fixing: tuple[int, ...]
    unit: int

    @cached_property
    def below(self) -> tuple[int, ...]:
        """The units that fix L, ascending."""
        return tuple(sorted({*self.fixing, *(u * self.unit % self.conductor for u in self.fixing)}))

    def norm(self, number: CyclotomicArray) -> CyclotomicArray:
        """From E to L, of a number as an array of shape ()."""
        return product(number, number.galois(self.unit))


def preimage_of_norm(step: QuadraticStep, number: CyclotomicArray, primes: Sequence[int]) -> CyclotomicArray | None:
    """An element t of E with t sigma(t) = c, checked; None when none was found, which proves nothing.

    Args:
        number: c, not 0, in L; shape ().
        primes: S may hold all prime ideals above these, and those that divide c.

    Cost: norms of at most 150,000 short sums of each length up to 4, and residue symbols of at most 2,000 of them.
    """
    denominator = number.denominator
    integral = CyclotomicArray(step.conductor, number.numerators.astype(object) * denominator).narrowed()
    dividing = _primes_of(integral)
    if dividing is None:
        return None
    chosen = sorted({*primes, *dividing})
    known, signs = np.zeros((0, totient(step.conductor)), dtype=np.int64), list[np.ndarray]()
    target = _symbols(step, integral.numerators[None], norms=False)[0]
    for length in range(LONGEST_SUM + 1):
        found = _s_units(step, length, tuple(chosen)) if length else known
        known = np.concatenate([known, found])
        signs.append(_symbols(step, found, norms=True))
        for places in _square_classes(np.concatenate(signs), target):
            made = _from_factors(step, integral, known[places])
            if made is not None:
                return CyclotomicArray(step.conductor, made.numerators, made.denominator * denominator).reduced()
    return None


def is_no_norm(step: QuadraticStep, number: CyclotomicArray) -> bool:
    """Whether a number of L is proved to be no norm from E: for L = Q, by Hilbert symbols; else False, for unknown.

    Source: Serre, A Course in Arithmetic (1973), chapter III; Hasse's norm theorem says that they decide.
    """
    if len(step.below) < totient(step.conductor):
        return False
    numerator, discriminant = int(number.numerators[0]), _discriminant(step)
    rational = numerator * number.denominator
    if discriminant < 0 and rational < 0:
        return True
    primes = {2, *(prime for prime, _ in prime_factors(abs(discriminant * rational)))}
    return any(_hilbert(discriminant, rational, prime) < 0 for prime in primes)


def _discriminant(step: QuadraticStep) -> int:
    """Of E over Q: the Kronecker symbol (D / u) is 1 for the units u that fix E, and not for all."""
    from flint import fmpz

    conductor = step.conductor

    def symbol(discriminant: int, unit: int) -> int:
        return int(fmpz(discriminant).jacobi(unit if unit % 2 else unit + conductor))

    for size in (one for one in range(3, conductor + 1) if conductor % one == 0):
        for found in (size, -size):
            root = found // 4 if size % 4 == 0 else found
            fundamental = root % 4 in (2, 3) if size % 4 == 0 else root % 4 == 1
            if not fundamental or any(multiplicity > 1 for _, multiplicity in prime_factors(abs(root))):
                continue
            if all(symbol(found, u) == 1 for u in step.fixing) and symbol(found, step.unit) == -1:
                return found
    raise AssertionError("a quadratic field has a discriminant")


def _hilbert(first: int, second: int, prime: int) -> int:
    """The Hilbert symbol (a, b) at p of integers that are not 0."""
    from flint import fmpz

    exponents, parts = [], []
    for number in (first, second):
        exponent = 0
        while number % prime == 0:
            number, exponent = number // prime, exponent + 1
        exponents.append(exponent)
        parts.append(number)
    (alpha, beta), (u, v) = exponents, parts
    if prime == 2:
        odd = (u - 1) // 2 * ((v - 1) // 2) + alpha * ((v * v - 1) // 8) + beta * ((u * u - 1) // 8)
        return -1 if odd % 2 else 1
    symbol = -1 if alpha * beta * ((prime - 1) // 2) % 2 else 1
    if beta % 2:
        symbol *= int(fmpz(u).jacobi(prime))
    if alpha % 2:
        symbol *= int(fmpz(v).jacobi(prime))
    return symbol


def product(first: CyclotomicArray, second: CyclotomicArray) -> CyclotomicArray:
    """Of two numbers of shape ()."""
    return (first.part((None, None)) @ second.part((None, None))).part((0, 0)).narrowed()


def inverse(number: CyclotomicArray) -> CyclotomicArray:
    """1 / x, for a number of shape () that is not 0."""
    from flint import fmpq_poly, fmpz_poly

    polynomial = fmpq_poly([int(one) for one in number.numerators], number.denominator)
    _, _, found = fmpq_poly(fmpz_poly.cyclotomic(number.conductor)).xgcd(polynomial)
    numerators = [int(one) for one in found.numer().coeffs()]
    padded = np.array(numerators + [0] * (len(number.numerators) - len(numerators)), dtype=object)
    return CyclotomicArray(number.conductor, padded, int(found.denom())).narrowed()


def _primes_of(integral: CyclotomicArray) -> list[int] | None:
    """The primes that divide the norm of an integer to Q, or None where that is too large to factor in passing."""
    from flint import fmpz_mat

    blocks = regular_blocks(integral.part((None, None)))
    norm = fmpz_mat([[int(one) for one in row] for row in blocks]).det()
    primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61]
    found = []
    for prime in primes:
        if norm % prime == 0:
            found.append(prime)
            while norm % prime == 0:
                norm //= prime
    if abs(norm).bit_length() > 200:
        return None
    return found + ([int(prime) for prime, _ in norm.factor()] if abs(norm) > 1 else [])


@lru_cache(maxsize=32)
def _s_units(step: QuadraticStep, length: int, primes: tuple[int, ...]) -> np.ndarray:
    """Shape (m, phi(N)): sums of a given length of traces of roots of unity, with norms that S allows, least first."""
    atoms = _atoms(step)
    if length == 1:
        combinations = np.arange(len(atoms))[:, None]
    elif len(step.fixing) == 1:  # up to a root of unity the first term is 1
        combinations = _multisets(len(atoms), length - 1)
    else:
        combinations = _multisets(len(atoms), length)
    places = _places(step.conductor, step.fixing)
    values = atoms @ np.exp(2j * np.pi * np.outer(np.arange(atoms.shape[1]), places) / step.conductor)
    started = length > combinations.shape[1]
    embedded = np.full((len(combinations), len(places)), complex(started))
    for column in combinations.T:
        embedded += values[column]
    norms = np.abs(embedded).prod(axis=1)
    norms = norms if _is_real(step.conductor, step.fixing) else norms**2
    inside = np.flatnonzero((norms > 0.5) & (norms < EXACT_NORM))
    inside = inside[np.argsort(norms[inside], kind="stable")]
    distinct, first, counts = np.unique(np.rint(norms[inside]).astype(np.int64), return_index=True, return_counts=True)
    left = distinct.copy()
    for prime in (one for one in primes if one < EXACT_NORM):
        while (divided := left % prime == 0).any():
            left[divided] //= prime
    chosen = [
        inside[start : start + min(count, MOST_OF_ONE_NORM)]
        for start, count in zip(first[left == 1].tolist(), counts[left == 1].tolist(), strict=True)
    ]
    kept = combinations[np.concatenate([inside[:0], *chosen])[:MOST_UNITS]]
    return np.asarray(atoms[kept].sum(axis=1) + power_basis(step.conductor)[0] * started)


def _atoms(step: QuadraticStep) -> np.ndarray:
    """Shape (m, phi(N)): roots of unity of Q(zeta_N), traced down to E."""
    basis = power_basis(step.conductor)
    places = np.arange(step.conductor)[:, None] * np.array(step.fixing) % step.conductor
    traced = basis[places].sum(axis=1)
    if len(step.fixing) > 1:
        traced = np.concatenate([basis[:1], traced])
    every = np.unique(np.concatenate([traced, -traced]), axis=0)
    return every[every.any(axis=1)]


def _multisets(count: int, length: int) -> np.ndarray:
    """Shape (m, length): non-decreasing sequences of numbers below a count, at most 150,000 of them."""
    total = math.comb(count + length - 1, length)
    if total <= MOST_SUMS:
        return np.array(list(combinations_with_replacement(range(count), length)))
    return np.random.default_rng(0).integers(0, count, (MOST_SUMS, length))


def _is_real(conductor: int, fixing: Sequence[int]) -> bool:
    return conductor - 1 in fixing or conductor == 1


def _places(conductor: int, fixing: Sequence[int]) -> np.ndarray:
    """Units, one for each infinite place of the field that a group of units fixes."""
    group = {*fixing, *(-u % conductor for u in fixing)}
    found, seen = list[int](), set[int]()
    for u in units(conductor).tolist():
        if u not in seen:
            found.append(u)
            seen.update(u * one % conductor or 1 for one in group)
    return np.array(found)


def _square_classes(signs: np.ndarray, target: np.ndarray) -> Iterator[list[int]]:
    """Rows of a matrix over F_2 whose sum is a given one: none, one, two or as many as it takes."""
    from flint import nmod_mat

    if not target.any():
        yield []
    by_sign: dict[bytes, int] = {}
    for i, one in enumerate(signs):
        by_sign.setdefault(one.tobytes(), i)
    if target.any() and (single := by_sign.get(target.tobytes())) is not None:
        yield [single]
    distinct = list(by_sign.values())
    pairs = ((i, by_sign.get((signs[i] ^ target).tobytes(), i)) for i in distinct)
    if pair := next(((i, j) for i, j in pairs if j != i), None):
        yield list(pair)
    columns = np.concatenate([signs[distinct], target[None]]).T
    reduced, rank = nmod_mat(columns.tolist(), 2).rref()
    table = np.array([int(one) for one in reduced.entries()]).reshape(columns.shape)[:rank]
    pivots = table.argmax(axis=1)
    if pivots.max(initial=0) < len(distinct):
        yield [distinct[pivot] for pivot, held in zip(pivots.tolist(), table[:, -1], strict=True) if held]


def _symbols(step: QuadraticStep, numbers: np.ndarray, *, norms: bool) -> np.ndarray:
    """Shape (m, symbols), uint8: 1 where a number of L is no square modulo a prime ideal of L of degree 1.

    Args:
        numbers: shape (m, phi(N)): integers of L, or of E when their norms are meant.
    """
    images = power_basis(step.conductor)[np.arange(numbers.shape[1]) * step.unit % step.conductor]
    columns = []
    for ideals in _ideals(step):
        value = ideals.reduced(numbers)
        value = ideals.constants_of_products(value, ideals.reduced(numbers @ images)) if norms else value[:, :, 0]
        columns.append(_power(value, (ideals.prime - 1) // 2, ideals.prime) != 1)
    return np.concatenate(columns, axis=1).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class _Ideals:
    """Z[zeta_N] modulo the prime ideals above p: p and a factor h of the cyclotomic polynomial, each of degree f.

    Attributes:
        prime: p, so small that floats hold sums of products of residues.
        powers: shape (2 f or phi(N), ideals, f): the powers of x modulo h, at least phi(N) of them.
    """

    prime: int
    powers: np.ndarray

    def reduced(self, numbers: np.ndarray) -> np.ndarray:
        """Shape (m, ideals, f), int64: of numbers given by coefficients, shape (m, phi(N))."""
        powers = self.powers[: numbers.shape[1]].reshape(numbers.shape[1], -1)
        residues = (numbers % self.prime).astype(np.float64) @ powers.astype(np.float64)
        return residues.astype(np.int64).reshape(len(numbers), *self.powers.shape[1:]) % self.prime

    def constants_of_products(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Shape (m, ideals): of products that lie in the prime field."""
        places = np.arange(self.powers.shape[2])
        total = np.zeros(first.shape[:2], dtype=np.int64)
        for i in places:
            for j in places:
                total += first[:, :, i] * second[:, :, j] % self.prime * self.powers[i + j, :, 0] % self.prime
        return np.asarray(total % self.prime)


@lru_cache(maxsize=64)
def _ideals(step: QuadraticStep) -> tuple[_Ideals, ...]:
    """For primes p in each class modulo N that acts trivially on L: a number of E may be a square, one of L not."""
    return tuple(ideals for unit in step.below for ideals in _above(step.conductor, unit))


@lru_cache(maxsize=256)
def _above(conductor: int, unit: int) -> tuple[_Ideals, ...]:
    from flint import fmpz, fmpz_poly, nmod_poly

    polynomial = [int(one) for one in fmpz_poly.cyclotomic(conductor).coeffs()]
    found, count = list[_Ideals](), 0
    prime = PRIMES_ABOVE - PRIMES_ABOVE % conductor + unit
    while count < MOST_SYMBOLS:
        prime += conductor
        if not fmpz(prime).is_prime():
            continue
        factors = [factor for factor, _ in nmod_poly(polynomial, prime).factor()[1]]
        degree, count = factors[0].degree(), count + len(factors)
        powers = np.zeros((max(len(polynomial), 2 * degree), len(factors), degree), dtype=np.int64)
        for i, factor in enumerate(factors):
            power, x = nmod_poly([1], prime), nmod_poly([0, 1], prime)
            for t in range(len(powers)):
                powers[t, i] = [int(power[j]) for j in range(degree)]
                power = power * x % factor
        found.append(_Ideals(prime, powers))
    return tuple(found)


def _power(values: np.ndarray, exponent: int, prime: int) -> np.ndarray:
    result = np.ones_like(values)
    for bit in bin(exponent)[2:]:
        result = result * result % prime
        if bit == "1":
            result = result * values % prime
    return result


def _from_factors(step: QuadraticStep, number: CyclotomicArray, factors: np.ndarray) -> CyclotomicArray | None:
    """t = s / sigma(P) for P, the product of the factors, and s^2 = c P sigma(P); checked."""
    total = CyclotomicArray(step.conductor, power_basis(step.conductor)[0].copy())
    for one in factors:
        total = product(total, CyclotomicArray(step.conductor, one.copy()))
    root = _square_root(step, product(number, step.norm(total)))
    if root is None:
        return None
    found = product(root, inverse(total.galois(step.unit)))
    return found if step.norm(found) == number else None


def _square_root(step: QuadraticStep, number: CyclotomicArray) -> CyclotomicArray | None:
    """An integer of L with a given square: the signs at all places are tried, in floats, and the square is checked.

    Cost: 2^(places - 1) sums for a few coefficients; all coefficients only where those are next to integers.
    """
    conductor, below = step.conductor, step.below
    places = _places(conductor, below)
    free = len(places) - 1
    if 1 << free > MOST_SIGNS:
        return None
    roots = np.sqrt(np.array([number.embedded(u) for u in places.tolist()]).astype(np.complex128))
    if _is_real(conductor, below) and np.abs(roots.imag).max() > 1e-6 * np.abs(roots).max():
        return None
    shares = _shares(conductor, below, places, roots)
    for start in range(0, 1 << free, SIGNS_AT_ONCE):
        patterns = np.arange(start, min(start + SIGNS_AT_ONCE, 1 << free))
        signs = 1.0 - 2.0 * (patterns[:, None] >> np.arange(len(places)) & 1)
        few = signs @ shares[:FEW_COEFFICIENTS].T
        near = np.flatnonzero((np.abs(few - np.rint(few)) < 1e-2).all(axis=1))
        for coefficients in signs[near] @ shares.T:
            whole = np.rint(coefficients)
            if np.abs(coefficients - whole).max() < 1e-2 and np.abs(whole).max() < EXACT_NORM:
                found = CyclotomicArray(conductor, whole.astype(np.int64))
                if product(found, found) == number:
                    return found
    return None


def _shares(conductor: int, below: Sequence[int], places: np.ndarray, roots: np.ndarray) -> np.ndarray:
    """Shape (phi(N), places): what the value of a number of L at each place adds to its coefficients."""
    every = units(conductor)
    inverses = np.linalg.inv(np.exp(2j * np.pi * np.outer(every, np.arange(len(every))) / conductor))
    place_of = {u * one % conductor or 1: k for k, u in enumerate(places.tolist()) for one in below}
    shares = np.zeros((len(every), len(places)))
    for column, u in zip(inverses.T, every.tolist(), strict=True):
        if u in place_of:
            shares[:, place_of[u]] += (column * roots[place_of[u]]).real
        else:
            k = place_of[-u % conductor]
            shares[:, k] += (column * roots[k].conj()).real
    return shares
