"""Neural group actions: networks N(g, x) that obey a group's law for all weights, on any group.

Public: Actions, base; and, imported when first asked for, NeuralAction and what else LAZY names.

N(g, x) = Phi^-1(rho(g) Phi(x)), Phi an invertible network, rho a real representation. Convention, for columns x:
N(a, N(b, x)) = N(a * b, x), since rho(a * b) = rho(a) @ rho(b): b moves x first.

What the paper says beyond its abstract nobody here has read. That N is an action, what it does to volume and that its
representation can be read back are a line of algebra each, and are checked. The class is that of actions conjugate to a
linear one by the flow; that every smooth action on R^d is near to one is not claimed.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from grouptool.errors import GroupToolError
from grouptool.group import Group

from ..study import Findings, Settings, Workshop, option, study
from .bases import Base, base, contrasting

if TYPE_CHECKING:
    from .modules import NeuralAction

__all__ = ["Actions", "NeuralAction", "base"]

LAZY = {
    "modules": ("Flow", "NeuralAction", "PlainNetwork"),
    "measures": ("character_at", "displacements", "imbalance", "law", "metropolis", "volume_error"),
    "fitting": ("fit", "free_fit", "plant", "read_samples", "relative_error"),
}
"""Names that need torch, by module."""


@dataclass(frozen=True)
class Actions(Settings):
    """What is planted, what is trained on it, and how."""

    base: str = option(
        "planted",
        "Representation of the action that is trained: planted (that of the samples), choose (found from the samples "
        "alone), or words as for --planted.",
    )
    planted: str = option(
        "faithful",
        "Representation of the action that samples are made of: faithful (the smallest), regular, natural, cosets:H, "
        "matrices:FILE, real irreducible ones such as 2x2a; terms joined by ' + ', copies as in 3*1a.",
    )
    samples: str = option("", "A file with samples in place of planted ones: g (m,), x (m, d), y (m, d) in an .npz.")
    wrong: str = option("", "The wrong base; without it the one whose fixed spaces differ most.")
    coupling: str = option("additive", "Coupling layers: additive keeps volume.", choices=("additive", "affine"))
    layers: int = option(6, "Coupling layers.", least=1)
    hidden: int = option(48, "Width of their networks.", least=1)
    bend: float = option(2.0, "How far the planted action is from linear; 0 is linear.", least=0.0)
    count: int = option(0, "Samples for training; 0: 250 for each dimension, at least 1,000 (--full: 4,000).", least=0)
    steps: int = option(0, "Steps of training; 0: 100 for each dimension, at least 300 (--full: 2,500).", least=0)


def predict(group: Group | None, settings: Actions) -> dict[str, Any]:
    """From characters alone: multiplicities, fixed spaces, kernel, wrong base; nothing of a base that data choose."""
    assert group is not None
    given = None if settings.samples else base(settings.planted, group)
    named = given if settings.base in ("planted", "choose") else base(settings.base, group)
    if named is None:
        return {"base": None, "why": "it is chosen from the samples"}
    if given is not None:
        expect_dimension(named, given.dimension)
    wrong = wrong_base(named, settings.wrong)
    return {
        "base": named.spelled,
        "dimension": named.dimension,
        "character": [round(float(one), 12) + 0.0 for one in named.character],
        "fixed_dimensions": named.fixed.tolist(),
        "kernel_classes": np.flatnonzero(named.kernel).tolist(),
        "faithful": named.is_faithful,
        "volume_preserving": settings.coupling == "additive",
        "wrong_base": None if wrong is None else wrong.spelled,
        "wrong_fixed_dimensions": None if wrong is None else wrong.fixed.tolist(),
        "learnable": None if given is None else bool((named.fixed == given.fixed).all()),
    }


@study(
    "actions",
    title="Neural group actions",
    source="Spanbauer, Sciarappa (2020), Neural Group Actions, arXiv:2010.03733",
    settings=Actions,
    predict=predict,
    example="C3 --steps 60 --count 300",
)
def examine(group: Group | None, settings: Actions, predictions: dict[str, Any], workshop: Workshop) -> Findings:
    """Train a neural action, one on a wrong base and a plain network on the same samples; check all that is claimed."""
    from .judging import controls, judge
    from .showing import numbers, sentence, show_pictures, show_tables
    from .stages import measure, train

    assert group is not None
    trained = train(group, settings, workshop.say)
    workshop.say("law, volume, traces")
    measured = measure(trained, settings.seed)
    workshop.folder.write_arrays(
        "action.safetensors", {name: one.numpy() for name, one in trained.main.model.state_dict().items()}
    )
    return Findings(
        sentence(trained, measured),
        judge(trained, measured),
        controls(trained, measured),
        show_tables(trained, measured),
        show_pictures(trained, measured),
        numbers(trained, measured),
    )


def wrong_base(used: Base, words: str) -> Base | None:
    """The base that must not fit: by words, or the most contrasting one.

    Raises:
        GroupToolError: another dimension, or the same fixed spaces.
    """
    if not words:
        return contrasting(used)
    named = base(words, used.table.group, used.table)
    expect_dimension(named, used.dimension)
    if (named.fixed == used.fixed).all():
        raise GroupToolError(f"--wrong {words}: its elements fix spaces of the same dimensions as in {used.spelled}")
    return named


def expect_dimension(named: Base, dimension: int) -> None:
    """GroupToolError unless a base has as many dimensions as the samples."""
    if named.dimension != dimension:
        raise GroupToolError(
            f"the base {named.text} has {named.dimension} dimensions and the samples {dimension}; add terms, such as "
            "1a, which is a coordinate that nothing moves"
        )


def __getattr__(name: str) -> Any:
    for module, names in LAZY.items():
        if name in names:
            return getattr(import_module(f".{module}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
