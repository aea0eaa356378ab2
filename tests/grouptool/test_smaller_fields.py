"""Smaller cyclotomic fields: which serve by local Schur indices, norm equations that are solved, Galois descent."""

from __future__ import annotations

import math
from itertools import product as pairs

import numpy as np
import pytest
from strategies import named, oracle

from grouptool import from_permutations
from grouptool.representations import Cyclotomic, character_table, irreps, schur_index
from grouptool.representations.matrices import galois_descent, irreducible
from grouptool.representations.matrices.cyclotomic_arrays import CyclotomicArray, power_basis
from grouptool.representations.matrices.galois_descent import Excluded, FixedMatrices, fixed_matrices
from grouptool.representations.matrices.hilbert_symbols import is_no_norm
from grouptool.representations.matrices.lattices import nearest_vector
from grouptool.representations.matrices.least_fields import _multiples, least_fields
from grouptool.representations.matrices.matrix_proofs import MatrixProver
from grouptool.representations.matrices.norm_equations import preimage_of_norm
from grouptool.representations.matrices.quadratic_steps import QuadraticStep, inverse, product
from grouptool.representations.matrices.square_classes import combinations_with_sum, quadratic_symbols
from grouptool.representations.root_sums import prime_for, root_of_unity
from grouptool.representations.units import totient, units


def _modulo_a_prime(group, exact) -> np.ndarray:
    """All matrices modulo a prime that splits in the field of the entries, products checked over the whole table."""
    prime = prime_for(math.lcm(exact.conductor, group.exponent), 1 << 20)
    root = root_of_unity(exact.conductor, prime)
    powers = np.array([pow(root, t, prime) for t in range(exact.numerators.shape[-1])])
    images = (exact.numerators % prime * powers % prime).sum(axis=-1) * pow(exact.denominator, -1, prime) % prime
    matrices = np.zeros((group.order, *exact.shape[1:]), dtype=np.int64)
    for x in range(group.order):
        matrices[x] = np.eye(exact.shape[-1], dtype=np.int64)
        for letter in group.word(x):
            matrices[x] = matrices[x] @ images[letter] % prime
    for s, image in zip(group.generators, images, strict=True):
        assert (matrices @ image % prime == matrices[group.table[:, s]]).all()
    return matrices


@pytest.mark.parametrize(
    ("name", "name_of_row", "before", "after"),
    [
        ("88.10", "2b", 44, 11), ("104.11", "2b", 52, 13), ("160.82", "8a", 5, 3), ("160.84", "8a", 8, 3),
        ("160.85", "8a", 4, 1), ("176.33", "4a", 44, 11), ("240.1", "2w", 80, 40), ("240.101", "8b", 15, 1),
        ("232.11", "2b", 116, 29),
    ],
)  # fmt: skip
def test_fields_that_norm_equations_reach(name, name_of_row, before, after):
    """The entries lie in Q(zeta_M), are integral and small, and the matrices are a representation modulo a prime."""
    table = character_table(named(name))
    row = table.names.index(name_of_row)
    wide, found = irreps(table, [row], deeper=False)[0], irreps(table, [row])[0]
    assert (wide.conductor, wide.conductor_is_least) == (before, False)
    assert (found.conductor, found.conductor_is_least) == (after, True)
    assert "Galois descent" in found.construction
    entries = {entry for matrix in found.exact.tolist() for line in matrix for entry in line}
    assert all(after % entry.conductor == 0 for entry in entries)
    assert found.exact.denominator == 1
    assert np.abs(found.exact.numerators).max() < 100
    matrices = _modulo_a_prime(table.group, found.exact)
    prime = prime_for(math.lcm(after, table.group.exponent), 1 << 20)
    traces = np.trace(matrices, axis1=1, axis2=2) % prime
    assert (traces == table.residues_of_row(row, prime)[table.classes.class_of]).all()
    floats = found.representation.matrices
    assert np.allclose(np.trace(floats, axis1=1, axis2=2), table.complex[row][table.classes.class_of])


def test_images_of_a_descended_representation():
    """Galois conjugates and products with linear characters of C11 x Q8, in arithmetic that shares no code with it."""
    table = character_table(named("88.10"))
    span = range(2)
    chosen = [row for row in range(len(table)) if table.conductors[row] == 11 and table.degrees[row] == 2][-3:]
    for one in irreps(table, chosen):
        assert one.conductor == 11
        matrices = [one.matrix(x).tolist() for x in range(88)]
        for x, y in pairs(range(0, 88, 5), table.group.generators):
            for i, j in pairs(span, span):
                entry = sum((matrices[x][i][m] * matrices[y][m][j] for m in span), Cyclotomic(1, {}))
                assert entry == matrices[table.group.table[x, y]][i][j]
        for x in range(88):
            trace = matrices[x][0][0] + matrices[x][1][1]
            assert trace == table.value(one.row, int(table.classes.class_of[x]))


def test_galois_conjugates_of_a_descended_representation():
    """The five of 176.33 that no product with a linear character takes to each other: traces, and products mod p."""
    table = character_table(named("176.33"))
    rows = [row for row in range(len(table)) if table.degrees[row] == 4]
    prime = prime_for(math.lcm(11, table.group.exponent), 1 << 20)
    for one in irreps(table, rows):
        traces = np.trace(_modulo_a_prime(table.group, one.exact), axis1=1, axis2=2) % prime
        assert one.conductor == 11
        assert (traces == table.residues_of_row(one.row, prime)[table.classes.class_of]).all()


@pytest.mark.parametrize("conductor", [3, 5, 7, 9, 11, 13, 17, 19, 23, 25])
def test_hamiltons_quaternions_over_cyclotomic_fields(conductor):
    """They are matrices over Q(zeta_M), M odd, just when the order of 2 modulo M is even: planted both ways."""
    table = character_table(named("Q8"))
    base = irreps(table)[-1].realisation
    order = next(k for k in range(1, conductor) if pow(2, k, conductor) == 1)
    found = fixed_matrices(MatrixProver(table), 4, base, conductor)
    assert isinstance(found, FixedMatrices) == (order % 2 == 0)
    assert (conductor in least_fields(table, 4, 8 * conductor).conductors) == (order % 2 == 0)
    if isinstance(found, FixedMatrices):
        assert found.exact.numerators.shape[-1] == totient(conductor)
        _modulo_a_prime(table.group, found.exact)


def test_an_algebra_over_the_rationals_that_is_no_matrix_algebra():
    """Q8 and SL(2,3) over Q, and 48.15, whose algebra ramifies at 2 and 3: no rational matrices, proved."""
    for name, indicator in (("Q8", -1), ("SL(2,3)", -1), ("48.15", 1)):
        table = character_table(named(name))
        one = [one for one in irreps(table) if one.degree > 1 and one.indicator == indicator][-1]
        assert (int(table.conductors[one.row]), totient(one.conductor)) == (1, 2)
        assert one.conductor_is_least
        found = fixed_matrices(MatrixProver(table), one.row, one.realisation, 1)
        assert found == Excluded(1)


def test_a_norm_equation_decides_what_schur_indices_leave_open():
    """4c of 144.56: local indices 1 or 2 at 2 and 3, no fact tells which; c = 2 is no norm from Q(zeta_3)."""
    table = character_table(named("144.56"))
    row = table.names.index("4c")
    assert schur_index(table, row).value is None
    assert least_fields(table, row, 3).conductors == (1,)
    found = irreps(table, [row])[0]
    assert (found.conductor, found.conductor_is_least) == (3, True)


def test_fields_that_stay_are_said_to_be_least():
    """C7 x Q8 has Schur index 2 over Q(zeta_7) at 2: a field of degree 12 is least, and no search is begun."""
    found = irreps(character_table(named("56.10")))
    for one in found:
        assert one.conductor_is_least
        if one.degree == 2 and one.indicator == 0:
            assert totient(one.conductor) == 12
            assert "Galois descent" not in one.construction


def test_a_search_that_fails_leaves_the_field_unknown(monkeypatch):
    """Without sums that have norms in S nothing is found, and nothing is claimed."""
    monkeypatch.setattr(irreducible, "fixed_matrices", lambda *_: None)
    table = character_table(named("88.10"))
    found = irreps(table, [table.names.index("2b")])[0]
    assert (found.conductor, found.conductor_is_least) == (44, False)


def test_a_norm_equation_without_an_answer_proves_nothing(monkeypatch):
    """No cocycle: nothing is returned, and no field is excluded."""
    monkeypatch.setattr(galois_descent, "preimage_of_norm", lambda *_: None)
    table = character_table(named("Q8"))
    assert fixed_matrices(MatrixProver(table), 4, irreps(table)[-1].realisation, 11) is None


def test_matrices_that_are_not_the_representation_are_not_handed_out(monkeypatch):
    """Unit matrices in place of what the lattice gives."""
    wrong = CyclotomicArray.of_integers(np.array([np.eye(2, dtype=np.int64)] * 2), 11)
    monkeypatch.setattr(galois_descent, "_on_short_vectors", lambda *_: wrong)
    table = character_table(named("Q8"))
    assert fixed_matrices(MatrixProver(table), 4, irreps(table)[-1].realisation, 11) is None


def test_vectors_of_the_least_norm_are_taken():
    """2 is shorter than the cube of a unit of Q(zeta_5), in all embeddings together, but has norm 16."""
    basis = power_basis(5)
    unit = CyclotomicArray(5, basis[0] + basis[1])
    cube = product(unit, product(unit, unit))
    vectors = np.array([[2 * basis[0]], [cube.numerators]], dtype=object)
    forms = {u: np.eye(1) for u in units(5).tolist()}
    found = CyclotomicArray(5, nearest_vector(vectors, forms, forms)[0].astype(np.int64))
    assert abs(np.prod([abs(found.embedded(u)) for u in forms]) - 1) < 1e-9
    lengths = [sum(abs(one.embedded(u)) ** 2 for u in forms) for one in (cube, CyclotomicArray(5, 2 * basis[0]))]
    assert lengths[0] > lengths[1]


@pytest.mark.parametrize("record", oracle()[::9], ids=lambda record: f"{record['id']}")
def test_the_fields_found_are_among_those_that_may_serve(record):
    """Local indices never exclude a field over which matrices were found."""
    table = character_table(from_permutations(record["generators"]))
    for one in irreps(table):
        assert one.conductor_is_least
        larger = 5 * one.conductor
        assert one.conductor in least_fields(table, one.row, larger).conductors


def test_multiples_with_a_small_totient():
    """All of them, against a list by brute force; phi(M)^2 is at least M / 2."""
    for own, below in ((1, 13), (3, 30), (8, 33), (5, 25), (11, 21)):
        fits = {m for m in range(own, 2 * below**2, own) if m % 4 != 2 and totient(m) < below}
        assert sorted(_multiples(own, below)) == sorted(fits)


STEPS = [
    QuadraticStep(4, (1,), 3), QuadraticStep(44, (1,), 23), QuadraticStep(60, (1,), 31), QuadraticStep(15, (1,), 4),
    QuadraticStep(15, (1, 4), 7), QuadraticStep(24, (1, 17), 13), QuadraticStep(5, (1, 4), 2),
]  # fmt: skip


@pytest.mark.parametrize("step", STEPS, ids=str)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_planted_norms_are_found(step, seed):
    """c = N(t) for a third of a short t of E; the answer may be another one."""
    places = np.arange(step.conductor)[:, None] * np.array(step.fixing) % step.conductor
    traces = power_basis(step.conductor)[places].sum(axis=1)
    chosen = np.random.default_rng(seed).integers(0, step.conductor, 2)
    planted = CyclotomicArray(step.conductor, traces[1] + traces[chosen].sum(axis=0), 3)
    assert planted.numerators.any()
    number = step.norm(planted)
    assert not is_no_norm(step, number)
    found = preimage_of_norm(step, number, [2, 3])
    assert found is not None
    assert step.norm(found) == number
    for unit in step.fixing:
        assert found.galois(unit) == found
    assert product(found, inverse(found)) == CyclotomicArray.of_integers(np.array(1), step.conductor)


def test_minus_one_is_a_norm_or_not():
    """From Q(zeta_44) to Q(zeta_11) it is; from Q(zeta_28) to Q(zeta_7) it is not, since 2 has odd order modulo 7."""
    for conductor, unit, solvable in ((44, 23, True), (28, 15, False)):
        step = QuadraticStep(conductor, (1,), unit)
        number = CyclotomicArray.of_integers(np.array(-1), conductor)
        found = preimage_of_norm(step, number, [2])
        assert (found is not None) == solvable
        if found is not None:
            assert step.norm(found) == number


@pytest.mark.parametrize(
    ("step", "discriminant"),
    [
        (QuadraticStep(4, (1,), 3), -4), (QuadraticStep(3, (1,), 2), -3), (QuadraticStep(5, (1, 4), 2), 5),
        (QuadraticStep(8, (1, 7), 3), 8), (QuadraticStep(8, (1, 3), 5), -8), (QuadraticStep(15, (1, 2, 4, 8), 7), -15),
        (QuadraticStep(24, (1, 5, 19, 23), 7), 24),
    ],
)  # fmt: skip
def test_hilbert_symbols_against_conics(step, discriminant):
    """x^2 - d y^2 = c z^2 has a solution other than 0 just when it has one within Holzer's bounds."""
    root = discriminant // 4 if discriminant % 4 == 0 else discriminant
    for c in (one for one in range(-15, 16) if one and all(one % (p * p) for p in (2, 3))):
        bound = math.isqrt(abs(root * c)) + 1
        z, y = np.meshgrid(np.arange(math.isqrt(abs(root)) + 1), np.arange(math.isqrt(abs(c)) + 1))
        squares = c * z**2 + root * y**2
        fits = np.isin(squares, np.arange(bound + 1) ** 2) & ((z > 0) | (y > 0))
        number = CyclotomicArray.of_integers(np.array(c), step.conductor)
        assert is_no_norm(step, number) == (not fits.any())


def test_squares_are_told_in_the_smaller_field():
    """-1 is a square in E = Q(zeta_44) and none in L = Q(zeta_11); (1 + zeta)^2 is one; norms of L are squares."""
    step = QuadraticStep(44, (1,), 23)
    one = power_basis(44)
    square = product(CyclotomicArray(44, one[0] + one[4]), CyclotomicArray(44, one[0] + one[4]))
    symbols = quadratic_symbols(step, np.array([-one[0], square.numerators, 2 * one[0]]), norms=False)
    assert symbols.any(axis=1).tolist() == [True, False, True]
    below = np.array([one[4] + 3 * one[8], one[0] + one[12]])
    assert not quadratic_symbols(step, below, norms=True).any()


def test_combinations_over_two_elements():
    """Each has the sum that was asked for; the last is found when the sum lies in the space of the rows."""
    rng = np.random.default_rng(0)
    signs = rng.integers(0, 2, (12, 30)).astype(np.uint8)
    target = np.bitwise_xor.reduce(signs[[1, 4, 7, 9]])
    found = list(combinations_with_sum(signs, target))
    assert sorted(found[-1]) == [1, 4, 7, 9]
    assert sorted(next(combinations_with_sum(signs, signs[2] ^ signs[5]))) == [2, 5]
    assert next(combinations_with_sum(signs, signs[3])) == [3]
    assert not list(combinations_with_sum(signs, rng.integers(0, 2, 30).astype(np.uint8)))
