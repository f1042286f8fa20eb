"""Times of any zone as texts that sort as the instants do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

LATEST: Final = "~"
"""What a line without a time sorts by: behind every time."""

_UTC_LENGTH: Final = len("2018-02-18T08:00:00Z")
_DAY_MINUTES: Final = 24 * 60
_CYCLE: Final = 400
"""Years after which the calendar repeats, days of the week and leap years included."""


def instants(modified: Sequence[str | None]) -> list[str]:
    """Turn times that keep the rules of Gong's lines into texts that sort as the instants do.

    Args:
        modified: Times without fractions of a second, in UTC or with an offset, or None for none.
    """
    try:
        if set(map(len, modified)) == {_UTC_LENGTH}:  # type: ignore[arg-type]  # None is what the except is for
            return list(modified)  # type: ignore[arg-type]  # a time this short ends in Z
    except TypeError:
        pass
    return list(map(instant, modified))


def instant(time: str | None) -> str:
    """Turn one time into the text it sorts by."""
    if time is None:
        return LATEST
    if len(time) == _UTC_LENGTH:
        return time
    offset = int(time[20:22]) * 60 + int(time[23:25])
    minutes = int(time[11:13]) * 60 + int(time[14:16]) + (offset if time[19] == "-" else -offset)
    days, minutes = divmod(minutes, _DAY_MINUTES)
    day = _shifted(time[:10], days) if days else time[:10]
    return f"{day}T{minutes // 60:02d}:{minutes % 60:02d}{time[16:19]}Z"


def _shifted(day: str, days: int) -> str:
    """Move a day; the one before the year 0 and the one behind the year 9999 are given texts that sort so."""
    year = int(day[:4])
    cycle = _CYCLE if year <= 1 else -_CYCLE if year == date.max.year else 0
    moved = date.fromisoformat(f"{year + cycle:04d}{day[4:]}") + timedelta(days=days)
    year = moved.year - cycle
    text = "-001" if year < 0 else ":000" if year > date.max.year else f"{year:04d}"
    return f"{text}-{moved:%m-%d}"
