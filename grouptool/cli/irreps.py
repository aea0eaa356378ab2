"""The command irreps: explicit irreducible representations.

S_n and A_n that are too large for a Cayley table are answered from Young's forms, see ``young``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from ..errors import TooLargeError
from ..files import check_place
from .matrices import Listing, Matrices, as_json, check_size, grid, real_row, write
from .output import catalog_option, emit, group_argument, load_group, output_option, within
from .progress import working
from .young import cycle_type_table, young_listing

if TYPE_CHECKING:
    from ..group import Group
    from ..representations import CharacterTable

__all__ = ["irreps"]


@click.command()
@group_argument
@catalog_option
@output_option
@click.option("--irrep", "chosen", type=int, multiple=True, help="Only this row of the list; may be repeated.")
@click.option(
    "--form",
    type=click.Choice(["exact", "unitary", "real"]),
    default="exact",
    show_default=True,
    help="Exact cyclotomic matrices, unitary complex128, or orthogonal float64 over the real numbers.",
)
@click.option(
    "--elements", type=click.Choice(["generators", "all"]), default="generators", help="Whose matrices are given."
)
@click.option("--out", type=click.Path(dir_okay=False), help="Write the matrices to a .npz or .json file.")
def irreps(
    spec: str,
    max_cosets: int | None,
    catalog: str | None,
    fmt: str,
    chosen: tuple[int, ...],
    form: str,
    elements: str,
    out: str | None,
) -> None:
    """List the irreducible representations of GROUP; json, --irrep and --out give their matrices.

    Complex ones are rows of the character table; conductor N says that the exact matrices lie in Q(E(N)), least that no
    smaller N serves. Real ones: type R is a real character; type C a character and its dual, type H twice a
    quaternionic character, both of twice the degree. Matrices satisfy rho(a*b) = rho(a) @ rho(b).

    S_n and A_n above the limit for Cayley tables, S8 and A9 first, are answered from Young's forms: exact matrices in
    the natural form, others in the orthogonal form, of the exchanges of neighbours, or of the cycles (1,2,k) for A_n.

    \b
    Example:
        grouptool irreps "SL(2,3)"
    """
    place = check_place(out, [".npz", ".json"]) if out is not None else None
    given = bool(place or fmt == "json" or (chosen and fmt == "table"))
    saved = place is not None and place.suffix == ".npz" and fmt != "json" and not (chosen and fmt == "table")

    def check(degrees: Sequence[int], count: int) -> None:
        if given:
            check_size(degrees, count, saved=saved)

    try:
        group = load_group(spec, max_cosets, catalog)
    except TooLargeError:
        if (table := cycle_type_table(spec)) is None:
            raise
        if elements == "all":
            raise TooLargeError(
                f"{table.columns.name} has {table.columns.order:,} elements, too many for '--elements all': leave it "
                "away for the matrices of generators"
            ) from None
        with working(f"Young's forms of {table.columns.name}"):
            found = young_listing(table, chosen, form, check, given=given)
    else:
        with working(f"the representations of {group.name[:40]}"):
            found = _listing(group, chosen, form, elements, check, given=given)
    with working("the matrices"):
        if place is not None:
            write(place, found)
        answer = as_json(found) if fmt == "json" else [row for row, _ in found.rows]
    if fmt == "json":
        emit(answer, fmt)
        return
    emit([{key: value for key, value in row.items() if key != "character"} for row in answer], fmt)
    for row, matrices in found.rows if chosen and fmt == "table" else ():
        for i, element in enumerate(found.elements):
            click.echo(f"\n{row['name']} of {element}\n{grid(matrices(i))}")


Check = Callable[[Sequence[int], int], None]
"""Refuses the matrices of representations, by degrees, for a number of elements, when they are too many to give."""


def _listing(group: Group, chosen: Sequence[int], form: str, elements: str, check: Check, *, given: bool) -> Listing:
    """The representations of a group with a Cayley table; characters and matrices only if they are to be given."""
    from ..representations import character_table

    named = list(range(group.order)) if elements == "all" else list(group.generators)
    table = character_table(group)
    rows = (
        _real(table, chosen, named, check, given=given)
        if form == "real"
        else _complex(table, chosen, form, named, check, given=given)
    )
    return Listing(group.name, [group.cycles(g) for g in named], group.permutations[named], rows)


def _complex(
    table: CharacterTable, chosen: Sequence[int], form: str, elements: Sequence[int], check: Check, *, given: bool
) -> list[tuple[dict[str, Any], Matrices]]:
    """For each row of the table, or for those chosen, its facts and its matrices."""
    from ..catalog.listing import irrep_row, values_as_json
    from ..representations import irreps as all_irreps

    rows = within(chosen, len(table))
    check(table.degrees[rows].tolist(), len(elements))
    found: list[tuple[dict[str, Any], Matrices]] = []
    for one in all_irreps(table, rows, exact=form == "exact"):
        row = irrep_row(one)
        if given:
            row["character"] = values_as_json(table, [one.row])[0]
        matrix = one.matrix if form == "exact" else one.unitary.matrix
        found.append((row, lambda i, matrix=matrix: matrix(elements[i])))  # type: ignore[misc]
    return found


def _real(
    table: CharacterTable, chosen: Sequence[int], elements: Sequence[int], check: Check, *, given: bool
) -> list[tuple[dict[str, Any], Matrices]]:
    from ..representations import real_constituents, real_irrep

    constituents = real_constituents(table)
    rows = within(chosen, len(constituents))
    check([constituents[index].dimension for index in rows], len(elements))
    found: list[tuple[dict[str, Any], Matrices]] = []
    for index in rows:
        one, made = constituents[index], real_irrep(constituents[index])
        row = real_row(table, index, one) | {"largest_error": float(f"{made.error:.1e}")}
        if given:
            row["character"] = one.character.tolist()
        kept: np.ndarray = made.matrices[elements if given else []]
        found.append((row, kept.__getitem__))
    return found
