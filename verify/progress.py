"""Progress measures over the checkpoints of one training, phases, and the order in which representations appear.

Public: Progress, Phases, measure_progress, phases, phases_of_history, order_of_appearance, weight_norm.
Everything is a pure function of a list of circuits with their steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from grouptool.errors import NoEvidenceError

from .claims import CLAIMS, Subject
from .claims.hidden import key_places, restricted_losses
from .groupdata import GroupData
from .reading import Circuit
from .task import Task

__all__ = [
    "Phases",
    "Progress",
    "measure_progress",
    "order_of_appearance",
    "phases",
    "phases_of_history",
    "weight_norm",
]

LEARNED = 0.99
"""Accuracy from which a split counts as learned: the level of the published phase plots."""
SETTLED = 1.05
"""The norm of the weights, over its last, down to which cleanup lasts: a twentieth, as the training's own plateau."""
APPEARED = 0.05
"""Share of the neuron weight from which a representation has appeared: a twentieth, six neurons of the usual 128."""


@dataclass(frozen=True)
class Progress:
    """One checkpoint.

    Attributes:
        step: of training. train_loss, test_loss: nats; None without a split. restricted_loss, excluded_loss: nats, with
            only the hidden layer's part in rho(xy) of the key representations, and without it, over all pairs.
        train_accuracy, test_accuracy, accuracy: on the split's sides and on all pairs.
        bi_equivariance, purity, coset_alignment: scores of the claims; None where there is no evidence.
        weight_norm: see ``weight_norm``. occupancy: weight of the neurons at home in each representation.
    """

    step: int
    accuracy: float
    train_accuracy: float | None
    test_accuracy: float | None
    train_loss: float | None
    test_loss: float | None
    restricted_loss: float
    excluded_loss: float
    bi_equivariance: float | None
    purity: float | None
    coset_alignment: float | None
    weight_norm: float
    occupancy: Mapping[str, float]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


@dataclass(frozen=True)
class Phases:
    """Steps at which the phases of grokking end; None for one that was not reached.

    Attributes:
        memorised: the training pairs are learned. formed: the test pairs are learned too, the circuit has formed.
        settled: the weight norm has come down to within a twentieth of its last value after that, the end of cleanup.
    """

    memorised: int | None
    formed: int | None
    settled: int | None

    def to_json(self) -> dict[str, int | None]:
        """Plain values."""
        return asdict(self)


def measure_progress(
    data: GroupData, checkpoints: Sequence[tuple[int, Circuit]], task: Task | None = None
) -> list[Progress]:
    """Measure every checkpoint.

    Args:
        checkpoints: steps and circuits of one training, in order. task: its split, if known.

    Raises:
        NetworkError: a circuit is not on the group's elements.

    Cost: a few passes over all logits for each checkpoint; about a quarter of a second on S5.
    """
    return [_measured(Subject(data, circuit, task), step, circuit) for step, circuit in checkpoints]


def _measured(subject: Subject, step: int, circuit: Circuit) -> Progress:
    right = subject.readout.predictions == subject.data.group.table
    split = subject.task.train if subject.task is not None else None
    sides = {"train": split, "test": None if split is None or split.all() else ~split}
    accuracies = {name: None if side is None else float(right[side].mean()) for name, side in sides.items()}
    everywhere = subject.readout.losses
    losses = {name: None if side is None else float(everywhere[side].mean()) for name, side in sides.items()}
    silent = dict.fromkeys(("restricted_loss", "excluded_loss"), float(everywhere.mean()))
    parts = silent
    if subject.readout.variance:
        parts = restricted_losses(subject.data, subject.circuit, key_places(subject))
    home = subject.home >= 0
    weights = np.bincount(
        subject.dominant["L"][home], subject.circuit.neuron_weights[home], minlength=len(subject.data.constituents)
    )
    return Progress(
        step=step,
        accuracy=float(right.mean()),
        train_accuracy=accuracies["train"],
        test_accuracy=accuracies["test"],
        train_loss=losses["train"],
        test_loss=losses["test"],
        restricted_loss=parts["restricted_loss"],
        excluded_loss=parts["excluded_loss"],
        bi_equivariance=_score(subject, "bi-equivariance"),
        purity=_score(subject, "neuron-purity"),
        coset_alignment=_score(subject, "coset-alignment"),
        weight_norm=weight_norm(circuit),
        occupancy={one.name: float(share) for one, share in zip(subject.data.constituents, weights, strict=True)},
    )


def _score(subject: Subject, claim: str) -> float | None:
    try:
        return CLAIMS[claim].score(subject).value
    except NoEvidenceError:
        return None


def weight_norm(circuit: Circuit) -> float:
    """The least norm of (L, R, U) that computes the same function by rescaling neurons: sqrt of sum of 2 |(L, R)| |U|.

    Folded tables do not tell the norm of the weights that made them; this is what weight decay on them would reach.
    """
    inner = np.sqrt((circuit.L**2).sum(axis=0) + (circuit.R**2).sum(axis=0))
    return float(np.sqrt(2 * (inner * np.linalg.norm(circuit.U, axis=1)).sum()))


def phases(rows: Sequence[Progress]) -> Phases:
    """The first checkpoints from which on the training pairs, and the test pairs, stay learned; and the end of cleanup.

    Staying counts: a spike that is undone ends no phase. Without a split or test pairs nothing is reached.
    """
    return phases_of_history([asdict(row) for row in rows])


def phases_of_history(rows: Sequence[Mapping[str, Any]]) -> Phases:
    """The same of the rows that a training notes block by block, with the norm of all its weights."""
    memorised, formed = (
        _from_on([(row[name] or 0.0) >= LEARNED for row in rows]) for name in ("train_accuracy", "test_accuracy")
    )
    settled = None
    if formed is not None:
        last = _from_on([row["weight_norm"] <= SETTLED * rows[-1]["weight_norm"] for row in rows])
        settled = None if last is None else max(last, formed)
    return Phases(*(None if place is None else rows[place]["step"] for place in (memorised, formed, settled)))


def _from_on(reached: Sequence[bool]) -> int | None:
    """The first place from which on everything is true."""
    place = len(reached)
    while place and reached[place - 1]:
        place -= 1
    return place if place < len(reached) else None


def order_of_appearance(rows: Sequence[Progress]) -> list[tuple[str, int]]:
    """Representations of which at least a twentieth of the weight stays to the end, with the step from which it does.

    In order of that step, the heavier at the end first among equals.
    """
    found = []
    for name, last in rows[-1].occupancy.items() if rows else ():
        place = _from_on([row.occupancy[name] >= APPEARED for row in rows])
        if place is not None:
            found.append((rows[place].step, -last, name))
    return [(name, step) for step, _, name in sorted(found)]
