"""``grouptool judge``: judge a network from elsewhere.

Public: judge, judge_weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from grouptool.cli.output import catalog_option, load_group, output_option

from .options import activation_option, tier_option
from .printing import finish, print_verdict

if TYPE_CHECKING:
    from grouptool.group import Group

    from ..claims import Tier
    from ..elements import Placement
    from ..reading import Circuit

__all__ = ["judge", "judge_weights"]


@click.command()
@click.option(
    "--weights", type=click.Path(), required=True,
    help="A safetensors, npz or PyTorch file (a state dict) with L, R, U or W_x, W_y, W, (b), W_U, (b_U).",
)  # fmt: skip
@click.option("--group", "spec", metavar="GROUP", required=True, help="The group that the network multiplies in.")
@click.option(
    "--elements", type=click.Path(), default=None,
    help="A file that names the element of each row: permutations or the table of products (json, csv, npy), or 'own' "
    "for the order of 'grouptool elements'.  [default: found from the network's answers]",
)  # fmt: skip
@click.option(
    "--network", type=click.Choice(["mlp", "product"]), default="mlp", show_default=True,
    help="Whether the hidden layer is an activation of L + R, or the product L R.",
)  # fmt: skip
@activation_option
@tier_option
@click.option("--max-cosets", type=click.IntRange(1), default=None, help="Budget for a presentation's enumeration.")
@catalog_option
@output_option
def judge(
    weights: str, spec: str, elements: str | None, network: str, activation: str, tier: Tier,
    max_cosets: int | None, catalog: str | None, fmt: str,
) -> None:  # fmt: skip
    """Judge a network that somebody else trained, from its weights.

    Its rows may be in any order. Exit code: 0 a representation-based algorithm survives, 3 none does, 4 undecided.

    \b
    Example:
        grouptool judge --weights model.pt --group S5 --elements permutations.json
    """
    from ..experiment import check_order
    from ..foreign import load_circuit

    group = load_group(spec, max_cosets, catalog)
    check_order(group)
    circuit = load_circuit(weights, group.order, "product" if network == "product" else activation)
    placement = _placement(circuit, group, elements)
    judge_weights(group, circuit.reordered(placement.places), weights, placement.how, tier, fmt)


def _placement(circuit: Circuit, group: Group, elements: str | None) -> Placement:
    from ..elements import own_order, placed_by_answers, placed_by_file

    if elements is None:
        return placed_by_answers(circuit, group)
    if elements == "own":
        circuit.check_for(group)
        return own_order(group)
    return placed_by_file(elements, circuit, group)


def judge_weights(group: Group, circuit: Circuit, path: str, order: str, tier: Tier, fmt: str) -> NoReturn:
    """Judge a circuit, print its verdict and exit.

    Args:
        path: of its weights. order: how its elements were found, in words.
    """
    from ..experiment import judge_circuit

    verdict = judge_circuit(group, circuit, tier=tier)
    answer = {"group": group.name, "weights": path, "elements": order, "activation": circuit.activation}
    if fmt == "table":
        click.echo(f"elements: {order}\n")
    print_verdict(verdict, {**answer, **verdict.to_json()}, fmt)
    finish(verdict.verdict)
