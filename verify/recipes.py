"""How networks are trained: the recipes by name and from a file, and the settings of the papers, without torch.

Public: Recipe, RECIPES, MEMORISE, read_recipe, Published, published_settings.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from grouptool import group
from grouptool.errors import InputFileError
from grouptool.group import Group
from grouptool.structure.isomorphism import find_isomorphism

__all__ = [
    "MEMORISE",
    "PLATEAU_BLOCKS",
    "PLATEAU_MOVE",
    "RECIPES",
    "TRANSFORMER_RATES",
    "Initialisation",
    "Published",
    "Recipe",
    "published_settings",
    "read_recipe",
]

PLATEAU_BLOCKS = 5
PLATEAU_MOVE = 0.005
LARGEST_FILE = 100_000
Initialisation = Literal["normal", "torch", "gpt2"]


@dataclass(frozen=True)
class Recipe:
    """How a network is trained: AdamW on the full batch, and when to stop. No rule sees a test pair.

    Attributes:
        learning_rate, weight_decay, betas: of AdamW (decoupled decay).
        coupled: Adam with weight decay as a term of the gradient (L2) instead.
        decay_steps: weight decay falls linearly to 0 over so many steps; None keeps it.
        project: remove from each gradient its component along the weight (orthogonal gradient).
        max_steps: step budget.
        block: metrics and stopping rules look once in so many steps.
        stop_below: stop when the median training loss of a block is below this, nats.
        plateau: stop when over PLATEAU_BLOCKS blocks the median training loss fell by less than a tenth and the norm of
            all weights stayed within PLATEAU_MOVE of its least.
        total_steps: step budget over this recipe and its fallback together; None sets none.
        fallback: the recipe to go on with when ``fallback_step`` is reached with a loss above ``fallback_above``.
        initialisation: of the weights, see ``verify.networks.initial_weights``.
        fraction: share of the pairs that are trained on; None leaves it to the order of the group.
    """

    name: str
    learning_rate: float
    weight_decay: float
    max_steps: int
    betas: tuple[float, float] = (0.9, 0.98)
    coupled: bool = False
    decay_steps: int | None = None
    project: bool = False
    block: int = 100
    stop_below: float = 0.0
    plateau: bool = False
    fallback: str | None = None
    fallback_step: int = 0
    fallback_above: float = math.inf
    total_steps: int | None = None
    initialisation: Initialisation = "normal"
    fraction: float | None = None

    @property
    def longest(self) -> int:
        """Most steps that training can take, the fallback's included."""
        after = self.total_steps is None and self.fallback is not None
        return self.total_steps or self.max_steps + (RECIPES[str(self.fallback)].max_steps if after else 0)


RECIPES = {
    recipe.name: recipe
    for recipe in (
        # Lr 3e-2 instead of the published 1e-3, all else equal: S5 in 1,200 to 2,700 steps (references/training_speed).
        Recipe("default", learning_rate=3e-2, weight_decay=1.0, max_steps=5_000, plateau=True),
        # Orthogonal gradients: Prieto et al., Grokking at the edge of numerical stability (2025), arXiv:2501.04697.
        Recipe(
            "fast",
            learning_rate=1e-2,
            weight_decay=0.1,
            max_steps=1_000,
            decay_steps=500,
            project=True,
            block=50,
            stop_below=1e-4,
            fallback="default",
            fallback_step=500,
            fallback_above=0.1,
        ),
        # Chughtai, Chan, Nanda (2023), arXiv:2302.03025: lr 1e-3, weight decay 1, 250,000 epochs.
        Recipe("published", learning_rate=1e-3, weight_decay=1.0, max_steps=250_000, block=3_000, plateau=True),
        # Stander, Yu, Fan, Biderman (2023), arXiv:2312.06581: torch's own initial weights, 40 % of the pairs.
        Recipe(
            "stander",
            learning_rate=1e-3,
            weight_decay=1.0,
            max_steps=250_000,
            block=3_000,
            plateau=True,
            initialisation="torch",
            fraction=0.4,
        ),
        # Wu, Jaburi, Drori, Gross (2024), arXiv:2410.07476: Adam with an L2 term of 2e-4, 25,000 epochs, 40 %.
        Recipe(
            "wu",
            learning_rate=1e-2,
            weight_decay=2e-4,
            max_steps=25_000,
            betas=(0.9, 0.999),
            coupled=True,
            block=500,
            plateau=True,
            fraction=0.4,
        ),
    )
}

TRANSFORMER_RATES = {"default": 1e-2}
"""Learning rates of transformers in place of a recipe's: at 3e-2 they do not even fit the training pairs.

Measured: A5 in 830 steps and C31 in 500 at 1e-2; C31 not in 1,200 steps at 3e-3.
"""

MEMORISE = Recipe("memorise", learning_rate=1e-2, weight_decay=0.0, max_steps=1_000, block=50, stop_below=1e-3)
"""For the control that is trained on shuffled answers: no decay, stop once they are fitted."""


# -- what the papers set for each group


@dataclass(frozen=True)
class Published:
    """What a paper's released configuration sets for one group.

    Attributes:
        recipe: name in ``RECIPES``. group: a specification. network: ``mlp`` or ``transformer``.
        fraction: share of the pairs. max_steps: epochs. embedding, hidden: sizes.
    """

    recipe: str
    group: str
    network: str
    fraction: float
    max_steps: int
    embedding: int = 256
    hidden: int = 128

    @property
    def initialisation(self) -> Initialisation | None:
        """In place of the recipe's: the transformers are TransformerLens', with its initial weights."""
        return "gpt2" if self.network == "transformer" else None


def _rows(recipe: str, network: str, sizes: tuple[int, int], *rows: tuple[str, float, int]) -> tuple[Published, ...]:
    return tuple(Published(recipe, spec, network, share, steps, *sizes) for spec, share, steps in rows)


PUBLISHED = (
    # cfg.json of the released runs (the paper's appendix says 40 % and 250,000 throughout)
    *_rows(
        "published",
        "mlp",
        (256, 128),
        ("C113", 0.3, 250_000),
        ("C118", 0.3, 250_000),
        ("D59", 0.3, 250_000),
        ("D61", 0.3, 250_000),
        ("S5", 0.4, 250_000),
        ("S6", 0.25, 250_000),
        ("A5", 0.5, 250_000),
    ),
    *_rows(
        "published",
        "transformer",
        (128, 512),
        ("C113", 0.3, 50_000),
        ("C118", 0.3, 50_000),
        ("D59", 0.3, 100_000),
        ("D61", 0.3, 100_000),
        ("S5", 0.6, 50_000),
        ("S6", 0.4, 20_000),
        ("A5", 0.6, 250_000),
    ),
    *_rows("stander", "mlp", (256, 128), ("S5", 0.4, 250_000)),
    *_rows("stander", "mlp", (512, 256), ("S6", 0.4, 50_000)),
    *_rows("wu", "mlp", (256, 128), ("S4", 0.4, 25_000), ("S5", 0.4, 25_000), ("A5", 0.4, 25_000)),
)


def published_settings(recipe: str, made: Group, network: str) -> Published | None:
    """What a paper sets for a group, however it is given: the row of an isomorphic group; None without one."""
    for row in PUBLISHED:
        if (row.recipe, row.network) == (recipe, network):
            theirs = group(row.group)
            if theirs.order == made.order and find_isomorphism(theirs, made) is not None:
                return row
    return None


# -- a recipe of one's own


def read_recipe(path: str | Path) -> Recipe:
    """The recipe in a TOML file: fields of ``Recipe``; learning_rate, weight_decay and max_steps must be there.

    The name is the file's, unless the file has one.

    Raises InputFileError: no such file, no TOML, an unknown field, or a value that makes no sense, which it names.
    """
    file = Path(path)
    try:
        if file.exists() and not file.is_file():
            raise InputFileError(f"{file} is no ordinary file")
        if file.stat().st_size > LARGEST_FILE:
            raise InputFileError(f"{file} has more than {LARGEST_FILE:,} bytes, too many for a recipe")
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        if isinstance(error, InputFileError):
            raise
        raise InputFileError(f"cannot read the recipe {file}: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise InputFileError(f"{file} is no TOML file: {(str(error).splitlines() or ['?'])[0][:200]}") from None
    known = [one.name for one in fields(Recipe)]
    for name, value in found.items():
        if name not in known:
            raise InputFileError(f"{file}: a recipe has no field {name[:60]!r}; fields: {', '.join(known)}")
        fits, expected = _CHECKS[name]
        if not fits(value):
            raise InputFileError(f"{file}: {name} is {str(value)[:60]!r}; expected {expected}")
    if missing := [name for name in ("learning_rate", "weight_decay", "max_steps") if name not in found]:
        raise InputFileError(f"{file}: a recipe needs {', '.join(missing)}")
    if "fallback" not in found and {"fallback_step", "fallback_above"} & set(found):
        raise InputFileError(f"{file}: fallback_step and fallback_above need a fallback, one of {', '.join(RECIPES)}")
    if "betas" in found:
        found["betas"] = tuple(map(float, found["betas"]))
    return Recipe(**{"name": file.stem[:60]} | found)


Check = tuple[Callable[[Any], bool], str]


def _number(least: float, most: float, *, inclusive: bool = True) -> Check:
    def fits(value: Any) -> bool:
        real = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        return real and (least <= value if inclusive else least < value) and value <= most

    return fits, f"a number {'from' if inclusive else 'above'} {least:g} up to {most:g}"


def _whole(least: int, most: int) -> Check:
    def fits(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    return fits, f"a whole number from {least:,} to {most:,}"


def _choice(*names: str) -> Check:
    return (lambda value: isinstance(value, str) and value in names), f"one of {', '.join(names)}"


def _are_betas(value: Any) -> bool:
    fits, _ = _number(0, 1)
    return isinstance(value, list) and len(value) == 2 and all(fits(one) and one < 1 for one in value)


_SWITCH: Check = (lambda value: isinstance(value, bool)), "true or false"
_MOST_STEPS = 10_000_000
_CHECKS: dict[str, Check] = {
    "name": ((lambda value: isinstance(value, str) and 0 < len(value) <= 60), "a short text"),
    "learning_rate": _number(0, 10, inclusive=False),
    "weight_decay": _number(0, 100),
    "max_steps": _whole(1, _MOST_STEPS),
    "betas": (_are_betas, "two numbers from 0 up to, without, 1"),
    "coupled": _SWITCH,
    "decay_steps": _whole(1, _MOST_STEPS),
    "project": _SWITCH,
    "block": _whole(1, _MOST_STEPS),
    "stop_below": _number(0, 100),
    "plateau": _SWITCH,
    "fallback": _choice(*RECIPES),
    "fallback_step": _whole(0, _MOST_STEPS),
    "fallback_above": _number(0, 1e6),
    "total_steps": _whole(1, _MOST_STEPS),
    "initialisation": _choice("normal", "torch", "gpt2"),
    "fraction": _number(0, 1, inclusive=False),
}
