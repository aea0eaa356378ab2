"""All pictures of a result, in the order in which they tell what was learned.

Public: Section, shown_seed, sections.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from grouptool.errors import GroupToolError

from ..claims import Subject
from ..controls import random_circuit
from ..experiment import Result
from ..progress import Progress, phases
from .figures import cayley, class_logits, curves, energy_bars, gallery, lattice, measures, purity_histogram
from .picture import Picture

__all__ = ["Section", "sections", "shown_seed"]


@dataclass(frozen=True)
class Section:
    """Pictures that belong together.

    Attributes:
        left_out: titles of pictures that cannot be drawn on this group, with the reason.
    """

    name: str
    title: str
    intro: str
    pictures: tuple[Picture, ...]
    left_out: tuple[tuple[str, str], ...]


def shown_seed(result: Result) -> int:
    """The seed whose pictures are drawn: the first network that learned the table, else the first."""
    learned = [one.seed for one in result.verdict.networks if one.learned and one.seed is not None]
    return learned[0] if learned else result.experiment.seeds[0]


def sections(result: Result, rows: Sequence[Progress] = ()) -> list[Section]:
    """The pictures of a result.

    Args:
        rows: progress measures of the network of ``shown_seed``; without them that picture is left out.
    """
    seed = shown_seed(result)
    subject, name = result.subjects[seed], f"seed {seed}"
    histories = {f"seed {one}": result.training[f"seed-{one}"]["history"] for one in result.experiment.seeds}
    networks = {f"seed {one}": subject for one, subject in result.subjects.items()}
    return [
        _section(
            "training", "Training", "",
            ("Training", lambda: curves(histories, name, phases(rows) if rows else None)),
            *([("Progress measures", lambda: measures(rows, name))] if rows else []),
        ),
        _section(
            "representations", "Representations",
            f"Layers and neurons by irreducible representation, layers of the network of {name}.",
            ("Energy by representation", lambda: energy_bars(subject)),
            ("Neuron purity", lambda: purity_histogram(networks | {"untrained": _untrained(result)})),
        ),
        _section(
            "subgroups", "Subgroups and cosets", f"The network of {name}.",
            ("Neurons on their cosets", lambda: gallery(subject)),
            ("Subgroup lattice", lambda: lattice(subject)),
            ("Cayley graph", lambda: cayley(subject)),
        ),
        _section(
            "logits", "Logits", f"The network of {name}.", ("Logits by class", lambda: class_logits(subject))
        ),
    ]  # fmt: skip


def _section(name: str, title: str, intro: str, *wanted: tuple[str, Callable[[], Picture]]) -> Section:
    drawn, left_out = [], []
    for what, draw in wanted:
        try:
            drawn.append(draw())
        except GroupToolError as reason:  # too many subgroups to list, too many nodes to read, no logits to divide
            left_out.append((what, str(reason)))
    return Section(name, title, intro, tuple(drawn), tuple(left_out))


def _untrained(result: Result) -> Subject:
    order, experiment = result.data.group.order, result.experiment
    return Subject(
        result.data, random_circuit(order, experiment.embedding, experiment.hidden, np.random.default_rng(0))
    )
