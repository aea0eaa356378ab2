"""Unitary irreps of small groups, by splitting the dense regular representation, apart from the library's own."""

from __future__ import annotations

from functools import cache

import numpy as np
from strategies import named

from grouptool import Group
from grouptool.representations import CharacterTable, character_table
from grouptool.representations.representation import Representation


@cache
def table_and_irreps(name: str) -> tuple[CharacterTable, tuple[Representation, ...]]:
    """The table of a group by name, and a unitary irrep for each row."""
    return split_regular(named(name))


def split_regular(group: Group) -> tuple[CharacterTable, tuple[Representation, ...]]:
    """A Hermitian convolution with random weights commutes with translations; its eigenspaces are irreducible."""
    table = character_table(group)
    rng = np.random.default_rng(5)
    weights = rng.standard_normal(group.order) + 1j * rng.standard_normal(group.order)
    weights = weights + weights[group.inverses].conj()
    quotients = group.table[group.inverses].T  # at (x, z): z^-1 x
    values, vectors = np.linalg.eigh(weights[quotients])
    traces = table.complex[:, table.classes.class_of]
    found: list[Representation | None] = [None] * len(table)
    start = 0
    while start < group.order:
        end = int(np.searchsorted(values, values[start] + 1e-7))
        copy = vectors[:, start:end]
        images = np.array([copy.conj().T @ copy[group.table[group.inverses[g]]] for g in group.generators])
        images = images.reshape(-1, end - start, end - start)
        made = Representation(group, images)
        row = int(np.abs(traces - np.trace(made.matrices, axis1=1, axis2=2)).max(axis=1).argmin())
        found[row], start = made, end
    assert all(one is not None and one.degree == d for one, d in zip(found, table.degrees, strict=True))
    return table, tuple(one for one in found if one is not None)
