"""The commands ``grouptool verify``, ``judge`` and ``export``. Heavy imports wait until they run."""

from __future__ import annotations

import re
import sys
import textwrap
import time
from typing import TYPE_CHECKING, Any, NoReturn

import click

from grouptool.cli.output import catalog_option, emit, group_argument, load_group, output_option

if TYPE_CHECKING:
    from grouptool.group import Group

    from .elements import Placement
    from .plan import Experiment
    from .reading import Circuit
    from .recipes import Recipe
    from .verdict import ExperimentVerdict, NetworkVerdict

__all__ = ["export", "judge", "verify"]

ACTIVATIONS = ("relu", "abs", "square", "gelu", "silu", "tanh")


@click.command()
@group_argument
@catalog_option
@output_option
@click.option("--seeds", type=click.IntRange(1, 1000), default=3, show_default=True, help="How many networks to train.")
@click.option(
    "--first-seed", type=click.IntRange(0, 2**31), default=0, show_default=True, help="Seed of the first network."
)
@click.option(
    "--recipe", metavar="NAME|FILE.toml", default="default", show_default=True,
    help="How to train: default (AdamW lr 3e-2), fast (gradient projection), published, stander and wu (as the papers "
    "did, up to 250,000 steps), or a TOML file of your own.",
)  # fmt: skip
@click.option(
    "--network", type=click.Choice(["mlp", "product", "transformer"]), default="mlp", show_default=True,
    help="One hidden layer, an activation of L + R or the product L R; or the one-layer transformer.",
)  # fmt: skip
@click.option(
    "--activation", type=click.Choice(ACTIVATIONS), default="relu", show_default=True, help="Of the hidden layer."
)
@click.option("--heads", type=click.IntRange(1, 64), default=None, help="Heads of a transformer.  [default: 4]")
@click.option("--summed", is_flag=True, help="Add the two embeddings instead of concatenating them.")
@click.option("--tied", is_flag=True, help="One embedding for both inputs.")
@click.option(
    "--bias", type=click.Choice(["none", "hidden", "output", "both"]), default="none", show_default=True,
    help="Which layers have a bias.",
)  # fmt: skip
@click.option(
    "--split", type=click.Choice(["random", "unleaked"]), default="random", show_default=True,
    help="Whether a test pair (x, y) may have its commuting partner (y, x) among the training pairs.",
)  # fmt: skip
@click.option(
    "--checkpoints", type=click.IntRange(0, 10_000), default=0, show_default=True,
    help="Keep the weights after so many steps, log-spaced up to the budget.",
)  # fmt: skip
@click.option(
    "--train-fraction",
    type=float,
    default=None,
    help="Share of all pairs to train on.  [default: 0.4 from order 100, more below]",
)
@click.option(
    "--embedding",
    type=click.IntRange(1, 8192),
    default=None,
    help="Size of each embedding.  [default: 256, of a transformer 128]",
)
@click.option(
    "--hidden",
    type=click.IntRange(1, 8192),
    default=None,
    help="Number of hidden neurons.  [default: 128, of a transformer 512]",
)
@click.option("--steps", type=click.IntRange(1), default=None, help="Step budget in place of the recipe's.")
@click.option(
    "--workers", type=click.IntRange(1), default=None, help="Training processes at once.  [default: one a core]"
)
@click.option(
    "--threads", type=click.IntRange(1), default=1, show_default=True, help="Threads of each training process."
)
@click.option(
    "--device", type=click.Choice(["cpu", "cuda", "mps"]), default="cpu", show_default=True, help="Where to train."
)
@click.option("--out", type=click.Path(file_okay=False), default=None, help="Run folder.  [default: runs/GROUP-KEY]")
@click.option(
    "--weights",
    type=click.Path(exists=True, dir_okay=False),
    default=None,
    help="Judge this file (see grouptool judge) instead of training.",
)
@click.option("--no-catalog", is_flag=True, help="Do not store the group in the catalog.")
def verify(
    spec: str, max_cosets: int | None, catalog: str | None, fmt: str, train_fraction: float | None, out: str | None,
    workers: int | None, weights: str | None, no_catalog: bool, network: str, activation: str, summed: bool,
    recipe: str, embedding: int | None, hidden: int | None, **settings: Any,
) -> None:  # fmt: skip
    """Train networks on the multiplication of GROUP and judge what they learned.

    Predictions are written before training; each claim has its threshold, its null and its verdict. The same command
    goes on with a run that was stopped. Exit code: 0 a representation-based algorithm survives, 3 none does, 4
    undecided. With --weights a network from elsewhere is judged, its rows in the order of 'grouptool elements';
    'grouptool judge' takes any order.

    \b
    Example:
        grouptool verify S3 --seeds 1 --recipe fast
    """
    group = load_group(spec, max_cosets, catalog)
    if not no_catalog:
        _store(group, catalog)
    if weights is not None:
        from .foreign import load_circuit

        _judge_circuit(group, load_circuit(weights, group.order), weights, fmt, "the order of 'grouptool elements'")
    first, count = settings.pop("first_seed"), settings.pop("seeds")
    settings |= {"fraction": train_fraction, "seeds": tuple(range(first, first + count)), "recipe": _recipe(recipe)}
    settings |= {name: size for name, size in (("embedding", embedding), ("hidden", hidden)) if size is not None}
    settings |= _network(network, settings, activation, summed)
    _train_and_judge(group, settings, out, workers, fmt)


def _network(kind: str, settings: dict[str, Any], activation: str, summed: bool) -> dict[str, Any]:
    """The fields of the architecture; misuse where an option does not belong to its kind."""
    given = {name: settings.pop(name) for name in ("tied", "bias", "heads")} | {"summed": summed}
    plain = {"tied": False, "bias": "none", "heads": None, "summed": False}
    foreign = {"transformer": ("tied", "bias", "summed")}.get(kind, ("heads",))
    if wrong := [name for name in foreign if given[name] != plain[name]]:
        raise click.UsageError(f"--{wrong[0]} does not go with --network {kind}")
    if kind == "product" and activation != "relu":
        raise click.UsageError("--activation does not go with --network product")
    if kind == "transformer":
        return {"kind": kind, "activation": activation} | ({"heads": given["heads"]} if given["heads"] else {})
    joined = "sum" if summed else "concat"
    own = {"kind": kind, "joined": joined, "tied": given["tied"], "bias": given["bias"]}
    return own if kind == "product" else own | {"activation": activation}


def _recipe(text: str) -> Recipe:
    from .recipes import RECIPES, read_recipe

    if text in RECIPES:
        return RECIPES[text]
    if not text.endswith(".toml"):
        raise click.BadParameter(
            f"{text!r} is no recipe; choose one of {', '.join(RECIPES)}, or a file that ends in .toml"
        )
    return read_recipe(text)


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
@click.option(
    "--activation", type=click.Choice(ACTIVATIONS), default="relu", show_default=True, help="Of the hidden layer."
)
@click.option("--max-cosets", type=click.IntRange(1), default=None, help="Budget for a presentation's enumeration.")
@catalog_option
@output_option
def judge(
    weights: str, spec: str, elements: str | None, network: str, activation: str, max_cosets: int | None,
    catalog: str | None, fmt: str,
) -> None:  # fmt: skip
    """Judge a network that somebody else trained, from its weights.

    Its rows may be in any order. Exit code: 0 a representation-based algorithm survives, 3 none does, 4 undecided.

    \b
    Example:
        grouptool judge --weights model.pt --group S5 --elements permutations.json
    """
    from .experiment import check_order
    from .foreign import load_circuit

    group = load_group(spec, max_cosets, catalog)
    check_order(group)
    circuit = load_circuit(weights, group.order, "product" if network == "product" else activation)
    placement = _placement(circuit, group, elements)
    _judge_circuit(group, circuit.reordered(placement.places), weights, fmt, placement.how)


@click.command()
@click.argument("weights", type=click.Path())
@click.option(
    "--to", "kind", type=click.Choice(["transformerlens"]), default="transformerlens", show_default=True,
    help="The tool that is to load the network.",
)  # fmt: skip
@click.option("--out", type=click.Path(), required=True, help="The file to write, .safetensors.")
@click.option(
    "--activation", type=click.Choice(ACTIVATIONS), default="relu", show_default=True, help="Of the hidden layer."
)
@output_option
def export(weights: str, kind: str, out: str, activation: str, fmt: str) -> None:
    """Write the transformer in WEIGHTS for another tool.

    The configuration is printed and stands in the file's metadata; biases that the network does not have are 0.

    \b
    Example:
        grouptool export runs/S3/seed-0/weights.safetensors --to transformerlens --out s3.safetensors
    """
    from .exports import export_transformerlens

    emit({"file": out, "to": kind, **export_transformerlens(weights, out, activation)}, fmt)


def _placement(circuit: Circuit, group: Group, elements: str | None) -> Placement:
    from .elements import own_order, placed_by_answers, placed_by_file

    if elements is None:
        return placed_by_answers(circuit, group)
    if elements == "own":
        circuit.check_for(group)
        return own_order(group)
    return placed_by_file(elements, circuit, group)


def _judge_circuit(group: Group, circuit: Circuit, path: str, fmt: str, order: str) -> NoReturn:
    from .experiment import judge_circuit

    verdict = judge_circuit(group, circuit)
    answer = {"group": group.name, "weights": path, "elements": order, "activation": circuit.activation}
    if fmt == "table":
        click.echo(f"elements: {order}\n")
    _print(verdict, {**answer, **verdict.to_json()}, fmt)
    _exit(verdict)


def _train_and_judge(group: Group, settings: dict[str, Any], out: str | None, workers: int | None, fmt: str) -> None:
    from .experiment import run
    from .plan import Experiment
    from .report.page import write_report
    from .runs import RunFolder

    experiment = Experiment.on(group, **settings)
    folder = RunFolder(out or f"runs/{_slug(group.name)}-{experiment.key}")
    lines = _Lines(experiment)
    try:
        result = run(experiment, folder, workers=workers, progress=lines)
    except KeyboardInterrupt:
        lines.close()
        click.echo(f"grouptool: stopped; the same command goes on from {folder.path}", err=True)
        raise
    lines.close()
    write_report(result, folder)
    _print(result.verdict, result.to_json(), fmt, report=str(folder.path / "report.html"))
    _exit(result.verdict)


def _exit(verdict: ExperimentVerdict) -> NoReturn:
    from .verdict import EXIT_CODES

    click.get_current_context().exit(EXIT_CODES[verdict.verdict])


def _store(group: Group, location: str | None) -> None:
    """Keep the group; a catalog that cannot be written is worth a warning, not a lost run."""
    from grouptool.catalog.store import Catalog
    from grouptool.errors import BudgetSpentError, CatalogError

    try:
        with Catalog(location) as store:
            store.add(group)
    except (CatalogError, BudgetSpentError) as error:
        click.echo(f"warning: {group.name} was not stored: {error}", err=True)


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")[:40] or "group"


class _Lines:
    """Progress on stderr: one moving line on a terminal, one line a job otherwise."""

    def __init__(self, experiment: Experiment) -> None:
        self.jobs = dict.fromkeys(experiment.jobs, (0, float("nan")))
        self.budget = experiment.budget
        self.moving = sys.stderr.isatty()
        self.drawn = 0.0
        self.started = time.monotonic()

    def __call__(self, job: str, step: int, loss: float) -> None:
        if self.moving:
            self.jobs[job] = (step, loss)
            if time.monotonic() - self.drawn > 0.2:
                self.drawn = time.monotonic()
                shown = "  ".join(
                    f"{name} {_bar(step, self.budget)} {loss:.1e}" for name, (step, loss) in self.jobs.items() if step
                )
                click.echo(f"\r\x1b[K{shown}  {self.drawn - self.started:.0f} s", nl=False, err=True)
        elif self.jobs[job][0] == 0:
            self.jobs[job] = (step, loss)
            click.echo(f"training {job}", err=True)

    def close(self) -> None:
        if self.moving and self.drawn:
            click.echo("\r\x1b[K", nl=False, err=True)


def _bar(step: int, budget: int) -> str:
    filled = round(8 * min(1, step / budget))
    return f"[{'#' * filled}{'.' * (8 - filled)}] {step}"


def _print(verdict: ExperimentVerdict, answer: dict[str, Any], fmt: str, report: str | None = None) -> None:
    if fmt == "json":
        emit(answer, fmt)
        return
    emit(claim_rows(verdict), fmt)
    if fmt == "table":
        click.echo("  * holds for every network with right answers\n")
        for name, one in verdict.theories.items():
            click.echo(_wrapped(f"{name:<20}{one.verdict:<11}{one.why}", indent=31))
        click.echo()
        click.echo(_wrapped(verdict.sentence))
        click.echo(f"\nverdict: {verdict.verdict}")
        if report is not None:
            click.echo(f"report: {report}")


def _wrapped(text: str, indent: int = 0) -> str:
    return textwrap.fill(
        text, width=110, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False
    )


def claim_rows(verdict: ExperimentVerdict) -> list[dict[str, Any]]:
    """The verdict table: for each claim the score of each network, the worst control, the thresholds, the verdict."""
    from .claims import CLAIMS

    rows = []
    for name, common in verdict.claims.items():
        one = CLAIMS[name]
        networks = verdict.networks
        null = [score for network in networks for scores in network.evidence[name].null.values() for score in scores]
        best = (max if one.direction == "higher" else min)(null) if null else None
        sign = ">=" if one.direction == "higher" else "<="
        rows.append(
            {
                "claim": name if one.discriminating else f"{name} *",
                **{_column(network): _number(network.evidence[name].score) for network in networks},
                "best control": _number(best),
                "holds": f"{sign} {one.holds_from:g}",
                "fails": f"{'<' if one.direction == 'higher' else '>'} {one.fails_below:g}",
                "verdict": common,
            }
        )
    return rows


def _column(network: NetworkVerdict) -> str:
    return "score" if network.seed is None else f"seed {network.seed}"


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:.4f}"
