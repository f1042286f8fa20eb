"""Times of any zone sort as the instants do."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from gong_crm.checking.instants import LATEST, instant, instants


def written(moment: datetime, minutes: int, *, zulu: bool) -> str:
    """Write a time as Gong takes it."""
    text = moment.isoformat(timespec="seconds")
    if zulu:
        return f"{text}Z"
    return f"{text}{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


TIMES = st.tuples(
    st.datetimes() | st.sampled_from([datetime.min, datetime.max]),  # noqa: DTZ901  (the ends of the calendar)
    st.integers(-(24 * 60 - 1), 24 * 60 - 1),
    st.booleans(),
).map(lambda made: (made[0].replace(microsecond=0), 0 if made[2] else made[1], made[2]))


def seconds(moment: datetime, minutes: int) -> timedelta:
    """Count from the beginning of the calendar, which an offset may leave."""
    return moment - datetime(1, 1, 1) - timedelta(minutes=minutes)  # noqa: DTZ001  (the offset is apart)


@given(st.lists(TIMES, min_size=2, max_size=5))
def test_numbers_sort_as_instants_do(times: list[tuple[datetime, int, bool]]) -> None:
    """At the ends of the calendar too, where an offset leads out of it."""
    texts = [written(moment, minutes, zulu=zulu) for moment, minutes, zulu in times]
    expected = [seconds(moment, minutes) for moment, minutes, _ in times]
    keys = instants(texts)
    assert list(map(instant, texts)) == keys
    for one, key in zip(expected, keys, strict=True):
        for other, other_key in zip(expected, keys, strict=True):
            assert (one < other) == (key < other_key)
            assert (one == other) == (key == other_key)


@given(TIMES)
def test_a_time_in_the_calendar_is_the_digits_of_that_instant_in_utc(time: tuple[datetime, int, bool]) -> None:
    """The digits are those that people would write, behind a 1."""
    moment, minutes, zulu = time
    try:
        utc = moment.replace(tzinfo=timezone(timedelta(minutes=minutes))).astimezone(timezone.utc)  # noqa: UP017  (the check is of both)
    except OverflowError:
        return
    digits = re.sub(r"\D", "", utc.replace(tzinfo=None).isoformat(timespec="seconds"))
    assert float(f"1{digits}") == instant(written(moment, minutes, zulu=zulu))


def test_no_time_is_later_than_all() -> None:
    """A stage may have none, and is sent last then."""
    assert LATEST == instant(None)
    assert instant("9999-12-31T23:59:59-23:59") < LATEST
    assert [LATEST, 1_2026_01_01_00_00_00] == instants([None, "2026-01-01T00:00:00Z"])


def test_the_leap_day_is_crossed_in_leap_years_only() -> None:
    """Both ways, and in a century that is none."""
    assert 1_2024_02_29_23_30_00 == instant("2024-03-01T00:30:00+01:00")
    assert 1_2023_02_28_23_30_00 == instant("2023-03-01T00:30:00+01:00")
    assert 1_2100_03_01_00_30_00 == instant("2100-02-28T23:30:00-01:00")
