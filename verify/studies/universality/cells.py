"""The networks that the study trains: groups, kinds, recipes and seeds, each cell in a run folder of its own.

Public: PAPERS, Cell, Universality, made_cells, made_groups.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from grouptool import group
from grouptool.errors import GroupToolError
from grouptool.group import Group

from ...groupdata import GroupData
from ...jobs import train_all
from ...plan import Experiment
from ...recipes import RECIPES
from ...runs import folder_name
from ..study import Settings, Workshop, option
from .measures import Network, measure
from .published import KEY_SEEDS, counts_for

__all__ = ["PAPERS", "Cell", "Universality", "made_cells", "made_groups"]

PUBLISHED_GROUPS = ("C113", "C118", "D59", "D61", "S5", "A5")
PAPERS = "published"
LEARNED = 99.9
"""Percent of all products from which a network has learned the table."""


@dataclass(frozen=True)
class Universality(Settings):
    """What is trained: every group with every kind of network and every recipe, ``seeds`` times."""

    seed: int = option(1, "The first seed.", least=0)
    groups: tuple[str, ...] = option(("A5",), "The groups; with --full the six of the paper by default.")
    seeds: int = option(0, "Networks of each kind on each group; 0: 4, with --full as many as published.", least=0)
    recipes: tuple[str, ...] = option((), "Recipes; with --full default and published, else default.")
    networks: tuple[str, ...] = option((), "mlp, transformer; with --full both, else mlp.")


@dataclass(frozen=True, eq=False)
class Cell:
    """The networks of one group, kind and recipe.

    Attributes:
        seeds: of the networks that learned the table, which are those that are compared. tried: how many were trained.
    """

    data: GroupData
    kind: str
    recipe: str
    tried: int
    seeds: tuple[int, ...]
    networks: tuple[Network, ...]
    measured: tuple[Mapping[str, Any], ...]

    @property
    def name(self) -> str:
        return self.data.group.name

    def values(self, figure: str) -> list[float]:
        """A figure of every network that has it."""
        return [row[figure] for row in self.measured if row.get(figure) is not None]

    def mean(self, figure: str) -> float | None:
        """Its mean, of losses as the papers take it too."""
        values = self.values(figure)
        return statistics.fmean(values) if values else None


def made_cells(settings: Universality, workshop: Workshop) -> list[Cell]:
    """Train what is missing and measure all of it."""
    return [
        _cell(made, kind, recipe, settings, workshop)
        for made in made_groups(settings)
        for kind in _kinds(settings)
        for recipe in _recipes(settings)
    ]


def made_groups(settings: Universality) -> list[Group]:
    """The groups that are asked for. Raises GroupToolError, for an unknown recipe or kind of network too."""
    names = PUBLISHED_GROUPS if settings.full and settings.groups == ("A5",) else settings.groups
    if not names:
        raise GroupToolError("no group was given; name some with --groups S3,A5")
    if wrong := [name for name in _recipes(settings) if name not in RECIPES]:
        raise GroupToolError(f"{wrong[0]!r} is no recipe; choose of {', '.join(RECIPES)}")
    if wrong := [name for name in _kinds(settings) if name not in ("mlp", "transformer")]:
        raise GroupToolError(f"{wrong[0]!r} is no kind of network here; choose of mlp, transformer")
    return [group(name) for name in names]


def _recipes(settings: Universality) -> tuple[str, ...]:
    return settings.recipes or (("default", PAPERS) if settings.full else ("default",))


def _kinds(settings: Universality) -> tuple[str, ...]:
    return settings.networks or (("mlp", "transformer") if settings.full else ("mlp",))


def _cell(made: Group, kind: str, recipe: str, settings: Universality, workshop: Workshop) -> Cell:
    count = settings.seeds or (KEY_SEEDS if settings.full and recipe != PAPERS and kind == "mlp" and counts_for(made)
                               else 4)  # fmt: skip
    seeds = tuple(range(settings.seed, settings.seed + count))
    experiment = Experiment.on(made, recipe=recipe, kind=kind, seeds=seeds)
    name = folder_name(made.name, kind, recipe, str(seeds[0]), str(seeds[-1])).removeprefix("runs/")
    folder = workshop.folder.inside("experiments").inside(name)
    folder.claim(asdict(experiment) | {"key": experiment.key}, "experiment")
    workshop.say(f"training {name}")
    train_all(experiment, folder, workshop.processes, lambda job, step, _: workshop.say(f"{name} {job}: step {step}"))
    data = GroupData(experiment.group())
    learned: dict[int, tuple[Network, dict[str, Any]]] = {}
    for seed in seeds:
        workshop.say(f"measuring {name}: seed {seed}")
        place = folder.inside(f"seed-{seed}")
        task = experiment.task(f"seed-{seed}", data.group)
        network = Network(data, task, place.read_arrays("weights.safetensors"), experiment.network.activation)
        row = measure(network) | {"seed": seed, "steps": place.read_json("training.json")["steps"]}
        if row["accuracy"] >= LEARNED:
            learned[seed] = network, row
    networks, measured = (one for one, _ in learned.values()), (row for _, row in learned.values())
    return Cell(data, kind, recipe, count, tuple(learned), tuple(networks), tuple(measured))
