"""Networks of several seeds compared: occupancy against chance with exact tests, and neurons matched up to symmetry.

Public: Occupancy, Match, occupancy, match_neurons, best_assignment, exact_interval, binomial_tail,
order_test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import permutations
from typing import Any

import numpy as np

from grouptool.errors import NetworkError

from .claims import Subject
from .groupdata import GroupData
from .reading import Circuit

__all__ = [
    "Match",
    "Occupancy",
    "best_assignment",
    "binomial_tail",
    "exact_interval",
    "match_neurons",
    "occupancy",
    "order_test",
]

USED = 0.01
"""Share of the neuron weight above which a network uses a representation: the 1 % of energy of published key counts."""
MOST_ORDERED = 8
"""Representations whose orders are all tried: 40,320 of them."""


@dataclass(frozen=True)
class Occupancy:
    """How often networks use one representation.

    Attributes:
        name: of the representation. orbit: its least rho-set. seeds, used: networks, and those that use it.
        share: mean share of the neuron weight at home in it. chance: share that random functions have in it, d/(n - 1).
        low, high: 95 % interval of the probability that a network uses it (Clopper and Pearson, exact).
        p_value: probability, when every network's representations were a random set of as many, that at least ``used``
            networks use it: exact, the tail of a sum of independent events of probability (number used) / (number).
    """

    name: str
    orbit: int
    seeds: int
    used: int
    share: float
    chance: float
    low: float
    high: float
    p_value: float

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


@dataclass(frozen=True)
class Match:
    """Two networks compared neuron by neuron.

    Attributes:
        partner: shape (m,): the neuron of the second network for each of the first, -1 where it has too few.
        similarity: shape (m,): the mean of their cosines in L, R and U, centred; 0 without a partner.
        mean: similarity weighted by the first network's neurons. chance: the same after the second network's elements
            were permuted at random, which keeps all but what its tables have to do with the group.
    """

    partner: np.ndarray
    similarity: np.ndarray
    mean: float
    chance: float


def occupancy(subjects: Sequence[Subject]) -> list[Occupancy]:
    """Occupancy of every non-trivial representation over networks on one group, the most used first.

    Raises NetworkError without networks, or when they are not on the same group.
    """
    data = _common(subjects)
    shares = np.array([_shares(subject) for subject in subjects])
    used = shares > USED
    expected = used.mean(axis=1)
    rows = []
    for place, one in enumerate(data.constituents):
        count = int(used[:, place].sum())
        low, high = exact_interval(count, len(subjects))
        rows.append(
            Occupancy(
                one.name,
                int(data.least_orbits[place]),
                len(subjects),
                count,
                float(shares[:, place].mean()),
                one.isotypic_dimension / (data.group.order - 1),
                low,
                high,
                _tail(expected, count),
            )
        )
    return sorted(rows, key=lambda row: (-row.used, -row.share))


def _common(subjects: Sequence[Subject]) -> GroupData:
    if not subjects:
        raise NetworkError("no networks were given to compare")
    group = subjects[0].data.group
    if any(not np.array_equal(one.data.group.table, group.table) for one in subjects):
        raise NetworkError("the networks are on different groups, or on different orders of their elements")
    return subjects[0].data


def _shares(subject: Subject) -> np.ndarray:
    home = subject.home >= 0
    weights = subject.circuit.neuron_weights[home]
    return np.bincount(subject.dominant["L"][home], weights, minlength=len(subject.data.constituents))


def _tail(probabilities: np.ndarray, count: int) -> float:
    """P(at least ``count`` of independent events of these probabilities), by adding them one at a time."""
    distribution = np.array([1.0])
    for probability in probabilities.tolist():
        distribution = np.convolve(distribution, (1 - probability, probability))
    return float(min(1.0, distribution[count:].sum()))


def binomial_tail(count: int, trials: int, probability: float) -> float:
    """P(X >= count) for X binomial, by adding one trial at a time."""
    return _tail(np.full(trials, probability), count)


def exact_interval(count: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """The interval of Clopper and Pearson for a probability, by bisection of exact binomial tails.

    Source: Clopper, Pearson (1934), Biometrika 26.
    """
    beyond = (1 - level) / 2
    low = _bisect(lambda p: binomial_tail(count, trials, p) - beyond) if count else 0.0
    high = _bisect(lambda p: binomial_tail(count + 1, trials, p) - (1 - beyond)) if count < trials else 1.0
    return low, high


def _bisect(rising: Callable[[float], float]) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2


def order_test(counts: Sequence[float], predicted: Sequence[float]) -> tuple[float, float]:
    """Whether large counts go with small predictions: Kendall's tau-a of counts and -predicted, and its exact p-value.

    Args:
        counts: how often each of c representations is used. predicted: a number for each, small for often used ones, as
            the size of the least rho-set.

    Returns:
        tau in [-1, 1], and the share of the c! orders of the counts with a tau at least as large: the chance of it when
        the prediction says nothing.

    Raises:
        NetworkError: not 2 to 8 representations, or the two differ in number; with one nothing is ordered, beyond 8
            there are too many orders to count.
    """
    if len(counts) != len(predicted) or not 2 <= len(counts) <= MOST_ORDERED:
        raise NetworkError(
            f"{len(counts)} counts and {len(predicted)} predictions; 2 to {MOST_ORDERED} of each are ordered"
        )
    signs = np.sign(np.subtract.outer(predicted, predicted))
    orders = np.array(list(permutations(range(len(counts)))))
    moved = np.asarray(counts, dtype=np.float64)[orders]
    agreements = -np.einsum("ij,pij->p", signs, np.sign(moved[:, :, None] - moved[:, None, :]))
    tau = agreements[0] / (len(counts) * (len(counts) - 1))
    return float(tau), float((agreements >= agreements[0] - 0.5).mean())


def match_neurons(first: Subject, second: Subject, rng: np.random.Generator) -> Match:
    """Pair the neurons of two networks so that the similarities sum to the most.

    relu(c t) = c relu(t) for c > 0, |t| = |-t|, tanh(-t) = -tanh(t), and the order of neurons means nothing: cosines of
    each neuron's tables, the best of the activation's signs and an optimal assignment take these symmetries out.
    Symmetries of the task stay in: two networks with the same algorithm read with other vectors a and b match no better
    than chance; compare their occupancies and rho-sets for that.

    Args:
        rng: draws the permutation for ``chance``. Raises NetworkError when the networks are on different groups.

    Cost: an assignment problem of the larger width, its cube.
    """
    _common((first, second))
    moved = rng.permutation(second.circuit.order)
    circuit = second.circuit
    shuffled = circuit.with_tables(circuit.L[moved], circuit.R[moved], circuit.U[:, moved])
    partner, similarity = _matched(first.circuit, circuit)
    weights = first.circuit.neuron_weights
    chance = _matched(first.circuit, shuffled)[1]
    return Match(partner, similarity, float(similarity @ weights), float(chance @ weights))


def _matched(first: Circuit, second: Circuit) -> tuple[np.ndarray, np.ndarray]:
    cosines = []
    for name in ("L", "R", "U"):
        one, other = (
            x / np.maximum(np.linalg.norm(x, axis=0), 1e-300) for x in (first.centred[name], second.centred[name])
        )
        cosines.append(one.T @ other / 3)
    size = max(first.width, second.width)
    padded = np.zeros((size, size))
    padded[: first.width, : second.width] = np.max(
        [np.tensordot(signs, cosines, axes=1) for signs in first.kind.signs], axis=0
    )
    partner = best_assignment(padded)[: first.width]
    similarity = padded[np.arange(first.width), partner]
    return np.where(partner < second.width, partner, -1), similarity


def best_assignment(values: np.ndarray) -> np.ndarray:
    """Shape (m,): the column of each row in an assignment of largest sum. Cost: m^3.

    Args:
        values: shape (m, m).

    Source: the Hungarian method with potentials, Kuhn (1955), Jonker and Volgenant (1987).
    """
    size = len(values)
    costs = -values
    row_potential, column_potential = np.zeros(size), np.zeros(size + 1)
    row_of = np.full(size + 1, -1)  # the last column starts each search
    for row in range(size):
        row_of[size] = row
        column, reach = size, np.full(size, np.inf)
        previous, seen = np.full(size, size), np.zeros(size + 1, dtype=bool)
        while row_of[column] >= 0:
            seen[column] = True
            here = row_of[column]
            slack = costs[here] - row_potential[here] - column_potential[:size]
            open_columns = ~seen[:size]
            shorter = open_columns & (slack < reach)
            reach[shorter], previous[shorter] = slack[shorter], column
            nearest = int(np.where(open_columns, reach, np.inf).argmin())
            step = reach[nearest]
            row_potential[row_of[seen]] += step
            column_potential[seen] -= step
            reach[open_columns] -= step
            column = nearest
        while column != size:
            row_of[column] = row_of[previous[column]]
            column = int(previous[column])
    columns = np.empty(size, dtype=np.int64)
    columns[row_of[:size]] = np.arange(size)
    return columns
