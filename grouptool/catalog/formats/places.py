"""Lines of a text file that nobody trusts, each with its place.

Public: numbered_lines, refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...errors import InputFileError

__all__ = ["LARGEST_FILE", "LONGEST_LINE", "numbered_lines", "refused"]

LARGEST_FILE = 1_000_000_000
"""Bytes of a file of groups; the shipped library has 6 million."""
LONGEST_LINE = 8_000_000
"""Bytes of a line; a group on 100,000 points with ten generators has 7 million. As json it takes 30 times that."""


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a UTF-8 file with their numbers from 1, without line ends; a byte order mark is left out.

    Raises:
        InputFileError: the file is missing, no ordinary file, too large, or a line is too long or no UTF-8.
    """
    try:
        if path.exists() and not path.is_file():
            raise InputFileError(f"{path} is no ordinary file")
        if path.stat().st_size > LARGEST_FILE:
            raise InputFileError(f"{path} has more than {LARGEST_FILE:,} bytes")
        with path.open("rb") as stream:
            number = 0
            while line := stream.readline(LONGEST_LINE + 1):
                number += 1
                if len(line) > LONGEST_LINE:
                    raise refused(path, number, f"the line has more than {LONGEST_LINE:,} bytes")
                yield number, _decoded(path, number, line)
    except InputFileError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        reason = getattr(error, "strerror", None) or error
        raise InputFileError(f"cannot read {path}: {reason}") from None


def refused(path: Path, number: int, reason: str) -> InputFileError:
    """The error of a line: file, number and reason."""
    return InputFileError(f"{path}:{number}: {reason}")


def _decoded(path: Path, number: int, line: bytes) -> str:
    if number == 1:
        line = line.removeprefix(b"\xef\xbb\xbf")
    try:
        return line.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        raise refused(path, number, f"byte {error.start + 1} is no UTF-8") from None
