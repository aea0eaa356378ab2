"""Permutations and words of a presentation in the spelling of other systems.

Public: cycle_text, gap_word, wrapped.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...group import cycle_notation
from ...notation import Commutator, Conjugate, Letter, Word

__all__ = ["cycle_text", "gap_word", "wrapped"]

WIDTH = 78
"""Characters of a line, as GAP prints."""


def cycle_text(images: Sequence[int]) -> str:
    """An image list of points from 0 as disjoint cycles of points from 1, ``(1,2,3)(4,5)``; the identity is ``()``."""
    return cycle_notation(np.asarray(images))


def gap_word(node: Letter | Word | Commutator | Conjugate, letters: dict[str, str]) -> str:
    """A word as GAP reads it; ``letters`` has GAP's name for each letter."""
    if isinstance(node, Letter):
        return letters[node.name]
    if isinstance(node, Commutator):
        return f"Comm({gap_word(node.first, letters)}, {gap_word(node.second, letters)})"
    if isinstance(node, Conjugate):
        return f"{_base(node.base, letters)}^{_base(node.by, letters)}"
    powers = [_power(base, exponent, letters) for base, exponent in node.factors]
    return "*".join(powers) or f"One({next(iter(letters.values())).partition('.')[0]})"


def _power(base: Letter | Word | Commutator | Conjugate, exponent: int, letters: dict[str, str]) -> str:
    text = _base(base, letters)
    return text if exponent == 1 else f"{text}^{exponent}"


def _base(base: Letter | Word | Commutator | Conjugate, letters: dict[str, str]) -> str:
    """GAP's powers do not associate, so a word and a conjugate are bracketed."""
    text = gap_word(base, letters)
    return f"({text})" if isinstance(base, Word | Conjugate) else text


def wrapped(text: str, indent: str = "  ", width: int = WIDTH) -> str:
    """A text broken after commas, where programs take a line end for a space; lines have at most ``width`` characters.

    A run without a comma that is longer than a line stays whole.
    """
    lines, line = [], ""
    for piece in text.replace(",", ",\0").split("\0"):
        if line and len(line) + len(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line, piece = indent, piece.lstrip()
        line += piece
    return "\n".join([*lines, line])
