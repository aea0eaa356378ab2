"""What an experiment is: everything that its result depends on.

Public: Experiment, MEMORISER, Progress.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from grouptool.construct import from_permutations
from grouptool.errors import GroupToolError
from grouptool.group import Group

from .recipes import RECIPES
from .task import Task, default_fraction, make_task

__all__ = ["MAX_ORDER", "MEMORISER", "Experiment", "Progress"]

Progress = Callable[[str, int, float], None]
"""Told a job's name, its steps done and its training loss (nats)."""

MEMORISER = "memoriser"
"""Name of the job that trains the control on shuffled answers."""

MAX_ORDER = 1_000
"""Largest order that is trained on: a million pairs."""


@dataclass(frozen=True)
class Experiment:
    """What is run: everything that the result depends on, and nothing else.

    Attributes:
        name: of the group. generators: image lists from 0, which fix the order of the elements.
        fraction: share of the pairs that are trained on. seeds: one network each.
        embedding, hidden: sizes of the network. recipe: name in ``verify.training.RECIPES``.
        steps: step budget in place of the recipe's; None keeps it. threads: of each training process.
    """

    name: str
    generators: tuple[tuple[int, ...], ...]
    fraction: float
    seeds: tuple[int, ...] = (0, 1, 2)
    embedding: int = 256
    hidden: int = 128
    recipe: str = "default"
    steps: int | None = None
    threads: int = 1

    @classmethod
    def on(cls, group: Group, *, fraction: float | None = None, **settings: Any) -> Experiment:
        """An experiment on a group, with the default share of training pairs for its order.

        Raises GroupToolError for groups of order 1 or above 1,000, and for a share outside (0, 1].
        """
        if not 2 <= group.order <= MAX_ORDER:
            raise GroupToolError(
                f"{group.name} has order {group.order:,}; networks are trained on orders 2 to {MAX_ORDER:,}"
            )
        share = default_fraction(group.order) if fraction is None else fraction
        if not 0 < share <= 1:
            raise GroupToolError(f"the train fraction {share} is outside 0 to 1")
        images = tuple(tuple(map(int, group.permutations[g])) for g in group.generators)
        return cls(group.name, images, share, **settings)

    @property
    def key(self) -> str:
        """A short digest of the experiment and its recipe; equal experiments share run folders."""
        content = {"experiment": asdict(self), "recipe": asdict(RECIPES[self.recipe])}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:10]

    @property
    def jobs(self) -> list[str]:
        """What is trained, each in a folder of its own: the memorising control and a network for each seed."""
        return [*(f"seed-{seed}" for seed in self.seeds), MEMORISER]

    def group(self) -> Group:
        """The group, elements in the order that the weights use."""
        return from_permutations(self.generators, self.name)

    def task(self, job: str, group: Group) -> Task:
        """The split that a job trains on; the control takes the first seed's."""
        return make_task(group, self.fraction, self.seeds[0] if job == MEMORISER else int(job.removeprefix("seed-")))
