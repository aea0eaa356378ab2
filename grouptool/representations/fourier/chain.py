"""Chains of subgroups, and irreps adapted to them: restricted to the next subgroup they are block diagonal.

Public: Level, adapted_levels, stabilizer_chain, composition_chain, IrrepsOf.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ...errors import RepresentationError
from ...group import Group, Subgroup
from ...structure.chief import composition_series
from ..representation import TOLERANCE, Representation
from .frames import Action, adapting_basis
from .transform import FourierBasis

__all__ = ["IrrepsOf", "Level", "adapted_levels", "composition_chain", "stabilizer_chain"]

IrrepsOf = Callable[[Group], Sequence[Representation]]
"""All unitary irreps of a group, each once."""


@dataclass(frozen=True, eq=False)
class Level:
    """A subgroup H in the chain, its irreps adapted to the rest of the chain, and how they are cut by the next one, K.

    Attributes:
        basis: of H as a group of its own.
        changes: for each irrep a unitary C, shape (d, d): the irrep that was given is C rho(h) C*, rho the adapted one.
        elements: shape (|K|,): the elements of K by their numbers in H; of the last level, empty.
        transversal: shape (index,): representatives of the left cosets tK by their numbers in H, 1 first.
        blocks: for each irrep of H, the irreps of K along the diagonal of its restriction, in order, by their rows.
    """

    basis: FourierBasis
    changes: tuple[np.ndarray, ...]
    elements: np.ndarray
    transversal: np.ndarray
    blocks: tuple[tuple[int, ...], ...]


def stabilizer_chain(group: Group) -> tuple[Subgroup, ...]:
    """G > G_x > G_xy > ... > 1: stabilizers of more and more points, the last point first; without repeats.

    For S_n it is S_n > S_(n-1) > ..., to which Young's seminormal and orthogonal forms are adapted.
    """
    chain = [group.whole]
    for point in range(group.degree - 1, -1, -1):
        fixing = chain[-1].mask & (group.permutations[:, point] == point)
        if np.count_nonzero(fixing) < chain[-1].order:
            chain.append(Subgroup(group, fixing))
    return tuple(chain)


def composition_chain(group: Group) -> tuple[Subgroup, ...]:
    """A composition series, G > ... > 1; indices are primes when the group is solvable."""
    return tuple(composition_series(group))


def adapted_levels(basis: FourierBasis, chain: Sequence[Subgroup], irreps_of: IrrepsOf) -> tuple[Level, ...]:
    """Irreps of every group in a chain that restrict to each other in blocks, from unitary irreps of each.

    Args:
        basis: the irreps of G, which may be adapted or not.
        chain: G = H_0 > H_1 > ..., strictly descending, G itself included; need not reach 1.
        irreps_of: asked for the irreps of each H_i, i > 0, as a group of its own (``Subgroup.as_group``).

    Irreps that are adapted already (Young's orthogonal form, the natural chain) stay as they are, blocks in their
    order; others are conjugated by an averaging projection, blocks in the order of the irreps of the subgroup.

    Raises:
        RepresentationError: the chain does not descend from G, or irreps fail the checks of ``FourierBasis``.

    Source: Clausen, Fast generalized Fourier transforms, Theoret. Comput. Sci. 67 (1989); Serre (see ``frames``).
    """
    _check_chain(basis.group, chain)
    groups = [basis.group, *(subgroup.as_group() for subgroup in chain[1:])]
    bases = [basis, *(_basis(group, irreps_of) for group in groups[1:])]
    nothing = np.zeros(0, dtype=np.int64)
    last = bases[-1]
    levels = [Level(last, tuple(np.eye(d) for d in last.degrees), nothing, nothing, ())]
    for k in range(len(chain) - 2, -1, -1):
        levels.append(_adapted(bases[k], chain[k], chain[k + 1], levels[-1].basis))
    return tuple(reversed(levels))


def _check_chain(group: Group, chain: Sequence[Subgroup]) -> None:
    if not chain or chain[0].group != group or chain[0].order != group.order:
        raise RepresentationError(f"a chain of subgroups of {group.name} starts with the whole group")
    for upper, lower in pairwise(chain):
        if not lower < upper:
            raise RepresentationError(f"the chain does not descend: {lower!r} is no proper subgroup of {upper!r}")


def _basis(group: Group, irreps_of: IrrepsOf) -> FourierBasis:
    if group.order == 1:
        return FourierBasis(group, [Representation(group, np.ones((len(group.generators), 1, 1)), "1a")])
    return FourierBasis(group, irreps_of(group))


def _adapted(basis: FourierBasis, upper: Subgroup, lower: Subgroup, below: FourierBasis) -> Level:
    elements = np.searchsorted(upper.elements, lower.elements)
    transversal = _left_transversal(basis.group, elements)
    images_below, below_generators = _generator_images(below), list(below.group.generators)
    irreps, changes, blocks = [], [], []
    for row, irrep in enumerate(basis.irreps):
        values = basis.values(row)[elements]
        found = _blocks(values[below_generators], images_below)
        change = np.eye(irrep.degree)
        if found is None:
            multiplicities = _multiplicities(values, below)
            change = adapting_basis(below, _action(values), multiplicities)
            found = tuple(np.repeat(np.arange(len(below)), multiplicities).tolist())
            images = change.conj().T @ np.stack([basis.values(row)[g] for g in basis.group.generators]) @ change
            irrep = Representation(basis.group, images, irrep.name)
        irreps.append(irrep)
        changes.append(change)
        blocks.append(found)
    same = all(new is old for new, old in zip(irreps, basis.irreps, strict=True))
    adapted = basis if same else FourierBasis(basis.group, irreps)
    return Level(adapted, tuple(changes), elements, transversal, tuple(blocks))


def _action(values: np.ndarray) -> Action:
    return lambda block, vectors: np.asarray(values[block] @ vectors)


def _left_transversal(group: Group, elements: np.ndarray) -> np.ndarray:
    mask = np.zeros(group.order, dtype=bool)
    mask[elements] = True
    return np.unique(Subgroup(group, mask).left_cosets, return_index=True)[1]


def _blocks(images: np.ndarray, below: dict[int, tuple[np.ndarray, np.ndarray]]) -> tuple[int, ...] | None:
    """The irreps along the diagonal, when the generators' matrices (r, d, d) are block diagonal with these already."""
    found: list[int] = []
    at, rest = 0, np.abs(images) > TOLERANCE
    while at < images.shape[-1]:
        for degree, (rows, candidates) in below.items():
            block = slice(at, at + degree)
            part = images[:, block, block]
            if part.shape[-1] < degree:
                continue
            gaps = np.abs(candidates - part).max(axis=(1, 2, 3), initial=0.0)
            if gaps.min() < TOLERANCE:
                found.append(int(rows[gaps.argmin()]))
                rest[:, block, block] = False
                at += degree
                break
        else:
            return None
    return None if rest.any() else tuple(found)


def _generator_images(basis: FourierBasis) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """For each degree the rows of the irreps and their matrices of the generators, shape (m, r, d, d)."""
    generators = list(basis.group.generators)
    images = basis.split(basis.matrix[generators])
    rows = {int(d): np.flatnonzero(basis.degrees == d) for d in np.unique(basis.degrees)}
    return {d: (chosen, np.stack([images[row] for row in chosen])) for d, chosen in rows.items()}


def _multiplicities(values: np.ndarray, below: FourierBasis) -> np.ndarray:
    traces = np.trace(values, axis1=1, axis2=2)[below.classes.representatives]
    means = below.characters.conj() @ (traces * below.classes.sizes) / below.group.order
    return np.asarray(np.rint(means.real), dtype=np.int64)
