"""Families, products, quotients and matrices denote the groups of the textbooks, and say what does not exist."""

from __future__ import annotations

import json
import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grouptool import from_permutations, group
from grouptool.catalog.library import small_group_label
from grouptool.catalog.specifications import resolved
from grouptool.construct import Built, build, permutation_generators, quotient_group
from grouptool.construct.families import families
from grouptool.construct.families.classical import _symplectic_matrices, _unitary_matrices
from grouptool.construct.families.orthogonal import MEANINGS, TYPES, _form, _matrices, _singular_vectors
from grouptool.construct.fields import finite_field, multiply_vectors
from grouptool.construct.matrices import minkowski_bound
from grouptool.construct.quotients import small_action
from grouptool.errors import (
    BudgetSpentError,
    InfiniteGroupError,
    NotAGroupError,
    NotationError,
    TooLargeError,
    UnknownGroupError,
)
from grouptool.notation import (
    Automorphisms,
    CentralProduct,
    Centre,
    Commutator,
    Conjugate,
    Extraspecial,
    Label,
    Letter,
    Matrices,
    Monomial,
    Named,
    Number,
    Permutations,
    Power,
    Product,
    Quotient,
    Ring,
    Root,
    Semidirect,
    Sum,
    Symbol,
    Word,
    Wreath,
    parse,
)
from grouptool.structure import conjugacy_classes, find_isomorphism


def fam(family, *arguments):
    return Named(family, arguments)


def word(*factors):
    return Word(tuple((Letter(one), 1) if isinstance(one, str) else one for one in factors))


def matrices(ring, *rows):
    made = tuple(tuple(tuple(Number(e) if isinstance(e, int) else e for e in row) for row in one) for one in rows)
    return Matrices(made, ring)


def chain_order(images):
    """The order of a permutation group by SymPy's stabiliser chain."""
    from sympy.combinatorics import Permutation, PermutationGroup

    return PermutationGroup([Permutation(row) for row in images.tolist()]).order()


def same(first, second):
    return find_isomorphism(build(first), build(second)) is not None


Z, Q = Ring("Z"), Ring("Q")
C2, C3, C4, D4, Q8 = fam("C", 2), fam("C", 3), fam("C", 4), fam("D", 4), fam("Q", 8)
FOUR = Power(C2, 2)
HOLOMORPH = Automorphisms("Hol", FOUR)
# S3 = <c, d> on the three involutions of C2^2 = <a, b>; it is not commutative, so the order of maps matters.
S4_ACTION = (
    *(("a", "c", word("b")), ("b", "c", word("a", "b"))),
    *(("a", "d", word("b")), ("b", "d", word("a"))),
)

# Orders from the ATLAS of Finite Groups, and the classical formulas written out.
ORDERS = {
    fam("M", 11): 7920, fam("M", 12): 95040, fam("M", 22): 443520, fam("M", 23): 10200960, fam("M", 24): 244823040,
    fam("SU", 3, 2): 216,
    fam("PSU", 3, 2): 72, fam("GU", 2, 2): 18, fam("SU", 3, 3): 6048, fam("PSU", 3, 3): 6048,
    fam("PSU", 3, 4): 62400, fam("PSU", 3, 5): 126000, fam("PSU", 4, 2): 25920, fam("SU", 4, 2): 25920,
    fam("SU", 2, 9): 720,
    fam("Sp", 4, 2): 720, fam("PSp", 4, 3): 25920, fam("Sp", 4, 3): 51840, fam("Sp", 6, 2): 1451520,
    fam("Sp", 2, 9): 720,
    fam("AGL", 1, 8): 56, fam("AGL", 3, 2): 1344, fam("ASL", 2, 3): 216, fam("AGL", 2, 3): 432, fam("AGL", 2, 4): 2880,
    fam("AGammaL", 1, 8): 168,
    fam("AGammaL", 1, 9): 144, fam("AGammaL", 1, 16): 960, fam("PGammaL", 2, 4): 120,
    fam("PGammaL", 2, 8): 1512, fam("PGammaL", 2, 9): 1440, fam("Sz", 2): 20, fam("Sz", 8): 29120,
    fam("Sz", 32): 32537600,
    fam("PSL", 2, 16): 4080,
    fam("PSL", 2, 25): 7800, fam("PSL", 2, 27): 9828, fam("PSL", 3, 4): 20160, fam("GL", 1, 9): 8,
    fam("PSL", 3, 3): 5616, fam("PSL", 3, 8): 16482816, fam("SL", 9, 2): math.prod(2**9 - 2**i for i in range(9)),
    fam("W", "A1"): 2, fam("W", "A7"): 40320, fam("W", "B2"): 8, fam("W", "B4"): 384, fam("W", "C4"): 384,
    fam("W", "D2"): 4,
    fam("W", "D3"): 24,
    fam("W", "D4"): 192, fam("W", "D5"): 1920, fam("W", "E6"): 51840, fam("W", "E7"): 2903040,
    fam("W", "E8"): 696729600, fam("W", "F4"): 1152, fam("W", "G2"): 12,
    fam("SD", 16): 16, fam("SD", 64): 64, fam("Mod", 16): 16, fam("Mod", 81): 81, fam("He", 2): 8, fam("He", 3): 27,
    fam("He", 5): 125,
    Extraspecial(2, 7, "-"): 128, Extraspecial(3, 5, "+"): 243, Extraspecial(3, 5, "-"): 243,
    Extraspecial(2, 5, "+"): 32,
    fam("PSL", 2, 37): 25308, fam("AGL", 1, 211): 211 * 210,
    fam("GO", 5, 3): 103680, fam("SO", 5, 3): 51840, fam("Omega", 5, 3): 25920, fam("POmega", 7, 3): 4585351680,
    fam("POmega+", 8, 2): 174182400, fam("POmega-", 8, 2): 197406720, fam("Omega-", 6, 3): 6531840,
    fam("POmega-", 6, 3): 3265920, fam("GO-", 6, 2): 51840, fam("GO+", 6, 3): 24261120, fam("Omega-", 4, 9): 265680,
    fam("GO", 1, 7): 2, fam("GO", 1, 4): 1, fam("SO", 7, 2): 1451520, fam("GO+", 2, 4): 6, fam("SO-", 2, 9): 10,
    fam("GammaL", 2, 9): 11520, fam("SigmaL", 3, 4): 120960, fam("PSigmaL", 3, 4): 40320, fam("PGU", 3, 5): 378000,
    fam("GammaL", 1, 2): 1, fam("GammaL", 1, 8): 21,
    fam("Dic", 5): 20, fam("F", 16, 5): 80, fam("F", 25, 24): 600,
    Wreath(C2, FOUR): 64, Wreath(fam("S", 3), C2): 72,
    Wreath(fam("M", 11), fam("S", 5)): 7920**5 * 120, Power(fam("A", 5), 3): 216000,
    Product((fam("S", 100), fam("S", 3))): math.factorial(100) * 6,
}  # fmt: skip


@pytest.mark.parametrize("spec", ORDERS, ids=str)
def test_the_order_is_known_before_and_generators_of_any_order_have_it(spec):
    """SymPy's stabiliser chain finds the order that the refusal of a table names, or that the table has."""
    images = permutation_generators(spec)
    assert images.shape[1] <= 100_000
    if ORDERS[spec] < 10**20:
        assert chain_order(images) == ORDERS[spec]
    if ORDERS[spec] <= 20_160:
        made = build(spec, limit=ORDERS[spec])
        assert (made.order, made.name) == (ORDERS[spec], str(spec))
        assert np.array_equal(made.permutations[list(made.generators)], images)
    else:
        size = f"{ORDERS[spec]:,}" if ORDERS[spec] < 10**15 else "at least"
        with pytest.raises(TooLargeError, match=size):
            build(spec)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (fam("PSL", 2, 4), fam("A", 5)),
        (fam("PSL", 2, 9), fam("A", 6)),
        (fam("Sp", 2, 5), fam("SL", 2, 5)),
        (fam("SU", 2, 4), fam("SL", 2, 4)),
        (fam("PSp", 2, 7), fam("PSL", 3, 2)),
        (fam("Sp", 4, 2), fam("S", 6)),
        (fam("PGammaL", 2, 4), fam("S", 5)),
        (fam("AGL", 2, 2), fam("S", 4)),
        (fam("AGL", 1, 9), fam("F", 9, 8)),
        (fam("Sz", 2), fam("F", 5, 4)),
        (fam("W", "A3"), fam("S", 4)),
        (fam("W", "D3"), fam("W", "A3")),
        (fam("W", "B3"), Product((fam("S", 4), C2))),
        (fam("W", "B4"), Wreath(C2, fam("S", 4))),
        (fam("W", "G2"), fam("D", 6)),
        (fam("GU", 2, 2), Product((fam("S", 3), C3))),
        (Quotient(fam("SU", 3, 2), Centre()), fam("PSU", 3, 2)),
        (Wreath(C2, C2), D4),
        (fam("He", 2), D4),
        (Extraspecial(2, 3, "-"), Q8),
        (Extraspecial(3, 3, "+"), fam("He", 3)),
        (Extraspecial(3, 3, "-"), fam("Mod", 27)),
        (CentralProduct(D4, D4), Extraspecial(2, 5, "+")),
        (CentralProduct(Q8, Q8), Extraspecial(2, 5, "+")),
        (CentralProduct(D4, Q8), Extraspecial(2, 5, "-")),
        (CentralProduct(D4, C4), CentralProduct(Q8, C4)),
        (CentralProduct(fam("He", 3), fam("He", 3)), Extraspecial(3, 5, "+")),
        (CentralProduct(fam("S", 3), C4), Product((fam("S", 3), C4))),
        (Semidirect(FOUR, C3), fam("A", 4)),
        (Semidirect(Q8, C3), fam("SL", 2, 3)),
        (Semidirect(Power(C2, 3), fam("C", 7)), fam("F", 8, 7)),
        (Semidirect(fam("C", 8), C2, (("a", "b", word((Letter("a"), 3))),)), fam("SD", 16)),
        (Semidirect(fam("C", 9), C3, (("a", "b", word((Letter("a"), 4))),)), fam("Mod", 27)),
        (Semidirect(FOUR, C3, (("a", "c", word("b")), ("b", "c", word("a", "b")))), fam("A", 4)),
        (Semidirect(FOUR, C2), D4),
        (Semidirect(FOUR, fam("D", 3), S4_ACTION), fam("S", 4)),
        (Quotient(fam("GL", 2, 5), Centre()), fam("PGL", 2, 5)),
        (Quotient(fam("S", 4), Permutations((((1, 2), (3, 4)),))), fam("S", 3)),
        (Power(Built(build("C2")), 3), Power(C2, 3)),
    ],
    ids=lambda spec: str(spec),
)
def test_known_isomorphisms(first, second):
    """Two names of one group."""
    assert same(first, second)


def test_extraspecial_groups_are_told_apart_by_element_orders():
    """Involutions of 2^(1+4)+ and -: 2^4 +- 2^2 - 1 besides the identity; odd p: exponents p and p^2."""
    assert [(build(Extraspecial(2, 5, sign)).element_orders == 2).sum() for sign in "+-"] == [19, 11]
    assert [build(Extraspecial(p, 3, "+")).exponent for p in (3, 5, 7)] == [3, 5, 7]
    assert [build(Extraspecial(p, 5, "-")).exponent for p in (2, 3)] == [4, 9]
    for spec in (Extraspecial(2, 7, "-"), Extraspecial(3, 5, "+"), Extraspecial(5, 3, "-")):
        made = build(spec)
        inside = made.whole.centralizer.mask
        commutators = made.table[made.table[made.inverses][:, made.inverses][:, :, None], made.table[:, :, None]]
        assert inside.sum() == spec.prime
        assert inside[commutators.ravel()].all()


@pytest.mark.parametrize("n", [11, 12, 23])
def test_mathieu_groups_are_transitive_on_tuples(n):
    """M12 five-fold, M23 and M11 four-fold: the stabilisers are transitive one after another."""
    from sympy.combinatorics import Permutation, PermutationGroup

    group = PermutationGroup([Permutation(row) for row in permutation_generators(fam("M", n)).tolist()])
    order = 1
    for point in range(5 if n == 12 else 4):
        orbit = group.orbit(point)
        assert len(orbit) == n - point
        order *= len(orbit)
        group = group.stabilizer(point)
    assert order * group.order() == ORDERS[fam("M", n)]
    assert group.order() == {11: 1, 12: 1, 23: 48}[n]


def test_m24_is_five_fold_transitive():
    """It is transitive, and its stabiliser of the last point contains the four-fold M23 and has the same order."""
    images = permutation_generators(fam("M", 24))
    assert np.array_equal(images[:2, :23], permutation_generators(fam("M", 23)))
    assert (images[:2, 23] == 23).all()
    assert images[2, 23] != 23
    assert ORDERS[fam("M", 24)] == 24 * ORDERS[fam("M", 23)]


@pytest.mark.parametrize(("n", "q"), [(2, 2), (2, 3), (3, 2), (3, 3), (4, 2), (4, 3), (5, 2), (3, 4)])
def test_unitary_generators_keep_the_form(n, q):
    """M J conj(M)^T = J, J the antidiagonal."""
    field = finite_field(q * q)
    form = np.eye(n, dtype=np.int64)[::-1]
    for matrix in _unitary_matrices(n, q, determinant_one=False):
        product = multiply_vectors(field, multiply_vectors(field, matrix, form), field.powers(q)[matrix].T)
        assert (product == form).all()


@pytest.mark.parametrize(
    ("sign", "n", "q"),
    [("", 3, 3), ("", 3, 9), ("", 5, 5), ("", 7, 9)]
    + [(sign, n, q) for sign in "+-" for n, q in ((4, 2), (4, 3), (4, 4), (6, 8), (6, 9), (8, 3))],
)
def test_orthogonal_generators_keep_the_form(sign, n, q):
    """Q(v M) = Q(v) and B(v M, w M) = B(v, w) on a basis, so everywhere."""
    field = finite_field(q)
    values, polar = _form(field, sign, n)
    for matrix in _matrices("GO", sign, n, q):
        assert (multiply_vectors(field, multiply_vectors(field, matrix, polar), matrix.T) == polar).all()
        assert [quadratic(field, values, polar, row) for row in matrix] == values.tolist()


def quadratic(field, values, polar, vector):
    """Q(v) = sum of Q(b_i) v_i^2 over i and B(b_i, b_j) v_i v_j over i < j."""
    terms = [field.multiply[values[i], field.multiply[x, x]] for i, x in enumerate(vector)]
    terms += [
        field.multiply[polar[i, j], field.multiply[vector[i], vector[j]]]
        for i in range(len(vector))
        for j in range(i + 1, len(vector))
    ]
    total = 0
    for term in terms:
        total = int(field.add[total, term])
    return total


@pytest.mark.parametrize(
    ("sign", "n", "q"), [("", 3, 5), ("", 5, 3), ("+", 4, 3), ("-", 4, 3), ("-", 4, 4), ("+", 6, 2)]
)
def test_the_form_has_as_many_singular_vectors_as_its_type(sign, n, q):
    """Counted one by one: the type of the form is the one that its sign says."""
    field = finite_field(q)
    values, polar = _form(field, sign, n)
    vectors = np.stack(np.unravel_index(np.arange(1, q**n), (q,) * n), axis=1)
    count = sum(quadratic(field, values, polar, vector) == 0 for vector in vectors)
    assert count == _singular_vectors(sign, n, q)


FAMILIES_FILE = Path(__file__).parents[1] / "oracles" / "families.json"
FAMILIES = {one["name"]: one for one in json.loads(FAMILIES_FILE.read_text())["groups"]}


@pytest.mark.parametrize("name", FAMILIES)
def test_orthogonal_semilinear_and_automorphism_groups_are_those_of_gap(name):
    """Classes by element order and size, and the label where the shipped library holds the order."""
    made, truth = group(name), FAMILIES[name]
    assert made.name == name
    classes = conjugacy_classes(made)
    found = Counter(zip(classes.element_orders.tolist(), classes.sizes.tolist(), strict=True))
    assert found == {(order, size): count for order, size, count in truth["classes"]}
    if made.order <= 255:
        assert "{}.{}".format(*small_group_label(made)) == truth["label"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("PSO(3,9)", "PGL(2,9)"),
        ("POmega-(4,4)", "PSL(2,16)"),
        ("POmega+(6,2)", "A8"),
        ("GO-(2,8)", "D9"),
        ("Omega(5,2)", "Sp(4,2)"),
        ("Hol(C7)", "AGL(1,7)"),
        ("Hol(C3^2)", "AGL(2,3)"),
        ("Hol(C2^3)", "AGL(3,2)"),
        ("Aut(C3^3)", "GL(3,3)"),
        ("Out(C3 x C3)", "GL(2,3)"),
        ("Aut(A5)", "S5"),
        ("Aut(S6)", "PGammaL(2,9)"),
        ("Out(PSL(2,9))", "C2^2"),
        ("Hol(S3) / Z", "S3 x S3"),
        ("Hol(8.4) x C2", "C2 x Hol(Q8)"),
    ],
)
def test_orthogonal_and_automorphism_groups_by_other_names(first, second):
    """Exceptional isomorphisms, affine groups as holomorphs, and these groups as parts of others."""
    assert find_isomorphism(group(first), group(second)) is not None


def test_groups_of_automorphisms_above_the_table_limit():
    """Their order is known, the table refused; generators there are all the same."""
    with pytest.raises(TooLargeError, match="62,726,400 elements"):
        group("Hol(M11)")
    with pytest.raises(TooLargeError, match="20,158,709,760 elements"):
        group("Out(C2^6)")
    images = permutation_generators(resolved(parse("Hol(A6)")))
    assert images.shape[1] == 360
    assert chain_order(images) == 360 * 1440


@pytest.mark.parametrize(("n", "q"), [(2, 3), (4, 2), (4, 3), (4, 9), (6, 5)])
def test_symplectic_generators_keep_the_form(n, q):
    """M J M^T = J, J antidiagonal and alternating."""
    field = finite_field(q)
    form = np.eye(n, dtype=np.int64)[::-1].copy()
    form[n // 2 :] = field.negatives[form[n // 2 :]]
    for matrix in _symplectic_matrices(n, q):
        assert (multiply_vectors(field, multiply_vectors(field, matrix, form), matrix.T) == form).all()


def test_every_family_is_here_and_documented():
    """The notation's list of families, each with a usage and a meaning."""
    symbols = "C S A D Q Dic F GL SL PGL PSL SU PSU GU PGU Sp PSp AGL ASL He SD Mod M W Sz "
    symbols += "GammaL SigmaL PGammaL PSigmaL AGammaL"
    orthogonal = {kind + sign for kind in MEANINGS for sign in TYPES}
    assert {one.symbol for one in families()} == {*symbols.split(), *orthogonal}
    assert all(one.usage.startswith(one.symbol) and one.meaning.endswith(".") for one in families())


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        (fam("SD", 8), "16, 32, 64"),
        (fam("SD", 24), "16, 32, 64"),
        (fam("Mod", 8), "p\\^k"),
        (fam("Mod", 36), "p\\^k"),
        (fam("Mod", 9), "p\\^k"),
        (fam("He", 4), "4 is not a prime"),
        (fam("M", 13), "M11, M12, M22"),
        (fam("Sp", 3, 2), "even dimension"),
        (fam("SU", 3, 6), "no field of order 6"),
        (fam("SU", 1, 3), "dimension 2 to"),
        (fam("SU", 2, 1000), "no field"),
        (fam("PGammaL", 1, 4), "at least 2"),
        (fam("GO", 4, 3), "write GO\\+\\(4,3\\) or GO-\\(4,3\\)"),
        (fam("PSO-", 5, 3), "one type; write PSO\\(5,3\\)"),
        (fam("GO+", 4, 6), "no field of order 6"),
        (fam("SO+", 0, 3), "dimension 1 to"),
        (fam("Omega", 63, 3), "dimension 1 to"),
        (fam("GO+", 3), "write GO\\+\\(n,q\\)"),
        (fam("PSigmaL", 1, 4), "at least 2"),
        (fam("SigmaL", 1, 4), "at least 2"),
        (fam("Sz", 4), "odd power of 2"),
        (fam("Sz", 3), "odd power of 2"),
        (fam("W", "E5"), "no root system E5"),
        (fam("W", "B1"), "no root system B1"),
        (fam("W", "H3"), "does not exist"),
        (fam("W", "A33"), "rank at most"),
        (fam("W", 6), "wrong kind"),
        (fam("C", "A5"), "wrong kind"),
        (Extraspecial(4, 3, "+"), "not a prime"),
        (Extraspecial(3, 4, "+"), "p\\^3, p\\^5"),
        (Extraspecial(3, 1, "+"), "p\\^3, p\\^5"),
        (Extraspecial(2, 3, ""), "sign"),
        (Power(C2, 0), "at least 1"),
        (CentralProduct(FOUR, D4), "not cyclic"),
        (CentralProduct(fam("SL", 4, 5), C2), "limit"),
        (Semidirect(fam("A", 4), C4), "ambiguous"),
        (Semidirect(fam("C", 7), fam("A", 5)), "only the trivial action; write C7 x A5"),
        (Semidirect(Power(C2, 4), fam("A", 5)), "write the action"),
        (Semidirect(fam("C", 7), C3, (("a", "b", word((Letter("a"), 3))),)), "breaks the relation b\\^3 = 1 of C3"),
        (Semidirect(fam("C", 8), C2, (("a", "b", word((Letter("a"), 2))),)), "b is no automorphism of C8.*one to one"),
        (Semidirect(D4, C2, (("b", "c", word("a")),)), "c is no automorphism of D4.*relation"),
        (Semidirect(fam("C", 8), C2, (("a", "c", word("a")),)), "a\\^c"),
        (Semidirect(fam("C", 8), C2, (("a", "b", word("b")),)), "'b' is no generator"),
        (Semidirect(fam("C", 8), C2, (("a", "b", word("a")),) * 2), "given twice"),
        (Quotient(fam("S", 4), Permutations((((1, 5),),))), "is not in S4"),
    ],
    ids=lambda value: str(value),
)
def test_refusals(spec, complaint):
    """One line: what was given and which rule it met."""
    with pytest.raises((NotationError, TooLargeError), match=complaint) as refusal:
        build(spec)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("spec", [Label(24, 12), Quotient(fam("S", 4), FOUR), fam("X", 5), HOLOMORPH], ids=str)
def test_leaves_that_need_a_library_or_a_search_are_unknown_here(spec):
    """An upper room puts a Built leaf in their place."""
    with pytest.raises(UnknownGroupError):
        build(Product((spec, C2)))


@pytest.mark.parametrize(
    "spec",
    [Power(C2, 10**9), fam("C", 10**9), fam("GL", 9, 4),
     Wreath(fam("S", 1000), fam("S", 1000)), Extraspecial(2, 10**9 + 1, "+"),
     fam("S", 10**9), Power(fam("S", 200), 400)],
    ids=str,
)  # fmt: skip
def test_many_points_are_refused_before_memory_is_taken(spec):
    """The degree, or the generators times the degree, is known from the specification."""
    with pytest.raises(TooLargeError, match="limit"):
        permutation_generators(spec)


def test_semidirect_words_may_be_commutators_and_conjugates():
    """In S3 = <a, b>, [a,b] = a^-2 = a and b^a = a^-1*b*a: both rules below write the inner automorphism by a."""
    s3, c3 = fam("D", 3), C3
    inner = (("b", "c", Word(((Conjugate(Letter("b"), Letter("a")), 1),))),)
    commuted = (("b", "c", Word(((Letter("b"), 1), (Commutator(word("b"), word("a")), 1)))),)
    assert (build(Semidirect(s3, c3, inner)).table == build(Semidirect(s3, c3, commuted)).table).all()
    assert same(Semidirect(s3, c3, inner), Product((s3, c3)))


def test_semidirect_generators_act_as_written():
    """h^-1 x h is the word, for each rule; unlisted generators are fixed."""
    rules = (("a", "c", word("b")), ("b", "c", word("a")))
    made = build(Semidirect(Power(C3, 2), C4, rules))
    a, b, c = made.generators
    assert made.conjugation(c)[[a, b]].tolist() == [b, a]
    fixed = build(Semidirect(Power(C3, 2), C2, (("a", "c", word((Letter("a"), -1))),)))
    a, b, c = fixed.generators
    assert fixed.conjugation(c)[[a, b]].tolist() == [fixed.inverses[a], b]


@given(st.sampled_from(["S4", "SL(2,3)", "Q16", "C2^3 x S3", "D6", "F8:7"]), st.integers(0, 10**6))
def test_quotients_by_normal_closures(name, seed):
    """Order |G|/|N|, and the generators of G map to those of the quotient: words that agree in G agree there."""
    made = build(name)
    normal = made.subgroup([seed % made.order]).normal_closure
    inside = normal.mask
    for g in made.generators:
        assert inside[made.conjugation(g)[inside]].all()
    factor = quotient_group(normal, name)
    assert factor.order * inside.sum() == made.order
    image = np.zeros(made.order, dtype=np.int64)
    for x in range(made.order):
        for letter in made.word(x):
            image[x] = factor.table[image[x], factor.generators[letter]]
    assert (image[made.table] == factor.table[image[:, None], image]).all()
    assert np.array_equal(image == 0, inside)


def test_quotients_by_what_is_not_normal_are_refused():
    """The witness is an element with its conjugator."""
    s3 = build("S3")
    with pytest.raises(NotAGroupError, match="not normal: it contains"):
        quotient_group(s3.subgroup([s3.generators[1]]), "none")


@pytest.mark.parametrize("name", ["S4", "Q8", "C2^3", "SL(2,5)", "C7:C3", "C1"])
def test_small_actions_are_faithful(name):
    """Closing them gives the group back."""
    made = build(name)
    images = small_action(made)
    assert images.shape[1] <= made.order
    assert find_isomorphism(from_permutations(images), made) is not None


def test_a_central_product_that_may_be_glued_in_several_ways_is_refused():
    """C7 has six automorphisms; He7 has too many to see that they are induced, but with a cyclic factor all are."""
    with pytest.raises(NotationError, match="several ways"):
        build(CentralProduct(fam("He", 7), fam("He", 7)))
    assert build(CentralProduct(fam("He", 7), fam("C", 49))).order == 7**4


# -- matrices

HALF, MINUS_HALF = Monomial(((Number(2), -1),)), Monomial(((Number(-1), 1), (Number(2), -1)))
IMAGINARY, ZETA = Symbol("i"), Symbol("z")
ROOT3_HALF = Monomial(((Sum((Root(12), Monomial(((Root(12), -1),)))), 1), (Number(2), -1)))


def minus(entry):
    return Monomial(((Number(-1), 1), (entry, 1)))


@pytest.mark.parametrize(
    ("spec", "same_as"),
    [
        (matrices(Ring("GF", 5), [[0, 1], [-1, 0]], [[1, 1], [0, 1]]), fam("SL", 2, 5)),
        (
            matrices(Ring("GF", 4), [[ZETA, 0], [0, Monomial(((ZETA, -1),))]], [[1, 1], [0, 1]], [[0, 1], [1, 0]]),
            fam("A", 5),
        ),
        (matrices(Ring("Z", 2), [[1, 1], [0, 1]], [[0, 1], [1, 0]]), fam("S", 3)),
        (matrices(Ring("Z", 8), [[3]], [[5]]), FOUR),
        (matrices(Z, [[0, 1], [-1, 0]], [[0, 1], [1, 0]]), D4),
        (matrices(Z, [[0, -1], [1, 1]]), fam("C", 6)),
        (matrices(Q, [[IMAGINARY, 0], [0, minus(IMAGINARY)]], [[0, 1], [-1, 0]]), Q8),
        (matrices(Q, [[Root(5), 0], [0, Monomial(((Root(5), -1),))]], [[0, 1], [1, 0]]), fam("D", 5)),
        (matrices(Q, [[Root(7)]]), fam("C", 7)),
        (matrices(Q, [[Monomial(((IMAGINARY, 10**9),))]], [[IMAGINARY]]), C4),
        (matrices(Q, [[MINUS_HALF, ROOT3_HALF], [minus(ROOT3_HALF), MINUS_HALF]], [[1, 0], [0, -1]]), fam("S", 3)),
        (matrices(Z, [[1]]), fam("C", 1)),
    ],
    ids=str,
)
def test_matrix_groups(spec, same_as):
    """Exact arithmetic, orbits of vectors, and the group of the textbook."""
    assert same(spec, same_as)


def test_matrix_products_compose_left_to_right():
    """A, then B, is the matrix product AB: the element of the product of two generators is that of the third."""
    first, second = np.array([[1, 1], [0, 1]]), np.array([[0, 1], [2, 0]])
    made = build(matrices(Ring("GF", 3), first.tolist(), second.tolist(), (first @ second % 3).tolist()))
    a, b, ab = made.generators
    assert made.table[a, b] == ab != made.table[b, a]


def test_matrix_groups_above_the_table_limit_have_generators():
    """The Weyl group of E6 by its Cartan matrix, on 72 roots."""
    from grouptool.construct.families.weyl import _cartan

    rows = []
    for j in range(6):
        matrix = np.eye(6, dtype=int)
        matrix[:, j] -= _cartan("E", 6)[:, j]
        rows.append(matrix.tolist())
    images = permutation_generators(matrices(Z, *rows))
    assert images.shape == (6, 72)
    assert chain_order(images) == 51840


@pytest.mark.parametrize(
    ("spec", "error", "complaint"),
    [
        (matrices(Z, [[1, 1], [0, 1]]), InfiniteGroupError, "M1 has infinite order"),
        (matrices(Z, [[0, 1], [-1, 0]], [[0, -1], [1, 1]]), InfiniteGroupError, "has infinite order"),
        (matrices(Q, [[HALF]]), InfiniteGroupError, "has infinite order"),
        (matrices(Q, [[Sum((Number(1), IMAGINARY))]]), InfiniteGroupError, "has infinite order"),
        (matrices(Z, [[1, 0], [0, 1]], [[1, 0], [0, 2]]), NotAGroupError, "matrix 2 .*determinant is 2"),
        (matrices(Q, [[1, 2], [2, 4]]), NotAGroupError, "matrix 1 .*determinant is 0"),
        (matrices(Ring("GF", 2), [[1, 1], [1, 1]]), NotAGroupError, "determinant is 0"),
        (matrices(Ring("Z", 8), [[2]]), NotAGroupError, "determinant 2 is no unit"),
        (matrices(Ring("GF", 6), [[1]]), NotationError, "no field of order 6"),
        (matrices(Ring("GF", 5), [[Root(3)]]), NotationError, "no element of GF"),
        (matrices(Ring("GF", 5), [[Monomial(((Number(5), -1),))]]), NotationError, "no inverse in GF"),
        (matrices(Z, [[HALF]]), NotationError, "no inverse in Z"),
        (matrices(Z, [[IMAGINARY]]), NotationError, "no element of Z"),
        (matrices(Q, [[ZETA]]), NotationError, "no element of Q"),
        (matrices(Q, [[Root(9973)]]), TooLargeError, "limit"),
        (matrices(Q, [[Monomial(((Number(2), 10**9),))]]), TooLargeError, "digits"),
        (matrices(Ring("Z", 10**6 + 3), [[2]]), TooLargeError, "more than 100,000"),
        (matrices(Ring("Z", 10**9), [[3]]), TooLargeError, "limit|need"),
    ],
    ids=lambda value: str(value),
)  # fmt: skip
def test_matrices_that_are_refused(spec, error, complaint):
    """The matrix with its determinant, the proof of infinity, or the entry."""
    with pytest.raises(error, match=complaint) as refusal:
        build(spec)
    assert "\n" not in str(refusal.value)


def test_an_orbit_without_a_proof_is_unknown(monkeypatch):
    """Without the test of random words, a long orbit in dimension 6 leaves the question open."""
    monkeypatch.setattr("grouptool.construct.matrices._refuse_infinite_order", lambda *_: None)
    monkeypatch.setattr("grouptool.construct.matrices.MAX_VECTORS", 200)
    shear = np.eye(6, dtype=int)
    shear[0, 1] = 1
    with pytest.raises(BudgetSpentError, match="unknown"):
        build(matrices(Z, shear.tolist()))
    small = matrices(Z, [[1, 1], [0, 1]])
    with pytest.raises(InfiniteGroupError, match="Minkowski's bound"):
        build(small)


def test_minkowski_bounds():
    """The values of Minkowski's M(n), OEIS A053657 shifted."""
    assert [minkowski_bound(n) for n in range(1, 7)] == [2, 24, 48, 5760, 11520, 2903040]
