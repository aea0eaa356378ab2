"""The front door: the group that a text denotes, with names that only the library and the catalog know.

Public: group, identify, Identification.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .catalog.specifications import made
from .construct.presentations import DEFAULT_COSETS
from .errors import BudgetSpentError, NotationError, UnknownGroupError
from .group import TABLE_LIMIT, Group
from .notation import Spec

__all__ = ["Identification", "group", "identify"]

LONGEST_NAME = 64
"""Characters of a name in a catalog."""


def group(
    spec: str | Spec, *, limit: int = TABLE_LIMIT, max_cosets: int = DEFAULT_COSETS, catalog: str | None = None
) -> Group:
    """The group that a specification denotes: a construction, a label of the shipped library, or a catalog name.

    Args:
        spec: a text in the notation of ``grouptool.notation``, or a parsed one.
        limit: largest order.
        max_cosets: budget for presentations.
        catalog: the catalog file in which a name that is no construction is looked up; by default the user's.

    Raises:
        As ``construct.build``; UnknownGroupError also for a label that the library does not hold.

    >>> group("24.12")
    <Group 24.12 of order 24>
    >>> group("SL(2,3) / Q8").order, group("Hol(C2^3)").order
    (3, 1344)
    """
    try:
        return made(spec, limit=limit, max_cosets=max_cosets)
    except (NotationError, UnknownGroupError) as refusal:
        found = _from_catalog(spec, catalog) if isinstance(spec, str) else None
        if found is None:
            raise _nowhere(refusal, spec) from None
        return found


def _nowhere(refusal: NotationError | UnknownGroupError, spec: str | Spec) -> NotationError | UnknownGroupError:
    """A refusal of a bare word says that it is no name in the catalog either."""
    if isinstance(spec, str) and spec.isidentifier() and spec.isalpha() and len(spec) <= LONGEST_NAME:
        return type(refusal)(f"{refusal}; and the catalog has no group of this name")
    return refusal


@dataclass(frozen=True)
class Identification:
    """Which group a group is.

    Attributes:
        label: (order, index) in the shipped library, proved by an isomorphism; None when it does not hold the order.
        description: a structure description, None when the subgroups are too many to list.
    """

    order: int
    label: tuple[int, int] | None
    description: str | None


def identify(of: Group) -> Identification:
    """The small-group label and a structure description; what a budget stops is None, not known.

    >>> from grouptool import from_permutations
    >>> identify(from_permutations([[1, 2, 3, 0], [1, 0, 3, 2]])).description
    'D4'
    """
    from .catalog.library import small_group_label
    from .structure import describe_structure

    label = description = None
    with suppress(BudgetSpentError):
        label = small_group_label(of)
    with suppress(BudgetSpentError):
        description = describe_structure(of)
    return Identification(of.order, label, description)


def _from_catalog(name: str, location: str | None) -> Group | None:
    from .catalog.database import default_location
    from .catalog.store import NAME, Catalog

    place = location or default_location()
    if not NAME.fullmatch(name) or not ("://" in place or Path(place).is_file()):
        return None
    with Catalog(place) as catalog:
        found = catalog.get(name)
    return None if found is None else found.group()
