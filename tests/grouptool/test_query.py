"""The search language reads what it prints, and refuses everything else in one clear line."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from queries import queries

from grouptool.catalog.fields import FIELD, FIELDS
from grouptool.catalog.query import ALIASES, EXAMPLES, LANGUAGE, parse_query
from grouptool.catalog.query_tree import RELATION_WORDS, And, Compare, Everything, Number, Value
from grouptool.errors import GroupToolError, QueryError

PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=12)
WORDS = st.sampled_from(
    ["and", "In", "C7 : C3", "PSL(2,7)", "(1, 2)", 'a"b', "it's", "", " ", "(", ")", "a,b", "*", "C2^2"]
)


@given(queries(WORDS | PRINTABLE, WORDS | PRINTABLE))
@settings(max_examples=500)
def test_what_is_printed_is_read_as_the_same(query):
    """Any tree: operators of both strengths, quotes within quotes, words that are also key words."""
    assert parse_query(str(query)) == query


CANONICAL = [
    ("", ""),
    (" \n\t ", ""),
    ("class = 3", "nilpotency_class = 3"),
    ("n<=100", "order <= 100"),
    ("CENTRE = C2 AND Soluble", "center = C2 and solvable"),
    ("k ≥ 3 or out ≠ 1 or aut <> 2 or involutions == 1", None),
    ("3 < order <= 10", "3 < order and order <= 10"),
    ("order in 8", "order in {8}"),
    ("order in {8, 16..20}", "order in {8, 16..20}"),
    ("order in 8..16", "order in 8..16"),
    ("2^10 divides aut*-3", "1024 divides automorphism_order * -3"),
    ("((order)) > (1)", "order > 1"),
    ("order - (1 - k) = (order - 1) - k", "order - (1 - num_classes) = order - 1 - num_classes"),
    ("(order + 1) * 2 > - ( - k)", "(order + 1) * 2 > --num_classes"),
    ("not not simple", "not not simple"),
    ("not (simple or abelian) and cyclic or perfect", "not (simple or abelian) and cyclic or perfect"),
    ("(simple and perfect) or cyclic", "simple and perfect or cyclic"),
    ("(simple or perfect) or cyclic", "(simple or perfect) or cyclic"),
    ("contains PSL(2,7)", "contains PSL(2,7)"),
    ("(contains PSL(2, 7))", 'contains "PSL(2, 7)"'),
    ("contains 'C7 : C3'", 'contains "C7 : C3"'),
    ('contains FreeGroup("a")/[a^2]', None),
    ("abelianization in {C2, 'C2 x C2'}", 'abelianization in {C2, "C2 x C2"}'),
    ('name = "a""b"', 'name = "a""b"'),
    ("name = 'a''b'", 'name = "a\'b"'),
    ("name ~ C7*", "name ~ C7*"),
    ("id in {60.5, 168.42}", "label in {60.5, 168.42}"),
    ("irrep real faithful degree >= 2 degree < 5", "irrep degree >= 2 degree < 5 faithful indicator 1"),
    ("irrep quaternionic", "irrep indicator -1"),
    ("element order 6", "class order 6"),
    ("class size 10 order <= 4", "class size 10 order <= 4"),
    ("classes > 5 and known classes", "num_classes > 5 and known classes"),
    ("unknown subgroups and mine", "not known subgroups and added"),
    ("known k", "known num_classes"),
]


@pytest.mark.parametrize(("text", "printed"), CANONICAL)
def test_short_and_other_spellings(text, printed):
    """Each has one canonical spelling; None only has to come back."""
    found = parse_query(text)
    assert parse_query(str(found)) == found
    assert printed is None or str(found) == printed


def test_a_chain_compares_neighbours():
    """a < b < c is two comparisons."""
    assert parse_query("1 < n < 5") == And(
        (Compare(Number(1), "<", Value("order")), Compare(Value("order"), "<", Number(5)))
    )
    assert parse_query("") == Everything()


@pytest.mark.parametrize("text", [text for text, _ in EXAMPLES])
def test_the_examples_are_read(text):
    """What the help shows works, and prints back."""
    assert parse_query(str(parse_query(text))) == parse_query(text)


def test_the_grammar_names_every_word():
    """A word that the parser knows is in the grammar that users see."""
    for word in (*RELATION_WORDS, "irrep", "element", "class", "known", "unknown", "added", "mine", "divides", "in"):
        assert f'"{word}"' in LANGUAGE, word


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_every_field_is_read_in_the_way_of_its_kind(field):
    """And what belongs to another kind is refused."""
    ways = {"flag": "{}", "number": "{} = 1", "text": "{} = x", "group": "{} = C2"}
    text = ways.get(field.kind, "known {}").format(field.name)
    assert str(parse_query(text)) == text
    assert str(parse_query(f"known {field.name}")) == f"known {field.name}"
    others = {"flag": "{} = 1", "number": "{}", "text": "{} > 1", "group": "{} ~ C*"}
    with pytest.raises(QueryError, match=r"^[^\n]+$"):
        parse_query(others.get(field.kind, "{} = C2").format(field.name))


def test_short_names_hide_no_field():
    """A short name stands for a field with a value, and is no such field itself."""
    for short, name in ALIASES.items():
        assert FIELD[name].has_column
        assert short not in FIELD or not FIELD[short].has_column


HOSTILE = [
    # not of the language
    ("nilpotnt", "unknown word 'nilpotnt' at character 1 .* nearest: nilpotent"),
    ("A5", "unknown word 'A5' .* contains A5"),
    ("order = A5", "unknown word 'A5' at character 9"),
    ("x" * 9_000, "unknown word 'xxx"),
    ("known foo", "unknown word 'foo' at character 7"),
    ("Robert'); DROP TABLE facts;--", "unknown word 'Robert'"),
    ("simple; DROP TABLE facts", "found ';' at character 7"),
    ("order = 1 OR 1=1 --", "expected a condition.* but 'order = 1 OR 1=1 --' ends there"),
    ("__import__('os')", "unknown word '__import__'"),
    ("order @ 3", "'order' is a number"),
    ("\0", r"cannot read U\+0000"),
    ("name = '\ud800'", r"cannot read U\+D800"),
    ("name = 'a\u202eb'", "RIGHT-TO-LEFT OVERRIDE"),
    ("order > ٥", "expected a condition"),
    ("order > ²", "expected a condition"),
    # a kind that does not fit
    ("order", "'order' is a number, not a condition, at character 1"),
    ("order and simple", "'order' is a number, which 'and' does not join"),
    ("simple and order", "'order' is a number, not a condition, at character 12"),
    ("not order", "'order' is a number"),
    ("(order)", "'order' is a number"),
    ("simple = 1", "'simple' is true or false, which '=' cannot compare.* write simple, or not simple"),
    ("simple in {1}", "'simple' is true or false"),
    ("3 < simple", "'simple' is true or false, not a number"),
    ("1 + simple > 2", "'simple' is true or false, not a number"),
    ("(simple) * 2 > 2", "'simple' is true or false, not a number"),
    ("-simple > 2", "'simple' is true or false, not a number"),
    ("8 divides abelian", "'abelian' is true or false"),
    ("name > 3", "'name', which is a text"),
    ("name", "'name', which is a text"),
    ("center ~ C2", "'center', which is a group"),
    ("center", "expected =, != or in after 'center'"),
    ("quotients = 3", "'quotients' is a list"),
    # unfinished or unbalanced
    ("(order > 1", r"expected '\)' but"),
    ("order > 1)", r"found '\)'"),
    ("()", "expected a condition"),
    ("simple abelian", "expected .and., .or. or the end .* but found 'abelian'"),
    ("contains C2 x C2", "a text with spaces stands in quotes"),
    ("contains", "expected a group after 'contains'"),
    ("contains and simple", "expected a group after 'contains'"),
    ("contains )", "expected a group after 'contains'"),
    ("contains PSL(2,7", "the brackets of"),
    ("name = ", "expected a text"),
    ('name = "abc', 'the quote " .* is never closed'),
    ("name in C2", "expected '{'"),
    ("label in {8.1, }", "expected a text"),
    ("label in {8.1", "expected '}'"),
    ("order in {}", "expected a number or a range"),
    ("order in {1..}", "expected a number"),
    ("order in 200..100", "the range 200..100 is empty .* write 100..200"),
    ("order =", "expected a condition.* ends there"),
    ("order => 5", "found '>' at character 8"),
    ("order < 20,160", "found ',' at character 11"),
    ("order = 60.5", "found '.' at character 11"),
    ("and", "expected a condition"),
    ("not", "expected a condition"),
    ("irrep", "expected degree 4, faithful"),
    ("irrep degree", "expected a number"),
    ("irrep degree -1", "expected a number"),
    ("irrep real complex", "a second indicator, 'complex'"),
    ("irrep indicator 2", "the indicator 2"),
    ("element 6", "expected 'order'"),
    ("class size", "expected a number"),
    ("known", "expected a field"),
    # too large, too long, too deep, too many
    ("order > 9223372036854775808", r"the number '9223372036854775808' .* integers go to 2\^63 - 1"),
    ("order > " + "9" * 5_000, "integers go to"),
    ("order in {1.." + "9" * 30 + "}", "integers go to"),
    ("2^63 > order", r"2\^63"),
    ("3^999999999999999999 > order", "integers go to"),
    ("2^99999999999999999999 > order", "integers go to"),
    ("simple or " * 2_000, "20,000 characters; the limit is 10,000"),
    ("(" * 500 + "simple" + ")" * 500, "nested more than 30 deep"),
    ("(" * 5_000, "nested more than 30 deep"),
    ("not " * 40 + "simple", "nested more than 30 deep"),
    ("-" * 40 + "order > 1", "nested more than 30 deep"),
    ("simple or " * 250 + "simple", "more than 200 conditions"),
    ("1 < n" + " < n" * 2_000, "more than 200 conditions"),
    ("order in {" + "1..2, " * 500 + "3}", "more than 200 conditions and ranges"),
    ("center in {" + "C2, " * 500 + "C3}", "more than 200 conditions"),
    ("order" + " + 1" * 50 + " > 1", r"more than 40 operators \+ - \*"),
]


@pytest.mark.parametrize(("text", "message"), HOSTILE, ids=lambda value: repr(value[:20]))
def test_everything_else_is_refused_in_one_line(text, message):
    """The message says what was found where, and stays short."""
    with pytest.raises(QueryError, match=message) as refusal:
        parse_query(text)
    assert isinstance(refusal.value, GroupToolError)
    assert isinstance(refusal.value, ValueError)
    said = str(refusal.value)
    assert len(said) < 400
    assert said.isprintable()


SYMBOLS = st.sampled_from([*"(){}~+-*^\"',;[]\\\0é", "..", "=", "!=", "<", ">=", "3", "-1", "A5", "C2^2"])
JOINTS = st.sampled_from(["and", "or", "not", "in", "divides", "contains", "known", "element", "class", "irrep"])
NAMES = st.sampled_from(["order", "simple", "name", "center", "size", "degree", "faithful", "subgroups"])
SOUP = st.lists(SYMBOLS | JOINTS | NAMES, max_size=12)


@given(SOUP.map(" ".join) | SOUP.map("".join) | st.text(max_size=30))
@settings(max_examples=500)
def test_no_text_ends_in_another_error(text):
    """A soup of tokens is read and prints back, or is refused."""
    with suppress(QueryError):
        found = parse_query(text)
        assert parse_query(str(found)) == found
