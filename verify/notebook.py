"""Verify from Python: train networks, read networks and finished runs, judge them.

Public: train, read, judge.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from grouptool import group as named
from grouptool.errors import GroupToolError, InputFileError
from grouptool.group import Group
from grouptool.structure.isomorphism import find_isomorphism

from .claims import Subject, Tier
from .elements import own_order, placed_by_answers, placed_by_file
from .experiment import Result, check_order, judge_circuit, run
from .foreign import load_circuit
from .groupdata import GroupData
from .plan import Experiment, Progress
from .reading import Circuit
from .runs import RunFolder
from .saved import read_result
from .verdict import ExperimentVerdict

__all__ = ["judge", "read", "train"]


def train(
    group: Group | str,
    *,
    folder: str | os.PathLike[str] | None = None,
    workers: int | None = 0,
    tier: Tier = "full",
    progress: Progress | None = None,
    **settings: Any,
) -> Result:
    """Train networks on a group and judge them, as ``grouptool verify`` does.

    Args:
        group: or its specification, such as ``"S5"``.
        folder: of the run, with report.html, from which the same call goes on when it was stopped; by default a
            temporary one, which is removed, with its checkpoints.
        workers: training processes at once, None for one a core. 0 trains in this process, which notebooks and scripts
            without a main guard can do; torch is left with one thread here.
        tier: the dearest claims that are judged: ``fast``, ``full`` or ``study``.
        progress: told a job's name, its steps done and its training loss (nats).
        settings: see ``Experiment.on``: seeds, recipe, kind, fraction, hidden, embedding, steps, split, ....

    Raises:
        GroupToolError: a group that cannot be trained on, a setting that makes no sense, a folder of another run.
        TypeError: an unknown setting.

    Cost: of a network on S5 20 CPU seconds with the default recipe, 6 with ``recipe="fast"``.
    """
    experiment = Experiment.on(named(group) if isinstance(group, str) else group, **settings)
    if folder is not None:
        from .report.page import write_report

        place = RunFolder(folder)
        result = run(experiment, place, workers=workers, tier=tier, progress=progress)
        write_report(result, place)
        return result
    with tempfile.TemporaryDirectory(prefix="grouptool-") as made:
        return run(experiment, RunFolder(made), workers=workers, tier=tier, progress=progress)


def read(
    path: str | os.PathLike[str],
    group: Group | str | None = None,
    *,
    elements: str | os.PathLike[str] | None = None,
    activation: str = "relu",
) -> Subject | Result:
    """A finished run from its folder, or a network from a file of weights.

    Args:
        path: a run folder, which is read back as the result that it was made for, nothing trained or judged again; or
            a safetensors, npz or PyTorch file, see ``verify.foreign.load_circuit``.
        group: that the network of a file multiplies in. Of a folder it may be left out; else it must be the run's own.
        elements: a file that names the element of each row, or ``"own"`` for the group's order; by default found from
            the network's answers. activation: of the hidden layer, ``"product"`` for a product network.

    Raises:
        RunFolderError: a folder that is no finished run. InputFileError: no such file.
        NetworkError: a file without a network for this group, or of unknown element order.
        GroupToolError: a file without a group, or another group than the folder's.
    """
    place = Path(path)
    if not place.exists():
        raise InputFileError(f"there is no file or folder {place}")
    wanted = named(group) if isinstance(group, str) else group
    if place.is_dir():
        result = read_result(RunFolder(place))
        found = result.data.group
        if wanted is not None and not _same(wanted, found):
            raise GroupToolError(f"{place} is a run on {found.name} of order {found.order}, not on {wanted.name}")
        return result
    if wanted is None:
        raise GroupToolError(f"{place} does not say which group its network multiplies in; give one, such as 'S5'")
    check_order(wanted)
    circuit = load_circuit(place, wanted.order, activation)
    return Subject(GroupData(wanted), _placed(circuit, wanted, elements))


def judge(
    network: Circuit | Subject | Result | str | os.PathLike[str],
    group: Group | str | None = None,
    *,
    tier: Tier = "full",
    **reading: Any,
) -> ExperimentVerdict:
    """Judge a network that was trained elsewhere, or say what was judged of a run.

    Args:
        network: a circuit in the group's own element order, a subject, or what ``read`` takes. A result, or the folder
            of one, has been judged: its verdict is returned.
        group: needed for circuits and files. tier: the dearest claims that are judged. reading: ``elements`` and
            ``activation``, for files, see ``read``.

    Raises:
        NetworkError: the network is not on the group's elements. GroupToolError: no group, or as ``read``.

    Cost: the seconds of a full judgement, about 5 on S5.
    """
    if isinstance(network, str | os.PathLike):
        network = read(network, group, **reading)
    elif reading:
        raise TypeError(f"{', '.join(reading)} goes with a file, not with a {type(network).__name__}")
    if isinstance(network, Result):
        return network.verdict
    if isinstance(network, Subject):
        return judge_circuit(network.data.group, network.circuit, tier=tier)
    if group is None:
        raise GroupToolError("a circuit does not say which group it multiplies in; give one, such as 'S5'")
    return judge_circuit(named(group) if isinstance(group, str) else group, network, tier=tier)


def _same(wanted: Group, found: Group) -> bool:
    return wanted == found or (wanted.order == found.order and find_isomorphism(wanted, found) is not None)


def _placed(circuit: Circuit, group: Group, elements: str | os.PathLike[str] | None) -> Circuit:
    """The circuit with its rows in the group's order."""
    if elements is None:
        placement = placed_by_answers(circuit, group)
    elif elements == "own":
        circuit.check_for(group)
        placement = own_order(group)
    else:
        placement = placed_by_file(Path(elements), circuit, group)
    return circuit.reordered(placement.places)
