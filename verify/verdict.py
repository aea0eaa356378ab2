"""From evidence to verdicts: a network's, a theory's, and the experiment's; and the sentence that says it in words.

Public: NetworkVerdict, TheoryVerdict, ExperimentVerdict, judge_network, judge_experiment.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from .claims import CLAIMS, TIERS, Subject, Tier, judge
from .controls import random_circuit
from .evidence import Evidence, Verdict
from .groupdata import GroupData
from .ladder import Rung, substitution_ladder
from .tables import verdict_html
from .theories import THEORIES, Prediction, Theory

__all__ = [
    "EXIT_CODES",
    "ExperimentVerdict",
    "NetworkVerdict",
    "TheoryVerdict",
    "judge_experiment",
    "judge_network",
    "random_subjects",
]

RANDOM_CONTROLS = 5

LEADING_CLAIMS = (
    "bi-equivariance",
    "character-logits",
    "product-logits",
    "beyond-characters",
    "rho-set-logits",
    "rho-set-substitution",
    "coset-tables",
    "irrep-substitution",
    "coset-substitution",
    "coset-ablation",
)
"""The claims that tell the accounts apart, in the order of the verdict table: logits, substitutions, ablations."""

EXIT_CODES: dict[Verdict, int] = {"holds": 0, "fails": 3, "undecided": 4}


@dataclass(frozen=True)
class TheoryVerdict:
    """Whether a theory survives, and why, in words.

    Attributes:
        applies: false when it describes no network on the group.
        predicted, found: what it said before training, and what was found of that in the network.
    """

    theory: str
    verdict: Verdict
    why: str
    applies: bool = True
    predicted: str = ""
    found: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


@dataclass(frozen=True)
class NetworkVerdict:
    """One network, judged on every claim and by every theory.

    Attributes:
        seed: of its training; None for a network from elsewhere.
        evidence: by claim name. theories: by theory name.
        ladder: the substitutions, none when judged by fast claims only.
    """

    seed: int | None
    evidence: Mapping[str, Evidence]
    theories: Mapping[str, TheoryVerdict]
    ladder: tuple[Rung, ...] = ()

    @property
    def learned(self) -> bool:
        """Whether the network computes the group: the claim ``table-accuracy`` holds."""
        return self.evidence["table-accuracy"].verdict == "holds"

    @property
    def verdict(self) -> Verdict:
        """Holds when a theory survives, fails when none that applies does, else undecided."""
        return _any_survivor(self.theories.values())

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "seed": self.seed,
            "learned": self.learned,
            "claims": [one.to_json() for one in self.evidence.values()],
            "theories": [one.to_json() for one in self.theories.values()],
            "ladder": [one.to_json() for one in self.ladder],
            "verdict": self.verdict,
        }


@dataclass(frozen=True)
class ExperimentVerdict:
    """Several networks of one experiment, judged together.

    Attributes:
        networks: their own verdicts. claims: the verdict of most learned networks on each claim.
        theories: likewise. sentence: what was learned, for a person.
    """

    networks: tuple[NetworkVerdict, ...]
    claims: Mapping[str, Verdict]
    theories: Mapping[str, TheoryVerdict]
    sentence: str

    @property
    def verdict(self) -> Verdict:
        """Holds when a theory survives on most learned networks, fails when none that applies does, else undecided."""
        return _any_survivor(self.theories.values())

    def median(self, claim: str) -> float | None:
        """The median score of a claim over the learned networks (over all, when none learned)."""
        return _median(self.networks, claim)

    def to_json(self) -> dict[str, Any]:
        """Plain values: for each claim the median score, the pooled null and the common verdict."""
        rows = []
        for name, verdict in self.claims.items():
            first = next(iter(self.networks)).evidence[name].to_json()
            null: dict[str, list[float]] = {}
            for network in self.networks:
                for kind, scores in network.evidence[name].null.items():
                    null.setdefault(kind, []).extend(scores)
            rows.append(
                {key: first[key] for key in ("claim", "statement", "source", "thresholds", "discriminating", "tier")}
                | {
                    "score": self.median(name),
                    "scores": [network.evidence[name].score for network in self.networks],
                    "null": {kind: sorted(set(scores)) for kind, scores in null.items()},
                    "verdict": verdict,
                    "reason": _common_reason(self.networks, name),
                }
            )
        return {
            "claims": rows,
            "theories": [one.to_json() for one in self.theories.values()],
            "verdict": self.verdict,
            "sentence": self.sentence,
        }

    def _repr_html_(self) -> str:
        return verdict_html(self.to_json(), [one.seed for one in self.networks])


def judge_network(
    subject: Subject,
    predictions: Mapping[str, Prediction],
    controls: Mapping[str, Sequence[Subject]] | None = None,
    *,
    seed: int | None = None,
    tier: Tier = "full",
) -> NetworkVerdict:
    """Judge a network on every claim and by every theory.

    Args:
        predictions: by theory name, as stated before training.
        controls: see ``verify.claims.judge``; by default untrained networks of the same width.
        seed: of the network; also draws the controls that are made here.
        tier: the dearest claims that are judged; a theory that lacks some of its own may fail but not hold.
    """
    if not controls:
        controls = {"random": random_subjects(subject, np.random.default_rng([seed or 0, 1]))}
    evidence = {
        name: judge(one, subject, controls, np.random.default_rng([seed or 0, position]))
        for position, (name, one) in enumerate(CLAIMS.items())
        if TIERS.index(one.tier) <= TIERS.index(tier)
    }
    theories = {name: judge_theory(one, predictions[name], evidence) for name, one in THEORIES.items()}
    ladder = substitution_ladder(subject, np.random.default_rng([seed or 0, 2])) if tier != "fast" else ()
    return NetworkVerdict(seed, evidence, theories, ladder)


def random_subjects(subject: Subject, rng: np.random.Generator, embedding: int = 256) -> list[Subject]:
    """Untrained networks with the order, width and split of a subject."""
    sizes, kind = (subject.circuit.order, embedding, subject.circuit.width), subject.circuit.activation
    circuits = [replace(random_circuit(*sizes, rng), activation=kind) for _ in range(RANDOM_CONTROLS)]
    return [Subject(subject.data, one, subject.task) for one in circuits]


def judge_theory(theory: Theory, prediction: Prediction, evidence: Mapping[str, Evidence]) -> TheoryVerdict:
    """What a theory predicted, what was found, and whether it survives.

    Fails when one of its claims fails; holds when every claim that can discriminate here holds.

    A claim that its controls pass as well, or that has nothing to measure, drops out; when all the claims about weights
    that the theory needs drop out, nothing is left that a lookup table could not do, and the theory is undecided.
    """
    if not prediction.applies:
        return TheoryVerdict(theory.name, "undecided", prediction.why, False, prediction.why)
    verdict, why = _null_survives(evidence) if theory.null else _survives(theory, evidence)
    return TheoryVerdict(theory.name, verdict, why, True, prediction.why, theory.find(prediction, evidence))


def _survives(theory: Theory, evidence: Mapping[str, Evidence]) -> tuple[Verdict, str]:
    verdicts = {name: evidence[name].verdict for name in theory.claims if name in evidence}
    if failed := [name for name, verdict in verdicts.items() if verdict == "fails"]:
        return "fails", (f"fails on {', '.join(_scored(evidence[name]) for name in failed)}")
    between = [name for name, verdict in verdicts.items() if verdict == "undecided" and not evidence[name].reason]
    if between:
        shown = ", ".join(_scored(evidence[name]) for name in between)
        return "undecided", f"between the thresholds on {shown}"
    if missing := [name for name in theory.claims if name not in evidence]:
        return "undecided", f"not measured in this tier: {', '.join(missing)}"
    if not any(verdicts.get(name) == "holds" for name in theory.needs):
        reasons = "; ".join(f"{name}: {evidence[name].reason}" for name in theory.needs if name in evidence)
        return "undecided", f"nothing tells it from a lookup table here ({reasons})"
    held = [name for name, verdict in verdicts.items() if verdict == "holds"]
    return "holds", f"all its discriminating claims hold ({', '.join(held)})"


def _null_survives(evidence: Mapping[str, Evidence]) -> tuple[Verdict, str]:
    """The account that there is no algorithm: every claim that holds against its controls speaks against it."""
    telling = [one for one in evidence.values() if one.claim.discriminating or one.claim.name == "table-accuracy"]
    if held := [one for one in telling if one.verdict == "holds"]:
        shown = ", ".join(_scored(one) for one in held[:3]) + (f" and {len(held) - 3} more" if len(held) > 3 else "")
        return "fails", f"chance does not give {shown}"
    if all(one.verdict == "fails" for one in telling if one.score is not None):
        return "holds", "no claim holds"
    return "undecided", "no claim holds, but not all fail"


def judge_experiment(
    data: GroupData, networks: Sequence[NetworkVerdict], predictions: Mapping[str, Prediction]
) -> ExperimentVerdict:
    """The verdicts of more than half of the networks that learned the table; undecided without such a majority."""
    learned = [one for one in networks if one.learned]
    judged = sorted(networks[0].evidence, key=_place) if networks else []
    claims = {name: _majority([one.evidence[name].verdict for one in learned]) for name in judged}
    theories = {}
    for name in THEORIES:
        votes = [one.theories[name] for one in learned]
        verdict = _majority([one.verdict for one in votes])
        whys = Counter(one.why for one in votes if one.verdict == verdict)
        if not learned:
            why = "no network learned the table"
        elif 2 * sum(whys.values()) <= len(learned):
            why = "the networks disagree: " + ", ".join(
                f"seed {one.seed} {one.theories[name].verdict}" for one in learned
            )
        else:
            why = f"{sum(whys.values())} of {len(learned)} networks: {whys.most_common(1)[0][0]}"
        found = Counter(one.found for one in votes).most_common(1)[0][0] if votes else ""
        theories[name] = TheoryVerdict(name, verdict, why, predictions[name].applies, predictions[name].why, found)
    return ExperimentVerdict(tuple(networks), claims, theories, _sentence(data, networks, theories))


def _place(claim: str) -> tuple[int, int]:
    """Where a claim stands in the table: the telling ones first, those that right answers alone give last."""
    if claim in LEADING_CLAIMS:
        return 0, LEADING_CLAIMS.index(claim)
    return (1 if CLAIMS[claim].discriminating else 2), list(CLAIMS).index(claim)


def _any_survivor(theories: Iterable[TheoryVerdict]) -> Verdict:
    verdicts = [one.verdict for one in theories if one.applies and not THEORIES[one.theory].null]
    if "holds" in verdicts:
        return "holds"
    return "fails" if verdicts and all(one == "fails" for one in verdicts) else "undecided"


def _majority(verdicts: Sequence[Verdict]) -> Verdict:
    for verdict in ("holds", "fails"):
        if 2 * verdicts.count(verdict) > len(verdicts):
            return verdict
    return "undecided"


def _median(networks: Sequence[NetworkVerdict], claim: str) -> float | None:
    chosen = [one for one in networks if one.learned] or list(networks)
    scores = [one.evidence[claim].score for one in chosen]
    known = [score for score in scores if score is not None]
    return statistics.median(known) if known else None


def _common_reason(networks: Sequence[NetworkVerdict], claim: str) -> str:
    reasons = Counter(one.evidence[claim].reason for one in networks if one.evidence[claim].reason)
    return reasons.most_common(1)[0][0] if reasons else ""


def _scored(evidence: Evidence) -> str:
    score = "no score" if evidence.score is None else f"{evidence.score:.3f}"
    return f"{evidence.claim.name} ({score})"


# -- words


def _sentence(data: GroupData, networks: Sequence[NetworkVerdict], theories: Mapping[str, TheoryVerdict]) -> str:
    group, total = data.group, len(networks)
    learned = [one for one in networks if one.learned]
    if not learned:
        best = max(one.evidence["table-accuracy"].score or 0 for one in networks)
        return (
            f"None of {total} networks learned the table of {group.name}: the best is right on {best:.1%} of the "
            f"{group.order**2:,} pairs, so no "
            "theory was tested. Train on more pairs (--train-fraction), longer (--steps), or with more seeds."
        )
    parts = [f"{len(learned)} of {total} networks learned all {group.order**2:,} products of {group.name}"]
    parts.append(f"their neurons work in {_list(_most_used(learned, 'neuron-purity', 'occupancy', data))}")
    families = _most_used(learned, "coset-alignment", "families", data)
    aligned = _median(networks, "coset-alignment")
    if families and aligned is not None and aligned >= 0.5:
        parts.append(f"{aligned:.0%} of them constant on cosets of subgroups of {_list(families)}")
    equivariant, character = _median(networks, "bi-equivariance"), _median(networks, "character-logits")
    if equivariant is not None and character is not None:
        joined = "and" if equivariant - character < 0.05 else "but only"
        parts.append(
            f"{equivariant:.0%} of the logits' variance is a function of x^-1 z y^-1 {joined} {character:.0%} a sum of "
            "characters of x y z^-1"
        )
    return "; ".join(parts) + ". " + _survivors(theories)


def _survivors(theories: Mapping[str, TheoryVerdict]) -> str:
    def titles(verdict: Verdict) -> list[str]:
        return [
            f"the {THEORIES[name].title}"
            for name, one in theories.items()
            if one.verdict == verdict and one.applies and not THEORIES[name].null
        ]

    said = []
    if surviving := titles("holds"):
        said.append(f"{_list(surviving)} {'survive' if len(surviving) > 1 else 'survives'}")
    if fallen := titles("fails"):
        said.append(f"{_list(fallen)} {'do' if len(fallen) > 1 else 'does'} not")
    if open_ones := titles("undecided"):
        said.append(f"{_list(open_ones)} {'stay' if len(open_ones) > 1 else 'stays'} undecided")
    text = "; ".join(said)
    if not surviving and fallen:
        text = text.replace(" do not", " fail", 1).replace(" does not", " fails", 1)
    return text[:1].upper() + text[1:] + "."


def _most_used(networks: Sequence[NetworkVerdict], claim: str, key: str, data: GroupData) -> list[str]:
    """The labels in a claim's details by mean weight over the networks, those above a tenth."""
    totals: Counter[str] = Counter()
    for one in networks:
        for label, share in one.evidence[claim].details.get(key, {}).items():
            totals[label] += share / len(networks)
    return [f"{label} ({share:.0%})" for label, share in totals.most_common(4) if share >= 0.1]


def _list(items: Sequence[str]) -> str:
    if len(items) < 2:
        return "".join(items) or "no representation above a tenth"
    return ", ".join(items[:-1]) + " and " + items[-1]
