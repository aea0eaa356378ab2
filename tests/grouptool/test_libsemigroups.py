"""Coset enumeration beside libsemigroups, where the extra ``cosets`` is installed."""

from __future__ import annotations

import pytest

from grouptool.construct.coset_enumeration import coset_table
from grouptool.construct.words import expand_all
from grouptool.notation import parse

libsemigroups = pytest.importorskip(
    "libsemigroups_pybind11", reason="the extra 'cosets' is not installed: pip install 'grouptool[cosets]'"
)


def order_by_libsemigroups(given):
    """Number of classes of the monoid with inverses as letters of their own."""
    count = len(given.letters)
    presentation = libsemigroups.Presentation(list(range(2 * count)))
    presentation.contains_empty_word(True)
    for i in range(count):
        libsemigroups.presentation.add_rule(presentation, [2 * i, 2 * i + 1], [])
        libsemigroups.presentation.add_rule(presentation, [2 * i + 1, 2 * i], [])
    for relator in expand_all(given.relators, given.letters):
        letters = [2 * (abs(g) - 1) + (g < 0) for g in relator]
        libsemigroups.presentation.add_rule(presentation, letters, [])
    enumeration = libsemigroups.ToddCoxeter(libsemigroups.congruence_kind.twosided, presentation)
    quiet = libsemigroups.ReportGuard(False)
    classes = enumeration.number_of_classes()
    del quiet
    return classes


@pytest.mark.parametrize(
    "text",
    [
        "<a, b | a^2, b^3, (a*b)^5>",
        "<a, b | a^2 = b^3 = (a*b)^5>",
        "<a, b, c | a^2, b^2, c^2, (a*b)^3, (b*c)^5, [a,c]>",
        "<a, b | a^2, b^3, (a*b)^7, [a,b]^4>",
        "<a, b, c, d, e | a*b = c, b*c = d, c*d = e, d*e = a, e*a = b>",
        "<a, b | a^4, b^4, (a*b)^4, (a^-1*b)^4, (a^2*b)^4, (a*b^2)^4, (a^2*b^2)^4, (a^-1*b*a*b)^4, (a*b^-1*a*b)^4>",
    ],
)
def test_orders_agree(text):
    """A semigroup Todd-Coxeter in C++, by other people."""
    given = parse(text)
    assert coset_table(given).index == order_by_libsemigroups(given)
