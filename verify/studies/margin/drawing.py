"""Pictures of the margin study.

Public: group_pictures, parity_pictures, sweep_pictures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ...palette import COLOURS
from ..study import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from .network import QuadraticNetwork
    from .penalised import PenalisedOptimum
    from .program import MaximumMargin
    from .reading import MarginReading
    from .sweep import SweepRow

__all__ = ["group_pictures", "parity_pictures", "sweep_pictures"]


MOST_BARS = 16
FALLING = 15
"""Decades of lambda that the selection curve shows."""


def group_pictures(
    maximum: MaximumMargin,
    best: PenalisedOptimum,
    ascent: tuple[QuadraticNetwork, MarginReading] | None,
    trained: tuple[QuadraticNetwork, MarginReading] | None,
    predictions: Mapping[str, Any],
) -> list[Picture]:
    """Mass of the irreps, margins of the classes, the way there, and which irreps come as lambda falls."""
    pictures = [
        Picture(
            "masses", "Where the norm is spent",
            "Share of the sum of ||omega||^3 in each irreducible representation: what the program asks for at the "
            "largest margin, what margin ascent found, and both again for cross-entropy with a penalty. An irrep whose "
            "bars are empty is dropped.",
            lambda: _masses(maximum, best, ascent, trained),
        ),
        Picture(
            "classes", "Which wrong answers hold the margin down",
            "For each class of wrong answers c, by a b c^-1: the margin in units of the largest (1: on the margin; "
            "points above the line are answered with more than needed), and tau, the weight with which the class holds "
            "the margin down; classes above the line have tau 0.",
            lambda: _classes(maximum, ascent),
        ),
        Picture(
            "selection", "Irreps come one after another as the penalty falls",
            "Share of each irrep in the exact optimum of cross-entropy + lambda ||theta||^3, from large lambda (left, "
            "where the best network is 0) to small; on the right edge the shares at the largest margin itself. Dotted: "
            "the critical lambdas. The black line is the normalised margin over the largest one: it comes near 1 only "
            "like 1 / log(1 / lambda).",
            lambda: _selection(maximum, predictions),
        ),
    ]  # fmt: skip
    if ascent is not None:
        history = [("margin ascent", ascent[0].history)]
        caption = "Normalised margin of the network over the proved maximum, at each step; 1 cannot be passed."
        draw = partial(_ascent, history, "normalised margin / gamma*")
        pictures.append(Picture("ascent", "Margin ascent meets the bound that was computed beforehand", caption, draw))
    return pictures


def sweep_pictures(rows: Sequence[SweepRow]) -> list[Picture]:
    """By order: how far the closed form falls short, and how many groups break the condition."""
    return [
        Picture(
            "sweep_ratio", "Where the closed form is too small",
            "Each point is a group: the true maximum over the closed form, by order. Points on the line at 1 fulfil "
            "the class condition.",
            lambda: _sweep_ratio(rows),
        ),
        Picture(
            "sweep_count", "How many groups break the class condition",
            "Groups of each order: fulfilling the class condition and breaking it; orders without a breaking group are "
            "left out.",
            lambda: _sweep_count(rows),
        ),
    ]  # fmt: skip


def parity_pictures(
    n: int, k: int, weights: np.ndarray, histories: Sequence[tuple[str, Sequence[tuple[int, float]]]]
) -> list[Picture]:
    """The way to the bound, with enough neurons and with one too few; and the weights of the neurons."""
    return [
        Picture(
            "parity_ascent", f"Parity of {k} of {n} bits: enough neurons and one too few",
            f"Normalised margin over k! sqrt(2 (k+1)^-(k+1)) at each step of margin ascent. {2 ** (k - 1)} neurons are "
            "enough.",
            lambda: _ascent(histories, "normalised margin / gamma*"),
        ),
        Picture(
            "parity_weights", "Every neuron lives on the bits that matter",
            f"Weights of each live neuron, largest first, over its norm: the n bits (the first {k} are the "
            "parity's), then the two outputs. At the largest margin all entries on the parity's bits are equal up to "
            "sign and the outputs are opposite.",
            lambda: _parity_weights(n, k, weights),
        ),
    ]  # fmt: skip


def _masses(
    maximum: MaximumMargin,
    best: PenalisedOptimum,
    ascent: tuple[QuadraticNetwork, MarginReading] | None,
    trained: tuple[QuadraticNetwork, MarginReading] | None,
) -> Figure:
    order = np.argsort(-np.maximum(maximum.shares, best.shares), kind="stable")[:MOST_BARS]
    series = [("gamma*: predicted", maximum.shares, COLOURS[0], True)]
    series += [("gamma*: trained", ascent[1].shares, COLOURS[0], False)] if ascent else []
    series += [(f"lambda {best.penalty:g}: predicted", best.shares, COLOURS[1], True)]
    series += [(f"lambda {best.penalty:g}: trained", trained[1].shares, COLOURS[1], False)] if trained else []
    figure, axes = _figure(max(5.5, 1.6 + 0.75 * len(order)))
    width = 0.8 / len(series)
    for i, (label, values, colour, filled) in enumerate(series):
        places = np.arange(len(order)) + (i - (len(series) - 1) / 2) * width
        face = colour if filled else "none"
        axes.bar(places, values[order], 0.9 * width, label=label, facecolor=face, edgecolor=colour, linewidth=1.2)
    names = maximum.program.irrep_names
    crowded = len(order) > 8 or max(len(names[i]) for i in order) > 7
    axes.set_xticks(range(len(order)), [names[i] for i in order], rotation=45 if crowded else 0)
    axes.set(xlabel="irreducible representation (degree and letter)", ylabel="share of mass (of 1)", ylim=(0, 1.02))
    axes.legend(fontsize=8)
    return figure


def _classes(maximum: MaximumMargin, ascent: tuple[QuadraticNetwork, MarginReading] | None) -> Figure:
    from matplotlib.figure import Figure

    program = maximum.program
    shown = np.arange(min(len(program.classes), 24))
    figure = Figure(figsize=(min(12.0, max(5.5, 1.6 + 0.6 * len(shown))), 5.4), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    above.plot(shown, maximum.class_margins[shown], "o", color=COLOURS[0], label="predicted", markersize=7)
    if ascent:
        above.plot(shown, ascent[1].class_margins[shown], "x", color=COLOURS[1], label="trained", markersize=9)
    above.axhline(1, color=COLOURS[5], linewidth=0.8)
    above.set(ylabel="margin / gamma*")
    above.set_ylim(0, 1.2 * max(line.get_ydata().max() for line in above.get_lines()[: 2 if ascent else 1]))
    above.legend(fontsize=8, loc="lower right")
    below.bar(shown, maximum.tau[shown], 0.6, color=COLOURS[4])
    names = program.class_names
    crowded = len(shown) > 8 or max(len(names[i]) for i in shown) > 6
    below.set_xticks(shown, [names[i] for i in shown], rotation=45 if crowded else 0)
    below.set(
        ylabel="tau (share of 1)", xlabel="class: order of its elements and a letter", xlim=(-0.6, len(shown) - 0.4)
    )
    for one in (above, below):
        one.spines[["top", "right"]].set_visible(False)
    return figure


def _selection(maximum: MaximumMargin, predictions: Mapping[str, Any]) -> Figure:
    from .penalised import first_penalty, penalised_optimum

    first = first_penalty(maximum.program)
    # Dense at the beginning, where most irreps come at once.
    grid = first * 10.0 ** -np.concatenate([np.linspace(0, 1, 60), np.linspace(1, FALLING, 4 * FALLING)])
    optima = [penalised_optimum(maximum, one) for one in grid.tolist()]
    shares = np.array([one.shares for one in optima])
    figure, axes = _figure(7.5)
    shown = np.argsort(-np.maximum(shares.max(axis=0), maximum.shares), kind="stable")[: 2 * len(COLOURS)]
    for place, irrep in enumerate(shown.tolist()):
        colour, style = COLOURS[place % len(COLOURS)], "-" if place < len(COLOURS) else "--"
        label = maximum.program.irrep_names[irrep]
        axes.plot(grid[1:], shares[1:, irrep], style, color=colour, label=label)
        axes.plot(grid[-1] / 3, maximum.shares[irrep], "o", color=colour, markersize=4)
    for one in {arrival["lambda"] for arrival in predictions["arrivals"]}:
        axes.axvline(one, color="#999999", linewidth=0.8, linestyle=":")
    axes.plot(grid[1:], [one.ratio(maximum) for one in optima[1:]], color="black", linewidth=1, label="margin / gamma*")
    axes.set(xscale="log", ylim=(0, 1.05), xlabel="lambda", ylabel="share of mass; margin / gamma* (of 1)")
    axes.invert_xaxis()
    axes.legend(fontsize=8, ncols=2)
    return figure


def _ascent(histories: Sequence[tuple[str, Sequence[tuple[int, float]]]], label: str) -> Figure:
    figure, axes = _figure(6.5)
    for i, (name, history) in enumerate(histories):
        steps, values = zip(*history, strict=True)
        axes.plot(steps, values, color=COLOURS[i], label=f"{name}: ends at {values[-1]:.4f}")
    axes.axhline(1, color=COLOURS[5], linewidth=0.8, linestyle="--")
    axes.set(xlabel="step", ylabel=label, ylim=(-0.1, 1.08))
    axes.legend(fontsize=8, loc="lower right")
    return figure


def _sweep_ratio(rows: Sequence[SweepRow]) -> Figure:
    figure, axes = _figure(7.5)
    kinds = list(dict.fromkeys(one.kind for one in rows))
    for kind, colour in zip(kinds, COLOURS, strict=False):
        chosen = [one for one in rows if one.kind == kind]
        axes.plot([one.order for one in chosen], [one.ratio for one in chosen], "o", color=colour, markersize=3.5,
                  alpha=0.6, label=f"{kind} ({len(chosen)})")  # fmt: skip
    axes.set(xlabel="order of the group", ylabel="gamma* / closed form")
    axes.legend(fontsize=8, loc="upper left")
    return figure


def _sweep_count(rows: Sequence[SweepRow]) -> Figure:
    orders = sorted({one.order for one in rows if not one.holds})
    figure, axes = _figure(max(5.0, 1.8 + 0.4 * len(orders)))
    breaking = np.array([sum(one.order == order and not one.holds for one in rows) for order in orders])
    fulfilling = np.array([sum(one.order == order and one.holds for one in rows) for order in orders])
    places = range(len(orders))
    axes.bar(places, fulfilling, color=COLOURS[0], label="condition holds")
    axes.bar(places, breaking, bottom=fulfilling, color=COLOURS[1], label="condition fails")
    for place, count in zip(places, breaking.tolist(), strict=True):
        axes.annotate(str(count), (place, float(breaking[place] + fulfilling[place])), ha="center", va="bottom", size=8)
    axes.set_xticks(places, [str(one) for one in orders], rotation=45 if len(orders) > 12 else 0)
    axes.set(xlabel="order", ylabel="groups (written above: how many break it)")
    axes.legend(fontsize=8, loc="upper left")
    return figure


def _parity_weights(n: int, k: int, weights: np.ndarray) -> Figure:
    norms = np.sqrt((weights**2).sum(axis=0))
    order = np.argsort(-norms, kind="stable")[: min(40, int((norms > 0.1 * norms.max()).sum()))]
    figure, axes = _figure(7.0)
    shown = weights[:, order] / np.maximum(norms[order], 1e-300)
    image = axes.imshow(shown, cmap="RdBu", vmin=-0.6, vmax=0.6, aspect="auto")
    axes.axhline(k - 0.5, color="black", linewidth=1)
    axes.axhline(n - 0.5, color="black", linewidth=1)
    axes.set_yticks(range(n + 2), [f"x{i + 1}" for i in range(n)] + ["w1", "w2"])
    axes.set(xlabel="neuron, largest first")
    figure.colorbar(image, ax=axes, label="weight / norm of the neuron")
    return figure


def _figure(width: float) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(min(width, 12.0), 3.6), layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes
