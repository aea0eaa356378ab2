"""verify from Python: train, read, judge, figures; what they refuse; and a run that is read back as it was."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from html.parser import HTMLParser

import numpy as np
import pytest
from matplotlib.figure import Figure
from safetensors.numpy import save_file
from strategies import named

import verify
from grouptool.errors import GroupToolError, InputFileError, NetworkError, RunFolderError
from verify.claims import CLAIMS, Subject
from verify.controls import plant_cosets
from verify.experiment import Result
from verify.groupdata import GroupData
from verify.plan import Experiment
from verify.runs import RunFolder
from verify.saved import kept_circuits, read_experiment
from verify.tables import claim_rows, verdict_html
from verify.verdict import ExperimentVerdict

TINY = {"embedding": 24, "hidden": 24, "seeds": (4,), "steps": 60, "recipe": "fast"}


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A short run on S3, in a folder."""
    place = tmp_path_factory.mktemp("notebook") / "run"
    return verify.train("S3", folder=place, checkpoints=3, **TINY), place


def planted(group):
    """A coset circuit of S4's point stabiliser."""
    return plant_cosets(group, [np.flatnonzero(group.permutations[:, 0] == 0)])


def saved(circuit, path):
    save_file({name: np.ascontiguousarray(getattr(circuit, name)) for name in "LRU"}, path)
    return path


def test_importing_verify_loads_neither_torch_nor_matplotlib():
    """Names are there at once, modules come when they are asked for."""
    told = (
        "import sys, verify; assert {'train', 'read', 'judge', 'figures'} <= set(dir(verify)); "
        "print(*[name for name in ('torch', 'matplotlib', 'numpy', 'sympy') if name in sys.modules]); "
        "verify.judge; print('torch' in sys.modules, 'matplotlib' in sys.modules); "
        "verify.figures; print('torch' in sys.modules, 'matplotlib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["", "False False", "False True"]
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = verify.nothing


def test_train_gives_a_result_with_its_report(trained):
    """The experiment that was asked for, histories included, and the files of grouptool verify."""
    result, place = trained
    assert isinstance(result, Result)
    assert result.experiment == Experiment.on(named("S3"), checkpoints=3, **TINY)
    assert result.training["seed-4"]["history"][-1]["step"] == 60
    assert (place / "report.html").is_file()
    assert (place / "figures" / "progress.svg").is_file()
    assert json.loads((place / "verdict.json").read_text()) == json.loads(json.dumps(result.to_json()))


def test_a_run_is_read_back_as_it_was(trained, monkeypatch):
    """The same verdict, weights, training and predictions; nothing is trained and no claim is measured."""
    result, place = trained
    for claim in CLAIMS.values():
        monkeypatch.setattr(type(claim), "score", lambda *_: pytest.fail("judged again"))
    again = verify.read(place, "S3")
    assert again.to_json() == json.loads(json.dumps(result.to_json()))
    assert again.verdict.verdict == result.verdict.verdict
    assert again.verdict.networks[0].learned == result.verdict.networks[0].learned
    assert {name: one.verdict for name, one in again.verdict.networks[0].evidence.items()} == {
        name: one.verdict for name, one in result.verdict.networks[0].evidence.items()
    }
    assert again.experiment == result.experiment
    assert again.training == result.training
    assert np.array_equal(again.subjects[4].circuit.L, result.subjects[4].circuit.L)
    assert np.array_equal(again.subjects[4].task.train, result.subjects[4].task.train)
    assert verify.judge(place) is not None
    assert verify.judge(again) is again.verdict


def test_thresholds_are_those_of_the_day(trained, tmp_path):
    """A verdict that was written with another threshold keeps it."""
    _, place = trained
    folder = copied(place, tmp_path / "run")
    written = folder.read_json("verdict.json")
    (claim,) = [one for one in written["seeds"][0]["claims"] if one["claim"] == "bi-equivariance"]
    claim["thresholds"] |= {"holds_from": -1.0, "fails_below": -2.0}
    folder.write_json("verdict.json", written)
    found = verify.read(folder.path).verdict.networks[0].evidence["bi-equivariance"]
    assert (found.verdict, found.claim.holds_from) == ("holds", -1.0)
    assert CLAIMS["bi-equivariance"].holds_from == 0.9


def copied(place, target):
    folder = RunFolder(target)
    for file in place.rglob("*"):
        if file.is_file():
            new = target / file.relative_to(place)
            new.parent.mkdir(exist_ok=True)
            new.write_bytes(file.read_bytes())
    return folder


def test_checkpoints_are_read_back(trained):
    """Steps in order, the end last, the end being the network."""
    result, place = trained
    found = kept_circuits(result.experiment, RunFolder(place), 4)
    assert [step for step, _ in found] == [0, 1, 8, 60]
    assert pytest.approx(result.subjects[4].circuit.L) == Subject(result.data, found[-1][1]).circuit.L


def test_a_temporary_run_leaves_nothing(tmp_path, monkeypatch):
    """Without a folder the run is a temporary one; pictures can be drawn all the same."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    result = verify.train(named("C2"), **(TINY | {"steps": 20}))
    assert not list(tmp_path.iterdir())
    picture = verify.figures.curves({job: one["history"] for job, one in result.training.items()})
    assert isinstance(picture, Figure)


def test_a_network_in_any_order(tmp_path):
    """Its rows are put in the group's order by its answers, by a file, or as they stand."""
    group = named("S4")
    shuffled = np.random.default_rng(0).permutation(24)
    circuit = planted(group)
    path = saved(circuit.reordered(np.argsort(shuffled)), tmp_path / "shuffled.safetensors")
    found = verify.read(path, "S4")
    assert isinstance(found, Subject)
    assert np.array_equal(found.readout.predictions, group.table)
    listed = tmp_path / "elements.json"
    listed.write_text(json.dumps(group.permutations[np.argsort(shuffled)].tolist()))
    named_too = verify.read(path, group, elements=listed)
    assert pytest.approx(Subject(found.data, circuit).circuit.L) == named_too.circuit.L
    own = verify.read(path, group, elements="own")
    assert not np.array_equal(own.readout.predictions, group.table)


def test_judging_is_the_same_from_everywhere(tmp_path):
    """A circuit, a subject, a file: one verdict, the coset account's, up to rounding."""
    group = named("S4")
    circuit = planted(group)
    from_file = verify.judge(saved(circuit, tmp_path / "own.safetensors"), "S4")
    assert isinstance(from_file, ExperimentVerdict)
    assert from_file.theories["cosets"].verdict == "holds"
    for other in (verify.judge(circuit, group), verify.judge(Subject(GroupData(group), circuit))):
        assert other.claims == from_file.claims
        assert other.sentence == from_file.sentence
        for name in other.claims:
            assert other.median(name) == pytest.approx(from_file.median(name), abs=0.01)


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda _: verify.train("nobody"), GroupToolError, "nobody"),
        (lambda _: verify.train("C1"), GroupToolError, "trained on orders 2"),
        (lambda _: verify.train("S3", fraction=2.0), GroupToolError, "outside 0 to 1"),
        (lambda _: verify.train("S3", colour="red"), TypeError, "colour"),
        (lambda _: verify.read("nowhere"), InputFileError, "no file or folder nowhere"),
        (lambda place: verify.read(place.parent), RunFolderError, "is no run folder"),
        (lambda place: verify.read(place, "C6"), GroupToolError, "a run on S3 of order 6, not on C6"),
        (lambda place: verify.read(place / "report.html"), GroupToolError, "does not say which group"),
        (lambda place: verify.read(place / "report.html", "S3"), NetworkError, "report.html"),
        (lambda place: verify.read(place / "seed-4" / "weights.safetensors", "A4"), NetworkError, "6"),
        (lambda _: verify.judge(planted(named("S4"))), GroupToolError, "does not say which group"),
        (lambda _: verify.judge(planted(named("S4")), "A4"), NetworkError, "24 elements, but A4 has 12"),
        (lambda _: verify.judge(planted(named("S4")), "S4", elements="own"), TypeError, "goes with a file"),
    ],
)
def test_refusals(trained, call, error, said):
    """One line: what was given, and what to do."""
    with pytest.raises(error, match=said) as raised:
        call(trained[1])
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: folder.remove("verdict.json"), "is not finished"),
        (lambda folder: (folder.path / "verdict.json").write_text("{}"), "verdict.json is damaged"),
        (lambda folder: folder.write_json("verdict.json", {}), "verdict.json was written by another version"),
        (lambda folder: folder.write_json("config.json", {"key": "x"}), "config.json was written by another version"),
        (lambda folder: edited(folder, "fraction", 0.5), "config.json was written by another version"),
        (lambda folder: folder.inside("seed-4").remove("weights.safetensors"), "cannot be read"),
        (lambda folder: renamed_claim(folder), "another version .'unheard-of'"),
    ],
)
def test_folders_that_are_no_finished_run(trained, tmp_path, change, said):
    """Unfinished, damaged, of another version: each is named."""
    folder = copied(trained[1], tmp_path / "run")
    change(folder)
    with pytest.raises(RunFolderError, match=said):
        verify.read(folder.path)


def edited(folder, key, value):
    folder.write_json("config.json", folder.read_json("config.json") | {key: value})


def renamed_claim(folder):
    written = folder.read_json("verdict.json")
    written["seeds"][0]["claims"][0]["claim"] = "unheard-of"
    folder.write_json("verdict.json", written)


@pytest.mark.parametrize("kind", ["mlp", "product", "transformer"])
def test_configurations_round_trip(tmp_path, kind):
    """Every kind of network comes back as what it was."""
    sizes = {"embedding": 8, "hidden": 8} | ({"heads": 2} if kind == "transformer" else {})
    experiment = Experiment.on(named("S3"), kind=kind, recipe="wu", **sizes)
    folder = RunFolder(tmp_path / "run")
    folder.write_json("config.json", asdict(experiment) | {"key": experiment.key})
    assert read_experiment(folder) == experiment


class Tables(HTMLParser):
    """Cells of the tables, row by row; tags must close."""

    def __init__(self, text):
        super().__init__()
        self.open, self.rows = [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        self.rows += [[]] if tag == "tr" else []
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data


def test_results_show_themselves(trained):
    """In a notebook: the sentence, the theories and every claim with score, control, thresholds and verdict."""
    result, _ = trained
    rows = Tables(result._repr_html_()).rows
    assert rows[0] == ["theory", "verdict", "why", "found"]
    assert ["claim", "seed 4", "best control", "holds", "fails", "verdict"] in rows
    expected = claim_rows(result.verdict.to_json())
    shown = rows[-len(expected) :]
    for row, one in zip(shown, expected, strict=True):
        star = "" if one["discriminating"] else " *"
        assert row == [one["name"] + star, *one["scores"], one["null"], one["holds"], one["fails"], one["verdict"]]
    assert result.verdict._repr_html_() in result._repr_html_()


def test_hostile_words_are_escaped(trained):
    """A group may be called anything."""
    judged = trained[0].verdict.to_json() | {"sentence": "<script>alert(1)</script>"}
    assert "<script>" not in verdict_html(judged, [0])


def test_the_best_control_depends_on_the_direction():
    """The largest for claims that want a high score, the smallest for others; a dash for none."""
    claim = {
        "claim": "c", "statement": "s", "source": "x", "discriminating": True, "verdict": "holds", "reason": "",
        "scores": [0.5, None], "null": {"random": [0.1, 0.2], "memorising": [0.3]},
        "thresholds": {"holds_from": 0.9, "fails_below": 0.5, "direction": "higher"},
    }  # fmt: skip
    (row,) = claim_rows({"claims": [claim]})
    assert (row["null"], row["scores"], row["holds"], row["fails"]) == ("0.3000", ["0.5000", "–"], "≥ 0.9", "< 0.5")
    lower = claim | {"thresholds": {"holds_from": 0.1, "fails_below": 0.5, "direction": "lower"}}
    assert claim_rows({"claims": [lower]})[0]["null"] == "0.1000"
    assert claim_rows({"claims": [lower]})[0]["fails"] == "> 0.5"
    assert claim_rows({"claims": [claim | {"null": {}}]})[0]["null"] == "–"
