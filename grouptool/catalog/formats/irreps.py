"""Irreducible representations in .npz files: exact matrices, read back and proved.

Public: write_irreps, read_irreps, KeptIrrep.

The file has the arrays of a character table (see ``tables``), ``rows`` (m,), the rows of the table that are kept, and
for each row K the matrices of the generators as in ``arrays.exact_arrays``: ``irrep_K_numerators`` (s, d, d, phi(N)),
``irrep_K_denominator`` and ``irrep_K_conductor``; its ``format`` is "irreps".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike

import numpy as np

from ...errors import GroupToolError, InputFileError
from ...group import Group
from ...representations.characters import CharacterTable
from ...representations.matrices.cyclotomic_arrays import CyclotomicArray
from ...representations.matrices.irreducible import Irrep
from ...representations.matrices.matrix_proofs import MatrixProver
from ...representations.representation import Representation
from ...representations.units import totient
from .arrays import exact_arrays, load_sealed, save_sealed
from .tables import table_arrays, table_of

__all__ = ["KeptIrrep", "read_irreps", "write_irreps"]

KIND = "irreps"
LARGEST_CONDUCTOR = 100_000


@dataclass(frozen=True, eq=False)
class KeptIrrep:
    """An irreducible representation that was read from a file and proved.

    Attributes:
        table: the character table of its group; row ``row`` is its character.
        exact: shape (s, d, d), the matrices of the generators of the group.
    """

    table: CharacterTable
    row: int
    exact: CyclotomicArray

    @property
    def group(self) -> Group:
        """The group."""
        return self.table.group

    @property
    def name(self) -> str:
        """The name of its character."""
        return self.table.names[self.row]

    @property
    def degree(self) -> int:
        """Dimension d."""
        return int(self.table.degrees[self.row])

    @cached_property
    def representation(self) -> Representation:
        """The matrices as complex128, with rho(a*b) = rho(a) @ rho(b)."""
        return Representation(self.group, self.exact.complex, self.name)


def write_irreps(path: str | PathLike[str], irreps: Sequence[Irrep | KeptIrrep]) -> None:
    """Exact matrices of the generators in an .npz file, with the character table that they belong to.

    Args:
        irreps: at least one, all of one table.

    Raises:
        ValueError: none, one twice, or of several tables. TooLargeError: a coefficient has no room in 64 bits, or the
        arrays take more than 500 MB. InputFileError: the path does not end in .npz or cannot be written.
    """
    rows = [one.row for one in irreps]
    if not rows or len(set(rows)) < len(rows) or any(one.table is not irreps[0].table for one in irreps):
        raise ValueError(f"{len(rows)} irreps; write at least one, each once, all of one character table")
    arrays = table_arrays(irreps[0].table) | {"rows": np.array(rows, dtype=np.int64)}
    for one in irreps:
        arrays |= _kept(f"irrep_{one.row}", one.exact)
    save_sealed(path, KIND, arrays)


def read_irreps(path: str | PathLike[str]) -> tuple[KeptIrrep, ...]:
    """The representations that ``write_irreps`` wrote, in the same order; the table is that of ``read_table``.

    The file is not believed: the table is computed again and compared, and the matrices are proved to be those of
    their character, over the whole Cayley table or along the relators of a presentation and by traces on every class.

    Raises:
        InputFileError: the file cannot be read, or something in it is not so; the message says what.

    Cost: as ``character_table``, and as a proof of ``representations.irreps`` for each row.
    """
    arrays = load_sealed(path, KIND)
    table = table_of(path, arrays)
    prover = MatrixProver(table)
    rows = arrays.get("rows", np.zeros(0))
    if rows.ndim != 1 or rows.dtype.kind not in "iu" or not set(rows.tolist()) <= set(range(len(table))):
        raise InputFileError(f"{path} has no array rows of rows of its table")
    found = []
    for row in map(int, rows):
        exact = _exact(path, arrays, table, row)
        try:
            if len(exact):  # without generators the group is trivial, and so is its character
                prover.prove(row, exact)
        except GroupToolError as error:
            raise InputFileError(f"{path} holds no representation in row {row}: {error}") from None
        found.append(KeptIrrep(table, row, exact))
    return tuple(found)


def _kept(key: str, exact: CyclotomicArray) -> dict[str, np.ndarray]:
    """The arrays of matrices (s, d, d); without generators there is none to ask for the field."""
    made = exact_arrays(key, [exact])
    return made | {f"{key}_numerators": made[f"{key}_numerators"][0]}


def _exact(
    path: str | PathLike[str], arrays: Mapping[str, np.ndarray], table: CharacterTable, row: int
) -> CyclotomicArray:
    numerators, denominator, conductor = (
        arrays.get(f"irrep_{row}_{part}", np.zeros(0)) for part in ("numerators", "denominator", "conductor")
    )
    degree, integers = (
        int(table.degrees[row]),
        all(one.dtype.kind in "iu" for one in (numerators, denominator, conductor)),
    )
    if not integers or denominator.shape or conductor.shape or not 1 <= int(conductor) <= LARGEST_CONDUCTOR:
        raise InputFileError(f"{path} has no exact matrices for row {row}")
    shape = (len(table.group.generators), degree, degree, totient(int(conductor)))
    if numerators.shape != shape or not 1 <= int(denominator) < 1 << 62:
        raise InputFileError(f"{path}: the matrices for row {row} have shape {numerators.shape}, not {shape}")
    return CyclotomicArray(int(conductor), numerators.astype(np.int64), int(denominator))
