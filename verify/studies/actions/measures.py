"""What is checked of a neural group action: the law, volume, what moves, its representation, its generative form.

Public: Law, character_at, compose, displacements, imbalance, law, metropolis, mixture, volume_error.

Everything here takes a model as a function N(g, x) of tensors, trained or not, so that impostors can be measured.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from grouptool.construct.words import expand_all
from grouptool.group import Group
from grouptool.structure.classes import ConjugacyClasses
from grouptool.structure.presentation import presentation

from .modules import NeuralAction

__all__ = [
    "Law",
    "character_at",
    "compose",
    "displacements",
    "imbalance",
    "law",
    "metropolis",
    "mixture",
    "volume_error",
]

Model = Callable[[Tensor | int, Tensor], Tensor]

ALL_PAIRS_ORDER = 64
RANDOM_PAIRS = 10_000
BATCH = 4_096
MOST_JACOBIANS = 20_000


@dataclass(frozen=True, eq=False)
class Law:
    """How far a model is from an action, as largest entries over points x ~ N(0, 1).

    Attributes:
        identity: of N(1, x) - x. pairs: of N(a, N(b, x)) - N(a * b, x). relators: of x moved along a relator, minus x;
            None up to order 64, where all pairs are looked at.
        table: shape (n, n), by pair, up to order 64; else None. count: pairs that were looked at.
    """

    identity: float
    pairs: float
    relators: float | None
    table: np.ndarray | None
    count: int

    @property
    def worst(self) -> float:
        """The largest of them."""
        return max(self.identity, self.pairs, self.relators or 0.0)


@torch.no_grad()
def law(model: Model, group: Group, dimension: int, *, seed: int = 0, points: int = 4) -> Law:
    """Measure the law: over all pairs up to order 64; above, over the relators of a presentation and 10,000 pairs.

    Relators decide: if each moves no point and N(a * s, x) = N(a, N(s, x)) for generators s, the law holds for all.

    Args:
        points: random x for each pair.

    Cost: two passes of the model for each pair and point.
    """
    generator = torch.Generator().manual_seed(seed)
    everything = group.order <= ALL_PAIRS_ORDER
    if everything:
        first, second = np.divmod(np.arange(group.order**2), group.order)
    else:
        first, second = np.random.default_rng(seed).integers(group.order, size=(2, RANDOM_PAIRS))
    product = group.table[first, second]
    gaps = np.zeros(len(first))
    for start in range(0, len(first), BATCH // points):
        part = slice(start, start + BATCH // points)
        a, b, ab = (torch.from_numpy(np.repeat(one[part], points).astype(np.int64)) for one in (first, second, product))
        x = torch.randn((len(a), dimension), generator=generator, dtype=torch.float64)
        gap = (model(a, model(b, x)) - model(ab, x)).abs().amax(dim=1)
        gaps[part] = gap.reshape(-1, points).amax(dim=1).numpy()
    x = torch.randn((256, dimension), generator=generator, dtype=torch.float64)
    identity = float((model(0, x) - x).abs().max())
    relators = (
        None if everything else max(float((_along(model, group, word, x) - x).abs().max()) for word in _relators(group))
    )
    table = gaps.reshape(group.order, group.order) if everything else None
    return Law(identity, float(np.nan_to_num(gaps, nan=np.inf).max()), relators, table, len(first))


def compose(first: Model, second: Model) -> Model:
    """The impostor N_g after N'_g: each an action, together one only where they commute."""
    return lambda g, x: first(g, second(g, x))


def volume_error(model: Model, elements: np.ndarray, points: Tensor) -> float:
    """The largest | log |det DN_g(x)| | over elements and points, by automatic differentiation.

    Args:
        points: shape (m, d). Cost: d passes back for all m |elements| pairs; up to 20,000 pairs, evenly chosen.
    """
    g, x = _pairs(elements, points)
    return float(_jacobians(model, g, x).slogdet()[1].abs().max())


def character_at(model: Model, elements: np.ndarray, point: Tensor) -> np.ndarray:
    """Shape (m,): tr DN_g(p) for each element, at a point p that all of them fix."""
    g = torch.from_numpy(elements.astype(np.int64))
    jacobians = _jacobians(model, g, point.expand(len(g), -1))
    return np.asarray(jacobians.diagonal(dim1=1, dim2=2).sum(dim=1).numpy())


@torch.no_grad()
def displacements(model: Model, classes: ConjugacyClasses, points: Tensor) -> np.ndarray:
    """Shape (k,): mean |N(g, x) - x|^2 / mean |x|^2 for the representative g of each class."""
    scale = float((points**2).sum(dim=1).mean())
    moved = [float(((model(int(g), points) - points) ** 2).sum(dim=1).mean()) for g in classes.representatives]
    return np.array(moved) / scale


Density = Callable[[Tensor], Tensor]


@torch.no_grad()
def metropolis(
    model: NeuralAction, log_density: Density, x: Tensor, steps: int, *, seed: int = 0, volume: bool = True
) -> tuple[Tensor, float]:
    """Markov chains that leave a density on R^k invariant, moved by the generative form of a neural action.

    Args:
        log_density: log p up to a constant, (batch, k) to (batch,). x: shape (batch, k), where the chains start.
        volume: whether |det DN_g| enters the acceptance; without it an affine action leaves another density invariant.

    Returns:
        Where they end, and the share of moves that were taken.

    Source: Metropolis, Hastings, and Green (1995), Biometrika 82, for the determinant.
    """
    generator = torch.Generator().manual_seed(seed)
    taken = 0.0
    for _ in range(steps):
        g, filling = model.draw(x, generator)
        moved, gain = _proposed(model, log_density, g, x, filling, volume)[::2]
        accepted = torch.rand(len(x), generator=generator, dtype=x.dtype).log() < gain
        x = torch.where(accepted[:, None], moved, x)
        taken += float(accepted.double().mean()) / steps
    return x, taken


def imbalance(model: NeuralAction, group: Group, *, seed: int = 0, volume: bool = True, points: int = 512) -> float:
    """How far the chains of ``metropolis`` are from detailed balance, as a largest difference of logarithms.

    For random (x, pi) and g: the density there times the probability to take the step, against the density where it
    leads, times |det DN_g| by automatic differentiation, times the probability to take the step back by g^-1. The
    density on a line is N(-1, 1/4) and N(2, 1), mixed 0.4 to 0.6.
    """
    generator = torch.Generator().manual_seed(seed)
    x = 2 * torch.randn((points, 1), generator=generator, dtype=torch.float64)
    g, filling = model.draw(x, generator)
    back = torch.from_numpy(group.inverses[g.numpy()].astype(np.int64))
    with torch.no_grad():
        moved, filled, forth = _proposed(model, mixture, g, x, filling, volume)
        backward = _proposed(model, mixture, back, moved, filled, volume)[2]
        here, there = (mixture(one) - (rest**2).sum(dim=1) / 2 for one, rest in ((x, filling), (moved, filled)))
    logarithm = _jacobians(model, g, torch.cat([x, filling], dim=1)).slogdet()[1]
    gap = here + forth.clamp(max=0) - (there + logarithm + backward.clamp(max=0))
    return float(gap.abs().max())


def mixture(x: Tensor) -> Tensor:
    """log of the density 0.4 N(-1, 1/4) + 0.6 N(2, 1) at x, shape (batch, 1), up to a constant."""
    weights, means, widths = torch.tensor([[0.4, 0.6], [-1.0, 2.0], [0.5, 1.0]], dtype=torch.float64)
    return torch.logsumexp(weights.log() - widths.log() - ((x - means) / widths) ** 2 / 2, dim=1)


def _proposed(
    model: NeuralAction, log_density: Density, g: Tensor, x: Tensor, filling: Tensor, volume: bool
) -> tuple[Tensor, Tensor, Tensor]:
    """x', pi', and the logarithm of the ratio that decides whether the step is taken."""
    moved, filled, logarithm = model.transition(g, x, filling)
    gain = log_density(moved) - log_density(x) + ((filling**2).sum(dim=1) - (filled**2).sum(dim=1)) / 2
    return moved, filled, gain + logarithm if volume else gain


# -- small steps


def _pairs(elements: np.ndarray, points: Tensor) -> tuple[Tensor, Tensor]:
    g, x = np.divmod(np.arange(len(elements) * len(points)), len(points))
    chosen = np.unique(np.linspace(0, len(g) - 1, min(len(g), MOST_JACOBIANS)).astype(np.int64))
    return torch.from_numpy(elements[g[chosen]].astype(np.int64)), points[torch.from_numpy(x[chosen])]


def _jacobians(model: Model, g: Tensor, x: Tensor) -> Tensor:
    """Shape (m, d, d): DN_g(x) for each row; rows do not see each other, so one pass back for each coordinate."""
    x = x.detach().clone().requires_grad_()
    y = model(g, x)
    rows = [torch.autograd.grad(y[:, i].sum(), x, retain_graph=True)[0] for i in range(y.shape[1])]
    return torch.stack(rows, dim=1).detach()


def _relators(group: Group) -> list[list[int]]:
    """Words in generators of the group: elements whose product, in order, is 1."""
    found = presentation(group)
    letters = list(group.generators)
    inverses = group.inverses
    return [
        [int(letters[i - 1] if i > 0 else inverses[letters[-i - 1]]) for i in word]
        for word in expand_all(found.relators, found.letters)
    ]


def _along(model: Model, group: Group, word: list[int], x: Tensor) -> Tensor:
    """N(w1, N(w2, ... x)): the last letter moves first."""
    for g in reversed(word):
        x = model(g, x)
    return x
