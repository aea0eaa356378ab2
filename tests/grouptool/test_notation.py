"""The notation parses what it prints, reads the usual dialects, and answers everything else in one line."""

from __future__ import annotations

import doctest
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grouptool.notation
from grouptool.errors import NotationError
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
    Presentation,
    Product,
    Quotient,
    Ring,
    Root,
    Semidirect,
    Sum,
    Symbol,
    TableFile,
    Word,
    Wreath,
    parse,
)

# -- random specifications

numbers = st.integers(1, 99)
exponents = st.integers(-5, 5)
named = (
    st.builds(lambda family, n: Named(family, (n,)), st.sampled_from(["C", "S", "He", "Dic", "SD", "M"]), numbers)
    | st.builds(
        lambda family, n, q: Named(family, (n, q)),
        st.sampled_from(["F", "SL", "AGammaL", "GO", "Omega-", "PSO+"]),
        numbers,
        numbers,
    )
    | st.builds(lambda kind, n: Named("W", (f"{kind}{n}",)), st.sampled_from("ABCDEFG"), numbers)
)
extraspecial = st.builds(
    lambda prime, rank, sign: Extraspecial(prime, 1 + 2 * rank, sign),
    st.sampled_from([2, 3, 5]),
    st.integers(1, 4),
    st.sampled_from("+-"),
)
permutations = st.permutations(range(1, 7)).map(
    lambda points: Permutations(((tuple(points[:2]), tuple(points[2:5])), (tuple(points[3:]),), ()))
)


def words(letters):
    """Products of powers, commutators and conjugates of these letters, up to a few brackets deep."""
    letter = st.sampled_from([Letter(name) for name in letters])

    def larger(inner):
        proper = inner.filter(lambda word: word.factors)
        commutator = st.builds(Commutator, inner, inner)
        conjugate = st.builds(Conjugate, letter | proper | commutator, letter | proper)
        power = st.tuples(letter | inner | commutator, exponents) | st.tuples(conjugate, st.just(1))
        return st.lists(power, min_size=1, max_size=3).map(lambda factors: Word(tuple(factors)))

    plain = st.lists(st.tuples(letter, exponents), max_size=3).map(lambda factors: Word(tuple(factors)))
    return st.recursive(plain, larger, max_leaves=6)


presentations = st.lists(words(["a", "b", "x1"]), max_size=3).map(
    lambda relators: Presentation(("a", "b", "x1"), tuple(relators))
)


def entries():
    """Expressions in the shapes that the parser gives them: a product has two factors or a power, a sum two terms."""
    atom = st.builds(Number, st.integers(-9, 9)) | st.sampled_from([Symbol("i"), Symbol("z"), Root(3), Root(8)])

    def larger(inner):
        small = st.integers(-3, 3)
        power = st.tuples(st.tuples(inner, small.filter(lambda exponent: exponent != 1))).map(Monomial)
        product = st.lists(st.tuples(inner, small), min_size=2, max_size=3).map(lambda found: Monomial(tuple(found)))
        sums = st.lists(inner, min_size=2, max_size=3).map(lambda found: Sum(tuple(found)))
        return power | product | sums

    return st.recursive(atom, larger, max_leaves=5)


@st.composite
def matrix_groups(draw):
    """One or two matrices of one size, with any ring."""
    size, count = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    ring = draw(st.sampled_from([Ring("Z"), Ring("Z", 8), Ring("GF", 9), Ring("Q")]))
    row = st.lists(entries(), min_size=size, max_size=size).map(tuple)
    matrix = st.lists(row, min_size=size, max_size=size).map(tuple)
    return Matrices(tuple(draw(st.lists(matrix, min_size=count, max_size=count))), ring)


actions = st.dictionaries(
    st.tuples(st.sampled_from("ab"), st.sampled_from(["c", "a1"])), words(["a", "b"]), max_size=2
).map(lambda rules: tuple((x, y, word) for (x, y), word in rules.items()))
specs = st.recursive(
    named | extraspecial | st.builds(Label, numbers, numbers) | permutations | presentations | matrix_groups(),
    lambda inner: (
        st.builds(Power, inner, numbers)
        | st.lists(inner, min_size=2, max_size=3).map(lambda factors: Product(tuple(factors)))
        | st.builds(Semidirect, inner, inner, actions)
        | st.builds(Wreath, inner, inner)
        | st.builds(CentralProduct, inner, inner)
        | st.builds(Quotient, inner, inner | st.just(Centre()))
        | st.builds(Automorphisms, st.sampled_from(["Aut", "Out", "Hol"]), inner)
    ),
    max_leaves=5,
)


@settings(max_examples=200)
@given(specs)
def test_what_it_prints_it_parses(spec):
    """A specification is the same after printing and parsing."""
    assert parse(str(spec)) == spec


@settings(max_examples=300)
@given(entries())
def test_an_entry_is_the_same_after_printing(entry):
    """Signs, brackets and quotients of expressions, one at a time."""
    spec = Matrices((((entry,),),), Ring("Q"))
    assert parse(str(spec)) == spec


# -- dialects


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("  S5 ", "S5"),
        ("C2xC4", "C2 x C4"),
        ("C2 × S3", "C2 x S3"),
        ("C7:C3", "C7 : C3"),
        ("C7 ⋊ C3", "C7 : C3"),
        ("F7:3", "F7:3"),
        ("F7 : C3", "F7 : C3"),
        ("SL( 2 , 3 )", "SL(2,3)"),
        ("(C2 x C2)^2 x (C3:C4)", "(C2 x C2)^2 x (C3 : C4)"),
        ("C2wrS3", "C2 wr S3"),
        ("C2 ≀ S3", "C2 wr S3"),
        ("D4oQ8", "D4 o Q8"),
        ("D4 ∘ Q8", "D4 o Q8"),
        ("S4/C2^2", "S4 / C2^2"),
        ("S4 / ((1,2)(3,4))", "S4 / ((1,2)(3,4))"),
        ("Q8/Z", "Q8 / Z"),
        ("Q8/Z2", "Q8 / C2"),
        ("C2x24.12", "C2 x 24.12"),
        ("3^(1+2)", "3^(1+2)+"),
        ("2^{1+4}- x C3", "2^(1+4)- x C3"),
        ("C2^2:C3{a^c=b,b^c=ab}", "C2^2 : C3 {a^c = b, b^c = a*b}"),
        # permutations
        ("(1 2 3)(4 5) , (1,2)", "(1,2,3)(4,5), (1,2)"),
        ("()", "()"),
        ("((1,2),(3,4)) x C2", "((1,2), (3,4)) x C2"),
        ("[2,1,3], [2,3,1]", "(1,2), (1,2,3)"),
        ("[1,0,2], [1,2,0]", "(1,2), (1,2,3)"),
        ("Group((1,2,3),(1,2))", "(1,2,3), (1,2)"),
        ("Group([(1,2,3),(1,2)])", "(1,2,3), (1,2)"),
        ("Group(())", "()"),
        ("PermutationGroup([Permutation([1, 0, 2]), Permutation([1, 2, 0])])", "(1,2), (1,2,3)"),
        ("PermutationGroup([[1,0,2],[0,2,1]]) x C2", "((1,2), (2,3)) x C2"),
        # presentations
        ("<a,b|a^2,b^3,(ab)^5>", "<a, b | a^2, b^3, (a*b)^5>"),
        ("<a,b | a^2 = b^3, ab = ba>", "<a, b | a^2*(b^3)^-1, a*b*(b*a)^-1>"),
        ("<a,b | a^2 = b^3 = (ab)^5 = 1>", "<a, b | a^2, b^3, (a*b)^5>"),
        ("<a,b | a^2 = b^3 = (ab)^5>", "<a, b | a^2*((a*b)^5)^-1, b^3*((a*b)^5)^-1>"),
        ("<x1, y | x1*y^-1, 1>", "<x1, y | x1*y^-1, 1>"),
        ("⟨a, b ; a**2, b**-3, a^(-1)⟩", "<a, b | a^2, b^-3, a^-1>"),
        ("<a,b : [a,b], Comm(a,b^2), [a,b,a]^2>", "<a, b | [a,b], [a,b^2], [[a,b],a]^2>"),
        ("<a,b | a^b = a^-1, (ab)^(b*a), ab^a>", "<a, b | a^b*(a^-1)^-1, (a*b)^(b*a), a*b^a>"),
        ("<a, A | aA>", "<a, A | a*A>"),
        ('FreeGroup("a", "b") / [a^2, b^3, (a*b)^5]', "<a, b | a^2, b^3, (a*b)^5>"),
        # matrices
        ("[[0,1],[-1,0]]", "[[0,1],[-1,0]] over Z"),
        ("[[0,1/2],[-2,0]]", "[[0,1/2],[-2,0]] over Q"),
        ("[[0,1],[-1,0]] mod 8", "[[0,1],[-1,0]] over Z/8"),
        ("[[2z+1]], [[-z]] over F_9", "[[2*z+1]], [[-z]] over GF(9)"),
        ("[[E(3)**2 - I*(1 + i)]]", "[[E(3)^2-i*(1+i)]] over Q"),
        ("Group([[[0,1],[-1,0]],[[1,1],[0,1]]]) x C2", "([[0,1],[-1,0]], [[1,1],[0,1]] over Z) x C2"),
        # other systems' names
        ("Z5", "C5"),
        ("Z/5Z x Z_3", "C5 x C3"),
        ("V4", "C2^2"),
        ("S_4", "S4"),
        ("Sym(4)", "S4"),
        ("Alt5", "A5"),
        ("PSL2(7)", "PSL(2,7)"),
        ("L_2(7)", "PSL(2,7)"),
        ("U3(3)", "PSU(3,3)"),
        ("GL(2,GF(9))", "GL(2,9)"),
        ("GL(2,F9)", "GL(2,9)"),
        ("GO-(4,3)", "GO-(4,3)"),
        ("SO + (4, 3)", "SO+(4,3)"),
        ("GO(1,4,3)", "GO+(4,3)"),
        ("Omega(-1,4,GF(9))", "Omega-(4,9)"),
        ("SO(0,5,3)", "SO(5,3)"),
        ("GeneralOrthogonalGroup(3,5)", "GO(3,5)"),
        ("O8+(2)", "POmega+(8,2)"),
        ("O_7(3)", "POmega(7,3)"),
        ("O-(4,3) x C2", "POmega-(4,3) x C2"),
        ("Hol(C7)", "Hol(C7)"),
        ("Holomorph(C2xC4)", "Hol(C2 x C4)"),
        ("Aut((1,2,3),(1,2))", "Aut((1,2,3), (1,2))"),
        ("AutomorphismGroup(Q8)xC3", "Aut(Q8) x C3"),
        ("Out(A6)^2", "Out(A6)^2"),
        ('WeylGroup("E6")', "W(E6)"),
        ("SymmetricGroup(5)", "S5"),
        ("AlternatingGroup(5)", "A5"),
        ("CyclicGroup(6)", "C6"),
        ("DihedralGroup(10)", "D5"),
        ("QuaternionGroup(16)", "Q16"),
        ("QuaternionGroup(12)", "Dic3"),
        ("DicyclicGroup(12)", "Dic3"),
        ("MathieuGroup(11)", "M11"),
        ("SmallGroup(24,12)", "24.12"),
        ("ElementaryAbelianGroup(8)", "C2^3"),
        ("AbelianGroup([2,4])", "C2 x C4"),
        ('ExtraspecialGroup(27,"+")', "3^(1+2)+"),
        ("ExtraspecialGroup(27,9)", "3^(1+2)-"),
        ("DirectProduct(C2,S3,C5)", "C2 x S3 x C5"),
        ("WreathProduct(C2,S3)", "C2 wr S3"),
    ],
)
def test_dialects_come_out_in_one_spelling(text, printed):
    """Spaces, signs and other systems' names are read; the answer is our spelling, which is read to the same."""
    spec = parse(text)
    assert str(spec) == printed
    assert parse(printed) == spec


def test_the_nodes_are_those_of_the_contract():
    """What the printed text cannot show: how the parts are kept."""
    a, b = Letter("a"), Letter("b")
    assert parse("SL(2,3)") == Named("SL", (2, 3))
    assert parse("W(E6)") == Named("W", ("E6",))
    assert parse("3^(1+4)-") == Extraspecial(3, 5, "-")
    assert parse("24.12") == Label(24, 12)
    assert parse("Q8 / Z") == Quotient(Named("Q", (8,)), Centre())
    assert parse("<a, b | [a,b], a^b>").relators == (
        Word(((Commutator(Word(((a, 1),)), Word(((b, 1),))), 1),)),
        Word(((Conjugate(a, b), 1),)),
    )
    assert parse("C2^2 : C3 {a^c = b}").action == (("a", "c", Word(((b, 1),))),)
    assert parse("[[1-z/2]] over GF(9)").rows == (
        (((Sum((Number(1), Monomial(((Number(-1), 1), (Symbol("z"), 1), (Number(2), -1)))))),),),
    )
    assert parse(["(2,3)", "1,2]"][0]) == Permutations((((2, 3),),))


def test_a_table_file_is_named_by_its_ending():
    """Paths may have spaces and any case."""
    assert parse("my tables/K4.CSV") == TableFile("my tables/K4.CSV")


def test_the_reference_of_the_language_is_true():
    """Each example of the package's docstring."""
    found = doctest.testmod(grouptool.notation)
    assert found.attempted >= 8
    assert not found.failed


def test_every_letter_of_two_generators_is_read_as_the_free_group_does():
    """Bar, equations and exponents mean the same words: a relator is a word, not a text."""
    assert parse("<a,b | (a*b)^2 = 1>") == parse("<a,b | (ab)**2>")


# -- any text at all: a specification or a NotationError, in linear time

ALPHABET = "SCDFWZExowr^:()<>|,;=*/+-{}[]abAB0123456789. ×⋊∘≀⟨⟩\"'_\n\0é²"
VALID = [
    "C2^2 : C3 {a^c = b, b^c = a*b}",
    "(C2 wr S3) x (D4 o Q8)^2",
    "S4 / ((1,2)(3,4), (1,3)(2,4))",
    "<a, b | a^2 = b^3 = (ab)^5, [a,b,a]^4, a^(b*a)>",
    'FreeGroup("a","b")/[a**2, Comm(a,b)]',
    "[[0,1/2],[-z^2,E(3)+i]], [[1,1],[0,1]] over GF(9)",
    "PermutationGroup([Permutation([1,0,2])])",
    "3^(1+2)+ x 24.12 x W(F4) x Z/5Z x L2(7)",
    "GO-(4,3) x Hol(Aut(C7 : C3)) x SO(-1,4,3) x O8+(2)",
]


@st.composite
def mutated(draw):
    """A valid text in which a few pieces are cut out, repeated, or replaced by pieces of another."""
    text = draw(st.sampled_from(VALID))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 6)))
        other = draw(st.sampled_from([text, *VALID]))
        place = draw(st.integers(0, len(other)))
        piece = draw(st.sampled_from(["", other[place : place + 6], text[start:end] * 2]))
        text = text[:start] + piece + text[end:]
    return text


def answer(text):
    """The specification, or None and the message of the refusal; any other exception is a bug."""
    try:
        return parse(text), ""
    except NotationError as refusal:
        return None, str(refusal)


@settings(max_examples=500)
@given(st.text(max_size=60) | st.text(alphabet=ALPHABET, max_size=60) | mutated())
def test_no_text_makes_it_crash(text):
    """Whatever it is given, it answers with a specification that prints and parses, or with one line."""
    spec, message = answer(text)
    assert message.isprintable()
    assert len(message) < 400
    assert spec is None or parse(str(spec)) == spec


@pytest.mark.parametrize(
    "opening", ["(", "[", "<a|(", "<a|[", "[[(", "Group(", "DirectProduct(", "C2 x (", "<a|a^(", "Hol("]
)
@pytest.mark.parametrize("times", [49, 51, 300, 20_000])
def test_no_nesting_overflows_the_stack(opening, times):
    """Brackets that are never closed, at every depth around the bound and far beyond it."""
    with pytest.raises(NotationError):
        parse(opening * times)
    first, again = opening[:-1], opening[-1] * times
    with pytest.raises(NotationError):
        parse(first + again)


@pytest.mark.parametrize("entries", [3, 30, 49, 50, 51, 5_000])
def test_a_long_commutator_is_as_deep_as_it_prints(entries):
    """[a,a,...] is nested from the left, so the bound on depth is a bound on its entries, wherever it stands."""
    for text in (f"<a | [{','.join('a' * entries)}]>", f"<a | a = [{','.join('a' * entries)}]>"):
        spec, message = answer(text)
        assert spec is None or parse(str(spec)) == spec
        assert ("nested" in message) == (spec is None) == (entries > (50 if "=" in text else 51))


@pytest.mark.parametrize(
    "piece",
    [
        "C2 x ",
        "a",
        "(1,2)",
        "(1,2),",
        "[",
        "(",
        "<",
        "1",
        " ",
        "^",
        "[1,",
        "[[1,1],",
        "<a|a,",
        "a*",
        "{",
        "x",
        "'a'",
        "9.",
    ],
)
def test_a_long_text_costs_bounded_memory(piece):
    """Repeated pieces of all kinds: at most 400 bytes a character, so 400 MB for the longest text that is read."""
    text = piece * (100_000 // len(piece))
    tracemalloc.start()
    _, message = answer(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(message) < 400
    assert peak < 400 * len(text)
