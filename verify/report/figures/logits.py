"""The logits by conjugacy class and by representation: how far they are a class function of x^-1 z y^-1.

Public: ClassShares, class_shares, class_logits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...claims import Subject
from ..picture import COLOURS, SMALL, Picture, finished

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ClassShares", "class_logits", "class_shares"]

MOST_TICKS = 16
MOST_BARS = 16


@dataclass(frozen=True, eq=False)
class ClassShares:
    """F(g), the mean logit of the answer z over x^-1 z y^-1 = g, by classes that are joined with their inverses.

    Attributes:
        labels: numbers of the classes, such as ``3`` or ``3,4``. classes: shape (n,), the joined class of each element.
        orders, sizes: shape (k,): of the elements, and number of elements.
        mean, low, high: shape (k,), nats: of F over the class.
        share: shape (k,): of the centred logits' variance, explained by F's mean over the class in place of the logit.
            They sum to the score of the claim character-logits.
        representations: shape (c,): the share of each real representation; the same sum.
        function_share: of the best F, the score of the claim bi-equivariance.
    """

    labels: tuple[str, ...]
    classes: np.ndarray
    orders: np.ndarray
    sizes: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    share: np.ndarray
    representations: np.ndarray
    function_share: float


def class_shares(subject: Subject) -> ClassShares:
    """How F divides among the classes. Raises NoEvidenceError when the logits do not depend on the answer.

    A class stands together with the class of its inverses, because real representations cannot tell them apart.
    """
    subject.require_logits()
    classes, n = subject.data.classes, subject.data.group.order
    first = np.minimum(np.arange(len(classes)), classes.inverse_map)
    kept, joined = np.unique(first[classes.class_of], return_inverse=True)
    function = subject.readout.quotient_function
    sizes = np.bincount(joined)
    mean = np.bincount(joined, weights=function) / sizes
    low, high = np.full(len(kept), np.inf), np.full(len(kept), -np.inf)
    np.minimum.at(low, joined, function)
    np.maximum.at(high, joined, function)
    scale = n**2 / subject.readout.variance
    return ClassShares(
        labels=tuple(
            f"{place},{other}" if other != place else f"{place}"
            for place, other in zip(kept.tolist(), classes.inverse_map[kept].tolist(), strict=True)
        ),
        classes=joined,
        orders=classes.element_orders[kept],
        sizes=sizes,
        mean=mean,
        low=low,
        high=high,
        share=scale * sizes * mean**2,
        representations=subject.logit_similarities**2,
        function_share=float(scale * (function**2).sum()),
    )


def class_logits(subject: Subject) -> Picture:
    """F(g) by class, mean and spread; and the share of the logits' variance by class and by representation."""
    found, data = class_shares(subject), subject.data
    total, count = float(found.share.sum()), len(found.sizes)
    picture = Picture("logits", "Logits by class", 9.2, 5.6)
    function, by_class, by_representation = picture.subplot_mosaic([["f", "f"], ["k", "r"]]).values()
    place = np.arange(count)
    values, thick = subject.readout.quotient_function, max(1.5, min(7.0, 160 / count))
    function.vlines(place, found.low, found.high, color=COLOURS[0], linewidth=thick, alpha=0.3)
    function.plot(found.classes, values, ".", markersize=4, color=COLOURS[0], label="an element")
    function.plot(place, found.mean, "_", markersize=14, markeredgewidth=2, color=COLOURS[1], label="mean of the class")
    function.set(ylabel="F(g), nats", title="mean logit F(g) of answers with x⁻¹ z y⁻¹ = g, by the class of g")
    function.legend(fontsize=SMALL, loc="best")
    told = zip(found.labels, found.orders, found.sizes, strict=True)
    _ticks(function, [f"{name}\norder {order}\n×{size}" for name, order, size in told])
    by_class.bar(place, found.share, color=COLOURS[0])
    by_class.set(ylabel="share of the variance", title=f"by class: {total:.3f} of {found.function_share:.3f}")
    _ticks(by_class, found.labels, MOST_TICKS // 2)
    by_class.set_xlabel("class")
    chosen = np.argsort(-found.representations, kind="stable")[:MOST_BARS]
    by_representation.bar(np.arange(len(chosen)), found.representations[chosen], color=COLOURS[2])
    cut = f", largest {MOST_BARS}" if len(chosen) < len(found.representations) else ""
    by_representation.set(
        title=f"by representation{cut}: {found.representations.sum():.3f} of {found.function_share:.3f}"
    )
    _ticks(by_representation, [data.constituents[i].name for i in chosen], slanted=len(chosen) > 8)
    by_representation.set_xlabel("irreducible representation")
    named = ", ".join(f"{data.constituents[i].name} {found.representations[i]:.3f}" for i in chosen[:4])
    return finished(
        picture,
        "Above: where F differs inside a class the logits are no class function; classes are numbered as by "
        "grouptool classes, with the order of their elements and, after ×, their size, inverses included. Below: "
        f"a function of x⁻¹ z y⁻¹ explains {found.function_share:.1%} of the logits' variance and a class function, a "
        f"sum of characters, {total:.1%}; the two pictures divide this among classes and among representations.",
        f"Widest spread in a class {float((found.high - found.low).max()):.2f} nats, F(1) {values[0]:.2f} nats. Shares "
        f"by representation: {named}.",
        {
            "classes": [
                {"class": label, "order": found.orders[i], "size": found.sizes[i], "mean": found.mean[i],
                 "low": found.low[i], "high": found.high[i], "share": found.share[i]}
                for i, label in enumerate(found.labels)
            ],
            "representations": {one.name: found.representations[i] for i, one in enumerate(data.constituents)},
            "class_share": total,
            "bi_equivariant_share": found.function_share,
            "F": values,
        },
    )  # fmt: skip


def _ticks(axes: Axes, labels: Sequence[str], most: int = MOST_TICKS, *, slanted: bool = False) -> None:
    """Names below the axis, when there are more than so many only every second, third, ... one."""
    step = -(-len(labels) // most)
    axes.set_xticks(range(0, len(labels), step), labels[::step])
    if slanted:
        axes.tick_params(axis="x", rotation=40)
        for label in axes.get_xticklabels():
            label.set(ha="right", rotation_mode="anchor")
