"""When to use compiled kernels: once they are loaded, or when the work is worth loading them.

Public: use_compiled, plain_kernels, WORTH_COMPILING.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["WORTH_COMPILING", "plain_kernels", "use_compiled"]

WORTH_COMPILING = 2_000_000
"""Elementary steps (a table look-up, say) from which loading numba, half a second, pays."""


_PLAIN = ContextVar("plain", default=False)


@contextmanager
def plain_kernels() -> Iterator[None]:
    """Within it the plain twins do all work, so a search stops at the same place whether kernels are loaded or not.

    For small work beside the question, which is not worth loading them.
    """
    token = _PLAIN.set(True)
    try:
        yield
    finally:
        _PLAIN.reset(token)


def use_compiled(work: int) -> bool:
    """Whether to run the compiled kernel rather than its plain twin; the answers are the same.

    Args:
        work: an estimate of the elementary steps.

    ``GROUPTOOL_KERNELS=compiled`` or ``plain`` in the environment decides it for all work; ``auto`` is the default.
    """
    choice = "plain" if _PLAIN.get() else os.environ.get("GROUPTOOL_KERNELS", "auto")
    if choice in ("compiled", "plain"):
        return choice == "compiled"
    return "numba" in sys.modules or work >= WORTH_COMPILING
