"""Real orthogonal irreps: complete, checked, of the right type; wrong matrices are refused with the relation named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from irreps import table_and_irreps
from strategies import named, oracle, small_groups

from grouptool import from_permutations
from grouptool.errors import RepresentationError, TooLargeError
from grouptool.representations import (
    Representation,
    character_table,
    check_representation,
    direct_sum,
    isotypic_energies,
    isotypic_part,
    permutation_representation,
    real_constituents,
    real_form,
    real_irrep,
    real_irreps,
)


@settings(max_examples=30)
@given(small_groups())
def test_they_are_representations_by_definition(made):
    """Homomorphism over the whole table, orthogonality, traces, and the sum of squares, without the built-in check."""
    table = character_table(made)
    irreps = real_irreps(table)
    for one in irreps:
        rho = one.matrices
        assert np.abs(np.einsum("xij,yjk->xyik", rho, rho) - rho[made.table]).max() < 1e-10
        assert np.abs(rho @ rho.transpose(0, 2, 1) - np.eye(rho.shape[1])).max() < 1e-10
        assert np.allclose(np.trace(rho, axis1=1, axis2=2), one.constituent.character[table.classes.class_of])
        assert rho.shape[1] == one.constituent.dimension
    assert sum(one.constituent.isotypic_dimension for one in irreps) == made.order


@pytest.mark.parametrize(
    ("name", "types"),
    [("S4", "RRRRR"), ("Q8", "RRRRH"), ("C7:C3", "RCC"), ("SL(2,3)", "RCCHR"), ("C5", "RCC"), ("C2^3", "R" * 8)],
)
def test_types(name, types):
    """Frobenius-Schur types as known, complex characters paired with their duals."""
    assert "".join(one.type for one in real_constituents(character_table(named(name)))) == types


@pytest.mark.parametrize(("name", "row", "algebra"), [("S4", 4, 1), ("C7:C3", 2, 2), ("Q8", 4, 4)])
def test_the_commuting_algebra_has_the_type_s_dimension(name, row, algebra):
    """Matrices that commute with all rho(g) form the real, complex or quaternionic numbers."""
    rho = real_irreps(character_table(named(name)))[row].matrices
    size = rho.shape[1]
    identity = np.eye(size)
    equations = np.concatenate([np.kron(identity, one) - np.kron(one.T, identity) for one in rho])
    assert size**2 - np.linalg.matrix_rank(equations, tol=1e-8) == algebra


@settings(max_examples=20)
@given(small_groups())
def test_the_units_are_the_imaginary_units(made):
    """None, I, or I, J, K: they commute with all rho(g), are orthogonal, and satisfy Hamilton's relations."""
    for one in real_irreps(character_table(made)):
        units, identity = one.units, np.eye(one.constituent.dimension)
        assert units.shape == ({"R": 0, "C": 1, "H": 3}[one.constituent.type], *identity.shape)
        for unit in units:
            assert np.abs(unit @ one.matrices - one.matrices @ unit).max() < 1e-10
            assert np.allclose(unit @ unit, -identity)
            assert np.allclose(unit @ unit.T, identity)
        if one.constituent.type == "H":
            i, j, k = units
            assert np.allclose([i @ j, j @ k, k @ i], [k, i, j])
            assert np.allclose([j @ i, k @ j, i @ k], [-k, -i, -j])


@pytest.mark.parametrize("name", ["Q8", "SL(2,3)", "C7:C3", "C3", "S4", "A5", "D5", "SL(2,5)"])
def test_real_forms_of_any_unitary_irrep(name):
    """By the Frobenius-Schur indicator, a mean of traces of squares; each wrong type is refused by name."""
    table, irreps = table_and_irreps(name)
    group = table.group
    squares = group.table[np.arange(group.order), np.arange(group.order)]
    for unitary in irreps:
        chi = np.trace(unitary.matrices, axis1=1, axis2=2)
        right = {1: "R", 0: "C", -1: "H"}[round(chi[squares].mean().real)]
        for seed in range(3):
            made, units = real_form(unitary, right, seed=seed)
            assert made.images.dtype == np.float64
            assert made.check() < 1e-12
            assert made.unitarity_error < 1e-12
            expected = chi.real if right == "R" else 2 * chi.real
            assert np.allclose(np.trace(made.matrices, axis1=1, axis2=2), expected)
            for image in made.images:
                assert np.abs(units @ image - image @ units).max(initial=0) < 1e-12
        for wrong in {"R", "C", "H"} - {right}:
            if wrong == "R" and np.abs(unitary.images.imag).max(initial=0) < 1e-14:
                continue
            with pytest.raises(RepresentationError, match=f"not of type {wrong}"):
                real_form(unitary, wrong)


def test_real_matrices_keep_their_form():
    """The rotations of a tetrahedron are real already; what is not unitary or not irreducible is refused."""
    natural = permutation_representation(named("S4"))
    frame = np.linalg.svd(np.ones((1, 4)))[2][1:].T
    images = frame.T @ natural.images @ frame
    unitary = Representation(named("S4"), images.astype(complex))
    assert np.array_equal(real_form(unitary, "R")[0].images, images)
    with pytest.raises(RepresentationError, match="not unitary"):
        real_form(Representation(named("S4"), 2 * images), "R")
    turn = np.diag([1, 1j, 1, 1, 1, 1])
    twice = turn @ direct_sum(unitary, unitary).images @ turn.conj()
    with pytest.raises(RepresentationError, match=r"not of type R|not irreducible"):
        real_form(Representation(named("S4"), twice), "R")


def test_a_large_group_is_checked_on_its_generators():
    """PSL(2,7) has 168 elements: one wrong matrix, orthogonal and of the right trace, is named."""
    table = character_table(named("PSL(2,7)"))
    one = real_irreps(table)[-1]
    classes = table.classes.class_of
    assert check_representation(table.group, one.matrices, one.constituent.character[classes]) < 1e-10
    wrong = one.matrices.copy()
    x, y = np.flatnonzero(classes == classes[100])[:2]
    wrong[[x, y]] = wrong[[y, x]]
    with pytest.raises(RepresentationError, match="not a homomorphism"):
        check_representation(table.group, wrong, one.constituent.character[classes])
    # A sign that products with the first generator do not change: only the second shows it.
    first = table.group.generators[0]
    signs = np.where(table.group.closure([first]), 1.0, -1.0)
    twisted = one.matrices * signs[:, None, None]
    assert np.abs(twisted @ twisted[first] - twisted[table.group.table[:, first]]).max() < 1e-10
    with pytest.raises(RepresentationError, match="not a homomorphism"):
        check_representation(table.group, twisted)


def test_every_group_of_order_up_to_60_passes():
    """Completeness of all real irreps, by the built-in check with its 1e-10."""
    for record in oracle()[:312:4]:
        table = character_table(from_permutations(record["generators"]))
        assert max(one.error for one in real_irreps(table)) < 1e-10


def test_a_seed_changes_the_matrices_but_not_the_representation():
    """Equivalent representations: the traces agree; the entries of a real form of complex matrices need not."""
    _, irreps = table_and_irreps("S4")
    first, second = (real_form(irreps[-1], "R", seed=seed)[0] for seed in (0, 1))
    assert np.allclose(np.trace(first.matrices, axis1=1, axis2=2), np.trace(second.matrices, axis1=1, axis2=2))
    assert not np.allclose(first.matrices, second.matrices)


def _icosahedral(slope: float) -> np.ndarray:
    """The published A5 matrices: a rotation by 2 pi/5 about z and a half turn about an axis (x, 0, slope)."""
    half = np.array([np.sqrt(abs(1 - slope**2)) if slope < 1 else 0, 0, slope])
    turn = 2 * np.outer(half, half) - np.eye(3)
    angle = 2 * np.pi / 5
    rotation = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    return np.array([turn, rotation])


def test_matrices_with_a_wrong_axis_are_refused():
    """A half turn and a fifth turn make A5 for one slope of the axes only; a published irrep had it wrong.

    The product of the two must have order 3, which fixes the third coordinate of the half turn's axis.
    """
    made = from_permutations([[1, 0, 3, 2, 4], [1, 2, 3, 4, 0]])  # (1,2)(3,4) and (1,2,3,4,5): the product has order 3
    assert made.order == 60

    def matrices(slope: float) -> np.ndarray:
        generators = _icosahedral(slope)
        rho = np.empty((60, 3, 3))
        rho[0] = np.eye(3)
        for element in range(1, 60):
            rho[element] = rho[made.parents[element]] @ generators[made.letters[element]]
        return rho

    assert made.element_orders[made.table[made.generators[0], made.generators[1]]] == 3
    # tr(turn rotation) = 0 for order 3: (2 x^2 - 1) cos + (-1) cos + 2 s^2 - 1 = 0 with x^2 = 1 - s^2
    cosine = np.cos(2 * np.pi / 5)
    slope = np.sqrt(1 / (2 - 2 * cosine))
    assert check_representation(made, matrices(slope)) < 1e-10
    with pytest.raises(
        RepresentationError, match=r"not a homomorphism: rho\(x\) rho\(y\) and rho\(xy\) differ by .* at x = \("
    ):
        check_representation(made, matrices(slope * 0.86))


def test_other_faults_are_named():
    """Not orthogonal, and a wrong trace."""
    c2 = named("C2")
    with pytest.raises(RepresentationError, match="orthogonal"):
        check_representation(c2, np.array([np.eye(2), [[1.0, 1.0], [0.0, -1.0]]]))
    with pytest.raises(RepresentationError, match="traces"):
        check_representation(c2, np.array([[[1.0]], [[-1.0]]]), np.array([1.0, 1.0]))


def test_large_groups_are_refused_before_memory_is_taken():
    """All matrices of degree 35 of S7 fit; 5,040 of degree 300 are refused."""
    seven = real_irrep(real_constituents(character_table(named("S7")))[-1])
    assert seven.matrices.shape == (5040, 35, 35)
    assert seven.error < 1e-10
    made = Representation(named("S7"), np.zeros((2, 300, 300)))
    with pytest.raises(TooLargeError, match="200,000,000"):
        _ = made.matrices


@pytest.mark.parametrize("name", ["S4", "C7:C3", "Q8", "C6"])
def test_energies_satisfy_plancherel_and_see_matrix_coefficients(name):
    """They add up to the norm; a matrix coefficient has all of its energy in its own representation."""
    table = character_table(named(name))
    constituents = real_constituents(table)
    functions = np.random.default_rng(0).standard_normal((table.group.order, 3))
    assert np.allclose(isotypic_energies(constituents, functions).sum(axis=0), (functions**2).sum(axis=0))
    assert np.allclose(sum(isotypic_part(one, functions) for one in constituents), functions)
    for place, one in enumerate(real_irreps(table)):
        coefficient = one.matrices[:, 0, -1:]
        energies = isotypic_energies(constituents, coefficient)[:, 0]
        assert np.allclose(energies, np.eye(len(constituents))[place] * (coefficient**2).sum())
