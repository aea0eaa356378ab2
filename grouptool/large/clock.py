"""A budget of seconds that long computations ask as they go.

Public: Clock.
"""

from __future__ import annotations

import time

from ..errors import BudgetSpentError

__all__ = ["Clock"]


class Clock:
    """Counts down from a number of seconds of wall time."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.end = time.monotonic() + seconds

    def check(self, question: str) -> None:
        """Stop when the time is over.

        Raises:
            BudgetSpentError: ``question`` is still open.
        """
        if time.monotonic() > self.end:
            raise BudgetSpentError(
                f"stopped after {self.seconds:g} seconds (budget): {question} is still unknown; raise the budget"
            )
