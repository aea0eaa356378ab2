"""Arrays in .npz files: plain numbers and texts, nothing pickled, sealed with a checksum.

Public: exact_arrays, load_sealed, save, save_sealed.
"""

from __future__ import annotations

import hashlib
import io
import math
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...errors import InputFileError, TooLargeError
from ...files import check_place, write_atomically

if TYPE_CHECKING:
    from ...representations.matrices.cyclotomic_arrays import CyclotomicArray

__all__ = ["exact_arrays", "load_sealed", "save", "save_sealed"]

VERSION = 1
LARGEST_ARRAYS = 500_000_000
"""Bytes of all arrays of a file, unpacked; the file itself may be a thousand times smaller."""
MOST_ARRAYS = 20_000
"""A file of irreps has three for each representation."""
_KINDS = "iuU"
"""Integers and texts."""


def save(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Arrays in an .npz file, whole or not at all."""
    held = io.BytesIO()
    np.savez_compressed(held, **arrays)  # type: ignore[arg-type]
    write_atomically(path, held.getvalue())


def exact_arrays(key: str, matrices: Sequence[CyclotomicArray]) -> dict[str, np.ndarray]:
    """Exact matrices (d, d) over one field Q(zeta_N) as three arrays.

    ``KEY_numerators``, shape (m, d, d, phi(N)), over ``KEY_denominator`` are the coefficients of 1, zeta, ...,
    zeta^(phi(N) - 1) for zeta = exp(2 pi i / N) and N = ``KEY_conductor``.

    Args:
        matrices: at least one.

    Raises:
        TooLargeError: a coefficient has no room in 64 bits.
    """
    common = math.lcm(*(one.denominator for one in matrices))
    return {
        f"{key}_numerators": np.stack([_multiple(one, common // one.denominator) for one in matrices]),
        f"{key}_denominator": np.array(common),
        f"{key}_conductor": np.array(matrices[0].conductor),
    }


def _multiple(array: CyclotomicArray, factor: int) -> np.ndarray:
    numerators = array.numerators
    if factor * max(abs(int(numerators.max(initial=0))), abs(int(numerators.min(initial=0)))) >= 1 << 63:
        raise TooLargeError("a coefficient of these matrices exceeds 64 bits; write them to a .json file")
    return np.asarray(numerators * factor, dtype=np.int64)


def save_sealed(path: str | PathLike[str], kind: str, arrays: Mapping[str, np.ndarray]) -> None:
    """Save arrays with ``format``, what they are, ``version``, and ``checksum``, the SHA-256 of all of them.

    Raises:
        InputFileError: the path does not end in .npz or cannot be written. TooLargeError: more than 500 MB of arrays.
    """
    place = check_place(path, [".npz"])
    if (size := sum(array.nbytes for array in arrays.values())) > LARGEST_ARRAYS:
        raise TooLargeError(f"the arrays for {place} have {size:,} bytes; the limit is {LARGEST_ARRAYS:,}")
    content = {**arrays, "format": np.array(kind), "version": np.array(VERSION)}
    save(place, {**content, "checksum": np.array(_digest(content))})


def load_sealed(path: str | PathLike[str], kind: str) -> dict[str, np.ndarray]:
    """The arrays of a file that ``save_sealed`` wrote, integers and texts.

    Raises:
        InputFileError: the file is missing, too large, no .npz file of this kind and version, cut off or damaged; the
            message names the array where it can.

    Cost: no more memory than the arrays have bytes, which is known and bounded before it is taken.
    """
    place = Path(path)
    try:
        if place.exists() and not place.is_file():
            raise InputFileError(f"{place} is no ordinary file")
        with zipfile.ZipFile(place) as archive:
            found = _members(place, archive)
    except InputFileError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputFileError(f"{place} is no .npz file, or it is damaged: {reason[:120]}") from None
    except OSError as error:
        raise InputFileError(f"cannot read {place}: {error.strerror or error}") from None
    given, version, checksum = (found.get(key, np.array("")) for key in ("format", "version", "checksum"))
    if given.shape or str(given) != kind:
        raise InputFileError(f"{place} holds no {kind}: it was not written as one")
    if version.shape or version.dtype.kind not in "iu" or int(version) != VERSION:
        raise InputFileError(f"{place} has version {str(version)[:20]}; this version of grouptool reads {VERSION}")
    if checksum.shape or str(checksum) != _digest({key: one for key, one in found.items() if key != "checksum"}):
        raise InputFileError(f"{place} is damaged: its checksum does not match")
    return found


def _members(path: Path, archive: zipfile.ZipFile) -> dict[str, np.ndarray]:
    members = archive.infolist()
    size = sum(one.file_size for one in members)
    if len(members) > MOST_ARRAYS or size > LARGEST_ARRAYS + 1_000 * MOST_ARRAYS:
        raise InputFileError(
            f"{path} has {len(members):,} arrays of {size:,} bytes; the limits are {MOST_ARRAYS:,} and "
            f"{LARGEST_ARRAYS:,}"
        )
    names = [one.filename.removesuffix(".npy") for one in members]
    if len(set(names)) < len(names):
        raise InputFileError(f"{path} has an array twice")
    return {
        name: _array(f"{path}: the array {name[:60]}", archive.read(one))
        for name, one in zip(names, members, strict=True)
    }


def _array(what: str, data: bytes) -> np.ndarray:
    """The header is compared with the size before numpy takes memory for what it claims."""
    stream = io.BytesIO(data)
    if np.lib.format.read_magic(stream) != (1, 0):
        raise InputFileError(f"{what} is of another version of numpy's format")
    shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
    if dtype.kind not in _KINDS or dtype.hasobject:
        raise InputFileError(f"{what} holds neither integers nor texts")
    if math.prod(shape) * dtype.itemsize != len(data) - stream.tell():
        raise InputFileError(f"{what} is not as long as it claims")
    stream.seek(0)
    return np.asarray(np.lib.format.read_array(stream, allow_pickle=False))


def _digest(arrays: Mapping[str, np.ndarray]) -> str:
    """Of names, types, shapes and bytes, little end first, sorted by name."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        plain = np.ascontiguousarray(arrays[name]).astype(arrays[name].dtype.newbyteorder("<"))
        digest.update(f"{name} {plain.dtype.str} {arrays[name].shape}\n".encode())
        digest.update(plain.tobytes())
    return digest.hexdigest()
