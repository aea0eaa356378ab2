"""Direct products, powers, and semidirect products of cyclic groups, as blueprints.

Public: direct_product, cyclic_semidirect.
"""

from __future__ import annotations

import math

import numpy as np

from ..errors import NotationError, TooLargeError
from ..group import TABLE_LIMIT
from .families import Blueprint

__all__ = ["cyclic_semidirect", "direct_product"]

FAR_ABOVE = 10**30
"""Orders are multiplied out up to here; any limit is far below."""


def direct_product(factors: list[Blueprint]) -> Blueprint:
    """The direct product, on the disjoint union of the points of its factors."""

    def generators() -> np.ndarray:
        blocks = [factor.generators() for factor in factors]
        degrees = [block.shape[1] for block in blocks]
        offsets = np.cumsum([0, *degrees])
        rows = []
        for block, start, degree in zip(blocks, offsets[:-1], degrees, strict=True):
            padded = np.tile(np.arange(offsets[-1]), (len(block), 1))
            padded[:, start : start + degree] = block.astype(np.int64) + start
            rows.append(padded)
        return np.concatenate(rows)

    order = 1
    for factor in factors:
        order = min(order * factor.order, FAR_ABOVE)
    return Blueprint(order, generators)


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

    return Blueprint(n * m, generators)
