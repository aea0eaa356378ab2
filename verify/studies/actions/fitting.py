"""Samples of actions, planted or from a file, and the training of models on them.

Public: Fit, FreeMaps, LinearMaps, Samples, fit, free_fit, linear_maps, multiplied_out, place, plant, read_samples,
relative_error, start.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn

from grouptool.errors import InputFileError, NetworkError, NoEvidenceError
from grouptool.group import Group
from grouptool.structure.classes import ConjugacyClasses

from ...foreign import read_weights
from .bases import Base
from .modules import Conjugated, CouplingKind, NeuralAction

__all__ = [
    "Fit",
    "FreeMaps",
    "LinearMaps",
    "Samples",
    "fit",
    "free_fit",
    "linear_maps",
    "multiplied_out",
    "place",
    "plant",
    "read_samples",
    "relative_error",
    "start",
]

LEAST_SAMPLES = 64
TEST_SHARE = 0.2
PLANT_SEED = 7_919
"""Added to the seed, so that what is planted is no network's start."""
FRAMES = 16
"""Random starts of a frame, of which the best conditioned is kept."""


@dataclass(frozen=True, eq=False)
class Samples:
    """Observations y = N(g, x) of an action.

    Attributes:
        g: shape (m,), int64, elements. x, y: shape (m, d), float64. test: shape (m,), bool: kept out of training.
    """

    g: Tensor
    x: Tensor
    y: Tensor
    test: Tensor

    def part(self, test: bool) -> tuple[Tensor, Tensor, Tensor]:
        """g, x, y of training or of test."""
        chosen = self.test == test
        return self.g[chosen], self.x[chosen], self.y[chosen]

    @property
    def dimension(self) -> int:
        """Dimension d of the space."""
        return int(self.x.shape[1])

    @cached_property
    def unseen(self) -> Tensor:
        """Shape (m,), bool: samples for tests of elements that training has no sample of."""
        return self.test & ~torch.isin(self.g, self.g[~self.test])


@dataclass(frozen=True, eq=False)
class Fit:
    """A trained model.

    Attributes:
        error, unseen, everything: relative mean square error on test samples of elements that training has samples of,
            of others (None without any), and of all. curve: (step, ``error``) on the way.
        weights: how many numbers were trained.
    """

    model: nn.Module
    error: float
    unseen: float | None
    everything: float
    curve: tuple[tuple[int, float], ...]
    weights: int


def plant(base: Base, count: int, bend: float, seed: int) -> tuple[NeuralAction, Samples]:
    """A planted action: a base conjugated by a random additive flow; and samples of it, x ~ N(0, 1).

    A quarter of the elements, no generators, are held out: training sees no sample of them. Tests are of all elements
    alike. Above 64 elements half of the training samples are of generators, so that single maps can be seen.

    Args:
        bend: factor of the flow's last layers, 0 for the linear action itself.
        count: samples for training; a quarter as many, and at least 500, are added for tests.
    """
    group = base.table.group
    model = NeuralAction(base.representation, seed=seed + PLANT_SEED)
    with torch.no_grad():
        for part in model.flow.parts:
            part.last.weight.mul_(bend)
            part.last.bias.mul_(bend)
    generator = torch.Generator().manual_seed(seed)
    total = count + max(500, count // 4)
    x = torch.randn((total, base.dimension), generator=generator, dtype=torch.float64)
    g = torch.randint(group.order, (total,), generator=generator)
    elements = np.random.default_rng(seed).permutation(np.setdiff1d(np.arange(1, group.order), group.generators))
    seen = torch.from_numpy(np.setdiff1d(np.arange(group.order), elements[: group.order // 4]))
    g[:count] = seen[g[:count] % len(seen)]
    if group.order > 64:
        chosen = torch.tensor(group.generators)
        g[: count // 2] = chosen[torch.randint(len(chosen), (count // 2,), generator=generator)]
    with torch.no_grad():
        y = model(g, x)
    return model, Samples(g, x, y, torch.arange(total) >= count)


def read_samples(path: str, group: Group, seed: int) -> Samples:
    """Samples of a user's file: npz or safetensors with g, x, y.

    ``g``, shape (m,): indices of elements, as ``grouptool elements`` numbers them. ``x``, ``y``, shape (m, d): a point
    and where g takes it, N(a, N(b, x)) = N(a * b, x). A random fifth is kept for tests.

    Raises:
        InputFileError: the file cannot be read, or does not hold that.
    """
    try:
        arrays = read_weights(path)
    except NetworkError as error:
        raise InputFileError(str(error).replace("read weights", "read samples")) from None
    if missing := {"g", "x", "y"} - set(arrays):
        raise InputFileError(f"{path} has no array {min(missing)}; samples are g (m,), x (m, d) and y (m, d)")
    g, x, y = (np.asarray(arrays[name], dtype=np.float64) for name in "gxy")
    if g.ndim != 1 or x.ndim != 2 or x.shape != y.shape or len(g) != len(x) or not x.shape[1]:
        raise InputFileError(f"{path}: samples are g (m,), x (m, d) and y (m, d), not {g.shape}, {x.shape}, {y.shape}")
    if len(g) < LEAST_SAMPLES:
        raise InputFileError(f"{path} has {len(g)} samples; at least {LEAST_SAMPLES} are needed")
    if not all(np.isfinite(one).all() for one in (g, x, y)):
        raise InputFileError(f"{path} has entries that are no finite numbers")
    if (g != np.rint(g)).any() or g.min() < 0 or g.max() >= group.order:
        raise InputFileError(f"{path}: g holds indices of elements, whole numbers from 0 to {group.order - 1}")
    if not (y - y.mean(axis=0)).any():
        raise InputFileError(f"{path}: all y are one point, which says nothing about an action")
    test = np.random.default_rng(seed).permutation(len(g)) < max(1, int(TEST_SHARE * len(g)))
    return Samples(
        torch.from_numpy(g.astype(np.int64)), torch.from_numpy(x), torch.from_numpy(y), torch.from_numpy(test)
    )


@torch.no_grad()
def relative_error(
    model: nn.Module, samples: Samples, which: Literal["all", "seen", "unseen"] = "seen"
) -> float | None:
    """Mean square error on test samples, relative to the variance of y there: 1 for the best constant.

    Args:
        which: of elements that training has samples of, of the others, or of both; None when there is none.
    """
    chosen = {"all": samples.test, "seen": samples.test & ~samples.unseen, "unseen": samples.unseen}[which]
    if not chosen.any():
        return None
    g, x, y = samples.g[chosen], samples.x[chosen], samples.y[chosen]
    error = float(((model(g, x) - y) ** 2).sum() / ((y - y.mean(dim=0)) ** 2).sum().clamp(min=1e-300))
    return error if np.isfinite(error) else float("inf")


def fit(
    model: nn.Module,
    samples: Samples,
    steps: int,
    *,
    rate: float = 1e-2,
    batch: int = 256,
    seed: int = 0,
    say: Callable[[str], None] = lambda _: None,
) -> Fit:
    """Train a model on samples: mean square error, Adam, one cycle of the rate (up over a tenth of the steps, down).

    Returns:
        The model itself, trained in place.

    Source: Kingma, Ba (2014), arXiv:1412.6980, for Adam; Smith, Topin (2017), arXiv:1708.07120, for the cycle.
    """
    g, x, y = samples.part(test=False)
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps, pct_start=0.1)
    variance = y.var(dim=0).sum().clamp(min=1e-300) / y.shape[1]
    curve = [(0, relative_error(model, samples) or 0.0)]
    for step in range(1, steps + 1):
        chosen = torch.randint(len(g), (batch,), generator=generator)
        loss = ((model(g[chosen], x[chosen]) - y[chosen]) ** 2).mean() / variance
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % max(1, steps // 20) == 0:
            curve.append((step, relative_error(model, samples) or 0.0))
            say(f"step {step} of {steps}: relative error {curve[-1][1]:.2g}")
    seen, unseen, everything = (relative_error(model, samples, which) for which in ("seen", "unseen", "all"))
    count = sum(one.numel() for one in model.parameters())
    return Fit(model, seen or 0.0, unseen, everything or 0.0, tuple(curve), count)


class FreeMaps(Conjugated):
    """N(g, x) = Phi^-1(M_g Phi(x)) with any matrices M_g, for elements with samples enough; no law is built in.

    Args:
        elements: shape (m,): the g. maps: shape (m, d, d): M_g at the start.
    """

    place: Tensor

    def __init__(
        self,
        order: int,
        elements: np.ndarray,
        maps: np.ndarray,
        layers: int,
        hidden: int,
        coupling: CouplingKind,
        seed: int,
    ) -> None:
        super().__init__(maps.shape[-1], layers, hidden, coupling, seed)
        place = torch.full((order,), -1)
        place[torch.from_numpy(elements)] = torch.arange(len(elements))
        self.register_buffer("place", place)
        self.maps = nn.Parameter(torch.tensor(maps))

    def linear(self, g: Tensor | int, z: Tensor) -> Tensor:
        """M_g z for each row z."""
        maps = self.maps[self.place[torch.as_tensor(g).expand(len(z))]]
        return torch.bmm(maps, z[:, :, None])[:, :, 0]


@dataclass(frozen=True, eq=False)
class LinearMaps:
    """Affine maps of single elements, by least squares of y on x.

    Attributes:
        elements: shape (m,), those with samples enough, 1 among them. maps: shape (m, d, d).
        all_maps: shape (n, d, d): for the rest, products along shortest words in these; None when they do not generate.
    """

    elements: np.ndarray
    maps: np.ndarray
    all_maps: np.ndarray | None

    def traces(self, classes: ConjugacyClasses) -> np.ndarray:
        """Shape (k,): the mean trace on each class."""
        assert self.all_maps is not None
        return mean_traces(self.all_maps, classes)


def mean_traces(maps: np.ndarray, classes: ConjugacyClasses) -> np.ndarray:
    """Shape (k,): of all n maps, shape (n, d, d), the mean trace on each class."""
    return np.asarray(np.bincount(classes.class_of, np.trace(maps, axis1=1, axis2=2), len(classes)) / classes.sizes)


def linear_maps(samples: Samples, group: Group) -> LinearMaps:
    """The linear part of each element, seen from the training samples, at least 2 (d + 1) for each."""
    g, x, y = (one.numpy() for one in samples.part(test=False))
    d = samples.dimension
    counts = np.bincount(g, minlength=group.order)
    elements = np.union1d([0], np.flatnonzero(counts >= 2 * (d + 1)))
    maps = np.tile(np.eye(d), (len(elements), 1, 1))
    for place, one in enumerate(elements.tolist()):
        if one:
            rows = np.column_stack([x[g == one], np.ones(counts[one])])
            maps[place] = np.linalg.lstsq(rows, y[g == one], rcond=None)[0][:d].T
    return LinearMaps(elements, maps, multiplied_out(group, elements, maps))


def multiplied_out(group: Group, elements: np.ndarray, maps: np.ndarray) -> np.ndarray | None:
    """Shape (n, d, d): the given maps, and for all other elements products of few of them; None if none leads there."""
    found = np.empty((group.order, *maps.shape[1:]))
    found[elements] = maps
    known = np.zeros(group.order, dtype=bool)
    known[elements] = True
    front = elements
    while len(front):
        reached = []
        for place, one in enumerate(elements.tolist()):
            targets = group.table[front, one]
            fresh = np.flatnonzero(~known[targets])
            if len(fresh):
                found[targets[fresh]] = found[front[fresh]] @ maps[place]
                known[targets[fresh]] = True
                reached.append(targets[fresh])
        front = np.concatenate(reached) if reached else elements[:0]
    return found if known.all() else None


def free_fit(
    samples: Samples, group: Group, classes: ConjugacyClasses, steps: int, *, layers: int, hidden: int,
    coupling: CouplingKind, seed: int, say: Callable[[str], None] = lambda _: None,
) -> tuple[FreeMaps, np.ndarray, np.ndarray]:  # fmt: skip
    """What the samples say of the representation, when none is given.

    Trains ``FreeMaps``, whose matrices start at those of least squares: if N is conjugate by some flow to a linear
    action, the M_g come to be its matrices, in some basis, and their traces its character.

    Returns:
        The model; the M_g of all elements, shape (n, d, d); their mean trace on each class, shape (k,).

    Raises:
        NoEvidenceError: elements with at least 2 (d + 1) samples do not generate the group.
    """
    seen = linear_maps(samples, group)
    if seen.all_maps is None:
        raise NoEvidenceError(
            f"the base stays unknown: the {len(seen.elements) - 1} elements with at least {2 * samples.dimension + 2} "
            f"samples do not generate {group.name}. Give more samples, or name a base."
        )
    g, x, y = samples.g, samples.x, samples.y
    usable = torch.from_numpy(np.isin(g.numpy(), seen.elements))
    inside = Samples(g[usable], x[usable], y[usable], samples.test[usable])
    model = FreeMaps(group.order, seen.elements, seen.maps, layers, hidden, coupling, seed)
    place(model, samples)
    fit(model, inside, steps, seed=seed, say=say)
    maps = multiplied_out(group, seen.elements, model.maps.detach().numpy())
    assert maps is not None
    return model, maps, mean_traces(maps, classes)


def place(model: Conjugated, samples: Samples) -> None:
    """Put the centre and the scale of a model where the training samples lie."""
    _, x, _ = samples.part(test=False)
    model.centre.copy_(x.mean(dim=0))
    model.scale.copy_(x.std(dim=0).square().mean().sqrt().clamp(min=1e-12))


def start(
    base: Base, samples: Samples, maps: np.ndarray | None, *, layers: int, hidden: int, coupling: CouplingKind,
    seed: int, flow: nn.Module | None = None,
) -> NeuralAction:  # fmt: skip
    """A neural action on a base before training.

    Args:
        maps: shape (n, d, d): about what the elements do, for a frame F with F M_g = rho(g) F about right: the mean of
            rho(g) X M_g^-1, X random. Where that is singular, as for a base of another character, F stays 1.
        flow: whose weights Phi starts with.
    """
    model = NeuralAction(base.representation, layers=layers, hidden=hidden, coupling=coupling, seed=seed)
    place(model, samples)
    if flow is not None:
        model.flow.load_state_dict(copy.deepcopy(flow.state_dict()))
    frame = None if maps is None else _frame(base, maps, seed)
    if frame is not None:
        with torch.no_grad():
            model.frame.copy_(torch.from_numpy(frame))
    return model


def _frame(base: Base, maps: np.ndarray, seed: int) -> np.ndarray | None:
    """The best conditioned of a few means of rho(g) X M_g^-1, scaled to determinant 1 or -1; None when none is good."""
    rng, d = np.random.default_rng(seed), base.dimension
    if np.linalg.cond(maps).max() > 1e3:
        return None
    inverses = np.linalg.inv(maps)
    found, best = None, 30.0
    for draw in [np.eye(d), *rng.standard_normal((FRAMES, d, d))]:
        mean = (base.representation.matrices @ draw @ inverses).mean(axis=0)
        condition = float(np.linalg.cond(mean))
        # a mean that is small beside its draw is noise: no intertwiner
        if condition < best and np.linalg.norm(mean) > 0.1 * np.linalg.norm(draw) / len(base.constituents):
            found, best = mean / abs(np.linalg.det(mean)) ** (1 / d), condition
        if found is not None and best < 3:
            break
    return found
