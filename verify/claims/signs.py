"""Claim: negating both inputs changes nothing, negating one destroys everything."""

from __future__ import annotations

import numpy as np

from ..reading import answers
from .claim import Score, Subject, claim


@claim(
    "signs",
    statement="with L and R both negated the answers stay right, with one of them negated they are all wrong",
    source="Stander, Yu, Fan, Biderman (2023), arXiv:2312.06581, table 1: 100 %, 0 % and 0 %; released S5 networks: "
    "the same in 50 of 50",
    holds_from=0.95,
    fails_below=0.7,
    discriminating=False,
)
def signs(subject: Subject) -> Score:
    """The least of the accuracy with both negated and of the error rates with one negated.

    Both follow for every circuit whose logits come from |L + R|: no account is told from another.
    """
    circuit, table = subject.circuit, subject.data.group.table
    circuit.require("relu")
    shares = {
        name: float(np.mean(answers(circuit.with_tables(left * circuit.L, right * circuit.R, circuit.U)) == table))
        for name, left, right in (("both", -1, -1), ("left", -1, 1), ("right", 1, -1))
    }
    return Score(min(shares["both"], 1 - shares["left"], 1 - shares["right"]), shares)
