"""rho-sets: written down as a circuit, recovered from a network, and the network put together again from them alone.

Public: RhoSet, Explanation, rho_set_circuit, extract, LEADING, coefficient_matrices, leading_shares.

For an orthogonal real irreducible representation rho, a vector a and an orbit B of vectors (rho(g) B = B) the neurons
(b, b') of B x B

    L = <b, rho(x) a>,   R = -<a, rho(y) b'>,   U = -w <b, rho(z) b'>

give the logits F(x^-1 z y^-1), F(g) = -w sum over c, c' in B of relu(<a, c - c'>) <c, rho(g) c'>. Since B sums to
zero, relu(t) may be read as |t| / 2, and -|s - t| is positive definite on vectors that sum to zero: F(g) <= F(1), with
equality only for the g that fix the vectors which it is made of. So an explanation by rho-sets answers rightly whatever
the network did; only its agreement with the network's weights and logits is evidence.

Source: Wu, Jaburi, Drori, Gross (2024), arXiv:2410.07476. For complex and quaternionic type vectors count up to the
units of the commuting algebra: a pair (b, a) is as good as (ub, ua), and the matrix of L has real rank 2 or 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from grouptool.representations.real import RealIrrep
from grouptool.structure.cosets import left_cosets

from .groupdata import GroupData
from .reading import Circuit

__all__ = [
    "LEADING",
    "Explanation",
    "RhoSet",
    "coefficient_matrices",
    "extract",
    "leading_shares",
    "orbit_of",
    "rho_set_circuit",
]

LEADING = {"R": 1, "C": 2, "H": 4}
"""Equal singular values of a rank-one matrix over the commuting algebra, in its real form."""
RANK_BAR = 0.95
"""Share of the leading singular values from which a matrix counts as of rank one."""
SNAP_BAR = 0.95
"""Squared cosine from which a vector counts as fixed by a subgroup, as a member of an orbit, or as the shared a."""
MOST_SETS = 64
"""Vectors a that are looked for in one representation; networks without rho-sets have one for each neuron."""


@dataclass(frozen=True, eq=False)
class RhoSet:
    """One vector a and the orbits of b and b' that neurons pair with it.

    Attributes:
        place: position of the representation in ``GroupData.constituents``.
        a: shape (D,), unit vector. left, right: shape (p, D) and (q, D), the orbits of b and b', unit vectors, exact.
        strengths: shape (p, q): the weight that the network's neurons give each pair, 0 where none has it.
        closure: max over g and the vectors b that were found, as the network has them, of the distance from rho(g) b to
            the nearest found one, over |b|. weight: share of the network's neurons, by weight.
        paired: whether b and b' share one orbit, as in the account.
    """

    place: int
    a: np.ndarray
    left: np.ndarray
    right: np.ndarray
    strengths: np.ndarray
    closure: float
    weight: float
    paired: bool

    @property
    def strength(self) -> float:
        """The one number w of the idealised circuit: the mean over all pairs."""
        return float(self.strengths.mean())

    @property
    def coverage(self) -> float:
        """Share of the pairs that have at least half of the mean strength."""
        return float((self.strengths >= max(self.strength, 1e-300) / 2).mean())

    def quotient_function(self, irrep: RealIrrep) -> np.ndarray:
        """Shape (n,): F(g), nats, of the idealised circuit."""
        firing = np.maximum((self.left @ self.a)[:, None] - self.right @ self.a, 0)
        return np.asarray(-self.strength * np.tensordot(irrep.matrices, self.left.T @ firing @ self.right, axes=2))


@dataclass(frozen=True, eq=False)
class Explanation:
    """A network, said in rho-sets.

    Attributes:
        sets: the rho-sets found, the heaviest first.
        set_of: shape (m,): the rho-set of each neuron, -1 for an unexplained one.
        left_of, right_of: shape (m,): its b and b' as rows of the orbits.
        scale, readout: shape (m,): its numbers s and u > 0, s negative for relu(-t), in
            L = s <b, rho(x) a>, R = -s <a, rho(y) b'>, U = -u <b, rho(z) b'>.
    """

    data: GroupData
    sets: tuple[RhoSet, ...]
    set_of: np.ndarray
    left_of: np.ndarray
    right_of: np.ndarray
    scale: np.ndarray
    readout: np.ndarray

    def neurons(self, readers: np.ndarray | None = None) -> Circuit:
        """The network with every neuron replaced by its explanation and the unexplained ones silent.

        Args:
            readers: shape (m,): the neuron whose b and b' each U is read from, itself by default (for controls).
        """
        n, m = self.data.group.order, len(self.set_of)
        left, right, unembedding = np.zeros((n, m)), np.zeros((n, m)), np.zeros((m, n))
        readers = np.arange(m) if readers is None else readers
        for number, one in enumerate(self.sets):
            mine = np.flatnonzero(self.set_of == number)
            matrices = self.data.irrep(one.place).matrices
            b, c = one.left[self.left_of[mine]], one.right[self.right_of[mine]]
            left[:, mine] = np.einsum("ki,xij,j->xk", b, matrices, one.a, optimize=True) * self.scale[mine]
            right[:, mine] = -np.einsum("i,xij,kj->xk", one.a, matrices, c, optimize=True) * self.scale[mine]
            other = readers[mine]
            b, c = one.left[self.left_of[other]], one.right[self.right_of[other]]
            readout = np.einsum("ki,xij,kj->kx", b, matrices, c, optimize=True)
            unembedding[mine] = -self.readout[mine, None] * readout
        return Circuit(left, right, unembedding)

    def shuffled(self, rng: np.random.Generator) -> Circuit:
        """A matched control of ``neurons``: in each rho-set the neurons exchange their readouts."""
        readers = np.arange(len(self.set_of))
        for number in range(len(self.sets)):
            mine = np.flatnonzero(self.set_of == number)
            readers[mine] = rng.permutation(mine)
        return self.neurons(readers)

    def quotient_function(self) -> np.ndarray:
        """Shape (n,): F(g), nats, of the idealised circuit: all pairs of each B x B, one strength for each rho-set."""
        total = np.zeros(self.data.group.order)
        for one in self.sets:
            total += one.quotient_function(self.data.irrep(one.place))
        return total


def rho_set_circuit(irrep: RealIrrep, a: np.ndarray, orbit: np.ndarray, strength: float = 1.0) -> Circuit:
    """The idealised circuit of one rho-set, |B|^2 neurons.

    Args:
        a: shape (D,). orbit: shape (|B|, D), closed under the representation. strength: w, nats.
    """
    inner = np.einsum("bi,xij,j->xb", orbit, irrep.matrices, a, optimize=True)
    backward = np.einsum("i,xij,bj->xb", a, irrep.matrices, orbit, optimize=True)
    readout = np.einsum("bi,xij,cj->xbc", orbit, irrep.matrices, orbit, optimize=True)
    n, size = inner.shape
    left = np.repeat(inner, size, axis=1)  # neurons (b, b')
    return Circuit(left, -np.tile(backward, (1, size)), -strength * readout.reshape(n, -1).T)


def orbit_of(data: GroupData, irrep: RealIrrep, vector: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The orbit of a vector, moved to the fixed space of the largest subgroup that fixes it to ``SNAP_BAR``.

    Returns:
        The orbit, unit vectors, shape (size, D); and for each element g the row of rho(g) b, shape (n,), where b is
        row 0.
    """
    overlaps = irrep.matrices @ vector @ vector / (vector @ vector)
    members = np.flatnonzero(overlaps > 1 - 1e-9)
    if data.subgroup_masks.size:
        orders = data.subgroup_masks.sum(axis=1)
        fixed = data.subgroup_masks @ overlaps / orders  # |P_H b|^2 / |b|^2
        serving = np.where(fixed >= SNAP_BAR, orders + fixed, 0)
        if serving.max() > len(members):
            members = np.flatnonzero(data.subgroup_masks[serving.argmax()])
    snapped = irrep.matrices[members].mean(axis=0) @ vector
    labels = left_cosets(data.group, members)
    images = irrep.matrices[np.unique(labels, return_index=True)[1]] @ (snapped / np.linalg.norm(snapped))
    return images, labels


def coefficient_matrices(irrep: RealIrrep, functions: np.ndarray) -> np.ndarray:
    """Shape (m, D, D): (D/n) sum over x of f(x) rho(x) for each column f of ``functions``, shape (n, m).

    For f = <b, rho(x) a> it is the sum over the units u (1, or 1 and the imaginary ones) of (ub)(ua)^T.
    """
    n, dimension = irrep.matrices.shape[:2]
    return np.asarray(np.tensordot(functions.T, irrep.matrices, axes=1) * (dimension / n))


def leading_shares(irrep: RealIrrep, matrices: np.ndarray) -> np.ndarray:
    """Shape (m,): s_1^2 / sum of s^2; for complex and quaternionic type of the first 2 or 4 singular values."""
    squares = np.linalg.svd(matrices, compute_uv=False) ** 2
    leading = squares[:, : LEADING[irrep.constituent.type]].sum(axis=1)
    return np.asarray(leading / np.maximum(squares.sum(axis=1), 1e-300))


def extract(data: GroupData, circuit: Circuit, home: np.ndarray) -> Explanation:
    """Recover the rho-sets of a network from its weights.

    In each representation the neurons of rank one are clustered by the right vector a of L (the left one of R); with a
    at hand b and b' are read off, b = A a, and put into orbits, each vector moved to the nearest one that a subgroup
    fixes. Neurons that are not of rank one, or whose readout argues for the wrong side, stay unexplained.

    Args:
        home: shape (m,): the representation of each neuron, -1 for one that is in none.

    Cost: m D^2 n for the coefficients and m s n for the s subgroups, m^2 D at most for the clusters.
    """
    draft = _Draft(data, circuit)
    for place in np.unique(home[home >= 0]).tolist():
        draft.add(place, np.flatnonzero(home == place))
    return draft.explanation()


@dataclass(eq=False)
class _Draft:
    """An explanation that grows by one representation at a time."""

    data: GroupData
    circuit: Circuit
    sets: list[RhoSet] = field(default_factory=list)

    def __post_init__(self) -> None:
        width = self.circuit.width
        self.set_of, self.left_of, self.right_of = (np.full(width, -1) for _ in range(3))
        self.scale, self.readout = np.zeros(width), np.zeros(width)

    def add(self, place: int, neurons: np.ndarray) -> None:
        irrep, tables = self.data.irrep(place), self.circuit.centred
        first, second, third = (coefficient_matrices(irrep, tables[name][:, neurons]) for name in ("L", "R", "U"))
        straight = np.minimum(leading_shares(irrep, first), leading_shares(irrep, second)) >= RANK_BAR
        chosen = [part[straight] for part in (neurons, first, second, third)]
        for a, mine in _shared(LEADING[irrep.constituent.type], chosen[1], chosen[2], self._weights(chosen[0])):
            self._pair(place, a, *(part[mine] for part in chosen))

    def _weights(self, neurons: np.ndarray) -> np.ndarray:
        return np.asarray(self.circuit.neuron_weights[neurons])

    def _pair(
        self, place: int, a: np.ndarray, neurons: np.ndarray, first: np.ndarray, second: np.ndarray, third: np.ndarray
    ) -> None:
        """Put b and b' of neurons that share a into orbits, one rho-set for each pair of orbits.

        A neuron with -b and -b' computes relu(-t) for the relu(t) of b and b'. They differ by a linear part, which the
        pairs of an orbit cancel: both count for the same pair, with a sign.
        """
        irrep = self.data.irrep(place)
        raw = np.stack((first @ a, -(np.swapaxes(second, 1, 2) @ a)))  # b and b', (2, k, D)
        lengths = np.linalg.norm(raw, axis=2)
        unit = raw / np.maximum(lengths, 1e-300)[:, :, None]
        weights = np.tile(self._weights(neurons), 2)
        orbits, *found = _orbits(self.data, irrep, unit.reshape(-1, len(a)), weights)
        kinds, rows, signs = (each.reshape(2, -1) for each in found)
        unit *= signs[0][:, None]
        scale, turned = np.sqrt(lengths[0] * lengths[1]), signs[0] * signs[1]
        for left, right, turn in sorted({*zip(kinds[0].tolist(), kinds[1].tolist(), turned.tolist(), strict=True)}):
            mine = np.flatnonzero((kinds[0] == left) & (kinds[1] == right) & (turned == turn))
            other = turn * orbits[right]
            b, c = orbits[left][rows[0, mine]], other[rows[1, mine]]
            readout = -np.einsum("ki,kij,kj->k", b, third[mine], c)
            mine, readout = mine[readout > 0], readout[readout > 0]
            if not mine.size:
                continue
            own = neurons[mine]
            strengths = np.zeros((len(orbits[left]), len(orbits[right])))
            np.add.at(strengths, (rows[0, mine], rows[1, mine]), scale[mine] * readout)
            sides = [(unit[side, mine], rows[side, mine]) for side in (0, 1)]
            paired = left == right and turn == 1
            if paired:
                sides = [(np.concatenate((sides[0][0], sides[1][0])), np.concatenate((sides[0][1], sides[1][1])))]
            closure = max(_closure(irrep, *side) for side in sides)
            weight = float(self._weights(own).sum())
            self.set_of[own], self.left_of[own], self.right_of[own] = len(self.sets), rows[0, mine], rows[1, mine]
            self.scale[own], self.readout[own] = signs[0, mine] * scale[mine], readout
            self.sets.append(RhoSet(place, a, orbits[left], other, strengths, closure, weight, paired))

    def explanation(self) -> Explanation:
        order = sorted(range(len(self.sets)), key=lambda number: -self.sets[number].weight)
        renumbered = np.array([*np.argsort(order), -1], dtype=np.int64)  # the last for -1
        return Explanation(
            self.data, tuple(self.sets[number] for number in order), renumbered[self.set_of], self.left_of,
            self.right_of, self.scale, self.readout,
        )  # fmt: skip


def _shared(
    rank: int, first: np.ndarray, second: np.ndarray, weights: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Clusters of neurons with one a between them: the unit vector a, and the members' places."""
    if not len(first):
        return
    squares = _normed(np.swapaxes(first, 1, 2) @ first) + _normed(second @ np.swapaxes(second, 1, 2))
    spaces = np.linalg.eigh(squares)[1][:, :, -rank:]  # (k, D, rank): the span of the ua
    free = np.ones(len(first), dtype=bool)
    for _ in range(MOST_SETS):
        if not free.any():
            return
        seed = spaces[int(np.where(free, weights, -1).argmax())]
        near = free & (_affinity(spaces, seed) >= SNAP_BAR)
        middle = np.linalg.eigh(np.tensordot(weights[near], squares[near], axes=1))[1][:, -rank:]
        near = free & ((_affinity(spaces, middle) >= SNAP_BAR) | near)
        free &= ~near
        yield middle[:, -1], np.flatnonzero(near)


def _normed(matrices: np.ndarray) -> np.ndarray:
    return np.asarray(matrices / np.maximum(np.trace(matrices, axis1=1, axis2=2), 1e-300)[:, None, None])


def _affinity(spaces: np.ndarray, space: np.ndarray) -> np.ndarray:
    """Shape (k,): mean squared cosine between subspaces of one dimension."""
    return np.asarray(((np.swapaxes(spaces, 1, 2) @ space) ** 2).sum(axis=(1, 2)) / space.shape[1])


def _orbits(
    data: GroupData, irrep: RealIrrep, vectors: np.ndarray, weights: np.ndarray
) -> tuple[list[np.ndarray], np.ndarray, np.ndarray, np.ndarray]:
    """Orbits that cover the vectors up to sign; for each vector its orbit, its row there, and its sign."""
    kinds, rows, signs = np.full(len(vectors), -1), np.full(len(vectors), -1), np.ones(len(vectors), dtype=np.int64)
    orbits: list[np.ndarray] = []
    while (kinds < 0).any():
        free = kinds < 0
        seed = int(np.where(free, weights, -1).argmax())
        images, labels = orbit_of(data, irrep, vectors[seed])
        near = free & _near(vectors, images)[0]
        rows_near, signs_near = _near(vectors[near], images)[1:]
        # Bring the members home to b by the first element that moves b to them, take their mean, and its orbit.
        movers = np.unique(labels, return_index=True)[1][rows_near]
        pulls = weights[near] * signs_near
        home = np.einsum("k,kij,ki->j", pulls, irrep.matrices[movers], vectors[near], optimize=True)
        better = orbit_of(data, irrep, home)[0] if home.any() else images
        images = better if len(better) == len(images) else images
        near = free & _near(vectors, images)[0]
        near[seed] = True
        kinds[near], (rows[near], signs[near]) = len(orbits), _near(vectors[near], images)[1:]
        orbits.append(images)
    return orbits, kinds, rows, signs


def _near(vectors: np.ndarray, orbit: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whether each vector is near a member of the orbit up to sign, which one, and the sign, 1 where both would do."""
    cosines = vectors @ orbit.T
    signs = np.where(cosines.max(axis=1, initial=-1) >= -cosines.min(axis=1, initial=1) - 1e-2, 1, -1)
    cosines *= signs[:, None]
    return cosines.max(axis=1, initial=-1) >= SNAP_BAR**0.5, cosines.argmax(axis=1), signs


def _closure(irrep: RealIrrep, vectors: np.ndarray, rows: np.ndarray) -> float:
    """max over g and found b of min over found b' of |rho(g) b - b'| / |b|, b the mean direction of its vectors."""
    found = np.unique(rows)
    means = np.stack([vectors[rows == row].mean(axis=0) for row in found])
    means /= np.maximum(np.linalg.norm(means, axis=1), 1e-300)[:, None]
    cosines = means @ irrep.matrices @ means.T  # (n, b', b)
    return float(np.sqrt(np.maximum(2 - 2 * cosines.max(axis=1).min(), 0)))
