"""A clock that leaps over the waits of a run, and takes the clock of the emulator along."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

SHORTEST: Final = 0.01
"""Seconds of the shortest wait that is leapt over; a shorter one costs less than the leap."""


@dataclass(kw_only=True)
class LeapingClock:
    """Time as a run sees it: that of the machine, and every leap.

    Attributes:
        step: Moves the clock of the server, so that as much time passes for it as for the run.
        leapt: Seconds that were leapt over.
    """

    step: Callable[[float], None]
    leapt: float = 0.0

    def now(self) -> float:
        """Give the time, as ``time.monotonic`` does."""
        return time.monotonic() + self.leapt

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        if seconds < SHORTEST:
            time.sleep(seconds)
            return
        self.step(seconds)
        self.leapt += seconds
