"""Neural group actions as ordinary torch modules: any real representation, conjugated by an invertible network.

Public: Flow, NeuralAction, PlainNetwork.

    from verify.studies.actions import NeuralAction, base
    model = NeuralAction(base("2x2a", group("Q8")).representation, seed=0)
    y = model(g, x)  # g: element indices, shape (batch,); x: shape (batch, d), float64

Law: N(g, x) = Phi^-1(rho(g) Phi(x)) with rho(g) times the column Phi(x), and rho(a * b) = rho(a) @ rho(b), so
N(a, N(b, x)) = N(a * b, x) for every x and all weights: b moves x first. (Our permutations move points the other way
round, a first: x ^ (a * b) = (x ^ a) ^ b. That is what N(g^-1, x) does.)
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn

from grouptool.errors import RepresentationError
from grouptool.representations import Representation

__all__ = ["Conjugated", "Coupling", "Flow", "NeuralAction", "PlainNetwork"]

CouplingKind = Literal["additive", "affine"]


class Flow(nn.Module):
    """An invertible network Phi of R^d, in coupling layers: some coordinates are moved by what the others say.

    Additive: x_B + t(x_A), which preserves volume. Affine: x_B exp(s(x_A)) + t(x_A), with s between -1 and 1. Layers
    come in pairs, a random half A and then its complement. With d = 1 nothing is left in A, and the map is affine.

    Source: Dinh, Krueger, Bengio (2014), arXiv:1410.8516; Dinh, Sohl-Dickstein, Bengio (2016), arXiv:1605.08803.
    """

    def __init__(self, dimension: int, layers: int, hidden: int, coupling: CouplingKind, seed: int) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.dimension, self.coupling = dimension, coupling
        parts = []
        for layer in range(layers):
            if layer % 2 == 0:
                order = torch.randperm(dimension, generator=generator)
                half = [order[: dimension // 2].sort().values, order[dimension // 2 :].sort().values]
            kept, moved = half if layer % 2 == 0 else half[::-1]
            if not len(moved):
                kept, moved = moved, kept
            parts.append(Coupling(kept, moved, hidden, coupling, generator))
        self.couplings = nn.ModuleList(parts)

    @property
    def parts(self) -> list[Coupling]:
        """The coupling layers in order."""
        return [one for one in self.couplings if isinstance(one, Coupling)]

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Phi(x), shape (batch, d), and log |det DPhi(x)|, shape (batch,)."""
        logarithm = x.new_zeros(len(x))
        for part in self.parts:
            x, step = part(x)
            logarithm = logarithm + step
        return x, logarithm

    def inverse(self, z: Tensor) -> Tensor:
        """Phi^-1(z), in closed form."""
        for part in reversed(self.parts):
            z = part.inverse(z)
        return z


class Coupling(nn.Module):
    """One coupling layer."""

    kept: Tensor
    back: Tensor
    moved: Tensor

    def __init__(
        self, kept: Tensor, moved: Tensor, hidden: int, coupling: CouplingKind, generator: torch.Generator
    ) -> None:
        super().__init__()
        self.register_buffer("kept", kept)
        self.register_buffer("moved", moved)
        self.register_buffer("back", torch.cat([kept, moved]).argsort())
        self.affine = coupling == "affine"
        self.network = _perceptron(
            (max(1, len(kept)), hidden, hidden, len(moved) * (2 if self.affine else 1)), generator
        )

    @property
    def last(self) -> nn.Linear:
        """The layer that speaks; with weights 0 the coupling is the identity up to its bias."""
        found = self.network[-1]
        assert isinstance(found, nn.Linear)
        return found

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        kept, moved = x[:, self.kept], x[:, self.moved]
        scale, shift = self._say(kept)
        if scale is None:
            return self._join(kept, moved + shift), x.new_zeros(len(x))
        return self._join(kept, moved * scale.exp() + shift), scale.sum(dim=1)

    def inverse(self, z: Tensor) -> Tensor:
        kept, moved = z[:, self.kept], z[:, self.moved]
        scale, shift = self._say(kept)
        return self._join(kept, moved - shift if scale is None else (moved - shift) * (-scale).exp())

    def _say(self, kept: Tensor) -> tuple[Tensor | None, Tensor]:
        given = kept if kept.shape[1] else kept.new_zeros(len(kept), 1)
        said = self.network(given)
        if not self.affine:
            return None, said
        scale, shift = said.chunk(2, dim=1)
        return scale.tanh(), shift

    def _join(self, kept: Tensor, moved: Tensor) -> Tensor:
        return torch.cat([kept, moved], dim=1)[:, self.back]


class Conjugated(nn.Module):
    """N(g, x) = c + s Phi^-1(M_g Phi((x - c) / s)): maps M_g, linear behind a network. Subclasses say what M_g is.

    Attributes:
        centre, scale: c, shape (d,), and s > 0, buffers: where the data lie; 0 and 1 unless set.
    """

    centre: Tensor
    scale: Tensor

    def __init__(self, dimension: int, layers: int, hidden: int, coupling: CouplingKind, seed: int) -> None:
        super().__init__()
        self.flow = Flow(dimension, layers, hidden, coupling, seed)
        self.register_buffer("centre", torch.zeros(dimension, dtype=torch.float64))
        self.register_buffer("scale", torch.ones((), dtype=torch.float64))

    def linear(self, g: Tensor | int, z: Tensor) -> Tensor:
        """M_g z for each row z."""
        raise NotImplementedError

    def forward(self, g: Tensor | int, x: Tensor) -> Tensor:
        """N(g, x), shape (batch, d); g is one element index or one for each row of x."""
        z, _ = self.flow((x - self.centre) / self.scale)
        return self.centre + self.scale * self.flow.inverse(self.linear(g, z))

    def log_volume(self, g: Tensor | int, x: Tensor) -> Tensor:
        """log |det DN_g(x)|, shape (batch,), when |det M_g| = 1: by the chain rule, 0 for additive couplings."""
        z, before = self.flow((x - self.centre) / self.scale)
        _, after = self.flow(self.flow.inverse(self.linear(g, z)))
        difference: Tensor = before - after
        return difference

    @property
    def fixed_point(self) -> Tensor:
        """Shape (d,): Phi^-1(0), which every element fixes."""
        with torch.no_grad():
            return (self.centre + self.scale * self.flow.inverse(torch.zeros_like(self.centre)[None]))[0]


class NeuralAction(Conjugated):
    """A neural group action: N(a, N(b, x)) = N(a * b, x) for all weights, N(1, x) = x, conjugate to a representation.

    Also M_g = F^-1 rho(g) F, F a learned matrix ``frame``, so that the representation need not come in the basis of the
    data. |det DN_g| = 1 with additive couplings. At ``fixed_point`` the trace of DN_g is the character of rho at g.

    Args:
        representation: rho, real; orthogonal or not. layers, hidden: coupling layers of Phi and their width.
        coupling: ``additive`` (preserves volume) or ``affine``. seed: of the initial weights; F starts as 1.

    All tensors are float64: with float32 (``.float()``) the law holds to about 1e-4.

    Raises:
        RepresentationError: the matrices are complex. TooLargeError: more than 200,000,000 entries of all rho(g).

    Source: Spanbauer, Sciarappa (2020), arXiv:2010.03733, read in abstract only; that the construction is an action is
    a line of algebra, and is checked.
    """

    rho: Tensor

    def __init__(
        self,
        representation: Representation,
        *,
        layers: int = 6,
        hidden: int = 48,
        coupling: CouplingKind = "additive",
        seed: int = 0,
    ) -> None:
        if representation.images.dtype.kind == "c":
            raise RepresentationError(f"{representation.name} is complex; give a real one, twice its degree")
        super().__init__(representation.degree, layers, hidden, coupling, seed)
        self.register_buffer("rho", torch.tensor(representation.matrices, dtype=torch.float64))
        self.frame = nn.Parameter(torch.eye(representation.degree, dtype=torch.float64))

    def linear(self, g: Tensor | int, z: Tensor) -> Tensor:
        """F^-1 rho(g) F z for each row z."""
        turned = z @ self.frame.T
        if isinstance(g, int):
            moved = turned @ self.rho[g].T
        else:
            moved = torch.bmm(self.rho[g], turned[:, :, None])[:, :, 0]
        solved: Tensor = torch.linalg.solve(self.frame, moved.T)
        return solved.T

    def draw(self, x: Tensor, generator: torch.Generator | None = None) -> tuple[Tensor, Tensor]:
        """For points x, shape (batch, k), k <= d: random elements, and pi ~ N(0, 1), shape (batch, d - k)."""
        missing = self.flow.dimension - x.shape[1]
        if missing < 0:
            raise RepresentationError(f"x has {x.shape[1]} coordinates; the action moves {self.flow.dimension}")
        g = torch.randint(len(self.rho), (len(x),), generator=generator)
        return g, torch.randn((len(x), missing), generator=generator, dtype=x.dtype)

    def transition(self, g: Tensor, x: Tensor, filling: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The generative form x -> x': the first k coordinates of N(g, (x, pi)), (g, pi) drawn by ``draw``.

        Inverses are drawn as often as elements, so for a density p a step from x to x' is in balance when it is taken
        with probability min(1, p(x') q(pi') / (p(x) q(pi)) |det DN_g|), q the normal density: ``measures.metropolis``.

        Returns:
            x', shape (batch, k); pi', shape (batch, d - k); log |det DN_g|, shape (batch,).
        """
        whole = torch.cat([x, filling], dim=1)
        moved = self(g, whole)
        return moved[:, : x.shape[1]], moved[:, x.shape[1] :], self.log_volume(g, whole)


class PlainNetwork(nn.Module):
    """The control: an ordinary network of x and a one-hot g, two hidden layers, of about a given number of weights."""

    def __init__(self, order: int, dimension: int, weights: int, seed: int) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        slope, constant = order + 2 * dimension + 2, dimension - weights  # w^2 + slope w + constant = 0
        width = max(8, round((-slope + math.sqrt(slope**2 - 4 * constant)) / 2)) if constant < 0 else 8
        bound = 1 / math.sqrt(dimension + 1)
        self.inputs = nn.Parameter(_uniform((width, dimension), bound, generator))
        self.elements = nn.Parameter(_uniform((order, width), bound, generator))
        self.rest = _perceptron((width, width, dimension), generator)

    def forward(self, g: Tensor | int, x: Tensor) -> Tensor:
        """Shape (batch, d)."""
        found: Tensor = self.rest(nn.functional.silu(x @ self.inputs.T + self.elements[g]))
        return found


def _perceptron(widths: tuple[int, ...], generator: torch.Generator) -> nn.Sequential:
    """Linear layers with SiLU between, weights uniform up to one over the root of the number of inputs, float64."""
    made: list[nn.Module] = []
    for inputs, outputs in pairwise(widths):
        layer = nn.Linear(inputs, outputs, dtype=torch.float64)
        bound = 1 / math.sqrt(inputs)
        with torch.no_grad():
            layer.weight.copy_(_uniform((outputs, inputs), bound, generator))
            layer.bias.copy_(_uniform((outputs,), bound, generator))
        made += [layer, nn.SiLU()]
    return nn.Sequential(*made[:-1])


def _uniform(shape: tuple[int, ...], bound: float, generator: torch.Generator) -> Tensor:
    return (2 * torch.rand(shape, generator=generator, dtype=torch.float64) - 1) * bound
