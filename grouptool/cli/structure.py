"""Commands about what is inside a group: subgroups, series, quotient."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import click

from .output import catalog_option, emit, group_argument, load_group, output_option
from .progress import working

if TYPE_CHECKING:
    from ..group import Group, Subgroup

__all__ = ["quotient", "series", "subgroups"]


@click.command()
@group_argument
@catalog_option
@output_option
@click.option("--normal", is_flag=True, help="Only normal subgroups; answers where all subgroups are too many.")
@click.option("--maximal", is_flag=True, help="Only maximal subgroups.")
@click.option(
    "--lattice",
    metavar="FILE",
    default=None,
    help="Also draw all, or --normal, subgroups: .svg, .dot or .graphml.",
)
@click.option("--budget", type=click.IntRange(1), default=None, help="Largest number of subgroups to list.")
def subgroups(
    spec: str,
    max_cosets: int | None,
    catalog: str | None,
    fmt: str,
    normal: bool,
    maximal: bool,
    lattice: str | None,
    budget: int | None,
) -> None:
    """List the subgroups of GROUP up to conjugacy.

    The label is that of the shipped library: a dash where it does not hold the order, or past 500 rows.

    \b
    Example:
        grouptool subgroups S4 --maximal
    """
    from ..catalog.listing import all_subgroups, only_normal, subgroup_rows

    if lattice:
        from ..structure.graphs import check_place

        check_place(lattice)
    group = load_group(spec, max_cosets, catalog)
    with working(f"subgroups of {group.name}"):
        find = only_normal if normal else all_subgroups
        listed = find(group) if budget is None else find(group, budget)
        rows = subgroup_rows(group, [row for row in listed if row[2] or not maximal])
        if lattice:
            _draw(group, lattice, normal)
    emit(rows, fmt)


def _draw(group: Group, path: str, normal: bool) -> None:
    from ..structure.graphs import normal_lattice_graph, subgroup_lattice_graph, write_graph

    write_graph(normal_lattice_graph(group) if normal else subgroup_lattice_graph(group), path)


@click.command()
@group_argument
@catalog_option
@output_option
def series(spec: str, max_cosets: int | None, catalog: str | None, fmt: str) -> None:
    """Print the series of GROUP, and its characteristic subgroups by name.

    Orders run along a series as it is defined: down for derived, lower central and chief, up for upper central.
    Factors are orders of quotients; in a chief or composition series they are named when they are not of prime order.

    \b
    Example:
        grouptool series S4
    """
    from ..structure import chief, local
    from ..structure.series import (
        center,
        derived_series,
        lower_central_series,
        nilpotent_residual,
        perfect_residual,
        upper_central_series,
    )

    group = load_group(spec, max_cosets, catalog)
    with working(f"series of {group.name}"):
        rows = [
            _series_row(name, chain)
            for name, chain in (
                ("derived", derived_series(group)),
                ("lower central", lower_central_series(group)),
                ("upper central", upper_central_series(group)),
            )
        ]
        rows += [
            _series_row("chief", chief.chief_series(group), chief.chief_factors(group)),
            _series_row("composition", chief.composition_series(group), chief.composition_factors(group)),
        ]
        named = {
            "center": center,
            "Frattini": local.frattini_subgroup,
            "Fitting": local.fitting_subgroup,
            "socle": local.socle,
            "solvable radical": local.solvable_radical,
            "nilpotent residual": nilpotent_residual,
            "perfect residual": perfect_residual,
        }
        for name, find in named.items():
            one = find(group)
            rows.append(
                {
                    "series": name,
                    "orders": [one.order],
                    "factors": [],
                    "generators": list(map(group.cycles, one.generators)),
                }
            )
    emit(rows, fmt)


def _series_row(name: str, chain: list[Subgroup], factors: Iterable[Any] | None = None) -> dict[str, Any]:
    orders = [one.order for one in chain]
    quotients = [max(a, b) // min(a, b) for a, b in pairwise(orders)]
    shown = quotients if factors is None else list(map(str, factors))
    return {"series": name, "orders": orders, "factors": shown, "generators": []}


@click.command()
@group_argument
@click.argument("kernel", metavar="NORMAL")
@catalog_option
@output_option
def quotient(spec: str, max_cosets: int | None, kernel: str, catalog: str | None, fmt: str) -> None:
    """Describe the quotient of GROUP by NORMAL.

    NORMAL is Z for the centre, permutations whose normal closure is meant, or a group: every normal subgroup of that
    type must give the same quotient.

    \b
    Example:
        grouptool quotient S4 "C2^2"
    """
    from ..catalog.record import describe
    from ..construct import Built
    from ..notation import Centre, Quotient, parse

    above: Any = Built(load_group(spec, max_cosets, catalog))
    normal = Centre() if kernel.strip() == "Z" else parse(kernel)
    with working(f"the quotient of {spec}"):
        answer = describe(load_group(Quotient(above, normal), max_cosets))
    emit(answer, fmt)
