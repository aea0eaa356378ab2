"""Class functions against GAP, definitions and theorems; Schur indices against three theorems and known cases."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import ORACLE_FILE, named, relabelled, small_groups

from grouptool import from_permutations
from grouptool.errors import BudgetSpentError, NotAGroupError, RepresentationError, TooLargeError
from grouptool.group import prime_factors
from grouptool.representations import (
    Cyclotomic,
    ValueField,
    artin_coefficients,
    artin_exponent,
    brauer_characters,
    character_table,
    class_function,
    cyclic_permutation_characters,
    divisions,
    fusion,
    induce,
    inflate,
    irreducible_character,
    irreducible_characters,
    marks_to_characters,
    mckay_graph,
    mckay_matrix,
    permutation_character,
    permutation_combination,
    pull_back,
    rational_character_table,
    rational_sums,
    regular_character,
    restrict,
    schur_index,
    schur_indices,
    subgroup_classes,
    tensor_table,
    trivial_character,
)
from grouptool.representations.class_functions import schur
from grouptool.structure import (
    center,
    conjugation_map,
    derived_subgroup,
    double_cosets,
    gset,
    homomorphism,
    natural_action,
    natural_map,
    normal_subgroups,
    on_cosets,
    subgroup_lattice,
    sylow_subgroup,
)

ORACLE = json.loads((ORACLE_FILE.parent / "class_functions.json").read_text())["groups"]
E = Cyclotomic.root


def exact(entry):
    """A value of the oracle."""
    if isinstance(entry, int):
        return Cyclotomic(1, {0: entry})
    n, terms = entry
    return Cyclotomic(n, dict(zip(terms[::2], terms[1::2], strict=True)))


class Theirs:
    """The oracle's rows as class functions of ours, columns matched through representatives."""

    def __init__(self, made, table, columns):
        self.table = table
        self.columns = columns

    @classmethod
    def of(cls, made, table, representatives, numbers=None):
        index = {tuple(image): i for i, image in enumerate(made.permutations.tolist())}
        elements = [index[tuple(image)] for image in representatives]
        return cls(made, table, [int(table.classes.class_of[x if numbers is None else numbers[x]]) for x in elements])

    def __call__(self, row):
        values = [None] * len(row)
        for j, entry in zip(self.columns, row, strict=True):
            values[j] = exact(entry)
        return class_function(self.table, values)


@cache
def characters(name):
    return irreducible_characters(character_table(named(name)))


def brute_force_table(made):
    """chi(x) for every character and element, in floats."""
    table = character_table(made)
    return table.complex[:, table.classes.class_of]


# -- the oracle


@pytest.mark.parametrize("record", ORACLE, ids=lambda record: record["name"])
def test_powers_kernels_and_fields_agree_with_gap(record):
    """Symmetric, exterior and mixed powers, determinants, indicators, kernels, centres and fields of every row."""
    made = from_permutations(record["generators"])
    theirs = Theirs.of(made, character_table(made), record["class_reps"])
    for i, row in enumerate(record["irr"]):
        chi = theirs(row)
        assert chi.is_irreducible
        assert chi.exterior_power(2) == theirs(record["exterior_2"][i])
        assert chi.exterior_power(3) == theirs(record["exterior_3"][i])
        assert chi.symmetric_power(4) == theirs(record["symmetric_4"][i])
        three = [chi.schur_functor(one) for one in ((1, 1, 1), (2, 1), (3,))]
        assert three == [theirs(one) for one in record["symmetrizations_3"][3 * i : 3 * i + 3]]
        assert chi.determinant() == theirs(record["determinant"][i])
        assert (chi.indicator, chi.higher_indicator(3)) == (record["indicator_2"][i], record["indicator_3"][i])
        assert (chi.kernel.order, chi.center.order) == (record["kernel_order"][i], record["center_order"][i])
        assert [chi.field.conductor, chi.field.degree] == record["field"][i]


@pytest.mark.parametrize("record", ORACLE, ids=lambda record: record["name"])
def test_restriction_induction_and_fusion_agree_with_gap(record):
    """Fusion of classes, all irreducible characters restricted, and those of the subgroup induced."""
    made = from_permutations(record["generators"])
    table = character_table(made)
    theirs = Theirs.of(made, table, record["class_reps"])
    index = {tuple(image): i for i, image in enumerate(made.permutations.tolist())}
    for below in record["subgroups"]:
        h = made.subgroup([index[tuple(image)] for image in below["generators"]])
        inside = character_table(subgroup_classes(h))
        inner = Theirs.of(made, inside, below["class_reps"], np.cumsum(h.mask) - 1)
        found = fusion(h)
        assert [found[j] for j in inner.columns] == [theirs.columns[j] for j in below["fusion"]]
        for row, restricted in zip(record["irr"], below["restricted"], strict=True):
            assert restrict(theirs(row), h) == inner(restricted)
        for row, induced in zip(below["irr"], below["induced"], strict=True):
            assert induce(inner(row), h, table) == theirs(induced)


# -- arithmetic and definitions


@given(small_groups(), st.data())
def test_arithmetic_is_pointwise_and_inner_products_are_means(made, data):
    """On random combinations of characters, element by element in floats."""
    table = character_table(made)
    weights = st.lists(st.integers(-3, 3), min_size=len(table), max_size=len(table))
    f, g = (
        sum((chi * w for chi, w in zip(irreducible_characters(table), ws, strict=True)), trivial_character(table) * 0)
        for ws in (data.draw(weights), data.draw(weights))
    )
    x, y = f.complex, g.complex
    assert np.allclose((f + g).complex, x + y)
    assert np.allclose((f - g).complex, x - y)
    assert np.allclose((f * g).complex, x * y)
    assert np.allclose((f * Fraction(1, 3)).complex, x / 3)
    assert np.allclose((f**3).complex, x**3)
    assert np.allclose(f.conjugate().complex, x.conj())
    of = table.classes.class_of
    assert np.isclose(complex(f.inner(g)), (x[of] * y[of].conj()).mean())
    assert f.inner(g) == g.inner(f).conjugate()
    assert f(made[made.order - 1]) == f[of[made.order - 1]]
    assert (f + g) - g == f
    assert hash((f + g) - g) == hash(f)


@given(small_groups(), st.data())
def test_decomposition_finds_planted_multiplicities(made, data):
    """Planted multiplicities come back, small ones and ones far beyond one prime."""
    table = character_table(made)
    size = data.draw(st.sampled_from([3, 10**4, 10**12, 10**25]))
    planted = data.draw(st.lists(st.integers(-size, size), min_size=len(table), max_size=len(table)))
    f = trivial_character(table) * 0
    for chi, m in zip(irreducible_characters(table), planted, strict=True):
        f = f + chi * m
    assert f.multiplicities.tolist() == planted
    assert f.decompose() == {i: m for i, m in enumerate(planted) if m}
    assert f.is_generalized
    assert f.is_character == (min(planted) >= 0 and max(planted) > 0)
    assert f.norm == sum(m * m for m in planted)
    assert f.is_irreducible == (sorted(planted) == [0] * (len(planted) - 1) + [1])


def test_regular_character_and_constituents():
    """Every irreducible character occurs chi(1) times."""
    table = character_table(named("SL(2,3)"))
    regular = regular_character(table)
    assert regular.multiplicities.tolist() == table.degrees.tolist()
    assert regular.constituents == irreducible_characters(table)
    assert (trivial_character(table) * 2 + irreducible_character(table, -1)).constituents == (
        irreducible_character(table, 0),
        irreducible_character(table, -1),
    )


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1, 1, 0, 1, 1], "multiplicity is no whole number"),
        ([1, 1, 1, 1, 0], "Galois conjugate"),
        ([Fraction(1, 2)] * 5, "no algebraic integer"),
        ([0, 0, 0, E(5), 0], "Galois conjugate"),
        ([0, 0, 0, E(7), 0], r"is not in Q\(E\(30\)\)"),
    ],
)
def test_what_is_no_generalized_character_is_refused(values, message):
    """On A5, each with one line that says why; and so are kernels and McKay graphs of it."""
    f = class_function(character_table(named("A5")), values)
    assert not f.is_generalized
    assert not f.is_character
    for refused in (f.decompose, lambda: f.kernel, lambda: f.center, lambda: f.is_faithful, lambda: mckay_graph(f)):
        with pytest.raises(RepresentationError, match=message if refused == f.decompose else "is none|character") as e:
            refused()
        assert "\n" not in str(e.value)


def test_galois_alone_does_not_make_a_generalized_character():
    """1 on the classes of one division and 0 elsewhere passes the Galois test and is caught by the bound."""
    table = character_table(named("A5"))
    for j in range(5):
        values = [int(divisions(table.columns).of_class[i] == j) for i in range(5)]
        if any(values):
            assert not class_function(table, values).is_generalized


def test_refusals():
    """Wrong sizes, floats, other groups, Galois maps that are none, partitions that are none."""
    table = character_table(named("S4"))
    chi = irreducible_character(table, 3)
    with pytest.raises(RepresentationError, match="5 conjugacy classes, and 2 values"):
        class_function(table, [1, 2])
    with pytest.raises(RepresentationError, match="not exact"):
        class_function(table, [1.0] * 5)
    with pytest.raises(RepresentationError, match="do not combine"):
        chi + characters("A4")[0]
    with pytest.raises(RepresentationError, match="exponent of at least 0"):
        chi**-1
    with pytest.raises(RepresentationError, match="at least 0"):
        chi.symmetric_power(-1)
    with pytest.raises(RepresentationError, match="no partition"):
        chi.schur_functor((1, 2))
    with pytest.raises(RepresentationError, match="coprime"):
        (characters("C7")[1]).galois(7)
    with pytest.raises(RepresentationError, match="no degree"):
        (chi * Fraction(1, 2)).degree  # noqa: B018
    with pytest.raises(RepresentationError, match="indicator is"):
        (chi * Fraction(1, 2)).indicator  # noqa: B018
    with pytest.raises(RepresentationError, match="no eigenvalues"):
        class_function(table, [0, 1, 0, 0, 0]).eigenvalues(1)
    with pytest.raises(RepresentationError, match="lies in"):
        restrict(chi, named("A4").whole)
    with pytest.raises(RepresentationError, match="belongs to"):
        induce(chi, named("S4").trivial_subgroup)
    with pytest.raises(RepresentationError, match="not onto"):
        inflate(chi, homomorphism(named("C2"), named("S4"), [0]))
    with pytest.raises(RepresentationError, match="goes to"):
        pull_back(chi, natural_map(derived_subgroup(named("S4"))))
    with pytest.raises(NotAGroupError, match="not normal"):
        inflate(chi, sylow_subgroup(named("S4"), 2))
    with pytest.raises(RepresentationError, match="classes are of"):
        permutation_character(named("A4").whole, table)


# -- powers


@given(st.sampled_from(["S3", "Q8", "C7:C3", "SL(2,3)", "A4"]), st.data())
@settings(max_examples=15)
def test_powers_are_symmetric_functions_of_eigenvalues(name, data):
    """h_m, e_m and s_lambda by sums over tableaux of eigenvalues, in floats."""
    table = character_table(named(name))
    chi = irreducible_character(table, data.draw(st.integers(0, len(table) - 1))) + trivial_character(table)
    m = data.draw(st.integers(0, 4))
    for j, order in enumerate(table.classes.element_orders.tolist()):
        roots = np.repeat(np.exp(2j * np.pi * np.arange(order) / order), chi.eigenvalues(j))
        assert len(roots) == chi.degree
        assert np.isclose(roots.sum(), complex(chi[j]))
        series = np.zeros(m + 1, dtype=complex)
        series[0] = 1
        for root in roots:  # multiply by 1 / (1 - root t)
            for i in range(1, m + 1):
                series[i] += root * series[i - 1]
        assert np.isclose(series[m], complex(chi.symmetric_power(m)[j]))
        elementary = np.poly(roots) * (-1.0) ** np.arange(len(roots) + 1)
        assert np.isclose(elementary[m] if m <= len(roots) else 0, complex(chi.exterior_power(m)[j]))
        assert np.isclose(np.prod(roots), complex(chi.determinant()[j]))


@given(small_groups(), st.data())
def test_identities_of_powers(made, data):
    """chi^2 = Sym + Alt, chi^3 = S(3) + 2 S(21) + S(111); sum of (-1)^i Alt^i Sym^(m - i) = 0; top power = det."""
    table = character_table(made)
    chi = irreducible_character(table, data.draw(st.integers(0, len(table) - 1)))
    assert chi.symmetric_square + chi.exterior_square == chi**2
    assert chi.schur_functor((3,)) + chi.schur_functor((2, 1)) * 2 + chi.schur_functor((1, 1, 1)) == chi**3
    assert chi.schur_functor((2,)) == chi.symmetric_square
    assert chi.schur_functor(()) == trivial_character(table) == chi**0
    alternating = [chi.exterior_power(i) * chi.symmetric_power(3 - i) * (-1) ** i for i in range(4)]
    assert alternating[0] + alternating[1] + alternating[2] + alternating[3] == trivial_character(table) * 0
    assert chi.exterior_power(chi.degree) == chi.determinant()
    assert chi.adams(2) == chi.symmetric_square - chi.exterior_square
    assert chi.adams(-1) == chi.conjugate()


def test_schur_functors_split_tensor_powers():
    """chi^5 is the sum of f_lambda S_lambda(chi), f_lambda the number of standard tableaux."""
    chi = characters("C7:C3")[3]
    tableaux = {(5,): 1, (4, 1): 4, (3, 2): 5, (3, 1, 1): 6, (2, 2, 1): 5, (2, 1, 1, 1): 4, (1,) * 5: 1}
    total = chi * 0
    for parts, count in tableaux.items():
        total = total + chi.schur_functor(parts) * count
    assert total == chi**5


@given(small_groups(), st.integers(-3, 6))
def test_higher_indicators_count_roots(made, m):
    """The sum of nu_m(chi) chi(g) is the number of x with x^m = g."""
    table = character_table(made)
    roots = np.bincount(made.powers(m % made.exponent), minlength=made.order)
    total = trivial_character(table) * 0
    for chi in irreducible_characters(table):
        total = total + chi * chi.higher_indicator(m)
    assert [total(x) for x in range(made.order)] == roots.tolist()


@given(small_groups(), st.data())
def test_galois_conjugates_are_values_at_powers(made, data):
    """sigma_u chi(g) = chi(g^u), and that is the row that the table names."""
    table = character_table(made)
    row = data.draw(st.integers(0, len(table) - 1))
    unit = data.draw(st.integers(1, 60).filter(lambda u: math.gcd(u, made.exponent) == 1))
    chi = irreducible_character(table, row)
    assert chi.galois(unit) == chi.adams(unit) == irreducible_character(table, int(table.galois(unit)[row]))


# -- kernels, centres, determinants


@given(small_groups(), st.integers(0, 10**6))
def test_kernels_and_centres(made, seed):
    """By definition on elements; kernels meet in 1, centres in Z(G) when chi is faithful and irreducible."""
    table = character_table(made)
    values = brute_force_table(made)
    meet = made.whole
    for row, chi in enumerate(irreducible_characters(table)):
        assert (chi.kernel.mask == np.isclose(values[row], chi.degree)).all()
        assert (chi.center.mask == np.isclose(np.abs(values[row]), chi.degree)).all()
        assert chi.kernel.is_normal
        assert chi.is_faithful == (chi.kernel.order == 1)
        assert chi.is_real == bool(table.is_real[row])
        if chi.is_faithful:
            assert chi.center == center(made)
        meet = meet & chi.kernel
    assert meet.order == 1


@pytest.mark.parametrize("name", ["S4", "SL(2,3)", "Dic3"])
def test_determinants_multiply(name):
    """det(f + g) = det f det g, det(f g) = det(f)^g(1) det(g)^f(1)."""
    chi, psi = characters(name)[-1], characters(name)[-2]
    assert (chi + psi).determinant() == chi.determinant() * psi.determinant()
    assert (chi * psi).determinant() == chi.determinant() ** psi.degree * psi.determinant() ** chi.degree
    assert (chi - psi).determinant() * psi.determinant() == chi.determinant()


# -- fields


@pytest.mark.parametrize(
    ("numbers", "name", "degree", "roots"),
    [
        ([Cyclotomic(1, {0: 3})], "Q", 1, 2),
        ([E(5) + E(5, 4)], "Q(sqrt(5))", 2, 2),
        ([E(4)], "Q(i)", 2, 4),
        ([E(3)], "Q(sqrt(-3))", 2, 6),
        ([E(7) + E(7, 2) + E(7, 4)], "Q(sqrt(-7))", 2, 2),
        ([E(7) + E(7, 6)], "Q(E(7)+E(7)^6)", 3, 2),
        ([E(9) + E(9, 8)], "Q(E(9)+E(9)^8)", 3, 2),
        ([E(12)], "Q(E(12))", 4, 12),
        ([E(5) + E(5, 4), E(8) + E(8, 7)], "Q(sqrt(2),sqrt(5))", 4, 2),
        ([E(15, 7)], "Q(E(15))", 8, 30),
    ],
)
def test_fields_are_named(numbers, name, degree, roots):
    """Known fields, their degrees and roots of unity, by name."""
    found = ValueField.of(numbers)
    assert (found.name, found.degree, found.roots_of_unity) == (name, degree, roots)
    assert ValueField.of(found.generators) == found
    assert all(one in found for one in numbers)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=3), st.integers(2, 60), st.data())
def test_fields_are_fixed_fields(exponents, order, data):
    """A number lies in the field of others when every automorphism that fixes them fixes it; composita, containment."""
    numbers = [E(order, i) + E(order, -2 * i) for i in exponents]
    field = ValueField.of(numbers)
    units = [u for u in range(1, order + 1) if math.gcd(u, order) == 1]
    fixing = [u for u in units if all(one.galois(u) == one for one in numbers)]
    assert field.degree == len(units) // len(fixing)
    assert field.is_real == all(one == one.conjugate() for one in numbers)
    other = ValueField.of([E(data.draw(st.integers(1, 12)))])
    assert field <= field | other
    assert other <= field | other
    assert field | other == ValueField.of([*numbers, *other.generators])
    assert ValueField.of(field.generators) == field


@pytest.mark.parametrize(("discriminant", "prime", "count"), [(5, 11, 2), (5, 3, 1), (5, 5, 1), (-7, 2, 2), (-4, 2, 1)])
def test_primes_split_as_quadratic_symbols_say(discriminant, prime, count):
    """How many primes of a quadratic field lie above p."""
    roots = {5: E(5) + E(5, 4), -7: E(7) + E(7, 2) + E(7, 4), -4: E(4)}
    field = ValueField.of([roots[discriminant]])
    assert (field.primes_above(prime), field.local_degree(prime)) == (count, 2 // count)


# -- restriction, induction, inflation


@given(small_groups(), st.data())
@settings(max_examples=25)
def test_frobenius_reciprocity(made, data):
    """<f^G, chi> = <f, chi_H>, and induction is transitive through the definition as a sum over elements."""
    chosen = data.draw(st.lists(st.integers(0, made.order - 1), max_size=2))
    h = made.subgroup(chosen)
    table, inside = character_table(made), character_table(subgroup_classes(h))
    chi = irreducible_character(table, data.draw(st.integers(0, len(table) - 1)))
    psi = irreducible_character(inside, data.draw(st.integers(0, len(inside) - 1)))
    induced = induce(psi, h)
    assert induced.inner(chi) == psi.inner(restrict(chi, h))
    assert induced.is_character
    number = np.cumsum(h.mask) - 1
    values = psi.complex[inside.classes.class_of]
    for x in table.classes.representatives.tolist():
        conjugates = [made.table[made.table[g, x], made.inverses[g]] for g in range(made.order)]
        total = sum(values[number[y]] for y in conjugates if h.mask[y]) / h.order
        assert np.isclose(total, complex(induced(x)))
    assert induce(psi * restrict(chi, h), h) == induced * chi


def test_mackey_on_witnesses():
    """<f^G, g^G> is the sum over double cosets HxK of <f^x, g> on H^x meet K."""
    made = named("S4")
    d4, s3 = (next(h for h in (one.subgroup for one in subgroup_lattice(made).classes) if h.order == n) for n in (8, 6))
    for f in irreducible_characters(character_table(subgroup_classes(d4))):
        for g in irreducible_characters(character_table(subgroup_classes(s3))):
            total = 0
            for x in double_cosets(d4, s3).representatives.tolist():
                both = (d4 ^ x) & s3
                moved = made.conjugation(made.inverses[x])  # y -> x y x^-1, from H^x to H
                places = np.cumsum(d4.mask) - 1, np.cumsum(s3.mask) - 1
                total += (
                    sum(complex(f(places[0][moved[y]])) * complex(g(places[1][y])).conjugate() for y in both.elements)
                    / both.order
                )
            assert np.isclose(total, complex(induce(f, d4).inner(induce(g, s3))))


@pytest.mark.parametrize("name", ["S4", "SL(2,3)", "Dic3", "C7:C3"])
def test_inflation_gives_the_characters_with_a_kernel(name):
    """The rows of G/N, inflated, are the rows of G with N in the kernel."""
    made = named(name)
    table = character_table(made)
    for n in normal_subgroups(made):
        below = character_table(natural_map(n).target)
        inflated = {inflate(chi, n, table) for chi in irreducible_characters(below)}
        assert inflated == {chi for chi in irreducible_characters(table) if n <= chi.kernel}


def test_pull_back_along_automorphisms():
    """Inner automorphisms change nothing, an outer one of Q8 permutes the rows."""
    made = named("Q8")
    table = character_table(made)
    x, y = made.generators[:2]
    swap = homomorphism(made, made, [y, x])
    rows = irreducible_characters(table)
    assert [pull_back(chi, conjugation_map(made[x]), table) for chi in rows] == list(rows)
    moved = [pull_back(chi, swap, table) for chi in rows]
    assert moved != list(rows)
    assert set(moved) == set(rows)


def test_restrictions_to_one_subgroup_share_classes_and_table():
    """Two restrictions to equal subgroups add, and their table is made once."""
    made = named("S5")
    table = character_table(made)
    h = derived_subgroup(made)
    first, second = (restrict(irreducible_character(table, i), h) for i in (2, 6))
    assert first.columns is second.columns
    assert first.table is second.table
    assert (first + second).norm == 3
    assert restrict(irreducible_character(table, 6), h).decompose() == {1: 1, 2: 1}


# -- permutation characters


@given(small_groups(), st.data())
def test_permutation_characters_count_fixed_points(made, data):
    """By definition, for cosets, for a sum of G-sets and for the natural action."""
    h = made.subgroup(data.draw(st.lists(st.integers(0, made.order - 1), max_size=2)))
    cosets = on_cosets(h)
    table = character_table(made)
    inner = induce(trivial_character(character_table(subgroup_classes(h))), h)
    assert permutation_character(h) == inner == permutation_character(cosets, table)
    both = cosets + natural_action(made)
    fixed = (both.images == np.arange(len(both))).sum(axis=1)
    assert [permutation_character(both)(x) for x in range(made.order)] == fixed.tolist()
    assert permutation_character(both) == permutation_character(cosets) + permutation_character(made)
    assert permutation_character(both, table).inner(trivial_character(table)) == len(both.orbits)


def test_known_permutation_characters():
    """M11 on 11 points is 1 + 10, doubly transitive; S5 on pairs 1 + 4 + 5; a set given by hand."""
    m11 = permutation_character(named("M11"))
    table = m11.table
    assert {int(table.degrees[i]): m for i, m in m11.decompose().items()} == {1: 1, 10: 1}
    made = from_permutations([[1, 2, 3, 4, 0], [1, 0, 2, 3, 4]])
    pairs = [(i, j) for i in range(5) for j in range(i)]
    steps = [
        [pairs.index(tuple(sorted((made.permutations[g][i], made.permutations[g][j]), reverse=True))) for i, j in pairs]
        for g in made.generators
    ]
    found = permutation_character(gset(made, steps))
    assert sorted(int(found.table.degrees[i]) for i in found.decompose()) == [1, 4, 5]


@pytest.mark.parametrize("name", ["S4", "SL(2,3)", "C6", "Q8", "A5", "C7:C3", "C3 x S3"])
def test_the_burnside_ring_maps_to_characters(name):
    """Row i is the permutation character of G/U_i, a ring map, and its rank is the number of cyclic classes."""
    made = named(name)
    lattice = subgroup_lattice(made)
    table = character_table(made)
    found = marks_to_characters(lattice, table.classes)
    for row, one in zip(found, lattice.classes, strict=True):
        assert permutation_character(one.subgroup, table).values == tuple(row)
    cyclic = sum(one.subgroup.is_cyclic for one in lattice.classes)
    assert np.linalg.matrix_rank(found) == cyclic == len(divisions(table.columns)) == len(rational_sums(table).orbits)
    product = on_cosets(lattice.classes[1].subgroup) * on_cosets(lattice.classes[-2].subgroup)
    assert permutation_character(product, table).values == tuple(found[1] * found[-2])


@given(small_groups())
def test_artin_induction(made):
    """Coefficients over cyclic subgroups rebuild every rational sum, with denominators that divide the order."""
    table = character_table(made)
    sums = rational_sums(table)
    parted = sums.divisions
    assert (parted.of_class == table.classes.divisions).all()
    rows = cyclic_permutation_characters(table.columns)
    for i, j in enumerate(parted.representatives.tolist()):
        h = made.subgroup([int(table.classes.representatives[j])])
        assert permutation_character(h, table).values == tuple(rows[i][parted.of_class])
    for values in sums.values:
        f = class_function(table, values[parted.of_class].tolist())
        found = artin_coefficients(f)
        assert all(made.order % one.denominator == 0 for one in found)
        assert [sum(a * int(x) for a, x in zip(found, column, strict=True)) for column in rows.T] == values.tolist()
    assert made.order % artin_exponent(table) == 0


@pytest.mark.parametrize(
    ("name", "exponent"), [("C6", 1), ("C7", 1), ("C2^3", 4), ("S3", 2), ("D5", 2), ("Q8", 2), ("A4", 2)]
)
def test_artin_exponents(name, exponent):
    """1 for cyclic groups and no others, 2 for dihedral groups and Q8, |G| / p for elementary ones (Lam)."""
    assert artin_exponent(character_table(named(name))) == exponent


@pytest.mark.parametrize("name", ["S4", "S3", "D4", "Q8", "SL(2,3)", "A5"])
def test_permutation_combinations_rebuild_the_character(name):
    """The combination is m f; over symmetric groups and D4 m is 1, over Q8 the sum chi needs 2 (its Schur index)."""
    made = named(name)
    table, lattice = character_table(made), subgroup_lattice(made)
    rows = marks_to_characters(lattice, table.classes)
    sums = rational_sums(table)
    for orbit, values in zip(sums.orbits, sums.values, strict=True):
        f = class_function(table, values[sums.divisions.of_class].tolist())
        found = permutation_combination(f, lattice)
        rebuilt = sum(c * rows[i] for i, c in found.coefficients.items())
        assert (f * found.multiple).values == tuple(rebuilt.tolist())
        # Permutation characters are rational: m times the sum needs the Schur index inside m.
        assert found.multiple % schur_index(table, orbit[0]).value == 0
        if name != "SL(2,3)":
            assert found.multiple == (2 if name == "Q8" and f.degree == 2 else 1)


def test_irrational_functions_are_no_combinations():
    """Refused with the class named."""
    chi = characters("A5")[1]
    with pytest.raises(RepresentationError, match="not even a multiple"):
        permutation_combination(chi, subgroup_lattice(named("A5")))
    with pytest.raises(RepresentationError, match="not even a multiple"):
        artin_coefficients(chi)


# -- rational characters and Schur indices


@pytest.mark.parametrize(
    ("name", "degree", "indicator", "index"),
    [
        ("Q8", 2, -1, 2),
        ("Dic3", 2, -1, 2),
        ("Dic5", 2, -1, 2),
        ("Q16", 2, -1, 2),
        ("SL(2,3)", 2, -1, 2),
        ("SL(2,5)", 2, -1, 2),
        ("SL(2,5)", 6, -1, 2),
        ("D4", 2, 1, 1),
        ("C7:C3", 3, 0, 1),
        ("Q8 x C3", 2, 0, 1),  # the 2-adic numbers with a cube root of 1 split the quaternions
        ("C7:C9", 3, 0, None),  # 3 for the faithful ones; their quotient C7:C3 has 1
        ("SD16", 2, 0, 1),
        ("GL(2,3)", 4, 1, 1),
        ("M11", 10, 0, 1),
    ],
)
def test_known_schur_indices(name, degree, indicator, index):
    """Textbook cases (Isaacs chapter 10, Huppert's Character Theory section 38, Lam's A First Course section 8)."""
    table = character_table(named(name))
    rows = [i for i in range(len(table)) if table.degrees[i] == degree and table.indicators[i] == indicator]
    assert rows
    for row in rows:
        wanted = index
        if name == "Q8 x C3" and int(table.kernels[row].sum()) > 1:
            continue
        if index is None:
            wanted = 3 if irreducible_character(table, row).is_faithful else 1
        assert schur_index(table, row).value == wanted


@pytest.mark.parametrize("name", ["S3", "S4", "S5", "S6", "C7:C3", "He3", "C3^3", "A5", "PSL(2,7)"])
def test_index_one_throughout(name):
    """Symmetric groups (Young), groups of odd prime power order (Roquette), and others without quaternions."""
    assert {one.value for one in schur_indices(character_table(named(name)))} == {1}


@pytest.mark.parametrize(
    ("name", "primes"), [("96.14", (2, 3)), ("80.15", (2, 5)), ("112.16", (2, 7)), ("120.12", (3, 5))]
)
def test_indicator_one_does_not_mean_index_one(name, primes):
    """Real type over R, and quaternions at two finite primes: indicator 1 and Schur index 2."""
    table = character_table(named(name))
    found = schur_indices(table)
    real = [one for one, indicator in zip(found, table.indicators, strict=True) if indicator == 1 and one.value == 2]
    assert real
    for one in real:
        assert one.at_infinity == 1
    # The quotients of these groups have dicyclic characters, ramified at infinity; these are the others.
    assert {tuple(p for p, values in one.possible.items() if values != (1,)) for one in real} == {primes}


@pytest.mark.parametrize(
    "name", ["Dic3", "Dic5", "C7:C9", "C3:C8", "Dic3 x C5", "SL(2,3)", "40.3", "80.3", "72.3", "60.3", "84.1"]
)
def test_two_ways_to_local_indices_agree(name, monkeypatch):
    """Without Brauer characters, cyclic algebras leave nothing that Benard's theorem excludes."""
    monkeypatch.setattr(schur, "brauer_characters", lambda table, prime: None)
    table = character_table(named(name))
    found = schur_indices(table)
    compared = 0
    for prime, _multiplicity in prime_factors(named(name).order):
        modular = brauer_characters(table, prime)
        if modular is None:
            continue
        for row, one in enumerate(found):
            field = irreducible_character(table, row).field
            both = field | modular.field_of_constituent(row)
            index = both.local_degree(prime) // field.local_degree(prime)
            assert index in one.possible.get(prime, (1,))
            compared += 1
    assert compared


def test_an_open_place_stays_unknown(monkeypatch):
    """Without Brauer characters the answer for a character of 96.14 is None with bounds, and no guess."""
    monkeypatch.setattr(schur, "brauer_characters", lambda table, prime: None)
    table = character_table(named("96.14"))
    row = next(i for i in range(len(table)) if table.degrees[i] == 4 and table.indicators[i] == 1)
    found = schur_index(table, row)
    assert found.value is None
    assert (found.lower, found.upper) == (1, 2)
    assert str(found).startswith("unknown, a divisor of 2 and a multiple of 1: indicator 1")
    rational = rational_character_table(table)
    assert not rational.is_known
    with pytest.raises(BudgetSpentError, match="Schur index of 4"):
        rational.values  # noqa: B018


def test_a_budget_leaves_less_known_and_nothing_false():
    """With no subgroup lattice the facts that are left agree with the full answer."""
    table = character_table(named("S5"))
    for one in schur_indices(table, budget=1):
        assert one.value in (1, None)
        assert one.upper % 1 == 0
        assert one.lower == 1


@given(small_groups(), st.integers(0, 10**6))
@settings(max_examples=30)
def test_relabelling_changes_no_schur_index(made, seed):
    """Degree, indicator and index belong to the group, and the index divides the degree."""

    def found(group):
        table = character_table(group)
        answers = schur_indices(table)
        return Counter(zip(table.degrees.tolist(), table.indicators.tolist(), [a.value for a in answers], strict=True))

    known = found(made)
    assert known == found(relabelled(made, seed)[0])
    assert all(degree % index == 0 for degree, _, index in known)


@given(small_groups())
@settings(max_examples=30)
def test_the_rational_table_is_square_and_orthogonal(made):
    """As many rows as divisions; orthogonal, with norm m^2 [Q(chi) : Q]; the regular character is their combination."""
    table = character_table(made)
    found = rational_character_table(table)
    sizes = np.bincount(found.sums.divisions.of_class, weights=table.classes.sizes)
    values = found.values
    assert values.shape == (len(found),) * 2
    gram = (values * sizes) @ values.T / made.order
    norms = [one.value**2 * len(orbit) for one, orbit in zip(found.indices, found.sums.orbits, strict=True)]
    assert np.allclose(gram, np.diag(norms))
    regular = np.zeros(len(found))
    for orbit, one, row in zip(found.sums.orbits, found.indices, values, strict=True):
        regular += row * (table.degrees[orbit[0]] // one.value)
    assert regular.tolist() == [made.order] + [0] * (len(found) - 1)


def test_known_rational_tables():
    """Q8: five rows, the last twice the character of degree 2; C5: 1 and the other four."""
    assert rational_character_table(character_table(named("Q8"))).values[-1].tolist() == [4, -4, 0, 0, 0]
    assert rational_character_table(character_table(named("C5"))).values.tolist() == [[1, 1], [4, -1]]


# -- Brauer characters


@pytest.mark.parametrize(
    ("name", "prime", "degrees"),
    [("S3", 2, None), ("S4", 3, [1, 1, 3, 3]), ("SL(2,3)", 3, [1, 2, 3]), ("A4", 3, [1, 3]), ("Dic3", 3, [1, 1, 1, 1])],
)
def test_brauer_characters_of_solvable_groups(name, prime, degrees):
    """Known degrees; decomposition rebuilds the restrictions, and the Cartan matrix inverts inner products."""
    table = character_table(named(name))
    found = brauer_characters(table, prime)
    if degrees is not None:
        assert table.degrees[found.rows].tolist() == degrees
    restricted = table.complex[:, found.regular]
    assert np.allclose(found.decomposition @ restricted[found.rows], restricted)
    cartan = found.decomposition.T @ found.decomposition
    sizes = table.classes.sizes[found.regular]
    gram = (restricted[found.rows] * sizes) @ restricted[found.rows].conj().T / table.group.order
    assert np.allclose(cartan @ gram, np.eye(len(cartan)))


def test_brauer_characters_are_left_alone_where_the_theorem_stops():
    """Sylow subgroups that are not cyclic, and groups that are not p-solvable."""
    assert brauer_characters(character_table(named("S4")), 2) is None
    assert brauer_characters(character_table(named("A5")), 5) is None


# -- tensor products


@given(small_groups())
def test_tensor_table(made):
    """Each entry is <chi_i chi_j, chi_l>, exactly; commutative, associative, with unit and duals."""
    table = character_table(made)
    found = tensor_table(table).astype(np.int64)
    rows = irreducible_characters(table)
    if len(table) <= 8:
        for i, chi in enumerate(rows):
            for j, psi in enumerate(rows):
                assert (chi * psi).multiplicities.tolist() == found[i, j].tolist()
    assert (found == found.transpose(1, 0, 2)).all()
    assert (np.einsum("ijm,mkl->ijkl", found, found) == np.einsum("jkm,iml->ijkl", found, found)).all()
    assert (found[0] == np.eye(len(table))).all()
    assert (found[:, :, 0] == np.eye(len(table))[table.duals]).all()
    assert ((found * table.degrees).sum(axis=2) == np.outer(table.degrees, table.degrees)).all()


def test_mckay_graphs_of_binary_polyhedral_groups_are_affine_diagrams():
    """SL(2,3), SL(2,5), Dic3: affine E6, E8, D5, trees with known valencies; the degrees are an eigenvector."""
    for name, valencies in (
        ("SL(2,3)", [1, 1, 1, 2, 2, 2, 3]),
        ("SL(2,5)", [1, 1, 1, 2, 2, 2, 2, 2, 3]),
        ("Dic3", [1, 1, 1, 1, 3, 3]),
    ):
        table = character_table(named(name))
        chi = next(x for x in irreducible_characters(table) if x.degree == 2 and x.indicator == -1)
        graph = mckay_graph(chi)
        assert sorted(dict(graph.out_degree).values()) == valencies
        assert all(weight == 1 for _, _, weight in graph.edges.data("weight"))
        assert (mckay_matrix(chi) @ table.degrees == 2 * table.degrees).all()
        assert graph.nodes[0]["name"] == "1a"
        assert graph.number_of_edges() == 2 * (len(table) - 1)


def test_mckay_matrices_are_slices_of_the_tensor_table():
    """Of a sum of rows too; and of a character so large that the residues need a larger prime."""
    table = character_table(named("M11"))
    found = tensor_table(table)
    f = irreducible_character(table, 2) + irreducible_character(table, 9) * 1000
    assert (mckay_matrix(f) == found[2] + 1000 * found[9].astype(np.int64)).all()


def test_tensor_tables_are_bounded():
    """The message says how large it would be and what to ask instead."""
    with pytest.raises(TooLargeError, match=r"1,000,000,000 entries.*McKay matrix"):
        tensor_table(character_table(named("C1000")))


@pytest.mark.parametrize("name", ["Q8", "SL(2,3)", "C7:C9", "96.14", "80.15", "Dic3 x C5", "SL(2,5)"])
def test_schur_indices_divide_multiplicities_in_permutation_characters(name):
    """Permutation representations are rational, so m divides <chi, 1_H^G>."""
    table = character_table(named(name))
    lattice = subgroup_lattice(named(name))
    for row, one in enumerate(schur_indices(table)):
        chi = irreducible_character(table, row)
        found = [class_function(table, marks.tolist()).inner(chi) for marks in marks_to_characters(lattice)]
        assert all(value.rational % one.value == 0 for value in found)
        assert any(value != 0 for value in found)


@pytest.mark.parametrize("name", ["Q8 x C3", "C7:C9", "80.15", "SL(2,3)", "Dic3 x C5", "C3 x S3", "SD16", "42.1"])
def test_no_subgroup_contradicts_the_answer(name):
    """Every cyclic algebra of every subgroup, over base fields of all kinds, leaves the index that others proved."""
    table = character_table(named(name))
    lattice = subgroup_lattice(named(name))
    rows = np.arange(len(table))
    known = schur_indices(table)
    used = 0
    for one in lattice.classes:
        for witness in schur._witnesses(table, one.subgroup, rows):
            for row, s in zip(rows.tolist(), witness.multiplicities, strict=True):
                case = schur._Case(table, row)
                if s and case.possible:
                    case.possible = dict.fromkeys(case.possible, (1, 2, 3, 4, 6, 8, 9))
                    case.learn(witness, s)
                    settled = known[row].possible
                    assert all(settled[prime][0] in left for prime, left in case.possible.items())
                    used += 1
    assert used or not any(one.possible for one in known)


class PowerMapsOnly:
    """The classes of a group with the elements forgotten, as a table from cycle types has them."""

    def __init__(self, classes):
        self._classes = classes
        self.name, self.order, self.exponent = classes.name, classes.order, classes.exponent
        self.sizes, self.element_orders, self.labels = classes.sizes, classes.element_orders, classes.labels
        self.inverse_map, self.power_map = classes.inverse_map, classes.power_map

    def __len__(self):
        return len(self.sizes)


def test_tables_without_elements():
    """All but subgroups works from power maps: powers, decomposition, determinants, fields, rational sums, indices."""
    with_elements = character_table(named("SL(2,3)"))
    table = replace(with_elements, columns=PowerMapsOnly(with_elements.columns))
    for row, (chi, same) in enumerate(
        zip(irreducible_characters(table), irreducible_characters(with_elements), strict=True)
    ):
        assert (chi * chi).decompose() == (same * same).decompose()
        assert chi.determinant().values == same.determinant().values
        assert (chi.indicator, chi.field) == (same.indicator, same.field)
        found = schur_index(table, row)
        assert found.value in (None, schur_index(with_elements, row).value)
        with pytest.raises(TooLargeError, match="without its elements"):
            chi.kernel  # noqa: B018
    assert (rational_sums(table).values == rational_sums(with_elements).values).all()
    assert (tensor_table(table) == tensor_table(with_elements)).all()
