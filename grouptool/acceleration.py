"""When to use compiled kernels: once they are loaded, or when the work is worth loading them.

Public: use_compiled, WORTH_COMPILING.
"""

from __future__ import annotations

import os
import sys

__all__ = ["WORTH_COMPILING", "use_compiled"]

WORTH_COMPILING = 2_000_000
"""Elementary steps (a table look-up, say) from which loading numba, half a second, pays."""


def use_compiled(work: int) -> bool:
    """Whether to run the compiled kernel rather than its plain twin; the answers are the same.

    Args:
        work: an estimate of the elementary steps.

    ``GROUPTOOL_KERNELS=compiled`` or ``plain`` in the environment decides it for all work; ``auto`` is the default.
    """
    choice = os.environ.get("GROUPTOOL_KERNELS", "auto")
    if choice in ("compiled", "plain"):
        return choice == "compiled"
    return "numba" in sys.modules or work >= WORTH_COMPILING
