"""Equivariant layers as ordinary torch modules: linear layers between G-sets, invariant pooling, a test helper.

Public: EquivariantLinear, InvariantPooling, equivariance_error, equivariant_mlp.

Features are tensors (batch, channels, points), functions on the points of a G-set: (rho(g) x)[w] = x[w ^ g], in torch
``x[..., points.permutation(g)]``, and rho(a b) = rho(a) rho(b). Activations that act on each number by itself commute
with every G-set. Modules save, load, move and train as any other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from grouptool.errors import TooLargeError
from grouptool.structure import GSet

from .sharing import orbit_labels

__all__ = ["EquivariantLinear", "InvariantPooling", "equivariance_error", "equivariant_mlp"]

WEIGHT_LIMIT = 200_000_000
"""Most entries of the full matrix of a layer, 0.8 GB in float32."""


class EquivariantLinear(nn.Module):
    """All linear maps, and constants added, from functions on one G-set to functions on another that commute with G.

    Shapes: input (batch, in_channels, |N|), output (batch, out_channels, |M|).

    Attributes:
        weight: shape (out_channels, in_channels, r), one number for each orbit of G on M x N.
        bias: shape (out_channels, orbits on M), or None.
        labels: shape (|M|, |N|), int64: the orbit of each entry; no part of ``state_dict``, which holds numbers that
            are trained. bias_labels: shape (|M|,).
    """

    weight: nn.Parameter
    bias: nn.Parameter | None
    labels: Tensor
    bias_labels: Tensor

    def __init__(
        self,
        domain: GSet,
        codomain: GSet,
        in_channels: int = 1,
        out_channels: int = 1,
        *,
        bias: bool = True,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        """
        Args:
            domain, codomain: G-sets N and M of one group, as ``gset_of_words`` and ``grouptool.structure`` make them.

        Raises:
            TooLargeError: more than 10^7 pairs of points, or more than 2 * 10^8 entries of the full matrix.
            ValueError: the sets belong to two groups, or fewer than one channel.
        """
        super().__init__()
        if in_channels < 1 or out_channels < 1:
            raise ValueError(f"{in_channels} channels in and {out_channels} out: each layer has at least one")
        entries = in_channels * out_channels * len(domain) * len(codomain)
        if entries > WEIGHT_LIMIT:
            raise TooLargeError(
                f"the full matrix has {entries:,} entries; the limit is {WEIGHT_LIMIT:,}. Take fewer channels or G/K "
                "with a small core-free subgroup K in place of the regular set"
            )
        self.domain, self.codomain = domain, codomain
        self.in_channels, self.out_channels = in_channels, out_channels
        labels = orbit_labels(domain, codomain)
        self.register_buffer("labels", torch.tensor(labels, device=device), persistent=False)
        self.register_buffer("bias_labels", torch.tensor(codomain.orbit_of, device=device), persistent=False)
        shape = (out_channels, in_channels, int(labels.max(initial=-1)) + 1)
        self.weight = nn.Parameter(torch.empty(shape, device=device, dtype=dtype))
        if bias:
            shape = (out_channels, len(codomain.orbits))  # type: ignore[assignment]
            self.bias = nn.Parameter(torch.empty(shape, device=device, dtype=dtype))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Uniform in +-1 / sqrt(in_channels |N|), as ``torch.nn.Linear``."""
        bound = 1 / math.sqrt(max(1, self.in_channels * len(self.domain)))
        for one in self.parameters(recurse=False):
            nn.init.uniform_(one, -bound, bound)

    def matrix(self) -> Tensor:
        """Shape (out_channels, |M|, in_channels, |N|): the full matrix W, with W rho_N(g) = rho_M(g) W."""
        return self.weight[:, :, self.labels].transpose(1, 2)

    def forward(self, x: Tensor) -> Tensor:
        """Shape (batch, in_channels, |N|) to (batch, out_channels, |M|)."""
        if x.ndim != 3 or x.shape[1:] != (self.in_channels, len(self.domain)):
            raise ValueError(
                f"an input of shape {tuple(x.shape)}; this layer takes (batch, {self.in_channels}, {len(self.domain)})"
            )
        full = self.matrix().reshape(self.out_channels * len(self.codomain), -1)
        bias = None if self.bias is None else self.bias[:, self.bias_labels].reshape(-1)
        y: Tensor = functional.linear(x.flatten(1), full, bias)
        return y.reshape(-1, self.out_channels, len(self.codomain))

    def extra_repr(self) -> str:
        shape = f"{self.domain.group.name}: {len(self.domain)} to {len(self.codomain)} points"
        channels = f"channels {self.in_channels} to {self.out_channels}, {self.weight.shape[2]} orbits"
        return f"{shape}, {channels}, bias={self.bias is not None}"


class InvariantPooling(nn.Module):
    """The mean, sum or maximum over each orbit of a G-set: (batch, channels, |N|) to (batch, channels * orbits)."""

    orbit_of: Tensor

    def __init__(self, points: GSet, kind: Literal["mean", "sum", "max"] = "mean") -> None:
        super().__init__()
        if kind not in ("mean", "sum", "max"):
            raise ValueError(f"pooling {kind!r}; there are mean, sum and max")
        self.points, self.kind = points, kind
        self.register_buffer("orbit_of", torch.tensor(points.orbit_of), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Invariant under G."""
        reduce = {"mean": "mean", "sum": "sum", "max": "amax"}[self.kind]
        place = self.orbit_of.expand_as(x)
        pooled = x.new_zeros(*x.shape[:-1], len(self.points.orbits))
        return pooled.scatter_reduce(2, place, x, reduce, include_self=False).flatten(1)

    def extra_repr(self) -> str:
        return f"{self.points.group.name}: {len(self.points)} points, {len(self.points.orbits)} orbits, {self.kind}"


def equivariant_mlp(
    sets: Sequence[GSet], channels: Sequence[int], activation: Callable[[], nn.Module] = nn.ReLU
) -> nn.Sequential:
    """Equivariant linear layers through G-sets, with an activation between: sets[0] to sets[-1].

    Args:
        channels: as many as sets. activation: makes a module that acts on each number by itself.
    """
    if len(sets) != len(channels) or len(sets) < 2:
        raise ValueError(f"{len(sets)} G-sets and {len(channels)} numbers of channels: give as many, at least two")
    parts: list[nn.Module] = []
    for i in range(len(sets) - 1):
        parts += [EquivariantLinear(sets[i], sets[i + 1], channels[i], channels[i + 1]), activation()]
    return nn.Sequential(*parts[:-1])


def equivariance_error(
    module: nn.Module,
    domain: GSet,
    codomain: GSet | None = None,
    *,
    channels: int = 1,
    elements: Iterable[int] | None = None,
    batch: int = 4,
    seed: int = 0,
) -> float:
    """The largest |f(rho(g) x) - rho(g) f(x)| over normal inputs x and elements g, beside the largest |f(x)| or 1.

    Args:
        module: takes (batch, channels, |N|) to (batch, any, |M|); its own dtype and device are used.
        codomain: M; None for a module whose output is to be invariant, of any shape.
        elements: of the group; all by default.

    Returns:
        About 1e-7 in float32 and 1e-16 in float64 for a network that commutes.
    """
    given = next(module.parameters(), torch.zeros(()))
    rng = np.random.default_rng(seed)
    x = torch.tensor(rng.standard_normal((batch, channels, len(domain))), dtype=given.dtype, device=given.device)
    training = module.training
    module.eval()
    worst = 0.0
    with torch.no_grad():
        y = module(x)
        for g in range(domain.group.order) if elements is None else elements:
            moved = y if codomain is None else y[..., torch.tensor(codomain.permutation(g), device=given.device)]
            after = module(x[..., torch.tensor(domain.permutation(g), device=given.device)])
            worst = max(worst, float((after - moved).abs().max()))
    module.train(training)
    return worst / max(1.0, float(y.abs().max()))
