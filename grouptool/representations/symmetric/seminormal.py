"""The irreducible module of S_n with its seminormal basis: Young's rational form, from which the other forms come.

Public: SeminormalModule, seminormal_module, reduced_word, identity, MAX_ENTRIES.
Read by young and alternating_forms. Rational numbers are flint's fmpq in here: five times faster than Fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from ...errors import RepresentationError, TooLargeError
from .partitions import Partition, degree, partition_text, tableau_words

__all__ = ["MAX_ENTRIES", "SeminormalModule", "identity", "reduced_word", "seminormal_module"]

MAX_ENTRIES = 1_000_000
"""Bound on d^2, the entries of one matrix, each an object where it is exact."""


@dataclass(frozen=True, eq=False)
class SeminormalModule:
    """Row vectors over the standard tableaux of a partition, on which S_n acts from the right.

    With v_t the basis vector of tableau t, s_i the exchange of the letters i and i + 1, and r the content of i + 1 in t
    less that of i (content: column less row),
        v_t s_i = v_t / r + v_u          if r >= 2,  u the tableau t with i and i + 1 exchanged,
        v_t s_i = v_t / r + (1 - 1/r^2) v_u   if r <= -2,
        v_t s_i = v_t / r                if r = 1 (one row) or r = -1 (one column).

    Attributes:
        partition: of n.
        words: shape (d, n), see tableau_words; the basis is in that order.
        neighbours: shape (n - 1, d): row i - 1 has u for each t, and t itself where u is not standard.
        distances: shape (n - 1, d): the r.
    """

    partition: Partition
    words: np.ndarray
    neighbours: np.ndarray
    distances: np.ndarray

    @property
    def degree(self) -> int:
        """d, the number of standard tableaux."""
        return len(self.words)

    @cached_property
    def steps(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """For each s_i its entries at (t, t) and at (t, u), two arrays of shape (d,)."""
        from flint import fmpq

        steps = []
        for distances in self.distances.tolist():
            diagonal = [fmpq(1, r) for r in distances]
            # A 1 below an r >= 2 and 1 - 1/r^2 above it; nothing where r^2 = 1.
            beside = [fmpq(1) if r > 1 else 1 - fmpq(1, r * r) for r in distances]
            steps.append((_objects(diagonal), _objects(beside)))
        return steps

    def times_transposition(self, rows: np.ndarray, i: int) -> np.ndarray:
        """Row vectors, shape (..., d), after s_i, 1 <= i < n: what multiplying with its matrix on the right gives."""
        diagonal, beside = self.steps[i - 1]
        return np.asarray(rows * diagonal + (rows * beside)[..., self.neighbours[i - 1]])

    def matrix(self, permutation: Sequence[int]) -> np.ndarray:
        """Shape (d, d), fmpq: the matrix of a permutation, given as an image list from 0.

        Cost: 2 d^2 products for each inversion of the permutation.
        """
        matrix = identity(self.degree)
        for i in reduced_word(permutation):
            matrix = self.times_transposition(matrix, i)
        return matrix

    @cached_property
    def squares(self) -> list[Any]:
        """d positive fmpq, q_t: the vectors sqrt(q_t) v_t are an orthonormal basis for an invariant form.

        The tableau that is read down its columns, the last one, has q = 1.
        """
        squares: list[Any] = [None] * self.degree
        squares[-1] = identity(1)[0, 0]
        for t, i, u in self.path:
            squares[t] = squares[u] / self.steps[i - 1][1][t]
        return squares

    @cached_property
    def path(self) -> list[tuple[int, int, int]]:
        """(t, i, u) for every tableau but the last: u is t with i and i + 1 exchanged, and is dealt with before t."""
        if self.degree == 1:
            return []
        # i + 1 stands below and left of i, so u is later in last letter order.
        letters = (self.distances < -1).argmax(axis=0)
        return [(t, int(letters[t]) + 1, int(self.neighbours[letters[t], t])) for t in range(self.degree - 2, -1, -1)]

    @cached_property
    def signs(self) -> np.ndarray:
        """Shape (d,): the sign of the permutation of letters from the last tableau to each."""
        signs = np.ones(self.degree, dtype=np.int64)
        for t, _, u in self.path:
            signs[t] = -signs[u]
        return signs

    @cached_property
    def polytabloids(self) -> np.ndarray:
        """Shape (d, d), fmpq: row t is the standard polytabloid of t in the seminormal basis.

        The polytabloid of t changes its sign under the exchange of two letters of one column of t, which only multiples
        of one vector do. For the last tableau that vector is v; the others are its images. The matrix is unitriangular.
        Source: James and Kerber, The Representation Theory of the Symmetric Group (1981), sections 3.2 and 7.1.
        """
        rows = identity(self.degree)
        for t, i, u in self.path:
            rows[t] = self.times_transposition(rows[u], i)
        return rows


@lru_cache(maxsize=32)
def seminormal_module(partition: Partition) -> SeminormalModule:
    """The module of a partition, its Coxeter relations checked.

    Raises:
        TooLargeError: d^2 is above 1,000,000. RepresentationError: a relation fails, which is a bug.

    Source: James and Kerber (1981), section 3.3, on the seminormal form.
    """
    count = degree(partition)
    if count * count > MAX_ENTRIES:
        raise TooLargeError(
            f"the matrices of {partition_text(partition)} have degree {count:,} and {count * count:,} entries; "
            f"they are made up to {MAX_ENTRIES:,}. Its characters: symmetric_character."
        )
    words = tableau_words(partition)
    neighbours = _neighbours(words)
    contents = _contents(words)
    module = SeminormalModule(partition, words, neighbours, np.diff(contents, axis=1).T)
    _check_coxeter_relations(module)
    return module


def reduced_word(permutation: Sequence[int]) -> list[int]:
    """A shortest list of i, from 1, whose exchanges s_i of the points i - 1 and i multiply to the permutation.

    >>> reduced_word((1, 2, 0))
    [2, 1]
    """
    images = list(permutation)
    word = []
    for end in range(1, len(images)):
        # s_i p has the images at the places i - 1 and i exchanged.
        for i in range(end, 0, -1):
            if images[i - 1] < images[i]:
                break
            images[i - 1], images[i] = images[i], images[i - 1]
            word.append(i)
    return word


def identity(size: int) -> np.ndarray:
    """Shape (size, size), fmpq."""
    from flint import fmpq

    matrix = np.full((size, size), fmpq(0), dtype=object)
    np.fill_diagonal(matrix, fmpq(1))
    return matrix


def _objects(values: Sequence[object]) -> np.ndarray:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _neighbours(words: np.ndarray) -> np.ndarray:
    """Shape (n - 1, d): where the word with letters i and i + 1 exchanged stands, or t itself."""
    count, letters = words.shape
    place = {word.tobytes(): t for t, word in enumerate(words)}
    neighbours = np.empty((max(letters - 1, 0), count), dtype=np.int64)
    for i in range(letters - 1):
        exchanged = words.copy()
        exchanged[:, [i, i + 1]] = words[:, [i + 1, i]]
        neighbours[i] = [place.get(word.tobytes(), t) for t, word in enumerate(exchanged)]
    return neighbours


def _contents(words: np.ndarray) -> np.ndarray:
    """Shape (d, n), int64: column less row of each letter."""
    contents = np.empty(words.shape, dtype=np.int64)
    for row in range(int(words.max(initial=0)) + 1):
        inside = words == row
        contents[inside] = (np.cumsum(inside, axis=1) - 1 - row)[inside]
    return contents


def _check_coxeter_relations(module: SeminormalModule) -> None:
    """s_i^2 = 1, s_i s_(i+1) s_i = s_(i+1) s_i s_(i+1), and s_i s_j = s_j s_i for distant i and j, on each v_t."""
    letters = len(module.steps)
    relations: list[tuple[list[int], list[int]]] = [([i, i], []) for i in range(letters)]
    relations += [([i, i + 1, i], [i + 1, i, i + 1]) for i in range(letters - 1)]
    relations += [([i, j], [j, i]) for i in range(letters) for j in range(i + 2, letters)]
    for left, right in relations:
        # Each side as sums over paths of neighbours: a v_t goes to at most 2^3 places.
        for t in range(module.degree):
            if _image(module, t, left) != _image(module, t, right):
                first, second = (" ".join(f"s{i + 1}" for i in side) or "1" for side in (left, right))
                raise RepresentationError(
                    f"the seminormal form of {partition_text(module.partition)} fails {first} = {second} on tableau {t}"
                )


def _image(module: SeminormalModule, t: int, word: list[int]) -> dict[int, Any]:
    """v_t after a word of exchanges, numbered from 0, as tableau -> coefficient."""
    vector: dict[int, Any] = {t: 1}
    for i in word:
        diagonal, beside = module.steps[i]
        image: dict[int, Any] = {}
        for u, value in vector.items():
            image[u] = image.get(u, 0) + value * diagonal[u]
            other = int(module.neighbours[i, u])
            if other != u:
                image[other] = image.get(other, 0) + value * beside[u]
        vector = {u: value for u, value in image.items() if value}
    return vector
