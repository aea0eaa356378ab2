"""In which irreducible representations a network works: energy of its layers, purity of its neurons.

Public: energy_bars, purity_histogram.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...claims import Subject
from ..picture import COLOURS, SMALL, Picture, colours, finished

__all__ = ["energy_bars", "purity_histogram"]

MOST_BARS = 16
LAYERS = ("L", "R", "U")


def energy_bars(subject: Subject) -> Picture:
    """Share of the centred energy of L, R and U in each real irreducible representation, the largest first."""
    names = [one.name for one in subject.data.constituents]
    shares = {}
    for layer in LAYERS:
        energies = subject.energies[layer].sum(axis=1)
        shares[layer] = energies / max(energies.sum(), 1e-300)
    chosen = np.argsort(-sum(shares.values()), kind="stable")[:MOST_BARS]
    picture = Picture("energy", "Energy by representation", max(4.5, 0.62 * len(chosen) + 2), 3)
    axes = picture.subplots()
    place = np.arange(len(chosen))
    for shift, (layer, values) in enumerate(shares.items()):
        axes.bar(place + 0.27 * (shift - 1), values[chosen], width=0.25, label=layer, color=COLOURS[shift])
    axes.set_xticks(place, [names[i] for i in chosen], rotation=45 if len(chosen) > 8 else 0)
    cut = f" (largest {MOST_BARS} of {len(names)})" if len(names) > MOST_BARS else ""
    axes.set(ylabel="share of energy", xlabel=f"irreducible representation{cut}")
    axes.legend(fontsize=SMALL)
    told = [f"{names[i]} {', '.join(f'{shares[layer][i]:.0%}' for layer in LAYERS)}" for i in chosen[:4]]
    return finished(
        picture,
        "How the variance of L, R and U over the elements divides among the real irreducible representations.",
        f"Shares of L, R and U: {'; '.join(told)}.",
        {"representations": names, "shares": shares},
    )


def purity_histogram(subjects: Mapping[str, Subject]) -> Picture:
    """Largest share of a neuron's centred L in one representation, neurons weighted, networks and a control."""
    picture = Picture("purity", "Neuron purity", 6, 3)
    axes = picture.subplots()
    purities = {name: _purity(subject) for name, subject in subjects.items()}
    for (name, subject), colour in zip(subjects.items(), colours(len(subjects)), strict=True):
        axes.hist(
            purities[name],
            bins=np.linspace(0, 1, 41).tolist(),
            weights=subject.circuit.neuron_weights,
            histtype="step",
            color=colour,
            label=name,
            linewidth=1.6,
        )
    axes.set(xlabel="purity of L: largest share in one representation", ylabel="share of neurons, by weight")
    axes.legend(fontsize=SMALL, loc="upper left")
    means = {name: float(purities[name] @ one.circuit.neuron_weights) for name, one in subjects.items()}
    return finished(
        picture,
        "How much of each neuron's L lies in one irreducible representation; an untrained network is the control.",
        f"Mean purity, weighted: {', '.join(f'{name} {mean:.2f}' for name, mean in means.items())}.",
        {name: {"purity": purities[name], "weight": one.circuit.neuron_weights} for name, one in subjects.items()},
    )


def _purity(subject: Subject) -> np.ndarray:
    """Shape (m,), in [0, 1]."""
    total = np.maximum((subject.circuit.centred["L"] ** 2).sum(axis=0), 1e-300)
    return np.asarray(np.minimum(subject.energies["L"].max(axis=0) / total, 1))
