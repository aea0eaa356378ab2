"""The Cayley graph of the group coloured by a neuron, or the graph of its cosets when the group is large.

Public: Colouring, coloured_graph, cayley.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.lines import Line2D

from grouptool.errors import NoEvidenceError

from ...claims import Subject
from ..layout import stress_layout, word_distances
from ..picture import INK, SMALL, TEXT, Picture, finished
from .neurons import leading_neurons

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Colouring", "cayley", "coloured_graph"]

MOST_ELEMENTS = 120
"""Largest order of which every element is drawn."""
MOST_NODES = 250
"""Largest number of nodes of any picture here."""
EDGES = ("#588157", "#7b5ea7", "#b8860b", "#4a4e69")
"""Colours of the generators, apart from the red and blue of the nodes."""
RIM = "#ff9d00"
"""Of the identity."""
MOST_LABELS = 12
"""Largest number of nodes that are named."""
LONGEST = 26
"""Letters of a generator's cycles that are shown."""


@dataclass(frozen=True, eq=False)
class Colouring:
    """A graph on which a group acts from the right, with a number at each node.

    Attributes:
        neuron: whose L is shown. subgroup_order: 1 for the Cayley graph; else its nodes are right cosets Hx of this H.
        labels: of each node: its smallest element as a word in the generators a, b, ..., 1 for the identity.
        generators: cycles of a, b, .... involutions: whether each moves its nodes in pairs.
        images: shape (generators, nodes): where each generator takes each node.
        values: shape (nodes,): L, or its mean over the coset. share: of L's variance that the values have.
    """

    neuron: int
    subgroup_order: int
    labels: tuple[str, ...]
    generators: tuple[str, ...]
    involutions: tuple[bool, ...]
    images: np.ndarray
    values: np.ndarray
    share: float


def coloured_graph(subject: Subject, neuron: int | None = None) -> Colouring:
    """The Cayley graph, edges x -> x s for each generator s; above order 120 the cosets of the neuron's best subgroup.

    Args:
        neuron: by default the heaviest one of the most used representation.

    Raises:
        NoEvidenceError: more than 250 nodes.
    """
    group, data = subject.data.group, subject.data
    neuron = leading_neurons(subject, 1)[0][0] if neuron is None else neuron
    values = subject.circuit.centred["L"][:, neuron]
    steps = np.array([g for g in dict.fromkeys(map(int, group.generators)) if g], dtype=np.int64)
    letters = {place: _letter(steps.tolist().index(int(g))) for place, g in enumerate(group.generators) if int(g)}
    if group.order <= MOST_ELEMENTS or not data.coset_families:
        nodes, images, order, share = np.arange(group.order), group.table[:, steps].T, 1, 1.0
    else:
        best = subject.alignments[0]
        family = data.coset_families[best.family[neuron]]
        nodes = np.unique(family.right, return_index=True)[1]
        images, order = family.right[group.table[nodes][:, steps]].T, family.order
        values = np.bincount(family.right, weights=values) / order
        share = float(best.share[neuron])
    if len(nodes) > MOST_NODES:
        raise NoEvidenceError(f"a graph of {len(nodes):,} nodes cannot be read; the limit is {MOST_NODES}")
    return Colouring(
        neuron=neuron,
        subgroup_order=order,
        labels=tuple(_word([letters[place] for place in group.word(int(x))]) for x in nodes),
        generators=tuple(group.cycles(int(g)) for g in steps),
        involutions=tuple(bool((image[image] == np.arange(len(nodes))).all()) for image in images),
        images=np.asarray(images, dtype=np.int64),
        values=values,
        share=share,
    )


def cayley(subject: Subject, neuron: int | None = None) -> Picture:
    """The group drawn by its generators, an element (or coset) coloured by L of one neuron.

    See ``coloured_graph`` for the neuron and for what is drawn of large groups. Generators that move nodes in pairs
    have plain lines, others arrows.
    """
    graph = coloured_graph(subject, neuron)
    places = stress_layout(word_distances(graph.images))
    name, count = subject.data.group.name, len(graph.values)
    what = (
        f"The elements of {name}, an edge from x to x s for each generator s, coloured by L of neuron {graph.neuron}."
        if graph.subgroup_order == 1
        else f"{name} is too large to draw; here are the {count} right cosets Hx of the subgroup, of order "
        f"{graph.subgroup_order}, that fits L of neuron {graph.neuron} best ({graph.share:.3f} of its variance), an "
        "edge from Hx to Hxs for each generator s, coloured by the mean of L."
    )
    ends, rim = np.argsort(graph.values), "1" if graph.subgroup_order == 1 else "H"
    return finished(
        _drawn(graph, places),
        f"{what} The node with the orange rim is {rim}. A neuron that is constant on cosets has few colours, smooth "
        "ones if its cosets hang together in the graph.",
        f"{count} nodes and {len(graph.images)} generators; L is largest at {graph.labels[ends[-1]]} and smallest at "
        f"{graph.labels[ends[0]]}.",
        {
            "neuron": graph.neuron, "subgroup_order": graph.subgroup_order, "nodes": graph.labels,
            "generators": graph.generators, "images": graph.images, "values": graph.values, "share": graph.share,
            "places": places.round(6),
        },
    )  # fmt: skip


def _drawn(graph: Colouring, places: np.ndarray) -> Picture:
    """Edges, nodes above them, a bar of colours and a legend of generators."""
    count = len(graph.values)
    side = float(np.clip(2.6 + 0.42 * count**0.5, 4.0, 7.2))
    radius = float(np.clip(0.32 / count**0.5, 0.012, 0.075))  # of a node, in a picture from -1 to 1
    picture = Picture("cayley", "Cayley graph" if graph.subgroup_order == 1 else "Graph of cosets", side + 1.6, side)
    axes = picture.subplots()
    axes.set_axis_off()
    axes.set(xlim=(-1.25, 1.25), ylim=(-1.25, 1.25), aspect="equal")
    handles = []
    for place, (name, pairs) in enumerate(zip(graph.generators, graph.involutions, strict=True)):
        colour = EDGES[place % len(EDGES)]
        _edges(axes, graph.images[place], places, colour, radius, pairs=pairs)
        said = f"{_letter(place)} = {_short(name)}{', in pairs' if pairs else ''}"
        handles.append(Line2D([], [], color=colour, marker="" if pairs else ">", markersize=5, label=said))
    picture.legend(handles=handles, loc="outside lower center", ncols=2, fontsize=SMALL, frameon=False)
    reach = max(float(np.abs(graph.values).max()), 1e-300)
    across = 2 * radius * 72 * side / 2.5  # points
    dots = axes.scatter(
        places[:, 0], places[:, 1], c=graph.values / reach, cmap="RdBu_r", vmin=-1, vmax=1, s=across**2,
        edgecolors=[RIM] + ["#444455"] * (count - 1), linewidths=[2.4] + [0.6] * (count - 1),
        zorder=3,
    )  # fmt: skip
    _label(axes, graph, places, radius)
    bar = picture.colorbar(dots, ax=axes, fraction=0.04, pad=0.02, shrink=0.7)
    bar.set_label(f"L of neuron {graph.neuron} / largest", fontsize=TEXT)
    bar.ax.tick_params(labelsize=SMALL)
    return picture


def _edges(axes: Axes, image: np.ndarray, places: np.ndarray, colour: str, radius: float, *, pairs: bool) -> None:
    """The edges of one generator: a line for each pair that it exchanges, else an arrow for each node that it moves."""
    nodes = np.arange(len(image))
    moved = np.flatnonzero(nodes < image if pairs else nodes != image)
    ends = np.stack((places[moved], places[image[moved]]), axis=1)
    axes.add_collection(LineCollection(ends.tolist(), colors=colour, linewidths=1.0, alpha=0.75, zorder=1))
    if not pairs:
        axes.add_collection(PolyCollection(_heads(ends, radius).tolist(), facecolors=colour, linewidths=0, zorder=2))


def _heads(ends: np.ndarray, size: float) -> np.ndarray:
    """Shape (e, 3, 2): a triangle on each edge, short of the node that it points to."""
    along = ends[:, 1] - ends[:, 0]
    length = np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    unit = along / length
    across = np.stack((-unit[:, 1], unit[:, 0]), axis=1)
    tall = np.minimum(0.05, 0.3 * length)
    tip = ends[:, 1] - unit * np.minimum(size * 1.15, 0.4 * length)
    back = tip - unit * tall
    return np.stack((tip, back + 0.35 * tall * across, back - 0.35 * tall * across), axis=1)


def _label(axes: Axes, graph: Colouring, places: np.ndarray, size: float) -> None:
    """Names inside the nodes, or above them when they are too long for it; none when there are many nodes."""
    if len(graph.labels) > MOST_LABELS:
        return
    reach = float(np.abs(graph.values).max()) or 1.0
    for name, value, (x, y) in zip(graph.labels, graph.values, places, strict=True):
        shown = name if graph.subgroup_order == 1 else "H" if name == "1" else f"H{name}"
        if len(shown) <= 2:
            dark = abs(value) > 0.55 * reach
            axes.text(
                x,
                y,
                shown,
                fontsize=8,
                ha="center",
                va="center_baseline",
                color="#ffffff" if dark else INK,
                zorder=4,
            )
        else:
            axes.text(x, y + 1.25 * size, shown, fontsize=8, ha="center", va="bottom", color=INK, zorder=4)


def _letter(place: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[place] if place < 26 else f"g{place}"


def _word(letters: list[str]) -> str:
    """Letters in a row, repeated ones as powers: aaab is a³b."""
    powers = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
    runs = [(letter, len(list(run))) for letter, run in groupby(letters)]
    return "".join(letter + (str(count).translate(powers) if count > 1 else "") for letter, count in runs) or "1"


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
