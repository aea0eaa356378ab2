"""Character tables of groups with an abelian normal subgroup and a cyclic quotient by it, written down.

Public: AbelianByCyclic, abelian_by_cyclic, induced_table.
Dihedral, dicyclic, semidihedral and modular groups are such, C_n x D_m, C_n x A4, and Frobenius groups C_p : C_q.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...errors import RepresentationError
from ...group import Subgroup, prime_factors
from ...structure.classes import ConjugacyClasses
from ...structure.series import derived_subgroup
from ..root_sums import RootSums
from .abelian import AbelianDual, abelian_dual, on_long_generators
from .spectra import Numbering, multipliers, multisets, ordered

__all__ = ["AbelianByCyclic", "abelian_by_cyclic", "induced_table"]

MOST_CENTRALIZERS = 16
"""Centralisers that are tried as the abelian subgroup, where that of G' is not abelian."""

CHUNK = 500_000
"""Exponents that are held at once."""


@dataclass(frozen=True, eq=False)
class AbelianByCyclic:
    """A group G = A <t> with A abelian, normal and its own centraliser.

    Attributes:
        normal: A; ``step``: t, of order ``index`` m modulo A.
    """

    normal: Subgroup
    step: int
    index: int


def abelian_by_cyclic(classes: ConjugacyClasses) -> AbelianByCyclic | None:
    """An abelian normal subgroup with a cyclic quotient, or None when none is found.

    Let G = A <t> be such, not abelian, and A the larger when there are several; then A is its own centraliser. G'
    lies in A, so A lies in C(G'), and is all of it when that is abelian. The map a -> [a, t] of A onto G' has the
    kernel Z(G), so |A| = |G'| |Z(G)|: most other groups fail this test. Else A is the centraliser of one of its
    elements, unless proper subgroups cover it, and the classes of size |G : A| are tried.

    Cost: the derived subgroup, a centraliser or two, and m gathers of k.
    """
    group = classes.group
    derived = on_long_generators(derived_subgroup(group))
    index, rest = divmod(group.order, derived.order * int(np.count_nonzero(classes.sizes == 1)))
    if rest or index == 1 or not (classes.sizes == index).any() or not derived.is_abelian:
        return None
    central = on_long_generators(derived.centralizer)
    if central.is_abelian:
        return _with_step(classes, central, index) if central.index == index else None
    chosen = classes.representatives[classes.sizes == index]
    for x in chosen[central.mask[chosen]][:MOST_CENTRALIZERS]:
        normal = on_long_generators(Subgroup(group, group.table[x] == group.table[:, x]))
        if normal.is_abelian and normal.mask[list(derived.generators)].all():
            found = _with_step(classes, normal, index)
            if found:
                return found
    return None


def _with_step(classes: ConjugacyClasses, normal: Subgroup, index: int) -> AbelianByCyclic | None:
    """With the first representative whose order modulo A is the index of A, if there is one."""
    powers = [classes.group.powers(index // p, classes.representatives) for p, _ in prime_factors(index)]
    steps = np.flatnonzero(~normal.mask[np.array(powers)].any(axis=0))
    return AbelianByCyclic(normal, int(classes.representatives[steps[0]]), index) if steps.size else None


def induced_table(classes: ConjugacyClasses, structure: AbelianByCyclic) -> tuple[np.ndarray, RootSums]:
    """The rows of the character table, ordered, as indices of shape (k, k), and their numbers.

    The stabiliser of a character lambda of A with r conjugates is T = A <t^r>; lambda extends to T in m / r ways, by an
    (m / r)-th root of lambda(t^m) for t^r; each extension mu, induced to G, is irreducible of degree r, and all
    irreducible characters arise once. The matrix of g = a t^s has d = gcd(s, r) cycles of length c = r / d, and its
    eigenvalues are the c-th roots of mu(t^i g^c t^-i), i < d.

    Cost: gathers, k times the sum of the degrees. Source: Isaacs, Character Theory of Finite Groups (1976), theorems
    6.11 and 6.17, corollary 11.22.
    """
    group, size = classes.group, len(classes)
    exponent = group.exponent
    elements = structure.normal.elements
    dual = abelian_dual(group, structure.normal.generators, len(elements))
    conjugates = _conjugate_characters(dual, structure)
    numbering = Numbering()
    owners, exponents = [], []
    index = np.empty((size, size), dtype=np.uint32)
    first = 0
    for length, characters, roots in _orbits(dual, structure, conjugates):
        for cycles, columns, words, shifts in _columns(classes, dual, structure, length):
            copies = length // cycles
            hashes = multipliers(exponent).reshape(copies, exponent // copies).sum(axis=0, dtype=np.uint64)
            spread = np.arange(copies) * (exponent // copies)
            step = max(1, CHUNK // (cycles * len(columns)))
            for start in range(0, len(roots), step):
                rows = slice(start, start + step)
                values = dual.values[conjugates[:cycles, characters[rows]]] @ words.T
                values = (values + roots[rows, None] * shifts) % exponent // copies
                known = len(numbering)
                numbers, fresh = numbering.number(hashes[values].sum(axis=0, dtype=np.uint64))
                index[first + start : first + start + len(numbers), columns] = numbers
                owners.append(np.repeat(np.arange(known, len(numbering)), length))
                exponents.append((values.reshape(cycles, -1)[:, fresh].T[:, :, None] + spread).ravel())
        first += len(roots)
    if first != size:
        raise RepresentationError(f"{first} induced characters were found for {size} classes")
    return ordered(exponent, index, multisets(exponent, np.concatenate(owners), np.concatenate(exponents)))


def _conjugate_characters(dual: AbelianDual, structure: AbelianByCyclic) -> np.ndarray:
    """Shape (m, |A|): row i, the characters a -> lambda(t^i a t^-i)."""
    group = dual.group
    images = group.conjugation(int(group.inverses[structure.step]))[dual.generators]
    step = dual.find(dual.values @ dual.word(images).T % group.exponent)
    conjugates = np.empty((structure.index, len(step)), dtype=np.int64)
    conjugates[0] = np.arange(len(step))
    for i in range(1, structure.index):
        conjugates[i] = step[conjugates[i - 1]]
    return conjugates


def _orbits(
    dual: AbelianDual, structure: AbelianByCyclic, conjugates: np.ndarray
) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """For each orbit length r: the characters lambda, and the exponents of mu(t^r), one pair for each extension."""
    exponent, index = dual.group.exponent, structure.index
    everything = np.arange(conjugates.shape[1])
    smallest = conjugates.min(axis=0) == everything
    lengths = index // np.count_nonzero(conjugates == everything, axis=0)
    top = dual.group.powers(index, np.array([structure.step]))
    for length in range(1, index + 1):
        characters = np.flatnonzero(smallest & (lengths == length))
        if characters.size:
            extensions = index // length
            roots = dual.values[characters] @ dual.word(top)[0] % exponent // extensions
            spread = np.arange(extensions) * (exponent // extensions)
            yield length, np.repeat(characters, extensions), (roots[:, None] + spread).ravel()


def _columns(
    classes: ConjugacyClasses, dual: AbelianDual, structure: AbelianByCyclic, length: int
) -> Iterator[tuple[int, np.ndarray, np.ndarray, np.ndarray]]:
    """For each number d of cycles of an element g = a t^s on r points: the classes, a' as a word, and s / d.

    Here g^c = a' t^(cs), c = r / d, and t^(cs) is t^r to the power of s / d.
    """
    group, shifts = classes.group, _shifts(classes, structure)
    counts = np.gcd(shifts, length)
    for cycles in np.unique(counts).tolist():
        columns = np.flatnonzero(counts == cycles)
        power = group.powers(length // cycles, classes.representatives[columns])
        back = group.inverses[group.powers(length // cycles * shifts[columns], np.full(len(columns), structure.step))]
        yield cycles, columns, dual.word(group.table[power, back]), shifts[columns] // cycles


def _shifts(classes: ConjugacyClasses, structure: AbelianByCyclic) -> np.ndarray:
    """Shape (k,): s for each representative a t^s, a in A, 0 <= s < m."""
    group = classes.group
    back = int(group.inverses[structure.step])
    shifts = np.zeros(len(classes), dtype=np.int64)
    left = classes.representatives
    for _ in range(structure.index - 1):
        outside = ~structure.normal.mask[left]
        shifts += outside
        left = np.where(outside, group.table[left, back], left)
    return shifts
