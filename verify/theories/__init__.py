"""The theories, one file each; importing this package registers them."""

from . import characters, cosets, rho_sets
from .theory import THEORIES, Prediction, Theory

__all__ = ["THEORIES", "Prediction", "Theory", "characters", "cosets", "rho_sets"]
