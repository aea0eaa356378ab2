"""Character tables of S_n and A_n as CharacterTable objects, whose columns are cycle types instead of elements.

Public: CycleTypes, symmetric_character_table, alternating_character_table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ...group import smallest_unsigned
from ..characters import CharacterTable
from ..root_sums import RootSums
from .alternating import alternating_table
from .murnaghan_nakayama import symmetric_table

__all__ = ["CycleTypes", "alternating_character_table", "symmetric_character_table"]


@dataclass(frozen=True, eq=False)
class CycleTypes:
    """The classes of S_n or A_n by cycle type: columns of a table without its elements.

    Ordered by element order, then size, then cycle type. ``labels`` are cycle types, ``1^2 3`` for two fixed points and
    a cycle of three; halves of a class of S_n carry a sign.
    """

    name: str
    order: int
    exponent: int
    sizes: np.ndarray
    element_orders: np.ndarray
    labels: Sequence[str]
    given_power_map: Callable[[int], np.ndarray]

    def __len__(self) -> int:
        return len(self.sizes)

    @property
    def inverse_map(self) -> np.ndarray:
        """Shape (k,): the class of the inverses."""
        return self.power_map(-1)

    def power_map(self, exponent: int) -> np.ndarray:
        """Shape (k,): the class of g^exponent for g in each class; the exponent may be negative."""
        return self.given_power_map(exponent)


def symmetric_character_table(points: int) -> CharacterTable:
    """The character table of S_n by the rule of Murnaghan and Nakayama, n up to 28; rows are named by partitions.

    >>> symmetric_character_table(4).names
    ['[4]', '[1^4]', '[2^2]', '[3,1]', '[2,1^2]']
    """
    made = symmetric_table(points)
    sizes, orders = np.array(made.class_sizes), np.array(made.element_orders)
    distinct, index = np.unique(made.values, return_inverse=True)
    numbers = RootSums.of_integers(distinct)
    names = f"S{points}", made.order, made.class_names, made.character_names
    return _table(*names, sizes, orders, made.power_map, index.reshape(made.values.shape), numbers, made.values[:, 0])


def alternating_character_table(points: int) -> CharacterTable:
    """The character table of A_n, n up to 28; rows are named by partitions, with a sign for halves."""
    made = alternating_table(points)
    sizes = np.array([one.size for one in made.classes])
    orders = np.array([one.element_order for one in made.classes])
    whole = np.unique(made.integers)
    irrational = list(dict.fromkeys(made.irrationals.values()))
    index = np.searchsorted(whole, made.integers)
    for place, value in made.irrationals.items():
        index[place] = len(whole) + irrational.index(value)
    numbers = RootSums.of_integers(whole).extended(RootSums.of_numbers(irrational)) if irrational else None
    class_names = [one.name for one in made.classes]
    names = f"A{points}", made.order, class_names, [one.name for one in made.characters]
    degrees = made.integers[:, 0]
    return _table(*names, sizes, orders, made.power_map, index, numbers or RootSums.of_integers(whole), degrees)


def _table(
    name: str,
    order: int,
    class_names: Sequence[str],
    character_names: Sequence[str],
    sizes: np.ndarray,
    orders: np.ndarray,
    power_map: Callable[[int], np.ndarray],
    index: np.ndarray,
    numbers: RootSums,
    degrees: np.ndarray,
) -> CharacterTable:
    """With columns and rows in the order of all tables; the trivial character stays first, being the first row."""
    columns = np.lexsort((np.arange(len(sizes)), sizes, orders))
    place = np.argsort(columns)
    rows = np.argsort(degrees, kind="stable")
    types = CycleTypes(
        name,
        order,
        math.lcm(*orders.tolist()),
        sizes[columns],
        orders[columns],
        tuple(class_names[j] for j in columns),
        lambda exponent: place[power_map(exponent)[columns]],
    )
    sorted_index = index[np.ix_(rows, columns)].astype(smallest_unsigned(len(numbers)))
    return CharacterTable(types, sorted_index, numbers, tuple(character_names[i] for i in rows))
