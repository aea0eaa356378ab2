"""What evidence is, for claims about networks and for studies: a score beside controls, and thresholds set beforehand.

Public: Criterion, Evidence, Verdict, weigh.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Criterion", "Evidence", "Verdict", "weigh"]

Verdict = Literal["holds", "fails", "undecided"]


@dataclass(frozen=True, eq=False)
class Criterion:
    """One statement that a score decides, with thresholds that are written before any run.

    Attributes:
        name, statement, source: what is said, and who says it.
        holds_from, fails_below: thresholds of the score (for direction ``lower``: holds up to, fails above).
        direction: whether a higher or a lower score speaks for the statement.
        discriminating: whether something without the structure, but with right answers, could fail it.
        perfect: the score of what has the structure; 0 for direction ``lower``.
    """

    name: str
    statement: str
    source: str
    holds_from: float
    fails_below: float
    direction: Literal["higher", "lower"] = "higher"
    discriminating: bool = True
    perfect: float = 1.0

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

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        thresholds = {"holds_from": self.holds_from, "fails_below": self.fails_below, "direction": self.direction}
        return {
            "claim": self.name,
            "statement": self.statement,
            "source": self.source,
            "thresholds": thresholds,
            "discriminating": self.discriminating,
        }


@dataclass(frozen=True)
class Evidence:
    """A statement, judged once.

    Attributes:
        score: None when nothing could be measured.
        null: scores of controls by kind, each without what the statement is about.
        reason: why nothing could be measured, or why a passing score proves nothing here; else empty.
    """

    claim: Criterion
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
        return self.claim.to_json() | {
            "score": self.score,
            "null": {kind: list(scores) for kind, scores in self.null.items()},
            "verdict": self.verdict,
            "reason": self.reason,
            "details": dict(self.details),
        }


def weigh(
    criterion: Criterion,
    score: float,
    null: Mapping[str, tuple[float, ...]] | None = None,
    details: Mapping[str, Any] | None = None,
) -> Evidence:
    """The evidence of a score beside its controls.

    Args:
        null: scores of controls by kind. When a passing score does not stand out from one of them, it proves nothing
            and the evidence says so; failing still does.
    """
    null = null or {}
    close = [kind for kind, scores in null.items() if any(not criterion.stands_out(score, one) for one in scores)]
    proves_nothing = bool(close) and criterion.verdict_of(score) == "holds"
    reason = f"cannot discriminate here: {' and '.join(close)} score nearly as well" if proves_nothing else ""
    return Evidence(criterion, score, null, details or {}, reason)
