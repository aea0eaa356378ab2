"""Pictures of graphs as SVG text.

Public: svg, Layers, layers.

Lattices are drawn in rows, one for each order, with long edges led around the nodes of the rows between; other graphs
by springs, or on a circle when they are large, and as large as it takes that no two nodes overlap.
Source: Sugiyama, Tagawa, Toda, Methods for visual understanding of hierarchical system structures, IEEE Transactions
on Systems, Man and Cybernetics 11 (1981), 109-125.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import cos, pi, sin
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import TooLargeError

if TYPE_CHECKING:
    import networkx

__all__ = ["Layers", "layers", "svg"]

NODE_LIMIT = 2_000
SPRING_LIMIT = 150
"""Largest number of nodes that springs place; more go on a circle."""
ROW, GAP, LETTER, LONGEST = 84.0, 22.0, 7.3, 34
"""Pixels between rows, between nodes, for a letter; and the most letters of a label that are shown."""
BEND = 2.0
"""Width of an edge where it passes a row."""
COLORS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf", "#8c564b", "#7f7f7f")


def svg(graph: networkx.Graph) -> str:
    """The picture of a graph of ``structure.graphs``.

    Raises:
        TooLargeError: more than 2,000 nodes.
    """
    if len(graph) > NODE_LIMIT:
        raise TooLargeError(
            f"a picture of {len(graph):,} nodes cannot be read; the limit is {NODE_LIMIT:,}. Write .graphml"
        )
    orders = [data.get("order") for _, data in graph.nodes(data=True)]
    return _layered(graph) if orders and all(one is not None for one in orders) else _spread(graph)


@dataclass(frozen=True)
class Layers:
    """A graph drawn in rows, one for each ``order`` of its nodes.

    Attributes:
        orders: ascending. rows: for each the nodes, and the bends of the edges that pass, from left to right.
        x: place of each node and bend in its row. chains: for each edge its lower node, its bends, its upper node.
    """

    orders: list[int]
    rows: list[list[Any]]
    x: dict[Any, float]
    chains: list[list[Any]]


def layers(graph: networkx.Graph, widths: Mapping[Any, float]) -> Layers:
    """Places of the nodes of a lattice, apart by ``GAP`` and few edges crossing; see the module's source.

    Args:
        graph: its nodes have an ``order``, its edges go upwards. widths: of each node, in the unit of ``GAP``.
    """
    orders = sorted({data["order"] for _, data in graph.nodes(data=True)})
    row_of = {node: orders.index(data["order"]) for node, data in graph.nodes(data=True)}
    width = dict(widths)
    rows: list[list[Any]] = [[] for _ in orders]
    for node, row in row_of.items():
        rows[row].append(node)
    chains = []
    for u, v in graph.edges():
        between = [("bend", u, v, row) for row in range(row_of[u] + 1, row_of[v])]
        for bend in between:
            rows[bend[3]].append(bend)
            width[bend] = BEND
        chains.append([u, *between, v])
    return Layers(orders, rows, _columns(rows, width, chains), chains)


def _layered(graph: networkx.Graph) -> str:
    width = defaultdict(lambda: BEND, {node: _width(data) for node, data in graph.nodes(data=True)})
    found = layers(graph, width)
    orders, rows, x, chains = found.orders, found.rows, found.x, found.chains
    left = min(x[node] - width[node] / 2 for row in rows for node in row) - 90
    right = max(x[node] + width[node] / 2 for row in rows for node in row) + 20
    y = {node: ROW * (len(rows) - row) - ROW / 2 for row, nodes in enumerate(rows) for node in nodes}
    parts = []
    for chain in chains:
        corners = [(x[node], y[node] + side) for node in chain for side in (12, -12)][1:-1]  # upright past each row
        points = " ".join(f"{across:.1f},{down:.1f}" for across, down in corners)
        parts.append(f'<polyline points="{points}" fill="none" stroke="#99a"/>')
    for order, nodes in zip(orders, rows, strict=True):
        parts.append(
            f'<text x="{left + 70:.1f}" y="{y[nodes[0]] + 4:.1f}" text-anchor="end" fill="#667">{order}</text>'
        )
    parts += [_box(data, x[node], y[node], width[node]) for node, data in graph.nodes(data=True)]
    parts.append(f'<text x="{left + 70:.1f}" y="-4" text-anchor="end" fill="#667">order</text>')
    return _page(graph.name, parts, (left, -30, right, ROW * len(rows)))


def _columns(rows: list[list[Any]], width: dict[Any, float], chains: list[list[Any]]) -> dict[Any, float]:
    """A place for each node and bend: rows are sorted by the mean of their neighbours, up and down in turn, then pulled
    towards it as far as the space between nodes allows."""
    near: dict[Any, tuple[list[Any], list[Any]]] = {node: ([], []) for row in rows for node in row}
    for chain in chains:
        for lower, upper in pairwise(chain):
            near[lower][1].append(upper)
            near[upper][0].append(lower)
    x: dict[Any, float] = {}
    for row in rows:
        x.update(_packed(row, [0.0] * len(row), width))
    for sweep in range(24):
        side = sweep % 2
        for row in rows if side == 0 else rows[::-1]:
            wanted = {node: float(np.mean([x[other] for other in near[node][side]] or [x[node]])) for node in row}
            row.sort(key=wanted.__getitem__)
            x.update(_packed(row, [wanted[node] for node in row], width))
    for sweep in range(12):
        for row in rows if sweep % 2 == 0 else rows[::-1]:
            wanted = {node: float(np.mean([x[o] for o in near[node][0] + near[node][1]] or [x[node]])) for node in row}
            x.update(_packed(row, [wanted[node] for node in row], width))
    return x


def _packed(row: list[Any], wanted: list[float], width: dict[Any, float]) -> dict[Any, float]:
    """Places in the given order, apart, near to those wanted: the mean of pushing right and of pushing left."""
    apart = [0.0]
    for one, other in pairwise(row):
        gap = GAP if max(width[one], width[other]) > BEND else GAP / 3
        apart.append(apart[-1] + (width[one] + width[other]) / 2 + gap)
    slack = np.array(wanted) - np.array(apart)
    pushed = (np.maximum.accumulate(slack) + np.minimum.accumulate(slack[::-1])[::-1]) / 2
    return dict(zip(row, (pushed + np.array(apart)).tolist(), strict=True))


def _spread(graph: networkx.Graph) -> str:
    import networkx

    count, size = len(graph), 130.0 * max(2.0, len(graph) ** 0.5)
    if 2 < count <= SPRING_LIMIT:
        places = networkx.spring_layout(networkx.Graph(graph), seed=0, iterations=300, k=2.0 / count**0.5)
    else:
        places = {node: (cos(2 * pi * i / count), sin(2 * pi * i / count)) for i, node in enumerate(graph)}
        size = max(size, 30.0 * count / pi) if count > 2 else size
    width = max((_width(data) for _, data in graph.nodes(data=True)), default=0.0)
    while _crowded(places, width / size * 2, 48 / size) and size < 20_000:
        size *= 1.2
    xy = {node: (float(place[0]) * size / 2, float(place[1]) * size / 2) for node, place in places.items()}
    parts, seen = [], set()
    for u, v, data in graph.edges(data=True):
        if u == v or ((v, u, data.get("color")) in seen):
            continue  # both directions of an involution are one line
        seen.add((u, v, data.get("color")))
        both = not graph.is_directed() or any(
            other.get("color") == data.get("color") for other in (graph.get_edge_data(v, u) or {}).values()
        )
        head = "" if both else f' marker-end="url(#head{data["color"] % len(COLORS)})"'
        parts.append(_line(xy[u], xy[v], COLORS[data.get("color", 7) % len(COLORS)], head))
    for node, data in graph.nodes(data=True):
        parts.append(_box(data, *xy[node], _width(data)))
    xs, ys = [p[0] for p in xy.values()], [p[1] for p in xy.values()]
    named = {data["color"]: data["generator"] for _, _, data in graph.edges(data=True) if "color" in data}
    for place, (color, generator) in enumerate(sorted(named.items())):
        fill = COLORS[color % len(COLORS)]
        parts.append(
            f'<text x="{min(xs) - 90:.1f}" y="{min(ys) - 60 - 18 * place:.1f}" fill="{fill}">{escape(generator)}</text>'
        )
    top = min(ys) - 80 - 18 * len(named)
    return _page(graph.name, parts, (min(xs) - 150, top, max(xs) + 150, max(ys) + 40))


def _crowded(places: dict[Any, Any], width: float, height: float) -> bool:
    """Whether two boxes of this size around the places would overlap."""
    xy = np.array([[float(place[0]), float(place[1])] for place in places.values()]).reshape(-1, 2)
    apart = np.abs(xy[:, None] - xy[None])
    return bool(((apart[..., 0] < width) & (apart[..., 1] < height)).sum() > len(xy))


def _line(start: tuple[float, float], end: tuple[float, float], color: str, head: str) -> str:
    """From one node towards the other, ending short of it when it has a head."""
    (x, y), (u, v) = start, end
    share = 0.72 if head else 1.0
    path = f'<path d="M{x:.1f} {y:.1f} L{x + share * (u - x):.1f} {y + share * (v - y):.1f}" stroke="{color}"{head}/>'
    rest = f'<path d="M{x:.1f} {y:.1f} L{u:.1f} {v:.1f}" stroke="{color}"/>' if head else ""
    return path + rest


def _label(data: dict[str, Any]) -> str:
    text = str(data.get("label", ""))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _width(data: dict[str, Any]) -> float:
    return LETTER * len(_label(data)) + 14


def _box(data: dict[str, Any], x: float, y: float, width: float) -> str:
    fill = "#e4ecfa" if data.get("normal") else "#ffffff"
    shape = f'x="{x - width / 2:.1f}" y="{y - 12:.1f}" width="{width:.1f}" height="24" rx="6"'
    box = f'<rect {shape} fill="{fill}" stroke="#556"/>'
    full = escape(str(data.get("label", "")))
    text = f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle">{escape(_label(data))}</text>'
    return f"<g><title>{full}</title>{box}{text}</g>"


def _page(name: str, parts: list[str], view: tuple[float, float, float, float]) -> str:
    left, top, right, bottom = view
    heads = "".join(
        f'<marker id="head{i}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0 L8 4 L0 8 z" fill="{color}"/></marker>'
        for i, color in enumerate(COLORS)
    )
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:.1f} {top:.1f} {right - left:.1f} {bottom - top:.1f}" '
        f'width="{right - left:.0f}" height="{bottom - top:.0f}" font-family="monospace" font-size="12">'
    )
    back = f'<rect x="{left:.1f}" y="{top:.1f}" width="100%" height="100%" fill="#ffffff"/>'
    return "\n".join([opening, f"<title>{escape(name)}</title><defs>{heads}</defs>", back, *parts, "</svg>", ""])
