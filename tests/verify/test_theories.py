"""What each theory predicts from exact data, against published and textbook figures."""

from __future__ import annotations

import json

import pytest
from strategies import named

from verify.claims import CLAIMS
from verify.groupdata import GroupData
from verify.theories import THEORIES


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
    """Each with at least one claim about weights that it needs."""
    for one in THEORIES.values():
        assert set(one.claims) <= set(CLAIMS)
        assert set(one.needs) <= set(one.claims)
        assert one.needs
        assert "table-accuracy" in one.claims
