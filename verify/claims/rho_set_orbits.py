"""Claim: the vectors b of the neurons form whole orbits."""

from __future__ import annotations

from typing import Any

from .claim import Score, Subject, claim

CLOSED = 0.45
"""Closure error up to which an orbit counts as closed: members are found to a squared cosine of .95, a distance of .23

from the exact orbit, and closure compares two of them."""


@claim(
    "rho-set-orbits",
    statement="the vectors b and b' of the neurons form orbits that are complete and closed, one orbit for both",
    source="Wu, Jaburi, Drori, Gross (2024), arXiv:2410.07476: rho-sets of 2, 5, 6, 10, 10 and 20 vectors on S5. The "
    "thresholds are those of rank-one: nine tenths of the weight, and three fifths",
    holds_from=0.9,
    fails_below=0.6,
    tier="full",
)
def rho_set_orbits(subject: Subject) -> Score:
    """Share of the neurons, by weight, in rho-sets whose every vector is the b of a neuron and the b' of a neuron.

    Counts only closed orbits that b and b' share. The details list the rho-sets: representation, size, closure error,
    share of the pairs B x B that are present, weight.
    """
    total, rows = 0.0, []
    for one in subject.explanation.sets:
        full = bool(one.strengths.any(axis=1).all() and one.strengths.any(axis=0).all())
        if one.paired and full and one.closure <= CLOSED:
            total += one.weight
        row: dict[str, Any] = {
            "representation": subject.data.constituents[one.place].name,
            "orbit": len(one.left),
            "paired": one.paired,
            "complete": full,
            "closure_error": round(one.closure, 6),
            "pairs_present": round(one.coverage, 6),
            "weight": round(one.weight, 6),
        }
        rows.append(row)
    return Score(total, {"rho_sets": rows[:20], "found": len(rows)})
