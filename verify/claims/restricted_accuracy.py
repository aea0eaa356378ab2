"""Claim: the part of the hidden layer in rho(xy) gives the answers, and without it they are lost."""

from __future__ import annotations

import numpy as np

from .claim import Score, Subject, claim
from .hidden import key_places, restricted_losses


@claim(
    "restricted-accuracy",
    statement="the hidden layer's part in rho(xy) of the key representations gives the right answers alone",
    source="Chughtai, Chan, Nanda (2023), arXiv:2302.03025: restricted loss 2.2e-7 and excluded loss 11.7 on S5, where "
    "chance is ln 120 = 4.8",
    holds_from=0.99,
    fails_below=0.9,
    discriminating=False,
)
def restricted_accuracy(subject: Subject) -> Score:
    """Share of the products that the restricted logits get right; the details have the two losses over all pairs.

    When every answer is right, the mean of the logits over the pairs with one product has its maximum there as well: up
    to the choice of representations this holds for every such network. Excluded means with that part taken away; the
    papers average it over training pairs, here it is over all.
    """
    losses = restricted_losses(subject.data, subject.circuit, key_places(subject))
    return Score(losses.pop("accuracy"), losses | {"chance": float(np.log(subject.data.group.order))})
