"""Class functions carried between groups: restricted, induced, inflated, pulled back.

Public: fusion, restrict, induce, inflate, pull_back, subgroup_classes.
For matrices instead of characters see ``constructions``: restriction, induction, inflation.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from ...errors import RepresentationError
from ...group import Subgroup
from ...structure.classes import ConjugacyClasses, conjugacy_classes
from ...structure.homomorphisms import Homomorphism, natural_map
from ..characters import CharacterTable
from ..cyclotomic import Cyclotomic
from .class_function import ClassFunction

__all__ = ["fusion", "induce", "inflate", "pull_back", "restrict", "subgroup_classes"]

_MADE: WeakKeyDictionary[Subgroup, tuple[ConjugacyClasses, dict[str, CharacterTable]]] = WeakKeyDictionary()
"""The classes of subgroups as groups of their own, and their character tables once they are asked for."""


def subgroup_classes(subgroup: Subgroup) -> ConjugacyClasses:
    """The classes of H as a group of its own, ``H.as_group()``; element i there is ``H.elements[i]`` in G.

    Kept as long as H is, so that class functions restricted to H share one character table.
    """
    return _embedded(subgroup)[0]


def fusion(subgroup: Subgroup, classes: ConjugacyClasses | None = None) -> np.ndarray:
    """Shape (classes of H,), int64: the class of G in which each class of a subgroup H lies.

    Args:
        classes: those of G, when they are known.

    >>> from grouptool import group
    >>> g = group("S3")
    >>> fusion(g.subgroup([x for x in g if x.order == 3])).tolist()  # A3 in S3
    [0, 2, 2]
    """
    above = _classes_of(subgroup, classes)
    inside = subgroup_classes(subgroup)
    return np.asarray(above.class_of[subgroup.elements[inside.representatives]], dtype=np.int64)


def restrict(function: ClassFunction, subgroup: Subgroup) -> ClassFunction:
    """A class function of G on the classes of a subgroup H, ``subgroup_classes(H)``.

    Raises:
        RepresentationError: H lies in another group.
    """
    _expect(function, subgroup)
    inside, made = _embedded(subgroup)
    images = fusion(subgroup, function.classes).tolist()
    return ClassFunction(inside, tuple(function[j] for j in images), made)


def induce(
    function: ClassFunction, subgroup: Subgroup, target: CharacterTable | ConjugacyClasses | None = None
) -> ClassFunction:
    """The class function of G that one of a subgroup H induces: at g the sum of f(x g x^-1) over cosets Hx, where in H.

    On a class K of G it is |C_G(K)| times the sum over the classes k of H inside K of f(k) / |C_H(k)|.

    Args:
        function: of ``H.as_group()``, as ``restrict`` makes it.
        target: the character table or classes of G, when they are known.

    Raises:
        RepresentationError: the function belongs to another group.

    Source: Isaacs, Character Theory of Finite Groups (1976), definition 5.1.
    """
    if function.group.order != subgroup.order or function.group != subgroup.as_group():
        raise RepresentationError(
            f"the class function belongs to {function.group.name}, not to {subgroup!r}: make it on "
            "subgroup_classes(H), or with restrict"
        )
    made = {"table": target} if isinstance(target, CharacterTable) else {}
    above = _classes_of(subgroup, target.classes if isinstance(target, CharacterTable) else target)
    values = [Cyclotomic(1, {})] * len(above)
    weights = above.centralizer_orders
    inside = function.classes
    for j, image in enumerate(above.class_of[subgroup.elements[inside.representatives]].tolist()):
        values[image] = values[image] + function[j] * (int(weights[image]) * int(inside.sizes[j]))
    return ClassFunction(above, tuple(one / subgroup.order for one in values), made)


def pull_back(
    function: ClassFunction, along: Homomorphism, source: CharacterTable | ConjugacyClasses | None = None
) -> ClassFunction:
    """x -> f(h(x)) for a homomorphism h to the group of f.

    Args:
        source: the character table or classes of the group where h starts, when they are known.

    Raises:
        RepresentationError: h goes to another group.
    """
    if along.target != function.group:
        raise RepresentationError(
            f"the map goes to {along.target.name}, and the class function belongs to {function.group.name}"
        )
    made = {"table": source} if isinstance(source, CharacterTable) else {}
    below = source.classes if isinstance(source, CharacterTable) else source or conjugacy_classes(along.source)
    images = function.classes.class_of[along.images[below.representatives]].tolist()
    return ClassFunction(below, tuple(function[j] for j in images), made)


def inflate(
    function: ClassFunction, onto: Homomorphism | Subgroup, source: CharacterTable | ConjugacyClasses | None = None
) -> ClassFunction:
    """A class function of a quotient as one of the whole group.

    Args:
        onto: a homomorphism onto the group of f; or a normal subgroup N, for f on G / N.
        source: as for ``pull_back``.

    Raises:
        RepresentationError: it is not onto, or goes to another group. NotAGroupError: N is not normal.
    """
    chosen = natural_map(onto) if isinstance(onto, Subgroup) else onto
    if not chosen.is_surjective:
        raise RepresentationError(f"{chosen!r} is not onto, so it inflates nothing; use pull_back")
    return pull_back(function, chosen, source)


def _embedded(subgroup: Subgroup) -> tuple[ConjugacyClasses, dict[str, CharacterTable]]:
    if subgroup not in _MADE:
        _MADE[subgroup] = conjugacy_classes(subgroup.as_group()), {}
    return _MADE[subgroup]


def _classes_of(subgroup: Subgroup, given: ConjugacyClasses | None) -> ConjugacyClasses:
    if given is None:
        return conjugacy_classes(subgroup.group)
    if given.group != subgroup.group:
        raise RepresentationError(f"{subgroup!r} lies in {subgroup.group.name}, and the classes are of {given.name}")
    return given


def _expect(function: ClassFunction, subgroup: Subgroup) -> None:
    if subgroup.group != function.group:
        raise RepresentationError(
            f"{subgroup!r} lies in {subgroup.group.name}, and the class function belongs to {function.group.name}"
        )
