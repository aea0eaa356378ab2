"""The Fourier transform, direct and fast, projections, triple correlation and bispectrum: definitions and theorems."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from splitting import split_irreps
from strategies import named, relabelled

from grouptool import Group
from grouptool.errors import RepresentationError, TooLargeError
from grouptool.representations import (
    character_table,
    complex_isotypic_energies,
    complex_isotypic_part,
    isotypic_energies,
    isotypic_part,
    real_constituents,
)
from grouptool.representations.fourier import (
    Bispectrum,
    FastTransform,
    FourierBasis,
    adapted_levels,
    composition_chain,
    fast_transform,
    projectors,
    selective_bispectrum,
    stabilizer_chain,
    triple_correlation,
)
from grouptool.representations.representation import Representation

SMALL = ["C1", "C2", "C6", "C2^3", "S3", "Q8", "C7:C3", "SL(2,3)", "S4", "C3 x S3"]


@cache
def basis_of(name: str) -> FourierBasis:
    """The basis of split irreps, made once."""
    return FourierBasis(named(name), split_irreps(named(name)))


def draw(group: Group, *leading: int, real: bool = False, seed: int = 0) -> np.ndarray:
    """Random functions, shape (*leading, n)."""
    rng = np.random.default_rng(seed)
    parts = rng.standard_normal((2, *leading, group.order))
    return parts[0] if real else parts[0] + 1j * parts[1]


def furthest(first, second) -> float:
    """The largest difference between two sets of coefficients."""
    return max(float(np.abs(a - b).max()) for a, b in zip(first, second, strict=True))


# -- the direct transform


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("real", [True, False])
def test_the_transform_is_its_definition(name, real):
    """Sums over elements in a loop, leading axes kept; the inverse and Plancherel's formula, all to 1e-10."""
    basis, group = basis_of(name), named(name)
    functions = draw(group, 2, 3, real=real)
    found = basis.transform(functions)
    for irrep, coefficients in zip(basis.irreps, found, strict=True):
        expected = np.zeros((2, 3, irrep.degree, irrep.degree), dtype=complex)
        for g in range(group.order):
            expected += functions[..., g, None, None] * irrep.matrix(g)
        assert coefficients.shape == expected.shape
        assert np.abs(coefficients - expected).max() < 1e-10
    assert np.abs(basis.inverse(found) - functions).max() < 1e-10
    other = draw(group, 2, 3, seed=1)
    products = (functions * other.conj()).sum(axis=-1)
    assert np.abs(basis.inner_product(found, basis.transform(other)) - products).max() < 1e-10
    norms = (np.abs(functions) ** 2).sum(axis=-1)
    weighted = sum(
        d * np.trace(f @ f.conj().swapaxes(-1, -2), axis1=-2, axis2=-1)
        for d, f in zip(basis.degrees, found, strict=True)
    )
    assert np.abs(weighted / group.order - norms).max() < 1e-10
    assert np.abs(basis.energies(functions).sum(axis=-1) - norms).max() < 1e-10


@pytest.mark.parametrize("name", ["C6", "S3", "Q8", "C7:C3", "S4"])
def test_convolution_correlation_and_shifts_by_definition(name):
    """Each against a double loop over the group, on one function and a batch that broadcasts against it."""
    basis, group = basis_of(name), named(name)
    f, h = draw(group), draw(group, 2, seed=1)
    convolution, correlation = np.zeros((2, 2, group.order), dtype=complex)
    for x in range(group.order):
        for y in range(group.order):
            convolution[:, x] += f[y] * h[:, group.table[group.inverses[y], x]]
            correlation[:, x] += f[y].conj() * h[:, group.table[y, x]]
    assert np.abs(basis.convolve(f, h) - convolution).max() < 1e-10
    assert np.abs(basis.correlate(f, h) - correlation).max() < 1e-10
    power = basis.transform(basis.correlate(f, f))
    assert furthest(basis.power_spectrum(f), power) < 1e-9
    coefficients = basis.transform(f)
    for a in range(group.order):
        left, right = f[group.table[group.inverses[a]]], f[group.table[:, a]]
        assert furthest(basis.transform(left), basis.shifted_left(coefficients, a)) < 1e-10
        assert furthest(basis.transform(right), basis.shifted_right(coefficients, a)) < 1e-10
        assert furthest(basis.power_spectrum(left), basis.power_spectrum(f)) < 1e-9


def test_the_order_of_factors_is_that_of_the_convolution():
    """Two elements of S3 that do not commute: delta_a * delta_b = delta_ab, and f^ h^ is not h^ f^."""
    basis, group = basis_of("S3"), named("S3")
    a, b = group.generators
    assert group.table[a, b] != group.table[b, a]
    at = np.eye(group.order)
    assert np.allclose(basis.convolve(at[a], at[b]), at[group.table[a, b]])
    first, second = basis.transform(at[a]), basis.transform(at[b])
    product = basis.transform(at[group.table[a, b]])
    assert furthest(basis.convolved(first, second), product) < 1e-12
    assert furthest(basis.convolved(second, first), product) > 0.5


def test_values_of_any_type_are_read():
    """Narrow floats, integers, truth values, lists, and whatever has the array interface."""

    class Tensor:
        def __init__(self, values):
            self.values = values

        def __array__(self, dtype=None, copy=None):
            return self.values

    basis, values = basis_of("S3"), np.array([1, 0, 1, 1, 0, 0])
    expected = basis.transform(values.astype(float))
    for given in (values, values.astype(np.float32), values.astype(bool), values.tolist(), Tensor(values)):
        found = basis.transform(given)
        assert furthest(found, expected) == 0
    assert basis.transform(values.astype(np.complex64))[0].dtype == np.complex128
    with pytest.raises(RepresentationError, match="numbers are needed"):
        basis.transform(["a"] * 6)


def test_real_irreps_keep_real_functions_real():
    """Half the numbers: all of the transform and its inverse stay float64; complex functions are still right."""
    basis = FourierBasis(named("S4"), _real_irreps(named("S4")))
    functions = draw(named("S4"), 4, real=True)
    assert basis.matrix.dtype == np.float64
    coefficients = basis.transform(functions)
    assert {one.dtype for one in coefficients} == {np.dtype(np.float64)}
    assert basis.inverse(coefficients).dtype == np.float64
    twice = basis.transform(functions + 1j * functions[::-1])
    assert furthest(twice, [one + 1j * one[::-1] for one in coefficients]) < 1e-12


def _real_irreps(group: Group) -> list[Representation]:
    """Those of a group with real types alone."""
    from grouptool.representations import real_irreps

    found = real_irreps(character_table(group))
    return [Representation(group, one.matrices[list(group.generators)].copy(), one.name) for one in found]


@pytest.mark.parametrize("name", ["C6", "S4", "C7:C3"])
def test_class_functions(name):
    """Their coefficients are scalars, and they come back from them."""
    basis = basis_of(name)
    values = np.random.default_rng(0).standard_normal((3, len(basis)))
    scalars = basis.transform_class_function(values)
    found = basis.transform(values[:, basis.classes.class_of])
    assert furthest(found, [scalars[:, i, None, None] * np.eye(d) for i, d in enumerate(basis.degrees)]) < 1e-10
    assert np.abs(basis.inverse_class_function(scalars) - values).max() < 1e-12


@pytest.mark.parametrize("name", ["S4", "C7:C3"])
def test_renumbered_elements_change_nothing(name):
    """The transform belongs to the group: the function moves with the numbers and the coefficients stay."""
    basis, group = basis_of(name), named(name)
    other, new = relabelled(group, 3)
    images = [np.array([irrep.matrix(int(np.argsort(new)[g])) for g in other.generators]) for irrep in basis.irreps]
    moved = FourierBasis(other, [Representation(other, one) for one in images])
    functions = draw(group, 2)
    assert furthest(moved.transform(functions[:, np.argsort(new)]), basis.transform(functions)) < 1e-10


def test_the_irreps_must_be_complete_unitary_distinct_and_of_this_group():
    """Each fault is named."""
    s3, irreps = named("S3"), split_irreps(named("S3"))
    with pytest.raises(RepresentationError, match="sum to 5, not to the order 6 of S3: one is missing"):
        FourierBasis(s3, irreps[1:])
    with pytest.raises(RepresentationError, match="there are too many"):
        FourierBasis(s3, [*irreps, irreps[0]])
    with pytest.raises(RepresentationError, match=r"number 0\) and .*\(number 1\) share a constituent"):
        FourierBasis(s3, [irreps[0], irreps[0], irreps[2]])
    with pytest.raises(RepresentationError, match="of C6, not of S3"):
        FourierBasis(s3, split_irreps(named("C6")))
    skew = np.array([[1, 1], [0, 2]])
    with pytest.raises(RepresentationError, match="is not unitary"):
        FourierBasis(s3, [*irreps[:2], Representation(s3, np.linalg.inv(skew) @ irreps[2].images @ skew)])
    with pytest.raises(RepresentationError, match="no homomorphism"):
        FourierBasis(s3, [irreps[0], Representation(s3, -irreps[0].images), irreps[2]])
    reducible = [np.diag([1.0, 1.0])] * len(s3.generators)
    with pytest.raises(RepresentationError, match=r"number 0\) and .* share"):
        FourierBasis(s3, [*irreps[:2], Representation(s3, np.array(reducible))])


def test_shapes_are_checked():
    """Functions, class functions and coefficients of the wrong length."""
    basis = basis_of("S3")
    for call in (basis.transform, basis.energies, lambda f: triple_correlation(named("S3"), f)):
        with pytest.raises(RepresentationError, match=r"shape \(..., 6\), one value for each element, not \(2, 5\)"):
            call(np.ones((2, 5)))
    with pytest.raises(RepresentationError, match="not \\(\\)"):
        basis.transform(3.0)
    with pytest.raises(RepresentationError, match="one value for each class"):
        basis.transform_class_function(np.ones(6))
    with pytest.raises(RepresentationError, match="with d = 1, 1, 2"):
        basis.inverse([np.ones((1, 1))] * 3)
    with pytest.raises(TooLargeError, match="407,070,976"):
        FourierBasis(_Order(20_176), [])


class _Order:
    """Enough of a group to be refused for its order."""

    name = "G"

    def __init__(self, order):
        self.order = order


# -- projections


@pytest.mark.parametrize("name", ["C6", "S3", "Q8", "C7:C3", "S4"])
def test_projections_from_characters_keep_one_coefficient(name):
    """The part at a row has the coefficient there and no other; energies agree with the transform's."""
    basis, group, table = basis_of(name), named(name), character_table(named(name))
    functions = draw(group, 3)
    found = basis.transform(functions)
    for row in range(len(table)):
        part = complex_isotypic_part(table, row, functions.T).T
        kept = [one if i == row else 0 * one for i, one in enumerate(found)]
        assert furthest(basis.transform(part), kept) < 1e-10
    energies = complex_isotypic_energies(table, functions.T)
    assert np.abs(energies.T - basis.energies(functions)).max() < 1e-10
    assert np.abs(complex_isotypic_energies(table, functions.T, [1]) - energies[[1]]).max() < 1e-12


def test_blocks_of_any_size_give_the_same(monkeypatch):
    """One row at a time, as for a large group, or all at once."""
    table = character_table(named("S4"))
    constituents = real_constituents(table)
    functions = draw(named("S4"), 3, real=True).T
    whole = [isotypic_part(constituents[2], functions), isotypic_energies(constituents, functions)]
    monkeypatch.setattr(projectors, "BLOCK_BYTES", 24 * 24 * 5)  # blocks of five rows: the last is shorter
    small = [isotypic_part(constituents[2], functions), isotypic_energies(constituents, functions)]
    assert all(np.abs(a - b).max() < 1e-12 for a, b in zip(whole, small, strict=True))
    with pytest.raises(RepresentationError, match=r"shape \(24, m\)"):
        isotypic_part(constituents[2], functions.T)


# -- triple correlation and bispectrum


@pytest.mark.parametrize("name", ["C6", "S3", "Q8", "C7:C3"])
def test_the_triple_correlation_is_its_definition(name):
    """A triple loop; chosen rows alone; symmetry; left translations change nothing."""
    group = named(name)
    functions = draw(group, 2)
    found = triple_correlation(group, functions)
    expected = np.zeros((2, group.order, group.order), dtype=complex)
    for g in range(group.order):
        row = functions[:, group.table[g]]
        expected += functions[:, g, None, None].conj() * row[:, :, None] * row[:, None, :]
    assert np.abs(found - expected).max() < 1e-10
    assert np.array_equal(triple_correlation(group, functions, [4, 1]), found[:, [4, 1]])
    assert np.abs(found - found.swapaxes(1, 2)).max() < 1e-12
    for a in range(group.order):
        assert np.abs(triple_correlation(group, functions[:, group.table[a]]) - found).max() < 1e-10


def test_right_translations_conjugate_the_triple_correlation():
    """The control: on S3 they do not leave it alone, but move it as stated."""
    group, f = named("S3"), draw(named("S3"))
    found = triple_correlation(group, f)
    for a in range(1, group.order):
        moved = triple_correlation(group, f[group.table[:, a]])
        inner = group.table[group.table[group.inverses[a]], a]
        assert np.abs(moved - found[np.ix_(inner, inner)]).max() < 1e-10
        assert np.abs(moved - found).max() > 0.1


@pytest.mark.parametrize("name", ["C6", "S3", "Q8", "C7:C3", "S4"])
def test_the_bispectrum_is_the_transform_of_the_triple_correlation(name):
    """The sum over x and y of T(x, y) rho(x) (x) sigma(y), for all pairs, and Clebsch-Gordan's blocks."""
    basis, group = basis_of(name), named(name)
    functions = draw(group, 2)
    correlation = triple_correlation(group, functions)
    bispectrum = Bispectrum(basis)
    pairs = [*bispectrum.pairs, (len(basis) - 1, 0), (len(basis) - 1, 1)]
    for (i, j), found in bispectrum.transform(functions, pairs).items():
        first, second = basis.values(i), basis.values(j)
        both = np.einsum("bxy,xij,ykl->bikjl", correlation, first, second, optimize=True)
        assert np.abs(found.ravel() - both.ravel()).max() < 1e-9
        tensor = np.einsum("xij,xkl->xikjl", first, second).reshape(group.order, *found.shape[1:])
        divided = bispectrum.clebsch_gordan(i, j)
        inside = divided.matrix.conj().T @ tensor @ divided.matrix
        at = 0
        for row in divided.constituents:
            block = slice(at, at + int(basis.degrees[row]))
            assert np.abs(inside[:, block, block] - basis.values(row)).max() < 1e-10
            inside[:, block, block], at = 0, block.stop
        assert at == inside.shape[1]
        assert np.abs(inside).max() < 1e-10


def test_the_bispectrum_sees_left_translations_as_equal_and_right_ones_not():
    """Invariant on one side; on the other, conjugate, and so different on S3."""
    basis, group = basis_of("S3"), named("S3")
    f = draw(group)
    bispectrum = Bispectrum(basis)
    found = bispectrum.transform(f)
    for a in range(1, group.order):
        left = bispectrum.transform(f[group.table[a]])
        assert max(np.abs(left[pair] - found[pair]).max() for pair in found) < 1e-9
        right = bispectrum.transform(f[group.table[:, a]])
        assert max(np.abs(right[pair] - found[pair]).max() for pair in found) > 0.1


@pytest.mark.parametrize("name", ["C6", "S3", "S4"])
def test_equal_power_spectra_do_not_make_equal_bispectra(name):
    """Turn each coefficient by a unitary matrix of its own: the power spectrum stays, the bispectrum changes."""
    basis, group = basis_of(name), named(name)
    f, rng = draw(group), np.random.default_rng(5)
    turned = []
    for one in basis.transform(f):
        unitary = np.linalg.qr(rng.standard_normal(one.shape) + 1j * rng.standard_normal(one.shape))[0]
        turned.append(unitary @ one * np.exp(1j * rng.uniform(1, 2)))
    other = basis.inverse(turned)
    assert furthest(basis.power_spectrum(other), basis.power_spectrum(f)) < 1e-9
    bispectrum = Bispectrum(basis)
    first, second = bispectrum.transform(f), bispectrum.transform(other)
    assert max(np.abs(first[pair] - second[pair]).max() for pair in first) > 1


def test_large_answers_are_refused_with_their_size():
    """Before memory is taken."""
    group = named("S4")
    with pytest.raises(TooLargeError, match=r"115,200,000 values \(1.8 GB\)"):
        triple_correlation(group, np.ones((200_000, 24)))
    bispectrum = Bispectrum(basis_of("S4"))
    assert bispectrum.size() == sum((d * e) ** 2 for i, d in enumerate([1, 1, 2, 3, 3]) for e in [1, 1, 2, 3, 3][i:])
    with pytest.raises(TooLargeError, match="Give fewer functions or 'pairs'"):
        bispectrum.transform(np.ones((500_000, 24)))
    with pytest.raises(RepresentationError, match=r"\(0, 5\) is no pair of the 5 irreps"):
        bispectrum.transform(np.ones(24), [(0, 5)])


# -- the selective bispectrum


@pytest.mark.parametrize(
    ("name", "spanning", "size", "seeds"),
    [("S4", 172, 217, 1), ("D32", 245, 257, 1), ("C64", 64, 65, 1), ("C2^3", 8, 11, 3)],
)
def test_sizes_of_selective_bispectra_are_the_published_ones(name, spanning, size, seeds):
    """172 numbers for the octahedral group, 245 for D32, n for an abelian group; closed, 1 + d^2 n or n + r."""
    selective = selective_bispectrum(basis_of(name))
    assert selective.size(selective.spanning) == spanning
    assert selective.size() == size
    assert len(selective.seeds) == seeds


@pytest.mark.parametrize("name", [*SMALL, "A5", "D8"])
def test_every_irrep_is_reached(name):
    """Each step joins known irreps and brings a new one; in the end all are known."""
    selective = selective_bispectrum(basis_of(name))
    known, seeds = {selective.trivial}, list(selective.seeds)
    for seed, row in selective.steps:
        while seed not in known:
            known.add(seeds.pop(0))
        assert row in known
        new = set(np.flatnonzero(selective.bispectrum.multiplicities(seed, row)).tolist())
        assert new - known
        known |= new
    assert known | set(seeds) == set(range(len(selective.bispectrum.basis)))


@pytest.mark.parametrize("name", ["C1", "C2", "C3", "C12", "C2^3", "C4 x C2", "C3 x C3", "C6 x C4"])
@pytest.mark.parametrize("real", [True, False])
def test_functions_on_abelian_groups_come_back_up_to_translation(name, real):
    """The full truth of 'complete': one translate is the original, from n numbers (and the closing ones if complex)."""
    group = named(name)
    f = draw(group, real=real)
    selective = selective_bispectrum(basis_of(name))
    pairs = selective.spanning if real else selective.pairs
    values = selective.transform(f, pairs)
    found = selective.recover(values)
    assert min(np.abs(f[group.table[a]] - found).max() for a in range(group.order)) < 1e-8
    again = selective.transform(found, pairs)
    assert max(np.abs(again[pair] - values[pair]).max() for pair in values) < 1e-7


def test_closing_pairs_are_needed_for_complex_functions():
    """Without them the phase of the first coefficient is free: the function found is no translate."""
    group, f = named("C6"), draw(named("C6"))
    selective = selective_bispectrum(basis_of("C6"))
    found = selective.recover(selective.transform(f, selective.spanning))
    assert min(np.abs(f[group.table[a]] - found).max() for a in range(group.order)) > 0.1


def test_recovery_says_what_it_cannot_do():
    """Not abelian, a pair left out, a coefficient 0."""
    s3 = selective_bispectrum(basis_of("S3"))
    with pytest.raises(RepresentationError, match="S3 is not abelian"):
        s3.recover(s3.transform(draw(named("S3"))))
    c6 = selective_bispectrum(basis_of("C6"))
    values = c6.transform(draw(named("C6"), real=True))
    with pytest.raises(RepresentationError, match="is missing"):
        c6.recover({pair: values[pair] for pair in c6.spanning[1:]})
    with pytest.raises(RepresentationError, match="a coefficient of the function is 0"):
        c6.recover({pair: 0 * value for pair, value in values.items()})


@pytest.mark.parametrize("name", ["S3", "Q8", "D5", "D7", "A4", "S4", "C7:C3", "C3 x S3"])
def test_no_direction_is_invisible_to_the_selective_bispectrum(name):
    """Its derivative at a random function has rank n (real) or 2n, so nearby functions with equal values are equal.

    Controls with less: the power spectrum, which leaves unitary groups free, and, on D5 and D7, the spanning pairs.
    """
    basis, group = basis_of(name), named(name)
    selective = selective_bispectrum(basis)

    def rank(transform, f: np.ndarray) -> int:
        directions = np.eye(group.order)
        directions = np.concatenate([directions, 1j * directions]) if np.iscomplexobj(f) else directions
        step = 1e-5
        ahead, behind = transform(f + step * directions), transform(f - step * directions)
        slopes = (flat(ahead) - flat(behind)) / (2 * step)
        return int(np.linalg.matrix_rank(np.concatenate([slopes.real, slopes.imag], axis=1), tol=1e-4))

    def flat(arrays) -> np.ndarray:
        parts = arrays.values() if isinstance(arrays, dict) else arrays
        return np.concatenate([one.reshape(len(one), -1) for one in parts], axis=1)

    real, mixed = draw(group, real=True), draw(group)
    assert rank(selective.transform, real) == group.order
    assert rank(selective.transform, mixed) == 2 * group.order
    assert rank(basis.power_spectrum, real) < group.order
    spanning = rank(lambda f: selective.transform(f, selective.spanning), real)
    assert (spanning < group.order) == (name in ("D5", "D7"))


# -- the fast transform


@pytest.mark.parametrize("name", ["S4", "S5", "A5", "S4 x C2", "D16", "C12", "Q8", "C7:C3", "C2^3", "C1"])
@pytest.mark.parametrize("make", [stabilizer_chain, composition_chain])
def test_every_cut_of_a_chain_gives_the_direct_transform(name, make):
    """Whatever the length of the chain: coefficients, inverse, and the coefficients for the irreps that were given."""
    basis, group = basis_of(name), named(name)
    levels = adapted_levels(basis, make(group), split_irreps)
    functions = draw(group, 2, 3)
    given = basis.transform(functions)
    for length in range(1, len(levels) + 1):
        fast = FastTransform(levels[:length])
        found = fast.transform(functions)
        assert furthest(found, fast.basis.transform(functions)) < 1e-10
        assert furthest(fast.as_given(found), given) < 1e-10
        assert np.abs(fast.inverse(found) - functions).max() < 1e-10


def test_the_fast_transform_of_s6():
    """720 elements, real and complex functions; under an eighth of the direct transform's operations."""
    group = named("S6")
    basis = FourierBasis(group, split_irreps(group))
    fast = fast_transform(basis, split_irreps, stabilizer_chain(group))
    assert fast.orders == (720, 120, 24, 6, 2)
    assert 8 * fast.operations.total < fast.direct.total == 720**2 + 720 * 719
    for real in (True, False):
        functions = draw(group, 3, real=real)
        found = fast.transform(functions)
        assert furthest(found, fast.basis.transform(functions)) < 1e-10
        assert furthest(fast.as_given(found), basis.transform(functions)) < 1e-10
        assert np.abs(fast.inverse(found) - functions).max() < 1e-10


def test_counts_are_those_of_the_definition():
    """S3 > S2, by hand: 3 cosets, direct on S2 (4 and 2); above, degrees 1, 1, 2 cut into 1, 1, 1 + 1.

    Each block of one column takes 3 d multiplications and 2 d additions: d = 1, 1, 2, 2. Direct: 36 and 30.
    """
    group = named("S3")
    fast = FastTransform(adapted_levels(basis_of("S3"), stabilizer_chain(group)[:2], split_irreps))
    assert (fast.operations.multiplications, fast.operations.additions) == (3 * 4 + 3 * 6, 3 * 2 + 2 * 6)
    assert (fast.direct.multiplications, fast.direct.additions) == (36, 30)


def test_counts_with_blocks_of_two_columns():
    """S4 > S3, by hand: 4 cosets, direct on S3 (36 and 30); above, 1, 1, 2, 3, 3 cut into 1, 1, 2, 1 + 2, 1 + 2.

    A block of e columns takes 4 d e^2 multiplications and d e (4 e - 1) additions.
    """
    group = named("S4")
    fast = FastTransform(adapted_levels(basis_of("S4"), stabilizer_chain(group)[:2], split_irreps))
    blocks = [(1, 1), (1, 1), (2, 2), (3, 1), (3, 2), (3, 1), (3, 2)]
    assert fast.operations.multiplications == 4 * 36 + sum(4 * d * e * e for d, e in blocks)
    assert fast.operations.additions == 4 * 30 + sum(d * e * (4 * e - 1) for d, e in blocks)


@pytest.mark.parametrize(
    ("name", "orders"), [("C2", (2,)), ("C12", (12,)), ("D16", (32, 16)), ("A5", (60, 12, 3)), ("S5", (120, 24, 6, 2))]
)
def test_the_cheapest_chain_is_chosen(name, orders):
    """No chain for C2, none but the FFT for C12, the cyclic half of D16, A5 > A4 > C3, Young's chain for S5."""
    fast = fast_transform(basis_of(name), split_irreps)
    assert fast.orders == orders
    assert fast.operations.total <= fast.direct.total


def test_a_price_on_moving_numbers_shortens_the_chain():
    """Rearranging is dear beside matrix products: at 150 multiplications a number S4 is direct."""
    assert len(fast_transform(basis_of("S4"), split_irreps).orders) > 1
    assert fast_transform(basis_of("S4"), split_irreps, moving=150).orders == (24,)


def test_the_fft_of_a_cyclic_group_whose_elements_come_in_any_order():
    """Renumbered elements, irreps in a random order: the right index on both sides."""
    group, _ = relabelled(named("C12"), 1)
    irreps = split_irreps(group)
    basis = FourierBasis(group, [irreps[i] for i in np.random.default_rng(0).permutation(12)])
    fast = fast_transform(basis, split_irreps)
    functions = draw(group, 4)
    assert fast.operations.multiplications == 12 * (2 + 2 + 3)
    assert furthest(fast.transform(functions), basis.transform(functions)) < 1e-10
    assert np.abs(fast.inverse(fast.transform(functions)) - functions).max() < 1e-12


def test_irreps_that_are_adapted_already_stay_as_they_are():
    """As Young's orthogonal form does: given back, the adapted irreps are the very same objects."""
    group = named("S5")
    chain = stabilizer_chain(group)
    levels = adapted_levels(basis_of("S5"), chain, split_irreps)
    known = {level.basis.group.order: level.basis for level in levels}
    again = adapted_levels(levels[0].basis, chain, lambda part: known[part.order].irreps)
    assert again[0].basis is levels[0].basis
    assert all(level.blocks == other.blocks for level, other in zip(levels, again, strict=True))
    for level, below in pairwise(levels):
        for row, blocks in enumerate(level.blocks):
            restricted = level.basis.values(row)[level.elements].copy()
            at = 0
            for block in blocks:
                place = slice(at, at + int(below.basis.degrees[block]))
                assert np.abs(restricted[:, place, place] - below.basis.values(block)).max() < 1e-10
                restricted[:, place, place], at = 0, place.stop
            assert np.abs(restricted).max() < 1e-10


def test_many_functions_are_taken_in_batches(monkeypatch):
    """Batches of two, the last one shorter; and no function at all."""
    from grouptool.representations.fourier import fast as module

    basis, functions = basis_of("S4"), draw(named("S4"), 5)
    fast = fast_transform(basis, split_irreps)
    whole = fast.transform(functions)
    monkeypatch.setattr(module, "BATCH", 2)
    monkeypatch.setattr(module, "BATCH_NUMBERS", 1)
    assert furthest(fast.transform(functions), whole) < 1e-12
    assert np.abs(fast.inverse(whole) - functions).max() < 1e-12
    assert fast.transform(functions[:0])[-1].shape == (0, 3, 3)
    assert fast.inverse(fast.transform(functions[:0])).shape == (0, 24)


def test_chains_that_do_not_descend_are_refused():
    """From the whole group, strictly down; and irreps of a subgroup must be complete."""
    group = named("S4")
    chain = stabilizer_chain(group)
    with pytest.raises(RepresentationError, match="starts with the whole group"):
        adapted_levels(basis_of("S4"), chain[1:], split_irreps)
    with pytest.raises(RepresentationError, match="does not descend"):
        adapted_levels(basis_of("S4"), [chain[0], chain[1], chain[1]], split_irreps)
    with pytest.raises(RepresentationError, match="one is missing"):
        fast_transform(basis_of("S4"), lambda part: split_irreps(part)[:-1])
    with pytest.raises(RepresentationError, match="one value for each element"):
        fast_transform(basis_of("S4"), split_irreps).transform(np.ones(23))
