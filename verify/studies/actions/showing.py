"""What is shown of neural group actions: tables, pictures, a sentence, numbers.

Public: numbers, sentence, show_pictures, show_tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..study import Picture, Table
from . import pictures
from .bases import base_of
from .judging import FIT, WRONG, agreement

if TYPE_CHECKING:
    from .stages import Measured, Trained

__all__ = ["numbers", "sentence", "show_pictures", "show_tables"]

MOST_CLASSES = 40
MOST_ELEMENTS = 60
LAW = (
    "The law error is the largest entry of N(a, N(b, x)) - N(a*b, x), x ~ N(0, 1); the volume error the largest "
    "|log|det DN||."
)


def sentence(trained: Trained, measured: Measured) -> str:
    """For a person."""
    used, main, plain, wrong = trained.used, trained.main, trained.plain, trained.wrong_fit
    laws = measured.laws
    what = "the samples of the file" if trained.given is None else "the planted action"
    others = [f"plain network {plain.error:.1e}"] + ([] if wrong is None else [f"wrong base {wrong.error:.2g}"])
    if main.unseen is not None and plain.unseen is not None:
        others.append(f"on elements without samples {main.unseen:.1e}, plain network {plain.unseen:.2g}")
    back = "reads back exactly" if agreement(used, measured.read) == 1 else "does not read back"
    obeyed, broken = laws[f"action, {trained.coupling}"].worst, laws["plain network"].worst
    return (
        f"A neural action of {trained.group.name} on R^{used.dimension} through {used.spelled} "
        f"({'' if used.is_faithful else 'not '}faithful) obeys the law to {obeyed:.0e}, a plain network of equal size "
        f"to {broken:.1g}; it fits {what} to {main.error:.1e} of the variance ({', '.join(others)}); its "
        f"representation {back} from its derivative."
    )


def numbers(trained: Trained, measured: Measured) -> dict[str, Any]:
    """Beside those of the tables."""
    chosen = trained.chosen
    law = next(iter(measured.laws.values()))
    return {
        "base": trained.used.spelled,
        "planted": None if trained.given is None else trained.given.spelled,
        "chosen": None if chosen.counts is None else base_of(chosen.counts, trained.used.table).spelled,
        "why_unknown": chosen.why,
        "pairs": law.count,
        "all_pairs": law.relators is None,
        "curves": {name: [list(point) for point in one.curve] for name, one in trained.fits.items()},
    }


def show_tables(trained: Trained, measured: Measured) -> tuple[Table, ...]:
    """The models, and the representation by class."""
    bases = {"plain network": None, "action, wrong base": trained.wrong}
    models = []
    for name, one in trained.fits.items():
        base = bases.get(name, trained.used)
        models.append({
            "model": name,
            "base": None if base is None else base.spelled,
            "weights": one.weights,
            "test error": _short(one.error),
            "unseen elements": _short(one.unseen),
            "law error": _short(measured.laws[name].worst),
            "volume error": _short(measured.volumes.get(name)),
        })  # fmt: skip
    table, chosen = trained.used.table, trained.chosen
    classes = [
        {
            "class": table.classes.labels[i] if table.group.degree <= 12 else i,
            "order": int(table.classes.element_orders[i]),
            "size": int(table.classes.sizes[i]),
            "character": _trace(trained.used.character[i]),
            "trace read": _trace(measured.read[i]),
            "from data alone": None if chosen.traces is None else _trace(chosen.traces[i]),
            "fixed dimension": int(trained.used.fixed[i]),
            "in kernel": bool(trained.used.kernel[i]),
            "moved": _short(measured.moved[i]),
        }
        for i in range(min(len(table), MOST_CLASSES))
    ]
    return (
        Table(
            "Models on the same samples", models,
            "Errors of the fit are relative to the variance, of elements that training has samples of and of others. "
            + LAW,
        ),
        Table(
            "The representation, by class", classes,
            "Trace read: of the trained network's derivative at its fixed point. From data alone: with no base given. "
            "Moved: mean square displacement, relative to the points'.",
        ),
    )  # fmt: skip


def show_pictures(trained: Trained, measured: Measured) -> tuple[Picture, ...]:
    """Learning, orbits, traces, and the law pair by pair where all pairs were looked at."""
    curves = {name: one.curve for name, one in trained.fits.items()}
    images, names = _orbits(trained)
    labels = [str(one) for one in trained.used.table.classes.element_orders]
    shown = (f"action, {trained.coupling}", "plain network")
    found = [
        Picture(
            "fits", "Learning",
            "Test error against steps; all models saw the same samples. Dashed: what counts as learned. Dotted: what a "
            "wrong base must stay above.",
            lambda: pictures.fits(curves, FIT.holds_from, WRONG.holds_from),
        ),
        Picture(
            "orbits", "Where points go",
            "Images of a few points under the elements, two of their coordinates. A ring is where the sampled action "
            "takes the point, a dot where the trained one does; crosses are the model on the wrong base.",
            lambda: pictures.orbits(*images, names),
        ),
        Picture(
            "traces", "The representation, read back",
            "Bars: the character of the base, by class. Dots: traces of the trained network's derivative at its fixed "
            "point. Crosses: traces that were found from the samples alone, with no base given.",
            lambda: pictures.traces(labels, trained.used.character, measured.read, trained.chosen.traces),
        ),
    ]  # fmt: skip
    tables = {name: table for name in shown if (table := measured.laws[name].table) is not None}
    if tables:
        found.append(Picture(
            "law", "The law, pair by pair",
            "Each cell is a pair of elements: how far moving a point by b and then by a is from moving it by a*b. The "
            "action obeys the law to rounding, whatever it has learned.",
            lambda: pictures.law_maps(tables),
        ))  # fmt: skip
    return tuple(found)


def _orbits(trained: Trained) -> tuple[tuple[Any, Any, Any], tuple[str, str]]:
    """Images by what was sampled, by the action and by the one on a wrong base, shape (points, m, d) or None; names.

    Four test points under at most 60 elements; of a file, 40 test samples as they are.
    """
    import torch

    g, x, y = trained.samples.part(test=True)
    wrong = None if trained.wrong_fit is None else trained.wrong_fit.model
    with torch.no_grad():
        if trained.truth is None:
            few = slice(0, 40)
            found = [None if one is None else one(g[few], x[few])[None] for one in (trained.action, wrong)]
            found, names = [y[few][None], *found], ("samples of the file", "trained action")
        else:
            order = trained.group.order
            chosen = torch.from_numpy(np.unique(np.linspace(0, order - 1, min(order, MOST_ELEMENTS)).astype(np.int64)))
            found = [
                None if one is None else torch.stack([one(chosen, point.expand(len(chosen), -1)) for point in x[:4]])
                for one in (trained.truth, trained.action, wrong)
            ]
            names = ("planted action", "trained action")
    first, second, third = (None if one is None else one.numpy() for one in found)
    return (first, second, third), names


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.3g}")


def _trace(value: float) -> float:
    return round(float(value), 6) + 0.0
