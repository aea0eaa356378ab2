"""Unitary irreps for tests of what is built on them: the regular representation, split at random."""

from __future__ import annotations

import numpy as np

from grouptool import Group
from grouptool.representations import CharacterTable, character_table
from grouptool.representations.representation import Representation

__all__ = ["split_irreps"]


def split_irreps(group: Group, seed: int = 0) -> list[Representation]:
    """All irreps, in the order of the rows of the character table, each in a random basis."""
    table = character_table(group)
    return [_irrep(table, row, np.random.default_rng([seed, row])) for row in range(len(table))]


def _irrep(table: CharacterTable, row: int, rng: np.random.Generator) -> Representation:
    group, degree = table.group, int(table.degrees[row])
    images = table.complex[row][table.classes.class_of[list(group.generators)]].reshape(-1, 1, 1)
    if degree > 1:
        # Functions with (d/n) conj chi * f = f are d copies under left translations, which right convolutions mix.
        quotients = table.classes.class_of[group.table[:, group.inverses]]
        projector = table.complex[row].conj()[quotients] * (degree / group.order)
        space = np.linalg.qr(projector @ _gauss(rng, (group.order, degree**2)))[0]
        weights = _gauss(rng, (group.order,))
        weights += weights.conj()[group.inverses]
        mixed = space.conj().T @ weights[group.table[group.inverses].T] @ space
        copy = space @ np.linalg.eigh((mixed + mixed.conj().T) / 2)[1][:, :degree]
        copy = copy @ np.linalg.qr(_gauss(rng, (degree, degree)))[0]
        moved = np.stack([copy.conj().T @ copy[group.table[group.inverses[g]]] for g in group.generators])
        left, _, right = np.linalg.svd(moved)  # the nearest unitary matrices: the copy is invariant up to rounding
        images = left @ right
    return Representation(group, images, f"{group.name}: {table.names[row]}")


def _gauss(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
