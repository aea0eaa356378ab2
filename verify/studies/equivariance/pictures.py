"""Pictures of the study: matrices with shared weights, and fits against channels.

Public: fits, sharing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from grouptool.structure import GSet

from ...palette import COLOURS
from .ridge import Curve
from .sharing import orbit_labels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["fits", "sharing"]

MOST_ROWS = 150


def sharing(domain: GSet, hidden: Sequence[tuple[str, GSet]]) -> Figure:
    """The labels of layers from one set to each of others, one colour a weight; at most the first 150 rows."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.4, 4.2), layout="constrained")
    for axes, (name, points) in zip(figure.subplots(1, len(hidden), squeeze=False)[0], hidden, strict=True):
        labels = orbit_labels(domain, points)
        count = int(labels.max()) + 1
        axes.imshow(_painted(labels[:MOST_ROWS]), aspect="auto", interpolation="nearest")
        axes.set(xlabel="input point", title=f"to {name}: {count} weights for {labels.size:,} entries")
        axes.set_ylabel(f"point of {name}" + (f" (first {MOST_ROWS})" if len(labels) > MOST_ROWS else ""))
        axes.set_xticks(_ticks(labels.shape[1]))
        axes.set_yticks(_ticks(min(len(labels), MOST_ROWS)))
    return figure


def fits(
    random: Mapping[str, Curve],
    missed: Mapping[str, Sequence[Curve]],
    reached: Mapping[str, Sequence[Curve]],
    free: str,
) -> Figure:
    """Errors on random targets against channels, and R^2 on missed functions as bars."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.6, 3.8), layout="constrained")
    left, right = figure.subplots(1, 2)
    for place, (name, curve) in enumerate(random.items()):
        error = np.maximum(1 - np.array(curve.worst), 1e-9)
        left.plot(curve.channels, error, marker="o", color=COLOURS[place % len(COLOURS)], label=name)
    left.set(xscale="log", yscale="log", xlabel="channels", ylabel="1 - R² on random targets")
    ticks = sorted({channels for curve in random.values() for channels in curve.channels})
    left.set_xticks(ticks, [str(one) for one in ticks], rotation=45 if len(ticks) > 6 else 0)
    left.minorticks_off()
    left.legend(fontsize=8, title="hidden set", title_fontsize=8, loc="lower center", bbox_to_anchor=(0.5, 1), ncol=3)
    bars = [(name, kind, own.worst[-1], other.worst[-1]) for name, curves in missed.items()
            for kind, own, other in zip(("", "\nat any depth"), curves, reached[name], strict=False)]  # fmt: skip
    positions = np.arange(len(bars))
    for shift, column, colour, label in ((-0.2, 2, COLOURS[1], "this hidden set"), (0.2, 3, COLOURS[0], free)):
        drawn = right.bar(positions + shift, [one[column] for one in bars], width=0.38, color=colour, label=label)
        right.bar_label(drawn, [f"{one[column]:.3f}".replace("-0.000", "0.000") for one in bars], fontsize=7, padding=2)
    right.set_xticks(positions, [f"missed by\n{name}{kind}" for name, kind, _, _ in bars], fontsize=8)
    right.axhline(0, color="0.3", linewidth=0.8)
    right.set(ylabel="R² on the missed function", ylim=(-0.08, 1.12))
    if bars:
        right.legend(fontsize=8, loc="lower center", bbox_to_anchor=(0.5, 1), ncol=2)
    else:
        right.text(0.5, 0.5, "nothing is missed", transform=right.transAxes, ha="center")
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def _painted(labels: np.ndarray) -> np.ndarray:
    """Shape (rows, columns, 3): the hues of the labels, far apart for neighbours."""
    from matplotlib.colors import hsv_to_rgb

    hue = (labels * 0.6180339887) % 1
    value = np.where(labels % 2, 0.72, 0.9)
    return np.asarray(hsv_to_rgb(np.stack([hue, np.full(labels.shape, 0.5), value], axis=-1)))


def _ticks(count: int) -> list[int]:
    return list(range(0, count, max(1, count // 8)))
