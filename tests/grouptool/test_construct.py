"""Groups are what their names say, obey the axioms, and bad input is refused before memory is taken."""

from __future__ import annotations

import json
import math
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import named, oracle, relabelled, small_groups

from grouptool import from_permutations, from_table, group
from grouptool.construct import families
from grouptool.construct import permutations as permutations_module
from grouptool.construct.fields import finite_field
from grouptool.construct.permutations import closure_of, regular_tree
from grouptool.errors import (
    InputFileError,
    NotAGroupError,
    NotationError,
    TooLargeError,
    UnknownGroupError,
)
from grouptool.structure import find_isomorphism

ORDERS = {
    "C1": 1, "C113": 113, "S1": 1, "S2": 2, "S5": 120, "A1": 1, "A2": 1, "A3": 3, "A6": 360, "D1": 2, "D2": 4,
    "D59": 118, "Q8": 8, "Q16": 16, "Dic3": 12, "F7:3": 21, "F8:7": 56, "F9:4": 36, "F43:7": 301,
    "SL(2,3)": 24, "SL(2,4)": 60,
    "SL(2,5)": 120, "GL(2,3)": 48, "GL(2,4)": 180, "PSL(2,7)": 168, "PSL(2,9)": 360, "PGL(2,5)": 120, "PSL(3,2)": 168,
    "C7:C3": 21, "C3:C4": 12,
    "C2^3 x Q8": 64, "(1,2,3)(4,5), (1,2)": 12, "((1,2)) x C3": 6, "()": 1, "C1^1000000000": 1,
}  # fmt: skip


@pytest.mark.parametrize("name", ORDERS)
def test_orders(name):
    """The order is the textbook's."""
    assert group(name).order == ORDERS[name]


@given(small_groups())
def test_axioms_and_representation(made):
    """Associativity and inverses by brute force; permutations multiply as the table says, left to right."""
    table, everything = made.table, np.arange(made.order)
    assert (table[table] == table[:, table]).all()
    assert (table[everything, made.inverses] == 0).all()
    products = made.permutations[np.arange(made.order)[None, :, None], made.permutations[:, None, :]]
    assert (made.permutations[table] == products).all()
    assert made.closure(made.generators).all()


def test_products_compose_left_to_right():
    """(1,2) then (1,3) sends 1 to 2, 2 to 3 and 3 to 1; the other order gives the inverse."""
    s3 = from_permutations([[1, 0, 2], [2, 1, 0]])
    first, second = s3.generators
    assert s3.cycles(s3.table[first, second]) == "(1,2,3)"
    assert s3.cycles(s3.table[second, first]) == "(1,3,2)"


@pytest.mark.parametrize("name", ["S4", "C7:C3", "<a, b | a^2, b^3, (a*b)^4>"])
def test_words_multiply_to_their_elements(name):
    """A word, read left to right in the generators, gives the element."""
    made = named(name)
    for element in range(made.order):
        product = 0
        for letter in made.word(element):
            product = made.table[product, made.generators[letter]]
        assert product == element


@pytest.mark.parametrize("name", ["S4", "SL(2,3)", "C7:C3", "C6 x C2"])
def test_powers_orders_and_exponent_by_repeated_multiplication(name):
    """The fast routes agree with multiplying one by one."""
    made = named(name)
    power, orders = np.arange(made.order), np.zeros(made.order, dtype=int)
    for k in range(1, made.exponent + 1):
        assert (made.powers(k) == power).all()
        orders[(power == 0) & (orders == 0)] = k
        power = made.table[power, np.arange(made.order)]
    assert (orders == made.element_orders).all()
    assert made.exponent == math.lcm(*orders.tolist())


@pytest.mark.parametrize(
    ("spec", "error", "complaint"),
    [
        ("X5", UnknownGroupError, "families"),
        ("s5", UnknownGroupError, "did you mean S5"),
        ("Q12", NotationError, "does not exist"),
        ("C0", NotationError, "at least 1"),
        ("F7:4", NotationError, "divisor of 6"),
        ("F6:5", NotationError, "no field of order 6"),
        ("SL(2,6)", NotationError, "no field of order 6"),
        ("SL(0,2)", NotationError, "dimension"),
        ("SL(63,2)", NotationError, "dimension"),
        ("SL(2)", NotationError, "wrong number of parameters"),
        ("C2^0", NotationError, "at least 1"),
        ("C5 : C4", NotationError, "ambiguous"),
        ("C5 : C3", NotationError, "only the trivial action"),
        ("Q8 : C4", NotationError, "ambiguous"),
        ("Q8 : C5", NotationError, "only the trivial action"),
        ("S20", TooLargeError, "limit"),
        ("S999999999", TooLargeError, "limit"),
        ("C10^9", TooLargeError, "1,000,000,000 elements"),
        ("C2^1000000000", TooLargeError, "limit"),
        ("GL(8,2)", TooLargeError, "limit"),
        ("C20161", TooLargeError, "20,161"),
        ("C200 : C200", TooLargeError, "limit"),
        ("(1,2,3,4,5,6,7,8,9,10), (1,2)", TooLargeError, "more than 20,160"),
        ("<a | a^1000000000>", TooLargeError, "letters"),
        ("<a, b | ((ab)^1000000000)^0, a^2, b^2, (ab)^3>", TooLargeError, "letters"),
        ("(((((C2^64)^64)^64)^64)^64)^64", TooLargeError, "at least 10"),
        ("no/such/file.json", InputFileError, "No such file"),
    ],
)
def test_refusals(spec, error, complaint):
    """One line each: what was given and which rule it met."""
    with pytest.raises(error, match=complaint) as refusal:
        group(spec)
    assert "\n" not in str(refusal.value)


def test_ambiguous_actions_are_listed_and_each_builds():
    """The alternatives in the message are themselves notation, and not isomorphic."""
    with pytest.raises(NotationError) as refusal:
        group("C5 : C4")
    first, second = (f"<{part.split('>')[0]}>" for part in str(refusal.value).split("<")[1:])
    made = group(first), group(second)
    assert [one.order for one in made] == [20, 20]
    assert find_isomorphism(*made) is None


@given(small_groups(), st.integers(0, 10**6))
def test_a_table_gives_back_its_group(made, seed):
    """From its own table, with the identity moved away from 0, a group is the same up to isomorphism."""
    other, _ = relabelled(made, seed)
    shifted = np.roll(np.arange(made.order), seed)
    back = from_table(np.argsort(shifted)[other.table[np.ix_(shifted, shifted)]])
    assert (back.table[0] == np.arange(made.order)).all()
    assert find_isomorphism(made, back) is not None


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ([], "square"),
        ([[0, 1]], "square"),
        ([[0, 1], [1]], "different lengths"),
        ([[0, 1], [1, 2]], "1\\*1 is 2, outside"),
        ([[0, -1], [1, 0]], "not closed"),
        ([[0, 1], [1, 1]], "row 1 repeats an element"),
        ([[0, 1], [0, 1]], "column 0 repeats an element"),
        ([[1, 0, 2], [2, 1, 0], [0, 2, 1]], "no identity"),
        ([[0.5, 1], [1, 0]], "integers"),
        (
            [[0, 1, 2, 3, 4], [1, 0, 3, 4, 2], [2, 4, 0, 1, 3], [3, 2, 4, 0, 1], [4, 3, 1, 2, 0]],
            r"\(\d\*\d\)\*\d is not \d\*\(\d\*\d\)",
        ),
    ],
)
def test_tables_that_are_no_groups(table, complaint):
    """The offending axiom is named with its elements; the last is a loop that is not associative."""
    with pytest.raises(NotAGroupError, match=complaint):
        from_table(table)


def test_table_files(tmp_path):
    """json, csv and npy give the same group; broken files are refused."""
    rows = named("S3").table.tolist()
    (tmp_path / "s3.json").write_text(json.dumps(rows))
    (tmp_path / "s3.csv").write_text("\n".join(",".join(map(str, row)) for row in rows))
    np.save(tmp_path / "s3.npy", rows)
    for ending in ("json", "csv", "npy"):
        assert (group(str(tmp_path / f"s3.{ending}")).table == named("S3").table).all()
    for name, content in {
        "a.json": "[[0, 1",
        "b.csv": "0,x\n1,0",
        "c.npy": "no array",
        "d.json": "[" * 100_000,
        "e.json": "7",
    }.items():
        (tmp_path / name).write_text(content)
        with pytest.raises((InputFileError, NotAGroupError)) as refusal:
            group(str(tmp_path / name))
        assert "\n" not in str(refusal.value)
    header = b"\x93NUMPY\x01\x00v\x00{'descr': '<i8', 'fortran_order': False, 'shape': (200000, 200000), }"
    odd = {
        "zip.npy": b"PK\x03\x04" + b"0" * 100,
        "claims.npy": header.ljust(127) + b"\n" + b"0" * 64,
        "long.csv": b"1" * 200_000,
    }
    for name, raw in odd.items():
        (tmp_path / name).write_bytes(raw)
    (tmp_path / "folder.json").mkdir()
    os.mkfifo(tmp_path / "pipe.json")
    np.save(tmp_path / "times.npy", np.zeros((2, 2), dtype="timedelta64[s]"))
    for name in (*odd, "folder.json", "pipe.json", "times.npy"):
        with pytest.raises((InputFileError, NotAGroupError)) as refusal:
            group(str(tmp_path / name))
        assert "\n" not in str(refusal.value)
    np.save(tmp_path / "object.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(InputFileError):
        group(str(tmp_path / "object.npy"))


@pytest.mark.parametrize("generators", [[[0, 0]], [[1, 2]], [[0, 1], [0, 1, 2]], [["a"]], [[0.5]]])
def test_generators_that_are_no_permutations(generators):
    """The generator is named."""
    with pytest.raises(NotAGroupError):
        from_permutations(generators)


@pytest.mark.parametrize("q", [2, 4, 8, 9, 25, 27, 37, 64])
def test_finite_fields_are_fields(q):
    """Distributivity, inverses, and the characteristic, by brute force."""
    field = finite_field(q)
    everything = np.arange(q)
    left = field.multiply[everything[:, None, None], field.add[everything[None, :, None], everything[None, None]]]
    right = field.add[field.multiply[:, :, None], field.multiply[:, None, :]]
    assert (left == right).all()
    assert ((field.multiply[1:, 1:] == 1).sum(axis=1) == 1).all()
    assert field.power(field.primitive, q - 1) == 1
    assert field.characteristic**field.degree == q
    total = 0
    for _ in range(field.characteristic):
        total = field.add[total, 1]
    assert total == 0


def test_every_family_says_what_it_is():
    """Each has a usage and a meaning for the help text."""
    assert all(one.usage and one.meaning.endswith((".", "vectors.", ")")) for one in families())


@pytest.mark.parametrize("record", oracle()[::7], ids=lambda record: record["structure"])
def test_orders_agree_with_gap(record):
    """From GAP's generators, GAP's order and exponent."""
    made = from_permutations(record["generators"])
    assert (made.order, made.exponent) == (record["order"], record["exponent"])


@given(st.lists(st.permutations(range(6)), min_size=1, max_size=3))
def test_regular_groups_are_recognised_without_their_elements(generators):
    """Exactly when the closure is transitive with as many elements as points; then it is the same group."""
    images = np.array(generators)
    tree, closure = regular_tree(images), closure_of(images, 720)
    transitive = len(set(closure.elements[:, 0].tolist())) == 6
    assert (tree is not None) == (transitive and len(closure.elements) == 6)
    made = from_permutations(images)
    assert np.array_equal(made.permutations, closure.elements)
    assert made.permutations[made.table[-1, -1]].tolist() == made.permutations[-1][made.permutations[-1]].tolist()


@given(st.lists(st.permutations(range(7)), min_size=1, max_size=3), st.integers(1, 4))
def test_a_base_tells_elements_apart_as_all_points_do(generators, copies):
    """Bases that grow, of one orbit and of several, beside keys of all points: the same elements in the same order.

    Several copies of the points make intransitive groups; what is moved in one of them only has an orbit of its own.
    """
    images = np.array([np.concatenate([np.array(row) + 7 * i for i in range(copies)]) for row in generators])
    own = np.arange(images.shape[1], images.shape[1] + 2)
    images = np.hstack([images, np.tile(own, (len(images), 1))])
    images[0, -2:] = own[::-1]
    whole = closure_of(images, 10_080)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(permutations_module, "FEW_BYTES", 0)
        found = closure_of(images, 10_080)
        with pytest.raises(TooLargeError, match="more than"):
            closure_of(images, len(whole.elements) - 1)
    for field in ("elements", "parents", "letters", "steps"):
        assert np.array_equal(getattr(found, field), getattr(whole, field)), field


def test_many_points_take_a_short_base(monkeypatch):
    """D5000 on 5,000 points: two of them tell its elements apart, and only keys of that length are made."""
    sizes = []
    orbit_of_tuple = permutations_module._orbit_of_tuple
    monkeypatch.setattr(
        permutations_module,
        "_orbit_of_tuple",
        lambda images, start, *bounds: sizes.append(len(start)) or orbit_of_tuple(images, start, *bounds),
    )
    assert group("D5000").order == 10_000
    assert sizes == [1, 2]


def test_a_regular_group_with_other_names_of_points_keeps_its_permutations():
    """They are those that it was given, not the table's."""
    names = np.random.default_rng(1).permutation(24)
    regular = np.empty((2, 24), dtype=np.int64)
    for row, g in zip(regular, (made := group("S4")).generators, strict=True):
        row[names] = names[made.table[:, g]]
    found = from_permutations(regular)
    assert np.array_equal(found.permutations[list(found.generators)], regular)
    one, other = found.permutations[5], found.permutations[17]
    assert np.array_equal(found.permutations[found.table[5, 17]], other[one])


def test_a_regular_group_keeps_no_second_copy():
    """The permutations are a view of the table where the points are numbered as the elements are."""
    assert np.shares_memory((made := group("C1000")).permutations, made.table)
    assert np.shares_memory((made := group("<a, b | a^6, b^2, (a*b)^2>")).permutations, made.table)
