"""What is measured of one network for the comparison with published figures, by the papers' own definitions.

Public: Network, measure, interventions, concentrated_share.
Shares are in percent, as the papers print them; the tables are as trained, not balanced, where a definition needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grouptool.errors import NoEvidenceError
from grouptool.representations.fourier import isotypic_energies

from ...claims import CLAIMS, Subject
from ...claims.hidden import hidden_shares, key_places, restricted_losses
from ...groupdata import GroupData
from ...reading import Circuit, cross_entropies
from ...task import Task

__all__ = ["Network", "concentrated_share", "interventions", "measure"]

CLAIMED = ("irrep-substitution", "coset-substitution", "coset-alignment", "rank-one", "neuron-purity")


@dataclass(frozen=True, eq=False)
class Network:
    """A trained network, as weights and as the circuit that they fold to."""

    data: GroupData
    task: Task
    weights: Mapping[str, np.ndarray]
    activation: str

    @property
    def circuit(self) -> Circuit:
        """As trained: neurons have the scales that training gave them."""
        return Circuit.fold(self.weights, self.activation)

    @property
    def subject(self) -> Subject:
        """Balanced, with its split, for the claims."""
        return Subject(self.data, self.circuit, self.task)


def measure(network: Network) -> dict[str, Any]:
    """Figures of one network, plain values.

    The shares of L, R and U are of their squared norms, uncentred, in the representations whose logit similarity is
    above .005, as Chughtai, Chan and Nanda define them; ``W_U centred`` leaves out the mean over the answers, which
    softmax cannot see. The excluded loss is over the training pairs, the test loss over the test pairs.
    """
    subject, circuit = network.subject, network.circuit
    data, key = network.data, key_places(subject)
    shares = {"W_U": _key_share(data, circuit.U.T, key)}
    shares["W_U centred"] = _key_share(data, subject.circuit.centred["U"], key)
    if circuit.attention is None:
        shares |= {"W_a": _key_share(data, circuit.L, key), "W_b": _key_share(data, circuit.R, key)}
    else:
        shares["W_E"] = _key_share(data, np.asarray(network.weights["embed.W_E"][: circuit.order], np.float64), key)
    hidden = hidden_shares(data, circuit, key)
    losses = restricted_losses(data, circuit, key, network.task.train)
    test = ~network.task.train
    right = subject.readout.predictions == data.group.table
    return {
        **{name: 100 * share for name, share in shares.items()},
        "hidden layer": 100 * sum(hidden.values()),
        "rho(ab)": 100 * hidden["xy"],
        "test loss": float(subject.readout.losses[test].mean()) if test.any() else None,
        "excluded loss": losses["excluded_loss"],
        "restricted loss": losses["restricted_loss"],
        "accuracy": 100 * float(right.mean()),
        "bi-equivariant share": 100 * CLAIMS["bi-equivariance"].score(subject).value,
        "share of characters": 100 * CLAIMS["character-logits"].score(subject).value,
        "concentrated neurons": concentrated_share(subject),
        "key": [data.constituents[place].name for place in key],
        "substitutions": _substitutions(subject),
        "interventions": interventions(network),
    }


def _key_share(data: GroupData, table: np.ndarray, key: list[int]) -> float:
    energies = isotypic_energies(data.constituents, table).sum(axis=1)
    return float(energies[key].sum() / max(float((table**2).sum()), 1e-300))


def _substitutions(subject: Subject) -> dict[str, float]:
    """Scores of the claims about parts that are put in, and what is left when the part is taken out."""
    found = {}
    for name in CLAIMED:
        try:
            score = CLAIMS[name].score(subject)
        except NoEvidenceError:
            continue
        found[name] = score.value
        found |= {f"{name}: {key}": value for key, value in score.details.items() if key.startswith("without_")}
    return found


def concentrated_share(subject: Subject) -> float | None:
    """Percent of the live neurons whose coset concentration is below 1, on both sides; None without subgroups.

    The concentration of f on H is the sum over cosets of the variance of f in a coset, over the variance of f (Stander
    et al.); the least over the subgroups in view (``GroupData.coset_families``).
    """
    families = subject.data.coset_families
    live = subject.circuit.neuron_weights > 1e-3 / subject.circuit.width
    if not families or not live.any():
        return None
    least = {}
    for layer in ("L", "R"):
        table = subject.circuit.centred[layer][:, live]
        variance = np.maximum((table**2).mean(axis=0), 1e-300)
        sums = np.full(table.shape[1], np.inf)
        for family in families:
            labels = family.right if layer == "L" else family.left
            cosets = table[np.argsort(labels, kind="stable").reshape(-1, family.order)]
            np.minimum(sums, cosets.var(axis=1).sum(axis=0) / variance, out=sums)
        least[layer] = sums
    return 100 * float((np.maximum(least["L"], least["R"]) < 1).mean())


def interventions(network: Network) -> dict[str, tuple[float, float]]:
    """Accuracy (percent) and loss (nats) over all pairs after each change of Stander et al.; noise in units of weights.

    Only for networks with one hidden layer of relu and concatenated embeddings; none for others.
    """
    circuit, weights = network.circuit, network.weights
    if circuit.attention is not None or circuit.activation != "relu" or not {"W_x", "W_y", "W"} <= set(weights):
        return {}
    swapped = Circuit.fold(dict(weights) | {"W_x": weights["W_y"], "W_y": weights["W_x"]}, circuit.activation)
    rng = np.random.default_rng(network.task.seed)
    left, right = circuit.L, circuit.R
    changed: dict[str, tuple[np.ndarray, np.ndarray, float, float]] = {
        "none": (left, right, 0, 0),
        "embeddings exchanged": (swapped.L, swapped.R, 0, 0),
        "both negated": (-left, -right, 0, 0),
        "left negated": (-left, right, 0, 0),
        "right negated": (left, -right, 0, 0),
        **{f"noise N({mean:g}, {sigma:g})": (left, right, mean, sigma)
           for mean, sigma in ((0, 0.1), (0, 1), (1, 1), (-1, 1))},
    }  # fmt: skip
    table = network.data.group.table
    found = {name: _answered(table, circuit.U, *change, rng=rng) for name, change in changed.items()}
    return found | {"absolute value": _answered(table, circuit.U, left, right, 0, 0, rng=rng, function=np.abs)}


def _answered(
    table: np.ndarray,
    unembedding: np.ndarray,
    left: np.ndarray,
    right: np.ndarray,
    mean: float,
    sigma: float,
    *,
    rng: np.random.Generator,
    function: Any = lambda t: np.maximum(t, 0),
) -> tuple[float, float]:
    correct, loss = 0, 0.0
    for x, row in enumerate(left):
        before = row + right + mean
        if sigma:
            before += sigma * rng.standard_normal(before.shape)
        logits = function(before) @ unembedding
        correct += int((logits.argmax(axis=1) == table[x]).sum())
        loss += float(cross_entropies(logits, table[x]).sum())
    return 100 * correct / table.size, loss / table.size
