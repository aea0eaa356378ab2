"""The finite Weyl groups, by reflections that act on the roots.

Source: Humphreys, Reflection Groups and Coxeter Groups (1990), sections 2.4 to 2.11.
"""

from __future__ import annotations

import math
import re

import numpy as np

from ...errors import NotationError
from ..blueprint import Blueprint
from .registry import family, not_there

__all__: list[str] = []

MAX_RANK = 32
EXCEPTIONAL = {"E6": (51_840, 72), "E7": (2_903_040, 126), "E8": (696_729_600, 240), "F4": (1_152, 48), "G2": (12, 12)}
"""Order and number of roots."""


@family("W", "W(Xn)")
def weyl(kind: str) -> Blueprint:
    """Weyl group of a root system An, Bn, Cn, Dn, E6, E7, E8, F4 or G2, permuting the roots."""
    letter, rank = _read(kind)
    order, roots = _size(letter, rank)

    def generators() -> np.ndarray:
        return _action_on_roots(_cartan(letter, rank))

    return Blueprint(order, roots, generators)


def _read(kind: str) -> tuple[str, int]:
    match = re.fullmatch(r"([A-G])([1-9][0-9]{0,8})", kind)
    if match is None:
        raise not_there(
            f"W({kind})", "Weyl groups are W(An), W(Bn), W(Cn), W(Dn), W(E6), W(E7), W(E8), W(F4) and W(G2)"
        )
    letter, rank = match[1], int(match[2])
    if (letter in "EFG" and kind not in EXCEPTIONAL) or (letter in "BCD" and rank < 2):
        raise not_there(f"W({kind})", f"there is no root system {kind}")
    if rank > MAX_RANK:
        raise NotationError(f"Weyl groups here have rank at most {MAX_RANK}, not {rank}")
    return letter, rank


def _size(letter: str, n: int) -> tuple[int, int]:
    if letter == "A":
        return math.factorial(n + 1), n * (n + 1)
    if letter in "BC":
        return 2**n * math.factorial(n), 2 * n * n
    if letter == "D":
        return 2 ** (n - 1) * math.factorial(n), 2 * n * (n - 1)
    return EXCEPTIONAL[f"{letter}{n}"]


def _cartan(letter: str, n: int) -> np.ndarray:
    """Shape (n, n): entry (j, i) is 2 (a_j, a_i) / (a_i, a_i) for the simple roots a."""
    cartan = 2 * np.eye(n, dtype=np.int64)
    edges = [(i, i + 1) for i in range(n - 1)]
    if letter in "DE":
        # The last node hangs on a node of the path of the others: the last but one of D, the third of E.
        edges = [*edges[:-1], *([(n - 3 if letter == "D" else 2, n - 1)] if n > 2 else [])]
    for i, j in edges:
        cartan[i, j] = cartan[j, i] = -1
    if letter in "BC":
        cartan[n - 2, n - 1], cartan[n - 1, n - 2] = (-2, -1) if letter == "B" else (-1, -2)
    if letter == "F":
        cartan[1, 2] = -2
    if letter == "G":
        cartan[0, 1] = -3
    return cartan


def _action_on_roots(cartan: np.ndarray) -> np.ndarray:
    """The simple reflections as permutations of the orbits of the simple roots, in coordinates of simple roots."""
    rank = len(cartan)
    roots = [tuple(map(int, row)) for row in np.eye(rank, dtype=np.int64)]
    number = {root: i for i, root in enumerate(roots)}
    images: list[list[int]] = [[] for _ in range(rank)]
    for root in roots:  # grows while it is read
        pairings = np.array(root) @ cartan
        for i in range(rank):
            image = (*root[:i], root[i] - int(pairings[i]), *root[i + 1 :])
            if image not in number:
                number[image] = len(roots)
                roots.append(image)
            images[i].append(number[image])
    return np.array(images)
