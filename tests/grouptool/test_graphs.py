"""Graphs of groups: against definitions, and files that read back."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import networkx
import numpy as np
import pytest
from strategies import named

from grouptool.errors import InputFileError, TooLargeError
from grouptool.structure import subgroup_lattice
from grouptool.structure.drawing import svg
from grouptool.structure.graphs import (
    cayley_graph,
    cycle_graph,
    graph_text,
    normal_lattice_graph,
    subgroup_lattice_graph,
    write_graph,
)

NAMES = ("C1", "C6", "S3", "Q8", "A4", "S4")


@pytest.mark.parametrize("name", NAMES)
def test_cayley_graphs(name):
    """Edges are x -> x s; every element has one out and one in for each s; the word metric is that of the tree."""
    made = named(name)
    graph = cayley_graph(made)
    steps = {made.cycles(s): s for s in made.generators if s}
    for x, y, data in graph.edges(data=True):
        assert made.table[x, steps[data["generator"]]] == y
    assert all(graph.out_degree(x) == graph.in_degree(x) == len(steps) for x in graph)
    distances = networkx.single_source_shortest_path_length(graph, 0)
    assert [distances[x] for x in range(made.order)] == [len(made.word(x)) for x in range(made.order)]


def test_a_cayley_graph_of_other_generators():
    """Two components for the rotations in S3, a loop for the identity when it is asked for."""
    s3 = named("S3")
    three = next(g for g in s3 if g.order == 3)
    assert networkx.number_weakly_connected_components(cayley_graph(s3, [three])) == 2
    assert networkx.number_of_selfloops(cayley_graph(s3, [0])) == 6


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("classes", [True, False])
def test_lattices_are_hasse_diagrams(name, classes):
    """The transitive closure is containment, no edge is implied by others, one source and one sink."""
    lattice = subgroup_lattice(named(name))
    graph = subgroup_lattice_graph(lattice, classes=classes)
    assert len(graph) == (len(lattice.classes) if classes else lattice.count)
    assert set(networkx.transitive_reduction(graph).edges()) == set(graph.edges())
    closure = networkx.transitive_closure(graph)
    if classes:
        expected = (lattice.containments > 0) & ~np.eye(len(lattice.classes), dtype=bool)
        assert set(closure.edges()) == set(map(tuple, np.argwhere(expected).tolist()))
    else:
        masks = [each for one in lattice.classes for each in one.conjugates]
        expected_pairs = {
            (i, j) for i, a in enumerate(masks) for j, b in enumerate(masks) if i != j and not (a & ~b).any()
        }
        assert set(closure.edges()) == expected_pairs


def test_the_normal_subgroups_of_s4_are_a_chain():
    """1 < V4 < A4 < S4."""
    graph = normal_lattice_graph(named("S4"))
    chain = [data["order"] for _, data in sorted(graph.nodes(data=True))]
    assert chain == [1, 4, 12, 24]
    assert list(graph.edges()) == list(pairwise(range(4)))


def test_cycle_graphs():
    """Q8: three cycles of length 4 through the identity and the involution; C2^2: three single edges."""
    graph = cycle_graph(named("Q8"))
    assert (len(graph), graph.number_of_edges()) == (8, 12)
    assert sorted(dict(graph.degree()).values()) == [2] * 6 + [6] * 2
    assert cycle_graph(named("C2^2")).number_of_edges() == 3


@pytest.mark.parametrize("name", ["S3", "C1", "S4"])
@pytest.mark.parametrize("make", [cayley_graph, cycle_graph, subgroup_lattice_graph, normal_lattice_graph])
def test_files_read_back(name, make, tmp_path):
    """GraphML through networkx, SVG as XML with a box a node, DOT with a line a node and an edge."""
    graph = make(named(name))
    for suffix in (".graphml", ".dot", ".svg"):
        write_graph(graph, tmp_path / f"graph{suffix}")
    assert sorted(one.name for one in tmp_path.iterdir() if one.name.startswith("graph")) == [
        "graph.dot",
        "graph.graphml",
        "graph.svg",
    ]
    read = networkx.read_graphml(tmp_path / "graph.graphml")
    assert [data["label"] for _, data in read.nodes(data=True)] == [data["label"] for _, data in graph.nodes(data=True)]
    assert read.number_of_edges() == graph.number_of_edges()
    picture = ElementTree.parse(tmp_path / "graph.svg").getroot()
    assert len(picture.findall("{http://www.w3.org/2000/svg}g")) == len(graph)
    lines = (tmp_path / "graph.dot").read_text().splitlines()
    assert sum("->" in line or " -- " in line for line in lines) == graph.number_of_edges()


@pytest.mark.parametrize("name", ["S4", "D6", "C2^3"])
def test_no_two_boxes_of_a_lattice_overlap(name):
    """Rectangles of the picture are disjoint."""
    text = svg(subgroup_lattice_graph(named(name), classes=False))
    boxes = [
        tuple(map(float, one))
        for one in re.findall(r'<rect x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="([\d.]+)"', text)
    ]
    for i, (x, y, w, h) in enumerate(boxes):
        assert not any(abs(x + w / 2 - u - s / 2) < (w + s) / 2 and abs(y - v) < h for u, v, s, _ in boxes[:i])


def test_labels_are_quoted():
    """A name with quotes, angle brackets and a backslash stays one label."""
    graph = networkx.Graph(name='a "b" \\ <c>')
    graph.add_node(0, label='"]; evil [\\')
    assert '0 [label="\\"]; evil [\\\\"];' in graph_text(graph, ".dot")
    ElementTree.fromstring(graph_text(graph, ".svg"))


def test_refusals(tmp_path):
    """An unknown suffix, a folder that is not there, too large a picture or graph; nothing is left behind."""
    graph = cayley_graph(named("S3"))
    with pytest.raises(InputFileError, match=r"'\.png'; take one of \.graphml, \.dot, \.svg"):
        write_graph(graph, tmp_path / "graph.png")
    with pytest.raises(InputFileError, match="cannot write"):
        write_graph(graph, tmp_path / "nowhere" / "graph.dot")
    (tmp_path / "taken.dot").mkdir()
    with pytest.raises(InputFileError, match="cannot write"):
        write_graph(graph, tmp_path / "taken.dot")
    assert not [one for one in tmp_path.iterdir() if one.name.endswith(".tmp")]
    with pytest.raises(TooLargeError, match=r"limit is 2,000"):
        svg(networkx.empty_graph(2001))
    with pytest.raises(TooLargeError, match="limit"):
        cayley_graph(named("A7"), range(500))
