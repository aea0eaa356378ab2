"""Training jobs of an experiment: in processes of their own, with checkpoints, results through the run folder.

Public: train_all, kept_weights, step_name.
Torch is imported where a job runs, so the process that only waits never loads it.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import queue
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any

import numpy as np

from grouptool.errors import GroupToolError, RunFolderError

from .plan import MEMORISER, Experiment, Progress
from .recipes import MEMORISE, Recipe
from .runs import RunFolder
from .task import shuffled_answers

if TYPE_CHECKING:
    import torch

    from .training import TrainingState

__all__ = ["kept_weights", "step_name", "train_all"]

CHECKPOINT_SECONDS = 5.0
REPORT_STEPS = 10
OUTCOME = ("train_loss", "train_accuracy", "test_accuracy", "unleaked_test_accuracy")
CHECKPOINT_FIELDS = ("step", "since", "losses", "history", "seconds")


def train_all(experiment: Experiment, folder: RunFolder, workers: int | None, progress: Progress | None) -> None:
    """Train every job of an experiment that is not done yet.

    Args:
        workers: processes at once, by default one for each core; 0 trains in this process, one job after the other.

    Raises GroupToolError when a process dies, RunFolderError for a damaged folder.
    """
    waiting = [job for job in experiment.jobs if not folder.inside(job).has("training.json")]
    count = min(len(waiting), workers if workers is not None else os.cpu_count() or 1)
    if count:
        _train_in_processes(experiment, folder, waiting, count, progress)
        return
    for job in waiting:
        _train_job(experiment, folder, job, progress)


def _train_job(experiment: Experiment, folder: RunFolder, job: str, progress: Progress | None) -> None:
    """Train one network to its end, from its checkpoint when there is one."""
    import torch

    from .training import TrainingState, train

    torch.set_num_threads(experiment.threads)
    _prepare(experiment.device)
    group = experiment.group()
    task = experiment.task(job, group)
    place = folder.inside(job)
    recipe = MEMORISE if job == MEMORISER else experiment.recipe
    if experiment.steps is not None and job != MEMORISER:
        recipe = replace(recipe, max_steps=experiment.steps, total_steps=experiment.steps)
    answers = None
    if job == MEMORISER:
        answers = shuffled_answers(group, task.train, np.random.default_rng([task.seed, 2]))
    keep = experiment.checkpoint_steps if job != MEMORISER else frozenset()
    if place.has("checkpoint.json"):
        state = _load_checkpoint(place, experiment, group.order)
    else:
        state = TrainingState.start(experiment.network, group.order, recipe, task.seed, experiment.device)
        if 0 in keep:
            place.write_arrays(step_name(0), state.arrays())
    saved = time.monotonic()

    def after_step(state: TrainingState) -> None:
        nonlocal saved
        if progress is not None and (state.step % REPORT_STEPS == 0 or state.stopped):
            progress(job, state.step, state.history[-1]["train_loss"] if state.history else state.losses[-1])
        if state.step in keep:
            place.write_arrays(step_name(state.step), state.arrays())
        if time.monotonic() - saved > CHECKPOINT_SECONDS:
            _save_checkpoint(place, state)
            saved = time.monotonic()

    train(task, state, answers=answers, on_step=after_step)
    last = state.history[-1]
    place.write_arrays("weights.safetensors", state.arrays())
    place.write("metrics.jsonl", "".join(json.dumps(row, sort_keys=True) + "\n" for row in state.history).encode())
    outcome = {key: last[key] for key in OUTCOME}
    outcome |= {"steps": state.step, "seconds": state.seconds, "stopped": state.stopped, "recipe": state.recipe.name}
    place.write_json("training.json", outcome)
    place.remove_matching("checkpoint*")


def _prepare(device: str) -> None:
    """Make a device repeat itself where torch can. Raises GroupToolError when torch has no such device."""
    import torch

    available = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not available[device]:
        there = ", ".join(name for name, found in available.items() if found)
        raise GroupToolError(f"torch finds no {device} here; devices: {there}")
    if device == "cuda":
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        torch.use_deterministic_algorithms(True, warn_only=True)


def step_name(step: int) -> str:
    """The file in a job's folder with the weights after a step."""
    return f"step-{step:08d}.safetensors"


def kept_weights(place: RunFolder) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    """The weights that a job kept on its way (``Experiment.checkpoints``), by step, one at a time.

    Raises RunFolderError for a damaged file.
    """
    for file in sorted(place.path.glob("step-*.safetensors")):
        if place.has(file.name):
            yield int(file.stem.removeprefix("step-")), place.read_arrays(file.name)


def _save_checkpoint(place: RunFolder, state: TrainingState) -> None:
    """Arrays under the step's own name first, then the json that points to them, then the old arrays go."""
    old = place.read_json("checkpoint.json")["arrays"] if place.has("checkpoint.json") else None
    name = f"checkpoint-{state.step}.safetensors"
    parts = {"weights": state.weights, "first": state.first_moments, "second": state.second_moments}
    place.write_arrays(
        name, {f"{part}.{key}": x.cpu().numpy() for part, tensors in parts.items() for key, x in tensors.items()}
    )
    fields = {key: getattr(state, key) for key in CHECKPOINT_FIELDS}
    place.write_json("checkpoint.json", fields | {"recipe": asdict(state.recipe), "arrays": name})
    if old is not None and old != name:
        place.remove(old)


def _load_checkpoint(place: RunFolder, experiment: Experiment, order: int) -> TrainingState:
    import torch

    from .training import TrainingState

    fields = place.read_json("checkpoint.json")
    arrays, names = place.read_arrays(fields["arrays"]), experiment.network.shapes(order)

    def part(name: str) -> dict[str, torch.Tensor]:
        # In the order of a fresh state, on which the last bit of the weight norm depends, and in torch's own memory.
        return {key: torch.tensor(arrays[f"{name}.{key}"], device=experiment.device) for key in names}

    return TrainingState(
        architecture=experiment.network,
        weights=part("weights"),
        first_moments=part("first"),
        second_moments=part("second"),
        recipe=Recipe(**(fields["recipe"] | {"betas": tuple(fields["recipe"]["betas"])})),
        **{key: fields[key] for key in CHECKPOINT_FIELDS},
    )


def _train_in_processes(
    experiment: Experiment, folder: RunFolder, jobs: Sequence[str], count: int, progress: Progress | None
) -> None:
    """At most ``count`` processes at once, one a job; results travel through the run folder, so none can be lost."""
    # Forked processes would inherit locks and threads of numerical libraries.
    context: Any = multiprocessing.get_context("spawn")
    reports: Any = context.Queue()
    waiting, running = list(jobs), dict[str, BaseProcess]()
    # Spinning threads beside other work were measured 5 to 34 times slower.
    os.environ.setdefault("OMP_NUM_THREADS", str(experiment.threads))
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        while waiting or running:
            while waiting and len(running) < count:
                job = waiting.pop(0)
                process = context.Process(target=_work, args=(experiment, str(folder.path), job, reports), daemon=True)
                _start_deaf(process)
                running[job] = process
            _pass_on(reports, progress)
            for job, process in list(running.items()):
                if not process.is_alive():
                    _pass_on(reports, progress)
                    del running[job]
                    if not folder.inside(job).has("training.json"):
                        raise GroupToolError(
                            f"the process of {job} ended with code {process.exitcode}; run the same command to go on"
                        )
    finally:
        for process in running.values():
            process.terminate()
            process.join()


def _start_deaf(process: BaseProcess) -> None:
    """Start a process that does not hear Ctrl-C from its first instruction: it inherits what is blocked here.

    Blocked, not ignored: what arrives meanwhile reaches this process as soon as the block is lifted.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows, where a process sets its own handler a little later
        process.start()
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _pass_on(reports: Any, progress: Progress | None) -> None:
    """Hand on what processes reported; waits a moment for the first report. Raises what a process refused."""
    wait = 0.2
    while True:
        try:
            job, step, loss, refusal = reports.get(timeout=wait)
        except queue.Empty:
            return
        wait = 0.001
        if refusal:
            raise RunFolderError(refusal)
        if progress is not None:
            progress(job, step, loss)


def _work(experiment: Experiment, path: str, job: str, reports: Any) -> None:
    """What a training process does. Ctrl-C is the parent's to handle; when the parent is gone, so is the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = os.getppid()

    def report(job: str, step: int, loss: float) -> None:
        if os.getppid() != parent:
            raise SystemExit(1)
        reports.put((job, step, loss, ""))

    try:
        _train_job(experiment, RunFolder(path), job, report)
    except GroupToolError as error:
        reports.put((job, 0, 0.0, str(error)))
