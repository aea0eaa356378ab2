"""rho-sets: rank-one matrix coefficients whose vectors form a finite orbit; logits a function of x^-1 z y^-1."""

from __future__ import annotations

from collections.abc import Mapping

from ..evidence import Evidence
from ..groupdata import GroupData
from .theory import Prediction, chance, theory


def find(prediction: Prediction, evidence: Mapping[str, Evidence]) -> str:
    """The rho-sets in the weights beside the predicted sizes."""
    orbits = evidence.get("rho-set-orbits")
    found = orbits.details.get("rho_sets", []) if orbits is not None else []
    if not found:
        return "no rho-set was looked for" if orbits is None else "no rho-set is in the weights"
    smallest = {row["name"]: row["orbit"] for row in prediction.details.get("representations", [])}
    shown = []
    for one in found[:4]:
        name, size = one["representation"], one["orbit"]
        note = "as predicted" if smallest.get(name) == size else f"predicted {smallest.get(name, 'none')}"
        shown.append(f"{name} with |B| = {size} ({note}, {one['pairs_present']:.0%} of the pairs, {one['weight']:.0%})")
    return "; ".join(shown)


@theory(
    "rho-sets",
    title="rho-set account",
    source="Wu, Jaburi, Drori, Gross (2024), arXiv:2410.07476",
    claims=(
        "bi-equivariance",
        "rho-set-logits",
        "rho-set-substitution",
        "rho-set-orbits",
        "rank-one",
        "irrep-substitution",
        "neuron-purity",
        "layer-agreement",
        "table-accuracy",
    ),
    needs=("rho-set-substitution", "rank-one", "neuron-purity"),
    find=find,
)
def predict(data: GroupData, hidden: int) -> Prediction:
    """The smallest orbit B of a vector in each representation, the least index of a subgroup with a fixed vector.

    The exact circuit takes one neuron for each pair of B x B; a representation with |B|^2 neurons above the width is
    predicted not to be learned completely.
    """
    rows = [
        {
            "name": one.name,
            "orbit": int(orbit),
            "neurons": int(orbit) ** 2,
            "fits": bool(int(orbit) ** 2 <= hidden),
            "faithful": one.is_faithful,
        }
        for one, orbit in zip(data.constituents, data.least_orbits, strict=True)
    ]
    fitting = [f"{row['name']} (|B| = {row['orbit']})" for row in rows if row["fits"]]
    why = f"complete within {hidden} neurons: {', '.join(fitting) if fitting else 'none'}"
    return Prediction(True, why, {"representations": rows, "bi_equivariant_share": 1.0, "chance": chance(data)})
