"""The one language for groups: text to specification and back.

Public: parse, Spec and its kinds (Named, Extraspecial, Label, TableFile, Power, Product, Semidirect, Wreath,
CentralProduct, Quotient with Centre, Automorphisms, Permutations, Presentation, Matrices), Word with Letter,
Commutator and Conjugate, Ring, and Entry with Number, Symbol, Root, Monomial and Sum. Every specification prints
(``str``) as a text that parses to an equal one. Nothing here builds a group: which families exist is known to
``grouptool.construct``.

Grammar (``{ }`` any number of times, ``[ ]`` at most once, ``|`` or, quotes around what is typed)::

    text      = file | generators | product               file: a path that ends in .json, .csv or .npy
    product   = factor {"x" factor}                       direct product
              | factor ":" factor ["{" rule {"," rule} "}"]   semidirect product, normal subgroup first
              | factor "wr" factor                        wreath product
              | factor "o" factor                         central product
              | factor "/" (factor | "Z")                 factor group; Z is the centre
    factor    = group ["^" number]                        direct power
    group     = "(" product ")" | "(" generators ")" | name | label | extraspecial | presentation
              | ("Aut" | "Out" | "Hol") "(" (product | generators) ")"   automorphisms, outer ones, holomorph
    name      = family number | family ["+" | "-"] "(" argument {"," argument} ")" | "F" number ":" number
    label     = number "." number                         small-group label, order and index
    extraspecial = number "^" "(" "1" "+" number ")" ["+" | "-"]
    rule      = letter "^" letter "=" word                generator of N, acted on by a generator of H

    generators = permutation {"," permutation} | list {"," list} | matrix {"," matrix} ["over" ring]
    permutation = cycle {cycle}                           cycle: "(" points ")", commas or spaces between points
    list      = "[" number {"," number} "]"               images of 1, 2, ...; with a 0 among them, of 0, 1, ...
    matrix    = "[" row {"," row} "]"                     row: "[" entry {"," entry} "]"
    entry     = sums, products, quotients and integer powers of integers, "i", "E(n)" = exp(2 pi i/n), and
                "z", the primitive element of GF(q)
    ring      = "Z" | "Z/" number | "GF(" number ")" | "Q"    without one Z, or Q if an entry is no integer

    presentation = "<" letter {"," letter} "|" [relation {"," relation}] ">"
    relation  = word {"=" word}                           a word stands for word = 1
    word      = "1" | power {["*"] power}                 products are left to right, first a, then b, in a*b
    power     = base ["^" (["-"] number | letter | "(" word ")")]
    base      = letter | "(" word ")" | "[" word "," word {"," word} "]"

Conventions: ``[u,v]`` is u^-1*v^-1*u*v and ``[u,v,w]`` is [[u,v],w]; ``a^b`` is b^-1*a*b; letters may run together,
and the power in ``ab^2`` is the last one's; D5 has order 10. Two different operators in one text need brackets, and so
does the same one twice, except x.

>>> def show(*texts):
...     print("; ".join(str(parse(text)) for text in texts))
>>> show("S5", "C2^2xQ8", "C7:C3", "F7:3", "C2 wr S3", "D4 o Q8", "SL(2,3)/Z", "24.12", "3^(1+2)+", "W(F4)")
S5; C2^2 x Q8; C7 : C3; F7:3; C2 wr S3; D4 o Q8; SL(2,3) / Z; 24.12; 3^(1+2)+; W(F4)
>>> show("GO+(4,3)", "Hol(C2^3)", "Aut(Q8)")
GO+(4,3); Hol(C2^3); Aut(Q8)
>>> show("C2^2:C3 {a^c = b, b^c = ab}")  # a, b generate C2^2 and c generates C3
C2^2 : C3 {a^c = b, b^c = a*b}
>>> show("(1 2 3)(4 5), (1 2)", "[1,0,2], [1,2,0]")
(1,2,3)(4,5), (1,2); (1,2), (1,2,3)
>>> show("[[0,1],[-1,0]]", "[[z,0],[0,z^-1]] over GF(9)")
[[0,1],[-1,0]] over Z; [[z,0],[0,z^-1]] over GF(9)
>>> show("<a,b | a^2 = b^3 = (ab)^5, [a,b]^4, a^b = a^-1>")
<a, b | a^2*((a*b)^5)^-1, b^3*((a*b)^5)^-1, [a,b]^4, a^b*(a^-1)^-1>

Other systems' spellings are read too, where they are not ambiguous:

>>> show("Z/5", "S_4", "V4", "L2(7)", "SymmetricGroup(5)", "DihedralGroup(10)", "SmallGroup(24,12)", "GL(2,GF(9))")
C5; S4; C2^2; PSL(2,7); S5; D5; 24.12; GL(2,9)
>>> show("SO(-1,4,3)", "O8+(2)", "Holomorph(S3)")
SO-(4,3); POmega+(8,2); Hol(S3)
>>> show('FreeGroup("a","b")/[a**2, b**3, Comm(a,b)]', "⟨a, b : a^2⟩")
<a, b | a^2, b^3, [a,b]>; <a, b | a^2>
>>> show("Group((1,2,3),(1,2))", "PermutationGroup([Permutation([1,0,2])])")
(1,2,3), (1,2); (1,2)

Everything else is refused with a NotationError of one line; sizes are bounded (``tokens.py`` and the constants of each
file say why) and reading is linear in the text.
"""

from .nodes import (
    Automorphisms,
    CentralProduct,
    Centre,
    Commutator,
    Conjugate,
    Entry,
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
    Spec,
    Sum,
    Symbol,
    TableFile,
    Word,
    Wreath,
)
from .parser import parse

__all__ = [
    "Automorphisms",
    "CentralProduct",
    "Centre",
    "Commutator",
    "Conjugate",
    "Entry",
    "Extraspecial",
    "Label",
    "Letter",
    "Matrices",
    "Monomial",
    "Named",
    "Number",
    "Permutations",
    "Power",
    "Presentation",
    "Product",
    "Quotient",
    "Ring",
    "Root",
    "Semidirect",
    "Spec",
    "Sum",
    "Symbol",
    "TableFile",
    "Word",
    "Wreath",
    "parse",
]
