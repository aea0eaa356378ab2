"""Commands that ask about one group: show, classes."""

from __future__ import annotations

import click

from .output import catalog_option, emit, group_argument, load_group, output_option, refuse_long
from .progress import working

__all__ = ["classes", "show"]


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

    group = load_group(spec, max_cosets, catalog)
    with working(f"facts about {group.name}"):
        facts = describe(group)
    emit(facts, fmt)


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
    with working(f"classes of {group.name}"):
        found = conjugacy_classes(group)
        maps = {str(prime): image for prime, image in found.power_maps.items()}
    refuse_long(group, len(found), "representatives of classes")
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
