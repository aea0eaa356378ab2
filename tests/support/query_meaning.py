"""What a query means, without SQL: three-valued logic on facts of small groups, by functions of the tests' own."""

from __future__ import annotations

import random
from functools import cache

from grouptool import group
from grouptool.catalog.fields import histogram
from grouptool.catalog.index import (
    ADDED,
    LIBRARY,
)
from grouptool.catalog.library import library_records, small_group_label
from grouptool.catalog.query import MAX_INTEGER
from grouptool.catalog.query_tree import (
    Added,
    And,
    Arithmetic,
    Classes,
    Compare,
    Divides,
    Everything,
    Flag,
    In,
    Irrep,
    Known,
    Negated,
    Not,
    Number,
    Or,
    Related,
    Text,
    Type,
    Value,
)
from grouptool.catalog.types import type_key
from grouptool.representations import character_table
from grouptool.structure import (
    automorphism_order,
    center,
    composition_factors,
    conjugacy_classes,
    derived_series,
    is_simple,
    lower_central_series,
    normal_subgroups,
    subgroup_lattice,
)

LARGEST = 31


@cache
def facts_of(order, number):
    """The facts that these tests ask for, each by its definition."""
    one = library_records(order)[number - 1].group()
    lattice, classes, table = subgroup_lattice(one), conjugacy_classes(one), character_table(one)
    normal, derived, lower = normal_subgroups(one), derived_series(one), lower_central_series(one)
    solvable, nilpotent = derived[-1].order == 1, lower[-1].order == 1
    irreps = [
        (int(degree), int(sign), int(kernel.sum() == 1))
        for degree, sign, kernel in zip(table.degrees, table.indicators, table.kernels, strict=True)
    ]
    faithful = [degree for degree, _, is_faithful in irreps if is_faithful]
    above = lattice.containments > 0
    maximal = [c for c in lattice.classes if above[c.position].sum() == 2 and c.order < order]
    return {
        "order": order,
        "label": f"{order}.{number}",
        "name": library_records(order)[number - 1].description.replace(" ", ""),
        "description": library_records(order)[number - 1].description,
        "abelian": one.is_abelian,
        "cyclic": order in one.element_orders,
        "nilpotent": nilpotent,
        "solvable": solvable,
        "simple": is_simple(one),
        "exponent": one.exponent,
        "derived_length": len(derived) - 1 if solvable else None,
        "nilpotency_class": len(lower) - 1 if nilpotent else None,
        "num_classes": len(classes),
        "num_subgroups": lattice.count,
        "automorphism_order": automorphism_order(one),
        "faithful_irrep_degree": min(faithful, default=None),
        "center": label_of(center(one).as_group()),
        "derived_subgroup": label_of(derived[min(1, len(derived) - 1)].as_group()),
        "abelianization": label_of(one / derived[min(1, len(derived) - 1)]),
        "classes": histogram(zip(classes.element_orders.tolist(), classes.sizes.tolist(), strict=True)),
        "irreps": histogram(irreps),
        "composition_factors": [f"{factor.simple_order}.1" for factor in composition_factors(one)],
        "subgroups": [label_of(c.subgroup.as_group()) for c in lattice.classes],
        "normal_subgroups": [label_of(kernel.as_group()) for kernel in normal],
        "quotients": [label_of(one / kernel) for kernel in normal],
        "maximal_subgroups": [label_of(c.subgroup.as_group()) for c in maximal],
    }


def label_of(one):
    return "{}.{}".format(*small_group_label(one))


ASKED = (*facts_of(1, 1), "gap_description", "outer_order", "rank", "p_group")  # and some that were never computed


@cache
def records(known):
    """(number, facts, synonyms, source) of all groups of order <= 31; ``known`` is the share of the facts."""
    draw = random.Random(7)
    found = []
    for order in range(1, LARGEST + 1):
        for number in range(1, len(library_records(order)) + 1):
            facts = facts_of(order, number) | {"outer_order": draw.choice([None, 1, 2, 2**63, 2**64, 10**40])}
            if draw.random() < 0.2:
                facts["automorphism_order"] = draw.choice([MAX_INTEGER, MAX_INTEGER + 1, 2**64, 10**40])
            forgotten = [name for name in facts if name != "order" and draw.random() > known]
            synonyms = draw.sample(["Klein", "50%_[a]\\", "d4", f"g{len(found)}"], draw.randrange(3))
            source = draw.choice([ADDED, LIBRARY])
            found.append((3 * len(found) + 1, facts | dict.fromkeys(forgotten), synonyms, source))
    return found


@cache
def named(text):
    return group(text)


def both(values):
    values = list(values)
    return False if False in values else None if None in values else True


def negated(value):
    return None if value is None else not value


def either(values):
    return negated(both(map(negated, values)))


SIGNS = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
}


def undefined(facts, name):
    """Whether a value that is missing does not exist."""
    if facts.get(name) is not None:
        return False
    if name == "faithful_irrep_degree":
        return facts["irreps"] is not None and all(not is_faithful for _, _, is_faithful, _ in facts["irreps"])
    needed = {"nilpotency_class": "nilpotent", "derived_length": "solvable"}.get(name)
    return needed is not None and facts[needed] is False


def small(value):
    """A number as arithmetic knows it: not past 63 bits."""
    return value if value is not None and -(2**63) <= value < 2**63 else None


def number(term, facts, inside=False):
    match term:
        case Number(value):
            return value
        case Value(name):
            value = facts.get(name)
            return small(value) if inside else value
        case Negated(one):
            value = number(one, facts, True)
            return None if value is None else small(-value)
        case Arithmetic(left, sign, right):
            one, other = number(left, facts, True), number(right, facts, True)
            return None if None in (one, other) else small(SIGNS[sign](one, other))
    raise AssertionError(term)


def fields_of(term):
    match term:
        case Value(name):
            return {name}
        case Negated(one):
            return fields_of(one)
        case Arithmetic(left, _, right):
            return fields_of(left) | fields_of(right)
    return set()


def meaning(query, record):
    """What a query says of a record."""
    _, facts, synonyms, source = record
    match query:
        case Everything():
            return True
        case Not(part):
            return negated(meaning(part, record))
        case And(parts):
            return both(meaning(part, record) for part in parts)
        case Or(parts):
            return either(meaning(part, record) for part in parts)
        case Flag(name):
            return facts.get(name)
        case Known(name):
            return facts.get(name) is not None or undefined(facts, name)
        case Added():
            return source == ADDED
        case Compare(left, sign, right):
            if any(undefined(facts, name) for name in fields_of(left) | fields_of(right)):
                return False
            one, other = number(left, facts), number(right, facts)
            return None if None in (one, other) else SIGNS[sign](one, other)
        case In(term, ranges):
            if any(undefined(facts, name) for name in fields_of(term)):
                return False
            value = number(term, facts)
            return None if value is None else any(low <= value <= high for low, high in ranges)
        case Divides(left, right):
            if any(undefined(facts, name) for name in fields_of(left) | fields_of(right)):
                return False
            one, other = small(number(left, facts)), small(number(right, facts))
            return None if None in (one, other) else other == 0 if one == 0 else other % one == 0
        case Text(name, sign, texts):
            return text_meaning(name, sign, texts, facts, synonyms)
        case Type(name, sign, groups):
            found = either(has_type(facts, name, text) for text in groups)
            return negated(found) if sign == "!=" else found
        case Related(relation, text):
            return related(facts, relation, text)
        case Irrep(degrees, indicator, faithful):
            rows = [
                all(SIGNS[sign](degree, d) for sign, d in degrees)
                and indicator in (None, row_sign)
                and (is_faithful or not faithful)
                for degree, row_sign, is_faithful, _ in facts["irreps"] or ()
            ]
            return listed(facts["irreps"], rows, [(facts["order"], d) for sign, d in degrees if sign == "="])
        case Classes(bounds):
            rows = [
                all(SIGNS[sign](row[0] if what == "order" else row[1], d) for what, sign, d in bounds)
                for row in facts["classes"] or ()
            ]
            of = {"order": facts["exponent"], "size": facts["order"]}
            return listed(facts["classes"], rows, [(of[what], d) for what, sign, d in bounds if sign == "="])
    raise AssertionError(query)


def listed(known, rows, divisors):
    if any(d == 0 for _, d in divisors):
        return False
    if known is not None:
        return any(rows)
    return False if any(n is not None and n % d for n, d in divisors) else None


def text_meaning(name, sign, texts, facts, synonyms):
    if undefined(facts, name):
        return False
    value = facts.get(name)
    own = [*synonyms, value, facts["description"]] if name == "name" else [value]
    found = any(matches(one, text, sign == "~") for one in own if one is not None for text in texts)
    if value is None and not (found and name == "name"):
        return None
    return not found if sign == "!=" else found


def matches(value, text, pattern):
    if not pattern:
        return value == text
    ends = {0}  # how much of the text the pattern up to here can match
    for sign in text:
        if sign == "*":
            ends = set(range(min(ends, default=len(value) + 1), len(value) + 1))
        else:
            ends = {end + 1 for end in ends if end < len(value) and sign in ("?", value[end])}
    return len(value) in ends


@cache
def type_of(text):
    return type_key(named(text))


def has_type(facts, name, text):
    if facts.get(name) is not None:
        return facts[name] == type_of(text)
    return False if facts["order"] % named(text).order else None


def related(facts, relation, text):
    wanted, kind = named(text), type_of(text)
    proper = relation == "maximal_subgroups"
    if relation == "composition_factors" and not is_simple(wanted):
        return False
    if wanted.order == 1 and not proper:
        return True
    if facts[relation] is not None:
        return kind in facts[relation]
    if facts["order"] % wanted.order or (proper and facts["order"] == wanted.order):
        return False
    if facts["exponent"] is not None and facts["exponent"] % wanted.exponent:
        return False
    if facts["abelian"] and not wanted.is_abelian:
        return False
    if facts["order"] != wanted.order or proper:
        return None
    return None if facts["label"] is None else facts["label"] == kind
