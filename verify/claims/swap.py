"""Claim: with the two pre-activations exchanged, the network computes y x."""

from __future__ import annotations

from .claim import Score, Subject, claim


@claim(
    "swap",
    statement="with L and R exchanged the accuracy is k(G)/n, the share of commuting pairs",
    source="refines the embedding swap of Stander et al. (2023), arXiv:2312.06581, table 1",
    holds_from=0.001,
    fails_below=0.01,
    direction="lower",
    discriminating=False,
)
def swap(subject: Subject) -> Score:
    """Distance of the swapped accuracy from k(G)/n, in [0, 1].

    relu(R[x] + L[y]) is the hidden layer of the pair (y, x), so for a network that is right everywhere this holds by
    necessity, whatever its algorithm: a check of the reading, and it fails on networks that have not learned the table.
    """
    group = subject.data.group
    swapped = float((group.table == subject.readout.predictions.T).mean())
    predicted = len(subject.data.classes) / group.order
    return Score(abs(swapped - predicted), {"swapped_accuracy": swapped, "predicted": predicted})
