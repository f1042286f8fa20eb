"""Fixtures for tests that need an emulator for Gong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gong_crm_emulator.principals import Principal
    from gong_crm_emulator.remote import RemoteClock, RemoteFaults
    from gong_crm_emulator.server import RunningEmulator
    from gong_crm_emulator.settings import EmulatorSettings


@pytest.fixture(scope="session")
def gong_emulator_settings() -> EmulatorSettings:
    """Give the switches of the session's emulator; override it to change them."""
    from gong_crm_emulator.settings import EmulatorSettings  # noqa: PLC0415  (a test run without the fixture loads nothing)

    return EmulatorSettings()


@pytest.fixture(scope="session")
def gong_emulator_server(gong_emulator_settings: EmulatorSettings) -> Iterator[RunningEmulator]:
    """Run one emulator for the whole session; under xdist each worker has its own."""
    from gong_crm_emulator.server import running_emulator  # noqa: PLC0415  (a test run without the fixture loads nothing)

    with running_emulator(settings=gong_emulator_settings) as emulator:
        yield emulator


@pytest.fixture
def gong_emulator(gong_emulator_server: RunningEmulator) -> RunningEmulator:
    """Give the emulator with nothing in it: fresh state, clock, faults and journal for each test."""
    gong_emulator_server.reset()
    return gong_emulator_server


@pytest.fixture
def gong_principals(gong_emulator: RunningEmulator) -> Mapping[str, Principal]:
    """Give the callers that the emulator knows, by name."""
    return gong_emulator.principals


@pytest.fixture
def gong_clock(gong_emulator: RunningEmulator) -> RemoteClock:
    """Give the emulator's clock, frozen, so that time passes only when the test steps it."""
    gong_emulator.clock.freeze()
    return gong_emulator.clock


@pytest.fixture
def gong_faults(gong_emulator: RunningEmulator) -> RemoteFaults:
    """Give the emulator's fault plans."""
    return gong_emulator.faults
