"""The largest normalised margin of a quadratic network on a finite group: a linear program over its irreps, certified.

Public: MarginProgram, MaximumMargin, margin_program, maximum_margin.

The network is f(a, b)[c] = sum over neurons of (u[a] + v[b])^2 w[c] on all pairs, its norm ||theta|| the cube root of
sum ||(u, v, w)||_2^3, its margin the least f(a, b)[ab] - f(a, b)[c] over c != ab. A neuron of norm 1 that lives in one
irrep V and is as good as V allows adds A[C, V] to the margin over the answers with a b c^-1 in the class C, so the best
network is a mixture of irreps: the linear program below, with one variable for each of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from grouptool.errors import GroupToolError
from grouptool.representations import CharacterTable, Cyclotomic, RealConstituent, real_constituents
from grouptool.representations.characters import letters
from grouptool.representations.symmetric.surds import square_root

from .simplex import solve_game

__all__ = ["MarginProgram", "MaximumMargin", "margin_program", "maximum_margin"]

BITS = 256
"""Of the interval arithmetic of certificates."""

ZERO = 1e-9
"""A condition nearer to 0 than this in float64 is computed exactly."""

DIGITS = 40
"""Shares, multipliers and differences below 10^-DIGITS are rounding of the interval arithmetic."""


@dataclass(frozen=True, eq=False)
class MarginProgram:
    """Which margin each irreducible representation gives against each class of wrong answers.

    Attributes:
        table: the character table.
        constituents: the non-trivial irreps over R, q of them: duals together.
        classes: the non-trivial classes, each with the class of its inverses, also q of them.
        kappas: shape (q,), 1 for real type, sqrt(2) for complex and quaternionic type.
        matrix: shape (q, q), float64: A[C, V] = 2 (3n)^(-3/2) / (kappa_V sqrt(d_V)) (1 - Re chi_V(C) / d_V).
    """

    table: CharacterTable
    constituents: tuple[RealConstituent, ...]
    classes: tuple[tuple[int, ...], ...]
    kappas: np.ndarray = field(repr=False)
    matrix: np.ndarray = field(repr=False)

    @property
    def order(self) -> int:
        """Of the group."""
        return self.table.columns.order

    @cached_property
    def degrees(self) -> np.ndarray:
        """Shape (q,), int64: d_V, the degree over C."""
        return np.array([self.table.degrees[one.rows[0]] for one in self.constituents])

    @cached_property
    def multiplicities(self) -> np.ndarray:
        """Shape (q,), int64: how many irreps over C stand behind each, 2 for complex type."""
        return np.array([len(one.rows) for one in self.constituents])

    @cached_property
    def sizes(self) -> np.ndarray:
        """Shape (q,), int64: elements in each of ``classes``."""
        return np.array([self.table.columns.sizes[list(one)].sum() for one in self.classes])

    @cached_property
    def irrep_names(self) -> list[str]:
        """As in the character table; ``1b+1c`` for a pair of duals."""
        return ["+".join(self.table.names[row] for row in one.rows) for one in self.constituents]

    @cached_property
    def class_names(self) -> list[str]:
        """Order of the elements and a letter, ``2A``; ``7A+7B`` is a class with that of the inverses."""
        seen: dict[int, int] = {}
        names = []
        for order in self.table.columns.element_orders.tolist():
            names.append(f"{order}{letters(seen.setdefault(order, 0)).upper()}")
            seen[order] += 1
        return ["+".join(names[c] for c in one) for one in self.classes]

    @cached_property
    def representatives(self) -> list[str]:
        """An element of each of ``classes``, as the character table shows it."""
        labels = self.table.columns.labels
        return [labels[one[0]] for one in self.classes]

    @cached_property
    def condition(self) -> np.ndarray:
        """Shape (q,), float64: sum over V != 1 of kappa_V d_V^(3/2) chi_V(C); the closed form holds when none is > 0.

        A value within 1e-9 of 0 is computed exactly, with cyclotomic numbers, and is 0.0 when it is 0.
        """
        values = np.einsum("v,vc->c", self.kappas * self.degrees**1.5, self._characters)
        for place in np.flatnonzero(np.abs(values) < ZERO):
            if self._exact_condition(int(place)) == 0:
                values[place] = 0.0
        return np.asarray(values)

    @property
    def closed_form_holds(self) -> bool:
        """Whether every class is on the margin of the largest margin, so that the closed form is right."""
        return bool((self.condition <= 0).all())

    @cached_property
    def closed_form(self) -> float:
        """2 / (3 sqrt(3n)) / sum over V != 1 of kappa_V d_V^(5/2), right or too small.

        Source: Morwani et al. (2023), theorems 7 and 9, extended here to complex and quaternionic type.
        """
        return float(2 / (3 * np.sqrt(3 * self.order)) / self._masses.sum())

    @property
    def formula_of_the_paper(self) -> float:
        """2 / (3 sqrt(3n)) / sum over V != 1 of d_V^(5/2), theorem 9: ``closed_form`` if all are of real type."""
        return float(2 / (3 * np.sqrt(3 * self.order)) / (self.multiplicities * self.degrees**2.5).sum())

    @cached_property
    def law(self) -> np.ndarray:
        """Shape (q,), sum 1: the mass law, shares proportional to kappa d^(5/2), duals together."""
        return np.asarray(self._masses / self._masses.sum())

    @property
    def sufficient_width(self) -> int:
        """2 sum of d^3 over the irreps V != 1 over C: neurons that theorem 9 asks for."""
        return int(2 * (self.multiplicities * self.degrees**3).sum())

    @property
    def real_type(self) -> bool:
        """Whether all irreps are of real type, as theorem 9 assumes."""
        return all(one.type == "R" for one in self.constituents)

    @cached_property
    def _masses(self) -> np.ndarray:
        return np.asarray(self.multiplicities * self.kappas * self.degrees**2.5)

    @cached_property
    def _characters(self) -> np.ndarray:
        """Shape (q, q): the sum of the characters behind each constituent, on each class."""
        columns = [one[0] for one in self.classes]
        return np.stack([self.table.floats(list(one.rows), columns).sum(axis=0).real for one in self.constituents])

    def _exact_condition(self, place: int) -> Cyclotomic:
        total = Cyclotomic(1, {})
        for one, degree in zip(self.constituents, self.degrees.tolist(), strict=True):
            weight = square_root((1 if one.type == "R" else 2) * degree**3)
            for row in one.rows:
                total = total + weight * self.table.value(row, self.classes[place][0])
        return total

    def balls(self) -> Any:
        """``matrix`` without the factor 2 (3n)^(-3/2), as a flint ``arb_mat`` of enclosures at the set precision."""
        from flint import arb, arb_mat, fmpq

        numbers, index = self.table.numbers, self.table.index
        columns = [one[0] for one in self.classes]
        rows = [one.rows[0] for one in self.constituents]
        real = {}
        for number in np.unique(index[np.ix_(rows, columns)]).tolist():
            part = slice(numbers.starts[number], numbers.starts[number + 1])
            order = int(numbers.orders[number])
            terms = zip(numbers.coefficients[part].tolist(), numbers.exponents[part].tolist(), strict=True)
            real[number] = sum((m * arb.cos_pi_fmpq(fmpq(2 * exponent, order)) for m, exponent in terms), arb(0))
        weights = [
            1 / (arb(degree) * (1 if one.type == "R" else 2)).sqrt()
            for one, degree in zip(self.constituents, self.degrees.tolist(), strict=True)
        ]
        return arb_mat(
            [
                [
                    weight * (1 - real[int(index[row, column])] / degree)
                    for row, weight, degree in zip(rows, weights, self.degrees.tolist(), strict=True)
                ]
                for column in columns
            ]
        )


@dataclass(frozen=True, eq=False)
class MaximumMargin:
    """The largest normalised margin gamma* and what the networks that reach it look like.

    Attributes:
        program: that was solved.
        margin: gamma*, float64.
        shares: shape (q,), sum 1: the share of sum ||omega||^3 in each irrep, of one optimum.
        tau: shape (q,), sum 1: the dual, how much each class of wrong answers holds the margin down.
        lower, upper: decimal digits of proved bounds of gamma*: the margin of the mixture ``shares``, and the best
            margin that any irrep has against the mixture ``tau``, both in interval arithmetic.
        gap: (upper - lower) / upper, dimensionless.
        unused: shape (q,), bool: irreps worse against ``tau`` than the bound, so no optimum gives them more than 1e-30.
        off_margin: shape (q,), bool: classes that this optimum answers with more than the margin.
        unique: True when ``shares`` is the only optimum, False when that is not known.
    """

    program: MarginProgram
    margin: float
    shares: np.ndarray
    tau: np.ndarray
    lower: str
    upper: str
    gap: float
    unused: np.ndarray
    off_margin: np.ndarray
    unique: bool

    @property
    def over_closed_form(self) -> float:
        """gamma* over the closed form, at least 1."""
        return self.margin / self.program.closed_form

    @cached_property
    def class_margins(self) -> np.ndarray:
        """Shape (q,): the margin against each class, in units of gamma*; at least 1."""
        return np.asarray(self.program.matrix @ self.shares / self.margin)


def margin_program(table: CharacterTable) -> MarginProgram:
    """The linear program of a group from its exact character table.

    Raises:
        GroupToolError: the trivial group has no wrong answers.
    """
    columns = table.columns
    if columns.order == 1:
        raise GroupToolError("the trivial group has no wrong answers, so no margin; give a group of order at least 2")
    inverse = columns.power_map(-1).tolist()
    classes = tuple((c,) if c == d else (c, d) for c, d in enumerate(inverse) if 0 < c <= d)
    constituents = tuple(one for one in real_constituents(table) if not one.is_trivial)
    kappas = np.array([1.0 if one.type == "R" else np.sqrt(2) for one in constituents])
    rows, chosen = [one.rows[0] for one in constituents], [one[0] for one in classes]
    degrees = table.degrees[rows]
    normal = 1 - table.floats(rows, chosen).real.T / degrees
    matrix = 2 * (3 * columns.order) ** -1.5 / (kappas * np.sqrt(degrees)) * np.where(normal < 1e-12, 0, normal)
    return MarginProgram(table, constituents, classes, kappas, matrix)


def maximum_margin(program: MarginProgram) -> MaximumMargin:
    """gamma* = max { t : A lam >= t, lam >= 0, sum lam = 1 } with its dual, both enclosed in interval arithmetic.

    Where the class condition holds, the mass law and its dual are the optimum and are only checked; else the simplex
    method finds a basis, which is solved again to 70 digits. Either way the bounds come from the mixtures alone, which
    are clipped to be feasible: they do not depend on how those were found.

    Cost: q^2 intervals of 256 bits, and q^3 where the condition fails.

    Raises:
        GroupToolError: the bounds are more than 1e-12 apart, which is a bug.
    """
    from flint import arb, ctx

    precision, ctx.prec = ctx.prec, BITS
    try:
        balls = program.balls()
        shares, tau = _by_law(program) if program.closed_form_holds else _by_basis(program, balls)
        reached, allowed = balls * shares, balls.transpose() * tau
        scale = 2 / (arb(3 * program.order) * arb(3 * program.order).sqrt())
        lower, upper = _extreme(reached, min), _extreme(allowed, max)
        gap = float(((upper - lower) / upper).abs_upper())
        if not gap < 1e-12:
            raise GroupToolError(
                f"the bounds of the largest margin of {program.table.columns.name} differ by {gap:.1e}"
            )
        entries, trifle = range(len(program.classes)), arb(10) ** -DIGITS
        return MaximumMargin(
            program,
            float((scale * lower).mid()),
            np.array([float(shares[i, 0].mid()) for i in entries]),
            np.array([float(tau[i, 0].mid()) for i in entries]),
            (scale * lower).mid().str(30, radius=False),
            (scale * upper).mid().str(30, radius=False),
            gap,
            unused := np.array([bool(allowed[i, 0] < lower * (1 - trifle)) for i in entries]),
            np.array([bool(reached[i, 0] > upper * (1 + trifle)) for i in entries]),
            # A non-degenerate dual basis: as many multipliers are positive as there are irreps that may be used.
            sum(bool(tau[i, 0] > 0) for i in entries) == int((~unused).sum()),
        )
    finally:
        ctx.prec = precision


def _by_law(program: MarginProgram) -> tuple[Any, Any]:
    """The mass law, and tau_C = -|C| sum kappa d^(3/2) chi(C) / sum kappa d^(5/2), as balls."""
    from flint import arb

    masses = [
        arb(count * count * kind * degree**5).sqrt()
        for count, kind, degree in zip(
            program.multiplicities.tolist(), _squared_kappas(program), program.degrees.tolist(), strict=True
        )
    ]
    return _mixture(masses), _mixture(_multipliers(program))


def _multipliers(program: MarginProgram) -> list[Any]:
    """Multiples of the dual of the mass law: -|C| times the condition, from ``balls``."""
    from flint import arb

    balls = program.balls()
    weights = [
        # kappa d^(3/2) count d against kappa^-1 d^(-1/2): the condition is sum of weight - weight' * ball
        (count * kind * degree**3, arb(count * count * kind * degree**5).sqrt())
        for count, kind, degree in zip(
            program.multiplicities.tolist(), _squared_kappas(program), program.degrees.tolist(), strict=True
        )
    ]
    total = sum((mass for _, mass in weights), arb(0))
    found = []
    for place, (size, value) in enumerate(zip(program.sizes.tolist(), program.condition.tolist(), strict=True)):
        negated = sum((factor * balls[place, v] for v, (factor, _) in enumerate(weights)), arb(0)) - total
        found.append(size * negated if value else arb(0))
    return found


def _squared_kappas(program: MarginProgram) -> list[int]:
    return [1 if one.type == "R" else 2 for one in program.constituents]


def _by_basis(program: MarginProgram, balls: Any) -> tuple[Any, Any]:
    """An optimal basis by the simplex method, solved with balls."""
    from flint import arb, arb_mat

    basis = solve_game(program.matrix)
    square = arb_mat([[balls[c, v] for v in basis.columns.tolist()] for c in basis.rows.tolist()])
    ones = arb_mat([[1]] * len(basis.rows))
    found = []
    for matrix, places in ((square, basis.columns), (square.transpose(), basis.rows)):
        solved = matrix.solve(ones)
        whole = [arb(0)] * len(program.classes)
        for i, place in enumerate(places.tolist()):
            whole[place] = solved[i, 0]
        found.append(_mixture(whole))
    return found[0], found[1]


def _mixture(weights: list[Any]) -> Any:
    """A column with sum 1 to rounding, entries exact and not negative: nothing above depends on how they were found."""
    from flint import arb, arb_mat

    total = sum(weights, arb(0))
    shares = [(weight / total).mid() for weight in weights]
    least = arb(10) ** -DIGITS
    return arb_mat([[share if share > least else arb(0)] for share in shares])


def _extreme(column: Any, choose: Any) -> Any:
    """An enclosure of the least or the largest entry."""
    values = [column[i, 0] for i in range(column.nrows())]
    found = values[0]
    for value in values[1:]:
        found = found.min(value) if choose is min else found.max(value)
    return found
