"""Claim: the three weights of a neuron agree on its irreducible representation."""

from __future__ import annotations

from .claim import Score, Subject, claim


@claim(
    "layer-agreement",
    statement="L, R and U of a neuron are dominated by the same irreducible representation",
    source="released S5 networks of Chughtai et al. (2023): median 1.0, minimum .876",
    holds_from=0.9,
    fails_below=0.7,
)
def layer_agreement(subject: Subject) -> Score:
    """Share of the neurons, by weight, in which the same representation has most energy in L, R and U."""
    left, right, unembedding = (subject.dominant[layer] for layer in ("L", "R", "U"))
    agree = (left == right) & (left == unembedding)
    return Score(float(subject.circuit.neuron_weights[agree].sum()), {"neurons": int(agree.sum())})
