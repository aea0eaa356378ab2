"""An element of a group, as mathematics writes it.

Public: Element, cycle_notation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .group import Group
    from .subgroup import Subgroup

__all__ = ["Element", "cycle_notation"]


@dataclass(frozen=True)
class Element:
    """Element number ``index`` of a group; equal when group and number are.

    Products compose left to right: ``a * b`` is first a, then b. ``a ^ b`` is the conjugate b^-1 a b, as in GAP.

    >>> from grouptool import group
    >>> a, b = group("S3").generators_as_elements
    >>> a, b, a * b, a**-1, a ^ b
    ((1,2,3), (1,2), (2,3), (1,3,2), (1,3,2))
    """

    group: Group
    index: int

    def __post_init__(self) -> None:
        if not 0 <= self.index < self.group.order:
            raise IndexError(f"{self.group.name} has elements 0 to {self.group.order - 1}, not {self.index}")

    def __repr__(self) -> str:
        return cycle_notation(self.group.permutations[self.index])

    def _repr_latex_(self) -> str:
        cycles = repr(self).replace(",", r"\,")
        return f"${cycles}$"

    def __int__(self) -> int:
        return self.index

    __index__ = __int__

    def __mul__(self, other: Element) -> Element:
        return Element(self.group, int(self.group.table[self.index, self._of_same_group(other)]))

    def __truediv__(self, other: Element) -> Element:
        return self * other**-1

    def __pow__(self, exponent: int) -> Element:
        if not isinstance(exponent, int | np.integer):
            return NotImplemented
        reduced = exponent % self.order
        return Element(self.group, int(self.group.powers(reduced, np.array([self.index]))[0]))

    def __invert__(self) -> Element:
        return self**-1

    def __xor__(self, other: Element) -> Element:
        return other**-1 * self * other

    @property
    def order(self) -> int:
        """Least k > 0 with g^k = 1."""
        return int(self.group.element_orders[self.index])

    @property
    def permutation(self) -> np.ndarray:
        """Shape (degree,): the image list on points from 0, read-only."""
        return np.asarray(self.group.permutations[self.index])

    @property
    def centralizer(self) -> Subgroup:
        """The subgroup of elements that commute with this one."""
        from .subgroup import Subgroup

        return Subgroup(self.group, self.group.table[self.index] == self.group.table[:, self.index])

    def commutes_with(self, other: Element) -> bool:
        """Whether ab = ba."""
        return self * other == other * self

    def _of_same_group(self, other: Element) -> int:
        if not isinstance(other, Element):
            raise TypeError(f"{other!r} is not an element of {self.group.name}")
        if other.group is not self.group and other.group != self.group:
            raise ValueError(f"{self!r} lies in {self.group.name} and {other!r} in {other.group.name}")
        return other.index


def cycle_notation(image: np.ndarray) -> str:
    """An image list of points from 0 as disjoint cycles of points from 1, each from its smallest point."""
    seen = np.zeros(len(image), dtype=bool)
    text = ""
    for start in map(int, np.flatnonzero(image != np.arange(len(image)))):
        if not seen[start]:
            cycle = [start]
            while (point := int(image[cycle[-1]])) != start:
                cycle.append(point)
            seen[cycle] = True
            text += f"({','.join(str(point + 1) for point in cycle)})"
    return text or "()"
