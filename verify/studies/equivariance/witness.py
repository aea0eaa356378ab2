"""When one hidden layer is universal, exactly; and a function that it misses entirely when it is not.

Public: Witness, blind_directions, is_universal, missed_function.

Theorem (one hidden layer N to X to M, any number of channels, any continuous activation that is no polynomial). Every
continuous G-equivariant map from R^N to R^M is a limit, uniform on compact sets, iff some point of X has its stabiliser
K inside the kernel of N. If: symmetrise u s(v.x + b), v and u free (Ravanbakhsh's argument, written out in the notes);
G/K covers G/kernel, and outputs are fixed by the kernel. Only if: a hidden unit at the point with stabiliser K reads
w.x + b with w in Fix(K) = {w in R^N: w fixed by K}, and each component of the output is a combination of such units and
their images. Fix(K) is a proper subspace; a product over G of a linear form that vanishes there is a G-invariant
polynomial, not 0, that vanishes on all of them. Let q be any such polynomial, homogeneous of degree d, and f a
G-invariant density of a Gaussian, so that the Fourier transform of q(D) f is i^d q f^. The image of the measure
q(D) f dx under x -> w.x has Fourier transform (i t)^d q(w) f^(t w) = 0; so every s(w.x + b) integrates to 0 against it,
while the G-invariant function q(D) f does not. This is the argument of Lin and Pinkus, Fundamentality of ridge
functions (1993), made G-invariant here. So the least tensor order D with N^D universal is the base size of N.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from math import comb

import numpy as np

from grouptool.structure import GSet
from grouptool.structure.orbits import orbit_numbers

from .sharing import orbit_labels

__all__ = ["Witness", "blind_directions", "is_universal", "missed_function"]

MOST_MONOMIALS = 12_000
WIDTH = 0.9


def is_universal(domain: GSet, hidden: GSet) -> bool:
    """Whether one hidden layer on this G-set is universal, by the theorem; for any outputs but the empty set."""
    return any(one <= domain.kernel for one in hidden.point_stabilizers)


def blind_directions(domain: GSet, hidden: GSet) -> int:
    """The dimension of the inputs that no first layer sees: of the x with w.x = 0 for all w in every Fix(K) and images.

    If it is not 0, networks through the hidden set are constant along these at any depth, so none comes near |x|^2.
    Exact, by the rank of the indicator functions of the orbits of stabilisers.
    """
    from flint import fmpz_mat

    labels, size = orbit_labels(domain, hidden), len(domain)
    seen: set[bytes] = set()
    for row in labels[np.unique(labels, axis=0, return_index=True)[1]]:
        names = np.unique(row)
        if len(names) == size:
            return 0
        seen.update((row == one).tobytes() for one in names)
    if not seen:
        return size
    rows = np.frombuffer(b"".join(sorted(seen)), dtype=bool).reshape(-1, size).astype(np.int64)
    return size - int(fmpz_mat((rows.T @ rows).tolist()).rank())


@dataclass(frozen=True, eq=False)
class Witness:
    """A G-invariant function on R^N that is orthogonal to all networks with one hidden layer on some G-set.

    t(x) = q(D) f (x) / p(x), up to sign, p the density of the normal distribution N(0, 1) of the inputs and f that of
    N(0, width^2). E[t s(w.x + b)] = 0 for every w on which q vanishes.

    Attributes:
        exponents: shape (terms, m): monomials of q. coefficients: shape (terms,), whole numbers. degree: d.
    """

    exponents: np.ndarray
    coefficients: np.ndarray
    degree: int

    def polynomial(self, x: np.ndarray) -> np.ndarray:
        """q itself at points x, shape (b, m)."""
        return self._sum(np.stack([x**a for a in range(self.degree + 1)]))

    def __call__(self, x: np.ndarray, width: float = WIDTH) -> np.ndarray:
        """t at points x, shape (b, m) to (b,): Hermite polynomials in place of powers, times a Gaussian."""
        scaled = x / width
        powers = [np.ones_like(scaled), scaled]
        for a in range(1, self.degree):
            powers.append(scaled * powers[a] - a * powers[a - 1])
        damped = np.exp(-(x**2).sum(axis=1) * (1 / width**2 - 1) / 2)
        return np.asarray(self._sum(np.stack(powers)) * damped)

    def _sum(self, powers: np.ndarray) -> np.ndarray:
        """Combine one-variable functions, shape (degree + 1, b, m), as the monomials of q say."""
        total = np.zeros(powers.shape[1])
        for exponents, coefficient in zip(self.exponents, self.coefficients, strict=True):
            moved = np.flatnonzero(exponents)
            total += coefficient * np.prod(powers[exponents[moved], :, moved], axis=0)
        return total


def missed_function(domain: GSet, hidden: GSet, *, budget: int = MOST_MONOMIALS) -> Witness | None:
    """The missed function of least degree; None when the layer is universal or a degree has too many monomials.

    The orbit sums of monomials of degree d are restricted to Fix(K) for each orbit G/K of the hidden set, where the
    variables of an orbit of K become one; q is a combination that vanishes, found over the whole numbers.

    Args:
        budget: most monomials of one degree.
    """
    if is_universal(domain, hidden):
        return None
    size = len(domain)
    merged = []
    for one in hidden.point_stabilizers:
        kept = orbit_numbers([domain.permutation(h) for h in one.generators], size)
        merged.append(np.eye(kept.max() + 1, dtype=np.int64)[kept])
    for degree in itertools.count(1):
        if comb(size + degree - 1, degree) > budget:
            return None
        monomials = _monomials(size, degree)
        orbits = _orbits_of_monomials(domain, monomials)
        restricted = np.concatenate([_restricted(monomials, orbits, one) for one in merged], axis=1)
        found = _vanishing(restricted)
        if found is not None:
            coefficients = found[orbits]
            kept = np.flatnonzero(coefficients)
            return Witness(monomials[kept], coefficients[kept].astype(float), degree)
    return None


def _monomials(size: int, degree: int) -> np.ndarray:
    """Shape (C(size + degree - 1, degree), size): the exponents of all monomials of a degree."""
    chosen = np.array(list(itertools.combinations_with_replacement(range(size), degree)), dtype=np.int64)
    found = np.zeros((len(chosen), size), dtype=np.int64)
    np.add.at(found, (np.arange(len(chosen))[:, None], chosen), 1)
    return found


def _orbits_of_monomials(domain: GSet, monomials: np.ndarray) -> np.ndarray:
    """Shape (terms,): the orbit of each monomial under permutations of the variables."""
    place = {row.tobytes(): i for i, row in enumerate(monomials)}
    maps = []
    for step in domain.steps:
        moved = np.empty_like(monomials)
        moved[:, step] = monomials
        maps.append(np.array([place[row.tobytes()] for row in moved]))
    return orbit_numbers(maps, len(monomials))


def _restricted(monomials: np.ndarray, orbits: np.ndarray, merged: np.ndarray) -> np.ndarray:
    """Shape (orbits, r): each orbit sum with variables merged, in the monomials of the r that occur."""
    names, column = np.unique(monomials @ merged, axis=0, return_inverse=True)
    found = np.zeros((orbits.max() + 1, len(names)), dtype=np.int64)
    np.add.at(found, (orbits, column.ravel()), 1)
    return found


def _vanishing(rows: np.ndarray) -> np.ndarray | None:
    """A combination of rows that is 0, whole numbers, or None when they are independent; exact."""
    from flint import fmpz_mat

    # The first rows that are dependent suffice, and give small numbers.
    matrix = fmpz_mat(rows.T.tolist())
    reduced, denominator, rank = matrix.rref()
    if rank == len(rows):
        return None
    pivots = [next(j for j in range(len(rows)) if reduced[i, j] != 0) for i in range(rank)]
    free = next(j for j in range(len(rows)) if j not in pivots)
    found = np.zeros(len(rows), dtype=object)
    found[free] = int(denominator)
    for i, j in enumerate(pivots):
        found[j] = -int(reduced[i, free])
    return np.asarray(found // np.gcd.reduce(found))
