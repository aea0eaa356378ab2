"""Data regime: the share of the pairs from which groups of one order are learned. Are quaternionic ones last?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np

from grouptool import group, identify
from grouptool.catalog.library import LARGEST_ORDER, library_records, small_group
from grouptool.errors import GroupToolError
from grouptool.group import Group
from grouptool.representations.characters import character_table

from ..evidence import Criterion, Evidence, Verdict
from ..plan import Experiment
from ..recipes import RECIPES
from .study import Findings, Picture, Settings, Table, Workshop, option, study

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["DataRegime", "rank_test"]

LEARNED = 0.95
"""Accuracy on unleaked test pairs from which a network has learned more than it was shown."""
SHARES = {False: ("0.6", "0.8"), True: ("0.4", "0.5", "0.6", "0.7", "0.8")}
LINE = 0.04
"""Height of a line of labels in the picture, as an accuracy: groups that end within one share it."""
MOST_GROUPS = 40
MOST_SUBSETS = 2_000_000


@dataclass(frozen=True)
class DataRegime(Settings):
    """Every group, share and seed is one training."""

    order: int = option(16, "Order whose non-abelian groups are compared; with --full 24 by default.", least=6)
    groups: tuple[str, ...] = option((), "Groups of one order, in place of all non-abelian ones of --order.")
    shares: tuple[str, ...] = option((), "Shares of the pairs to train on; 0.6,0.8, with --full 0.4 to 0.8.")
    seeds: int = option(0, "Networks for each group and share; 0: 2, with --full 4.", least=0)
    steps: int = option(0, "Step budget of each; 0: 1,500, with --full 5,000.", least=0)
    recipe: str = option("default", "How they are trained.", choices=tuple(RECIPES))


LAST = Criterion(
    "quaternionic-last",
    "groups with a quaternionic representation are learned less well at equal shares than the others of their order: "
    "share of all choices of as many groups with a mean rank as low",
    "a 2026 pilot on eight groups of order 24, p = 1/56, which its author labels a pilot",
    0.05,
    0.5,
    "lower",
)


NOTE = (
    f"Accuracy on test pairs whose commuting partner was not trained on, mean over shares and seeds; learned from "
    f"{LEARNED:.0%} of them. Types of irreducible representations: R, C, H."
)
SHOWN = (
    "Unleaked test accuracy of each group against the share of pairs trained on, mean over seeds; groups with a "
    "quaternionic representation in red."
)


def predict(_: Group | None, settings: DataRegime) -> dict[str, Any]:
    """Which groups the pilot's statement says come last."""
    return {
        "groups": [
            {"group": one.name, "structure": identify(one).description or "", "types": _types(one)}
            for one in _groups(settings)
        ]
    }


def _groups(settings: DataRegime) -> list[Group]:
    if settings.groups:
        made = [group(name) for name in settings.groups]
    else:
        order = 24 if settings.full and settings.order == 16 else settings.order
        if order > LARGEST_ORDER:
            raise GroupToolError(f"order {order} is beyond the library, which ends at {LARGEST_ORDER}; name --groups")
        every = (small_group(record.order, record.index) for record in library_records(order))
        made = [one for one in every if not one.is_abelian]
    if len({one.order for one in made}) != 1 or not 2 <= len(made) <= MOST_GROUPS:
        orders = sorted({one.order for one in made})
        raise GroupToolError(
            f"{len(made)} groups of orders {orders}; 2 to {MOST_GROUPS} groups of one order are compared"
        )
    return made


def _described(one: Group) -> dict[str, str]:
    return {"group": one.name, "structure": identify(one).description or "", "types": _types(one)}


def _types(one: Group) -> str:
    """The types of its irreducible representations, as R, C, H."""
    indicators = set(character_table(one).indicators.tolist())
    return "".join(letter for letter, sign in (("R", 1), ("C", 0), ("H", -1)) if sign in indicators)


@study(
    "data-regime",
    title="How many pairs a group takes",
    source="leaked pairs and critical shares as in 2026 reproductions; exact rank test",
    settings=DataRegime,
    about="none",
    example="--groups D4,Q8 --shares 0.8 --seeds 1 --steps 100",
    predict=predict,
)
def examine(_: Group | None, settings: DataRegime, predictions: dict[str, Any], workshop: Workshop) -> Findings:
    """Train every group at every share; rank the groups by their accuracy on unleaked test pairs."""
    shares = tuple(
        map(_share, settings.shares or (("0.4", "0.5", "0.6", "0.7", "0.8") if settings.full else ("0.6", "0.8")))
    )
    groups = _groups(settings)
    results = {one.name: _trained(one, shares, settings, workshop) for one in groups}
    quaternionic = [row["group"] for row in predictions["groups"] if "H" in row["types"]]
    means = {name: float(np.mean([row["accuracy"] for row in rows])) for name, rows in results.items()}
    found = _judged(means, quaternionic, first=False)
    control = _judged(means, quaternionic, first=True)
    rows = [
        {
            "group": row["group"],
            "structure": row["structure"],
            "types": row["types"],
            "mean accuracy": round(means[row["group"]], 4),
        }
        | {f"learned at {share:g}": _learned(results[row["group"]], share) for share in shares}
        for row in sorted(predictions["groups"], key=lambda row: -means[row["group"]])
    ]
    picture = Picture("shares", "Accuracy by share", SHOWN, lambda: _draw(results, quaternionic))
    sentence = _sentence(groups, quaternionic, means, found)
    tables = (Table("Groups, the easiest first", rows, NOTE),)
    return Findings(sentence, (found,), (control,), tables, (picture,), {"trainings": results})


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < 1:
        raise GroupToolError(f"the share {text!r} is not a number between 0 and 1")
    return value


def _trained(one: Group, shares: Sequence[float], settings: DataRegime, workshop: Workshop) -> list[dict[str, Any]]:
    """One row for each share and seed; a group that is done is taken from the run folder."""
    name = "trained-" + "".join(c if c.isalnum() else "_" for c in one.name) + ".json"
    if workshop.folder.has(name):
        rows: list[dict[str, Any]] = workshop.folder.read_json(name)
        return rows
    import torch

    from ..training import TrainingState, train

    torch.set_num_threads(1)
    steps = settings.steps or (5_000 if settings.full else 1_500)
    rows = []
    for share in shares:
        for seed in range(settings.seed, settings.seed + (settings.seeds or (4 if settings.full else 2))):
            workshop.say(f"{one.name}: share {share:g}, seed {seed}")
            experiment = Experiment.on(one, fraction=share, recipe=settings.recipe, seeds=(seed,))
            recipe = replace(experiment.recipe, max_steps=steps, total_steps=steps)
            state = TrainingState.start(experiment.network, one.order, recipe, seed)
            train(experiment.task(f"seed-{seed}", one), state)
            last = state.history[-1]
            accuracies = {"accuracy": last["unleaked_test_accuracy"], "train_accuracy": last["train_accuracy"]}
            rows.append({"share": share, "seed": seed, "steps": state.step} | accuracies)
    workshop.folder.write_json(name, rows)
    return rows


def _judged(means: Mapping[str, float], quaternionic: Sequence[str], *, first: bool) -> Evidence:
    """The rank test; ``first`` turns the statement round."""
    others = [name for name in means if name not in quaternionic]
    if not quaternionic or not others:
        return Evidence(
            LAST, None, {}, {}, "the groups are all of one kind, with or without quaternionic representations"
        )
    values = {name: -mean if first else mean for name, mean in means.items()}
    p = rank_test([values[name] for name in quaternionic], [values[name] for name in others])
    if p is None:
        return Evidence(LAST, None, {}, {}, f"more than {MOST_SUBSETS:,} choices of as many groups")
    return Evidence(LAST, p, {}, {"quaternionic": list(quaternionic), "reversed": first})


def rank_test(low: Sequence[float], others: Sequence[float]) -> float | None:
    """The share of all choices of as many values that have a rank sum at most that of ``low``.

    One-sided and exact (Wilcoxon 1945), ties at their middle rank; None for more than two million choices.
    """
    values = np.array([*low, *others])
    if comb(len(values), len(low)) > MOST_SUBSETS:
        return None
    ranks = np.array([(values < value).sum() + ((values == value).sum() + 1) / 2 for value in values])
    sums = np.array([ranks[list(chosen)].sum() for chosen in combinations(range(len(values)), len(low))])
    return float((sums <= ranks[: len(low)].sum() + 1e-9).mean())


def _learned(rows: Sequence[Mapping[str, Any]], share: float) -> str:
    mine = [row["accuracy"] >= LEARNED for row in rows if row["share"] == share]
    return f"{sum(mine)} of {len(mine)}"


def _sentence(groups: Sequence[Group], quaternionic: Sequence[str], means: Mapping[str, float], found: Evidence) -> str:
    order, easiest = groups[0].order, max(means, key=lambda name: means[name])
    said = (
        f"Of {len(groups)} groups of order {order}, {easiest} is learned best ({means[easiest]:.0%} of unleaked pairs)"
    )
    if found.score is None:
        return f"{said}; {found.reason}."
    words: dict[Verdict, str] = {
        "holds": "come last",
        "fails": "do not come last",
        "undecided": "cannot be told from the rest",
    }
    whose = f"the {len(quaternionic)} with quaternionic representations"
    return f"{said}; {whose} {words[found.verdict]} (p = {found.score:.3f})."


def _draw(results: Mapping[str, Sequence[Mapping[str, Any]]], quaternionic: Sequence[str]) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.6, 4), layout="constrained")
    axes = figure.subplots()
    ends: dict[float, list[str]] = {}
    for name, rows in results.items():
        shares = sorted({row["share"] for row in rows})
        means = [float(np.mean([row["accuracy"] for row in rows if row["share"] == share])) for share in shares]
        marked = name in quaternionic
        axes.plot(shares, means, marker="o", markersize=4, color="#c8553d" if marked else "#9aa5b1", zorder=2 + marked)
        ends.setdefault(round(means[-1] / LINE) * LINE, []).append(name)
    for height, names in ends.items():
        axes.annotate(", ".join(names), (shares[-1], height), xytext=(6, 0), textcoords="offset points", fontsize=7,
                      va="center", annotation_clip=False)  # fmt: skip
    axes.set(xlabel="share of the pairs trained on", ylabel="accuracy on unleaked test pairs", ylim=(-0.03, 1.05))
    axes.margins(x=0.05)
    axes.spines[["top", "right"]].set_visible(False)
    return figure
