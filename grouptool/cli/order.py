"""The command for groups that have no table: order."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from .output import emit, output_option
from .progress import working

if TYPE_CHECKING:
    from ..notation import Presentation

__all__ = ["order"]

MAX_DIGITS = 50_000  # of an order that is printed; 10,000! has 35,660


@contextmanager
def _long_numbers() -> Iterator[None]:
    """Let integers be printed that Python refuses by default, and only here: other readers rely on that bound."""
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(MAX_DIGITS)
    try:
        yield
    finally:
        sys.set_int_max_str_digits(before)


@click.command()
@click.argument("spec", metavar="GROUP")
@click.option("--member", metavar="CYCLES", default=None, help="Only say whether this permutation is an element.")
@click.option("--random", "count", type=click.IntRange(1, 10_000), default=None, help="Only print random elements.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the random elements.")
@click.option(
    "--budget", type=click.FloatRange(0, min_open=True), default=60.0, show_default=True, help="Seconds a question."
)
@click.option("--max-cosets", type=click.IntRange(1), default=None, help="Budget for a presentation's cosets.")
@output_option
@_long_numbers()
def order(
    spec: str, member: str | None, count: int | None, seed: int, budget: float, max_cosets: int | None, fmt: str
) -> int:
    """Find the order of GROUP and how it moves its points, without listing its elements.

    GROUP is any specification, whatever its order, or a json file with a list of image lists of points from 0. A dash
    is a question that the budget did not answer, or that has no meaning here; the order itself is always proved. With
    --member the exit code is 3 when the answer is no.

    \b
    Example:
        grouptool order "(1,2,3,4,5,6,7,8,9,10,11), (3,7,11,8)(4,10,5,6)"
    """
    from ..catalog.specifications import resolved
    from ..construct.presentations import DEFAULT_COSETS
    from ..large import large_group
    from ..notation import Presentation, parse

    given = parse(spec)
    cosets = max_cosets or DEFAULT_COSETS
    if isinstance(given, Presentation) and member is None and count is None:
        with working(f"cosets of {spec[:40]}"):
            answered = _presented(given, cosets)
        emit(answered, fmt)
        return 0
    with working(f"the order of {spec[:40]}"):
        group = large_group(resolved(given, max_cosets=cosets), str(given), budget=budget, seed=seed, max_cosets=cosets)
    if member is not None:
        answer = group.membership(member)
        emit({"group": group.name, "element": member, "member": answer.inside, "reason": answer.reason}, fmt)
        return 0 if answer else 3
    if count is not None:
        from ..group import cycle_notation

        drawn = group.random_elements(count, seed)
        emit([{"index": i, "seed": seed, "element": cycle_notation(row)} for i, row in enumerate(drawn)], fmt)
        return 0
    with working(f"facts about {spec[:40]}"):
        facts = _facts(group)
    emit(facts, fmt)
    return 0


def _presented(given: Presentation, max_cosets: int) -> dict[str, Any]:
    """The order of a presentation and its abelian invariants, and nothing of points."""
    from ..construct.abelianisation import abelian_invariants
    from ..construct.presentations import presentation_order
    from ..group import prime_factors

    size = presentation_order(given, max_cosets=max_cosets)
    return {
        "name": str(given),
        "order": size,
        "factors": {str(p): e for p, e in prime_factors(size)},
        "abelian_invariants": list(abelian_invariants(given)),
    }


def _facts(group: Any) -> dict[str, Any]:
    from ..errors import BudgetSpentError, TooLargeError

    facts: dict[str, Any] = {
        "name": group.name,
        "order": group.order,
        "factors": {str(prime): exponent for prime, exponent in group.factors.items()},
        "sylow_orders": {str(prime): group.sylow_order(prime) for prime in group.factors},
        "degree": group.degree,
        "orbit_sizes": [len(orbit) for orbit in group.orbits],
    }
    questions: dict[str, Callable[[], Any]] = {
        "transitivity": lambda: group.transitivity,
        "primitive": lambda: group.is_primitive,
        "minimal_block_sizes": lambda: _block_sizes(group),
        "base": lambda: [point + 1 for point in group.base],
        "basic_orbit_sizes": lambda: list(group.basic_orbit_sizes),
        "strong_generators": lambda: len(group.strong_generators),
        "abelian": lambda: group.is_abelian,
        "solvable": lambda: group.is_solvable,
        "nilpotent": lambda: group.is_nilpotent,
        "perfect": lambda: group.is_perfect,
        "derived_series_orders": lambda: [one.order for one in group.derived_series],
        "lower_central_series_orders": lambda: [one.order for one in group.lower_central_series],
        "center_order": lambda: group.center.order,
    }
    for key, question in questions.items():
        try:
            facts[key] = question()
        except (BudgetSpentError, TooLargeError):
            facts[key] = None
    return facts


def _block_sizes(group: Any) -> list[int] | None:
    """The block length of each minimal block system; None where blocks are not defined."""
    if not group.is_transitive:
        return None
    return [group.degree // (int(system.max()) + 1) for system in group.minimal_blocks]
