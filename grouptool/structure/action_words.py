"""Actions by name: the words that commands and studies take for a G-set.

Public: ACTIONS, action_named.
"""

from __future__ import annotations

from collections.abc import Callable

from ..construct import elements_named
from ..errors import GroupToolError, NotationError
from ..group import Group, Subgroup
from ..notation import Permutations, parse
from .actions import GSet, natural_action, on_cosets, on_elements, regular_action, trivial_action
from .subgroups import subgroup_lattice

__all__ = ["ACTIONS", "action_named"]

ACTIONS: dict[str, Callable[[Group], GSet]] = {
    "regular": regular_action,
    "natural": natural_action,
    "conjugation": on_elements,
    "point": lambda group: trivial_action(group, 1),
}
"""The words that stand alone; ``cosets:H`` is the other."""


def action_named(group: Group, word: str) -> GSet:
    """The G-set of a word: one of ``ACTIONS``, or ``cosets:H``, the right cosets of a subgroup.

    Args:
        word: H is permutations that generate it, or its row of ``grouptool subgroups``.

    Raises:
        NotationError: no such word, or what H is cannot be read. GroupToolError: no such row.
        BudgetSpentError: a row is asked for, and the group has too many subgroups to list.
    """
    if word in ACTIONS:
        return ACTIONS[word](group)
    kind, _, rest = word.partition(":")
    if kind == "cosets" and rest.strip():
        return on_cosets(_subgroup(group, rest.strip()))
    raise NotationError(f"{word!r} is no action; write {', '.join(ACTIONS)} or cosets:H")


def _subgroup(group: Group, text: str) -> Subgroup:
    if text.isdecimal():
        classes = subgroup_lattice(group).classes
        if int(text) >= len(classes):
            count = f"{group.name} has {len(classes)} classes of subgroups, from 0"
            raise GroupToolError(f"cosets:{text}: there is no row {text}; {count}")
        return classes[int(text)].subgroup
    given = parse(text)
    if not isinstance(given, Permutations):
        raise NotationError(f"cosets:{text}: give permutations that generate the subgroup, or its row")
    return group.subgroup(elements_named(group, given))
