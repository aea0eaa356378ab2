"""Shallow networks that tell simple from not, on data whose exact ceiling is known.

Public: Examples, Learned, RAW, SPLITS, Split, draw_examples, learn_invariant, learn_raw.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from .census import Census, Unit
from .features import ceiling

__all__ = ["RAW", "SPLITS", "Examples", "Learned", "Split", "draw_examples", "learn_invariant", "learn_raw"]

Split = Literal["pair", "orbit", "subgroup"]
SPLITS: tuple[Split, ...] = get_args(Split)
"""What no two parts share: nothing but chance; a pair orbit; a class of subgroups, and so a subgroup."""

RAW = ("one-line notation", "permutation matrices")
"""What networks see of pairs as they come, conjugated at random."""

FOLDS = 5
LEARNING_RATE = 0.01
BATCH = 512


@dataclass(frozen=True, eq=False)
class Examples:
    """Pairs drawn for training and for testing, simple and not equally often, in parts that share nothing.

    Attributes:
        weights: shape (m,): the probability of each pair orbit of the census.
        fold: shape (m,): the part, from 0 to 4, of each pair orbit.
        train, test: shapes (k,), (l,): the pair orbit of each example.
    """

    census: Census
    split: Split
    weights: np.ndarray
    fold: np.ndarray
    train: np.ndarray
    test: np.ndarray

    @property
    def folds(self) -> range:
        """The parts."""
        return range(int(self.fold.max()) + 1)

    def answers(self, drawn: np.ndarray) -> np.ndarray:
        """Shape (k,), bool: whether the groups of examples are simple."""
        return np.asarray(self.census.simple[drawn])

    def train_without(self, fold: int) -> tuple[np.ndarray, np.ndarray]:
        """The training examples outside a part, all where there is one part, and their weights, shape (k, 2).

        Columns: not simple, simple; each sums to a half.
        """
        drawn = self.train[(self.fold[self.train] != fold) | (len(self.folds) == 1)]
        weights = np.column_stack([~self.answers(drawn), self.answers(drawn)]).astype(np.float64)
        return drawn, weights / (2 * np.maximum(weights.sum(axis=0), 1))

    def test_within(self, fold: int) -> np.ndarray:
        """The test examples of a part."""
        return np.asarray(self.test[self.fold[self.test] == fold])


def draw_examples(census: Census, unit: Unit, split: Split, train: int, test: int, seed: int) -> Examples:
    """Examples by a unit of counting, within each answer, and a division into five parts, of each answer apart.

    Each part is tested by a network that was trained on the other four, so every example of the test is judged once
    by a network that never met its pair orbit, or its subgroup. With the split ``pair`` there is one part, and the
    test is only drawn apart.
    """
    rng = np.random.default_rng(seed)
    units = census.class_of if split == "subgroup" else np.arange(len(census.pairs))
    assert units is not None
    weights, fold = census.weights(unit), np.zeros(len(census.pairs), dtype=np.int64)
    balanced = np.zeros(len(weights))
    for answer in (False, True):
        among = census.simple == answer
        balanced[among] = weights[among] / weights[among].sum() / 2
        kinds, number = np.unique(units[among], return_inverse=True)
        if split != "pair":
            fold[among] = rng.permutation(np.arange(len(kinds)) % FOLDS)[number]
    drawn = rng.choice(len(weights), train + test, p=balanced)
    return Examples(census, split, balanced, fold, drawn[:train], drawn[train:])


@dataclass(frozen=True)
class Learned:
    """How networks did on features.

    Attributes:
        train, test: accuracies, shares in [0, 1].
        ceiling: the best that anything can reach with the features on the census. examples: of the test.
    """

    features: str
    split: Split
    train: float
    test: float
    ceiling: float
    examples: int

    @property
    def standard_error(self) -> float:
        """Of a test whose true accuracy is the ceiling; at least that of one example."""
        share = max(self.ceiling * (1 - self.ceiling), 0.0)
        return float(max((share / self.examples) ** 0.5, 1 / self.examples))

    @property
    def excess(self) -> float:
        """How many standard errors the test lies above the ceiling."""
        return (self.test - self.ceiling) / self.standard_error


def learn_invariant(
    name: str,
    columns: np.ndarray,
    examples: Examples,
    *,
    hidden: int,
    steps: int,
    seed: int,
    judged: np.ndarray | None = None,
) -> Learned:
    """Train one hidden layer on features of pair orbits, each value of each column in a place of its own.

    Equal examples are trained as one with a weight, so a step is a full batch at the cost of the different rows.

    Args:
        columns: shape (m, c), int64: what the network sees. judged: the columns that the ceiling is of, by default
            the same; others, when the network is to be caught looking.
    """
    rows, number = np.unique(columns, axis=0, return_inverse=True)
    number = number.reshape(-1)
    inputs = _one_hot(rows)
    right = {"train": 0.0, "test": 0.0}
    for fold in examples.folds:
        train, weights = examples.train_without(fold)
        met = np.zeros((len(rows), 2))
        np.add.at(met, number[train], weights)
        seen = np.flatnonzero(met.sum(axis=1))
        says = _trained(inputs[seen], met[seen], hidden, steps, seed + fold)(inputs)
        right["train"] += float((says[number[train]] == examples.answers(train)).mean()) / len(examples.folds)
        test = examples.test_within(fold)
        right["test"] += int((says[number[test]] == examples.answers(test)).sum()) / len(examples.test)
    best = ceiling(columns if judged is None else judged, examples.census.simple, examples.weights).plain
    return Learned(name, examples.split, **right, ceiling=best, examples=len(examples.test))


def learn_raw(name: str, examples: Examples, *, hidden: int, steps: int, seed: int) -> Learned:
    """Train one hidden layer on pairs themselves, each example conjugated at random; the ceiling is 1."""
    rng = np.random.default_rng(seed)
    right = {"train": 0.0, "test": 0.0}
    for fold in examples.folds:
        train, weights = examples.train_without(fold)
        test = examples.test_within(fold)
        seen, unseen = (_raw(name, examples.census, one, rng) for one in (train, test))
        says = _trained(seen, weights, hidden, steps, seed + fold, batch=BATCH)
        right["train"] += float((says(seen) == examples.answers(train)).mean()) / len(examples.folds)
        right["test"] += int((says(unseen) == examples.answers(test)).sum()) / len(examples.test)
    return Learned(name, examples.split, **right, ceiling=1.0, examples=len(examples.test))


def _one_hot(rows: np.ndarray) -> np.ndarray:
    """Shape (r, width), float32: each value of each column in a place of its own."""
    parts = [rows[:, j, None] == np.unique(rows[:, j]) for j in range(rows.shape[1])]
    return np.concatenate(parts, axis=1).astype(np.float32)


def _raw(name: str, census: Census, drawn: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Shape (k, width), float32: pairs of the drawn orbits, each conjugated by a permutation of its own."""
    points = census.points
    by = rng.permuted(np.tile(np.arange(points), (len(drawn), 1)), axis=1)
    back = np.argsort(by, axis=1)
    pair = []
    for one in (census.pairs.first[drawn], census.pairs.second[drawn]):
        images = np.take_along_axis(by, np.take_along_axis(one, back, axis=1), axis=1)
        if name == "permutation matrices":
            pair.append((images[:, :, None] == np.arange(points)).reshape(len(drawn), -1))
        else:
            pair.append(2 * images / max(points - 1, 1) - 1)
    return np.concatenate(pair, axis=1).astype(np.float32)


Says = Callable[[np.ndarray], np.ndarray]  # inputs (r, width) to answers (r,), bool


def _trained(
    inputs: np.ndarray, examples: np.ndarray, hidden: int, steps: int, seed: int, batch: int | None = None
) -> Says:
    """A network of one hidden layer of ReLU, trained by Adam with a falling rate on the logistic loss.

    In numpy: the gradient is four products, and a step of such a small network is a tenth of torch's overhead.

    Args:
        inputs: shape (r, width), float32. examples: shape (r, 2), summing to 1: how often a row is met that is not
            simple, and that is. batch: rows of a step, drawn anew each time; by default all.

    Source of the optimiser: Kingma, Ba, Adam (2014), arXiv:1412.6980; its published decay rates.
    """
    rng = np.random.default_rng(seed)
    width, rate = inputs.shape[1], LEARNING_RATE if batch is None else LEARNING_RATE / 5
    shapes, fans = [(width, hidden), (hidden,), (hidden,), (1,)], [width, width, hidden, hidden]
    weights = [
        rng.uniform(-1, 1, shape).astype(np.float32) / max(fan, 1) ** 0.5
        for shape, fan in zip(shapes, fans, strict=True)
    ]
    means = [np.zeros_like(one) for one in weights]
    squares = [np.zeros_like(one) for one in weights]
    often = examples.astype(np.float32)
    for step in range(steps):
        if batch is None:
            rows, met = inputs, often
        else:
            chosen = rng.integers(0, len(inputs), batch)
            rows, met = inputs[chosen], often[chosen] / often[chosen].sum()
        falling = rate * (1 + np.cos(np.pi * step / steps)) / 2
        steady = falling * (1 - 0.999 ** (step + 1)) ** 0.5 / (1 - 0.9 ** (step + 1))
        for one, gradient, mean, square in zip(weights, _gradients(rows, met, weights), means, squares, strict=True):
            mean += 0.1 * (gradient - mean)
            square += 0.001 * (gradient * gradient - square)
            one -= (steady * mean / (np.sqrt(square) + 1e-8)).astype(np.float32)
    return lambda asked: _forward(asked, weights)[1] > 0


def _forward(inputs: np.ndarray, weights: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The hidden layer, shape (r, hidden), and the logit of being simple, shape (r,)."""
    first, bias, second, offset = weights
    hidden = np.maximum(inputs @ first + bias, 0)
    return hidden, hidden @ second + offset


def _gradients(inputs: np.ndarray, met: np.ndarray, weights: list[np.ndarray]) -> list[np.ndarray]:
    """Of the mean logistic loss, for each of the weights."""
    hidden, logits = _forward(inputs, weights)
    slope = met.sum(axis=1) / (1 + np.exp(-np.clip(logits, -30, 30))) - met[:, 1]
    back = np.where(hidden > 0, slope[:, None] * weights[2], np.float32(0))
    return [inputs.T @ back, back.sum(axis=0), hidden.T @ slope, slope.sum(keepdims=True)]
