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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numba  # noqa: F401 (loaded, so that kernels are used from the start)

from grouptool import from_permutations, large_group
from grouptool.catalog import facts, family_names, library, naming, types
from grouptool.catalog.library import FINGERPRINT_DIGITS, FLAGS, NUMBERS, TYPES, LibraryRecord
from grouptool.construct import build
from grouptool.files import write_atomically
from grouptool.group import Group, prime_factors
from grouptool.notation import Extraspecial, Named, parse
from grouptool.structure import describe_structure, find_isomorphism, fingerprint

HERE = Path(__file__).parent
PARTS = ("1_255", "128", "192")


def with_fingerprint(line: str) -> str:
    """A line of small groups with its derived field computed anew."""
    record = json.loads(line)
    group = from_permutations([[point - 1 for point in image] for image in record["generators"]])
    assert group.order == record["order"], (record["order"], record["index"], group.order)
    record["fingerprint"] = fingerprint(group)[:FINGERPRINT_DIGITS]
    return _compact(record)


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
        describe_structure(parts.group, KNOWN),
        flags,
        [found.get(name) for name in NUMBERS],
        " ".join(found[name] for name in TYPES),
        [found["classes"], found["irreps"]],
        " ".join(maximal),
        " ".join(onto),
        " ".join(found["normal_subgroups"]),
        " ".join(found["composition_factors"]),
    ]


KNOWN: dict[str, list[tuple[Group, str]]] = {}
"""Groups that were described, for the next ones."""

SHIPPED = tuple(name for name in facts.FAMILIES if name not in ("subgroup types", "quotient types", "identity", "name"))
"""The families whose facts stand in a line; the others follow from the types below, or from the label."""


class Names:
    """The names of small groups and what else they are called, computed when they are asked for."""

    def __init__(self, descriptions: dict[str, str]) -> None:
        self.descriptions = descriptions
        self.found: dict[str, str] = {}

    def of(self, label: str) -> str:
        """The readable name of a small group."""
        if label not in self.found:
            order, index = map(int, label.split("."))
            group = library.library_records(order)[index - 1].group()
            name = naming.computed_name(group, label, self.of_group, self.descriptions.get(label))
            assert name is not None, label
            self.found[label] = name
        return self.found[label]

    def of_group(self, group: Group) -> str:
        """The readable name of a group of an order that the library holds."""
        return self.of(types.type_key(group))


def synonyms(order: int) -> dict[str, list[str]]:
    """The names of families that the groups of an order have, by label."""
    found: dict[str, list[str]] = {}
    for text in family_names.family_names(order):
        group = family_names.named_group(text)
        if group is not None:
            found.setdefault(types.type_key(group), []).append(text)
    return found


# -- named groups


APART = frozenset({"D", "Dic", "Q", "SD", "Mod", "F", "C"})
"""Families with a member of almost every order: of them only small groups are shipped."""

LARGEST_EXTRASPECIAL = 729
ABOVE = (
    "A9", "A10", "S9", "S10", "M12", "M22", "M23", "M24", "PSL(2,32)", "PSL(2,37)", "PSL(2,41)", "PSL(3,5)", "PSU(3,4)",
    "PSU(3,5)", "PSU(4,2)", "PSU(4,3)", "PSp(4,4)", "PSp(6,2)", "Sz(8)", "GL(3,4)", "SL(3,4)", "SL(2,31)", "AGL(4,2)",
    "W(B6)", "W(D6)", "W(E6)", "W(E7)", "W(E8)",
)  # fmt: skip
"""Groups above the limit of a table, of which order, series and centre are computed."""


def named_texts() -> dict[int, list[str]]:
    """The names of families above the library's orders, by order."""
    chosen: dict[int, list[str]] = {}
    for order, texts in sorted(family_names.all_family_names().items()):
        if order > library.LARGEST_ORDER:
            kept = [one for one in texts if _is_shipped(one, order)]
            if kept:
                chosen[order] = kept
    return chosen


def _is_shipped(text: str, order: int) -> bool:
    spec = parse(text)
    if isinstance(spec, Extraspecial):
        return order <= LARGEST_EXTRASPECIAL
    return isinstance(spec, Named) and spec.family not in APART and (spec.family != "AGL" or spec.arguments[1] <= 64)  # type: ignore[operator]


def named_lines(order: int, texts: list[str]) -> list[str]:
    """The lines of the named groups of an order: each isomorphism class once, by first names in families."""
    kept: list[tuple[Group, str, list[str]]] = []
    for text in texts:
        group = build(text)
        own = fingerprint(group)
        same = next((one for one in kept if one[1] == own and find_isomorphism(one[0], group) is not None), None)
        if same:
            same[2].append(text)
        else:
            kept.append((group, own, [text]))
    return [_named_line(group, own, names) for group, own, names in kept]


def _named_line(group: Group, own: str, names: list[str]) -> str:
    found = facts.facts(group)
    name = found["name"] or names[0]
    rest = {name: value for name, value in found.items() if value is not None and name not in ("order", "name")}
    images = (group.permutations[list(group.generators)].astype(int) + 1).tolist()
    return _compact(
        {
            "name": name,
            "synonyms": [one for one in names if one != name],
            "order": group.order,
            "fingerprint": own[:FINGERPRINT_DIGITS],
            "generators": images,
            "facts": rest,
        }
    )


def large_line(text: str) -> str:
    """The line of a group without a table: what its stabiliser chain tells."""
    group = large_group(text)
    derived = group.derived_series
    solvable = derived[-1].order == 1
    found = {
        "degree": group.degree,
        "abelian": group.is_abelian,
        "cyclic": False,
        "nilpotent": group.is_nilpotent,
        "solvable": solvable,
        "perfect": len(derived) == 1,
        "center_order": group.center.order,
        "derived_order": derived[min(1, len(derived) - 1)].order,
        "p_group": len(prime_factors(group.order)) == 1,
    }
    assert not solvable, text
    row = {"name": text, "synonyms": [], "order": group.order, "fingerprint": None}
    return _compact({**row, "generators": (group.generators + 1).tolist(), "facts": found})


# -- files


def main(arguments: list[str] | None = None) -> None:
    """All files, each written aside and renamed."""
    parser = argparse.ArgumentParser(description="Write the derived fields of the shipped data again.")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    with multiprocessing.get_context("fork").Pool(parser.parse_args(arguments).processes) as pool:
        for part in PARTS:
            path = HERE / f"small_groups_{part}.jsonl"
            lines = path.read_text(encoding="utf-8").splitlines()
            _write(path, "".join(_shown(pool.imap(with_fingerprint, lines, 16), len(lines), path.name)))
        write_sums()
    with multiprocessing.get_context("fork").Pool(parser.parse_args(arguments).processes) as pool:
        rows: dict[str, list[Any]] = {}
        for part in PARTS:
            records = [record for order in orders(part) for record in library.library_records(order)]
            found = _shown(pool.imap(core_row, records, 8), len(records), f"facts_{part}.jsonl")
            rows.update((row[0], row) for row in found)
    write_facts(rows, Names({label: row[3] for label, row in rows.items()}))
    write_named()
    write_sums()


def orders(part: str) -> list[int]:
    """The orders that a file of small groups holds."""
    if part != "1_255":
        return [int(part)]
    return [order for order in range(1, library.LARGEST_ORDER + 1) if str(order) not in PARTS]


def write_facts(rows: dict[str, list[Any]], names: Names) -> None:
    """The files of derived facts, from rows without names."""
    for part in PARTS:
        lines = []
        for order in orders(part):
            others = synonyms(order)
            for record in library.library_records(order):
                row, name = rows[record.label], names.of(record.label)
                row[1], row[2] = name, [one for one in others.get(record.label, []) if one != name]
                lines.append(_compact(row))
        _write(HERE / f"facts_{part}.jsonl", "".join(lines))
    write_sums()


def write_named() -> None:
    """The file of named groups; after the facts of small groups, from which types of subgroups are closed."""
    lines = []
    texts = named_texts()
    for done, (order, names) in enumerate(texts.items()):
        _progress("named groups", done, len(texts))
        lines += named_lines(order, names)
    lines += sorted(map(large_line, ABOVE), key=lambda line: json.loads(line)["order"])
    _write(HERE / library.NAMED, "".join(lines))


def write_sums() -> None:
    """The checksums of all data, and reading starts anew."""
    paths = sorted(HERE.glob("*.jsonl"))
    _write(
        HERE / library.SUMS,
        "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in paths),
    )
    library.forget()


def _shown(results: Iterator[Any], count: int, name: str) -> Iterator[Any]:
    for done, result in enumerate(results, start=1):
        yield result
        _progress(name, done, count)


def _progress(name: str, done: int, count: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{name}: {done:,} of {count:,}", end="\n" if done == count else "", file=sys.stderr, flush=True)


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False) + "\n"


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        write_atomically(path, text.encode())


if __name__ == "__main__":
    main()
