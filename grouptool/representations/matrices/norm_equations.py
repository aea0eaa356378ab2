"""Norm equations in quadratic steps between subfields of a cyclotomic field: t with t sigma(t) = c.

Public: preimage_of_norm.

Elements g of small height whose norms have no primes but those of a finite set S are S-units. If c norm(g_1) ...
norm(g_k) is a square s^2 of the smaller field, t = s / sigma(g_1 ... g_k) does: norms of the smaller field's elements
are squares. Squares are told by quadratic residues modulo many primes, so that one g, two, or a system over F_2 serves.

Sources: Simon, Solving norm equations in relative number fields using S-units, Math. Comp. 71 (2002); Cremona and
Rusin, Efficient solution of rational conics, Math. Comp. 72 (2003), for what the conic x^2 - d y^2 = c is over Q;
Washington, Introduction to Cyclotomic Fields (1997), chapter 8: 1 - zeta and its like make up most units.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations_with_replacement

import numpy as np

from ...group import prime_factors
from ..units import totient, units
from .cyclotomic_arrays import CyclotomicArray, power_basis, regular_blocks
from .quadratic_steps import QuadraticStep, inverse, product
from .square_classes import combinations_with_sum, quadratic_symbols

__all__ = ["preimage_of_norm"]

MOST_SUMS = 150_000
"""Sums of one length that are looked through for S-units."""
LONGEST_SUM = 5
MOST_UNITS = 2_000
"""S-units of one length that are kept, those of the smallest norm ..."""
MOST_OF_ONE_NORM = 150
"""... but no more of one norm."""
EXACT_NORM = 2.0**50
"""Norms up to which floats are rounded to the integers that they are."""
MOST_BITS = 400
"""Of a norm that is factored: it has small primes, most of them to high powers."""
MOST_SIGNS = 1 << 21
"""Choices of signs of a square root at all places of its field, up to a common one ..."""
SIGNS_AT_ONCE = 1 << 15
FEW_COEFFICIENTS = 4
"""... and coefficients that are looked at first, many choices at once."""


def preimage_of_norm(step: QuadraticStep, number: CyclotomicArray, primes: Sequence[int]) -> CyclotomicArray | None:
    """An element t of E with t sigma(t) = c, checked; None when none was found, which proves nothing.

    Args:
        number: c, not 0, in L; shape ().
        primes: S may hold all prime ideals above these, and those that divide c.

    Cost: norms of at most 150,000 short sums of each length up to 5, and residue symbols of at most 2,000 of them.
    """
    denominator = number.denominator
    integral = CyclotomicArray(step.conductor, number.numerators.astype(object) * denominator).narrowed()
    dividing = _primes_of(integral)
    if dividing is None:
        return None
    chosen = sorted({*primes, *dividing})
    known, signs = np.zeros((0, totient(step.conductor)), dtype=np.int64), list[np.ndarray]()
    target = quadratic_symbols(step, integral.numerators[None], norms=False)[0]
    for length in range(LONGEST_SUM + 1):
        found = _s_units(step, length, tuple(chosen)) if length else known
        known = np.concatenate([known, found])
        signs.append(quadratic_symbols(step, found, norms=True))
        for places in combinations_with_sum(np.concatenate(signs), target):
            made = _from_factors(step, integral, known[places])
            if made is not None:
                return CyclotomicArray(step.conductor, made.numerators, made.denominator * denominator).reduced()
    return None


def _primes_of(integral: CyclotomicArray) -> list[int] | None:
    """The primes that divide the norm of an integer to Q, or None where that is too large to factor in passing."""
    from flint import fmpz_mat

    norm = abs(int(fmpz_mat(regular_blocks(integral.part((None, None))).tolist()).det()))
    return [prime for prime, _ in prime_factors(norm)] if norm.bit_length() <= MOST_BITS else None


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
    places = step.places
    values = atoms @ np.exp(2j * np.pi * np.outer(np.arange(atoms.shape[1]), places) / step.conductor)
    started = length > combinations.shape[1]
    embedded = np.full((len(combinations), len(places)), complex(started))
    for column in combinations.T:
        embedded += values[column]
    norms = np.abs(embedded).prod(axis=1)
    norms = norms if step.is_real else norms**2
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
    conductor, places = step.conductor, step.places_below
    free = len(places) - 1
    if 1 << free > MOST_SIGNS:
        return None
    roots = np.sqrt(np.array([number.embedded(u) for u in places.tolist()]).astype(np.complex128))
    if step.is_real_below and np.abs(roots.imag).max() > 1e-6 * np.abs(roots).max():
        return None
    shares = _shares(step, roots)
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


def _shares(step: QuadraticStep, roots: np.ndarray) -> np.ndarray:
    """Shape (phi(N), places): what the value of a number of L at each place adds to its coefficients."""
    conductor, places = step.conductor, step.places_below
    every = units(conductor)
    inverses = np.linalg.inv(np.exp(2j * np.pi * np.outer(every, np.arange(len(every))) / conductor))
    place_of = {u * one % conductor or 1: k for k, u in enumerate(places.tolist()) for one in step.below}
    shares = np.zeros((len(every), len(places)))
    for column, u in zip(inverses.T, every.tolist(), strict=True):
        if u in place_of:
            shares[:, place_of[u]] += (column * roots[place_of[u]]).real
        else:
            k = place_of[-u % conductor]
            shares[:, k] += (column * roots[k].conj()).real
    return shares
