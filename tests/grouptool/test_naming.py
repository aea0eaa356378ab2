"""Readable names: the notation reads them back, nothing about them depends on how a group was given."""

from __future__ import annotations

import numpy as np
import pytest
from strategies import named, relabelled

from grouptool import from_permutations, group
from grouptool.catalog import naming
from grouptool.catalog.facts import Parts
from grouptool.catalog.family_names import all_family_names, family_names, named_fingerprint, named_group
from grouptool.catalog.library import library_records, shipped_facts, shipped_groups
from grouptool.catalog.naming import LONGEST, computed_name, direct_factors, readable_name
from grouptool.catalog.types import type_key
from grouptool.structure import find_isomorphism, fingerprint
from grouptool.structure.subgroups import subgroup_lattice


def _name_of(made):
    return shipped_facts(type_key(made)).name


def _others(record, seed):
    """The record's group with its elements renumbered, on other generators."""
    made = relabelled(record.group(), seed)[0]
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(made.order)[: 3 + made.order // 16]
    inside = made.subgroup(chosen.tolist())
    generators = [*chosen.tolist(), *[x for x in made.generators if not inside.mask[x]]]
    return from_permutations(made.permutations[generators])


def test_every_name_up_to_order_100_is_read_back():
    """As a group that is isomorphic, so names of different groups differ; none is long, most are no label."""
    readable = total = 0
    names = set()
    for shipped in shipped_groups():
        if shipped.order > 100:
            break
        made = group(shipped.name)
        original = from_permutations([[point - 1 for point in image] for image in shipped.generators])
        assert find_isomorphism(made, original) is not None, shipped.name
        names.add(shipped.name)
        total += 1
        readable += not naming.is_label(shipped.name)
        assert len(shipped.name) <= LONGEST
    assert len(names) == total == 1048
    assert readable > 0.8 * total


@pytest.mark.parametrize("order", [108, 112, 128, 144, 160, 192, 216, 240, 243])
def test_names_of_a_sample_are_read_back(order):
    """Orders with many groups, packed files included."""
    for record in library_records(order)[3 :: max(1, len(library_records(order)) // 7)]:
        assert find_isomorphism(group(_name_of(record.group())), record.group()) is not None


@pytest.mark.parametrize(
    "label", ["16.3", "16.13", "24.8", "32.6", "32.31", "32.49", "36.7", "40.12", "48.30", "54.5", "64.42"]
)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_name_belongs_to_the_group(label, seed):
    """Computed after renumbering, from other generators: the shipped name again."""
    order, index = map(int, label.split("."))
    record = library_records(order)[index - 1]
    assert computed_name(_others(record, seed), label, _name_of) == shipped_facts(label).name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("C3 x C2", "C6"),
        ("D3", "S3"),
        ("SL(2,4)", "A5"),
        ("Dic2", "Q8"),
        ("<a,b | a^8, b^4, a^b = a^5>", "C8 : C4 {a^b = a^5}"),
        ("D4 o D4", "2^(1+4)+"),
        ("C4 wr C2", "C4 wr C2"),
        ("PSL(2,8)", "PSL(2,8)"),
        ("C2 x PSL(2,7)", "C2 x PSL(2,7)"),
        ("AGL(3,2)", "C2^3 : PSL(2,7)"),
    ],
)
def test_what_groups_are_called(text, name):
    """Below order 256 from the data, above by the rule."""
    made = named(text)
    found = readable_name(made)
    assert found is not None
    assert find_isomorphism(named(found), made) is not None
    if name != "C2^3 : PSL(2,7)":
        assert found == name


def test_a_group_that_no_rule_names_has_its_label():
    """And that is no readable name: products with it fall back to their label too."""
    labels = [one.name for one in shipped_groups() if one.label == one.name]
    assert len(labels) > 0
    assert all(naming.is_label(one) for one in labels)
    assert not any(map(naming.is_label, ("C2 x C4", "2^(1+4)+", "F8:7")))


@pytest.mark.parametrize(
    ("text", "orders"), [("C6 x S3", [2, 3, 6]), ("D4 x D4", [8, 8]), ("Q8", [8]), ("C4 o D4", [16])]
)
def test_direct_factors(text, orders):
    """Indecomposable, and unique up to isomorphism."""
    found = direct_factors(Parts(named(text)))
    assert sorted(one.order for one in found) == orders
    for one in found:
        normal = [c.subgroup for c in subgroup_lattice(one).classes if c.length == 1][1:-1]
        assert not any(a.order * b.order == one.order and (a & b).order == 1 for a in normal for b in normal)


def test_families_know_their_orders():
    """The table of names is made from orders alone; a sample is built."""
    table = all_family_names()
    assert "A5" in family_names(60)
    assert "GL(3,2)" in family_names(168)
    for order in (12, 24, 60, 168, 192, 336, 720):
        for text in table[order]:
            made = named_group(text)
            assert made is not None
            assert made.order == order
            assert named_fingerprint(text) == fingerprint(made)
    assert named_group("C4 : C4 {a^b = b}") is None
    assert named_fingerprint("no such group") is None
