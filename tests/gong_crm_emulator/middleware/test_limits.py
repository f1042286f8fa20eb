"""The company's rate limit."""

from __future__ import annotations

import time

from gong_crm_emulator import EmulatorSettings, running_emulator
from gong_crm_emulator.middleware.limits import RateLimit
from tests.gong_crm_emulator.caller import connect, http


class Watch:
    """A clock of the test's own."""

    now = 1000.0

    def __call__(self) -> float:
        """Give the time."""
        return self.now


def test_three_calls_a_second_come_back_evenly() -> None:
    """After three calls the fourth is refused; a third of a second later one is welcome again."""
    watch = Watch()
    limit = RateLimit(watch, per_second=3, per_day=None)
    assert [0, 0, 0, 1] == [limit.take() for _ in range(4)]
    watch.now += 1 / 3
    assert [0, 1] == [limit.take() for _ in range(2)]
    watch.now += 100
    assert [0, 0, 0, 1] == [limit.take() for _ in range(4)]


def test_the_day_has_a_limit_of_its_own() -> None:
    """When the day's calls are used up, Retry-After is the seconds to the next one."""
    watch = Watch()
    limit = RateLimit(watch, per_second=None, per_day=10)
    assert [0] * 10 + [8640] == [limit.take() for _ in range(11)]
    watch.now += 8639.5
    assert 1 == limit.take()
    watch.now += 0.5
    assert [0, 8640] == [limit.take() for _ in range(2)]


def test_less_than_one_call_a_second() -> None:
    """A rate below one call a second lets one call through and then makes wait."""
    watch = Watch()
    limit = RateLimit(watch, per_second=0.1, per_day=None)
    assert [0, 10] == [limit.take() for _ in range(2)]


def test_without_a_limit_nothing_is_counted() -> None:
    """With no limit every call passes and the remaining calls are what Gong was seen to say."""
    limit = RateLimit(Watch(), per_second=None, per_day=None)
    assert {0} == {limit.take() for _ in range(100)}
    assert 17 == limit.remaining()


def test_over_the_limit_is_429_with_seconds() -> None:
    """Above the rate every operation answers 429 with Retry-After in whole seconds, for the company as a whole."""
    settings = EmulatorSettings(rate_per_second=3, rate_per_day=10_000, frozen=True)
    with running_emulator(settings=settings) as emulator, connect(emulator, register=False) as caller:
        answers = [caller.http.get("/v2/crm/integrations") for _ in range(3)]
        assert ["2", "1", "0"] == [answer.headers["x-ratelimit-remaining"] for answer in answers]
        other = emulator.principals["nobody"]
        refused = http.put(emulator.url + "/v2/crm/nope", auth=(other.access_key, other.access_key_secret))
        assert (429, "1", "0") == (
            refused.status_code,
            refused.headers["retry-after"],
            refused.headers["x-ratelimit-remaining"],
        )
        assert 401 == http.get(emulator.url + "/v2/crm/integrations").status_code
        emulator.clock.step(1)
        assert 200 == caller.http.get("/v2/crm/integrations").status_code


def test_a_frozen_clock_does_not_stop_a_caller_for_ever() -> None:
    """Under a frozen clock a caller who waits as Retry-After says gets on, and so does one who steps the clock."""
    settings = EmulatorSettings(rate_per_second=2, frozen=True)
    with running_emulator(settings=settings) as emulator, connect(emulator, register=False) as caller:
        while (answer := caller.http.get("/v2/crm/integrations")).status_code == 200:
            pass
        assert (429, "1") == (answer.status_code, answer.headers["retry-after"])
        time.sleep(1)
        assert 200 == caller.http.get("/v2/crm/integrations").status_code
        while caller.http.get("/v2/crm/integrations").status_code == 200:
            pass
        emulator.clock.step(1)
        assert 200 == caller.http.get("/v2/crm/integrations").status_code
