"""From a group to a presentation and back: the same group, on the same generators, with no relator to spare."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from strategies import named, oracle, small_groups

from grouptool import from_permutations, from_presentation, group
from grouptool.construct import words
from grouptool.construct.abelianisation import abelian_invariants
from grouptool.construct.cayley_relators import defining_relators
from grouptool.construct.coset_enumeration import coset_table
from grouptool.errors import BudgetSpentError, NotAGroupError
from grouptool.notation import Presentation, parse
from grouptool.structure import presentation as module
from grouptool.structure.presentation import presentation, short_generating_set
from grouptool.structure.series import derived_subgroup

NAMES = ["C1", "C2", "C12", "S4", "Q8", "SL(2,3)", "C7:C3", "C2^4", "C3 x S3", "A5", "S5", "SL(2,5)", "PSL(2,7)", "D50"]


def same_action(made, chosen, text):
    """Whether generators of a presented group multiply as the chosen elements do: equal breadth-first tables."""
    regular = np.array([made.table[:, g] for g in chosen])
    table, back = coset_table(text).table[:, ::2], from_permutations(regular)
    return np.array_equal(from_permutations(table.T).table, back.table)


@given(small_groups())
def test_a_group_comes_back_on_its_own_generators(made):
    """The presented group acts on its elements as the group does, generator by generator."""
    chosen = made.generators or (0,)
    assert same_action(made, chosen, str(presentation(made)))


@pytest.mark.parametrize("name", NAMES)
def test_no_relator_is_to_spare(name):
    """Without any one but a square the abelianisation is another, or the elements pass the budget of the check."""
    made = named(name)
    for chosen in (None, short_generating_set(made)):
        found = presentation(made, chosen)
        assert parse(str(found)) == found
        assert same_action(made, chosen or made.generators or (0,), found)
        for left_out in range(len(found.relators)):
            if str(found.relators[left_out]) in {f"{letter}^2" for letter in found.letters}:
                continue  # squares of generators stay
            fewer = Presentation(found.letters, found.relators[:left_out] + found.relators[left_out + 1 :])
            if 0 in abelian_invariants(fewer):
                continue
            try:
                assert coset_table(fewer, max_cosets=2 * made.order, strategy="hlt").index > made.order
            except BudgetSpentError:
                continue


@pytest.mark.parametrize("name", ["232.10", "248.11", "232.13"])
def test_squares_of_generators_stay_and_felsch_is_short(name):
    """Without them these follow from the rest, but Felsch needs more than three million cosets."""
    made = group(name)
    found = presentation(made)
    squares = {f"{a}^2" for a, g in zip(found.letters, made.generators, strict=True) if made.element_orders[g] == 2}
    assert squares <= {str(one) for one in found.relators}
    assert coset_table(found, strategy="felsch", max_cosets=2 * made.order).index == made.order


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("C12", "<a | a^12>"),
        ("D5", "<a, b | b^2, (a*b)^2, a^5>"),
        ("S4", "<a, b | b^2, a^4, (a*b)^3>"),
        ("A5", "<a, b | b^3, a^5, (a^2*b)^2>"),
        ("C1", "<a | a>"),
    ],
)
def test_presentations_are_as_short_as_the_textbook_s(name, text):
    """And are written with powers of letters and words."""
    assert str(presentation(named(name))) == text


@pytest.mark.parametrize("record", oracle()[::9], ids=lambda record: record["structure"])
def test_the_presentation_abelianised_is_the_group_abelianised(record):
    """|G / G'| from the table equals the product of the abelian invariants of the relators."""
    made = from_permutations(record["generators"])
    derived = derived_subgroup(made).order
    assert np.prod(abelian_invariants(presentation(made)), dtype=int) * derived == made.order


@pytest.mark.parametrize("name", ["S4", "Q8", "C3 x S3", "SL(2,5)"])
def test_both_twins_find_the_same_relators(name, monkeypatch):
    """The plain and the compiled search know the same entries after each relator."""
    made = named(name)
    steps = np.array(list(made.right_multiplications()))
    found = []
    for kernels in ("plain", "compiled"):
        monkeypatch.setenv("GROUPTOOL_KERNELS", kernels)
        found.append(defining_relators(steps))
    assert found[0] == found[1]


def test_large_groups(monkeypatch):
    """A8, the largest alternating group with a table, and C2^8, which needs all its 36 relators."""
    monkeypatch.setenv("GROUPTOOL_KERNELS", "compiled")
    a8 = presentation(named("A8"))
    assert coset_table(a8).index == 20160
    assert len(presentation(named("C2^8")).relators) == 36


@pytest.mark.parametrize("name", ["S4", "C2^4", "C3 x S3", "SL(2,5)", "C12", "C1"])
def test_short_generating_sets(name):
    """They generate, and are as few as the rank of the group."""
    made = named(name)
    ranks = {"S4": 2, "C2^4": 4, "C3 x S3": 2, "SL(2,5)": 2, "C12": 1, "C1": 1}
    chosen = short_generating_set(made)
    assert made.closure(chosen).all()
    assert len(chosen) == ranks[name]


def test_generators_may_repeat_or_be_the_identity():
    """Each gets a letter, and a relator says what it is."""
    s3 = named("S3")
    a, b = s3.generators
    found = presentation(s3, [a, b, a, 0])
    assert len(found.letters) == 4
    assert from_presentation(found).order == 6
    assert [len(word) for word in words.expand_all(found.relators, found.letters)].count(1) == 1


def test_refusals(monkeypatch):
    """Elements that do not generate are counted; a check that does not finish is no certificate."""
    s4 = named("S4")
    with pytest.raises(NotAGroupError, match="4 of the 24 elements"):
        presentation(s4, s4.generators[:1])
    monkeypatch.setattr(module, "defining_relators", lambda steps: [[1] * 4, [2, 2]])
    with pytest.raises(BudgetSpentError, match="could not be enumerated back to order 24"):
        presentation(s4)
