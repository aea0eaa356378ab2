"""Write the derived fields of the shipped data again, from the generators, and the checksums.

    python -m catalogs.regenerate [--processes N]

Fingerprints first, then facts and names, then the named groups; progress on standard error. Each file is written aside
and renamed, and nothing is written when nothing changes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numba  # noqa: F401 (loaded, so that kernels are used from the start)

from grouptool import from_permutations
from grouptool.catalog import facts, library, naming
from grouptool.catalog.library import FINGERPRINT_DIGITS, FLAGS, NUMBERS, TYPES, LibraryRecord
from grouptool.structure import describe_structure, fingerprint

HERE = Path(__file__).parent
PARTS = ("1_255", "128", "192")


def with_fingerprint(line: str) -> str:
    """A line of small groups with its derived field computed anew."""
    record = json.loads(line)
    group = from_permutations([[point - 1 for point in image] for image in record["generators"]])
    assert group.order == record["order"], (record["order"], record["index"], group.order)
    record["fingerprint"] = fingerprint(group)[:FINGERPRINT_DIGITS]
    return _compact(record)


def facts_line(record: LibraryRecord) -> str:
    """The line of derived facts of a small group; ``README.md`` says what its columns are."""
    return _compact(named_row(core_row(record), record))


def core_row(record: LibraryRecord) -> list[Any]:
    """The columns of a line of facts, without a name and synonyms."""
    parts = facts.Parts(record.group())
    found: dict[str, Any] = {}
    for name in SHIPPED:
        found.update(facts.computed(name, parts))
    maximal, onto = facts.below(parts)
    flags = "".join("1" if found[name] else "0" for name in FLAGS)
    return [
        record.label,
        None,
        None,
        describe_structure(parts.group),
        flags,
        [found.get(name) for name in NUMBERS],
        " ".join(found[name] for name in TYPES),
        [found["classes"], found["irreps"]],
        " ".join(maximal),
        " ".join(onto),
        " ".join(found["normal_subgroups"]),
        " ".join(found["composition_factors"]),
    ]


SHIPPED = tuple(name for name in facts.FAMILIES if name not in ("subgroup types", "quotient types", "identity", "name"))
"""The families whose facts stand in a line; the others follow from the types below, or from the label."""
