"""G-sets in words: those of ``grouptool decompose --action``, with powers, products and disjoint unions.

Public: gset_of_words, USAGE.

    set     = product { "+" product }        disjoint union
    product = power { "*" power }            pairs of points
    power   = one [ "^" D ]                  D-tuples of points
    one     = "regular" | "natural" | "conjugation" | "point" | "cosets:" H | "[" set "]"

H is given by permutations that generate it, or as its row of ``grouptool subgroups``.
"""

from __future__ import annotations

import re

from grouptool.errors import NotationError
from grouptool.group import Group
from grouptool.structure import GSet
from grouptool.structure.action_words import ACTIONS, action_named

__all__ = ["USAGE", "gset_of_words"]

USAGE = "regular, natural, conjugation, point, cosets:H, [SET]^D, SET * SET or SET + SET"

_TOKEN = re.compile(r"\s*(cosets:\s*[0-9(),\s]+|[a-z]+|[0-9]+|.)", re.DOTALL)
MOST_WORDS = 200


def gset_of_words(group: Group, text: str) -> GSet:
    """The G-set that a text names, as ``natural``, ``cosets:(1,2) + point`` or ``[natural]^3``.

    Raises:
        NotationError: the text is no such set. TooLargeError: more than 10^7 points.
        BudgetSpentError: a row of subgroups is asked for, and the group has too many.
    """
    tokens = _TOKEN.findall(text.strip())
    if len(tokens) > MOST_WORDS:
        raise NotationError(f"a G-set of {len(tokens)} words; at most {MOST_WORDS} are read")
    reader = _Reader(group, text, [one.strip() for one in tokens][::-1])
    made = reader.union()
    if reader.left:
        raise reader.wrong()
    return made


class _Reader:
    """Recursive descent; ``left`` holds the tokens not read yet, the next one last."""

    def __init__(self, group: Group, text: str, left: list[str]) -> None:
        self.group, self.text, self.left = group, text, left

    def union(self) -> GSet:
        made = self.product()
        while self.took("+"):
            made = made + self.product()
        return made

    def product(self) -> GSet:
        made = self.power()
        while self.took("*"):
            made = made * self.power()
        return made

    def power(self) -> GSet:
        base = self.one()
        if not self.took("^"):
            return base
        exponent = self.left.pop() if self.left else ""
        if not exponent.isdecimal() or not 1 <= int(exponent) <= 64:
            raise NotationError(f"{self.text}: the power of a G-set is a whole number from 1 to 64, not {exponent!r}")
        made = base
        for _ in range(int(exponent) - 1):
            made = made * base
        return made

    def one(self) -> GSet:
        word = self.left.pop() if self.left else ""
        if word == "[":
            made = self.union()
            if not self.took("]"):
                raise NotationError(f"{self.text}: a bracket is not closed")
            return made
        if word in ACTIONS or word.startswith("cosets:"):
            return action_named(self.group, word)
        raise self.wrong(word)

    def took(self, sign: str) -> bool:
        if self.left and self.left[-1] == sign:
            self.left.pop()
            return True
        return False

    def wrong(self, word: str | None = None) -> NotationError:
        found = repr(word if word is not None else self.left[-1]) if word or self.left else "the end"
        return NotationError(f"{self.text}: {found} where a G-set is expected; write {USAGE}")
