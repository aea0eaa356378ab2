"""What each theory predicts from exact data, against published and textbook figures."""

from __future__ import annotations

import json

import numpy as np
import pytest
from strategies import named

from grouptool.representations.fourier import isotypic_energies
from verify.claims import CLAIMS, Subject
from verify.controls import plant_rho_sets, random_circuit
from verify.groupdata import GroupData
from verify.matrix import smallest_key_set
from verify.theories import THEORIES, chance
from verify.verdict import judge_network


def _predict(theory, name, hidden=128):
    return THEORIES[theory].predict(GroupData(named(name)), hidden)


def test_rho_sets_of_s5():
    """Smallest orbits 2, 5, 5-dimensional 6 and 10, 10, 20 (Wu et al.; the 6-dimensional one does not fit 128)."""
    rows = {row["name"]: row for row in _predict("rho-sets", "S5").details["representations"]}
    orbits = {name: row["orbit"] for name, row in rows.items()}
    assert orbits["1b"] == 2
    assert orbits["4a"] == 5
    assert orbits["4b"] == 10
    assert sorted((orbits["5a"], orbits["5b"])) == [6, 10]
    assert orbits["6a"] == 20
    assert not rows["6a"]["fits"]
    assert rows["4b"]["neurons"] == 100


def test_coset_families_of_s5():
    """Energies of Stander et al. (their table, with the printed error corrected by the formula)."""
    families = _predict("cosets", "S5").details["families"]
    by_shape = {(one["order"], one["index"], one["conjugates"]): one["energy"] for one in families}
    assert by_shape[24, 5, 5] == {"4a": 1.0}
    assert by_shape[60, 2, 1] == {"1b": 1.0}
    assert sorted(by_shape[20, 6, 6].values()) == [1.0]
    s3xs2 = by_shape[12, 10, 10]
    assert s3xs2["4a"] == pytest.approx(4 / 9, abs=1e-6)
    assert sum(s3xs2.values()) == pytest.approx(1, abs=1e-5)
    a4 = by_shape[12, 10, 5]
    assert a4["1b"] == pytest.approx(1 / 9, abs=1e-6)
    assert a4["4a"] == a4["4b"] == pytest.approx(4 / 9, abs=1e-6)
    d10 = by_shape[10, 12, 6]
    assert d10["1b"] == pytest.approx(1 / 11, abs=1e-6)


@pytest.mark.parametrize("name", ["S4", "Q8", "SL(2,3)", "C7:C3", "C6"])
def test_energies_of_every_family_sum_to_one(name):
    """The centred indicator of H has all of its energy in the non-trivial representations, all types alike."""
    for one in _predict("cosets", name).details.get("families", []):
        assert sum(one["energy"].values()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("name", "sets"),
    [
        ("S5", [["4a"], ["4b"], ["5a"], ["5b"], ["6a"]]),
        ("Q8", [["2x2a"]]),
        ("C7", [["1b+1g"], ["1c+1f"], ["1d+1e"]]),
        ("C2^2", [["1b", "1c"], ["1b", "1d"], ["1c", "1d"]]),
        ("C6", [["1e+1f"]]),
    ],
)
def test_key_sets(name, sets):
    """The smallest sets of representations with trivial joint kernel."""
    found = [one["representations"] for one in _predict("characters", name).details["smallest_key_sets"]]
    assert found == sets


def test_the_margin_of_a_key_set():
    """The standard character of S5 is 4 at 1 and at most 2 elsewhere; the trace on Q8 is 4 and at most 0."""
    margins = {
        one["representations"][0]: one["margin"] for one in _predict("characters", "S5").details["smallest_key_sets"]
    }
    assert margins["4a"] == 2
    assert _predict("characters", "Q8").details["smallest_key_sets"][0]["margin"] == 4


def test_predictions_are_plain_values():
    """They go into json as they are."""
    for name in ("C2", "S4", "C7"):
        for one in THEORIES:
            assert json.dumps(_predict(one, name).to_json())


def test_theories_name_claims_that_exist():
    """Each with at least one claim about weights that it needs; the null stands against all of them."""
    assert [name for name, one in THEORIES.items() if one.null] == ["random-null"]
    for one in THEORIES.values():
        if one.null:
            continue
        assert set(one.claims) <= set(CLAIMS)
        assert set(one.needs) <= set(one.claims)
        assert one.needs
        assert "table-accuracy" in one.claims


def test_what_chance_gives_by_drawing():
    """Ratios of dimensions against the means over drawn tables and logits."""
    data = GroupData(named("S3"))
    expected = chance(data)
    rng = np.random.default_rng(0)
    table = rng.standard_normal((6, 4_000))
    table -= table.mean(axis=0)
    energies = isotypic_energies(data.constituents, table).sum(axis=1) / (table**2).sum()
    assert list(expected["share_in_each_representation"].values()) == pytest.approx(energies, rel=0.05)
    for family in data.coset_families:
        means = np.stack([table[family.right == coset].mean(axis=0) for coset in range(6 // family.order)])
        share = family.order * (means**2).sum() / (table**2).sum()
        assert expected["alignment_by_index"][str(6 // family.order)] == pytest.approx(share, rel=0.05)
    shares = []
    x, y, z = np.ogrid[:6, :6, :6]
    group = data.group
    elements = group.table[group.table[group.inverses[x], z], group.inverses[y]]
    for _ in range(600):
        logits = rng.standard_normal((6, 6, 6))
        logits -= logits.mean(axis=2, keepdims=True)
        sums = np.bincount(elements.ravel(), weights=logits.ravel(), minlength=6) / 36
        shares.append((36 * (sums**2).sum()) / (logits**2).sum())
    assert expected["bi-equivariance"] == pytest.approx(np.mean(shares), rel=0.1)


def test_frequencies_of_c12_and_their_margins():
    """One faithful frequency tells all apart by 1 - cos 30; margins from the sums of cosines, by brute force."""
    data = GroupData(named("C12"))
    prediction = _predict("approximate-cosets", "C12")
    details = prediction.details
    assert prediction.applies
    assert (details["least"], details["enough"]) == (1, 4)
    assert details["margins"][0]["margin"] == pytest.approx(1 - np.cos(np.pi / 6), abs=1e-6)
    by_name = {one.name: one.character[data.classes.class_of] / one.dimension for one in data.constituents}
    for row in details["margins"]:
        total = sum(by_name[name] for name in row["frequencies"])
        assert row["margin"] == pytest.approx(total[0] - np.sort(total)[:-1].max(), abs=1e-5)
    kernels = {row["kernel_order"]: row for row in details["frequencies"]}
    assert set(kernels) == {1, 2, 3, 4, 6}  # orders 12, 6, 4, 3, 2
    assert kernels[6]["approximate_coset"] == 6  # the sign: exact cosets
    assert kernels[1]["approximate_coset"] == 7  # half a turn of twelve steps, both ends
    assert not _predict("approximate-cosets", "S3").applies


def test_remainders_tell_a_product_apart_only_together():
    """C2^2: no single frequency tells four elements apart, two do."""
    assert _predict("approximate-cosets", "C2^2").details["least"] == 2


def test_what_was_found_stands_beside_what_was_predicted():
    """The words of each account for a planted network of its own, and for an untrained one."""
    data = GroupData(named("S4"))
    (key,) = smallest_key_set(data)
    predictions = {name: one.predict(data, 128) for name, one in THEORIES.items()}
    planted = judge_network(Subject(data, plant_rho_sets(data, [data.constituents[key]])), predictions)
    assert planted.theories["rho-sets"].predicted == predictions["rho-sets"].why
    assert "3a with |B| = 4 (as predicted, 100% of the pairs, 100%)" in planted.theories["rho-sets"].found
    assert "key to the logits: 3a; a predicted set is among them" in planted.theories["characters"].found
    assert "order 6, index 4 (100%); 100% by weight on families whose circuit fits" in planted.theories["cosets"].found
    assert planted.theories["approximate-cosets"].found == ""
    untrained = judge_network(Subject(data, random_circuit(24, 32, 24, np.random.default_rng(0))), predictions)
    assert untrained.theories["rho-sets"].found == "no rho-set is in the weights"
    assert untrained.theories["cosets"].found == "no neuron is constant on cosets on both sides"
    cyclic = GroupData(named("C7"))
    made = Subject(cyclic, plant_rho_sets(cyclic, [cyclic.constituents[0]]))
    verdict = judge_network(made, {name: one.predict(cyclic, 49) for name, one in THEORIES.items()})
    assert "1 frequencies: 1b+1g (100%); 3 were said to be enough" in verdict.theories["approximate-cosets"].found
    assert verdict.theories["approximate-cosets"].verdict == "holds"
