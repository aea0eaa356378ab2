"""What a group has, as plain values for json: subgroups, characters, irreducible representations.

Public: Listed, all_subgroups, character_listing, irrep_facts, irrep_listing, irrep_row, nested, only_normal,
subgroup_rows, values_as_json. The keys are those of DESIGN section 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..group import Group, Subgroup, prime_factors
from ..representations import Irrep, irreps
from ..representations.characters import CharacterTable
from ..representations.matrices.cyclotomic_arrays import CyclotomicArray
from ..structure.normal import DEFAULT_BUDGET as NORMAL_BUDGET
from ..structure.normal import normal_subgroups
from ..structure.subgroups import DEFAULT_BUDGET as SUBGROUP_BUDGET
from ..structure.subgroups import subgroup_lattice
from .library import small_group_label

__all__ = [
    "Listed",
    "all_subgroups",
    "character_listing",
    "irrep_facts",
    "irrep_listing",
    "irrep_row",
    "nested",
    "only_normal",
    "subgroup_rows",
    "values_as_json",
]

MAX_LABELS = 500
"""Rows up to which subgroups are identified."""

Listed = tuple[Subgroup, int, bool]  # representative, class length, whether it is maximal


def all_subgroups(group: Group, budget: int = SUBGROUP_BUDGET) -> list[Listed]:
    """A representative of each conjugacy class of subgroups. Raises BudgetSpentError."""
    found = subgroup_lattice(group, budget=budget)
    classes = zip(found.classes, found.maximal.tolist(), strict=True)
    return [(one.subgroup, one.length, is_maximal) for one, is_maximal in classes]


def only_normal(group: Group, budget: int = NORMAL_BUDGET) -> list[Listed]:
    """The normal subgroups. Raises BudgetSpentError."""
    # A normal subgroup is maximal when its quotient has no subgroups: when the index is prime.
    found = normal_subgroups(group, budget=budget)
    return [(one, 1, sum(multiplicity for _, multiplicity in prime_factors(one.index)) == 1) for one in found]


def subgroup_rows(group: Group, listed: list[Listed]) -> list[dict[str, Any]]:
    """Facts of each subgroup, labels only where they are at most 500."""
    labels: list[tuple[int, int] | None] = [None] * len(listed)
    if len(listed) <= MAX_LABELS:
        labels = [small_group_label(one.as_group()) for one, _, _ in listed]
    return [
        {
            "index": i,
            "order": one.order,
            "class_length": length,
            "normal": length == 1,
            "maximal": is_maximal,
            "label": f"{label[0]}.{label[1]}" if label else None,
            "generators": [group.cycles(g) for g in one.generators],
            "core_order": one.core.order,
            "normalizer_order": group.order // length,
        }
        for i, ((one, length, is_maximal), label) in enumerate(zip(listed, labels, strict=True))
    ]


def character_listing(table: CharacterTable) -> dict[str, Any]:
    """A character table: ``group, order, classes, characters``, rows by rows; values as in DESIGN section 8."""
    columns = table.columns
    classes = [
        {"index": j, "representative": label, "order": order, "size": size}
        for j, (label, order, size) in enumerate(
            zip(columns.labels, columns.element_orders.tolist(), columns.sizes.tolist(), strict=True)
        )
    ]
    rows = [
        {
            "name": name,
            "degree": degree,
            "indicator": indicator,
            "conductor": conductor,
            "values": values,
        }
        for name, degree, indicator, conductor, values in zip(
            table.names,
            table.degrees.tolist(),
            table.indicators.tolist(),
            table.conductors.tolist(),
            values_as_json(table, range(len(table))),
            strict=True,
        )
    ]
    return {"group": columns.name, "order": columns.order, "classes": classes, "characters": rows}


def irrep_row(one: Irrep) -> dict[str, Any]:
    """Facts of an exact irreducible representation, without its character and matrices."""
    return (
        {"index": one.row, "name": one.name, "degree": one.degree}
        | irrep_facts(one.table, one.row)
        | {
            "conductor": one.conductor,
            "least": True if one.conductor_is_least else None,
            "construction": one.construction,
        }
    )


def irrep_listing(table: CharacterTable) -> list[dict[str, Any]]:
    """All exact irreducible representations with their matrices on the generators."""
    group = table.group
    return [
        irrep_row(one)
        | {
            "character": values_as_json(table, [one.row])[0],
            "matrices": [{"element": group.cycles(g), "matrix": nested(one.matrix(g))} for g in group.generators],
        }
        for one in irreps(table)
    ]


def irrep_facts(table: CharacterTable, row: int) -> dict[str, Any]:
    """What the table knows of the type and the kernel of a row."""
    kernel = int(table.columns.sizes[table.index[row] == table.index[row, 0]].sum())
    indicator = int(table.indicators[row])
    return {
        "indicator": indicator,
        "type": {1: "R", 0: "C", -1: "H"}[indicator],
        "kernel_order": kernel,
        "faithful": kernel == 1,
    }


def values_as_json(table: CharacterTable, rows: Sequence[int]) -> list[list[dict[str, Any]]]:
    """The exact values of rows of a table; equal numbers are one object."""
    index = table.index[list(rows)].tolist()
    exact = {number: table.numbers[number].to_json() for number in {number for row in index for number in row}}
    return [[exact[number] for number in row] for row in index]


def nested(matrix: CyclotomicArray | np.ndarray) -> list[list[Any]]:
    """Exact entries as in character tables, complex ones as [real, imaginary], real ones as numbers."""
    if isinstance(matrix, np.ndarray):
        if np.iscomplexobj(matrix):
            return [[[one.real, one.imag] for one in row] for row in matrix.tolist()]
        return [list(row) for row in matrix.tolist()]
    rows = matrix.tolist()
    exact = {id(one): one for row in rows for one in row}  # equal numbers are one object
    texts = {number: one.to_json() for number, one in exact.items()}
    return [[texts[id(one)] for one in row] for row in rows]
