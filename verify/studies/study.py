"""What a study is: settings, predictions before, findings with evidence and controls after; and how one is run.

Public: STUDIES, Findings, Picture, Settings, Study, StudyRun, Table, Workshop, joined, load_study, option, run_study,
study.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from grouptool.errors import GroupToolError
from grouptool.group import Group

from ..evidence import Evidence, Verdict
from ..runs import RunFolder, folder_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "STUDIES",
    "Findings",
    "Picture",
    "Settings",
    "Study",
    "StudyRun",
    "Table",
    "Workshop",
    "joined",
    "load_study",
    "option",
    "run_study",
    "study",
]

STUDIES = {
    "actions": "verify.studies.actions",
    "data-regime": "verify.studies.data_regime",
    "equivariance": "verify.studies.equivariance",
    "harmonics": "verify.studies.harmonics",
    "margin": "verify.studies.margin",
    "orbits": "verify.studies.orbits",
    "simplicity": "verify.studies.simplicity",
    "universality": "verify.studies.universality",
}
"""The module of each study, imported when it is asked for."""


def option(default: Any, help: str, *, choices: Sequence[str] = (), least: float | None = None) -> Any:
    """A field of a study's settings: its default, its help text, the values it may have.

    Args:
        choices: of a text. least: of a number.
    """
    return field(default=default, metadata={"help": help, "choices": tuple(choices), "least": least})


@dataclass(frozen=True)
class Settings:
    """What a study can be told; each study adds fields of type int, float, bool, str or tuple[str, ...].

    Every field is an option of the command line: ``steps: int = option(4000, "Steps of ...")`` is ``--steps``.
    """

    seed: int = option(0, "Seed of everything that is drawn.", least=0)
    full: bool = option(False, "The full study, as README reports it, in place of the fast one.")


@dataclass(frozen=True)
class Table:
    """Rows that are printed and shown on the page, all with the same keys, values plain."""

    title: str
    rows: Sequence[Mapping[str, Any]]
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """One picture of the page.

    Attributes:
        name: of its file, figures/NAME.svg. caption: what it shows, for a person who has not read the code.
        draw: makes it; matplotlib is imported there.
    """

    name: str
    title: str
    caption: str
    draw: Callable[[], Figure]


@dataclass(frozen=True)
class Findings:
    """What a study found.

    Attributes:
        sentence: for a person. evidence: the statements that were judged.
        controls: the same kind of statement about what must fail it: an impostor, a wrong setting.
        numbers: plain values for study.json, beside those of the evidence and the tables.
    """

    sentence: str
    evidence: tuple[Evidence, ...]
    controls: tuple[Evidence, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()
    numbers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """Fails with any statement; holds when no statement is undecided and every control fails; else undecided.

        A statement that has nothing to say here (``Evidence.score`` None) is left out; one at least must hold.
        """
        verdicts = [one.verdict for one in self.evidence if one.score is not None]
        if "fails" in verdicts:
            return "fails"
        sound = all(one.verdict == "fails" for one in self.controls if one.score is not None)
        return "holds" if sound and verdicts and set(verdicts) == {"holds"} else "undecided"


def joined(parts: Sequence[Findings]) -> Findings:
    """The findings of several parts of a study as one, in their order."""
    return Findings(
        " ".join(one.sentence for one in parts),
        tuple(found for one in parts for found in one.evidence),
        tuple(found for one in parts for found in one.controls),
        tuple(table for one in parts for table in one.tables),
        tuple(picture for one in parts for picture in one.pictures),
        {key: value for one in parts for key, value in one.numbers.items()},
    )


@dataclass(frozen=True)
class Workshop:
    """Where a study works.

    Attributes:
        folder: its run folder, for parts that are costly to make again; finished parts may be taken from there.
        say: told what is being done, one short line at a time. processes: that may run at once.
    """

    folder: RunFolder
    say: Callable[[str], None] = lambda _: None
    processes: int | None = None


Predict = Callable[[Group | None, Any], dict[str, Any]]
Examine = Callable[[Group | None, Any, dict[str, Any], Workshop], Findings]


@dataclass(frozen=True)
class Study:
    """One system of the field.

    Attributes:
        name, title, source. settings: its class of settings. about: whether it wants a group.
        example: what may stand after ``grouptool study NAME``, a run of seconds.
        predict: from the group and the settings to plain values, before anything is trained or drawn.
        examine: from the group, the settings and the predictions to what was found.
    """

    name: str
    title: str
    source: str
    settings: type[Settings]
    about: Literal["group", "group or none", "none"]
    example: str
    predict: Predict
    examine: Examine


@dataclass(frozen=True)
class StudyRun:
    """A finished study."""

    study: Study
    group: Group | None
    settings: Settings
    predictions: Mapping[str, Any]
    findings: Findings
    folder: RunFolder

    def to_json(self) -> dict[str, Any]:
        """study.json: plain values."""
        found = self.findings
        return {
            "study": self.study.name,
            "source": self.study.source,
            "group": None if self.group is None else self.group.name,
            "order": None if self.group is None else self.group.order,
            "settings": asdict(self.settings),
            "predictions": dict(self.predictions),
            "sentence": found.sentence,
            "claims": [one.to_json() for one in found.evidence],
            "controls": [one.to_json() for one in found.controls],
            "tables": [{"title": one.title, "note": one.note, "rows": list(one.rows)} for one in found.tables],
            "numbers": dict(found.numbers),
            "verdict": found.verdict,
        }


_REGISTERED: dict[str, Study] = {}


def study(
    name: str,
    *,
    title: str,
    source: str,
    settings: type[Settings],
    predict: Predict,
    example: str,
    about: Literal["group", "group or none", "none"] = "group",
) -> Callable[[Examine], Examine]:
    """Register the function that examines a group as a study."""

    def register(examine: Examine) -> Examine:
        _REGISTERED[name] = Study(name, title, source, settings, about, example, predict, examine)
        return examine

    return register


def load_study(name: str) -> Study:
    """The study of a name. Raises GroupToolError."""
    if name not in STUDIES:
        raise GroupToolError(f"there is no study {name!r}; studies: {', '.join(sorted(STUDIES))}")
    import_module(STUDIES[name])
    return _REGISTERED[name]


def run_study(
    one: Study | str,
    group: Group | None,
    settings: Settings | None = None,
    folder: RunFolder | str | None = None,
    *,
    say: Callable[[str], None] = lambda _: None,
    processes: int | None = None,
) -> StudyRun:
    """Run a study: predictions are written first, then what was found, into its run folder.

    Args:
        folder: by default ``runs/NAME-GROUP-KEY``, the key a digest of the settings and the group.

    Raises:
        GroupToolError: no such study, a group where none is wanted or none where one is.
        RunFolderError: the folder holds something else, or another process works in it.
    """
    one = load_study(one) if isinstance(one, str) else one
    if (group is None) != (one.about == "none") and one.about != "group or none":
        raise GroupToolError(f"the study {one.name} {'needs a group' if group is None else 'takes no group'}")
    settings = settings or one.settings()
    config = {"study": one.name, "settings": asdict(settings), "group": None if group is None else _identity(group)}
    key = hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest()[:10]
    if folder is None:
        folder = folder_name(one.name, *([] if group is None else [group.name]), key)
    predictions = one.predict(group, settings)  # before there is a folder: what is refused leaves none behind
    place = folder if isinstance(folder, RunFolder) else RunFolder(folder)
    with place.locked():
        place.claim(config | {"key": key}, "study")
        place.write_json("predictions.json", predictions)
        findings = one.examine(group, settings, predictions, Workshop(place, say, processes))
        run = StudyRun(one, group, settings, predictions, findings, place)
        place.write_json("study.json", run.to_json())
    return run


def _identity(group: Group) -> dict[str, Any]:
    return {"name": group.name, "order": group.order, "generators": [group.cycles(g) for g in group.generators]}
