"""Linear, affine, unitary and symplectic groups over finite fields, and the Suzuki groups.

All act on row vectors, v -> v M. The generators are the elements of the simple root subgroups and their opposites,
which generate SL, SU and Sp (Steinberg), and where it is missing an element for the determinant.
Sources: Carter, Simple Groups of Lie Type (1972), chapters 11 to 14; Taylor, The Geometry of the Classical Groups
(1992).
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from ...group import prime_factors
from ..blueprint import Blueprint
from ..fields import FiniteField, finite_field, orbit_action
from .actions import check_dimension, distinct, elementary, frobenius, on_lines, on_vectors, shift, times
from .registry import at_least, family, not_there

__all__: list[str] = []

# -- linear and affine


@family("GL", "GL(n,q)")
def general_linear(n: int, q: int) -> Blueprint:
    """General linear group on GF(q)^n, acting on the non-zero vectors."""
    return on_vectors(n, q, _order_gl(n, q), partial(_linear_matrices, n, q, determinant_one=False))


@family("SL", "SL(n,q)")
def special_linear(n: int, q: int) -> Blueprint:
    """Special linear group on GF(q)^n, acting on the non-zero vectors."""
    order = _order_gl(n, q) // (q - 1)
    return on_vectors(n, q, order, partial(_linear_matrices, n, q, determinant_one=True))


@family("PGL", "PGL(n,q)")
def projective_general_linear(n: int, q: int) -> Blueprint:
    """Projective general linear group, acting on the lines of GF(q)^n."""
    order = _order_gl(n, q) // (q - 1)
    return on_lines(n, q, order, partial(_linear_matrices, n, q, determinant_one=False))


@family("PSL", "PSL(n,q)")
def projective_special_linear(n: int, q: int) -> Blueprint:
    """Projective special linear group, acting on the lines of GF(q)^n."""
    order = _order_gl(n, q) // (q - 1) // math.gcd(n, q - 1)
    return on_lines(n, q, order, partial(_linear_matrices, n, q, determinant_one=True))


@family("GammaL", "GammaL(n,q)")
def general_semilinear(n: int, q: int) -> Blueprint:
    """General semilinear group: GL(n,q) and the field automorphisms, acting on the non-zero vectors."""
    order = _order_gl(n, q) * finite_field(q).degree
    return on_vectors(n, q, order, partial(_linear_matrices, n, q, determinant_one=False), semilinear=True)


@family("SigmaL", "SigmaL(n,q)")
def special_semilinear(n: int, q: int) -> Blueprint:
    """Special semilinear group: SL(n,q) and the field automorphisms, acting on the non-zero vectors."""
    at_least(n, 2, "SigmaL(n,q)")
    order = _order_gl(n, q) // (q - 1) * finite_field(q).degree
    return on_vectors(n, q, order, partial(_linear_matrices, n, q, determinant_one=True), semilinear=True)


@family("PGammaL", "PGammaL(n,q)")
def projective_semilinear(n: int, q: int) -> Blueprint:
    """Projective semilinear group: PGL(n,q) and the field automorphisms, acting on the lines of GF(q)^n."""
    at_least(n, 2, "PGammaL(n,q)")
    order = _order_gl(n, q) // (q - 1) * finite_field(q).degree
    return on_lines(n, q, order, partial(_linear_matrices, n, q, determinant_one=False), semilinear=True)


@family("PSigmaL", "PSigmaL(n,q)")
def projective_special_semilinear(n: int, q: int) -> Blueprint:
    """PSL(n,q) and the field automorphisms, acting on the lines of GF(q)^n."""
    at_least(n, 2, "PSigmaL(n,q)")
    order = _order_gl(n, q) // (q - 1) // math.gcd(n, q - 1) * finite_field(q).degree
    return on_lines(n, q, order, partial(_linear_matrices, n, q, determinant_one=True), semilinear=True)


@family("AGL", "AGL(n,q)")
def affine_general_linear(n: int, q: int) -> Blueprint:
    """Affine general linear group: the maps v -> v M + t of GF(q)^n."""
    return _affine(n, q, _order_gl(n, q), determinant_one=False)


@family("ASL", "ASL(n,q)")
def affine_special_linear(n: int, q: int) -> Blueprint:
    """Affine special linear group: the maps v -> v M + t of GF(q)^n with det M = 1."""
    return _affine(n, q, _order_gl(n, q) // (q - 1), determinant_one=True)


@family("AGammaL", "AGammaL(n,q)")
def affine_semilinear(n: int, q: int) -> Blueprint:
    """Affine semilinear group: AGL(n,q) and the field automorphisms, acting on GF(q)^n."""
    return _affine(n, q, _order_gl(n, q) * finite_field(q).degree, determinant_one=False, semilinear=True)


def _order_gl(n: int, q: int) -> int:
    check_dimension(n)
    finite_field(q)
    total = int(q**n)
    return math.prod(total - int(q**i) for i in range(n))


def _linear_matrices(n: int, q: int, *, determinant_one: bool) -> list[np.ndarray]:
    field = finite_field(q)
    neighbours = [(i, i + 1) for i in range(n - 1)] + [(i + 1, i) for i in range(n - 1)]
    matrices = [elementary(field, n, {pair: value}) for pair in neighbours for value in field.basis]
    if not determinant_one and q > 2:
        matrices.append(np.diag([field.primitive, *[1] * (n - 1)]))
    return matrices or [np.eye(n, dtype=np.int64)]


def _affine(n: int, q: int, linear_order: int, *, determinant_one: bool, semilinear: bool = False) -> Blueprint:
    def generators() -> np.ndarray:
        field = finite_field(q)
        moves = [times(field, matrix) for matrix in _linear_matrices(n, q, determinant_one=determinant_one)]
        moves += [shift(field, value) for value in field.basis]
        moves += [frobenius(field)] * semilinear
        return distinct(orbit_action(moves, np.zeros((1, n), dtype=np.int64), q))

    return Blueprint(q**n * linear_order, q**n, generators)


# -- unitary: the form is the sum of u_i conj(v_(n+1-i)) over GF(q^2), conj(x) = x^q


@family("GU", "GU(n,q)")
def general_unitary(n: int, q: int) -> Blueprint:
    """General unitary group on GF(q^2)^n, acting on the isotropic vectors."""
    order = _order_su(n, q) * (q + 1)
    matrices = partial(_unitary_matrices, n, q, determinant_one=False)
    return on_vectors(n, q * q, order, matrices, points=_isotropic(n, q))


@family("SU", "SU(n,q)")
def special_unitary(n: int, q: int) -> Blueprint:
    """Special unitary group on GF(q^2)^n, acting on isotropic vectors."""
    order = _order_su(n, q)
    # SU(2,q) has q + 1 orbits of isotropic vectors; one of them spans the space.
    points = _isotropic(n, q) if n > 2 else q * q - 1
    return on_vectors(n, q * q, order, partial(_unitary_matrices, n, q, determinant_one=True), points=points)


@family("PGU", "PGU(n,q)")
def projective_general_unitary(n: int, q: int) -> Blueprint:
    """Projective general unitary group, acting on the isotropic lines of GF(q^2)^n."""
    order = _order_su(n, q)
    points = _isotropic(n, q) // (q * q - 1)
    return on_lines(n, q * q, order, partial(_unitary_matrices, n, q, determinant_one=False), points=points)


@family("PSU", "PSU(n,q)")
def projective_special_unitary(n: int, q: int) -> Blueprint:
    """Projective special unitary group, acting on the isotropic lines of GF(q^2)^n."""
    order = _order_su(n, q) // math.gcd(n, q + 1)
    points = _isotropic(n, q) // (q * q - 1)
    return on_lines(n, q * q, order, partial(_unitary_matrices, n, q, determinant_one=True), points=points)


def _order_su(n: int, q: int) -> int:
    check_dimension(n, least=2)
    finite_field(q)
    finite_field(q * q)
    return int(q ** (n * (n - 1) // 2) * math.prod(q**i - (-1) ** i for i in range(2, n + 1)))


def _isotropic(n: int, q: int) -> int:
    """Number of isotropic vectors that are not zero."""
    return int((q**n - (-1) ** n) * (q ** (n - 1) - (-1) ** (n - 1)))


def _unitary_matrices(n: int, q: int, *, determinant_one: bool) -> list[np.ndarray]:
    field = finite_field(q * q)
    conjugate = field.powers(q)
    negative = field.negatives
    upper = []
    for i in range((n - 2) // 2):
        for t in field.basis:
            upper.append(elementary(field, n, {(i, i + 1): t, (n - 2 - i, n - 1 - i): negative[conjugate[t]]}))
    middle = n // 2
    if n % 2:
        for t in field.basis:
            norm = field.multiply[t, conjugate[t]]
            b = np.flatnonzero(field.add[np.arange(q * q), conjugate] == negative[norm])[0]  # b + conj(b) = -t conj(t)
            entries = {(middle - 1, middle): t, (middle, middle + 1): negative[conjugate[t]]}
            upper.append(elementary(field, n, {**entries, (middle - 1, middle + 1): b}))
    else:
        traceless = np.flatnonzero(field.add[np.arange(q * q), conjugate] == 0)
        for a in _spanning(field, traceless):
            upper.append(elementary(field, n, {(middle - 1, middle): a}))
    matrices = upper + [matrix.T for matrix in upper]
    if not determinant_one:
        w = field.primitive
        matrices.append(np.diag([w, *[1] * (n - 2), field.power(w, -q)]))
    return matrices


def _spanning(field: FiniteField, elements: np.ndarray) -> list[int]:
    """A basis over the prime field of the subspace that consists of these elements."""
    chosen: list[int] = []
    span = np.zeros(1, dtype=np.int64)
    for element in elements:
        if element not in span:
            chosen.append(int(element))
            lines = [span]
            for _ in range(field.characteristic - 1):
                lines.append(field.add[lines[-1], element])
            span = np.concatenate(lines)
    return chosen


# -- symplectic: the form is the sum of +-u_i v_(n+1-i), + in the first half


@family("Sp", "Sp(n,q)")
def symplectic(n: int, q: int) -> Blueprint:
    """Symplectic group on GF(q)^n, n even, acting on the non-zero vectors."""
    return on_vectors(n, q, _order_sp(n, q, "Sp"), partial(_symplectic_matrices, n, q))


@family("PSp", "PSp(n,q)")
def projective_symplectic(n: int, q: int) -> Blueprint:
    """Projective symplectic group, n even, acting on the lines of GF(q)^n."""
    order = _order_sp(n, q, "PSp") // math.gcd(2, q - 1)
    return on_lines(n, q, order, partial(_symplectic_matrices, n, q))


def _order_sp(n: int, q: int, symbol: str) -> int:
    if n % 2 or n < 2:
        raise not_there(f"{symbol}({n},{q})", "symplectic groups have even dimension, from 2")
    check_dimension(n)
    finite_field(q)
    return int(q ** (n * n // 4)) * math.prod(int(q ** (2 * i)) - 1 for i in range(1, n // 2 + 1))


def _symplectic_matrices(n: int, q: int) -> list[np.ndarray]:
    field = finite_field(q)
    half = n // 2
    upper = []
    for t in field.basis:
        for i in range(half - 1):
            upper.append(elementary(field, n, {(i, i + 1): t, (n - 2 - i, n - 1 - i): field.negatives[t]}))
        upper.append(elementary(field, n, {(half - 1, half): t}))
    return upper + [matrix.T for matrix in upper]


# -- Suzuki


@family("Sz", "Sz(q)")
def suzuki(q: int) -> Blueprint:
    """Suzuki group over GF(q), q = 2, 8, 32, ..., acting on the q^2 + 1 points of Tits' ovoid.

    Source: Dixon, Mortimer, Permutation Groups (1996), section 7.7.
    """
    factors = prime_factors(q) if q > 1 else []
    if len(factors) != 1 or factors[0][0] != 2 or factors[0][1] % 2 == 0:
        raise not_there(f"Sz({q})", "Suzuki groups are over the fields of order 2, 8, 32, ... (an odd power of 2)")
    field = finite_field(q)
    return Blueprint(q**2 * (q**2 + 1) * (q - 1), q**2 + 1, partial(_suzuki_generators, field))


def _suzuki_generators(field: FiniteField) -> np.ndarray:
    # The point at infinity is 0, the point (x, y) is 1 + x q + y; sigma squared is the map x -> x^2.
    q, add, multiply = field.order, field.add, field.multiply
    sigma = field.powers(2 ** ((field.degree + 1) // 2))
    x, y = (part.ravel() for part in np.mgrid[:q, :q])

    def image(new_x: np.ndarray, new_y: np.ndarray, infinity: int = 0) -> np.ndarray:
        return np.concatenate(([infinity], 1 + new_x * q + new_y))

    k = field.primitive
    translation = image(add[x, 1], add[y, x])  # (x + a, y + b + a^sigma x) with a = 1, b = 0
    torus = image(multiply[k, x], multiply[multiply[k, sigma[k]], y])
    z = add[add[multiply[x, y], multiply[multiply[x, x], sigma[x]]], sigma[y]]
    inverse = field.inverses[z]
    inversion = image(multiply[y, inverse], multiply[x, inverse], infinity=1)
    inversion[1] = 0
    return distinct(np.array([translation, torus, inversion]))
