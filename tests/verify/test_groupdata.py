"""The exact facts that claims stand on: the gate, and the published representation that it would have stopped."""

from __future__ import annotations

import numpy as np
import pytest
from strategies import named

from grouptool.errors import RepresentationError
from grouptool.representations import check_representation
from verify.groupdata import GroupData


@pytest.mark.parametrize("name", ["C2", "C7", "S3", "Q8", "A4", "C7:C3", "SL(2,3)", "S4", "A5"])
def test_the_gate_is_rounding(name):
    """All five differences, on all types."""
    found = GroupData(named(name)).gate()
    assert set(found) == {"homomorphism", "dimensions", "idempotent", "complete", "involutions"}
    assert max(found.values()) < 1e-10


def test_an_axis_of_the_wrong_length_is_no_representation():
    """The icosahedron's 3-dimensional representation with a rotation about an axis that is not of length one.

    Chughtai et al. (2023) released (1 + sqrt 5) / 5 in place of / 4, an axis of length .86: their matrices are no
    homomorphism, and the published A5 rows rest on them.
    """
    data = GroupData(named("A5"))
    group = data.group
    irrep = data.irrep([one.name for one in data.constituents].index("3a"))
    check_representation(group, irrep.matrices)
    turned = next(g for g in group.generators if abs(np.trace(irrep.matrices[g]) + 1) > 1e-6)  # no half turn
    matrix = irrep.matrices[turned]
    axis = np.array([matrix[2, 1] - matrix[1, 2], matrix[0, 2] - matrix[2, 0], matrix[1, 0] - matrix[0, 1]])
    axis *= 0.86 / np.linalg.norm(axis)
    cosine = (np.trace(matrix) - 1) / 2
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    wrong = np.eye(3) * cosine + np.sqrt(1 - cosine**2) * cross + (1 - cosine) * np.outer(axis, axis)
    images = {0: np.eye(3)}
    generators = {g: wrong if g == turned else irrep.matrices[g] for g in group.generators}
    queue = [0]
    for x in queue:  # breadth first: every element as a product of generators
        for g, made in generators.items():
            if (product := int(group.table[x, g])) not in images:
                images[product] = images[x] @ made
                queue.append(product)
    with pytest.raises(RepresentationError, match="not a homomorphism"):
        check_representation(group, np.stack([images[x] for x in range(60)]))


def test_subgroup_masks_are_all_proper_subgroups():
    """S4 has 30 subgroups, 28 of them proper and not trivial; each mask is closed under products."""
    data = GroupData(named("S4"))
    assert data.subgroup_masks.shape == (28, 24)
    for mask in data.subgroup_masks.astype(bool):
        members = np.flatnonzero(mask)
        assert mask[data.group.table[np.ix_(members, members)]].all()


def test_masks_of_too_many_subgroups_are_those_of_the_largest(monkeypatch):
    """With room for ten subgroups of S4: A4, three of order 8, four of order 6; the next class does not fit."""
    monkeypatch.setattr("verify.groupdata.MOST_CELLS", 24 * 10)
    orders = GroupData(named("S4")).subgroup_masks.sum(axis=1).tolist()
    assert orders == [12, 8, 8, 8, 6, 6, 6, 6]
