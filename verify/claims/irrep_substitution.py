"""Claim: the part of the weights in each neuron's irreducible representation is enough."""

from __future__ import annotations

import numpy as np

from grouptool.representations.fourier import isotypic_part

from ..reading import Circuit, answers
from .evidence import Score, Subject, claim


@claim(
    "irrep-substitution",
    statement="with L, R and U projected to each neuron's representation the answers stay right",
    source="measured on 20 released S5 networks of Chughtai et al. (2023): accuracy at least .9985, median 1.0",
    holds_from=0.99,
    fails_below=0.9,
)
def irrep_substitution(subject: Subject) -> Score:
    """Accuracy on all pairs when every neuron keeps only its mean and its part in the representation that dominates L.

    The details have the accuracy with that part removed from L and R instead.
    """
    circuit, table = subject.circuit, subject.data.group.table
    parts = {name: np.zeros_like(x) for name, x in circuit.centred.items()}
    for place, one in enumerate(subject.data.constituents):
        mine = subject.dominant["L"] == place
        for name, part in parts.items():
            part[:, mine] = isotypic_part(one, circuit.centred[name][:, mine])
    kept = Circuit(circuit.L.mean(axis=0) + parts["L"], circuit.R.mean(axis=0) + parts["R"], parts["U"].T)
    removed = Circuit(circuit.L - parts["L"], circuit.R - parts["R"], circuit.U)
    return Score(
        float(np.mean(answers(kept) == table)), {"without_irrep_part": float(np.mean(answers(removed) == table))}
    )
