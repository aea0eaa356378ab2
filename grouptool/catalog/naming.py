"""Readable names: short texts that the notation reads back as a group that is isomorphic.

Public: readable_name, computed_name, direct_factors, NameOf, LONGEST.

The rule, the first of these that is at most 40 characters long and denotes the group:

1. its structure description, where the notation can read that: it names no action and no extension;
2. the direct product of the names of its indecomposable factors, by order;
3. the preferred name that it has in a family of the notation (``2^(1+4)+``, ``Mod32``, ``AGammaL(1,8)``), as a
   holomorph, a wreath product ``A wr B`` or a central product ``A o B`` of groups in families;
4. the shortest ``N : H {a^c = ...}`` with N abelian of rank up to 3 and H = G/N, over all N and over all choices of
   the generators of N and H that the notation's N and H allow; without the action where it is the only one;
5. the small-group label, which the notation reads too.

Nothing in it looks at generators or at the order of elements, so isomorphic groups have the same name; groups that are
not isomorphic have different ones, since every name denotes its group.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import combinations_with_replacement

import numpy as np

from ..construct import from_permutations
from ..construct.words import letter_names
from ..errors import BudgetSpentError, TooLargeError
from ..group import Group, Subgroup, prime_factors
from ..structure.automorphisms import automorphism_group
from ..structure.description import describe_structure
from ..structure.isomorphism import find_isomorphism, fingerprint
from .facts import Parts, up_to_automorphisms
from .family_names import family_names, is_usual, named_fingerprint, named_group
from .library import LARGEST_ORDER, shipped_facts, small_group_label
from .types import abelian_invariants

__all__ = ["LONGEST", "NameOf", "computed_name", "direct_factors", "readable_name"]

LONGEST = 40
"""Most characters of a name."""

MAX_BASES = 200
"""Most automorphisms of N in a written action."""

MAX_GENERATORS = 5_000
"""Most automorphisms of H in a written action."""

MAX_WRITTEN = 2_000
"""Largest order of a group that is written with an action; above it the search takes long."""

NameOf = Callable[[Group], str | None]


def readable_name(group: Group) -> str | None:
    """The name by the rule above; of groups that the library holds, the one that it ships.

    Returns:
        None when the library does not hold the order and no rule finds a name.

    Raises:
        BudgetSpentError: a search stopped; the name is unknown.
    """
    if label := small_group_label(group):
        return shipped_facts(f"{label[0]}.{label[1]}").name
    return computed_name(group, None, readable_name)


def computed_name(group: Group, label: str | None, name_of: NameOf, description: str | None = None) -> str | None:
    """The name by the rule above, computed.

    Args:
        label: the small-group label, the name where nothing else is found.
        name_of: the names of factors and quotients; a label there is not readable.
        description: ``describe_structure(group)``, where it is known.
    """
    own = fingerprint(group)
    for text in _candidates(group, name_of, own, description):
        if len(text) <= LONGEST and _denotes(text, group, own):
            return text
    return label


def is_label(name: str) -> bool:
    """Whether a name is a small-group label alone."""
    return name.replace(".", "", 1).isdigit()


def _candidates(group: Group, name_of: NameOf, own: str, described: str | None) -> Iterator[str]:
    try:
        description = described or describe_structure(group)
    except BudgetSpentError:  # as for all groups that are isomorphic: too many normal subgroups
        yield from _of_order(group.order)
        return
    if " . " not in description:
        yield description
    parts = Parts(group)
    factors = direct_factors(parts)
    if len(factors) > 1:
        names = [name_of(one) for one in factors]
        if all(name and not is_label(name) for name in names):
            yield _product(sorted(zip((one.order for one in factors), map(str, names), strict=True)))
        return
    yield from _of_order(group.order)
    if group.order <= MAX_WRITTEN:
        yield from sorted(set(_written(parts, name_of, own)), key=lambda one: (len(one), one))


def _denotes(text: str, group: Group, own: str) -> bool:
    """Whether a text denotes the group, whose fingerprint is ``own``."""
    if named_fingerprint(text) != own:
        return False
    made = named_group(text)
    return made is not None and find_isomorphism(group, made) is not None


# -- direct products


def direct_factors(parts: Parts) -> list[Group]:
    """The indecomposable direct factors, the group alone when it is indecomposable; unique up to isomorphism."""
    group, normal = parts.group, parts.normal
    held = np.array([one.mask[parts.classes.representatives] for one in normal])
    orders = np.array([one.order for one in normal])
    for place, one in enumerate(normal[1:-1], start=1):  # a factor of least order is indecomposable
        others = np.flatnonzero(orders * one.order == group.order)
        apart = others[(held[others] & held[place]).sum(axis=1) == 1]
        if apart.size:
            other = normal[apart[0]]
            return [one.as_group("part"), *direct_factors(Parts(other.as_group("part")))]
    return [group]


def _product(named: list[tuple[int, str]]) -> str:
    """Names of factors by order; equal ones as powers."""
    texts = [name for _, name in named]
    return " x ".join(_power(text, texts.count(text)) for text in dict.fromkeys(texts))


def _power(text: str, count: int) -> str:
    if count == 1:
        return _bracketed(text)
    return f"({text})^{count}" if "^" in text or " " in text else f"{text}^{count}"


def _bracketed(text: str) -> str:
    return f"({text})" if " " in text else text


# -- families, holomorphs, wreath and central products


@cache
def _of_order(order: int) -> tuple[str, ...]:
    return tuple(_texts_of_order(order))


def _texts_of_order(order: int) -> Iterator[str]:
    yield from filter(is_usual, family_names(order))
    for n in (n for n in range(3, order) if n * n <= 2 * order and order % n == 0):
        if n * sum(math.gcd(k, n) == 1 for k in range(1, n)) == order:
            yield f"Hol(C{n})"
    for base, top in _wreaths(order):
        yield f"{base} wr {top}"
    if order <= LARGEST_ORDER:
        yield from _central(order)


def _wreaths(order: int) -> Iterator[tuple[str, str]]:
    """Wreath products of small groups by groups on few points."""
    tops = (("C2", 2, 2), ("C3", 3, 3), ("S3", 6, 3), ("C4", 4, 4), ("C2^2", 4, 4), ("C5", 5, 5))
    for top, size, degree in tops:
        for base in range(2, 16):
            if base**degree * size == order:
                yield from ((name, top) for name in _small_names(base))


def _small_names(order: int) -> list[str]:
    """Cyclic and elementary groups, and the families, of a small order; each group once."""
    names = [f"C{order}"]
    factors = prime_factors(order)
    if len(factors) == 1 and factors[0][1] > 1:
        names.append(f"C{factors[0][0]}^{factors[0][1]}")
    return [*names, *_distinct(order)]


@cache
def _distinct(order: int) -> list[str]:
    kept: list[str] = []
    for text in filter(is_usual, family_names(order)):
        made, own = named_group(text), named_fingerprint(text)
        if made is not None and own is not None and not any(_denotes(other, made, own) for other in kept):
            kept.append(text)
    return kept


def _central(order: int) -> Iterator[str]:
    """Central products of a cyclic group or one in a family with one in a family, the first not larger."""
    sizes = [n for n in range(4, order) if order % n == 0]
    for a, b in combinations_with_replacement(sizes, 2):
        if (a * b) % order == 0 and (shared := a * b // order) > 1 and a % shared == 0:
            for right in _distinct(b):
                yield f"C{a} o {right}"
            for left in _distinct(a):
                for right in _distinct(b):
                    if a < b or left <= right:
                        yield f"{left} o {right}"
                yield f"C{b} o {left}"


# -- semidirect products with the action written out


def _written(parts: Parts, name_of: NameOf, own: str) -> Iterator[str]:
    try:
        chosen = up_to_automorphisms(parts, [one for one in parts.normal[1:-1] if one.is_abelian])
        for normal in chosen:
            if _splits(parts, normal) and (text := _shortest(parts.group, normal, name_of, own)):
                yield text
    except (BudgetSpentError, TooLargeError):
        return


def _splits(parts: Parts, normal: Subgroup) -> bool:
    """Whether a normal subgroup has a complement."""
    lattice = parts.lattice
    bits = lattice.bits[lattice.starts[lattice.class_of(normal)]]
    places = np.flatnonzero(lattice.orders * normal.order == parts.group.order)
    return bool((~(lattice.bits[lattice.starts[places]] & bits).any(axis=1)).any())


def _shortest(group: Group, normal: Subgroup, name_of: NameOf, own: str) -> str | None:
    """The shortest text ``N : H {...}`` for one N, the first in the alphabet of those; None where it is too long."""
    inner = _abelian_names(abelian_invariants(normal))
    bases = None if inner is None else _isomorphisms(_built(inner), normal.as_group(), MAX_BASES)
    if inner is None or bases is None:
        return None
    quotient = group / normal
    outer = name_of(quotient)
    if outer is None or is_label(outer) or len(outer) > LONGEST - 12 or "{" in outer:
        return None
    top = _readable_top(outer)
    tuples = None if top is None else _isomorphisms(top, quotient, MAX_GENERATORS)
    if top is None or tuples is None:
        return None
    start = f"{_bracketed(inner)} : {_bracketed(outer)}"
    if _denotes(start, group, own):
        return start
    rules = _rules(group, normal, _built(inner), bases, tuples[:, list(top.generators)])
    text = f"{start} {{{rules}}}"
    return text if rules and len(text) <= LONGEST else None


@cache
def _readable_top(name: str) -> Group | None:
    """The group of a name that the notation builds by itself, so that its generators are known, at most 4 of them."""
    made = None if "Hol" in name else named_group(name)
    return made if made is not None and len(made.generators) <= 4 else None


def _abelian_names(invariants: tuple[int, ...]) -> str | None:
    """An abelian group of rank up to 3 as a product of cyclic ones, each order dividing the next."""
    columns: dict[int, list[int]] = {}
    for one in invariants:
        columns.setdefault(prime_factors(one)[0][0], []).append(one)
    rank = max(map(len, columns.values()), default=0)
    if not 1 <= rank <= 3:
        return None
    orders = [1] * rank
    for powers in columns.values():
        for place, power in enumerate(reversed(powers)):
            orders[rank - 1 - place] *= power
    return _product([(one, f"C{one}") for one in orders])


def _built(name: str) -> Group:
    made = named_group(name)
    assert made is not None, name
    return made


def _isomorphisms(source: Group, target: Group, most: int) -> np.ndarray | None:
    """Shape (t, n): all isomorphisms between isomorphic groups; None when there are more than ``most``."""
    own = _own_automorphisms(source.name, most)
    if own is None:
        return None
    mapping = find_isomorphism(source, target)
    assert mapping is not None, (source.name, target.name)
    return np.asarray(mapping[own])


@cache
def _own_automorphisms(name: str, most: int) -> np.ndarray | None:
    group = _built(name)
    found = automorphism_group(group)
    if found.order > most:
        return None
    if found.order == 1:
        return np.arange(group.order)[None]
    return np.asarray(from_permutations(found.generators).permutations.astype(np.int64))


def _rules(group: Group, normal: Subgroup, inner: Group, bases: np.ndarray, tuples: np.ndarray) -> str | None:
    """The shortest list of rules over all bases of N (t, |N|) and generators of G/N (u, k); None for no action."""
    gens = list(inner.generators)
    names = letter_names(len(gens) + tuples.shape[1])
    words = _words(inner, names)
    lengths = np.array([len(word) for word in words]) + len("a^c = , ")
    firsts = np.unique(normal.right_cosets, return_index=True)[1]
    elements = normal.elements
    acting = np.array([np.searchsorted(elements, group.conjugation(int(g))[elements]) for g in firsts])
    back = np.argsort(bases, axis=1)
    # moved[b, g, i]: the image of generator i of the basis b under the coset g, in terms of b
    images = acting[:, bases[:, gens]]  # (cosets, t, r)
    moved = back[np.arange(len(bases))[:, None, None], images.transpose(1, 0, 2)]
    cost = np.where(moved == np.array(gens), 0, lengths[moved]).sum(axis=2)  # (t, cosets)
    totals = cost[:, tuples].sum(axis=2)  # (t, u)
    best = np.argwhere(totals == totals.min())
    rows = np.unique(moved[best[:, 0][:, None], tuples[best[:, 1]]].reshape(len(best), -1), axis=0)
    shape = (tuples.shape[1], len(gens))
    texts = [_rule_text(row.reshape(shape), gens, names, words) for row in rows]
    return min(texts, default="") or None


def _rule_text(moved: np.ndarray, gens: list[int], names: Sequence[str], words: list[str]) -> str:
    actors = names[len(gens) :]
    return ", ".join(
        f"{names[i]}^{actor} = {words[image]}"
        for actor, row in zip(actors, moved.tolist(), strict=True)
        for i, image in enumerate(row)
        if image != gens[i]
    )


def _words(group: Group, names: Sequence[str]) -> list[str]:
    """Each element of a product of cyclic groups as a product of powers of its generators; inverses as such."""
    elements, words = np.zeros(1, dtype=np.int64), [""]
    for name, g in zip(names, group.generators, strict=False):
        order = int(group.element_orders[g])
        powers = group.powers(np.arange(order), np.full(order, g))
        elements = group.table[np.ix_(elements, powers)].ravel().astype(np.int64)
        letters = ["", name, *(f"{name}^{k}" for k in range(2, order))][:order]
        if order > 2:
            letters[-1] = f"{name}^-1"
        words = ["*".join(filter(None, (word, letter))) for word in words for letter in letters]
    listed = [""] * group.order
    for element, word in zip(elements.tolist(), words, strict=True):
        listed[element] = word or "1"
    return listed
