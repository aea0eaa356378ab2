"""The claims, one file each; importing this package registers them. To add one: a file, the decorator, a test."""

from . import (
    bi_equivariance,
    character_logits,
    coset_alignment,
    coset_readout,
    coset_substitution,
    irrep_embeddings,
    irrep_substitution,
    irrep_unembedding,
    layer_agreement,
    neuron_purity,
    rank_one,
    swap,
    table_accuracy,
    unleaked_accuracy,
)
from .evidence import CLAIMS, Claim, Evidence, Score, Subject, Verdict, judge

__all__ = [
    "CLAIMS",
    "Claim",
    "Evidence",
    "Score",
    "Subject",
    "Verdict",
    "bi_equivariance",
    "character_logits",
    "coset_alignment",
    "coset_readout",
    "coset_substitution",
    "irrep_embeddings",
    "irrep_substitution",
    "irrep_unembedding",
    "judge",
    "layer_agreement",
    "neuron_purity",
    "rank_one",
    "swap",
    "table_accuracy",
    "unleaked_accuracy",
]
