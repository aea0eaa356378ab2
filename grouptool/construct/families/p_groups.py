"""Groups of prime power order: quaternion, semidihedral, modular, Heisenberg and extraspecial.

Public: extraspecial.
Source: Huppert, Endliche Gruppen I (1967), I.14.9 (a cyclic subgroup of index p) and III.13.7-8 (extraspecial groups).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...errors import NotationError
from ...group import prime_factors
from ..blueprint import Blueprint, bounded_power
from .permutation import dicyclic
from .registry import family, not_there

__all__ = ["extraspecial"]


@family("Q", "Qn")
def quaternion(n: int) -> Blueprint:
    """Generalised quaternion group of order n, a power of two from 8."""
    if n < 8 or n & (n - 1):
        raise not_there(f"Q{n}", "generalised quaternion groups have order 8, 16, 32, ...; see also Dicn")
    return dicyclic(n // 4)


@family("SD", "SDn")
def semidihedral(n: int) -> Blueprint:
    """Semidihedral group of order n, a power of two from 16: a^(n/2) = b^2 = 1, b^-1 a b = a^(n/4-1)."""
    if n < 16 or n & (n - 1):
        raise not_there(f"SD{n}", "semidihedral groups have order 16, 32, 64, ...")
    return _affine(n // 2, n // 4 - 1, 2)


@family("Mod", "Modn")
def modular(n: int) -> Blueprint:
    """Modular maximal-cyclic group of order n = p^k: a^(n/p) = b^p = 1, b^-1 a b = a^(1+n/p^2)."""
    factors = prime_factors(n) if n > 1 else []
    if len(factors) != 1 or factors[0][1] < 3 or n == 8:
        raise not_there(f"Mod{n}", "modular groups have order p^k with k of at least 3, from 16 when p = 2")
    p = factors[0][0]
    return _affine(n // p, 1 + n // p**2, p)


@family("He", "Hep")
def heisenberg(p: int) -> Blueprint:
    """Heisenberg group of order p^3, p prime: unitriangular 3 x 3 matrices over GF(p) (D4 when p = 2)."""
    if not _is_prime(p):
        raise not_there(f"He{p}", f"{p} is not a prime")
    return extraspecial(p, 3, "+")


def extraspecial(p: int, exponent: int, sign: str) -> Blueprint:
    """Extraspecial group of order p^exponent, exponent = 1 + 2r.

    For odd p the sign + has exponent p and - has exponent p^2; for p = 2, + is a central product of copies of D4, and
    in - one of them is Q8. It permutes p^(r+1) points (2^(r+2) for p = 2 and -), the fewest possible: pairs (u, t) with
    u in GF(p)^s and t in a block on which the centre acts regularly. Generator y_i adds 1 to u_i; x_i moves t by the
    u_i-th power of the centre, so [x_i, y_i] is central and all others commute.

    Raises:
        NotationError: p is no prime, the exponent is not odd from 3, or the sign is not + or -.
    """
    name = f"{p}^(1+{exponent - 1}){sign}"
    if not _is_prime(p):
        raise not_there(name, f"{p} is not a prime")
    if exponent < 3 or exponent % 2 == 0:
        raise not_there(name, "extraspecial groups have order p^3, p^5, p^7, ...")
    if sign not in ("+", "-"):
        raise NotationError(f"{name} needs a sign: + or - at the end")
    block, centre = _block(p, sign)
    pairs = (exponent - 1) // 2 - (sign == "-")

    def generators() -> np.ndarray:
        own, shift = block(), centre()
        size = own.shape[1]
        t, u = np.arange(size), np.arange(p**pairs)
        images = [(u[:, None] * size + image).ravel() for image in (own if sign == "-" else own[:0])]
        for i in range(pairs):
            digit = u // p**i % p
            moved = np.broadcast_to(t, (p, size)).copy()  # row k: t moved by the k-th power of the centre
            for k in range(1, p):
                moved[k] = shift[moved[k - 1]]
            images.append((u[:, None] * size + moved[digit]).ravel())
            raised = u + np.where(digit == p - 1, 1 - p, 1) * p**i
            images.append((raised[:, None] * size + t).ravel())
        return np.array(images)

    degree = bounded_power(p, pairs) * (p if sign == "+" else p**2 if p > 2 else 8)
    return Blueprint(bounded_power(p, exponent), degree, generators)


def _block(p: int, sign: str) -> tuple[Callable[[], np.ndarray], Callable[[], np.ndarray]]:
    """Generators of C_p, Q8 or Mod(p^3) on few points, and a generator of the centre there."""
    if sign == "+":
        return (lambda: np.roll(np.arange(p), -1)[None]), (lambda: np.roll(np.arange(p), -1))
    if p == 2:
        return dicyclic(2).generators, lambda: _square(dicyclic(2).generators()[0])
    return _affine(p**2, 1 + p, p).generators, lambda: (np.arange(p**2) + p) % p**2


def _affine(modulus: int, unit: int, order: int) -> Blueprint:
    """x -> x + 1 and x -> unit x on Z/modulus, the unit of the given multiplicative order."""

    def generators() -> np.ndarray:
        points = np.arange(modulus)
        return np.array([(points + 1) % modulus, (points * unit) % modulus])

    return Blueprint(modulus * order, modulus, generators)


def _square(image: np.ndarray) -> np.ndarray:
    return np.asarray(image[image])


def _is_prime(p: int) -> bool:
    return p > 1 and prime_factors(p) == [(p, 1)]
