"""Which element of a group each row of somebody's network stands for.

Public: Placement, own_order, placed_by_file, placed_by_answers.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grouptool.construct import from_table
from grouptool.errors import InputFileError, NetworkError, NotAGroupError, NotationError
from grouptool.group import Group
from grouptool.notation import Permutations, parse
from grouptool.structure.isomorphism import find_isomorphism

from .reading import Circuit, answers

__all__ = ["Placement", "own_order", "placed_by_answers", "placed_by_file"]

LARGEST_FILE = 50_000_000
GOOD_ENOUGH = 0.5
"""Share of right answers from which a network is taken to be in the group's own order: a wrong order has some 1/n."""

VOTERS = 64


@dataclass(frozen=True, eq=False)
class Placement:
    """Where each element of the group stands in a network.

    Attributes:
        places: shape (n,), int64: the row of element i is ``places[i]``.
        how: where that was learned, in words.
    """

    places: np.ndarray
    how: str


def own_order(group: Group) -> Placement:
    """The order of ``grouptool elements``."""
    return Placement(np.arange(group.order), "the order of 'grouptool elements', as stated")


def placed_by_answers(circuit: Circuit, group: Group) -> Placement:
    """The order of the elements, from the network's own answers.

    When they are the group's table as they stand, the order is the group's own. Else they are read as a multiplication
    table: single wrong answers are outvoted by the others (x y = (x g) (g^-1 y) for all g), and an isomorphism to the
    group says which row is which element. Any isomorphism serves: claims do not depend on automorphisms.

    Raises:
        NetworkError: the answers are no group's table, or another group's, and not half right in the group's own order.
        BudgetSpentError: the search for an isomorphism stopped.

    Cost: the n^2 answers, 64 n^2 look-ups, one isomorphism.
    """
    circuit.check_for(group)
    found = answers(circuit)
    right = float((found == group.table).mean())
    if right == 1:
        return Placement(np.arange(group.order), "the order of 'grouptool elements', as all answers agree")
    reason = ""
    for table, changed in _candidates(found):
        try:
            places = _isomorphic_places(table, group)
        except NotAGroupError as error:
            reason = reason or str(error)
            continue
        if places is None:
            reason = f"they are the table of a group that is not isomorphic to {group.name}"
            continue
        outvoted = f", {changed:,} of {found.size:,} answers outvoted" if changed else ""
        return Placement(places, f"found from the network's answers, which are a group's table{outvoted}")
    if right >= GOOD_ENOUGH:
        return Placement(np.arange(group.order), f"the order of 'grouptool elements', where {right:.1%} is right")
    raise NetworkError(
        f"the order of the elements is not known: in the order of 'grouptool elements' {right:.1%} of the answers are "
        f"right, and read as a table {reason}; name the order with --elements FILE (or 'own')"
    )


def _candidates(found: np.ndarray) -> Iterator[tuple[np.ndarray, int]]:
    """The answers as a table, and then with wrong ones outvoted; with the number of changes."""
    yield found, 0
    voted = _outvoted(found)
    if voted is not None:
        yield voted, int((voted != found).sum())


def _outvoted(found: np.ndarray) -> np.ndarray | None:
    """x y by the majority of (x g)(g^-1 y) over up to 64 elements g; None without an identity and inverses to do it."""
    n = len(found)
    everything = np.arange(n)
    identity = int((found == everything).sum(axis=1).argmax())
    is_one = found == identity
    voters = np.flatnonzero(is_one.sum(axis=1) == 1)
    if not voters.size:
        return None
    voters = voters[np.linspace(0, len(voters) - 1, min(VOTERS, len(voters))).astype(int)]
    inverses = is_one[voters].argmax(axis=1)
    voted = np.empty_like(found)
    for x in everything:
        ballots = found[found[x, voters][:, None], found[inverses]]  # (voters, n)
        counts = np.bincount((everything * n + ballots).ravel(), minlength=n * n)
        voted[x] = counts.reshape(n, n).argmax(axis=1)
    return voted


def _isomorphic_places(table: np.ndarray, group: Group) -> np.ndarray | None:
    """``Placement.places`` for a network whose rows multiply by this table; None when it is another group."""
    source = from_table(table, "the answers")
    # from_table moves the identity to the front and keeps the order of the others
    identity = int((table == np.arange(len(table))).all(axis=1).argmax())
    rows = np.concatenate(([identity], np.delete(np.arange(len(table)), identity)))
    image = find_isomorphism(source, group)
    if image is None:
        return None
    places = np.empty(group.order, dtype=np.int64)
    places[image] = rows
    return places


def placed_by_file(path: str | Path, circuit: Circuit, group: Group) -> Placement:
    """The order of the elements, from a file that lists them.

    The file has, in the order of the network's rows, permutations (json, npy or csv rows of images counted from 0 or 1;
    json or text lines of cycles such as (1,2,3)(4,5); what ``grouptool elements --format json`` prints) or the n x n
    products (row i, column j: the number of i times j, from 0).

    Permutations that are the group's own name its elements; others must form a group isomorphic to it. The same listing
    serves both ways of composing: when the answers agree better with right to left, inverses stand for elements.

    Raises:
        InputFileError: no such file, or not such a list.
        NetworkError: it lists the elements of another group.
        BudgetSpentError: the search for an isomorphism stopped.
    """
    circuit.check_for(group)
    file = Path(path)
    listed = _read(file)
    if len(listed) != group.order:
        raise NetworkError(f"{file} lists {len(listed):,} elements; {group.name} has {group.order:,}")
    is_table = listed.shape[1] == len(listed) and _is_latin(listed)
    places = None if is_table else _own_places(listed, group)
    how = f"named by {file.name}"
    if places is None:
        try:
            places = _isomorphic_places(listed if is_table else _products(listed), group)
        except NotAGroupError as error:
            raise NetworkError(f"{file} does not list the elements of a group: {error}") from None
        if places is None:
            raise NetworkError(f"{file} lists a group of order {group.order} that is not isomorphic to {group.name}")
        how += f", by an isomorphism to {group.name}"
    found = answers(circuit.reordered(places))
    if (found == group.table.T).mean() > (found == group.table).mean():
        places, how = places[group.inverses], f"{how}; products compose right to left there, so inverses stand for them"
    return Placement(places, how)


def _is_latin(listed: np.ndarray) -> bool:
    expected = np.arange(len(listed))
    return all((np.sort(lines, axis=1) == expected).all() for lines in (listed, listed.T))


def _own_places(listed: np.ndarray, group: Group) -> np.ndarray | None:
    """Where the group's own permutations stand in the list; None when they are not its permutations."""
    degree = max(listed.shape[1], group.degree)
    theirs, ours = _padded(listed, degree), _padded(group.permutations, degree)
    where = {image.tobytes(): row for row, image in enumerate(theirs)}
    places = [where.get(image.tobytes(), -1) for image in ours]
    return np.array(places) if len(where) == group.order and min(places) >= 0 else None


def _padded(images: np.ndarray, degree: int) -> np.ndarray:
    """The same permutations on more points, which they fix."""
    fixed = np.broadcast_to(np.arange(images.shape[1], degree), (len(images), degree - images.shape[1]))
    return np.ascontiguousarray(np.hstack((images, fixed)), dtype=np.int64)


def _products(images: np.ndarray) -> np.ndarray:
    """The products of permutations, left to right, as numbers. Raises NotAGroupError when one is not in the list."""
    where = {image.tobytes(): row for row, image in enumerate(images)}
    if len(where) < len(images):
        raise NotAGroupError("a permutation is listed twice")
    table = np.empty((len(images), len(images)), dtype=np.int64)
    for i, image in enumerate(images):
        for j, product in enumerate(np.ascontiguousarray(images[:, image])):
            row = where.get(product.tobytes())
            if row is None:
                raise NotAGroupError(f"element {i} times element {j} is not in the list")
            table[i, j] = row
    return table


# -- files


def _read(file: Path) -> np.ndarray:
    """Shape (n, points) or (n, n), int64, counted from 0. Raises InputFileError."""
    try:
        if file.exists() and not file.is_file():
            raise InputFileError(f"{file} is no ordinary file")
        if file.stat().st_size > LARGEST_FILE:
            raise InputFileError(f"{file} has more than {LARGEST_FILE:,} bytes")
        if file.suffix.lower() == ".npy":
            rows: Any = np.array(np.lib.format.open_memmap(file, mode="r"))  # mapped: a header cannot claim more
        else:
            text = file.read_text(encoding="utf-8")
            rows = json.loads(text) if text.lstrip()[:1] in ("[", "{") else _lines(text)
        return _images(_entries(rows))
    except OSError as error:
        if isinstance(error, InputFileError):
            raise
        raise InputFileError(f"cannot read {file}: {error.strerror or error}") from None
    except (ValueError, TypeError, OverflowError, RecursionError, EOFError, csv.Error) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0].split(": <")[0]
        raise InputFileError(f"{file} lists no elements, as permutations or products: {reason[:200]}") from None


def _lines(text: str) -> list[Any]:
    lines = [line.strip().strip('"') for line in text.splitlines() if line.strip()]
    if lines and lines[0].startswith("("):
        return lines
    return [[int(entry) for entry in row] for row in csv.reader(lines)]


def _entries(rows: Any) -> Any:
    """The elements in what the json holds: a list, or the rows of ``grouptool elements``, or one below "elements"."""
    if isinstance(rows, dict):
        rows = rows.get("elements", rows.get("table"))
    if isinstance(rows, list) and rows and all(isinstance(row, dict) and "element" in row for row in rows):
        rows = [row["element"] for row in rows]
    if isinstance(rows, list) and rows and all(isinstance(row, str) for row in rows):
        return _cycles(rows)
    return rows


def _cycles(texts: Sequence[str]) -> np.ndarray:
    spec = parse(", ".join(texts))
    if not isinstance(spec, Permutations) or len(spec.generators) != len(texts):
        raise NotationError("expected one permutation in cycles, such as (1,2,3)(4,5), for each element")
    degree = max((point for one in spec.generators for cycle in one for point in cycle), default=1)
    images = np.tile(np.arange(degree), (len(texts), 1))
    for image, generator in zip(images, spec.generators, strict=True):
        for cycle in generator:
            points = np.array(cycle) - 1
            image[points] = np.roll(points, -1)
    return images


def _images(rows: Any) -> np.ndarray:
    images = np.asarray(rows)
    if images.ndim != 2 or images.dtype.kind not in "iu" or not images.size:
        raise ValueError(
            f"expected a row of whole numbers for each element; found shape {images.shape}, {images.dtype}"
        )
    images = images.astype(np.int64) - int(images.min())
    if (np.sort(images, axis=1) != np.arange(images.shape[1])).any():
        raise ValueError("a row is no permutation of the numbers from 0 or from 1")
    return images
