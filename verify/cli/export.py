"""``grouptool export``: write a trained network for another tool.

Public: export.
"""

from __future__ import annotations

import click

from grouptool.cli.output import emit, output_option

from .options import activation_option

__all__ = ["export"]


@click.command()
@click.argument("weights", type=click.Path())
@click.option(
    "--to", "kind", type=click.Choice(["transformerlens"]), default="transformerlens", show_default=True,
    help="The tool that is to load the network.",
)  # fmt: skip
@click.option("--out", type=click.Path(), required=True, help="The file to write, .safetensors.")
@activation_option
@output_option
def export(weights: str, kind: str, out: str, activation: str, fmt: str) -> None:
    """Write the transformer in WEIGHTS for another tool.

    The configuration is printed and stands in the file's metadata; biases that the network does not have are 0.

    \b
    Example:
        grouptool export runs/S3/seed-0/weights.safetensors --to transformerlens --out s3.safetensors
    """
    from ..exports import export_transformerlens

    emit({"file": out, "to": kind, **export_transformerlens(weights, out, activation)}, fmt)
