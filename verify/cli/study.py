"""``grouptool study NAME``: one command a study, its options made from the study's settings.

Public: study.
"""

from __future__ import annotations

import sys
from dataclasses import MISSING, Field, fields
from typing import Any, get_type_hints

import click

from grouptool.cli.output import catalog_option, load_group, output_option

from .printing import finish, print_study

__all__ = ["study"]


class _Studies(click.Group):
    """The studies by name, each module imported when its command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from ..studies import STUDIES

        return sorted(STUDIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from ..studies import STUDIES

        return _command(cmd_name) if cmd_name in STUDIES else None


@click.group(cls=_Studies)
def study() -> None:
    """Other systems of the field, on any group: each with predictions, evidence and a control that must fail.

    Exit code: 0 the statements hold, 3 one fails, 4 undecided.

    \b
    Example:
        grouptool study universality --groups S3 --seeds 2
    """


def _command(name: str) -> click.Command:
    from ..studies import load_study

    one = load_study(name)
    types = get_type_hints(one.settings)

    def run(fmt: str, catalog: str | None, out: str | None, workers: int | None, **given: Any) -> None:
        from ..report.study_page import write_study_page
        from ..runs import RunFolder
        from ..studies import run_study

        spec, max_cosets = given.pop("spec", None), given.pop("max_cosets", None)
        group = None if spec is None else load_group(spec, max_cosets, catalog)
        lists = {key: _split(value) for key, value in given.items() if types[key] == tuple[str, ...]}
        settings = one.settings(**(given | lists))
        folder = RunFolder(out) if out else None
        done = run_study(one, group, settings, folder, say=_say, processes=workers)
        page = write_study_page(done)
        print_study(done, fmt, str(page))
        finish(done.findings.verdict)

    run.__doc__ = f"{one.title}.\n\nSource: {one.source}.\n\n\b\nExample:\n    grouptool study {name} {one.example}"
    command: Any = run
    for setting in reversed(fields(one.settings)):
        command = _option(setting, types[setting.name])(command)
    command = click.option("--workers", type=click.IntRange(1), default=None, help="Processes at once.")(command)
    command = click.option("--out", type=click.Path(file_okay=False), default=None, help="Run folder.")(command)
    command = output_option(catalog_option(command))
    if one.about != "none":
        command = click.option("--max-cosets", type=click.IntRange(1), default=None,
                               help="Budget for a presentation's coset enumeration.")(command)  # fmt: skip
        command = click.argument("spec", metavar="GROUP", required=one.about == "group")(command)
    return click.command(name)(command)


def _option(setting: Field[Any], kind: Any) -> Any:
    """The option of one field of a study's settings."""
    assert setting.default is not MISSING
    name, help_text = "--" + setting.name.replace("_", "-"), setting.metadata["help"]
    if kind is bool:
        return click.option(name, is_flag=True, default=setting.default, help=help_text)
    default = setting.default
    if kind == tuple[str, ...]:
        return click.option(name, default=",".join(default), show_default=bool(default), metavar="A,B,...",
                            help=help_text)  # fmt: skip
    least = setting.metadata["least"]
    if setting.metadata["choices"]:
        typed: Any = click.Choice(setting.metadata["choices"])
    elif least is not None:
        typed = (click.IntRange if kind is int else click.FloatRange)(min=least)
    else:
        typed = kind
    return click.option(name, type=typed, default=default, show_default=default not in (None, ""), help=help_text)


def _split(text: str) -> tuple[str, ...]:
    """The parts of a list; commas inside brackets belong to a part, as in SL(2,3)."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "([{<") - (letter in ")]}>")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return tuple(part.strip() for part in parts if part.strip())


def _say(line: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{line[:110]}", nl=False, err=True)
