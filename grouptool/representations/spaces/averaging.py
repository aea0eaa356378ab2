"""Means over a whole group by means over the steps of a chain of subgroups.

Public: transversals, average.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from weakref import WeakKeyDictionary

import numpy as np

from ...errors import RepresentationError
from ...group import Group, Subgroup
from ..representation import Representation

__all__ = ["average", "transversals"]

SMALL_INDEX = 6
"""Steps of at most this index are not refined."""
TRIES = 12
"""Elements that are tried to refine a step."""
CHUNK = 4_000_000
"""Most entries that one batch of products holds: 64 MB of complex numbers."""
KEPT_ENTRIES = 500_000
"""Up to so many entries all matrices of a representation are made rather than single ones along words."""

_matrices: WeakKeyDictionary[Representation, dict[bool, list[np.ndarray]]] = WeakKeyDictionary()
_chains: WeakKeyDictionary[Group, tuple[np.ndarray, ...]] = WeakKeyDictionary()


def transversals(group: Group) -> tuple[np.ndarray, ...]:
    """Right transversals T_1, ..., T_l of a chain 1 = H_0 < ... < H_l = G; each element is t_1 t_2 ... t_l in one way.

    The chain is that of point stabilisers in ``group.permutations``; long steps are refined by subgroups <K, x>. The
    sum of the indices, not the order, is what a mean costs: 27 for S7. Kept for a group as long as the group lives.

    Returns:
        Arrays of elements, the first of each is 0; their lengths multiply to the order.
    """
    if group not in _chains:
        _chains[group] = tuple(_steps(group))
    return _chains[group]


def average(
    first: Representation, second: Representation | Sequence[Representation], samples: np.ndarray
) -> np.ndarray:
    """The mean over the group of second(g)^-1 X first(g): the projection to maps that commute with the group.

    Args:
        second: a representation, or several that stand for their tensor product and are applied one after the other.
        samples: shape (c, d2, d1), any matrices X.

    Returns:
        Shape (c, d2, d1): matrices T with T first(g) = second(g) T. Cost: for each sample as many products
        d2 x d2 x d1 x d1 as the indices of ``transversals`` sum to.

    Raises:
        RepresentationError: the representations belong to different groups.

    Source: Serre, Linear Representations of Finite Groups (1977), section 2.2, the proof of corollary 1.
    """
    lefts = (second,) if isinstance(second, Representation) else second
    for one in lefts:
        expect_one_group(first, one)
    for step, chosen in enumerate(transversals(first.group)):
        samples = _mean(first, lefts, step, len(chosen), samples)
    return samples


def expect_one_group(first: Representation, second: Representation) -> None:
    """RepresentationError unless two representations are of one group on the same generators."""
    one, other = first.group, second.group
    if one is not other and (one != other or one.generators != other.generators):
        raise RepresentationError(
            f"{first.name} belongs to {one.name} and {second.name} to {other.name}; both must be of one group, on the "
            "same generators"
        )


def _mean(
    first: Representation, lefts: Sequence[Representation], step: int, index: int, samples: np.ndarray
) -> np.ndarray:
    widest = max(first.degree, *(one.degree for one in lefts))
    length = max(1, CHUNK // max(1, samples.size, widest**2))
    total: np.ndarray | float = 0.0
    for start in range(0, index, length):
        batch = slice(start, start + length)
        factors = [_step_matrices(one, step, batch, inverted=True) for one in lefts]
        factors.append(_step_matrices(first, step, batch, inverted=False).transpose(0, 2, 1))
        # The index of X that the next factor meets comes first; done with, it goes to the end.
        moved = np.moveaxis(samples, 0, -1)[None]
        for factor in factors:
            moved = factor @ moved.reshape(len(moved), factor.shape[1], -1)
            moved = moved.transpose(0, 2, 1)
        total = total + moved.sum(axis=0)
    return np.asarray(total / index).reshape(samples.shape)


def _step_matrices(representation: Representation, step: int, batch: slice, *, inverted: bool) -> np.ndarray:
    """Shape (m, d, d): the matrices of part of a transversal, or of the inverses; kept when they are not many."""
    chain = transversals(representation.group)
    chosen = [representation.group.inverses[one] if inverted else one for one in chain]
    if sum(map(len, chain)) * representation.degree**2 > CHUNK:
        return matrices_of(representation, chosen[step][batch])
    kept = _matrices.setdefault(representation, {})
    if inverted not in kept:
        kept[inverted] = [matrices_of(representation, one) for one in chosen]
    return kept[inverted][step][batch]


def matrices_of(representation: Representation, elements: np.ndarray) -> np.ndarray:
    """Shape (m, d, d): the matrices of chosen elements, without making all of them when they are many."""
    entries = representation.group.order * representation.degree**2
    if "matrices" in representation.__dict__ or entries <= KEPT_ENTRIES:
        return np.asarray(representation.matrices[elements])
    return np.stack([representation.matrix(int(g)) for g in elements])


def _steps(group: Group) -> Iterator[np.ndarray]:
    """The transversals, lowest step first."""
    below = group.trivial_subgroup
    for above in _stabilizers(group)[1:]:
        yield from _refined(group, below, above, np.random.default_rng(0))
        below = above


def _stabilizers(group: Group) -> list[Subgroup]:
    """The point stabilisers, from 1 up to the group, each point the first that the subgroup above moves."""
    inside, chain = np.ones(group.order, dtype=bool), [group.whole]
    for point in range(group.degree):
        if chain[-1].order == 1:
            break
        smaller = inside & (group.permutations[:, point] == point)
        if smaller.sum() < chain[-1].order:
            inside = smaller
            chain.append(Subgroup(group, inside))
    return chain[::-1]


def _refined(group: Group, below: Subgroup, above: Subgroup, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """The step from K to H, or the steps to the smallest <K, x> between that is found and from it."""
    index = above.order // below.order
    if index > SMALL_INDEX:
        tried = [group.extended(below.mask, below.generators, int(x)) for x in _outside(below, above, rng)]
        smallest = min(tried, key=np.count_nonzero)
        if np.count_nonzero(smallest) < above.order:
            between = Subgroup(group, smallest)
            yield from _refined(group, below, between, rng)
            yield from _refined(group, between, above, rng)
            return
    if index > 1:
        cosets = below.right_cosets[above.elements]
        yield above.elements[np.unique(cosets, return_index=True)[1]]


def _outside(below: Subgroup, above: Subgroup, rng: np.random.Generator) -> np.ndarray:
    outside = np.flatnonzero(above.mask & ~below.mask)
    return rng.permutation(outside)[:TRIES]
