"""Commands about which group a group is: identify, isomorphic, automorphisms, presentation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .output import catalog_option, emit, group_argument, load_group, output_option
from .progress import working

if TYPE_CHECKING:
    from ..group import Group

__all__ = ["automorphisms", "identify", "isomorphic", "presentation"]

MAX_LATTICE_ORDER = 2_000
"""Largest order for which the least faithful degree is looked for."""


@click.command()
@group_argument
@click.option("--isomorphism", is_flag=True, help="Also find GROUP in the catalog, and print an isomorphism.")
@catalog_option
@output_option
def identify(spec: str, max_cosets: int | None, isomorphism: bool, catalog: str | None, fmt: str) -> int:
    """Say which group GROUP is: small-group label, structure, and least faithful permutation degree.

    The label is proved by an isomorphism; a dash where the shipped library does not hold the order. GAP's description
    is the one that GAP prints, where D10 is our D5. The degree is a dash above order 2,000, and where the subgroups
    are too many to list. With --isomorphism the record of the catalog that is isomorphic to GROUP, of any order, and
    where an isomorphism takes the generators, as permutations of the record; exit code 3 when there is none.

    \b
    Example:
        grouptool identify "(1,2,3,4), (1,3)" --isomorphism
    """
    from .. import lookup
    from ..catalog.library import library_records

    group = load_group(spec, max_cosets, catalog)
    with working(f"identifying {group.name}"):
        found = lookup.identify(group)
        degree = _least_degree(group) if group.order <= MAX_LATTICE_ORDER else None
        record = _record(group, catalog) if isomorphism else {}
    label = found.label
    answer = {
        "name": group.name,
        "order": found.order,
        "label": f"{label[0]}.{label[1]}" if label else None,
        "description": found.description,
        "gap_description": library_records(label[0])[label[1] - 1].description if label else None,
        "minimal_permutation_degree": degree,
    }
    emit(answer | record, fmt)
    return 3 if isomorphism and record["record"] is None else 0


def _record(group: Group, catalog: str | None) -> dict[str, Any]:
    """The record of a catalog that a group is isomorphic to, and the images of its generators there."""
    from ..catalog.store import Catalog

    with Catalog(catalog) as store:
        found = store.identify(group)
    if found is None:
        return {"record": None, "record_name": None, "images": {}}
    record, mapping = found
    target = record.group()
    images = {group.cycles(g): target.cycles(int(mapping[g])) for g in group.generators}
    return {"record": record.id, "record_name": record.name, "images": images}


def _least_degree(group: Group) -> int | None:
    from ..catalog.facts import FAMILIES
    from ..errors import BudgetSpentError

    try:
        return FAMILIES["permutation degree"](group).get("permutation_degree")
    except BudgetSpentError:
        return None


@click.command()
@click.argument("first", metavar="GROUP")
@click.argument("second", metavar="OTHER")
@click.option("--max-cosets", type=click.IntRange(1), default=None, help="Budget for a presentation's cosets.")
@click.option("--budget", type=click.IntRange(1), default=None, help="Largest number of partial maps to try.")
@catalog_option
@output_option
def isomorphic(
    first: str, second: str, max_cosets: int | None, budget: int | None, catalog: str | None, fmt: str
) -> int:
    """Decide whether GROUP and OTHER are isomorphic, and print an isomorphism on the generators of GROUP.

    Exit code 0 for yes, 3 for no, 4 when the budget ended first.

    \b
    Example:
        grouptool isomorphic A5 "PSL(2,4)"
    """
    from ..structure.isomorphism import DEFAULT_BUDGET, find_isomorphism

    source, target = (load_group(spec, max_cosets, catalog) for spec in (first, second))
    with working(f"isomorphism of {source.name} and {target.name}"):
        mapping = find_isomorphism(source, target, budget=budget or DEFAULT_BUDGET)
    images = [] if mapping is None else [(source.cycles(g), target.cycles(int(mapping[g]))) for g in source.generators]
    answer: dict[str, Any] = {"first": source.name, "second": target.name, "isomorphic": mapping is not None}
    if fmt == "json":
        answer["images"] = [{"generator": one, "image": other} for one, other in images]
    else:
        answer |= {f"image of {one}": other for one, other in images}
    emit(answer, fmt)
    return 3 if mapping is None else 0


@click.command()
@group_argument
@click.option("--budget", type=click.IntRange(1), default=None, help="Largest number of partial maps to try.")
@catalog_option
@output_option
def automorphisms(spec: str, max_cosets: int | None, budget: int | None, catalog: str | None, fmt: str) -> None:
    """Print the automorphism group of GROUP: order, inner and outer part, and generators.

    Generators are images of a base, elements that generate GROUP; the structure of Aut and Out is a dash where they
    have more than 2,000 elements.

    \b
    Example:
        grouptool automorphisms S6
    """
    from ..structure.automorphisms import automorphism_group
    from ..structure.description import describe_structure
    from ..structure.isomorphism import DEFAULT_BUDGET

    group = load_group(spec, max_cosets, catalog)
    with working(f"automorphisms of {group.name}"):
        found = automorphism_group(group, budget=budget or DEFAULT_BUDGET)
        small = found.order <= MAX_LATTICE_ORDER
        whole = describe_structure(found.as_group()) if small else None
        outer = describe_structure(found.outer()) if small else None
    emit(
        {
            "name": group.name,
            "order": found.order,
            "inner_order": found.inner_order,
            "outer_order": found.outer_order,
            "description": whole,
            "outer_description": outer,
            "base": [group.cycles(x) for x in found.base],
            "generators": [[group.cycles(int(images[x])) for x in found.base] for images in found.generators],
        },
        fmt,
    )


@click.command()
@group_argument
@click.option("--short", is_flag=True, help="On few generators, instead of those that GROUP was given by.")
@catalog_option
@output_option
def presentation(spec: str, max_cosets: int | None, short: bool, catalog: str | None, fmt: str) -> None:
    """Print generators and relators that define GROUP, certified by a coset enumeration.

    \b
    Example:
        grouptool presentation S4
    """
    from contextlib import nullcontext

    from ..acceleration import plain_kernels
    from ..structure.presentation import is_quick, short_generating_set
    from ..structure.presentation import presentation as find

    group = load_group(spec, max_cosets, catalog)
    with working(f"a presentation of {group.name}"):
        chosen = short_generating_set(group) if short else group.generators
        with plain_kernels() if is_quick(group.order, len(chosen)) else nullcontext():
            found = find(group, chosen)
    emit(
        {
            "name": group.name,
            "order": group.order,
            "presentation": str(found),
            "letters": dict(zip(found.letters, map(group.cycles, chosen or (0,)), strict=True)),
            "relators": [str(one) for one in found.relators],
        },
        fmt,
    )
