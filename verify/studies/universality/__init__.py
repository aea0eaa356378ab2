"""Universality: what networks of several seeds and groups share, every cell of the published tables beside ours."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from grouptool.group import Group

from ...claims import Subject
from ...controls import random_circuit
from ...evidence import Criterion, Evidence, weigh
from ...groupdata import GroupData
from ..study import Findings, Picture, Table, Workshop, study
from .cells import PAPERS, Cell, Universality, made_cells, made_groups
from .pictures import draw_counts, draw_logits, draw_shares
from .tables import (
    compare,
    count_rows,
    intervention_rows,
    is_same,
    logit_rows,
    match_rows,
    order_rows,
    orders,
    substitution_rows,
)

__all__ = ["Universality"]

WEAK = Criterion(
    "weak-universality",
    "the embeddings of every network lie in the representations that are key to its logits",
    "Chughtai, Chan, Nanda (2023), arXiv:2302.03025: 99.0 to 100 % on seven groups",
    0.98,
    0.9,
)
KEYS_DIFFER = Criterion(
    "no-strong-universality",
    "networks of one group that differ in the seed alone use different representations",
    "Chughtai, Chan, Nanda (2023): on S5 the commonest key set is that of 20 of 50 networks",
    0.25,
    0.1,
)
REPRODUCED = Criterion(
    "published-figures",
    "published figures come again: shares within 2 points, losses within a factor of 10, where no defect is known",
    "tables of Chughtai, Chan, Nanda (2023), with the paper's recipe where it was trained, else with ours",
    0.8,
    0.5,
)
RHO_ORDER = Criterion(
    "least-rho-sets-first",
    "representations with small least rho-sets are used by more seeds: p-value of Kendall's tau over all orders",
    "Wu, Jaburi, Drori, Gross (2024), arXiv:2410.07476, stated for S5",
    0.05,
    0.5,
    "lower",
)


SAME = (
    "Means over seeds; shares in percent, losses in nats, by the paper's definitions. The same is within 2 points, and "
    "within a factor of 10 for a loss."
)
VARIANCE = (
    "Shares of the centred logits' variance, percent: median (least to largest). Published: the released networks, "
    "measured again."
)
COUNTED = (
    "Networks to whose logits a representation is key, with the exact 95 % interval of the probability; p: that as "
    "many use it by chance, by the weight of the neurons."
)
ORDERED = "Kendall's tau of counts and what each account predicts, and the share of all orders with a tau as large."
CHANGED = (
    "Accuracy and loss after each change; published: 128 networks of Stander et al. The noise is in units of the "
    "weights, so it depends on the recipe."
)
REPLACED = (
    "Medians. Accuracy with parts replaced by what an account says of them, and without those parts; on 20 released S5 "
    "networks 1.0, 1.0, and .008 to .010 without the coset part."
)
MATCHED = (
    "Mean cosine after the best matching up to order, scale and sign; by chance: with the elements of one network "
    "permuted."
)
LOGITS_SHOWN = (
    "Each point is a network: how much of its logits a sum of characters explains, and how much the best function of "
    "x^-1 z y^-1. On the line both explain the same, as they must on abelian groups."
)
SHARES_SHOWN = (
    "Each point is a share of variance in the key representations, published across, ours up. On the line they agree; "
    "crosses are published figures with a known defect."
)
COUNTS_SHOWN = (
    "Share of the networks to whose logits a representation is key, with the exact 95 % interval, by the size of its "
    "least rho-set. Diamonds: published."
)


ENOUGH = 10
"""Networks from which the order of representations is judged: with four, chance alone reaches one in 24."""
CHARACTERS, EQUIVARIANT = "share of characters", "bi-equivariant share"


def predict(_: Group | None, settings: Universality) -> dict[str, Any]:
    """For each group, what four accounts say of how often each representation is used, before any is trained."""
    return {"groups": [_predicted(GroupData(made)) for made in made_groups(settings)]}


def _predicted(data: GroupData) -> dict[str, Any]:
    names = [one.name for one in data.constituents]
    return {
        "group": data.group.name,
        "orders": {account: dict(zip(names, values, strict=True)) for account, values in orders(data).items()},
    }


@study(
    "universality",
    title="What networks of several seeds and groups share",
    source="Chughtai, Chan, Nanda (2023), arXiv:2302.03025; Stander et al. (2023), arXiv:2312.06581; Wu et al. (2024), "
    "arXiv:2410.07476",
    settings=Universality,
    about="none",
    example="--groups S3 --seeds 1 --recipes fast",
    predict=predict,
)
def examine(_: Group | None, settings: Universality, predictions: dict[str, Any], workshop: Workshop) -> Findings:
    """Train what is missing, measure every network, and set each published cell beside ours."""
    tried = made_cells(settings, workshop)
    cells = [cell for cell in tried if cell.seeds]
    if not cells:
        return Findings(_sentence(tried, ()), (), numbers={"cells": [_as_numbers(cell) for cell in tried]})
    compared = compare(cells)
    counts, ordered = _all(count_rows, cells), _all(order_rows, cells)
    evidence = (_weak(cells), _keys_differ(cells), _reproduced(compared), _rho_order(ordered))
    control = Evidence(WEAK, max(_random_shares(cells), default=None), {}, {"networks": "untrained"})
    tables = (
        Table("Beside the published tables", compared, SAME),
        Table("Logits", _all(logit_rows, cells), VARIANCE),
        Table("Representations over seeds", counts, COUNTED),
        Table("What orders them", ordered, ORDERED),
        Table("Interventions", _all(intervention_rows, cells), CHANGED),
        Table("Substitutions", _all(substitution_rows, cells), REPLACED),
        Table("Neurons matched across seeds", _all(match_rows, cells), MATCHED),
    )
    numbers = {"cells": [_as_numbers(cell) for cell in tried]}
    return Findings(
        _sentence(tried, evidence), evidence, (control,), tuple(one for one in tables if one.rows),
        _pictures(cells, compared, counts), numbers,
    )  # fmt: skip


def _all(rows: Callable[[Cell], list[dict[str, Any]]], cells: Sequence[Cell]) -> list[dict[str, Any]]:
    return [row for cell in cells for row in rows(cell)]


# -- evidence


def _embedding_share(cell: Cell) -> float:
    """The median over seeds of the smaller embedding share, in [0, 1]."""
    names = ("W_a", "W_b") if cell.kind == "mlp" else ("W_E",)
    return float(statistics.median(min(row[name] for name in names) for row in cell.measured)) / 100


def _weak(cells: Sequence[Cell]) -> Evidence:
    shares = {f"{cell.name} {cell.kind} {cell.recipe}": _embedding_share(cell) for cell in cells}
    return weigh(WEAK, min(shares.values()), {"untrained": _random_shares(cells)}, {"shares": shares})


def _random_shares(cells: Sequence[Cell]) -> tuple[float, ...]:
    """The same share of untrained networks in the key representations of trained ones, where those leave some out."""
    return tuple(_random_share(cell) for cell in cells if not _uses_all(cell))


def _random_share(cell: Cell) -> float:
    data, width = cell.data, cell.networks[0].circuit.width
    circuit = random_circuit(data.group.order, 256, width, np.random.default_rng(cell.seeds[0]))
    energies = Subject(data, circuit).energies["L"].sum(axis=1)
    fewest = min((row["key"] for row in cell.measured), key=len)
    key = [place for place, one in enumerate(data.constituents) if one.name in fewest]
    return float(energies[key].sum() / energies.sum())


def _uses_all(cell: Cell) -> bool:
    """Whether every network uses every representation, so that nothing can be told from it."""
    return all(len(row["key"]) == len(cell.data.constituents) for row in cell.measured)


def _keys_differ(cells: Sequence[Cell]) -> Evidence:
    apart = {}
    for cell in cells:
        if len(cell.seeds) >= 4 and not _uses_all(cell):
            commonest = Counter(frozenset(row["key"]) for row in cell.measured).most_common(1)[0][1]
            apart[f"{cell.name} {cell.kind} {cell.recipe}"] = 1 - commonest / len(cell.seeds)
    if not apart:
        return Evidence(KEYS_DIFFER, None, {}, {}, "no group has four networks of which some leave representations out")
    return Evidence(KEYS_DIFFER, max(apart.values()), {}, {"shares": apart})


def _reproduced(compared: Sequence[Mapping[str, Any]]) -> Evidence:
    alike = []
    for row in compared:
        if row["published"] is None or row["difference"].startswith("defect"):
            continue
        value = row.get(f"ours, {PAPERS}")
        value = value if value is not None else row.get("ours, default")
        alike.append(is_same(row["figure"], row["published"], value))
    if not alike:
        return Evidence(REPRODUCED, None, {}, {}, "nothing of these groups was published")
    return Evidence(REPRODUCED, sum(alike) / len(alike), {}, {"cells": len(alike), "same": sum(alike)})


def _rho_order(ordered: Sequence[Mapping[str, Any]]) -> Evidence:
    values = [row["p"] for row in ordered if row["account"] == "least rho-set" and row["networks"] >= ENOUGH]
    if not values:
        return Evidence(RHO_ORDER, None, {}, {}, f"no group has {ENOUGH} networks and few representations")
    return Evidence(RHO_ORDER, statistics.median(values), {}, {"p": values})


# -- words and pictures


def _sentence(tried: Sequence[Cell], evidence: Sequence[Evidence]) -> str:
    names = ", ".join(dict.fromkeys(cell.name for cell in tried))
    said = [
        f"{sum(len(cell.seeds) for cell in tried)} of {sum(cell.tried for cell in tried)} networks on {names} learned"
    ]
    if not evidence:
        return said[0] + " the table, so nothing was compared."
    said.append(f"their embeddings lie in the representations of their logits to at least {evidence[0].score:.1%}")
    if evidence[1].score is not None:
        said.append(f"up to {evidence[1].score:.0%} of the seeds of a group use other representations than most")
    if evidence[2].score is not None:
        details = evidence[2].details
        said.append(f"{details['same']} of {details['cells']} published figures without a known defect come again")
    return "; ".join(said) + "."


def _pictures(
    cells: Sequence[Cell], compared: Sequence[Mapping[str, Any]], counts: Sequence[Mapping[str, Any]]
) -> tuple[Picture, ...]:
    points = [
        (f"{cell.name} {cell.kind}, {cell.recipe}", cell.values(CHARACTERS), cell.values(EQUIVARIANT)) for cell in cells
    ]
    found = [Picture("logits", "Two accounts of the logits", LOGITS_SHOWN, lambda: draw_logits(points))]
    if any(row["published"] is not None for row in compared):
        picture = Picture("shares", "Shares beside the published ones", SHARES_SHOWN, lambda: draw_shares(compared))
        found.insert(0, picture)
    if counts:
        found.append(Picture("counts", "Which representations are used", COUNTS_SHOWN, lambda: draw_counts(counts)))
    return tuple(found)


def _as_numbers(cell: Cell) -> dict[str, Any]:
    networks = [dict(row) for row in cell.measured]
    where = {"group": cell.name, "network": cell.kind, "recipe": cell.recipe}
    return where | {"tried": cell.tried, "networks": networks}
