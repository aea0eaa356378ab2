"""What is known of a group, as plain values that a table, a json file or a database row can hold.

Public: describe, image_lists.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..acceleration import plain_kernels
from ..errors import BudgetSpentError, TooLargeError
from ..group import Group
from ..structure.chief import is_simple, is_supersolvable
from ..structure.description import describe_structure
from ..structure.generation import rank
from ..structure.presentation import is_quick, presentation
from .facts import Parts, normal_count, subgroup_counts
from .library import small_group_label

__all__ = ["describe", "image_lists"]

MAX_LATTICE_ORDER = 2_000
"""Largest order for which a description lists subgroups and automorphisms."""


def describe(group: Group) -> dict[str, Any]:
    """The facts of DESIGN section 8, under stable keys; None means not computed, never no.

    Subgroup counts, the automorphism order and the description are None above order 2,000, the label above the orders
    that the shipped library holds, and whatever runs past its budget or bound is None.

    The presentation is the one that the group was given by, else one on its generators a, b, ... in order, certified
    by coset enumeration; it is None for more than 4 generators, and when generators times order are above 2,000.
    """
    parts = Parts(group)
    classes, derived, lower = parts.classes, parts.derived, parts.lower
    solvable, nilpotent = derived[-1].order == 1, parts.is_nilpotent
    facts: dict[str, Any] = {
        "name": group.name,
        "label": None,
        "order": group.order,
        "exponent": group.exponent,
        "rank": None,
        "abelian": group.is_abelian,
        "cyclic": bool((group.element_orders == group.order).any()),
        "nilpotent": nilpotent,
        "solvable": solvable,
        "supersolvable": is_supersolvable(group),
        "perfect": len(derived) == 1,
        "simple": is_simple(group),
        "center_order": parts.center.order,
        "derived_length": len(derived) - 1 if solvable else None,
        "nilpotency_class": len(lower) - 1 if nilpotent else None,
        "num_classes": len(classes),
        "class_sizes": classes.sizes.tolist(),
        "class_orders": classes.element_orders.tolist(),
        "num_subgroups": None,
        "num_subgroup_classes": None,
        "num_normal_subgroups": None,
        "automorphism_order": None,
        "irrep_degrees": None,
        "frobenius_schur": None,
        "generators": [group.cycles(g) for g in group.generators],
        "degree": group.degree,
        "presentation": group.relators,
        "description": None,
    }
    for search in (
        _character_facts,
        _normal_facts,
        _rank_facts,
        _lattice_facts,
        _automorphism_facts,
        _identity,
        _presentation,
    ):
        try:
            facts.update(search(parts))
        except (BudgetSpentError, TooLargeError):
            continue  # the keys stay None: not computed
    return facts


def _character_facts(parts: Parts) -> dict[str, Any]:
    table = parts.characters
    return {"irrep_degrees": table.degrees.tolist(), "frobenius_schur": table.indicators.tolist()}


def _normal_facts(parts: Parts) -> dict[str, Any]:
    return {"num_normal_subgroups": normal_count(parts)}


def _lattice_facts(parts: Parts) -> dict[str, Any]:
    if parts.group.order > MAX_LATTICE_ORDER:
        return {}
    subgroups, classes = subgroup_counts(parts)
    return {"num_subgroups": subgroups, "num_subgroup_classes": classes}


def _rank_facts(parts: Parts) -> dict[str, Any]:
    return {"rank": rank(parts.group)}


def _identity(parts: Parts) -> dict[str, Any]:
    label = small_group_label(parts.group)
    facts: dict[str, Any] = {"label": f"{label[0]}.{label[1]}" if label else None}
    if parts.group.order <= MAX_LATTICE_ORDER:
        facts["description"] = describe_structure(parts.group)
    return facts


def _automorphism_facts(parts: Parts) -> dict[str, Any]:
    if parts.group.order > MAX_LATTICE_ORDER:
        return {}
    return {"automorphism_order": parts.automorphisms.order}


def _presentation(parts: Parts) -> dict[str, Any]:
    group = parts.group
    if group.relators or not is_quick(group.order, len(group.generators)):
        return {}
    with plain_kernels():
        return {"presentation": str(presentation(group))}


def image_lists(group: Group) -> list[list[int]]:
    """The generators as image lists of points from 0, as JSON holds them."""
    images: list[list[int]] = np.asarray(group.permutations[list(group.generators)]).tolist()
    return images
