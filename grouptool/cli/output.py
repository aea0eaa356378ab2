"""How commands print: one function for tables, json and csv, and the options that every query shares.

Public: catalog_option, emit, group_argument, load_group, output_option, refuse_long, shortened, within.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from ..errors import GroupToolError, TooLargeError
from ..group import Group
from ..notation import Spec
from .progress import working

__all__ = [
    "catalog_option",
    "emit",
    "group_argument",
    "load_group",
    "output_option",
    "refuse_long",
    "shortened",
    "within",
]

LONGEST_LINE = 1_000
"""Characters of an error; a group may be given in a million."""

MAX_POINTS = 20_000_000
"""Most points in the permutations that are listed, about 100 MB of text."""

Command = TypeVar("Command", bound=Callable[..., Any])


def output_option(command: Command) -> Command:
    """``--format table|json|csv``, the same on every command; the function gets ``fmt``."""
    return click.option(
        "--format",
        "fmt",
        type=click.Choice(["table", "json", "csv"]),
        default="table",
        show_default=True,
        help="How to print the answer.",
    )(command)


def group_argument(command: Command) -> Command:
    """``GROUP`` and the budget for presentations; the function gets ``spec`` and ``max_cosets``."""
    command = click.option(
        "--max-cosets", type=click.IntRange(1), default=None, help="Budget for a presentation's coset enumeration."
    )(command)
    return click.argument("spec", metavar="GROUP")(command)


def catalog_option(command: Command) -> Command:
    """``--catalog PATH|URL``; the function gets ``catalog``."""
    return click.option(
        "--catalog",
        type=click.Path(dir_okay=False),
        default=None,
        metavar="PATH|URL",
        help="The catalog: a file, or postgresql://user@host/database; by default $GROUPTOOL_CATALOG, else a file in "
        "your data folder.",
    )(command)


def load_group(spec: str | Spec, max_cosets: int | None = None, catalog: str | None = None) -> Group:
    """The group that a command was asked about: a specification, or a name in the catalog."""
    from ..construct.presentations import DEFAULT_COSETS
    from ..lookup import group

    with working(f"making {str(spec)[:40]}"):
        return group(spec, max_cosets=max_cosets or DEFAULT_COSETS, catalog=catalog)


def within(chosen: Sequence[int], count: int) -> list[int]:
    """Chosen rows of a list of ``count``, or all where none is chosen; misuse where one is not there."""
    for one in chosen:
        if not 0 <= one < count:
            raise click.UsageError(f"there is no row {one}: they go from 0 to {count - 1}")
    return list(chosen) or list(range(count))


def refuse_long(group: Group, count: int, what: str, advice: str = "") -> None:
    """Refuse to list more permutations than anybody reads, before their text takes memory.

    Raises:
        TooLargeError: ``count`` elements of the group move more than 20,000,000 points together.
    """
    if count * group.degree > MAX_POINTS:
        raise TooLargeError(
            f"{count:,} {what} of {group.name} as permutations of {group.degree:,} points are more than "
            f"{MAX_POINTS:,} points to print; {advice}give {group.name} on fewer points"
        )


def emit(answer: Mapping[str, Any] | Sequence[Mapping[str, Any]], fmt: str) -> None:
    """Print one record or a list of rows on stdout.

    Args:
        answer: a mapping (printed as key and value, or a json object) or rows with the same keys.
        fmt: table, json or csv. In tables and csv, lists are joined with spaces,
            lists of lists with semicolons, and None is a dash or empty.
    """
    if fmt == "json":
        click.echo(json.dumps(answer, indent=2))
        return
    rows = [{"key": key, "value": value} for key, value in answer.items()] if isinstance(answer, Mapping) else answer
    if fmt == "csv":
        click.echo(_csv(rows), nl=False)
        return
    from tabulate import tabulate

    cells = [{key: _cell(value, "-") for key, value in row.items()} for row in rows]
    click.echo(tabulate(cells, headers="keys", disable_numparse=True))


def shortened(row: Mapping[str, Any], width: int = 60) -> dict[str, Any]:
    """A row for a table, in which the middle of long texts is left out."""

    def short(value: Any) -> Any:
        if isinstance(value, list) and any(" " in str(one) for one in value):
            return "; ".join(str(short(one)) for one in value)  # else where one ends could not be seen
        if isinstance(value, list):
            return [short(one) for one in value]
        if not isinstance(value, str) or len(value) <= width:
            return value
        return f"{value[: width // 2]} ... {value[5 - width // 2 :]}"

    return {key: short(value) for key, value in row.items()}


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _cell(value, "") for key, value in row.items()} for row in rows)
    return text.getvalue()


def _cell(value: Any, missing: str) -> str:
    if value is None:
        return missing
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return " ".join(f"{key}:{_cell(one, missing)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        nested = any(isinstance(one, list | tuple) for one in value)
        return ("; " if nested else " ").join(_cell(one, missing) for one in value)
    return str(value)


def one_line(error: GroupToolError) -> str:
    """An error as the one line that a user sees; the middle of a very long one is left out."""
    line = " ".join(str(error).split())
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE // 2]} ... {line[-LONGEST_LINE // 2 :]}"
