"""Specifications that only the library or a search can build: labels, quotients by a type, groups of automorphisms.

Public: made, resolved.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from operator import is_
from typing import Any

import numpy as np

from ..construct import Acting, Built, build, quotient_group
from ..construct.presentations import DEFAULT_COSETS
from ..errors import NotationError, TooLargeError
from ..group import TABLE_LIMIT, Group
from ..notation import Automorphisms, Centre, Label, Permutations, Quotient, Spec, parse

__all__ = ["made", "resolved"]


def made(spec: str | Spec, *, limit: int = TABLE_LIMIT, max_cosets: int = DEFAULT_COSETS) -> Group:
    """The group that a specification denotes; ``lookup.group`` knows the names of a catalog as well.

    Raises: as ``construct.build``; UnknownGroupError also for a label that the library does not hold.

    >>> made("24.12")
    <Group 24.12 of order 24>
    """
    given = parse(spec) if isinstance(spec, str) else spec
    return build(resolved(given, limit=limit, max_cosets=max_cosets), limit=limit, max_cosets=max_cosets)


def resolved(spec: Any, *, limit: int = TABLE_LIMIT, max_cosets: int = DEFAULT_COSETS) -> Any:
    """The specification with what needs the library or a search replaced by what was found.

    These are labels, quotients by a type of subgroup, and groups of automorphisms.

    Rooms below this one, such as ``large``, take the result where they take a specification.

    Raises: as ``group``.
    """

    def part(one: Any) -> Any:
        return resolved(one, limit=limit, max_cosets=max_cosets)

    if isinstance(spec, Label):
        from .library import small_group

        return Built(small_group(spec.order, spec.index))
    if isinstance(spec, tuple):
        parts = tuple(map(part, spec))
        return spec if all(map(is_, parts, spec)) else parts
    if isinstance(spec, Quotient) and not isinstance(spec.kernel, Centre | Permutations):
        above, kernel = (build(part(one), limit=limit, max_cosets=max_cosets) for one in (spec.group, spec.kernel))
        return Built(_quotient(above, kernel, str(spec)))
    if isinstance(spec, Automorphisms):
        return _automorphisms(spec, build(part(spec.group), limit=limit, max_cosets=max_cosets), limit)
    if not is_dataclass(spec) or isinstance(spec, Built | Acting | Permutations):
        return spec
    changed = {}
    for field in fields(spec):
        value = getattr(spec, field.name)
        if (found := part(value)) is not value:
            changed[field.name] = found
    return replace(spec, **changed) if changed else spec  # type: ignore[type-var]


def _quotient(above: Group, kernel: Group, name: str) -> Group:
    """G / N for the normal subgroups N of a type, when all of them give isomorphic quotients."""
    from ..structure import find_isomorphism, normal_subgroups

    alike = [
        one
        for one in normal_subgroups(above)
        if one.order == kernel.order and find_isomorphism(one.as_group(), kernel) is not None
    ]
    if not alike:
        raise NotationError(f"{name}: {above.name} has no normal subgroup that is {kernel.name}")
    first, *others = (above / one for one in alike)
    if any(find_isomorphism(first, other) is None for other in others):
        raise NotationError(
            f"{name} is ambiguous: {len(alike)} normal subgroups are {kernel.name}, with quotients that are not "
            "isomorphic; name one by permutations that generate it"
        )
    return quotient_group(alike[0], name)


def _automorphisms(spec: Automorphisms, of: Group, limit: int) -> Acting | Built:
    """Aut(G) on the elements but 1, Hol(G) on the elements, or Out(G) on few points."""
    from ..structure import automorphism_group

    found = automorphism_group(of)
    if spec.kind == "Out":
        if found.order > limit:
            raise TooLargeError(f"{spec}: Aut({of.name}) has {found.order:,} elements; the limit is {limit:,}")
        return Built(found.outer(limit=limit))
    images, order = found.generators, found.order
    if spec.kind == "Hol":
        translations = of.table[:, list(of.generators)].T.astype(images.dtype)
        images, order = np.concatenate([translations, images]), order * of.order
    elif of.order > 1:
        images = images[:, 1:] - 1
    moving = (images != np.arange(images.shape[1])).any(axis=1)
    return Acting(str(spec), order, images[moving])
