"""Claim: the network works as well with |.| in place of relu."""

from __future__ import annotations

import numpy as np

from ..reading import cross_entropies
from .claim import Score, Subject, claim


@claim(
    "absolute-value",
    statement="with relu replaced by the absolute value the answers stay right",
    source="Stander, Yu, Fan, Biderman (2023), arXiv:2312.06581, table 1; measured on 70 released networks of seven "
    "groups: accuracy 1.0 and a loss divided by about a million, cyclic groups of prime order included; memorising "
    "networks .12 to .36",
    holds_from=0.999,
    fails_below=0.9,
    discriminating=False,
)
def absolute_value(subject: Subject) -> Score:
    """Accuracy on all pairs with |L[x] + R[y]| as hidden layer.

    Necessary for cosets and rho-sets alike (their linear parts cancel) and true of prime cyclic groups, which have no
    cosets: it tells no account from another.
    """
    circuit, table = subject.circuit, subject.data.group.table
    circuit.require("relu")
    right, losses = 0, 0.0
    for x in range(circuit.order):
        logits = np.abs(circuit.L[x] + circuit.R) @ circuit.U
        right += int((logits.argmax(axis=1) == table[x]).sum())
        losses += float(cross_entropies(logits, table[x]).sum())
    return Score(right / table.size, {"loss": losses / table.size, "relu_loss": float(subject.readout.losses.mean())})
