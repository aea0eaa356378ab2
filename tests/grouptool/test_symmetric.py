"""S_n and A_n from partitions: tables against GAP and Dixon's, brute force, Young's forms against each other."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import pairwise, permutations, product
from pathlib import Path

import numpy as np
import pytest
from flint import fmpq, fmpq_mat
from hypothesis import given
from hypothesis import strategies as st
from strategies import named

from grouptool.errors import NotAGroupError, NotationError, RepresentationError, TooLargeError
from grouptool.representations import Cyclotomic, character_table
from grouptool.representations.symmetric import (
    AlternatingClass,
    AlternatingForm,
    YoungForm,
    alternating_class_of,
    alternating_table,
    as_partition,
    centralizer_order,
    class_name,
    class_size,
    conjugate,
    cycle_type_of,
    cycle_types,
    degree,
    diagonal_hooks,
    element_order,
    hook_lengths,
    intertwiner,
    partition_text,
    partitions,
    power,
    representative,
    sign,
    square_root,
    standard_tableaux,
    symmetric_character,
    symmetric_table,
    three_cycles,
)
from grouptool.representations.symmetric.alternating_forms import _check_associator
from grouptool.representations.symmetric.seminormal import (
    _check_coxeter_relations,
    reduced_word,
    seminormal_module,
)
from grouptool.representations.symmetric.surds import surd_parts

FORMS = ("natural", "seminormal", "orthogonal")
ORACLE = json.loads((Path(__file__).parents[1] / "oracles" / "symmetric.json").read_text())
UP_TO_6 = [partition for n in range(1, 7) for partition in partitions(n)]
SOME_LARGER = [(5, 2), (4, 2, 1), (4, 1, 1, 1), (3, 3, 1), (6, 2), (4, 4), (4, 2, 1, 1), (3, 3, 2), (2, 2, 2, 2)]


def _times(p, q):
    """First p, then q."""
    return tuple(q[point] for point in p)


def _power_of(p, exponent):
    result = tuple(range(len(p)))
    for _ in range(exponent):
        result = _times(result, p)
    return result


def _is_even(p):
    """By counting inversions."""
    return sum(p[i] > p[j] for i in range(len(p)) for j in range(i + 1, len(p))) % 2 == 0


# -- partitions and cycle types


def test_partitions_are_counted_by_euler_and_come_in_reverse_lexicographic_order():
    """p(n) by the pentagonal recurrence, which lists no partition."""
    counts = [1]
    for n in range(1, 26):
        pentagonal = [(k, k * (3 * k - 1) // 2) for k in range(-n, n + 1) if k]
        counts.append(sum((-1) ** (k + 1) * counts[n - g] for k, g in pentagonal if g <= n))
    assert [len(partitions(n)) for n in range(26)] == counts
    assert all(a > b for a, b in pairwise(partitions(12)))
    assert all(as_partition(one) == one and sum(one) == 12 for one in partitions(12))


@pytest.mark.parametrize("n", range(1, 9))
def test_tableaux_are_standard_counted_by_hooks_and_in_last_letter_order(n):
    """Rows and columns increase; the squares of the degrees sum to n!; the largest moved letter goes up."""
    for partition in partitions(n):
        tableaux = standard_tableaux(partition)
        assert len(set(tableaux)) == len(tableaux) == degree(partition)
        rows = []
        for tableau in tableaux:
            assert sorted(letter for row in tableau for letter in row) == list(range(1, n + 1))
            assert tuple(map(len, tableau)) == partition
            assert all(a < b for row in tableau for a, b in pairwise(row))
            assert all(a < b for above, below in pairwise(tableau) for a, b in zip(above, below, strict=False))
            where = {letter: i for i, row in enumerate(tableau) for letter in row}
            rows.append([where[letter] for letter in range(n, 0, -1)])
        assert rows == sorted(rows, reverse=True)
        assert conjugate(conjugate(partition)) == partition
    assert sum(degree(partition) ** 2 for partition in partitions(n)) == math.factorial(n)


def test_the_textbook_example_of_the_last_letter_order():
    """James and Kerber list the tableaux of [3,2] so."""
    written = ["123 45", "124 35", "134 25", "125 34", "135 24"]
    assert [" ".join("".join(map(str, row)) for row in one) for one in standard_tableaux((3, 2))] == written


def test_hooks_of_a_known_diagram():
    """The hook lengths of [4,3,1] by counting cells to the right and below."""
    assert hook_lengths((4, 3, 1)) == ((6, 4, 3, 1), (4, 2, 1), (1,))
    assert diagonal_hooks((4, 3, 1)) == (6, 2)
    assert degree((4, 3, 1)) == 70
    assert partition_text((4, 2, 1, 1, 1)) == "[4,2,1^3]"
    assert class_name((3, 1, 1)) == "1^2 3"


@pytest.mark.parametrize("n", [1, 2, 4, 5])
def test_cycle_types_by_listing_all_permutations(n):
    """Sizes, centralizers, signs, orders and powers, each by its definition."""
    everything = list(permutations(range(n)))
    found = Counter(map(cycle_type_of, everything))
    assert found == {one: class_size(one) for one in cycle_types(n)}
    assert cycle_types(n)[0] == (1,) * n
    for one in cycle_types(n):
        g = representative(one)
        assert cycle_type_of(g) == one
        assert centralizer_order(one) == sum(_times(g, x) == _times(x, g) for x in everything)
        assert (sign(one) == 1) == _is_even(g)
        assert element_order(one) == next(k for k in range(1, 99) if _power_of(g, k) == tuple(range(n)))
        assert all(power(one, k) == cycle_type_of(_power_of(g, k)) for k in range(13))
        assert power(one, -1) == one


# -- character tables


def _gap_value(entry):
    if isinstance(entry, int):
        return Cyclotomic(1, {0: entry})
    order, terms = entry
    return Cyclotomic(order, dict(zip(terms[::2], terms[1::2], strict=True)))


@pytest.mark.parametrize("record", ORACLE["tables"], ids=lambda record: record["group"])
def test_tables_are_gaps(record):
    """Rows and columns by their names, power maps; which of two halves is which is a convention, GAP's may differ."""
    n = int(record["group"][1:])
    alternating = record["group"][0] == "A"
    table = alternating_table(n) if alternating else symmetric_table(n)
    classes = [(tuple(parts), half) for parts, half in record["classes"]]
    if alternating:
        characters = [(max(tuple(parts), conjugate(tuple(parts))), half) for parts, half in record["characters"]]
        columns = [table.column_of[one] for one in classes]
        rows = [table.characters.index(one) for one in characters]
        value = table.value
    else:
        columns = [table.column_of[parts] for parts, _ in classes]
        rows = [table.partitions.index(tuple(parts)) for parts, _ in record["characters"]]
        value = lambda i, j: int(table.values[i, j])  # noqa: E731
    assert sorted(columns) == sorted(rows) == list(range(len(table)))
    assert [table.class_sizes[j] for j in columns] == record["sizes"]
    place = {j: theirs for theirs, j in enumerate(columns)}
    for prime, theirs in zip((2, 3, 5, 7, 11), record["powers"], strict=True):
        assert [place[j] + 1 for j in table.power_map(prime)[columns]] == theirs
    exchanged = set()
    for i, theirs in zip(rows, record["rows"], strict=True):
        for (parts, half), j, entry in zip(classes, columns, theirs, strict=True):
            if half and table.characters[i].half and diagonal_hooks(table.characters[i].partition) == parts:
                other = table.column_of[AlternatingClass(parts, "-" if half == "+" else "+")]
                assert _gap_value(entry) in (value(i, j), value(i, other))
                exchanged.add((parts, _gap_value(entry) == value(i, j)))
            else:
                assert _gap_value(entry) == value(i, j)
    assert len({parts for parts, _ in exchanged}) == len(exchanged)  # one exchange for a whole block


def test_single_values_are_gaps_and_the_tables():
    """Three hundred values of S14, S17 and S20, other than 0."""
    tables = {n: symmetric_table(n) for n in (14, 17, 20)}
    for partition, cycle_type, value in ORACLE["values"]:
        table = tables[sum(partition)]
        assert symmetric_character(partition, cycle_type) == value
        assert table.values[table.partitions.index(tuple(partition)), table.column_of[tuple(cycle_type)]] == value


def test_the_columns_of_s20_are_orthogonal_and_begin_with_degrees():
    """Exactly: every sum of products of two columns is at most 20! in size, below 2^63, since the diagonal is."""
    table = symmetric_table(20)
    assert table.values.shape == (627, 627)
    assert table.values[:, 0].tolist() == [degree(partition) for partition in table.partitions]
    centralizers = np.diag([centralizer_order(one) for one in table.cycle_types])
    assert np.array_equal(table.values.T @ table.values, centralizers)
    assert (table.values[0] == 1).all()
    assert table.values[-1].tolist() == [sign(one) for one in table.cycle_types]


@pytest.mark.parametrize("n", [1, 2, 3, 7, 11])
def test_rows_are_orthonormal_and_conjugates_differ_by_the_sign(n):
    """Exactly, in Python's integers."""
    table = symmetric_table(n)
    values = table.values.astype(object)
    weighted = values * np.array(table.class_sizes, dtype=object)
    assert np.array_equal(weighted @ values.T, table.order * np.eye(len(table), dtype=int))
    for partition, row in zip(table.partitions, values, strict=True):
        signed = row * np.array([sign(one) for one in table.cycle_types])
        assert np.array_equal(values[table.partitions.index(conjugate(partition))], signed)


def test_the_character_of_n_less_1_and_1_counts_fixed_points():
    """On 40 points too, where no table is made; and a degree beyond 64 bits."""
    for cycle_type in ((10, 9, 8, 7, 3, 2, 1), (20, 20), (2,) * 15 + (1,) * 10):
        assert symmetric_character((39, 1), cycle_type) == cycle_type.count(1) - 1
    assert symmetric_character((10, 9, 8, 7, 6), (1,) * 40) == degree((10, 9, 8, 7, 6)) > 2**63


@pytest.mark.parametrize("n", range(1, 10))
def test_rows_of_a_n_are_orthonormal(n):
    """In exact cyclotomic arithmetic."""
    table = alternating_table(n)
    values = [[table.value(i, j) for j in range(len(table))] for i in range(len(table))]
    conjugates = [[x.conjugate() if isinstance(x, Cyclotomic) else x for x in row] for row in values]
    for i, j in product(range(len(table)), repeat=2):
        found = sum(size * x * y for size, x, y in zip(table.class_sizes, values[i], conjugates[j], strict=True))
        assert found == (table.order if i == j else 0)


@pytest.mark.parametrize("n", [13, 20])
def test_large_tables_of_a_n(n):
    """Orthonormal in floats; and powers prime to the order act as Galois automorphisms, so halves fall right."""
    table = alternating_table(n)
    assert sum(table.class_sizes) == table.order == math.factorial(n) // 2
    shares = np.array(table.class_sizes, dtype=float) / table.order
    assert np.allclose((table.complex * shares) @ table.complex.conj().T, np.eye(len(table)))
    assert len(table.irrationals) == {13: 12, 20: 28}[n]
    for unit in (-1, 7, 11, 13, 17, 19):
        images = table.power_map(unit)
        for (i, j), value in table.irrationals.items():
            if math.gcd(unit, table.classes[j].element_order) == 1:
                assert table.value(i, images[j]) == value.galois(unit)


@pytest.mark.parametrize("n", range(2, 8))
def test_classes_of_a_n_by_conjugating_with_generators(n):
    """Orbits of A_n on itself: our classes are exactly those, representatives and powers fall where we say."""
    generators = three_cycles(n)
    inverses = [_power_of(one, 2) for one in generators]
    class_of = {}
    for g in filter(_is_even, permutations(range(n))):
        if g in class_of:
            continue
        label, orbit, frontier = alternating_class_of(g), {g}, [g]
        while frontier:
            x = frontier.pop()
            for one, inverse in zip(generators, inverses, strict=True):
                y = _times(_times(inverse, x), one)
                if y not in orbit:
                    orbit.add(y)
                    frontier.append(y)
        assert label not in class_of.values()
        assert len(orbit) == label.size
        class_of |= dict.fromkeys(orbit, label)
    assert all(alternating_class_of(g) == label for g, label in class_of.items())
    for label in alternating_table(n).classes:
        assert class_of[label.representative] == label
        for exponent in range(13):
            assert class_of[_power_of(label.representative, exponent)] == label.power(exponent)


@pytest.mark.parametrize("name", ["S4", "S5", "A4", "A5", "A6"])
def test_dixon_schneider_gives_the_same_table(name):
    """From the Cayley table, columns matched by where the representatives fall."""
    made = named(name)
    theirs = character_table(made)
    representatives = [made.permutations[g].tolist() for g in theirs.classes.representatives]
    if name[0] == "S":
        table = symmetric_table(int(name[1]))
        ours = table.values[:, [table.column_of[cycle_type_of(g)] for g in representatives]]
    else:
        table = alternating_table(int(name[1]))
        ours = table.complex[:, [table.column_of[alternating_class_of(g)] for g in representatives]]
    distances = np.abs(theirs.complex[:, None] - ours[None]).max(axis=2)
    assert sorted(distances.argmin(axis=1)) == list(range(len(table)))
    assert distances.min(axis=1).max() < 1e-9


# -- square roots


@given(st.builds(Fraction, st.integers(-13, 13), st.integers(1, 7)))
def test_square_roots_are_exact_and_principal(value):
    """The square is the number, the root is positive or i times positive, and (a, m) is a^2 m."""
    root = square_root(value)
    assert root * root == value
    number = complex(root)
    assert (abs(number.imag) < 1e-9 and number.real >= 0) if value >= 0 else number.imag > 0
    factor, inside = surd_parts(value)
    assert factor * factor * inside == value
    assert factor >= 0
    assert all(inside % (k * k) for k in range(2, 110))


# -- Young's forms


def _same(a, b):
    return bool((a == b).all())


def _images(n, i):
    images = list(range(n))
    images[i - 1], images[i] = i, i - 1
    return images


@given(st.permutations(range(6)))
def test_reduced_words(p):
    """The exchanges multiply to the permutation, as many as it has inversions."""
    word = reduced_word(p)
    found = tuple(range(6))
    for i in word:
        found = _times(found, _images(6, i))
    assert found == tuple(p)
    assert len(word) == sum(p[i] > p[j] for i in range(6) for j in range(i + 1, 6))


def _flint(matrix):
    return fmpq_mat([[fmpq(x.numerator, x.denominator) for x in row] for row in matrix.tolist()])


@pytest.mark.parametrize("partition", [*UP_TO_6, *SOME_LARGER], ids=partition_text)
def test_the_three_forms_agree_up_to_explicit_intertwiners(partition):
    """X A(s_i) = B(s_i) X exactly: seminormal to natural unitriangular, to orthogonal diagonal; the rest follows."""
    natural, seminormal, orthogonal = (YoungForm(partition, name) for name in FORMS)
    size, exchanges = natural.degree, range(1, natural.points)
    polytabloids = intertwiner(seminormal, natural)
    assert _same(np.tril(polytabloids), np.eye(size, dtype=int))
    lengths = intertwiner(seminormal, orthogonal)
    scale = np.diagonal(lengths)
    assert _same(lengths * (1 - np.eye(size, dtype=int)), np.zeros((size, size), dtype=int))
    assert all(complex(x).real > 0 for x in scale)
    for i in exchanges:
        a, b, c = (one.transposition(i) for one in (natural, seminormal, orthogonal))
        assert _flint(polytabloids) * _flint(b) == _flint(a) * _flint(polytabloids)
        assert _same(scale[:, None] * b, c * scale)


@pytest.mark.parametrize("partition", [(3,), (2, 1), (2, 2), (3, 1, 1), (2, 2, 1)], ids=partition_text)
def test_intertwiners_between_all_pairs_of_forms(partition):
    """All nine, exactly; there and back is the identity, and the composition of two is the third."""
    forms = {name: YoungForm(partition, name) for name in FORMS}
    for first, second in product(FORMS, repeat=2):
        x = intertwiner(forms[first], forms[second])
        assert x[-1, -1] == 1
        for i in range(1, sum(partition)):
            assert _same(x @ forms[first].transposition(i), forms[second].transposition(i) @ x)
        for third in FORMS:
            y = intertwiner(forms[second], forms[third])
            assert _same(y @ x, intertwiner(forms[first], forms[third]))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("n", range(1, 7))
def test_traces_are_characters_and_entries_of_the_stated_kind(n, form):
    """All classes of all partitions of n; natural matrices are int64, orthogonal ones orthogonal; floats agree."""
    for partition in partitions(n):
        young = YoungForm(partition, form)
        assert young.degree == len(young.tableaux) == degree(partition)
        for cycle_type in cycle_types(n):
            matrix = young.matrix(representative(cycle_type))
            floats = young.float_matrix(representative(cycle_type))
            assert np.trace(matrix) == symmetric_character(partition, cycle_type)
            assert floats.dtype == np.float64
            assert np.allclose(floats, np.array([[complex(x) for x in row] for row in matrix]), atol=1e-12)
            if form == "natural":
                assert matrix.dtype == np.int64
            else:
                kind = Fraction if form == "seminormal" else Cyclotomic
                assert all(isinstance(entry, kind) for entry in matrix.flat)
        if form == "orthogonal":
            for i in range(1, n):
                matrix = young.transposition(i)
                assert _same(matrix @ matrix.T, np.eye(young.degree, dtype=int))


@given(st.sampled_from(FORMS), st.sampled_from(partitions(5)), st.permutations(range(5)), st.permutations(range(5)))
def test_products_go_left_to_right(form, partition, p, q):
    """rho(p * q) = rho(p) @ rho(q), exactly."""
    young = YoungForm(partition, form)
    assert _same(young.matrix(_times(p, q)), young.matrix(p) @ young.matrix(q))


@pytest.mark.parametrize("form", FORMS)
def test_the_other_order_of_products_is_wrong(form):
    """(1,2)(2,3) is (1,3,2) here: a witness that tells the two conventions apart."""
    young = YoungForm((2, 1), form)
    s1, s2 = young.transposition(1), young.transposition(2)
    assert _same(young.matrix((2, 0, 1)), s1 @ s2)
    assert not _same(young.matrix((2, 0, 1)), s2 @ s1)


def _polytabloids(partition):
    """Rows: standard polytabloids over all tabloids, by their definition; and the tabloids, letter -> row."""
    rows = [row for row, part in enumerate(partition) for _ in range(part)]
    tabloids = {tabloid: i for i, tabloid in enumerate(sorted(set(permutations(rows))))}
    vectors = np.zeros((degree(partition), len(tabloids)), dtype=int)
    for t, tableau in enumerate(standard_tableaux(partition)):
        columns = [[row[c] - 1 for row in tableau if c < len(row)] for c in range(partition[0])]
        for images in product(*(permutations(column) for column in columns)):
            tabloid = [0] * len(rows)
            moved = list(range(len(rows)))
            for column, image in zip(columns, images, strict=True):
                for row, (letter, other) in enumerate(zip(column, image, strict=True)):
                    tabloid[other] = row
                    moved[letter] = other
            vectors[t, tabloids[tuple(tabloid)]] += 1 if _is_even(moved) else -1
    return vectors, tabloids


@pytest.mark.parametrize("partition", [one for one in UP_TO_6 if sum(one) <= 5 or one == (3, 2, 1)], ids=partition_text)
def test_the_natural_form_is_the_action_on_standard_polytabloids(partition):
    """By the definition: signed sums over column permutations, moved letter by letter."""
    vectors, tabloids = _polytabloids(partition)
    n = sum(partition)
    young = YoungForm(partition, "natural")
    for i in range(1, n):
        p = _images(n, i)
        moved = np.empty_like(vectors)
        for tabloid, column in tabloids.items():
            image = [0] * n
            for letter, row in enumerate(tabloid):
                image[p[letter]] = row
            moved[:, tabloids[tuple(image)]] = vectors[:, column]
        assert _same(young.transposition(i) @ vectors, moved)


@pytest.mark.parametrize("form", FORMS)
def test_matrix_entries_satisfy_schurs_relations_over_all_of_s4(form):
    """The sum of rho(g)_ab rho(g^-1)_cd is 24/d if a = d and b = c, else 0, and 0 for two partitions: all 576 sums."""
    everything = list(permutations(range(4)))
    blocks = []
    for partition in partitions(4):
        young = YoungForm(partition, form)
        inverse = [young.float_matrix(np.argsort(g)) for g in everything]
        matrices = [young.float_matrix(g) for g in everything]
        blocks.append((young.degree, np.array(matrices), np.array(inverse)))
    for i, j in product(range(len(blocks)), repeat=2):
        d, matrices, _ = blocks[i]
        e, _, inverse = blocks[j]
        sums = np.einsum("gab,gcd->abcd", matrices, inverse)
        expected = np.zeros((d, d, e, e))
        if i == j:
            expected = 24 / d * np.einsum("ad,bc->abcd", np.eye(d), np.eye(d))
        assert np.allclose(sums, expected)


def test_a_module_that_breaks_a_relation_is_refused():
    """One distance changed: s1 s2 s1 = s2 s1 s2 fails and is named; and the reflection of another shape's tableaux."""
    good = seminormal_module((3, 1))
    distances = good.distances.copy()
    distances[1][np.abs(distances[1]) > 1] *= 2
    with pytest.raises(RepresentationError, match="fails s1 s2 s1 = s2 s1 s2 on tableau"):
        _check_coxeter_relations(replace(good, distances=distances))
    module = seminormal_module((2, 2))
    _check_associator(module, np.array([1, 0]))
    with pytest.raises(RepresentationError, match="anticommute"):
        _check_associator(module, np.array([0, 1]))


# -- Young's forms of A_n


@cache
def _table(n):
    return alternating_table(n)


def _rows_of(n):
    return [(n, i) for i in range(len(_table(n)))]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("n", "i"), [one for n in range(1, 7) for one in _rows_of(n)])
def test_forms_of_a_n_have_the_traces_of_the_table(n, i, form):
    """Every class of every row, halves as the table says; each a part of the form of S_n by an explicit basis."""
    table = _table(n)
    character = table.characters[i]
    young = AlternatingForm(character.partition, form, character.half)
    assert young.character == character
    assert young.degree == len(young.tableaux) == table.value(i, 0)
    for j, one in enumerate(table.classes):
        assert np.trace(young.matrix(one.representative)) == table.value(i, j)
        assert abs(np.trace(young.float_matrix(one.representative)) - table.complex[i, j]) < 1e-9
    basis, whole = young.basis(), YoungForm(character.partition, form)
    for g in three_cycles(n):
        assert _same(basis @ whole.matrix(g), young.matrix(g) @ basis)
        if form == "orthogonal":
            matrix = young.float_matrix(g)
            assert np.allclose(matrix @ matrix.conj().T, np.eye(young.degree))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("partition", "square"), [((4, 1, 1, 1), -7), ((4, 2, 1, 1), -7), ((3, 3, 2), -15)])
def test_halves_on_seven_and_eight_points(partition, square, form):
    """Traces on both halves of the class of hooks; entries in Q(sqrt(D)), but for the orthogonal form."""
    n = sum(partition)
    table = _table(n)
    for half in "+-":
        young = AlternatingForm(partition, form, half)
        i = table.characters.index(young.character)
        for j, one in enumerate(table.classes):
            if one.half or j < 3:
                assert np.trace(young.matrix(one.representative)) == table.value(i, j)
        if form != "orthogonal":
            entries = {x for x in young.matrix(three_cycles(n)[1]).flat if not x.is_rational}
            assert {x.quadratic[2] for x in entries} == {square}


@given(
    st.sampled_from(FORMS),
    st.sampled_from([((2, 1), "+"), ((2, 2), "-"), ((3, 1, 1), "+"), ((3, 1, 1), "-"), ((3, 2), "")]),
    st.randoms(use_true_random=False),
)
def test_products_go_left_to_right_in_a_n(form, named_half, random):
    """rho(p * q) = rho(p) @ rho(q), exactly."""
    partition, half = named_half
    young = AlternatingForm(partition, form, half)
    even = [g for g in permutations(range(sum(partition))) if _is_even(g)]
    p, q = random.choice(even), random.choice(even)
    assert _same(young.matrix(_times(p, q)), young.matrix(p) @ young.matrix(q))


def test_conjugate_partitions_restrict_to_one_character():
    """Their forms differ by the sign on S_n, so on A_n their traces are the same, and so is the row that they name."""
    for partition in ((4, 1), (3, 2), (5,)):
        first, second = AlternatingForm(partition, "natural"), AlternatingForm(conjugate(partition), "natural")
        assert first.character == second.character
        for g in map(representative, [(3, 1, 1), (5,), (2, 2, 1)]):
            assert np.trace(first.matrix(g)) == np.trace(second.matrix(g))


def test_the_icosahedral_matrices_have_the_right_entry():
    """The half of [3,1,1] is a rotation of order 5 with (1+sqrt(5))/2 as its trace, and the -1 half its conjugate."""
    turn = (1, 2, 3, 4, 0)
    assert str(np.trace(AlternatingForm((3, 1, 1), "orthogonal", "+").matrix(turn))) == "(1+sqrt(5))/2"
    assert str(np.trace(AlternatingForm((3, 1, 1), "orthogonal", "-").matrix(turn))) == "(1-sqrt(5))/2"


# -- refusals


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: YoungForm((1, 2)), NotationError, "do not increase"),
        (lambda: YoungForm((2, 0)), NotationError, "positive integers"),
        (lambda: YoungForm((2.0, 1.0)), NotationError, "positive integers"),
        (lambda: YoungForm(()), NotationError, "empty partition"),
        (lambda: YoungForm((2, 1), "unitary"), NotationError, "natural, seminormal, orthogonal"),
        (lambda: YoungForm((8, 4, 3, 2, 1)), TooLargeError, "entries"),
        (lambda: YoungForm((2, 1)).matrix((0, 1)), NotAGroupError, "permutation of 0 to 2"),
        (lambda: YoungForm((2, 1)).matrix((0, 0, 1)), NotAGroupError, "permutation of 0 to 2"),
        (lambda: YoungForm((2, 1)).matrix((1, 2, 3)), NotAGroupError, "permutation of 0 to 2"),
        (lambda: YoungForm((2, 1)).matrix((0.0, 1.0, 2.0)), NotAGroupError, "permutation of 0 to 2"),
        (lambda: YoungForm((2, 1)).transposition(3), NotationError, "no s_3 in S3"),
        (lambda: YoungForm((2, 1)).transposition(0), NotationError, "no s_0 in S3"),
        (lambda: intertwiner(YoungForm((2, 1)), YoungForm((3,))), NotationError, "inequivalent"),
        (lambda: AlternatingForm((2, 1)), NotationError, "two halves"),
        (lambda: AlternatingForm((3, 1), "natural", "+"), NotationError, "no half"),
        (lambda: AlternatingForm((1,), "natural", "+"), NotationError, "no half"),
        (lambda: AlternatingForm((2, 1), "natural", "x"), NotationError, "half of a character"),
        (lambda: AlternatingForm((3, 1)).matrix((1, 0, 2, 3)), NotAGroupError, "is odd"),
        (lambda: AlternatingForm((2, 2), half="+").matrix((1, 2, 0)), NotAGroupError, "permutation of 0 to 3"),
        (lambda: alternating_class_of((1, 0)), NotAGroupError, "odd"),
        (lambda: symmetric_table(0), NotationError, "no S0"),
        (lambda: symmetric_table(29), TooLargeError, "symmetric_character"),
        (lambda: alternating_table(-1), NotationError, "at least one point"),
        (lambda: symmetric_character((3, 1), (3,)), NotationError, "same n"),
        (lambda: symmetric_character((1, 3), (3, 1)), NotationError, "do not increase"),
        (lambda: partitions(-1), NotationError, "negative"),
        (lambda: partitions(51), TooLargeError, "up to 50"),
        (lambda: standard_tableaux((12, 8, 6, 4)), TooLargeError, "letters in all"),
    ],
)
def test_refusals(call, error, words):
    """One line each, with what was given and the rule."""
    with pytest.raises(error, match=words) as caught:
        call()
    assert "\n" not in str(caught.value)
