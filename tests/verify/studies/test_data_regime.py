"""How many pairs a group takes: the exact rank test, planted outcomes, refusals, one small run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grouptool.errors import GroupToolError
from verify.runs import RunFolder
from verify.studies import load_study, run_study
from verify.studies.data_regime import DataRegime, rank_test
from verify.studies.study import Workshop

SMALL = DataRegime(groups=("D4", "Q8"), shares=("0.8",), seeds=1, steps=60)


def test_the_rank_test_by_hand():
    """Three lowest of eight: one choice of 56, the pilot's figure; all equal: every choice is as low."""
    assert rank_test([0.1, 0.2, 0.3], [0.4, 0.5, 0.6, 0.7, 0.8]) == pytest.approx(1 / 56)
    assert rank_test([0.8, 0.7, 0.6], [0.1, 0.2, 0.3, 0.4, 0.5]) == 1
    assert rank_test([0.5, 0.5], [0.5, 0.5]) == 1
    # ranks 1 and 3 of 4: sums {3, 4, 5, 5, 6, 7}, two of them at most 4
    assert rank_test([0.1, 0.3], [0.2, 0.4]) == pytest.approx(2 / 6)
    # ties at their middle rank, 1 and 4 against 2.5 and 2.5: of sums {3.5, 3.5, 5, 5, 6.5, 6.5} four are at most 5
    assert rank_test([0.1, 0.3], [0.2, 0.2]) == pytest.approx(4 / 6)
    assert rank_test([0.0] * 15, [1.0] * 25) is None


def test_types_are_predicted_from_characters():
    """Q8 has a quaternionic representation, D4 none, C7:C3 complex ones; order 12: the dicyclic group alone."""
    study = load_study("data-regime")
    assert [row["types"] for row in study.predict(None, SMALL)["groups"]] == ["R", "RH"]
    rows = study.predict(None, DataRegime(order=12))["groups"]
    assert sorted(row["types"] for row in rows) == ["R", "RC", "RCH"]
    assert [row["types"] for row in study.predict(None, DataRegime(groups=("C7:C3", "F7:3")))["groups"]] == ["RC", "RC"]


def test_planted_outcomes_hold_and_fail(tmp_path):
    """Accuracies written into the run folder: quaternionic groups last, and first; the opposite is the control."""

    def judged(last):
        settings = DataRegime(order=24, shares=("0.5",), seeds=1)
        study = load_study("data-regime")
        predictions = study.predict(None, settings)
        folder = RunFolder(tmp_path / str(last))
        for place, row in enumerate(predictions["groups"]):
            name = "trained-" + "".join(c if c.isalnum() else "_" for c in row["group"]) + ".json"
            accuracy = place / 50 + 0.5 * ("H" not in row["types"])
            folder.write_json(name, [{"share": 0.5, "seed": 0, "accuracy": accuracy if last else 1 - accuracy}])
        return study.examine(None, settings, predictions, Workshop(folder))

    holds, fails = judged(True), judged(False)
    assert (holds.verdict, holds.controls[0].verdict) == ("holds", "fails")
    assert holds.evidence[0].score == pytest.approx(1 / 792)  # five of twelve
    assert (fails.verdict, fails.controls[0].verdict) == ("fails", "holds")
    assert len(holds.tables[0].rows) == 12
    assert "come last" in holds.sentence
    assert "do not come last" in fails.sentence


def test_a_small_run_resumes_and_refuses(tmp_path):
    """Two groups cannot decide; finished groups are not trained again; what makes no sense is said in one line."""
    run = run_study("data-regime", None, SMALL, str(tmp_path / "run"))
    assert run.findings.evidence[0].score in (0.5, 1.0)
    assert {row["group"] for row in run.findings.tables[0].rows} == {"D4", "Q8"}
    again = run_study("data-regime", None, SMALL, str(tmp_path / "run"))
    assert again.to_json() == run.to_json()
    for changes, said in (
        ({"groups": ("D4", "A4")}, "orders"),
        ({"groups": ("D4",)}, "1 groups"),
        ({"shares": ("much",)}, "'much' is not a number"),
        ({"groups": (), "order": 300}, "beyond the library"),
    ):
        with pytest.raises(GroupToolError, match=said):
            run_study("data-regime", None, replace(SMALL, **changes), str(tmp_path / said[:4]))
