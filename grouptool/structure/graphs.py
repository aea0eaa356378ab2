"""Graphs of a group, as networkx graphs, and files of them.

Public: cayley_graph, cycle_graph, subgroup_lattice_graph, normal_lattice_graph, write_graph, check_place, graph_text.

Every node has a ``label``; nodes of lattices have an ``order``, by which a picture layers them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputFileError, TooLargeError
from ..group import Element, Group, Subgroup
from .normal import normal_subgroups
from .subgroups import SubgroupLattice, subgroup_lattice

if TYPE_CHECKING:
    import networkx

__all__ = [
    "cayley_graph",
    "check_place",
    "cycle_graph",
    "graph_text",
    "normal_lattice_graph",
    "subgroup_lattice_graph",
    "write_graph",
]

EDGE_LIMIT = 1_000_000
"""Largest number of edges of a Cayley graph."""

SUBGROUP_LIMIT = 3_000
"""Largest number of subgroups whose containments are drawn one by one."""

LABEL_LIMIT = 20_000_000
"""Most points in the cycles that name the elements, about 100 MB of text."""

SUFFIXES = (".graphml", ".dot", ".svg")


def cayley_graph(group: Group, generators: Sequence[Element | int] | None = None) -> networkx.MultiDiGraph:
    """The Cayley graph: a node for each element, an edge from x to x s for each generator s.

    Args:
        generators: by default those of the group, without repeats and the identity.

    Returns:
        Nodes 0 to n - 1 with ``label`` (cycles); edges with ``generator`` (cycles) and ``color``, the position of s.

    Raises:
        TooLargeError: more than a million edges, or elements whose cycles list more than 20 million points.
    """
    import networkx

    _bound(group.order * group.degree, LABEL_LIMIT, "points in the cycles of its nodes")
    chosen = dict.fromkeys(int(g) for g in (group.generators if generators is None else generators))
    steps = [g for g in chosen if g or generators is not None]
    _bound(group.order * len(steps), EDGE_LIMIT, "edges")
    graph = networkx.MultiDiGraph(name=f"Cayley graph of {group.name}")
    graph.add_nodes_from((x, {"label": group.cycles(x)}) for x in range(group.order))
    for color, s in enumerate(steps):
        images = group.table[:, s].tolist()
        graph.add_edges_from(((x, y) for x, y in enumerate(images)), generator=group.cycles(s), color=color)
    return graph


def cycle_graph(group: Group) -> networkx.Graph:
    """The cycle graph: for one generator g of each maximal cyclic subgroup the cycle 1, g, g^2, ..., 1.

    Nodes are elements with ``label`` (cycles) and ``element_order``; an edge has the ``generator`` of its first cycle.

    Raises:
        TooLargeError: elements whose cycles list more than 20 million points.
    """
    import networkx

    _bound(group.order * group.degree, LABEL_LIMIT, "points in the cycles of its nodes")
    graph = networkx.Graph(name=f"Cycle graph of {group.name}")
    graph.add_nodes_from(
        (x, {"label": group.cycles(x), "element_order": int(group[x].order)}) for x in range(group.order)
    )
    covered = np.zeros(group.order, dtype=bool)
    covered[0] = True
    for g in np.argsort(-group.element_orders, kind="stable"):
        if covered[g]:
            continue
        powers = group.powers(np.arange(group.element_orders[g] + 1), np.full(group.element_orders[g] + 1, g))
        covered[powers] = True
        for x, y in zip(powers.tolist(), powers[1:].tolist(), strict=False):
            if not graph.has_edge(x, y):
                graph.add_edge(x, y, generator=group.cycles(int(g)))
    return graph


def subgroup_lattice_graph(of: Group | SubgroupLattice, *, classes: bool = True) -> networkx.DiGraph:
    """The Hasse diagram of the subgroups, edges upwards.

    Args:
        classes: one node for each conjugacy class, i below j when some subgroup of i lies in one of j; else a node
            for each subgroup.

    Returns:
        Nodes by number with ``label``, ``order``, ``length`` (of the class), ``normal`` and ``generators`` (cycles).

    Raises:
        BudgetSpentError: as ``subgroup_lattice``. TooLargeError: more than 3,000 nodes.
    """
    lattice = subgroup_lattice(of) if isinstance(of, Group) else of
    group = lattice.group
    if classes:
        _bound(len(lattice.classes), SUBGROUP_LIMIT, "classes of subgroups")
        below = (lattice.containments > 0) & ~np.eye(len(lattice.classes), dtype=bool)
        rows = [(one.order, one.length, list(one.generators)) for one in lattice.classes]
    else:
        _bound(lattice.count, SUBGROUP_LIMIT, "subgroups")
        members = [(each, one.length) for one in lattice.classes for each in one.conjugates]
        below = _containments(np.array([mask for mask, _ in members]))
        rows = [(int(mask.sum()), length, group.generating_set(mask)) for mask, length in members]
    return _hasse(group, below, rows, f"Subgroups of {group.name}" + (" up to conjugacy" if classes else ""))


def normal_lattice_graph(group: Group) -> networkx.DiGraph:
    """The Hasse diagram of the normal subgroups, with nodes as in ``subgroup_lattice_graph``.

    Raises:
        BudgetSpentError: as ``normal_subgroups``. TooLargeError: more than 3,000 nodes.
    """
    normal: list[Subgroup] = normal_subgroups(group)
    _bound(len(normal), SUBGROUP_LIMIT, "normal subgroups")
    rows = [(one.order, 1, list(one.generators)) for one in normal]
    return _hasse(
        group, _containments(np.array([one.mask for one in normal])), rows, f"Normal subgroups of {group.name}"
    )


def write_graph(graph: networkx.Graph, path: str | os.PathLike[str]) -> None:
    """Write a graph of this module to a file, in the format that the suffix names: .graphml, .dot or .svg.

    The file appears whole or not at all: it is written aside and renamed.

    Raises:
        InputFileError: another suffix, or a place that cannot be written.
        TooLargeError: as ``graph_text``.
    """
    place = check_place(path)
    text = graph_text(graph, place.suffix.lower())
    aside = place.with_name(f".graph.{os.getpid()}.tmp")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(place)
    except (OSError, ValueError) as error:  # a name with NUL is a ValueError
        aside.unlink(missing_ok=True)
        raise InputFileError(f"cannot write {place}: {getattr(error, 'strerror', None) or error}") from None


def check_place(path: str | os.PathLike[str]) -> Path:
    """The path of a file that ``write_graph`` can be asked for, before the work of making the graph.

    Raises:
        InputFileError: an unknown suffix, a folder that is not there, or a folder where the file would be.
    """
    place = Path(path)
    if place.suffix.lower() not in SUFFIXES:
        raise _unknown(place.suffix)
    if os.path.isdir(place):
        raise InputFileError(f"cannot write {place}: it is a folder")
    if not os.path.isdir(place.parent):
        raise InputFileError(f"cannot write {place}: there is no folder {place.parent}")
    return place


def graph_text(graph: networkx.Graph, suffix: str) -> str:
    """The text of such a file.

    Raises:
        InputFileError: an unknown suffix.
        TooLargeError: a picture of more than 2,000 nodes.
    """
    if suffix == ".graphml":
        import networkx

        return "\n".join(networkx.generate_graphml(graph)) + "\n"
    if suffix == ".dot":
        return _dot(graph)
    if suffix == ".svg":
        from .drawing import svg

        return svg(graph)
    raise _unknown(suffix)


def _unknown(suffix: str) -> InputFileError:
    return InputFileError(f"no graph format has the suffix {suffix!r}; take one of {', '.join(SUFFIXES)}")


def _hasse(group: Group, below: np.ndarray, rows: list[tuple[int, int, list[int]]], name: str) -> networkx.DiGraph:
    import networkx

    graph = networkx.DiGraph(name=name)
    for node, (order, length, generators) in enumerate(rows):
        listed = ", ".join(map(group.cycles, generators)) or "()"
        shown = "1" if order == 1 else group.name if order == group.order else f"<{listed}>"
        label = f"{length} x {shown}" if length > 1 and "conjugacy" in name else shown
        graph.add_node(node, label=label, order=order, length=length, normal=length == 1, generators=listed)
    steps = below.astype(np.float32)
    covers = below & (steps @ steps < 0.5)
    graph.add_edges_from(np.argwhere(covers).tolist())
    return graph


def _containments(masks: np.ndarray) -> np.ndarray:
    """Shape (s, s), bool: whether subgroup i lies properly inside j, as |i meets j| = |i| (floats are exact here)."""
    rows = masks.astype(np.float32)
    orders = masks.sum(axis=1)
    return np.asarray((rows @ rows.T == orders[:, None]) & (orders[:, None] < orders))


def _dot(graph: networkx.Graph) -> str:
    arrow = "->" if graph.is_directed() else "--"
    lines = [f"{'digraph' if graph.is_directed() else 'graph'} {_quoted(graph.name)} {{"]
    if any("order" in data for _, data in graph.nodes(data=True)):
        lines += ["  rankdir=BT;", "  edge [arrowhead=none];"]
    lines += [f"  {node}{_attributes(data)};" for node, data in graph.nodes(data=True)]
    lines += [f"  {u} {arrow} {v}{_attributes(data)};" for u, v, data in graph.edges(data=True)]
    return "\n".join([*lines, "}", ""])


def _attributes(data: dict[str, Any]) -> str:
    names = {"color": "color_index", "order": "subgroup_order", "generator": "label"}  # DOT has meanings for these
    shown = ", ".join(f"{names.get(key, key)}={_quoted(str(value))}" for key, value in data.items())
    return f" [{shown}]" if shown else ""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _bound(count: int, limit: int, what: str) -> None:
    if count > limit:
        raise TooLargeError(f"the graph would have {count:,} {what}; the limit is {limit:,}")
