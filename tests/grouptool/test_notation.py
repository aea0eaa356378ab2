"""The notation parses what it prints, reads the usual dialects, and answers everything else in one line."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grouptool.notation
from grouptool.errors import NotationError
from grouptool.notation import (
    Centre,
    CentralProduct,
    Commutator,
    Conjugate,
    Extraspecial,
    Label,
    Letter,
    Matrices,
    Monomial,
    Named,
    Number,
    Permutations,
    Power,
    Presentation,
    Product,
    Quotient,
    Ring,
    Root,
    Semidirect,
    Sum,
    Symbol,
    TableFile,
    Word,
    Wreath,
    parse,
)

# -- random specifications

numbers = st.integers(1, 99)
exponents = st.integers(-5, 5)
named = (
    st.builds(lambda family, n: Named(family, (n,)), st.sampled_from(["C", "S", "He", "Dic", "SD", "M"]), numbers)
    | st.builds(lambda family, n, q: Named(family, (n, q)), st.sampled_from(["F", "SL", "AGammaL"]), numbers, numbers)
    | st.builds(lambda kind, n: Named("W", (f"{kind}{n}",)), st.sampled_from("ABCDEFG"), numbers)
)
extraspecial = st.builds(
    lambda prime, rank, sign: Extraspecial(prime, 1 + 2 * rank, sign),
    st.sampled_from([2, 3, 5]),
    st.integers(1, 4),
    st.sampled_from("+-"),
)
permutations = st.permutations(range(1, 7)).map(
    lambda points: Permutations(((tuple(points[:2]), tuple(points[2:5])), (tuple(points[3:]),), ()))
)


def words(letters):
    """Products of powers, commutators and conjugates of these letters, up to a few brackets deep."""
    letter = st.sampled_from([Letter(name) for name in letters])

    def larger(inner):
        proper = inner.filter(lambda word: word.factors)
        commutator = st.builds(Commutator, inner, inner)
        conjugate = st.builds(Conjugate, letter | proper | commutator, letter | proper)
        power = st.tuples(letter | inner | commutator, exponents) | st.tuples(conjugate, st.just(1))
        return st.lists(power, min_size=1, max_size=3).map(lambda factors: Word(tuple(factors)))

    plain = st.lists(st.tuples(letter, exponents), max_size=3).map(lambda factors: Word(tuple(factors)))
    return st.recursive(plain, larger, max_leaves=6)


presentations = st.lists(words(["a", "b", "x1"]), max_size=3).map(
    lambda relators: Presentation(("a", "b", "x1"), tuple(relators))
)


def entries():
    """Expressions in the shapes that the parser gives them: a product has two factors or a power, a sum two terms."""
    atom = st.builds(Number, st.integers(-9, 9)) | st.sampled_from([Symbol("i"), Symbol("z"), Root(3), Root(8)])

    def larger(inner):
        small = st.integers(-3, 3)
        power = st.tuples(st.tuples(inner, small.filter(lambda exponent: exponent != 1))).map(Monomial)
        product = st.lists(st.tuples(inner, small), min_size=2, max_size=3).map(lambda found: Monomial(tuple(found)))
        sums = st.lists(inner, min_size=2, max_size=3).map(lambda found: Sum(tuple(found)))
        return power | product | sums

    return st.recursive(atom, larger, max_leaves=5)


@st.composite
def matrix_groups(draw):
    """One or two matrices of one size, with any ring."""
    size, count = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    ring = draw(st.sampled_from([Ring("Z"), Ring("Z", 8), Ring("GF", 9), Ring("Q")]))
    row = st.lists(entries(), min_size=size, max_size=size).map(tuple)
    matrix = st.lists(row, min_size=size, max_size=size).map(tuple)
    return Matrices(tuple(draw(st.lists(matrix, min_size=count, max_size=count))), ring)


actions = st.dictionaries(
    st.tuples(st.sampled_from("ab"), st.sampled_from(["c", "a1"])), words(["a", "b"]), max_size=2
).map(lambda rules: tuple((x, y, word) for (x, y), word in rules.items()))
specs = st.recursive(
    named | extraspecial | st.builds(Label, numbers, numbers) | permutations | presentations | matrix_groups(),
    lambda inner: (
        st.builds(Power, inner, numbers)
        | st.lists(inner, min_size=2, max_size=3).map(lambda factors: Product(tuple(factors)))
        | st.builds(Semidirect, inner, inner, actions)
        | st.builds(Wreath, inner, inner)
        | st.builds(CentralProduct, inner, inner)
        | st.builds(Quotient, inner, inner | st.just(Centre()))
    ),
    max_leaves=5,
)


@settings(max_examples=500)
@given(specs)
def test_what_it_prints_it_parses(spec):
    """A specification is the same after printing and parsing."""
    assert parse(str(spec)) == spec
