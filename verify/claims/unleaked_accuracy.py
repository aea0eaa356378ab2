"""Claim: the network generalises to pairs whose answer no commuting training pair gives away."""

from __future__ import annotations

from grouptool.errors import NoEvidenceError

from .claim import Score, Subject, claim


@claim(
    "unleaked-accuracy",
    statement="the network is right on test pairs whose commuting transpose was not trained on",
    source="the leak p k(G)/n of random splits is stated in the 2026 reproductions of Chughtai et al. (2023)",
    holds_from=0.999,
    fails_below=0.9,
    discriminating=False,
)
def unleaked_accuracy(subject: Subject) -> Score:
    """Share of right answers over the unleaked test pairs.

    Raises NoEvidenceError when the training split is unknown or left no such pair.
    """
    if subject.task is None:
        raise NoEvidenceError("the training split is unknown")
    pairs = subject.task.unleaked_test
    if not pairs.any():
        raise NoEvidenceError("the split leaves no test pair without a trained commuting partner")
    right = (subject.readout.predictions == subject.data.group.table)[pairs]
    test = ~subject.task.train
    return Score(float(right.mean()), {"pairs": int(pairs.sum()), "leaked_share": float(1 - pairs.sum() / test.sum())})
