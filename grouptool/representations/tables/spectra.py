"""Eigenvalue multisets as the entries of character tables: numbered while a table is filled, then put into order.

Public: Numbering, count_eigenvalues, distinct_places, merged, multipliers, multisets, ordered.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from ...acceleration import use_compiled
from ...group import smallest_unsigned
from ...structure.classes import ConjugacyClasses
from ..root_sums import RootSums
from .columns import Columns

__all__ = ["Numbering", "count_eigenvalues", "distinct_places", "merged", "multipliers", "multisets", "ordered"]


CHUNK = 1_000_000
"""Complex numbers that a Fourier transform takes at once."""


class Numbering:
    """Numbers for 64-bit digests in the order in which they come: 0 for the first one, and so on.

    The digest of a multiset of e-th roots of unity is the sum of their ``multipliers``: equal for equal multisets and,
    but for about 2^-40, only then.
    """

    def __init__(self) -> None:
        self._known: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._known)

    def number(self, digests: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Numbers, int64 in the shape of ``digests``, and the flat places of those that are new, in their order."""
        first, inverse = distinct_places(digests.ravel())
        before = len(self._known)
        numbers = np.array([self._known.setdefault(one, len(self._known)) for one in digests.ravel()[first].tolist()])
        return numbers[inverse].reshape(digests.shape), first[numbers >= before]


def distinct_places(flat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first place of each value, ascending, and for each place the number of its value among them."""
    if use_compiled(20 * len(flat)):
        from ._kernels import distinct

        return distinct(flat)  # type: ignore[no-any-return]
    _, first, inverse = np.unique(flat, return_index=True, return_inverse=True)
    ranking = np.argsort(first)
    return first[ranking], np.argsort(ranking)[inverse.ravel()]


@lru_cache(maxsize=64)
def multipliers(count: int) -> np.ndarray:
    """Fixed odd 64-bit numbers, so that runs agree."""
    return np.random.default_rng(0).integers(1, 2**63, size=count, dtype=np.uint64) | np.uint64(1)


def multisets(exponent: int, owners: np.ndarray, exponents: np.ndarray, counts: np.ndarray | None = None) -> RootSums:
    """The sums of the e-th roots of unity that each owner, 0 to m - 1 and none missing, has.

    Args:
        owners, exponents, counts: shape (t,): ``counts`` times (once, by default) that power of zeta_e belongs to that
            owner; several entries for one power add up.
    """
    keys = owners * exponent + exponents
    if counts is None:
        distinct, totals = np.unique(keys, return_counts=True)
    else:
        distinct, inverse = np.unique(keys, return_inverse=True)
        totals = np.bincount(inverse.ravel(), weights=counts).astype(np.int64)
    owners, exponents = np.divmod(distinct, exponent)
    starts = np.searchsorted(owners, np.arange(owners[-1] + 2))
    common = np.gcd(np.gcd.reduceat(exponents, starts[:-1]), exponent)
    return RootSums(exponent // common, starts, exponents // np.repeat(common, np.diff(starts)), totals)


def count_eigenvalues(columns: Columns, values: np.ndarray) -> tuple[np.ndarray, RootSums] | None:
    """Indices (rows, k) and numbers, eigenvalue multisets, from the float values of characters, shape (rows, k).

    None when some eigenvalue counts are not near to integers.
    """
    exponent = columns.exponent
    largest = int(np.abs(values[:, 0]).max(initial=1))
    numbering = Numbering()
    index = np.empty(values.shape, dtype=np.uint32)
    terms: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []  # owners, exponents, counts
    for powers, classes, units in _divisions(columns):
        order = len(powers)
        # Class classes[j] is a power with exponent units[j]: zeta^s becomes zeta^(s units[j]).
        exponents = np.arange(order)[:, None] * units % order * (exponent // order)
        hashes = multipliers(exponent)[exponents]
        step = max(1, min(CHUNK // order, 4 * CHUNK // (len(classes) * min(largest, order))))
        for start in range(0, len(values), step):
            part = np.fft.fft(values[start : start + step, powers], axis=1, norm="forward")
            rounded = np.rint(part.real)
            if np.abs(part - rounded).max() > 0.1:
                return None
            counts = rounded.astype(np.int64)
            known = len(numbering)
            rows, places = np.nonzero(counts)
            if not np.array_equal(firsts := np.unique(rows), np.arange(len(counts))):
                return None
            parts = counts[rows, places].astype(np.uint64)[:, None] * hashes[places]
            numbers, fresh = numbering.number(np.add.reduceat(parts, np.searchsorted(rows, firsts)))
            index[start : start + step, classes] = numbers
            rows, chosen = np.divmod(fresh, len(classes))
            owners, places = np.nonzero(counts[rows])
            terms.append((owners + known, exponents[places, chosen[owners]], counts[rows[owners], places]))
    return index, multisets(exponent, *map(np.concatenate, zip(*terms, strict=True)))


def _divisions(columns: Columns) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """For the first class of each division: the classes of 1, g, g^2, ...; those of generators of <g>; a unit each."""
    power_map = lru_cache(maxsize=None)(columns.power_map)
    waiting = np.ones(len(columns), dtype=bool)
    for j, order in enumerate(columns.element_orders.tolist()):
        if waiting[j]:
            if isinstance(columns, ConjugacyClasses):
                bases = np.full(order, columns.representatives[j])
                powers = columns.class_of[columns.group.powers(np.arange(order), bases)]
            else:
                powers = np.array([power_map(exponent)[j] for exponent in range(order)])
            units = np.flatnonzero(np.gcd(np.arange(order), order) == 1)
            classes, first = np.unique(powers[units], return_index=True)
            waiting[classes] = False
            yield powers, classes, units[first]


def merged(exponent: int, parts: list[tuple[np.ndarray, RootSums]]) -> tuple[np.ndarray, RootSums]:
    """Rows below rows, (indices, numbers) each, with one number for each multiset."""
    terms = [numbers.exponents * np.repeat(exponent // numbers.orders, np.diff(numbers.starts)) for _, numbers in parts]
    digests = [
        np.add.reduceat(multipliers(exponent)[powers] * numbers.coefficients.astype(np.uint64), numbers.starts[:-1])
        for powers, (_, numbers) in zip(terms, parts, strict=True)
    ]
    which, chosen = Numbering().number(np.concatenate(digests))
    offsets = np.cumsum([0, *(len(numbers) for _, numbers in parts)])
    rows = [which[index + offset] for (index, _), offset in zip(parts, offsets.tolist(), strict=False)]
    lengths = np.concatenate([np.diff(numbers.starts) for _, numbers in parts])
    owners = np.full(len(lengths), -1)
    owners[chosen] = np.arange(len(chosen))
    owners = np.repeat(owners, lengths)
    coefficients = np.concatenate([numbers.coefficients for _, numbers in parts])
    used = owners >= 0
    return np.concatenate(rows), multisets(exponent, owners[used], np.concatenate(terms)[used], coefficients[used])


def ordered(exponent: int, index: np.ndarray, numbers: RootSums) -> tuple[np.ndarray, RootSums]:
    """The same table with its numbers and then its rows in the order that ``CharacterTable`` states.

    Numbers are sorted by degree and then by their ascending exponents, more of the smaller ones first; so rows of
    numbers, compared place by place, are in order of degree and of eigenvalue counts.

    Args:
        exponent: that of the group.
        index: shape (k, k), the rows in any order; ``numbers``: non-negative sums of roots of unity, all distinct.
    """
    lengths = np.diff(numbers.starts)
    terms = np.empty((len(numbers.exponents), 2), dtype=">u4")
    terms[:, 0] = numbers.exponents * np.repeat(exponent // numbers.orders, lengths)
    terms[:, 1] = 0xFFFFFFFF - numbers.coefficients
    ends = (numbers.starts * terms.itemsize * 2).tolist()
    data = terms.tobytes()
    degrees = np.add.reduceat(numbers.coefficients, numbers.starts[:-1]).tolist()
    keys = [(degree, data[start:stop]) for degree, start, stop in zip(degrees, ends, ends[1:], strict=False)]
    ranking = np.array(sorted(range(len(keys)), key=keys.__getitem__))
    rank = np.empty(len(keys), dtype=smallest_unsigned(len(keys)))
    rank[ranking] = np.arange(len(keys))
    index = rank[index]
    rows = index.astype(index.dtype.newbyteorder(">"))
    sorted_rows = sorted(range(len(rows)), key=lambda i: rows[i].tobytes())
    return index[sorted_rows], _reordered(numbers, ranking)


def _reordered(numbers: RootSums, ranking: np.ndarray) -> RootSums:
    lengths = np.diff(numbers.starts)[ranking]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    places = np.arange(starts[-1]) + np.repeat(numbers.starts[ranking] - starts[:-1], lengths)
    return RootSums(numbers.orders[ranking], starts, numbers.exponents[places], numbers.coefficients[places])
