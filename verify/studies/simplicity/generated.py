"""Which groups many pairs of permutations generate: orders, derived subgroups, and whether they are simple.

Public: GeneratedGroups, generated_groups.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from grouptool import from_permutations
from grouptool.acceleration import use_compiled
from grouptool.group import TABLE_LIMIT
from grouptool.structure import is_simple

from .pairs import PairOrbits, cycle_counts

__all__ = ["GeneratedGroups", "generated_groups"]


@dataclass(frozen=True, eq=False)
class GeneratedGroups:
    """Of the groups G = <g1, g2> of m pairs.

    Attributes:
        orders: shape (m,), int64. derived_orders: shape (m,): of the derived subgroups G'.
        simple: shape (m,), bool.
    """

    orders: np.ndarray
    derived_orders: np.ndarray
    simple: np.ndarray

    @property
    def perfect(self) -> np.ndarray:
        """Shape (m,), bool: whether G = G'."""
        return np.asarray(self.orders == self.derived_orders)


def generated_groups(pairs: PairOrbits) -> GeneratedGroups:
    """The groups that pairs generate, by chains of stabilisers, without a Cayley table.

    A group is simple when its order is prime, or when it is perfect, acts faithfully on an orbit and has there no
    normal subgroup but 1 and itself (normal closures, ``grouptool.structure.is_simple``). Where a perfect group acts
    faithfully on no orbit, the kernel on an orbit that it moves is a normal subgroup between 1 and G.

    Cost: at most n^4 sifts of a permutation, compiled: n = 7 0.2 s, n = 8 2 s, n = 9 half a minute.
    """
    odd = cycle_counts(pairs.first).odd | cycle_counts(pairs.second).odd
    smallest = pairs.orbit_labels
    sizes = (smallest[:, :, None] == np.arange(pairs.points)).sum(axis=1)
    factorials = np.array([math.factorial(size) for size in range(pairs.points + 1)], dtype=np.int64)
    bounds = factorials[sizes].prod(axis=1)
    bounds = np.where(odd | (bounds == 1), bounds, bounds // 2)
    generators = np.stack([pairs.first, pairs.second], axis=1)
    orders = _orders(generators, generators[:, :0], bounds)
    derived = _orders(pairs.commutators[:, None], generators, orders)
    primes = [p for p in range(2, pairs.points + 1) if all(p % d for d in range(2, p))]
    simple = np.isin(orders, primes)
    known: dict[bytes, bool] = {}
    for i in np.flatnonzero((orders == derived) & (orders > 1)):
        faithful = _faithful_orbit(generators[i], smallest[i], int(orders[i]))
        if faithful is not None:
            simple[i] = _is_simple(faithful, int(orders[i]), known)
    return GeneratedGroups(orders, derived, simple)


def _orders(generators: np.ndarray, actors: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    if use_compiled(len(generators) * generators.shape[2] ** 4):
        from ._kernels import chain_orders

        return np.asarray(chain_orders(generators, actors, bounds))
    return np.array([plain_order(*one) for one in zip(generators, actors, strict=True)], dtype=np.int64)


def plain_order(generators: np.ndarray, actors: np.ndarray) -> int:
    """The order of the group that rows generate, closed under conjugation by the actors: elements, one after another.

    The twin of the kernel, for small groups.
    """
    identity = tuple(range(generators.shape[1]))
    rows = [tuple(row) for row in generators.tolist()]
    acting = [(tuple(row), tuple(np.argsort(row).tolist())) for row in actors]
    for row in rows:  # the list grows while it is read
        for actor, back in acting:
            image = tuple(actor[row[back[p]]] for p in identity)
            if image not in rows:
                rows.append(image)
    found, waiting = {identity}, [identity]
    while waiting:
        x = waiting.pop()
        for row in rows:
            y = tuple(row[p] for p in x)
            if y not in found:
                found.add(y)
                waiting.append(y)
    return len(found)


def _faithful_orbit(generators: np.ndarray, labels: np.ndarray, order: int) -> np.ndarray | None:
    """The generators on the smallest orbit on which the group acts faithfully, its points renamed; None without one."""
    found = None
    for label in np.unique(labels):
        points = np.flatnonzero(labels == label)
        if len(points) > 1 and (found is None or len(points) < found.shape[1]):
            restricted = np.searchsorted(points, generators[:, points])
            bound = np.array([order])
            if _orders(restricted[None], restricted[None, :0], bound)[0] == order:
                found = restricted
    return found


def _is_simple(generators: np.ndarray, order: int, known: dict[bytes, bool]) -> bool:
    """Whether a transitive perfect group is; of an alternating group one pair is asked, since all are one group.

    A_9 has no Cayley table here: that A_n is simple from n = 5 on is a theorem (Jordan).
    """
    points = generators.shape[1]
    alternating = 2 * order == math.factorial(points)  # the only subgroup of index 2 of S_n
    if alternating and order > TABLE_LIMIT:
        return True
    key = f"alternating {points}".encode() if alternating else generators.tobytes()
    if key not in known:
        known[key] = is_simple(from_permutations(generators))
    return known[key]
