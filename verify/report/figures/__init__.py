"""The pictures of a report, one function each: plain objects in, a matplotlib figure with caption and numbers out."""

from .cayley import cayley
from .lattice import lattice
from .logits import class_logits
from .neurons import gallery
from .representations import energy_bars, purity_histogram
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
