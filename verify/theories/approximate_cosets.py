"""Approximate cosets and remainders: a few frequencies of an abelian group, whose sum outvotes the errors of each."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, log2
from typing import Any

import numpy as np

from ..evidence import Evidence
from ..groupdata import GroupData
from .theory import Prediction, chance, theory

MOST_FREQUENCIES = 8


def find(prediction: Prediction, evidence: Mapping[str, Evidence]) -> str:
    """The frequencies that neurons are at home in, beside the predicted number."""
    phases = evidence.get("phase-rule")
    used = phases.details.get("frequencies", {}) if phases is not None else {}
    if not used:
        return "no neuron is at home in one frequency"
    shown = ", ".join(f"{name} ({used[name]:.0%})" for name in sorted(used, key=lambda name: -used[name])[:6])
    enough = prediction.details.get("enough")
    return f"{len(used)} frequencies: {shown}" + (f"; {enough} were said to be enough" if enough else "")


@theory(
    "approximate-cosets",
    title="approximate coset account",
    source="McCracken et al. (2025), arXiv:2505.18266: approximate cosets and an approximate Chinese remainder theorem",
    claims=(
        "phase-rule",
        "character-logits",
        "irrep-substitution",
        "neuron-purity",
        "layer-agreement",
        "table-accuracy",
    ),
    needs=("phase-rule", "neuron-purity"),
    find=find,
)
def predict(data: GroupData, hidden: int) -> Prediction:
    """Frequencies (characters up to duals), what each can tell, and the margins that sets of them reach.

    A neuron at frequency chi fires on an approximate coset, the elements within a quarter turn of its best angle, a
    union of cosets of the kernel of chi. Frequencies with trivial joint kernel tell all elements apart, as remainders
    do, and ceil(log2 n) of them are said to be enough for a margin that grows with their number.
    The margin of a set is the gap of the sum of Re chi between 1 and the runner-up, with sets grown greedily.
    """
    group = data.group
    if not group.is_abelian:
        return Prediction(False, f"{group.name} is not abelian: the account is about frequencies")
    class_of = data.classes.class_of
    values = np.stack([one.character[class_of] / one.dimension for one in data.constituents])  # (c, n): cosines
    rows: list[dict[str, Any]] = [
        {
            "name": one.name,
            "kernel_order": int(one.kernel.sum()),
            "steps": group.order // int(one.kernel.sum()),
            "approximate_coset": int((values[place] >= -1e-12).sum()),
        }
        for place, one in enumerate(data.constituents)
    ]
    margins = _margins(values)
    enough = min(ceil(log2(group.order)), len(rows))
    least = next((count for count, (_, margin) in enumerate(margins, 1) if margin > 1e-9), None)
    names = [one.name for one in data.constituents]
    details = {
        "frequencies": rows,
        "margins": [
            {"frequencies": [names[i] for i in chosen], "margin": round(margin, 6)} for chosen, margin in margins
        ],
        "least": least,
        "enough": enough,
        "phase_rule": "phase of U = phase of L + phase of R",
        "chance": chance(data),
    }
    why = f"{least} frequencies tell all elements apart, {enough} (log2 of the order) are enough for a good margin"
    return Prediction(True, why, details)


def _margins(values: np.ndarray) -> list[tuple[list[int], float]]:
    """For 1, 2, ... frequencies a set grown greedily, each the one that raises the margin most, and its margin."""
    chosen: list[int] = []
    total = np.zeros(values.shape[1])
    found = []
    for _ in range(min(MOST_FREQUENCIES, len(values))):
        sums = total + values
        # The largest margin; among equals the fewest elements that are confused with 1.
        gaps = sums[:, 0] - sums[:, 1:].max(axis=1)
        confused = (sums[:, 1:] > sums[:, :1] - 1e-9).sum(axis=1)
        best = max(
            (place for place in range(len(values)) if place not in chosen),
            key=lambda place: (round(float(gaps[place]), 9), -int(confused[place])),
        )
        chosen.append(best)
        total = sums[best]
        found.append((list(chosen), float(gaps[best])))
    return found
