"""Tensor products of irreducible characters: the whole fusion table, and McKay graphs.

Public: tensor_table, mckay_matrix, mckay_graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...errors import RepresentationError, TooLargeError
from ...group import smallest_unsigned
from ..characters import CharacterTable
from ..root_sums import prime_for
from .class_function import ClassFunction
from .constituents import residue

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["mckay_graph", "mckay_matrix", "tensor_table"]

MAX_CELLS = 200_000_000
"""Bound on the k^3 entries of a tensor table: one byte each, or two."""


def tensor_table(table: CharacterTable) -> np.ndarray:
    """Shape (k, k, k), unsigned: entry i, j, l is how often chi_l occurs in chi_i chi_j.

    Computed modulo a prime p = 1 modulo the exponent. The entry is <chi_i, conj(chi_j) chi_l>, so each degree times
    it is at most the product of the other two, and it is at most the least of the three; p is larger than every degree,
    so the residues are the entries.

    Raises:
        TooLargeError: k^3 is above 2 * 10^8.

    Cost: k products of (k, k) matrices, in floats that hold sums below 2^53 exactly.
    """
    size, columns = len(table), table.columns
    if size**3 > MAX_CELLS:
        raise TooLargeError(
            f"the tensor table of {columns.name} would have {size**3:,} entries; the limit is {MAX_CELLS:,}. Ask for "
            "the McKay matrix of one character instead."
        )
    top = int(table.degrees.max())
    values, dual, prime = _residues(table, top)
    found = np.empty((size, size, size), dtype=smallest_unsigned(top + 1))
    for i in range(size):
        found[i] = _product(values[i] * values % prime, dual, prime)
    return found


def mckay_matrix(function: ClassFunction) -> np.ndarray:
    """Shape (k, k), int64: entry i, j is how often chi_j occurs in chi chi_i, for a character chi.

    Modulo a prime above chi(1) chi_i(1), which no entry exceeds.

    Raises:
        RepresentationError: not a character.
        TooLargeError: chi(1) times the largest degree is 2^31 or more.

    Source: McKay, Graphs, singularities, and finite groups, Proc. Symp. Pure Math. 37 (1980).
    """
    if not function.is_character:
        raise RepresentationError(f"a McKay graph needs a character, and this class function is none: {function!r}")
    table = function.table
    top = function.degree * int(table.degrees.max())
    if top >= 2**30:
        raise TooLargeError(f"chi(1) times the largest degree is {top:,}; the limit is {2**30:,}")
    values, dual, prime = _residues(table, top)
    chi = np.array([residue(one, prime) for one in function.values], dtype=np.int64)
    return _product(chi * values % prime, dual, prime)


def mckay_graph(function: ClassFunction) -> nx.DiGraph:
    """The McKay graph of a character: an edge i -> j of weight m when chi_j occurs m times in chi chi_i.

    Nodes are the rows of the table, with the attributes ``name`` and ``degree``; refused as ``mckay_matrix``. For a
    faithful character of degree 2 of a subgroup of SU(2) it is an extended Dynkin diagram of type A, D or E.
    """
    import networkx as nx

    matrix, table = mckay_matrix(function), function.table
    graph = nx.DiGraph(name=f"McKay graph of {function!r}")
    for row, (name, degree) in enumerate(zip(table.names, table.degrees.tolist(), strict=True)):
        graph.add_node(row, name=name, degree=degree)
    graph.add_weighted_edges_from((int(i), int(j), int(matrix[i, j])) for i, j in np.argwhere(matrix))
    return graph


def _residues(table: CharacterTable, above: int) -> tuple[np.ndarray, np.ndarray, int]:
    """The table modulo a prime; and, shape (k, k), classes by rows, |K| conj(chi_l) / n; and the prime."""
    columns = table.columns
    prime = prime_for(columns.exponent, max(above, 2 * columns.exponent))
    values = table.residues(prime)
    weights = columns.sizes % prime * pow(columns.order, -1, prime) % prime
    return values, (values[:, columns.inverse_map] * weights % prime).T, prime


def _product(left: np.ndarray, right: np.ndarray, prime: int) -> np.ndarray:
    """The matrix product modulo p < 2^31, exactly: by digits of the left matrix, so short that sums stay below 2^53."""
    bits = 53 - prime.bit_length() - len(right).bit_length()
    columns = right.astype(np.float64)
    found = np.zeros((len(left), right.shape[1]), dtype=np.int64)
    for start in reversed(range(0, prime.bit_length(), bits)):
        digits = left >> start & (1 << bits) - 1
        found = ((found << bits) + np.rint(digits.astype(np.float64) @ columns).astype(np.int64)) % prime
    return found
