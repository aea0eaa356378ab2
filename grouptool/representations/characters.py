"""Exact character tables: their rows, values, names and order, from any group that has a Cayley table.

Public: CharacterTable, character_table, product_table, Columns, letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..acceleration import use_compiled
from ..errors import RepresentationError, TooLargeError
from ..group import Group, Subgroup, prime_factors, smallest_unsigned
from ..structure.classes import ConjugacyClasses, conjugacy_classes
from .cyclotomic import Cyclotomic
from .root_sums import RootSums
from .tables.abelian import abelian_dual
from .tables.central import central_action, characters_over_centre
from .tables.closed_forms import abelian_by_cyclic, induced_table
from .tables.columns import Columns
from .tables.dixon import EigenvalueCounts, eigenvalue_counts
from .tables.products import ProductClasses, direct_factors, product_rows, spectral
from .tables.spectra import distinct_places, merged, multipliers, ordered
from .units import kernel_unit

__all__ = ["CharacterTable", "Columns", "character_table", "letters", "product_table"]

MAX_CELLS = 420_000_000
"""Bound on the entries of a table, k^2; two bytes each or four."""

MAX_FLOATS = 200_000_000
"""Most values as complex numbers at a time, 3.2 GB."""

BLOCK = 256
"""Rows that are complex numbers at a time where all rows are gone through."""

FEW = 16
"""Classes on which rows are compared first."""

FEW_CELLS = 10_000
"""Entries of rows that are compared at once, not on a few classes first."""

Places = int | slice | Sequence[int] | np.ndarray
"""Rows or columns, as numpy takes them."""

ALL = slice(None)

MAX_SHOWN = 60
"""Most characters of a table that a notebook shows by itself."""


WORTH_RECOGNISING = 200_000
"""Steps of the general method from which a direct formula is looked for; smaller tables are split in less time."""


WORTH_CUTTING = 4_000_000
"""Steps from which direct factors are looked for, and class matrices are cut by the characters of the centre."""


@dataclass(frozen=True, eq=False)
class CharacterTable:
    """The irreducible characters of a finite group over the complex numbers, exactly.

    Attributes:
        columns: the k conjugacy classes.
        index: shape (k, k), unsigned integers: which of ``numbers`` stands in each place; rows are characters.
        numbers: the distinct sums of roots of unity that occur; equal rows have equal indices.
        row_names: names of the rows, if they have others than ``1a``, ``1b``, ...

    Row 0 is the trivial character. Rows are sorted by degree, then by their eigenvalue counts class by class, more ones
    first, so two runs print one table.
    """

    columns: Columns
    index: np.ndarray
    numbers: RootSums
    row_names: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def classes(self) -> ConjugacyClasses:
        """The columns as classes of the elements of a group.

        Raises:
            TooLargeError: the table was made without the elements, from cycle types, say.
        """
        if not isinstance(self.columns, ConjugacyClasses):
            raise TooLargeError(
                f"this character table of {self.columns.name} was made without its elements, which this needs; ask a "
                "group with a Cayley table. Class sizes, element orders and power maps are in 'columns'."
            )
        return self.columns

    def __repr__(self) -> str:
        return f"<CharacterTable of {self.columns.name}, order {self.columns.order:,}, {len(self):,} characters>"

    def _repr_html_(self) -> str:
        """The table; above 60 characters one line that says how to see it."""
        from .typeset import html, notice

        return html(self) if len(self) <= MAX_SHOWN else notice(self)

    def _repr_latex_(self) -> str | None:
        """The table; above 60 characters nothing, so that another form is shown."""
        from .typeset import latex

        return latex(self) if len(self) <= MAX_SHOWN else None

    @property
    def group(self) -> Group:
        """The group; TooLargeError as for ``classes``."""
        return self.classes.group

    @cached_property
    def degrees(self) -> np.ndarray:
        """Shape (k,), int64: chi(1)."""
        return np.asarray(np.rint(self.numbers.complex[self.index[:, 0]].real), dtype=np.int64)

    @cached_property
    def complex(self) -> np.ndarray:
        """Shape (k, k), complex128: the values, rows characters, columns classes.

        Raises:
            TooLargeError: more than 200,000,000 values, 3.2 GB; ``floats`` has parts of them.
        """
        if self.index.size > MAX_FLOATS:
            raise TooLargeError(
                f"all {self.index.size:,} values of the character table of {self.columns.name} take "
                f"{16e-9 * self.index.size:.1f} GB as complex numbers; the limit is {16e-9 * MAX_FLOATS:.1f} GB. "
                "Ask for rows and columns with 'floats'."
            )
        return self.floats()

    def floats(self, rows: Places = ALL, columns: Places = ALL) -> np.ndarray:
        """Shape (rows, columns), complex128: values of some characters on some classes; an index instead: no axis."""
        return np.asarray(self.numbers.complex[self.index[rows][..., columns]])

    def products_with(self, values: np.ndarray) -> np.ndarray:
        """Shape (k,), complex128: sum over K of |K| values(K) conj(chi(K)) / n for each chi; a block of rows at a time.

        Args:
            values: shape (k,), a class function.
        """
        weights = self.columns.sizes * np.conj(values)
        sums = [self.floats(slice(start, start + BLOCK)) @ weights for start in range(0, len(self), BLOCK)]
        return np.asarray(np.concatenate(sums).conj() / self.columns.order)

    def residues(self, prime: int) -> np.ndarray:
        """Shape (k, k), int64: the values modulo a prime ideal above p, p = 1 modulo the exponent, below 2^31."""
        return np.asarray(self.numbers.residues(prime)[self.index])

    def residues_of_row(self, character: int, prime: int) -> np.ndarray:
        """Shape (k,), int64: one row of ``residues``."""
        return np.asarray(self.numbers.residues(prime)[self.index[character]])

    def value(self, character: int, class_index: int) -> Cyclotomic:
        """The exact value of a character on a class."""
        return self.numbers[int(self.index[character, class_index])]

    @cached_property
    def is_real(self) -> np.ndarray:
        """Shape (k,), bool: whether all values are real, exactly."""
        return np.asarray(self.duals == np.arange(len(self)))

    @cached_property
    def duals(self) -> np.ndarray:
        """Shape (k,): the row of the complex conjugate character."""
        return self.galois(-1)

    def galois(self, unit: int) -> np.ndarray:
        """Shape (k,): the row of the character g -> chi(g^unit), a Galois conjugate, for a unit modulo the exponent."""
        return self.rows_of(self.index[:, self.columns.power_map(unit)])

    def rows_of(self, index: np.ndarray) -> np.ndarray:
        """Shape (m,): the rows that are equal to rows of indices, shape (m, k); KeyError when one is none."""
        places = {row.tobytes(): i for i, row in enumerate(self.index)}
        return np.array([places[row.tobytes()] for row in np.ascontiguousarray(index)])

    @cached_property
    def conductors(self) -> np.ndarray:
        """Shape (k,), int64: for each row the N of the least Q(zeta_N) with its values.

        It lies in Q(zeta_N) when the units that are 1 modulo N fix the row; each prime of the exponent is looked at
        alone.
        """
        exponent = self.columns.exponent
        found = np.ones(len(self), dtype=np.int64)
        for prime, multiplicity in prime_factors(exponent):
            still = np.arange(len(self))
            for level in range(multiplicity, 1 if prime == 2 else 0, -1):  # -1 and 1 are one modulo 2
                images = self.columns.power_map(kernel_unit(exponent, prime, level))
                fixed = self._fixed_by(images, still)
                found[still[~fixed]] *= prime**level
                still = still[fixed]
        return np.where(found % 4 == 2, found // 2, found)

    def _fixed_by(self, images: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Shape (m,), bool: whether rows have one value on each class and its image; most differ on a few classes."""
        if len(rows) * len(self) <= FEW_CELLS:
            values = self.index[rows]
            return np.asarray((values[:, images] == values).all(axis=1))
        moved = np.flatnonzero(images != np.arange(len(self)))
        few = moved[:: max(1, len(moved) // FEW)]
        fixed = np.asarray((self.index[rows[:, None], images[few]] == self.index[rows[:, None], few]).all(axis=1))
        left = np.flatnonzero(fixed)
        for start in range(0, len(left), BLOCK):
            block = self.index[rows[left[start : start + BLOCK]]]
            same = np.take(block, images[moved], axis=1) == np.take(block, moved, axis=1)
            fixed[left[start : start + BLOCK]] = same.all(axis=1)
        return fixed

    @cached_property
    def indicators(self) -> np.ndarray:
        """Shape (k,), int64: Frobenius-Schur indicators, 1 real type, 0 complex, -1 quaternionic.

        Source: Isaacs, Character Theory of Finite Groups (1976), theorem 4.5: the mean of chi(g^2) over the group.
        """
        roots = np.bincount(self.columns.power_map(2), weights=self.columns.sizes, minlength=len(self))
        return np.asarray(np.rint(self.products_with(roots / self.columns.sizes).real), dtype=np.int64)

    @cached_property
    def kernels(self) -> np.ndarray:
        """Shape (k, k), bool: whether class j lies in the kernel of character i."""
        found = np.empty(self.index.shape, dtype=bool)
        for start in range(0, len(self), BLOCK):
            found[start : start + BLOCK] = self._kernels_of(slice(start, start + BLOCK))
        return found

    def kernel(self, character: int) -> np.ndarray:
        """Shape (k,), bool: one row of ``kernels``."""
        return np.asarray(self._kernels_of(slice(character, character + 1))[0])

    def _kernels_of(self, rows: slice) -> np.ndarray:
        # Unless it is 0, |chi(g) - chi(1)| is at least 1 - cos(2 pi / o), above 1e-8 for o up to 20,160.
        return np.asarray(np.abs(self.floats(rows) - self.degrees[rows, None]) < 1e-9)

    @cached_property
    def names(self) -> list[str]:
        """A name for each row: its degree and a letter, ``1a 1b 4a 4b 5a 5b 6a`` for S5, or what was given."""
        if self.row_names is not None:
            return list(self.row_names)
        seen: dict[int, int] = {}
        names = []
        for degree in map(int, self.degrees):
            names.append(f"{degree}{letters(seen.setdefault(degree, 0))}")
            seen[degree] += 1
        return names


def character_table(group: Group | ConjugacyClasses) -> CharacterTable:
    """The exact character table of a group that has a Cayley table.

    Abelian groups: characters extended generator by generator. Few classes: ``dixon.eigenvalue_counts``, proved
    exactly. Many: induced from an abelian normal subgroup with a cyclic quotient, or products of the rows of two direct
    factors, or split in blocks by the characters of the centre, proved exactly; the first of these that applies.

    Raises:
        TooLargeError: more than 20,493 classes, or, if all else fails, 3,000 up to multiplication by the centre.
        RepresentationError: a proof failed, which is a bug.
    """
    classes = group if isinstance(group, ConjugacyClasses) else conjugacy_classes(group)
    if (size := len(classes)) ** 2 > MAX_CELLS:
        raise TooLargeError(f"the character table would have {size**2:,} entries; the limit is {MAX_CELLS:,}")
    if classes.group.is_abelian:
        return _abelian(classes)
    work = size * (2 * size**2 + int((classes.element_orders**2).sum()))  # of products of matrices, and of the lift
    if work >= WORTH_RECOGNISING and (structure := abelian_by_cyclic(classes)):
        return CharacterTable(classes, *induced_table(classes, structure))
    if work >= WORTH_CUTTING:
        return _by_factors(classes, *factors) if (factors := direct_factors(classes)) else _by_centre(classes)
    return _collected(eigenvalue_counts(classes))


def product_table(first: CharacterTable, second: CharacterTable, group: Group | None = None) -> CharacterTable:
    """The character table of the direct product G x H from those of G and H: products of rows, in the stated order.

    Args:
        group: the direct product ``G * H`` of the tables' groups; then the columns are the classes of its elements.
            Without it they are pairs of classes, and no Cayley table is needed.

    Raises:
        TooLargeError: the table would have more than 420,000,000 entries.
        ValueError: ``group`` has another order than G x H.
    """
    if (size := len(first) * len(second)) ** 2 > MAX_CELLS:
        raise TooLargeError(f"the character table would have {size**2:,} entries; the limit is {MAX_CELLS:,}")
    made = ProductClasses.of(first.columns, second.columns)
    columns: Columns = made
    pairs = made.pairs
    if group is not None:
        if group.order != columns.order:
            raise ValueError(f"{group.name} has order {group.order:,}; {columns.name} has {columns.order:,}")
        columns = conjugacy_classes(group)
        one, other = np.divmod(columns.representatives, second.group.order)
        pairs = np.stack([first.classes.class_of[one], second.classes.class_of[other]], axis=1)
    parts = [spectral(table.columns, table.index, table.numbers) for table in (first, second)]
    return CharacterTable(columns, *product_rows(made.exponent, parts, pairs))


def _by_factors(classes: ConjugacyClasses, normal: Subgroup, other: Subgroup) -> CharacterTable:
    """Products of the rows of two direct factors; x = n m lies in the cosets M n of one and N m of the other."""
    parts, pairs = [], []
    for factor, complement in ((normal, other), (other, normal)):
        table = character_table(factor.as_group())
        parts.append((table.index, table.numbers))
        class_of_coset = np.empty(factor.order, dtype=np.int64)
        class_of_coset[complement.right_cosets[factor.elements]] = table.classes.class_of
        pairs.append(class_of_coset[complement.right_cosets[classes.representatives]])
    return CharacterTable(classes, *product_rows(classes.exponent, parts, np.stack(pairs, axis=1)))


def _by_centre(classes: ConjugacyClasses) -> CharacterTable:
    """Characters of G / Z for the centre Z, and those over the other characters of Z, block by block."""
    group, exponent = classes.group, classes.exponent
    action = central_action(classes)
    parts = [characters_over_centre(classes, action)]
    if len(action.exponents) > 1:
        inside = np.zeros(group.order, dtype=bool)
        inside[classes.representatives[classes.sizes == 1]] = True
        center = Subgroup(group, inside)
        quotient = character_table(group / center)
        fusion = quotient.classes.class_of[center.right_cosets[classes.representatives]]
        parts.append((quotient.index[:, fusion].astype(np.int64), quotient.numbers))
    index, numbers = merged(exponent, parts)
    if len(index) != len(classes):
        raise RepresentationError(f"{len(index)} characters were found for {len(classes)} classes")
    return CharacterTable(classes, *ordered(exponent, index, numbers))


def letters(index: int) -> str:
    """a, b, ..., z, aa, ab, ... for 0, 1, ..."""
    text = ""
    while True:
        text = chr(ord("a") + index % 26) + text
        index = index // 26 - 1
        if index < 0:
            return text


def _collected(found: EigenvalueCounts) -> CharacterTable:
    """The table of eigenvalue counts, rows sorted; equal eigenvalues become one number."""
    degrees = found.degrees
    fewer_ones = (degrees[:, None] - found.counts).astype(">u2")
    keys = list(zip(degrees.tolist(), map(bytes, fewer_ones), strict=True))
    counts = found.counts[sorted(range(len(keys)), key=keys.__getitem__)]
    orders, starts = found.classes.element_orders, found.classes.powers[0]
    # One 64-bit number for each place: equal for equal eigenvalues, and, but for 2^-40, only then.
    exponent = found.classes.exponent
    steps = np.arange(counts.shape[1]) - np.repeat(starts, orders)
    hashes = multipliers(exponent)[steps * np.repeat(exponent // orders, orders)]
    digests = np.add.reduceat(counts.astype(np.uint64) * hashes, starts, axis=1)
    first, index = distinct_places(digests.ravel())
    rows, columns = np.divmod(first, len(orders))
    numbers = RootSums.of_segments(counts, rows, starts[columns], orders[columns])
    return CharacterTable(found.classes, index.reshape(digests.shape).astype(smallest_unsigned(len(first))), numbers)


# -- abelian groups


def _abelian(classes: ConjugacyClasses) -> CharacterTable:
    """Homomorphisms to the e-th roots of unity, extended one generator at a time along the order of the classes.

    A character is known by its exponents on the generators; its value on g is their sum, weighted with the exponents
    of g as a word. The generators are the first classes that enlarge the subgroup of those before, so counting in
    their exponents, first generator first, gives the rows in order.
    """
    size, exponent = len(classes), classes.exponent
    dual = abelian_dual(classes.group, classes.representatives, size)
    words = dual.word(classes.representatives)
    table = np.empty((size, size), dtype=smallest_unsigned(exponent))
    if use_compiled(size**2):
        from .tables._kernels import pairings

        pairings(dual.values, words, exponent, table)
    else:
        table[:] = dual.values @ words.T % exponent
    return CharacterTable(classes, table, RootSums.of_roots(exponent))
