"""Isomorphism types as short texts: small-group labels, or order and fingerprint above the library.

Public: type_key, small_label, abelian_key, abelian_invariants, sorted_types.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache

import numpy as np

from ..construct import build
from ..group import Group, Subgroup, prime_factors
from ..structure.isomorphism import fingerprint
from .library import FINGERPRINT_DIGITS, LARGEST_ORDER, library_records, small_group_label

__all__ = ["abelian_invariants", "abelian_key", "small_label", "sorted_types", "type_key"]


def type_key(of: Group | Subgroup) -> str:
    """The isomorphism type: ``60.5`` where the library holds the order, else ``order:fingerprint``.

    Groups of an order that the library holds have the same key exactly when they are isomorphic: all groups of the
    order are listed, so a fingerprint that one of them alone has decides, and an isomorphism where several share it.
    Above, groups with different keys are not isomorphic; those with the same may differ.

    Raises:
        BudgetSpentError: an isomorphism search stopped. CatalogError: the shipped data are damaged.

    Cost: for abelian groups a look at the element orders, else a fingerprint.
    """
    if of.order <= LARGEST_ORDER and len(records := library_records(of.order)) == 1:
        return records[0].label
    if of.is_abelian:
        return abelian_key(abelian_invariants(of))
    return _key(of.as_group("part") if isinstance(of, Subgroup) else of)


def small_label(group: Group) -> str | None:
    """The type of a group as a small-group label; None where the library does not hold the order. Raises: as above."""
    key = type_key(group)
    return key if "." in key else None


def _key(group: Group) -> str:
    if label := small_group_label(group):
        return f"{label[0]}.{label[1]}"
    return f"{group.order}:{fingerprint(group)[:FINGERPRINT_DIGITS]}"


def abelian_invariants(of: Group | Subgroup) -> tuple[int, ...]:
    """The prime-power orders of the cyclic factors of an abelian group, ascending; none for the trivial group."""
    group = of if isinstance(of, Group) else of.group
    orders = group.element_orders if isinstance(of, Group) else group.element_orders[of.elements]
    invariants: list[int] = []
    for prime, multiplicity in prime_factors(of.order):
        # |{x : x^(p^k) = 1}| / |{x : x^(p^(k-1)) = 1}| = p^(number of factors of order p^k or more)
        counts = [np.count_nonzero(prime**k % orders == 0) for k in range(multiplicity + 1)]
        ranks = [round(math.log(counts[k + 1] // counts[k], prime)) for k in range(multiplicity)]
        ranks.append(0)
        for k in range(multiplicity):
            invariants += [prime ** (k + 1)] * (ranks[k] - ranks[k + 1])
    return tuple(sorted(invariants))


@cache
def abelian_key(invariants: tuple[int, ...]) -> str:
    """The key of the abelian group with these cyclic factors of prime-power order, ascending."""
    return _key(build(" x ".join(f"C{one}" for one in invariants) or "C1"))


def sorted_types(types: Iterable[str]) -> list[str]:
    """Different types, by order, then index or fingerprint."""
    return sorted(set(types), key=_place)


def _place(key: str) -> tuple[int, int, str]:
    order, sign, rest = key.partition(".") if "." in key else key.partition(":")
    return int(order), int(rest) if sign == "." else 0, rest
