"""Exact irreducible representations: complete, proved, over the field that is stated; wrong matrices are refused."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from flint import nmod_mat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import named, oracle, relabelled, small_groups

from grouptool import from_permutations
from grouptool.errors import RepresentationError
from grouptool.representations import Cyclotomic, character_table, equivalence, irreps, representation
from grouptool.representations.matrices import monomial
from grouptool.representations.matrices.cyclotomic_arrays import CyclotomicArray, power_basis, roots_of_unity
from grouptool.representations.matrices.inducing import Source, _Search, _stabilizer_of_line, find_sources
from grouptool.representations.matrices.irreducible import _families
from grouptool.representations.matrices.line_matrices import _bases, _Line, _solved_in_floats, _solved_modulo_primes
from grouptool.representations.matrices.linear import linear_characters, root_conductor
from grouptool.representations.matrices.matrix_proofs import MatrixProver, _all_products
from grouptool.representations.matrices.matrix_sources import find_matrix_source
from grouptool.representations.matrices.monomial import induced, linear
from grouptool.representations.root_sums import prime_for

NAMES = ("S4", "SL(2,3)", "A5", "C7:C3", "Q8", "D5", "SD16", "3^(1+2)+", "S5", "GL(2,3)", "SL(2,5)", "C12", "Dic3 x S3")


def _by_definition(irrep) -> None:
    """All products of the exact matrices of all elements, in Cyclotomic arithmetic, and the traces."""
    group, table = irrep.group, irrep.table
    matrices = [irrep.matrix(x).tolist() for x in range(group.order)]
    span = range(irrep.degree)
    for x, y in product(range(group.order), group.generators):
        for i, j in product(span, span):
            entry = sum((matrices[x][i][m] * matrices[y][m][j] for m in span), Cyclotomic(1, {}))
            assert entry == matrices[group.table[x, y]][i][j]
    for x in range(group.order):
        trace = sum((matrices[x][i][i] for i in span), Cyclotomic(1, {}))
        assert trace == table.value(irrep.row, int(table.classes.class_of[x]))


@pytest.mark.parametrize("name", ["S3", "Q8", "D5", "A4", "C7:C3", "SL(2,3)"])
def test_exact_matrices_by_definition(name):
    """Homomorphism and traces in exact arithmetic that shares no code with the proofs."""
    for one in irreps(character_table(named(name))):
        _by_definition(one)


@settings(max_examples=25)
@given(small_groups())
def test_they_are_complete_and_unitary_forms_agree(made):
    """One for each row; float64 homomorphisms over the whole table, unitary, with the traces of the table."""
    table = character_table(made)
    found = irreps(table)
    assert sum(one.degree**2 for one in found) == made.order
    for one in found:
        for rho in (one.unitary.matrices, one.representation.matrices):
            assert np.abs(np.einsum("xij,yjk->xyik", rho, rho) - rho[made.table]).max() < 1e-9
            traces = np.trace(rho, axis1=1, axis2=2)
            assert np.allclose(traces, table.complex[one.row][table.classes.class_of])
        assert one.unitary.unitarity_error < 1e-10


@pytest.mark.parametrize("record", oracle()[1:312:6], ids=lambda record: f"{record['id']}")
def test_every_group_of_order_up_to_60_has_them(record):
    """A sample over all orders (the whole list was run by hand): every row, over a field that holds its values."""
    table = character_table(from_permutations(record["generators"]))
    for one in irreps(table):
        assert one.conductor % table.conductors[one.row] == 0
        assert one.exact.shape == (len(table.group.generators), one.degree, one.degree)


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("S5", 1), ("S6", 1), ("W(B3)", 1), ("D8", 8), ("D5", 5), ("A5", 5), ("PSL(2,7)", 7), ("C12", 12), ("SD16", 8),
        ("C7:C3", 21), ("2^(1+4)+", 1),
    ],
)  # fmt: skip
def test_fields_are_least(name, least):
    """Representations of these groups are realised over the fields of their characters, and none says otherwise."""
    found = irreps(character_table(named(name)))
    assert all(one.conductor_is_least for one in found)
    assert np.lcm.reduce([one.conductor for one in found]) == least


def test_quaternionic_characters_need_more_than_their_values():
    """Q8 has a rational character that no real field realises: Q(i), of degree 2, is least; SL(2,3) has Q(zeta_3)."""
    quaternion = irreps(character_table(named("Q8")))[-1]
    assert (quaternion.indicator, quaternion.conductor, quaternion.conductor_is_least) == (-1, 4, True)
    three = next(one for one in irreps(character_table(named("SL(2,3)"))) if one.indicator == -1)
    assert (three.conductor, three.conductor_is_least) == (3, True)


@pytest.mark.parametrize(("name", "conductor"), [("C3 x Q8", 3), ("24.1", 4), ("40.11", 5), ("48.17", 1)])
def test_descent_to_the_field_of_the_character(name, conductor):
    """Matrices from linear characters need more than the values here; a sum with a kernel of dimension 1 does not.

    Q8 over Q(zeta_3), say: i + zeta j + zeta^2 k squares to 0, since 1 + zeta^2 + zeta^4 = 0.
    """
    table = character_table(named(name))
    rows = [row for row in range(len(table)) if table.degrees[row] > 1 and table.conductors[row] == conductor]
    wider = find_sources(table, rows)
    down = [one for one in irreps(table, rows) if wider[one.row].conductor > 4 >= 0 and one.conductor == conductor]
    assert down
    for one in down:
        assert one.conductor_is_least
        assert np.abs(one.representation.matrices @ one.representation.images[0] - one.representation.matrices[
            table.group.table[:, table.group.generators[0]]
        ]).max() < 1e-9  # fmt: skip


def test_a_real_character_that_needs_more_than_its_values():
    """A character of 48.15 of real type with rational values: its algebra ramifies at 2 and 3, Q(zeta_3) is least."""
    found = irreps(character_table(named("48.15")))[-1]
    assert (found.indicator, found.conductor, found.conductor_is_least) == (1, 3, True)


@pytest.mark.parametrize("name", ["S6", "PSL(2,11)", "M11"])
def test_integral_entries_of_larger_groups(name):
    """Rational representations of these groups come out integral; those of M11 go through relators."""
    table = character_table(named(name))
    rational = [row for row in range(len(table)) if table.conductors[row] == 1 and table.degrees[row] < 46]
    assert {one.exact.denominator for one in irreps(table, rational)} == {1}


@given(st.sampled_from(("S4", "SL(2,3)", "C7:C3", "GL(2,3)")), st.integers(0, 10**6))
@settings(max_examples=12)
def test_relabelling_the_elements_changes_no_field(name, seed):
    """Degrees, conductors and indicators belong to the group."""

    def facts(made):
        return sorted((one.degree, one.conductor, one.indicator) for one in irreps(character_table(made)))

    assert facts(relabelled(named(name), seed)[0]) == facts(named(name))


@pytest.mark.parametrize("name", ["A5", "S5", "PSL(2,7)", "SL(2,5)"])
def test_floats_and_primes_solve_to_the_same_entries(name):
    """The two ways to the matrices of one basis agree."""
    table = character_table(named(name))
    rows = [row for row in range(len(table)) if table.degrees[row] > 1]
    for row, source in find_sources(table, rows).items():
        line = _Line(table, row, source)
        basis = next(_bases(line, int(table.degrees[row])))
        assert _solved_in_floats(line, basis) == _solved_modulo_primes(line, basis)


@pytest.mark.parametrize("name", ["S4", "SL(2,5)", "PSL(2,7)", "64.134", "D8", "48.5", "C12", "3^(1+2)+", "F5:4"])
def test_kernels_and_their_twins_choose_one_basis(name, monkeypatch):
    """And so they make the same exact matrices."""
    found = []
    for choice in ("plain", "compiled"):
        monkeypatch.setenv("GROUPTOOL_KERNELS", choice)
        made = from_permutations(named(name).permutations[list(named(name).generators)])
        found.append(irreps(character_table(made)))
    for one, other in zip(*found, strict=True):
        assert (one.conductor, one.construction) == (other.conductor, other.construction)
        assert (one.exact.numerators == other.exact.numerators).all()


def test_a_source_of_degree_above_one():
    """The 6-dimensional representation of S5 from a subgroup's character of degree above 1."""
    table = character_table(named("S5"))
    source = find_matrix_source(table, 6)
    assert source is not None
    assert source.irrep.degree > 1
    prover = MatrixProver(table)
    from grouptool.representations.matrices.line_matrices import line_matrices

    made = line_matrices(prover, 6, source)
    prover.prove(6, made.exact)
    assert np.abs(made.unitary @ made.unitary.conj().transpose(0, 2, 1) - np.eye(6)).max() < 1e-10


def _icosahedral(denominator: int) -> CyclotomicArray:
    """A half turn about (1/2, (sqrt 5 - 1)/4, (sqrt 5 + 1)/denominator), and the turn of order 3 of the axes."""
    golden = Cyclotomic.root(5) + Cyclotomic.root(5, 4)  # (sqrt 5 - 1) / 2
    axis = [Cyclotomic(1, {0: 1}) / 2, golden / 2, (golden + golden + 2) / denominator]
    turn = [[2 * x * y - int(i == j) for j, y in enumerate(axis)] for i, x in enumerate(axis)]
    return _array([turn, [[0, 1, 0], [0, 0, 1], [1, 0, 0]]])


def _array(matrices) -> CyclotomicArray:
    numerators = np.zeros((len(matrices), 3, 3, 4), dtype=np.int64)
    for place in product(range(len(matrices)), range(3), range(3)):
        value = matrices[place[0]][place[1]][place[2]] + Cyclotomic(1, {})
        for exponent, coefficient in value.coefficients.items():
            numerators[place] += int(coefficient * 100) * power_basis(5)[exponent * (5 // value.conductor)]
    return CyclotomicArray(5, numerators, 100).reduced()


def test_the_published_matrices_of_a5_are_refused_with_a_wrong_denominator():
    """(1 + sqrt 5) / 4 makes a representation; (1 + sqrt 5) / 5, as once published, breaks a relation that is named."""
    right, wrong = _icosahedral(4), _icosahedral(5)
    made = from_permutations([[1, 0, 3, 2, 4], [2, 1, 4, 3, 0]])  # (1,2)(3,4) and (1,3,5): the product has order 5
    assert (made.order, made.element_orders[made.table[made.generators]]) == (60, 5)
    table = character_table(made)
    prover = MatrixProver(table)
    # The fifth turn has trace (1 + sqrt 5) / 2 in one of the two rows; to the other the trace is not its own.
    fifth_turn = right.complex[0] @ right.complex[1]
    on_class = int(table.classes.class_of[made.table[made.generators]])
    row = min((1, 2), key=lambda i: abs(table.complex[i, on_class] - np.trace(fifth_turn)))
    prover.prove(row, right)
    with pytest.raises(RepresentationError, match=r"is not its character at \("):
        prover.prove(3 - row, right)
    for one in (1, 2):
        with pytest.raises(RepresentationError, match=r"no homomorphism: rho\(x\) rho\(y\) is not rho\(xy\) at x = \("):
            prover.prove(one, wrong)


def test_wrong_matrices_and_sources_are_refused(monkeypatch):
    """Another character's matrices, a matrix off by one, a relator that fails, and a source that induces nothing."""
    table = character_table(named("S4"))
    prover = MatrixProver(table)
    standard, other = (one.exact for one in irreps(table)[3:])
    prover.prove(3, standard)
    with pytest.raises(RepresentationError, match="is not its character at"):
        prover.prove(3, other)
    numerators = standard.numerators.copy()
    numerators[0, 0, 0, 0] += 1
    off = CyclotomicArray(1, numerators)
    with pytest.raises(RepresentationError, match="no homomorphism"):
        prover.prove(3, off)
    monkeypatch.setattr("grouptool.representations.matrices.matrix_proofs.MOST_STEPS", 0)
    prover.prove(3, standard)
    with pytest.raises(RepresentationError, match="is not its character at"):
        prover.prove(3, other)
    with pytest.raises(RepresentationError, match=r"relator|order of the element"):
        prover.prove(3, off)


def _signed_swaps(step: int) -> tuple[MatrixProver, CyclotomicArray]:
    """S4 on its Coxeter generators, as x y z -> y x z, x z y and -y -x z, in the basis x, step y, step^2 z."""
    swaps = np.array([[[0, 1, 0], [1, 0, 0], [0, 0, 1]], [[1, 0, 0], [0, 0, 1], [0, 1, 0]]])
    matrices = np.stack([*swaps, swaps[0] * [[-1], [-1], [1]]]) * step
    powers = step ** np.arange(3)
    numerators = matrices * powers // powers[:, None]
    made = from_permutations([[1, 0, 2, 3], [0, 2, 1, 3], [0, 1, 3, 2]])
    return MatrixProver(character_table(made)), CyclotomicArray(1, numerators[..., None], step)


def test_denominators_that_grow_along_words(kernels):
    """Those of the generators are 2, that of a product is 4; where they are large, 53 bits do not hold the entries."""
    prover, images = _signed_swaps(2)
    multiple, rows = _all_products(prover.table.group, images, images.numerators[..., 0].astype(float))
    assert multiple == 4
    assert (rows == np.rint(rows)).all()
    row = next(
        i
        for i in (3, 4)
        if prover.table.complex[i, prover.table.classes.class_of[prover.table.group.generators[0]]].real == 1
    )
    prover.prove(row, images)
    with pytest.raises(RepresentationError, match="is not its character at"):
        prover.prove(7 - row, images)
    prover, images = _signed_swaps(1 << 18)
    with pytest.raises(RepresentationError, match="too large for exact products"):
        prover.prove(row, images)


@pytest.mark.parametrize(
    ("elements", "exponents", "reason"),
    [
        ([0, 1], [0, 0], "no linear character"),  # not as many cosets as the degree
        (range(8), [0, 1, 0, 1, 0, 1, 0, 0], "no linear character"),  # no homomorphism
        ([0, 1, 2, 3, 4, 5, 6, 8], [0] * 8, "no linear character"),  # no subgroup
        (range(8), [0] * 8, "is not its character at"),  # a subgroup and its character, but of another row
    ],
)
def test_sources_that_induce_nothing_are_refused(kernels, elements, exponents, reason):
    """For row 3a of S4, which a character of order 2 of a subgroup D of order 8 induces; elements by places in D."""
    made, table = named("S4"), character_table(named("S4"))
    right = find_sources(table, [3])[3]
    assert (len(right.elements), induced(table, 3, right).points.shape) == (8, (2, 3))
    outside = np.setdiff1d(np.arange(made.order), right.elements)
    places = np.concatenate([right.elements[np.argsort(right.elements)], outside])
    wrong = Source(places[list(elements)], np.array(exponents), 2, 1)
    with pytest.raises(RepresentationError, match=reason):
        induced(table, 3, wrong)


def test_linear_characters_that_are_none_are_refused(kernels, monkeypatch):
    """One exponent of one row is off, among others that are right; and roots of unity of another row."""
    table = character_table(named("C3 x S3"))
    rows = np.flatnonzero(table.degrees == 1).tolist()
    whole = "grouptool.representations.matrices.monomial.linear_exponents"
    right = monomial.linear_exponents(table, np.array(rows))
    assert [one.exponents.shape for one in linear(table, rows)] == [(len(table.group.generators), 1)] * len(rows)
    for column in range(len(table)):
        off = right.copy()
        off[-2, column] = (off[-2, column] + 1) % table.columns.exponent
        monkeypatch.setattr(whole, lambda *_, off=off: off)
        with pytest.raises(RepresentationError, match="no homomorphism"):
            linear(table, rows)
    monkeypatch.setattr(whole, lambda *_: right[::-1])
    with pytest.raises(RepresentationError, match="are not their values"):
        linear(table, rows)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(small_groups())
def test_the_best_simple_eigenvalue_by_definition(kernels, made):
    """Restricted to each cyclic subgroup, by inner products with its linear characters; the first of the best."""
    table = character_table(made)
    rows = [row for row in range(len(table)) if table.degrees[row] > 1]
    found = _Search(table, rows)._simple_eigenvalues() if rows else []
    for row, (j, exponent) in zip(rows, found, strict=True):
        keys = []
        for i, order in enumerate(table.classes.element_orders.tolist()):
            powers = table.classes.class_of[
                made.powers(np.arange(order), np.full(order, table.classes.representatives[i]))
            ]
            for e in range(order):
                turns = np.exp(-2j * np.pi * e * np.arange(order) / order)
                if round((table.complex[row][powers] @ turns).real / order) == 1:
                    conductor = math.lcm(table.conductors[row], root_conductor(order // math.gcd(order, e)))
                    keys.append((conductor, -order, i, e))
        assert [j, exponent] == (list(min(keys)[2:]) if keys else [-1, -1])


@settings(max_examples=20)
@given(small_groups())
def test_stabilisers_of_lines_by_definition(made):
    """For each line that a linear character of a cyclic subgroup has: the g that map a vector of it to a multiple."""
    table = character_table(made)
    for one in irreps(table):
        for h in range(1, made.order) if one.degree > 1 else ():
            characters = linear_characters(made.subgroup([h]))
            values = table.complex[one.row][table.classes.class_of[characters.elements]]
            held = np.rint((characters.complex.conj() @ values).real / len(characters.elements)) == 1
            for place in np.flatnonzero(held)[:1]:
                exponents, order = characters.exponents[place], int(characters.orders[place])
                conductor = math.lcm(one.conductor, root_conductor(order))
                source = Source(characters.elements, exponents // (characters.order // order), order, conductor)
                rho = one.unitary.matrices
                projection = np.einsum("hij,h->ij", rho[source.elements], source.weights(1))
                vector = np.linalg.svd(projection)[0][:, 0]
                scalars = rho @ vector @ vector.conj()
                fixing = np.flatnonzero(np.abs(scalars) > 1 - 1e-8)
                wider = _stabilizer_of_line(table, one.row, source)
                assert (wider is not None) == (len(fixing) * one.degree == made.order)
                if wider:
                    assert sorted(wider.elements) == fixing.tolist()
                    turns = np.exp(2j * np.pi * wider.exponents / wider.order)
                    assert np.abs(turns - scalars[wider.elements]).max() < 1e-8
                    assert conductor % root_conductor(wider.order) == 0
                    assert induced(table, one.row, wider).points.shape[1] == one.degree


@pytest.mark.parametrize(
    ("name", "monomial"),
    [("S4", [False, True, True]), ("D8", [True] * 3), ("3^(1+2)-", [True] * 2), ("A5", [False] * 4)],
)
def test_rows_that_are_monomial(name, monomial):
    """The 2-dimensional ones of dihedral groups over the rationals, too; of A5 none."""
    assert [one.is_monomial for one in irreps(character_table(named(name))) if one.degree > 1] == monomial


@pytest.mark.parametrize("name", ["S4", "D8", "SL(2,3)", "3^(1+2)+", "243.37", "C3 x S4", "48.5", "C7:C3", "A5"])
@pytest.mark.parametrize("most", [1, 10**6])
def test_rows_of_a_family_are_conjugates_times_linear_characters(monkeypatch, name, most):
    """Every row above degree 1 is the leader's value under the unit, times the twist: exactly, on every class."""
    monkeypatch.setattr("grouptool.representations.matrices.irreducible.MOST_PRODUCTS", most)
    table = character_table(named(name))
    group, exponent = table.group, table.columns.exponent
    families = _families(table, prime_for(exponent, 1 << 28))
    assert sorted(families) == np.flatnonzero(table.degrees > 1).tolist()
    leaders = {leader for leader, _, _ in families.values()}
    assert all(families[leader][:2] == (leader, 1) and not families[leader][2].any() for leader in leaders)
    for row, (leader, unit, twist) in families.items():
        moved = table.complex[leader][table.columns.power_map(unit)]
        for j, x in enumerate(table.classes.representatives.tolist()):
            turn = np.exp(2j * np.pi * sum(twist[letter] for letter in group.word(x)) / exponent)
            assert abs(moved[j] * turn - table.complex[row, j]) < 1e-9
        assert table.conductors[row] == table.conductors[leader]


@pytest.mark.parametrize("name", ["S4", "C7:C3", "SL(2,3)"])
def test_rows_that_were_moved_wrongly_are_refused(name):
    """A unit or a twist that belongs to another row: the traces tell."""
    found = irreps(character_table(named(name)))
    refused = 0
    for one, other in product(found, found):
        same = one.degree == other.degree > 1 and one._place.leader is other._place.leader
        if same and one is not other and other._place.is_moved:
            with pytest.raises(RepresentationError, match="have other traces"):
                _ = replace(one, _place=other._place).exact
            refused += 1
    assert refused


@pytest.mark.parametrize("conductor", [1, 3, 4, 5, 8, 9, 12, 15])
def test_roots_of_unity_in_coefficients(conductor):
    """All of them, for odd N the 2N-th ones, are the single cyclotomic numbers."""
    roots = CyclotomicArray(conductor, roots_of_unity(conductor))
    order = conductor if conductor % 2 == 0 else 2 * conductor
    assert roots.tolist() == [Cyclotomic.root(order, i) for i in range(order)]


@pytest.mark.parametrize("name", ["S3 x S4", "SL(2,3) x S3", "A4 x D5", "S4 x S4"])
def test_kronecker_products_are_what_they_say(name):
    """Products of smaller representations, which are not proved again, satisfy the proof that others go through."""
    table = character_table(named(name))
    prover = MatrixProver(table)
    products = [one for one in irreps(table) if one.construction == "a Kronecker product"]
    assert products
    for one in products:
        prover.prove(one.row, one.exact)
        prover.check(one.row, one.unitary)


def test_arrays_of_cyclotomic_numbers():
    """Products, Galois images, sums and fields agree with single numbers."""
    rng = np.random.default_rng(0)
    first = CyclotomicArray(12, rng.integers(-3, 4, (2, 2, 4)), 2)
    second = CyclotomicArray(5, rng.integers(-3, 4, (2, 2, 4)), 3)
    total = first @ second
    rows, columns = first.tolist(), second.tolist()
    for i, j in product(range(2), range(2)):
        assert total[i, j] == sum((rows[i][m] * columns[m][j] for m in range(2)), Cyclotomic(1, {}))
        assert (first + second)[i, j] == rows[i][j] + columns[i][j]
        assert first.galois(5)[i, j] == rows[i][j].galois(5)
        assert first.times_roots(6, np.array([[1, 2], [3, 4]]))[i, j] == rows[i][j] * Cyclotomic.root(6, 1 + j + 2 * i)
    assert np.allclose(total.complex, first.complex @ second.complex)
    stack = first.numerators[None], second.numerators[None]
    both = CyclotomicArray(12, stack[0], 2).kronecker(CyclotomicArray(5, stack[1], 3))
    assert np.allclose(both.complex[0], np.kron(first.complex, second.complex))
    assert first == first.conj().T.conj().T
    large, four = CyclotomicArray(1, np.array([[[2**62]]])), CyclotomicArray(1, np.array([[[4]]]))
    assert (large @ four)[0, 0] == 2**64


@pytest.mark.parametrize("name", ["C40", "D31", "C7:C3", "S4"])
def test_both_ways_through_the_tree_of_a_group(monkeypatch, name):
    """Level by level or by doubling: the same matrices, those of the words."""
    group = named(name)
    last = irreps(character_table(group))[-1].representation
    found = []
    monkeypatch.setattr(representation, "DEEP", 0)
    for narrow in (0, 10**6):
        monkeypatch.setattr(representation, "NARROW", narrow)
        found.append(representation.multiply_out(group, last.images))
        for x in range(group.order):
            assert np.abs(found[-1][x] - last.matrix(x)).max() < 1e-10
    assert np.abs(found[0] - found[1]).max() < 1e-10


@pytest.mark.parametrize("name", ["C5", "C6", "C7:C3", "C13:C3", "Dic3"])
def test_floats_of_monomial_matrices_need_no_exact_ones(name):
    """The unitary form has the exact entries; no exact matrix is made for it."""
    table = character_table(named(name))
    chosen = [one for one in irreps(table, exact=False) if one.is_monomial]
    assert any(one.degree > 1 for one in chosen) or table.group.is_abelian
    for one in chosen:
        floats = one.unitary.images
        assert "exact" not in one.realisation.__dict__
        assert np.abs(floats - one.exact.complex).max() < 1e-12


@pytest.mark.parametrize(("name", "row", "conductor"), [("160.206", "8a", 3), ("240.79", "4d", 15)])
def test_smaller_fields_from_characters_of_subgroups_of_degree_above_one(monkeypatch, name, row, conductor):
    """Where no norm equation is solved; both are representations with one character."""
    monkeypatch.setattr("grouptool.representations.matrices.irreducible.fixed_matrices", lambda *_: None)
    table = character_table(named(name))
    place = table.names.index(row)
    wide, deep = irreps(table, [place], deeper=False)[0], irreps(table, [place])[0]
    assert (deep.conductor, deep.conductor_is_least) == (conductor, True)
    assert not wide.conductor_is_least
    assert "an irreducible character of degree" in deep.construction
    for one in (wide, deep):
        assert one.representation.check(1e-8) < 1e-8
        assert np.abs(one.representation.character - table.complex[place]).max() < 1e-8
    assert equivalence(wide.unitary, deep.unitary) is not None


@pytest.mark.parametrize(("name", "name_of_row"), [("S5", "6a"), ("160.206", "8a")])
def test_random_translates_that_are_taken_are_independent(name, name_of_row):
    """Of a line from a subgroup's character of degree above 1; independence is proved modulo a prime."""
    table = character_table(named(name))
    row = table.names.index(name_of_row)
    source = find_matrix_source(table, row)
    line, prime = _Line(table, row, source), prime_for(table.columns.exponent * source.conductor, 1 << 30)
    bases = list(_bases(line, int(table.degrees[row])))
    assert len(bases) == 8
    for basis in bases:
        between = table.group.table[np.ix_(table.group.inverses[basis], basis)]
        gram = line.residues(line.terms(between), 1, prime)
        assert nmod_mat(gram.tolist(), prime).rank() == len(basis)
