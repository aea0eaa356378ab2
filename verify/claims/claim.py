"""What a claim about networks is, what it reads of one, and how its score becomes evidence.

Public: Claim, Score, Subject, Tier, CLAIMS, TIERS, claim, judge.
Thresholds are written with the claim, before any run; they rest on published figures, which the claim names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np

from grouptool.errors import NoEvidenceError
from grouptool.representations.fourier import isotypic_energies

from ..alignment import Alignment, align, left_side, right_side
from ..evidence import Criterion, Evidence, weigh
from ..groupdata import GroupData
from ..reading import Circuit, Readout, read_out
from ..rho_sets import Explanation, extract
from ..task import Task

__all__ = ["CLAIMS", "TIERS", "Claim", "Score", "Subject", "Tier", "claim", "judge"]

Tier = Literal["fast", "full", "study"]
TIERS: tuple[Tier, ...] = ("fast", "full", "study")
"""How dear a claim is, the cheapest first: each tier has the claims of those before it."""
PURE = 0.9
"""Share of a layer's energy in one representation from which a neuron counts as at home there."""


@dataclass(frozen=True, eq=False)
class Subject:
    """A network under judgement, with what several claims read of it.

    Attributes:
        circuit: the network in balanced form (``Circuit.balanced``), whatever scales it came in.
        task: the split that it was trained on; None for a network from elsewhere.
    """

    data: GroupData
    circuit: Circuit
    task: Task | None = None

    def __post_init__(self) -> None:
        self.circuit.check_for(self.data.group)
        object.__setattr__(self, "circuit", self.circuit.balanced())

    @cached_property
    def scores(self) -> dict[str, Score]:
        """What has been measured so far, by claim; a control serves many networks."""
        return {}

    @cached_property
    def readout(self) -> Readout:
        """One pass over all logits."""
        return read_out(self.circuit, self.data.group)

    @cached_property
    def energies(self) -> dict[str, np.ndarray]:
        """For L, R and U, centred: shape (c, m), the energy of each neuron in each non-trivial constituent."""
        return {name: isotypic_energies(self.data.constituents, x) for name, x in self.circuit.centred.items()}

    @cached_property
    def dominant(self) -> dict[str, np.ndarray]:
        """For L, R and U: shape (m,), the constituent with most energy of each neuron."""
        return {name: energy.argmax(axis=0) for name, energy in self.energies.items()}

    @cached_property
    def home(self) -> np.ndarray:
        """Shape (m,): the constituent in which L, R and U of a neuron all have 0.9 of their energy, else -1."""
        dominant = self.dominant["L"]
        neurons = np.arange(len(dominant))
        pure = np.ones(len(dominant), dtype=bool)
        for layer, energies in self.energies.items():
            total = np.maximum((self.circuit.centred[layer] ** 2).sum(axis=0), 1e-300)
            pure &= energies[dominant, neurons] >= PURE * total
        return np.where(pure, dominant, -1)

    @cached_property
    def explanation(self) -> Explanation:
        """The network's rho-sets, recovered from its weights. Raises NoEvidenceError for other networks than relu."""
        self.circuit.require("relu")
        return extract(self.data, self.circuit, self.home)

    @cached_property
    def alignments(self) -> tuple[Alignment, Alignment]:
        """The best subgroups of each neuron: for L by right cosets, for R by left cosets. Raises NoEvidenceError."""
        tables = self.circuit.centred
        return align(self.data, tables["L"], right_side), align(self.data, tables["R"], left_side)

    @cached_property
    def logit_similarities(self) -> np.ndarray:
        """Shape (c,): cosine of the centred logits with the trace tensor chi_rho(x^-1 z y^-1) of each constituent."""
        values = np.stack([one.character for one in self.data.constituents])[:, self.data.classes.class_of]
        norms = np.sqrt(max(self.readout.variance, 1e-300) * (values**2).sum(axis=1))
        return np.asarray(self.data.group.order * (values @ self.readout.quotient_function) / norms)

    def require_logits(self) -> None:
        """Raise NoEvidenceError when the logits do not depend on the answer."""
        if not self.readout.variance:
            raise NoEvidenceError("the logits do not depend on the answer, so there is no variance to explain")


@dataclass(frozen=True)
class Score:
    """What a claim measured on one network."""

    value: float
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Claim(Criterion):
    """One statement about networks, with the thresholds that decide it.

    Attributes:
        measure: from a subject to its score. controls: circuits of its own to compare with, besides the common ones.
        matched: scores of matched random ablations of the same network, which keep as much but not the structure.
        tier: when it is measured; see TIERS.
    """

    measure: Callable[[Subject], Score] = field(kw_only=True)
    controls: Callable[[Subject, np.random.Generator], Sequence[Circuit]] | None = None
    matched: Callable[[Subject, np.random.Generator], Sequence[float]] | None = None
    tier: Tier = "fast"

    def score(self, subject: Subject) -> Score:
        """The measurement, made once for each subject. Raises NoEvidenceError."""
        if self.name not in subject.scores:
            subject.scores[self.name] = self.measure(subject)
        return subject.scores[self.name]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return super().to_json() | {"tier": self.tier}


CLAIMS: dict[str, Claim] = {}


def claim(
    name: str,
    *,
    statement: str,
    source: str,
    holds_from: float,
    fails_below: float,
    direction: Literal["higher", "lower"] = "higher",
    discriminating: bool = True,
    controls: Callable[[Subject, np.random.Generator], Sequence[Circuit]] | None = None,
    matched: Callable[[Subject, np.random.Generator], Sequence[float]] | None = None,
    tier: Tier = "fast",
    perfect: float = 1.0,
) -> Callable[[Callable[[Subject], Score]], Callable[[Subject], Score]]:
    """Register a measurement as a claim."""

    def register(measure: Callable[[Subject], Score]) -> Callable[[Subject], Score]:
        CLAIMS[name] = Claim(
            name, statement, source, holds_from, fails_below, direction, discriminating, perfect,
            measure=measure, controls=controls, matched=matched, tier=tier,
        )  # fmt: skip
        return measure

    return register


def judge(
    one: Claim, subject: Subject, controls: Mapping[str, Sequence[Subject]], rng: np.random.Generator
) -> Evidence:
    """Measure a claim on a network and on its controls.

    Args:
        controls: networks without the algorithm, by kind, for the same group and of the same shape. When a passing
            score does not stand out from one of them, it proves nothing and the evidence says so; failing still does.
        rng: draws the claim's own controls.
    """
    try:
        score = one.score(subject)
    except NoEvidenceError as silence:
        return Evidence(one, None, {}, {}, str(silence))
    everyone = dict(controls)
    if one.controls is not None:
        everyone["irrep noise"] = [
            Subject(subject.data, circuit, subject.task) for circuit in one.controls(subject, rng)
        ]
    null: dict[str, tuple[float, ...]] = {}
    for kind, subjects in everyone.items():
        scores = []
        for control in subjects:
            try:
                scores.append(one.score(control).value)
            except NoEvidenceError:
                continue  # a control on which nothing can be measured does not pass
        null[kind] = tuple(scores)
    if one.matched is not None:
        null["matched random"] = tuple(one.matched(subject, rng))
    return weigh(one, score.value, null, score.details)
