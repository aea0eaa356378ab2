"""The names that the notation's families give to groups of an order, preferred ones first.

Public: family_names, is_usual, named_group, named_fingerprint, all_family_names.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from ..construct import Built, build
from ..construct.families import blueprint_of_family, extraspecial, families
from ..errors import GroupToolError
from ..group import TABLE_LIMIT, Group, prime_factors
from ..notation import Automorphisms, Extraspecial, Named, Power, Product, parse
from ..structure.automorphisms import holomorph
from ..structure.isomorphism import fingerprint

__all__ = ["all_family_names", "family_names", "is_usual", "named_fingerprint", "named_group"]

PREFERRED = (
    "S", "A", "M", "PSL", "SL", "PGL", "GL", "PSU", "Sz", "D", "Q", "Dic", "SD", "extraspecial", "Mod", "F", "AGL",
    "ASL", "AGammaL", "PSp", "Sp", "SU", "PGU", "GU", "W", "PGammaL", "PSigmaL", "GammaL", "SigmaL",
)  # fmt: skip
"""Families by preference; those that are not listed, the orthogonal ones, come last, by symbol. A name of the first
family that a group has is its name, the others are synonyms."""

MAX_DIMENSION = 8
MAX_FIELD = 211
"""Dimensions and fields of the classical groups that are named: all with tables, but for PGL(2,q) and such of q > 211,
whose order is above the limit of a table too, and lines AGL(1,q)."""


KEPT_ORDER = 255
"""Largest order of groups that are kept once they are built."""

_kept: dict[str, Group | None] = {}


def named_group(text: str) -> Group | None:
    """The group that a text denotes; None when the notation refuses it, as ambiguous, say."""
    if text in _kept:
        return _kept[text]
    try:
        made = build(_with_holomorphs(parse(text)))
    except GroupToolError:
        made = None
    if made is None or made.order <= KEPT_ORDER:
        _kept[text] = made
    return made


@cache
def named_fingerprint(text: str) -> str | None:
    """The fingerprint of the group that a text denotes, if it denotes one."""
    made = named_group(text)
    return None if made is None else fingerprint(made)


def _with_holomorphs(spec: Any) -> Any:
    """A specification whose holomorphs are built, in direct products too: finding automorphisms needs a search."""
    if isinstance(spec, Automorphisms) and spec.kind == "Hol":
        return Built(holomorph(build(spec.group)))
    if isinstance(spec, Product):
        return replace(spec, factors=tuple(map(_with_holomorphs, spec.factors)))
    return replace(spec, base=_with_holomorphs(spec.base)) if isinstance(spec, Power) else spec


def family_names(order: int) -> list[str]:
    """The names of groups of an order in the families; equal groups may have several. Cyclic groups have none."""
    return all_family_names().get(order, [])


def is_usual(name: str) -> bool:
    """Whether a family's name is one by which a group is called, rather than a synonym only."""
    return _symbol(parse(name)) in PREFERRED[: PREFERRED.index("W") + 1]  # type: ignore[arg-type]


@cache
def all_family_names() -> dict[int, list[str]]:
    """The names of the families' groups with tables, by order; no group is built."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    rank = {symbol: place for place, symbol in enumerate(PREFERRED)}
    specs = sorted(_specs(), key=lambda one: (rank.get(_symbol(one), len(rank)), _symbol(one)))
    for spec in specs:
        if (order := _order(spec)) is not None and order <= TABLE_LIMIT:
            found[order].append(str(spec))
    return dict(found)


def _symbol(spec: Named | Extraspecial) -> str:
    return "extraspecial" if isinstance(spec, Extraspecial) else spec.family


def _order(spec: Named | Extraspecial) -> int | None:
    try:
        if isinstance(spec, Extraspecial):
            return extraspecial(spec.prime, spec.exponent, spec.sign).order
        return blueprint_of_family(spec).order
    except GroupToolError:
        return None


def _specs() -> Iterator[Named | Extraspecial]:
    for n in range(3, 9):
        yield Named("S", (n,))
    for n in range(4, 9):
        yield Named("A", (n,))
    for n in range(3, TABLE_LIMIT // 2 + 1):
        yield Named("D", (n,))
    for n in range(2, TABLE_LIMIT // 4 + 1):
        yield Named("Dic", (n,))
    for exponent in range(3, 15):
        yield Named("Q", (2**exponent,))
        yield Named("SD", (2**exponent,))
    for p in (q for q in range(2, 150) if _is_prime_power(q)):
        if len(prime_factors(p)) == 1 and prime_factors(p)[0][1] == 1:
            for exponent in range(3, int(math.log(TABLE_LIMIT, p)) + 1):
                yield Named("Mod", (p**exponent,))
                for sign in "+-" if exponent % 2 else "":
                    yield Extraspecial(p, exponent, sign)
    yield Named("M", (11,))
    for letter, most in (("B", 6), ("D", 6), ("F", 4)):
        for rank in range(3, most + 1):
            yield Named("W", (f"{letter}{rank}",))
    for q in filter(_is_prime_power, range(3, TABLE_LIMIT)):
        for k in (k for k in range(2, min(q - 1, TABLE_LIMIT // q) + 1) if (q - 1) % k == 0):
            if q <= 256:
                yield Named("F", (q, k))
    yield from _classical()


def _classical() -> Iterator[Named]:
    single = {"C", "S", "A", "D", "Dic", "Q", "SD", "Mod", "He", "M", "W", "F", "Sz"}
    for one in families():
        if one.symbol in single:
            continue
        # In dimension 1 linear groups are cyclic, in dimension 2 orthogonal ones are dihedral.
        least = 1 if one.symbol in ("AGL", "AGammaL", "GammaL") else 3 if "O" in one.symbol else 2
        for n in range(least, MAX_DIMENSION + 1):
            for q in filter(_is_prime_power, range(2, MAX_FIELD + 1)):
                if ("amma" in one.symbol or "igma" in one.symbol) and prime_factors(q)[0][1] == 1:
                    continue  # no automorphisms of the field
                yield Named(one.symbol, (n, q))


def _is_prime_power(q: int) -> bool:
    return q > 1 and len(prime_factors(q)) == 1
