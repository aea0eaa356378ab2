"""Sparse parity: the same margin theory for f(x) = sum over neurons of (u . x)^k w on {1, -1}^n, with a closed form.

Public: ParityReading, examine_parity, parity_margin, parse_parity, read_parity, train_parity.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from grouptool.errors import GroupToolError

from ...evidence import weigh
from ..study import Findings, Table
from . import criteria
from .ascent import Backward, ascend, norm_power
from .drawing import parity_pictures

__all__ = ["ParityReading", "examine_parity", "parity_margin", "parse_parity", "read_parity", "train_parity"]

LIVE = 1e-3
"""Least share of the largest mass with which a neuron counts as live."""

MOST_BITS = 14
TRIES = 5
"""Starts of which the best one counts: few neurons get stuck."""

STEPS = {False: 3000, True: 6000}


@dataclass(frozen=True)
class ParityReading:
    """A network for the parity of the first k of n bits. Means are weighted by ||omega||_2^(k+1).

    Attributes:
        margin: least margin over the norm. live: neurons that count.
        on_support: mean share of the energy of u on the k bits. opposed: mean share of the energy of w along (1, -1).
        equal: mean of the least over the greatest of |u_j| for j in the k bits, and ||w||.
        signs: share of the live neurons with product of u_j times the sign of w_1 - w_2 positive.
    """

    margin: float
    live: int
    on_support: float
    opposed: float
    equal: float
    signs: float


def parse_parity(text: str) -> tuple[int, int]:
    """(n, k) of a text such as ``6,3``.

    Raises:
        GroupToolError: not two numbers with 1 < k <= n <= 14.
    """
    found = re.fullmatch(r"\s*(\d{1,3})\s*,\s*(\d{1,3})\s*", text)
    n, k = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 < k <= n <= MOST_BITS:
        raise GroupToolError(
            f"--parity takes n,k with 1 < k <= n <= {MOST_BITS}, all 2^n points being used, as in 6,3; not {text!r}"
        )
    return n, k


def parity_margin(k: int) -> float:
    """gamma* = k! sqrt(2 (k+1)^-(k+1)) for any n, from 2^(k-1) neurons on. Source: Morwani et al. (2023), theorem 8."""
    return math.factorial(k) * math.sqrt(2.0 * (k + 1.0) ** -(k + 1))


def train_parity(
    n: int, k: int, width: int, steps: int, rng: np.random.Generator
) -> tuple[np.ndarray, tuple[tuple[int, float], ...]]:
    """Margin ascent on all 2^n points: weights of shape (n + 2, m), u above w, and the history in units of gamma*."""
    points, signs = _points(n, k)

    def problem(weights: np.ndarray) -> tuple[np.ndarray, Backward]:
        sums = points @ weights[:n]
        powers = sums ** (k - 1)
        lead = weights[n] - weights[n + 1]

        def backward(pull: np.ndarray) -> np.ndarray:
            signed = -(pull * signs)
            by_lead = signed @ (powers * sums)
            by_sums = points.T @ (k * powers * signed[:, None]) * lead
            return np.concatenate([by_sums, by_lead[None], -by_lead[None]])

        return signs * (powers * sums @ lead), backward

    return ascend(problem, rng.standard_normal((n + 2, width)), k + 1, steps, parity_margin(k))


def examine_parity(n: int, k: int, seed: int, full: bool) -> Findings:
    """Three widths: four times what is needed, 2^(k-1), one fewer; the last is the control."""
    needed = 2 ** (k - 1)
    best: dict[int, tuple[np.ndarray, tuple[tuple[int, float], ...]]] = {}
    for width in (4 * needed, needed, needed - 1):
        runs = [
            train_parity(n, k, width, STEPS[full], np.random.default_rng([seed, width, i]))
            for i in range(1 if width > needed else TRIES)
        ]
        best[width] = max(runs, key=lambda run: run[1][-1][1])
    readings = {width: read_parity(n, k, weights) for width, (weights, _) in best.items()}
    wide, unit = readings[4 * needed], parity_margin(k)
    shape = min(wide.on_support, wide.opposed, wide.equal, wide.signs)
    rows = [
        {
            "neurons": width,
            "margin / gamma*": round(one.margin / unit, 6),
            "on the bits": round(one.on_support, 6),
            "w along (1, -1)": round(one.opposed, 6),
            "equal sizes": round(one.equal, 6),
            "right sign": round(one.signs, 4),
            "live neurons": one.live,
        }
        for width, one in readings.items()
    ]
    histories = [(f"{width} neurons", run[1]) for width, run in best.items()]
    return Findings(
        f"Parity of {k} of {n} bits: gamma* = {unit:.6f}, reached to {wide.margin / unit:.5f} with {4 * needed} "
        f"neurons, {readings[needed].margin / unit:.5f} with {needed}, {readings[needed - 1].margin / unit:.5f} with "
        f"{needed - 1}.",
        (
            weigh(criteria.PARITY_REACHED, wide.margin / unit),
            weigh(criteria.PARITY_CEILING, max(one.margin for one in readings.values()) / unit),
            weigh(criteria.PARITY_SHAPE, shape),
        ),
        (weigh(criteria.PARITY_REACHED, readings[needed - 1].margin / unit, details={"neurons": needed - 1}),),
        (Table(f"Parity of {k} of {n} bits", rows, f"Best of {TRIES} starts for {needed} neurons and fewer."),),
        tuple(parity_pictures(n, k, best[4 * needed][0], histories)),
        {"gamma*": unit},
    )


def read_parity(n: int, k: int, weights: np.ndarray) -> ParityReading:
    """Read weights of shape (n + 2, m)."""
    points, signs = _points(n, k)
    inner, outer = weights[:n], weights[n:]
    margin = float((signs * ((points @ inner) ** k @ (outer[0] - outer[1]))).min())
    masses = (weights**2).sum(axis=0) ** ((k + 1) / 2)
    live = masses > LIVE * masses.max()
    share = masses / masses.sum()
    energy, length = np.maximum((inner**2).sum(axis=0), 1e-300), np.maximum((outer**2).sum(axis=0), 1e-300)
    sizes = np.concatenate([np.abs(inner[:k]), np.sqrt(length)[None]])
    product = inner[:k].prod(axis=0) * (outer[0] - outer[1])
    return ParityReading(
        margin=margin / norm_power(weights, k + 1),
        live=int(live.sum()),
        on_support=float((inner[:k] ** 2).sum(axis=0) / energy @ share),
        opposed=float((outer[0] - outer[1]) ** 2 / 2 / length @ share),
        equal=float(sizes.min(axis=0) / np.maximum(sizes.max(axis=0), 1e-300) @ share),
        signs=float((product[live] > 0).mean()),
    )


def _points(n: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Shapes (2^n, n) and (2^n,): the points of {1, -1}^n and the product of their first k entries."""
    points = 1.0 - 2.0 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1)
    return points, points[:, :k].prod(axis=1)
