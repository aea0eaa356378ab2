"""What is known of a group before it is made.

Public: Blueprint, MAX_DEGREE, bounded_power, bounded_factorial.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..errors import TooLargeError

__all__ = ["MAX_DEGREE", "Blueprint", "bounded_factorial", "bounded_power"]

MAX_DEGREE = 100_000
"""Largest number of points that a blueprint's generators permute."""

MAX_BITS = 1 << 20
"""Orders are exact up to this many binary digits; from there on they are a lower bound, far above every limit."""


@dataclass(frozen=True)
class Blueprint:
    """The order and degree of a group, and how to get its generators when wanted.

    Attributes:
        order: exact (see MAX_BITS), or None for permutations, whose order only their closure tells.
        degree: number of points that the generators permute.
        make: gives the generators as image lists, shape (s, degree), integers; they act faithfully.
    """

    order: int | None
    degree: int
    make: Callable[[], np.ndarray]

    def generators(self) -> np.ndarray:
        """The generators, shape (s, degree). Raises TooLargeError for a degree above 100,000 beforehand."""
        if self.degree > MAX_DEGREE:
            raise TooLargeError(
                f"the generators would permute {_shown(self.degree)} points; the limit is {MAX_DEGREE:,}"
            )
        return self.make()


def bounded_power(base: int, exponent: int) -> int:
    """``base ** exponent`` while that has at most MAX_BITS binary digits, else a smaller power about as long."""
    longest = MAX_BITS // max(base.bit_length() - 1, 1)
    return base if base < 2 else int(base ** min(exponent, longest))


def bounded_factorial(n: int) -> int:
    """``n!``, or 100,000! for a larger n: symmetric groups of more points have no generators here."""
    return math.factorial(min(n, MAX_DEGREE))


def _shown(number: int) -> str:
    return f"{number:,}" if number < 10**15 else f"at least 10^{int(math.log10(number))}"
