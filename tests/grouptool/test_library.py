"""The shipped small groups and the front door: labels are proved, files are what their checksums say."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files

import numpy as np
import pytest
from strategies import oracle, relabelled

from catalogs import regenerate
from grouptool import Group, from_permutations, group, identify, large_group
from grouptool.catalog import library
from grouptool.catalog.fields import FIELDS
from grouptool.catalog.library import (
    NUMBERS,
    LibraryRecord,
    identify_small,
    library_records,
    library_version,
    shipped_groups,
    small_group,
    small_group_label,
)
from grouptool.errors import CatalogError, NotationError, UnknownGroupError
from grouptool.structure import find_isomorphism, fingerprint

COUNTS = {1: 1, 2: 1, 4: 2, 8: 5, 16: 14, 32: 51, 64: 267, 128: 2328, 96: 231, 192: 1543, 243: 67, 255: 1}


@pytest.mark.parametrize(("order", "count"), COUNTS.items())
def test_the_number_of_groups_of_an_order(order, count):
    """OEIS A000001."""
    assert [record.index for record in library_records(order)] == list(range(1, count + 1))


def test_files_are_what_their_checksums_say():
    """SHA256SUMS names each data file."""
    data = files("catalogs")
    sums = dict(reversed(line.split()) for line in (data / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == {place.name for place in data.iterdir() if place.name.endswith(".jsonl")}
    assert len(sums) == 7
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
    monkeypatch.setattr(library, "label_by_fingerprint", library.label_by_fingerprint.__wrapped__)  # without its cache
    with pytest.raises(CatalogError, match="damaged"):
        small_group_label(group("S3"))


def test_lines_are_sorted_and_small():
    """One group a line, by label, so that a difference of two versions reads well."""
    for part in ("1_255", "128", "192"):
        small, derived = (
            [json.loads(line) for line in (files("catalogs") / f"{kind}_{part}.jsonl").read_text().splitlines()]
            for kind in ("small_groups", "facts")
        )
        labels = np.array([(row["order"], row["index"]) for row in small])
        assert (np.lexsort((labels[:, 1], labels[:, 0])) == np.arange(len(labels))).all()
        assert [row[0] for row in derived] == [f"{order}.{index}" for order, index in labels.tolist()]
    total = sum(len((files("catalogs") / f"facts_{part}.jsonl").read_bytes()) for part in ("1_255", "128", "192"))
    assert total < 6_000_000


# -- all of it


def test_everything_that_is_shipped():
    """Small groups in order, then named ones by order; facts are complete, closures hold the groups themselves."""
    shipped = list(shipped_groups())
    small = [one for one in shipped if one.label]
    assert len(small) == 7_012
    assert [one.label for one in small] == [one.label for order in range(1, 256) for one in library_records(order)]
    others = shipped[len(small) :]
    assert len(others) > 100
    assert [one.order for one in others] == sorted(one.order for one in others)
    assert len({one.name for one in shipped}) == len(shipped)
    undefined = {field.name for field in FIELDS if field.undefined}
    names = [field.name for field in FIELDS]
    for one in small:
        assert sorted(one.facts) == sorted(names)
        missing = {name for name, value in one.facts.items() if value is None} - undefined
        assert missing <= {"num_subgroups", "permutation_degree"}, (one.label, missing)
        for which in ("subgroups", "normal_subgroups", "quotients"):
            assert one.facts[which][0] == "1.1"
            assert one.facts[which][-1] == one.label
        assert set(one.facts["maximal_subgroups"]) <= set(one.facts["subgroups"])
        assert set(one.facts["normal_subgroups"]) <= set(one.facts["subgroups"])
        assert sum(order_size[1] * order_size[2] for order_size in one.facts["classes"]) == one.order
        assert sum(d * d * many for d, _, _, many in one.facts["irreps"]) == one.order
    for one in others:
        assert list(one.facts) == names
        assert one.facts["order"] == one.order


def test_subgroups_of_quotients_are_closed():
    """What lies below what lies below lies below."""
    by_label = {one.label: one.facts for one in shipped_groups() if one.label}
    for label in ("24.12", "64.100", "96.70", "128.900", "192.1000", "240.90"):
        for which in ("subgroups", "quotients"):
            inside = set(by_label[label][which])
            for other in inside:
                assert set(by_label[other][which]) <= inside


def test_the_version_follows_the_sums():
    """A digest of the file of checksums."""
    assert library_version() == hashlib.sha256((files("catalogs") / "SHA256SUMS").read_bytes()).hexdigest()[:16]


def test_synonyms_denote_the_group():
    """The families' other names; A5 has many."""
    by_label = {one.label: one for one in shipped_groups() if one.label and one.order in (60, 120, 168)}
    assert {"PSL(2,4)", "PSL(2,5)", "SL(2,4)"} <= set(by_label["60.5"].synonyms)
    assert "GL(3,2)" in by_label["168.42"].synonyms
    for one in by_label.values():
        for text in (*one.synonyms, one.name):
            assert small_group_label(group(text)) == tuple(map(int, one.label.split(".")))


def test_named_groups_are_what_they_say():
    """Order and fingerprint of a sample, by their names and by their generators; synonyms are isomorphic."""
    others = [one for one in shipped_groups() if not one.label]
    names = {name for one in others for name in (one.name, *one.synonyms)}
    assert {"A6", "S6", "A7", "S7", "A8", "PSL(3,4)", "PSL(2,8)", "M11", "PSU(3,3)", "W(F4)", "AGL(3,2)"} <= names
    assert {"M12", "M22", "M23", "M24", "W(E6)", "W(E7)", "W(E8)", "Sz(8)", "PSU(4,2)", "S9"} <= names
    for one in [one for one in others if one.order < 2_000][::4]:
        made = from_permutations([[point - 1 for point in image] for image in one.generators])
        assert made.order == one.order
        assert fingerprint(made)[: library.FINGERPRINT_DIGITS] == one.fingerprint
        for text in (one.name, *one.synonyms):
            assert find_isomorphism(group(text), made) is not None, (one.name, text)
    keys = [(one.order, one.fingerprint) for one in others if one.fingerprint]
    assert len(set(keys)) == len(keys)
    for one in others:
        if one.order > 20_160 and len(one.generators[0]) < 60:
            assert large_group([[point - 1 for point in image] for image in one.generators]).order == one.order


@pytest.mark.parametrize("part", ["1_255", "128", "192"])
def test_derived_facts_come_out_again(part):
    """About fifty lines of each file, from the generators alone: heavy ones are among them."""
    lines = (files("catalogs") / f"facts_{part}.jsonl").read_text().splitlines()
    rows = {row[0]: row for row in map(json.loads, lines)}
    rng = np.random.default_rng(5)
    heaviest = sorted(rows, key=lambda label: -(rows[label][5][NUMBERS.index("num_subgroups")] or 0))[1:5]
    chosen = [*heaviest, *rng.choice(sorted(rows), 46, replace=False).tolist()]
    for label in chosen:
        order, index = map(int, label.split("."))
        found = json.loads(json.dumps(regenerate.core_row(library_records(order)[index - 1])))
        found[1:3] = rows[label][1:3]
        assert found == rows[label]


def test_a_named_group_comes_out_again():
    """Its line, from its names."""
    lines = (files("catalogs") / "named_groups.jsonl").read_text().splitlines()
    texts = regenerate.named_texts()
    for order in (360, 504):
        assert regenerate.named_lines(order, texts[order]) == [
            f"{line}\n" for line in lines if json.loads(line)["order"] == order
        ]
    assert f"{lines[-1]}\n" in map(regenerate.large_line, regenerate.ABOVE)


# -- identification


def test_a_thousand_hidden_groups_are_found():
    """Elements renumbered, other generators: the label comes back, with an isomorphism that is one."""
    rng = np.random.default_rng(20)
    everything = [record for order in range(2, 256) for record in library_records(order) if order not in (64, 128, 192)]
    chosen = [everything[i] for i in rng.choice(len(everything), 640, replace=False)]
    for order in (64, 128, 192):
        records = library_records(order)
        chosen += [records[i] for i in rng.choice(len(records), 130, replace=False)]
    assert len(chosen) >= 1_000
    for seed, record in enumerate(chosen):
        hidden = _hidden(record, seed)
        found = identify_small(hidden)
        assert found is not None
        assert found[0] is record
        if seed % 10 == 0:
            mapping, target = found[1], record.group()
            assert (np.sort(mapping) == np.arange(record.order)).all()
            assert (mapping[hidden.table] == target.table[np.ix_(mapping, mapping)]).all()


def _hidden(record, seed):
    """The group with new numbers for its elements, from random elements that generate it."""
    original, rng = record.group(), np.random.default_rng(seed)
    chosen = []
    inside = original.closure(chosen)
    while not inside.all():
        chosen.append(int(rng.integers(1, original.order)))
        inside = original.closure(chosen)
    new = np.concatenate(([0], 1 + rng.permutation(original.order - 1)))
    old = np.argsort(new)
    return Group.of_table(new[original.table[np.ix_(old, old)]], [int(new[g]) for g in chosen], "hidden")


# -- damage


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the shipped data that a test may damage."""
    for place in files("catalogs").iterdir():
        if place.name.endswith((".jsonl", "SUMS")):
            (tmp_path / place.name).write_bytes(place.read_bytes())
    monkeypatch.setattr(library, "files", lambda _: tmp_path)
    library.forget()
    yield tmp_path
    library.forget()


@pytest.mark.parametrize("name", ["small_groups_1_255.jsonl", "facts_1_255.jsonl", "named_groups.jsonl"])
def test_a_truncated_line_is_named(copied, name):
    """The file and the line."""
    lines = (copied / name).read_bytes().splitlines(keepends=True)
    lines[6] = lines[6][:-20] + b"\n"
    (copied / name).write_bytes(b"".join(lines))
    with pytest.raises(CatalogError, match=f"{name} is damaged: line 7") as refusal:
        list(shipped_groups())
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", ["small_groups_192.jsonl", "facts_128.jsonl", "named_groups.jsonl"])
def test_a_flipped_byte_is_named(copied, name):
    """Even where the line stays json."""
    content = bytearray((copied / name).read_bytes())
    place = content.index(b"1", len(content) // 2)
    content[place : place + 1] = b"3"
    (copied / name).write_bytes(bytes(content))
    with pytest.raises(CatalogError, match=f"{name} is damaged: its content does not match its checksum in SHA256SUMS"):
        list(shipped_groups())


def test_a_missing_file_is_named(copied):
    """And orders in other files are still there."""
    (copied / "small_groups_128.jsonl").unlink()
    assert small_group(6, 1).order == 6
    with pytest.raises(CatalogError, match=r"small_groups_128.jsonl cannot be read"):
        small_group(128, 1)
    (copied / "SHA256SUMS").write_text("nothing")
    library.forget()
    with pytest.raises(CatalogError, match="checksum"):
        small_group(6, 1)


def test_everyday_questions_leave_the_large_files_alone(copied):
    """Orders 128 and 192 are not read for others."""
    for name in ("small_groups_128.jsonl", "small_groups_192.jsonl", "facts_128.jsonl", "facts_192.jsonl"):
        (copied / name).unlink()
    assert small_group_label(group("S4")) == (24, 12)
    assert library.shipped_facts("96.70").facts["subgroups"][-1] == "96.70"
    with pytest.raises(CatalogError, match=r"_128"):
        library.shipped_facts("128.1")
