"""Claim: the logits depend on the pair through its product alone."""

from __future__ import annotations

import numpy as np

from .claim import Score, Subject, claim


@claim(
    "product-logits",
    statement="the centred logits depend on x y and z alone, on pairs that were not used to find how",
    source="the strict reading of Chughtai, Chan, Nanda (2023), arXiv:2302.03025: the network sees rho(xy) only; "
    "without hold-out measured .44 to .86 on S5, .50 to .64 on dihedral groups, .93 to .98 on cyclic ones. Thresholds "
    "as for character-logits",
    holds_from=0.9,
    fails_below=0.8,
)
def product_logits(subject: Subject) -> Score:
    """Share of the held-out logits' variance that the means over the other half of the pairs with the same x y explain.

    The mean over all pairs is taken off for each answer, since biases alone are no algorithm. Pairs fall into halves at
    random for each product, the same on every call. At most 1; below 0 where the means of one half say nothing.
    """
    subject.require_logits()
    circuit, group = subject.circuit, subject.data.group
    n = group.order
    rng = np.random.default_rng(0)
    # half[x, p]: the half of the pair (x, x^-1 p), as many of each for every p
    half = np.argsort(rng.random((n, n)), axis=0) % 2
    sums, squares, counts = np.zeros((2, n, n)), 0.0, np.stack([(half == side).sum(axis=0) for side in (0, 1)])
    for x, (_, raw) in enumerate(circuit.rows()):
        centred = raw - raw.mean(axis=1, keepdims=True)
        logits = centred[group.table[group.inverses[x]]]  # row p: the pair with product p
        for side in (0, 1):
            sums[side] += logits * (half[x] == side)[:, None]
        squares += float((logits**2).sum())
    overall = sums.sum(axis=(0, 1)) / n**2  # for each answer
    squares -= float(n**2 * (overall**2).sum())
    if squares < 1e-12 * subject.readout.variance:
        return Score(0.0)
    means = sums / np.maximum(counts, 1)[:, :, None] - overall
    # sum over held-out pairs of (c - m)^2 = |c|^2 - 2 m.c + |m|^2, with c summed in ``sums``
    crossed = sum(float((means[1 - side] * (sums[side] - counts[side][:, None] * overall)).sum()) for side in (0, 1))
    length = sum(float((counts[side][:, None] * means[1 - side] ** 2).sum()) for side in (0, 1))
    return Score((2 * crossed - length) / squares)
