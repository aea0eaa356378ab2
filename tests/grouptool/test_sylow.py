"""Sylow, Hall and Carter subgroups, and cores: by theorems, and by the list of all subgroups."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given
from strategies import named, small_groups

from grouptool.errors import BudgetSpentError
from grouptool.group import prime_factors
from grouptool.structure import subgroup_lattice
from grouptool.structure.local import (
    carter_subgroup,
    core_for_primes,
    fitting_subgroup,
    hall_subgroup,
    number_of_sylow_subgroups,
    p_core,
    p_prime_core,
    solvable_radical,
    sylow_subgroup,
    sylow_system,
)
from grouptool.structure.normal import normal_subgroups
from grouptool.structure.series import is_nilpotent, is_solvable


def sets_of_primes(made):
    primes = [prime for prime, _ in prime_factors(made.order)]
    return chain.from_iterable(combinations(primes, size) for size in range(len(primes) + 1))


def part(order, primes):
    return int(np.prod([p**k for p, k in prime_factors(order) if p in primes], dtype=object)) if primes else 1


@given(small_groups())
def test_sylow_theorems(made):
    """The full power of p; their number divides the rest and is 1 modulo p; it is the number of conjugates."""
    for prime, multiplicity in prime_factors(made.order):
        found = sylow_subgroup(made, prime)
        assert found.order == prime**multiplicity
        count = number_of_sylow_subgroups(made, prime)
        assert count % prime == 1
        assert (made.order // found.order) % count == 0
        assert len({found ^ g for g in range(made.order)}) == count


@given(small_groups())
def test_hall_subgroups_by_the_list_of_all(made):
    """Found when a subgroup of that order exists, None when none does (A5 has none for {2, 5})."""
    present = {one.order for one in subgroup_lattice(made).classes}
    for primes in sets_of_primes(made):
        found = hall_subgroup(made, primes)
        assert (found is not None) == (part(made.order, primes) in present)
        assert found is None or found.order == part(made.order, primes)


@given(small_groups())
def test_cores_by_the_list_of_normal_subgroups(made):
    """The largest normal subgroup of the kind, and it contains all others of the kind."""
    normal = normal_subgroups(made)
    for primes in sets_of_primes(made):
        core = core_for_primes(made, primes)
        assert all(one <= core for one in normal if part(one.order, primes) == one.order)
        assert core.is_normal
        assert part(core.order, primes) == core.order
    for name, kind in ((fitting_subgroup, is_nilpotent), (solvable_radical, is_solvable)):
        assert kind(name(made))
        assert all(one <= name(made) for one in normal if kind(one))


def test_the_core_that_is_no_extension_of_p_groups():
    """O_7'(A5 x C7) is A5: no prime alone reaches it."""
    made = named("A5 x C7")
    assert p_prime_core(made, 7).order == 60
    assert p_core(made, 7).order == 7
    assert solvable_radical(made).order == 7


@given(small_groups())
def test_carter_subgroups_and_sylow_systems(made):
    """Nilpotent and its own normaliser; Sylow subgroups that permute. For solvable groups."""
    if not is_solvable(made):
        for refused in (carter_subgroup, sylow_system):
            with pytest.raises(ValueError, match="not solvable"):
                refused(made)
        return
    carter = carter_subgroup(made)
    assert is_nilpotent(carter)
    assert carter.normalizer == carter
    system = sylow_system(made)
    for (p, one), (q, other) in combinations(system.items(), 2):
        assert (one.order, other.order) == (part(made.order, [p]), part(made.order, [q]))
        assert (one | other).order == one.order * other.order


def test_refusals():
    """No Sylow subgroup for 4 or 1; a stopped Hall search says unknown."""
    for number in (4, 1, 0, -3):
        with pytest.raises(ValueError, match="not a prime"):
            sylow_subgroup(named("S4"), number)
    with pytest.raises(BudgetSpentError, match="unknown"):
        hall_subgroup(named("A5"), [2, 5], budget=5)
