"""Exact character tables: Dixon-Schneider modulo a prime, lifted to eigenvalue multiplicities, then proved.

Public: CharacterTable, character_table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..errors import RepresentationError, TooLargeError
from ..group import Group, prime_factors
from ..structure.classes import ConjugacyClasses, conjugacy_classes
from .cyclotomic import Cyclotomic

if TYPE_CHECKING:
    from flint import nmod_mat

__all__ = ["CharacterTable", "character_table"]

MAX_CELLS = 200_000_000
"""Bound on k times the sum of the class element orders: two bytes each."""


@dataclass(frozen=True, eq=False)
class CharacterTable:
    """The irreducible characters of a finite group over the complex numbers, exactly.

    Attributes:
        classes: the k conjugacy classes, which are the columns.
        eigenvalues: one array for each class K, shape (k, o), int16, o the order of the elements of K: row i counts how
            often each power of exp(2 pi i / o) is an eigenvalue of character i's matrices on K.

    Row 0 is the trivial character. Rows are sorted by degree, then by their eigenvalue counts class by class, more ones
    first, so two runs print one table.
    """

    classes: ConjugacyClasses
    eigenvalues: tuple[np.ndarray, ...]
    _memo: dict[tuple[int, bytes], Cyclotomic] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.classes)

    @property
    def group(self) -> Group:
        """The group."""
        return self.classes.group

    @cached_property
    def degrees(self) -> np.ndarray:
        """Shape (k,), int64: chi(1)."""
        return np.asarray(self.eigenvalues[0][:, 0], dtype=np.int64)

    @cached_property
    def complex(self) -> np.ndarray:
        """Shape (k, k), complex128: the values, rows characters, columns classes."""
        columns = [
            counts @ np.exp(2j * np.pi * np.arange(counts.shape[1]) / counts.shape[1]) for counts in self.eigenvalues
        ]
        return np.stack(columns, axis=1)

    def value(self, character: int, class_index: int) -> Cyclotomic:
        """The exact value of a character on a class."""
        counts = self.eigenvalues[class_index][character]
        key = (len(counts), counts.tobytes())
        if key not in self._memo:
            terms = {i: int(count) for i, count in enumerate(counts) if count}
            self._memo[key] = Cyclotomic(len(counts), terms)
        return self._memo[key]

    @cached_property
    def is_real(self) -> np.ndarray:
        """Shape (k,), bool: whether all values are real, read off the eigenvalue counts exactly."""
        real = np.ones(len(self), dtype=bool)
        for counts in self.eigenvalues:
            real &= (counts == counts[:, -np.arange(counts.shape[1])]).all(axis=1)
        return real

    @cached_property
    def duals(self) -> np.ndarray:
        """Shape (k,): the row of the complex conjugate character."""
        rows = {b"".join(counts[i].tobytes() for counts in self.eigenvalues): i for i in range(len(self))}
        reverse = [counts[:, -np.arange(counts.shape[1])] for counts in self.eigenvalues]
        return np.array([rows[b"".join(counts[i].tobytes() for counts in reverse)] for i in range(len(self))])

    @cached_property
    def indicators(self) -> np.ndarray:
        """Shape (k,), int64: Frobenius-Schur indicators, 1 real type, 0 complex, -1 quaternionic.

        Source: Isaacs, Character Theory of Finite Groups (1976), theorem 4.5: the mean of chi(g^2) over the group.
        """
        squares = self.classes.power_map(2)
        means = (self.complex[:, squares] * self.classes.sizes).sum(axis=1) / self.group.order
        return np.asarray(np.rint(means.real), dtype=np.int64)

    @cached_property
    def kernels(self) -> np.ndarray:
        """Shape (k, k), bool: whether class j lies in the kernel of character i."""
        return np.stack([counts[:, 0] == self.degrees for counts in self.eigenvalues], axis=1)

    @cached_property
    def names(self) -> list[str]:
        """A name for each row: its degree and a letter, ``1a 1b 4a 4b 5a 5b 6a`` for S5."""
        seen: dict[int, int] = {}
        names = []
        for degree in map(int, self.degrees):
            names.append(f"{degree}{_letters(seen.setdefault(degree, 0))}")
            seen[degree] += 1
        return names


def character_table(group: Group | ConjugacyClasses) -> CharacterTable:
    """The exact character table of a group that has a Cayley table.

    Abelian groups: characters extended generator by generator. Others: the algorithm of Dixon and Schneider. One random
    combination of the class matrices modulo a prime p = 1 mod e is split by its characteristic polynomial; the
    components of the first basis vector are the central characters; power maps lift each value to the multiplicities of
    its eigenvalues. The result is proved (``_prove``), so the random combination cannot do harm.

    Raises:
        TooLargeError: the table would take more than 400 MB. RepresentationError: a proof failed, which is a bug.

    Cost: n k gathers and O(k^3) modular products. Source: Dixon, High speed computation of group characters, Numer.
    Math. 10 (1967); Schneider, Dixon's character table algorithm revisited, J. Symb. Comp. 9 (1990).
    """
    classes = group if isinstance(group, ConjugacyClasses) else conjugacy_classes(group)
    cells = len(classes) * int(classes.element_orders.sum())
    if cells > MAX_CELLS:
        raise TooLargeError(f"the character table would take {cells * 2:,} bytes; the limit is {MAX_CELLS * 2:,}")
    counts = _abelian(classes) if classes.group.is_abelian else _dixon(classes)
    rows = np.concatenate([-column for column in counts], axis=1)
    order = sorted(range(len(classes)), key=lambda i: (counts[0][i, 0], rows[i].tolist()))
    table = CharacterTable(classes, tuple(np.ascontiguousarray(column[order]) for column in counts))
    _prove(table)
    return table


def _letters(index: int) -> str:
    text = ""
    while True:
        text = chr(ord("a") + index % 26) + text
        index = index // 26 - 1
        if index < 0:
            return text


# -- abelian groups


def _abelian(classes: ConjugacyClasses) -> list[np.ndarray]:
    """Eigenvalue counts from the homomorphisms to the e-th roots of unity, extended one generator at a time."""
    group, exponent = classes.group, classes.group.exponent
    members = np.zeros(1, dtype=np.int64)
    values = np.zeros((1, 1), dtype=np.int64)  # characters by members: exponents of a primitive e-th root
    for generator in group.generators:
        place = np.full(group.order, -1)
        place[members] = np.arange(len(members))
        powers = [0]
        while place[step := int(group.table[powers[-1], generator])] < 0:
            powers.append(step)
        index = len(powers)  # of the old subgroup in the new one
        if index == 1:
            continue
        # chi(g)^index is known: its exponent is a multiple of index, and the roots differ by e / index.
        roots = (values[:, place[step], None] // index + np.arange(index) * (exponent // index)) % exponent
        extended = values[:, None, None, :] + np.arange(index)[None, None, :, None] * roots[:, :, None, None]
        values = (extended % exponent).reshape(len(members) * index, -1)
        members = np.concatenate([group.table[members, power].astype(np.int64) for power in powers])
    columns = []
    exponents = values[:, np.argsort(members)][:, classes.representatives]
    for column, order in zip(exponents.T, classes.element_orders, strict=True):
        counts = np.zeros((len(classes), order), dtype=np.int16)
        counts[np.arange(len(classes)), column * order // exponent] = 1
        columns.append(counts)
    return columns


# -- Dixon and Schneider


def _dixon(classes: ConjugacyClasses) -> list[np.ndarray]:
    prime = _prime(classes.group.exponent, 1 << 29)
    for seed in range(20):
        central = _central_characters(classes, prime, np.random.default_rng(seed))
        if central is not None:
            return _lift(classes, _values(classes, central, prime), prime)
    raise RepresentationError("no random combination of class matrices had distinct eigenvalues in 20 draws")


def _prime(exponent: int, above: int) -> int:
    """The least prime p = 1 mod exponent that is at least ``above``; below 2^31 for every exponent in reach."""
    from flint import fmpz

    candidate = above - above % exponent + exponent + 1
    while not fmpz(candidate).is_prime():
        candidate += exponent
    return candidate


def _central_characters(classes: ConjugacyClasses, prime: int, rng: np.random.Generator) -> np.ndarray | None:
    """Shape (k, k): (chi(1)^2 / n) omega_chi(K) modulo p, one row a character; None when eigenvalues coincide.

    With M_r[s, t] the number of ways to write an element of class t as x y, x in class r and y in class s, the central
    character omega is a common eigenvector. The basis vector of the identity class is the sum over the characters of
    (chi(1)^2 / n) omega_chi, so Lagrange polynomials of M, applied to it, give all of them.
    """
    from flint import nmod_mat

    matrix = _random_class_matrix(classes, prime, rng)
    size = len(classes)
    step = _to_flint(matrix, prime)
    polynomial = step.charpoly()
    roots = [int(root) for root, multiplicity in polynomial.roots() if multiplicity == 1]
    if len(roots) < size:
        return None
    vector = nmod_mat(size, 1, [1] + [0] * (size - 1), prime)
    krylov = [vector]
    for _ in range(size - 1):
        krylov.append(vector := step * vector)
    powers = nmod_mat(size, size, [entry for one in krylov for entry in one.entries()], prime)
    coefficients = [int(polynomial[i]) for i in range(size + 1)]
    rows = []
    for root in roots:
        quotient = [0] * size  # of the characteristic polynomial by x - root, by synthetic division
        carried = 0
        for i in range(size, 0, -1):
            carried = (coefficients[i] + carried * root) % prime
            quotient[i - 1] = carried
        scale = 0
        for entry in reversed(quotient):
            scale = (scale * root + entry) % prime
        inverse = pow(scale, -1, prime)
        rows += [entry * inverse % prime for entry in quotient]
    return _from_flint(nmod_mat(size, size, rows, prime) * powers)


def _random_class_matrix(classes: ConjugacyClasses, prime: int, rng: np.random.Generator) -> np.ndarray:
    """A random combination of all class matrices modulo p, shape (k, k), column by column."""
    group = classes.group
    weights = rng.integers(1, prime, size=len(classes))[classes.class_of]
    matrix = np.empty((len(classes), len(classes)), dtype=np.int64)
    for t, element in enumerate(classes.representatives):
        quotient = classes.class_of[group.table[group.inverses, element]]  # class of x^-1 z for each x
        # n weights below 2^30 sum below 2^45, so float64 counts exactly.
        column = np.bincount(quotient, weights=weights, minlength=len(classes))
        matrix[:, t] = column.astype(np.int64) % prime
    return matrix


def _values(classes: ConjugacyClasses, central: np.ndarray, prime: int) -> np.ndarray:
    """Shape (k, k): the character values modulo p."""
    order = classes.group.order
    values = np.empty_like(central)
    inverse_sizes = np.array([pow(int(size), -1, prime) for size in classes.sizes])
    for i, row in enumerate(central):
        square = int(row[0]) * order % prime
        degree = round(square**0.5)
        if degree * degree != square or order % max(degree, 1):
            raise RepresentationError(f"the degree of a character came out as the root of {square} modulo {prime}")
        scale = degree * pow(int(row[0]), -1, prime) % prime
        values[i] = row * scale % prime * inverse_sizes % prime
    return values


def _lift(classes: ConjugacyClasses, values: np.ndarray, prime: int) -> list[np.ndarray]:
    """Eigenvalue counts: the discrete Fourier transform of chi(g), chi(g^2), ... modulo p."""
    columns = []
    for class_index, order in enumerate(map(int, classes.element_orders)):
        element = np.full(order, classes.representatives[class_index])
        powers = classes.class_of[classes.group.powers(np.arange(order), element)]
        root = _root_of_unity(order, prime)
        powers_of_root = np.array([pow(root, i, prime) for i in range(order)])
        transform = powers_of_root[-np.outer(np.arange(order), np.arange(order)) % order]
        counts = _from_flint(_to_flint(values[:, powers], prime) * _to_flint(transform, prime))
        counts = counts * pow(order, -1, prime) % prime
        if (counts.sum(axis=1) != values[:, 0]).any():
            raise RepresentationError(f"eigenvalue multiplicities on class {class_index} do not sum to the degrees")
        columns.append(counts.astype(np.int16))
    return columns


def _root_of_unity(order: int, prime: int) -> int:
    """A root of unity of exact order ``order`` modulo p, a power of one fixed generator's for every order."""
    return pow(_primitive_root(prime), (prime - 1) // order, prime)


def _primitive_root(prime: int) -> int:
    factors = [factor for factor, _ in prime_factors(prime - 1)]
    return next(g for g in range(2, prime) if all(pow(g, (prime - 1) // factor, prime) != 1 for factor in factors))


def _to_flint(matrix: np.ndarray, prime: int) -> nmod_mat:
    from flint import nmod_mat

    rows, columns = matrix.shape
    return nmod_mat(rows, columns, matrix.ravel().tolist(), prime)


def _from_flint(matrix: nmod_mat) -> np.ndarray:
    entries = np.array([int(entry) for entry in matrix.entries()], dtype=np.int64)
    return entries.reshape(matrix.nrows(), matrix.ncols())


# -- proof


def _prove(table: CharacterTable) -> None:
    """Prove that the rows are orthonormal and that the counts are those of matrices, exactly.

    First, integers: the squares of the degrees sum to n, and the eigenvalues on g^p are the p-th powers of those on g,
    for every prime p of the exponent and every unit modulo it. So chi(g^j) = sigma_j(chi(g)) for units j, an inner
    product of rows is fixed by every Galois automorphism, and is a rational integer. Second, one congruence: the inner
    products agree with n times the identity modulo a prime above 2 n^2, which bounds them, so they are equal.
    """
    classes, order = table.classes, table.group.order
    if (table.degrees**2).sum() != order:
        raise RepresentationError("the rows are not orthonormal: the squares of the degrees do not sum to the order")
    for prime, _ in prime_factors(table.group.exponent):
        for counts, image in zip(table.eigenvalues, classes.power_map(prime), strict=True):
            if counts.shape[1] % prime:
                continue  # p is prime to the order of g here: a unit, as below
            powers = table.eigenvalues[image]
            if not np.array_equal(counts.reshape(len(counts), prime, -1).sum(axis=1), powers):
                raise RepresentationError(f"eigenvalues on class {image} are not {prime}-th powers, as they must be")
    for unit in _unit_generators(table.group.exponent):
        images = classes.power_map(unit)
        for counts, image in zip(table.eigenvalues, images, strict=True):
            size = counts.shape[1]
            if not np.array_equal(table.eigenvalues[image][:, np.arange(size) * unit % size], counts):
                raise RepresentationError(f"the table is not closed under the Galois automorphism {unit}")
    prime = _prime(table.group.exponent, 2 * order * order + 1)
    values, duals = _reduced(table, prime, 1), _reduced(table, prime, -1)
    weighted = duals * (classes.sizes % prime) % prime
    products = _from_flint(_to_flint(values, prime) * _to_flint(weighted.T, prime))
    if not np.array_equal(products, order * np.eye(len(classes), dtype=np.int64)):
        raise RepresentationError("the rows of the character table are not orthonormal")


def _unit_generators(exponent: int) -> list[int]:
    """Generators of (Z/e)*, found greedily."""
    generators: list[int] = []
    reached = {1 % exponent}
    for unit in range(2, exponent):
        if np.gcd(unit, exponent) == 1 and unit not in reached:
            generators.append(unit)
            frontier = reached
            while frontier:
                frontier = {one * unit % exponent for one in frontier} - reached
                reached |= frontier
    return generators


def _reduced(table: CharacterTable, prime: int, sign: int) -> np.ndarray:
    """Shape (k, k): the values (sign 1) or their complex conjugates (sign -1) in the field with p elements."""
    columns = []
    for counts in table.eigenvalues:
        size = counts.shape[1]
        root = _root_of_unity(size, prime)
        powers = np.array([pow(root, sign * i % size, prime) for i in range(size)])
        columns.append((counts.astype(np.int64) * powers % prime).sum(axis=1) % prime)
    return np.stack(columns, axis=1)
