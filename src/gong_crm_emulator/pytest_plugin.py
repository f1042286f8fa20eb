"""Fixtures for tests that need an emulator for Gong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import httpx

    from gong_crm_emulator.principals import Principal
    from gong_crm_emulator.remote import RemoteClock, RemoteFaults
    from gong_crm_emulator.server import RunningEmulator
    from gong_crm_emulator.settings import EmulatorSettings


@pytest.fixture(scope="session")
def gong_emulator_settings() -> EmulatorSettings:
    """Give the switches of the session's emulator; override it to change them."""
    from gong_crm_emulator import EmulatorSettings  # noqa: PLC0415  (a test run without the fixture loads nothing)

    return EmulatorSettings()


@pytest.fixture(scope="session")
def gong_emulator_server(gong_emulator_settings: EmulatorSettings) -> Iterator[RunningEmulator]:
    """Run one emulator for the whole session; under xdist each worker has its own."""
    from gong_crm_emulator import running_emulator  # noqa: PLC0415  (a test run without the fixture loads nothing)

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


@pytest.fixture
def gong_client(gong_emulator: RunningEmulator) -> Iterator[httpx.Client]:
    """Give an HTTP client that knows the address and has every scope: `gong_client.get("/v2/crm/integrations")`."""
    import httpx  # noqa: PLC0415  (a test run without the fixture loads nothing)

    admin = _admin(gong_emulator)
    with httpx.Client(
        base_url=gong_emulator.url, auth=(admin.access_key, admin.access_key_secret), timeout=30, trust_env=False
    ) as client:
        yield client


@pytest.fixture
def gong_environment(gong_emulator: RunningEmulator, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """Set GONG_BASE_URL, GONG_ACCESS_KEY and GONG_ACCESS_KEY_SECRET for a program that reads them, and give them."""
    admin = _admin(gong_emulator)
    variables = {
        "GONG_BASE_URL": gong_emulator.url,
        "GONG_ACCESS_KEY": admin.access_key,
        "GONG_ACCESS_KEY_SECRET": admin.access_key_secret,
    }
    monkeypatch.delenv("GONG_ACCESS_TOKEN", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables


def _admin(emulator: RunningEmulator) -> Principal:
    return emulator.principals.get("admin") or next(iter(emulator.principals.values()))
