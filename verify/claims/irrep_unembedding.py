"""Claim: the unembedding lives in the irreducible representations that the logits use."""

from __future__ import annotations

from .claim import Score, Subject, claim
from .irrep_embeddings import key_share


@claim(
    "irrep-unembedding",
    statement="U lies in the irreducible representations that are key to the logits",
    source="Chughtai, Chan, Nanda (2023), arXiv:2302.03025, table 2: 93.3 to 98.5 %; about 99 % when centred over z",
    holds_from=0.9,
    fails_below=0.7,
)
def irrep_unembedding(subject: Subject) -> Score:
    """The share of U, centred over the answers because softmax ignores the mean, in the key representations."""
    share, details = key_share(subject, "U")
    return Score(share, {"key": details["key"], "shares_U": details["shares"]})
