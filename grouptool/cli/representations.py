"""Commands on representations: characters, irreps, decompose, fourier, tensor.

A character table of S_n or A_n that is too large for a Cayley table is made from cycle types.
"""

from __future__ import annotations

import io
import json
import math
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from ..errors import InputFileError, NotationError, TooLargeError
from ..files import read_numbers, write_atomically
from .output import catalog_option, emit, group_argument, load_group, output_option
from .progress import working

if TYPE_CHECKING:
    from ..group import Group, Subgroup
    from ..representations import CharacterTable, Representation
    from ..representations.cyclotomic_arrays import CyclotomicArray
    from ..structure.actions import GSet

__all__ = ["characters", "decompose", "fourier", "irreps", "tensor"]

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
        emit(_table_as_json(table), fmt)
    elif fmt == "latex":
        click.echo(typeset.latex(table))
    elif fmt == "html":
        click.echo(typeset.html(table, irrational=irrational), nl=False)
    elif fmt == "csv":
        emit(_table_as_rows(table, irrational), fmt)
    else:
        terminal = shutil.get_terminal_size().columns if sys.stdout.isatty() else PLAIN_WIDTH
        click.echo(typeset.text(table, width=width or terminal, irrational=irrational))


def _character_table(spec: str, max_cosets: int | None, catalog: str | None) -> CharacterTable:
    from ..notation import Named, parse
    from ..representations import character_table
    from ..representations.symmetric import alternating_character_table, symmetric_character_table

    try:
        made = load_group(spec, max_cosets, catalog)
    except TooLargeError:
        given = parse(spec)
        by_type = {"S": symmetric_character_table, "A": alternating_character_table}
        if isinstance(given, Named) and given.family in by_type:
            return by_type[given.family](int(given.arguments[0]))
        raise
    with working(f"the characters of {made.name[:40]}"):
        return character_table(made)


def _table_as_json(table: CharacterTable) -> dict[str, Any]:
    columns = table.columns
    classes = [
        {"index": j, "representative": label, "order": order, "size": size}
        for j, (label, order, size) in enumerate(
            zip(columns.labels, columns.element_orders.tolist(), columns.sizes.tolist(), strict=True)
        )
    ]
    exact = {number: table.numbers[number].to_json() for number in {*table.index.ravel().tolist()}}
    rows = [
        {
            "name": name,
            "degree": degree,
            "indicator": indicator,
            "conductor": conductor,
            "values": [exact[number] for number in row],
        }
        for name, degree, indicator, conductor, row in zip(
            table.names,
            table.degrees.tolist(),
            table.indicators.tolist(),
            table.conductors.tolist(),
            table.index.tolist(),
            strict=True,
        )
    ]
    return {"group": columns.name, "order": columns.order, "classes": classes, "characters": rows}


def _table_as_rows(table: CharacterTable, irrational: Any) -> list[dict[str, Any]]:
    from ..representations.typeset import TYPES, value_text

    heads = [f"{j}: {order}" for j, order in enumerate(table.columns.element_orders.tolist())]
    sizes = {"character": "size"} | dict(zip(heads, table.columns.sizes.tolist(), strict=True)) | {"type": ""}
    return [sizes] + [
        {"character": table.names[i]}
        | {head: value_text(table.value(i, j), irrational) for j, head in enumerate(heads)}
        | {"type": TYPES[int(table.indicators[i])]}
        for i in range(len(table))
    ]


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

    \b
    Example:
        grouptool irreps "SL(2,3)"
    """
    from ..representations import character_table

    group = load_group(spec, max_cosets, catalog)
    with working(f"the representations of {group.name[:40]}"):
        table = character_table(group)
        shown = _real(table, chosen) if form == "real" else _complex(table, chosen, form)
    named = range(group.order) if elements == "all" else group.generators
    if out is not None:
        _write(Path(out), group, named, shown)
    if fmt == "json":
        emit([row | {"matrices": _as_json(matrices, group, named)} for row, matrices in shown], fmt)
        return
    emit([{key: value for key, value in row.items() if key != "character"} for row, _ in shown], fmt)
    for row, matrices in shown if chosen and fmt == "table" else ():
        for g in named:
            click.echo(f"\n{row['name']} of {group.cycles(g)}\n{_grid(matrices(g))}")


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
    if out is not None:
        _save(Path(out), {f"irrep_{i}": one for i, one in enumerate(coefficients)})
    if fmt == "json":
        rows = [row | {"coefficient": _nested(one)} for row, one in zip(rows, coefficients, strict=True)]
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
    first, second = (irreducible_character(table, row) for row in _within((i, j), len(table)))
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
    if out is not None:
        blocks = [[row, columns.start, columns.stop - columns.start] for row, _, columns in found.blocks]
        _save(Path(out), {"basis": found.basis, "blocks": np.array(blocks)})
    if fmt == "json":
        emit({"group": group.name, "action": action, "error": found.error, "constituents": rows}, fmt)
    else:
        emit(rows, fmt)


def _acting(group: Group, action: str) -> GSet | Representation:
    """What ``--action`` names."""
    from ..representations import matrix_representation
    from ..structure.actions import natural_action, on_cosets, regular_action

    kind, _, rest = action.partition(":")
    if action == "regular":
        return regular_action(group)
    if action == "natural":
        return natural_action(group)
    if kind == "cosets" and rest:
        return on_cosets(_subgroup(group, rest))
    if kind == "matrices" and rest:
        return matrix_representation(group, read_numbers(Path(rest)))
    raise click.UsageError(f"--action {action}: write regular, natural, cosets:H or matrices:FILE")


def _subgroup(group: Group, text: str) -> Subgroup:
    from ..construct import elements_named
    from ..notation import Permutations, parse
    from ..structure.subgroups import subgroup_lattice

    if text.isdecimal():
        return subgroup_lattice(group).classes[_within((int(text),), len(subgroup_lattice(group)))[0]].subgroup
    given = parse(text)
    if not isinstance(given, Permutations):
        raise NotationError(f"cosets:{text}: give permutations that generate the subgroup, or its row")
    return group.subgroup(elements_named(group, given))


def _save(path: Path, arrays: dict[str, np.ndarray]) -> None:
    if path.suffix != ".npz":
        raise InputFileError(f"--out {path}: arrays are written as .npz, by the ending")
    held = io.BytesIO()
    np.savez_compressed(held, **arrays)  # type: ignore[arg-type]
    write_atomically(path, held.getvalue())


Matrices = Callable[[int], "CyclotomicArray | np.ndarray"]
"""The matrix of an element, by its number."""


def _complex(table: CharacterTable, chosen: Sequence[int], form: str) -> list[tuple[dict[str, Any], Matrices]]:
    """For each row of the table, or for those chosen, its facts and its matrices."""
    from ..representations import irreps as all_irreps

    rows = _within(chosen, len(table))
    return [
        (
            {
                "index": one.row,
                "name": one.name,
                "degree": one.degree,
                "indicator": one.indicator,
                "type": {1: "R", 0: "C", -1: "H"}[one.indicator],
                "kernel_order": int(table.columns.sizes[table.kernel(one.row)].sum()),
                "faithful": int(table.kernel(one.row).sum()) == 1,
                "conductor": one.conductor,
                "least": True if one.conductor_is_least else None,
                "construction": one.construction,
                "character": [value.to_json() for value in one.character],
            },
            one.matrix if form == "exact" else one.unitary.matrix,
        )
        for one in all_irreps(table, rows, exact=form == "exact")
    ]


def _real(table: CharacterTable, chosen: Sequence[int]) -> list[tuple[dict[str, Any], Matrices]]:
    from ..representations import real_constituents, real_irrep

    constituents = real_constituents(table)
    found: list[tuple[dict[str, Any], Matrices]] = []
    for index in _within(chosen, len(constituents)):
        one, made = constituents[index], real_irrep(constituents[index])
        row = {
            "index": index,
            "name": one.name,
            "degree": int(table.degrees[one.rows[0]]),
            "real_dimension": one.dimension,
            "indicator": int(table.indicators[one.rows[0]]),
            "type": one.type,
            "kernel_order": int(one.kernel.sum()),
            "faithful": one.is_faithful,
            "largest_error": float(f"{made.error:.1e}"),
            "character": one.character.tolist(),
        }
        found.append((row, made.matrices.__getitem__))
    return found


def _within(chosen: Sequence[int], count: int) -> list[int]:
    for one in chosen:
        if not 0 <= one < count:
            raise click.UsageError(f"there is no row {one}: they go from 0 to {count - 1}")
    return list(chosen) or list(range(count))


def _as_json(matrices: Matrices, group: Group, elements: Sequence[int]) -> list[dict[str, Any]]:
    return [{"element": group.cycles(g), "matrix": _nested(matrices(g))} for g in elements]


def _nested(matrix: CyclotomicArray | np.ndarray) -> list[list[Any]]:
    """Exact entries as in character tables, complex ones as [real, imaginary], real ones as numbers."""
    if isinstance(matrix, np.ndarray):
        if np.iscomplexobj(matrix):
            return [[[one.real, one.imag] for one in row] for row in matrix.tolist()]
        return [list(row) for row in matrix.tolist()]
    return [[one.to_json() for one in row] for row in matrix.tolist()]


def _grid(matrix: CyclotomicArray | np.ndarray) -> str:
    """A matrix as aligned text."""
    if isinstance(matrix, np.ndarray):
        return np.array2string(np.where(np.abs(matrix) < 1e-12, 0, matrix), precision=6, max_line_width=10_000)
    cells = [[str(one) for one in row] for row in matrix.tolist()]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(one.rjust(wide) for one, wide in zip(row, widths, strict=True)) for row in cells)


def _write(path: Path, group: Group, elements: Sequence[int], shown: list[tuple[dict[str, Any], Matrices]]) -> None:
    """Matrices as arrays in a .npz file, or with all facts in a .json file."""
    if path.suffix == ".json":
        rows = [row | {"matrices": _as_json(matrices, group, elements)} for row, matrices in shown]
        write_atomically(path, json.dumps({"group": group.name, "irreps": rows}, indent=1).encode())
        return
    arrays: dict[str, np.ndarray] = {"elements": group.permutations[list(elements)]}
    for row, matrices in shown:
        made, key = [matrices(g) for g in elements], f"irrep_{row['index']}"
        if isinstance(made[0], np.ndarray):
            arrays[key] = np.array(made)
            continue
        exact = [one for one in made if not isinstance(one, np.ndarray)]
        common = math.lcm(*(one.denominator for one in exact))
        arrays[f"{key}_numerators"] = np.stack([one.numerators * (common // one.denominator) for one in exact])
        arrays[f"{key}_denominator"], arrays[f"{key}_conductor"] = np.array(common), np.array(row["conductor"])
    _save(path, arrays)
