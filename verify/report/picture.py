"""A picture: a matplotlib figure that knows its caption, its description in words, and the numbers that it shows.

Public: Picture, COLOURS, INK, colours, finished, as_svg, plain.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from ..palette import COLOURS, INK

__all__ = ["COLOURS", "INK", "Picture", "as_svg", "colours", "finished", "plain"]

SMALL, TEXT = 8, 9
"""Points: of ticks and legends, of labels and titles."""


class Picture(Figure):
    """One picture of a report; Jupyter shows it as SVG.

    Attributes:
        name: of its file. title: what it shows. caption: how to read it. alt: what there is to see, in words.
        numbers: what it shows, plain values.
    """

    def __init__(self, name: str, title: str, width: float, height: float) -> None:
        """Width and height in inches."""
        super().__init__(figsize=(width, height), layout="constrained")
        self.name, self.title = name, title
        self.caption = self.alt = ""
        self.numbers: dict[str, Any] = {}

    def _repr_svg_(self) -> str:
        return as_svg(self)


def finished(picture: Picture, caption: str, alt: str, numbers: Mapping[str, Any]) -> Picture:
    """The picture with its words and numbers, all axes in one style."""
    picture.caption, picture.alt, picture.numbers = caption, alt, plain(numbers)
    for axes in picture.axes:
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        axes.tick_params(labelsize=SMALL)
        for text in (axes.xaxis.label, axes.yaxis.label, axes.title):
            text.set_fontsize(TEXT)
    return picture


def colours(count: int) -> list[str]:
    """So many colours, from the start again when there are more than six."""
    return [COLOURS[i % len(COLOURS)] for i in range(count)]


def as_svg(figure: Figure) -> str:
    """The figure as SVG text, the same for the same data."""
    text = io.StringIO()
    with rc_context({"svg.hashsalt": "grouptool", "svg.fonttype": "path"}):
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()


def plain(value: Any) -> Any:
    """The value as json has it: arrays as lists, what is not finite as None."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, np.ndarray | list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    return None if isinstance(value, float) and not math.isfinite(value) else value
