"""Commands on characters and representations: characters, decompose, fourier, tensor.

A character table of S_n or A_n that is too large for a Cayley table is made from cycle types.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from ..catalog.formats.arrays import save
from ..catalog.listing import character_listing, nested
from ..errors import InputFileError, TooLargeError
from ..files import check_place, read_numbers
from .output import catalog_option, emit, group_argument, load_group, output_option, within
from .progress import working
from .young import cycle_type_table

if TYPE_CHECKING:
    from ..group import Group
    from ..representations import CharacterTable, Representation
    from ..structure.actions import GSet

__all__ = ["characters", "decompose", "fourier", "tensor"]

PLAIN_WIDTH = 120


@click.command()
@group_argument
@catalog_option
@click.option(
    "--irrational",
    type=click.Choice(["sqrt", "E", "float"]),
    default="sqrt",
    show_default=True,
    help="Square roots where they serve, sums of E(N)^k (roots of unity), or decimals.",
)
@click.option("--width", type=click.IntRange(20), help="Characters of a line; by default those of the terminal.")
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["table", "json", "csv", "latex", "html"]),
    default="table",
    show_default=True,
    help="How to print the answer.",
)
def characters(
    spec: str, max_cosets: int | None, catalog: str | None, irrational: Any, width: int | None, fmt: str
) -> None:
    """Print the exact character table of GROUP, rows characters, columns classes.

    Columns are headed by class number and element order. Tables that are wider than the terminal are printed in blocks;
    values that are long are replaced by letters, with a legend. S8 to S28 and A9 to A28 go by cycle types.

    \b
    Example:
        grouptool characters A5
    """
    from ..representations import typeset

    table = _character_table(spec, max_cosets, catalog)
    if fmt == "json":
        emit(character_listing(table), fmt)
    elif fmt == "latex":
        click.echo(typeset.latex(table, irrational=irrational))
    elif fmt == "html":
        click.echo(typeset.html(table, irrational=irrational), nl=False)
    elif fmt == "csv":
        emit(_table_as_rows(table, irrational), fmt)
    else:
        terminal = shutil.get_terminal_size().columns if sys.stdout.isatty() else PLAIN_WIDTH
        click.echo(typeset.text(table, width=width or terminal, irrational=irrational))


def _character_table(spec: str, max_cosets: int | None, catalog: str | None) -> CharacterTable:
    from ..representations import character_table

    try:
        made = load_group(spec, max_cosets, catalog)
    except TooLargeError:
        if (table := cycle_type_table(spec)) is None:
            raise
        return table
    with working(f"the characters of {made.name[:40]}"):
        return character_table(made)


def _table_as_rows(table: CharacterTable, irrational: Any) -> list[dict[str, Any]]:
    from ..representations.typeset import TYPES, value_text

    texts = {number: value_text(table.numbers[number], irrational) for number in {*table.index.ravel().tolist()}}
    heads = [f"{j}: {order}" for j, order in enumerate(table.columns.element_orders.tolist())]
    sizes = {"character": "size"} | dict(zip(heads, table.columns.sizes.tolist(), strict=True)) | {"type": ""}
    return [sizes] + [
        {"character": table.names[i]}
        | {head: texts[number] for head, number in zip(heads, table.index[i].tolist(), strict=True)}
        | {"type": TYPES[int(table.indicators[i])]}
        for i in range(len(table))
    ]


@click.command()
@group_argument
@catalog_option
@output_option
@click.option(
    "--function",
    "source",
    required=True,
    type=click.Path(dir_okay=False),
    help="A .npy, .json or .csv file with one number for each element, in the order of 'grouptool elements'.",
)
@click.option("--out", type=click.Path(dir_okay=False), help="Write the coefficients to a .npz file.")
def fourier(spec: str, max_cosets: int | None, catalog: str | None, fmt: str, source: str, out: str | None) -> None:
    """Fourier transform of a function on GROUP: its part in each irreducible representation.

    The coefficient of f at rho is the sum of f(g) rho(g), for the unitary matrices of 'grouptool irreps --form
    unitary'; energies add up to the squared norm of f (Plancherel). json and --out give the coefficients.

    \b
    Example:
        grouptool fourier S3 --function values.json
    """
    from ..representations import character_table
    from ..representations.fourier import FourierBasis

    place = check_place(out, [".npz"]) if out is not None else None
    group = load_group(spec, max_cosets, catalog)
    values = _numbers(Path(source), group)
    with working(f"the transform on {group.name[:40]}"):
        table = character_table(group)
        basis = FourierBasis.of(table)
        coefficients, energies = basis.transform(values), basis.energies(values)
    total = float(energies.sum())
    rows: list[dict[str, Any]] = [
        {
            "index": i,
            "name": table.names[i],
            "degree": int(table.degrees[i]),
            "energy": float(f"{energies[i]:.12g}"),
            "share": float(f"{energies[i] / total:.12g}") if total else None,
        }
        for i in range(len(table))
    ]
    if place is not None:
        save(place, {f"irrep_{i}": one for i, one in enumerate(coefficients)})
    if fmt == "json":
        rows = [row | {"coefficient": nested(one)} for row, one in zip(rows, coefficients, strict=True)]
    emit(rows, fmt)


def _numbers(path: Path, group: Group) -> np.ndarray:
    """One number for each element, from a file."""
    values = read_numbers(path)
    if values.shape != (group.order,):
        raise InputFileError(
            f"{path} has numbers of shape {values.shape}; a function on {group.name} has {group.order:,} of them, in "
            "the order of 'grouptool elements'"
        )
    return values


@click.command()
@group_argument
@click.argument("i", type=int)
@click.argument("j", type=int)
@catalog_option
@output_option
def tensor(spec: str, max_cosets: int | None, i: int, j: int, catalog: str | None, fmt: str) -> None:
    """How the tensor product of rows I and J of the character table of GROUP divides into irreducible characters.

    \b
    Example:
        grouptool tensor A5 1 2
    """
    from ..representations import irreducible_character

    table = _character_table(spec, max_cosets, catalog)
    first, second = (irreducible_character(table, row) for row in within((i, j), len(table)))
    emit(
        [
            {"index": k, "name": table.names[k], "degree": int(table.degrees[k]), "multiplicity": multiplicity}
            for k, multiplicity in (first * second).decompose().items()
        ],
        fmt,
    )


@click.command()
@group_argument
@catalog_option
@output_option
@click.option(
    "--action",
    required=True,
    help="regular; natural (the points that GROUP permutes); cosets:H, H given by permutations or as a row of "
    "'grouptool subgroups'; or matrices:FILE, one for each generator, shape (r, d, d), in a .npy or .json file.",
)
@click.option("--real", is_flag=True, help="Over the real numbers.")
@click.option("--out", type=click.Path(dir_okay=False), help="Write the change of basis to a .npz file.")
def decompose(
    spec: str, max_cosets: int | None, catalog: str | None, fmt: str, action: str, real: bool, out: str | None
) -> None:
    """Decompose a representation or an action of GROUP into irreducible representations.

    With --out also the matrix Q: Q^-1 rho(g) Q is block diagonal, its blocks the unitary matrices of 'grouptool irreps
    --form unitary', or with --real the orthogonal ones of '--form real'; 'blocks' has row, first column and degree.

    \b
    Example:
        grouptool decompose S5 --action natural
    """
    from ..representations import character_table, decompose_real, real_irreps
    from ..representations import decompose as decomposed

    place = check_place(out, [".npz"]) if out is not None else None
    group = load_group(spec, max_cosets, catalog)
    given = _acting(group, action)
    with working(f"decomposing {action[:40]}"):
        table = character_table(group)
        found = decompose_real(given, real_irreps(table)) if real else decomposed(given, table)
    rows = [
        {
            "index": row,
            "name": found.names[row],
            "degree": found.irreps[row].degree,
            "multiplicity": int(found.multiplicities[row]),
        }
        for row in np.flatnonzero(found.multiplicities).tolist()
    ]
    if place is not None:
        blocks = [[row, columns.start, columns.stop - columns.start] for row, _, columns in found.blocks]
        save(place, {"basis": found.basis, "blocks": np.array(blocks)})
    if fmt == "json":
        emit({"group": group.name, "action": action, "error": found.error, "constituents": rows}, fmt)
    else:
        emit(rows, fmt)


def _acting(group: Group, action: str) -> GSet | Representation:
    """What ``--action`` names."""
    from ..representations import matrix_representation
    from ..structure.action_words import ACTIONS, action_named
    from ..structure.subgroups import subgroup_lattice

    kind, _, rest = action.partition(":")
    if kind == "matrices" and rest:
        return matrix_representation(group, read_numbers(Path(rest)))
    if action not in ACTIONS and not (kind == "cosets" and rest):
        raise click.UsageError(f"--action {action}: write {', '.join(ACTIONS)}, cosets:H or matrices:FILE")
    if rest.isdecimal():
        within((int(rest),), len(subgroup_lattice(group)))
    return action_named(group, action)
