"""Figures of a run, as matplotlib figures and as SVG text.

Public: curves, purity_histogram, energy_bars, neuron_heat_maps, as_svg.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ..alignment import align, left_side, right_side
from ..claims import Subject

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["as_svg", "curves", "energy_bars", "neuron_heat_maps", "purity_histogram"]

COLOURS = ("#1f6f8b", "#c8553d", "#588157", "#7b5ea7", "#b8860b", "#4a4e69")
MOST_BARS = 16


def curves(histories: Mapping[str, Sequence[Mapping[str, Any]]]) -> Figure:
    """Training loss (nats, log scale) and accuracies against steps, a line a network."""
    figure = Figure(figsize=(9.2, 3.2), layout="constrained")
    loss, accuracy = figure.subplots(1, 2)
    for (name, rows), colour in zip(histories.items(), _colours(len(histories)), strict=True):
        steps = [row["step"] for row in rows]
        loss.plot(steps, [row["train_loss"] for row in rows], color=colour, label=name)
        accuracy.plot(steps, [row["train_accuracy"] for row in rows], color=colour, linestyle=":", linewidth=1)
        if rows and rows[0]["test_accuracy"] is not None:
            accuracy.plot(steps, [row["test_accuracy"] for row in rows], color=colour, label=name)
    loss.set(yscale="log", xlabel="step", ylabel="training loss (nats)")
    accuracy.set(xlabel="step", ylabel="accuracy", ylim=(-0.03, 1.03), title="test (solid), training (dotted)")
    loss.legend(fontsize=8)
    return _tidy(figure)


def purity_histogram(subjects: Mapping[str, Subject]) -> Figure:
    """Largest share of a neuron's centred L in one representation, neurons weighted, networks and a control."""
    figure = Figure(figsize=(6, 3), layout="constrained")
    axes = figure.subplots()
    bins = np.linspace(0, 1, 41).tolist()
    for (name, subject), colour in zip(subjects.items(), _colours(len(subjects)), strict=True):
        total = np.maximum((subject.circuit.centred["L"] ** 2).sum(axis=0), 1e-300)
        purity = np.minimum(subject.energies["L"].max(axis=0) / total, 1)
        axes.hist(
            purity,
            bins=bins,
            weights=subject.circuit.neuron_weights,
            histtype="step",
            color=colour,
            label=name,
            linewidth=1.6,
        )
    axes.set(xlabel="purity of L: largest share in one representation", ylabel="share of neurons, by weight")
    axes.legend(fontsize=8, loc="upper left")
    return _tidy(figure)


def energy_bars(subject: Subject) -> Figure:
    """Share of the centred energy of L, R and U in each real irreducible representation, the largest first."""
    names = [one.name for one in subject.data.constituents]
    shares = {}
    for layer in ("L", "R", "U"):
        energies = subject.energies[layer].sum(axis=1)
        shares[layer] = energies / max(energies.sum(), 1e-300)
    chosen = np.argsort(-sum(shares.values()), kind="stable")[:MOST_BARS]
    figure = Figure(figsize=(max(4.5, 0.62 * len(chosen) + 2), 3), layout="constrained")
    axes = figure.subplots()
    place = np.arange(len(chosen))
    for shift, (layer, values) in enumerate(shares.items()):
        axes.bar(place + 0.27 * (shift - 1), values[chosen], width=0.25, label=layer, color=COLOURS[shift])
    axes.set_xticks(place, [names[i] for i in chosen], rotation=45 if len(chosen) > 8 else 0)
    axes.set(
        ylabel="share of energy",
        xlabel="irreducible representation"
        + (f" (largest {MOST_BARS} of {len(names)})" if len(names) > MOST_BARS else ""),
    )
    axes.legend(fontsize=8)
    return _tidy(figure)


def neuron_heat_maps(subject: Subject) -> tuple[Figure, str]:
    """L and R of the heaviest neuron of the most used representation, elements in rows by coset; and a caption.

    A neuron that is constant on cosets has rows of one colour. Without proper subgroups there is a single row.
    """
    data, circuit = subject.data, subject.circuit
    used = int(np.bincount(subject.dominant["L"], weights=circuit.neuron_weights).argmax())
    neuron = int(np.where(subject.dominant["L"] == used, circuit.neuron_weights, -1).argmax())
    rows, titles = {}, {}
    for layer, side, kind in (("L", right_side, "right cosets Hx"), ("R", left_side, "left cosets xH")):
        values = circuit.centred[layer][:, neuron]
        if data.coset_families:
            best = align(data, values[:, None], side)
            family = data.coset_families[best.family[0]]
            by_coset = np.argsort(side(family), kind="stable").reshape(-1, family.order)
            grid = values[by_coset]
            order = np.argsort(-grid.mean(axis=1), kind="stable")
            rows[layer] = grid[order]
            titles[layer] = f"{layer}: {kind}, |H| = {family.order}, aligned {best.share[0]:.3f}"
        else:
            rows[layer], titles[layer] = values[None], f"{layer}, elements in order"
    figure = Figure(figsize=(9.2, 3.4), layout="constrained")
    for axes, layer in zip(figure.subplots(1, 2), ("L", "R"), strict=True):
        reach = max(float(np.abs(rows[layer]).max()), 1e-300)
        image = axes.imshow(rows[layer], aspect="auto", cmap="RdBu_r", vmin=-reach, vmax=reach, interpolation="nearest")
        axes.set_title(titles[layer], fontsize=9)
        axes.set(xlabel="element within its coset", ylabel="coset")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        figure.colorbar(image, ax=axes)
    name = data.constituents[used].name
    return _tidy(figure), f"neuron {neuron}, the one with most weight in the most used representation, {name}"


def as_svg(figure: Figure) -> str:
    """The figure as SVG text, the same for the same data."""
    text = io.StringIO()
    with rc_context({"svg.hashsalt": "grouptool", "svg.fonttype": "path"}):
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()


def _colours(count: int) -> list[str]:
    return [COLOURS[i % len(COLOURS)] for i in range(count)]


def _tidy(figure: Figure) -> Figure:
    for axes in figure.axes:
        _plain(axes)
    return figure


def _plain(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=8)
    axes.xaxis.label.set_fontsize(9)
    axes.yaxis.label.set_fontsize(9)
    axes.title.set_fontsize(9)
