"""Monomial representations: linear characters, and those induced from linear characters of subgroups.

Public: Monomial, induced, linear.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...errors import RepresentationError
from ...group import Subgroup
from ..characters import CharacterTable
from .cyclotomic_arrays import CyclotomicArray
from .inducing import Source
from .matrix_proofs import compare_traces

__all__ = ["Monomial", "induced", "linear"]


@dataclass(frozen=True, eq=False)
class Monomial:
    """Row i of generator s has one root of unity, in column ``points[s, i]``.

    Attributes:
        conductor: N, of the field that the roots generate.
        order: the exponent of the group.
        points: shape (r, d), int64.
        exponents: shape (r, d), int64: over N for even N, over 2N for odd N, whose field has those roots too.
    """

    conductor: int
    order: int
    points: np.ndarray
    exponents: np.ndarray

    @cached_property
    def exact(self) -> CyclotomicArray:
        """Shape (r, d, d)."""
        places = self.points[:, :, None] == np.arange(self.points.shape[1])
        ones = CyclotomicArray.of_integers(places.astype(np.int64), self.conductor)
        return ones.times_roots(root_order(self.conductor), self.exponents[:, :, None])

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


def root_order(conductor: int) -> int:
    """The order of the group of roots of unity in Q(zeta_N)."""
    return conductor if conductor % 2 == 0 else 2 * conductor


def linear(table: CharacterTable, rows: Sequence[int]) -> list[Monomial]:
    """Linear characters as matrices, proved: their exponents add up along the Cayley table."""
    group, classes, exponent = table.group, table.classes, table.columns.exponent
    chosen = list(rows)
    exponents = np.empty((len(chosen), len(table)), dtype=np.int64)
    for start in range(0, len(chosen), 256):
        turns = np.angle(table.floats(chosen[start : start + 256])) / (2 * np.pi) * exponent
        exponents[start : start + 256] = np.rint(turns).astype(np.int64) % exponent
        part = exponents[start : start + 256, classes.class_of]
        for s in group.generators:
            if ((part + part[:, s, None] - part[:, group.table[:, s]]) % exponent).any():
                raise RepresentationError(f"a linear character of {group.name} is no homomorphism")
    own = table.conductors[chosen]
    orders = np.where(own % 2 == 0, own, 2 * own)
    images = exponents[:, classes.class_of[list(group.generators)]] * orders[:, None] // exponent
    point = np.zeros((len(group.generators), 1), dtype=np.int64)
    return [
        Monomial(conductor, exponent, point, image[:, None])
        for conductor, image in zip(own.tolist(), images, strict=True)
    ]


def induced(table: CharacterTable, row: int, source: Source) -> Monomial:
    """The representation on the right cosets H g_i: row i of x has lambda(h) in column j, where g_i x = h g_j.

    Proved over the Cayley table, by exponents, and by its traces. Cost: n d gathers a generator.

    Raises:
        RepresentationError: the source does not induce the character of the row.
    """
    group, elements = table.group, source.elements
    order = root_order(source.conductor)
    exponents = np.zeros(group.order, dtype=np.int64)
    exponents[elements] = source.exponents * (order // source.order)
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
            raise RepresentationError(
                f"the source of {table.names[row]} is no linear character of a subgroup of {group.name}"
            )
    chosen = table.classes.representatives
    fixed = points[:, chosen] == np.arange(len(points))[:, None]
    compare_traces(table, row, order, shifts[:, chosen], fixed.astype(np.int64), 1)
    generators = list(group.generators)
    return Monomial(source.conductor, group.exponent, points[:, generators].T, shifts[:, generators].T)
