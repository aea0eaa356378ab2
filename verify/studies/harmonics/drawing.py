"""Pictures of the harmonics study.

Public: pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from grouptool.group import Group

from ...palette import COLOURS
from ..study import Picture
from .network import SpectralNetwork
from .recovery import Recovery, distances

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["pictures"]


def pictures(
    network: SpectralNetwork, reading: Recovery, runs: Sequence[SpectralNetwork], noise: Sequence[dict[str, Any]],
    group: Group,
) -> list[Picture]:  # fmt: skip
    """The table that was read, how sure each product is, and how much noise it stands."""
    return [
        Picture(
            "table", "The multiplication table, read from the weights",
            "Left: the products that the trained blocks say; colours are elements. Right: the group's own table. "
            "White crosses are wrong products.",
            partial(_table, reading, group),
        ),
        Picture(
            "distances", "Every wrong product is 2n away",
            "Distances sum of d_i ||W_i(g) W_i(h) - W_i(k)||^2 over all (g, h, k) of the best start: with exact "
            "irreps 0 at the product and 2n (dashed) at everything else.",
            partial(_distances, network, group),
        ),
        Picture(
            "noise", "How much noise the table stands",
            "Share of noisy copies of the weights with a table that is right throughout, against the size of the "
            "noise; left of the dashed line it is proved.",
            partial(_noise, noise),
        ),
        Picture(
            "starts", "Starts, from the best to the worst",
            "Loss of each start: invariance on orbits and the penalty that wants every irrep once. At rounding (1e-25) "
            "the irreps are exact; other starts are stuck.",
            partial(_starts, runs),
        ),
    ]  # fmt: skip


def _table(reading: Recovery, group: Group) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.5, 3.8), layout="constrained")
    for axes, table, title in zip(figure.subplots(1, 2), (reading.table, group.table), ("read", "true"), strict=True):
        axes.imshow(table, cmap="viridis", interpolation="nearest")
        axes.set(title=title, xlabel="h", ylabel="g")
        wrong = np.argwhere(table != group.table)
        axes.plot(wrong[:, 1], wrong[:, 0], "x", color="white")
    return figure


def _distances(network: SpectralNetwork, group: Group) -> Figure:
    from matplotlib.figure import Figure

    found = distances(network.blocks)
    best = np.maximum(found.min(axis=2).ravel(), 0)  # rounding
    figure = Figure(figsize=(6.5, 3.4), layout="constrained")
    axes = figure.subplots()
    edges = (np.arange(62) - 0.5) * max(2.4 * group.order, float(found.max())) / 60
    others = np.sort(found, axis=2)[:, :, 1:].ravel()
    axes.hist(best, edges.tolist(), color=COLOURS[0], label="nearest element")
    axes.hist(others, edges.tolist(), color=COLOURS[1], label="all others", alpha=0.8)
    axes.axvline(2 * group.order, color=COLOURS[5], linestyle="--", linewidth=1)
    axes.set(xlabel="distance", ylabel="triples (g, h, k)")
    axes.legend(fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _noise(noise: Sequence[dict[str, Any]]) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.5, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.plot([row["noise / radius"] for row in noise], [row["right tables"] for row in noise], "o-", color=COLOURS[0])
    axes.axvline(1, color=COLOURS[5], linestyle="--", linewidth=1)
    axes.set(
        xscale="log", ylim=(-0.03, 1.05), xlabel="noise of each element / certified radius", ylabel="share of copies"
    )
    axes.set_xticks([row["noise / radius"] for row in noise], [f"{row['noise / radius']:g}" for row in noise])
    axes.minorticks_off()
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _starts(runs: Sequence[SpectralNetwork]) -> Figure:
    from matplotlib.figure import Figure

    losses = np.maximum(np.sort([one.loss for one in runs]), 1e-35)
    figure = Figure(figsize=(6.5, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.plot(np.arange(1, len(losses) + 1), losses, "o", color=COLOURS[0])
    axes.axhline(1e-6, color=COLOURS[5], linestyle="--", linewidth=1)
    axes.set(yscale="log", xlabel="start, best first", ylabel="loss (dimensionless)")
    axes.spines[["top", "right"]].set_visible(False)
    return figure
