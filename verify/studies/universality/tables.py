"""The tables of the study: published cells beside ours, and what networks of several seeds share.

Public: compare, count_rows, explain, intervention_rows, is_same, logit_rows, match_rows, order_rows, orders,
substitution_rows.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...groupdata import GroupData
from ...universality import MOST_ORDERED, exact_interval, match_neurons, occupancy, order_test
from .cells import PAPERS, Cell
from .published import INTERVENTIONS, KEY_SEEDS, LOGITS, Row, counts_for, rows_for, same

__all__ = [
    "compare",
    "count_rows",
    "explain",
    "intervention_rows",
    "is_same",
    "logit_rows",
    "match_rows",
    "order_rows",
    "orders",
    "substitution_rows",
]

POINTS = 2.0
"""Percent points by which a share may differ from the published one and count as the same."""
DECADES = 1.0
"""Powers of ten by which a loss may differ."""
PAIRS = 3
"""Pairs of networks of a cell that are compared neuron by neuron."""
WIDEST_MATCH = 256
"""Most neurons of networks that are."""


def orders(data: GroupData) -> dict[str, list[float]]:
    """For each account a number for every constituent, the smaller the more often it is used.

    ``least rho-set``: |B| (Wu et al. 2024). ``dimension``: C d, C = 1 for real type, else 2, the order in which
    two-layer networks learn one-hot encoded factors (Marchetti et al. 2026, arXiv:2602.03655). ``margin``: the negative
    mass kappa d^(5/2) of the maximum margin (Morwani et al. 2023, for quadratic networks). ``chance``: the negative
    dimension of the space, in which random functions have their energy.
    """
    doubled = [2 if one.type != "R" else 1 for one in data.constituents]
    degrees = [one.dimension / times for one, times in zip(data.constituents, doubled, strict=True)]
    mass = {"R": 1.0, "C": 2 * 2**0.5, "H": 2**0.5}
    return {
        "least rho-set": [float(size) for size in data.least_orbits],
        "dimension": [times * degree for times, degree in zip(doubled, degrees, strict=True)],
        "margin": [-mass[one.type] * degree**2.5 for one, degree in zip(data.constituents, degrees, strict=True)],
        "chance": [-float(one.isotypic_dimension) for one in data.constituents],
    }


# -- beside the published tables


def compare(cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """One row for each group, kind and figure: published, ours by recipe, and what explains the difference."""
    rows = []
    places = {(cell.name, cell.kind): None for cell in cells}
    for name, kind in places:
        mine = [cell for cell in cells if (cell.name, cell.kind) == (name, kind)]
        row = rows_for(mine[0].data.group, kind)
        figures = [figure for figure in _figures(kind) if mine[0].values(figure)]
        for figure in figures:
            ours = {cell.recipe: cell.mean(figure) for cell in mine}
            published = None if row is None else row.figures.get(figure)
            rows.append(
                {"group": name, "network": kind, "figure": figure, "published": published}
                | {
                    f"ours, {recipe}": None if value is None else float(f"{value:.4g}")
                    for recipe, value in ours.items()
                }
                | {"difference": explain(figure, row, ours)}
            )
    return rows


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _figures(kind: str) -> tuple[str, ...]:
    embeddings = ("W_a", "W_b") if kind == "mlp" else ("W_E",)
    return (
        *embeddings,
        "W_U",
        "W_U centred",
        "hidden layer",
        "rho(ab)",
        "test loss",
        "excluded loss",
        "restricted loss",
    )


def explain(figure: str, row: Row | None, ours: Mapping[str, float | None]) -> str:
    """What explains the difference of our figure from the published one: defect, definition, recipe, or nothing yet.

    Args:
        ours: by recipe. With the paper's recipe among them, a difference that it does not have is the recipe's.
    """
    if figure == "W_U centred":
        return "definition: W_U without the mean over the answers, which softmax cannot see"
    if row is None or figure not in row.figures:
        return "not published"
    if figure in row.defects:
        return f"defect: {row.defects[figure]}"
    alike = {recipe: is_same(figure, row.figures[figure], value) for recipe, value in ours.items()}
    if all(alike.values()):
        return "none"
    if PAPERS not in alike:
        return "recipe? the paper's was not trained"
    return "recipe" if alike[PAPERS] else "open"


def is_same(figure: str, published: float, value: float | None) -> bool:
    """Whether a figure counts as the published one: within 2 points, a loss within a factor of 10."""
    if value is None:
        return False
    if "loss" in figure:
        return abs(math.log10(max(value, 1e-300) / published)) <= DECADES
    return abs(value - published) <= POINTS


def logit_rows(cell: Cell) -> list[dict[str, Any]]:
    if cell.kind != "mlp":
        published: Mapping[str, tuple[float, float, float]] = {}
    else:
        published = next((row for name, row in LOGITS.items() if same(name, cell.data.group)), {})
    rows = []
    for figure in ("bi-equivariant share", "share of characters"):
        values = cell.values(figure)
        ours = (statistics.median(values), min(values), max(values))
        shown = {"published": published.get(figure), "ours": ours}
        rows.append(_where(cell) | {"figure": figure} | {key: _spread(value) for key, value in shown.items()})
    return rows


def _spread(values: tuple[float, float, float] | None) -> str | None:
    return None if values is None else f"{values[0]:.1f} ({values[1]:.1f} to {values[2]:.1f})"


def _where(cell: Cell) -> dict[str, Any]:
    """The first columns of every table."""
    return {"group": cell.name, "network": cell.kind, "recipe": cell.recipe}


# -- across seeds


def count_rows(cell: Cell) -> list[dict[str, Any]]:
    """Only where the representations are few enough to be told apart by a reader."""
    if len(cell.data.constituents) > MOST_ORDERED:
        return []
    published = counts_for(cell.data.group) if cell.kind == "mlp" else None
    keys = Counter(name for row in cell.measured for name in row["key"])
    chance = {row.name: row for row in occupancy([network.subject for network in cell.networks])}
    rows = []
    for one, orbit in zip(cell.data.constituents, cell.data.least_orbits.tolist(), strict=True):
        low, high = exact_interval(keys[one.name], len(cell.seeds))
        theirs = None if published is None else f"{published[(one.dimension, orbit)]} of {KEY_SEEDS}"
        rows.append(
            _where(cell)
            | {"representation": one.name, "least |B|": orbit, "published": theirs}
            | {"ours": f"{keys[one.name]} of {len(cell.seeds)}", "interval": f"{low:.2f} to {high:.2f}"}
            | {"weight": round(chance[one.name].share, 3), "p": float(f"{chance[one.name].p_value:.2g}")}
        )
    return rows


def order_rows(cell: Cell) -> list[dict[str, Any]]:
    if not 2 <= len(cell.data.constituents) <= MOST_ORDERED or len(cell.seeds) < 2:
        return []
    keys = Counter(name for row in cell.measured for name in row["key"])
    counts = [keys[one.name] for one in cell.data.constituents]
    if len(set(counts)) == 1:
        return []
    rows = []
    for account, values in orders(cell.data).items():
        tau, p = order_test(counts, values)
        rows.append(
            _where(cell)
            | {"networks": len(cell.seeds), "account": account, "tau": round(tau, 3), "p": float(f"{p:.2g}")}
        )
    return rows


def match_rows(cell: Cell) -> list[dict[str, Any]]:
    subjects = [network.subject for network in cell.networks[: PAIRS + 1]]
    if len(subjects) < 2 or subjects[0].circuit.width > WIDEST_MATCH:
        return []
    found = [match_neurons(subjects[0], other, np.random.default_rng(0)) for other in subjects[1:]]
    return [
        _where(cell) | {"seeds": f"{cell.seeds[0]} and {seed}", "similarity": round(one.mean, 3)}
        | {"by chance": round(one.chance, 3)}
        for seed, one in zip(cell.seeds[1:], found, strict=False)
    ]  # fmt: skip


def intervention_rows(cell: Cell) -> list[dict[str, Any]]:
    published = {}
    if cell.kind == "mlp":
        published = next((rows for name, rows in INTERVENTIONS.items() if same(name, cell.data.group)), {})
    rows = []
    for name in cell.measured[0]["interventions"]:
        pairs = [row["interventions"][name] for row in cell.measured]
        accuracy, loss = statistics.fmean(a for a, _ in pairs), statistics.median(b for _, b in pairs)
        theirs = published.get(name)
        shown = None if theirs is None else f"{theirs[0]:g} %, {theirs[1]:.2g}"
        rows.append(_where(cell) | {"change": name, "published": shown, "ours": f"{accuracy:.4g} %, {loss:.2g}"})
    return rows


def substitution_rows(cell: Cell) -> list[dict[str, Any]]:
    names = {name: None for row in cell.measured for name in row["substitutions"]}
    rows = [_where(cell) | {"figure": "neurons of coset concentration below 1, percent", "published": "above 99.2",
                            "ours": _median(cell.values("concentrated neurons"))}]  # fmt: skip
    for name in names:
        values = [row["substitutions"][name] for row in cell.measured if name in row["substitutions"]]
        rows.append(_where(cell) | {"figure": name, "published": None, "ours": _median(values)})
    return [row for row in rows if row["ours"] is not None]


def _median(values: Sequence[float]) -> float | None:
    return round(statistics.median(values), 4) if values else None
