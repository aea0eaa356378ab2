"""The matrix plant x claim: what must hold, what must fail, and that every claim does both somewhere."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from strategies import named

from verify.claims import CLAIMS, Subject, judge
from verify.controls import isotope, memorised, plant_rho_sets
from verify.groupdata import GroupData
from verify.matrix import IMPOSTORS, PLANTS, as_text, matrix, plants, smallest_key_set
from verify.theories import THEORIES

PARTNERS = {
    "C7": None,  # the only group of its order
    "S3": "C6",
    "Q8": "D4",
    "D5": "C10",
    "A4": "D6",
    "C7:C3": "C21",
    "S4": "SL(2,3)",
    "SL(2,3)": "S4",
    "A5": "D30",
}
"""Groups, and another group of the same order with whose weights they are confused."""

LOGITS = ("bi-equivariance", "character-logits", "product-logits")
WEIGHTS = ("rho-set-logits", "rho-set-substitution", "rho-set-orbits")
COSETS = ("coset-tables", "coset-alignment", "coset-readout", "coset-substitution", "coset-ablation")
MUST_FAIL = {
    "random": (*LOGITS, *WEIGHTS, "irrep-substitution", "certified-share", "absolute-value", "signs", "table-accuracy"),
    "memorising": (*LOGITS, *WEIGHTS, "certified-share", "absolute-value", "signs", "swap", "noise", "table-accuracy"),
    "lookup table": (*WEIGHTS, "certified-share"),
    "quasigroup": (*LOGITS, *WEIGHTS, "irrep-substitution", "restricted-accuracy", "absolute-value", "table-accuracy"),
    "wrong group": (*LOGITS, *WEIGHTS, "irrep-substitution", "restricted-accuracy", "noise", "table-accuracy"),
}
"""For each impostor the claims that fail on it, whatever the group."""


@cache
def data_of(name):
    return GroupData(named(name))


@cache
def rows_of(name):
    partner = PARTNERS[name]
    rows = matrix(data_of(name), None if partner is None else named(partner))
    print(as_text(name, rows))
    return {row.kind: row for row in rows}


@pytest.mark.parametrize("name", PARTNERS)
def test_every_impostor_fails_where_it_must(name):
    """Cells that must fail, and no theory on any impostor."""
    rows = rows_of(name)
    assert set(rows) == {*PLANTS, *IMPOSTORS} - (set() if PARTNERS[name] else {"wrong group"})
    for kind in IMPOSTORS:
        if kind not in rows:
            continue
        failing = {claim: rows[kind].claim(claim) for claim in MUST_FAIL[kind]}
        assert set(failing.values()) == {"fails"}, (kind, failing)
        if data_of(name).coset_families:
            cosets = {claim: rows[kind].claim(claim) for claim in COSETS}
            assert set(cosets.values()) == {"fails"}, (kind, cosets)
        verdicts = {name: one.verdict for name, one in rows[kind].verdict.theories.items()}
        assert "holds" not in {verdict for name, verdict in verdicts.items() if not THEORIES[name].null}, kind
        assert rows[kind].verdict.learned == (kind == "lookup table")
    assert rows["random"].theory("random-null") != "fails"
    assert rows["lookup table"].theory("random-null") == "fails"


@pytest.mark.parametrize("name", PARTNERS)
def test_every_theory_passes_its_own_plant(name):
    """Each of its claims that can be told here holds, and so does the theory."""
    rows = rows_of(name)
    for kind in ("characters", "cosets", "rho-sets"):
        theory = THEORIES[kind]
        if not theory.predict(data_of(name), 128).applies:
            assert rows[kind].theory(kind) == "undecided"
            continue
        assert rows[kind].theory(kind) == "holds", rows[kind].verdict.theories[kind].why
        assert rows[kind].theory("random-null") == "fails"
        for claim in theory.claims:
            evidence = rows[kind].verdict.evidence[claim]
            assert evidence.verdict == "holds" or evidence.reason, claim
    assert all(rows[kind].verdict.learned for kind in PLANTS)


@pytest.mark.parametrize("name", ["S3", "D5", "A4", "C7:C3", "S4", "SL(2,3)", "A5"])
def test_the_accounts_of_logits_are_told_apart(name):
    """Not abelian: rho-sets and cosets are no sum of characters, and the character plant is nothing else."""
    rows = rows_of(name)
    for claim in ("character-logits", "product-logits"):
        assert rows["characters"].claim(claim) == "holds"
        assert rows["rho-sets"].claim(claim) == "fails"
    assert rows["characters"].claim("beyond-characters") == "fails"
    assert rows["rho-sets"].claim("beyond-characters") == "holds"
    assert rows["rho-sets"].theory("characters") == "fails"


@pytest.mark.parametrize("name", ["S3", "D5", "A4", "C7:C3", "S4"])
def test_the_character_plant_has_no_rho_sets_of_its_own(name):
    """Its neurons pair B with -B, another orbit on these groups: the rho-set account fails on it."""
    rows = rows_of(name)
    assert rows["characters"].claim("rho-set-orbits") == "fails"
    assert rows["characters"].theory("rho-sets") == "fails"
    assert rows["characters"].verdict.evidence["rho-set-substitution"].score == pytest.approx(1)


@pytest.mark.parametrize("name", ["D5", "SL(2,3)", "Q8", "C7"])
def test_cosets_of_several_representations_are_no_rho_sets(name):
    """The coset plant's neurons mix representations here, so rho-sets cannot explain them."""
    rows = rows_of(name)
    for claim in ("neuron-purity", *WEIGHTS):
        assert rows["cosets"].claim(claim) == "fails", claim
    assert rows["cosets"].theory("rho-sets") == "fails"


@pytest.mark.parametrize("name", PARTNERS)
def test_generic_rho_sets_need_no_cosets(name):
    """Vectors that no subgroup fixes: the rho-set account holds; the coset account fails where none comes near one."""
    row = rows_of(name)["generic rho-sets"]
    assert row.theory("rho-sets") == "holds"
    if name in ("A4", "C7:C3"):
        assert row.claim("coset-alignment") == "fails"
        assert row.theory("cosets") == "fails"


ELSEWHERE = {"unleaked-accuracy", "conjugate-pairing", "coset-ablation"}
"""Claims that need a split, several classes of subgroups or neurons to drop: planted in test_claims."""


def test_every_claim_holds_somewhere_and_fails_somewhere():
    """Over the groups here, against untrained networks."""
    seen = {claim: set() for claim in CLAIMS}
    for name in ("C7", "S3", "D5", "A4", "S4"):
        rows = rows_of(name)
        untrained = {"random": [Subject(data_of(name), plants(data_of(name), seed=9)["random"])]}
        for kind, row in rows.items():
            subject = Subject(data_of(name), plants(data_of(name), PARTNERS[name] and named(PARTNERS[name]))[kind])
            for claim in CLAIMS:
                if claim in row.verdict.evidence and row.claim(claim) != "undecided":
                    seen[claim].add(row.claim(claim))
                elif "holds" not in seen[claim]:
                    seen[claim].add(judge(CLAIMS[claim], subject, untrained, np.random.default_rng(0)).verdict)
    for claim, verdicts in seen.items():
        if claim not in ELSEWHERE:
            assert {"holds", "fails"} <= verdicts, claim


def test_the_text_has_a_line_for_each_claim_and_theory():
    """Letters only, one for each network."""
    text = as_text("S3", list(rows_of("S3").values()))
    for claim in CLAIMS:
        line = next(line for line in text.splitlines() if line.split()[:1] == [claim])
        assert len([part for part in line.split()[1:] if part in "Hf."]) == len(rows_of("S3"))
    assert all(f"= {theory}" in text for theory in THEORIES)


def test_planted_rho_sets_are_largest_at_the_answer():
    """F(1) > F(g) for every vector a, on all types: the theorem in verify.rho_sets, by brute force."""
    for name in ("S4", "C7:C3", "Q8", "SL(2,3)"):
        data = data_of(name)
        for one in data.constituents:
            for seed in range(3):
                circuit = plant_rho_sets(data, [one], seed, generic=seed == 2)
                values = np.maximum(circuit.L[0] + circuit.R[0], 0) @ circuit.U  # F(z) at x = y = 1
                assert values.max() == pytest.approx(values[0])
                assert values[one.kernel] == pytest.approx(values[0])
                assert (values[~one.kernel] < values[0] - 1e-9).all()


def test_isotopes_and_memorised_tables():
    """The isotope has a Latin square of answers that is not the group's; half a memory is half right."""
    data = data_of("A4")
    circuit = plant_rho_sets(data, [data.constituents[i] for i in smallest_key_set(data)])
    found = Subject(data, isotope(circuit, np.random.default_rng(0))).readout.predictions
    assert (np.sort(found, axis=0) == np.arange(12)[:, None]).all()
    assert (np.sort(found, axis=1) == np.arange(12)).all()
    assert (found != data.group.table).any()
    half = Subject(data, memorised(data.group, 0.5, np.random.default_rng(0))).readout.predictions
    assert 0.4 < (half == data.group.table).mean() < 0.65
