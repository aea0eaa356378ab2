"""Irreducible representations as exact matrices over cyclotomic fields, each checked before anybody sees it.

Public: Irrep, irreps, irrep.

A source (``inducing``) gives a line of vectors on which a subgroup H acts by a linear character. Where chi is induced
from it, matrices are monomial. Else the translates of the line span the space, their inner products are values of
alpha(x) = <mean over H of chi(x h) / lambda(h)>, and matrices solve a linear system (Dixon, Constructing representations
of finite groups, DIMACS Series 11 (1993)). The system is solved in floats in every embedding of the field, its solution
is recognised as cyclotomic numbers, and those are proved to be the representation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np

from ..errors import RepresentationError
from ..group import Group, Subgroup
from .characters import CharacterTable
from .cyclotomic import Cyclotomic
from .cyclotomic_arrays import EXACT_FLOAT, CyclotomicArray, regular_blocks
from .inducing import Source, conductors, find_sources
from .representation import Representation
from .root_sums import prime_for, root_of_unity

__all__ = ["Irrep", "irrep", "irreps"]


class Realisation(Protocol):
    """Matrices of one irreducible representation and of its Galois conjugates."""

    conductor: int

    def exact(self, unit: int) -> CyclotomicArray:
        """Shape (r, d, d): the generators' matrices under zeta -> zeta^unit."""

    def unitary(self, unit: int) -> np.ndarray:
        """Shape (r, d, d), complex128: the same in a unitary form."""


@dataclass(frozen=True, eq=False)
class Irrep:
    """An irreducible representation over the complex numbers: row ``row`` of a character table.

    Attributes:
        source: the subgroup and linear character that it was made from; None for linear characters.
        unit: it is the image of the realisation under zeta -> zeta^unit.
    """

    table: CharacterTable
    row: int
    source: Source | None
    realisation: Realisation
    unit: int

    def __repr__(self) -> str:
        return f"<Irrep {self.name} of {self.group.name}>"

    @property
    def group(self) -> Group:
        """The group."""
        return self.table.group

    @property
    def name(self) -> str:
        """The name of its character: degree and letter."""
        return self.table.names[self.row]

    @property
    def degree(self) -> int:
        """Dimension d."""
        return int(self.table.degrees[self.row])

    @property
    def indicator(self) -> int:
        """Frobenius-Schur indicator."""
        return int(self.table.indicators[self.row])

    @property
    def conductor(self) -> int:
        """N: the exact matrices lie in Q(zeta_N)."""
        return self.realisation.conductor

    @cached_property
    def conductor_is_least(self) -> bool:
        """Whether N is proved least: the values of the character alone need Q(zeta_N). False: not known."""
        return self.conductor == int(conductors(self.table)[self.row])

    @property
    def is_monomial(self) -> bool:
        """Whether each exact matrix has one entry that is not 0 in each row and column."""
        return isinstance(self.realisation, Monomial)

    @property
    def construction(self) -> str:
        """How it was made, in words."""
        if self.source is None:
            return "linear"
        verb = "induced from" if self.is_monomial else "on the vectors of"
        order = self.source.order
        kind = "the trivial character" if order == 1 else f"a linear character of order {order}"
        return f"{verb} {kind} of a subgroup of order {len(self.source.elements)}"

    @cached_property
    def exact(self) -> CyclotomicArray:
        """Shape (r, d, d): the exact matrices of the group's generators."""
        return self.realisation.exact(self.unit)

    def matrix(self, element: int) -> CyclotomicArray:
        """Shape (d, d): the exact matrix of one element. Cost: a product for each letter of its word."""
        product = CyclotomicArray.of_roots(self.conductor, np.zeros((self.degree,) * 2, np.int64), np.eye(self.degree))
        for letter in self.group.word(element):
            image = self.exact[letter]
            assert isinstance(image, CyclotomicArray)
            product = product @ image
        return product

    @property
    def character(self) -> list[Cyclotomic]:
        """The exact values on the classes."""
        return [self.table.value(self.row, j) for j in range(len(self.table))]

    @cached_property
    def representation(self) -> Representation:
        """The exact matrices as complex128."""
        return Representation(self.group, self.exact.complex, self.name)

    @cached_property
    def unitary(self) -> Representation:
        """A unitary form, complex128; for monomial ones the exact matrices themselves."""
        return Representation(self.group, self.realisation.unitary(self.unit), self.name)


def irrep(table: CharacterTable, row: int) -> Irrep:
    """One irreducible representation; see ``irreps``."""
    return irreps(table, [row])[0]


def irreps(table: CharacterTable, rows: Sequence[int] | None = None) -> tuple[Irrep, ...]:
    """Irreducible representations of a group with exact matrices, for all rows of its table or for some.

    One representation is made for each orbit of Galois conjugate characters. Before it is handed out, the generators'
    matrices are multiplied out exactly over the whole group, or along the relators of a certified presentation where
    that is shorter, and the traces are compared with the character on every class.

    Raises:
        RepresentationError: a row has no source, or a proof failed; the message names the row.

    Cost: milliseconds for groups of order some hundreds; A7, S7 and M11 take about a second.
    """
    chosen = list(range(len(table)) if rows is None else rows)
    leaders, units = _galois_orbits(table)
    made = _linear_realisations(table, sorted({leaders[row] for row in chosen if table.degrees[row] == 1}))
    larger = sorted({leaders[row] for row in chosen if table.degrees[row] > 1})
    sources = find_sources(table, larger)
    for row in larger:
        if row not in sources:
            raise RepresentationError(
                f"no subgroup of {table.group.name} was found with a linear character that {table.names[row]} holds once"
            )
        made[row] = realise(table, row, sources[row])
    return tuple(Irrep(table, row, sources.get(leaders[row]), made[leaders[row]], units[row]) for row in chosen)


def realise(table: CharacterTable, row: int, source: Source) -> Realisation:
    """Matrices from a source, proved."""
    if source.is_monomial(table.group, int(table.degrees[row])):
        return _induced(table, row, source)
    return _dense(table, row, source)


def _galois_orbits(table: CharacterTable) -> tuple[list[int], list[int]]:
    """For each row the first of its Galois conjugates, and a unit u with chi_row(g) = chi_first(g^u)."""
    from .dixon import unit_generators

    exponent = table.columns.exponent
    generators = unit_generators(exponent).tolist()
    images = [table.galois(unit).tolist() for unit in generators]
    leaders, units = [-1] * len(table), [1] * len(table)
    for first in range(len(table)):
        if leaders[first] >= 0:
            continue
        leaders[first] = first
        stack = [first]
        while stack:
            row = stack.pop()
            for unit, image in zip(generators, images, strict=True):
                if leaders[image[row]] < 0:
                    leaders[image[row]] = first
                    units[image[row]] = units[row] * unit % exponent
                    stack.append(image[row])
    return leaders, units


# -- monomial matrices


@dataclass(frozen=True, eq=False)
class Monomial:
    """Row i of generator s has exp(2 pi i exponents[s, i] / N) in column points[s, i]; shapes (r, d)."""

    conductor: int
    points: np.ndarray
    exponents: np.ndarray

    def exact(self, unit: int) -> CyclotomicArray:
        """See Realisation."""
        places = self.points[:, :, None] == np.arange(self.points.shape[1])
        # N odd stands for 2N too: a root of order 2N is minus one of order N.
        exponents = np.broadcast_to((self.exponents * unit)[:, :, None], places.shape)
        return _roots(self.conductor, exponents, places)

    def unitary(self, unit: int) -> np.ndarray:
        """See Realisation."""
        return self.exact(unit).complex


def _roots(conductor: int, exponents: np.ndarray, places: np.ndarray) -> CyclotomicArray:
    """Powers of exp(2 pi i / 2N) for odd N, of exp(2 pi i / N) for even N, zero where ``places`` is False."""
    if conductor % 2 == 0:
        return CyclotomicArray.of_roots(conductor, exponents, places)
    # zeta_2N = -zeta_N^((N + 1) / 2)
    roots = CyclotomicArray.of_roots(conductor, exponents * ((conductor + 1) // 2), places)
    signs = np.where(exponents % 2, -1, 1)[..., None]
    return CyclotomicArray(conductor, roots.numerators * signs)


def _root_order(conductor: int) -> int:
    """The order of the roots of unity of a field, by which exponents are counted."""
    return conductor if conductor % 2 == 0 else 2 * conductor


def _linear_realisations(table: CharacterTable, rows: list[int]) -> dict[int, Realisation]:
    """The linear characters: their exponents on generators, proved to add up along the table."""
    if not rows:
        return {}
    group, classes, exponent = table.group, table.classes, table.columns.exponent
    turns = np.angle(table.complex[rows]) / (2 * np.pi) * exponent
    exponents = np.rint(turns).astype(np.int64) % exponent
    for s in group.generators:
        sums = exponents[:, classes.class_of] + exponents[:, classes.class_of[s], None]
        if ((sums - exponents[:, classes.class_of[group.table[:, s]]]) % exponent).any():
            raise RepresentationError(f"a linear character of {group.name} is no homomorphism")
    generators = exponents[:, classes.class_of[list(group.generators)]]
    made: dict[int, Realisation] = {}
    for place, (row, conductor) in enumerate(zip(rows, conductors(table)[rows].tolist(), strict=True)):
        own = generators[place] * _root_order(conductor) // exponent if exponent else generators[place]
        made[row] = Monomial(conductor, np.zeros((len(own), 1), dtype=np.int64), own[:, None])
    return made


def _induced(table: CharacterTable, row: int, source: Source) -> Realisation:
    """The induced representation on the right cosets H g_i: row i of x is lambda(h) in column j, g_i x = h g_j."""
    group, elements = table.group, source.elements
    order = _root_order(source.conductor)
    exponents = np.zeros(group.order, dtype=np.int64)
    exponents[elements] = source.exponents * (order // source.order)
    inside = np.zeros(group.order, dtype=bool)
    inside[elements] = True
    cosets = Subgroup(group, inside).right_cosets
    representatives = np.unique(cosets, return_index=True)[1]
    moved = group.table[representatives]  # (d, n): g_i x
    points = cosets[moved]
    shifts = exponents[group.table[moved, group.inverses[representatives[points]]]]
    for s in group.generators:
        after = group.table[:, s]
        sums = shifts + shifts[:, s][points]
        if (points[:, s][points] != points[:, after]).any() or ((sums - shifts[:, after]) % order).any():
            raise RepresentationError(f"the induced representation {table.names[row]} of {group.name} is none")
    chosen = table.classes.representatives
    fixed = points[:, chosen] == np.arange(len(points))[:, None]
    _compare_traces(table, row, order, shifts[:, chosen], fixed.astype(np.int64), 1)
    generators = list(group.generators)
    return Monomial(source.conductor, points[:, generators].T, shifts[:, generators].T)


def _compare_traces(
    table: CharacterTable, row: int, order: int, exponents: np.ndarray, coefficients: np.ndarray, scale: int
) -> None:
    """Prove that sums of roots of unity, terms (t, k), are the character times ``scale`` on every class.

    The matrices are known to be a representation, so the trace on g^u is the Galois conjugate of that on g; a difference
    is divisible by p with all its conjugates when it is 0 modulo a prime ideal above p on all classes, and smaller.
    """
    bound = int(np.abs(coefficients).sum(axis=0).max()) + scale * int(table.degrees[row])
    prime = prime_for(math.lcm(table.columns.exponent, order), max(1 << 28, 2 * bound))
    if prime >= 1 << 31:
        raise RepresentationError(f"the traces of {table.names[row]} are too large to compare")
    powers = _powers(order, prime)
    traces = (coefficients % prime * powers[exponents % order] % prime).sum(axis=0) % prime
    wrong = np.flatnonzero(traces != scale * table.residues_of_row(row, prime) % prime)
    if wrong.size:
        raise RepresentationError(
            f"the trace of {table.names[row]} on class {wrong[0]} of {table.group.name} is not its character"
        )


@lru_cache(maxsize=256)
def _powers(order: int, prime: int) -> np.ndarray:
    root = root_of_unity(order, prime)
    return np.array([pow(root, i, prime) for i in range(order)])


# -- other matrices


@dataclass(frozen=True, eq=False)
class Dense:
    """Exact matrices on translates of one vector, and the inner products of the translates in each embedding.

    Attributes:
        images: shape (r, d, d).
        units: shape (phi(N),): the embeddings, zeta -> exp(2 pi i unit / N).
        grams: shape (phi(N), d, d), complex128.
    """

    conductor: int
    images: CyclotomicArray
    units: np.ndarray
    grams: np.ndarray

    def exact(self, unit: int) -> CyclotomicArray:
        """See Realisation."""
        return self.images.galois(unit)

    def unitary(self, unit: int) -> np.ndarray:
        """See Realisation. With Gram matrix C C*, C* rho C*^-1 is unitary."""
        place = int(np.flatnonzero((self.units - unit) % self.conductor == 0)[0])
        adjoint = np.linalg.cholesky(self.grams[place]).conj().T
        return np.asarray(adjoint @ self.images.embedded(unit) @ np.linalg.inv(adjoint))


def _dense(table: CharacterTable, row: int, source: Source) -> Realisation:
    group = table.group
    values = _LineValues(table, row, source)
    basis = _basis(values, int(table.degrees[row]))
    inverses, steps = group.inverses[basis], [0, *group.generators]
    asked = group.table[group.table[np.ix_(inverses, steps)][:, :, None], basis]  # (d, r + 1, d): g_i^-1 s g_j
    units = _units(source.conductor)
    products = np.array([values.at(asked, unit) for unit in units])
    grams = products[:, :, 0]
    degree = len(basis)
    solved = np.linalg.solve(grams, products[:, :, 1:].reshape(len(units), degree, -1))
    solved = solved.reshape(len(units), degree, -1, degree).transpose(0, 2, 1, 3)
    images = _recognised(source.conductor, units, solved)
    _prove(table, row, images)
    return Dense(source.conductor, images, units, grams)


class _LineValues:
    """alpha(x) = <x v, v> / <v, v> for the vector v on which H acts by lambda: the mean of chi(x h) / lambda(h)."""

    def __init__(self, table: CharacterTable, row: int, source: Source) -> None:
        self.table, self.row, self.source = table, row, source
        self.values = table.complex[row]

    def at(self, elements: np.ndarray, unit: int = 1) -> np.ndarray:
        """Complex128, of the shape of ``elements``; under the embedding that sends a root of unity to its power."""
        table, source = self.table, self.source
        values = self.values
        if unit != 1:
            values = values[table.columns.power_map(_lift_unit(unit, source.conductor, table.columns.exponent))]
        places = table.classes.class_of[table.group.table[elements[..., None], source.elements]]
        if source.order == 1:
            return np.asarray(values[places].mean(axis=-1))
        lift = _lift_unit(unit, source.conductor, source.order)
        weights = np.exp(-2j * np.pi * lift * source.exponents / source.order) / len(source.elements)
        return np.asarray(values[places] @ weights)


def _lift_unit(unit: int, conductor: int, exponent: int) -> int:
    """A unit modulo e that is the given one modulo gcd(N, e)."""
    common = math.gcd(conductor, exponent)
    return next(u for u in range(unit % common, exponent + common, common) if math.gcd(u, exponent) == 1)


@lru_cache(maxsize=256)
def _units(conductor: int) -> np.ndarray:
    return np.array([u for u in range(1, conductor + 1) if math.gcd(u, conductor) == 1])


def _basis(values: _LineValues, degree: int) -> np.ndarray:
    """Shape (d,): elements g_i whose g_i v are a basis, by a Cholesky factorisation with pivots."""
    group, source = values.table.group, values.source
    inside = np.zeros(group.order, dtype=bool)
    inside[source.elements] = True
    candidates = np.unique(Subgroup(group, inside).left_cosets, return_index=True)[1]
    few = 6 * degree + 40
    if len(candidates) > 2 * few:
        candidates = candidates[np.linspace(0, len(candidates) - 1, few).astype(np.int64)]
    while True:
        chosen = _pivots(values, candidates, degree)
        if chosen is not None:
            return chosen
        everything = np.arange(group.order)
        if len(candidates) == group.order:
            raise RepresentationError(f"the translates of a vector of {values.table.names[values.row]} do not span")
        candidates = everything


def _pivots(values: _LineValues, candidates: np.ndarray, degree: int) -> np.ndarray | None:
    group = values.table.group
    left = np.ones(len(candidates))
    factor = np.zeros((len(candidates), degree), dtype=np.complex128)
    chosen: list[int] = []
    for i in range(degree):
        pivot = int(np.argmax(left > left.max() - 1e-6))
        if left[pivot] < 1e-6:
            return None
        chosen.append(int(candidates[pivot]))
        column = values.at(group.table[group.inverses[candidates], chosen[-1]])
        factor[:, i] = (column - factor[:, :i] @ factor[pivot, :i].conj()) / math.sqrt(left[pivot])
        left = left - np.abs(factor[:, i]) ** 2
    return np.array(chosen)


MOST_DENOMINATORS = 12
LARGEST_DENOMINATOR = 10**7


def _recognised(conductor: int, units: np.ndarray, embedded: np.ndarray) -> CyclotomicArray:
    """The numbers whose embeddings are given, shape (phi(N), ...), as coefficients over one denominator.

    Raises:
        RepresentationError: no denominator up to 10^7 makes the coefficients integers.
    """
    powers = np.exp(2j * np.pi * np.outer(units, np.arange(len(units))) / conductor)
    coefficients = np.linalg.solve(powers, embedded.reshape(len(units), -1)).real.T
    denominator = 1
    for _ in range(MOST_DENOMINATORS):
        scaled = coefficients * denominator
        numerators = np.rint(scaled)
        gaps = np.abs(scaled - numerators)
        worst = np.unravel_index(int(gaps.argmax()), gaps.shape)
        if gaps[worst] < 1e-4:
            shaped = numerators.astype(np.int64).reshape(*embedded.shape[1:], len(units))
            return CyclotomicArray(conductor, shaped, denominator)
        denominator *= _denominator(float(scaled[worst]), LARGEST_DENOMINATOR // denominator)
        if denominator > LARGEST_DENOMINATOR:
            break
    raise RepresentationError(f"no small common denominator was found for the entries over Q(zeta_{conductor})")


def _denominator(value: float, largest: int) -> int:
    """The least denominator of a fraction within 1e-6 of a value, by continued fractions."""
    from fractions import Fraction

    bound = 1
    while bound < largest:
        bound *= 8
        near = Fraction(value).limit_denominator(bound)
        if abs(float(near) - value) < 1e-6 / near.denominator:
            return near.denominator
    return largest + 1


# -- proof


MOST_STEPS = 3_000_000_000
"""Multiplications for the proof over the whole table; beyond them relators are multiplied out."""


def _prove(table: CharacterTable, row: int, images: CyclotomicArray) -> None:
    """Prove that exact matrices of the generators are those of the irreducible representation of a row."""
    group, degree = table.group, images.shape[-1]
    blocks = regular_blocks(images).astype(np.float64)
    width = blocks.shape[-1] if len(blocks) else degree
    if group.order * degree * width * width * max(len(blocks), 1) <= MOST_STEPS:
        multiple, rows = _all_rows(group, images, blocks)
        _prove_table(table, row, images, blocks, rows)
        traces = rows[table.classes.representatives]
    else:
        _prove_relators(table, row, images, blocks)
        multiple, traces = _class_rows(table, images, blocks)
    coefficients = traces.reshape(len(table), degree, degree, -1)
    trace = np.trace(coefficients, axis1=1, axis2=2).T.astype(np.int64)
    exponents = np.broadcast_to(np.arange(len(trace))[:, None], trace.shape)
    _compare_traces(table, row, images.conductor, exponents, trace, multiple)


def _all_rows(group: Group, images: CyclotomicArray, blocks: np.ndarray) -> tuple[int, np.ndarray]:
    """A common multiple of the denominators of all matrices, and shape (n, d, d phi), float64: that times all of them."""
    degree, denominator = images.shape[-1], images.denominator
    largest = float(np.abs(blocks).sum(axis=-2).max(initial=1.0))
    multiple = denominator
    while True:
        rows = np.zeros((group.order, degree, blocks.shape[-1] if len(blocks) else degree))
        rows[0] = multiple * _identity_rows(images)
        for level in group.levels:
            for letter in range(len(blocks)):
                chosen = level[group.letters[level] == letter]
                products = rows[group.parents[chosen]] @ blocks[letter]
                rows[chosen] = products if denominator == 1 else products / denominator
        _check_size(rows, largest)
        rest = rows - np.rint(rows)
        if not np.any(rest):
            return multiple, rows
        multiple *= denominator


def _identity_rows(images: CyclotomicArray) -> np.ndarray:
    degree, width = images.shape[-1], images.numerators.shape[-1]
    rows = np.zeros((degree, degree, width))
    rows[np.arange(degree), np.arange(degree), 0] = 1
    return rows.reshape(degree, degree * width)


def _check_size(rows: np.ndarray, largest: float) -> None:
    if float(np.abs(rows).max(initial=0.0)) * largest >= EXACT_FLOAT:
        raise RepresentationError("the entries are too large for an exact check in 53 bits")


def _prove_table(
    table: CharacterTable, row: int, images: CyclotomicArray, blocks: np.ndarray, rows: np.ndarray
) -> None:
    group = table.group
    for s, block in zip(group.generators, blocks, strict=True):
        wrong = np.flatnonzero((rows @ block != images.denominator * rows[group.table[:, s]]).any(axis=(1, 2)))
        if wrong.size:
            raise RepresentationError(
                f"{table.names[row]} of {group.name} is no homomorphism: rho(x) rho(y) is not rho(xy) at "
                f"x = {group.cycles(int(wrong[0]))}, y = {group.cycles(s)}"
            )


def _prove_relators(table: CharacterTable, row: int, images: CyclotomicArray, blocks: np.ndarray) -> None:
    raise RepresentationError(f"{table.names[row]} is too large to check over the table")


def _class_rows(table: CharacterTable, images: CyclotomicArray, blocks: np.ndarray) -> tuple[int, np.ndarray]:
    raise RepresentationError("too large")
