"""How verdicts print: the claims, the substitutions, the theories, and the exit code.

Public: evidence_row, finish, print_study, print_verdict, verdict_rows.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, NoReturn

import click

from grouptool.cli.output import emit

from ..tables import bounds, claim_rows, number

if TYPE_CHECKING:
    from ..evidence import Evidence, Verdict
    from ..studies import StudyRun
    from ..verdict import ExperimentVerdict

__all__ = ["evidence_row", "finish", "print_study", "print_verdict", "verdict_rows"]


def print_verdict(verdict: ExperimentVerdict, answer: dict[str, Any], fmt: str, report: str | None = None) -> None:
    """The claims, the substitutions of the first network that learned, the accounts, the sentence, the verdict.

    Args:
        answer: what json prints. report: path of the page.
    """
    if fmt == "json":
        emit(answer, fmt)
        return
    emit(verdict_rows(verdict), fmt)
    if fmt == "table":
        click.echo("  * holds for every network with right answers\n")
        _print_ladder(verdict)
        for name, one in verdict.theories.items():
            click.echo(_wrapped(f"{name:<20}{one.verdict:<11}{one.why}", indent=31))
        click.echo()
        click.echo(_wrapped(verdict.sentence))
        click.echo(f"\nverdict: {verdict.verdict}")
        if report is not None:
            click.echo(f"report: {report}")


def _print_ladder(verdict: ExperimentVerdict) -> None:
    with_rungs = [one for one in verdict.networks if one.ladder]
    shown = next((one for one in with_rungs if one.learned), with_rungs[0] if with_rungs else None)
    if shown is None:
        return
    whose = "" if shown.seed is None else f" of seed {shown.seed}"
    click.echo(f"What is left{whose} when parts are replaced by an account's own words (control: as much at random):")
    emit([one.to_row() for one in shown.ladder], "table")
    click.echo()


def print_study(run: StudyRun, fmt: str, report: str) -> None:
    """The tables of a study, what was judged, its sentence and its verdict.

    Args:
        report: path of the page.
    """
    found = run.findings
    if fmt != "table":
        emit(run.to_json() if fmt == "json" else [row for one in found.tables for row in one.rows], fmt)
        return
    for table in found.tables:
        click.echo(f"{table.title}:")
        emit(list(table.rows), fmt)
        click.echo(_wrapped(table.note) + "\n" if table.note else "")
    rows: list[tuple[Evidence, str]] = [(one, one.verdict) for one in found.evidence]
    for one in found.controls:
        said = "fails, as it must" if one.verdict == "fails" else f"{one.verdict}, but must fail"
        rows.append((one, one.verdict if one.score is None else said))
    emit([evidence_row(one, verdict) for one, verdict in rows], fmt)
    click.echo("\n" + _wrapped(found.sentence))
    click.echo(f"\nverdict: {found.verdict}\nreport: {report}")


def evidence_row(one: Evidence, verdict: str) -> dict[str, Any]:
    """A statement with its score, its best control and its thresholds."""
    row = {"claim": one.claim.name, "score": number(one.score)} | bounds(one.to_json())
    return _for_terminals(row | {"verdict": verdict})


def _for_terminals(row: dict[str, Any]) -> dict[str, Any]:
    """The same in ASCII, nothing for a dash, and "best control" for the null."""
    plain = {key: None if text == "–" else text.replace("≥", ">=").replace("≤", "<=") for key, text in row.items()}
    return {"best control" if key == "null" else key: text for key, text in plain.items()}


def _wrapped(text: str, indent: int = 0) -> str:
    return textwrap.fill(
        text, width=110, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False
    )


def verdict_rows(verdict: ExperimentVerdict) -> list[dict[str, Any]]:
    """The verdict table: for each claim the score of each network, the worst control, the thresholds, the verdict."""
    columns = ["score" if one.seed is None else f"seed {one.seed}" for one in verdict.networks]
    return [
        _for_terminals(
            {"claim": row["name"] if row["discriminating"] else f"{row['name']} *"}
            | dict(zip(columns, row["scores"], strict=True))
            | {key: row[key] for key in ("null", "holds", "fails", "verdict")}
        )
        for row in claim_rows(verdict.to_json())
    ]


def finish(verdict: Verdict) -> NoReturn:
    """Exit with the code of a verdict."""
    from ..verdict import EXIT_CODES

    click.get_current_context().exit(EXIT_CODES[verdict])
