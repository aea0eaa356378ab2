"""The whole road: predictions, controls, training in parallel processes, judgement. Resumes where it was stopped.

Public: Result, run.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from typing import Any

import numpy as np

from grouptool.errors import RunFolderError

from .claims import Subject
from .controls import random_circuit
from .groupdata import GroupData
from .jobs import train_all
from .plan import MEMORISER, Experiment, Progress
from .reading import Circuit
from .recipes import RECIPES
from .runs import RunFolder
from .theories import THEORIES, Prediction
from .verdict import ExperimentVerdict, NetworkVerdict, judge_experiment, judge_network

__all__ = ["Result", "run"]

RANDOM_CONTROLS = 5
SUMMARY = ("train_accuracy", "test_accuracy", "unleaked_test_accuracy", "loss", "steps", "seconds", "stopped", "recipe")


@dataclass(frozen=True)
class Result:
    """A finished experiment.

    Attributes:
        predictions: by theory, as written before training. subjects: the networks, by seed.
        training: each job's outcome: steps, seconds, stopped, recipe, accuracies, history.
    """

    experiment: Experiment
    data: GroupData
    predictions: Mapping[str, Prediction]
    subjects: Mapping[int, Subject]
    training: Mapping[str, Mapping[str, Any]]
    verdict: ExperimentVerdict

    def to_json(self) -> dict[str, Any]:
        """verdict.json: the experiment's verdict, and below ``seeds`` each network's own."""
        judged = self.verdict.to_json()
        networks = {one.seed: one for one in self.verdict.networks}
        first = self.training[f"seed-{self.experiment.seeds[0]}"]
        return {
            "group": self.experiment.name,
            "order": self.data.group.order,
            "label": None,
            "network": {"kind": "mlp", "embedding": self.experiment.embedding, "hidden": self.experiment.hidden},
            "recipe": self.experiment.recipe,
            "seed": self.experiment.seeds[0],
            "training": {name: first[name] for name in SUMMARY},
            "predictions": {name: one.to_json() for name, one in self.predictions.items()},
            **judged,
            "certificate": None,
            "seeds": [
                networks[seed].to_json() | {"training": {name: self.training[f"seed-{seed}"][name] for name in SUMMARY}}
                for seed in self.experiment.seeds
            ],
            "controls": {MEMORISER: {name: self.training[MEMORISER][name] for name in ("train_accuracy", "steps")}},
            "versions": _versions(),
        }


def run(
    experiment: Experiment, folder: RunFolder, *, workers: int | None = None, progress: Progress | None = None
) -> Result:
    """Run an experiment, or go on with one that was stopped.

    Args:
        folder: where everything is written; finished parts in it are taken as they are.
        workers: training processes at once, by default one for each core; 0 trains in this process.
        progress: told of every step that a job reports.

    Raises:
        RunFolderError: the folder belongs to another experiment, is damaged, or another process works in it.
        GroupToolError: a training process died.

    Predictions are written before the first step, metrics and weights when a network is done, the verdict last.
    """
    with folder.locked():
        return _run(experiment, folder, workers, progress)


def _run(experiment: Experiment, folder: RunFolder, workers: int | None, progress: Progress | None) -> Result:
    _claim_folder(experiment, folder)
    group = experiment.group()
    data = GroupData(group)
    predictions = {name: one.predict(data, experiment.hidden) for name, one in THEORIES.items()}
    if not folder.has("predictions.json"):
        folder.write_json("predictions.json", {name: one.to_json() for name, one in predictions.items()})
    if not folder.has("elements.json"):
        folder.write_json("elements.json", [group.cycles(element) for element in range(group.order)])
    train_all(experiment, folder, workers, progress)
    training = {job: folder.inside(job).read_json("training.json") for job in experiment.jobs}
    subjects = {seed: _subject(experiment, data, folder, f"seed-{seed}") for seed in experiment.seeds}
    verdict = _judge(experiment, data, folder, predictions, subjects)
    for seed, one in zip(experiment.seeds, verdict.networks, strict=True):
        outcome = training[f"seed-{seed}"]
        outcome["loss"] = one.evidence["table-accuracy"].details["loss"]
        outcome["unleaked_test_accuracy"] = one.evidence["unleaked-accuracy"].score
    result = Result(experiment, data, predictions, subjects, training, verdict)
    folder.write_json("verdict.json", result.to_json())
    return result


def _claim_folder(experiment: Experiment, folder: RunFolder) -> None:
    config = asdict(experiment) | {"key": experiment.key, "recipe_details": asdict(RECIPES[experiment.recipe])}
    if not folder.has("config.json"):
        folder.write_json("config.json", config)
    elif folder.read_json("config.json")["key"] != experiment.key:
        raise RunFolderError(f"{folder.path} holds another experiment; choose another folder with --out")


def _subject(experiment: Experiment, data: GroupData, folder: RunFolder, job: str) -> Subject:
    circuit = Circuit.fold(folder.inside(job).read_arrays("weights.safetensors"))
    circuit.check_for(data.group)
    return Subject(data, circuit, experiment.task(job, data.group))


def _judge(
    experiment: Experiment,
    data: GroupData,
    folder: RunFolder,
    predictions: Mapping[str, Prediction],
    subjects: Mapping[int, Subject],
) -> ExperimentVerdict:
    networks: list[NetworkVerdict] = []
    rng = np.random.default_rng([experiment.seeds[0], 1])
    sizes = data.group.order, experiment.embedding, experiment.hidden
    for seed, subject in subjects.items():
        task = subject.task
        random = [Subject(data, random_circuit(*sizes, rng), task) for _ in range(RANDOM_CONTROLS)]
        memoriser = replace(_subject(experiment, data, folder, MEMORISER), task=task)
        networks.append(judge_network(subject, predictions, {"random": random, "memorising": [memoriser]}, seed=seed))
    return judge_experiment(data, networks, predictions)


def _versions() -> dict[str, str]:
    packages = {name: version(name) for name in ("grouptool", "numpy", "sympy", "torch")}
    return packages | {"python": platform.python_version()}
