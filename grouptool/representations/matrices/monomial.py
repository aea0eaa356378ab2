"""Monomial representations: linear characters, and those induced from linear characters of subgroups.

Public: Monomial, induced, linear, linear_exponents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...acceleration import use_compiled
from ...errors import RepresentationError
from ...group import Group, Subgroup
from ..characters import ALL, BLOCK, CharacterTable, Places
from .cyclotomic_arrays import CyclotomicArray, roots_of_unity
from .inducing import Source
from .linear import root_order
from .matrix_proofs import compare_traces

__all__ = ["Monomial", "induced", "linear", "linear_exponents"]


@dataclass(frozen=True, eq=False)
class Monomial:
    """Row i of generator s has one root of unity, in column ``points[s, i]``.

    Attributes:
        conductor: N, of the field that the roots generate.
        order: the exponent of the group.
        points: shape (r, d), int64.
        exponents: shape (r, d), int64, not negative: over N, or over 2N for odd N, whose field has those roots too.
    """

    conductor: int
    order: int
    points: np.ndarray
    exponents: np.ndarray

    @cached_property
    def exact(self) -> CyclotomicArray:
        """Shape (r, d, d)."""
        (count, degree), roots = self.points.shape, roots_of_unity(self.conductor)
        numerators = np.zeros((count, degree, degree, roots.shape[1]), dtype=np.int64)
        numerators[np.arange(count)[:, None], np.arange(degree), self.points] = roots[self.exponents]
        return CyclotomicArray(self.conductor, numerators)

    @property
    def unitary(self) -> np.ndarray:
        """Shape (r, d, d), complex128: the same; no exact matrix is made for it."""
        turns = np.exp(2j * np.pi * self.exponents / root_order(self.conductor))
        places = self.points[:, :, None] == np.arange(self.points.shape[1])
        return np.where(places, turns[:, :, None], 0)

    def moved(self, unit: int, twist: np.ndarray) -> Monomial:
        """The image under zeta -> zeta^unit, times a linear character given by exponents over that of the group."""
        roots = root_order(self.conductor)
        exponents = (self.exponents * unit + (twist * roots // self.order)[:, None]) % roots
        return Monomial(self.conductor, self.order, self.points, exponents)


def linear(table: CharacterTable, rows: Sequence[int]) -> list[Monomial]:
    """Linear characters as matrices, proved: their exponents add up along the Cayley table.

    Raises:
        RepresentationError: they do not, or the roots of unity are not the values, which is a bug.
    """
    if not rows:
        return []
    group, exponent, chosen = table.group, table.columns.exponent, np.array(rows, dtype=np.int64)
    on_generators = table.classes.class_of[list(group.generators)]
    parts = [chosen[start : start + BLOCK] for start in range(0, len(chosen), BLOCK)]
    blocks = [_homomorphisms(table, part)[:, on_generators] for part in parts]
    own = table.conductors[chosen]
    orders = np.where(own % 2 == 0, own, 2 * own)[:, None]
    images = np.concatenate(blocks) * orders // exponent
    gaps = np.exp(2j * np.pi * images / orders) - table.floats(chosen, on_generators)
    if np.abs(gaps).max(initial=0.0) > 1e-6:
        raise RepresentationError(f"the roots of unity for the linear characters of {group.name} are not their values")
    point = np.zeros((len(group.generators), 1), dtype=np.int64)
    return [
        Monomial(conductor, exponent, point, image[:, None])
        for conductor, image in zip(own.tolist(), images, strict=True)
    ]


def linear_exponents(table: CharacterTable, rows: np.ndarray, columns: Places = ALL) -> np.ndarray:
    """Shape (rows, columns), int64: values of linear characters as exponents over that of the group."""
    exponent, numbers = table.columns.exponent, table.numbers.complex
    turns = np.rint(np.angle(numbers) * (exponent / (2 * np.pi))).astype(np.int64) % exponent
    return np.asarray(turns[table.index[rows][:, columns]])


def _homomorphisms(table: CharacterTable, rows: np.ndarray) -> np.ndarray:
    """Shape (l, k), int64: ``linear_exponents`` after their proof."""
    group, class_of, exponent = table.group, table.classes.class_of, table.columns.exponent
    exponents = linear_exponents(table, rows)
    if use_compiled(len(rows) * group.order * len(group.generators)):
        from ._kernels import first_not_additive

        generators = np.array(group.generators, dtype=np.int64)
        right = first_not_additive(exponents, class_of, group.table, generators, exponent) < 0
    else:
        part = exponents[:, class_of]
        right = not any(
            ((part + part[:, s, None] - part[:, group.table[:, s]]) % exponent).any() for s in group.generators
        )
    if not right:
        raise RepresentationError(f"a linear character of {group.name} is no homomorphism")
    return exponents


def induced(table: CharacterTable, row: int, source: Source) -> Monomial:
    """The representation on the right cosets H g_i: row i of x has lambda(h) in column j, where g_i x = h g_j.

    Proved over the Cayley table, by exponents, and by its traces. Cost: n d gathers a generator.

    Raises:
        RepresentationError: the source does not induce the character of the row.
    """
    group, order = table.group, root_order(source.conductor)
    points, shifts, multiply = _on_cosets(group, source, order, int(table.degrees[row]))
    if not multiply:
        raise RepresentationError(
            f"the source of {table.names[row]} is no linear character of a subgroup of {group.name}"
        )
    chosen, generators = table.classes.representatives, list(group.generators)
    fixed = points[:, chosen] == np.arange(len(points))[:, None]
    compare_traces(table, row, order, shifts[:, chosen], fixed.astype(np.int64), 1)
    return Monomial(source.conductor, group.exponent, points[:, generators].T, shifts[:, generators].T)


def _on_cosets(group: Group, source: Source, order: int, degree: int) -> tuple[np.ndarray, np.ndarray, bool]:
    """Points and exponents, shape (d, n), of all elements, and whether they multiply as the elements do."""
    elements, scaled = source.elements, source.exponents * (order // source.order) % order
    if use_compiled(degree * group.order * len(group.generators)):
        from ._kernels import induce

        generators = np.array(group.generators, dtype=np.int64)
        points, shifts, right = induce(group.table, group.inverses, elements, scaled, order, degree, generators)
        return points, shifts, bool(right)
    exponents = np.zeros(group.order, dtype=np.int64)
    exponents[elements] = scaled
    inside = np.zeros(group.order, dtype=bool)
    inside[elements] = True
    cosets = Subgroup(group, inside).right_cosets
    representatives = np.unique(cosets, return_index=True)[1]
    moved = group.table[representatives]  # (d, n): g_i x
    points = cosets[moved]
    shifts = exponents[group.table[moved, group.inverses[representatives[points]]]]
    for s in group.generators:
        after = group.table[:, s]
        sums = shifts + shifts[:, s][points]
        if (points[:, s][points] != points[:, after]).any() or ((sums - shifts[:, after]) % order).any():
            return points, shifts, False
    return points, shifts, len(points) == degree
