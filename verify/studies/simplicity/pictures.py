"""The pictures of this study, as matplotlib figures.

Public: ceilings, ratios, signatures, units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...palette import COLOURS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .actions import GroupCheck
    from .learning import Learned

__all__ = ["ceilings", "ratios", "signatures", "units"]

KINDS = ((True, "simple", COLOURS[0]), (False, "not simple", COLOURS[1]))


def ceilings(learned: Sequence[Learned]) -> Figure:
    """Bars of ceilings with the test accuracy of each split as marks."""
    from matplotlib.figure import Figure

    names = list(dict.fromkeys(one.features for one in learned))
    figure = Figure(figsize=(8.5, 0.45 * len(names) + 1.3), layout="constrained")
    axes = figure.subplots()
    best = {one.features: one.ceiling for one in learned}
    axes.barh(names, [best[name] for name in names], color="#d9dee3", height=0.7, label="ceiling")
    marks = {"pair": ("o", COLOURS[0]), "orbit": ("D", COLOURS[2]), "subgroup": ("X", COLOURS[1])}
    told = {"pair": "test: drawn apart", "orbit": "test: new pair orbits", "subgroup": "test: new subgroups"}
    for split, (mark, colour) in marks.items():
        rows = [one for one in learned if one.split == split]
        if rows:
            axes.plot([one.test for one in rows], [one.features for one in rows], mark, color=colour, label=told[split])
    axes.axvline(0.5, color="#888888", linestyle=":", linewidth=1)
    axes.set(xlabel="accuracy (share of examples), both answers equally frequent", xlim=(0, 1.02))
    axes.invert_yaxis()
    axes.legend(fontsize=8, loc="upper center", bbox_to_anchor=(0.45, 1.16), ncols=4, frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def units(rows: Sequence[Mapping[str, Any]]) -> Figure:
    """Shares of prime order, non-abelian simple and the rest, a bar a unit of counting."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 0.5 * len(rows) + 1.2), layout="constrained")
    axes = figure.subplots()
    names = [f"{row['unit']} ({row['all']:,})" for row in rows]
    left = np.zeros(len(rows))
    kinds = (("non-abelian simple", COLOURS[0]), ("of prime order", COLOURS[4]))
    for kind, colour in kinds:
        share = np.array([row[kind] / row["all"] for row in rows])
        axes.barh(names, share, left=left, color=colour, label=kind)
        left += share
    axes.barh(names, 1 - left, left=left, color="#d9dee3", label="not simple")
    axes.set(xlabel="share of all that is counted", xlim=(0, 1))
    axes.invert_yaxis()
    axes.legend(fontsize=8, loc="upper center", bbox_to_anchor=(0.45, 1.22), ncols=3, frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def signatures(checked: Sequence[GroupCheck]) -> Figure:
    """The values of 1/|a| + 1/|b| + 1/|ab| of each group, with the line of T6."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.5, 0.24 * len(checked) + 1.4), layout="constrained")
    axes = figure.subplots()
    for place, one in enumerate(checked):
        values = [float(value) for value in one.signatures]
        colour = COLOURS[0] if one.simple else COLOURS[1]
        axes.plot(values, [place] * len(values), "|", color=colour, markersize=9)
    for simple, label, colour in KINDS:
        if any(one.simple == simple for one in checked):
            axes.plot([], [], "|", color=colour, markersize=9, label=label)
    axes.axvline(1, color="#444444", linewidth=1)
    axes.set_yticks(range(len(checked)), [f"{one.group.name} ({one.group.order:,})" for one in checked], fontsize=8)
    axes.set(xlabel="1/|a| + 1/|b| + 1/|ab| (dimensionless)", ylim=(len(checked) - 0.4, -0.6))
    axes.legend(fontsize=8, loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def ratios(checked: Sequence[GroupCheck]) -> Figure:
    """The largest sum of two fixed-point ratios of each action, with the line of T5."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.4), layout="constrained")
    axes = figure.subplots()
    degrees = np.arange(2, 101)
    axes.plot(degrees, 1 - 1 / degrees, color="#444444", linewidth=1, label="1 - 1/n")
    for simple, label, colour in KINDS:
        found = [
            (action.degree, 1 - 1 / action.degree - action.tallies["T5"].least_slack)
            for one in checked
            if one.simple == simple
            for action in one.actions
            if action.tallies["T5"].least_slack is not None
        ]
        if found:
            axes.plot(*zip(*found, strict=True), "o", color=colour, markersize=3.5, alpha=0.7, label=label)
    axes.set(xlabel="degree n of the action (points)", ylabel="largest fpr a + fpr b", ylim=(-0.03, 1.05))
    axes.legend(fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    return figure
