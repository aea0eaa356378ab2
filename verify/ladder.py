"""The substitution ladder: the network with more and more of it replaced by an account's own words, beside controls.

Public: Rung, substitution_ladder.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from grouptool.errors import NoEvidenceError

from .claims import Subject
from .claims.coset_substitution import coset_means
from .claims.coset_tables import coset_tables, random_partitions
from .claims.irrep_substitution import irrep_parts, random_subspaces
from .claims.rho_set_logits import explained
from .reading import Circuit, cross_entropies

__all__ = ["Rung", "substitution_ladder"]

Rng = np.random.Generator


@dataclass(frozen=True)
class Rung:
    """One substitution.

    Attributes:
        name, theory: what was put in, and whose account it is. accuracy: on all pairs. loss: mean over all pairs, nats.
        agreement: share of the pairs with the network's own answer. explained: share of the centred logits' variance,
            at most 1, with nothing refitted. control_accuracy, control_explained: of a matched random substitution.
    """

    name: str
    theory: str
    accuracy: float
    loss: float
    agreement: float
    explained: float
    control_accuracy: float
    control_explained: float

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    def to_row(self) -> dict[str, str]:
        """A line of the printed table."""
        shown = {"replaced": self.name, "account": self.theory, "accuracy": f"{self.accuracy:.4f}"}
        shown |= {
            "loss": f"{self.loss:.1e}",
            "agreement": f"{self.agreement:.4f}",
            "explained": f"{self.explained:.4f}",
        }
        return shown | {"control": f"{self.control_accuracy:.4f}", "explains": f"{self.control_explained:.4f}"}


def substitution_ladder(subject: Subject, rng: Rng) -> tuple[Rung, ...]:
    """All rungs that can be made of a network; those about cosets are left out where there are none.

    L, R and U in each neuron's representation; L and R by coset means; all by coset tables; all by rho-sets, neuron by
    neuron; then logits: by the idealised rho-sets, by the best sum of characters, by the best function of x^-1 z y^-1.
    Logits of the last three kinds are right whenever 1 has the largest value: there the explained share is what counts,
    and the control permutes the function's values off 1.

    Args:
        rng: draws the controls. Cost: two passes over all logits for each rung with neurons.
    """
    if not subject.readout.variance:
        return ()
    neurons: list[tuple[str, str, Callable[[], Circuit], Callable[[], Circuit]]] = [
        ("L, R, U in one representation", "characters", lambda: irrep_parts(subject),
         lambda: random_subspaces(subject, rng)),
        ("L, R by coset means", "cosets", lambda: coset_means(subject),
         lambda: random_partitions(subject, rng, readout=False)),
        ("L, R, U by coset tables", "cosets", lambda: coset_tables(subject),
         lambda: random_partitions(subject, rng, readout=True)),
        ("neurons by rho-sets", "rho-sets", lambda: subject.explanation.neurons(),
         lambda: subject.explanation.shuffled(rng)),
    ]  # fmt: skip
    rungs = []
    for name, theory, made, control in neurons:
        try:
            rungs.append(Rung(name, theory, *_compared(subject, made()), *_compared(subject, control())[::3]))
        except NoEvidenceError:
            continue
    functions = [
        ("logits by characters", "characters", _character_sum(subject)),
        ("logits by x^-1 z y^-1", "rho-sets", subject.readout.quotient_function),
    ]
    with suppress(NoEvidenceError):  # rho-sets are read from relu networks only
        functions.insert(0, ("logits by rho-sets", "rho-sets", subject.explanation.quotient_function()))
    for name, theory, function in functions:
        moved = np.concatenate((function[:1], rng.permutation(function[1:])))
        rungs.append(Rung(name, theory, *_judged(subject, function), *_judged(subject, moved)[::3]))
    return tuple(rungs)


def _compared(subject: Subject, made: Circuit) -> tuple[float, float, float, float]:
    """Accuracy, loss, agreement, explained share of a substitute network."""
    circuit, table, n = subject.circuit, subject.data.group.table, subject.circuit.order
    right = same = 0
    losses = gap = 0.0
    for x, ((_, logits), (_, own)) in enumerate(zip(made.rows(), circuit.rows(), strict=True)):
        answers = logits.argmax(axis=1)
        right += int((answers == table[x]).sum())
        same += int((answers == subject.readout.predictions[x]).sum())
        losses += float(cross_entropies(logits, table[x]).sum())
        change = own - logits
        gap += float(((change - change.mean(axis=1, keepdims=True)) ** 2).sum())
    return right / n**2, losses / n**2, same / n**2, 1 - gap / subject.readout.variance


def _judged(subject: Subject, function: np.ndarray) -> tuple[float, float, float, float]:
    """The same for logits function(x^-1 z y^-1)."""
    group = subject.data.group
    answers = group.table[group.table[:, int(function.argmax())]]  # row x, column y: x g y
    return (
        float((answers == group.table).mean()),
        float(cross_entropies(function[None], np.array([0]))[0]),
        float((answers == subject.readout.predictions).mean()),
        explained(subject, function),
    )


def _character_sum(subject: Subject) -> np.ndarray:
    """Shape (n,), nats: the sum of characters next to the logits, each with its least-squares coefficient."""
    values = np.stack([one.character for one in subject.data.constituents])[:, subject.data.classes.class_of]
    coefficients = values @ subject.readout.quotient_function / (values**2).sum(axis=1)
    return np.asarray(coefficients @ values)
