"""Commands on the catalog: add, list, show."""

from __future__ import annotations

import click

from .output import catalog_option, emit, group_argument, load_group, output_option

__all__ = ["catalog"]


@click.group()
def catalog() -> None:
    """Keep groups: one record for each isomorphism class, with every construction that led to it."""


@catalog.command()
@group_argument
@catalog_option
@output_option
@click.option("--name", default=None, help="A name to find the group by.")
def add(spec: str, max_cosets: int | None, catalog: str | None, fmt: str, name: str | None) -> None:
    """Build GROUP, identify it up to isomorphism among the stored groups, and store what is new.

    \b
    Example:
        grouptool catalog add "<a,b | a^2, b^3, (a*b)^5>" --name icosahedral
    """
    from ..catalog.store import Catalog

    group = load_group(spec, max_cosets, catalog)
    with Catalog(catalog) as store:
        record = store.add(group, name=name)
    emit(
        {
            "record": record.id,
            "new": record.new,
            "order": record.facts["order"],
            "constructions": list(record.constructions),
            "names": list(record.names),
        },
        fmt,
    )


@catalog.command("list")
@catalog_option
@output_option
def list_records(catalog: str | None, fmt: str) -> None:
    """List the stored groups by order.

    \b
    Example:
        grouptool catalog list --format csv
    """
    from ..catalog.store import Catalog

    with Catalog(catalog) as store:
        rows = [
            {
                "record": one.id,
                "name": one.facts["name"],
                "order": one.facts["order"],
                "num_classes": one.facts["num_classes"],
                "num_subgroups": one.facts["num_subgroups"],
                "irrep_degrees": one.facts["irrep_degrees"],
                "constructions": list(one.constructions),
                "names": list(one.names),
            }
            for one in store
        ]
    emit(rows, fmt)


@catalog.command("show")
@click.argument("key", metavar="RECORD")
@catalog_option
@output_option
def show_record(key: str, catalog: str | None, fmt: str) -> None:
    """Show a stored group, by its number, its name or a construction.

    \b
    Example:
        grouptool catalog show 1
    """
    from ..catalog.store import Catalog

    with Catalog(catalog) as store:
        record = store[key]
    emit(
        {"record": record.id, "constructions": list(record.constructions), "names": list(record.names)} | record.facts,
        fmt,
    )
