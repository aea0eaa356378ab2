"""Recipes: the papers' settings by group, files of one's own with their refusals, splits, kept weights, resuming."""

from __future__ import annotations

import json

import numpy as np
import pytest
from strategies import named, relabelled

from grouptool.errors import GroupToolError, InputFileError
from verify.architecture import Architecture
from verify.experiment import run
from verify.jobs import kept_weights, train_all
from verify.plan import Experiment
from verify.recipes import PUBLISHED, RECIPES, Recipe, published_settings, read_recipe
from verify.runs import RunFolder
from verify.task import make_task

TINY = {"embedding": 16, "hidden": 12, "seeds": (0,)}


def _write(tmp_path, text):
    (tmp_path / "mine.toml").write_text(text)
    return tmp_path / "mine.toml"


def test_a_recipe_from_a_file(tmp_path):
    """Every field, with the file's name when it has none of its own."""
    text = """learning_rate = 1
weight_decay = 0.5
max_steps = 70
betas = [0.8, 0]
coupled = true
decay_steps = 9
project = true
block = 7
stop_below = 0.25
plateau = true
fallback = "fast"
fallback_step = 3
fallback_above = 2
total_steps = 99
initialisation = "torch"
fraction = 0.7
"""
    fallback = {"fallback": "fast", "fallback_step": 3, "fallback_above": 2, "total_steps": 99}
    assert read_recipe(_write(tmp_path, text)) == Recipe(
        "mine", 1, 0.5, 70, (0.8, 0.0), True, 9, True, 7, 0.25, True, **fallback, initialisation="torch", fraction=0.7
    )
    short = 'name = "x"\nlearning_rate = 0.1\nweight_decay = 0\nmax_steps = 1'
    assert read_recipe(_write(tmp_path, short)) == Recipe("x", 0.1, 0, 1)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("learning_rate = ", "no TOML file"),
        ("learning_rat = 1", "no field 'learning_rat'; fields: name, learning_rate"),
        ("weight_decay = 1\nmax_steps = 5", "needs learning_rate"),
        ("learning_rate = 0", "learning_rate is '0'; expected a number above 0 up to 10"),
        ("learning_rate = true", "expected a number"),
        ("learning_rate = nan", "expected a number"),
        ("max_steps = 1.5", "max_steps is '1.5'; expected a whole number from 1 to 10,000,000"),
        ("max_steps = 99999999999", "whole number"),
        ("betas = [0.9, 1.0]", "two numbers"),
        ("betas = 0.9", "two numbers"),
        ("plateau = 1", "true or false"),
        ('fallback = "mine"', "one of default, fast, published, stander, wu"),
        ('fallback_step = 5\nlearning_rate = 1\nweight_decay = 1\nmax_steps = 5', "need a fallback"),
        ('initialisation = "zeros"', "one of normal, torch, gpt2"),
        ("fraction = 0", "above 0"),
        ('name = ""', "a short text"),
        ("a = " + "[" * 5000, "no TOML file"),
        ("# " + "x" * 100_001, "100,000 bytes"),
    ],
)  # fmt: skip
def test_a_wrong_recipe_is_one_line(text, complaint, tmp_path):
    """It names the field and what was expected."""
    with pytest.raises(InputFileError, match=complaint) as caught:
        read_recipe(_write(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_the_command_takes_a_recipe_file(call, tmp_path):
    """Its name and fields are in the run folder; a wrong one and a missing one end the command."""
    path = _write(tmp_path, "learning_rate = 0.01\nweight_decay = 1\nmax_steps = 30\nblock = 10\nfraction = 0.5")
    arguments = ["verify", "S3", "--seeds", "1", "--hidden", "8", "--workers", "1", "--out", "run", "--no-catalog"]
    code, out, _ = call(*arguments, "--recipe", str(path), "--format", "json")
    answer = json.loads(out)
    assert code == 4
    assert (answer["recipe"], answer["training"]["steps"], answer["train_fraction"]) == ("mine", 30, 0.5)
    assert json.loads((tmp_path / "run" / "config.json").read_text())["recipe"]["block"] == 10
    for name, said, expected in (("nowhere.toml", "cannot read the recipe", 1), ("magic", "no recipe", 2)):
        code, out, err = call(*arguments, "--recipe", name)
        assert (code, out) == (expected, "")
        assert said in err


def test_the_papers_settings_go_with_the_group_not_its_name():
    """S5 by permutations gets the row of S5; a group that no paper trained on gets none."""
    anonymous, _ = relabelled(named("S5"), 0)
    row = published_settings("published", anonymous, "mlp")
    assert (row.group, row.fraction, row.max_steps) == ("S5", 0.4, 250_000)
    assert published_settings("published", named("S5"), "transformer").fraction == 0.6
    assert published_settings("wu", named("A5"), "mlp").max_steps == 25_000
    assert published_settings("published", named("SL(2,5)"), "mlp") is None
    assert published_settings("default", named("S5"), "mlp") is None
    assert len({(row.recipe, row.network, row.group) for row in PUBLISHED}) == len(PUBLISHED)


def test_an_experiment_takes_the_paper_s_settings_unless_told_otherwise():
    """Fraction, epochs and sizes."""
    theirs = Experiment.on(named("A5"), recipe="published")
    assert (theirs.fraction, theirs.budget, theirs.network) == (0.5, 250_000, Architecture(256, 128))
    own = Experiment.on(named("A5"), recipe="published", fraction=0.7, hidden=64, steps=5)
    assert (own.fraction, own.budget, own.hidden) == (0.7, 5, 64)
    assert Experiment.on(named("S3"), recipe="wu").fraction == 0.4
    assert Experiment.on(named("S3"), recipe="published").fraction == 0.9


def test_experiments_differ_by_what_they_depend_on():
    """Recipe, network, split and checkpoints are all in the key."""
    keys = [
        Experiment.on(named("S3"), **settings).key
        for settings in (
            {}, {"recipe": "fast"}, {"activation": "abs"}, {"tied": True}, {"joined": "sum"}, {"bias": "both"},
            {"split": "unleaked"}, {"checkpoints": 3}, {"recipe": Recipe("default", 0.1, 0, 10)},
        )
    ]  # fmt: skip
    assert len(set(keys)) == len(keys)


def test_a_network_that_cannot_tell_xy_from_yx():
    """Summed and tied: refused where it could only fail, taken on an abelian group."""
    with pytest.raises(GroupToolError, match="cannot tell x y from y x, and S3 is not abelian"):
        Experiment.on(named("S3"), joined="sum", tied=True)
    assert Experiment.on(named("C6"), joined="sum", tied=True).network.is_symmetric


# -- splits


@pytest.mark.parametrize("name", ["S3", "D4", "C7", "A4"])
@pytest.mark.parametrize("fraction", [0.05, 0.5, 0.93, 1.0])
def test_unleaked_splits_by_definition(name, fraction):
    """No test pair commutes with a partner that is trained on, and the size is right up to one pair."""
    made = named(name)
    task = make_task(made, fraction, 3, "unleaked")
    assert abs(task.train.sum() - max(1, round(fraction * made.order**2))) <= 1
    for x, y in np.ndindex(made.order, made.order):
        if made.table[x, y] == made.table[y, x]:
            assert task.train[x, y] == task.train[y, x]
    assert (task.unleaked_test == ~task.train).all()
    assert (make_task(made, fraction, 3, "unleaked").train == task.train).all()


def test_unleaked_splits_choose_every_pair_alike():
    """Over many seeds commuting and other pairs are trained on equally often."""
    made = named("S3")
    mean = np.mean([make_task(made, 0.5, seed, "unleaked").train for seed in range(2000)], axis=0)
    assert np.abs(mean - mean.mean()).max() < 0.06


# -- kept weights and resuming


def test_checkpoint_steps_are_log_spaced():
    """From the first step to the last, and the start."""
    experiment = Experiment.on(named("S3"), steps=1000, checkpoints=4)
    assert sorted(experiment.checkpoint_steps) == [0, 1, 10, 100, 1000]
    assert Experiment.on(named("S3")).checkpoint_steps == frozenset()
    assert sorted(Experiment.on(named("S3"), steps=9, checkpoints=1).checkpoint_steps) == [0, 1]
    assert max(Experiment.on(named("S3"), recipe="fast", checkpoints=9).checkpoint_steps) == 6_000


ALL_OF_IT = {
    "steps": 120, "checkpoints": 6, "split": "unleaked", "activation": "gelu", "tied": True, "bias": "both",
    "recipe": Recipe("own", 1e-2, 1e-4, 120, coupled=True, block=30, initialisation="torch"),
}  # fmt: skip


PRODUCT = {"activation": "product", "bias": "output", "tied": False}


@pytest.mark.parametrize("settings", [ALL_OF_IT, ALL_OF_IT | PRODUCT])
def test_a_killed_run_resumes_to_the_same_bits(settings, tmp_path, monkeypatch):
    """Weights, those kept on the way, and metrics: as if it had never been stopped."""
    experiment = Experiment.on(named("S3"), **TINY, **settings)
    train_all(experiment, RunFolder(tmp_path / "whole"), 0, None)

    monkeypatch.setattr("verify.jobs.CHECKPOINT_SECONDS", 0.0)
    for last in (37, 38, 71, 1000):

        def stop(job, step, loss, last=last):
            if job != "memoriser" and step >= last:
                raise KeyboardInterrupt

        monkeypatch.setattr("verify.jobs.REPORT_STEPS", 1)
        try:
            train_all(experiment, RunFolder(tmp_path / "killed"), 0, stop)
        except KeyboardInterrupt:
            continue
    for place in sorted((tmp_path / "whole" / "seed-0").glob("*")):
        other = tmp_path / "killed" / "seed-0" / place.name
        if not place.name.startswith("training.json"):  # it has the seconds
            assert place.read_bytes() == other.read_bytes(), place.name
    kept = dict(kept_weights(RunFolder(tmp_path / "whole" / "seed-0")))
    assert list(kept) == sorted(experiment.checkpoint_steps)
    assert set(kept[0]) == set(experiment.network.shapes(6))
    final = RunFolder(tmp_path / "whole" / "seed-0").read_arrays("weights.safetensors")
    assert all((kept[120][name] == final[name]).all() for name in final)
    assert not (kept[0]["W"] == kept[120]["W"]).all()


def test_unleaked_accuracy_is_in_the_metrics(tmp_path):
    """By default, beside the accuracy on all test pairs; in the verdict too."""
    experiment = Experiment.on(named("S3"), **TINY, steps=60, fraction=0.6)
    result = run(experiment, RunFolder(tmp_path / "run"), workers=0)
    row = json.loads((tmp_path / "run" / "seed-0" / "metrics.jsonl").read_text().splitlines()[-1])
    assert row["unleaked_test_accuracy"] == result.training["seed-0"]["unleaked_test_accuracy"]
    task = experiment.task("seed-0", experiment.group())
    right = result.subjects[0].readout.predictions == task.group.table
    assert row["unleaked_test_accuracy"] == pytest.approx(right[task.unleaked_test].mean())
    assert row["test_accuracy"] == pytest.approx(right[~task.train].mean())


@pytest.mark.parametrize(
    "arguments",
    [
        ["--network", "product", "--bias", "output"],
        ["--activation", "square", "--summed", "--bias", "both"],
        ["--activation", "tanh", "--tied", "--split", "unleaked", "--checkpoints", "3"],
    ],
)
def test_the_command_trains_other_networks(arguments, call):
    """To a verdict, whatever it is; the architecture is in the answer."""
    code, out, _ = call(
        "verify", "S3", "--seeds", "1", "--steps", "40", "--hidden", "12", "--workers", "1", "--no-catalog", "--format",
        "json", *arguments,
    )  # fmt: skip
    answer = json.loads(out)
    assert code in (0, 3, 4)
    assert answer["network"]["activation"] == {"product": "product"}.get(arguments[1], arguments[1])
    assert answer["network"]["tied"] == ("--tied" in arguments)


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_lowers_the_loss(recipe, tmp_path):
    """A few steps of each on S3, from both initialisations."""
    experiment = Experiment.on(named("S3"), **TINY, recipe=recipe, steps=100, fraction=0.9)
    train_all(experiment, RunFolder(tmp_path / "run"), 0, None)
    assert RunFolder(tmp_path / "run" / "seed-0").read_json("training.json")["train_loss"] < np.log(6)


def test_a_device_that_is_not_there_is_refused(call):
    """One line that says which are, from the training process."""
    import torch

    missing = "mps" if torch.cuda.is_available() else "cuda"
    code, out, err = call("verify", "S3", "--seeds", "1", "--device", missing, "--workers", "1", "--no-catalog")
    assert (code, out) == (1, "")
    assert f"torch finds no {missing} here; devices: cpu" in err


def test_transformers_have_a_rate_of_their_own():
    """The default recipe's is too high for them; the papers' recipes stay as they are."""
    made = named("C7")
    rates = {kind: Experiment.on(made, kind=kind).recipe.learning_rate for kind in ("mlp", "product", "transformer")}
    assert rates == {"mlp": 3e-2, "product": 3e-2, "transformer": 1e-2}
    assert Experiment.on(made, kind="transformer", recipe="published").recipe.learning_rate == 1e-3
