"""Isomorphism types that the library does not name: a digest that matches is only a reason to look.

Public: confirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from ..errors import TooLargeError
from ..group import Group, Subgroup
from ..structure.chief import composition_series
from ..structure.isomorphism import find_isomorphism
from ..structure.local import fitting_subgroup, frattini_subgroup, socle
from ..structure.normal import normal_subgroups
from ..structure.series import center, derived_subgroup
from ..structure.subgroups import subgroup_lattice
from .records import CatalogRecord

__all__ = ["confirmed"]


def confirmed(records: Iterable[CatalogRecord], relation: str, wanted: Group) -> list[int]:
    """The records for which a relation, or a field that holds a group, is proved by an isomorphism.

    Raises:
        BudgetSpentError: a list of subgroups, or a search for an isomorphism, stopped; the answer is unknown.

    Cost: the subgroups of each record, so it is for the few groups above the library's orders.
    """
    return [record.id for record in records if _holds(record, relation, wanted)]


def _holds(record: CatalogRecord, relation: str, wanted: Group) -> bool:
    try:
        group = record.group()
    except TooLargeError:
        return False
    return any(find_isomorphism(one, wanted) is not None for one in _GROUPS[relation](group, wanted.order))


def _as_groups(subgroups: Iterable[Subgroup], order: int) -> Iterator[Group]:
    return (one.as_group() for one in subgroups if one.order == order)


def _subgroups(group: Group, order: int) -> Iterator[Group]:
    if order == group.order:
        return iter([group])
    return _as_groups((one.subgroup for one in subgroup_lattice(group).classes), order)


def _maximal(group: Group, order: int) -> Iterator[Group]:
    lattice = subgroup_lattice(group)
    return _as_groups((lattice.classes[i].subgroup for i in lattice.maximal.nonzero()[0]), order)


def _quotients(group: Group, order: int) -> Iterator[Group]:
    return (group / one for one in normal_subgroups(group) if one.index == order)


def _factors(group: Group, order: int) -> Iterator[Group]:
    for above, below in pairwise(composition_series(group)):
        if above.order == order * below.order:
            whole = above.as_group()
            yield whole / whole.subgroup(_within(above, below))


def _within(above: Subgroup, below: Subgroup) -> list[int]:
    """The generators of a subgroup of a subgroup, as elements of the latter made a group."""
    places = {int(element): place for place, element in enumerate(above.elements)}
    return [places[int(one)] for one in below.generators]


def _one(find: Callable[[Group], Subgroup]) -> Callable[[Group, int], Iterator[Group]]:
    return lambda group, order: _as_groups([find(group)], order)


_GROUPS: dict[str, Callable[[Group, int], Iterator[Group]]] = {
    "subgroups": _subgroups,
    "normal_subgroups": lambda group, order: _as_groups(normal_subgroups(group), order),
    "quotients": _quotients,
    "maximal_subgroups": _maximal,
    "composition_factors": _factors,
    "center": _one(center),
    "derived_subgroup": _one(derived_subgroup),
    "abelianization": lambda group, _: iter([group / derived_subgroup(group)]),
    "central_quotient": lambda group, _: iter([group / center(group)]),
    "frattini": _one(frattini_subgroup),
    "fitting": _one(fitting_subgroup),
    "socle": _one(socle),
}
