"""Single neurons on the cosets of their best subgroups.

Public: Panel, leading_neurons, panels, gallery.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.ticker import MaxNLocator

from ...alignment import left_side, right_side
from ...claims import Subject
from ..picture import SMALL, TEXT, Picture, finished

__all__ = ["Panel", "gallery", "leading_neurons", "panels"]

MOST_NEURONS = 6
USED = 0.01
"""Share of the neuron weight from which a representation counts as used, as in ``verify.universality``."""


@dataclass(frozen=True, eq=False)
class Panel:
    """One layer of one neuron, its elements in rows by coset.

    Attributes:
        layer: L, by right cosets Hx; R, by left cosets xH.
        elements: shape (index, |H|), the cosets in rows, the one with the largest mean first; without subgroups a
            single row with all elements. values: the same shape, the centred table there.
        share: of the variance that the cosets explain, in [0, 1]; None without subgroups.
    """

    neuron: int
    representation: str
    layer: Literal["L", "R"]
    elements: np.ndarray
    values: np.ndarray
    share: float | None

    @property
    def subgroup_order(self) -> int:
        """Order of H."""
        return int(self.elements.shape[1])


def leading_neurons(subject: Subject, most: int = MOST_NEURONS) -> list[tuple[int, str]]:
    """The heaviest neuron of each of the most used representations, with its name; at least one.

    A representation is used by the neurons with most of L in it, and its use is their weight, a hundredth at least.
    """
    weights, home = subject.circuit.neuron_weights, subject.dominant["L"]
    use = np.bincount(home, weights=weights, minlength=len(subject.data.constituents))
    ranked = np.argsort(-use, kind="stable")[:most].tolist()
    used = [place for place in ranked if use[place] >= USED or place == ranked[0]]
    return [
        (int(np.where(home == place, weights, -1).argmax()), subject.data.constituents[place].name) for place in used
    ]


def panels(subject: Subject, most: int = MOST_NEURONS) -> list[Panel]:
    """L and R of the leading neurons, in turn."""
    found = []
    for neuron, name in leading_neurons(subject, most):
        for layer, side, which in (("L", right_side, 0), ("R", left_side, 1)):
            values = subject.circuit.centred[layer][:, neuron]
            elements, share = np.arange(len(values))[None], None
            if subject.data.coset_families:
                best = subject.alignments[which]
                family = subject.data.coset_families[best.family[neuron]]
                elements = np.argsort(side(family), kind="stable").reshape(-1, family.order)
                elements = elements[np.argsort(-values[elements].mean(axis=1), kind="stable")]
                share = float(best.share[neuron])
            found.append(Panel(neuron, name, "L" if which == 0 else "R", elements, values[elements], share))
    return found


def gallery(subject: Subject, most: int = MOST_NEURONS) -> Picture:
    """The heaviest neuron of each of the most used representations, L and R, elements in rows by coset.

    A neuron that is constant on cosets has rows of one colour. Without proper subgroups there is a single row.
    """
    found = panels(subject, most)
    count = max(1, len(found) // 2)
    bare = all(one.share is None for one in found)
    picture = Picture("neurons", "Neurons on their cosets", 9.2, (1.1 if bare else 1.85) * count + 0.9)
    grid = np.asarray(picture.subplots(count, 2, squeeze=False))
    image = None
    for axes, one in zip(grid.ravel(), found, strict=False):
        reach = max(float(np.abs(one.values).max()), 1e-300)
        image = axes.imshow(
            one.values / reach, aspect="auto", cmap="RdBu_r", vmin=-1, vmax=1, interpolation="nearest", rasterized=False
        )
        coset = {"L": "Hx", "R": "xH"}[one.layer]
        told = "" if one.share is None else f" on {coset}, |H| = {one.subgroup_order}: {one.share:.3f}"
        axes.set_title(f"{one.layer} of neuron {one.neuron} ({one.representation}){told}")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
        axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
        if one.share is None:
            axes.set_yticks([])
        axes.set_ylabel("" if one.share is None else "coset")
    for axes in grid[-1]:
        axes.set_xlabel("element" if bare else "element within its coset")
    if image is not None:
        bar = picture.colorbar(image, ax=grid.ravel().tolist(), fraction=0.03, pad=0.01)
        bar.set_label("value / largest value", fontsize=TEXT)
        bar.ax.tick_params(labelsize=SMALL)
    told = "; ".join(
        f"{one.layer} of neuron {one.neuron} in {one.representation} "
        + ("has no subgroup" if one.share is None else f"{one.share:.3f} on cosets of order {one.subgroup_order}")
        for one in found
    )
    how = (
        "The group has no proper subgroups whose cosets could order the elements, or too many to list."
        if bare
        else "Rows are cosets, right ones Hx for L and left ones xH for R, of the subgroup that fits best, those with "
        "the largest mean first: a neuron that is constant on them has rows of one colour, and alignment 1, the number."
    )
    return finished(
        picture,
        f"The heaviest neuron of each of the {count} most used representations. {how}",
        f"Alignment: {told}.",
        {
            "panels": [
                {"neuron": one.neuron, "representation": one.representation, "layer": one.layer, "share": one.share,
                 "subgroup_order": None if one.share is None else one.subgroup_order, "elements": one.elements,
                 "values": one.values}
                for one in found
            ]
        },
    )  # fmt: skip
