"""Induced tables, central blocks and products are, number by number, the tables that class matrices give."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from strategies import named, oracle, relabelled

from grouptool import from_permutations
from grouptool.errors import RepresentationError, TooLargeError
from grouptool.representations import CharacterTable, character_table, product_table
from grouptool.representations import characters as characters_module
from grouptool.representations.characters import _by_centre, _by_factors, _collected
from grouptool.representations.root_sums import RootSums, prime_for
from grouptool.representations.tables import central as central_module
from grouptool.representations.tables.central import central_action, characters_over_centre
from grouptool.representations.tables.closed_forms import abelian_by_cyclic, induced_table
from grouptool.representations.tables.dixon import eigenvalue_counts
from grouptool.representations.tables.products import direct_factors
from grouptool.representations.tables.spectra import Numbering
from grouptool.structure import conjugacy_classes

ABELIAN_BY_CYCLIC = (
    "D5", "D6", "D20", "D33", "Q8", "Q32", "Dic3", "Dic15", "SD16", "SD64", "C7:C3", "F5:4", "F9:8", "F13:12", "F13:4",
    "F31:30", "F41:8", "C6 x D9", "C4 x Dic7", "C5 x A4", "C3 wr C3", "C2 wr C6", "3^(1+2)+",
    "<a, b | a^9, b^3, b^-1*a*b*a^-4>", "<a, b | a^16, b^2, b^-1*a*b*a^-9>",
)  # fmt: skip


def multisets(numbers):
    """Each number as its eigenvalues, with multiplicities, as shares of a turn."""
    terms = list(zip(numbers.exponents.tolist(), numbers.coefficients.tolist(), strict=True))
    bounds = zip(numbers.orders.tolist(), numbers.starts[:-1].tolist(), numbers.starts[1:].tolist(), strict=True)
    return [tuple((Fraction(power, order), count) for power, count in terms[a:b]) for order, a, b in bounds]


def assert_same(table, expected):
    """The same eigenvalue multisets in the same places, and one number for each of them."""
    one, other = multisets(table.numbers), multisets(expected.numbers)
    assert len(set(one)) == len(one)
    assert [one[i] for i in table.index.ravel()] == [other[i] for i in expected.index.ravel()]


def split(classes):
    """The table by the general method."""
    return _collected(eigenvalue_counts(classes))


def induced(classes):
    """The table by the direct formula; None where it does not apply."""
    structure = abelian_by_cyclic(classes)
    return structure and CharacterTable(classes, *induced_table(classes, structure))


def small_records(bound=60):
    return [record for record in oracle() if record["order"] <= bound]


def has_abelian_with_cyclic_quotient(made):
    """By the definition, for small groups: some normal subgroup."""
    from grouptool.structure import normal_subgroups

    return any(
        one.is_abelian and (quotient := made / one).element_orders.max() == quotient.order
        for one in normal_subgroups(made)
    )


@pytest.mark.parametrize("record", small_records(), ids=lambda record: f"{record.get('id')}")
def test_every_small_group(record):
    """Where the direct formula applies, by definition, it is found, and all methods give one table."""
    made = from_permutations(record["generators"])
    if made.is_abelian:
        return
    classes = conjugacy_classes(made)
    expected = split(classes)
    table = induced(classes)
    assert (table is not None) == has_abelian_with_cyclic_quotient(made)
    if table:
        assert_same(table, expected)
    assert_same(_by_centre(classes), expected)


@pytest.mark.parametrize("name", ABELIAN_BY_CYCLIC)
def test_families_with_relabelled_elements(name, kernels):
    """Dihedral, dicyclic, semidihedral, modular and Frobenius groups, wreath products with cyclic groups."""
    classes = conjugacy_classes(relabelled(named(name), 3)[0])
    assert_same(induced(classes), split(classes))


@pytest.mark.parametrize("name", ["S4", "SL(2,3)", "A5", "S3 x S3", "2^(1+4)+", "GL(2,3)", "F7:6 x S3"])
def test_other_groups_are_not_taken(name):
    """No abelian normal subgroup with a cyclic quotient, no direct formula."""
    assert induced(conjugacy_classes(named(name))) is None


@pytest.mark.parametrize(
    "name", ["C4 x S4", "C6 x SL(2,3)", "GL(2,3)", "2^(1+4)-", "C3 x 2^(1+4)+", "S3 x S4", "D4 x Q8"]
)
def test_central_blocks(name, kernels):
    """Blocks for the characters of the centre, the others from the quotient."""
    classes = conjugacy_classes(relabelled(named(name), 5)[0])
    assert_same(_by_centre(classes), split(classes))


def test_a_wrong_block_is_refused(monkeypatch):
    """Exchange two values of one row, two rows' values on one class, or a central character: the proof fails."""
    classes = conjugacy_classes(named("C6 x SL(2,3)"))
    action = central_action(classes)
    honest = central_module.count_eigenvalues

    def spoiled(change):
        def counted(columns, values):
            index, numbers = honest(columns, values)
            change(index)
            return index, numbers

        return counted

    def exchange_columns(index):
        index[:, [-1, -2]] = index[:, [-2, -1]]

    def exchange_values(index):
        i, j = next(
            (i, j)
            for i in range(len(index))
            for j in range(i)
            if index[i, 0] == index[j, 0] != 0 and index[i, -1] != index[j, -1]
        )
        index[[i, j], -1] = index[[j, i], -1]

    def repeat_row(index):
        index[1] = index[0]

    messages = {
        exchange_columns: "does not restrict to its central character",
        exchange_values: "does not restrict to its central character",
        repeat_row: "one eigenvalue|squares of the degrees",
    }
    for change, message in messages.items():
        monkeypatch.setattr(central_module, "count_eigenvalues", spoiled(change))
        with pytest.raises(RepresentationError, match=message):
            characters_over_centre(classes, action)


def test_columns_that_do_not_fit_the_group_are_refused(monkeypatch):
    """In S5 x C2, exchange (1,2,3) z and (1,2,3)(4,5) z for all central z: orthonormal, but no characters."""
    classes = conjugacy_classes(named("S5 x C2"))
    action = central_action(classes)
    first, second = action.images[:, action.representatives[action.classes.sizes[action.representatives] == 20]].T
    honest = central_module.count_eigenvalues

    def exchanged(columns, values):
        index, numbers = honest(columns, values)
        index[:, np.concatenate([first, second])] = index[:, np.concatenate([second, first])]
        return index, numbers

    monkeypatch.setattr(central_module, "count_eigenvalues", exchanged)
    with pytest.raises(RepresentationError, match="no common eigenvectors"):
        characters_over_centre(classes, action)


@pytest.mark.parametrize(
    "names", [("S3", "S4"), ("Q8", "C6"), ("A4", "D5"), ("C4", "C6"), ("SL(2,3)", "S3"), ("C1", "S3")]
)
def test_products(names, kernels):
    """The product of two tables is the table of the direct product, and of the factors that are found in it."""
    first, second = map(named, names)
    product = first * second
    made = product_table(character_table(first), character_table(second), product)
    assert_same(made, split(conjugacy_classes(product)))
    classes = conjugacy_classes(relabelled(product, 2)[0])
    if factors := direct_factors(classes):
        assert_same(_by_factors(classes, *factors), split(classes))
    else:
        assert names in {("Q8", "C6"), ("C4", "C6"), ("C1", "S3")}


def test_products_without_elements():
    """Pairs of classes carry sizes, orders, power maps and labels; duals and indicators agree with the group's."""
    first, second = named("SL(2,3)"), named("F5:4")
    table = product_table(character_table(first), character_table(second))
    whole = character_table(first * second)
    assert sorted(zip(table.columns.element_orders, table.columns.sizes, strict=True)) == sorted(
        zip(whole.columns.element_orders, whole.columns.sizes, strict=True)
    )
    assert sorted(table.indicators) == sorted(whole.indicators)
    assert np.allclose(table.complex[table.duals], table.complex.conj())
    assert np.allclose(table.complex[:, table.columns.inverse_map], table.complex.conj())
    assert np.allclose((table.complex * table.columns.sizes) @ table.complex.conj().T, table.columns.order * np.eye(35))
    assert table.columns.labels[0] == "((), ())"
    with pytest.raises(TooLargeError, match="without its elements"):
        _ = table.classes
    with pytest.raises(ValueError, match="order"):
        product_table(character_table(first), character_table(second), first)


def test_products_of_integer_tables():
    """A table with integers for numbers, as symmetric groups have, gets its eigenvalues first."""
    table = character_table(named("S4"))
    values = np.rint(table.complex.real).astype(np.int64)
    distinct, index = np.unique(values, return_inverse=True)
    plain = replace(table, index=index.reshape(values.shape), numbers=RootSums.of_integers(distinct))
    other = character_table(named("C7:C3"))
    product = named("S4") * named("C7:C3")
    assert_same(product_table(plain, other, product), product_table(table, other, product))


@pytest.mark.parametrize("name", ["D500", "Dic250", "C60 x A4", "C100 x S4", "C20 x S5", "D9 x D99", "F139:69", "D4^4"])
def test_large_tables_modulo_a_prime(name):
    """Orthonormal rows modulo a prime, closed under Galois automorphisms, degrees and involutions as they must be."""
    made = named(name)
    table = character_table(made)
    columns = table.columns
    prime = prime_for(columns.exponent, 1 << 20)
    values = table.residues(prime)
    weighted = values * columns.sizes % prime
    products = (weighted.astype(np.float64) @ values[:, columns.inverse_map].T.astype(np.float64)) % prime  # < 2^53
    assert (products == made.order % prime * np.eye(len(table))).all()
    assert (table.degrees**2).sum() == made.order
    assert (table.indicators * table.degrees).sum() == (made.powers(2) == 0).sum()
    assert sorted(table.duals) == list(range(len(table)))
    unit = next(u for u in range(2, columns.exponent) if np.gcd(u, columns.exponent) == 1)
    assert sorted(table.galois(unit)) == list(range(len(table)))
    assert (np.diff(table.degrees) >= 0).all()


def test_numbering_goes_on(kernels):
    """Numbers in the order in which digests come, over several calls, with many distinct ones."""
    rng = np.random.default_rng(0)
    pool = rng.integers(0, 2**63, size=3000, dtype=np.uint64)
    numbering, seen = Numbering(), {}
    for _ in range(3):
        digests = rng.choice(pool, size=(40, 50))
        numbers, fresh = numbering.number(digests)
        assert set(digests.ravel()[fresh].tolist()) == set(digests.ravel().tolist()) - set(seen)
        for digest, number in zip(digests.ravel().tolist(), numbers.ravel().tolist(), strict=True):
            assert seen.setdefault(digest, number) == number
        assert sorted(seen.values()) == list(range(len(numbering)))


@pytest.mark.parametrize("name", ["C1", "C12", "C4 x C6", "C2^5", "C300", "D500", "C60 x A4", "S3^4"])
def test_kernels_and_their_twins_make_one_table(name, monkeypatch):
    """The same indices and numbers, plain and compiled."""
    tables = []
    for choice in ("plain", "compiled"):
        monkeypatch.setenv("GROUPTOOL_KERNELS", choice)
        tables.append(character_table(relabelled(named(name), 1)[0]))
    assert (tables[0].index == tables[1].index).all()
    assert (tables[0].numbers.coefficients == tables[1].numbers.coefficients).all()


def test_each_way_gives_the_usual_table(monkeypatch):
    """Whatever way the amount of work chooses: induced, as direct factors or blocks, split as a whole."""
    classes = conjugacy_classes(named("C12 x D7"))
    usual = character_table(classes)
    monkeypatch.setattr(characters_module, "WORTH_RECOGNISING", 10**12)
    monkeypatch.setattr(characters_module, "WORTH_CUTTING", 0)
    assert_same(character_table(classes), usual)
    monkeypatch.setattr(characters_module, "WORTH_CUTTING", 10**12)
    assert_same(character_table(classes), usual)
