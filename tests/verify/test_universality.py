"""Networks compared across seeds: exact intervals and tests, occupancy of planted networks, matched neurons."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from math import comb

import numpy as np
import pytest
from strategies import named

from grouptool.errors import NetworkError
from verify.architecture import ACTIVATIONS
from verify.claims import Subject
from verify.controls import joined, plant_rho_sets, random_circuit
from verify.groupdata import GroupData
from verify.reading import Circuit
from verify.universality import best_assignment, binomial_tail, exact_interval, match_neurons, occupancy, order_test

S4 = GroupData(named("S4"))
PLACES = {one.name: one for one in S4.constituents}


def planted(*names, seed=0):
    return Subject(S4, joined([plant_rho_sets(S4, [PLACES[name]], seed) for name in names]))


def untrained(seed):
    return Subject(S4, random_circuit(24, 32, 40, np.random.default_rng(seed)))


def test_tails_and_intervals_against_sums_and_a_table():
    """Binomial sums term by term; the interval of 8 in 20 as printed in Clopper and Pearson's tables (.191 to .640)."""
    for count, trials, probability in ((0, 5, 0.3), (3, 5, 0.3), (50, 50, 0.9), (17, 50, 0.2)):
        terms = [comb(trials, k) * probability**k * (1 - probability) ** (trials - k) for k in range(count, trials + 1)]
        assert binomial_tail(count, trials, probability) == pytest.approx(sum(terms))
    assert exact_interval(8, 20) == pytest.approx((0.1912, 0.6395), abs=1e-3)
    assert exact_interval(0, 10) == pytest.approx((0, 1 - 0.025 ** (1 / 10)), abs=1e-9)
    assert exact_interval(10, 10) == pytest.approx((0.025 ** (1 / 10), 1), abs=1e-9)


def test_occupancy_of_planted_networks_is_no_accident():
    """Ten networks all with 3a, two of them with a second one: 3a is used beyond chance, the other is not."""
    networks = [planted("3a", *(["2a"] if seed < 2 else []), seed=seed) for seed in range(10)]
    rows = {row.name: row for row in occupancy(networks)}
    assert (rows["3a"].used, rows["2a"].used, rows["3b"].used) == (10, 2, 0)
    # each network uses 1 of 4 representations, two use 2: P(all use 3a) = (1/4)^8 (1/2)^2
    assert rows["3a"].p_value == pytest.approx(0.25**8 * 0.5**2)
    assert rows["2a"].p_value > 0.5
    assert rows["3b"].p_value == 1
    assert rows["3a"].low == pytest.approx(0.025 ** (1 / 10))
    assert rows["3a"].chance == pytest.approx(9 / 23)
    assert [rows[name].orbit for name in ("1b", "2a", "3a", "3b")] == [2, 3, 4, 6]
    assert next(iter(rows)) == "3a"


def test_untrained_networks_occupy_nothing():
    """No neuron is at home anywhere: the null of every count is 0."""
    assert all(row.used == 0 and row.share == 0 and row.p_value == 1 for row in occupancy([untrained(0), untrained(1)]))


def test_permuted_and_scaled_neurons_are_matched():
    """The same network in disguise matches perfectly, another one no better than chance."""
    first = planted("3a", "2a")
    rng = np.random.default_rng(0)
    order, factors = rng.permutation(first.circuit.width), rng.uniform(0.1, 10, first.circuit.width)
    circuit = first.circuit
    disguised = Circuit(
        (circuit.L * factors)[:, order], (circuit.R * factors)[:, order], (circuit.U / factors[:, None])[order]
    )
    match = match_neurons(first, Subject(S4, disguised), rng)
    assert match.mean == pytest.approx(1)
    assert match.chance < 0.6
    # Neuron i of the first is where the disguise put it, up to neurons that are the same up to scale.
    mine, theirs = (table / np.linalg.norm(table, axis=0) for table in (circuit.L, disguised.L[:, match.partner]))
    assert np.allclose(mine, theirs)
    other = match_neurons(untrained(0), untrained(1), rng)
    assert other.mean == pytest.approx(other.chance, abs=0.1)


def test_networks_of_unequal_width():
    """Neurons without a partner count nothing."""
    wide, narrow = planted("3a", "2a"), planted("3a")
    match = match_neurons(wide, narrow, np.random.default_rng(0))
    assert (match.partner >= 0).sum() == narrow.circuit.width
    assert match.similarity[match.partner < 0].max() == 0
    assert match_neurons(narrow, wide, np.random.default_rng(0)).mean == pytest.approx(1)


def test_the_assignment_by_brute_force():
    """The best of all permutations, on matrices with ties and negative entries too."""
    rng = np.random.default_rng(0)
    for size in (1, 2, 5, 6):
        for values in (rng.standard_normal((size, size)), rng.integers(-2, 3, (size, size)).astype(float)):
            columns = best_assignment(values)
            assert sorted(columns) == list(range(size))
            best = max(values[np.arange(size), list(one)].sum() for one in permutations(range(size)))
            assert values[np.arange(size), columns].sum() == pytest.approx(best)


def test_other_groups_are_refused():
    """Networks on different groups, or none, are not compared."""
    other = Subject(GroupData(named("SL(2,3)")), random_circuit(24, 8, 8, np.random.default_rng(0)))
    with pytest.raises(NetworkError, match="different groups"):
        occupancy([untrained(0), other])
    with pytest.raises(NetworkError, match="no networks"):
        occupancy([])


def test_the_order_of_the_published_counts_by_brute_force():
    """50 S5 networks of Chughtai et al. (sign, standard, 5a, its twist, 5b, 6a) against the least rho-sets.

    All pairs but the ties agree; of the 720 orders few do as well.
    """
    counts, orbits = (49, 49, 18, 17, 10, 0), (2, 5, 6, 10, 10, 20)
    tau, p_value = order_test(counts, orbits)
    assert tau == pytest.approx((15 - 2) / 15)  # 49, 49 and 10, 10 are ties
    assert p_value == pytest.approx(4 / 720)  # the ties exchanged
    assert order_test(counts, [-one for one in orbits])[0] == pytest.approx(-tau)
    assert order_test((1, 1, 1), (1, 2, 3)) == (0, 1)
    assert order_test((3, 2, 1), (1, 2, 3)) == (1, pytest.approx(1 / 6))
    with pytest.raises(NetworkError, match="2 to 8"):
        order_test((1, 2), (1, 2, 3))


@pytest.mark.parametrize("name", ["abs", "square", "tanh", "product"])
def test_the_signs_of_an_activation_are_taken_out(name):
    """Each sign triple leaves the hidden layer's contribution alone, and a disguise with random ones matches."""
    rng = np.random.default_rng(3)
    kind = ACTIVATIONS[name]
    left, right, outer = rng.standard_normal((3, 40))
    for a, b, c in kind.signs:
        assert np.allclose(kind.apply(a * left, b * right) * c * outer, kind.apply(left, right) * outer)
    plain = random_circuit(24, 32, 12, rng)
    signs = np.array(kind.signs)[np.arange(12) % len(kind.signs)]
    disguised = Circuit(plain.L * signs[:, 0], plain.R * signs[:, 1], plain.U * signs[:, 2:])

    def similarity(activation):
        one, other = (Subject(S4, replace(circuit, activation=activation)) for circuit in (plain, disguised))
        return match_neurons(one, other, rng).mean

    assert similarity(name) == pytest.approx(1)
    assert similarity("relu") < 0.8
