"""The company's rate limit: calls a second and calls a day."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_DAY: Final = 86_400.0
_IDLE_REMAINING: Final = 17
"""What `x-ratelimit-remaining` said in 36 of 37 recordings, and says here while no limit is on."""


class _Bucket:
    """Tokens that come back evenly."""

    def __init__(self, size: float, *, each: float, now: float) -> None:
        self.size = size
        self.tokens = size
        self.each = each
        self.filled = now

    def fill(self, now: float) -> None:
        self.tokens = min(self.size, self.tokens + max(0.0, now - self.filled) / self.each)
        self.filled = now

    def wait(self) -> float:
        """Say how many seconds are missing to a whole token; a rounding error is none."""
        return 0.0 if self.tokens > 1 - 1e-9 else (1 - self.tokens) * self.each


class RateLimit:
    """Two token buckets for the whole company."""

    def __init__(self, now: Callable[[], float], *, per_second: float | None, per_day: int | None) -> None:
        self._now = now
        self._sizes = [(size, seconds) for size, seconds in ((per_second, 1.0), (per_day, _DAY)) if size]
        self._buckets: list[_Bucket] = []
        self.reset()

    def reset(self) -> None:
        """Fill the buckets."""
        now = self._now()
        # Below one call a second the bucket still holds one call, which then takes longer to come back.
        self._buckets = [_Bucket(max(1.0, size), each=seconds / size, now=now) for size, seconds in self._sizes]

    def take(self) -> int:
        """Count a call.

        Returns:
            0 when it is within the limits, else the whole seconds after which a call is welcome again.
        """
        if not self._buckets:
            return 0
        now = self._now()
        for bucket in self._buckets:
            bucket.fill(now)
        wait = max(bucket.wait() for bucket in self._buckets)
        if wait > 0:
            return max(1, math.ceil(wait))
        for bucket in self._buckets:
            bucket.tokens -= 1
        return 0

    def remaining(self) -> int:
        """Say what `x-ratelimit-remaining` says."""
        if not self._buckets:
            return _IDLE_REMAINING
        return int(min(bucket.tokens for bucket in self._buckets))
