"""Faithful permutation representations of least degree.

Public: minimal_permutation_degree, minimal_permutations.
"""

from __future__ import annotations

import heapq

import numpy as np

from ..group import Group
from .cosets import right_cosets
from .subgroups import SubgroupClass, SubgroupLattice, subgroup_lattice

__all__ = ["minimal_permutation_degree", "minimal_permutations"]


def minimal_permutation_degree(lattice: SubgroupLattice) -> int:
    """The least number of points that the group acts on faithfully."""
    return sum(one.index for one in _stabilizers(lattice)) or 1


def minimal_permutations(group: Group) -> np.ndarray:
    """Shape (n, degree): a faithful action of least degree, image lists of all elements.

    Raises:
        BudgetSpentError: the group has too many subgroups to list.
    """
    blocks, start = [], 0
    for one in _stabilizers(subgroup_lattice(group)):
        coset = right_cosets(group, one.representative)
        smallest = np.unique(coset, return_index=True)[1]
        blocks.append(coset[group.table[smallest]].T + start)  # row g: coset H x goes to H x g
        start += one.index
    return np.concatenate(blocks, axis=1) if blocks else np.zeros((1, 1), dtype=np.int64)


def _stabilizers(lattice: SubgroupLattice) -> list[SubgroupClass]:
    """Classes of point stabilisers, one an orbit, whose cores meet in 1 and whose indices have the least sum.

    A shortest path from G to 1 among normal subgroups: a step intersects with a core and costs the index (Dijkstra).
    """
    if lattice.group.order == 1:
        return []
    cheapest: dict[bytes, SubgroupClass] = {}
    for one in reversed(lattice.classes[:-1]):  # the largest subgroups, of least index, first
        core = np.bitwise_and.reduce(one.rows, axis=0)
        cheapest.setdefault(core.tobytes(), one)
    cores = np.array([np.frombuffer(key, dtype=np.uint64) for key in cheapest]).reshape(len(cheapest), -1)
    steps = list(cheapest.values())
    start, goal = lattice.bits[-1], lattice.bits[0]
    costs = {start.tobytes(): 0}
    came: dict[bytes, tuple[bytes, int]] = {}
    heap = [(0, start.tobytes())]
    while heap:
        cost, key = heapq.heappop(heap)
        if key == goal.tobytes():
            break
        if cost > costs[key]:
            continue
        for i, met in enumerate(cores & np.frombuffer(key, dtype=np.uint64)):
            reached, longer = met.tobytes(), cost + steps[i].index
            if longer < costs.get(reached, longer + 1):
                costs[reached] = longer
                came[reached] = (key, i)
                heapq.heappush(heap, (longer, reached))
    chosen: list[SubgroupClass] = []
    key = goal.tobytes()
    while key != start.tobytes():
        key, i = came[key]
        chosen.append(steps[i])
    return chosen
