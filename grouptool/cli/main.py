"""The command line: subcommands by name, loaded when they are called, and errors as one line with an exit code.

Public: main, run.
Exit codes: 0 done, 1 refused, 2 misused, 3 answered no, 4 undecided or budget spent, 130 interrupted.
Other packages add commands through the entry-point group ``grouptool.commands``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import entry_points, version

import click

from ..errors import GroupToolError
from .output import one_line

__all__ = ["main", "run"]

_COMMANDS = {
    "automorphisms": "grouptool.cli.identity:automorphisms",
    "catalog": "grouptool.cli.catalog:catalog",
    "characters": "grouptool.cli.representations:characters",
    "classes": "grouptool.cli.query:classes",
    "decompose": "grouptool.cli.representations:decompose",
    "elements": "grouptool.cli.elements:elements",
    "fourier": "grouptool.cli.representations:fourier",
    "graph": "grouptool.cli.elements:graph",
    "identify": "grouptool.cli.identity:identify",
    "irreps": "grouptool.cli.irreps:irreps",
    "isomorphic": "grouptool.cli.identity:isomorphic",
    "order": "grouptool.cli.order:order",
    "presentation": "grouptool.cli.identity:presentation",
    "quotient": "grouptool.cli.structure:quotient",
    "series": "grouptool.cli.structure:series",
    "show": "grouptool.cli.query:show",
    "subgroups": "grouptool.cli.structure:subgroups",
    "tensor": "grouptool.cli.representations:tensor",
    "table": "grouptool.cli.elements:table",
}


class LazyCommands(click.Group):
    """A group of commands whose modules are imported when a command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All command names, ours and those of entry points."""
        return sorted({*_COMMANDS, *(entry.name for entry in entry_points(group="grouptool.commands"))})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; None when there is none of that name."""
        if target := _COMMANDS.get(cmd_name):
            module, attribute = target.split(":")
            command: click.Command = getattr(import_module(module), attribute)
            return command
        for entry in entry_points(group="grouptool.commands", name=cmd_name):
            loaded: click.Command = entry.load()
            return loaded
        return None


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("grouptool"), prog_name="grouptool")
def main() -> None:
    """Finite groups, exactly, and what neural networks learn of them.

    GROUP is a name (S5, SL(2,3), C7:C3, C2^3 x Q8), permutations "(1,2,3)(4,5), (1,2)", a presentation
    "<a,b | a^2, b^3, (a*b)^5>", a Cayley table in a json, csv or npy file, or a name in your catalog. Products compose
    left to right; D5 has order 10.
    """


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    try:
        code = main.main(args=arguments, prog_name="grouptool", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except GroupToolError as error:
        click.echo(f"grouptool: {one_line(error)}", err=True)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("grouptool: interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()  # the reader left; nothing more can be said
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)
