"""Searching the index: a query as a condition in SQL, and the records that it is true of.

Public: Page, search, condition, candidates.

A condition is true, false or NULL, which is unknown: a fact that was not computed. What is undefined for a group is
known, and a comparison with it is false, ``class != 3`` as well as ``class = 3``; ``not class = 3`` is true of it.
Texts and numbers of a query are bound parameters, never SQL.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from ..errors import QueryError
from ..group import Group
from ..structure.chief import is_simple
from .fields import FIELD, RELATIONS
from .index import (
    ADDED,
    CLASSES,
    FACTS,
    IRREPS,
    RELATED,
    SYNONYMS,
    UNDEFINED,
    WIDE,
    type_number,
)
from .query import ALIASES, MAX_INTEGER, Query
from .query_tree import (
    Added,
    And,
    Arithmetic,
    Classes,
    Compare,
    Divides,
    Everything,
    Flag,
    In,
    Irrep,
    Known,
    Negated,
    Not,
    Number,
    Or,
    Related,
    Term,
    Text,
    Type,
    Value,
)
from .types import type_key

__all__ = ["Page", "candidates", "condition", "search"]

Condition = sql.ColumnElement[bool]
Resolve = Callable[[str], Group]
Confirm = Callable[[str, str, Group], Iterable[int]]


def condition(query: Query, resolve: Resolve, confirm: Confirm | None = None) -> Condition:
    """What a query says of a row of FACTS: true, false, or NULL where what it needs was not computed.

    Args:
        resolve: the group that a text of the query denotes.
        confirm: for a type that the library does not name, so that a digest stands for it: given the relation or
            field, the type and the group, the records for which it is proved. Then the others are false; without it,
            those with an equal digest stay unknown. Records whose lists were not computed may be among them.

    Raises: as ``resolve``.
    """
    return _Conditions(resolve, confirm).of(query)


@dataclass(frozen=True)
class _Number:
    """A term in SQL: ``value`` is NULL where it is unknown or past 63 bits, and there ``digits`` tells."""

    value: sql.ColumnElement[Any]
    digits: sql.ColumnElement[Any] | None = None
    absent: tuple[Condition, ...] = ()
    """Whether a field in it is undefined."""


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


@dataclass(frozen=True)
class _Wanted:
    """A group that a query names."""

    group: Group
    type: str

    @property
    def is_named(self) -> bool:
        """Whether its type tells it from all other groups."""
        return "." in self.type


@dataclass
class _Conditions:
    resolve: Resolve
    confirm: Confirm | None
    wanted: dict[str, _Wanted] = field(default_factory=dict)

    def of(self, query: Query) -> Condition:
        match query:
            case Everything():
                return sql.true()
            case Not(part):
                return sql.not_(self.of(part))
            case And(parts):
                return sql.and_(*map(self.of, parts))
            case Or(parts):
                return sql.or_(*map(self.of, parts))
            case Flag(name):
                return FACTS.c[name]
            case Compare(left, sign, right):
                return _compared(_term(left), sign, _term(right))
            case In(term, ranges):
                return _within(_term(term), ranges)
            case Divides(left, right):
                return _divides(_term(left), _term(right))
            case Text(name, sign, texts):
                return _text(name, sign, texts)
            case Type(name, sign, groups):
                found = sql.or_(*(self.has_type(name, one) for one in groups))
                return sql.not_(found) if sign == "!=" else found
            case Related(relation, group):
                return self.related(relation, group)
            case Irrep():
                return _irrep(query)
            case Classes(bounds):
                return _classes(bounds)
            case Known(name):
                return _known(name)
            case Added():
                return FACTS.c.source == ADDED
        raise TypeError(f"{query!r} is no query")

    def group(self, text: str) -> _Wanted:
        """The group that a text denotes, looked up once."""
        if text not in self.wanted:
            found = self.resolve(text)
            self.wanted[text] = _Wanted(found, type_key(found))
        return self.wanted[text]

    def proved(self, relation: str, wanted: _Wanted, matches: Condition) -> list[tuple[Condition, Any]]:
        """The first cases of a condition on a type: where it is true, or where only its digest is known to match.

        Digests hold order, element orders and sizes of classes, so that they decide of abelian groups, and of simple
        ones among simple ones: only A8 and PSL(3,4), which differ in those, and larger groups of types B and C share
        an order. Source: Kimmerle, Lyons, Sandling and Teague, Composition factors from the group ring and Artin's
        theorem on orders of simple groups, Proc. LMS 60 (1990).
        """
        if wanted.is_named or wanted.group.is_abelian or relation == "composition_factors":
            return [(matches, sql.true())]
        if self.confirm is None:
            return [(matches, sql.null())]
        return [(FACTS.c.group_id.in_(list(self.confirm(relation, wanted.type, wanted.group))), sql.true())]

    def has_type(self, name: str, text: str) -> Condition:
        """Whether a field is a group."""
        wanted, column = self.group(text), FACTS.c[name]
        return sql.case(
            *self.proved(name, wanted, column == type_number(wanted.type)),
            (column.is_not(None), sql.false()),
            (FACTS.c.order % wanted.group.order != 0, sql.false()),
            else_=sql.null(),
        )

    def related(self, relation: str, text: str) -> Condition:
        """Whether a relation holds a group: from its list, or else from what orders and exponents forbid."""
        wanted = self.group(text)
        group, facts = wanted.group, FACTS.c
        if relation == "composition_factors" and not is_simple(group):
            return sql.false()
        if group.order == 1 and relation != "maximal_subgroups":
            return sql.true()
        listed = sql.select(RELATED.c.group_id).where(
            RELATED.c.relation == RELATIONS.index(relation), RELATED.c.type == type_number(wanted.type)
        )
        forbidden = [facts.order % group.order != 0, facts.exponent % group.exponent != 0]
        if not group.is_abelian:
            forbidden.append(facts.abelian)
        if relation == "maximal_subgroups":
            forbidden.append(facts.order == group.order)
        cases = self.proved(relation, wanted, facts.group_id.in_(listed))
        cases += [(one, sql.false()) for one in (facts[f"has_{relation}"], *forbidden)]
        if wanted.is_named and relation != "maximal_subgroups":
            cases.append((facts.order == group.order, facts.label == wanted.type))
        return sql.case(*cases, else_=sql.null())


def candidates(connection: sql.Connection, relation: str, kind: str) -> list[int]:
    """The records with a type among those of a relation, or in a field; for a digest, those that may have it."""
    if relation in RELATIONS:
        where = [RELATED.c.relation == RELATIONS.index(relation), RELATED.c.type == type_number(kind)]
        found = sql.select(RELATED.c.group_id).where(*where)
    else:
        found = sql.select(FACTS.c.group_id).where(FACTS.c[relation] == type_number(kind))
    return sorted(connection.execute(found).scalars())


def _term(term: Term) -> _Number:
    match term:
        case Number(value):
            return _Number(sql.literal(value, sql.BigInteger))
        case Value(name):
            digits = FACTS.c[f"{name}_digits"] if name in WIDE else None
            return _Number(FACTS.c[name], digits, _absence(name))
    found, absent = _arithmetic(term)
    return _Number(_Exact(found), None, absent)


def _arithmetic(term: Term) -> tuple[sql.ColumnElement[Any], tuple[Condition, ...]]:
    match term:
        case Negated(inner):
            found, absent = _arithmetic(inner)
            return _Step(-found), absent
        case Arithmetic(left, sign, right):
            (one, absent), (other, more) = _arithmetic(left), _arithmetic(right)
            return _Step(_OPERATORS[sign](one, other)), absent + more
    leaf = _term(term)
    return _Leaf(leaf.value), leaf.absent


def _absence(name: str) -> tuple[Condition, ...]:
    return (FACTS.c[f"no_{name}"],) if name in UNDEFINED else ()


def _unless(absent: Sequence[Condition], found: Condition) -> Condition:
    """A comparison, which is false where a value in it is undefined."""
    return sql.case((sql.or_(*absent), sql.false()), else_=found) if absent else found


def _compared(left: _Number, sign: str, right: _Number) -> Condition:
    """A comparison; numbers past 63 bits are larger than all others, and are compared with each other by digits."""
    compare = _OPERATORS[sign]
    cases: list[tuple[Condition, Any]] = []
    if left.digits is not None and right.digits is not None:
        large = sql.and_(left.digits.is_not(None), right.digits.is_not(None))
        cases.append((large, compare(left.digits, right.digits)))
    for one, other, holds in ((left, right, compare(1, 0)), (right, left, compare(0, 1))):
        if one.digits is not None:
            larger = sql.and_(one.digits.is_not(None), other.value.is_not(None))
            cases.append((larger, sql.true() if holds else sql.false()))
    plain = compare(left.value, right.value)
    return _unless(left.absent + right.absent, sql.case(*cases, else_=plain) if cases else plain)


def _within(term: _Number, ranges: tuple[tuple[int, int], ...]) -> Condition:
    single = [low for low, high in ranges if low == high]
    found = [term.value.in_(single)] if single else []
    found += [term.value.between(low, high) for low, high in ranges if low < high]
    inside: Condition = sql.or_(*found)
    if term.digits is not None:
        inside = sql.case((term.digits.is_not(None), sql.false()), else_=inside)
    return _unless(term.absent, inside)


def _divides(left: _Number, right: _Number) -> Condition:
    found = sql.case((left.value == 0, right.value == 0), else_=right.value % sql.func.nullif(left.value, 0) == 0)
    return _unless(left.absent + right.absent, found)


def _text(name: str, sign: str, texts: tuple[str, ...]) -> Condition:
    """A condition on a text, or on all the texts that a group is called by."""
    column = SYNONYMS.c.text if name == "name" else FACTS.c[name]
    found: Condition = _Glob.of(column, texts[0]) if sign == "~" else column.in_(texts)
    if name == "name":
        called = FACTS.c.group_id.in_(sql.select(SYNONYMS.c.group_id).where(found))
        found = sql.case((called, sql.true()), (FACTS.c.name.is_not(None), sql.false()), else_=sql.null())
    return _unless(_absence(name), sql.not_(found) if sign == "!=" else found)


def _irrep(query: Irrep) -> Condition:
    wanted = [_bounded(IRREPS.c.degree, sign, number) for sign, number in query.degrees]
    if query.indicator is not None:
        wanted.append(IRREPS.c.indicator == query.indicator)
    if query.faithful:
        wanted.append(IRREPS.c.faithful)
    return _listed(IRREPS, wanted, "irreps", [(FACTS.c.order, d) for sign, d in query.degrees if sign == "="])


def _classes(bounds: tuple[tuple[str, str, int], ...]) -> Condition:
    column = {"order": CLASSES.c.element_order, "size": CLASSES.c.size}
    multiple = {"order": FACTS.c.exponent, "size": FACTS.c.order}
    wanted = [_bounded(column[what], sign, number) for what, sign, number in bounds]
    return _listed(CLASSES, wanted, "classes", [(multiple[what], d) for what, sign, d in bounds if sign == "="])


def _bounded(column: sql.ColumnElement[int], sign: str, number: int) -> Condition:
    """A comparison of a short integer with one that may be longer."""
    found: Condition = _OPERATORS[sign](column, sql.literal(number, sql.BigInteger))
    return found


def _listed(
    table: sql.Table, wanted: list[Condition], name: str, divisors: list[tuple[sql.ColumnElement[Any], int]]
) -> Condition:
    """Whether a group has a row with all that is wanted; while they are unknown, none if a d divides not its column."""
    if any(d == 0 for _, d in divisors):
        return sql.false()
    return sql.case(
        (FACTS.c.group_id.in_(sql.select(table.c.group_id).where(*wanted)), sql.true()),
        (FACTS.c[f"has_{name}"], sql.false()),
        *((column % d != 0, sql.false()) for column, d in divisors),
        else_=sql.null(),
    )


def _known(name: str) -> Condition:
    if not FIELD[name].has_column:
        return FACTS.c[f"has_{name}"]
    present = [FACTS.c[name].is_not(None), *_absence(name)]
    if name in WIDE:
        present.append(FACTS.c[f"{name}_digits"].is_not(None))
    return sql.or_(*present)


# -- what the two databases write differently


class _Glob(FunctionElement[bool]):
    """Whether a text matches a pattern of * and ?, in which nothing else is special; case counts."""

    type = sql.Boolean()
    inherit_cache = True

    @classmethod
    def of(cls, column: sql.ColumnElement[str], pattern: str) -> _Glob:
        glob = pattern.replace("[", "[[]")
        like = pattern.translate({ord("\\"): "\\\\", ord("%"): "\\%", ord("_"): "\\_", ord("*"): "%", ord("?"): "_"})
        return cls(column, sql.literal(glob), sql.literal(like))


class _Part(FunctionElement[int]):
    """A part of a calculation, which is NULL when it or a part of it passed 63 bits: it is not known exactly.

    PostgreSQL calculates with numbers of any length, each step of which is bounded. SQLite goes on with floating
    numbers and stays with them, which the result shows.
    """

    type = sql.BigInteger()


class _Leaf(_Part):
    inherit_cache = True


class _Step(_Part):
    inherit_cache = True


class _Exact(_Part):
    """The result."""

    inherit_cache = True


@compiles(_Glob)
def _like(element: _Glob, compiler: Any, **options: Any) -> str:
    column, _, like = (compiler.process(one, **options) for one in element.clauses)
    return f"({column} LIKE {like} ESCAPE '\\')"


@compiles(_Glob, "sqlite")
def _glob(element: _Glob, compiler: Any, **options: Any) -> str:
    column, glob, _ = (compiler.process(one, **options) for one in element.clauses)
    return f"({column} GLOB {glob})"


@compiles(_Part)
def _as_it_is(element: _Part, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)})"


@compiles(_Exact, "sqlite")
def _unless_floating(element: _Exact, compiler: Any, **options: Any) -> str:
    found = compiler.process(element.clauses, **options)
    return f"(CASE typeof({found}) WHEN 'integer' THEN {found} END)"


@compiles(_Leaf, "postgresql")
def _of_any_length(element: _Leaf, compiler: Any, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS NUMERIC)"


@compiles(_Step, "postgresql")
def _if_in_range(element: _Step, compiler: Any, **options: Any) -> str:
    below, above = -MAX_INTEGER - 2, MAX_INTEGER + 1
    found = compiler.process(element.clauses, **options)
    return f"NULLIF(NULLIF(LEAST(GREATEST({found}, {below}), {above}), {above}), {below})"


# -- searching


@dataclass(frozen=True)
class Page:
    """What a search found: numbers of records, which ``store.Found`` reads.

    Attributes:
        ids: the records of the page, in order.
        total: how many records the query is true of.
        unknown: of how many it is unknown, for want of computed facts.
    """

    ids: tuple[int, ...]
    total: int
    unknown: int


def search(
    connection: sql.Connection,
    query: Query,
    *,
    resolve: Resolve,
    confirm: Confirm | None = None,
    sort: str = "order",
    limit: int | None = None,
    offset: int = 0,
) -> Page:
    """The records that a query is true of, with two statements.

    Args:
        resolve, confirm: as for ``condition``.
        sort: names of fields with commas between them, each with a minus for the largest first; labels and group types
            by order and index. What has no value comes last, equal ones by order, index and number.
        limit, offset: the page; None is all.

    Raises:
        QueryError: a name of ``sort`` is no field with a value, or a negative page. Else as ``resolve``.

    Cost: linear in the number of records, some milliseconds for 7,000.
    """
    if not 0 <= offset <= MAX_INTEGER or (limit is not None and not 0 <= limit <= MAX_INTEGER):
        raise QueryError(f"a page of {limit} records from number {offset} on; both are 0 or more, and below 2^63")
    order = _sorted_by(sort)
    true = condition(query, resolve, confirm)
    counted = sql.select(true.label("found")).select_from(FACTS).subquery()
    found = counted.c.found
    counts = sql.select(sql.func.count().filter(found), sql.func.count().filter(found.is_(None))).select_from(counted)
    total, unknown = connection.execute(counts).one()
    page = sql.select(FACTS.c.group_id).where(true).order_by(*order).limit(limit).offset(offset or None)
    ids = connection.execute(page).scalars().all() if total > offset and limit != 0 else ()
    return Page(tuple(ids), total, unknown)


def _sorted_by(text: str) -> list[sql.ColumnElement[Any]]:
    found: list[sql.ColumnElement[Any]] = []
    for part in text.split(",") if text.strip() else ():
        word = part.strip().lower()
        name = word.removeprefix("-").strip()
        name = ALIASES.get(name, name)
        if name not in FIELD or not FIELD[name].has_column:
            raise QueryError(
                f"cannot sort by {part.strip()[:40]!r}; sort by fields with a value, as in -num_classes,name"
            )
        missing, keys = _sort_keys(name)
        found += [missing, *(key.desc() if word.startswith("-") else key for key in keys)]
    facts = FACTS.c
    return [*found, facts.order, facts.label_index.is_(None), facts.label_index, facts.group_id]


def _sort_keys(name: str) -> tuple[sql.ColumnElement[Any], list[sql.ColumnElement[Any]]]:
    """Whether a field has no value, and what sorts those that have one."""
    column = FACTS.c[name]
    if name == "label":
        return column.is_(None), [sql.case((column.is_not(None), FACTS.c.order)), FACTS.c.label_index]
    if name in WIDE:
        digits = FACTS.c[f"{name}_digits"]
        large = sql.case((digits.is_not(None), 1), else_=0)
        return sql.and_(column.is_(None), digits.is_(None)), [large, sql.func.coalesce(digits, ""), column]
    return column.is_(None), [column]
