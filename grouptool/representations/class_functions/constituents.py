"""Multiplicities of irreducible characters and of eigenvalues, from residues modulo primes, with a proof.

Public: multiplicities, eigenvalue_multiplicities, residue, bound.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ...errors import RepresentationError, TooLargeError
from ..characters import CharacterTable, Columns
from ..cyclotomic import Cyclotomic
from ..root_sums import prime_for, root_of_unity
from ..units import unit_generators

__all__ = ["bound", "eigenvalue_multiplicities", "multiplicities", "residue"]

LARGEST_PRIME = 2**31
CHUNK = 512
"""Rows of a character table that are multiplied at once."""


def multiplicities(table: CharacterTable, values: Sequence[Cyclotomic]) -> np.ndarray:
    """Shape (k,), int64, or Python integers when they are larger: <f, chi_i> for every row i.

    Let the values of f be algebraic integers of Q(zeta_e), e the exponent, with sigma_u f(g) = f(g^u) for generators u
    of the units modulo e; a generalised character is such a function. Let M be a product of primes p = 1 modulo e and
    m_i the residue of least size of <f, chi_i> modulo a prime ideal over each p. Then d = f - sum m_i chi_i is 0 modulo
    these ideals on all classes, so on g^u as well, and d(g) is 0 modulo all conjugates of the ideals, hence divisible
    by M. All conjugates of d(g) / M are at most (|f| + sum |m_i| chi_i(1)) / M; when that is below 1, d is 0. And the
    m_i of a generalised character satisfy |m_i| <= max |f|, since |<f, chi_i>|^2 <= <f, f>; M is taken larger than
    max |f| (1 + sum chi_i(1)), so whatever breaks the bound is none.

    Raises:
        RepresentationError: f is no generalised character; the message says why.

    Cost: one product of a (k, k) matrix and a vector for each prime; one prime but for very large values.
    """
    columns = table.columns
    _check_rationality(columns, values)
    largest = max(map(bound, values))
    needed = (largest + 1) * (1 + int(table.degrees.sum()))
    found, modulus = np.zeros(len(table), dtype=object), 1
    prime = max(2 * columns.exponent, min(needed, LARGEST_PRIME // 2))
    while modulus <= 2 * needed:
        prime = prime_for(columns.exponent, prime)
        part = _products(table, values, prime)
        # Chinese remainders, one prime at a time
        step = (part.astype(object) - found) * pow(modulus, -1, prime) % prime
        found, modulus = found + modulus * step, modulus * prime
    found = np.where(found > modulus // 2, found - modulus, found)
    if max(map(abs, found.tolist())) > largest:
        raise RepresentationError("no generalised character: a multiplicity is no whole number")
    return found.astype(np.int64) if largest < 2**62 else found


def _products(table: CharacterTable, values: Sequence[Cyclotomic], prime: int) -> np.ndarray:
    """Shape (k,), int64: the <f, chi_i> modulo p."""
    columns = table.columns
    mine = np.array([residue(value, prime) for value in values], dtype=np.int64)
    weighted = mine * (columns.sizes % prime) % prime * pow(columns.order, -1, prime) % prime
    numbers = table.numbers.residues(prime)
    conjugate = table.index[:, columns.inverse_map]
    found = np.empty(len(table), dtype=np.int64)
    for start in range(0, len(table), CHUNK):
        part = slice(start, start + CHUNK)
        found[part] = (numbers[conjugate[part]] * weighted % prime).sum(axis=1) % prime
    return found


def _check_rationality(columns: Columns, values: Sequence[Cyclotomic]) -> None:
    """Algebraic integers of the right field, and sigma_u f(g) = f(g^u). Raises RepresentationError."""
    for j, value in enumerate(values):
        if columns.exponent % value.conductor:
            raise RepresentationError(
                f"no generalised character: the value {value} on class {j} is not in Q(E({columns.exponent}))"
            )
        if any(one.denominator != 1 for one in value.coefficients.values()):
            raise RepresentationError(
                f"no generalised character: the value {value} on class {j} is no algebraic integer"
            )
    for unit in unit_generators(columns.exponent):
        images = {value: value.galois(unit) for value in set(values)}
        for j, image in enumerate(columns.power_map(unit).tolist()):
            if images[values[j]] != values[image]:
                raise RepresentationError(
                    f"no generalised character: the value on class {image} is {values[image]}, and the Galois "
                    f"conjugate of that on class {j} is {images[values[j]]}"
                )


def eigenvalue_multiplicities(columns: Columns, values: Sequence[Cyclotomic], class_index: int) -> np.ndarray:
    """Shape (o,), int64: of exp(2 pi i j / o), j = 0 .. o - 1, for an element g of order o of a class.

    m_j = (1/o) sum over i of f(g^i) zeta^(-ij), modulo one prime p = 1 modulo o; proved as in ``multiplicities``, for
    the cyclic group <g> with its o characters of degree 1, p being larger than 2 (max |f| + 1) (1 + o).

    Raises:
        RepresentationError: f restricted to <g> is no generalised character.
        TooLargeError: p would be above 2^31.
    """
    order = int(columns.element_orders[range(len(values))[class_index]])
    powers = [values[int(columns.power_map(i)[class_index])] for i in range(order)]
    refusal = RepresentationError(
        f"no generalised character: its values on the powers of an element of class {class_index} are sums of no "
        "eigenvalues"
    )
    distinct = set(powers)
    if any(order % one.conductor or any(x.denominator != 1 for x in one.coefficients.values()) for one in distinct):
        raise refusal
    for unit in unit_generators(order):
        images = {value: value.galois(unit) for value in distinct}
        if any(images[value] != powers[i * unit % order] for i, value in enumerate(powers)):
            raise refusal
    largest = max(map(bound, distinct))
    needed = 2 * (largest + 1) * (1 + order)
    if needed >= LARGEST_PRIME // 2:
        raise TooLargeError(f"the values reach {largest:,}; eigenvalues of order {order} are counted modulo 2^31")
    prime = prime_for(order, needed)
    roots = np.array([pow(root_of_unity(order, prime), -i, prime) for i in range(order)], dtype=np.int64)
    known = {value: residue(value, prime) for value in distinct}
    mine = np.array([known[one] for one in powers], dtype=np.int64)
    found = np.empty(order, dtype=np.int64)
    for j in range(order):
        found[j] = (mine * roots[np.arange(order) * j % order] % prime).sum() % prime
    found = found * pow(order, -1, prime) % prime
    found = np.where(found > prime // 2, found - prime, found)
    if np.abs(found).max() > largest:
        raise refusal
    return np.asarray(found)


def bound(value: Cyclotomic) -> int:
    """A whole number that no conjugate of a number exceeds in absolute value."""
    return math.ceil(sum(map(abs, value.coefficients.values())))


def residue(value: Cyclotomic, prime: int) -> int:
    """An algebraic integer modulo the prime ideal that ``RootSums.residues`` takes."""
    root = root_of_unity(value.conductor, prime)
    return sum(int(one) * pow(root, i, prime) for i, one in value.coefficients.items()) % prime
