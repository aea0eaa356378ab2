"""A representation of a finite group by complex or real matrices, given on the generators.

Public: Representation, multiply_out, TOLERANCE.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..errors import RepresentationError, TooLargeError
from ..group import Group
from ..structure.classes import ConjugacyClasses, conjugacy_classes

__all__ = ["TOLERANCE", "Representation", "multiply_out"]

TOLERANCE = 1e-10
MAX_ENTRIES = 200_000_000
"""Most entries of all n matrices together: 3.2 GB of complex numbers."""
NARROW = 8
"""Elements on a level of the tree of a group below which levels are not multiplied out one by one ..."""
DEEP = 32
"""... if there are more of them than this."""
MOST_DOUBLED = 1_000_000
"""Entries of all n matrices up to which calls cost more than products."""


@dataclass(frozen=True, eq=False)
class Representation:
    """Matrices of the generators of a group; ``matrices`` has all of them, with rho(a * b) = rho(a) @ rho(b).

    Attributes:
        images: shape (r, d, d), float64 or complex128: the matrix of each of the group's generators.
        name: what it is called in messages.
    """

    group: Group
    images: np.ndarray
    name: str = "the representation"

    def __post_init__(self) -> None:
        expected = (len(self.group.generators), self.degree, self.degree)
        if self.images.shape != expected:
            raise RepresentationError(
                f"{self.group.name} has {expected[0]} generators; their matrices have shape (r, d, d), not "
                f"{self.images.shape}"
            )
        self.images.flags.writeable = False

    @property
    def degree(self) -> int:
        """Dimension d of the space."""
        return int(self.images.shape[-1])

    @cached_property
    def matrices(self) -> np.ndarray:
        """Shape (n, d, d): the matrices of all elements, multiplied out along the tree of the group.

        Raises:
            TooLargeError: more than 200,000,000 entries.
        """
        entries = self.group.order * self.degree**2
        if entries > MAX_ENTRIES:
            raise TooLargeError(
                f"all {self.group.order:,} matrices of degree {self.degree} have {entries:,} entries; the limit is "
                f"{MAX_ENTRIES:,}. Ask for single elements with 'matrix'."
            )
        matrices = multiply_out(self.group, self.images)
        matrices.flags.writeable = False
        return matrices

    def matrix(self, element: int) -> np.ndarray:
        """Shape (d, d): the matrix of one element, a product along its word in the generators."""
        product = np.eye(self.degree, dtype=self.images.dtype)
        for letter in self.group.word(element):
            product = product @ self.images[letter]
        return product

    @cached_property
    def classes(self) -> ConjugacyClasses:
        """The classes of the group."""
        return conjugacy_classes(self.group)

    @cached_property
    def character(self) -> np.ndarray:
        """Shape (k,), complex128: the trace on the representative of each class."""
        chosen = self.classes.representatives
        if "matrices" in self.__dict__ or self.group.order * self.degree**2 <= 1_000_000:
            return np.asarray(np.trace(self.matrices[chosen], axis1=1, axis2=2), dtype=np.complex128)
        return np.array([np.trace(self.matrix(int(g))) for g in chosen], dtype=np.complex128)

    def check(self, tolerance: float = TOLERANCE) -> float:
        """The largest entry of rho(x) rho(s) - rho(xs) over all elements x and generators s, dimensionless.

        Products of all elements follow from those. Raises:
            RepresentationError: it is above ``tolerance``; the message names the elements.
        """
        group, matrices, worst = self.group, self.matrices, 0.0
        for s, image in zip(group.generators, self.images, strict=True):
            gaps = np.abs(matrices @ image - matrices[group.table[:, s]]).max(axis=(1, 2), initial=0.0)
            x = int(gaps.argmax())
            if gaps[x] > tolerance:
                raise RepresentationError(
                    f"{self.name} is no homomorphism: rho(x) rho(y) and rho(xy) differ by {gaps[x]:.2g} "
                    f"at x = {group.cycles(x)}, y = {group.cycles(s)}"
                )
            worst = max(worst, float(gaps[x]))
        return worst

    def distance_from_identity(self, word: Sequence[int]) -> float:
        """The largest entry of rho(word) - 1; letter i + 1 is generator i, minus that its inverse."""
        product = np.eye(self.degree, dtype=self.images.dtype)
        for letter in word:
            product = product @ (self.images[letter - 1] if letter > 0 else np.linalg.inv(self.images[-letter - 1]))
        return float(np.abs(product - np.eye(self.degree)).max())

    @property
    def unitarity_error(self) -> float:
        """The largest entry of rho(s) rho(s)* - 1 over the generators s."""
        if not len(self.images):
            return 0.0
        adjoints = self.images.conj().transpose(0, 2, 1)
        return float(np.abs(self.images @ adjoints - np.eye(self.degree)).max(initial=0.0))


def multiply_out(group: Group, images: np.ndarray) -> np.ndarray:
    """Shape (n, d, d): the products of the generators' images, shape (r, d, d), along the tree of the group.

    Level by level; on a long thin tree by doubling the length of paths, n log2(levels) products in few calls.
    """
    dimension = images.shape[-1]
    thin = len(group.levels) > DEEP and group.order < NARROW * len(group.levels)
    if thin and group.order * dimension**2 <= MOST_DOUBLED:
        return _by_doubling(group, images)
    matrices = np.empty((group.order, dimension, dimension), dtype=images.dtype)
    matrices[0] = np.eye(dimension)
    for level in group.levels:
        parents, letters = group.parents[level], group.letters[level]
        for letter in np.unique(letters):
            chosen = letters == letter
            matrices[level[chosen]] = matrices[parents[chosen]] @ images[letter]
    return matrices


def _by_doubling(group: Group, images: np.ndarray) -> np.ndarray:
    matrices = np.empty((group.order, *images.shape[1:]), dtype=images.dtype)
    matrices[0] = np.eye(images.shape[-1])
    matrices[1:] = images[group.letters[1:]]
    above = group.parents  # matrices[x] leads from above[x] to x
    while (chosen := np.flatnonzero(above)).size:
        matrices[chosen] = matrices[above[chosen]] @ matrices[chosen]
        above = above[above]
    return matrices
