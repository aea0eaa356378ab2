"""Permutation groups of any order, through stabiliser chains: no table of elements is made.

Public: LargeGroup, Membership, MAX_DEGREE.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, product

import numpy as np

from ..errors import BudgetSpentError, NotAGroupError, NotationError, TooLargeError
from ..group import cycle_notation, prime_factors
from ..group.group import latex_name
from ..notation import Permutations, parse
from .action import block_of, contains_alternating, cycle_lengths, orbit_numbers, parity
from .chain import Chain, RandomWords, build_chain, distinct, extend_to_normal, identity, inverse, is_identity
from .clock import Clock

__all__ = ["MAX_DEGREE", "LargeGroup", "Membership"]

MAX_DEGREE = 10_000
"""Most points that a group may move here."""
MAX_CENTRAL = 20_000
"""Most permutations that are tried for the centre."""


@dataclass(frozen=True)
class Membership:
    """Whether a permutation lies in a group, and why."""

    inside: bool
    reason: str

    def __bool__(self) -> bool:
        return self.inside


@dataclass(frozen=True, eq=False)
class LargeGroup:
    """The group that permutations generate, known through a stabiliser chain; make it with ``large_group``.

    Points count from 0 here and from 1 in cycles. Products compose left to right. Every answer is proved: the chain
    by Schreier's lemma, a group that contains all even permutations by Jordan's theorem. A question that outlasts
    ``budget`` raises BudgetSpentError.

    Attributes:
        generators: shape (s, degree), int64, read-only.
        name: how the group calls itself.
        order: the number of elements.
        budget: seconds of wall time for each further question.
        seed: of the random elements that the searches draw; it changes times, and which base and generators are found,
            but no answer.
    """

    generators: np.ndarray
    name: str
    order: int
    budget: float
    seed: int
    proved: Chain | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.generators.flags.writeable = False

    @classmethod
    def of_generators(cls, rows: np.ndarray, name: str, *, budget: float, seed: int) -> LargeGroup:
        """The group that checked image lists generate; finds and proves its order.

        Args:
            rows: shape (s, degree), permutations of 0 to degree - 1.

        Raises:
            BudgetSpentError: the order is not proved in ``budget`` seconds. TooLargeError: more than 10,000 points, or
            a chain above 1 GiB.
        """
        if rows.shape[1] > MAX_DEGREE:
            raise TooLargeError(
                f"{name if len(name) < 60 else 'the group'} moves {rows.shape[1]:,} points; "
                f"stabiliser chains take at most {MAX_DEGREE:,}"
            )
        generators, rng = rows.astype(np.int64), np.random.default_rng(seed)
        if _is_giant(generators, rng):
            order = math.factorial(rows.shape[1]) // (1 if any(map(parity, generators)) else 2)
            return cls(generators, name, order, budget, seed)
        chain = build_chain(generators, Clock(budget), rng)
        return cls(generators, name, chain.order, budget, seed, chain)

    def __repr__(self) -> str:
        return f"<LargeGroup {self.name} on {self.degree} points>"

    def _repr_latex_(self) -> str:
        return f"${latex_name(self.name)}$"

    def __eq__(self, other: object) -> bool:
        """Whether both consist of the same permutations of as many points."""
        if not isinstance(other, LargeGroup):
            return NotImplemented
        same_size = (self.degree, self.order) == (other.degree, other.order)
        return self is other or (same_size and all(row in other for row in self.generators))

    def __hash__(self) -> int:
        return hash((self.degree, self.order))

    def __contains__(self, permutation: object) -> bool:
        return isinstance(permutation, str | Sequence | np.ndarray) and self.membership(permutation).inside

    @property
    def degree(self) -> int:
        """Number of points, fixed ones included."""
        return int(self.generators.shape[1])

    @property
    def is_giant(self) -> bool:
        """Whether the group has at least 8 points and was recognised, by Jordan's theorem, as all or all even
        permutations."""
        return self.proved is None

    @cached_property
    def chain(self) -> Chain:
        """The proved stabiliser chain."""
        return self.proved or self._chain_from([])

    @property
    def base(self) -> tuple[int, ...]:
        """Points that only the identity fixes together."""
        return tuple(level.base for level in self.chain.levels)

    @property
    def basic_orbit_sizes(self) -> tuple[int, ...]:
        """For each base point, the length of its orbit under what fixes those before; their product is the order."""
        return tuple(len(level.orbit) for level in self.chain.levels)

    @cached_property
    def strong_generators(self) -> np.ndarray:
        """Shape (t, degree): those among them that fix the first base points generate the stabiliser of these."""
        return distinct(
            np.vstack([np.empty((0, self.degree), dtype=np.int64), *(level.steps for level in self.chain.levels)])
        )

    @cached_property
    def factors(self) -> dict[int, int]:
        """The order as prime -> exponent; ``p ** factors[p]`` is the order of the Sylow p-subgroups."""
        return dict(prime_factors(self.order))

    def sylow_order(self, prime: int) -> int:
        """The order of the Sylow p-subgroups: the p-part of the order."""
        return int(prime ** self.factors.get(prime, 0))

    # -- elements

    def membership(self, permutation: str | Sequence[int] | np.ndarray) -> Membership:
        """Whether a permutation is an element, and why.

        Args:
            permutation: an image list from 0, or cycles of points from 1 such as ``"(1,2,3)(4,5)"``; points beyond
                either are fixed.

        Raises:
            NotationError, NotAGroupError: it is no permutation.
        """
        row = image_list(permutation)
        moved = np.flatnonzero(row != identity(len(row)))
        if moved.size and moved[-1] >= self.degree:
            return Membership(False, f"it moves the point {moved[-1] + 1}, and the group moves 1 to {self.degree} only")
        row = padded(row, self.degree)
        if self.is_giant:
            if parity(row) and not any(map(parity, self.generators)):
                return Membership(False, "it is odd, and the group has all the even permutations only")
            return Membership(True, "the group has every permutation of its parity")
        residue, level = self.chain.sift(row)
        if level < len(self.chain.levels):
            base = self.chain.levels[level].base
            before = ", ".join(str(point + 1) for point in self.base[:level])
            what = f"that fixes {before} " if before else ""
            return Membership(
                False,
                f"after division by elements of the group it sends {base + 1} to {residue[base] + 1}, "
                f"which no element {what}does",
            )
        if not is_identity(residue):
            return Membership(
                False, f"divided by an element of the group it is {_shortened(residue)}, which fixes the base"
            )
        return Membership(True, "it is a product of strong generators")

    def word(self, permutation: str | Sequence[int] | np.ndarray) -> list[int]:
        """An element as a product, left to right, of ``strong_generators``: their indices.

        Raises:
            NotAGroupError: the permutation is not an element; the message says why.
        """
        found = self.membership(permutation)
        if not found:
            raise NotAGroupError(f"the permutation is not in {self.name}: {found.reason}")
        number = {row.tobytes(): i for i, row in enumerate(self.strong_generators)}
        row = padded(image_list(permutation), self.degree)
        letters: list[int] = []
        for level in self.chain.levels:
            while (point := row[level.base]) != level.base:
                edge = level.via[point]
                letters.append(number[level.steps[edge].tobytes()])
                row = level.inverses[edge][row]
        return letters[::-1]

    def random_elements(self, count: int, seed: int) -> np.ndarray:
        """Shape (count, degree): independent elements, every element equally likely; the same for the same seed."""
        rng = np.random.default_rng(seed)
        draw = self._random_of_giant if self.is_giant else self.chain.random_element
        return np.array([draw(rng) for _ in range(count)], dtype=np.int64).reshape(count, self.degree)

    # -- how the points move

    @cached_property
    def orbits(self) -> list[list[int]]:
        """The orbits on all points, each ascending, by smallest point."""
        numbers = orbit_numbers(self.generators)
        return [np.flatnonzero(numbers == i).tolist() for i in range(int(numbers.max()) + 1)]

    @property
    def is_transitive(self) -> bool:
        """Whether every point can be sent to every other."""
        return len(self.orbits) == 1

    @cached_property
    def transitivity(self) -> int:
        """The largest k for which every k distinct points can be sent to every k others; 0 when not transitive."""
        if self.is_giant:
            return self.degree if self.sign_is_onto else self.degree - 2
        if not self.is_transitive:
            return 0
        sizes = [*self.basic_orbit_sizes, 1]
        count = next(i for i, size in enumerate(sizes) if size != self.degree - i or self.degree - i == 1)
        return count + (self.degree - count == 1)

    @property
    def sign_is_onto(self) -> bool:
        """Whether some element is odd."""
        return any(map(parity, self.generators))

    @cached_property
    def minimal_blocks(self) -> list[np.ndarray]:
        """The minimal block systems with blocks of more than one point and not all, each as block numbers (degree,).

        Raises:
            NotAGroupError: the group is not transitive, so that blocks are not defined.
        """
        if not self.is_transitive:
            raise NotAGroupError(f"{self.name} is not transitive, so it has no block systems")
        if self.is_giant or self.degree < 4:
            return []
        clock = Clock(self.budget)
        found: dict[bytes, np.ndarray] = {}
        for point in self._suborbit_representatives():
            clock.check("the block systems")
            system = block_of(self.generators, self.base[0], point)
            if system.any():
                found[system.tobytes()] = system
        return [one for one in found.values() if not any(_finer(other, one) for other in found.values())]

    @property
    def is_primitive(self) -> bool:
        """Whether the group is transitive and has no block systems but the trivial ones."""
        return self.is_transitive and not self.minimal_blocks

    def stabilizer(self, points: int | Sequence[int]) -> LargeGroup:
        """The subgroup that fixes a point, or each of several (from 0)."""
        fixed = [points] if isinstance(points, int | np.integer) else list(points)
        for point in fixed:
            if not 0 <= point < self.degree:
                raise NotAGroupError(f"{self.name} moves the points 0 to {self.degree - 1}, not {point}")
        chain = self._chain_from([int(point) for point in fixed])
        rest = Chain(self.degree, chain.levels[len(fixed) :])
        generators = rest.levels[0].generators if rest.levels else np.empty((0, self.degree), dtype=np.int64)
        shown = ",".join(str(point + 1) for point in fixed)
        return self._known(generators.copy(), f"stabilizer of {shown} in {self.name}", rest)

    # -- subgroups of the whole

    @cached_property
    def derived_subgroup(self) -> LargeGroup:
        """The subgroup that commutators generate."""
        return self.commutator_subgroup(self)

    @cached_property
    def derived_series(self) -> tuple[LargeGroup, ...]:
        """G, G', G'', ... until it stands still; the last is trivial exactly when the group is solvable."""
        return self._descend(lambda group: group.derived_subgroup)

    @cached_property
    def lower_central_series(self) -> tuple[LargeGroup, ...]:
        """G, [G, G], [[G, G], G], ... until it stands still; it ends in 1 exactly when the group is nilpotent."""
        return self._descend(self.commutator_subgroup)

    @property
    def is_abelian(self) -> bool:
        """Whether the generators commute."""
        clock = Clock(self.budget)
        for a in self.generators:
            clock.check("whether the group is abelian")
            if any((a[b] != b[a]).any() for b in self.generators):
                return False
        return True

    @property
    def is_solvable(self) -> bool:
        """Whether the derived series ends in 1."""
        return self.derived_series[-1].order == 1

    @property
    def is_nilpotent(self) -> bool:
        """Whether the lower central series ends in 1."""
        return self.lower_central_series[-1].order == 1

    @property
    def is_perfect(self) -> bool:
        """Whether the group is its own derived subgroup."""
        return self.derived_subgroup.order == self.order

    def commutator_subgroup(self, inner: LargeGroup) -> LargeGroup:
        """[G, N] for a normal subgroup N."""
        name = f"[{self.name}, {inner.name}]"
        if inner.is_giant:  # A_n is simple, and here n > 7
            even = np.array([_three_cycle(self.degree, k) for k in range(2, self.degree)])
            return LargeGroup(even, name, math.factorial(self.degree) // 2, self.budget, self.seed)
        clock, rng = Clock(self.budget), np.random.default_rng(self.seed)
        pairs = product(self.generators, inner.generators)
        outer_words, inner_words = RandomWords(self.generators, rng), RandomWords(inner.generators, rng)
        drawn = [(next(outer_words), next(inner_words)) for _ in range(6)]
        commutators = []
        for a, b in (*pairs, *drawn):
            clock.check("the derived subgroup")
            commutators.append(commutator(a, b))
        rows = distinct(np.array(commutators, dtype=np.int64).reshape(-1, self.degree), self.degree)
        generators, chain = extend_to_normal(self.generators, rows, clock, rng, inner.order)
        return self._known(generators, name, chain)

    @cached_property
    def center(self) -> LargeGroup:
        """The elements that commute with all.

        On each orbit a central element agrees with a permutation that commutes with the group there and is known by
        the image of one point, a point with the same stabiliser; all combinations of these are sifted.

        Raises:
            BudgetSpentError: more than 20,000 combinations.
        """
        name = f"center of {self.name}"
        if self.is_abelian:
            return self._known(self.generators.copy(), name, self.chain)
        if self.is_giant:
            return self._known(np.empty((0, self.degree), dtype=np.int64), name, Chain(self.degree, ()))
        choices = [self._centralizing(orbit) for orbit in self.orbits if len(orbit) > 1]
        if (count := math.prod(map(len, choices))) > MAX_CENTRAL:
            raise BudgetSpentError(
                f"the center of {self.name} lies among {count:,} permutations, and {MAX_CENTRAL:,} are tried at most: "
                "it is still unknown"
            )
        central = [row for parts in product(*choices) if self.chain.contains(row := _joined(parts, self.degree))]
        rows = distinct(np.array(central), self.degree)
        chain = build_chain(rows, Clock(self.budget), np.random.default_rng(self.seed))
        return self._known(rows, name, chain)

    # -- helpers

    def _chain_from(self, prefix: list[int]) -> Chain:
        rng = np.random.default_rng(self.seed)
        return build_chain(self.generators, Clock(self.budget), rng, prefix=prefix, order=self.order)

    def _known(self, generators: np.ndarray, name: str, chain: Chain) -> LargeGroup:
        return LargeGroup(generators, name, chain.order, self.budget, self.seed, chain)

    def _descend(self, step: Callable[[LargeGroup], LargeGroup]) -> tuple[LargeGroup, ...]:
        series = [self]
        while series[-1].order > 1:
            below = step(series[-1])
            if below.order == series[-1].order:
                break
            series.append(below)
        return tuple(series)

    def _random_of_giant(self, rng: np.random.Generator) -> np.ndarray:
        row = rng.permutation(self.degree)
        if not self.sign_is_onto and parity(row):
            row[:2] = row[1::-1]  # pairs each odd permutation with one even one
        return row

    def _suborbit_representatives(self) -> Iterator[int]:
        """One point from each orbit of the first base point's stabiliser on the other points."""
        levels = self.chain.levels
        fixing = levels[1].generators if len(levels) > 1 else identity(self.degree)[None]
        numbers = orbit_numbers(fixing)
        for number, point in zip(*np.unique(numbers, return_index=True), strict=True):
            if number != numbers[self.base[0]]:
                yield int(point)

    def _centralizing(self, orbit: list[int]) -> list[np.ndarray]:
        """The permutations of one orbit that commute with the group there; outside of it they fix all points."""
        first = orbit[0]
        fixing = self.stabilizer(first).generators
        fixed = [point for point in orbit if (fixing[:, point] == point).all()]
        return [self._translation(first, point) for point in fixed]

    def _translation(self, first: int, second: int) -> np.ndarray:
        """The permutation that sends first^g to second^g for all g, the identity off that orbit."""
        row, done, queue = identity(self.degree), {first}, [first]
        row[first] = second
        for point in queue:
            for generator in self.generators:
                image = int(generator[point])
                if image not in done:
                    done.add(image)
                    queue.append(image)
                    row[image] = generator[row[point]]
        return row


def image_list(permutation: str | Sequence[int] | np.ndarray) -> np.ndarray:
    """Shape (m,), int64: the image list that cycles of points from 1, or a list of images from 0, denote."""
    if isinstance(permutation, str):
        return _row_of_cycles(permutation)
    row = np.asarray(permutation)
    if not is_image_list(row):
        raise NotAGroupError("an image list has each of the points 0 to degree - 1 once")
    return row.astype(np.int64)


def is_image_list(row: np.ndarray) -> bool:
    """Whether an array has shape (m,) and holds each of 0 to m - 1 once."""
    numbers = row.ndim == 1 and (row.dtype.kind in "iu" or not row.size)
    return numbers and bool((np.sort(row) == identity(len(row))).all())


def _row_of_cycles(text: str) -> np.ndarray:
    """One permutation as cycles of points from 1."""
    spec = parse(text)
    if not isinstance(spec, Permutations) or len(spec.generators) != 1:
        raise NotationError(f"{_cut(text)} is not one permutation such as (1,2,3)(4,5)")
    row = identity(max((max(cycle) for cycle in spec.generators[0]), default=1))
    for cycle in spec.generators[0]:
        points = np.array(cycle) - 1
        row[points] = np.roll(points, -1)
    return row


def padded(row: np.ndarray, degree: int) -> np.ndarray:
    """The permutation on ``degree`` points; those that are left out move nothing."""
    return np.concatenate([row[:degree], np.arange(len(row), degree)])


def commutator(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a^-1 b^-1 a b, left to right."""
    return np.asarray(b[a[inverse(b)[inverse(a)]]])


def element_order(row: np.ndarray) -> int:
    """The order of a permutation: the least common multiple of its cycles' lengths."""
    return math.lcm(*cycle_lengths(row))


def _is_giant(generators: np.ndarray, rng: np.random.Generator) -> bool:
    degree = generators.shape[1]
    if degree < 8 or not len(generators) or orbit_numbers(generators).any():
        return False
    words = islice(RandomWords(generators, rng), 12 * degree.bit_length())
    return contains_alternating(generators, words)


def _finer(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether each block of one system lies properly inside a block of the other."""
    pairs = len(np.unique(np.stack([one, other]), axis=1).T)
    return bool(pairs == one.max() + 1 and one.max() > other.max())


def _three_cycle(degree: int, point: int) -> np.ndarray:
    row = identity(degree)
    row[[0, 1, point]] = 1, point, 0
    return row


def _joined(parts: Sequence[np.ndarray], degree: int) -> np.ndarray:
    row = identity(degree)
    for part in parts:
        row = part[row]
    return row


def _shortened(row: np.ndarray) -> str:
    return _cut(cycle_notation(row))


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
