"""Families that permute few points by birth: cyclic, symmetric, alternating, dihedral, dicyclic, Frobenius."""

from __future__ import annotations

import numpy as np

from ..blueprint import Blueprint, bounded_factorial
from ..fields import finite_field
from .registry import at_least, family, not_there

__all__: list[str] = []


@family("C", "Cn")
def cyclic(n: int) -> Blueprint:
    """Cyclic group of order n."""
    at_least(n, 1, "Cn")
    return Blueprint(n, n, lambda: np.roll(np.arange(n), -1)[None])


@family("S", "Sn")
def symmetric(n: int) -> Blueprint:
    """Symmetric group on n points."""
    at_least(n, 1, "Sn")
    return Blueprint(bounded_factorial(n), n, lambda: np.array([_cycle(n, range(n)), _cycle(n, range(min(n, 2)))]))


@family("A", "An")
def alternating(n: int) -> Blueprint:
    """Alternating group on n points."""
    at_least(n, 1, "An")
    rest = range(n % 2 == 0, n)  # the longest even cycle that leaves at most the first point alone
    return Blueprint(
        bounded_factorial(n) // 2 if n > 1 else 1,
        n,
        lambda: np.array([_cycle(n, rest), _cycle(n, range(3))] if n >= 3 else [np.arange(n)]),
    )


@family("D", "Dn")
def dihedral(n: int) -> Blueprint:
    """Dihedral group of order 2n, the symmetries of the n-gon (GAP calls it D2n)."""
    at_least(n, 1, "Dn")
    if n <= 2:
        return Blueprint(2 * n, 2 * n, lambda: np.array([[1, 0, 2, 3], [0, 1, 3, 2]])[:n, : 2 * n])
    return Blueprint(2 * n, n, lambda: np.array([np.roll(np.arange(n), -1), -np.arange(n) % n]))


@family("Dic", "Dicn")
def dicyclic(n: int) -> Blueprint:
    """Dicyclic group of order 4n: a^2n = 1, b^2 = a^n, b^-1 a b = a^-1."""
    at_least(n, 1, "Dicn")

    def generators() -> np.ndarray:
        # Right multiplication on the elements a^i b^j, numbered i + 2n j; b a = a^-1 b and b^2 = a^n.
        i = np.arange(2 * n)
        a = np.concatenate(((i + 1) % (2 * n), 2 * n + (i - 1) % (2 * n)))
        b = np.concatenate((2 * n + i, (i + n) % (2 * n)))
        return np.array([a, b])

    return Blueprint(4 * n, 4 * n, generators)


@family("F", "Fq:k")
def frobenius(q: int, k: int) -> Blueprint:
    """Frobenius group GF(q) : C_k of order qk, the maps x -> u x + t with u in the subgroup of order k of GF(q)*."""
    field = finite_field(q)
    if k < 2 or (q - 1) % k:
        raise not_there(f"F{q}:{k}", f"{k} must be a divisor of {q - 1} and at least 2")
    unit = field.power(field.primitive, (q - 1) // k)
    return Blueprint(q * k, q, lambda: np.array([*(field.add[t] for t in field.basis), field.multiply[unit]]))


def _cycle(degree: int, points: range) -> np.ndarray:
    image = np.arange(degree)
    image[list(points)] = np.roll(list(points), -1)
    return image
