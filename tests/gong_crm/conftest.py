"""A door to a running emulator."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gong_crm import Budget, GongCrm, Integration
from gong_crm.events import Event
from gong_crm_emulator import RunningEmulator

FAST = Budget(per_second=None, per_day=None)


@pytest.fixture
def events() -> list[Event]:
    """Give the events of the door, as they come."""
    return []


@pytest.fixture
def make_door(gong_emulator: RunningEmulator, tmp_path: Path, events: list[Event]) -> Iterator[Callable[..., GongCrm]]:
    """Make doors to the emulator, without limits of their own, that are closed at the end."""
    doors: list[GongCrm] = []

    def make(*, principal: str = "admin", **more: Any) -> GongCrm:  # noqa: ANN401  (what GongCrm takes)
        caller = gong_emulator.principals[principal]
        settings = {
            "base_url": gong_emulator.url,
            "access_key": caller.access_key,
            "access_key_secret": caller.access_key_secret,
            "journal": tmp_path / "journal",
            "budget": FAST,
            "on_event": events.append,
        }
        doors.append(GongCrm(**{**settings, **more}))
        return doors[-1]

    yield make
    for door in doors:
        door.close()


@pytest.fixture
def door(make_door: Callable[..., GongCrm]) -> GongCrm:
    """Give a door to the emulator."""
    return make_door()


@pytest.fixture
def integration(door: GongCrm) -> Integration:
    """Give a registered integration."""
    return door.register(name="Acme CRM", owner_email="ops@acme.example")
