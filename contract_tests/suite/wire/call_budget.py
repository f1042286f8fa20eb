"""The care taken of a target: pace, budget of calls, patience, and what Retry-After says."""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

RESERVE = 60
"""Calls kept back from the budget so that a run can always clean up after itself."""

AFTER_STUCK = 1.5
"""Seconds of patience once a request was found stuck: the first one proved the point."""


class BudgetSpent(Exception):  # noqa: N818  # says what happened; the run stops on it
    """The run has made as many calls as it may."""


@dataclass(kw_only=True)
class CallBudget:
    """Keeps a run decent towards the target.

    Attributes:
        rate: Calls a second at most; None for no limit, until the target asks for one.
        max_calls: Calls at most in the whole run.
        patience: Seconds to wait for an asynchronous request, or for objects to become readable.
    """

    rate: float | None
    max_calls: int
    patience: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    calls: int = 0
    limited: int = 0
    cleaning: bool = False
    stuck: bool = False
    _next: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def reserve(self) -> float:
        """Take one call from the budget.

        Returns:
            Seconds to wait before it may be made.

        Raises:
            BudgetSpent: No call is left but those for cleaning up.
        """
        with self._lock:
            left = self.max_calls - self.calls - (0 if self.cleaning else min(RESERVE, self.max_calls // 4))
            if left <= 0:
                raise BudgetSpent(f"--max-calls {self.max_calls} is spent; raise it or run fewer tests")
            self.calls += 1
            if self.rate is None:
                return 0.0
            now = self.clock()
            due = max(now, self._next)
            self._next = due + 1 / self.rate
            return due - now

    @property
    def left(self) -> int:
        """Calls that are left in the budget."""
        return self.max_calls - self.calls

    def admit(self) -> None:
        """Wait until the next call may be made.

        Raises:
            BudgetSpent: No call is left.
        """
        wait = self.reserve()
        if wait > 0:
            self.sleep(wait)

    def met_limit(self) -> None:
        """Slow down, because the target has answered 429."""
        with self._lock:
            self.limited += 1
            self.rate = min(self.rate or 3.0, 3.0)

    def deadline(self) -> float:
        """Say how long to wait for something asynchronous.

        Returns:
            A time of the budget's clock.
        """
        return self.clock() + (min(self.patience, AFTER_STUCK) if self.stuck else self.patience)

    def pauses(self) -> "Pauses":
        """Say how long to wait between polls.

        Returns:
            Growing pauses in seconds: short ones where calls cost nothing, longer ones under a limit.
        """
        return Pauses(first=0.002, last=0.2) if self.rate is None else Pauses(first=0.3, last=15.0)


@dataclass(kw_only=True)
class Pauses:
    """Pauses between polls, each longer than the one before."""

    first: float
    last: float
    count: int = 0

    def next(self) -> float:
        """Tell the next pause.

        Returns:
            Seconds.
        """
        pause = min(self.last, self.first * math.pow(1.5, self.count))
        self.count += 1
        return pause
