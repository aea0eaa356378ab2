"""The working store: one record for each isomorphism class, and every construction that led to it.

Public: Addition, Catalog, Found, check_computable.
A group is described and compared before the writing transaction, which compares only with what others stored in
between, so that several writers neither lose nor repeat a class. Opening, schema and locks are in ``database``, the
shipped groups in ``shipping``, the language of searches in ``query`` and ``index``.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, overload

import numpy as np
import sqlalchemy as sql

from ..construct.families.registry import families
from ..construct.presentations import DEFAULT_COSETS
from ..errors import CatalogError, NotationError, TooLargeError, UnknownGroupError
from ..group import Group
from ..notation import Named, parse
from ..structure.isomorphism import find_isomorphism, fingerprint
from . import index, shipping
from .checking import Finding, check, check_library
from .confirming import confirmed
from .database import Database, default_location
from .facts import FACTS_VERSION, FAMILIES, facts
from .fields import FIELD
from .kept import KINDS, Kept, decoded, encoded_value, kind_key
from .library import FINGERPRINT_DIGITS
from .query import Query, parse_query
from .record import image_lists
from .records import CatalogRecord, Construction, digest, encoded, read_records, readable_records
from .schema import HEAD, computed, constructions, groups, names
from .search import candidates, search
from .specifications import made
from .types import small_label

__all__ = ["Addition", "Catalog", "Found", "check_computable"]

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.+-]{0,63}")
CHUNK = 500


@dataclass(frozen=True)
class Found(Sequence[CatalogRecord]):
    """The answer to a search: a page of records.

    Attributes:
        records: this page, sorted. total: how many groups match, on all pages.
        unknown: for how many groups the question is open, because a fact that it asks for was not computed.
    """

    records: tuple[CatalogRecord, ...]
    total: int
    unknown: int

    def __len__(self) -> int:
        return len(self.records)

    @overload
    def __getitem__(self, place: int) -> CatalogRecord: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[CatalogRecord, ...]: ...
    def __getitem__(self, place: int | slice) -> CatalogRecord | tuple[CatalogRecord, ...]:
        return self.records[place]

    def __repr__(self) -> str:
        return f"<Found {len(self)} of {self.total}: {', '.join(one.name for one in self.records[:5])}>"

    def _repr_html_(self) -> str:
        """A table for notebooks."""
        from tabulate import tabulate

        columns = ("label", "name", "order", "num_classes", "num_subgroups", "automorphism_order")
        rows = [[one.id, *(one.facts.get(name) for name in columns)] for one in self.records]
        return str(tabulate(rows, headers=("record", *columns), tablefmt="html"))


class Catalog:
    """A store of groups: the shipped library, and what users add. Use as a context manager, or close it.

    Threads may share one; processes open their own, or inherit one by fork. Iteration goes through records by order.
    """

    def __init__(self, location: str | os.PathLike[str] | None = None, *, library: bool = True) -> None:
        """Open a catalog, made when it is not there, migrated (after a copy) when it is older.

        Args:
            location: path of an SQLite file, or ``postgresql://user@host/database``; by default
                ``default_location()``.
            library: whether a new catalog starts with the shipped groups; one that is there stays as it is.

        Raises:
            CatalogError: it cannot be opened or made, is no catalog, or has a newer schema.
        """
        self._database = Database(location or default_location())
        self.location = self._database.location
        try:
            self._bring_up_to_date(library)
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(cls, location: str | os.PathLike[str] | None = None, *, library: bool = True) -> Catalog:
        """As the constructor."""
        return cls(location, library=library)

    def __enter__(self) -> Catalog:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back the database connections."""
        self._database.close()

    # -- reading

    def __len__(self) -> int:
        with self._database.transaction() as connection:
            return int(connection.execute(sql.select(sql.func.count()).select_from(groups)).scalar_one())

    def __iter__(self) -> Iterator[CatalogRecord]:
        """All records, by order, label and number; each checked against its checksum."""
        start = 0
        while page := self.find("", limit=CHUNK, offset=start).records:
            yield from page
            start += len(page)

    def __contains__(self, key: object) -> bool:
        try:
            self[key]  # type: ignore[index]
        except (UnknownGroupError, NotationError, TooLargeError):
            return False
        return True

    def __getitem__(self, key: str | int | Group) -> CatalogRecord:
        """The record of a group, given by itself, a user's name, a label, a number, or in the notation.

        Raises:
            UnknownGroupError: no record is isomorphic to it. BudgetSpentError: whether one is, is unknown.
        """
        if not isinstance(key, str | int | Group):
            raise TypeError(f"a record is found by a text, a number or a group, not by {type(key).__name__}")
        if isinstance(key, Group):
            found = self.identify(key)
            if found is None:
                raise UnknownGroupError(f"no record of {self.location} is isomorphic to {key.name}")
            return found[0]
        if (record := self.get(key)) is not None:
            return record
        try:
            group = made(str(key))
        except (NotationError, UnknownGroupError):
            raise UnknownGroupError(
                f"no record {str(key)[:80]!r} in {self.location}, and the notation reads no group there; "
                "try 'grouptool catalog search'"
            ) from None
        return self[group]

    def find(self, query: str | Query = "", *, sort: str = "order", limit: int | None = None, offset: int = 0) -> Found:
        """The records that a query describes.

        Args:
            query: in the language of ``catalog.query``, such as ``order in 100..200 and nilpotent and class = 3``.
            sort: field names with commas, a minus for descending: ``-num_classes,name``.
            limit, offset: a page of the answer; None for all of it.

        Raises:
            QueryError: the query or the sorting cannot be read; the message says where.
        """
        asked = parse_query(query) if isinstance(query, str) else query
        with self._database.transaction() as connection:
            page = search(
                connection,
                asked,
                sort=sort,
                limit=limit,
                offset=offset,
                resolve=lambda text: self._resolve(connection, text),
                confirm=lambda relation, kind, group: confirmed(
                    read_records(connection, candidates(connection, relation, kind), self.location), relation, group
                ),
            )
            records = read_records(connection, page.ids, self.location)
        return Found(tuple(records), page.total, page.unknown)

    def count(self, query: str | Query = "") -> int:
        """How many groups a query describes."""
        return self.find(query, limit=0).total

    def identify(self, group: Group) -> tuple[CatalogRecord, np.ndarray] | None:
        """The record that is isomorphic to a group, and an isomorphism.

        Returns:
            The record and an array of shape (n,): the element of ``record.group()`` to which each element of the
            group goes. None when no record is isomorphic, which is proved.

        Raises:
            BudgetSpentError: a search for an isomorphism stopped; the answer is unknown.
        """
        key, label = self._keys(group)
        with self._database.transaction() as connection:
            alike = read_records(connection, self._alike(connection, key, label), self.location)
        for record in alike:
            mapping = find_isomorphism(group, record.group())
            if mapping is not None:
                return record, mapping
        return None

    def get(self, key: str | int) -> CatalogRecord | None:
        """The record with a user's name, a label, a construction, a readable name or a number; None without one.

        Nothing is built, so that a query is no key: ``catalog[key]`` also takes any group in the notation.
        """
        with self._database.transaction() as connection:
            number = self._number(connection, str(key))
            return None if number is None else read_records(connection, [number], self.location)[0]

    def group(self, text: str, *, max_cosets: int = DEFAULT_COSETS) -> Group:
        """The group that a text denotes: by a user's name for it, else in the notation.

        Raises: as ``construct.build``.
        """
        with self._database.transaction() as connection:
            return self._resolve(connection, text, max_cosets)

    def info(self) -> dict[str, Any]:
        """Where the catalog is and what it holds, by readable keys; sizes in bytes."""
        with self._database.transaction() as connection:

            def number(table: sql.Table, *conditions: Any) -> int:
                return connection.execute(
                    sql.select(sql.func.count()).select_from(table).where(*conditions)
                ).scalar_one()

            kept = sql.select(computed.c.kind, sql.func.count()).group_by(computed.c.kind).order_by(computed.c.kind)
            return {
                "location": self.location,
                "database": connection.dialect.name,
                "read_only": self._database.read_only,
                "schema": int(HEAD),
                "library": shipping.held(connection, "library"),
                "groups": number(groups),
                "shipped": number(groups, groups.c.shipped.is_not(None)),
                "added": number(groups, groups.c.shipped.is_(None)),
                "constructions": number(constructions),
                "names": number(names),
                "computed": dict(connection.execute(kept).all()),
                "bytes": self._database.size(connection),
            }

    def names_of(self, types: Iterable[str]) -> dict[str, str]:
        """The readable names of small-group labels; types that no record has are left out."""
        facts_table = index.FACTS.c
        query = sql.select(facts_table.label, facts_table.name)
        with self._database.transaction() as connection:
            wanted = sorted(set(types))
            found: dict[str, str] = {}
            for start in range(0, len(wanted), CHUNK):
                rows = connection.execute(query.where(facts_table.label.in_(wanted[start : start + CHUNK])))
                found |= {row.label: row.name for row in rows if row.name}
        return found

    def known(self) -> dict[str, int]:
        """For each field, for how many groups it is known, or known not to exist."""
        return {name: self.count(f"known {name}") for name in FIELD}

    # -- writing

    def add(self, group: Group | str, *, name: str | None = None, note: str | None = None) -> CatalogRecord:
        """Store a group, or its construction and name when an isomorphic one is stored.

        Args:
            group: a group, or a specification of one.
            name: a name to find it by: a letter, then at most 63 letters, digits or ``_.+-``.
            note: a remark on this construction.

        Returns:
            The record; ``new`` says whether the isomorphism class is new. All or nothing is written.

        Raises:
            CatalogError: the name is taken by another group, or is no name. BudgetSpentError: whether the group is
            isomorphic to a stored one could not be decided; nothing is stored.
        """
        group = self.group(group) if isinstance(group, str) else group
        given = Construction(group.name, note, datetime.now(UTC).isoformat(timespec="seconds"))
        (stored,) = self.add_all([Addition(group, (given,), () if name is None else (name,))])
        return stored

    def add_all(self, additions: Sequence[Addition]) -> list[CatalogRecord]:
        """Store several groups, all or none of them; as ``add``."""
        prepared = [self._prepared(one) for one in additions]
        with self._database.transaction(write=True) as connection:
            stored = [self._store(connection, one) for one in prepared]
            records = read_records(connection, [number for number, _ in stored], self.location)
        return [replace(record, new=new) for record, (_, new) in zip(records, stored, strict=True)]

    def compute(self, key: str | int, what: str) -> Kept:
        """Something about a group that takes long, computed once and kept.

        Args:
            what: subgroups, characters or irreps, or a family of facts (``facts.FAMILIES``), which is computed without
                the bound on the order that ``add`` keeps.

        Raises:
            CatalogError: nothing is called ``what``. UnknownGroupError: no such record. BudgetSpentError,
            TooLargeError: it is out of reach; nothing is kept.
        """
        check_computable(what)
        record, start = self[key], time.perf_counter()
        return self._value(record, what, start) if what in KINDS else self._fact(record, what, start)

    def _fact(self, record: CatalogRecord, family: str, start: float) -> Kept:
        found = FAMILIES[family](record.group())
        is_new = any(record.facts.get(name) != value for name, value in found.items())
        if is_new:
            with self._database.transaction(write=True) as connection:
                # Read again: another writer may have computed another family meanwhile.
                (record,) = read_records(connection, [record.id], self.location)
                columns = encoded(record.generators, record.facts | found, record.synonyms)
                connection.execute(sql.update(groups).where(groups.c.id == record.id).values(columns))
                self._index(connection, record.id)
        return Kept(found, not is_new, time.perf_counter() - start, 0)

    def _value(self, record: CatalogRecord, kind: str, start: float) -> Kept:
        wanted = kind_key(record, kind)
        place = (computed.c.group_id == record.id) & (computed.c.kind == kind)
        with self._database.transaction() as connection:
            row = connection.execute(sql.select(computed).where(place, computed.c.key == wanted)).one_or_none()
        if row is not None and digest(row.value) == row.checksum:
            return Kept(decoded(row.value), True, time.perf_counter() - start, len(row.value))
        value = KINDS[kind].compute(record.group())
        content = encoded_value(value)
        if not self._database.read_only:
            with self._database.transaction(write=True) as connection:
                connection.execute(sql.delete(computed).where(place))
                row_values = {"group_id": record.id, "kind": kind, "key": wanted, "value": content}
                connection.execute(sql.insert(computed).values(row_values | {"checksum": digest(content)}))
        return Kept(value, False, time.perf_counter() - start, len(content))

    def remove(self, key: str | int, *, construction: str | None = None) -> CatalogRecord:
        """Forget what users added of a group: everything, or one construction.

        A group of the shipped library itself stays, and a group of a user leaves with its last construction.

        Returns:
            The record as it was.

        Raises:
            UnknownGroupError: no such record or construction. CatalogError: nothing of it was added by a user.
        """
        record = self[key]
        with self._database.transaction(write=True) as connection:
            (record,) = read_records(connection, [record.id], self.location)
            if not record.is_mine:
                raise CatalogError(f"{record.name} belongs to the shipped library, and no user added anything to it")
            given = [one.spec for one in record.constructions]
            if construction is not None and construction not in given:
                raise UnknownGroupError(f"{record.name} has no construction {construction!r}; it has {given}")
            leaving = [construction] if construction is not None else given
            connection.execute(sql.delete(constructions).where(constructions.c.spec.in_(leaving)))
            if construction is None or given == leaving:
                connection.execute(sql.delete(names).where(names.c.group_id == record.id))
            if given == leaving and record.shipped is None:
                for table in (computed, names, constructions):
                    connection.execute(sql.delete(table).where(table.c.group_id == record.id))
                index.remove(connection, record.id)
                connection.execute(sql.delete(groups).where(groups.c.id == record.id))
            else:
                self._index(connection, record.id)
        return record

    def check(self, *, repair: bool = True, deep: bool = False) -> list[Finding]:
        """What is wrong in the catalog, see ``checking.check``; repaired where it can be.

        Args:
            deep: build and identify every shipped group first, which takes a minute or two.
        """
        found = check_library() if deep else []
        with self._database.transaction(write=repair) as connection:
            return found + check(connection, self.location, repair=repair)

    # -- what a text means here

    def _resolve(self, connection: sql.Connection, text: str, max_cosets: int = DEFAULT_COSETS) -> Group:
        """A group in a query: a user's name for one, else the notation."""
        if NAME.fullmatch(text):
            number = connection.execute(sql.select(names.c.group_id).where(names.c.name == text)).scalar()
            if number is not None:
                return read_records(connection, [number], self.location)[0].group()
        return made(text, max_cosets=max_cosets)

    def _number(self, connection: sql.Connection, key: str) -> int | None:
        if "\0" in key:  # which PostgreSQL's texts cannot hold
            return None
        queries = [
            sql.select(names.c.group_id).where(names.c.name == key),
            sql.select(groups.c.id).where(groups.c.label == key),
            sql.select(constructions.c.group_id).where(constructions.c.spec == key),
            sql.select(groups.c.id).where(groups.c.shipped == key),
            sql.select(index.FACTS.c.group_id).where(index.FACTS.c.name == key),
        ]
        if key.isascii() and key.isdigit() and len(key) < 10:
            queries.append(sql.select(groups.c.id).where(groups.c.id == int(key)))
        for query in queries:
            if (found := connection.execute(query).scalar()) is not None:
                return int(found)
        return None

    # -- which groups are the same

    def _keys(self, group: Group) -> tuple[str, str | None]:
        """The fingerprint, and the label where the library holds the order."""
        return fingerprint(group)[:FINGERPRINT_DIGITS], small_label(group)

    def _alike(self, connection: sql.Connection, key: str, label: str | None) -> list[int]:
        """The record with the label; without one, those with the fingerprint."""
        same = groups.c.label == label if label is not None else groups.c.fingerprint == key
        return list(connection.execute(sql.select(groups.c.id).where(same).order_by(groups.c.id)).scalars())

    def _compare(self, records: list[CatalogRecord], one: Prepared) -> None:
        """Note of each record whether its group is isomorphic, up to the first that is."""
        for record in records:
            if one.label is not None:
                one.compared[record.id] = True  # the label is proved by an isomorphism
            else:
                one.compared[record.id] = find_isomorphism(record.group(), one.addition.group) is not None
            if one.compared[record.id]:
                return

    # -- adding

    def _prepared(self, addition: Addition) -> Prepared:
        for name in addition.names:
            _check_name(name)
        for given in addition.constructions:
            _check_text(given.spec)
            _check_text(given.note or "")
        one = Prepared(addition, *self._keys(addition.group))
        with self._database.transaction() as connection:
            alike = read_records(connection, self._alike(connection, one.key, one.label), self.location)
        self._compare(alike, one)
        if not any(one.compared.values()):
            one.columns |= encoded(image_lists(one.addition.group), facts(one.addition.group))
        return one

    def _store(self, connection: sql.Connection, one: Prepared) -> tuple[int, bool]:
        # Only what another writer stored since then is compared while the others wait.
        alike = self._alike(connection, one.key, one.label)
        late = [number for number in alike if number not in one.compared]
        self._compare(read_records(connection, late, self.location), one)
        number = next((number for number in alike if one.compared.get(number)), None)
        new = number is None
        if number is None:
            if not one.columns:  # it was there, and another writer removed it
                one.columns |= encoded(image_lists(one.addition.group), facts(one.addition.group))
            number = (connection.execute(sql.select(sql.func.max(groups.c.id))).scalar() or 0) + 1
            row = {"id": number, "group_order": one.addition.group.order, "fingerprint": one.key, "label": one.label}
            connection.execute(sql.insert(groups).values(row | {"facts_version": FACTS_VERSION} | one.columns))
        for given in one.addition.constructions:
            more = {"note": given.note, "added": given.added}
            self._attach(connection, constructions, "spec", given.spec, number, more)
        for name in one.addition.names:
            self._attach(connection, names, "name", name, number, {})
        self._index(connection, number)
        return number, new

    def _attach(
        self, connection: sql.Connection, table: sql.Table, column: str, text: str, number: int, more: dict[str, Any]
    ) -> None:
        found = connection.execute(sql.select(table.c.group_id).where(table.c[column] == text)).scalar()
        if found is None:
            connection.execute(sql.insert(table).values({column: text, "group_id": number} | more))
        elif found == number:
            if more.get("note") is not None:  # the last word counts
                connection.execute(sql.update(table).where(table.c[column] == text).values(note=more["note"]))
        else:
            raise CatalogError(f"the {column} {text!r} belongs to record {found} of {self.location}, another group")

    def _index(self, connection: sql.Connection, number: int) -> None:
        index.remove(connection, number)
        index.fill(connection, map(shipping.rows_of, read_records(connection, [number], self.location)))

    def _bring_up_to_date(self, library: bool) -> None:
        with self._database.transaction() as connection:
            current = shipping.is_current(connection)
        if not current and self._database.read_only:
            raise CatalogError(f"the catalog {self.location} is read-only and of another version; search in a copy")
        if not current:
            with self._database.transaction(write=True) as connection:
                shipping.bring_in(connection, self.location, library=library)
            self._refresh()

    def _refresh(self) -> None:
        """Compute the facts of users' groups again that an older program computed, each in its own transaction."""
        with self._database.transaction() as connection:
            waiting = shipping.stale(connection)
        for number in waiting:
            with self._database.transaction() as connection:
                readable = list(readable_records(connection, [number], self.location))
            if not readable:
                continue
            record = readable[0]
            columns = encoded(record.generators, facts(record.group())) | {"facts_version": FACTS_VERSION}
            with self._database.transaction(write=True) as connection:
                connection.execute(sql.update(groups).where(groups.c.id == number).values(columns))
                self._index(connection, number)


@dataclass(frozen=True)
class Addition:
    """A group to be stored, with what users say of it: specifications that are known to give it, and names."""

    group: Group
    constructions: tuple[Construction, ...]
    names: tuple[str, ...] = ()


@dataclass
class Prepared:
    """An addition with everything that can be known of it outside a transaction.

    Attributes:
        key, label: fingerprint and small-group label. compared: whether it is isomorphic to records, by their numbers.
        columns: what a new record would hold; empty when the class is there.
    """

    addition: Addition
    key: str
    label: str | None
    compared: dict[int, bool] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)


def check_computable(what: str) -> None:
    """Raise CatalogError unless ``what`` is a kind that can be kept, or a family of facts."""
    if what not in KINDS and what not in FAMILIES:
        raise CatalogError(f"nothing that can be computed is called {what[:40]!r}: {', '.join({**KINDS, **FAMILIES})}")


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise CatalogError(f"{name[:64]!r} is no catalog name: a letter, then up to 63 letters, digits or _ . + -")
    try:
        spec = parse(name)
    except NotationError:
        return
    if not isinstance(spec, Named) or spec.family in {one.symbol for one in families()}:
        raise CatalogError(f"{name!r} is no catalog name: the notation reads it as a group or a file")


def _check_text(text: str) -> None:
    """Raise CatalogError for a text that a database cannot hold."""
    if "\0" in text or (not text.isascii() and text.encode(errors="replace").decode() != text):
        raise CatalogError(f"{text[:40]!r} cannot be stored: it holds a null or half a character")
