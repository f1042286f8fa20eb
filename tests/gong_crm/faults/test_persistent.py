"""Faults that do not pass: a typed error in bounded time and calls, and a push that goes on when they are over."""

from __future__ import annotations

import sys
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import pytest

from gong_crm.errors import CallError
from tests.gong_crm.faults.harness.checker import complaints
from tests.gong_crm.faults.harness.lives import end, live
from tests.gong_crm.faults.harness.meddling import Act
from tests.gong_crm.faults.harness.tables import DELETE, FAULTS, OPERATIONS, REGISTER, UPLOAD, Fault

if TYPE_CHECKING:
    from gong_crm_emulator import RunningEmulator
    from tests.gong_crm.faults.harness.pushing import Inputs, Opening

_MOST_CALLS: Final = 400
_LONGEST: Final = 3 * 3_600.0
_RESOLVED: Final = {REGISTER, UPLOAD, DELETE}
"""Calls whose lost answers are made up for by another question, so that nobody notices where the work was done."""
_QUICK: Final = [one for one in FAULTS if one.name not in {"stall", "slow-body", "truncated", "no-body"}]
"""Those that need no waiting for an answer."""


class _Hourglass:
    """Time for the pusher, which passes at once when it sleeps."""

    def __init__(self) -> None:
        self.slept = 0.0

    def sleep(self, seconds: float) -> None:
        self.slept += seconds

    def monotonic(self) -> float:
        return time.monotonic() + self.slept


@pytest.fixture
def hourglass(monkeypatch: pytest.MonkeyPatch) -> _Hourglass:
    """Let the pusher's pauses take no time, and let it poll as seldom as it polls Gong."""
    monkeypatch.setattr("gong_crm.wire.settings.Settings.longest_poll", 30.0)
    glass = _Hourglass()
    fake = SimpleNamespace(**{**vars(time), "sleep": glass.sleep, "monotonic": glass.monotonic})
    for name, module in list(sys.modules.items()):
        if name.startswith("gong_crm.") and getattr(module, "time", None) is time:
            monkeypatch.setattr(module, "time", fake)
    return glass


def _too_many() -> None:
    raise AssertionError(f"more than {_MOST_CALLS} calls")


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        pytest.param(operation, fault, id=f"{operation}-{fault}", marks=[] if row == column else [pytest.mark.slow])
        for row, operation in enumerate(OPERATIONS)
        for column, fault in enumerate(_QUICK)
    ],
)
def test_a_fault_that_stays_ends_in_a_typed_error(  # noqa: PLR0913  (a row of the table, and fixtures)
    *,
    emulator: RunningEmulator,
    blocking: Opening,
    inputs: Inputs,
    hourglass: _Hourglass,
    operation: str,
    fault: Fault,
) -> None:
    """An operation that fails each time ends in a CallError within hours and some hundred calls, then all is well."""
    emulator.faults.add(operation, {**fault.step(operation), "times": 100_000})
    bounded = blocking.but(Act(operation="*", number=_MOST_CALLS, when="before", do=_too_many))
    first = live(bounded, inputs, read=["account-0"])
    failures: list[Any] = first.failures or end(bounded).failures
    assert failures or (fault.when == "after" and operation in _RESOLVED)
    assert all(isinstance(problem, CallError) for problem in failures), failures
    assert _LONGEST * max(1, len(failures)) > hourglass.slept
    emulator.faults.clear()
    life = live(blocking, inputs, read=["account-0"])
    assert [] == life.failures
    if not emulator.control("GET", "state")["integrations"]:
        return
    assert [] == complaints(emulator.url, inputs, said=life.said)
    assert [] == end(blocking).failures
