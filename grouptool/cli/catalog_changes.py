"""Commands that change a catalog, or write files from it: add, check, compute, export, import, remove."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import BudgetSpentError, InputFileError, TooLargeError
from .output import catalog_option, emit, group_argument, load_group, output_option, shortened
from .progress import working

if TYPE_CHECKING:
    from ..catalog.records import CatalogRecord

__all__ = ["add", "check", "compute", "export", "import_file", "remove"]


@click.command()
@group_argument
@catalog_option
@output_option
@click.option("--name", default=None, help="A name to find the group by.")
@click.option("--note", default=None, help="A remark that is kept with this construction.")
def add(spec: str, max_cosets: int | None, catalog: str | None, fmt: str, name: str | None, note: str | None) -> None:
    """Build GROUP, identify it up to isomorphism among the stored groups, and store what is new.

    \b
    Example:
        grouptool catalog add "<a,b | a^2, b^3, (a*b)^5>" --name icosahedral
    """
    from ..catalog.store import Catalog

    group = load_group(spec, max_cosets, catalog)
    with Catalog(catalog) as store, working(f"adding {group.name[:40]}"):
        record = store.add(group, name=name, note=note)
    emit(shortened(_stored(record)) if fmt == "table" else _stored(record), fmt)


def _stored(record: CatalogRecord) -> dict[str, Any]:
    return {
        "record": record.id,
        "new": record.new,
        "order": record.order,
        "constructions": [one.spec for one in record.constructions],
        "names": list(record.names),
        "notes": {one.spec: one.note for one in record.constructions if one.note},
        "label": record.label,
        "name": record.name,
    }


@click.command()
@click.argument("key", metavar="RECORD")
@click.option("--construction", default=None, help="Only this construction, as 'catalog show' prints it.")
@catalog_option
@output_option
def remove(key: str, construction: str | None, catalog: str | None, fmt: str) -> None:
    """Forget what you added of a group: names and constructions, and the group when it is not of the shipped library.

    \b
    Example:
        grouptool catalog remove icosahedral
    """
    from ..catalog.store import Catalog

    with Catalog(catalog) as store:
        before = store.remove(key, construction=construction)
        left = before.shipped is not None or (construction is not None and len(before.constructions) > 1)
    gone = [construction] if construction else [one.spec for one in before.constructions]
    emit({"record": before.id, "name": before.name, "removed_constructions": gone, "record_stays": left}, fmt)


@click.command()
@click.option("--deep", is_flag=True, help="Build every shipped group as well, and identify it: a minute or two.")
@click.option("--no-repair", is_flag=True, help="Only look.")
@catalog_option
@output_option
def check(deep: bool, no_repair: bool, catalog: str | None, fmt: str) -> int:
    """Look at every record, and repair what can be built again.

    Checksums, axioms, orders, labels, that no two records are isomorphic, and the index of searches. Shipped groups are
    compared with the library; --deep also builds each of them, and proves its label. Exit code 3 when something is
    wrong and was not repaired.

    \b
    Example:
        grouptool catalog check
    """
    from ..catalog.store import Catalog

    with Catalog(catalog) as store, working("checking the catalog"):
        findings = store.check(repair=not no_repair, deep=deep)
        looked_at = len(store)
    left = sum(one.repaired is None for one in findings)
    if findings or fmt != "table":
        emit([{"record": one.record, "problem": one.problem, "repaired": one.repaired} for one in findings], fmt)
    if fmt == "table":
        click.echo(f"{looked_at:,} records; {len(findings)} findings, {left} not repaired")
    return 3 if left else 0


@click.command()
@click.argument("what")
@click.argument("query", nargs=-1)
@catalog_option
@output_option
def compute(what: str, query: tuple[str, ...], catalog: str | None, fmt: str) -> int:
    """Compute WHAT for the groups that QUERY describes, and keep it; what is kept already is not computed again.

    WHAT is subgroups, characters or irreps, or a family of facts, such as lattice, automorphisms or "permutation
    degree", which 'catalog add' leaves out where it takes long. QUERY is a query, or one record's label or name;
    without it, all of your own groups. Exit code 4 when something ran past its budget or a bound.

    \b
    Example:
        grouptool catalog compute characters "order = 60"
    """
    from ..catalog.store import Catalog, check_computable

    check_computable(what)
    rows = []
    with Catalog(catalog) as store:
        for record in _chosen(store, " ".join(query)):
            row: dict[str, Any] = {"record": record.id, "name": record.name, "what": what}
            try:
                with working(f"{what} of {record.name[:40]}"):
                    done = store.compute(record.id, what)
                row |= {"state": "kept" if done.was_kept else "computed", "seconds": round(done.seconds, 3)}
            except (
                BudgetSpentError,
                TooLargeError,
            ) as error:  # one group out of reach is no reason to leave the others
                row |= {"state": f"unknown: {error}", "seconds": None}
            rows.append(row)
    emit(rows, fmt)
    return 4 if any(str(row["state"]).startswith("unknown") for row in rows) else 0


def _chosen(store: Any, text: str) -> list[CatalogRecord]:
    """The records that a key or a query means."""
    if not text:
        return list(store.find("added"))
    if (one := store.get(text)) is not None:
        return [one]
    return list(store.find(text))


@click.command()
@click.argument("query", nargs=-1)
@click.option(
    "--to",
    "target",
    type=click.Choice(["jsonl", "csv", "gap", "sympy", "sage", "latex", "notation", "npz"]),
    default="jsonl",
    show_default=True,
    help="JSON lines and csv are read by 'catalog import'; npz holds character tables and irreps.",
)
@click.option("--out", type=click.Path(), default=None, help="A file, for npz a folder; by default stdout.")
@catalog_option
def export(query: tuple[str, ...], target: str, out: str | None, catalog: str | None) -> None:
    """Write the groups that QUERY describes: a query, or one record's label or name; without it, all of your own.

    \b
    Example:
        grouptool catalog export "order = 24" --to gap
        grouptool catalog export --out mine.jsonl
        grouptool catalog export S4 --to npz --out tables
    """
    from ..catalog.exchange import as_text, write_tables
    from ..catalog.store import Catalog
    from ..files import write_atomically

    if target == "npz" and out is None:
        raise click.UsageError("npz files go into a folder: give --out FOLDER")
    with Catalog(catalog) as store, working("writing"):
        records = _chosen(store, " ".join(query))
        if target == "npz":
            written = write_tables(records, Path(str(out)))
            click.echo(f"{len(written)} files in {out}", err=True)
            return
        text = "".join(as_text(records, target))
    if out is None:
        click.echo(text, nl=False)
        return
    if not Path(out).parent.is_dir():
        raise InputFileError(f"cannot write {out}: there is no folder {Path(out).parent}")
    write_atomically(Path(out), text.encode())
    click.echo(f"{len(records):,} groups in {out}", err=True)


@click.command("import")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Read and build everything, and store nothing.")
@click.option("--max-cosets", type=click.IntRange(1), default=None, help="Budget for a presentation's cosets.")
@catalog_option
@output_option
def import_file(path: str, dry_run: bool, max_cosets: int | None, catalog: str | None, fmt: str) -> None:
    """Add every group of FILE, or none of them when one is refused.

    FILE is what 'catalog export' writes as .jsonl, .csv or .g (GAP), or a .txt with a group in the notation on each
    line. A csv needs a column spec, generators or name, and may have note.

    \b
    Example:
        grouptool catalog import mine.jsonl
    """
    from ..catalog.exchange import additions
    from ..catalog.store import Catalog
    from ..construct.presentations import DEFAULT_COSETS

    with Catalog(catalog) as store, working(f"reading {path}"):
        given = additions(Path(path), lambda spec: store.group(spec, max_cosets=max_cosets or DEFAULT_COSETS))
        if dry_run:
            groups = [(one.place, one.addition.group) for one in given]
            rows = [{"place": place, "name": group.name, "order": group.order} for place, group in groups]
            emit([shortened(row) for row in rows] if fmt == "table" else rows, fmt)
            return
        stored = store.add_all([one.addition for one in given])
    rows = [{"place": one.place} | _stored(record) for one, record in zip(given, stored, strict=True)]
    emit([shortened(row) for row in rows] if fmt == "table" else rows, fmt)
