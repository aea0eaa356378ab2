"""Direct products of character tables: their columns, their rows, and how to find direct factors.

Public: ProductClasses, direct_factors, product_rows, spectral.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...group import Subgroup
from ...group.group import bracketed
from ...structure.classes import ConjugacyClasses
from ..root_sums import RootSums
from .columns import Columns
from .spectra import count_eigenvalues, merged, multisets, ordered

__all__ = ["ProductClasses", "direct_factors", "product_rows", "spectral"]

MOST_CLOSURES = 32
"""Normal closures of classes that are tried as direct factors."""


@dataclass(frozen=True, eq=False)
class ProductClasses:
    """The conjugacy classes of a direct product G x H, pairs of theirs, in order of element order, size and pair.

    Attributes:
        pairs: shape (k, 2): the class of G and that of H.
    """

    first: Columns
    second: Columns
    pairs: np.ndarray

    @classmethod
    def of(cls, first: Columns, second: Columns) -> ProductClasses:
        """All pairs."""
        pairs = np.stack(np.divmod(np.arange(len(first) * len(second)), len(second)), axis=1)
        made = cls(first, second, pairs)
        return cls(first, second, pairs[np.lexsort((made.sizes, made.element_orders))])

    def __len__(self) -> int:
        return len(self.pairs)

    @property
    def name(self) -> str:
        """Both names."""
        return f"{bracketed(self.first.name)} x {bracketed(self.second.name)}"

    @property
    def order(self) -> int:
        """The product of the orders."""
        return self.first.order * self.second.order

    @property
    def exponent(self) -> int:
        """The least common multiple of the exponents."""
        return math.lcm(self.first.exponent, self.second.exponent)

    @property
    def sizes(self) -> np.ndarray:
        """Shape (k,), int64."""
        return np.asarray(self.first.sizes[self.pairs[:, 0]] * self.second.sizes[self.pairs[:, 1]])

    @property
    def element_orders(self) -> np.ndarray:
        """Shape (k,), int64."""
        return np.asarray(
            np.lcm(self.first.element_orders[self.pairs[:, 0]], self.second.element_orders[self.pairs[:, 1]])
        )

    @property
    def labels(self) -> Sequence[str]:
        """Pairs of labels."""
        one, other = self.first.labels, self.second.labels
        return [f"({one[i]}, {other[j]})" for i, j in self.pairs.tolist()]

    @property
    def inverse_map(self) -> np.ndarray:
        """Shape (k,): the class of the inverses."""
        return self._places(self.first.inverse_map, self.second.inverse_map)

    def power_map(self, exponent: int) -> np.ndarray:
        """Shape (k,): the class of the powers."""
        return self._places(self.first.power_map(exponent), self.second.power_map(exponent))

    def _places(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        images = first[self.pairs[:, 0]] * len(self.second) + second[self.pairs[:, 1]]
        return np.asarray(self._ranking[images])

    @cached_property
    def _ranking(self) -> np.ndarray:
        return np.argsort(self.pairs[:, 0] * len(self.second) + self.pairs[:, 1])


def product_rows(
    exponent: int, factors: list[tuple[np.ndarray, RootSums]], pairs: np.ndarray
) -> tuple[np.ndarray, RootSums]:
    """The products of all rows of two tables, (indices, numbers) each, in order.

    Args:
        exponent: a common multiple of the orders of all roots of unity.
        pairs: shape (k, 2): the columns of the factors that belong to each column.
    """
    (first, one), (second, other) = factors
    (owners, powers, counts), (others, steps, times) = (_flat(exponent, numbers) for numbers in (one, other))
    numbers = multisets(
        exponent,
        (owners[:, None] * len(other) + others).ravel(),
        ((powers[:, None] + steps) % exponent).ravel(),
        (counts[:, None] * times).ravel(),
    )
    left, right = first[:, pairs[:, 0]].astype(np.int64), second[:, pairs[:, 1]]
    index = (left[:, None] * len(other) + right).reshape(-1, len(pairs))
    return ordered(exponent, *merged(exponent, [(index, numbers)]))


def _flat(exponent: int, numbers: RootSums) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    lengths = np.diff(numbers.starts)
    powers = numbers.exponents * np.repeat(exponent // numbers.orders, lengths)
    return np.repeat(np.arange(len(numbers)), lengths), powers, numbers.coefficients


def spectral(columns: Columns, index: np.ndarray, numbers: RootSums) -> tuple[np.ndarray, RootSums]:
    """The same table with eigenvalue multisets as its numbers, which a table of integers, say, has not."""
    totals = np.add.reduceat(numbers.coefficients, numbers.starts[:-1])
    if (numbers.coefficients > 0).all() and (totals[index] == totals[index[:, :1]]).all():
        return index, numbers
    found = count_eigenvalues(columns, np.asarray(numbers.complex[index]))
    assert found is not None, f"the rows of the table of {columns.name} are no characters"
    return found


def direct_factors(classes: ConjugacyClasses) -> tuple[Subgroup, Subgroup] | None:
    """Two normal subgroups, not trivial, that G is the direct product of, or None when none is found.

    Tried are the normal closures N of the first classes: when Z(N) = 1 and |N| |C(N)| = |G|, G = N x C(N).
    """
    group = classes.group
    tried: set[bytes] = set()
    for x in classes.representatives[1 : MOST_CLOSURES + 1].tolist():
        normal = group.subgroup([x]).normal_closure
        key = normal.mask.tobytes()
        if key in tried or normal.order == group.order:
            continue
        tried.add(key)
        other = normal.centralizer
        if normal.order * other.order == group.order and not (normal.mask & other.mask)[1:].any():
            return normal, other
    return None
