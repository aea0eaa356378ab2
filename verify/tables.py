"""The verdict table: rows of plain text, and as HTML for notebooks.

Public: bounds, claim_rows, verdict_html, number.
Both read the plain values of ``ExperimentVerdict.to_json``, so that a verdict can show itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

__all__ = ["bounds", "claim_rows", "number", "verdict_html"]

COLOURS = {"holds": "#2f7d4f", "fails": "#b23a3a", "undecided": "#8a6d1f"}


def claim_rows(judged: Mapping[str, Any]) -> list[dict[str, Any]]:
    """For each claim its words, the score of each network, the best score of a control, the thresholds, the verdict."""
    return [
        {key: claim[key] for key in ("statement", "source", "discriminating", "verdict", "reason")}
        | {"name": claim["claim"], "scores": [number(score) for score in claim["scores"]]}
        | bounds(claim)
        for claim in judged["claims"]
    ]


def bounds(claim: Mapping[str, Any]) -> dict[str, str]:
    """What a score stands between: the best control (``null``) and the thresholds, of ``Evidence.to_json()``."""
    null = [score for scores in claim["null"].values() for score in scores]
    thresholds = claim["thresholds"]
    higher = thresholds["direction"] == "higher"
    return {
        "null": number((max if higher else min)(null) if null else None),
        "holds": f"{'≥' if higher else '≤'} {thresholds['holds_from']:g}",
        "fails": f"{'<' if higher else '>'} {thresholds['fails_below']:g}",
    }


def verdict_html(judged: Mapping[str, Any], seeds: Sequence[int | None]) -> str:
    """The sentence, the theories and the claims as tables.

    Args:
        judged: ``ExperimentVerdict.to_json()``. seeds: of its networks; None for one from elsewhere.
    """
    columns = ["score" if seed is None else f"seed {seed}" for seed in seeds]
    theories = _table(
        ["theory", "verdict", "why", "found"],
        [[escape(one["theory"]), _verdict(one["verdict"]), escape(one["why"]), escape(one["found"])]
         for one in judged["theories"]],
    )  # fmt: skip
    claims = _table(
        ["claim", *columns, "best control", "holds", "fails", "verdict"],
        [
            [f"<span title='{escape(one['statement'])}'>{escape(one['name'])}</span>" + _star(one), *one["scores"],
             one["null"], escape(one["holds"]), escape(one["fails"]), _verdict(one["verdict"])]
            for one in claim_rows(judged)
        ],
    )  # fmt: skip
    words = f"<p>{escape(judged['sentence'])} Verdict: {_verdict(judged['verdict'])}</p>"
    return f"<div>{words}{theories}{claims}<p>* may hold for any network with right answers</p></div>"


def number(value: float | None) -> str:
    """Four decimals, or two digits and a power of ten for what those would not show; a dash for none."""
    if value is None:
        return "–"
    return f"{value:.4f}" if value == 0 or 5e-5 <= abs(value) < 1e5 else f"{value:.1e}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def line(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag} style='text-align:left'>{cell}</{tag}>" for cell in cells) + "</tr>"

    return f"<table>{line(heads, 'th')}{''.join(line(row, 'td') for row in rows)}</table>"


def _star(row: Mapping[str, Any]) -> str:
    return "" if row["discriminating"] else " *"


def _verdict(verdict: str) -> str:
    return f"<b style='color:{COLOURS[verdict]}'>{verdict}</b>"
