"""Proofs that exact matrices of the generators are an irreducible representation, the one of a given character.

Public: MatrixProver, compare_traces, TRACE_PRIMES_ABOVE.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from ...acceleration import use_compiled
from ...construct.words import expand_all
from ...errors import RepresentationError
from ...group import Group
from ...structure.presentation import presentation
from ..characters import CharacterTable
from ..representation import TOLERANCE, Representation
from ..root_sums import prime_for, root_of_unity
from .cyclotomic_arrays import EXACT_FLOAT, CyclotomicArray, regular_blocks

__all__ = ["TRACE_PRIMES_ABOVE", "MatrixProver", "compare_traces"]

MOST_ENTRIES = 2_000_000
"""Entries of all matrices together for a check of floats over the whole table."""

TRACE_PRIMES_ABOVE = 1 << 28
"""Traces are compared modulo a prime above this."""

FEW_STEPS = 3_000_000
"""Multiplications up to which the plain loops of the kernel beat matrix products."""

TOO_LARGE = "the entries of the matrices are too large for exact products in 53 bits"

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
            blocks = regular_blocks(images).astype(np.float64)
            multiple, rows = _all_products(group, images, blocks)
            _prove_table(table, row, images, rows, blocks)
            traces = rows[table.classes.representatives]
        else:
            chain = _Chain(group, images)
            for text, relator in self.relators:
                if not chain.is_identity(relator):
                    raise RepresentationError(f"{table.names[row]} of {group.name} does not satisfy the relator {text}")
            traces, multiple = chain.of_elements(table.classes.representatives.tolist()), chain.multiple
        coefficients = np.einsum("jiit->tj", traces.reshape(len(table), degree, degree, -1)).astype(np.int64)
        compare_traces(table, row, images.conductor, np.arange(len(coefficients))[:, None], coefficients, multiple)

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
        order: of the roots of unity; ``exponents`` and ``coefficients``, shapes (t, k) up to broadcasting of the
            former, the terms of the traces.

    Raises:
        RepresentationError: the class where they differ.
    """
    bound = int(np.abs(coefficients).sum(axis=0).max()) + scale * int(table.degrees[row])
    prime = prime_for(math.lcm(table.columns.exponent, order), TRACE_PRIMES_ABOVE)
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


def _all_products(group: Group, images: CyclotomicArray, blocks: np.ndarray) -> tuple[int, np.ndarray]:
    """A multiple of all denominators, and that times all matrices: shape (n, d, d phi), float64 holding integers."""
    start, multiple = _identity_rows(images), images.denominator
    while True:
        rows = np.zeros((group.order, *start.shape))
        rows[0] = multiple * start
        if _few(rows, blocks):
            from ._kernels import multiply_out

            bound, integral = multiply_out(rows, group.parents, group.letters, blocks, images.denominator)
        else:
            for level in group.levels:
                for letter in range(len(blocks)):
                    chosen = level[group.letters[level] == letter]
                    rows[chosen] = rows[group.parents[chosen]] @ blocks[letter] / images.denominator
            bound = np.abs(blocks).sum(axis=-2).max(initial=1.0) * np.abs(rows).max(initial=0.0)
            integral = images.denominator == 1 or not np.any(rows != np.rint(rows))
        if bound >= EXACT_FLOAT:
            raise RepresentationError(TOO_LARGE)
        if integral:
            return multiple, rows
        multiple *= images.denominator


def _few(rows: np.ndarray, blocks: np.ndarray) -> bool:
    """Whether so little is to be multiplied that the loops of a kernel beat calls of matrix products."""
    steps = rows.size * blocks.shape[-1] * len(blocks) if len(blocks) else 0
    return steps <= FEW_STEPS and use_compiled(steps)


def _identity_rows(images: CyclotomicArray) -> np.ndarray:
    """Shape (d, d phi), float64."""
    degree, width = images.shape[-1], images.numerators.shape[-1]
    rows = np.zeros((degree, degree * width))
    rows[np.arange(degree), np.arange(degree) * width] = 1
    return rows


def _prove_table(
    table: CharacterTable, row: int, images: CyclotomicArray, rows: np.ndarray, blocks: np.ndarray
) -> None:
    group = table.group
    if _few(rows, blocks):
        from ._kernels import first_wrong

        generator, x = first_wrong(
            rows, blocks, group.table, np.array(group.generators, dtype=np.int64), images.denominator
        )
        faults = [(group.generators[generator], x)] if x >= 0 else []
    else:
        faults = [
            (s, int(x))
            for s, block in zip(group.generators, blocks, strict=True)
            for x in np.flatnonzero((rows @ block != images.denominator * rows[group.table[:, s]]).any(axis=(1, 2)))[:1]
        ]
    for s, x in faults:
        raise RepresentationError(
            f"{table.names[row]} of {group.name} is no homomorphism: rho(x) rho(y) is not rho(xy) at "
            f"x = {group.cycles(x)}, y = {group.cycles(s)}"
        )


class _Chain:
    """Products of the generators' matrices and their inverses, as integers over one denominator."""

    def __init__(self, group: Group, images: CyclotomicArray) -> None:
        self.group, self.images, self.multiple = group, images, images.denominator
        self.start = _identity_rows(images)
        self.steps = {i + 1: _Step.of(images.part(i)) for i in range(len(images))}
        shape = (*images.shape[1:], images.numerators.shape[-1])
        for i, g in enumerate(group.generators):
            rows = self.along([i + 1] * (int(group.element_orders[g]) - 1))
            inverse = CyclotomicArray(images.conductor, rows.astype(np.int64).reshape(shape), self.multiple).reduced()
            if images.part(i) @ inverse != CyclotomicArray.identity(images.conductor, images.shape[-1]):
                raise RepresentationError(f"the matrix of {group.cycles(g)} does not have the order of the element")
            self.steps[-i - 1] = _Step.of(inverse)

    def is_identity(self, word: Sequence[int]) -> bool:
        """Whether the product along a word, letters i + 1 for generator i and minus that for its inverse, is 1."""
        return bool((self.along(word) == self.multiple * self.start).all())

    def along(self, word: Sequence[int]) -> np.ndarray:
        """Shape (d, d phi): ``multiple`` times the product along a word."""
        while True:
            rows: np.ndarray | None = self.multiple * self.start
            for letter in word:
                rows = None if rows is None else self.steps[letter].after(rows)
            if rows is not None:
                return rows
            self.multiple *= self.images.denominator

    def of_elements(self, elements: Sequence[int]) -> np.ndarray:
        """Shape (m, d, d phi): ``multiple`` times the matrices of elements, along the tree of the group."""
        parents, letters = self.group.parents, self.group.letters
        while True:
            made: dict[int, np.ndarray | None] = {0: self.multiple * self.start}
            for element in elements:
                path = []
                while element not in made:
                    path.append(element)
                    element = int(parents[element])
                for following in reversed(path):
                    before = made[element]
                    made[following] = None if before is None else self.steps[int(letters[following]) + 1].after(before)
                    element = following
            if all(rows is not None for rows in made.values()):
                return np.array([made[element] for element in elements])
            self.multiple *= self.images.denominator


@dataclass(frozen=True, eq=False)
class _Step:
    """Multiplication by one exact matrix from the right."""

    block: np.ndarray
    denominator: int
    norm: float

    @classmethod
    def of(cls, matrix: CyclotomicArray) -> _Step:
        block = regular_blocks(matrix).astype(np.float64)
        return cls(block, matrix.denominator, float(np.abs(block).sum(axis=0).max()))

    def after(self, rows: np.ndarray) -> np.ndarray | None:
        """The product, float64 holding integers; None when it is not integral."""
        if float(np.abs(rows).max()) * self.norm >= EXACT_FLOAT:
            raise RepresentationError(TOO_LARGE)
        product = rows @ self.block
        if self.denominator == 1:
            return np.asarray(product)
        product /= self.denominator
        return np.asarray(product) if (product == np.rint(product)).all() else None
