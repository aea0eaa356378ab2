"""Circuits of which the verdict is known beforehand: planted ones that must pass, impostors that must fail.

Public: plant_characters, plant_cosets, plant_rho_sets, lookup_table, memorised, loose_cosets, isotope, random_circuit,
isotypic_noise, latin_square, joined.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grouptool.errors import NoEvidenceError
from grouptool.group import Group
from grouptool.representations.fourier import isotypic_part
from grouptool.representations.real import RealConstituent
from grouptool.structure.cosets import left_cosets, right_cosets

from .groupdata import GroupData
from .reading import Circuit
from .rho_sets import rho_set_circuit

__all__ = [
    "isotope",
    "isotypic_noise",
    "joined",
    "latin_square",
    "lookup_table",
    "loose_cosets",
    "memorised",
    "plant_characters",
    "plant_cosets",
    "plant_rho_sets",
    "random_circuit",
]


def plant_characters(data: GroupData, constituents: Sequence[RealConstituent]) -> Circuit:
    """Weights with logits sum over rho of chi_rho(x^-1 z y^-1) exactly, every neuron in one irreducible representation.

    For each constituent rho let B be an orbit of vectors. The neurons (b, b', a) in B x B x B with

        L = <b, rho(x) a>,   R = <a, rho(y) b'>,   U = <b, rho(z) b'>

    sum to a function of x^-1 z y^-1 (renaming b and b'), which renaming a makes a class function; in z it lies in the
    matrix coefficients of rho, so it is a multiple of the character. The multiple is scaled to 1.

    Args:
        constituents: non-trivial ones; the network computes the group when their joint kernel is trivial.

    Raises:
        NoEvidenceError: the multiple is zero for the orbits tried.
    """
    parts = [_plant_character(data, one) for one in constituents]
    return joined(parts)


def _plant_character(data: GroupData, constituent: RealConstituent) -> Circuit:
    matrices = data.irrep(data.constituents.index(constituent)).matrices
    for seed in range(10):
        orbit = _smallest_orbit(data, constituent, matrices, np.random.default_rng(seed))
        images = np.einsum("xij,aj->xai", matrices, orbit)  # rho(x) a
        inner = np.einsum("bi,xai->xba", orbit, images)  # <b, rho(x) a>, also <a, rho(y) b'> with the roles exchanged
        size, n = len(orbit), data.group.order
        left = np.broadcast_to(inner[:, :, None, :], (n, size, size, size)).reshape(n, -1)  # (b, b', a)
        right = np.broadcast_to(inner.transpose(0, 2, 1)[:, None], (n, size, size, size)).reshape(n, -1)
        unembedding = np.broadcast_to(inner[..., None], (n, size, size, size)).reshape(n, -1).T
        # At x = y = 1 the logits are the multiple times the character of z.
        logits = np.maximum(left[0] + right[0], 0) @ unembedding
        multiple = logits[0] / constituent.character[0]
        if abs(multiple) > 1e-6 * np.abs(unembedding).sum(axis=0).max():
            return Circuit(left, right, unembedding / multiple)
    raise NoEvidenceError(f"no orbit of {constituent.name} gave logits that are a multiple of its character")


def plant_rho_sets(
    data: GroupData, constituents: Sequence[RealConstituent], seed: int = 0, *, generic: bool = False
) -> Circuit:
    """The rho-set circuit written down: for each representation one vector a and all pairs of a smallest orbit.

    Logits are F(x^-1 z y^-1) with F largest at 1, and no sum of characters in general; see ``verify.rho_sets``.

    Args:
        constituents: non-trivial ones; the network computes the group when their joint kernel is trivial.
        seed: of a and of the orbits. generic: take the orbit of a random vector instead, n vectors that no subgroup
            fixes: a rho-set without cosets, n^2 neurons.
    """
    rng = np.random.default_rng(seed)
    parts = []
    for one in constituents:
        irrep = data.irrep(data.constituents.index(one))
        vector = rng.standard_normal(one.dimension)
        orbit = _smallest_orbit(data, one, irrep.matrices, rng)
        if generic:
            orbit = np.unique((irrep.matrices @ (vector / np.linalg.norm(vector))).round(12), axis=0)
        a = rng.standard_normal(one.dimension)
        circuit = rho_set_circuit(irrep, a / np.linalg.norm(a), orbit)
        peak = float((np.maximum(circuit.L[0] + circuit.R[0], 0) @ circuit.U).max())
        parts.append(Circuit(circuit.L, circuit.R, 10 / peak * circuit.U))
    return joined(parts)


def _smallest_orbit(
    data: GroupData, constituent: RealConstituent, matrices: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Shape (size, d): the orbit of a unit vector that a subgroup of least index fixes."""
    candidates = [np.array([0]), *(one.representative for one in data.subgroup_classes or ())]
    place = data.constituents.index(constituent)
    fixing = [members for members in candidates if data.fixed_dimensions(members)[place]]
    members = max(fixing, key=len)
    vector = matrices[members].mean(axis=0) @ rng.standard_normal(matrices.shape[1])
    vector /= np.linalg.norm(vector)
    images = matrices @ vector
    orbit: np.ndarray = images[np.unique(images.round(9), axis=0, return_index=True)[1]]
    return orbit


def plant_cosets(group: Group, subgroups: Sequence[np.ndarray], seed: int = 0) -> Circuit:
    """The circuit of conjugate subgroups, written down: neurons constant on cosets that exclude answers.

    For each subgroup H let G act on the right cosets and v give each coset a value. The pair of neurons (i, j) computes
    +-(v(i x) - v(j y^-1)), which vanishes when x y moves i to j; it argues against the answers z with i z = j:
    logits(z) = -sum over i of |v(i x) - v(i z y^-1)|, a function of x^-1 z y^-1 with 2 [G:H]^2 neurons.

    Args:
        subgroups: members of each H, shape (|H|,); the answers are right when the joint core is trivial.
        seed: of the values v, a random order of equally spaced ones.

    Source: Stander, Yu, Fan, Biderman (2023), arXiv:2312.06581, with exact values in place of learned ones.
    """
    rng = np.random.default_rng(seed)
    parts = [_plant_cosets(group, members, rng) for members in subgroups]
    left, right, unembedding = (np.concatenate(tables, axis=1) for tables in zip(*parts, strict=True))
    return Circuit(left, right, unembedding.T)


def _plant_cosets(
    group: Group, members: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    labels = right_cosets(group, members)
    representatives = np.unique(labels, return_index=True)[1]
    points = labels[group.table[representatives]].T  # (n, index): point i moved by x
    values = rng.permutation(len(representatives)) - (len(representatives) - 1) / 2
    left = np.repeat(values[points], len(representatives), axis=1)  # neurons (i, j)
    right = -np.tile(values[points[group.inverses]], (1, len(representatives)))
    excluded = -(points[:, :, None] == np.arange(len(representatives))).reshape(group.order, -1).astype(np.float64)
    return (
        np.concatenate([left, -left], axis=1),
        np.concatenate([right, -right], axis=1),
        np.concatenate([excluded, excluded], axis=1),
    )


def loose_cosets(group: Group, members: np.ndarray, neurons: int, rng: np.random.Generator) -> Circuit:
    """An impostor of coset circuits: L and R constant on cosets of conjugates of H, but nothing is excluded.

    Values on the cosets are random and L and R do not match; U is fitted by least squares to the right answers, with
    noise, and knows no cosets. With enough neurons every answer is right.

    Args:
        members: of a subgroup H, shape (|H|,).
    """
    left, right = np.empty((2, group.order, neurons))
    for neuron, (g, h) in enumerate(rng.integers(group.order, size=(neurons, 2))):
        own, other = (
            right_cosets(group, group.conjugation(g)[members]),
            left_cosets(group, group.conjugation(h)[members]),
        )
        index = own.max() + 1
        left[:, neuron], right[:, neuron] = rng.standard_normal(index)[own], rng.standard_normal(index)[other]
    hidden = np.maximum(left[:, None] + right[None], 0).reshape(group.order**2, neurons)
    wanted = 6 * np.eye(group.order)[group.table.ravel()] + rng.standard_normal((group.order**2, group.order))
    return Circuit(left, right, np.linalg.lstsq(hidden, wanted, rcond=None)[0])


def joined(circuits: Sequence[Circuit]) -> Circuit:
    """All neurons of several circuits side by side; their logits add."""
    return Circuit(
        np.concatenate([one.L for one in circuits], axis=1),
        np.concatenate([one.R for one in circuits], axis=1),
        np.concatenate([one.U for one in circuits], axis=0),
    )


def lookup_table(group: Group, answers: np.ndarray | None = None) -> Circuit:
    """An impostor with every answer right and no algorithm: one neuron for each pair, n^2 in all.

    Args:
        answers: shape (n, n), what to look up instead of the group's table.
    """
    n = group.order
    pairs = np.arange(n * n)
    left, right, unembedding = np.zeros((n, n * n)), -np.ones((n, n * n)), np.zeros((n * n, n))
    left[pairs // n, pairs] = 1
    right[pairs % n, pairs] = 0
    unembedding[pairs, (group.table if answers is None else answers).ravel()] = 1
    return Circuit(left, right, unembedding)


def memorised(group: Group, share: float, rng: np.random.Generator) -> Circuit:
    """An impostor that memorised a share of the pairs, the rest answered at random: a lookup table of both."""
    answers = group.table.astype(np.int64).copy()
    wrong = rng.random(answers.shape) >= share
    answers[wrong] = rng.integers(group.order, size=int(wrong.sum()))
    return lookup_table(group, answers)


def isotope(circuit: Circuit, rng: np.random.Generator) -> Circuit:
    """An impostor with all of a circuit's structure, for a quasigroup: rows of L and R and answers permuted apart."""
    rows, columns, symbols = (rng.permutation(circuit.order) for _ in range(3))
    return circuit.with_tables(circuit.L[rows], circuit.R[columns], circuit.U[:, symbols])


def random_circuit(order: int, embedding: int, hidden: int, rng: np.random.Generator) -> Circuit:
    """An impostor that was never trained: weights as at the start of training, folded."""
    w_x, w_y = rng.standard_normal((2, order, embedding)) / embedding**0.5
    w = rng.standard_normal((2 * embedding, hidden)) / (2 * embedding) ** 0.5
    return Circuit.fold({"W_x": w_x, "W_y": w_y, "W": w, "W_U": rng.standard_normal((hidden, order)) / hidden**0.5})


def isotypic_noise(data: GroupData, circuit: Circuit, rng: np.random.Generator) -> Circuit:
    """A control for coset claims: each neuron's L and R become random functions in the irrep that dominates them.

    What a claim scores here, irreducible representations alone explain.
    """
    tables = []
    for name in ("L", "R"):
        table = circuit.centred[name]
        energies = np.stack([(table * isotypic_part(one, table)).sum(axis=0) for one in data.constituents])
        noise = rng.standard_normal(table.shape)
        for place, one in enumerate(data.constituents):
            mine = energies.argmax(axis=0) == place
            noise[:, mine] = isotypic_part(one, noise[:, mine])
        scale = np.linalg.norm(table, axis=0) / np.linalg.norm(noise, axis=0)
        tables.append(noise * scale)
    return circuit.with_tables(tables[0], tables[1], circuit.U)


def latin_square(group: Group, rng: np.random.Generator) -> np.ndarray:
    """Shape (n, n): a Latin square that is no group table: the group's with rows, columns and symbols permuted.

    Raises NoEvidenceError when 100 draws are all associative; at orders 1 and 2 every Latin square is.
    """
    for _ in range(100):
        rows, columns, symbols = (rng.permutation(group.order) for _ in range(3))
        square: np.ndarray = symbols[group.table[np.ix_(rows, columns)]]
        if (square[square] != square[:, square]).any():
            return square
    raise NoEvidenceError(f"no Latin square of order {group.order} that is no group table was found")
