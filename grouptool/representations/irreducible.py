"""Irreducible representations as exact matrices over cyclotomic fields, each checked before anybody sees it.

Public: Irrep, irrep, irreps, unitary_irreps.

A source (``inducing``) gives a line of vectors on which a subgroup H acts by a linear character; ``monomial`` and
``line_matrices`` make matrices from it, ``matrix_proofs`` proves them. One representation is made for each family of
characters that Galois automorphisms and products with linear characters take to each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np

from ..errors import RepresentationError
from ..group import Group
from .characters import CharacterTable
from .cyclotomic import Cyclotomic
from .cyclotomic_arrays import CyclotomicArray
from .field_descent import descend
from .inducing import Source, find_sources
from .line_matrices import line_matrices
from .matrix_proofs import MatrixProver
from .matrix_sources import find_matrix_source
from .monomial import Monomial, induced, linear
from .representation import Representation
from .root_sums import prime_for
from .units import totient, unit_generators

__all__ = ["Irrep", "irrep", "irreps", "unitary_irreps"]


class Realisation(Protocol):
    """Matrices of the generators, exact and unitary, and how Galois automorphisms and linear characters move them."""

    @property
    def conductor(self) -> int:
        """N: the exact matrices lie in Q(zeta_N)."""

    @property
    def exact(self) -> CyclotomicArray:
        """Shape (r, d, d)."""

    @property
    def unitary(self) -> np.ndarray:
        """Shape (r, d, d), complex128."""

    def moved(self, unit: int, twist: np.ndarray) -> Realisation:
        """The image under zeta -> zeta^unit, times a linear character given by exponents over that of the group."""


@dataclass(frozen=True, eq=False)
class Irrep:
    """An irreducible representation over the complex numbers: row ``row`` of a character table.

    Attributes:
        source: the subgroup and linear character that its family was made from; None for linear characters.
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
        return place.leader.moved(place.unit, place.twist)

    @property
    def conductor(self) -> int:
        """N: the exact matrices lie in Q(zeta_N)."""
        return self._place.leader.conductor

    @property
    def conductor_is_least(self) -> bool:
        """Whether no cyclotomic field of smaller degree holds such matrices, proved. False means unknown.

        The values of the character alone need it; or they are rational, the indicator is -1, so that no real field
        serves, and the degree is 2.
        """
        return totient(self.conductor) == totient(_goal(self.table, self.row))

    @property
    def is_monomial(self) -> bool:
        """Whether each exact matrix is known to have one entry that is not 0 in each row and column."""
        return isinstance(self._place.leader, Monomial)

    @property
    def construction(self) -> str:
        """How its family was made, in words."""
        if self.source is None:
            return "linear"
        return f"{'induced from' if self.is_monomial else 'on the line of'} {self.source.words}"

    @property
    def exact(self) -> CyclotomicArray:
        """Shape (r, d, d): the exact matrices of the group's generators."""
        return self.realisation.exact

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
    """

    prover: MatrixProver
    leader: Realisation
    unit: int
    twist: np.ndarray


def irrep(table: CharacterTable, row: int, *, exact: bool = True) -> Irrep:
    """One irreducible representation; see ``irreps``."""
    return irreps(table, [row], exact=exact)[0]


def irreps(
    table: CharacterTable, rows: Sequence[int] | None = None, *, exact: bool = True, deeper: bool = True
) -> tuple[Irrep, ...]:
    """Irreducible representations of a group, for all rows of its table or for some.

    Exact matrices of a family are proved before they are handed out: they are multiplied out over the whole group, or
    along the relators of a certified presentation where that is shorter, and the traces are compared with the character
    on every class. Images under Galois automorphisms and products with linear characters need no further proof.

    Args:
        exact: whether to make the exact matrices now; else they are made when they are first asked for, and only
            ``unitary`` costs something.
        deeper: whether a smaller field is looked for through characters of subgroups of degree above 1, too; where
            nothing else finds it, some seconds.

    Raises:
        RepresentationError: a row has no source, or a proof failed; the message names the row.

    Cost: milliseconds for groups of order some hundreds; A7, S7 and M11 take about a second.
    """
    chosen = list(range(len(table)) if rows is None else rows)
    families = _families(table, chosen)
    leaders = sorted({leader for leader, _, _ in families.values()})
    sources = find_sources(table, leaders)
    for row in leaders:
        if row not in sources and (other := find_matrix_source(table, row)) is not None:
            sources[row] = other
    prover, made = MatrixProver(table), dict[int, Realisation]()
    for row, source in list(sources.items()):
        monomial = source.is_monomial(table.group, int(table.degrees[row]))
        made[row] = induced(table, row, source) if monomial else line_matrices(prover, row, source)
        goal = _goal(table, row)
        if exact and totient(source.conductor) > totient(goal):
            over = descend(prover, row, made[row], goal)
            if over is not None:
                made[row] = over
            elif deeper and (other := find_matrix_source(table, row, goal)) is not None:
                with suppress(RepresentationError):
                    made[row] = _proved(line_matrices(prover, row, other))
                    sources[row] = other
        if exact:
            _proved(made[row])
    linear_rows = [row for row in chosen if table.degrees[row] == 1]
    made_linear = dict(zip(linear_rows, linear(table, linear_rows), strict=True))
    still = np.zeros(len(table.group.generators), dtype=np.int64)
    found = []
    for row in chosen:
        if row in made_linear:
            found.append(Irrep(table, row, None, _Place(prover, made_linear[row], 1, still)))
            continue
        leader, unit, twist = families[row]
        if leader not in made:
            raise RepresentationError(
                f"no subgroup of {table.group.name} was found with a character that {table.names[leader]} holds once; "
                "the search is not complete, so nothing is known of its field"
            )
        found.append(Irrep(table, row, sources[leader], _Place(prover, made[leader], unit, twist)))
    return tuple(found)


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


def _families(table: CharacterTable, rows: Sequence[int]) -> dict[int, tuple[int, int, np.ndarray]]:
    """For rows of degree above 1: the leader of the family, a unit and a twist that take the leader to the row.

    A product with a linear character stays in the family when both characters have fields of one conductor, which holds
    the linear one's values too. Products are told by their residues, which differ between irreducible characters.
    """
    found: dict[int, tuple[int, int, np.ndarray]] = {}
    if not (table.degrees[list(rows)] > 1).any():
        return found
    exponent, group = table.columns.exponent, table.group
    prime = prime_for(exponent, 1 << 25)
    values = table.residues(prime)
    numbers = {row.tobytes(): i for i, row in enumerate(values)}
    own = table.conductors
    linear_rows = np.flatnonzero(table.degrees == 1)
    on_generators = table.classes.class_of[list(group.generators)]
    turns = np.angle(table.floats(linear_rows, on_generators)) / (2 * np.pi) * exponent
    twists = np.rint(turns).astype(np.int64) % exponent
    images = [(unit, table.galois(unit)) for unit in unit_generators(exponent)]
    for leader in rows:
        if table.degrees[leader] == 1 or leader in found:
            continue
        fitting = own[leader] % own[linear_rows] == 0
        stack = [(leader, 1)]
        while stack:
            row, unit = stack.pop()
            if row in found:
                continue
            products = values[linear_rows[fitting]] * values[row] % prime
            for product, twist in zip(products, twists[fitting], strict=True):
                image = numbers[product.tobytes()]
                if own[image] == own[leader]:
                    found.setdefault(image, (leader, unit, twist))
            stack += [(int(image[row]), unit * step % exponent) for step, image in images]
    return found
