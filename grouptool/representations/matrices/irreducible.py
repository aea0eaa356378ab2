"""Irreducible representations as exact matrices over cyclotomic fields, each checked before anybody sees it.

Public: Irrep, irrep, irreps, unitary_irreps.

A source (``inducing``) gives a line of vectors on which a subgroup H acts by a linear character; ``monomial`` and
``line_matrices`` make matrices from it, ``matrix_proofs`` proves them. One representation is made for each family of
characters that Galois automorphisms and products with linear characters take to each other; those that are products of
smaller ones are Kronecker products.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ...errors import RepresentationError
from ...group import Group
from ..characters import CharacterTable
from ..cyclotomic import Cyclotomic
from ..representation import Representation
from ..root_sums import prime_for
from ..units import totient, unit_generators
from .cyclotomic_arrays import CyclotomicArray
from .field_descent import Descended, descend
from .galois_descent import Excluded, FixedMatrices, fixed_matrices
from .inducing import Source, find_sources
from .kronecker import Kronecker, factors
from .least_fields import LeastFields, least_fields
from .line_matrices import line_matrices
from .matrix_proofs import TRACE_PRIMES_ABOVE, MatrixProver
from .matrix_sources import find_matrix_source
from .monomial import Monomial, induced, linear, linear_exponents
from .realisation import Realisation

__all__ = ["Irrep", "irrep", "irreps", "unitary_irreps"]

MOST_PRODUCTS = 1_000_000
"""Values of products of characters with linear ones that are held at once."""

MOST_FIELDS = 4
"""Smaller fields that are tried for one family, those of the least degree first."""


@dataclass(frozen=True, eq=False)
class Irrep:
    """An irreducible representation over the complex numbers: row ``row`` of a character table.

    Attributes:
        source: the subgroup and character that its family was made from; None for linear characters and for products.
    """

    table: CharacterTable
    row: int
    source: Source | None
    _place: _Place = field(repr=False)

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

    @cached_property
    def realisation(self) -> Realisation:
        """The matrices, moved to this row from those that were made for its family."""
        place = self._place
        return place.leader.moved(place.unit, place.twist) if place.is_moved else place.leader

    @property
    def conductor(self) -> int:
        """N: the exact matrices lie in Q(zeta_N)."""
        return self._place.leader.conductor

    @cached_property
    def conductor_is_least(self) -> bool:
        """Whether no cyclotomic field of smaller degree holds such matrices, proved. False means unknown.

        The values of the character alone need it, or its local Schur indices do (``least_fields``), or its algebra over
        Q, which a norm equation without a solution tells to be no algebra of matrices.
        """
        degree = totient(self.conductor)
        if degree == totient(_goal(self.table, self.row)):
            return True
        least = self._place.least or least_fields(self.table, self.row, self.conductor)
        return degree <= least.degree

    @property
    def is_monomial(self) -> bool:
        """Whether each exact matrix is known to have one entry that is not 0 in each row and column."""
        return isinstance(self._place.leader, Monomial)

    @property
    def construction(self) -> str:
        """How its family was made, in words."""
        if isinstance(self._place.leader, Kronecker):
            return "a Kronecker product"
        if self.source is None:
            return "linear"
        words = f"{'induced from' if self.is_monomial else 'on the line of'} {self.source.words}"
        leader = self._place.leader
        if isinstance(leader, Descended) and isinstance(leader.over, FixedMatrices):
            return f"Galois descent from the representation on the line of {self.source.words}"
        return words

    @cached_property
    def exact(self) -> CyclotomicArray:
        """Shape (r, d, d): the exact matrices of the group's generators.

        Raises:
            RepresentationError: the traces are not the character: matrices were moved wrongly, which is a bug.
        """
        found, table = self.realisation.exact, self.table
        if self._place.is_moved:
            on_generators = table.classes.class_of[list(self.group.generators)]
            traces = np.einsum("rii->r", found.complex)
            if np.abs(traces - table.floats(self.row, on_generators)).max(initial=0.0) > 1e-6:
                raise RepresentationError(f"the matrices of {self.name} of {self.group.name} have other traces")
        return found

    def matrix(self, element: int) -> CyclotomicArray:
        """Shape (d, d): the exact matrix of one element. Cost: a product for each letter of its word."""
        product = CyclotomicArray.identity(self.conductor, self.degree)
        for letter in self.group.word(element):
            product = product @ self.exact.part(letter)
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
        """A unitary form, complex128, made in floats and checked to 1e-10; for monomial ones the exact matrices.

        Raises:
            RepresentationError: the check failed.
        """
        found = Representation(self.group, self.realisation.unitary, self.name)
        if not self.is_monomial:  # those are the proved matrices
            self._place.prover.check(self.row, found)
        return found


@dataclass(frozen=True, eq=False)
class _Place:
    """Where a character stands in its family: it is sigma_unit(leader) times a linear character.

    Attributes:
        twist: shape (r,): exponents of the linear character on the generators, over the exponent of the group.
        least: what was found of smaller fields for the leader, which holds for the whole family; None: not looked for.
    """

    prover: MatrixProver
    leader: Realisation
    unit: int
    twist: np.ndarray
    least: LeastFields | None = None

    @cached_property
    def is_moved(self) -> bool:
        """Whether it is another character than its leader."""
        return self.unit != 1 or bool(self.twist.any())


def irrep(table: CharacterTable, row: int, *, exact: bool = True) -> Irrep:
    """One irreducible representation; see ``irreps``."""
    return irreps(table, [row], exact=exact)[0]


def irreps(
    table: CharacterTable, rows: Sequence[int] | None = None, *, exact: bool = True, deeper: bool = True
) -> tuple[Irrep, ...]:
    """Irreducible representations of a group, for all rows of its table or for some.

    The matrices of a row are the same, whichever other rows are asked for.

    Exact matrices of a family are proved before they are handed out: they are multiplied out over the whole group, or
    along the relators of a certified presentation where that is shorter, and the traces are compared with the character
    on every class. Images under Galois automorphisms and products with linear characters need no further proof.

    Args:
        exact: whether to make the exact matrices now; else they are made when they are first asked for, and only
            ``unitary`` costs something.
        deeper: whether a smaller field is looked for wherever the local Schur indices leave one: by norm equations,
            some tenths of a second for a family, and through characters of subgroups of degree above 1.

    Raises:
        RepresentationError: a row has no source, or a proof failed; the message names the row.

    Cost: milliseconds for groups of order some hundreds; A7, S7 and M11 take about a second.
    """
    chosen, degrees = list(range(len(table)) if rows is None else rows), table.degrees.tolist()
    workshop = _Workshop(table, exact, deeper)
    linear_rows = [row for row in chosen if degrees[row] == 1]
    made_linear = dict(zip(linear_rows, linear(table, linear_rows), strict=True))
    workshop.make([row for row in chosen if degrees[row] > 1])
    still = np.zeros(len(table.group.generators), dtype=np.int64)
    return tuple(
        Irrep(table, row, None, _Place(workshop.prover, made_linear[row], 1, still))
        if row in made_linear
        else Irrep(table, row, *workshop.place(row))
        for row in chosen
    )


class _Workshop:
    """Representations of the leaders of families, made once and moved to the rows that are asked for."""

    def __init__(self, table: CharacterTable, exact: bool, deeper: bool) -> None:
        self.table, self.exact, self.deeper, self.prover = table, exact, deeper, MatrixProver(table)
        self.prime = prime_for(table.columns.exponent, TRACE_PRIMES_ABOVE)
        self.families: dict[int, tuple[int, int, np.ndarray]] = {}
        self.sources: dict[int, Source] = {}
        self.made: dict[int, Realisation] = {}
        self.least: dict[int, LeastFields] = {}

    def place(self, row: int) -> tuple[Source | None, _Place]:
        """The source of a row's family and where the row stands in it."""
        leader, unit, twist = self.families[row]
        return self.sources.get(leader), _Place(self.prover, self.made[leader], unit, twist, self.least.get(leader))

    def make(self, rows: Sequence[int]) -> None:
        """Make the leaders of the families of rows of degree above 1: from sources, then products of smaller ones."""
        if not rows:
            return
        self.families = _families(self.table, self.prime)
        values, pairs = self.table.residues(self.prime), dict[int, tuple[int, int]]()
        leaders, waiting = set[int](), [self.families[row][0] for row in rows]
        while waiting:
            leader = waiting.pop()
            if leader in leaders:
                continue
            leaders.add(leader)
            if found := factors(self.table, leader, values, self.prime):
                pairs[leader] = found
                waiting += [self.families[factor][0] for factor in found]
        self._from_sources(sorted(leaders - pairs.keys()))
        for leader in sorted(pairs):
            first, second = (self._moved(row) for row in pairs[leader])
            still = np.zeros(len(self.table.group.generators), dtype=np.int64)
            product = Kronecker(first, second, self.table.columns.exponent, still)
            if totient(product.conductor) > totient(_goal(self.table, leader)):
                self._from_sources([leader])
            else:
                self.made[leader] = product

    def _moved(self, row: int) -> Realisation:
        leader, unit, twist = self.families[row]
        return self.made[leader].moved(unit, twist)

    def _from_sources(self, leaders: list[int]) -> None:
        table, found = self.table, find_sources(self.table, leaders) if leaders else {}
        for row in leaders:
            source = found[row] if row in found else find_matrix_source(table, row)
            if source is None:
                raise RepresentationError(
                    f"no subgroup of {table.group.name} was found with a character that {table.names[row]} holds once; "
                    "the search is not complete, so nothing is known of its field"
                )
            monomial = source.is_monomial(table.group, int(table.degrees[row]))
            made: Realisation = induced(table, row, source) if monomial else line_matrices(self.prover, row, source)
            if self.exact:
                source, made = self._over_least(row, source, made)
                if not isinstance(made, Monomial):  # those are proved when they are made
                    _proved(made)
            self.sources[row], self.made[row] = source, made

    def _over_least(self, row: int, source: Source, made: Realisation) -> tuple[Source, Realisation]:
        """Over a smaller field, where one may serve: by a short sum, a norm equation, or another subgroup."""
        goal = _goal(self.table, row)
        if totient(source.conductor) <= totient(goal):
            return source, made
        if not self.deeper:
            return source, descend(self.prover, row, made, goal) or made
        self.least[row] = least_fields(self.table, row, source.conductor)
        for conductor in self.least[row].conductors[:MOST_FIELDS]:
            if (over := descend(self.prover, row, made, conductor)) is not None:
                return source, over
            found = fixed_matrices(self.prover, row, made, conductor)
            if isinstance(found, FixedMatrices):
                return source, Descended(found, made)
            if isinstance(found, Excluded):
                self.least[row] = self.least[row].without(conductor)
        for conductor in self.least[row].conductors[:1]:
            if (other := find_matrix_source(self.table, row, conductor)) is not None:
                with suppress(RepresentationError):
                    return other, _proved(line_matrices(self.prover, row, other))
        return source, made


def _proved(made: Realisation) -> Realisation:
    made.exact  # noqa: B018 - makes and proves them
    return made


def _goal(table: CharacterTable, row: int) -> int:
    """The conductor of the least cyclotomic field that may serve: that of the values, but no real one for type H."""
    own = int(table.conductors[row])
    return 3 if own == 1 and table.indicators[row] == -1 else own


def unitary_irreps(table: CharacterTable) -> tuple[Representation, ...]:
    """The unitary forms of all irreducible representations, in the order of the rows; no exact matrices are made.

    >>> from grouptool import group
    >>> from grouptool.representations import character_table
    >>> [one.degree for one in unitary_irreps(character_table(group("S4")))]
    [1, 1, 2, 3, 3]
    """
    return tuple(one.unitary for one in irreps(table, exact=False))


def _families(table: CharacterTable, prime: int) -> dict[int, tuple[int, int, np.ndarray]]:
    """For rows of degree above 1: the leader of the family, a unit and a twist that take the leader to the row.

    A product with a linear character stays in the family when both characters have fields of one conductor, which holds
    the linear one's values too. So rows of one degree and conductor are looked at.
    """
    alike = dict[tuple[int, int], list[int]]()
    for row, kind in enumerate(zip(table.degrees.tolist(), table.conductors.tolist(), strict=True)):
        alike.setdefault(kind, []).append(row)
    still, moves = np.zeros(len(table.group.generators), dtype=np.int64), _Moves(table, prime)
    found: dict[int, tuple[int, int, np.ndarray]] = {}
    for (degree, conductor), rows in alike.items():
        left = rows if degree > 1 else []
        while left:
            leader = left[0]
            units = moves.conjugates(leader) if len(left) > 1 and conductor > 1 else {leader: 1}
            found.update({row: (leader, unit, still) for row, unit in units.items()})
            if left := [row for row in left if row not in found]:
                products = moves.products(leader, units)
                found.update({row: (leader, *products[row]) for row in left if row in products})
                left = [row for row in left if row not in found]
    return found


class _Moves:
    """Galois automorphisms and products with linear characters, on the rows of a table.

    Products are told by their residues, which differ between irreducible characters.
    """

    def __init__(self, table: CharacterTable, prime: int) -> None:
        self.table, self.prime = table, prime

    @cached_property
    def values(self) -> np.ndarray:
        return self.table.residues(self.prime)

    @cached_property
    def numbers(self) -> dict[bytes, int]:
        """The row with some residues."""
        return {row.tobytes(): i for i, row in enumerate(self.values)}

    @cached_property
    def linear(self) -> tuple[np.ndarray, np.ndarray]:
        """The linear rows, and their exponents on the generators of the group."""
        rows = np.flatnonzero(self.table.degrees == 1)
        return rows, linear_exponents(self.table, rows, self.table.classes.class_of[list(self.table.group.generators)])

    @cached_property
    def images(self) -> list[tuple[int, list[int]]]:
        """Generators of the units modulo the exponent, and where they take the rows."""
        return [(unit, self.table.galois(unit).tolist()) for unit in unit_generators(self.table.columns.exponent)]

    def conjugates(self, row: int) -> dict[int, int]:
        """Units modulo the exponent that take a row to each of its Galois conjugates."""
        units, waiting = {row: 1}, [row]
        for one in waiting:  # the list grows while it is read
            for step, image in self.images:
                if image[one] not in units:
                    units[image[one]] = units[one] * step % self.table.columns.exponent
                    waiting.append(image[one])
        return units

    def products(self, leader: int, units: dict[int, int]) -> dict[int, tuple[int, np.ndarray]]:
        """A unit and a twist for each product of a conjugate of a leader and a linear character of a smaller field."""
        own, (linear_rows, twists) = self.table.conductors, self.linear
        fitting = np.flatnonzero(own[leader] % own[linear_rows] == 0)
        factors, step = self.values[linear_rows[fitting]], max(1, MOST_PRODUCTS // (len(fitting) * len(own)))
        found, rows = dict[int, tuple[int, np.ndarray]](), [leader]
        while rows:
            for row, products in zip(rows, self.values[rows][:, None] * factors % self.prime, strict=True):
                for place, product in zip(fitting, products, strict=True):
                    found.setdefault(self.numbers[product.tobytes()], (units[row], twists[place]))
            rows = [row for row in units if row not in found][:step]  # a conjugate in there has no new products
        return found
