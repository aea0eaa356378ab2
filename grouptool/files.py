"""Files that are written whole or not at all, and numbers read from files without trust.

Public: write_atomically, read_numbers.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from .errors import InputFileError

__all__ = ["read_numbers", "write_atomically"]


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, also after a power cut.

    Raises:
        InputFileError: it cannot be written; what was there before still is.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with aside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise InputFileError(f"cannot write {path}: {error.strerror or error}") from None


LARGEST_FILE = 200_000_000


def read_numbers(path: Path) -> np.ndarray:
    """An array of real or complex numbers from a .npy, .json or .csv file; nothing in it is executed.

    JSON: nested lists of numbers; a complex number is {"re": x, "im": y}. CSV: one row a line, numbers or Python's
    ``1+2j``.

    Raises:
        InputFileError: the file is missing, too large, or holds something else.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputFileError(f"{path} has more than {LARGEST_FILE:,} bytes")
        if path.suffix == ".npy":
            found = np.load(path, allow_pickle=False)
        elif path.suffix == ".json":
            found = np.array(_numbers(json.loads(path.read_text())))
        elif path.suffix == ".csv":
            lines = [line for line in path.read_text().splitlines() if line.strip()]
            found = np.array([[complex(cell.replace(" ", "")) for cell in line.split(",")] for line in lines])
            found = found[:, 0] if found.ndim == 2 and found.shape[1] == 1 else found
            found = found.real if not found.imag.any() else found
        else:
            raise InputFileError(f"{path}: numbers are read from .npy, .json or .csv files, by their ending")
    except (ValueError, TypeError, KeyError, EOFError, RecursionError) as error:
        raise InputFileError(f"{path} holds no array of numbers: {str(error)[:120]}") from None
    except OSError as error:
        if isinstance(error, InputFileError):
            raise
        raise InputFileError(f"cannot read {path}: {error.strerror or error}") from None
    if found.dtype.kind not in "biufc" or not np.isfinite(found).all():
        raise InputFileError(f"{path} holds something else than finite numbers")
    return np.asarray(found)


def _numbers(entry: Any) -> Any:
    if isinstance(entry, list):
        return [_numbers(one) for one in entry]
    if isinstance(entry, dict):
        return complex(entry["re"], entry["im"])
    if isinstance(entry, bool) or not isinstance(entry, int | float):
        raise ValueError(f"{str(entry)[:40]!r} is not a number")
    return entry
