"""The report of a run: report.html, one file with its pictures inside; each picture as SVG; the numbers as JSON.

Public: write_report.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

from ..experiment import Result
from ..progress import Progress, measure_progress
from ..runs import RunFolder
from ..saved import kept_circuits
from ..tables import claim_rows
from ..theories import THEORIES
from .picture import Picture, as_svg, plain
from .pictures import Section, sections, shown_seed

__all__ = ["write_report"]


def write_report(result: Result, folder: RunFolder) -> None:
    """Write report.html, report.json and figures/NAME.svg into the run folder.

    Checkpoints that the folder keeps of the shown network are measured for it, at most 60.

    Raises RunFolderError for a damaged checkpoint, or when the folder cannot be written.
    Cost: three CPU seconds on S5, and a fifth of a second for each checkpoint.
    """
    shown = shown_seed(result)
    rows = _measured(result, folder, shown)
    told = sections(result, rows)
    drawn = {one.name: as_svg(one) for section in told for one in section.pictures}
    place = folder.inside("figures")
    place.remove_matching("*.svg*")
    for name, svg in drawn.items():
        place.write(f"{name}.svg", svg.encode())
    folder.write_json("report.json", _numbers(result, told, shown))
    folder.write("report.html", _page(result, told, drawn, shown).encode())


def _measured(result: Result, folder: RunFolder, seed: int) -> list[Progress]:
    task = result.experiment.task(f"seed-{seed}", result.data.group)
    return measure_progress(result.data, kept_circuits(result.experiment, folder, seed), task)


def _numbers(result: Result, told: Sequence[Section], shown: int) -> dict[str, Any]:
    """What stands behind every picture and table."""
    pictures = {
        one.name: {
            "title": one.title,
            "caption": one.caption,
            "description": one.alt,
            "file": f"figures/{one.name}.svg",
            "numbers": one.numbers,
        }
        for section in told
        for one in section.pictures
    }
    left_out = {title: reason for section in told for title, reason in section.left_out}
    verdict = plain(result.to_json())
    tables = {name: verdict[name] for name in ("sentence", "verdict", "theories", "claims", "seeds", "predictions")}
    return {"group": verdict["group"], "seed": shown, "pictures": pictures, "left_out": left_out, "tables": tables}


def _page(result: Result, told: Sequence[Section], drawn: dict[str, str], shown: int) -> str:
    template = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).from_string(files("verify.report").joinpath("report.html").read_text(encoding="utf-8"))
    page: str = template.render(
        result=result.to_json(),
        claims=claim_rows(result.verdict.to_json()),
        theories=[
            {"title": THEORIES[name].title, "source": THEORIES[name].source, "verdict": one.verdict, "why": one.why,
             "predicted": result.predictions[name].why, "found": one.found}
            for name, one in result.verdict.theories.items()
        ],
        shown=shown,
        ladder=next((one.ladder for one in result.verdict.networks if one.seed == shown), ()),
        sections=told,
        sources={name: _embedded(svg) for name, svg in drawn.items()},
        sizes={one.name: _size(one) for section in told for one in section.pictures},
    )  # fmt: skip
    return page


def _size(picture: Picture) -> str:
    """How far the page may shrink a picture before it scrolls."""
    width = picture.get_figwidth()
    return "small" if width < 7 else "wide" if width > 10 else "middle"


def _embedded(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
