"""What a trained quadratic network looks like, in the terms of the margin theorem: irreps, masses, rank one, alignment.

Public: MarginReading, read_network.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grouptool.group import Group
from grouptool.representations import isotypic_energies, real_constituents, real_irrep

from .network import margins, norm_cubed
from .program import MarginProgram

__all__ = ["MarginReading", "read_network"]

LIVE = 1e-4
"""Least share of the largest mass with which a neuron counts as live."""

LINES = {"R": 1, "C": 2, "H": 4}
"""Real dimension of a line over the real, complex or quaternionic numbers, by the type of an irrep."""


@dataclass(frozen=True, eq=False)
class MarginReading:
    """One network, read. Means are weighted by the masses ||omega||_2^3 of the neurons.

    Attributes:
        margin: least margin over ||theta||_{2,3}^3.
        shares: shape (q,): share of the mass in each non-trivial irrep.
        purity: mean share of a neuron's energy in its best irrep. live: neurons with at least 1e-4 of the largest mass.
        counts: shape (q,): live neurons by their best irrep.
        agreement: share of the live neurons whose left, right and out have one best irrep.
        rank_one: mean share of the energy of the Fourier coefficients on one line over R, C or H, the least of the
            three weights of a neuron. alignment: mean overlap of the lines: with u ~ x y, v ~ y z, w ~ x z, of both x,
            both y, both z, the least of them. Both are 1 by definition for irreps that are one line.
        balance: mean of the least over the greatest of ||u||^2, ||v||^2, ||w||^2.
        class_margins, class_spreads: shape (q,): the least margin of the answers in each class, and the largest less
            the least, in units of the network's own normalised margin.
        accuracy: share of the pairs with the right answer on top.
    """

    margin: float
    shares: np.ndarray
    purity: float
    live: int
    counts: np.ndarray
    agreement: float
    rank_one: float
    alignment: float
    balance: float
    class_margins: np.ndarray
    class_spreads: np.ndarray
    accuracy: float


def read_network(group: Group, program: MarginProgram, weights: np.ndarray, *, lines: bool = True) -> MarginReading:
    """Read a network of shape (3, n, m) on the group that the program is of.

    Args:
        lines: whether to look at rank and alignment, which needs matrices of the irreps; else they are 1.

    Cost: q n^2 m, the n^3 margins, and the matrices of the irreps that have neurons.
    """
    masses = (weights**2).sum(axis=(0, 1)) ** 1.5
    energies = np.stack([isotypic_energies(real_constituents(program.table), part) for part in weights])
    total = np.maximum(energies.sum(axis=(0, 1)), 1e-300)
    inside = energies[:, 1:]  # row 0 is the trivial representation: no margin comes from it, but norm is spent on it
    best = inside.sum(axis=0).argmax(axis=0)
    live = masses > LIVE * masses.max()
    weight = masses / masses.sum()
    agree = (inside.argmax(axis=1) == best).all(axis=0)
    norms = (weights**2).sum(axis=1)
    balance = norms.min(axis=0) / np.maximum(norms.max(axis=0), 1e-300)
    rank_one, alignment = np.ones(len(masses)), np.ones(len(masses))
    for irrep in np.unique(best[live]).tolist() if lines else []:
        chosen = np.flatnonzero(live & (best == irrep))
        rank_one[chosen], alignment[chosen] = _lines(program, irrep, weights[:, :, chosen])
    lead = margins(group, weights)
    least, spread = _by_class(group, program, lead)
    smallest = float(lead.min())
    return MarginReading(
        margin=smallest / norm_cubed(weights),
        shares=(inside.sum(axis=0) / total) @ weight,
        purity=float((inside.sum(axis=0).max(axis=0) / total) @ weight),
        live=int(live.sum()),
        counts=np.bincount(best[live], minlength=len(program.constituents)),
        agreement=float(agree[live].mean()),
        rank_one=float(rank_one @ weight),
        alignment=float(alignment @ weight),
        balance=float(balance @ weight),
        class_margins=least / max(abs(smallest), 1e-300),
        class_spreads=spread / max(abs(smallest), 1e-300),
        accuracy=float((lead.min(axis=2) > 0).mean()),
    )


def _lines(program: MarginProgram, irrep: int, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shapes (m,): energy on one line, and overlap of the lines, of neurons that live in one irrep."""
    constituent = program.constituents[irrep]
    line = LINES[constituent.type]
    if constituent.dimension == line:
        return np.ones(weights.shape[2]), np.ones(weights.shape[2])
    matrices = real_irrep(constituent).matrices
    found = [np.linalg.svd(np.einsum("am,axy->mxy", part, matrices)) for part in weights]
    energies = [(one.S[:, :line] ** 2).sum(axis=1) / np.maximum((one.S**2).sum(axis=1), 1e-300) for one in found]
    (x, y), (y_again, z), (x_again, z_again) = ((one.U[:, :, :line], one.Vh[:, :line].mT) for one in found)
    pairs = ((x, x_again), (y, y_again), (z, z_again))
    overlaps = [((one.mT @ other) ** 2).sum(axis=(1, 2)) / line for one, other in pairs]
    return np.min(energies, axis=0), np.min(overlaps, axis=0)


def _by_class(group: Group, program: MarginProgram, lead: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shapes (q,): the least margin of the answers c with a b c^-1 in each class, and the greatest less the least."""
    number = np.full(len(program.table), -1)
    for place, classes in enumerate(program.classes):
        number[list(classes)] = place
    quotients = number[program.table.classes.class_of[group.table[:, group.inverses]]]  # (ab, c)
    least, most = np.full(len(program.classes), np.inf), np.full(len(program.classes), -np.inf)
    for rows, products in zip(lead, group.table, strict=True):
        places = quotients[products]
        wrong = places >= 0
        np.minimum.at(least, places[wrong], rows[wrong])
        np.maximum.at(most, places[wrong], rows[wrong])
    return least, most - least
