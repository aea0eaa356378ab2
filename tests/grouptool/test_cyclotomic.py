"""Exact cyclotomic numbers: one form for one number, the field's usual spelling, arithmetic as in the complex plane."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from grouptool.representations.cyclotomic import Cyclotomic

root = Cyclotomic.root
conductors = st.sampled_from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 18, 20, 24, 30, 36])
numbers = conductors.flatmap(
    lambda n: st.dictionaries(st.integers(0, n - 1), st.fractions(-3, 3, max_denominator=4), max_size=4).map(
        lambda terms: Cyclotomic(n, terms)
    )
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (root(1), "1"),
        (root(2), "-1"),
        (root(4), "i"),
        (root(3), "(-1+sqrt(-3))/2"),
        (root(6), "(1+sqrt(-3))/2"),
        (root(3) + root(3, 2), "-1"),
        (root(5) + root(5, 4), "(-1+sqrt(5))/2"),
        (-root(5, 2) - root(5, 3), "(1+sqrt(5))/2"),
        (root(8) + root(8, 7), "sqrt(2)"),
        (root(8) + root(8, 3), "sqrt(-2)"),
        (root(8) - root(8, 3), "sqrt(2)"),
        (root(12) + root(12, 11), "sqrt(3)"),
        (root(7) + root(7, 2) + root(7, 4), "(-1+sqrt(-7))/2"),
        (root(5), "E(5)"),
        (root(5, 2), "E(5)^2"),
        (root(7) + root(7, 6), "E(7)+E(7)^6"),
        (root(9, 3), "(-1+sqrt(-3))/2"),
        (root(4) * Fraction(3, 2) - 2, "(-4+3*i)/2"),
        (sum((root(15, k) for k in range(15)), Cyclotomic(1, {})), "0"),
        (root(12) * 2, "-2*E(12)^7"),
    ],
)
def test_spelling(value, text):
    """Integers, i and square roots where that is what it is, else GAP's sums of E(N)^k."""
    assert str(value) == text


def test_gap_form_is_always_there():
    """GAP prints the golden ratio as -E(5)^2-E(5)^3."""
    assert (-root(5, 2) - root(5, 3)).roots_text() == "-E(5)^2-E(5)^3"
    assert (root(8) - root(8, 3)).roots_text() == "E(8)-E(8)^3"


@given(numbers, numbers)
def test_arithmetic_is_that_of_the_complex_numbers(x, y):
    """Sums, differences, products and conjugates agree with floats."""
    for exact, float_value in [
        (x + y, complex(x) + complex(y)),
        (x - y, complex(x) - complex(y)),
        (x * y, complex(x) * complex(y)),
        (x.conjugate(), complex(x).conjugate()),
    ]:
        assert abs(complex(exact) - float_value) < 1e-9


@given(numbers, numbers)
def test_equal_numbers_are_equal_objects(x, y):
    """(x + y)(x - y) = x^2 - y^2 whatever the route; the form is unique, so hashes agree."""
    left, right = (x + y) * (x - y), x * x - y * y
    assert left == right
    assert hash(left) == hash(right)
    assert left.conductor == right.conductor
    assert (x == y) == (abs(complex(x) - complex(y)) < 1e-9)


@given(numbers)
def test_the_conductor_is_the_smallest(x):
    """No proper divisor's Galois group fixes it; the conductor is never 2 modulo 4."""
    assert x.conductor % 4 != 2
    for divisor in range(1, x.conductor):
        if x.conductor % divisor == 0:
            fixing = [
                j for j in range(1, x.conductor + 1) if j % divisor == 1 % divisor and sympy.gcd(j, x.conductor) == 1
            ]
            assert not all(x.galois(j) == x for j in fixing)


@given(numbers)
def test_other_forms_agree(x):
    """SymPy's expression and the json value are the same number."""
    assert abs(complex(x.to_sympy()) - complex(x)) < 1e-9
    shown = x.to_json()
    again = Cyclotomic(shown["conductor"], {i: Fraction(p, q) for i, p, q in shown["coefficients"]})
    assert again == x
    assert x.latex()


def test_quadratic_numbers_square_exactly():
    """a + b sqrt(D) squared back gives the number's own square."""
    for value in (
        root(7) + root(7, 2) + root(7, 4),
        root(5) + root(5, 4),
        root(24) + root(24, 23) + root(24, 5) + root(24, 19),
    ):
        a, b, inside = value.quadratic
        assert (value - a) * (value - a) == b * b * inside
