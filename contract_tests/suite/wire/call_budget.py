"""The care taken of a target: pace, calls at most, patience."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

RESERVE = 60
"""Calls kept back so that a run can always clean up after itself."""

AFTER_STUCK = 1.5
"""Seconds of patience once a request was found stuck: the first one proved the point."""

BRIEF = 3.0
"""Seconds to wait for what nobody promises."""


class BudgetSpent(Exception):  # noqa: N818  (says what happened; the run stops on it)
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

    @property
    def left(self) -> int:
        """Calls that are left."""
        return self.max_calls - self.calls

    def admit(self) -> None:
        """Take one call, and wait until it may be made.

        Raises:
            BudgetSpent: No call is left but those for cleaning up.
        """
        wait = self._reserve()
        if wait > 0:
            self.sleep(wait)

    def _reserve(self) -> float:
        with self._lock:
            if self.left - (0 if self.cleaning else min(RESERVE, self.max_calls // 4)) <= 0:
                raise BudgetSpent(f"--max-calls {self.max_calls} is spent; raise it or run fewer tests")
            self.calls += 1
            if self.rate is None:
                return 0.0
            now = self.clock()
            due = max(now, self._next)
            self._next = due + 1 / self.rate
            return due - now

    def met_limit(self) -> None:
        """Slow down, because the target has answered 429."""
        with self._lock:
            self.limited += 1
            self.rate = min(self.rate or 3.0, 3.0)

    def polls(self, *, brief: bool = False) -> Iterator[None]:
        """Say that it is time to ask, again and again until patience ends.

        Pauses grow between two questions: short ones where calls cost nothing, longer ones under a limit.
        Who is still not content when this ends has found something stuck, and the run has less patience from then on.

        Args:
            brief: Whether a few seconds are enough, since nothing is promised.
        """
        patience = min(self.patience, AFTER_STUCK) if self.stuck else self.patience
        deadline = self.clock() + (min(patience, BRIEF) if brief else patience)
        pause, longest = (0.002, 0.2) if self.rate is None else (0.3, 15.0)
        while True:
            yield
            left = deadline - self.clock()
            if left <= 0:
                break
            self.sleep(min(pause, left))
            pause = min(longest, 1.5 * pause)
        self.stuck = self.stuck or not brief
