"""Groups and relabellings that several tests draw from, and the oracle."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from grouptool import Group, from_permutations, from_table, group

SMALL_NAMES = (
    "C1",
    "C2",
    "C6",
    "C7",
    "C2^3",
    "S3",
    "D4",
    "Q8",
    "D5",
    "A4",
    "Dic3",
    "C7:C3",
    "S4",
    "SL(2,3)",
    "C3 x S3",
)
ORACLE_FILE = Path(__file__).parents[1] / "oracles" / "groups.json"


@cache
def oracle() -> list[dict[str, Any]]:
    """The groups of the oracle, as dictionaries."""
    groups: list[dict[str, Any]] = json.loads(ORACLE_FILE.read_text())["groups"]
    return groups


@cache
def named(name: str) -> Group:
    """A group by name, built once."""
    return group(name)


def small_groups() -> st.SearchStrategy[Group]:
    """Named groups of order up to 24, and groups that two random permutations of five points generate."""
    random = st.lists(st.permutations(range(5)), min_size=1, max_size=2).map(from_permutations)
    return st.sampled_from(SMALL_NAMES).map(named) | random


def relabelled(given: Group, seed: int) -> tuple[Group, np.ndarray]:
    """The same group with its elements renumbered at random, and the new number of each old element."""
    rng = np.random.default_rng(seed)
    new = np.concatenate(([0], 1 + rng.permutation(given.order - 1)))
    old = np.argsort(new)
    return from_table(new[given.table[np.ix_(old, old)]]), new
