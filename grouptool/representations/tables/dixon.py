"""Character tables from class matrices: split in floats, lifted to eigenvalue multiplicities, then proved exactly.

Public: EigenvalueCounts, class_matrix, eigenvalue_counts, modular_product,
powers_of_root, prove_counts, random_weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from ...acceleration import use_compiled
from ...errors import RepresentationError, TooLargeError
from ...structure.classes import ConjugacyClasses
from ..root_sums import prime_for, root_of_unity
from ..units import unit_generators

__all__ = [
    "EigenvalueCounts",
    "class_matrix",
    "eigenvalue_counts",
    "modular_product",
    "powers_of_root",
    "prove_counts",
    "random_weights",
]

MAX_CLASSES = 3_000
"""Most classes for which the class matrices are split: some minutes and 300 MB."""

PROOF_PRIMES_ABOVE = 1 << 25
"""Proofs are made modulo a prime between this and twice this, so that two dgemm calls multiply residues exactly."""

MOST_COMPILED = 500_000
"""Steps of the plain double loop for Fourier transforms in the kernel; longer ones are fast transforms in numpy."""

DRAWS = 20
WEIGHT = 1 << 18


@dataclass(frozen=True, eq=False)
class EigenvalueCounts:
    """How often each root of unity is an eigenvalue of each irreducible character's matrices on each class.

    Attributes:
        counts: shape (k, s), int64, s the sum of the element orders: row i, from ``starts[j]`` on, the multiplicities
            of 1, zeta, zeta^2, ... for class j, zeta = exp(2 pi i / o) and o its element order.
    """

    classes: ConjugacyClasses
    counts: np.ndarray

    @property
    def degrees(self) -> np.ndarray:
        """Shape (k,): on class 0 all eigenvalues are 1."""
        return np.asarray(self.counts[:, 0])

    def blocks(self) -> Iterator[tuple[range, np.ndarray]]:
        """For each element order o its classes, c in a row, and their counts, shape (k, c, o), a view."""
        for columns in _classes_by_order(self.classes):
            yield columns, _block(self.classes, columns, self.counts)


def eigenvalue_counts(classes: ConjugacyClasses, *, seed: int = 0) -> EigenvalueCounts:
    """The irreducible characters of a group by their eigenvalue multiplicities, proved; rows in no order.

    A random combination of the class matrices, scaled by the roots of the class sizes, has a Hermitian companion whose
    eigenvectors are the characters (Burnside); the discrete Fourier transform of chi(1), chi(g), chi(g^2), ... counts
    eigenvalues. Both are done in floats, rounded, and then proved without them: see ``prove_counts``.

    Raises:
        TooLargeError: more than 3,000 classes.
        RepresentationError: no draw could be proved, which is a bug.

    Cost: n k gathers and O(k^3) flops. Source: Dixon, High speed computation of group characters, Numer. Math. 10
    (1967); Schneider, Dixon's character table algorithm revisited, J. Symb. Comp. 9 (1990). They split modulo a prime.
    """
    if len(classes) > MAX_CLASSES:
        raise TooLargeError(
            f"{classes.name} has {len(classes):,} classes; class matrices are split up to {MAX_CLASSES:,}"
        )
    failure = RepresentationError(f"{DRAWS} random combinations of class matrices had no distinct eigenvalues")
    for draw in range(DRAWS):
        weights = random_weights(classes, seed + draw)
        matrix = class_matrix(classes, weights)
        values = _split(classes, matrix)
        counts = None if values is None else _lift(classes, values)
        if counts is None:
            continue
        found = EigenvalueCounts(classes, counts)
        try:
            prove_counts(found, weights, matrix)
        except RepresentationError as error:
            failure = error
            continue
        return found
    raise failure


def random_weights(classes: ConjugacyClasses, seed: int = 0) -> np.ndarray:
    """Shape (k,), int64: random weights, smaller for larger classes, so that no eigenvalue dwarfs the others."""
    return np.asarray(np.rint(_normal_numbers(len(classes), seed) / np.sqrt(classes.sizes)), dtype=np.int64)


@lru_cache(maxsize=64)
def _normal_numbers(count: int, seed: int) -> np.ndarray:
    return WEIGHT * np.random.default_rng(seed).standard_normal(count)


def class_matrix(classes: ConjugacyClasses, weights: np.ndarray, columns: np.ndarray | None = None) -> np.ndarray:
    """Shape (k, m), float64 holding integers: some columns, by default all, of the sum over r of weights[r] M_r.

    M_r[s, t] is the number of ways to write the representative of class t as x y with x in class r and y in class s.
    """
    group, size = classes.group, len(classes)
    by_element = weights[classes.class_of]
    inverse_map = classes.inverse_map
    rows = group.inverses[classes.representatives if columns is None else classes.representatives[columns]]
    if use_compiled(group.order * size):
        from ._kernels import class_matrix as compiled

        return np.asarray(compiled(group.table, rows, classes.class_of, inverse_map, by_element))
    matrix = np.empty((size, len(rows)))
    for t, row in enumerate(rows):  # the class of x^-1 z is that of (z^-1 x)^-1
        matrix[:, t] = np.bincount(inverse_map[classes.class_of[group.table[row]]], by_element, minlength=size)
    return matrix


def _split(classes: ConjugacyClasses, matrix: np.ndarray) -> np.ndarray | None:
    """Shape (k, k), complex128: the characters, rows; None when eigenvalues are too close to each other."""
    roots = np.sqrt(classes.sizes)
    scaled = matrix * (roots / roots[:, None])
    # Transposing exchanges K_r and K_r^-1: the weights become (w_r + w_r') / 2 + i (w_r - w_r') / 2, r' the inverses.
    hermitian = (scaled + scaled.T) / 2 + (scaled - scaled.T) * 0.5j
    eigenvalues, vectors = np.linalg.eigh(hermitian)
    gaps = eigenvalues[1:] - eigenvalues[:-1]
    if len(gaps) and gaps.min() < 1e-10 * max(eigenvalues[-1], -eigenvalues[0]):
        return None
    sizes = np.abs(vectors[0])
    if sizes.min() < 1e-8:
        return None
    return np.asarray((vectors / roots[:, None] * (sizes / vectors[0] * np.sqrt(classes.order))).T)


def _lift(classes: ConjugacyClasses, values: np.ndarray) -> np.ndarray | None:
    """Eigenvalue counts from float values; None when some are not near to integers."""
    (starts, powers), orders = classes.powers, classes.element_orders
    if (work := int((orders * orders).sum()) * len(classes)) < MOST_COMPILED and use_compiled(work):
        from ._kernels import lift

        counts, distance = lift(np.ascontiguousarray(values), starts, orders, powers)
        return None if distance > 0.1 else np.asarray(counts)
    counts = np.empty((len(classes), len(powers)), dtype=np.int64)
    for columns in _classes_by_order(classes):
        block = _block(classes, columns, powers[None])[0]
        found = np.fft.fft(values[:, block], axis=2, norm="forward")
        rounded = np.rint(found.real)
        if np.abs(found - rounded).max() > 0.1:
            return None
        _block(classes, columns, counts)[:] = rounded
    return counts


def _classes_by_order(classes: ConjugacyClasses) -> list[range]:
    """The classes of each element order, which follow each other."""
    ends = [0, *(np.flatnonzero(np.diff(classes.element_orders)) + 1).tolist(), len(classes)]
    return [range(start, stop) for start, stop in pairwise(ends)]


def _block(classes: ConjugacyClasses, columns: range, flat: np.ndarray) -> np.ndarray:
    """The part (., c, o) of a flat array (., s) for c classes of element order o, a view."""
    order = int(classes.element_orders[columns.start])
    start = int(classes.powers[0][columns.start])
    return flat[:, start : start + order * len(columns)].reshape(len(flat), len(columns), order)


def prove_counts(found: EigenvalueCounts, weights: np.ndarray | None = None, matrix: np.ndarray | None = None) -> None:
    """Prove that eigenvalue counts give the irreducible characters of a group.

    Let p = 1 modulo the exponent be a prime, and read roots of unity modulo a prime ideal above p.

    1. The rows, scaled to central characters, are eigenvectors of a combination of class matrices modulo p with
       distinct eigenvalues. So are the true central characters; so each row is one of them modulo p.
    2. The rows are orthonormal modulo p, so the squares of their degrees are the true ones modulo p; the degrees are
       positive and below p / 2, hence true, and the rows are the irreducible characters modulo p.
    3. The counts on g^u, u a unit, are those on g with the roots raised to u. So a value and the true one differ by a
       number all of whose conjugates are divisible by one prime ideal, hence by p; they are of absolute value at most
       2 chi(1) < p, so the norm of their quotient by p is less than 1, and the difference is 0.

    Second orthogonality is the first one of a square matrix; the indicators are checked by their sum.

    Args:
        weights, matrix: a combination of class matrices and its weights; drawn afresh when missing.

    Raises:
        RepresentationError: what fails. Cost: O(k^3) and, for the matrix, n k gathers.
    """
    classes = found.classes
    if weights is None or matrix is None:
        weights = random_weights(classes)
        matrix = class_matrix(classes, weights)
    prime = prime_for(classes.exponent, PROOF_PRIMES_ABOVE)
    if use_compiled(2 * len(classes) ** 3):
        from ._kernels import proves

        (starts, powers), orders = classes.powers, classes.element_orders
        units = np.array(unit_generators(classes.exponent), dtype=np.int64)
        roots = powers_of_root(classes.exponent, prime)
        counts = np.ascontiguousarray(found.counts)
        if proves(counts, starts, orders, powers, classes.sizes, classes.order, units, roots, prime, weights, matrix):
            return  # else the plain twin says what fails
    _prove(found, weights, matrix, prime)


def _prove(found: EigenvalueCounts, weights: np.ndarray, matrix: np.ndarray, prime: int) -> None:
    classes, degrees = found.classes, found.degrees
    order, sizes = classes.order, classes.sizes
    blocks = list(found.blocks())
    if (degrees < 1).any() or (degrees**2).sum() != order:
        raise RepresentationError("the rows are not orthonormal: the squares of the degrees do not sum to the order")
    if any((block.sum(axis=2) != degrees[:, None]).any() for _, block in blocks):
        raise RepresentationError("eigenvalue multiplicities do not sum to the degrees")
    for unit in unit_generators(classes.exponent):
        images = classes.power_map(unit)
        for columns, block in blocks:
            size = block.shape[2]
            moved = block[:, images[columns.start : columns.stop] - columns.start]
            if (moved[:, :, np.arange(size) * unit % size] != block).any():
                raise RepresentationError(f"the table is not closed under the Galois automorphism {unit}")
    values = [block @ powers_of_root(block.shape[2], prime) % prime for _, block in blocks]
    _prove_rows(classes, np.concatenate(values, axis=1), degrees, prime)
    weighted = np.concatenate(values, axis=1) * (sizes % prime) % prime
    inverse_degrees = np.array([pow(int(one), -1, prime) for one in degrees])
    eigenvalues = modular_product(weighted, (weights % prime)[:, None], prime)[:, 0] * inverse_degrees % prime
    if len(np.unique(eigenvalues)) < len(classes):
        raise RepresentationError("two rows of the character table belong to one eigenvalue of the class matrices")
    images = modular_product(weighted, matrix.T.astype(np.int64) % prime, prime)
    if (images != weighted * eigenvalues[:, None] % prime).any():
        raise RepresentationError("the rows of the character table are no common eigenvectors of the class matrices")


def _prove_rows(classes: ConjugacyClasses, values: np.ndarray, degrees: np.ndarray, prime: int) -> None:
    """Orthonormal rows, and indicators of the right sum, modulo p."""
    order, sizes, square_classes = classes.order, classes.sizes, classes.power_map(2)
    products = modular_product(values * (sizes % prime) % prime, values[:, classes.inverse_map].T, prime)
    if (products != order % prime * np.eye(len(classes))).any():
        raise RepresentationError("the rows of the character table are not orthonormal")
    squares = (values[:, square_classes] * (sizes % prime) % prime).sum(axis=1) % prime
    indicators = (squares * pow(order, -1, prime) + 1) % prime - 1  # -1, 0, 1
    if (np.abs(indicators) > 1).any() or (indicators * degrees).sum() != sizes[square_classes == 0].sum():
        raise RepresentationError("the Frobenius-Schur indicators do not count the square roots of 1")


@lru_cache(maxsize=1024)
def powers_of_root(order: int, prime: int) -> np.ndarray:
    """Shape (order,): 1, zeta, zeta^2, ... for the root of unity zeta of that order modulo p."""
    root = root_of_unity(order, prime)
    return np.array([pow(root, i, prime) for i in range(order)])


def modular_product(first: np.ndarray, second: np.ndarray, prime: int) -> np.ndarray:
    """The matrix product modulo p < 2^26 of residues, int64, through exact float64 products of 26 by 13 bits.

    The inner dimension is at most 2^14.
    """
    left = first.astype(np.float64)
    high, low = second >> 13, second & 8191
    upper = (left @ high.astype(np.float64)).astype(np.int64) % prime
    return np.asarray(((upper << 13) + (left @ low.astype(np.float64)).astype(np.int64)) % prime)
