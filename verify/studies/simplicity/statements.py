"""The statements T1 to T6 about generators, counted over many pairs, and impostors that must be violated.

Public: GeneratingPairs, IMPOSTORS, STATEMENTS, Statement, Tally, tally, census_pairs.

G = <a, b> permutes n points with t orbits; c counts cycles with fixed points, Tr fixed points, fpr = Tr / n.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .census import Census
from .pairs import cycle_counts

__all__ = ["IMPOSTORS", "STATEMENTS", "GeneratingPairs", "Statement", "Tally", "census_pairs", "tally"]


@dataclass(frozen=True, eq=False)
class GeneratingPairs:
    """Pairs (a, b), many at once, by what the statements speak of.

    Attributes:
        points: n. orbits: shape (m,): t. weights: shape (m,), int64: how many pairs each row stands for.
        fixed, cycles, orders: shape (m, 3), int64: of a, b and ab; orders in the group, the rest on the points.
        odd_quotient, insoluble, simple, abelian: shape (m,), bool: of G; see ``Census``.
        group_orders: shape (m,): of G.
    """

    points: int
    orbits: np.ndarray
    weights: np.ndarray
    fixed: np.ndarray
    cycles: np.ndarray
    orders: np.ndarray
    odd_quotient: np.ndarray
    insoluble: np.ndarray
    simple: np.ndarray
    abelian: np.ndarray
    group_orders: np.ndarray

    @property
    def both_move(self) -> np.ndarray:
        """Shape (m,), bool: whether neither a nor b fixes every point."""
        return np.asarray((self.fixed[:, :2] < self.points).all(axis=1))

    @property
    def both_even(self) -> np.ndarray:
        """Shape (m,), bool: whether a and b are even permutations."""
        return np.asarray(((self.points - self.cycles[:, :2]) % 2 == 0).all(axis=1))

    @property
    def transitive(self) -> np.ndarray:
        """Shape (m,), bool: one orbit, of at least two points."""
        return np.asarray((self.orbits == 1) & (self.points > 1))


@dataclass(frozen=True)
class Statement:
    """A statement about generating pairs.

    Attributes:
        says: in words. applies: where its hypotheses hold. slack: by how much it holds; below 0 it is violated.
    """

    name: str
    says: str
    applies: Callable[[GeneratingPairs], np.ndarray]
    slack: Callable[[GeneratingPairs], np.ndarray]


def _trace_bound(pairs: GeneratingPairs) -> np.ndarray:
    return np.asarray(pairs.points + pairs.orbits - 2 - pairs.fixed[:, :2].sum(axis=1))


def _genus(pairs: GeneratingPairs) -> np.ndarray:
    return np.asarray(pairs.points + 2 - pairs.cycles.sum(axis=1))


STATEMENTS = (
    Statement(
        "T1",
        "without a subgroup of index 2, det a = det b = 1",
        lambda pairs: pairs.odd_quotient,
        lambda pairs: pairs.both_even - 1.0,
    ),
    Statement(
        "T2",
        "c(a) + c(b) <= n + t",
        lambda pairs: np.ones(len(pairs.orbits), dtype=bool),
        lambda pairs: pairs.points + pairs.orbits - pairs.cycles[:, :2].sum(axis=1),
    ),
    Statement("T3", "Tr a + Tr b <= n + t - 2 when both move a point", lambda pairs: pairs.both_move, _trace_bound),
    Statement("T4", "c(a) + c(b) + c(ab) <= n + 2 when transitive", lambda pairs: pairs.transitive, _genus),
    Statement(
        "T5",
        "fpr a + fpr b <= 1 - 1/n when transitive and both move a point",
        lambda pairs: pairs.transitive & pairs.both_move,
        lambda pairs: _trace_bound(pairs) / pairs.points,
    ),
    Statement(
        "T6",
        "1/|a| + 1/|b| + 1/|ab| < 1 when insoluble and not A5",
        lambda pairs: pairs.insoluble & (pairs.group_orders != 60),  # A5 is the only insoluble group of order 60
        lambda pairs: _hyperbolic(pairs.orders),
    ),
)
"""T1: a sign is a map onto a group of order 2. T2: a cycle of length l joins l points by l - 1 edges. T3: T2, since
an element that moves a point has a cycle of length 2 or more. T4: Riemann-Hurwitz (Ree, A theorem on permutations,
1971). T5: T3 over n. T6: spherical triangle groups have cyclic, dihedral and polyhedral quotients, Euclidean ones are
soluble. All are proved for what they are stated; none of them characterises simple groups."""

IMPOSTORS = (
    Statement(
        "T3 less 1",
        "Tr a + Tr b <= n + t - 3 when both move a point",
        lambda pairs: pairs.both_move,
        lambda pairs: _trace_bound(pairs) - 1,
    ),
    Statement(
        "T4 anywhere",
        "c(a) + c(b) + c(ab) <= n + 2, transitive or not",
        lambda pairs: np.ones(len(pairs.orbits), dtype=bool),
        _genus,
    ),
    Statement(
        "T1 reversed",
        "when det a = det b = 1, the group is simple",
        lambda pairs: pairs.both_even,
        lambda pairs: pairs.simple - 1.0,
    ),
)
"""What is not true: the first shows that T3 cannot be sharper, the second that T4 needs its hypothesis, the third that
T1 is not simplicity."""


@dataclass(frozen=True)
class Tally:
    """How a statement fared.

    Attributes:
        applied, violated: numbers of pairs. least_slack: None where it applied to none.
    """

    applied: int
    violated: int
    least_slack: float | None

    def __add__(self, other: Tally) -> Tally:
        slacks = [one for one in (self.least_slack, other.least_slack) if one is not None]
        return Tally(self.applied + other.applied, self.violated + other.violated, min(slacks) if slacks else None)


def tally(statement: Statement, pairs: GeneratingPairs) -> Tally:
    """Count the pairs to which a statement applies and those that violate it."""
    chosen = statement.applies(pairs)
    slack = np.asarray(statement.slack(pairs), dtype=np.float64)[chosen]
    weights = pairs.weights[chosen]
    least = float(slack.min()) if len(slack) else None
    return Tally(int(weights.sum()), int(weights[slack < -1e-12].sum()), least)


def census_pairs(census: Census) -> GeneratingPairs:
    """All pairs of a census."""
    pairs = census.pairs
    counts = [cycle_counts(one) for one in (pairs.first, pairs.second, pairs.products)]
    return GeneratingPairs(
        census.points,
        pairs.orbits,
        pairs.weights,
        np.column_stack([one.fixed for one in counts]),
        np.column_stack([one.cycles for one in counts]),
        np.column_stack([one.orders for one in counts]),
        census.odd_quotient,
        census.insoluble,
        census.simple,
        census.abelian,
        census.orders,
    )


def _hyperbolic(orders: np.ndarray) -> np.ndarray:
    """Shape (m,): 1 less the signature, in units of one over the product of the orders; not above 0 counts as -1."""
    a, b, c = orders.T
    exact = a * b * c - a * b - b * c - c * a
    return np.where(exact > 0, exact / (a * b * c), -1.0)
