"""Decomposition of representations: against definitions, theorems that go another way, planted faults."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from irreps import split_regular, table_and_irreps
from strategies import SMALL_NAMES, named, small_groups

import grouptool.representations.spaces.decomposition as decomposition
from grouptool import from_permutations
from grouptool.errors import RepresentationError, TooLargeError
from grouptool.representations import (
    Representation,
    average,
    character_product,
    character_table,
    clebsch_gordan,
    conjugate,
    decompose,
    decompose_real,
    direct_sum,
    dual,
    equivalence,
    exterior_power,
    induction,
    inflation,
    intertwiners,
    isotypic_projectors,
    matrix_representation,
    multiplicities,
    permutation_representation,
    real_irreps,
    restriction,
    symmetric_power,
    symmetry_adapted_basis,
    tensor_product,
    transversals,
    unitarized,
)
from grouptool.structure.actions import natural_action, on_cosets, on_elements, regular_action, trivial_action
from grouptool.structure.homomorphisms import natural_map

ACTIONS = (natural_action, regular_action, on_elements, lambda group: natural_action(group) + trivial_action(group, 2))


def values(representation):
    """The trace of every element."""
    return np.trace(representation.matrices, axis1=1, axis2=2)


def turned(representation, seed, *, strength=0.3):
    """An equivalent representation that is not unitary, and the change of basis X: X rho X^-1."""
    rng = np.random.default_rng(seed)
    change = np.eye(representation.degree) + strength * rng.standard_normal((representation.degree,) * 2)
    images = change @ representation.images @ np.linalg.inv(change)
    return matrix_representation(representation.group, images, tolerance=1e-9), change


# -- means over the group


@given(small_groups())
def test_each_element_is_one_product_of_the_transversals(group):
    """Every element once, as t_1 t_2 ... t_l."""
    products = np.zeros(1, dtype=np.int64)
    for chosen in transversals(group):
        products = group.table[products][:, chosen].ravel()
    assert sorted(products.tolist()) == list(range(group.order))


def test_the_indices_of_a_chain_are_few():
    """S7 goes down point by point, an elementary abelian group prime by prime."""
    assert sorted(map(len, transversals(named("S7")))) == [2, 3, 4, 5, 6, 7]
    assert list(map(len, transversals(named("C2^3")))) == [2, 2, 2]


@pytest.mark.parametrize("name", SMALL_NAMES)
def test_a_mean_along_the_chain_is_the_mean_over_all_elements(name):
    """By the definition, between two different representations, and with a tensor product in two factors."""
    _, irreps = table_and_irreps(name)
    group, sigma = named(name), irreps[-1]
    natural = permutation_representation(group)
    samples = np.random.default_rng(0).standard_normal((2, natural.degree, sigma.degree))
    moved = natural.matrices[group.inverses, None] @ samples @ sigma.matrices[:, None]
    assert np.allclose(average(sigma, natural, samples), moved.mean(axis=0))
    pair = tensor_product(natural, sigma)
    samples = np.random.default_rng(0).standard_normal((2, pair.degree, sigma.degree))
    assert np.allclose(average(sigma, (natural, sigma), samples), average(sigma, pair, samples))


# -- constructions


@given(small_groups())
def test_the_natural_representation_permutes(group):
    """rho(g) f (w) = f(w ^ g) for every element."""
    rho = permutation_representation(group)
    assert rho.check() == 0
    assert rho.images.dtype == np.float64
    points = np.arange(group.degree)
    for g in range(group.order):
        assert np.array_equal(rho.matrices[g] @ points, group.permutations[g])


@pytest.mark.parametrize("name", ["S4", "Q8", "SL(2,3)", "C7:C3"])
def test_characters_of_the_constructions(name):
    """Sums, products, conjugates, and squares by (chi(g)^2 +- chi(g^2)) / 2."""
    group, (_, irreps) = named(name), table_and_irreps(name)
    rho, (sigma, _) = irreps[-1], turned(irreps[-2], 1)
    squares = group.table[np.arange(group.order), np.arange(group.order)]
    chi, psi = values(rho), values(sigma)
    expected = {
        direct_sum(rho, sigma): chi + psi,
        tensor_product(rho, sigma): chi * psi,
        dual(sigma): psi.conj(),
        conjugate(sigma): psi.conj(),
        symmetric_power(rho, 2): (chi**2 + chi[squares]) / 2,
        exterior_power(rho, 2): (chi**2 - chi[squares]) / 2,
        symmetric_power(sigma, 1): psi,
        exterior_power(sigma, rho.degree): np.linalg.det(sigma.matrices) if sigma.degree == rho.degree else None,
        symmetric_power(rho, 0): np.ones(group.order),
    }
    for made, traces in expected.items():
        assert made.check(1e-8) < 1e-8
        assert traces is None or np.allclose(values(made), traces)
    assert exterior_power(rho, rho.degree + 1).degree == 0
    for made in (symmetric_power(rho, 3), exterior_power(rho, 2), tensor_product(rho, rho)):
        assert made.unitarity_error < 1e-12


def test_powers_of_the_natural_representation_by_hand():
    """Third powers of S4 on four points: 20 monomials and 4 products; a transposition keeps 4 monomials of the ten."""
    natural = permutation_representation(named("S4"))
    assert (symmetric_power(natural, 3).degree, exterior_power(natural, 3).degree) == (20, 4)
    swap = next(g for g in range(24) if named("S4").cycles(g) == "(1,2)")
    assert np.trace(symmetric_power(natural, 2).matrix(swap)) == pytest.approx(4)
    assert np.allclose(exterior_power(natural, 4).matrix(swap), [[-1]])
    with pytest.raises(ValueError, match="at least 0"):
        symmetric_power(natural, -1)
    with pytest.raises(TooLargeError, match="20,000,000"):
        symmetric_power(natural, 12)


@pytest.mark.parametrize("name", ["S4", "SL(2,3)", "A5"])
def test_frobenius_reciprocity(name):
    """<Ind sigma, rho> = <sigma, Res rho> for all irreps of the group and of a subgroup."""
    table, irreps = table_and_irreps(name)
    subgroup = table.group.subgroup([int(np.argmax(table.group.element_orders))])
    _, small = split_regular(subgroup.as_group())
    for sigma in small:
        induced = induction(sigma, subgroup)
        assert induced.check() < 1e-12
        assert induced.unitarity_error < 1e-12
        for rho in irreps:
            assert character_product(induced, rho) == character_product(sigma, restriction(rho, subgroup))


def test_induction_of_the_trivial_representation_is_the_action_on_cosets():
    """Entry by entry, and with another transversal equivalent by a matrix of units."""
    group = named("S4")
    subgroup = group.subgroup([group.generators[0]])
    small = subgroup.as_group()
    trivial = Representation(small, np.ones((len(small.generators), 1, 1)))
    induced = induction(trivial, subgroup)
    assert np.array_equal(induced.images, permutation_representation(subgroup).images)
    assert np.array_equal(induced.images, permutation_representation(on_cosets(subgroup)).images)
    sign = Representation(small, -np.ones((1, 1, 1)))
    last = [int(np.flatnonzero(subgroup.right_cosets == number)[-1]) for number in range(subgroup.index)]
    assert equivalence(induction(sign, subgroup), induction(sign, subgroup, last)) is not None
    # By the definition of the blocks, with the cosets in another order and other elements in them.
    chosen, cosets = last[::-1], subgroup.right_cosets
    for image, g in zip(induction(sign, subgroup, chosen).images, group.generators, strict=True):
        for i, x in enumerate(chosen):
            for j, y in enumerate(chosen):
                h = group.table[group.table[x, g], group.inverses[y]]
                assert image[i, j] == (0 if cosets[h] else 1 if h == 0 else -1)
    with pytest.raises(RepresentationError, match="right cosets"):
        induction(sign, subgroup, [0] * subgroup.index)
    with pytest.raises(RepresentationError, match="not of the subgroup"):
        induction(permutation_representation(group), subgroup)


def test_inflation_has_the_kernel_in_its_kernel():
    """The two-dimensional irrep of S4 / V4 is the one of S4."""
    table, irreps = table_and_irreps("S4")
    group = table.group
    onto = natural_map(group.subgroup(np.flatnonzero(table.kernels[2][table.classes.class_of]).tolist()))
    small_table, small = split_regular(onto.target)
    inflated = inflation(small[int(np.argmax(small_table.degrees))], onto)
    assert inflated.check() < 1e-12
    assert equivalence(inflated, irreps[2]) is not None


@given(st.sampled_from(["S4", "Q8", "C7:C3", "D5"]), st.integers(0, 5))
@settings(max_examples=12)
def test_unitarizing(name, seed):
    """A rho A^-1 is unitary and a representation, for a real one orthogonal."""
    for rho in (permutation_representation(named(name)), table_and_irreps(name)[1][-1]):
        given_, _ = turned(rho, seed)
        unitary, change = unitarized(given_)
        assert unitary.unitarity_error < 1e-10
        assert unitary.check() < 1e-10
        assert np.allclose(change @ given_.images, unitary.images @ change)
        assert unitary.images.dtype == rho.images.dtype


def fifth_turn(divisor):
    """The turn by 72 degrees of the icosahedron with vertices (0, +-golden, +-1) and so on; divisor 4 is right."""
    a, b = (5**0.5 + 1) / divisor, (5**0.5 - 1) / divisor
    return np.array([[1 / 2, -a, b], [a, b, -1 / 2], [b, 1 / 2, a]])


def test_the_published_fault_of_the_icosahedral_matrices_is_refused():
    """A5 on the vertices of the icosahedron, from a fifth turn and a third turn; /5 for /4 is no representation."""
    third = np.eye(3)[[1, 2, 0]]
    golden = (1 + 5**0.5) / 2
    corners = np.array([[0, a * golden, b] for a in (1, -1) for b in (1, -1)])
    vertices = np.concatenate([np.roll(corners, shift, axis=1) for shift in range(3)])
    images = [np.abs((vertices @ m)[:, None] - vertices).sum(axis=2).argmin(axis=1) for m in (fifth_turn(4), third)]
    group = from_permutations(images)
    assert group.order == 60
    rho = matrix_representation(group, [fifth_turn(4), third])
    assert np.allclose(vertices @ rho.matrices, vertices[group.permutations])
    with pytest.raises(RepresentationError, match=r"no homomorphism: .* differ by .* at x = \(.*, y = \("):
        matrix_representation(group, [fifth_turn(5), third])


def test_what_is_no_representation_is_refused():
    """A quarter turn for C3, a zero matrix, wrong shapes and numbers."""
    with pytest.raises(RepresentationError, match=r"no homomorphism: .* at x = \(1,3,2\), y = \(1,2,3\)"):
        matrix_representation(named("C3"), [[[0, -1], [1, 0]]])
    with pytest.raises(RepresentationError, match="no homomorphism"):
        matrix_representation(named("C3"), [[[0.0]]])
    for images in ([[1.0]], [[[1.0, 2.0]]], [[["x"]]]):
        with pytest.raises(RepresentationError, match="shape"):
            matrix_representation(named("C3"), images)
    with pytest.raises(RepresentationError, match="finite"):
        matrix_representation(named("C3"), [[[np.nan]]])


# -- commuting maps


@pytest.mark.parametrize("name", ["S4", "Q8", "C7:C3", "C6", "D5"])
def test_intertwiners_span_the_solutions_on_the_generators(name):
    """The null space of T first(s) = second(s) T, orthonormal, the same from any seed; real between real ones."""
    group = named(name)
    first, second = permutation_representation(group), turned(permutation_representation(regular_action(group)), 3)[0]
    basis = intertwiners(first, second)
    equations = [
        np.kron(np.eye(second.degree), one.T) - np.kron(other, np.eye(first.degree))
        for one, other in zip(first.images, second.images, strict=True)
    ]
    nullity = first.degree * second.degree - np.linalg.matrix_rank(np.concatenate(equations), tol=1e-8)
    assert len(basis) == nullity == character_product(first, second)
    assert np.allclose(np.einsum("aij,bij->ab", basis.conj(), basis), np.eye(len(basis)))
    for one, other in zip(first.matrices, second.matrices, strict=True):
        assert np.allclose(basis @ one, other @ basis, atol=1e-8)
    assert basis.dtype == np.float64
    assert np.allclose(basis, intertwiners(first, second, seed=7), atol=1e-8)


@pytest.mark.parametrize("name", ["S4", "SL(2,3)", "A5"])
def test_schur(name):
    """Between irreps there is one map or none; between all pairs of rows."""
    _, irreps = table_and_irreps(name)
    for i, first in enumerate(irreps):
        for j, second in enumerate(irreps):
            assert len(intertwiners(first, second)) == (i == j)
            assert (equivalence(first, second) is not None) == (i == j)


@given(st.sampled_from(["S4", "Q8", "C7:C3", "C3 x S3"]), st.integers(0, 9))
@settings(max_examples=15)
def test_an_equivalence_is_found(name, seed):
    """Planted by a change of basis, unitary or not; unitary maps between unitary representations."""
    _, irreps = table_and_irreps(name)
    rng = np.random.default_rng(seed)
    first = direct_sum(*(irreps[i] for i in rng.integers(0, len(irreps), 3)), irreps[-1], irreps[-1])
    second, _ = turned(first, seed)
    found = equivalence(first, second)
    assert found is not None
    assert np.linalg.cond(found) < 1e8
    assert np.allclose(found @ first.matrices, second.matrices @ found, atol=1e-8)
    change = np.linalg.qr(rng.standard_normal((first.degree,) * 2) + 1j * rng.standard_normal((first.degree,) * 2))[0]
    third = Representation(first.group, change @ first.images @ change.conj().T)
    unitary = equivalence(first, third)
    assert unitary is not None
    assert np.allclose(unitary @ unitary.conj().T, np.eye(first.degree))
    assert np.allclose(unitary @ first.matrices, third.matrices @ unitary)


def test_representations_of_different_groups_are_refused():
    """And of one degree with different characters there is no equivalence."""
    with pytest.raises(RepresentationError, match="one group"):
        equivalence(permutation_representation(named("S4")), permutation_representation(named("A4")))
    natural = permutation_representation(named("S4"))
    sign = exterior_power(natural, 4)
    assert equivalence(natural, tensor_product(natural, sign)) is None
    assert equivalence(natural, sign) is None
    with pytest.raises(RepresentationError, match="which characters cannot"):
        character_product(*(Representation(named("C2"), np.array([[[x]]])) for x in (0.5, 1.0)))


# -- decomposition


def check_by_definition(found, matrices):
    """Q^-1 rho(g) Q is block diagonal for every element, with the irreps' own matrices as blocks."""
    inverse = np.linalg.inv(found.basis)
    for g, matrix in enumerate(matrices):
        assert np.abs(inverse @ matrix @ found.basis - found.block_diagonal(g)).max() < 1e-8
    for row, _, columns in found.blocks:
        block = inverse[columns] @ matrices @ found.basis[:, columns]
        assert np.abs(block - found.irreps[row].matrices).max() < 1e-8
    assert [row for row, _, _ in found.blocks] == sorted(row for row, _, _ in found.blocks)
    assert found.error <= 1e-8


@settings(max_examples=25)
@given(small_groups(), st.integers(0, 3))
def test_any_action_and_its_matrices(group, which):
    """The G-set and the permutation matrices give one sum, by the definition on all elements."""
    if group.order > 60:
        group = named("S4")
    table, irreps = split_regular(group)
    action = ACTIONS[which](group)
    rho = permutation_representation(action)
    by_points, by_means = decompose(action, table, irreps), decompose(rho, table, irreps)
    assert by_points.name == by_means.name
    for found in (by_points, by_means):
        assert found.is_unitary
        assert np.abs(found.basis.conj().T @ found.basis - np.eye(len(action))).max() < 1e-9
        check_by_definition(found, rho.matrices)


@pytest.mark.parametrize("name", ["S5", "A5", "Q8", "SL(2,3)", "C7:C3", "C3", "D5"])
def test_the_regular_representation_has_each_irrep_its_degree_times(name):
    """And the natural one of S5 is 1 + 4."""
    table, irreps = table_and_irreps(name)
    found = decompose(regular_action(table.group), table, irreps)
    assert found.multiplicities.tolist() == table.degrees.tolist()
    if name == "S5":
        natural = decompose(natural_action(table.group), table, irreps)
        assert natural.name == "1a + 4a"
        assert np.allclose(np.abs(natural.copy(0)), 5**-0.5)


@given(st.sampled_from(["S4", "SL(2,3)", "C7:C3", "Q8"]), st.integers(0, 20))
@settings(max_examples=20)
def test_a_planted_sum_is_found_again_after_a_change_of_basis(name, seed):
    """Random multiplicities, a random complex change of basis that is not unitary."""
    table, irreps = table_and_irreps(name)
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 3, len(table))
    counts[-1] += 1
    planted = direct_sum(*(irreps[row] for row in np.repeat(np.arange(len(table)), counts)))
    change = rng.standard_normal((planted.degree,) * 2) + 1j * rng.standard_normal((planted.degree,) * 2)
    images = change @ planted.images @ np.linalg.inv(change)
    rho = Representation(table.group, images)
    found = decompose(rho, table, irreps)
    assert found.multiplicities.tolist() == counts.tolist()
    assert not found.is_unitary
    check_by_definition(found, rho.matrices)


@pytest.mark.parametrize("name", ["C60", "D20", "SL(2,3)", "S4"])
def test_long_paths_are_doubled_to_the_same_end(name, monkeypatch):
    """Level by level and by doubling; C60 has 59 levels. And no points are no irreps."""
    table, irreps = table_and_irreps(name)
    action = regular_action(table.group) + natural_action(table.group)
    found = []
    for limit in (0, 10**9):
        monkeypatch.setattr(decomposition, "LONG_PATHS", limit)
        found.append(decompose(action, table, irreps))
    assert np.abs(found[0].basis - found[1].basis).max() < 1e-10
    nothing = decompose(trivial_action(table.group, 0), table, irreps)
    assert nothing.basis.shape == (0, 0)
    assert nothing.name == "0"


def test_linear_characters_are_compared_too():
    """Two rows of degree 1 in exchange are refused, though only their generators are looked at."""
    table, irreps = table_and_irreps("C6")
    with pytest.raises(RepresentationError, match="1b has another character"):
        decompose(regular_action(table.group), table, (irreps[0], irreps[2], irreps[1], *irreps[3:]))


def test_wrong_irreps_and_wrong_matrices_are_refused():
    """Irreps in another order, of another group or too few; traces of no character; no homomorphism."""
    table, irreps = table_and_irreps("S4")
    natural = permutation_representation(table.group)
    swapped = (*irreps[:3], irreps[4], irreps[3])
    with pytest.raises(RepresentationError, match="3a has another character"):
        decompose(natural, table, swapped)
    with pytest.raises(RepresentationError, match="4 irreps are given for the 5 rows"):
        decompose(natural, table, irreps[:4])
    with pytest.raises(RepresentationError, match="the table is of"):
        decompose(permutation_representation(named("A4")), table, irreps)
    stretched = Representation(table.group, turned(irreps[3], 1)[0].images)
    with pytest.raises(RepresentationError, match="3a is not unitary"):
        decompose(natural, table, (*irreps[:3], stretched, irreps[4]))
    half = Representation(table.group, np.full((len(table.group.generators), 1, 1), 0.5))
    with pytest.raises(RepresentationError, match="no homomorphism"):
        multiplicities(half, table)
    # The traces of the generators alone are right: the planted fault is an angle, and only products show it.
    faulty = natural.images.copy()
    turn = np.eye(4)
    turn[:2, :2] = [[np.cos(1), -np.sin(1)], [np.sin(1), np.cos(1)]]
    faulty[1] = turn @ faulty[1] @ turn.T
    with pytest.raises(RepresentationError, match=r"no homomorphism: .* at x = \(.*, y = \("):
        decompose(Representation(table.group, faulty), table, irreps)


def test_copies_and_names():
    """The columns of a copy carry the irrep; a copy that is not there is refused by name."""
    table, irreps = table_and_irreps("S4")
    found = decompose(regular_action(table.group), table, irreps)
    assert found.name == "1a + 1b + 2x2a + 3x3a + 3x3b"
    assert [len(range(24)[columns]) for _, _, columns in found.blocks] == [1, 1, 2, 2, 3, 3, 3, 3, 3, 3]
    copy = found.copy(3, 2)
    rho = permutation_representation(regular_action(table.group))
    assert np.allclose(rho.matrices @ copy, copy @ irreps[3].matrices)
    with pytest.raises(IndexError, match="2a occurs 2 times; there is no copy 2"):
        found.copy(2, 2)


@pytest.mark.parametrize("name", ["S4", "SL(2,3)", "C7:C3"])
def test_projectors_by_definition(name):
    """(chi(1) / n) times the sum of conj(chi(g)) rho(g); complete; from actions, matrices and Q alike."""
    table, irreps = table_and_irreps(name)
    group, action = table.group, natural_action(table.group) + regular_action(table.group)
    rho = permutation_representation(action)
    found, by_matrices = isotypic_projectors(action, table), isotypic_projectors(rho, table)
    decomposition = decompose(rho, table, irreps)
    for row, degree in enumerate(table.degrees):
        weights = table.complex[row, table.classes.class_of].conj() * degree / group.order
        assert np.allclose(found[row], np.tensordot(weights, rho.matrices, 1))
        assert np.allclose(found[row], decomposition.projector(row))
    assert np.allclose(found, by_matrices)
    assert np.allclose(found.sum(axis=0), np.eye(len(action)))
    real = isotypic_projectors(action, table, rows=np.flatnonzero(table.is_real))
    assert real.dtype == np.float64
    assert np.allclose(real, found[table.is_real])


@pytest.mark.parametrize("name", ["S4", "Q8", "C7:C3"])
def test_the_commutant_is_all_that_commutes(name):
    """Orthonormal, commuting, and as many as solutions of the equations."""
    table, irreps = table_and_irreps(name)
    rho = permutation_representation(regular_action(table.group))
    commutant = decompose(rho, table, irreps).commutant
    assert len(commutant) == table.group.order
    assert np.allclose(np.einsum("aij,bij->ab", commutant.conj(), commutant), np.eye(len(commutant)))
    for image in rho.images:
        assert np.allclose(commutant @ image, image @ commutant)


def test_a_symmetry_adapted_basis_on_many_points():
    """S7 on its 5,040 elements, with the six-dimensional irrep on vectors of sum 0: six copies, without matrices."""
    group = named("S7")
    table = character_table(group)
    natural = permutation_representation(group)
    frame = np.linalg.svd(np.ones((1, 7)))[2][1:].T
    standard = Representation(group, frame.T @ natural.images @ frame)
    row = int(np.argmin(np.abs(table.complex - standard.character).max(axis=1)))
    basis = symmetry_adapted_basis(regular_action(group), table, standard, row)
    assert basis.shape == (6, 5040, 6)
    assert basis.dtype == np.float64
    columns = basis.transpose(1, 0, 2).reshape(5040, 36)
    assert np.abs(columns.T @ columns - np.eye(36)).max() < 1e-10
    g = 3141
    assert np.abs(basis[:, group.table[:, g]] - basis @ standard.matrix(g)).max() < 1e-10


# -- tensor products


@pytest.mark.parametrize("name", ["S4", "Q8", "SL(2,3)", "C7:C3", "A5"])
def test_clebsch_gordan_coefficients_by_definition(name):
    """The sum over a', b' of the class, on all elements; counts by characters; unitary; no seed seen."""
    table, irreps = table_and_irreps(name)
    made, other = clebsch_gordan(table, irreps), clebsch_gordan(table, irreps, seed=11)
    for i, first in enumerate(irreps):
        for j, second in enumerate(irreps):
            counts = made.multiplicities(i, j)
            traces = first.character * second.character
            assert np.allclose(counts @ table.complex, traces)
            assert np.abs(made.matrix(i, j).conj().T @ made.matrix(i, j) - np.eye(len(made.matrix(i, j)))).max() < 1e-10
            assert made.error(i, j) < 1e-10
            assert np.allclose(made.matrix(i, j), other.matrix(i, j))
            for k in np.flatnonzero(counts):
                copies = np.array([made.coefficients(i, j, k, copy) for copy in range(counts[k])])
                left = np.einsum("gax,gby,mxyc->gmabc", first.matrices, second.matrices, copies)
                assert np.allclose(left, np.einsum("mabx,gxc->gmabc", copies, irreps[k].matrices))
                # the convention: positive in copy 0 at the first wide place, and 0 there in the others
                flat = copies.reshape(counts[k], -1)
                widths = np.linalg.norm(flat, axis=0) ** 2
                entries = flat[:, np.argmax(widths >= 0.4567 * widths.max())]
                assert entries[0].real > 0
                assert np.allclose(entries, [np.abs(entries[0]), *[0] * (counts[k] - 1)])


def test_clebsch_gordan_of_known_groups():
    """Q8: 2 x 2 is the four linear characters; a product of a multiplicity in A5; an absent row is refused."""
    made = clebsch_gordan(*table_and_irreps("Q8"))
    assert made.decomposition(4, 4).name == "1a + 1b + 1c + 1d"
    assert made.coefficients(4, 4, 0).shape == (2, 2, 1)
    assert (made[4, 4, 0] == made.coefficients(4, 4, 0)).all()
    assert (made[4, 4, 0, 0] == made.coefficients(4, 4, 0, 0)).all()
    with pytest.raises(IndexError, match="2a occurs 0 times"):
        made.coefficients(4, 4, 4)
    a5 = clebsch_gordan(*table_and_irreps("A5"))
    assert a5.decomposition(4, 4).name == "1a + 3a + 3b + 2x4a + 2x5a"


# -- over the reals


@pytest.mark.parametrize("name", ["S4", "Q8", "C7:C3", "C3", "SL(2,3)", "SL(2,5)"])
def test_real_decomposition_by_definition(name):
    """A real orthogonal Q, blocks of all three types exactly the real irreps, and a commutant with their units."""
    table = character_table(named(name))
    irreps = real_irreps(table)
    group = table.group
    action = regular_action(group) + natural_action(group)
    rho = permutation_representation(action)
    by_points, by_means = decompose_real(action, irreps), decompose_real(rho, irreps)
    assert by_points.name == by_means.name
    for found in (by_points, by_means):
        assert found.basis.dtype == np.float64
        assert np.abs(found.basis.T @ found.basis - np.eye(len(action))).max() < 1e-9
        for place, one in enumerate(irreps):
            for copy in range(found.multiplicities[place]):
                columns = found.copy(place, copy)
                for step, g in zip(action.steps, group.generators, strict=True):
                    assert np.abs(columns[step] - columns @ one.matrices[g]).max() < 1e-9
    if group.order <= 24:
        commutant = by_points.commutant
        assert len(commutant) == by_points.commutant_dimension == character_product(rho, rho)
        assert np.allclose(np.einsum("aij,bij->ab", commutant, commutant), np.eye(len(commutant)))
        for image in rho.images:
            assert np.allclose(commutant @ image, image @ commutant)


def test_real_decomposition_of_matrices_that_are_not_orthogonal():
    """Q8 twice in its quaternionic representation, in another basis; complex matrices are refused."""
    table = character_table(named("Q8"))
    irreps = real_irreps(table)
    quaternions = Representation(table.group, irreps[4].matrices[list(table.group.generators)])
    rho, _ = turned(direct_sum(quaternions, quaternions), 4)
    found = decompose_real(rho, irreps)
    assert found.name == "2x(2x2a)"
    assert not found.is_unitary
    check_by_definition(found, rho.matrices)
    with pytest.raises(RepresentationError, match="is complex"):
        decompose_real(table_and_irreps("Q8")[1][4], irreps)
    with pytest.raises(RepresentationError, match="not all 5 rows"):
        decompose_real(rho, irreps[1:])
