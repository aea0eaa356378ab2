"""Records of a catalog, and how they lie in its tables.

Public: CatalogRecord, Construction, digest, encoded, read_records, readable_records.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sql

from ..construct import from_permutations
from ..errors import CatalogError
from ..group import Group
from .schema import constructions, groups, names

__all__ = ["CatalogRecord", "Construction", "digest", "encoded", "read_records", "readable_records"]

CHUNK = 500
"""Records of one statement: SQLite takes 999 values at least."""


@dataclass(frozen=True)
class Construction:
    """One way in which a user gave a group.

    Attributes:
        spec: as the notation prints it. note: the user's words. added: when, ISO 8601 in UTC; None in old catalogs.
    """

    spec: str
    note: str | None = None
    added: str | None = None

    def __str__(self) -> str:
        return self.spec


@dataclass(frozen=True)
class CatalogRecord:
    """One isomorphism class in a catalog.

    Attributes:
        id: its number in this catalog.
        facts: by the names of ``fields.FIELDS``; None means not computed, or undefined as the field says.
        generators: image lists from 0.
        label: small-group label order.index, None where the library does not hold the order.
        shipped: its key in the shipped library; None for a group that a user added.
        synonyms: other names of the notation. constructions, names: given by users.
        new: whether the call that returned it stored the class.
    """

    id: int
    facts: dict[str, Any]
    generators: list[list[int]]
    label: str | None = None
    shipped: str | None = None
    synonyms: tuple[str, ...] = ()
    constructions: tuple[Construction, ...] = ()
    names: tuple[str, ...] = ()
    new: bool = field(default=False, compare=False)

    @property
    def order(self) -> int:
        """Number of elements."""
        return int(self.facts["order"])

    @property
    def name(self) -> str:
        """The readable name, which the notation reads back; where none is known, how the group was given first."""
        known = self.facts["name"] or next((one.spec for one in self.constructions), None)
        return str(known or f"record {self.id}")

    @property
    def is_mine(self) -> bool:
        """Whether a user added the group, a construction or a name of it."""
        return self.shipped is None or bool(self.constructions or self.names)

    def group(self) -> Group:
        """The group, built from the stored generators.

        Raises:
            TooLargeError: it has more elements than a Cayley table may have; ``grouptool.large`` takes its generators.
        """
        return from_permutations(self.generators, self.name)

    def __repr__(self) -> str:
        return f"<CatalogRecord {self.label or self.id}: {self.name} of order {self.order}>"


def encoded(generators: Sequence[Sequence[int]], facts: dict[str, Any], synonyms: Sequence[str] = ()) -> dict[str, Any]:
    """The columns of ``groups`` that hold what is known of a group."""
    content = {"facts": facts, "generators": generators, "synonyms": list(synonyms)}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {"record": text, "checksum": digest(text)}


def digest(content: str | bytes) -> str:
    """SHA-256, in hexadecimal digits."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def read_records(connection: sql.Connection, numbers: Iterable[int], location: str) -> list[CatalogRecord]:
    """The records with these numbers, in this order; each checked against its checksum.

    Raises:
        CatalogError: a record is damaged; the message names it.
    """
    wanted = list(numbers)
    found: dict[int, CatalogRecord] = {}
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        given, called = _constructions(connection, chunk), _names(connection, chunk)
        for row in connection.execute(sql.select(groups).where(groups.c.id.in_(chunk))):
            found[row.id] = _decoded(row, tuple(given[row.id]), tuple(called[row.id]), location)
    return [found[number] for number in wanted]


def readable_records(connection: sql.Connection, numbers: Iterable[int], location: str) -> Iterator[CatalogRecord]:
    """The records with these numbers, but those that are damaged: ``catalog check`` names and repairs them."""
    wanted = list(numbers)
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        try:
            yield from read_records(connection, chunk, location)
        except CatalogError:
            for number in chunk:
                with suppress(CatalogError):
                    yield from read_records(connection, [number], location)


def _constructions(connection: sql.Connection, chunk: list[int]) -> dict[int, list[Construction]]:
    query = sql.select(constructions).where(constructions.c.group_id.in_(chunk)).order_by(constructions.c.id)
    found = defaultdict(list)
    for row in connection.execute(query):
        found[row.group_id].append(Construction(row.spec, row.note, row.added))
    return found


def _names(connection: sql.Connection, chunk: list[int]) -> dict[int, list[str]]:
    found = defaultdict(list)
    for row in connection.execute(sql.select(names).where(names.c.group_id.in_(chunk)).order_by(names.c.name)):
        found[row.group_id].append(row.name)
    return found


def _decoded(
    row: sql.Row[Any], given: tuple[Construction, ...], called: tuple[str, ...], location: str
) -> CatalogRecord:
    if digest(row.record) != row.checksum:
        raise CatalogError(
            f"record {row.id} of {location} is damaged: its checksum does not match; 'grouptool catalog check' repairs "
            "what can be built again"
        )
    content = json.loads(row.record)
    return CatalogRecord(
        id=row.id,
        facts=content["facts"],
        generators=content["generators"],
        label=row.label,
        shipped=row.shipped,
        synonyms=tuple(content.get("synonyms", ())),
        constructions=given,
        names=called,
    )
