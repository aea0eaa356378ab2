"""Hostile input of every kind: one error class, one clear line, one exit code, no traceback, bounded memory."""

from __future__ import annotations

import json
import os
import re
import sys

import numpy as np
import pytest

from grouptool import group
from grouptool.errors import (
    BudgetSpentError,
    InfiniteGroupError,
    InputFileError,
    NotAGroupError,
    NotationError,
    TooLargeError,
    UnknownGroupError,
)
from grouptool.notation import parse

LOOP = [[0, 1, 2, 3, 4], [1, 0, 3, 4, 2], [2, 4, 0, 1, 3], [3, 2, 4, 0, 1], [4, 3, 1, 2, 0]]  # no associativity

TEXTS = [
    # nothing, and characters that are not of the language
    ("", NotationError, "the text is empty"),
    ("   \n\t ", NotationError, "the text is empty"),
    ("\0", NotationError, r"cannot read '\\x00' \(U\+0000"),
    ("S5\0", NotationError, "cannot read .* at character 3"),
    ("S5\0.json", NotationError, "cannot read"),
    ("C²", NotationError, "SUPERSCRIPT TWO"),
    ("\u0421\u0035", NotationError, "CYRILLIC CAPITAL LETTER ES"),
    ("S\u0665", NotationError, "ARABIC-INDIC DIGIT FIVE"),
    ("\uff335", NotationError, "FULLWIDTH LATIN CAPITAL LETTER S"),
    ("S\u200b5", NotationError, "ZERO WIDTH SPACE"),
    ("\u202eS5", NotationError, "RIGHT-TO-LEFT OVERRIDE"),
    ("\ud800", NotationError, r"U\+D800"),
    ("😀", NotationError, "GRINNING FACE"),
    ("C2 @ C3", NotationError, "cannot read '@' at character 4"),
    ("S5; rm -rf /", NotationError, "expected the end of the text but found ';'"),
    ("__import__('os').system('x')", NotationError, "cannot read '.'"),
    ("__import__(os)", NotationError, "expected a number but found 'os'"),
    ("$(id)", NotationError, r"cannot read '\$'"),
    ("-1", NotationError, "expected a group"),
    ("'S5'", NotationError, "expected a group"),
    # too long, too deep, too many
    ("a" * 999_999, NotationError, "needs a number, as in aaa"),
    ("a" * 1_000_001, NotationError, "1,000,001 characters"),
    ("(" * 60 + "S5" + ")" * 60, NotationError, "nested more than 50 deep"),
    ("(" * 500_000, NotationError, "nested more than 50 deep"),
    ("<a | " + "(" * 60 + "a" + ")" * 60 + ">", NotationError, "nested"),
    ("<a | [" + ",".join("a" * 100) + "]>", NotationError, "nested"),
    ("[[" + "(" * 100_000, NotationError, "nested"),
    ("C1 x " * 5_000 + "C1", NotationError, "names more than 1,000 groups"),
    ("SL(" + "1," * 5_000 + "1)", NotationError, "more than 100 arguments"),
    ("(1,100000)," * 20_000 + "(1,2)", NotationError, "the limit is 10,000,000"),
    ("[" + "1," * 200_000 + "1]", NotationError, "the limit is 100,000 points"),
    ("<" + ",".join(f"a{i}" for i in range(2_000)) + " | >", NotationError, "2,000 generators"),
    ("<a1," + ",".join(f"b{i}" for i in range(999)) + " | " + "1," * 2_000 + "1>", NotationError, "1,000 relators"),
    # brackets and operators that do not fit
    ("S5)", NotationError, "expected the end of the text but found '\\)'"),
    ("(S5", NotationError, "ends there"),
    ("((S5)", NotationError, "ends there"),
    ("SL(2,3", NotationError, "ends there"),
    ("SL(2;3)", NotationError, "expected '\\)' but found ';'"),
    ("S5 x", NotationError, "ends there"),
    ("x S5", NotationError, "'x' needs a number"),
    ("C2 x C3 : C2", NotationError, "say with brackets"),
    ("C2 wr C2 wr C2", NotationError, "say with brackets"),
    ("C2^2^3", NotationError, "brackets that say which power"),
    ("C2^-1", NotationError, "expected an exponent but found '-'"),
    ("C2 : C3 {a^b = c, a^b = d}", NotationError, "given twice"),
    ("C2 : C3 {}", NotationError, "expected a generator"),
    ("C2 x C3 {a^b = a}", NotationError, "expected the end"),
    # names and sizes
    ("S", NotationError, "'S' needs a number"),
    ("X5", UnknownGroupError, "no group is called 'X5'"),
    ("_5", UnknownGroupError, "no group is called '_5'"),
    ("s5", UnknownGroupError, "did you mean S5"),
    ("C0", NotationError, "at least 1"),
    ("C10^9", TooLargeError, "1,000,000,000 elements"),
    ("S1000000", TooLargeError, "limit"),
    ("S1000000000000", NotationError, "larger than 1,000,000,000"),
    ("C" + "9" * 100_000, NotationError, "larger than 1,000,000,000"),
    ("C2^1000000000", TooLargeError, "limit"),
    ("GL(8,2)", TooLargeError, "limit"),
    ("GO+(62,1021)", TooLargeError, r"at least 10\^5690 elements"),
    ("Hol(M11)", TooLargeError, "62,726,400 elements"),
    ("Out(C2^9)", TooLargeError, "elements; the limit"),
    ("Aut(C10^9)", TooLargeError, "1,000,000,000 elements"),
    ("SL(2,6)", NotationError, "no field of order 6"),
    ("SL(2,x)", NotationError, "expected a number but found 'x'"),
    ("W(3)", NotationError, "a Cartan type such as F4 or E6"),
    ("7:3", NotationError, "expected a group such as C7"),
    ("24.12.1", NotationError, "cannot read '.'"),
    ("2^(1+4)", NotationError, "ambiguous"),
    ("3^(1+3)", NotationError, "does not exist"),
    ("DihedralGroup(5)", NotationError, "D5"),
    ("ElementaryAbelianGroup(12)", NotationError, "no power of a prime"),
    ("SmallGroup(24)", NotationError, r"write SmallGroup\(24,12\)"),
    # permutations
    ("(1,2,1)", NotationError, "the point 1 occurs twice"),
    ("(1,2)(2,3)", NotationError, "cycles of a generator are disjoint"),
    ("(0,1)", NotationError, "the point 0 is outside 1 to 100,000"),
    ("(1,1000000000000)", NotationError, "larger than 1,000,000,000"),
    ("(1,100000000)", NotationError, "the point 100,000,000 is outside"),
    ("(1,,2)", NotationError, "expected a point but found ','"),
    ("(1,2),", NotationError, "a cycle such as"),
    ("(1,2) x C2", NotationError, "in a product, generators stand in brackets"),
    ("[1,2,2]", NotationError, r"\[1, 2, 2\] is no permutation"),
    ("[1,3]", NotationError, "each of 1 to 2 once"),
    ("[0,2]", NotationError, "each of 0 to 1 once"),
    ("[]", NotationError, "the image of a point"),
    # presentations
    ("<a,a | a^2>", NotationError, "named twice"),
    ("<a | b^2>", NotationError, "the relator letter 'b' is not a generator; the generators are a"),
    ("<a,b | abAB>", NotationError, r"the inverse of a is written a\^-1"),
    ("<a | а^2>", NotationError, "CYRILLIC SMALL LETTER A"),
    ("<a | a^2", NotationError, "expected '>'"),
    ("<a a^2>", NotationError, r"expected '\|'"),
    ("<a,b | a^2 = >", NotationError, "expected a generator such as a or x1 but found '>'"),
    ("<a | = a>", NotationError, "expected a generator such as a or x1 but found '='"),
    ("<a | a^2,,a>", NotationError, "expected a generator"),
    ("<a,b | a^b^2>", NotationError, "brackets that say which power"),
    ("<a,b | a^ba>", NotationError, "how far the exponent 'ba' reaches"),
    ("<a,b | [a]>", NotationError, "expected ','"),
    ("<a | a^99999999999>", NotationError, "larger than"),
    ("<a | a^(1/2)>", NotationError, "expected '\\)' but found '/'"),
    ("< | >", NotationError, "expected a generator"),
    ("<a | a^1000000000>", (TooLargeError, BudgetSpentError), "."),
    ("<a, b | a^2>", InfiniteGroupError, "free rank 1"),
    # matrices
    ("[[1,2],[3]]", NotationError, "row 2 has 1 entries and there are 2 rows"),
    ("[[1,2,3],[4,5,6]]", NotationError, "image lists are written"),
    ("[[1,0],[0,1]], [[1]]", NotationError, "matrix 2 has 1 rows and the first 2"),
    ("[[0.5]]", NotationError, "not exact"),
    ("[[1]] over R", NotationError, "expected a ring"),
    ("[[z]]", NotationError, "z is the primitive element of a field"),
    ("[[E(0)]]", NotationError, "no root of unity"),
    ("[[E(9973)+E(9967)]]", NotationError, r"E\(99400891\)"),
    ("[[(1+E(5))^1000000]]", NotationError, "10,000 binary digits"),
    ("[[((2^100)^100)^100]]", NotationError, "10,000 binary digits"),
    ("[[1", NotationError, "ends there"),
    # matrices that generate no finite group
    ("[[1,2],[2,4]]", NotAGroupError, "matrix 1 is not invertible over Z: its determinant is 0"),
    ("[[1,2],[2,4]] over Q", NotAGroupError, "matrix 1 is not invertible over Q"),
    ("[[2]] over Z", NotAGroupError, "not invertible over Z: its determinant is 2"),
    ("[[2]] over Z/8", NotAGroupError, "its determinant 2 is no unit"),
    ("[[1]] over GF(6)", NotationError, "no field of order 6"),
    ("[[z]] over Q", NotationError, "z is no element of Q"),
    ("[[1/0]]", NotationError, "0 has no inverse in Q"),
    ("[[1/2]] over GF(2)", NotationError, r"2 has no inverse in GF\(2\)"),
    ("[[1,1],[0,1]]", InfiniteGroupError, "M1 has infinite order"),
    # labels that the library does not hold
    ("24.99", UnknownGroupError, r"groups of order 24 are 24\.1 to 24\.15"),
    ("24.0", UnknownGroupError, r"24\.1 to 24\.15"),
    ("0.1", UnknownGroupError, "it holds orders 1 to 255"),
    ("2048.1", UnknownGroupError, "no groups of order 2,048"),
    # families without such a member
    ("W(E9)", NotationError, "no root system E9"),
    ("W(H3)", NotationError, "Weyl groups are"),
    ("W(A1000)", NotationError, "rank at most 32"),
    ("M13", NotationError, "the Mathieu groups are M11, M12, M22, M23 and M24"),
    ("M12", TooLargeError, "95,040 elements"),
    ("He4", NotationError, "4 is not a prime"),
    ("SD12", NotationError, "semidihedral groups have order 16, 32, 64"),
    ("Q12", NotationError, "generalised quaternion groups have order 8, 16, 32"),
    ("Sz(4)", NotationError, "an odd power of 2"),
    ("Sp(3,2)", NotationError, "even dimension"),
    ("GL(1000000,2)", NotationError, "dimension 1 to 62"),
    ("GO+(1000000000,3)", NotationError, "dimension 1 to 62"),
    ("GO--(4,3)", NotationError, "needs a number"),
    ("GO(7,4,3)", NotationError, "begins with 1, -1 or 0"),
    ("SO(4,9)", NotationError, r"write SO\+\(4,9\) or SO-\(4,9\)"),
    ("GO-(4,-3)", NotationError, "no field of order -3"),
    ("Hol()", NotationError, "expected a group"),
    ("Aut(Aut", NotationError, "ends there"),
    ("Hol(S4, S5)", NotationError, "found ','"),
    ("F(7,4)", NotationError, "a divisor of 6"),
    ("4^(1+2)+", NotationError, "4 is not a prime"),
    ("3^(1+1000000000)+", TooLargeError, "at least 10"),
    # products and quotients that are not there, or not the only ones
    ("S20 wr S20", TooLargeError, r"at least 10\^386 elements"),
    ("C2 : C3", NotationError, "only the trivial action; write C2 x C3"),
    ("C2 : C3 {a^c = b}", NotationError, r"a\^c in .* is no generator of C2 \(a\) to the power of one of C3 \(b\)"),
    ("C4 : C2 {a^b = b}", NotationError, "'b' is no generator here; they are a"),
    ("C4 : C2 {a^b = a^2}", NotationError, "b is no automorphism of C4 .*not one to one"),
    ("C7 : C3 {a^b = a^3}", NotationError, r"breaks the relation b\^3 = 1 of C3"),
    ("C2^2 o C2^2", NotationError, "centre of C2\\^2 is not cyclic"),
    ("S4 / C4", NotationError, "S4 has no normal subgroup that is C4"),
    ("S4 / ((1,5))", NotationError, r"\(1,5\) is not in S4, which permutes 4 points"),
    ("C4 x C2 / C2", NotationError, "say with brackets"),
    ("(C4 x C2) / C2", NotationError, "is ambiguous: 3 normal subgroups are C2"),
    # presentations of what is long, infinite, or not known
    ("<a | a^999999999>", TooLargeError, "999,999,999 letters"),
    ("<a,b | (ab)^1000000000>", InfiniteGroupError, "free rank 1"),
    ("<a,b | a^2, b^3, (ab)^1000000>", TooLargeError, "2,000,005 letters"),
    ("<a,b | a^2, b^3, (ab)^7>", InfiniteGroupError, r"triangle group \(2,3,7\)"),
    # files that are named wrongly
    ("table.txt", NotationError, "a table file ends in .json, .csv, .npy"),
    ("nowhere.json", InputFileError, "No such file"),
    ("/nowhere/\n/x.csv", InputFileError, "No such file"),
    ("x" * 300 + ".csv", InputFileError, "too long"),
    ("x" * 5_000 + ".csv", NotationError, "the path has 5,004 characters"),
]


def shortened(value):
    """A name for a test: the text, cut."""
    return repr(value)[:40] if isinstance(value, str) else None


def refused(call, text, error, message):
    """The library raises the class with one line that matches; the command prints that line and exits with 1 or 4."""
    with pytest.raises(error) as refusal:
        group(text)
    line = " ".join(str(refusal.value).split())
    assert re.search(message, line), line
    if "\0" in text or "\ud800" in text:
        return  # no operating system hands such an argument over
    code, out, err = call("show", "--", text)
    assert (code, out) == (refusal.value.exit_code, "")
    assert code in (1, 4)
    assert err.startswith("grouptool: ")
    assert err.count("\n") == 1
    assert len(err) < 1_100
    assert len(line) > 1_000 or line in err


@pytest.mark.parametrize(("text", "error", "message"), TEXTS, ids=shortened)
def test_each_text_is_refused_in_one_line(call, text, error, message):
    """Through the library and through the command line."""
    refused(call, text, error, message)


def test_the_table_is_long_enough_and_has_no_repeats():
    """Each row is another way to be wrong."""
    assert len({text for text, _, _ in TEXTS}) == len(TEXTS) >= 60


COMMANDS = [
    # places that cannot be written: said before the work
    ("graph cayley S3 --output /no/such/folder/x.svg", 1, "there is no folder /no/such/folder"),
    ("graph cayley S3 --output folder.svg", 1, "it is a folder"),
    ("graph cayley S3 --output x.png", 1, r"no graph format has the suffix '\.png'"),
    ("graph cayley S3 --output folder.svg/x", 1, "no graph format has the suffix ''"),
    (f"graph cayley S3 --output {'x' * 300}.svg", 1, "name too long"),
    ("subgroups C2^9 --lattice /no/such/folder/x.svg", 1, "there is no folder"),
    ("subgroups C2^9 --lattice x.txt", 1, r"suffix '\.txt'"),
    # answers that are too long
    ("graph cayley C5000 --output x.graphml", 1, "25,000,000 points"),
    ("graph cycle C5000 --output x.dot", 1, "25,000,000 points"),
    ("graph cycle D1001 --output x.svg", 1, "2,002 nodes cannot be read"),
    ("elements S8", 1, "S8 has 40,320 elements"),
    ("elements C5000", 1, "5,000 elements of C5000"),
    ("table S5", 1, "120 columns"),
    ("table S8", 1, "S8 has 40,320 elements"),
    ("series S8", 1, "S8 has 40,320 elements"),
    # budgets
    ("subgroups C2^5 --budget 10", 4, "more than 10 subgroups"),
    ("subgroups C2^5 --normal --budget 10", 4, "more than 10 normal subgroups"),
    ("order M24 --budget 0.0000001", 4, "still unknown"),
    ("show <a,b,c,d|a^b=a^2,b^c=b^2,c^d=c^2,d^a=d^2> --max-cosets 1000", 4, "stopped at 1,000 cosets"),
    ("order <a,b,c,d|a^b=a^2,b^c=b^2,c^d=c^2,d^a=d^2> --max-cosets 1000", 4, "stopped at 1,000 cosets"),
    # representations: places, rows, files and actions
    ("irreps S3 --out /no/such/folder/x.npz", 1, "there is no folder /no/such/folder"),
    ("irreps S3 --out x.txt", 1, r"chosen by its ending, \.npz or \.json"),
    ("irreps C2^9 --out x", 1, r"chosen by its ending, \.npz or \.json"),
    (f"irreps S3 --out {'x' * 300}.npz", 1, "name too long"),
    ("irreps S8 --elements all", 1, "40,320 elements, too many"),
    ("irreps S12 --format json", 1, "has degree 1,155; Young's forms are made up to degree 1,000"),
    ("irreps S7 --elements all --format json", 1, "25,401,600 entries together; the limit is 1,000,000"),
    ("irreps <a,b|a^2>", 1, "infinite"),
    ("characters <a,b|a^2>", 1, "infinite"),
    ("characters M12", 1, "95,040 elements"),
    ("characters S29", 1, "S29 has more classes"),
    ("characters S9xC2", 1, "725,760 elements"),
    ("tensor X5 0 0", 1, "no group is called 'X5'"),
    ("tensor M12 0 0", 1, "95,040 elements"),
    ("fourier S9 --function x.json", 1, "362,880 elements"),
    ("fourier S3 --function missing.npy", 1, "cannot read missing.npy: No such file"),
    ("fourier S3 --function x.txt", 1, "cannot read x.txt|by their ending"),
    ("fourier S3 --function /dev/zero", 1, "no ordinary file"),
    ("fourier S3 --function missing.npy --out x.json", 1, r"chosen by its ending, \.npz"),
    ("decompose S9 --action natural", 1, "362,880 elements"),
    ("decompose S3 --action natural --out x.json", 1, r"chosen by its ending, \.npz"),
    ("decompose S3 --action matrices:missing.npy", 1, "cannot read missing.npy: No such file"),
    ("decompose S3 --action cosets:(1,5)", 1, "is not in S3"),
    ("decompose A4 --action cosets:(1,2)", 1, "is not in A4"),
    ("decompose S3 --action cosets:S2", 1, "give permutations that generate the subgroup, or its row"),
    ("decompose S3 --action cosets:(1,2", 1, "ends there"),
    ("decompose C2^9 --action cosets:1", 4, "subgroups"),
    # second arguments
    ("isomorphic S4 X5", 1, "no group is called 'X5'"),
    ("isomorphic S4 C10^9", 1, "1,000,000,000 elements"),
    ("isomorphic S4 nowhere.json", 1, "No such file"),
    ("quotient S4 C4", 1, "S4 has no normal subgroup that is C4"),
    ("quotient S4 (1,5)", 1, "is not in S4"),
    ("quotient S4 X5", 1, "no group is called 'X5'"),
    ("quotient S4 A4)x(C2", 1, "found '\\)' at character 3 of 'A4\\)x\\(C2'"),
    ("quotient S4)x(C2 Z", 1, "found '\\)' at character 3"),
    ("order S5 --member x", 1, "'x' needs a number"),
    ("order 24.99", 1, r"24\.1 to 24\.15"),
    ("order 2^(1+1000)+", 1, "at least 10"),
]


@pytest.mark.parametrize(("line", "code", "message"), COMMANDS, ids=shortened)
def test_each_command_is_refused_in_one_line(call, tmp_path, line, code, message):
    """With the exit code of a refusal, or of a budget; nothing is printed and nothing is left behind."""
    (tmp_path / "folder.svg").mkdir()
    found, out, err = call(*line.split())
    assert (found, out) == (code, ""), err
    assert err.startswith("grouptool: ")
    assert err.count("\n") == 1
    assert re.search(message, err), err
    assert [place.name for place in tmp_path.iterdir()] == ["folder.svg"]


@pytest.mark.parametrize(
    "line",
    [
        "graph cayley S3",
        "graph knot S3 --output x.svg",
        "subgroups S4 --budget 0",
        "isomorphic S4",
        "elements S4 --order x",
        "order S5 --random 0",
        "characters S4 --width 0",
        "characters S4 --irrational x",
        "characters S4 --format xml",
        "irreps S4 --irrep 5",
        "irreps S4 --irrep -1",
        "irreps S8 --irrep 22",
        "irreps S4 --irrep x",
        "irreps S4 --form complex",
        "irreps S4 --elements some",
        "irreps S4 --out .",
        "tensor S4 0",
        "tensor S4 0 5",
        "tensor S4 0 -1",
        "tensor S9 0 30",
        "fourier S4",
        "decompose S4",
        "decompose S4 --action sideways",
        "decompose S4 --action regular:1",
        "decompose S4 --action cosets:",
        "decompose S4 --action cosets:11",
        "decompose S4 --action matrices:",
        "frobnicate S5",
    ],
)
def test_commands_that_are_misused_say_how_they_are_used(call, line):
    """Exit code 2 and no traceback."""
    code, out, err = call(*line.split())
    assert (code, out) == (2, "")
    assert err.startswith("Usage: grouptool")
    assert err.splitlines()[-1].startswith("Error: ")


def test_what_has_too_many_subgroups_is_still_identified(call, monkeypatch):
    """The least degree is left open; label and description are found without the subgroups."""
    from grouptool.catalog import facts
    from grouptool.structure import subgroups

    def many(*_):
        raise BudgetSpentError("too many")

    monkeypatch.setattr(subgroups, "subgroup_lattice", many)
    monkeypatch.setattr(facts, "subgroup_lattice", many)
    code, out, _ = call("identify", "S4", "--format", "json")
    answer = json.loads(out)
    assert (code, answer["label"], answer["minimal_permutation_degree"]) == (0, "24.12", None)


@pytest.mark.parametrize("text", ["(SL(2,3) / Q8) x C2", "24.12 x C2", "(S4 / C2^2) wr C2", "(S4 / Z) / C2^2"])
def test_groups_found_for_a_part_print_as_what_is_read_again(text):
    """The control: such a part stands in brackets where it needs them."""
    made = group(text)
    assert made.name == text
    assert group(made.name) == made


def test_the_order_of_a_label_and_of_a_quotient_by_a_type(call):
    """The control: the command without tables takes what the library names."""
    for text, order in (("24.12", 24), ("SL(2,3) / Q8", 3), ("24.12 wr C2", 1152)):
        code, out, err = call("order", text, "--format", "json")
        assert (code, err) == (0, "")
        assert sys.get_int_max_str_digits() == 4_300  # what reads json files counts on it
        assert (json.loads(out)["order"], json.loads(out)["name"]) == (order, text)


# -- files


def as_json(rows):
    """A table in json."""
    return json.dumps(rows).encode()


def as_csv(rows):
    """A table in csv."""
    return "\n".join(",".join(map(str, row)) for row in rows).encode()


NUMPY_HEADER = b"\x93NUMPY\x01\x00v\x00{'descr': '%s', 'fortran_order': False, 'shape': (%s), }"


def npy(kind, shape, data=b""):
    """An npy file whose header says what we like."""
    return (NUMPY_HEADER % (kind, shape)).ljust(127) + b"\n" + data


FILES = [
    # each axiom, with the elements that break it
    ("closure.json", as_json([[0, 1], [1, 2]]), NotAGroupError, r"1\*1 is 2, outside 0 to 1"),
    ("closure.csv", as_csv([[0, -1], [1, 0]]), NotAGroupError, r"0\*1 is -1, outside"),
    ("identity.json", as_json([[1, 0, 2], [2, 1, 0], [0, 2, 1]]), NotAGroupError, "no identity"),
    ("inverse.json", as_json([[0, 1], [1, 1]]), NotAGroupError, r"1\*0 and 1\*1 are both 1, so left multiplication"),
    ("inverse.csv", as_csv([[0, 1], [0, 1]]), NotAGroupError, r"0\*0 and 1\*0 are both 0, so right multiplication"),
    ("associative.json", as_json(LOOP), NotAGroupError, r"\(\d\*\d\)\*\d is not \d\*\(\d\*\d\)"),
    ("associative.csv", as_csv(LOOP), NotAGroupError, r"\(\d\*\d\)\*\d is not \d\*\(\d\*\d\)"),
    # shapes and entries
    ("ragged.json", as_json([[0, 1], [1]]), NotAGroupError, "row 0 has 2 entries, row 1 has 1"),
    ("ragged.csv", b"0,1,2\n1,2,0\n2,0\n", NotAGroupError, "row 0 has 3 entries, row 2 has 2"),
    ("flat.json", b"[0, 1]", NotAGroupError, r"square.*shape \(2,\)"),
    ("cube.json", b"[[[0]]]", NotAGroupError, "square"),
    ("wide.json", as_json([[0, 1]]), NotAGroupError, "square"),
    ("none.json", b"[]", NotAGroupError, "square"),
    ("number.json", b"7", NotAGroupError, "square"),
    ("object.json", b'{"table": [[0]]}', NotAGroupError, "square"),
    ("words.json", b'[["a"]]', NotAGroupError, "integers"),
    ("truth.json", b"[[true]]", NotAGroupError, "integers"),
    ("half.json", b"[[0.5]]", NotAGroupError, "integers"),
    ("nan.json", b"[[NaN]]", NotAGroupError, "integers"),
    ("huge.json", b"[[" + b"9" * 4_000 + b"]]", NotAGroupError, "integers"),
    ("endless.json", b"[[" + b"9" * 5_000 + b"]]", InputFileError, "not a table of integers"),
    ("letters.csv", b"0,x\n1,0", InputFileError, "not a table of integers"),
    # no such files at all
    ("empty.json", b"", InputFileError, "not a table of integers"),
    ("empty.csv", b"", NotAGroupError, "square"),
    ("empty.npy", b"", InputFileError, "not a table of integers"),
    ("cut.json", b"[[0, 1], [1", InputFileError, "not a table of integers"),
    ("deep.json", b"[" * 100_000, InputFileError, "not a table of integers"),
    ("nul.csv", b"0,\0", InputFileError, "not a table of integers"),
    ("latin1.json", b'["\xff"]', InputFileError, "not a table of integers"),
    ("long.csv", b"1" * 200_000, InputFileError, "not a table of integers"),
    ("zip.npy", b"PK\x03\x04" + b"0" * 100, InputFileError, "not a table of integers"),
    ("pickle.npy", b"\x80\x04\x95" + b"0" * 100, InputFileError, "not a table of integers"),
    ("cut.npy", npy(b"<i8", b"2, 2", b"\0" * 16), InputFileError, "not a table of integers"),
    ("claims.npy", npy(b"<i8", b"200000, 200000", b"0" * 64), InputFileError, "not a table of integers"),
    ("negative.npy", npy(b"<i8", b"-2, -2", b"\0" * 32), (InputFileError, NotAGroupError), "."),
    ("objects.npy", npy(b"|O", b"1, 1", b"\0" * 8), InputFileError, "not a table of integers"),
    ("times.npy", npy(b"<m8[s]", b"1, 1", b"\0" * 8), NotAGroupError, "integers"),
    ("floats.npy", npy(b"<f8", b"1, 1", b"\0" * 8), NotAGroupError, "integers"),
    ("code.npy", npy(b"<i8", b"__import__('os')", b""), InputFileError, "not a table of integers"),
    ("header.npy", b"\x93NUMPY\x01\x00\xff\xff" + b"{" * 100, InputFileError, "not a table of integers"),
    ("version.npy", b"\x93NUMPY\x09\x00v\x00", InputFileError, "not a table of integers"),
]


@pytest.mark.parametrize(("name", "content", "error", "message"), FILES, ids=[name for name, *_ in FILES])
def test_each_file_is_refused_in_one_line(call, tmp_path, name, content, error, message):
    """Tables that break an axiom, that are no tables, and files that lie about what they are."""
    (tmp_path / name).write_bytes(content)
    refused(call, name, error, message)


NUMBERS = [
    # of a function on S3
    ("five.json", b"[1, 2, 3, 4, 5]", r"shape \(5,\); a function on S3 has 6 of them"),
    ("row.csv", b"1,2,3,4,5,6\n", r"shape \(1, 6\); a function on S3 has 6"),
    ("nan.json", b"[1, 2, 3, NaN, 5, 6]", "something else than finite numbers"),
    ("endless.json", b"[1, 2, 3, 1e999, 5, 6]", "something else than finite numbers"),
    ("large.csv", b"1e200\n" * 6, r"above 1e\+100"),
    ("part.json", b'[1, 2, 3, 4, 5, {"re": 1' + b"0" * 400 + b', "im": 0}]', "no array of numbers"),
    ("objects.npy", npy(b"|O", b"6,", b"\0" * 48), "no array of numbers"),
    ("pickle.npy", b"\x80\x04\x95" + b"0" * 100, "no array of numbers"),
    ("archive.npy", b"PK\x03\x04" + b"0" * 100, "no array of numbers"),
    ("claims.npy", npy(b"<f8", b"200000, 200000", b"0" * 64), "no array of numbers"),
    ("code.npy", npy(b"<i8", b"__import__('os')", b""), "no array of numbers"),
    ("words.npy", npy(b"|S1", b"6,", b"abcdef"), "something else than finite numbers"),
    ("deep.json", b"[" * 100_000, "no array of numbers"),
    ("empty.csv", b"", r"shape \(0,\)"),
]


@pytest.mark.parametrize(("name", "content", "message"), NUMBERS, ids=[name for name, *_ in NUMBERS])
def test_each_file_of_numbers_is_refused_in_one_line(call, tmp_path, name, content, message):
    """As a function, and, where the shape is not what is wrong, as matrices."""
    (tmp_path / name).write_bytes(content)
    for line in (["fourier", "S3", "--function", name], ["decompose", "S3", "--action", f"matrices:{name}"]):
        code, out, err = call(*line)
        assert (code, out) == (1, "")
        assert err.startswith("grouptool: ")
        assert err.count("\n") == 1
        if line[0] == "fourier" or "shape" not in message:
            assert re.search(message, err), err


MATRICES = [
    ([[[1.0]]], r"matrices have shape \(r, d, d\), not \(1, 1, 1\)"),
    ([[1.0, 2.0], [3.0, 4.0]], r"shape \(r, d, d\), not \w+ of shape \(2, 2\)"),
    ([[[1.0, 0.0]], [[0.0, 1.0]]], r"shape"),
    ([[[1.0, 1.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]], r"no homomorphism: .* at x = .*, y = \(1,2,3\)"),
    ([[[0.0]], [[0.0]]], "no homomorphism"),
]


@pytest.mark.parametrize(("given", "message"), MATRICES, ids=shortened)
def test_matrices_that_are_no_representation_of_s3(call, tmp_path, given, message):
    """Too few, of another shape, or breaking a relation, which is named by its elements."""
    np.save(tmp_path / "x.npy", np.array(given))
    code, out, err = call("decompose", "S3", "--action", "matrices:x.npy", "--out", "q.npz")
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert re.search(message, err), err
    assert [place.name for place in tmp_path.iterdir()] == ["x.npy"]


def test_a_table_above_the_limit_is_refused_before_it_is_read(call, tmp_path):
    """A sparse file of the right length costs no disk; its header alone decides."""
    with (tmp_path / "large.npy").open("wb") as stream:
        stream.write(npy(b"|u1", b"30000, 30000"))
        stream.truncate(128 + 30_000**2)
    refused(call, "large.npy", TooLargeError, "30,000 elements; the limit is")
    for name in ("large.json", "large.csv"):
        with (tmp_path / name).open("wb") as stream:
            stream.truncate((1 << 28) + 1)
        refused(call, name, InputFileError, "more than 268,435,456 bytes")


@pytest.mark.parametrize(
    ("target", "message"),
    [("missing.json", "No such file"), ("folder", "no ordinary file"), ("/dev/zero", "no ordinary file")],
)
@pytest.mark.parametrize("ending", ["json", "csv", "npy"])
def test_links_that_lead_nowhere_good(call, tmp_path, target, message, ending):
    """A dangling link, a link to a folder, a link to an endless device; and a link to itself."""
    (tmp_path / "folder").mkdir()
    (tmp_path / f"link.{ending}").symlink_to(target)
    refused(call, f"link.{ending}", InputFileError, message)
    (tmp_path / f"self.{ending}").symlink_to(f"self.{ending}")
    refused(call, f"self.{ending}", InputFileError, "symbolic links|cannot read")


def test_pipes_and_folders(call, tmp_path):
    """Neither is opened, so neither blocks."""
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.npy").mkdir()
    for name in ("pipe.csv", "folder.npy"):
        refused(call, name, InputFileError, "no ordinary file")


def test_a_link_to_a_table_is_a_table(tmp_path):
    """The control: an honest link, an honest file in each form."""
    rows = [[0, 1], [1, 0]]
    (tmp_path / "c2.json").write_bytes(as_json(rows))
    (tmp_path / "c2.csv").write_bytes(as_csv(rows))
    np.save(tmp_path / "c2.npy", rows)
    for ending in ("json", "csv", "npy"):
        (tmp_path / f"link.{ending}").symlink_to(f"c2.{ending}")
        assert group(f"link.{ending}").order == 2


def test_an_honest_long_text_is_read():
    """The control: bounds do not refuse what is meant, a cycle through all the points that there may be."""
    spec = parse("(" + ",".join(map(str, range(1, 100_001))) + ")")
    assert len(spec.generators[0][0]) == 100_000
