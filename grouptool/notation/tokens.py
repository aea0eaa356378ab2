"""From text to tokens, and the cursor that all rules of the language read them through.

Public: Tokens, the bounds (MAX_...), and excerpt, which quotes any text in a few words.
Every bound is there so that what a text of the largest size can ask for stays in a few hundred megabytes.
"""

from __future__ import annotations

import re
import unicodedata
from array import array

from ..errors import NotationError

__all__ = ["MAX_DEPTH", "MAX_INTEGER", "MAX_TEXT", "Tokens", "excerpt"]

MAX_TEXT = 1_000_000
"""Characters; one cycle through 100,000 points needs 600,000."""
MAX_DEPTH = 50
"""Nested brackets; a level costs a few Python frames of the thousand that there are."""
MAX_INTEGER = 10**9

# Names, numbers and small-group labels, quoted names, operators; one token stands for each dialect's spelling.
_TOKEN = re.compile(
    r"""\s*(?:([A-Za-z_]+) | ([0-9]+(?:\.[0-9]+)?) | ("[^"\s]{0,40}"|'[^'\s]{0,40}')
        | (\*\*|[-+*/^=<>|,:;(){}[\]×⋊∘≀⟨⟩]))""",
    re.VERBOSE,
)
_SAME = {"**": "^", "×": "x", "⋊": ":", "∘": "o", "≀": "wr", "⟨": "<", "⟩": ">"}


class Tokens:
    """The tokens of a text and a place among them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[str] = []
        self.starts = array("L")  # where each token begins, for messages
        place = 0
        while place < len(text):
            match = _TOKEN.match(text, place)
            if match is None:
                raise self._unreadable(place)
            token = match[match.lastindex or 0]
            self.tokens.append(_SAME.get(token, token))
            self.starts.append(match.start(match.lastindex or 0))
            place = match.end()
        self.next = 0
        self.depth = 0

    def peek(self, ahead: int = 0) -> str:
        """The token at the cursor or further on; empty after the last."""
        place = self.next + ahead
        return self.tokens[place] if place < len(self.tokens) else ""

    def take(self) -> str:
        """The token at the cursor, which moves on."""
        if self.next >= len(self.tokens):
            raise self.refusal("more")
        self.next += 1
        return self.tokens[self.next - 1]

    def take_if(self, *tokens: str) -> bool:
        """Whether the token is one of these; then the cursor moves on."""
        found = bool(self.peek()) and self.peek() in tokens
        self.next += found
        return found

    def expect(self, token: str) -> None:
        """Move over this very token, or refuse."""
        if not self.take_if(token):
            raise self.refusal(repr(token))

    def split(self, length: int) -> None:
        """Cut the name at the cursor in two, as ``xC`` in ``C2xC4``."""
        token = self.tokens[self.next]
        self.tokens[self.next : self.next + 1] = [token[:length], token[length:]]
        self.starts.insert(self.next + 1, self.starts[self.next] + length)

    def open(self, bracket: str) -> None:
        """Move over an opening bracket, one level deeper."""
        self.expect(bracket)
        self.depth += 1
        self.bound_depth(self.depth)

    def close(self, bracket: str) -> None:
        """Move over a closing bracket, one level up."""
        self.expect(bracket)
        self.depth -= 1

    def bound_depth(self, depth: int) -> None:
        """Refuse what could not be printed and read again."""
        if depth > MAX_DEPTH:
            raise NotationError(f"brackets are nested more than {MAX_DEPTH} deep in {excerpt(self.text)}")

    def integer(self, what: str) -> int:
        """A number from 0 to a billion; ``what`` names it in the refusal."""
        token = self.peek()
        if not token.isdigit():
            raise self.refusal(what)
        self.next += 1
        if len(token.lstrip("0")) > len(str(MAX_INTEGER)) or int(token.lstrip("0") or 0) > MAX_INTEGER:
            raise NotationError(f"the number {excerpt(token)} is larger than {MAX_INTEGER:,}")
        return int(token.lstrip("0") or 0)

    def signed_integer(self, what: str) -> int:
        """A number that may have a minus sign."""
        return -self.integer(what) if self.take_if("-") else self.integer(what)

    def refusal(self, wanted: str) -> NotationError:
        """The error that says what was expected at the cursor and what stands there."""
        if self.next >= len(self.tokens):
            return NotationError(f"expected {wanted} but {excerpt(self.text)} ends there")
        found, place = self.tokens[self.next], self.starts[self.next]
        return NotationError(
            f"expected {wanted} but found {excerpt(found)} at character {place + 1} of {excerpt(self.text)}"
        )

    def _unreadable(self, place: int) -> NotationError:
        place += len(self.text[place:]) - len(self.text[place:].lstrip())
        character = self.text[place]
        named = unicodedata.name(character, "no name")
        code = "" if character.isascii() and character.isprintable() else f" (U+{ord(character):04X}, {named})"
        return NotationError(f"cannot read {character!a}{code} at character {place + 1} of {excerpt(self.text)}")


def excerpt(text: str) -> str:
    """A text in quotes, cut after some 60 characters, all of them printable."""
    return repr(text if len(text) <= 60 else text[:57] + "...")
