"""Claim: the part of the weights in each neuron's irreducible representation is enough."""

from __future__ import annotations

import numpy as np

from grouptool.representations.fourier import isotypic_part

from ..reading import Circuit, answers
from .claim import Score, Subject, claim

DRAWS = 3


def irrep_parts(subject: Subject) -> Circuit:
    """The network with L, R and U of each neuron projected to the representation that dominates its L, means kept."""
    parts = _parts(subject)
    circuit = subject.circuit
    return circuit.with_tables(circuit.L.mean(axis=0) + parts["L"], circuit.R.mean(axis=0) + parts["R"], parts["U"].T)


def _parts(subject: Subject) -> dict[str, np.ndarray]:
    parts = {name: np.zeros_like(x) for name, x in subject.circuit.centred.items()}
    for place, one in enumerate(subject.data.constituents):
        mine = subject.dominant["L"] == place
        for name, part in parts.items():
            part[:, mine] = isotypic_part(one, subject.circuit.centred[name][:, mine])
    return parts


def random_subspaces(subject: Subject, rng: np.random.Generator) -> Circuit:
    """A matched control: random subspaces of as many dimensions in place of the representations."""
    circuit, n = subject.circuit, subject.circuit.order
    parts = {name: np.zeros_like(x) for name, x in circuit.centred.items()}
    for place in np.unique(subject.dominant["L"]).tolist():
        mine = subject.dominant["L"] == place
        noise = rng.standard_normal((n, subject.data.constituents[place].isotypic_dimension))
        basis = np.linalg.qr(noise - noise.mean(axis=0))[0]
        for name, part in parts.items():
            part[:, mine] = basis @ (basis.T @ circuit.centred[name][:, mine])
    return circuit.with_tables(circuit.L.mean(axis=0) + parts["L"], circuit.R.mean(axis=0) + parts["R"], parts["U"].T)


def _matched(subject: Subject, rng: np.random.Generator) -> list[float]:
    return [float(np.mean(answers(random_subspaces(subject, rng)) == subject.data.group.table)) for _ in range(DRAWS)]


@claim(
    "irrep-substitution",
    statement="with L, R and U projected to each neuron's representation the answers stay right",
    source="measured on 20 released S5 networks of Chughtai et al. (2023): accuracy at least .9985, median 1.0",
    holds_from=0.99,
    fails_below=0.9,
    matched=_matched,
)
def irrep_substitution(subject: Subject) -> Score:
    """Accuracy on all pairs when every neuron keeps only its mean and its part in the representation that dominates L.

    The details have the accuracy with that part removed from L and R instead. The matched control keeps as many random
    dimensions.
    """
    circuit, table, parts = subject.circuit, subject.data.group.table, _parts(subject)
    removed = circuit.with_tables(circuit.L - parts["L"], circuit.R - parts["R"], circuit.U)
    return Score(
        float(np.mean(answers(irrep_parts(subject)) == table)),
        {"without_irrep_part": float(np.mean(answers(removed) == table))},
    )
