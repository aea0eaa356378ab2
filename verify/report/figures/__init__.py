"""The pictures of a report, one function each: plain objects in, a matplotlib figure with caption and numbers out."""

from .graphs import cayley
from .logits import class_logits
from .neurons import gallery
from .representations import energy_bars, purity_histogram
from .subgroups import lattice
from .training import curves, measures

__all__ = [
    "cayley",
    "class_logits",
    "curves",
    "energy_bars",
    "gallery",
    "lattice",
    "measures",
    "purity_histogram",
]
