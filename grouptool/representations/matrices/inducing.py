"""Where irreducible representations come from: subgroups H with a linear character lambda that chi holds just once.

Public: Source, find_sources.

When <chi|H, lambda> = 1 the vectors on which H acts by lambda form one line, and chi is realised over the field of chi
and lambda (Dixon 1993; Isaacs, Character Theory of Finite Groups (1976), corollary 10.2 c). When also |G : H| = chi(1),
chi is induced from lambda, and its matrices are monomial.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np

from ...acceleration import use_compiled
from ...errors import BudgetSpentError
from ...group import Group, Subgroup
from ...structure.orbits import orbit
from ...structure.subgroups import SubgroupLattice, subgroup_lattice
from ..characters import CharacterTable
from ..root_sums import root_of_unity
from ..units import lifted_unit, units
from .linear import linear_characters, root_conductor, root_order

__all__ = ["Source", "find_sources"]

MOST_SUBGROUPS = 20_000
"""Budget of the subgroup lattice that is searched; beyond it, stabilisers are followed down (Clifford)."""
MOST_POINTS = 1_000
"""Points whose stabilisers are looked at, one for each orbit."""
FEW_PRODUCTS = 200_000
"""Products of all elements with those of H up to which cosets are told by their smallest elements."""
MOST_COMPILED = 500_000
"""Steps of the plain double loop for eigenvalues in the kernel; longer ones are fast Fourier transforms in numpy."""
MOST_LINEAR = 400
"""Classes of subgroups whose linear characters of order above 2 are tried."""


@dataclass(frozen=True, eq=False)
class Source:
    """A subgroup H and a linear character lambda of it that an irreducible character holds exactly once.

    E = mean over h in H of rho(h) / lambda(h) is the projection to the line of its vectors.

    Attributes:
        elements: shape (m,): the elements of H.
        exponents: shape (m,): lambda is exp(2 pi i exponents / order) on them.
        order: the order of lambda.
        conductor: of the smallest cyclotomic field that holds the values of chi and of lambda.
    """

    elements: np.ndarray
    exponents: np.ndarray
    order: int
    conductor: int

    def is_monomial(self, group: Group, degree: int) -> bool:
        """Whether chi is induced from lambda."""
        return len(self.elements) * degree == group.order

    @property
    def words(self) -> str:
        """Where matrices come from, in words."""
        kind = "the trivial character" if self.order == 1 else f"a linear character of order {self.order}"
        return f"{kind} of a subgroup of order {len(self.elements)}"

    def translates(self, group: Group) -> np.ndarray:
        """Elements g, one for each left coset g H: the images of the line under them are all of its images."""
        if group.order * len(self.elements) <= FEW_PRODUCTS:
            return np.flatnonzero(group.table[:, self.elements].min(axis=1) == np.arange(group.order))
        inside = np.zeros(group.order, dtype=bool)
        inside[self.elements] = True
        return np.unique(Subgroup(group, inside).left_cosets, return_index=True)[1]

    def weights(self, unit: int) -> np.ndarray:
        """Shape (m,): the coefficients of E on the elements, under zeta -> zeta^unit."""
        places = lifted_unit(unit, self.conductor, self.order) * self.exponents % self.order
        return np.asarray(_inverse_roots(self.order)[places] / len(self.elements))

    def unitary_weights(self, unit: int) -> np.ndarray:
        """As ``weights``, for an orthogonal projection: the same."""
        return self.weights(unit)

    def residues(self, unit: int, prime: int) -> np.ndarray:
        """Shape (m,), int64: ``weights`` modulo a prime ideal above p."""
        root, lift = root_of_unity(self.order, prime), lifted_unit(unit, self.conductor, self.order)
        powers = np.array([pow(root, -lift * i % self.order, prime) for i in range(self.order)])
        return np.asarray(powers[self.exponents] * pow(len(self.elements), -1, prime) % prime)

    @property
    def is_orthogonal(self) -> bool:
        """Whether E is an orthogonal projection in the invariant inner product."""
        return True


@lru_cache(maxsize=256)
def _inverse_roots(order: int) -> np.ndarray:
    """1, zeta^-1, zeta^-2, ... in complex128."""
    return np.asarray(np.exp(-2j * np.pi * np.arange(order) / order))


def find_sources(table: CharacterTable, rows: Sequence[int]) -> dict[int, Source]:
    """A source for each of some irreducible characters of degree above 1, with as small a conductor as was found.

    Cyclic subgroups first, by eigenvalues, and stabilisers of points; then all subgroups up to conjugacy, with trivial,
    sign and other linear characters; where there are too many subgroups, stabilisers of linear characters of abelian
    normal subgroups.
    Monomial sources are taken before others of the same conductor. Rows without a source are left out. What is found
    for a row does not depend on the other rows that are asked for.
    """
    search = _Search(table, rows)
    search.cyclic()
    search.points()
    search.lines()
    if search.open_rows or search.coarse_rows:
        with suppress(BudgetSpentError):
            search.lattice(subgroup_lattice(table.group, budget=MOST_SUBGROUPS))
    if search.open_rows:
        search.stabilizers()
    if missing := [row for row in search.rows if row not in search.found]:
        longer = _Search(table, missing)
        with suppress(BudgetSpentError):
            longer.lattice(subgroup_lattice(table.group))
        search.found.update(longer.found)
    return search.found


class _Search:
    """The best source of each row so far; a row is open until its conductor is the least that its values allow."""

    def __init__(self, table: CharacterTable, rows: Sequence[int]) -> None:
        self.table, self.group, self.rows = table, table.group, list(rows)
        self.own = dict(zip(self.rows, table.conductors[self.rows].tolist(), strict=True))
        self.degrees = dict(zip(self.rows, table.degrees[self.rows].tolist(), strict=True))
        # No real field serves characters of quaternionic type: rational ones need Q(zeta_3) or Q(i) at least.
        rational = (row for row, own in self.own.items() if own == 1 and self.degrees[row] % 2 == 0)
        self.goal = self.own | {row: 4 for row in rational if table.indicators[row] == -1}
        self.found: dict[int, Source] = {}

    @property
    def open_rows(self) -> list[int]:
        return [row for row in self.rows if row not in self.found or self.found[row].conductor > self.goal[row]]

    @property
    def coarse_rows(self) -> list[int]:
        """Rows of a degree above 6 whose subgroup is so small that the translates of its vector are many."""
        return [
            row
            for row, source in self.found.items()
            if self.degrees[row] > 6
            and len(source.elements) < 2 * self.degrees[row]
            and not source.is_monomial(self.group, self.degrees[row])
        ]

    def offer(self, row: int, elements: np.ndarray, exponents: np.ndarray, order: int) -> None:
        """Keep a source if it is better than the one there: by conductor, larger subgroup.

        Translates of a vector by elements of H lie on one line, so chi(1) |H| is at most n: those that induce are best.
        """
        conductor = math.lcm(self.own[row], root_conductor(order))
        new = Source(elements, exponents, order, conductor)
        old = self.found.get(row)
        if old is None or (conductor, len(old.elements)) < (old.conductor, len(elements)):
            self.found[row] = new

    def cyclic(self) -> None:
        """Eigenvalues of multiplicity one of single elements."""
        classes = self.table.classes
        for row, (j, exponent) in zip(self.rows, self._simple_eigenvalues(), strict=True):
            if j >= 0:
                order = int(classes.element_orders[j])
                common = math.gcd(order, exponent)
                powers, root = _powers(self.group, int(classes.representatives[j]), order), order // common
                self.offer(row, powers, np.arange(order) * (exponent // common) % root, root)

    def _simple_eigenvalues(self) -> list[list[int]]:
        """For each row the class and the exponent of the best eigenvalue of multiplicity one; -1 for none."""
        table, classes = self.table, self.table.classes
        orders, values = classes.element_orders, table.floats(self.rows)
        if (work := int(orders @ orders) * len(values)) < MOST_COMPILED and use_compiled(work):
            from ._kernels import simple_eigenvalues

            (starts, powers), own = classes.powers, table.conductors[self.rows]
            found: list[list[int]] = simple_eigenvalues(values, starts, orders, powers, own).tolist()
            return found
        best: list[tuple[int, ...]] = [()] * len(values)
        for columns, powers in classes.powers_by_order():
            order = powers.shape[1]
            # One class is enough of those whose elements generate conjugate subgroups.
            first = np.flatnonzero(powers[:, units(order) % order].min(axis=1) >= np.array(columns))
            counts = np.rint(np.fft.fft(values[:, powers[first]], norm="forward").real)
            for i, j, exponent in zip(*(one.tolist() for one in np.nonzero(counts == 1)), strict=True):
                conductor = math.lcm(self.own[self.rows[i]], root_conductor(order // math.gcd(order, exponent)))
                key = (conductor, -order, columns.start + int(first[j]), exponent)
                best[i] = min(best[i] or key, key)
        return [list(key[2:]) if key else [-1, -1] for key in best]

    def points(self) -> None:
        """Trivial characters of stabilisers of points in the group's own permutations: often large subgroups."""
        rows = sorted({*self.open_rows, *self.coarse_rows})
        permutations, count = self.group.permutations, len(self.table)
        seen = np.zeros(permutations.shape[1], dtype=bool)
        for point in range(min(len(seen), MOST_POINTS)) if rows else ():
            if seen[point]:
                continue
            images = permutations[:, point]
            seen[images] = True
            elements = np.flatnonzero(images == point)
            sums = np.bincount(self.table.classes.class_of[elements], minlength=count)
            fixed = np.rint((self.table.floats(rows) @ sums).real / len(elements))
            for place in np.flatnonzero(fixed == 1):
                self.offer(rows[place], elements, np.zeros(len(elements), dtype=np.int64), 1)

    def lines(self) -> None:
        """Stabilisers of the lines that were found, in place of the subgroups that led there, where chi is induced."""
        for row, source in self.found.items():
            if not source.is_monomial(self.group, self.degrees[row]):
                self.found[row] = _stabilizer_of_line(self.table, row, source) or source

    def lattice(self, lattice: SubgroupLattice) -> None:
        """All subgroups: trivial and sign characters at once, then others subgroup by subgroup."""
        masks = lattice.members(lattice.bits[lattice.starts[:-1]])
        classes = self.table.classes
        members = np.zeros((self.group.order, len(classes)), dtype=np.float32)
        members[np.arange(self.group.order), classes.class_of] = 1
        fusion = masks.astype(np.float32) @ members  # how many elements of each class
        rows = sorted({*self.open_rows, *self.coarse_rows})
        fixed = np.rint((self.table.floats(rows) @ fusion.T).real / lattice.orders).astype(np.int64)
        for place, row in enumerate(rows):
            once = np.flatnonzero(fixed[place] == 1)
            if once.size:
                elements = np.flatnonzero(masks[once[-1]])
                self.offer(row, elements, np.zeros(len(elements), dtype=np.int64), 1)
        self._signs(lattice, masks, rows, fixed)
        indices = lattice.group.order // lattice.orders
        for i in np.flatnonzero(np.isin(indices, list(self.degrees.values()))).tolist():
            degree = int(indices[i])
            unsettled = {*self.open_rows, *self.coarse_rows}
            if rows := [row for row in unsettled if self.degrees[row] == degree]:
                self._linear(Subgroup(self.group, masks[i]), rows)
        for i in islice(reversed(range(1, len(lattice))), MOST_LINEAR):
            rows = self.open_rows
            if not rows:
                return
            self._linear(Subgroup(self.group, masks[i]), rows)

    def _signs(self, lattice: SubgroupLattice, masks: np.ndarray, rows: list[int], fixed: np.ndarray) -> None:
        """Characters of order 2, by their kernels K of index 2 in H: <chi, sign> = <chi|K, 1> - <chi|H, 1>."""
        kernels, wholes = np.nonzero((lattice.containments > 0) & (2 * lattice.orders[:, None] == lattice.orders))
        once = fixed[:, kernels] - fixed[:, wholes] == 1
        for place, row in enumerate(rows):
            pairs = np.flatnonzero(once[place])
            if not pairs.size:
                continue
            monomial = lattice.orders[wholes[pairs]] * self.degrees[row] == self.group.order
            pair = pairs[monomial][-1] if monomial.any() else pairs[-1]
            if row in self.found and self.found[row].conductor <= self.goal[row] and not monomial.any():
                continue
            whole = masks[wholes[pair]]
            kernel = next(one for one in lattice.classes[int(kernels[pair])].conjugates if not (one & ~whole).any())
            elements = np.flatnonzero(whole)
            self.offer(row, elements, (~kernel[elements]).astype(np.int64), 2)

    def _linear(self, subgroup: Subgroup, rows: list[int]) -> None:
        """All linear characters of one subgroup."""
        characters = linear_characters(subgroup)
        values = self.table.floats(rows, self.table.classes.class_of[characters.elements])
        multiplicities = np.rint((values @ characters.complex.conj().T).real / subgroup.order)
        for place, row in enumerate(rows):
            for one in np.flatnonzero(multiplicities[place] == 1).tolist():
                order = int(characters.orders[one])
                step = characters.order // order
                self.offer(row, characters.elements, characters.exponents[one] // step, order)

    def stabilizers(self) -> None:
        """Follow stabilisers of linear characters of abelian normal subgroups down to a linear character (Clifford)."""
        for row in self.open_rows:
            for elements, values in islice(self._descents(row), 4):
                order, exponents = _as_exponents(values, self.group.element_orders[elements])
                self.offer(row, elements, exponents, order)
                if self.found[row].conductor <= self.goal[row]:
                    break

    def _descents(self, row: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Subgroups with the values of a linear character that induces chi, as (elements, values)."""
        values = self.table.floats(row)[self.table.classes.class_of]
        stack = [(self.group.whole, values)]
        while stack:
            subgroup, values = stack.pop()
            if abs(values[0] - 1) < 1e-6:
                yield subgroup.elements, values[subgroup.elements]
                continue
            steps = list(islice(self._stabilizer_steps(subgroup, values, self.own[row]), 2))
            stack.extend(reversed(steps))

    def _stabilizer_steps(
        self, subgroup: Subgroup, values: np.ndarray, own: int
    ) -> Iterator[tuple[Subgroup, np.ndarray]]:
        """Proper stabilisers T in a subgroup, with the character of T, shape (n,), that induces the given one."""
        for normal in _abelian_normal_subgroups(subgroup, values):
            characters = linear_characters(normal)
            matrix = characters.complex
            multiplicities = (matrix.conj() @ values[characters.elements]).real / normal.order
            held = np.flatnonzero(multiplicities > 0.5)
            if len(held) < 2:
                continue
            cost = [math.lcm(own, root_conductor(int(one))) for one in characters.orders[held]]
            chosen = int(held[int(np.argmin(cost))])
            yield _over(subgroup, values, normal, characters.exponents[chosen], matrix[chosen])


def _powers(group: Group, g: int, order: int) -> np.ndarray:
    """Shape (o,): 1, g, g^2, ..., g^(o - 1)."""
    powers, following = [0], group.table[:, g].item
    while len(powers) < order:
        powers.append(following(powers[-1]))
    return np.array(powers)


def _stabilizer_of_line(table: CharacterTable, row: int, source: Source) -> Source | None:
    """The g that map the line of v to itself, with g v = mu(g) v, if the line has chi(1) images: chi is mu induced.

    They are the g with |<g v, v>| = 1, and mu has its values in the field of chi and lambda. The squares of all the
    |<g v, v>| sum to n / chi(1), so the others vanish then. Cost: n gathers.
    """
    group = table.group
    translates = source.translates(group)
    products = group.table[translates[:, None], source.elements]
    scalars = table.floats(row)[table.classes.class_of[products]] @ source.weights(1)
    fixing = np.abs(scalars) > 1 - 1e-6
    if np.count_nonzero(fixing) * len(source.elements) * int(table.degrees[row]) != group.order:
        return None
    roots = root_order(source.conductor)
    turns = np.rint(np.angle(scalars[fixing]) * (roots / (2 * np.pi))).astype(np.int64)
    exponents = (turns[:, None] + source.exponents * (roots // source.order)).ravel() % roots
    common = math.gcd(roots, *exponents.tolist())
    return Source(products[fixing].ravel().astype(np.int64), exponents // common, roots // common, source.conductor)


def _over(
    subgroup: Subgroup, values: np.ndarray, normal: Subgroup, exponents: np.ndarray, linear: np.ndarray
) -> tuple[Subgroup, np.ndarray]:
    """The stabiliser T of a linear character of a normal subgroup A, and the part of a character that lies over it.

    Its value at t is the trace of t on the vectors on which A acts by lambda, the mean of chi(t a) / lambda(a).
    """
    group = subgroup.group
    by_element = np.zeros(group.order, dtype=np.int64)
    by_element[normal.elements] = exponents
    stable = subgroup.mask.copy()
    for a in normal.generators:
        conjugates = group.table[group.table[group.inverses, a], np.arange(group.order)]  # t^-1 a t
        stable &= normal.mask[conjugates] & (by_element[conjugates] == by_element[a])
    inside = np.flatnonzero(stable)
    part = np.zeros(group.order, dtype=np.complex128)
    part[inside] = values[group.table[np.ix_(inside, normal.elements)]] @ linear.conj() / normal.order
    return Subgroup(group, stable), part


def _abelian_normal_subgroups(subgroup: Subgroup, values: np.ndarray) -> Iterator[Subgroup]:
    """Abelian normal subgroups of H that a character does not send to scalars, each the closure of one element."""
    group, degree = subgroup.group, values[0].real
    seen = ~subgroup.mask
    moved = subgroup.mask & (np.abs(values) < degree - 1e-6)
    actors = subgroup.generators
    maps = [group.conjugation(g) for g in actors]
    candidates = np.flatnonzero(moved)
    for a in candidates[np.argsort(group.element_orders[candidates], kind="stable")].tolist():
        if seen[a]:
            continue
        conjugates = np.flatnonzero(orbit(a, maps, group.order))
        seen[conjugates] = True
        if (group.table[a, conjugates] != group.table[conjugates, a]).any():
            continue
        yield group.subgroup([a]).closure_under(actors)


def _as_exponents(values: np.ndarray, element_orders: np.ndarray) -> tuple[int, np.ndarray]:
    """The order of a linear character and its exponents, from float values."""
    common = int(np.lcm.reduce(np.unique(element_orders)))
    exponents = np.rint(np.angle(values) / (2 * np.pi) * common).astype(np.int64) % common
    divisor = math.gcd(common, int(np.gcd.reduce(exponents)))
    return common // divisor, exponents // divisor
