"""The shipped small groups and the front door: labels are proved, files are what their checksums say."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files

import numpy as np
import pytest
from strategies import oracle, relabelled

from grouptool import from_permutations, group, identify
from grouptool.catalog import library
from grouptool.catalog.library import LibraryRecord, library_records, small_group, small_group_label
from grouptool.errors import CatalogError, NotationError, UnknownGroupError
from grouptool.structure import find_isomorphism, fingerprint

NUMBERS = {1: 1, 2: 1, 4: 2, 8: 5, 16: 14, 32: 51, 64: 267, 128: 2328, 96: 231, 192: 1543, 243: 67, 255: 1}


@pytest.mark.parametrize(("order", "count"), NUMBERS.items())
def test_the_number_of_groups_of_an_order(order, count):
    """OEIS A000001."""
    assert [record.index for record in library_records(order)] == list(range(1, count + 1))


def test_files_are_what_their_checksums_say():
    """SHA256SUMS names each data file."""
    data = files("catalogs")
    sums = dict(reversed(line.split()) for line in (data / "SHA256SUMS").read_text().splitlines())
    assert len(sums) == 3
    for name, digest in sums.items():
        assert hashlib.sha256((data / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("order", [1, 6, 16, 60, 96, 128, 192, 255])
def test_fingerprints_are_those_of_our_code(order):
    """Recomputed for a sample, from the generators."""
    for record in library_records(order)[:: max(1, len(library_records(order)) // 12)]:
        assert fingerprint(record.group())[: library.FINGERPRINT_DIGITS] == record.fingerprint


@pytest.mark.parametrize("record", [one for one in oracle() if one.get("id") and one["order"] <= 255][::3])
def test_labels_are_gap_s(record):
    """The oracle's generators are not the library's."""
    made = from_permutations(record["generators"])
    assert list(small_group_label(made)) == record["id"]
    assert small_group_label(relabelled(made, 5)[0]) == tuple(record["id"])


def test_groups_that_share_a_fingerprint_are_told_apart():
    """The library has such groups; each gets its own label, by an isomorphism."""
    found = 0
    for order in (64, 81, 100, 243):
        prints = [record.fingerprint for record in library_records(order)]
        for record in library_records(order):
            if prints.count(record.fingerprint) > 1:
                found += 1
                assert small_group_label(relabelled(record.group(), 3)[0]) == (order, record.index)
    assert found >= 6


def test_labels_and_quotients_parse_into_groups():
    """Anywhere in a specification."""
    assert find_isomorphism(group("24.12"), group("S4")) is not None
    assert find_isomorphism(group("24.3 x C2"), group("SL(2,3) x C2")) is not None
    assert find_isomorphism(group("SL(2,3) / Q8"), group("C3")) is not None
    assert find_isomorphism(group("(S4 / C2^2) wr C2"), group("S3 wr C2")) is not None
    assert small_group(8, 4).name == "8.4"


@pytest.mark.parametrize("text", ["24.16", "0.1", "300.1", "24.0"])
def test_labels_that_do_not_exist(text):
    """One line that says which there are."""
    with pytest.raises((UnknownGroupError, NotationError)):
        group(text)


def test_identification_says_what_it_does_not_know():
    """Orders above the library have no label."""
    found = identify(group("PSL(2,8)"))
    assert (found.label, found.description) == (None, "PSL(2,8)")
    assert identify(group("D4")).label == (8, 3)


def test_a_damaged_library_is_named(monkeypatch):
    """A fingerprint that no record has is no answer: the data are damaged."""
    wrong = tuple(
        LibraryRecord(one.order, one.index, one.description, one.generators, "0" * 16) for one in library_records(6)
    )
    monkeypatch.setattr(library, "library_records", lambda order: wrong)
    with pytest.raises(CatalogError, match="damaged"):
        small_group_label(group("S3"))


def test_lines_are_sorted_and_small():
    """One group a line, by label, so that a difference of two versions reads well."""
    for name in ("small_groups_1_255.jsonl", "small_groups_128.jsonl", "small_groups_192.jsonl"):
        rows = [json.loads(line) for line in (files("catalogs") / name).read_text().splitlines()]
        labels = np.array([(row["order"], row["index"]) for row in rows])
        assert (np.lexsort((labels[:, 1], labels[:, 0])) == np.arange(len(labels))).all()
