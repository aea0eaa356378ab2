"""Pictures of a training: its curves with the phases shaded, and progress measures over checkpoints.

Public: curves, measures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from ...progress import Phases, Progress, order_of_appearance, phases, phases_of_history
from ..picture import COLOURS, SMALL, Picture, colours, finished

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Rectangle

__all__ = ["curves", "measures"]

PHASES = (
    ("memorising", "#f3e3d3"),
    ("forming", "#dcebdc"),
    ("cleaning up", "#dde6f0"),
    ("settled", "#efefef"),
)
"""Phases of grokking with the colours of their spans."""
MOST_LINES = 8
"""Representations that are drawn as lines, those with most weight at the end."""


def curves(
    histories: Mapping[str, Sequence[Mapping[str, Any]]], of: str | None = None, ends: Phases | None = None
) -> Picture:
    """Training loss and accuracies against steps, a line for each network, the phases of one network shaded.

    Args:
        histories: by network, rows with ``step``, ``train_loss`` (nats), ``train_accuracy``, ``test_accuracy`` (or
            None) and ``weight_norm``. of: the network whose phases are shaded, by default the first.
        ends: of its phases; by default found in its rows.
    """
    of = next(iter(histories)) if of is None else of
    ends = phases_of_history(histories[of]) if ends is None else ends
    picture = Picture("training", "Training", 9.2, 3.6)
    loss, accuracy = picture.subplots(1, 2)
    for (name, rows), colour in zip(histories.items(), colours(len(histories)), strict=True):
        steps = [row["step"] for row in rows]
        loss.plot(steps, [row["train_loss"] for row in rows], color=colour, label=name)
        accuracy.plot(steps, [row["train_accuracy"] for row in rows], color=colour, linestyle=":", linewidth=1)
        if rows and rows[0]["test_accuracy"] is not None:
            accuracy.plot(steps, [row["test_accuracy"] for row in rows], color=colour, label=name)
    loss.set(xscale="log", yscale="log", xlabel="step (log scale)", ylabel="training loss (nats, log scale)")
    accuracy.set(
        xscale="log", xlabel="step (log scale)", ylabel="accuracy: test solid, training dotted", ylim=(-0.03, 1.03)
    )
    last = max((row["step"] for rows in histories.values() for row in rows), default=1)
    spans = _spans(ends, histories[of][-1]["step"] if histories[of] else last)
    painted = [_shade(axes, spans) for axes in (loss, accuracy)]
    for axes in (loss, accuracy):
        _number_steps(axes)
    handles = [*loss.get_lines(), *painted[0]]
    picture.legend(handles=handles, loc="outside upper center", ncols=6, fontsize=SMALL, frameon=False)
    said = _said(of, ends)
    return finished(
        picture,
        f"One line a network; training stops on its training loss and the norm of its weights alone. {said}",
        _outcomes(histories) + " " + said,
        {"histories": histories, "phases": {"network": of, **ends.to_json()}},
    )


def measures(rows: Sequence[Progress], of: str = "the network") -> Picture:
    """Progress measures of one network over its checkpoints.

    Four panels: losses on the split, restricted and excluded; scores of three claims; the norm of the weights; the
    weight of the neurons at home in each representation, named in the order in which they appear.
    """
    picture = Picture("progress", "Progress measures", 9.2, 6.2)
    (loss, score), (norm, share) = picture.subplots(2, 2, sharex=True)
    steps = [row.step for row in rows]
    drawn = {
        loss: ("train_loss", "test_loss", "restricted_loss", "excluded_loss"),
        score: ("bi_equivariance", "purity", "coset_alignment"),
        norm: ("weight_norm",),
    }
    for axes, names in drawn.items():
        for name, colour in zip(names, COLOURS, strict=False):
            values = [getattr(row, name) for row in rows]
            if any(value is not None for value in values):
                gaps = [float("nan") if value is None else value for value in values]
                axes.plot(steps, gaps, color=colour, marker=".", markersize=4, label=name.replace("_", " "))
    appeared = order_of_appearance(rows)
    for name, colour in zip(_lines(rows, appeared), colours(MOST_LINES), strict=False):
        share.plot(steps, [row.occupancy[name] for row in rows], color=colour, marker=".", markersize=4, label=name)
    ends = phases(rows)
    for axes, label in zip(
        (loss, score, norm, share),
        ("loss (nats, log scale)", "score (share)", "norm of the weights", "share of the neuron weight"),
        strict=True,
    ):
        axes.set(ylabel=label)
        axes.set_xscale("symlog", linthresh=1)
        axes.set_xlim(0, max(1, steps[-1]) * 1.05)
        painted = _shade(axes, _spans(ends, steps[-1]))
        if axes is not norm and axes.get_lines():
            axes.legend(handles=axes.get_lines(), fontsize=SMALL, loc="best", framealpha=0.85)
    loss.set_yscale("log")
    for axes in (score, share):
        axes.set_ylim(-0.03, 1.03)
    for axes in (norm, share):
        axes.set_xlabel("step (log scale from 1)")
    picture.legend(handles=painted, loc="outside upper center", ncols=4, fontsize=SMALL, frameon=False)
    told = ", ".join(f"{name} at {step:,}" for name, step in appeared) or "none"
    first, last = rows[0], rows[-1]
    return finished(
        picture,
        f"{of[:1].upper()}{of[1:]}, measured at {len(rows)} checkpoints. Restricted: the hidden layer's part in "
        "rho(xy) of the key representations alone; excluded: without it. Neurons at home in a representation have nine "
        "tenths of L, R and U in it. Representations in the order in which a twentieth of the weight stays with them: "
        f"{told}.",
        f"Restricted loss goes from {first.restricted_loss:.2g} to {last.restricted_loss:.2g} nats, excluded loss from "
        f"{first.excluded_loss:.2g} to {last.excluded_loss:.2g}. Order of appearance: {told}. {_said(of, ends)}",
        {"rows": [row.to_json() for row in rows], "phases": ends.to_json(), "order_of_appearance": appeared},
    )


def _lines(rows: Sequence[Progress], appeared: Sequence[tuple[str, int]]) -> list[str]:
    """The representations to draw: those that appeared, in that order; then the heaviest at the end."""
    first = [name for name, _ in appeared]
    rest = sorted((name for name in rows[-1].occupancy if name not in first), key=lambda one: -rows[-1].occupancy[one])
    return [*first, *(name for name in rest if max(row.occupancy[name] for row in rows) > 0)][:MOST_LINES]


def _spans(ends: Phases, last: int) -> list[tuple[str, str, float, float]]:
    """Name, colour, start and end of each phase that takes a step at least; unfinished ones last to the end."""
    spans, start = [], 0.0
    for (name, colour), end in zip(PHASES, (ends.memorised, ends.formed, ends.settled, last), strict=True):
        until = last if end is None else end
        if until > start:
            spans.append((name, colour, start, float(until)))
            start = float(until)
    return spans


def _shade(axes: Axes, spans: Sequence[tuple[str, str, float, float]]) -> list[Rectangle]:
    """Paint the phases behind the lines; what a legend of them shows."""
    low, high = axes.get_xlim()
    painted = [
        axes.axvspan(max(start, low), end, color=colour, linewidth=0, zorder=0, label=name)
        for name, colour, start, end in spans
    ]
    axes.set_xlim(low, high)
    return painted


def _number_steps(axes: Axes) -> None:
    """Steps as plain numbers, 1, 2 and 5 of each decade: a short run has no power of ten in it."""
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=9))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.xaxis.set_minor_formatter(NullFormatter())


def _said(of: str, ends: Phases) -> str:
    parts = [
        f"the training pairs are learned at step {ends.memorised:,}" if ends.memorised is not None else "",
        f"the test pairs at {ends.formed:,}" if ends.formed is not None else "",
        f"the weights have settled at {ends.settled:,}" if ends.settled is not None else "",
    ]
    told = ", ".join(part for part in parts if part)
    return f"Phases of {of}: {told}." if told else f"{of[:1].upper()}{of[1:]} reached the end of no phase."


def _outcomes(histories: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    told = []
    for name, rows in histories.items():
        if rows:
            last = rows[-1]
            test = "" if last["test_accuracy"] is None else f", test accuracy {last['test_accuracy']:.3f}"
            told.append(f"{name}: loss {last['train_loss']:.1e}{test} after {last['step']:,} steps")
    return "; ".join(told) + "."
