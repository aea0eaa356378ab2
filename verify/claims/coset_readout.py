"""Claim: a neuron's readout lives on the same cosets as its inputs."""

from __future__ import annotations

import numpy as np

from .claim import Score, Subject, claim
from .coset_tables import double_coset_means


@claim(
    "coset-readout",
    statement="U is constant on the double cosets HzK of the conjugate subgroups of L and R, whose cosets it excludes",
    source="Stander, Yu, Fan, Biderman (2023), arXiv:2312.06581: rows of U correlate .814 within a coset, 0 elsewhere",
    holds_from=0.8,
    fails_below=0.6,
)
def coset_readout(subject: Subject) -> Score:
    """Mean over the neurons, by weight, of the share of U's variance between the double cosets HzK, in [0, 1].

    H is the subgroup on whose right cosets L is constant, K the one on whose left cosets R is; a neuron whose H and K
    are not conjugate counts 0. A neuron of the coset circuit excludes the answers of one coset Ht = tK.
    """
    data, readout = subject.data, subject.circuit.centred["U"]
    left, right = subject.alignments
    shares = np.zeros(subject.circuit.width)
    for h, k in {*zip(left.family.tolist(), right.family.tolist(), strict=True)}:
        first, second = data.coset_families[h], data.coset_families[k]
        if first.subgroup_class != second.subgroup_class:
            continue
        mine = (left.family == h) & (right.family == k)
        means = double_coset_means(subject, first, second, readout[:, mine])
        shares[mine] = (means**2).sum(axis=0) / np.maximum((readout[:, mine] ** 2).sum(axis=0), 1e-300)
    return Score(float(shares @ subject.circuit.neuron_weights))
