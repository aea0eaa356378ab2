"""Groups of matrices over Z, Z/n, finite fields, and the rationals with roots of unity, as permutations of vectors.

Public: matrix_generators, minkowski_bound.
Matrices act on row vectors, v -> v M. The points are the orbits of the standard basis vectors, so the action is
faithful. Over Z and Q all arithmetic is exact (flint): a field Q(zeta_n) is written as matrices over Q.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ..errors import BudgetSpentError, InfiniteGroupError, NotAGroupError, NotationError, TooLargeError
from ..group import prime_factors
from ..notation import Entry, Matrices, Monomial, Number, Ring, Root, Sum, Symbol
from .fields import FiniteField, finite_field, multiply_vectors, orbit_action

__all__ = ["matrix_generators", "minkowski_bound"]

MAX_MODULUS = 1 << 20
MAX_SIZE = 100  # rows of matrices, after roots of unity are written as matrices over Q
MAX_VECTORS = 20_000  # of the orbits over Q
MAX_BITS = 100_000  # of a power of a number
PRIME = 2_147_483_647
SUSPECT = 500  # vectors of orbits over Q from which the group may be infinite and a proof is looked for
WORDS = 40  # products of generators that are tested for infinite order


def matrix_generators(spec: Matrices) -> np.ndarray:
    """The matrices as permutations of the orbits of the basis vectors.

    Returns:
        Shape (s, degree): image lists, faithful for the group.

    Raises:
        NotAGroupError: a matrix is not invertible over the ring; the message has its number and determinant.
        InfiniteGroupError: the group is infinite, with the proof: an element or an orbit that breaks Minkowski's bound.
        BudgetSpentError: an orbit over Z or Q has more than 20,000 vectors without a proof; the order is unknown.
        TooLargeError: an orbit over a finite ring has more than 100,000 vectors, or a bound on sizes is passed.
        NotationError: an entry that is not in the ring.

    Cost: one product of matrices for each breadth-first level and generator.
    """
    if spec.ring.kind == "GF":
        return _over_field(spec, finite_field(spec.ring.size))
    if spec.ring.kind == "Z" and spec.ring.size:
        return _over_residues(spec, spec.ring.size)
    return _over_rationals(spec)


def minkowski_bound(n: int) -> int:
    """The least common multiple of the orders of the finite subgroups of GL(n, Q).

    The exponent of a prime p is the sum of floor(n / (p^k (p - 1))) over k >= 0.
    Source: Minkowski (1887); Serre, Bounds for the orders of the finite subgroups of G(k) (2007), section 1.

    >>> minkowski_bound(2), minkowski_bound(4)
    (24, 5760)
    """
    bound = 1
    for p in range(2, n + 2):
        if all(p % q for q in range(2, p)):
            step = p - 1
            while step <= n:
                bound *= p ** (n // step)
                step *= p
    return bound


# -- entries


@dataclass(frozen=True)
class _Arithmetic:
    """What an entry is made of: how the ring reads its leaves, adds, multiplies and raises to powers."""

    number: Callable[[int], Any]
    leaf: Callable[[Symbol | Root], Any]  # i, z and E(n)
    add: Callable[[Any, Any], Any]
    multiply: Callable[[Any, Any], Any]
    power: Callable[[Any, int], Any]  # of an element; ZeroDivisionError or ValueError when there is no inverse


def _value(entry: Entry, ring: _Arithmetic, name: Ring) -> Any:
    if isinstance(entry, Number):
        return ring.number(entry.value)
    if isinstance(entry, Symbol | Root):
        return ring.leaf(entry)
    if isinstance(entry, Sum):
        total = ring.number(0)
        for term in entry.terms:
            total = ring.add(total, _value(term, ring, name))
        return total
    product = ring.number(1)
    for base, exponent in entry.factors:
        element = _value(base, ring, name)
        if isinstance(base, Root) or base == Symbol("i"):
            exponent %= base.order if isinstance(base, Root) else 4
        try:
            product = ring.multiply(product, ring.power(element, exponent))
        except TooLargeError:
            raise
        except (ZeroDivisionError, ValueError):
            raise NotationError(f"{base} has no inverse in {name}, but the entry {entry} divides by it") from None
    return product


def _values(spec: Matrices, ring: _Arithmetic) -> list[list[list[Any]]]:
    return [[[_value(entry, ring, spec.ring) for entry in row] for row in matrix] for matrix in spec.rows]


def _not_in(ring: Ring) -> Callable[[Symbol | Root], Any]:
    def refuse(leaf: Symbol | Root) -> Any:
        raise NotationError(f"{leaf} is no element of {ring}")

    return refuse


# -- finite rings


def _over_field(spec: Matrices, field: FiniteField) -> np.ndarray:
    def leaf(symbol: Symbol | Root) -> int:
        return field.primitive if symbol == Symbol("z") else int(_not_in(spec.ring)(symbol))

    def power(element: int, exponent: int) -> int:
        if not element and exponent < 0:
            raise ZeroDivisionError
        return field.power(element, exponent % (field.order - 1) if element else exponent)

    ring = _Arithmetic(
        lambda value: value % field.characteristic,
        leaf,
        lambda a, b: int(field.add[a, b]),
        lambda a, b: int(field.multiply[a, b]),
        power,
    )
    matrices = [np.array(matrix) for matrix in _values(spec, ring)]
    for number, matrix in enumerate(matrices, start=1):
        if not _invertible(field, matrix):
            raise NotAGroupError(f"matrix {number} is not invertible over {spec.ring}: its determinant is 0")
    moves = [partial(_times, field, matrix) for matrix in matrices]
    return orbit_action(moves, np.eye(len(matrices[0]), dtype=np.int64), field.order)


def _times(field: FiniteField, matrix: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    return multiply_vectors(field, vectors, matrix)


def _invertible(field: FiniteField, matrix: np.ndarray) -> bool:
    """Whether elimination finds a pivot in each column."""
    rows = matrix.copy()
    for column in range(len(rows)):
        pivots = np.flatnonzero(rows[column:, column])
        if not pivots.size:
            return False
        rows[[column, column + pivots[0]]] = rows[[column + pivots[0], column]]
        scaled = field.multiply[rows[column], field.inverses[rows[column, column]]]
        below = rows[column + 1 :]
        rows[column + 1 :] = field.add[below, field.multiply[field.negatives[below[:, column]][:, None], scaled]]
    return True


def _over_residues(spec: Matrices, n: int) -> np.ndarray:
    from flint import fmpz_mat

    if not 2 <= n <= MAX_MODULUS:
        raise TooLargeError(f"matrices over Z/n need n from 2 to {MAX_MODULUS:,}, not {n:,}")
    ring = _Arithmetic(
        lambda value: value % n,
        _not_in(spec.ring),
        lambda a, b: (a + b) % n,
        lambda a, b: a * b % n,
        lambda a, exponent: pow(a, exponent, n),
    )
    values = _values(spec, ring)
    for number, matrix in enumerate(values, start=1):
        determinant = int(fmpz_mat(matrix).det()) % n
        if math.gcd(determinant, n) > 1:
            raise NotAGroupError(
                f"matrix {number} is not invertible over {spec.ring}: its determinant {determinant} is no unit"
            )
    matrices = [np.array(matrix, dtype=np.int64) for matrix in values]
    moves = [partial(_times_modulo, n, matrix) for matrix in matrices]
    return orbit_action(moves, np.eye(len(values[0]), dtype=np.int64), n)


def _times_modulo(n: int, matrix: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors @ matrix % n)


# -- Z, and Q with roots of unity


def _over_rationals(spec: Matrices) -> np.ndarray:
    from flint import fmpq_mat

    conductor = _conductor(spec)
    degree = _totient(conductor)
    size = len(spec.rows[0]) * degree
    if size > MAX_SIZE:
        raise TooLargeError(f"the matrices have {size} rows over Q; the limit is {MAX_SIZE}")
    values = _values(spec, _cyclotomic(spec.ring, conductor))
    matrices = [fmpq_mat(_over_q(matrix, conductor, degree)) for matrix in values]
    for number, matrix in enumerate(matrices, start=1):
        determinant = matrix.det()
        if determinant == 0 or (spec.ring.kind == "Z" and abs(determinant) != 1):
            raise NotAGroupError(
                f"matrix {number} is not invertible over {spec.ring}: its determinant is {determinant}"
            )
    return _exact_orbits(spec, matrices, degree)


def _conductor(spec: Matrices) -> int:
    """The least common multiple of the orders of the roots of unity."""

    def orders(entry: Entry) -> list[int]:
        if isinstance(entry, Sum):
            return [order for term in entry.terms for order in orders(term)]
        if isinstance(entry, Monomial):
            return [order for base, _ in entry.factors for order in orders(base)]
        return [entry.order] if isinstance(entry, Root) else [4] if entry == Symbol("i") else []

    found = {order for matrix in spec.rows for row in matrix for entry in row for order in orders(entry)}
    conductor = 1
    for order in sorted(found):
        conductor = math.lcm(conductor, order)
        if conductor > MAX_SIZE**2:
            raise TooLargeError(f"the entries lie in the field of E({conductor}); the limit is E({MAX_SIZE**2})")
    return conductor


def _totient(n: int) -> int:
    return sum(math.gcd(k, n) == 1 for k in range(1, n + 1))


def _cyclotomic(name: Ring, conductor: int) -> _Arithmetic:
    """Q(zeta) as polynomials in zeta modulo the cyclotomic one."""
    from flint import fmpq_poly, fmpz_poly

    modulus = fmpq_poly(fmpz_poly.cyclotomic(conductor).coeffs())
    zeta = fmpq_poly([0, 1]) % modulus

    def leaf(symbol: Symbol | Root) -> Any:
        if name.kind == "Z" or symbol == Symbol("z"):
            return _not_in(name)(symbol)
        return power(zeta, conductor // (symbol.order if isinstance(symbol, Root) else 4))

    def power(element: Any, exponent: int) -> Any:
        if exponent < 0:
            if element == 0:
                raise ZeroDivisionError
            divisor, inverse, _ = element.xgcd(modulus)
            if name.kind == "Z" and abs(element[0]) != 1:
                raise ZeroDivisionError
            element, exponent = inverse / divisor[0] % modulus, -exponent
        if exponent * max((len(str(part)) for part in element.coeffs()), default=1) > MAX_BITS and element not in units:
            raise TooLargeError(f"a power with exponent {exponent:,} has too many digits; the limit is {MAX_BITS:,}")
        result = fmpq_poly([1]) % modulus
        while exponent:
            if exponent & 1:
                result = result * element % modulus
            element = element * element % modulus
            exponent >>= 1
        return result

    units = [fmpq_poly([1]), fmpq_poly([-1])]
    return _Arithmetic(lambda value: fmpq_poly([value]), leaf, lambda a, b: a + b, lambda a, b: a * b % modulus, power)


def _over_q(matrix: list[list[Any]], conductor: int, degree: int) -> list[list[Any]]:
    """Each entry a becomes the matrix of x -> x a in the basis of powers of zeta."""
    from flint import fmpq_poly, fmpz_poly

    modulus = fmpq_poly(fmpz_poly.cyclotomic(conductor).coeffs())
    powers = [fmpq_poly([0] * k + [1]) for k in range(degree)]
    rows = []
    for row in matrix:
        for power in powers:
            images = [power * entry % modulus for entry in row]
            rows.append([image[k] for image in images for k in range(degree)])
    return rows


def _refuse_infinite_order(spec: Matrices, matrices: list[Any]) -> None:
    """An element of finite order has g^E = 1 for a known E; this is tested modulo a prime, for random words."""
    from flint import nmod, nmod_mat

    size = matrices[0].nrows()
    if any(int(entry.q) % PRIME == 0 for matrix in matrices for entry in matrix.entries()):
        return
    residues = [
        nmod_mat(size, size, [nmod(int(e.p), PRIME) / nmod(int(e.q), PRIME) for e in matrix.entries()], PRIME)
        for matrix in matrices
    ]
    one = nmod_mat(size, size, [int(i == j) for i in range(size) for j in range(size)], PRIME)
    exponent = _exponent_bound(size)
    factors = prime_factors(exponent)  # flint's exponents are one machine word
    rng = np.random.default_rng(0)
    words = [[k] for k in range(len(residues))]
    words += [rng.integers(0, len(residues), 2 + i % 8).tolist() for i in range(WORDS)]
    for word in words:
        product = one
        for letter in word:
            product = product * residues[letter]
        for prime, multiplicity in factors:
            for _ in range(multiplicity):
                product = product**prime
        if product != one:
            shown = "*".join(f"M{letter + 1}" for letter in word)
            raise InfiniteGroupError(
                f"the matrices {_short(spec)} generate an infinite group: {shown} has infinite order, since all finite "
                f"orders divide {_shown_number(exponent)}, but its power to that number is not 1 modulo {PRIME}"
            )


def _exponent_bound(n: int) -> int:
    """The least common multiple of the finite orders of elements of GL(n, Q): of the p^k with phi(p^k) <= n.

    A matrix of order p^k has a primitive root of unity of that order as eigenvalue, of degree phi(p^k) over Q.
    """
    bound = 1
    for p, _ in prime_factors(minkowski_bound(n)):
        power = p - 1
        while power <= n:
            bound *= p
            power *= p
    return bound


def _exact_orbits(spec: Matrices, matrices: list[Any], degree: int) -> np.ndarray:
    """Breadth-first orbits of the basis vectors, all vectors of a level in one product.

    Finite orbits of vectors that span prove the group finite. It is infinite if an orbit is longer than Minkowski's
    bound, or if an element has infinite order, which is looked for once when the orbits grow long.
    """
    from flint import fmpq_mat

    size = matrices[0].nrows()
    bound = minkowski_bound(size)
    suspected = False
    starts = [[int(i == j) for i in range(size)] for j in range(0, size, degree)]
    number = {tuple(row): i for i, row in enumerate(starts)}
    images: list[list[int]] = [[] for _ in matrices]
    level: list[Any] = list(number)
    while level:
        stacked = fmpq_mat(level)
        fresh: list[Any] = []
        products = [(stacked * matrix).tolist() for matrix in matrices]
        for place in range(len(level)):
            for letter, rows in enumerate(products):
                vector = tuple(rows[place])
                if vector not in number:
                    number[vector] = len(number)
                    fresh.append(vector)
                images[letter].append(number[vector])
        if not suspected and len(number) > min(SUSPECT, bound * len(starts)):
            suspected = True
            _refuse_infinite_order(spec, matrices)
        if len(number) > bound * len(starts):
            raise InfiniteGroupError(
                f"the matrices {_short(spec)} generate an infinite group: the basis vectors have more than "
                f"{len(starts)} times {_shown_number(bound)} images, more than Minkowski's bound for finite groups"
            )
        if len(number) > MAX_VECTORS:
            raise BudgetSpentError(
                f"stopped at {MAX_VECTORS:,} vectors (budget); whether {_short(spec)} "
                "generate a finite group is unknown"
            )
        level = fresh
    return np.array(images)


def _short(spec: Matrices) -> str:
    text = str(spec)
    return text if len(text) <= 80 else text[:77] + "..."


def _shown_number(number: int) -> str:
    return f"{number:,}" if number < 10**15 else f"about 10^{int(math.log10(number))}"
