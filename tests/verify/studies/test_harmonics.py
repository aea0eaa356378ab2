"""The harmonics study: distances and radius on exact irreps, networks trained on orbits, impostors that must fail."""

import json

import numpy as np
import pytest

from grouptool import group
from grouptool.errors import GroupToolError
from grouptool.representations import character_table, unitary_irreps
from verify.studies import run_study
from verify.studies.harmonics import HarmonicsSettings, criteria, possible_degrees
from verify.studies.harmonics.commutative import read_commutative, train_commutative
from verify.studies.harmonics.network import Orbits, draw_orbits, scrambled, spectral_loss, train_spectral
from verify.studies.harmonics.recovery import certified_radius, distances, recover


def exact(name):
    return tuple(one.matrices for one in unitary_irreps(character_table(group(name))))


@pytest.mark.parametrize("name", ["C6", "S3", "Q8", "A4", "C7:C3", "S4"])
def test_exact_irreps_say_the_table_with_gap_2n(name):
    """Distance 0 at the product, exactly 2n at everything else: column orthogonality."""
    one, blocks = group(name), exact(name)
    found = distances(blocks)
    right = np.take_along_axis(found, one.table[:, :, None].astype(np.int64), axis=2)
    assert np.abs(right).max() < 1e-9
    np.put_along_axis(found, one.table[:, :, None].astype(np.int64), 2 * one.order, axis=2)
    assert np.abs(found - 2 * one.order).max() < 1e-9
    reading = recover(blocks, character_table(one))
    assert (reading.accuracy, reading.irreps) == (1.0, tuple(range(len(blocks))))
    assert reading.overlaps.min() > 1 - 1e-9
    assert reading.gap == pytest.approx(2 * one.order)


def test_inside_the_radius_no_noise_changes_the_table():
    """Random noise and noise directed at one other element; far outside it does change."""
    one, blocks, rng = group("D4"), exact("D4"), np.random.default_rng(0)
    radius = certified_radius(8)
    assert 2 * radius * (3 + radius) == pytest.approx(4)  # sqrt(16)
    for strength, always in ((0.999, True), (20.0, False)):
        kept = []
        for trial in range(12):
            pushes = [
                block[rng.permutation(8)] - block if trial % 2 else rng.standard_normal((2, *block.shape)).sum(axis=0)
                for block in blocks
            ]
            size = np.sqrt(
                sum(b.shape[1] * (np.abs(p) ** 2).sum(axis=(1, 2)) for b, p in zip(blocks, pushes, strict=True))
            )
            scale = (strength * radius / np.maximum(size, 1e-300))[:, None, None]
            noisy = tuple(b + scale * p for b, p in zip(blocks, pushes, strict=True))
            kept.append(bool((distances(noisy).argmin(axis=2) == one.table).all()))
        assert all(kept) == always


def test_true_irreps_are_invariant_and_only_plancherel_weights_know_it():
    """W(g) = rho(g)*: loss 0; the unweighted penalty is 0 on abelian groups alone, elsewhere as measured."""
    rng = np.random.default_rng(0)
    for name, mean in (("S3", 1 / 3), ("D4", 0.5), ("Q8", 0.5), ("A4", 1.0), ("C6", 0.0)):
        one = group(name)
        blocks = tuple(block.conj().mT for block in exact(name))
        orbits = draw_orbits(one, 5, rng)
        assert spectral_loss(orbits, blocks) == (pytest.approx(0, abs=1e-20), pytest.approx(0, abs=1e-20))
        unweighted = spectral_loss(orbits, blocks, plancherel=False)[1]
        degrees = sum(block.shape[1] for block in blocks)
        assert unweighted / one.order**2 * degrees**2 == pytest.approx(mean, abs=1e-6)


def test_the_gradient_is_the_slope():
    """Through the public training function: one step of L-BFGS lowers the loss, and losses are of the definition."""
    one, rng = group("S3"), np.random.default_rng(3)
    orbits = draw_orbits(one, 12, rng)
    short, long = (train_spectral(orbits, (1, 1, 2), np.random.default_rng(1), steps) for steps in (2, 40))
    assert long.loss < short.loss
    blocks = tuple(block.conj().mT for block in short.blocks)
    by_hand = 0.0
    for x, y in zip(orbits.signals, orbits.moved, strict=True):
        for block in blocks:
            a, b = (np.einsum("g,gij->ij", z, block) for z in (x, y))
            by_hand += float((np.abs(a @ a.conj().T - b @ b.conj().T) ** 2).mean()) / 12 / 3
    assert short.invariance == pytest.approx(by_hand)
    a = orbits.moved[0]
    assert any(np.array_equal(a, orbits.signals[0][one.table[g]]) for g in range(6))


@pytest.mark.parametrize("name", ["C2 x C2", "C5", "S3", "C8", "D4", "Q8", "C3:C4"])
def test_orbits_alone_teach_the_group(name):
    """Table and irreps at rounding within three starts, D4 and Q8 told apart."""
    one = group(name)
    characters = character_table(one)
    orbits = draw_orbits(one, 20 * one.order, np.random.default_rng(0))
    for start in range(3):
        network = train_spectral(orbits, tuple(characters.degrees.tolist()), np.random.default_rng(start))
        if network.loss < 1e-6:
            break
    reading = recover(network.blocks, characters)
    assert network.loss < 1e-20
    assert np.array_equal(reading.table, one.table)
    assert reading.overlaps.min() > 0.999
    assert sorted(reading.irreps) == list(range(len(characters)))
    assert reading.gap == pytest.approx(2 * one.order)


def test_no_group_wrong_sizes_and_few_orbits_teach_nothing():
    """Scrambled orbits and wrong block sizes keep a loss; one pair alone is met by something that is no group."""
    one = group("S3")
    orbits = draw_orbits(one, 120, np.random.default_rng(0))
    for seed in range(2):
        rng = np.random.default_rng(seed)
        assert train_spectral(scrambled(orbits, rng), (1, 1, 2), rng).loss > 1e-3
        assert train_spectral(orbits, (1,) * 6, rng).loss > 1e-3
    single = Orbits(orbits.signals[:1], orbits.moved[:1])
    network = train_spectral(single, (1, 1, 2), np.random.default_rng(0))
    assert network.loss < 1e-6
    assert recover(network.blocks, character_table(one)).overlaps.min() < 0.999


def test_possible_degrees_hold_the_true_ones():
    """Orders 8 and 12 by hand; the degrees of small groups are always among them."""
    assert possible_degrees(8) == [(1,) * 8, (1, 1, 1, 1, 2)]
    assert possible_degrees(12) == [(1,) * 12, (1, 1, 1, 1, 2, 2), (1, 1, 1, 3)]
    for name in ("F5:4", "SL(2,3)", "S4", "C7:C3", "Q16"):
        one = group(name)
        assert tuple(character_table(one).degrees.tolist()) in possible_degrees(one.order)


def test_the_commutative_network_reads_c5_and_not_s3():
    """Characters as rows, the table from the columns; on S3 no start succeeds. Planted characters are read as such."""
    for name, works in (("C5", True), ("S3", False)):
        one, characters = group(name), character_table(group(name))
        best = 0.0
        for seed in (0, 2):
            rng = np.random.default_rng(seed)
            weights, loss = train_commutative(draw_orbits(one, 10 * one.order, rng), rng, 400)
            reading = read_commutative(weights, loss, characters)
            best = max(best, min(reading.accuracy, reading.overlap))
        assert (criteria.COMMUTATIVE.verdict_of(best) == "holds") == works
    characters = character_table(group("C6"))
    planted = characters.complex[:, characters.classes.class_of] / np.sqrt(6)
    reading = read_commutative(planted, 0.0, characters)
    assert (reading.accuracy, reading.characters, reading.overlap) == (1.0, 6, pytest.approx(1))


def test_the_study_holds_on_s3_with_unknown_sizes(tmp_path, call):
    """All statements, three controls that fail, four pictures, and the sizes of the blocks found by trying."""
    options = ("--restarts", "3", "--dimensions", "unknown", "--out", "here", "--format", "json")
    code, out, _ = call("study", "harmonics", "S3", *options)
    written = json.loads(out)
    assert (code, written["verdict"]) == (0, "holds")
    assert {one["verdict"] for one in written["claims"]} == {"holds"}
    assert [one["verdict"] for one in written["controls"]] == ["fails"] * 3
    assert "dimensions" in {one["claim"] for one in written["claims"]}
    ranking = next(one for one in written["tables"] if "sizes" in one["title"])["rows"]
    assert [row["degrees"] for row in ranking] == ["1 1 2", "1 1 1 1 1 1"]
    assert sorted(one.stem for one in (tmp_path / "here" / "figures").glob("*.svg")) == [
        "distances", "noise", "starts", "table",
    ]  # fmt: skip


def test_every_group_up_to_an_order_is_recovered(tmp_path):
    """Orders 2 to 7, eight groups, each looked up in the library as what it is."""
    found = run_study("harmonics", None, HarmonicsSettings(up_to=7), str(tmp_path / "x")).findings
    assert found.verdict == "holds"
    assert found.numbers == {"groups": 8, "recovered": 8}
    assert [one.verdict for one in found.controls] == ["fails"]
    assert {row["looked up"] for row in found.tables[0].rows} == {"yes"}


def test_starts_that_are_all_stuck_decide_nothing(tmp_path):
    """One start on A4 that ends in a minimum of its own: right table or not, the irreps stay undecided, not refuted."""
    for seed in range(6):
        settings = HarmonicsSettings(restarts=1, seed=seed)
        run = run_study("harmonics", group("A4"), settings, str(tmp_path / str(seed)))
        irreps = next(one for one in run.findings.evidence if one.claim.name == "irreps")
        if irreps.score < 0.9:
            break
    assert irreps.verdict == run.findings.verdict == "undecided"
    assert "unknown" in irreps.reason


def test_what_cannot_be_done_is_refused(tmp_path):
    """No group, the trivial one, one that is too large."""
    with pytest.raises(GroupToolError, match="needs a group, or --up-to"):
        run_study("harmonics", None, HarmonicsSettings(), str(tmp_path / "a"))
    for name in ("C1", "S5"):
        with pytest.raises(GroupToolError, match="order 2 to 24"):
            run_study("harmonics", group(name), HarmonicsSettings(), str(tmp_path / name))
