"""The study ``simplicity``: can a network see from two permutations whether they generate a simple group?

Public: SimplicitySettings, simplicity.
Source: He, Jejjala, Mishra, Sharnoff, Learning to be simple (2023), arXiv:2312.05299, of which only the abstract was
read: the statements T1 to T6 and the ceilings are proved or counted here, and are not quoted from the paper.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

import grouptool
from grouptool.errors import BudgetSpentError, GroupToolError
from grouptool.group import Group, cycle_notation
from grouptool.structure import minimal_permutation_degree, minimal_permutations, subgroup_lattice

from ...evidence import Criterion, Evidence, weigh
from ..study import Findings, Picture, Settings, Table, Workshop, option, study
from .actions import GroupCheck, check_group, generating_pairs, shipped
from .census import TABLE_POINTS, UNITS, Census, Unit, census, expectation
from .features import INVARIANTS, ceiling, feature_columns
from .learning import RAW, SPLITS, Learned, draw_examples, learn_invariant, learn_raw
from .pairs import MOST_POINTS, number_of_pair_orbits
from .statements import IMPOSTORS, STATEMENTS, Statement, Tally, census_pairs, tally

__all__ = ["SimplicitySettings", "simplicity"]

SOURCE = "He, Jejjala, Mishra, Sharnoff (2023), arXiv:2312.05299 (abstract read); statements and ceilings proved here"
LEAST_POINTS, LEAST_FOR_NETWORKS = 3, 5
ORDERS = (700, 20_160)
"""Largest order of the catalogued groups that are examined, in the fast and in the full study."""


@dataclass(frozen=True)
class SimplicitySettings(Settings):
    """Of the study ``simplicity``."""

    points: int = option(
        0, f"Degree n of the census of S_n, {LEAST_POINTS} to {MOST_POINTS}; 0: 6, and 7 with --full.", least=0
    )
    unit: str = option(
        "pair", "What counts as one example: a pair, a pair orbit, a 2-generated subgroup, a class.", choices=UNITS
    )
    largest: int = option(
        0,
        f"Largest order of the catalogued groups that are examined; 0: {ORDERS[0]}, with --full {ORDERS[1]}.",
        least=0,
    )
    perfect: tuple[str, ...] = option(
        ("SL(2,5)", "ASL(2,4)", "A5^2"), "Perfect groups that are not simple, beside the catalogued ones: controls."
    )
    pairs: int = option(10_000, "Pairs drawn from a group that has too many classes for all pairs.", least=1)
    hidden: int = option(64, "Hidden units of the networks.", least=1)
    steps: int = option(1_000, "Steps of training.", least=10)


def predict(group: Group | None, settings: SimplicitySettings) -> dict[str, Any]:
    """What subgroups alone say: how many pairs generate what, and which statements must hold."""
    said: dict[str, Any] = {"statements": {one.name: one.says for one in STATEMENTS}, "violations": 0}
    if group is not None:
        lattice = subgroup_lattice(group)
        return said | {"generating_pairs": generating_pairs(lattice), "degree": minimal_permutation_degree(lattice)}
    points = _points(settings)
    counted = expectation(points).to_json() if points <= TABLE_POINTS else {}
    return said | {
        "points": points,
        "pairs": math.factorial(points) ** 2,
        "pair_orbits": number_of_pair_orbits(points),
        "two_generated": counted,
    }


@study(
    "simplicity",
    title="Who is simple? Two generators, what they show, and the best that can be told from it",
    source=SOURCE,
    settings=SimplicitySettings,
    predict=predict,
    about="group or none",
    example="--points 5",
)
def simplicity(
    group: Group | None, settings: SimplicitySettings, predictions: dict[str, Any], workshop: Workshop
) -> Findings:
    """The census of S_n with ceilings, networks and statements; or the statements on the actions of one group."""
    if group is None:
        return _of_degree(settings, predictions, workshop)
    return _of_group(group, settings, predictions, workshop)


# -- the census


def _of_degree(settings: SimplicitySettings, predictions: Mapping[str, Any], workshop: Workshop) -> Findings:
    points = _points(settings)
    workshop.say(f"pair orbits of S{points}")
    made = census(points)
    unit = _unit(settings, made)
    workshop.folder.write("pairs.jsonl", _database(made))
    columns = feature_columns(made)
    ceilings = _ceiling_rows(made, columns)
    learned, leak, raw = _networks(made, columns, unit, settings, workshop)
    pairs = census_pairs(made)
    tallies = {one.name: tally(one, pairs) for one in (*STATEMENTS, *IMPOSTORS)}
    checked, perfect = ([_checked(one, settings, workshop) for one in some] for some in _catalogued(settings))
    evidence = [
        *_counts(made, predictions),
        *(_judged(one, tallies[one.name], f"S{points}") for one in STATEMENTS),
        *(_judged(one, _over(checked, one.name), "simple groups") for one in STATEMENTS),
        _count(
            "oracle",
            "normal closures find the catalogued simple groups simple and the perfect controls not",
            sum(not one.simple for one in checked) + sum(one.simple or not one.perfect for one in perfect),
        ),
        _count(
            "perfect groups",
            "perfect groups that are not simple satisfy T1 as well",
            sum(not one.satisfies_t1 for one in perfect),
        ),
    ]
    controls = [_judged(one, tallies[one.name], f"S{points}") for one in IMPOSTORS]
    controls.append(_t1_separates(perfect))
    if learned:
        evidence += [_within(learned), _reaches([one for one in learned if one.split == "pair"])]
        controls += [_within(leak, "a network that also sees the order"), _reaches(raw, "networks on raw pairs")]
    counts = _count_rows(made)
    tables = [
        Table(f"How many there are in S{points}, by what is counted", counts, COUNT_NOTE),
        *_simple_table(made),
        Table("The best accuracy that features allow, exactly", ceilings, CEILING_NOTE),
        *(
            [Table("Networks with one hidden layer", [_learned_row(one) for one in learned + raw], NETWORK_NOTE)]
            * bool(learned)
        ),
        Table(f"Statements on every pair of S{points}", _statement_rows(tallies)),
        Table(
            "Catalogued simple groups, every transitive action of degree up to 100", [one.to_row() for one in checked]
        ),
        Table("Perfect groups that are not simple", [one.to_row() for one in perfect], PERFECT_NOTE),
    ]
    from . import pictures

    drawn = [
        Picture(
            "units",
            "What is counted decides how rare simple groups are",
            f"Shares of simple groups among all that two permutations of {points} points generate, counted by pairs, "
            "pair orbits, subgroups and classes of subgroups.",
            partial(pictures.units, counts),
        ),
        _signature_picture([*checked, *perfect]),
        _ratio_picture([*checked, *perfect]),
    ]
    if learned:
        caption = (
            "Bars: the best accuracy that any classifier can reach with the features, simple and not simple equally "
            "frequent. Marks: networks tested on pairs drawn anew, on pair orbits and on subgroups they never met."
        )
        drawn.insert(
            0, Picture("ceilings", "Ceilings and networks", caption, partial(pictures.ceilings, learned + raw))
        )
    return Findings(
        _sentence(made, counts, learned, raw, len(checked)),
        tuple(evidence),
        tuple(controls),
        tuple(tables),
        tuple(drawn),
        {"points": points, "unit": unit, "classes": made.class_rows() if made.lattice is not None else []},
    )


COUNT_NOTE = "A subgroup counts when two elements generate it. Prime order: simple and abelian."
CEILING_NOTE = (
    "Simple or not, with examples counted by pairs, with both answers equally frequent (balanced), by pair orbits, "
    "subgroups and classes; last: non-abelian simple or not, by pairs."
)
NETWORK_NOTE = (
    "Both answers equally frequent. Split pair: the test is drawn apart; orbit and subgroup: five parts, each tested "
    "by a network trained on the others. Excess: standard errors above the ceiling."
)
PERFECT_NOTE = "They satisfy T1 to T6 as simple groups do: the statements do not characterise simplicity."


def _points(settings: SimplicitySettings) -> int:
    points = settings.points or (7 if settings.full else 6)
    if not LEAST_POINTS <= points <= MOST_POINTS:
        raise GroupToolError(
            f"a census of {points} points: it takes {LEAST_POINTS} to {MOST_POINTS}. Give --points in that range."
        )
    return points


def _unit(settings: SimplicitySettings, made: Census) -> Unit:
    for unit in made.units:
        if unit == settings.unit:
            return unit
    raise GroupToolError(
        f"subgroups of S{made.points} are not listed (the limit is {TABLE_POINTS} points), so the unit is pair or "
        f"orbit, not {settings.unit}"
    )


def _database(made: Census) -> bytes:
    """One line of json a pair orbit."""
    orbits = made.pairs.orbits.tolist()
    lines = []
    for i, (a, b) in enumerate(zip(made.pairs.first, made.pairs.second, strict=True)):
        row: dict[str, Any] = {
            "g1": cycle_notation(a),
            "g2": cycle_notation(b),
            "order": int(made.orders[i]),
            "simple": bool(made.simple[i]),
            "orbits": orbits[i],
            "weight": int(made.pairs.weights[i]),
        }
        if made.class_of is not None:
            number = int(made.class_of[i])
            known = made.identities[number]
            label = None if known.label is None else "{}.{}".format(*known.label)
            row |= {"class": number, "label": label, "name": known.description}
        lines.append(json.dumps(row))
    return ("\n".join(lines) + "\n").encode()


def _count_rows(made: Census) -> list[dict[str, Any]]:
    rows = []
    for unit in made.units:
        total, simple = made.count(unit), made.count(unit, made.simple)
        prime = made.count(unit, made.simple & made.abelian)
        rows.append(
            {
                "unit": unit,
                "all": total,
                "simple": simple,
                "of prime order": prime,
                "non-abelian simple": simple - prime,
                "share simple": round(simple / total, 5),
                "share non-abelian": round((simple - prime) / total, 5),
            }
        )
    return rows


def _simple_table(made: Census) -> list[Table]:
    if made.lattice is None:
        return []
    rows = [row for row in made.class_rows() if row["simple"]]
    note = "One row a class of subgroups; pairs each: generating pairs of one subgroup; g1, g2: one of them."
    return [Table(f"Simple subgroups of S{made.points}", rows, note)]


def _ceiling_rows(made: Census, columns: Mapping[str, np.ndarray]) -> list[dict[str, Any]]:
    rows = []
    for name, seen in columns.items():
        best = ceiling(seen, made.simple, made.weights("pair"))
        row: dict[str, Any] = {"features": name, "pair": round(best.plain, 5), "balanced": round(best.balanced, 5)}
        for unit in made.units[1:]:
            row[unit] = round(ceiling(seen, made.simple, made.weights(unit)).plain, 5)
        row["non-abelian"] = round(ceiling(seen, made.simple & ~made.abelian, made.weights("pair")).plain, 5)
        rows.append(row)
    return rows


def _statement_rows(tallies: Mapping[str, Tally]) -> list[dict[str, Any]]:
    rows = []
    for one in (*STATEMENTS, *IMPOSTORS):
        count = tallies[one.name]
        rows.append(
            {
                "statement": one.name,
                "says": one.says,
                "pairs": count.applied,
                "violations": count.violated,
                "least slack": _rounded(count.least_slack),
            }
        )
    return rows


# -- networks


def _networks(
    made: Census, columns: Mapping[str, np.ndarray], unit: Unit, settings: SimplicitySettings, workshop: Workshop
) -> tuple[list[Learned], list[Learned], list[Learned]]:
    """Networks on invariants with every split; one that sees too much; networks on raw pairs."""
    if made.points < LEAST_FOR_NETWORKS:
        return [], [], []
    train, test = (48_000, 12_000) if settings.full else (16_000, 8_000)
    learned, leak, raw = [], [], []
    how: dict[str, Any] = {"hidden": settings.hidden, "steps": settings.steps, "seed": settings.seed}
    for split in SPLITS:
        if split == "subgroup" and made.class_of is None:
            continue
        examples = draw_examples(made, unit, split, train, test, settings.seed)
        for name in INVARIANTS:
            workshop.say(f"a network on {name}, split by {split}")
            learned.append(learn_invariant(name, columns[name], examples, **how))
        if split == "pair":
            seen = np.concatenate([columns["trace"], columns["group order"]], axis=1)
            leak.append(learn_invariant("trace", seen, examples, judged=columns["trace"], **how))
        if split == "orbit":
            for name in RAW:
                workshop.say(f"a network on {name}")
                raw.append(learn_raw(name, examples, **(how | _raw_size(settings))))
    return learned, leak, raw


def _raw_size(settings: SimplicitySettings) -> dict[str, int]:
    """Wider and longer with ``full``, where they memorise what they are trained on."""
    if settings.full:
        return {"hidden": 8 * settings.hidden, "steps": 3 * settings.steps // 2}
    return {"steps": 3 * settings.steps // 10}


def _learned_row(one: Learned) -> dict[str, Any]:
    return {
        "features": one.features,
        "split": one.split,
        "train": round(one.train, 4),
        "test": round(one.test, 4),
        "ceiling": round(one.ceiling, 4),
        "of ceiling": round(one.test / one.ceiling, 4),
        "excess": round(one.excess, 2),
    }


# -- what is judged


def _count(name: str, says: str, wrong: int | None, details: Mapping[str, Any] | None = None) -> Evidence:
    """A statement of which nothing may be wrong."""
    criterion = Criterion(name, says, "proved or counted here", 0, 0, "lower", perfect=0.0)
    if wrong is None:
        return Evidence(criterion, None, {}, {}, "it applies to nothing here")
    return weigh(criterion, float(wrong), details=details)


def _judged(statement: Statement, count: Tally, where: str) -> Evidence:
    """No violations; None where the statement applied to no pair."""
    details = {"pairs": count.applied, "least_slack": count.least_slack}
    wrong = count.violated if count.applied else None
    return _count(f"{statement.name} on {where}", f"{statement.says}: violations", wrong, details)


def _counts(made: Census, predictions: Mapping[str, Any]) -> list[Evidence]:
    weights = abs(int(made.pairs.weights.sum()) - int(predictions["pairs"]))
    orbits = abs(len(made.pairs) - int(predictions["pair_orbits"]))
    found = [_count("pairs", "the pair orbits hold (n!)^2 pairs and are as many as centralisers say", weights + orbits)]
    if made.class_of is not None and made.lattice is not None:
        assert made.pairs_each is not None
        expected = expectation(made.points)
        orbits_each = np.bincount(made.class_of, minlength=len(made.lattice))
        differ = (made.pairs_each != expected.pairs_each) | (orbits_each != expected.orbits)
        says = "generating pairs and pair orbits of each class of subgroups, counted, are those of Hall's function"
        found.append(_count("subgroups", says, int(differ.sum()), {"classes": len(made.lattice)}))
    return found


def _within(learned: Sequence[Learned], whose: str = "networks") -> Evidence:
    criterion = Criterion(
        "ceiling", f"{whose} stay within 3 standard errors of the ceiling of their features", "Bayes", 3, 5, "lower"
    )
    worst = max(learned, key=lambda one: one.excess)
    return weigh(criterion, worst.excess, details={"features": worst.features, "split": worst.split})


def _reaches(learned: Sequence[Learned], whose: str = "networks") -> Evidence:
    criterion = Criterion("reach", f"{whose} reach 0.98 of the ceiling of every feature set", "Bayes", 0.98, 0.95)
    worst = min(learned, key=lambda one: one.test / one.ceiling)
    return weigh(criterion, worst.test / worst.ceiling, details={"features": worst.features, "split": worst.split})


def _t1_separates(perfect: Sequence[GroupCheck]) -> Evidence:
    criterion = Criterion(
        "T1 as a test", "T1 tells perfect groups that are not simple from simple ones", "an impostor", 0.9, 0.5
    )
    if not perfect:
        return Evidence(criterion, None, {}, {}, "there are no perfect groups to try")
    return weigh(criterion, sum(not one.satisfies_t1 for one in perfect) / len(perfect))


def _over(checked: Sequence[GroupCheck], name: str) -> Tally:
    total = Tally(0, 0, None)
    for one in checked:
        total += one.total(name)
    return total


def _sentence(
    made: Census, counts: list[dict[str, Any]], learned: Sequence[Learned], raw: Sequence[Learned], groups: int
) -> str:
    points = made.points
    words = [
        f"Of the {counts[0]['all']:,} pairs of S{points}, in {len(made.pairs):,} orbits, a share of "
        f"{counts[0]['share simple']:.4f} generates a simple group"
        + (
            f", but only {counts[2]['share simple']:.4f} of the {counts[2]['all']:,} subgroups are simple."
            if len(counts) > 2
            else "."
        )
    ]
    if learned:
        det = next(one for one in learned if one.features == "det" and one.split == "orbit")
        words.append(
            f"Parity alone gives {det.ceiling:.3f} with both answers equally frequent, and a network on it "
            f"{det.test:.3f}; on raw pairs networks reach {max(one.test for one in raw):.3f} on orbits they never met, "
            f"after {max(one.train for one in raw):.3f} in training."
        )
    words.append(
        f"T1 to T6 are counted on every pair and on all transitive actions up to degree 100 of {groups} simple groups; "
        "perfect groups satisfy T1 too, so it is no test of simplicity."
    )
    return " ".join(words)


# -- groups


def _catalogued(settings: SimplicitySettings) -> tuple[list[Group], list[Group]]:
    """The catalogued simple groups; the catalogued perfect ones that are not, and those named, by order."""
    found = list(shipped(settings.largest or ORDERS[settings.full]))
    simple = [one.group() for one in found if one.facts["simple"]]
    perfect = [one.group() for one in found if not one.facts["simple"]]
    names = {one.name for one in perfect}
    perfect += [grouptool.group(name) for name in settings.perfect if name not in names]
    return simple, sorted(perfect, key=lambda one: one.order)


def _checked(group: Group, settings: SimplicitySettings, workshop: Workshop) -> GroupCheck:
    workshop.say(f"generating pairs of {group.name}")
    return check_group(group, settings.pairs, settings.seed)


def _of_group(
    group: Group, settings: SimplicitySettings, predictions: Mapping[str, Any], workshop: Workshop
) -> Findings:
    one = _checked(group, settings, workshop)
    control = check_group(group, settings.pairs, settings.seed, generating=False)
    perfect = [_checked(other, settings, workshop) for other in map(grouptool.group, settings.perfect)]
    evidence = [_judged(statement, one.total(statement.name), group.name) for statement in STATEMENTS]
    if one.exhaustive:
        expected = int(predictions["generating_pairs"])
        wrong = abs(one.pairs - expected) if one.pairs or expected else None
        evidence.insert(0, _count("pairs", "the generating pairs are as many as Hall's function says", wrong))
    t4 = STATEMENTS[3]
    loose = _judged(t4, control.total(t4.name), "pairs that need not generate")
    standing = _standing(group, int(predictions["degree"]))
    kind = "simple" if one.simple else "perfect and not simple" if one.perfect else "not simple"
    sentence = (
        f"{group.name} of order {group.order:,} is {kind}; {one.share:.4f} of its pairs generate it, and T1 to T6 were "
        f"counted on {one.pairs:,} of them in {len(one.actions)} transitive actions. {standing['words']}"
    )
    rows = [
        {
            "degree": action.degree,
            "faithful": action.faithful,
            "largest fpr": round(action.largest_ratio, 4),
            "all even": action.all_even,
            **{f"{name} slack": _rounded(action.tallies[name].least_slack) for name in ("T2", "T3", "T4", "T5")},
            "violations": sum(action.tallies[statement.name].violated for statement in STATEMENTS),
        }
        for action in one.actions
    ]
    tables = [
        Table("The group", [one.to_row()]),
        Table("Its transitive actions of degree up to 100", rows),
        Table("Where it stands in the census", [standing["row"]] * bool(standing["row"]), standing["words"]),
        Table("Perfect groups that are not simple", [other.to_row() for other in perfect], PERFECT_NOTE),
    ]
    signatures = [str(value) for value in one.signatures]
    return Findings(
        sentence,
        tuple(evidence),
        (loose, _t1_separates(perfect)),
        tuple(table for table in tables if table.rows),
        (_signature_picture([one, *perfect]), _ratio_picture([one, *perfect])),
        {"signatures": signatures, "standing": standing["row"]},
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _standing(group: Group, degree: int) -> dict[str, Any]:
    """Where the group stands among the classes of 2-generated subgroups of S_n, n its least degree."""
    if degree > TABLE_POINTS:
        words = (
            f"Its least degree is {degree}; the subgroups of S{degree} are not listed (the limit is {TABLE_POINTS})."
        )
        return {"row": {}, "words": words}
    degree = max(degree, 1)
    expected = expectation(degree)
    lattice = expected.lattice
    try:
        rows = minimal_permutations(group)[list(group.generators)]
    except BudgetSpentError as error:
        return {"row": {}, "words": f"Its place in the census is unknown: {error}."}
    weights = degree ** np.arange(degree)
    codes = lattice.group.permutations.astype(np.int64) @ weights
    images = [int(np.flatnonzero(codes == code)[0]) for code in (rows @ weights).tolist()]
    number = lattice.class_of(lattice.group.subgroup(images))
    pairs = expected.pairs_each * lattice.lengths
    share = float(pairs[number] / math.factorial(degree) ** 2)
    if not pairs[number]:
        return {"row": {}, "words": "Two elements never generate it, so it is not in the census."}
    rank = 1 + int((pairs > pairs[number]).sum())
    made = int((pairs > 0).sum())
    row = {
        "points": degree,
        "class": number,
        "subgroups": int(lattice.lengths[number]),
        "pairs each": int(expected.pairs_each[number]),
        "pair orbits": int(expected.orbits[number]),
        "share of pairs": round(share, 5),
        "rank by pairs": f"{rank} of {made}",
    }
    return {"row": row, "words": f"In S{degree} it is generated by a share of {share:.4f} of all pairs."}


def _signature_picture(checked: Sequence[GroupCheck]) -> Picture:
    from . import pictures

    return Picture(
        "signatures",
        "Orders of two generators and their product",
        "Every value of 1/|a| + 1/|b| + 1/|ab| over generating pairs, one row a group. Right of the line the triangle "
        "group is finite, or soluble on the line: among insoluble groups only A5 reaches there (T6).",
        partial(pictures.signatures, checked),
    )


def _ratio_picture(checked: Sequence[GroupCheck]) -> Picture:
    from . import pictures

    return Picture(
        "ratios",
        "How many points two generators can fix",
        "For each transitive action the largest sum of the shares of points that two generators fix, against its "
        "degree; the line is the bound 1 - 1/n (T5). Marks on it show that the bound is attained.",
        partial(pictures.ratios, checked),
    )
