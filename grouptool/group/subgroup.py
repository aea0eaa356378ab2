"""A subgroup, as a set of elements of its group.

Public: Subgroup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from .arithmetic import smallest_unsigned
from .element import Element

if TYPE_CHECKING:
    from .group import Group

__all__ = ["Subgroup"]


@dataclass(frozen=True, eq=False, repr=False)
class Subgroup:
    """A subgroup H of a group G; two are equal when G and the elements are.

    ``g in H``, ``len(H)``, iteration over elements, ``H <= K`` (containment), ``H & K`` (intersection), ``H | K``
    (the join, the subgroup that both generate), ``H ^ g`` (the conjugate g^-1 H g).

    Attributes:
        group: the group G.
        mask: shape (n,), bool, read-only: membership of each element.
        given: elements that are known to generate it, if any.
    """

    group: Group
    mask: np.ndarray
    given: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        self.mask.flags.writeable = False

    def __repr__(self) -> str:
        return f"<Subgroup of order {self.order} in {self.group.name}>"

    def _repr_latex_(self) -> str:
        listed = ", ".join(cycles.replace(",", r"\,") for cycles in map(self.group.cycles, self.generators))
        return rf"$\langle {listed or '()'} \rangle$"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Subgroup):
            return NotImplemented
        return self.group == other.group and np.array_equal(self.mask, other.mask)

    def __hash__(self) -> int:
        return hash((self.group, self.mask.tobytes()))

    def __len__(self) -> int:
        return self.order

    def __iter__(self) -> Iterator[Element]:
        return (Element(self.group, int(index)) for index in self.elements)

    def __contains__(self, element: object) -> bool:
        if isinstance(element, Element):
            return element.group == self.group and bool(self.mask[element.index])
        return (
            isinstance(element, int | np.integer) and 0 <= int(element) < self.group.order and bool(self.mask[element])
        )

    def __le__(self, other: Subgroup) -> bool:
        if not isinstance(other, Subgroup):
            return NotImplemented
        return self.group == other.group and bool(other.mask[self.mask].all())

    def __lt__(self, other: Subgroup) -> bool:
        if not isinstance(other, Subgroup):
            return NotImplemented
        return self <= other and self.order < other.order

    def __and__(self, other: Subgroup) -> Subgroup:
        if not isinstance(other, Subgroup):
            return NotImplemented
        return Subgroup(self.group, self.mask & self.of_same_group(other).mask)

    def __or__(self, other: Subgroup) -> Subgroup:
        if not isinstance(other, Subgroup):
            return NotImplemented
        generators = [*self.generators, *self.of_same_group(other).generators]
        return Subgroup(self.group, self.group.closure(generators))

    def __xor__(self, element: Element | int) -> Subgroup:
        if isinstance(element, Element) and element.group != self.group:
            raise ValueError(f"{element!r} lies in {element.group.name}, not in {self.group.name}")
        mask = np.zeros(self.group.order, dtype=bool)
        mask[self.group.conjugation(int(element))[self.elements]] = True
        return Subgroup(self.group, mask)

    @cached_property
    def elements(self) -> np.ndarray:
        """Shape (order,): the numbers of the elements, ascending."""
        found = np.flatnonzero(self.mask)
        found.flags.writeable = False
        return found

    @cached_property
    def order(self) -> int:
        """Number of elements."""
        return int(np.count_nonzero(self.mask))

    @property
    def index(self) -> int:
        """Number of cosets."""
        return self.group.order // self.order

    @cached_property
    def generators(self) -> tuple[int, ...]:
        """Elements that generate the subgroup: those given, or each the smallest that the ones before miss."""
        return tuple(self.group.generating_set(self.mask)) if self.given is None else self.given

    @cached_property
    def is_normal(self) -> bool:
        """Whether every conjugate is the subgroup itself; enough to ask of generators on both sides."""
        chosen = np.array(self.generators, dtype=np.int64)
        return all(self.mask[self.group.conjugation(g)[chosen]].all() for g in self.group.generators)

    @property
    def is_abelian(self) -> bool:
        """Whether its elements commute."""
        chosen = list(self.generators)
        pairs = self.group.table[np.ix_(chosen, chosen)]
        return bool((pairs == pairs.T).all())

    @property
    def is_cyclic(self) -> bool:
        """Whether one element generates it."""
        return bool((self.group.element_orders[self.elements] == self.order).any())

    @cached_property
    def normalizer(self) -> Subgroup:
        """The g with g^-1 H g = H. Cost: two gathers of n for each generator of H."""
        table, inverses = self.group.table, self.group.inverses
        inside = np.ones(self.group.order, dtype=bool)
        everything = np.arange(self.group.order)
        for h in self.generators:
            inside &= self.mask[table[table[inverses, h], everything]]
        return Subgroup(self.group, inside)

    @cached_property
    def centralizer(self) -> Subgroup:
        """The elements that commute with every element of H."""
        inside = np.ones(self.group.order, dtype=bool)
        for h in self.generators:
            inside &= self.group.table[h] == self.group.table[:, h]
        return Subgroup(self.group, inside)

    @cached_property
    def core(self) -> Subgroup:
        """The largest normal subgroup of G inside H, the intersection of the conjugates."""
        inside = self
        while True:
            smaller = inside
            for g in self.group.generators:
                smaller = smaller & (smaller ^ g)
            if smaller.order == inside.order:
                return inside
            inside = smaller

    @cached_property
    def normal_closure(self) -> Subgroup:
        """The smallest normal subgroup of G around H."""
        return self.closure_under(self.group.generators)

    def closure_under(self, actors: Iterable[int]) -> Subgroup:
        """The smallest subgroup around H that conjugation by the ``actors`` maps to itself.

        Conjugates of generators join until none is new: at most log2 n extensions.
        """
        maps = [self.group.conjugation(g) for g in actors]
        inside, generators = self.mask, list(self.generators)
        for g in generators:  # the list grows while it is read
            for conjugation in maps:
                image = int(conjugation[g])
                if not inside[image]:
                    inside = self.group.extended(inside, generators, image)
                    generators.append(image)
        return self if inside is self.mask else Subgroup(self.group, inside)

    @cached_property
    def right_cosets(self) -> np.ndarray:
        """Shape (n,), int64, read-only: the right coset Hx of each x, numbered by smallest element; H is coset 0."""
        return self._cosets(lambda x: self.group.table[self.elements, x], lambda h: self.group.table[h])

    @cached_property
    def left_cosets(self) -> np.ndarray:
        """Shape (n,), int64, read-only: the left coset xH of each x, numbered by smallest element; H is coset 0."""
        return self._cosets(lambda x: self.group.table[x, self.elements], lambda h: self.group.table[:, h])

    def coset_action(self, elements: Iterable[int]) -> np.ndarray:
        """Shape (k, index), int64: each of k elements g as the permutation Hx -> Hxg of the right cosets."""
        representatives = np.unique(self.right_cosets, return_index=True)[1]
        chosen = np.array([int(g) for g in elements], dtype=np.int64)
        return np.asarray(self.right_cosets[self.group.table[np.ix_(representatives, chosen)]].T)

    def _cosets(self, coset_of: Callable[[int], np.ndarray], translation: Callable[[int], np.ndarray]) -> np.ndarray:
        """Coset after coset, or element of H after element of H, whichever are fewer: at most n^1.5 gathers."""
        if self.index <= self.order:
            numbers = np.full(self.group.order, -1, dtype=np.int64)
            for number in range(self.index):
                numbers[coset_of(int(np.argmax(numbers < 0)))] = number
        else:
            smallest = np.arange(self.group.order)
            for h in self.elements:
                np.minimum(smallest, translation(int(h)), out=smallest)
            numbers = np.unique(smallest, return_inverse=True)[1].astype(np.int64)
        numbers.flags.writeable = False
        return numbers

    def as_group(self, name: str | None = None) -> Group:
        """The subgroup as a group of its own; element i there is ``elements[i]`` here.

        Args:
            name: by default its generators as cycles.
        """
        from .group import Group

        number = np.full(self.group.order, -1, dtype=np.int64)
        number[self.elements] = np.arange(self.order)
        table = number[self.group.table[np.ix_(self.elements, self.elements)]].astype(smallest_unsigned(self.order))
        generators = tuple(int(number[g]) for g in self.generators)
        shown = name or ", ".join(map(self.group.cycles, self.generators)) or "()"
        return Group.of_table(table, generators, shown, permutations=self.group.permutations[self.elements])

    def of_same_group(self, other: Subgroup) -> Subgroup:
        """The other subgroup, checked to lie in the same group. Raises ValueError when it does not."""
        if self.group != other.group:
            raise ValueError(f"{self!r} and {other!r} lie in different groups")
        return other
