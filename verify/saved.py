"""A finished run, read back from its folder: nothing is trained and nothing judged again.

Public: read_result, read_experiment, kept_circuits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from grouptool.errors import GroupToolError, RunFolderError

from .architecture import Architecture, Transformer
from .claims import CLAIMS, Subject
from .evidence import Evidence
from .experiment import Result, read_outcome
from .groupdata import GroupData
from .jobs import kept_weights
from .ladder import Rung
from .plan import Experiment
from .reading import Circuit
from .recipes import Recipe
from .runs import RunFolder
from .theories import Prediction
from .verdict import ExperimentVerdict, NetworkVerdict, TheoryVerdict

__all__ = ["kept_circuits", "read_experiment", "read_result"]

MOST_KEPT = 60
"""Checkpoints of a network that are looked at, evenly chosen among those that are there."""


def read_result(folder: RunFolder) -> Result:
    """The result of a finished run, its verdict as it was written, with the thresholds of that day.

    Raises:
        RunFolderError: no run folder, not finished, damaged, or written by a version with other claims.
    """
    experiment = read_experiment(folder)
    if not folder.has("verdict.json"):
        raise RunFolderError(f"{folder.path} is not finished: it has no verdict yet; verify.train goes on with it")
    written = folder.read_json("verdict.json")
    data = GroupData(experiment.group())
    training = {job: read_outcome(folder.inside(job)) for job in experiment.jobs}
    subjects = {}
    for seed in experiment.seeds:
        weights = folder.inside(f"seed-{seed}").read_arrays("weights.safetensors")
        circuit = Circuit.fold(weights, experiment.network.activation)
        circuit.check_for(data.group)
        subjects[seed] = Subject(data, circuit, experiment.task(f"seed-{seed}", data.group))
    try:
        verdict = _verdict(written)
        for one in written["seeds"]:
            training[f"seed-{one['seed']}"] |= one["training"]
        predictions = {name: Prediction(**one) for name, one in folder.read_json("predictions.json").items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise RunFolderError(
            f"{folder.path / 'verdict.json'} was written by another version ({error}); judge its weights instead"
        ) from None
    return Result(experiment, data, predictions, subjects, training, verdict)


def read_experiment(folder: RunFolder) -> Experiment:
    """What a run folder is a run of, from its config.json. Raises RunFolderError."""
    if not folder.has("config.json"):
        raise RunFolderError(f"{folder.path} is no run folder: it has no config.json")
    config = folder.read_json("config.json")
    try:
        given = {one.name: config[one.name] for one in fields(Experiment)}
        network: type[Architecture] | type[Transformer] = Transformer if "heads" in given["network"] else Architecture
        experiment = Experiment(
            **given
            | {
                "generators": tuple(map(tuple, given["generators"])),
                "seeds": tuple(given["seeds"]),
                "network": network(**given["network"]),
                "recipe": Recipe(**(given["recipe"] | {"betas": tuple(given["recipe"]["betas"])})),
            }
        )
        known = experiment.key == config["key"]
    except (KeyError, TypeError, ValueError, GroupToolError):
        known = False
    if not known:
        raise RunFolderError(f"{folder.path / 'config.json'} was written by another version")
    return experiment


def kept_circuits(experiment: Experiment, folder: RunFolder, seed: int) -> list[tuple[int, Circuit]]:
    """The checkpoints of a network with their steps, at most 60, and the network at its end; none when none were kept.

    Raises RunFolderError for a damaged file.
    """
    place, activation = folder.inside(f"seed-{seed}"), experiment.network.activation
    found = [(step, Circuit.fold(weights, activation)) for step, weights in kept_weights(place)]
    if not found:
        return []
    if len(found) > MOST_KEPT:
        found = [found[round(i * (len(found) - 1) / (MOST_KEPT - 1))] for i in range(MOST_KEPT)]
    end = place.read_json("training.json")["steps"]
    if found[-1][0] < end:
        found.append((end, Circuit.fold(place.read_arrays("weights.safetensors"), activation)))
    return found


def _verdict(written: Mapping[str, Any]) -> ExperimentVerdict:
    return ExperimentVerdict(
        tuple(_network(one) for one in written["seeds"]),
        {one["claim"]: one["verdict"] for one in written["claims"]},
        _theories(written["theories"]),
        written["sentence"],
    )


def _network(written: Mapping[str, Any]) -> NetworkVerdict:
    evidence = {one["claim"]: _evidence(one) for one in written["claims"]}
    return NetworkVerdict(
        written["seed"], evidence, _theories(written["theories"]), tuple(Rung(**one) for one in written["ladder"])
    )


def _theories(written: Sequence[Mapping[str, Any]]) -> dict[str, TheoryVerdict]:
    return {one["theory"]: TheoryVerdict(**one) for one in written}


def _evidence(written: Mapping[str, Any]) -> Evidence:
    own = {key: written[key] for key in ("statement", "source", "discriminating", "tier")}
    claim = replace(CLAIMS[written["claim"]], **own, **written["thresholds"])
    null = {kind: tuple(scores) for kind, scores in written["null"].items()}
    return Evidence(claim, written["score"], null, written["details"], written["reason"])
