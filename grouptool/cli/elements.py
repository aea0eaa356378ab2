"""Commands that list a group's elements and products, or draw them: elements, table, graph."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from .output import catalog_option, emit, group_argument, load_group, output_option, refuse_long
from .progress import working

if TYPE_CHECKING:
    from ..group import Group

__all__ = ["elements", "graph", "table"]

WIDEST_TABLE = 60
"""Order up to which a Cayley table is printed for people; csv and json have no bound."""


@click.command()
@group_argument
@catalog_option
@output_option
@click.option("--order", "wanted", type=click.IntRange(1), default=None, help="Only elements of this order.")
def elements(spec: str, max_cosets: int | None, catalog: str | None, fmt: str, wanted: int | None) -> None:
    """List the elements of GROUP: cycles, order, class, inverse, and a shortest word in the generators.

    The word names the generators a, b, c, ... in the order of 'grouptool show', left to right; 1 is the identity.

    \b
    Example:
        grouptool elements S3
    """
    from ..construct.words import letter_names
    from ..structure.classes import conjugacy_classes

    group = load_group(spec, max_cosets, catalog)
    with working(f"classes of {group.name}"):
        classes = conjugacy_classes(group)
    letters = letter_names(len(group.generators))
    chosen = [x for x in range(group.order) if wanted is None or group.element_orders[x] == wanted]
    refuse_long(group, len(chosen), "elements", "list some with --order, or ")
    emit(
        [
            {
                "index": x,
                "element": group.cycles(x),
                "order": int(group.element_orders[x]),
                "class": int(classes.class_of[x]),
                "inverse": int(group.inverses[x]),
                "word": "*".join(letters[i] for i in group.word(x)) or "1",
            }
            for x in chosen
        ],
        fmt,
    )


@click.command()
@group_argument
@catalog_option
@output_option
def table(spec: str, max_cosets: int | None, catalog: str | None, fmt: str) -> None:
    """Print the Cayley table of GROUP: row i, column j holds the number of i * j, first i and then j.

    Csv and json are rows of numbers, a file that every command reads back as GROUP.

    \b
    Example:
        grouptool table C4 --format csv
    """
    group = load_group(spec, max_cosets, catalog)
    if fmt == "json":
        click.echo(json.dumps(group.table.tolist()))
    elif fmt == "csv":
        for row in group.table.tolist():
            click.echo(",".join(map(str, row)))
    else:
        _print_table(group)


def _print_table(group: Group) -> None:
    from ..errors import TooLargeError

    if group.order > WIDEST_TABLE:
        raise TooLargeError(
            f"the table of {group.name} has {group.order:,} columns; on a screen the limit is {WIDEST_TABLE}, "
            "use --format csv or json"
        )
    rows: list[dict[str, Any]] = [
        {"*": i, **{str(j): product for j, product in enumerate(row)}} for i, row in enumerate(group.table.tolist())
    ]
    emit(rows, "table")


@click.command()
@click.argument("kind", type=click.Choice(["cayley", "lattice", "cycle"]))
@group_argument
@click.option("--output", "path", metavar="FILE", required=True, help="A .svg, .dot or .graphml file to write.")
@click.option("--every", is_flag=True, help="For the lattice: a node for each subgroup, not for each class.")
@click.option("--budget", type=click.IntRange(1), default=None, help="For the lattice: largest number of subgroups.")
@catalog_option
@output_option
def graph(
    kind: str,
    spec: str,
    max_cosets: int | None,
    path: str,
    every: bool,
    budget: int | None,
    catalog: str | None,
    fmt: str,
) -> None:
    """Draw the Cayley graph, the subgroup lattice or the cycle graph of GROUP to a file.

    \b
    Example:
        grouptool graph lattice S4 --output s4.svg
    """
    from ..structure.graphs import cayley_graph, check_place, cycle_graph, subgroup_lattice_graph, write_graph
    from ..structure.subgroups import DEFAULT_BUDGET, subgroup_lattice

    check_place(path)
    group = load_group(spec, max_cosets, catalog)
    with working(f"the {kind} graph of {group.name}"):
        if kind == "lattice":
            lattice = subgroup_lattice(group, budget=budget or DEFAULT_BUDGET)
            made = subgroup_lattice_graph(lattice, classes=not every)
        else:
            made = (cayley_graph if kind == "cayley" else cycle_graph)(group)
        write_graph(made, path)
    emit(
        {
            "graph": kind,
            "group": group.name,
            "nodes": made.number_of_nodes(),
            "edges": made.number_of_edges(),
            "file": path,
        },
        fmt,
    )
