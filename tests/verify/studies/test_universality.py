"""The comparison with published tables: definitions on planted networks, what explains a difference, a whole run."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from strategies import named

from grouptool.errors import GroupToolError
from verify.controls import plant_characters, plant_cosets, random_circuit
from verify.groupdata import GroupData
from verify.studies import run_study
from verify.studies.universality import Universality
from verify.studies.universality.cells import Cell
from verify.studies.universality.measures import Network, concentrated_share, interventions, measure
from verify.studies.universality.published import KEY_COUNTS, ROWS, counts_for, rows_for
from verify.studies.universality.tables import compare, explain, is_same, order_rows, orders
from verify.task import make_task

S4 = GroupData(named("S4"))
FAITHFUL = next(one for one in S4.constituents if one.name == "3a")


def network_of(circuit, data=S4):
    """Weights that fold to a circuit: its tables as embeddings, two identities as hidden weights."""
    eye = np.eye(circuit.width)
    weights = {"W_x": circuit.L, "W_y": circuit.R, "W": np.vstack((eye, eye)), "W_U": circuit.U}
    return Network(data, make_task(data.group, 0.5, 1), weights, "relu")


CIRCUIT = plant_characters(S4, [FAITHFUL])
PLANTED = network_of(replace(CIRCUIT, U=20 * CIRCUIT.U))


def cell(recipe, rows, kind="mlp", data=S4):
    return Cell(data, kind, recipe, len(rows), tuple(range(len(rows))), (), tuple(rows))


def test_a_planted_character_network_has_all_of_its_shares():
    """Embeddings and unembedding lie in 3a alone; both negated and |.| keep the answers, one negated loses them."""
    found = measure(PLANTED)
    assert [found[name] for name in ("W_a", "W_b", "W_U", "accuracy", "share of characters")] == pytest.approx(
        [100] * 5
    )
    assert found["key"] == ["3a"]
    assert found["restricted loss"] < 3 < found["excluded loss"]
    changes = found["interventions"]
    assert changes["none"][0] == changes["both negated"][0] == changes["absolute value"][0] == 100
    assert changes["left negated"][0] == changes["right negated"][0] == 0
    # x and y exchanged: the network computes y x, right on the 5 24 commuting pairs
    assert changes["embeddings exchanged"][0] == pytest.approx(100 * 5 / 24)
    assert changes["noise N(0, 0.1)"][1] > changes["none"][1]


def test_uncentred_shares_see_the_mean_that_softmax_does_not():
    """A constant for every answer: the logits are the same up to a shift, W_U loses share, W_U centred does not."""
    circuit = PLANTED.circuit
    shifted = measure(network_of(replace(circuit, U=circuit.U + np.abs(circuit.U).max())))
    assert shifted["W_U"] < 60
    assert shifted["W_U centred"] == pytest.approx(100)
    assert shifted["test loss"] == pytest.approx(measure(PLANTED)["test loss"])


def test_concentration_by_hand_and_on_plants():
    """A planted coset network is concentrated in every neuron, an untrained one in none."""
    order_6 = next(one.representative for one in S4.subgroup_classes if one.order == 6)
    assert concentrated_share(network_of(plant_cosets(S4.group, [order_6])).subject) == 100
    assert concentrated_share(network_of(random_circuit(24, 32, 40, np.random.default_rng(0))).subject) == 0
    assert (
        concentrated_share(
            network_of(random_circuit(7, 8, 6, np.random.default_rng(0)), GroupData(named("C7"))).subject
        )
        is None
    )


def test_other_networks_have_no_interventions():
    """They are stated for concatenated embeddings and relu."""
    weights = {"W_E": PLANTED.weights["W_x"], "W": np.eye(PLANTED.circuit.width), "W_U": PLANTED.weights["W_U"]}
    assert interventions(replace(PLANTED, weights=weights)) == {}
    assert interventions(replace(PLANTED, activation="abs")) == {}


def test_published_rows_belong_to_isomorphism_classes():
    """However a group is given; and the published S5 representations are told apart by degree and least orbit."""
    assert rows_for(named("PSL(2,4)"), "mlp") is rows_for(named("A5"), "mlp")
    assert rows_for(named("D4"), "mlp") is None
    assert rows_for(named("PGL(2,5)"), "transformer").figures["W_E"] == 99.84
    assert all(("W_a" in row.figures) == (row.network == "mlp") for row in ROWS)
    s5 = GroupData(named("S5"))
    keys = [(one.dimension, int(size)) for one, size in zip(s5.constituents, s5.least_orbits, strict=True)]
    assert sorted(keys) == sorted(KEY_COUNTS["S5"])
    assert counts_for(named("A5")) is None


def test_what_explains_a_difference():
    """Defects and definitions first; then whether the paper's recipe, if it was trained, takes the difference away."""
    row, wrong = rows_for(named("D59"), "mlp"), rows_for(named("A5"), "mlp")
    assert explain("W_a", row, {"default": 98.5}) == "none"
    assert explain("W_a", row, {"default": 90.0}).startswith("recipe?")
    assert explain("W_a", row, {"default": 90.0, "published": 99.0}) == "recipe"
    assert explain("W_a", row, {"default": 99.0, "published": 90.0}) == "open"
    assert explain("W_a", wrong, {"default": 50.0}).startswith("defect")
    assert explain("test loss", wrong, {"default": 1.9e-5}) == "none"
    assert explain("W_U centred", row, {"default": 50.0}).startswith("definition")
    assert explain("W_a", None, {"default": 50.0}) == "not published"
    assert is_same("test loss", 1e-5, 9e-5)
    assert not is_same("test loss", 1e-5, 2e-4)
    assert not is_same("W_a", 99.0, None)


def test_a_published_cell_stands_beside_ours():
    """Means over seeds in a column for each recipe."""
    d59 = GroupData(named("D59"))
    ours = [{"W_a": 99.0, "test loss": 1e-6}, {"W_a": 99.6, "test loss": 3e-6}]
    rows = compare([cell("default", ours, data=d59), cell("published", ours[:1], data=d59)])
    assert [row["figure"] for row in rows] == ["W_a", "test loss"]
    assert rows[0] == {"group": "D59", "network": "mlp", "figure": "W_a", "published": 99.71, "ours, default": 99.3,
                       "ours, published": 99.0, "difference": "none"}  # fmt: skip
    assert rows[1]["ours, default"] == 2e-6


def test_orders_that_the_accounts_predict():
    """S5 by hand; a complex pair counts twice its degree; and the test on planted counts."""
    s5 = GroupData(named("S5"))
    found = orders(s5)
    assert sorted(found["least rho-set"]) == [2, 5, 6, 10, 10, 20]
    assert sorted(found["dimension"]) == [1, 4, 4, 5, 5, 6]
    assert sorted(found["chance"]) == [-36, -25, -25, -16, -16, -1]
    assert sorted(found["margin"]) == pytest.approx(sorted(-(d**2.5) for d in (1, 4, 4, 5, 5, 6)))
    frobenius = GroupData(named("C7:C3"))
    by_name = dict(zip([one.dimension for one in frobenius.constituents], orders(frobenius)["dimension"], strict=True))
    assert by_name == {2: 2, 6: 6}
    names = [one.name for one in s5.constituents]
    small_first = [names[i] for i in np.argsort(s5.least_orbits, kind="stable")]
    rows = [{"key": small_first[: 1 + i % 4]} for i in range(12)]
    tested = {row["account"]: row["p"] for row in order_rows(cell("default", rows, data=s5))}
    assert tested["least rho-set"] < 0.02
    assert tested["chance"] > 0.5
    assert order_rows(cell("default", [{"key": names}] * 12, data=s5)) == []


def test_the_whole_study(tmp_path, call):
    """Two networks of S4: counts, verdicts, a control that fails, a page; isomorphic to nothing that was published."""
    settings = Universality(groups=("S4",), seeds=2, recipes=("fast",))
    run = run_study("universality", None, settings, str(tmp_path / "run"), processes=1)
    found = run.to_json()
    assert found["predictions"]["groups"][0]["orders"]["dimension"] == {"1b": 1, "2a": 2, "3a": 3, "3b": 3}
    claims = {one["claim"]: one for one in found["claims"]}
    assert claims["weak-universality"]["score"] > 0.98
    assert claims["published-figures"]["score"] is None
    assert claims["no-strong-universality"]["score"] is None
    titles = [table["title"] for table in found["tables"]]
    assert titles[:3] == ["Beside the published tables", "Logits", "Representations over seeds"]
    differences = {row["difference"] for row in found["tables"][0]["rows"]}
    assert {one.split(":")[0] for one in differences} == {"not published", "definition"}
    again = run_study("universality", None, settings, str(tmp_path / "run"), processes=1)
    assert json.dumps(again.to_json()) == json.dumps(found)
    with pytest.raises(GroupToolError, match="'slow' is no recipe"):
        run_study("universality", None, replace(settings, recipes=("slow",)), str(tmp_path / "other"))
    with pytest.raises(GroupToolError, match="'rnn' is no kind"):
        run_study("universality", None, replace(settings, networks=("rnn",)), str(tmp_path / "third"))
