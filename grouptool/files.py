"""Files that are written whole or not at all, and numbers read from files without trust.

Public: check_place, write_atomically, read_numbers.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from .errors import InputFileError

__all__ = ["check_place", "read_numbers", "write_atomically"]


def check_place(path: str | os.PathLike[str], endings: Sequence[str]) -> Path:
    """The path of a file that is to be written, looked at before the work that fills it.

    Raises:
        InputFileError: another ending, a folder that is not there, or a folder where the file would be.
    """
    place = Path(path)
    if place.suffix not in endings:
        raise InputFileError(f"cannot write {place}: what it holds is chosen by its ending, {' or '.join(endings)}")
    if os.path.isdir(place):
        raise InputFileError(f"cannot write {place}: it is a folder")
    if not os.path.isdir(place.parent):
        raise InputFileError(f"cannot write {place}: there is no folder {place.parent}")
    return place


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, also after a power cut.

    Raises:
        InputFileError: it cannot be written; what was there before still is.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            with aside.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            aside.replace(path)
        except BaseException:
            with suppress(OSError):  # such as a name that is too long, or a file where a folder should be
                aside.unlink()
            raise
    except OSError as error:
        raise InputFileError(f"cannot write {path}: {error.strerror or error}") from None


LARGEST_FILE = 200_000_000
LARGEST_NUMBER = 1e100
"""Bound on absolute values: sums of squares over any group stay finite."""


def read_numbers(path: Path) -> np.ndarray:
    """An array of real or complex numbers from a .npy, .json or .csv file; nothing in it is executed.

    JSON: nested lists of numbers; a complex number is {"re": x, "im": y}. CSV: one row a line, numbers or Python's
    ``1+2j``.

    Returns:
        int64, float64 or complex128; any shape.

    Raises:
        InputFileError: the file is missing, no ordinary file, too large, or holds something else.
    """
    try:
        if path.exists() and not path.is_file():
            raise InputFileError(f"{path} is no ordinary file")
        if path.stat().st_size > LARGEST_FILE:
            raise InputFileError(f"{path} has more than {LARGEST_FILE:,} bytes")
        if path.suffix == ".npy":
            # Mapped, so that a header cannot claim more memory than the file has; objects are refused.
            found = np.array(np.lib.format.open_memmap(path, mode="r"))
        elif path.suffix == ".json":
            found = np.array(_numbers(json.loads(path.read_text(encoding="utf-8"))))
        elif path.suffix == ".csv":
            lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
            found = np.array([[complex(cell.replace(" ", "")) for cell in line.split(",")] for line in lines])
            found = found[:, 0] if found.ndim == 2 and found.shape[1] == 1 else found
            found = found.real if not found.imag.any() else found
        else:
            raise InputFileError(f"{path}: numbers are read from .npy, .json or .csv files, by their ending")
    except (ValueError, TypeError, KeyError, EOFError, OverflowError, RecursionError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputFileError(f"{path} holds no array of numbers: {reason[:120]}") from None
    except OSError as error:
        if isinstance(error, InputFileError):
            raise
        raise InputFileError(f"cannot read {path}: {error.strerror or error}") from None
    if found.dtype.kind not in "biufc" or not np.isfinite(found).all():
        raise InputFileError(f"{path} holds something else than finite numbers")
    with np.errstate(over="ignore"):
        too_large = (np.abs(found) > np.float64(LARGEST_NUMBER)).any()
    if too_large:
        raise InputFileError(f"{path} holds numbers above {LARGEST_NUMBER:g}, whose squares are no longer numbers")
    return _plain(found)


def _plain(found: np.ndarray) -> np.ndarray:
    """In the widths and the byte order that everything takes."""
    if np.can_cast(found.dtype, np.int64):
        return np.asarray(found, dtype=np.int64)
    return np.asarray(found, dtype=np.complex128 if found.dtype.kind == "c" else np.float64)


def _numbers(entry: Any) -> Any:
    if isinstance(entry, list):
        return [_numbers(one) for one in entry]
    if isinstance(entry, dict):
        return complex(entry["re"], entry["im"])
    if isinstance(entry, bool) or not isinstance(entry, int | float):
        raise ValueError(f"{str(entry)[:40]!r} is not a number")
    return entry
