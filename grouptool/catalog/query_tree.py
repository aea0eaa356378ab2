"""What a query of the catalog says, as a tree that prints in the language it was read from.

Public: the conditions Query (Everything, Not, And, Or, Flag, Compare, In, Divides, Text, Type, Related, Irrep, Classes,
Known, Added), the numbers Term (Number, Value, Negated, Arithmetic), RELATION_WORDS, KEYWORDS, and bare_end and
is_balanced, which say where a text without quotes ends. ``query.parse_query`` makes the tree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = [
    "KEYWORDS",
    "RELATION_WORDS",
    "Added",
    "And",
    "Arithmetic",
    "Classes",
    "Compare",
    "Divides",
    "Everything",
    "Flag",
    "In",
    "Irrep",
    "Known",
    "Negated",
    "Not",
    "Number",
    "Or",
    "Query",
    "Related",
    "Term",
    "Text",
    "Type",
    "Value",
    "bare_end",
    "is_balanced",
]

KEYWORDS = ("and", "or", "not", "in", "divides")

RELATION_WORDS = {
    "contains": "subgroups",
    "normal": "normal_subgroups",
    "quotient": "quotients",
    "maximal": "maximal_subgroups",
    "factor": "composition_factors",
}
"""The word that asks for each relation."""


class Query:
    """A condition on a group."""


class Term:
    """A number that belongs to a group."""


@dataclass(frozen=True)
class Number(Term):
    value: int

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True)
class Value(Term):
    """A field that holds a number."""

    field: str

    def __str__(self) -> str:
        return self.field


@dataclass(frozen=True)
class Negated(Term):
    term: Term

    def __str__(self) -> str:
        return f"-{_bracketed(self.term, Arithmetic)}"


@dataclass(frozen=True)
class Arithmetic(Term):
    """A sum, a difference or a product."""

    left: Term
    operator: str
    right: Term

    def __str__(self) -> str:
        tight = self.operator == "*"
        left = f"({self.left})" if tight and _is_sum(self.left) else str(self.left)
        loose = isinstance(self.right, Arithmetic) and (tight or _is_sum(self.right))
        return f"{left} {self.operator} " + (f"({self.right})" if loose else str(self.right))


@dataclass(frozen=True)
class Everything(Query):
    """True of every group."""

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True)
class Not(Query):
    part: Query

    def __str__(self) -> str:
        return f"not {_bracketed(self.part, And, Or)}"


@dataclass(frozen=True)
class And(Query):
    parts: tuple[Query, ...]

    def __str__(self) -> str:
        return " and ".join(_bracketed(part, And, Or) for part in self.parts)


@dataclass(frozen=True)
class Or(Query):
    parts: tuple[Query, ...]

    def __str__(self) -> str:
        return " or ".join(_bracketed(part, Or) for part in self.parts)


@dataclass(frozen=True)
class Flag(Query):
    """A field that is true or false."""

    field: str

    def __str__(self) -> str:
        return self.field


@dataclass(frozen=True)
class Compare(Query):
    left: Term
    operator: str
    right: Term

    def __str__(self) -> str:
        return f"{self.left} {self.operator} {self.right}"


@dataclass(frozen=True)
class In(Query):
    """A number in one of some ranges, (least, largest) each."""

    term: Term
    ranges: tuple[tuple[int, int], ...]

    def __str__(self) -> str:
        texts = [str(low) if low == high else f"{low}..{high}" for low, high in self.ranges]
        single = len(texts) == 1 and self.ranges[0][0] != self.ranges[0][1]
        return f"{self.term} in " + (texts[0] if single else "{" + ", ".join(texts) + "}")


@dataclass(frozen=True)
class Divides(Query):
    """The right number is an integer times the left one; 0 divides 0 only."""

    left: Term
    right: Term

    def __str__(self) -> str:
        return f"{self.left} divides {self.right}"


@dataclass(frozen=True)
class Text(Query):
    """A text field, and texts that it equals (=, !=, in) or a pattern that it matches (~)."""

    field: str
    operator: str
    texts: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.field} {self.operator} {_choice(self.operator, self.texts)}"


@dataclass(frozen=True)
class Type(Query):
    """A field that holds an isomorphism type, and groups that it is (=, in) or is not (!=)."""

    field: str
    operator: str
    groups: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.field} {self.operator} {_choice(self.operator, self.groups)}"


@dataclass(frozen=True)
class Related(Query):
    """Whether a group is among the types of a relation, one of ``fields.RELATIONS``."""

    relation: str
    group: str

    def __str__(self) -> str:
        word = next(word for word, relation in RELATION_WORDS.items() if relation == self.relation)
        return f"{word} {written_text(self.group)}"


@dataclass(frozen=True)
class Irrep(Query):
    """Whether an irreducible character has a degree within all bounds, an indicator, and is faithful; None is any."""

    degrees: tuple[tuple[str, int], ...] = ()
    indicator: int | None = None
    faithful: bool = False

    def __str__(self) -> str:
        words = ["irrep", *(_bound("degree", *bound) for bound in self.degrees)]
        words += ["faithful"] * self.faithful
        words += [f"indicator {self.indicator}"] * (self.indicator is not None)
        return " ".join(words)


@dataclass(frozen=True)
class Classes(Query):
    """Whether a conjugacy class has elements of an order, and a size, within all bounds: (what, operator, number)."""

    bounds: tuple[tuple[str, str, int], ...]

    def __str__(self) -> str:
        return " ".join(["class", *(_bound(*bound) for bound in self.bounds)])


@dataclass(frozen=True)
class Known(Query):
    """Whether a field was computed; never unknown itself."""

    field: str

    def __str__(self) -> str:
        return f"known {self.field}"


@dataclass(frozen=True)
class Added(Query):
    """Whether the user added the group."""

    def __str__(self) -> str:
        return "added"


def _bracketed(part: Query | Term, *kinds: type) -> str:
    return f"({part})" if isinstance(part, kinds) else str(part)


def _is_sum(term: Term) -> bool:
    return isinstance(term, Arithmetic) and term.operator != "*"


def _bound(word: str, operator: str, number: int) -> str:
    return f"{word} {number}" if operator == "=" else f"{word} {operator} {number}"


def _choice(operator: str, texts: tuple[str, ...]) -> str:
    written = ", ".join(map(written_text, texts))
    return "{" + written + "}" if operator == "in" else written


def written_text(text: str) -> str:
    """A text as ``words`` reads it back: bare if it can be, else in quotes, with quotes inside doubled."""
    bare = text[:1].isascii() and text[:1].isalnum() and not re.search(r"[\s\"']", text)
    if bare and text.lower() not in KEYWORDS and bare_end(text, 0) == len(text) and is_balanced(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def is_balanced(text: str) -> bool:
    return sum(map(text.count, "([{")) == sum(map(text.count, ")]}"))


def bare_end(text: str, place: int) -> int:
    """Where a text without quotes ends: at a space, comma or closing bracket that is not inside its brackets."""
    depth = 0
    while place < len(text):
        character = text[place]
        if depth == 0 and (character.isspace() or character in ",)]}\"'"):
            break
        depth += (character in "([{") - (character in ")]}")
        place += 1
    return place
