"""Semidirect products N : H of any two groups with tables, the action written out or the only one there is.

Public: written_action, only_action, semidirect_generators.
An action is an array of shape (s, |N|): row k is the automorphism x -> x^(h_k) of N for the k-th generator h_k of H.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

from ..errors import NotationError, TooLargeError
from ..group import Group
from ..notation import Commutator, Conjugate, Letter, Semidirect, Word
from .automorphisms import Automorphisms, automorphisms_within, extend_to_homomorphism
from .permutations import Closure
from .words import letter_names

__all__ = ["only_action", "semidirect_generators", "written_action"]

MAX_ACTION = 1 << 26
"""Largest |N| |H|."""

MAX_HOMOMORPHISMS = 20_000
"""Candidates for homomorphisms from H to Aut(N) that are tried."""


def semidirect_generators(normal: Group, complement: np.ndarray, action: np.ndarray) -> np.ndarray:
    """Image lists on the elements of N and the points of H: N multiplies from the right, H acts.

    The generators of N come first. Then h^-1 x h = x^h holds, since y -> ((y^(1/h)) x)^h = y x^h.

    Args:
        complement: image lists of the generators of H, shape (s, degree).
        action: shape (s, |N|).
    """
    degree = complement.shape[1]
    still, points = np.arange(normal.order, normal.order + degree), complement.astype(np.int64) + normal.order
    rows = [np.concatenate((row, still)) for row in normal.right_multiplications()]
    rows += [np.concatenate(both) for both in zip(action, points, strict=True)]
    return np.array(rows)


# -- a written action


def written_action(spec: Semidirect, normal: Group, complement: Closure) -> np.ndarray:
    """The action that a specification writes out, checked.

    Raises:
        NotationError: an unknown generator, a map that is no automorphism of N, or one that breaks a relation of H;
            the message says which.
    """
    names = letter_names(len(normal.generators) + len(complement.steps))
    ours, theirs = names[: len(normal.generators)], names[len(normal.generators) :]
    images = {name: list(normal.generators) for name in theirs}
    for place, (x, y, word) in enumerate(spec.action):
        if x not in ours or y not in theirs:
            raise NotationError(
                f"{x}^{y} in {spec} is no generator of {spec.normal} ({', '.join(ours)}) to the power of one of "
                f"{spec.complement} ({', '.join(theirs)})"
            )
        if (x, y) in {earlier[:2] for earlier in spec.action[:place]}:
            raise NotationError(f"{x}^{y} is given twice in {spec}")
        images[y][ours.index(x)] = _value(word, normal, ours)
    rows = []
    for name in theirs:
        row = extend_to_homomorphism(normal, images[name])
        if row is None or len(np.unique(row)) < normal.order:
            why = "it breaks a relation" if row is None else "it is not one to one"
            raise NotationError(f"{name} is no automorphism of {spec.normal} in {spec}: {why}")
        rows.append(row)
    action = np.array(rows).reshape(len(theirs), normal.order)
    _check_relations(spec, complement, action, theirs)
    return action


def _value(word: Word | Letter | Commutator | Conjugate, group: Group, names: Sequence[str]) -> int:
    """The element that a word denotes."""
    if isinstance(word, Letter):
        if word.name not in names:
            raise NotationError(f"{word.name!r} is no generator here; they are {', '.join(names)}")
        return group.generators[names.index(word.name)]
    if isinstance(word, Commutator):
        first, second = _value(word.first, group, names), _value(word.second, group, names)
        return _product(group, [int(group.inverses[first]), int(group.inverses[second]), first, second])
    if isinstance(word, Conjugate):
        base, by = _value(word.base, group, names), _value(word.by, group, names)
        return _product(group, [int(group.inverses[by]), base, by])
    powers = []
    for part, exponent in word.factors:
        element = _value(part, group, names)
        powers.append(int(group.powers(exponent % int(group.element_orders[element]), np.array([element]))[0]))
    return _product(group, powers)


def _product(group: Group, elements: Sequence[int]) -> int:
    result = 0
    for element in elements:
        result = int(group.table[result, element])
    return result


def _check_relations(spec: Semidirect, complement: Closure, action: np.ndarray, names: Sequence[str]) -> None:
    """The generators' automorphisms extend to a homomorphism from H: all edges of its Cayley graph agree."""
    order, size = len(complement.elements), action.shape[1]
    if order * size > MAX_ACTION:
        raise TooLargeError(f"the action in {spec} has {order:,} times {size:,} images; the limit is {MAX_ACTION:,}")
    acting = np.empty((order, size), dtype=np.min_scalar_type(size))
    acting[0] = np.arange(size)
    for h in range(1, order):
        acting[h] = action[complement.letters[h]][acting[complement.parents[h]]]
    broken = [
        (int(h), k)
        for k, row in enumerate(action)
        for h in np.flatnonzero((acting[complement.steps[k]] != row[acting]).any(axis=1))[:1]
    ]
    if broken:
        h, k = min(broken)
        left = _shown([*complement.word(h), k], names)
        right = _shown(complement.word(int(complement.steps[k, h])), names)
        raise NotationError(f"the action in {spec} breaks the relation {left} = {right} of {spec.complement}")


def _shown(letters: list[int], names: Sequence[str]) -> str:
    runs = [(names[letter], len(list(run))) for letter, run in itertools.groupby(letters)]
    return "*".join(name if count == 1 else f"{name}^{count}" for name, count in runs) or "1"


# -- the only action


def only_action(spec: Semidirect, normal: Group, complement: Group) -> np.ndarray:
    """The one action that is not trivial, up to automorphisms of N and of H.

    Raises:
        NotationError: there is none, there are several, or finding out is not cheap; the message says what to write.
    """
    hint = f"write the action, as in {_example(spec, normal)}"
    own = automorphisms_within(normal)
    if own is None:
        raise NotationError(
            f"{spec}: {spec.normal} has too many automorphisms to see whether one action exists; {hint}"
        )
    orders = _orders(own)
    candidates = [np.flatnonzero(complement.element_orders[g] % orders == 0).tolist() for g in complement.generators]
    if math.prod(map(len, candidates)) > MAX_HOMOMORPHISMS:
        raise NotationError(f"{spec}: there are too many actions to see whether one is the only one; {hint}")
    maps = [extended for images in itertools.product(*candidates) if (extended := _extend(own, complement, images))]
    actions = {extended for extended in maps if any(extended)}
    if not actions:
        raise NotationError(f"{spec} has only the trivial action; write {spec.normal} x {spec.complement}")
    first = min(actions)
    if len(_orbit(first, own, automorphisms_within(complement))) < len(actions):
        raise NotationError(f"{spec} is ambiguous, more than one action is not trivial; {hint}")
    return own.images[[first[g] for g in complement.generators]]


def _example(spec: Semidirect, normal: Group) -> str:
    names = letter_names(len(normal.generators) + 1)
    return f"{spec} {{{names[0]}^{names[-1]} = ...}}"


def _orders(own: Automorphisms) -> np.ndarray:
    powers, orders = np.arange(len(own)), np.zeros(len(own), dtype=np.int64)
    exponent = 1
    while not orders.all():
        orders[(powers == 0) & (orders == 0)] = exponent
        powers = own.table[powers, np.arange(len(own))]
        exponent += 1
    return orders


def _extend(own: Automorphisms, group: Group, images: tuple[int, ...]) -> tuple[int, ...] | None:
    """The homomorphism from H to Aut(N) with these images of the generators, as numbers of automorphisms."""
    extended = np.full(group.order, -1, dtype=np.int64)
    extended[0] = 0
    for element in range(1, group.order):
        path = []
        while extended[element] < 0:
            path.append(element)
            element = int(group.parents[element])
        for step in reversed(path):
            extended[step] = own.table[extended[group.parents[step]], images[group.letters[step]]]
    for generator, image in zip(group.generators, images, strict=True):
        if (extended[group.table[:, generator]] != own.table[extended, image]).any():
            return None
    return tuple(extended.tolist())


def _orbit(start: tuple[int, ...], own: Automorphisms, others: Automorphisms | None) -> set[tuple[int, ...]]:
    """All actions that automorphisms of N (by conjugation) and of H (beforehand) make of one."""
    inverse = (own.table == 0).argmax(axis=1)
    orbit, queue = {start}, [start]
    while queue:
        action = np.array(queue.pop())
        images = own.table[own.table[inverse[:, None], action], np.arange(len(own))[:, None]]
        if others is not None:
            images = np.concatenate((images, action[others.images]))
        fresh = {tuple(row) for row in np.unique(images, axis=0).tolist()} - orbit
        orbit |= fresh
        queue += fresh
    return orbit
