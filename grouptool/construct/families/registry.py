"""The plug point of the named families: a decorator, and the table that it fills.

Public: Family, family, families, blueprint_of_family, at_least, not_there.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable
from dataclasses import dataclass

from ...errors import NotationError, UnknownGroupError
from ...notation import Named
from ..blueprint import Blueprint

__all__ = ["Family", "at_least", "blueprint_of_family", "families", "family", "not_there"]


@dataclass(frozen=True)
class Family:
    """A family of groups: how it is written, what it is, and its maker."""

    symbol: str
    usage: str
    meaning: str
    make: Callable[..., Blueprint]


_FAMILIES: dict[str, Family] = {}


def family(symbol: str, usage: str) -> Callable[[Callable[..., Blueprint]], Callable[..., Blueprint]]:
    """Register a maker under a symbol; its first docstring line is what users read.

    The maker's parameters are annotated ``int`` or ``str``; a specification must have as many, of those types.
    """

    def register(make: Callable[..., Blueprint]) -> Callable[..., Blueprint]:
        meaning = (make.__doc__ or "").strip().splitlines()[0]
        _FAMILIES[symbol] = Family(symbol, usage, meaning, make)
        return make

    return register


def families() -> list[Family]:
    """Every family, by symbol."""
    return [_FAMILIES[symbol] for symbol in sorted(_FAMILIES)]


def blueprint_of_family(spec: Named) -> Blueprint:
    """The blueprint of a named group.

    Raises UnknownGroupError for a name that no family has, NotationError for parameters that a family does not take.
    """
    found = _FAMILIES.get(spec.family)
    if found is None:
        close = difflib.get_close_matches(spec.family.upper(), [symbol.upper() for symbol in _FAMILIES], n=1)
        near = next((symbol for symbol in _FAMILIES if close and symbol.upper() == close[0]), None)
        hint = f"did you mean {Named(near, spec.arguments)}? " if near else ""
        known = ", ".join(one.usage for one in families())
        raise UnknownGroupError(f"no group is called {str(spec)!r}; {hint}families: {known}")
    wanted = [parameter.annotation for parameter in inspect.signature(found.make).parameters.values()]
    if len(spec.arguments) != len(wanted):
        raise NotationError(f"{spec} has the wrong number of parameters; write {found.usage}")
    if [type(argument).__name__ for argument in spec.arguments] != wanted:
        raise NotationError(f"{spec} has parameters of the wrong kind; write {found.usage}")
    return found.make(*spec.arguments)


def at_least(n: int, least: int, usage: str) -> None:
    """Refuse a parameter that is too small."""
    if n < least:
        raise NotationError(f"{usage} needs n of at least {least}, not {n}")


def not_there(name: str, reason: str) -> NotationError:
    """The refusal of parameters that no member of a family has."""
    return NotationError(f"{name} does not exist: {reason}")
