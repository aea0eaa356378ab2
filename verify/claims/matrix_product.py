"""Claim: what neurons compute of both inputs together is the matrix product rho(x) rho(y)."""

from __future__ import annotations

import numpy as np

from grouptool.errors import NoEvidenceError

from .claim import Score, Subject, claim

NEURONS = 12
"""Neurons that are fitted, the heaviest of those at home in one representation."""
MOST_ENTRIES = 1_300
"""Products of entries (D^4) up to which all are fitted: dimension 6."""
PAIRS = 6_000
"""Pairs that are drawn at most, half to fit and half to judge."""


@claim(
    "matrix-product",
    statement="the part of a neuron that depends on both inputs lies in the entries of rho(x) rho(y)",
    source="the hidden layer of Chughtai, Chan, Nanda (2023), arXiv:2302.03025, put to the test of a 2026 "
    "reproduction: credit the account only if the d^2 entries of rho(xy) do as well, held out, as the d^4 products of "
    "entries. Holds from nine tenths of that, fails below half",
    holds_from=0.9,
    fails_below=0.5,
    tier="full",
)
def matrix_product(subject: Subject) -> Score:
    """Held-out share of variance that the entries of rho(xy) explain, over that of all products rho(x)_ij rho(y)_kl.

    Functions of x alone and of y alone are taken off first. Linear fits for the heaviest neurons, weighted; half of the
    pairs fit, half judge. Raises NoEvidenceError when no neuron is at home in one representation, when D^4 is above
    1,300, in one dimension, where there is only one product, or when the products explain less than .02.
    """
    weights = np.where(subject.home >= 0, subject.circuit.neuron_weights, 0)
    heavy = np.argsort(-weights, kind="stable")[:NEURONS]
    heavy = heavy[weights[heavy] > 0]
    if not heavy.size:
        raise NoEvidenceError("no neuron is at home in one representation")
    shares = np.zeros(2)
    for place in np.unique(subject.home[heavy]).tolist():
        dimension = subject.data.constituents[place].dimension
        if dimension > 1 and dimension**4 <= MOST_ENTRIES:
            shares += _shares(subject, place, heavy[subject.home[heavy] == place])
    matrix, bilinear = (float(share) for share in shares / weights[heavy].sum())
    if bilinear < 0.02:
        raise NoEvidenceError(f"products of entries explain {bilinear:.3f} of the neurons, too little to compare")
    return Score(max(matrix, 0.0) / bilinear, {"matrix_product": matrix, "bilinear": bilinear, "neurons": len(heavy)})


def _shares(subject: Subject, place: int, neurons: np.ndarray) -> np.ndarray:
    """Shape (2,): weighted held-out shares for the entries of rho(xy) and for all products of entries."""
    circuit, group = subject.circuit, subject.data.group
    matrices = subject.data.irrep(place).matrices
    hidden = circuit.hidden(circuit.L[:, None, neurons], circuit.R[None, :, neurons])
    hidden -= hidden.mean(axis=1, keepdims=True)
    hidden -= hidden.mean(axis=0, keepdims=True)
    pairs = np.random.default_rng(0).permutation(group.order**2)[:PAIRS]
    x, y = np.divmod(pairs, group.order)
    wanted = hidden[x, y]
    entries = matrices.reshape(group.order, -1)
    both = entries[group.table[x, y]], (entries[x][:, :, None] * entries[y][:, None, :]).reshape(len(x), -1)
    weights = circuit.neuron_weights[neurons]
    return np.array([_held_out(features, wanted) @ weights for features in both])


def _held_out(features: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Shape (m,): share of the held-out half's variance that a linear fit on the other half explains, at least 0."""
    middle = len(features) // 2
    gram = features[:middle].T @ features[:middle]
    # The entries of real forms of complex type depend on each other: a trace of ridge in place of a rank decision.
    ridge = 1e-8 * np.trace(gram) / len(gram)
    fitted = np.linalg.solve(gram + ridge * np.eye(len(gram)), features[:middle].T @ wanted[:middle])
    left = ((wanted[middle:] - features[middle:] @ fitted) ** 2).sum(axis=0)
    return np.asarray(np.maximum(1 - left / np.maximum((wanted[middle:] ** 2).sum(axis=0), 1e-300), 0))
