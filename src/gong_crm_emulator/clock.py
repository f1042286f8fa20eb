"""The emulator's clock, which can be frozen and stepped."""

from __future__ import annotations

import time


class Clock:
    """Seconds since 1970 that run with the machine, or stand still until they are stepped."""

    def __init__(self, *, frozen: bool = False) -> None:
        self._offset = 0.0
        self._frozen_at: float | None = time.time() if frozen else None

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still."""
        return self._frozen_at is not None

    def now(self) -> float:
        """Give the time."""
        return time.time() + self._offset if self._frozen_at is None else self._frozen_at

    def freeze(self) -> None:
        """Stop the clock where it is."""
        self._frozen_at = self.now()

    def run(self) -> None:
        """Let the clock run on from where it is."""
        now = self.now()
        self._frozen_at = None
        self._offset = now - time.time()

    def step(self, seconds: float) -> None:
        """Move the clock forward, frozen or not.

        Raises:
            ValueError: If `seconds` is negative or no finite number.
        """
        if not 0 <= seconds < 10**10:
            raise ValueError("The clock steps forward by 0 to 10,000,000,000 seconds.")
        if self._frozen_at is None:
            self._offset += seconds
        else:
            self._frozen_at += seconds
