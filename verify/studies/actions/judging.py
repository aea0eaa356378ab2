"""What is judged of neural group actions, and what must fail: criteria, evidence, controls.

Public: FIT, WRONG, agreement, controls, judge.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from grouptool.errors import NoEvidenceError

from ...evidence import Criterion, Evidence, weigh
from .bases import Base, multiplicities_from_traces

if TYPE_CHECKING:
    from .stages import Measured, Trained

__all__ = ["FIT", "WRONG", "agreement", "controls", "judge"]

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
    "fit gap", "over all elements, also those without samples, a plain network of equal size errs as many times more",
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


def judge(trained: Trained, measured: Measured) -> tuple[Evidence, ...]:
    """The statements about an action, in the order in which they build on each other."""
    used, main, plain, laws = trained.used, trained.main, trained.plain, measured.laws
    worst = max(one.worst for name, one in laws.items() if name != "plain network")
    impostors = {"plain network": (laws["plain network"].worst,)}
    if not used.kernel.all():
        impostors["two actions composed"] = (measured.composed.worst,)
    additive = [
        error for name, error in measured.volumes.items()
        if "additive" in name or (trained.coupling == "additive" and "wrong" in name)
    ]  # fmt: skip
    agree = float(((measured.moved > MOVED) == ~used.kernel).mean())
    wrong = trained.wrong_fit
    return (
        weigh(LAW, worst, impostors, {name: one.worst for name, one in laws.items()}),
        weigh(VOLUME, max(additive), details=measured.volumes),
        weigh(TRACES, float(np.abs(measured.read - used.character).max()), details={"traces": measured.read.tolist()}),
        weigh(READ_BACK, agreement(used, measured.read)),
        weigh(FAITHFUL, agree, details={"faithful": used.is_faithful, "displacements": measured.moved.tolist()}),
        weigh(
            FIT, main.error, {"wrong base": (wrong.error,)} if wrong is not None and trained.learnable else {},
            {"unseen elements": main.unseen},
        ),
        _unless(
            "every element has samples, so there is nothing to carry over" if main.unseen is None else "",
            weigh(
                FIT_GAP, plain.everything / max(main.everything, 1e-300),
                details={"elements with samples": plain.error / max(main.error, 1e-300)},
            ),
        ),
        weigh(LAW_GAP, laws["plain network"].worst / max(worst, 1e-300)),
        Evidence(WRONG, None, {}, {}, "no base of this dimension has other fixed spaces")
        if wrong is None else weigh(WRONG, wrong.error),
        _chosen(trained),
        weigh(BALANCE, measured.balance, {}, {"coupling": trained.coupling}),
    )  # fmt: skip


def controls(trained: Trained, measured: Measured) -> tuple[Evidence, ...]:
    """What must fail: each lacks what the statement of the same name is about.

    Left out where it cannot fail: if every N(g, .) is the identity, which keeps volume and commutes; on a line, where
    all couplings have constant derivative.
    """
    used, wrong = trained.used, trained.wrong_fit
    moves = not used.kernel.all()
    found = [weigh(_about(LAW, "plain network"), measured.laws["plain network"].worst)]
    if moves:
        found.append(weigh(_about(LAW, "two actions composed"), measured.composed.worst))
    if moves and used.dimension > 1:
        found.append(weigh(_about(VOLUME, "affine couplings"), measured.volumes["affine, random weights"]))
        found.append(weigh(_about(BALANCE, "affine, volume left out"), measured.unbalanced))
    if wrong is not None and measured.wrong_read is not None:
        found.append(weigh(_about(READ_BACK, "wrong base"), agreement(used, measured.wrong_read)))
        found.append(weigh(_about(FIT, "wrong base"), wrong.error))
    if trained.given is not None and moves:
        shares = [agreement(trained.given, traces) for traces in measured.shuffled]
        found.append(weigh(_about(CHOSEN, "elements of samples shuffled"), float(np.mean(shares or [0.0]))))
    return tuple(found)


def agreement(used: Base, traces: np.ndarray) -> float:
    """The share of a base, by dimension, in the representation that traces say; 0 when they say none."""
    try:
        return _overlap(used, multiplicities_from_traces(used.table, traces)[0])
    except NoEvidenceError:
        return 0.0


def _chosen(trained: Trained) -> Evidence:
    given, chosen = trained.given, trained.chosen
    details = {"off by": chosen.gap, "traces": None if chosen.traces is None else chosen.traces.tolist()}
    if given is None:
        return Evidence(CHOSEN, None, {}, details, "nothing was planted that could be compared")
    if chosen.counts is None:
        return Evidence(CHOSEN, None, {}, details, chosen.why)
    return weigh(CHOSEN, _overlap(given, chosen.counts), details=details)


def _overlap(one: Base, counts: np.ndarray) -> float:
    dimensions = np.array([part.dimension for part in one.constituents])
    return float(np.minimum(counts, one.counts) @ dimensions / max(one.dimension, int(counts @ dimensions)))


def _about(criterion: Criterion, control: str) -> Criterion:
    return replace(criterion, name=f"{criterion.name}: {control}")


def _unless(reason: str, one: Evidence) -> Evidence:
    return replace(one, score=None, reason=reason) if reason else one
