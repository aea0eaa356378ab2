"""The frame that all studies share: predictions first, evidence with controls, one command, a page."""

import json
import shlex
from dataclasses import dataclass

import pytest
from matplotlib.figure import Figure

from grouptool import group
from grouptool.errors import GroupToolError, RunFolderError
from verify.evidence import Criterion, weigh
from verify.studies import STUDIES, Findings, Picture, Settings, Table, load_study, option, run_study, study
from verify.studies.study import _REGISTERED

COMMUTES = Criterion("commutes", "all pairs commute", "by definition", 1.0, 0.99)


@dataclass(frozen=True)
class Made(Settings):
    """Of the study below."""

    rounds: int = option(3, "How many rounds.", least=1)
    kind: str = option("plain", "Which kind.", choices=("plain", "odd"))
    groups: tuple[str, ...] = option(("C2",), "Groups beside.")


def _predict(made, _):
    return {"order": made.order}


@pytest.fixture
def commuting(monkeypatch):
    """A study of whether a group is abelian; its control is S3."""

    @study("commuting", title="Who commutes", source="here", settings=Made, example="C6", predict=_predict)
    def examine(made, settings, predictions, workshop):
        assert workshop.folder.has("predictions.json")  # written before
        workshop.say("counting")
        share = lambda one: float((one.table == one.table.T).mean())  # noqa: E731
        rows = [{"round": i, "share": share(made)} for i in range(settings.rounds)]
        found = weigh(COMMUTES, share(made), {"quaternions": (share(group("Q8")),)})
        control = weigh(COMMUTES, share(group("S3")))
        picture = Picture("share", "Share", "The share of commuting pairs.", lambda: Figure())
        return Findings("Counted.", (found,), (control,), (Table("Shares", rows),), (picture,), {"extra": 1})

    monkeypatch.setitem(STUDIES, "commuting", __name__)
    yield _REGISTERED["commuting"]
    del _REGISTERED["commuting"]


def test_a_study_is_a_command_with_its_settings_as_options(commuting, call, tmp_path):
    """Tables, evidence, controls, verdict and page; the exit code is the verdict's; json has every key."""
    code, out, _ = call("study", "commuting", "C6", "--rounds", "2", "--groups", "SL(2,3),C5", "--out", "here")
    assert code == 0
    assert "fails, as it must" in out
    assert "verdict: holds" in out
    page = (tmp_path / "here" / "report.html").read_text()
    assert "Who commutes: C6" in page
    assert "http" not in page.replace("http://www.w3.org", "")
    written = json.loads((tmp_path / "here" / "study.json").read_text())
    assert written["settings"]["groups"] == ["SL(2,3)", "C5"]
    assert (tmp_path / "here" / "figures" / "share.svg").exists()
    code, out, _ = call("study", "commuting", "D4", "--format", "json")
    assert (code, json.loads(out)["verdict"]) == (3, "fails")
    code, _, err = call("study", "commuting", "C6", "--kind", "strange")
    assert code == 2
    assert "'plain', 'odd'" in err
    code, _, err = call("study", "commuting", "C6", "--rounds", "0")
    assert code == 2


def test_a_folder_of_another_study_is_refused(commuting, tmp_path):
    """One folder, one study, one group."""
    run_study(commuting, group("C3"), Made(), str(tmp_path / "x"))
    again = run_study(commuting, group("C3"), Made(), str(tmp_path / "x"))
    assert again.findings.verdict == "holds"
    with pytest.raises(RunFolderError, match="another study"):
        run_study(commuting, group("C3"), Made(rounds=4), str(tmp_path / "x"))
    with pytest.raises(GroupToolError, match="needs a group"):
        run_study(commuting, None)
    with pytest.raises(GroupToolError, match="there is no study 'astrology'"):
        load_study("astrology")


def test_what_is_refused_leaves_no_folder(tmp_path):
    """Settings that make no sense are refused before anything is written."""
    with pytest.raises(GroupToolError, match="needs a group, --sweep ORDER or --parity"):
        run_study("margin", None, folder=str(tmp_path / "none"))
    assert not (tmp_path / "none").exists()


def test_a_control_that_passes_leaves_the_study_undecided():
    """What cannot fail proves nothing; a statement without a score is left out, a failing one decides."""
    holds, fails = weigh(COMMUTES, 1.0), weigh(COMMUTES, 0.5)
    assert Findings("", (holds,), (fails,)).verdict == "holds"
    assert Findings("", (holds,), (holds,)).verdict == "undecided"
    assert Findings("", (holds, fails), (fails,)).verdict == "fails"
    assert Findings("", (), (fails,)).verdict == "undecided"
    assert weigh(COMMUTES, 1.0, {"others": (1.0,)}).verdict == "undecided"


@pytest.mark.parametrize("name", sorted(STUDIES))
def test_the_example_of_every_study_runs(name, call, tmp_path):
    """As it stands in the help text: a table, a verdict, a page with alternative texts that opens offline."""
    code, out, _ = call("study", name, "--help")
    assert f"grouptool study {name} {load_study(name).example}" in out
    code, out, err = call("study", name, *shlex.split(load_study(name).example), "--out", "run", "--workers", "1")
    assert code in (0, 3, 4), err
    assert "verdict: " in out
    written = json.loads((tmp_path / "run" / "study.json").read_text())
    assert written["predictions"]
    assert written["claims"]
    assert all(one["verdict"] in ("holds", "fails", "undecided") for one in written["claims"] + written["controls"])
    page = (tmp_path / "run" / "report.html").read_text()
    assert page.count("<img ") == page.count('src="data:image/svg+xml;base64,') == page.count(" alt=")
    assert len(list((tmp_path / "run" / "figures").glob("*.svg"))) == page.count("<img ")
