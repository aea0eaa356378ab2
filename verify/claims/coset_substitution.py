"""Claim: the coset part of the embeddings is enough."""

from __future__ import annotations

import numpy as np

from ..reading import Circuit, answers
from .claim import Score, Subject, claim
from .coset_tables import random_partitions

DRAWS = 3


def coset_means(subject: Subject) -> Circuit:
    """The network with each neuron's L and R replaced by their means over the cosets of their best subgroups."""
    circuit = subject.circuit
    left, right = (one.means for one in subject.alignments)
    return circuit.with_tables(circuit.L.mean(axis=0) + left, circuit.R.mean(axis=0) + right, circuit.U)


def _matched(subject: Subject, rng: np.random.Generator) -> list[float]:
    table = subject.data.group.table
    return [float(np.mean(answers(random_partitions(subject, rng, readout=False)) == table)) for _ in range(DRAWS)]


@claim(
    "coset-substitution",
    statement="with L and R replaced by their means over cosets the answers stay right",
    source="the ablations of Stander et al. (2023), arXiv:2312.06581, in the form measured on 20 released S5 networks: "
    "accuracy 1.0 with coset means, .008 to .010 without them",
    holds_from=0.99,
    fails_below=0.9,
    matched=_matched,
)
def coset_substitution(subject: Subject) -> Score:
    """Accuracy on all pairs when each neuron's L and R become their means over the cosets of their best subgroups.

    The details have the accuracy with the coset part removed instead. The matched control has random blocks in place of
    cosets.
    """
    circuit, table = subject.circuit, subject.data.group.table
    left, right = (one.means for one in subject.alignments)
    removed = circuit.with_tables(circuit.L - left, circuit.R - right, circuit.U)
    return Score(
        float(np.mean(answers(coset_means(subject)) == table)),
        {"without_coset_part": float(np.mean(answers(removed) == table))},
    )
