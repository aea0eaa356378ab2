"""Isomorphisms: colours that every isomorphism keeps, and backtracking over images of few generators.

Public: class_colours, fingerprint, find_isomorphism, generating_sequence, HomomorphismSearch.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np

from ..acceleration import use_compiled
from ..errors import BudgetSpentError
from ..group import Group, Subgroup, prime_factors
from .classes import ConjugacyClasses, conjugacy_classes
from .series import derived_subgroup

__all__ = ["HomomorphismSearch", "class_colours", "find_isomorphism", "fingerprint", "generating_sequence"]

DEFAULT_BUDGET = 100_000_000
"""Largest number of partial maps that a search tries: half a minute. 30,000,000 settle all pairs of order up to 255."""

FEW = 2_000
"""Partial maps that the plain search tries before the kernel is loaded."""

SHORT = 10_000
"""Partial maps that a search tries with quick colours before it starts again with sharper ones."""

PRODUCTS = 50_000
"""Products of a class representative and an element up to which colours look at products; with a centre, 40 times."""


def class_colours(classes: ConjugacyClasses, *, sharper: bool = False) -> np.ndarray:
    """Shape (k,), uint64: a colour for each class; an isomorphism takes classes to classes of the same colour.

    A colour digests order, size, number of p-th roots and the colours of the p-th powers, and in groups that are not
    too large the colours of all products with the representative, with a centre also of commutators (rounds of colour
    refinement). Unlike colours are never swapped by an isomorphism; like colours may belong to classes that none swaps.

    Args:
        sharper: two rounds with commutators whatever the size, then one for how elements are commutators and one more:
            colours for a search that was long. Cost: a dozen look-ups for each class and element.
    """
    group = classes.group
    central = sharper or bool(np.count_nonzero(classes.sizes == 1) > 1)
    rounds = 3 if sharper else 2 if central else 1
    large = not sharper and len(classes) * group.order > (40 * PRODUCTS if central else PRODUCTS)
    if group.is_abelian or large:
        rounds = 0
    primes = np.array([prime for prime, _ in prime_factors(group.order)], dtype=np.int64)
    if use_compiled(len(classes) * group.order):
        from ._kernels.colours import class_colours as compiled

        arguments = (classes.class_of, classes.representatives, classes.sizes, classes.element_orders, primes)
        return np.asarray(compiled(group.table, group.inverses, *arguments, rounds, central, sharper))
    return _plain_colours(classes, primes, rounds, central, sharper)


def _plain_colours(
    classes: ConjugacyClasses, primes: np.ndarray, rounds: int, central: bool, sharper: bool
) -> np.ndarray:
    """As the kernel: ``rounds`` of refinement by products, with commutators where there is a centre."""
    group = classes.group
    sizes = classes.sizes.astype(np.uint64)
    colours = _mix(classes.element_orders.astype(np.uint64) * _ODD + sizes)
    maps = [classes.power_map(int(prime)) for prime in primes]
    for salt, image in enumerate(maps, start=1):
        roots = np.bincount(image, weights=classes.sizes, minlength=len(classes)).astype(np.uint64)
        colours = _mix(colours + _mix(roots // sizes + np.uint64(salt << 40)))
    for _ in range(2):
        powers = np.zeros_like(colours)
        for salt, image in enumerate(maps, start=1):
            powers += _mix(colours[image] * np.uint64(2 * salt + 1))
        colours = _mix(colours * _ODD + powers)
    for i in range(rounds):
        if sharper and i == rounds - 1:
            colours = _mix(colours * _ODD + _as_commutators(classes, colours))
        own = colours[classes.class_of]
        digests = [_products(group, own, int(x), central).sum() for x in classes.representatives]
        colours = _mix(colours * _ODD + np.array(digests))
    return colours


def _products(group: Group, own: np.ndarray, x: int, with_commutators: bool) -> np.ndarray:
    """Shape (n,), uint64: for each y the colours of y, x y and, if asked for, of x y^2 and [x, y] as one number."""
    product = group.table[x]
    words = own[product] + own * _ODD
    if with_commutators:  # they tell apart groups of prime-power order, whose products look alike
        square = group.table[product, np.arange(group.order)]
        commutator = group.table[group.inverses[group.table[:, x]], product]
        words = _mix(words) + own[square] * np.uint64(3) + own[commutator] * np.uint64(7)
    return _mix(words)


def _as_commutators(classes: ConjugacyClasses, colours: np.ndarray) -> np.ndarray:
    """Shape (k,), uint64: the sum over all x and y with [x, y] in a class of one number for their colours."""
    group, digests = classes.group, np.zeros_like(colours)
    for x, size, colour in zip(classes.representatives, classes.sizes.astype(np.uint64), colours * _ODD, strict=True):
        commutator = group.table[group.inverses[group.table[:, x]], group.table[x]]
        words = _mix(colour + colours[classes.class_of]) * size
        np.add.at(digests, classes.class_of[commutator], words)
    return digests


_ODD = np.uint64(0x9E3779B97F4A7C15)


def _mix(words: np.ndarray) -> np.ndarray:
    """SplitMix64's finaliser (Steele, Lea, Flood 2014), on an array of uint64."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(words ^ (words >> np.uint64(31)))


def fingerprint(group: Group) -> str:
    """A short text that isomorphic groups share: a digest of the order and of the colours and sizes of the classes.

    Groups that are not isomorphic may share it too; ``find_isomorphism`` decides.
    """
    classes = conjugacy_classes(group)
    rows = sorted(zip(class_colours(classes).tolist(), classes.sizes.tolist(), strict=True))
    return hashlib.sha256(repr((group.order, rows)).encode()).hexdigest()[:32]


def find_isomorphism(source: Group, target: Group, *, budget: int = DEFAULT_BUDGET) -> np.ndarray | None:
    """An isomorphism as an array, or None when there is none.

    Returns:
        Shape (n,): the image in ``target`` of each element of ``source``; checked to be a bijective homomorphism.

    Raises:
        BudgetSpentError: the search stopped; whether the groups are isomorphic is unknown.
    """
    if source.order != target.order:
        return None
    ours, theirs = conjugacy_classes(source), conjugacy_classes(target)
    try:
        return _search(ours, theirs, False, min(budget, SHORT))
    except BudgetSpentError:
        if budget <= SHORT:
            raise
    return _search(ours, theirs, True, budget)


def _search(ours: ConjugacyClasses, theirs: ConjugacyClasses, sharper: bool, budget: int) -> np.ndarray | None:
    colours, target_colours = class_colours(ours, sharper=sharper), class_colours(theirs, sharper=sharper)
    if len(colours) != len(target_colours) or (np.sort(colours) != np.sort(target_colours)).any():
        return None
    names = np.unique(colours)
    cells, target_cells = np.searchsorted(names, colours), np.searchsorted(names, target_colours)
    search = HomomorphismSearch(ours.group, cells[ours.class_of], theirs.group, target_cells[theirs.class_of], budget)
    return search.complete([])


class HomomorphismSearch:
    """Depth-first search over images of generators; partial maps must be injective homomorphisms that keep colours.

    Attributes:
        cells, target_cells: shape (n,): the colours of elements as whole numbers from 0.
        generators: the generating sequence of the source whose images are searched.
        tried: partial maps so far; past the budget the search raises BudgetSpentError.
    """

    def __init__(self, source: Group, cells: np.ndarray, target: Group, target_cells: np.ndarray, budget: int) -> None:
        self.source, self.target, self.budget = source, target, budget
        self.cells, self.target_cells = cells, target_cells
        self.generators = generating_sequence(source, cells)
        candidates = [np.flatnonzero(target_cells == cells[g]) for g in self.generators]
        self.starts = np.cumsum([0, *map(len, candidates)])
        self.candidates = np.concatenate([np.zeros(0, np.int64), *candidates])
        self.tried = 0

    def complete(self, images: Sequence[int]) -> np.ndarray | None:
        """Shape (n,): an isomorphism with these images of the first generators, or None when there is none."""
        chosen = np.zeros(len(self.generators), dtype=np.int64)
        chosen[: len(images)] = images
        left = self.budget - self.tried
        if use_compiled(self.source.order * len(self.generators)):
            mapping, tried, answer = self._extend(True, chosen, len(images), left)
        else:
            # Most searches end at once; the long ones are worth loading the kernel.
            few = min(left, FEW) if use_compiled(left * self.source.order) else left
            mapping, tried, answer = self._extend(False, chosen, len(images), few)
            if answer < 0 and few < left:
                mapping, tried, answer = self._extend(True, chosen, len(images), left)
        self.tried += int(tried)
        if answer < 0:
            raise BudgetSpentError(f"stopped after {self.budget:,} partial maps (budget); the answer is still unknown")
        return np.asarray(mapping) if answer else None

    def _extend(self, compiled: bool, images: np.ndarray, fixed: int, budget: int) -> tuple[np.ndarray, int, int]:
        extend: Callable[..., tuple[np.ndarray, int, int]] = plain_extend
        if compiled:
            from ._kernels.maps import extend
        return extend(
            self.source.table,
            self.target.table,
            np.array(self.generators, dtype=np.int64),
            images,
            fixed,
            self.cells,
            self.target_cells,
            self.candidates,
            self.starts,
            budget,
        )


def generating_sequence(group: Group, cells: np.ndarray) -> list[int]:
    """Few generators with few candidates for their images: one or two where such are found, else each enlarges most.

    The first image is searched up to conjugacy, so the candidates of the second one count twice in the price of a pair.

    Args:
        cells: shape (n,): the colour of each element, as whole numbers from 0.
    """
    own = np.array(group.generators, dtype=np.int64)
    if use_compiled(group.order * len(own)):
        from ._kernels.maps import generating_sequence as compiled

        found = compiled(group.table, group.inverses, group.element_orders, cells, int(cells.max()) + 1, own)
        return [int(x) for x in found]
    if group.order == 1:
        return []
    by_size = np.argsort(cells, kind="stable")
    members = [one for one in np.split(by_size, np.cumsum(np.bincount(cells))[:-1]) if one[0]]
    members.sort(key=lambda one: (len(one), one[0]))
    for one in members:
        if group.element_orders[one[0]] == group.order:
            return [int(one[0])]
    spread = [one[:: -(-len(one) // 8)].tolist() for one in members]
    modulo = _elementary_kernel(group)
    pool = [*chain.from_iterable(spread), *group.generators]
    return _generating_pair(modulo, members, spread) or _greedy(modulo, pool)


def _elementary_kernel(group: Group) -> Subgroup:
    """The least K with G/K abelian of square-free exponent."""
    radical = math.prod(prime for prime, _ in prime_factors(group.order))
    powers = group.powers(radical, np.array(group.generators)).tolist()
    return Subgroup(group, group.closure([*derived_subgroup(group).generators, *powers]))


def _generating_pair(modulo: Subgroup, members: list[np.ndarray], spread: list[list[int]]) -> list[int] | None:
    """Two elements that generate, from the cheapest pairs of cells; 100 pairs that generate G/K are tested."""
    if any(multiplicity > 2 for _, multiplicity in prime_factors(modulo.index)):
        return None
    group, tests = modulo.group, 0
    above = [modulo | group.subgroup(one[:1]) for one in spread[:12]]
    pairs = [(len(a) * len(b) ** 2, i, j) for i, a in enumerate(members[:12]) for j, b in enumerate(members[:13])]
    for _, i, j in sorted(pairs):
        a = spread[i][0]
        for b in spread[j]:
            if b == a or _steps(above[i], b) != above[i].index:
                continue
            if group.closure([a, b]).all():
                return [a, b]
            tests += 1
            if tests == 100:
                return None
    return None


def _greedy(modulo: Subgroup, pool: list[int]) -> list[int]:
    """Each enlarges the subgroup most; the image in G/K counts first, so that they are few."""
    group = modulo.group
    chosen: list[int] = []
    inside = group.closure(chosen)
    while not inside.all():
        steps = {x: _steps(modulo, x) for x in pool if not inside[x]}
        most = max(steps.values())
        outside = [x for x in steps if steps[x] == most]
        chosen.append(max(outside, key=lambda x: int(group.closure([*chosen, x]).sum())))
        inside = group.closure(chosen)
        modulo = modulo | group.subgroup(chosen[-1:])
    return chosen


def _steps(subgroup: Subgroup, x: int) -> int:
    """Least k > 0 with x^k in the subgroup."""
    steps, power = 1, x
    while not subgroup.mask[power]:
        steps, power = steps + 1, int(subgroup.group.table[x, power])
    return steps


# -- the plain twin of the kernel ``extend``


def plain_extend(
    source: np.ndarray,
    target: np.ndarray,
    generators: np.ndarray,
    images: np.ndarray,
    fixed: int,
    cells: np.ndarray,
    target_cells: np.ndarray,
    candidates: np.ndarray,
    starts: np.ndarray,
    budget: int,
) -> tuple[np.ndarray, int, int]:
    """As the kernel."""
    tried = 1
    mapping = _partial(source, target, generators[:fixed], images[:fixed], cells, target_cells)
    if mapping is None or fixed == len(generators):
        return (np.zeros(0) if mapping is None else mapping), tried, int(mapping is not None)
    cursors = {fixed: iter(candidates[starts[fixed] : starts[fixed + 1]])}
    level = fixed
    while level >= fixed:
        image = next(cursors[level], None)
        if image is None:
            level -= 1
            continue
        images[level] = image
        if not plain_fits(source, target, generators, images, level, cells, target_cells):
            continue
        tried += 1
        if tried > budget:
            return np.zeros(0), tried, -1
        mapping = _partial(source, target, generators[: level + 1], images[: level + 1], cells, target_cells)
        if mapping is None:
            continue
        if level + 1 == len(generators):
            return mapping, tried, 1
        level += 1
        cursors[level] = iter(candidates[starts[level] : starts[level + 1]])
    return np.zeros(0), tried, 0


def plain_fits(
    source: np.ndarray,
    target: np.ndarray,
    generators: np.ndarray,
    images: np.ndarray,
    level: int,
    cells: np.ndarray,
    target_cells: np.ndarray,
) -> bool:
    """Whether products of two generators have the colours of their images, before whole subgroups are compared."""
    g, h, last, image = generators[:level], images[:level], generators[level], images[level]
    once = cells[source[g, last]] == target_cells[target[h, image]]
    twice = cells[source[source[g, g], last]] == target_cells[target[target[h, h], image]]
    return bool(once.all() and twice.all())


def _partial(
    source: np.ndarray,
    target: np.ndarray,
    generators: np.ndarray,
    images: np.ndarray,
    cells: np.ndarray,
    target_cells: np.ndarray,
) -> np.ndarray | None:
    """The map <g_1 .. g_i> -> target with these images, shape (n,), -1 outside; None if there is none.

    Nothing but 1 has the colour of 1, so a homomorphism that keeps colours is injective.
    """
    mapping = np.full(len(source), -1, dtype=np.int64)
    mapping[0] = 0
    frontier = np.zeros(1, dtype=np.int64)
    while frontier.size and len(generators):
        reached = []
        for g, h in zip(generators, images, strict=True):
            elements, found = source[g, frontier], target[h, mapping[frontier]]
            fresh = mapping[elements] < 0
            mapping[elements[fresh]] = found[fresh]
            if (mapping[elements] != found).any() or (cells[elements] != target_cells[found]).any():
                return None
            reached.append(elements[fresh])
        frontier = np.concatenate(reached).astype(np.int64)
    return mapping
