"""Young's forms for A_n: restrictions, and the two halves where the partition is its own conjugate.

Public: AlternatingForm, three_cycles.
Reads young and alternating.

Let t' be tableau t reflected in the diagonal. With q_t the squares of the seminormal module, q_t q_t' is one number Q,
and the associator U: v_t -> sgn(t) sqrt(Q) / q_t v_t' anticommutes with every s_i, so it commutes with A_n. U^2 is
e = (-1)^((n - l) / 2), with l diagonal hooks h; its eigenvectors for the eigenvalues sqrt(e) and -sqrt(e) are
the two halves. As Q is h_1 ... h_l times a rational square, the vectors
    w_t = v_t + (c sgn(t') / q_t) sqrt(D) v_t',   D = e h_1 ... h_l,   t with the letter 2 in its first row,
are a basis of one over Q(sqrt(D)), with c a rational number whose sign chooses the half.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args

import numpy as np

from ...errors import NotAGroupError, NotationError, RepresentationError
from .alternating import AlternatingCharacter, Half
from .cycle_types import Permutation, as_permutation, cycle_type_of, representative, sign
from .partitions import Partition, as_partition, conjugate, diagonal_hooks, partition_text, standard_tableaux
from .seminormal import SeminormalModule, identity
from .surds import SurdMatrix, as_fraction, surd_parts
from .young import Form, YoungForm, to_array, to_flint

__all__ = ["AlternatingForm", "three_cycles"]


@dataclass(frozen=True)
class AlternatingForm:
    """The irreducible representation of A_n for a row of alternating_table, in one of Young's three forms.

    Attributes:
        partition: of n; two conjugate ones give equivalent representations.
        form: see YoungForm.
        half: ``+`` or ``-`` where the partition is its own conjugate and n > 1, as in alternating_table, else empty.

    Without a half: YoungForm's matrices. A half has degree d / 2 and exact matrices of Cyclotomic numbers: over
    Q(sqrt(D)), D = ±1 times the product of the diagonal hook lengths, in ``seminormal`` and ``natural`` form; real
    orthogonal (D > 0) or unitary (D < 0), with more square roots, in ``orthogonal`` form. Its basis is named by the
    tableaux with 2 in the first row; ``natural`` has the vectors of the half that are the polytabloid of one of those
    plus polytabloids of others. rho(p * q) = rho(p) @ rho(q), p * q first p, then q. The traces are those of
    alternating_table.

    Raises:
        NotationError: no partition, no form of this name, or a half that is missing or too much.
        TooLargeError: the form of S_n has more than 1,000,000 entries.

    Source: James and Kerber, The Representation Theory of the Symmetric Group (1981), section 2.5; the associator in
    seminormal form: Headley, On Young's orthogonal form and the characters of the alternating group, J. Algebraic
    Combin. 5 (1996).

    >>> print(AlternatingForm((2, 1), "seminormal", "+").matrix((1, 2, 0)))
    [[(-1+sqrt(-3))/2]]
    """

    partition: Partition
    form: Form = "orthogonal"
    half: Half = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "partition", as_partition(self.partition))
        if self.half not in get_args(Half):
            raise NotationError(f"{self.half!r} is no half of a character: give '+', '-' or, where it is whole, ''")
        split = self.partition == conjugate(self.partition) and self.points > 1
        name = partition_text(self.partition)
        if split and not self.half:
            raise NotationError(f"{name} is its own conjugate, so its character has two halves on A_n: give '+' or '-'")
        if self.half and not split:
            raise NotationError(f"the character of {name} is irreducible on A_n, so it has no half {self.half!r}")
        _ = self._whole

    @property
    def points(self) -> int:
        """n."""
        return sum(self.partition)

    @property
    def degree(self) -> int:
        """The degree of the character."""
        return self._whole.degree // (2 if self.half else 1)

    @property
    def character(self) -> AlternatingCharacter:
        """The row of alternating_table that the traces are."""
        return AlternatingCharacter(max(self.partition, conjugate(self.partition)), self.half)

    @property
    def tableaux(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """The standard tableaux that name the basis, in last letter order."""
        tableaux = standard_tableaux(self.partition)
        return tuple(one for one in tableaux if 2 in one[0]) if self.half else tableaux

    def matrix(self, permutation: Sequence[int] | np.ndarray) -> np.ndarray:
        """Exact matrix of an even permutation, an image list from 0; shape (degree, degree).

        Raises:
            NotAGroupError: it is no permutation of n points, or an odd one.

        Cost: as for YoungForm.matrix.
        """
        images = self._even(permutation)
        return self._surds(images).exact() if self.half else self._whole.matrix(images)

    def float_matrix(self, permutation: Sequence[int] | np.ndarray) -> np.ndarray:
        """As ``matrix``, in float64, or complex128 for a half with D < 0."""
        images = self._even(permutation)
        return self._surds(images).floats() if self.half else self._whole.float_matrix(images)

    def basis(self) -> np.ndarray:
        """The exact B with B @ YoungForm(partition, form).matrix(p) = self.matrix(p) @ B for even p.

        Shape (degree, d): row t is basis vector t of this representation in the basis of YoungForm's. The identity
        where there is no half.
        """
        module, size = self._whole._module, self._whole.degree
        if not self.half:
            return SurdMatrix(identity(size)).exact()
        rational, irrational = identity(size)[self._kept], 0 * identity(size)[self._kept]
        irrational[np.arange(self.degree), self._reflections[self._kept]] = self._factors
        if self.form == "natural":
            block, inverse = to_flint(self._block), to_flint(module.polytabloids).inv()
            rational, irrational = (to_array(block * to_flint(part) * inverse) for part in (rational, irrational))
        squares = [as_fraction(square) for square in module.squares] if self.form == "orthogonal" else None
        rows = [squares[t] for t in self._kept] if squares else None
        return SurdMatrix(rational, irrational, self._square, rows, squares).exact()

    @cached_property
    def _whole(self) -> YoungForm:
        return YoungForm(self.partition, self.form)

    def _even(self, permutation: Sequence[int] | np.ndarray) -> Permutation:
        images = as_permutation(permutation, self.points)
        if sign(cycle_type_of(images)) < 0:
            raise NotAGroupError(f"{list(images)} is odd, so it is not in A{self.points}: give an even permutation")
        return images

    def _surds(self, images: Sequence[int]) -> SurdMatrix:
        return self._in_form(*self._split(images, self._factors))

    def _split(self, images: Sequence[int], factors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """a and b of the matrix a + b sqrt(D) on the w_t: the coordinates of w_t p at the v_u, u among the same t."""
        matrix = self._whole._module.matrix(images)
        kept, reflected = self._kept, self._reflections[self._kept]
        return matrix[np.ix_(kept, kept)], factors[:, None] * matrix[np.ix_(reflected, kept)]

    def _in_form(self, rational: np.ndarray, irrational: np.ndarray) -> SurdMatrix:
        module, kept = self._whole._module, self._kept
        if self.form == "orthogonal":
            squares = [as_fraction(module.squares[t]) for t in kept]
            return SurdMatrix(rational, irrational, self._square, squares, squares)
        if self.form == "natural":
            block = to_flint(self._block)
            inverse = block.inv()
            rational, irrational = (to_array(block * to_flint(part) * inverse) for part in (rational, irrational))
        return SurdMatrix(rational, irrational, self._square)

    @property
    def _block(self) -> np.ndarray:
        """Shape (degree, degree), fmpq: the basis of the natural form in the w_t.

        The polytabloids of the tableaux that are not kept, and their v_t, both span the part on which s_1 is -1. It
        meets a half in 0 only, since s_1 takes one half to the other. So we may calculate modulo it, where w_t is v_t.
        """
        return np.asarray(self._whole._module.polytabloids[np.ix_(self._kept, self._kept)])

    @cached_property
    def _kept(self) -> np.ndarray:
        """The tableaux with 2 in the first row."""
        return np.flatnonzero(self._whole._module.words[:, 1] == 0)

    @cached_property
    def _reflections(self) -> np.ndarray:
        """Shape (d,): tableau -> tableau reflected in the diagonal."""
        words = self._whole._module.words
        place = {word.tobytes(): t for t, word in enumerate(words)}
        columns = np.zeros_like(words)
        for row in range(len(self.partition)):
            inside = words == row
            columns[inside] = (np.cumsum(inside, axis=1) - 1)[inside]
        return np.array([place[word.tobytes()] for word in columns])

    @property
    def _square(self) -> int:
        """D."""
        hooks = diagonal_hooks(self.partition)
        return math.prod(hooks) * (-1 if (self.points - len(hooks)) // 2 % 2 else 1)

    @cached_property
    def _factors(self) -> np.ndarray:
        """Shape (degree,), fmpq: c sgn(t') / q_t for the kept t, its sign chosen by the trace on the class of hooks."""
        from flint import fmpq

        module, reflections = self._whole._module, self._reflections
        squares = np.array(module.squares, dtype=object)
        ratio, rest = surd_parts(as_fraction(squares[0] * squares[reflections[0]]) / abs(self._square))
        if rest != 1:
            name = partition_text(self.partition)
            raise RepresentationError(f"the associator of {name} is not over Q(sqrt({self._square}))")
        _check_associator(module, reflections)
        scale = fmpq(ratio.numerator, ratio.denominator)
        factors = scale * module.signs[reflections].astype(object) / squares
        factors = factors[self._kept]
        hooks = representative(diagonal_hooks(self.partition))
        traces: list[Any] = [np.trace(part) for part in self._split(hooks, factors)]
        if traces[0] * 2 != (1 if self._square > 0 else -1) or abs(traces[1]) * 2 != 1:
            raise RepresentationError(f"the halves of {partition_text(self.partition)} have wrong traces on its hooks")
        return np.asarray(factors if (traces[1] > 0) == (self.half == "+") else -factors)


def three_cycles(points: int) -> tuple[Permutation, ...]:
    """Generators of A_n: the cycles (1,2,k), 3 <= k <= n, as image lists from 0.

    >>> three_cycles(4)
    ((1, 2, 0, 3), (1, 3, 2, 0))
    """
    cycles = []
    for k in range(2, points):
        images = list(range(points))
        images[0], images[1], images[k] = 1, k, 0
        cycles.append(tuple(images))
    return tuple(cycles)


def _check_associator(module: SeminormalModule, reflections: np.ndarray) -> None:
    """U s_i = -s_i U for every i, where U takes v_t to a constant times sgn(t) / q_t v_t'; and U^2 is a number."""
    squares = np.array(module.squares, dtype=object)
    entries = module.signs / squares
    holds = bool((squares * squares[reflections] == squares[0] * squares[reflections[0]]).all())
    holds &= bool((module.signs * module.signs[reflections] == module.signs[0] * module.signs[reflections[0]]).all())
    for neighbours, (diagonal, beside) in zip(module.neighbours, module.steps, strict=True):
        holds &= bool((diagonal[reflections] == -diagonal).all())
        holds &= bool((neighbours[reflections] == reflections[neighbours]).all())
        holds &= bool((entries * beside[reflections] == -beside * entries[neighbours]).all())
    if not holds:
        raise RepresentationError(f"the associator of {partition_text(module.partition)} does not anticommute with S_n")
