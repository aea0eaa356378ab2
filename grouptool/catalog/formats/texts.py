"""One group as text that another system reads as it stands.

Public: group_text, TARGETS, Target.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Literal

from ...errors import BudgetSpentError, NotationError
from ...group import Group
from ...large.group import LargeGroup
from ...notation import Presentation, parse
from ...structure.presentation import is_quick, presentation
from .portable import Portable, portable
from .words import cycle_text, gap_word, wrapped

__all__ = ["TARGETS", "Target", "group_text"]

Target = Literal["gap", "sympy", "sage", "latex", "json", "notation"]

LONGEST_PRESENTATION = 1_000
"""Characters of a presentation up to which GAP's text has it."""


def group_text(
    group: Group | LargeGroup,
    to: Target,
    facts: Mapping[str, Any] | None = None,
    *,
    variable: str = "G",
    with_presentation: bool = True,
) -> str:
    """A group for another system: the same generators in the same order, multiplied the same way.

    Args:
        to: ``gap``, ``sympy`` and ``sage`` are statements that assign the group to ``variable`` and check its order;
            ``latex`` is a fragment with the name, the generators and a table of facts; ``json`` is the line of
            ``write_records``, which ``read_records`` reads; ``notation`` is what ``grouptool.notation`` reads.
        facts: what is known of the group, for ``latex`` and ``json``; see ``grouptool.catalog.fields``.
        variable: an ASCII identifier.
        with_presentation: whether GAP's text also has the group by generators and relators, as ``G_fp``: those that it
            was given by, or found ones where that takes at most 0.1 s, if they have at most 1,000 characters.

    Returns:
        The text, with a line end.

    Raises:
        NotationError: ``variable`` is no identifier, or nothing is known as ``to``.

    Points are 1, 2, ... in cycles and 0, 1, ... in SymPy's and json's image lists. SymPy leaves out repeated
    generators and identities of its own accord. GAP and Sage move no points but those that generators move. The
    trivial group without generators gets the identity as one, but for Sage and ``json``.

    >>> from grouptool import group
    >>> print(group_text(group("S3"), "gap", with_presentation=False), end="")
    # S3, order 6, degree 3; written by grouptool
    G := Group([ (1,2,3), (1,2) ]);
    SetName(G, "S3");
    Assert(0, Size(G) = 6);
    """
    if not (variable.isascii() and variable.isidentifier()):
        raise NotationError(f"{variable!r} is no variable; write a letter, then letters, digits or _")
    if to not in _WRITERS:
        raise NotationError(f"nothing is known as {to!r}; write {', '.join(TARGETS)}")
    text = _WRITERS[to](portable(group, facts), variable)
    if to == "gap" and with_presentation and (found := _short_presentation(group)) is not None:
        text += _gap_presentation(found, variable)
    return text


# -- GAP


def _gap(record: Portable, variable: str) -> str:
    cycles = [cycle_text(images) for images in record.generators] or ["()"]
    return (
        f"# {_title(record)}\n"
        + wrapped(f"{variable} := Group([ {', '.join(cycles)} ]);\n")
        + f"SetName({variable}, {_quoted(record.name)});\n"
        + f"Assert(0, Size({variable}) = {record.facts['order']});\n"
    )


def _short_presentation(group: Group | LargeGroup) -> Presentation | None:
    """On the group's generators in order."""
    found = None
    if isinstance(group, LargeGroup):
        return None
    if group.relators is not None:
        given = parse(group.relators)
        found = given if isinstance(given, Presentation) else None
    elif group.generators and is_quick(group.order, len(group.generators)):
        with suppress(BudgetSpentError):
            found = presentation(group)
    if found is None or len(found.letters) != len(group.generators) or len(str(found)) > LONGEST_PRESENTATION:
        return None
    return found


def _gap_presentation(found: Presentation, variable: str) -> str:
    """With the homomorphism to the permutations as a check: it exists when every relator holds."""
    free, finite = f"{variable}_free", f"{variable}_fp"
    letters = {letter: f"{free}.{place + 1}" for place, letter in enumerate(found.letters)}
    names = ", ".join(map(_quoted, found.letters))
    relators = ", ".join(gap_word(relator, letters) for relator in found.relators)
    return (
        wrapped(f"{free} := FreeGroup({names});\n")
        + wrapped(f"{finite} := {free} / [ {relators} ];\n")
        + f"Assert(0, GroupHomomorphismByImages({finite}, {variable}) <> fail);\n"
    )


def _quoted(text: str) -> str:
    """In GAP's double quotes, on one line and in ASCII."""
    plain = "".join(one if " " <= one <= "~" else "?" for one in text)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


# -- Python


def _sympy(record: Portable, variable: str) -> str:
    images = record.generators or ((0,),)
    rows = "".join(f"    Permutation({list(one)}),\n" for one in images)
    return (
        f"# {_title(record)}\n"
        "from sympy.combinatorics import Permutation, PermutationGroup\n\n"
        f"{variable} = PermutationGroup([\n{rows}])\n"
        f"assert {variable}.order() == {record.facts['order']}\n"
    )


def _sage(record: Portable, variable: str) -> str:
    # Left to itself Sage sorts the generators.
    rows = "".join(f'    "{cycle_text(images)}",\n' for images in record.generators)
    return (
        f"# {_title(record)}\n"
        f"{variable} = PermutationGroup([\n{rows}], canonicalize=False)\n"
        f"assert {variable}.order() == {record.facts['order']}\n"
    )


def _title(record: Portable) -> str:
    """What a comment says; a name that is longer than a line is left out, and nothing ends the line."""
    name = "".join(one if " " <= one <= "~" else "?" for one in record.name)
    name = name if len(name) <= 60 else "a group"
    return f"{name}, order {record.facts['order']}, degree {record.degree}; written by grouptool"


# -- others


def _latex(record: Portable, _: str) -> str:
    from .latex import latex_group

    return latex_group(record)


def _json(record: Portable, _: str) -> str:
    from .records import write_records

    return next(write_records([record])) + "\n"


def _notation(record: Portable, _: str) -> str:
    return (", ".join(map(cycle_text, record.generators)) or "()") + "\n"


_WRITERS: dict[str, Callable[[Portable, str], str]] = {
    "gap": _gap,
    "sympy": _sympy,
    "sage": _sage,
    "latex": _latex,
    "json": _json,
    "notation": _notation,
}

TARGETS = tuple(_WRITERS)
"""What ``group_text`` writes."""
