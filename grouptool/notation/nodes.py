"""Specifications: what a text of the notation denotes. Each prints (``str``) as a text that parses to an equal one.

Public: Spec and its kinds; Word with Letter, Commutator and Conjugate; Matrices with Ring and the kinds of Entry.
All are frozen and made of tuples, so they compare by value and can be keys. Nothing here builds a group.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

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
]


# -- groups by name


@dataclass(frozen=True)
class Named:
    """A member of a family: ``S5`` is Named("S", (5,)), ``SL(2,3)`` Named("SL", (2, 3)), ``W(E6)`` Named("W", ("E6",)).

    Only Weyl groups, family W, have a word among their arguments. A parsed name is never an alias: ``Z5`` is
    Named("C", (5,)).
    """

    family: str
    arguments: tuple[int | str, ...]

    def __str__(self) -> str:
        if self.family == "F" and len(self.arguments) == 2:
            return f"F{self.arguments[0]}:{self.arguments[1]}"
        if len(self.arguments) == 1 and isinstance(self.arguments[0], int):
            return f"{self.family}{self.arguments[0]}"
        return f"{self.family}({','.join(map(str, self.arguments))})"


@dataclass(frozen=True)
class Extraspecial:
    """The extraspecial group of order prime^exponent, exponent = 1 + 2r: ``3^(1+2)+`` is Extraspecial(3, 3, "+").

    For an odd prime, "+" has exponent p and "-" exponent p^2; for 2, "+" is the central product of copies of D4, in
    "-" one of them is Q8.
    """

    prime: int
    exponent: int
    sign: str

    def __str__(self) -> str:
        return f"{self.prime}^(1+{self.exponent - 1}){self.sign}"


@dataclass(frozen=True)
class Label:
    """The small-group label order.index, ``24.12``, GAP's SmallGroup(24,12)."""

    order: int
    index: int

    def __str__(self) -> str:
        return f"{self.order}.{self.index}"


@dataclass(frozen=True)
class TableFile:
    """A Cayley table in a json, csv or npy file."""

    path: str

    def __str__(self) -> str:
        return self.path


# -- groups from groups


@dataclass(frozen=True)
class Power:
    """The direct power of a group with itself, ``C2^3``."""

    base: Spec
    exponent: int

    def __str__(self) -> str:
        base = f"({self.base})" if isinstance(self.base, Power | Extraspecial) else _bracketed(self.base)
        return f"{base}^{self.exponent}"


@dataclass(frozen=True)
class Product:
    """The direct product, ``A x B``."""

    factors: tuple[Spec, ...]

    def __str__(self) -> str:
        return " x ".join(map(_bracketed, self.factors))


@dataclass(frozen=True)
class Semidirect:
    """The semidirect product ``N : H``, N normal; ``C2^2 : C3 {a^c = b, b^c = a*b}`` with its action.

    The generators of N, then those of H, in the order in which the groups list them, are called a, b, ..., z, a1,
    b1, ... In the action, (x, y, word) says that the generator y of H sends the generator x of N to the word in the
    generators of N; what is not listed is fixed. An empty action means the one, up to isomorphism, that is not trivial.
    """

    normal: Spec
    complement: Spec
    action: tuple[tuple[str, str, Word], ...] = ()

    def __str__(self) -> str:
        rules = ", ".join(f"{x}^{y} = {word}" for x, y, word in self.action)
        return f"{_bracketed(self.normal)} : {_bracketed(self.complement)}" + (f" {{{rules}}}" if rules else "")


@dataclass(frozen=True)
class Wreath:
    """The wreath product ``A wr B``: B permutes copies of A as it permutes its points."""

    base: Spec
    top: Spec

    def __str__(self) -> str:
        return f"{_bracketed(self.base)} wr {_bracketed(self.top)}"


@dataclass(frozen=True)
class CentralProduct:
    """The central product ``A o B``: the centres glued along their largest common cyclic part."""

    left: Spec
    right: Spec

    def __str__(self) -> str:
        return f"{_bracketed(self.left)} o {_bracketed(self.right)}"


@dataclass(frozen=True)
class Centre:
    """The centre of the group on the left of ``/``, written Z."""

    def __str__(self) -> str:
        return "Z"


@dataclass(frozen=True)
class Quotient:
    """The factor group ``G / N``; N is a type of normal subgroup, Z, or permutations (their normal closure)."""

    group: Spec
    kernel: Spec | Centre

    def __str__(self) -> str:
        kernel = str(self.kernel) if isinstance(self.kernel, Centre) else _bracketed(self.kernel)
        return f"{_bracketed(self.group)} / {kernel}"


@dataclass(frozen=True)
class Automorphisms:
    """A group made of the automorphisms of another: Aut(G), Out(G) = Aut(G) / Inn(G), or Hol(G) = G : Aut(G)."""

    kind: str  # "Aut", "Out" or "Hol"
    group: Spec

    def __str__(self) -> str:
        return f"{self.kind}({self.group})"


# -- groups from generators


@dataclass(frozen=True)
class Permutations:
    """The group that permutations generate; each generator is a tuple of disjoint cycles of points from 1."""

    generators: tuple[tuple[tuple[int, ...], ...], ...]

    def __str__(self) -> str:
        return ", ".join(
            "".join(f"({','.join(map(str, cycle))})" for cycle in generator) or "()" for generator in self.generators
        )


@dataclass(frozen=True)
class Presentation:
    """Generators and relators, ``<a, b | a^2, b^3, (a*b)^5>``; an equation u = v is the relator u*v^-1."""

    letters: tuple[str, ...]
    relators: tuple[Word, ...]

    def __str__(self) -> str:
        return f"<{', '.join(self.letters)} | {', '.join(map(str, self.relators))}>"


@dataclass(frozen=True)
class Matrices:
    """The group that square matrices of one size generate, ``[[0,1],[-1,0]], [[1,1],[0,1]] over GF(5)``.

    ``rows[g][i][j]`` is the entry of generator g in row i and column j, an expression that is not evaluated.
    """

    rows: tuple[tuple[tuple[Entry, ...], ...], ...]
    ring: Ring

    def __str__(self) -> str:
        return f"{', '.join(_listed(map(_listed, matrix)) for matrix in self.rows)} over {self.ring}"


Spec = (
    Named
    | Extraspecial
    | Label
    | TableFile
    | Power
    | Product
    | Semidirect
    | Wreath
    | CentralProduct
    | Quotient
    | Automorphisms
    | Permutations
    | Presentation
    | Matrices
)


# -- words


@dataclass(frozen=True)
class Letter:
    """A generator of a presentation."""

    name: str

    @property
    def depth(self) -> int:
        """Brackets around the innermost letter, when printed."""
        return 0

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Word:
    """A product of powers; the empty product is the identity, written 1."""

    factors: tuple[tuple[Letter | Word | Commutator | Conjugate, int], ...]

    @cached_property
    def depth(self) -> int:
        """Brackets around the innermost letter, when printed."""
        return max((_inner_depth(base) for base, _ in self.factors), default=0)

    def __str__(self) -> str:
        return "*".join(_power(base, exponent) for base, exponent in self.factors) or "1"


@dataclass(frozen=True)
class Commutator:
    """``[u,v]``, which is u^-1*v^-1*u*v, as GAP's and SymPy's Comm."""

    first: Word
    second: Word

    @cached_property
    def depth(self) -> int:
        """Brackets around the innermost letter, when printed."""
        return 1 + max(self.first.depth, self.second.depth)

    def __str__(self) -> str:
        return f"[{self.first},{self.second}]"


@dataclass(frozen=True)
class Conjugate:
    """``a^b``, which is b^-1*a*b. Its power is written (a^b)^2 and is the power of a Word; ``by`` is not empty."""

    base: Letter | Word | Commutator
    by: Letter | Word

    @cached_property
    def depth(self) -> int:
        """Brackets around the innermost letter, when printed."""
        return max(_inner_depth(self.base), _inner_depth(self.by))

    def __str__(self) -> str:
        return f"{_base(self.base)}^{_base(self.by)}"


def _inner_depth(base: Letter | Word | Commutator | Conjugate) -> int:
    return base.depth + isinstance(base, Word)


def _base(base: Letter | Word | Commutator | Conjugate) -> str:
    return f"({base})" if isinstance(base, Word) else str(base)


def _power(base: Letter | Word | Commutator | Conjugate, exponent: int) -> str:
    if exponent == 1 and not isinstance(base, Word):
        return str(base)
    return f"({base})^{exponent}" if isinstance(base, Conjugate) else f"{_base(base)}^{exponent}"


# -- matrices


@dataclass(frozen=True)
class Ring:
    """Where entries lie: ``Z``, ``Z/8`` is Ring("Z", 8), ``GF(9)`` is Ring("GF", 9), ``Q`` with all roots of unity."""

    kind: str
    size: int = 0

    def __str__(self) -> str:
        if self.kind == "GF":
            return f"GF({self.size})"
        return f"{self.kind}/{self.size}" if self.size else self.kind


@dataclass(frozen=True)
class Number:
    """An integer."""

    value: int

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True)
class Symbol:
    """``i``, the square root of -1 that is E(4), or ``z``, the primitive element of GF(q)."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Root:
    """``E(n)``, the root of unity exp(2 pi i/n)."""

    order: int

    def __str__(self) -> str:
        return f"E({self.order})"


@dataclass(frozen=True)
class Monomial:
    """A product of integer powers: ``-2*z/3`` is Monomial(((Number(-2), 1), (Symbol("z"), 1), (Number(3), -1)))."""

    factors: tuple[tuple[Entry, int], ...]

    def __str__(self) -> str:
        (first, exponent), *rest = self.factors
        if isinstance(first, Number) and first.value < 0 and exponent == 1 and rest:
            opposite = first.value == -1 and rest[0][1] > 0 and isinstance(rest[0][0], Symbol | Root | Sum)
            text = "-" if opposite else str(first)
            signed = opposite  # after a bare sign comes no operator
        else:
            text, signed = _raised(first, exponent), False
        for base, power in rest:
            operator = "" if signed else "/" if power < 0 else "*"
            text += operator + _raised(base, abs(power))
            signed = False
        return text


@dataclass(frozen=True)
class Sum:
    """A sum of at least two terms, ``1+E(5)-2*E(5)^2``."""

    terms: tuple[Entry, ...]

    def __str__(self) -> str:
        shown = [f"({term})" if isinstance(term, Sum) else str(term) for term in self.terms]
        return shown[0] + "".join(term if term.startswith("-") else f"+{term}" for term in shown[1:])


Entry = Number | Symbol | Root | Monomial | Sum


def _listed(items: Iterable[object]) -> str:
    return f"[{','.join(map(str, items))}]"


def _raised(base: Entry, exponent: int) -> str:
    plain = isinstance(base, Symbol | Root) or (isinstance(base, Number) and base.value >= 0)
    shown = str(base) if plain else f"({base})"
    return shown if exponent == 1 else f"{shown}^{exponent}"


def _bracketed(spec: Spec) -> str:
    compound = Product | Semidirect | Wreath | CentralProduct | Quotient | Permutations | Matrices
    return f"({spec})" if isinstance(spec, compound) else str(spec)
