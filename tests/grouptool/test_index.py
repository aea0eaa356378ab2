"""A query in SQL says what a plain evaluation of it on the facts says: true, false or unknown."""

from __future__ import annotations

from itertools import pairwise

import pytest
import sqlalchemy as sql
from hypothesis import given, settings
from hypothesis import strategies as st
from queries import queries
from query_meaning import ASKED, meaning, named, records

from grouptool.catalog import index
from grouptool.catalog.fields import FIELD, FIELDS, RELATIONS
from grouptool.catalog.index import (
    ADDED,
    FACTS,
    INDEX,
    INDEX_VERSION,
    fill,
    index_rows,
    remove,
)
from grouptool.catalog.query import EXAMPLES, MAX_INTEGER, parse_query
from grouptool.catalog.query_tree import (
    And,
    Everything,
    Flag,
    Known,
    Not,
    Or,
    Text,
)
from grouptool.catalog.search import candidates, condition, search
from grouptool.catalog.types import type_key
from grouptool.errors import CatalogError, NotationError, QueryError

GROUPS = ("C1", "C2", "C3", "C4", "C2^2", "C2^3", "C8", "C4 x C2", "S3", "Q8", "D4", "A4", "D5", "C7 : C3", "A5", "S6")
TEXTS = ("8.3", "24.12", "D4", "d4", "C7 : C3", "Klein", "C*", "*", "?4", "C? x C2", "*[2-4]*", "%4", "50%_[a]\\", "")


def database(known):
    """A database in memory that holds the records."""
    connection = sql.create_engine("sqlite://").connect()
    INDEX.create_all(connection)
    fill(connection, [index_rows(*record) for record in records(known)])
    return connection


@pytest.fixture(scope="module")
def whole():
    """All facts known."""
    with database(1) as connection:
        yield connection


@pytest.fixture(scope="module")
def partial():
    """A quarter of the facts not computed."""
    with database(0.75) as connection:
        yield connection


def answers(connection, query):
    """What SQL says of each record."""
    rows = connection.execute(sql.select(FACTS.c.group_id, condition(query, named).label("found")))
    return {number: None if found is None else bool(found) for number, found in rows}


# -- SQL against the meaning


RANDOM = queries(st.sampled_from(GROUPS), st.sampled_from(TEXTS), ASKED)


@given(query=RANDOM)
@settings(max_examples=300, deadline=None)
def test_sql_says_what_the_query_means(partial, query):
    """Of every group, of all kinds of conditions and their combinations, with facts known, undefined and unknown."""
    expected = {record[0]: meaning(query, record) for record in records(0.75)}
    assert answers(partial, query) == expected


@given(query=RANDOM)
@settings(max_examples=100, deadline=None)
def test_computing_more_never_changes_an_answer(partial, whole, query):
    """Except whether it is known: what is true or false of a group without all facts is so with them."""
    query = without_known(query)
    now, later = answers(partial, query), answers(whole, query)
    assert all(now[number] in (None, later[number]) for number in now)


def without_known(query):
    """The query with another condition in place of those that ask what was computed."""
    match query:
        case Known():
            return Flag("abelian")
        case Not(part):
            return Not(without_known(part))
        case And(parts):
            return And(tuple(map(without_known, parts)))
        case Or(parts):
            return Or(tuple(map(without_known, parts)))
    return query


@given(query=RANDOM, sort=st.lists(st.sampled_from([*ASKED, "n", "k", "id"]), max_size=3), down=st.integers(0, 7))
@settings(max_examples=80, deadline=None)
def test_pages_of_a_search(partial, query, sort, down):
    """Sorted as Python sorts, counted, and pages join to the whole."""
    sort = [name for name in sort if name in ("n", "k", "id") or FIELD[name].has_column]
    signs = [down >> place & 1 for place in range(len(sort))]
    text = ", ".join("-" * sign + name for sign, name in zip(signs, sort, strict=True))
    found = search(partial, query, resolve=named, sort=text)
    said = {record[0]: meaning(query, record) for record in records(0.75)}
    assert found.total == len(found.ids) == list(said.values()).count(True)
    assert found.unknown == list(said.values()).count(None)
    assert {number for number, value in said.items() if value is True} == set(found.ids)
    by_number = {record[0]: record[1] for record in records(0.75)}
    for earlier, later in pairwise(found.ids):
        assert in_order(by_number[earlier], by_number[later], sort, signs, earlier < later)
    pages = [search(partial, query, resolve=named, sort=text, limit=40, offset=start) for start in range(0, 120, 40)]
    assert sum((page.ids for page in pages), ()) == found.ids
    assert all((page.total, page.unknown) == (found.total, found.unknown) for page in pages)


def in_order(one, other, sort, signs, by_number):
    for name, sign in zip(sort, signs, strict=True):
        name = {"n": "order", "k": "num_classes", "id": "label"}.get(name, name)
        left, right = (sort_value(facts, name) for facts in (one, other))
        if left != right:
            if left is None or right is None:
                return right is None
            return left > right if sign else left < right
    left, right = ((facts["order"], sort_value(facts, "label") or (99, 99)) for facts in (one, other))
    return left < right or (left == right and by_number)


def sort_value(facts, name):
    value = facts.get(name)
    if (value is not None and FIELD[name].kind == "group") or (value is not None and name == "label"):
        return tuple(map(int, value.split(".")))
    return value


# -- what a few queries find, as textbooks say


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("simple and order <= 31", [f"{p}.1" for p in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31)]),
        ("contains Q8 and quotient A4", ["24.3"]),
        ("order = 24 and contains S3 and quotient S3 and not normal C3", ["24.12"]),
        ("irrep degree 2 faithful quaternionic and order < 16", ["8.4", "12.1"]),
        ("maximal C7 : C3", None),
        ('contains "C7 : C3"', ["21.1"]),
        ("element order 6 and order = 12", ["12.1", "12.2", "12.4", "12.5"]),
        ("order = 8 and class != 1", ["8.3", "8.4"]),
        ("not nilpotent and class != 1", []),
        ("not class = 1 and order < 8", ["1.1", "6.1"]),
        ("order = 6 and not faithful_irrep_degree > 0", []),
        ("order = 4 and not faithful_irrep_degree > 0", ["4.2"]),
        ("center = C1 and order < 12", ["1.1", "6.1", "10.1"]),
        ('name ~ "C7*" and order = 21', ["21.1"]),
        ("label in {24.12, 8.4, 60.5}", ["8.4", "24.12"]),
    ],
)
def test_what_is_known_of_small_groups(whole, text, expected):
    """Labels by order and index; a group with spaces needs quotes."""
    if expected is None:
        with pytest.raises(QueryError):
            parse_query(text)
        return
    found = search(whole, parse_query(text), resolve=named)
    by_number = {record[0]: record[1]["label"] for record in records(1)}
    assert [by_number[one] for one in found.ids] == expected
    assert found.unknown == 0


# -- types beyond the library


@pytest.fixture
def beyond():
    """Records 1, 2, 3 of order 1028 with the subgroup D257, another of that digest, and unknown ones."""
    kind = type_key(named("D257"))
    base = {"order": 1028, "exponent": 1028, "abelian": False}
    with sql.create_engine("sqlite://").connect() as connection:
        INDEX.create_all(connection)
        lists = [["1.1", kind], ["1.1", kind], None, ["1.1"]]
        facts = [
            base | {"subgroups": one, "central_quotient": kind if one and len(one) == 2 else None} for one in lists
        ]
        fill(connection, [index_rows(number, one, [], ADDED) for number, one in enumerate(facts, 1)])
        yield connection


def test_a_digest_alone_proves_nothing(beyond):
    """Without a confirmation the equal ones are unknown; with one, only what it names is found."""
    assert ":" in type_key(named("D257"))
    assert answers(beyond, parse_query("contains D257")) == {1: None, 2: None, 3: None, 4: False}
    assert answers(beyond, parse_query("inner = D257")) == {1: None, 2: None, 3: None, 4: None}
    assert answers(beyond, parse_query("contains C256")) == dict.fromkeys((1, 2, 3, 4), False)
    asked = []

    def confirm(relation, kind, wanted):
        asked.append((relation, kind, wanted.order))
        assert candidates(beyond, relation, kind) == [1, 2]
        return [2, 3] if relation == "subgroups" else [2]

    def found(text):
        said = sql.select(FACTS.c.group_id, condition(parse_query(text), named, confirm))
        return {number: None if one is None else bool(one) for number, one in beyond.execute(said)}

    assert found("contains D257") == {1: False, 2: True, 3: True, 4: False}
    assert found("inner = D257") == {1: False, 2: True, 3: None, 4: None}
    assert found("inner != D257") == {1: True, 2: False, 3: None, 4: None}
    assert asked[0] == ("subgroups", type_key(named("D257")), 514)


def test_simple_factors_and_abelian_groups_need_no_confirmation():
    """Orders and classes decide; a group that is not simple is never a factor, whatever the list says."""
    kinds = [type_key(named(text)) for text in ("PSL(2,8)", "C257", "S6")]
    with sql.create_engine("sqlite://").connect() as connection:
        INDEX.create_all(connection)
        facts = {"order": 504 * 257 * 720, "composition_factors": kinds, "center": kinds[1]}
        fill(connection, [index_rows(1, facts, [], ADDED)])
        assert answers(connection, parse_query("center = C257 and center != C263")) == {1: True}
        for text, expected in (("PSL(2,8)", True), ("C257", True), ("S6", False), ("A5", False), ("C263", False)):
            assert answers(connection, parse_query(f"factor {text}")) == {1: expected}


def test_undefined_outside_the_library(beyond):
    """A label that the library does not have is known not to be."""
    none, every = dict.fromkeys((1, 2, 3, 4), False), dict.fromkeys((1, 2, 3, 4), True)
    assert answers(beyond, parse_query("known label")) == every
    assert answers(beyond, parse_query("label = 8.3 or label != 8.3 or label ~ '*'")) == none
    assert answers(beyond, parse_query("known inner")) == {1: True, 2: True, 3: False, 4: False}


# -- hostile values, and the bounds of the language


SQL = ("'; DROP TABLE facts; --", "x' OR '1'='1", 'a"b', ":a", "%(a)s", "?")
PATTERNS = ("%", "_", "[a-z]*", "\\", "\\%", "*" * 50 + "x", "é漢")


@pytest.mark.parametrize("text", SQL + PATTERNS)
def test_texts_are_values(whole, text):
    """No text of a query becomes SQL or a special character of a pattern."""
    for sign in ("=", "~", "!="):
        for name in ("name", "description", "label"):
            query = Text(name, sign, (text,))
            assert answers(whole, query) == {record[0]: meaning(query, record) for record in records(1)}
    assert whole.execute(sql.select(sql.func.count()).select_from(FACTS)).scalar_one() == len(records(1))


def test_numbers_past_63_bits(partial):
    """They compare as numbers; calculating with them is unknown, and no error of the database."""
    for text in (
        f"aut > {MAX_INTEGER} and aut > out",
        "aut = out",
        "not aut in {1..9223372036854775807}",
        "aut * 2 > 0",
        "order * 9223372036854775807 - order * 9223372036854775807 = 0",
        "-9223372036854775807 - order < 0",
        "aut divides out or 8 divides aut",
    ):
        query = parse_query(text)
        assert answers(partial, query) == {record[0]: meaning(query, record) for record in records(0.75)}


@pytest.mark.parametrize(
    "text",
    [
        " or ".join(["not contains A4 and n > 2"] * 100),
        " and ".join(["irrep degree 1"] * 200),
        "not " * 30 + "class = 1",
        "(" * 30 + "class = 1" + ")" * 30,
        "-" * 30 + "order = " + "-(" * 14 + "order" + ")" * 14,
        "(" * 15 + "order" + " + k)" * 15 + " * 2" * 25 + " > 5",
        "order in {" + ", ".join(f"{n}..{n + 1}" for n in range(0, 500, 3)) + "}",
        "label in {" + ", ".join(f"{n}.1" for n in range(1, 1200)) + "}",
        "order in {" + ",".join(map(str, range(2000))) + "}",
        "name ~ '" + "*a?" * 3000 + "'",
    ],
    ids=lambda text: text[:20],
)
def test_the_largest_queries_run(whole, text):
    """Within the bounds of the language, neither Python nor the database is nested or filled too far."""
    query = parse_query(text)
    assert answers(whole, query) == {record[0]: meaning(query, record) for record in records(1)}


@pytest.mark.parametrize("text", [text for text, _ in EXAMPLES])
def test_the_examples_run(whole, text):
    """What the help shows can be asked."""
    query = parse_query(text)
    assert answers(whole, query) == {record[0]: meaning(query, record) for record in records(1)}


def test_a_group_that_is_none_is_refused(whole):
    """By whoever resolves it."""
    with pytest.raises(NotationError):
        search(whole, parse_query("contains '; DROP TABLE facts'"), resolve=named)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sort": "nonsense"}, "cannot sort by 'nonsense'"),
        ({"sort": "order,"}, "cannot sort by ''"),
        ({"sort": "subgroup_types; DROP TABLE facts"}, "cannot sort by"),
        ({"sort": "maximal_subgroups"}, "cannot sort by 'maximal_subgroups'"),
        ({"limit": -1}, "a page of -1 records"),
        ({"offset": -1}, "from number -1"),
    ],
)
def test_pages_that_are_none(whole, options, message):
    """A sort by what has no order, a negative page."""
    with pytest.raises(QueryError, match=message):
        search(whole, Everything(), resolve=named, **options)


# -- the tables


def test_removing_a_record_leaves_the_others(whole):
    """With its rows at hand or without, nothing of it stays and nothing else goes."""
    connection = database(1)
    before = contents(connection)
    for number, record in ((4, None), (70, records(1)[23])):
        own = {table: {row for row in rows if row[table_place(table)] == number} for table, rows in before.items()}
        assert all(own[table] for table in INDEX.sorted_tables)
        remove(connection, number, None if record is None else index_rows(*record))
        before = {table: rows - own[table] for table, rows in before.items()}
        assert contents(connection) == before
    connection.close()


def contents(connection):
    return {table: set(map(tuple, connection.execute(sql.select(table)))) for table in INDEX.sorted_tables}


def table_place(table):
    return [column.name for column in table.columns].index("group_id")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("abelian", 1),
        ("order", True),
        ("order", -1),
        ("order", "8"),
        ("exponent", 2**63),
        ("automorphism_order", -(2**70)),
        ("name", 5),
        ("label", "A5"),
        ("label", "8:abc"),
        ("center", "C2"),
        ("center", 5),
        ("subgroups", "2.1"),
        ("subgroups", [2]),
        ("subgroups", 7),
        ("classes", [[1, 1]]),
        ("classes", [[1, 1, "1"]]),
        ("irreps", [[1, 1, 1, 2**40]]),
        ("irreps", 3),
    ],
)
def test_a_damaged_fact_is_refused(name, value):
    """The message names the record and the field."""
    with pytest.raises(CatalogError, match=f"record 5: {name} is"):
        index_rows(5, {"order": 8, name: value}, [], ADDED)
    with pytest.raises(CatalogError, match="source"):
        index_rows(5, {}, [], "elsewhere")


def test_the_version_follows_the_tables(monkeypatch):
    """It is the same in every process, and another when the meaning of rows changes."""
    assert index._version() == INDEX_VERSION
    monkeypatch.setattr(index, "MEANING", 0)
    assert index._version() != INDEX_VERSION
    monkeypatch.undo()
    extra = sql.Table("extra", INDEX, sql.Column("x", sql.Integer))
    assert index._version() != INDEX_VERSION
    INDEX.remove(extra)
    assert index._version() == INDEX_VERSION


def test_every_field_that_may_be_undefined_says_when():
    """The registry of fields and the rules of the index agree."""
    assert {one.name for one in FIELDS if one.undefined} == set(index.UNDEFINED)
    assert {one.name for one in FIELDS if one.has_column} <= set(FACTS.c.keys())
    assert set(RELATIONS) <= {one.name for one in FIELDS if one.kind == "groups"}
