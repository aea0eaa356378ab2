"""The margin study on one group: networks trained, read, and laid beside the programs.

Public: examine_group, predict_group.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from grouptool.group import Group
from grouptool.representations import character_table

from ...evidence import Criterion, Evidence, weigh
from ..study import Findings, Table, Workshop
from . import criteria
from .drawing import group_pictures
from .network import (
    QuadraticNetwork,
    cross_entropy_training,
    dense_classifier,
    margin_ascent,
    normalised_margin,
    penalised_loss,
    work,
)
from .penalised import PenalisedOptimum, arrivals, first_penalty, penalised_optimum
from .program import MaximumMargin, margin_program, maximum_margin
from .reading import MarginReading, read_network
from .settings import MarginSettings

__all__ = ["examine_group", "predict_group"]

MOST_WORK = {False: 4e10, True: 2e13}
"""Multiplications of one training, in the fast and in the full study; 10^9 to 10^10 of them take a second."""

STEPS = {False: 3000, True: 6000}
MOST_LINES = 64
"""Largest real dimension of an irrep whose matrices are made."""

NEURONS = {"R": 2, "C": 8, "H": 4}
"""Neurons times d^3 that an irrep, or a pair of duals, is given: theorems 9 and 7; for type H by experience."""

LEAST_NEURONS = 8
"""That any irrep is given: a random start must not miss one."""

TRIES = 3
"""Starts, when the first ones end short of the optimum that is known: a network may get stuck."""


def predict_group(group: Group, settings: MarginSettings) -> dict[str, Any]:
    """Everything that the exact character table says, before a network is made; plain values."""
    maximum = maximum_margin(margin_program(character_table(group)))
    program = maximum.program
    best = penalised_optimum(maximum, settings.penalty)
    names = program.irrep_names
    return {
        "margin": maximum.margin,
        "proved": [maximum.lower, maximum.upper],
        "gap": maximum.gap,
        "closed_form": program.closed_form,
        "closed_form_holds": program.closed_form_holds,
        "over_closed_form": maximum.over_closed_form,
        "theorem_9_applies": program.real_type and program.closed_form_holds,
        "theorem_9_formula": program.formula_of_the_paper,
        "condition": dict(zip(program.class_names, program.condition.tolist(), strict=True)),
        "tau": dict(zip(program.class_names, maximum.tau.tolist(), strict=True)),
        "shares": dict(zip(names, maximum.shares.tolist(), strict=True)),
        "shares_unique": maximum.unique,
        "mass_law": dict(zip(names, program.law.tolist(), strict=True)),
        "dropped": [name for name, unused in zip(names, maximum.unused, strict=True) if unused],
        "off_margin": [name for name, off in zip(program.class_names, maximum.off_margin, strict=True) if off],
        "sufficient_width": program.sufficient_width,
        "penalised": {
            "lambda": best.penalty,
            "loss": best.loss,
            "cross_entropy": best.cross_entropy,
            "gap": best.gap,
            "kkt_residual": best.residual,
            "ratio": best.ratio(maximum),
            "shares": dict(zip(names, best.shares.tolist(), strict=True)),
            "zero_from": first_penalty(program),
        },
        "arrivals": [
            {"irrep": names[one.irrep], "lambda": one.penalty, "comes": one.comes} for one in arrivals(maximum)
        ],
    }


def examine_group(group: Group, settings: MarginSettings, predictions: dict[str, Any], workshop: Workshop) -> Findings:
    """Train, read, judge."""
    maximum = maximum_margin(margin_program(character_table(group)))
    best = penalised_optimum(maximum, settings.penalty)
    lab = _Lab(group, maximum, best, settings, workshop)
    ascents = lab.ascents()
    penalised = lab.penalised() if ascents else []
    dense = lab.read(dense_classifier(group)) if lab.affordable(2 * group.order**2, 20) else None
    readings = [(network, lab.read(network)) for network in ascents]
    trained = [(network, lab.read(network)) for network in penalised]
    evidence = [
        weigh(criteria.CERTIFIED, maximum.gap, details={"proved": [maximum.lower, maximum.upper]}),
        *_judged_ascents(maximum, [one for _, one in readings]),
        *_judged_penalised(group, maximum, best, trained),
    ]
    everything = [one for _, one in (*readings, *trained)] + ([dense] if dense else [])
    if everything:
        evidence.insert(1, weigh(criteria.CEILING, max(one.margin for one in everything) / maximum.margin))
    first = readings[0] if readings else None
    return Findings(
        _sentence(group, maximum, best, lab, readings),
        tuple(evidence),
        _controls(maximum, dense, [one for _, one in readings]),
        tuple(_tables(maximum, best, predictions, readings, trained, dense)),
        tuple(group_pictures(maximum, best, first, trained[0] if trained else None, predictions)),
        {"width": lab.width, "steps": lab.steps, "not_trained": lab.refusal, "tries": lab.tries},
    )


class _Lab:
    """Trains networks of one group, and keeps them in the run folder."""

    def __init__(
        self, group: Group, maximum: MaximumMargin, best: PenalisedOptimum, settings: MarginSettings, workshop: Workshop
    ) -> None:
        self.group, self.maximum, self.best, self.settings, self.workshop = group, maximum, best, settings, workshop
        self.width = settings.width or _width(maximum)
        self.steps = settings.steps or STEPS[settings.full]
        self.refusal = ""
        self.tries: dict[str, int] = {}

    def affordable(self, width: int, steps: int) -> bool:
        return work(self.group.order, width, steps) <= MOST_WORK[self.settings.full]

    def ascents(self) -> list[QuadraticNetwork]:
        if not self.affordable(self.width, self.steps):
            cost = work(self.group.order, self.width, self.steps)
            more = "--full, or with" if not self.settings.full and cost <= MOST_WORK[True] else "smaller"
            self.refusal = (
                f"no network was trained: {self.width:,} neurons and {self.steps:,} steps on {self.group.order:,} "
                f"elements take {cost:.0e} multiplications, over the bound of {MOST_WORK[self.settings.full]:.0e}; "
                f"ask with {more} --width and --steps"
            )
            self.workshop.say(self.refusal)
            return []
        aim = criteria.REACHED.holds_from
        return [self._kept(f"ascent_{seed}", seed, self._ascend, lambda one: aim - self._reached(one))
                for seed in self._seeds()]  # fmt: skip

    def penalised(self) -> list[QuadraticNetwork]:
        if not self.best.mu.any():
            self.workshop.say(f"at lambda = {self.best.penalty:g} the best network is 0: nothing is trained there")
            return []
        aim = criteria.LOSS.holds_from
        return [self._kept(f"penalised_{seed}", seed, self._descend, lambda one: self._excess(one) - aim)
                for seed in self._seeds()]  # fmt: skip

    def read(self, network: QuadraticNetwork) -> MarginReading:
        largest = max(one.dimension for one in self.maximum.program.constituents)
        return read_network(self.group, self.maximum.program, network.weights, lines=largest <= MOST_LINES)

    def _seeds(self) -> range:
        return range(self.settings.seed, self.settings.seed + (2 if self.settings.full else 1))

    def _reached(self, network: QuadraticNetwork) -> float:
        return normalised_margin(self.group, network.weights) / self.maximum.margin

    def _excess(self, network: QuadraticNetwork) -> float:
        return penalised_loss(self.group, network.weights, self.best.penalty) / self.best.loss - 1

    def _ascend(self, rng: np.random.Generator) -> QuadraticNetwork:
        return margin_ascent(self.group, self.width, self.steps, self.maximum.margin, rng)

    def _descend(self, rng: np.random.Generator) -> QuadraticNetwork:
        polish = 3000 if not self.settings.full else 20_000
        return cross_entropy_training(self.group, self.width, self.steps // 2, self.best.penalty, rng, polish=polish)

    def _kept(
        self,
        name: str,
        seed: int,
        make: Callable[[np.random.Generator], QuadraticNetwork],
        lacks: Callable[[QuadraticNetwork], float],
    ) -> QuadraticNetwork:
        """A network from the run folder, or the best of the first tries up to one that lacks nothing."""
        folder, file = self.workshop.folder, f"{name}.safetensors"
        if folder.has(file):
            arrays = folder.read_arrays(file)
            steps, values = arrays["steps"].tolist(), arrays["values"].tolist()
            self.tries[name] = int(arrays["tries"][0])
            return QuadraticNetwork(arrays["weights"], tuple(zip(map(int, steps), values, strict=True)))
        best, least = None, math.inf
        for attempt in range(TRIES):
            self.workshop.say(f"{name.replace('_', ' of seed ')}: {self.width} neurons, {self.steps} steps")
            network = make(np.random.default_rng([seed, attempt, len(name)]))
            self.tries[name] = attempt + 1
            if best is None or lacks(network) < least:
                best, least = network, lacks(network)
            if least <= 0 or not self.affordable(self.width, (attempt + 2) * self.steps):
                break
        assert best is not None
        steps, values = zip(*best.history, strict=True)
        arrays = {"weights": best.weights, "steps": np.array(steps, float), "values": np.array(values)}
        folder.write_arrays(file, arrays | {"tries": np.array([self.tries[name]])})
        return best


def _width(maximum: MaximumMargin) -> int:
    """Neurons with room to spare: 1.6 times what the theorems ask of the irreps that are used."""
    program = maximum.program
    used = np.array([NEURONS[one.type] for one in program.constituents]) * program.degrees**3
    return math.ceil(1.6 * float(np.maximum(used, LEAST_NEURONS)[maximum.shares > 0].sum()))


def _judged_ascents(maximum: MaximumMargin, readings: list[MarginReading]) -> list[Evidence]:
    """The statements about the largest margin, each by its worst network."""
    if not readings:
        return [Evidence(criteria.REACHED, None, {}, {}, "no network was trained")]
    return [
        weigh(criteria.REACHED, min(one.margin for one in readings) / maximum.margin),
        weigh(criteria.PURITY, min(one.purity for one in readings)),
        weigh(criteria.AGREEMENT, min(one.agreement for one in readings)),
        _only_if(
            maximum.unique, criteria.MASS, max(_error(one.shares, maximum.shares) for one in readings),
            "the program has more than one optimum, or this is not known",
        ),
        _only_if(
            maximum.unique, criteria.CLASSES,
            max(_error(one.class_margins, maximum.class_margins) for one in readings),
            "the program has more than one optimum, or this is not known",
        ),
        weigh(criteria.LINES, min(min(one.rank_one, one.alignment) for one in readings)),
        *([weigh(criteria.UNUSED, max(float(one.shares[maximum.unused].sum()) for one in readings))]
          if maximum.unused.any() else []),
    ]  # fmt: skip


def _judged_penalised(
    group: Group, maximum: MaximumMargin, best: PenalisedOptimum, trained: list[tuple[QuadraticNetwork, MarginReading]]
) -> list[Evidence]:
    if not trained:
        return []
    losses = [penalised_loss(group, network.weights, best.penalty) for network, _ in trained]
    readings = [one for _, one in trained]
    details = {"loss": losses, "predicted": best.loss, "gap": best.gap, "kkt_residual": best.residual}
    expected = best.ratio(maximum)
    return [
        weigh(criteria.LOSS, max(abs(one / best.loss - 1) for one in losses), details=details),
        weigh(criteria.FLOOR, max(1 - min(losses) / best.loss, 0.0)),
        weigh(criteria.PENALISED_RATIO, max(abs(one.margin / maximum.margin - expected) for one in readings)),
        weigh(criteria.PENALISED_MASS, max(_error(one.shares, best.shares) for one in readings)),
    ]


def _controls(
    maximum: MaximumMargin, dense: MarginReading | None, readings: list[MarginReading]
) -> tuple[Evidence, ...]:
    """The dense exact classifier, and other laws of mass where they differ from the program's."""
    found = []
    program = maximum.program
    # One-hot weights have d^2 / n of their energy in an irrep; margins are 4, and 2 n^2 neurons have norm sqrt(3).
    purity = max(one.isotypic_dimension for one in program.constituents) / program.order
    margin = 4 / (2 * program.order**2 * 3**1.5)
    if dense is not None:
        purity, margin = dense.purity, dense.margin
    details = {"network": "the dense exact classifier", "measured": dense is not None}
    found.append(weigh(criteria.PURITY, purity, details=details))
    found.append(weigh(criteria.REACHED, margin / maximum.margin, details=details))
    plancherel = program.multiplicities * program.degrees**2 / (program.order - 1)
    for name, law in (("d^2", plancherel), ("kappa d^(5/2)", program.law)):
        if readings and maximum.unique and _error(law, maximum.shares) > 2 * criteria.MASS.fails_below:
            error = min(_error(one.shares, law) for one in readings)
            found.append(weigh(criteria.MASS, error, details={"law": name}))
    return tuple(found)


def _error(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.abs(found - expected).max())


def _only_if(sure: bool, criterion: Criterion, score: float, reason: str) -> Evidence:
    return weigh(criterion, score) if sure else Evidence(criterion, None, {}, {}, reason)


def _sentence(
    group: Group, maximum: MaximumMargin, best: PenalisedOptimum, lab: _Lab,
    readings: list[tuple[QuadraticNetwork, MarginReading]],
) -> str:  # fmt: skip
    program = maximum.program
    parts = [
        f"The largest normalised L_(2,3) margin on {group.name} is {maximum.margin:.6e}, proved to {maximum.gap:.0e}"
    ]
    if program.closed_form_holds:
        parts.append("the closed form is exact and every class of wrong answers is on the margin")
    else:
        failing = [name for name, value in zip(program.class_names, program.condition, strict=True) if value > 0]
        parts.append(
            f"the class condition fails on {', '.join(failing)}, so the closed form is too small by the factor "
            f"{maximum.over_closed_form:.4f}"
        )
    dropped = [name for name, unused in zip(program.irrep_names, maximum.unused, strict=True) if unused]
    if dropped:
        parts.append(f"no largest margin uses {', '.join(dropped)}")
    if not program.real_type:
        parts.append("theorem 9 of the paper does not speak of this group, which has irreps that are not of real type")
    if readings:
        worst = min(one.margin for _, one in readings) / maximum.margin
        parts.append(f"networks of {lab.width} neurons reach {worst:.5f} of it")
    if (most := max(lab.tries.values(), default=1)) > 1:
        parts.append(f"up to {most} starts were needed")
    if lab.refusal:
        parts.append(lab.refusal)
    if not best.mu.any():
        parts.append(f"at lambda = {best.penalty:g} the best network is 0")
    return "; ".join(parts) + "."


def _tables(
    maximum: MaximumMargin, best: PenalisedOptimum, predictions: dict[str, Any],
    readings: list[tuple[QuadraticNetwork, MarginReading]], trained: list[tuple[QuadraticNetwork, MarginReading]],
    dense: MarginReading | None,
) -> list[Table]:  # fmt: skip
    program = maximum.program
    critical = {one["irrep"]: one["lambda"] for one in reversed(predictions["arrivals"]) if one["comes"]}
    irreps = [
        {
            "irrep": name,
            "type": one.type,
            "degree": int(program.degrees[i]),
            "mass law": round(float(program.law[i]), 4),
            "share at gamma*": round(float(maximum.shares[i]), 4),
            "trained": _rounded([one.shares[i] for _, one in readings]),
            f"share at lambda {best.penalty:g}": round(float(best.shares[i]), 4),
            "trained there": _rounded([one.shares[i] for _, one in trained]),
            "comes at lambda": f"{critical[name]:.3e}" if name in critical else "below 1e-14",
        }
        for i, (name, one) in enumerate(zip(program.irrep_names, program.constituents, strict=True))
    ]
    classes = [
        {
            "class": name,
            "representative": _short(program.representatives[i]),
            "elements": int(program.sizes[i]),
            "condition": round(float(program.condition[i]), 4),
            "tau": round(float(maximum.tau[i]), 4),
            "margin": round(float(maximum.class_margins[i]), 4),
            "trained": _rounded([one.class_margins[i] for _, one in readings]),
            "spread": _rounded([one.class_spreads[i] for _, one in readings], 5),
        }
        for i, name in enumerate(program.class_names)
    ]
    networks = [
        _network_row(f"margin ascent {i}", one, maximum, 1.0) for i, (_, one) in enumerate(readings)
    ] + [
        _network_row(f"cross-entropy {i}", one, maximum, best.ratio(maximum)) for i, (_, one) in enumerate(trained)
    ] + ([_network_row("dense classifier (control)", dense, maximum, None)] if dense else [])  # fmt: skip
    tables = [
        Table("Irreducible representations, duals together", irreps,
              "Shares of the sum of ||omega||^3. 'trained' is margin ascent, 'trained there' cross-entropy with the "
              "penalty lambda sum ||omega||^3; an irrep comes into the optimum when lambda falls below its value."),
        Table("Classes of wrong answers c, by a b c^-1", classes,
              "The closed form holds when no condition is above 0. tau: how much a class holds the margin down. "
              "Margins in units of gamma*, trained ones in units of the network's own."),
    ]  # fmt: skip
    if networks:
        tables.append(Table("Networks", networks))
    return tables


def _network_row(name: str, one: MarginReading, maximum: MaximumMargin, expected: float | None) -> dict[str, Any]:
    return {
        "network": name,
        "margin / gamma*": round(one.margin / maximum.margin, 6),
        "predicted": "" if expected is None else round(expected, 6),
        "purity": round(one.purity, 6),
        "one irrep": round(one.agreement, 4),
        "rank one": round(one.rank_one, 6),
        "alignment": round(one.alignment, 6),
        "balance": round(one.balance, 4),
        "live neurons": one.live,
        "accuracy": one.accuracy,
    }


def _rounded(values: list[Any], digits: int = 4) -> str:
    return ", ".join(f"{float(value):.{digits}f}" for value in values)


def _short(text: str, most: int = 24) -> str:
    return text if len(text) <= most else text[: most - 3] + "..."
