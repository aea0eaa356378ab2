"""Claim: the explanation is so close to the network that it proves the answers."""

from __future__ import annotations

import numpy as np

from .claim import Score, Subject, claim


@claim(
    "certified-share",
    statement="bounds on the difference between the network and its rho-sets prove that it answers rightly",
    source="the verifier of Wu, Jaburi, Drori, Gross (2024), arXiv:2410.07476: at least 95 % of the pairs for 45 of "
    "100 S5 networks, none for about half. Holds from their bar, fails where fewer than half of the pairs are proved",
    holds_from=0.95,
    fails_below=0.5,
    tier="study",
)
def certified_share(subject: Subject) -> Score:
    """Share of the pairs whose margin in the explained network exceeds a bound on what the explanation leaves out.

    With c' = sum of U' relu(L' + R') the explained network's logits and h = relu(L + R), for each answer

        |c - c'|(z) <= sum of h |U - U'|(z) + |U'|(z) (|L - L'| + |R - R'|)

    so a pair is proved when c'(xy) - c'(z) exceeds the sum of the bounds at xy and z for all z. In float64 without
    directed rounding: a score of the explanation, no certificate. Cost: four times that of all logits.
    """
    circuit, made, table = subject.circuit, subject.explanation.neurons(), subject.data.group.table
    # What a neuron adds to all answers alike is no part of the margin.
    unembedding = circuit.U - circuit.U.mean(axis=1, keepdims=True)
    change, size = np.abs(unembedding - made.U), np.abs(made.U)
    left, right = np.abs(circuit.L - made.L), np.abs(circuit.R - made.R)
    proved = 0
    answers = np.arange(circuit.order)
    for x in range(circuit.order):
        logits = made.hidden(made.L[x], made.R) @ made.U
        bound = circuit.hidden(circuit.L[x], circuit.R) @ change + (left[x] + right) @ size
        best = (logits - bound)[answers, table[x]]
        worst = logits + bound
        worst[answers, table[x]] = -np.inf
        proved += int((best > worst.max(axis=1)).sum())
    return Score(proved / table.size)
