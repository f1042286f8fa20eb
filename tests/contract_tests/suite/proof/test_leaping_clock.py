"""The clock by which the matrix waits."""

from __future__ import annotations

import httpx

from contract_tests.suite.proof.leaping_clock import SHORTEST, LeapingClock
from contract_tests.suite.wire.targets import emulator_clock, emulator_target


def test_a_leap_takes_the_server_along() -> None:
    """An hour that a run waits is an hour for the server too, and a short wait is none of the leaps."""
    with emulator_target() as target:
        clock = LeapingClock(step=emulator_clock(target))
        before, there = clock.now(), _time_at(target.base_url)
        clock.sleep(SHORTEST / 2)
        clock.sleep(3600.0)

        assert 3600.0 == clock.leapt
        assert before + 3600 <= clock.now()
        assert there + 3600 <= _time_at(target.base_url)


def test_a_limit_is_waited_out() -> None:
    """Who waits as long as a limited server asks is served after the leap, and not before."""
    with emulator_target(rate=1.0) as target:
        clock = LeapingClock(step=emulator_clock(target))
        headers = {"Authorization": target.credentials.authorization or ""}

        def call() -> int:
            return httpx.get(f"{target.base_url}/v2/crm/integrations", headers=headers, trust_env=False).status_code

        statuses = [call(), call()]
        clock.sleep(1.0)

        assert [200, 429, 200] == [*statuses, call()]


def _time_at(url: str) -> float:
    return float(httpx.get(f"{url}/_emulator/api/clock", trust_env=False).json()["now"])
