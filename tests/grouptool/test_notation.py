"""The notation parses what it prints and refuses everything else in one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grouptool.errors import GroupToolError, NotationError
from grouptool.notation import (
    Letter,
    Named,
    Permutations,
    Power,
    Presentation,
    Product,
    Semidirect,
    TableFile,
    Word,
    parse,
)

numbers = st.integers(1, 99)
named = st.builds(
    lambda family, n: Named(family, (n,)), st.sampled_from(["C", "S", "A", "D", "Dic", "Q"]), numbers
) | st.builds(lambda family, n, q: Named(family, (n, q)), st.sampled_from(["F", "SL", "PGL"]), numbers, numbers)
permutations = st.permutations(range(1, 7)).map(
    lambda points: Permutations(((tuple(points[:2]), tuple(points[2:5])), (tuple(points[3:]),)))
)
words = st.recursive(
    st.lists(st.tuples(st.sampled_from([Letter("a"), Letter("b"), Letter("x1")]), st.integers(-5, 5)), max_size=3).map(
        lambda factors: Word(tuple(factors))
    ),
    lambda inner: st.lists(
        st.tuples(inner.filter(lambda word: word.factors), st.integers(-4, 4)), min_size=1, max_size=2
    ).map(lambda factors: Word(tuple(factors))),
    max_leaves=4,
)
presentations = st.lists(words, max_size=3).map(lambda relators: Presentation(("a", "b", "x1"), tuple(relators)))
specs = st.recursive(
    named | permutations | presentations,
    lambda inner: (
        st.builds(Power, inner, numbers)
        | st.builds(lambda a, b, c: Product((a, b, c)), inner, inner, inner)
        | st.builds(Semidirect, inner, inner)
    ),
    max_leaves=5,
)


@given(specs)
def test_what_it_prints_it_parses(spec):
    """A specification is the same after printing and parsing."""
    assert parse(str(spec)) == spec


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("  S5 ", "S5"),
        ("C2xC4", "C2 x C4"),
        ("C2 × S3", "C2 x S3"),
        ("C7:C3", "C7 : C3"),
        ("C7 ⋊ C3", "C7 : C3"),
        ("F7:3", "F7:3"),
        ("F7 : C3", "F7 : C3"),
        ("SL( 2 , 3 )", "SL(2,3)"),
        ("(C2 x C2)^2 x (C3:C4)", "(C2 x C2)^2 x (C3 : C4)"),
        ("(1 2 3)(4 5) , (1,2)", "(1,2,3)(4,5), (1,2)"),
        ("()", "()"),
        ("<a,b|a^2,b^3,(ab)^5>", "<a, b | a^2, b^3, (a*b)^5>"),
        ("<a,b | a^2 = b^3, ab = ba>", "<a, b | a^2*(b^3)^-1, a*b*(b*a)^-1>"),
        ("<x1, y | x1*y^-1, 1>", "<x1, y | x1*y^-1, 1>"),
    ],
)
def test_spellings(text, printed):
    """Dialects come out in one spelling."""
    assert str(parse(text)) == printed


def test_a_table_file_is_named_by_its_ending():
    """Paths may have spaces and any case."""
    assert parse("my tables/K4.CSV") == TableFile("my tables/K4.CSV")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "empty"),
        ("S", "needs a number"),
        ("S5)", "expected the end"),
        ("(S5", "ends there"),
        ("(" * 60 + "S5" + ")" * 60, "nested"),
        ("<a | " + "(" * 60 + "a" + ")" * 60 + ">", "nested"),
        ("S5 x", "ends there"),
        ("C2 x C3 : C2", "brackets"),
        ("C2 : C3 : C2", "brackets"),
        ("(1,2,1)", "occurs twice"),
        ("(0,1)", "outside"),
        ("(1,1000000)", "outside"),
        ("(1,99999999999999999999)", "larger than"),
        ("C99999999999999", "larger than"),
        ("<a,a | a^2>", "named twice"),
        ("<a | b^2>", "'b' is not a generator"),
        ("<a | a^2", "'>'"),
        ("<a a^2>", "'|'"),
        ("a" * 50_000, "characters"),
        ("S5\0", "cannot read"),
        ("C²", "cannot read"),
        ("٣", "cannot read"),
        ("S5; rm -rf", "cannot read"),
        ("__import__('os')", "cannot read|needs a number"),
    ],
)
def test_refusals_say_what_and_where(text, complaint):
    """Each hostile text gives one short line."""
    with pytest.raises(NotationError, match=complaint) as refusal:
        parse(text)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 300


@given(st.text(max_size=60) | st.text(alphabet="SCDx^:()<>|,*=ab0123456789- ", max_size=60))
def test_no_text_makes_it_crash(text):
    """Whatever it is given, it answers with a specification or a refusal of its own."""
    try:
        spec = parse(text)
    except GroupToolError:
        return
    assert parse(str(spec)) == spec
