"""Proofs that a finitely presented group is infinite."""

from __future__ import annotations

from ..notation import Presentation

__all__ = ["infinity_proof"]


def infinity_proof(given: Presentation) -> str | None:
    return None
