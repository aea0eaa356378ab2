"""Bases of neural group actions: real representations by words, what they predict, and which one a set of traces says.

Public: Base, base, base_of, contrasting, fixed_dimensions, multiplicities_from_traces, smallest_faithful.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from grouptool.errors import BudgetSpentError, GroupToolError, NoEvidenceError, RepresentationError, TooLargeError
from grouptool.files import read_numbers
from grouptool.group import Group
from grouptool.representations import (
    CharacterTable,
    RealConstituent,
    Representation,
    character_table,
    direct_sum,
    matrix_representation,
    permutation_representation,
    real_constituents,
    real_irrep,
)
from grouptool.representations.spaces.decomposition import multiplicities
from grouptool.structure.action_words import ACTIONS, action_named
from grouptool.structure.actions import GSet

__all__ = [
    "Base",
    "base",
    "base_of",
    "contrasting",
    "fixed_dimensions",
    "multiplicities_from_traces",
    "smallest_faithful",
]

MOST_DIMENSIONS = 64
MOST_KERNELS = 20_000
"""Intersections of kernels that the search for the smallest faithful representation looks at."""
DOUBT = 0.25
"""An estimate of a whole number that is further off than this decides nothing."""


@dataclass(frozen=True, eq=False)
class Base:
    """A real representation rho that a neural action is conjugate to.

    Attributes:
        text: as ``base`` reads it. representation: rho(a * b) = rho(a) @ rho(b), float64.
        counts: shape (c,), int64: how often each of ``real_constituents(table)`` occurs.
    """

    text: str
    representation: Representation
    table: CharacterTable
    counts: np.ndarray

    @property
    def dimension(self) -> int:
        """Dimension d of the space."""
        return self.representation.degree

    @cached_property
    def constituents(self) -> tuple[RealConstituent, ...]:
        """All real irreducible representations of the group."""
        return real_constituents(self.table)

    @property
    def spelled(self) -> str:
        """The irreducible representations with their multiplicities, a text that ``base`` reads."""
        return _spelled(self.constituents, self.counts)

    @cached_property
    def character(self) -> np.ndarray:
        """Shape (k,), float64: the trace on each class."""
        return np.asarray(self.counts @ np.array([one.character for one in self.constituents]))

    @cached_property
    def fixed(self) -> np.ndarray:
        """Shape (k,), int64: dimension of what an element of each class fixes; of the fixed set of N(g, .) as well."""
        return np.asarray(fixed_dimensions(self.table, self.character[None])[0])

    @cached_property
    def kernel(self) -> np.ndarray:
        """Shape (k,), bool: the classes that act trivially."""
        rows = [self.constituents[i].rows[0] for i in np.flatnonzero(self.counts).tolist()]
        return np.asarray(np.logical_and.reduce([self.table.kernel(row) for row in rows]))

    @property
    def is_faithful(self) -> bool:
        """Whether only the identity acts trivially."""
        return int(self.kernel.sum()) == 1


def base(text: str, group: Group, table: CharacterTable | None = None) -> Base:
    """A real representation by words.

    Terms are joined by `` + `` with blanks around it. A term is the name of a real irreducible representation as
    ``real_irreps`` gives it (``4a``, ``2b+2c``, ``2x2a``), or what ``grouptool decompose --action`` takes (``regular``,
    ``natural``, ``cosets:H``, ``matrices:FILE``), with a number of copies before a ``*``: ``2x2a + 3*1a``. The word
    ``faithful`` is the faithful representation of least dimension, ``smallest_faithful``.

    Raises:
        GroupToolError: no such term. RepresentationError: complex matrices. TooLargeError: above 64 dimensions.
        BudgetSpentError: ``faithful`` was not found; whatever is not read by ``decompose``.
    """
    table = character_table(group) if table is None else table
    constituents = real_constituents(table)
    parts: list[Representation] = []
    for term in re.split(r"\s+\+\s+", text.strip()):
        copies, word = _term(term)
        if word == "faithful":
            one = smallest_faithful(table).representation
        else:
            found = next((one for one in constituents if one.name == word), None)
            one = _matrices(found) if found else _acting(group, word, constituents)
        _expect_size(text, one.degree * copies + sum(part.degree for part in parts))
        parts += [one] * copies
    made = direct_sum(*parts)
    return Base(text.strip(), made, table, _counted(constituents, multiplicities(made, table)))


def base_of(counts: Sequence[int] | np.ndarray, table: CharacterTable) -> Base:
    """The sum of real irreducible representations with multiplicities, in the order of ``real_constituents``."""
    constituents, given = real_constituents(table), np.asarray(counts, dtype=np.int64)
    text = _spelled(constituents, given)
    _expect_size(text, int(given @ [one.dimension for one in constituents]))
    parts = [_matrices(one) for one, count in zip(constituents, given, strict=True) for _ in range(count)]
    return Base(text, direct_sum(*parts), table, given)


def smallest_faithful(table: CharacterTable) -> Base:
    """A faithful real representation of least dimension, with 1a added when that is 1, for couplings need two.

    Shortest paths over intersections of kernels: exact. Cost: irreps times intersections met.

    Raises:
        BudgetSpentError: more than 20,000 intersections; a base is unknown, not absent (regular is one).
    """
    constituents = real_constituents(table)
    kernels = [table.kernel(one.rows[0]) for one in constituents]
    start = np.ones(len(table), dtype=bool)
    waiting: list[tuple[int, tuple[int, ...], bytes]] = [(0, (), start.tobytes())]
    done: set[bytes] = set()
    while waiting:
        cost, chosen, key = heapq.heappop(waiting)
        if chosen and key in done:
            continue
        if chosen:
            done.add(key)
        inside = np.frombuffer(key, dtype=bool)
        if inside.sum() == 1 and chosen:
            counts = np.bincount(chosen, minlength=len(constituents))
            counts[0] += cost == 1
            return base_of(counts, table)
        if len(done) > MOST_KERNELS:
            raise BudgetSpentError(
                f"more than {MOST_KERNELS:,} intersections of kernels: the smallest faithful representation of "
                f"{table.group.name} is unknown; name a base, such as regular"
            )
        for i, one in enumerate(constituents):
            smaller = inside & kernels[i]
            if smaller.sum() < inside.sum() or not chosen:
                heapq.heappush(waiting, (cost + one.dimension, (*chosen, i), smaller.tobytes()))
    raise AssertionError("the irreducible representations together are faithful")


def contrasting(given: Base) -> Base | None:
    """A base of the same dimension whose fixed spaces differ most, to be the wrong one; None when there is none.

    Tried: copies of one real irrep, filled up with trivial coordinates, and all one-dimensional ones in turn. The
    trivial representation itself is taken only when nothing else differs, since its action is x -> x.
    """
    constituents, dimension = given.constituents, given.dimension
    sizes = given.table.classes.sizes
    tried = []
    for i, one in enumerate(constituents):
        counts = np.zeros(len(constituents), dtype=np.int64)
        counts[i] = dimension // one.dimension
        counts[0] += dimension % one.dimension
        tried.append(counts)
    linear = [i for i, one in enumerate(constituents) if one.dimension == 1]
    turns = np.zeros(len(constituents), dtype=np.int64)
    for step in range(dimension):
        turns[linear[step % len(linear)]] += 1
    tried.append(turns)
    characters = np.array(tried) @ np.array([one.character for one in constituents])
    apart = (np.abs(fixed_dimensions(given.table, characters) - given.fixed) * sizes).sum(axis=1)
    still = np.array([bool(counts[0] == dimension) for counts in tried])
    best = int(np.lexsort((-apart, still | (apart == 0)))[0])
    if apart[best] == 0:
        best = int(apart.argmax())
    return base_of(tried[best], given.table) if apart[best] else None


def fixed_dimensions(table: CharacterTable, characters: np.ndarray) -> np.ndarray:
    """Shape (m, k), int64: for characters of shape (m, k), the multiplicity of the eigenvalue 1 on each class.

    (1 / o) sum of chi(g^i) over i below the order o of g.
    """
    return np.asarray(np.rint(_means_over_powers(table, characters)), dtype=np.int64)


def multiplicities_from_traces(table: CharacterTable, traces: np.ndarray) -> tuple[np.ndarray, float]:
    """The real representation that estimated traces belong to, through whole numbers only.

    First the dimensions of fixed spaces, one a class: the mean of the traces over powers, rounded. They are a system of
    whole-number equations in the multiplicities; its solutions agree but for Galois conjugates, which fix as much as
    each other (representations with equal fixed spaces: their sums over Galois orbits agree, by Artin's theorem). Then
    the multiplicities of conjugates from inner products with the characters, rounded so that they have that sum.

    Args:
        traces: shape (k,), float64: estimates of the character on each class.

    Returns:
        Shape (c,), int64, in the order of ``real_constituents``; and the largest distance of an estimate, of a
        dimension or a multiplicity, from the whole number that was taken.

    Raises:
        NoEvidenceError: the system has no solution in whole numbers from 0 on, or an estimate is in doubt, more than
            0.25 off.

    Source: Serre, Linear Representations of Finite Groups (1977), sections 13.1 and 13.2.
    """
    constituents = real_constituents(table)
    characters = np.array([one.character for one in constituents])
    estimated = _means_over_powers(table, traces[None])[0]
    fixed = np.rint(estimated)
    rows, orbit_of = np.unique(fixed_dimensions(table, characters), axis=0, return_inverse=True)
    sums = np.rint(np.linalg.lstsq(rows.T.astype(np.float64), fixed, rcond=None)[0]).astype(np.int64)
    lengths = (characters**2 * table.classes.sizes).sum(axis=1)
    shares = (characters * table.classes.sizes) @ traces / lengths
    counts = np.zeros(len(constituents), dtype=np.int64)
    for orbit, total in enumerate(sums.tolist()):
        members = np.flatnonzero(orbit_of.ravel() == orbit)
        counts[members] = np.floor(shares[members]) if len(members) > 1 else total
        short = total - int(counts[members].sum())
        counts[members[np.argsort(counts[members] - shares[members])[: max(short, 0)]]] += 1
    gap = float(max(np.abs(estimated - fixed).max(), np.abs(shares - counts).max()))
    solved = np.array_equal(rows.T @ sums, fixed) and np.array_equal(np.bincount(orbit_of.ravel(), counts), sums)
    if not solved or (counts < 0).any() or gap > DOUBT:
        raise NoEvidenceError(
            f"the base stays unknown: dimensions of fixed spaces {np.round(estimated, 2).tolist()} by class and "
            f"multiplicities {np.round(shares, 2).tolist()} are those of no representation of {table.group.name} to "
            f"{DOUBT} (off by {gap:.2f}). Give more samples or steps, or name a base."
        )
    return counts, gap


# -- small steps


def _means_over_powers(table: CharacterTable, values: np.ndarray) -> np.ndarray:
    """Shape (m, k): of class functions, shape (m, k), the mean over the powers of an element of each class."""
    starts, classes = table.classes.powers
    return np.asarray(np.add.reduceat(values[:, classes], starts, axis=1) / table.classes.element_orders)


def _term(term: str) -> tuple[int, str]:
    """The number of copies and the word."""
    found = re.fullmatch(r"(?:(\d{1,3})\s*\*\s*)?(\S.*)", term.strip())
    if not found or (copies := int(found[1] or 1)) < 1:
        raise GroupToolError(f"cannot read the term {term!r} of a base; write terms such as 2*1a, joined by ' + '")
    return copies, found[2]


def _acting(group: Group, word: str, constituents: Sequence[RealConstituent]) -> Representation:
    """What ``grouptool decompose --action`` makes of a word, as real matrices."""
    kind, _, rest = word.partition(":")
    found: GSet | Representation
    if kind == "matrices" and rest:
        found = matrix_representation(group, read_numbers(Path(rest)))
    elif word in ACTIONS or (kind == "cosets" and rest):
        found = action_named(group, word)
    else:
        known = ", ".join(one.name for one in constituents[:24]) + (", ..." if len(constituents) > 24 else "")
        raise GroupToolError(
            f"{word!r} is no base for {group.name}; write faithful, {', '.join(ACTIONS)}, cosets:H, matrices:FILE or a "
            f"real irreducible representation: {known}"
        )
    if isinstance(found, GSet):
        _expect_size(word, len(found))
        return permutation_representation(found)
    if found.images.dtype.kind == "c":
        if np.abs(found.images.imag).max(initial=0.0) > 1e-12:
            raise RepresentationError(f"{word} has complex matrices; give real ones, of twice the size")
        return Representation(group, found.images.real.copy(), found.name)
    return found


def _matrices(one: RealConstituent) -> Representation:
    group = one.table.group
    return Representation(group, real_irrep(one).matrices[list(group.generators)], one.name)


def _counted(constituents: Sequence[RealConstituent], rows: np.ndarray) -> np.ndarray:
    """Multiplicities of real constituents from those of the rows of the table."""
    return np.array([rows[one.rows[0]] // (2 if one.type == "H" else 1) for one in constituents], dtype=np.int64)


def _spelled(constituents: Sequence[RealConstituent], counts: np.ndarray) -> str:
    terms = [
        one.name if count == 1 else f"{count}*{one.name}"
        for one, count in zip(constituents, counts.tolist(), strict=True)
        if count
    ]
    return " + ".join(terms)


def _expect_size(text: str, dimension: int) -> None:
    if dimension > MOST_DIMENSIONS:
        raise TooLargeError(
            f"the base {text[:60]} has {dimension:,} dimensions; actions are trained up to {MOST_DIMENSIONS}. Take a "
            "smaller one, such as faithful"
        )
