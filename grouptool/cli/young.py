"""S_n and A_n that are too large for a Cayley table, by cycle types and partitions.

Public: cycle_type_table, young_listing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..catalog.listing import irrep_facts, values_as_json
from ..errors import TooLargeError
from .matrices import Listing, Matrices, real_row
from .output import within

if TYPE_CHECKING:
    from ..representations import CharacterTable
    from ..representations.matrices.cyclotomic_arrays import CyclotomicArray
    from ..representations.symmetric import AlternatingForm, YoungForm

__all__ = ["cycle_type_table", "young_listing"]


def cycle_type_table(spec: str) -> CharacterTable | None:
    """The character table of the S_n or A_n that a text names; None where it names another group."""
    from ..notation import Named, parse
    from ..representations.symmetric import alternating_character_table, symmetric_character_table

    given = parse(spec)
    made = {"S": symmetric_character_table, "A": alternating_character_table}
    if not isinstance(given, Named) or given.family not in made:
        return None
    return made[given.family](int(given.arguments[0]))


def young_listing(
    table: CharacterTable, chosen: Sequence[int], form: str, check: Callable[[Sequence[int], int], None], *, given: bool
) -> Listing:
    """The representations of S_n or A_n in Young's forms, rows as in the table of ``cycle_type_table``, n >= 3.

    Args:
        form: ``exact`` for the natural form, ``unitary`` or ``real`` for the orthogonal form.
        check: refuses degrees, for a number of elements.
        given: whether matrices and characters are to be given, not only facts.

    Raises:
        TooLargeError: a matrix of S_n would have more than 1,000,000 entries, and ``given``.
    """
    from ..group import cycle_notation
    from ..representations import real_constituents

    elements = _generators(table)
    if form == "real":
        constituents = real_constituents(table)
        indices = within(chosen, len(constituents))
        rows = [real_row(table, i, constituents[i]) for i in indices]
        first = [constituents[i].rows[0] for i in indices]
        degrees = [constituents[i].dimension for i in indices]
    else:
        indices = first = within(chosen, len(table))
        rows = [
            {"index": i, "name": table.names[i], "degree": int(table.degrees[i])} | irrep_facts(table, i) for i in first
        ]
        degrees = [row["degree"] for row in rows]
        for row, i in zip(rows, first, strict=True):
            row |= {"conductor": int(table.conductors[i]), "least": True, "construction": _CONSTRUCTIONS[form]}
    if given:
        _check_degrees(table, first)
        check(degrees, len(elements))
    listed: list[tuple[dict[str, Any], Matrices]] = []
    for row, i in zip(rows, first, strict=True):
        matrices = _matrices(table, i, form, elements) if given else _none
        if form == "real":
            row["largest_error"] = _error(matrices, len(elements)) if given else None
        if given:
            # Over the reals: itself, or with its dual where that is another row; no row is quaternionic.
            both = table.complex[i].real * (2 if row["type"] == "C" else 1)
            row["character"] = both.tolist() if form == "real" else values_as_json(table, [i])[0]
        listed.append((row, matrices))
    return Listing(table.columns.name, [cycle_notation(one) for one in elements], elements, listed)


_CONSTRUCTIONS = {"exact": "Young's natural form", "unitary": "Young's orthogonal form"}


def _is_symmetric(table: CharacterTable) -> bool:
    return table.columns.name.startswith("S")


def _points(table: CharacterTable) -> int:
    return int(table.columns.name[1:])


def _generators(table: CharacterTable) -> np.ndarray:
    """Shape (m, n): the exchanges of neighbours, or the cycles (1,2,k)."""
    from ..representations.symmetric import three_cycles

    points = _points(table)
    if not _is_symmetric(table):
        return np.array(three_cycles(points))
    images = np.tile(np.arange(points), (points - 1, 1))
    places = np.arange(points - 1)
    images[places, places], images[places, places + 1] = places + 1, places
    return images


def _check_degrees(table: CharacterTable, rows: Sequence[int]) -> None:
    from ..representations.symmetric.seminormal import MAX_ENTRIES

    for i in rows:
        halved = table.names[i].endswith(("+", "-"))
        degree = int(table.degrees[i]) * (2 if halved else 1)
        if degree**2 > MAX_ENTRIES:
            raise TooLargeError(
                f"{table.names[i]} of {table.columns.name} has degree {int(table.degrees[i]):,}"
                + (f", half of one of S{_points(table)}" if halved else "")
                + f"; Young's forms are made up to degree {math.isqrt(MAX_ENTRIES):,}. Choose other rows with --irrep"
            )


def _form(table: CharacterTable, row: int, form: str) -> YoungForm | AlternatingForm:
    from ..representations.symmetric import AlternatingForm, YoungForm, alternating_table, partition_text, partitions

    points, name, kind = _points(table), table.names[row], "natural" if form == "exact" else "orthogonal"
    if _is_symmetric(table):
        (partition,) = (one for one in partitions(points) if partition_text(one) == name)
        return YoungForm(partition, kind)  # type: ignore[arg-type]
    (character,) = (one for one in alternating_table(points).characters if one.name == name)
    return AlternatingForm(character.partition, kind, character.half)  # type: ignore[arg-type]


def _matrices(table: CharacterTable, row: int, form: str, elements: np.ndarray) -> Matrices:
    made = _form(table, row, form)
    if form == "exact":
        conductor = int(table.conductors[row])
        return lambda i: _exact(made.matrix(elements[i]), conductor)
    if form == "unitary":
        return lambda i: made.float_matrix(elements[i]).astype(np.complex128)
    return lambda i: _over_the_reals(made.float_matrix(elements[i]))


def _none(_: int) -> np.ndarray:
    raise AssertionError("these matrices were not to be given")


def _over_the_reals(matrix: np.ndarray) -> np.ndarray:
    """A + B i as ((A, -B), (B, A)); a real matrix as it is."""
    if not np.iscomplexobj(matrix):
        return matrix
    return np.block([[matrix.real, -matrix.imag], [matrix.imag, matrix.real]])


def _error(matrices: Matrices, count: int) -> float:
    """How far the matrices are from orthogonal ones."""
    made = (np.asarray(matrices(i)) for i in range(count))
    return float(f"{max(float(np.abs(one @ one.T - np.eye(len(one))).max()) for one in made):.1e}")


def _exact(matrix: np.ndarray, conductor: int) -> CyclotomicArray:
    """A matrix of integers, or of Fractions and Cyclotomic numbers of Q(E(N)), as an array over Q(E(N))."""
    from ..representations.cyclotomic import Cyclotomic
    from ..representations.matrices.cyclotomic_arrays import CyclotomicArray, power_basis

    if matrix.dtype != object:
        return CyclotomicArray.of_integers(matrix, conductor)
    basis = power_basis(conductor)
    entries = [one if isinstance(one, Cyclotomic) else Cyclotomic(1, {0: one}) for one in matrix.ravel().tolist()]
    common = math.lcm(*(value.denominator for one in entries for value in one.coefficients.values()))
    numerators = np.zeros((len(entries), basis.shape[1]), dtype=np.int64)
    for place, one in zip(numerators, entries, strict=True):
        for exponent, value in one.coefficients.items():
            place += int(value * common) * basis[exponent * (conductor // one.conductor)]
    return CyclotomicArray(conductor, numerators.reshape(*matrix.shape, -1), common)
