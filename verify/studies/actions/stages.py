"""The two stages of the study: what is trained on samples, and what is measured of it.

Public: Choice, Measured, Trained, measure, train.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from grouptool.errors import NoEvidenceError
from grouptool.group import Group
from grouptool.representations import CharacterTable, character_table

from . import Actions, expect_dimension, wrong_base
from .bases import Base, base, base_of, multiplicities_from_traces
from .fitting import Fit, Samples, fit, free_fit, linear_maps, plant, read_samples, start
from .measures import Law, character_at, compose, displacements, imbalance, law, volume_error
from .modules import CouplingKind, Flow, NeuralAction, PlainNetwork

if TYPE_CHECKING:
    from torch import nn

__all__ = ["Choice", "Measured", "Trained", "measure", "train"]

BENT = 3.0
"""Factor of the last layers of flows with random weights, so that an affine one changes volume where it can."""
POINTS = 100
LEAST_SAMPLES, LEAST_STEPS = 1_000, 300
FULL_SAMPLES, FULL_STEPS = 4_000, 2_500
SHUFFLES = 8
"""One alone may happen upon the base: C2 on a line has two bases only."""


@dataclass(frozen=True, eq=False)
class Choice:
    """What the samples alone say, with no base given.

    Attributes:
        counts: multiplicities of the base, shape (c,), or None, and why. gap: how far estimates were from them.
        maps: shape (n, d, d); traces: shape (k,); flow: of ``free_fit``, None when it could not be made.
    """

    counts: np.ndarray | None
    gap: float | None
    why: str
    maps: np.ndarray | None
    traces: np.ndarray | None
    flow: Flow | None


@dataclass(frozen=True, eq=False)
class Trained:
    """The first stage.

    Attributes:
        samples, given, truth: what was sampled; its base and its action, None for samples of a file.
        chosen, used, wrong: what the samples say, the base that was trained, a wrong one.
        fits: by name; ``action, KIND`` on the base, ``plain network``, ``action, wrong base``.
        coupling: of the action that is looked at.
    """

    samples: Samples
    given: Base | None
    truth: NeuralAction | None
    chosen: Choice
    used: Base
    wrong: Base | None
    fits: dict[str, Fit]
    coupling: str

    @property
    def group(self) -> Group:
        """The group that acts."""
        return self.used.table.group

    @property
    def main(self) -> Fit:
        """The action that is looked at."""
        return self.fits[f"action, {self.coupling}"]

    @property
    def action(self) -> NeuralAction:
        """Its model."""
        assert isinstance(self.main.model, NeuralAction)
        return self.main.model

    @property
    def plain(self) -> Fit:
        """The plain network."""
        return self.fits["plain network"]

    @property
    def wrong_fit(self) -> Fit | None:
        """The action on a wrong base."""
        return self.fits.get("action, wrong base")

    @property
    def learnable(self) -> bool:
        """Whether the base can be that of what was sampled: its elements fix as much."""
        return self.given is None or bool((self.used.fixed == self.given.fixed).all())


@dataclass(frozen=True, eq=False)
class Measured:
    """The second stage.

    Attributes:
        laws, volumes: by model: those trained, and ``KIND, random weights``. composed: the law of two actions in a row.
        read, wrong_read: shape (k,): traces at fixed points, of the action and of the one on a wrong base.
        moved: shape (k,): displacements. shuffled: traces when samples are given to other elements, of several draws.
        balance, unbalanced: of the generative form, and of an affine one with volume left out.
    """

    laws: dict[str, Law]
    volumes: dict[str, float]
    composed: Law
    read: np.ndarray
    wrong_read: np.ndarray | None
    moved: np.ndarray
    shuffled: list[np.ndarray]
    balance: float
    unbalanced: float


def train(group: Group, settings: Actions, say: Callable[[str], None]) -> Trained:
    """Make or read samples, ask them for a base, and train all models on them.

    Raises:
        NoEvidenceError: the base is to be chosen, and stays unknown. GroupToolError: a base that does not fit.
    """
    seed, coupling = settings.seed, _kind(settings.coupling)
    given = None if settings.samples else base(settings.planted, group)
    if given is None:
        truth, samples = None, read_samples(settings.samples, group, seed)
        table = character_table(group)
    else:
        least = FULL_SAMPLES if settings.full else LEAST_SAMPLES
        truth, samples = plant(given, settings.count or max(least, 250 * given.dimension), settings.bend, seed)
        table = given.table
    least = FULL_STEPS if settings.full else LEAST_STEPS
    steps = max(settings.steps or max(least, 100 * samples.dimension), 20)  # a cycle of the rate takes a few
    chosen = _choose(group, samples, table, replace(settings, steps=steps), say)
    used = _used(table, settings, given, chosen, samples)
    wrong = wrong_base(used, settings.wrong)
    shape: dict[str, Any] = {"layers": settings.layers, "hidden": settings.hidden, "seed": seed}
    asked = settings.base == "choose" or (given is None and settings.base == "planted")
    maps = chosen.maps if asked else linear_maps(samples, group).all_maps

    models: dict[str, nn.Module] = {}
    for kind in dict.fromkeys([coupling, *([_kind("additive"), _kind("affine")] if settings.full else [])]):
        flow = chosen.flow if asked and kind == coupling else None
        models[f"action, {kind}"] = start(used, samples, maps, coupling=kind, flow=flow, **shape)
    size = sum(one.numel() for one in models[f"action, {coupling}"].parameters())
    models["plain network"] = PlainNetwork(group.order, used.dimension, size, seed)
    if wrong is not None:
        models["action, wrong base"] = start(wrong, samples, maps, coupling=coupling, **shape)
    fits = {}
    for name, model in models.items():
        say(f"training: {name}")
        fits[name] = fit(model, samples, steps, seed=seed, say=say)
    return Trained(samples, given, truth, chosen, used, wrong, fits, coupling)


def measure(trained: Trained, seed: int) -> Measured:
    """Law, volume, traces, displacements and balance of everything, and of what must not have them."""
    used, group, table = trained.used, trained.group, trained.used.table
    action = trained.action
    fresh = {f"{kind}, random weights": _fresh(used, _kind(kind), seed) for kind in ("additive", "affine")}
    models: dict[str, Any] = {name: one.model for name, one in trained.fits.items()} | fresh
    points = torch.from_numpy(np.random.default_rng(seed).standard_normal((POINTS, used.dimension)))
    points = action.centre + action.scale * points
    wrong: Any = None if trained.wrong_fit is None else trained.wrong_fit.model
    representatives, everything = table.classes.representatives, np.arange(group.order)
    return Measured(
        laws={name: law(one, group, used.dimension, seed=seed) for name, one in models.items()},
        volumes={
            name: volume_error(one, everything, points) for name, one in models.items() if name != "plain network"
        },
        composed=law(compose(action, _fresh(used, _kind("additive"), seed + 1)), group, used.dimension, seed=seed),
        read=character_at(action, representatives, action.fixed_point),
        wrong_read=None if wrong is None else character_at(wrong, representatives, wrong.fixed_point),
        moved=displacements(action, table.classes, points),
        shuffled=_shuffled(trained, seed),
        balance=imbalance(fresh[f"{trained.coupling}, random weights"], group, seed=seed),
        unbalanced=imbalance(fresh["affine, random weights"], group, seed=seed, volume=False),
    )


# -- small steps


def _choose(
    group: Group, samples: Samples, table: CharacterTable, settings: Actions, say: Callable[[str], None]
) -> Choice:
    """Fit maps without a base and read the representation off their traces."""
    maps = traces = flow = None
    try:
        model, maps, traces = free_fit(
            samples, group, table.classes, max(settings.steps // 2, 20), layers=settings.layers, hidden=settings.hidden,
            coupling=_kind(settings.coupling), seed=settings.seed, say=lambda line: say(f"no base: {line}"),
        )  # fmt: skip
        flow = model.flow
        counts, gap = multiplicities_from_traces(table, traces)
    except NoEvidenceError as error:
        return Choice(None, None, str(error), maps, traces, flow)
    return Choice(counts, gap, "", maps, traces, flow)


def _used(table: CharacterTable, settings: Actions, given: Base | None, chosen: Choice, samples: Samples) -> Base:
    """The base that is trained."""
    if settings.base not in ("planted", "choose"):
        named = base(settings.base, table.group, table)
        expect_dimension(named, samples.dimension)
        return named
    if settings.base == "planted" and given is not None:
        return given
    if chosen.counts is None:
        raise NoEvidenceError(chosen.why)
    return base_of(chosen.counts, table)


def _fresh(used: Base, kind: CouplingKind, seed: int) -> NeuralAction:
    model = NeuralAction(used.representation, coupling=kind, seed=seed)
    with torch.no_grad():
        for part in model.flow.parts:
            part.last.weight.mul_(BENT)
    return model


def _shuffled(trained: Trained, seed: int) -> list[np.ndarray]:
    """Mean traces, shape (k,), of the least squares maps when samples are given to other elements at random."""
    samples, generator, found = trained.samples, torch.Generator().manual_seed(seed), []
    for _ in range(SHUFFLES):
        order = torch.randperm(len(samples.g), generator=generator)
        seen = linear_maps(Samples(samples.g[order], samples.x, samples.y, samples.test), trained.group)
        if seen.all_maps is not None:
            found.append(seen.traces(trained.used.table.classes))
    return found


def _kind(text: str) -> CouplingKind:
    return "affine" if text == "affine" else "additive"
