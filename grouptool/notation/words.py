"""Presentations, words in generators, and the actions of semidirect products.

Public: read_presentation, read_free_quotient, read_action.
"""

from __future__ import annotations

import re

from ..errors import NotationError
from .nodes import Commutator, Conjugate, Letter, Presentation, Word
from .tokens import Tokens, excerpt

__all__ = ["read_action", "read_free_quotient", "read_presentation"]

MAX_LETTERS = 1_000
MAX_EXPONENT_SUMS = 1_000_000
"""Generators times relators: the entries of the matrix of exponent sums, which abelian invariants need."""

Base = Letter | Word | Commutator | Conjugate


def read_presentation(tokens: Tokens) -> Presentation:
    """``<a, b | a^2, b^3 = (a*b)^5>``; the bar may be a colon or a semicolon."""
    tokens.expect("<")
    letters = [_name(tokens)]
    while tokens.take_if(","):
        letters.append(_name(tokens))
    if not tokens.take_if("|", ":", ";"):
        raise tokens.refusal("'|'")
    return _with_relators(tokens, letters, ">")


def read_free_quotient(tokens: Tokens) -> Presentation:
    """GAP's ``FreeGroup("a","b")/[a^2, b^3, (a*b)^5]``, after the name."""
    tokens.expect("(")
    letters = [_quoted(tokens)]
    while tokens.take_if(","):
        letters.append(_quoted(tokens))
    tokens.expect(")")
    tokens.expect("/")
    tokens.expect("[")
    return _with_relators(tokens, letters, "]")


def read_action(tokens: Tokens) -> tuple[tuple[str, str, Word], ...]:
    """``{a^c = b, b^c = a*b}``: what each generator of the complement does to those of the normal subgroup."""
    standard = _Alphabet(None)
    tokens.expect("{")
    rules: dict[tuple[str, str], Word] = {}
    while not rules or tokens.take_if(","):
        moved = _standard_name(tokens)
        tokens.expect("^")
        mover = _standard_name(tokens)
        tokens.expect("=")
        if (moved, mover) in rules:
            raise NotationError(f"{moved}^{mover} is given twice in {excerpt(tokens.text)}")
        rules[moved, mover] = _word(tokens, standard)
    tokens.expect("}")
    return tuple((moved, mover, word) for (moved, mover), word in rules.items())


# -- generators


def _name(tokens: Tokens) -> str:
    if not tokens.peek()[:1].isalpha():
        raise tokens.refusal("a generator such as a or x1")
    name = tokens.take()
    return name + (tokens.take() if tokens.peek().isdigit() else "")  # x1 is one name


def _quoted(tokens: Tokens) -> str:
    token = tokens.peek()
    if not re.fullmatch(r"""["'][A-Za-z][A-Za-z_]*[0-9]*["']""", token):
        raise tokens.refusal('a generator in quotes, such as "a"')
    return tokens.take()[1:-1]


_STANDARD = re.compile("[a-z][0-9]*")


def _standard_name(tokens: Tokens) -> str:
    name = _name(tokens)
    if not _STANDARD.fullmatch(name):
        raise _Alphabet(None).refusal(name)
    return name


class _Alphabet:
    """The generators that words may have: those that were declared, or a, b, ..., z, a1, b1, ... when None."""

    def __init__(self, letters: list[str] | None) -> None:
        self.letters = None if letters is None else {letter: Letter(letter) for letter in letters}

    def find(self, name: str) -> list[Letter]:
        """The letter of that name, else the letters that run together in it; empty when one of them is unknown."""
        if self.letters is None:
            if _STANDARD.fullmatch(name):
                return [Letter(name)]
            return [Letter(one) for one in name] if name.isalpha() and name.islower() else []
        if name in self.letters:
            return [self.letters[name]]
        return [self.letters[one] for one in name] if all(one in self.letters for one in name) else []

    def refusal(self, name: str) -> NotationError:
        """The error that says which generator is unknown, and what the known ones are called."""
        if self.letters is None:
            return NotationError(
                f"{excerpt(name)} is no generator of a semidirect product; they are called a, b, ..., z, a1, b1, ..."
            )
        unknown = name if name[-1].isdigit() else next(one for one in name if one not in self.letters)
        small = unknown.lower()
        hint = f"; the inverse of {small} is written {small}^-1" if unknown != small and small in self.letters else ""
        listed = list(self.letters)
        shown = excerpt(", ".join(listed[:10]) + (", ..." if len(listed) > 10 else ""))[1:-1]
        return NotationError(
            f"the relator letter {excerpt(unknown)} is not a generator; the generators are {shown}{hint}"
        )


# -- relators


def _with_relators(tokens: Tokens, letters: list[str], end: str) -> Presentation:
    if len(set(letters)) < len(letters):
        raise NotationError(f"a generator is named twice in {excerpt(tokens.text)}")
    if len(letters) > MAX_LETTERS:
        raise NotationError(f"the presentation has {len(letters):,} generators; the limit is {MAX_LETTERS:,}")
    alphabet = _Alphabet(letters)
    relators: list[Word] = []
    while tokens.peek() != end:
        relators += _relation(tokens, alphabet)
        if len(relators) * len(letters) > MAX_EXPONENT_SUMS:
            raise NotationError(
                f"the presentation has more than {MAX_EXPONENT_SUMS // len(letters):,} relators, "
                f"the limit for {len(letters):,} generators"
            )
        if not tokens.take_if(","):
            break
    tokens.expect(end)
    return Presentation(tuple(letters), tuple(relators))


def _relation(tokens: Tokens, alphabet: _Alphabet) -> list[Word]:
    """A relator, or the relators u*w^-1, v*w^-1 of a chain u = v = w."""
    sides = [_word(tokens, alphabet)]
    while tokens.take_if("="):
        sides.append(_word(tokens, alphabet))
    *others, last = sides
    if not others or not last.factors:
        return others or sides
    tokens.bound_depth(tokens.depth + last.depth + 1)
    return [Word((*side.factors, (last, -1))) for side in others]


# -- words


def _word(tokens: Tokens, alphabet: _Alphabet) -> Word:
    if tokens.take_if("1"):
        return Word(())
    factors = _powers(tokens, alphabet)
    while tokens.peek() in ("*", "(", "[") or tokens.peek()[:1].isalpha():
        tokens.take_if("*")
        factors += _powers(tokens, alphabet)
    return Word(tuple(factors))


def _powers(tokens: Tokens, alphabet: _Alphabet) -> list[tuple[Base, int]]:
    """One power, or a run of letters such as ``ab^2``, of which the power is the last one's."""
    *bases, last = _bases(tokens, alphabet)
    power: tuple[Base, int] = (last, 1)
    if tokens.take_if("^"):
        if _at_integer(tokens):
            power = (last, _exponent(tokens))
        else:
            power = (Conjugate(last, _conjugator(tokens, alphabet)), 1)
        if tokens.peek() == "^":
            raise tokens.refusal("brackets that say which power comes first, as in (a^b)^2 or a^(b^2),")
    return [*((base, 1) for base in bases), power]


def _bases(tokens: Tokens, alphabet: _Alphabet) -> list[Letter | Word | Commutator]:
    if tokens.peek() == "(":
        return [_in_brackets(tokens, alphabet)]
    if tokens.peek() == "[":
        return [_commutator(tokens, alphabet, "[", "]")]
    name = _name(tokens)
    if letters := alphabet.find(name):
        return [*letters]
    if name == "Comm" and tokens.peek() == "(":
        return [_commutator(tokens, alphabet, "(", ")")]
    raise alphabet.refusal(name)


def _in_brackets(tokens: Tokens, alphabet: _Alphabet) -> Word:
    tokens.open("(")
    inside = _word(tokens, alphabet)
    tokens.close(")")
    return inside


def _commutator(tokens: Tokens, alphabet: _Alphabet, left: str, right: str) -> Commutator:
    """``[u,v]``; a longer one is left-normed, [u,v,w] = [[u,v],w]."""
    tokens.open(left)
    first = _word(tokens, alphabet)
    tokens.expect(",")
    found = Commutator(first, _word(tokens, alphabet))
    while tokens.take_if(","):
        found = Commutator(Word(((found, 1),)), _word(tokens, alphabet))
        tokens.bound_depth(tokens.depth - 1 + found.depth)
    tokens.close(right)
    return found


def _at_integer(tokens: Tokens) -> bool:
    bracket = tokens.peek() == "("
    sign = tokens.peek(bracket) == "-"
    return tokens.peek(bracket + sign).isdigit() or sign


def _exponent(tokens: Tokens) -> int:
    if not tokens.take_if("("):
        return tokens.signed_integer("an exponent")
    exponent = tokens.signed_integer("an exponent")
    tokens.expect(")")
    return exponent


def _conjugator(tokens: Tokens, alphabet: _Alphabet) -> Letter | Word:
    if tokens.peek() == "(":
        return _in_brackets(tokens, alphabet)
    if not tokens.peek()[:1].isalpha():
        raise tokens.refusal("an exponent")
    name = _name(tokens)
    letters = alphabet.find(name)
    if not letters:
        raise alphabet.refusal(name)
    if len(letters) > 1:
        raise NotationError(f"say with brackets how far the exponent {excerpt(name)} reaches, as in a^(b*c)")
    return letters[0]
