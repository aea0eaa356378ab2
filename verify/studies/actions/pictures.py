"""Pictures of neural group actions.

Public: fits, law_maps, orbits, traces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...palette import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["fits", "law_maps", "orbits", "traces"]

FLOOR = 1e-17
MOST_CLASSES = 24


def law_maps(tables: Mapping[str, np.ndarray]) -> Figure:
    """log10 of the law error by pair (a, b), one panel a model, one scale for all."""
    figure = _figure(4.3 * len(tables), 3.7)
    panels = figure.subplots(1, len(tables), squeeze=False)[0]
    for axes, (name, table) in zip(panels, tables.items(), strict=True):
        image = axes.imshow(np.log10(np.maximum(table, FLOOR)), vmin=-17, vmax=1, cmap="viridis")
        axes.set(title=f"{name}: at most {table.max():.1e}", xlabel="b (moves first)", ylabel="a (moves second)")
        axes.title.set_fontsize(9)
    figure.colorbar(image, ax=panels.tolist(), label="log10 of max |N(a, N(b, x)) - N(a*b, x)|")
    return figure


def fits(curves: Mapping[str, Sequence[tuple[int, float]]], holds: float, wrong: float) -> Figure:
    """Relative test error against steps, one line a model."""
    figure = _figure(7.4, 3.6)
    axes = figure.subplots()
    for place, (name, curve) in enumerate(curves.items()):
        steps, errors = zip(*curve, strict=True)
        axes.plot(steps, np.maximum(errors, 1e-12), color=COLOURS[place % 6], label=name)
    axes.axhline(holds, color="#888888", linestyle="--", linewidth=1)
    axes.axhline(wrong, color="#888888", linestyle=":", linewidth=1)
    axes.set(yscale="log", xlabel="training step", ylabel="test error, relative to the variance")
    axes.legend(fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return _tidy(figure, axes)


def orbits(true: np.ndarray, found: np.ndarray, wrong: np.ndarray | None, names: tuple[str, str]) -> Figure:
    """Where all elements take a few points, in the plane of the first and the last coordinate.

    Args:
        true, found, wrong: shape (points, m, d): of the samples, the model, a model on a wrong base.
        names: of the rings and of the dots.
    """
    figure = _figure(6.6, 4.4)
    axes = figure.subplots()
    for place, (rings, dots) in enumerate(zip(true, found, strict=True)):
        colour = COLOURS[(0, 2, 3, 4)[place % 4]]
        axes.scatter(rings[:, 0], rings[:, -1], s=95, facecolors="none", edgecolors=colour, linewidths=1.4)
        axes.scatter(dots[:, 0], dots[:, -1], s=12, color=colour)
        if wrong is not None:
            axes.scatter(wrong[place][:, 0], wrong[place][:, -1], s=26, marker="x", color=COLOURS[1], linewidths=0.9)
    axes.scatter([], [], s=95, facecolors="none", edgecolors="black", label=names[0])
    axes.scatter([], [], s=12, color="black", label=names[1])
    if wrong is not None:
        axes.scatter([], [], s=26, marker="x", color=COLOURS[1], label="wrong base")
    axes.set(xlabel="first coordinate of N(g, x)", ylabel="last coordinate of N(g, x)")
    axes.legend(fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return _tidy(figure, axes)


def traces(labels: Sequence[str], character: np.ndarray, read: np.ndarray, free: np.ndarray | None) -> Figure:
    """The character of the base and what was read of the model and of the data, by class."""
    shown = min(len(labels), MOST_CLASSES)
    place = np.arange(shown)
    figure = _figure(max(5.5, 0.55 * shown + 3.2), 3.4)
    axes = figure.subplots()
    axes.bar(place, character[:shown], width=0.62, color="#d5dde2", label="character of the base")
    axes.scatter(place - 0.1, read[:shown], color=COLOURS[0], s=34, label="trace of DN at its fixed point", zorder=3)
    if free is not None:
        axes.scatter(place + 0.1, free[:shown], color=COLOURS[1], s=38, marker="x", zorder=3, label="from data alone")
    axes.axhline(0, color="#888888", linewidth=0.8)
    axes.set_xticks(place, labels[:shown], rotation=0 if shown < 9 else 60, fontsize=8)
    more = f" (first {shown} of {len(labels)})" if len(labels) > shown else ""
    axes.set(xlabel=f"class: element order{more}", ylabel="trace")
    axes.legend(fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return _tidy(figure, axes)


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _tidy(figure: Figure, axes: Axes) -> Figure:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure
