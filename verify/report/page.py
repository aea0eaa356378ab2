"""report.html: the verdict for a person, one file with its pictures inside.

Public: write_report.
"""

from __future__ import annotations

import base64
import json
from importlib.resources import files
from typing import Any

import numpy as np
from jinja2 import Environment, StrictUndefined
from matplotlib.figure import Figure

from ..claims import Subject
from ..controls import random_circuit
from ..experiment import Result
from ..plan import MEMORISER
from ..runs import RunFolder
from ..theories import THEORIES
from .figures import as_svg, curves, energy_bars, neuron_heat_maps, purity_histogram

__all__ = ["write_report"]


def write_report(result: Result, folder: RunFolder) -> None:
    """Write report.html into the run folder."""
    template = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).from_string(files("verify.report").joinpath("report.html").read_text(encoding="utf-8"))
    shown = _shown(result)
    histories = {
        job: [json.loads(line) for line in folder.inside(job).read("metrics.jsonl").splitlines()]
        for job in result.experiment.jobs
        if job != MEMORISER
    }
    random = random_circuit(
        result.data.group.order, result.experiment.embedding, result.experiment.hidden, np.random.default_rng(0)
    )
    compared = {f"seed {seed}": one for seed, one in result.subjects.items()}
    heat_maps, caption = neuron_heat_maps(result.subjects[shown])
    pictures = [
        (
            "Training",
            "One line a network. Training stops on its training loss and the norm of its weights alone.",
            curves(histories),
        ),
        (
            "Neuron purity",
            "How much of each neuron's L lies in one irreducible representation, beside an untrained network.",
            purity_histogram(compared | {"untrained": Subject(result.data, random)}),
        ),
        ("Energy by representation", f"Network with seed {shown}, each layer.", energy_bars(result.subjects[shown])),
        ("One neuron on its cosets", f"Network with seed {shown}: {caption}.", heat_maps),
    ]
    page = template.render(
        result=result.to_json(),
        claims=[_claim_row(one) for one in result.verdict.to_json()["claims"]],
        theories=[
            {"title": THEORIES[name].title, "source": THEORIES[name].source, "verdict": one.verdict, "why": one.why,
             "predicted": result.predictions[name].why, "found": one.found}
            for name, one in result.verdict.theories.items()
        ],
        shown=shown,
        ladder=next((one.ladder for one in result.verdict.networks if one.seed == shown), ()),
        pictures=[
            {"title": title, "text": text, "source": _embedded(figure)} for title, text, figure in pictures
        ],
    )  # fmt: skip
    folder.write("report.html", page.encode())


def _shown(result: Result) -> int:
    """The seed whose pictures are drawn: the first network that learned the table, else the first."""
    learned = [one.seed for one in result.verdict.networks if one.learned and one.seed is not None]
    return learned[0] if learned else result.experiment.seeds[0]


def _claim_row(claim: dict[str, Any]) -> dict[str, Any]:
    null = [score for scores in claim["null"].values() for score in scores]
    thresholds = claim["thresholds"]
    higher = thresholds["direction"] == "higher"
    return {
        "name": claim["claim"],
        "statement": claim["statement"],
        "source": claim["source"],
        "discriminating": claim["discriminating"],
        "scores": [_number(score) for score in claim["scores"]],
        "null": _number((max if higher else min)(null) if null else None),
        "holds": f"{'≥' if higher else '≤'} {thresholds['holds_from']:g}",
        "fails": f"{'<' if higher else '>'} {thresholds['fails_below']:g}",
        "verdict": claim["verdict"],
        "reason": claim["reason"],
    }


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _embedded(figure: Figure) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(as_svg(figure).encode()).decode()
