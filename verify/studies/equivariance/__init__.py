"""Equivariant multilayer perceptrons: which hidden G-sets make them universal, for any group and any G-sets.

Public: EquivariantLinear, InvariantPooling, effective_group, equivariance_error, equivariant_mlp, gset_of_words,
is_universal, missed_function, orbit_labels, r_squared_curve, tensor_orders, two_closure.

Source: Ravanbakhsh, Universal equivariant multilayer perceptrons (2020), arXiv:2002.02912, of which only the abstract
was read here. Its statement, that a regular hidden layer suffices, is proved in ``witness``, with a converse for one
hidden layer; what is judged rests on these proofs and on what is counted and fitted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grouptool.group import Group
from grouptool.structure import GSet, subgroup_lattice, trivial_action

from ...evidence import Criterion, Evidence, weigh
from ..study import Findings, Picture, Settings, Table, Workshop, option, study
from .certificate import HiddenSet, counts_agree, elements_of, examined, layer_counts, smallest_free
from .ridge import Curve, difference_target, invariant_target, r_squared_curve, random_target, readout_weights
from .sharing import OrderRow, base_size, orbit_labels, tensor_orders
from .symmetry import effective_group, two_closure
from .witness import Witness, is_universal, missed_function
from .words import USAGE, gset_of_words

if TYPE_CHECKING:
    from .layers import EquivariantLinear, InvariantPooling, equivariance_error, equivariant_mlp

__all__ = [
    "EquivariantLinear",
    "InvariantPooling",
    "effective_group",
    "equivariance_error",
    "equivariant_mlp",
    "gset_of_words",
    "is_universal",
    "missed_function",
    "orbit_labels",
    "r_squared_curve",
    "tensor_orders",
    "two_closure",
]

_OF_TORCH = ("EquivariantLinear", "InvariantPooling", "equivariance_error", "equivariant_mlp")


def __getattr__(name: str) -> Any:
    """The modules of torch, which is imported with them."""
    if name in _OF_TORCH:
        from . import layers

        return getattr(layers, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


HERE = "proved in verify/studies/equivariance/witness.py"
COUNTS = Criterion(
    "free-weights",
    "the free weights of a layer are the orbits on pairs, <chi_M, chi_N> of them, and no other map commutes",
    "Ravanbakhsh, Schneider, Poczos (2017); counted four ways",
    1.0,
    1.0,
)
COMMUTES = Criterion(
    "commutes",
    "layers commute with all g, to 1e-12 in float64 and 1e-5 in float32 (score: the error over that bound)",
    "by definition",
    1.0,
    1.0,
    direction="lower",
)
ORDER = Criterion(
    "tensor-order",
    "D-tuples of inputs have a free orbit, by the table of marks, from D = base size on, and then are universal",
    f"Ravanbakhsh (2020), abstract; {HERE}",
    1.0,
    1.0,
)
FITS = Criterion(
    "universal-fits",
    "a universal hidden layer fits random equivariant targets: the least R^2 at the most channels",
    f"Ravanbakhsh (2020), abstract; {HERE}",
    0.999,
    0.5,
)
FALLS = Criterion(
    "error-falls",
    "and its error, 1 - R^2, falls with channels: the ratio, from the fewest to the most, at worst",
    f"Ravanbakhsh (2020), abstract; {HERE}",
    0.5,
    1.0,
    direction="lower",
)
MISSES = Criterion(
    "misses",
    "a hidden layer that is not universal explains nothing of the functions that it must miss: its largest R^2",
    HERE,
    0.01,
    0.05,
    direction="lower",
)
REACHES = Criterion(
    "reaches",
    "a universal hidden layer fits the functions that the others miss: its least R^2",
    HERE,
    0.99,
    0.5,
)
MOST_INPUTS = 6  # the bound of ``universal-fits``: in more dimensions the same channels fit less
RANDOM_TARGETS = 3
SMOOTH_INPUTS = 5  # with more inputs weights are smaller, as their squares add up
TWINS = 400
MOST_TUPLES = 40_000  # points of D-tuples on which the theorem is tried
FEWEST_CHANNELS = 48
JUDGED_CHANNELS = 200  # a set with many readout weights a channel may be within the bounds with fewer: not judged then


@dataclass(frozen=True)
class Equivariance(Settings):
    """Which networks."""

    inputs: str = option("natural", f"The G-set N of the inputs: {USAGE}.")
    outputs: str = option("point", "The G-set M of the outputs; point: invariant.")
    hidden: tuple[str, ...] = option(("natural",), "Hidden G-sets to judge, beside the regular one and a point.")
    channels: int = option(800, "Most channels of a fitted layer.", least=64)
    samples: int = option(1500, "Inputs that are fitted; as many are drawn for tests.", least=100)
    scale: float = option(0.5, "Spread of random weights, of targets and units; larger is rougher.", least=0.01)

    @property
    def most_channels(self) -> int:
        """Of the full study 1,600 at least."""
        return max(self.channels, 1600) if self.full else self.channels

    @property
    def fitted(self) -> int:
        """Of the full study 3,000 at least."""
        return max(self.samples, 3000) if self.full else self.samples

    @property
    def sines(self) -> float:
        """Most sine units that are evaluated for one curve: about 3 seconds, and a minute in the full study."""
        return 4e9 if self.full else 2e8

    @property
    def unknowns(self) -> int:
        """Most weights of a readout that is fitted."""
        return 3200 if self.full else 1600


@dataclass(frozen=True, eq=False)
class _Sets:
    """The G-sets of a study; the free one, a point and what the settings name are judged."""

    domain: GSet
    codomain: GSet
    judged: tuple[HiddenSet, ...]  # the free one first, a point last

    @property
    def missing(self) -> list[HiddenSet]:
        return [one for one in self.judged if one.one_layer == "not universal"]


def _sets(group: Group, settings: Equivariance) -> _Sets:
    domain, codomain = (gset_of_words(group, text) for text in (settings.inputs, settings.outputs))
    named = dict([smallest_free(domain)])
    named |= {text: gset_of_words(group, text) for text in settings.hidden}
    named.pop("point", None)
    named["point"] = trivial_action(group, 1)
    return _Sets(domain, codomain, tuple(examined(name, domain, one, codomain) for name, one in named.items()))


def predict(group: Group | None, settings: Equivariance) -> dict[str, Any]:
    """Exact, from the G-sets alone: verdicts, free weights, the tensor order, the 2-closure."""
    assert group is not None
    sets = _sets(group, settings)
    rows = tensor_orders(sets.domain)
    closure = two_closure(sets.domain)
    return {
        "inputs": len(sets.domain),
        "outputs": len(sets.codomain),
        "acting_order": closure.own_order,
        "two_closure_order": closure.order,
        "two_closed": None if closure.is_larger is None else not closure.is_larger,
        "least_tensor_order": None if rows is None else rows[-1].order,
        "tensor_orders": None if rows is None else [asdict(one) for one in rows],
        "hidden": [one.row() for one in sets.judged],
    }


@study(
    "equivariance",
    title="Equivariant layers and universality",
    source="Ravanbakhsh (2020), arXiv:2002.02912 (abstract read); proofs here",
    settings=Equivariance,
    predict=predict,
    example="C4",
)
def examine(group: Group | None, settings: Equivariance, predictions: dict[str, Any], workshop: Workshop) -> Findings:
    """Count, test in torch, fit by ridge regression, and tell what each hidden set can and cannot express."""
    assert group is not None
    sets = _sets(group, settings)
    workshop.say("counting free weights")
    counts = _counted(sets)
    workshop.say("layers in torch against the group")
    commuting, wrong = _commuting(sets, settings.seed)
    orders, order_rows = _orders(sets.domain, predictions)
    fits = _fitted(sets, settings, workshop)
    agree = sum(map(counts_agree, counts)) / len(counts)
    tables = [
        Table("Hidden sets", [one.row() | fits.row(one) for one in sets.judged], _NOTE_SETS),
        Table("Free weights of a layer", counts, "Four counts that must agree; the last solves W rho(g) = rho(g) W."),
        Table("D-tuples of inputs as a hidden set", order_rows, "Free orbits from the table of marks."),
        Table("R^2 against channels", fits.curve_rows(), "Least over targets, on inputs that were not fitted."),
    ]
    if settings.full:
        tables.append(Table("All transitive hidden sets G/K", _all_transitive(sets), "Without a fit."))
    return Findings(
        _sentence(group, settings, sets, predictions),
        (weigh(COUNTS, agree, details={"layers": len(counts)}), commuting, orders, *fits.evidence(sets)),
        (*wrong, *fits.controls(sets)),
        tuple(tables),
        _pictures(sets, fits),
        {"predicted": dict(predictions)},
    )


_NOTE_SETS = (
    "One layer: exact. Its group: the permutations of the inputs that no such network tells from G (their number; G "
    "itself acts by the first). Blind: dimensions of the inputs that no first layer sees. Degree: of the least "
    "polynomial in the missed function. R^2 random: worst of three. Missed: on the missed function, then on a target "
    "that is invariant under G and not under the larger group. Reached: the first set's on the same."
)


def _counted(sets: _Sets) -> list[dict[str, Any]]:
    named = [("inputs", sets.domain), ("outputs", sets.codomain), *((one.name, one.points) for one in sets.judged)]
    pairs = [(0, 0), (0, 1)]
    for i in range(2, len(named)):
        pairs += [(0, i), (i, 1), (i, i)]
    return layer_counts(named, pairs)


def _commuting(sets: _Sets, seed: int) -> tuple[Evidence, list[Evidence]]:
    """The layers of torch in both precisions; a layer with free entries and one with labels of the wrong hand."""
    import torch

    from .layers import EquivariantLinear, equivariance_error

    group, rng = sets.domain.group, np.random.default_rng(seed)
    every = range(group.order) if group.order <= 400 else [*group.generators, *rng.integers(1, group.order, 60)]
    free = sets.judged[0].points
    shapes = [(sets.domain, sets.domain), (sets.domain, sets.codomain)]
    for one in sets.judged:
        shapes += [(sets.domain, one.points), (one.points, sets.codomain)]

    def error(layer: Any, domain: GSet, codomain: GSet) -> float:
        channels = layer.in_channels
        return equivariance_error(layer, domain, codomain, channels=channels, elements=map(int, every), seed=seed)

    bounds, worst = {torch.float64: 1e-12, torch.float32: 1e-5}, {"float64": 0.0, "float32": 0.0}
    torch.manual_seed(seed)
    for domain, codomain in shapes:
        for dtype, name in zip(bounds, worst, strict=True):
            layer = EquivariantLinear(domain, codomain, 2, 3, dtype=dtype)
            worst[name] = max(worst[name], error(layer, domain, codomain))
    score = max(worst["float64"] / 1e-12, worst["float32"] / 1e-5)
    found = weigh(COMMUTES, score, details={"elements": len(every), **worst})

    wrong = []
    layer = EquivariantLinear(sets.domain, free, dtype=torch.float64)
    right = layer.labels.clone()
    layer.labels = torch.arange(right.numel()).reshape(right.shape)
    layer.weight = torch.nn.Parameter(torch.randn(1, 1, right.numel(), dtype=torch.float64))
    if sets.missing:
        details = {"control": "a weight of its own for each entry"}
        wrong.append(weigh(COMMUTES, error(layer, sets.domain, free) / 1e-12, details=details))
    layer = EquivariantLinear(sets.domain, free, dtype=torch.float64)
    layer.labels = _of_the_wrong_hand(free, right)
    if not bool((layer.labels == right).all()):
        details = {"control": "labels of g^-1 in place of g on the first hidden set: the counts agree"}
        wrong.append(weigh(COMMUTES, error(layer, sets.domain, free) / 1e-12, details=details))
    return found, wrong


def _of_the_wrong_hand(free: GSet, labels: Any) -> Any:
    """The row of the point 0 ^ g is that of 0 ^ g^-1; the set is G over a normal subgroup."""
    trace = free.trace(0)
    back = np.zeros(len(free), dtype=np.int64)
    back[trace] = trace[free.group.inverses]
    return labels[back.tolist()]


def _orders(domain: GSet, predictions: dict[str, Any]) -> tuple[Evidence, list[dict[str, Any]]]:
    """The least tensor order by marks, against the base size by search and the theorem on the tuples themselves."""
    given, size = predictions["tensor_orders"], base_size(domain)
    rows = None if given is None else [OrderRow(**one) for one in given]
    plain = [
        {"D": one.order, "tuples": one.points, "free orbits": one.free_orbits, "weights from inputs": one.weights}
        for one in rows or []
    ]
    if rows is None or size is None:
        return Evidence(ORDER, None, {}, {}, "too many subgroups or stabilisers; the order is unknown"), plain
    agree = [rows[-1].order == max(1, size)]
    tuples = domain
    for one in rows:
        if one.points * len(domain.steps) > MOST_TUPLES:
            break
        agree.append(is_universal(domain, tuples) == (one.free_orbits > 0))
        if one is not rows[-1] and one.points * len(domain) <= MOST_TUPLES:
            tuples = tuples * domain
        else:
            break
    details = {"least_order": rows[-1].order, "base_size": size, "sets_tested": len(agree) - 1}
    return weigh(ORDER, float(np.mean(agree)), details=details), plain


@dataclass(frozen=True, eq=False)
class _Fits:
    """What was fitted, by name of hidden set.

    Attributes:
        random: curves on random targets. missed: of the set itself, on its missed function, then on the difference of
            means. reached: of the free set on the same. witnesses: the missed functions. why: what was not fitted.
    """

    inputs: int
    random: dict[str, Curve]
    missed: dict[str, list[Curve]]
    reached: dict[str, list[Curve]]
    witnesses: dict[str, Witness]
    why: str

    def row(self, one: HiddenSet) -> dict[str, Any]:
        """For the table of hidden sets."""
        witness = self.witnesses.get(one.name)
        return {
            "degree": None if witness is None else witness.degree,
            "R^2 random": _last(self.random.get(one.name)),
            "R^2 missed": [_last(curve) for curve in self.missed.get(one.name, [])] or None,
            "reached": [_last(curve) for curve in self.reached.get(one.name, [])] or None,
        }

    def curve_rows(self) -> list[dict[str, Any]]:
        """Every curve, a row a number of channels."""
        rows = []
        kinds = [("random", name, curve) for name, curve in self.random.items()]
        for name, curves in self.missed.items():
            kinds += [(f"missed by {name}", name, curve) for curve in curves]
            kinds += [(f"missed by {name}", "first set", curve) for curve in self.reached[name]]
        for kind, name, curve in kinds:
            for channels, worst in zip(curve.channels, curve.worst, strict=True):
                rows.append({"target": kind, "hidden set": name, "channels": channels, "R^2": round(worst, 5)})
        return rows

    def evidence(self, sets: _Sets) -> list[Evidence]:
        """Of universal sets on random targets, of the free set on the missed functions; and that these are missed."""
        universal = [
            self.random[one.name]
            for one in sets.judged
            if one.one_layer == "universal" and one.name in self.random
            and (one is sets.judged[0] or self.random[one.name].channels[-1] >= JUDGED_CHANNELS)
        ]  # fmt: skip
        if not universal:
            found = [Evidence(one, None, {}, {}, self.why) for one in (FITS, FALLS)]
        else:
            score = min(curve.worst[-1] for curve in universal)
            ratio = max(_ratio(row) for curve in universal for row in curve.r_squared)
            details = {"channels": universal[0].channels[-1], "sets": len(universal)}
            many = f"{self.inputs} inputs; the statement is for at most {MOST_INPUTS}"
            within = self.inputs <= MOST_INPUTS
            fits = weigh(FITS, score, details=details) if within else Evidence(FITS, None, {}, {"R^2": score}, many)
            found = [fits, weigh(FALLS, ratio, details=details)]
        missed = [_last(curve) for curves in self.missed.values() for curve in curves]
        reached = [_last(curve) for curves in self.reached.values() for curve in curves]
        if not missed:
            reason = self.why or "every hidden set here is universal, or no missed function is within the bounds"
            return [*found, *(Evidence(one, None, {}, {}, reason) for one in (MISSES, REACHES))]
        details = {"functions": len(missed)}
        return [*found, weigh(MISSES, max(missed), details=details), weigh(REACHES, min(reached), details=details)]

    def controls(self, sets: _Sets) -> list[Evidence]:
        """The sets that are not universal, asked to fit what they must miss."""
        return [
            weigh(REACHES, max(_last(c) for c in self.missed[one.name]), details={"control": f"hidden set {one.name}"})
            for one in sets.missing
            if self.missed.get(one.name)
        ]


def _last(curve: Curve | None) -> Any:
    return None if curve is None else round(curve.worst[-1], 5)


def _ratio(row: Sequence[float]) -> float:
    """How the error fell; nothing is asked below 1e-6, where rounding is what is left."""
    return max(1 - row[-1], 1e-9) / max(1 - row[0], 2e-6)


def _fitted(sets: _Sets, settings: Equivariance, workshop: Workshop) -> _Fits:
    """All curves; a set on which too few channels are within the bound is left out."""
    domain, codomain, samples = sets.domain, sets.codomain, settings.fitted
    rng = np.random.default_rng(settings.seed)
    scale = settings.scale * min(1.0, np.sqrt(SMOOTH_INPUTS / max(1, len(domain))))
    free = sets.judged[0]
    done = _Fits(len(domain), {}, {}, {}, {}, _why(free.points, codomain, settings))
    if done.why:
        return done
    targets = [random_target(domain, codomain, rng, scale) for _ in range(RANDOM_TARGETS)]
    for one in sets.missing:
        witness = missed_function(domain, one.points)
        if witness is not None:
            done.witnesses[one.name] = witness
    extra = {name: invariant_target(_unit(witness), codomain) for name, witness in done.witnesses.items()}
    for one in sets.judged:
        workshop.say(f"fitting through {one.name}")
        channels = _channels(len(one.points), settings, readout_weights(one.points, codomain))
        if not channels:
            continue
        own = targets + (list(extra.values()) if one is free else [extra[one.name]] if one.name in extra else [])
        curve = r_squared_curve(
            domain, one.points, codomain, own, channels, rng,
            samples=samples, scale=scale, wide=one.one_layer == "universal",
        )  # fmt: skip
        done.random[one.name] = Curve(curve.channels, curve.r_squared[:RANDOM_TARGETS])
        beyond = [Curve(curve.channels, (row,)) for row in curve.r_squared[RANDOM_TARGETS:]]
        if one is free:
            done.reached.update({name: [row] for name, row in zip(extra, beyond, strict=True)})
        elif beyond:
            done.missed[one.name] = beyond
    _differences(done, sets, settings, rng, scale, workshop)
    return done


def _differences(
    done: _Fits, sets: _Sets, settings: Equivariance, rng: np.random.Generator, scale: float, workshop: Workshop
) -> None:
    """Targets invariant under G and of mean 0 under what a hidden set cannot tell from G, at any depth."""
    domain, codomain, free = sets.domain, sets.codomain, sets.judged[0]
    for one in sets.missing:
        limit = int(settings.sines / (64 * settings.fitted))
        larger = elements_of(one.deep, domain, limit) if one.deep.extra else None
        readouts = max(readout_weights(each.points, codomain) for each in (one, free))
        channels = _channels(max(len(one.points), 2 * len(free.points)), settings, readouts, TWINS)
        if larger is None or not channels or one.name not in done.random:
            continue
        workshop.say(f"a target that {one.name} cannot see at any depth")
        target = [difference_target(domain, codomain, larger, rng, scale)]
        for place, hidden, twins in ((done.missed, one, None), (done.reached, free, np.array(one.deep.extra))):
            curve = r_squared_curve(
                domain, hidden.points, codomain, target, channels, rng,
                samples=settings.fitted, scale=scale, twins=twins, wide=hidden is free,
            )  # fmt: skip
            place.setdefault(one.name, []).append(curve)


def _why(free: GSet, codomain: GSet, settings: Equivariance) -> str:
    if _channels(len(free), settings, readout_weights(free, codomain)):
        return ""
    return (
        f"{len(free):,} hidden points a channel and {settings.fitted:,} inputs pass the bound of {settings.sines:.0e} "
        "sines: proved, not fitted"
    )


def _channels(points: int, settings: Equivariance, readouts: int, most: int | None = None) -> tuple[int, ...]:
    """A sixteenth, a quarter and all of the channels that are within the bounds; none when these are too few."""
    bound = int(settings.sines / (2 * settings.fitted * points))
    top = min(bound, settings.unknowns // readouts, most or settings.most_channels)
    return () if top < FEWEST_CHANNELS else (top // 16, top // 4, top)


def _unit(witness: Witness) -> Any:
    """A missed function of mean square about 1, so that rounding plays no part."""
    probe = witness(np.random.default_rng(0).standard_normal((2000, witness.exponents.shape[1])))
    size = float(np.sqrt((probe**2).mean()))
    return lambda x: witness(x) / size


def _all_transitive(sets: _Sets) -> list[dict[str, Any]]:
    """Every G/K, one K of each class, of at most 60 classes."""
    from grouptool.structure import on_cosets

    rows = []
    for number, one in enumerate(subgroup_lattice(sets.domain.group).classes[:60]):
        found = examined(f"cosets:{number}", sets.domain, on_cosets(one.subgroup), sets.codomain)
        rows.append(found.row() | {"subgroup of order": one.order})
    return rows


def _sentence(group: Group, settings: Equivariance, sets: _Sets, predictions: dict[str, Any]) -> str:
    acting = f"{group.name} acts on {len(sets.domain)} inputs ({settings.inputs})"
    parts = [f"{acting} by {predictions['acting_order']:,} permutations; outputs: {settings.outputs}."]
    for one in sets.judged[1:-1]:
        told = {
            "universal": "is universal with one hidden layer",
            "not universal": f"is universal at no depth: such networks {_told(one)}",
            "undecided": "is not universal with one hidden layer; at more layers this is undecided here",
        }[one.any_depth]
        parts.append(f"The hidden set {one.name} {told}.")
    order = predictions["least_tensor_order"]
    parts.append(
        f"The {sets.judged[0].name} set is universal; so are D-tuples of inputs from D = {order or 'unknown'} on."
    )
    return " ".join(parts)


def _told(one: HiddenSet) -> str:
    if not one.deep.is_larger:
        return f"are constant along {one.blind} dimensions of the inputs"
    order = f"{one.deep.order:,}" if one.deep.order is not None else f"more than {one.deep.own_order:,}"
    return f"cannot tell apart what a group of {order} permutations joins"


def _pictures(sets: _Sets, fits: _Fits) -> tuple[Picture, ...]:
    from . import pictures

    shown = sets.judged[1] if len(sets.judged) > 2 else sets.judged[-1]
    free = sets.judged[0]
    found = [
        Picture(
            "sharing",
            "Which weights are shared",
            f"The full matrices of layers from the inputs to {shown.name} and to the {free.name} set; entries of one "
            "colour are one weight. Fewer colours: less that the layer can tell apart.",
            lambda: pictures.sharing(sets.domain, [(one.name, one.points) for one in (shown, free)]),
        )
    ]
    if fits.random:
        found.append(
            Picture(
                "fits",
                "What one hidden layer reaches, by its hidden set",
                "Left: unexplained share of random equivariant targets (worst of three) against channels, each line a "
                "hidden set; a universal set falls on, the others stay. Right: R^2 on the function that the set must "
                "miss, beside the universal set's on the same function.",
                lambda: pictures.fits(fits.random, fits.missed, fits.reached, free.name),
            )
        )
    return tuple(found)
