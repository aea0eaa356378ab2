"""The report: what its pictures show, as the data on their axes; the page that opens offline; the files beside it."""

from __future__ import annotations

import json
import math
import xml.etree.ElementTree
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import FancyBboxPatch
from strategies import named

from grouptool.errors import BudgetSpentError, NoEvidenceError
from grouptool.structure.subgroups import subgroup_lattice
from verify.claims import CLAIMS, Subject
from verify.controls import joined, lookup_table, plant_characters, plant_cosets, plant_rho_sets, random_circuit
from verify.experiment import run
from verify.groupdata import GroupData
from verify.matrix import smallest_key_set
from verify.plan import Experiment
from verify.progress import Phases, measure_progress, phases_of_history
from verify.reading import Circuit
from verify.report import figures
from verify.report.figures.graphs import coloured_graph
from verify.report.figures.logits import class_shares
from verify.report.figures.neurons import leading_neurons, panels
from verify.report.figures.subgroups import MOST_CLASSES, MOST_IN_ROW, lit_classes
from verify.report.layout import stress_layout, word_distances
from verify.report.page import write_report
from verify.report.picture import as_svg, plain
from verify.report.pictures import sections, shown_seed
from verify.runs import RunFolder
from verify.task import make_task

DATA = {name: GroupData(named(name)) for name in ("C2", "C7", "S3", "Q8", "A4", "C7:C3", "S4", "PSL(2,7)")}


def coset_circuit(data, *orders):
    """A coset circuit of the first class of subgroups of each order."""
    classes = [next(one for one in data.subgroup_classes if one.order == order) for order in orders]
    return plant_cosets(data.group, [one.representative for one in classes])


def characters(name):
    data = DATA[name]
    return Subject(data, plant_characters(data, [data.constituents[place] for place in smallest_key_set(data)]))


def rho_sets(name):
    data = DATA[name]
    return Subject(data, plant_rho_sets(data, [data.constituents[place] for place in smallest_key_set(data)]))


# -- the subgroup lattice


def boxes(picture):
    """The text of each node of a lattice with its patch."""
    (axes,) = picture.axes
    patches = [one for one in axes.patches if isinstance(one, FancyBboxPatch)]
    return [(text.get_text(), patch) for text, patch in zip(axes.texts, patches, strict=True)]


def test_the_lattice_lights_exactly_the_classes_with_weight():
    """Two planted classes of S4, of equal and of different weight; every other class is white."""
    data = DATA["S4"]
    subject = Subject(data, coset_circuit(data, 6, 8))
    lit = lit_classes(subject)
    classes = subgroup_lattice(data.group).classes
    assert {classes[place].order for place in lit} == {6, 8}
    drawn = boxes(figures.lattice(subject))
    assert len(drawn) == len(classes) == 11
    coloured = sorted(text for text, patch in drawn if to_hex(patch.get_facecolor()) != "#ffffff")
    assert [text.split("\n")[0] for text in coloured] == ["D4, order 8", "S3, order 6"]
    assert all(f"{lit[place]:.0%} lit" in " ".join(coloured) for place in lit)
    assert "S3, order 6\nindex 4, ×4" in coloured[1]
    # the darker, the heavier
    heavy = max(lit, key=lit.get)
    shade = {text: sum(patch.get_facecolor()[:3]) for text, patch in drawn if text in coloured}
    assert f"order {classes[heavy].order}\n" in min(shade, key=shade.get)


@pytest.mark.parametrize("name", ["S3", "Q8", "A4", "C7:C3", "S4"])
def test_lit_weights_are_the_claim_s(name):
    """Together the score of coset-alignment, one by one its families; nothing is lit where nothing is aligned."""
    for subject in (rho_sets(name), Subject(DATA[name], lookup_table(DATA[name].group))):
        lit, score = lit_classes(subject), CLAIMS["coset-alignment"].score(subject)
        assert sum(lit.values()) == pytest.approx(score.value, abs=1e-12)
        classes = subgroup_lattice(subject.data.group).classes
        families = {}
        for place, weight in lit.items():
            if weight > 0.001:
                families[f"order {classes[place].order}, index {classes[place].index}"] = weight
        assert families.keys() == score.details["families"].keys()


def test_a_group_without_subgroups_has_a_dark_lattice():
    """C7: the trivial subgroup and the group."""
    picture = figures.lattice(characters("C7"))
    assert [text for text, _ in boxes(picture)] == ["1\nindex 7", "C7, order 7\nindex 1"]
    assert "no neuron is constant" in picture.caption


def test_a_lattice_that_is_too_large_is_cut_and_says_so():
    """C2^4 has 67 classes: at most eight of an order are drawn, lit ones first, and all are among the numbers."""
    data = GroupData(named("C2^4"))
    last = [one for one in data.subgroup_classes if one.order == 8][-1]
    subject = Subject(data, plant_cosets(data.group, [last.representative]))
    picture = figures.lattice(subject)
    drawn = [one for one in picture.numbers["classes"] if one["drawn"]]
    assert len(picture.numbers["classes"]) == 67
    assert len(boxes(picture)) == len(drawn) <= MOST_CLASSES
    assert max(np.bincount([one["order"] for one in drawn])) == MOST_IN_ROW
    assert [one["position"] for one in drawn if one["weight"]] == [last.position]
    assert "Of 67 classes 26 are drawn" in picture.caption


def test_too_many_subgroups_are_no_picture_but_a_reason(monkeypatch):
    """The search for subgroups has a budget; a report goes on without."""

    def stopped(group):
        raise BudgetSpentError("stopped")

    monkeypatch.setattr("verify.report.figures.subgroups.subgroup_lattice", stopped)
    with pytest.raises(NoEvidenceError, match="S3 has too many subgroups to list"):
        figures.lattice(rho_sets("S3"))


# -- neurons on cosets


def test_gallery_rows_are_cosets():
    """Each row is one right coset for L and one left coset for R; rows of a planted coset circuit are constant."""
    data = DATA["S4"]
    subject = Subject(data, coset_circuit(data, 6))
    table = data.group.table
    found = panels(subject)
    assert [one.layer for one in found] == ["L", "R"] * (len(found) // 2)
    for one in found:
        assert one.share == pytest.approx(1)
        assert one.elements.shape == (4, 6)
        assert sorted(one.elements.ravel()) == list(range(24))
        inverses = data.group.inverses[one.elements]
        for row, back in zip(one.elements, inverses, strict=True):
            # x y^-1 lies in one subgroup for all pairs of a right coset, x^-1 y for a left one
            quotients = table[row][:, back] if one.layer == "L" else table[back][:, row]
            assert len(np.unique(quotients)) == 6
        assert np.ptp(one.values, axis=1).max() < 1e-12
        assert np.ptp(one.values) > 1
        assert (np.diff(one.values.mean(axis=1)) <= 1e-12).all()
    shown = [axes.images[0].get_array() for axes in figures.gallery(subject).axes if axes.images]
    for image, one in zip(shown, found, strict=False):
        assert np.array_equal(image, one.values / np.abs(one.values).max())


def test_the_gallery_has_the_heaviest_neuron_of_each_used_representation():
    """Two representations of different weight; a third of less than a hundredth does not count."""
    data = DATA["S4"]
    by_name = {one.name: one for one in data.constituents}
    parts = [plant_rho_sets(data, [by_name[name]]) for name in ("3a", "2a", "1b")]
    weak = parts[2].with_tables(parts[2].L, parts[2].R, parts[2].U * 1e-6)
    subject = Subject(data, joined([parts[1].with_tables(parts[1].L, parts[1].R, parts[1].U / 30), parts[0], weak]))
    found = leading_neurons(subject)
    assert [name for _, name in found] == ["3a", "2a"]
    for neuron, name in found:
        same = [i for i, home in enumerate(subject.dominant["L"]) if data.constituents[home].name == name]
        assert subject.circuit.neuron_weights[neuron] == max(subject.circuit.neuron_weights[same])
    assert [name for _, name in leading_neurons(subject, 1)] == ["3a"]


def test_without_subgroups_a_neuron_is_one_row():
    """C7 has nothing to order its elements by."""
    (first, *_) = panels(characters("C7"))
    assert first.share is None
    assert first.elements.tolist() == [list(range(7))]


# -- Cayley graphs


def test_the_cayley_graph_is_the_group_s():
    """Every generator moves x to x s; S3's transposition moves in pairs, the other does not."""
    subject = rho_sets("S3")
    graph, group = coloured_graph(subject), subject.data.group
    for image, generator in zip(graph.images, group.generators, strict=True):
        assert image.tolist() == [int(group.table[x, generator]) for x in range(6)]
    assert dict(zip(graph.generators, graph.involutions, strict=True)) == {"(1,2,3)": False, "(1,2)": True}
    assert np.array_equal(graph.values, subject.circuit.centred["L"][:, graph.neuron])
    assert graph.labels[0] == "1"
    assert sorted(graph.labels) == ["1", "a", "ab", "a²", "b", "ba"]
    picture = figures.cayley(subject, 5)
    turns, heads, swaps, dots = picture.axes[0].collections
    assert len(turns.get_paths()) == len(heads.get_paths()) == 6  # arrows of the rotation
    assert len(swaps.get_paths()) == 3  # the involution's edges, once each
    own = subject.circuit.centred["L"][:, 5]
    assert np.asarray(dots.get_array()) == pytest.approx(own / np.abs(own).max())
    assert picture.numbers["neuron"] == 5


def test_large_groups_are_drawn_by_their_cosets():
    """PSL(2,7), order 168: the seven cosets of a planted subgroup, acted on as by right multiplication."""
    data = DATA["PSL(2,7)"]
    subject = Subject(data, coset_circuit(data, 24))
    graph, group = coloured_graph(subject), data.group
    assert graph.subgroup_order == 24
    assert graph.images.shape == (len(group.generators), 7)
    assert all(sorted(image) == list(range(7)) for image in graph.images.tolist())
    assert graph.share == pytest.approx(1)
    values = subject.circuit.centred["L"][:, graph.neuron]
    assert sorted(np.unique(values.round(9))) == pytest.approx(sorted(graph.values))
    # the action preserves which value belongs to which element
    family = data.coset_families[subject.alignments[0].family[graph.neuron]]
    for image, s in zip(graph.images, group.generators, strict=True):
        assert np.array_equal(image[family.right], family.right[group.table[:, s]])
        assert graph.values[image[family.right]] == pytest.approx(values[group.table[:, s]])
    assert "too large to draw" in figures.cayley(subject).caption


def test_too_many_nodes_are_refused():
    """C257 is prime: no cosets stand for its elements, and 257 are too many."""
    data = GroupData(named("C257"))
    subject = Subject(data, random_circuit(257, 4, 2, np.random.default_rng(0)))
    with pytest.raises(NoEvidenceError, match="257 nodes"):
        coloured_graph(subject, 0)


def test_word_distances_are_lengths_of_words():
    """Against networkx; and of a cycle half around at most."""
    import networkx

    images = named("S4").table[:, named("S4").generators].T
    graph = networkx.Graph((x, int(y)) for image in images for x, y in enumerate(image))
    lengths = dict(networkx.all_pairs_shortest_path_length(graph))
    assert word_distances(images).tolist() == [[lengths[i][j] for j in range(24)] for i in range(24)]
    assert word_distances(np.roll(np.arange(9), -1)[None]).max() == 4


def test_layouts_keep_distances():
    """A cycle becomes a regular polygon; no two nodes of S4's graph meet; no more stress than at the start."""
    circle = stress_layout(word_distances(np.roll(np.arange(12), -1)[None]))
    sides = np.linalg.norm(circle - np.roll(circle, -1, axis=0), axis=1)
    assert sides == pytest.approx(np.full(12, 2 * math.sin(math.pi / 12)), rel=0.02)
    distances = word_distances(named("S4").table[:, named("S4").generators].T)

    def stress(places):
        apart = np.linalg.norm(places[:, None] - places[None], axis=2)
        weights = np.where(distances > 0, 1 / np.maximum(distances, 1) ** 2, 0)
        scale = (weights * apart * distances).sum() / (weights * apart**2).sum()
        return (weights * (scale * apart - distances) ** 2).sum()

    before, after = stress_layout(distances, 0), stress_layout(distances)
    assert stress(after) < stress(before)
    apart = np.linalg.norm(after[:, None] - after[None], axis=2) + np.eye(24)
    assert apart.min() > 0.1


# -- logits by class


@pytest.mark.parametrize("name", ["C7", "S3", "Q8", "A4", "C7:C3", "S4"])
def test_shares_by_class_sum_to_the_claims(name):
    """By class and by representation to character-logits; the function itself to bi-equivariance."""
    noisy = Subject(DATA[name], random_circuit(DATA[name].group.order, 8, 16, np.random.default_rng(0)))
    for subject in (rho_sets(name), characters(name), noisy):
        found = class_shares(subject)
        score = CLAIMS["character-logits"].score(subject).value
        assert found.share.sum() == pytest.approx(score, abs=1e-12)
        assert found.representations.sum() == pytest.approx(score, abs=1e-12)
        assert found.function_share == pytest.approx(CLAIMS["bi-equivariance"].score(subject).value)
        assert found.sizes.sum() == subject.data.group.order
        inverses = found.classes[subject.data.group.inverses]
        assert np.array_equal(inverses, found.classes)


@pytest.mark.parametrize("name", ["C7", "S3", "Q8", "A4", "C7:C3", "S4"])
def test_a_sum_of_characters_does_not_vary_in_a_class(name):
    """The planted GCR circuit; the rho-set circuit of S4 does vary."""
    found = class_shares(characters(name))
    assert (found.high - found.low).max() < 1e-9 * np.abs(found.mean).max()
    assert found.share.sum() == pytest.approx(1)
    spread = class_shares(rho_sets("S4"))
    assert (spread.high - spread.low).max() > 0.1 * np.abs(spread.mean).max()


def test_the_picture_shows_the_numbers():
    """Bars are the shares; every element is a dot at its class; the means are F's."""
    subject = rho_sets("S4")
    picture, found = figures.class_logits(subject), class_shares(subject)
    function, by_class, by_representation = picture.axes
    assert [bar.get_height() for bar in by_class.patches] == pytest.approx(found.share.tolist())
    assert sum(bar.get_height() for bar in by_representation.patches) == pytest.approx(found.share.sum())
    dots, means = function.lines
    assert np.array_equal(dots.get_xdata(), found.classes)
    assert np.array_equal(dots.get_ydata(), subject.readout.quotient_function)
    for place, mean in enumerate(means.get_ydata()):
        assert subject.readout.quotient_function[found.classes == place].mean() == pytest.approx(mean)
    assert picture.numbers["class_share"] == pytest.approx(found.share.sum())


def test_constant_logits_have_no_shares():
    """Nothing to divide."""
    circuit = random_circuit(6, 4, 4, np.random.default_rng(0))
    silent = Subject(DATA["S3"], Circuit(circuit.L, circuit.R, np.zeros_like(circuit.U)))
    with pytest.raises(NoEvidenceError, match="do not depend on the answer"):
        figures.class_logits(silent)


# -- training


def history(*rows):
    names = ("step", "train_accuracy", "test_accuracy", "weight_norm")
    return [dict(zip(names, row, strict=True), train_loss=1 / row[0]) for row in rows]


GROKKING = history(
    (50, 0.5, 0.0, 9.0), (100, 1.0, 0.1, 20.0), (150, 1.0, 1.0, 15.0), (200, 1.0, 1.0, 10.2), (250, 1.0, 1.0, 10.0)
)


def spans(axes):
    return {one.get_label(): (one.get_x(), one.get_x() + one.get_width()) for one in axes.patches}


def test_phases_are_shaded_from_the_history():
    """Memorised, formed, settled of the one network; lines of both."""
    assert phases_of_history(GROKKING) == Phases(100, 150, 200)
    other = history((50, 1.0, 0.0, 9.0), (100, 1.0, 0.0, 9.0))
    picture = figures.curves({"seed 0": GROKKING, "seed 1": other})
    for axes in picture.axes:
        found = spans(axes)
        assert list(found) == ["memorising", "forming", "cleaning up", "settled"]
        assert [end for _, end in found.values()] == pytest.approx([100, 150, 200, 250])
        assert found["forming"][0] == pytest.approx(100)
    loss, accuracy = picture.axes
    assert [line.get_label() for line in loss.lines] == ["seed 0", "seed 1"]
    assert loss.lines[0].get_ydata() == pytest.approx([1 / 50, 1 / 100, 1 / 150, 1 / 200, 1 / 250])
    assert len(accuracy.lines) == 4
    assert "learned at step 100" in picture.caption
    never = figures.curves({"seed 0": GROKKING, "seed 1": other}, "seed 1")
    assert {name: end for name, (_, end) in spans(never.axes[0]).items()} == {"memorising": 50.0, "forming": 100.0}


def test_without_test_pairs_there_is_no_line_for_them():
    """Training on everything: the accuracy of training alone."""
    rows = [row | {"test_accuracy": None} for row in GROKKING]
    picture = figures.curves({"seed 0": rows})
    assert len(picture.axes[1].lines) == 1
    assert picture.numbers["phases"] == {"network": "seed 0", "memorised": 100, "formed": None, "settled": None}


def test_measures_over_checkpoints():
    """A circuit that grows out of noise: its lines are the rows, representations in the order of appearance."""
    data = DATA["S4"]
    by_name = {one.name: one for one in data.constituents}
    main, second = (plant_rho_sets(data, [by_name[name]]) for name in ("3a", "2a"))
    noise = random_circuit(24, 16, 20, np.random.default_rng(0))
    rows = measure_progress(
        data, [(0, noise), (10, main), (100, joined([main, second]))], make_task(data.group, 0.5, 0)
    )
    picture = figures.measures(rows, "seed 3")
    loss, score, norm, share = picture.axes
    drawn = {line.get_label(): line.get_ydata() for line in loss.lines}
    assert drawn["excluded loss"] == pytest.approx([row.excluded_loss for row in rows])
    assert {line.get_label() for line in score.lines} == {"bi equivariance", "purity", "coset alignment"}
    assert norm.lines[0].get_ydata() == pytest.approx([row.weight_norm for row in rows])
    assert [line.get_label() for line in share.lines][:2] == ["3a", "2a"]
    assert share.lines[0].get_xdata() == pytest.approx([0, 10, 100])
    assert "3a at 10, 2a at 100" in picture.caption
    assert picture.numbers["order_of_appearance"] == [["3a", 10], ["2a", 100]]


# -- purity and energy


def test_energy_and_purity_of_a_planted_network():
    """All of it in the planted representation; an untrained network has none that pure."""
    data = DATA["S4"]
    chosen = next(one for one in data.constituents if one.name == "3a")
    subject = Subject(data, plant_rho_sets(data, [chosen]))
    energy = figures.energy_bars(subject)
    assert energy.axes[0].get_xticklabels()[0].get_text() == "3a"
    assert [box[0].get_height() for box in energy.axes[0].containers] == pytest.approx([1, 1, 1])
    noise = Subject(data, random_circuit(24, 16, 40, np.random.default_rng(0)))
    purity = figures.purity_histogram({"planted": subject, "untrained": noise}).numbers
    assert min(purity["planted"]["purity"]) == pytest.approx(1)
    assert max(purity["untrained"]["purity"]) < 0.9


# -- files


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run on S3 with two networks and checkpoints, and its folder."""
    folder = RunFolder(tmp_path_factory.mktemp("report") / "run")
    settings = {"embedding": 24, "hidden": 24, "seeds": (0, 1), "steps": 200, "checkpoints": 4}
    result = run(Experiment.on(named("S3"), recipe="fast", **settings), folder, workers=0)
    write_report(result, folder)
    return result, folder


class Page(HTMLParser):
    """What a browser would load, and what stands around each picture."""

    def __init__(self, text):
        super().__init__()
        self.loads, self.links, self.ids, self.images, self.captions = [], [], [], [], []
        self.inside = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.loads += [given[name] for name in ("src", "srcset", "data", "poster") if name in given]
        self.loads += [given["href"]] if tag == "link" else []
        self.links += [given["href"]] if tag == "a" else []
        self.ids += [given["id"]] if "id" in given else []
        if tag == "img":
            self.images.append(given)
        if tag == "figcaption":
            self.captions.append("")
        self.inside.append(tag)

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data):
        if "figcaption" in self.inside:
            self.captions[-1] += data


def test_the_page_needs_nothing_else(finished):
    """Pictures are inside, links stay in the page or the folder, every picture has a description and a caption."""
    _, folder = finished
    text = folder.read("report.html").decode()
    page = Page(text)
    assert len(page.images) == len(page.captions) == 8
    assert all(source.startswith("data:image/svg+xml;base64,") for source in page.loads)
    assert "url(" not in text
    assert "@import" not in text
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids
        else:
            assert (folder.path / link).is_file()
    for image, caption in zip(page.images, page.captions, strict=True):
        assert len(image["alt"]) > 20
        assert len(caption) > 30
    assert '<html lang="en">' in text
    assert "width=device-width" in text
    assert "@media print" in text


def test_every_picture_is_a_file_and_every_number_is_json(finished):
    """SVG that parses, json without NaN; the sentence, the tables and the data of each picture."""
    result, folder = finished
    told = folder.read_json("report.json")
    names = [one.name for section in sections(result) for one in section.pictures]
    assert set(told["pictures"]) == {*names, "progress"}
    for name, one in told["pictures"].items():
        root = xml.etree.ElementTree.fromstring(folder.inside("figures").read(f"{name}.svg"))
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert one["file"] == f"figures/{name}.svg"
        assert one["numbers"]
    json.loads(folder.read("report.json"), parse_constant=lambda name: pytest.fail(name))
    subject = result.subjects[shown_seed(result)]
    assert told["pictures"]["logits"]["numbers"]["F"] == pytest.approx(subject.readout.quotient_function.tolist())
    assert told["tables"]["sentence"] == result.verdict.sentence
    assert len(told["tables"]["claims"]) == len(result.verdict.claims)
    rows = told["pictures"]["progress"]["numbers"]["rows"]
    assert rows[0]["step"] == 0
    assert rows[-1]["step"] == result.training[f"seed-{shown_seed(result)}"]["steps"]


def test_pictures_are_the_same_every_time(finished):
    """Twice the same bytes; an old picture that is not drawn any more goes."""
    result, folder = finished
    before = {place.name: place.read_bytes() for place in (folder.path / "figures").iterdir()}
    folder.inside("figures").write("stale.svg", b"<svg/>")
    write_report(result, folder)
    assert {place.name: place.read_bytes() for place in (folder.path / "figures").iterdir()} == before


def test_what_cannot_be_drawn_is_said(finished, tmp_path, monkeypatch):
    """The page and the numbers give the reason in the picture's place."""
    result, _ = finished

    def refuse(subject):
        raise NoEvidenceError("S3 has too many subgroups to list")

    monkeypatch.setattr("verify.report.pictures.lattice", refuse)
    folder = RunFolder(tmp_path / "run")
    for job in ("seed-0", "seed-1"):
        folder.inside(job)
    write_report(result, folder)
    assert "Subgroup lattice: not drawn, S3 has too many subgroups to list." in folder.read("report.html").decode()
    assert folder.read_json("report.json")["left_out"] == {"Subgroup lattice": "S3 has too many subgroups to list"}
    assert not (folder.path / "figures" / "lattice.svg").exists()


def test_a_network_without_logits_has_a_report(finished, tmp_path):
    """Dead networks are judged too."""
    result, _ = finished
    seed = shown_seed(result)
    circuit = result.subjects[seed].circuit
    silent = Subject(result.data, circuit.with_tables(circuit.L, circuit.R, np.zeros_like(circuit.U)))
    told = sections(replace(result, subjects=result.subjects | {seed: silent}))
    assert [title for one in told for title, _ in one.left_out] == ["Logits by class"]


def test_plain_values():
    """Arrays, numpy numbers, what is not finite."""
    given = {1: np.array([[1.5, np.nan]]), "b": (np.int64(3), np.float64("inf"), True, None)}
    assert plain(given) == {"1": [[1.5, None]], "b": [3, None, True, None]}


def test_jupyter_shows_svg():
    """Without pyplot."""
    picture = figures.energy_bars(rho_sets("S3"))
    assert picture._repr_svg_() == as_svg(picture)
    assert picture._repr_svg_().startswith("<?xml")
