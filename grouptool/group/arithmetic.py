"""Whole numbers as groups need them.

Public: prime_factors, smallest_unsigned.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

__all__ = ["prime_factors", "smallest_unsigned"]


def prime_factors(number: int) -> list[tuple[int, int]]:
    """The primes that divide a positive integer, ascending, with multiplicities (flint)."""
    return list(_factored(number))


@lru_cache(maxsize=4096)
def _factored(number: int) -> tuple[tuple[int, int], ...]:
    from flint import fmpz

    return tuple((int(prime), int(multiplicity)) for prime, multiplicity in fmpz(number).factor())


def smallest_unsigned(count: int) -> np.dtype:
    """The narrowest unsigned integer type that holds 0 to count - 1."""
    return np.dtype(np.min_scalar_type(max(count - 1, 0)))
