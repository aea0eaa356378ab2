"""``grouptool verify``: train networks on a group and judge them.

Public: verify.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import click

from grouptool.cli.output import catalog_option, group_argument, load_group, output_option

from .judge import judge_weights
from .options import activation_option, tier_option
from .printing import finish, print_verdict

if TYPE_CHECKING:
    from grouptool.group import Group

    from ..claims import Tier
    from ..plan import Experiment
    from ..recipes import Recipe

__all__ = ["verify"]


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
@activation_option
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
    "--checkpoints", type=click.IntRange(0, 10_000), default=24, show_default=True,
    help="Keep the weights after so many steps, log-spaced up to the budget, for the curves of the report.",
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
@tier_option
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
    recipe: str, embedding: int | None, hidden: int | None, tier: Tier, **settings: Any,
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
        from ..foreign import load_circuit

        judge_weights(
            group, load_circuit(weights, group.order), weights, "the order of 'grouptool elements'", tier, fmt
        )
    first, count = settings.pop("first_seed"), settings.pop("seeds")
    settings |= {"fraction": train_fraction, "seeds": tuple(range(first, first + count)), "recipe": _recipe(recipe)}
    settings |= {name: size for name, size in (("embedding", embedding), ("hidden", hidden)) if size is not None}
    settings |= _network(network, settings, activation, summed)
    _train_and_judge(group, settings, out, workers, tier, fmt)


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
    from ..recipes import RECIPES, read_recipe

    if text in RECIPES:
        return RECIPES[text]
    if not text.endswith(".toml"):
        raise click.BadParameter(
            f"{text!r} is no recipe; choose one of {', '.join(RECIPES)}, or a file that ends in .toml"
        )
    return read_recipe(text)


def _train_and_judge(
    group: Group, settings: dict[str, Any], out: str | None, workers: int | None, tier: Tier, fmt: str
) -> None:
    from ..experiment import run
    from ..plan import Experiment
    from ..report.page import write_report
    from ..runs import RunFolder, folder_name

    experiment = Experiment.on(group, **settings)
    folder = RunFolder(out or folder_name(group.name, experiment.key))
    lines = _Lines(experiment)
    try:
        result = run(experiment, folder, workers=workers, tier=tier, progress=lines)
    except KeyboardInterrupt:
        lines.close()
        click.echo(f"grouptool: stopped; the same command goes on from {folder.path}", err=True)
        raise
    lines.close()
    write_report(result, folder)
    print_verdict(result.verdict, result.to_json(), fmt, report=str(folder.path / "report.html"))
    finish(result.verdict.verdict)


def _store(group: Group, location: str | None) -> None:
    """Keep the group; a catalog that cannot be written is worth a warning, not a lost run."""
    from grouptool.catalog.store import Catalog
    from grouptool.errors import BudgetSpentError, CatalogError

    try:
        with Catalog(location) as store:
            store.add(group)
    except (CatalogError, BudgetSpentError) as error:
        click.echo(f"warning: {group.name} was not stored: {error}", err=True)


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
