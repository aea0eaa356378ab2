"""Every claim on networks of which the verdict is known beforehand: the matrix plant x claim, to print or to assert.

Public: Row, PLANTS, IMPOSTORS, plants, matrix, as_text.
``python -m verify.matrix Q8 D4`` prints it for Q8, with D4 as the wrong group.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from grouptool.group import Group

from .claims import CLAIMS, Subject, Tier
from .controls import (
    isotope,
    lookup_table,
    memorised,
    plant_characters,
    plant_cosets,
    plant_rho_sets,
    random_circuit,
)
from .evidence import Verdict
from .groupdata import GroupData
from .reading import Circuit
from .theories import THEORIES
from .verdict import NetworkVerdict, judge_network

__all__ = ["IMPOSTORS", "PLANTS", "Row", "as_text", "matrix", "plants"]

PLANTS = ("characters", "cosets", "rho-sets", "generic rho-sets")
"""Networks with an algorithm; the last has rho-sets whose vectors no subgroup fixes."""
IMPOSTORS = ("random", "memorising", "lookup table", "quasigroup", "wrong group")
"""Networks without one: untrained, half of the pairs by heart, all of them, and planted circuits for an isotope of the

group that is no group and for another group of the same order."""
RANDOM_SHAPE = 64, 48
"""Embedding and hidden size of untrained networks."""
LETTERS: dict[Verdict, str] = {"holds": "H", "fails": "f", "undecided": "."}


@dataclass(frozen=True)
class Row:
    """One network of the matrix, its name in PLANTS or IMPOSTORS, and what was said of it."""

    kind: str
    width: int
    verdict: NetworkVerdict

    def claim(self, name: str) -> Verdict:
        """The verdict on a claim."""
        return self.verdict.evidence[name].verdict

    def theory(self, name: str) -> Verdict:
        """The verdict on a theory."""
        return self.verdict.theories[name].verdict


def plants(data: GroupData, other: Group | None = None, seed: int = 0) -> dict[str, Circuit]:
    """The planted networks and impostors of a group.

    Args:
        other: another group of the same order, for the wrong group's network; without it there is none.
        seed: of everything random.
    """
    group, rng = data.group, np.random.default_rng(seed)
    keys = [data.constituents[place] for place in smallest_key_set(data)]
    made = {
        "characters": plant_characters(data, keys),
        "cosets": plant_cosets(group, serving_subgroups(data)),
        "rho-sets": plant_rho_sets(data, keys, seed),
        "generic rho-sets": plant_rho_sets(data, keys, seed, generic=True),
        "random": random_circuit(group.order, *RANDOM_SHAPE, rng),
        "memorising": memorised(group, 0.5, rng),
        "lookup table": lookup_table(group),
        "quasigroup": isotope(plant_rho_sets(data, keys, seed), rng),
    }
    if other is not None:
        wrong = GroupData(other)
        made["wrong group"] = plant_rho_sets(wrong, [wrong.constituents[i] for i in smallest_key_set(wrong)], seed)
    return made


def smallest_key_set(data: GroupData) -> list[int]:
    """Places of the constituents of a smallest set with trivial joint kernel, the first that the account names."""
    names = THEORIES["characters"].predict(data, 0).details["smallest_key_sets"][0]["representations"]
    return [place for place, one in enumerate(data.constituents) if one.name in names]


def serving_subgroups(data: GroupData) -> list[np.ndarray]:
    """A largest subgroup with trivial core, else all classes when their joint core is trivial, else the trivial one."""
    classes = data.subgroup_classes or ()
    if free := [one.representative for one in classes if one.core.sum() == 1]:
        return [max(free, key=len)]
    core = np.logical_and.reduce([one.core for one in classes]) if classes else np.zeros(1)
    return [one.representative for one in classes] if core.sum() == 1 else [np.array([0])]


def matrix(data: GroupData, other: Group | None = None, *, seed: int = 0, tier: Tier = "study") -> list[Row]:
    """Judge all plants and impostors, against untrained and memorising networks as controls."""
    rng = np.random.default_rng([seed, 1])
    controls: Mapping[str, Sequence[Subject]] = {
        "random": [Subject(data, random_circuit(data.group.order, *RANDOM_SHAPE, rng)) for _ in range(3)],
        "memorising": [Subject(data, memorised(data.group, 0.5, rng))],
    }
    rows = []
    for kind, circuit in plants(data, other, seed).items():
        predictions = {name: one.predict(data, circuit.width) for name, one in THEORIES.items()}
        rows.append(
            Row(kind, circuit.width, judge_network(Subject(data, circuit), predictions, controls, seed=seed, tier=tier))
        )
    return rows


def as_text(name: str, rows: Sequence[Row]) -> str:
    """A line for each claim and theory: H holds, f fails, . undecided; * marks what right answers alone may give."""
    claims = [claim for claim in CLAIMS if claim in rows[0].verdict.evidence]
    heads = [f"{row.kind} ({row.width})" for row in rows]
    width = max(len(claim) for claim in claims) + 3
    lines = [f"{name}"] + [f"{'':{width}}{' ' * 2 * place}{head}" for place, head in enumerate(heads)]
    for claim in claims:
        label = claim if CLAIMS[claim].discriminating else f"{claim} *"
        lines.append(f"{label:<{width}}" + " ".join(LETTERS[row.claim(claim)] for row in rows))
    for theory in rows[0].verdict.theories:
        lines.append(f"{'= ' + theory:<{width}}" + " ".join(LETTERS[row.theory(theory)] for row in rows))
    return "\n".join(lines)


if __name__ == "__main__":
    from grouptool import group as named

    spec, *others = sys.argv[1:]
    print(as_text(spec, matrix(GroupData(named(spec)), named(others[0]) if others else None)))
