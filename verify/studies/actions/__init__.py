"""Neural group actions: networks N(g, x) that obey a group's law for all weights, on any group.

Public: Actions, base, NeuralAction, and, imported when first asked for, everything of ``modules``, ``measures`` and
``fitting``.

N(g, x) = Phi^-1(rho(g) Phi(x)), Phi an invertible network, rho a real representation. Convention, for columns x:
N(a, N(b, x)) = N(a * b, x), since rho(a * b) = rho(a) @ rho(b): b moves x first. What the paper claims beyond its abstract
nobody here has read; that N is an action, what its volume is and that its representation can be read back are proved in
a line each and checked, and the class is {actions conjugate to a linear one by the flow}: that every smooth action on
R^d is near to one is not claimed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from grouptool.errors import GroupToolError, NoEvidenceError
from grouptool.group import Group
from grouptool.representations import character_table

from ...evidence import Criterion, Evidence, weigh
from ..study import Findings, Picture, Settings, Table, Workshop, option, study
from . import pictures
from .bases import Base, base, base_of, contrasting, multiplicities_from_traces

if TYPE_CHECKING:
    from .fitting import Fit, Samples
    from .measures import Law
    from .modules import NeuralAction

__all__ = ["Actions", "NeuralAction", "base"]

SOURCE = "Spanbauer, Sciarappa (2020), arXiv:2010.03733, in abstract; the statements are proved or checked here"
LAW = Criterion(
    "law", "N(1, x) = x and N(a, N(b, x)) = N(a * b, x), largest error over pairs or relators and points", SOURCE,
    1e-10, 1e-10, "lower", perfect=0.0,
)  # fmt: skip
VOLUME = Criterion(
    "volume", "with additive couplings |det DN_g| = 1: largest |log|", "product of triangular maps",
    1e-10, 1e-10, "lower", perfect=0.0,
)  # fmt: skip
TRACES = Criterion(
    "traces", "tr DN_g at the fixed point is the character of the base: largest error", "chain rule",
    1e-8, 1e-8, "lower", perfect=0.0,
)  # fmt: skip
READ_BACK = Criterion(
    "read back", "those traces give the multiplicities of the base: share that agrees", "Serre (1977), 13.2", 1.0, 1.0
)
FAITHFUL = Criterion(
    "faithful", "N(g, .) moves points if and only if g is outside the kernel of the character: share of classes",
    "rho(g) = 1 exactly on the kernel", 1.0, 1.0,
)  # fmt: skip
FIT = Criterion("fit", "it learns what was sampled: relative test error", SOURCE, 1e-3, 1e-2, "lower", perfect=0.0)
FIT_GAP = Criterion(
    "fit gap", "tested on all elements, those without samples too, a plain network of equal size errs as many times more",
    "the law carries samples of some elements to the others", 5.0, 1.0,
)  # fmt: skip
LAW_GAP = Criterion("law gap", "a plain network breaks the law as many times more", SOURCE, 1e3, 1e3)
WRONG = Criterion(
    "wrong base", "on a base whose elements fix spaces of other dimensions it cannot learn: relative test error",
    "the dimension of the set that N(g, .) fixes is the base's", 0.3, 0.1,
)  # fmt: skip
CHOSEN = Criterion(
    "chosen", "from the samples alone the planted representation is found: share of it", "Artin's theorem", 1.0, 1.0
)
BALANCE = Criterion(
    "balance", "the generative form leaves a density invariant: largest breach of detailed balance, in logarithms",
    "Green (1995)", 1e-8, 1e-8, "lower", perfect=0.0,
)  # fmt: skip

MOVED = 1e-3
"""Mean square displacement, relative to the points', from which an element is said to move them."""
FULL_STEPS, FULL_SAMPLES = 2_500, 4_000
POINTS = 100


@dataclass(frozen=True)
class Actions(Settings):
    """What is planted, what is trained on it, and how."""

    base: str = option(
        "planted",
        "Representation of the action that is trained: planted (that of the samples), choose (found from the samples "
        "alone), or words as for --planted.",
    )
    planted: str = option(
        "faithful",
        "Representation of the action that samples are made of: faithful (the smallest), regular, natural, cosets:H, "
        "matrices:FILE, real irreducible ones such as 2x2a; terms joined by ' + ', copies as in 3*1a.",
    )
    samples: str = option("", "A file with samples in place of planted ones: g (m,), x (m, d), y (m, d) in an .npz.")
    wrong: str = option("", "The wrong base; without it the one whose fixed spaces differ most.")
    coupling: str = option("additive", "Coupling layers: additive keeps volume.", choices=("additive", "affine"))
    layers: int = option(6, "Coupling layers.", least=1)
    hidden: int = option(48, "Width of their networks.", least=1)
    bend: float = option(2.0, "How far the planted action is from linear; 0 is linear.", least=0.0)
    count: int = option(1_000, "Samples for training (at least 4,000 with --full).", least=64)
    steps: int = option(400, "Steps of training (at least 2,500 with --full).", least=20)


def predict(group: Group, settings: Actions) -> dict[str, Any]:
    """From characters alone: multiplicities, fixed spaces, kernel, the wrong base; bases that come from data are None."""
    given = _planted(group, settings)
    named = given if settings.base in ("planted", "choose") else base(settings.base, group)
    if named is None:
        return {"base": None, "why": "it is chosen from the samples"}
    _expect_dimension(named, given)
    wrong = _wrong(named, settings)
    return {
        "base": named.spelled,
        "dimension": named.dimension,
        "character": [round(float(one), 12) for one in named.character],
        "fixed_dimensions": named.fixed.tolist(),
        "kernel_classes": np.flatnonzero(named.kernel).tolist(),
        "faithful": named.is_faithful,
        "volume_preserving": settings.coupling == "additive",
        "wrong_base": None if wrong is None else wrong.spelled,
        "wrong_fixed_dimensions": None if wrong is None else wrong.fixed.tolist(),
        "learnable": given is None or bool((named.fixed == given.fixed).all()),
    }


@study(
    "actions",
    title="Neural group actions",
    source="Spanbauer, Sciarappa (2020), Neural Group Actions, arXiv:2010.03733",
    settings=Actions,
    predict=predict,
)
def examine(group: Group, settings: Actions, predictions: dict[str, Any], workshop: Workshop) -> Findings:
    """Train a neural action, one on a wrong base and a plain network on the same samples; check all that is claimed."""
    import torch

    from . import fitting, measures, modules

    if settings.full:
        settings = replace(settings, steps=max(settings.steps, FULL_STEPS), count=max(settings.count, FULL_SAMPLES))
    say, seed, steps = workshop.say, settings.seed, settings.steps
    shape: dict[str, Any] = {"layers": settings.layers, "hidden": settings.hidden, "seed": seed}
    given = _planted(group, settings)
    truth = None
    if given is None:
        samples = fitting.read_samples(settings.samples, group, seed)
    else:
        truth, samples = fitting.plant(given, settings.count, settings.bend, seed)
    table = character_table(group) if given is None else given.table

    say("what the samples say of the representation")
    chosen = _choose(group, samples, table, settings, say)
    used = _used(group, settings, given, chosen, samples)
    wrong = _wrong(used, settings)
    maps, flow = fitting.linear_maps(samples, group).all_maps, None
    if settings.base == "choose" or given is None and settings.base == "planted":
        maps, flow = chosen.maps, chosen.flow

    def trained(model: torch.nn.Module, name: str) -> Fit:
        return fitting.fit(model, samples, steps, seed=seed, say=lambda line: say(f"{name}: {line}"))

    fits: dict[str, Fit] = {}
    couplings = ["additive", "affine"] if settings.full else []
    for kind in dict.fromkeys([settings.coupling, *couplings]):
        begun = fitting.start(
            used, samples, maps, coupling=kind, flow=flow if kind == settings.coupling else None, **shape
        )
        fits[f"action, {kind}"] = trained(begun, kind)
    main = fits[f"action, {settings.coupling}"]
    plain = fits["plain network"] = trained(
        modules.PlainNetwork(group.order, used.dimension, main.weights, seed), "plain network"
    )
    if wrong is not None:
        begun = fitting.start(wrong, samples, maps, coupling=settings.coupling, **shape)
        fits["action, wrong base"] = trained(begun, "wrong base")

    say("law, volume, traces")
    model: Any = main.model
    other = modules.NeuralAction(used.representation, **{**shape, "seed": seed + 1})
    fresh = {kind: _fresh(used, kind, seed) for kind in ("additive", "affine")}
    laws = {name: measures.law(one.model, group, used.dimension, seed=seed) for name, one in fits.items()}
    laws |= {f"{kind}, random weights": measures.law(one, group, used.dimension) for kind, one in fresh.items()}
    composed = measures.law(measures.compose(model, other), group, used.dimension, seed=seed)
    points = torch.from_numpy(np.random.default_rng(seed).standard_normal((POINTS, used.dimension)))
    elements = np.arange(group.order)
    volumes = {
        name: measures.volume_error(one.model, elements, points) for name, one in fits.items() if "action" in name
    }
    volumes |= {f"{kind}, random weights": measures.volume_error(one, elements, points) for kind, one in fresh.items()}
    read = measures.character_at(model, table.classes.representatives, model.fixed_point)
    moved = measures.displacements(model, table.classes, model.centre + model.scale * points)

    evidence = _judge(settings, used, given, chosen, fits, laws, volumes, read, moved, composed)
    evidence["balance"] = weigh(
        BALANCE, measures.imbalance(_fresh(used, settings.coupling, seed), group, seed=seed),
        details={"coupling": settings.coupling},
    )  # fmt: skip
    free = measures.imbalance(fresh["affine"], group, seed=seed, volume=False)
    controls = _controls(group, used, given, fits, laws, volumes, composed, samples, free)
    workshop.folder.write_arrays("action.safetensors", {name: one.numpy() for name, one in model.state_dict().items()})

    curves = {name: one.curve for name, one in fits.items()}
    held = {
        name: one.table
        for name, one in laws.items()
        if one.table is not None and name in (*list(fits)[:1], "plain network")
    }
    images = _orbits(group, model, truth, samples, fits.get("action, wrong base"))
    labels = [str(one) for one in table.classes.element_orders]
    drawn = [
        Picture("fits", "Learning", "Test error against steps. Dashed: what counts as learned; dotted: what a wrong base "
                "must stay above. All models saw the same samples.", lambda: pictures.fits(curves, FIT.holds_from, WRONG.holds_from)),
        Picture("orbits", "Where points go", "All images of a few points, two of their coordinates. A ring is where the "
                "sampled action takes the point, a dot where the trained one does; crosses are the model on the wrong base.",
                lambda: pictures.orbits(*images)),
        Picture("traces", "The representation, read back", "Bars: the character of the base, by class. Dots: traces of the "
                "trained network's derivative at its fixed point. Crosses: traces that were found from the samples alone, "
                "with no base given.", lambda: pictures.traces(labels, used.character, read, chosen.traces)),
    ]  # fmt: skip
    if held:
        drawn.append(
            Picture("law", "The law, pair by pair", "Each cell is a pair of elements: how far moving a point by b and then "
                    "by a is from moving it by a*b. The action obeys the law to rounding, whatever it has learned.",
                    lambda: pictures.law_maps(held)))  # fmt: skip
    return Findings(
        _sentence(group, used, given, main, plain, laws, fits, read),
        tuple(evidence.values()), controls,
        (_models(used, wrong, fits, laws, volumes), _representation(used, read, moved, chosen)),
        tuple(drawn),
        {"base": used.spelled, "planted": None if given is None else given.spelled,
         "chosen": None if chosen.counts is None else base_of(chosen.counts, table).spelled,
         "pairs": next(iter(laws.values())).count, "composed_law_error": composed.worst,
         "curves": {name: [list(one) for one in curve] for name, curve in curves.items()}},
    )  # fmt: skip


# -- bases


@dataclass(frozen=True, eq=False)
class _Choice:
    """What the samples alone say: matrices and traces, the base they mean or why it is unknown."""

    counts: np.ndarray | None
    gap: float | None
    why: str
    maps: np.ndarray | None
    traces: np.ndarray | None
    flow: Any


def _planted(group: Group, settings: Actions) -> Base | None:
    """The base of planted samples; None when samples come from a file."""
    return None if settings.samples else base(settings.planted, group)


def _wrong(used: Base, settings: Actions) -> Base | None:
    if not settings.wrong:
        return contrasting(used)
    named = base(settings.wrong, used.table.group, used.table)
    _expect_dimension(named, used)
    if (named.fixed == used.fixed).all():
        raise GroupToolError(
            f"--wrong {settings.wrong}: its elements fix spaces of the same dimensions as those of {used.spelled}"
        )
    return named


def _expect_dimension(named: Base, given: Base | None) -> None:
    if given is not None and named.dimension != given.dimension:
        raise GroupToolError(
            f"the base {named.text} has {named.dimension} dimensions and the samples {given.dimension}; add terms, such "
            "as 1a, which is a coordinate that nothing moves"
        )


def _choose(group: Group, samples: Samples, table: Any, settings: Actions, say: Any) -> _Choice:
    """Fit maps without a base and read the representation off their traces; unknown unless it is asked for."""
    from .fitting import free_fit

    try:
        model, maps, traces = free_fit(
            samples, group, table.classes, max(settings.steps // 2, 20), layers=settings.layers, hidden=settings.hidden,
            coupling=settings.coupling, seed=settings.seed, say=lambda line: say(f"no base: {line}"),
        )  # fmt: skip
    except NoEvidenceError as error:
        return _Choice(None, None, str(error), None, None, None)
    try:
        counts, gap = multiplicities_from_traces(table, traces)
    except NoEvidenceError as error:
        return _Choice(None, None, str(error), maps, traces, model.flow)
    return _Choice(counts, gap, "", maps, traces, model.flow)


def _used(group: Group, settings: Actions, given: Base | None, chosen: _Choice, samples: Samples) -> Base:
    """The base that is trained."""
    if settings.base not in ("planted", "choose"):
        named = base(settings.base, group)
        if named.dimension != samples.dimension:
            raise GroupToolError(
                f"the base {named.text} has {named.dimension} dimensions and the samples {samples.dimension}; add "
                "terms, such as 1a, which is a coordinate that nothing moves"
            )
        return named
    if settings.base == "planted" and given is not None:
        return given
    if chosen.counts is None:
        raise NoEvidenceError(chosen.why)
    return base_of(chosen.counts, character_table(group) if given is None else given.table)


def _fresh(used: Base, kind: Any, seed: int) -> NeuralAction:
    """Random weights, bent, so that an affine flow changes volume where it can."""
    import torch

    from .modules import NeuralAction

    model = NeuralAction(used.representation, coupling=kind, seed=seed)
    with torch.no_grad():
        for part in model.flow.parts:
            part.last.weight.mul_(3.0)
    return model


# -- what is judged


def _judge(
    settings: Actions, used: Base, given: Base | None, chosen: _Choice, fits: dict[str, Fit], laws: dict[str, Law],
    volumes: dict[str, float], read: np.ndarray, moved: np.ndarray, composed: Law,
) -> dict[str, Evidence]:  # fmt: skip
    main, plain = fits[f"action, {settings.coupling}"], fits["plain network"]
    wrong = fits.get("action, wrong base")
    worst = max(one.worst for name, one in laws.items() if name != "plain network")
    impostors = {"plain network": (laws["plain network"].worst,)}
    trivial = bool(used.kernel.all())
    if not trivial:
        impostors["two actions composed"] = (composed.worst,)
    found: dict[str, Evidence] = {"law": weigh(LAW, worst, impostors, {name: one.worst for name, one in laws.items()})}
    additive = max(error for name, error in volumes.items() if "affine" not in name and name != "action, wrong base")
    found["volume"] = weigh(VOLUME, additive, details=volumes)
    found["traces"] = weigh(TRACES, float(np.abs(read - used.character).max()), details={"traces": read.tolist()})
    found["read back"] = weigh(READ_BACK, _agreement(used, read))
    predicted = ~used.kernel
    agree = float(((moved > MOVED) == predicted).mean())
    found["faithful"] = weigh(FAITHFUL, agree, details={"faithful": used.is_faithful, "displacements": moved.tolist()})
    learnable = given is None or bool((used.fixed == given.fixed).all())
    null = {} if wrong is None else {"wrong base": (wrong.error,)}
    found["fit"] = weigh(FIT, main.error, null if learnable else {}, {"unseen elements": main.unseen})
    ratio = plain.everything / max(main.everything, 1e-300)
    gap = weigh(FIT_GAP, ratio, details={"elements with samples": plain.error / max(main.error, 1e-300)})
    if main.unseen is None:
        gap = replace(gap, score=None, reason="every element has samples, so there is nothing to carry over")
    found["fit gap"] = gap
    found["law gap"] = weigh(LAW_GAP, laws["plain network"].worst / max(worst, 1e-300))
    if wrong is None:
        found["wrong base"] = Evidence(WRONG, None, {}, {}, "no base of this dimension has other fixed spaces")
    else:
        found["wrong base"] = weigh(WRONG, wrong.error)
    if given is not None:
        details = {"off by": chosen.gap, "traces": None if chosen.traces is None else chosen.traces.tolist()}
        if chosen.counts is None:
            found["chosen"] = Evidence(CHOSEN, None, {}, details, chosen.why)
        else:
            found["chosen"] = weigh(CHOSEN, _overlap(given, chosen.counts), details=details)
    return found


def _controls(
    group: Group, used: Base, given: Base | None, fits: dict[str, Fit], laws: dict[str, Law], volumes: dict[str, float],
    composed: Law, samples: Samples, free: float,
) -> tuple[Evidence, ...]:  # fmt: skip
    """What must fail: each lacks what the statement of the same name is about."""
    kept = "every N(g, .) is the identity, which keeps volume and commutes" if used.kernel.all() else ""
    line = "on a line all couplings have constant derivative" if used.dimension == 1 else ""
    wrong = fits.get("action, wrong base")
    found = [
        weigh(_about(LAW, "plain network"), laws["plain network"].worst),
        _unless(kept, weigh(_about(LAW, "two actions composed"), composed.worst)),
        _unless(kept or line, weigh(_about(VOLUME, "affine couplings"), volumes["affine, random weights"])),
        _unless(kept or line, weigh(_about(BALANCE, "affine, volume left out"), free)),
    ]
    if wrong is not None:
        from .measures import character_at

        model: Any = wrong.model
        read = character_at(model, used.table.classes.representatives, model.fixed_point)
        found.append(weigh(_about(READ_BACK, "wrong base"), _agreement(used, read)))
        found.append(weigh(_about(FIT, "wrong base"), wrong.error))
    if given is not None:
        found.append(
            _unless(kept, weigh(_about(CHOSEN, "elements of samples shuffled"), _shuffled(group, given, samples)))
        )
    return tuple(found)


def _about(criterion: Criterion, control: str) -> Criterion:
    return replace(criterion, name=f"{criterion.name}: {control}")


def _unless(reason: str, one: Evidence) -> Evidence:
    return replace(one, score=None, reason=reason) if reason else one


def _agreement(used: Base, read: np.ndarray) -> float:
    try:
        return _overlap(used, multiplicities_from_traces(used.table, read)[0])
    except NoEvidenceError:
        return 0.0


def _overlap(one: Base, counts: np.ndarray) -> float:
    """The share of the dimensions in which multiplicities agree with those of a base."""
    dimensions = np.array([part.dimension for part in one.constituents])
    return float(np.minimum(counts, one.counts) @ dimensions / max(one.dimension, int(counts @ dimensions)))


def _shuffled(group: Group, given: Base, samples: Samples) -> float:
    """How much of the base is found when samples are given to other elements."""
    import torch

    from .fitting import linear_maps

    order = torch.randperm(len(samples.g), generator=torch.Generator().manual_seed(0))
    maps = linear_maps(replace(samples, g=samples.g[order]), group).all_maps
    if maps is None:
        return 0.0
    classes = given.table.classes
    traces = np.bincount(classes.class_of, np.trace(maps, axis1=1, axis2=2), len(classes)) / classes.sizes
    return _agreement(given, traces)


# -- what is shown


def _models(
    used: Base, wrong: Base | None, fits: dict[str, Fit], laws: dict[str, Law], volumes: dict[str, float]
) -> Table:
    rows = [
        {
            "model": name,
            "base": None if "plain" in name else wrong.spelled if "wrong" in name and wrong else used.spelled,
            "weights": one.weights,
            "test error": one.error,
            "unseen elements": one.unseen,
            "law error": laws[name].worst,
            "volume error": volumes.get(name),
        }
        for name, one in fits.items()
    ]
    return Table(
        "Models on the same samples", rows,
        "Errors of the fit are relative to the variance: of elements that training has samples of, and of others. The law "
        "error is the largest entry of N(a, N(b, x)) - N(a*b, x), x ~ N(0, 1); the volume error the largest |log|det DN||.",
    )  # fmt: skip


def _representation(used: Base, read: np.ndarray, moved: np.ndarray, chosen: _Choice) -> Table:
    classes = used.table.classes
    rows = [
        {
            "class": classes.group.cycles(int(classes.representatives[i])),
            "size": int(classes.sizes[i]),
            "character": float(used.character[i]),
            "trace read": float(read[i]),
            "from data alone": None if chosen.traces is None else float(chosen.traces[i]),
            "fixed dimension": int(used.fixed[i]),
            "in kernel": bool(used.kernel[i]),
            "moved": float(moved[i]),
        }
        for i in range(min(len(classes), 40))
    ]
    return Table(
        "The representation, by class", rows,
        "Trace read: of the trained network's derivative at its fixed point. Moved: mean square displacement, relative.",
    )  # fmt: skip


def _orbits(group: Group, model: Any, truth: Any, samples: Samples, wrong: Fit | None) -> Any:
    """Arguments of ``pictures.orbits``: a few test points under at most 60 elements, or test samples as they are."""
    import torch

    g, x, y = samples.part(test=True)
    with torch.no_grad():
        if truth is None:
            few = slice(0, 40)
            images = [
                y[few][None],
                model(g[few], x[few])[None],
                None if wrong is None else wrong.model(g[few], x[few])[None],
            ]
            names = ("samples of the file", "trained action")
        else:
            chosen = torch.from_numpy(np.unique(np.linspace(0, group.order - 1, min(group.order, 60)).astype(np.int64)))
            models = [truth, model, None if wrong is None else wrong.model]
            images = [
                None if one is None else torch.stack([one(chosen, point.expand(len(chosen), -1)) for point in x[:4]])
                for one in models
            ]
            names = ("planted action", "trained action")
    return (*(None if one is None else one.numpy() for one in images), names)


def _sentence(
    group: Group, used: Base, given: Base | None, main: Fit, plain: Fit, laws: dict[str, Law], fits: dict[str, Fit],
    read: np.ndarray,
) -> str:  # fmt: skip
    wrong = fits.get("action, wrong base")
    back = (
        "its representation reads back exactly"
        if _agreement(used, read) == 1
        else "its representation does not read back"
    )
    return (
        f"A neural action of {group.name} on R^{used.dimension} through {used.spelled} "
        f"({'faithful' if used.is_faithful else 'not faithful'}) obeys the law to {next(iter(laws.values())).worst:.0e}, a "
        f"plain network of equal size to {laws['plain network'].worst:.1g}; it fits "
        f"{'the samples of the file' if given is None else 'the planted action'} to {main.error:.1e} of the variance "
        f"(plain network {plain.error:.1e}"
        + (f", wrong base {wrong.error:.2g}" if wrong is not None else "")
        + (
            f"; elements without samples {main.unseen:.1e} and {plain.unseen:.1e}"
            if main.unseen and plain.unseen
            else ""
        )
        + f"); {back}."
    )


_LAZY = {
    name: module
    for module, names in {
        "modules": ("Flow", "NeuralAction", "PlainNetwork"),
        "measures": ("character_at", "displacements", "imbalance", "law", "metropolis", "volume_error"),
        "fitting": ("fit", "free_fit", "plant", "read_samples", "relative_error"),
    }.items()
    for name in names
}


def __getattr__(name: str) -> Any:
    """Names that need torch, imported when first asked for."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_LAZY[name]}", __name__), name)
