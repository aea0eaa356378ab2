"""What every way of making a representation gives: matrices of the generators.

Public: Realisation.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from .cyclotomic_arrays import CyclotomicArray

__all__ = ["Realisation"]


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
