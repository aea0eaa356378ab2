"""Matrices and the expressions that are their entries.

Public: read_matrices.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..errors import NotationError
from .nodes import Entry, Matrices, Monomial, Number, Ring, Root, Sum, Symbol
from .tokens import Tokens, excerpt

__all__ = ["read_matrices"]

Matrix = tuple[tuple[Entry, ...], ...]
MAX_CONDUCTOR = 10_000
"""Least common multiple of the n of all roots of unity E(n) in one text."""
MAX_BITS = 10_000
"""Of an entry that is multiplied out, counting each root of unity and each z as 1."""


def read_matrices(tokens: Tokens) -> Matrices:
    """``[[0,1],[-1,0]], [[1,1],[0,1]] over GF(5)``; without a ring over Z if all entries are integers, else over Q."""
    matrices = [_matrix(tokens)]
    while tokens.take_if(","):
        matrices.append(_matrix(tokens))
        if len(matrices[-1]) != len(matrices[0]):
            raise NotationError(
                f"matrix {len(matrices)} has {len(matrices[-1])} rows and the first {len(matrices[0])}; "
                "generators have one size"
            )
    entries = [entry for matrix in matrices for row in matrix for entry in row]
    leaves = {leaf for entry in entries for leaf in _leaves(entry)}
    _bound_conductor({leaf.order for leaf in leaves if isinstance(leaf, Root)})
    if tokens.take_if("over"):
        return Matrices(tuple(matrices), _ring(tokens))
    if tokens.take_if("mod"):
        return Matrices(tuple(matrices), Ring("Z", tokens.integer("a modulus")))
    if Symbol("z") in leaves:
        raise NotationError(
            f"z is the primitive element of a field; write which one after {excerpt(tokens.text)}: over GF(4)"
        )
    return Matrices(tuple(matrices), Ring("Z" if all(map(_is_integer, entries)) else "Q"))


def _matrix(tokens: Tokens) -> Matrix:
    tokens.expect("[")
    rows = [_row(tokens)]
    while tokens.take_if(","):
        rows.append(_row(tokens))
    tokens.expect("]")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows):
            raise NotationError(
                f"a matrix is square, but row {number} has {len(row)} entries and there are {len(rows)} rows; "
                "image lists are written [2,1,3], [2,3,1]"
            )
    return tuple(rows)


def _row(tokens: Tokens) -> tuple[Entry, ...]:
    tokens.expect("[")
    entries = [_entry(tokens)]
    while tokens.take_if(","):
        entries.append(_entry(tokens))
    tokens.expect("]")
    return tuple(entries)


# -- entries


def _entry(tokens: Tokens) -> Entry:
    entry = _sum(tokens)
    if _bits(entry) > MAX_BITS:
        raise NotationError(
            f"an entry of {excerpt(tokens.text)} has more than {MAX_BITS:,} binary digits, multiplied out"
        )
    return entry


def _sum(tokens: Tokens) -> Entry:
    terms = [_negative(_monomial(tokens)) if tokens.take_if("-") else _monomial(tokens)]
    while tokens.peek() in ("+", "-"):
        terms.append(_negative(_monomial(tokens)) if tokens.take() == "-" else _monomial(tokens))
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def _negative(term: Entry) -> Entry:
    if isinstance(term, Number):
        return Number(-term.value)
    factors = term.factors if isinstance(term, Monomial) else ((term, 1),)
    first, exponent = factors[0]
    if isinstance(first, Number) and exponent == 1:
        return Monomial(((Number(-first.value), 1), *factors[1:]))
    return Monomial(((Number(-1), 1), *factors))


def _monomial(tokens: Tokens) -> Entry:
    factors = [_raised(tokens)]
    while tokens.peek() in ("*", "/") or (tokens.tokens[tokens.next - 1].isdigit() and tokens.peek()[:1].isalpha()):
        sign = -1 if tokens.take_if("/") else 1
        tokens.take_if("*")
        base, exponent = _raised(tokens)
        factors.append((base, sign * exponent))
    return factors[0][0] if len(factors) == 1 and factors[0][1] == 1 else Monomial(tuple(factors))


def _raised(tokens: Tokens) -> tuple[Entry, int]:
    base = _atom(tokens)
    return base, tokens.signed_integer("an exponent") if tokens.take_if("^") else 1


def _atom(tokens: Tokens) -> Entry:
    token = tokens.peek()
    if token == "(":
        tokens.open("(")
        inside = _sum(tokens)
        tokens.close(")")
        return inside
    if token in ("i", "I", "z"):
        tokens.take()
        return Symbol("z" if token == "z" else "i")
    if token == "E":
        return _root(tokens)
    if "." in token:
        raise NotationError(
            f"{excerpt(token)} is not exact; write a fraction such as 1/2, a root of unity E(n), i or z"
        )
    if token == "Z":
        raise NotationError("entries in GAP's form Z(q)^k are not read; z is the primitive element, so write z^k")
    return Number(tokens.integer("an entry: an integer, a fraction 1/2, a root of unity E(n), i or z"))


def _root(tokens: Tokens) -> Root:
    tokens.expect("E")
    tokens.expect("(")
    order = tokens.integer("the order of a root of unity")
    tokens.expect(")")
    if order < 1:
        raise NotationError("E(0) is no root of unity; E(n) is exp(2 pi i/n) for n of at least 1")
    return Root(order)


def _bound_conductor(orders: set[int]) -> None:
    conductor = 1
    for order in sorted(orders):
        conductor = math.lcm(conductor, order)
        if conductor > MAX_CONDUCTOR:
            raise NotationError(f"the entries lie in the field of E({conductor}); the limit is E({MAX_CONDUCTOR})")


def _is_integer(entry: Entry) -> bool:
    if isinstance(entry, Sum):
        return all(map(_is_integer, entry.terms))
    if isinstance(entry, Monomial):
        return all(exponent >= 0 and _is_integer(base) for base, exponent in entry.factors)
    return isinstance(entry, Number)


def _leaves(entry: Entry) -> Iterator[Number | Symbol | Root]:
    if isinstance(entry, Sum):
        for term in entry.terms:
            yield from _leaves(term)
    elif isinstance(entry, Monomial):
        for base, _ in entry.factors:
            yield from _leaves(base)
    else:
        yield entry


def _bits(entry: Entry) -> int:
    """An upper bound for the binary digits of the numbers that multiplying out gives."""
    if isinstance(entry, Sum):
        return max(map(_bits, entry.terms)) + len(entry.terms).bit_length()
    if isinstance(entry, Monomial):
        return sum(abs(exponent) * _bits(base) for base, exponent in entry.factors)
    return entry.value.bit_length() if isinstance(entry, Number) else 0


# -- rings


def _ring(tokens: Tokens) -> Ring:
    token = tokens.peek()
    if token in ("Q", "QQ", "Z", "ZZ"):
        tokens.take()
        modulus = tokens.integer("a modulus") if token[0] == "Z" and tokens.take_if("/") else 0
        return Ring(token[0], modulus)
    if token in ("GF", "F", "GF_", "F_"):
        tokens.take()
        bracket = tokens.take_if("(")
        size = tokens.integer("the number of elements of a field")
        if bracket:
            tokens.expect(")")
        return Ring("GF", size)
    raise tokens.refusal("a ring: Z, Z/8, GF(9) or Q,")
