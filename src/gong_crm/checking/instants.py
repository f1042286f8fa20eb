"""Times of any zone as numbers that sort as the instants do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import orjson

if TYPE_CHECKING:
    from collections.abc import Sequence

LATEST: Final = 9e15
"""What a line without a time sorts by: behind every time."""

_UTC_LENGTH: Final = len("2018-02-18T08:00:00Z")
_DAY_MINUTES: Final = 24 * 60
_CYCLE: Final = 400
"""Years after which the calendar repeats, days of the week and leap years included."""


def instants(modified: Sequence[str | None]) -> list[float]:
    """Turn times that keep the rules of Gong's lines into numbers that sort as the instants do.

    Args:
        modified: Times without fractions of a second, in UTC or with an offset, or None for none.

    Returns:
        For 2018-02-18T08:00:00Z the number 120180218080000: its digits behind a 1. All are exact.
    """
    try:
        if set(map(len, modified)) == {_UTC_LENGTH}:  # type: ignore[arg-type]  # None is what the except is for
            # The quickest way by far; the 1 keeps a year like 0018 a number of JSON.
            times = ".0,1".join(modified).encode()  # type: ignore[arg-type]  # a time this short ends in Z
            numbers: list[float] = orjson.loads(b"[1%b.0]" % times.translate(None, b"-T:Z"))
            return numbers
    except TypeError:
        pass
    return list(map(instant, modified))


def instant(time: str | None) -> float:
    """Turn one time into the number it sorts by."""
    if time is None:
        return LATEST
    year, month, day = int(time[:4]), int(time[5:7]), int(time[8:10])
    minutes = int(time[11:13]) * 60 + int(time[14:16])
    if len(time) > _UTC_LENGTH:
        offset = int(time[20:22]) * 60 + int(time[23:25])
        days, minutes = divmod(minutes + (offset if time[19] == "-" else -offset), _DAY_MINUTES)
        if days:
            year, month, day = _shifted(year, month, day, days)
    hour, minute = divmod(minutes, 60)
    digits = ((((year * 100 + month) * 100 + day) * 100 + hour) * 100 + minute) * 100 + int(time[17:19])
    return float(10**14 + digits)


def _shifted(year: int, month: int, day: int, days: int) -> tuple[int, int, int]:
    """Move a day, over the ends of Python's calendar too."""
    cycle = _CYCLE if year <= 1 else -_CYCLE if year == date.max.year else 0
    moved = date(year + cycle, month, day) + timedelta(days=days)
    return moved.year - cycle, moved.month, moved.day
