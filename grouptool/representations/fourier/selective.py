"""Few pairs of irreps whose bispectrum says as much as that at all pairs, and functions back from it.

Public: SelectiveBispectrum, selective_bispectrum.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...errors import RepresentationError
from .bispectrum import Bispectrum
from .transform import FourierBasis

__all__ = ["SelectiveBispectrum", "selective_bispectrum"]


@dataclass(frozen=True, eq=False)
class SelectiveBispectrum:
    """The bispectrum at few pairs, which determines a function up to left translation, all coefficients invertible.

    The trivial irrep comes first, then seeds; a seed with an irrep that is known gives all constituents of their
    tensor product. These *spanning* pairs give every coefficient from those at the seeds, but may leave more than a
    translation free: on D5 the derivative of the bispectrum there has rank 9, for real functions of 10 numbers. The
    *closing* pairs exclude it, for every group: let V be the quotients of the coefficients of two functions with equal
    values. V is unitary, by (trivial, seed) at the seeds and then at all constituents of their products, and V at
    seed (x) rho is the tensor product of V at both, for every rho; so V is a tensor automorphism of all
    representations, which by Tannaka is an element of the group. On an abelian group the dual of each seed is enough,
    and a real function, whose coefficients there are conjugate, needs no closing pairs at all.

    Attributes:
        bispectrum: of the basis.
        trivial: the row of the trivial irrep.
        seeds: rows: each is the one that leaves the smallest common kernel with those before, then of least degree.
        steps: pairs (seed, known irrep), in an order in which each brings something new.
        closing: abelian groups: pairs of a seed with its dual; others: of each seed with every irrep not in ``steps``.

    Source: Mataigne, Mathe, Sanborn, Hillar, Miolane, The selective G-bispectrum and its inversion (2024),
    arXiv:2407.07655 (the spanning pairs; their sizes on the octahedral group, on dihedral groups D_n with n even and on
    cyclic groups); Kakarala (see ``Bispectrum``) for Tannaka's theorem in this place; that seeds reach everything:
    Isaacs, Character Theory of Finite Groups (1976), theorem 4.3.
    """

    bispectrum: Bispectrum
    trivial: int
    seeds: tuple[int, ...]
    steps: tuple[tuple[int, int], ...]
    closing: tuple[tuple[int, int], ...]

    @property
    def spanning(self) -> list[tuple[int, int]]:
        """The pairs from which every coefficient follows: n of them for an abelian group, each one number."""
        start = self.trivial
        return [(start, start), *((start, seed) for seed in self.seeds), *self.steps]

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """The spanning pairs and the closing ones; with one seed, of degree d, d^2 n + 1 numbers at most."""
        return [*self.spanning, *self.closing]

    def size(self, pairs: Sequence[tuple[int, int]] | None = None) -> int:
        """How many numbers the bispectrum of one function has at some of the pairs, by default all."""
        return self.bispectrum.size(self.pairs if pairs is None else pairs)

    def transform(
        self, functions: object, pairs: Sequence[tuple[int, int]] | None = None
    ) -> dict[tuple[int, int], np.ndarray]:
        """The bispectrum of functions at some of the pairs, by default all: see ``Bispectrum.transform``."""
        return self.bispectrum.transform(functions, self.pairs if pairs is None else pairs)

    def recover(self, values: Mapping[tuple[int, int], np.ndarray]) -> np.ndarray:
        """A function with this selective bispectrum, for an abelian group: one of the translates of the original.

        Args:
            values: of one function, as ``transform`` gives it, arrays of shape (1, 1). Without the closing pairs the
                function must be real.

        Returns:
            Shape (n,), complex128.

        Raises:
            RepresentationError: the group is not abelian, a pair is missing, or a coefficient is 0, so that nothing
                follows from it.

        Each pair divides once, so errors grow with the number of steps, at most n, and with the spread of |f^|.
        """
        group, basis = self.bispectrum.basis.group, self.bispectrum.basis
        if not group.is_abelian:
            raise RepresentationError(f"{group.name} is not abelian: a function is recovered on abelian groups only")
        given = {pair: complex(np.asarray(value).reshape(())) for pair, value in values.items()}
        missing = [pair for pair in self.spanning if pair not in given]
        if missing:
            raise RepresentationError(f"the bispectrum at the pair {missing[0]} is missing")
        if any(given[pair] == 0 for pair in self.spanning):
            raise RepresentationError("a coefficient of the function is 0: its bispectrum does not determine it")
        start = given[self.trivial, self.trivial]
        known = {self.trivial: start / abs(start) ** (2 / 3)}  # |c|^2 c gives c
        for seed, dual in self.closing:
            before = set(known)
            known[seed] = complex(np.sqrt(abs(given[self.trivial, seed] / known[self.trivial])))
            powers = dict.fromkeys(before, 0) | {seed: 1}
            for pair in self.steps:
                if pair[0] == seed:
                    row = self._product(*pair)
                    known[row] = (given[pair] / (known[seed] * known[pair[1]])).conjugate()
                    powers[row] = powers[pair[1]] + 1
            # If the seed's phase is turned by t, that of each row is by t^power, and the dual's fits for one t^m. Its
            # m roots differ by characters of the dual group: they are translations of the function.
            wanted = known[seed].conjugate()  # of a real function
            if (seed, dual) in given:
                wanted = given[seed, dual] / (known[seed] * known[self.trivial].conjugate())
            ratio = wanted / known[dual]
            turn = (ratio / abs(ratio)) ** (1 / (1 + max(powers.values())))
            known |= {row: known[row] * turn**power for row, power in powers.items()}
        return basis.inverse(tuple(np.array([[known[row]]]) for row in range(len(basis))))

    def _product(self, i: int, j: int) -> int:
        """The row of the product of two linear characters."""
        return _row_of(self.bispectrum.basis, self.bispectrum.basis.characters[i] * self.bispectrum.basis.characters[j])


def selective_bispectrum(basis: FourierBasis) -> SelectiveBispectrum:
    """The selective bispectrum of a group, from its characters.

    Seeds are taken until their common kernel is trivial: then their products have every irrep as a constituent
    (Burnside and Brauer). Pairs of least degree come first.

    Cost: k^3 multiplications for each seed, k the number of classes.
    """
    bispectrum, degrees = Bispectrum(basis), basis.degrees
    kernels = np.abs(basis.characters - degrees[:, None]) < 1e-9  # classes that act trivially
    trivial = int(np.flatnonzero(kernels.all(axis=1))[0])
    sizes, inside = basis.classes.sizes, kernels[trivial]
    known = np.zeros(len(basis), dtype=bool)
    known[trivial] = True
    seeds: list[int] = []
    tables: dict[int, np.ndarray] = {}
    steps: list[tuple[int, int]] = []
    while sizes[inside].sum() > 1:
        left = (kernels & inside) @ sizes
        seed = min(range(len(basis)), key=lambda row: (left[row], degrees[row], row))
        inside = inside & kernels[seed]
        seeds.append(seed)
        tables[seed] = bispectrum.multiplicity_table(seed) > 0
        known[seed] = True
        steps += _steps(degrees, tables, known)
    closing = _closing(basis, trivial, seeds, steps)
    return SelectiveBispectrum(bispectrum, trivial, tuple(seeds), tuple(steps), closing)


def _closing(
    basis: FourierBasis, trivial: int, seeds: list[int], steps: list[tuple[int, int]]
) -> tuple[tuple[int, int], ...]:
    if basis.group.is_abelian:
        return tuple((seed, _row_of(basis, basis.characters[seed].conj())) for seed in seeds)
    done, found = {frozenset(pair) for pair in steps}, []
    for seed in seeds:
        for row in range(len(basis)):
            if row != trivial and frozenset((seed, row)) not in done:
                done.add(frozenset((seed, row)))
                found.append((seed, row))
    return tuple(found)


def _steps(degrees: np.ndarray, tables: dict[int, np.ndarray], known: np.ndarray) -> list[tuple[int, int]]:
    """Pairs of a seed, the newest first, with a known irrep that bring new ones, which ``known`` takes up."""
    seeds, found = list(tables), []
    waiting = [_entry(degrees, seeds, seed, int(row)) for seed in seeds for row in np.flatnonzero(known)]
    heapq.heapify(waiting)
    while waiting:
        *_, row, seed = heapq.heappop(waiting)
        fresh = np.flatnonzero(tables[seed][row] & ~known)
        if fresh.size:
            found.append((seed, row))
            known[fresh] = True
            for new in fresh:
                for other in seeds:
                    heapq.heappush(waiting, _entry(degrees, seeds, other, int(new)))
    return found


def _entry(degrees: np.ndarray, seeds: list[int], seed: int, row: int) -> tuple[int, int, int, int]:
    return int(degrees[seed] * degrees[row]), -seeds.index(seed), row, seed


def _row_of(basis: FourierBasis, character: np.ndarray) -> int:
    return int(np.abs(basis.characters - character).max(axis=1).argmin())
