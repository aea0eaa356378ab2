"""Groups acting on points: G-sets, their orbits, stabilisers, blocks and isomorphisms.

Public: GSet, gset, natural_action, regular_action, trivial_action, on_cosets, on_elements, on_class, on_conjugates,
equivariant_bijection.

Points are 0 to m - 1 and elements act from the right: w by g is written w ^ g, and w ^ (g h) = (w ^ g) ^ h. Only
images under the generators are stored; one point is traced through the whole group at a time, n numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..errors import BudgetSpentError, NotAGroupError, TooLargeError
from ..group import Element, Group, Subgroup
from ..group.group import latex_name
from .classes import conjugacy_classes
from .cosets import coset_action
from .homomorphisms import Homomorphism, homomorphism
from .orbits import orbit_numbers

__all__ = [
    "GSet",
    "equivariant_bijection",
    "gset",
    "natural_action",
    "on_class",
    "on_conjugates",
    "on_cosets",
    "on_elements",
    "regular_action",
    "trivial_action",
]

POINT_LIMIT = 10_000_000
"""Largest number of points of a product of G-sets."""

SQUARE_UNION = r" \sqcup "

IMAGE_LIMIT = 200_000_000
"""Largest number of images, elements times points, that are held at once: 1.6 GB."""


@dataclass(frozen=True, eq=False, repr=False)
class GSet:
    """A group acting on the points 0 to m - 1; two are equal when the group and all images are.

    ``X + Y`` is the disjoint union (points of X first), ``X * Y`` the product (point (i, j) has number i |Y| + j).
    Being isomorphic is ``equivariant_bijection``'s question.

    Attributes:
        group: the group G.
        steps: shape (generators, m), int64, read-only: the image of each point under each generator of G.
    """

    group: Group
    steps: np.ndarray

    def __post_init__(self) -> None:
        self.steps.flags.writeable = False

    def __repr__(self) -> str:
        sizes = " + ".join(str(len(orbit)) for orbit in self.orbits) or "0"
        return f"<{self.group.name} acting on {len(self)} points, orbits {sizes}>"

    def _repr_latex_(self) -> str:
        name = latex_name(self.group.name)
        pieces = (f"{name} / {one._repr_latex_().strip('$')}" for one in self.point_stabilizers)
        return rf"${SQUARE_UNION.join(pieces)}$" if len(self) else r"$\varnothing$"

    def __len__(self) -> int:
        return int(self.steps.shape[1])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, GSet):
            return NotImplemented
        same = self.group == other.group and self.group.generators == other.group.generators
        return same and np.array_equal(self.steps, other.steps)

    def __hash__(self) -> int:
        return hash((self.group, self.steps.tobytes()))

    def __add__(self, other: GSet) -> GSet:
        self._expect(other)
        return GSet(self.group, np.concatenate([self.steps, other.steps + len(self)], axis=1))

    def __mul__(self, other: GSet) -> GSet:
        self._expect(other)
        if len(self) * len(other) > POINT_LIMIT:
            raise TooLargeError(
                f"the product has {len(self) * len(other):,} points; the limit is {POINT_LIMIT:,}. Take smaller G-sets."
            )
        steps = self.steps[:, :, None] * len(other) + other.steps[:, None, :]
        return GSet(self.group, steps.reshape(len(self.steps), -1))

    def trace(self, point: int) -> np.ndarray:
        """Shape (n,), int64: the image of one point under every element. Cost: one gather of n."""
        return _trace(self.group, self.steps, range(len(self))[point])

    def permutation(self, element: Element | int) -> np.ndarray:
        """Shape (m,), int64: the image of every point under one element.

        Along a shortest word in the generators; or, when that is long, w^y goes to w^(yx) for one w of each orbit.
        """
        x, images = int(element), np.arange(len(self))
        word = self.group.word(x)
        if len(word) * len(self) <= self.group.order * len(self.orbits):
            for letter in word:
                images = self.steps[letter][images]
        else:
            for orbit in self.orbits:
                trace = self.trace(int(orbit[0]))
                images[trace] = trace[self.group.table[:, x]]
        return images

    @property
    def images(self) -> np.ndarray:
        """Shape (n, m), int64: the image of every point under every element.

        Raises:
            TooLargeError: more than 2 * 10^8 numbers.
        """
        if self.group.order * len(self) > IMAGE_LIMIT:
            raise TooLargeError(
                f"{self.group.order:,} elements times {len(self):,} points pass the limit of {IMAGE_LIMIT:,} images; "
                "ask for one element's permutation or one point's trace"
            )
        return np.stack([self.trace(point) for point in range(len(self))], axis=1)

    @cached_property
    def orbit_of(self) -> np.ndarray:
        """Shape (m,), int64: the orbit of each point, numbered by smallest point."""
        return orbit_numbers(self.steps, len(self))

    @cached_property
    def orbits(self) -> tuple[np.ndarray, ...]:
        """The points of each orbit, ascending, orbits by smallest point."""
        ends = np.cumsum(np.bincount(self.orbit_of))
        return tuple(np.split(np.argsort(self.orbit_of, kind="stable"), ends)[:-1])

    def stabilizer(self, *points: int) -> Subgroup:
        """The subgroup that fixes each of the points; the whole group when there are none."""
        inside = np.ones(self.group.order, dtype=bool)
        for point in points:
            inside &= self.trace(point) == range(len(self))[point]
        return Subgroup(self.group, inside)

    @cached_property
    def point_stabilizers(self) -> tuple[Subgroup, ...]:
        """The stabiliser of the smallest point of each orbit: X is the disjoint union of these G/H."""
        return tuple(self.stabilizer(int(orbit[0])) for orbit in self.orbits)

    @cached_property
    def kernel(self) -> Subgroup:
        """The elements that fix every point."""
        inside = self.group.whole
        for stabilizer in self.point_stabilizers:
            inside = inside & stabilizer.core
        return inside

    @property
    def is_faithful(self) -> bool:
        """Whether only 1 fixes every point."""
        return self.kernel.order == 1

    @property
    def is_transitive(self) -> bool:
        """Whether there is exactly one orbit."""
        return len(self.orbits) == 1

    @property
    def is_semiregular(self) -> bool:
        """Whether only 1 fixes a point."""
        return all(stabilizer.order == 1 for stabilizer in self.point_stabilizers)

    @property
    def is_regular(self) -> bool:
        """Whether it is transitive and semiregular."""
        return self.is_transitive and self.is_semiregular

    @cached_property
    def transitivity(self) -> int:
        """The largest k such that all k-tuples of distinct points form one orbit; 0 when not transitive."""
        k, tuples, inside = 0, 1, self.group.whole
        while k < len(self):
            tuples *= len(self) - k
            inside = inside & self.stabilizer(k)
            if inside.index != tuples:
                break
            k += 1
        return k

    @cached_property
    def character(self) -> np.ndarray:
        """Shape (k,), int64: the number of fixed points of an element of each class, in the order of classes.

        On G/H an element x fixes |C(x)| |x^G meets H| / |H| cosets.
        """
        classes = conjugacy_classes(self.group)
        values = np.zeros(len(classes), dtype=np.int64)
        for one in self.point_stabilizers:
            met = np.bincount(classes.class_of[one.elements], minlength=len(classes))
            values += classes.centralizer_orders * met // one.order
        return values

    @property
    def rank(self) -> int:
        """The number of orbits on pairs of points; for a transitive G-set, of a point stabiliser on points."""
        sizes = conjugacy_classes(self.group).sizes
        return int((sizes * self.character**2).sum() // self.group.order)

    def fixed_points(self, subgroup: Subgroup) -> np.ndarray:
        """The points that every element of a subgroup fixes; their number is the mark of the subgroup."""
        fixed = np.ones(len(self), dtype=bool)
        for h in subgroup.generators:
            fixed &= self.permutation(h) == np.arange(len(self))
        return np.flatnonzero(fixed)

    @cached_property
    def decomposition(self) -> tuple[tuple[Subgroup, int], ...]:
        """Stabilisers up to conjugacy, with the number of orbits that have each: X up to isomorphism."""
        kinds: list[tuple[Subgroup, int]] = []
        for one in self.point_stabilizers:
            for place, (other, count) in enumerate(kinds):
                if _conjugator(one, other) is not None:
                    kinds[place] = (other, count + 1)
                    break
            else:
                kinds.append((one, 1))
        return tuple(kinds)

    def block_systems(self, *, budget: int = 20_000) -> list[np.ndarray]:
        """All block systems of a transitive G-set but the two trivial ones, finest first.

        Blocks around a point are the orbits of the subgroups above its stabiliser H, and those are joins of <H, x>.

        Returns:
            Arrays of shape (m,): the block of each point, blocks numbered by smallest point.

        Raises:
            BudgetSpentError: more than ``budget``; how many is unknown.
            ValueError: not transitive.
        """
        least = self._least_overgroups()
        found, waiting = set(least), list(least)
        while waiting:
            one = waiting.pop()
            for other in least:
                join = one | other
                if join not in found:
                    if len(found) == budget:
                        raise BudgetSpentError(f"more than {budget:,} block systems (budget); how many is unknown")
                    found.add(join)
                    waiting.append(join)
        proper = [one for one in found if one.order < self.group.order]
        return [self._blocks(one) for one in sorted(proper, key=lambda one: (one.order, one.elements.tolist()))]

    @cached_property
    def minimal_block_systems(self) -> list[np.ndarray]:
        """The block systems that none is finer than, as ``block_systems`` gives them."""
        least = [one for one in self._least_overgroups() if one.order < self.group.order]
        minimal = [one for one in least if not any(other < one for other in least)]
        return [self._blocks(one) for one in sorted(minimal, key=lambda one: (one.order, one.elements.tolist()))]

    @property
    def is_primitive(self) -> bool:
        """Whether it is transitive, on at least two points, and has no blocks but points and the whole."""
        return self.is_transitive and len(self) > 1 and not self.minimal_block_systems

    def as_homomorphism(self) -> Homomorphism:
        """G onto the group of permutations of the points that it makes; the kernel is the kernel of the action."""
        from ..construct import from_permutations

        image = from_permutations(self.steps)
        return homomorphism(self.group, image, image.generators)

    def _least_overgroups(self) -> list[Subgroup]:
        """The <H, x>, each once, H the stabiliser of point 0, for one x from each double coset HxH other than H."""
        if not self.is_transitive:
            raise ValueError(f"{self!r} is not transitive, so it has no block systems; take an orbit")
        h = self.point_stabilizers[0]
        on_points = [self.permutation(g) for g in h.generators]
        suborbits = GSet(self.group, np.array(on_points, dtype=np.int64).reshape(len(on_points), len(self))).orbits
        trace = self.trace(0)
        towards = np.zeros(len(self), dtype=np.int64)
        towards[trace] = np.arange(self.group.order)
        masks = {}
        for orbit in suborbits[1:]:
            inside = self.group.extended(h.mask, h.generators, int(towards[orbit[0]]))
            masks[inside.tobytes()] = inside
        return [Subgroup(self.group, inside) for inside in masks.values()]

    def _blocks(self, around: Subgroup) -> np.ndarray:
        """The block of the point 0^x is the right coset Kx, K the subgroup that keeps the block of 0."""
        blocks = np.zeros(len(self), dtype=np.int64)
        blocks[self.trace(0)] = around.right_cosets
        first, number = np.unique(blocks, return_index=True, return_inverse=True)[1:]
        return np.asarray(np.argsort(np.argsort(first))[number])

    def _expect(self, other: GSet) -> None:
        if self.group != other.group or self.group.generators != other.group.generators:
            raise ValueError(f"the G-sets belong to {self.group.name} and {other.group.name}, not to one group")


def gset(group: Group, permutations: Sequence[Sequence[int]] | np.ndarray) -> GSet:
    """The G-set on which the generators of the group act as given.

    Checked: each row is a permutation, and tracing one point of each orbit through the whole group is consistent,
    which makes every relation of G hold at every point. Cost: n gathers for each generator and orbit.

    Args:
        permutations: shape (generators, m): the image list of each generator.

    Raises:
        NotAGroupError: a row is no permutation, or the rows break a relation of the group; the message names where.
    """
    steps = np.asarray(permutations)
    if len(group.generators) == 0 and steps.size == 0:
        steps = steps.astype(np.int64).reshape(0, steps.shape[-1] if steps.ndim == 2 else 0)
    if steps.ndim != 2 or len(steps) != len(group.generators) or not np.issubdtype(steps.dtype, np.integer):
        raise NotAGroupError(
            f"{group.name} has {len(group.generators)} generators: give one image list of whole numbers for each, "
            f"not an array of shape {steps.shape}"
        )
    for number, row in enumerate(steps):
        if not np.array_equal(np.sort(row), np.arange(steps.shape[1])):
            raise NotAGroupError(f"the images under generator {number} are no permutation of 0 to {steps.shape[1] - 1}")
    made = GSet(group, steps.astype(np.int64))
    for orbit in made.orbits:
        trace = made.trace(int(orbit[0]))
        for step, g in zip(made.steps, group.generators, strict=True):
            wrong = np.flatnonzero(trace[group.table[:, g]] != step[trace])
            if wrong.size:
                x = int(wrong[0])
                raise NotAGroupError(
                    f"no action: point {orbit[0]} by {group.cycles(x)} * {group.cycles(g)} is {step[trace[x]]}, and by "
                    f"{group.cycles(int(group.table[x, g]))}, the same element, it is {trace[group.table[x, g]]}"
                )
    return made


def natural_action(group: Group) -> GSet:
    """The group on the points that its elements permute."""
    return GSet(group, np.asarray(group.permutations[list(group.generators)], dtype=np.int64).reshape(-1, group.degree))


def regular_action(group: Group) -> GSet:
    """The group on its own elements by right multiplication: w ^ g = w g."""
    return GSet(group, _rows([group.table[:, g] for g in group.generators], group.order))


def trivial_action(group: Group, points: int) -> GSet:
    """Every element fixes each of so many points."""
    return GSet(group, np.tile(np.arange(points), (len(group.generators), 1)))


def on_cosets(subgroup: Subgroup) -> GSet:
    """The group on the right cosets: Hx ^ g = Hxg, numbered as in ``right_cosets``; point 0 is H, its stabiliser."""
    return GSet(subgroup.group, np.array(coset_action(subgroup), dtype=np.int64))


def on_elements(group: Group) -> GSet:
    """The group on its own elements by conjugation: x ^ g = g^-1 x g. Orbits are the conjugacy classes."""
    return GSet(group, _rows([group.conjugation(g) for g in group.generators], group.order))


def on_class(element: Element) -> GSet:
    """The group on the conjugacy class of an element, by conjugation; points are the class in ascending order."""
    everything = on_elements(element.group)
    points = everything.orbits[everything.orbit_of[element.index]]
    return GSet(element.group, np.searchsorted(points, everything.steps[:, points]))


def on_conjugates(subgroup: Subgroup) -> GSet:
    """The group on the conjugates of a subgroup; point 0 is H, and its stabiliser the normaliser of H.

    The point that a coset N(H)x names is the conjugate by x.
    """
    return on_cosets(subgroup.normalizer)


def equivariant_bijection(first: GSet, second: GSet) -> np.ndarray | None:
    """A bijection f of the points with f(w ^ g) = f(w) ^ g, shape (m,), or None when the G-sets are not isomorphic.

    They are when their stabilisers agree up to conjugacy, orbit by orbit.
    """
    first._expect(second)
    if len(first) != len(second) or len(first.orbits) != len(second.orbits):
        return None
    found = np.zeros(len(first), dtype=np.int64)
    left = list(range(len(second.orbits)))
    for orbit, one in zip(first.orbits, first.point_stabilizers, strict=True):
        for place in left:
            x = _conjugator(one, second.point_stabilizers[place])
            if x is not None:
                # the second set's base point by x has the stabiliser of ours, so ours by y goes to it by y
                found[first.trace(int(orbit[0]))] = second.trace(int(second.orbits[place][0]))[first.group.table[x]]
                left.remove(place)
                break
        else:
            return None
    return found


def _trace(group: Group, steps: np.ndarray, point: int) -> np.ndarray:
    images = np.full(group.order, point, dtype=np.int64)
    for level in group.levels:
        images[level] = steps[group.letters[level], images[group.parents[level]]]
    return images


def _conjugator(one: Subgroup, other: Subgroup) -> int | None:
    """An x with ``one`` = x^-1 ``other`` x, or None: a coset of ``other`` that ``one`` fixes."""
    if one.order != other.order:
        return None
    group, fits = one.group, np.ones(one.group.order, dtype=bool)
    for h in one.generators:
        fits &= other.right_cosets[group.table[:, h]] == other.right_cosets
    return int(np.argmax(fits)) if fits.any() else None


def _rows(rows: list[np.ndarray], points: int) -> np.ndarray:
    return np.array(rows, dtype=np.int64).reshape(len(rows), points)
