"""Files that are written whole or not at all.

Public: write_atomically.
"""

from __future__ import annotations

import os
from pathlib import Path

from .errors import InputFileError

__all__ = ["write_atomically"]


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
