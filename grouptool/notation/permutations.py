"""Permutations as cycles of points from 1, and as lists of images.

Public: at_cycle, read_cycles, read_image_lists.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..errors import NotationError
from .nodes import Permutations
from .tokens import Tokens, excerpt

__all__ = ["at_cycle", "read_cycles", "read_image_lists"]

MAX_POINT = 100_000  # largest point that a permutation may move
MAX_IMAGES = 10_000_000
"""Generators times points: the entries of their image lists, 80 MB."""

T = TypeVar("T")
Cycles = tuple[tuple[int, ...], ...]


def at_cycle(tokens: Tokens) -> bool:
    """Whether a cycle such as (1,2), (1 2), (1) or () begins here, not a bracket around a group."""
    if tokens.peek() != "(":
        return False
    return tokens.peek(1) == ")" or (
        tokens.peek(1).isdigit() and (tokens.peek(2) in (",", ")", "") or tokens.peek(2).isdigit())
    )


def read_cycles(tokens: Tokens) -> Permutations:
    """``(1,2,3)(4,5), (1,2)``: generators between commas, cycles with commas or spaces."""
    return _bounded(_several(tokens, _product_of_cycles, at_cycle, "a cycle such as (1,2,3)"))


def read_image_lists(tokens: Tokens) -> Permutations:
    """``[2,1,3], [2,3,1]``: the images of 1, 2, 3; a list with a 0 among them counts from 0."""
    lists = _several(tokens, _integers, _at_list, "a list of images such as [2,1,3]")
    first = 0 if any(0 in images for images in lists) else 1
    return _bounded([_cycles(images, first) for images in lists])


def _several(tokens: Tokens, read: Callable[[Tokens], T], begins: Callable[[Tokens], bool], wanted: str) -> list[T]:
    found = [read(tokens)]
    while tokens.take_if(","):
        if not begins(tokens):
            raise tokens.refusal(wanted)
        found.append(read(tokens))
    return found


def _bounded(generators: list[Cycles]) -> Permutations:
    degree = max((point for generator in generators for cycle in generator for point in cycle), default=1)
    if len(generators) * degree > MAX_IMAGES:
        raise NotationError(
            f"{len(generators):,} permutations of {degree:,} points have {len(generators) * degree:,} images; "
            f"the limit is {MAX_IMAGES:,}"
        )
    return Permutations(tuple(generators))


# -- cycles


def _product_of_cycles(tokens: Tokens) -> Cycles:
    cycles: list[tuple[int, ...]] = []
    moved: set[int] = set()
    while at_cycle(tokens):
        tokens.expect("(")
        cycle: list[int] = []
        while tokens.peek() != ")":
            if cycle:
                tokens.take_if(",")
            cycle.append(_point(tokens, moved))
        tokens.expect(")")
        if len(cycle) > 1:
            cycles.append(tuple(cycle))
    return tuple(cycles)


def _point(tokens: Tokens, moved: set[int]) -> int:
    point = tokens.integer("a point")
    if not 1 <= point <= MAX_POINT:
        hint = "; only lists of images such as [1,0,2] may count from 0" if point == 0 else ""
        raise NotationError(f"the point {point:,} is outside 1 to {MAX_POINT:,}{hint}")
    if point in moved:
        raise NotationError(f"the point {point} occurs twice in one permutation; cycles of a generator are disjoint")
    moved.add(point)
    return point


# -- lists of images


def _at_list(tokens: Tokens) -> bool:
    return tokens.peek() in ("[", "Permutation")


def _integers(tokens: Tokens) -> list[int]:
    """[1,0,2], or SymPy's Permutation([1,0,2])."""
    wrapped = tokens.take_if("Permutation")
    if wrapped:
        tokens.expect("(")
    tokens.expect("[")
    images = [tokens.integer("the image of a point")]
    while tokens.take_if(","):
        images.append(tokens.integer("the image of a point"))
    tokens.expect("]")
    if wrapped:
        tokens.expect(")")
    return images


def _cycles(images: list[int], first: int) -> Cycles:
    """The cycles of length above 1, each from its smallest point, in the order of these."""
    if len(images) > MAX_POINT:
        raise NotationError(f"a list of {len(images):,} images; the limit is {MAX_POINT:,} points")
    if sorted(images) != list(range(first, first + len(images))):
        last = first + len(images) - 1
        raise NotationError(
            f"{excerpt(str(images[:20]))[1:-1]} is no permutation: a list of {len(images)} images has each of "
            f"{first} to {last} once"
        )
    cycles: list[tuple[int, ...]] = []
    seen = [False] * len(images)
    for start in range(len(images)):
        cycle: list[int] = []
        place = start
        while not seen[place]:
            seen[place] = True
            cycle.append(place + 1)
            place = images[place] - first
        if len(cycle) > 1:
            cycles.append(tuple(cycle))
    return tuple(cycles)
