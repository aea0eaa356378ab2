"""Linear maps between permutation representations: one weight for each orbit on pairs of points, counted four ways.

Public: OrderRow, base_size, count_by_burnside, count_by_characters, orbit_labels, solution_dimension, tensor_orders.

Conventions: x in R^N is a function on the points of N, (rho(g) x)[w] = x[w ^ g], so rho(a b) = rho(a) rho(b). W: R^N to
R^M commutes with G iff W[m ^ g, n ^ g] = W[m, n]. Source: Ravanbakhsh, Schneider, Poczos, Equivariance through
parameter-sharing (2017), read in abstract only; the rule is proved in one line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from grouptool.errors import BudgetSpentError
from grouptool.representations import permutation_representation
from grouptool.structure import GSet, conjugacy_classes, subgroup_lattice

__all__ = [
    "OrderRow",
    "base_size",
    "count_by_burnside",
    "count_by_characters",
    "orbit_labels",
    "solution_dimension",
    "tensor_orders",
]

UNKNOWNS = 1_000
"""Most unknowns of the linear system that is solved."""

PRIME = 2_147_483_629
BASE_BUDGET = 20_000


def orbit_labels(domain: GSet, codomain: GSet) -> np.ndarray:
    """Shape (|M|, |N|), int64: the orbit of each pair (m, n) of G on M x N, numbered by smallest pair.

    Raises:
        TooLargeError: more than 10^7 pairs. ValueError: the sets belong to two groups.
    """
    return (codomain * domain).orbit_of.reshape(len(codomain), len(domain))


def count_by_characters(domain: GSet, codomain: GSet) -> int:
    """The inner product <chi_M, chi_N> of permutation characters, the number of free weights; exact."""
    sizes = conjugacy_classes(domain.group).sizes
    total = sum(int(s) * int(a) * int(b) for s, a, b in zip(sizes, domain.character, codomain.character, strict=True))
    return total // domain.group.order


def count_by_burnside(domain: GSet, codomain: GSet) -> int:
    """(1/|G|) sum over all g of fix_M(g) fix_N(g), points traced one by one; exact."""
    fixed = [np.zeros(domain.group.order, dtype=np.int64) for _ in range(2)]
    for one, total in zip((domain, codomain), fixed, strict=True):
        for point in range(len(one)):
            total += one.trace(point) == point
    return int(fixed[0] @ fixed[1]) // domain.group.order


def solution_dimension(domain: GSet, codomain: GSet) -> int | None:
    """The dimension of {W: W rho_N(g) = rho_M(g) W for all generators g}, from the matrices; None above 1,000 unknowns.

    The rank is taken modulo a prime. Each row has at most one +1 and one -1, as an incidence matrix of a directed
    graph has, and these have the same rank over every field.
    """
    from flint import nmod_mat

    size = len(domain) * len(codomain)
    if size > UNKNOWNS:
        return None
    before, after = (permutation_representation(one).images.astype(np.int64) for one in (domain, codomain))
    # Row by row, vec(W rho) = (1 x rho^T) vec W, vec(rho W) = (rho x 1) vec W.
    rows = [np.kron(np.eye(len(codomain), dtype=np.int64), a.T) - np.kron(b, np.eye(len(domain), dtype=np.int64))
            for a, b in zip(before, after, strict=True)]  # fmt: skip
    if not rows:
        return size
    system = np.concatenate(rows) % PRIME
    return size - int(nmod_mat(len(system), size, system.ravel().tolist(), PRIME).rank())


@dataclass(frozen=True)
class OrderRow:
    """The D-tuples of points of a G-set N, as a hidden layer.

    Attributes:
        order: D. points: |N|^D. free_orbits: of them orbits whose stabiliser is the kernel of N, regular if N is
            faithful. weights: <chi_N^D, chi_N>, the free weights of a layer from N to N^D.
    """

    order: int
    points: int
    free_orbits: int
    weights: int


def tensor_orders(points: GSet) -> list[OrderRow] | None:
    """The rows for D = 1 to the least order with a free orbit, from the table of marks; None: too many subgroups.

    The marks of N^D are powers of those of N; the free orbits are what remains when the orbits with larger stabilisers
    are taken away. Exact. Cost: c^2 for each D, c classes of subgroups.
    """
    try:
        lattice = subgroup_lattice(points.group)
    except BudgetSpentError:
        return None
    table = lattice.table_of_marks
    marks = table[[lattice.class_of(one) for one in points.point_stabilizers]].sum(axis=0)
    kernel, rows = lattice.class_of(points.kernel), list[OrderRow]()
    sizes = conjugacy_classes(points.group).sizes
    while not rows or rows[-1].free_orbits == 0:
        order = len(rows) + 1
        # numbers of points all through, so they fit where the number of tuples does
        kind: Any = np.int64 if len(points) ** order < 2**62 else object
        orbits = _orbits_of_marks(table.astype(kind), marks.astype(kind) ** order)
        character = points.character.astype(object)
        weights = int((sizes * character ** (order + 1)).sum()) // points.group.order
        rows.append(OrderRow(order, len(points) ** order, int(orbits[kernel]), weights))
    return rows


def _orbits_of_marks(table: np.ndarray, marks: np.ndarray) -> np.ndarray:
    """Shape (c,): how many orbits are G/U_i, from the marks; the table is lower triangular."""
    left, found = marks.copy(), np.zeros_like(marks)
    for i in np.flatnonzero(marks)[::-1].tolist():
        if left[i]:
            found[i], rest = divmod(left[i], table[i, i])
            assert rest == 0, "these are no marks"
            left = left - found[i] * table[i]
    return found


def base_size(points: GSet, *, budget: int = BASE_BUDGET) -> int | None:
    """The least number of points that only the kernel fixes, by search; None when more than ``budget`` stabilisers.

    The stabilisers of D points are met level by level, one for each orbit of the stabiliser before. 0 for a trivial
    action. At most 1 + log2 of a point stabiliser's index over the kernel.
    """
    group, met = points.group, 0
    level = {group.whole.mask.tobytes(): group.whole}
    size = 0
    while all(one.order != points.kernel.order for one in level.values()):
        after = {}
        for one in level.values():
            steps = np.array([points.permutation(h) for h in one.generators]).reshape(-1, len(points))
            for orbit in GSet(group, steps).orbits:
                met += 1
                if met > budget:
                    return None
                inside = one & points.stabilizer(int(orbit[0]))
                if inside.order < one.order:
                    after[inside.mask.tobytes()] = inside
        level, size = after, size + 1
    return size
