"""The subgroup lattice, its classes lit by the weight of the neurons that are constant on their cosets.

Public: lit_classes, lattice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex
from matplotlib.patches import FancyBboxPatch

from grouptool.errors import BudgetSpentError, NoEvidenceError
from grouptool.group import Group
from grouptool.structure.description import describe_structure
from grouptool.structure.drawing import layers
from grouptool.structure.graphs import subgroup_lattice_graph
from grouptool.structure.subgroups import SubgroupLattice, subgroup_lattice

from ...alignment import BAR
from ...claims import Subject
from ..picture import COLOURS, INK, Picture, finished

if TYPE_CHECKING:
    import networkx
    from matplotlib.axes import Axes

__all__ = ["lattice", "lit_classes"]

MOST_CLASSES, MOST_IN_ROW = 40, 8
"""Classes of subgroups that are drawn, in all and of one order; of more, those that matter."""
MOST_LETTERS = 17
BOX, TALL, UP, LOW, ROUND, INCH = 88.0, 44.0, 76.0, 62.0, 5.0, 72.0
"""Width and height of a node, distance of few and of many rows, rounding, and what makes an inch: the layout's unit."""


def lit_classes(subject: Subject) -> dict[int, float]:
    """Weight of the neurons that are constant on cosets, by the class of L's subgroup, as its position in the lattice.

    Counted as the claim coset-alignment does: both L and R aligned to ``BAR``. Classes without weight are left out, so
    the values sum to the claim's score.
    """
    data = subject.data
    if not data.coset_families or data.subgroup_classes is None:
        return {}
    left, right = subject.alignments
    aligned = (left.share >= BAR) & (right.share >= BAR)
    place = np.array([data.subgroup_classes[one.subgroup_class].position for one in data.coset_families])
    weights = np.bincount(place[left.family[aligned]], weights=subject.circuit.neuron_weights[aligned])
    return {position: float(weight) for position, weight in enumerate(weights) if weight > 0}


def lattice(subject: Subject) -> Picture:
    """The classes of conjugate subgroups, lines for containment, the colour of a class in proportion to its weight.

    Raises:
        NoEvidenceError: too many subgroups to list.

    At most 40 classes are drawn and 8 of one order: lit ones, the heaviest first; those of index up to the bound of
    coset claims; what covers these or is covered; the others.
    """
    group = subject.data.group
    try:
        everything = subgroup_lattice(group)
        graph = subgroup_lattice_graph(everything)
    except BudgetSpentError:
        raise NoEvidenceError(f"{group.name} has too many subgroups to list") from None
    lit = lit_classes(subject)
    shown = _shown(subject, everything, graph, lit)
    drawn = graph if len(shown) == len(graph) else _restricted(graph, everything, shown)
    names = _names(everything, drawn)
    heaviest = sorted(lit, key=lambda place: -lit[place])
    parts = [(names.get(place), everything.classes[place], lit[place]) for place in heaviest]
    told = ", ".join(f"{_label(name, one.order)}, index {one.index}: {weight:.1%}" for name, one, weight in parts)
    how = (
        f"{sum(lit.values()):.1%} of the neuron weight is constant on cosets of a proper subgroup"
        if lit
        else "no neuron is constant on cosets of a proper subgroup that is not trivial"
    )
    cut = f" Of {len(graph)} classes {len(drawn)} are drawn: lit ones and those of small index first."
    return finished(
        _drawn(everything, drawn, lit, names),
        "Classes of conjugate subgroups with their structure, index and, after ×, how many conjugates; lines are "
        f"containments up to conjugacy. Lit: the weight of the neurons with L and R constant (to {BAR}) on their "
        f"cosets; {how}.{'' if drawn is graph else cut}",
        f"Lit classes: {told or 'none'}.",
        {
            "classes": [
                {"position": one.position, "name": names.get(one.position), "order": one.order, "index": one.index,
                 "length": one.length, "weight": lit.get(one.position, 0.0), "drawn": one.position in drawn}
                for one in everything.classes
            ]
        },
    )  # fmt: skip


def _drawn(
    everything: SubgroupLattice, graph: networkx.DiGraph, lit: Mapping[int, float], names: Mapping[int, str]
) -> Picture:
    """Rows of boxes, one for each order, the trivial subgroup below."""
    found = layers(graph, dict.fromkeys(graph, BOX))
    up = UP if len(found.rows) < 9 else LOW
    left, right = min(found.x.values()) - BOX / 2, max(found.x.values()) + BOX / 2
    height = up * (len(found.rows) - 1) + TALL
    picture = Picture("lattice", "Subgroup lattice", max(5.0, (right - left + 60) / INCH), height / INCH + 0.5)
    axes = picture.subplots()
    axes.set_axis_off()
    axes.set(xlim=(left - 8, right + 8), ylim=(-TALL / 2 - 6, height - TALL / 2 + 6), aspect="equal")
    y = {node: up * row for row, nodes in enumerate(found.rows) for node in nodes}
    for chain in found.chains:  # upright past each row
        corners = [(found.x[node], y[node] + side) for node in chain for side in (-TALL / 2, TALL / 2)][1:-1]
        axes.plot(*zip(*corners, strict=True), color="#b4b4c4", linewidth=0.8, zorder=1)
    top = max(lit.values(), default=1.0)
    for node in graph:
        one, weight = everything.classes[node], lit.get(node, 0.0)
        times = f", ×{one.length}" if one.length > 1 else ""
        lines = [_label(names.get(node), one.order), f"index {one.index}{times}"]
        if weight:
            lines.append(f"{weight:.0%} lit" if weight >= 0.005 else "below 1% lit")
        _box(axes, (found.x[node], y[node]), lines, weight / top)
    return picture


def _box(axes: Axes, at: tuple[float, float], lines: Sequence[str], light: float) -> None:
    """A node, its colour the darker the larger its light, in [0, 1]; white without."""
    corner = at[0] - BOX / 2 + ROUND, at[1] - TALL / 2 + ROUND
    box = FancyBboxPatch(
        corner, BOX - 2 * ROUND, TALL - 2 * ROUND, boxstyle=f"round,pad={ROUND}",
        facecolor=to_hex(colormaps["YlGnBu"](0.08 + 0.62 * light)) if light else "#ffffff",
        edgecolor=COLOURS[0] if light else "#8a8aa0", linewidth=1.6 if light else 0.7, zorder=2,
    )  # fmt: skip
    axes.add_patch(box)
    axes.text(
        *at, "\n".join(lines), ha="center", va="center", fontsize=7.5, zorder=3, linespacing=1.15,
        color="#ffffff" if light > 0.7 else INK, fontweight="bold" if light else "normal",
    )  # fmt: skip


def _names(everything: SubgroupLattice, drawn: Iterable[int]) -> dict[int, str]:
    """Structure of the subgroups of the classes that are drawn, where it is found."""
    last, known = len(everything) - 1, dict[str, list[tuple[Group, str]]]()
    names: dict[int, str] = {}
    for node in drawn:
        with suppress(BudgetSpentError):
            whole = everything.group.name if node == last else None
            names[node] = whole or describe_structure(everything.classes[node].subgroup.as_group(), known)
    return names


def _label(name: str | None, order: int) -> str:
    if order == 1:
        return "1"
    full = f"{name}, order {order}"
    return full if name and len(full) <= MOST_LETTERS else f"order {order}"


def _shown(
    subject: Subject, everything: SubgroupLattice, graph: networkx.DiGraph, lit: Mapping[int, float]
) -> set[int]:
    """The classes to draw: the most important ones, no more in a row and in all than can be read."""
    ends = {0, len(everything) - 1}
    bound = subject.data.coset_index_bound
    close = {one.position for one in everything.classes if one.index <= bound or one.position in lit}
    near = close.union(*({*graph.predecessors(one), *graph.successors(one)} for one in close))
    ranked = sorted(
        (one for one in everything.classes if one.position not in ends),
        key=lambda one: (
            -lit.get(one.position, 0.0), one.position not in close, one.position not in near, one.index, one.position
        ),
    )  # fmt: skip
    room, shown = Counter[int](), set(ends)
    for one in ranked:
        if room[one.order] < MOST_IN_ROW and len(shown) < MOST_CLASSES:
            room[one.order] += 1
            shown.add(one.position)
    return shown


def _restricted(graph: networkx.DiGraph, everything: SubgroupLattice, shown: set[int]) -> networkx.DiGraph:
    """The Hasse diagram of some of the classes."""
    import networkx

    chosen = sorted(shown)
    below = (everything.containments[np.ix_(chosen, chosen)] > 0) & ~np.eye(len(chosen), dtype=bool)
    steps = below.astype(np.float32)
    part = networkx.DiGraph(name=graph.name)
    part.add_nodes_from((node, graph.nodes[node]) for node in chosen)
    part.add_edges_from((chosen[i], chosen[j]) for i, j in np.argwhere(below & (steps @ steps < 0.5)).tolist())
    return part
