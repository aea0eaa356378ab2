"""Features whose stabilisers are known: the points of G/H for the classes of subgroups H, and random search for them.

Public: Atoms, atoms, waiting_times, stabilisers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from grouptool.errors import GroupToolError, TooLargeError
from grouptool.group import Group
from grouptool.structure import SubgroupClass, on_cosets, subgroup_lattice
from grouptool.structure.orbits import orbit_numbers

__all__ = ["Atoms", "atoms", "stabilisers", "waiting_times"]


@dataclass(frozen=True, eq=False)
class Atoms:
    """The disjoint union of G-sets G/H, one for each class of subgroups H whose index is small enough.

    Attributes:
        classes: of the subgroups H, by index: the smallest orbits first.
        orbit_of: shape (d,): the class of each point.
        images: shape (n, d): the image of each point under each element; a point is an indicator, an orthonormal atom.
    """

    group: Group
    classes: tuple[SubgroupClass, ...]
    orbit_of: np.ndarray
    images: np.ndarray

    def __len__(self) -> int:
        return len(self.orbit_of)

    @property
    def sizes(self) -> np.ndarray:
        """Shape (c,): the sizes |G : H| of the orbits."""
        return np.array([one.index for one in self.classes])

    def measure(self, kind: str) -> np.ndarray:
        """Shape (d,): the probability of each point: equal mass for each ``orbit``, or for each ``point``."""
        if kind == "point":
            return np.full(len(self), 1 / len(self))
        return np.asarray(1 / self.sizes[self.orbit_of] / len(self.classes))

    @cached_property
    def subgroup_orbits(self) -> list[tuple[SubgroupClass, np.ndarray]]:
        """For every subgroup of every class, its orbits on the points, shape (d,), largest subgroups first."""
        found = []
        for one in reversed(self.classes_of_all):
            for inside in one.conjugates:
                chosen = self.group.generating_set(inside)
                found.append((one, orbit_numbers(self.images[chosen], len(self))))
        return found

    @cached_property
    def classes_of_all(self) -> tuple[SubgroupClass, ...]:
        """All classes of subgroups, by order."""
        return self.classes[0].lattice.classes


def atoms(group: Group, largest: int, limit: int = 600) -> Atoms:
    """The points of all G/H with at most ``largest`` points, H up to conjugacy.

    Raises:
        BudgetSpentError: the group has too many subgroups. GroupToolError: there is only one such class.
        TooLargeError: more than ``limit`` points in all.
    """
    classes = tuple(sorted((one for one in subgroup_lattice(group).classes if one.index <= largest),
                           key=lambda one: one.index))  # fmt: skip
    if len(classes) < 2:
        raise GroupToolError(
            f"{group.name} has no orbit of 2 to {largest} points, so there is nothing to compare; raise --largest"
        )
    total = sum(one.index for one in classes)
    if total > limit:
        raise TooLargeError(
            f"the orbits of {group.name} of at most {largest} points have {total:,} points in all; the limit is "
            f"{limit}. Lower --largest."
        )
    images: list[np.ndarray] = []
    orbit_of: list[int] = []
    for number, one in enumerate(classes):
        start = len(orbit_of)
        images.append(on_cosets(one.subgroup).images + start)
        orbit_of += [number] * one.index
    return Atoms(group, classes, np.array(orbit_of), np.concatenate(images, axis=1))


def waiting_times(made: Atoms, trials: int, rng: np.random.Generator) -> np.ndarray:
    """Shape (c,): the mean number of random elements until one fixes a point of each orbit, over ``trials`` searches.

    Elements are drawn uniformly, with replacement, and asked for the first point of each orbit.
    """
    means = []
    for number, size in enumerate(made.sizes.tolist()):
        point = int(np.argmax(made.orbit_of == number))
        fixes = made.images[:, point] == point
        found, drawn = 0, 0
        while found < trials:  # the draws of one search follow those of the one before
            hits = np.flatnonzero(fixes[rng.integers(0, made.group.order, (trials - found) * size)])
            if len(hits) >= trials - found:
                drawn += int(hits[trials - found - 1]) + 1
                found = trials
            else:
                drawn += (trials - found) * size
                found += len(hits)
        means.append(drawn / trials)
    return np.array(means)


def stabilisers(made: Atoms, weights: np.ndarray, share: float = 0.95) -> list[SubgroupClass]:
    """For each row of weights, shape (k, d), the class of a largest subgroup whose average keeps ``share`` of it.

    The average over H is the mean over the orbits of H; its squared norm over the row's own says how much H fixes.
    """
    norms = (weights**2).sum(axis=1)
    answer: list[SubgroupClass | None] = [None] * len(weights)
    for one, orbits in made.subgroup_orbits:
        counts = np.bincount(orbits)
        sums = np.zeros((len(weights), len(counts)))
        np.add.at(sums.T, orbits, weights.T)
        kept = (sums**2 / counts).sum(axis=1) >= share * norms
        for row in np.flatnonzero(kept):
            if answer[row] is None:
                answer[row] = one
    return [made.classes_of_all[0] if one is None else one for one in answer]
