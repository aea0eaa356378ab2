"""Claim: neurons put together again from rho-sets still give the answers."""

from __future__ import annotations

import numpy as np

from ..reading import answers
from .claim import Score, Subject, claim

SHUFFLES = 3


def _matched(subject: Subject, rng: np.random.Generator) -> list[float]:
    table = subject.data.group.table
    return [float(np.mean(answers(subject.explanation.shuffled(rng)) == table)) for _ in range(SHUFFLES)]


@claim(
    "rho-set-substitution",
    statement="with each neuron replaced by <b, rho(x) a>, -<a, rho(y) b'>, -<b, rho(z) b'> of exact orbits the "
    "answers stay right",
    source="the substitution that reviewers of Wu et al. (2024), arXiv:2410.07476, asked for; thresholds as for the "
    "other substitutions",
    holds_from=0.99,
    fails_below=0.9,
    matched=_matched,
    tier="full",
)
def rho_set_substitution(subject: Subject) -> Score:
    """Accuracy on all pairs with the neurons replaced by their explanation; unexplained ones are silent.

    The vectors lie on exact orbits and each neuron keeps two numbers, its scale and its readout's. The matched control
    lets the neurons of a rho-set exchange their readouts, and so their pairing of b and b'.
    """
    found = subject.explanation
    right = float(np.mean(answers(found.neurons()) == subject.data.group.table))
    explained = float(subject.circuit.neuron_weights[found.set_of >= 0].sum())
    return Score(right, {"explained_weight": explained, "rho_sets": len(found.sets)})
