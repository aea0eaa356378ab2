"""From evidence to verdicts: the rules, on made-up evidence."""

from __future__ import annotations

import pytest
from strategies import named

from verify.claims import CLAIMS
from verify.evidence import Evidence
from verify.groupdata import GroupData
from verify.theories import THEORIES, Prediction
from verify.verdict import EXIT_CODES, NetworkVerdict, judge_experiment, judge_theory

ACCOUNTS = [name for name, one in THEORIES.items() if not one.null]
APPLIES = {name: Prediction(name != "approximate-cosets", "yes") for name in THEORIES}
GOOD = {"swap": 0.0}


def evidence(**changes):
    """Perfect scores, but for the changes: a score, or a reason."""
    found = {}
    for name, claim in CLAIMS.items():
        value = changes.get(name.replace("-", "_"), GOOD.get(name, 1.0))
        details = {"loss": 0.0, "occupancy": {"4a": 0.9}, "families": {"order 24, index 5": 0.8}}
        if isinstance(value, str):
            found[name] = Evidence(claim, 1.0, {"random": (1.0,)}, details, value)
        else:
            found[name] = Evidence(claim, value, {"random": (0.1,)}, details)
    return found


def network(seed, predictions=APPLIES, **changes):
    found = evidence(**changes)
    return NetworkVerdict(
        seed, found, {name: judge_theory(one, predictions[name], found) for name, one in THEORIES.items()}
    )


def verdicts(one):
    """Of the accounts that apply, the null left out."""
    return {one.theories[name].verdict for name in ACCOUNTS if one.theories[name].applies}


def test_the_random_null_survives_where_no_claim_holds():
    """It has no voice in the verdict: a network without any structure is no algorithm that survives."""
    good = network(0)
    assert good.theories["random-null"].verdict == "fails"
    nothing = {name.replace("-", "_"): 1.0 if claim.direction == "lower" else 0.0 for name, claim in CLAIMS.items()}
    bad = network(0, **nothing)
    assert bad.theories["random-null"].verdict == "holds"
    assert bad.verdict == "fails"
    between = network(0, **(nothing | {"neuron_purity": 0.8}))
    assert between.theories["random-null"].verdict == "undecided"
    right = network(0, **(nothing | {"table_accuracy": 1.0}))
    assert right.theories["random-null"].why == "chance does not give table-accuracy (1.000)"


def test_exit_codes():
    """0 holds, 3 fails, 4 undecided."""
    assert EXIT_CODES == {"holds": 0, "fails": 3, "undecided": 4}


def test_perfect_evidence_holds():
    """Every theory survives."""
    assert verdicts(network(0)) == {"holds"}
    assert network(0).verdict == "holds"


def test_one_failing_claim_fells_its_theories_only():
    """One theory failing while another survives is a finding: the verdict holds."""
    verdict = network(0, character_logits=0.59)
    assert verdict.theories["characters"].verdict == "fails"
    assert "character-logits (0.590)" in verdict.theories["characters"].why
    assert verdict.theories["cosets"].verdict == "holds"
    assert verdict.verdict == "holds"


def test_all_failing_fails():
    """Exit 3 when no theory survives; a theory that does not apply has no voice in it."""
    verdict = network(0, neuron_purity=0.3, coset_alignment=0.1)
    assert verdict.verdict == "fails"
    silent = APPLIES | {"cosets": Prediction(False, "no proper subgroup")}
    assert network(0, silent, neuron_purity=0.3).verdict == "fails"
    assert network(0, silent, neuron_purity=0.3).theories["cosets"].verdict == "undecided"


def test_between_the_thresholds_is_undecided():
    """One claim in between keeps its theory open, and the verdict when nothing else survives."""
    verdict = network(0, character_logits=0.85, bi_equivariance=0.85, coset_alignment=0.7)
    assert verdicts(verdict) == {"undecided"}
    assert verdict.verdict == "undecided"


def test_claims_that_cannot_discriminate_drop_out():
    """But not all those about weights: then a lookup table could do as well."""
    assert network(0, layer_agreement="controls too").theories["characters"].verdict == "holds"
    verdict = network(0, neuron_purity="controls too").theories["characters"]
    assert verdict.verdict == "undecided"
    assert "lookup table" in verdict.why
    assert network(0, neuron_purity="controls too").theories["rho-sets"].verdict == "holds"


def test_claims_that_were_not_measured_leave_a_theory_open():
    """The fast tier can fell a theory, not crown it; and the telling claims lead the table."""
    fast = {name: one for name, one in evidence().items() if CLAIMS[name].tier == "fast"}
    verdict = judge_theory(THEORIES["rho-sets"], APPLIES["rho-sets"], fast)
    assert verdict.verdict == "undecided"
    assert "not measured in this tier: rho-set-logits" in verdict.why
    assert judge_theory(THEORIES["characters"], APPLIES["characters"], fast).verdict == "holds"
    failing = {name: one for name, one in evidence(bi_equivariance=0.1).items() if CLAIMS[name].tier == "fast"}
    assert judge_theory(THEORIES["rho-sets"], APPLIES["rho-sets"], failing).verdict == "fails"
    table = list(judge_experiment(GroupData(named("S3")), [network(0)], APPLIES).claims)
    assert table[0] == "bi-equivariance"
    marked = [CLAIMS[name].discriminating for name in table]
    assert marked == sorted(marked, reverse=True)


@pytest.mark.parametrize(
    ("scores", "verdict"),
    [
        ((0.95, 0.95, 0.5), "holds"),
        ((0.5, 0.5, 0.95), "fails"),
        ((0.95, 0.5, 0.85), "undecided"),
        ((0.95, 0.5), "undecided"),
    ],
)
def test_most_networks_decide(scores, verdict):
    """More than half, else undecided with what each said."""
    networks = [network(seed, bi_equivariance=score) for seed, score in enumerate(scores)]
    judged = judge_experiment(GroupData(named("S5")), networks, APPLIES)
    assert judged.claims["bi-equivariance"] == verdict
    assert judged.theories["rho-sets"].verdict == verdict
    if verdict == "undecided":
        assert "disagree" in judged.theories["rho-sets"].why


def test_networks_that_did_not_learn_have_no_vote():
    """A training failure is no evidence against a theory; with no learner at all nothing was tested."""
    failed = {"table_accuracy": 0.4, "bi_equivariance": 0.1, "coset_alignment": 0.0}
    data = GroupData(named("S5"))
    mixed = judge_experiment(data, [network(0, **failed), network(1, **failed), network(2)], APPLIES)
    assert mixed.verdict == "holds"
    assert "1 of 3 networks learned" in mixed.sentence
    nobody = judge_experiment(data, [network(0, **failed), network(1, **failed)], APPLIES)
    assert nobody.verdict == "undecided"
    assert "None of 2 networks learned" in nobody.sentence
    assert "--train-fraction" in nobody.sentence


def test_the_sentence_says_what_was_found():
    """Representations, cosets, the two logit shares, and who survives."""
    networks = [network(seed, bi_equivariance=0.98, character_logits=0.59) for seed in range(3)]
    sentence = judge_experiment(GroupData(named("S5")), networks, APPLIES).sentence
    assert "3 of 3 networks learned all 14,400 products of S5" in sentence
    assert "98% of the logits' variance is a function of x^-1 z y^-1 but only 59% a sum of characters" in sentence
    assert "4a (90%)" in sentence
    assert "order 24, index 5" in sentence
    assert sentence.endswith("The coset account and the rho-set account survive; the character account (GCR) does not.")
