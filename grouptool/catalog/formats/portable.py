"""A group as it travels between files and stores: permutations, what it is called, and what is known of it.

Public: Portable, portable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...group import Group
from ...large.group import LargeGroup

__all__ = ["Portable", "portable"]


@dataclass(frozen=True)
class Portable:
    """A group with everything that is written about it.

    Attributes:
        generators: image lists of points from 0, all of one length; none for the trivial group.
        name: readable name, as the notation writes it; it may be no more than the generators.
        label: small-group label, ``24.12``, or None.
        names: what a user called it. constructions: specifications that led to it.
        notes: what a user said of each construction, in order; empty for nothing.
        facts: what is known of it, by the names of ``grouptool.catalog.fields``.
    """

    generators: tuple[tuple[int, ...], ...]
    name: str
    label: str | None = None
    names: tuple[str, ...] = ()
    constructions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def degree(self) -> int:
        """Number of points; 1 where there are no generators."""
        return len(self.generators[0]) if self.generators else 1


def portable(group: Group | LargeGroup, facts: Mapping[str, Any] | None = None) -> Portable:
    """A group with its generators in order, under its own name.

    Args:
        facts: what is known of it; a ``label`` among them becomes the label.
    """
    known = dict(facts or {})
    return Portable(
        generators=tuple(map(tuple, image_lists(group).tolist())),
        name=group.name,
        label=known.get("label"),
        facts=known | {"order": group.order, "degree": group.degree},
    )


def image_lists(group: Group | LargeGroup) -> np.ndarray:
    """Shape (s, degree): the generators as image lists of points from 0."""
    if isinstance(group, LargeGroup):
        return group.generators
    return np.asarray(group.permutations[list(group.generators)]).reshape(-1, group.degree)
