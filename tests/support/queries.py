"""Random queries of the catalog's language, as trees."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from grouptool.catalog.fields import FIELDS, RELATIONS
from grouptool.catalog.query import MAX_INTEGER, Query
from grouptool.catalog.query_tree import (
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

__all__ = ["queries"]

SIGNS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])


def queries(
    groups: st.SearchStrategy[str],
    texts: st.SearchStrategy[str],
    fields: Sequence[str] = tuple(one.name for one in FIELDS),
) -> st.SearchStrategy[Query]:
    """Trees with up to some dozen conditions on these fields, as ``parse_query`` could give them."""
    named = {kind: [one.name for one in FIELDS if one.kind == kind and one.name in fields] for kind in KINDS}
    integers = st.integers(0, 12) | st.sampled_from([16, 24, 32, 10**6, 2**62, MAX_INTEGER])
    numbers = st.builds(Number, integers | integers.map(int.__neg__))
    values = st.builds(Value, st.sampled_from(named["number"]))
    terms = st.recursive(values | numbers, _compound, max_leaves=4)
    text, group, equal = st.sampled_from(named["text"]), st.sampled_from(named["group"]), st.sampled_from(["=", "!="])
    bounds = st.tuples(SIGNS, integers)
    parts = st.tuples(st.sampled_from(["order", "size"]), SIGNS, integers)
    irreps = st.builds(Irrep, _some(bounds, 0), st.sampled_from([None, 1, 0, -1]), st.booleans())
    conditions = st.one_of(
        st.builds(Flag, st.sampled_from(named["flag"])),
        st.builds(Compare, values, SIGNS, terms),
        st.builds(Compare, terms, SIGNS, terms),
        st.builds(In, terms, _some(st.tuples(integers, integers).map(_ascending))),
        st.builds(Divides, terms, terms),
        st.builds(Text, text, equal | st.just("~"), st.tuples(texts)),
        st.builds(Text, text, st.just("in"), _some(texts)),
        st.builds(Type, group, equal, st.tuples(groups)),
        st.builds(Type, group, st.just("in"), _some(groups)),
        st.builds(Related, st.sampled_from(RELATIONS), groups),
        irreps.filter(lambda irrep: irrep != Irrep()),
        st.builds(Classes, _some(parts)),
        st.builds(Known, st.sampled_from(fields)),
        st.just(Added()),
    )
    return st.just(Everything()) | st.recursive(conditions, _joined, max_leaves=6)


KINDS = ("flag", "number", "text", "group")


def _some(one: st.SearchStrategy, least: int = 1) -> st.SearchStrategy[tuple]:
    return st.lists(one, min_size=least, max_size=2 + least).map(tuple)


def _ascending(pair: tuple[int, int]) -> tuple[int, int]:
    return min(pair), max(pair)


def _compound(terms: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    """A minus sign belongs to an integer, so that only other terms are negated."""
    others = terms.filter(lambda term: not isinstance(term, Number))
    return st.builds(Negated, others) | st.builds(Arithmetic, terms, st.sampled_from("+-*"), terms)


def _joined(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.builds(Not, parts) | st.builds(And, several) | st.builds(Or, several)
