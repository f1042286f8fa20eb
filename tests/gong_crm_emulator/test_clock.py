"""The emulator's clock by itself."""

from __future__ import annotations

import time

import pytest

from gong_crm_emulator.clock import Clock


def test_the_clock_goes_on_when_that_of_the_machine_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set back by an hour, the machine's clock does not take this one along: it stands for no moment and goes on."""
    machine = [1_000_000.0]
    monkeypatch.setattr(time, "time", lambda: machine[0])
    clock = Clock()
    assert 1_000_000 == clock.now()
    machine[0] -= 3_600
    assert 1_000_000 == clock.now()
    machine[0] += 5
    assert 1_000_005 == clock.now()
    clock.step(10)
    assert 1_000_015 == clock.now()


def test_a_state_that_is_restored_brings_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that is set to where a snapshot had left it may go back."""
    monkeypatch.setattr(time, "time", lambda: 1_000_000.0)
    clock = Clock()
    clock.step(500)
    assert 1_000_500 == clock.now()
    clock.set(ahead=20, frozen_at=None)
    assert 1_000_020 == clock.now()


def test_the_clock_has_an_end() -> None:
    """A step beyond the year 9999, after which no date can be written, is refused, and the clock stays."""
    clock = Clock(frozen=True)
    for _ in range(25):
        clock.step(9_900_000_000)
    before = clock.now()
    with pytest.raises(ValueError, match="year 9999"):
        clock.step(9_900_000_000)
    assert before == clock.now()
