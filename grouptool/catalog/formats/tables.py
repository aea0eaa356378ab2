"""Character tables in .npz files: exact integers, read back and proved.

Public: write_table, read_table, table_arrays, table_of.

For n elements, k classes, permutations of d points and m distinct values the file has::

    name, order                      the group
    generators (s, d)                image lists, points from 0
    representatives (k, d)           of the classes, as image lists
    sizes, element_orders (k,)       of the classes
    primes (p,), power_maps (p, k)   the primes of n, and the class of g^prime for g in each class
    names, indicators (k,)           of the characters: names, and Frobenius-Schur indicators
    characters (k, k)                rows characters, columns classes: which value
    value_orders (m,)                value v is the sum of coefficients[j] * exp(2 pi i exponents[j] / orders[v])
    value_starts (m + 1,)            over the j from starts[v] up to, without, starts[v + 1]
    value_exponents (t,), value_coefficients (t,)

besides ``format`` ("character table"), ``version`` and ``checksum`` of ``arrays.save_sealed``.
"""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike

import numpy as np

from ...construct import from_permutations
from ...errors import GroupToolError, InputFileError
from ...group import TABLE_LIMIT, Group
from ...notation.tokens import MAX_TEXT
from ...representations.characters import CharacterTable, character_table
from ...representations.root_sums import RootSums
from ...structure.classes import ConjugacyClasses, conjugacy_classes
from .arrays import load_sealed, save_sealed
from .portable import image_lists

__all__ = ["read_table", "table_arrays", "table_of", "write_table"]

KIND = "character table"
MOST_POINTS = 100_000
BLOCK = 256
"""Elements whose image lists are widened at a time."""


def write_table(path: str | PathLike[str], table: CharacterTable) -> None:
    """A character table in an .npz file, in the layout at the head of this module, whole or not at all.

    Raises:
        TooLargeError: the table was made without the elements of its group, or takes more than 500 MB.
        InputFileError: the path does not end in .npz or cannot be written.
    """
    save_sealed(path, KIND, table_arrays(table))


def read_table(path: str | PathLike[str]) -> CharacterTable:
    """The character table that ``write_table`` wrote, with its classes, rows and names in the same order.

    The file is not believed: the group is built from its generators, classes, power maps and characters are computed
    again, and every exact value is compared. So a file that is read is true, whoever wrote it.

    Raises:
        InputFileError: the file cannot be read, or something in it is not so; the message says what.

    Cost: as ``character_table``.
    """
    return table_of(path, load_sealed(path, KIND))


def table_arrays(table: CharacterTable) -> dict[str, np.ndarray]:
    """The arrays of a file, without its seal."""
    classes, group, numbers = table.classes, table.group, table.numbers
    maps = classes.power_maps
    return {
        "name": np.array(group.name),
        "order": np.array(group.order),
        "generators": image_lists(group),
        "representatives": np.asarray(group.permutations[classes.representatives]),
        "sizes": np.asarray(classes.sizes, dtype=np.int64),
        "element_orders": np.asarray(classes.element_orders, dtype=np.int64),
        "primes": np.array(list(maps), dtype=np.int64),
        "power_maps": np.array(list(maps.values()), dtype=np.int64).reshape(len(maps), len(table)),
        "names": np.array(table.names),
        "indicators": table.indicators,
        "characters": table.index,
        "value_orders": numbers.orders,
        "value_starts": numbers.starts,
        "value_exponents": numbers.exponents,
        "value_coefficients": numbers.coefficients,
    }


def table_of(path: str | PathLike[str], arrays: Mapping[str, np.ndarray]) -> CharacterTable:
    """The table of a file's arrays, proved; errors as ``read_table``."""
    try:
        classes = _classes(arrays)
        table = character_table(classes)
        names = _vector(arrays, "names", len(table), kind="U").tolist()
        if names != table.names:
            if max(map(len, names)) > MAX_TEXT:
                raise _UntrueError("a name is too long")
            table = CharacterTable(classes, table.index, table.numbers, tuple(names))
        _compare_values(arrays, table)
        _compare(arrays, "indicators", table.indicators)
    except _UntrueError as fault:
        raise InputFileError(f"{path} is no character table of its group: {fault}") from None
    except GroupToolError as error:
        raise InputFileError(f"{path} is no character table of its group: {error}") from None
    return table


class _UntrueError(ValueError):
    """What is wrong in a file; its reader adds the path."""


# -- the group and its classes


def _classes(arrays: Mapping[str, np.ndarray]) -> ConjugacyClasses:
    """The classes of the group that the file's generators make, in the file's order."""
    group = _group(arrays)
    given = _integers(arrays, "representatives", 2)
    if not group.generators and np.array_equal(given, np.arange(given.shape[1])[None]):
        given = given[:, :1]  # the trivial group without generators has one point here, whatever it had there
    if given.shape[1] != group.degree:
        raise _UntrueError(f"the class representatives have {given.shape[1]} points, the group {group.degree}")
    representatives = _elements(group, given)
    found = conjugacy_classes(group)
    which = found.class_of[representatives]
    if len(which) != len(found) or len(set(which.tolist())) < len(found) or which[0]:
        raise _UntrueError(f"its {len(which)} representatives are not one of each of the {len(found)} classes")
    number = np.argsort(which)
    sizes, orders = found.sizes[which], found.element_orders[which]
    if not np.array_equal(np.lexsort((sizes, orders)), np.arange(len(found))):
        raise _UntrueError("its classes are not sorted by element order and size")
    _compare(arrays, "sizes", sizes)
    _compare(arrays, "element_orders", orders)
    classes = ConjugacyClasses(group, number[found.class_of], representatives, sizes, orders)
    maps = classes.power_maps
    _compare(arrays, "primes", np.array(list(maps)))
    _compare(arrays, "power_maps", np.array(list(maps.values())).reshape(len(maps), len(found)))
    return classes


def _group(arrays: Mapping[str, np.ndarray]) -> Group:
    order = int(_integers(arrays, "order", 0))
    generators = _integers(arrays, "generators", 2)
    if not 1 <= order <= TABLE_LIMIT or not 1 <= generators.shape[1] <= MOST_POINTS:
        raise _UntrueError(f"order {order:,} on {generators.shape[1]:,} points is out of bounds")
    name = _vector(arrays, "name", None, kind="U")
    if len(str(name)) > MAX_TEXT:
        raise _UntrueError("the name is too long")
    group = from_permutations(generators, str(name), limit=order)
    if group.order != order:
        raise _UntrueError(f"its permutations generate {group.order:,} elements, not {order:,}")
    return group


def _elements(group: Group, images: np.ndarray) -> np.ndarray:
    """Shape (m,), int64: the numbers of permutations, shape (m, degree), that lie in a group."""
    weights = np.random.default_rng(0).integers(1 << 63, size=group.degree, dtype=np.uint64)

    def keys(rows: np.ndarray) -> np.ndarray:
        blocks = [rows[start : start + BLOCK].astype(np.uint64) @ weights for start in range(0, len(rows), BLOCK)]
        return np.concatenate(blocks or [np.zeros(0, dtype=np.uint64)])

    own = keys(group.permutations)
    by_key = np.argsort(own, kind="stable")
    places = by_key[np.minimum(np.searchsorted(own[by_key], keys(images)), group.order - 1)]
    wrong = np.flatnonzero((group.permutations[places] != images).any(axis=1))
    if wrong.size:
        raise _UntrueError(f"the representative of class {wrong[0]} lies in another group")
    return np.asarray(places)


# -- values


def _compare_values(arrays: Mapping[str, np.ndarray], table: CharacterTable) -> None:
    """Every value of the file with the table's, equal pairs once."""
    index = _integers(arrays, "characters", 2)
    numbers = _numbers(arrays, table.columns.exponent)
    if index.shape != table.index.shape or index.min() < 0 or index.max() >= len(numbers):
        raise _UntrueError("its characters are no square array of values")
    pairs, first = np.unique(index * len(table.numbers) + table.index.astype(np.int64), return_index=True)
    for pair, place in zip(pairs.tolist(), first.tolist(), strict=True):
        given, own = divmod(pair, len(table.numbers))
        if numbers[given] != table.numbers[own]:
            row, column = divmod(place, len(table))
            raise _UntrueError(f"the value of character {row} on class {column} is {table.numbers[own]}")


def _numbers(arrays: Mapping[str, np.ndarray], exponent: int) -> RootSums:
    orders, starts, exponents, coefficients = (
        _integers(arrays, f"value_{key}", 1) for key in ("orders", "starts", "exponents", "coefficients")
    )
    ordered = len(starts) == len(orders) + 1 and starts[0] == 0 and (np.diff(starts) > 0).all()
    if not ordered or starts[-1] != len(exponents) or len(exponents) != len(coefficients):
        raise _UntrueError("its values are no sums of roots of unity")
    if (orders < 1).any() or (exponent % np.maximum(orders, 1)).any():
        raise _UntrueError(f"its roots of unity have orders that do not divide the exponent {exponent}")
    return RootSums(orders, starts, exponents, coefficients)


# -- arrays of a file


def _integers(arrays: Mapping[str, np.ndarray], key: str, axes: int) -> np.ndarray:
    if key not in arrays or arrays[key].dtype.kind not in "iu" or arrays[key].ndim != axes:
        raise _UntrueError(f"it has no array {key} of integers with {axes} axes")
    if arrays[key].dtype == np.uint64 and arrays[key].size and arrays[key].max() >= 1 << 63:
        raise _UntrueError(f"the array {key} has integers beyond 63 bits")
    return arrays[key].astype(np.int64)


def _vector(arrays: Mapping[str, np.ndarray], key: str, length: int | None, *, kind: str) -> np.ndarray:
    shape = () if length is None else (length,)
    if key not in arrays or arrays[key].dtype.kind != kind or arrays[key].shape != shape:
        raise _UntrueError(f"it has no array {key} of texts of shape {shape}")
    return arrays[key]


def _compare(arrays: Mapping[str, np.ndarray], key: str, own: np.ndarray) -> None:
    if not np.array_equal(_integers(arrays, key, own.ndim), own):
        raise _UntrueError(f"its {key.replace('_', ' ')} are not those of the group")
