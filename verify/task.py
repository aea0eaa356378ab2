"""The learning task: all pairs (x, y) -> xy of a group, split at random into training and test pairs.

Public: Task, Split, make_task, default_fraction, shuffled_answers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from grouptool.group import Group

__all__ = ["Split", "Task", "default_fraction", "make_task", "shuffled_answers"]


Split = Literal["random", "unleaked"]


@dataclass(frozen=True, eq=False)
class Task:
    """A split of the n^2 pairs of a group.

    Attributes:
        train: shape (n, n), bool; ``train[x, y]`` says that the pair (x, y) is trained on.
        seed: of the split.
    """

    group: Group
    train: np.ndarray
    seed: int

    @property
    def fraction(self) -> float:
        """Share of the pairs that are trained on."""
        return float(self.train.mean())

    @property
    def unleaked_test(self) -> np.ndarray:
        """Shape (n, n), bool: the test pairs whose answer cannot be read off a commuting training pair.

        When x y = y x and (y, x) is trained on, a network that treats both inputs alike has seen the answer.
        """
        commuting = self.group.table == self.group.table.T
        return np.asarray(~self.train & ~(commuting & self.train.T))


def default_fraction(order: int) -> float:
    """The share of pairs to train on: 0.4 from order 100, more for smaller groups, at most 0.9.

    4 / sqrt(n) keeps the number of training pairs for each element growing with sqrt(n); below it small groups
    memorise (measured: at orders 7 to 24 generalisation needs 0.8 and more).
    """
    return min(0.9, max(0.4, 4 / math.sqrt(order)))


def make_task(group: Group, fraction: float, seed: int, split: Split = "random") -> Task:
    """A random split of the n^2 pairs.

    Args:
        split: ``random``: uniform, with ``round(fraction n^2)`` training pairs, at least one. ``unleaked``: (x, y) and
            (y, x) stay together where x and y commute, so that no answer of a test pair can be read off its partner;
            one training pair less where the last two would be one too many.
    """
    n, pairs = group.order, group.order**2
    wanted = max(1, round(fraction * pairs))
    rng = np.random.default_rng([seed, 0])
    train = np.zeros(pairs, dtype=bool)
    if split == "random":
        train[rng.permutation(pairs)[:wanted]] = True
        return Task(group, train.reshape(n, n), seed)
    place = np.arange(pairs).reshape(n, n)
    key = np.where(group.table == group.table.T, np.minimum(place, place.T), place).ravel()
    together, sizes = np.unique(key, return_counts=True)
    order = rng.permutation(len(together))
    chosen = together[order][: max(1, int(np.searchsorted(np.cumsum(sizes[order]), wanted, side="right")))]
    return Task(group, np.isin(key, chosen).reshape(n, n), seed)


def shuffled_answers(group: Group, train: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Shape (n, n): the table with the answers of the training pairs shuffled among them; only memory can fit it."""
    answers = group.table.astype(np.int64)
    answers[train] = rng.permutation(answers[train])
    return answers
