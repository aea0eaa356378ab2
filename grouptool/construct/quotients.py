"""Quotients by normal subgroups, central products, and permutations of fewer points for groups that have a table.

Public: quotient_group, central_product, small_action.
"""

from __future__ import annotations

import math

import numpy as np

from ..errors import NotationError
from ..group import Group, Subgroup
from .automorphisms import automorphisms_within
from .permutations import from_permutations

__all__ = ["central_product", "quotient_group", "small_action"]

TRIALS = 60
"""Elements that the search for a core-free subgroup tries."""


def quotient_group(normal: Subgroup, name: str) -> Group:
    """The quotient G / N on few points; its generators are the images of those of G, in order.

    Raises:
        NotAGroupError: N is not normal; the message names a witness.
    """
    return from_permutations(small_action(normal.group / normal), name)


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
    centres = [group.whole.centralizer for group in (left, right)]
    for centre in centres:
        if not centre.is_cyclic:
            raise NotationError(
                f"{name}: the centre of {centre.group.name} is not cyclic, so the gluing is not determined"
            )
    d = math.gcd(*(centre.order for centre in centres))
    z, w = (_element_of_order(centre, d) for centre in centres)
    _check_one_gluing(left, z, right, w, d, name)
    *first, turn = _core_free(left).coset_action([*left.generators, z])
    *second, back = _core_free(right).coset_action([*right.generators, int(right.inverses[w])])
    pairs = np.arange(len(turn) * len(back))
    x, y = turned_x, turned_y = divmod(pairs, len(back))
    least = pairs
    for _ in range(d - 1):
        turned_x, turned_y = turn[turned_x], back[turned_y]
        least = np.minimum(least, turned_x * len(back) + turned_y)
    points = np.flatnonzero(least == pairs)
    number = np.searchsorted(points, least)
    x, y = x[points], y[points]
    rows = [number[image[x] * len(back) + y] for image in first]
    rows += [number[x * len(back) + image[y]] for image in second]
    return np.array(rows)


def small_action(group: Group) -> np.ndarray:
    """The group's generators as permutations, shape (s, m), of the cosets of a core-free subgroup found greedily.

    Never more points than elements; not always the fewest. Cost: a few dozen closures.
    """
    return _core_free(group).coset_action(group.generators)


def _core_free(group: Group) -> Subgroup:
    """A subgroup without a normal subgroup of G but 1, grown greedily by elements of large order."""
    found = group.trivial_subgroup
    trials = np.random.default_rng(0).permutation(np.arange(1, group.order))[:TRIALS]
    for x in trials[np.argsort(-group.element_orders[trials], kind="stable")]:
        if not found.mask[x]:
            larger = found | group.subgroup([int(x)])
            if larger.core.order == 1:
                found = larger
    return found


def _element_of_order(subgroup: Subgroup, order: int) -> int:
    orders = subgroup.group.element_orders[subgroup.elements]
    return int(subgroup.elements[np.argmax(orders == order)])


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
