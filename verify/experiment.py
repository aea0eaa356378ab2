"""The whole road: predictions, controls, training in parallel processes, judgement. Resumes where it was stopped.

Public: Result, run, judge_circuit, check_order, read_outcome.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from html import escape
from importlib.metadata import version
from typing import Any

import numpy as np

from grouptool.errors import GroupToolError, RunFolderError
from grouptool.group import Group

from .claims import Subject, Tier
from .groupdata import GroupData
from .jobs import train_all
from .plan import MAX_ORDER, MEMORISER, Experiment, Progress
from .reading import Circuit
from .runs import RunFolder
from .tables import verdict_html
from .theories import THEORIES, Prediction
from .verdict import ExperimentVerdict, NetworkVerdict, judge_experiment, judge_network, random_subjects

__all__ = ["Result", "check_order", "judge_circuit", "read_outcome", "run"]

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
            "network": {"kind": self.experiment.network.kind, **asdict(self.experiment.network)},
            "recipe": self.experiment.recipe.name,
            "split": self.experiment.split,
            "train_fraction": self.experiment.fraction,
            "seed": self.experiment.seeds[0],
            "training": {name: first[name] for name in SUMMARY},
            "predictions": {name: one.to_json() for name, one in self.predictions.items()},
            **judged,
            "certificate": None,
            "seeds": [
                networks[seed].to_json()
                | {"training": {name: self.training[f"seed-{seed}"][name] for name in SUMMARY}}
                | _attention(self.subjects[seed])
                for seed in self.experiment.seeds
            ],
            "controls": {MEMORISER: {name: self.training[MEMORISER][name] for name in ("train_accuracy", "steps")}},
            "versions": _versions(),
        }

    def _repr_html_(self) -> str:
        title = f"<p><b>{escape(self.experiment.name)}</b>, order {self.data.group.order}</p>"
        return title + verdict_html(self.verdict.to_json(), self.experiment.seeds)


def run(
    experiment: Experiment,
    folder: RunFolder,
    *,
    workers: int | None = None,
    tier: Tier = "full",
    progress: Progress | None = None,
) -> Result:
    """Run an experiment, or go on with one that was stopped.

    Args:
        folder: where everything is written; finished parts in it are taken as they are.
        workers: training processes at once, by default one for each core; 0 trains in this process.
        tier: the dearest claims that are judged. progress: told of every step that a job reports.

    Raises:
        RunFolderError: the folder belongs to another experiment, is damaged, or another process works in it.
        GroupToolError: a training process died.

    Predictions are written before the first step, metrics and weights when a network is done, the verdict last.
    """
    with folder.locked():
        return _run(experiment, folder, workers, tier, progress)


def _run(
    experiment: Experiment, folder: RunFolder, workers: int | None, tier: Tier, progress: Progress | None
) -> Result:
    folder.claim(asdict(experiment) | {"key": experiment.key}, "experiment")
    group = experiment.group()
    data = GroupData(group)
    predictions = {name: one.predict(data, experiment.network.width) for name, one in THEORIES.items()}
    _keep(folder, "predictions.json", {name: one.to_json() for name, one in predictions.items()})
    _keep(folder, "elements.json", [group.cycles(element) for element in range(group.order)])
    train_all(experiment, folder, workers, progress)
    training = {job: read_outcome(folder.inside(job)) for job in experiment.jobs}
    subjects = {seed: _subject(experiment, data, folder, f"seed-{seed}") for seed in experiment.seeds}
    verdict = _judge(experiment, data, folder, predictions, subjects, tier)
    for seed, one in zip(experiment.seeds, verdict.networks, strict=True):
        outcome = training[f"seed-{seed}"]
        outcome["loss"] = one.evidence["table-accuracy"].details["loss"]
        outcome["unleaked_test_accuracy"] = one.evidence["unleaked-accuracy"].score
    result = Result(experiment, data, predictions, subjects, training, verdict)
    folder.write_json("verdict.json", result.to_json())
    return result


def judge_circuit(group: Group, circuit: Circuit, *, tier: Tier = "full") -> ExperimentVerdict:
    """Judge a network that was trained elsewhere; its controls are untrained networks of the same width.

    Raises NetworkError when it is not on the group's elements; see ``check_order``.
    """
    check_order(group)
    data = GroupData(group)
    predictions = {name: one.predict(data, circuit.width) for name, one in THEORIES.items()}
    return judge_experiment(data, [judge_network(Subject(data, circuit), predictions, tier=tier)], predictions)


def check_order(group: Group) -> None:
    """Raise GroupToolError for the trivial group and for orders above 1,000: the logits are n^3 numbers."""
    if group.order < 2:
        raise GroupToolError(f"{group.name} has one element: there is nothing to learn")
    if group.order > MAX_ORDER:
        raise GroupToolError(f"{group.name} has order {group.order:,}; networks are judged up to order {MAX_ORDER:,}")


def _keep(folder: RunFolder, name: str, value: Any) -> None:
    """Write what is known before training; on resuming, it must be what was written then."""
    if not folder.has(name):
        folder.write_json(name, value)
    if folder.read_json(name) != json.loads(json.dumps(value)):
        raise RunFolderError(
            f"{folder.path / name} is not what this version computes; choose another folder with --out"
        )


def read_outcome(place: RunFolder) -> dict[str, Any]:
    """What a finished job said of its training, and its history, block by block. Raises RunFolderError."""
    found = place.read_json("training.json")
    if not isinstance(found, dict) or not {*SUMMARY} - {"loss", "unleaked_test_accuracy"} <= set(found):
        raise RunFolderError(f"{place.path / 'training.json'} lacks what a finished training says; remove it to go on")
    return found | {"history": [json.loads(line) for line in place.read("metrics.jsonl").splitlines()]}


def _subject(experiment: Experiment, data: GroupData, folder: RunFolder, job: str) -> Subject:
    circuit = Circuit.fold(folder.inside(job).read_arrays("weights.safetensors"), experiment.network.activation)
    circuit.check_for(data.group)
    return Subject(data, circuit, experiment.task(job, data.group))


def _judge(
    experiment: Experiment,
    data: GroupData,
    folder: RunFolder,
    predictions: Mapping[str, Prediction],
    subjects: Mapping[int, Subject],
    tier: Tier,
) -> ExperimentVerdict:
    networks: list[NetworkVerdict] = []
    rng = np.random.default_rng([experiment.seeds[0], 1])
    for seed, subject in subjects.items():
        random = random_subjects(subject, rng, experiment.embedding)
        memoriser = replace(_subject(experiment, data, folder, MEMORISER), task=subject.task)
        controls = {"random": random, "memorising": [memoriser]}
        networks.append(judge_network(subject, predictions, controls, seed=seed, tier=tier))
    return judge_experiment(data, networks, predictions)


def _attention(subject: Subject) -> dict[str, Any]:
    """Of a transformer: where each head looks, and how far its hidden layer is a sum of two tables."""
    attention = subject.circuit.attention
    if attention is None:
        return {}
    heads = [dict(zip(("x", "y", "="), row, strict=True)) for row in attention.mean_pattern.tolist()]
    return {"attention": {"heads": heads, "additive_share": attention.additive[2]}}


def _versions() -> dict[str, str]:
    packages = {name: version(name) for name in ("grouptool", "numpy", "sympy", "torch")}
    return packages | {"python": platform.python_version()}
