"""A running emulator, fresh for each test, and the front door opened on it, blocking and awaited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gong_crm_emulator import EmulatorSettings, RunningEmulator, running_emulator
from tests.gong_crm.faults.harness.inputs import Maker
from tests.gong_crm.faults.harness.pushing import Opening

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.gong_crm.faults.harness.pushing import Inputs


@pytest.fixture(scope="session")
def _running() -> Iterator[RunningEmulator]:
    settings = EmulatorSettings(pending_polls=0, in_progress_polls=0, strict_order=True)
    with running_emulator(settings=settings) as emulator:
        yield emulator


@pytest.fixture
def emulator(_running: RunningEmulator) -> RunningEmulator:
    """Give an emulator with nothing in it; it refuses files that are out of order or repeat an object."""
    _running.reset()
    return _running


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pusher wait a tenth of what it waits for people's servers."""
    monkeypatch.setattr("gong_crm.wire.retry._FIRST", 0.05)


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    """Give accounts in two waves, with a bad and a repeated line, and contacts as CSV with a bad row."""
    return Maker(tmp_path / "input").few()


@pytest.fixture(params=["blocking", pytest.param("awaited", marks=pytest.mark.slow)])
def opening(request: pytest.FixtureRequest, emulator: RunningEmulator, tmp_path: Path) -> Opening:
    """Open the front door on a new journal; awaited among the slow tests, for both ways share their steps."""
    return Opening(url=emulator.url, journal=tmp_path / "journal", awaited=request.param == "awaited")


@pytest.fixture
def blocking(emulator: RunningEmulator, tmp_path: Path) -> Opening:
    """Open the front door on a new journal, blocking only."""
    return Opening(url=emulator.url, journal=tmp_path / "journal")
