"""The theories, one file each; importing this package registers them."""

from . import approximate_cosets, characters, cosets, random_null, rho_sets
from .theory import THEORIES, Prediction, Theory, chance

__all__ = [
    "THEORIES",
    "Prediction",
    "Theory",
    "approximate_cosets",
    "chance",
    "characters",
    "cosets",
    "random_null",
    "rho_sets",
]
