"""Character tables with many classes: class matrices in blocks, one for each character of the centre.

Public: CentralAction, central_action, characters_over_centre.
The characters over lambda, those with chi(z g) = lambda(z) chi(g) for z in the centre Z, are determined by their values
on one class of each Z-orbit, so k classes need |Z| eigenproblems of size about k / |Z| instead of one of size k.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...errors import RepresentationError, TooLargeError
from ...structure.classes import ConjugacyClasses
from ..root_sums import RootSums, prime_for
from .abelian import AbelianDual, abelian_dual
from .dixon import (
    DRAWS,
    MAX_CLASSES,
    PROOF_PRIMES_ABOVE,
    class_matrix,
    modular_product,
    powers_of_root,
    random_weights,
)
from .spectra import count_eigenvalues

__all__ = ["CentralAction", "central_action", "characters_over_centre"]


@dataclass(frozen=True, eq=False)
class CentralAction:
    """The centre Z of a group, on the conjugacy classes by multiplication, and its characters.

    Attributes:
        exponents: shape (|Z|, |Z|): lambda(z) as powers of a primitive e-th root of unity; row 0 is trivial.
        images: shape (|Z|, k): the class z K of each class K.
        representatives: shape (m,): the first class of each Z-orbit.
        place: shape (k,): the orbit of each class, 0 to m - 1; ``shift``: a z, by position, that leads to it.
        stabilizers: shape (m,): how many z fix a representative.
        supports: shape (|Z|, m), bool: whether lambda is trivial on the stabiliser; elsewhere its characters vanish.
    """

    classes: ConjugacyClasses
    dual: AbelianDual
    exponents: np.ndarray
    images: np.ndarray
    representatives: np.ndarray
    place: np.ndarray
    shift: np.ndarray
    stabilizers: np.ndarray
    supports: np.ndarray

    @property
    def rows(self) -> int:
        """How many characters the blocks have together."""
        return sum(len(central) * len(support) for central, support in self.blocks())

    def blocks(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Characters of Z with one support, and that support as positions in ``representatives``.

        The trivial character is left out, as its characters are those of G / Z, unless Z is trivial.
        """
        chosen = np.arange(min(len(self.exponents) - 1, 1), len(self.exponents))
        supports, which = np.unique(self.supports[chosen], axis=0, return_inverse=True)
        for i, support in enumerate(supports):
            yield chosen[which.ravel() == i], np.flatnonzero(support)


@dataclass(frozen=True, eq=False)
class _Block:
    """Characters over q central ones with a common support of b orbits, in floats: shape (q b, k)."""

    central: np.ndarray
    support: np.ndarray
    values: np.ndarray


def central_action(classes: ConjugacyClasses) -> CentralAction:
    """How the centre multiplies the classes. Cost: |Z| k gathers."""
    group = classes.group
    center = classes.representatives[classes.sizes == 1]
    dual = abelian_dual(group, center, len(center))
    exponents = dual.values @ dual.word(center).T % group.exponent
    images = np.asarray(classes.class_of[group.table[np.ix_(center, classes.representatives)]], dtype=np.int64)
    first = images.min(axis=0)
    representatives = np.flatnonzero(first == np.arange(len(classes)))
    place = np.searchsorted(representatives, first)
    shift = np.zeros(len(classes), dtype=np.int64)
    for position, row in enumerate(images[:, representatives]):
        shift[row] = position
    fixing = images[:, representatives] == representatives
    supports = (exponents != 0).astype(np.float32) @ fixing.astype(np.float32) == 0
    return CentralAction(
        classes, dual, exponents, images, representatives, place, shift, fixing.sum(axis=0), np.asarray(supports)
    )


def characters_over_centre(classes: ConjugacyClasses, action: CentralAction) -> tuple[np.ndarray, RootSums]:
    """The irreducible characters over the characters of the centre other than 1, proved; over 1 too where Z = 1.

    As in ``dixon.eigenvalue_counts``, block by block. Fourier transforms count the eigenvalues of one class of each
    division, and the powers with exponents prime to the order get theirs from it.

    Returns:
        Rows in no order, as indices of shape (rows, k), and their numbers, eigenvalue multisets.

    Raises:
        TooLargeError: more than 3,000 Z-orbits of classes.
        RepresentationError: no draw could be proved, which is a bug.

    Cost: O(k (k / |Z|)^2) flops, n k / |Z| gathers, and Fourier transforms of k times the orders of the divisions.
    """
    if (count := len(action.representatives)) > MAX_CLASSES:
        raise TooLargeError(
            f"{classes.name} has {count:,} classes up to multiplication by its centre; class matrices are split up to "
            f"{MAX_CLASSES:,}"
        )
    failure = RepresentationError(f"{DRAWS} random combinations of class matrices had no distinct eigenvalues")
    for draw in range(DRAWS):
        weights = random_weights(classes, draw)
        columns = class_matrix(classes, weights, action.representatives)
        # The entries [z s, t] for all z in Z and representatives s, t of its orbits.
        matrices = columns[action.images[:, action.representatives]]
        blocks = [made for one in action.blocks() if (made := _split(action, matrices, *one)) is not None]
        rows = np.concatenate([one.values for one in blocks]) if blocks else np.empty((0, len(classes)))
        found = count_eigenvalues(classes, rows) if len(rows) == action.rows else None
        if found is None:
            continue
        try:
            _prove(action, blocks, *found, weights, matrices)
        except RepresentationError as error:
            failure = error
            continue
        return found
    raise failure


def _split(action: CentralAction, matrices: np.ndarray, central: np.ndarray, support: np.ndarray) -> _Block | None:
    """The characters over some central ones; None when eigenvalues are too close to each other.

    The rows |K_t| chi(t) are eigenvectors of the class matrix; on the representatives they are those of the entries
    sum over z in Z / Z_t of lambda(z) M[s, z t], and M[s, z t] = M[z^-1 s, t].
    """
    classes, exponent = action.classes, action.classes.exponent
    orbits = len(action.exponents) // action.stabilizers[support]
    sizes = classes.sizes[action.representatives[support]]
    roots = np.sqrt(orbits * sizes)
    turns = np.exp(-2j * np.pi * action.exponents[central] / exponent)
    square = matrices[:, support[:, None], support]
    found = (turns @ square.reshape(len(square), -1)).reshape(len(central), *square.shape[1:])
    found = found * (sizes / sizes[:, None] * (roots[:, None] / roots) / action.stabilizers[support])
    adjoint = found.conj().swapaxes(1, 2)
    hermitian = (found + adjoint) / 2 + (found - adjoint) * 0.5j
    if np.abs(hermitian.imag).max() < 1e-12 * np.abs(hermitian.real).max():  # all characters real, say
        hermitian = hermitian.real
    eigenvalues, vectors = np.linalg.eigh(hermitian)
    gaps = np.diff(eigenvalues, axis=1)
    if gaps.size and (gaps.min(axis=1) < 1e-10 * np.abs(eigenvalues).max(axis=1)).any():
        return None
    first = vectors[:, :1]
    if (lengths := np.abs(first)).min() < 1e-8:
        return None
    scaled = (vectors / roots[:, None] * (lengths / first * math.sqrt(classes.order))).swapaxes(1, 2)
    values = np.zeros((len(central), len(support), len(action.representatives)), dtype=np.complex128)
    values[:, :, support] = scaled
    phases = np.exp(2j * np.pi * action.exponents[central][:, action.shift] / exponent)
    return _Block(central, support, (values[:, :, action.place] * phases[:, None]).reshape(-1, len(classes)))


def _prove(
    action: CentralAction,
    blocks: list[_Block],
    index: np.ndarray,
    numbers: RootSums,
    weights: np.ndarray,
    matrices: np.ndarray,
) -> None:
    """Prove that indices and numbers give the irreducible characters over central ones.

    This is the proof of ``dixon.prove_counts``, with a prime p = 1 modulo the exponent, cut into blocks:

    1. For each lambda, b rows satisfy f(z g) = lambda(z) f(g) modulo p, and, scaled to central characters, are
       eigenvectors of a combination of class matrices with distinct eigenvalues. The class functions with that law form
       a space of dimension b over any field in which |Z| is not 0, that the combination maps to itself. The b true
       characters over lambda lie in it and are eigenvectors too; so each is one of the rows modulo p, up to scale.
    2. The rows have norm 1 and the squares of their degrees sum to |G : Z|, as do the true ones. So the squares of the
       degrees are the true ones modulo p, the degrees, positive and below p / 2, are true, and so the scales are 1.
    3. Numbers on g^u, u a unit, are made from those on g: as there, values that are equal modulo p are equal.
    """
    classes, order = action.classes, action.classes.order
    prime = prime_for(classes.exponent, PROOF_PRIMES_ABOVE)
    roots = powers_of_root(classes.exponent, prime)
    residues = numbers.residues(prime)
    totals = np.add.reduceat(numbers.coefficients, numbers.starts[:-1])
    remainders = matrices.astype(np.int64) % prime
    generators = classes.class_of[action.dual.generators]
    start = 0
    for block in blocks:
        central, support = block.central, block.support
        count = len(support)
        rows = slice(start, start + len(block.values))
        start = rows.stop
        values = residues[index[rows]].reshape(len(central), count, -1)
        degrees = totals[index[rows, 0]].reshape(len(central), count)
        if (numbers.exponents[numbers.starts[index[rows, 0]]] != 0).any() or (degrees < 1).any():
            raise RepresentationError("a character has no degree")
        if ((degrees**2).sum(axis=1) != order // len(action.exponents)).any():
            raise RepresentationError("the squares of the degrees over a central character do not sum to its index")
        if (totals[index[rows]].reshape(values.shape) != degrees[:, :, None]).any():
            raise RepresentationError("eigenvalue multiplicities do not sum to the degrees")
        for z in np.flatnonzero(np.isin(action.images[:, 0], generators)):
            scalars = roots[action.exponents[central, z]][:, None, None]
            if (values[:, :, action.images[z]] != values * scalars % prime).any():
                raise RepresentationError("a character does not restrict to its central character")
        weighted = values * (classes.sizes % prime) % prime
        inverses = np.array([pow(int(one), -1, prime) for one in degrees.ravel()]).reshape(degrees.shape)
        eigenvalues = modular_product(weighted, (weights % prime)[:, None], prime)[:, :, 0] * inverses % prime
        if (np.diff(np.sort(eigenvalues, axis=1), axis=1) == 0).any():
            raise RepresentationError("two characters belong to one eigenvalue of the class matrices")
        chosen = action.representatives[support]
        orbits = len(action.exponents) // action.stabilizers[support]
        duals = values[:, :, classes.inverse_map[chosen]].swapaxes(1, 2)
        products = modular_product(weighted[:, :, chosen] * orbits % prime, duals, prime)
        if (products != order % prime * np.eye(count, dtype=np.int64)).any():
            raise RepresentationError("the rows of the character table are not orthonormal")
        square = remainders[:, support[:, None], support].reshape(len(action.exponents), -1)
        cut = modular_product(roots[-action.exponents[central] % classes.exponent], square, prime)
        shares = np.array([pow(int(one), -1, prime) for one in action.stabilizers[support]])
        cut = cut.reshape(len(central), count, count) * shares % prime
        images = modular_product(weighted[:, :, chosen], cut.swapaxes(1, 2), prime)
        if (images != weighted[:, :, chosen] * eigenvalues[:, :, None] % prime).any():
            raise RepresentationError(
                "the rows of the character table are no common eigenvectors of the class matrices"
            )
