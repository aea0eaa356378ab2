"""The named families. To add one: a function from its parameters to a Blueprint, and the decorator.

Public: Blueprint, family, blueprint_of_family, families.
"""

from __future__ import annotations

import difflib
import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..errors import NotationError, UnknownGroupError
from ..notation import Named
from .fields import finite_field, matrix_action

__all__ = ["Blueprint", "Family", "blueprint_of_family", "families", "family"]

Permutations = np.ndarray  # (s, degree) image lists


@dataclass(frozen=True)
class Blueprint:
    """What is known of a group before it is made: its order, and how to get generators (image lists) when wanted."""

    order: int
    generators: Callable[[], Permutations]


@dataclass(frozen=True)
class Family:
    """A family of groups: how it is written, what it is, and its maker."""

    symbol: str
    usage: str
    meaning: str
    make: Callable[..., Blueprint]


_FAMILIES: dict[str, Family] = {}


def family(symbol: str, usage: str) -> Callable[[Callable[..., Blueprint]], Callable[..., Blueprint]]:
    """Register a maker under a symbol; its first docstring line is what users read."""

    def register(make: Callable[..., Blueprint]) -> Callable[..., Blueprint]:
        meaning = (make.__doc__ or "").strip().splitlines()[0]
        _FAMILIES[symbol] = Family(symbol, usage, meaning, make)
        return make

    return register


def families() -> list[Family]:
    """Every family, by symbol."""
    return [_FAMILIES[symbol] for symbol in sorted(_FAMILIES)]


def blueprint_of_family(spec: Named) -> Blueprint:
    """The blueprint of a named group.

    Raises UnknownGroupError for a name that no family has, NotationError for parameters that a family does not take.
    """
    found = _FAMILIES.get(spec.family)
    if found is None:
        close = difflib.get_close_matches(spec.family.upper(), [symbol.upper() for symbol in _FAMILIES], n=1)
        near = next((symbol for symbol in _FAMILIES if close and symbol.upper() == close[0]), None)
        hint = f"did you mean {Named(near, spec.arguments)}? " if near else ""
        known = ", ".join(one.usage for one in families())
        raise UnknownGroupError(f"no group is called {str(spec)!r}; {hint}families: {known}")
    if len(spec.arguments) != len(inspect.signature(found.make).parameters):
        raise NotationError(f"{spec} has the wrong number of parameters; write {found.usage}")
    return found.make(*spec.arguments)


# -- permutation families


@family("C", "Cn")
def cyclic(n: int) -> Blueprint:
    """Cyclic group of order n."""
    _at_least(n, 1, "Cn")
    return Blueprint(n, lambda: np.roll(np.arange(n), -1)[None])


@family("S", "Sn")
def symmetric(n: int) -> Blueprint:
    """Symmetric group on n points."""
    _at_least(n, 1, "Sn")
    return Blueprint(_factorial(n), lambda: np.array([_cycle(n, range(n)), _cycle(n, range(min(n, 2)))]))


@family("A", "An")
def alternating(n: int) -> Blueprint:
    """Alternating group on n points."""
    _at_least(n, 1, "An")
    rest = range(n % 2 == 0, n)  # the longest even cycle that leaves at most the first point alone
    return Blueprint(
        _factorial(n) // 2 if n > 1 else 1,
        lambda: np.array([_cycle(n, rest), _cycle(n, range(3) if n >= 3 else [])] if n >= 3 else [np.arange(n)]),
    )


@family("D", "Dn")
def dihedral(n: int) -> Blueprint:
    """Dihedral group of order 2n, the symmetries of the n-gon (GAP calls it D2n)."""
    _at_least(n, 1, "Dn")
    if n <= 2:
        return Blueprint(2 * n, lambda: np.array([[1, 0, 2, 3], [0, 1, 3, 2]][:n]))
    points = np.arange(n)
    return Blueprint(2 * n, lambda: np.array([np.roll(points, -1), (-points) % n]))


@family("Q", "Qn")
def quaternion(n: int) -> Blueprint:
    """Generalised quaternion group of order n, a power of two from 8."""
    if n < 8 or n & (n - 1):
        raise NotationError(
            f"Q{n} does not exist: generalised quaternion groups have order 8, 16, 32, ...; see also Dicn"
        )
    return dicyclic(n // 4)


@family("Dic", "Dicn")
def dicyclic(n: int) -> Blueprint:
    """Dicyclic group of order 4n: a^2n = 1, b^2 = a^n, b^-1 a b = a^-1."""
    _at_least(n, 1, "Dicn")

    def generators() -> Permutations:
        # Right multiplication on the elements a^i b^j, numbered i + 2n j; b a = a^-1 b and b^2 = a^n.
        i = np.arange(2 * n)
        a = np.concatenate(((i + 1) % (2 * n), 2 * n + (i - 1) % (2 * n)))
        b = np.concatenate((2 * n + i, (i + n) % (2 * n)))
        return np.array([a, b])

    return Blueprint(4 * n, generators)


@family("F", "Fq:k")
def frobenius(q: int, k: int) -> Blueprint:
    """Frobenius group GF(q) : C_k of order qk, the maps x -> u x + t with u in the subgroup of order k of GF(q)*."""
    field = finite_field(q)
    if k < 2 or (q - 1) % k:
        raise NotationError(f"F{q}:{k} does not exist: {k} must be a divisor of {q - 1} and at least 2")
    unit = field.power(field.primitive, (q - 1) // k)
    return Blueprint(q * k, lambda: np.array([*(field.add[t] for t in field.basis), field.multiply[unit]]))


# -- linear families


@family("GL", "GL(n,q)")
def general_linear(n: int, q: int) -> Blueprint:
    """General linear group on GF(q)^n, acting on the non-zero vectors."""
    return _linear(n, q, determinant_one=False, projective=False)


@family("SL", "SL(n,q)")
def special_linear(n: int, q: int) -> Blueprint:
    """Special linear group on GF(q)^n, acting on the non-zero vectors."""
    return _linear(n, q, determinant_one=True, projective=False)


@family("PGL", "PGL(n,q)")
def projective_general_linear(n: int, q: int) -> Blueprint:
    """Projective general linear group, acting on the lines of GF(q)^n."""
    return _linear(n, q, determinant_one=False, projective=True)


@family("PSL", "PSL(n,q)")
def projective_special_linear(n: int, q: int) -> Blueprint:
    """Projective special linear group, acting on the lines of GF(q)^n."""
    return _linear(n, q, determinant_one=True, projective=True)


def _linear(n: int, q: int, *, determinant_one: bool, projective: bool) -> Blueprint:
    if not 2 <= n <= 8:
        raise NotationError(f"linear groups here have dimension 2 to 8, not {n}")
    field = finite_field(q)
    order = math.prod(q**n - q**i for i in range(n))
    scalars = math.gcd(n, q - 1) if determinant_one else q - 1
    if determinant_one:
        order //= q - 1
    if projective:
        order //= scalars

    def generators() -> Permutations:
        # Transvections of neighbouring coordinates generate SL; one diagonal matrix of primitive determinant adds GL.
        matrices = []
        for i, j in [(i, i + 1) for i in range(n - 1)] + [(i + 1, i) for i in range(n - 1)]:
            for value in field.basis:
                matrix = np.eye(n, dtype=np.int64)
                matrix[i, j] = value
                matrices.append(matrix)
        if not determinant_one and q > 2:
            matrices.append(np.diag([field.primitive, *[1] * (n - 1)]))
        return matrix_action(field, matrices, projective)

    return Blueprint(order, generators)


# -- helpers


def _at_least(n: int, least: int, usage: str) -> None:
    if n < least:
        raise NotationError(f"{usage} needs n of at least {least}, not {n}")


def _factorial(n: int) -> int:
    # Far above every limit the exact value does not matter, and 10^9! must not be computed.
    return math.factorial(min(n, 1000))


def _cycle(degree: int, points: range | list[int]) -> np.ndarray:
    image = np.arange(degree)
    image[list(points)] = np.roll(list(points), -1) if len(points) else []
    return image
