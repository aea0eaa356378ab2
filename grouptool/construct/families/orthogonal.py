"""Orthogonal groups over finite fields: GO, SO, Omega and their images in the projective space.

The quadratic form is Q(x) = x_1 x_n + x_2 x_(n-1) + ... over the pairs of coordinates from outside in. In the middle is
nothing for the plus type, z^2 in odd dimension, and y^2 + y z + c z^2 without a zero for the minus type. All act on row
vectors, v -> v M, and on the orbit of the singular vector e = (1, 0, ..., 0).

As in GAP: SO is GO in characteristic 2 (its matrices have determinant 1), Omega has index 2 in SO, and in odd
dimension over a field of characteristic 2 all three are the symplectic group of one dimension less.
Source: Taylor, The Geometry of the Classical Groups (1992), chapter 11.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from ..blueprint import Blueprint
from ..fields import FiniteField, finite_field
from .actions import check_dimension, elementary, on_lines, on_vectors
from .classical import symplectic
from .permutation import cyclic, dihedral
from .registry import family, not_there

__all__: list[str] = []

MEANINGS = {
    "GO": "General orthogonal group: all isometries of a quadratic form on GF(q)^n",
    "SO": "Special orthogonal group: the isometries of determinant 1",
    "Omega": "The subgroup of index 2 in SO(n,q): spinor norm or, in characteristic 2, Dickson invariant trivial",
    "PGO": "Projective general orthogonal group: GO(n,q) without its scalars",
    "PSO": "Projective special orthogonal group: SO(n,q) without its scalars",
    "POmega": "Omega(n,q) without its scalars; simple but for small n and q",
}
TYPES = {"": "n odd", "+": "n even, plus type", "-": "n even, minus type"}


def _maker(symbol: str, sign: str) -> Callable[[int, int], Blueprint]:
    def make(n: int, q: int) -> Blueprint:
        return _orthogonal(symbol.removeprefix("P"), sign, n, q, projective=symbol.startswith("P"))

    make.__doc__ = f"{MEANINGS[symbol]} ({TYPES[sign]})."
    return make


for _symbol in MEANINGS:
    for _sign in TYPES:
        family(_symbol + _sign, f"{_symbol}{_sign}(n,q)")(_maker(_symbol, _sign))


def _orthogonal(kind: str, sign: str, n: int, q: int, *, projective: bool) -> Blueprint:
    written = f"{'P' * projective}{kind}"
    if sign and n % 2:
        raise not_there(f"{written}{sign}({n},{q})", f"odd dimensions have one type; write {written}({n},{q})")
    if not sign and n % 2 == 0:
        one, other = (f"{written}{sign}({n},{q})" for sign in "+-")
        raise not_there(f"{written}({n},{q})", f"even dimensions have two types; write {one} or {other}")
    check_dimension(n)
    finite_field(q)
    if n == 2:
        return _plane(kind, sign, q, projective=projective)
    odd = q % 2 == 1
    if n == 1:
        return cyclic(2 if odd and kind == "GO" and not projective else 1)
    if n % 2 and not odd:
        return symplectic(n - 1, q)
    order = _order(sign, n, q) // (1 if kind == "GO" else 2 if kind == "SO" or not odd else 4)
    if kind == "SO" and not odd:
        order *= 2
    singular = _singular_vectors(sign, n, q)
    matrices = partial(_matrices, kind, sign, n, q)
    if projective:
        return on_lines(n, q, order // _scalars(kind, sign, n, q), matrices, points=singular // (q - 1))
    # Omega(3,q), q odd, has two orbits on the singular vectors; one of them spans the space.
    return on_vectors(n, q, order, matrices, points=singular // (2 if n == 3 and kind == "Omega" else 1))


def _plane(kind: str, sign: str, q: int, *, projective: bool) -> Blueprint:
    """In dimension 2 the group is dihedral, with rotations of order q - 1 or q + 1, acting as that here."""
    turns = q - 1 if sign == "+" else q + 1
    twice = math.gcd(2, q - 1)
    if kind == "Omega":
        turns //= twice
        return cyclic(turns // (math.gcd(2, turns) if projective and twice == 2 else 1))
    turns //= twice if projective else 1
    return cyclic(turns) if kind == "SO" and twice == 2 else dihedral(turns)


def _order(sign: str, n: int, q: int) -> int:
    """The order of GO; in odd dimension for odd q."""
    m = n // 2
    if n % 2:
        return int(2 * q ** (m * m) * math.prod(q ** (2 * i) - 1 for i in range(1, m + 1)))
    last = q**m - (1 if sign == "+" else -1)
    return int(2 * q ** (m * (m - 1)) * last * math.prod(q ** (2 * i) - 1 for i in range(1, m)))


def _scalars(kind: str, sign: str, n: int, q: int) -> int:
    """Number of scalars: 2 where -1 is another element than 1 and lies in the group."""
    if q % 2 == 0 or (n % 2 and kind != "GO"):
        return 1
    if kind == "Omega":
        return 2 if (q ** (n // 2) - (1 if sign == "+" else -1)) % 4 == 0 else 1
    return 2


def _singular_vectors(sign: str, n: int, q: int) -> int:
    """Number of vectors with Q(v) = 0, without 0."""
    m = n // 2
    if n % 2:
        return int(q ** (n - 1) - 1)
    return int((q**m - 1) * (q ** (m - 1) + 1)) if sign == "+" else int((q**m + 1) * (q ** (m - 1) - 1))


def _matrices(kind: str, sign: str, n: int, q: int) -> list[np.ndarray]:
    """Generators, n at least 3: Siegel's transformations at e and at its partner f give Omega.

    They are v -> v + B(v,w) u - B(v,u) w - Q(w) B(v,u) u for u = e or f and w orthogonal to e and f: two opposite
    unipotent radicals. The reflection in e - f exchanges e and f; times the one in e - z f, z no square, it is
    diag(z, 1, ..., 1, 1/z) and has no trivial spinor norm.
    """
    field = finite_field(q)
    values, polar = _form(field, sign, n)
    matrices = []
    for first, last in ((0, n - 1), (n - 1, 0)):
        for j in range(1, n - 1):
            for t in field.basis:
                entries = {(i, first): int(field.multiply[t, polar[i, j]]) for i in range(1, n - 1)}
                entries[last, j] = int(field.negatives[t])
                entries[last, first] = int(field.negatives[field.multiply[field.multiply[t, t], values[j]]])
                matrices.append(elementary(field, n, entries))
    z = field.primitive
    if kind != "Omega" and q % 2:
        matrices.append(np.diag([z, *[1] * (n - 2), int(field.inverses[z])]))
    if kind == "GO" or (kind == "SO" and q % 2 == 0):
        matrices.append(np.eye(n, dtype=np.int64)[[n - 1, *range(1, n - 1), 0]])
    return matrices


def _form(field: FiniteField, sign: str, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Q on the basis, shape (n,), and its polar form B(x, y) = Q(x + y) - Q(x) - Q(y), shape (n, n)."""
    values = np.zeros(n, dtype=np.int64)
    polar = np.eye(n, dtype=np.int64)[::-1].copy()
    m = n // 2
    if n % 2:
        values[m], polar[m, m] = 1, field.add[1, 1]
    elif sign == "-":
        squares_and_roots = field.add[field.multiply.diagonal(), np.arange(field.order)]
        c = int(np.setdiff1d(np.arange(field.order), field.negatives[squares_and_roots])[0])  # y^2 + y + c has no root
        values[m - 1], values[m] = 1, c
        polar[m - 1, m - 1], polar[m, m] = field.add[1, 1], field.add[c, c]
    return values, polar
