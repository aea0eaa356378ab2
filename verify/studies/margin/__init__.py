"""The margin study: the largest normalised margin of quadratic networks on a finite group, proved and then reached.

Public: MarginSettings, examine.

Morwani, Edelman, Oncescu, Zhao and Kakade (2023) derive which features a network of largest L_{2,3} margin has, for
groups with real irreps and a condition on the classes. Here a linear program gives the margin for every finite group, a
convex program the exact optimum of penalised cross-entropy, each with a proof of optimality; networks are then trained.
"""

from __future__ import annotations

from typing import Any

from grouptool.errors import GroupToolError
from grouptool.group import Group

from ..study import Findings, Workshop, joined, study
from .on_group import examine_group, predict_group
from .parity import examine_parity, parity_margin, parse_parity
from .settings import MarginSettings
from .sweep import examine_sweep

__all__ = ["MarginSettings", "examine"]


def _predict(group: Group | None, settings: MarginSettings) -> dict[str, Any]:
    if group is None and not settings.sweep and not settings.parity:
        raise GroupToolError("the margin study needs a group, --sweep ORDER or --parity n,k")
    if settings.sweep == 1:
        raise GroupToolError("--sweep begins with groups of order 2: the trivial group has no wrong answers")
    found: dict[str, Any] = {} if group is None else predict_group(group, settings)
    if settings.parity:
        n, k = parse_parity(settings.parity)
        found["parity"] = {"n": n, "k": k, "margin": parity_margin(k), "sufficient_width": 2 ** (k - 1)}
    return found


@study(
    "margin",
    title="The largest margin and what it makes a network look like",
    source="Morwani et al. (2023), arXiv:2311.07568, its theorems read second-hand; the programs are derived here",
    settings=MarginSettings,
    predict=_predict,
    example="S3 --steps 1000",
    about="group or none",
)
def examine(group: Group | None, settings: MarginSettings, predictions: dict[str, Any], workshop: Workshop) -> Findings:
    """The group, the sweep, the parity: those that were asked for, in one answer."""
    parts = [] if group is None else [examine_group(group, settings, predictions, workshop)]
    if settings.sweep:
        parts.append(examine_sweep(settings.sweep, workshop.say))
    if settings.parity:
        n, k = parse_parity(settings.parity)
        workshop.say(f"parity of {k} of {n} bits")
        parts.append(examine_parity(n, k, settings.seed, settings.full))
    return joined(parts)
