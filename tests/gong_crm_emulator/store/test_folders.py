"""The folders of emulators, and what killed ones leave behind."""

from __future__ import annotations

import os
import tempfile
import time
from typing import TYPE_CHECKING

import pytest

from gong_crm_emulator.store import folders
from gong_crm_emulator.store.database import Database

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let temporary folders be made in a place of the test's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def left_behind(place: Path, name: str, *, hours: float) -> Path:
    """Make the folder of an emulator that started some hours ago."""
    folder = place / f"gong-crm-emulator-{name}"
    folder.mkdir()
    (folder / "f.ldjson").write_bytes(b"{}")
    (folder / "lock").touch()
    started = time.time() - hours * 3600
    os.utime(folder / "lock", (started, started))
    return folder


def test_a_start_removes_what_killed_alternatives_left(place: Path) -> None:
    """Only an old folder whose lock is free is removed: not one in use, not one just made, not another program's."""
    pytest.importorskip("fcntl", reason="Without file locks nothing is removed.")
    stale = left_behind(place, "stale", hours=2)
    used = left_behind(place, "used", hours=2)
    fresh = left_behind(place, "fresh", hours=0)
    without = place / "gong-crm-emulator-without-lock"
    without.mkdir()
    with folders.held(used):
        old = time.time() - 7200
        os.utime(used / "lock", (old, old))
        database = Database()
        assert {database.folder, used, fresh, without} == set(place.iterdir())
    assert not stale.exists()
    database.close()
    assert not database.folder.exists()
