"""What is known of networks through a hidden G-set before anything is fitted: counts, verdicts, effective groups.

Public: Answer, HiddenSet, counts_agree, elements_of, examined, layer_counts, smallest_free.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from grouptool.structure import GSet, on_cosets, regular_action

from .sharing import count_by_burnside, count_by_characters, orbit_labels, solution_dimension
from .symmetry import Symmetry, effective_group
from .witness import blind_directions, is_universal

__all__ = ["Answer", "HiddenSet", "counts_agree", "elements_of", "examined", "layer_counts", "smallest_free"]

Answer = Literal["universal", "not universal", "undecided"]
MOST_PAIRS = 2_000_000


@dataclass(frozen=True, eq=False)
class HiddenSet:
    """Networks N to X to M through one hidden G-set X.

    Attributes:
        name: X in words. points: X itself.
        weights_in, weights_out, biases: numbers of one channel.
        one_layer: exact, by the theorem of ``witness``.
        shallow, deep: what one hidden layer, and any number of layers on X, cannot tell from G.
        blind: the dimension of the inputs that no first layer sees.
        any_depth: universal if one layer is; not universal if ``deep`` is larger than G or some inputs are not seen;
            else undecided.
    """

    name: str
    points: GSet
    weights_in: int
    weights_out: int
    biases: int
    one_layer: Answer
    shallow: Symmetry
    deep: Symmetry
    blind: int

    @property
    def any_depth(self) -> Answer:
        """The answer for any number of hidden layers on this set."""
        if self.one_layer == "universal":
            return "universal"
        return "not universal" if self.deep.is_larger or self.blind else "undecided"

    def row(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "hidden set": self.name,
            "points": len(self.points),
            "numbers a channel": self.weights_in + self.weights_out + self.biases,
            "one layer": self.one_layer,
            "its group": _order(self.shallow),
            "any depth": self.any_depth,
            "group at any depth": _order(self.deep),
            "blind": self.blind,
        }


def examined(name: str, domain: GSet, hidden: GSet, codomain: GSet) -> HiddenSet:
    """All that is exact about a hidden set; the searches stop at their budgets and then say nothing."""
    free = is_universal(domain, hidden)
    own = domain.group.order // domain.kernel.order
    as_g = Symmetry(own, own, ())  # a universal layer sees all
    return HiddenSet(
        name,
        hidden,
        count_by_characters(domain, hidden),
        count_by_characters(hidden, codomain),
        len(hidden.orbits),
        "universal" if free else "not universal",
        as_g if free else effective_group(domain, hidden, codomain),
        as_g if free else effective_group(domain, hidden, codomain, deep=True),
        blind_directions(domain, hidden),
    )


def smallest_free(domain: GSet) -> tuple[str, GSet]:
    """The least transitive hidden set that is universal: G over the kernel of N, with its name."""
    if domain.is_faithful:
        return "regular", regular_action(domain.group)
    return "cosets of the kernel", on_cosets(domain.kernel)


def layer_counts(sets: Sequence[tuple[str, GSet]], pairs: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """The number of free weights of layers, four ways; None where the linear system is too large to solve.

    Args:
        pairs: domain and codomain, as places in ``sets``; those with over 2 * 10^6 pairs of points are left out.
    """
    rows = []
    for i, j in pairs:
        (start, domain), (end, codomain) = sets[i], sets[j]
        if len(domain) * len(codomain) > MOST_PAIRS:
            continue
        rows.append(
            {
                "from": start,
                "to": end,
                "entries": len(domain) * len(codomain),
                "orbits": int(orbit_labels(domain, codomain).max(initial=-1)) + 1,
                "inner product": count_by_characters(domain, codomain),
                "Burnside": count_by_burnside(domain, codomain),
                "linear system": solution_dimension(domain, codomain),
            }
        )
    return rows


def counts_agree(row: dict[str, Any]) -> bool:
    """Whether all counts of a row of ``layer_counts`` agree."""
    counts = [row[key] for key in ("orbits", "inner product", "Burnside", "linear system")]
    return len({int(one) for one in counts if one is not None}) == 1


def _order(symmetry: Symmetry) -> int | str:
    if symmetry.order is not None:
        return symmetry.order
    return f"over {symmetry.own_order}" if symmetry.extra else "unknown"


def elements_of(symmetry: Symmetry, domain: GSet, limit: int) -> np.ndarray | None:
    """Shape (|H|, m): the image lists of H; None when it is larger than a limit or unknown."""
    from grouptool.construct import from_permutations

    if symmetry.order is None or symmetry.order > limit:
        return None
    return np.asarray(from_permutations(np.array([*domain.steps, *symmetry.extra])).permutations)
