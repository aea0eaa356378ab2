"""The one language for groups: text to specification and back.

Public: parse, and the specifications Named, Power, Product, Semidirect, Permutations, Presentation, TableFile.
Every specification prints (``str``) as a text that parses to an equal one. Nothing here builds a group: which
families exist is known to ``grouptool.construct`` alone.

    S5   SL(2,3)   F7:3   C2^3 x Q8   C7 : C3   (1,2,3)(4,5), (1,2)   <a, b | a^2, b^3, (a*b)^5>   table.csv

Products compose left to right: in a word or a product of cycles, ``a*b`` is first a, then b.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from .errors import NotationError

__all__ = [
    "Letter",
    "Named",
    "Permutations",
    "Power",
    "Presentation",
    "Product",
    "Semidirect",
    "Spec",
    "TableFile",
    "Word",
    "parse",
]

MAX_TEXT = 20_000  # characters
MAX_DEPTH = 40  # nested brackets
MAX_INTEGER = 10**9
MAX_POINT = 100_000  # largest point that a permutation may move
TABLE_SUFFIXES = (".json", ".csv", ".npy")


@dataclass(frozen=True)
class Named:
    """A member of a family: ``S5`` is Named("S", (5,)), ``SL(2,3)`` is Named("SL", (2, 3))."""

    family: str
    arguments: tuple[int, ...]

    def __str__(self) -> str:
        if self.family == "F" and len(self.arguments) == 2:
            return f"F{self.arguments[0]}:{self.arguments[1]}"
        if len(self.arguments) == 1:
            return f"{self.family}{self.arguments[0]}"
        return f"{self.family}({','.join(map(str, self.arguments))})"


@dataclass(frozen=True)
class Power:
    """The direct power of a group with itself, ``C2^3``."""

    base: Spec
    exponent: int

    def __str__(self) -> str:
        base = f"({self.base})" if isinstance(self.base, Power) else _bracketed(self.base)
        return f"{base}^{self.exponent}"


@dataclass(frozen=True)
class Product:
    """The direct product, ``A x B``."""

    factors: tuple[Spec, ...]

    def __str__(self) -> str:
        return " x ".join(map(_bracketed, self.factors))


@dataclass(frozen=True)
class Semidirect:
    """The semidirect product ``N : H``, N normal, where one action up to isomorphism is not trivial."""

    normal: Spec
    complement: Spec

    def __str__(self) -> str:
        return f"{_bracketed(self.normal)} : {_bracketed(self.complement)}"


@dataclass(frozen=True)
class Permutations:
    """The group that permutations generate; each generator is a tuple of disjoint cycles of points from 1."""

    generators: tuple[tuple[tuple[int, ...], ...], ...]

    def __str__(self) -> str:
        return ", ".join(
            "".join(f"({','.join(map(str, cycle))})" for cycle in generator) or "()" for generator in self.generators
        )


@dataclass(frozen=True)
class Letter:
    """A generator of a presentation."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Word:
    """A product of powers of letters and words; the empty product is the identity, written 1."""

    factors: tuple[tuple[Letter | Word, int], ...]

    def __str__(self) -> str:
        return "*".join(_power(base, exponent) for base, exponent in self.factors) or "1"


@dataclass(frozen=True)
class Presentation:
    """Generators and relators, ``<a, b | a^2, b^3, (a*b)^5>``; an equation u = v is the relator u*v^-1."""

    letters: tuple[str, ...]
    relators: tuple[Word, ...]

    def __str__(self) -> str:
        return f"<{', '.join(self.letters)} | {', '.join(map(str, self.relators))}>"


@dataclass(frozen=True)
class TableFile:
    """A Cayley table in a json, csv or npy file."""

    path: str

    def __str__(self) -> str:
        return self.path


Spec = Named | Power | Product | Semidirect | Permutations | Presentation | TableFile


def parse(text: str) -> Spec:
    """The specification that a text denotes.

    Args:
        text: at most 20,000 characters, in any of the forms at the head of this module.

    Raises:
        NotationError: the text is not in the language; the message gives the place and what was expected there.

    >>> str(parse("C2xC2 x  S3"))
    'C2 x C2 x S3'
    """
    if len(text) > MAX_TEXT:
        raise NotationError(f"the text has {len(text):,} characters; the notation reads at most {MAX_TEXT:,}")
    stripped = text.strip()
    if stripped.lower().endswith(TABLE_SUFFIXES) and "\0" not in stripped:
        return TableFile(stripped)
    return _Parser(stripped).whole()


def _power(base: Letter | Word, exponent: int) -> str:
    shown = f"({base})" if isinstance(base, Word) else str(base)
    return shown if exponent == 1 and isinstance(base, Letter) else f"{shown}^{exponent}"


def _bracketed(spec: Spec) -> str:
    return f"({spec})" if isinstance(spec, Product | Semidirect | Permutations) else str(spec)


# The first alternative is the x of "C2xC4": it stands after a finished factor and before the next one.
_TOKEN = re.compile(r"\s*(?:((?<=[0-9)>])x(?=\s*[A-Z(<]))|([A-Za-z_]+)|([0-9]+)|([-()<>|,^:*=×⋊]))")


class _Parser:
    """Recursive descent over tokens; one method a rule, each leaves the position after what it read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, int]] = []
        place = 0
        while place < len(text):
            match = _TOKEN.match(text, place)
            if match is None:
                raise NotationError(
                    f"cannot read {_excerpt(text[place:])} at character {place + 1} of {_excerpt(text)}"
                )
            self.tokens.append((match.group().strip(), match.start(match.lastindex or 0)))
            place = match.end()
        self.next = 0
        self.depth = 0

    def whole(self) -> Spec:
        if not self.tokens:
            raise NotationError("the text is empty; write a group, such as S5, SL(2,3), C7:C3 or <a,b | a^2, b^3>")
        spec: Spec = self.permutations() if self.at_cycle() else self.product()
        if self.next < len(self.tokens):
            self.refuse("the end of the text")
        return spec

    # -- products of groups

    def product(self) -> Spec:
        factors = [self.factor()]
        operator = None
        while self.peek() in ("x", "X", "×", ":", "⋊"):
            found = ":" if self.take() in (":", "⋊") else "x"
            if operator == ":" or (operator == "x" and found == ":"):
                raise NotationError(f"{_excerpt(self.text)} mixes products; say with brackets which comes first")
            operator = found
            factors.append(self.factor())
        if operator is None:
            return factors[0]
        return Semidirect(factors[0], factors[1]) if operator == ":" else Product(tuple(factors))

    def factor(self) -> Spec:
        base = self.atom()
        if self.peek() != "^":
            return base
        self.take()
        return Power(base, self.integer("an exponent"))

    def atom(self) -> Spec:
        token = self.peek()
        if token == "(":
            self.take()
            self.descend()
            spec: Spec = self.permutations() if self.at_cycle() else self.product()
            self.expect(")")
            self.depth -= 1
            return spec
        if token == "<":
            return self.presentation()
        if token is None or not token[0].isalpha():
            self.refuse("a group, such as S5, SL(2,3), (1,2,3) or <a | a^5>")
        return self.named()

    def named(self) -> Named:
        family = self.take()
        if self.peek() == "(":
            self.take()
            arguments = [self.integer("a number")]
            while self.peek() == ",":
                self.take()
                arguments.append(self.integer("a number"))
            self.expect(")")
            return Named(family, tuple(arguments))
        if not (self.peek() or "").isdigit():
            raise NotationError(f"{family!r} needs a number, as in {family}5 or {family}(2,5)")
        first = self.integer("a number")
        if family == "F" and self.peek() == ":" and (self.peek(1) or "").isdigit():
            self.take()
            return Named(family, (first, self.integer("a number")))
        return Named(family, (first,))

    # -- permutations

    def at_cycle(self) -> bool:
        return self.peek() == "(" and ((self.peek(1) or "").isdigit() or self.peek(1) == ")")

    def permutations(self) -> Permutations:
        generators = [self.permutation()]
        while self.peek() == ",":
            self.take()
            if not self.at_cycle():
                self.refuse("a cycle such as (1,2,3)")
            generators.append(self.permutation())
        return Permutations(tuple(generators))

    def permutation(self) -> tuple[tuple[int, ...], ...]:
        cycles: list[tuple[int, ...]] = []
        moved: set[int] = set()
        while self.at_cycle():
            self.take()
            cycle: list[int] = []
            while self.peek() != ")":
                if cycle and self.peek() == ",":
                    self.take()
                cycle.append(self.point(moved))
            self.take()
            if len(cycle) > 1:
                cycles.append(tuple(cycle))
        return tuple(cycles)

    def point(self, moved: set[int]) -> int:
        point = self.integer("a point")
        if not 1 <= point <= MAX_POINT:
            raise NotationError(f"the point {point:,} is outside 1 to {MAX_POINT:,}")
        if point in moved:
            raise NotationError(
                f"the point {point} occurs twice in one permutation; cycles of a generator are disjoint"
            )
        moved.add(point)
        return point

    # -- presentations

    def presentation(self) -> Presentation:
        self.expect("<")
        letters = [self.letter()]
        while self.peek() == ",":
            self.take()
            letters.append(self.letter())
        if len(set(letters)) < len(letters):
            raise NotationError(f"a generator is named twice in {_excerpt(self.text)}")
        self.expect("|")
        relators: list[Word] = []
        while self.peek() != ">":
            relators.append(self.relator(letters))
            if self.peek() != ",":
                break
            self.take()
        self.expect(">")
        return Presentation(tuple(letters), tuple(relators))

    def letter(self) -> str:
        token = self.peek()
        if token is None or not token[0].isalpha():
            self.refuse("a generator such as a or x1")
        name = self.take()
        return name + (self.take() if (self.peek() or "").isdigit() else "")  # x1 is one name

    def relator(self, letters: list[str]) -> Word:
        left = self.word(letters)
        if self.peek() != "=":
            return left
        self.take()
        right = self.word(letters)
        return left if not right.factors else Word((*left.factors, (right, -1)))

    def word(self, letters: list[str]) -> Word:
        if self.peek() == "1":
            self.take()
            return Word(())
        factors = self.syllables(letters)
        while (token := self.peek()) is not None and (token in ("*", "(") or token[0].isalpha()):
            if token == "*":
                self.take()
            factors += self.syllables(letters)
        return Word(tuple(factors))

    def syllables(self, letters: list[str]) -> list[tuple[Letter | Word, int]]:
        """One power, or a run of letters such as ``ab^2``, of which the power is the last one's."""
        bases: list[Letter | Word]
        if self.peek() == "(":
            self.take()
            self.descend()
            bases = [self.word(letters)]
            self.expect(")")
            self.depth -= 1
        else:
            name = self.letter()
            names = [name] if name in letters else list(name)
            if unknown := [one for one in names if one not in letters]:
                raise NotationError(
                    f"the relator letter {unknown[0]!r} is not a generator; the generators are {', '.join(letters)}"
                )
            bases = [Letter(one) for one in names]
        exponent = 1
        if self.peek() == "^":
            self.take()
            sign = -1 if self.peek() == "-" and self.take() else 1
            exponent = sign * self.integer("an exponent")
        return [*((base, 1) for base in bases[:-1]), (bases[-1], exponent)]

    # -- tokens

    def peek(self, ahead: int = 0) -> str | None:
        place = self.next + ahead
        return self.tokens[place][0] if place < len(self.tokens) else None

    def take(self) -> str:
        if self.next >= len(self.tokens):
            self.refuse("more")
        self.next += 1
        return self.tokens[self.next - 1][0]

    def expect(self, token: str) -> None:
        if self.peek() != token:
            self.refuse(repr(token))
        self.next += 1

    def integer(self, what: str) -> int:
        token = self.peek() or ""
        if not token.isdigit():
            self.refuse(what)
        self.next += 1
        if len(token) > len(str(MAX_INTEGER)) or int(token) > MAX_INTEGER:
            raise NotationError(f"the number {_excerpt(token)} is larger than {MAX_INTEGER:,}")
        return int(token)

    def descend(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise NotationError(f"brackets are nested more than {MAX_DEPTH} deep")

    def refuse(self, wanted: str) -> NoReturn:
        if self.next < len(self.tokens):
            token, place = self.tokens[self.next]
            raise NotationError(
                f"expected {wanted} but found {token!r} at character {place + 1} of {_excerpt(self.text)}"
            )
        raise NotationError(f"expected {wanted} but {_excerpt(self.text)} ends there")


def _excerpt(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
