"""What is known of a group: what runs past its budget or bound is unknown, and the rest is not."""

from __future__ import annotations

import pytest
from strategies import named

from grouptool import group
from grouptool.catalog import facts as facts_module
from grouptool.catalog.record import describe
from grouptool.errors import BudgetSpentError, TooLargeError


@pytest.mark.parametrize(
    ("name", "simple", "supersolvable"), [("A5", True, False), ("D9", False, True), ("S4", False, False)]
)
def test_too_many_normal_subgroups_leave_the_rest(name, simple, supersolvable, monkeypatch):
    """Simple and supersolvable are read off a chief series, so only the number of normal subgroups is open."""

    def many(*_):
        raise BudgetSpentError("too many")

    monkeypatch.setattr(facts_module, "normal_subgroups", many)
    facts = describe(named(name))
    assert facts["num_normal_subgroups"] is None
    assert (facts["simple"], facts["supersolvable"]) == (simple, supersolvable)


@pytest.mark.parametrize("name", ["C1", "C2", "S4", "Q16", "D400", "A5 x C2", "C7:C3", "24.3", "C3^4", "SO(3,5)"])
@pytest.mark.parametrize("kernels", ["plain", "compiled"])
def test_a_group_that_came_otherwise_gets_a_presentation(name, kernels, monkeypatch):
    """Its letters are the generators in order, its relators hold for them, and it defines a group of the same order."""
    monkeypatch.setenv("GROUPTOOL_KERNELS", kernels)
    made = group(name)
    text = describe(made)["presentation"]
    found = group(text)
    letters = [made.generators[letter] for letter in range(len(made.generators))] or [0]
    assert found.order == made.order
    assert len(found.generators) == len(letters)
    image = [0] * found.order  # words in the letters, read in the group that it came from
    for x in range(found.order):
        for letter in found.word(x):
            image[x] = int(made.table[image[x], letters[letter]])
    assert sorted(image) == list(range(made.order))
    for x in range(found.order):
        for g, letter in zip(found.generators, letters, strict=True):
            assert image[found.table[x, g]] == made.table[image[x], letter]


def test_which_presentations_are_left_alone():
    """One's own stays as it was written; too many generators, or elements, are not computed."""
    assert describe(group("<x, y | x^2, y^2, (x*y)^3, x^4>"))["presentation"] == "<x, y | x^2, y^2, (x*y)^3, x^4>"
    assert describe(group("C2^5"))["presentation"] is None
    assert describe(group("D501"))["presentation"] is None


def test_what_is_past_its_bounds_is_unknown(monkeypatch):
    """A character table past its bound: None, not a refusal of everything else."""

    def large(*_):
        raise TooLargeError("too large")

    monkeypatch.setattr(facts_module, "character_table", large)
    facts = describe(group("C613"))
    assert facts["irrep_degrees"] is None
    assert (facts["num_subgroups"], facts["automorphism_order"]) == (2, 612)
