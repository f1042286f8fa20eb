"""Drifts of the rate limit, each on a server that takes ten calls a second."""

from __future__ import annotations

import time
from collections import deque
from email.utils import formatdate
from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.drifts.pieces import both_of, on_answer, on_body, refused_by, refused_with, remembering
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.exchange import Answer, Ask, Call, Recipe

CALLS: Final = 10
SECONDS: Final = 1.0
_NO_TIME: Final = 429

clock = time.monotonic
"""Seconds that only run forward; tests put a clock of their own in its place."""


class _Limit:
    """Counts the calls of the last second, and shuts for a while when there were too many."""

    def __init__(self, *, shut: float) -> None:
        self._shut = shut
        self._calls: deque[float] = deque(maxlen=CALLS)
        self._until = 0.0

    async def behave(self, call: Call, ask: Ask) -> Answer:
        """Answer 429 to a call too many."""
        now = clock()
        crowded = len(self._calls) == CALLS and now - self._calls[0] < SECONDS
        if now < self._until or crowded:
            self._until = max(self._until, now + self._shut) if crowded and now >= self._until else self._until
            refused = await refused_by(call, ask, _NO_TIME, "API request limit exceeded")
            return refused.with_header("retry-after", "1") if refused.status == _NO_TIME else refused
        self._calls.append(now)
        return await ask(call)


def limited(*, shut: float = 0.8) -> Recipe:
    """Make a server that takes ten calls a second.

    Args:
        shut: Seconds for which it takes no call after one too many; Retry-After says 1.

    Returns:
        The recipe.
    """
    return remembering(lambda: _Limit(shut=shut).behave)


def _when_over(change: Callable[[Answer], Answer]) -> Recipe:
    return both_of(on_answer(None, lambda _, answer: change(answer), when=refused_with(_NO_TIME)), limited())


def _saying(text: str | None) -> Recipe:
    return _when_over(lambda answer: answer.with_header("retry-after", text))


def _date(answer: Answer) -> Answer:
    return answer.with_header("retry-after", formatdate(time.time() + 1, usegmt=True))


def _html(answer: Answer) -> Answer:
    return answer.with_body(b"<html><body>Too many requests</body></html>", media_type="text/html")


_row = partial(drift, kind="rate limit")

ROWS: Final = (
    _row("limit-without-retry-after", "limit.retry-after", "Answers 429 without Retry-After.", _saying(None)),
    _row("limit-in-milliseconds", "limit.retry-after-true", "Answers Retry-After in milliseconds.", _saying("1000")),
    _row("limit-as-date", "limit.retry-after", "Answers Retry-After as a date.", _when_over(_date)),
    _row("limit-as-fraction", "limit.retry-after", "Answers Retry-After as a fraction of a second.", _saying("0.8")),
    _row("limit-as-word", "limit.retry-after", "Answers Retry-After with a unit.", _saying("1s")),
    _row("limit-negative", "limit.retry-after", "Answers a negative Retry-After.", _saying("-1")),
    _row(
        "limit-503",
        "envelope.documented-status",
        "Answers 503 in place of 429.",
        _when_over(lambda answer: answer.with_status(503)),
    ),
    _row(
        "limit-403",
        "envelope.documented-status",
        "Answers 403 in place of 429.",
        _when_over(lambda answer: answer.with_status(403)),
    ),
    _row("limit-html", "limit.envelope", "Answers 429 with a page of HTML.", _when_over(_html)),
    _row(
        "limit-without-errors",
        "limit.envelope",
        "Answers 429 without errors.",
        both_of(on_body(None, lambda body: {"requestId": body["requestId"]}, when=refused_with(_NO_TIME)), limited()),
    ),
    _row(
        "limit-longer-than-told",
        "limit.retry-after-true",
        "Stays shut for four seconds when Retry-After says one.",
        limited(shut=4.0),
    ),
)
