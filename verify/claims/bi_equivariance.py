"""Claim: the logits depend on x^-1 z y^-1 alone."""

from __future__ import annotations

from .claim import Score, Subject, claim


@claim(
    "bi-equivariance",
    statement="the centred logits are a function of x^-1 z y^-1",
    source="Wu, Jaburi, Drori, Gross (2024), arXiv:2410.07476; measured on the released S5 networks: median .978, "
    "minimum .587; memorising networks .006 to .19",
    holds_from=0.9,
    fails_below=0.8,
)
def bi_equivariance(subject: Subject) -> Score:
    """Share of the centred logits' variance that the best function F of x^-1 z y^-1 explains, in [0, 1].

    It is n^2 sum F(g)^2 / sum c^2. The details have the margin F(1) - max F(g), in nats.
    """
    subject.require_logits()
    best, n = subject.readout.quotient_function, subject.data.group.order
    share = float(n**2 * (best**2).sum() / subject.readout.variance)
    return Score(share, {"margin": float(best[0] - best[1:].max()), "peak": int(best.argmax())})
