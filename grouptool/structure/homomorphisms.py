"""Homomorphisms between finite groups: made from images of generators and checked, or found by search.

Public: Homomorphism, homomorphism, identity_map, natural_map, inclusion, conjugation_map, trivial_map,
all_homomorphisms, as_homomorphism.

Maps compose left to right, as elements do: ``(f * g)(x)`` is ``g(f(x))``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import overload

import numpy as np

from ..errors import BudgetSpentError, NotAGroupError
from ..group import Element, Group, Subgroup
from ..group.group import latex_name, spanning_tree, tree_levels
from .generation import minimal_generators

__all__ = [
    "Homomorphism",
    "all_homomorphisms",
    "as_homomorphism",
    "conjugation_map",
    "homomorphism",
    "identity_map",
    "inclusion",
    "natural_map",
    "trivial_map",
]

DEFAULT_BUDGET = 200_000
"""Largest number of tuples of images that a search tries."""


@dataclass(frozen=True, eq=False, repr=False)
class Homomorphism:
    """A map f with f(xy) = f(x) f(y); two are equal when source, target and images are.

    ``f(x)`` of an Element, a number or a Subgroup; ``f * g`` is first f, then g; ``f**-1`` the inverse of an
    isomorphism, ``f**k`` the k-th power of a map from a group to itself. Made by the functions of this module.

    Attributes:
        images: shape (|source|,), read-only: the number of the image of each element.
    """

    source: Group
    target: Group
    images: np.ndarray

    def __post_init__(self) -> None:
        self.images.flags.writeable = False

    def __repr__(self) -> str:
        return f"<Homomorphism {self.source.name} -> {self.target.name}: {self._listed(' -> ')}>"

    def _repr_latex_(self) -> str:
        listed = self._listed(r" \mapsto ").replace(",(", r",\;(").replace(", ", r",\; ")
        return rf"${latex_name(self.source.name)} \to {latex_name(self.target.name)},\quad {listed}$"

    def _listed(self, arrow: str) -> str:
        pairs = ((g, int(self.images[g])) for g in dict.fromkeys(self.source.generators))
        return (
            ", ".join(f"{self.source.cycles(g)}{arrow}{self.target.cycles(image)}" for g, image in pairs) or "trivial"
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Homomorphism):
            return NotImplemented
        same = self.source == other.source and self.target == other.target
        return same and np.array_equal(self.images, other.images)

    def __hash__(self) -> int:
        return hash((self.source, self.target, tuple(self.images.tolist())))

    @overload
    def __call__(self, x: Element) -> Element: ...
    @overload
    def __call__(self, x: Subgroup) -> Subgroup: ...
    @overload
    def __call__(self, x: int) -> int: ...
    def __call__(self, x: Element | Subgroup | int) -> Element | Subgroup | int:
        if isinstance(x, Subgroup):
            self._expect(x.group)
            inside = np.zeros(self.target.order, dtype=bool)
            inside[self.images[x.elements]] = True
            return Subgroup(self.target, inside)
        if isinstance(x, Element):
            self._expect(x.group)
            return Element(self.target, int(self.images[x.index]))
        return int(self.images[range(self.source.order)[x]])

    def __mul__(self, other: Homomorphism) -> Homomorphism:
        if not isinstance(other, Homomorphism):
            return NotImplemented
        if self.target != other.source:
            raise ValueError(f"f * g needs g to start at {self.target.name}, and it starts at {other.source.name}")
        return Homomorphism(self.source, other.target, other.images[self.images])

    def __pow__(self, exponent: int) -> Homomorphism:
        if exponent < 0:
            return self.inverse**-exponent
        if self.source != self.target:
            if exponent == 1:
                return self
            raise ValueError(
                f"a power needs a map from a group to itself, not {self.source.name} -> {self.target.name}"
            )
        result = identity_map(self.source)
        for _ in range(exponent):
            result = result * self
        return result

    @cached_property
    def kernel(self) -> Subgroup:
        """The normal subgroup of elements that go to 1."""
        return Subgroup(self.source, self.images == 0)

    @cached_property
    def image(self) -> Subgroup:
        """The subgroup of the target that is reached."""
        return self(self.source.whole)

    def preimage(self, subgroup: Subgroup) -> Subgroup:
        """The subgroup of the source that goes into a subgroup of the target."""
        if subgroup.group != self.target:
            raise ValueError(f"{subgroup!r} is no subgroup of {self.target.name}")
        return Subgroup(self.source, subgroup.mask[self.images])

    @property
    def is_injective(self) -> bool:
        """Whether the kernel is trivial."""
        return self.kernel.order == 1

    @property
    def is_surjective(self) -> bool:
        """Whether the image is the target."""
        return self.source.order == self.kernel.order * self.target.order

    @property
    def is_isomorphism(self) -> bool:
        """Whether it is both."""
        return self.is_injective and self.is_surjective

    @property
    def inverse(self) -> Homomorphism:
        """The inverse of an isomorphism.

        Raises:
            ValueError: it is none.
        """
        if not self.is_isomorphism:
            raise ValueError(f"{self!r} has a kernel of order {self.kernel.order} and no inverse")
        return Homomorphism(self.target, self.source, np.argsort(self.images))

    def _expect(self, group: Group) -> None:
        if group is not self.source and group != self.source:
            raise ValueError(f"the map starts at {self.source.name}, not at {group.name}")


def homomorphism(source: Group, target: Group, images: Sequence[Element | int]) -> Homomorphism:
    """The homomorphism that takes the generators of ``source`` to ``images``, in order.

    Cost: one gather of n for each generator, to fill the map along the tree and to check it.

    Raises:
        NotAGroupError: there is none; the message names a word in the generators that is 1 and goes elsewhere.
        ValueError: the number of images is not that of generators, or an image is no element of ``target``.
    """
    generators = source.generators
    if len(images) != len(generators):
        raise ValueError(f"{source.name} has {len(generators)} generators, and {len(images)} images are given")
    chosen = []
    for image in images:
        if isinstance(image, Element) and image.group != target:
            raise ValueError(f"the image {image!r} lies in {image.group.name}, not in {target.name}")
        if not 0 <= int(image) < target.order:
            raise ValueError(f"{target.name} has elements 0 to {target.order - 1}, not {int(image)}")
        chosen.append(int(image))
    mapped = _filled(source, target, source.parents, source.letters, chosen)
    for letter, (g, image) in enumerate(zip(generators, chosen, strict=True)):
        wrong = np.flatnonzero(mapped[source.table[:, g]] != target.table[mapped, image])
        if wrong.size:
            raise NotAGroupError(_broken_relation(source, target, mapped, int(wrong[0]), letter, image))
    return Homomorphism(source, target, mapped)


def as_homomorphism(source: Group, target: Group, images: np.ndarray) -> Homomorphism:
    """A whole map, an array of shape (|source|,), as a homomorphism; checked at all pairs (x, generator).

    Raises:
        NotAGroupError: it is none.
        ValueError: the wrong shape.
    """
    images = np.asarray(images)
    if images.shape != (source.order,) or not np.issubdtype(images.dtype, np.integer):
        raise ValueError(f"a map from {source.name} is {source.order} whole numbers, not an array of {images.shape}")
    made = homomorphism(source, target, [int(images[g]) for g in source.generators])
    wrong = np.flatnonzero(made.images != images)
    if wrong.size:
        x = int(wrong[0])
        raise NotAGroupError(
            f"images of the generators send {source.cycles(x)} to {target.cycles(made(x))}, "
            f"and element {images[x]} is given"
        )
    return made


def identity_map(group: Group) -> Homomorphism:
    """x -> x."""
    return Homomorphism(group, group, np.arange(group.order))


def trivial_map(source: Group, target: Group) -> Homomorphism:
    """x -> 1."""
    return Homomorphism(source, target, np.zeros(source.order, dtype=np.int64))


def natural_map(normal: Subgroup) -> Homomorphism:
    """G -> G/N, x -> Nx, onto ``G / N``.

    Raises:
        NotAGroupError: N is not normal.
    """
    return Homomorphism(normal.group, normal.group / normal, normal.right_cosets)


def inclusion(subgroup: Subgroup) -> Homomorphism:
    """H -> G, from ``H.as_group()``."""
    return Homomorphism(subgroup.as_group(), subgroup.group, subgroup.elements)


def conjugation_map(g: Element) -> Homomorphism:
    """The inner automorphism x -> g^-1 x g; ``conjugation_map(g * h)`` is the product of the maps of g and of h."""
    return Homomorphism(g.group, g.group, g.group.conjugation(g.index).astype(np.int64))


def all_homomorphisms(
    source: Group, target: Group, *, up_to_conjugacy: bool = False, budget: int = DEFAULT_BUDGET
) -> Iterator[Homomorphism]:
    """Every homomorphism, one after the other; images of a shortest generating tuple are tried in turn.

    The image of g has an order that divides the order of g. Up to conjugacy in the target, a map is dropped when a
    conjugate of it was given before.

    Args:
        budget: largest number of tuples of images; refused before the search when there are more.

    Raises:
        BudgetSpentError: there are more; how many homomorphisms there are is unknown.
    """
    chosen = minimal_generators(source)
    candidates = [np.flatnonzero(source.element_orders[g] % target.element_orders == 0) for g in chosen]
    if prod(map(len, candidates)) > budget:
        raise BudgetSpentError(
            f"{source.name} -> {target.name} has {prod(map(len, candidates)):,} tuples of images to try (budget "
            f"{budget:,}); how many are homomorphisms is still unknown. Raise the budget."
        )
    return _search(source, target, chosen, candidates, up_to_conjugacy)


def _search(
    source: Group, target: Group, chosen: tuple[int, ...], candidates: list[np.ndarray], up_to_conjugacy: bool
) -> Iterator[Homomorphism]:
    parents, letters, _ = spanning_tree(source.table, chosen)
    seen: set[tuple[int, ...]] = set()
    for images in product(*(map(int, one) for one in candidates)):
        if images in seen:
            continue
        mapped = _filled(source, target, parents, letters, images)
        pairs = zip(chosen, images, strict=True)
        if all((mapped[source.table[:, g]] == target.table[mapped, image]).all() for g, image in pairs):
            if up_to_conjugacy and images:
                everything = np.arange(target.order)
                turned = [target.table[target.table[target.inverses, image], everything] for image in images]
                seen.update(map(tuple, np.stack(turned, axis=1).tolist()))
            yield Homomorphism(source, target, mapped)


def _filled(
    source: Group, target: Group, parents: np.ndarray, letters: np.ndarray, images: Sequence[int]
) -> np.ndarray:
    """Shape (n,), int64: images along a breadth-first tree, level by level."""
    mapped = np.zeros(source.order, dtype=np.int64)
    chosen = np.array(images, dtype=np.int64)
    for level in tree_levels(parents):
        mapped[level] = target.table[mapped[parents[level]], chosen[letters[level]]]
    return mapped


def _broken_relation(source: Group, target: Group, mapped: np.ndarray, x: int, letter: int, image: int) -> str:
    """x s = y in the source, and not in the target."""
    s, y = source.generators[letter], int(source.table[x, source.generators[letter]])
    left = target.cycles(int(target.table[mapped[x], image]))
    return (
        f"no homomorphism: {source.cycles(x)} * {source.cycles(s)} = {source.cycles(y)} in {source.name}, "
        f"and the images multiply to {left}, not to {target.cycles(int(mapped[y]))}"
    )
