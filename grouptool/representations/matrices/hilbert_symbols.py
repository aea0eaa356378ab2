"""Rational numbers that are no norms from a quadratic field.

Public: is_no_norm.

Source: Serre, A Course in Arithmetic (1973), chapter III.
"""

from __future__ import annotations

from ...group import prime_factors
from ..units import totient
from .cyclotomic_arrays import CyclotomicArray
from .quadratic_steps import QuadraticStep

__all__ = ["is_no_norm"]

MOST_BITS = 200
"""Of a number that is factored."""


def is_no_norm(step: QuadraticStep, number: CyclotomicArray) -> bool:
    """Whether a number of L, not 0, is proved to be no norm from E. False means unknown.

    It is decided for L = Q and numbers of up to 200 bits: by the Hilbert symbols at all primes (Hasse's norm theorem).

    >>> import numpy as np
    >>> step = QuadraticStep(4, (1,), 3)
    >>> [c for c in range(1, 8) if not is_no_norm(step, CyclotomicArray.of_integers(np.array(c), 4))]
    [1, 2, 4, 5]
    """
    if len(step.below) < totient(step.conductor):
        return False
    assert not number.numerators[1:].any(), "numbers of Q are rational"
    rational, discriminant = int(number.numerators[0]) * number.denominator, _discriminant(step)
    if abs(rational).bit_length() > MOST_BITS:
        return False
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
