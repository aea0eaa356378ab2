"""Write the derived fields of the shipped data again, from the generators, and the checksums.

    python -m catalogs.regenerate

About a minute. Nothing is written when nothing changes.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import numba  # noqa: F401 (loaded, so that kernels are used from the start)

from grouptool import from_permutations
from grouptool.catalog.library import FINGERPRINT_DIGITS
from grouptool.structure import fingerprint

HERE = Path(__file__).parent


def derived(line: str) -> str:
    """A line of data with its derived fields computed anew."""
    record = json.loads(line)
    group = from_permutations([[point - 1 for point in image] for image in record["generators"]])
    assert group.order == record["order"], (record["order"], record["index"], group.order)
    record["fingerprint"] = fingerprint(group)[:FINGERPRINT_DIGITS]
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False) + "\n"


def main() -> None:
    """All files, each written aside and renamed."""
    sums = []
    for path in sorted(HERE.glob("*.jsonl")):
        text = "".join(map(derived, path.read_text(encoding="utf-8").splitlines()))
        _write(path, text)
        sums.append(f"{hashlib.sha256(text.encode()).hexdigest()}  {path.name}\n")
    _write(HERE / "SHA256SUMS", "".join(sums))


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        aside = path.with_suffix(".new")
        aside.write_text(text, encoding="utf-8")
        os.replace(aside, path)


if __name__ == "__main__":
    main()
