"""Complements of elementary abelian normal sections, by linear equations over GF(p).

Public: ComplementEquations, complement_equations, complement.

Let N < M be normal in H with V = M/N elementary abelian, and let g_1 .. g_r generate H modulo M. Which tuples (m_i) in
V^r make <N, g_i m_i> a complement of V in H/N? Give each coset q of M a word t_q along a breadth-first tree of the g_i.
Replacing g_i by g_i m_i turns t_q into t_q x_q, where x_q is linear in the m_i; and t_q g_i = t_q' c with c in V.
The new elements generate a complement when, at every q and i, c + x_q^{g_i} + m_i = x_q' in V: a linear system.

Source: Holt, Eick, O'Brien, Handbook of Computational Group Theory (2005), section 7.6 (complements and derivations).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..group import Group, Subgroup, prime_factors

__all__ = ["ComplementEquations", "complement", "complement_equations"]


def complement(upper: Subgroup, lower: Subgroup, around: Subgroup) -> Subgroup | None:
    """A subgroup K of H = ``around`` with K M = H and K meeting M in N, or None, which is a proof that none is.

    Args:
        upper, lower: M and N, normal in ``around``, with an elementary abelian quotient.
    """
    equations = complement_equations(upper, lower, around.generators)
    solution = equations.solution()
    if solution is None:
        return None
    group = around.group
    lifted = equations.lifts(solution)
    found = Subgroup(group, group.closure([*lower.generators, *lifted]))
    assert found.order * upper.order == around.order * lower.order, "the equations gave no complement"
    return found


@dataclass(frozen=True, eq=False)
class ComplementEquations:
    """The tuples in V^r that lift r elements to generators of a complement, as a reduced linear system over GF(p).

    Attributes:
        chosen: the elements g_1 .. g_r.
        basis: elements of M that are a basis of V, d of them.
        rows: shape (rank, r d), int64: the reduced equations, each with a 1 at its pivot.
        values: shape (rank,): their right sides.
        pivots: the column of each pivot.
        consistent: whether there is a solution.
    """

    group: Group
    prime: int
    chosen: tuple[int, ...]
    basis: tuple[int, ...]
    rows: np.ndarray
    values: np.ndarray
    pivots: tuple[int, ...]
    consistent: bool

    def solution(self) -> np.ndarray | None:
        """Shape (r, d): a tuple of vectors that gives a complement; None when there is none."""
        if not self.consistent:
            return None
        found = np.zeros(len(self.chosen) * len(self.basis), dtype=np.int64)
        found[list(self.pivots)] = self.values
        return found.reshape(len(self.chosen), len(self.basis))

    def failure(self) -> np.ndarray | None:
        """Shape (r, d): a tuple that gives no complement; None when all do."""
        found = np.zeros(len(self.chosen) * len(self.basis), dtype=np.int64)
        if self.consistent and not self.values.any():
            if not self.pivots:
                return None
            found[self.pivots[0]] = 1
        return found.reshape(len(self.chosen), len(self.basis))

    def lifts(self, vectors: np.ndarray) -> list[int]:
        """The elements g_i m_i of the group, for vectors of shape (r, d)."""
        table = self.group.table
        lifted = []
        for g, vector in zip(self.chosen, vectors, strict=True):
            for b, power in zip(self.basis, self.group.powers(vector, np.array(self.basis)), strict=True):
                g = int(table[g, power]) if b else g
            lifted.append(int(g))
        return lifted


def complement_equations(upper: Subgroup, lower: Subgroup, chosen: Sequence[int]) -> ComplementEquations:
    """The equations for the section ``upper / lower`` and the subgroup that ``chosen`` and ``upper`` generate.

    Cost: with m = |H/M| cosets, m r equations in each of d coordinates and r d unknowns.
    """
    group = upper.group
    prime = prime_factors(upper.order // lower.order)[0][0]
    basis, vectors = _coordinates(upper, lower, prime)
    r, d = len(chosen), len(basis)
    actions = [vectors[group.conjugation(g)[list(basis)]] for g in chosen]
    words, x, targets, defects = _tree(upper, chosen, actions, vectors, prime)
    rows = [np.zeros((0, r * d + 1), dtype=np.int64)]
    for i, action in enumerate(actions):
        # unknowns u as a row: u X_q A + u E_i - u X_q' = -c, for all q and coordinates at once
        left = (x @ action - x[targets[:, i]]) % prime
        left[:, i * d + np.arange(d), np.arange(d)] += 1
        stacked = left.transpose(0, 2, 1).reshape(len(words) * d, r * d) % prime
        right = -defects[:, i].reshape(len(words) * d, 1) % prime
        rows.append(_reduced(np.concatenate([stacked, right], axis=1), prime))
    system = _reduced(np.concatenate(rows), prime)
    pivots = tuple(int(np.argmax(row != 0)) for row in system)
    consistent = r * d not in pivots
    return ComplementEquations(
        group, prime, tuple(map(int, chosen)), basis, system[:, :-1], system[:, -1], pivots, consistent
    )


def _coordinates(upper: Subgroup, lower: Subgroup, prime: int) -> tuple[tuple[int, ...], np.ndarray]:
    """A basis of V, and the vector of each element of M: shape (n, d), zero outside M."""
    group, reached = upper.group, lower.mask
    members, basis = lower.elements, list[int]()
    columns: list[np.ndarray] = []
    while (missing := np.flatnonzero(upper.mask & ~reached)).size:
        b = int(missing[0])
        cosets = group.table[np.ix_(members, group.powers(np.arange(prime), np.full(prime, b)))]
        columns = [np.repeat(column, prime) for column in columns]
        columns.append(np.tile(np.arange(prime), len(members)))
        basis.append(b)
        members = cosets.ravel()
        reached = np.zeros(group.order, dtype=bool)
        reached[members] = True
    vectors = np.zeros((group.order, len(basis)), dtype=np.int64)
    for place, column in enumerate(columns):
        vectors[members, place] = column
    return tuple(basis), vectors


def _tree(
    upper: Subgroup, chosen: Sequence[int], actions: list[np.ndarray], vectors: np.ndarray, prime: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Words t_q (m,), the maps x_q (m, r d, d), the coset q' of t_q g_i (m, r), and the vector of c (m, r, d)."""
    table, inverses, cosets = upper.group.table, upper.group.inverses, upper.right_cosets
    r, d = len(chosen), vectors.shape[1]
    place = np.full(upper.index, -1, dtype=np.int64)
    place[0] = 0
    words, x = np.zeros(1, dtype=np.int64), np.zeros((1, r * d, d), dtype=np.int64)
    level = np.zeros(1, dtype=np.int64)
    while level.size:
        start = len(words)
        for i, g in enumerate(chosen):
            products = table[words[level], g].astype(np.int64)
            fresh, first = np.unique(cosets[products], return_index=True)
            new = place[fresh] < 0
            fresh, first = fresh[new], first[new]
            place[fresh] = np.arange(len(words), len(words) + len(fresh))
            grown = x[level[first]] @ actions[i] % prime
            grown[:, i * d + np.arange(d), np.arange(d)] += 1
            words, x = np.concatenate([words, products[first]]), np.concatenate([x, grown % prime])
        level = np.arange(start, len(words))
    products = table[np.ix_(words, np.asarray(chosen, dtype=np.int64))]
    targets = place[cosets[products]]
    return words, x, targets, vectors[table[inverses[words[targets]], products]]


def _reduced(matrix: np.ndarray, prime: int) -> np.ndarray:
    """The non-zero rows of the reduced echelon form over GF(p)."""
    matrix = np.unique(matrix, axis=0)
    found: list[np.ndarray] = []
    for column in range(matrix.shape[1]):
        rows = np.flatnonzero(matrix[:, column])
        if not rows.size:
            continue
        pivot = matrix[rows[0]] * pow(int(matrix[rows[0], column]), -1, prime) % prime
        matrix = (matrix - matrix[:, [column]] * pivot) % prime
        matrix = matrix[matrix.any(axis=1)]
        found = [(row - row[column] * pivot) % prime for row in found]
        found.append(pivot)
    return np.array(found, dtype=np.int64).reshape(len(found), matrix.shape[1])
