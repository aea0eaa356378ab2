"""Claim: the logits are a sum of characters of x y z^-1, the strict form of the GCR algorithm."""

from __future__ import annotations

from .claim import Score, Subject, claim


@claim(
    "character-logits",
    statement="the centred logits are a sum of characters of x y z^-1",
    source="Chughtai, Chan, Nanda (2023), arXiv:2302.03025, section 4: 93 to 98 % on cyclic groups, 31 to 86 % on S5",
    holds_from=0.9,
    fails_below=0.8,
)
def character_logits(subject: Subject) -> Score:
    """Sum over the non-trivial real representations of the squared logit similarity, in [0, 1] (their logit FVE).

    The trace tensors Re chi_rho(x y z^-1) are orthogonal, so this is the share of the variance that their span holds.
    They are bi-equivariant, so it never exceeds the bi-equivariant share.
    """
    subject.require_logits()
    similarities = subject.logit_similarities
    named = {
        one.name: round(float(value), 6) for one, value in zip(subject.data.constituents, similarities, strict=True)
    }
    return Score(float((similarities**2).sum()), {"similarities": named})
