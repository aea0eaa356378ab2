"""Symmetric functions of the eigenvalues, from the values of Adams operations: one class at a time.

Public: complete, elementary, schur, partition.
The power sums of the eigenvalues of g are chi(g), chi(g^2), ...; all else follows from them without eigenvalues, for
generalised characters too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise

from ...errors import RepresentationError
from ..cyclotomic import Cyclotomic

__all__ = ["complete", "elementary", "partition", "schur"]

ONE, ZERO = Cyclotomic(1, {0: 1}), Cyclotomic(1, {})


def complete(power_sums: Sequence[Sequence[Cyclotomic]]) -> list[Cyclotomic]:
    """For each row p_1, ..., p_m the complete symmetric function h_m."""
    return _each(power_sums, lambda row: _newton(row, 1)[-1])


def elementary(power_sums: Sequence[Sequence[Cyclotomic]]) -> list[Cyclotomic]:
    """For each row p_1, ..., p_m the elementary symmetric function e_m."""
    return _each(power_sums, lambda row: _newton(row, -1)[-1])


def schur(power_sums: Sequence[Sequence[Cyclotomic]], parts: tuple[int, ...]) -> list[Cyclotomic]:
    """For each row p_1, ..., p_m the Schur function of a partition of m.

    Jacobi-Trudi: the determinant of h_(lambda_i - i + j), or of the e of the conjugate partition when that has fewer
    parts. Cost: for each class r 2^r products, r the lesser of the numbers of rows and columns.
    """
    if not parts:
        return [ONE] * len(power_sums)
    columns = tuple(sum(part > i for part in parts) for i in range(parts[0]))
    sign, rows = (1, parts) if len(parts) <= len(columns) else (-1, columns)
    return _each(power_sums, lambda row: _jacobi_trudi(_newton(row, sign), rows))


def partition(parts: Sequence[int]) -> tuple[int, ...]:
    """A partition, checked. Raises RepresentationError when it is none."""
    chosen = tuple(int(part) for part in parts)
    if any(part < 1 for part in chosen) or any(a < b for a, b in pairwise(chosen)):
        raise RepresentationError(f"{list(parts)} is no partition: its parts must be positive and not increase")
    return chosen


def _each(
    power_sums: Sequence[Sequence[Cyclotomic]], function: Callable[[Sequence[Cyclotomic]], Cyclotomic]
) -> list[Cyclotomic]:
    """Classes with equal power sums share one calculation."""
    done: dict[tuple[Cyclotomic, ...], Cyclotomic] = {}
    for row in power_sums:
        if tuple(row) not in done:
            done[tuple(row)] = function(row)
    return [done[tuple(row)] for row in power_sums]


def _newton(row: Sequence[Cyclotomic], sign: int) -> list[Cyclotomic]:
    """h_0, ..., h_m (sign 1) or e_0, ..., e_m (sign -1): i h_i = sum p_j h_(i - j), for e with signs (-1)^(j - 1)."""
    found = [ONE]
    for i in range(1, len(row) + 1):
        total = ZERO
        for j in range(1, i + 1):
            term = row[j - 1] * found[i - j]
            total = total + (term if sign == 1 or j % 2 else -term)
        found.append(total * Fraction(1, i))
    return found


def _jacobi_trudi(known: list[Cyclotomic], rows: tuple[int, ...]) -> Cyclotomic:
    """The determinant of known[rows[i] - i + j], expanded row by row over sets of used columns."""
    minors = {0: ONE}  # set of columns, as bits -> minor of the first rows in these columns
    for i, part in enumerate(rows):
        following: dict[int, Cyclotomic] = {}
        for used, minor in minors.items():
            for j in range(len(rows)):
                place = part - i + j
                if used >> j & 1 or not 0 <= place < len(known):
                    continue
                odd = (used >> (j + 1)).bit_count() % 2
                term = minor * known[place]
                bits = used | 1 << j
                following[bits] = following.get(bits, ZERO) + (-term if odd else term)
        minors = following
    return minors.get((1 << len(rows)) - 1, ZERO)
