"""Claim: the logits are a sum of characters of x y z^-1, the strict form of the GCR algorithm."""

from __future__ import annotations

import numpy as np

from .evidence import Score, Subject, claim


@claim(
    "character-logits",
    statement="the centred logits are a sum of characters of x y z^-1",
    source="Chughtai, Chan, Nanda (2023), arXiv:2302.03025, section 4: 93 to 98 % on cyclic groups, 31 to 86 % on S5",
    holds_from=0.9,
    fails_below=0.8,
)
def character_logits(subject: Subject) -> Score:
    """Share of the centred logits' variance that class functions of x y z^-1 explain, in [0, 1].

    Equal to the sum of squared logit similarities, since x^-1 z y^-1 is conjugate to the inverse of x y z^-1. Every
    class function is bi-equivariant, so this never exceeds the bi-equivariant share; on abelian groups they are equal.
    """
    classes = subject.data.classes
    means = np.bincount(classes.class_of, weights=subject.readout.shape) / classes.sizes
    share = subject.shape_share(means[classes.class_of])
    similarities = {
        one.name: round(float(value), 6)
        for one, value in zip(subject.data.constituents, subject.logit_similarities, strict=True)
    }
    return Score(share, {"similarities": similarities})
