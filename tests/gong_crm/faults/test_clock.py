"""A wall clock that somebody sets while a push is on its way."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

import pytest

from gong_crm import Budget
from gong_crm.errors import AuthenticationError
from tests.gong_crm.faults.harness.checker import complaints
from tests.gong_crm.faults.harness.meddling import Act
from tests.gong_crm.faults.harness.tables import UPLOAD

if TYPE_CHECKING:
    from gong_crm_emulator import RunningEmulator
    from tests.gong_crm.faults.harness.pushing import Inputs, Opening

_DAY: Final = 86_400.0
_LIMITED: Final = Budget(per_second=200, per_day=1_000)
_PATIENCE: Final = 60.0
"""Seconds that a push of these tests takes at most; one that waits for a clock to come back takes far longer."""


class _Clock:
    """The machine's wall clock, which can be set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._off = 0.0
        true = time.time
        monkeypatch.setattr(time, "time", lambda: true() + self._off)

    def jump(self, days: float) -> None:
        self._off += days * _DAY


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    """Give a clock that can be set."""
    return _Clock(monkeypatch)


@pytest.mark.parametrize("days", [1.5, -400.0])
def test_a_clock_that_jumps_within_a_push_harms_nothing(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs, clock: _Clock, days: float
) -> None:
    """Set by days at each second call, there and back, the clock neither stops a push nor doubles a line."""
    acts = [
        Act(operation="*", number=2 * n, when="before", do=partial(clock.jump, days * (-1) ** n)) for n in range(1, 7)
    ]
    started = time.monotonic()
    said = opening.but(*acts, budget=_LIMITED).push(inputs)
    assert _PATIENCE > time.monotonic() - started
    assert [] == complaints(emulator.url, inputs, said=said)


@pytest.mark.parametrize("days", [400.0, -3.0])
def test_a_clock_that_was_set_between_two_processes_harms_nothing(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs, clock: _Clock, days: float
) -> None:
    """A push that stopped is taken up under a clock that says another day, without waiting for that day."""
    emulator.faults.add(UPLOAD, {"kind": "pass"}, {"kind": "answer", "status": 401, "body": {"errors": ["No"]}})
    limited = opening.but(budget=_LIMITED)
    with pytest.raises(AuthenticationError):
        limited.push(inputs)
    clock.jump(days)
    started = time.monotonic()
    said = limited.resume_or_push(inputs)
    assert _PATIENCE > time.monotonic() - started
    assert [] == complaints(emulator.url, inputs, said=said)
