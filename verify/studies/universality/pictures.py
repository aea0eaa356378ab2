"""Pictures of the universality study.

Public: draw_counts, draw_logits, draw_shares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...palette import COLOURS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_counts", "draw_logits", "draw_shares"]


def draw_logits(points: Sequence[tuple[str, Sequence[float], Sequence[float]]]) -> Figure:
    """Share of characters against bi-equivariant share, percent, a colour for each label."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.6), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 100], [0, 100], color="#bbbbbb", linewidth=1, zorder=0)
    for place, (label, across, up) in enumerate(points):
        axes.scatter(across, up, s=26, color=COLOURS[place % len(COLOURS)], label=label, alpha=0.75, linewidths=0)
    axes.set(xlim=(0, 102), ylim=(0, 102), xlabel="explained by a sum of characters (% of the logits' variance)",
             ylabel="explained by the best function of x⁻¹ z y⁻¹ (%)")  # fmt: skip
    axes.legend(fontsize=7, loc="lower right", frameon=False)
    return figure


def draw_shares(rows: Sequence[Mapping[str, Any]]) -> Figure:
    """Published shares across, ours up, one panel a recipe."""
    from matplotlib.figure import Figure

    recipes = list(dict.fromkeys(key for row in rows for key in row if key.startswith("ours, ")))
    figure = Figure(figsize=(4.6 * len(recipes), 4.4), layout="constrained")
    groups = list(dict.fromkeys(row["group"] for row in rows))
    for axes, recipe in zip(figure.subplots(1, len(recipes), squeeze=False)[0], recipes, strict=True):
        axes.plot([0, 100], [0, 100], color="#bbbbbb", linewidth=1, zorder=0)
        for place, name in enumerate(groups):
            mine = [row for row in rows if row["group"] == name and row["published"] is not None]
            mine = [row for row in mine if "loss" not in row["figure"] and row.get(recipe) is not None]
            for marker, defect in (("o", False), ("x", True)):
                chosen = [row for row in mine if row["difference"].startswith("defect") == defect]
                if chosen:
                    across, up = [row["published"] for row in chosen], [row[recipe] for row in chosen]
                    axes.scatter(across, up, s=30, marker=marker, color=COLOURS[place % len(COLOURS)], label=name)
        axes.set(xlabel="published (%)", ylabel="ours (%)", title=recipe.removeprefix("ours, ") + " recipe",
                 xlim=(0, 103), ylim=(0, 103))  # fmt: skip
        axes.legend(fontsize=8, loc="lower right", frameon=False)
    return figure


def draw_counts(rows: Sequence[Mapping[str, Any]]) -> Figure:
    """Share of networks that use each representation, with intervals, one panel for each group, kind and recipe."""
    from matplotlib.figure import Figure

    panels: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        panels.setdefault(f"{row['group']} {row['network']}, {row['recipe']}", []).append(row)
    figure = Figure(figsize=(6.4, 2.6 * len(panels)), layout="constrained")
    for axes, (title, mine) in zip(figure.subplots(len(panels), 1, squeeze=False)[:, 0], panels.items(), strict=True):
        mine = sorted(mine, key=lambda row: (row["least |B|"], row["representation"]))
        for place, row in enumerate(mine):
            count, total = map(int, row["ours"].split(" of "))
            low, high = map(float, row["interval"].split(" to "))
            axes.bar(place, count / total, color=COLOURS[0], width=0.6)
            axes.plot([place, place], [low, high], color="#22223b", linewidth=1.4)
            if row["published"] is not None:
                theirs, of = map(int, row["published"].split(" of "))
                axes.scatter([place], [theirs / of], marker="D", s=36, color=COLOURS[1], zorder=3,
                             label="published" if place == 0 else None)  # fmt: skip
        axes.set_xticks(
            range(len(mine)), [f"{row['representation']}\n|B| = {row['least |B|']}" for row in mine], fontsize=8
        )
        axes.set(
            ylim=(0, 1.05), ylabel="share of seeds", title=f"{title} ({mine[0]['ours'].split(' of ')[1]} networks)"
        )
        if any(row["published"] for row in mine):
            axes.legend(fontsize=8, frameon=False)
    return figure
