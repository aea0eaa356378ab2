"""Abelian number fields as subgroups of Galois groups: the fields of values of characters.

Public: ValueField.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce

from ...group import prime_factors
from ..cyclotomic import Cyclotomic
from ..units import decomposition_group, units

__all__ = ["ValueField"]


@dataclass(frozen=True)
class ValueField:
    """The field F between Q and Q(zeta_N), N the conductor, that a group of Galois automorphisms fixes.

    ``F <= K`` is containment, ``F | K`` the compositum; equal fields are equal objects.

    Attributes:
        conductor: N, the least with F inside Q(zeta_N).
        stabilizer: the units u modulo N with zeta -> zeta^u the identity on F, ascending.

    Source: Washington, Introduction to Cyclotomic Fields (1997), chapters 2 and 3.

    >>> golden = ValueField.of([Cyclotomic.root(5) + Cyclotomic.root(5, 4)])
    >>> golden.name, golden.degree, golden.stabilizer
    ('Q(sqrt(5))', 2, (1, 4))
    """

    conductor: int
    stabilizer: tuple[int, ...]

    @classmethod
    def of(cls, numbers: Iterable[Cyclotomic]) -> ValueField:
        """The field that numbers generate over Q. Cost: one Galois conjugate for each number and unit modulo N."""
        chosen = [one for one in dict.fromkeys(numbers) if not one.is_rational]
        conductor = math.lcm(*(one.conductor for one in chosen))
        stabilizer = units(conductor)
        for one in chosen:
            fixing = {u for u in units(one.conductor) if one.galois(u) == one}
            stabilizer = stabilizer[[u % one.conductor in fixing for u in stabilizer.tolist()]]
        return cls(conductor, tuple(stabilizer.tolist()))

    @classmethod
    def rationals(cls) -> ValueField:
        """Q."""
        return cls(1, (1,))

    def __le__(self, other: ValueField) -> bool:
        if other.conductor % self.conductor:
            return False
        fixing = set(self.stabilizer)
        return all((u % self.conductor or 1) in fixing for u in other.stabilizer)

    def __or__(self, other: ValueField) -> ValueField:
        common = math.lcm(self.conductor, other.conductor)
        first, second = set(self.stabilizer), set(other.stabilizer)
        both = [
            u
            for u in units(common).tolist()
            if (u % self.conductor or 1) in first and (u % other.conductor or 1) in second
        ]
        return ValueField(common, tuple(both))  # conductors of composita are least common multiples

    def __contains__(self, number: Cyclotomic) -> bool:
        return ValueField.of([number]) <= self

    @cached_property
    def degree(self) -> int:
        """The degree over Q."""
        return len(units(self.conductor)) // len(self.stabilizer)

    @property
    def is_rational(self) -> bool:
        """Whether the field is Q."""
        return self.conductor == 1

    @property
    def is_real(self) -> bool:
        """Whether complex conjugation fixes it."""
        return self.conductor == 1 or self.conductor - 1 in self.stabilizer

    @property
    def roots_of_unity(self) -> int:
        """How many roots of unity the field contains: they form a cyclic group of this order."""
        top = reduce(math.gcd, (u - 1 for u in self.stabilizer), self.conductor)
        return math.lcm(top, 2)

    def local_degree(self, prime: int) -> int:
        """The degree over the p-adic numbers of the completion at a prime above p."""
        group = decomposition_group(self.conductor, prime)
        return len(group) // len(set(group) & set(self.stabilizer))

    def primes_above(self, prime: int) -> int:
        """How many prime ideals lie above p."""
        return self.degree // self.local_degree(prime)

    @cached_property
    def generators(self) -> tuple[Cyclotomic, ...]:
        """Numbers that generate the field, Gaussian periods: none for Q, one when one will do."""
        return tuple(Cyclotomic(level, dict.fromkeys(exponents, 1)) for level, exponents in self._periods)

    @cached_property
    def _periods(self) -> tuple[tuple[int, list[int]], ...]:
        """The periods as level M and exponents: the sum of zeta_M^u over the stabiliser modulo M, M a divisor of N.

        The traces of the powers of zeta_N span F over Q; they are multiples of conjugates of the periods, and
        conjugates generate the same abelian field.
        """
        found: list[tuple[int, list[int]]] = []
        inside = ValueField.rationals()
        for level in (d for d in range(self.conductor, 1, -1) if self.conductor % d == 0):
            exponents = sorted({u % level for u in self.stabilizer})
            made = ValueField.of([Cyclotomic(level, dict.fromkeys(exponents, 1))])
            if made == self:
                return ((level, exponents),)
            if not made <= inside:
                found.append((level, exponents))
                inside = inside | made
        return tuple(found)

    @cached_property
    def name(self) -> str:
        """``Q``, ``Q(sqrt(5))``, ``Q(i)``, ``Q(E(7))``, ``Q(sqrt(2),sqrt(5))``, ``Q(E(7)+E(7)^6)``."""
        if self.is_rational:
            return "Q"
        if self.degree > 2 and len(self.stabilizer) == 1:
            return f"Q(E({self.conductor}))"
        roots = self._square_roots()
        if 2 ** len(roots) == self.degree:
            return f"Q({','.join('i' if root == -1 else f'sqrt({root})' for root in roots)})"
        sums = ("+".join(f"E({n})^{i}" if i > 1 else f"E({n})" for i in exponents) for n, exponents in self._periods)
        return f"Q({','.join(sums)})"

    def __str__(self) -> str:
        return self.name

    def _square_roots(self) -> list[int]:
        """Independent square-free D, smallest first, with sqrt(D) in F."""
        found: list[int] = []
        inside = ValueField.rationals()
        odd = [-1, 2, *(prime for prime, _ in prime_factors(self.conductor) if prime > 2)]
        candidates = [math.prod(one for i, one in enumerate(odd) if bits >> i & 1) for bits in range(1, 2 ** len(odd))]
        for number in sorted(candidates, key=lambda one: (abs(one), one)):
            made = _quadratic(number)
            if made <= self and not made <= inside:
                found.append(number)
                inside = inside | made
        return found


@lru_cache(maxsize=1024)
def _quadratic(number: int) -> ValueField:
    """Q(sqrt(D)), D square-free: the units u with Kronecker symbol (d / u) = 1 for the discriminant d."""
    from flint import fmpz

    discriminant = number if number % 4 == 1 else 4 * number
    conductor = abs(discriminant)
    # The symbol depends on u modulo d only, and for odd u it is Jacobi's.
    odd = ((u, u if u % 2 else u + conductor) for u in units(conductor).tolist())
    return ValueField(conductor, tuple(u for u, shifted in odd if fmpz(discriminant).jacobi(shifted) == 1))
