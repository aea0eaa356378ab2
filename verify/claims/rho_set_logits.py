"""Claim: the logits are those of complete rho-sets with one strength each."""

from __future__ import annotations

import numpy as np

from ..reading import cross_entropies
from .claim import Score, Subject, claim


@claim(
    "rho-set-logits",
    statement="the centred logits are those of the idealised circuit of the rho-sets found in the weights",
    source="Wu, Jaburi, Drori, Gross (2024), arXiv:2410.07476, the idealised logits. What the circuit cannot explain "
    "beyond the failing bar of bi-equivariance (.8) is its own failing, so it holds from there; it fails when half of "
    "the logits' variance is left",
    holds_from=0.8,
    fails_below=0.5,
    tier="full",
)
def rho_set_logits(subject: Subject) -> Score:
    """1 - |c - c'|^2 / |c|^2 of the centred logits c and the idealised ones c', at most 1; nothing is fitted to logits.

    For each rho-set the circuit has a, the exact orbit B and one strength, all read from weights: |B|^2 pairs of equal
    strength whether or not the network has all of them. Its answers are right by a theorem, whatever the network (see
    ``verify.rho_sets``), so the details' accuracy proves nothing.
    """
    subject.require_logits()
    ideal = subject.explanation.quotient_function()
    margin = float(ideal[0] - ideal[1:].max())
    return Score(
        explained(subject, ideal),
        {
            "accuracy": float(margin > 1e-9),
            "margin": margin,
            "loss": float(cross_entropies(ideal[None], np.array([0]))[0]),
        },
    )


def explained(subject: Subject, function: np.ndarray) -> float:
    """Share of the centred logits' variance that is explained by logits function(x^-1 z y^-1), shape (n,), as given."""
    centred, found, n = function - function.mean(), subject.readout.quotient_function, subject.data.group.order
    gained = float(n**2 * (2 * found - centred) @ centred)
    return gained / subject.readout.variance
