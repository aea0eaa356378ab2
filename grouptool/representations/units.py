"""Units modulo N, the Galois group of Q(zeta_N): unit u is zeta -> zeta^u.

Public: units, totient, unit_generators, primitive_root, decomposition_group, kernel_unit, lifted_unit.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from ..group import prime_factors

__all__ = [
    "decomposition_group",
    "kernel_unit",
    "lifted_unit",
    "primitive_root",
    "totient",
    "unit_generators",
    "units",
]


@lru_cache(maxsize=1024)
def units(modulus: int) -> np.ndarray:
    """Shape (phi(N),), int64, read-only: the numbers from 1 to N prime to N, ascending."""
    numbers = np.arange(1, modulus + 1)
    found: np.ndarray = numbers[np.gcd(numbers, modulus) == 1]
    found.flags.writeable = False
    return found


@lru_cache(maxsize=1024)
def decomposition_group(modulus: int, prime: int) -> tuple[int, ...]:
    """The units modulo N that fix a prime of Q(zeta_N) above p: a power of p modulo the part of N prime to p."""
    rest = modulus
    while rest % prime == 0:
        rest //= prime
    powers, power = set(), 1 % rest
    while power not in powers:
        powers.add(power)
        power = power * prime % rest
    return tuple(u for u in units(modulus).tolist() if u % rest in powers)


@lru_cache(maxsize=1024)
def unit_generators(modulus: int) -> tuple[int, ...]:
    """Generators of the group of units modulo N: primitive roots for the odd prime powers, -1 and 5 for that of two."""
    chosen = []
    for prime, multiplicity in prime_factors(modulus) if modulus > 1 else ():
        part = prime**multiplicity
        rest = modulus // part
        local = [part - 1, 5 % part] if prime == 2 else [primitive_root(part)]
        lifted = ((one * rest * pow(rest, -1, part) + part * pow(part, -1, rest)) % modulus for one in local)
        chosen += [one for one in lifted if one != 1]
    return tuple(dict.fromkeys(chosen))


@lru_cache(maxsize=1024)
def primitive_root(power: int) -> int:
    """The least generator of the units modulo a power of an odd prime, or modulo 2 or 4."""
    prime = prime_factors(power)[0][0]
    order = power - power // prime
    factors = [factor for factor, _ in prime_factors(order)]
    return next(
        g for g in range(1, power) if g % prime and all(pow(g, order // factor, power) != 1 for factor in factors)
    )


@lru_cache(maxsize=1024)
def kernel_unit(modulus: int, prime: int, level: int) -> int:
    """A unit, 1 modulo other primes of N; with the units 1 modulo p^level it generates those 1 modulo p^(level - 1)."""
    part = math.gcd(modulus, prime ** modulus.bit_length())
    rest, power = modulus // part, prime**level
    if level > 1:
        residue = 1 + power // prime if power != 4 else 3
    else:
        residue = primitive_root(prime)
    return next(unit for unit in range(1, modulus + 1, rest) if unit % part == residue % part)


@lru_cache(maxsize=4096)
def lifted_unit(unit: int, conductor: int, modulus: int) -> int:
    """A unit modulo e that agrees with a unit modulo N on the roots of unity that Q(zeta_N) and Q(zeta_e) share."""
    common = math.gcd(conductor, modulus)
    return next(u for u in range(unit % common, modulus + common, common) if math.gcd(u, modulus) == 1)


def totient(modulus: int) -> int:
    """Euler's phi(N): the number of units, and the degree of Q(zeta_N) over Q."""
    return len(units(modulus))
