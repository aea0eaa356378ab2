"""Claim: the network put together again from tables on cosets still gives the answers."""

from __future__ import annotations

import numpy as np

from ..alignment import BAR
from ..groupdata import CosetFamily
from ..reading import Circuit, answers
from .claim import Score, Subject, claim

DRAWS = 3


def double_coset_means(subject: Subject, h: CosetFamily, k: CosetFamily, table: np.ndarray) -> np.ndarray:
    """Shape (n, m): columns of ``table``, shape (n, m), with each value replaced by the mean over its HzK.

    Mean over Hz, then over zK: the projection to double cosets, as the two commute. H is the coset of the identity.
    """
    products = subject.data.group.table
    for members, moved in ((h.right == 0, products), (k.left == 0, products.T)):
        table = table[moved[np.flatnonzero(members)]].mean(axis=0)
    return table


def coset_tables(subject: Subject) -> Circuit:
    """L and R by their means over cosets, U by its means over double cosets; neurons without cosets are silent."""
    circuit, data = subject.circuit, subject.data
    left, right = subject.alignments
    aligned = (left.share >= BAR) & (right.share >= BAR)
    unembedding = np.zeros((circuit.order, circuit.width))
    for h, k in {*zip(left.family[aligned].tolist(), right.family[aligned].tolist(), strict=True)}:
        mine = aligned & (left.family == h) & (right.family == k)
        families = data.coset_families[h], data.coset_families[k]
        unembedding[:, mine] = double_coset_means(subject, *families, circuit.centred["U"][:, mine])
    return circuit.with_tables(
        (circuit.L.mean(axis=0) + left.means) * aligned, (circuit.R.mean(axis=0) + right.means) * aligned, unembedding.T
    )


def _matched(subject: Subject, rng: np.random.Generator) -> list[float]:
    return [
        float(np.mean(answers(random_partitions(subject, rng, readout=True)) == subject.data.group.table))
        for _ in range(DRAWS)
    ]


def random_partitions(subject: Subject, rng: np.random.Generator, *, readout: bool) -> Circuit:
    """A matched control: means over random blocks of as many elements as the cosets; with ``readout`` also of U.

    Double cosets have no fixed size; U's blocks are those of L.
    """
    tables = {name: table.copy() for name, table in subject.circuit.centred.items()}
    left, right = subject.alignments
    sides = {"L": left.family, "R": right.family} | ({"U": left.family} if readout else {})
    for name, families in sides.items():
        for place in np.unique(families).tolist():
            mine, order = families == place, subject.data.coset_families[place].order
            blocks = rng.permutation(subject.circuit.order).reshape(-1, order)
            means = tables[name][blocks][:, :, mine].mean(axis=1)
            tables[name][np.ix_(blocks.ravel(), np.flatnonzero(mine))] = np.repeat(means, order, axis=0)
    circuit = subject.circuit
    unembedding = tables["U"].T if readout else circuit.U
    return circuit.with_tables(circuit.L.mean(axis=0) + tables["L"], circuit.R.mean(axis=0) + tables["R"], unembedding)


@claim(
    "coset-tables",
    statement="with L and R replaced by tables on cosets, U by one on double cosets, and the rest dropped the answers "
    "stay right",
    source="the circuit of Stander, Yu, Fan, Biderman (2023), arXiv:2312.06581, put together again; thresholds as for "
    "the other substitutions",
    holds_from=0.99,
    fails_below=0.9,
    matched=_matched,
    tier="full",
)
def coset_resynthesis(subject: Subject) -> Score:
    """Accuracy on all pairs of ``coset_tables``; the matched control has random blocks in place of cosets."""
    made = coset_tables(subject)
    kept = float(subject.circuit.neuron_weights[made.U.any(axis=1)].sum())
    return Score(float(np.mean(answers(made) == subject.data.group.table)), {"aligned_weight": kept})
