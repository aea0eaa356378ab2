"""The rules for groups: products, brackets, names, and where the other files' rules begin.

Public: parse.
"""

from __future__ import annotations

import re

from ..errors import NotationError
from .aliases import AUTOMORPHISM_GROUPS, ORTHOGONAL, QUOTED, WEYL, named
from .matrices import read_matrices
from .nodes import (
    Automorphisms,
    CentralProduct,
    Centre,
    Extraspecial,
    Label,
    Matrices,
    Named,
    Permutations,
    Power,
    Product,
    Quotient,
    Semidirect,
    Spec,
    TableFile,
    Wreath,
)
from .permutations import at_cycle, read_cycles, read_image_lists
from .tokens import MAX_TEXT, Tokens, excerpt
from .words import read_action, read_free_quotient, read_presentation

__all__ = ["parse"]

TABLE_SUFFIXES = (".json", ".csv", ".npy")
MAX_PATH = 4_096
MAX_GROUPS = 1_000
"""Groups that one text names: products of more would need gigabytes, even of trivial groups."""
MAX_ARGUMENTS = 100
OPERATORS = ("x", "X", ":", "wr", "o", "/")


def parse(text: str) -> Spec:
    """The specification that a text denotes.

    Args:
        text: at most 1,000,000 characters, in any of the forms at the head of ``grouptool.notation``.

    Raises:
        NotationError: the text is not in the language; the message gives the place and what was expected there.

    Cost: linear in the text.

    >>> str(parse("C2xC2 x  S3"))
    'C2 x C2 x S3'
    """
    if len(text) > MAX_TEXT:
        raise NotationError(f"the text has {len(text):,} characters; the notation reads at most {MAX_TEXT:,}")
    stripped = text.strip()
    if "\0" not in stripped and (ending := re.search(r"\.[A-Za-z]{1,8}$", stripped[-9:])):
        return _file(stripped, ending[0])
    tokens = Tokens(stripped)
    if not tokens.peek():
        raise NotationError("the text is empty; write a group, such as S5, SL(2,3), C7:C3 or <a,b | a^2, b^3>")
    spec = _Groups(tokens).whole()
    if tokens.peek() in OPERATORS and isinstance(spec, Permutations | Matrices):
        raise tokens.refusal("the end of the text (in a product, generators stand in brackets)")
    if tokens.peek():
        raise tokens.refusal("the end of the text")
    return spec


def _file(path: str, ending: str) -> TableFile:
    if ending.lower() not in TABLE_SUFFIXES:
        raise NotationError(f"{excerpt(path)} ends in {ending}; a table file ends in {', '.join(TABLE_SUFFIXES)}")
    if len(path) > MAX_PATH:
        raise NotationError(f"the path has {len(path):,} characters; the limit is {MAX_PATH:,}")
    return TableFile(path)


class _Groups:
    """Recursive descent; each method leaves the cursor after what it read."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.count = 0

    def whole(self) -> Spec:
        """All of a text, or of a pair of brackets: generators between commas, or a product."""
        if at_cycle(self.tokens):
            return read_cycles(self.tokens)
        if self.tokens.peek() in ("[", "Permutation"):
            return self.lists()
        return self.product()

    def lists(self) -> Permutations | Matrices:
        matrices = self.tokens.peek() == self.tokens.peek(1) == "["
        return read_matrices(self.tokens) if matrices else read_image_lists(self.tokens)

    # -- products of groups

    def product(self) -> Spec:
        found = self.factor()
        operator = following = self.operator()
        if operator == "x":
            factors = [found]
            while following == "x":
                factors.append(self.factor())
                following = self.operator()
            found = Product(tuple(factors))
        elif operator:
            found = self.pair(found, operator)
            following = self.operator()
        if operator and following:
            raise NotationError(
                f"{excerpt(self.tokens.text)} has {operator!r} and then {following!r}; "
                "say with brackets which comes first"
            )
        return found

    def pair(self, left: Spec, operator: str) -> Spec:
        if operator == "/":
            return Quotient(left, self.kernel())
        right = self.factor()
        if operator == ":":
            return Semidirect(left, right, read_action(self.tokens) if self.tokens.peek() == "{" else ())
        return Wreath(left, right) if operator == "wr" else CentralProduct(left, right)

    def operator(self) -> str:
        """The operator at the cursor, which moves on; a name may touch it, as in C2xC4."""
        token = self.tokens.peek()
        if token not in OPERATORS and token[:1].isalpha():
            touching = [one for one in ("x", "X", "o", "wr") if token.startswith(one) and token[len(one)].isupper()]
            if touching:
                self.tokens.split(len(touching[0]))
        if self.tokens.peek() not in OPERATORS:
            return ""
        return self.tokens.take().lower()

    def kernel(self) -> Spec | Centre:
        following = self.tokens.peek(1)
        if self.tokens.peek() == "Z" and not following.isdigit() and following not in ("(", "/"):
            self.tokens.take()
            return Centre()
        return self.factor()

    def factor(self) -> Spec:
        base = self.atom()
        if not self.tokens.take_if("^"):
            return base
        power = Power(base, self.tokens.integer("an exponent"))
        if self.tokens.peek() == "^":
            raise self.tokens.refusal("brackets that say which power comes first, as in (C2^2)^3,")
        return power

    def atom(self) -> Spec:
        self.count += 1
        if self.count > MAX_GROUPS:
            raise NotationError(f"the text names more than {MAX_GROUPS:,} groups; write powers, as in C2^5")
        token = self.tokens.peek()
        if at_cycle(self.tokens):
            raise self.tokens.refusal("permutations in brackets of their own, as in C2 x ((1,2), (3,4)),")
        if token == "(":
            return self.in_brackets()
        if token == "<":
            return read_presentation(self.tokens)
        if token[:1].isdigit():
            return self.number()
        if token[:1].isalpha() or token[:1] == "_":
            return self.name()
        raise self.tokens.refusal("a group, such as S5, SL(2,3), (1,2,3) or <a | a^5>")

    def in_brackets(self) -> Spec:
        self.tokens.open("(")
        spec = self.whole()
        self.tokens.close(")")
        return spec

    # -- groups that begin with a number

    def number(self) -> Label | Extraspecial:
        token = self.tokens.peek()
        if "." in token:
            return self.label()
        if self.tokens.peek(1) == "^" and self.tokens.peek(2) in ("(", "{"):
            return self.extraspecial()
        raise self.tokens.refusal(f"a group such as C{token if len(token) < 10 else 5}, 24.12 or 3^(1+2)")

    def label(self) -> Label:
        order, index = (Tokens(part).integer("a number") for part in self.tokens.take().split("."))
        return Label(order, index)

    def extraspecial(self) -> Extraspecial:
        prime = self.tokens.integer("a prime")
        self.tokens.expect("^")
        closing = ")" if self.tokens.take() == "(" else "}"
        if self.tokens.integer("1") != 1:
            raise NotationError(f"{excerpt(self.tokens.text)}: extraspecial groups are written 3^(1+2)+ or 2^(1+4)-")
        self.tokens.expect("+")
        rank = self.tokens.integer("an even number, as in 3^(1+2)")
        self.tokens.expect(closing)
        sign = self.tokens.take() if self.tokens.peek() in ("+", "-") else "+" if prime != 2 else ""
        if rank < 2 or rank % 2:
            raise NotationError(f"{prime}^(1+{rank}) does not exist: extraspecial groups have order p^(1+2r), r >= 1")
        if not sign:
            raise NotationError(f"2^(1+{rank}) is ambiguous; write 2^(1+{rank})+ or 2^(1+{rank})-")
        return Extraspecial(prime, 1 + rank, sign)

    # -- groups that begin with a name

    def name(self) -> Spec:
        written = self.tokens.take()
        name = written.rstrip("_") or written  # S_5 is S5
        if name == "FreeGroup":
            return read_free_quotient(self.tokens)
        if name in ("Group", "PermutationGroup"):
            return self.generators(name)
        if name in ("DirectProduct", "WreathProduct"):
            return self.function(name)
        if name == "Z" and self.tokens.peek() == "/" and self.tokens.peek(1).isdigit():
            return self.integers_modulo()
        if name in AUTOMORPHISM_GROUPS:
            return Automorphisms(AUTOMORPHISM_GROUPS[name], self.in_brackets())
        if name in ORTHOGONAL:
            return self.orthogonal(name)
        return named(name, self.arguments(name))

    def orthogonal(self, name: str) -> Spec:
        """The sign of the type stands after the name, GO+(4,3), or after the dimension, O8+(2)."""
        ahead = 1 if self.tokens.peek().isdigit() else 0
        sign = self.tokens.peek(ahead)
        if sign not in ("+", "-"):
            return named(name, self.arguments(name))
        dimension = (self.tokens.integer("a dimension"),) if ahead else ()
        self.tokens.expect(sign)
        return named(name + sign, (*dimension, *self.arguments(name)))

    def arguments(self, name: str) -> tuple[int | str, ...]:
        """What follows a name: 5, (2,5), 2(7) or, after F, 7:3."""
        numbered = self.tokens.peek().isdigit()
        found: list[int | str] = [self.tokens.integer("a number")] if numbered else []
        if self.tokens.peek() == "(":
            found += self.in_parentheses(name)
        elif not numbered:
            shown = excerpt(name)[1:-1]
            raise NotationError(f"{excerpt(name)} needs a number, as in {shown}5 or {shown}(2,5)")
        elif name == "F" and self.tokens.peek() == ":" and self.tokens.peek(1).isdigit():
            self.tokens.take()
            found.append(self.tokens.integer("a number"))
        return tuple(found)

    def in_parentheses(self, name: str) -> list[int | str]:
        self.tokens.expect("(")
        in_list = self.tokens.take_if("[")  # AbelianGroup([2,4])
        found = [self.argument(name)]
        while self.tokens.take_if(","):
            found.append(self.argument(name))
            if len(found) > MAX_ARGUMENTS:
                raise NotationError(f"{excerpt(name)} has more than {MAX_ARGUMENTS} arguments")
        if in_list:
            self.tokens.expect("]")
        self.tokens.expect(")")
        return found

    def argument(self, name: str) -> int | str:
        token = self.tokens.peek()
        if name in QUOTED and token[:1] in ("'", '"'):
            return self.tokens.take()[1:-1]
        if name in WEYL and token[:1].isupper() and self.tokens.peek(1).isdigit():
            return self.tokens.take() + self.tokens.take()
        if name in WEYL:
            raise self.tokens.refusal("a Cartan type such as F4 or E6")
        if token in ("GF", "F"):  # GL(2,GF(9)), GL(2,F9)
            self.tokens.take()
            bracket = self.tokens.take_if("(")
            size = self.tokens.integer("the number of elements of a field")
            if bracket:
                self.tokens.expect(")")
            return size
        return self.tokens.signed_integer("a number") if name in ORTHOGONAL else self.tokens.integer("a number")

    def integers_modulo(self) -> Named:
        """Z/5 or Z/5Z, the cyclic group."""
        self.tokens.expect("/")
        order = self.tokens.integer("a modulus")
        if self.tokens.peek() == "^":
            raise self.tokens.refusal(f"(Z/{order})^n or Z/n with n written out,")
        self.tokens.take_if("Z")
        return Named("C", (order,))

    def generators(self, name: str) -> Permutations | Matrices:
        """GAP's Group((1,2,3),(1,2)), SymPy's PermutationGroup([Permutation([1,0,2])]), with or without a list."""
        self.tokens.open("(")
        nested = self.tokens.peek(1) == "[" and (name == "PermutationGroup" or self.tokens.peek(2) == "[")
        in_list = self.tokens.peek() == "[" and (self.tokens.peek(1) in ("(", "Permutation") or nested)
        if in_list:
            self.tokens.take()
        if not at_cycle(self.tokens) and self.tokens.peek() not in ("[", "Permutation"):
            raise self.tokens.refusal("a generator such as (1,2,3), [2,3,1] or a matrix")
        found = read_cycles(self.tokens) if at_cycle(self.tokens) else self.lists()
        if in_list:
            self.tokens.expect("]")
        self.tokens.close(")")
        return found

    def function(self, name: str) -> Product | Wreath:
        """GAP's DirectProduct(A,B,C) and WreathProduct(A,B)."""
        self.tokens.open("(")
        factors = [self.product()]
        while self.tokens.take_if(","):
            factors.append(self.product())
        self.tokens.close(")")
        if len(factors) < 2 or (name == "WreathProduct" and len(factors) > 2):
            raise NotationError(f"{name} of {len(factors):,} groups; write {name}(C2,S3)")
        return Product(tuple(factors)) if name == "DirectProduct" else Wreath(*factors)
