"""From specifications, image lists and files to large permutation groups.

Public: large_group.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..construct import permutation_generators
from ..construct.presentations import DEFAULT_COSETS
from ..errors import InputFileError, NotAGroupError, TooLargeError
from ..notation import Permutations, Spec, TableFile, parse
from .group import MAX_DEGREE, LargeGroup, image_list, is_image_list, padded

__all__ = ["large_group"]

MAX_FILE = 1 << 26  # bytes
MAX_GENERATORS = 1_000


def large_group(
    given: str | Spec | Sequence[Sequence[int]] | np.ndarray,
    name: str | None = None,
    *,
    budget: float = 60.0,
    seed: int = 0,
    max_cosets: int = DEFAULT_COSETS,
) -> LargeGroup:
    """The group that permutations generate, of any order, with its order proved.

    Args:
        given: a specification (``"(1,2,3), (3,4,5)"``, ``"S50"``), the name of a json file with a list of image
            lists, or the image lists themselves, of points from 0; shorter ones fix the points that they leave out.
        name: how the group calls itself.
        budget: seconds of wall time for the order, and for each later question.
        seed: of the searches' random elements; no answer depends on it.
        max_cosets: budget for a presentation.

    Raises:
        NotationError, UnknownGroupError, InfiniteGroupError: as ``construct.build``. NotAGroupError: a generator is no
        permutation. TooLargeError: more than 10,000 points. InputFileError: the file cannot be read.
        BudgetSpentError: the order is not proved in time.

    >>> large_group("(1,2,3,4,5,6,7,8,9,10,11), (3,7,11,8)(4,10,5,6)").order
    7920
    """
    if isinstance(given, Sequence | np.ndarray) and not isinstance(given, str):
        return LargeGroup.of_generators(_rows(given), name or "permutations", budget=budget, seed=seed)
    spec = parse(given) if isinstance(given, str) else given
    if isinstance(spec, TableFile) and spec.path.lower().endswith(".json"):
        rows = _rows(_read(Path(spec.path)))
    else:
        rows = _rows(_generators_of(spec, max_cosets))
    return LargeGroup.of_generators(rows, name or str(spec), budget=budget, seed=seed)


def _generators_of(spec: Spec, max_cosets: int) -> np.ndarray | list[np.ndarray]:
    if isinstance(spec, Permutations):
        return [image_list(str(Permutations((one,)))) for one in spec.generators]
    return permutation_generators(spec, max_cosets=max_cosets)


def _rows(given: Sequence[Sequence[int]] | np.ndarray | Sequence[np.ndarray]) -> np.ndarray:
    """Shape (s, degree): the generators, checked and padded to one degree of at least 1."""
    if len(given) > MAX_GENERATORS:
        raise TooLargeError(f"{len(given):,} generators were given; at most {MAX_GENERATORS:,} are taken")
    images = [np.asarray(row) for row in given]
    degree = max((row.size for row in images), default=1) or 1
    if degree > MAX_DEGREE:
        raise TooLargeError(f"the generators move {degree:,} points; stabiliser chains take at most {MAX_DEGREE:,}")
    try:
        return np.array([padded(image_list(row), degree) for row in images], dtype=np.int64).reshape(-1, degree)
    except NotAGroupError:
        wrong = next(i for i, row in enumerate(images, 1) if not is_image_list(row))
        raise NotAGroupError(f"generator {wrong} is no list with each of the points 0 to degree - 1 once") from None


def _read(file: Path) -> list[list[int]]:
    """Image lists from a json file."""
    try:
        if not file.is_file():
            raise InputFileError(f"{file} is not there, or is no ordinary file; a list of image lists was expected")
        if file.stat().st_size > MAX_FILE:
            raise InputFileError(f"{file} has more than {MAX_FILE:,} bytes")
        rows = json.loads(file.read_text(encoding="utf-8"))
    except InputFileError:
        raise
    except OSError as error:
        raise InputFileError(f"cannot read {file}: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise InputFileError(f"{file} is no json: {str(error).splitlines()[0]}") from None
    if not isinstance(rows, list) or not all(
        isinstance(row, list) and all(type(point) is int for point in row) for row in rows
    ):
        raise InputFileError(f"{file} is no list of image lists such as [[1, 2, 0], [1, 0, 2]]")
    return rows
