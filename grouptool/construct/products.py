"""Direct and wreath products and semidirect products of cyclic groups, as blueprints.

Public: direct_product, direct_power, wreath_product, cyclic_semidirect.
"""

from __future__ import annotations

import math

import numpy as np

from ..errors import NotationError, TooLargeError
from ..group import TABLE_LIMIT, orbit_labels
from .blueprint import MAX_BITS, Blueprint, bounded_power

__all__ = ["cyclic_semidirect", "direct_power", "direct_product", "wreath_product"]

MAX_ENTRIES = 1 << 25
"""Points times generators of a product."""


def direct_product(factors: list[Blueprint]) -> Blueprint:
    """The direct product, on the disjoint union of the points of its factors; generators factor by factor."""

    def generators() -> np.ndarray:
        return _side_by_side([factor.generators() for factor in factors])

    return Blueprint(
        _times(*(factor.order for factor in factors)), sum(factor.degree for factor in factors), generators
    )


def direct_power(base: Blueprint, exponent: int) -> Blueprint:
    """The direct product of ``exponent`` copies, at least 1; that of the trivial group is the trivial group itself."""
    if base.order == 1:
        return base
    order = None if base.order is None else bounded_power(base.order, exponent)

    def generators() -> np.ndarray:
        return _side_by_side([base.generators()] * exponent)

    return Blueprint(order, base.degree * exponent, generators)


def wreath_product(base: Blueprint, top: Blueprint) -> Blueprint:
    """The wreath product on pairs (copy, point): each copy of ``base`` moves its points, ``top`` moves the copies.

    Generators: those of ``base`` in the first copy of each orbit of ``top``, then those of ``top``.
    """
    base_order = None if base.order is None else bounded_power(base.order, top.degree)

    def generators() -> np.ndarray:
        inner, outer = base.generators().astype(np.int64), top.generators().astype(np.int64)
        copies, points = np.arange(top.degree), np.arange(base.degree)
        firsts = np.unique(orbit_labels(outer, top.degree)).tolist()
        _refuse_wide(len(inner) * len(firsts) + len(outer), top.degree * base.degree)
        rows = []
        for copy in firsts:
            for image in inner:
                moved = np.tile(points, (top.degree, 1))
                moved[copy] = image
                rows.append((copies[:, None] * base.degree + moved).ravel())
        rows += [(image[:, None] * base.degree + points).ravel() for image in outer]
        return np.array(rows)

    return Blueprint(_times(base_order, top.order), base.degree * top.degree, generators)


def cyclic_semidirect(n: int, m: int) -> Blueprint:
    """``C_n : C_m`` where one action up to isomorphism is not trivial: a^n = b^m = 1, b^-1 a b = a^u.

    Units u of Z/n that generate the same subgroup give isomorphic groups, since every automorphism of a quotient of
    C_m lifts to C_m; so the actions are the cyclic subgroups of (Z/n)* of order dividing m.

    Raises:
        NotationError: no action but the trivial one, or several; the message lists them.
        TooLargeError: nm is above the limit for a table.
    """
    if n * m > TABLE_LIMIT:
        raise TooLargeError(f"C{n} : C{m} has {n * m:,} elements; the limit for a Cayley table is {TABLE_LIMIT:,}")
    actions: dict[frozenset[int], int] = {}
    for unit in range(2, n):
        if math.gcd(unit, n) == 1 and pow(unit, m, n) == 1:
            powers = {pow(unit, k, n) for k in range(m)}
            actions.setdefault(frozenset(powers), unit)
    if not actions:
        raise NotationError(f"C{n} : C{m} has only the trivial action; write C{n} x C{m}")
    if len(actions) > 1:
        listed = ", ".join(f"<a,b | a^{n}, b^{m}, b^-1*a*b*a^-{unit}>" for unit in actions.values())
        raise NotationError(f"C{n} : C{m} is ambiguous, {len(actions)} actions are not trivial; write one of {listed}")
    (unit,) = actions.values()

    def generators() -> np.ndarray:
        # C_m may act with a kernel, so b also turns m points of its own.
        i, j = np.arange(n), np.arange(m)
        a = np.concatenate(((i + 1) % n, n + j))
        b = np.concatenate(((i * unit) % n, n + (j + 1) % m))
        return np.array([a, b])

    return Blueprint(n * m, n + m, generators)


def _times(*orders: int | None) -> int | None:
    """The product of orders, None if one is not known; a lower bound once it has more than MAX_BITS digits."""
    product = 1
    for order in orders:
        if order is None:
            return None
        product = product * order if product.bit_length() <= MAX_BITS else product
    return product


def _side_by_side(blocks: list[np.ndarray]) -> np.ndarray:
    degree = sum(block.shape[1] for block in blocks)
    _refuse_wide(sum(map(len, blocks)), degree)
    rows, start = [], 0
    for block in blocks:
        padded = np.tile(np.arange(degree), (len(block), 1))
        padded[:, start : start + block.shape[1]] = block.astype(np.int64) + start
        rows.append(padded)
        start += block.shape[1]
    return np.concatenate(rows)


def _refuse_wide(count: int, degree: int) -> None:
    if count * degree > MAX_ENTRIES:
        raise TooLargeError(f"{count:,} generators on {degree:,} points pass the limit of {MAX_ENTRIES:,} images")
