"""Claim: the logits are a function of x^-1 z y^-1 that no sum of characters, and no function of the product, is."""

from __future__ import annotations

from grouptool.errors import NoEvidenceError

from .claim import CLAIMS, Score, Subject, claim


@claim(
    "beyond-characters",
    statement="a function of x^-1 z y^-1 explains the logits where characters, and functions of the product, do not",
    source="measured on released networks: .39 and .38 in the median on S5, .40 to .50 on dihedral groups. Holds from "
    "a quarter of that; below .02 nothing but noise tells the two kinds of function apart. A gap of twice the bar is "
    "as good as any",
    holds_from=0.1,
    fails_below=0.02,
    perfect=0.2,
)
def beyond_characters(subject: Subject) -> Score:
    """Bi-equivariant share minus the larger of the character share and the held-out product share.

    Says which of the accounts of logits a network follows: it holds for rho-sets and cosets in general and fails for a
    sum of characters, so no theory asks for it. Raises NoEvidenceError on abelian groups, where the two coincide.
    """
    if subject.data.group.is_abelian:
        raise NoEvidenceError(f"{subject.data.group.name} is abelian: functions of x^-1 z y^-1 are sums of characters")
    shares = {
        name: CLAIMS[claim_name].score(subject).value
        for name, claim_name in (
            ("bi_equivariance", "bi-equivariance"),
            ("characters", "character-logits"),
            ("product", "product-logits"),
        )
    }
    return Score(shares["bi_equivariance"] - max(shares["characters"], shares["product"]), shares)
