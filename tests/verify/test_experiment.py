"""The whole road on small groups: files, resuming after a kill, damage, the command and its exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from safetensors.numpy import save_file
from strategies import named

from grouptool.errors import GroupToolError, RunFolderError
from verify.controls import plant_cosets
from verify.experiment import run
from verify.foreign import load_circuit
from verify.plan import Experiment
from verify.report.page import write_report
from verify.runs import RunFolder
from verify.theories import THEORIES
from verify.verdict import EXIT_CODES

TINY = {"embedding": 32, "hidden": 24, "seeds": (0,), "steps": 300}


def test_s4_end_to_end(tmp_path):
    """Learned, judged, written: every file is there, the verdict holds, and a second call trains nothing."""
    experiment = Experiment.on(named("S4"), seeds=(0,), recipe="fast")
    folder = RunFolder(tmp_path / "run")
    steps = []
    result = run(experiment, folder, workers=0, progress=lambda job, step, loss: steps.append((job, step)))
    write_report(result, folder)
    assert result.verdict.verdict == "holds"
    assert {job for job, _ in steps} == {"seed-0", "memoriser"}
    written = {place.relative_to(folder.path).as_posix() for place in folder.path.rglob("*") if place.is_file()}
    files = {"config.json", "predictions.json", "elements.json", "verdict.json", "report.html", "report.json"}
    pictures = ("training", "energy", "purity", "neurons", "lattice", "cayley", "logits")
    files |= {f"figures/{name}.svg" for name in pictures}
    files |= {
        f"{job}/{name}" for job in experiment.jobs for name in ("weights.safetensors", "metrics.jsonl", "training.json")
    }
    assert written == files | {f"{name}.sha256" for name in files} | {".lock"}
    verdict = json.loads(folder.read("verdict.json"))
    assert {
        "group", "label", "network", "recipe", "seed", "training", "predictions", "claims", "certificate", "verdict",
        "versions",
    } <= set(verdict)  # fmt: skip
    assert {"steps", "seconds", "train_accuracy", "test_accuracy", "unleaked_test_accuracy", "loss"} <= set(
        verdict["training"]
    )
    assert {"claim", "source", "score", "null", "thresholds", "verdict"} <= set(verdict["claims"][0])
    assert verdict["training"]["test_accuracy"] == 1.0
    circuit = load_circuit(folder.path / "seed-0" / "weights.safetensors")
    assert (np.argmax(np.maximum(circuit.L[3] + circuit.R[5], 0) @ circuit.U)) == named("S4").table[3, 5]
    assert folder.read_json("elements.json")[:2] == ["()", "(1,2,3,4)"]
    again = run(experiment, folder, workers=0, progress=lambda *_: pytest.fail("trained again"))
    assert again.to_json() == result.to_json()


def test_predictions_are_written_before_the_first_step(tmp_path):
    """The folder has them when training reports for the first time."""
    folder = RunFolder(tmp_path / "run")

    class SeenError(Exception):
        pass

    def look(job, step, loss):
        assert folder.has("predictions.json")
        assert set(folder.read_json("predictions.json")) == set(THEORIES)
        assert not folder.has("verdict.json")
        raise SeenError

    with pytest.raises(SeenError):
        run(Experiment.on(named("S3"), **TINY), folder, workers=0, progress=look)


def test_the_report_opens_offline(tmp_path):
    """One file: seven pictures inside, no address outside, hostile names escaped."""
    folder = RunFolder(tmp_path / "run")
    experiment = Experiment.on(named("C7"), **TINY)
    experiment = Experiment(**{**experiment.__dict__, "name": "<script>alert(1)</script>"})
    write_report(run(experiment, folder, workers=0), folder)
    page = folder.read("report.html").decode()
    assert page.count("data:image/svg+xml;base64,") == 7
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_killed_run_goes_on_to_the_same_result(tmp_path, monkeypatch):
    """Stop in the middle, twice: weights, history and verdict of an undisturbed run, and no checkpoint is left."""
    monkeypatch.setattr("verify.jobs.CHECKPOINT_SECONDS", 0.0)
    experiment = Experiment.on(named("A4"), **TINY)
    whole = RunFolder(tmp_path / "whole")
    expected = run(experiment, whole, workers=0).to_json()
    folder = RunFolder(tmp_path / "stopped")
    for stop in (110, 250):

        def interrupt(job, step, loss, stop=stop):
            if step >= stop:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(experiment, folder, workers=0, progress=interrupt)
        assert folder.inside("seed-0").has("checkpoint.json")
        assert not folder.inside("seed-0").has("weights.safetensors")
    resumed = run(experiment, folder, workers=0).to_json()
    for answer in (expected, resumed):
        for part in (answer["training"], *(one["training"] for one in answer["seeds"])):
            del part["seconds"]
    assert resumed == expected
    for name in ("weights.safetensors", "metrics.jsonl"):
        assert folder.inside("seed-0").read(name) == whole.inside("seed-0").read(name)
    assert not list(folder.path.rglob("checkpoint*"))


def test_ctrl_c_on_the_command_line(tmp_path):
    """SIGINT in the middle of training: one line, exit code 130, and the same command finishes the run."""
    command = [
        sys.executable, "-m", "grouptool", "verify", "A4", "--seeds", "2", "--steps", "1500", "--hidden", "32",
        "--no-catalog", "--out", "run", "--format", "json",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while not list((tmp_path / "run").glob("predictions.json.sha256")) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert "the same command goes on" in err
    assert "Traceback" not in err
    finished = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    elsewhere = [*command[:-3], "other", *command[-2:]]
    undisturbed = subprocess.run(elsewhere, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert finished.returncode == undisturbed.returncode == EXIT_CODES[json.loads(finished.stdout)["verdict"]]
    for seed in range(2):
        name = f"seed-{seed}/weights.safetensors"
        assert (tmp_path / "run" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.05, 0.3])
def test_ctrl_c_while_processes_start(tmp_path, delay):
    """Before a training process has run a line of ours it is deaf already: no traceback from any of them."""
    command = [sys.executable, "-m", "grouptool", "verify", "A4", "--out", "run", "--no-catalog"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=tmp_path, start_new_session=True)
    while not (tmp_path / "run" / "elements.json.sha256").exists():
        time.sleep(0.01)
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path, call):
    """Also what looks like our own leftovers in it."""
    home = tmp_path / "home"
    (home / "Downloads").mkdir(parents=True)
    for name in ("Downloads/.movie.part", ".x.part", "notes.txt"):
        (home / name).write_text("mine")
    code, out, err = call("verify", "S3", "--out", str(home))
    assert (code, out) == (1, "")
    assert "no run folder" in err
    assert {place.name for place in home.rglob("*") if place.is_file()} - {".lock"} == {
        ".movie.part",
        ".x.part",
        "notes.txt",
    }


def test_an_algorithm_free_network_fails(call):
    """All answers memorised from the whole table in a few steps: no theory survives, exit code 3."""
    arguments = [
        "verify",
        "A5",
        "--seeds",
        "1",
        "--train-fraction",
        "1",
        "--steps",
        "40",
        "--hidden",
        "512",
        "--no-catalog",
    ]
    code, out, _ = call(*arguments)
    assert "1 of 1 networks learned all 3,600 products" in " ".join(out.split())
    assert code == 3
    assert "verdict: fails" in out


def test_weights_from_elsewhere(call, tmp_path):
    """A network that somebody else trained is judged; one for another order is refused in one line."""
    circuit = plant_cosets(named("S4"), [np.flatnonzero(named("S4").permutations[:, 0] == 0)])
    tables = {"L": circuit.L, "R": circuit.R, "U": circuit.U}
    save_file({name: np.ascontiguousarray(x) for name, x in tables.items()}, tmp_path / "planted.safetensors")
    code, out, err = call("verify", "S4", "--weights", "planted.safetensors", "--format", "json", "--no-catalog")
    answer = json.loads(out)
    assert (code, err) == (0, "")
    assert {one["theory"]: one["verdict"] for one in answer["theories"]}["cosets"] == "holds"
    code, out, err = call("verify", "A4", "--weights", "planted.safetensors", "--no-catalog")
    assert (code, out) == (1, "")
    assert "the network has 24 elements, but A4 has 12" in err
    assert err.count("\n") == 1
    (tmp_path / "broken.safetensors").write_bytes(b"no weights")
    code, out, err = call("verify", "S4", "--weights", "broken.safetensors", "--no-catalog")
    assert (code, out) == (1, "")
    assert "cannot read weights" in err


@pytest.mark.parametrize(
    "name",
    [
        "predictions.json",
        "elements.json",
        "config.json",
        "seed-0/weights.safetensors",
        "seed-0/training.json",
        "memoriser/weights.safetensors",
    ],
)
def test_a_flipped_byte_is_named(tmp_path, name):
    """Whatever file is damaged, the message names it."""
    folder = RunFolder(tmp_path / "run")
    experiment = Experiment.on(named("S3"), **TINY)
    run(experiment, folder, workers=0)
    place = folder.path / name
    content = bytearray(place.read_bytes())
    content[len(content) // 2] ^= 1
    place.write_bytes(bytes(content))
    with pytest.raises(RunFolderError, match=f"{name} is damaged"):
        run(experiment, folder, workers=0)


def test_a_truncated_checkpoint_is_named(tmp_path, monkeypatch):
    """It is not taken for a fresh start in silence."""
    monkeypatch.setattr("verify.jobs.CHECKPOINT_SECONDS", 0.0)
    folder = RunFolder(tmp_path / "run")
    experiment = Experiment.on(named("S3"), **TINY)

    def interrupt(job, step, loss):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(
            experiment,
            folder,
            workers=0,
            progress=lambda job, step, loss: interrupt(job, step, loss) if step > 50 else None,
        )
    (arrays,) = (folder.path / "seed-0").glob("checkpoint-*.safetensors")
    arrays.write_bytes(arrays.read_bytes()[:100])
    with pytest.raises(RunFolderError, match="is damaged"):
        run(experiment, folder, workers=0)


def test_a_folder_of_another_experiment_is_refused(tmp_path):
    """Other seeds, other key."""
    folder = RunFolder(tmp_path / "run")
    run(Experiment.on(named("S3"), **TINY), folder, workers=0)
    with pytest.raises(RunFolderError, match="another experiment"):
        run(Experiment.on(named("S3"), **(TINY | {"seeds": (1,)})), folder, workers=0)


def test_two_processes_do_not_share_a_folder(tmp_path):
    """The second is told to wait."""
    folder = RunFolder(tmp_path / "run")
    with folder.locked(), pytest.raises(RunFolderError, match="another process"):
        run(Experiment.on(named("S3"), **TINY), RunFolder(tmp_path / "run"), workers=0)


def test_half_written_files_are_swept_up(tmp_path):
    """What a killed process left aside goes at the next start; a file without its digest counts as not written."""
    folder = RunFolder(tmp_path / "run")
    (folder.path / ".verdict.json.123.part").write_text("{")
    folder.write_json("config.json", {"key": "x"})
    (folder.path / "config.json.sha256").unlink()
    assert not folder.has("config.json")
    run(Experiment.on(named("S3"), **TINY), folder, workers=0)
    assert not list(folder.path.rglob("*.part"))


@pytest.mark.parametrize(
    ("name", "settings", "complaint"),
    [
        ("C1", {}, "trained on orders 2 to 1,000"),
        ("S7", {}, "trained on"),
        ("S3", {"fraction": 0.0}, "outside"),
        ("S3", {"fraction": 1.5}, "outside"),
    ],
)
def test_experiments_that_make_no_sense(name, settings, complaint):
    """Refused before anything is written."""
    with pytest.raises(GroupToolError, match=complaint):
        Experiment.on(named(name), **settings)


def test_the_memorising_control_has_a_bound():
    """On a small group the pairs of the first seed, on S6 no more than 20,000."""
    small, large = named("S4"), named("S6")
    one = Experiment.on(small, seeds=(3,))
    assert np.array_equal(one.task("memoriser", small).train, one.task("seed-3", small).train)
    other = Experiment.on(large, seeds=(3,))
    assert other.task("memoriser", large).train.sum() == 20_000
    assert other.task("seed-3", large).train.sum() == round(0.4 * 720**2)


def test_training_on_everything_leaves_accuracy_to_the_table(tmp_path):
    """With no test pair the held-out claim is undecided and says why."""
    folder = RunFolder(tmp_path / "run")
    result = run(Experiment.on(named("C2"), fraction=1.0, **TINY), folder, workers=0)
    evidence = result.verdict.networks[0].evidence["unleaked-accuracy"]
    assert "no test pair" in evidence.reason
    assert result.training["seed-0"]["test_accuracy"] is None
    assert result.verdict.verdict == "undecided"  # C2 has one representation: nothing can discriminate


def test_the_command_prints_and_stores(call, tmp_path):
    """Table, theories, sentence, report path; the group is in the catalog; training is quiet off a terminal."""
    code, out, err = call("verify", "S3", "--seeds", "1", "--recipe", "fast", "--workers", "1")
    assert code == 0
    for expected in (
        "bi-equivariance",
        "best control",
        "cosets",
        "networks learned all 36 products of S3",
        "verdict: holds",
    ):
        assert expected in " ".join(out.split())
    assert sorted(err.split("\n")) == ["", "training memoriser", "training seed-0"]
    report = out.split("report: ")[1].strip()
    assert (tmp_path / report).read_text().startswith("<!doctype html>")
    code, out, _ = call("catalog", "list", "--mine", "--format", "json")
    assert [row["name"] for row in json.loads(out)] == ["S3"]
    code, out, _ = call("verify", "S3", "--seeds", "1", "--recipe", "fast", "--format", "csv")
    assert out.splitlines()[0].startswith("claim,seed 0,best control")


def test_verdicts_have_exit_codes(call):
    """A network that was stopped early learned nothing: undecided, 4."""
    code, out, _ = call("verify", "S4", "--seeds", "1", "--steps", "5", "--no-catalog")
    assert code == 4
    assert "no theory was tested" in " ".join(out.split())


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["verify", "nobody"], 1, "needs a number"),
        (["verify", "C1"], 1, "trained on"),
        (["verify", "S3", "--train-fraction", "2"], 1, "outside"),
        (["verify", "S3", "--recipe", "magic"], 2, "magic"),
        (["verify", "S3", "--seeds", "0"], 2, "seeds"),
        (["verify", "S3", "--out", "/dev/null/run"], 1, "cannot make the run folder"),
    ],
)
def test_refusals_of_the_command(call, arguments, code, said):
    """One line, the exit code, nothing on stdout."""
    got, out, err = call(*arguments)
    assert (got, out) == (code, "")
    assert said in err


def test_an_unwritable_catalog_is_a_warning(call, tmp_path):
    """The run goes on, and one line says what was not stored."""
    (tmp_path / "file").write_text("")
    place = str(tmp_path / "file" / "catalog.sqlite")
    code, out, err = call("verify", "S3", "--seeds", "1", "--steps", "20", "--workers", "1", "--catalog", place)
    assert code == 4
    assert "verdict: undecided" in out
    assert "warning: S3 was not stored" in err


def test_training_processes_use_one_thread(tmp_path):
    """The default is in force where training runs."""
    program = """if True:
        import torch
        from grouptool import group
        from verify.jobs import train_all
        from verify.plan import Experiment
        from verify.runs import RunFolder
        experiment = Experiment.on(group('S3'), embedding=8, hidden=8, seeds=(0,), steps=5)
        train_all(experiment, RunFolder('one'), 0, None)
        print(torch.get_num_threads())"""
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment, cwd=tmp_path
    )
    assert done.stdout.strip() == "1"
