"""Claim: the hidden layer lies in rho(x), rho(y) and rho(xy) of the key representations."""

from __future__ import annotations

import numpy as np

from .claim import Score, Subject, claim
from .hidden import hidden_blocks, key_part, product_means


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
    n, total = subject.data.group.order, 0.0
    rows, columns = np.empty((2, n, subject.circuit.width))
    means = product_means(subject)
    centre = means.mean(axis=0)
    for block, hidden in hidden_blocks(subject):
        rows[:, block], columns[:, block] = hidden.mean(axis=1), hidden.mean(axis=0)
        total += float(((hidden - centre[block]) ** 2).sum())
    if not total:
        return Score(0.0)
    parts = {
        name: float(n * (key_part(subject, table - centre) ** 2).sum() / total)
        for name, table in (("x", rows), ("y", columns), ("xy", means))
    }
    return Score(sum(parts.values()), parts | {"left": 1 - sum(parts.values())})
