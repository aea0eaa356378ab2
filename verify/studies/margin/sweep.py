"""The condition and the linear program for every group of the shipped library up to an order.

Public: SweepRow, examine_sweep, sweep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from grouptool.catalog.library import LARGEST_ORDER, library_records
from grouptool.errors import GroupToolError
from grouptool.representations import character_table
from grouptool.structure.series import is_nilpotent, is_perfect, is_solvable

from ...evidence import weigh
from ..study import Findings, Table
from . import criteria
from .drawing import sweep_pictures
from .program import margin_program, maximum_margin

__all__ = ["SweepRow", "examine_sweep", "sweep"]


@dataclass(frozen=True)
class SweepRow:
    """One group.

    Attributes:
        label, description: as in the library. real_type: whether theorem 9 speaks of it.
        condition: the greatest value over non-trivial classes; the closed form holds when it is at most 0.
        failing: classes with a positive value. margin: gamma*. ratio: gamma* over the closed form.
        formula_of_the_paper: theorem 9 as printed, which knows no types.
        unused: irreps that no largest margin uses. gap: relative, of the proved bounds.
        kind: abelian, nilpotent, solvable, perfect or none of these, the first that is true.
    """

    label: str
    order: int
    description: str
    kind: str
    real_type: bool
    condition: float
    holds: bool
    failing: int
    margin: float
    formula_of_the_paper: float
    ratio: float
    unused: tuple[str, ...]
    gap: float


def sweep(largest: int, say: Callable[[str], None] = lambda _: None) -> Iterator[SweepRow]:
    """Every group of order 2 up to the largest order, in the order of the library.

    Raises:
        GroupToolError: the library does not go so far.

    Cost: some milliseconds a group, mostly its elements and its characters.
    """
    if largest > LARGEST_ORDER:
        raise GroupToolError(
            f"the library holds all groups of order up to {LARGEST_ORDER}; --sweep {largest} is beyond it"
        )
    for order in range(2, largest + 1):
        if order % 16 == 0:
            say(f"order {order}: {len(library_records(order))} groups")
        for record in library_records(order):
            group = record.group()
            program = margin_program(character_table(group))
            found = maximum_margin(program)
            names = np.array(program.irrep_names, dtype=object)
            yield SweepRow(
                label=record.label,
                order=order,
                description=record.description,
                kind=(
                    "abelian" if group.is_abelian
                    else "nilpotent" if is_nilpotent(group)
                    else "solvable" if is_solvable(group)
                    else "perfect" if is_perfect(group)
                    else "other"
                ),
                real_type=program.real_type,
                condition=float(program.condition.max()),
                holds=program.closed_form_holds,
                failing=int((program.condition > 0).sum()),
                margin=found.margin,
                formula_of_the_paper=program.formula_of_the_paper,
                ratio=found.over_closed_form,
                unused=tuple(names[found.unused]),
                gap=found.gap,
            )  # fmt: skip


def examine_sweep(largest: int, say: Callable[[str], None]) -> Findings:
    """The table, and whether the class condition decides; the paper's formula without types is the control."""
    rows = list(sweep(largest, say))
    decided = [one.holds == (abs(one.ratio - 1) < 1e-9) for one in rows]
    unmodified = [abs(one.margin / one.formula_of_the_paper - 1) < 1e-9 for one in rows]
    failing = [one for one in rows if not one.holds]
    untyped = all(one.real_type and one.holds for one in rows)
    control = () if untyped else (
        weigh(criteria.CONDITION, float(np.mean(unmodified)), details={"formula": "theorem 9 as printed, kappa = 1"}),
    )  # fmt: skip
    sentence = f"{len(failing)} of the {len(rows):,} groups of order 2 to {largest} break the class condition"
    if failing:
        worst = max(failing, key=lambda one: one.ratio)
        sentence += (
            f", the smallest of order {failing[0].order}; the closed form is off the most for {worst.label} "
            f"({worst.description}), by the factor {worst.ratio:.4f}"
        )
    return Findings(
        sentence + ".",
        (
            weigh(criteria.CERTIFIED, max(one.gap for one in rows)),
            weigh(criteria.CONDITION, float(np.mean(decided)), details={"groups": len(rows)}),
        ),
        control,
        (
            Table("Groups by what kind they are", _summary(rows)),
            Table(
                f"Every group of order 2 to {largest}", [_row(one) for one in rows],
                "condition: the greatest value over the classes, above 0 it is broken, on so many classes; "
                "D8 is the dihedral group of order 8 in these descriptions, our D4.",
            ),
        ),
        tuple(sweep_pictures(rows)),
        {"groups": len(rows), "broken": len(failing)},
    )  # fmt: skip


def _summary(rows: list[SweepRow]) -> list[dict[str, Any]]:
    found = []
    for kind in dict.fromkeys(one.kind for one in rows):
        for real in (True, False):
            chosen = [one for one in rows if one.kind == kind and one.real_type == real]
            broken = [one for one in chosen if not one.holds]
            if chosen:
                found.append(
                    {
                        "groups": kind,
                        "irreps": "all of real type" if real else "of several types",
                        "in all": len(chosen),
                        "break the condition": len(broken),
                        "smallest": broken[0].label if broken else "",
                        "largest gamma* / closed form": round(max(one.ratio for one in chosen), 4),
                    }
                )
    return found


def _row(one: SweepRow) -> dict[str, Any]:
    return {
        "group": one.label,
        "description": one.description,
        "kind": one.kind,
        "theorem 9": "applies" if one.real_type and one.holds else "types" if one.holds else "condition",
        "condition": round(one.condition, 4),
        "broken on": one.failing,
        "gamma*": float(f"{one.margin:.7e}"),
        "gamma* / closed form": round(one.ratio, 6),
        "dropped irreps": " ".join(one.unused),
    }
