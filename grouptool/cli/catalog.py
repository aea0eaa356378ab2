"""Commands on the catalog: list, search, show and info; those that change it or write files are in their own module."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .catalog_changes import add, check, compute, export, import_file, remove
from .output import catalog_option, emit, output_option, shortened
from .progress import working

if TYPE_CHECKING:
    from ..catalog.records import CatalogRecord

__all__ = ["catalog"]

COLUMNS = "record,label,name,order,num_classes,num_subgroups,automorphism_order,names"
"""What a table of groups shows by default; json and csv have ``irrep_degrees`` and ``constructions`` as well."""

PAGE = 50
"""Rows of a table, unless ``--limit`` says otherwise; json and csv give all."""

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group()
def catalog() -> None:
    """Search the shipped groups and your own, and keep what you add.

    A catalog holds every group of order 1 to 255, the named groups beyond, and one record for each isomorphism class
    that you add, with every construction that led to it.
    """


for command in (add, check, compute, export, import_file, remove):
    catalog.add_command(command)


def page_options(command: Command) -> Command:
    """Sorting and paging, the same on list and search."""
    for option in (
        click.option("--sort", default="order", show_default=True, help="Fields, with a minus for descending."),
        click.option("--limit", type=click.IntRange(0), default=None, help=f"Rows of a page; {PAGE} in tables."),
        click.option("--page", type=click.IntRange(1), default=1, show_default=True, help="Which page."),
        click.option("--fields", default=None, help="Columns, with commas; 'grouptool catalog info --fields' has all."),
        click.option("--count", "only_count", is_flag=True, help="Only how many groups match."),
    ):
        command = option(command)
    return command


@catalog.command("list")
@click.option("--mine", is_flag=True, help="Only groups to which you added something.")
@page_options
@catalog_option
@output_option
def list_records(mine: bool, **options: Any) -> None:
    """List the groups by order.

    \b
    Example:
        grouptool catalog list --mine --format csv
    """
    _answer("added" if mine else "", **options)


@catalog.command()
@click.argument("query", nargs=-1, required=True)
@page_options
@catalog_option
@output_option
def search(query: tuple[str, ...], **options: Any) -> None:
    """Find the groups that QUERY describes; 'grouptool catalog info --language' has the language whole.

    What was not computed is unknown, and found by neither a condition nor its opposite; the line below the answer says
    for how many groups.

    \b
    Example:
        grouptool catalog search "order in 100..200 and nilpotent and class = 3"
        grouptool catalog search "contains A5 and not simple" --sort=-order
        grouptool catalog search "irrep degree 4 faithful" --fields name,order,irrep_degrees
        grouptool catalog search 'name ~ "C7*"' --count
    """
    _answer(" ".join(query), **options)


def _answer(
    query: str,
    *,
    sort: str,
    limit: int | None,
    page: int,
    fields: str | None,
    only_count: bool,
    catalog: str | None,
    fmt: str,
) -> None:
    from ..catalog.store import Catalog

    size = limit if limit is not None else PAGE if fmt == "table" else None
    columns = _columns(fields or COLUMNS + ("" if fmt == "table" else ",irrep_degrees,constructions"))
    with Catalog(catalog) as store, working("searching"):
        found = store.find(query, sort=sort, limit=0 if only_count else size, offset=(page - 1) * (size or 0))
    if only_count:
        emit({"total": found.total, "unknown": found.unknown}, fmt)
        return
    rows = [{name: _value(one, name) for name in columns} for one in found]
    emit([shortened(row) for row in rows] if fmt == "table" else rows, fmt)
    pages = -(-found.total // size) if size else 1
    shown = f"; page {page} of {pages}" if pages > 1 or page > 1 else ""
    if fmt == "table" or shown or found.unknown:
        unknown = f"; unknown for {found.unknown:,} more, where it was not computed" if found.unknown else ""
        click.echo(f"{found.total:,} group{'' if found.total == 1 else 's'}{shown}{unknown}", err=True)


def _columns(text: str) -> list[str]:
    from ..catalog.fields import FIELD

    wanted = [one.strip() for one in text.split(",") if one.strip()]
    for one in wanted:
        if one not in FIELD and one not in _MORE:
            raise click.UsageError(f"there is no field {one!r}; 'grouptool catalog info --fields' lists them")
    return wanted


def _value(record: CatalogRecord, name: str) -> Any:
    return _MORE[name](record) if name in _MORE else record.facts.get(name)


def _expanded(field: str, place: int) -> Callable[[CatalogRecord], list[int] | None]:
    """One entry of each row of a histogram, repeated as often as the row comes."""

    def values(record: CatalogRecord) -> list[int] | None:
        rows = record.facts.get(field)
        return None if rows is None else [row[place] for row in rows for _ in range(row[-1])]

    return values


_MORE: dict[str, Callable[[CatalogRecord], Any]] = {
    "record": lambda one: one.id,
    "names": lambda one: list(one.names),
    "constructions": lambda one: [construction.spec for construction in one.constructions],
    "synonyms": lambda one: list(one.synonyms),
    "source": lambda one: "library" if one.shipped else "user",
    "class_orders": _expanded("classes", 0),
    "class_sizes": _expanded("classes", 1),
    "irrep_degrees": _expanded("irreps", 0),
    "frobenius_schur": _expanded("irreps", 1),
}


@catalog.command("show")
@click.argument("key", metavar="RECORD")
@catalog_option
@output_option
def show_record(key: str, catalog: str | None, fmt: str) -> None:
    """Show a stored group, by its label, your name for it, its number, or a group in the notation.

    \b
    Example:
        grouptool catalog show 60.5
    """
    from ..catalog.fields import FIELDS
    from ..catalog.store import Catalog

    with Catalog(catalog) as store, working(f"looking for {key[:40]}"):
        record = store[key]
        facts = _with_names(store, record.facts) if fmt == "table" else record.facts
    answer = {name: _value(record, name) for name in ("record", "source", "names", "constructions", "synonyms")}
    answer |= {"notes": {one.spec: one.note for one in record.constructions if one.note}}
    answer |= {field.name: facts.get(field.name) for field in FIELDS}
    answer |= {
        name: _value(record, name) for name in ("class_sizes", "class_orders", "irrep_degrees", "frobenius_schur")
    }
    emit(answer | {"generators": [[point + 1 for point in image] for image in record.generators]}, fmt)


def _with_names(store: Any, facts: dict[str, Any]) -> dict[str, Any]:
    """Facts for a person: types of groups by name, and by label where they have none."""
    from ..catalog.fields import FIELD

    kinds = {name: FIELD[name].kind for name, value in facts.items() if name in FIELD and value is not None}
    types = [facts[name] for name, kind in kinds.items() if kind == "group"]
    types += [one for name, kind in kinds.items() if kind == "groups" for one in facts[name]]
    called = store.names_of(types)
    named = {name: called.get(facts[name], facts[name]) for name, kind in kinds.items() if kind == "group"}
    for name, kind in kinds.items():
        if kind == "groups":
            named[name] = ", ".join(called.get(one, one) for one in facts[name])
    return facts | named


@catalog.command()
@click.option("--fields", "list_fields", is_flag=True, help="The fields, and for how many groups each is known.")
@click.option("--language", is_flag=True, help="The language of searches.")
@catalog_option
@output_option
def info(list_fields: bool, language: bool, catalog: str | None, fmt: str) -> None:
    """Say where the catalog is and what it holds.

    \b
    Example:
        grouptool catalog info
        grouptool catalog info --fields
        grouptool catalog info --language
    """
    from ..catalog.store import Catalog

    if language:
        _print_language()
        return
    with Catalog(catalog) as store:
        emit(_fields(store) if list_fields else store.info(), fmt)


def _fields(store: Any) -> list[dict[str, Any]]:
    from ..catalog.fields import FIELDS

    known = store.known()
    return [
        {
            "field": field.name,
            "kind": field.kind,
            "known": known[field.name],
            "meaning": field.meaning,
            "none": field.undefined or None,
        }
        for field in FIELDS
    ]


def _print_language() -> None:
    from ..catalog.query import ALIASES, EXAMPLES, LANGUAGE

    click.echo(LANGUAGE)
    click.echo("\nShort names: " + ", ".join(f"{short} for {field}" for short, field in ALIASES.items()) + ".\n")
    width = max(len(example) for example, _ in EXAMPLES)
    for example, meaning in EXAMPLES:
        click.echo(f"  {example:{width}}  {meaning}")
