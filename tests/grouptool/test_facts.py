"""Facts of the catalog: GAP's where it has them, definitions by brute force, the same however a group is numbered."""

from __future__ import annotations

import json
import math
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import ORACLE_FILE, named, oracle, relabelled, small_groups

from grouptool import from_permutations
from grouptool.catalog import facts as module
from grouptool.catalog.facts import FACTS_VERSION, FAMILIES, HEAVY, Parts, facts
from grouptool.catalog.fields import FIELDS
from grouptool.catalog.library import library_records, shipped_groups, small_group
from grouptool.catalog.types import abelian_invariants, abelian_key, sorted_types, type_key
from grouptool.errors import BudgetSpentError, TooLargeError
from grouptool.structure import (
    automorphism_group,
    chief_series,
    composition_series,
    find_isomorphism,
    is_simple,
    minimal_permutation_degree,
    normal_subgroups,
    subgroup_lattice,
)

ORACLES = Path(ORACLE_FILE).parent
NAMES = ("C1", "C6", "C2^3", "C4 x C2", "S3", "D4", "Q8", "D5", "A4", "Dic3", "F7:3", "S4", "SL(2,3)", "C3 x S3", "A5")


def _merged():
    """The three oracles of one list of groups, by generators."""
    found = {}
    for name in ("groups", "counts", "series"):
        for row in json.loads((ORACLES / f"{name}.json").read_text())["groups"]:
            found.setdefault(json.dumps(row["generators"]), {}).update(row)
    return list(found.values())


MERGED = _merged()
SAME = {
    "order": "order",
    "center_order": "centre_order",
    "derived_length": "derived_length",
    "nilpotency_class": "nilpotency_class",
    "exponent": "exponent",
    "num_classes": "n_classes",
    "num_subgroups": "n_subgroups",
    "num_subgroup_classes": "n_subgroup_classes",
    "num_normal_subgroups": "n_normal_subgroups",
    "automorphism_order": "aut_order",
    "outer_order": "out_order",
    "num_real_classes": "n_real_classes",
    "num_rational_classes": "n_rational_classes",
    "permutation_degree": "min_perm_degree",
    "fitting_order": "fitting_order",
    "frattini_order": "frattini_order",
    "socle_order": "socle_order",
    "rank": "rank",
}
FLAGS = ("abelian", "cyclic", "nilpotent", "supersolvable", "solvable", "perfect", "simple")


def _check_with_gap(found, row):
    for ours, theirs in SAME.items():
        if row.get(theirs) is not None:
            assert found[ours] == row[theirs], (row["id"], ours)
    assert {flag for flag in FLAGS if found[flag]} == set(row["flags"])
    assert found["num_maximal_classes"] == sum(many for *_, many in row["maximal_subgroups"])
    assert _collected(found["classes"]) == sorted(map(tuple, row["classes"]))
    assert _collected([[degree, many] for degree, _, _, many in found["irreps"]]) == sorted(
        map(tuple, row["irrep_degrees"])
    )
    assert _collected([[sign, many] for _, sign, _, many in found["irreps"]]) == sorted(
        map(tuple, row["fs_indicators"])
    )
    assert found["derived_order"] == row["derived_series_orders"][min(1, len(row["derived_series_orders"]) - 1)]
    if "aut_orbits" in row:
        assert found["num_automorphism_orbits"] == sum(many for *_, many in row["aut_orbits"])


def _collected(runs):
    """Runs with equal beginnings added up."""
    total = {}
    for *row, many in runs:
        total[tuple(row)] = total.get(tuple(row), 0) + many
    return sorted((*row, many) for row, many in total.items())


def test_shipped_facts_are_gap_s():
    """All groups of the oracle that the library holds, as the data have them."""
    shipped = {one.label: one.facts for one in shipped_groups() if one.label}
    rows = [row for row in MERGED if row.get("id") and row["order"] <= 255]
    assert len(rows) > 330
    for row in rows:
        _check_with_gap(shipped["{}.{}".format(*row["id"])], row)
    for row in json.loads((ORACLES / "catalog.json").read_text())["groups"]:
        found = shipped["{}.{}".format(*row["id"])]
        assert found["abelianization"] == abelian_key(tuple(sorted(row["abelianization"])))
        assert found["rank"] == row["rank"]
        assert found["permutation_degree"] == row["min_perm_degree"]
        assert found["rational"] == (row["n_rational_irreps"] == found["num_classes"])
        orders = {order for order, _ in row["normal_subgroup_orders"]}
        assert {int(one.split(".")[0]) for one in found["normal_subgroups"]} == orders
        assert found["num_normal_subgroups"] == sum(many for _, many in row["normal_subgroup_orders"])


@pytest.mark.parametrize("row", MERGED[::17], ids=lambda row: str(row.get("id")))
def test_computed_facts_are_gap_s(row):
    """The same from our core, on the oracle's own generators."""
    found = {}
    for name in set(FAMILIES) - {"subgroup types", "quotient types", "identity", "name"}:
        found.update(FAMILIES[name](from_permutations(row["generators"])))
    _check_with_gap(found, row)


# -- definitions


def _is_metacyclic(group):
    return any(one.is_cyclic and _is_cyclic(group / one) for one in normal_subgroups(group))


def _is_cyclic(group):
    return bool((group.element_orders == group.order).any())


def _is_frobenius(group):
    """A subgroup 1 < H < G that meets its other conjugates in 1."""
    for one in subgroup_lattice(group).classes[1:-1]:
        conjugates = one.conjugates
        if one.length == one.index and not (conjugates[0] & conjugates[1:].any(axis=0))[1:].any():
            return True
    return False


def _is_almost_simple(group):
    """Between T and Aut(T): some normal simple T that is not abelian and has no centraliser."""
    return any(
        not one.is_abelian and is_simple(one.as_group()) and one.centralizer.order == 1
        for one in normal_subgroups(group)
    )


def _sylow(group):
    for one in subgroup_lattice(group).classes:
        for p in _primes(group.order):
            power = p ** next(k for k in range(20, 0, -1) if group.order % p**k == 0)
            if one.order == power:
                yield one.subgroup


@pytest.mark.parametrize("order", [1, 2, 8, 12, 16, 18, 20, 21, 24, 36, 39, 42, 54, 56, 60, 72, 80, 120, 168])
def test_flags_by_their_definitions(order):
    """On all groups of an order, or the first and last of many."""
    records = library_records(order)
    for record in records if len(records) < 20 else [*records[:8], *records[-8:]]:
        group = record.group()
        found = {**FAMILIES["elements"](group), **FAMILIES["series"](group), **FAMILIES["automorphisms"](group)}
        normal = normal_subgroups(group)
        centre = group.whole.centralizer
        assert found["metacyclic"] == _is_metacyclic(group), record.label
        assert found["frobenius"] == _is_frobenius(group), record.label
        assert found["almost_simple"] == _is_almost_simple(group), record.label
        assert found["simple"] == (len(normal) == 2)
        assert found["quasisimple"] == (found["perfect"] and is_simple(group / centre)), record.label
        assert found["metabelian"] == any(one.is_abelian and (group / one).is_abelian for one in normal)
        assert found["z_group"] == all(one.is_cyclic for one in _sylow(group))
        assert found["a_group"] == all(one.is_abelian for one in _sylow(group))
        assert found["complete"] == (centre.order == 1 and automorphism_group(group).order == group.order)
        assert found["chief_length"] == len(chief_series(group)) - 1
        assert found["composition_length"] == len(composition_series(group)) - 1
        assert found["num_involutions"] == sum(1 for x in range(1, order) if group.table[x, x] == 0)
        primes = _primes(order)
        assert found["p_group"] == (len(primes) < 2)
        powers = set(group.element_orders[1:].tolist())
        assert found["elementary_abelian"] == (group.is_abelian and powers == set(primes) and len(primes) < 2)


def _primes(n):
    return [p for p in range(2, n + 1) if n % p == 0 and all(p % d for d in range(2, p))]


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("A5", {"almost_simple", "quasisimple", "simple", "perfect", "ambivalent"}),
        ("SL(2,5)", {"quasisimple", "perfect"}),
        ("S5", {"almost_simple", "complete", "rational", "ambivalent"}),
        ("S6", {"almost_simple", "rational", "ambivalent"}),
        ("A5 x A5", {"perfect", "ambivalent"}),
        ("PGL(2,7)", {"almost_simple", "complete"}),
        ("F8:7", {"frobenius", "metabelian", "solvable", "a_group"}),
        ("ASL(2,3)", {"solvable"}),
    ],
)
def test_flags_of_known_groups(name, flags):
    """Among these flags exactly the ones listed; the others are planted negatives."""
    all_of_them = (
        "almost_simple",
        "quasisimple",
        "simple",
        "perfect",
        "complete",
        "rational",
        "frobenius",
        "metabelian",
    )
    found = facts(named(name))
    chosen = set(all_of_them) | flags
    assert {flag for flag in chosen if found[flag]} == flags


@pytest.mark.parametrize("name", NAMES)
def test_types_by_listing_everything(name):
    """Subgroups one by one, quotients one by one, compared by isomorphism with the types that are named."""
    group = named(name)
    found = facts(group)
    lattice = subgroup_lattice(group)
    normal = normal_subgroups(group)
    _is_list_of(found["subgroups"], [one.subgroup.as_group() for one in lattice.classes])
    _is_list_of(found["normal_subgroups"], [one.as_group() for one in normal])
    _is_list_of(found["quotients"], [group / one for one in normal])
    maximal = [one.subgroup.as_group() for one, flag in zip(lattice.classes, lattice.maximal, strict=True) if flag]
    _is_list_of(found["maximal_subgroups"], maximal)
    sizes = [a.order // b.order for a, b in zip(composition_series(group), composition_series(group)[1:], strict=False)]
    assert sorted(sizes) == [int(one.split(".")[0]) for one in found["composition_factors"]]
    assert found["center"] == type_key(group.whole.centralizer.as_group())
    assert found["central_quotient"] == type_key(group / group.whole.centralizer)


def _is_list_of(types, groups):
    assert types == sorted_types(types)
    made = {one: small_group(*map(int, one.split("."))) for one in types}
    hit = {next(key for key, other in made.items() if find_isomorphism(one, other) is not None) for one in groups}
    assert hit == set(types)


def test_abelian_groups_by_formula():
    """Counts and types of the subgroups are those of the lattice."""
    for text in (
        "C1",
        "C12",
        "C2^3",
        "C4 x C2",
        "C4 x C4 x C2",
        "C9 x C3",
        "C8 x C2 x C3",
        "C2^4",
        "C4 x C6 x C2",
        "C5^3",
    ):
        group = named(text)
        lattice, parts = subgroup_lattice(group), Parts(group)
        assert module.subgroup_counts(parts) == (lattice.count, lattice.count)
        assert module.normal_count(parts) == lattice.count
        types = sorted_types(type_key(one.subgroup) for one in lattice.classes)
        found = {**FAMILIES["lattice"](group), **FAMILIES["subgroup types"](group), **FAMILIES["quotient types"](group)}
        assert found["subgroups"] == found["quotients"] == types
        assert found["num_maximal_classes"] == int(lattice.maximal.sum())
        tops = [one.subgroup for one, flag in zip(lattice.classes, lattice.maximal, strict=True) if flag]
        assert found["maximal_subgroups"] == sorted_types(map(type_key, tops))
        assert FAMILIES["permutation degree"](group)["permutation_degree"] == minimal_permutation_degree(lattice)
        assert FAMILIES["rank"](group)["rank"] == max(map(len, _by_prime(group).values()), default=0)
    found = facts(named("C2^7"))
    assert (found["num_subgroups"], found["num_normal_subgroups"], found["num_automorphism_orbits"]) == (
        29_212,
        29_212,
        2,
    )
    assert len(found["subgroups"]) == 8


def _by_prime(group):
    found = {}
    for one in abelian_invariants(group):
        prime = next(p for p in range(2, one + 1) if one % p == 0)
        found.setdefault(prime, []).append(one)
    return found


@pytest.mark.parametrize("order", [16, 27, 32, 64, 81])
def test_degrees_of_p_groups_by_matroid(order):
    """The greedy choice of hyperplanes is as good as the search among all cores."""
    records = library_records(order)
    for record in records[:: max(1, len(records) // 40)]:
        group = record.group()
        found = FAMILIES["permutation degree"](group)["permutation_degree"]
        if order < 64 or len(normal_subgroups(group)) < 60:
            assert found == minimal_permutation_degree(subgroup_lattice(group)), record.label


# -- invariance, budgets, keys


@settings(max_examples=15)
@given(small_groups(), st.integers(0, 10**6))
def test_renumbering_changes_no_fact(made, seed):
    """But the degree, which belongs to the permutations."""
    other = relabelled(made, seed)[0]
    ours, theirs = facts(made), facts(other)
    assert {**ours, "degree": 0, "classes": 0} == {**theirs, "degree": 0, "classes": 0}
    assert ours["classes"] == theirs["classes"]


def test_every_field_has_a_place():
    """All keys always; without the heavy families the searched ones are None; families share no field."""
    names = [field.name for field in FIELDS]
    light, full = facts(named("S4"), heavy=False), facts(named("S4"))
    assert list(light) == list(full) == names
    undefined = {"nilpotency_class"}
    assert {name for name, value in full.items() if value is None} == undefined
    assert {name for name in names if light[name] is None} > {
        "num_subgroups",
        "irreps",
        "automorphism_order",
        "label",
        "name",
    }
    assert set(FAMILIES) > HEAVY
    keys = [key for family in FAMILIES.values() for key in family(named("S4"))]
    assert sorted(keys) == sorted(set(keys)) == sorted(names)
    assert isinstance(FACTS_VERSION, int)


@pytest.mark.parametrize("error", [BudgetSpentError, TooLargeError])
def test_what_a_budget_stops_is_unknown(error, monkeypatch):
    """The fields of that family are None, never no; the others are there."""

    def stopped(*_):
        raise error("stopped")

    monkeypatch.setattr(module, "automorphism_group", stopped)
    found = facts(named("A5 x C2"))
    assert found["automorphism_order"] is found["complete"] is found["outer_order"] is None
    assert (found["num_subgroup_classes"], found["simple"], found["label"]) == (22, False, "120.35")


def test_above_the_library_types_are_listed_in_full():
    """S6 has maximal subgroups that the library does not hold: its types come from the lattice."""
    group = named("S6")
    found = facts(group)
    assert (found["label"], found["name"], found["gap_description"]) == (None, "S6", None)
    lattice = subgroup_lattice(group)
    assert found["subgroups"] == sorted_types(type_key(one.subgroup) for one in lattice.classes)
    assert "360:" in " ".join(found["maximal_subgroups"])
    assert found["quotients"][:2] == ["1.1", "2.1"]
    assert found["composition_factors"] == ["2.1", type_key(named("A6"))]
    big = facts(named("C5 x S5"))
    assert big["subgroups"] == sorted_types(
        type_key(one.subgroup) for one in subgroup_lattice(named("C5 x S5")).classes
    )


def test_keys_tell_the_groups_of_an_order_apart():
    """Each group of the library has its own; those that share a fingerprint too, by isomorphisms."""
    for order in (1, 8, 16, 60, 64, 100, 147, 189):
        keys = [type_key(relabelled(record.group(), 1)[0]) for record in library_records(order)]
        assert keys == [record.label for record in library_records(order)]
    assert type_key(named("S6")).startswith("720:")
    assert type_key(named("S6")) == type_key(relabelled(named("S6"), 3)[0])


@given(st.lists(st.sampled_from([2, 3, 4, 5, 8, 9]), max_size=3))
def test_invariants_of_abelian_groups(orders):
    """They are the factors that the group was made of; the number of elements of each order agrees."""
    group = named(" x ".join(f"C{one}" for one in sorted(orders)) or "C1")
    assert abelian_invariants(group) == tuple(sorted(orders))
    counted = np.bincount(group.element_orders)
    by_hand = np.zeros_like(counted)
    for chosen in product(*[range(one) for one in sorted(orders)]):
        by_hand[math.lcm(*[n // math.gcd(n, x) for n, x in zip(sorted(orders), chosen, strict=True)], 1)] += 1
    assert (counted == by_hand).all()


def test_the_oracle_covers_the_library_s_first_orders():
    """All groups of order 1 to 60."""
    assert sum(1 for row in oracle() if row.get("id") and row["order"] <= 60) == 312
