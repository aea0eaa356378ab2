"""Claim: the embeddings live in the irreducible representations that the logits use."""

from __future__ import annotations

from typing import Any

import numpy as np

from .claim import Score, Subject, claim

KEY_SIMILARITY = 0.005
"""Logit similarity above which an irreducible representation is key (Chughtai et al., section 5)."""


def key_share(subject: Subject, layer: str) -> tuple[float, dict[str, Any]]:
    """Share of the centred energy of a layer in the key constituents, in [0, 1], and the shares of all of them."""
    energies = subject.energies[layer].sum(axis=1)
    shares = energies / max(float((subject.circuit.centred[layer] ** 2).sum()), 1e-300)
    key = subject.logit_similarities > KEY_SIMILARITY
    names = np.array([one.name for one in subject.data.constituents])
    return float(shares[key].sum()), {
        "key": names[key].tolist(),
        "shares": {name: round(float(share), 6) for name, share in zip(names, shares, strict=True)},
    }


@claim(
    "irrep-embeddings",
    statement="L and R lie in the irreducible representations that are key to the logits",
    source="Chughtai, Chan, Nanda (2023), arXiv:2302.03025, table 2: 99.0 to 100 %",
    holds_from=0.95,
    fails_below=0.8,
)
def irrep_embeddings(subject: Subject) -> Score:
    """The smaller of the shares of L and R (each neuron centred) in the key irreducible representations."""
    (left, details), (right, right_details) = key_share(subject, "L"), key_share(subject, "R")
    return Score(
        min(left, right),
        {
            "L": left,
            "R": right,
            "key": details["key"],
            "shares_L": details["shares"],
            "shares_R": right_details["shares"],
        },
    )
