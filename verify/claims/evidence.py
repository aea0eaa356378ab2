"""What a claim is, what evidence is, and how one becomes the other.

Public: Claim, Evidence, Score, Subject, Tier, Verdict, CLAIMS, TIERS, claim, judge.
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
from ..groupdata import GroupData
from ..reading import Circuit, Readout, read_out
from ..rho_sets import Explanation, extract
from ..task import Task

__all__ = ["CLAIMS", "TIERS", "Claim", "Evidence", "Score", "Subject", "Tier", "Verdict", "claim", "judge"]

Verdict = Literal["holds", "fails", "undecided"]
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
class Claim:
    """One statement about networks, with the thresholds that decide it.

    Attributes:
        name, statement, source: of the claim.
        holds_from, fails_below: thresholds of the score (for direction ``lower``: holds up to, fails above).
        direction: whether a higher or a lower score speaks for the claim.
        discriminating: whether a network without the algorithm, but with right answers, could fail it.
        measure: from a subject to its score. controls: circuits of its own to compare with, besides the common ones.
        matched: scores of matched random ablations of the same network, which keep as much but not the structure.
        tier: when it is measured; see TIERS.
        perfect: the score that a network with the algorithm reaches; 0 for direction ``lower``.
    """

    name: str
    statement: str
    source: str
    holds_from: float
    fails_below: float
    direction: Literal["higher", "lower"]
    discriminating: bool
    measure: Callable[[Subject], Score]
    controls: Callable[[Subject, np.random.Generator], Sequence[Circuit]] | None = None
    matched: Callable[[Subject, np.random.Generator], Sequence[float]] | None = None
    tier: Tier = "fast"
    perfect: float = 1.0

    def score(self, subject: Subject) -> Score:
        """The measurement, made once for each subject. Raises NoEvidenceError."""
        if self.name not in subject.scores:
            subject.scores[self.name] = self.measure(subject)
        return subject.scores[self.name]

    def verdict_of(self, score: float) -> Verdict:
        """What the thresholds say of a score."""
        sign = 1 if self.direction == "higher" else -1
        if sign * score >= sign * self.holds_from:
            return "holds"
        return "fails" if sign * score < sign * self.fails_below else "undecided"

    def stands_out(self, score: float, control: float) -> bool:
        """Whether a score is better than a control's by half of what the control lacks, and by more than a trifle.

        A trifle is a quarter of the way between the thresholds.
        """
        sign, perfect = (1, self.perfect) if self.direction == "higher" else (-1, 0.0)
        lead = sign * (score - control)
        return lead >= max(abs(perfect - control) / 2, abs(self.holds_from - self.fails_below) / 4)


@dataclass(frozen=True)
class Evidence:
    """A claim, judged on one network.

    Attributes:
        score: None when nothing could be measured.
        null: scores of controls by kind: networks of the same shape without the algorithm.
        reason: why nothing could be measured, or why a passing score proves nothing here; else empty.
    """

    claim: Claim
    score: float | None
    null: Mapping[str, tuple[float, ...]]
    details: Mapping[str, Any]
    reason: str = ""

    @property
    def verdict(self) -> Verdict:
        """Holds, fails, or undecided: between the thresholds, or for the reason given."""
        if self.reason or self.score is None:
            return "undecided"
        return self.claim.verdict_of(self.score)

    def to_json(self) -> dict[str, Any]:
        """Plain values, with the stable keys of verdict.json."""
        return {
            "claim": self.claim.name,
            "statement": self.claim.statement,
            "source": self.claim.source,
            "score": self.score,
            "null": {kind: list(scores) for kind, scores in self.null.items()},
            "thresholds": {
                "holds_from": self.claim.holds_from,
                "fails_below": self.claim.fails_below,
                "direction": self.claim.direction,
            },
            "discriminating": self.claim.discriminating,
            "tier": self.claim.tier,
            "verdict": self.verdict,
            "reason": self.reason,
            "details": dict(self.details),
        }


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
            name, statement, source, holds_from, fails_below, direction, discriminating, measure, controls, matched,
            tier, perfect,
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
    close = [kind for kind, scores in null.items() if any(not one.stands_out(score.value, each) for each in scores)]
    proves_nothing = bool(close) and one.verdict_of(score.value) == "holds"
    reason = f"cannot discriminate here: {' and '.join(close)} networks score nearly as well" if proves_nothing else ""
    return Evidence(one, score.value, null, score.details, reason)
