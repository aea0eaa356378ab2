"""report.html of a study: what was found, what was judged, tables and pictures, in one file; pictures as SVG beside it.

Public: write_study_page.
"""

from __future__ import annotations

import base64
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from ..studies import StudyRun
from .picture import as_svg

__all__ = ["write_study_page"]


def write_study_page(run: StudyRun) -> Path:
    """Write the page and its pictures into the run folder; gives the page's path."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        loader=PackageLoader("verify.report", "."),
    )  # fmt: skip
    figures = run.folder.inside("figures")
    pictures = []
    for one in run.findings.pictures:
        svg = as_svg(one.draw()).encode()
        figures.write(f"{one.name}.svg", svg)
        source = "data:image/svg+xml;base64," + base64.b64encode(svg).decode()
        pictures.append({"title": one.title, "caption": one.caption, "source": source})
    page = environment.get_template("study.html").render(run=run.to_json(), title=run.study.title, pictures=pictures)
    run.folder.write("report.html", page.encode())
    return run.folder.path / "report.html"
