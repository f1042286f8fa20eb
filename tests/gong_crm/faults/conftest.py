"""A running emulator, fresh for each test, that finishes its work at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gong_crm_emulator import EmulatorSettings, RunningEmulator, running_emulator

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def _running() -> Iterator[RunningEmulator]:
    settings = EmulatorSettings(pending_polls=1, in_progress_polls=0, strict_order=True)
    with running_emulator(settings=settings) as emulator:
        yield emulator


@pytest.fixture
def emulator(_running: RunningEmulator) -> RunningEmulator:
    """Give an emulator with nothing in it; it refuses files that are out of order or repeat an object."""
    _running.reset()
    return _running
