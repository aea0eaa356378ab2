"""The search language of the catalog: from text to a tree that prints back as what it parsed.

Public: parse_query, Query, LANGUAGE, EXAMPLES, ALIASES, MAX_INTEGER.

LANGUAGE is the grammar with its rules, EXAMPLES the table of examples; the command line shows both. Reading is linear
in the text and runs nothing: a group stays the text that it was written as, for ``index.condition`` to resolve.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ..errors import QueryError
from ..notation.tokens import excerpt
from .fields import FIELD, Field
from .query_tree import (
    KEYWORDS,
    RELATION_WORDS,
    Added,
    And,
    Arithmetic,
    Classes,
    Compare,
    Divides,
    Everything,
    Flag,
    In,
    Irrep,
    Known,
    Negated,
    Not,
    Number,
    Or,
    Query,
    Related,
    Term,
    Text,
    Type,
    Value,
    bare_end,
    is_balanced,
)

__all__ = ["ALIASES", "EXAMPLES", "LANGUAGE", "MAX_INTEGER", "Query", "parse_query"]

LANGUAGE = """\
query      = [or]                                    nothing asks for every group
or         = and {"or" and}
and        = not {"and" not}
not        = "not" not | condition
condition  = "(" or ")" | FLAG | added | number | text | type | related | irrep | class | known
added      = "added" | "mine"                        added by the user, not shipped
number     = sum COMPARE sum {COMPARE sum}           = != < <= > >=
           | sum "in" (range | "{" range {"," range} "}")
           | sum "divides" sum
range      = ["-"] INTEGER [".." ["-"] INTEGER]      both ends belong to it
sum        = product {("+" | "-") product}
product    = unary {"*" unary}
unary      = "-" unary | "(" sum ")" | NUMBER | INTEGER ["^" INTEGER]
text       = TEXT ("=" | "!=") WORDS | TEXT "~" PATTERN | TEXT "in" "{" WORDS {"," WORDS} "}"
type       = GROUP ("=" | "!=") WORDS | GROUP "in" "{" WORDS {"," WORDS} "}"
related    = ("contains" | "normal" | "quotient" | "maximal" | "factor") WORDS
irrep      = "irrep" property {property}             an irreducible character with all of these
property   = "degree" bound | "faithful" | "real" | "complex" | "quaternionic" | "indicator" ["-"] INTEGER
class      = "class" part {part} | "element" "order" bound     a conjugacy class with all of these
part       = ("order" | "size") bound                order of its elements, number of them
bound      = [COMPARE] INTEGER
known      = ("known" | "unknown") FIELD             computed or not

FLAG, NUMBER, TEXT, GROUP and FIELD are names of fields, FIELD of any. WORDS is a group in the notation, or a text: in
quotes, or without spaces outside brackets. In a PATTERN * stands for any characters and ? for one. Names, descriptions
and patterns are case sensitive, the words of the language are not. "name" looks at every name and description.
A condition is true, false or unknown, and only what is true is found: unknown is what was not computed. A number that
does not exist, such as the class of a group that is not nilpotent, makes every comparison with it false."""

EXAMPLES = (
    ("order in 100..200 and nilpotent and class = 3", "class is short for nilpotency_class"),
    ("order in {8, 16, 32..40} and not abelian", "a choice of numbers and ranges"),
    ("num_classes * 2 > order", "small arithmetic with + - *"),
    ("8 divides order and 2^10 > aut", "powers of integers"),
    ("100 <= order < 120 or simple", "chains of comparisons"),
    ('name ~ "C7*"', "a pattern over names, descriptions and synonyms"),
    ("label in {60.5, 168.42}", "labels of the small-group library"),
    ('contains A5 and not normal "C2 x C2"', "types of subgroups and of normal subgroups"),
    (
        'quotient S3 or maximal "C7 : C3" or factor PSL(2,7)',
        "types of quotients, maximal subgroups, factors",
    ),
    ("center = C2 and abelianization in {C2^2, C4}", "types of the subgroups and quotients that have a field"),
    ("irrep degree 4 faithful and irrep degree >= 3 quaternionic", "irreducible characters"),
    ("element order 6 and class order 2 size >= 10", "conjugacy classes"),
    ("added and unknown subgroups", "groups of the user's whose subgroups were not computed"),
)
"""Queries and what they show, for the help of the command line and the documentation."""

ALIASES = {
    "n": "order",
    "k": "num_classes",
    "classes": "num_classes",
    "irreps": "num_classes",
    "subgroups": "num_subgroups",
    "normal_subgroups": "num_normal_subgroups",
    "involutions": "num_involutions",
    "class": "nilpotency_class",
    "aut": "automorphism_order",
    "out": "outer_order",
    "min_degree": "permutation_degree",
    "id": "label",
    "gap": "gap_description",
    "elementary": "elementary_abelian",
    "soluble": "solvable",
    "supersoluble": "supersolvable",
    "centre": "center",
    "centre_order": "center_order",
    "derived": "derived_subgroup",
    "abelianisation": "abelianization",
    "inner": "central_quotient",
}
"""Short names of fields, and British ones."""


MAX_TEXT = 10_000
MAX_DEPTH = 30
"""Nested brackets, "not" and minus signs; and a level costs some frames of Python and of the database's parser."""
MAX_CONDITIONS = 200
MAX_OPERATORS = 40
"""Of arithmetic; a sum is a tree as deep as it is long."""
MAX_INTEGER = 2**63 - 1

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
TYPES = {"real": 1, "complex": 0, "quaternionic": -1}
_OPENERS = ("irrep", "element", "class", "known", "unknown", "added", "mine", *RELATION_WORDS)
_SAME = {"==": "=", "<>": "!=", "≤": "<=", "≥": ">=", "≠": "!="}
_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|\.\.|[<>!=]=|<>|.", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"]|"")*)"' + r"|'((?:[^']|'')*)'")


# -- reading


def parse_query(text: str) -> Query:
    """The query that a text denotes; ``str`` of it parses to an equal one.

    Args:
        text: at most 10,000 characters in the language of LANGUAGE; integers below 2^63, brackets at most 30 deep, at
            most 200 conditions, ranges and groups, and 40 operators of arithmetic.

    Raises:
        QueryError: the text is not in the language; the message gives the place, the rule and an example.

    Cost: linear in the text. Nothing is looked up: a group is resolved by ``index.condition``.

    >>> print(parse_query("n in 100..200 and not (aut > 4*n or contains A5)"))
    order in 100..200 and not (automorphism_order > 4 * order or contains A5)
    """
    if len(text) > MAX_TEXT:
        raise QueryError(f"the query has {len(text):,} characters; the limit is {MAX_TEXT:,}")
    for place, character in enumerate(text):
        if not character.isprintable() and not character.isspace():
            name = f"U+{ord(character):04X}, {unicodedata.name(character, 'no name')}"
            raise QueryError(f"cannot read {name}, at character {place + 1} of {excerpt(text)}")
    return _Parser(text).whole()


class _Parser:
    """Recursive descent; each method leaves the cursor after what it read. Whether brackets hold a number or a
    condition shows at what stands in them, so a rule may give either and ``query`` and ``term`` tell them apart."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.depth = self.conditions = self.operators = 0
        self.place = self.end = 0  # of the token at the cursor, which is empty at the end of the text
        self.token = ""
        self.take()

    def whole(self) -> Query:
        if not self.token:
            return Everything()
        found = self.query(self.disjunction, "a condition")
        if self.token:
            raise self.refusal('"and", "or" or the end (a text with spaces stands in quotes)')
        return found

    # -- tokens

    def take(self) -> str:
        """The token at the cursor, which moves on."""
        taken, place = self.token, self.end
        while place < len(self.text) and self.text[place].isspace():
            place += 1
        match = _TOKEN.match(self.text, place)
        token = match[0] if match else ""
        self.place, self.end = place, place + len(token)
        self.token = _SAME.get(token, token)
        return taken

    def word(self) -> str:
        """The token at the cursor in small letters."""
        return self.token.lower()

    def take_if(self, *words: str) -> bool:
        """Whether the token is one of these; then the cursor moves on."""
        found = self.word() in words and bool(self.token)
        if found:
            self.take()
        return found

    def expect(self, token: str) -> None:
        if not self.take_if(token):
            raise self.refusal(f"{token!r}")

    def refusal(self, wanted: str) -> QueryError:
        """The error that says what was expected at the cursor and what stands there."""
        if not self.token:
            return QueryError(f"expected {wanted} but {excerpt(self.text)} ends there")
        return self.error(f"expected {wanted} but found {excerpt(self.token)}", self.place)

    def error(self, message: str, place: int, more: str = "") -> QueryError:
        return QueryError(f"{message} at character {place + 1} of {excerpt(self.text)}" + (more and f"; {more}"))

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise QueryError(f"brackets, 'not' and minus signs are nested more than {MAX_DEPTH} deep")

    def count(self) -> None:
        """One more condition, or part of one that the database compares apart."""
        self.conditions += 1
        if self.conditions > MAX_CONDITIONS:
            raise QueryError(f"the query has more than {MAX_CONDITIONS} conditions and ranges")

    def integer(self, what: str, *, signed: bool = False) -> int:
        """A number, below 2^63; ``what`` names it in the refusal."""
        if signed and self.take_if("-"):
            return -self.integer(what)
        if not (self.token.isascii() and self.token.isdigit()):
            raise self.refusal(what)
        digits = self.token.lstrip("0") or "0"
        if len(digits) > 19 or int(digits) > MAX_INTEGER:
            raise self.error(f"the number {excerpt(digits)}", self.place, "integers go to 2^63 - 1")
        self.take()
        return int(digits)

    def words(self, what: str) -> str:
        """A text in quotes, in which a doubled quote stands for one, or what stands without a space."""
        place = self.place
        if self.token and self.token in "\"'":
            match = _QUOTED.match(self.text, place)
            if match is None:
                raise self.error(f"the quote {self.token}", place, "it is never closed")
            quote = self.token
            found, self.end = match[match.lastindex or 0].replace(quote * 2, quote), match.end()
        else:
            self.end = bare_end(self.text, place)
            found = self.text[place : self.end]
            if not found or found.lower() in KEYWORDS:
                raise self.refusal(what)
            if not is_balanced(found):
                raise self.error(f"the brackets of {excerpt(found)}", place, "they do not match")
        self.take()
        return found

    # -- conditions

    def query(self, rule: _Rule, what: str) -> Query:
        """What a rule reads, which must be a condition."""
        place = self.place
        found = rule()
        if isinstance(found, Term):
            shown = f"{excerpt(str(found))} is a number"
            raise self.error(f"{shown}, not {what},", place, f"compare it, as in {str(found)[:30]} > 5")
        return found

    def disjunction(self) -> Query | Term:
        return self.chain("or", self.conjunction)

    def conjunction(self) -> Query | Term:
        return self.chain("and", self.negation)

    def chain(self, word: str, rule: _Rule) -> Query | Term:
        place = self.place
        first = rule()
        if self.word() != word:
            return first
        if isinstance(first, Term):
            raise self.error(f"{excerpt(str(first))} is a number, which {word!r} does not join,", place, "compare it")
        parts = [first]
        while self.take_if(word):
            parts.append(self.query(rule, "a condition"))
        return And(tuple(parts)) if word == "and" else Or(tuple(parts))

    def negation(self) -> Query | Term:
        if not self.take_if("not"):
            return self.condition()
        self.deeper()
        found = self.query(self.negation, "a condition")
        self.depth -= 1
        return Not(found)

    def condition(self) -> Query | Term:
        """A comparison of numbers, or what stands alone."""
        self.count()
        left = self.sum()
        compares = self.token in COMPARISONS or self.word() in ("in", "divides")
        if not compares or isinstance(left, Query):
            if compares:
                raise self.error(
                    f"{excerpt(str(left))} is true or false, which {self.token!r} cannot compare,",
                    self.place,
                    f"write {str(left)[:30]}, or not {str(left)[:30]}",
                )
            return left
        if self.take_if("in"):
            return In(left, self.ranges())
        if self.take_if("divides"):
            return Divides(left, self.term(self.sum))
        return self.comparisons(left)

    def comparisons(self, left: Term) -> Query:
        """a < b, or a < b < c as a < b and b < c."""
        found: list[Query] = []
        while self.token in COMPARISONS:
            operator, right = self.take(), self.term(self.sum)
            found.append(Compare(left, operator, right))
            left = right
            if self.token in COMPARISONS:
                self.count()
        return found[0] if len(found) == 1 else And(tuple(found))

    def ranges(self) -> tuple[tuple[int, int], ...]:
        if not self.take_if("{"):
            return (self.range(),)
        found = [self.range()]
        while self.take_if(","):
            found.append(self.range())
        self.expect("}")
        return tuple(found)

    def range(self) -> tuple[int, int]:
        place = self.place
        low = high = self.integer("a number or a range, as in {8, 16, 32..40},", signed=True)
        if self.take_if(".."):
            self.count()
            high = self.integer("a number, as in 100..200,", signed=True)
        if high < low:
            raise self.error(f"the range {low}..{high} is empty", place, f"write {high}..{low}")
        return low, high

    # -- numbers

    def term(self, rule: _Rule) -> Term:
        """What a rule reads, which must be a number."""
        place = self.place
        found = rule()
        if isinstance(found, Query):
            raise self.error(f"{excerpt(str(found))} is true or false, not a number,", place)
        return found

    def sum(self) -> Query | Term:
        return self.arithmetic(("+", "-"), self.product)

    def product(self) -> Query | Term:
        return self.arithmetic(("*",), self.unary)

    def arithmetic(self, operators: tuple[str, ...], rule: _Rule) -> Query | Term:
        place = self.place
        found = rule()
        while self.token in operators:
            if isinstance(found, Query):
                raise self.error(f"{excerpt(str(found))} is true or false, not a number,", place)
            self.operators += 1
            if self.operators > MAX_OPERATORS:
                raise QueryError(f"the query has more than {MAX_OPERATORS} operators + - *")
            operator = self.take()
            found = Arithmetic(found, operator, self.term(rule))
        return found

    def unary(self) -> Query | Term:
        if self.take_if("-"):
            self.deeper()
            found = self.term(self.unary)
            self.depth -= 1
            return Number(-found.value) if isinstance(found, Number) else Negated(found)
        if self.take_if("("):
            self.deeper()
            inside = self.disjunction()
            self.expect(")")
            self.depth -= 1
            return inside
        if self.token.isascii() and self.token.isdigit():
            return self.power()
        return self.named()

    def power(self) -> Number:
        place, base = self.place, self.integer("a number")
        if not self.take_if("^"):
            return Number(base)
        exponent = self.integer("an integer, as in 2^10,")
        if base > 1 and (exponent > 63 or base**exponent > MAX_INTEGER):
            raise self.error(f"the number {base}^{exponent}", place, "integers go to 2^63 - 1")
        return Number(base ** min(exponent, 63))

    # -- what begins with a word

    def named(self) -> Query | Term:
        word, place = self.word(), self.place
        if not (word[:1].isalpha() or word[:1] == "_") or word in KEYWORDS:
            raise self.refusal("a condition, such as nilpotent, order < 100 or contains A5,")
        written = self.take()
        if word in RELATION_WORDS:
            return Related(RELATION_WORDS[word], self.words(f'a group after {word!r}, such as A5 or "C7 : C3",'))
        if word in ("added", "mine"):
            return Added()
        if word in ("known", "unknown"):
            known = Known(self.any_field())
            return known if word == "known" else Not(known)
        if word == "irrep":
            return self.irrep()
        if word == "element":
            if self.word() != "order":
                raise self.refusal("'order', as in element order 6,")
            return Classes((self.part(),))
        if word == "class" and self.word() in ("order", "size"):
            return self.classes()
        return self.field(self.find(written, place, ALIASES.get(word, word)))

    def field(self, field: Field) -> Query | Term:
        """A field whose name was just read, with what belongs to its kind."""
        if field.kind == "flag":
            return Flag(field.name)
        if field.kind == "number":
            return Value(field.name)
        if field.kind in ("text", "group"):
            return self.comparable(field)
        raise self.refusal(
            f"no more ({field.name!r} is a list, which contains, normal, quotient, maximal, factor, irrep or class ask)"
        )

    def comparable(self, field: Field) -> Query:
        """= and != and ~ and in, for a text or a group."""
        text = field.kind == "text"
        allowed = ("=", "!=", "~", "in") if text else ("=", "!=", "in")
        what = 'a text, such as "C7 : C3",' if text else 'a group, such as C2^2 or "C7 : C3",'
        operator = self.word()
        if operator not in allowed:
            raise self.refusal(f"{', '.join(allowed[:-1])} or in after {field.name!r}, which is a {field.kind},")
        self.take()
        if operator == "in":
            self.expect("{")
        found = [self.words(what)]
        while operator == "in" and self.take_if(","):
            found.append(self.words(what))
            if not text:
                self.count()
        if operator == "in":
            self.expect("}")
        return Text(field.name, operator, tuple(found)) if text else Type(field.name, operator, tuple(found))

    def irrep(self) -> Query:
        degrees: list[tuple[str, int]] = []
        indicator: int | None = None
        faithful = False
        while (place := self.place, word := self.word())[1] in ("degree", "faithful", "indicator", *TYPES):
            self.take()
            if word == "degree":
                degrees.append(self.bound())
            elif word == "faithful":
                faithful = True
            elif indicator is not None:
                raise self.error(
                    f"a second indicator, {word!r},", place, "an irrep has one: real, complex, quaternionic"
                )
            else:
                indicator = TYPES[word] if word in TYPES else self.integer("an indicator, 1, 0 or -1", signed=True)
                if indicator not in TYPES.values():
                    raise self.error(f"the indicator {indicator}", place, "it is 1 (real), 0 (complex) or -1")
        if not (degrees or faithful or indicator is not None):
            raise self.refusal("degree 4, faithful, real, complex, quaternionic or indicator -1 after 'irrep'")
        return Irrep(tuple(degrees), indicator, faithful)

    def classes(self) -> Query:
        found = [self.part()]
        while self.word() in ("order", "size"):
            found.append(self.part())
        return Classes(tuple(found))

    def part(self) -> tuple[str, str, int]:
        return (self.take().lower(), *self.bound())

    def bound(self) -> tuple[str, int]:
        operator = self.take() if self.token in COMPARISONS else "="
        return operator, self.integer("a number")

    def any_field(self) -> str:
        """The name of a field of any kind, which a short name may stand for."""
        word, place = self.word(), self.place
        if not (word[:1].isalpha() or word[:1] == "_"):
            raise self.refusal("a field, as in known subgroups,")
        written = self.take()
        return self.find(written, place, word if word in FIELD else ALIASES.get(word, word)).name

    def find(self, written: str, place: int, name: str) -> Field:
        """A field by its full name; the refusal suggests what the user may have meant."""
        if name in FIELD:
            return FIELD[name]
        near = get_close_matches(name[:64], [*FIELD, *ALIASES, *KEYWORDS, *_OPENERS], 3)
        if near:
            more = f"nearest: {', '.join(near)}"
        else:
            more = "fields are order, abelian, center, ...; a group stands after a word, as in contains A5 or name = A5"
        raise self.error(f"unknown word {excerpt(written)}", place, more)


if TYPE_CHECKING:
    from collections.abc import Callable

    _Rule = Callable[[], Query | Term]
