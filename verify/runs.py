"""Run folders: written step by step, each file aside and then renamed, checked by digest when read.

Public: RunFolder, folder_name.

    config.json  predictions.json  elements.json  verdict.json  report.html  report.json
    figures/  {training.svg, ...}
    seed-0/  memoriser/  {checkpoint.*, metrics.jsonl, weights.safetensors, training.json}

``elements.json`` lists the elements as cycles in the order of the rows of the weights.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import filelock
import numpy as np

from grouptool.errors import InputFileError, RunFolderError
from grouptool.files import write_atomically

__all__ = ["RunFolder", "folder_name"]

LEFT_ASIDE = re.compile(r"\.[A-Za-z0-9-]+\.(json|jsonl|safetensors|html|svg)(\.sha256)?\.[0-9]+\.part")
"""Names under which a killed process may have left a file of ours half-written."""


def folder_name(*parts: str) -> str:
    """``runs/`` and the parts, joined by hyphens, of letters and digits alone."""
    return "runs/" + "-".join(re.sub(r"[^A-Za-z0-9]+", "_", part).strip("_")[:40] or "group" for part in parts)


class RunFolder:
    """A folder of files with digests: ``name`` goes with ``name.sha256``, without which it counts as not there."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunFolderError(f"cannot make the run folder {self.path}: {error.strerror or error}") from None

    def inside(self, name: str) -> RunFolder:
        """A folder in this one."""
        return RunFolder(self.path / name)

    def has(self, name: str) -> bool:
        """Whether a file was written whole: its digest is written last."""
        return (self.path / f"{name}.sha256").is_file()

    def write(self, name: str, content: bytes) -> None:
        """Write a file and then its digest; a reader in between sees the file as not there yet."""
        self._unlink(f"{name}.sha256")
        try:
            write_atomically(self.path / name, content)
            write_atomically(self.path / f"{name}.sha256", hashlib.sha256(content).hexdigest().encode())
        except InputFileError as error:
            raise RunFolderError(str(error)) from None

    def read(self, name: str) -> bytes:
        """The content of a file. Raises RunFolderError when it is missing or does not match its digest."""
        place = self.path / name
        try:
            content, digest = (
                place.read_bytes(),
                (self.path / f"{name}.sha256").read_text(encoding="ascii", errors="replace"),
            )
        except OSError as error:
            raise RunFolderError(
                f"{place} cannot be read: {error.strerror or error}; remove the run folder to start again"
            ) from None
        if hashlib.sha256(content).hexdigest() != digest:
            raise RunFolderError(
                f"{place} is damaged: its checksum does not match; remove it or the run folder to start again"
            )
        return content

    def remove(self, name: str) -> None:
        """Remove a file and its digest, the digest first."""
        self._unlink(f"{name}.sha256")
        self._unlink(name)

    def _unlink(self, name: str) -> None:
        try:
            (self.path / name).unlink(missing_ok=True)
        except OSError as error:
            raise RunFolderError(f"cannot replace {self.path / name}: {error.strerror or error}") from None

    def remove_matching(self, pattern: str) -> None:
        """Remove the files whose names match a pattern, and their digests."""
        for place in sorted(self.path.glob(pattern), reverse=True):  # a digest sorts after its file, so it goes first
            place.unlink(missing_ok=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes out, and sweep up what a killed one left half-written. Raises RunFolderError."""
        lock = filelock.FileLock(self.path / ".lock", blocking=False)
        try:
            with lock:
                for left in (*self.path.glob(".*.part"), *self.path.glob("*/.*.part")):
                    if LEFT_ASIDE.fullmatch(left.name):
                        left.unlink(missing_ok=True)
                yield
        except filelock.Timeout:
            raise RunFolderError(f"another process is at work in {self.path}; wait for it, or choose --out") from None
        except OSError as error:
            if isinstance(error, RunFolderError):
                raise
            raise RunFolderError(f"cannot use the run folder {self.path}: {error.strerror or error}") from None

    @property
    def is_foreign(self) -> bool:
        """Whether the folder holds files but is no run folder: it has no config.json."""
        inside = {place.name for place in self.path.iterdir()} - {".lock"}
        return bool(inside) and "config.json" not in inside

    def claim(self, config: Mapping[str, Any], what: str) -> None:
        """Write config.json into an empty folder; in another, it must be what is written there.

        Args:
            what: that the folder is for, in words. Raises RunFolderError for a folder of something else.
        """
        if not self.has("config.json"):
            if self.is_foreign:
                raise RunFolderError(f"{self.path} holds other files and is no run folder; choose another with --out")
            self.write_json("config.json", config)
        found = self.read_json("config.json")
        if not isinstance(found, dict) or found.get("key") != config["key"]:
            raise RunFolderError(f"{self.path} holds another {what}; choose another folder with --out")

    def write_json(self, name: str, value: Any) -> None:
        """Write a json file with sorted keys."""
        self.write(name, (json.dumps(value, indent=1, sort_keys=True) + "\n").encode())

    def read_json(self, name: str) -> Any:
        """Read a json file. Raises RunFolderError."""
        content = self.read(name)
        try:
            return json.loads(content)
        except ValueError:
            raise RunFolderError(f"{self.path / name} is not json") from None

    def write_arrays(self, name: str, arrays: Mapping[str, np.ndarray]) -> None:
        """Write a safetensors file."""
        from safetensors.numpy import save

        self.write(name, save({key: np.ascontiguousarray(value) for key, value in arrays.items()}))

    def read_arrays(self, name: str) -> dict[str, np.ndarray]:
        """Read a safetensors file. Raises RunFolderError."""
        from safetensors import SafetensorError
        from safetensors.numpy import load

        content = self.read(name)
        try:
            arrays: dict[str, np.ndarray] = load(content)
        except SafetensorError:
            raise RunFolderError(f"{self.path / name} is not a safetensors file") from None
        return arrays
