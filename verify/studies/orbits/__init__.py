"""The study ``orbits``: are features with small orbits, that is large stabilisers, found first?

Public: OrbitsSettings, orbits.
Source: Paul, Venkatasubramanian, Why does (unsupervised) deep learning work? (2014), arXiv:1412.6621, of which only the
abstract was read. The claim there is of weights under a shadow group; features on data, as here, are a proxy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

import grouptool
from grouptool.errors import GroupToolError
from grouptool.group import Group

from ...evidence import Criterion, Evidence, weigh
from ...palette import COLOURS
from ..study import Findings, Picture, Settings, Table, Workshop, option, study
from .composition import Irreducibles, appearance, irreducibles
from .features import Atoms, atoms, stabilisers, waiting_times
from .learning import Learned, learn_atoms
from .ranks import partial as partial_correlation
from .ranks import rank_correlation, spearman

__all__ = ["OrbitsSettings", "orbits"]

MEASURES = ("orbit", "point")
LARGEST = (24, 60)
MOST_ATOMS = 600
WIDE, NARROW = 120 / 84, 20 / 84  # of the reference: S4 has 84 points
PASSES = 15
"""Steps for each unit of classes times largest orbit: twice what the rarest point takes."""
LEAST_SIZES, LEAST_ORBITS = 3, 5
"""Different orbit sizes, and orbits, from which a rank correlation says something."""
MOST_ELEMENTS = 200
"""Largest order in the composition mode."""


@dataclass(frozen=True)
class OrbitsSettings(Settings):
    """Of the study ``orbits``."""

    mode: str = option(
        "features", "Random search and auto-encoders on G-sets, or networks that learn ab.",
        choices=("features", "composition"),
    )  # fmt: skip
    largest: int = option(0, f"Largest orbit that is offered; 0: {LARGEST[0]}, with --full {LARGEST[1]}.", least=0)
    trials: int = option(20_000, "Random searches for each orbit.", least=100)
    seeds: int = option(0, "Networks of each kind; 0: 4, with --full 8.", least=0)
    hidden: int = option(128, "Hidden units in the mode composition.", least=1)
    steps: int = option(2_000, "Most steps in the mode composition.", least=10)


def predict(group: Group | None, settings: OrbitsSettings) -> dict[str, Any]:
    """From subgroups alone: orbits, expected waiting times, the order of learning; or degrees and kernels."""
    assert group is not None
    if settings.mode == "composition":
        made = _irreducibles(group)
        return {"degrees": made.degrees.tolist(), "kernels": made.kernels.tolist(), "claim": "larger kernels first"}
    offered = _atoms(group, settings)
    return {
        "orbits": offered.sizes.tolist(),
        "expected_waiting_times": offered.sizes.tolist(),
        "equal mass per orbit": "points are learned in the order of orbit size, and few units keep the small orbits",
        "equal mass per point": "orbit size says nothing",
    }


@study(
    "orbits",
    title="Small orbits first? Features, their stabilisers, and when they are learned",
    source="Paul, Venkatasubramanian (2014), arXiv:1412.6621 (abstract read); the statements are those counted here",
    settings=OrbitsSettings,
    example="S3",
    predict=predict,
)
def orbits(group: Group | None, settings: OrbitsSettings, predictions: dict[str, Any], workshop: Workshop) -> Findings:
    """Search, auto-encoders under two measures with many and few units; or the composition task."""
    assert group is not None
    if settings.mode == "composition":
        return _composition(group, settings, workshop)
    return _features(group, settings, workshop)


# -- features on G-sets


def _features(group: Group, settings: OrbitsSettings, workshop: Workshop) -> Findings:
    offered = _atoms(group, settings)
    sizes = offered.sizes
    rng = np.random.default_rng(settings.seed)
    workshop.say("random search")
    waited = waiting_times(offered, settings.trials, rng)
    steps = int(PASSES * len(sizes) * sizes.max())
    runs: dict[tuple[str, str], list[Learned]] = {}
    for measure in MEASURES:
        for width, share in (("wide", WIDE), ("narrow", NARROW)):
            workshop.say(f"auto-encoders, equal mass per {measure}, {width}")
            hidden = max(1, round(share * len(offered)))
            runs[measure, width] = [
                learn_atoms(offered, offered.measure(measure), hidden, steps, settings.seed + i)
                for i in range(_seeds(settings))
            ]
    rows = _orbit_rows(offered, waited, runs, steps)
    orders = {one: _order(offered, runs[one, "wide"], one, rng) for one in MEASURES}
    evidence = (_searched(waited, sizes, settings.trials), *orders["orbit"], _capacity(offered, runs, "orbit"))
    controls = (
        _searched(
            waited, group.order / sizes, settings.trials, "an impostor: as many draws as the stabiliser is large"
        ),
        orders["point"][0],
        _capacity(offered, runs, "point"),
    )
    sentence = (
        f"A random element of {group.name} fixes a point of an orbit of size k after k draws in the mean. "
        f"Auto-encoders: the rank correlation of orbit size and step of learning is {_shown(orders['orbit'][0])} when "
        f"each orbit has equal mass and {_shown(orders['point'][0])} when each point has; so an order by size is that "
        "of the sampling measure."
    )
    return Findings(
        sentence,
        evidence,
        controls,
        (
            Table(f"Orbits of {group.name}: search and learning", rows, ROW_NOTE),
            Table("Stabilisers of what hidden units hold", _unit_rows(offered, runs, rng), UNIT_NOTE),
        ),
        (
            Picture(
                "steps",
                "When a point is learned",
                "The median step at which the points of an orbit are learned, against its size; bars from the first "
                "to the last point. With equal mass per orbit steps grow with the size, with equal mass per point not.",
                partial(_steps_picture, offered, runs),
            ),
            Picture(
                "capture",
                "What few units keep",
                "The share of the points of each orbit size that an auto-encoder with about a quarter as many units as "
                "points has learned at the end, under both measures.",
                partial(_capture_picture, offered, runs),
            ),
        ),
        {"points": len(offered), "steps": steps, "units": {"wide": len(runs["orbit", "wide"][0].weights),
                                                           "narrow": len(runs["orbit", "narrow"][0].weights)}},
    )  # fmt: skip


ROW_NOTE = (
    "Draws: mean number of random elements until one fixes a point. Step: median at which points are learned (wide: "
    "more units than points). Kept: share learned at the end by few units (narrow)."
)
UNIT_NOTE = (
    "The largest subgroup whose average keeps 0.95 of a unit's squared weight; the index of that subgroup is the size "
    "of the unit's orbit. Random: vectors with independent normal entries, as many."
)


def _atoms(group: Group, settings: OrbitsSettings) -> Atoms:
    largest = settings.largest or LARGEST[settings.full]
    return atoms(group, largest, MOST_ATOMS)


def _seeds(settings: OrbitsSettings) -> int:
    return settings.seeds or (8 if settings.full else 4)


def _orbit_rows(
    offered: Atoms, waited: np.ndarray, runs: Mapping[tuple[str, str], Sequence[Learned]], steps: int
) -> list[dict[str, Any]]:
    rows = []
    for number, one in enumerate(offered.classes):
        inside = offered.orbit_of == number
        row: dict[str, Any] = {
            "orbit size": one.index,
            "stabiliser": grouptool.identify(one.subgroup.as_group()).description,
            "stabiliser order": one.order,
            "draws": round(float(waited[number]), 3),
        }
        for measure in MEASURES:
            median = np.median([run.steps[inside] for run in runs[measure, "wide"]])
            row[f"step, per {measure}"] = None if median > steps else int(median)
        for measure in MEASURES:
            kept = np.mean([run.captured[inside] for run in runs[measure, "narrow"]])
            row[f"kept, per {measure}"] = round(float(kept), 3)
        rows.append(row)
    return rows


def _unit_rows(
    offered: Atoms, runs: Mapping[tuple[str, str], Sequence[Learned]], rng: np.random.Generator
) -> list[dict[str, Any]]:
    found = {}
    for measure in MEASURES:
        learned = runs[measure, "wide"][0].weights
        found[f"per {measure}"] = Counter(one.index for one in stabilisers(offered, learned))
    found["random"] = Counter(one.index for one in stabilisers(offered, rng.normal(size=learned.shape)))
    sizes = sorted({size for counts in found.values() for size in counts})
    return [{"orbit size of a unit": size} | {kind: counts[size] for kind, counts in found.items()} for size in sizes]


def _searched(waited: np.ndarray, expected: np.ndarray, trials: int, whose: str = "random search") -> Evidence:
    criterion = Criterion(
        "search", f"{whose}: mean draws until a point is fixed, off by 3 over the root of the trials at most",
        "orbit-stabiliser theorem", 3, 5, "lower",
    )  # fmt: skip
    return weigh(criterion, float(np.abs(waited / expected - 1).max() * trials**0.5))


def _shown(one: Evidence) -> str:
    return "not to be told" if one.score is None else f"{one.score:.2f}"


def _order(
    offered: Atoms, runs: Sequence[Learned], measure: str, rng: np.random.Generator
) -> tuple[Evidence, Evidence]:
    """The rank correlation of orbit size and step over points and seeds, and the lower end of its interval."""
    says = f"points of small orbits are learned first, equal mass per {measure}"
    value = Criterion("order", f"{says}: rank correlation", "counted here", 0.8, 0.4)
    low = Criterion("order, surely", f"{says}: lower 95 percent bound", "counted here", 0.6, 0.4)
    if len(set(offered.sizes.tolist())) < LEAST_SIZES:
        why = f"fewer than {LEAST_SIZES} orbit sizes: most points are ties, whose ranks cannot correlate"
        return Evidence(value, None, {}, {}, why), Evidence(low, None, {}, {}, why)
    sizes = np.tile(offered.sizes[offered.orbit_of], len(runs))
    found = rank_correlation(sizes, np.concatenate([run.steps for run in runs]), rng)
    details = {"low": found.low, "high": found.high}
    return weigh(value, found.value, details=details), weigh(low, found.low, details=details)


def _capacity(offered: Atoms, runs: Mapping[tuple[str, str], Sequence[Learned]], measure: str) -> Evidence:
    """Over the orbits: one over the size, and the share of points that few units keep."""
    says = f"few units keep the small orbits, equal mass per {measure}: rank correlation of 1/size and share kept"
    criterion = Criterion("capacity", says, "counted here", 0.8, 0.4)
    if len(offered.classes) < LEAST_ORBITS:
        why = f"fewer than {LEAST_ORBITS} orbits come in the right order by chance too often"
        return Evidence(criterion, None, {}, {}, why)
    kept = np.mean([run.captured for run in runs[measure, "narrow"]], axis=0)
    rates = np.bincount(offered.orbit_of, weights=kept) / offered.sizes
    return weigh(criterion, spearman(1 / offered.sizes, rates))


# -- the composition task


def _composition(group: Group, settings: OrbitsSettings, workshop: Workshop) -> Findings:
    made = _irreducibles(group)
    rng = np.random.default_rng(settings.seed)
    found = []
    for i in range(_seeds(settings)):
        workshop.say(f"composition, seed {settings.seed + i}")
        found.append(appearance(group, made, settings.hidden, settings.steps, settings.seed + i))
    steps = np.array(found)
    degrees, kernels = (np.tile(one, len(steps)) for one in (made.degrees, made.kernels))
    judged, control = _kernel_order(kernels, np.tile(made.kinds, (len(steps), 1)), steps.ravel(), rng)
    by_degree = spearman(degrees, steps.ravel())
    rows = [
        {"degree": int(degree), "pair": bool(paired), "kernel order": int(kernel),
         "median step": float(np.median(column)), "first": float(column.min()), "last": float(column.max())}
        for degree, paired, kernel, column in zip(made.degrees, made.paired, made.kernels, steps.T, strict=True)
    ]  # fmt: skip
    return Findings(
        f"On the task of {group.name} the step at which half of a character is there goes with its degree (rank "
        f"correlation {by_degree:.2f}); at equal degree and type its correlation with the order of the kernel is "
        f"{_shown(judged)}.",
        (judged,),
        (control,),
        (
            Table(
                "When half of each irreducible character is there",
                rows,
                "Pair: two conjugate characters, learned as one.",
            ),
        ),
        (
            Picture(
                "kernels",
                "When characters are learned",
                "The step at which half of a character's part of the answer is there, against the order of its kernel, "
                "a colour a degree, a mark a network.",
                partial(_kernel_picture, made, steps),
            ),
        ),
        {"degree_correlation": by_degree, "networks": len(steps)},
    )


def _kernel_order(
    kernels: np.ndarray, kinds: np.ndarray, steps: np.ndarray, rng: np.random.Generator
) -> tuple[Evidence, Evidence]:
    """Whether larger kernels come first among characters of one kind, and the same with their kernels exchanged.

    Args:
        kinds: shape (k, c): what is held fixed, degree and whether a character is one of a pair.
    """
    claim = Criterion(
        "kernel order", "of characters of one degree and type larger kernels come first: partial rank correlation",
        "arXiv:1412.6621, read as small orbits first", -0.5, -0.25, "lower", perfect=-1.0,
    )  # fmt: skip
    cells = np.unique(kinds, axis=0, return_inverse=True)[1].reshape(-1)
    if not any(len(set(kernels[cells == cell].tolist())) > 1 for cell in np.unique(cells)):
        why = "no two characters of one degree and type have kernels of different orders, so their order cannot tell"
        return Evidence(claim, None, {}, {}, why), Evidence(claim, None, {}, {}, why)
    value = rank_correlation(kernels, steps, rng, given=kinds)
    reason = "its interval holds 0" if value.value <= claim.holds_from and value.high >= 0 else ""
    judged = Evidence(claim, value.value, {}, {"low": value.low, "high": value.high}, reason)
    shuffled = [_shuffled(kernels, cells, kinds, steps, rng) for _ in range(100)]
    return judged, weigh(claim, float(np.mean(shuffled)))


def _irreducibles(group: Group) -> Irreducibles:
    if not 1 < group.order <= MOST_ELEMENTS:
        raise GroupToolError(
            f"{group.name} has order {group.order:,}; the mode composition takes 2 to {MOST_ELEMENTS}: its networks "
            "see all products. Take a smaller group."
        )
    return irreducibles(group)


def _shuffled(
    kernels: np.ndarray, cells: np.ndarray, kinds: np.ndarray, steps: np.ndarray, rng: np.random.Generator
) -> float:
    """The correlation with kernels exchanged among characters of one kind."""
    mixed = kernels.copy()
    for cell in np.unique(cells):
        mixed[cells == cell] = rng.permutation(kernels[cells == cell])
    return partial_correlation(mixed, steps, kinds)


# -- pictures


def _steps_picture(offered: Atoms, runs: Mapping[tuple[str, str], Sequence[Learned]]) -> Any:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3.6), layout="constrained")
    axes = figure.subplots()
    per_point = offered.sizes[offered.orbit_of]
    for measure, colour in zip(MEASURES, COLOURS, strict=False):
        steps = np.array([run.steps for run in runs[measure, "wide"]])
        sizes = np.unique(per_point)
        middle = np.array([np.median(steps[:, per_point == size]) for size in sizes])
        ends = np.array([[steps[:, per_point == size].min(), steps[:, per_point == size].max()] for size in sizes])
        label, bars = f"equal mass per {measure}", np.abs(ends.T - middle)
        axes.errorbar(sizes, middle, bars, marker="o", color=colour, label=label, capsize=2, linewidth=1.3)
    axes.set(xscale="log", yscale="log", xlabel="orbit size |O| (points)", ylabel="step of learning")
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
    axes.legend(fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _capture_picture(offered: Atoms, runs: Mapping[tuple[str, str], Sequence[Learned]]) -> Any:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3), layout="constrained")
    axes = figure.subplots()
    per_point = offered.sizes[offered.orbit_of]
    sizes = np.unique(per_point)
    for i, measure in enumerate(MEASURES):
        kept = np.mean([run.captured for run in runs[measure, "narrow"]], axis=0)
        rates = [kept[per_point == size].mean() for size in sizes]
        places = np.arange(len(sizes)) + 0.4 * i - 0.2
        axes.bar(places, rates, 0.38, color=COLOURS[i], label=f"equal mass per {measure}")
    axes.set_xticks(range(len(sizes)), [str(size) for size in sizes])
    axes.set(xlabel="orbit size |O| (points)", ylabel="share of points kept", ylim=(0, 1.05))
    axes.legend(fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _kernel_picture(made: Irreducibles, steps: np.ndarray) -> Any:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3.2), layout="constrained")
    axes = figure.subplots()
    for i, degree in enumerate(np.unique(made.degrees)):
        chosen = made.degrees == degree
        axes.plot(np.tile(made.kernels[chosen], len(steps)), steps[:, chosen].ravel(), "o", markersize=4, alpha=0.7,
                  color=COLOURS[i % len(COLOURS)], label=f"degree {degree}")  # fmt: skip
    axes.set(xscale="log", xlabel="order of the kernel (elements)", ylabel="step")
    ticks = np.unique(made.kernels)
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.legend(fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    return figure
