"""A running emulator, fresh for each test, and a caller of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gong_crm_emulator import RunningEmulator, running_emulator
from tests.gong_crm_emulator.caller import Caller, connect

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def _running() -> Iterator[RunningEmulator]:
    with running_emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(_running: RunningEmulator) -> RunningEmulator:
    """Give an emulator with default settings and nothing in it."""
    for name in _running.control("GET", "snapshots")["snapshots"]:
        _running.control("DELETE", f"snapshots/{name}")
    _running.reset()
    return _running


@pytest.fixture
def caller(emulator: RunningEmulator) -> Iterator[Caller]:
    """Give a caller with all scopes and a registered integration."""
    with connect(emulator) as caller:
        yield caller


@pytest.fixture
def newcomer(emulator: RunningEmulator) -> Iterator[Caller]:
    """Give a caller with all scopes and no integration."""
    with connect(emulator, register=False) as caller:
        yield caller
