"""Commands that ask about one group: show, classes, characters, irreps."""

from __future__ import annotations

from typing import Any

import click

from .output import catalog_option, emit, group_argument, load_group, output_option

__all__ = ["characters", "classes", "irreps", "show"]


@click.command()
@group_argument
@catalog_option
@output_option
def show(spec: str, max_cosets: int | None, catalog: str | None, fmt: str) -> None:
    """Show what is known of GROUP; a dash is not computed.

    \b
    Example:
        grouptool show S4 --format json
    """
    from ..catalog.record import describe

    emit(describe(load_group(spec, max_cosets, catalog)), fmt)


@click.command()
@group_argument
@catalog_option
@output_option
def classes(spec: str, max_cosets: int | None, catalog: str | None, fmt: str) -> None:
    """List the conjugacy classes of GROUP.

    A real class contains the inverses of its elements; classes of one division generate conjugate cyclic subgroups.

    \b
    Example:
        grouptool classes S4
    """
    from ..structure.classes import conjugacy_classes

    group = load_group(spec, max_cosets, catalog)
    found = conjugacy_classes(group)
    maps = {str(prime): image for prime, image in found.power_maps.items()}
    emit(
        [
            {
                "index": i,
                "representative": group.cycles(representative),
                "order": int(found.element_orders[i]),
                "size": int(found.sizes[i]),
                "centralizer_order": int(found.centralizer_orders[i]),
                "real": bool(found.is_real[i]),
                "division": int(found.divisions[i]),
                "power_maps": {prime: int(image[i]) for prime, image in maps.items()},
            }
            for i, representative in enumerate(found.representatives)
        ],
        fmt,
    )


@click.command()
@group_argument
@catalog_option
@output_option
def characters(spec: str, max_cosets: int | None, catalog: str | None, fmt: str) -> None:
    """Print the exact character table of GROUP, rows characters, columns classes.

    Columns are headed by class index and element order; 'grouptool classes' lists representatives and sizes.

    \b
    Example:
        grouptool characters A5
    """
    from ..representations.characters import character_table

    group = load_group(spec, max_cosets, catalog)
    table = character_table(group)
    found = table.classes
    if fmt == "json":
        columns = [
            {
                "index": i,
                "representative": group.cycles(g),
                "order": int(found.element_orders[i]),
                "size": int(found.sizes[i]),
            }
            for i, g in enumerate(found.representatives)
        ]
        rows = [
            {
                "name": table.names[i],
                "indicator": int(table.indicators[i]),
                "values": [table.value(i, j).to_json() for j in range(len(table))],
            }
            for i in range(len(table))
        ]
        emit({"group": group.name, "classes": columns, "characters": rows}, fmt)
        return
    heads = [f"{j}: {order}" for j, order in enumerate(found.element_orders)]
    lines: list[dict[str, Any]] = [
        {"character": "size"} | {head: int(size) for head, size in zip(heads, found.sizes, strict=True)} | {"type": ""}
    ]
    types = {1: "real", 0: "complex", -1: "quaternionic"}
    lines += [
        {"character": table.names[i]}
        | {head: str(table.value(i, j)) for j, head in enumerate(heads)}
        | {"type": types[int(table.indicators[i])]}
        for i in range(len(table))
    ]
    emit(lines, fmt)
    if fmt == "table":
        click.echo(
            "\nclass representatives: "
            + "  ".join(f"{j}: {group.cycles(g)}" for j, g in enumerate(found.representatives))
        )


@click.command()
@group_argument
@catalog_option
@output_option
@click.option(
    "--elements", type=click.Choice(["generators", "all"]), default="generators", help="Whose matrices json prints."
)
def irreps(spec: str, max_cosets: int | None, catalog: str | None, fmt: str, elements: str) -> None:
    """List the real irreducible representations of GROUP; json has their orthogonal float64 matrices.

    Type R is a real character; type C a character and its dual, type H twice a quaternionic character, both of twice
    the degree over the reals. Matrices satisfy rho(a*b) = rho(a) @ rho(b), checked over the whole table to 1e-10.

    \b
    Example:
        grouptool irreps "SL(2,3)"
    """
    from ..representations import character_table, real_irreps

    group = load_group(spec, max_cosets, catalog)
    table = character_table(group)
    chosen = range(group.order) if elements == "all" else group.generators
    rows = []
    for index, irrep in enumerate(real_irreps(table)):
        one = irrep.constituent
        row: dict[str, Any] = {
            "index": index,
            "name": one.name,
            "degree": int(table.degrees[one.rows[0]]),
            "real_dimension": one.dimension,
            "indicator": int(table.indicators[one.rows[0]]),
            "type": one.type,
            "kernel_order": int(one.kernel.sum()),
            "faithful": one.is_faithful,
            "largest_error": f"{irrep.error:.1e}",
        }
        if fmt == "json":
            row["largest_error"] = irrep.error
            row["character"] = one.character.tolist()
            row["matrices"] = [{"element": group.cycles(g), "matrix": irrep.matrices[g].tolist()} for g in chosen]
        rows.append(row)
    emit(rows, fmt)
