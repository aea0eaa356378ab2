"""The characters of an abelian subgroup, or of an abelian quotient of a subgroup, as exponents on generators.

Public: AbelianDual, abelian_dual, on_long_generators.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ...group import Group, Subgroup

__all__ = ["AbelianDual", "abelian_dual", "on_long_generators"]


@dataclass(frozen=True, eq=False)
class AbelianDual:
    """The homomorphisms from a subgroup A to the e-th roots of unity that are trivial on a normal subgroup K.

    A / K is abelian on w generators; K is mostly trivial. e is the group's exponent.

    Attributes:
        group: the group that A lies in.
        generators: elements g_1, ..., g_w that generate A over K.
        place: shape (n,), the position of each element among the members of A; -1 outside.
        words: shape (|A|, w): the member at a position is g_1^words[0] g_2^words[1] ... up to K.
        values: shape (|A : K|, w): characters on the generators, as exponents of a primitive e-th root of unity;
            counted in mixed digits, first generator first.
        relations: g_j to the power of its index in <g_1, ..., g_j> over <g_1, ..., g_(j-1)>, as a word in those before.
        indices: those indices.
    """

    group: Group
    generators: list[int]
    place: np.ndarray
    words: np.ndarray
    values: np.ndarray
    relations: list[np.ndarray]
    indices: list[int]

    def word(self, elements: np.ndarray) -> np.ndarray:
        """Shape (m, w): members of A as words."""
        return np.asarray(self.words[self.place[elements]])

    def find(self, values: np.ndarray) -> np.ndarray:
        """Shape (m,): the rows of ``values`` that are equal to values of characters on the generators, (m, w)."""
        exponent, found = self.group.exponent, np.zeros(len(values), dtype=np.int64)
        for j, (relation, index) in enumerate(zip(self.relations, self.indices, strict=True)):
            known = values[:, :j] @ relation % exponent
            found = found * index + (values[:, j] - known // index) // (exponent // index)
        return found


def abelian_dual(
    group: Group, candidates: Iterable[int] | np.ndarray, size: int, kernel: np.ndarray | None = None
) -> AbelianDual:
    """All characters of a subgroup A that are trivial on K, extended one generator at a time.

    Args:
        candidates: elements that generate A over K; each that those before do not reach becomes a generator.
        size: the order of A.
        kernel: the elements of K, by default only 1.
    """
    exponent = group.exponent
    members = np.zeros(1, dtype=np.int64) if kernel is None else kernel
    words = np.zeros((len(members), 0), dtype=np.int64)
    values = np.zeros((1, 0), dtype=np.int64)
    place = np.full(group.order, -1)
    place[members] = np.arange(len(members))
    chosen, relations, indices = [], [], []
    for generator in map(int, candidates):
        if len(members) == size:
            break
        if place[generator] >= 0:
            continue
        following = group.table[generator].item
        powers, step = [0], generator
        while place.item(step) < 0:
            powers.append(step)
            step = following(step)
        index, (old, width) = len(powers), words.shape  # the index of the old subgroup in the new one
        relation = words[place[step]]
        # chi(g)^index is known: its exponent is a multiple of index, and the roots differ by e / index.
        known = values @ relation % exponent
        extended = np.empty((len(values), index, width + 1), dtype=np.int64)
        extended[:, :, :width] = values[:, None]
        extended[:, :, width] = known[:, None] // index + np.arange(index) * (exponent // index)
        values = extended.reshape(-1, width + 1)
        longer = np.empty((index, old, width + 1), dtype=np.int64)
        longer[:, :, :width] = words
        longer[:, :, width] = np.arange(index)[:, None]
        words = longer.reshape(-1, width + 1)
        members = group.table[np.array(powers)[:, None], members].ravel()
        place[members] = np.arange(len(members))
        chosen.append(generator)
        relations.append(relation)
        indices.append(index)
    return AbelianDual(group, chosen, place, words, values, relations, indices)


def on_long_generators(subgroup: Subgroup) -> Subgroup:
    """The same subgroup, on generators of the largest order that those before leave: few for abelian ones."""
    group, left, chosen = subgroup.group, subgroup.elements[1:], list[int]()
    left = left[np.argsort(-group.element_orders[left], kind="stable")]
    while left.size:
        chosen.append(int(left[0]))
        left = left[~group.closure(chosen)[left]]
    return Subgroup(group, subgroup.mask, tuple(chosen))
