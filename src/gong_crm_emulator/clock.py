"""The emulator's clock, which can be frozen and stepped."""

from __future__ import annotations

import time
from typing import Final

_END: Final = 253_402_300_799
"""The last second of the year 9999, beyond which no date can be written."""


class Clock:
    """Seconds since 1970 that run with the machine, or stand still until they are stepped.

    Attributes:
        ahead: Seconds that a running clock is ahead of the machine's.
        frozen_at: Where a frozen clock stands, or None for a running one.
    """

    def __init__(self, *, frozen: bool = False) -> None:
        self.ahead = 0.0
        self.frozen_at: float | None = time.time() if frozen else None
        self._stepped = 0.0
        self._latest = 0.0

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still."""
        return self.frozen_at is not None

    def now(self) -> float:
        """Give the time in seconds since 1970, never an earlier one than before.

        When the machine's clock is set back this one goes on from where it was: what has ended stays ended.
        """
        if self.frozen_at is not None:
            return self.frozen_at
        now = time.time() + self.ahead
        if now < self._latest:
            self.ahead += self._latest - now
            now = self._latest
        self._latest = now
        return now

    def lived(self) -> float:
        """Give a number of seconds that never stands still and never goes back: those of the machine and all steps.

        The rate limit lives by it, since a caller who waits as it was asked to has to get on under a frozen clock.
        """
        return time.monotonic() + self._stepped

    def freeze(self) -> None:
        """Stop the clock where it is."""
        self.frozen_at = self.now()

    def run(self) -> None:
        """Let the clock run on from where it is."""
        self.ahead = self.now() - time.time()
        self.frozen_at = None

    def step(self, seconds: float) -> None:
        """Move the clock forward, frozen or not.

        Raises:
            ValueError: If `seconds` is negative or no finite number, or leads beyond the year 9999.
        """
        if not 0 <= seconds < 10**10:
            raise ValueError("The clock steps forward by 0 to 10,000,000,000 seconds.")
        if self.now() + seconds > _END:
            raise ValueError("The clock does not go beyond the year 9999.")
        self._stepped += seconds
        if self.frozen_at is None:
            self.ahead += seconds
        else:
            self.frozen_at += seconds

    def set(self, *, ahead: float, frozen_at: float | None) -> None:
        """Go to where a state that was kept had left the clock."""
        self.ahead, self.frozen_at, self._latest = ahead, frozen_at, 0.0
