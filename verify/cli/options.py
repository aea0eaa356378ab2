"""Options that several commands share.

Public: ACTIVATIONS, activation_option, tier_option.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

__all__ = ["ACTIVATIONS", "activation_option", "tier_option"]

ACTIVATIONS = ("relu", "abs", "square", "gelu", "silu", "tanh")
Command = TypeVar("Command", bound=Callable[..., Any])


def activation_option(command: Command) -> Command:
    """``--activation``; the function gets ``activation``."""
    return click.option(
        "--activation", type=click.Choice(ACTIVATIONS), default="relu", show_default=True, help="Of the hidden layer."
    )(command)


def tier_option(command: Command) -> Command:
    """``--tier``; the function gets ``tier``."""
    return click.option(
        "--tier", type=click.Choice(["fast", "full", "study"]), default="full", show_default=True,
        help="Which claims are judged: fast reads weights and logits once, full adds substitutions, ablations and "
        "rho-sets, study adds certified pairs.",
    )(command)  # fmt: skip
