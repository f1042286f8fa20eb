"""When a call may be made again, and how long to wait first."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_PAUSE: Final = 3600.0
"""Seconds; a longer Retry-After is cut to this and asked again, for nobody's clock is trusted further."""
_SHORTEST_PAUSE: Final = 0.35
_FIRST: Final = 0.5
_LONGEST: Final = 30.0
_SPREAD: Final = 0.25


def backoff(attempt: int) -> float:
    """Give the seconds to wait after a failed attempt.

    Args:
        attempt: Which attempt failed, from 1.

    Returns:
        0.5 s, doubled with each attempt up to 30 s, less up to a quarter at random, so that many callers spread.
    """
    seconds: float = min(_FIRST * 2.0 ** min(attempt - 1, 10), _LONGEST)
    return seconds * (1 - _SPREAD * random.random())  # noqa: S311  (no secret hangs on it)


def retry_after(headers: Mapping[str, str], *, now: datetime | None = None) -> float | None:
    """Read how long a server asks to be left alone.

    Args:
        headers: Headers of the answer, with lower-case names or a mapping that does not mind.
        now: The time here; the answer's own Date counts for more, since clocks differ.

    Returns:
        Seconds, at least 0.35 and at most an hour; None when the server does not say, or says nothing that can be read.
    """
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        seconds = float(text[:10])
    else:
        until = _date(text)
        if until is None:
            return None
        seconds = (until - (_date(headers.get("date", "")) or now or datetime.now(UTC))).total_seconds()
    return min(max(seconds, _SHORTEST_PAUSE), LONGEST_PAUSE)


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text[:64])
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
