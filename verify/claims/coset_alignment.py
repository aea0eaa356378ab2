"""Claim: neurons are constant on cosets of conjugate subgroups."""

from __future__ import annotations

import numpy as np

from ..alignment import BAR
from ..controls import isotypic_noise
from ..reading import Circuit
from .claim import Score, Subject, claim


def _noise(subject: Subject, rng: np.random.Generator) -> list[Circuit]:
    return [isotypic_noise(subject.data, subject.circuit, rng) for _ in range(3)]


@claim(
    "coset-alignment",
    statement="L is constant on right cosets and R on left cosets of subgroups",
    source="Stander, Yu, Fan, Biderman (2023), arXiv:2312.06581; share of aligned neurons on released S5 networks: "
    "median 1.000, minimum .903; memorising networks .125, at most .54",
    holds_from=0.9,
    fails_below=0.6,
    controls=_noise,
)
def coset_alignment(subject: Subject) -> Score:
    """Share of the neurons, by weight, of which both L and R are aligned to at least 0.9.

    The details name the families by weight, the share of aligned neurons with conjugate subgroups on both sides, and
    the paper's own measure, at the best subgroups, of the worse side: the share of neurons below 1, and the median.
    Compared also with random functions in the same irreducible representations: where those are aligned (characters of
    degree one, say), representations alone explain it and the claim decides nothing.
    """
    data = subject.data
    left, right = subject.alignments
    weights = subject.circuit.neuron_weights
    aligned = (left.share >= BAR) & (right.share >= BAR)
    class_of = np.array([family.subgroup_class for family in data.coset_families])
    conjugate = aligned & (class_of[left.family] == class_of[right.family])
    by_class = np.bincount(class_of[left.family[aligned]], weights=weights[aligned])
    used = {
        f"order {data.subgroup_classes[place].order}, index {data.subgroup_classes[place].index}": round(
            float(share), 6
        )
        for place, share in enumerate(by_class)
        if share > 0.001 and data.subgroup_classes is not None
    }
    total = float(weights[aligned].sum())
    index = np.array([data.group.order // family.order for family in data.coset_families])
    # Their coset concentration, a sum of variances over cosets and not a mean: index times the unaligned share.
    concentration = np.maximum(*(index[side.family] * (1 - side.share) for side in (left, right)))
    return Score(
        total,
        {
            "families": used,
            "conjugate_pairs": float(weights[conjugate].sum() / total) if total else 0.0,
            "concentration_below_1": float(weights[concentration < 1].sum()),
            "median_concentration": float(np.median(concentration)),
        },
    )
