"""Claim: the hidden layer lies in rho(x), rho(y) and rho(xy) of the key representations."""

from __future__ import annotations

from .claim import Score, Subject, claim
from .hidden import hidden_shares, key_places


@claim(
    "hidden-variance",
    statement="the hidden layer lies in the entries of rho(x), rho(y) and rho(xy) of the key representations",
    source="Chughtai, Chan, Nanda (2023), arXiv:2302.03025, table 2: 84 to 96 % in all, of which 8 to 17 for rho(xy). "
    "Holds from the least published figure less a little, fails below what relu of independent normal numbers gives in "
    "x and y alone (.73)",
    holds_from=0.82,
    fails_below=0.73,
    discriminating=False,
)
def hidden_variance(subject: Subject) -> Score:
    """Share of the centred activations over all pairs that the three parts explain, in [0, 1].

    Most of it is a function of x plus one of y for every network: the details say how much is left for rho(xy), the
    account's own part, and how much for nothing.
    """
    parts = hidden_shares(subject.data, subject.circuit, key_places(subject))
    total = sum(parts.values())
    return Score(total, parts | {"left": 1 - total})
