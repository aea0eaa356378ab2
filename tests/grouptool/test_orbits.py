"""Orbits of points under permutations, against walks of one point at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grouptool.group import orbit_labels
from grouptool.structure.orbits import orbit, orbit_numbers


def reached(point, maps):
    """By definition: apply permutations until nothing is new."""
    found, waiting = {point}, [point]
    while waiting:
        x = waiting.pop()
        for images in maps:
            if images[x] not in found:
                found.add(images[x])
                waiting.append(images[x])
    return found


@pytest.mark.parametrize("kernels", ["plain", "compiled"])
@given(
    maps=st.integers(1, 12).flatmap(lambda m: st.lists(st.permutations(range(m)), min_size=1, max_size=3)),
    data=st.data(),
)
def test_orbits_by_definition(kernels, maps, data):
    """One orbit, and the numbers of all, ascending by smallest point."""
    points = len(maps[0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GROUPTOOL_KERNELS", kernels)
        numbers = orbit_numbers(np.array(maps), points)
        point = data.draw(st.integers(0, points - 1))
        assert set(np.flatnonzero(orbit(point, np.array(maps), points))) == reached(point, maps)
    orbits = sorted({min(found): sorted(found) for found in (reached(x, maps) for x in range(points))}.items())
    assert [np.flatnonzero(numbers == k).tolist() for k in range(len(orbits))] == [found for _, found in orbits]


@pytest.mark.parametrize("kernels", ["plain", "compiled"])
def test_without_permutations_every_point_is_an_orbit(kernels, monkeypatch):
    """The trivial group has no generators."""
    monkeypatch.setenv("GROUPTOOL_KERNELS", kernels)
    assert orbit_numbers([], 3).tolist() == [0, 1, 2]
    assert orbit(1, [], 3).tolist() == [False, True, False]


def test_labels_along_one_long_cycle():
    """Labels are chased to their ends, not passed from neighbour to neighbour: a cycle of many points in any order."""
    cycle = np.random.default_rng(0).permutation(50_000)
    images = np.empty_like(cycle)
    images[cycle] = np.roll(cycle, 1)
    images[[7, images.tolist().index(7)]] = images[[images.tolist().index(7), 7]]  # 7 is fixed
    labels = orbit_labels([images], len(images))
    assert labels[7] == 7
    assert not np.delete(labels, 7).any()
