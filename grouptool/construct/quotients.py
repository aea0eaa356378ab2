"""Quotients by normal subgroups, central products, and permutations of fewer points for groups that have a table.

Public: quotient_group, central_product, centre, normal_closure, small_action.
"""

from __future__ import annotations

import math

import numpy as np

from ..errors import NotAGroupError, NotationError
from ..group import Group
from .automorphisms import automorphisms_within
from .permutations import from_permutations

__all__ = ["central_product", "centre", "normal_closure", "quotient_group", "small_action"]

TRIALS = 60
"""Elements that the search for a core-free subgroup tries."""


def quotient_group(group: Group, members: np.ndarray, name: str | None = None) -> Group:
    """The quotient G / N; its generators are the images of those of G, in order.

    Args:
        members: the elements of N, indices or a mask of shape (n,), bool.
        name: by default "(G) / N" with the order of N.

    Returns:
        The quotient, permuting the cosets in G of a subgroup with core N; see ``small_action``.

    Raises:
        NotAGroupError: the elements are no subgroup, or not a normal one; the message names a witness.
    """
    inside = _as_mask(group, members)
    _check_normal(group, inside)
    images = _images_of_generators(group, _cosets_over(group, inside))
    return from_permutations(images, name or f"({group.name}) / N, N of order {int(inside.sum())}")


def central_product(left: Group, right: Group, name: str) -> np.ndarray:
    """Generators of ``left`` and then of ``right`` in their central product.

    The subgroups of order d of the two centres are made one, where d is the greatest common divisor of the orders of
    the centres, which must be cyclic. There is one way to do so, up to isomorphism, when automorphisms of the two
    factors induce all automorphisms of that subgroup: as for d up to 2, or when a factor is cyclic.

    Returns:
        Image lists. The points are pairs of cosets of core-free subgroups, up to z^i on the left and z^-i on the
        right; that action is faithful, since a normal subgroup in its kernel commutes with both factors.

    Raises:
        NotationError: a centre that is not cyclic, or several ways to glue.
    """
    centres = [centre(group) for group in (left, right)]
    for group, members in zip((left, right), centres, strict=True):
        if group.element_orders[members].max() < members.sum():
            raise NotationError(f"{name}: the centre of {group.name} is not cyclic, so the gluing is not determined")
    d = math.gcd(*(int(members.sum()) for members in centres))
    z, w = (_element_of_order(group, members, d) for group, members in zip((left, right), centres, strict=True))
    _check_one_gluing(left, z, right, w, d, name)
    first, second = (_cosets_over(group, group.closure([])) for group in (left, right))
    pairs = np.arange(first.count * second.count)
    x, y = pairs // second.count, pairs % second.count
    least = pairs
    turned_x, turned_y = x, y
    for _ in range(d - 1):
        turned_x, turned_y = first.image(z)[turned_x], second.image(int(right.inverses[w]))[turned_y]
        least = np.minimum(least, turned_x * second.count + turned_y)
    points = np.flatnonzero(least == pairs)
    number = np.searchsorted(points, least)
    x, y = x[points], y[points]
    rows = [number[first.image(g)[x] * second.count + y] for g in left.generators]
    rows += [number[x * second.count + second.image(g)[y]] for g in right.generators]
    return np.array(rows)


def centre(group: Group) -> np.ndarray:
    """Shape (n,), bool: the elements that commute with all."""
    chosen = list(group.generators)
    return np.asarray((group.table[:, chosen] == group.table[chosen].T).all(axis=1))


def normal_closure(group: Group, elements: list[int]) -> np.ndarray:
    """Shape (n,), bool: the smallest normal subgroup that contains some elements."""
    inside = group.closure(elements)
    while True:
        own = group.generating_set(inside)
        conjugates = {int(group.conjugation(g)[x]) for g in group.generators for x in own}
        if all(inside[x] for x in conjugates):
            return inside
        inside = group.closure([*own, *conjugates])


def small_action(group: Group) -> np.ndarray:
    """The group's generators as permutations, shape (s, m), of the cosets of a core-free subgroup found greedily.

    Never more points than elements; not always the fewest. Cost: a few dozen closures.
    """
    return _images_of_generators(group, _cosets_over(group, group.closure([])))


class _Cosets:
    """The right cosets of a subgroup, and how elements permute them."""

    def __init__(self, group: Group, inside: np.ndarray) -> None:
        self.group = group
        self.labels, self.representatives = _right_cosets(group, inside)
        self.count = len(self.representatives)

    def image(self, element: int) -> np.ndarray:
        """Shape (m,): the coset U x goes to U x g."""
        return np.asarray(self.labels[self.group.table[self.representatives, element]])


def _right_cosets(group: Group, inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The number of each element's coset U x, shape (n,), and the least element of each coset, in order."""
    members = np.flatnonzero(inside)
    labels = np.full(group.order, -1, dtype=np.int64)
    representatives: list[int] = []
    for x in range(group.order):
        if labels[x] < 0:
            labels[group.table[members, x]] = len(representatives)
            representatives.append(x)
    return labels, np.array(representatives)


def _images_of_generators(group: Group, cosets: _Cosets) -> np.ndarray:
    return np.array([cosets.image(g) for g in group.generators]).reshape(len(group.generators), -1)


def _cosets_over(group: Group, kernel: np.ndarray) -> _Cosets:
    """The cosets of a subgroup whose core is a given normal subgroup, grown greedily by elements of large order."""
    inside = kernel
    size = int(kernel.sum())
    orders = group.element_orders
    rng = np.random.default_rng(0)
    trials = rng.permutation(np.arange(1, group.order))[:TRIALS]
    for x in trials[np.argsort(-orders[trials], kind="stable")]:
        if not inside[x]:
            larger = group.closure([*group.generating_set(inside), int(x)])
            if not larger.all() and _core(group, larger).sum() == size:
                inside = larger
    return _Cosets(group, inside)


def _core(group: Group, inside: np.ndarray) -> np.ndarray:
    """The largest normal subgroup in a subgroup: elements leave as long as a conjugate is outside."""
    core = inside
    while True:
        smaller = core.copy()
        for g in group.generators:
            smaller &= core[group.conjugation(g)]
        if np.array_equal(smaller, core):
            return core
        core = smaller


def _as_mask(group: Group, members: np.ndarray) -> np.ndarray:
    chosen = np.asarray(members)
    if chosen.dtype == bool:
        return chosen
    inside = np.zeros(group.order, dtype=bool)
    inside[chosen] = True
    return inside


def _check_normal(group: Group, inside: np.ndarray) -> None:
    if inside.shape != (group.order,) or not np.array_equal(group.closure(np.flatnonzero(inside)), inside):
        raise NotAGroupError(f"the {int(inside.sum())} elements to divide {group.name} by are not a subgroup")
    for g in group.generators:
        outside = np.flatnonzero(inside & ~inside[group.conjugation(g)])
        if outside.size:
            raise NotAGroupError(
                f"the subgroup to divide {group.name} by is not normal: it contains {group.cycles(int(outside[0]))} "
                f"but not its conjugate by {group.cycles(g)}"
            )


def _element_of_order(group: Group, members: np.ndarray, order: int) -> int:
    return int(np.flatnonzero(members & (group.element_orders == order))[0])


def _check_one_gluing(left: Group, z: int, right: Group, w: int, d: int, name: str) -> None:
    units = {k for k in range(1, d + 1) if math.gcd(k, d) == 1}
    induced = _induced(left, z, d)
    if len(induced) < len(units):
        induced = {a * b % d for a in induced for b in _induced(right, w, d)}
    if len(induced) < len(units):
        raise NotationError(
            f"{name}: the centres share a cyclic group of order {d}, which may be glued in several ways; "
            "give permutations or a presentation"
        )


def _induced(group: Group, z: int, d: int) -> set[int]:
    """Exponents k such that some automorphism sends z, of order d in the centre, to z^k; not all if that is hard."""
    units = {k % d for k in range(1, d + 1) if math.gcd(k, d) == 1}
    if d <= 2 or group.element_orders.max() == group.order:
        return units
    own = automorphisms_within(group)
    images = {z} if own is None else set(own.images[:, z].tolist())
    return {k for k in units if int(group.powers(k, np.array([z]))[0]) in images}
