"""The harmonics study: what an invariant network knows of its group, read from its weights.

Public: HarmonicsSettings, examine.

Marchetti, Hillar, Kragic and Sanborn (2023): a network that is invariant to a finite group has the group's Fourier
transform in its weights. Here a power-spectral network sees pairs of signals on one orbit and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grouptool.catalog.library import LARGEST_ORDER, library_records, small_group_label
from grouptool.construct import from_table
from grouptool.errors import GroupToolError, NotAGroupError
from grouptool.group import Group
from grouptool.representations import (
    CharacterTable,
    FourierBasis,
    character_table,
    selective_bispectrum,
    triple_correlation,
    unitary_irreps,
)

from ...evidence import Evidence, weigh
from ..study import Findings, Settings, Table, Workshop, joined, option, study
from . import criteria
from .commutative import CommutativeReading, read_commutative, train_commutative
from .drawing import pictures
from .network import Orbits, SpectralNetwork, draw_orbits, scrambled, spectral_loss, train_spectral
from .recovery import Recovery, certified_radius, distances, recover

__all__ = ["HarmonicsSettings", "examine"]

MOST = {False: 24, True: 60}
"""Largest order, in the fast and in the full study."""

MOST_COMMUTATIVE = 16
NOISES = (0.25, 0.5, 0.999, 2.0, 4.0, 8.0)
"""Strengths of noise that are tried, in units of the certified radius."""


@dataclass(frozen=True)
class HarmonicsSettings(Settings):
    """Of the harmonics study."""

    restarts: int = option(8, "Starts, all reported; of --up-to, most starts for each group.", least=1)
    pairs: int = option(20, "Pairs of signals on one orbit, times the order of the group.", least=2)
    dimensions: str = option("known", "Whether the irreps' degrees are told.", choices=("known", "unknown"))
    up_to: int = option(0, "Also every group of the library up to this order, until one start succeeds.", least=0)


def _predict(group: Group | None, settings: HarmonicsSettings) -> dict[str, Any]:
    if group is None and not settings.up_to:
        raise GroupToolError("the harmonics study needs a group, or --up-to ORDER")
    orders = [settings.up_to] if group is None else [group.order, settings.up_to]
    if max(orders) > MOST[settings.full] or (group is not None and group.order == 1):
        raise GroupToolError(
            f"the harmonics study trains on groups of order 2 to {MOST[settings.full]}, not {max(orders)}"
            + (f"; with --full to {MOST[True]}" if not settings.full else "")
        )
    if group is None:
        return {}
    degrees = character_table(group).degrees.tolist()
    return {
        "degrees": degrees,
        "gap": 2 * group.order,
        "certified_radius": certified_radius(group.order),
        "possible_degrees": [list(one) for one in possible_degrees(group.order)],
        # At the true irreps: |sum of chi_i(g h^-1) / sum of d_i - delta|^2, summed; 0 on abelian groups alone.
        "unweighted_penalty_at_the_truth": _unweighted(group),
    }


def possible_degrees(n: int) -> list[tuple[int, ...]]:
    """Multisets of degrees that divide n, squares summing to n, ones dividing n in number; most ones first."""
    found: list[tuple[int, ...]] = []

    def extend(chosen: tuple[int, ...], least: int, left: int) -> None:
        if left == 0 and chosen and n % chosen.count(1) == 0:
            found.append(chosen)
        for d in range(least, int(left**0.5) + 1):
            if n % d == 0:
                extend((*chosen, d), d, left - d * d)

    extend((1,), 1, n - 1)
    return sorted(found, key=lambda one: -one.count(1))


@study(
    "harmonics",
    title="The group that an invariant network knows",
    source="Marchetti et al. (2023), arXiv:2312.08550; Sanborn et al. (2023), arXiv:2209.03416; both at abstract level",
    settings=HarmonicsSettings,
    predict=_predict,
    example="C5",
    about="group or none",
)
def examine(
    group: Group | None, settings: HarmonicsSettings, predictions: dict[str, Any], workshop: Workshop
) -> Findings:
    """One group, all groups up to an order, or both."""
    parts = [] if group is None else [_on_group(group, settings, predictions, workshop)]
    if settings.up_to:
        parts.append(_up_to(settings, workshop))
    return joined(parts)


def _on_group(group: Group, settings: HarmonicsSettings, predictions: dict[str, Any], workshop: Workshop) -> Findings:
    characters = character_table(group)
    orbits = draw_orbits(group, settings.pairs * group.order, np.random.default_rng([settings.seed, 0]))
    degrees = tuple(characters.degrees.tolist())
    runs = _restarts(orbits, degrees, settings, workshop)
    readings = [recover(one.blocks, characters) for one in runs]
    best = min(range(len(runs)), key=lambda i: runs[i].loss)
    network, reading = runs[best], readings[best]
    noise = _noise(network, reading, settings.seed)
    ranking = _ranked(orbits, group, settings, workshop) if settings.dimensions == "unknown" else []
    commutative = _commutative(orbits, characters, settings, workshop)
    judged = (
        weigh(criteria.INVARIANT, network.loss, details={"steps": network.steps}),
        weigh(criteria.TABLE, reading.accuracy),
        weigh(criteria.IRREPS, _one_each(reading)),
        weigh(criteria.REPRESENTATION, max(reading.unitarity, reading.homomorphism)),
        weigh(criteria.GAP, reading.gap / (2 * group.order)),
    )
    evidence = [
        *(_unless_stuck(one, network.loss, len(runs)) for one in judged),
        weigh(criteria.LOOKUP, float(_label(reading) == small_group_label(group))),
        weigh(criteria.NOISE, min(row["right tables"] for row in noise if row["noise / radius"] < 1)),
        *_bispectra(group, characters, settings.seed),
    ]
    if ranking:
        first = [tuple(row["degrees"]) for row in ranking if row["loss"] <= criteria.INVARIANT.holds_from]
        evidence.append(weigh(criteria.DIMENSIONS, float(first == [degrees])))
    if group.is_abelian and commutative:
        evidence.append(weigh(criteria.COMMUTATIVE, min(commutative.accuracy, commutative.overlap)))
    rows = [_row(i, one, found, group.order) for i, (one, found) in enumerate(zip(runs, readings, strict=True))]
    tables = [
        Table("Starts", rows, "A right table with wrong irreps happens: the two are reported apart."),
        Table("Noise on the weights", noise, "Inside the radius (below 1) recovery is proved; beyond it, seen."),
    ]
    if ranking:
        shown = [row | {"degrees": " ".join(map(str, row["degrees"]))} for row in ranking]
        tables.append(Table("All block sizes that the order allows, by loss", shown))
    good = sum(one.loss <= criteria.INVARIANT.holds_from for one in runs)
    apart = sum(found.accuracy == 1 and _one_each(found) < criteria.IRREPS.holds_from for found in readings)
    return Findings(
        f"{good} of {len(runs)} starts on {group.name} end with exact irreps, {apart} with a right table and wrong "
        f"irreps; the best says the table to {reading.accuracy:.4f}, gap {reading.gap:.3f} (2n = {2 * group.order}).",
        tuple(evidence),
        _controls(orbits, group, characters, settings, commutative),
        tuple(tables),
        tuple(pictures(network, reading, runs, noise, group)),
        {"good_starts": good, "right_table_wrong_irreps": apart},
    )


def _restarts(
    orbits: Orbits, degrees: tuple[int, ...], settings: HarmonicsSettings, workshop: Workshop
) -> list[SpectralNetwork]:
    workshop.say(f"{settings.restarts} starts with blocks of sizes {' '.join(map(str, degrees))}")
    return [
        train_spectral(orbits, degrees, np.random.default_rng([settings.seed, 1, i])) for i in range(settings.restarts)
    ]


def _unless_stuck(one: Evidence, loss: float, starts: int) -> Evidence:
    """Starts that all got stuck decide nothing: more of them might not."""
    if loss <= criteria.INVARIANT.holds_from:
        return one
    return replace(one, reason=f"the loss stays at {loss:.1e} after {starts} starts; whether more would do is unknown")


def _one_each(reading: Recovery) -> float:
    """The least overlap, 0 when two blocks have one irrep."""
    return float(reading.overlaps.min()) if len(set(reading.irreps)) == len(reading.irreps) else 0.0


def _label(reading: Recovery) -> tuple[int, int] | None:
    """The library's label of the table that was read; None when it is no group's."""
    try:
        return small_group_label(from_table(reading.table))
    except NotAGroupError:
        return None


def _noise(network: SpectralNetwork, reading: Recovery, seed: int) -> list[dict[str, Any]]:
    """Noise of stated size on every element, half of the trials directed at making one element look like another."""
    n, rng = len(reading.table), np.random.default_rng([seed, 2])
    radius, degrees = certified_radius(n), [one.shape[1] for one in network.blocks]
    rows = []
    for strength in NOISES:
        right, trials = 0, 10
        for trial in range(trials):
            pushes = [
                one[rng.permutation(n)] - one if trial % 2
                else rng.standard_normal(one.shape) + 1j * rng.standard_normal(one.shape)
                for one in network.blocks
            ]  # fmt: skip
            sizes = np.sqrt(sum(d * (np.abs(p) ** 2).sum(axis=(1, 2)) for d, p in zip(degrees, pushes, strict=True)))
            scale = (strength * radius / np.maximum(sizes, 1e-300))[:, None, None]
            noisy = tuple(one + scale * push for one, push in zip(network.blocks, pushes, strict=True))
            right += bool((distances(noisy).argmin(axis=2) == reading.table).all())
        rows.append({"noise / radius": strength, "noise": round(strength * radius, 4), "right tables": right / trials})
    return rows


def _bispectra(group: Group, characters: CharacterTable, seed: int) -> list[Evidence]:
    """Invariance on an orbit and separation of two signals, for both complete invariants."""
    rng = np.random.default_rng([seed, 3])
    one, other = rng.standard_normal((2, group.order))
    moved = one[group.table[int(rng.integers(1, group.order))]]
    selective = selective_bispectrum(FourierBasis(group, unitary_irreps(characters)))
    flat = []
    for x in (one, moved, other):
        values = selective.transform(x)
        flat.append(
            (np.concatenate([np.ravel(part) for part in values.values()]), triple_correlation(group, x).ravel())
        )
    same = max(_apart(a, b) for a, b in zip(flat[0], flat[1], strict=True))
    different = min(_apart(a, b) for a, b in zip(flat[0], flat[2], strict=True))
    details = {"numbers": {"selective": selective.size(), "triple correlation": group.order**2}}
    return [weigh(criteria.BISPECTRUM, same, details=details), weigh(criteria.SEPARATION, different)]


def _apart(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.linalg.norm(a - b) / np.linalg.norm(a))


def _ranked(orbits: Orbits, group: Group, settings: HarmonicsSettings, workshop: Workshop) -> list[dict[str, Any]]:
    """Every vector of block sizes, each with all restarts, by its least loss."""
    rows = []
    for degrees in possible_degrees(group.order):
        losses = [one.loss for one in _restarts(orbits, degrees, settings, workshop)]
        rows.append(
            {
                "degrees": list(degrees),
                "loss": float(f"{min(losses):.3g}"),
                "good starts": sum(x <= 1e-6 for x in losses),
            }
        )
    return sorted(rows, key=lambda row: row["loss"])


def _commutative(
    orbits: Orbits, characters: CharacterTable, settings: HarmonicsSettings, workshop: Workshop
) -> CommutativeReading | None:
    """The best of a few starts of the bispectral network; None above order 16."""
    if characters.group.order > MOST_COMMUTATIVE:
        return None
    workshop.say("the commutative bispectral network")
    found = []
    for i in range(min(4, settings.restarts)):
        rng = np.random.default_rng([settings.seed, 4, i])
        small = Orbits(orbits.signals[: 10 * characters.group.order], orbits.moved[: 10 * characters.group.order])
        found.append(read_commutative(*train_commutative(small, rng), characters))
        if min(found[-1].accuracy, found[-1].overlap) >= criteria.COMMUTATIVE.holds_from:
            break
    return max(found, key=lambda one: min(one.accuracy, one.overlap))


def _controls(
    orbits: Orbits, group: Group, characters: CharacterTable, settings: HarmonicsSettings,
    commutative: CommutativeReading | None,
) -> tuple[Evidence, ...]:  # fmt: skip
    """Orbits of no group; the penalty without Plancherel weights; the commutative network on a non-abelian group."""
    found = []
    degrees = tuple(characters.degrees.tolist())
    if group.order > 2:  # every permutation of two points is in C2
        noise = scrambled(orbits, np.random.default_rng([settings.seed, 5]))
        best = min(train_spectral(noise, degrees, np.random.default_rng([settings.seed, 6, i])).loss for i in range(2))
        found.append(
            weigh(criteria.INVARIANT, best, details={"orbits": "each signal moved by a permutation of its own"})
        )
    if not group.is_abelian:
        runs = [
            train_spectral(orbits, degrees, np.random.default_rng([settings.seed, 7, i]), plancherel=False)
            for i in range(settings.restarts)
        ]
        best_run = min(runs, key=lambda one: one.loss)
        reading = recover(best_run.blocks, characters)
        details = {"penalty": "without Plancherel weights", "table": reading.accuracy, "overlap": _one_each(reading)}
        found.append(weigh(criteria.INVARIANT, best_run.loss, details=details))
        if commutative:
            found.append(weigh(criteria.COMMUTATIVE, min(commutative.accuracy, commutative.overlap)))
    return tuple(found)


def _unweighted(group: Group) -> float:
    characters = character_table(group)
    blocks = tuple(one.matrices for one in unitary_irreps(characters))
    orbits = draw_orbits(group, 2, np.random.default_rng(0))
    return spectral_loss(orbits, blocks, plancherel=False)[1]


def _row(i: int, one: SpectralNetwork, found: Recovery, n: int) -> dict[str, Any]:
    return {
        "start": i,
        "loss": float(f"{one.loss:.2e}"),
        "table": round(found.accuracy, 4),
        "least overlap": round(_one_each(found), 4),
        "gap / 2n": round(found.gap / (2 * n), 4),
        "unitarity": float(f"{found.unitarity:.1e}"),
        "steps": one.steps,
    }


def _up_to(settings: HarmonicsSettings, workshop: Workshop) -> Findings:
    """Every group up to an order, with the start that succeeded."""
    rows = []
    for order in range(2, min(settings.up_to, LARGEST_ORDER) + 1):
        workshop.say(f"order {order}")
        for record in library_records(order):
            rows.append(
                {"group": record.label, "description": record.description} | _first_success(record.group(), settings)
            )
    recovered = [row["irreps"] >= criteria.IRREPS.holds_from and row["table"] == 1.0 for row in rows]
    late = [str(row["group"]) for row in rows if row["starts"] > 1]
    irreps = weigh(criteria.IRREPS, min(row["irreps"] for row in rows))
    control: tuple[Evidence, ...] = ()
    if settings.up_to > 2:
        worst = _first_success(library_records(settings.up_to)[-1].group(), settings, of_no_group=True)
        control = (weigh(criteria.IRREPS, worst["irreps"], details={"orbits": "permutations, each signal its own"}),)
    return Findings(
        f"{sum(recovered)} of the {len(rows)} groups of order 2 to {settings.up_to} are recovered, table and irreps; "
        f"more than one start: {', '.join(late) or 'none'}.",
        (weigh(criteria.TABLE, float(np.mean([row['table'] == 1.0 for row in rows]))),
         _unless_stuck(irreps, max(row["loss"] for row in rows), settings.restarts)),
        control,
        (Table(f"Every group of order 2 to {settings.up_to}", rows, "D8 is our D4 in these descriptions."),),
        (),
        {"groups": len(rows), "recovered": sum(recovered)},
    )  # fmt: skip


def _first_success(group: Group, settings: HarmonicsSettings, *, of_no_group: bool = False) -> dict[str, Any]:
    characters = character_table(group)
    orbits = draw_orbits(group, settings.pairs * group.order, np.random.default_rng([settings.seed, 0]))
    if of_no_group:
        orbits = scrambled(orbits, np.random.default_rng([settings.seed, 5]))
    best, starts = None, 0
    for i in range(settings.restarts):
        one = train_spectral(orbits, tuple(characters.degrees.tolist()), np.random.default_rng([settings.seed, 1, i]))
        starts = i + 1
        if best is None or one.loss < best.loss:
            best = one
        if one.loss <= criteria.INVARIANT.holds_from:
            break
    assert best is not None
    reading = recover(best.blocks, characters)
    return {
        "starts": starts,
        "loss": float(f"{best.loss:.1e}"),
        "table": reading.accuracy,
        "irreps": round(_one_each(reading), 4),
        "gap / 2n": round(reading.gap / (2 * group.order), 4),
        "looked up": "yes" if _label(reading) == small_group_label(group) else "no",
    }
