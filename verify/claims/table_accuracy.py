"""Claim: the network computes the whole multiplication table."""

from __future__ import annotations

from .claim import Score, Subject, claim


@claim(
    "table-accuracy",
    statement="the network gives the right answer on all n^2 pairs",
    source="Chughtai, Chan, Nanda (2023), arXiv:2302.03025: 1.0 in 49 of 50 S5 networks, .99993 in one",
    holds_from=0.999,
    fails_below=0.9,
    discriminating=False,
)
def table_accuracy(subject: Subject) -> Score:
    """Share of right answers over all pairs, exactly; the details have the mean and the largest loss in nats."""
    right = subject.readout.predictions == subject.data.group.table
    losses = subject.readout.losses
    return Score(
        float(right.mean()),
        {"wrong_pairs": int((~right).sum()), "loss": float(losses.mean()), "largest_loss": float(losses.max())},
    )
