"""The shipped library of small groups: every group of order 1 to 255, and which of them a group is.

Public: LibraryRecord, library_records, small_group, small_group_label, FINGERPRINT_DIGITS.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ..construct import from_permutations
from ..errors import CatalogError, UnknownGroupError
from ..group import Group
from ..structure.isomorphism import find_isomorphism, fingerprint

__all__ = ["FINGERPRINT_DIGITS", "LibraryRecord", "library_records", "small_group", "small_group_label"]

FINGERPRINT_DIGITS = 16
LARGEST_ORDER = 255
_FILES = {128: "small_groups_128.jsonl", 192: "small_groups_192.jsonl"}
_OTHERS = "small_groups_1_255.jsonl"


@dataclass(frozen=True)
class LibraryRecord:
    """A group of the library.

    Attributes:
        order, index: the small-group label, as in GAP's SmallGroups library.
        description: GAP's structure description, where D10 is our D5.
        generators: image lists of points from 1.
        fingerprint: the first digits of ``structure.fingerprint``.
    """

    order: int
    index: int
    description: str
    generators: tuple[tuple[int, ...], ...]
    fingerprint: str

    @property
    def label(self) -> str:
        """``order.index``."""
        return f"{self.order}.{self.index}"

    def group(self) -> Group:
        """The group, built from its generators and named by its label."""
        return from_permutations([[point - 1 for point in image] for image in self.generators], self.label)


@cache
def library_records(order: int) -> tuple[LibraryRecord, ...]:
    """All groups of an order, by index; none when the library does not hold that order.

    Raises:
        CatalogError: the shipped data are missing or damaged.
    """
    return tuple(_read(order)) if 1 <= order <= LARGEST_ORDER else ()


def small_group(order: int, index: int) -> Group:
    """The group with a small-group label.

    Raises:
        UnknownGroupError: the library does not hold that order, or there are fewer groups of it.
    """
    records = library_records(order)
    if not records:
        raise UnknownGroupError(
            f"the shipped library has no groups of order {order:,}; it holds orders 1 to {LARGEST_ORDER}"
        )
    if not 1 <= index <= len(records):
        raise UnknownGroupError(
            f"there is no group {order}.{index}: groups of order {order} are {order}.1 to {order}.{len(records)}"
        )
    return records[index - 1].group()


def small_group_label(group: Group) -> tuple[int, int] | None:
    """The label (order, index) of the library's group that is isomorphic to this one; proved by an isomorphism.

    Returns:
        None when the library does not hold the order.

    Raises:
        BudgetSpentError: an isomorphism search stopped; the label is unknown.
        CatalogError: no group of that order is isomorphic, so the shipped data are damaged.
    """
    records = library_records(group.order)
    if not records:
        return None
    own = fingerprint(group)[:FINGERPRINT_DIGITS]
    for record in records:
        if record.fingerprint == own and find_isomorphism(group, record.group()) is not None:
            return record.order, record.index
    raise CatalogError(f"no shipped group of order {group.order} is {group.name}; the library is damaged")


def _read(order: int) -> Iterator[LibraryRecord]:
    name = _FILES.get(order, _OTHERS)
    beginning = f'{{"order":{order},'
    try:
        lines = (files("catalogs") / name).read_text(encoding="utf-8").splitlines()
        for line in lines:
            if line.startswith(beginning):
                row = json.loads(line)
                images = tuple(map(tuple, row["generators"]))
                yield LibraryRecord(row["order"], row["index"], row["description"], images, row["fingerprint"])
    except (OSError, ModuleNotFoundError, ValueError, KeyError) as error:
        raise CatalogError(f"the shipped library {name} cannot be read: {error}") from None
