"""Coset circuits: neurons constant on cosets of conjugate subgroups, each of which excludes a coset of answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..evidence import Evidence
from ..groupdata import GroupData
from .theory import Prediction, chance, theory


def find(prediction: Prediction, evidence: Mapping[str, Evidence]) -> str:
    """The families of subgroups on whose cosets neurons are constant, and how many of them fit written out."""
    used = evidence["coset-alignment"].details.get("families", {})
    if not used:
        return "no neuron is constant on cosets on both sides"
    fitting = {
        f"order {one['order']}, index {one['index']}" for one in prediction.details.get("families", []) if one["fits"]
    }
    heavy = sorted(used, key=lambda family: -used[family])
    shown = ", ".join(f"{family} ({used[family]:.0%})" for family in heavy[:4])
    inside = sum(used[family] for family in heavy if family in fitting)
    return (
        f"constant on cosets of subgroups of {shown}; {inside:.0%} by weight on families whose circuit fits the width"
    )


@theory(
    "cosets",
    title="coset account",
    source="Stander, Yu, Fan, Biderman (2023), arXiv:2312.06581",
    claims=(
        "coset-tables",
        "coset-alignment",
        "coset-readout",
        "coset-substitution",
        "coset-ablation",
        "conjugate-pairing",
        "table-accuracy",
    ),
    needs=("coset-alignment",),
    find=find,
)
def predict(data: GroupData, hidden: int) -> Prediction:
    """Which conjugacy classes of subgroups can serve: index, core, neurons of the exact circuit, representations.

    The energy of H on rho is d_rho dim V_rho^H / ([G:H] - 1), where d_rho counts over the complex numbers. A circuit
    answers rightly when the joint core of its subgroups is trivial; written out exactly it takes 2 [G:H]^2 neurons.
    """
    name = data.group.name
    if data.subgroup_classes is None:
        return Prediction(False, f"{name} has too many subgroups to list, so nothing is predicted")
    if not data.subgroup_classes:
        return Prediction(False, f"{name} has no proper non-trivial subgroup, so no coset circuit exists")
    families: list[dict[str, Any]] = [
        {
            "order": one.order,
            "index": one.index,
            "conjugates": one.length,
            "core_order": int(one.core.sum()),
            "neurons": 2 * one.index**2,
            "fits": 2 * one.index**2 <= hidden,
            "energy": _energy(data, one.representative),
        }
        for one in data.subgroup_classes
    ]
    core = np.logical_and.reduce([one.core for one in data.subgroup_classes])
    if core.sum() > 1:
        why = f"every proper non-trivial subgroup of {name} contains the same {core.sum()} elements"
        return Prediction(False, why, {"families": families})
    faithful = [one for one in families if one["core_order"] == 1]
    if faithful:
        best = min(faithful, key=lambda one: one["index"])
        neurons = f"{best['neurons']:,} neurons of {hidden}"
        why = f"subgroups of index {best['index']} have trivial core; their exact circuit takes {neurons}"
    else:
        why = "no single class has trivial core; several together do"
    return Prediction(True, why, {"families": families, "chance": chance(data)})


def _energy(data: GroupData, members: np.ndarray) -> dict[str, float]:
    """Share of the centred indicator of H in each constituent."""
    fixed = data.fixed_dimensions(members)
    index = data.group.order // len(members)
    # An isotypic part of r dimensions over a d-dimensional real representation holds r/d copies.
    shares = [
        one.isotypic_dimension / one.dimension * int(dimension) / (index - 1)
        for one, dimension in zip(data.constituents, fixed, strict=True)
    ]
    return {one.name: round(share, 6) for one, share in zip(data.constituents, shares, strict=True) if share}
