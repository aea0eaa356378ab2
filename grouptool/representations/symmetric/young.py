"""Young's natural, seminormal and orthogonal forms: explicit exact matrices for every irreducible character of S_n.

Public: Form, YoungForm, intertwiner, to_flint, to_array.
Reads seminormal, where the bound on the size is; read by alternating_forms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from ...errors import NotationError, RepresentationError, TooLargeError
from .cycle_types import as_permutation
from .partitions import Partition, as_partition, partition_text, standard_tableaux
from .seminormal import SeminormalModule, reduced_word, seminormal_module
from .surds import SurdMatrix, as_fraction

if TYPE_CHECKING:
    from flint import fmpq_mat, fmpz_mat

__all__ = ["Form", "YoungForm", "intertwiner", "to_array", "to_flint"]

Form = Literal["natural", "seminormal", "orthogonal"]


@dataclass(frozen=True)
class YoungForm:
    """The irreducible representation of S_n that a partition names, in one of Young's three forms.

    Attributes:
        partition: of n, n >= 1.
        form: ``natural``: integer matrices, on the standard polytabloids; ``seminormal``: rational ones, on the basis
            of SeminormalModule; ``orthogonal``: the same basis made orthonormal, entries are roots of rationals.

    Row vectors: row t of rho(p) has the image of basis vector t under p, so rho(p * q) = rho(p) @ rho(q) exactly, with
    p * q first p, then q. Exact matrices are int64 (natural) or object arrays of Fractions (seminormal) or of
    Cyclotomic numbers (orthogonal), shape (d, d). Trace: symmetric_character. Nothing is computed before it is asked
    for, and no matrix is given out before the Coxeter relations are checked.

    Raises:
        NotationError: no partition of n >= 1, or no form of this name.
        TooLargeError: d^2 is above 1,000,000.

    Source: James and Kerber, The Representation Theory of the Symmetric Group (1981), chapter 3 and section 7.1.

    >>> YoungForm((2, 1), "natural").transposition(1).tolist()
    [[1, -1], [0, -1]]
    """

    partition: Partition
    form: Form = "orthogonal"

    def __post_init__(self) -> None:
        object.__setattr__(self, "partition", as_partition(self.partition))
        if not self.partition:
            raise NotationError("the empty partition names no representation here: give a partition of n >= 1")
        if self.form not in get_args(Form):
            raise NotationError(f"{self.form!r} is no form of Young's; give one of {', '.join(get_args(Form))}")
        _ = self._module  # refused here, not at the first matrix

    @property
    def points(self) -> int:
        """n."""
        return sum(self.partition)

    @property
    def degree(self) -> int:
        """d, the degree of the character."""
        return self._module.degree

    @property
    def tableaux(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """The d standard tableaux that name the basis, in last letter order."""
        return standard_tableaux(self.partition)

    def transposition(self, i: int) -> np.ndarray:
        """Shape (d, d): the exact matrix of s_i, 1 <= i < n, which exchanges the letters i and i + 1 of tableaux.

        As an image list from 0, s_i exchanges the places i - 1 and i.

        Raises:
            NotationError: i is not in 1 to n - 1.
        """
        return self.matrix(self._exchange(i))

    def matrix(self, permutation: Sequence[int] | np.ndarray) -> np.ndarray:
        """Shape (d, d): the exact matrix of a permutation, an image list from 0.

        Raises:
            NotAGroupError: it is no permutation of n points. TooLargeError: an entry of a natural form exceeds int64.

        Cost: 2 d^2 rational operations for each inversion; for the natural form, a product of integer matrices.
        """
        images = as_permutation(permutation, self.points)
        return self._natural(images) if self.form == "natural" else self._surds(images).exact()

    def float_matrix(self, permutation: Sequence[int] | np.ndarray) -> np.ndarray:
        """Shape (d, d), float64: the matrix of a permutation, each entry the exact one rounded.

        Raises:
            As ``matrix``.
        """
        images = as_permutation(permutation, self.points)
        return self._natural(images).astype(np.float64) if self.form == "natural" else self._surds(images).floats()

    @cached_property
    def _module(self) -> SeminormalModule:
        return seminormal_module(self.partition)

    def _exchange(self, i: int) -> list[int]:
        if not 1 <= i < self.points:
            raise NotationError(f"there is no s_{i} in S{self.points}: the exchanges of neighbours are s_1 to s_(n-1)")
        images = list(range(self.points))
        images[i - 1], images[i] = i, i - 1
        return images

    def _surds(self, images: Sequence[int]) -> SurdMatrix:
        return _scaled(self, self._module.matrix(images), self)

    @cached_property
    def _steps(self) -> list[fmpz_mat]:
        """Integer matrices of the s_i on the standard polytabloids: conjugates of the seminormal ones."""
        module = self._module
        inverse = to_flint(module.polytabloids).inv()
        steps = []
        for i in range(1, self.points):
            conjugated = to_flint(module.times_transposition(module.polytabloids, i)) * inverse
            numerators, denominator = conjugated.numer_denom()
            if denominator != 1:
                raise RepresentationError(
                    f"s_{i} is fractional on the polytabloids of {partition_text(self.partition)}"
                )
            steps.append(numerators)
        return steps

    def _natural(self, images: Sequence[int]) -> np.ndarray:
        from flint import fmpz_mat

        matrix = fmpz_mat(self.degree, self.degree)
        for t in range(self.degree):
            matrix[t, t] = 1
        for i in reduced_word(images):
            matrix = matrix * self._steps[i - 1]
        try:
            entries = np.array([int(entry) for entry in matrix.entries()], dtype=np.int64)
        except OverflowError:
            raise TooLargeError("an entry of this natural matrix exceeds int64; ask for the seminormal form") from None
        return entries.reshape(self.degree, self.degree)


def intertwiner(first: YoungForm, second: YoungForm) -> np.ndarray:
    """Shape (d, d): the exact X with X @ first.matrix(p) = second.matrix(p) @ X for all p, two forms of one partition.

    Row t is the basis vector t of the second form, written in the basis of the first, so X is triangular: seminormal to
    natural has the polytabloids as rows, seminormal to orthogonal is diagonal. By Schur's lemma it is unique up to a
    factor; here the entry at the last tableau, the one read down its columns, is 1.

    Returns:
        An object array of Fractions, or of Cyclotomic numbers where one form is orthogonal.

    Raises:
        NotationError: the forms are of two partitions, so they are not equivalent.

    >>> intertwiner(YoungForm((2, 1), "seminormal"), YoungForm((2, 1), "natural")).tolist()
    [[Fraction(1, 1), Fraction(1, 2)], [Fraction(0, 1), Fraction(1, 1)]]
    """
    if first.partition != second.partition:
        raise NotationError(
            f"{partition_text(first.partition)} and {partition_text(second.partition)} name inequivalent "
            "representations: only 0 intertwines them"
        )
    polytabloids = to_flint(first._module.polytabloids)
    rational = to_flint(np.eye(first.degree, dtype=np.int64))
    if second.form == "natural":
        rational = polytabloids
    if first.form == "natural":
        rational = rational * polytabloids.inv()
    return _scaled(second, to_array(rational), first).exact()


def _scaled(rows: YoungForm, rational: np.ndarray, columns: YoungForm) -> SurdMatrix:
    """A matrix between seminormal bases, with the bases of orthogonal forms scaled to length 1."""
    squares = None
    if "orthogonal" in (rows.form, columns.form):
        squares = [as_fraction(square) for square in rows._module.squares]
    return SurdMatrix(
        rational,
        rows=squares if rows.form == "orthogonal" else None,
        columns=squares if columns.form == "orthogonal" else None,
    )


def to_flint(matrix: np.ndarray) -> fmpq_mat:
    """A matrix of integers or fmpq in flint's form, whose products and inverses are fast."""
    from flint import fmpq_mat

    rows, columns = matrix.shape
    return fmpq_mat(rows, columns, matrix.ravel().tolist())


def to_array(matrix: fmpq_mat) -> np.ndarray:
    """The inverse of to_flint: an object array of fmpq."""
    entries = np.empty(matrix.nrows() * matrix.ncols(), dtype=object)
    entries[:] = matrix.entries()
    return entries.reshape(matrix.nrows(), matrix.ncols())
