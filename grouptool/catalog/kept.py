"""What takes long to compute and is kept with a record: subgroups, characters, irreducible representations.

Public: KINDS, Kept, Kind, decoded, encoded_value, kind_key.
A value is kept as compressed json under a key that digests the group's generators and the version of what computed it,
so that it is computed again when either changes.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..group import Group
from ..representations.characters import character_table
from .listing import all_subgroups, character_listing, irrep_listing, subgroup_rows
from .records import CatalogRecord, digest

__all__ = ["KINDS", "Kept", "Kind", "decoded", "encoded_value", "kind_key"]


@dataclass(frozen=True)
class Kind:
    """Something that can be kept.

    Attributes:
        version: raised when what is computed changes. compute: plain values, as json holds them, of a group.
    """

    version: int
    compute: Callable[[Group], Any]


KINDS = {
    "subgroups": Kind(1, lambda group: subgroup_rows(group, all_subgroups(group))),
    "characters": Kind(1, lambda group: character_listing(character_table(group))),
    "irreps": Kind(1, lambda group: irrep_listing(character_table(group))),
}


@dataclass(frozen=True)
class Kept:
    """A computed value.

    Attributes:
        value: lists and mappings, as ``grouptool subgroups|characters|irreps --format json`` prints them.
        was_kept: whether it was there already. seconds: how long it took to compute or to read. bytes: as kept.
    """

    value: Any
    was_kept: bool
    seconds: float
    bytes: int


def kind_key(record: CatalogRecord, kind: str) -> str:
    """A digest of everything that the value depends on."""
    return digest(json.dumps([record.generators, kind, KINDS[kind].version], separators=(",", ":")))


def encoded_value(value: Any) -> bytes:
    """As it is kept."""
    return zlib.compress(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode(), 6)


def decoded(content: bytes) -> Any:
    """From what was kept."""
    return json.loads(zlib.decompress(content))
