"""Proofs that exact matrices of the generators are an irreducible representation, the one of a given character.

Public: MatrixProver, compare_traces.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from ..construct.words import expand_all
from ..errors import RepresentationError
from ..group import Group
from ..structure.presentation import presentation
from .characters import CharacterTable
from .cyclotomic_arrays import EXACT_FLOAT, CyclotomicArray, regular_blocks
from .representation import TOLERANCE, Representation
from .root_sums import prime_for, root_of_unity

__all__ = ["MatrixProver", "compare_traces"]

MOST_ENTRIES = 2_000_000
"""Entries of all matrices together for a check of floats over the whole table."""

MOST_STEPS = 50_000_000
"""Multiplications for a proof over the whole table; beyond them relators are multiplied out."""


@dataclass(frozen=True, eq=False)
class MatrixProver:
    """Proofs for the matrices of one group; its presentation is made once, when the first proof needs it."""

    table: CharacterTable

    @cached_property
    def relators(self) -> list[tuple[str, list[int]]]:
        """Relators of a certified presentation on the group's generators: as text and as signed letters."""
        found = presentation(self.table.group)
        words = expand_all(found.relators, found.letters)
        return list(zip(map(str, found.relators), words, strict=True))

    def prove(self, row: int, images: CyclotomicArray) -> None:
        """Prove that exact matrices of the generators are those of the irreducible representation of a row.

        Small groups: all n matrices are multiplied out, and rho(x) rho(s) = rho(xs) for every element and generator.
        Larger ones: the relators of a presentation give the identity. Then traces are compared on every class.

        Args:
            images: shape (r, d, d).

        Raises:
            RepresentationError: the relation or the class that fails.
        """
        table, group, degree = self.table, self.table.group, images.shape[-1]
        steps = group.order * degree * (degree * images.numerators.shape[-1]) ** 2 * len(images)
        if steps <= MOST_STEPS:
            multiple, rows = _all_products(group, images)
            _prove_table(table, row, images, rows)
            traces = rows[table.classes.representatives]
        else:
            chain = _Chain(group, images)
            for text, relator in self.relators:
                if not chain.is_identity(relator):
                    raise RepresentationError(f"{table.names[row]} of {group.name} does not satisfy the relator {text}")
            multiple, traces = chain.products([group.word(g) for g in table.classes.representatives.tolist()])
        coefficients = np.trace(traces.reshape(len(table), degree, degree, -1), axis1=1, axis2=2).T.astype(np.int64)
        exponents = np.broadcast_to(np.arange(len(coefficients))[:, None], coefficients.shape)
        compare_traces(table, row, images.conductor, exponents, coefficients, multiple)

    def check(self, row: int, found: Representation) -> float:
        """The largest deviation of float matrices from a unitary representation with the character of a row.

        Small groups: over all products of an element and a generator; larger ones: over the relators.

        Raises:
            RepresentationError: it is above 1e-10.
        """
        table, group = self.table, self.table.group
        if group.order * found.degree**2 <= MOST_ENTRIES:
            worst = found.check()
        else:
            worst = max(found.distance_from_identity(word) for _, word in self.relators)
        traces = float(np.abs(found.character - table.floats(row)).max())
        worst = max(worst, found.unitarity_error, traces)
        if worst > TOLERANCE:
            raise RepresentationError(
                f"the float matrices of {table.names[row]} of {group.name} deviate by {worst:.1e} from a unitary "
                "representation with that character"
            )
        return worst


def compare_traces(
    table: CharacterTable, row: int, order: int, exponents: np.ndarray, coefficients: np.ndarray, scale: int
) -> None:
    """Prove that the traces of a representation are ``scale`` times the character of a row, on every class.

    The trace on g^u, u a unit, is the Galois conjugate of that on g. So where it agrees with the character modulo a
    prime ideal above p on all classes, differences are divisible by p with all their conjugates, and they are smaller.

    Args:
        order: of the roots of unity; ``exponents`` and ``coefficients``, shape (t, k), the terms of the traces.

    Raises:
        RepresentationError: the class where they differ.
    """
    bound = int(np.abs(coefficients).sum(axis=0).max()) + scale * int(table.degrees[row])
    prime = prime_for(math.lcm(table.columns.exponent, order), 1 << 28)
    if 2 * bound >= prime or prime >= 1 << 31:
        raise RepresentationError(f"the traces of {table.names[row]} are too large to compare modulo {prime}")
    traces = (coefficients % prime * _powers(order, prime)[exponents % order] % prime).sum(axis=0) % prime
    wrong = np.flatnonzero(traces != scale * table.residues_of_row(row, prime) % prime)
    if wrong.size:
        raise RepresentationError(
            f"the trace of {table.names[row]} of {table.group.name} is not its character at "
            f"{table.group.cycles(int(table.classes.representatives[wrong[0]]))}"
        )


@lru_cache(maxsize=256)
def _powers(order: int, prime: int) -> np.ndarray:
    root = root_of_unity(order, prime)
    return np.array([pow(root, i, prime) for i in range(order)])


def _all_products(group: Group, images: CyclotomicArray) -> tuple[int, np.ndarray]:
    """A multiple of all denominators, and that times all matrices: shape (n, d, d phi), float64 holding integers."""
    blocks = regular_blocks(images).astype(np.float64)
    start = _identity_rows(images)
    multiple = images.denominator
    while True:
        rows = np.zeros((group.order, *start.shape))
        rows[0] = multiple * start
        for level in group.levels:
            for letter in range(len(blocks)):
                chosen = level[group.letters[level] == letter]
                if chosen.size:
                    rows[chosen] = rows[group.parents[chosen]] @ blocks[letter]
                    if images.denominator > 1:
                        rows[chosen] /= images.denominator
        _check_size(rows, blocks)
        if images.denominator == 1 or not np.any(rows != np.rint(rows)):
            return multiple, rows
        multiple *= images.denominator


def _identity_rows(images: CyclotomicArray) -> np.ndarray:
    """Shape (d, d phi), float64."""
    degree, width = images.shape[-1], images.numerators.shape[-1]
    rows = np.zeros((degree, degree * width))
    rows[np.arange(degree), np.arange(degree) * width] = 1
    return rows


def _check_size(rows: np.ndarray, blocks: np.ndarray) -> None:
    largest = float(np.abs(blocks).sum(axis=-2).max(initial=1.0)) * float(np.abs(rows).max(initial=0.0))
    if largest >= EXACT_FLOAT:
        raise RepresentationError("the entries of the matrices are too large for exact products in 53 bits")


def _prove_table(table: CharacterTable, row: int, images: CyclotomicArray, rows: np.ndarray) -> None:
    group = table.group
    for s, block in zip(group.generators, regular_blocks(images).astype(np.float64), strict=True):
        wrong = np.flatnonzero((rows @ block != images.denominator * rows[group.table[:, s]]).any(axis=(1, 2)))
        if wrong.size:
            raise RepresentationError(
                f"{table.names[row]} of {group.name} is no homomorphism: rho(x) rho(y) is not rho(xy) at "
                f"x = {group.cycles(int(wrong[0]))}, y = {group.cycles(s)}"
            )


class _Chain:
    """Products of the generators' matrices and their inverses along words, as integers over one denominator."""

    def __init__(self, group: Group, images: CyclotomicArray) -> None:
        self.images, self.multiple = images, images.denominator
        self.start = _identity_rows(images)
        self.blocks: dict[int, tuple[np.ndarray, int]] = {}
        for i in range(len(images)):
            self.blocks[i + 1] = regular_blocks(images.part(i)).astype(np.float64), images.denominator
        shape = (*images.shape[1:], images.numerators.shape[-1])
        for i, g in enumerate(group.generators):
            power = int(group.element_orders[g]) - 1
            (rows,) = self._signed_products([[i + 1] * power])
            inverse = CyclotomicArray(images.conductor, rows.astype(np.int64).reshape(shape), self.multiple).reduced()
            if not self._are_inverse(i, inverse):
                raise RepresentationError(f"the matrix of {group.cycles(g)} does not have the order of the element")
            self.blocks[-i - 1] = regular_blocks(inverse).astype(np.float64), inverse.denominator

    def _are_inverse(self, letter: int, inverse: CyclotomicArray) -> bool:
        degree = self.images.shape[-1]
        return self.images.part(letter) @ inverse == CyclotomicArray.identity(self.images.conductor, degree)

    def is_identity(self, word: Sequence[int]) -> bool:
        """Whether the product along a word, letters i + 1 for generator i and minus that for its inverse, is 1."""
        (rows,) = self._signed_products([word])
        return bool((rows == self.multiple * self.start).all())

    def products(self, words: Iterable[Sequence[int]]) -> tuple[int, np.ndarray]:
        """The multiple and the products (w, d, d phi) along words of positions in the generators."""
        rows = self._signed_products([[letter + 1 for letter in word] for word in words])
        return self.multiple, np.array(rows)

    def _signed_products(self, words: Sequence[Sequence[int]]) -> list[np.ndarray]:
        while True:
            found = [self._product(word) for word in words]
            if all(one is not None for one in found):
                return [one for one in found if one is not None]
            self.multiple *= self.images.denominator

    def _product(self, word: Sequence[int]) -> np.ndarray | None:
        """The multiple of a product, or None when it is not integral."""
        rows = self.multiple * self.start
        for letter in word:
            block, denominator = self.blocks[letter]
            _check_size(rows, block)
            rows = rows @ block
            if denominator > 1:
                rows = rows / denominator
                if np.any(rows != np.rint(rows)):
                    return None
        return rows
