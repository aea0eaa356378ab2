"""What an experiment is: everything that its result depends on.

Public: Experiment, MEMORISER, Progress.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal

from grouptool.construct import from_permutations
from grouptool.errors import GroupToolError
from grouptool.group import Group

from .architecture import Architecture, Network, Transformer
from .recipes import RECIPES, TRANSFORMER_RATES, Recipe, published_settings
from .task import Split, Task, default_fraction, make_task

__all__ = ["MAX_ORDER", "MEMORISER", "Experiment", "Progress"]

Progress = Callable[[str, int, float], None]
"""Told a job's name, its steps done and its training loss (nats)."""

MEMORISER = "memoriser"
"""Name of the job that trains the control on shuffled answers."""

MOST_MEMORISED = 20_000
"""Pairs whose shuffled answers the control is trained on, at most: it should not cost more than the networks beside."""

MAX_ORDER = 1_000
"""Largest order that is trained on: a million pairs."""


@dataclass(frozen=True)
class Experiment:
    """What is run: everything that the result depends on, and nothing else.

    Attributes:
        name: of the group. generators: image lists from 0, which fix the order of the elements.
        fraction: share of the pairs that are trained on. seeds: one network each.
        network: the architecture. recipe: how it is trained. steps: budget in place of the recipe's; None keeps it.
        threads: of each training process. split: ``random`` or ``unleaked``, see ``verify.task.make_task``.
        checkpoints: how many weights to keep on the way, at steps whose logarithms are evenly spaced.
        device: that trains; initial weights and splits are the same on each.
    """

    name: str
    generators: tuple[tuple[int, ...], ...]
    fraction: float
    seeds: tuple[int, ...] = (0, 1, 2)
    network: Network = field(default_factory=Architecture)
    recipe: Recipe = RECIPES["default"]
    steps: int | None = None
    threads: int = 1
    split: Split = "random"
    checkpoints: int = 0
    device: Literal["cpu", "cuda", "mps"] = "cpu"

    @classmethod
    def on(
        cls,
        group: Group,
        *,
        fraction: float | None = None,
        recipe: Recipe | str = "default",
        kind: str = "mlp",
        **settings: Any,
    ) -> Experiment:
        """An experiment on a group.

        Args:
            fraction: share of training pairs; by default the paper's for this group when the recipe is a paper's, else
                the recipe's, else the default for the order.
            recipe: one of ``RECIPES`` by name, or your own.
            kind: ``mlp``, ``product`` or ``transformer``.
            settings: other fields of an experiment, and those of ``Architecture`` or ``Transformer`` (embedding,
                hidden, activation, ...).

        Raises GroupToolError for groups of order 1 or above 1,000, for a share outside (0, 1], and for a summed and
        tied network on a group that is not abelian.
        """
        if not 2 <= group.order <= MAX_ORDER:
            raise GroupToolError(
                f"{group.name} has order {group.order:,}; networks are trained on orders 2 to {MAX_ORDER:,}"
            )
        chosen = RECIPES[recipe] if isinstance(recipe, str) else recipe
        made: type[Architecture] | type[Transformer] = Transformer if kind == "transformer" else Architecture
        names = {one.name for one in fields(made)}
        own = {name: settings.pop(name) for name in list(settings) if name in names}
        if kind == "product":
            own["activation"] = "product"
        if kind == "transformer":
            chosen = replace(chosen, learning_rate=TRANSFORMER_RATES.get(chosen.name, chosen.learning_rate))
        if row := published_settings(chosen.name, group, kind):
            start = row.initialisation or chosen.initialisation
            chosen = replace(chosen, fraction=row.fraction, max_steps=row.max_steps, initialisation=start)
            own = {"embedding": row.embedding, "hidden": row.hidden} | own
        share = fraction if fraction is not None else chosen.fraction
        share = default_fraction(group.order) if share is None else share
        if not 0 < share <= 1:
            raise GroupToolError(f"the train fraction {share} is outside 0 to 1")
        network = made(**own)
        if network.is_symmetric and not group.is_abelian:
            raise GroupToolError(
                f"a network with summed and tied embeddings cannot tell x y from y x, and {group.name} is not abelian; "
                "untie or concatenate them"
            )
        images = tuple(tuple(map(int, group.permutations[g])) for g in group.generators)
        return cls(group.name, images, share, network=network, recipe=chosen, **settings)

    @property
    def embedding(self) -> int:
        """Size of each embedding."""
        return self.network.embedding

    @property
    def hidden(self) -> int:
        """Number of hidden neurons."""
        return self.network.hidden

    @property
    def budget(self) -> int:
        """Most steps that a network may take."""
        return self.steps or self.recipe.longest

    @property
    def checkpoint_steps(self) -> frozenset[int]:
        """The steps after which weights are kept: 0 and up to ``checkpoints`` more, log-spaced from 1 to the budget."""
        if not self.checkpoints:
            return frozenset()
        exponents = [math.log(self.budget) * i / max(1, self.checkpoints - 1) for i in range(self.checkpoints)]
        return frozenset({0, *(round(math.exp(one)) for one in exponents)})

    @property
    def key(self) -> str:
        """A short digest of the experiment and its recipe; equal experiments share run folders."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:10]

    @property
    def jobs(self) -> list[str]:
        """What is trained, each in a folder of its own: the memorising control and a network for each seed."""
        return [*(f"seed-{seed}" for seed in self.seeds), MEMORISER]

    def group(self) -> Group:
        """The group, elements in the order that the weights use."""
        return from_permutations(self.generators, self.name)

    def task(self, job: str, group: Group) -> Task:
        """The split that a job trains on; the control has the first seed, and no more pairs than it can remember."""
        if job == MEMORISER:
            share = min(self.fraction, MOST_MEMORISED / group.order**2)
            return make_task(group, share, self.seeds[0], self.split)
        return make_task(group, self.fraction, int(job.removeprefix("seed-")), self.split)
