"""Permutation characters, the map from the Burnside ring to them, and which characters they make up.

Public: permutation_character, marks_to_characters, cyclic_permutation_characters, artin_coefficients,
permutation_combination, artin_exponent, PermutationCombination.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ...errors import RepresentationError
from ...group import Group, Subgroup
from ...structure.actions import GSet, natural_action
from ...structure.classes import ConjugacyClasses, conjugacy_classes
from ...structure.subgroups import SubgroupLattice
from ..characters import CharacterTable, Columns
from .class_function import ClassFunction, class_function
from .rational import rational_sums
from .rational_classes import Divisions, divisions

__all__ = [
    "PermutationCombination",
    "artin_coefficients",
    "artin_exponent",
    "cyclic_permutation_characters",
    "marks_to_characters",
    "permutation_character",
    "permutation_combination",
]


def permutation_character(
    action: Subgroup | GSet | Group, target: CharacterTable | ConjugacyClasses | None = None
) -> ClassFunction:
    """The number of points that an element of each class fixes.

    Args:
        action: a subgroup H, for the action on the cosets of H; a G-set; or a group, for its natural action.
        target: the character table or classes of the group, when they are known.

    Raises:
        RepresentationError: ``target`` is of another group.

    Source: Isaacs, Character Theory of Finite Groups (1976), lemma 5.14: on G/H, |C(x)| |x^G meets H| / |H|.
    """
    acting = natural_action(action) if isinstance(action, Group) else action
    if target is None:
        target = conjugacy_classes(acting.group)
    classes = target.classes if isinstance(target, CharacterTable) else target
    if classes.group != acting.group:
        raise RepresentationError(f"the action is of {acting.group.name}, and the classes are of {classes.name}")
    stabilizers = (acting,) if isinstance(acting, Subgroup) else acting.point_stabilizers
    values = np.zeros(len(classes), dtype=np.int64)
    for one in stabilizers:
        met = np.bincount(classes.class_of[one.elements], minlength=len(classes))
        values += classes.centralizer_orders * met // one.order
    return class_function(target, values.tolist())


def marks_to_characters(lattice: SubgroupLattice, classes: ConjugacyClasses | None = None) -> np.ndarray:
    """Shape (c, k), int64: the map from the Burnside ring to characters, G/U_i to its permutation character.

    An element x fixes as many points as <x> does, so column j is the column of the table of marks of the class of <x>.
    The rank is the number of classes of cyclic subgroups.

    Args:
        classes: the k classes of the group, when they are known.
    """
    classes = classes or conjugacy_classes(lattice.group)
    group = lattice.group
    cyclic = [lattice.class_of(group.subgroup([x])) for x in classes.representatives.tolist()]
    return np.asarray(lattice.table_of_marks[:, cyclic])


def cyclic_permutation_characters(columns: Columns) -> np.ndarray:
    """Shape (d, d), int64: on the classes of G/C, C cyclic, one a division; columns are divisions.

    Row i is of the subgroup that an element of division i generates. From power maps alone.
    """
    return _cyclic_rows(columns, divisions(columns))


def artin_coefficients(function: ClassFunction) -> list[Fraction]:
    """The d numbers a_i with f = sum of a_i 1_(C_i)^G, over the rows of ``cyclic_permutation_characters``.

    They exist and are unique; n times them is whole when f is a generalised character (Artin).

    Raises:
        RepresentationError: the values differ within a division or are not rational.

    Source: Isaacs, Character Theory of Finite Groups (1976), theorem 5.21.
    """
    from flint import fmpq, fmpq_mat, fmpz_mat

    parted = divisions(function.columns)
    values = _rational_values(function, parted)
    rows = fmpz_mat(_cyclic_rows(function.columns, parted).T.tolist())
    right = fmpq_mat(len(values), 1, [fmpq(one.numerator, one.denominator) for one in values])
    solved = fmpq_mat(rows).solve(right)
    return [Fraction(int(x.p), int(x.q)) for x in (solved[i, 0] for i in range(len(values)))]


def artin_exponent(table: CharacterTable) -> int:
    """The least A such that A times every rational generalised character is a whole combination of the 1_C^G, C cyclic.

    Rational means rational values; these are spanned by the sums of Galois conjugates of irreducible characters.
    A divides n (Artin). Source: Lam, Artin exponent of finite groups, J. Algebra 9 (1968), for the characters of
    rational representations, where A may be smaller.
    """
    sums = rational_sums(table)
    functions = (class_function(table, row) for row in sums.values[:, sums.divisions.of_class].tolist())
    return math.lcm(*(one.denominator for f in functions for one in artin_coefficients(f)))


@dataclass(frozen=True)
class PermutationCombination:
    """m f = sum over subgroup classes of c_i 1_(U_i)^G with m > 0 as small as possible.

    Attributes:
        multiple: m; 1 when f is a difference of permutation characters.
        coefficients: subgroup class of the lattice -> c_i, zeros left out; one solution of many.
    """

    multiple: int
    coefficients: dict[int, int]


def permutation_combination(function: ClassFunction, lattice: SubgroupLattice) -> PermutationCombination:
    """A rational class function as a whole combination of permutation characters, or the least multiple that is one.

    Solved exactly over the whole numbers: the Hermite form of the permutation characters is a basis of their lattice,
    with the transformation to it carried along.

    Raises:
        RepresentationError: the values differ within a division or are not rational, so no multiple is one.

    Cost: one Hermite form of c by c + d numbers, c classes of subgroups, d of cyclic ones.
    """
    from flint import fmpz_mat

    if lattice.group != function.group:
        raise RepresentationError(
            f"the subgroups are of {lattice.group.name}, and the class function belongs to {function.group.name}"
        )
    parted = divisions(function.columns)
    values = _rational_values(function, parted)
    characters = marks_to_characters(lattice, function.classes)[:, parted.representatives]
    count, width = characters.shape
    joined = np.concatenate([characters, np.eye(count, dtype=np.int64)], axis=1)
    form = [[int(x) for x in row] for row in fmpz_mat(joined.tolist()).hnf().tolist()]
    left, coefficients, shares = list(values), [Fraction(0)] * count, []
    for pivot, row in enumerate(form[:width]):  # the characters have full rank, so pivots stand on the diagonal
        share = left[pivot] / row[pivot]
        left = [x - share * y for x, y in zip(left, row[:width], strict=True)]
        coefficients = [x + share * y for x, y in zip(coefficients, row[width:], strict=True)]
        shares.append(share)
    multiple = math.lcm(*(one.denominator for one in shares))
    return PermutationCombination(multiple, {i: int(x * multiple) for i, x in enumerate(coefficients) if x})


def _rational_values(function: ClassFunction, parted: Divisions) -> list[Fraction]:
    values = [function[j] for j in parted.representatives.tolist()]
    for j, part in enumerate(parted.of_class.tolist()):
        if not function[j].is_rational or function[j] != values[part]:
            raise RepresentationError(
                f"no combination of permutation characters, not even a multiple: on class {j} the value is "
                f"{function[j]}, and these are rational and constant where elements generate conjugate subgroups"
            )
    return [one.rational for one in values]


def _cyclic_rows(columns: Columns, parted: Divisions) -> np.ndarray:
    orders, sizes = columns.element_orders, columns.sizes
    found = np.zeros((len(parted), len(columns)), dtype=np.int64)
    for i, j in enumerate(parted.representatives.tolist()):
        powers = [int(columns.power_map(exponent)[j]) for exponent in range(int(orders[j]))]
        found[i] = np.bincount(powers, minlength=len(columns))
    found = found * (columns.order // sizes) // orders[parted.representatives][:, None]
    return np.asarray(found[:, parted.representatives])
