"""When to call again, and after how long."""

from datetime import UTC, datetime

import pytest

from gong_crm.wire.retry import LONGEST_PAUSE, backoff, retry_after

NOON = datetime(2026, 11, 27, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 7 "}, 7.0),
        ({"retry-after": "0"}, 0.35),
        ({"retry-after": "99999999999999999999"}, LONGEST_PAUSE),
        ({"retry-after": "Fri, 27 Nov 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Fri, 27 Nov 2026 11:00:00 GMT"}, 0.35),
        ({"retry-after": "Sat, 28 Nov 2099 12:00:30 GMT"}, LONGEST_PAUSE),
        ({"retry-after": "Fri, 27 Nov 2026 13:00:10 GMT", "date": "Fri, 27 Nov 2026 13:00:00 GMT"}, 10.0),
        ({"retry-after": "Fri, 27 Nov 2026 12:00:30"}, 30.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "1e9"}, None),
        ({"retry-after": "٣"}, None),
        ({"retry-after": "x" * 100_000}, None),
    ],
)
def test_retry_after_is_read_in_both_forms_and_clamped(headers: dict[str, str], expected: float | None) -> None:
    """Seconds and dates count, the server's clock before ours, never below 0.35 s or above an hour."""
    assert expected == retry_after(headers, now=NOON)


def test_backoff_doubles_up_to_half_a_minute_with_jitter() -> None:
    """The waits grow from half a second to 30 seconds, each less up to a quarter."""
    for attempt, most in ((1, 0.5), (2, 1.0), (3, 2.0), (7, 30.0), (500, 30.0)):
        waits = [backoff(attempt) for _ in range(50)]
        assert most * 0.75 <= min(waits)
        assert max(waits) <= most
        assert len(set(waits)) > 1
