"""Claim: on an abelian group the phases of a neuron add up."""

from __future__ import annotations

import numpy as np

from grouptool.errors import NoEvidenceError

from .claim import PURE, Score, Subject, claim


@claim(
    "phase-rule",
    statement="the phase of U is the sum of the phases of L and R at each neuron's frequency",
    source="Morwani et al. (2023), arXiv:2311.07568, theta_u + theta_v = theta_w for margin maximisers; said to hold "
    "in relu networks before grokking (2026). Holds within a mean error of 25 degrees (cosine .9), fails from 60 (.5)",
    holds_from=0.9,
    fails_below=0.5,
)
def phase_rule(subject: Subject) -> Score:
    """Weighted mean cosine of the phase error, in [-1, 1]; neurons whose L or R is not at one frequency count 0.

    Every neuron of a lookup table has the phases right, at all frequencies, hence the count; U may have harmonics,
    which relu makes and which neuron-purity judges.

    Neurons at real characters, of order two, have no phase and do not count: there right answers fix the signs.

    The phase of a table f at a character chi is that of sum over x of f(x) conj(chi(x)). The details list the
    frequencies, characters with more than a hundredth of the weight. Raises NoEvidenceError on groups that are not
    abelian.
    """
    data, circuit = subject.data, subject.circuit
    if not data.group.is_abelian:
        raise NoEvidenceError(f"{data.group.name} is not abelian: its neurons have no phases")
    rows = np.array([one.rows[0] for one in data.constituents])
    values = data.characters.complex[rows][:, data.classes.class_of].conj()  # (c, n)
    first = subject.dominant["L"]
    transforms = {name: np.einsum("mx,xm->m", values[first], table) for name, table in circuit.centred.items()}
    rotating = np.array([one.type == "C" for one in data.constituents])[first]  # a sign has no phase
    if not rotating.any():
        raise NoEvidenceError("no neuron works at a character that is not real: there are no phases")
    product = transforms["L"] * transforms["R"] * transforms["U"].conj()
    cosines = product.real / np.maximum(np.abs(product), 1e-300)
    home = np.ones(circuit.width, dtype=bool)
    for layer in ("L", "R"):
        total = np.maximum((circuit.centred[layer] ** 2).sum(axis=0), 1e-300)
        home &= subject.energies[layer][first, np.arange(circuit.width)] >= PURE * total
    used = np.bincount(first[home], weights=circuit.neuron_weights[home], minlength=len(rows))
    frequencies = {data.constituents[i].name: round(float(used[i]), 6) for i in np.flatnonzero(used > 0.01)}
    weights = circuit.neuron_weights[rotating]
    total_weight = max(float(weights.sum()), 1e-300)
    return Score(float((cosines * home)[rotating] @ weights) / total_weight, {"frequencies": frequencies})
